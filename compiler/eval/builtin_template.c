// SPDX-License-Identifier: Apache-2.0
// Built-ins about templates and stacks: who launches a template, values for its parameters, where it is; the order of stacks.
#include "eval/builtin.h"

#include "eval/instance.h"

// Of one product: AWS Service Catalog Administrator Guide, "AWS Service Catalog default service quotas".
enum { MOST_VERSIONS = 100 };

const struct mo_value *
mo_builtin_org_unit(const struct mo_call *c)
{
	struct mo_value *unit = mo_value_record(c->ev->arena, c->span);
	struct mo_str id, path;
	if (!mo_arg_text(c, 0, &id)) {
		return mo_builtin_error();
	}
	mo_value_set(c->ev->arena, unit, MO_STR("id"), c->span, mo_give_text(c, id));
	if (c->count > 1 && c->args[1] && !mo_is_none(c->args[1])) {
		if (!mo_arg_text(c, 1, &path)) {
			return mo_builtin_error();
		}
		mo_value_set(c->ev->arena, unit, MO_STR("path"), c->span, mo_give_text(c, path));
	}
	return unit;
}

static struct mo_stack *
template_argument(const struct mo_call *c)
{
	struct mo_stack *s = mo_template_of(c->ev, c->args[0]);
	if (!s) {
		mo_arg_misfit(c, 0, "a template");
	}
	return s;
}

const struct mo_value *
mo_builtin_account_ref(const struct mo_call *c)
{
	const struct mo_value *parts[2] = { NULL, NULL };
	for (uint32_t i = 0; i < c->count && i < 2; i++) {
		if (c->args[i] && !mo_is_none(c->args[i])) {
			parts[i] = mo_coerce_choice(c->ev, c->args[i], mo_type_of_kind(MO_TYPE_STRING), mo_arg_span(c, i));
			if (mo_is_error(parts[i])) {
				return parts[i];
			}
		}
	}
	return parts[0] ? mo_account_ref(c->ev, parts[0], parts[1], c->span) : mo_arg_misfit(c, 0, "an account id");
}

// ---- parameters ------------------------------------------------------------------------------------------------------------------

static void
report_unknown(const struct mo_call *c, const struct mo_variant *v, const struct mo_value_member *m)
{
	struct mo_span at = mo_span_is_nowhere(m->key_span) ? c->span : m->key_span;
	struct mo_diag *d = mo_report(c->ev->ctx->diags, MSG_UNKNOWN_FIELD, at, "the template `" MO_STR_FMT "` has no parameter `" MO_STR_FMT "`",
		MO_STR_ARG(v->stack->name), MO_STR_ARG(m->key));
	struct mo_suggestion near = mo_suggest(m->key);
	const struct mo_scope *body = v->body->symbol->body;
	for (uint32_t i = 0; v->taken && i < v->template->params.len; i++) {
		mo_suggest_from(&near, v->template->params.items[i]->id);
	}
	for (uint32_t i = 0; body && i < body->symbols.len; i++) {
		if (body->symbols.items[i]->kind == MO_SYM_PARAM) {
			mo_suggest_from(&near, mo_symbol_text(c->ev, body->symbols.items[i]));
		}
	}
	mo_diag_suggest(d, at, &near);
}

// A parameter without a default that nothing was given for.
static bool
report_missing(const struct mo_call *c, const struct mo_variant *v, const struct mo_map *given)
{
	for (uint32_t i = 0; i < v->template->params.len; i++) {
		const struct mo_ir_param *p = v->template->params.items[i];
		if (!p->default_value && !mo_map_get(given, MO_KEY(p))) {
			struct mo_diag *d = mo_report(c->ev->ctx->diags, MSG_MISSING_FIELD, c->span,
				"the template `" MO_STR_FMT "` needs a value for its parameter `" MO_STR_FMT "`",
				MO_STR_ARG(v->stack->name), MO_STR_ARG(p->id));
			mo_diag_label(d, p->origin.span, "declared here, without a default");
			return true;
		}
	}
	return false;
}

static const struct mo_value *
key_and_value(const struct mo_call *c, struct mo_str key, const struct mo_value *value)
{
	struct mo_value *one = mo_value_record(c->ev->arena, c->span);
	mo_value_set(c->ev->arena, one, MO_STR("ParameterKey"), c->span, mo_give_text(c, key));
	mo_value_set(c->ev->arena, one, MO_STR("ParameterValue"), c->span, value);
	return one;
}

const struct mo_value *
mo_builtin_template_parameters(const struct mo_call *c)
{
	struct mo_stack *s = template_argument(c);
	const struct mo_variant *v = s ? mo_template_variant(c->ev, s) : NULL;
	const struct mo_value *values = v ? mo_arg_record(c, 1) : NULL;
	struct mo_value *list = mo_value_list(c->ev->arena, c->span);
	struct mo_map given = { 0 };
	if (!v || !values) {
		return mo_builtin_error();
	}
	for (uint32_t i = 0; i < values->members.len; i++) {
		const struct mo_value_member *m = &values->members.items[i];
		struct mo_ir_param *p = mo_template_param(c->ev, v, m->key);
		if (!p) {
			report_unknown(c, v, m);
			return mo_builtin_error();
		}
		if (mo_is_none(m->value)) {
			continue;
		}
		const struct mo_value *text = mo_as_one_text(c->ev, mo_as_refs(c->ev, m->value), m->value->span);
		if (mo_is_error(text)) {
			return text;
		}
		mo_map_put(c->ev->arena, &given, MO_KEY(p), p);
		mo_push(c->ev->arena, &list->items, key_and_value(c, p->id, text));
	}
	return report_missing(c, v, &given) ? mo_builtin_error() : list;
}

// ---- places and order ------------------------------------------------------------------------------------------------------------

const struct mo_value *
mo_builtin_template_url(const struct mo_call *c)
{
	struct mo_stack *s = template_argument(c);
	return s ? mo_value_get(mo_asset_places(c->ev, mo_template_asset(c->ev, s), NULL, c->span), MO_STR("url")) : mo_builtin_error();
}

const struct mo_value *
mo_builtin_project_file(const struct mo_call *c)
{
	struct mo_stack *s = template_argument(c);
	const struct mo_variant *v = s ? mo_template_variant(c->ev, s) : NULL;
	static const char *const wanted[] = { "SageMakerProjectName", "SageMakerProjectId" };
	bool found[2] = { false, false };
	for (uint32_t i = 0; v && i < v->template->params.len; i++) {
		for (size_t k = 0; k < 2; k++) {
			found[k] = found[k] || mo_str_is(v->template->params.items[i]->id, wanted[k]);
		}
	}
	if (v && !(found[0] && found[1])) {
		struct mo_diag *d = mo_report(c->ev->ctx->diags, MSG_NO_PROJECT_TEMPLATE, mo_arg_span(c, 0),
			"SageMaker cannot make projects of `" MO_STR_FMT "`, which lacks the parameter `%s`", MO_STR_ARG(s->name), wanted[found[0]]);
		mo_diag_label(d, s->span, "the template");
		mo_diag_help(d, "`sagemaker_project project {}` of std/project brings both parameters into the template");
		return mo_builtin_error();
	}
	return v ? mo_asset_places(c->ev, mo_template_project(c->ev, s), NULL, c->span) : mo_builtin_error();
}

// How the version is called: as the program says now, or as will be decided once it is known what the template holds. What only
// CloudFormation knows is nothing that could be remembered: then there is this version and no other.
static const struct mo_value *
version_name(const struct mo_call *c, const struct mo_ir_asset *template, const struct mo_value *name, const struct mo_value *description)
{
	int64_t keep = MOST_VERSIONS;
	if (c->count > 3 && c->args[3] && !mo_arg_int(c, 3, &keep)) {
		return mo_builtin_error();
	}
	if (keep < 1 || keep > MOST_VERSIONS) {
		return mo_arg_refuse(c, 3, "a product has 1 to %d versions", MOST_VERSIONS);
	}
	if (name && name->kind == MO_VALUE_DEPLOY) {
		return name;
	}
	if (description && description->kind == MO_VALUE_DEPLOY) {
		return mo_arg_refuse(c, 2, "the description of a version whose name is known has to be known too");
	}
	struct mo_ir_release *r = mo_new(c->ev->arena, struct mo_ir_release);
	struct mo_ir_asset *version = mo_new(c->ev->arena, struct mo_ir_asset);
	*r = (struct mo_ir_release){ .asset = template, .span = name ? name->span : c->span, .keep = (uint32_t)keep };
	r->name = name ? name->text : (struct mo_str){ 0 };
	r->description = description ? description->text : (struct mo_str){ 0 };
	*version = (struct mo_ir_asset){ .path = template->path, .key = name ? name->text : MO_STR("v1"), .release = r };
	return mo_value_deploy(c->ev->arena, r->span, mo_ir_asset_part(c->ev->arena, r->span, version, MO_IR_ASSET_VERSION, NULL), false);
}

// A text, known now or not; NULL when it is absent.
static const struct mo_value *
optional_text(const struct mo_call *c, uint32_t i)
{
	if (i >= c->count || !c->args[i] || mo_is_none(c->args[i])) {
		return NULL;
	}
	return mo_coerce_choice(c->ev, c->args[i], mo_type_of_kind(MO_TYPE_STRING), mo_arg_span(c, i));
}

const struct mo_value *
mo_builtin_template_versions(const struct mo_call *c)
{
	struct mo_stack *s = template_argument(c);
	const struct mo_value *name = optional_text(c, 1), *description = optional_text(c, 2);
	if (!s || (name && mo_is_error(name)) || (description && mo_is_error(description))) {
		return mo_builtin_error();
	}
	const struct mo_ir_asset *template = mo_template_asset(c->ev, s);
	const struct mo_value *called = version_name(c, template, name, description);
	if (mo_is_error(called)) {
		return called;
	}
	struct mo_value *list = mo_value_list(c->ev->arena, c->span), *one = mo_value_record(c->ev->arena, c->span);
	struct mo_value *info = mo_value_record(c->ev->arena, c->span);
	mo_value_set(c->ev->arena, info, MO_STR("LoadTemplateFromURL"), c->span,
		mo_value_get(mo_asset_places(c->ev, template, NULL, c->span), MO_STR("url")));
	mo_value_set(c->ev->arena, one, MO_STR("Name"), c->span, called);
	if (description) {
		mo_value_set(c->ev->arena, one, MO_STR("Description"), c->span, description);
	}
	mo_value_set(c->ev->arena, one, MO_STR("Info"), c->span, info);
	mo_push(c->ev->arena, &list->items, one);
	return list;
}

const struct mo_value *
mo_builtin_waves(const struct mo_call *c)
{
	const struct mo_value *stacks = mo_arg_list(c, 0);
	return stacks ? mo_waves(c->ev, stacks, c->span) : mo_builtin_error();
}
