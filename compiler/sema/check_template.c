// SPDX-License-Identifier: Apache-2.0
// Templates that others launch: who they are for, and what templates and stacks are as values.
#include "sema/check_builtin.h"

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

// ---- audiences -------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
text_of(struct mo_check *c, const char *pattern)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_STRING);
	t->pattern = mo_str_c(pattern);
	return t;
}

// Patterns: AWS Organizations API reference, "OrganizationalUnit", and IAM User Guide, "aws:PrincipalOrgPaths".
const struct mo_type *
mo_check_org_unit(struct mo_check *c, struct mo_arguments_checked *a)
{
	mo_argument_fits(c, a, 0, text_of(c, "^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$"));
	mo_argument_fits(c, a, 1, text_of(c, "^o-[a-z0-9]{10,32}/r-[0-9a-z]{4,32}/(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}/)*[*]?$"));
	mo_argument_known(c, a, 0);
	mo_argument_known(c, a, 1);
	if (a->failed) {
		return error_type();
	}
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_AUDIENCE);
	mo_type_add_field(c->ctx, t, "id", mo_type_of_kind(MO_TYPE_STRING), false);
	mo_type_add_field(c->ctx, t, "path", mo_type_of_kind(MO_TYPE_STRING), !a->node[1]);
	return t;
}

// Known at deploy time whatever it is made of: nothing is deployed to it.
const struct mo_type *
mo_check_account_ref(struct mo_check *c, struct mo_arguments_checked *a)
{
	struct mo_type *id = mo_type_new(c->ctx, MO_TYPE_STRING), *region = mo_type_new(c->ctx, MO_TYPE_STRING);
	id->role = MO_STRING_ACCOUNT_ID;
	region->role = MO_STRING_REGION;
	mo_argument_fits(c, a, 0, id);
	mo_argument_fits(c, a, 1, region);
	struct mo_time time = { .deploy = true, .deploy_at = a->call->span };
	return a->failed ? error_type() : mo_type_at(c->ctx, mo_type_of_kind(MO_TYPE_ACCOUNT), time);
}

static void
check_audience(struct mo_check *c, struct mo_node *audience)
{
	const struct mo_type *target = mo_type_of_kind(MO_TYPE_TARGET);
	const struct mo_type *accounts = mo_type_union(c->ctx, target, mo_type_list(c->ctx, target));
	struct mo_type *want = mo_type_new(c->ctx, MO_TYPE_UNION);
	*want = *mo_type_union(c->ctx, accounts, mo_type_of_kind(MO_TYPE_AUDIENCE));
	want->name = mo_atom_of(c->ctx->atoms, MO_STR("accounts, `org_unit(…)` or `anywhere`"));
	const struct mo_type *t = mo_check_expr(c, audience, want);
	mo_check_known(c, t, false, audience->span, "who launches a template");
}

// ---- declarations ----------------------------------------------------------------------------------------------------------------

void
mo_check_template(struct mo_check *c, struct mo_node *n)
{
	struct mo_template_node *t = mo_as_template(n);
	mo_check_keys(c, t->keys);
	if (t->audience) {
		check_audience(c, t->audience);
	}
	if (n->symbol && n->symbol->body) {
		mo_check_symbol(c, n->symbol, n->span);
		if (!t->from) {
			mo_check_body(c, n, t->block);
		}
	}
}

// ---- nested stacks ---------------------------------------------------------------------------------------------------------------

const struct mo_type *
mo_check_nested_type(struct mo_check *c, struct mo_node *n)
{
	struct mo_node *from = mo_as_nested(n)->from;
	const struct mo_type *of = from->type ? from->type : mo_check_infer(c, from);
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RESOURCE);
	t->resource_type = MO_STR("AWS::CloudFormation::Stack");
	t->symbol = of->kind == MO_TYPE_TEMPLATE ? of->symbol : NULL;
	return of->kind == MO_TYPE_ERROR ? of : t;
}

void
mo_check_nested(struct mo_check *c, struct mo_node *n)
{
	struct mo_nested_node *nested = mo_as_nested(n);
	mo_check_keys(c, nested->keys);
	if (n->symbol) {
		mo_check_symbol(c, n->symbol, n->span);
	}
	mo_nodes items = mo_block_items(nested->block);
	mo_check_given(c, nested->from, items, nested->name.span);
}

bool
mo_check_is_from_file(const struct mo_symbol *template)
{
	const struct mo_node *n = template->declarations.len ? template->declarations.items[0].node : NULL;
	return n && n->kind == MO_TEMPLATE_NODE && ((const struct mo_template_node *)n)->from;
}

// Outputs that are always there; CloudFormation knows no others by name when the template is launched.
static bool
is_readable(const struct mo_symbol *s)
{
	return s->kind == MO_SYM_OUTPUT && s->dimensions == 0 && s->declarations.len && !s->declarations.items[0].nesting;
}

const struct mo_type *
mo_check_template_outputs(struct mo_check *c, const struct mo_symbol *template, struct mo_span at)
{
	const struct mo_type *text = mo_type_at(c->ctx, mo_type_of_kind(MO_TYPE_STRING), (struct mo_time){ .deploy = true, .deploy_at = at });
	const struct mo_scope *body = template->body;
	if (mo_check_is_from_file(template) && !template->file) {
		return error_type(); // reported
	}
	struct mo_type *all = mo_type_new(c->ctx, MO_TYPE_RECORD);
	const struct mo_type *of_file = mo_check_is_from_file(template) ? mo_check_template_file_outputs(c, template) : all;
	for (uint32_t i = 0; i < of_file->fields.len; i++) {
		struct mo_field f = of_file->fields.items[i];
		f.type = text;
		mo_push(&c->ctx->session, &all->fields, f);
	}
	for (uint32_t i = 0; body && i < body->symbols.len; i++) {
		const struct mo_symbol *s = body->symbols.items[i];
		if (is_readable(s)) {
			mo_push(&c->ctx->session, &all->fields, (struct mo_field){ .name = s->name, .span = s->span, .type = text });
		}
	}
	return all;
}

const struct mo_type *
mo_check_nested_member(struct mo_check *c, const struct mo_type *of, mo_atom name, struct mo_span at)
{
	const struct mo_type *all = mo_check_template_outputs(c, of->symbol, at);
	if (all->kind == MO_TYPE_ERROR) {
		return all;
	}
	const struct mo_field *output = mo_type_field(all, name);
	return output ? output->type : mo_str_is(mo_atom_str(c->ctx->atoms, name), "outputs") ? all : NULL;
}

// ---- templates as values ---------------------------------------------------------------------------------------------------------

static const struct mo_type *
map_of_parameters(struct mo_check *c)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	const struct mo_type *text = mo_type_of_kind(MO_TYPE_STRING);
	mo_type_add_field(c->ctx, t, "type", text, false);
	mo_type_add_field(c->ctx, t, "default", text, true);
	mo_type_add_field(c->ctx, t, "description", text, true);
	return mo_type_map(c->ctx, t);
}

static const struct mo_type *
map_of_outputs(struct mo_check *c)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	mo_type_add_field(c->ctx, t, "description", mo_type_of_kind(MO_TYPE_STRING), true);
	return mo_type_map(c->ctx, t);
}

// What a template takes, as a record type; ERROR when that is not known.
const struct mo_type *
mo_check_template_inputs(struct mo_check *c, struct mo_symbol *template)
{
	struct mo_scope *body = template->body;
	if (mo_check_is_from_file(template)) {
		return template->declared ? template->declared : error_type();
	}
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	struct mo_str name = mo_atom_str(c->ctx->atoms, template->name);
	t->name = mo_atom_of(c->ctx->atoms, mo_str_printf(&c->ctx->session, "the template `" MO_STR_FMT "`", MO_STR_ARG(name)));
	for (uint32_t i = 0; body && i < body->symbols.len; i++) {
		struct mo_symbol *s = body->symbols.items[i];
		if (s->kind != MO_SYM_PARAM || s->alias_of || s->dimensions) {
			continue;
		}
		mo_check_symbol(c, s, s->span);
		struct mo_field f = { .name = s->name, .span = s->span, .type = s->declared ? s->declared : error_type() };
		f.optional = mo_as_param(s->declarations.items[0].node)->value || mo_type_admits_none(f.type);
		mo_push(&c->ctx->session, &t->fields, f);
	}
	return body && body->incomplete ? error_type() : t;
}

static const struct mo_type *
inputs_of(struct mo_check *c, struct mo_node *from)
{
	const struct mo_type *t = mo_check_expr(c, from, mo_type_of_kind(MO_TYPE_TEMPLATE));
	if (t->kind != MO_TYPE_TEMPLATE) {
		return error_type();
	}
	if (!t->symbol) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_DEPLOY_TIME, from->span, "which template this is has to be known here");
		mo_diag_help(d, "name the template itself");
		return error_type();
	}
	return mo_check_template_inputs(c, t->symbol);
}

static const struct mo_field_node *
field_of(mo_nodes items, mo_atom name)
{
	for (uint32_t i = 0; i < items.len; i++) {
		if (items.items[i]->kind == MO_FIELD_NODE && mo_as_field(items.items[i])->name.atom == name) {
			return mo_as_field(items.items[i]);
		}
	}
	return NULL;
}

// Families of parameters, of which the template has one for each key: they keep their defaults, and nothing can be given for them.
static bool
wants_family(struct mo_check *c, const struct mo_symbol *template, mo_nodes items, struct mo_span at)
{
	const struct mo_scope *body = template->body;
	bool found = false;
	for (uint32_t i = 0; body && i < body->symbols.len; i++) {
		const struct mo_symbol *s = body->symbols.items[i];
		const struct mo_field_node *f = s->kind == MO_SYM_PARAM && s->dimensions ? field_of(items, s->name) : NULL;
		bool needed = s->kind == MO_SYM_PARAM && s->dimensions && !mo_as_param(s->declarations.items[0].node)->value;
		if (f || needed) {
			mo_check_unsupported(c, f ? f->name.span : at, "a value for a family of parameters");
			found = true;
		}
	}
	return found;
}

void
mo_check_given(struct mo_check *c, struct mo_node *from, mo_nodes items, struct mo_span at)
{
	const struct mo_type *inputs = inputs_of(c, from);
	if (inputs->kind == MO_TYPE_ERROR || wants_family(c, from->type->symbol, items, at)) {
		mo_check_entries(c, items, NULL);
	} else {
		mo_check_fields(c, items, inputs, at, NULL);
	}
}

const struct mo_type *
mo_check_template_parameters(struct mo_check *c, struct mo_arguments_checked *a)
{
	mo_argument_fits(c, a, 0, mo_type_of_kind(MO_TYPE_TEMPLATE));
	if (a->failed) {
		return error_type();
	}
	const struct mo_type *text = mo_type_of_kind(MO_TYPE_STRING);
	const struct mo_type *inputs = a->type[0]->symbol ? mo_check_template_inputs(c, a->type[0]->symbol) : mo_type_map(c->ctx, text);
	const struct mo_type *given = mo_check_for(c, a->node[1], inputs, MO_STR("values"));
	if (given->kind == MO_TYPE_ERROR || !mo_check_known(c, given, false, a->node[1]->span, "which parameters are given")) {
		return error_type();
	}
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	mo_type_add_field(c->ctx, t, "ParameterKey", text, false);
	mo_type_add_field(c->ctx, t, "ParameterValue", mo_type_at(c->ctx, text, mo_type_deep_time(c->ctx, given)), false);
	return mo_type_list(c->ctx, t);
}

const struct mo_type *
mo_check_template_url(struct mo_check *c, struct mo_arguments_checked *a)
{
	mo_argument_fits(c, a, 0, mo_type_of_kind(MO_TYPE_TEMPLATE));
	mo_argument_known(c, a, 0);
	struct mo_time time = { .deploy = true, .deploy_at = a->call->span };
	return a->failed ? error_type() : mo_type_at(c->ctx, mo_type_of_kind(MO_TYPE_STRING), time);
}

const struct mo_type *
mo_check_project_file(struct mo_check *c, struct mo_arguments_checked *a)
{
	mo_argument_fits(c, a, 0, mo_type_of_kind(MO_TYPE_TEMPLATE));
	mo_argument_known(c, a, 0);
	return a->failed ? error_type() : mo_type_asset(c->ctx, (struct mo_time){ .deploy = true, .deploy_at = a->call->span });
}

// The list has more elements than the checker can know: those of earlier builds.
const struct mo_type *
mo_check_template_versions(struct mo_check *c, struct mo_arguments_checked *a)
{
	const struct mo_type *text = mo_type_of_kind(MO_TYPE_STRING), *maybe = mo_type_optional(c->ctx, text);
	struct mo_time time = { .deploy = true, .deploy_at = a->call->span };
	mo_argument_fits(c, a, 0, mo_type_of_kind(MO_TYPE_TEMPLATE));
	mo_argument_known(c, a, 0);
	mo_argument_fits(c, a, 1, maybe);
	mo_argument_fits(c, a, 2, maybe);
	mo_argument_fits(c, a, 3, mo_type_of_kind(MO_TYPE_INT));
	mo_argument_known(c, a, 3);
	if (a->failed) {
		return error_type();
	}
	struct mo_type *info = mo_type_new(c->ctx, MO_TYPE_RECORD), *version = mo_type_new(c->ctx, MO_TYPE_RECORD);
	mo_type_add_field(c->ctx, info, "LoadTemplateFromURL", mo_type_at(c->ctx, text, time), false);
	mo_type_add_field(c->ctx, version, "Name", mo_type_at(c->ctx, text, time), false);
	mo_type_add_field(c->ctx, version, "Description", mo_type_at(c->ctx, text, time), true);
	mo_type_add_field(c->ctx, version, "Info", info, false);
	return mo_type_list(c->ctx, version);
}

const struct mo_type *
mo_check_waves(struct mo_check *c, struct mo_arguments_checked *a)
{
	mo_argument_fits(c, a, 0, mo_type_list(c->ctx, mo_type_of_kind(MO_TYPE_STACK)));
	mo_argument_known(c, a, 0);
	const struct mo_type *element = mo_argument_list(c, a, 0);
	return a->failed ? error_type() : mo_type_list(c->ctx, mo_type_list(c->ctx, element));
}

const struct mo_type *
mo_check_template_member(struct mo_check *c, const struct mo_type *of, mo_atom name, struct mo_span at)
{
	struct mo_str text = mo_atom_str(c->ctx->atoms, name);
	(void)of;
	if (mo_str_is(text, "name")) {
		return mo_type_of_kind(MO_TYPE_STRING);
	}
	if (mo_str_is(text, "file")) { // it is called after the format that is asked for
		return mo_type_at(c->ctx, mo_type_of_kind(MO_TYPE_STRING), (struct mo_time){ .deploy = true, .deploy_at = at });
	}
	if (mo_str_is(text, "parameters")) {
		return map_of_parameters(c);
	}
	return mo_str_is(text, "outputs") ? map_of_outputs(c) : NULL;
}
