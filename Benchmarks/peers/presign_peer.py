"""Presigned URLs, one after the other, by botocore, or by obstore one at a time or in batches."""

import datetime
import os
import sys

import common

KEYS = [f"uploads/42/2026/photo-{index}.jpg" for index in range(1_000)]
ACCESS_KEY = "AKIDEXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
BUCKET = "bench-bucket"
REGION = "eu-west-1"


def botocore_signer(row):
    import botocore.session
    from botocore.config import Config

    client = botocore.session.get_session().create_client(
        "s3", region_name=REGION, aws_access_key_id=ACCESS_KEY, aws_secret_access_key=SECRET_KEY,
        config=Config(signature_version="s3v4", request_checksum_calculation="when_required"))
    if row == "get":
        return lambda key: client.generate_presigned_url(
            "get_object", {"Bucket": BUCKET, "Key": key}, 900)
    return lambda key: client.generate_presigned_url(
        "put_object", {"Bucket": BUCKET, "Key": key, "ContentType": "image/jpeg",
                       "ContentLength": 123_456, "IfNoneMatch": "*"}, 900)


def obstore_store():
    from obstore.store import S3Store

    return S3Store(BUCKET, region=REGION, access_key_id=ACCESS_KEY, secret_access_key=SECRET_KEY,
                   virtual_hosted_style_request=True)


def run(args):
    size = 0
    if args.mode == "botocore":
        sign = botocore_signer(args.row)
        for index in range(args.count):
            size += len(sign(KEYS[index % len(KEYS)]))
    else:
        import obstore

        if args.row != "get":
            sys.exit("presign_peer: obstore can't bind headers")
        store = obstore_store()
        lifetime = datetime.timedelta(seconds=900)
        if args.mode == "obstore":
            for index in range(args.count):
                size += len(obstore.sign(store, "GET", KEYS[index % len(KEYS)], lifetime))
        else:
            for _ in range(args.count // len(KEYS)):
                size += sum(map(len, obstore.sign(store, "GET", KEYS, lifetime)))
    assert size > 100 * args.count
    return args.count


if __name__ == "__main__":
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    common.main(run)
