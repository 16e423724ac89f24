#!/bin/sh
# Runs the tests under AddressSanitizer once and under ThreadSanitizer ten times; counts the
# reports, and stops at the first.
# They see optimized code, as users run it, which is three times as fast: slower, it is time limits
# that the tests would find.
# Usage: sanitize.sh swift [flags of the build]
# SANITIZE_ROUNDS says how many times in place of ten, SANITIZE_FILTER which tests in place of all,
# SANITIZERS which of "address thread".
set -eu

swift=$1
shift
rounds=${SANITIZE_ROUNDS:-10}
sanitizers=${SANITIZERS:-address thread}
count=0
filter=${SANITIZE_FILTER:-.}
export SWIFT_BACKTRACE=enable=no
# Leaks can't be told from what Swift keeps behind pointers with tags in them, such as enums.
export ASAN_OPTIONS=halt_on_error=1:detect_leaks=0:suppressions=$PWD/Scripts/asan-suppressions.txt
# Its shadow may lie on large pages, if the system is set to give them to all: a quarter faster.
export TSAN_OPTIONS=halt_on_error=1:no_huge_pages_for_shadow=0

# run sanitizer times [flags]
run() {
    sanitizer=$1
    times=$2
    shift 2
    scratch=.build/sanitize-$sanitizer
    set -- -c release -Xswiftc -enable-testing "$@"
    "$swift" build --build-tests --sanitize="$sanitizer" --scratch-path "$scratch" "$@"
    round=1
    while [ "$round" -le "$times" ]; do
        log=$scratch/run-$round.log
        status=0
        "$swift" test --skip-build --disable-xctest --sanitize="$sanitizer" \
            --scratch-path "$scratch" --filter "$filter" "$@" >"$log" 2>&1 </dev/null || status=$?
        reports=$(grep -cE '(ERROR|WARNING): (Address|Leak|Thread)Sanitizer' "$log" || true)
        echo "$sanitizer $round/$times: $reports reports; $(grep 'Test run with' "$log" | tail -n 1)"
        if [ "$reports" -gt 0 ] || [ "$status" -ne 0 ]; then
            cat "$log"
            echo "sanitize: stopped at $sanitizer $round/$times; the log is $log" >&2
            exit 1
        fi
        round=$((round + 1))
        count=$((count + 1))
    done
}

for sanitizer in $sanitizers; do
    case $sanitizer in
        address) run address 1 "$@" ;;
        thread) run thread "$rounds" "$@" ;;
        *) echo "sanitize: there is no $sanitizer sanitizer; address and thread there are" >&2; exit 2 ;;
    esac
done
echo "sanitize: 0 reports in $count runs"
