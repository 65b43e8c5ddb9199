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
	const struct mo_ir_value *ir = v->ir;
	bool then = mo_ir_is_no_value(ir->then), otherwise = mo_ir_is_no_value(ir->otherwise);
	int says = mo_guard_says(ev->evaluator->guard, ir->condition);
	if (then == otherwise || says == (then ? -1 : 1)) {
		return NULL;
	}
	struct mo_truth t = { .condition = ir->condition, .span = v->span };
	return then ? mo_truth_not(ev, t).condition : t.condition;
}

const struct mo_value *
mo_present_part(struct mo_eval *ev, const struct mo_value *v)
{
	if (v->kind != MO_VALUE_DEPLOY || v->ir->kind != MO_IR_IF) {
		return v;
	}
	bool then = mo_ir_is_no_value(v->ir->then);
	const struct mo_sides *sides = mo_sides_of(ev, v);
	if (sides) {
		return then ? sides->otherwise : sides->then;
	}
	return mo_value_deploy(ev->arena, v->span, then ? v->ir->otherwise : v->ir->then, v->is_list);
}
