#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# From a fresh clone to templates: installs what is missing, builds the compiler into build/, and compiles examples/quickstart.
#   examples/quickstart.sh [OUT]     OUT: the folder for the result; without one, build/quickstart
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
out=${1:-$root/build/quickstart}
case $out in
/*) ;;
*) out=$PWD/$out ;;
esac

cd "$root"
tests/install-deps.sh build
mkdir -p build
# quietly NAME COMMAND...: what a step says is shown when it fails
quietly() {
    log=build/$1.log
    shift
    "$@" >"$log" 2>&1 </dev/null || {
        tail -n 40 "$log" >&2
        exit 1
    }
}
[ -f build/build.ninja ] || quietly setup meson setup build -Dtests=false
echo "building the compiler (a minute or two the first time)"
quietly build ninja -C build mlopsc

rm -f build/quickstart.lock # nothing of it is deployed
build/mlopsc build examples/quickstart -o "$out" --lock build/quickstart.lock 2>&1
find "$out" -type f | LC_ALL=C sort | while read -r file; do
    printf '  %8d bytes  %s\n' "$(wc -c <"$file")" "${file#"$out"/}"
done
cat <<TXT

Try next:
  build/mlopsc build examples/quickstart -o out          the same by hand; out is the folder to review, diff and deploy
  edit examples/quickstart/main.mlops                    remove "sts" from the endpoints, build again: the error says why
  build/mlopsc build examples/enterprise-mlops -o out    networks, Studio, projects and pipelines in four accounts, from two data files
  cdk deploy --app out --all                             with the ids and credentials of accounts of your own
TXT
