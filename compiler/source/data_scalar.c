// SPDX-License-Identifier: Apache-2.0
// What a plain YAML scalar is: the core schema of YAML 1.2. Knows nothing of documents.
#include "source/data_tree.h"

#include <math.h>
#include <stdlib.h>

static bool
one_of(struct mo_str s, const char *const *words)
{
	for (; *words; words++) {
		if (mo_str_is(s, *words)) {
			return true;
		}
	}
	return false;
}

// Digits of a base from `from` on, with a sign already read.
static bool
parse_digits(struct mo_str s, size_t from, int base, bool negative, int64_t *out, bool *fits)
{
	int64_t n = 0;
	*fits = true;
	for (size_t i = from; i < s.len; i++) {
		char c = s.p[i];
		int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
		if (digit >= base) {
			return false;
		}
		if (__builtin_mul_overflow(n, (int64_t)base, &n) || __builtin_add_overflow(n, negative ? -(int64_t)digit : (int64_t)digit, &n)) {
			*fits = false;
			n = 0;
		}
	}
	*out = n;
	return s.len > from;
}

static bool
is_int(struct mo_str s, int64_t *n, bool *fits)
{
	if (mo_str_starts(s, MO_STR("0x"))) {
		return parse_digits(s, 2, 16, false, n, fits);
	}
	if (mo_str_starts(s, MO_STR("0o"))) {
		return parse_digits(s, 2, 8, false, n, fits);
	}
	bool sign = s.len && (s.p[0] == '-' || s.p[0] == '+');
	return parse_digits(s, sign, 10, sign && s.p[0] == '-', n, fits);
}

static size_t
digits_from(struct mo_str s, size_t at)
{
	while (at < s.len && s.p[at] >= '0' && s.p[at] <= '9') {
		at++;
	}
	return at;
}

// [-+]? ( .digits | digits ( .digits? )? ) ( [eE] [-+]? digits )?
static bool
is_float(struct mo_str s)
{
	size_t at = s.len && (s.p[0] == '-' || s.p[0] == '+');
	size_t whole = digits_from(s, at), end = whole;
	bool digits = whole > at;
	if (end < s.len && s.p[end] == '.') {
		size_t fraction = digits_from(s, end + 1);
		digits = digits || fraction > end + 1;
		end = fraction;
	}
	if (digits && end < s.len && (s.p[end] == 'e' || s.p[end] == 'E')) {
		size_t exponent = end + 1;
		exponent += exponent < s.len && (s.p[exponent] == '-' || s.p[exponent] == '+');
		end = digits_from(s, exponent);
		digits = end > exponent;
	}
	return digits && end == s.len;
}

static bool
is_special_float(struct mo_str s)
{
	static const char *const words[] = { ".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN", NULL };
	bool sign = s.len && (s.p[0] == '-' || s.p[0] == '+');
	return one_of(mo_str_sub(s, sign, s.len), words);
}

struct mo_data *
mo_data_read_scalar(struct mo_arena *arena, const struct mo_source *source)
{
	const char *why;
	struct mo_data *d = mo_data_new(arena, MO_DATA_STRING, (struct mo_span){ source->base, source->base + (uint32_t)source->text.len });
	d->text = mo_str_dup(arena, source->text);
	d->plain = true;
	if (!mo_data_resolve(d, &why)) {
		d->kind = MO_DATA_STRING;
	}
	return d;
}

bool
mo_data_resolve(struct mo_data *d, const char **why)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL", NULL };
	static const char *const trues[] = { "true", "True", "TRUE", NULL }, *const falses[] = { "false", "False", "FALSE", NULL };
	bool fits;
	if (one_of(d->text, nulls)) {
		d->kind = MO_DATA_NULL;
	} else if (one_of(d->text, trues) || one_of(d->text, falses)) {
		d->kind = MO_DATA_BOOL;
		d->boolean = one_of(d->text, trues);
	} else if (is_int(d->text, &d->integer, &fits)) {
		d->kind = MO_DATA_INT;
		*why = "the number does not fit 64 bits; put quotes around it if it is text";
		return fits;
	} else if (is_float(d->text) || is_special_float(d->text)) {
		d->kind = MO_DATA_FLOAT;
		d->number = is_float(d->text) ? strtod(d->text.p, NULL) : INFINITY;
		*why = "no template can hold this number; put quotes around it if it is text";
		return isfinite(d->number);
	}
	return true;
}
