# What the scripts of the test servers share: where state is kept, messages, ports, processes and
# the commands. Sourced by bash, after the script has set:
#
#   name        the server's name, which is that of its folder, such as ceph-20.2
#   prefix      names its variables: BLOB_STORAGE_TEST_<prefix>_ENDPOINT and so on
#   port_base   the first of its ports, where they are free
#   port_count  how many it has
#   data        what `stop` removes from that folder
#   versions    those it can be given as its first argument, if there are several
#
# and defined install_server, start_server, is_running and print_variables. Everything listens on
# loopback alone, and nothing needs root.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # set for, and by, the script that sources this

set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
host=127.0.0.1
servers=${BLOB_STORAGE_SERVERS_DIR:-$(readlink -f "$here/../..")/.build/servers}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/swift-blob-storage/servers
state=$(readlink -m "$servers/$name")

# The same made-up credentials for every server that lets us choose. The secrets hold `/` and `+`,
# which show a missing escape.
region=us-east-1
access_key=TESTACCESSKEY0000001
secret_key=testSecret/Key+0001/abcdefghijklmnopqrst
other_access_key=TESTACCESSKEY0000002
other_secret_key=testSecret/Key+0002/abcdefghijklmnopqrst

say() {
    printf '%s: %s\n' "$name" "$*" >&2
}

# Ends the script. with-servers.sh shows the text as the reason why the server is left out.
fail() {
    say "error: $*"
    exit 1
}

# need command...
need() {
    local command
    for command in "$@"; do
        command -v "$command" >/dev/null || fail "\`$command\` is not installed"
    done
}

# wait_until seconds what command...
wait_until() {
    local seconds=$1 what=$2 end
    shift 2
    end=$((SECONDS + seconds))
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || fail "$what: not ready after $seconds s; see $state/log"
        sleep 0.1
    done
}

answers_http() {
    curl --silent --noproxy '*' --output /dev/null --max-time 2 "$1"
}

# --- ports

is_port_open() {
    (exec 3<>"/dev/tcp/$host/$1") 2>/dev/null
}

# Takes the first run of free ports, in steps of 100, so that several checkouts can test at once.
choose_ports() {
    local base port is_free
    for ((base = port_base; base < port_base + 2000; base += 100)); do
        is_free=yes
        for ((port = base; port < base + port_count; port++)); do
            ! is_port_open "$port" || is_free=no
        done
        if [ "$is_free" = yes ]; then
            echo "$base" >"$state/port"
            return 0
        fi
    done
    fail "none of the ports from $port_base in steps of 100 is free"
}

# port offset: one of the ports chosen, counted from 0.
port() {
    echo $(($(cat "$state/port" 2>/dev/null || echo "$port_base") + $1))
}

# --- processes, each known by a file with its id and its start in the kernel's ticks, since an id
# alone may meanwhile be another program's

start_of() {
    awk '{ sub(/^.*\) /, ""); if ($1 != "Z") print $20 }' "/proc/$1/stat" 2>/dev/null
}

is_alive() {
    local pid="" start=""
    read -r pid start 2>/dev/null <"$state/run/$1" || return 1
    [ -n "$start" ] && [ "$(start_of "$pid")" = "$start" ]
}

# spawn process command...: starts a process that outlives this script and logs to log/<process>.
spawn() {
    local process=$1
    shift
    # shellcheck disable=SC2016 # for the inner shell
    setsid --fork bash -c '
        printf "%s %s\n" $$ "$(awk "{ sub(/^.*\) /, \"\"); print \$20 }" /proc/$$/stat)" >"$0"
        exec "$@"' "$state/run/$process" "$@" </dev/null >>"$state/log/$process" 2>&1 9>&-
    wait_until 5 "$process" test -s "$state/run/$process"
}

# signal_all signal: prints how many of the processes are alive.
signal_all() {
    local file pid _ count=0
    for file in "$state"/run/*; do
        is_alive "$(basename "$file")" || continue
        read -r pid _ <"$file"
        kill -s "$1" "$pid" 2>/dev/null || true
        count=$((count + 1))
    done
    echo "$count"
}

# An orderly end gets 2 s, no more: the data goes away anyway.
end_processes() {
    local end=$((SECONDS + 2)) left
    left=$(signal_all TERM)
    while [ "$left" -gt 0 ] && [ "$SECONDS" -lt "$end" ]; do
        sleep 0.05
        left=$(signal_all 0)
    done
    signal_all KILL >/dev/null
    rm -f "$state"/run/*
}

# Every process that was started is alive, and there is one.
are_alive() {
    local file found=no
    for file in "$state"/run/*; do
        [ -e "$file" ] || continue
        is_alive "$(basename "$file")" || return 1
        found=yes
    done
    [ "$found" = yes ]
}

stop_server() {
    local item
    end_processes
    for item in $data; do
        rm -rf "${state:?}/$item"
    done
    rm -f "$state/port"
}

# quietly command...: a step of the set-up, whose output is in log/setup.
quietly() {
    "$@" </dev/null >>"$state/log/setup" 2>&1 9>&- || fail "\`$*\` failed; see $state/log/setup"
}

# --- variables and commands

is_installed() {
    [ -e "$state/tree/.unpacked" ] || [ -e "$state/venv/.installed" ]
}

# variable suffix value
variable() {
    printf 'export BLOB_STORAGE_TEST_%s_%s=%q\n' "$prefix" "$1" "$2"
}

main() {
    local command=${1-}
    case $command in
    install | start | stop | status | env) ;;
    *)
        echo "usage: $(basename "$0")${versions:+ [$versions]} install|start|stop|status|env" >&2
        exit 2
        ;;
    esac
    if [ "$command" = status ] || [ "$command" = env ]; then
        if ! { are_alive && is_running; }; then
            is_installed || { say "not installed" && exit 4; }
            say "not running"
            exit 3
        fi
        [ "$command" = env ] || say "running, in $state"
        [ "$command" = status ] || print_variables
        return 0
    fi
    need awk curl flock setsid
    mkdir -p "$state/run" "$state/log"
    exec 9>"$state/lock"
    flock --timeout 600 9 || fail "another command holds $state/lock"
    case $command in
    install) install_server ;;
    stop)
        stop_server
        say "stopped"
        ;;
    start)
        if are_alive && is_running; then
            say "runs already"
            return 0
        fi
        is_installed || fail "not installed; run \`$(basename "$0") install\`"
        stop_server
        : >"$state/log/setup"
        choose_ports
        start_server
        are_alive || fail "did not stay up; see $state/log"
        say "started in $SECONDS s, in $state"
        ;;
    esac
}
