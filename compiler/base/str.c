// SPDX-License-Identifier: Apache-2.0
#include "base/str.h"

#include <stdio.h>
#include <string.h>

struct mo_str
mo_str_c(const char *terminated)
{
	return (struct mo_str){ terminated, terminated ? strlen(terminated) : 0 };
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

// Eight bytes at a time, each folded in by the high and low half of a product.
static uint64_t
fold(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 product;
	product r = (product)a * b;
	return (uint64_t)r ^ (uint64_t)(r >> 64);
}

uint64_t
mo_str_hash(struct mo_str s)
{
	const uint64_t first = 0x9e3779b97f4a7c15ULL, second = 0xd6e8feb86659fd93ULL;
	uint64_t h = first ^ s.len, word;
	size_t i = 0;
	for (; s.len - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, s.p + i, sizeof(word));
		h = fold(h ^ word, second);
	}
	if (i < s.len) {
		word = 0;
		memcpy(&word, s.p + i, s.len - i);
		h = fold(h ^ word, second);
	}
	return fold(h ^ second, first);
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

// ---- formatting ------------------------------------------------------------------------------------------------------------------

enum { LONGEST_DIGITS = 20 };

// Where formatted text goes: what does not fit is counted only.
struct target {
	char *p;
	size_t cap, len;
};

static void
put(struct target *t, const char *p, size_t len)
{
	if (len && t->len < t->cap) {
		memcpy(t->p + t->len, p, len < t->cap - t->len ? len : t->cap - t->len);
	}
	t->len += len;
}

static void
put_number(struct target *t, uint64_t n, bool negative)
{
	char digits[LONGEST_DIGITS + 1];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	if (negative) {
		digits[--at] = '-';
	}
	put(t, digits + at, sizeof(digits) - at);
}

static void
put_signed(struct target *t, int64_t n)
{
	put_number(t, n < 0 ? 0 - (uint64_t)n : (uint64_t)n, n < 0);
}

// The conversions that almost all formats are made of: %s %.*s %c %d %u %ld %lu %zu %%. False at any other, which the C library knows.
static bool
format_simple(struct target *t, const char *fmt, va_list args)
{
	for (;;) {
		const char *percent = strchrnul(fmt, '%');
		put(t, fmt, (size_t)(percent - fmt));
		if (!*percent) {
			return true;
		}
		fmt = percent + 1;
		if (strncmp(fmt, ".*s", 3) == 0) {
			int most = va_arg(args, int);
			const char *s = va_arg(args, const char *);
			put(t, s, strnlen(s, most > 0 ? (size_t)most : 0));
			fmt += 3;
			continue;
		}
		bool wide = *fmt == 'l' || *fmt == 'z';
		switch (fmt[wide]) {
		case 's':
			if (wide) {
				return false;
			}
			const char *s = va_arg(args, const char *);
			put(t, s, strlen(s));
			break;
		case 'c':
			if (wide) {
				return false;
			}
			char c = (char)va_arg(args, int);
			put(t, &c, 1);
			break;
		case 'd':
			put_signed(t, wide ? va_arg(args, long) : va_arg(args, int));
			break;
		case 'u':
			put_number(t, wide ? va_arg(args, unsigned long) : va_arg(args, unsigned), false);
			break;
		case '%':
			put(t, "%", 1);
			break;
		default:
			return false;
		}
		fmt += wide + 1;
	}
}

_Static_assert(sizeof(long) == sizeof(int64_t) && sizeof(size_t) == sizeof(long), "%ld and %zu are 64 bits wide");

// Formats as vsnprintf does, without a NUL behind; returns the length of the whole.
static size_t __attribute__((format(printf, 3, 0)))
format(char *p, size_t cap, const char *fmt, va_list args)
{
	struct target t = { p, cap, 0 };
	va_list again;
	va_copy(again, args);
	bool done = format_simple(&t, fmt, again);
	va_end(again);
	if (done) {
		return t.len;
	}
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if ((size_t)n < cap) {
		va_copy(again, args);
		vsnprintf(p, cap, fmt, again);
		va_end(again);
	}
	return (size_t)n;
}

struct mo_str
mo_str_vprintf(struct mo_arena *a, const char *fmt, va_list args)
{
	char near[256];
	size_t len = format(near, sizeof(near), fmt, args);
	char *p = mo_arena_alloc(a, len + 1);
	if (len < sizeof(near)) {
		memcpy(p, near, len);
	} else {
		format(p, len + 1, fmt, args);
	}
	return (struct mo_str){ p, len };
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

char *
mo_buf_room(struct mo_buf *b, size_t more)
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
mo_buf_adds(struct mo_buf *b, const char *terminated)
{
	mo_buf_add(b, mo_str_c(terminated));
}

void
mo_buf_fill(struct mo_buf *b, char c, size_t n)
{
	if (n) {
		memset(mo_buf_room(b, n), c, n);
		b->len += n;
	}
}

void
mo_buf_vprintf(struct mo_buf *b, const char *fmt, va_list args)
{
	char *at = mo_buf_room(b, 1);
	size_t room = b->cap - b->len, len = format(at, room, fmt, args);
	if (len >= room) {
		format(mo_buf_room(b, len + 1), len + 1, fmt, args);
	}
	b->len += len;
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
