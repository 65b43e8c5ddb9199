// SPDX-License-Identifier: Apache-2.0
// Outputs of stacks: names for values that CloudFormation shows and exports.
#include "eval/instance.h"

static struct mo_node *
field_of(struct mo_eval *ev, struct mo_node *block, const char *name)
{
	return mo_block_field(block, mo_atom_of(ev->ctx->atoms, mo_str_c(name)));
}

// The part of the output's value that this declaration stands for.
static const struct mo_value *
value_of(struct mo_eval *ev, struct mo_frame *f, struct mo_guard *guard, struct mo_output_node *n)
{
	if (n->keys.len) {
		return mo_member_at(ev, f, guard, &n->item.node)->value;
	}
	return mo_eval_name(ev, f, n->item.node.symbol, n->name.span);
}

const struct mo_value *
mo_as_one_text(struct mo_eval *ev, const struct mo_value *v, struct mo_span span)
{
	if (v->kind == MO_VALUE_DEPLOY && v->is_list) {
		const struct mo_ir_value *args[2] = { mo_ir_string(ev->arena, span, MO_STR(",")), v->ir };
		return mo_value_deploy(ev->arena, span, mo_ir_call_list(ev->arena, span, MO_STR("Fn::Join"), args, 2), false);
	}
	if (v->kind == MO_VALUE_BOOL) {
		return mo_value_string(ev->arena, v->span, v->boolean ? MO_STR("true") : MO_STR("false"));
	}
	if (v->kind != MO_VALUE_LIST) {
		return mo_coerce_choice(ev, v, mo_type_of_kind(MO_TYPE_STRING), span); // a number is text in an output
	}
	const struct mo_value *texts = mo_coerce(ev, v, mo_type_list(ev->ctx, mo_type_of_kind(MO_TYPE_STRING)), span);
	if (mo_is_error(texts)) {
		return texts;
	}
	const struct mo_ir_value *args[2] = { mo_ir_string(ev->arena, span, MO_STR(",")), mo_lower(ev, texts) };
	const struct mo_ir_value *joined = mo_ir_call_list(ev->arena, span, MO_STR("Fn::Join"), args, 2);
	return mo_value_deploy(ev->arena, span, joined, false);
}

// Whether CloudFormation can show it: an output holds text. Handles stay what other stacks read.
static bool
is_shown(const struct mo_value *v)
{
	switch (v->kind) {
	case MO_VALUE_BOOL:
	case MO_VALUE_INT:
	case MO_VALUE_FLOAT:
	case MO_VALUE_STRING:
	case MO_VALUE_CIDR:
	case MO_VALUE_LIST:
	case MO_VALUE_DEPLOY:
	case MO_VALUE_RESOURCE:
		return true;
	default:
		return false;
	}
}

static void
refuse(struct mo_eval *ev, const struct mo_output_node *n, const struct mo_value *v)
{
	struct mo_str kind = mo_value_kind_text(ev->arena, v);
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_TYPE_MISMATCH, n->value->span,
		"an output of a stack is a text, this is " MO_STR_FMT,
		MO_STR_ARG(kind));
	mo_diag_help(d,
		"other stacks can read everything that is declared here without an output; take out a single value, or use a `let`");
}

static void
set_options(struct mo_eval *ev, struct mo_ir_output *o, struct mo_frame *f, struct mo_output_node *n)
{
	struct mo_node *description = field_of(ev, n->block, "description"), *export_name = field_of(ev, n->block, "export");
	o->description = n->item.doc;
	if (description) {
		const struct mo_value *v = mo_eval_typed(ev, f, description, mo_type_of_kind(MO_TYPE_STRING));
		if (v->kind == MO_VALUE_DEPLOY) {
			mo_needs_compile_time(ev, v, description->span, "a description");
		}
		o->description = v->kind == MO_VALUE_STRING ? v->text : o->description;
	}
	if (export_name) {
		const struct mo_value *v = mo_eval_typed(ev, f, export_name, mo_type_of_kind(MO_TYPE_STRING));
		o->export_name = mo_is_error(v) ? NULL : mo_lower(ev, v);
	}
}

void
mo_output_make(struct mo_eval *ev, struct mo_instance *stack, struct mo_frame *f, struct mo_guard *guard, struct mo_output_node *n)
{
	const struct mo_value *v = value_of(ev, f, guard, n);
	if (mo_is_error(v) || mo_is_none(v) || !stack->variant) {
		return;
	}
	struct mo_guard *presence = guard;
	if (v->kind == MO_VALUE_RESOURCE) {
		presence = mo_resource_of(v->resource)->guard;
	}
	if (!is_shown(v)) {
		refuse(ev, n, v);
		return;
	}
	v = mo_as_one_text(ev, mo_as_refs(ev, v), n->value->span);
	if (mo_is_error(v)) {
		return;
	}
	struct mo_ir_output *o = mo_new(ev->arena, struct mo_ir_output);
	o->loop = f->loop;
	struct mo_member key = { .node = &n->item.node };
	const struct mo_member *m = n->keys.len ? mo_member_at(ev, f, guard, &n->item.node) : &key;
	o->id = mo_member_id(ev, NULL, n->name, m);
	o->origin = (struct mo_ir_origin){ .span = n->name.span, .definition = n->name.span, .path = mo_member_path(ev, NULL,
		n->name, m) };
	struct mo_ir_condition *there = presence ? mo_guard_condition(ev, presence) : mo_presence_of(ev, v);
	if (there && !presence) {
		v = mo_present_part(ev, v);
	}
	o->condition = there;
	o->value = mo_lower(ev, v);
	set_options(ev, o, f, n);
	mo_push(ev->arena, &stack->variant->template->outputs, o);
}
