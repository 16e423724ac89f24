"""The aws command."""

import sys
from pathlib import Path

from checks import check, make_tree, noise, read_tree
from with_boto3 import fetch

# Beside this Python, where the environment has it.
AWS = Path(sys.executable).with_name("aws")


def aws(place, *words, **options):
    return place.run(sys.executable, AWS, "s3", *words, **options)


def url(place, name=""):
    return f"s3://{place.bucket}/{place.prefix}{name}"


@check("aws")
def aws_cp(place):
    small, large = place.folder / "small", place.folder / "large"
    small.write_bytes(b"hello")
    large.write_bytes(noise(20 << 20))
    for path in (small, large):
        aws(place, "cp", path, url(place, path.name))
        back = place.folder / f"{path.name}.back"
        aws(place, "cp", url(place, path.name), back)
        assert back.read_bytes() == path.read_bytes()
    aws(place, "cp", url(place, "large"), url(place, "copied"))
    assert "20971520" in aws(place, "ls", url(place)).stdout
    aws(place, "cp", url(place, "missing"), place.folder / "x", expects=1)


@check("aws")
def aws_sync(place):
    source, back = place.folder / "source", place.folder / "back"
    source.mkdir()
    files = make_tree(source)
    aws(place, "sync", source, url(place))
    listed = aws(place, "ls", "--recursive", url(place)).stdout
    assert len(listed.splitlines()) == len(files), listed
    aws(place, "sync", url(place), back)
    assert read_tree(back) == files
    # Nothing changed, so nothing is sent.
    assert "upload:" not in aws(place, "sync", source, url(place)).stdout
    (source / "a b.txt").unlink()
    assert "delete:" in aws(place, "sync", "--delete", source, url(place)).stdout
    assert len(aws(place, "ls", "--recursive", url(place)).stdout.splitlines()) == len(files) - 1


@check("aws")
def aws_mv_and_rm(place):
    path = place.folder / "f"
    path.write_bytes(b"x")
    aws(place, "mv", path, url(place, "one"))
    assert not path.exists()
    aws(place, "mv", url(place, "one"), url(place, "two"))
    listed = aws(place, "ls", url(place)).stdout
    assert " two" in listed and " one" not in listed
    for number in range(3):
        path.write_bytes(b"y")
        aws(place, "cp", path, url(place, f"many/{number}"))
    aws(place, "rm", "--recursive", url(place, "many/"))
    assert aws(place, "ls", "--recursive", url(place)).stdout.count("\n") == 1
    aws(place, "rm", url(place, "two"))
    aws(place, "ls", url(place), expects=1)


@check("aws")
def aws_presign(place):
    path = place.folder / "f"
    path.write_bytes(b"signed")
    aws(place, "cp", path, url(place, "f"))
    # By itself this version signs URLs of us-east-1 in the old way, which S3 has refused for buckets
    # made after June 2020: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
    config = place.folder / "config"
    config.write_text("[default]\ns3 =\n    signature_version = s3v4\n")
    link = aws(place, "presign", url(place, "f"), "--expires-in", "60",
               environment={"AWS_CONFIG_FILE": str(config)}).stdout.strip()
    assert "X-Amz-Signature=" in link, link
    assert fetch("GET", link)[::2] == (200, b"signed")
    old = aws(place, "presign", url(place, "f")).stdout.strip()
    status, _, body = fetch("GET", old)
    assert status == 400 and b"Please use AWS4-HMAC-SHA256" in body, (status, body)


@check("aws")
def aws_stream(place):
    data = "from standard input"
    words = ["s3", "cp", "-", url(place, "stream")]
    import subprocess

    subprocess.run([sys.executable, AWS, *words], input=data.encode(), check=True,
                   env=place.server.environment, timeout=60)
    assert aws(place, "cp", url(place, "stream"), "-").stdout == data
