// SPDX-License-Identifier: Apache-2.0
#include "base/vec.h"

void
mo_vec_room(struct mo_arena *arena, void **items, uint32_t len, uint32_t *cap, size_t item_size)
{
	if (len < *cap) {
		return;
	}
	uint32_t larger = *cap ? *cap * 2 : 4;
	*items = mo_arena_grow(arena, *items, (size_t)*cap * item_size, (size_t)larger * item_size);
	*cap = larger;
}
