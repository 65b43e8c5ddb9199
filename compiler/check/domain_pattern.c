// SPDX-License-Identifier: Apache-2.0
// Domains of patterns: POSIX extended expressions and the escapes of other dialects that CloudFormation takes. What matches a pattern lies
// in its domain; what cannot be read is anything.
#include "check/domain.h"

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
	return mo_domain_of_set(s, 1, 1);
}

static void
add_class(struct mo_charset *s, char c)
{
	if (c == 'd' || c == 'w') {
		mo_charset_add(s, '0', '9');
	}
	if (c == 'w') {
		mo_charset_add(s, 'a', 'z');
		mo_charset_add(s, 'A', 'Z');
		mo_charset_add(s, '_', '_');
	}
	if (c == 's') {
		mo_charset_add(s, '\t', '\r');
		mo_charset_add(s, ' ', ' ');
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
		return single(mo_charset_all());
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
			*s = mo_charset_both(s, &d.contain);
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
	struct mo_charset s = { 0 }, all = mo_charset_all();
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
			unsigned char meant = escaped == 'd' || escaped == 'w' || escaped == 's' ? '\\' : (unsigned char)escaped;
			mo_charset_add(&s, meant, meant);
			continue;
		}
		if (peek(r) == '-' && r->at + 1 < r->pattern.len && r->pattern.p[r->at + 1] != ']') {
			mo_charset_add(&s, c, (unsigned char)r->pattern.p[r->at + 1]);
			r->at += 2;
		} else {
			mo_charset_add(&s, c, c);
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
	case '.': return single(mo_charset_all());
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
		d = mo_domain_repeat(&d, least, most);
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
