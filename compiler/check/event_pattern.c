// SPDX-License-Identifier: Apache-2.0
// Finds the patterns of events in the properties of resources, also those that are written as JSON in a text. What is known only at deploy
// time is left alone.
#include "check/checks.h"
#include "check/event.h"

#include "source/data.h"

#include <stdarg.h>

// Where patterns are. Whole: of events on a bus; otherwise of records of streams and queues.
static const struct {
	const char *type, *property; // at any depth
	bool whole;
} places[] = {
	{ "AWS::Events::Rule", "EventPattern", true },
	{ "AWS::Events::Archive", "EventPattern", true },
	{ "AWS::Lambda::EventSourceMapping", "Pattern", false },
	{ "AWS::Pipes::Pipe", "Pattern", false },
};

// ---- shared ----------------------------------------------------------------------------------------------------------------------

static bool
within(struct mo_span inner, struct mo_span outer)
{
	return inner.start >= outer.start && inner.end <= outer.end;
}

struct mo_diag *
mo_event_report(struct mo_events *e, enum mo_message message, struct mo_span span, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	struct mo_str text = mo_str_vprintf(e->c->arena, fmt, args);
	va_end(args);
	bool placed = !mo_span_is_nowhere(span);
	struct mo_diag *d = mo_report(e->c->diags, message, placed ? span : e->place, MO_STR_FMT, MO_STR_ARG(text));
	if (placed && !within(span, e->place)) {
		mo_diag_label(d, e->place, "in the pattern of this resource");
	}
	return d;
}

static bool
is_plain_name(struct mo_str s)
{
	bool plain = s.len > 0 && !(s.p[0] >= '0' && s.p[0] <= '9');
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];
		plain = plain && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_');
	}
	return plain;
}

void
mo_event_suggest_key(struct mo_diag *d, const struct mo_ir_member *m, const struct mo_suggestion *near)
{
	if (!near->best.len) {
		return;
	}
	const char *quote = is_plain_name(near->best) ? "" : "\"";
	mo_diag_help(d, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(near->best));
	if (!mo_span_is_nowhere(m->key_span)) {
		mo_diag_fix(d, m->key_span, "%s" MO_STR_FMT "%s", quote, MO_STR_ARG(near->best), quote);
	}
}

void
mo_event_suggest_text(struct mo_diag *d, const struct mo_ir_value *v, const struct mo_suggestion *near)
{
	if (!near->best.len) {
		return;
	}
	mo_diag_help(d, "did you mean \"" MO_STR_FMT "\"?", MO_STR_ARG(near->best));
	if (v->span.end - v->span.start == v->text.len + 2) { // the text itself stands there, in quotes
		mo_diag_fix(d, v->span, "\"" MO_STR_FMT "\"", MO_STR_ARG(near->best));
	}
}

static void
each(struct mo_events *e, const struct mo_ir_value *v, void (*work)(struct mo_events *, const struct mo_ir_value *, void *), void *data,
	uint32_t depth)
{
	if (depth > MO_IR_DEEPEST) {
		return;
	}
	if (v->kind == MO_IR_IF) {
		each(e, v->then, work, data, depth + 1);
		each(e, v->otherwise, work, data, depth + 1);
	} else if (v->kind != MO_IR_PSEUDO || !mo_str_is(v->text, "AWS::NoValue")) {
		work(e, v, data);
	}
}

void
mo_event_each(struct mo_events *e, const struct mo_ir_value *v, void (*work)(struct mo_events *, const struct mo_ir_value *, void *), void *data)
{
	each(e, v, work, data, 0);
}

// ---- patterns in texts -----------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *from_data(struct mo_arena *a, struct mo_span span, const struct mo_data *d);

// The reader of data has a limit of depth.
static const struct mo_ir_value *
composed(struct mo_arena *a, struct mo_span span, const struct mo_data *d)
{
	struct mo_ir_value *v = d->kind == MO_DATA_LIST ? mo_ir_list(a, span) : mo_ir_object(a, span);
	for (uint32_t i = 0; i < d->items.len; i++) {
		mo_push(a, &v->items, from_data(a, span, d->items.items[i]));
	}
	for (uint32_t i = 0; i < d->members.len; i++) {
		mo_ir_set(a, v, d->members.items[i].key, span, from_data(a, span, d->members.items[i].value));
	}
	return v;
}

static const struct mo_ir_value *
from_data(struct mo_arena *a, struct mo_span span, const struct mo_data *d)
{
	switch (d->kind) {
	case MO_DATA_NULL:
		return mo_ir_null(a, span);
	case MO_DATA_BOOL:
		return mo_ir_bool(a, span, d->boolean);
	case MO_DATA_INT:
		return mo_ir_int(a, span, d->integer);
	case MO_DATA_FLOAT:
		return mo_ir_float(a, span, d->number);
	case MO_DATA_STRING:
		return mo_ir_string(a, span, d->text);
	default:
		return composed(a, span, d);
	}
}

// The pattern that a text holds; NULL when it holds none, which is reported.
static const struct mo_ir_value *
read_text(struct mo_events *e, const struct mo_ir_value *v)
{
	struct mo_arena *a = e->c->arena;
	struct mo_str text = mo_str_printf(a, MO_STR_FMT, MO_STR_ARG(v->text)); // with a NUL behind it
	struct mo_source source = { .name = MO_STR("pattern"), .text = text };
	struct mo_data_error error = { 0 };
	const struct mo_data *data = mo_data_read_json(a, &source, &error);
	if (!data || data->kind != MO_DATA_OBJECT) {
		struct mo_diag *d = mo_event_report(e, MSG_PATTERN_NOT_JSON, v->span, "this text is no pattern of events");
		mo_diag_note(d, "a pattern is an object in JSON; here, " MO_STR_FMT, MO_STR_ARG(data ? MO_STR("it is another value") : error.text));
		mo_diag_help(d, "write it as a record: `to_json({ … })` makes the text");
		return NULL;
	}
	return from_data(a, v->span, data);
}

// ---- where they are --------------------------------------------------------------------------------------------------------------

static void
check_pattern(struct mo_events *e, const struct mo_ir_value *v, void *data)
{
	(void)data;
	const struct mo_ir_value *pattern = v->kind == MO_IR_STRING ? read_text(e, v) : v;
	if (!pattern || (pattern->kind != MO_IR_OBJECT && mo_ir_is_deploy_time(pattern))) {
		return;
	}
	if (pattern->kind != MO_IR_OBJECT) {
		mo_event_report(e, MSG_BAD_PATTERN, v->span, "a pattern is a record of fields");
		return;
	}
	uint32_t before = e->c->diags->errors;
	mo_event_check_form(e, pattern);
	if (e->whole && e->c->diags->errors == before) {
		mo_event_check_schema(e, pattern);
	}
}

static void
walk(struct mo_events *e, const struct mo_ir_value *v, const char *property, uint32_t depth)
{
	if (depth > MO_IR_DEEPEST) {
		return;
	}
	if (v->kind == MO_IR_LIST) {
		for (uint32_t i = 0; i < v->items.len; i++) {
			walk(e, v->items.items[i], property, depth + 1);
		}
	} else if (v->kind == MO_IR_IF) {
		walk(e, v->then, property, depth + 1);
		walk(e, v->otherwise, property, depth + 1);
	}
	for (uint32_t i = 0; v->kind == MO_IR_OBJECT && i < v->members.len; i++) {
		const struct mo_ir_member *m = &v->members.items[i];
		if (mo_str_is(m->key, property)) {
			mo_event_each(e, m->value, check_pattern, NULL);
		} else {
			walk(e, m->value, property, depth + 1);
		}
	}
}

void
mo_check_event_patterns(struct mo_checker *c)
{
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		const struct mo_ir_template *t = c->platform->templates.items[i];
		for (uint32_t k = 0; k < t->resources.len; k++) {
			const struct mo_ir_resource *r = t->resources.items[k];
			for (size_t p = 0; !r->existing && p < sizeof(places) / sizeof(*places); p++) {
				if (mo_str_is(r->type, places[p].type)) {
					struct mo_events e = { .c = c, .place = mo_check_place(r->origin, t->span), .whole = places[p].whole };
					walk(&e, r->properties, places[p].property, 0);
				}
			}
		}
	}
}
