#!/bin/sh
# Shows what the stores do, with the `blob` command in a folder that is removed at the end.
# Usage: demo.sh swift [flags of the build]
set -eu

swift=$1
shift
"$swift" build --package-path Examples --product blob "$@"
bin=$("$swift" build --package-path Examples --show-bin-path "$@")
PATH=$bin:$PATH

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export BLOB_STORE=file:files

# Shows a command, then runs it.
run() {
    printf '\n$ %s\n' "$*"
    sh -c "$*"
}

# The same for a command that must fail.
refused() {
    printf '\n$ %s\n' "$*"
    if sh -c "$*" 2>&1; then
        echo "demo: this should have failed" >&2
        exit 1
    fi
}

say() {
    printf '\n# %s\n' "$1"
}

say "A store is a folder; BLOB_STORE=$BLOB_STORE names it."
run "blob init"
run "echo 'meow, purr' | blob put uploads/42/cat.txt --meta owner=42 --checksum sha256"
run "seq 100000 | blob put reports/2025.csv"
say "A blob is a file, under its own name; what it has beyond its bytes rides on the file."
run "ls files/uploads/42; cat files/uploads/42/cat.txt"
run "blob stat uploads/42/cat.txt"
say "A folder of files is a store: whatever is put there is a blob."
run "echo '<h1>Hello</h1>' > files/index.html"
run "blob ls --long --recursive"
say "A condition is decided at the moment of the write, also between processes."
refused "echo 'another cat' | blob put uploads/42/cat.txt --if-absent"
say "Reads of a range; any text is a key, and none leads out of the folder."
run "blob cat --range 0-3 uploads/42/cat.txt"
run "echo secret | blob put ../../etc/passwd && find files -name passwd"
say "Copies between stores are proved by checksums; what is current is skipped."
run "blob sync file:files file:backup"
run "blob sync file:files file:backup"
say "Another program damages a file behind our back, and keeps its time."
run "touch -r files/uploads/42/cat.txt time; printf woof | dd of=files/uploads/42/cat.txt conv=notrunc status=none; touch -r time files/uploads/42/cat.txt"
refused "blob get uploads/42/cat.txt cat.txt"
refused "blob fsck --verify"
say "The backup has it whole."
run "blob get uploads/42/cat.txt - --store file:backup"
printf '\nThat was all; %s is removed.\n' "$folder"
