#!/usr/bin/env bash
# Runs tests and, when they fail, says once more at the end what failed, which stands far up by then.
# Usage: run-tests.sh command...
set -uo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
if [ "$status" -ne 0 ]; then
    printf '\n== failed with %d; what was wrong:\n' "$status"
    # An issue's own lines go on until the next one that begins with a mark of Swift Testing's.
    awk '/^(◇|✔|✘|➜|⚠)/ { left = 0 }
        / recorded an issue |: error: |^error: |[Ff]atal error/ { left = 40 }
        left > 0 { print; left -= 1 }' "$log"
fi
exit "$status"
