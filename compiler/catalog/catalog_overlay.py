# SPDX-License-Identifier: Apache-2.0
"""Applies stdlib/catalog/overlay.txt to what resources.txt and events.txt say. A rule that matches nothing is an error, so that rules do not outlive
the data they correct. The rules are described in stdlib/catalog/README.md."""

import re

from catalog_text import Event, InputError, TypeReader, Property, lines_of, read_field, read_property, split_target

PROPERTY_RULES = ("want", "unit", "unique", "required", "optional")
PSEUDO = ("Partition", "Region", "Account")
UNITS = ("ms", "s", "min", "h", "d", "B", "KiB", "MiB", "GiB", "TiB")


def glob(pattern):
    """A pattern with `*`; alternatives are separated by commas."""
    parts = ["".join(".*" if c == "*" else re.escape(c) for c in part) for part in pattern.split(",")]
    return re.compile("(?:" + "|".join(parts) + r")\Z")


class Overlay:
    def __init__(self, path, resources, events, services):
        self.path = path
        self.resources = resources
        self.events = events
        self.services = services
        self.number = 0
        self.seen = {}

    def apply(self):
        """Rules about resource types, then exact rules about properties, then patterns, which fill only what is still undecided."""
        lines = [(number, line, line.split()) for number, line in lines_of(self.path)]
        for step in range(3):
            for self.number, line, words in lines:
                if step == self.step_of(words):
                    self.rule_checked(line, words)

    @staticmethod
    def step_of(words):
        if words[0] not in PROPERTY_RULES:
            return 0
        return 2 if "*" in "".join(words[1:2]) else 1

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
        structures = self.structures(path)
        for name in names.split(","):
            matches = glob(name).match
            hits = [s.properties[p] for s in structures for p in sorted(s.properties) if matches(p)]
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
        """Adds an attribute, or gives it another type."""
        kind, name, text = words
        resource = self.resource(kind)
        item = Property(name, TypeReader(text).type())
        if name in resource.attributes and resource.attributes[name].type == item.type:
            raise ValueError(f"the data says this already of `{name}`")
        resource.attributes[name] = item

    def rule_rename(self, words):
        """Where the data's references name an attribute that does not exist, or another name of the same thing."""
        kind, wrong, right = words
        self.target(f"{kind}.{right}")
        found = False
        for item in all_properties(self.resources):
            for index, reference in enumerate(item.references):
                if reference == (kind, wrong):
                    item.references[index] = (kind, right)
                    found = True
        if not found:
            raise ValueError(f"nothing refers to `{wrong}` of `{kind}`")

    def rule_arn(self, words):
        kind, template = words
        resource = self.resource(kind)
        template = "" if template == "-" else template
        unknown = unknown_variables(resource, template)
        if unknown:
            raise ValueError(f"`{kind}` has no property or attribute `{unknown[0]}`")
        resource.arn = template

    def rule_stateful(self, words):
        for kind in words:
            resource = self.resource(kind)
            if resource.stateful:
                raise ValueError(f"the data says this already: `{kind}` is stateful")
            resource.stateful = True

    def rule_wait(self, words):
        """wait TYPE OTHER [when PROPERTY] [same PROPERTIES]"""
        kind, other, *conditions = words
        resource, needed = self.resource(kind), self.resource(other)
        said = dict(zip(conditions[::2], conditions[1::2]))
        if len(conditions) != 2 * len(said) or not set(said) <= {"when", "same"}:
            raise ValueError("`when` and a property, or `same` and properties expected")
        when, same = said.get("when", ""), said.get("same", "")
        for name in filter(None, [when, *same.split(",")]):
            if name not in resource.top.properties or name != when and name not in needed.top.properties:
                raise ValueError(f"unknown property `{name}`")
        resource.waits.append((other, when, same))

    def rule_condition_key(self, words):
        """A global condition key of IAM."""
        name, kind = words
        keys = self.services["*"].keys
        if name in keys:
            raise ValueError(f"the data knows the condition key `{name}`")
        keys[name] = kind

    def rule_takes(self, words):
        """takes SERVICE:ACTION RESOURCE: an action of IAM is about this kind of resource, too."""
        action, thing = words
        service, _, name = action.partition(":")
        if service not in self.services or name.lower() not in self.services[service].actions:
            raise ValueError(f"IAM knows no action `{action}`")
        if thing not in self.services[service].resources:
            raise ValueError(f"`{service}` has no resource `{thing}`")
        things = self.services[service].actions[name.lower()][2]
        if thing in (known for known, _ in things):
            raise ValueError(f"the data says this already of `{action}`")
        things.append((thing, False))

    # ---- Rules about events -------------------------------------------------------------------------------------------------

    def rule_event(self, words):
        """An event that the data does not have; its detail is free."""
        event = Event(" ".join(words))
        if event.name in self.events:
            raise ValueError(f"the data has the event `{event.name}`")
        self.events[event.name] = event

    def rule_event_field(self, words):
        """event_field SOURCE DETAIL TYPE | NAME TYPE: adds a field of the detail, or gives it another type."""
        name, _, field = " ".join(words).partition(" | ")
        if name not in self.events or not self.events[name].top.properties:
            raise ValueError(f"the data has no fields of the event `{name}`")
        item, fields = read_field(field), self.events[name].top.properties
        if item.name in fields and fields[item.name].type == item.type:
            raise ValueError(f"the data says this already of `{item.name}`")
        fields[item.name] = item

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
        exact = "*" not in path + names
        for item in self.properties(path, names, may_be_number if exact else is_number):
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
        exact = "*" not in path
        own = set() if exact else {id(item) for item in own_names(self.resources.values())}
        for item in self.properties(path, names, is_text):
            if exact or not (item.decided or id(item) in own):
                item.references, item.others, item.decided = wanted, others, True

    def target(self, text):
        kind, name = split_target(text)
        resource = self.resource(kind)
        if name != resource.ref and name not in resource.attributes:
            raise ValueError(f"neither Ref nor GetAtt of `{kind}` gives `{name}`")
        return (kind, name)


def unknown_variables(resource, template):
    """Variables of an ARN template that are neither a property nor an attribute nor known everywhere."""
    return [name for name in re.findall(r"\$\{(\w+)\}", template)
        if name not in PSEUDO and name not in resource.top.properties and name not in resource.attributes]


def all_properties(resources):
    for resource in resources.values():
        for structure in [resource.top, *resource.structures.values()]:
            yield from structure.properties.values()


def own_names(resources):
    """Properties that name the resource itself: AWS::S3::Bucket BucketName."""
    for resource in resources:
        if resource.ref in resource.top.properties:
            yield resource.top.properties[resource.ref]


def is_number(item):
    kind = item.type
    while kind[0] in ("list", "map"):
        kind = kind[1]
    return kind[0] in ("integer", "number")


def may_be_number(item):
    """A number of seconds is now and then declared as text."""
    return is_number(item) or is_text(item)


def is_text(item):
    """Whether text fits in: also as element of a list, value of a map, part of a union."""
    return holds_text(item.type)


def holds_text(kind):
    if kind[0] in ("list", "map"):
        return holds_text(kind[1])
    if kind[0] == "union":
        return any(holds_text(part) for part in kind[1])
    return kind[0] == "string" and not kind[1]
