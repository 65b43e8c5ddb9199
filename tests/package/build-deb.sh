#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes the Debian package from what `meson install` installs: the same commit gives the same bytes.
#   tests/package/build-deb.sh [OUT [BUILD]]     OUT: the folder for mlopsc_VERSION_ARCHITECTURE.deb (default: build-deb);
#                                                BUILD: the folder to build in, kept for the next time (default: OUT/build)
set -eu
umask 022
export LC_ALL=C.UTF-8

root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "${1:-$root/build-deb}"
out=$(cd "${1:-$root/build-deb}" && pwd)
mkdir -p "${2:-$out/build}"
build=$(cd "${2:-$out/build}" && pwd)
cd "$root"
tests/install-deps.sh build package

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tree=$scratch/tree
chmod 755 "$scratch"
mkdir -p "$tree/DEBIAN" "$scratch/debian"

# quietly COMMAND...: what it says is shown when it fails
quietly() {
    "$@" >"$scratch/said" 2>&1 </dev/null || {
        tail -n 40 "$scratch/said" >&2
        exit 1
    }
}

# The distribution's flags, as for its own packages. Warnings are the developers' business, not this compiler's.
configure() {
    local flag
    export DEB_BUILD_MAINT_OPTIONS=hardening=+all
    for flag in CFLAGS CPPFLAGS LDFLAGS; do
        export "$flag=$(dpkg-buildflags --get "$flag")"
    done
    quietly meson setup "$build" --prefix=/usr --buildtype=plain -Dwerror=false -Dtests=false
}

# The documents that every package has; man pages are compressed, as the policy wants.
add_documents() {
    local folder=$tree/usr/share/doc/mlopsc
    install -d "$folder"
    { cat NOTICE && printf '\nOn Debian systems the whole licence is in /usr/share/common-licenses/Apache-2.0.\n'; } >"$folder/copyright"
    find "$tree/usr/share/man" -type f ! -name '*.gz' -exec gzip -9n {} + 2>/dev/null || [ ! -d "$tree/usr/share/man" ]
}

# What the program is linked with, as the distribution names it, with the versions that have the symbols in use.
dependencies() {
    printf 'Source: mlopsc\n\nPackage: mlopsc\nArchitecture: any\n' >"$scratch/debian/control"
    (cd "$scratch" && dpkg-shlibdeps -O -e tree/usr/bin/mlopsc 2>"$scratch/said") | sed -n 's/^shlibs:Depends=//p'
}

control() {
    cat <<TXT
Package: mlopsc
Version: $version
Architecture: $architecture
Maintainer: The mlopsc authors <mlopsc@localhost>
Installed-Size: $(du -sk --apparent-size --exclude=DEBIAN "$tree" | cut -f 1)
Depends: $depends
Section: devel
Priority: optional
Description: compiler from a language for ML platforms to CloudFormation
 mlopsc reads the accounts, networks, Studio domains, roles and buckets of a
 machine learning platform on AWS, declared in a few .mlops files, as one
 program. It finds the mistakes before deployment and writes plain
 CloudFormation templates into a folder that the AWS CDK deploys as it is.
 .
 It needs no network and no credentials, and executes none of its input.
TXT
}

[ -f "$build/build.ninja" ] || configure
quietly ninja -C "$build"
quietly meson install -C "$build" --no-rebuild --strip --destdir "$tree"
add_documents

version=$(meson introspect "$build" --projectinfo | python3 -c 'import json, sys; print(json.load(sys.stdin)["version"])')
architecture=$(dpkg --print-architecture)
depends=$(dependencies)
[ -n "$depends" ] || {
    echo "$0: dpkg-shlibdeps named no dependencies" >&2
    cat "$scratch/said" >&2
    exit 1
}
control >"$tree/DEBIAN/control"
(cd "$tree" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"

SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y meson.build)}
export SOURCE_DATE_EPOCH
find "$tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
quietly dpkg-deb --build --root-owner-group "$tree" "$out/mlopsc_${version}_$architecture.deb"
echo "$out/mlopsc_${version}_$architecture.deb"
