"""boto3, with the checksums that it sends by default."""

import io
import urllib.error
import urllib.request
import uuid

from checks import check, noise

MIB = 1 << 20


def client_of(place, verify=None, **options):
    # In here, so that the other clients' checks run where boto3 is missing.
    import boto3
    from botocore.config import Config

    server = place.server
    return boto3.client(
        "s3",
        endpoint_url=server.endpoint,
        aws_access_key_id=server.access_key,
        aws_secret_access_key=server.secret_key,
        region_name=server.region,
        verify=verify,
        config=Config(
            s3={"addressing_style": "path"},
            retries={"max_attempts": 1, "mode": "standard"},
            signature_version="s3v4",
            **options,
        ),
    )


def error_code(call, *arguments, **options):
    """The code of the error that a call must fail with."""
    from botocore.exceptions import ClientError

    try:
        call(*arguments, **options)
    except ClientError as error:
        return error.response["Error"]["Code"]
    raise AssertionError("it was to fail")


def fetch(method, url, data=None, headers=None):
    """Sends a request that carries its own signature; status, headers, body."""
    # Else urllib says that a body is a form.
    headers = {"Content-Type": "application/octet-stream"} | (headers or {}) if data else headers or {}
    request = urllib.request.Request(url, data=data, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


@check("boto3")
def boto3_round_trip(place):
    s3 = client_of(place)
    key = place.key("ünï cödé+ %41 & <x>.txt")
    put = s3.put_object(
        Bucket=place.bucket, Key=key, Body=b"hello", ContentType="text/plain",
        CacheControl="max-age=60", ContentDisposition="inline", Metadata={"a": "1", "b-c": "two words"},
    )
    got = s3.get_object(Bucket=place.bucket, Key=key)
    assert got["Body"].read() == b"hello"
    assert got["ETag"] == put["ETag"]
    assert got["ContentType"] == "text/plain" and got["CacheControl"] == "max-age=60"
    assert got["ContentDisposition"] == "inline"
    assert got["Metadata"] == {"a": "1", "b-c": "two words"}, got["Metadata"]
    head = s3.head_object(Bucket=place.bucket, Key=key)
    assert head["ContentLength"] == 5 and head["ETag"] == put["ETag"]
    s3.delete_object(Bucket=place.bucket, Key=key)
    assert error_code(s3.get_object, Bucket=place.bucket, Key=key) == "NoSuchKey"
    assert error_code(s3.head_object, Bucket=place.bucket, Key=key) == "404"


@check("boto3")
def boto3_default_checksums(place):
    for algorithm in ("CRC32", "CRC32C", "SHA1", "SHA256"):
        s3 = client_of(place)
        key = place.key(algorithm)
        body = noise(300_000, seed=algorithm)
        # A stream goes in chunks with the checksum in a trailer, bytes with it in a header.
        s3.put_object(Bucket=place.bucket, Key=key, Body=io.BytesIO(body), ChecksumAlgorithm=algorithm)
        assert s3.get_object(Bucket=place.bucket, Key=key)["Body"].read() == body
        s3.put_object(Bucket=place.bucket, Key=key, Body=body, ChecksumAlgorithm=algorithm)
        got = s3.get_object(Bucket=place.bucket, Key=key, ChecksumMode="ENABLED")
        assert got["Body"].read() == body
        head = s3.head_object(Bucket=place.bucket, Key=key, ChecksumMode="ENABLED")
        assert head["Checksum" + algorithm] == got["Checksum" + algorithm], head
        assert head["ChecksumType"] == "FULL_OBJECT", head


@check("boto3")
def boto3_wrong_checksum(place):
    s3 = client_of(place)
    key = place.key("k")
    code = error_code(s3.put_object, Bucket=place.bucket, Key=key, Body=b"hello",
                      ChecksumCRC32="AAAAAA==")
    assert code == "BadDigest", code
    code = error_code(s3.put_object, Bucket=place.bucket, Key=key, Body=b"hello",
                      ContentMD5="AAAAAAAAAAAAAAAAAAAAAA==")
    assert code == "BadDigest", code
    assert error_code(s3.head_object, Bucket=place.bucket, Key=key) == "404"


@check("boto3")
def boto3_upload_fileobj(place):
    from boto3.s3.transfer import TransferConfig

    s3 = client_of(place)
    config = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB,
                            max_concurrency=4)
    for name, size in (("empty", 0), ("small", 1_000), ("parts", 17 * MIB + 3)):
        body = noise(size, seed=name)
        seen = []
        s3.upload_fileobj(io.BytesIO(body), place.bucket, place.key(name), Config=config,
                          ExtraArgs={"ContentType": "image/png", "Metadata": {"n": name}},
                          Callback=seen.append)
        assert sum(seen) == size
        head = s3.head_object(Bucket=place.bucket, Key=place.key(name))
        assert head["ContentType"] == "image/png" and head["Metadata"] == {"n": name}
        back = io.BytesIO()
        s3.download_fileobj(place.bucket, place.key(name), back, Config=config)
        assert back.getvalue() == body, name
    uploads = s3.list_multipart_uploads(Bucket=place.bucket, Prefix=place.prefix)
    assert not uploads.get("Uploads"), uploads


@check("boto3")
def boto3_multipart_by_hand(place):
    s3 = client_of(place)
    key = place.key("m")
    where = {"Bucket": place.bucket, "Key": key}
    upload = s3.create_multipart_upload(**where, ContentType="text/x", Metadata={"a": "b"})
    where_part = where | {"UploadId": upload["UploadId"]}
    listed = s3.list_multipart_uploads(Bucket=place.bucket, Prefix=key)["Uploads"]
    assert [one["UploadId"] for one in listed] == [upload["UploadId"]]
    first, second = noise(5 * MIB, 1), noise(77, 2)
    etags = {
        number: s3.upload_part(**where_part, PartNumber=number, Body=body)["ETag"]
        for number, body in ((2, second), (1, first))
    }
    parts = s3.list_parts(**where_part)["Parts"]
    assert [(part["PartNumber"], part["Size"]) for part in parts] == [(1, 5 * MIB), (2, 77)]
    assert {part["PartNumber"]: part["ETag"] for part in parts} == etags
    named = [{"PartNumber": number, "ETag": etags[number]} for number in (1, 2)]
    assert error_code(s3.head_object, **where) == "404"
    code = error_code(s3.complete_multipart_upload, **where_part,
                      MultipartUpload={"Parts": named[::-1]})
    assert code == "InvalidPartOrder", code
    code = error_code(s3.complete_multipart_upload, **where_part,
                      MultipartUpload={"Parts": [named[0] | {"ETag": '"0000"'}]})
    assert code == "InvalidPart", code
    s3.complete_multipart_upload(**where_part, MultipartUpload={"Parts": named})
    got = s3.get_object(**where)
    assert got["Body"].read() == first + second
    assert got["ContentType"] == "text/x" and got["Metadata"] == {"a": "b"}
    code = error_code(s3.upload_part, **where, UploadId="no-such", PartNumber=1, Body=b"x")
    assert code == "NoSuchUpload", code


@check("boto3")
def boto3_multipart_copy_and_abort(place):
    s3 = client_of(place)
    source = place.key("source")
    body = noise(11 * MIB, 5)
    s3.put_object(Bucket=place.bucket, Key=source, Body=body)
    key = place.key("copy")
    where = {"Bucket": place.bucket, "Key": key}
    upload = s3.create_multipart_upload(**where)["UploadId"]
    named = []
    for number, span in ((1, (0, 6 * MIB - 1)), (2, (6 * MIB, len(body) - 1))):
        part = s3.upload_part_copy(
            **where, UploadId=upload, PartNumber=number,
            CopySource={"Bucket": place.bucket, "Key": source},
            CopySourceRange=f"bytes={span[0]}-{span[1]}",
        )
        named.append({"PartNumber": number, "ETag": part["CopyPartResult"]["ETag"]})
    s3.complete_multipart_upload(**where, UploadId=upload, MultipartUpload={"Parts": named})
    assert s3.get_object(**where)["Body"].read() == body
    upload = s3.create_multipart_upload(**where)["UploadId"]
    s3.upload_part(**where, UploadId=upload, PartNumber=1, Body=b"x")
    s3.abort_multipart_upload(**where, UploadId=upload)
    assert error_code(s3.list_parts, **where, UploadId=upload) == "NoSuchUpload"


@check("boto3")
def boto3_list_paginators(place):
    s3 = client_of(place)
    names = [f"{folder}/{number:03}" for folder in "ab" for number in range(60)] + ["top +é&<"]
    for name in names:
        s3.put_object(Bucket=place.bucket, Key=place.key(name), Body=b"")
    wanted = sorted((place.key(name) for name in names), key=lambda key: key.encode())
    for operation in ("list_objects_v2", "list_objects"):
        pages = list(s3.get_paginator(operation).paginate(
            Bucket=place.bucket, Prefix=place.prefix, PaginationConfig={"PageSize": 50}))
        assert len(pages) == 3, len(pages)
        found = [one["Key"] for page in pages for one in page["Contents"]]
        assert found == wanted, operation
        pages = list(s3.get_paginator(operation).paginate(
            Bucket=place.bucket, Prefix=place.prefix, Delimiter="/",
            PaginationConfig={"PageSize": 1}))
        prefixes = [one["Prefix"] for page in pages for one in page.get("CommonPrefixes", [])]
        keys = [one["Key"] for page in pages for one in page.get("Contents", [])]
        assert prefixes == [place.key("a/"), place.key("b/")], prefixes
        assert keys == [place.key("top +é&<")], keys
    page = s3.list_objects_v2(Bucket=place.bucket, Prefix=place.prefix,
                              StartAfter=place.key("b/057"))
    assert [one["Key"] for one in page["Contents"]] == wanted[-3:]


@check("boto3")
def boto3_conditions(place):
    s3 = client_of(place)
    where = {"Bucket": place.bucket, "Key": place.key("k")}
    first = s3.put_object(**where, Body=b"one", IfNoneMatch="*")["ETag"]
    assert error_code(s3.put_object, **where, Body=b"two", IfNoneMatch="*") == "PreconditionFailed"
    second = s3.put_object(**where, Body=b"two", IfMatch=first)["ETag"]
    assert error_code(s3.put_object, **where, Body=b"x", IfMatch=first) == "PreconditionFailed"
    assert error_code(s3.get_object, **where, IfMatch=first) == "PreconditionFailed"
    assert error_code(s3.get_object, **where, IfNoneMatch=second) == "304"
    got = s3.get_object(**where, IfMatch=second)
    assert got["Body"].read() == b"two"
    assert error_code(s3.get_object, **where, IfModifiedSince=got["LastModified"]) == "304"


@check("boto3")
def boto3_ranges(place):
    s3 = client_of(place)
    where = {"Bucket": place.bucket, "Key": place.key("k")}
    s3.put_object(**where, Body=b"0123456789")
    for text, wanted, content_range in (
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=5-99", b"56789", "bytes 5-9/10"),
    ):
        got = s3.get_object(**where, Range=text)
        assert got["Body"].read() == wanted and got["ContentRange"] == content_range, text
        assert got["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert error_code(s3.get_object, **where, Range="bytes=10-") == "InvalidRange"


@check("boto3")
def boto3_copy(place):
    s3 = client_of(place)
    source = {"Bucket": place.bucket, "Key": place.key("söurce +%")}
    s3.put_object(**source, Body=b"abc", ContentType="text/a", Metadata={"x": "1"})
    where = {"Bucket": place.bucket, "Key": place.key("copy")}
    s3.copy_object(**where, CopySource=source)
    got = s3.get_object(**where)
    assert got["Body"].read() == b"abc" and got["Metadata"] == {"x": "1"}
    assert got["ContentType"] == "text/a"
    s3.copy_object(**where, CopySource=source, MetadataDirective="REPLACE", Metadata={"y": "2"},
                   ContentType="text/b")
    head = s3.head_object(**where)
    assert head["Metadata"] == {"y": "2"} and head["ContentType"] == "text/b"
    missing = source | {"Key": place.key("missing")}
    assert error_code(s3.copy_object, **where, CopySource=missing) == "NoSuchKey"
    s3.copy(source, place.bucket, place.key("managed"))
    assert s3.get_object(Bucket=place.bucket, Key=place.key("managed"))["Body"].read() == b"abc"


@check("boto3")
def boto3_batch_delete(place):
    s3 = client_of(place)
    keys = [place.key(name) for name in ("a", "b c", "é&<>", "d/e")]
    for key in keys:
        s3.put_object(Bucket=place.bucket, Key=key, Body=b"")
    doomed = [{"Key": key} for key in [*keys[:3], place.key("never-there")]]
    answer = s3.delete_objects(Bucket=place.bucket, Delete={"Objects": doomed})
    assert sorted(one["Key"] for one in answer["Deleted"]) == sorted(one["Key"] for one in doomed)
    assert not answer.get("Errors")
    left = s3.list_objects_v2(Bucket=place.bucket, Prefix=place.prefix)
    assert [one["Key"] for one in left["Contents"]] == keys[3:]
    quiet = s3.delete_objects(Bucket=place.bucket,
                              Delete={"Objects": [{"Key": keys[3]}], "Quiet": True})
    assert "Deleted" not in quiet


@check("boto3")
def boto3_presigned_urls(place):
    s3 = client_of(place)
    where = {"Bucket": place.bucket, "Key": place.key("ünï +%41.txt")}
    url = s3.generate_presigned_url("put_object", Params=where | {"ContentType": "text/x"})
    assert fetch("PUT", url, b"data", {"Content-Type": "text/y"})[0] == 403
    assert fetch("PUT", url, b"data", {"Content-Type": "text/x"})[0] == 200
    url = s3.generate_presigned_url("get_object", Params=where | {
        "ResponseContentDisposition": 'attachment; filename="x y.txt"',
        "ResponseContentType": "application/octet-stream"})
    status, headers, body = fetch("GET", url)
    assert (status, body) == (200, b"data")
    assert headers["Content-Disposition"] == 'attachment; filename="x y.txt"'
    assert headers["Content-Type"] == "application/octet-stream"
    other = "1" if url[-1] == "0" else "0"
    assert fetch("GET", url[:-1] + other)[0] == 403
    # Too long to be one at all, of which S3 does not say what it answers.
    assert fetch("GET", url + "0")[0] in (400, 403)
    assert fetch("PUT", url, b"x")[0] == 403
    status, headers, _ = fetch("HEAD", s3.generate_presigned_url("head_object", Params=where))
    assert status == 200 and headers["Content-Length"] == "4"
    assert fetch("DELETE", s3.generate_presigned_url("delete_object", Params=where))[0] == 204
    assert fetch("GET", url)[0] == 404


def post_form(url, fields, data, name="file.bin"):
    boundary = uuid.uuid4().hex
    lines = []
    for field, value in fields.items():
        lines.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n')
    lines.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                 "Content-Type: application/octet-stream\r\n\r\n")
    body = "".join(lines).encode() + data + f"\r\n--{boundary}--\r\n".encode()
    return fetch("POST", url, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})


@check("boto3")
def boto3_presigned_post(place):
    s3 = client_of(place)
    key = place.key("posted")
    form = s3.generate_presigned_post(
        place.bucket, key, Fields={"Content-Type": "text/x", "success_action_status": "201"},
        Conditions=[["content-length-range", 1, 1000], {"Content-Type": "text/x"},
                    {"success_action_status": "201"}])
    status, _, body = post_form(form["url"], form["fields"], b"form data")
    assert status == 201 and b"<Key>" in body, (status, body)
    got = s3.get_object(Bucket=place.bucket, Key=key)
    assert got["Body"].read() == b"form data" and got["ContentType"] == "text/x"
    s3.delete_object(Bucket=place.bucket, Key=key)
    for title, change, data in (
        ("too large", {}, b"x" * 1001),
        ("too small", {}, b""),
        ("another key", {"key": key + "2"}, b"x"),
        ("another type", {"Content-Type": "text/html"}, b"x"),
        ("an unlisted field", {"x-amz-meta-a": "b"}, b"x"),
        ("a wrong signature", {"x-amz-signature": "0" * 64}, b"x"),
    ):
        status, _, body = post_form(form["url"], form["fields"] | change, data)
        assert status in (400, 403), (title, status, body)
    assert "Contents" not in s3.list_objects_v2(Bucket=place.bucket, Prefix=place.prefix)


@check("boto3")
def boto3_buckets(place):
    s3 = client_of(place)
    assert place.bucket in [one["Name"] for one in s3.list_buckets()["Buckets"]]
    s3.head_bucket(Bucket=place.bucket)
    s3.get_bucket_location(Bucket=place.bucket)
    assert error_code(s3.head_bucket, Bucket="no-such-bucket-here") == "404"
    code = error_code(s3.get_object, Bucket="no-such-bucket-here", Key="k")
    assert code == "NoSuchBucket", code


@check("boto3")
def boto3_wrong_secret(place):
    from dataclasses import dataclass

    @dataclass
    class Wrong:
        server: object

    server = place.server
    wrong = type(server)(server.endpoint, server.access_key, "wrong" + server.secret_key[5:],
                         server.bucket, server.region)
    s3 = client_of(Wrong(wrong))
    code = error_code(s3.put_object, Bucket=place.bucket, Key=place.key("k"), Body=b"x")
    assert code == "SignatureDoesNotMatch", code
    unknown = type(server)(server.endpoint, "NOSUCHKEY00000000000", server.secret_key,
                           server.bucket, server.region)
    code = error_code(client_of(Wrong(unknown)).list_objects_v2, Bucket=place.bucket)
    assert code == "InvalidAccessKeyId", code
