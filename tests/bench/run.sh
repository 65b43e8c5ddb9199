#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Takes the time of the compiler on examples/fleet, side by side with the same accounts sharing one template, with a program that only
# writes the same bytes, with an AWS CDK application of the same resources and with a Jsonnet program that prints the same data.
#   tests/bench/run.sh [COMPILER] [OPTIONS]     default: build-bench/mlopsc, made for the purpose (-O3, without assertions)
#   --sizes 1,10,100       numbers of accounts (default: 1,10,100,1000,10000)
#   --runs N               runs of which the median counts (default: 5; a third of it above 1,000 accounts)
#   --folder DIR           where results are written (default: bench/ beside the compiler; its file system counts)
#   --without cdk,jsonnet,callgrind,floor          leave these out
# The CDK comes from npm, in the versions of tests/judges/package-lock.json, into the judges' cache; Jsonnet and valgrind are Debian's.
# Compare figures of one run only: machines differ, and so does the same machine from hour to hour.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export LC_ALL=C.UTF-8

compiler=
if [ $# -gt 0 ] && [ "${1#--}" = "$1" ]; then
    compiler=$(realpath "$1")
    shift
fi
without=
arguments=("$@")
for ((i = 0; i < ${#arguments[@]}; i++)); do
    [ "${arguments[$i]}" != --without ] || without=,${arguments[$((i + 1))]:-},
done
wanted() {
    case $without in *,"$1",*) return 1 ;; *) return 0 ;; esac
}

if [ -z "$compiler" ]; then
    "$root/tests/install-deps.sh" build
    build=$root/build-bench
    [ -f "$build/build.ninja" ] || meson setup "$build" "$root" --buildtype=release -Dtests=false >/dev/null
    ninja -C "$build" mlopsc >/dev/null
    compiler=$build/mlopsc
fi
work=$(dirname "$compiler")/bench-tools
mkdir -p "$work"
parts=build
! wanted jsonnet && ! wanted callgrind || parts="$parts bench"
! wanted cdk || parts="$parts judges"
# shellcheck disable=SC2086
"$root/tests/install-deps.sh" $parts || echo "without what could not be installed"
for tool in floor measure; do
    cc -O2 -o "$work/$tool" "$here/$tool.c"
done

cache=${MLOPSC_JUDGES_CACHE:-$(dirname "$compiler")/judges}
if wanted cdk && ! cmp -s "$root/tests/judges/package-lock.json" "$cache/installed-lock.json"; then
    mkdir -p "$cache"
    rm -f "$cache/installed-lock.json"
    cp "$root/tests/judges/package.json" "$root/tests/judges/package-lock.json" "$cache/"
    if npm ci --prefix "$cache" --ignore-scripts --no-audit --no-fund --loglevel=error >"$cache/install.log" 2>&1; then
        cp "$root/tests/judges/package-lock.json" "$cache/installed-lock.json"
    else
        cat "$cache/install.log" >&2
        echo "npm cannot install the CDK: measuring without it"
    fi
fi
exec python3 -B "$here/bench.py" "$compiler" --tools "$work" --modules "$cache/node_modules" "$@"
