#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what building and testing need and this machine lacks, with Debian's own packages. Asks nothing; as root or through sudo.
#   tests/install-deps.sh [build|test|judges]...     without an argument: build
# build: the compiler itself. test: the suites. judges: npm, for the tools that read the compiler's output.
set -eu

missing=

# want PACKAGE COMMAND...: the package is missing when the command fails
want() {
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}

want_for_build() {
    want gcc command -v cc
    want libc6-dev test -e /usr/include/stdio.h
    want meson command -v meson
    want ninja-build command -v ninja
    want flex command -v flex
    want bison command -v bison
    want python3 command -v python3
    want pkg-config command -v pkg-config
    want libyaml-dev pkg-config --exists yaml-0.1
    want libcjson-dev pkg-config --exists libcjson
    want nettle-dev pkg-config --exists nettle
}

want_for_test() {
    want check pkg-config --exists check
    want python3-yaml python3 -c 'import yaml'
}

want_for_judges() {
    want nodejs command -v node
    want npm command -v npm
}

for part in "${@:-build}"; do
    case $part in
    build | test | judges) "want_for_$part" ;;
    *)
        echo "$0: unknown part '$part' (build, test, judges)" >&2
        exit 2
        ;;
    esac
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "$0: please install (names of Debian's packages):$missing" >&2
    exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
    as_root='sudo -n'
    if ! $as_root true 2>/dev/null; then
        echo "$0: needs root, or sudo without a password, to install:$missing" >&2
        exit 1
    fi
fi
echo "installing:$missing"
said=$(mktemp)
trap 'rm -f "$said"' EXIT
# shellcheck disable=SC2086
if ! { $as_root apt-get -q update &&
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $missing; } >"$said" 2>&1 </dev/null; then
    cat "$said" >&2
    exit 1
fi
