// SPDX-License-Identifier: Apache-2.0
#include "catalog/limits.h"

#include <stddef.h>

const struct mo_limit mo_limits[] = {
#define MO_LIMIT(ID, most, what, source) [MO_LIMIT_##ID] = { most, what, source },
#include "catalog/limits.def"
#undef MO_LIMIT
};

const struct mo_text_limit mo_text_limits[] = {
#define MO_TEXT_LIMIT(type, property, least, most, pattern, source) { type, property, least, most, pattern, source },
#define MO_TEXT_FORM(type, property, least, most, pattern) { type, property, least, most, pattern, NULL },
#include "catalog/text_limits.def"
#undef MO_TEXT_LIMIT
#undef MO_TEXT_FORM
	{ NULL, NULL, 0, 0, NULL, NULL },
};
