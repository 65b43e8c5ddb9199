// SPDX-License-Identifier: Apache-2.0
// The value as a type wants it: the dispatch, lists and maps, and what is said when nothing fits. Scalars are in coerce_scalar.c,
// records and unions in coerce_record.c. Values that need no change are given back as they are.
#include "eval/coerce.h"
#include "eval/instance.h"

bool
mo_coercion_from_data(const struct mo_coercion *c, const struct mo_value *v)
{
	const struct mo_source *s = mo_span_is_nowhere(v->span) ? NULL : mo_source_at(c->ev->ctx->sources, v->span.start);
	return s && s->kind == MO_SOURCE_DATA;
}

struct mo_diag *
mo_coercion_report(struct mo_coercion *c, enum mo_message message, struct mo_span at, const char *fmt, ...)
{
	if (c->quiet) {
		return NULL;
	}
	va_list args;
	va_start(args, fmt);
	struct mo_str text = mo_str_vprintf(c->ev->arena, fmt, args);
	va_end(args);
	const struct mo_source *source = mo_span_is_nowhere(at) ? NULL : mo_source_at(c->ev->ctx->sources, at.start);
	bool inside = source && (c->depth > 0 || source->kind == MO_SOURCE_DATA);
	struct mo_span place = inside || mo_span_is_nowhere(c->span) ? at : c->span;
	struct mo_diag *d = mo_report(c->ev->ctx->diags, message, place, MO_STR_FMT, MO_STR_ARG(text));
	// An expression that is evaluated for each member of a family is wrong once.
	uint64_t key = mo_hash_mix(mo_hash_mix(place.start, place.end), (uint64_t)message);
	d->repeats = mo_map_get(&c->ev->evaluator->misfits, key) != NULL;
	if (!d->repeats) {
		mo_map_put(c->ev->arena, &c->ev->evaluator->misfits, key, d);
	}
	if (place.start != c->span.start && !mo_span_is_nowhere(c->span)) {
		mo_diag_label(d, c->span, "wanted here");
	}
	return d;
}

static void
help_with_misfit(struct mo_diag *d, const struct mo_value *v, const struct mo_type *t)
{
	bool list = v->kind == MO_VALUE_LIST || (v->kind == MO_VALUE_DEPLOY && v->is_list);
	if (v->kind == MO_VALUE_NONE) {
		mo_diag_help(d, "say what to use when it is absent: `… ?? other`");
	} else if (t->kind == MO_TYPE_STRING && v->kind == MO_VALUE_BOOL) {
		mo_diag_help(d, "write `if … then \"true\" else \"false\"`");
	} else if (t->kind == MO_TYPE_LIST && !list && v->kind != MO_VALUE_RECORD) {
		mo_diag_help(d, "a list of one element is written `[…]`");
	} else if (t->kind == MO_TYPE_BOOL && v->plain_scalar) {
		mo_diag_help(d, "YAML 1.2 knows `true` and `false` only");
	}
}

const struct mo_value *
mo_misfit(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	if (c->quiet) {
		return NULL;
	}
	struct mo_str wanted = mo_type_text(c->ev->ctx, t), found = mo_value_kind_text(c->ev->arena, v);
	struct mo_diag *d = mo_coercion_report(c, MSG_TYPE_MISMATCH, v->span, "expected " MO_STR_FMT ", found " MO_STR_FMT,
		MO_STR_ARG(wanted), MO_STR_ARG(found));
	if (v->kind >= MO_VALUE_BOOL && v->kind <= MO_VALUE_SIZE) {
		mo_diag_note(d, "the value is " MO_STR_FMT, MO_STR_ARG(mo_value_text(c->ev->arena, v)));
	}
	help_with_misfit(d, v, t);
	return NULL;
}

// ---- lists and maps --------------------------------------------------------------------------------------------------------------

static bool
is_dropped(const struct mo_value *item, const struct mo_type *element)
{
	return item->kind == MO_VALUE_NONE && !mo_type_admits_none(element) && element->kind != MO_TYPE_JSON
		&& element->kind != MO_TYPE_ANY;
}

// A copy of the first `count` elements.
static struct mo_value *
list_up_to(struct mo_arena *a, const struct mo_value *v, uint32_t count)
{
	struct mo_value *copy = mo_value_list(a, v->span);
	for (uint32_t i = 0; i < count; i++) {
		mo_push(a, &copy->items, v->items.items[i]);
	}
	return copy;
}

// Element by element; copied from the first one that changes.
static const struct mo_value *
coerce_items(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *element)
{
	struct mo_value *copy = NULL;
	bool good = true;
	for (uint32_t i = 0; i < v->items.len; i++) {
		const struct mo_value *item = v->items.items[i];
		bool dropped = is_dropped(item, element);
		const struct mo_value *fitting = dropped ? NULL : mo_coercion_of(c, item, element);
		good = good && (fitting || dropped);
		if (!good && c->quiet) {
			return NULL;
		}
		if (!copy && fitting != item) {
			copy = list_up_to(c->ev->arena, v, i);
		}
		if (copy && fitting) {
			mo_push(c->ev->arena, &copy->items, fitting);
		}
	}
	return !good ? NULL : copy ? copy : v;
}

static const struct mo_value *
values_of_members(struct mo_arena *a, const struct mo_value *record)
{
	struct mo_value *list = mo_value_list(a, record->span);
	for (uint32_t i = 0; i < record->members.len; i++) {
		mo_push(a, &list->items, record->members.items[i].value);
	}
	return list;
}

static const struct mo_value *
coerce_list(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	if (v->kind == MO_VALUE_FAMILY) {
		if (c->quiet) {
			return v;
		}
		v = mo_family_value(c->ev, v);
		if (v->kind == MO_VALUE_RECORD) {
			v = values_of_members(c->ev->arena, v);
		}
	}
	if (v->kind == MO_VALUE_LIST) {
		c->depth++;
		const struct mo_value *list = coerce_items(c, v, t->element);
		c->depth--;
		return list;
	}
	bool fits = v->kind == MO_VALUE_ERROR || (v->kind == MO_VALUE_DEPLOY && v->is_list);
	return fits ? v : mo_misfit(c, v, t);
}

static const struct mo_value *
coerce_members(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *element)
{
	struct mo_value *copy = mo_value_record(c->ev->arena, v->span);
	bool good = true, changed = false;
	for (uint32_t i = 0; i < v->members.len; i++) {
		const struct mo_value_member *m = &v->members.items[i];
		bool dropped = is_dropped(m->value, element);
		const struct mo_value *fitting = dropped ? NULL : mo_coercion_of(c, m->value, element);
		good = good && (fitting || dropped);
		changed = changed || fitting != m->value;
		if (!good && c->quiet) {
			return NULL;
		}
		if (fitting && !c->quiet) {
			mo_value_set(c->ev->arena, copy, m->key, m->key_span, fitting);
		}
	}
	return !good ? NULL : changed && !c->quiet ? copy : v;
}

static const struct mo_value *
coerce_map(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	if (v->kind == MO_VALUE_FAMILY) {
		if (c->quiet) {
			return v;
		}
		v = mo_family_value(c->ev, v);
	}
	if (v->kind == MO_VALUE_RECORD) {
		c->depth++;
		const struct mo_value *map = coerce_members(c, v, t->element);
		c->depth--;
		return map;
	}
	bool fits = v->kind == MO_VALUE_ERROR || (v->kind == MO_VALUE_DEPLOY && !v->is_list);
	return fits ? v : mo_misfit(c, v, t);
}

// ---- JSON ------------------------------------------------------------------------------------------------------------------------

// Plain data only: handles and measures mean nothing in a document that nobody typed.
static const struct mo_value *
coerce_json(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	bool good = true;
	switch (v->kind) {
	case MO_VALUE_LIST:
		c->depth++;
		v = coerce_items(c, v, t);
		c->depth--;
		return v;
	case MO_VALUE_RECORD:
		c->depth++;
		for (uint32_t i = 0; i < v->members.len; i++) {
			good = mo_coercion_of(c, v->members.items[i].value, t) && good;
		}
		c->depth--;
		return good ? v : NULL;
	case MO_VALUE_RESOURCE:
	case MO_VALUE_DURATION:
	case MO_VALUE_SIZE:
		return mo_coercion_of_scalar(c, v, mo_type_of_kind(v->kind == MO_VALUE_RESOURCE ? MO_TYPE_STRING : MO_TYPE_INT));
	case MO_VALUE_FAMILY:
	case MO_VALUE_INSTANCE:
	case MO_VALUE_ACCOUNT:
	case MO_VALUE_TARGET:
	case MO_VALUE_STACK:
	case MO_VALUE_TEMPLATE:
	case MO_VALUE_MODULE:
	case MO_VALUE_AWS:
		return mo_misfit(c, v, t);
	default:
		return v;
	}
}

// ---- handles ---------------------------------------------------------------------------------------------------------------------

static const struct mo_value *
coerce_resource(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	if (v->kind != MO_VALUE_RESOURCE) {
		return mo_misfit(c, v, t);
	}
	return t->resource_type.len == 0 || mo_str_eq(t->resource_type, v->resource->type) ? v : mo_coercion_of_reference(c, v, t);
}

static const struct mo_value *
coerce_target(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	if (v->kind == MO_VALUE_TARGET) {
		return v;
	}
	if (v->kind != MO_VALUE_ACCOUNT) {
		return mo_misfit(c, v, t);
	}
	struct mo_value *target = mo_value_new(c->ev->arena, MO_VALUE_TARGET, v->span);
	target->account = v->account;
	target->region = v->account->region;
	target->labels = v->labels;
	return target;
}

static const struct mo_value *
coerce_handle(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	bool fits = false;
	switch (t->kind) {
	case MO_TYPE_INSTANCE: // a component's name as a type is the record of its outputs: the checker has compared the shapes
		fits = v->kind == MO_VALUE_INSTANCE || v->kind == MO_VALUE_RECORD;
		break;
	case MO_TYPE_FAMILY:
		fits = v->kind == MO_VALUE_FAMILY;
		break;
	case MO_TYPE_ACCOUNT:
		fits = v->kind == MO_VALUE_ACCOUNT || v->kind == MO_VALUE_TARGET;
		break;
	case MO_TYPE_STACK:
		fits = v->kind == MO_VALUE_STACK || v->kind == MO_VALUE_INSTANCE;
		break;
	case MO_TYPE_TEMPLATE:
		fits = v->kind == MO_VALUE_TEMPLATE;
		break;
	case MO_TYPE_AUDIENCE:
		fits = v->kind == MO_VALUE_RECORD;
		break;
	case MO_TYPE_MODULE:
		fits = v->kind == MO_VALUE_MODULE;
		break;
	case MO_TYPE_AWS:
		fits = v->kind == MO_VALUE_AWS;
		break;
	default:
		break;
	}
	return fits ? v : mo_misfit(c, v, t);
}

// ---- dispatch --------------------------------------------------------------------------------------------------------------------

static const struct mo_value *
dispatch(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	switch (t->kind) {
	case MO_TYPE_ERROR:
	case MO_TYPE_ANY:
		return v;
	case MO_TYPE_NONE:
		return v->kind == MO_VALUE_NONE ? v : mo_misfit(c, v, t);
	case MO_TYPE_OPTIONAL:
		return v->kind == MO_VALUE_NONE ? v : mo_coercion_of(c, v, t->element);
	case MO_TYPE_BOOL:
	case MO_TYPE_INT:
	case MO_TYPE_FLOAT:
	case MO_TYPE_STRING:
	case MO_TYPE_CIDR:
	case MO_TYPE_DURATION:
	case MO_TYPE_SIZE:
		return mo_coercion_of_scalar(c, v, t);
	case MO_TYPE_JSON:
		return coerce_json(c, v, t);
	case MO_TYPE_LIST:
		return coerce_list(c, v, t);
	case MO_TYPE_MAP:
		return coerce_map(c, v, t);
	case MO_TYPE_RECORD:
		return mo_coercion_of_record(c, v, t);
	case MO_TYPE_STRUCT:
		return mo_coercion_of_struct(c, v, t);
	case MO_TYPE_UNION:
		return mo_coercion_of_union(c, v, t);
	case MO_TYPE_RESOURCE:
		return coerce_resource(c, v, t);
	case MO_TYPE_TARGET:
		return coerce_target(c, v, t);
	default:
		return coerce_handle(c, v, t);
	}
}

const struct mo_value *
mo_coercion_of(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	if (v->kind == MO_VALUE_ERROR) {
		return v;
	}
	if (v->kind == MO_VALUE_DEPLOY && v->is_any) {
		return t->kind == MO_TYPE_LIST && !v->is_list ? mo_value_deploy(c->ev->arena, v->span, v->ir, true) : v;
	}
	if (c->depth > MO_IR_DEEPEST) {
		mo_coercion_report(c, MSG_LIMIT_REACHED, v->span, "a value nests deeper than %d levels", MO_IR_DEEPEST);
		return NULL;
	}
	return dispatch(c, v, t);
}

const struct mo_value *
mo_coerce(struct mo_eval *ev, const struct mo_value *v, const struct mo_type *type, struct mo_span span)
{
	struct mo_coercion c = { .ev = ev, .span = span };
	const struct mo_value *fitting = mo_coercion_of(&c, v, type);
	return fitting ? fitting : mo_value_simple(MO_VALUE_ERROR);
}

bool
mo_value_fits(struct mo_eval *ev, const struct mo_value *v, const struct mo_type *type)
{
	struct mo_coercion c = { .ev = ev, .quiet = true };
	return mo_coercion_of(&c, v, type) != NULL;
}
