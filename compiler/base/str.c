// SPDX-License-Identifier: Apache-2.0
#include "base/str.h"

#include <stdio.h>
#include <string.h>

struct mo_str
mo_str_c(const char *terminated)
{
	return (struct mo_str){ terminated, terminated ? strlen(terminated) : 0 };
}

bool
mo_str_eq(struct mo_str a, struct mo_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

bool
mo_str_is(struct mo_str a, const char *terminated)
{
	return mo_str_eq(a, mo_str_c(terminated));
}

int
mo_str_cmp(struct mo_str a, struct mo_str b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int d = shorter ? memcmp(a.p, b.p, shorter) : 0;
	return d ? d : (a.len > b.len) - (a.len < b.len);
}

bool
mo_str_starts(struct mo_str s, struct mo_str prefix)
{
	return s.len >= prefix.len && mo_str_eq((struct mo_str){ s.p, prefix.len }, prefix);
}

bool
mo_str_ends(struct mo_str s, struct mo_str suffix)
{
	return s.len >= suffix.len && mo_str_eq((struct mo_str){ s.p + (s.len - suffix.len), suffix.len }, suffix);
}

ptrdiff_t
mo_str_find(struct mo_str s, struct mo_str part, size_t from)
{
	if (part.len == 0) {
		return from <= s.len ? (ptrdiff_t)from : -1;
	}
	if (from >= s.len) {
		return -1;
	}
	const char *at = memmem(s.p + from, s.len - from, part.p, part.len);
	return at ? at - s.p : -1;
}

struct mo_str
mo_str_sub(struct mo_str s, size_t from, size_t to)
{
	if (to > s.len) {
		to = s.len;
	}
	if (from > to) {
		from = to;
	}
	return (struct mo_str){ s.p + from, to - from };
}

uint64_t
mo_str_hash(struct mo_str s)
{
	uint64_t h = 0xcbf29ce484222325ULL; // FNV-1a
	for (size_t i = 0; i < s.len; i++) {
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3ULL;
	}
	return h ^ (h >> 32);
}

// The length of the well-formed UTF-8 sequence at s.p[i], 0 if there is none.
static size_t
sequence_at(struct mo_str s, size_t i)
{
	const unsigned char *p = (const unsigned char *)s.p + i;
	size_t left = s.len - i;
	if (p[0] < 0x80) {
		return 1;
	}
	size_t n = p[0] >= 0xc2 && p[0] <= 0xdf ? 2 : (p[0] & 0xf0) == 0xe0 ? 3 : p[0] >= 0xf0 && p[0] <= 0xf4 ? 4 : 0;
	if (n == 0 || left < n) {
		return 0;
	}
	for (size_t k = 1; k < n; k++) {
		if ((p[k] & 0xc0) != 0x80) {
			return 0;
		}
	}
	bool overlong = (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90);
	bool beyond = (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf4 && p[1] > 0x8f);
	return overlong || beyond ? 0 : n;
}

size_t
mo_str_columns(struct mo_str s)
{
	size_t columns = 0;
	for (size_t i = 0; i < s.len; columns++) {
		size_t n = sequence_at(s, i);
		i += n ? n : 1;
	}
	return columns;
}

size_t
mo_str_code_point(struct mo_str s, size_t i, uint32_t *code_point)
{
	size_t n = sequence_at(s, i);
	const unsigned char *p = (const unsigned char *)s.p + i;
	if (n == 0) {
		*code_point = 0xfffd;
		return 1;
	}
	uint32_t c = n == 1 ? p[0] : p[0] & (0xffU >> (n + 1));
	for (size_t k = 1; k < n; k++) {
		c = c << 6 | (p[k] & 0x3f);
	}
	*code_point = c;
	return n;
}

bool
mo_str_utf8(struct mo_str s, size_t *bad)
{
	for (size_t i = 0; i < s.len;) {
		size_t n = sequence_at(s, i);
		if (!n) {
			*bad = i;
			return false;
		}
		i += n;
	}
	return true;
}

struct mo_str
mo_str_dup(struct mo_arena *a, struct mo_str s)
{
	char *p = mo_arena_alloc(a, s.len + 1);
	if (s.len) {
		memcpy(p, s.p, s.len);
	}
	return (struct mo_str){ p, s.len };
}

struct mo_str
mo_str_vprintf(struct mo_arena *a, const char *fmt, va_list args)
{
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	char *p = mo_arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, args);
	return (struct mo_str){ p, (size_t)n };
}

struct mo_str
mo_str_printf(struct mo_arena *a, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	struct mo_str s = mo_str_vprintf(a, fmt, args);
	va_end(args);
	return s;
}

struct mo_buf
mo_buf_in(struct mo_arena *arena)
{
	return (struct mo_buf){ .arena = arena };
}

// Makes room for `more` bytes and returns where they go.
static char *
room(struct mo_buf *b, size_t more)
{
	if (b->cap - b->len < more) {
		size_t cap = b->cap ? b->cap * 2 : 64;
		if (cap < b->len + more) {
			cap = b->len + more;
		}
		b->p = mo_arena_grow(b->arena, b->p, b->cap, cap);
		b->cap = cap;
	}
	return b->p + b->len;
}

void
mo_buf_add(struct mo_buf *b, struct mo_str s)
{
	if (s.len) {
		memcpy(room(b, s.len), s.p, s.len);
		b->len += s.len;
	}
}

void
mo_buf_addc(struct mo_buf *b, char c)
{
	*room(b, 1) = c;
	b->len++;
}

void
mo_buf_adds(struct mo_buf *b, const char *terminated)
{
	mo_buf_add(b, mo_str_c(terminated));
}

void
mo_buf_fill(struct mo_buf *b, char c, size_t n)
{
	if (n) {
		memset(room(b, n), c, n);
		b->len += n;
	}
}

void
mo_buf_vprintf(struct mo_buf *b, const char *fmt, va_list args)
{
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	vsnprintf(room(b, (size_t)n + 1), (size_t)n + 1, fmt, args);
	b->len += (size_t)n;
}

void
mo_buf_printf(struct mo_buf *b, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	mo_buf_vprintf(b, fmt, args);
	va_end(args);
}

void
mo_buf_utf8(struct mo_buf *b, uint32_t c)
{
	if (c < 0x80) {
		mo_buf_addc(b, (char)c);
		return;
	}
	if (c < 0x800) {
		mo_buf_addc(b, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			mo_buf_addc(b, (char)(0xe0 | c >> 12));
		} else {
			mo_buf_addc(b, (char)(0xf0 | c >> 18));
			mo_buf_addc(b, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		mo_buf_addc(b, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	mo_buf_addc(b, (char)(0x80 | (c & 0x3f)));
}

struct mo_str
mo_buf_str(const struct mo_buf *b)
{
	return (struct mo_str){ b->p, b->len };
}
