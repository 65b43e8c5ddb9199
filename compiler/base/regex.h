// SPDX-License-Identifier: Apache-2.0
// POSIX extended regular expressions over whole texts. The system's matcher does the work; patterns that it would read otherwise than
// their writer (`\d`, `(?:…)`, backslashes in brackets), or that cost it without bound, are refused first.
#ifndef MO_BASE_REGEX_H
#define MO_BASE_REGEX_H

#include "base/ctx.h"
#include "base/str.h"

enum {
	MO_REGEX_LONGEST = 1000, // bytes of a pattern
	MO_REGEX_COPIES = 20000, // how often bounds like {3,60}, multiplied where they nest, may repeat something
};

// Whether the pattern can be used. When not, *why says what is wrong with it (in the session arena).
bool mo_regex_valid(struct mo_ctx *ctx, struct mo_str pattern, struct mo_str *why);

// Whether the whole text matches a valid pattern, as if it stood between ^ and $.
bool mo_regex_matches(struct mo_ctx *ctx, struct mo_str pattern, struct mo_str text);

#endif
