#!/bin/sh
# Checks the format of all Swift code, and that no source file is longer than a reader's patience.
# Usage: lint.sh swift
set -eu

longest=400

sources() {
    find . -name .build -prune -o -type f \( "$@" \) -print0
}

sources -name '*.swift' | xargs -0 "$1" format lint --strict --parallel

too_long=$(sources -name '*.swift' -o -name '*.[ch]' -o -name '*.py' -o -name '*.sh' -o -name '*.md' \
    -o -name '*.js' -o -name '*.css' -o -name '*.html' |
    xargs -0 wc -l | awk -v longest=$longest '$2 != "total" && $1 > longest { print $2 ": " $1 }')
if [ -n "$too_long" ]; then
    printf '%s\n' "$too_long" >&2
    echo "lint: a file has at most $longest lines; look for the second idea in these" >&2
    exit 1
fi
echo "lint: format and lengths are clean"
