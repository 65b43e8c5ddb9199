#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the files of a folder as a C table: embed.py stdlib|starters FOLDER OUTPUT DEPFILE

stdlib: `network.mlops` becomes "std/network", `net/vpc.mlops` "std/net/vpc"; a data file keeps its ending: "std/enable_projects.py".
Left out: the folders catalog (packed elsewhere) and tests, and files that are about the library, not of it.
starters: a file keeps its name, "studio/main.mlops".
"""
import os
import sys

FOLDERS_LEFT_OUT = {"catalog", "tests"}
FILES_LEFT_OUT = {"meson.build", "README.md"}


def name_in_table(table, path):
    return "std/" + path.removesuffix(".mlops") if table == "stdlib" else path


def files_of(table, root):
    """(name, path) of every file, sorted by name, and all folders seen."""
    files, folders = [], []
    for folder, names, members in os.walk(root):
        names[:] = sorted(n for n in names if n not in FOLDERS_LEFT_OUT and not n.startswith((".", "_")))
        folders.append(folder)
        for member in members:
            if member in FILES_LEFT_OUT or member.startswith("."):
                continue
            path = os.path.join(folder, member)
            files.append((name_in_table(table, os.path.relpath(path, root)), path))
    return sorted(files), folders


def rows(data):
    """The bytes as C numbers: a string literal of this size would be beyond what compilers must accept."""
    for at in range(0, len(data), 32):
        yield "\t" + ",".join(str(b) for b in data[at:at + 32]) + ",\n"


def main(table, root, output, depfile):
    files, folders = files_of(table, root)
    with open(output, "w", encoding="utf-8") as out:
        out.write("// SPDX-License-Identifier: Apache-2.0\n// Made by embed.py.\n#include \"driver/" + table + ".h\"\n\n")
        for index, (_, path) in enumerate(files):
            with open(path, "rb") as f:
                data = f.read()
            out.write(f"static const unsigned char text_{index}[] = {{\n{''.join(rows(data))}\t0\n}};\n\n")
        out.write(f"const struct mo_library_file mo_{table}[] = {{\n")
        for index, (name, _) in enumerate(files):
            out.write(f"\t{{ \"{name}\", (const char *)text_{index}, sizeof(text_{index}) - 1 }},\n")
        out.write("\t{ NULL, NULL, 0 }\n};\n")
    # The folders too: their time changes when a file comes or goes.
    with open(depfile, "w", encoding="utf-8") as dep:
        dep.write(f"{output}: " + " ".join(p.replace(" ", "\\ ") for p in [f[1] for f in files] + folders) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
