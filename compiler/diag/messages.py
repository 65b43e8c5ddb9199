#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads the message registry (messages/*.txt) and writes the C tables.

    messages.py HEADER SOURCE FILE...

The header gets `enum mo_message` with one MSG_<SLUG> per code, sorted by code; the source gets mo_message_table.
tests/messages/run.py imports read() from here. A record:

    == ML0101 error unexpected-token
    one-line title, lower case, no full stop
    -- explanation
    paragraphs
    -- ignorable REASON     (of an error that `@ignore` may silence: why it may be wrong)
    -- example
    a whole main.mlops that triggers exactly this code with `mlopsc check DIR`
    -- file NAME            (any number: further files of the example)
    -- run ARGS             (when another command line than `check` triggers it)
    -- fixed
    the same program put right (may be left out when putting it right is not one program)
    -- file NAME            (any number: files that the fix changes or adds)

A message that no program can trigger has `-- untestable-by-example REASON` in place of example and fixed.
"""
import re
import sys

SEVERITIES = {"error": "MO_ERROR", "warning": "MO_WARNING", "note": "MO_NOTE"}
HEADING = re.compile(r"== (ML\d{4}) (\w+) ([a-z0-9]+(?:-[a-z0-9]+)*)$")
SECTION = re.compile(r"-- (explanation|ignorable|example|fixed|file|run|untestable-by-example)(?: (.+))?$")


class Bad(Exception):
    """A mistake in a message file; its text starts with file:line."""


class Message:
    def __init__(self, where, code, severity, slug):
        self.where, self.code, self.severity, self.slug = where, code, severity, slug
        self.title = self.explanation = self.example = self.fixed = self.run = self.untestable = self.ignorable = None
        self.example_files, self.fixed_files = {}, {}


def sections(path, lines):
    """Yields (line number, heading match or None, section word or None, its argument, text)."""
    current, text = None, []
    for number, line in enumerate(lines, 1):
        heading, section = line.startswith("== "), line.startswith("-- ")
        if not heading and not section:
            if current is None:
                if line.strip() and not line.startswith("#"):
                    raise Bad(f"{path}:{number}: text before the first `== CODE`")
                continue
            text.append(line)
            continue
        match = (HEADING if heading else SECTION).match(line)
        if not match:
            raise Bad(f"{path}:{number}: cannot read `{line}`")
        if current:
            yield (*current, text)
        if section and current is None:
            raise Bad(f"{path}:{number}: section before the first `== CODE`")
        current = (number, match, None, None) if heading else (number, None, match[1], match[2])
        text = []
    if current:
        yield (*current, text)


def block(lines):
    """Joins lines without the empty ones at both ends; ends with a newline."""
    return "\n".join(lines).strip("\n") + "\n"


def need(condition, where, message, what):
    if not condition:
        raise Bad(f"{where}: {message.code}: {what}")


def add_section(message, where, word, argument, text):
    """Adds one section; the order in which they may come is explanation, example, file, run, fixed, file."""
    body = block(text)
    if word in ("explanation", "example", "fixed"):
        need(body.strip(), where, message, f"`{word}` is empty")
        need(argument is None, where, message, f"`{word}` takes no argument")
        need(getattr(message, word) is None, where, message, f"`{word}` appears twice")
    else:
        need(argument, where, message, f"`{word}` needs an argument")
        need(word == "file" or not body.strip(), where, message, f"`{word}` is one line")
    if word == "explanation":
        need(message.example is None and message.untestable is None, where, message, "`explanation` comes first")
        message.explanation = body
        return
    need(message.explanation, where, message, f"`explanation` comes before `{word}`")
    need(message.untestable is None, where, message, "nothing follows `untestable-by-example`")
    if word == "ignorable":
        need(message.example is None, where, message, "`ignorable` comes before `example`")
        need(message.severity == "error", where, message, "what is no error can always be ignored")
        message.ignorable = argument
    elif word == "untestable-by-example":
        need(message.example is None, where, message, "`untestable-by-example` stands in place of `example`")
        message.untestable = argument
    elif word == "example":
        message.example = body
    else:
        need(message.example is not None, where, message, f"`example` comes before `{word}`")
        add_to_example(message, where, word, argument, body)


def add_to_example(message, where, word, argument, body):
    if word == "fixed":
        message.fixed = body
    elif word == "run":
        need(message.fixed is None and message.run is None, where, message, "`run` stands once, before `fixed`")
        message.run = argument
    else:
        files = message.example_files if message.fixed is None else message.fixed_files
        need(argument not in files and argument != "main.mlops", where, message, f"file {argument} appears twice")
        files[argument] = body


def finish(message):
    need(message.explanation, message.where, message, "no explanation")
    need(message.untestable or message.example, message.where, message, "neither `example` nor `untestable-by-example`")


def read_file(path):
    messages = []
    with open(path, encoding="utf-8") as f:
        lines = f.read().split("\n")
    for number, heading, word, argument, text in sections(path, lines):
        where = f"{path}:{number}"
        if not heading:
            add_section(messages[-1], where, word, argument, text)
            continue
        message = Message(where, *heading.groups())
        titles = [line for line in text if line.strip()]
        if message.severity not in SEVERITIES:
            raise Bad(f"{where}: severity {message.severity}: expected {', '.join(SEVERITIES)}")
        if len(titles) != 1 or titles[0].endswith(".") or len(titles[0]) > 100:
            raise Bad(f"{where}: {message.code}: expected one title line of at most 100 characters without a full stop")
        message.title = titles[0].strip()
        messages.append(message)
    for message in messages:
        finish(message)
    return messages


def read(paths):
    """All messages of the files, sorted by code. Raises Bad."""
    messages = sorted((m for path in paths for m in read_file(path)), key=lambda m: m.code)
    for kind in "code", "slug":
        seen = {}
        for message in messages:
            value = getattr(message, kind)
            if value in seen:
                raise Bad(f"{message.where}: {kind} {value} is taken at {seen[value]}")
            seen[value] = message.where
    return messages


def name(message):
    return "MSG_" + message.slug.upper().replace("-", "_")


ESCAPES = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "?": "\\?"}


def literal(text):
    """A C string: one piece a line, bytes outside ASCII in octal (a hex escape would swallow the digits behind it)."""
    if text is None:
        return "NULL"
    def char(byte):
        c = chr(byte)
        return ESCAPES.get(c) or (c if 32 <= byte < 127 else f"\\{byte:03o}")
    pieces = []
    for line in text.splitlines(keepends=True):
        end = "\\n" if line.endswith("\n") else ""
        pieces.append('"' + "".join(char(b) for b in line.rstrip("\n").encode()) + end + '"')
    return "\n\t\t".join(pieces) or '""'


def header(messages):
    names = "".join(f"\t{name(m)}, // {m.code} {m.title}\n" for m in messages)
    return ("// SPDX-License-Identifier: Apache-2.0\n// Made by messages.py.\n#ifndef MO_DIAG_MESSAGES_H\n#define MO_DIAG_MESSAGES_H\n\n"
            f"enum mo_message {{\n{names}\tMO_MESSAGES\n}};\n\n#endif\n")


def file_table(files):
    if not files:
        return "no_files"
    rows = " ".join(f"{{ {literal(k)}, {literal(v)} }}," for k, v in files.items())
    return f"(const struct mo_message_file[]){{ {rows} {{ NULL, NULL }} }}"


def source(messages):
    rows = "".join(
        f"\t[{name(m)}] = {{\n\t\t{literal(m.code)}, {literal(m.slug)}, {SEVERITIES[m.severity]},\n\t\t{literal(m.title)},\n"
        f"\t\t{literal(m.explanation)},\n\t\t{literal(m.example)},\n\t\t{file_table(m.example_files)},\n\t\t{literal(m.run)},\n"
        f"\t\t{literal(m.fixed)},\n\t\t{file_table(m.fixed_files)},\n\t\t{literal(m.ignorable)}\n\t}},\n" for m in messages)
    return ("// SPDX-License-Identifier: Apache-2.0\n// Made by messages.py.\n#include \"diag/diag.h\"\n\n"
            "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n"
            "static const struct mo_message_file no_files[] = { { NULL, NULL } };\n\n"
            f"const struct mo_message_info mo_message_table[] = {{\n{rows}}};\n")


def main(arguments):
    if len(arguments) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    header_path, source_path, *paths = arguments
    try:
        messages = read(paths)
    except (Bad, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for path, text in (header_path, header(messages)), (source_path, source(messages)):
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
