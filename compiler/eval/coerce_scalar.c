// SPDX-License-Identifier: Apache-2.0
// Scalars as types want them: the few conversions there are, and the refinements (bounds, patterns, literals, roles) of what is known
// now. What only CloudFormation knows passes: its parameters carry the same bounds.
#include "base/json_writer.h"
#include "base/regex.h"
#include "eval/coerce.h"

#include <inttypes.h>
#include <math.h>

static const struct mo_value *
not_allowed(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t, const char *why)
{
	if (c->quiet) {
		return NULL;
	}
	struct mo_str text = mo_value_text(c->ev->arena, v);
	struct mo_diag *d = mo_coercion_report(c, MSG_VALUE_NOT_ALLOWED, v->span, MO_STR_FMT " %s", MO_STR_ARG(text), why);
	mo_diag_note(d, "expected " MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ev->ctx, t)));
	return NULL;
}

// ---- text ------------------------------------------------------------------------------------------------------------------------

static bool
all_digits(struct mo_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9') {
			return false;
		}
	}
	return s.len > 0;
}

static bool
all_lower(struct mo_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] < 'a' || s.p[i] > 'z') {
			return false;
		}
	}
	return s.len > 1;
}

// Words, then a number: eu-west-1, us-gov-east-1, ap-southeast-4.
static bool
is_region(struct mo_str s)
{
	uint32_t words = 0;
	for (size_t from = 0;; words++) {
		ptrdiff_t dash = mo_str_find(s, MO_STR("-"), from);
		struct mo_str part = mo_str_sub(s, from, dash < 0 ? s.len : (size_t)dash);
		if (dash < 0) {
			return words >= 2 && part.len <= 2 && all_digits(part);
		}
		if (!all_lower(part)) {
			return false;
		}
		from = (size_t)dash + 1;
	}
}

// arn:partition:service:region:account:resource
static bool
is_arn(struct mo_str s)
{
	uint32_t colons = 0;
	for (size_t i = 0; i < s.len && colons < 5; i++) {
		colons += s.p[i] == ':';
	}
	return mo_str_starts(s, MO_STR("arn:")) && colons == 5;
}

static const char *
fault_of_role(enum mo_string_role role, struct mo_str s)
{
	switch (role) {
	case MO_STRING_TEXT:
		return NULL;
	case MO_STRING_ARN:
		return is_arn(s) ? NULL : "is no ARN: expected `arn:partition:service:region:account:resource`";
	case MO_STRING_ACCOUNT_ID:
		return s.len == 12 && all_digits(s) ? NULL : "is no account id: expected 12 digits";
	case MO_STRING_REGION:
		return is_region(s) ? NULL : "is no region: expected a name such as eu-west-1";
	}
	return NULL;
}

static const struct mo_value *
wrong_literal(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	if (c->quiet) {
		return NULL;
	}
	struct mo_suggestion s = mo_suggest(v->text);
	mo_suggest_from(&s, t->literal);
	struct mo_str text = mo_value_text(c->ev->arena, v), wanted = mo_type_text(c->ev->ctx, t);
	struct mo_diag *d = mo_coercion_report(c, MSG_VALUE_NOT_ALLOWED, v->span, MO_STR_FMT " is not allowed here: expected " MO_STR_FMT,
		MO_STR_ARG(text), MO_STR_ARG(wanted));
	if (s.best.len) {
		mo_diag_help(d, "did you mean \"" MO_STR_FMT "\"?", MO_STR_ARG(s.best));
	}
	return NULL;
}

static const struct mo_value *
wrong_length(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t, int64_t length)
{
	bool too_long = length > t->max;
	struct mo_str why = mo_str_printf(c->ev->arena, "has %" PRId64 " character%s, at %s %" PRId64 " are allowed", length,
		length == 1 ? "" : "s", too_long ? "most" : "least", too_long ? t->max : t->min);
	return not_allowed(c, v, t, why.p);
}

static const struct mo_value *
check_pattern(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	struct mo_str why;
	if (!mo_regex_valid(c->ev->ctx, t->pattern, &why)) {
		mo_coercion_report(c, MSG_BAD_REGEX, c->span, "the pattern `" MO_STR_FMT "` cannot be used: " MO_STR_FMT,
			MO_STR_ARG(t->pattern), MO_STR_ARG(why));
		return NULL;
	}
	if (mo_regex_matches(c->ev->ctx, t->pattern, v->text)) {
		return v;
	}
	why = mo_str_printf(c->ev->arena, "does not match the pattern `" MO_STR_FMT "`", MO_STR_ARG(t->pattern));
	return not_allowed(c, v, t, why.p);
}

static const struct mo_value *
check_text(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	if (t->is_literal) {
		return mo_str_eq(v->text, t->literal) ? v : wrong_literal(c, v, t);
	}
	const char *fault = fault_of_role(t->role, v->text);
	if (fault) {
		return not_allowed(c, v, t, fault);
	}
	if (t->bounded) {
		int64_t length = (int64_t)mo_str_columns(v->text);
		if (length < t->min || length > t->max) {
			return wrong_length(c, v, t, length);
		}
	}
	return t->pattern.len ? check_pattern(c, v, t) : v;
}

static const struct mo_value *
to_string(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	struct mo_str text;
	if (v->kind == MO_VALUE_STRING) {
		return check_text(c, v, t);
	}
	if (v->kind == MO_VALUE_RESOURCE) {
		return mo_coercion_of_reference(c, v, t);
	}
	if (v->kind == MO_VALUE_NONE) {
		return mo_misfit(c, v, t);
	}
	if (v->plain_scalar) {
		text = v->text;
	} else if (v->kind == MO_VALUE_INT) {
		text = mo_str_printf(c->ev->arena, "%" PRId64, v->integer);
	} else if (v->kind == MO_VALUE_CIDR) {
		text = mo_cidr_text(c->ev->arena, v->cidr);
	} else {
		return mo_misfit(c, v, t);
	}
	return check_text(c, mo_value_string(c->ev->arena, v->span, text), t);
}

// ---- numbers ---------------------------------------------------------------------------------------------------------------------

// In milliseconds or bytes; 0 for what is no unit of the kind.
static int64_t
unit_size(enum mo_value_kind kind, struct mo_str unit)
{
	static const struct {
		const char *name;
		enum mo_value_kind kind;
		int64_t size;
	} units[] = {
		{ "ms", MO_VALUE_DURATION, 1 }, { "s", MO_VALUE_DURATION, 1000 }, { "min", MO_VALUE_DURATION, 60000 },
		{ "h", MO_VALUE_DURATION, 3600000 }, { "d", MO_VALUE_DURATION, 86400000 }, { "w", MO_VALUE_DURATION, 604800000 },
		{ "B", MO_VALUE_SIZE, 1 }, { "KiB", MO_VALUE_SIZE, INT64_C(1) << 10 }, { "MiB", MO_VALUE_SIZE, INT64_C(1) << 20 },
		{ "GiB", MO_VALUE_SIZE, INT64_C(1) << 30 }, { "TiB", MO_VALUE_SIZE, INT64_C(1) << 40 },
	};
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (units[i].kind == kind && mo_str_is(unit, units[i].name)) {
			return units[i].size;
		}
	}
	return 0;
}

// Whether n / d has an end when written in decimal: 1.5 and 0.1 do, 1/3 does not.
static bool
ends_in_decimal(int64_t n, int64_t d)
{
	if (n == INT64_MIN) {
		return false;
	}
	for (int64_t a = n < 0 ? -n : n, b = d, r; b; a = b, b = r) {
		r = a % b;
		if (r == 0) {
			d /= b;
		}
	}
	for (int64_t prime = 2; prime <= 5; prime += 3) {
		while (d % prime == 0) {
			d /= prime;
		}
	}
	return d == 1;
}

static const struct mo_value *
report_unit(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	if (c->quiet) {
		return NULL;
	}
	bool duration = v->kind == MO_VALUE_DURATION;
	struct mo_str text = mo_value_text(c->ev->arena, v);
	struct mo_diag *d = mo_coercion_report(c, MSG_UNIT_UNKNOWN, v->span, "a number is wanted here, and its unit is not known: "
		MO_STR_FMT " is a %s", MO_STR_ARG(text), duration ? "Duration" : "Size");
	if (t->unit.len) {
		mo_diag_note(d, "the number is counted in " MO_STR_FMT, MO_STR_ARG(t->unit));
	}
	mo_diag_help(d, duration ? "write the unit: `.milliseconds`, `.seconds`, `.minutes`, `.hours` or `.days`"
		: "write the unit: `.bytes`, `.kib`, `.mib`, `.gib` or `.tib`");
	return NULL;
}

// "s" is read as "seconds"; KiB and its like stay.
static struct mo_str
unit_name(struct mo_str unit)
{
	static const char *const names[][2] = { { "ms", "milliseconds" }, { "s", "seconds" }, { "min", "minutes" }, { "h", "hours" },
		{ "d", "days" }, { "w", "weeks" }, { "B", "bytes" } };
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (mo_str_is(unit, names[i][0])) {
			return mo_str_c(names[i][1]);
		}
	}
	return unit;
}

static const struct mo_value *
report_inexact_unit(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	if (c->quiet) {
		return NULL;
	}
	struct mo_str text = mo_value_text(c->ev->arena, v);
	struct mo_str unit = unit_name(t->unit);
	mo_coercion_report(c, MSG_INEXACT, v->span, MO_STR_FMT " is no whole number of " MO_STR_FMT ", in which this is counted",
		MO_STR_ARG(text), MO_STR_ARG(unit));
	return NULL;
}

static const struct mo_value *
check_int(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	if (t->is_literal && v->integer != t->min) {
		return not_allowed(c, v, t, "is not allowed here");
	}
	if (t->bounded && (v->integer < t->min || v->integer > t->max)) {
		struct mo_str why = v->integer < t->min ? mo_str_printf(c->ev->arena, "is less than %" PRId64, t->min)
			: mo_str_printf(c->ev->arena, "is more than %" PRId64, t->max);
		return not_allowed(c, v, t, why.p);
	}
	return v->plain_scalar ? mo_value_int(c->ev->arena, v->span, v->integer) : v; // a number from here on, not the text `007`
}

static const struct mo_value *
measure_to_number(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	int64_t size = unit_size(v->kind, t->unit);
	if (!size) {
		return report_unit(c, v, t);
	}
	if (t->kind == MO_TYPE_FLOAT) {
		return ends_in_decimal(v->integer, size) ? mo_value_float(c->ev->arena, v->span, (double)v->integer / (double)size)
			: report_inexact_unit(c, v, t);
	}
	if (v->integer % size) {
		return report_inexact_unit(c, v, t);
	}
	return check_int(c, mo_value_int(c->ev->arena, v->span, v->integer / size), t);
}

static const struct mo_value *
to_int(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	if (v->kind == MO_VALUE_INT) {
		return check_int(c, v, t);
	}
	return v->kind == MO_VALUE_DURATION || v->kind == MO_VALUE_SIZE ? measure_to_number(c, v, t) : mo_misfit(c, v, t);
}

static const struct mo_value *
to_float(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	if (v->kind == MO_VALUE_FLOAT) {
		return v->plain_scalar ? mo_value_float(c->ev->arena, v->span, v->number) : v;
	}
	if (v->kind == MO_VALUE_INT) {
		int64_t most = INT64_C(1) << 53;
		if (v->integer >= -most && v->integer <= most) {
			return mo_value_float(c->ev->arena, v->span, (double)v->integer);
		}
		mo_coercion_report(c, MSG_INEXACT, v->span, "a Float cannot hold %" PRId64 " exactly", v->integer);
		return NULL;
	}
	return v->kind == MO_VALUE_DURATION || v->kind == MO_VALUE_SIZE ? measure_to_number(c, v, t) : mo_misfit(c, v, t);
}

// ---- measures and ranges, which are text in data files ---------------------------------------------------------------------------

static const struct mo_value *
to_cidr(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	struct mo_cidr cidr;
	const char *why;
	if (v->kind == MO_VALUE_CIDR) {
		return v;
	}
	if (v->kind != MO_VALUE_STRING || !mo_coercion_from_data(c, v)) {
		return mo_misfit(c, v, t);
	}
	return mo_cidr_parse(v->text, &cidr, &why) ? mo_value_cidr(c->ev->arena, v->span, cidr) : not_allowed(c, v, t, why);
}

// "30d", "5GiB": digits and a unit.
static bool
parse_measure(struct mo_str s, enum mo_value_kind kind, int64_t *out)
{
	size_t digits = 0;
	int64_t n = 0;
	while (digits < s.len && s.p[digits] >= '0' && s.p[digits] <= '9') {
		if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, s.p[digits] - '0', &n)) {
			return false;
		}
		digits++;
	}
	int64_t size = unit_size(kind, mo_str_sub(s, digits, s.len));
	return digits > 0 && size && !__builtin_mul_overflow(n, size, out);
}

static const struct mo_value *
to_measure(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	enum mo_value_kind kind = t->kind == MO_TYPE_DURATION ? MO_VALUE_DURATION : MO_VALUE_SIZE;
	int64_t n;
	if (v->kind == kind) {
		return v;
	}
	if (v->kind != MO_VALUE_STRING || !mo_coercion_from_data(c, v)) {
		return mo_misfit(c, v, t);
	}
	if (!parse_measure(v->text, kind, &n)) {
		return not_allowed(c, v, t, kind == MO_VALUE_DURATION ? "is no duration such as 90s, 15min or 30d" : "is no size such as 512MiB or 5GiB");
	}
	struct mo_value *measure = mo_value_new(c->ev->arena, kind, v->span);
	measure->integer = n;
	return measure;
}

static const struct mo_value *
to_bool(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	if (v->kind != MO_VALUE_BOOL) {
		return mo_misfit(c, v, t);
	}
	return !t->is_literal || v->boolean == (t->min != 0) ? v : not_allowed(c, v, t, "is not allowed here");
}

const struct mo_value *
mo_coercion_of_scalar(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	if (v->kind == MO_VALUE_DEPLOY) {
		return v->is_list ? mo_misfit(c, v, t) : v;
	}
	switch (t->kind) {
	case MO_TYPE_BOOL:
		return to_bool(c, v, t);
	case MO_TYPE_INT:
		return to_int(c, v, t);
	case MO_TYPE_FLOAT:
		return to_float(c, v, t);
	case MO_TYPE_CIDR:
		return to_cidr(c, v, t);
	case MO_TYPE_DURATION:
	case MO_TYPE_SIZE:
		return to_measure(c, v, t);
	default:
		return to_string(c, v, t);
	}
}
