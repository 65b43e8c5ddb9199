// SPDX-License-Identifier: Apache-2.0
// Numbers, amounts and ranges. Int is 64 bit and never wraps; `/` of Ints is exact or an error. CloudFormation computes none of it.
#include "eval/instance.h"

#include <math.h>

static bool
is_number(const struct mo_value *v)
{
	return v->kind == MO_VALUE_INT || v->kind == MO_VALUE_FLOAT;
}

static double
as_double(const struct mo_value *v)
{
	return v->kind == MO_VALUE_INT ? (double)v->integer : v->number;
}

const struct mo_value *
mo_wrong_operands(struct mo_eval *ev, struct mo_span span, enum mo_op op, const struct mo_value *a, const struct mo_value *b)
{
	struct mo_str x = mo_value_kind_text(ev->arena, a);
	struct mo_diag *d;
	if (b) {
		struct mo_str y = mo_value_kind_text(ev->arena, b);
		d = mo_report(ev->ctx->diags, MSG_WRONG_OPERANDS, span, "`%s` does not go with " MO_STR_FMT " and " MO_STR_FMT,
			mo_op_text(op),
			MO_STR_ARG(x), MO_STR_ARG(y));
	} else {
		d = mo_report(ev->ctx->diags, MSG_WRONG_OPERANDS, span, "`%s` does not go with " MO_STR_FMT, mo_op_text(op),
			MO_STR_ARG(x));
	}
	if (a->kind == MO_VALUE_NONE || (b && b->kind == MO_VALUE_NONE)) {
		mo_diag_help(d, "say what to use when it is absent: `… ?? …`");
	}
	return mo_error_value();
}

static const struct mo_value *
deploy_time(struct mo_eval *ev, struct mo_binary_node *n, const struct mo_value *a, const struct mo_value *b, const char *what)
{
	const struct mo_value *v = a->kind == MO_VALUE_DEPLOY ? a : b;
	struct mo_str text = mo_str_printf(ev->arena, "%s (`%s`)", what, mo_op_text(n->op));
	return mo_cannot_compute(ev, n->node.span, v, text.p,
		"compute with values that are known at compile time, or take the result as a parameter");
}

static const struct mo_value *
overflow(struct mo_eval *ev, struct mo_span span, enum mo_op op)
{
	mo_report(ev->ctx->diags, MSG_OVERFLOW, span, "the result of `%s` does not fit into 64 bits", mo_op_text(op));
	return mo_error_value();
}

static const struct mo_value *
bad_division(struct mo_eval *ev, struct mo_binary_node *n, int64_t a, int64_t b)
{
	if (b == 0) {
		mo_report(ev->ctx->diags, MSG_BAD_DIVISION, n->node.span, "division by zero");
		return mo_error_value();
	}
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_BAD_DIVISION, n->node.span, "%lld is not a multiple of %lld",
		(long long)a, (long long)b);
	mo_diag_note(d, "`/` of whole numbers is exact; the remainder here is %lld", (long long)(a % b));
	mo_diag_help(d, "take the remainder off first: `(a - a %% b) / b`");
	return mo_error_value();
}

// The result of an operator on 64-bit numbers; false when it does not fit.
static bool
compute(enum mo_op op, int64_t a, int64_t b, int64_t *out)
{
	switch (op) {
	case MO_OP_ADD:
		return !__builtin_add_overflow(a, b, out);
	case MO_OP_SUB:
		return !__builtin_sub_overflow(a, b, out);
	case MO_OP_MUL:
		return !__builtin_mul_overflow(a, b, out);
	case MO_OP_DIV:
		if (b == -1) {
			return !__builtin_sub_overflow((int64_t)0, a, out);
		}
		*out = a / b;
		return true;
	default:
		*out = b == -1 ? 0 : a % b;
		return true;
	}
}

static const struct mo_value *
integers(struct mo_eval *ev, struct mo_binary_node *n, enum mo_value_kind kind, int64_t a, int64_t b)
{
	bool division = n->op == MO_OP_DIV || n->op == MO_OP_MOD;
	if (division && b == 0) {
		return bad_division(ev, n, a, b);
	}
	if (n->op == MO_OP_DIV && b != -1 && a % b != 0) {
		return bad_division(ev, n, a, b);
	}
	int64_t result;
	if (!compute(n->op, a, b, &result)) {
		return overflow(ev, n->node.span, n->op);
	}
	struct mo_value *v = mo_value_new(ev->arena, kind, n->node.span);
	v->integer = result;
	return v;
}

static const struct mo_value *
floats(struct mo_eval *ev, struct mo_binary_node *n, double a, double b)
{
	double result = 0;
	bool zero = !(b < 0) && !(b > 0);
	switch (n->op) {
	case MO_OP_ADD:
		result = a + b;
		break;
	case MO_OP_SUB:
		result = a - b;
		break;
	case MO_OP_MUL:
		result = a * b;
		break;
	default:
		if (zero) {
			return bad_division(ev, n, 0, 0);
		}
		result = n->op == MO_OP_DIV ? a / b : fmod(a, b);
		break;
	}
	return isfinite(result) ? mo_value_float(ev->arena, n->node.span, result) : overflow(ev, n->node.span, n->op);
}

static bool
is_amount(const struct mo_value *v)
{
	return v->kind == MO_VALUE_DURATION || v->kind == MO_VALUE_SIZE;
}

// 2h + 30min, 3 * 5GiB, 10GiB / 2, 1h / 5min.
static const struct mo_value *
amounts(struct mo_eval *ev, struct mo_binary_node *n, const struct mo_value *a, const struct mo_value *b)
{
	bool same = a->kind == b->kind;
	if (same && (n->op == MO_OP_ADD || n->op == MO_OP_SUB || n->op == MO_OP_MOD)) {
		return integers(ev, n, a->kind, a->integer, b->integer);
	}
	if (same && n->op == MO_OP_DIV) {
		return integers(ev, n, MO_VALUE_INT, a->integer, b->integer);
	}
	if (b->kind == MO_VALUE_INT && (n->op == MO_OP_MUL || n->op == MO_OP_DIV)) {
		return integers(ev, n, a->kind, a->integer, b->integer);
	}
	if (a->kind == MO_VALUE_INT && n->op == MO_OP_MUL) {
		return integers(ev, n, b->kind, a->integer, b->integer);
	}
	return mo_wrong_operands(ev, n->node.span, n->op, a, b);
}

const struct mo_value *
mo_arithmetic(struct mo_eval *ev, struct mo_binary_node *n, const struct mo_value *a, const struct mo_value *b)
{
	if (a->kind == MO_VALUE_DEPLOY || b->kind == MO_VALUE_DEPLOY) {
		return deploy_time(ev, n, a, b, "arithmetic");
	}
	if (a->kind == MO_VALUE_INT && b->kind == MO_VALUE_INT) {
		return integers(ev, n, MO_VALUE_INT, a->integer, b->integer);
	}
	if (is_number(a) && is_number(b)) {
		return floats(ev, n, as_double(a), as_double(b));
	}
	if (is_amount(a) || is_amount(b)) {
		return amounts(ev, n, a, b);
	}
	return mo_wrong_operands(ev, n->node.span, n->op, a, b);
}

const struct mo_value *
mo_negate(struct mo_eval *ev, struct mo_unary_node *n, const struct mo_value *v)
{
	struct mo_value *result;
	switch (v->kind) {
	case MO_VALUE_DEPLOY:
		return mo_cannot_compute(ev, n->node.span, v, "arithmetic (`-`)", "take the negative number as a parameter");
	case MO_VALUE_FLOAT:
		return mo_value_float(ev->arena, n->node.span, -v->number);
	case MO_VALUE_INT:
	case MO_VALUE_DURATION:
	case MO_VALUE_SIZE:
		if (v->integer == INT64_MIN) {
			return overflow(ev, n->node.span, MO_OP_NEG);
		}
		result = mo_value_new(ev->arena, v->kind, n->node.span);
		result->integer = -v->integer;
		return result;
	default:
		return mo_wrong_operands(ev, n->node.span, MO_OP_NEG, v, NULL);
	}
}

// ---- order -----------------------------------------------------------------------------------------------------------------------

// -1, 0 or 1; false when the two have no order.
static bool
order(const struct mo_value *a, const struct mo_value *b, int *out)
{
	bool whole = a->kind == b->kind && (a->kind == MO_VALUE_INT || is_amount(a));
	if (whole) {
		*out = (a->integer > b->integer) - (a->integer < b->integer);
		return true;
	}
	if (is_number(a) && is_number(b)) {
		double x = as_double(a), y = as_double(b);
		*out = (x > y) - (x < y);
		return true;
	}
	if (a->kind == MO_VALUE_STRING && b->kind == MO_VALUE_STRING) {
		*out = mo_str_cmp(a->text, b->text);
		return true;
	}
	return false;
}

const struct mo_value *
mo_compare(struct mo_eval *ev, struct mo_binary_node *n, const struct mo_value *a, const struct mo_value *b)
{
	int by;
	if (a->kind == MO_VALUE_DEPLOY || b->kind == MO_VALUE_DEPLOY) {
		return deploy_time(ev, n, a, b, "which of two values is greater");
	}
	if (!order(a, b, &by)) {
		return mo_wrong_operands(ev, n->node.span, n->op, a, b);
	}
	bool result = n->op == MO_OP_LT ? by < 0 : n->op == MO_OP_GT ? by > 0 : n->op == MO_OP_LE ? by <= 0 : by >= 0;
	return mo_value_bool(ev->arena, n->node.span, result);
}

const struct mo_value *
mo_range(struct mo_eval *ev, struct mo_binary_node *n, const struct mo_value *a, const struct mo_value *b)
{
	if (a->kind == MO_VALUE_DEPLOY || b->kind == MO_VALUE_DEPLOY) {
		return mo_needs_compile_time(ev, a->kind == MO_VALUE_DEPLOY ? a : b, n->node.span, "the ends of a range");
	}
	if (a->kind != MO_VALUE_INT || b->kind != MO_VALUE_INT) {
		return mo_wrong_operands(ev, n->node.span, n->op, a, b);
	}
	struct mo_value *list = mo_value_list(ev->arena, n->node.span);
	if (a->integer > b->integer) {
		return list;
	}
	uint64_t count = (uint64_t)b->integer - (uint64_t)a->integer;
	if (count >= MO_EVAL_LONGEST_LIST) {
		mo_report(ev->ctx->diags, MSG_TOO_MANY_ELEMENTS, n->node.span, "this range has more than %d elements",
			MO_EVAL_LONGEST_LIST);
		return mo_error_value();
	}
	count += n->op == MO_OP_RANGE ? 1 : 0;
	for (uint64_t i = 0; i < count; i++) {
		mo_push(ev->arena, &list->items, mo_value_int(ev->arena, n->node.span, a->integer + (int64_t)i));
	}
	return list;
}
