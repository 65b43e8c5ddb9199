# SPDX-License-Identifier: Apache-2.0
"""Reads stdlib/catalog/resources.txt, events.txt and iam.txt into plain objects. The formats are described in stdlib/catalog/README.md. Gives errors
with file and line; knows nothing of the overlay or of the packed form."""

import re


class InputError(Exception):
    """A mistake in one of the text files."""

    def __init__(self, file, line, text):
        super().__init__(f"{file}:{line}: error: {text}")


class Property:
    """A property or an attribute."""

    def __init__(self, name, kind):
        self.name = name
        self.type = kind
        self.required = False
        self.replacement = 0  # 0 updates, 1 replaces, 2 may replace
        self.deprecated = False
        self.references = []  # of (resource type, attribute)
        self.others = False  # may identify things of other types, too
        self.decided = False  # an exact rule of the overlay has set the references
        self.unit = ""
        self.unique = False

    def renamed(self, name):
        self.name = name
        return self


class Structure:
    def __init__(self, name):
        self.name = name
        self.properties = {}


class Resource:
    def __init__(self, name):
        self.name = name
        self.id = []  # the parts of what identifies it in its account
        self.ref = ""
        self.arn = ""
        self.tags = (0, "")
        self.transform = ""
        self.stateful = False
        self.top = Structure(name)
        self.attributes = {}
        self.structures = {}
        self.waits = []  # of (resource type, property or "", properties or "")
        self.handlers = None  # actions that CloudFormation calls to manage one; None: nobody says


WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s"(),|<>\[\]{}:][^\s"(),|>\]}]*')
PLAIN = ("number", "boolean", "json", "timestamp", "tag")
TAGS = {"list": 1, "map": 2, "asg": 3}


def unquote(word):
    return re.sub(r"\\(.)", r"\1", word[1:-1]) if word.startswith('"') else word


class TypeReader:
    """Reads a type: string(A,B) integer number boolean json timestamp tag [T] {T} <T|U> :Structure."""

    def __init__(self, text):
        self.text = text
        self.at = 0

    def next(self):
        return self.text[self.at:self.at + 1]

    def expect(self, sign):
        if self.next() != sign:
            raise ValueError(f"`{sign}` expected at `{self.text[self.at:]}`")
        self.at += 1

    def word(self):
        found = WORD.match(self.text, self.at)
        if not found:
            raise ValueError(f"a name expected at `{self.text[self.at:]}`")
        self.at = found.end()
        return unquote(found.group())

    def many(self, read, sign, end):
        items = [read()]
        while self.next() == sign:
            self.at += 1
            items.append(read())
        self.expect(end)
        return tuple(items)

    def type(self):
        sign = self.next()
        if sign and sign in "[{<:":
            self.at += 1
        if sign == ":":
            return ("struct", self.word())
        if sign == "<":
            return ("union", self.many(self.type, "|", ">"))
        if sign == "[" or sign == "{":
            element = self.type()
            self.expect("]" if sign == "[" else "}")
            return ("list" if sign == "[" else "map", element)
        return self.scalar(re.compile("[a-z]+").match(self.text, self.at))

    def scalar(self, found):
        name = found.group() if found else ""
        self.at += len(name)
        if name in PLAIN:
            return (name,)
        if name not in ("string", "integer"):
            raise ValueError(f"unknown type at `{self.text[self.at - len(name):]}`")
        if self.next() != "(":
            return (name, ())
        self.at += 1
        return (name, self.many(self.word, ",", ")"))


def split_target(text):
    """AWS::EC2::VPC.VpcId -> ("AWS::EC2::VPC", "VpcId"); the attribute may have dots."""
    kind, _, attribute = text.partition(".")
    if not attribute:
        raise ValueError(f"`{text}` is not TYPE.ATTRIBUTE")
    return (kind, attribute)


def read_property(text):
    """NAME TYPE [required] [replaces|may_replace] [deprecated] [-> TARGET…]"""
    name, _, rest = text.partition(" ")
    reader = TypeReader(rest)
    item = Property(name, reader.type())
    facts, _, targets = rest[reader.at:].partition(" -> ")
    for fact in facts.split():
        if fact == "required":
            item.required = True
        elif fact == "deprecated":
            item.deprecated = True
        elif fact in ("replaces", "may_replace"):
            item.replacement = 1 if fact == "replaces" else 2
        else:
            raise ValueError(f"unknown fact `{fact}`")
    item.references = [split_target(target) for target in targets.split()]
    return item


def read_resource(text):
    """TYPE [id=A|B] [ref=A|B] [tags=SHAPE:PROPERTY] [stateful] [transform=NAME] [arn=TEMPLATE]"""
    name, *facts = text.split(" ")
    resource = Resource(name)
    for fact in facts:
        key, _, value = fact.partition("=")
        if key == "id" or key == "ref":
            resource.ref = "" if "|" in value else value  # several parts: no single property or attribute
            resource.id = resource.id or value.split("|")
        elif key == "tags":
            shape, _, where = value.partition(":")
            resource.tags = (TAGS[shape], where)
        elif key == "arn" or key == "transform":
            setattr(resource, key, value)
        elif key == "stateful":
            resource.stateful = True
        else:
            raise ValueError(f"unknown fact `{fact}`")
    return resource


def add_new(items, item):
    if item.name in items:
        raise ValueError(f"`{item.name}` occurs twice")
    items[item.name] = item
    return item


def lines_of(path):
    """Pairs of line number and text, without comments and empty lines."""
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if line.strip() and not line.lstrip().startswith("#"):
                yield number, line


def read_resources(path):
    """A dictionary from the names of resource types to Resource."""
    resources = {}
    resource = structure = None
    for number, line in lines_of(path):
        try:
            if line.startswith("\t\t"):
                add_new(structure.properties, read_property(line[2:]))
            elif line.startswith("\t:"):
                structure = add_new(resource.structures, Structure(line[2:]))
            elif line.startswith("\t@"):
                add_new(resource.attributes, read_property(line[2:]))
            elif line.startswith("\t"):
                add_new(resource.top.properties, read_property(line[1:]))
            else:
                resource, structure = add_new(resources, read_resource(line)), None
        except (ValueError, KeyError, AttributeError) as problem:
            raise InputError(path, number, problem) from None
    return resources


# ---- events -------------------------------------------------------------------------------------------------------------------------


class Event:
    """What a service tells EventBridge. Without fields nothing is known about its detail."""

    def __init__(self, name):
        self.source, _, self.detail_type = name.partition(" ")
        if not self.detail_type:
            raise ValueError(f"`{name}` is not SOURCE DETAIL-TYPE")
        self.name = name
        self.top = Structure(name)
        self.structures = {}


def read_field(text):
    """NAME TYPE"""
    found = WORD.match(text)
    if not found:
        raise ValueError(f"a name expected at `{text}`")
    return read_property("- " + text[found.end() + 1:]).renamed(unquote(found.group()))


def read_events(path):
    """A dictionary from `SOURCE DETAIL-TYPE` to Event."""
    events = {}
    event = structure = None
    for number, line in lines_of(path):
        try:
            if line.startswith("\t\t"):
                add_new(structure.properties, read_field(line[2:]))
            elif line.startswith("\t:"):
                structure = add_new(event.structures, Structure(line[2:]))
            elif line.startswith("\t"):
                add_new(event.top.properties, read_field(line[1:]))
            else:
                event, structure = add_new(events, Event(line)), None
        except (ValueError, KeyError, AttributeError) as problem:
            raise InputError(path, number, problem) from None
    return events


# ---- IAM ----------------------------------------------------------------------------------------------------------------------------


class Service:
    def __init__(self, name):
        self.name = name
        self.actions = {}  # by lower-case name: (name, level, [(resource type, required)], [condition key])
        self.resources = {}  # by name: [(arn, [condition key])]
        self.keys = {}  # condition key -> type


IAM_WORD = re.compile(r'"(?:[^"\\]|\\.)*"!?|\S+')
LEVELS = {"Permissions": "Permissions management"}


def iam_words(text):
    return [word if word[0] != '"' else unquote(word.rstrip("!")) + ("!" if word[-1] == "!" else "") for word in IAM_WORD.findall(text)]


def split_lists(words):
    """Words before `on`, between `on` and `if`, after `if`."""
    keys = words[words.index("if") + 1:] if "if" in words else []
    words = words[:words.index("if")] if "if" in words else words
    things = words[words.index("on") + 1:] if "on" in words else []
    return (words[:words.index("on")] if "on" in words else words), things, keys


def full_key(service, key):
    return service + key if key.startswith(":") else key


def read_service_line(service, line):
    sign = line[1]
    words, things, keys = split_lists(iam_words(line[2:] if sign in "@:" else line[1:]))
    keys = [full_key(service.name, key) for key in keys]
    if len(words) != 2:
        raise ValueError("two words expected")
    name, fact = words
    if sign == ":":
        service.keys[full_key(service.name, name)] = fact
    elif sign == "@":
        service.resources.setdefault(name, []).append((fact, keys))
    elif name.lower() in service.actions:
        raise ValueError(f"`{name}` occurs twice")
    else:
        things = [(thing.rstrip("!"), thing.endswith("!")) for thing in things]
        service.actions[name.lower()] = (name, LEVELS.get(fact, fact), things, keys)


def read_iam(path):
    """A dictionary from service prefixes to Service; "*" holds the global condition keys."""
    services = {}
    service = None
    for number, line in lines_of(path):
        try:
            if line.startswith("\t"):
                read_service_line(service, line)
            else:
                service = add_new(services, Service(line))
        except (ValueError, AttributeError) as problem:
            raise InputError(path, number, problem) from None
    return services


def read_handlers(path, resources, services):
    """Adds to the resources what CloudFormation calls to manage them."""
    for number, line in lines_of(path):
        name, *actions = line.split()
        if name not in resources:
            raise InputError(path, number, f"there is no type `{name}`")
        if resources[name].handlers is not None:
            raise InputError(path, number, f"`{name}` has a line already")
        for action in actions:
            service, _, rest = action.partition(":")
            if service not in services or ("*" not in rest and rest.lower() not in (known.lower() for known in services[service].actions)):
                raise InputError(path, number, f"IAM knows no action `{action}`")
        resources[name].handlers = actions
