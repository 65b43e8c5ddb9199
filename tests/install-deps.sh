#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what building and testing need and this machine lacks, with Debian's own packages. Asks nothing; as root or through sudo.
#   tests/install-deps.sh [build|test|check|judges|bench|static|package]...     without an argument: build
# build: the compiler itself. test: the suites. check: a second compiler, and valgrind. judges: npm, for the tools that read the compiler's output. bench: tools to compare with
# and to count with. static: for -Dstatic=true,
# with /usr/local/lib/libcjson.a made from Debian's source package, whose binary packages hold no such file. package: for the .deb.
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
    want zlib1g-dev pkg-config --exists zlib
    want libminizip-dev pkg-config --exists minizip
}

want_for_test() {
    want check pkg-config --exists check
    want python3-yaml python3 -c 'import yaml'
    want python3-botocore python3 -c 'import botocore'
    want mandoc command -v mandoc
    want shellcheck command -v shellcheck
}

want_for_check() {
    want clang command -v clang
    want valgrind command -v valgrind
}

want_for_judges() {
    want nodejs command -v node
    want npm command -v npm
}

want_for_bench() {
    want jsonnet command -v jsonnet
    want valgrind command -v valgrind
}

has_static_cjson() {
    for folder in /usr/local/lib /usr/lib "/usr/lib/$(cc -dumpmachine)"; do
        [ ! -e "$folder/libcjson.a" ] || return 0
    done
    return 1
}

want_for_static() {
    want_for_build
    has_static_cjson || want dpkg-dev command -v dpkg-source
}

want_for_package() {
    want_for_build
    want dpkg-dev command -v dpkg-shlibdeps
}

static_cjson=
for part in "${@:-build}"; do
    case $part in
    build | test | check | judges | bench | package) "want_for_$part" ;;
    static)
        want_for_static
        has_static_cjson || static_cjson=wanted
        ;;
    *)
        echo "$0: unknown part '$part' (build, test, check, judges, bench, static, package)" >&2
        exit 2
        ;;
    esac
done
[ -n "$missing$static_cjson" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "$0: please install (names of Debian's packages):$missing${static_cjson:+ and a libcjson.a}" >&2
    exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
    as_root='sudo -n'
    if ! $as_root true 2>/dev/null; then
        echo "$0: needs root, or sudo without a password, to install:$missing${static_cjson:+ libcjson.a}" >&2
        exit 1
    fi
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# loudly_when_failing COMMAND...: what it says is shown only when it fails
loudly_when_failing() {
    "$@" >"$scratch/said" 2>&1 </dev/null || {
        cat "$scratch/said" >&2
        exit 1
    }
}

if [ -n "$missing" ]; then
    echo "installing:$missing"
    # shellcheck disable=SC2086
    loudly_when_failing $as_root apt-get -q update
    # shellcheck disable=SC2086
    loudly_when_failing $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $missing
fi

# The sources of the very packages that this machine uses; its own lists of sources stay as they are.
sources_of_cjson() {
    mkdir -p "$scratch/lists/partial"
    # shellcheck disable=SC2016
    apt-get indextargets --format 'deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' |
        sort -u >"$scratch/sources.list"
    set -- -q -o "Dir::Etc::sourcelist=$scratch/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$scratch/lists"
    apt-get "$@" update && cd "$scratch" && apt-get "$@" source cjson
}

if [ -n "$static_cjson" ]; then
    echo "installing: /usr/local/lib/libcjson.a"
    chmod 755 "$scratch"
    loudly_when_failing sources_of_cjson
    loudly_when_failing cc -O2 -g -fPIC -c "$scratch"/cjson-*/cJSON.c -o "$scratch/cJSON.o"
    loudly_when_failing ar rcsD "$scratch/libcjson.a" "$scratch/cJSON.o"
    # shellcheck disable=SC2086
    loudly_when_failing $as_root install -m 644 "$scratch/libcjson.a" /usr/local/lib/libcjson.a
fi
