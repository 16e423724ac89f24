#!/usr/bin/env bash
# moto, an imitation of many services in one Python process, all data in memory.
# Usage: moto.sh install|start|stop|status|env
#
# Signatures in the Authorization header are checked; those of presigned URLs never are, and most
# checksums are not. It must not judge either.
name=moto
prefix=MOTO
port_base=18040
port_count=2
data=""
folder=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=lib.sh
. "$folder/lib.sh"
# shellcheck source=python.sh
. "$folder/python.sh"
# shellcheck source=tls.sh
. "$folder/tls.sh"

install_server() {
    need openssl
    install_from_pypi "$here/moto-constraints.txt" "moto[s3,dynamodb]==5.2.5" flask flask-cors
}

is_running() {
    answers_http "http://$host:$(port 0)/moto-api/" && is_port_open "$(port 1)"
}

print_variables() {
    variable ENDPOINT "http://$host:$(port 0)"
    variable TLS_ENDPOINT "https://$host:$(port 1)"
    variable STS_ENDPOINT "http://$host:$(port 0)"
    variable CA_FILE "$state/tls/ca.pem"
    variable REGION "$region"
    variable ACCESS_KEY_ID "$access_key"
    variable SECRET_ACCESS_KEY "$secret_key"
    variable OTHER_ACCESS_KEY_ID "$other_access_key"
    variable OTHER_SECRET_ACCESS_KEY "$other_secret_key"
}

start_server() {
    make_certificates
    # Without the variables of the caller: moto must never reach the real service with real keys.
    spawn moto env -i PATH=/usr/bin:/bin HOME="$state" LANG=C.UTF-8 AWS_EC2_METADATA_DISABLED=true \
        MOTO_USERS="$access_key:$secret_key $other_access_key:$other_secret_key" \
        "$venv/bin/python" "$here/moto_serve.py" "$(port 0)" "$(port 1)" \
        "$state/tls/server.pem" "$state/tls/server.key"
    wait_until 120 moto is_running
}

main "$@"
