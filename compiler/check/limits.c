// SPDX-License-Identifier: Apache-2.0
// Counts and sizes against the limits of CloudFormation. The size of a rendered template is the emitters' (emitters/size.c).
#include "check/checks.h"

#include "catalog/limits.h"

// "`net` has 501 resources in a template, CloudFormation takes 500" and where that stands.
static struct mo_diag *
over(struct mo_checker *c, enum mo_message message, struct mo_span span, enum mo_limit_id id, size_t actual, struct mo_str subject)
{
	const struct mo_limit *limit = &mo_limits[id];
	struct mo_diag *d = mo_report(c->diags, message, span, "`" MO_STR_FMT "` has %zu, CloudFormation takes %u %s", MO_STR_ARG(subject),
		actual, limit->most, limit->what);
	mo_diag_note(d, "%s", limit->source);
	return d;
}

// ---- counts ----------------------------------------------------------------------------------------------------------------------

// How many members `raw` adds to a section.
static uint32_t
added_to(const struct mo_ir_template *t, const char *section)
{
	const struct mo_ir_value *added = mo_ir_added(t, section);
	return added ? added->members.len : 0;
}

static void
count_resources(struct mo_checker *c, const struct mo_ir_template *t)
{
	uint32_t count = added_to(t, "Resources");
	for (uint32_t i = 0; i < t->resources.len; i++) {
		count += !t->resources.items[i]->existing;
	}
	if (count > mo_limits[MO_LIMIT_RESOURCES].most) {
		struct mo_diag *d = over(c, MSG_TOO_MANY_RESOURCES, t->span, MO_LIMIT_RESOURCES, count, t->name);
		mo_diag_help(d, "divide it into two stacks");
	}
	if (count == 0) {
		struct mo_diag *d = mo_report(c->diags, MSG_NO_RESOURCES, t->span,
			"`" MO_STR_FMT "` has no resources, CloudFormation wants at least one", MO_STR_ARG(t->name));
		mo_diag_note(d, "AWS CloudFormation User Guide, \"Resources\"");
	}
}

static void
count_mapping_keys(struct mo_checker *c, const struct mo_ir_template *t, const struct mo_ir_mapping *m)
{
	uint32_t most = mo_limits[MO_LIMIT_MAPPING_KEYS].most;
	struct mo_span place = mo_check_place(m->origin, t->span);
	if (m->table->members.len > most) {
		over(c, MSG_TOO_MANY_MAPPING_KEYS, place, MO_LIMIT_MAPPING_KEYS, m->table->members.len, m->id);
	}
	for (uint32_t i = 0; i < m->table->members.len; i++) {
		const struct mo_ir_member *row = &m->table->members.items[i];
		if (row->value->kind == MO_IR_OBJECT && row->value->members.len > most) {
			over(c, MSG_TOO_MANY_MAPPING_KEYS, place, MO_LIMIT_MAPPING_KEYS, row->value->members.len, row->key);
		}
	}
}

struct references {
	uint32_t count;
	struct mo_span last;
};

static bool
count_dynamic(void *data, const struct mo_ir_value *v)
{
	struct references *found = data;
	const struct mo_str start = MO_STR("{{resolve:");
	ptrdiff_t at = v->kind == MO_IR_STRING ? mo_str_find(v->text, start, 0) : -1;
	for (; at >= 0; at = mo_str_find(v->text, start, (size_t)at + start.len)) {
		found->count++;
		found->last = v->span;
	}
	return true;
}

static void
count_dynamic_references(struct mo_checker *c, const struct mo_ir_template *t)
{
	struct references found = { 0 };
	for (uint32_t i = 0; i < t->resources.len; i++) {
		if (!t->resources.items[i]->existing) {
			mo_ir_visit_resource(t->resources.items[i], count_dynamic, &found);
		}
	}
	for (uint32_t i = 0; i < t->outputs.len; i++) {
		mo_ir_visit(t->outputs.items[i]->value, count_dynamic, &found);
	}
	if (found.count > mo_limits[MO_LIMIT_DYNAMIC_REFERENCES].most) {
		struct mo_diag *d = over(c, MSG_TOO_MANY_DYNAMIC_REFERENCES, mo_span_is_nowhere(t->span) ? found.last : t->span,
			MO_LIMIT_DYNAMIC_REFERENCES, found.count, t->name);
		mo_diag_label(d, found.last, "the last of them");
	}
}

void
mo_check_counts(struct mo_checker *c)
{
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		const struct mo_ir_template *t = c->platform->templates.items[i];
		count_resources(c, t);
		const struct {
			enum mo_limit_id limit;
			enum mo_message message;
			uint32_t count;
		} rows[] = {
			{ MO_LIMIT_PARAMETERS, MSG_TOO_MANY_PARAMETERS, t->params.len + added_to(t, "Parameters") },
			{ MO_LIMIT_OUTPUTS, MSG_TOO_MANY_OUTPUTS, t->outputs.len + added_to(t, "Outputs") },
			{ MO_LIMIT_MAPPINGS, MSG_TOO_MANY_MAPPINGS, t->mappings.len + added_to(t, "Mappings") },
		};
		for (size_t k = 0; k < sizeof(rows) / sizeof(*rows); k++) {
			if (rows[k].count > mo_limits[rows[k].limit].most) {
				over(c, rows[k].message, t->span, rows[k].limit, rows[k].count, t->name);
			}
		}
		for (uint32_t k = 0; k < t->mappings.len; k++) {
			count_mapping_keys(c, t, t->mappings.items[k]);
		}
		count_dynamic_references(c, t);
	}
}

// ---- names -----------------------------------------------------------------------------------------------------------------------

static bool
is_letter_or_digit(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9');
}

// `more` are the characters that may stand beside letters and digits.
static void
check_name(struct mo_checker *c, struct mo_span place, const char *what, struct mo_str name, const char *more)
{
	struct mo_str others = mo_str_c(more);
	bool good = name.len > 0;
	for (size_t i = 0; i < name.len; i++) {
		good = good && (is_letter_or_digit(name.p[i]) || mo_str_find(others, mo_str_sub(name, i, i + 1), 0) >= 0);
	}
	if (!good) {
		struct mo_diag *d = mo_report(c->diags, MSG_BAD_LOGICAL_NAME, place,
			"`" MO_STR_FMT "` is no name for %s: only letters, digits%s%s may stand there", MO_STR_ARG(name), what,
			others.len ? " and " : "", others.len == 2 ? "`.` `-`" : "");
		mo_diag_note(d, "AWS CloudFormation User Guide, \"CloudFormation template sections\"");
	}
	size_t columns = mo_str_columns(name);
	if (columns > mo_limits[MO_LIMIT_NAME].most) {
		over(c, MSG_NAME_TOO_LONG, place, MO_LIMIT_NAME, columns, mo_str_sub(name, 0, 40));
	}
}

static void
check_mapping_names(struct mo_checker *c, const struct mo_ir_template *t, const struct mo_ir_mapping *m)
{
	struct mo_span place = mo_check_place(m->origin, t->span);
	check_name(c, place, "a mapping", m->id, "");
	for (uint32_t i = 0; i < m->table->members.len; i++) {
		const struct mo_ir_member *row = &m->table->members.items[i];
		check_name(c, place, "a key of a mapping", row->key, ".-");
		for (uint32_t k = 0; row->value->kind == MO_IR_OBJECT && k < row->value->members.len; k++) {
			check_name(c, place, "a second key of a mapping", row->value->members.items[k].key, "");
		}
	}
}

void
mo_check_logical_names(struct mo_checker *c)
{
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		const struct mo_ir_template *t = c->platform->templates.items[i];
		for (uint32_t k = 0; k < t->params.len; k++) {
			check_name(c, mo_check_place(t->params.items[k]->origin, t->span), "a parameter", t->params.items[k]->id, "");
		}
		for (uint32_t k = 0; k < t->mappings.len; k++) {
			check_mapping_names(c, t, t->mappings.items[k]);
		}
		for (uint32_t k = 0; k < t->rules.len; k++) {
			check_name(c, mo_check_place(t->rules.items[k]->origin, t->span), "a rule", t->rules.items[k]->id, "");
		}
		for (uint32_t k = 0; k < t->conditions.len; k++) {
			check_name(c, mo_check_place(t->conditions.items[k]->origin, t->span), "a condition", t->conditions.items[k]->id, "");
		}
		for (uint32_t k = 0; k < t->resources.len; k++) {
			const struct mo_ir_resource *r = t->resources.items[k];
			if (!r->existing) {
				check_name(c, mo_check_place(r->origin, t->span), "a resource", r->id, r->loop ? "&{}" : "");
			}
		}
		for (uint32_t k = 0; k < t->outputs.len; k++) {
			check_name(c, mo_check_place(t->outputs.items[k]->origin, t->span), "an output", t->outputs.items[k]->id,
				t->outputs.items[k]->loop ? "&{}" : "");
		}
	}
}

// ---- texts -----------------------------------------------------------------------------------------------------------------------

static void
check_size(struct mo_checker *c, enum mo_message message, struct mo_span place, enum mo_limit_id limit, size_t size, struct mo_str subject)
{
	if (size > mo_limits[limit].most) {
		over(c, message, place, limit, size, subject);
	}
}

static void
check_param_value(struct mo_checker *c, struct mo_span place, const struct mo_ir_param *p, const struct mo_ir_value *v)
{
	if (v && v->kind == MO_IR_STRING) {
		check_size(c, MSG_PARAMETER_TOO_LONG, mo_span_is_nowhere(v->span) ? place : v->span, MO_LIMIT_PARAMETER_VALUE, v->text.len,
			p->id);
	}
}

static void
check_param(struct mo_checker *c, const struct mo_ir_template *t, const struct mo_ir_param *p)
{
	struct mo_span place = mo_check_place(p->origin, t->span);
	check_size(c, MSG_DESCRIPTION_TOO_LONG, place, MO_LIMIT_PARAMETER_DESCRIPTION, mo_str_columns(p->description), p->id);
	check_param_value(c, place, p, p->default_value);
	for (uint32_t i = 0; p->allowed_values && i < p->allowed_values->items.len; i++) {
		check_param_value(c, place, p, p->allowed_values->items.items[i]);
	}
	if (p->has_max_length && p->max_length > mo_limits[MO_LIMIT_PARAMETER_VALUE].most) {
		over(c, MSG_PARAMETER_TOO_LONG, place, MO_LIMIT_PARAMETER_VALUE, (size_t)p->max_length, p->id);
	}
}

void
mo_check_texts(struct mo_checker *c)
{
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		const struct mo_ir_template *t = c->platform->templates.items[i];
		check_size(c, MSG_DESCRIPTION_TOO_LONG, t->span, MO_LIMIT_TEMPLATE_DESCRIPTION, t->description.len, t->name);
		for (uint32_t k = 0; k < t->params.len; k++) {
			check_param(c, t, t->params.items[k]);
		}
		for (uint32_t k = 0; k < t->outputs.len; k++) {
			const struct mo_ir_output *o = t->outputs.items[k];
			check_size(c, MSG_DESCRIPTION_TOO_LONG, mo_check_place(o->origin, t->span), MO_LIMIT_OUTPUT_DESCRIPTION,
				o->description.len, o->id);
		}
	}
}

// ---- stacks ----------------------------------------------------------------------------------------------------------------------

static void
check_stack_name(struct mo_checker *c, const struct mo_ir_stack *s)
{
	bool good = s->name.len > 0 && is_letter_or_digit(s->name.p[0]) && !(s->name.p[0] >= '0' && s->name.p[0] <= '9');
	for (size_t i = 0; i < s->name.len; i++) {
		good = good && (is_letter_or_digit(s->name.p[i]) || s->name.p[i] == '-');
	}
	if (!good) {
		struct mo_diag *d = mo_report(c->diags, MSG_BAD_STACK_NAME, s->span,
			"`" MO_STR_FMT "` is no name for a stack: letters, digits and `-`, a letter first", MO_STR_ARG(s->name));
		mo_diag_note(d, "%s", mo_limits[MO_LIMIT_STACK_NAME].source);
		mo_diag_help(d, "name it with `@name(\"…\")`");
	}
	check_size(c, MSG_NAME_TOO_LONG, s->span, MO_LIMIT_STACK_NAME, s->name.len, s->name);
}

void
mo_check_stacks(struct mo_checker *c)
{
	for (uint32_t i = 0; i < c->platform->stacks.len; i++) {
		const struct mo_ir_stack *s = c->platform->stacks.items[i];
		check_stack_name(c, s);
		check_size(c, MSG_TOO_MANY_TAGS, s->span, MO_LIMIT_STACK_TAGS, s->tags.len, s->name);
		check_size(c, MSG_TOO_MANY_NOTIFICATIONS, s->span, MO_LIMIT_NOTIFICATIONS, s->notification_arns.len, s->name);
		for (uint32_t k = 0; k < s->tags.len; k++) {
			const struct mo_ir_tag *tag = &s->tags.items[k];
			struct mo_span place = mo_span_is_nowhere(tag->span) ? s->span : tag->span;
			mo_check_tag(c, tag->key, place, tag->value, MO_NOWHERE);
		}
	}
}
