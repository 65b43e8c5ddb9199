// SPDX-License-Identifier: Apache-2.0
// The algebra of string domains, and domains of patterns. Knows nothing of values.
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

static void
add_range(struct mo_charset *s, unsigned char from, unsigned char to)
{
	for (unsigned c = from; c <= to; c++) {
		add(s, (unsigned char)c);
	}
}

static struct mo_charset
all_characters(void)
{
	return (struct mo_charset){ { UINT64_MAX, UINT64_MAX }, true };
}

static struct mo_charset
both(const struct mo_charset *a, const struct mo_charset *b)
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
	return (struct mo_domain){ .most = MO_DOMAIN_UNBOUNDED, .start = all_characters(), .contain = all_characters(), .end = all_characters() };
}

static struct mo_domain
of_set(struct mo_charset s, uint32_t least, uint32_t most)
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
			add_range(&s, (unsigned char)c[0], (unsigned char)c[2]);
			c += 2;
		} else {
			add(&s, (unsigned char)*c);
		}
	}
	return of_set(s, least, most);
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
	d.contain = both(&x->contain, &y->contain);
	d.start = x->least ? x->start : both(&x->start, &y->start);
	d.end = y->least ? y->end : both(&x->end, &y->end);
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
	d.start = both(&x->start, &y->start);
	d.contain = both(&x->contain, &y->contain);
	d.end = both(&x->end, &y->end);
	d.prefix = common_start(x->prefix, y->prefix);
	d.suffix = common_end(x->suffix, y->suffix);
	d.constant = x->constant && y->constant && mo_str_eq(x->prefix, y->prefix);
	return d;
}

// ---- patterns --------------------------------------------------------------------------------------------------------------------

enum { DEEPEST_GROUP = 40 };

struct reading {
	struct mo_arena *arena;
	struct mo_str pattern;
	size_t at;
	uint32_t depth;
	uint32_t least, most; // of the branch at hand, as a look ahead says
	bool failed;
};

static struct mo_domain read_choice(struct reading *r);

static char
peek(const struct reading *r)
{
	return r->at < r->pattern.len ? r->pattern.p[r->at] : '\0';
}

static struct mo_domain
single(struct mo_charset s)
{
	return of_set(s, 1, 1);
}

static void
add_class(struct mo_charset *s, char c)
{
	if (c == 'd' || c == 'w') {
		add_range(s, '0', '9');
	}
	if (c == 'w') {
		add_range(s, 'a', 'z');
		add_range(s, 'A', 'Z');
		add(s, '_');
	}
	if (c == 's') {
		add_range(s, '\t', '\r');
		add(s, ' ');
	}
}

static struct mo_domain
read_escape(struct reading *r)
{
	char c = peek(r);
	struct mo_charset s = { 0 };
	r->at++;
	if (c == 'd' || c == 'w' || c == 's') {
		add_class(&s, c);
		return single(s);
	}
	if (c == 'D' || c == 'W' || c == 'S') {
		return single(all_characters());
	}
	if (c == '\0' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
		r->failed = true;
	}
	char *text = mo_new(r->arena, char);
	*text = c;
	return mo_domain_text((struct mo_str){ text, 1 });
}

// [[:alnum:]] and its like.
static bool
read_named_class(struct reading *r, struct mo_charset *s)
{
	static const struct {
		const char *name, *chars;
	} classes[] = { { "[:alnum:]", "a-zA-Z0-9" }, { "[:alpha:]", "a-zA-Z" }, { "[:digit:]", "0-9" }, { "[:lower:]", "a-z" },
		{ "[:upper:]", "A-Z" }, { "[:space:]", "\t-\r " }, { "[:xdigit:]", "0-9a-fA-F" } };
	struct mo_str rest = mo_str_sub(r->pattern, r->at, r->pattern.len);
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		if (mo_str_starts(rest, mo_str_c(classes[i].name))) {
			struct mo_domain d = mo_domain_of_chars(classes[i].chars, 1, 1);
			*s = both(s, &d.contain);
			r->at += mo_str_c(classes[i].name).len;
			return true;
		}
	}
	return false;
}

// From behind `[` to behind its `]`.
static struct mo_domain
read_bracket(struct reading *r)
{
	struct mo_charset s = { 0 }, all = all_characters();
	bool negated = peek(r) == '^';
	r->at += negated;
	for (bool first = true; r->at < r->pattern.len; first = false) {
		if (peek(r) == '[' && read_named_class(r, &s)) {
			continue;
		}
		unsigned char c = (unsigned char)r->pattern.p[r->at++];
		if (c == ']' && !first) {
			return single(negated ? mo_charset_without(&all, &s) : s);
		}
		if (c == '\\' && r->at < r->pattern.len) { // of other dialects; for POSIX it stands for itself
			char escaped = r->pattern.p[r->at++];
			add_class(&s, escaped);
			add(&s, escaped == 'd' || escaped == 'w' || escaped == 's' ? '\\' : (unsigned char)escaped);
			continue;
		}
		if (peek(r) == '-' && r->at + 1 < r->pattern.len && r->pattern.p[r->at + 1] != ']') {
			add_range(&s, c, (unsigned char)r->pattern.p[r->at + 1]);
			r->at += 2;
		} else {
			add(&s, c);
		}
	}
	r->failed = true;
	return mo_domain_any();
}

// (?=.{3,63}$), the length of the whole, is all that is understood of looking ahead.
static struct mo_domain
read_look_ahead(struct reading *r)
{
	uint32_t least = r->least, most = r->most;
	r->failed = r->failed || !mo_str_starts(mo_str_sub(r->pattern, r->at, r->pattern.len), MO_STR("?="));
	r->at += 2;
	struct mo_domain d = read_choice(r);
	bool whole = r->at > 0 && r->at < r->pattern.len && peek(r) == ')' && r->pattern.p[r->at - 1] == '$';
	r->failed = r->failed || !whole;
	r->at++;
	r->least = d.least > least ? d.least : least;
	r->most = d.most < most ? d.most : most;
	return mo_domain_text(MO_STR(""));
}

static struct mo_domain
read_one(struct reading *r)
{
	char c = peek(r);
	r->at++;
	switch (c) {
	case '(': {
		if (mo_str_starts(mo_str_sub(r->pattern, r->at, r->pattern.len), MO_STR("?:"))) {
			r->at += 2;
		} else if (peek(r) == '?') {
			return read_look_ahead(r);
		}
		struct mo_domain d = read_choice(r);
		r->failed = r->failed || peek(r) != ')';
		r->at++;
		return d;
	}
	case '[': return read_bracket(r);
	case '.': return single(all_characters());
	case '\\': return read_escape(r);
	case '^':
	case '$': return mo_domain_text(MO_STR(""));
	default: return mo_domain_text(mo_str_sub(r->pattern, r->at - 1, r->at));
	}
}

static uint32_t
read_number(struct reading *r)
{
	uint32_t n = 0;
	r->failed = r->failed || peek(r) < '0' || peek(r) > '9';
	for (; peek(r) >= '0' && peek(r) <= '9' && n < 100000; r->at++) {
		n = n * 10 + (uint32_t)(peek(r) - '0');
	}
	return n;
}

static struct mo_domain
repeat(const struct mo_domain *d, uint32_t least, uint32_t most)
{
	if (least == 1 && most == 1) {
		return *d;
	}
	return (struct mo_domain){ .least = times(d->least, least), .most = times(d->most, most), .start = d->start, .contain = d->contain,
		.end = d->end };
}

static struct mo_domain
read_repeated(struct reading *r)
{
	struct mo_domain d = read_one(r);
	for (char c = peek(r); c == '*' || c == '+' || c == '?' || c == '{'; c = peek(r)) {
		uint32_t least = c == '+', most = c == '?' ? 1 : MO_DOMAIN_UNBOUNDED;
		r->at++;
		if (c == '{') {
			least = most = read_number(r);
			if (peek(r) == ',') {
				r->at++;
				most = peek(r) == '}' ? MO_DOMAIN_UNBOUNDED : read_number(r);
			}
			r->failed = r->failed || peek(r) != '}';
			r->at++;
		}
		d = repeat(&d, least, most);
		if (r->failed || r->at > r->pattern.len) {
			break;
		}
	}
	return d;
}

static struct mo_domain
read_branch(struct reading *r)
{
	struct mo_domain one = mo_domain_text(MO_STR(""));
	r->least = 0;
	r->most = MO_DOMAIN_UNBOUNDED;
	while (!r->failed && r->at < r->pattern.len && peek(r) != ')' && peek(r) != '|') {
		struct mo_domain next = read_repeated(r);
		one = mo_domain_concat(r->arena, &one, &next);
	}
	one.least = one.least > r->least ? one.least : r->least;
	one.most = one.most < r->most ? one.most : r->most;
	return one;
}

static struct mo_domain
read_choice(struct reading *r)
{
	uint32_t least = r->least, most = r->most;
	if (++r->depth > DEEPEST_GROUP) {
		r->failed = true;
	}
	struct mo_domain all = read_branch(r);
	while (!r->failed && peek(r) == '|') {
		r->at++;
		struct mo_domain one = read_branch(r);
		all = mo_domain_join(&all, &one);
	}
	r->depth--;
	r->least = least;
	r->most = most;
	return all;
}

struct mo_domain
mo_domain_pattern(struct mo_arena *a, struct mo_str pattern)
{
	struct reading r = { .arena = a, .pattern = pattern, .most = MO_DOMAIN_UNBOUNDED };
	struct mo_domain d = read_choice(&r);
	return r.failed || r.at < pattern.len ? mo_domain_any() : d;
}

struct mo_domain
mo_domain_limit(struct mo_arena *a, const struct mo_text_limit *limit)
{
	struct mo_domain d = limit->pattern ? mo_domain_pattern(a, mo_str_c(limit->pattern)) : mo_domain_any();
	d.least = d.least > limit->least ? d.least : limit->least;
	d.most = d.most < limit->most ? d.most : limit->most;
	return d;
}
