"""Checks of the page: named, counted, each with an owner of its own."""

import secrets
import time
import traceback

from browser import DESKTOP
from page import Page

CHECKS = []


class Place:
    """What a check works with."""

    def __init__(self, browser, service, name, folder, shots):
        self.browser = browser
        self.service = service
        self.folder = folder
        self.shots = shots
        self.owner = f"{name}-{secrets.token_hex(3)}"
        self.page = Page(browser, service.address, self.owner)
        # Parts of lines of the console that are part of the check, such as a refusal's status.
        self.expected_problems = []
        folder.mkdir(parents=True)

    def shoot(self, name):
        self.browser.screenshot(self.shots / f"{name}.png")


def check(function):
    """Registers a function as a check."""
    CHECKS.append(function)
    return function


def run_checks(browser, service, folder, shots, only=()):
    """Runs the checks; what failed, and how many there were."""
    failed, count = [], 0
    for function in CHECKS:
        name = function.__name__.replace("_", "-")
        if only and name not in only:
            continue
        count += 1
        start = time.monotonic()
        place = Place(browser, service, name, folder / name, shots)
        try:
            browser.resize(DESKTOP)
            browser.theme("light")
            browser.go_online()
            browser.console_problems()
            place.page.open()
            function(place)
            problems = browser.console_problems(place.expected_problems)
            assert not problems, f"the console has: {problems}"
        except Exception as error:  # Whatever the browser throws is a failure of the check.
            failed.append(name)
            reason = str(error).partition("\nStacktrace:")[0]
            print(f"FAILED  {service.kind} {name}: {reason}", flush=True)
            if not str(error) or not isinstance(error, AssertionError):
                traceback.print_exc()
            save_failure(place, name)
            continue
        print(f"ok      {service.kind} {name} ({time.monotonic() - start:.1f} s)", flush=True)
    return failed, count


def save_failure(place, name):
    """Keeps what the page looked like, and what the console said."""
    try:
        place.shoot(f"failed-{name}")
        for line in place.browser.console_problems():
            print(f"        console: {line}")
    except Exception as error:
        print(f"        no picture of it: {error}")
