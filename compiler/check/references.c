// SPDX-License-Identifier: Apache-2.0
// References: that they stay within the template, and that they stand where CloudFormation takes them.
#include "check/checks.h"

// ---- scope -----------------------------------------------------------------------------------------------------------------------

// What a template holds, as a set of addresses.
struct scope {
	struct mo_checker *c;
	const struct mo_ir_template *template;
	struct mo_map inside;
	struct mo_span place; // of what is being looked at, for values without one
	bool reported;        // one of them says it all: the compiler made the template, not the user
};

static void
outside(struct scope *s, struct mo_span span, const char *what, struct mo_str id)
{
	if (!s->reported) {
		mo_report(s->c->diags, MSG_REFERENCE_OUTSIDE_TEMPLATE, mo_span_is_nowhere(span) ? s->place : span,
			"`" MO_STR_FMT "` refers to the %s `" MO_STR_FMT "`, which is not in it", MO_STR_ARG(s->template->name), what,
			MO_STR_ARG(id));
		s->reported = true;
	}
}

static void
need(struct scope *s, struct mo_span span, const char *what, const void *thing, struct mo_str id)
{
	if (!mo_map_get(&s->inside, (uintptr_t)thing)) {
		outside(s, span, what, id);
	}
}

static void
look_at_condition(struct scope *s, struct mo_span span, const struct mo_ir_condition *condition)
{
	if (condition && !condition->foreign) {
		need(s, span, "condition", condition, condition->id);
	}
}

static bool
look(void *data, const struct mo_ir_value *v)
{
	struct scope *s = data;
	switch (v->kind) {
	case MO_IR_RESOURCE:
	case MO_IR_ATTRIBUTE:
		if (v->resource->existing) {
			outside(s, v->span, "existing resource", v->resource->origin.path);
		} else {
			need(s, v->span, "resource", v->resource, v->resource->id);
		}
		break;
	case MO_IR_PARAM:
		if (!v->param->each) {
			need(s, v->span, "parameter", v->param, v->param->id);
		}
		break;
	case MO_IR_IF:
	case MO_IR_CONDITION:
		look_at_condition(s, v->span, v->condition);
		break;
	default:
		break;
	}
	return true;
}

static void
fill_scope(struct scope *s)
{
	const struct mo_ir_template *t = s->template;
	for (uint32_t i = 0; i < t->params.len; i++) {
		mo_map_put(s->c->arena, &s->inside, (uintptr_t)t->params.items[i], s);
	}
	for (uint32_t i = 0; i < t->conditions.len; i++) {
		mo_map_put(s->c->arena, &s->inside, (uintptr_t)t->conditions.items[i], s);
	}
	for (uint32_t i = 0; i < t->resources.len; i++) {
		mo_map_put(s->c->arena, &s->inside, (uintptr_t)t->resources.items[i], s);
	}
}

static void
look_at_resource(struct scope *s, const struct mo_ir_resource *r)
{
	s->place = mo_check_place(r->origin, s->template->span);
	mo_ir_visit_resource(r, look, s);
	look_at_condition(s, s->place, r->condition);
	for (uint32_t i = 0; i < r->depends_on.len; i++) {
		if (!r->depends_on.items[i]->existing) {
			need(s, s->place, "resource", r->depends_on.items[i], r->depends_on.items[i]->id);
		}
	}
}

void
mo_check_scope(struct mo_checker *c)
{
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		const struct mo_ir_template *t = c->platform->templates.items[i];
		struct scope s = { .c = c, .template = t };
		fill_scope(&s);
		for (uint32_t k = 0; k < t->rules.len; k++) {
			s.place = mo_check_place(t->rules.items[k]->origin, t->span);
			mo_ir_visit(t->rules.items[k]->assertion, look, &s);
			if (t->rules.items[k]->condition) {
				mo_ir_visit(t->rules.items[k]->condition, look, &s);
			}
		}
		for (uint32_t k = 0; k < t->conditions.len; k++) {
			s.place = mo_check_place(t->conditions.items[k]->origin, t->span);
			mo_ir_visit(t->conditions.items[k]->expression, look, &s);
		}
		for (uint32_t k = 0; k < t->resources.len; k++) {
			if (!t->resources.items[k]->existing) {
				look_at_resource(&s, t->resources.items[k]);
			}
		}
		for (uint32_t k = 0; k < t->outputs.len; k++) {
			const struct mo_ir_output *o = t->outputs.items[k];
			s.place = mo_check_place(o->origin, t->span);
			mo_ir_visit(o->value, look, &s);
			if (o->export_name) {
				mo_ir_visit(o->export_name, look, &s);
			}
			look_at_condition(&s, s.place, o->condition);
		}
	}
}

// ---- places ----------------------------------------------------------------------------------------------------------------------

enum place { IN_CONDITION, IN_EXPORT_NAME, IN_MAPPING, IN_PARAMETER, ELSEWHERE };

struct places {
	struct mo_checker *c;
	enum place place;
	struct mo_span span;
};

// The intrinsics that cannot be computed before resources exist.
static bool
needs_resources(struct mo_str function)
{
	static const char *const names[] = { "Fn::GetAtt", "Fn::ImportValue", "Fn::GetStackOutput" };
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (mo_str_is(function, names[i])) {
			return true;
		}
	}
	return false;
}

// What may not stand in the place; NULL when all is well.
static const char *
misplaced(enum place place, const struct mo_ir_value *v)
{
	bool resource = v->kind == MO_IR_RESOURCE || v->kind == MO_IR_ATTRIBUTE;
	bool late = v->kind == MO_IR_CALL && needs_resources(v->function);
	if (place == ELSEWHERE) {
		return v->kind == MO_IR_CONDITION ? "a condition" : NULL;
	}
	if ((place == IN_MAPPING || place == IN_PARAMETER) && v->kind > MO_IR_OBJECT) {
		return "a value known only at deploy time";
	}
	if (resource) {
		return "a resource";
	}
	if (late) {
		return "a value of another stack";
	}
	if (place == IN_CONDITION && v->kind == MO_IR_IF) {
		return "a choice (`Fn::If`)";
	}
	if (place == IN_CONDITION && v->kind == MO_IR_CALL && (mo_str_is(v->function, "Fn::GetAZs") || mo_str_is(v->function, "Fn::Cidr"))) {
		return "this function";
	}
	return place == IN_EXPORT_NAME && v->kind == MO_IR_CONDITION ? "a condition" : NULL;
}

static bool
look_at_place(void *data, const struct mo_ir_value *v)
{
	static const char *const names[] = {
		[IN_CONDITION] = "a condition",
		[IN_EXPORT_NAME] = "the name of an export",
		[IN_MAPPING] = "a mapping",
		[IN_PARAMETER] = "a parameter's default",
		[ELSEWHERE] = "a property",
	};
	struct places *p = data;
	const char *what = misplaced(p->place, v);
	if (what) {
		struct mo_diag *d = mo_report(p->c->diags, MSG_MISPLACED_REFERENCE, mo_span_is_nowhere(v->span) ? p->span : v->span,
			"%s cannot stand in %s", what, names[p->place]);
		mo_diag_note(d, p->place == IN_EXPORT_NAME ? "AWS CloudFormation User Guide, \"Outputs\""
							   : "AWS CloudFormation User Guide, \"Intrinsic function reference\"");
		mo_diag_help(d, p->place == ELSEWHERE ? "choose between two values with `if … then … else …`"
						      : "use a parameter, or a value that is known at compile time");
	}
	return !what;
}

static void
look_in(struct mo_checker *c, enum place place, struct mo_span span, const struct mo_ir_value *v)
{
	if (v) {
		mo_ir_visit(v, look_at_place, &(struct places){ c, place, span });
	}
}

static void
look_in_template(struct mo_checker *c, const struct mo_ir_template *t)
{
	for (uint32_t i = 0; i < t->params.len; i++) {
		look_in(c, IN_PARAMETER, mo_check_place(t->params.items[i]->origin, t->span), t->params.items[i]->default_value);
	}
	for (uint32_t i = 0; i < t->mappings.len; i++) {
		look_in(c, IN_MAPPING, mo_check_place(t->mappings.items[i]->origin, t->span), t->mappings.items[i]->table);
	}
	for (uint32_t i = 0; i < t->conditions.len; i++) {
		look_in(c, IN_CONDITION, mo_check_place(t->conditions.items[i]->origin, t->span), t->conditions.items[i]->expression);
	}
	for (uint32_t i = 0; i < t->resources.len; i++) {
		if (!t->resources.items[i]->existing) {
			look_in(c, ELSEWHERE, mo_check_place(t->resources.items[i]->origin, t->span), t->resources.items[i]->properties);
		}
	}
	for (uint32_t i = 0; i < t->outputs.len; i++) {
		const struct mo_ir_output *o = t->outputs.items[i];
		struct mo_span place = mo_check_place(o->origin, t->span);
		look_in(c, ELSEWHERE, place, o->value);
		look_in(c, IN_EXPORT_NAME, place, o->export_name);
	}
}

void
mo_check_places(struct mo_checker *c)
{
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		look_in_template(c, c->platform->templates.items[i]);
	}
}
