#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# examples/quickstart.sh does what it says: exit code 0, the files that it lists, equal to what is expected, without standard input.
set -u
cd "$(dirname "$0")/../.." || exit 3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0

# check NAME COMMAND...
check() {
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $name"
    fi
}

examples/quickstart.sh "$scratch/out" </dev/null >"$scratch/said" 2>"$scratch/errors"
check "exit code" test $? -eq 0
check "standard error is empty" test ! -s "$scratch/errors"
check "names the manifest" grep -q 'manifest\.json' "$scratch/said"
check "says what to try" grep -q '^Try next:' "$scratch/said"
check "the result is what is expected" diff -r -x mlops.lock examples/quickstart/expected "$scratch/out"
[ "$failed" -eq 0 ] || cat "$scratch/said" "$scratch/errors"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
