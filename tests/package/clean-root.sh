#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian package into a fresh Debian, uses it there as a user, and removes it. As root; takes some minutes and the network.
#   tests/package/clean-root.sh DEB [ROOT]     ROOT: a root that debootstrap made before, which is not removed
set -u
if [ $# -lt 1 ] || [ "$(id -u)" -ne 0 ]; then
    echo "usage: $0 DEB [ROOT], as root" >&2
    exit 2
fi
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive
deb=$(realpath "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
base=${2:-$scratch/root}
cd "$(dirname "$0")/../.." || exit 2
examples=$PWD/examples
passed=0
failed=0

# check NAME COMMAND...: one case; what the command says is shown when it fails
check() {
    local name=$1
    shift
    if "$@" >"$scratch/said" 2>&1 </dev/null; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $name"
        tail -n 30 "$scratch/said"
    fi
}

inside() {
    chroot "$base" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "DEBIAN_FRONTEND=$DEBIAN_FRONTEND" "$@"
}

# As a user without a home, in the folder of the example, to a folder of the user's own.
builds_example() {
    # shellcheck disable=SC2016
    inside setpriv --reuid=65534 --regid=65534 --clear-groups \
        sh -c 'cd "/srv/examples/$1" && mlopsc build . -o "/srv/out/$1" --lock "/srv/out/$1.lock"' sh "$1" &&
        diff -r -x 'asset.*.zip' -x mlops.lock "$examples/$1/expected/${2:-}" "$base/srv/out/$1"
}

all_files_are_there() {
    dpkg-deb -c "$deb" | awk '$1 ~ /^-/ { print $6 }' | while read -r file; do
        [ -s "$base/$file" ] || exit 1
    done
}

no_file_is_left() {
    dpkg-deb -c "$deb" | awk '$1 ~ /^-/ { print $6 }' | while read -r file; do
        [ ! -e "$base/$file" ] || exit 1
    done
}

if [ ! -d "$base/usr" ]; then
    debootstrap --variant=minbase "$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)" "$base" >"$scratch/said" 2>&1 || {
        tail -n 20 "$scratch/said"
        exit 2
    }
fi
install -m 644 "$deb" "$base/tmp/mlopsc.deb"
rm -rf "$base/srv/examples" "$base/srv/out"
cp -r "$examples" "$base/srv/examples"
chmod -R a+rX "$base/srv/examples"
install -d -o 65534 -g 65534 "$base/srv/out"

check "it is installed with what it depends on" inside apt-get -q install -y --no-install-recommends /tmp/mlopsc.deb
check "its files are there" all_files_are_there
check "its files are as packed" inside dpkg --verify mlopsc
check "it says its version" inside mlopsc version
check "quickstart" builds_example quickstart
check "enterprise-mlops" builds_example enterprise-mlops created-networks
check "it is removed" inside apt-get -q purge -y mlopsc
check "nothing is left" no_file_is_left
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
