"""`blob serve` with other options, each on a server of its own, tried by the client that shows most."""

import contextlib
import io
import json
import sys
import tempfile
from pathlib import Path

from checks import Place, check, digest, make_tree, noise, read_tree
from nginx_front import nginx_front
from served import served
from with_aws import AWS, aws
from with_boto3 import client_of, error_code
from with_curl import curl
from with_rclone import rclone

LOG = Path(tempfile.gettempdir()) / "blob-serve-options.log"


@contextlib.contextmanager
def serving(place, *options, files=None):
    """Serves a folder with files in it; a place beside it, and the folder."""
    folder = place.folder / "served"
    folder.mkdir()
    for name, data in (files or {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    with served(place.server.blob, folder, *options, log=LOG) as server:
        yield Place(server, "", place.folder / "client"), folder


def plain_curl(place, *words, **options):
    """curl without a signature; what it wrote, head and body."""
    return place.run("curl", "--silent", "--show-error", "--include", "--max-time", "60", *words,
                     **options).stdout


@check("options")
def options_buckets(place):
    with serving(place, "--buckets", files={"there/a.txt": b"a"}) as (place, folder):
        s3 = client_of(place)
        assert [one["Name"] for one in s3.list_buckets()["Buckets"]] == ["there"]
        assert s3.get_object(Bucket="there", Key="a.txt")["Body"].read() == b"a"
        aws(place, "mb", "s3://photos")
        assert (folder / "photos").is_dir()
        assert error_code(s3.create_bucket, Bucket="photos") == "BucketAlreadyOwnedByYou"
        assert error_code(s3.create_bucket, Bucket="Photos.X") == "InvalidBucketName"
        names = aws(place, "ls").stdout.split()
        assert names[2::3] == ["photos", "there"], names
        rule = {"AllowedOrigins": ["https://app.example"], "AllowedMethods": ["PUT"]}
        s3.put_bucket_cors(Bucket="photos", CORSConfiguration={"CORSRules": [rule]})
        told = s3.get_bucket_cors(Bucket="photos")["CORSRules"]
        assert told == [rule], told
        s3.put_object(Bucket="photos", Key="2026/cat.jpg", Body=b"cat")
        assert (folder / "photos/2026/cat.jpg").read_bytes() == b"cat"
        assert error_code(s3.delete_bucket, Bucket="photos") == "BucketNotEmpty"
        s3.delete_object(Bucket="photos", Key="2026/cat.jpg")
        # What is no blob is somebody's file all the same.
        (folder / "photos" / "100%").write_bytes(b"no key")
        assert error_code(s3.delete_bucket, Bucket="photos") == "BucketNotEmpty"
        assert (folder / "photos" / "100%").read_bytes() == b"no key"
        (folder / "photos" / "100%").unlink()
        aws(place, "rb", "s3://photos")
        assert not (folder / "photos").exists()
        assert error_code(s3.head_bucket, Bucket="photos") == "404"
        assert error_code(s3.delete_bucket, Bucket="photos") == "NoSuchBucket"
        rclone(place, "mkdir", "s:by-rclone", settings={"RCLONE_S3_NO_CHECK_BUCKET": "false"})
        assert (folder / "by-rclone").is_dir()
        rclone(place, "rmdir", "s:by-rclone")
        assert [path.name for path in folder.iterdir()] == ["there"]


@check("options")
def options_read_only(place):
    with serving(place, "--read-only", files={"d/a.txt": b"a"}) as (place, folder):
        s3 = client_of(place)
        where = {"Bucket": place.bucket, "Key": "d/a.txt"}
        assert s3.get_object(**where)["Body"].read() == b"a"
        assert [one["Key"] for one in s3.list_objects_v2(Bucket=place.bucket)["Contents"]] == ["d/a.txt"]
        for call, more in ((s3.put_object, {"Body": b"x"}), (s3.delete_object, {}),
                           (s3.create_multipart_upload, {}),
                           (s3.copy_object, {"CopySource": where})):
            assert error_code(call, **where, **more) == "AccessDenied", call
        assert read_tree(folder) == {"d/a.txt": b"a"}
        assert sorted(path.name for path in folder.iterdir()) == ["d"]


@check("options")
def options_keys_file(place):
    keys = place.folder / "keys"
    uploader = "UPLOADER uploaders-own-secret"
    keys.write_text(f"# who, and what\n{uploader} write files/in/\n{uploader} read,list files/out/\n")
    with serving(place, "--keys-file", keys, files={"out/a": b"a", "own": b"o"}) as (place, folder):
        client_of(place).put_object(Bucket=place.bucket, Key="out/b", Body=b"b")
        place.server.access_key, place.server.secret_key = uploader.split()
        s3 = client_of(place)
        s3.put_object(Bucket=place.bucket, Key="in/new", Body=b"new")
        assert (folder / "in/new").read_bytes() == b"new"
        assert s3.get_object(Bucket=place.bucket, Key="out/b")["Body"].read() == b"b"
        listed = s3.list_objects_v2(Bucket=place.bucket, Prefix="out/")["Contents"]
        assert [one["Key"] for one in listed] == ["out/a", "out/b"]
        where = {"Bucket": place.bucket}
        for call, words in (
            (s3.get_object, {"Key": "in/new"}), (s3.get_object, {"Key": "own"}),
            (s3.put_object, {"Key": "out/a"}), (s3.delete_object, {"Key": "out/a"}),
            (s3.copy_object, {"Key": "in/x", "CopySource": {**where, "Key": "own"}}),
            (s3.list_objects_v2, {}), (s3.list_objects_v2, {"Prefix": "out"}),
        ):
            assert error_code(call, **where, **words) == "AccessDenied", words


@check("options")
def options_anonymous_read(place):
    files = {"a.txt": b"for all", "page.html": b"<script>alert(1)</script>"}
    with serving(place, "--anonymous-read", files=files) as (place, folder):
        root = f"{place.server.endpoint}/{place.bucket}"
        answer = plain_curl(place, f"{root}/a.txt")
        assert answer.startswith("HTTP/1.1 200") and answer.endswith("\nfor all"), answer
        assert "<Key>page.html</Key>" in plain_curl(place, f"{root}?list-type=2")
        page = plain_curl(place, f"{root}/page.html").lower()
        assert "content-disposition: attachment" in page and "sandbox" in page, page
        for method in ("PUT", "DELETE"):
            answer = plain_curl(place, "--request", method, "--data", "x", f"{root}/a.txt")
            assert answer.startswith("HTTP/1.1 403"), answer
        assert read_tree(folder) == files
        client_of(place).put_object(Bucket=place.bucket, Key="b.txt", Body=b"with the key")
        assert plain_curl(place, f"{root}/b.txt").endswith("with the key")


@check("options")
def options_separate_origin(place):
    options = ("--anonymous-read", "--separate-origin")
    with serving(place, *options, files={"page.html": b"<p>"}) as (place, _):
        page = plain_curl(place, f"{place.server.endpoint}/{place.bucket}/page.html").lower()
        assert "content-type: text/html" in page and "content-disposition" not in page, page


@check("options")
def options_cors(place):
    origin = "https://app.example"
    with serving(place, "--cors", origin, files={"a.txt": b"a"}) as (place, _):
        url = f"{place.server.endpoint}/{place.bucket}/a.txt"
        ask = ["--request", "OPTIONS", "--header", "Access-Control-Request-Method: PUT", "--header",
               "Access-Control-Request-Headers: content-type,x-amz-meta-a"]
        answer = plain_curl(place, *ask, "--header", f"Origin: {origin}", url).lower()
        assert answer.startswith("http/1.1 200"), answer
        assert f"access-control-allow-origin: {origin}" in answer, answer
        assert "access-control-allow-headers: content-type, x-amz-meta-a" in answer, answer
        assert "put" in answer.partition("access-control-allow-methods:")[2].partition("\n")[0]
        refused = plain_curl(place, *ask, "--header", "Origin: https://other.example", url).lower()
        assert refused.startswith("http/1.1 403") and "allow-origin" not in refused, refused
        # As a page does it: with a presigned URL, reading the etag afterwards.
        link = client_of(place).generate_presigned_url(
            "put_object", Params={"Bucket": place.bucket, "Key": "up"})
        answer = plain_curl(place, "--request", "PUT", "--data-binary", "x", "--header",
                            f"Origin: {origin}", "--header", "Content-Type:", link).lower()
        assert answer.startswith("http/1.1 200"), answer
        assert f"access-control-allow-origin: {origin}" in answer and "vary: origin" in answer
        exposed = answer.partition("access-control-expose-headers:")[2].partition("\n")[0]
        assert "etag" in exposed, answer


@check("options")
def options_region(place):
    with serving(place, "--region", "eu-central-1") as (place, _):
        s3 = client_of(place)
        s3.put_object(Bucket=place.bucket, Key="k", Body=b"x")
        location = s3.get_bucket_location(Bucket=place.bucket)["LocationConstraint"]
        assert location == "eu-central-1", location
        # Outside of us-east-1 the command signs URLs in the new way by itself.
        link = aws(place, "presign", f"s3://{place.bucket}/k").stdout.strip()
        assert plain_curl(place, link).endswith("\nx")
        place.server.region = "us-west-2"
        answer = curl(place, "--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD",
                      f"{place.server.endpoint}/{place.bucket}/k").stdout
        assert "<Code>AuthorizationHeaderMalformed</Code>" in answer, answer
        assert "eu-central-1" in answer, answer


@check("options")
def options_virtual_host(place):
    with serving(place, "--virtual-host", "s3.localhost", files={"a b": b"ab"}) as (place, _):
        port = place.server.endpoint.rpartition(":")[2]
        # curl knows of itself where names below localhost are.
        root = f"http://{place.bucket}.s3.localhost:{port}"
        unsigned = ["--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD"]
        assert curl(place, *unsigned, f"{root}/a%20b").stdout == "ab"
        assert "<Key>a b</Key>" in curl(place, *unsigned, f"{root}/?list-type=2").stdout
        # Paths go on as before.
        assert curl(place, *unsigned, f"{place.server.endpoint}/{place.bucket}/a%20b").stdout == "ab"


@check("options")
def options_behind_nginx(place):
    """Over TLS boto3 sends bodies in chunks, with the checksum behind them."""
    with serving(place) as (place, folder), \
            nginx_front(place.server.endpoint, place.folder / "nginx") as (port, authority):
        place.server.endpoint = f"https://localhost:{port}"
        s3 = client_of(place, verify=str(authority))
        sent = []
        s3.meta.events.register("before-send.s3", lambda request, **_: sent.append(request.headers))
        body = noise(9 << 20)
        # nginx drops such names of fields unless it is told not to, and then no signature is right.
        metadata = {"under_score": "1", "d.o.t": "2"}
        for key in ("ünï cödé+ %41", "a//b", "./dots/../x"):
            s3.put_object(Bucket=place.bucket, Key=key, Body=io.BytesIO(body), Metadata=metadata)
            assert sent[-1].get("X-Amz-Trailer") == b"x-amz-checksum-crc32", dict(sent[-1])
            got = s3.get_object(Bucket=place.bucket, Key=key)
            assert digest(got["Body"].read()) == digest(body), key
            assert got["Metadata"] == metadata, got["Metadata"]
        s3.upload_fileobj(io.BytesIO(body * 2), place.bucket, "parts")
        assert (folder / "parts").read_bytes() == body * 2
        environment = {"AWS_CA_BUNDLE": str(authority)}
        source = place.folder / "source"
        source.mkdir()
        files = make_tree(source)
        aws(place, "sync", source, f"s3://{place.bucket}/tree", environment=environment)
        assert read_tree(folder / "tree") == {
            name.replace("%", "%25"): data for name, data in files.items()}
        back = place.folder / "back"
        rclone(place, "copy", "--ca-cert", authority, f"s:{place.bucket}/tree", back)
        assert read_tree(back) == files
        listed = place.run(sys.executable, AWS, "s3api", "list-objects-v2", "--bucket",
                           place.bucket, "--prefix", "a//", environment=environment).stdout
        assert [one["Key"] for one in json.loads(listed)["Contents"]] == ["a//b"]
