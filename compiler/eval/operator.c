// SPDX-License-Identifier: Apache-2.0
// Operators: `!`, `-`, `&&`, `||`, `??` and the way to arithmetic, comparison and ranges (eval/arithmetic.c).
#include "eval/instance.h"

const struct mo_value *
mo_eval_unary(struct mo_eval *ev, struct mo_frame *f, struct mo_unary_node *n)
{
	if (n->op == MO_OP_NEG) {
		const struct mo_value *v = mo_eval_expr(ev, f, n->operand, NULL);
		return mo_is_error(v) ? v : mo_negate(ev, n, v);
	}
	struct mo_truth t;
	if (!mo_eval_truth(ev, f, n->operand, &t)) {
		return mo_error_value();
	}
	t.span = n->node.span;
	return mo_truth_value(ev, n->node.span, mo_truth_not(ev, t));
}

// The right side sees what the left side proves.
static const struct mo_value *
eval_logic(struct mo_eval *ev, struct mo_frame *f, struct mo_binary_node *n)
{
	bool both = n->op == MO_OP_AND;
	struct mo_truth a, b;
	if (!mo_eval_truth(ev, f, n->left, &a)) {
		return mo_error_value();
	}
	if (a.known && a.truth != both) {
		return mo_value_bool(ev->arena, n->node.span, a.truth);
	}
	struct mo_guard *around = ev->evaluator->guard;
	if (!a.known) {
		ev->evaluator->guard = mo_guard_assume(ev, around, a.condition, !both, n->left->span);
	}
	bool good = mo_eval_truth(ev, f, n->right, &b);
	ev->evaluator->guard = around;
	if (!good) {
		return mo_error_value();
	}
	a.span = n->node.span;
	return mo_truth_value(ev, n->node.span, both ? mo_truth_both(ev, a, b) : mo_truth_either(ev, a, b));
}

static const struct mo_value *
eval_coalesce(struct mo_eval *ev, struct mo_frame *f, struct mo_binary_node *n, const struct mo_type *want)
{
	const struct mo_value *a = mo_eval_expr(ev, f, n->left, want);
	if (mo_is_error(a)) {
		return a;
	}
	if (mo_is_none(a)) {
		return mo_eval_expr(ev, f, n->right, want);
	}
	struct mo_ir_condition *there = mo_presence_of(ev, a);
	if (!there) {
		return a;
	}
	struct mo_guard *around = ev->evaluator->guard;
	ev->evaluator->guard = mo_guard_assume(ev, around, there, true, n->left->span);
	const struct mo_value *b = mo_eval_expr(ev, f, n->right, want);
	ev->evaluator->guard = around;
	return mo_choose(ev, n->node.span, there, mo_present_part(ev, a), b, want);
}

const struct mo_value *
mo_eval_binary(struct mo_eval *ev, struct mo_frame *f, struct mo_binary_node *n, const struct mo_type *want)
{
	if (n->op == MO_OP_AND || n->op == MO_OP_OR) {
		return eval_logic(ev, f, n);
	}
	if (n->op == MO_OP_COALESCE) {
		return eval_coalesce(ev, f, n, want);
	}
	const struct mo_value *a = mo_eval_expr(ev, f, n->left, NULL);
	const struct mo_value *b = mo_eval_expr(ev, f, n->right, NULL);
	if (mo_is_error(a) || mo_is_error(b)) {
		return mo_error_value();
	}
	switch (n->op) {
	case MO_OP_EQ:
	case MO_OP_NE:
		return mo_equal(ev, n->node.span, a, b, n->op == MO_OP_NE);
	case MO_OP_LT:
	case MO_OP_GT:
	case MO_OP_LE:
	case MO_OP_GE:
		return mo_compare(ev, n, a, b);
	case MO_OP_RANGE:
	case MO_OP_RANGE_LT:
		return mo_range(ev, n, a, b);
	default:
		return mo_arithmetic(ev, n, a, b);
	}
}
