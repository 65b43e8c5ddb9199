// SPDX-License-Identifier: Apache-2.0
// A scan that knows just enough of the syntax to refuse what must be refused, then regcomp. Nothing is allocated from an arena while a
// compiled pattern is alive, so running out of memory leaks nothing.
#include "base/regex.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST_GROUP = 30 };

struct scan {
	struct mo_str pattern;
	size_t at;
	uint64_t width[DEEPEST_GROUP + 1]; // by group depth: how many single matchers it expands to so far
	uint64_t last;                     // width of what a repetition would repeat
	uint32_t depth;
	const char *why;
};

static bool
refuse(struct scan *s, const char *why)
{
	s->why = why;
	return false;
}

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
more(const struct scan *s)
{
	return s->at < s->pattern.len;
}

static char
peek(const struct scan *s)
{
	return more(s) ? s->pattern.p[s->at] : '\0';
}

static bool
add_width(struct scan *s, uint64_t width)
{
	s->last = width;
	s->width[s->depth] += width;
	return s->width[s->depth] <= MO_REGEX_COPIES || refuse(s, "its repetitions multiply to more than the matcher can bear");
}

// From behind `[` to behind its `]`.
static bool
scan_bracket(struct scan *s)
{
	if (peek(s) == '^') {
		s->at++;
	}
	for (bool first = true; more(s); first = false) {
		char c = s->pattern.p[s->at++];
		if (c == '\\') {
			return refuse(s, "in brackets a backslash stands for itself in POSIX: put `]` first and `-` last, write `0-9` for `\\d`");
		}
		if (c == ']' && !first) {
			return add_width(s, 1);
		}
		if (c == '[' && (peek(s) == ':' || peek(s) == '.' || peek(s) == '=')) {
			char closing[2] = { peek(s), ']' };
			ptrdiff_t end = mo_str_find(s->pattern, (struct mo_str){ closing, 2 }, s->at + 1);
			if (end < 0) {
				break;
			}
			s->at = (size_t)end + 2;
		}
	}
	return refuse(s, "a `[` is not closed");
}

static bool
scan_escape(struct scan *s)
{
	if (!more(s)) {
		return refuse(s, "it ends in a backslash");
	}
	char c = s->pattern.p[s->at++];
	if (c == 'd' || c == 'D') {
		return refuse(s, "POSIX has no `\\d`: write `[0-9]`");
	}
	if (c == 'w' || c == 'W' || c == 's' || c == 'S') {
		return refuse(s, "POSIX has no `\\w` and `\\s`: write `[A-Za-z0-9_]` and `[[:space:]]`");
	}
	if (is_alnum(c)) {
		return refuse(s, "POSIX has no escape of a letter or digit");
	}
	return add_width(s, 1);
}

static bool
number(struct scan *s, uint64_t *n)
{
	size_t start = s->at;
	for (*n = 0; peek(s) >= '0' && peek(s) <= '9' && *n <= MO_REGEX_COPIES; s->at++) {
		*n = *n * 10 + (uint64_t)(peek(s) - '0');
	}
	return s->at > start;
}

// From behind `{`: {3}, {3,}, {3,60}.
static bool
scan_bounds(struct scan *s)
{
	uint64_t least, most;
	if (!number(s, &least)) {
		return refuse(s, "a `{` must start a count such as {1,63}; a brace itself is written `\\{`");
	}
	most = least;
	if (peek(s) == ',') {
		s->at++;
		if (!number(s, &most)) {
			most = least + 1;
		}
	}
	if (peek(s) != '}') {
		return refuse(s, "a count is not closed by `}`");
	}
	s->at++;
	if (most < least) {
		return refuse(s, "a count is larger than its end");
	}
	uint64_t width = s->last * (most ? most : 1);
	s->width[s->depth] -= s->last;
	return add_width(s, width);
}

static bool
scan_repetition(struct scan *s)
{
	char c = peek(s);
	if (c == '?' || c == '+' || c == '*') {
		return refuse(s, "POSIX has no lazy or possessive repetition (`*?`, `*+`)");
	}
	return true;
}

static bool
open_group(struct scan *s)
{
	if (peek(s) == '?') {
		return refuse(s, "POSIX has no groups with `(?`: write `(`");
	}
	if (s->depth == DEEPEST_GROUP) {
		return refuse(s, "its groups nest too deep");
	}
	s->width[++s->depth] = 0;
	s->last = 0;
	return true;
}

static bool
close_group(struct scan *s)
{
	if (s->depth == 0) {
		return refuse(s, "a `)` has no `(`; a parenthesis itself is written `\\)`");
	}
	uint64_t inside = s->width[s->depth--];
	return add_width(s, inside ? inside : 1);
}

static bool
scan_one(struct scan *s)
{
	switch (s->pattern.p[s->at++]) {
	case '\\':
		return scan_escape(s);
	case '[':
		return scan_bracket(s);
	case '(':
		return open_group(s);
	case ')':
		return close_group(s);
	case '{':
		return scan_bounds(s);
	case '*':
	case '+':
	case '?':
		return scan_repetition(s);
	case '\0':
		return refuse(s, "it holds a NUL byte");
	default:
		return add_width(s, 1);
	}
}

static bool
scan(struct scan *s)
{
	if (s->pattern.len > MO_REGEX_LONGEST) {
		return refuse(s, "it is longer than 1000 bytes");
	}
	while (more(s)) {
		if (!scan_one(s)) {
			return false;
		}
	}
	return s->depth == 0 || refuse(s, "a `(` is not closed");
}

// ^(pattern)$, terminated.
static char *
anchored(struct mo_arena *arena, struct mo_str pattern)
{
	char *p = mo_arena_alloc(arena, pattern.len + 5);
	memcpy(p, "^(", 2);
	if (pattern.len) {
		memcpy(p + 2, pattern.p, pattern.len);
	}
	memcpy(p + 2 + pattern.len, ")$", 3);
	return p;
}

bool
mo_regex_valid(struct mo_arena *arena, struct mo_str pattern, struct mo_str *why)
{
	struct scan s = { .pattern = pattern };
	if (!scan(&s)) {
		*why = mo_str_c(s.why);
		return false;
	}
	regex_t compiled;
	char reason[200] = "";
	char *text = anchored(arena, pattern);
	int error = regcomp(&compiled, text, REG_EXTENDED | REG_NOSUB);
	if (error == 0) {
		regfree(&compiled);
		return true;
	}
	regerror(error, &compiled, reason, sizeof(reason));
	*why = mo_str_dup(arena, mo_str_c(reason));
	return false;
}

bool
mo_regex_matches(struct mo_arena *arena, struct mo_str pattern, struct mo_str text)
{
	regex_t compiled;
	char *expression = anchored(arena, pattern);
	struct mo_str terminated = mo_str_dup(arena, text);
	if ((text.len && memchr(text.p, 0, text.len)) || regcomp(&compiled, expression, REG_EXTENDED | REG_NOSUB) != 0) {
		return false;
	}
	bool matches = regexec(&compiled, terminated.p, 0, NULL, 0) == 0;
	regfree(&compiled);
	return matches;
}
