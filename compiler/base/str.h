// SPDX-License-Identifier: Apache-2.0
// Text with an explicit length, and a growing buffer to make it in.
#ifndef MO_BASE_STR_H
#define MO_BASE_STR_H

#include "base/arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// A run of UTF-8 bytes that somebody else owns. Not terminated, may be empty (p may then be NULL).
struct mo_str {
	const char *p;
	size_t len;
};

#define MO_STR(literal) ((struct mo_str){ (literal), sizeof(literal) - 1 })
#define MO_STR_FMT "%.*s"
#define MO_STR_ARG(s) (int)(s).len, (s).p ? (s).p : ""

struct mo_str mo_str_c(const char *terminated);

static inline bool
mo_str_eq(struct mo_str a, struct mo_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

// Here so that the length of a literal is known.
static inline bool
mo_str_is(struct mo_str a, const char *terminated)
{
	return mo_str_eq(a, (struct mo_str){ terminated, strlen(terminated) });
}

int mo_str_cmp(struct mo_str a, struct mo_str b); // by bytes: the same order in every locale
bool mo_str_starts(struct mo_str s, struct mo_str prefix);
bool mo_str_ends(struct mo_str s, struct mo_str suffix);
ptrdiff_t mo_str_find(struct mo_str s, struct mo_str part, size_t from); // byte index, -1 if absent
struct mo_str mo_str_sub(struct mo_str s, size_t from, size_t to);       // clamps
uint64_t mo_str_hash(struct mo_str s);
// Code points, counting each invalid byte as one.
size_t mo_str_columns(struct mo_str s);
// Decodes the code point at byte i < s.len and returns its length; an invalid byte is U+FFFD of length 1.
size_t mo_str_code_point(struct mo_str s, size_t i, uint32_t *code_point);
// Whether all of it is well-formed UTF-8 (no surrogates, no overlong forms); *bad gets the first bad byte's index.
bool mo_str_utf8(struct mo_str s, size_t *bad);
// Copies into the arena; the copy is followed by a NUL that is not counted.
struct mo_str mo_str_dup(struct mo_arena *a, struct mo_str s);
struct mo_str mo_str_printf(struct mo_arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct mo_str mo_str_vprintf(struct mo_arena *a, const char *fmt, va_list args) __attribute__((format(printf, 2, 0)));

// A buffer that grows in an arena. Zero-initialize and set .arena.
struct mo_buf {
	struct mo_arena *arena;
	char *p;
	size_t len, cap;
};

struct mo_buf mo_buf_in(struct mo_arena *arena);
char *mo_buf_room(struct mo_buf *b, size_t more); // makes room for `more` bytes and returns where they go; .len stays

static inline void
mo_buf_add(struct mo_buf *b, struct mo_str s)
{
	if (s.len) {
		memcpy(b->cap - b->len >= s.len ? b->p + b->len : mo_buf_room(b, s.len), s.p, s.len);
		b->len += s.len;
	}
}

static inline void
mo_buf_addc(struct mo_buf *b, char c)
{
	*(b->cap - b->len >= 1 ? b->p + b->len : mo_buf_room(b, 1)) = c;
	b->len++;
}

void mo_buf_adds(struct mo_buf *b, const char *terminated);
void mo_buf_fill(struct mo_buf *b, char c, size_t n);
void mo_buf_printf(struct mo_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void mo_buf_vprintf(struct mo_buf *b, const char *fmt, va_list args) __attribute__((format(printf, 2, 0)));
void mo_buf_utf8(struct mo_buf *b, uint32_t code_point);
struct mo_str mo_buf_str(const struct mo_buf *b); // valid until the buffer grows

#endif
