"""Checks that a client makes of a server: named, counted, each on keys of its own."""

import hashlib
import os
import subprocess
import time
import traceback

CHECKS = []


class Server:
    """Where the server is, and who may use it."""

    def __init__(self, endpoint, access_key, secret_key, bucket, region="us-east-1"):
        self.endpoint = endpoint
        self.access_key = access_key
        self.secret_key = secret_key
        self.bucket = bucket
        self.region = region
        # The command that serves, where a check may start more of them.
        self.blob = None

    @property
    def environment(self):
        """What every client reads, and nothing of the user's own."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        return kept | {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_REGION": self.region,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "HOME": "/nonexistent",
        }


class Place:
    """What a check works with: the server, a prefix and a folder of its own."""

    def __init__(self, server, name, folder):
        self.server = server
        self.bucket = server.bucket
        self.prefix = f"{name}/"
        self.folder = folder
        folder.mkdir(parents=True)

    def key(self, name):
        return self.prefix + name

    def run(self, *command, expects=0, **options):
        """Runs a command to its end; its output, if it ended as expected."""
        result = subprocess.run(
            [str(word) for word in command],
            env=self.server.environment | options.pop("environment", {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            cwd=self.folder,
            **options,
        )
        if expects is not None and result.returncode != expects:
            shown = " ".join(str(word) for word in command)
            raise AssertionError(
                f"{shown}: exit {result.returncode}, not {expects}\n"
                f"{result.stdout[-2000:]}{result.stderr[-2000:]}"
            )
        return result


def check(client):
    """Registers a function as a check of that client's."""

    def register(function):
        CHECKS.append((client, function.__name__.removeprefix(f"{client}_"), function))
        return function

    return register


def run_checks(server, clients, folder):
    """Runs the checks of the clients given; what failed, and how many there were."""
    failed = []
    count = 0
    for client, name, function in CHECKS:
        if client not in clients:
            continue
        count += 1
        start = time.monotonic()
        try:
            function(Place(server, f"{client}-{name}", folder / client / name))
        except Exception as error:  # Whatever a client throws is a failure of the check.
            failed.append(f"{client} {name}")
            print(f"FAILED  {client} {name}: {error}", flush=True)
            if not isinstance(error, AssertionError):
                traceback.print_exc()
            continue
        print(f"ok      {client} {name} ({time.monotonic() - start:.1f} s)", flush=True)
    return failed, count


def digest(data):
    return hashlib.sha256(data).hexdigest()


def noise(count, seed=0):
    """Bytes that don't compress, the same for the same seed."""
    block = b"".join(
        hashlib.sha256(f"{seed} {number}".encode()).digest() for number in range(2048)
    )
    return (block * (count // len(block) + 1))[:count]


# Names that clients and servers get wrong, all of which are good names of files.
ODD_NAMES = [
    "a b.txt",
    "plus+sign.txt",
    "percent%41.txt",
    "ünï/cödé é.txt",
    "snow ☃ 🎉.bin",
    "quote'\"s.txt",
    "amp&lt;angle<>.txt",
    "semi;colon=equals.txt",
    "hash#question?.txt",
    "dots...txt",
    "deep/er/and/deeper/file",
    "tilde~!$(),*.txt",
    "back\\slash.txt",
    "[brackets]{braces}.txt",
    "-leading-dash",
    "empty-file",
]


def make_tree(folder):
    """A tree of files with odd names; relative path to bytes."""
    files = {}
    for number, name in enumerate(ODD_NAMES):
        data = b"" if name == "empty-file" else noise(1_000 * number + 17, seed=number)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        files[name] = data
    return files


def read_tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
