"""A folder that `blob serve` serves, for as long as a block lasts."""

import contextlib
import os
import re
import secrets
import signal
import subprocess

from checks import Server

ACCESS_KEY = "TESTACCESSKEY0000001"
BUCKET = "files"


@contextlib.contextmanager
def served(blob, folder, *options, log):
    """Serves a folder with random secrets on a port that is free, and stops when the block ends."""
    secret = secrets.token_urlsafe(30)
    one = [] if "--buckets" in options else ["--bucket", BUCKET]
    command = [str(blob), "serve", folder.resolve().as_uri(), "--port", "0", *one,
               "--access-key", ACCESS_KEY, *options]
    environment = os.environ | {"BLOB_SECRET_KEY": secret}
    with open(log, "wb") as errors:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            yield Server(address(process, log), ACCESS_KEY, secret, BUCKET, region_of(options))
        finally:
            process.send_signal(signal.SIGTERM)
            status = process.wait(timeout=60)
    assert status == 0, f"blob serve ended with {status}; its log is {log}"


def region_of(options):
    """The region that the server was told, or else its own choice."""
    return options[options.index("--region") + 1] if "--region" in options else "us-east-1"


def address(process, log):
    """Reads what the server prints until it tells its address."""
    for line in process.stdout:
        found = re.search(r"http://[0-9.]+:\d+", line)
        if found:
            return found[0]
    raise SystemExit(f"clients: blob serve did not start; its log is {log}")
