"""Writes random presigned URLs and forms of botocore, as one JSON object a line.

Usage: botocore_presigned.py output [count [seed]]

The same seed gives the same file. Parameters are given in the order in which S3Presigner writes them,
since botocore keeps the caller's order.
"""

import base64
import datetime
import json
import random
import sys

import botocore.auth
import botocore.session
import botocore.signers
from botocore.compat import HAS_CRT
from botocore.config import Config

UNRESERVED = "abcXYZ019-._~"
RESERVED = "!*'();:@&=+$,/?#[]% \"<>\\^`{|}"
OTHERS = "äéß€漢字\u0301\u200b😀\x7f\x01"
PRINTABLE = "".join(chr(code) for code in range(0x21, 0x7F))
REGIONS = ["eu-west-1", "eu-central-1", "ap-southeast-2", "us-west-2"]
ENDPOINTS = ["https://s3.example.com:8443", "http://127.0.0.1:9000", "https://files.example.com/base"]
CHECKSUMS = {"crc32c": ("ChecksumCRC32C", 4), "crc64nvme": ("ChecksumCRC64NVME", 8), "sha256": ("ChecksumSHA256", 32)}
HEADERS = [
    ("contentType", "ContentType"), ("contentEncoding", "ContentEncoding"), ("contentLanguage", "ContentLanguage"),
    ("contentDisposition", "ContentDisposition"), ("cacheControl", "CacheControl"),
]
OVERRIDES = [
    ("disposition", "ResponseContentDisposition"), ("contentType", "ResponseContentType"),
    ("cacheControl", "ResponseCacheControl"), ("contentLanguage", "ResponseContentLanguage"),
    ("contentEncoding", "ResponseContentEncoding"),
]
# To make a client takes as long as to sign a hundred URLs.
CLIENT_COUNT = 40
OPERATIONS = {
    "get": "get_object", "head": "head_object", "put": "put_object", "delete": "delete_object",
    "uploadPart": "upload_part",
}


def text(rng, longest, alphabet=UNRESERVED * 3 + RESERVED + OTHERS):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(1, longest)))


def value(rng):
    """A header's value: words of printable ASCII."""
    return " ".join(text(rng, 12, PRINTABLE) for _ in range(rng.randint(1, 3)))


def key(rng, is_form):
    while True:
        found = text(rng, 60)
        if not is_form or "${filename}" not in found:
            return found


def checksum(rng):
    name = rng.choice(list(CHECKSUMS))
    parameter, size = CHECKSUMS[name]
    return name, parameter, base64.b64encode(rng.randbytes(size)).decode()


def set_clock(now):
    botocore.auth.get_current_datetime = lambda *_: now
    botocore.signers.get_current_datetime = lambda *_: now


def client(rng, session):
    """A client, and what it was made with."""
    addressing = rng.choice(["virtual", "path"])
    endpoint = rng.choice([None, None, *ENDPOINTS])
    # A bucket in front of an address or behind a path is another matter.
    if endpoint and ("127.0.0.1" in endpoint or "base" in endpoint):
        addressing = "path"
    item = {
        "region": rng.choice(REGIONS), "endpoint": endpoint, "addressing": addressing,
        "accessKeyID": "AKIA" + text(rng, 16, "ABC234567"), "secretAccessKey": text(rng, 40, UNRESERVED + "/+="),
        "sessionToken": text(rng, 60, UNRESERVED + "+/=") if rng.random() < 0.3 else None,
    }
    return item, session.create_client(
        "s3", region_name=item["region"], endpoint_url=endpoint, aws_access_key_id=item["accessKeyID"],
        aws_secret_access_key=item["secretAccessKey"], aws_session_token=item["sessionToken"],
        config=Config(
            signature_version="s3v4", s3={"addressing_style": addressing},
            request_checksum_calculation="when_required"))


def presigned_url(rng, s3, item):
    operation = rng.choice(list(OPERATIONS))
    parameters = {"Bucket": item["bucket"], "Key": item["key"]}
    item["operation"] = operation
    headers, overrides = {}, {}
    if operation in ("get", "head"):
        for name, parameter in OVERRIDES:
            if rng.random() < 0.25:
                overrides[name] = parameters[parameter] = value(rng)
        if rng.random() < 0.2:
            seconds = rng.randrange(0, 4_102_444_800)
            item["responseExpires"] = seconds
            parameters["ResponseExpires"] = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    if operation == "uploadPart":
        parameters["UploadId"] = item["uploadID"] = text(rng, 30, UNRESERVED + "/+=")
        parameters["PartNumber"] = item["partNumber"] = rng.randint(1, 10_000)
    if operation == "put":
        for name, parameter in HEADERS:
            if rng.random() < 0.25:
                headers[name] = parameters[parameter] = value(rng)
        if rng.random() < 0.3:
            item["metadata"] = {text(rng, 8, "abc-"): text(rng, 12, "abc019-") for _ in range(rng.randint(1, 3))}
            parameters["Metadata"] = item["metadata"]
        condition = rng.choice([None, None, "IfNoneMatch", "IfMatch"])
        if condition:
            parameters[condition] = "*" if condition == "IfNoneMatch" else '"a-1"'
            item["condition"] = parameters[condition]
    if operation in ("put", "uploadPart"):
        if rng.random() < 0.4:
            parameters["ContentLength"] = item["byteCount"] = rng.randint(0, 5 << 30)
        if rng.random() < 0.3:
            name, parameter, found = checksum(rng)
            item["checksum"] = [name, found]
            parameters[parameter] = found
    if operation in ("get", "head", "delete") and rng.random() < 0.2:
        parameters["VersionId"] = item["versionID"] = text(rng, 12, UNRESERVED + "/+=")
    item["headers"], item["overrides"] = headers, overrides
    item["url"] = s3.generate_presigned_url(OPERATIONS[operation], parameters, item["expires"])


def presigned_form(rng, s3, item):
    fields, conditions = {}, []

    def add(name, found):
        fields[name] = found
        conditions.append({name: found})

    content_type = rng.choice([None, "exact", "prefix"])
    if content_type == "exact":
        item["contentType"] = value(rng)
        add("Content-Type", item["contentType"])
    elif content_type == "prefix":
        item["contentTypePrefix"] = value(rng)
        conditions.append(["starts-with", "$Content-Type", item["contentTypePrefix"]])
    if rng.random() < 0.3:
        item["metadata"] = {text(rng, 8, "abc-"): text(rng, 12, "abc019-") for _ in range(rng.randint(1, 3))}
        for name in sorted(item["metadata"]):
            add("x-amz-meta-" + name, item["metadata"][name])
    if rng.random() < 0.3:
        name, _, found = checksum(rng)
        item["checksum"] = [name, found]
        add("x-amz-checksum-" + name, found)
    success = rng.choice([None, "200", "201", "https://example.com/done?a=b"])
    item["success"] = success
    if success:
        add("success_action_status" if success.isdigit() else "success_action_redirect", success)
    least = rng.randint(0, 1000)
    item["minimum"], item["maximum"] = least, least + rng.randint(0, 1 << 30)
    conditions.append(["content-length-range", item["minimum"], item["maximum"]])
    item["isPrefix"] = rng.random() < 0.3
    name = item["key"] + ("${filename}" if item["isPrefix"] else "")
    answer = s3.generate_presigned_post(item["bucket"], name, fields, conditions, item["expires"])
    item["url"], item["fields"] = answer["url"], answer["fields"]


def presigned(rng, clients):
    is_form = rng.random() < 0.25
    second = rng.randrange(0, 4_102_444_800)
    item = {
        "isForm": is_form, "bucket": rng.choice(["examplebucket", "a-1", "my.dotted.bucket"]),
        "key": key(rng, is_form), "seconds": second,
        "expires": rng.choice([1, 60, 3_600, 604_800, rng.randint(1, 604_800)]),
    }
    settings, s3 = rng.choice(clients)
    item |= settings
    set_clock(datetime.datetime.fromtimestamp(second, datetime.timezone.utc))
    (presigned_form if is_form else presigned_url)(rng, s3, item)
    return item


def main():
    if HAS_CRT:
        sys.exit("botocore_presigned: awscrt is installed, and would sign in botocore's place")
    output = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 20_250_616
    rng = random.Random(seed)
    session = botocore.session.get_session()
    clients = [client(rng, session) for _ in range(CLIENT_COUNT)]
    with open(output, "w", encoding="utf-8") as lines:
        for _ in range(count):
            lines.write(json.dumps(presigned(rng, clients)) + "\n")
    print(f"botocore_presigned: {count} URLs and forms, seed {seed}, in {output}")


if __name__ == "__main__":
    main()
