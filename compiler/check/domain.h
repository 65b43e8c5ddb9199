// SPDX-License-Identifier: Apache-2.0
// String domains: what is known of a text before it is known. Length in characters, the characters that may stand in it, first and last,
// what it starts and ends with. A domain admits every value that the text can have, and perhaps more.
#ifndef MO_CHECK_DOMAIN_H
#define MO_CHECK_DOMAIN_H

#include "base/arena.h"
#include "base/str.h"
#include "catalog/limits.h"
#include "ir/ir.h"

#define MO_DOMAIN_UNBOUNDED UINT32_MAX

// A set of characters: ASCII one by one, all others together.
struct mo_charset {
	uint64_t ascii[2];
	bool others;
};

struct mo_domain {
	uint32_t least, most;
	struct mo_charset start, contain, end; // the ends only count where the text is not empty
	struct mo_str prefix, suffix;
	bool constant; // it is `prefix`
	bool absent;   // there is no text at all (AWS::NoValue)
};

// ---- sets ------------------------------------------------------------------------------------------------------------------------

bool mo_charset_has(const struct mo_charset *s, unsigned char c); // from 128 on: whether others are in it
bool mo_charset_within(const struct mo_charset *inner, const struct mo_charset *outer);
struct mo_charset mo_charset_all(void);
struct mo_charset mo_charset_both(const struct mo_charset *a, const struct mo_charset *b);
void mo_charset_add(struct mo_charset *s, unsigned char from, unsigned char to); // and all between
struct mo_charset mo_charset_without(const struct mo_charset *of, const struct mo_charset *those);
// For messages: a bracket expression such as `[a-z0-9.-]`; empty for the empty set.
struct mo_str mo_charset_text(struct mo_arena *a, const struct mo_charset *s);

// ---- the algebra -----------------------------------------------------------------------------------------------------------------

struct mo_domain mo_domain_text(struct mo_str text); // exactly this
struct mo_domain mo_domain_any(void);
struct mo_domain mo_domain_of_chars(const char *chars, uint32_t least, uint32_t most); // of these characters
struct mo_domain mo_domain_of_set(struct mo_charset s, uint32_t least, uint32_t most);
struct mo_domain mo_domain_repeat(const struct mo_domain *d, uint32_t least, uint32_t most);
struct mo_domain mo_domain_concat(struct mo_arena *a, const struct mo_domain *x, const struct mo_domain *y);
struct mo_domain mo_domain_join(const struct mo_domain *x, const struct mo_domain *y);
// What matches a POSIX extended expression as a whole (`\d`, `\w`, `\s` and `(?:` too); what cannot be read is anything.
struct mo_domain mo_domain_pattern(struct mo_arena *a, struct mo_str pattern);
// What a row of the limits admits.
struct mo_domain mo_domain_limit(struct mo_arena *a, const struct mo_text_limit *limit);

// ---- of values -------------------------------------------------------------------------------------------------------------------

enum { MO_DOMAIN_PSEUDOS = 4 };

// Where a value stands: a template, and the stacks that deploy it (none: others do). The rest is zero at first.
struct mo_domain_place {
	struct mo_arena *arena;
	const struct mo_ir_template *template;
	const struct mo_ir_stack *const *stacks;
	uint32_t stack_count;
	struct mo_domain pseudos[MO_DOMAIN_PSEUDOS]; // as they are at those stacks, once asked for
	bool known[MO_DOMAIN_PSEUDOS];
};

// Which stacks deploy each template: made once, in memory of `a`.
void mo_domain_index(struct mo_arena *a, const struct mo_ir_platform *platform, struct mo_map *out);
struct mo_domain_place mo_domain_place_of(struct mo_arena *a, const struct mo_map *index, const struct mo_ir_template *t);
struct mo_domain mo_domain_of(struct mo_domain_place *p, const struct mo_ir_value *v);
// The row of a type's property or attribute; NULL when there is none.
const struct mo_text_limit *mo_text_limit_of(struct mo_str type, struct mo_str property);

#endif
