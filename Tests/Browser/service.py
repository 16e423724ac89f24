"""The document service under test: started on one kind of store, and asked as a program would."""

import contextlib
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

# Nothing here is behind a proxy.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
MAXIMUM_BYTE_COUNT = 256 << 20
TYPES = "image/*,text/plain,application/pdf,application/octet-stream"
# Short, so that an upload that takes longer has to have its requests made anew.
REQUEST_SECONDS = 10


class Service:
    """Where the service is, and its API."""

    def __init__(self, address, kind):
        self.address = address
        self.kind = kind

    def call(self, method, path, owner=None, body=None, expects=(200, 201, 204)):
        """Calls the API; the value of its answer."""
        request = urllib.request.Request(self.address + path, method=method)
        if owner is not None:
            request.add_header("X-Owner", owner)
        data = None
        if body is not None:
            request.add_header("Content-Type", "application/json")
            data = json.dumps(body).encode()
        try:
            with OPENER.open(request, data, timeout=60) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read()
        assert status in expects, f"{method} {path}: {status}: {text[:500]}"
        return json.loads(text) if text else None

    def upload(self, owner, name, content_type, data):
        """Uploads a small file as a program does; its document."""
        ticket = self.call("POST", "/api/uploads", owner,
                           {"fileName": name, "contentType": content_type, "byteCount": len(data)})
        assert ticket["method"] == "put", f"a small file got the method {ticket['method']}"
        request = ticket["request"]
        send(request["method"], request["url"], data, request["headers"])
        return self.call("POST", f"/api/uploads/{ticket['id']}/confirm", owner)

    def uploaded_parts(self, upload_id, owner):
        """The numbers of the parts that the store has, as the service finds them there."""
        return set(self.call("POST", f"/api/uploads/{upload_id}/ticket", owner)["uploaded"])

    def documents(self, owner):
        return self.call("GET", "/api/documents?limit=100", owner)["documents"]


def send(method, url, data, headers):
    request = urllib.request.Request(url, data, method=method)
    for name, value in headers.items():
        request.add_header(name, value)
    with OPENER.open(request, timeout=60) as answer:
        assert 200 <= answer.status < 300


def fetch(url):
    """The bytes behind an address."""
    with OPENER.open(url, timeout=60) as answer:
        return answer.read()


def variables(kind, folder):
    """The variables that have the service use a kind of store; `None` if the servers aren't there."""
    if kind == "folder":
        return {
            "STORAGE_URL": (folder / "files").as_uri(),
            "METADATA_URL": f"sqlite:{folder / 'documents.sqlite'}",
        }
    given = os.environ.get
    s3, dynamodb = given("BLOB_STORAGE_TEST_CEPH_ENDPOINT"), given("BLOB_STORAGE_TEST_MOTO_ENDPOINT")
    if not s3 or not dynamodb:
        return None
    region = given("BLOB_STORAGE_TEST_CEPH_REGION")
    name = f"browser-{secrets.token_hex(4)}"
    return {
        "STORAGE_URL": f"s3://{name}/some/prefix?region={region}&endpoint={s3}&vendor=ceph",
        "METADATA_URL": f"dynamodb:{name}?region={region}&endpoint={dynamodb}",
        # Both servers have the same users.
        "AWS_ACCESS_KEY_ID": given("BLOB_STORAGE_TEST_CEPH_ACCESS_KEY_ID"),
        "AWS_SECRET_ACCESS_KEY": given("BLOB_STORAGE_TEST_CEPH_SECRET_ACCESS_KEY"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@contextlib.contextmanager
def started(program, kind, settings, folder, log):
    """Runs the service for as long as a block lasts; it must end well when it is told to."""
    port = free_port()
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    environment = kept | settings | {
        "LISTEN": f"127.0.0.1:{port}",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "UPLOAD_TYPES": TYPES,
        "UPLOAD_MAX_BYTES": str(MAXIMUM_BYTE_COUNT),
        "REQUEST_SECONDS": str(REQUEST_SECONDS),
    }
    service = Service(f"http://127.0.0.1:{port}", kind)
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "wb") as output:
        process = subprocess.Popen([str(Path(program).resolve())], env=environment, cwd=folder,
                                   stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            wait_until_healthy(service, process, log)
            yield service
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                status = process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                status = "nothing, after 30 s"
    assert status == 0, f"document-service ended with {status}; its log is {log}"
    check_log(log)


def check_log(log):
    """Nothing failed inside, whatever the page was up to; and nobody finds a permission there."""
    text = log.read_text()
    faults = [line for line in text.splitlines() if '"level":"error"' in line]
    assert not faults, f"{len(faults)} faults in {log}, such as {faults[0]}"
    assert '"event":"request"' in text, f"no request is in {log}"
    assert not re.search(r"X-Amz-Signature=[0-9a-f]", text), f"a signature is in {log}"


def wait_until_healthy(service, process, log):
    end = time.monotonic() + 60
    while True:
        assert process.poll() is None, f"document-service did not start; its log is {log}"
        try:
            service.call("GET", "/health")
            return
        except (OSError, AssertionError):
            assert time.monotonic() < end, f"document-service is not healthy; its log is {log}"
            time.sleep(0.1)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
