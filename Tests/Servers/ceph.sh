#!/usr/bin/env bash
# One monitor, one storage daemon and two S3 gateways of Ceph, all data in memory.
# Usage: ceph.sh [20.2|16.2] install|start|stop|status|env
#
# The second gateway serves the same buckets, the security token service and the credentials that
# this gives out. It is apart because with that service on, radosgw 16.2 answers AccessDenied where
# it otherwise says SignatureDoesNotMatch or InvalidAccessKeyId.
#
# CEPH_DEBUG_RGW=20 shows the canonical request and the string to sign in log/rgw.
versions="20.2|16.2"
version=20.2
case ${1-} in [0-9]*) version=$1 && shift ;; esac
case $version in
20.2) suite=forky prefix=CEPH port_base=18000 ;;
16.2) suite=bookworm prefix=CEPH16 port_base=18010 ;;
*) echo "ceph.sh: there is Ceph $versions, not $version" >&2 && exit 2 ;;
esac
name=ceph-$version
port_count=8
data="data ceph.conf crash"
folder=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=lib.sh
. "$folder/lib.sh"
# shellcheck source=debian.sh
. "$folder/debian.sh"
# shellcheck source=tls.sh
. "$folder/tls.sh"
# shellcheck source=ceph-conf.sh
. "$folder/ceph-conf.sh"

install_server() {
    local found
    need openssl
    unpack_packages "$suite" ceph-mon ceph-osd radosgw ceph-common
    found=$(in_tree radosgw --version | awk '{ print $3 }')
    case $found in
    "$version".*) ;;
    *) fail "Debian $suite has Ceph $found now, not $version" ;;
    esac
}

is_running() {
    answers_http "http://$host:$(port 0)/" && answers_http "http://$host:$(port 1)/"
}

print_variables() {
    variable ENDPOINT "http://$host:$(port 0)"
    variable TLS_ENDPOINT "https://$host:$(port 2)"
    variable VHOST_ENDPOINT "http://s3.localhost:$(port 0)"
    variable TLS_VHOST_ENDPOINT "https://s3.localhost:$(port 2)"
    variable STS_ENDPOINT "http://$host:$(port 1)"
    variable STS_ROLE_ARN "arn:aws:iam:::role/tester"
    variable CA_FILE "$state/tls/ca.pem"
    variable REGION "$region"
    variable ACCESS_KEY_ID "$access_key"
    variable SECRET_ACCESS_KEY "$secret_key"
    variable OTHER_ACCESS_KEY_ID "$other_access_key"
    variable OTHER_SECRET_ACCESS_KEY "$other_secret_key"
    variable KMS_KEY_ID testkey-1
    variable STORAGE_CLASS STANDARD_IA
}

ceph() {
    timeout 60 "$here/run-in-tree.sh" "$tree" ceph --conf "$state/ceph.conf" "$@" 9>&-
}

admin() {
    quietly timeout 60 "$here/run-in-tree.sh" "$tree" radosgw-admin --conf "$state/ceph.conf" "$@"
}

# spawn_daemon process program argument...
spawn_daemon() {
    local process=$1 program=$2
    shift 2
    spawn "$process" "$here/run-in-tree.sh" "$tree" "$program" -f --conf "$state/ceph.conf" "$@"
}

is_osd_up() {
    ceph osd stat | grep --quiet ' 1 up'
}

start_cluster() {
    local fsid osd conf=(--conf "$state/ceph.conf")
    fsid=$(cat /proc/sys/kernel/random/uuid)
    osd=$(cat /proc/sys/kernel/random/uuid)
    mkdir -p "$state"/data/{mon,osd,rgw} "$state/crash"
    write_ceph_conf "$fsid" >"$state/ceph.conf"
    quietly in_tree monmaptool --create --clobber --fsid "$fsid" \
        --addv a "[v2:$host:$(port 3)]" "$state/data/monmap"
    quietly in_tree ceph-mon "${conf[@]}" --mkfs -i a --monmap "$state/data/monmap"
    spawn_daemon mon ceph-mon -i a
    wait_until 120 ceph-mon is_port_open "$(port 3)"
    quietly ceph osd new "$osd"
    quietly in_tree ceph-osd "${conf[@]}" -i 0 --mkfs --osd-uuid "$osd"
    spawn_daemon osd ceph-osd -i 0
    wait_until 120 ceph-osd is_osd_up
    quietly ceph osd pool create default.rgw.buckets.data 32
    quietly ceph osd pool application enable default.rgw.buckets.data rgw
}

add_users() {
    admin user create --uid=test --display-name="Test user" --caps="roles=*;user-policy=*" \
        --access-key="$access_key" --secret-key="$secret_key"
    admin user create --uid=other --display-name="Other user" \
        --access-key="$other_access_key" --secret-key="$other_secret_key"
    # A role that the first user may take on, with every right to S3.
    admin role create --role-name=tester --assume-role-policy-doc='{"Version":"2012-10-17",
        "Statement":[{"Effect":"Allow","Action":["sts:AssumeRole"],
        "Principal":{"AWS":["arn:aws:iam:::user/test"]}}]}'
    admin role-policy put --role-name=tester --policy-name=all --policy-doc='{
        "Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*"],
        "Resource":"arn:aws:s3:::*"}]}'
}

add_storage_class() {
    local class=(--placement-id default-placement --storage-class STANDARD_IA)
    admin zonegroup placement add --rgw-zonegroup default "${class[@]}"
    admin zone placement add --rgw-zone default "${class[@]}" --data-pool default.rgw.buckets.data
}

start_server() {
    make_certificates
    start_cluster
    add_users
    add_storage_class
    spawn_daemon rgw radosgw -n client.rgw.a
    wait_until 120 radosgw answers_http "http://$host:$(port 0)/"
    spawn_daemon rgw-sts radosgw -n client.rgw.sts
    wait_until 120 "radosgw with tokens" answers_http "http://$host:$(port 1)/"
}

main "$@"
