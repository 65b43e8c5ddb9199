// SPDX-License-Identifier: Apache-2.0
// Templates that others launch. Such a template is evaluated like a stack at each of the accounts that it is for, so that what it reads
// there of other stacks is published there; the results must be one template. For an organizational unit, or anywhere, there is no
// account to read anything of.
#include "eval/instance.h"

// ---- reading stacks --------------------------------------------------------------------------------------------------------------

static bool
has_accounts(const struct mo_stack *template)
{
	return template->deployments.len > 0 && template->deployments.items[0]->target.account;
}

static void
report_unknown_launchers(struct mo_eval *ev, const struct mo_stack *template, const struct mo_stack *s, struct mo_span span)
{
	struct mo_str name = mo_symbol_text(ev, s->declared);
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_NOT_KNOWN_TO_LAUNCHERS, span,
		"whoever launches `" MO_STR_FMT "` may not have the stack `" MO_STR_FMT "`", MO_STR_ARG(template->name), MO_STR_ARG(s->name));
	mo_diag_label(d, template->where ? template->where->span : template->span, "for accounts that this program does not know");
	mo_diag_help(d, "let the launcher say it: `param name: Type`; or read it at one target, where it is known before deployment: `"
		MO_STR_FMT "[account]`", MO_STR_ARG(name));
}

static void
report_without_stack(struct mo_eval *ev, const struct mo_stack *template, const struct mo_stack *s, const struct mo_target *t,
	struct mo_span span)
{
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_NOT_KNOWN_TO_LAUNCHERS, span,
		"`" MO_STR_FMT "` may be launched in `" MO_STR_FMT "` (" MO_STR_FMT "), where the stack `" MO_STR_FMT "` is not deployed",
		MO_STR_ARG(template->name), MO_STR_ARG(t->account->ir.name), MO_STR_ARG(t->region), MO_STR_ARG(s->name));
	mo_diag_label(d, template->where->span, "who launches the template");
	mo_diag_label(d, s->where ? s->where->span : s->span, "where the stack is");
	mo_diag_help(d, "deploy the stack there too, take the account out of the audience, or let the launcher say it: `param name: Type`");
}

bool
mo_audience_holds(struct mo_eval *ev, struct mo_stack *template, struct mo_stack *s, struct mo_span span)
{
	bool *known = mo_map_get(&template->holds, MO_KEY(s));
	if (known) {
		return *known;
	}
	known = mo_new(ev->arena, bool);
	*known = has_accounts(template);
	mo_map_put(ev->arena, &template->holds, MO_KEY(s), known);
	if (!*known) {
		report_unknown_launchers(ev, template, s, span);
		return false;
	}
	mo_stack_targets(ev, s);
	for (uint32_t i = 0; *known && i < template->deployments.len; i++) {
		const struct mo_target *t = &template->deployments.items[i]->target;
		if (!mo_map_get(&s->by_target, t->hash)) {
			*known = false;
			report_without_stack(ev, template, s, t, span);
		}
	}
	return *known;
}

// ---- making them -----------------------------------------------------------------------------------------------------------------

void
mo_template_evaluate(struct mo_eval *ev, struct mo_stack *s)
{
	mo_stack_targets(ev, s);
	for (uint32_t i = 0; i < s->deployments.len && !ev->failed; i++) {
		mo_variant_of(ev, s->deployments.items[i], s->span);
	}
}

static void
report_difference(struct mo_eval *ev, const struct mo_stack *s)
{
	const struct mo_variant *a = s->variants.items[0], *b = s->variants.items[1];
	struct mo_span from, place = mo_template_difference(a->template, b->template, &from);
	struct mo_str one = a->target.account->ir.name, other = b->target.account->ir.name;
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_TEMPLATE_DIFFERS, mo_span_is_nowhere(place) ? s->span : place,
		"`" MO_STR_FMT "` would not be one template: this is not the same in `" MO_STR_FMT "` and in `" MO_STR_FMT "`",
		MO_STR_ARG(s->name), MO_STR_ARG(one), MO_STR_ARG(other));
	mo_diag_label(d, s->where ? s->where->span : s->span, "one template for all of these");
	if (!mo_span_is_nowhere(from)) {
		mo_diag_label(d, from, "what it is in `" MO_STR_FMT "`", MO_STR_ARG(one));
	}
	mo_diag_help(d, "let the launcher say it: `param name: Type`; or declare a family: `for a in accounts { template " MO_STR_FMT
		"[a.name] for a { … } }`", MO_STR_ARG(s->name));
}

static void
add_account(struct mo_eval *ev, struct mo_ir_template *t, const struct mo_ir_account *a)
{
	for (uint32_t i = 0; i < t->accounts.len; i++) {
		if (t->accounts.items[i] == a) {
			return;
		}
	}
	mo_push(ev->arena, &t->accounts, a);
}

static struct mo_str
unit_field(const struct mo_stack *s, const char *name)
{
	const struct mo_value *v = s->unit && s->unit->kind == MO_VALUE_RECORD ? mo_value_get(s->unit, mo_str_c(name)) : NULL;
	return v && v->kind == MO_VALUE_STRING ? v->text : (struct mo_str){ 0 };
}

static void
set_audience(struct mo_eval *ev, struct mo_ir_template *t, const struct mo_stack *s)
{
	for (uint32_t i = 0; has_accounts(s) && i < s->deployments.len; i++) {
		add_account(ev, t, &s->deployments.items[i]->target.account->ir);
	}
	t->unit = unit_field(s, "id");
	t->unit_path = unit_field(s, "path");
	t->audience = t->accounts.len ? MO_IR_FOR_ACCOUNTS : t->unit.len ? MO_IR_FOR_UNIT : MO_IR_FOR_ANYBODY;
}

void
mo_template_make(struct mo_eval *ev, struct mo_stack *s)
{
	mo_variants_merge(ev, s);
	if (s->variants.len == 0) {
		return; // for nobody, or reported
	}
	if (s->variants.len > 1) {
		report_difference(ev, s);
	}
	struct mo_ir_template *t = s->variants.items[0]->template;
	t->name = mo_unique_name(ev, &ev->evaluator->template_names, mo_template_path(ev, s));
	set_audience(ev, t, s);
	if (s->asset) {
		s->asset->template = t;
	}
	if (s->project) {
		s->project->template = t;
	}
	mo_push(ev->arena, &ev->platform->templates, t);
}

// ---- templates as values ---------------------------------------------------------------------------------------------------------

static void
set_text(struct mo_eval *ev, struct mo_value *record, const char *key, struct mo_str text, struct mo_span span)
{
	if (text.len) {
		mo_value_set(ev->arena, record, mo_str_c(key), span, mo_value_string(ev->arena, span, text));
	}
}

static const struct mo_value *
parameters_of(struct mo_eval *ev, const struct mo_ir_template *t, struct mo_span span)
{
	struct mo_value *all = mo_value_record(ev->arena, span);
	for (uint32_t i = 0; i < t->params.len; i++) {
		const struct mo_ir_param *p = t->params.items[i];
		struct mo_value *one = mo_value_record(ev->arena, p->origin.span);
		set_text(ev, one, "type", p->type, span);
		if (p->default_value) {
			const struct mo_value *value = mo_value_of_ir(ev->arena, p->default_value);
			mo_value_set(ev->arena, one, MO_STR("default"), span,
				mo_value_string(ev->arena, span, mo_key_text(ev, value)));
		}
		set_text(ev, one, "description", p->description, span);
		mo_value_set(ev->arena, all, p->id, p->origin.span, one);
	}
	return all;
}

static const struct mo_value *
outputs_of(struct mo_eval *ev, const struct mo_ir_template *t, struct mo_span span)
{
	struct mo_value *all = mo_value_record(ev->arena, span);
	for (uint32_t i = 0; i < t->outputs.len; i++) {
		struct mo_value *one = mo_value_record(ev->arena, t->outputs.items[i]->origin.span);
		set_text(ev, one, "description", t->outputs.items[i]->description, span);
		mo_value_set(ev->arena, all, t->outputs.items[i]->id, t->outputs.items[i]->origin.span, one);
	}
	return all;
}

struct mo_variant *
mo_template_variant(struct mo_eval *ev, struct mo_stack *s)
{
	mo_template_evaluate(ev, s);
	return s->variants.len ? s->variants.items[0] : NULL;
}

struct mo_ir_param *
mo_template_param(struct mo_eval *ev, const struct mo_variant *v, struct mo_str name)
{
	mo_atom atom = mo_atom_find(ev->ctx->atoms, name);
	for (uint32_t i = 0; v->taken && i < v->template->params.len; i++) {
		if (mo_str_eq(v->template->params.items[i]->id, name)) {
			return v->template->params.items[i];
		}
	}
	const struct mo_symbol *s = atom && v->body->symbol->body ? mo_map_get(&v->body->symbol->body->values, atom) : NULL;
	return s ? mo_map_get(&v->params, MO_KEY(s)) : NULL;
}

const struct mo_ir_asset *
mo_template_asset(struct mo_eval *ev, struct mo_stack *s)
{
	if (!s->asset) {
		s->asset = mo_template_file_asset(ev, s->name);
	}
	return s->asset;
}

const struct mo_ir_asset *
mo_template_project(struct mo_eval *ev, struct mo_stack *s)
{
	if (!s->project) {
		s->project = mo_template_file_asset(ev, s->name);
		s->project->as_yaml = true;
	}
	return s->project;
}

struct mo_ir_asset *
mo_template_file_asset(struct mo_eval *ev, struct mo_str name)
{
	struct mo_ir_asset *asset = mo_new(ev->arena, struct mo_ir_asset);
	asset->of_template = true;
	asset->path = mo_str_printf(ev->arena, "template " MO_STR_FMT, MO_STR_ARG(name));
	mo_push(ev->arena, &ev->platform->template_assets, asset);
	return asset;
}

struct mo_str
mo_template_path(struct mo_eval *ev, const struct mo_stack *s)
{
	return mo_str_printf(ev->arena, "templates/" MO_STR_FMT, MO_STR_ARG(s->name));
}

const struct mo_value *
mo_template_member(struct mo_eval *ev, const struct mo_value *template, struct mo_name name)
{
	struct mo_stack *s = mo_template_of(ev, template);
	struct mo_str text = mo_atom_text(ev, name.atom);
	if (!s) {
		return mo_error_value();
	}
	if (mo_str_is(text, "name")) {
		return mo_value_string(ev->arena, name.span, s->name);
	}
	if (mo_str_is(text, "file")) {
		return mo_value_deploy(ev->arena, name.span, mo_ir_asset_part(ev->arena, name.span, mo_template_asset(ev, s), MO_IR_ASSET_FILE, NULL), false);
	}
	const struct mo_variant *v = mo_template_variant(ev, s);
	if (!v) {
		return mo_error_value();
	}
	const struct mo_ir_template *t = v->template;
	return mo_str_is(text, "parameters") ? parameters_of(ev, t, name.span) : outputs_of(ev, t, name.span);
}
