"""rclone, as Debian has it."""

from checks import check, make_tree, noise, read_tree


def rclone(place, *words, settings=None, **options):
    server = place.server
    remote = {
        "RCLONE_CONFIG": "/dev/null",
        "RCLONE_CONFIG_S_TYPE": "s3",
        "RCLONE_CONFIG_S_PROVIDER": "Other",
        "RCLONE_CONFIG_S_ENDPOINT": server.endpoint,
        "RCLONE_CONFIG_S_REGION": server.region,
        "RCLONE_CONFIG_S_ACCESS_KEY_ID": server.access_key,
        "RCLONE_CONFIG_S_SECRET_ACCESS_KEY": server.secret_key,
        "RCLONE_CONFIG_S_FORCE_PATH_STYLE": "true",
        "RCLONE_RETRIES": "1",
        "RCLONE_LOW_LEVEL_RETRIES": "1",
        "RCLONE_S3_NO_CHECK_BUCKET": "true",
    }
    remote |= settings or {}
    return place.run("rclone", *words, environment=remote, **options)


def remote(place, name=""):
    return f"s:{place.bucket}/{place.prefix}{name}".rstrip("/")


@check("rclone")
def rclone_sync_and_check(place):
    source = place.folder / "source"
    source.mkdir()
    files = make_tree(source)
    rclone(place, "sync", source, remote(place))
    rclone(place, "check", "--download", source, remote(place))
    rclone(place, "check", source, remote(place))
    back = place.folder / "back"
    rclone(place, "copy", remote(place), back)
    assert read_tree(back) == files
    # A second run finds nothing to do, and a changed file is seen.
    again = rclone(place, "sync", "-v", source, remote(place)).stderr
    assert "Copied (" not in again, again
    (source / "a b.txt").write_bytes(b"changed, and longer than it was")
    assert rclone(place, "check", source, remote(place), expects=1)
    rclone(place, "sync", source, remote(place))
    rclone(place, "check", source, remote(place))


@check("rclone")
def rclone_large(place):
    path = place.folder / "large"
    path.write_bytes(noise(30 << 20))
    rclone(place, "copyto", "--s3-upload-cutoff", "5Mi", "--s3-chunk-size", "5Mi", path,
           remote(place, "large"))
    rclone(place, "copyto", remote(place, "large"), place.folder / "back")
    assert (place.folder / "back").read_bytes() == path.read_bytes()
    rclone(place, "moveto", remote(place, "large"), remote(place, "moved"))
    assert rclone(place, "lsf", remote(place)).stdout == "moved\n"
    rclone(place, "purge", remote(place))
    assert rclone(place, "lsf", remote(place), expects=None).stdout == ""
