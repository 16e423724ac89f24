"""Serves moto over HTTP and TLS with the same data behind both; moto.sh starts it.

Each KEY:SECRET in MOTO_USERS belongs to a user who may do anything, and the signature of a request
with an Authorization header is checked.

Usage: moto_serve.py http-port tls-port certificate key
"""

import json
import os
import signal
import sys
import threading

http_port, tls_port = int(sys.argv[1]), int(sys.argv[2])
certificate = (sys.argv[3], sys.argv[4])
# moto reads these when it is imported: check from the first request on; parts have 5 MiB or more.
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "0"
os.environ["S3_UPLOAD_PART_MIN_SIZE"] = str(5 << 20)
os.environ["MOTO_PORT"] = str(http_port)

from moto.iam.models import iam_backends  # noqa: E402
from moto.moto_server.werkzeug_app import (  # noqa: E402
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server  # noqa: E402

ALL_ALLOWED = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


class Handler(MotoRequestHandler):
    # Keeps connections open, as every real server does.
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True


def add_user(number, key, secret):
    iam = iam_backends["123456789012"]["aws"]
    name = f"user-{number}"
    iam.create_user(region_name="us-east-1", user_name=name)
    iam.put_user_policy(name, "all", json.dumps(ALL_ALLOWED))
    # moto makes up the pair itself and offers no way to give one.
    made = iam.create_access_key(name)
    iam.access_keys.pop(made.access_key_id, None)
    made.access_key_id, made.secret_access_key = key, secret
    iam.access_keys[key] = made


for index, pair in enumerate(os.environ["MOTO_USERS"].split()):
    add_user(index, *pair.split(":", 1))

app = DomainDispatcherApplication(create_backend_app)
options = {"threaded": True, "request_handler": Handler}
plain = make_server("127.0.0.1", http_port, app, **options)
tls = make_server("127.0.0.1", tls_port, app, ssl_context=certificate, **options)
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
threading.Thread(target=tls.serve_forever, daemon=True).start()
plain.serve_forever()
