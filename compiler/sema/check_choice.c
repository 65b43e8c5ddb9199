// SPDX-License-Identifier: Apache-2.0
// Choices: `if … then … else …` and `match`. What is known in a branch is known there only; the result is known when the choice is.
#include "sema/check.h"

enum {
	MOST_CASES = 256, // of a bounded Int, whose values arms may name one by one
	MOST_ARMS = 1000, // every arm knows what those before it took
};

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

static const struct mo_type *
check(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	return want ? mo_check_expr(c, n, want) : mo_check_infer(c, n);
}

// ---- if --------------------------------------------------------------------------------------------------------------------------

static bool
takes_none(const struct mo_type *want)
{
	return !want || mo_type_admits_none(want) || want->kind == MO_TYPE_JSON || want->kind == MO_TYPE_ERROR || want->kind == MO_TYPE_ANY;
}

static void
report_no_else(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_MAY_BE_NONE, n->span, "this is none when the condition does not hold, and a value is required");
	mo_diag_note(d, "expected " MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, want)));
	mo_diag_help(d, "add `else …`");
}

const struct mo_type *
mo_check_if(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	struct mo_if_expr_node *e = mo_as_if_expr(n);
	const struct mo_type *cond = mo_check_condition(c, e->cond);
	uint32_t mark = mo_facts_push(c, e->cond, true);
	const struct mo_type *then = check(c, e->then, want), *otherwise = mo_type_of_kind(MO_TYPE_NONE);
	mo_facts_pop(c, mark);
	if (e->otherwise) {
		mark = mo_facts_push(c, e->cond, false);
		otherwise = check(c, e->otherwise, want);
		mo_facts_pop(c, mark);
	} else if (!takes_none(want)) {
		report_no_else(c, n, want);
		return error_type();
	}
	if (then->kind == MO_TYPE_ERROR && otherwise->kind == MO_TYPE_NONE) {
		return then;
	}
	return mo_type_at(c->ctx, mo_type_union(c->ctx, then, otherwise), cond->time);
}

// ---- patterns --------------------------------------------------------------------------------------------------------------------

static void
set_variable(struct mo_symbol *s, const struct mo_type *t)
{
	if (s) {
		s->type = t;
		s->state = 2;
	}
}

// The type that `String s` or `AWS::S3::Bucket b` names.
static const struct mo_type *
type_of_pattern(struct mo_check *c, struct mo_scope *scope, struct mo_pattern_type_node *p)
{
	struct mo_type_path_node *path = mo_new(&c->ctx->session, struct mo_type_path_node);
	*path = (struct mo_type_path_node){ .node = { .kind = MO_TYPE_PATH_NODE, .span = p->kind.span }, .name = p->kind };
	path->node.symbol = mo_symbol_real(mo_scope_find_kind(scope ? scope : c->program->builtins, p->kind.atom));
	return mo_type_of_node(c->program, &path->node);
}

static void
check_value_pattern(struct mo_check *c, struct mo_node *v, const struct mo_type *value)
{
	const struct mo_type *t = mo_check_infer(c, v);
	bool possible = value->kind == MO_TYPE_ERROR || (t->kind == MO_TYPE_NONE ? mo_type_admits_none(value) || value->kind == MO_TYPE_JSON
		: mo_check_can_be_equal(c, NULL, value, v, t));
	if (!possible) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_NEVER_EQUAL, v->span, "the value is never this");
		mo_check_suggest_literal(c, d, v, t, value);
		if (!d->notes.len) {
			mo_diag_note(d, "the value is " MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, value)));
		}
	}
}

// `value` is the type of what is left when no pattern before fitted.
static void
check_pattern(struct mo_check *c, struct mo_node *arm, struct mo_node *p, const struct mo_type *value)
{
	if (p->kind == MO_PATTERN_NAME_NODE) {
		set_variable(p->symbol, value);
	} else if (p->kind == MO_PATTERN_TYPE_NODE) {
		p->type = type_of_pattern(c, mo_scope_of(c->program, arm), mo_as_pattern_type(p));
		set_variable(p->symbol, mo_type_at(c->ctx, p->type, value->time));
	} else if (p->kind == MO_PATTERN_VALUE_NODE) {
		check_value_pattern(c, mo_as_pattern_value(p)->value, value);
	}
}

// The test that a pattern stands for, as a condition on the value: `value == 3`, `value is T`. NULL for a name.
static struct mo_node *
pattern_test(struct mo_check *c, struct mo_node *value, struct mo_node *p)
{
	if (p->kind == MO_PATTERN_VALUE_NODE) {
		struct mo_binary_node *b = mo_new(&c->ctx->session, struct mo_binary_node);
		*b = (struct mo_binary_node){ .node = { .kind = MO_BINARY_NODE, .span = p->span }, .op = MO_OP_EQ, .left = value,
			.right = mo_as_pattern_value(p)->value };
		return &b->node;
	}
	if (p->kind == MO_PATTERN_TYPE_NODE && p->type) {
		struct mo_is_node *is = mo_new(&c->ctx->session, struct mo_is_node);
		struct mo_node *type = mo_new(&c->ctx->session, struct mo_node);
		*type = (struct mo_node){ .kind = MO_TYPE_PATH_NODE, .span = p->span, .type = p->type };
		*is = (struct mo_is_node){ .node = { .kind = MO_IS_NODE, .span = p->span }, .value = value, .type_expr = type };
		return &is->node;
	}
	return NULL;
}

// ---- whether every case has an arm -----------------------------------------------------------------------------------------------

static bool
is_plain(const struct mo_type *t)
{
	return !t->is_literal && !t->bounded && !t->pattern.len && !t->targets.len && t->role == MO_STRING_TEXT;
}

// Whether every value of `t` is one of `named`.
static bool
type_covers(struct mo_check *c, const struct mo_type *named, const struct mo_type *t)
{
	for (uint32_t i = 0; i < named->alternatives.len; i++) {
		if (type_covers(c, named->alternatives.items[i], t)) {
			return true;
		}
	}
	if (named->kind != t->kind || named->kind == MO_TYPE_UNION) {
		return named->kind == MO_TYPE_JSON || named->kind == MO_TYPE_ERROR;
	}
	bool scalar = t->kind == MO_TYPE_STRING || t->kind == MO_TYPE_INT;
	return scalar ? is_plain(named) || mo_type_same(named, t) : mo_fit_types(c, t, named).misfit == MO_FITS;
}

static bool
pattern_covers(struct mo_check *c, struct mo_node *p, const struct mo_type *t)
{
	switch (p->kind) {
	case MO_PATTERN_NAME_NODE:
		return true;
	case MO_PATTERN_TYPE_NODE:
		return p->type && type_covers(c, p->type, t);
	case MO_PATTERN_VALUE_NODE: {
		const struct mo_type *v = mo_as_pattern_value(p)->value->type;
		return v && v->kind == t->kind && (t->kind == MO_TYPE_NONE || (t->is_literal && mo_type_same(v, t)));
	}
	default:
		return false;
	}
}

static bool
any_pattern_covers(struct mo_check *c, struct mo_match_node *m, const struct mo_type *t)
{
	for (uint32_t i = 0; i < m->arms.len; i++) {
		mo_nodes patterns = mo_as_arm(m->arms.items[i])->patterns;
		for (uint32_t k = 0; k < patterns.len; k++) {
			if (pattern_covers(c, patterns.items[k], t)) {
				return true;
			}
		}
	}
	return false;
}

static bool
names_value(struct mo_match_node *m, enum mo_node_kind kind, int64_t value)
{
	for (uint32_t i = 0; i < m->arms.len; i++) {
		mo_nodes patterns = mo_as_arm(m->arms.items[i])->patterns;
		for (uint32_t k = 0; k < patterns.len; k++) {
			struct mo_node *v = patterns.items[k]->kind == MO_PATTERN_VALUE_NODE ? mo_as_pattern_value(patterns.items[k])->value : NULL;
			bool same = v && v->kind == kind && (kind == MO_BOOL_NODE ? mo_as_bool_lit(v)->value == (bool)value
				: mo_as_int_lit(v)->value == value);
			if (same) {
				return true;
			}
		}
	}
	return false;
}

// Whether the values of a type are few enough to be named one by one: both Bools, the numbers of Int(1..6).
static bool
is_countable(const struct mo_type *t)
{
	return t->kind == MO_TYPE_BOOL || (t->kind == MO_TYPE_INT && t->bounded && t->max - t->min < MOST_CASES);
}

// The first value that no arm names; false when all are named.
static bool
first_open_value(struct mo_match_node *m, const struct mo_type *t, int64_t *out)
{
	bool truth = t->kind == MO_TYPE_BOOL;
	int64_t last = truth ? 1 : t->max;
	for (*out = truth ? 0 : t->min; *out <= last; ++*out) {
		if (!names_value(m, truth ? MO_BOOL_NODE : MO_INT_NODE, *out)) {
			return true;
		}
	}
	return false;
}

// What no arm takes of a type, in words; empty when there is nothing left.
static struct mo_str
open_part(struct mo_check *c, struct mo_match_node *m, const struct mo_type *t)
{
	int64_t value;
	if (any_pattern_covers(c, m, t)) {
		return (struct mo_str){ 0 };
	}
	if (is_countable(t)) {
		bool left = first_open_value(m, t, &value);
		return !left ? (struct mo_str){ 0 } : t->kind == MO_TYPE_BOOL ? mo_str_c(value ? "true" : "false")
			: mo_str_printf(&c->ctx->session, "%lld", (long long)value);
	}
	bool one = t->kind == MO_TYPE_NONE || t->is_literal || t->kind == MO_TYPE_RECORD || t->kind == MO_TYPE_RESOURCE;
	return mo_str_printf(&c->ctx->session, "%s" MO_STR_FMT, one ? "" : "any other ", MO_STR_ARG(mo_type_noun(c->ctx, t)));
}

static struct mo_str
first_open_case(struct mo_check *c, const struct mo_type *value, struct mo_match_node *m)
{
	const struct mo_type *t = mo_type_present(value);
	struct mo_str open = { 0 };
	if (t->kind != MO_TYPE_UNION) {
		open = open_part(c, m, t);
	}
	for (uint32_t i = 0; !open.len && i < t->alternatives.len; i++) {
		open = open_part(c, m, t->alternatives.items[i]);
	}
	return open.len || value->kind != MO_TYPE_OPTIONAL ? open : open_part(c, m, mo_type_of_kind(MO_TYPE_NONE));
}

static void
check_whole(struct mo_check *c, struct mo_node *n, const struct mo_type *value)
{
	struct mo_match_node *m = mo_as_match(n);
	bool silent = value->kind == MO_TYPE_ERROR || value->kind == MO_TYPE_ANY || mo_is_damaged(c->module, n->span);
	struct mo_str open = silent ? (struct mo_str){ 0 } : first_open_case(c, value, m);
	if (!open.len) {
		return;
	}
	struct mo_span word = { n->span.start, n->span.start + 5 }; // match
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_MATCH_NOT_WHOLE, word, "no arm of this `match` takes " MO_STR_FMT, MO_STR_ARG(open));
	mo_diag_label(d, m->value->span, MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, value)));
	mo_diag_help(d, "add an arm for it, or `_ => …` for all the rest");
}

// ---- match -----------------------------------------------------------------------------------------------------------------------

static bool
asks_for_types(struct mo_match_node *m)
{
	for (uint32_t i = 0; i < m->arms.len; i++) {
		mo_nodes patterns = mo_as_arm(m->arms.items[i])->patterns;
		for (uint32_t k = 0; k < patterns.len; k++) {
			if (patterns.items[k]->kind == MO_PATTERN_TYPE_NODE) {
				return true;
			}
		}
	}
	return false;
}

static const struct mo_type *
check_arm(struct mo_check *c, struct mo_match_node *m, struct mo_node *n, const struct mo_type *value, const struct mo_type *want)
{
	struct mo_arm_node *arm = mo_as_arm(n);
	const struct mo_type *left = mo_facts_narrow(c, m->value, value);
	for (uint32_t k = 0; k < arm->patterns.len; k++) {
		bool name = arm->patterns.items[k]->kind == MO_PATTERN_NAME_NODE;
		check_pattern(c, n, arm->patterns.items[k], name ? left : value);
	}
	struct mo_node *only = arm->patterns.len == 1 ? pattern_test(c, m->value, arm->patterns.items[0]) : NULL;
	uint32_t mark = mo_facts_push(c, only, true);
	const struct mo_type *t = check(c, arm->body, want);
	mo_facts_pop(c, mark);
	for (uint32_t k = 0; k < arm->patterns.len; k++) {
		mo_facts_push(c, pattern_test(c, m->value, arm->patterns.items[k]), false); // for the arms below
	}
	return t;
}

const struct mo_type *
mo_check_match(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	struct mo_match_node *m = mo_as_match(n);
	const struct mo_type *value = mo_check_infer(c, m->value), *result = NULL;
	uint32_t mark = c->facts.len;
	if (m->arms.len > MOST_ARMS) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_LIMIT_REACHED, m->arms.items[MOST_ARMS]->span, "a `match` has more than %d arms",
			MOST_ARMS);
		mo_diag_help(d, "look the value up in a map: `{ a: 1, b: 2 }[x]`");
		return mo_type_of_kind(MO_TYPE_ERROR);
	}
	for (uint32_t i = 0; i < m->arms.len; i++) {
		const struct mo_type *t = check_arm(c, m, m->arms.items[i], value, want);
		result = result ? mo_type_union(c->ctx, result, t) : t;
	}
	mo_facts_pop(c, mark);
	check_whole(c, n, value);
	if (asks_for_types(m) && !mo_check_known(c, value, false, m->value->span, "a value that `match` asks for its type")) {
		return error_type();
	}
	return result ? mo_type_at(c->ctx, result, value->time) : error_type();
}
