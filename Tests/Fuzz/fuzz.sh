#!/bin/sh
# Feeds each parser with inputs that libFuzzer makes up, under AddressSanitizer, and prints how many
# there were and how much of the code they reached; fails on a crash, on an input that takes over a
# second, and on more than 512 MiB of memory.
# FUZZ_SECONDS is for each target, FUZZ_TARGETS names some of them.
# Usage: fuzz.sh swift [flags of the build]
set -eu

swift=$1
shift
scratch=.build/fuzz
seconds=${FUZZ_SECONDS:-30}
targets=${FUZZ_TARGETS:-$(ls Tests/Fuzz/Corpus)}
# What a crash leaves is told by AddressSanitizer; Swift's own report would hide it.
export SWIFT_BACKTRACE=enable=no
# Freed memory that is kept back to find its users must not count as growth.
export ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=32

BLOB_STORAGE_FUZZ=1 "$swift" build -c release --product fuzz-worker --scratch-path "$scratch" \
    -Xswiftc -enable-testing -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld \
    -Xcc -fsanitize=fuzzer-no-link,address "$@"

mkdir -p "$scratch/found"
failures=0
printf '%-14s %12s %10s %10s %8s\n' target runs runs/s coverage 'MiB'
for target in $targets; do
    corpus=$scratch/corpus/$target
    log=$scratch/$target.log
    mkdir -p "$corpus"
    status=0
    # New inputs go to the first folder, which is not the one in the tree.
    FUZZ_TARGET=$target "$scratch/release/fuzz-worker" "$corpus" "Tests/Fuzz/Corpus/$target" \
        -max_total_time="$seconds" -max_len=8192 -timeout=1 -rss_limit_mb=512 \
        -print_final_stats=1 -artifact_prefix="$scratch/found/$target-" >"$log" 2>&1 </dev/null ||
        status=$?
    awk -v target="$target" '
        / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") coverage = $(i + 1) }
        /stat::number_of_executed_units/ { runs = $2 }
        /stat::average_exec_per_sec/ { rate = $2 }
        /stat::peak_rss_mb/ { memory = $2 }
        END { printf "%-14s %12s %10s %10s %8s\n", target, runs, rate, coverage, memory }
    ' "$log"
    if [ "$status" -ne 0 ]; then
        failures=$((failures + 1))
        tail -n 40 "$log" >&2
        echo "fuzz: $target stopped; the input is in $scratch/found, the log is $log" >&2
    fi
done
[ "$failures" -eq 0 ] || exit 1
echo "fuzz: no crash, no hang over 1 s, no growth over 512 MiB"
