// SPDX-License-Identifier: Apache-2.0
#include "base/map.h"

#include <stddef.h>

static uint32_t
spread(uint64_t key)
{
	key ^= key >> 33;
	key *= 0xff51afd7ed558ccdULL;
	key ^= key >> 33;
	return (uint32_t)key;
}

static struct mo_map_slot *
slot_of(const struct mo_map *m, uint64_t key)
{
	uint32_t mask = m->cap - 1;
	uint32_t i = spread(key) & mask;
	while (m->slots[i].value && m->slots[i].key != key) {
		i = (i + 1) & mask;
	}
	return &m->slots[i];
}

void *
mo_map_get(const struct mo_map *m, uint64_t key)
{
	return m->cap ? slot_of(m, key)->value : NULL;
}

void
mo_map_put(struct mo_arena *arena, struct mo_map *m, uint64_t key, void *value)
{
	if ((m->len + 1) * 4 > m->cap * 3) {
		struct mo_map larger = { .cap = m->cap ? m->cap * 2 : 8, .len = m->len };
		larger.slots = mo_new_array(arena, struct mo_map_slot, larger.cap);
		for (uint32_t i = 0; i < m->cap; i++) {
			if (m->slots[i].value) {
				*slot_of(&larger, m->slots[i].key) = m->slots[i];
			}
		}
		*m = larger;
	}
	struct mo_map_slot *s = slot_of(m, key);
	m->len += s->value == NULL;
	*s = (struct mo_map_slot){ key, value };
}
