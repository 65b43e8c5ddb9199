# SPDX-License-Identifier: Apache-2.0
"""Applies stdlib/catalog/overlay.txt to what resources.txt says. A rule that matches nothing is an error, so that rules do not outlive
the data they correct. The rules are described in stdlib/catalog/README.md."""

import re

from catalog_text import InputError, TypeReader, Property, lines_of, read_property, split_target

UNITS = ("ms", "s", "min", "h", "d", "B", "KiB", "MiB", "GiB", "TiB")


def glob(pattern):
    """A pattern with `*`; alternatives are separated by commas."""
    parts = ["".join(".*" if c == "*" else re.escape(c) for c in part) for part in pattern.split(",")]
    return re.compile("(?:" + "|".join(parts) + r")\Z")


class Overlay:
    def __init__(self, path, resources):
        self.path = path
        self.resources = resources
        self.number = 0
        self.seen = {}

    def apply(self):
        lines = list(lines_of(self.path))
        # Exact rules first: patterns fill only what is still open, wherever they stand in the file.
        for patterns in (False, True):
            for self.number, line in lines:
                words = line.split()
                if ("*" in "".join(words[1:2])) == patterns:
                    self.rule_checked(line, words)

    def rule_checked(self, line, words):
        try:
            if line in self.seen:
                raise ValueError(f"the same rule as in line {self.seen[line]}")
            self.seen[line] = self.number
            rule = getattr(self, "rule_" + words[0], None)
            if not rule or len(words) < 2:
                raise ValueError(f"unknown rule `{words[0]}`")
            rule(words[1:])
        except ValueError as problem:
            raise InputError(self.path, self.number, problem) from None

    # ---- What a rule is about -----------------------------------------------------------------------------------------------

    def resource(self, name):
        if name not in self.resources:
            raise ValueError(f"there is no resource type `{name}`")
        return self.resources[name]

    def types(self, pattern):
        if "*" not in pattern:
            return [self.resource(pattern)]
        matches = glob(pattern).match
        return [self.resources[name] for name in sorted(self.resources) if matches(name)]

    def structures(self, path):
        """TYPE: its own properties; TYPE.STRUCTURE: those of a property type; TYPE..: both."""
        kind, dot, inner = path.partition(".")
        inner = "*" if inner == "." else inner
        found = []
        for resource in self.types(kind):
            if not dot or path.endswith(".."):
                found.append(resource.top)
            if dot:
                matches = glob(inner).match
                found += [resource.structures[name] for name in sorted(resource.structures) if matches(name)]
        if not found:
            raise ValueError(f"`{path}` matches nothing")
        return found

    def properties(self, path, names, fits=lambda item: True):
        """The properties that a rule is about; with patterns only those that fit."""
        exact = "*" not in path and not path.endswith("..")
        found = []
        for name in names.split(","):
            matches = glob(name).match
            hits = [s.properties[p] for s in self.structures(path) for p in sorted(s.properties) if matches(p)]
            if exact and "*" not in name and not all(fits(item) for item in hits):
                raise ValueError(f"`{name}` of `{path}` has another type")
            hits = [item for item in hits if fits(item)]
            if not hits:
                raise ValueError(f"`{name}` of `{path}` matches nothing")
            found += hits
        return found

    # ---- Rules about resource types -----------------------------------------------------------------------------------------

    def rule_ref(self, words):
        kind, name = words
        resource = self.resource(kind)
        name = "" if name == "-" else name
        if resource.ref == name:
            raise ValueError(f"the data says this already: Ref of `{kind}` gives `{name}`")
        if name and name not in resource.top.properties and name not in resource.attributes:
            raise ValueError(f"`{kind}` has no property or attribute `{name}`")
        resource.ref = name

    def rule_attribute(self, words):
        kind, name, text = words
        resource = self.resource(kind)
        if name in resource.attributes:
            raise ValueError(f"`{kind}` has an attribute `{name}` already")
        resource.attributes[name] = Property(name, TypeReader(text).type())

    def rule_arn(self, words):
        kind, template = words
        self.resource(kind).arn = template

    def rule_stateful(self, words):
        for kind in words:
            resource = self.resource(kind)
            if resource.stateful:
                raise ValueError(f"the data says this already: `{kind}` is stateful")
            resource.stateful = True

    def rule_wait(self, words):
        kind, *others = words
        for other in others:
            self.resource(other)
        self.resource(kind).waits += others

    # ---- Rules about properties ---------------------------------------------------------------------------------------------

    def rule_property(self, words):
        path, *rest = words
        item = read_property(" ".join(rest))
        for structure in self.structures(path):
            structure.properties[item.name] = item

    def rule_required(self, words):
        self.set_required(words, True)

    def rule_optional(self, words):
        self.set_required(words, False)

    def set_required(self, words, value):
        path, names = words
        for item in self.properties(path, names):
            if item.required == value:
                raise ValueError(f"the data says this already of `{item.name}`")
            item.required = value

    def rule_unit(self, words):
        path, names, unit = words
        if unit not in UNITS:
            raise ValueError(f"unknown unit `{unit}`")
        for item in self.properties(path, names, is_number):
            if "*" not in path or not item.unit:
                item.unit = unit

    def rule_unique(self, words):
        path, names = words
        for item in self.properties(path, names, is_text):
            item.unique = True

    def rule_want(self, words):
        path, names, *targets = words
        others = targets[-1:] == ["..."]
        targets = targets[:-1] if others else targets
        wanted = [] if targets == ["-"] else [self.target(text) for text in targets]
        if not targets:
            raise ValueError("no target")
        for item in self.properties(path, names, is_text):
            if "*" not in path or not (item.decided or item.references):
                item.references, item.others, item.decided = wanted, others, True

    def target(self, text):
        kind, name = split_target(text)
        resource = self.resource(kind)
        if name != resource.ref and name not in resource.attributes:
            raise ValueError(f"neither Ref nor GetAtt of `{kind}` gives `{name}`")
        return (kind, name)


def is_number(item):
    kind = item.type
    while kind[0] in ("list", "map"):
        kind = kind[1]
    # A number of seconds is now and then declared as text.
    return kind[0] in ("integer", "number") or (kind[0] == "string" and not kind[1]) or kind[0] == "union"


def is_text(item):
    """Whether text fits in: also as element of a list, value of a map, part of a union."""
    return holds_text(item.type)


def holds_text(kind):
    if kind[0] in ("list", "map"):
        return holds_text(kind[1])
    if kind[0] == "union":
        return any(holds_text(part) for part in kind[1])
    return kind[0] == "string" and not kind[1]
