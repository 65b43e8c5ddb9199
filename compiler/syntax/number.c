// SPDX-License-Identifier: Apache-2.0
// Numbers: takes the digits that a rule of grammar/mlops.l found, gives the value, or says what is wrong with them.
#include "syntax/scan.h"

#include "diag/diag.h"

#include <stdlib.h>
#include <string.h>

// The digits at the start of text as a number; false when it does not fit 64 bits.
static bool
read_digits(struct mo_str text, int64_t *value, size_t *digits)
{
	bool fits = true;
	size_t i = 0;
	*value = 0;
	for (; i < text.len && text.p[i] >= '0' && text.p[i] <= '9'; i++) {
		fits = fits && !__builtin_mul_overflow(*value, 10, value) && !__builtin_add_overflow(*value, text.p[i] - '0', value);
	}
	if (!fits) {
		*value = INT64_MAX;
	}
	*digits = i;
	return fits;
}

static void
report_too_large(struct mo_scanner *s, struct mo_token *token, const char *what)
{
	token->bad = true;
	struct mo_diag *d = mo_report(s->ctx->diags, MSG_NUMBER_TOO_LARGE, token->span, "this %s does not fit into 64 bits", what);
	mo_diag_note(d, "the largest is 9223372036854775807");
	if (token->kind == MO_TOK_INT) {
		mo_diag_help(d, "digits that are not for reckoning belong in quotes");
		mo_diag_fix(d, token->span, "\"" MO_STR_FMT "\"", MO_STR_ARG(mo_scan_text(s)));
	}
}

// A number that begins with a zero and has another digit behind it. Many readers of YAML take it for octal, and account ids lose it.
static bool
leading_zero(struct mo_scanner *s, struct mo_token *token)
{
	struct mo_str text = mo_scan_text(s);
	if (text.len < 2 || text.p[0] != '0' || text.p[1] < '0' || text.p[1] > '9') {
		return false;
	}
	token->bad = true;
	struct mo_diag *d = mo_report(s->ctx->diags, MSG_LEADING_ZERO, token->span, "a number does not begin with a zero");
	if (text.len == 12 && token->kind == MO_TOK_INT) {
		mo_diag_here(d, "an account id");
		mo_diag_help(d, "account ids are strings: put it in quotes");
		mo_diag_fix(d, token->span, "\"" MO_STR_FMT "\"", MO_STR_ARG(text));
	} else {
		mo_diag_help(d, "leave the zero out, or put digits that are not for reckoning in quotes");
	}
	return true;
}

void
mo_scan_int(struct mo_scanner *s)
{
	struct mo_token *token = mo_scan_push(s, MO_TOK_INT);
	size_t digits;
	bool fits = read_digits(mo_scan_text(s), &token->integer, &digits);
	if (!leading_zero(s, token) && !fits) {
		report_too_large(s, token, "number");
	}
}

void
mo_scan_float(struct mo_scanner *s)
{
	struct mo_token *token = mo_scan_push(s, MO_TOK_FLOAT);
	struct mo_str text = mo_str_dup(&s->ctx->session, mo_scan_text(s)); // strtod wants an end
	// The compiler never calls setlocale, so the point is a point.
	token->real = strtod(text.p, NULL);
	if (!leading_zero(s, token) && token->real > 1.7e308) {
		report_too_large(s, token, "number");
	}
}

// ---- durations and sizes ---------------------------------------------------------------------------------------------------------------

static const struct unit {
	const char *text;
	int kind;
	int64_t factor; // to milliseconds, to bytes
} units[] = {
	{ "ms", MO_TOK_DURATION, 1 },
	{ "s", MO_TOK_DURATION, 1000 },
	{ "min", MO_TOK_DURATION, 60 * 1000 },
	{ "h", MO_TOK_DURATION, 60 * 60 * 1000 },
	{ "d", MO_TOK_DURATION, 24 * 60 * 60 * 1000 },
	{ "w", MO_TOK_DURATION, 7 * 24 * 60 * 60 * 1000 },
	{ "B", MO_TOK_SIZE, 1 },
	{ "KiB", MO_TOK_SIZE, 1 << 10 },
	{ "MiB", MO_TOK_SIZE, 1 << 20 },
	{ "GiB", MO_TOK_SIZE, 1 << 30 },
	{ "TiB", MO_TOK_SIZE, INT64_C(1) << 40 },
};

// What people write elsewhere, and what it is here.
static const struct {
	const char *wrong, *right;
} foreign_units[] = {
	{ "sec", "s" }, { "secs", "s" }, { "second", "s" }, { "seconds", "s" }, { "m", "min" }, { "mins", "min" }, { "minute", "min" },
	{ "minutes", "min" }, { "hour", "h" }, { "hours", "h" }, { "hr", "h" }, { "hrs", "h" }, { "day", "d" }, { "days", "d" },
	{ "week", "w" }, { "weeks", "w" }, { "b", "B" }, { "K", "KiB" }, { "KB", "KiB" }, { "kB", "KiB" }, { "kb", "KiB" }, { "Ki", "KiB" },
	{ "M", "MiB" }, { "MB", "MiB" }, { "mb", "MiB" }, { "Mi", "MiB" }, { "G", "GiB" }, { "GB", "GiB" }, { "gb", "GiB" },
	{ "Gi", "GiB" }, { "T", "TiB" }, { "TB", "TiB" }, { "tb", "TiB" }, { "Ti", "TiB" },
};

static const struct unit *
unit_called(struct mo_str text)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (mo_str_is(text, units[i].text)) {
			return &units[i];
		}
	}
	return NULL;
}

static void
report_unit(struct mo_scanner *s, struct mo_token *token, struct mo_str unit)
{
	token->bad = true;
	struct mo_span span = { token->span.end - (uint32_t)unit.len, token->span.end };
	struct mo_diag *d = mo_report(s->ctx->diags, MSG_UNKNOWN_UNIT, span, "`" MO_STR_FMT "` is not a unit", MO_STR_ARG(unit));
	mo_diag_note(d, "durations: ms s min h d w; sizes: B KiB MiB GiB TiB");
	for (size_t i = 0; i < sizeof(foreign_units) / sizeof(foreign_units[0]); i++) {
		if (mo_str_is(unit, foreign_units[i].wrong)) {
			mo_diag_help(d, "write `%s`", foreign_units[i].right);
			mo_diag_fix(d, span, "%s", foreign_units[i].right);
			return;
		}
	}
	mo_diag_help(d, "a name does not begin with a digit, and a number ends before the name behind it");
}

void
mo_scan_quantity(struct mo_scanner *s)
{
	struct mo_token *token = mo_scan_push(s, MO_TOK_DURATION);
	struct mo_str text = mo_scan_text(s);
	size_t digits;
	bool fits = read_digits(text, &token->integer, &digits);
	bool whole = text.p[digits] != '.';
	size_t number = digits;
	while (!whole && (text.p[number] == '.' || (text.p[number] >= '0' && text.p[number] <= '9'))) {
		number++;
	}
	const struct unit *unit = unit_called(mo_str_sub(text, number, text.len));
	if (!unit) {
		report_unit(s, token, mo_str_sub(text, number, text.len));
		return;
	}
	token->kind = (int16_t)unit->kind;
	if (!whole) {
		token->bad = true;
		struct mo_diag *d = mo_report(s->ctx->diags, MSG_UNKNOWN_UNIT, token->span, "a %s is a whole number of its unit",
			unit->kind == MO_TOK_SIZE ? "size" : "duration");
		mo_diag_help(d, "use a smaller unit: `90min` for one and a half hours");
		return;
	}
	if (leading_zero(s, token)) {
		return;
	}
	if (!fits || __builtin_mul_overflow(token->integer, unit->factor, &token->integer)) {
		token->integer = 0;
		report_too_large(s, token, unit->kind == MO_TOK_SIZE ? "size in bytes" : "duration in milliseconds");
	}
}

// ---- address ranges --------------------------------------------------------------------------------------------------------------------

static void
report_cidr(struct mo_scanner *s, struct mo_token *token, const char *what)
{
	token->bad = true;
	struct mo_diag *d = mo_report(s->ctx->diags, MSG_BAD_CIDR, token->span, "%s", what);
	mo_diag_help(d, "an address range is four numbers up to 255 and a prefix up to 32, as in 10.0.0.0/16; other text goes in quotes");
}

void
mo_scan_cidr(struct mo_scanner *s)
{
	struct mo_token *token = mo_scan_push(s, MO_TOK_CIDR);
	struct mo_str text = mo_scan_text(s);
	token->text = text;
	int octets = 0;
	size_t i = 0;
	while (i < text.len && text.p[i] != '/') {
		int64_t value;
		size_t digits;
		bool fits = read_digits(mo_str_sub(text, i, text.len), &value, &digits);
		if (!fits || value > 255 || (digits > 1 && text.p[i] == '0')) {
			report_cidr(s, token, "a part of this address is not a number from 0 to 255");
			return;
		}
		octets++;
		i += digits;
		i += i < text.len && text.p[i] == '.';
	}
	if (octets != 4) {
		report_cidr(s, token, octets < 4 ? "this address has fewer than four parts" : "this address has more than four parts");
		return;
	}
	if (i == text.len) {
		report_cidr(s, token, "this address has no prefix");
		mo_diag_fix(mo_last(&s->ctx->diags->items), token->span, MO_STR_FMT "/32", MO_STR_ARG(text));
		return;
	}
	int64_t prefix;
	size_t digits;
	bool fits = read_digits(mo_str_sub(text, i + 1, text.len), &prefix, &digits);
	if (!fits || prefix > 32 || (digits > 1 && text.p[i + 1] == '0')) {
		report_cidr(s, token, "the prefix of this address range is not a number from 0 to 32");
	}
}
