#!/bin/sh
# Runs every snippet that the documentation shows, each in an empty folder of its own.
# They have been built by `swift build`, as Swift's package manager does by itself.
# Usage: run-snippets.sh swift [flags of the build]
set -eu

swift=$1
shift
export SWIFT_BACKTRACE=enable=no
bin=$("$swift" build --show-bin-path "$@")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

count=0
for file in Snippets/*.swift; do
    name=$(basename "$file" .swift)
    mkdir "$folder/$name"
    if ! (cd "$folder/$name" && TMPDIR=$folder/$name "$bin/$name" </dev/null >output 2>&1); then
        cat "$folder/$name/output"
        echo "snippets: $file failed" >&2
        exit 1
    fi
    count=$((count + 1))
done
echo "snippets: all $count ran"
