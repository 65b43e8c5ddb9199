// SPDX-License-Identifier: Apache-2.0
// The writer keeps no stack: whether the innermost container is still empty is known while it is innermost, and once a container has
// been closed its parent holds something.
#include "base/json_writer.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mo_json_writer
mo_json_writer(struct mo_buf *out)
{
	return (struct mo_json_writer){ .out = out };
}

struct mo_json_writer
mo_json_compact_writer(struct mo_buf *out)
{
	return (struct mo_json_writer){ .out = out, .compact = true };
}

static void
new_line(struct mo_json_writer *j)
{
	static const char blank[] = "\n                                                                ";
	size_t width = (size_t)j->depth * 2;
	size_t at_once = width < sizeof(blank) - 2 ? width : sizeof(blank) - 2;
	mo_buf_add(j->out, (struct mo_str){ blank, at_once + 1 });
	mo_buf_fill(j->out, ' ', width - at_once);
}

// What goes before an item of a container: a comma after the one before, and its own line.
static void
before_item(struct mo_json_writer *j)
{
	if (j->has_items) {
		mo_buf_addc(j->out, ',');
	}
	if (j->depth && !j->compact) {
		new_line(j);
	}
	j->has_items = true;
}

static void
before_value(struct mo_json_writer *j)
{
	if (j->after_key) {
		j->after_key = false;
	} else {
		before_item(j);
	}
}

static void
open_container(struct mo_json_writer *j, char bracket)
{
	before_value(j);
	mo_buf_addc(j->out, bracket);
	j->depth++;
	j->has_items = false;
}

static void
close_container(struct mo_json_writer *j, char bracket)
{
	j->depth--;
	if (j->has_items && !j->compact) {
		new_line(j);
	}
	mo_buf_addc(j->out, bracket);
	j->has_items = true;
}

void
mo_json_begin_object(struct mo_json_writer *j)
{
	open_container(j, '{');
}

void
mo_json_end_object(struct mo_json_writer *j)
{
	close_container(j, '}');
}

void
mo_json_begin_list(struct mo_json_writer *j)
{
	open_container(j, '[');
}

void
mo_json_end_list(struct mo_json_writer *j)
{
	close_container(j, ']');
}

void
mo_json_put_key(struct mo_json_writer *j, struct mo_str key)
{
	before_item(j);
	mo_json_string(j->out, key);
	mo_buf_add(j->out, j->compact ? MO_STR(":") : MO_STR(": "));
	j->after_key = true;
}

void
mo_json_put_string(struct mo_json_writer *j, struct mo_str text)
{
	before_value(j);
	mo_json_string(j->out, text);
}

void
mo_json_put_int(struct mo_json_writer *j, int64_t n)
{
	before_value(j);
	mo_buf_printf(j->out, "%" PRId64, n);
}

void
mo_json_put_double(struct mo_json_writer *j, double d)
{
	if (!isfinite(d)) {
		mo_json_put_null(j);
		return;
	}
	before_value(j);
	mo_json_number(j->out, d);
}

void
mo_json_put_bool(struct mo_json_writer *j, bool b)
{
	before_value(j);
	mo_buf_add(j->out, b ? MO_STR("true") : MO_STR("false"));
}

void
mo_json_put_null(struct mo_json_writer *j)
{
	before_value(j);
	mo_buf_add(j->out, MO_STR("null"));
}

// ---- numbers ---------------------------------------------------------------------------------------------------------------------

// A double as digits d1 d2 … and the decimal exponent of the first: d1.d2… * 10^exponent.
struct decimal {
	char digits[18];
	size_t count;
	int exponent;
};

static bool
reads_back(const char *text, double d)
{
	double again = strtod(text, NULL);
	return memcmp(&again, &d, sizeof(d)) == 0;
}

// Prints with 1 to 17 digits until it reads back the same. The decimal separator of the locale, whatever it is, is skipped.
static struct decimal
shortest(double d)
{
	char text[64];
	for (int precision = 0; precision < 17; precision++) {
		snprintf(text, sizeof(text), "%.*e", precision, d);
		if (reads_back(text, d)) {
			break;
		}
	}
	struct decimal r = { .count = 0 };
	const char *p = text;
	for (; *p && *p != 'e'; p++) {
		if (*p >= '0' && *p <= '9' && r.count < sizeof(r.digits)) {
			r.digits[r.count++] = *p;
		}
	}
	r.exponent = *p ? (int)strtol(p + 1, NULL, 10) : 0;
	return r;
}

static void
add_digits(struct mo_buf *out, const struct decimal *d, size_t from, size_t to)
{
	size_t have = to < d->count ? to : d->count;
	if (from < have) {
		mo_buf_add(out, (struct mo_str){ d->digits + from, have - from });
	}
	mo_buf_fill(out, '0', to - (from > have ? from : have));
}

static void
add_fraction(struct mo_buf *out, const struct decimal *d, size_t from)
{
	if (from < d->count) {
		mo_buf_addc(out, '.');
		add_digits(out, d, from, d->count);
	}
}

void
mo_json_number(struct mo_buf *out, double number)
{
	struct decimal d = shortest(number);
	if (signbit(number)) {
		mo_buf_addc(out, '-');
	}
	if (d.exponent >= 21 || d.exponent < -7) {
		add_digits(out, &d, 0, 1);
		add_fraction(out, &d, 1);
		mo_buf_printf(out, "e%+d", d.exponent);
	} else if (d.exponent >= 0) {
		size_t whole = (size_t)d.exponent + 1;
		add_digits(out, &d, 0, whole);
		add_fraction(out, &d, whole);
	} else {
		mo_buf_add(out, MO_STR("0."));
		mo_buf_fill(out, '0', (size_t)(-d.exponent - 1));
		add_digits(out, &d, 0, d.count);
	}
}
