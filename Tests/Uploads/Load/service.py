"""The document service as a process of its own."""

import http.client
import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager

# A machine under load takes its time.
START_SECONDS = 60
STOP_SECONDS = 30


class Service:
    """A service that runs, and what the system knows of it."""

    def __init__(self, process, port):
        self.process = process
        self.port = port

    def memory(self, name):
        """A figure of /proc/PID/status in bytes: VmHWM is the most that was in use, VmRSS what is."""
        with open(f"/proc/{self.process.pid}/status") as lines:
            for line in lines:
                if line.startswith(name + ":"):
                    return int(line.split()[1]) << 10
        raise KeyError(name)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(binary, port, variables, log):
    """Starts the service, waits until it is well, and has it stop gracefully."""
    environment = {"PATH": os.environ["PATH"], "LISTEN": f"127.0.0.1:{port}", **variables}
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [binary], env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        _wait_until_well(process, port, log)
        yield Service(process, port)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            status = process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError("the service does not stop when it is told to") from None
    assert status == 0, f"the service ended with {status}; its log is {log}"


def _wait_until_well(process, port, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the service ended with {process.returncode}: see {log}"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise AssertionError(f"the service is not well after {START_SECONDS} s: see {log}")
