// SPDX-License-Identifier: Apache-2.0
// Making, comparing and joining types. Their times are in type_time.c, those that the catalog describes in type_catalog.c.
#include "sema/type.h"

enum { LITERALS_IN_UNION = 24 }; // a union of more literals than this becomes plain String or Int: data files have thousands

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
		[MO_TYPE_ACCOUNT] = { .kind = MO_TYPE_ACCOUNT, .element = &simple[MO_TYPE_JSON], .parts = 2, .levels = 1 }, // whose labels are not known
		[MO_TYPE_TARGET] = { .kind = MO_TYPE_TARGET, .element = &simple[MO_TYPE_JSON], .parts = 2, .levels = 1 },
		[MO_TYPE_STACK] = { .kind = MO_TYPE_STACK },
		[MO_TYPE_TEMPLATE] = { .kind = MO_TYPE_TEMPLATE },
		[MO_TYPE_AUDIENCE] = { .kind = MO_TYPE_AUDIENCE },
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

struct weight {
	uint64_t parts;
	uint32_t levels;
};

static void
add_weight(struct weight *w, const struct mo_type *t)
{
	w->parts += mo_type_parts(t);
	w->levels = t->levels > w->levels ? t->levels : w->levels;
}

// Types share their parts, so each is weighed once; what the catalog and components hold is not part of a type.
uint32_t
mo_type_parts(const struct mo_type *t)
{
	bool is_compound = t->kind == MO_TYPE_RECORD || t->kind == MO_TYPE_ACCOUNT || t->kind == MO_TYPE_TARGET;
	uint32_t fields = is_compound ? t->fields.len : 0;
	bool is_simple = t == mo_type_of_kind(t->kind) || (!fields && !t->element && !t->alternatives.len); // the shared ones are constants
	if (t->parts || is_simple) {
		return t->parts ? t->parts : 1;
	}
	struct weight w = { 0 };
	for (uint32_t i = 0; i < fields; i++) {
		add_weight(&w, t->fields.items[i].type);
	}
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		add_weight(&w, t->alternatives.items[i]);
	}
	if (t->element) {
		add_weight(&w, t->element);
	}
	bool is_large = w.parts >= MO_TYPE_LARGEST || w.levels >= MO_TYPE_DEEPEST;
	struct mo_type *known = (struct mo_type *)(uintptr_t)t; // what is remembered is no part of what it says
	known->parts = is_large ? MO_TYPE_LARGEST + 1 : (uint32_t)w.parts + 1;
	known->levels = w.levels + 1;
	return t->parts;
}

const struct mo_type *
mo_type_list(struct mo_ctx *ctx, const struct mo_type *element)
{
	struct mo_type *t = mo_type_new(ctx, MO_TYPE_LIST);
	t->element = element;
	return t;
}

struct mo_type *
mo_type_record(struct mo_ctx *ctx, const char *name)
{
	struct mo_type *t = mo_type_new(ctx, MO_TYPE_RECORD);
	t->name = mo_atom_of(ctx->atoms, mo_str_c(name));
	return t;
}

void
mo_type_add_field(struct mo_ctx *ctx, struct mo_type *record, const char *name, const struct mo_type *type, bool optional)
{
	struct mo_field f = { .name = mo_atom_of(ctx->atoms, mo_str_c(name)), .type = type, .optional = optional };
	mo_push(&ctx->session, &record->fields, f);
}

const struct mo_type *
mo_type_computed_list(struct mo_ctx *ctx, const struct mo_type *element, struct mo_time time)
{
	struct mo_type *t = mo_type_new(ctx, MO_TYPE_LIST);
	t->element = element;
	t->time = time;
	t->computed = true;
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

#define PRINCIPAL MO_STR("Principal")

const struct mo_type *
mo_type_principal(struct mo_ctx *ctx)
{
	struct mo_type *t = mo_type_new(ctx, MO_TYPE_RECORD);
	const struct mo_type *string = mo_type_of_kind(MO_TYPE_STRING);
	t->name = mo_atom_of(ctx->atoms, PRINCIPAL);
	mo_push(&ctx->session, &t->fields, (struct mo_field){ .name = mo_atom_of(ctx->atoms, MO_STR("kind")), .type = string });
	mo_push(&ctx->session, &t->fields, (struct mo_field){ .name = mo_atom_of(ctx->atoms, MO_STR("value")), .type = string });
	return t;
}

bool
mo_type_is_principal(struct mo_ctx *ctx, const struct mo_type *t)
{
	return t->kind == MO_TYPE_RECORD && t->name && t->name == mo_atom_find(ctx->atoms, PRINCIPAL);
}

const struct mo_type *
mo_type_target(struct mo_ctx *ctx, const struct mo_type *account)
{
	struct mo_type *t = mo_type_new(ctx, MO_TYPE_TARGET);
	t->fields = account->fields;
	t->element = account->element;
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
		&& mo_str_eq(a->literal, b->literal) && mo_str_eq(a->pattern, b->pattern) && a->role == b->role && a->loose == b->loose && a->data == b->data
		&& a->param_type == b->param_type && a->stored == b->stored && same_targets(a, b);
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
	t->element = a->element ? a->element : b->element;
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
	return a->kind == b->kind && scalar && is_plain(a) && b->targets.len == 0 && (a->loose || !b->loose) && (a->data || !b->data);
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
	if (mo_type_same(a, b)) {
		return mo_type_at(ctx, a->computed ? b : a, time); // the stricter one
	}
	if (covers(a, b)) {
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
		t->computed = a->computed && b->computed;
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

// ---- literals --------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
widened_union(struct mo_ctx *ctx, const struct mo_type *t)
{
	const struct mo_type *all = NULL;
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		const struct mo_type *a = mo_type_widened(ctx, t->alternatives.items[i]);
		all = all ? mo_type_union(ctx, all, a) : a;
	}
	return all ? all : t;
}

const struct mo_type *
mo_type_widened(struct mo_ctx *ctx, const struct mo_type *t)
{
	if (t->kind == MO_TYPE_UNION) {
		return widened_union(ctx, t);
	}
	bool holds_one = t->kind == MO_TYPE_OPTIONAL || t->kind == MO_TYPE_LIST || t->kind == MO_TYPE_MAP;
	const struct mo_type *e = holds_one ? mo_type_widened(ctx, t->element) : NULL;
	if (e && e != t->element) {
		struct mo_type *w = mo_type_new(ctx, t->kind);
		*w = *t;
		w->element = e;
		return w;
	}
	return t->is_literal && t->found ? mo_type_at(ctx, mo_type_of_kind(t->kind), t->time) : t;
}
