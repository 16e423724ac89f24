#!/bin/sh
# Shows what the stores do, with the `blob` command in a folder that is removed at the end.
# Usage: demo-blob.sh swift [flags of the build]
set -eu

swift=$1
shift
"$swift" build --package-path Examples --product blob "$@"
bin=$("$swift" build --package-path Examples --show-bin-path "$@")
PATH=$bin:$PATH

repository=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
ln -s "$repository/Docs" Docs
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
say "A folder of files goes in as it is: the documentation of this package."
run "blob sync file:Docs file:files"
say "So does a large file, in constant memory. Its digest is computed on the way and kept."
run "head -c 268435456 /dev/urandom > film.mp4"
run "blob put films/film.mp4 film.mp4 --checksum sha256 --meta owner=42"
say "What is in the store, and how much."
run "blob ls"
run "blob ls --long films/"
run "blob du"
say "A blob is a file, under its own name; what it has beyond its bytes rides on the file."
run "ls -l files files/films"
run "blob stat films/film.mp4"
say "The digest is the file's own."
run "sha256sum film.mp4 | cut -d ' ' -f 1 | xxd -r -p | base64"
run "blob cat films/film.mp4 | cmp - film.mp4 && echo the same bytes"
say "A range is read without the rest."
run "blob cat films/film.mp4 --range 200000000-200000015 | xxd"
run "tail -c +200000001 film.mp4 | head -c 16 | xxd"
say "A copy stays inside the store, and keeps what its source has."
run "blob cp films/film.mp4 films/copy.mp4"
run "blob cat films/copy.mp4 | cmp - film.mp4 && echo the same bytes"
say "A condition is decided at the moment of the write, also between processes."
refused "echo 'another film' | blob put films/film.mp4 --if-absent"
say "Any text is a key, and none leads out of the folder."
run "echo secret | blob put ../../etc/passwd && find files -name passwd"
say "A file that somebody puts into the folder is a blob."
run "echo '<h1>Hello</h1>' > files/index.html; blob stat index.html"
say "Copies between stores are proved by checksums; what is current is skipped."
run "blob sync file:files file:backup"
run "blob sync file:files file:backup"
say "Another program damages a file behind our back, and puts its time back."
run "touch -r files/films/film.mp4 time; printf woof | dd of=files/films/film.mp4 conv=notrunc status=none; touch -r time files/films/film.mp4"
refused "blob get films/film.mp4 restored.mp4"
refused "blob fsck --verify"
say "The backup has it whole."
run "blob get films/film.mp4 restored.mp4 --store file:backup"
run "cmp film.mp4 restored.mp4 && echo the same bytes"
say "A blob is deleted with the folders that it leaves empty."
run "blob rm --recursive films/"
run "blob ls; ls files"
printf '\nThat was all; %s is removed.\n' "$folder"
