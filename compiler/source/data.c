// SPDX-License-Identifier: Apache-2.0
// The nodes of data trees. Knows neither YAML nor JSON.
#include "source/data_tree.h"

struct mo_data *
mo_data_new(struct mo_arena *a, enum mo_data_kind kind, struct mo_span span)
{
	struct mo_data *d = mo_new(a, struct mo_data);
	d->kind = kind;
	d->span = span;
	return d;
}

static struct mo_data_member *
search(const struct mo_data *object, struct mo_str key)
{
	for (uint32_t i = 0; i < object->members.len; i++) {
		if (mo_str_eq(object->members.items[i].key, key)) {
			return &object->members.items[i];
		}
	}
	return NULL;
}

// Keys of one hash are told apart by looking at all of them: two of 2^64 hashes being equal is rare enough.
struct mo_data_member *
mo_data_find(const struct mo_data_keys *keys, const struct mo_data *object, struct mo_str key)
{
	uintptr_t position = (uintptr_t)mo_map_get(&keys->by_hash, mo_str_hash(key));
	if (!position) {
		return NULL;
	}
	struct mo_data_member *m = &object->members.items[position - 1];
	return mo_str_eq(m->key, key) ? m : search(object, key);
}

void
mo_data_add(struct mo_arena *a, struct mo_data_keys *keys, struct mo_data *object, struct mo_data_member member)
{
	uint32_t index = mo_push(a, &object->members, member);
	mo_map_put(a, &keys->by_hash, mo_str_hash(member.key), (void *)((uintptr_t)index + 1));
}

struct mo_data *
mo_data_fail(struct mo_arena *a, struct mo_data_error *error, struct mo_span span, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	error->span = span;
	error->text = mo_str_vprintf(a, fmt, args);
	va_end(args);
	return NULL;
}

const struct mo_data *
mo_data_get(const struct mo_data *d, const char *key)
{
	for (uint32_t i = 0; d && d->kind == MO_DATA_OBJECT && i < d->members.len; i++) {
		if (mo_str_is(d->members.items[i].key, key)) {
			return d->members.items[i].value;
		}
	}
	return NULL;
}
