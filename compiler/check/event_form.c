// SPDX-License-Identifier: Apache-2.0
// The form of patterns: a field has a list of what may be there, a text, a number or an operator. EventBridge refuses what is reported here
// when the rule is made. Knows nothing of which events exist.
#include "check/event.h"

#include "base/cidr.h"

#include <string.h>

#define OPERATORS_PAGE "Amazon EventBridge User Guide, \"Comparison operators for use in event patterns in Amazon EventBridge\""

// ---- operators -------------------------------------------------------------------------------------------------------------------

typedef void (*operand_check)(struct mo_events *e, const struct mo_ir_member *m);

static void
report_operand(struct mo_events *e, const struct mo_ir_member *m, const struct mo_ir_value *at, const char *wants, const char *example)
{
	struct mo_diag *d = mo_event_report(e, MSG_BAD_PATTERN_OPERATOR, at->span, "`" MO_STR_FMT "` takes %s", MO_STR_ARG(m->key), wants);
	mo_diag_help(d, "such as `{ %s }`", example);
	mo_diag_note(d, OPERATORS_PAGE);
}

static bool
is_number(const struct mo_ir_value *v)
{
	return v->kind == MO_IR_INT || v->kind == MO_IR_FLOAT;
}

// One that is known only at deploy time may be right.
static bool
may_be_text(const struct mo_ir_value *v)
{
	return v->kind == MO_IR_STRING || (v->kind != MO_IR_OBJECT && v->kind != MO_IR_LIST && mo_ir_is_deploy_time(v));
}

static void
check_text(struct mo_events *e, const struct mo_ir_member *m)
{
	if (!may_be_text(m->value)) {
		report_operand(e, m, m->value, "a text", "\"equals-ignore-case\": \"ready\"");
	}
}

// A text, or one whose case does not matter.
static void
check_affix(struct mo_events *e, const struct mo_ir_member *m)
{
	const struct mo_ir_value *v = m->value;
	const struct mo_ir_value *inner = v->kind == MO_IR_OBJECT && v->members.len == 1 ? mo_ir_get(v, MO_STR("equals-ignore-case")) : NULL;
	if (!may_be_text(inner ? inner : v)) {
		report_operand(e, m, v, "a text, or a text with `equals-ignore-case`", "prefix: \"models/\"");
	}
}

static void
check_wildcard(struct mo_events *e, const struct mo_ir_member *m)
{
	if (!may_be_text(m->value)) {
		report_operand(e, m, m->value, "a text with `*`", "wildcard: \"models/*/approved\"");
	} else if (m->value->kind == MO_IR_STRING && mo_str_find(m->value->text, MO_STR("**"), 0) >= 0) {
		report_operand(e, m, m->value, "no two `*` side by side", "wildcard: \"models/*/approved\"");
	}
}

static void
check_exists(struct mo_events *e, const struct mo_ir_member *m)
{
	if (m->value->kind != MO_IR_BOOL && !mo_ir_is_deploy_time(m->value)) {
		report_operand(e, m, m->value, "true or false", "exists: true");
	}
}

static void
check_cidr(struct mo_events *e, const struct mo_ir_member *m)
{
	struct mo_cidr parsed;
	const char *why = NULL;
	const struct mo_ir_value *v = m->value;
	bool six = v->kind == MO_IR_STRING && mo_str_find(v->text, MO_STR(":"), 0) >= 0;
	if (!may_be_text(v) || (v->kind == MO_IR_STRING && !six && !mo_cidr_parse(v->text, &parsed, &why))) {
		report_operand(e, m, v, "a range of addresses", "cidr: \"10.0.0.0/24\"");
	}
}

// How strictly a bound is met: 0: no bound.
static int
side_of(const struct mo_ir_value *v)
{
	static const char *const known[] = { "<", "<=", ">", ">=", "=" };
	static const int sides[] = { -1, -1, 1, 1, 2 };
	for (size_t i = 0; v->kind == MO_IR_STRING && i < sizeof(known) / sizeof(*known); i++) {
		if (mo_str_is(v->text, known[i])) {
			return sides[i];
		}
	}
	return 0;
}

// [OPERATOR, number], or both ends of a range.
static void
check_numeric(struct mo_events *e, const struct mo_ir_member *m)
{
	const struct mo_ir_value *v = m->value;
	bool good = v->kind == MO_IR_LIST && (v->items.len == 2 || v->items.len == 4);
	for (uint32_t i = 0; good && i < v->items.len; i += 2) {
		const struct mo_ir_value *number = v->items.items[i + 1];
		good = side_of(v->items.items[i]) && (is_number(number) || mo_ir_is_deploy_time(number));
	}
	good = good && (v->items.len == 2 || side_of(v->items.items[0]) + side_of(v->items.items[2]) == 0);
	if (!good && (v->kind == MO_IR_LIST || !mo_ir_is_deploy_time(v))) {
		report_operand(e, m, v, "a list of a comparison and a number, or of both ends of a range", "numeric: [\">\", 0, \"<=\", 100]");
	}
}

// Texts and numbers, not both.
static bool
are_of_one_kind(const struct mo_ir_value *list)
{
	bool texts = false, numbers = false, others = list->items.len == 0;
	for (uint32_t i = 0; i < list->items.len; i++) {
		const struct mo_ir_value *v = list->items.items[i];
		texts = texts || v->kind == MO_IR_STRING;
		numbers = numbers || is_number(v);
		others = others || !(is_number(v) || may_be_text(v));
	}
	return !others && !(texts && numbers);
}

static const char *const excluding[] = { "prefix", "suffix", "equals-ignore-case", "wildcard", NULL };

static bool
is_one_of(struct mo_str s, const char *const *known)
{
	while (*known && !mo_str_is(s, *known)) {
		known++;
	}
	return *known;
}

static void
check_anything_but(struct mo_events *e, const struct mo_ir_member *m)
{
	const struct mo_ir_value *v = m->value;
	bool operator = v->kind == MO_IR_OBJECT && v->members.len == 1 && is_one_of(v->members.items[0].key, excluding);
	const struct mo_ir_value *inner = operator ? v->members.items[0].value : v;
	bool good = inner->kind == MO_IR_LIST ? are_of_one_kind(inner) : may_be_text(inner) || (!operator && is_number(inner));
	if (!good || (v->kind == MO_IR_OBJECT && !operator)) {
		report_operand(e, m, v, "a text, a number, a list of either, or one of `prefix`, `suffix`, `equals-ignore-case`, `wildcard`",
			"\"anything-but\": [\"Failed\", \"Stopped\"]");
	}
}

static const struct {
	const char *name;
	operand_check check;
} operators[] = {
	{ "prefix", check_affix },
	{ "suffix", check_affix },
	{ "equals-ignore-case", check_text },
	{ "wildcard", check_wildcard },
	{ "anything-but", check_anything_but },
	{ "numeric", check_numeric },
	{ "cidr", check_cidr },
	{ "exists", check_exists },
};

enum { OPERATORS = sizeof(operators) / sizeof(*operators) };

bool
mo_event_is_operator(struct mo_str key)
{
	size_t i = 0;
	while (i < OPERATORS && !mo_str_is(key, operators[i].name)) {
		i++;
	}
	return i < OPERATORS;
}

static void
check_operator(struct mo_events *e, const struct mo_ir_value *v)
{
	if (v->members.len != 1) {
		struct mo_diag *d = mo_event_report(e, MSG_BAD_PATTERN_OPERATOR, v->span, "a record in the list of a field has one operator, this one has %u",
			(unsigned)v->members.len);
		mo_diag_note(d, v->members.len ? "the items of a list are alternatives: `[{ prefix: \"a\" }, { suffix: \"b\" }]` is one or the other" : OPERATORS_PAGE);
		return;
	}
	const struct mo_ir_member *m = &v->members.items[0];
	struct mo_suggestion near = mo_suggest(m->key);
	for (size_t i = 0; i < OPERATORS; i++) {
		if (mo_str_is(m->key, operators[i].name)) {
			operators[i].check(e, m);
			return;
		}
		mo_suggest_from(&near, mo_str_c(operators[i].name));
	}
	struct mo_diag *d = mo_event_report(e, MSG_BAD_PATTERN_OPERATOR, m->key_span, "EventBridge has no operator `" MO_STR_FMT "`", MO_STR_ARG(m->key));
	mo_event_suggest_key(d, m, &near);
	mo_diag_note(d, "a list holds what may be there; a record within it is one of `prefix`, `suffix`, `wildcard`, `equals-ignore-case`, "
		"`anything-but`, `numeric`, `cidr`, `exists`");
}

// ---- fields ----------------------------------------------------------------------------------------------------------------------

static void check_fields(struct mo_events *e, const struct mo_ir_value *object, uint32_t depth);

static void
check_item(struct mo_events *e, const struct mo_ir_value *v, void *data)
{
	(void)data;
	if (v->kind == MO_IR_OBJECT) {
		check_operator(e, v);
	} else if (v->kind == MO_IR_LIST) {
		mo_event_report(e, MSG_BAD_PATTERN, v->span, "a list in a list: the items are texts, numbers and operators");
	}
}

static void
check_list(struct mo_events *e, const struct mo_ir_member *m, const struct mo_ir_value *list)
{
	if (list->items.len == 0) {
		struct mo_diag *d = mo_event_report(e, MSG_BAD_PATTERN, list->span, "`" MO_STR_FMT "` may be nothing at all: the list is empty",
			MO_STR_ARG(m->key));
		mo_diag_help(d, "leave the field out if it may be anything");
	}
	for (uint32_t i = 0; i < list->items.len; i++) {
		mo_event_each(e, list->items.items[i], check_item, NULL);
	}
}

// `state: "failed"`, and `name: { prefix: "a" }`.
static void
report_bare(struct mo_events *e, const struct mo_ir_member *m, const struct mo_ir_value *v, const char *what)
{
	struct mo_diag *d = mo_event_report(e, MSG_BAD_PATTERN, v->span, "`" MO_STR_FMT "` is %s, a field of a pattern is a list of what may be there",
		MO_STR_ARG(m->key), what);
	bool beside = !mo_span_is_nowhere(v->span) && v->span.start >= m->key_span.end && v->span.start - m->key_span.end <= 4;
	mo_diag_help(d, "put it in brackets: `" MO_STR_FMT ": […]`", MO_STR_ARG(m->key));
	if (beside) { // else it was written somewhere else, perhaps for others as well
		mo_diag_fix(d, (struct mo_span){ v->span.start, v->span.start }, "[");
		mo_diag_fix(d, (struct mo_span){ v->span.end, v->span.end }, "]");
	}
}

static const char *
kind_name(const struct mo_ir_value *v)
{
	return v->kind == MO_IR_STRING ? "a text" : v->kind == MO_IR_BOOL ? "a truth value" : v->kind == MO_IR_NULL ? "null" : "a number";
}

static bool
is_bare_operator(const struct mo_ir_value *object)
{
	const struct mo_ir_member *m = object->members.len == 1 ? &object->members.items[0] : NULL;
	return m && mo_event_is_operator(m->key) && m->value->kind != MO_IR_LIST && m->value->kind != MO_IR_OBJECT && !mo_ir_is_deploy_time(m->value);
}

struct field {
	const struct mo_ir_member *member;
	uint32_t depth;
};

static void
check_field(struct mo_events *e, const struct mo_ir_value *v, void *data)
{
	const struct field *f = data;
	if (v->kind == MO_IR_LIST) {
		check_list(e, f->member, v);
	} else if (v->kind == MO_IR_OBJECT && is_bare_operator(v)) {
		report_bare(e, f->member, v, "an operator");
	} else if (v->kind == MO_IR_OBJECT) {
		check_fields(e, v, f->depth + 1);
	} else if (!mo_ir_is_deploy_time(v)) {
		report_bare(e, f->member, v, kind_name(v));
	}
}

static void
check_alternatives(struct mo_events *e, const struct mo_ir_value *v, void *data)
{
	const struct field *f = data;
	bool good = v->kind == MO_IR_LIST && v->items.len >= 2;
	for (uint32_t i = 0; good && i < v->items.len; i++) {
		good = v->items.items[i]->kind == MO_IR_OBJECT || mo_ir_is_deploy_time(v->items.items[i]);
	}
	if (!good && (v->kind == MO_IR_LIST || !mo_ir_is_deploy_time(v))) {
		struct mo_diag *d = mo_event_report(e, MSG_BAD_PATTERN_OPERATOR, v->span, "`$or` takes a list of two or more patterns");
		mo_diag_help(d, "such as `\"$or\": [{ state: [\"FAILED\"] }, { retries: [{ numeric: [\">\", 3] }] }]`");
		return;
	}
	for (uint32_t i = 0; v->kind == MO_IR_LIST && i < v->items.len; i++) {
		if (v->items.items[i]->kind == MO_IR_OBJECT) {
			check_fields(e, v->items.items[i], f->depth + 1);
		}
	}
}

static void
check_fields(struct mo_events *e, const struct mo_ir_value *object, uint32_t depth)
{
	if (depth > MO_IR_DEEPEST) {
		return;
	}
	if (object->members.len == 0) {
		mo_event_report(e, MSG_BAD_PATTERN, object->span, "a record of a pattern names at least one field");
	}
	for (uint32_t i = 0; i < object->members.len; i++) {
		struct field f = { &object->members.items[i], depth };
		mo_event_each(e, f.member->value, mo_str_is(f.member->key, "$or") ? check_alternatives : check_field, &f);
	}
}

void
mo_event_check_form(struct mo_events *e, const struct mo_ir_value *pattern)
{
	check_fields(e, pattern, 0);
}
