"""nginx with TLS in front of a server, set up as Docs/gateway.md says, on this machine alone."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time

# Debian has it where only root looks.
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

CONFIGURATION = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {folder}/server.pem;
        ssl_certificate_key {folder}/server.key;
        underscores_in_headers on;
        ignore_invalid_headers off;
        client_max_body_size 0;
        location / {{
            proxy_pass {endpoint};
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Connection "";
            proxy_request_buffering off;
            proxy_buffering off;
            proxy_read_timeout 1h;
        }}
    }}
}}
"""
NAMES = "DNS:localhost,DNS:s3.localhost,DNS:*.s3.localhost,IP:127.0.0.1"


@contextlib.contextmanager
def nginx_front(endpoint, folder):
    """Has nginx pass on what comes to a port that is free; yields the port and the CA's file."""
    folder.mkdir()
    make_certificates(folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        CONFIGURATION.format(endpoint=endpoint, folder=folder, port=port, user=user))
    process = subprocess.Popen(
        [NGINX, "-e", folder / "nginx.log", "-p", folder, "-c", folder / "nginx.conf"],
        stdin=subprocess.DEVNULL)
    try:
        wait_for(port, process, folder)
        yield port, folder / "ca.pem"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def make_certificates(folder):
    """An authority of the test's own, and the server's certificate by it."""
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, cwd=folder, capture_output=True)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    (folder / "names").write_text(
        f"basicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName={NAMES}\n")
    openssl("req", "-x509", *key, "-days", "2", "-subj", "/CN=Test CA", "-keyout", "ca.key",
            "-out", "ca.pem", "-addext", "basicConstraints=critical,CA:TRUE",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    openssl("req", *key, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
    openssl("x509", "-req", "-in", "server.csr", "-days", "2", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-set_serial", "2", "-extfile", "names", "-out", "server.pem")


def wait_for(port, process, folder):
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nginx did not start: {(folder / 'nginx.log').read_text()}")
