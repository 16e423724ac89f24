"""Writes random requests, signed by botocore, as one JSON object a line.

Usage: botocore_requests.py output [count [seed]]

The same seed gives the same file. botocore signs by itself here: with awscrt installed it would sign
through that, and ignore the clock that is set.
"""

import datetime
import json
import random
import sys
from urllib.parse import quote

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HAS_CRT
from botocore.config import Config
from botocore.credentials import Credentials

UNRESERVED = "abcXYZ019-._~"
RESERVED = "!*'();:@&=+$,/?#[]% \"<>\\^`{|}"
OTHERS = "äéß€漢字\u0301\u200b😀\x7f\x01"
FIELDS = [
    "Range", "If-Match", "If-None-Match", "Content-Type", "Content-MD5", "Content-Encoding", "Cache-Control",
    "x-amz-acl", "X-Amz-Meta-A", "x-amz-meta-a", "x-amz-meta-a-b", "x-amz-meta-B", "x-amz-copy-source",
    "x-amz-storage-class", "x-amz-checksum-crc64nvme", "Accept", "User-Agent", "Expect", "TE", "Connection",
    "X-Amzn-Trace-Id", "x-amz-target",
]
NAMES = [
    "list-type", "prefix", "delimiter", "max-keys", "versionId", "uploadId", "partNumber", "uploads", "tagging",
    "X-Amz-A", "x-id", "response-content-disposition", "a", "A", "a-b", "a.b", "a0", "ä", "a b", "a/b",
]
SERVICES = ["dynamodb", "sts", "execute-api", "service"]


def text(rng, longest, alphabet=UNRESERVED * 3 + RESERVED + OTHERS):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(0, longest)))


def header_value(rng):
    # Python splits at more kinds of white space than the signature knows, so there are only two.
    visible = "".join(chr(c) for c in range(0x21, 0x7F)) + "é€"
    with_space = [*visible, *[" ", "  ", "\t"] * 8]
    return "".join(rng.choice(with_space) for _ in range(rng.randint(0, 40)))


def query(rng, allows_repeats):
    names = [rng.choice(NAMES) for _ in range(rng.choice([0, 0, 1, 2, 3, 8]))]
    if not allows_repeats:
        names = list(dict.fromkeys(names))
    pairs = []
    for name in names:
        name = quote(name, safe="-_.~")
        value = quote(text(rng, 20), safe="-_.~")
        # A name alone means the same as one with an empty value.
        pairs.append(f"{name}={value}" if value or rng.random() < 0.5 else name)
    return "&".join(pairs) or None


def signed(rng):
    kind = rng.choices(["header", "query", "service"], [45, 40, 15])[0]
    scheme = rng.choice(["http", "https"])
    host = rng.choice(["bucket.s3.eu-west-1.amazonaws.com", "127.0.0.1", "s3.example.com", "[::1]"])
    port = rng.choice([None, None, 80, 443, 8080])
    key = text(rng, 40) if kind != "service" else rng.choice(["", "a/../b/./c", "a//b/", ".", "..", text(rng, 20)])
    path = "/" + quote(key, safe="/~")
    encoded_query = query(rng, kind != "query")
    headers = [[rng.choice(FIELDS), header_value(rng)] for _ in range(rng.randint(0, 6))]
    method = rng.choice(["GET", "PUT", "HEAD", "DELETE", "POST"])
    body = rng.randbytes(rng.randint(1, 64)) if method in ("PUT", "POST") and kind != "query" else b""
    second = rng.choice([rng.randrange(0, 4_102_444_800), rng.randrange(0, 47_482) * 86_400 - rng.choice([0, 1])])
    now = datetime.datetime.fromtimestamp(max(second, 0), datetime.timezone.utc)
    region = rng.choice(["us-east-1", "eu-west-1", "auto", "", "garage"])
    token = text(rng, 60, UNRESERVED + "+/=") or None if rng.random() < 0.4 else None
    access = "AKIA" + text(rng, 16, UNRESERVED + "/+=")
    secret = text(rng, 80, UNRESERVED + "/+=é")
    is_unsigned = kind != "query" and rng.random() < 0.2

    authority = host if port is None else f"{host}:{port}"
    url = f"{scheme}://{authority}{path}" + (f"?{encoded_query}" if encoded_query else "")
    request = AWSRequest(method, url, data=body)
    for name, value in headers:
        request.headers.add_header(name, value)
    if is_unsigned:
        scheme = "https"
        request.url = "https" + url[url.index(":"):]
        request.context["payload_signing_enabled"] = False
        request.context["client_config"] = Config(s3={"payload_signing_enabled": False})
    credentials = Credentials(access, secret, token)
    expires = rng.choice([1, 60, 3_600, 604_800])
    service = "s3" if kind != "service" else rng.choice(SERVICES)
    botocore.auth.get_current_datetime = lambda: now
    if kind == "query":
        signer = botocore.auth.S3SigV4QueryAuth(credentials, service, region, expires)
    elif kind == "header":
        signer = botocore.auth.S3SigV4Auth(credentials, service, region)
    else:
        signer = botocore.auth.SigV4Auth(credentials, service, region)
    signer.add_auth(request)
    return {
        "kind": "query" if kind == "query" else "header",
        "service": service, "region": region, "seconds": int(now.timestamp()),
        "accessKeyID": access, "secretAccessKey": secret, "sessionToken": token,
        "method": method, "scheme": scheme, "host": host, "port": port, "path": path, "query": encoded_query,
        "headers": headers, "bodyHex": body.hex(), "isUnsigned": is_unsigned, "expires": expires,
        "date": request.headers.get("X-Amz-Date"), "contentHash": request.headers.get("X-Amz-Content-SHA256"),
        "authorization": request.headers.get("Authorization"),
        "target": request.url.split(authority, 1)[1],
    }


def main():
    if HAS_CRT:
        sys.exit("botocore_requests: awscrt is installed, and would sign in botocore's place")
    output = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 20_250_615
    rng = random.Random(seed)
    with open(output, "w", encoding="utf-8") as lines:
        for _ in range(count):
            lines.write(json.dumps(signed(rng)) + "\n")
    print(f"botocore_requests: {count} requests, seed {seed}, in {output}")


if __name__ == "__main__":
    main()
