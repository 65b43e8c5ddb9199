# SPDX-License-Identifier: Apache-2.0
"""Packs the catalog's text files into one C source with a read-only table of little-endian 32-bit words, followed by the texts.

    pack.py RESOURCES.TXT EVENTS.TXT IAM.TXT OVERLAY.TXT HANDLERS.TXT OUTPUT.C [--dropped]

The layout below is read by catalog.c, events.c and iam.c; the numbers of the header words stand in data.h. --dropped lists the references of the
data that a template cannot satisfy, with the reason."""

import sys

from catalog_derive import derive, flatten_attributes
from catalog_overlay import Overlay
from catalog_text import InputError, read_events, read_handlers, read_iam, read_resources

SHAPES = {"string": 0, "integer": 1, "number": 2, "boolean": 3, "json": 4, "timestamp": 5, "list": 6, "map": 7, "struct": 8, "union": 9}
HEADER_WORDS = 16


def fnv(text):
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


class Table:
    """The words and the texts. An address is an index of a word; a text is an index of a byte among the texts."""

    def __init__(self):
        self.words = [0] * HEADER_WORDS
        self.texts = bytearray(b"\0\0\0")  # text 0 is the empty one
        self.known_texts = {"": 0}
        self.known_runs = {}

    def text(self, text):
        """A text: two bytes of length, the bytes, a NUL."""
        if text not in self.known_texts:
            data = text.encode()
            self.known_texts[text] = len(self.texts)
            self.texts += len(data).to_bytes(2, "little") + data + b"\0"
        return self.known_texts[text]

    def reserve(self, count):
        at = len(self.words)
        self.words += [0] * count
        return at

    def put(self, at, words):
        self.words[at:at + len(words)] = words

    def run(self, words):
        """Words that may be shared with others who want the same; 0 when there are none."""
        words = tuple(words)
        if words and words not in self.known_runs:
            self.known_runs[words] = len(self.words)
            self.words += words
        return self.known_runs.get(words, 0)

    def hash_index(self, names, addresses):
        """Open addressing, at most half full; a slot holds an address or 0. Gives address and mask."""
        size = 1
        while size < 2 * len(names):
            size *= 2
        slots = [0] * size
        for name, address in zip(names, addresses):
            at = fnv(name) & (size - 1)
            while slots[at]:
                at = (at + 1) & (size - 1)
            slots[at] = address
        at = self.reserve(size)
        self.put(at, slots)
        return at, size - 1

    def data(self):
        self.words[0] = 4 * len(self.words)  # where the texts begin, in bytes
        return b"".join(word.to_bytes(4, "little") for word in self.words) + bytes(self.texts)


# ---- CloudFormation types -----------------------------------------------------------------------------------------------------------


def tag_structure(resource):
    item = resource.structures.get("Tag")
    return item if item and {"Key", "Value"} <= set(item.properties) else None


class ResourcePacker:
    def __init__(self, table, resources):
        self.table = table
        self.resources = resources
        self.places = {}  # id of a Structure -> address
        self.tag = 0

    def pack(self):
        names = sorted(self.resources)
        records = [self.table.reserve(13) for _ in names]
        self.pack_tag()
        for name in names:
            resource = self.resources[name]
            for structure in [resource.top, *resource.structures.values()]:
                self.places[id(structure)] = self.table.reserve(2 + 3 * len(structure.properties))
        for name, record in zip(names, records):
            self.pack_resource(self.resources[name], record)
        index, mask = self.table.hash_index(names, records)
        first = self.table.run(records)
        self.table.put(1, [len(names), first, index, mask])

    def pack_events(self, events):
        """Records of source, detail type and fields (0: nothing is known of them), in the order of both names."""
        ordered = sorted(events.values(), key=lambda event: (event.source, event.detail_type))
        records = self.table.reserve(3 * len(ordered))
        for event in ordered:
            for structure in [event.top, *event.structures.values()]:
                self.places[id(structure)] = self.table.reserve(2 + 3 * len(structure.properties))
        for index, event in enumerate(ordered):
            for structure in [event.top, *event.structures.values()]:
                self.pack_structure(event, structure)
            fields = self.places[id(event.top)] if event.top.properties else 0
            self.table.put(records + 3 * index, [self.table.text(event.source), self.table.text(event.detail_type), fields])
        self.table.put(11, [len(ordered), records])

    def pack_tag(self):
        """The structure of tags that the data knows as a type of its own."""
        self.tag = self.table.reserve(2 + 2 * 3)
        string = self.table.run((SHAPES["string"], 0))
        self.table.put(self.tag, [self.table.text("Tag"), 2])
        self.table.put(self.tag + 2, [self.table.text("Key"), string, 1, self.table.text("Value"), string, 1])

    def pack_resource(self, resource, record):
        text = self.table.text
        self.uses_tag = False
        for structure in [resource.top, *resource.structures.values()]:
            self.pack_structure(resource, structure)
        attributes = self.pack_attributes(resource)
        structures = {name: self.places[id(item)] for name, item in resource.structures.items()}
        if self.uses_tag:
            structures.setdefault("Tag", self.tag)
        inner = self.table.run([structures[name] for name in sorted(structures)])
        waits = self.table.run([text(word) for wait in sorted(resource.waits) for word in wait])
        shape, where = resource.tags
        self.table.put(record, [
            text(resource.name), self.places[id(resource.top)], text(resource.ref), text(resource.arn),
            shape | resource.stateful << 8, text(where), attributes, inner, len(structures), waits, len(resource.waits),
            text(resource.transform), self.handlers(resource),
        ])

    def handlers(self, resource):
        actions = resource.handlers
        return 0 if actions is None else self.table.run([len(actions), *(self.table.text(action) for action in actions)])

    def pack_structure(self, resource, structure):
        at = self.places[id(structure)]
        self.table.put(at, [self.table.text(structure.name), len(structure.properties)])
        for index, name in enumerate(sorted(structure.properties)):
            self.table.put(at + 2 + 3 * index, self.property(resource, structure.properties[name]))

    def pack_attributes(self, resource):
        """Has the form of a structure."""
        at = self.table.reserve(2 + 3 * len(resource.attributes))
        self.table.put(at, [self.table.text(resource.name), len(resource.attributes)])
        for index, name in enumerate(sorted(resource.attributes)):
            self.table.put(at + 2 + 3 * index, self.property(resource, resource.attributes[name]))
        return at

    def property(self, resource, item):
        """Three words: name, type, and the address of more (or 0) << 8 with the flags."""
        flags = item.required | item.replacement << 1 | item.unique << 3 | item.deprecated << 4 | item.others << 5
        more = 0
        if item.references or item.unit:
            words = [self.table.text(item.unit), len(item.references)]
            for kind, name in item.references:
                words += [self.table.text(kind), self.table.text(name), int(self.resources[kind].ref == name)]
            more = self.table.run(words)
        return [self.table.text(item.name), self.type(resource, item.type), more << 8 | flags]

    def type(self, resource, kind):
        shape, *rest = kind
        if shape == "tag":
            self.uses_tag = True
            own = tag_structure(resource)
            return self.table.run((SHAPES["struct"], self.places[id(own)] if own else self.tag))
        if shape == "struct":
            if rest[0] not in resource.structures:
                raise ValueError(f"`{resource.name}` has no structure `{rest[0]}`")
            return self.table.run((SHAPES["struct"], self.places[id(resource.structures[rest[0]])]))
        if shape in ("list", "map"):
            return self.table.run((SHAPES[shape], self.type(resource, rest[0])))
        if shape == "union":
            parts = [self.type(resource, part) for part in rest[0]]
            return self.table.run((SHAPES[shape], len(parts), *parts))
        values = [self.table.text(value) for value in rest[0]] if rest else []
        return self.table.run((SHAPES[shape], len(values), *values))


# ---- IAM ----------------------------------------------------------------------------------------------------------------------------


class IamPacker:
    def __init__(self, table, services):
        self.table = table
        self.services = services

    def pack(self):
        names = [name for name in sorted(self.services) if name != "*"]
        records = self.table.reserve(4 * len(names))
        for index, name in enumerate(names):
            self.pack_service(self.services[name], records + 4 * index)
        self.table.put(5, [len(names), records])
        self.pack_keys()

    def pack_service(self, service, record):
        actions = self.table.reserve(4 * len(service.actions))
        for index, name in enumerate(sorted(service.actions)):
            self.table.put(actions + 4 * index, self.action(service, *service.actions[name]))
        self.table.put(record, [self.table.text(service.name), len(service.actions), actions, len(service.keys)])

    def action(self, service, name, level, things, keys):
        keys = set(keys)
        run = []
        for thing, required in things:
            for arn, more in service.resources.get(thing, []):
                run += [self.table.text(thing), self.table.text(arn), int(required)]
                keys.update(more)
        texts = [self.table.text(key) for key in sorted(keys)]
        return [self.table.text(name), self.table.text(level), self.table.run([len(run) // 3, *run]), self.table.run([len(texts), *texts])]

    def pack_keys(self):
        """Condition keys by their lower-case names; those with a variable part are listed too, as patterns."""
        keys = {}
        for name in sorted(self.services):
            for key, kind in self.services[name].keys.items():
                keys.setdefault(key.lower(), (key, kind))
        plain = {name: item for name, item in keys.items() if "${" not in name}
        records = self.table.reserve(2 * len(plain))
        for index, name in enumerate(sorted(plain)):
            self.table.put(records + 2 * index, [self.table.text(name), self.table.text(plain[name][1])])
        index, mask = self.table.hash_index(sorted(plain), range(records, records + 2 * len(plain), 2))
        patterns = sorted((pattern_of(name), item[1]) for name, item in keys.items() if "${" in name)
        first = self.table.run([self.table.text(word) for pattern in patterns for word in pattern])
        self.table.put(7, [index, mask, len(patterns), first])


def pattern_of(key):
    """aws:resourcetag/${tagkey} -> aws:resourcetag/?*"""
    while "${" in key:
        before, _, rest = key.partition("${")
        key = before + "?*" + rest.partition("}")[2]
    return key


# ---- Output -------------------------------------------------------------------------------------------------------------------------


def c_text(data):
    """The bytes as a C string literal, which compiles much faster than a list of numbers."""
    escapes = [f"\\{byte:03o}" if byte < 32 or byte > 126 or chr(byte) in '"\\?' else chr(byte) for byte in range(256)]
    lines = []
    for start in range(0, len(data), 64):
        lines.append('\t"' + "".join(escapes[byte] for byte in data[start:start + 64]) + '"')
    return "\n".join(lines)


def c_source(data):
    return (
        "// SPDX-License-Identifier: Apache-2.0 AND MIT\n"
        "// Generated by compiler/catalog/pack.py from stdlib/catalog/. Do not edit.\n"
        '#include "catalog/data.h"\n\n'
        '#pragma GCC diagnostic ignored "-Woverlength-strings"\n\n'
        f"const unsigned char mo_cat_data[{len(data) + 1}] =\n{c_text(data)};\n"
    )


def main(arguments):
    resources_path, events_path, iam_path, overlay_path, handlers_path, output = arguments[:6]
    resources = read_resources(resources_path)
    for resource in resources.values():
        flatten_attributes(resource)
    events = read_events(events_path)
    services = read_iam(iam_path)
    Overlay(overlay_path, resources, events, services).apply()
    read_handlers(handlers_path, resources, services)
    dropped = []
    derive(resources, dropped)
    table = Table()
    packer = ResourcePacker(table, resources)
    packer.pack()
    packer.pack_events(events)
    IamPacker(table, services).pack()
    with open(output, "w", encoding="ascii") as file:
        file.write(c_source(table.data()))
    if "--dropped" in arguments:
        print("\n".join(dropped))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (InputError, ValueError, OSError) as problem:
        sys.exit(str(problem))
