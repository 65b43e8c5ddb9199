// SPDX-License-Identifier: Apache-2.0
// IAM services, their actions, and condition keys: binary search by name, a hash probe for keys. Takes the packed words (data.h), gives
// small values and texts that point into them; allocates nothing. IAM compares all these names without regard to case.
#include "catalog/catalog.h"

#include "catalog/data.h"

enum { SERVICE_NAME, SERVICE_ACTION_COUNT, SERVICE_ACTIONS, SERVICE_KEY_COUNT, SERVICE_WORDS };
enum { ACTION_NAME, ACTION_LEVEL, ACTION_RESOURCES, ACTION_KEYS, ACTION_WORDS };
// Lists of an action: how many, then the items.
enum { LIST_COUNT, LIST_ITEMS };
enum { ACTION_RESOURCE_NAME, ACTION_RESOURCE_ARN, ACTION_RESOURCE_REQUIRED, ACTION_RESOURCE_WORDS };
// A condition key, or a pattern of them in lower case.
enum { KEY_NAME, KEY_TYPE, KEY_WORDS };

// Like mo_str_cmp, without regard to case.
static int
compare_names(struct mo_str a, struct mo_str b)
{
	for (size_t i = 0; i < a.len && i < b.len; i++) {
		int order = mo_cat_lower(a.p[i]) - mo_cat_lower(b.p[i]);
		if (order != 0) {
			return order;
		}
	}
	return a.len < b.len ? -1 : a.len > b.len;
}

// A record by its name (the first word) among `count` records of `words` words each, sorted by name; 0 if there is none.
static uint32_t
find_record(uint32_t records, uint32_t count, uint32_t words, struct mo_str name)
{
	uint32_t low = 0, high = count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		uint32_t record = records + middle * words;
		int order = compare_names(name, mo_cat_text(record));
		if (order == 0) {
			return record;
		}
		if (order < 0) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}
	return 0;
}

// Whether `name` matches a pattern with `*` and `?`. Only the last star is ever tried again, so the time is the product of the lengths.
static bool
matches(struct mo_str pattern, struct mo_str name)
{
	size_t p = 0, n = 0, star = SIZE_MAX, mark = 0;
	while (n < name.len) {
		if (p < pattern.len && pattern.p[p] == '*') {
			star = p++;
			mark = n;
		} else if (p < pattern.len && (pattern.p[p] == '?' || mo_cat_lower(pattern.p[p]) == mo_cat_lower(name.p[n]))) {
			p++;
			n++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			n = ++mark;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.p[p] == '*') {
		p++;
	}
	return p == pattern.len;
}

uint32_t
mo_cat_service_count(void)
{
	return mo_cat_word(MO_CAT_SERVICES);
}

mo_cat
mo_cat_service_at(uint32_t index)
{
	return index < mo_cat_service_count() ? mo_cat_word(MO_CAT_SERVICE_LIST) + index * SERVICE_WORDS : 0;
}

mo_cat
mo_cat_find_service(struct mo_str prefix)
{
	return find_record(mo_cat_word(MO_CAT_SERVICE_LIST), mo_cat_service_count(), SERVICE_WORDS, prefix);
}

struct mo_cat_service
mo_cat_service(mo_cat service)
{
	return (struct mo_cat_service){
		.prefix = mo_cat_text(service + SERVICE_NAME),
		.actions = mo_cat_word(service + SERVICE_ACTION_COUNT),
		.condition_keys = mo_cat_word(service + SERVICE_KEY_COUNT),
	};
}

mo_cat
mo_cat_action_at(mo_cat service, uint32_t index)
{
	if (index >= mo_cat_word(service + SERVICE_ACTION_COUNT)) {
		return 0;
	}
	return mo_cat_word(service + SERVICE_ACTIONS) + index * ACTION_WORDS;
}

mo_cat
mo_cat_find_action(mo_cat service, struct mo_str name)
{
	return find_record(mo_cat_word(service + SERVICE_ACTIONS), mo_cat_word(service + SERVICE_ACTION_COUNT), ACTION_WORDS, name);
}

struct mo_cat_action
mo_cat_action(mo_cat action)
{
	return (struct mo_cat_action){
		.name = mo_cat_text(action + ACTION_NAME),
		.access_level = mo_cat_text(action + ACTION_LEVEL),
		.resource_types = mo_cat_word(mo_cat_word(action + ACTION_RESOURCES) + LIST_COUNT),
		.condition_keys = mo_cat_word(mo_cat_word(action + ACTION_KEYS) + LIST_COUNT),
	};
}

struct mo_cat_action_resource
mo_cat_action_resource(mo_cat action, uint32_t index)
{
	uint32_t list = mo_cat_word(action + ACTION_RESOURCES);
	if (index >= mo_cat_word(list + LIST_COUNT)) {
		return (struct mo_cat_action_resource){ 0 };
	}
	uint32_t resource = list + LIST_ITEMS + index * ACTION_RESOURCE_WORDS;
	return (struct mo_cat_action_resource){
		.name = mo_cat_text(resource + ACTION_RESOURCE_NAME),
		.arn = mo_cat_text(resource + ACTION_RESOURCE_ARN),
		.required = mo_cat_word(resource + ACTION_RESOURCE_REQUIRED),
	};
}

struct mo_str
mo_cat_action_condition_key(mo_cat action, uint32_t index)
{
	uint32_t list = mo_cat_word(action + ACTION_KEYS);
	return index < mo_cat_word(list + LIST_COUNT) ? mo_cat_text(list + LIST_ITEMS + index) : (struct mo_str){ 0 };
}

bool
mo_cat_pattern_matches(struct mo_str pattern, struct mo_str name)
{
	return matches(pattern, name);
}

// A name without wildcards is found by its place, most patterns by their first match.
bool
mo_cat_any_action_matches(mo_cat service, struct mo_str pattern)
{
	bool wild = false;
	for (size_t i = 0; i < pattern.len; i++) {
		wild = wild || pattern.p[i] == '*' || pattern.p[i] == '?';
	}
	if (!wild) {
		return mo_cat_find_action(service, pattern) != 0;
	}
	uint32_t count = mo_cat_word(service + SERVICE_ACTION_COUNT), first = mo_cat_word(service + SERVICE_ACTIONS);
	for (uint32_t i = 0; i < count; i++) {
		if (matches(pattern, mo_cat_text(first + i * ACTION_WORDS + ACTION_NAME))) {
			return true;
		}
	}
	return false;
}

// The record of a condition key without a variable part.
static uint32_t
find_key(struct mo_str key)
{
	uint32_t hash = MO_CAT_HASH_START;
	for (size_t i = 0; i < key.len; i++) {
		hash = mo_cat_hash_add(hash, mo_cat_lower(key.p[i]));
	}
	uint32_t slots = mo_cat_word(MO_CAT_KEY_SLOTS), mask = mo_cat_word(MO_CAT_KEY_MASK);
	for (uint32_t slot = hash & mask;; slot = (slot + 1) & mask) {
		uint32_t found = mo_cat_word(slots + slot);
		if (!found || compare_names(mo_cat_text(found + KEY_NAME), key) == 0) {
			return found;
		}
	}
}

struct mo_str
mo_cat_condition_key_type(struct mo_str key)
{
	uint32_t found = find_key(key);
	if (found) {
		return mo_cat_text(found + KEY_TYPE);
	}
	uint32_t patterns = mo_cat_word(MO_CAT_KEY_PATTERN_LIST);
	for (uint32_t i = 0; i < mo_cat_word(MO_CAT_KEY_PATTERNS); i++) {
		if (matches(mo_cat_text(patterns + i * KEY_WORDS + KEY_NAME), key)) {
			return mo_cat_text(patterns + i * KEY_WORDS + KEY_TYPE);
		}
	}
	return (struct mo_str){ 0 };
}

bool
mo_cat_condition_key_exists(struct mo_str key)
{
	return mo_cat_condition_key_type(key).len != 0;
}
