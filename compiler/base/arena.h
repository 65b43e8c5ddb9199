// SPDX-License-Identifier: Apache-2.0
// Memory by lifetime: everything allocated from an arena lives until the arena is freed. Nothing is freed one by one.
#ifndef MO_BASE_ARENA_H
#define MO_BASE_ARENA_H

#include "base/mem.h"

#include <stddef.h>

struct mo_arena_chunk;

// Something besides memory that an arena owns; stands in the arena itself.
struct mo_arena_cleanup {
	struct mo_arena_cleanup *older;
	void (*run)(struct mo_arena_cleanup *c);
};

struct mo_arena {
	struct mo_mem *mem;
	struct mo_arena_chunk *chunks; // newest first
	char *next, *end;              // free part of the newest chunk
	size_t total;                  // bytes asked from mem
	struct mo_arena_cleanup *cleanups; // newest first
};

void mo_arena_init(struct mo_arena *a, struct mo_mem *mem);
void mo_arena_free(struct mo_arena *a);
// Lets `run` be called when the arena is freed, while its memory is still there.
void mo_arena_on_free(struct mo_arena *a, struct mo_arena_cleanup *c, void (*run)(struct mo_arena_cleanup *c));

// Zeroed memory, aligned for any type. Never returns NULL (see base/mem.h).
void *mo_arena_alloc(struct mo_arena *a, size_t size);
// A larger copy of `old`; the last allocation grows in place. `old` may be NULL when old_size is 0. New bytes are zero.
void *mo_arena_grow(struct mo_arena *a, void *old, size_t old_size, size_t new_size);

#define mo_new(arena, type) ((type *)mo_arena_alloc((arena), sizeof(type)))
#define mo_new_array(arena, type, n) ((type *)mo_arena_alloc((arena), sizeof(type) * (size_t)(n)))

#endif
