#!/usr/bin/env python3
"""Kills a writer at every step, and makes every step fail, and looks at what is left.

For each operation of the worker, the tracer first counts the system calls that touch files. Then
the operation runs once for each call and each thing that can happen to it:

- the process is killed before the call, after it, or in the middle of a write; another process must
  find the old blob or the new one, whole, and nothing else; and can do the operation again;
- the call fails; the operation must throw a BlobError of a sensible kind and leave the old blob, no
  litter and no open descriptor, and must work when it is run again.

Exits with 1 if anything else was seen, and says how to see it again.
"""

import argparse
import collections
import concurrent.futures
import random
import sys
import tempfile
import time
from pathlib import Path

import judge
import plan
from runs import Run, Runner, Setting

QUICK_RUNS = 80


def main():
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="crash-", dir=options.folder) as folder:
        runner = Runner(options.binaries, folder)
        reason = runner.why_not()
        if reason:
            print(f"crash: SKIPPED, 0 runs: {reason}")
            return 0
        session = Session(runner, options.jobs)
        if options.only:
            return session.show(options.only)
        started = time.monotonic()
        if options.quick:
            session.run_quick()
        else:
            session.run_all(options.operation)
        return session.summarize(time.monotonic() - started)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--binaries", default=".build/release",
                        help="where crash-worker and crash-tracer are")
    parser.add_argument("--folder", help="where the stores are made; the temporary folder if not "
                        "told otherwise, so that syncing is real")
    parser.add_argument("--jobs", type=int, default=2, help="how many runs at once")
    parser.add_argument("--quick", action="store_true", help=f"only {QUICK_RUNS} runs")
    parser.add_argument("--operation", action="append", help="only these operations")
    parser.add_argument("--only", metavar="RUN", help="one run, as a violation names it")
    return parser.parse_args()


class Session:
    """Runs, and what they have shown."""

    def __init__(self, runner, jobs):
        self.runner = runner
        self.jobs = jobs
        self.operations = runner.operations()
        self.counts = collections.Counter()
        self.outcomes = collections.Counter()
        self.violations = []

    def run_all(self, names):
        operations = names or list(self.operations)
        kills = list(plan.kill_settings(operations))
        faults = list(plan.fault_settings(operations))
        calls = self.count(dict.fromkeys(kills + faults))
        self.run_each(run for setting in kills for run in plan.kills(setting, calls[setting]))
        self.run_each(run for setting in faults for run in plan.faults(setting, calls[setting]))

    def run_quick(self):
        settings = list(plan.quick_settings(self.operations))
        calls = self.count(settings)
        kills = [run for setting in settings for run in plan.kills(setting, calls[setting])]
        faults = [run for setting in settings for run in plan.faults(setting, calls[setting])]
        # Always the same ones, so that a change alone can make a difference.
        chosen = random.Random(1)
        self.run_each(chosen.sample(kills, QUICK_RUNS // 2))
        self.run_each(chosen.sample(faults, QUICK_RUNS // 2))

    def count(self, settings):
        """Runs each setting once with nothing in its way; returns its calls."""
        runs = [Run(setting, "none", 0) for setting in settings]
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            return dict(zip(settings, pool.map(self.run, runs)))

    def run_each(self, runs):
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            for _ in pool.map(self.run, runs):
                pass

    def run(self, run):
        """Makes one run and judges it; returns the calls it made."""
        folder = self.runner.new_folder()
        calls, wrong, what = self.judge(run, folder)
        self.counts[what] += 1
        for text in wrong:
            self.violations.append((run, text))
            print(f"VIOLATION {run}: {text}", flush=True)
        self.runner.remove(folder)
        return calls

    def judge(self, run, folder):
        operation = self.operations[run.setting.operation]
        calls, end, report = self.runner.trace(run, folder)
        if run.action == "none":
            return calls, judge.normal(
                operation, run.setting.durability, calls, end, report), "undisturbed"
        if not any(call.action != "none" for call in calls):
            return calls, [], f"{run.action}, not hit"
        if run.is_kill:
            if end != "signal 9":
                return calls, [f"the worker ended with {end}"], "not killed"
            after = self.runner.check(run.setting, folder)
            self.outcomes[self.outcome(operation, after)] += 1
            return calls, judge.killed(operation, after), f"kill {run.action}"
        self.outcomes[report.outcome.partition(" ")[0]] += 1
        wrong = judge.failed(operation, run, calls, end, report)
        return calls, wrong, f"fault {run.action}"

    def outcome(self, operation, report):
        if not report.states:
            return "unreadable"
        state = report.states[0]
        names = {"before": "old blob found", "after": "new blob found"}
        return next((text for name, text in names.items() if state == operation[name]),
                    "between found")

    def show(self, text):
        """Makes one run, and keeps and prints all that there is of it."""
        operation, durability, missing, action, index = text.split()
        run = Run(Setting(operation, durability, missing), action, int(index))
        folder = Path(tempfile.mkdtemp(prefix="crash-"))
        calls, wrong, what = self.judge(run, folder)
        for call in calls:
            other = f" {call.other_folder}/{call.other_path}" if call.other_descriptor >= 0 else ""
            mark = f"  <== {call.action}" if call.action != "none" else ""
            place = call.place.replace(str(folder), "")
            print(f"{call.index:4} {call.name} {call.descriptor}:{place}"
                  f"{other.replace(str(folder), '')} {call.flags:x} = {call.result}{mark}")
        print(f"{what}; its files are in {folder}")
        for text in wrong:
            print(f"VIOLATION {text}")
        return 1 if wrong else 0

    def summarize(self, seconds):
        rows = sorted(self.counts.items())
        kills = sum(count for what, count in rows if what.startswith("kill "))
        faults = sum(count for what, count in rows if what.startswith("fault "))
        rows += [("all kills that hit", kills), ("all faults injected", faults)]
        rows += [(f"outcome: {what}", count) for what, count in sorted(self.outcomes.items())]
        rows += [("runs", sum(self.counts.values())), ("violations", len(self.violations))]
        print(f"crash: {len(self.operations)} operations, {seconds:.0f} s")
        for what, count in rows:
            print(f"  {what:<34} {count:>6}")
        if not self.violations:
            return 0
        print("To see one again: python3 Tests/Crash/crash.py --only "
              f"\"{self.violations[0][0]}\"")
        return 1


if __name__ == "__main__":
    sys.exit(main())
