"""obstore, which is object_store of Rust."""

from checks import check, noise


def store_of(place):
    from obstore.store import S3Store

    server = place.server
    return S3Store(
        server.bucket,
        prefix=place.prefix.rstrip("/"),
        endpoint=server.endpoint,
        access_key_id=server.access_key,
        secret_access_key=server.secret_key,
        region=server.region,
        virtual_hosted_style_request=False,
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )


@check("obstore")
def obstore_round_trip(place):
    import obstore

    store = store_of(place)
    for name, size in (("empty", 0), ("small é +", 1_000), ("parts", 21 << 20)):
        data = noise(size, name)
        obstore.put(store, name, data, chunk_size=5 << 20, max_concurrency=4)
        assert bytes(obstore.get(store, name).bytes()) == data, name
        assert obstore.head(store, name)["size"] == size
    assert bytes(obstore.get_range(store, "parts", start=5, end=105)) == noise(21 << 20, "parts")[5:105]
    listed = [one["path"] for page in obstore.list(store) for one in page]
    assert sorted(listed) == ["empty", "parts", "small é +"], listed
    obstore.copy(store, "parts", "copied")
    obstore.rename(store, "copied", "renamed")
    obstore.delete(store, ["parts", "empty", "renamed"])
    listed = [one["path"] for page in obstore.list(store) for one in page]
    assert listed == ["small é +"], listed


@check("obstore")
def obstore_conditions(place):
    import obstore
    from obstore.exceptions import AlreadyExistsError, PreconditionError

    store = store_of(place)
    first = obstore.put(store, "k", b"one", mode="create")
    try:
        obstore.put(store, "k", b"two", mode="create")
        raise AssertionError("a second create was to fail")
    except AlreadyExistsError:
        pass
    obstore.put(store, "k", b"two", mode={"e_tag": first["e_tag"]})
    try:
        obstore.put(store, "k", b"three", mode={"e_tag": first["e_tag"]})
        raise AssertionError("an update of an old version was to fail")
    except PreconditionError:
        pass
    assert bytes(obstore.get(store, "k").bytes()) == b"two"
    try:
        obstore.get(store, "missing")
        raise AssertionError("there was to be nothing")
    except FileNotFoundError:
        pass


@check("obstore")
def obstore_signed_urls(place):
    from datetime import timedelta

    import obstore
    from with_boto3 import fetch

    store = store_of(place)
    put = obstore.sign(store, "PUT", "signed", timedelta(minutes=1))
    answer = fetch("PUT", put, b"through a URL")
    assert answer[0] == 200, answer
    get = obstore.sign(store, "GET", "signed", timedelta(minutes=1))
    answer = fetch("GET", get)
    assert answer[::2] == (200, b"through a URL"), answer
