#!/bin/sh
# Makes a Python environment with the packages listed, unless it is there already.
# Usage: make-venv.sh folder requirements
set -eu

venv=$1
requirements=$2
if ! cmp -s "$requirements" "$venv/requirements.txt"; then
    echo "venv: installing the packages of $requirements into $venv"
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
    cp "$requirements" "$venv/requirements.txt"
fi
