// SPDX-License-Identifier: Apache-2.0
// Records, the catalog's structures, and unions. A record type is closed: what it does not name is an error with the nearest name. Handles
// that have members (instances, stack members, accounts) meet a record type by being read field by field.
#include "eval/coerce.h"

static struct mo_str
name_of(struct mo_coercion *c, mo_atom name)
{
	return mo_atom_str(c->ev->ctx->atoms, name);
}

static const struct mo_field *
field_named(struct mo_coercion *c, const struct mo_type *t, struct mo_str key)
{
	mo_atom atom = mo_atom_find(c->ev->ctx->atoms, key);
	return atom ? mo_type_field(t, atom) : NULL;
}

// ---- what is missing or too much -------------------------------------------------------------------------------------------------

static void
report_unknown(struct mo_coercion *c, const struct mo_value_member *m, const struct mo_type *t, const struct mo_suggestion *nearest)
{
	struct mo_span at = mo_span_is_nowhere(m->key_span) ? m->value->span : m->key_span;
	struct mo_str type = mo_type_text(c->ev->ctx, t);
	struct mo_diag *d = mo_coercion_report(c, MSG_UNKNOWN_FIELD, at, "there is no field `" MO_STR_FMT "` here", MO_STR_ARG(m->key));
	mo_diag_note(d, "expected " MO_STR_FMT, MO_STR_ARG(type));
	mo_diag_suggest(d, at, nearest);
}

static void
report_missing(struct mo_coercion *c, const struct mo_value *v, struct mo_str field, const struct mo_type *t)
{
	if (c->quiet) {
		return;
	}
	struct mo_str type = mo_type_text(c->ev->ctx, t);
	struct mo_diag *d = mo_coercion_report(c, MSG_MISSING_FIELD, v->span, "the field `" MO_STR_FMT "` is missing", MO_STR_ARG(field));
	mo_diag_note(d, "expected " MO_STR_FMT, MO_STR_ARG(type));
}

static void
unknown_field(struct mo_coercion *c, const struct mo_value *v, const struct mo_value_member *m, const struct mo_type *t)
{
	if (c->quiet) {
		return;
	}
	struct mo_suggestion s = mo_suggest(m->key);
	for (uint32_t i = 0; i < t->fields.len; i++) {
		struct mo_str name = name_of(c, t->fields.items[i].name);
		if (!mo_value_get(v, name)) {
			mo_suggest_from(&s, name);
		}
	}
	report_unknown(c, m, t, &s);
}

static void
unknown_property(struct mo_coercion *c, const struct mo_value *v, const struct mo_value_member *m, const struct mo_type *t)
{
	if (c->quiet) {
		return;
	}
	struct mo_suggestion s = mo_suggest(m->key);
	for (uint32_t i = 0; i < mo_cat_property_count(t->catalog); i++) {
		struct mo_str name = mo_cat_property(mo_cat_property_at(t->catalog, i)).name;
		if (!mo_value_get(v, name)) {
			mo_suggest_from(&s, name);
		}
	}
	report_unknown(c, m, t, &s);
}

// ---- record types ----------------------------------------------------------------------------------------------------------------

// An absent field of a declared type: its default, or none. NULL when it may not be absent (reported).
static const struct mo_value *
absent_field(struct mo_coercion *c, const struct mo_value *v, const struct mo_field *f, const struct mo_type *t)
{
	if (f->value) {
		return c->quiet ? mo_value_simple(MO_VALUE_NONE) : mo_coercion_of(c, mo_eval_default(c->ev, f->value), f->type);
	}
	if (f->optional || mo_type_admits_none(f->type)) {
		return mo_value_simple(MO_VALUE_NONE);
	}
	report_missing(c, v, name_of(c, f->name), t);
	return NULL;
}

// None stands for "not given" unless the field's own type has a place for it.
static bool
is_given(const struct mo_value *v, const struct mo_field *f)
{
	return v && (v->kind != MO_VALUE_NONE || mo_type_admits_none(f->type) || !(f->optional || f->value));
}

static bool
coerce_given(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t, struct mo_value *into)
{
	bool good = true;
	for (uint32_t i = 0; i < v->members.len && (good || !c->quiet); i++) {
		const struct mo_value_member *m = &v->members.items[i];
		const struct mo_field *f = field_named(c, t, m->key);
		if (!f) {
			unknown_field(c, v, m, t);
			good = false;
		} else if (is_given(m->value, f)) {
			const struct mo_value *fitting = mo_coercion_of(c, m->value, f->type);
			good = good && fitting;
			mo_value_set(c->ev->arena, into, m->key, m->key_span, fitting ? fitting : mo_value_simple(MO_VALUE_ERROR));
		}
	}
	return good;
}

static bool
add_absent(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t, struct mo_value *into)
{
	bool good = true;
	for (uint32_t i = 0; i < t->fields.len && (good || !c->quiet); i++) {
		const struct mo_field *f = &t->fields.items[i];
		struct mo_str name = name_of(c, f->name);
		if (!mo_value_get(into, name)) {
			const struct mo_value *value = absent_field(c, v, f, t);
			good = good && value;
			mo_value_set(c->ev->arena, into, name, f->span, value ? value : mo_value_simple(MO_VALUE_ERROR));
		}
	}
	return good;
}

static const struct mo_value *
from_record(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	struct mo_value *record = mo_value_record(c->ev->arena, v->span);
	bool good = coerce_given(c, v, t, record);
	if (good || !c->quiet) {
		good = add_absent(c, v, t, record) && good;
	}
	return good ? record : NULL;
}

// Quiet: only whether the fields are there; reading one could evaluate what nobody asked for.
static const struct mo_value *
from_handle(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	struct mo_value *record = mo_value_record(c->ev->arena, v->span);
	bool good = true;
	for (uint32_t i = 0; i < t->fields.len && (good || !c->quiet); i++) {
		const struct mo_field *f = &t->fields.items[i];
		bool has = mo_eval_has_member(c->ev, v, f->name);
		if (c->quiet) {
			good = has || absent_field(c, v, f, t);
			continue;
		}
		const struct mo_value *value = has ? mo_eval_member(c->ev, v, (struct mo_name){ f->name, v->span }) : NULL;
		value = is_given(value, f) ? mo_coercion_of(c, value, f->type) : absent_field(c, v, f, t);
		good = good && value;
		mo_value_set(c->ev->arena, record, name_of(c, f->name), f->span, value ? value : mo_value_simple(MO_VALUE_ERROR));
	}
	return good ? record : NULL;
}

static const struct mo_value *
record_of(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	switch (v->kind) {
	case MO_VALUE_RECORD:
		return from_record(c, v, t);
	case MO_VALUE_INSTANCE:
	case MO_VALUE_RESOURCE:
	case MO_VALUE_ACCOUNT:
	case MO_VALUE_TARGET:
	case MO_VALUE_STACK:
	case MO_VALUE_TEMPLATE:
	case MO_VALUE_MODULE:
		return from_handle(c, v, t);
	case MO_VALUE_DEPLOY:
		return v->is_list ? mo_misfit(c, v, t) : v;
	default:
		return mo_misfit(c, v, t);
	}
}

const struct mo_value *
mo_coercion_of_record(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	if (v->kind == MO_VALUE_FAMILY && !c->quiet) {
		v = mo_family_value(c->ev, v);
	} else if (v->kind == MO_VALUE_FAMILY) {
		return v;
	}
	c->depth++;
	const struct mo_value *record = record_of(c, v, t);
	c->depth--;
	return record;
}

// ---- structures of the catalog ---------------------------------------------------------------------------------------------------

static bool
coerce_properties(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t, struct mo_value *into)
{
	bool good = true;
	for (uint32_t i = 0; i < v->members.len && (good || !c->quiet); i++) {
		const struct mo_value_member *m = &v->members.items[i];
		mo_cat property = mo_cat_find_property(t->catalog, m->key);
		if (!property) {
			unknown_property(c, v, m, t);
			good = false;
		} else if (m->value->kind != MO_VALUE_NONE) {
			const struct mo_type *wanted = mo_type_of_property(c->ev->ctx, t->resource_type, property);
			const struct mo_value *fitting = mo_coercion_of(c, m->value, wanted);
			good = good && fitting;
			mo_value_set(c->ev->arena, into, m->key, m->key_span, fitting ? fitting : mo_value_simple(MO_VALUE_ERROR));
		}
	}
	return good;
}

static bool
has_required(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t, const struct mo_value *record)
{
	bool good = true;
	for (uint32_t i = 0; i < mo_cat_property_count(t->catalog); i++) {
		struct mo_cat_property p = mo_cat_property(mo_cat_property_at(t->catalog, i));
		if (p.required && !mo_value_get(record, p.name)) {
			report_missing(c, v, p.name, t);
			good = false;
		}
	}
	return good;
}

const struct mo_value *
mo_coercion_of_struct(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	if (v->kind == MO_VALUE_DEPLOY && !v->is_list) {
		return v;
	}
	if (v->kind != MO_VALUE_RECORD) {
		return mo_misfit(c, v, t);
	}
	c->depth++;
	struct mo_value *record = mo_value_record(c->ev->arena, v->span);
	bool good = coerce_properties(c, v, t, record);
	good = has_required(c, v, t, record) && good;
	c->depth--;
	return good ? record : NULL;
}

// ---- unions ----------------------------------------------------------------------------------------------------------------------

// Whether the value is of the alternative's own kind, so that nothing has to be converted.
static bool
is_natural(const struct mo_value *v, const struct mo_type *t)
{
	switch (v->kind) {
	case MO_VALUE_BOOL:
		return t->kind == MO_TYPE_BOOL;
	case MO_VALUE_INT:
		return t->kind == MO_TYPE_INT;
	case MO_VALUE_FLOAT:
		return t->kind == MO_TYPE_FLOAT;
	case MO_VALUE_STRING:
		return t->kind == MO_TYPE_STRING;
	case MO_VALUE_CIDR:
		return t->kind == MO_TYPE_CIDR;
	case MO_VALUE_DURATION:
		return t->kind == MO_TYPE_DURATION;
	case MO_VALUE_SIZE:
		return t->kind == MO_TYPE_SIZE;
	case MO_VALUE_LIST:
		return t->kind == MO_TYPE_LIST;
	case MO_VALUE_RECORD:
		return t->kind == MO_TYPE_RECORD || t->kind == MO_TYPE_STRUCT || t->kind == MO_TYPE_MAP;
	case MO_VALUE_RESOURCE:
		return t->kind == MO_TYPE_RESOURCE;
	case MO_VALUE_DEPLOY:
		return v->is_list == (t->kind == MO_TYPE_LIST);
	default:
		return false;
	}
}

static bool
fits_quietly(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	struct mo_coercion quiet = { .ev = c->ev, .quiet = true, .depth = c->depth };
	return mo_coercion_of(&quiet, v, t) != NULL;
}

static const struct mo_type *
fitting_alternative(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	for (int converted = 0; converted < 2; converted++) {
		for (uint32_t i = 0; i < t->alternatives.len; i++) {
			const struct mo_type *a = t->alternatives.items[i];
			if ((converted || is_natural(v, a)) && fits_quietly(c, v, a)) {
				return a;
			}
		}
	}
	return NULL;
}

// Whether the fields that tell one record of a union from another (those of one literal) say that it is meant.
static bool
is_meant(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	if (t->kind != MO_TYPE_RECORD || v->kind != MO_VALUE_RECORD) {
		return is_natural(v, t) && !t->is_literal;
	}
	for (uint32_t i = 0; i < t->fields.len; i++) {
		const struct mo_field *f = &t->fields.items[i];
		const struct mo_value *value = mo_value_get(v, name_of(c, f->name));
		if (f->type->is_literal && (!value || !fits_quietly(c, value, f->type))) {
			return false;
		}
	}
	return true;
}

static bool
wants_type_of(const struct mo_type *t, const struct mo_ir_resource *r)
{
	for (uint32_t i = 0; i < t->targets.len; i++) {
		if (mo_str_eq(t->targets.items[i].type, r->type)) {
			return true;
		}
	}
	return false;
}

// The one alternative that the writer must have had in mind, NULL when there are several or none.
static const struct mo_type *
meant_alternative(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	const struct mo_type *meant = NULL;
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		const struct mo_type *a = t->alternatives.items[i];
		if (v->kind == MO_VALUE_RESOURCE ? wants_type_of(a, v->resource) : is_meant(c, v, a)) {
			if (meant) {
				return NULL;
			}
			meant = a;
		}
	}
	return meant;
}

static bool
all_literal(const struct mo_type *t)
{
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		if (!t->alternatives.items[i]->is_literal) {
			return false;
		}
	}
	return true;
}

static const struct mo_value *
no_such_literal(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	struct mo_suggestion s = mo_suggest(v->text);
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		mo_suggest_from(&s, t->alternatives.items[i]->literal);
	}
	struct mo_str text = mo_value_text(c->ev->arena, v), wanted = mo_type_text(c->ev->ctx, t);
	struct mo_diag *d = mo_coercion_report(c, MSG_VALUE_NOT_ALLOWED, v->span, MO_STR_FMT " is not allowed here", MO_STR_ARG(text));
	mo_diag_note(d, "expected " MO_STR_FMT, MO_STR_ARG(wanted));
	if (s.best.len) {
		mo_diag_help(d, "did you mean \"" MO_STR_FMT "\"?", MO_STR_ARG(s.best));
	}
	return NULL;
}

const struct mo_value *
mo_coercion_of_union(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	const struct mo_type *a = fitting_alternative(c, v, t);
	if (a) {
		return mo_coercion_of(c, v, a);
	}
	if (c->quiet) {
		return NULL;
	}
	a = meant_alternative(c, v, t);
	if (a) {
		return mo_coercion_of(c, v, a);
	}
	if (v->kind == MO_VALUE_RESOURCE) {
		return mo_coercion_of_reference(c, v, t);
	}
	bool scalar = v->kind == MO_VALUE_STRING || v->kind == MO_VALUE_INT || v->kind == MO_VALUE_BOOL;
	return scalar && all_literal(t) ? no_such_literal(c, v, t) : mo_misfit(c, v, t);
}
