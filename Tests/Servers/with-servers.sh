#!/usr/bin/env bash
# Runs a command with test servers, whose variables it gets; they end when it has ended.
# Usage: with-servers.sh [--require] server... -- command...
#
# A server is ceph, ceph16, swift, localstack, moto, postgres or nginx; `all` stands for all of
# them, and `installed` for those that need no download. Those not installed yet are, in the
# checkout. One that runs already, or whose variables are set, is used and left alone. One that can't
# be had costs a line that begins with SKIPPED, and, with --require, the run. BLOB_STORAGE_TEST_SERVERS and
# BLOB_STORAGE_TEST_SKIPPED_SERVERS tell the command which it has got and which it has not.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
known=(ceph ceph16 swift localstack moto postgres nginx)
is_required=no
if [ "${1-}" = --require ]; then
    is_required=yes
    shift
fi
names=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    names+=("$1")
    shift
done
if [ $# -lt 2 ]; then
    echo "usage: with-servers.sh [--require] server... -- command..." >&2
    exit 2
fi
shift

# is_wanted server: whether one of the names given stands for it.
is_wanted() {
    local given status=0
    "$here/server.sh" "$1" status 2>/dev/null || status=$?
    for given in "${names[@]+"${names[@]}"}"; do
        case $given in
        "$1" | all) return 0 ;;
        installed) [ "$status" -eq 4 ] || return 0 ;;
        esac
    done
    return 1
}

for name in "${names[@]+"${names[@]}"}"; do
    if [[ " ${known[*]} all installed " != *" $name "* ]]; then
        echo "with-servers.sh: there is no server $name; there are ${known[*]}" >&2
        exit 2
    fi
done
wanted=()
for name in "${known[@]}"; do
    ! is_wanted "$name" || wanted+=("$name")
done
logs=$(mktemp -d)
started=()
running=()
skipped=()
watchdog=

say() {
    printf '%s\n' "$*" >&2
}

# shellcheck disable=SC2317 # the trap runs it
stop_servers() {
    local name
    # The watchdog first: it must not stop what another run has started by then.
    [ -z "$watchdog" ] || kill -- "-$watchdog" 2>/dev/null || true
    for name in "${started[@]+"${started[@]}"}"; do
        "$here/server.sh" "$name" stop 2>/dev/null || say "servers: $name may still run"
    done
    rm -rf "$logs"
}

# Stops the servers even if this process is killed.
start_watchdog() {
    # shellcheck disable=SC2016 # for the inner shell
    setsid bash -c 'tail --pid="$1" --follow /dev/null
        for name in "${@:2}"; do "$0" "$name" stop; done' \
        "$here/server.sh" $$ "$@" </dev/null >/dev/null 2>&1 &
    watchdog=$!
}

# Whether the caller has said where the server is.
is_given() {
    [ -n "$(printenv "BLOB_STORAGE_TEST_$(tr '[:lower:]' '[:upper:]' <<<"$1")_ENDPOINT")" ]
}

start() {
    "$here/server.sh" "$1" install && "$here/server.sh" "$1" start
}

trap stop_servers EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

for name in "${wanted[@]+"${wanted[@]}"}"; do
    if ! is_given "$name" && ! "$here/server.sh" "$name" status 2>/dev/null; then
        started+=("$name")
    fi
done
if [ ${#started[@]} -gt 0 ]; then
    say "servers: starting ${started[*]}"
    start_watchdog "${started[@]}"
fi
# All at once: most of a start is waiting.
for name in "${started[@]+"${started[@]}"}"; do
    start "$name" >"$logs/$name" 2>&1 &
    echo $! >"$logs/$name.pid"
done
for name in "${wanted[@]+"${wanted[@]}"}"; do
    if is_given "$name"; then
        running+=("$name")
    elif { [ ! -e "$logs/$name.pid" ] || wait "$(cat "$logs/$name.pid")"; } &&
        variables=$("$here/server.sh" "$name" env 2>>"$logs/$name"); then
        eval "$variables"
        running+=("$name")
    else
        skipped+=("$name")
        reason=$(sed -n 's/^.*: error: //p' "$logs/$name" | tail -n 1)
        say "SKIPPED server: $name: ${reason:-$(tail -n 1 "$logs/$name")}"
    fi
done
summary="servers: ${#running[@]} of ${#wanted[@]} run (${running[*]-})"
[ ${#skipped[@]} -eq 0 ] || summary+=", ${#skipped[@]} SKIPPED (${skipped[*]})"
say "$summary (after $SECONDS s)"
if [ "$is_required" = yes ] && [ ${#skipped[@]} -gt 0 ]; then
    say "servers: error: all of them are required"
    exit 1
fi
export BLOB_STORAGE_TEST_SERVERS=${running[*]-} BLOB_STORAGE_TEST_SKIPPED_SERVERS=${skipped[*]-}
status=0
"$@" || status=$?
# Again, since a long log is read from its end.
[ ${#skipped[@]} -eq 0 ] || say "$summary"
exit "$status"
