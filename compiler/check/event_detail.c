// SPDX-License-Identifier: Apache-2.0
// The detail of events: its fields, and the values that they can have. A field counts as there when any of the events has it, a value as
// possible when any of them may have it. The catalog's data were gathered from events, so what it lacks is a warning.
#include "check/event_schema.h"

// ---- types of a field ------------------------------------------------------------------------------------------------------------

// What a field may be, by all events that have it.
struct may_be {
	bool found, text, number, truth, anything;
	bool listed;                    // every text is one of .values
	MO_VEC(struct mo_str) values;
	struct mo_event_fields records; // it is a record, or a list of them
};

static void
add_type(struct mo_arena *a, struct may_be *f, mo_cat type)
{
	struct mo_cat_type t = mo_cat_type(type);
	switch (t.shape) {
	case MO_CAT_STRING:
	case MO_CAT_TIMESTAMP:
		f->text = true;
		f->listed = f->listed && t.allowed_values;
		for (uint32_t i = 0; i < t.allowed_values; i++) {
			mo_push(a, &f->values, mo_cat_allowed_value(type, i));
		}
		break;
	case MO_CAT_INTEGER:
	case MO_CAT_NUMBER:
		f->number = true;
		break;
	case MO_CAT_BOOLEAN:
		f->truth = true;
		break;
	case MO_CAT_LIST:
		add_type(a, f, t.element);
		break;
	case MO_CAT_STRUCT:
		mo_push(a, &f->records.structures, t.structure);
		break;
	case MO_CAT_UNION:
		for (uint32_t i = 0; i < t.alternatives; i++) {
			add_type(a, f, mo_cat_alternative(type, i));
		}
		break;
	default:
		f->anything = true;
	}
}

static struct may_be
look_up(struct mo_events *e, const struct mo_event_fields *fields, struct mo_str name)
{
	struct may_be f = { .listed = true, .records = { .of = fields->of } };
	for (uint32_t i = 0; i < fields->structures.len; i++) {
		mo_cat property = mo_cat_find_property(fields->structures.items[i], name);
		if (property) {
			f.found = true;
			add_type(e->c->arena, &f, mo_cat_property(property).type);
		}
	}
	return f;
}

// ---- fields ----------------------------------------------------------------------------------------------------------------------

// `a`, `b` and `c`, or some of them; each once.
static struct mo_str
field_names(struct mo_events *e, const struct mo_event_fields *fields)
{
	struct mo_buf b = mo_buf_in(e->c->arena);
	uint32_t shown = 0, count = fields->structures.len ? mo_cat_property_count(fields->structures.items[0]) : 0;
	for (; shown < count && shown < 8; shown++) {
		mo_buf_printf(&b, "%s`" MO_STR_FMT "`", shown ? ", " : "",
			MO_STR_ARG(mo_cat_property(mo_cat_property_at(fields->structures.items[0], shown)).name));
	}
	if (shown < count) {
		mo_buf_printf(&b, " and %u more", count - shown);
	}
	return mo_buf_str(&b);
}

static void
report_field(struct mo_events *e, const struct mo_event_fields *fields, const struct mo_ir_member *m)
{
	struct mo_suggestion near = mo_suggest(m->key);
	for (uint32_t i = 0; i < fields->structures.len; i++) {
		for (uint32_t k = 0; k < mo_cat_property_count(fields->structures.items[i]); k++) {
			mo_suggest_from(&near, mo_cat_property(mo_cat_property_at(fields->structures.items[i], k)).name);
		}
	}
	struct mo_diag *d = mo_event_report(e, MSG_UNKNOWN_EVENT_FIELD, m->key_span, "\"" MO_STR_FMT "\" has no field `" MO_STR_FMT "` there",
		MO_STR_ARG(fields->of), MO_STR_ARG(m->key));
	mo_event_suggest_key(d, m, &near);
	if (mo_event_is_operator(m->key)) {
		mo_diag_help(d, "an operator stands in the list of a field: `name: [{ " MO_STR_FMT ": … }]`", MO_STR_ARG(m->key));
	}
	mo_diag_note(d, "it has " MO_STR_FMT, MO_STR_ARG(field_names(e, fields)));
}

// ---- values ----------------------------------------------------------------------------------------------------------------------

struct value_check {
	const struct mo_ir_member *member;
	const struct may_be *field;
	const struct mo_event_fields *fields; // that the member is one of
	uint32_t depth;
};

static const char *
kinds_of(const struct may_be *f)
{
	return f->text && f->number ? "text or a number" : f->text ? "text" : f->number ? "a number" : f->truth ? "true or false" : "a record";
}

static void
report_kind(struct mo_events *e, const struct value_check *c, const struct mo_ir_value *v, const char *asked)
{
	struct mo_diag *d = mo_event_report(e, MSG_IMPOSSIBLE_EVENT_VALUE, v->span, "`" MO_STR_FMT "` of \"" MO_STR_FMT "\" is %s, and never %s",
		MO_STR_ARG(c->member->key), MO_STR_ARG(c->fields->of), kinds_of(c->field), asked);
	if (c->field->records.structures.len && !c->field->text && !c->field->number && !c->field->truth) {
		mo_diag_help(d, "name its fields: " MO_STR_FMT, MO_STR_ARG(field_names(e, &c->field->records)));
	}
}

static void
check_text(struct mo_events *e, const struct value_check *c, const struct mo_ir_value *v)
{
	if (!c->field->text) {
		report_kind(e, c, v, "a text");
		return;
	}
	struct mo_suggestion near = mo_suggest(v->text);
	struct mo_buf all = mo_buf_in(e->c->arena);
	for (uint32_t i = 0; i < c->field->values.len; i++) {
		if (mo_str_eq(c->field->values.items[i], v->text)) {
			return;
		}
		mo_suggest_from(&near, c->field->values.items[i]);
		mo_buf_printf(&all, "%s\"" MO_STR_FMT "\"", all.len ? ", " : "", MO_STR_ARG(c->field->values.items[i]));
	}
	if (c->field->listed) {
		struct mo_diag *d = mo_event_report(e, MSG_IMPOSSIBLE_EVENT_VALUE, v->span, "`" MO_STR_FMT "` of \"" MO_STR_FMT "\" is never \"" MO_STR_FMT "\"",
			MO_STR_ARG(c->member->key), MO_STR_ARG(c->fields->of), MO_STR_ARG(v->text));
		mo_event_suggest_text(d, v, &near);
		mo_diag_note(d, "it is one of " MO_STR_FMT, MO_STR_ARG(mo_buf_str(&all)));
	}
}

static void check_item(struct mo_events *e, const struct mo_ir_value *v, void *data);

static void
check_operator(struct mo_events *e, struct value_check *c, const struct mo_ir_member *m)
{
	if (mo_str_is(m->key, "exists")) {
		return;
	}
	if (mo_str_is(m->key, "numeric")) {
		if (!c->field->number) {
			report_kind(e, c, m->value, "a number");
		}
	} else if (!mo_str_is(m->key, "anything-but") || m->value->kind == MO_IR_OBJECT) {
		if (!c->field->text) {
			report_kind(e, c, m->value, "a text");
		}
	} else if (m->value->kind == MO_IR_LIST) {
		for (uint32_t i = 0; i < m->value->items.len; i++) {
			mo_event_each(e, m->value->items.items[i], check_item, c);
		}
	} else {
		mo_event_each(e, m->value, check_item, c);
	}
}

static void
check_item(struct mo_events *e, const struct mo_ir_value *v, void *data)
{
	struct value_check *c = data;
	bool number = v->kind == MO_IR_INT || v->kind == MO_IR_FLOAT;
	if (v->kind == MO_IR_OBJECT && v->members.len == 1) {
		check_operator(e, c, &v->members.items[0]);
	} else if (v->kind == MO_IR_STRING) {
		check_text(e, c, v);
	} else if (number && !c->field->number) {
		report_kind(e, c, v, "a number");
	} else if (v->kind == MO_IR_BOOL && !c->field->truth) {
		report_kind(e, c, v, "true or false");
	}
}

static void check_fields(struct mo_events *e, const struct mo_ir_value *object, const struct mo_event_fields *fields, uint32_t depth);

static void
check_value(struct mo_events *e, const struct mo_ir_value *v, void *data)
{
	struct value_check *c = data;
	for (uint32_t i = 0; v->kind == MO_IR_LIST && i < v->items.len; i++) {
		mo_event_each(e, v->items.items[i], check_item, data);
	}
	if (v->kind == MO_IR_OBJECT && c->field->records.structures.len) {
		check_fields(e, v, &c->field->records, c->depth + 1);
	} else if (v->kind == MO_IR_OBJECT) {
		struct mo_diag *d = mo_event_report(e, MSG_IMPOSSIBLE_EVENT_VALUE, v->span, "`" MO_STR_FMT "` of \"" MO_STR_FMT "\" is %s, and has no fields",
			MO_STR_ARG(c->member->key), MO_STR_ARG(c->fields->of), kinds_of(c->field));
		mo_diag_help(d, "say what may be there: `" MO_STR_FMT ": […]`", MO_STR_ARG(c->member->key));
	}
}

static void
check_alternatives(struct mo_events *e, const struct mo_ir_value *v, void *data)
{
	struct value_check *c = data;
	for (uint32_t i = 0; v->kind == MO_IR_LIST && i < v->items.len; i++) {
		check_fields(e, v->items.items[i], c->fields, c->depth + 1);
	}
}

static void
check_fields(struct mo_events *e, const struct mo_ir_value *object, const struct mo_event_fields *fields, uint32_t depth)
{
	for (uint32_t i = 0; object->kind == MO_IR_OBJECT && depth < MO_IR_DEEPEST && i < object->members.len; i++) {
		const struct mo_ir_member *m = &object->members.items[i];
		struct may_be field = look_up(e, fields, m->key);
		struct value_check c = { m, &field, fields, depth };
		if (mo_str_is(m->key, "$or")) {
			mo_event_each(e, m->value, check_alternatives, &c);
		} else if (!field.found) {
			report_field(e, fields, m);
		} else if (!field.anything) {
			mo_event_each(e, m->value, check_value, &c);
		}
	}
}

void
mo_event_check_detail(struct mo_events *e, const struct mo_ir_value *detail, const struct mo_event_fields *fields)
{
	check_fields(e, detail, fields, 0);
}
