// SPDX-License-Identifier: Apache-2.0
// Built-ins of lists and maps: types and times. What only moves elements about takes elements that are known at deploy time.
#include "sema/check_builtin.h"

typedef struct mo_arguments_checked arguments;

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

static const struct mo_type *
simple(enum mo_type_kind kind)
{
	return mo_type_of_kind(kind);
}

// ---- lists -----------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
check_flatten(struct mo_check *c, arguments *a, const struct mo_type *element)
{
	const struct mo_type *inner = mo_type_present(element);
	if (inner->kind != MO_TYPE_LIST && inner->kind != MO_TYPE_JSON && inner->kind != MO_TYPE_ERROR) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_NOT_A_LIST, a->node[0]->span, "`flatten` wants a list of lists");
		mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, a->type[0])));
		return error_type();
	}
	if (!mo_argument_known(c, a, 0) || !mo_check_known(c, inner, false, a->node[0]->span, "a list in the argument of `flatten`")) {
		return error_type();
	}
	struct mo_time time = mo_time_join(c->ctx, a->type[0]->time, inner->time);
	return inner->kind == MO_TYPE_ERROR ? mo_type_list(c->ctx, inner) : mo_type_at(c->ctx, inner, time);
}

static bool
is_sortable(const struct mo_type *t)
{
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		if (t->alternatives.items[i]->kind != t->alternatives.items[0]->kind || !is_sortable(t->alternatives.items[i])) {
			return false;
		}
	}
	return t->kind == MO_TYPE_STRING || t->kind == MO_TYPE_INT || t->kind == MO_TYPE_FLOAT || t->kind == MO_TYPE_JSON || t->kind == MO_TYPE_ERROR
		|| t->kind == MO_TYPE_UNION;
}

static const struct mo_type *
check_sort(struct mo_check *c, arguments *a, const struct mo_type *element)
{
	if (!is_sortable(element)) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, a->node[0]->span, "`sort` wants a list of texts or of numbers");
		mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, a->type[0])));
		return error_type();
	}
	return mo_known_result(c, a, a->type[0]);
}

static bool
all_ints(const struct mo_type *t)
{
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		if (t->alternatives.items[i]->kind != MO_TYPE_INT) {
			return false;
		}
	}
	return t->kind == MO_TYPE_INT || t->kind == MO_TYPE_UNION || t->kind == MO_TYPE_ERROR;
}

const struct mo_type *
mo_check_of_lists(struct mo_check *c, arguments *a)
{
	const struct mo_type *e = mo_argument_list(c, a, 0);
	if (a->failed) {
		return error_type();
	}
	switch (a->b->kind) {
	case MO_BUILTIN_REVERSE:
	case MO_BUILTIN_DISTINCT: // by what the elements are made of, if not by their values
		return mo_argument_known(c, a, 0) ? a->type[0] : error_type();
	case MO_BUILTIN_FLATTEN:
		return check_flatten(c, a, e);
	case MO_BUILTIN_SORT:
		return check_sort(c, a, e);
	case MO_BUILTIN_SUM:
	case MO_BUILTIN_MIN:
	case MO_BUILTIN_MAX:
		mo_argument_fits(c, a, 0, mo_type_list(c->ctx, simple(MO_TYPE_FLOAT)));
		return mo_known_result(c, a, simple(all_ints(e) ? MO_TYPE_INT : MO_TYPE_FLOAT));
	default: // all, any
		mo_argument_fits(c, a, 0, mo_type_list(c->ctx, simple(MO_TYPE_BOOL)));
		if (!mo_argument_known(c, a, 0)) {
			return error_type();
		}
		return mo_type_at(c->ctx, simple(MO_TYPE_BOOL), mo_arguments_time(c, a));
	}
}

static const struct mo_type *
pair_type(struct mo_check *c, const char *first, const struct mo_type *a, const char *second, const struct mo_type *b)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	mo_push(&c->ctx->session, &t->fields, (struct mo_field){ .name = mo_atom_of(c->ctx->atoms, mo_str_c(first)), .type = a });
	mo_push(&c->ctx->session, &t->fields, (struct mo_field){ .name = mo_atom_of(c->ctx->atoms, mo_str_c(second)), .type = b });
	return t;
}

const struct mo_type *
mo_check_zip(struct mo_check *c, arguments *a)
{
	const struct mo_type *x = mo_argument_list(c, a, 0), *y = mo_argument_list(c, a, 1);
	if (!mo_argument_known(c, a, 0) || !mo_argument_known(c, a, 1)) {
		return error_type();
	}
	struct mo_time time = mo_time_join(c->ctx, a->type[0]->time, a->type[1]->time);
	return mo_type_at(c->ctx, mo_type_list(c->ctx, pair_type(c, "first", x, "second", y)), time);
}

const struct mo_type *
mo_check_slice(struct mo_check *c, arguments *a)
{
	mo_argument_fits(c, a, 1, simple(MO_TYPE_INT));
	if (a->node[2]) {
		mo_argument_fits(c, a, 2, simple(MO_TYPE_INT));
	}
	if (a->failed) {
		return error_type();
	}
	const struct mo_type *of = mo_type_widened(c->ctx, a->type[0]);
	if (of->kind == MO_TYPE_STRING) {
		return mo_known_result(c, a, simple(MO_TYPE_STRING));
	}
	mo_argument_list(c, a, 0);
	for (uint32_t i = 0; i < a->count; i++) {
		mo_argument_known(c, a, i);
	}
	return a->failed ? error_type() : a->type[0];
}

// ---- searching -------------------------------------------------------------------------------------------------------------------

const struct mo_type *
mo_check_length(struct mo_check *c, arguments *a)
{
	const struct mo_type *t = a->type[0];
	bool ok = t->kind == MO_TYPE_LIST || t->kind == MO_TYPE_MAP || t->kind == MO_TYPE_RECORD || t->kind == MO_TYPE_STRING
		|| t->kind == MO_TYPE_FAMILY || t->kind == MO_TYPE_JSON || mo_type_widened(c->ctx, t)->kind == MO_TYPE_STRING;
	if (mo_argument_absent(c, a, 0, mo_type_present(t)->kind == MO_TYPE_STRING ? "\"\"" : "[]")) {
		return error_type();
	}
	if (!ok) {
		mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, a->node[0]->span, "`length` wants a list, a map or a text, not " MO_STR_FMT,
			MO_STR_ARG(mo_type_noun(c->ctx, t)));
		return error_type();
	}
	if (t->time.deploy) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_CANNOT_COMPUTE, a->node[0]->span, "CloudFormation cannot compute `length`");
		mo_diag_here(d, "known only when CloudFormation runs");
		mo_check_label_deploy(d, t->time, a->node[0]->span);
		return error_type();
	}
	return mo_argument_known(c, a, 0) ? mo_type_at(c->ctx, simple(MO_TYPE_INT), t->time) : error_type();
}

static bool
can_search(const arguments *a, const struct mo_type *in)
{
	bool entries = in->kind == MO_TYPE_MAP || in->kind == MO_TYPE_RECORD || in->kind == MO_TYPE_FAMILY;
	return in->kind == MO_TYPE_LIST || in->kind == MO_TYPE_STRING || in->kind == MO_TYPE_JSON
		|| (entries && a->b->kind == MO_BUILTIN_CONTAINS);
}

static const struct mo_type *
report_search(struct mo_check *c, arguments *a, const struct mo_type *in)
{
	bool contains = a->b->kind == MO_BUILTIN_CONTAINS;
	if (mo_argument_absent(c, a, 0, "[]")) {
		return error_type();
	}
	mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, a->node[0]->span, "`%s` looks into a list%s or a text, not into " MO_STR_FMT,
		a->b->name, contains ? ", a map" : "", MO_STR_ARG(mo_type_noun(c->ctx, in)));
	return error_type();
}

// What CloudFormation can compare, as text.
static bool
is_comparable(const struct mo_type *t)
{
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		if (!is_comparable(t->alternatives.items[i])) {
			return false;
		}
	}
	return t->kind == MO_TYPE_STRING || t->kind == MO_TYPE_INT || t->kind == MO_TYPE_BOOL || t->kind == MO_TYPE_CIDR || t->kind == MO_TYPE_UNION;
}

// Element by element, at both times; a list that only CloudFormation knows can be searched in a rule.
static const struct mo_type *
check_contains(struct mo_check *c, arguments *a)
{
	if (a->type[0]->time.deploy && !c->rule) {
		return mo_known_result(c, a, simple(MO_TYPE_BOOL));
	}
	if (!a->type[0]->time.deploy && !mo_argument_known(c, a, 0)) {
		return error_type();
	}
	return mo_type_at(c->ctx, simple(MO_TYPE_BOOL), mo_arguments_time(c, a));
}

const struct mo_type *
mo_check_search(struct mo_check *c, arguments *a)
{
	const struct mo_type *in = mo_type_widened(c->ctx, a->type[0]), *what = a->type[1];
	if (!can_search(a, in)) {
		return report_search(c, a, a->type[0]);
	}
	bool list = in->kind == MO_TYPE_LIST;
	if (list && in->element->kind != MO_TYPE_ERROR && !mo_check_can_be_equal(c, NULL, in->element, a->node[1], what)) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_NEVER_EQUAL, a->node[1]->span, "no element can ever be equal to this");
		mo_diag_label(d, a->node[0]->span, MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, in)));
		mo_check_suggest_literal(c, d, a->node[1], what, in->element);
		return error_type();
	}
	if (!list && in->kind != MO_TYPE_JSON) {
		mo_argument_fits(c, a, 1, simple(MO_TYPE_STRING));
	}
	bool keys_only = in->kind == MO_TYPE_MAP || in->kind == MO_TYPE_RECORD || in->kind == MO_TYPE_FAMILY;
	if (keys_only) { // the values may be known at deploy time, and the key then: it is one of the keys or none
		bool known = mo_argument_known(c, a, 0) && (a->b->kind == MO_BUILTIN_CONTAINS || mo_argument_known(c, a, 1));
		return known ? mo_type_at(c->ctx, simple(MO_TYPE_BOOL), mo_time_join(c->ctx, a->type[0]->time, what->time)) : error_type();
	}
	if (a->b->kind == MO_BUILTIN_CONTAINS && list && is_comparable(in->element) && is_comparable(what)) {
		return check_contains(c, a);
	}
	return mo_known_result(c, a, simple(a->b->kind == MO_BUILTIN_CONTAINS ? MO_TYPE_BOOL : MO_TYPE_INT));
}

// ---- maps ------------------------------------------------------------------------------------------------------------------------

const struct mo_type *
mo_check_of_maps(struct mo_check *c, arguments *a)
{
	const struct mo_type *e = mo_argument_map(c, a, 0);
	if (!mo_argument_known(c, a, 0)) {
		return error_type();
	}
	struct mo_time time = a->type[0]->time;
	const struct mo_type *key = mo_type_at(c->ctx, simple(MO_TYPE_STRING), time);
	const struct mo_type *result = a->b->kind == MO_BUILTIN_KEYS ? key : a->b->kind == MO_BUILTIN_VALUES ? e : pair_type(c, "key", key, "value", e);
	return mo_type_computed_list(c->ctx, result, time);
}

// One record of all fields; later ones win.
static const struct mo_type *
merge_records(struct mo_check *c, arguments *a)
{
	struct mo_type *all = mo_type_new(c->ctx, MO_TYPE_RECORD);
	struct mo_map places = { 0 };
	for (uint32_t i = 0; i < a->count; i++) {
		for (uint32_t k = 0; k < a->type[i]->fields.len; k++) {
			struct mo_field f = a->type[i]->fields.items[k];
			uint64_t at = (uint64_t)(uintptr_t)mo_map_get(&places, f.name);
			f.type = mo_type_part(c->ctx, a->type[i], f.name, f.type);
			f.value = NULL;
			if (at && f.optional) {
				f.type = mo_type_union(c->ctx, all->fields.items[at - 1].type, f.type);
				f.optional = all->fields.items[at - 1].optional;
			}
			if (at) {
				all->fields.items[at - 1] = f;
				continue;
			}
			mo_push(&c->ctx->session, &all->fields, f);
			mo_map_put(&c->ctx->session, &places, f.name, (void *)(uintptr_t)all->fields.len);
		}
	}
	return all;
}

const struct mo_type *
mo_check_merge(struct mo_check *c, arguments *a)
{
	const struct mo_type *all = NULL;
	struct mo_time time = MO_COMPILE_TIME;
	bool records = true;
	for (uint32_t i = 0; i < a->count && !a->failed; i++) {
		const struct mo_type *e = mo_argument_map(c, a, i);
		if (mo_argument_known(c, a, i)) {
			records = records && a->type[i]->kind == MO_TYPE_RECORD;
			time = mo_time_join(c->ctx, time, a->type[i]->time);
			all = all ? mo_type_union(c->ctx, all, e) : e;
		}
	}
	if (a->failed) {
		return error_type();
	}
	return mo_type_at(c->ctx, records ? merge_records(c, a) : mo_type_map(c->ctx, all), time);
}
