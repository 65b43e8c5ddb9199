// SPDX-License-Identifier: Apache-2.0
// `param`: a CloudFormation parameter from a type, as the language reference's table says. An optional one defaults to "" and is there
// when it is not empty.
#include "eval/lower.h"
#include "eval/param_constraint.h"

struct making {
	struct mo_ir_param *param;
	struct mo_param_node *node;
	struct mo_frame *frame;
	bool is_list;
};

struct mo_str
mo_specific_type(struct mo_str resource, struct mo_str attribute)
{
	const struct mo_param_type *row = mo_param_type_for(resource, attribute);
	return row ? mo_str_c(row->name) : (struct mo_str){ 0 };
}

// ---- defaults and options --------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
list_default(struct mo_eval *ev, const struct mo_value *v)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	for (uint32_t i = 0; i < v->items.len; i++) {
		struct mo_text text = mo_text_in(ev, v->span);
		mo_text_add_value(&text, v->items.items[i]);
		struct mo_str item = mo_text_end(&text)->text;
		if (mo_str_find(item, MO_STR(","), 0) >= 0) {
			mo_report(ev->ctx->diags, MSG_BAD_PARAMETER, v->span,
				"an element with a comma does not fit into a list parameter");
		}
		mo_buf_printf(&b, "%s" MO_STR_FMT, i ? "," : "", MO_STR_ARG(item));
	}
	return mo_ir_string(ev->arena, v->span, mo_buf_str(&b));
}

static void
set_default(struct mo_eval *ev, struct making *m, const struct mo_type *t)
{
	struct mo_node *n = m->node->value;
	const struct mo_value *v = n ? mo_eval_typed(ev, m->frame, n, t) : mo_value_simple(MO_VALUE_NONE);
	if (mo_is_error(v)) {
		return;
	}
	if (mo_value_is_deploy_time(v)) {
		mo_needs_compile_time(ev, v, n->span, "the default of a parameter");
		return;
	}
	if (mo_is_none(v)) {
		if (t && mo_type_admits_none(t)) {
			m->param->default_value = mo_ir_string(ev->arena, m->node->name.span, MO_STR(""));
		}
		return;
	}
	if (v->kind == MO_VALUE_LIST) {
		m->param->default_value = list_default(ev, v);
	} else if (v->kind == MO_VALUE_BOOL) {
		m->param->default_value = mo_ir_string(ev->arena, v->span, v->boolean ? MO_STR("true") : MO_STR("false"));
	} else {
		m->param->default_value = mo_lower(ev, v);
	}
}

// CloudFormation refuses a default that its own parameter does not allow.
static void
check_default(struct mo_eval *ev, struct making *m)
{
	const struct mo_ir_value *allowed = m->param->allowed_values, *v = m->param->default_value;
	if (!allowed || !v || m->is_list || !m->node->value) {
		return;
	}
	for (uint32_t i = 0; i < allowed->items.len; i++) {
		if (mo_ir_equal(allowed->items.items[i], v)) {
			return;
		}
	}
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_BAD_PARAMETER, m->node->value->span, "the default is none of the allowed values");
	mo_diag_label(d, allowed->span, "allowed are these");
}

static struct mo_str
text_option(struct mo_eval *ev, struct making *m, struct mo_node *n, const char *what)
{
	const struct mo_value *v = mo_eval_typed(ev, m->frame, n, mo_type_of_kind(MO_TYPE_STRING));
	if (v->kind == MO_VALUE_DEPLOY) {
		mo_needs_compile_time(ev, v, n->span, what);
	}
	return v->kind == MO_VALUE_STRING ? v->text : (struct mo_str){ 0 };
}

static void
set_option(struct mo_eval *ev, struct making *m, struct mo_field_node *field)
{
	struct mo_str name = mo_atom_text(ev, field->name.atom);
	if (mo_str_is(name, "description")) {
		m->param->description = text_option(ev, m, field->value, "a description");
	} else if (mo_str_is(name, "constraint_description")) {
		m->param->constraint_description = text_option(ev, m, field->value, "a description");
	} else if (mo_str_is(name, "allowed_values")) {
		const struct mo_value *v = mo_eval_expr(ev, m->frame, field->value, NULL);
		if (v->kind != MO_VALUE_LIST || mo_value_is_deploy_time(v)) {
			mo_needs_compile_time(ev, v, field->value->span, "the values that a parameter allows");
			return;
		}
		m->param->allowed_values = mo_lower(ev, v);
	} else {
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_UNKNOWN_FIELD, field->name.span,
			"there is no field `" MO_STR_FMT "` here",
			MO_STR_ARG(name));
		mo_diag_note(d, "a `param` has description, constraint_description and allowed_values");
	}
}

static void
set_options(struct mo_eval *ev, struct making *m)
{
	mo_nodes items = mo_block_items(m->node->block);
	m->param->description = m->node->item.doc;
	for (uint32_t i = 0; i < items.len; i++) {
		if (items.items[i] && items.items[i]->kind == MO_FIELD_NODE) {
			set_option(ev, m, mo_as_field(items.items[i]));
		}
	}
	m->param->no_echo = mo_decorator_find(ev, &m->node->item, "secret") != NULL;
}

// @group and @label: for AWS::CloudFormation::Interface.
static void
set_interface(struct mo_eval *ev, struct making *m, struct mo_variant *v)
{
	struct mo_decorator_node *group = mo_decorator_find(ev, &m->node->item, "group");
	struct mo_decorator_node *label = mo_decorator_find(ev, &m->node->item, "label");
	struct mo_node *n = group ? mo_decorator_argument(ev, group, 0, NULL) : NULL;
	struct mo_param_presentation p = { .param = m->param };
	p.group = n ? text_option(ev, m, n, "the name of a group") : (struct mo_str){ 0 };
	n = label ? mo_decorator_argument(ev, label, 0, NULL) : NULL;
	p.label = n ? text_option(ev, m, n, "a label") : (struct mo_str){ 0 };
	if (p.group.len || p.label.len) {
		mo_push(ev->arena, &v->presentations, p);
	}
}

// ---- the parameter ---------------------------------------------------------------------------------------------------------------

// There when it is not "".
static const struct mo_value *
optional_value(struct mo_eval *ev, struct making *m, const struct mo_ir_value *ref)
{
	struct mo_span span = m->node->name.span;
	const struct mo_ir_value *first = ref;
	if (m->is_list) {
		const struct mo_ir_value *join[2] = { mo_ir_string(ev->arena, span, MO_STR("")), ref };
		first = mo_ir_call_list(ev->arena, span, MO_STR("Fn::Join"), join, 2);
	}
	const struct mo_ir_value *sides[2] = { first, mo_ir_string(ev->arena, span, MO_STR("")) };
	const struct mo_ir_value *empty = mo_ir_call_list(ev->arena, span, MO_STR("Fn::Equals"), sides, 2);
	const struct mo_ir_value *there = mo_ir_call_list(ev->arena, span, MO_STR("Fn::Not"), &empty, 1);
	struct mo_str name = mo_str_printf(ev->arena, "Has" MO_STR_FMT, MO_STR_ARG(m->param->id));
	struct mo_ir_condition *c = mo_condition_new(ev, span, name, true, there);
	const struct mo_ir_value *none = mo_ir_pseudo(ev->arena, span, MO_STR("AWS::NoValue"));
	return mo_value_deploy(ev->arena, span, mo_ir_if(ev->arena, span, c, ref, none), m->is_list);
}

// What a stack made from a template says for this parameter, which then is none any more; NULL when it says nothing.
static const struct mo_value *
given_value(struct mo_eval *ev, struct mo_variant *v, struct mo_symbol *symbol)
{
	struct mo_place_of_work before = mo_enter(ev, v->giving, NULL);
	mo_arguments_collect(ev, v->giving, v->stack->given, &v->arguments);
	struct mo_argument *a = mo_argument_find(&v->arguments, symbol->name);
	const struct mo_value *given = a ? mo_argument_value(ev, v->giving, a, symbol->declared) : NULL;
	mo_leave(ev, v->giving, before);
	bool absent = given && mo_is_none(given) && !mo_type_admits_none(symbol->declared);
	return absent ? NULL : given;
}

static bool
is_plain_string(struct mo_eval *ev, const struct mo_node *type)
{
	const struct mo_type_path_node *path = type && type->kind == MO_TYPE_PATH_NODE ? (const struct mo_type_path_node *)type : NULL;
	return path && !path->members.len && mo_str_is(mo_atom_text(ev, path->name.atom), "String") && !mo_in_library(ev, type->span);
}

const struct mo_value *
mo_param_make(struct mo_eval *ev, struct mo_member *member)
{
	struct mo_frame *f = member->frame;
	struct mo_instance *i = f->instance;
	struct making m = { .node = mo_as_param(member->node), .frame = f };
	struct mo_span span = m.node->name.span;
	if (!i || !i->variant) {
		mo_report(ev->ctx->diags, MSG_MISPLACED, span, "a parameter stands outside of a stack");
		return mo_error_value();
	}
	bool may_be_given = i == i->variant->body && i->variant->giving && member->key_count == 0 && member->node->symbol;
	const struct mo_value *said = may_be_given ? given_value(ev, i->variant, member->node->symbol) : NULL;
	if (said) {
		return said;
	}
	m.param = mo_new(ev->arena, struct mo_ir_param);
	struct mo_str given = mo_decorator_id(ev, &m.node->item, f);
	m.param->id = given.len ? given : mo_member_id(ev, i, m.node->name, member);
	m.param->origin = (struct mo_ir_origin){ .span = i->path.len && mo_in_library(ev, span) ? i->origin : span,
		.definition = span, .path = mo_member_path(ev, i, m.node->name, member) };
	const struct mo_type *declared = m.node->type_expr ? mo_eval_type(ev, m.node->type_expr) : mo_type_of_kind(MO_TYPE_STRING);
	if (!declared) {
		return mo_error_value();
	}
	if (is_plain_string(ev, m.node->type_expr)) {
		m.param->type_span = m.node->type_expr->span;
	}
	m.is_list = mo_param_constrain(ev, m.param, declared, span);
	set_default(ev, &m, declared);
	set_options(ev, &m);
	if (mo_type_admits_none(declared)) {
		mo_param_make_optional(ev, m.param, declared, span);
	}
	check_default(ev, &m);
	member->param = m.param;
	mo_map_put(ev->arena, &ev->evaluator->owners, MO_KEY(m.param), i->variant);
	if (i == i->variant->body && member->key_count == 0) {
		mo_map_put(ev->arena, &i->variant->params, MO_KEY(member->node->symbol), m.param);
	}
	const struct mo_ir_value *ref = mo_ir_param_ref(ev->arena, span, m.param);
	if (mo_type_admits_none(declared)) {
		return optional_value(ev, &m, ref);
	}
	return mo_value_deploy(ev->arena, span, ref, m.is_list);
}

void
mo_param_register(struct mo_eval *ev, struct mo_member *member)
{
	struct mo_variant *v = member->frame->instance ? member->frame->instance->variant : NULL;
	if (!v || !member->param) {
		return;
	}
	struct making m = { .node = mo_as_param(member->node), .frame = member->frame, .param = member->param };
	set_interface(ev, &m, v);
	mo_push(ev->arena, &v->template->params, member->param);
}

// ---- how a console shows them ----------------------------------------------------------------------------------------------------

static struct mo_ir_value *
labelled(struct mo_eval *ev, struct mo_str text)
{
	struct mo_ir_value *o = mo_ir_object(ev->arena, MO_NOWHERE);
	mo_ir_set(ev->arena, o, MO_STR("default"), MO_NOWHERE, mo_ir_string(ev->arena, MO_NOWHERE, text));
	return o;
}

// The parameters of a group, in order; NULL when an earlier parameter has brought the group already.
static const struct mo_ir_value *
group_of(struct mo_eval *ev, const struct mo_variant *v, uint32_t at)
{
	struct mo_str name = v->presentations.items[at].group;
	for (uint32_t i = 0; i < at; i++) {
		if (mo_str_eq(v->presentations.items[i].group, name)) {
			return NULL;
		}
	}
	struct mo_ir_value *list = mo_ir_list(ev->arena, MO_NOWHERE), *group = mo_ir_object(ev->arena, MO_NOWHERE);
	for (uint32_t i = at; i < v->presentations.len; i++) {
		if (mo_str_eq(v->presentations.items[i].group, name)) {
			mo_push(ev->arena, &list->items, mo_ir_string(ev->arena, MO_NOWHERE, v->presentations.items[i].param->id));
		}
	}
	mo_ir_set(ev->arena, group, MO_STR("Label"), MO_NOWHERE, labelled(ev, name));
	mo_ir_set(ev->arena, group, MO_STR("Parameters"), MO_NOWHERE, list);
	return group;
}

void
mo_param_interface(struct mo_eval *ev, struct mo_variant *v)
{
	if (v->presentations.len == 0) {
		return;
	}
	struct mo_ir_value *groups = mo_ir_list(ev->arena, MO_NOWHERE), *labels = mo_ir_object(ev->arena, MO_NOWHERE);
	for (uint32_t i = 0; i < v->presentations.len; i++) {
		const struct mo_param_presentation *p = &v->presentations.items[i];
		const struct mo_ir_value *group = p->group.len ? group_of(ev, v, i) : NULL;
		if (group) {
			mo_push(ev->arena, &groups->items, group);
		}
		if (p->label.len) {
			mo_ir_set(ev->arena, labels, p->param->id, MO_NOWHERE, labelled(ev, p->label));
		}
	}
	struct mo_ir_value *interface = mo_ir_object(ev->arena, MO_NOWHERE), *metadata = mo_ir_object(ev->arena, MO_NOWHERE);
	const struct mo_ir_value *own = v->template->metadata; // of @metadata
	for (uint32_t i = 0; own && i < own->members.len; i++) {
		mo_push(ev->arena, &metadata->members, own->members.items[i]);
	}
	if (groups->items.len) {
		mo_ir_set(ev->arena, interface, MO_STR("ParameterGroups"), MO_NOWHERE, groups);
	}
	if (labels->members.len) {
		mo_ir_set(ev->arena, interface, MO_STR("ParameterLabels"), MO_NOWHERE, labels);
	}
	mo_ir_set(ev->arena, metadata, MO_STR("AWS::CloudFormation::Interface"), MO_NOWHERE, interface);
	v->template->metadata = metadata;
}
