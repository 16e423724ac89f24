#!/bin/sh
# Checks for Swift and installs those of the Debian packages given that are missing.
# With everything there it asks nothing, prints nothing and needs no network.
set -eu

if ! command -v "${SWIFT:-swift}" >/dev/null; then
    echo "setup: there is no \`${SWIFT:-swift}\`; install Swift 6.2 or newer: https://swift.org/install" >&2
    exit 1
fi
[ $# -gt 0 ] || exit 0

if ! command -v dpkg-query >/dev/null; then
    echo "setup: this is neither Debian nor Ubuntu; needed here is what they call: $*" >&2
    exit 0
fi
missing=""
for package in "$@"; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "setup: installing$missing"
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"
$as_root apt-get update -qq
# shellcheck disable=SC2086 # it is a list of words
$as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends $missing
