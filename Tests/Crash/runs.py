"""One run of the worker under the tracer, and what is known of it afterwards."""

import errno
import itertools
import json
import posixpath
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

# Far longer than any run takes; a run that hangs is a violation.
TIMEOUT_SECONDS = 120


@dataclass(frozen=True)
class Setting:
    """An operation, and what its store is told to use."""

    operation: str
    durability: str
    missing: str  # features that are left out, with commas; "none"; or "all"

    def __str__(self):
        return f"{self.operation} {self.durability} {self.missing}"


@dataclass(frozen=True)
class Run:
    """A setting, and what is done to one of its calls."""

    setting: Setting
    action: str  # "none", "before", "after", "within", "cut", or the name of an error
    index: int

    def __str__(self):
        return f"{self.setting} {self.action} {self.index}"

    @property
    def is_kill(self):
        return self.action in ("before", "after", "within")


@dataclass(frozen=True)
class Call:
    """A line of the tracer's log."""

    index: int
    action: str
    name: str
    changes: bool
    descriptor: int
    folder: str  # what the descriptor leads to
    path: str
    other_descriptor: int
    other_folder: str
    other_path: str
    flags: int
    result: int | None

    @property
    def place(self):
        return posixpath.join(self.folder, self.path) if self.path else self.folder


@dataclass
class Report:
    """What the worker said on its lines."""

    outcome: str = ""
    again: str = ""
    states: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    litter: list = field(default_factory=list)
    descriptors: str | None = None
    errors: str = ""
    status: int | None = None

    @staticmethod
    def of(process):
        report = Report(errors=process.stderr.decode(errors="replace").strip(),
                        status=process.returncode)
        for line in process.stdout.decode().splitlines():
            word, _, text = line.partition(" ")
            if word == "outcome":
                report.outcome = text
            elif word == "again":
                report.again = text
            elif word == "state":
                snapshot = json.loads(text)
                report.states.append(snapshot["state"])
                report.problems += snapshot["problems"]
            elif word == "litter":
                report.litter.append(text)
            elif word == "descriptors":
                report.descriptors = text
        return report


class Runner:
    """Starts workers, each with a folder of its own."""

    def __init__(self, binaries, folder):
        self.worker = str(Path(binaries) / "crash-worker")
        self.tracer = str(Path(binaries) / "crash-tracer")
        self.folder = Path(folder)
        self.numbers = itertools.count()

    def operations(self):
        """The worker's operations by name."""
        output = subprocess.run([self.worker, "operations"], check=True, capture_output=True)
        operations = map(json.loads, output.stdout.decode().splitlines())
        return {operation["name"]: operation for operation in operations}

    def why_not(self):
        """Why nothing can be traced here; `None` if all is well."""
        command = [self.tracer, "/dev/null", "none", "0", "/bin/true"]
        process = subprocess.run(command, capture_output=True)
        return process.stderr.decode().strip() if process.returncode else None

    def new_folder(self):
        folder = self.folder / str(next(self.numbers))
        folder.mkdir()
        return folder

    def remove(self, folder):
        shutil.rmtree(folder, ignore_errors=True)

    def trace(self, run, folder, mode="run"):
        """Runs the worker under the tracer.

        Returns the calls, what became of the worker, and what it said.
        """
        log = folder / f"{mode}.log"
        action = str(getattr(errno, run.action)) if run.action.isupper() else run.action
        process = self.start([self.tracer, str(log), action, str(run.index)], run.setting,
                             folder, mode)
        *lines, end = log.read_text(errors="replace").splitlines() or [""]
        return [parse(line) for line in lines], end.replace("\t", " "), Report.of(process)

    def check(self, setting, folder):
        """Looks at what a worker left, in a new process."""
        return Report.of(self.start([], setting, folder, "check"))

    def start(self, prefix, setting, folder, mode):
        command = prefix + [self.worker, mode, setting.operation, str(folder / "root"),
                            setting.durability, setting.missing]
        try:
            return subprocess.run(command, capture_output=True, timeout=TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired as error:
            return subprocess.CompletedProcess(command, -1, error.stdout or b"",
                                               b"it hung; it was ended after a while")


def parse(line):
    (index, _, action, name, kind, descriptor, folder, path, other_descriptor, other_folder,
     other_path, flags, result) = line.split("\t")
    return Call(int(index), action, name, kind == "c", int(descriptor), folder, path,
                int(other_descriptor), other_folder, other_path, int(flags, 16),
                int(result) if result else None)
