// SPDX-License-Identifier: Apache-2.0
// Calls of CloudFormation's own functions by their names. Those that the language has a form for give what that form gives; all others
// go into the template as they are called. The checker has compared arguments with the table (sema/intrinsics.def).
#include "eval/builtin.h"
#include "eval/mapping.h"

#include "sema/intrinsic.h"

struct intrinsic_call {
	struct mo_eval *ev;
	struct mo_frame *frame;
	struct mo_call_node *node;
	struct mo_span span;
	const struct mo_intrinsic *f;
	const struct mo_value **args;
	uint32_t count;
};

static const struct mo_value *
give(const struct intrinsic_call *k, const struct mo_ir_value *ir)
{
	struct mo_value *v = mo_value_new(k->ev->arena, MO_VALUE_DEPLOY, k->span);
	v->ir = ir;
	v->is_list = k->f->gives == MO_GIVES_LIST;
	v->is_any = k->f->gives == MO_GIVES_ANY;
	return v;
}

static struct mo_node *
argument_node(const struct intrinsic_call *k, uint32_t i)
{
	return mo_as_arg(k->node->args.items[i])->value;
}

static const struct mo_ir_value *
lower_argument(const struct intrinsic_call *k, uint32_t i)
{
	return mo_lower(k->ev, mo_as_refs(k->ev, k->args[i]));
}

// The call as it stands: one argument alone, several as a list.
static const struct mo_value *
as_called(const struct intrinsic_call *k)
{
	struct mo_arena *a = k->ev->arena;
	struct mo_str function = mo_str_c(k->f->name);
	if (k->count == 0) {
		return give(k, mo_ir_call(a, k->span, function, mo_ir_string(a, k->span, MO_STR(""))));
	}
	const struct mo_ir_value **ir = mo_new_array(a, const struct mo_ir_value *, k->count);
	for (uint32_t i = 0; i < k->count; i++) {
		ir[i] = lower_argument(k, i);
	}
	bool alone = k->count == 1;
	return give(k, alone ? mo_ir_call(a, k->span, function, ir[0]) : mo_ir_call_list(a, k->span, function, ir, k->count));
}

static const struct mo_value *
get_att(const struct intrinsic_call *k)
{
	if (k->args[0]->kind != MO_VALUE_RESOURCE || k->args[1]->kind != MO_VALUE_STRING) {
		return as_called(k);
	}
	struct mo_name name = { mo_atom_of(k->ev->ctx->atoms, k->args[1]->text), k->args[1]->span };
	return mo_resource_member(k->ev, mo_resource_of(k->args[0]->resource), name, NULL);
}

// A map of the program becomes a mapping; a text names one that `raw` or a macro brings.
static const struct mo_value *
find_in_map(const struct intrinsic_call *k)
{
	if (k->args[0]->kind == MO_VALUE_STRING) {
		return as_called(k);
	}
	const struct mo_ir_value *ir[4] = { NULL };
	ir[0] = mo_mapping_operand(k->ev, argument_node(k, 0), k->args[0], argument_node(k, 1));
	if (!ir[0]) {
		return mo_error_value();
	}
	for (uint32_t i = 1; i < k->count; i++) {
		ir[i] = lower_argument(k, i);
	}
	if (ir[2]->kind == MO_IR_STRING) {
		ir[2] = mo_ir_string(k->ev->arena, ir[2]->span, mo_mapping_column(k->ev, ir[2]->text));
	}
	return give(k, mo_ir_call_list(k->ev->arena, k->span, MO_STR("Fn::FindInMap"), ir, k->count));
}

static const struct mo_value *
choose(const struct intrinsic_call *k)
{
	struct mo_truth t;
	struct mo_str name = mo_condition_name(k->ev, k->frame, argument_node(k, 0));
	if (!mo_truth_of(k->ev, k->args[0], k->args[0]->span, name, &t)) {
		return mo_error_value();
	}
	return t.known ? k->args[t.truth ? 1 : 2] : mo_choose(k->ev, k->span, t.condition, k->args[1], k->args[2], NULL);
}

static const struct mo_value *
logic(const struct intrinsic_call *k)
{
	bool both = k->f->kind == MO_INTRINSIC_AND;
	struct mo_truth all = mo_truth_known(both), t;
	for (uint32_t i = 0; i < k->count; i++) {
		if (!mo_truth_of(k->ev, k->args[i], k->args[i]->span, (struct mo_str){ 0 }, &t)) {
			return mo_error_value();
		}
		if (k->f->kind == MO_INTRINSIC_NOT) {
			return mo_truth_value(k->ev, k->span, mo_truth_not(k->ev, t));
		}
		all = both ? mo_truth_both(k->ev, all, t) : mo_truth_either(k->ev, all, t);
	}
	return mo_truth_value(k->ev, k->span, all);
}

// ---- Ref and Condition, which CloudFormation writes without `Fn::` ------------------------------------------------------------------

static const struct mo_value *
by_logical_id(const struct mo_call *c, const char *function, bool is_any)
{
	struct mo_str id;
	if (!mo_arg_text(c, 0, &id)) {
		return mo_builtin_error();
	}
	struct mo_value *v = mo_value_new(c->ev->arena, MO_VALUE_DEPLOY, c->span);
	v->ir = mo_ir_call(c->ev->arena, c->span, mo_str_c(function), mo_ir_string(c->ev->arena, mo_arg_span(c, 0), id));
	v->is_any = is_any;
	return v;
}

const struct mo_value *
mo_builtin_Ref(const struct mo_call *c)
{
	return by_logical_id(c, "Ref", true);
}

const struct mo_value *
mo_builtin_Condition(const struct mo_call *c)
{
	return by_logical_id(c, "Condition", false);
}

// ---- dispatch --------------------------------------------------------------------------------------------------------------------

static const struct mo_value *
dispatch(const struct intrinsic_call *k)
{
	switch (k->f->kind) {
	case MO_INTRINSIC_GET_ATT: return get_att(k);
	case MO_INTRINSIC_FIND_IN_MAP: return find_in_map(k);
	case MO_INTRINSIC_IF: return choose(k);
	case MO_INTRINSIC_EQUALS: return mo_equal(k->ev, k->span, k->args[0], k->args[1], false);
	case MO_INTRINSIC_AND:
	case MO_INTRINSIC_OR:
	case MO_INTRINSIC_NOT: return logic(k);
	default: return as_called(k);
	}
}

const struct mo_value *
mo_eval_intrinsic(struct mo_eval *ev, struct mo_frame *f, struct mo_call_node *n)
{
	struct intrinsic_call k = { .ev = ev, .frame = f, .node = n, .span = n->node.span, .count = n->args.len };
	k.f = mo_intrinsic_find(mo_atom_text(ev, mo_as_intrinsic(n->callee)->name.atom));
	k.args = mo_new_array(ev->arena, const struct mo_value *, k.count + 1);
	if (!k.f) {
		return mo_error_value(); // reported by the checker
	}
	for (uint32_t i = 0; i < k.count; i++) {
		k.args[i] = mo_eval_expr(ev, f, mo_as_arg(n->args.items[i])->value, NULL);
		if (mo_is_error(k.args[i])) {
			return k.args[i];
		}
	}
	return dispatch(&k);
}
