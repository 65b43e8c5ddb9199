// SPDX-License-Identifier: Apache-2.0
// What the files of this folder share.
#ifndef MO_CHECK_CHECKS_H
#define MO_CHECK_CHECKS_H

#include "check/check.h"

// One function for each check.
#define MO_CHECK(function, name, after, about) void function(struct mo_checker *c);
#include "check/checks.def"
#undef MO_CHECK

// Refuses a key or value that AWS does not take.
void mo_check_tag(struct mo_checker *c, struct mo_str key, struct mo_span key_span, struct mo_str value, struct mo_span value_span);
// The user's line of something; where it has none, that of the declaration, else `otherwise`.
struct mo_span mo_check_place(struct mo_ir_origin origin, struct mo_span otherwise);

#endif
