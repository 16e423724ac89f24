#!/usr/bin/env bash
# OpenStack Swift with its S3 layer: one of each of its servers.
# Usage: swift.sh install|start|stop|status|env
name=swift
prefix=SWIFT
port_base=18020
port_count=6
data="data etc"
version=2.38
folder=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=lib.sh
. "$folder/lib.sh"
# shellcheck source=debian.sh
. "$folder/debian.sh"
# shellcheck source=tls.sh
. "$folder/tls.sh"
# shellcheck source=swift-conf.sh
. "$folder/swift-conf.sh"

install_server() {
    local found
    need openssl
    unpack_packages forky swift-proxy swift-account swift-container swift-object memcached
    found=$(in_tree python3 -c 'import swift; print(swift.__version__)')
    case $found in
    "$version".*) ;;
    *) fail "Debian forky has Swift $found now, not $version" ;;
    esac
}

is_healthy() {
    curl --silent --noproxy '*' --max-time 2 "http://$host:$(port 0)/healthcheck" | grep --quiet OK
}

is_running() {
    is_healthy && is_port_open "$(port 1)"
}

print_variables() {
    variable ENDPOINT "http://$host:$(port 0)"
    variable TLS_ENDPOINT "https://$host:$(port 1)"
    variable VHOST_ENDPOINT "http://s3.localhost:$(port 0)"
    variable TLS_VHOST_ENDPOINT "https://s3.localhost:$(port 1)"
    variable CA_FILE "$state/tls/ca.pem"
    variable REGION "$region"
    variable ACCESS_KEY_ID test:tester
    variable SECRET_ACCESS_KEY "$secret_key"
    variable OTHER_ACCESS_KEY_ID other:tester
    variable OTHER_SECRET_ACCESS_KEY "$other_secret_key"
}

# Swift keeps an object's metadata in attributes of its file.
check_attributes() {
    in_tree python3 -c 'import os, sys; os.setxattr(sys.argv[1], "user.test", b"1")' "$state/data" \
        2>/dev/null || fail "the file system of $state keeps no extended attributes"
}

# The same as nine runs of swift-ring-builder: one device for everything.
make_rings() {
    quietly in_tree python3 -c '
import sys
from swift.common.ring import RingBuilder

folder, host = sys.argv[1:3]
for name, port in zip(("account", "container", "object"), sys.argv[3:]):
    builder = RingBuilder(6, 1, 1)
    builder.add_dev(dict(id=0, region=1, zone=1, device="disk", weight=1.0, meta="",
                         ip=host, port=int(port), replication_ip=host, replication_port=int(port)))
    builder.rebalance()
    builder.get_ring().save(f"{folder}/{name}.ring.gz")
' "$state/etc" "$host" "$(port 2)" "$(port 3)" "$(port 4)"
}

# spawn_in_tree process program argument...
spawn_in_tree() {
    local process=$1
    shift
    spawn "$process" "$here/run-in-tree.sh" "$tree" "$@"
}

start_server() {
    local server offset=2
    make_certificates
    mkdir -p "$state/etc" "$state/data/disk"
    check_attributes
    write_swift_conf
    make_rings
    spawn_in_tree memcached memcached -l "$host" -p "$(port 5)" -U 0 -m 64 -u "$(id -un)"
    for server in account container object; do
        spawn_in_tree "$server" "swift-$server-server" "$state/etc/$server.conf" -v
    done
    spawn_in_tree proxy swift-proxy-server "$state/etc/proxy.conf" -v
    spawn_in_tree proxy-tls swift-proxy-server "$state/etc/proxy-tls.conf" -v
    for ((offset = 0; offset < port_count; offset++)); do
        wait_until 120 "port $(port $offset)" is_port_open "$(port $offset)"
    done
    wait_until 120 "the proxy" is_healthy
}

main "$@"
