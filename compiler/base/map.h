// SPDX-License-Identifier: Apache-2.0
// A hash map from 64-bit keys (atoms, pointers, hashes) to pointers, in an arena. Iterate over your own list: a map has no order.
#ifndef MO_BASE_MAP_H
#define MO_BASE_MAP_H

#include "base/arena.h"

#include <stdint.h>

struct mo_map_slot {
	uint64_t key;
	void *value;
};

// Zero-initialize; the first put allocates.
struct mo_map {
	struct mo_map_slot *slots;
	uint32_t cap, len;
};

void *mo_map_get(const struct mo_map *m, uint64_t key);                                 // NULL when absent
void mo_map_put(struct mo_arena *arena, struct mo_map *m, uint64_t key, void *value);   // value must not be NULL; replaces

#endif
