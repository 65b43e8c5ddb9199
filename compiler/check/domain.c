// SPDX-License-Identifier: Apache-2.0
// The algebra of string domains: sets of characters, concatenation, choice, repetition. Knows nothing of values and patterns.
#include "check/domain.h"

// ---- sets ------------------------------------------------------------------------------------------------------------------------

static void
add(struct mo_charset *s, unsigned char c)
{
	if (c >= 128) {
		s->others = true;
	} else {
		s->ascii[c / 64] |= 1ull << (c % 64);
	}
}

void
mo_charset_add(struct mo_charset *s, unsigned char from, unsigned char to)
{
	for (unsigned c = from; c <= to; c++) {
		add(s, (unsigned char)c);
	}
}

struct mo_charset
mo_charset_all(void)
{
	return (struct mo_charset){ { UINT64_MAX, UINT64_MAX }, true };
}

struct mo_charset
mo_charset_both(const struct mo_charset *a, const struct mo_charset *b)
{
	return (struct mo_charset){ { a->ascii[0] | b->ascii[0], a->ascii[1] | b->ascii[1] }, a->others || b->others };
}

bool
mo_charset_has(const struct mo_charset *s, unsigned char c)
{
	return c >= 128 ? s->others : (s->ascii[c / 64] >> (c % 64)) & 1;
}

struct mo_charset
mo_charset_without(const struct mo_charset *of, const struct mo_charset *those)
{
	return (struct mo_charset){ { of->ascii[0] & ~those->ascii[0], of->ascii[1] & ~those->ascii[1] }, of->others && !those->others };
}

bool
mo_charset_within(const struct mo_charset *inner, const struct mo_charset *outer)
{
	struct mo_charset more = mo_charset_without(inner, outer);
	return !more.ascii[0] && !more.ascii[1] && !more.others;
}

static void
add_runs(struct mo_buf *b, const struct mo_charset *s, unsigned char from, unsigned char to)
{
	for (unsigned c = from; c <= to; c++) {
		unsigned end = c;
		while (mo_charset_has(s, (unsigned char)c) && end < to && mo_charset_has(s, (unsigned char)(end + 1))) {
			end++;
		}
		if (end - c >= 2) {
			mo_buf_printf(b, "%c-%c", (char)c, (char)end);
			c = end;
		} else if (mo_charset_has(s, (unsigned char)c)) {
			mo_buf_addc(b, (char)c);
		}
	}
}

// Letters and digits as ranges, then signs; `]` first and `-` last, where brackets take them.
struct mo_str
mo_charset_text(struct mo_arena *a, const struct mo_charset *s)
{
	struct mo_buf b = mo_buf_in(a);
	if (mo_charset_has(s, ']')) {
		mo_buf_addc(&b, ']');
	}
	add_runs(&b, s, 'a', 'z');
	add_runs(&b, s, 'A', 'Z');
	add_runs(&b, s, '0', '9');
	for (unsigned char c = ' '; c < 127; c++) {
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!letter && c != ']' && c != '-' && mo_charset_has(s, c)) {
			mo_buf_addc(&b, (char)c);
		}
	}
	if (mo_charset_has(s, '-')) {
		mo_buf_addc(&b, '-');
	}
	return b.len ? mo_str_printf(a, "[" MO_STR_FMT "]", MO_STR_ARG(mo_buf_str(&b))) : (struct mo_str){ 0 };
}

// ---- the algebra -----------------------------------------------------------------------------------------------------------------

struct mo_domain
mo_domain_text(struct mo_str text)
{
	struct mo_domain d = { .prefix = text, .suffix = text, .constant = true };
	d.least = d.most = (uint32_t)mo_str_columns(text);
	for (size_t i = 0; i < text.len; i++) {
		add(&d.contain, (unsigned char)text.p[i]);
	}
	if (text.len) {
		add(&d.start, (unsigned char)text.p[0]);
		add(&d.end, (unsigned char)text.p[text.len - 1]);
	}
	return d;
}

struct mo_domain
mo_domain_any(void)
{
	return (struct mo_domain){ .most = MO_DOMAIN_UNBOUNDED, .start = mo_charset_all(), .contain = mo_charset_all(), .end = mo_charset_all() };
}

struct mo_domain
mo_domain_of_set(struct mo_charset s, uint32_t least, uint32_t most)
{
	return (struct mo_domain){ .least = least, .most = most, .start = s, .contain = s, .end = s };
}

// `a-z` is a range, as in a bracket expression.
struct mo_domain
mo_domain_of_chars(const char *chars, uint32_t least, uint32_t most)
{
	struct mo_charset s = { 0 };
	for (const char *c = chars; *c; c++) {
		if (c[1] == '-' && c[2]) {
			mo_charset_add(&s, (unsigned char)c[0], (unsigned char)c[2]);
			c += 2;
		} else {
			add(&s, (unsigned char)*c);
		}
	}
	return mo_domain_of_set(s, least, most);
}

static uint32_t
plus(uint32_t a, uint32_t b)
{
	return a == MO_DOMAIN_UNBOUNDED || b == MO_DOMAIN_UNBOUNDED || a > MO_DOMAIN_UNBOUNDED - b ? MO_DOMAIN_UNBOUNDED : a + b;
}

static uint32_t
times(uint32_t a, uint32_t b)
{
	uint64_t n = (uint64_t)a * b;
	return a && b && (a == MO_DOMAIN_UNBOUNDED || b == MO_DOMAIN_UNBOUNDED || n > MO_DOMAIN_UNBOUNDED) ? MO_DOMAIN_UNBOUNDED : (uint32_t)n;
}

static struct mo_str
glue(struct mo_arena *a, struct mo_str x, struct mo_str y)
{
	return !x.len ? y : !y.len ? x : mo_str_printf(a, MO_STR_FMT MO_STR_FMT, MO_STR_ARG(x), MO_STR_ARG(y));
}

struct mo_domain
mo_domain_concat(struct mo_arena *a, const struct mo_domain *x, const struct mo_domain *y)
{
	struct mo_domain d = { .least = plus(x->least, y->least), .most = plus(x->most, y->most) };
	d.contain = mo_charset_both(&x->contain, &y->contain);
	d.start = x->least ? x->start : mo_charset_both(&x->start, &y->start);
	d.end = y->least ? y->end : mo_charset_both(&x->end, &y->end);
	d.prefix = x->constant ? glue(a, x->prefix, y->prefix) : x->prefix;
	d.suffix = y->constant ? glue(a, x->suffix, y->suffix) : y->suffix;
	d.constant = x->constant && y->constant;
	d.absent = x->absent || y->absent;
	return d;
}

static struct mo_str
common_start(struct mo_str a, struct mo_str b)
{
	size_t n = 0;
	while (n < a.len && n < b.len && a.p[n] == b.p[n]) {
		n++;
	}
	return mo_str_sub(a, 0, n);
}

static struct mo_str
common_end(struct mo_str a, struct mo_str b)
{
	size_t n = 0;
	while (n < a.len && n < b.len && a.p[a.len - 1 - n] == b.p[b.len - 1 - n]) {
		n++;
	}
	return mo_str_sub(a, a.len - n, a.len);
}

struct mo_domain
mo_domain_join(const struct mo_domain *x, const struct mo_domain *y)
{
	if (x->absent || y->absent) {
		return x->absent ? *y : *x;
	}
	struct mo_domain d = { .least = x->least < y->least ? x->least : y->least, .most = x->most > y->most ? x->most : y->most };
	d.start = mo_charset_both(&x->start, &y->start);
	d.contain = mo_charset_both(&x->contain, &y->contain);
	d.end = mo_charset_both(&x->end, &y->end);
	d.prefix = common_start(x->prefix, y->prefix);
	d.suffix = common_end(x->suffix, y->suffix);
	d.constant = x->constant && y->constant && mo_str_eq(x->prefix, y->prefix);
	return d;
}

struct mo_domain
mo_domain_repeat(const struct mo_domain *d, uint32_t least, uint32_t most)
{
	if (least == 1 && most == 1) {
		return *d;
	}
	return (struct mo_domain){ .least = times(d->least, least), .most = times(d->most, most), .start = d->start, .contain = d->contain,
		.end = d->end };
}
