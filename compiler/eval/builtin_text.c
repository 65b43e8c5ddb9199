// SPDX-License-Identifier: Apache-2.0
// Built-ins of text. Those that CloudFormation has too (join, split, base64, and fill by way of Fn::Sub) take deploy-time values; of the
// others only what is known now can be computed.
#include "eval/builtin.h"
#include "eval/lower.h"

#include "base/regex.h"
#include "base/sha256.h"

#include <inttypes.h>
#include <nettle/base64.h>
#include <string.h>

enum { WIDEST_PAD = 1000 };

// ---- join and split --------------------------------------------------------------------------------------------------------------

static bool
join_texts(struct mo_text *t, struct mo_str separator, const struct mo_value *list)
{
	bool first = true;
	for (uint32_t i = 0; i < list->items.len; i++) {
		const struct mo_value *v = list->items.items[i];
		if (v->kind == MO_VALUE_NONE) {
			continue;
		}
		if (!first) {
			mo_text_add(t, separator);
		}
		first = false;
		mo_text_add_value(t, v);
		if (t->failed) {
			return false;
		}
	}
	return true;
}

// Fn::Join with the elements one by one: an optional one that is absent takes its separator with it.
static const struct mo_value *
join_at_deploy_time(const struct mo_call *c, struct mo_str separator, const struct mo_ir_value *list)
{
	const struct mo_ir_value *args[2] = { mo_ir_string(c->ev->arena, c->span, separator), list };
	mo_check_resolve(c->ev, separator, c->span);
	return mo_value_deploy(c->ev->arena, c->span, mo_ir_call_list(c->ev->arena, c->span, MO_STR("Fn::Join"), args, 2), false);
}

static const struct mo_value *
lower_elements(const struct mo_call *c, const struct mo_value *list)
{
	const struct mo_type *texts = mo_type_list(c->ev->ctx, mo_type_of_kind(MO_TYPE_STRING));
	return mo_coerce(c->ev, list, texts, mo_arg_span(c, 1));
}

const struct mo_value *
mo_builtin_join(const struct mo_call *c)
{
	struct mo_str separator;
	const struct mo_value *list = c->args[1];
	if (!mo_arg_text(c, 0, &separator)) {
		return mo_builtin_error();
	}
	if (list->kind == MO_VALUE_DEPLOY && list->is_list) {
		return join_at_deploy_time(c, separator, list->ir);
	}
	list = mo_arg_list(c, 1);
	if (!list) {
		return mo_builtin_error();
	}
	if (mo_value_is_deploy_time(list)) {
		list = lower_elements(c, list);
		return list->kind == MO_VALUE_LIST ? join_at_deploy_time(c, separator, mo_lower(c->ev, list)) : mo_builtin_error();
	}
	struct mo_text t = mo_text_in(c->ev, c->span);
	return join_texts(&t, separator, list) ? mo_text_end(&t) : mo_builtin_error();
}

const struct mo_value *
mo_builtin_split(const struct mo_call *c)
{
	struct mo_str separator, text;
	struct mo_arena *a = c->ev->arena;
	if (!mo_arg_text(c, 0, &separator)) {
		return mo_builtin_error();
	}
	if (separator.len == 0) {
		return mo_arg_refuse(c, 0, "is empty; it must hold at least one character");
	}
	if (c->args[1]->kind == MO_VALUE_DEPLOY && !c->args[1]->is_list) {
		const struct mo_ir_value *args[2] = { mo_ir_string(a, c->span, separator), c->args[1]->ir };
		return mo_value_deploy(a, c->span, mo_ir_call_list(a, c->span, MO_STR("Fn::Split"), args, 2), true);
	}
	if (!mo_arg_text(c, 1, &text)) {
		return mo_builtin_error();
	}
	struct mo_value *parts = mo_value_list(a, c->span);
	for (size_t from = 0;;) {
		ptrdiff_t at = mo_str_find(text, separator, from);
		size_t end = at < 0 ? text.len : (size_t)at;
		mo_push(a, &parts->items, mo_give_text(c, mo_str_sub(text, from, end)));
		if (at < 0 || !mo_list_has_room(c, parts->items.len)) {
			return at < 0 ? parts : mo_builtin_error();
		}
		from = end + separator.len;
	}
}

// ---- one text from another -------------------------------------------------------------------------------------------------------

const struct mo_value *
mo_builtin_replace(const struct mo_call *c)
{
	struct mo_str text, old, new;
	if (!mo_arg_text(c, 0, &text) || !mo_arg_text(c, 1, &old) || !mo_arg_text(c, 2, &new)) {
		return mo_builtin_error();
	}
	if (old.len == 0) {
		return mo_arg_refuse(c, 1, "is empty; it must hold at least one character");
	}
	struct mo_buf b = mo_buf_in(c->ev->arena);
	for (size_t from = 0;;) {
		ptrdiff_t at = mo_str_find(text, old, from);
		mo_buf_add(&b, mo_str_sub(text, from, at < 0 ? text.len : (size_t)at));
		if (at < 0) {
			return mo_text_has_room(c, b.len) ? mo_give_text(c, mo_buf_str(&b)) : mo_builtin_error();
		}
		mo_buf_add(&b, new);
		if (!mo_text_has_room(c, b.len)) {
			return mo_builtin_error();
		}
		from = (size_t)at + old.len;
	}
}

// Moves the letters first..last by `by`; nothing but ASCII changes, so the result is the same in every locale.
static const struct mo_value *
change_case(const struct mo_call *c, char first, char last, int by)
{
	struct mo_str text;
	if (!mo_arg_text(c, 0, &text)) {
		return mo_builtin_error();
	}
	char *p = mo_arena_alloc(c->ev->arena, text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		p[i] = text.p[i] >= first && text.p[i] <= last ? (char)(text.p[i] + by) : text.p[i];
	}
	return mo_give_text(c, (struct mo_str){ p, text.len });
}

const struct mo_value *
mo_builtin_lower(const struct mo_call *c)
{
	return change_case(c, 'A', 'Z', 'a' - 'A');
}

const struct mo_value *
mo_builtin_upper(const struct mo_call *c)
{
	return change_case(c, 'a', 'z', 'A' - 'a');
}

static bool
is_white(char ch)
{
	return ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r';
}

const struct mo_value *
mo_builtin_trim(const struct mo_call *c)
{
	struct mo_str text;
	if (!mo_arg_text(c, 0, &text)) {
		return mo_builtin_error();
	}
	size_t from = 0, to = text.len;
	while (from < to && is_white(text.p[from])) {
		from++;
	}
	while (to > from && is_white(text.p[to - 1])) {
		to--;
	}
	return mo_give_text(c, mo_str_sub(text, from, to));
}

const struct mo_value *
mo_builtin_sha256(const struct mo_call *c)
{
	struct mo_str text;
	return mo_arg_text(c, 0, &text) ? mo_give_text(c, mo_sha256_hex(c->ev->arena, text)) : mo_builtin_error();
}

const struct mo_value *
mo_builtin_base64(const struct mo_call *c)
{
	struct mo_arena *a = c->ev->arena;
	struct mo_str text;
	if (c->args[0]->kind == MO_VALUE_DEPLOY && !c->args[0]->is_list) {
		return mo_value_deploy(a, c->span, mo_ir_call(a, c->span, MO_STR("Fn::Base64"), c->args[0]->ir), false);
	}
	if (!mo_arg_text(c, 0, &text) || !mo_text_has_room(c, BASE64_ENCODE_RAW_LENGTH(text.len))) {
		return mo_builtin_error();
	}
	size_t length = BASE64_ENCODE_RAW_LENGTH(text.len);
	char *p = mo_arena_alloc(a, length + 1);
	base64_encode_raw(p, text.len, (const uint8_t *)text.p);
	return mo_give_text(c, (struct mo_str){ p, length });
}

// ---- questions -------------------------------------------------------------------------------------------------------------------

const struct mo_value *
mo_builtin_starts_with(const struct mo_call *c)
{
	struct mo_str text, prefix;
	bool good = mo_arg_text(c, 0, &text) && mo_arg_text(c, 1, &prefix);
	return good ? mo_give_bool(c, mo_str_starts(text, prefix)) : mo_builtin_error();
}

const struct mo_value *
mo_builtin_ends_with(const struct mo_call *c)
{
	struct mo_str text, suffix;
	bool good = mo_arg_text(c, 0, &text) && mo_arg_text(c, 1, &suffix);
	return good ? mo_give_bool(c, mo_str_ends(text, suffix)) : mo_builtin_error();
}

const struct mo_value *
mo_builtin_matches(const struct mo_call *c)
{
	struct mo_str text, pattern, why;
	if (!mo_arg_text(c, 0, &text) || !mo_arg_text(c, 1, &pattern)) {
		return mo_builtin_error();
	}
	if (!mo_regex_valid(c->ev->ctx, pattern, &why)) {
		mo_report(c->ev->ctx->diags, MSG_BAD_REGEX, mo_arg_span(c, 1), "the pattern `" MO_STR_FMT "` cannot be used: " MO_STR_FMT,
			MO_STR_ARG(pattern), MO_STR_ARG(why));
		return mo_builtin_error();
	}
	return mo_give_bool(c, mo_regex_matches(c->ev->ctx, pattern, text));
}

// ---- numbers ---------------------------------------------------------------------------------------------------------------------

const struct mo_value *
mo_builtin_div(const struct mo_call *c)
{
	int64_t a, b;
	if (!mo_arg_int(c, 0, &a) || !mo_arg_int(c, 1, &b)) {
		return mo_builtin_error();
	}
	if (b == 0) {
		return mo_arg_refuse(c, 1, "is 0, and nothing can be divided by it");
	}
	if (a == INT64_MIN && b == -1) {
		mo_report(c->ev->ctx->diags, MSG_OVERFLOW, c->span, "the result of `div` does not fit into 64 bits");
		return mo_builtin_error();
	}
	return mo_give_int(c, a / b);
}

const struct mo_value *
mo_builtin_pad(const struct mo_call *c)
{
	int64_t number, width;
	if (!mo_arg_int(c, 0, &number) || !mo_arg_int(c, 1, &width)) {
		return mo_builtin_error();
	}
	if (width < 0 || width > WIDEST_PAD) {
		return mo_arg_refuse(c, 1, "is %lld, widths from 0 to %d are possible", (long long)width, WIDEST_PAD);
	}
	struct mo_str digits = mo_str_printf(c->ev->arena, "%" PRId64, number);
	struct mo_buf b = mo_buf_in(c->ev->arena);
	if (number < 0) {
		mo_buf_addc(&b, '-');
		digits = mo_str_sub(digits, 1, digits.len);
	}
	if (digits.len < (size_t)width) {
		mo_buf_fill(&b, '0', (size_t)width - digits.len);
	}
	mo_buf_add(&b, digits);
	return mo_give_text(c, mo_buf_str(&b));
}

const struct mo_value *
mo_builtin_to_int(const struct mo_call *c)
{
	struct mo_str text;
	int64_t n = 0;
	if (!mo_arg_text(c, 0, &text)) {
		return mo_builtin_error();
	}
	bool negative = mo_str_starts(text, MO_STR("-")), fits = true, digits = text.len > negative;
	for (size_t i = negative; i < text.len; i++) {
		int digit = text.p[i] - '0';
		digits = digits && digit >= 0 && digit <= 9;
		fits = fits && !__builtin_mul_overflow(n, 10, &n) && !__builtin_add_overflow(n, negative ? -digit : digit, &n);
	}
	struct mo_str shown = mo_value_text(c->ev->arena, mo_give_text(c, text));
	if (!digits) {
		mo_report(c->ev->ctx->diags, MSG_NOT_A_NUMBER, mo_arg_span(c, 0), MO_STR_FMT " is no whole number", MO_STR_ARG(shown));
		return mo_builtin_error();
	}
	if (!fits) {
		mo_report(c->ev->ctx->diags, MSG_OVERFLOW, mo_arg_span(c, 0), MO_STR_FMT " does not fit an Int of 64 bits", MO_STR_ARG(shown));
		return mo_builtin_error();
	}
	return mo_give_int(c, n);
}

// ---- fill ------------------------------------------------------------------------------------------------------------------------

// The place of a part of argument 0: exact when the text stands in a file as it is.
static struct mo_span
part_span(const struct mo_call *c, struct mo_str text, size_t from, size_t to)
{
	struct mo_span whole = mo_arg_span(c, 0);
	if (!mo_str_eq(mo_span_text(c->ev->ctx->sources, whole), text)) {
		return whole;
	}
	return (struct mo_span){ whole.start + (uint32_t)from, whole.start + (uint32_t)to };
}

static void
report_no_value(const struct mo_call *c, struct mo_str name, struct mo_span at, const struct mo_value *values)
{
	struct mo_suggestion s = mo_suggest(name);
	for (uint32_t i = 0; i < values->members.len; i++) {
		mo_suggest_from(&s, values->members.items[i].key);
	}
	struct mo_diag *d = mo_report(c->ev->ctx->diags, MSG_NO_VALUE_FOR_NAME, at, "there is no value for `${" MO_STR_FMT "}`", MO_STR_ARG(name));
	mo_diag_label(d, mo_arg_span(c, 1), "the values");
	if (s.best.len) {
		mo_diag_help(d, "did you mean `${" MO_STR_FMT "}`?", MO_STR_ARG(s.best));
	} else {
		mo_diag_help(d, "write `$${" MO_STR_FMT "}` to keep it as it is", MO_STR_ARG(name));
	}
}

// Adds the value of the placeholder at `at`; gives the byte behind it, 0 after a report.
static size_t
fill_one(const struct mo_call *c, struct mo_text *t, struct mo_str text, size_t at, const struct mo_value *values)
{
	ptrdiff_t close = mo_str_find(text, MO_STR("}"), at);
	if (close < 0) {
		mo_report(c->ev->ctx->diags, MSG_NO_VALUE_FOR_NAME, part_span(c, text, at, at + 2), "this `${` is not closed");
		return 0;
	}
	struct mo_str name = mo_str_sub(text, at + 2, (size_t)close);
	const struct mo_value *v = mo_value_get(values, name);
	if (!v || v->kind == MO_VALUE_NONE) {
		report_no_value(c, name, part_span(c, text, at, (size_t)close + 1), values);
		return 0;
	}
	mo_text_add_value(t, v);
	return t->failed ? 0 : (size_t)close + 1;
}

const struct mo_value *
mo_builtin_fill(const struct mo_call *c)
{
	struct mo_str text;
	const struct mo_value *values = mo_arg_text(c, 0, &text) ? mo_arg_record(c, 1) : NULL;
	struct mo_text t = mo_text_in(c->ev, c->span);
	for (size_t from = 0; values;) {
		ptrdiff_t at = mo_str_find(text, MO_STR("${"), from);
		bool kept = at > 0 && text.p[at - 1] == '$' && (size_t)at > from; // $${x} is a literal ${x}
		size_t end = at < 0 ? text.len : (size_t)at;
		mo_text_add(&t, mo_str_sub(text, from, kept ? end - 1 : end));
		if (at < 0) {
			return mo_text_end(&t);
		}
		if (kept) {
			mo_text_add(&t, MO_STR("${"));
			from = end + 2;
			continue;
		}
		from = fill_one(c, &t, text, end, values);
		if (from == 0) {
			break;
		}
	}
	return mo_builtin_error();
}
