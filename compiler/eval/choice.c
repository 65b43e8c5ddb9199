// SPDX-License-Identifier: Apache-2.0
// Choosing between values by a condition: now when it is known, by Fn::If otherwise.
#include "eval/instance.h"

const struct mo_sides *
mo_sides_of(struct mo_eval *ev, const struct mo_value *v)
{
	return v->kind == MO_VALUE_DEPLOY ? mo_map_get(&ev->evaluator->sides, MO_KEY(v->ir)) : NULL;
}

static const struct mo_value *
ref_of(struct mo_eval *ev, const struct mo_value *v)
{
	return mo_value_deploy(ev->arena, v->span, mo_ir_ref(ev->arena, v->span, v->resource), false);
}

const struct mo_value *
mo_as_refs(struct mo_eval *ev, const struct mo_value *v)
{
	if (v->kind == MO_VALUE_RESOURCE) {
		return ref_of(ev, v);
	}
	if (v->kind != MO_VALUE_LIST) {
		return v;
	}
	struct mo_value *list = mo_value_list(ev->arena, v->span);
	for (uint32_t i = 0; i < v->items.len; i++) {
		const struct mo_value *item = v->items.items[i];
		mo_push(ev->arena, &list->items, item->kind == MO_VALUE_RESOURCE ? ref_of(ev, item) : item);
	}
	return list;
}

static bool
is_condition_value(const struct mo_value *v)
{
	return v->kind == MO_VALUE_DEPLOY && mo_is_condition(v->ir);
}

// Bools choose by logic: (c and a) or (not c and b).
static const struct mo_value *
choose_truth(struct mo_eval *ev, struct mo_span span, struct mo_ir_condition *c, const struct mo_value *then,
	const struct mo_value *otherwise)
{
	struct mo_truth t = { .condition = c, .span = span }, a, b;
	struct mo_str no_name = { 0 };
	if (!mo_truth_of(ev, then, then->span, no_name, &a) || !mo_truth_of(ev, otherwise, otherwise->span, no_name, &b)) {
		return mo_error_value();
	}
	struct mo_truth result = mo_truth_either(ev, mo_truth_both(ev, t, a), mo_truth_both(ev, mo_truth_not(ev, t), b));
	return mo_truth_value(ev, span, result);
}

static bool
is_bool(const struct mo_value *v)
{
	return v->kind == MO_VALUE_BOOL || is_condition_value(v);
}

// A side as IR; NULL after an error.
static const struct mo_ir_value *
lower_side(struct mo_eval *ev, struct mo_span span, const struct mo_value *v, const struct mo_type *want)
{
	if (mo_is_none(v)) {
		return mo_ir_pseudo(ev->arena, span, MO_STR("AWS::NoValue"));
	}
	struct mo_span at = mo_span_is_nowhere(v->span) ? span : v->span;
	const struct mo_value *typed = want ? mo_coerce_choice(ev, v, want, at) : v;
	if (mo_is_error(typed)) {
		return NULL;
	}
	return mo_lower(ev, mo_as_refs(ev, typed));
}

static bool
is_list(const struct mo_value *v)
{
	return v->kind == MO_VALUE_LIST || (v->kind == MO_VALUE_DEPLOY && v->is_list);
}

static bool
has_no_text(const struct mo_value *v)
{
	switch (v->kind) {
	case MO_VALUE_INSTANCE:
	case MO_VALUE_FAMILY:
	case MO_VALUE_ACCOUNT:
	case MO_VALUE_TARGET:
	case MO_VALUE_STACK:
	case MO_VALUE_TEMPLATE:
	case MO_VALUE_MODULE:
	case MO_VALUE_AWS:
		return true;
	default:
		return false;
	}
}

const struct mo_value *
mo_choose(struct mo_eval *ev, struct mo_span span, struct mo_ir_condition *c, const struct mo_value *then,
	const struct mo_value *otherwise,
	const struct mo_type *want)
{
	if (mo_is_error(then) || mo_is_error(otherwise)) {
		return mo_error_value();
	}
	if (then == otherwise || (mo_is_none(then) && mo_is_none(otherwise))) {
		return then;
	}
	if (is_bool(then) && is_bool(otherwise)) {
		return choose_truth(ev, span, c, then, otherwise);
	}
	if (has_no_text(then) || has_no_text(otherwise)) {
		struct mo_str kind = mo_value_kind_text(ev->arena, has_no_text(then) ? then : otherwise);
		struct mo_str what = mo_str_printf(ev->arena, "which of two things to use here: this is " MO_STR_FMT,
			MO_STR_ARG(kind));
		return mo_cannot_compute(ev, span, NULL, what.p, "choose between single values of them, such as `.Ref`");
	}
	const struct mo_ir_value *a = lower_side(ev, span, then, want), *b = lower_side(ev, span, otherwise, want);
	if (!a || !b) {
		return mo_error_value();
	}
	const struct mo_ir_value *ir = mo_ir_if(ev->arena, span, c, a, b);
	struct mo_sides *sides = mo_new(ev->arena, struct mo_sides);
	*sides = (struct mo_sides){ c, then, otherwise };
	mo_map_put(ev->arena, &ev->evaluator->sides, MO_KEY(ir), sides);
	const struct mo_value *v = mo_value_deploy(ev->arena, span, ir, is_list(then) || is_list(otherwise));
	return mo_weigh(ev, v, MO_EVAL_HEAVIEST_IR, span) ? v : mo_error_value();
}

const struct mo_value *
mo_coerce_choice(struct mo_eval *ev, const struct mo_value *v, const struct mo_type *type, struct mo_span span)
{
	const struct mo_sides *sides = mo_sides_of(ev, v);
	if (!sides || ev->depth >= MO_EVAL_DEPTH) {
		return mo_coerce(ev, v, type, span);
	}
	ev->depth++;
	const struct mo_value *chosen = mo_choose(ev, v->span, sides->condition, sides->then, sides->otherwise, type);
	ev->depth--;
	return chosen;
}

const struct mo_value *
mo_eval_if(struct mo_eval *ev, struct mo_frame *f, struct mo_if_expr_node *n, const struct mo_type *want)
{
	struct mo_truth t;
	if (!mo_eval_truth(ev, f, n->cond, &t)) {
		return mo_error_value();
	}
	if (t.known) {
		struct mo_node *branch = t.truth ? n->then : n->otherwise;
		return branch ? mo_eval_expr(ev, f, branch, want) : mo_value_new(ev->arena, MO_VALUE_NONE, n->node.span);
	}
	struct mo_guard *around = ev->evaluator->guard;
	ev->evaluator->guard = mo_guard_assume(ev, around, t.condition, false, n->cond->span);
	const struct mo_value *then = mo_eval_expr(ev, f, n->then, want);
	const struct mo_value *otherwise = mo_value_simple(MO_VALUE_NONE);
	if (n->otherwise) {
		ev->evaluator->guard = mo_guard_assume(ev, around, t.condition, true, n->cond->span);
		otherwise = mo_eval_expr(ev, f, n->otherwise, want);
	}
	ev->evaluator->guard = around;
	return mo_choose(ev, n->node.span, t.condition, then, otherwise, want);
}
