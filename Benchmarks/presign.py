#!/usr/bin/env python3
"""Compares how many URLs a second S3Presigner, botocore and obstore presign on one core.

Every program is a process of its own, bound to one core, and signs one URL after the other, for 1,000
keys in turn. Ours goes through the public API, `any BlobPresigner` and `await` included. Programs
that are slower sign fewer URLs, so that all run about as long; only the rates are compared, of
programs that ran right after each other. Start-up is not counted. `put-bound` binds a content type,
a length and create-only, which obstore can't.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OURS = str(HERE / ".build/release/presign-bench")
# URLs that a program signs in one run: about a second's worth.
COUNTS = {"ours": 1_000_000, "obstore": 100_000, "obstore-batch": 100_000, "botocore": 5_000}
ROWS = {"get": ["ours", "obstore", "obstore-batch", "botocore"], "put-bound": ["ours", "botocore"]}
# Of TRANSPORT's aims: URLs a second, and the least ratios to others.
RATE_AIM = 1_000_000
RATIO_AIMS = {"obstore": 8, "botocore": 150}


def command(options, name, row):
    count = COUNTS[name] // options.divisor
    words = [row, "--count", str(count)]
    if name == "ours":
        return [OURS, *words]
    script = str(HERE / "peers" / "presign_peer.py")
    return [options.python, script, *words, "--mode", name]


def rate(options, name, row):
    """The URLs a second of one run."""
    run = subprocess.run(
        ["taskset", "--cpu-list", options.core, *command(options, name, row)],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if run.returncode != 0:
        raise RuntimeError(f"{name}: {run.returncode}: {run.stderr}")
    told = json.loads([line for line in run.stderr.splitlines() if line.startswith("{")][-1])
    return told["amount"] / told["seconds"]


def measure(options, row):
    """The rates of all programs, run in turns."""
    rates = {name: [] for name in ROWS[row]}
    for index in range(options.runs):
        print(f"bench: {row}: run {index + 1} of {options.runs}", file=sys.stderr)
        for name in list(rates):
            try:
                rates[name].append(rate(options, name, row))
            except RuntimeError as error:
                if name == "ours":
                    raise
                print(f"bench: SKIPPED: {error}", file=sys.stderr)
                del rates[name]
    return rates


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable, help="with the peers installed")
    parser.add_argument("--runs", type=int, help="how often each program runs; 5")
    parser.add_argument("--core", default="0", help="the core that all programs run on")
    parser.add_argument("--quick", action="store_true", default=bool(os.environ.get("BENCH_QUICK")),
                        help="a fifth of the work; or set BENCH_QUICK=1")
    options = parser.parse_args()
    options.runs = options.runs or (3 if options.quick else 5)
    options.divisor = 5 if options.quick else 1
    options.python = os.path.abspath(options.python)
    found = {row: measure(options, row) for row in ROWS}
    print(f"\n{__doc__.strip()}\n\nLoad of the machine now: {os.getloadavg()[0]:.1f}\n")
    print("| row | program | URLs a second: median (min–max) | ours / its |\n| --- | --- | --- | --- |")
    for row, rates in found.items():
        for name, values in rates.items():
            ratio = statistics.median(a / b for a, b in zip(rates["ours"], values))
            print(f"| {row} | {name} | {statistics.median(values):,.0f} "
                  f"({min(values):,.0f}–{max(values):,.0f}) "
                  f"| {'' if name == 'ours' else f'{ratio:.1f}'} |")
    print("\n| aim of `get` | found | met |\n| --- | --- | --- |")
    rates = found["get"]
    best = statistics.median(rates["ours"])
    print(f"| ≥ {RATE_AIM:,} URLs a second | {best:,.0f} | {'yes' if best >= RATE_AIM else '**no**'} |")
    for name, least in RATIO_AIMS.items():
        if name not in rates:
            print(f"| ≥ {least} × {name} | | **not measured** |")
            continue
        ratio = statistics.median(a / b for a, b in zip(rates["ours"], rates[name]))
        print(f"| ≥ {least} × {name} | {ratio:.1f} | {'yes' if ratio >= least else '**no**'} |")


main()
