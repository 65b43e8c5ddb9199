// SPDX-License-Identifier: Apache-2.0
// Values: made here, compared and hashed. Knows nothing of evaluation. Walks of values stop at MO_IR_DEEPEST levels, with the answer
// that promises less ("not equal", "known only at deploy time").
#include "eval/value.h"

#include <math.h>
#include <string.h>

enum { INDEXED_FROM = 16 }; // members; smaller records are searched one by one

const struct mo_value *
mo_value_simple(enum mo_value_kind kind)
{
	static const struct mo_value error = { .kind = MO_VALUE_ERROR }, none = { .kind = MO_VALUE_NONE }, aws = { .kind = MO_VALUE_AWS };
	return kind == MO_VALUE_NONE ? &none : kind == MO_VALUE_AWS ? &aws : &error;
}

struct mo_value *
mo_value_new(struct mo_arena *a, enum mo_value_kind kind, struct mo_span span)
{
	struct mo_value *v = mo_new(a, struct mo_value);
	v->kind = kind;
	v->span = span;
	return v;
}

const struct mo_value *
mo_value_bool(struct mo_arena *a, struct mo_span span, bool b)
{
	struct mo_value *v = mo_value_new(a, MO_VALUE_BOOL, span);
	v->boolean = b;
	return v;
}

const struct mo_value *
mo_value_int(struct mo_arena *a, struct mo_span span, int64_t n)
{
	struct mo_value *v = mo_value_new(a, MO_VALUE_INT, span);
	v->integer = n;
	return v;
}

const struct mo_value *
mo_value_float(struct mo_arena *a, struct mo_span span, double d)
{
	struct mo_value *v = mo_value_new(a, MO_VALUE_FLOAT, span);
	v->number = d;
	return v;
}

const struct mo_value *
mo_value_string(struct mo_arena *a, struct mo_span span, struct mo_str text)
{
	struct mo_value *v = mo_value_new(a, MO_VALUE_STRING, span);
	v->text = text;
	return v;
}

const struct mo_value *
mo_value_cidr(struct mo_arena *a, struct mo_span span, struct mo_cidr c)
{
	struct mo_value *v = mo_value_new(a, MO_VALUE_CIDR, span);
	v->cidr = c;
	return v;
}

const struct mo_value *
mo_value_deploy(struct mo_arena *a, struct mo_span span, const struct mo_ir_value *ir, bool is_list)
{
	struct mo_value *v = mo_value_new(a, MO_VALUE_DEPLOY, span);
	v->ir = ir;
	v->is_list = is_list;
	return v;
}

const struct mo_value *
mo_value_resource(struct mo_arena *a, struct mo_span span, struct mo_ir_resource *r)
{
	struct mo_value *v = mo_value_new(a, MO_VALUE_RESOURCE, span);
	v->resource = r;
	return v;
}

struct mo_value *
mo_value_list(struct mo_arena *a, struct mo_span span)
{
	return mo_value_new(a, MO_VALUE_LIST, span);
}

struct mo_value *
mo_value_record(struct mo_arena *a, struct mo_span span)
{
	return mo_value_new(a, MO_VALUE_RECORD, span);
}

// ---- members ---------------------------------------------------------------------------------------------------------------------

static void
index_member(struct mo_arena *a, struct mo_value *record, uint32_t position)
{
	struct mo_str key = record->members.items[position].key;
	mo_map_put(a, record->index, mo_str_hash(key), (void *)(uintptr_t)(position + 1));
}

static void
make_index(struct mo_arena *a, struct mo_value *record)
{
	record->index = mo_new(a, struct mo_map);
	for (uint32_t i = 0; i < record->members.len; i++) {
		index_member(a, record, i);
	}
}

// The index counts only while it knows every member: two keys of one hash, or members that were pushed past mo_value_set, leave it
// shorter than the record for ever.
static struct mo_value_member *
member_of(const struct mo_value *record, struct mo_str key)
{
	if (record->index && record->index->len == record->members.len) {
		uintptr_t position = (uintptr_t)mo_map_get(record->index, mo_str_hash(key));
		struct mo_value_member *m = position ? &record->members.items[position - 1] : NULL;
		return m && mo_str_eq(m->key, key) ? m : NULL;
	}
	for (uint32_t i = 0; i < record->members.len; i++) {
		if (mo_str_eq(record->members.items[i].key, key)) {
			return &record->members.items[i];
		}
	}
	return NULL;
}

void
mo_value_set(struct mo_arena *a, struct mo_value *record, struct mo_str key, struct mo_span key_span, const struct mo_value *v)
{
	struct mo_value_member *there = member_of(record, key);
	if (there) {
		there->key_span = key_span;
		there->value = v;
		return;
	}
	uint32_t position = mo_push(a, &record->members, (struct mo_value_member){ key, key_span, v });
	if (record->index) {
		index_member(a, record, position);
	} else if (record->members.len >= INDEXED_FROM) {
		make_index(a, record);
	}
}

const struct mo_value *
mo_value_get(const struct mo_value *record, struct mo_str key)
{
	const struct mo_value_member *m = record->kind == MO_VALUE_RECORD ? member_of(record, key) : NULL;
	return m ? m->value : NULL;
}

// ---- equality --------------------------------------------------------------------------------------------------------------------

static bool equal(const struct mo_value *a, const struct mo_value *b, uint32_t depth);

static bool
equal_items(const mo_values *a, const mo_values *b, uint32_t depth)
{
	for (uint32_t i = 0; i < a->len && i < b->len; i++) {
		if (!equal(a->items[i], b->items[i], depth)) {
			return false;
		}
	}
	return a->len == b->len;
}

// Records are equal whatever the order of their members; a member that is none is as good as absent.
static bool
covers(const struct mo_value *a, const struct mo_value *b, uint32_t depth)
{
	for (uint32_t i = 0; i < a->members.len; i++) {
		const struct mo_value_member *m = &a->members.items[i];
		bool same_place = i < b->members.len && mo_str_eq(b->members.items[i].key, m->key);
		const struct mo_value *other = same_place ? b->members.items[i].value : mo_value_get(b, m->key);
		if (other ? !equal(m->value, other, depth) : m->value->kind != MO_VALUE_NONE) {
			return false;
		}
	}
	return true;
}

static bool
nothing_more(const struct mo_value *a, const struct mo_value *b)
{
	for (uint32_t i = 0; i < b->members.len; i++) {
		if (b->members.items[i].value->kind != MO_VALUE_NONE && !mo_value_get(a, b->members.items[i].key)) {
			return false;
		}
	}
	return true;
}

// Whole numbers that a double holds exactly; beyond them an Int and a Float are never the same.
static bool
whole(double d, int64_t *n)
{
	if (!(fabs(d) <= 9007199254740992.0) || trunc(d) < d || trunc(d) > d) {
		return false;
	}
	*n = (int64_t)d;
	return true;
}

static bool
equal_numbers(const struct mo_value *a, const struct mo_value *b)
{
	int64_t n;
	if (a->kind == MO_VALUE_INT && b->kind == MO_VALUE_INT) {
		return a->integer == b->integer;
	}
	if (a->kind == MO_VALUE_FLOAT && b->kind == MO_VALUE_FLOAT) {
		return !(a->number < b->number) && !(a->number > b->number);
	}
	const struct mo_value *i = a->kind == MO_VALUE_INT ? a : b, *f = a->kind == MO_VALUE_INT ? b : a;
	return whole(f->number, &n) && n == i->integer;
}

static bool
is_number(const struct mo_value *v)
{
	return v->kind == MO_VALUE_INT || v->kind == MO_VALUE_FLOAT;
}

static bool
equal_handles(const struct mo_value *a, const struct mo_value *b)
{
	switch (a->kind) {
	case MO_VALUE_RESOURCE:
		return a->resource == b->resource;
	case MO_VALUE_INSTANCE:
		return a->instance == b->instance;
	case MO_VALUE_FAMILY:
		return a->family == b->family;
	case MO_VALUE_ACCOUNT:
		return a->account == b->account;
	case MO_VALUE_TARGET:
		return a->account == b->account && mo_str_eq(a->region, b->region);
	case MO_VALUE_STACK:
	case MO_VALUE_TEMPLATE:
	case MO_VALUE_MODULE:
		return a->symbol == b->symbol;
	default:
		return true;
	}
}

static bool
equal(const struct mo_value *a, const struct mo_value *b, uint32_t depth)
{
	if (a == b) {
		return true;
	}
	if (is_number(a) && is_number(b)) {
		return equal_numbers(a, b);
	}
	if (a->kind != b->kind || depth > MO_IR_DEEPEST) {
		return false;
	}
	switch (a->kind) {
	case MO_VALUE_BOOL:
		return a->boolean == b->boolean;
	case MO_VALUE_DURATION:
	case MO_VALUE_SIZE:
		return a->integer == b->integer;
	case MO_VALUE_STRING:
		return mo_str_eq(a->text, b->text);
	case MO_VALUE_CIDR:
		return a->cidr.address == b->cidr.address && a->cidr.prefix == b->cidr.prefix;
	case MO_VALUE_LIST:
		return equal_items(&a->items, &b->items, depth + 1);
	case MO_VALUE_RECORD:
		return covers(a, b, depth + 1) && nothing_more(a, b);
	case MO_VALUE_DEPLOY:
		return mo_ir_equal(a->ir, b->ir);
	default:
		return equal_handles(a, b);
	}
}

bool
mo_value_equal(const struct mo_value *a, const struct mo_value *b)
{
	return equal(a, b, 0);
}

// ---- hash ------------------------------------------------------------------------------------------------------------------------

static uint64_t
mix(uint64_t h, uint64_t more)
{
	h = (h ^ more) * 0x9e3779b97f4a7c15ULL;
	return h ^ (h >> 29);
}

static uint64_t
hash_of_float(double d)
{
	int64_t n;
	uint64_t bits;
	if (whole(d, &n)) {
		return mix(MO_VALUE_INT, (uint64_t)n);
	}
	memcpy(&bits, &d, sizeof(bits));
	return mix(MO_VALUE_FLOAT, bits);
}

static uint64_t hash(const struct mo_value *v, uint32_t depth);

static uint64_t
hash_of_items(const struct mo_value *v, uint32_t depth)
{
	uint64_t h = MO_VALUE_LIST;
	for (uint32_t i = 0; i < v->items.len; i++) {
		h = mix(h, hash(v->items.items[i], depth));
	}
	return h;
}

// A sum, because the order of members does not count.
static uint64_t
hash_of_members(const struct mo_value *v, uint32_t depth)
{
	uint64_t h = MO_VALUE_RECORD;
	for (uint32_t i = 0; i < v->members.len; i++) {
		const struct mo_value_member *m = &v->members.items[i];
		if (m->value->kind != MO_VALUE_NONE) {
			h += mix(mo_str_hash(m->key), hash(m->value, depth));
		}
	}
	return h;
}

static uint64_t
hash(const struct mo_value *v, uint32_t depth)
{
	if (depth > MO_IR_DEEPEST) {
		return 0;
	}
	switch (v->kind) {
	case MO_VALUE_BOOL:
		return mix(v->kind, v->boolean);
	case MO_VALUE_INT:
	case MO_VALUE_DURATION:
	case MO_VALUE_SIZE:
		return mix(v->kind, (uint64_t)v->integer);
	case MO_VALUE_FLOAT:
		return hash_of_float(v->number);
	case MO_VALUE_STRING:
		return mix(v->kind, mo_str_hash(v->text));
	case MO_VALUE_CIDR:
		return mix(v->kind, (uint64_t)v->cidr.address << 8 | v->cidr.prefix);
	case MO_VALUE_LIST:
		return hash_of_items(v, depth + 1);
	case MO_VALUE_RECORD:
		return hash_of_members(v, depth + 1);
	case MO_VALUE_RESOURCE:
	case MO_VALUE_INSTANCE:
	case MO_VALUE_FAMILY:
	case MO_VALUE_STACK:
	case MO_VALUE_TEMPLATE:
	case MO_VALUE_MODULE:
		return mix(v->kind, (uint64_t)(uintptr_t)v->resource); // any of the pointers: they share their place
	case MO_VALUE_ACCOUNT:
	case MO_VALUE_TARGET:
		return mix(v->kind, (uint64_t)(uintptr_t)v->account);
	default:
		return mix(v->kind, 0); // DEPLOY: expressions are compared, not hashed
	}
}

uint64_t
mo_value_hash(const struct mo_value *v)
{
	return hash(v, 0);
}

// ---- times -----------------------------------------------------------------------------------------------------------------------

static bool
deploy_time(const struct mo_value *v, uint32_t depth)
{
	if (depth > MO_IR_DEEPEST) {
		return true;
	}
	if (v->kind == MO_VALUE_LIST) {
		for (uint32_t i = 0; i < v->items.len; i++) {
			if (deploy_time(v->items.items[i], depth + 1)) {
				return true;
			}
		}
	}
	if (v->kind == MO_VALUE_RECORD) {
		for (uint32_t i = 0; i < v->members.len; i++) {
			if (deploy_time(v->members.items[i].value, depth + 1)) {
				return true;
			}
		}
	}
	return v->kind == MO_VALUE_DEPLOY;
}

bool
mo_value_is_deploy_time(const struct mo_value *v)
{
	return deploy_time(v, 0);
}
