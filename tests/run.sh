#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs every test, from a fresh clone on a bare Debian: installs what is missing, builds into build/, build-clang/ and build-sanitize/, and runs the
# suites, the quick ones first. The last line is `N passed, N failed`; the exit code is not 0 when something failed.
#   tests/run.sh [quick]     quick: without the packages, the sanitizers and the judges
set -u
cd "$(dirname "$0")/.." || exit 3
exec </dev/null

parts="build test check judges"
[ "${1:-}" != quick ] || parts="build test"
# shellcheck disable=SC2086
tests/install-deps.sh $parts || exit 3
[ "${1:-}" = quick ] || tests/install-deps.sh static package || echo "the suite \`package\` leaves out what it has no libraries for"

export LC_ALL=C.UTF-8
build=build
sanitize=build-sanitize
clang=build-clang
logs=build/test-logs
passed=0
failed=0

# build FOLDER OPTION...: configures when needed, and builds
build() {
    local folder=$1 log
    shift
    log=$logs/build-${folder//\//-}.log
    if [ -f "$folder/build.ninja" ]; then
        meson configure "$folder" -Dtests=true "$@" >"$log" 2>&1
    else
        meson setup "$folder" "$@" >"$log" 2>&1
    fi && ninja -C "$folder" >>"$log" 2>&1 && return
    tail -n 60 "$log"
    echo "$folder does not build"
    echo "$passed passed, $((failed + 1)) failed"
    exit 1
}

# count LOG: "PASSED FAILED", as the suite's own closing words say it: ours, meson's (whose log may quote the others'), Python's
count() {
    awk '
        /^[0-9]+ passed, [0-9]+ failed/     { ours = 1; ok = $1; bad = $3 }
        /^Ok: +[0-9]+/                      { meson = 1; meson_ok = $2 }
        /^(Fail|Timeout|Unexpected Pass): /  { meson_bad += $NF }
        /^Ran [0-9]+ tests? in/             { ran = $2 }
        /^FAILED \(/                        { for (i = 1; i <= NF; i++) if (match($i, /(failures|errors)=[0-9]+/)) { split($i, k, "="); lost += k[2] } }
        END {
            if (meson) print meson_ok + 0, meson_bad + 0
            else if (ours) print ok, bad
            else print ran - lost, lost + 0
        }' "$1"
}

# suite NAME COMMAND...: runs it, shows its output only when something failed
suite() {
    local name=$1 log code ok bad start=$SECONDS
    shift
    log=$logs/${name//[ \/]/-}.log
    "$@" >"$log" 2>&1
    code=$?
    read -r ok bad < <(count "$log")
    if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1
    fi
    [ "$bad" -eq 0 ] || tail -n 200 "$log"
    printf '%-24s %5d passed, %d failed  (%d s)\n' "$name" "$ok" "$bad" $((SECONDS - start))
    passed=$((passed + ok))
    failed=$((failed + bad))
}

# suites_of COMPILER WHICH FOLDER: what is run with the plain build and again under the sanitizers
suites_of() {
    local prefix=$3
    suite "${prefix}meson" meson test -C "$2" --no-rebuild --print-errorlogs --no-suite programs --no-suite package
    suite "${prefix}stdlib" tests/stdlib/run.py "$1"
    suite "${prefix}examples" tests/examples/run.py "$1"
    suite "${prefix}yaml" tests/yaml/run.py "$1"
}

mkdir -p "$logs"
build "$build"
suite "python" python3 -m unittest discover -s tests/python
suites_of "$build/mlopsc" "$build" ""
suite "doc" tests/doc/run.py "$build/mlopsc"
suite "quickstart" tests/examples/quickstart.sh

if [ "${1:-}" != quick ]; then
    suite "every allocation" "$build/tests/faults/memory" examples/quickstart all
    # The same warnings, by the other compiler: everything is compiled, and what takes a moment is run.
    CC=clang build "$clang"
    suite "clang meson" meson test -C "$clang" --no-rebuild --print-errorlogs --no-suite programs --no-suite package --no-suite faults \
        --no-suite robust
    suite "package" tests/package/run.py "$build/mlopsc"
    # A leak is a mistake too: arenas are given back when the compiler ends.
    export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 CK_FORK=no
    build "$sanitize" -Db_sanitize=address,undefined -Db_lundef=false -Doptimization=1
    suites_of "$sanitize/mlopsc" "$sanitize" "sanitized "
    unset ASAN_OPTIONS UBSAN_OPTIONS CK_FORK
    [ ! -x tests/judges/run.sh ] || suite "judges" tests/judges/run.sh "$build/mlopsc"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
