"""curl, which signs by itself."""

from urllib.parse import quote

from checks import check


def curl(place, *words, **options):
    server = place.server
    return place.run(
        "curl", "--silent", "--show-error", "--max-time", "60",
        "--aws-sigv4", f"aws:amz:{server.region}:s3",
        "--user", f"{server.access_key}:{server.secret_key}", *words, **options,
    )


def url(place, name):
    return f"{place.server.endpoint}/{place.bucket}/{quote(place.key(name))}"


STATUS = ["--output", "/dev/null", "--write-out", "%{http_code}"]


@check("curl")
def curl_round_trip(place):
    path = place.folder / "f"
    path.write_bytes(b"curled")
    # Debian 12's curl signs neither this header nor the body by itself.
    unsigned = ["--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD"]
    target = url(place, "a-file.txt")
    assert curl(place, *STATUS, *unsigned, "--upload-file", path, target).stdout == "200"
    assert curl(place, *unsigned, target).stdout == "curled"
    assert curl(place, *unsigned, "--range", "1-3", target).stdout == "url"
    head = curl(place, *unsigned, "--head", target).stdout.lower()
    assert "content-length: 6" in head and "etag:" in head
    assert curl(place, *STATUS, *unsigned, "--request", "DELETE", target).stdout == "204"
    assert curl(place, *STATUS, *unsigned, target).stdout == "404"


@check("curl")
def curl_without_signature(place):
    answer = place.run("curl", "--silent", "--max-time", "60", "--write-out", "%{http_code}",
                       url(place, "k"))
    assert answer.stdout.endswith("403") and "<Code>AccessDenied</Code>" in answer.stdout
