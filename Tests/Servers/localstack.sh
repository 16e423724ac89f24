#!/usr/bin/env bash
# localstack's S3, the free edition, without containers; HTTP and TLS on one port.
# Usage: localstack.sh install|start|stop|status|env
#
# It checks presigned URLs, conditions, checksums, trailers and multipart uploads, but neither the
# signature in the Authorization header nor who may do what. Presigned URLs need the pair test/test.
name=localstack
prefix=LOCALSTACK
port_base=18050
port_count=1
data="files objects tmp home"
folder=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=lib.sh
. "$folder/lib.sh"
# shellcheck source=python.sh
. "$folder/python.sh"
# shellcheck source=tls.sh
. "$folder/tls.sh"

install_server() {
    need openssl
    # 4.14 needs Python 3.12.
    install_from_pypi "$here/localstack-constraints.txt" \
        "localstack-core[base-runtime]==4.12.0" service_identity
}

is_running() {
    curl --silent --noproxy '*' --max-time 2 "http://$host:$(port 0)/_localstack/health" |
        grep --quiet --extended-regexp '"s3": *"(available|running)"'
}

print_variables() {
    variable ENDPOINT "http://$host:$(port 0)"
    variable TLS_ENDPOINT "https://$host:$(port 0)"
    variable VHOST_ENDPOINT "http://s3.localhost:$(port 0)"
    variable TLS_VHOST_ENDPOINT "https://s3.localhost:$(port 0)"
    variable CA_FILE "$state/tls/ca.pem"
    variable REGION "$region"
    variable ACCESS_KEY_ID test
    variable SECRET_ACCESS_KEY test
}

start_server() {
    make_certificates
    mkdir -p "$state"/{files,objects,tmp,home}
    (umask 077 && cat "$state/tls/server.key" "$state/tls/server.pem" >"$state/tls/both.pem")
    # Without the variables of the caller, since localstack reads a great many.
    spawn localstack env -i PATH="$venv/bin:/usr/bin:/bin" HOME="$state/home" \
        TMPDIR="$state/tmp" LANG=C.UTF-8 GATEWAY_LISTEN="$host:$(port 0)" \
        LOCALSTACK_HOST="s3.localhost:$(port 0)" FILESYSTEM_ROOT="$state/files" \
        SERVICES=s3 STRICT_SERVICE_LOADING=1 EAGER_SERVICE_LOADING=1 \
        S3_SKIP_SIGNATURE_VALIDATION=0 CUSTOM_SSL_CERT_PATH="$state/tls/both.pem" \
        SKIP_SSL_CERT_DOWNLOAD=1 DISABLE_EVENTS=1 DNS_ADDRESS=0 \
        "$venv/bin/python" "$here/localstack_serve.py" "$state/objects"
    wait_until 120 localstack is_running
}

main "$@"
