#!/bin/sh
# Runs the script of a server, by the name that variables and messages call it.
# Usage: server.sh ceph|ceph16|swift|localstack|moto|postgres|nginx install|start|stop|status|env
set -eu

here=$(dirname "$(readlink -f "$0")")
name=$1
shift
case $name in
ceph) exec "$here/ceph.sh" 20.2 "$@" ;;
ceph16) exec "$here/ceph.sh" 16.2 "$@" ;;
swift | localstack | moto | postgres | nginx) exec "$here/$name.sh" "$@" ;;
esac
echo "server.sh: $name: error: there is no such server" >&2
exit 2
