#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The dictionary of parse_fuzz.c and compile_fuzz.c, for libFuzzer and AFL, from the compiler's own tables:
dictionary.py KEYWORDS BUILTINS DECORATORS LITERALS
"""
import re
import sys

TABLES = (
    (r'^MO_(?:KEYWORD|MARK)\(\w+, "((?:\\.|[^"\\])*)"', "{}"),
    (r"^MO_BUILTIN\(\w+, (\w+),", "{}("),
    (r"^MO_DECORATOR\((\w+),", "@{}"),
)

for (pattern, form), path in zip(TABLES, sys.argv[1:4]):
    with open(path, encoding="utf-8") as table:
        words = re.findall(pattern, table.read(), re.MULTILINE)
    if len(words) < 20:
        sys.exit(f"{path}: found {len(words)} entries only")
    for word in words:
        print('"' + form.format(word) + '"')
with open(sys.argv[4], encoding="utf-8") as literals:
    print(literals.read(), end="")
