// SPDX-License-Identifier: Apache-2.0
// CloudFormation's own functions: one table (intrinsics.def) for names, arguments and what they give.
#ifndef MO_SEMA_INTRINSIC_H
#define MO_SEMA_INTRINSIC_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum mo_intrinsic_kind {
#define MO_INTRINSIC(KIND, ...) MO_INTRINSIC_##KIND,
#include "sema/intrinsics.def"
	MO_INTRINSIC_KINDS
};

enum mo_intrinsic_gives { MO_GIVES_TEXT, MO_GIVES_LIST, MO_GIVES_BOOL, MO_GIVES_INT, MO_GIVES_ANY };

enum mo_intrinsic_use { MO_USE_ANYWHERE, MO_USE_IN_RULES, MO_USE_NOT_YET };

struct mo_intrinsic {
	enum mo_intrinsic_kind kind;
	const char *name;       // "Fn::Join"
	const char *parameters; // names, separated by ", "
	const char *wants;      // a letter for each: intrinsics.def
	uint8_t least, most;    // arguments; most 255: any number
	enum mo_intrinsic_gives gives;
	enum mo_intrinsic_use use;
	const char *what;       // one line
};

extern const struct mo_intrinsic mo_intrinsics[MO_INTRINSIC_KINDS];

const struct mo_intrinsic *mo_intrinsic_find(struct mo_str name); // NULL when there is none

#endif
