"""Runs programs side by side and compares what they take. Standard library only."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

# A median of fewer runs tells little.
LEAST_RUNS = 5


@dataclass
class Figures:
    """What one run of one program took."""

    seconds: float  # of the work alone where the program tells, else of the whole process
    cpu_seconds: float  # user and system, of the whole process
    peak_mib: float  # the most memory that the process had resident


@dataclass
class Program:
    """One way to do a row's work."""

    name: str
    command: list
    note: str = ""
    stdin: list = None  # a command whose output the program reads through a pipe
    stdout: list = None  # a command that reads the program's output through a pipe
    before: object = None  # called before each run, outside of what is measured
    after: object = None  # likewise after it
    warm_bytes: int = 0  # of page cache that a run takes
    most_runs: int = None  # for one that takes many times as long as the others
    environment: dict = None  # variables besides those of this process
    figures: list = field(default_factory=list)

    def median(self, name):
        return statistics.median(getattr(figure, name) for figure in self.figures)


@dataclass
class Row:
    """The same work, done by several programs; ours is the first."""

    title: str
    programs: list
    aims: list = field(default_factory=list)

    def program(self, name):
        return next((program for program in self.programs if program.name == name), None)

    def ratio(self, name, figure="seconds"):
        """The median over the runs of what we take by what another takes in the same run."""
        ours, other = self.programs[0].figures, self.program(name).figures
        return statistics.median(
            getattr(a, figure) / max(getattr(b, figure), 1e-3) for a, b in zip(ours, other))


def warm(size):
    """Takes memory for the page cache and gives it back.

    A virtual machine returns memory that is free for some seconds to its host; who needs it first
    pays for getting it again, ten times what it costs otherwise.
    """
    if not size:
        return
    chunk = bytes(1 << 20)
    with tempfile.TemporaryFile(dir=".") as file:
        for _ in range(0, size, len(chunk)):
            file.write(chunk)


def measure(program, expected=None):
    """Runs a program once and waits for it alone, so that the figures are its own."""
    if program.before:
        program.before()
    # What was written and deleted before must not be paid for now.
    os.sync()
    warm(program.warm_bytes)
    feeder = drain = None
    source, target = subprocess.DEVNULL, subprocess.DEVNULL
    if program.stdin:
        feeder = subprocess.Popen(program.stdin, stdout=subprocess.PIPE)
        source = feeder.stdout
    if program.stdout:
        drain = subprocess.Popen(
            program.stdout, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        target = drain.stdin
    start = time.perf_counter()
    process = subprocess.Popen(
        program.command, stdin=source, stdout=target, stderr=subprocess.PIPE,
        env=program.environment and os.environ | program.environment)
    for pipe in (feeder and feeder.stdout, drain and drain.stdin):
        if pipe:
            pipe.close()
    said = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    for other in (feeder, drain):
        if other:
            other.wait()
    if program.after:
        program.after()
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(program.command)}: {process.returncode}: {said}")
    lines = [line for line in said.splitlines() if line.startswith("{")]
    if lines:
        told = json.loads(lines[-1])
        seconds = told["seconds"]
        if expected is not None and told["amount"] != expected:
            raise RuntimeError(
                f"{' '.join(program.command)}: did {told['amount']}, not {expected}")
    return Figures(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def attempt(program, expected):
    """Measures a program; one that crashes gets a second chance."""
    try:
        return measure(program, expected)
    except RuntimeError as error:
        print(f"bench: again, since {error}", file=sys.stderr)
        return measure(program, expected)


def fastest(modes, expected):
    """Tries several ways of one peer, once each, and gives the fastest."""
    if len(modes) == 1:
        return modes[0]
    return min(modes, key=lambda program: attempt(program, expected).seconds)


def interleave(row, runs, seconds, expected=None):
    """Runs all programs of a row in turns: A B C, A B C.

    After `seconds` no further round is begun, but LEAST_RUNS are always made, or `runs` if those
    are fewer. Rounds that are late are without the programs that take five times as long as ours,
    but for the first. A peer that fails twice is left out.
    """
    end = time.monotonic() + seconds
    failed = []
    for done in range(runs):
        is_late = time.monotonic() > end
        if done >= min(runs, LEAST_RUNS) and is_late:
            break
        print(f"bench: {row.title}: run {done + 1} of {runs}", file=sys.stderr)
        for program in row.programs:
            ours = row.programs[0].figures
            if program in failed or program.most_runs and done >= program.most_runs:
                continue
            if is_late and done and program.figures[0].seconds > 5 * ours[0].seconds:
                continue
            try:
                program.figures.append(attempt(program, expected))
            except RuntimeError as error:
                if program is row.programs[0]:
                    raise
                print(f"bench: SKIPPED: {program.name} in {row.title}: {error}", file=sys.stderr)
                failed.append(program)
        row.programs = [program for program in row.programs if program not in failed]


def table(rows):
    """The figures of all rows as Markdown."""
    lines = [
        "| row | program | seconds: median (min–max) | CPU s | peak MiB | ours / it: time | CPU "
        "| memory | runs |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        for program in row.programs:
            times = [figure.seconds for figure in program.figures]
            ratios = ["" if program is row.programs[0] else f"{row.ratio(program.name, figure):.2f}"
                      for figure in ("seconds", "cpu_seconds", "peak_mib")]
            name = f"{program.name} ({program.note})" if program.note else program.name
            lines.append(
                f"| {row.title} | {name} "
                f"| {program.median('seconds'):.3f} ({min(times):.3f}–{max(times):.3f}) "
                f"| {program.median('cpu_seconds'):.2f} | {program.median('peak_mib'):.0f} "
                f"| {' | '.join(ratios)} | {len(times)} |")
    return "\n".join(lines)


def aims_table(rows):
    """What was aimed at, row by row, and whether it was met."""
    lines = ["| row | aim | found | met |", "| --- | --- | --- | --- |"]
    for row in rows:
        for aim in row.aims:
            try:
                what, found, limit = aim(row)
            except AttributeError:
                lines.append(f"| {row.title} | a program that is not there | | **not measured** |")
                continue
            met = "yes" if found <= limit else "**no**"
            lines.append(f"| {row.title} | {what} ≤ {limit:g} | {found:.2f} | {met} |")
    return "\n".join(lines)


def no_slower_than(limit, *names):
    """An aim: our time is at most `limit` times that of the fastest of the programs named."""

    def aim(row):
        name = min(names, key=lambda name: row.program(name).median("seconds"))
        return f"time / {name}'s", row.ratio(name), limit

    return aim


def takes_at_most(limit, figure, name):
    """An aim: our `figure` is at most `limit` times that of the program named."""

    def aim(row):
        what = {"seconds": "time", "cpu_seconds": "CPU", "peak_mib": "memory"}[figure]
        return f"{what} / {name}'s", row.ratio(name, figure), limit

    return aim


def peak_below(mebibytes):
    """An aim: our peak memory."""

    def aim(row):
        return "peak MiB", row.programs[0].median("peak_mib"), mebibytes

    return aim


def grows_at_most(limit, smaller, name="seconds"):
    """An aim: how much more a row takes than the row `smaller`."""

    def aim(row):
        pairs = zip(row.programs[0].figures, smaller.programs[0].figures)
        found = statistics.median(getattr(a, name) / getattr(b, name) for a, b in pairs)
        what = {"seconds": "time", "peak_mib": "memory"}[name]
        return f"{what} / that of half the keys", found, limit

    return aim
