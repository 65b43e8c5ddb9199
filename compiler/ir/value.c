// SPDX-License-Identifier: Apache-2.0
// Values of the platform: made here, immutable once made. Knows nothing of how they are written down.
#include "ir/ir.h"

#include <string.h>

static struct mo_ir_value *
make(struct mo_arena *a, struct mo_span span, enum mo_ir_kind kind)
{
	struct mo_ir_value *v = mo_new(a, struct mo_ir_value);
	v->kind = kind;
	v->span = span;
	return v;
}

const struct mo_ir_value *
mo_ir_null(struct mo_arena *a, struct mo_span span)
{
	return make(a, span, MO_IR_NULL);
}

const struct mo_ir_value *
mo_ir_bool(struct mo_arena *a, struct mo_span span, bool b)
{
	struct mo_ir_value *v = make(a, span, MO_IR_BOOL);
	v->boolean = b;
	return v;
}

const struct mo_ir_value *
mo_ir_int(struct mo_arena *a, struct mo_span span, int64_t n)
{
	struct mo_ir_value *v = make(a, span, MO_IR_INT);
	v->integer = n;
	return v;
}

const struct mo_ir_value *
mo_ir_float(struct mo_arena *a, struct mo_span span, double d)
{
	struct mo_ir_value *v = make(a, span, MO_IR_FLOAT);
	v->number = d;
	return v;
}

const struct mo_ir_value *
mo_ir_string(struct mo_arena *a, struct mo_span span, struct mo_str text)
{
	struct mo_ir_value *v = make(a, span, MO_IR_STRING);
	v->text = text;
	return v;
}

const struct mo_ir_value *
mo_ir_ref(struct mo_arena *a, struct mo_span span, struct mo_ir_resource *r)
{
	struct mo_ir_value *v = make(a, span, MO_IR_RESOURCE);
	v->resource = r;
	return v;
}

const struct mo_ir_value *
mo_ir_attribute(struct mo_arena *a, struct mo_span span, struct mo_ir_resource *r, struct mo_str name)
{
	struct mo_ir_value *v = make(a, span, MO_IR_ATTRIBUTE);
	v->resource = r;
	v->attribute = name;
	return v;
}

const struct mo_ir_value *
mo_ir_param_ref(struct mo_arena *a, struct mo_span span, struct mo_ir_param *p)
{
	struct mo_ir_value *v = make(a, span, MO_IR_PARAM);
	v->param = p;
	return v;
}

const struct mo_ir_value *
mo_ir_pseudo(struct mo_arena *a, struct mo_span span, struct mo_str name)
{
	struct mo_ir_value *v = make(a, span, MO_IR_PSEUDO);
	v->text = name;
	return v;
}

const struct mo_ir_value *
mo_ir_if(struct mo_arena *a, struct mo_span span, struct mo_ir_condition *c, const struct mo_ir_value *then,
	const struct mo_ir_value *otherwise)
{
	struct mo_ir_value *v = make(a, span, MO_IR_IF);
	v->condition = c;
	v->then = then;
	v->otherwise = otherwise;
	return v;
}

const struct mo_ir_value *
mo_ir_condition_ref(struct mo_arena *a, struct mo_span span, struct mo_ir_condition *c)
{
	struct mo_ir_value *v = make(a, span, MO_IR_CONDITION);
	v->condition = c;
	return v;
}

const struct mo_ir_value *
mo_ir_call(struct mo_arena *a, struct mo_span span, struct mo_str function, const struct mo_ir_value *arg)
{
	struct mo_ir_value *v = make(a, span, MO_IR_CALL);
	v->function = function;
	v->argument = arg;
	return v;
}

const struct mo_ir_value *
mo_ir_asset_part(struct mo_arena *a, struct mo_span span, const struct mo_ir_asset *asset, enum mo_ir_asset_part part,
	struct mo_ir_resource *home)
{
	struct mo_ir_value *v = make(a, span, MO_IR_ASSET);
	v->asset = asset;
	v->home = home;
	v->part = part;
	return v;
}

const struct mo_ir_value *
mo_ir_call_list(struct mo_arena *a, struct mo_span span, struct mo_str function, const struct mo_ir_value *const *args, uint32_t count)
{
	struct mo_ir_value *list = make(a, span, MO_IR_LIST);
	for (uint32_t i = 0; i < count; i++) {
		mo_push(a, &list->items, args[i]);
	}
	return mo_ir_call(a, span, function, list);
}

struct mo_ir_value *
mo_ir_list(struct mo_arena *a, struct mo_span span)
{
	return make(a, span, MO_IR_LIST);
}

struct mo_ir_value *
mo_ir_object(struct mo_arena *a, struct mo_span span)
{
	return make(a, span, MO_IR_OBJECT);
}

struct mo_ir_value *
mo_ir_sub(struct mo_arena *a, struct mo_span span)
{
	return make(a, span, MO_IR_SUB);
}

static struct mo_ir_member *
member_of(const struct mo_ir_value *object, struct mo_str key)
{
	for (uint32_t i = 0; i < object->members.len; i++) {
		if (mo_str_eq(object->members.items[i].key, key)) {
			return &object->members.items[i];
		}
	}
	return NULL;
}

void
mo_ir_set(struct mo_arena *a, struct mo_ir_value *object, struct mo_str key, struct mo_span key_span, const struct mo_ir_value *v)
{
	struct mo_ir_member *there = member_of(object, key);
	if (there) {
		there->key_span = key_span;
		there->value = v;
		return;
	}
	mo_push(a, &object->members, (struct mo_ir_member){ key, key_span, v });
}

const struct mo_ir_value *
mo_ir_get(const struct mo_ir_value *object, struct mo_str key)
{
	if (!object || object->kind != MO_IR_OBJECT) {
		return NULL;
	}
	const struct mo_ir_member *m = member_of(object, key);
	return m ? m->value : NULL;
}

// ---- questions -------------------------------------------------------------------------------------------------------------------

// Deeper than MO_IR_DEEPEST counts as deploy-time: nobody may fold what nobody has read to the end.
static bool
deploy_time(const struct mo_ir_value *v, uint32_t depth)
{
	if (depth > MO_IR_DEEPEST || v->kind > MO_IR_OBJECT) {
		return true;
	}
	if (v->kind == MO_IR_LIST) {
		for (uint32_t i = 0; i < v->items.len; i++) {
			if (deploy_time(v->items.items[i], depth + 1)) {
				return true;
			}
		}
	}
	if (v->kind == MO_IR_OBJECT) {
		for (uint32_t i = 0; i < v->members.len; i++) {
			if (deploy_time(v->members.items[i].value, depth + 1)) {
				return true;
			}
		}
	}
	return false;
}

bool
mo_ir_is_deploy_time(const struct mo_ir_value *v)
{
	return deploy_time(v, 0);
}

static bool equal(const struct mo_ir_value *a, const struct mo_ir_value *b, uint32_t depth);

static bool
equal_items(const mo_ir_values *a, const mo_ir_values *b, uint32_t depth)
{
	if (a->len != b->len) {
		return false;
	}
	for (uint32_t i = 0; i < a->len; i++) {
		if (!equal(a->items[i], b->items[i], depth)) {
			return false;
		}
	}
	return true;
}

// Objects are equal whatever the order of their members.
static bool
equal_members(const struct mo_ir_value *a, const struct mo_ir_value *b, uint32_t depth)
{
	if (a->members.len != b->members.len) {
		return false;
	}
	for (uint32_t i = 0; i < a->members.len; i++) {
		const struct mo_ir_member *m = &a->members.items[i], *same_place = &b->members.items[i];
		const struct mo_ir_value *other = mo_str_eq(m->key, same_place->key) ? same_place->value : mo_ir_get(b, m->key);
		if (!other || !equal(m->value, other, depth)) {
			return false;
		}
	}
	return true;
}

static bool
equal(const struct mo_ir_value *a, const struct mo_ir_value *b, uint32_t depth)
{
	if (a == b) {
		return true;
	}
	if (a->kind != b->kind || depth > MO_IR_DEEPEST) {
		return false;
	}
	switch (a->kind) {
	case MO_IR_NULL:
		return true;
	case MO_IR_BOOL:
		return a->boolean == b->boolean;
	case MO_IR_INT:
		return a->integer == b->integer;
	case MO_IR_FLOAT:
		return memcmp(&a->number, &b->number, sizeof(a->number)) == 0;
	case MO_IR_STRING:
	case MO_IR_PSEUDO:
		return mo_str_eq(a->text, b->text);
	case MO_IR_LIST:
	case MO_IR_SUB:
		return equal_items(&a->items, &b->items, depth + 1);
	case MO_IR_OBJECT:
		return equal_members(a, b, depth + 1);
	case MO_IR_RESOURCE:
		return a->resource == b->resource;
	case MO_IR_ATTRIBUTE:
		return a->resource == b->resource && mo_str_eq(a->attribute, b->attribute);
	case MO_IR_PARAM:
		return a->param == b->param;
	case MO_IR_IF:
		return a->condition == b->condition && equal(a->then, b->then, depth + 1)
		       && equal(a->otherwise, b->otherwise, depth + 1);
	case MO_IR_CONDITION:
		return a->condition == b->condition;
	case MO_IR_CALL:
		return mo_str_eq(a->function, b->function) && equal(a->argument, b->argument, depth + 1);
	case MO_IR_ASSET:
		return a->part == b->part && a->home == b->home && (a->asset == b->asset || (a->asset->key.len && mo_str_eq(a->asset->key, b->asset->key)));
	}
	return false;
}

bool
mo_ir_equal(const struct mo_ir_value *a, const struct mo_ir_value *b)
{
	return equal(a, b, 0);
}

const struct mo_ir_value *
mo_ir_added(const struct mo_ir_template *t, const char *section)
{
	const struct mo_ir_value *added = t->extra ? mo_ir_get(t->extra, mo_str_c(section)) : NULL;
	return added && added->kind == MO_IR_OBJECT ? added : NULL;
}
