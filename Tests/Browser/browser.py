"""Debian's chromium without a window, and what a check wants of it."""

import base64
import contextlib
import json
import os
import shutil
import tempfile
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

DESKTOP = (1280, 900)
PHONE = (390, 844)
NARROW = (320, 640)

FLAGS = [
    "--headless=new",
    # The container that tests run in may give little of it.
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--lang=en-GB",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--no-first-run",
    "--no-default-browser-check",
    # Nothing but loopback: no updates, no reports, no names.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-features=OptimizationHints,MediaRouter,Translate",
    "--metrics-recording-only",
    "--no-pings",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def missing():
    """What this machine lacks for a browser; `None` if all is there."""
    for command in ("chromium", "chromedriver"):
        if not shutil.which(command):
            return f"the command {command}"
    return None


@contextlib.contextmanager
def browser():
    """A browser with a new profile, which goes away with it."""
    with tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for flag in FLAGS:
            options.add_argument(flag)
        options.add_argument(f"--user-data-dir={profile}")
        if os.geteuid() == 0:
            # The sandbox needs a user who is not root.
            options.add_argument("--no-sandbox")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        # Whether a page asks before it is left makes no difference here.
        options.set_capability("unhandledPromptBehavior", "accept")
        # Selenium would otherwise look for a driver on the network, and ask a proxy for loopback.
        os.environ |= {"SE_OFFLINE": "true", "SE_AVOID_STATS": "true", "no_proxy": "*"}
        driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        try:
            driver.set_script_timeout(60)
            driver.set_page_load_timeout(60)
            yield Browser(driver)
        finally:
            driver.quit()


class Browser:
    """A browser, its console, and what went over its network."""

    def __init__(self, driver):
        self.driver = driver
        self.requests = []
        self._unread = []

    # --- how it looks

    def resize(self, size):
        """Gives the page the size of a window, or of a phone's screen."""
        width, height = size
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height,
                     deviceScaleFactor=1, mobile=width < 600)
        self.command("Emulation.setTouchEmulationEnabled", enabled=width < 600)

    def theme(self, name):
        self.command("Emulation.setEmulatedMedia",
                     features=[{"name": "prefers-color-scheme", "value": name}])

    def screenshot(self, path):
        """The whole page, not just what can be seen at once."""
        path.parent.mkdir(parents=True, exist_ok=True)
        data = self.command("Page.captureScreenshot", captureBeyondViewport=False)["data"]
        path.write_bytes(base64.b64decode(data))

    # --- the network

    def throttle(self, upload, latency=5):
        """At most so many bytes per second are sent from now on; 0 is no limit."""
        self.command("Network.emulateNetworkConditions", offline=False, latency=latency,
                     downloadThroughput=-1, uploadThroughput=upload or -1)

    def go_offline(self):
        self.command("Network.emulateNetworkConditions", offline=True, latency=0,
                     downloadThroughput=0, uploadThroughput=0)

    def go_online(self):
        self.throttle(0, latency=0)

    def finished_requests(self, method):
        """The URLs of the requests by a method that were answered with a status of 2xx."""
        self._read_performance_log()
        return [entry["url"] for entry in self.requests
                if entry["method"] == method and 200 <= entry.get("status", 0) < 300]

    def _read_performance_log(self):
        by_id = {entry["id"]: entry for entry in self.requests}
        for line in self.driver.get_log("performance"):
            message = json.loads(line["message"])["message"]
            values = message["params"]
            if message["method"] == "Network.requestWillBeSent":
                request = values["request"]
                entry = {"id": values["requestId"], "method": request["method"],
                         "url": request["url"]}
                by_id[entry["id"]] = entry
                self.requests.append(entry)
            elif message["method"] == "Network.responseReceived" and values["requestId"] in by_id:
                by_id[values["requestId"]]["status"] = values["response"]["status"]

    # --- the rest

    def command(self, name, **values):
        return self.driver.execute_cdp_cmd(name, values)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def run_async(self, script, *arguments):
        """Runs the body of an async function to its end; its value."""
        value = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            f"(async (...args) => {{ {script} }})(...arguments)"
            ".then((value) => done({ value }), (error) => done({ error: String(error) }))",
            *arguments)
        if "error" in value:
            raise AssertionError(f"the script failed: {value['error']}")
        return value.get("value")

    def console_problems(self, expected=()):
        """Warnings and errors of the console since the last call, but for those expected."""
        lines = self._unread + [
            line["message"] for line in self.driver.get_log("browser")
            if line["level"] in ("SEVERE", "WARNING")
        ]
        self._unread = []
        return [line for line in lines if not any(text in line for text in expected)]


def wait_for(what, condition, seconds=30):
    """Waits until a condition gives something true, and returns it."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.05)

