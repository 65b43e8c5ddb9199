// SPDX-License-Identifier: Apache-2.0
// Values as IR, and text with deploy-time parts. Text is never interpreted by CloudFormation by accident: a literal `{{resolve:` is
// refused here, and `${` in literal parts is for the emitter to protect.
#include "diag/diag.h"
#include "eval/lower.h"

#include "base/json_writer.h"

#include <inttypes.h>

static const struct mo_ir_value *lower(struct mo_eval *ev, const struct mo_value *v, uint32_t depth);

bool
mo_check_resolve(struct mo_eval *ev, struct mo_str text, struct mo_span span)
{
	if (ev->verbatim || mo_str_find(text, MO_STR("{{resolve:"), 0) < 0) {
		return true;
	}
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_RESOLVE_IN_TEXT, span, "CloudFormation would replace `{{resolve:…}}` in this text");
	mo_diag_help(d, "write `ssm(\"name\")` or `secret(\"name\")`, which say what is read and are checked");
	return false;
}

// ---- values to IR ----------------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
lower_text(struct mo_eval *ev, struct mo_span span, struct mo_str text)
{
	mo_check_resolve(ev, text, span);
	return mo_ir_string(ev->arena, span, text);
}

static const struct mo_ir_value *
lower_list(struct mo_eval *ev, const struct mo_value *v, uint32_t depth)
{
	struct mo_ir_value *list = mo_ir_list(ev->arena, v->span);
	for (uint32_t i = 0; i < v->items.len; i++) {
		if (v->items.items[i]->kind != MO_VALUE_NONE) {
			mo_push(ev->arena, &list->items, lower(ev, v->items.items[i], depth + 1));
		}
	}
	return list;
}

// Keys of a record are unique, so they are added without looking.
static const struct mo_ir_value *
lower_record(struct mo_eval *ev, const struct mo_value *v, uint32_t depth)
{
	struct mo_ir_value *object = mo_ir_object(ev->arena, v->span);
	for (uint32_t i = 0; i < v->members.len; i++) {
		const struct mo_value_member *m = &v->members.items[i];
		if (m->value->kind != MO_VALUE_NONE) {
			mo_check_resolve(ev, m->key, m->key_span);
			mo_push(ev->arena, &object->members,
				(struct mo_ir_member){ m->key, m->key_span, lower(ev, m->value, depth + 1) });
		}
	}
	return object;
}

static const struct mo_ir_value *
refuse_measure(struct mo_eval *ev, const struct mo_value *v)
{
	bool duration = v->kind == MO_VALUE_DURATION;
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_UNIT_UNKNOWN, v->span, "a number is wanted here, and its unit is not known: "
		MO_STR_FMT " is a %s", MO_STR_ARG(mo_value_text(ev->arena, v)), duration ? "Duration" : "Size");
	mo_diag_help(d, duration ? "write the unit, for instance `.seconds`" : "write the unit, for instance `.bytes`");
	return mo_ir_null(ev->arena, v->span);
}

static const struct mo_ir_value *
refuse_handle(struct mo_eval *ev, const struct mo_value *v)
{
	struct mo_str kind = mo_value_kind_text(ev->arena, v);
	if (v->kind == MO_VALUE_RESOURCE) {
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_BARE_RESOURCE, v->span, "the resource `" MO_STR_FMT
			"` stands where data is wanted", MO_STR_ARG(v->resource->origin.path));
		mo_diag_label(d, v->resource->origin.span, "declared here");
		mo_diag_help(d, "write which text is meant: `.Ref`, `.Arn` or another attribute");
	} else {
		mo_report(ev->ctx->diags, MSG_TYPE_MISMATCH, v->span, "expected data for a template, found " MO_STR_FMT, MO_STR_ARG(kind));
	}
	return mo_ir_null(ev->arena, v->span);
}

static const struct mo_ir_value *
lower_present(struct mo_eval *ev, const struct mo_value *v, uint32_t depth)
{
	switch (v->kind) {
	case MO_VALUE_ERROR:
		return mo_ir_null(ev->arena, v->span);
	case MO_VALUE_NONE:
		return mo_ir_pseudo(ev->arena, v->span, MO_STR("AWS::NoValue"));
	case MO_VALUE_BOOL:
		return mo_ir_bool(ev->arena, v->span, v->boolean);
	case MO_VALUE_INT:
		return mo_ir_int(ev->arena, v->span, v->integer);
	case MO_VALUE_FLOAT:
		return mo_ir_float(ev->arena, v->span, v->number);
	case MO_VALUE_STRING:
		return lower_text(ev, v->span, v->text);
	case MO_VALUE_CIDR:
		return mo_ir_string(ev->arena, v->span, mo_cidr_text(ev->arena, v->cidr));
	case MO_VALUE_DURATION:
	case MO_VALUE_SIZE:
		return refuse_measure(ev, v);
	case MO_VALUE_LIST:
		return lower_list(ev, v, depth);
	case MO_VALUE_RECORD:
		return lower_record(ev, v, depth);
	case MO_VALUE_DEPLOY:
		return v->ir;
	default:
		return refuse_handle(ev, v);
	}
}

static const struct mo_ir_value *
lower(struct mo_eval *ev, const struct mo_value *v, uint32_t depth)
{
	if (depth <= MO_IR_DEEPEST) {
		return lower_present(ev, v, depth);
	}
	if (!ev->failed) {
		mo_report(ev->ctx->diags, MSG_LIMIT_REACHED, v->span, "a value nests deeper than %d levels", MO_IR_DEEPEST);
	}
	ev->failed = true;
	return mo_ir_null(ev->arena, v->span);
}

const struct mo_ir_value *
mo_lower(struct mo_eval *ev, const struct mo_value *v)
{
	return lower(ev, v, 0);
}

// ---- IR to values ----------------------------------------------------------------------------------------------------------------

static const struct mo_value *
list_of_ir(struct mo_arena *a, const struct mo_ir_value *ir)
{
	struct mo_value *list = mo_value_list(a, ir->span);
	for (uint32_t i = 0; i < ir->items.len; i++) {
		mo_push(a, &list->items, mo_value_of_ir(a, ir->items.items[i]));
	}
	return list;
}

static const struct mo_value *
record_of_ir(struct mo_arena *a, const struct mo_ir_value *ir)
{
	struct mo_value *record = mo_value_record(a, ir->span);
	for (uint32_t i = 0; i < ir->members.len; i++) {
		const struct mo_ir_member *m = &ir->members.items[i];
		mo_value_set(a, record, m->key, m->key_span, mo_value_of_ir(a, m->value));
	}
	return record;
}

// IR nests at most MO_IR_DEEPEST levels, which bounds the recursion.
const struct mo_value *
mo_value_of_ir(struct mo_arena *a, const struct mo_ir_value *ir)
{
	switch (ir->kind) {
	case MO_IR_NULL:
		return mo_value_simple(MO_VALUE_NONE);
	case MO_IR_BOOL:
		return mo_value_bool(a, ir->span, ir->boolean);
	case MO_IR_INT:
		return mo_value_int(a, ir->span, ir->integer);
	case MO_IR_FLOAT:
		return mo_value_float(a, ir->span, ir->number);
	case MO_IR_STRING:
		return mo_value_string(a, ir->span, ir->text);
	case MO_IR_LIST:
		return list_of_ir(a, ir);
	case MO_IR_OBJECT:
		return record_of_ir(a, ir);
	default:
		return mo_value_deploy(a, ir->span, ir, false);
	}
}

// ---- text with parts -------------------------------------------------------------------------------------------------------------

struct mo_text
mo_text_in(struct mo_eval *ev, struct mo_span span)
{
	return (struct mo_text){ .ev = ev, .span = span, .run = mo_buf_in(ev->arena) };
}

void
mo_text_add(struct mo_text *t, struct mo_str text)
{
	if (t->size > MO_STRING_LARGEST) {
		return;
	}
	t->size += text.len;
	if (t->size > MO_STRING_LARGEST) {
		mo_report(t->ev->ctx->diags, MSG_TEXT_TOO_LONG, t->span, "the text is longer than %d MiB", MO_STRING_LARGEST >> 20);
		t->failed = true;
		return;
	}
	mo_buf_add(&t->run, text);
}

static void
end_run(struct mo_text *t)
{
	if (t->run.len == 0) {
		return;
	}
	if (!mo_check_resolve(t->ev, mo_buf_str(&t->run), t->span)) {
		t->failed = true;
	}
	mo_push(t->ev->arena, &t->parts, mo_ir_string(t->ev->arena, t->span, mo_buf_str(&t->run)));
	t->run = mo_buf_in(t->ev->arena);
}

void
mo_text_add_deploy(struct mo_text *t, const struct mo_ir_value *ir)
{
	switch (ir->kind) {
	case MO_IR_STRING:
		mo_text_add(t, ir->text);
		return;
	case MO_IR_INT:
		mo_text_add(t, mo_str_printf(t->ev->arena, "%" PRId64, ir->integer));
		return;
	case MO_IR_BOOL:
		mo_text_add(t, ir->boolean ? MO_STR("true") : MO_STR("false"));
		return;
	case MO_IR_SUB:
		for (uint32_t i = 0; i < ir->items.len; i++) { // a Sub's parts are no Subs
			mo_text_add_deploy(t, ir->items.items[i]);
		}
		return;
	default:
		end_run(t);
		mo_push(t->ev->arena, &t->parts, ir);
		t->deploy = true;
		return;
	}
}

static const struct mo_value *
text_known_now(struct mo_text *t)
{
	struct mo_str whole = mo_buf_str(&t->run);
	return mo_value_string(t->ev->arena, t->span, whole.p ? whole : MO_STR(""));
}

const struct mo_value *
mo_text_end(struct mo_text *t)
{
	struct mo_arena *a = t->ev->arena;
	if (!t->failed && !t->deploy) {
		return text_known_now(t);
	}
	end_run(t);
	if (t->failed) {
		return mo_value_simple(MO_VALUE_ERROR);
	}
	if (t->parts.len == 1) {
		return mo_value_deploy(a, t->span, t->parts.items[0], false);
	}
	struct mo_ir_value *sub = mo_ir_sub(a, t->span);
	for (uint32_t i = 0; i < t->parts.len; i++) {
		mo_push(a, &sub->items, t->parts.items[i]);
	}
	return mo_value_deploy(a, t->span, sub, false);
}

// ---- interpolation ---------------------------------------------------------------------------------------------------------------

static void
refuse_part(struct mo_text *t, const struct mo_value *v)
{
	struct mo_diags *diags = t->ev->ctx->diags;
	struct mo_span at = mo_span_is_nowhere(v->span) ? t->span : v->span;
	t->failed = true;
	if (v->kind == MO_VALUE_RESOURCE) {
		struct mo_diag *d = mo_report(diags, MSG_BARE_RESOURCE, at, "the resource `" MO_STR_FMT "` stands inside a text",
			MO_STR_ARG(v->resource->origin.path));
		mo_diag_label(d, v->resource->origin.span, "declared here");
		mo_diag_help(d, "write which text is meant: `.Ref`, `.Arn` or another attribute");
		return;
	}
	if (v->kind == MO_VALUE_DURATION || v->kind == MO_VALUE_SIZE) {
		refuse_measure(t->ev, v);
		return;
	}
	struct mo_diag *d = mo_report(diags, MSG_TYPE_MISMATCH, at, "a text can hold texts and numbers, not " MO_STR_FMT,
		MO_STR_ARG(mo_value_kind_text(t->ev->arena, v)));
	if (v->kind == MO_VALUE_NONE) {
		mo_diag_help(d, "say what to use when it is absent: `… ?? other`");
	} else if (v->kind == MO_VALUE_LIST || v->kind == MO_VALUE_DEPLOY) {
		mo_diag_help(d, "`join(\", \", list)` makes one text of a list");
	}
}

static bool
is_scalar_ir(const struct mo_ir_value *ir)
{
	return ir->kind != MO_IR_LIST && ir->kind != MO_IR_OBJECT && ir->kind != MO_IR_NULL;
}

static void
add_float(struct mo_text *t, double d)
{
	struct mo_buf b = mo_buf_in(t->ev->arena);
	mo_json_number(&b, d);
	mo_text_add(t, mo_buf_str(&b));
}

void
mo_text_add_value(struct mo_text *t, const struct mo_value *v)
{
	switch (v->kind) {
	case MO_VALUE_ERROR:
		t->failed = true;
		return;
	case MO_VALUE_BOOL:
	case MO_VALUE_INT:
	case MO_VALUE_FLOAT:
		if (v->plain_scalar) {
			mo_text_add(t, v->text);
		} else if (v->kind == MO_VALUE_FLOAT) {
			add_float(t, v->number);
		} else if (v->kind == MO_VALUE_BOOL) {
			mo_text_add(t, v->boolean ? MO_STR("true") : MO_STR("false"));
		} else {
			mo_text_add(t, mo_str_printf(t->ev->arena, "%" PRId64, v->integer));
		}
		return;
	case MO_VALUE_STRING:
		mo_text_add(t, v->text);
		return;
	case MO_VALUE_CIDR:
		mo_text_add(t, mo_cidr_text(t->ev->arena, v->cidr));
		return;
	case MO_VALUE_DEPLOY:
		if (!v->is_list && is_scalar_ir(v->ir)) {
			mo_text_add_deploy(t, v->ir);
			return;
		}
		break;
	default:
		break;
	}
	refuse_part(t, v);
}

const struct mo_value *
mo_concat(struct mo_eval *ev, struct mo_span span, const struct mo_value *const *parts, uint32_t count)
{
	struct mo_text t = mo_text_in(ev, span);
	for (uint32_t i = 0; i < count; i++) {
		mo_text_add_value(&t, parts[i]);
	}
	return mo_text_end(&t);
}
