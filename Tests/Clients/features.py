#!/usr/bin/env python3
"""Asks `blob serve` what it can do of S3, one small check a feature, and compares with what is known.

What it can't do is listed, with the reason, in known-misses.txt. Exits with 1 if a check fails that is
not listed, or if one passes that is.
"""

import argparse
import contextlib
import importlib
import json
import os
import sys
import tempfile
from pathlib import Path

from nginx_front import NGINX, nginx_front
from served import served

KNOWN_MISSES = Path(__file__).with_name("known-misses.txt")
HOST = "s3.localhost"
GROUPS = ["authentication", "multipart", "objects", "checksums", "keys", "settings"]


def read_known_misses():
    """The names of checks that are known to fail, with the reason for each."""
    misses = {}
    for line in KNOWN_MISSES.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        name, _, reason = line.partition(" | ")
        if not reason.strip():
            raise SystemExit(f"{KNOWN_MISSES}: \"{name}\" has no reason")
        misses[name.strip()] = reason.strip()
    return misses


def run_checks(only):
    """Runs the probe's checks in order; name, whether it passed, and what was seen."""
    from probe.wire import BUCKET, TESTS, put, req

    for group in GROUPS:
        importlib.import_module(f"probe.{group}")
    created = req("PUT", f"/{BUCKET}")
    assert created.status == 200, f"the bucket can't be made: {created}"
    # Objects that several checks read.
    put("auth")
    put("rg", b"0123456789")
    for group, title, function in TESTS:
        name = f"{group}: {title}"
        if only and only not in name:
            continue
        try:
            yield name, True, str(function() or "")
        except AssertionError as error:
            yield name, False, str(error)
        except Exception as error:  # Whatever goes wrong is a failure of the check.
            yield name, False, f"{type(error).__name__}: {error}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--blob", type=Path, required=True, help="the command whose server is tried")
    parser.add_argument("--only", metavar="TEXT", help="run the checks whose name has this in it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was seen to a file")
    parser.add_argument("--require", action="store_true", help="fail if nginx is missing")
    options = parser.parse_args()
    known = read_known_misses()
    if not NGINX:
        print("SKIPPED features: none of the checks was run: there is no nginx, which serves TLS")
        return 1 if options.require else 0
    log = Path(tempfile.gettempdir()) / "blob-serve-features.log"
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="features-")))
        (folder / "served").mkdir()
        other_key, other_secret = "OTHERACCESSKEY000001", "secret/of+the-other-user"
        (folder / "keys").write_text(f"{other_key} {other_secret} all others\n")
        server = stack.enter_context(
            served(options.blob, folder / "served", "--buckets", "--virtual-host", HOST, "--encrypted-at-rest",
                   "--keys-file", folder / "keys", log=log))
        port, authority = stack.enter_context(nginx_front(server.endpoint, folder / "nginx"))
        plain_port = server.endpoint.rpartition(":")[2]
        os.environ |= {
            "S3TEST_ENDPOINT": server.endpoint,
            "S3TEST_ACCESS_KEY_ID": server.access_key,
            "S3TEST_SECRET_ACCESS_KEY": server.secret_key,
            "S3TEST_OTHER_ACCESS_KEY_ID": other_key,
            "S3TEST_OTHER_SECRET_ACCESS_KEY": other_secret,
            "S3TEST_REGION": server.region,
            "S3TEST_TLS_ENDPOINT": f"https://localhost:{port}",
            "S3TEST_VHOST_ENDPOINT": f"http://{HOST}:{plain_port}",
            "S3TEST_TLS_VHOST_ENDPOINT": f"https://{HOST}:{port}",
            "S3TEST_CA_FILE": str(authority),
        }
        results = []
        for name, passed, seen in run_checks(options.only):
            seen = " ".join(seen.split())[:200]
            results.append({"name": name, "passed": passed, "seen": seen})
            word = "ok     " if passed else "missing" if name in known else "FAILED "
            print(f"{word} {name} [{seen}]", flush=True)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1, ensure_ascii=False))
    names = {one["name"] for one in results}
    missed = {one["name"] for one in results if not one["passed"]}
    problems = [f"{name} fails and is not listed" for name in sorted(missed - known.keys())]
    problems += [f"{name} is listed and passes" for name in sorted((names - missed) & known.keys())]
    if not options.only:
        problems += [f"{name} is listed and there is none" for name in sorted(known.keys() - names)]
    print(f"features: {len(names) - len(missed)} of {len(names)} checks passed, "
          f"{len(missed & known.keys())} misses are known")
    for problem in problems:
        print(f"features: FAILED: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
