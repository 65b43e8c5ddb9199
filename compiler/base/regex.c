// SPDX-License-Identifier: Apache-2.0
// A scan that knows just enough of the syntax to refuse what must be refused, then regcomp. Patterns are compiled once and kept with
// the context; nothing is allocated from an arena between compiling and keeping, so running out of memory leaks nothing.
#include "base/regex.h"

#include <regex.h>
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

// ---- patterns that are known -----------------------------------------------------------------------------------------------------

enum { MOST_KEPT = 200 }; // a program may make patterns without end: the rest are compiled each time

struct mo_regex {
	struct mo_arena_cleanup cleanup; // first
	struct mo_str pattern;
	struct mo_str why;               // why it cannot be used; empty: it can, and is compiled
	regex_t compiled;
};

static void
forget(struct mo_arena_cleanup *c)
{
	regfree(&((struct mo_regex *)(void *)c)->compiled);
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

// Compiles r->pattern. Everything that can run out of memory comes before, or is told by regcomp itself.
static void
compile(struct mo_arena *arena, struct mo_regex *r)
{
	struct scan s = { .pattern = r->pattern };
	char reason[200] = "";
	if (!scan(&s)) {
		r->why = mo_str_c(s.why);
		return;
	}
	char *text = anchored(arena, r->pattern);
	int error = regcomp(&r->compiled, text, REG_EXTENDED | REG_NOSUB);
	if (error != 0) {
		regerror(error, &r->compiled, reason, sizeof(reason));
		r->why = mo_str_dup(arena, mo_str_c(*reason ? reason : "it cannot be compiled"));
	}
}

static struct mo_regex *
make(struct mo_ctx *ctx, struct mo_str pattern, uint64_t hash)
{
	struct mo_arena *arena = &ctx->session;
	struct mo_regex *r = mo_new(arena, struct mo_regex);
	r->pattern = mo_str_dup(arena, pattern);
	mo_map_put(arena, &ctx->regexes, hash, r);
	r->why = MO_STR("it was not compiled"); // should memory run out on the way
	struct mo_regex fresh = { .pattern = r->pattern };
	compile(arena, &fresh);
	*r = fresh;
	if (!r->why.len) {
		mo_arena_on_free(arena, &r->cleanup, forget);
	}
	return r;
}

// NULL when it is not kept.
static struct mo_regex *
known(struct mo_ctx *ctx, struct mo_str pattern)
{
	uint64_t hash = mo_str_hash(pattern);
	struct mo_regex *r = mo_map_get(&ctx->regexes, hash);
	if (!r && ctx->regexes.len < MOST_KEPT) {
		r = make(ctx, pattern, hash);
	}
	return r && mo_str_eq(r->pattern, pattern) ? r : NULL;
}

// ---- what callers ask ------------------------------------------------------------------------------------------------------------

bool
mo_regex_valid(struct mo_ctx *ctx, struct mo_str pattern, struct mo_str *why)
{
	struct mo_regex *r = known(ctx, pattern), once = { .pattern = pattern };
	if (!r) {
		compile(&ctx->session, &once);
		if (!once.why.len) {
			regfree(&once.compiled);
		}
		r = &once;
	}
	*why = r->why;
	return !r->why.len;
}

bool
mo_regex_matches(struct mo_ctx *ctx, struct mo_str pattern, struct mo_str text)
{
	char near[256];
	struct mo_regex *r = known(ctx, pattern), once = { .pattern = pattern };
	char *terminated = text.len < sizeof(near) ? near : mo_arena_alloc(&ctx->build, text.len + 1);
	if (text.len) {
		memcpy(terminated, text.p, text.len);
	}
	terminated[text.len] = '\0';
	if (strlen(terminated) != text.len) {
		return false; // a NUL byte
	}
	if (!r) {
		compile(&ctx->session, &once);
	}
	const struct mo_regex *used = r ? r : &once;
	bool matches = !used->why.len && regexec(&used->compiled, terminated, 0, NULL, 0) == 0;
	if (!r && !once.why.len) {
		regfree(&once.compiled);
	}
	return matches;
}
