// SPDX-License-Identifier: Apache-2.0
#include "catalog/limits.h"

const struct mo_limit mo_limits[] = {
#define MO_LIMIT(ID, most, what, source) [MO_LIMIT_##ID] = { most, what, source },
#include "catalog/limits.def"
#undef MO_LIMIT
};
