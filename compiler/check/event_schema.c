// SPDX-License-Identifier: Apache-2.0
// Which events a pattern is about: its fields are those that every event has, its sources and kinds of events exist. Sources that are not
// those of AWS are anybody's, and nothing is said about them. The catalog does not know every event, so what it lacks is a warning.
#include "check/event_schema.h"

// ---- what the pattern names ------------------------------------------------------------------------------------------------------

struct names {
	MO_VEC(const struct mo_ir_value *) items; // STRINGs
	bool open; // others may match, too
};

static void
add_name(struct mo_events *e, const struct mo_ir_value *v, void *data)
{
	struct names *n = data;
	if (v->kind == MO_IR_LIST) {
		for (uint32_t i = 0; i < v->items.len; i++) {
			mo_event_each(e, v->items.items[i], add_name, data);
		}
	} else if (v->kind == MO_IR_STRING) {
		mo_push(e->c->arena, &n->items, v);
	} else {
		n->open = true;
	}
}

static struct names
names_of(struct mo_events *e, const struct mo_ir_value *pattern, const char *key, const struct names *outer)
{
	struct names n = { 0 };
	const struct mo_ir_value *v = mo_ir_get(pattern, mo_str_c(key));
	if (v) {
		mo_event_each(e, v, add_name, &n);
		return n;
	}
	return outer ? *outer : (struct names){ .open = true };
}

static bool
is_of_aws(struct mo_str source)
{
	return mo_str_starts(source, MO_STR("aws.")) && !mo_str_starts(source, MO_STR("aws.partner/"));
}

// What CloudTrail hands on has the form of the API that was called, and any service may be behind it.
static bool
is_of_trail(struct mo_str detail_type)
{
	return mo_str_ends(detail_type, MO_STR(" via CloudTrail"));
}

// ---- sources ---------------------------------------------------------------------------------------------------------------------

static bool
has_events(struct mo_str source)
{
	for (uint32_t i = 0; i < mo_cat_event_count(); i++) {
		if (mo_str_eq(mo_cat_event_at(i).source, source)) {
			return true;
		}
	}
	return false;
}

// Every service that IAM knows may send what CloudTrail records.
static bool
is_known_source(struct mo_str source)
{
	return has_events(source) || mo_cat_find_service(mo_str_sub(source, sizeof("aws.") - 1, source.len));
}

static void
report_source(struct mo_events *e, const struct mo_ir_value *v)
{
	struct mo_suggestion near = mo_suggest(v->text);
	for (uint32_t i = 0; i < mo_cat_event_count(); i++) {
		mo_suggest_from(&near, mo_cat_event_at(i).source);
	}
	for (uint32_t i = 0; i < mo_cat_service_count(); i++) {
		mo_suggest_from(&near, mo_str_printf(e->c->arena, "aws." MO_STR_FMT, MO_STR_ARG(mo_cat_service(mo_cat_service_at(i)).prefix)));
	}
	struct mo_diag *d = mo_event_report(e, MSG_UNKNOWN_EVENT, v->span, "no service of AWS sends events as `" MO_STR_FMT "`", MO_STR_ARG(v->text));
	mo_event_suggest_text(d, v, &near);
}

// Who sends an event of this kind; empty when nobody does.
static struct mo_str
sender_of(struct mo_str detail_type)
{
	for (uint32_t i = 0; i < mo_cat_event_count(); i++) {
		if (mo_str_eq(mo_cat_event_at(i).detail_type, detail_type)) {
			return mo_cat_event_at(i).source;
		}
	}
	return (struct mo_str){ 0 };
}

// A source of one's own is free; but one that is to send what only AWS sends was meant to be that of AWS.
static void
check_own_source(struct mo_events *e, const struct mo_ir_value *v, const struct names *kinds)
{
	struct mo_str sender = { 0 };
	for (uint32_t i = 0; i < kinds->items.len; i++) {
		sender = sender_of(kinds->items.items[i]->text);
		if (!sender.len) {
			return;
		}
	}
	if (sender.len && !kinds->open && !mo_str_starts(v->text, MO_STR("aws.partner/"))) {
		struct mo_diag *d = mo_event_report(e, MSG_UNKNOWN_EVENT, v->span, "`" MO_STR_FMT "` is no source of AWS, the events that are asked for are",
			MO_STR_ARG(v->text));
		mo_diag_note(d, "\"" MO_STR_FMT "\" comes from `" MO_STR_FMT "`", MO_STR_ARG(kinds->items.items[0]->text), MO_STR_ARG(sender));
		struct mo_suggestion near = { .best = sender };
		mo_event_suggest_text(d, v, &near);
	}
}

static void
check_sources(struct mo_events *e, const struct names *sources, const struct names *kinds)
{
	for (uint32_t i = 0; i < sources->items.len; i++) {
		const struct mo_ir_value *v = sources->items.items[i];
		if (!is_of_aws(v->text)) {
			check_own_source(e, v, kinds);
		} else if (!is_known_source(v->text)) {
			report_source(e, v);
		}
	}
}

// ---- kinds of events -------------------------------------------------------------------------------------------------------------

static bool
is_among(const struct names *names, struct mo_str text)
{
	for (uint32_t i = 0; i < names->items.len; i++) {
		if (mo_str_eq(names->items.items[i]->text, text)) {
			return true;
		}
	}
	return false;
}

// Whether the catalog knows events of all sources, so that it can tell what is none.
static bool
are_all_known(const struct names *sources)
{
	bool known = !sources->open && sources->items.len;
	for (uint32_t i = 0; i < sources->items.len; i++) {
		known = known && is_of_aws(sources->items.items[i]->text) && has_events(sources->items.items[i]->text);
	}
	return known;
}

static void
report_kind(struct mo_events *e, const struct names *sources, const struct mo_ir_value *v)
{
	struct mo_suggestion near = mo_suggest(v->text);
	struct mo_buf all = mo_buf_in(e->c->arena);
	struct mo_str sender = sender_of(v->text);
	uint32_t known = 0;
	for (uint32_t i = 0; i < mo_cat_event_count(); i++) {
		struct mo_cat_event event = mo_cat_event_at(i);
		if (is_among(sources, event.source)) {
			mo_suggest_from(&near, event.detail_type);
			mo_buf_printf(&all, "%s\"" MO_STR_FMT "\"", all.len ? ", " : "", MO_STR_ARG(event.detail_type));
			known++;
		}
	}
	struct mo_diag *d = mo_event_report(e, MSG_UNKNOWN_EVENT, v->span, "`" MO_STR_FMT "` has no event \"" MO_STR_FMT "\" that is known here",
		MO_STR_ARG(sources->items.items[0]->text), MO_STR_ARG(v->text));
	if (sender.len) {
		mo_diag_note(d, "it is an event of `" MO_STR_FMT "`", MO_STR_ARG(sender));
	} else {
		mo_event_suggest_text(d, v, &near);
	}
	if (known <= 8 && !near.best.len && !sender.len) {
		mo_diag_note(d, "known are " MO_STR_FMT, MO_STR_ARG(mo_buf_str(&all)));
	}
}

static void
check_kinds(struct mo_events *e, const struct names *sources, const struct names *kinds)
{
	for (uint32_t i = 0; i < kinds->items.len && are_all_known(sources); i++) {
		struct mo_str kind = kinds->items.items[i]->text;
		bool found = is_of_trail(kind);
		for (uint32_t k = 0; k < mo_cat_event_count() && !found; k++) {
			found = mo_str_eq(mo_cat_event_at(k).detail_type, kind) && is_among(sources, mo_cat_event_at(k).source);
		}
		if (!found) {
			report_kind(e, sources, kinds->items.items[i]);
		}
	}
}

// The fields of all events that the pattern is about. False when there are others, or some of which nothing is known.
static bool
gather_fields(struct mo_events *e, const struct names *sources, const struct names *kinds, struct mo_event_fields *out)
{
	if (sources->open || kinds->open || !kinds->items.len) {
		return false;
	}
	for (uint32_t i = 0; i < kinds->items.len; i++) {
		bool found = false;
		struct mo_str kind = kinds->items.items[i]->text;
		for (uint32_t k = 0; k < mo_cat_event_count(); k++) {
			struct mo_cat_event event = mo_cat_event_at(k);
			if (mo_str_eq(event.detail_type, kind) && is_among(sources, event.source)) {
				if (!event.fields) {
					return false;
				}
				mo_push(e->c->arena, &out->structures, event.fields);
				found = true;
			}
		}
		if (!found) {
			return false;
		}
	}
	out->of = kinds->items.items[0]->text;
	return true;
}

// ---- what every event has --------------------------------------------------------------------------------------------------------

// Amazon EventBridge User Guide, "Events structure"; replayed events have the name of the replay.
static const char *const envelope[] = { "source", "detail-type", "detail", "resources", "account", "region", "id", "time", "version", "replay-name",
	"$or" };

static bool
check_key(struct mo_events *e, const struct mo_ir_member *m)
{
	struct mo_suggestion near = mo_suggest(m->key);
	for (size_t i = 0; i < sizeof(envelope) / sizeof(*envelope); i++) {
		if (mo_str_is(m->key, envelope[i])) {
			return true;
		}
		mo_suggest_from(&near, mo_str_c(envelope[i]));
	}
	struct mo_diag *d = mo_event_report(e, MSG_UNKNOWN_EVENT_KEY, m->key_span, "an event has no `" MO_STR_FMT "`", MO_STR_ARG(m->key));
	mo_event_suggest_key(d, m, &near);
	if (!near.best.len) {
		mo_diag_help(d, "what is special about an event is in its detail: `detail: { " MO_STR_FMT ": […] }`", MO_STR_ARG(m->key));
	}
	mo_diag_note(d, "every event has source, detail-type, detail, resources, account, region, id, time and version");
	return false;
}

struct event {
	const struct mo_ir_member *member;
	const struct mo_event_fields *fields; // NULL: not known
	const struct names *sources, *kinds;
	uint32_t depth;
};

static void check_event(struct mo_events *e, const struct mo_ir_value *pattern, const struct names *sources, const struct names *kinds, uint32_t depth);

static void
check_value(struct mo_events *e, const struct mo_ir_value *v, void *data)
{
	const struct event *event = data;
	struct mo_str key = event->member->key;
	if (mo_str_is(key, "$or")) {
		for (uint32_t i = 0; v->kind == MO_IR_LIST && i < v->items.len; i++) {
			check_event(e, v->items.items[i], event->sources, event->kinds, event->depth + 1);
		}
	} else if (mo_str_is(key, "detail") && v->kind == MO_IR_LIST) {
		struct mo_diag *d = mo_event_report(e, MSG_UNKNOWN_EVENT_KEY, v->span, "the detail of an event is a record, this is a list");
		mo_diag_help(d, "name its fields: `detail: { status: [\"FAILED\"] }`");
	} else if (mo_str_is(key, "detail") && v->kind == MO_IR_OBJECT && event->fields) {
		mo_event_check_detail(e, v, event->fields);
	} else if (!mo_str_is(key, "detail") && v->kind == MO_IR_OBJECT) {
		mo_event_report(e, MSG_UNKNOWN_EVENT_KEY, v->span, "`" MO_STR_FMT "` of an event has no fields", MO_STR_ARG(key));
	}
}

static void
check_event(struct mo_events *e, const struct mo_ir_value *pattern, const struct names *sources, const struct names *kinds, uint32_t depth)
{
	if (pattern->kind != MO_IR_OBJECT || depth > MO_IR_DEEPEST) {
		return;
	}
	bool alternatives = mo_ir_get(pattern, MO_STR("$or"));
	struct names own_sources = names_of(e, pattern, "source", sources), own_kinds = names_of(e, pattern, "detail-type", kinds);
	if (!alternatives || mo_ir_get(pattern, MO_STR("source"))) {
		check_sources(e, &own_sources, &own_kinds);
	}
	check_kinds(e, &own_sources, &own_kinds);
	struct mo_event_fields fields = { 0 };
	bool known = gather_fields(e, &own_sources, &own_kinds, &fields);
	for (uint32_t i = 0; i < pattern->members.len; i++) {
		struct event event = { &pattern->members.items[i], known ? &fields : NULL, &own_sources, &own_kinds, depth };
		if (check_key(e, event.member)) {
			mo_event_each(e, event.member->value, check_value, &event);
		}
	}
}

void
mo_event_check_schema(struct mo_events *e, const struct mo_ir_value *pattern)
{
	check_event(e, pattern, NULL, NULL, 0);
}
