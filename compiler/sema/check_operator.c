// SPDX-License-Identifier: Apache-2.0
// Operators: what they go with, and what CloudFormation can do of it (`==`, `!=`, `&&`, `||`, `!`, `??`; nothing else).
#include "sema/check.h"

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

static struct mo_str
text(struct mo_check *c, const struct mo_type *t)
{
	return mo_type_text(c->ctx, t);
}

static const struct mo_type *
bool_at(struct mo_check *c, struct mo_time time)
{
	return mo_type_at(c->ctx, mo_type_of_kind(MO_TYPE_BOOL), time);
}

// The kind that all alternatives have; UNION when they differ.
static enum mo_type_kind
kind_of(const struct mo_type *t)
{
	enum mo_type_kind kind = t->kind == MO_TYPE_UNION && t->alternatives.len ? t->alternatives.items[0]->kind : t->kind;
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		if (t->alternatives.items[i]->kind != kind) {
			return MO_TYPE_UNION;
		}
	}
	return kind;
}

static bool
is_number(const struct mo_type *t)
{
	enum mo_type_kind kind = kind_of(t);
	return kind == MO_TYPE_INT || kind == MO_TYPE_FLOAT || kind == MO_TYPE_JSON;
}

static bool
is_amount(enum mo_type_kind kind)
{
	return kind == MO_TYPE_DURATION || kind == MO_TYPE_SIZE;
}

static bool
is_text(const struct mo_type *t)
{
	return kind_of(t) == MO_TYPE_STRING || t->kind == MO_TYPE_JSON;
}

// ---- operands --------------------------------------------------------------------------------------------------------------------

// CloudFormation compares for equality and nothing else: the operands of everything else must be known.
static bool
known_operand(struct mo_check *c, struct mo_node *operand, const struct mo_type *t, enum mo_op op)
{
	if (t->time.deploy) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_CANNOT_COMPUTE, operand->span, "CloudFormation cannot compute `%s`", mo_op_text(op));
		mo_diag_here(d, "known only when CloudFormation runs");
		mo_check_label_deploy(d, t->time, operand->span);
		mo_diag_help(d, "compute it from values that the program knows, or pass the result in");
		return false;
	}
	return mo_check_known(c, t, false, operand->span, mo_str_printf(&c->ctx->session, "an operand of `%s`", mo_op_text(op)).p);
}

static bool
known_operands(struct mo_check *c, struct mo_binary_node *b, const struct mo_type *l, const struct mo_type *r)
{
	return known_operand(c, b->left, l, b->op) && known_operand(c, b->right, r, b->op);
}

static bool
both_are(const struct mo_type *l, const struct mo_type *r, enum mo_type_kind kind)
{
	return kind_of(l) == kind && kind_of(r) == kind;
}

// An operand that may be none goes with nothing but `??` and comparisons with none.
static bool
may_be_none(struct mo_check *c, struct mo_node *operand, const struct mo_type *t, enum mo_op op)
{
	if (!mo_type_admits_none(t)) {
		return false;
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_MAY_BE_NONE, operand->span, "this may be none, and `%s` wants a value", mo_op_text(op));
	mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(text(c, t)));
	mo_diag_help(d, "give a value for that case with `(… ?? …)`, or use it only where `!= none` is known");
	return true;
}

// The operator itself.
static struct mo_span
operator_span(struct mo_check *c, const struct mo_binary_node *b)
{
	struct mo_span between = { b->left->span.end, b->right->span.start };
	struct mo_str op = mo_str_c(mo_op_text(b->op));
	ptrdiff_t at = between.start < between.end ? mo_str_find(mo_span_text(c->ctx->sources, between), op, 0) : -1;
	return at < 0 ? b->node.span : (struct mo_span){ between.start + (uint32_t)at, between.start + (uint32_t)at + (uint32_t)op.len };
}

static const struct mo_type *
report_operands(struct mo_check *c, struct mo_node *n, const struct mo_type *l, const struct mo_type *r)
{
	struct mo_binary_node *b = mo_as_binary(n);
	if (may_be_none(c, b->left, l, b->op) || may_be_none(c, b->right, r, b->op)) {
		return error_type();
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_OPERANDS, operator_span(c, b), "`%s` does not go with " MO_STR_FMT " and " MO_STR_FMT,
		mo_op_text(b->op), MO_STR_ARG(mo_type_noun(c->ctx, l)), MO_STR_ARG(mo_type_noun(c->ctx, r)));
	mo_diag_label(d, b->left->span, MO_STR_FMT, MO_STR_ARG(text(c, l)));
	mo_diag_label(d, b->right->span, MO_STR_FMT, MO_STR_ARG(text(c, r)));
	if (b->op == MO_OP_ADD && (is_text(l) || is_text(r))) {
		mo_diag_help(d, "texts are put together with `\"${…}${…}\"`");
	} else if (b->op == MO_OP_ADD && l->kind == MO_TYPE_LIST) {
		mo_diag_help(d, "lists are put together with `[...a, ...b]`");
	} else if (b->op == MO_OP_ADD && (l->kind == MO_TYPE_RECORD || l->kind == MO_TYPE_MAP)) {
		mo_diag_help(d, "records are put together with `{ ...a, ...b }`");
	}
	return error_type();
}

// ---- arithmetic and order --------------------------------------------------------------------------------------------------------

static const struct mo_type *
arithmetic_of_amounts(enum mo_op op, enum mo_type_kind l, enum mo_type_kind r)
{
	bool same = l == r && is_amount(l);
	if (same && (op == MO_OP_ADD || op == MO_OP_SUB || op == MO_OP_MOD)) {
		return mo_type_of_kind(l);
	}
	if (same && op == MO_OP_DIV) {
		return mo_type_of_kind(MO_TYPE_INT);
	}
	if (is_amount(l) && r == MO_TYPE_INT && (op == MO_OP_MUL || op == MO_OP_DIV)) {
		return mo_type_of_kind(l);
	}
	return l == MO_TYPE_INT && is_amount(r) && op == MO_OP_MUL ? mo_type_of_kind(r) : NULL;
}

static const struct mo_type *
infer_arithmetic(struct mo_check *c, struct mo_node *n, const struct mo_type *l, const struct mo_type *r)
{
	struct mo_binary_node *b = mo_as_binary(n);
	const struct mo_type *t = arithmetic_of_amounts(b->op, kind_of(l), kind_of(r));
	if (is_number(l) && is_number(r)) {
		t = mo_type_of_kind(both_are(l, r, MO_TYPE_INT) ? MO_TYPE_INT : MO_TYPE_FLOAT);
	}
	if (!t) {
		return report_operands(c, n, l, r);
	}
	if (!known_operands(c, b, l, r)) {
		return error_type();
	}
	return mo_type_at(c->ctx, t, mo_time_join(c->ctx, l->time, r->time));
}

static const struct mo_type *
infer_order(struct mo_check *c, struct mo_node *n, const struct mo_type *l, const struct mo_type *r)
{
	bool comparable = (is_number(l) && is_number(r)) || both_are(l, r, MO_TYPE_DURATION) || both_are(l, r, MO_TYPE_SIZE)
		|| (is_text(l) && is_text(r));
	if (!comparable) {
		return report_operands(c, n, l, r);
	}
	if (!known_operands(c, mo_as_binary(n), l, r)) {
		return error_type();
	}
	return bool_at(c, mo_time_join(c->ctx, l->time, r->time));
}

static const struct mo_type *
infer_range(struct mo_check *c, struct mo_node *n, const struct mo_type *l, const struct mo_type *r)
{
	struct mo_binary_node *b = mo_as_binary(n);
	bool ints = (kind_of(l) == MO_TYPE_INT || l->kind == MO_TYPE_JSON) && (kind_of(r) == MO_TYPE_INT || r->kind == MO_TYPE_JSON);
	if (!ints) {
		return report_operands(c, n, l, r);
	}
	if (!mo_check_known(c, l, false, b->left->span, "the start of a range") || !mo_check_known(c, r, false, b->right->span, "the end of a range")) {
		return error_type();
	}
	struct mo_time time = mo_time_join(c->ctx, l->time, r->time);
	return mo_type_computed_list(c->ctx, mo_type_of_kind(MO_TYPE_INT), time);
}

// ---- equality --------------------------------------------------------------------------------------------------------------------

static bool
either_fits(struct mo_check *c, const struct mo_type *l, const struct mo_type *r)
{
	return mo_fit_types(c, l, r).misfit == MO_FITS || mo_fit_types(c, r, l).misfit == MO_FITS || (is_number(l) && is_number(r));
}

static bool
overlap(struct mo_check *c, const struct mo_type *l, const struct mo_type *r)
{
	bool both_optional = mo_type_admits_none(l) && mo_type_admits_none(r);
	l = mo_type_present(l);
	r = mo_type_present(r);
	if (l->kind == MO_TYPE_UNION) {
		for (uint32_t i = 0; i < l->alternatives.len; i++) {
			if (overlap(c, l->alternatives.items[i], r)) {
				return true;
			}
		}
		return both_optional;
	}
	return r->kind == MO_TYPE_UNION ? overlap(c, r, l) || both_optional : both_optional || either_fits(c, l, r);
}

static const struct mo_type *
as_compared(struct mo_check *c, const struct mo_node *n, const struct mo_type *t)
{
	bool written = n && (n->kind == MO_STRING_NODE || n->kind == MO_INT_NODE || n->kind == MO_UNARY_NODE);
	return written ? t : mo_type_widened(c->ctx, t);
}

bool
mo_check_can_be_equal(struct mo_check *c, struct mo_node *left, const struct mo_type *l, struct mo_node *right, const struct mo_type *r)
{
	return overlap(c, as_compared(c, left, l), as_compared(c, right, r));
}

// Whether something is there is known when its level is: presence, not content.
static struct mo_time
time_of_presence(const struct mo_type *t)
{
	return t->kind == MO_TYPE_OPTIONAL || t->kind == MO_TYPE_JSON ? t->time : MO_COMPILE_TIME;
}

static const struct mo_type *
infer_equality(struct mo_check *c, struct mo_node *n, const struct mo_type *l, const struct mo_type *r)
{
	struct mo_binary_node *b = mo_as_binary(n);
	if (l->kind == MO_TYPE_NONE || r->kind == MO_TYPE_NONE) {
		return bool_at(c, time_of_presence(l->kind == MO_TYPE_NONE ? r : l));
	}
	if (!mo_check_can_be_equal(c, b->left, l, b->right, r)) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_NEVER_EQUAL, operator_span(c, b), "these can never be equal");
		mo_diag_label(d, b->left->span, MO_STR_FMT, MO_STR_ARG(text(c, l)));
		mo_diag_label(d, b->right->span, MO_STR_FMT, MO_STR_ARG(text(c, r)));
		mo_check_suggest_literal(c, d, b->right, r, l);
		return bool_at(c, MO_COMPILE_TIME);
	}
	return bool_at(c, mo_time_join(c->ctx, mo_type_deep_time(c->ctx, l), mo_type_deep_time(c->ctx, r)));
}

// ---- logic and `??` --------------------------------------------------------------------------------------------------------------

static const struct mo_type *
infer_logic(struct mo_check *c, struct mo_node *n)
{
	struct mo_binary_node *b = mo_as_binary(n);
	const struct mo_type *l = mo_check_condition(c, b->left);
	uint32_t mark = mo_facts_push(c, b->left, b->op == MO_OP_AND);
	const struct mo_type *r = mo_check_condition(c, b->right);
	mo_facts_pop(c, mark);
	return bool_at(c, mo_time_join(c->ctx, l->time, r->time));
}

// The condition `n == none`, which nobody wrote.
static struct mo_node *
is_none(struct mo_check *c, struct mo_node *n)
{
	struct mo_binary_node *b = mo_new(&c->ctx->session, struct mo_binary_node);
	struct mo_node *none = mo_new(&c->ctx->session, struct mo_node);
	*none = (struct mo_node){ .kind = MO_NONE_NODE, .span = n->span };
	*b = (struct mo_binary_node){ .node = { .kind = MO_BINARY_NODE, .span = n->span }, .op = MO_OP_EQ, .left = n, .right = none };
	return &b->node;
}

static void
warn_never_none(struct mo_check *c, struct mo_binary_node *b, const struct mo_type *l)
{
	if (l->kind == MO_TYPE_ERROR || mo_type_admits_none(l) || l->kind == MO_TYPE_JSON || l->kind == MO_TYPE_ANY) {
		return;
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_NEVER_NONE, b->left->span, "this is never none, so `??` has no effect");
	mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(text(c, l)));
	mo_diag_help(d, "take `?? …` out");
	mo_diag_fix(d, (struct mo_span){ b->left->span.end, b->right->span.end }, "%s", "");
}

const struct mo_type *
mo_check_coalesce(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	struct mo_binary_node *b = mo_as_binary(n);
	const struct mo_type *l = mo_check_infer(c, b->left);
	warn_never_none(c, b, l);
	uint32_t mark = mo_facts_push(c, is_none(c, b->left), true); // where b is evaluated, a is none
	const struct mo_type *r = want ? mo_check_expr(c, b->right, want) : mo_check_infer(c, b->right);
	mo_facts_pop(c, mark);
	if (l->kind == MO_TYPE_NONE) {
		return r;
	}
	const struct mo_type *present = mo_type_present(l);
	if (want && !mo_check_fit(c, b->left, present, want)) {
		return error_type();
	}
	return mo_type_at(c->ctx, mo_type_union(c->ctx, present, r), time_of_presence(l));
}

// ---- dispatch --------------------------------------------------------------------------------------------------------------------

const struct mo_type *
mo_check_binary(struct mo_check *c, struct mo_node *n)
{
	struct mo_binary_node *b = mo_as_binary(n);
	if (b->op == MO_OP_AND || b->op == MO_OP_OR) {
		return infer_logic(c, n);
	}
	if (b->op == MO_OP_COALESCE) {
		return mo_check_coalesce(c, n, NULL);
	}
	const struct mo_type *l = mo_check_infer(c, b->left), *r = mo_check_infer(c, b->right);
	if (l->kind == MO_TYPE_ERROR || r->kind == MO_TYPE_ERROR) {
		return error_type();
	}
	switch (b->op) {
	case MO_OP_EQ:
	case MO_OP_NE:
		return infer_equality(c, n, l, r);
	case MO_OP_LT:
	case MO_OP_GT:
	case MO_OP_LE:
	case MO_OP_GE:
		return infer_order(c, n, l, r);
	case MO_OP_RANGE:
	case MO_OP_RANGE_LT:
		return infer_range(c, n, l, r);
	default:
		return infer_arithmetic(c, n, l, r);
	}
}

static const struct mo_type *
negative_literal(struct mo_check *c, const struct mo_type *t)
{
	struct mo_type *n = mo_type_new(c->ctx, MO_TYPE_INT);
	n->is_literal = n->found = true;
	n->min = n->max = t->min == INT64_MIN ? t->min : -t->min;
	return n;
}

const struct mo_type *
mo_check_unary(struct mo_check *c, struct mo_node *n)
{
	struct mo_unary_node *u = mo_as_unary(n);
	if (u->op == MO_OP_NOT) {
		return bool_at(c, mo_check_condition(c, u->operand)->time);
	}
	const struct mo_type *t = mo_check_infer(c, u->operand);
	if (t->kind == MO_TYPE_ERROR || may_be_none(c, u->operand, t, MO_OP_NEG)) {
		return error_type();
	}
	if (!is_number(t) && !is_amount(t->kind)) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_OPERANDS, u->operand->span, "`-` wants a number, a Duration or a Size");
		mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(text(c, t)));
		return error_type();
	}
	if (!known_operand(c, u->operand, t, MO_OP_SUB)) {
		return error_type();
	}
	bool literal = t->kind == MO_TYPE_INT && t->is_literal;
	return literal ? negative_literal(c, t) : mo_type_at(c->ctx, mo_type_of_kind(kind_of(t)), t->time);
}

const struct mo_type *
mo_check_is(struct mo_check *c, struct mo_node *n)
{
	struct mo_is_node *is = mo_as_is(n);
	const struct mo_type *t = mo_check_infer(c, is->value), *asked = mo_type_of_node(c->program, is->type_expr);
	if (t->kind == MO_TYPE_ERROR || asked->kind == MO_TYPE_ERROR) {
		return error_type();
	}
	if (!mo_check_known(c, t, false, is->value->span, "the value of `is`")) {
		return error_type();
	}
	return bool_at(c, t->time);
}
