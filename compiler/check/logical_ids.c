// SPDX-License-Identifier: Apache-2.0
// Logical IDs that are written as texts (`Ref("X")`, Fn::GetAtt, Fn::Sub, raw JSON) are those of something in the template; and a template
// names the macro that its types need. Where a macro may add things, nobody can tell, and nothing is said.
#include "check/checks.h"

#include "diag/diag.h"

enum kind { OF_REFERENCES, OF_RESOURCES, OF_CONDITIONS, OF_MAPPINGS, KINDS };

static const char *const what[KINDS] = {
	[OF_REFERENCES] = "resource or parameter",
	[OF_RESOURCES] = "resource",
	[OF_CONDITIONS] = "condition",
	[OF_MAPPINGS] = "mapping",
};

struct ids {
	struct mo_checker *c;
	const struct mo_ir_template *template;
	MO_VEC(struct mo_str) names[KINDS];
	struct mo_span place; // of what is being looked at, for values without one
};

// ---- what there is ---------------------------------------------------------------------------------------------------------------

static void
add(struct ids *ids, enum kind kind, struct mo_str name)
{
	mo_push(ids->c->arena, &ids->names[kind], name);
}

static void
add_section(struct ids *ids, const char *section, enum kind kind)
{
	const struct mo_ir_value *added = mo_ir_added(ids->template, section);
	for (uint32_t i = 0; added && i < added->members.len; i++) {
		add(ids, kind, added->members.items[i].key);
	}
}

static void
gather(struct ids *ids)
{
	static const char *const pseudo[] = { "AWS::AccountId", "AWS::NoValue", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region",
		"AWS::StackId", "AWS::StackName", "AWS::URLSuffix" };
	const struct mo_ir_template *t = ids->template;
	for (size_t i = 0; i < sizeof(pseudo) / sizeof(*pseudo); i++) {
		add(ids, OF_REFERENCES, mo_str_c(pseudo[i]));
	}
	for (uint32_t i = 0; i < t->resources.len; i++) {
		if (!t->resources.items[i]->existing) {
			add(ids, OF_REFERENCES, t->resources.items[i]->id);
			add(ids, OF_RESOURCES, t->resources.items[i]->id);
		}
	}
	for (uint32_t i = 0; i < t->params.len; i++) {
		add(ids, OF_REFERENCES, t->params.items[i]->id);
	}
	for (uint32_t i = 0; i < t->conditions.len; i++) {
		add(ids, OF_CONDITIONS, t->conditions.items[i]->id);
	}
	for (uint32_t i = 0; i < t->mappings.len; i++) {
		add(ids, OF_MAPPINGS, t->mappings.items[i]->id);
	}
	add_section(ids, "Parameters", OF_REFERENCES);
	add_section(ids, "Resources", OF_REFERENCES);
	add_section(ids, "Resources", OF_RESOURCES);
	add_section(ids, "Conditions", OF_CONDITIONS);
	add_section(ids, "Mappings", OF_MAPPINGS);
}

// ---- what is named ---------------------------------------------------------------------------------------------------------------

static void
need(const struct ids *ids, enum kind kind, struct mo_str name, struct mo_span span)
{
	struct mo_suggestion near = mo_suggest(name);
	for (uint32_t i = 0; i < ids->names[kind].len; i++) {
		if (mo_str_eq(ids->names[kind].items[i], name)) {
			return;
		}
		mo_suggest_from(&near, ids->names[kind].items[i]);
	}
	struct mo_diag *d = mo_report(ids->c->diags, MSG_UNKNOWN_LOGICAL_ID, mo_span_is_nowhere(span) ? ids->place : span,
		"the template `" MO_STR_FMT "` has no %s `" MO_STR_FMT "`", MO_STR_ARG(ids->template->name), what[kind], MO_STR_ARG(name));
	if (near.best.len) {
		mo_diag_help(d, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(near.best));
	}
}

static void
need_text(const struct ids *ids, enum kind kind, const struct mo_ir_value *v)
{
	if (v->kind == MO_IR_STRING) {
		need(ids, kind, v->text, v->span);
	}
}

static const struct mo_ir_value *
first_of(const struct mo_ir_value *argument)
{
	return argument->kind == MO_IR_LIST && argument->items.len ? argument->items.items[0] : argument;
}

// ${X} and ${X.Y} of a text of Fn::Sub, but for those that its own map gives.
static void
need_variables(const struct ids *ids, const struct mo_ir_value *argument)
{
	const struct mo_ir_value *text = first_of(argument);
	bool has_map = argument->kind == MO_IR_LIST && argument->items.len > 1 && argument->items.items[1]->kind == MO_IR_OBJECT;
	const struct mo_ir_value *own = has_map ? argument->items.items[1] : NULL;
	for (size_t i = 0; text->kind == MO_IR_STRING && i < text->text.len;) {
		ptrdiff_t open = mo_str_find(text->text, MO_STR("${"), i), close = open < 0 ? -1 : mo_str_find(text->text, MO_STR("}"), (size_t)open);
		if (close < 0) {
			return;
		}
		struct mo_str name = mo_str_sub(text->text, (size_t)open + 2, (size_t)close);
		ptrdiff_t dot = mo_str_find(name, MO_STR("."), 0);
		i = (size_t)close + 1;
		if (name.len && name.p[0] != '!' && !(own && mo_ir_get(own, name))) {
			need(ids, dot < 0 ? OF_REFERENCES : OF_RESOURCES, dot < 0 ? name : mo_str_sub(name, 0, (size_t)dot), text->span);
		}
	}
}

static void
look_at_call(const struct ids *ids, struct mo_str function, const struct mo_ir_value *argument)
{
	if (mo_str_is(function, "Ref")) {
		need_text(ids, OF_REFERENCES, argument);
	} else if (mo_str_is(function, "Fn::GetAtt")) {
		const struct mo_ir_value *id = first_of(argument);
		ptrdiff_t dot = id == argument && id->kind == MO_IR_STRING ? mo_str_find(id->text, MO_STR("."), 0) : -1;
		if (dot >= 0) {
			need(ids, OF_RESOURCES, mo_str_sub(id->text, 0, (size_t)dot), id->span);
		} else {
			need_text(ids, OF_RESOURCES, id);
		}
	} else if (mo_str_is(function, "Condition")) {
		need_text(ids, OF_CONDITIONS, argument);
	} else if (mo_str_is(function, "Fn::If")) {
		need_text(ids, OF_CONDITIONS, first_of(argument));
	} else if (mo_str_is(function, "Fn::FindInMap")) {
		need_text(ids, OF_MAPPINGS, first_of(argument));
	} else if (mo_str_is(function, "Fn::Sub")) {
		need_variables(ids, argument);
	}
}

// Calls, and objects of raw JSON that are calls; `Condition` in one may be a property of something else.
static bool
look(void *data, const struct mo_ir_value *v)
{
	const struct ids *ids = data;
	if (v->kind == MO_IR_CALL) {
		look_at_call(ids, v->function, v->argument);
	} else if (v->kind == MO_IR_OBJECT && v->members.len == 1 && !mo_str_is(v->members.items[0].key, "Condition")) {
		look_at_call(ids, v->members.items[0].key, v->members.items[0].value);
	} else if ((v->kind == MO_IR_IF || v->kind == MO_IR_CONDITION) && v->condition->foreign) {
		need(ids, OF_CONDITIONS, v->condition->id, v->condition->origin.span);
	}
	return true;
}

static void
look_in(struct ids *ids, struct mo_span place, const struct mo_ir_value *v)
{
	ids->place = place;
	if (v) {
		mo_ir_visit(v, look, ids);
	}
}

// What a resource that `raw` adds waits for, and its condition.
static void
look_at_added(struct ids *ids, const struct mo_ir_value *r)
{
	const struct mo_ir_value *condition = r->kind == MO_IR_OBJECT ? mo_ir_get(r, MO_STR("Condition")) : NULL;
	const struct mo_ir_value *waits = r->kind == MO_IR_OBJECT ? mo_ir_get(r, MO_STR("DependsOn")) : NULL;
	if (condition) {
		need_text(ids, OF_CONDITIONS, condition);
	}
	if (waits && waits->kind == MO_IR_LIST) {
		for (uint32_t i = 0; i < waits->items.len; i++) {
			need_text(ids, OF_RESOURCES, waits->items.items[i]);
		}
	} else if (waits) {
		need_text(ids, OF_RESOURCES, waits);
	}
}

static void
look_in_template(struct ids *ids)
{
	const struct mo_ir_template *t = ids->template;
	for (uint32_t i = 0; i < t->conditions.len; i++) {
		look_in(ids, mo_check_place(t->conditions.items[i]->origin, t->span), t->conditions.items[i]->expression);
	}
	for (uint32_t i = 0; i < t->resources.len; i++) {
		const struct mo_ir_resource *r = t->resources.items[i];
		ids->place = mo_check_place(r->origin, t->span);
		if (!r->existing) {
			mo_ir_visit_resource(r, look, ids);
		}
		if (!r->existing && r->extra) {
			look_at_added(ids, r->extra);
		}
		if (!r->existing && r->condition && r->condition->foreign) {
			need(ids, OF_CONDITIONS, r->condition->id, r->condition->origin.span);
		}
	}
	for (uint32_t i = 0; i < t->outputs.len; i++) {
		const struct mo_ir_output *o = t->outputs.items[i];
		look_in(ids, mo_check_place(o->origin, t->span), o->value);
		look_in(ids, mo_check_place(o->origin, t->span), o->export_name);
	}
	look_in(ids, t->span, t->extra);
	const struct mo_ir_value *added = mo_ir_added(t, "Resources");
	for (uint32_t i = 0; added && i < added->members.len; i++) {
		look_at_added(ids, added->members.items[i].value);
	}
}

// ---- macros ----------------------------------------------------------------------------------------------------------------------

static bool
find_macro(void *data, const struct mo_ir_value *v)
{
	bool *found = data;
	*found = *found || (v->kind == MO_IR_CALL && mo_str_is(v->function, "Fn::Transform"))
		|| (v->kind == MO_IR_OBJECT && mo_ir_get(v, MO_STR("Fn::Transform")));
	return !*found;
}

static bool
is_extensions(const struct mo_ir_value *transform)
{
	return transform->kind == MO_IR_STRING && mo_str_is(transform->text, "AWS::LanguageExtensions");
}

// Whether something may be in the template that only a macro knows of.
static bool
has_macros(const struct mo_ir_template *t)
{
	bool found = false;
	for (uint32_t i = 0; i < t->transforms.len; i++) {
		found = found || !is_extensions(t->transforms.items[i]);
	}
	if (t->extra) {
		mo_ir_visit(t->extra, find_macro, &found);
	}
	return found;
}

void
mo_check_logical_ids(struct mo_checker *c)
{
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		struct ids ids = { .c = c, .template = c->platform->templates.items[i] };
		if (!has_macros(ids.template)) {
			gather(&ids);
			look_in_template(&ids);
		}
	}
}

static bool
names_macro(const struct mo_ir_template *t, struct mo_str macro)
{
	for (uint32_t i = 0; i < t->transforms.len; i++) {
		const struct mo_ir_value *v = t->transforms.items[i];
		const struct mo_ir_value *name = v->kind == MO_IR_OBJECT ? mo_ir_get(v, MO_STR("Name")) : v;
		if (name && name->kind == MO_IR_STRING && mo_str_eq(name->text, macro)) {
			return true;
		}
	}
	return false;
}

void
mo_check_transforms(struct mo_checker *c)
{
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		const struct mo_ir_template *t = c->platform->templates.items[i];
		for (uint32_t k = 0; k < t->resources.len; k++) {
			const struct mo_ir_resource *r = t->resources.items[k];
			struct mo_str macro = r->catalog && !r->existing ? mo_cat_resource_transform(r->catalog) : (struct mo_str){ 0 };
			if (macro.len && !names_macro(t, macro)) {
				struct mo_diag *d = mo_report(c->diags, MSG_TRANSFORM_MISSING, mo_check_place(r->origin, t->span),
					MO_STR_FMT " needs the transform " MO_STR_FMT, MO_STR_ARG(r->type), MO_STR_ARG(macro));
				mo_diag_label(d, t->span, "its template does not name it");
				mo_diag_help(d, "write `@transform(\"" MO_STR_FMT "\")` on the line above", MO_STR_ARG(macro));
				break; // one says it for all of the template
			}
		}
	}
}
