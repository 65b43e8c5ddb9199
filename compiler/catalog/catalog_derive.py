# SPDX-License-Identifier: Apache-2.0
"""What follows from the data by rules, after the overlay: references by name within a service, whether references are complete, names
that must be unique, ARN templates in terms of properties. Each rule is described in stdlib/catalog/README.md."""

from catalog_overlay import is_text, own_names, unknown_variables
from catalog_text import Property

MAX_ATTRIBUTE_DEPTH = 4


def structures_of(resource):
    """Pairs of a name for messages and a structure."""
    yield resource.name, resource.top
    for structure in resource.structures.values():
        yield f"{resource.name}.{structure.name}", structure


def flatten_attributes(resource):
    """Members of structures that are attributes can be asked for by dotted names."""
    def members(prefix, kind, depth):
        structure = resource.structures.get(kind[1]) if kind[0] == "struct" else None
        if not structure or depth == MAX_ATTRIBUTE_DEPTH:
            return
        for item in structure.properties.values():
            name = f"{prefix}.{item.name}"
            resource.attributes.setdefault(name, Property(name, item.type))
            members(name, item.type, depth + 1)
    for item in list(resource.attributes.values()):
        members(item.name, item.type, 0)


def available(resource, name):
    """Whether Ref or GetAtt gives it."""
    return name == resource.ref or name in resource.attributes


def drop_references(resources, dropped):
    """Keeps the references that Ref or GetAtt can satisfy."""
    for resource in resources.values():
        for place, structure in structures_of(resource):
            for item in structure.properties.values():
                kept = []
                for kind, name in item.references:
                    if kind not in resources:
                        dropped.append(f"{place} {item.name}: there is no type {kind}")
                    elif not available(resources[kind], name):
                        dropped.append(f"{place} {item.name}: neither Ref nor GetAtt of {kind} gives {name}")
                    elif (kind, name) not in kept:
                        kept.append((kind, name))
                item.references = kept


def last_part(kind):
    return kind.rpartition("::")[2]


def judge_references(resources):
    """References that only the data knows were gathered from templates. They are complete where the property bears the name of what it
    wants (RestApiId -> AWS::ApiGateway::RestApi); elsewhere other types may fit, too. What the property's name asks for comes first."""
    for resource in resources.values():
        for _, structure in structures_of(resource):
            for item in structure.properties.values():
                if item.references and not item.decided:
                    wants_arn = item.name.lower().rstrip("s").endswith("arn")
                    item.references.sort(key=lambda target: target[1].lower().endswith("arn") != wants_arn)
                    item.others = not all(last_part(kind).lower() in item.name.lower() for kind, _ in item.references)


def derive_references(resources):
    """In a service, RestApiId wants the type RestApi when Ref or GetAtt of that gives RestApiId or Id; so for Arn."""
    by_name = {}
    for resource in resources.values():
        service, _, kind = resource.name.rpartition("::")
        for ending in ("Id", "Arn"):
            name = next((n for n in (kind + ending, ending) if available(resource, n)), None)
            if name:
                by_name[(service, kind + ending)] = (resource.name, name)
    own = {id(item) for item in own_names(resources.values())}
    for resource in resources.values():
        service = resource.name.rpartition("::")[0]
        for _, structure in structures_of(resource):
            for item in structure.properties.values():
                name = item.name[:-3] + "Arn" if item.name.endswith("ARN") else item.name
                target = by_name.get((service, name)) or by_name.get((service, name[:-1] if name.endswith("s") else name))
                if target and target[0] != resource.name and is_text(item):
                    if not (item.references or item.decided or id(item) in own):
                        item.references = [target]


def mark_unique(resources):
    """A name that identifies its resource must be unique, unless it says what the resource belongs to."""
    for resource in resources.values():
        name = resource.id[0] if len(resource.id) == 1 else ""
        item = resource.top.properties.get(name)
        if item and item.type[0] == "string" and not item.references:
            item.unique = item.unique or name.endswith(("Name", "Identifier")) or name == last_part(resource.name) + "Id"


def name_arn_variables(resources):
    """Writes ${PipelineName} of the type Pipeline as ${Name} when that is what Ref gives; so for ${PortfolioId} and Id."""
    for resource in resources.values():
        for name in unknown_variables(resource, resource.arn):
            if name == last_part(resource.name) + resource.ref and resource.ref in ("Name", "Id"):
                resource.arn = resource.arn.replace("${" + name + "}", "${" + resource.ref + "}")


def derive(resources, dropped):
    drop_references(resources, dropped)
    judge_references(resources)
    derive_references(resources)
    mark_unique(resources)
    name_arn_variables(resources)
