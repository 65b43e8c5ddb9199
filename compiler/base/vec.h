// SPDX-License-Identifier: Apache-2.0
// Typed growing arrays in an arena: MO_VEC(int) v = { 0 }; mo_push(arena, &v, 3); for (uint32_t i = 0; i < v.len; i++) … v.items[i].
#ifndef MO_BASE_VEC_H
#define MO_BASE_VEC_H

#include "base/arena.h"

#include <stdint.h>

#define MO_VEC(type)             \
	struct {                 \
		type *items;     \
		uint32_t len;    \
		uint32_t cap;    \
	}

// Appends and evaluates to the index of the new item.
#define mo_push(arena, vec, ...)                                                                                     \
	(mo_vec_room((arena), (void **)&(vec)->items, (vec)->len, &(vec)->cap, sizeof(*(vec)->items)),               \
		(vec)->items[(vec)->len] = (__VA_ARGS__), (vec)->len++)

#define mo_last(vec) ((vec)->items[(vec)->len - 1])

void mo_vec_room(struct mo_arena *arena, void **items, uint32_t len, uint32_t *cap, size_t item_size);

#endif
