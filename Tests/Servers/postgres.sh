#!/usr/bin/env bash
# PostgreSQL 15, for the records of documents.
# Usage: postgres.sh install|start|stop|status|env
#
# It keeps nothing safe from a power cut: its data goes away with it.
name=postgres
prefix=POSTGRES
port_base=18070
port_count=1
data="data password"
folder=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=lib.sh
. "$folder/lib.sh"
# shellcheck source=debian.sh
. "$folder/debian.sh"
# shellcheck source=tls.sh
. "$folder/tls.sh"

programs=$tree/usr/lib/postgresql/15/bin

# PostgreSQL finds its files, and its other programs, beside the one that runs. So a script takes the
# place of each, which starts it with the tree's own C library under the script's name.
wrap_programs() {
    local program loader libraries
    loader=$(compgen -G "$tree/usr/lib64/ld-linux-*.so.?" || compgen -G "$tree/usr/lib/ld-linux-*.so.?")
    libraries=$(compgen -G "$tree/usr/lib/*-linux-gnu")
    for program in postgres initdb pg_isready; do
        [ ! -e "$programs/$program.elf" ] || continue
        mv "$programs/$program" "$programs/$program.elf"
        # shellcheck disable=SC2016 # for the script that is written
        printf '#!/bin/sh\nexec %q --library-path %q --argv0 "$0" "$0.elf" "$@"\n' \
            "$loader" "$libraries" >"$programs/$program"
        chmod +x "$programs/$program"
    done
}

install_server() {
    need openssl
    unpack_packages bookworm postgresql-15
    wrap_programs
}

# It refuses to run as root, so root becomes somebody else in a namespace of its own.
user=()
[ "$(id -u)" -ne 0 ] || user=(unshare --user --map-user=1000 --map-group=1000)

is_running() {
    "$programs/pg_isready" --quiet --host "$host" --port "$(port 0)"
}

print_variables() {
    local secret=${secret_key//\//%2F}
    variable ENDPOINT "postgresql://test:${secret//+/%2B}@$host:$(port 0)/postgres"
    variable CA_FILE "$state/tls/ca.pem"
}

start_server() {
    quietly "${user[@]+"${user[@]}"}" true
    make_certificates
    printf '%s\n' "$secret_key" >"$state/password"
    quietly "${user[@]+"${user[@]}"}" "$programs/initdb" --pgdata "$state/data" --username test \
        --pwfile "$state/password" --auth scram-sha-256 --encoding UTF8 --no-locale --no-sync
    cat >>"$state/data/postgresql.conf" <<-CONF
	listen_addresses = '$host'
	port = $(port 0)
	unix_socket_directories = ''
	max_connections = 200
	fsync = off
	full_page_writes = off
	jit = off
	ssl = on
	ssl_cert_file = '$state/tls/server.pem'
	ssl_key_file = '$state/tls/server.key'
	CONF
    spawn postgres "${user[@]+"${user[@]}"}" "$programs/postgres" -D "$state/data"
    wait_until 60 postgres is_running
}

main "$@"
