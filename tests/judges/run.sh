#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Lets others judge what the compiler writes: AWS's own template validator, cfn-guard with Control Tower's rules, the cloud assembly schema
# and the CDK's command line, on every example, in JSON and YAML, and on each of its expected variants; the CDK's diff on changes of the
# examples; the validator alone on every row of man/cloudformation.txt; a reader of YAML 1.2 on tests/yaml, and SARIF's schema on the logs
# of mistakes. Needs npm and a registry; installs what package-lock.json pins into a cache, once. What stands in spite of a judge is in
# accepted-warnings.txt (the validator) and accepted-guard.txt (cfn-guard), with the reason.
#   tests/judges/run.sh [COMPILER]     default: build/mlopsc; the cache is MLOPSC_JUDGES_CACHE, else judges/ beside the compiler
# The last line is `N passed, N failed`; the exit code is not 0 when something failed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
compiler=$(realpath "${1:-$root/build/mlopsc}")
cache=${MLOPSC_JUDGES_CACHE:-$(dirname "$compiler")/judges}
export MLOPSC_COLOR=never LC_ALL=C.UTF-8

# None of the packages needs an install script: node comes as a binary inside its own package, picked by the machine's architecture.
install() {
    mkdir -p "$cache"
    if cmp -s "$here/package-lock.json" "$cache/installed-lock.json"; then
        return
    fi
    rm -f "$cache/installed-lock.json"
    cp "$here/package.json" "$here/package-lock.json" "$cache/"
    if ! npm ci --prefix "$cache" --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error >"$cache/install.log" 2>&1; then
        cat "$cache/install.log"
        echo "judges: npm cannot install them"
        echo "0 passed, 1 failed"
        exit 1
    fi
    cp "$here/package-lock.json" "$cache/installed-lock.json"
}

install
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# What is judged: a fresh build of each example, and each variant that is expected of it. The judges may leave files, so all are copies.
broken=0
for example in "$root"/examples/*/; do
    name=$(basename "$example")
    [ -f "$example/main.mlops" ] || continue
    rm -f "$scratch/lock"
    for format in both yaml; do # with both, the manifest names the JSON
        if ! (cd "$root" && "$compiler" build "examples/$name" --format "$format" -o "$scratch/$name-$format" --lock "$scratch/lock") >"$scratch/log" 2>&1; then
            echo "FAIL $name does not build"
            cat "$scratch/log"
            broken=$((broken + 1))
        fi
    done
    for manifest in "$example"expected/*/manifest.json; do
        [ -f "$manifest" ] || continue
        variant=$(basename "$(dirname "$manifest")")
        cp -R "$(dirname "$manifest")" "$scratch/$name@$variant"
    done
done
for manifest in "$root"/tests/seeds/expected/*/manifest.json; do
    variant=$(basename "$(dirname "$manifest")")
    cp -R "$(dirname "$manifest")" "$scratch/seed@$variant"
done
if ! python3 -B "$root/tests/cfn/run.py" "$compiler" --templates "$scratch/table"; then
    broken=$((broken + 1))
fi
rm -f "$scratch/log" "$scratch/lock"

node=$(find "$cache"/node_modules/node-linux-*/bin -name node | head -n 1)
MLOPSC_YAML_MODULES=$cache/node_modules MLOPSC_NODE=$node python3 -B "$root/tests/yaml/run.py" "$compiler" || broken=$((broken + 1))
NODE_PATH=$cache/node_modules "$node" "$here/sarif.js" "$compiler" "$root" || broken=$((broken + 1))
NODE_PATH=$cache/node_modules "$node" "$here/judge.js" "$scratch" "$root" "$compiler" "$broken"
