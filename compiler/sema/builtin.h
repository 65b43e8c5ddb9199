// SPDX-License-Identifier: Apache-2.0
// The built-in functions: one table (builtins.def) for names, arguments and help.
#ifndef MO_SEMA_BUILTIN_H
#define MO_SEMA_BUILTIN_H

#include "base/str.h"

#include <stdint.h>

enum mo_builtin_kind {
#define MO_BUILTIN(KIND, ...) MO_BUILTIN_##KIND,
#include "sema/builtins.def"
	MO_BUILTIN_KINDS
};

struct mo_builtin {
	enum mo_builtin_kind kind;
	const char *name;
	const char *parameters; // names, separated by ", "
	uint8_t least, most;    // arguments; most 255: any number
	const char *gives;      // one line
};

extern const struct mo_builtin mo_builtins[MO_BUILTIN_KINDS];

// The index of a parameter by its name, -1 when there is none.
int mo_builtin_parameter(const struct mo_builtin *b, struct mo_str name);

#endif
