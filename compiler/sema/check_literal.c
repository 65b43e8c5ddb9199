// SPDX-License-Identifier: Apache-2.0
// Literal lists and records, and comprehensions: checked part by part, so that a message points at the part. Fields are in check_fields.c.
#include "sema/check.h"
#include "syntax/parse.h"

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

static const struct mo_type *
check(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	return want ? mo_check_expr(c, n, mo_type_optional(c->ctx, want)) : mo_check_infer(c, n);
}

// ---- lists -----------------------------------------------------------------------------------------------------------------------

static void
report_spread(struct mo_check *c, struct mo_node *v, const struct mo_type *t)
{
	struct mo_str source = mo_check_quote(c, v->span, "xs");
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_NOT_A_LIST, v->span, "`...` in a list wants a list, not " MO_STR_FMT,
		MO_STR_ARG(mo_type_noun(c->ctx, t)));
	if (mo_type_admits_none(t)) {
		mo_diag_help(d, "it may be none: `...(" MO_STR_FMT " ?? [])`", MO_STR_ARG(source));
	} else if (t->kind == MO_TYPE_FAMILY) {
		mo_diag_help(d, "a list of all its members: `..." MO_STR_FMT "[*]`", MO_STR_ARG(source));
	} else if (t->kind == MO_TYPE_MAP || t->kind == MO_TYPE_RECORD) {
		mo_diag_help(d, "a list of its values: `...values(" MO_STR_FMT ")`", MO_STR_ARG(source));
	} else {
		mo_diag_help(d, "a single element is written without `...`");
	}
}

// The element of a list that is spread; *time joins when its length is known.
static const struct mo_type *
spread_element(struct mo_check *c, struct mo_node *item, const struct mo_type *want, struct mo_time *time)
{
	struct mo_node *v = mo_as_spread(item)->value;
	bool literal = v && (v->kind == MO_LIST_NODE || v->kind == MO_LIST_FOR_NODE);
	const struct mo_type *t = want && literal ? mo_check_expr(c, v, mo_type_list(c->ctx, want)) : mo_check_infer(c, v);
	if (t->kind == MO_TYPE_ERROR || t->kind == MO_TYPE_ANY) {
		return error_type();
	}
	if (t->kind != MO_TYPE_LIST && t->kind != MO_TYPE_JSON) {
		report_spread(c, v, t);
		return error_type();
	}
	mo_check_known(c, t, false, v->span, "the length of a list");
	*time = mo_time_join(c->ctx, *time, t->time);
	time->deploy = false; // reported
	const struct mo_type *element = t->kind == MO_TYPE_JSON ? t : mo_type_part(c->ctx, t, 0, t->element);
	return want && !literal && !mo_check_fit(c, v, element, want) ? error_type() : element;
}

// Something that may be none may stand in a list: it drops out, so the length is known when that is.
static const struct mo_type *
as_element(struct mo_check *c, const struct mo_type *t, struct mo_time *time)
{
	if (t->kind == MO_TYPE_OPTIONAL) {
		*time = mo_time_join(c->ctx, *time, t->time);
	}
	return t->kind == MO_TYPE_NONE ? error_type() : mo_type_present(t);
}

// `want` is the element that is wanted; NULL: anything.
static const struct mo_type *
check_items(struct mo_check *c, mo_nodes items, const struct mo_type *want)
{
	const struct mo_type *element = NULL;
	struct mo_time time = MO_COMPILE_TIME;
	for (uint32_t i = 0; i < items.len; i++) {
		struct mo_node *item = items.items[i];
		const struct mo_type *t = item->kind == MO_SPREAD_NODE ? spread_element(c, item, want, &time)
			: as_element(c, check(c, item, want), &time);
		element = element ? mo_type_union(c->ctx, element, t) : t;
	}
	return mo_type_computed_list(c->ctx, element ? element : error_type(), time);
}

static const struct mo_type *
check_list_for(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	uint32_t mark = c->facts.len;
	struct mo_time time = mo_check_clauses(c, mo_as_list_for(n)->clauses);
	const struct mo_type *t = as_element(c, check(c, mo_as_list_for(n)->body, want), &time);
	mo_facts_pop(c, mark);
	return mo_type_computed_list(c->ctx, t, time);
}

static const struct mo_type *
check_list(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	return n->kind == MO_LIST_FOR_NODE ? check_list_for(c, n, want) : check_items(c, mo_as_list(n)->items, want);
}

const struct mo_type *
mo_check_list(struct mo_check *c, struct mo_node *n)
{
	return check_list(c, n, NULL);
}

// ---- records ---------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
check_record_for(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	struct mo_record_for_node *r = mo_as_record_for(n);
	uint32_t mark = c->facts.len;
	struct mo_time time = mo_check_clauses(c, r->clauses);
	const struct mo_type *key = mo_check_for(c, r->key, mo_type_of_kind(MO_TYPE_STRING), (struct mo_str){ 0 });
	mo_check_known(c, key, false, r->key ? r->key->span : n->span, "a key");
	const struct mo_type *t = check(c, r->body, want);
	mo_facts_pop(c, mark);
	time = mo_time_join(c->ctx, time, key->time);
	time.deploy = false; // reported
	return mo_type_at(c->ctx, mo_type_map(c->ctx, as_element(c, t, &time)), time);
}

// { "Fn::Sub": … } and { Ref: … } would reach CloudFormation as its own functions, past every check; `raw` is the place for that.
static bool
report_intrinsic(struct mo_check *c, struct mo_node *n)
{
	mo_nodes items = mo_as_record(n)->items;
	struct mo_field_node *f = items.len == 1 && items.items[0]->kind == MO_FIELD_NODE ? mo_as_field(items.items[0]) : NULL;
	struct mo_str name = f ? mo_atom_str(c->ctx->atoms, f->name.atom) : (struct mo_str){ 0 };
	bool function = mo_str_starts(name, MO_STR("Fn::"));
	if (c->raw || !(function || mo_str_is(name, "Ref"))) {
		return false;
	}
	const char *instead = mo_instead_of_tag(function ? mo_str_sub(name, 4, name.len) : name);
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_INTRINSIC_AS_RECORD, f->name.span, "`" MO_STR_FMT "` is a function of CloudFormation",
		MO_STR_ARG(name));
	if (instead) {
		mo_diag_help(d, "%s", instead);
	} else {
		mo_diag_help(d, "call it by its name: `" MO_STR_FMT "(…)`", MO_STR_ARG(name));
	}
	mo_check_infer(c, f->value);
	return true;
}

const struct mo_type *
mo_check_record(struct mo_check *c, struct mo_node *n)
{
	if (n->kind == MO_RECORD_FOR_NODE) {
		return check_record_for(c, n, NULL);
	}
	if (report_intrinsic(c, n)) {
		return error_type();
	}
	const struct mo_type *t = mo_check_entries(c, mo_as_record(n)->items, NULL);
	return mo_is_damaged(c->module, n->span) ? error_type() : t; // a field may be lost
}

// ---- literals against what is wanted ---------------------------------------------------------------------------------------------

static bool
is_record_like(const struct mo_type *t)
{
	return t->kind == MO_TYPE_RECORD || t->kind == MO_TYPE_STRUCT || t->kind == MO_TYPE_MAP || t->kind == MO_TYPE_JSON;
}

// Whether a record literal has a field of every name that the type requires and none that it does not know.
static bool
has_the_names(struct mo_check *c, mo_nodes items, const struct mo_type *t)
{
	for (uint32_t i = 0; i < items.len; i++) {
		struct mo_field_node *f = items.items[i]->kind == MO_FIELD_NODE ? mo_as_field(items.items[i]) : NULL;
		bool known = !f || t->kind == MO_TYPE_MAP || t->kind == MO_TYPE_JSON || (t->kind == MO_TYPE_RECORD && mo_type_field(t, f->name.atom))
			|| (t->kind == MO_TYPE_STRUCT && mo_cat_find_property(t->catalog, mo_atom_str(c->ctx->atoms, f->name.atom)));
		if (!known) {
			return false;
		}
	}
	return true;
}

// The one alternative that a literal of this shape can be meant for; NULL when there are several or none.
static const struct mo_type *
meant(struct mo_check *c, struct mo_node *n, const struct mo_type *want, bool list)
{
	want = mo_type_present(want);
	if (want->kind != MO_TYPE_UNION) {
		return want;
	}
	const struct mo_type *only = NULL, *by_names = NULL;
	uint32_t shapes = 0, names = 0;
	for (uint32_t i = 0; i < want->alternatives.len; i++) {
		const struct mo_type *a = want->alternatives.items[i];
		if (list ? a->kind != MO_TYPE_LIST : !is_record_like(a)) {
			continue;
		}
		only = a;
		shapes++;
		if (n->kind == MO_RECORD_NODE && has_the_names(c, mo_as_record(n)->items, a)) {
			by_names = a;
			names++;
		}
	}
	return shapes == 1 ? only : names == 1 ? by_names : NULL;
}

const struct mo_type *
mo_check_literal(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	bool list = n->kind == MO_LIST_NODE || n->kind == MO_LIST_FOR_NODE;
	if (n->kind == MO_RECORD_NODE && report_intrinsic(c, n)) {
		return error_type();
	}
	const struct mo_type *to = meant(c, n, want, list);
	if (to && list && (to->kind == MO_TYPE_LIST || to->kind == MO_TYPE_JSON)) {
		return check_list(c, n, to->kind == MO_TYPE_LIST ? to->element : to);
	}
	if (to && !list && (to->kind == MO_TYPE_MAP || to->kind == MO_TYPE_JSON)) {
		const struct mo_type *element = to->kind == MO_TYPE_MAP ? to->element : to;
		return n->kind == MO_RECORD_NODE ? mo_check_entries(c, mo_as_record(n)->items, element) : check_record_for(c, n, element);
	}
	if (to && n->kind == MO_RECORD_NODE && (to->kind == MO_TYPE_RECORD || to->kind == MO_TYPE_STRUCT)) {
		struct mo_span open = { n->span.start, n->span.start + 1 };
		return mo_check_fields(c, mo_as_record(n)->items, to, mo_is_damaged(c->module, n->span) ? MO_NOWHERE : open, NULL);
	}
	const struct mo_type *t = mo_check_infer(c, n);
	return mo_check_fit(c, n, t, want) ? t : error_type();
}
