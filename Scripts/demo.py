#!/usr/bin/env python3
"""Shows document-service on a folder and SQLite: starts it, uploads files, and keeps serving.

Usage: demo.py PROGRAM [--check]

Each step is a command of curl that is shown before it runs. With --check, the program is stopped
after the last step, and the exit status tells whether all went as it should. What is uploaded is
removed at the end.
"""

import argparse
import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
OWNER = "demo"
PATIENCE_SECONDS = 60


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    # Whoever ends the demo ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # Where the output goes to a file, the lines of the commands stand between ours.
    sys.stdout.reconfigure(line_buffering=True)
    with tempfile.TemporaryDirectory(prefix="document-service-") as name:
        folder = pathlib.Path(name)
        with Service(arguments.program.resolve(), folder, arguments.check) as service:
            show(service, folder)
            if not arguments.check:
                serve(service, folder)
    if arguments.check:
        print("\ndemo: all went as it should")


class Service:
    """The program, for as long as the block lasts."""

    def __init__(self, program, folder, is_check):
        self.log = folder / "log"
        # A check must not depend on what else listens here.
        listen = "127.0.0.1:0" if is_check else os.environ.get("LISTEN", "127.0.0.1:8080")
        settings = {
            "STORAGE_URL": "file:files",
            "METADATA_URL": "sqlite:documents.sqlite",
            "LISTEN": listen,
        }
        say("The service is told by variables where to keep files and records.")
        shown = " ".join(f"{key}={value}" for key, value in settings.items())
        print(f"$ {shown} document-service")
        others = {key: value for key, value in os.environ.items() if key not in ("PUBLIC_URL",)}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [program], env=others | settings, cwd=folder, stderr=log,
                stdin=subprocess.DEVNULL, start_new_session=True)
        self.address = self.ready()

    def ready(self):
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            for line in self.lines():
                if line.get("event") == "ready":
                    print(json.dumps(line))
                    return line["address"]
            time.sleep(0.05)
        self.process.kill()
        sys.exit(f"demo: the service did not start:\n{self.log.read_text()}")

    def lines(self):
        for line in self.log.read_text().splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                # A line that is being written, or what is said before the service ends.
                continue

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = "nothing, after 30 s"
        if status != 0:
            sys.exit(f"demo: the service ended with {status}:\n{self.log.read_text()}")


def show(service, folder):
    say("A client asks to upload a file, and gets a ticket: a request that the store itself takes.")
    text = REPOSITORY / "README.md"
    ticket = reserve(service, text, "text/markdown")
    print(json.dumps(ticket, indent=2))
    say("It sends the file straight to the store, as the ticket says, and confirms.")
    follow(ticket, text)
    document = confirm(service, ticket)
    print(json.dumps(document, indent=2))

    say("A picture; the service makes a thumbnail when it lands.")
    picture = a_picture(folder)
    if picture:
        upload(service, picture, "image/png")

    say("A large file goes in parts, which can be paused and resumed.")
    large = folder / "film.bin"
    large.write_bytes(os.urandom(1 << 20) * 20)
    upload(service, large, "application/octet-stream")

    say("What is not what it was said to be is refused, with a problem document (RFC 9457).")
    liar = folder / "liar.png"
    liar.write_text("This is no picture.\n")
    ticket = reserve(service, liar, "image/png")
    follow(ticket, liar)
    problem = confirm(service, ticket, expects=422)
    print(json.dumps(problem, indent=2))

    say("The list, newest first.")
    thumbnail = None
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        documents = api(service, "GET", "/api/documents", quiet=thumbnail is not None)["documents"]
        thumbnail = next((d["thumbnailURL"] for d in documents if "thumbnailURL" in d), None)
        if thumbnail or not picture:
            break
        check(time.monotonic() < end, "there is no thumbnail")
        time.sleep(0.2)
    for each in documents:
        print(f"{each['byteCount']:>10}  {each['uploaded']}  {each['fileName']}")
    check(len(documents) == (3 if picture else 2), "the list is not complete")

    say("Whoever has a signed address can download, for a quarter of an hour.")
    address = api(service, "GET", f"/api/documents/{document['id']}/url?disposition=attachment")
    copy = folder / "copy.md"
    curl("-o", copy, address["url"])
    check(copy.read_bytes() == text.read_bytes(), "the download is another file")
    print("the same bytes")
    if thumbnail:
        curl("-o", folder / "small.png", thumbnail)
        check((folder / "small.png").read_bytes()[:4] == b"\x89PNG", "the thumbnail is no PNG")

    say("A deleted file can be restored for a while.")
    print(json.dumps(api(service, "DELETE", f"/api/documents/{document['id']}")))
    restored = api(service, "POST", f"/api/documents/{document['id']}/restore")
    check(restored["id"] == document["id"], "the file was not restored")

    say("In the store, files are files.")
    files = sorted(path for path in (folder / "files").rglob("*") if path.is_file())
    for path in files:
        if ".blob-storage" not in path.parts:
            print(f"{path.stat().st_size:>10}  {path.relative_to(folder)}")


def serve(service, folder):
    print(f"\nOpen {service.address}/ and sign in as {OWNER}.")
    print(f"The files are in {folder} until you stop this with Ctrl-C.")
    try:
        service.process.wait()
    except KeyboardInterrupt:
        print(f"\nStopping; {folder} is removed.")


def a_picture(folder):
    """ImageMagick's own picture of a rose; `None` where there is no ImageMagick."""
    program = shutil.which("convert")
    if not program:
        print("SKIPPED: the picture, since the package imagemagick is not installed")
        return None
    path = folder / "rose.png"
    subprocess.run([program, "rose:", "-resize", "800x", f"png:{path}"], check=True)
    return path


# What a client does


def upload(service, path, content_type):
    ticket = reserve(service, path, content_type)
    follow(ticket, path)
    return confirm(service, ticket)


def reserve(service, path, content_type):
    request = {
        "fileName": path.name, "contentType": content_type, "byteCount": path.stat().st_size}
    return api(service, "POST", "/api/uploads", request, expects=201)


def follow(ticket, path):
    if ticket["method"] == "put":
        send(ticket["request"], path)
        return
    check(ticket["method"] == "parts", "the ticket has another method than put and parts")
    for part in ticket["parts"]:
        piece = path.parent / "part"
        with open(path, "rb") as file:
            file.seek(part["offset"])
            piece.write_bytes(file.read(part["byteCount"]))
        send(part["request"], piece)


def send(request, path):
    headers = [f"{name}: {value}" for name, value in request["headers"].items()
               if name != "content-length"]
    options = [option for header in headers for option in ("-H", header)]
    curl("-X", request["method"], *options, "--data-binary", f"@{path}", request["url"])


def confirm(service, ticket, expects=200):
    return api(service, "POST", f"/api/uploads/{ticket['id']}/confirm", expects=expects)


def api(service, method, path, body=None, expects=200, quiet=False):
    options = ["-X", method, "-H", f"X-Owner: {OWNER}"]
    if body is not None:
        options += ["-H", "Content-Type: application/json", "-d", json.dumps(body)]
    return json.loads(curl(*options, service.address + path, expects=expects, quiet=quiet))


def curl(*options, expects=None, quiet=False):
    """Runs curl, shows the command without signatures, and looks at the status."""
    options = [str(option) for option in options]
    if not quiet:
        print(f"$ curl {' '.join(shlex.quote(shortened(option)) for option in options)}")
    result = subprocess.run(
        ["curl", "-sS", "--noproxy", "*", "-w", "%{stderr}%{http_code}", *options],
        capture_output=True, check=False)
    status = result.stderr.decode().strip()[-3:]
    check(status == str(expects) if expects else status[:1] == "2",
          f"the answer is {status}: {result.stdout.decode(errors='replace')[:500]}")
    return result.stdout


def shortened(option):
    """A signed URL as it may be shown: whoever has the rest can use it."""
    address, mark, _ = option.partition("X-Amz-")
    return address + (mark and "X-Amz-…")


def say(text):
    print(f"\n# {text}")


def check(is_so, problem):
    if not is_so:
        sys.exit(f"demo: {problem}")


main()
