#!/usr/bin/env python3
"""Has a browser use the page of document-service, on a folder and on S3.

Exits with 1 if something was not as it should be. A kind of store whose servers are not there, and a
machine without a browser, cost a line that begins with SKIPPED, and, with --require, the run. Pictures
and logs are kept in --output, by default .build/browser.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

import document_checks  # noqa: F401 the checks register themselves
import keyboard_checks  # noqa: F401
import look_checks  # noqa: F401
import refusal_checks  # noqa: F401
import upload_checks  # noqa: F401
from browser import browser, missing
from checks import CHECKS, run_checks
from service import Service, started, variables

KINDS = {"folder": "a folder and SQLite", "s3": "radosgw and DynamoDB"}


def run_kind(kind, options, folder):
    """All checks on one kind of store: what failed, how many there were; `None` if it is skipped."""
    settings = variables(kind, folder)
    if settings is None:
        return None
    shots = options.output / kind
    shutil.rmtree(shots, ignore_errors=True)
    failed, count = [], 0
    try:
        with (started(options.program, kind, settings, folder, shots / "service.log") as service,
              browser() as chromium):
            failed, count = run_checks(chromium, service, folder / "checks", shots, options.only)
        print(f"ok      {kind} service: it ended well, and its log is clean", flush=True)
    except AssertionError as error:
        print(f"FAILED  {kind} service: {error}", flush=True)
        failed.append("service")
    return failed, count + 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, help="document-service, as it was built")
    parser.add_argument("--url", help="a service that runs, in place of --program")
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=list(KINDS))
    parser.add_argument("--only", nargs="*", default=[], metavar="CHECK", help="these checks alone")
    parser.add_argument("--output", type=Path, default=Path(".build/browser"))
    parser.add_argument("--require", action="store_true", help="fail if something is skipped")
    options = parser.parse_args()
    if bool(options.program) == bool(options.url):
        parser.error("give --program or --url")
    lacking = missing()
    if lacking:
        count = (len(CHECKS) + 1) * len(options.kinds)
        print(f"SKIPPED browser: this machine lacks {lacking}")
        print(f"browser: 0 of {count} checks run, {count} SKIPPED")
        return 1 if options.require else 0
    failed, count, skipped = [], 0, []
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="page-") as name:
        if options.url:
            with browser() as chromium:
                failed, count = run_checks(chromium, Service(options.url, "url"), Path(name),
                                           options.output / "url", options.only)
            options.kinds = []
        for kind in options.kinds:
            folder = Path(name) / kind
            folder.mkdir()
            outcome = run_kind(kind, options, folder)
            if outcome is None:
                skipped.append(kind)
                print(f"SKIPPED browser: {KINDS[kind]} don't run", flush=True)
                continue
            failed += [f"{kind} {check}" for check in outcome[0]]
            count += outcome[1]
    print(f"browser: {count - len(failed)} of {count} checks passed, {len(skipped)} kinds of store "
          f"SKIPPED{' (' + ', '.join(skipped) + ')' if skipped else ''}, "
          f"pictures in {options.output} (after {time.monotonic() - start:.0f} s)")
    for name in failed:
        print(f"browser: FAILED {name}")
    return 1 if failed or (skipped and options.require) else 0


sys.exit(main())
