#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a manual page: generate.py PAGE.txt MLOPSC OUT

The page is text with a little markup, and becomes mdoc(7): `# SECTION`, `## SUBSECTION`, paragraphs, `- item` lists, `: term` with the
indented lines below it, `code` in backquotes, and fenced blocks, whose programs tests/man compiles. `{{name}}` on a line of its own is
made from the tables of the compiler, so that it cannot differ from them: directives() below says which there are.
"""
import os
import re
import subprocess
import sys
import textwrap

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
sys.path[:0] = [HERE, os.path.join(ROOT, "compiler", "diag")]
sys.dont_write_bytecode = True
import messages  # noqa: E402
import table  # noqa: E402

WIDTH = 78


# ---- text to mdoc ------------------------------------------------------------------------------------------------------------------

def escape(text):
    text = text.replace("\\", "\\e")
    return "".join(c if ord(c) < 128 else f"\\[u{ord(c):04X}]" for c in text)


def protect(line):
    return "\\&" + line if line[:1] in (".", "'") else line


def inline(text):
    """A paragraph's text: code in bold, escaped."""
    parts = re.split(r"``(.+?)``|`([^`]+)`", text)
    out = []
    for i in range(0, len(parts), 3):
        out.append(escape(parts[i]))
        code = parts[i + 1] or parts[i + 2] if i + 2 < len(parts) else None
        if code:
            out.append("\\fB" + escape(code).replace("-", "\\-").replace(" ", "\\~") + "\\fR")
    return "".join(out)


def paragraph(text):
    """Lines of mdoc, a new one for each sentence."""
    text = inline(" ".join(text.split()))
    lines = []
    for sentence in re.split(r"(?<=[.?!:])(?<!e\.g\.)(?<!i\.e\.) +(?=[A-Z\\\[(])", text):
        lines += textwrap.wrap(sentence, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
    return [protect(line) for line in lines]


def literal(text):
    body = [protect(escape(line).replace("-", "\\-")) for line in text.rstrip("\n").split("\n")]
    return [".Bd -literal -offset indent", *body, ".Ed"]


def term(text):
    words = inline(text)
    return ".It " + words.replace('"', "\\(dq")


def blocks(lines):
    """Yields (kind, data): sections, paragraphs, lists, terms, fenced blocks, directives."""
    i = 0
    while i < len(lines):
        line = lines[i]
        if not line.strip():
            i += 1
        elif line.startswith("```"):
            end = lines.index("```", i + 1)
            yield "fence", (line[3:].strip(), "\n".join(lines[i + 1:end]) + "\n")
            i = end + 1
        elif line.startswith("#"):
            yield "heading", (len(line) - len(line.lstrip("#")), line.lstrip("# "))
            i += 1
        elif re.fullmatch(r"\{\{[\w ]+\}\}", line):
            yield "directive", line.strip("{}")
            i += 1
        elif line.startswith(": "):
            body, i = [], i + 1
            while i < len(lines) and (lines[i].startswith("  ") or (not lines[i].strip() and i + 1 < len(lines) and lines[i + 1].startswith("  "))):
                body.append(lines[i][2:])
                i += 1
            yield "term", (line[2:], body)
        elif line.startswith("- "):
            items = []
            while i < len(lines) and lines[i].startswith(("- ", "  ")) and lines[i].strip():
                if lines[i].startswith("- "):
                    items.append(lines[i][2:])
                else:
                    items[-1] += " " + lines[i].strip()
                i += 1
            yield "list", items
        else:
            text = []
            while i < len(lines) and lines[i].strip() and not lines[i].startswith(("#", "```", ": ", "- ", "{{")):
                text.append(lines[i])
                i += 1
            yield "text", " ".join(text)


class Writer:
    def __init__(self, mlopsc):
        self.mlopsc, self.out, self.in_terms, self.fresh = mlopsc, [], False, True

    def end_terms(self):
        if self.in_terms:
            self.out.append(".El")
        self.in_terms = False

    def break_paragraph(self):
        if not self.fresh:
            self.out.append(".Pp")
        self.fresh = False

    def add(self, kind, data):
        if kind != "term":
            self.end_terms()
        if kind == "heading":
            self.out.append((".Sh " if data[0] == 1 else ".Ss ") + escape(data[1]))
            self.fresh = True
        elif kind == "text":
            self.break_paragraph()
            self.out += paragraph(data)
        elif kind == "fence":
            self.out += literal(data[1])
            self.fresh = False
        elif kind == "list":
            self.out.append(".Bl -bullet -compact")
            for item in data:
                self.out += [".It", *paragraph(item)]
            self.out.append(".El")
            self.fresh = False
        elif kind == "term":
            self.add_term(*data)
        else:
            self.lines(directives()[data](self.mlopsc).split("\n"))

    def add_term(self, words, body):
        if not self.in_terms:
            self.out.append(".Bl -tag -width Ds")
        self.in_terms = True
        self.out.append(term(words))
        inner = Writer(self.mlopsc)
        inner.lines(body)
        self.out += inner.out
        self.fresh = False

    def lines(self, lines):
        for kind, data in blocks(lines):
            self.add(kind, data)
        self.end_terms()


# ---- from the tables ---------------------------------------------------------------------------------------------------------------

def source(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as f:
        return f.read()


def run(mlopsc, *arguments):
    return subprocess.run([mlopsc, *arguments], check=True, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout


def rows(macro, *path):
    """The arguments of every row of a table, texts without quotes, pieces of one text put together."""
    text = re.sub(r'"\s*\n\s*"', "", source(*path))
    found = []
    for match in re.finditer(rf"^{macro}\(((?:[^\"()]|\"(?:[^\"\\]|\\.)*\"|\([^()]*\))*)\)", text, re.M):
        arguments = re.findall(r'(?:"(?:[^"\\]|\\.)*"|\([^()]*\)|[^,"()])+', match[1])
        cleaned = [a.strip() for a in arguments]
        found.append([re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m[1], m[1]), a[1:-1]) if a.startswith('"') else a for a in cleaned])
    return found


def shift(text, by=2):
    return textwrap.indent(text, " " * by)


def fenced(text):
    return f"```text\n{text.rstrip()}\n```\n"


def example_of(text):
    match = re.search(r"^For example\n\n(.*)\Z", text, re.M | re.S)
    return re.sub(r"^    ", "", match[1], flags=re.M) if match else ""


def builtins(mlopsc):
    out = []
    for kind, name, _, _, _, gives in rows("MO_BUILTIN", "compiler", "sema", "builtins.def"):
        if kind == "KIND":
            continue
        told = run(mlopsc, "explain", name).split("\nwhich is known", 1)[0]
        signature = told.split(", a built-in function", 1)[0]
        body = example_of(told)
        said = f"{gives[0].upper()}{gives[1:]}." if body else f"{gives[0].upper()}{gives[1:]}. Refused by this version."
        shown = re.sub(r"\n\nis\n\n", "\n// is ", body.split("\nwhere ", 1)[0].rstrip()) if "\nis\n" in body else body
        out.append(f": `{signature}`\n{shift(said)}\n" + (f"\n{shift(fenced(shown))}" if body else ""))
    return "\n".join(out)


def intrinsics(_):
    out = []
    for row in rows("MO_INTRINSIC", "compiler", "sema", "intrinsics.def"):
        if row[0] != "KIND":
            use = {"ANYWHERE": "", "IN_RULES": " In rules only.", "NOT_YET": " Refused by this version."}[row[7]]
            out.append(f": `{row[1]}({row[2]})`\n{shift(row[8][0].upper() + row[8][1:])}.{use}\n")
    return "\n".join(out)


def decorators(mlopsc):
    out = []
    for name, *_ in rows("MO_DECORATOR", "compiler", "sema", "decorators.def"):
        told = run(mlopsc, "explain", "@" + name)
        what = told.split("\n", 1)[0].split(": ", 1)[1]
        places = re.search(r"^Stands before: (.*)\nTakes: (.*)$", told, re.M)
        example = example_of(told)
        said = f"{what[0].upper()}{what[1:]}. Stands before {places[1]}; takes {places[2]}."
        out.append(f": `@{name}`\n{shift(said)}\n\n{shift(fenced(example))}")
    return "\n".join(out)


def keywords(_):
    words = re.findall(r'^MO_\w+\(\w+, "(\w+)"', source("grammar", "keywords.def"), re.M) or re.findall(r"^MO_\w+\(\w+, (\w+)", source("grammar", "keywords.def"), re.M)
    return ", ".join(f"`{w}`" for w in words) + "."


def cloudformation(_):
    _, all_rows = table.read(os.path.join(HERE, "cloudformation.txt"))
    out, group = [], None
    for row in all_rows:
        if row.group != group:
            group = row.group
            out.append(f"## {group}\n")
        shown = row.text.rstrip("\n") + f"\n\n{row.shows}\n{row.gives}"
        out.append(f": `{row.name}`\n\n{shift(fenced(shown))}")
    return "\n".join(out)


def commands(mlopsc):
    out = []
    for _, name, operands, _, _, _, description in rows("MO_COMMAND", "compiler", "driver", "commands.def"):
        out.append(f": `{name} {operands}`\n{shift(description)}\n".replace(" `\n", "`\n"))
    return "\n".join(out)


def options(mlopsc):
    """As --help has them: of each command, with the words that an option takes."""
    out, seen = [], {}
    for _, name, *_ in rows("MO_COMMAND", "compiler", "driver", "commands.def"):
        told = run(mlopsc, "help", name).split("options:\n", 1)[1]
        for line in told.splitlines():
            option = re.match(r"  (-.*?)(?:  +(.*))?$", line)
            word = re.match(r"    (\S+)  +(.*)$", line)
            if option:
                seen.setdefault(option[1], [option[2] or "", [], []])[2].append(name)
                current = seen[option[1]]
            elif word and word.groups() not in current[1]:
                current[1].append(word.groups())
    for option, (what, words, of) in seen.items():
        where = "All commands." if len(of) > 5 else f"Of {', '.join(f'`{c}`' for c in of)}."
        body = f"{what[0].upper()}{what[1:]}. {where}"
        body += "".join(f"\n- `{w}`: {t}" for w, t in words).replace("\n-", "\n\n-", 1)
        out.append(f": `{option}`\n{shift(body)}\n")
    return "\n".join(out)


def all_messages(_):
    folder = os.path.join(ROOT, "compiler", "diag", "messages")
    found = messages.read(sorted(os.path.join(folder, n) for n in os.listdir(folder) if n.endswith(".txt")))
    out = []
    for m in sorted(found, key=lambda m: m.code):
        body = f"{m.title[0].upper()}{m.title[1:]} ({m.severity}).\n\n{m.explanation.strip()}\n"
        for words, text, files in (("A program that has it:", m.example, m.example_files), ("Put right:", m.fixed, m.fixed_files)):
            if text:
                more = "".join(f"\n// {name}\n{content}" for name, content in files.items())
                body += f"\n{words}\n\n{fenced(text + more)}"
        out.append(f"## {m.code} {m.slug}\n\n{body}")
    return "\n".join(out)


def field_list(text):
    out = []
    for name, doc in re.findall(r"^  (\S.*)\n((?:      .*\n?|\n(?=      ))*)", text, re.M):
        out.append(f": `{name}`\n{shift(textwrap.dedent(doc).strip() or 'Without words.')}\n")
    return "\n".join(out)


def indented_as_fences(text):
    """Doc comments show programs by an indentation."""
    return re.sub(r"(?:^  .*\n?)+", lambda m: "\n" + fenced(textwrap.dedent(m[0])) + "\n", text, flags=re.M)


def stdlib(mlopsc):
    out = []
    for name in sorted(n[:-len(".mlops")] for n in os.listdir(os.path.join(ROOT, "stdlib")) if n.endswith(".mlops")):
        module = f"std/{name}"
        told = run(mlopsc, "explain", module)
        head = re.split(r"^(?:Components|Functions|Types):\n", told, flags=re.M)[0]
        out.append(f"# {module.upper()}\n\n{indented_as_fences(head)}\n")
        for entry in re.findall(r"^  (\w+)\n(?=      )", told, re.M):
            out.append(library_entry(run(mlopsc, "explain", f"{module}.{entry}"), entry))
    return "\n".join(out)


def library_entry(told, entry):
    head, *rest = re.split(r"^(Inputs|Outputs)[^\n]*:\n", told, flags=re.M)
    kind = re.match(r"\w+, an? (\w+)", head)[1]
    doc = head.split("\n\n", 1)[1] if "\n\n" in head else ""
    doc, _, declaration = doc.partition("\n    import ")
    declaration = textwrap.dedent("\n".join(declaration.split("\n")[1:])).strip()
    text = f"## {entry}\n\nA {kind}. {indented_as_fences(doc.strip())}\n\n" + (fenced(declaration) if declaration else "")
    for i in range(0, len(rest), 2):
        words = "Inputs; those without a default must be given:" if rest[i] == "Inputs" else "Outputs:"
        text += f"\n{words}\n\n{field_list(rest[i + 1])}"
    return text


def limits(_):
    out = []
    for row in rows("MO_LIMIT", "compiler", "catalog", "limits.def"):
        if len(row) > 2 and row[1].isdigit():
            out.append(f"- {int(row[1]):,} {row[2]}")
    return "\n".join(out)


def directives():
    return {"builtins": builtins, "intrinsics": intrinsics, "decorators": decorators, "keywords": keywords, "cloudformation": cloudformation,
            "commands": commands, "options": options, "messages": all_messages, "stdlib": stdlib, "limits": limits}


def main(argv):
    page, mlopsc, out = argv[1:]
    name, section = os.path.basename(page).removesuffix(".txt").rsplit(".", 1)
    with open(page, encoding="utf-8") as f:
        lines = [line for line in f.read().split("\n") if not line.startswith(".\\\"")]
    about = lines[0]
    writer = Writer(os.path.abspath(mlopsc))
    writer.out = ['.\\" SPDX-License-Identifier: Apache-2.0', f'.\\" Made by man/generate.py from {os.path.basename(page)} and the tables of the compiler.',
                  ".Dd $Mdocdate$", f".Dt {name.upper()} {section}", ".Os", ".Sh NAME", f".Nm {name}", f".Nd {escape(about)}"]
    writer.lines(lines[1:])
    with open(out, "w", encoding="ascii") as f:
        f.write("\n".join(writer.out) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
