// SPDX-License-Identifier: Apache-2.0
// Limits that AWS's services set, each with the document that says so.
#ifndef MO_CATALOG_LIMITS_H
#define MO_CATALOG_LIMITS_H

#include <stdint.h>

enum mo_limit_id {
#define MO_LIMIT(ID, most, what, source) MO_LIMIT_##ID,
#include "catalog/limits.def"
#undef MO_LIMIT
};

struct mo_limit {
	uint32_t most;
	const char *what;   // "resources in a template"
	const char *source;
};

extern const struct mo_limit mo_limits[]; // by mo_limit_id

// What a property takes, or what an attribute looks like.
struct mo_text_limit {
	const char *type, *property;
	uint32_t least, most; // characters
	const char *pattern;  // of the whole text, lengths aside; NULL: any
	const char *source;   // NULL: an attribute, which nobody writes
};

extern const struct mo_text_limit mo_text_limits[]; // ended by a NULL type

#endif
