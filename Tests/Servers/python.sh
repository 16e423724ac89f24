# Installs packages from PyPI into an environment of their own. Sourced by bash after lib.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in lib.sh

venv=$state/venv

# install_from_pypi constraints requirement...
install_from_pypi() {
    local wanted
    wanted="$(cksum <"$1") ${*:2}"
    if [ "$(cat "$venv/.installed" 2>/dev/null)" = "$wanted" ]; then
        return 0
    fi
    need python3
    say "getting ${*:2} from PyPI"
    rm -rf "$venv"
    python3 -m venv "$venv" >&2 || fail "\`python3 -m venv\` failed (package python3-venv)"
    timeout 900 "$venv/bin/pip" --quiet --disable-pip-version-check --cache-dir "$cache/pip" \
        install --constraint "$@" >&2 || fail "pip could not install ${*:2}"
    echo "$wanted" >"$venv/.installed"
}
