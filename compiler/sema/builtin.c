// SPDX-License-Identifier: Apache-2.0
#include "sema/builtin.h"

const struct mo_builtin mo_builtins[MO_BUILTIN_KINDS] = {
#define MO_BUILTIN(KIND, NAME, PARAMETERS, LEAST, MOST, GIVES) \
	[MO_BUILTIN_##KIND] = { MO_BUILTIN_##KIND, #NAME, PARAMETERS, LEAST, MOST, GIVES },
#include "sema/builtins.def"
};

int
mo_builtin_parameter(const struct mo_builtin *b, struct mo_str name)
{
	struct mo_str rest = mo_str_c(b->parameters);
	for (int index = 0; rest.len; index++) {
		ptrdiff_t comma = mo_str_find(rest, MO_STR(", "), 0);
		size_t end = comma < 0 ? rest.len : (size_t)comma;
		if (mo_str_eq(mo_str_sub(rest, 0, end), name)) {
			return index;
		}
		rest = comma < 0 ? mo_str_sub(rest, end, end) : mo_str_sub(rest, end + 2, rest.len);
	}
	return -1;
}
