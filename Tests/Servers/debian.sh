# Unpacks packages of a Debian release into a folder of their own and runs programs from there,
# without root: apt gets an index and a cache of its own, no script of a package runs, and programs
# start with the folder's own C library, so that the release may be newer than the machine's.
# Sourced by bash after lib.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in lib.sh

tree=$state/tree

# What other packages depend on and no server of ours runs: mostly tools for disks and services.
unused='^(adduser|binutils.*|cron.*|cryptsetup-bin|debconf|dmeventd|dmidecode|dmsetup|e2fsprogs'
unused+='|gdisk|hdparm|libbinutils|libgprofng0|libllvm.*|libperl.*|libsystemd-shared|login.*'
unused+='|logrotate|lvm2|nvme-cli|parted|passwd|perl.*|psmisc|smartmontools|sudo|systemd'
unused+='|uuid-runtime|xfsprogs)$'

# The mirror that this machine takes Debian from, or else the one of the whole world.
mirror() {
    # shellcheck disable=SC2016 # apt's own variables
    apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(COMPONENT)' 2>/dev/null |
        awk '$2 == "Debian" && $3 == "main" && $1 ~ /\/debian\/?$/ { found = $1; exit }
            END { print found ? found : "http://deb.debian.org/debian" }'
}

# Makes apt work in one folder alone. Of the machine's settings those about downloads hold, such as
# a proxy; others may ask for root, as Docker's do to clear the machine's cache.
write_apt_configuration() {
    local folder=$1 suite=$2 keys=/usr/share/keyrings/debian-archive-keyring.gpg
    [ -e "$keys" ] || fail "$keys is missing (package debian-archive-keyring)"
    : >"$folder/status"
    echo "deb [signed-by=$keys] $(mirror) $suite main" >"$folder/sources.list"
    cat >"$folder/apt.conf" <<-CONFIGURATION
	$(apt-config dump Acquire)
	Dir::Etc::main "/dev/null";
	Dir::Etc::parts "/dev/null";
	Dir::Etc::sourcelist "$folder/sources.list";
	Dir::Etc::sourceparts "/dev/null";
	Dir::Etc::preferences "/dev/null";
	Dir::Etc::preferencesparts "/dev/null";
	Dir::State "$folder/";
	Dir::State::status "$folder/status";
	Dir::Cache "$folder/";
	APT::Architectures { "$(dpkg --print-architecture)"; };
	APT::Sandbox::User "";
	Acquire::Languages "none";
	Acquire::Retries "2";
	Acquire::http::Timeout "30";
	Debug::NoLocking "true";
	CONFIGURATION
}

# Prints the file names of all that packages need, after those that the current folder has not got
# were downloaded to it; apt gives a file its name when it has compared its hash with the index.
# That folder is not the cache of apt, which leaves out what is there.
download() {
    local found file package bytes missing=()
    found=$(apt-get install --assume-yes --no-install-recommends --print-uris "$@" |
        awk -v unused="$unused" '/^\047/ {
            package = $2
            sub(/_.*/, "", package)
            if (package !~ unused) print $2, package, $3
        }') || fail "apt finds no such packages: $*"
    while read -r file package bytes; do
        [ "$(stat --format %s "$file" 2>/dev/null)" = "$bytes" ] || missing+=("$package")
        echo "$file"
    done <<<"$found"
    [ ${#missing[@]} -eq 0 ] || timeout 900 apt-get download --quiet=2 "${missing[@]}" >&2 ||
        fail "the download failed"
}

# unpack_packages suite package...
unpack_packages() {
    local suite=$1 wanted=$* folder=$cache/debian-$1 files file
    shift
    if [ "$(cat "$tree/.unpacked" 2>/dev/null)" = "$wanted" ]; then
        return 0
    fi
    need apt-get dpkg dpkg-deb tar
    say "getting the packages $* of Debian $suite"
    mkdir -p "$folder"/{lists/partial,archives/partial,packages}
    (
        flock --timeout 900 8 || fail "another command holds $folder/lock"
        write_apt_configuration "$folder" "$suite"
        export APT_CONFIG=$folder/apt.conf
        # An old index will do, as long as the packages in it can still be had.
        timeout 300 apt-get update --quiet=2 --error-on=any >&2 ||
            compgen -G "$folder/lists/*_Packages" >/dev/null || fail "can't get the index of $suite"
        # What was downloaded long ago is of a version that the release has no more.
        find "$folder/packages" -name '*.deb' -ctime +90 -delete
        cd "$folder/packages"
        download "$@" >"$state/packages"
    ) 8>"$folder/lock" || exit 1
    files=$(cat "$state/packages")
    rm -rf "$tree"
    mkdir -p "$tree"/usr/{bin,sbin,lib,lib64}
    # As on Debian since its release 12: /bin is /usr/bin.
    local link
    for link in bin sbin lib lib64; do ln -s "usr/$link" "$tree/$link"; done
    for file in $files; do
        dpkg-deb --fsys-tarfile "$folder/packages/$file" | tar --extract --directory "$tree" \
            --keep-directory-symlink --no-same-owner --exclude './usr/share/doc*' \
            --exclude './usr/share/man*' --exclude './usr/share/locale*' --exclude './var*' \
            --exclude './etc*' || fail "can't unpack $file"
    done
    compgen -G "$tree/usr/lib/*-linux-gnu/libc.so.6" >/dev/null || fail "they hold no C library"
    # shellcheck disable=SC2016 # for the script that is written
    printf '#!/bin/sh\nexec %q %q python3 "$@"\n' "$here/run-in-tree.sh" "$tree" >"$tree/python3"
    chmod +x "$tree/python3"
    echo "$wanted" >"$tree/.unpacked"
}

# in_tree program argument...: a program of the tree, by name, or a Python script by its path.
in_tree() {
    "$here/run-in-tree.sh" "$tree" "$@"
}
