"""The rows, done with boto3, the SDK for Python, on as many threads as work at once.

Over TLS it would send a checksum after a body of unknown length, which nginx can't drop: it sends
none there.
"""

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config

import common

PART_BYTES = 8 << 20
AT_ONCE = 8


def run(args):
    checksums = "when_required" if args.endpoint.startswith("https") else "when_supported"
    client = boto3.client(
        "s3", endpoint_url=args.endpoint, region_name="us-east-1",
        config=Config(max_pool_connections=max(AT_ONCE, args.at_once or 1),
                      request_checksum_calculation=checksums,
                      s3={"addressing_style": "path"}))
    if args.at_once:
        args.mode = f"threads-{args.at_once}"
    if args.row == "put-small":
        data = b"x" * args.bytes

        def put(key):
            client.put_object(Bucket=args.bucket, Key=key, Body=data)
            return len(data)

        return common.each(args, put, None)
    if args.row == "get-small":

        def get(key):
            return len(client.get_object(Bucket=args.bucket, Key=key)["Body"].read())

        return common.each(args, get, None)
    if args.row == "get-stream":
        body = client.get_object(Bucket=args.bucket, Key=args.key)["Body"]
        return sum(len(chunk) for chunk in body.iter_chunks(common.CHUNK_BYTES))
    if args.row == "put-stream":
        with open(args.source, "rb") as file:
            client.put_object(Bucket=args.bucket, Key=args.key, Body=file)
        return args.bytes
    transfer = TransferConfig(multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES,
                              max_concurrency=AT_ONCE)
    if args.row == "get-ranges":
        sink = Sink()
        client.download_fileobj(args.bucket, args.key, sink, Config=transfer)
        return sink.count
    if args.row == "put-parts":
        with open(args.source, "rb") as file:
            client.upload_fileobj(file, args.bucket, args.key, Config=transfer)
        return args.bytes
    if args.row == "list":
        pages = client.get_paginator("list_objects_v2").paginate(
            Bucket=args.bucket, Prefix=args.prefix)
        return sum(len(page.get("Contents", ())) for page in pages)
    raise SystemExit(f"there is no row {args.row}")


class Sink:
    """Counts what is written to it, in order."""

    count = 0

    def write(self, data):
        self.count += len(data)


common.main(run)
