#!/usr/bin/env python3
"""Compares LocalDiskStore with obstore, opendal, cp, cat and find in one folder.

Every program is a process of its own. Times are those of the work alone, without the start of the
program (cp, cat and find: the whole process); processor time and memory are the whole process's.
No program shows less memory than this one, some 17 MiB, since it starts them. The page cache is
warm; durability is off, but opendal syncs every file it closes; no run finds another's data.
opendal lists names alone, the others sizes and times too, and only LocalDiskStore in order.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import (Program, Row, aims_table, fastest, grows_at_most, interleave, no_slower_than,
                     peak_below, table)

HERE = Path(__file__).resolve().parent
OURS = str(HERE / ".build/release/disk-bench")
AT_ONCE = 32
# A peer's asynchronous calls, or its blocking ones on threads: whichever is faster in one try.
MODES = ("async", "threads-4", "threads-32")
MIB = 1 << 20


class Bench:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.root = folder / "root"
        self.target = folder / "target"
        self.trash = 0
        self.rows = []
        quick = options.quick
        self.runs = options.runs or (2 if quick else 5)
        self.divisor = 20 if quick else 1
        self.end = time.monotonic() + options.minutes * 60

    # What the programs are called

    def peer(self, name, *words):
        script = HERE / "peers" / f"{name}_peer.py"
        return [self.options.python, str(script), *words]

    def programs(self, words, modes=(None,), expected=None, **more):
        """Ours and both peers; of a peer's modes the fastest."""
        found = [Program("ours", [OURS, *words], **more)]
        for name in ("obstore", "opendal"):
            ways = []
            for mode in modes:
                extra = ["--mode", mode] if mode else []
                command = self.peer(name, *words, *extra)
                ways.append(Program(name, command, mode or "", **more))
            found.append(fastest(ways, expected))
        return found

    def fill(self, root, folders, count, size):
        subprocess.run(
            [OURS, "fill", "--root", str(root), "--folders", str(folders), "--count", str(count),
             "--bytes", str(size)],
            check=True, stderr=subprocess.DEVNULL)

    def clear(self):
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir()
        self.target.unlink(missing_ok=True)

    def put_aside(self):
        """Gives the next run an empty root, without a file being deleted.

        ext4 is slow to make files for minutes after many were deleted (it looks for inodes that
        were not deleted recently), which would be measured in place of the programs.
        """
        self.trash += 1
        self.root.rename(self.folder / f"trash-{self.trash}")
        self.root.mkdir()

    def add(self, row, rows_left, expected=None):
        seconds = max(0, self.end - time.monotonic()) / rows_left
        interleave(row, self.runs, seconds, expected)
        self.rows.append(row)

    # The rows

    def small(self):
        for size, count, label in ((1024, 10_000, "1 KiB"), (MIB, 500, "1 MiB")):
            count //= self.divisor
            title = f"{label} × {count:,}, {AT_ONCE} at once"
            words = ["--root", str(self.root), "--count", str(count), "--bytes", str(size),
                     "--at-once", str(AT_ONCE)]
            expected = size * count
            clear = self.put_aside if size < MIB else self.clear
            # A file of 1 KiB takes a page and an inode.
            peers = self.programs(["put", *words], MODES, expected, before=clear,
                                  warm_bytes=count * max(size, 8 << 10))
            self.add(Row(f"put {title}", peers, [no_slower_than(0.9, "obstore", "opendal")]),
                     12, expected)
            clear()
            self.fill(self.root, 100, count, size)
            peers = self.programs(["get", *words], MODES, expected)
            self.add(Row(f"get {title}", peers, [no_slower_than(0.9, "obstore", "opendal")]),
                     11, expected)
            clear()

    def streams(self):
        count = 2048 // self.divisor
        source = self.folder / "source"
        with open(source, "wb") as file:
            for _ in range(count):
                file.write(os.urandom(MIB))
        label = f"{count:,} MiB"
        expected = count * MIB
        copy = ["cp", "--reflink=never", str(source), str(self.target)]
        read = ["cat", str(source)]
        words = ["--root", str(self.root), "--source", str(source), "--target", str(self.target)]
        peers = no_slower_than(0.9, "obstore", "opendal")

        def row(title, command, reference, limit, rows_left):
            more = {"after": self.clean_target,
                    "warm_bytes": expected if reference is copy else 0}
            programs = self.programs([command, *words], **more)
            name = reference[0]
            programs.append(Program(name, reference, **more))
            aims = [peers, no_slower_than(limit, name), peak_below(40)]
            self.add(Row(title, programs, aims), rows_left, expected)

        self.clear()
        row(f"put {label} from chunks", "put-stream", copy, 1.15, 8)
        row(f"put {label} from a file", "put-file", copy, 1.15, 7)
        self.clear()
        os.link(source, self.root / "large.bin")
        self.target_only = True
        row(f"get {label}, read", "get-stream", read, 1.15, 6)
        row(f"get {label} to a file", "get-file", copy, 1.15, 5)
        self.target_only = False
        self.clear()
        self.pipes(source, 2 * count)

    target_only = False

    def clean_target(self):
        """Deletes what a run of a stream has written."""
        self.target.unlink(missing_ok=True)
        if not self.target_only:
            self.clear()

    def pipes(self, source, count):
        """A stream twice as long, to and from a pipe."""
        expected = count * MIB
        feed = ["cat", str(source), str(source)]
        words = ["--root", str(self.root)]
        put = Program("ours", [OURS, "put-pipe", *words], stdin=feed, after=self.clear,
                      warm_bytes=expected)
        copy = Program("cp", ["cp", "/dev/stdin", str(self.target)], stdin=feed, after=self.clear,
                       warm_bytes=expected)
        self.add(Row(f"put {count:,} MiB from a pipe", [put, copy],
                     [no_slower_than(1.15, "cp"), peak_below(48)]), 5, expected)
        large = self.root / "large.bin"
        with open(large, "wb") as file:
            subprocess.run(feed, stdout=file, check=True)
        drain = ["cat"]
        get = Program("ours", [OURS, "get-pipe", *words], stdout=drain)
        cat = Program("cat", ["cat", str(large)], stdout=drain)
        self.add(Row(f"get {count:,} MiB to a pipe", [get, cat],
                     [no_slower_than(1.15, "cat"), peak_below(48)]), 4, expected)
        self.clear()

    def lists(self):
        count = 1_000_000 // self.divisor
        half = count // 2
        folders = 1_000 // self.divisor
        self.fill(self.root / "nested/a", folders // 2, half, 0)
        self.fill(self.root / "nested/b", folders // 2, half, 0)
        self.fill(self.root / "flat", 0, count, 0)
        self.fill(self.root / "flat-half", 0, half, 0)
        peers = no_slower_than(0.9, "obstore", "opendal")
        rows_left = 4
        for title, prefix, half_prefix in (
                ("1,000 a folder", "nested/", "nested/a/"),
                ("one folder", "flat/", "flat-half/")):
            pair = []
            for keys, where in ((half, half_prefix), (count, prefix)):
                programs = self.programs(["list", "--root", str(self.root), "--prefix", where])
                find = ["find", str(self.root / where), "-type", "f", "-printf", "%s %T@ %P\n"]
                programs.append(Program("find", find, "no order"))
                row = Row(f"list {keys:,} keys, {title}", programs, [peers])
                pair.append(row)
                self.add(row, rows_left, keys)
                rows_left -= 1
            pair[1].aims.append(grows_at_most(2.2, pair[0]))
            if prefix == "nested/":
                pair[1].aims.append(grows_at_most(1.1, pair[0], "peak_mib"))
        self.clear()


PARTS = {"small": Bench.small, "streams": Bench.streams, "lists": Bench.lists}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all")
    parser.add_argument("--python", default=sys.executable, help="with the peers installed")
    parser.add_argument("--runs", type=int, help="how often each program runs; 5")
    parser.add_argument("--minutes", type=float, default=16,
                        help="stop repeating after so many, if 5 runs are made")
    parser.add_argument("--folder", default=str(HERE / ".build"), help="where to work; on a disk")
    parser.add_argument("--quick", action="store_true", default=bool(os.environ.get("BENCH_QUICK")),
                        help="a twentieth of the work; or set BENCH_QUICK=1")
    options = parser.parse_args()
    for part in options.parts:
        if part not in PARTS:
            parser.error(f"there is no part {part}")
    folder = Path(tempfile.mkdtemp(prefix="disk-", dir=options.folder))
    options.python = os.path.abspath(options.python)
    os.chdir(folder)
    bench = Bench(options, folder)
    try:
        bench.clear()
        for part in options.parts or PARTS:
            PARTS[part](bench)
    finally:
        shutil.rmtree(folder)
    print(f"\n{__doc__.strip()}\n")
    print(table(bench.rows))
    print()
    print(aims_table(bench.rows))


main()
