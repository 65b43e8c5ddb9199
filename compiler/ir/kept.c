// SPDX-License-Identifier: Apache-2.0
// Where a resource that has moved comes from.
#include "ir/ir.h"

struct mo_str
mo_moved_from(const struct mo_ir_kept *k, const struct mo_ir_stack *s)
{
	for (uint32_t i = 0; k->moved && i < k->moved->len; i++) {
		const struct mo_ir_stack *from = k->moved->items[i];
		if (mo_str_eq(from->account->id, s->account->id) && mo_str_eq(from->region, s->region)) {
			return from->name;
		}
	}
	return k->moved_name;
}
