// SPDX-License-Identifier: Apache-2.0
// Nested stacks: an AWS::CloudFormation::Stack whose template is one of this program, published beside that of the stack around it.
#include "eval/link.h"

// ---- properties ------------------------------------------------------------------------------------------------------------------

static struct mo_stack *
template_of(struct mo_eval *ev, struct mo_resource *r)
{
	if (!r->nested) {
		struct mo_place_of_work before = mo_enter(ev, r->frame, r->guard);
		r->nested = mo_template_of(ev, mo_eval_expr(ev, r->frame, mo_as_nested(r->node)->from, NULL));
		mo_leave(ev, r->frame, before);
	}
	return r->nested;
}

// What a parameter of the template takes; NULL when it has none of this name.
static const struct mo_type *
type_of(const struct mo_variant *template, mo_atom name)
{
	const struct mo_symbol *t = template->body->symbol;
	if (template->taken) {
		const struct mo_field *f = t->declared ? mo_type_field(t->declared, name) : NULL;
		return f ? f->type : NULL;
	}
	const struct mo_symbol *param = t->body ? mo_map_get(&t->body->values, name) : NULL;
	return param ? param->declared : NULL;
}

// The value of a parameter as one text.
static const struct mo_ir_value *
parameter(struct mo_eval *ev, struct mo_resource *r, struct mo_argument *a, const struct mo_type *type)
{
	const struct mo_value *v = mo_argument_value(ev, r->frame, a, type);
	if (mo_is_error(v) || mo_is_none(v)) {
		return NULL;
	}
	v = mo_as_one_text(ev, mo_as_refs(ev, v), a->span);
	return mo_is_error(v) ? NULL : mo_lower(ev, v);
}

static const struct mo_ir_value *
parameters(struct mo_eval *ev, struct mo_resource *r, const struct mo_variant *template)
{
	struct mo_ir_value *all = mo_ir_object(ev->arena, r->node->span);
	struct mo_arguments given = { .owner = r->ir.origin.path };
	mo_arguments_collect(ev, r->frame, mo_as_nested(r->node)->block, &given);
	for (uint32_t i = 0; i < given.items.len; i++) {
		struct mo_argument *a = given.items.items[i];
		const struct mo_type *type = type_of(template, a->name);
		const struct mo_ir_param *p = mo_template_param(ev, template, mo_atom_text(ev, a->name));
		const struct mo_ir_value *value = type && p ? parameter(ev, r, a, type) : NULL;
		if (value) {
			mo_ir_set(ev->arena, all, p->id, a->span, value);
		}
	}
	return all;
}

// What the CDK's command line looks for to compare nested stacks.
static const struct mo_ir_value *
metadata(struct mo_eval *ev, const struct mo_ir_asset *asset, struct mo_span span)
{
	struct mo_ir_value *o = mo_ir_object(ev->arena, span);
	mo_ir_set(ev->arena, o, MO_STR("aws:asset:path"), span, mo_ir_asset_part(ev->arena, span, asset, MO_IR_ASSET_FILE, NULL));
	mo_ir_set(ev->arena, o, MO_STR("aws:asset:property"), span, mo_ir_string(ev->arena, span, MO_STR("TemplateURL")));
	return o;
}

void
mo_nested_evaluate(struct mo_eval *ev, struct mo_resource *r)
{
	struct mo_stack *s = template_of(ev, r);
	const struct mo_variant *template = s ? mo_template_variant(ev, s) : NULL;
	if (!template) {
		return; // reported
	}
	const struct mo_ir_asset *asset = mo_template_asset(ev, s);
	const struct mo_value *url = mo_value_get(mo_asset_places(ev, asset, NULL, r->node->span), MO_STR("url"));
	mo_ir_set(ev->arena, r->ir.properties, MO_STR("TemplateURL"), r->node->span, mo_lower(ev, url));
	const struct mo_ir_value *given = parameters(ev, r, template);
	if (given->members.len) {
		mo_ir_set(ev->arena, r->ir.properties, MO_STR("Parameters"), r->node->span, given);
	}
	if (!r->instance->variant->stack->is_template) { // the command line deploys no others
		r->ir.metadata = metadata(ev, asset, r->node->span);
	}
}

// ---- outputs ---------------------------------------------------------------------------------------------------------------------

static struct mo_str
id_of(struct mo_eval *ev, const struct mo_symbol *symbol)
{
	struct mo_member none = { .node = symbol->declarations.items[0].node };
	return mo_member_id(ev, NULL, mo_name_of(none.node), &none);
}

static const struct mo_value *
output(struct mo_eval *ev, struct mo_resource *r, struct mo_str id, struct mo_span span)
{
	struct mo_str attribute = mo_str_printf(ev->arena, "Outputs." MO_STR_FMT, MO_STR_ARG(id));
	return mo_value_deploy(ev->arena, span, mo_ir_attribute(ev->arena, span, &r->ir, attribute), false);
}

// Of a template taken from a file, whose outputs are no declarations.
static const struct mo_value *
taken_member(struct mo_eval *ev, struct mo_resource *r, struct mo_stack *s, struct mo_name name)
{
	const struct mo_variant *v = mo_template_variant(ev, s);
	struct mo_str wanted = mo_atom_text(ev, name.atom);
	struct mo_value *all = mo_value_record(ev->arena, name.span);
	for (uint32_t i = 0; v && i < v->template->outputs.len; i++) {
		struct mo_str id = v->template->outputs.items[i]->id;
		const struct mo_value *one = output(ev, r, id, name.span);
		if (mo_str_eq(id, wanted)) {
			return one;
		}
		mo_value_set(ev->arena, all, id, name.span, one);
	}
	return mo_str_is(wanted, "outputs") ? all : NULL;
}

const struct mo_value *
mo_nested_member(struct mo_eval *ev, struct mo_resource *r, struct mo_name name)
{
	struct mo_stack *s = template_of(ev, r);
	const struct mo_scope *body = s ? mo_scope_of(ev->program, &s->item->node) : NULL;
	if (s && s->declared->file) {
		return taken_member(ev, r, s, name);
	}
	const struct mo_symbol *symbol = body ? mo_map_get(&body->outputs, name.atom) : NULL;
	if (symbol) {
		return output(ev, r, id_of(ev, symbol), name.span);
	}
	if (!mo_str_is(mo_atom_text(ev, name.atom), "outputs")) {
		return NULL;
	}
	struct mo_value *all = mo_value_record(ev->arena, name.span);
	for (uint32_t i = 0; body && i < body->symbols.len; i++) {
		symbol = body->symbols.items[i];
		if (symbol->kind == MO_SYM_OUTPUT && symbol->dimensions == 0) {
			mo_value_set(ev->arena, all, mo_symbol_text(ev, symbol), name.span, output(ev, r, id_of(ev, symbol), name.span));
		}
	}
	return all;
}

// ---- the stacks around them ------------------------------------------------------------------------------------------------------

void
mo_nested_wait(struct mo_eval *ev, struct mo_variant *v, const struct mo_variant *nested, struct mo_span span)
{
	for (uint32_t i = 0; i < nested->producers.len; i++) {
		const struct mo_producer *p = nested->producers.items[i];
		const struct mo_target *at = p->elsewhere ? &p->target : NULL;
		for (uint32_t k = 0; k < p->reads.len; k++) {
			(p->mere ? mo_link_mentions : mo_link_needs)(ev, v, p->stack, at, span, p->reads.items[k].what);
		}
	}
}

static bool
is_for_accounts(const struct mo_stack *template)
{
	return template->deployments.len > 0 && template->deployments.items[0]->target.account;
}

static void
report_other_audience(struct mo_eval *ev, const struct mo_stack *around, const struct mo_resource *r)
{
	const struct mo_stack *template = r->nested;
	struct mo_diag *d = mo_eval_report(ev, r->instance, MSG_BAD_TARGET, r->ir.origin.span, "the template `" MO_STR_FMT
		"` is not for everybody who launches `" MO_STR_FMT "`", MO_STR_ARG(template->name), MO_STR_ARG(around->name));
	mo_diag_label(d, template->where->span, "who it is for");
	mo_diag_label(d, around->where ? around->where->span : around->span, "who launches the template around it");
}

// A template reads what is published in the accounts that it is for, and nowhere else.
static void
check_audience(struct mo_eval *ev, const struct mo_stack *around, struct mo_deployment *const *deployments, uint32_t count, const struct mo_resource *r)
{
	const struct mo_stack *template = r->nested;
	if (!is_for_accounts(template)) {
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		const struct mo_target *t = &deployments[i]->target;
		if (t->account && mo_map_get(&template->by_target, t->hash)) {
			continue;
		}
		if (!t->account) {
			report_other_audience(ev, around, r);
			return;
		}
		struct mo_diag *d = mo_eval_report(ev, r->instance, MSG_BAD_TARGET, r->ir.origin.span, "the template `" MO_STR_FMT
			"` is not for `" MO_STR_FMT "` (" MO_STR_FMT "), where %s", MO_STR_ARG(template->name), MO_STR_ARG(t->account->ir.name),
			MO_STR_ARG(t->region), around->is_template ? "the template around it may be launched" : "this stack is deployed");
		mo_diag_label(d, template->where->span, "who it is for");
		return;
	}
}

static void
check_variant(struct mo_eval *ev, struct mo_variant *v)
{
	for (uint32_t i = 0; i < v->template->resources.len; i++) {
		const struct mo_resource *r = mo_resource_of(v->template->resources.items[i]);
		if (!r->nested) {
			continue;
		}
		check_audience(ev, v->stack, v->deployments.items, v->deployments.len, r);
		for (uint32_t k = 0; k < r->nested->variants.len; k++) {
			mo_nested_wait(ev, v, r->nested->variants.items[k], r->ir.origin.span);
		}
	}
}

// What a template reads is there before anybody can launch it; only who launches it counts.
static void
check_launched(struct mo_eval *ev, const struct mo_stack *s)
{
	const struct mo_variant *v = s->variants.len ? s->variants.items[0] : NULL;
	for (uint32_t i = 0; v && i < v->template->resources.len; i++) {
		const struct mo_resource *r = mo_resource_of(v->template->resources.items[i]);
		if (r->nested) {
			check_audience(ev, s, s->deployments.items, s->deployments.len, r);
		}
	}
}

void
mo_nested_check(struct mo_eval *ev)
{
	for (uint32_t i = 0; i < ev->evaluator->stacks.len; i++) {
		const struct mo_stack *s = ev->evaluator->stacks.items[i];
		for (uint32_t k = 0; k < s->variants.len; k++) {
			check_variant(ev, s->variants.items[k]);
		}
	}
	for (uint32_t i = 0; i < ev->evaluator->templates.len; i++) {
		check_launched(ev, ev->evaluator->templates.items[i]);
	}
}
