// SPDX-License-Identifier: Apache-2.0
// What is known to hold at a place: the deploy-time conditions of the `if`s around it. Decides whether an optional value is there.
#include "eval/instance.h"

struct mo_guard *
mo_guard_add(struct mo_eval *ev, struct mo_guard *outer, struct mo_ir_condition *c, bool negated, struct mo_span span)
{
	struct mo_guard *g = mo_new(ev->arena, struct mo_guard);
	*g = (struct mo_guard){ .outer = outer, .condition = c, .negated = negated, .span = span };
	return g;
}

static bool
is_call(const struct mo_ir_value *v, const char *function)
{
	return v->kind == MO_IR_CALL && mo_str_is(v->function, function) && v->argument->kind == MO_IR_LIST;
}

struct mo_guard *
mo_guard_assume(struct mo_eval *ev, struct mo_guard *outer, struct mo_ir_condition *c, bool negated, struct mo_span span)
{
	struct mo_guard *g = mo_guard_add(ev, outer, c, negated, span);
	const struct mo_ir_value *e = c->expression;
	bool opposite = is_call(e, "Fn::Not"), parts = is_call(e, negated ? "Fn::Or" : "Fn::And");
	if ((!opposite && !parts) || ev->depth >= MO_EVAL_DEPTH) {
		return g;
	}
	ev->depth++;
	for (uint32_t i = 0; i < e->argument->items.len; i++) {
		struct mo_ir_condition *part = mo_condition_new(ev, span, (struct mo_str){ 0 }, false, e->argument->items.items[i]);
		g = mo_guard_assume(ev, g, part, opposite ? !negated : negated, span);
	}
	ev->depth--;
	return g;
}

int
mo_guard_says(const struct mo_guard *around, const struct mo_ir_condition *c)
{
	for (const struct mo_guard *g = around; g; g = g->outer) {
		if (g->condition == c) {
			return g->negated ? -1 : 1;
		}
	}
	return 0;
}

int
mo_known_here(struct mo_eval *ev, const struct mo_guard *around, const struct mo_ir_condition *c)
{
	int says = mo_guard_says(around, c);
	const struct mo_variant *v = ev->evaluator->variant;
	return says || !v ? says : mo_guard_says(v->asserted, c);
}

bool
mo_guard_implies(const struct mo_guard *around, const struct mo_guard *all)
{
	for (const struct mo_guard *g = all; g; g = g->outer) {
		if (mo_guard_says(around, g->condition) != (g->negated ? -1 : 1)) {
			return false;
		}
	}
	return true;
}

enum { LONGEST_NAME = 80 };

// OuterAndOwn, OuterAndNotOwn: when both have names.
static void
name_conjunction(struct mo_eval *ev, const struct mo_guard *g, const struct mo_ir_condition *outer)
{
	struct mo_str own = g->condition->id;
	if (g->all->id.len || own.len == 0 || (outer && outer->id.len == 0)) {
		return;
	}
	struct mo_buf b = mo_buf_in(ev->arena);
	if (outer) {
		mo_buf_add(&b, outer->id);
		mo_buf_adds(&b, "And");
	}
	mo_buf_adds(&b, g->negated ? "Not" : "");
	mo_buf_add(&b, own);
	if (b.len <= LONGEST_NAME) {
		g->all->id = mo_buf_str(&b);
	}
}

struct mo_ir_condition *
mo_guard_condition(struct mo_eval *ev, struct mo_guard *g)
{
	if (!g || g->all) {
		return g ? g->all : NULL;
	}
	struct mo_truth t = { .condition = g->condition, .span = g->span };
	t = g->negated ? mo_truth_not(ev, t) : t;
	struct mo_ir_condition *outer = mo_guard_condition(ev, g->outer);
	if (outer) {
		t = mo_truth_both(ev, (struct mo_truth){ .condition = outer, .span = g->span }, t);
	}
	// What cannot be (a branch that its surroundings exclude) is the condition itself: nothing in it will be made.
	g->all = t.known ? g->condition : t.condition;
	name_conjunction(ev, g, outer);
	return g->all;
}

// ---- optional values -------------------------------------------------------------------------------------------------------------

static struct mo_ir_condition *
unless_known(struct mo_eval *ev, struct mo_guard *g)
{
	return mo_guard_implies(ev->evaluator->guard, g) ? NULL : mo_guard_condition(ev, g);
}

// Whether an optional value is there; `here`: as far as the place does not say it already.
static struct mo_truth
there(struct mo_eval *ev, const struct mo_ir_value *ir, bool here)
{
	if (ir->kind != MO_IR_IF || ev->depth >= MO_EVAL_DEPTH) {
		return mo_truth_known(!mo_ir_is_no_value(ir));
	}
	int says = here ? mo_known_here(ev, ev->evaluator->guard, ir->condition) : 0;
	ev->depth++;
	struct mo_truth c = says ? mo_truth_known(says > 0) : (struct mo_truth){ .condition = ir->condition, .span = ir->span };
	struct mo_truth then = there(ev, ir->then, here), otherwise = there(ev, ir->otherwise, here);
	ev->depth--;
	bool always = then.known && then.truth; // then it does not matter that the condition does not hold
	struct mo_truth second = always && !says ? otherwise : mo_truth_both(ev, mo_truth_not(ev, c), otherwise);
	return then.known && otherwise.known && then.truth == otherwise.truth ? then
		: mo_truth_either(ev, mo_truth_both(ev, c, then), second);
}

struct mo_ir_condition *
mo_presence_of(struct mo_eval *ev, const struct mo_value *v)
{
	if (v->kind == MO_VALUE_RESOURCE) {
		return unless_known(ev, mo_resource_of(v->resource)->guard);
	}
	if (v->kind == MO_VALUE_INSTANCE) {
		return unless_known(ev, v->instance->guard);
	}
	if (v->kind != MO_VALUE_DEPLOY || v->ir->kind != MO_IR_IF) {
		return NULL;
	}
	struct mo_truth t = there(ev, v->ir, true);
	if (t.known && t.truth) {
		return NULL;
	}
	t = t.known ? there(ev, v->ir, false) : t; // what cannot be here keeps its condition, which does not hold
	return t.known ? NULL : t.condition;
}

// The value of one that is there: without the branches where it is not.
static const struct mo_ir_value *
present_ir(struct mo_eval *ev, const struct mo_ir_value *ir)
{
	if (ir->kind != MO_IR_IF || ev->depth >= MO_EVAL_DEPTH) {
		return ir;
	}
	ev->depth++;
	const struct mo_ir_value *then = present_ir(ev, ir->then), *otherwise = present_ir(ev, ir->otherwise);
	ev->depth--;
	if (mo_ir_is_no_value(then) || mo_ir_is_no_value(otherwise)) {
		return mo_ir_is_no_value(then) ? otherwise : then;
	}
	bool same = then == ir->then && otherwise == ir->otherwise;
	return same ? ir : mo_ir_if(ev->arena, ir->span, ir->condition, then, otherwise);
}

static const struct mo_value *
present_side(struct mo_eval *ev, const struct mo_value *v)
{
	ev->depth++;
	const struct mo_value *part = mo_present_part(ev, v);
	ev->depth--;
	return part;
}

const struct mo_value *
mo_present_part(struct mo_eval *ev, const struct mo_value *v)
{
	if (v->kind != MO_VALUE_DEPLOY || v->ir->kind != MO_IR_IF || ev->depth >= MO_EVAL_DEPTH) {
		return v;
	}
	const struct mo_sides *sides = mo_sides_of(ev, v);
	if (!sides) {
		return mo_value_deploy(ev->arena, v->span, present_ir(ev, v->ir), v->is_list);
	}
	const struct mo_value *then = present_side(ev, sides->then), *otherwise = present_side(ev, sides->otherwise);
	if (mo_is_none(then) || mo_is_none(otherwise)) {
		return mo_is_none(then) ? otherwise : then;
	}
	bool same = then == sides->then && otherwise == sides->otherwise;
	return same ? v : mo_choose(ev, v->span, sides->condition, then, otherwise, NULL);
}
