// SPDX-License-Identifier: Apache-2.0
// Making and combining types, and the times in them. Knows the catalog only through sema/type_catalog.c.
#include "sema/type.h"

#include <string.h>

enum {
	LITERALS_IN_UNION = 24, // a union of more literals than this becomes plain String or Int: data files have thousands
	TYPE_DEPTH = 64,
};

const struct mo_type *
mo_type_of_kind(enum mo_type_kind kind)
{
	static const struct mo_type simple[] = {
		[MO_TYPE_ERROR] = { .kind = MO_TYPE_ERROR },
		[MO_TYPE_NONE] = { .kind = MO_TYPE_NONE },
		[MO_TYPE_BOOL] = { .kind = MO_TYPE_BOOL },
		[MO_TYPE_INT] = { .kind = MO_TYPE_INT },
		[MO_TYPE_FLOAT] = { .kind = MO_TYPE_FLOAT },
		[MO_TYPE_STRING] = { .kind = MO_TYPE_STRING },
		[MO_TYPE_CIDR] = { .kind = MO_TYPE_CIDR },
		[MO_TYPE_DURATION] = { .kind = MO_TYPE_DURATION },
		[MO_TYPE_SIZE] = { .kind = MO_TYPE_SIZE },
		[MO_TYPE_JSON] = { .kind = MO_TYPE_JSON },
		[MO_TYPE_RECORD] = { .kind = MO_TYPE_RECORD },
		[MO_TYPE_RESOURCE] = { .kind = MO_TYPE_RESOURCE },
		[MO_TYPE_ACCOUNT] = { .kind = MO_TYPE_ACCOUNT },
		[MO_TYPE_TARGET] = { .kind = MO_TYPE_TARGET },
		[MO_TYPE_STACK] = { .kind = MO_TYPE_STACK },
		[MO_TYPE_TEMPLATE] = { .kind = MO_TYPE_TEMPLATE },
		[MO_TYPE_AWS] = { .kind = MO_TYPE_AWS },
		[MO_TYPE_ANY] = { .kind = MO_TYPE_ANY },
	};
	return &simple[kind];
}

struct mo_type *
mo_type_new(struct mo_ctx *ctx, enum mo_type_kind kind)
{
	struct mo_type *t = mo_new(&ctx->session, struct mo_type);
	t->kind = kind;
	return t;
}

static struct mo_type *
copy_of(struct mo_ctx *ctx, const struct mo_type *t)
{
	struct mo_type *c = mo_new(&ctx->session, struct mo_type);
	*c = *t;
	return c;
}

const struct mo_type *
mo_type_list(struct mo_ctx *ctx, const struct mo_type *element)
{
	struct mo_type *t = mo_type_new(ctx, MO_TYPE_LIST);
	t->element = element;
	return t;
}

const struct mo_type *
mo_type_map(struct mo_ctx *ctx, const struct mo_type *element)
{
	struct mo_type *t = mo_type_new(ctx, MO_TYPE_MAP);
	t->element = element;
	return t;
}

const struct mo_type *
mo_type_optional(struct mo_ctx *ctx, const struct mo_type *element)
{
	if (mo_type_admits_none(element) || element->kind == MO_TYPE_ERROR || element->kind == MO_TYPE_ANY) {
		return element;
	}
	struct mo_type *t = mo_type_new(ctx, MO_TYPE_OPTIONAL);
	t->element = element;
	return t;
}

const struct mo_type *
mo_type_literal(struct mo_ctx *ctx, struct mo_str text)
{
	struct mo_type *t = mo_type_new(ctx, MO_TYPE_STRING);
	t->is_literal = true;
	t->literal = mo_str_dup(&ctx->session, text);
	return t;
}

const struct mo_type *
mo_type_resource(struct mo_ctx *ctx, struct mo_str resource_type)
{
	struct mo_type *t = mo_type_new(ctx, MO_TYPE_RESOURCE);
	t->resource_type = resource_type;
	return t;
}

bool
mo_type_admits_none(const struct mo_type *t)
{
	return t->kind == MO_TYPE_OPTIONAL || t->kind == MO_TYPE_NONE;
}

const struct mo_type *
mo_type_present(const struct mo_type *t)
{
	return t->kind == MO_TYPE_OPTIONAL ? t->element : t;
}

const struct mo_field *
mo_type_field(const struct mo_type *record, mo_atom name)
{
	for (uint32_t i = 0; i < record->fields.len; i++) {
		if (record->fields.items[i].name == name) {
			return &record->fields.items[i];
		}
	}
	return NULL;
}

// ---- equality --------------------------------------------------------------------------------------------------------------------

static bool
same_fields(const struct mo_type *a, const struct mo_type *b)
{
	if (a->fields.len != b->fields.len) {
		return false;
	}
	for (uint32_t i = 0; i < a->fields.len; i++) {
		const struct mo_field *f = &a->fields.items[i], *g = &b->fields.items[i];
		if (f->name != g->name || f->optional != g->optional || !mo_type_same(f->type, g->type)) {
			return false;
		}
	}
	return true;
}

static bool
same_targets(const struct mo_type *a, const struct mo_type *b)
{
	if (a->targets.len != b->targets.len) {
		return false;
	}
	for (uint32_t i = 0; i < a->targets.len; i++) {
		const struct mo_string_target *s = &a->targets.items[i], *t = &b->targets.items[i];
		if (!mo_str_eq(s->type, t->type) || !mo_str_eq(s->attribute, t->attribute)) {
			return false;
		}
	}
	return true;
}

static bool
same_scalar(const struct mo_type *a, const struct mo_type *b)
{
	return a->bounded == b->bounded && a->min == b->min && a->max == b->max && a->is_literal == b->is_literal
		&& mo_str_eq(a->literal, b->literal) && mo_str_eq(a->pattern, b->pattern) && a->role == b->role && a->loose == b->loose && same_targets(a, b);
}

bool
mo_type_same(const struct mo_type *a, const struct mo_type *b)
{
	if (a == b) {
		return true;
	}
	if (a->kind != b->kind) {
		return false;
	}
	switch (a->kind) {
	case MO_TYPE_INT:
	case MO_TYPE_STRING:
	case MO_TYPE_BOOL:
		return same_scalar(a, b);
	case MO_TYPE_LIST:
	case MO_TYPE_MAP:
	case MO_TYPE_OPTIONAL:
		return mo_type_same(a->element, b->element);
	case MO_TYPE_FAMILY:
		return a->dimensions == b->dimensions && mo_type_same(a->element, b->element);
	case MO_TYPE_RECORD:
	case MO_TYPE_ACCOUNT:
	case MO_TYPE_TARGET:
		return same_fields(a, b);
	case MO_TYPE_UNION:
		if (a->alternatives.len != b->alternatives.len) {
			return false;
		}
		for (uint32_t i = 0; i < a->alternatives.len; i++) {
			if (!mo_type_same(a->alternatives.items[i], b->alternatives.items[i])) {
				return false;
			}
		}
		return true;
	case MO_TYPE_STRUCT:
		return a->catalog == b->catalog;
	case MO_TYPE_RESOURCE:
		return mo_str_eq(a->resource_type, b->resource_type);
	case MO_TYPE_INSTANCE:
		return a->symbol == b->symbol && a->arguments == b->arguments;
	case MO_TYPE_STACK:
	case MO_TYPE_TEMPLATE:
	case MO_TYPE_MODULE:
	case MO_TYPE_FUNCTION:
		return a->symbol == b->symbol;
	default:
		return true;
	}
}

// ---- union -----------------------------------------------------------------------------------------------------------------------

static const struct mo_field *
add_merged_field(struct mo_ctx *ctx, struct mo_type *into, const struct mo_field *f, const struct mo_field *g)
{
	struct mo_field merged = *f;
	if (g) {
		merged.type = mo_type_union(ctx, f->type, g->type);
		merged.optional = f->optional || g->optional;
	} else {
		merged.optional = true;
	}
	mo_push(&ctx->session, &into->fields, merged);
	return &mo_last(&into->fields);
}

// One record type that holds both: a field that one of them lacks is optional.
static const struct mo_type *
merge_records(struct mo_ctx *ctx, const struct mo_type *a, const struct mo_type *b)
{
	struct mo_type *t = mo_type_new(ctx, a->kind);
	t->time = mo_time_join(ctx, a->time, b->time);
	t->name = a->name == b->name ? a->name : 0;
	for (uint32_t i = 0; i < a->fields.len; i++) {
		add_merged_field(ctx, t, &a->fields.items[i], mo_type_field(b, a->fields.items[i].name));
	}
	for (uint32_t i = 0; i < b->fields.len; i++) {
		if (!mo_type_field(a, b->fields.items[i].name)) {
			add_merged_field(ctx, t, &b->fields.items[i], NULL);
		}
	}
	return t;
}

static bool
is_plain(const struct mo_type *t)
{
	return !t->is_literal && !t->bounded && !t->pattern.len && !t->targets.len && t->role == MO_STRING_TEXT;
}

// Whether adding b to a union that has a says nothing new.
static bool
covers(const struct mo_type *a, const struct mo_type *b)
{
	if (mo_type_same(a, b)) {
		return true;
	}
	bool scalar = a->kind == MO_TYPE_STRING || a->kind == MO_TYPE_INT || a->kind == MO_TYPE_BOOL;
	return a->kind == b->kind && scalar && is_plain(a) && b->targets.len == 0 && (a->loose || !b->loose);
}

static void
add_alternative(struct mo_ctx *ctx, struct mo_type *into, const struct mo_type *t)
{
	if (t->kind == MO_TYPE_UNION) {
		for (uint32_t i = 0; i < t->alternatives.len; i++) {
			add_alternative(ctx, into, t->alternatives.items[i]);
		}
		return;
	}
	uint32_t literals = 0;
	for (uint32_t i = 0; i < into->alternatives.len; i++) {
		const struct mo_type *have = into->alternatives.items[i];
		literals += have->kind == t->kind && have->is_literal;
		if (covers(have, t) || covers(t, have)) {
			const struct mo_type *wider = covers(have, t) ? have : t;
			into->alternatives.items[i] = mo_type_at(ctx, wider, mo_time_join(ctx, have->time, t->time));
			return;
		}
		if (have->kind == t->kind && (have->kind == MO_TYPE_RECORD || have->kind == MO_TYPE_LIST)) {
			into->alternatives.items[i] = mo_type_union(ctx, have, t);
			return;
		}
	}
	if (literals >= LITERALS_IN_UNION) {
		struct mo_type *wide = mo_type_new(ctx, t->kind);
		wide->time = t->time;
		uint32_t kept = 0;
		for (uint32_t i = 0; i < into->alternatives.len; i++) {
			const struct mo_type *have = into->alternatives.items[i];
			if (have->kind == t->kind && have->is_literal) {
				wide->time = mo_time_join(ctx, wide->time, have->time);
			} else {
				into->alternatives.items[kept++] = have;
			}
		}
		into->alternatives.len = kept;
		t = wide;
	}
	mo_push(&ctx->session, &into->alternatives, t);
}

static const struct mo_type *
union_of_present(struct mo_ctx *ctx, const struct mo_type *a, const struct mo_type *b)
{
	struct mo_time time = mo_time_join(ctx, a->time, b->time);
	if (mo_type_same(a, b) || covers(a, b)) {
		return mo_type_at(ctx, a, time);
	}
	if (covers(b, a)) {
		return mo_type_at(ctx, b, time);
	}
	if (a->kind == b->kind && (a->kind == MO_TYPE_RECORD || a->kind == MO_TYPE_ACCOUNT || a->kind == MO_TYPE_TARGET)) {
		return merge_records(ctx, a, b);
	}
	if (a->kind == b->kind && (a->kind == MO_TYPE_LIST || a->kind == MO_TYPE_MAP)) {
		struct mo_type *t = mo_type_new(ctx, a->kind);
		t->element = mo_type_union(ctx, a->element, b->element);
		t->time = time;
		return t;
	}
	if ((a->kind == MO_TYPE_INT && b->kind == MO_TYPE_FLOAT) || (a->kind == MO_TYPE_FLOAT && b->kind == MO_TYPE_INT)) {
		return mo_type_at(ctx, mo_type_of_kind(MO_TYPE_FLOAT), time);
	}
	struct mo_type *t = mo_type_new(ctx, MO_TYPE_UNION);
	t->time = time;
	add_alternative(ctx, t, a);
	add_alternative(ctx, t, b);
	return t->alternatives.len == 1 ? mo_type_at(ctx, t->alternatives.items[0], time) : t;
}

const struct mo_type *
mo_type_union(struct mo_ctx *ctx, const struct mo_type *a, const struct mo_type *b)
{
	if (a == b) {
		return a;
	}
	if (a->kind == MO_TYPE_ERROR || b->kind == MO_TYPE_ERROR) {
		return a->kind == MO_TYPE_ERROR ? b : a;
	}
	if (a->kind == MO_TYPE_ANY || b->kind == MO_TYPE_ANY) {
		return mo_type_of_kind(MO_TYPE_ANY);
	}
	if (!mo_type_admits_none(a) && !mo_type_admits_none(b)) {
		return union_of_present(ctx, a, b);
	}
	struct mo_time time = mo_time_join(ctx, a->time, b->time);
	if (a->kind == MO_TYPE_NONE || b->kind == MO_TYPE_NONE) {
		const struct mo_type *t = mo_type_optional(ctx, a->kind == MO_TYPE_NONE ? b : a);
		return mo_type_at(ctx, t, time);
	}
	const struct mo_type *t = union_of_present(ctx, mo_type_present(a), mo_type_present(b));
	return mo_type_at(ctx, mo_type_optional(ctx, t), time);
}

// ---- times -----------------------------------------------------------------------------------------------------------------------

static bool
has_place(const struct mo_place_list *list, const struct mo_place *p)
{
	for (; list; list = list->next) {
		if (list->place == p) {
			return true;
		}
	}
	return false;
}

static const struct mo_place_list *
with_place(struct mo_ctx *ctx, const struct mo_place_list *list, struct mo_place *p)
{
	if (has_place(list, p)) {
		return list;
	}
	struct mo_place_list *l = mo_new(&ctx->session, struct mo_place_list);
	l->place = p;
	l->next = list;
	return l;
}

struct mo_time
mo_time_join(struct mo_ctx *ctx, struct mo_time a, struct mo_time b)
{
	struct mo_time t = a.deploy || !b.deploy ? a : b;
	t.places = a.places;
	for (const struct mo_place_list *l = b.places; l; l = l->next) {
		t.places = with_place(ctx, t.places, l->place);
	}
	return t;
}

static bool
adds_nothing(struct mo_time have, struct mo_time more)
{
	if (more.deploy && !have.deploy) {
		return false;
	}
	for (const struct mo_place_list *l = more.places; l; l = l->next) {
		if (!has_place(have.places, l->place)) {
			return false;
		}
	}
	return true;
}

const struct mo_type *
mo_type_at(struct mo_ctx *ctx, const struct mo_type *t, struct mo_time time)
{
	bool wraps = t->kind == MO_TYPE_OPTIONAL || t->kind == MO_TYPE_UNION;
	if (t->kind == MO_TYPE_ERROR || (adds_nothing(t->time, time) && !wraps) || (!time.deploy && !time.places)) {
		return t;
	}
	struct mo_type *c = copy_of(ctx, t);
	c->time = mo_time_join(ctx, t->time, time);
	if (t->kind == MO_TYPE_OPTIONAL) {
		c->element = mo_type_at(ctx, t->element, time);
	}
	if (t->kind == MO_TYPE_UNION) {
		memset(&c->alternatives, 0, sizeof(c->alternatives));
		for (uint32_t i = 0; i < t->alternatives.len; i++) {
			mo_push(&ctx->session, &c->alternatives, mo_type_at(ctx, t->alternatives.items[i], time));
		}
	}
	return c;
}

static struct mo_place *
child_place(struct mo_ctx *ctx, struct mo_place *parent, mo_atom member)
{
	for (uint32_t i = 0; i < parent->children.len; i++) {
		if (parent->children.items[i]->member == member) {
			return parent->children.items[i];
		}
	}
	uint32_t depth = 0;
	for (struct mo_place *p = parent; p; p = p->parent) {
		depth++;
	}
	if (depth >= TYPE_DEPTH) {
		return parent; // deeper parts share one place: stricter, never wrong
	}
	struct mo_place *c = mo_new(&ctx->session, struct mo_place);
	c->parent = parent;
	c->member = member;
	c->symbol = parent->symbol;
	mo_push(&ctx->session, &parent->children, c);
	return c;
}

const struct mo_type *
mo_type_part(struct mo_ctx *ctx, const struct mo_type *container, mo_atom member, const struct mo_type *part)
{
	struct mo_time time = { .deploy = container->time.deploy, .deploy_at = container->time.deploy_at };
	for (const struct mo_place_list *l = container->time.places; l; l = l->next) {
		time.places = with_place(ctx, time.places, child_place(ctx, l->place, member));
	}
	return mo_type_at(ctx, part, time);
}
