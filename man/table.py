# SPDX-License-Identifier: Apache-2.0
"""Reads and writes the table of everything that CloudFormation can say (cloudformation.txt says in which form)."""
import json
import re

WIDTH = 96  # of what is shown, before it is broken into lines
ACCOUNT = 'platform acme {}\naccount dev { id: "222222222222", region: "eu-west-1" }\n'


class Row:
    def __init__(self, group, name, shows, text, gives):
        self.group, self.name, self.shows, self.text, self.gives = group, name, shows, text, gives

    def is_whole(self):
        return re.search(r"^(stack|template) demo\b", self.text, re.M) is not None

    def program(self):
        if self.is_whole():
            return ACCOUNT + self.text
        own = "" if re.search(r"\btopic\b \{", self.text) else "  AWS::SNS::Topic topic {}\n"
        return ACCOUNT + "stack demo in dev {\n" + own + re.sub(r"^(?=.)", "  ", self.text, flags=re.M) + "}\n"


def read(path):
    """The lines before the first group, and the rows."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    head, *groups = re.split(r"^== (?=\S)", text, flags=re.M)
    rows = []
    for part in groups:
        group, *entries = re.split(r"^-- (?=\S)", part, flags=re.M)
        for entry in entries:
            match = re.fullmatch(r"([^\n]*)\nshows: ([^\n]*)\n(.*?)^gives:\n(.*)", entry, re.S | re.M)
            if not match:
                raise ValueError(f"{path}: the row `{entry.splitlines()[0]}` cannot be read")
            name, shows, program, gives = match.groups()
            rows.append(Row(group.strip(), name, shows, program, gives.strip("\n") + "\n" if gives.strip() else ""))
    return head, rows


def write(path, head, rows):
    parts, group = [head], None
    for row in rows:
        if row.group != group:
            parts.append(f"== {row.group}\n\n")
            group = row.group
        parts.append(f"-- {row.name}\nshows: {row.shows}\n{row.text}gives:\n{row.gives}\n")
    with open(path, "w", encoding="utf-8") as f:
        f.write("".join(parts).rstrip("\n") + "\n")


def pretty(value, indent=0):
    """JSON, what is short on one line."""
    return lines(value, indent) + "\n"


def lines(value, indent):
    short = json.dumps(value, ensure_ascii=False)
    if len(short) + indent <= WIDTH or not isinstance(value, (dict, list)) or not value:
        return re.sub(r"^\{(.*)\}$", r"{ \1 }", short) if isinstance(value, dict) and value else short
    pad = " " * (indent + 2)
    if isinstance(value, dict):
        items = [f"{pad}{json.dumps(k)}: {lines(v, indent + 2)}" for k, v in value.items()]
        return "{\n" + ",\n".join(items) + "\n" + " " * indent + "}"
    return "[\n" + ",\n".join(pad + lines(v, indent + 2) for v in value) + "\n" + " " * indent + "]"
