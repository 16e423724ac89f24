#!/usr/bin/env python3
"""Compares `blob serve` on a folder with radosgw, moto and nginx, each asked by the same client.

The client is S3Store (s3-bench), signed, so the seconds are those of client and server together, on
the same cores. Processor time is the server's own during the row, memory the most that it ever had;
those of radosgw are without the daemons behind it, which keep its data in memory. moto keeps it in
memory too; nginx checks nothing and drops what is put: it is the floor. `blob serve` runs twice: as
it is by default, when a put has waited for the disk, and relaxed, when it leaves that to the kernel.
Exits with 1 if a run failed.
"""

import argparse
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
CLIENT = HERE / ".build/release/s3-bench"
BLOB = HERE.parent / "Examples/.build/release/blob"
SERVERS = HERE.parent / "Tests/Servers/with-servers.sh"
PEERS = ("ceph", "moto", "nginx")
# What no put waits for the disk in can be compared with what the peers do.
OURS = {"blob serve": "", "blob serve, relaxed": "?durability=relaxed"}
RELAXED = "blob serve, relaxed"
MIB = 1 << 20
GIB = 1 << 30
START_SECONDS = 20
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """A server that runs, and the processes that listen on its port."""

    def __init__(self, name, endpoint, key_id, secret, bucket="bench"):
        self.name, self.endpoint, self.bucket = name, endpoint, bucket
        self.environment = os.environ | {
            "AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_REGION": "us-east-1"}
        self.pids = listeners(int(endpoint.rstrip("/").rsplit(":", 1)[1]))

    def cpu_seconds(self):
        total = 0
        for pid in self.pids:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def peak_mib(self):
        """The most memory of each of its processes, added."""
        return sum(int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])
                   for pid in self.pids) / 1024

    def run(self, row, *words):
        """Lets the client do a row; returns seconds and the server's processor seconds."""
        before = self.cpu_seconds()
        command = [str(CLIENT), row, "--endpoint", self.endpoint, "--bucket", self.bucket, *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        lines = [line for line in done.stderr.splitlines() if line.startswith("{")]
        if done.returncode != 0 or row != "prepare" and not lines:
            raise RuntimeError(f"{self.name}: {row}: {done.stderr.strip()[-500:]}")
        seconds = json.loads(lines[-1])["seconds"] if lines else 0
        return seconds, self.cpu_seconds() - before


def listeners(port):
    """The processes that hold a listening socket of a port."""
    inodes = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    found = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(link) in inodes:
                found.add(link.parts[2])
        except OSError:
            continue
    return sorted(found)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_ours(name, folder):
    port = free_port()
    environment = os.environ | {"BLOB_SECRET_KEY": "benchmark-secret"}
    root = Path(folder) / ("relaxed" if name == RELAXED else "files")
    command = [str(BLOB), "serve", f"file://{root}{OURS[name]}", "--port", str(port),
               "--access-key", "bench", "--bucket", "bench", "--quiet"]
    process = subprocess.Popen(command, env=environment)
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process, Server(name, f"http://127.0.0.1:{port}", "bench",
                                       "benchmark-secret")
        time.sleep(0.05)
    process.kill()
    sys.exit("bench: blob serve did not start")


def peers():
    for name in os.environ["BLOB_STORAGE_TEST_SERVERS"].split():
        def variable(suffix, name=name):
            return os.environ[f"BLOB_STORAGE_TEST_{name.upper()}_{suffix}"]
        bucket = "sink" if name == "nginx" else "bench"
        yield Server(name, variable("ENDPOINT"), variable("ACCESS_KEY_ID"),
                     variable("SECRET_ACCESS_KEY"), bucket)


def words_of(server, row, count, size):
    if row.endswith("small"):
        words = ["--count", str(count), "--bytes", "1024", "--at-once", "32"]
        # nginx has the blobs to read in a bucket of their own.
        return words + (["--key", "1k"] if server.name == "nginx" and row == "get-small" else [])
    key = "1g" if size == GIB else "128m"
    return ["--key", key, "--bytes", str(size)]


def measure(servers, runs, quick):
    count, size = (500, 128 * MIB) if quick else (5_000, GIB)
    label = f"{size // MIB:,} MiB"
    # Puts come first: they make what is read.
    rows = (("put-small", f"PUT 1 KiB × {count:,}, 32 at once"),
            ("get-small", f"GET 1 KiB × {count:,}, 32 at once"),
            ("put-stream", f"PUT {label}"), ("get-stream", f"GET {label}"))
    for row, title in rows:
        figures = {server.name: [] for server in servers}
        failures = 0
        for _ in range(runs):
            for server in servers:
                # moto takes minutes for what the others do in a second.
                if server.name == "moto" and figures["moto"]:
                    continue
                bucket = server.bucket
                if server.name == "nginx" and row.startswith("get"):
                    server.bucket = "files"
                try:
                    figures[server.name].append(
                        server.run(row, *words_of(server, row, count, size)))
                except RuntimeError as error:
                    failures += 1
                    print(f"bench: FAILED: {title}: {error}", file=sys.stderr)
                server.bucket = bucket
        yield row, title, figures, failures


def report(servers, results):
    print(f"\n{__doc__.strip()}\n")
    print("| row | server | seconds: median (min–max) | its CPU s | ours / it: time | relaxed / it "
          "| runs |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    aims = []
    for row, title, figures, _ in results:
        medians = {name: statistics.median(run[0] for run in found)
                   for name, found in figures.items() if found}
        ours = medians.get("blob serve")
        relaxed = medians.get(RELAXED)
        for name, found in figures.items():
            if not found:
                print(f"| {title} | {name} | FAILED | | | | 0 |")
                continue
            times = [run[0] for run in found]
            ratios = [f"{own / medians[name]:.2f}" if own and name not in OURS else ""
                      for own in (ours, relaxed)]
            cpu = statistics.median(run[1] for run in found)
            print(f"| {title} | {name} | {medians[name]:.3f} ({min(times):.3f}–{max(times):.3f}) "
                  f"| {cpu:.2f} | {' | '.join(ratios)} | {len(found)} |")
        limits = [("moto", 1), ("ceph", 1 / 3 if row == "get-small" else 1)]
        limits += [("nginx", 2)] if row == "get-stream" else []
        for name, limit in limits:
            for own, found in (("", ours), ("relaxed: ", relaxed)):
                ratio = found / medians[name] if found and name in medians else None
                aims.append((own + title, name, limit, ratio))
    print("\n| server | peak MiB |\n| --- | --- |")
    for server in servers:
        print(f"| {server.name} | {server.peak_mib():.0f} |")
    print("\n| row | aim | found | met |\n| --- | --- | --- | --- |")
    for title, name, limit, found in aims:
        verdict = "**not measured**" if found is None else "yes" if found <= limit else "**no**"
        shown = "" if found is None else f"{found:.2f}"
        print(f"| {title} | time / {name}'s ≤ {limit:.2f} | {shown} | {verdict} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", help="not used here; every benchmark gets it")
    parser.add_argument("--runs", type=int, help="how often each row runs; 5")
    parser.add_argument("--quick", action="store_true", default=bool(os.environ.get("BENCH_QUICK")))
    options = parser.parse_args()
    if "BLOB_STORAGE_TEST_SERVERS" not in os.environ:
        script = str(Path(__file__).resolve())
        os.execv(SERVERS, [str(SERVERS), *PEERS, "--", sys.executable, script, *sys.argv[1:]])
    with tempfile.TemporaryDirectory(prefix="gateway-", dir=HERE / ".build") as folder:
        started = []
        try:
            for name in OURS:
                started.append(start_ours(name, folder))
            servers = [*(server for _, server in started), *peers()]
            for server in servers:
                if server.name != "nginx":
                    server.run("prepare")
            results = list(measure(servers, options.runs or (2 if options.quick else 5),
                                   options.quick))
            report(servers, results)
        finally:
            for process, _ in started:
                process.terminate()
                process.wait()
    for name in os.environ.get("BLOB_STORAGE_TEST_SKIPPED_SERVERS", "").split():
        print(f"\nSKIPPED server: {name}")
    failures = sum(failures for *_, failures in results)
    if failures:
        sys.exit(f"bench: FAILED: {failures} runs, which are told above")


main()
