#!/usr/bin/env python3
"""Has many clients upload files to the document service, and looks at what the service itself needs.

With a bucket, the bytes go from the clients to the store; the service must not see one of them. With a
folder they pass the gateway that is part of the service. In both cases its memory has a bound.
Exits with 1 if something is not so. Without radosgw there is a line that begins with SKIPPED.
"""

import argparse
import http.client
import json
import os
import secrets
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path
from urllib.parse import urlsplit

from counting_proxy import CLIENT_ADDRESS, CountingProxy
from service import free_port, running

MEMORY_LIMIT = 64 << 20
# How far into a file the marks begin: the service may look at its first bytes, to know its type.
MARK_START = 4_096
MARK_DISTANCE = 4_096
# What the service may send and receive for a file, in all: requests and answers without the file.
PER_FILE_LIMIT = 32 << 10


class Client(threading.Thread):
    """Uploads some files, one after the other, as a browser would."""

    def __init__(self, number, count, byte_count, mark, port):
        super().__init__(daemon=True)
        self.number, self.count, self.byte_count = number, count, byte_count
        self.mark, self.port = mark, port
        self.owner = f"client-{number}"
        self.error = None

    def run(self):
        try:
            for index in range(self.count):
                self.upload(index)
            found = self.ask("GET", "/api/documents?limit=100", None, 200)["documents"]
            assert len(found) == self.count, f"{len(found)} documents of {self.count}"
        except Exception as error:  # Whatever it is, it is the test's failure.
            self.error = error

    def upload(self, index):
        content = bytearray(secrets.token_bytes(self.byte_count))
        for place in range(MARK_START, self.byte_count - len(self.mark), MARK_DISTANCE):
            content[place:place + len(self.mark)] = self.mark
        ticket = self.ask("POST", "/api/uploads", {
            "fileName": f"file {self.number}-{index}.bin",
            "contentType": "application/octet-stream",
            "byteCount": self.byte_count,
        }, 201)
        assert ticket["method"] == "put", ticket["method"]
        request = ticket["request"]
        url = urlsplit(request["url"])
        connection = http.client.HTTPConnection(
            url.hostname, url.port, timeout=300, source_address=(CLIENT_ADDRESS, 0)
        )
        target = f"{url.path}?{url.query}"
        connection.request(request["method"], target, content, request["headers"])
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == 200, f"PUT: {answer.status} {text[:500]}"
        connection.close()
        record = self.ask("POST", f"/api/uploads/{ticket['id']}/confirm", {}, 200)
        assert record["byteCount"] == self.byte_count, record

    def ask(self, method, path, value, status):
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=300, source_address=(CLIENT_ADDRESS, 0)
        )
        headers = {"X-Owner": self.owner, "Content-Type": "application/json"}
        body = None if value is None else json.dumps(value)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == status, f"{method} {path}: {answer.status} {text[:500]}"
        connection.close()
        return json.loads(text)


def mebibytes(byte_count):
    return f"{byte_count / (1 << 20):.1f} MiB"


def load(options, folder, name, variables, s3_proxy, mark):
    """Runs the service on a store, and all clients on it; returns what is wrong."""
    port = free_port()
    front = CountingProxy(("127.0.0.1", port), mark)
    variables = {
        "METADATA_URL": f"sqlite:{folder}/{name}.sqlite",
        "PUBLIC_URL": f"http://127.0.0.1:{front.port}",
        **variables,
    }
    log = Path(tempfile.gettempdir()) / f"document-service-load-{name}.log"
    with running(options.service, port, variables, log) as service:
        idle = service.memory("VmRSS")
        clients = [
            Client(number, options.files // options.clients, options.bytes, mark, front.port)
            for number in range(options.clients)
        ]
        begin = time.monotonic()
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        seconds = time.monotonic() - begin
        peak = service.memory("VmHWM")
    front.close()
    problems = [f"client {client.number}: {client.error}" for client in clients if client.error]
    file_count = options.files // options.clients * options.clients
    content = file_count * options.bytes
    print(f"load on {name}: {file_count} files of {mebibytes(options.bytes)} by "
          f"{options.clients} clients in {seconds:.1f} s; the service's memory: {mebibytes(idle)} "
          f"before, at most {mebibytes(peak)}", flush=True)
    if peak >= MEMORY_LIMIT:
        problems.append(f"its memory reached {mebibytes(peak)}; the limit is 64 MiB")
    # Each mark of each file, on its way from the client.
    marks = file_count * len(range(MARK_START, options.bytes - len(mark), MARK_DISTANCE))
    if s3_proxy:
        own = front.clients.total + front.others.total + s3_proxy.others.total
        print(f"load on {name}: {mebibytes(s3_proxy.clients.sent)} went from the clients to the "
              f"store; through the service went {mebibytes(own)}, of which "
              f"{mebibytes(s3_proxy.others.total)} to and from the store, heads of requests "
              f"included; {s3_proxy.clients.marks} marks of files between clients and store, "
              f"{front.clients.marks + s3_proxy.others.marks} in what the service saw")
        if s3_proxy.clients.sent < content or s3_proxy.clients.marks != marks:
            problems.append("not all bytes of the files went to the store")
        if front.clients.marks or front.others.marks or s3_proxy.others.marks:
            problems.append("the service saw bytes of files")
        if own > file_count * PER_FILE_LIMIT:
            problems.append(f"the service carried {mebibytes(own)}")
    elif front.clients.marks != marks:
        # The same counts, where all bytes pass: they would have seen them.
        problems.append(f"{front.clients.marks} marks of {marks} were seen on the way to the folder")
    return [f"{name}: {problem}" for problem in problems]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--service", type=Path, required=True, help="the program to load")
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--bytes", type=int, default=5 << 20)
    options = parser.parse_args()
    mark = secrets.token_bytes(24)
    problems = []
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        ceph = {
            name.removeprefix("BLOB_STORAGE_TEST_CEPH_"): value
            for name, value in os.environ.items() if name.startswith("BLOB_STORAGE_TEST_CEPH_")
        }
        if ceph.get("ENDPOINT"):
            url = urlsplit(ceph["ENDPOINT"])
            proxy = CountingProxy((url.hostname, url.port), mark)
            bucket = f"load-{uuid.uuid4()}"
            problems += load(options, folder, "Ceph", {
                "STORAGE_URL": f"s3://{bucket}?region={ceph['REGION']}&vendor=ceph&"
                               f"endpoint=http://127.0.0.1:{proxy.port}",
                "AWS_ACCESS_KEY_ID": ceph["ACCESS_KEY_ID"],
                "AWS_SECRET_ACCESS_KEY": ceph["SECRET_ACCESS_KEY"],
            }, proxy, mark)
            proxy.close()
        else:
            print("SKIPPED: no server CEPH, so no upload past the document service was counted")
        problems += load(options, folder, "folder", {"STORAGE_URL": f"file:{folder}/files"},
                         None, mark)
    for problem in problems:
        print(f"load: FAILED: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
