#!/bin/sh
# Takes the place of this process with a program from unpacked packages, on their own C library.
# Usage: run-in-tree.sh tree program argument...
set -eu

tree=$1
program=$2
shift 2
libraries=""
for folder in "$tree"/usr/lib/*-linux-gnu; do
    libraries=$libraries${libraries:+:}$folder:$folder/ceph
done
for loader in "$tree"/usr/lib64/ld-linux-*.so.? "$tree"/usr/lib/ld-linux-*.so.?; do
    [ ! -x "$loader" ] || break
done
for file in "$tree/usr/bin/$program" "$tree/usr/sbin/$program"; do
    [ ! -e "$file" ] || break
done
export LC_ALL=C.UTF-8 PYTHONHOME="$tree/usr" PYTHONDONTWRITEBYTECODE=1 PYTHONNOUSERSITE=1
unset LD_LIBRARY_PATH LD_PRELOAD PYTHONPATH
name=$file
# A script is run by the tree's Python: what its first line names is the machine's.
case $(head -c 64 "$file" | tr -d '\0' | head -n 1) in
'#!'*python*)
    set -- "$file" "$@"
    file=$tree/usr/bin/python3
    program=python3
    ;;
esac
# Python starts itself anew by the name it was given, so that has to lead back here.
[ "$program" != python3 ] || name=$tree/python3
exec "$loader" --library-path "$libraries" --argv0 "$name" "$file" "$@"
