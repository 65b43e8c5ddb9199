// SPDX-License-Identifier: Apache-2.0
// CloudFormation types: a hash probe for the type, binary search for its members. Takes the packed words (data.h), gives small values
// and texts that point into them; allocates nothing and knows nothing of the language.
#include "catalog/catalog.h"

#include "catalog/data.h"

// Words of a resource's record.
enum {
	RESOURCE_NAME,
	RESOURCE_STRUCTURE,
	RESOURCE_REF,
	RESOURCE_ARN,
	RESOURCE_FLAGS, // shape of tags, then from bit 8: stateful
	RESOURCE_TAG_PROPERTY,
	RESOURCE_ATTRIBUTES,
	RESOURCE_STRUCTURES,
	RESOURCE_STRUCTURE_COUNT,
	RESOURCE_WAITS,
	RESOURCE_WAIT_COUNT,
	RESOURCE_TRANSFORM,
	RESOURCE_HANDLERS, // 0, or how many actions and the actions
};

// A structure: its name, the number of its properties, the properties.
enum { STRUCTURE_NAME, STRUCTURE_COUNT, STRUCTURE_PROPERTIES };
// A property: its name, its type, and the address of more << 8 with these flags.
enum { PROPERTY_NAME, PROPERTY_TYPE, PROPERTY_MORE, PROPERTY_WORDS };
enum {
	FLAG_REQUIRED = 1,
	FLAG_REPLACEMENT_SHIFT = 1,
	FLAG_REPLACEMENT_MASK = 3,
	FLAG_UNIQUE = 8,
	FLAG_DEPRECATED = 16,
	FLAG_OTHERS = 32,
};
// More of a property: its unit, the number of its references, the references.
enum { MORE_UNIT, MORE_REFERENCE_COUNT, MORE_REFERENCES };
enum { REFERENCE_TYPE, REFERENCE_ATTRIBUTE, REFERENCE_IS_REF, REFERENCE_WORDS };
// A wait: a type, the property that must be set for it to matter, and the properties that both must have alike.
enum { WAIT_TYPE, WAIT_WHEN, WAIT_SAME, WAIT_WORDS };
// A type: its shape, and an element, a structure, or a number of alternatives or values that follow.
enum { TYPE_SHAPE, TYPE_ARGUMENT, TYPE_ITEMS };

mo_cat
mo_cat_find_resource(struct mo_str name)
{
	uint32_t hash = MO_CAT_HASH_START;
	for (size_t i = 0; i < name.len; i++) {
		hash = mo_cat_hash_add(hash, (unsigned char)name.p[i]);
	}
	uint32_t slots = mo_cat_word(MO_CAT_RESOURCE_SLOTS), mask = mo_cat_word(MO_CAT_RESOURCE_MASK);
	for (uint32_t slot = hash & mask;; slot = (slot + 1) & mask) {
		mo_cat found = mo_cat_word(slots + slot);
		if (!found || mo_str_eq(mo_cat_text(found + RESOURCE_NAME), name)) {
			return found;
		}
	}
}

struct mo_cat_resource
mo_cat_resource(mo_cat resource)
{
	uint32_t flags = mo_cat_word(resource + RESOURCE_FLAGS);
	return (struct mo_cat_resource){
		.name = mo_cat_text(resource + RESOURCE_NAME),
		.structure = mo_cat_word(resource + RESOURCE_STRUCTURE),
		.ref = mo_cat_text(resource + RESOURCE_REF),
		.arn_template = mo_cat_text(resource + RESOURCE_ARN),
		.tags = (enum mo_cat_tags)(flags & 0xff),
		.tag_property = mo_cat_text(resource + RESOURCE_TAG_PROPERTY),
		.stateful = flags >> 8,
	};
}

uint32_t
mo_cat_resource_count(void)
{
	return mo_cat_word(MO_CAT_RESOURCES);
}

mo_cat
mo_cat_resource_at(uint32_t index)
{
	return index < mo_cat_resource_count() ? mo_cat_word(mo_cat_word(MO_CAT_RESOURCE_LIST) + index) : 0;
}

struct mo_str
mo_cat_resource_transform(mo_cat resource)
{
	return mo_cat_text(resource + RESOURCE_TRANSFORM);
}

uint32_t
mo_cat_property_count(mo_cat structure)
{
	return mo_cat_word(structure + STRUCTURE_COUNT);
}

mo_cat
mo_cat_property_at(mo_cat structure, uint32_t index)
{
	return index < mo_cat_property_count(structure) ? structure + STRUCTURE_PROPERTIES + index * PROPERTY_WORDS : 0;
}

mo_cat
mo_cat_find_property(mo_cat structure, struct mo_str name)
{
	uint32_t low = 0, high = mo_cat_property_count(structure);
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		mo_cat property = mo_cat_property_at(structure, middle);
		int order = mo_str_cmp(name, mo_cat_text(property + PROPERTY_NAME));
		if (order == 0) {
			return property;
		}
		if (order < 0) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}
	return 0;
}

static uint32_t
flags_of(mo_cat property)
{
	return mo_cat_word(property + PROPERTY_MORE) & 0xff;
}

static uint32_t
more_of(mo_cat property)
{
	return mo_cat_word(property + PROPERTY_MORE) >> 8;
}

struct mo_cat_property
mo_cat_property(mo_cat property)
{
	uint32_t flags = flags_of(property), more = more_of(property);
	return (struct mo_cat_property){
		.name = mo_cat_text(property + PROPERTY_NAME),
		.type = mo_cat_word(property + PROPERTY_TYPE),
		.required = flags & FLAG_REQUIRED,
		.replacement = (enum mo_cat_replacement)(flags >> FLAG_REPLACEMENT_SHIFT & FLAG_REPLACEMENT_MASK),
		.references = more ? mo_cat_word(more + MORE_REFERENCE_COUNT) : 0,
		.unit = more ? mo_cat_text(more + MORE_UNIT) : MO_STR(""),
		.unique_name = flags & FLAG_UNIQUE,
	};
}

bool
mo_cat_property_deprecated(mo_cat property)
{
	return flags_of(property) & FLAG_DEPRECATED;
}

bool
mo_cat_accepts_others(mo_cat property)
{
	return flags_of(property) & FLAG_OTHERS;
}

struct mo_cat_reference
mo_cat_reference(mo_cat property, uint32_t index)
{
	uint32_t more = more_of(property);
	if (!more || index >= mo_cat_word(more + MORE_REFERENCE_COUNT)) {
		return (struct mo_cat_reference){ 0 };
	}
	uint32_t reference = more + MORE_REFERENCES + index * REFERENCE_WORDS;
	return (struct mo_cat_reference){
		.type = mo_cat_text(reference + REFERENCE_TYPE),
		.attribute = mo_cat_text(reference + REFERENCE_ATTRIBUTE),
		.is_ref = mo_cat_word(reference + REFERENCE_IS_REF),
	};
}

struct mo_str
mo_cat_structure_name(mo_cat structure)
{
	return mo_cat_text(structure + STRUCTURE_NAME);
}

mo_cat
mo_cat_find_structure(mo_cat resource, struct mo_str name)
{
	uint32_t list = mo_cat_word(resource + RESOURCE_STRUCTURES);
	uint32_t low = 0, high = mo_cat_word(resource + RESOURCE_STRUCTURE_COUNT);
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		mo_cat structure = mo_cat_word(list + middle);
		int order = mo_str_cmp(name, mo_cat_structure_name(structure));
		if (order == 0) {
			return structure;
		}
		if (order < 0) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}
	return 0;
}

// Attributes have the form of a structure.
uint32_t
mo_cat_attribute_count(mo_cat resource)
{
	return mo_cat_property_count(mo_cat_word(resource + RESOURCE_ATTRIBUTES));
}

mo_cat
mo_cat_attribute_at(mo_cat resource, uint32_t index)
{
	return mo_cat_property_at(mo_cat_word(resource + RESOURCE_ATTRIBUTES), index);
}

mo_cat
mo_cat_find_attribute(mo_cat resource, struct mo_str name)
{
	return mo_cat_find_property(mo_cat_word(resource + RESOURCE_ATTRIBUTES), name);
}

struct mo_cat_type
mo_cat_type(mo_cat type)
{
	enum mo_cat_shape shape = (enum mo_cat_shape)mo_cat_word(type + TYPE_SHAPE);
	uint32_t argument = mo_cat_word(type + TYPE_ARGUMENT);
	struct mo_cat_type result = { .shape = shape };
	switch (shape) {
	case MO_CAT_LIST:
	case MO_CAT_MAP:
		result.element = argument;
		break;
	case MO_CAT_STRUCT:
		result.structure = argument;
		break;
	case MO_CAT_UNION:
		result.alternatives = argument;
		break;
	case MO_CAT_STRING:
	case MO_CAT_INTEGER:
	case MO_CAT_NUMBER:
	case MO_CAT_BOOLEAN:
	case MO_CAT_JSON:
	case MO_CAT_TIMESTAMP:
		result.allowed_values = argument;
		break;
	}
	return result;
}

mo_cat
mo_cat_alternative(mo_cat type, uint32_t index)
{
	return index < mo_cat_type(type).alternatives ? mo_cat_word(type + TYPE_ITEMS + index) : 0;
}

struct mo_str
mo_cat_allowed_value(mo_cat type, uint32_t index)
{
	return index < mo_cat_type(type).allowed_values ? mo_cat_text(type + TYPE_ITEMS + index) : (struct mo_str){ 0 };
}

uint32_t
mo_cat_wait_count(mo_cat resource)
{
	return mo_cat_word(resource + RESOURCE_WAIT_COUNT);
}

static struct mo_str
wait_word(mo_cat resource, uint32_t index, uint32_t word)
{
	if (index >= mo_cat_wait_count(resource)) {
		return (struct mo_str){ 0 };
	}
	return mo_cat_text(mo_cat_word(resource + RESOURCE_WAITS) + index * WAIT_WORDS + word);
}

struct mo_str
mo_cat_wait_at(mo_cat resource, uint32_t index)
{
	return wait_word(resource, index, WAIT_TYPE);
}

struct mo_str
mo_cat_wait_when(mo_cat resource, uint32_t index)
{
	return wait_word(resource, index, WAIT_WHEN);
}

struct mo_str
mo_cat_wait_same(mo_cat resource, uint32_t index)
{
	return wait_word(resource, index, WAIT_SAME);
}

int32_t
mo_cat_handler_count(mo_cat resource)
{
	uint32_t list = mo_cat_word(resource + RESOURCE_HANDLERS);
	return list ? (int32_t)mo_cat_word(list) : -1;
}

struct mo_str
mo_cat_handler_at(mo_cat resource, uint32_t index)
{
	uint32_t list = mo_cat_word(resource + RESOURCE_HANDLERS);
	return list && index < mo_cat_word(list) ? mo_cat_text(list + 1 + index) : (struct mo_str){ 0 };
}
