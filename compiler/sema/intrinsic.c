// SPDX-License-Identifier: Apache-2.0
#include "sema/intrinsic.h"

const struct mo_intrinsic mo_intrinsics[MO_INTRINSIC_KINDS] = {
#define MO_INTRINSIC(KIND, NAME, PARAMETERS, WANTS, LEAST, MOST, GIVES, USE, WHAT) \
	[MO_INTRINSIC_##KIND] = { MO_INTRINSIC_##KIND, NAME, PARAMETERS, WANTS, LEAST, MOST, MO_GIVES_##GIVES, MO_USE_##USE, WHAT },
#include "sema/intrinsics.def"
};

const struct mo_intrinsic *
mo_intrinsic_find(struct mo_str name)
{
	for (size_t i = 0; i < MO_INTRINSIC_KINDS; i++) {
		if (mo_str_is(name, mo_intrinsics[i].name)) {
			return &mo_intrinsics[i];
		}
	}
	return NULL;
}
