// SPDX-License-Identifier: Apache-2.0
// A list of chunks with a bump pointer. Chunks double in size up to two megabytes, so a small run stays small. They come zeroed and are used
// once: the system zeroes large ones anyway, page by page as they are needed.
#include "base/arena.h"

#include <stdint.h>
#include <string.h>

enum { FIRST_CHUNK = 4096, LARGEST_CHUNK = (2 << 20) - 64, ALIGNMENT = 16 }; // with its header, one huge page

struct mo_arena_chunk {
	struct mo_arena_chunk *older;
	size_t size;
	_Alignas(16) char bytes[];
};

void
mo_arena_init(struct mo_arena *a, struct mo_mem *mem)
{
	*a = (struct mo_arena){ .mem = mem };
}

void
mo_arena_on_free(struct mo_arena *a, struct mo_arena_cleanup *c, void (*run)(struct mo_arena_cleanup *c))
{
	*c = (struct mo_arena_cleanup){ a->cleanups, run };
	a->cleanups = c;
}

void
mo_arena_free(struct mo_arena *a)
{
	for (struct mo_arena_cleanup *c = a->cleanups; c; c = c->older) {
		c->run(c);
	}
	struct mo_arena_chunk *c = a->chunks;
	while (c) {
		struct mo_arena_chunk *older = c->older;
		mo_mem_free(a->mem, c, sizeof(*c) + c->size);
		c = older;
	}
	a->mem->used -= a->total;
	mo_arena_init(a, a->mem);
}

static size_t
round_up(size_t size)
{
	return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static void
add_chunk(struct mo_arena *a, size_t least)
{
	size_t size = a->chunks ? a->chunks->size * 2 : FIRST_CHUNK;
	if (size > LARGEST_CHUNK) {
		size = LARGEST_CHUNK;
	}
	if (size < least || a->mem->piecemeal) {
		size = least;
	}
	if (a->mem->most && size > a->mem->most - a->mem->used) {
		longjmp(*a->mem->on_exhausted, 1);
	}
	struct mo_arena_chunk *c = mo_mem_alloc(a->mem, sizeof(*c) + size);
	c->older = a->chunks;
	c->size = size;
	a->chunks = c;
	a->next = c->bytes;
	a->end = c->bytes + size;
	a->total += size;
	a->mem->used += size;
}

void *
mo_arena_alloc(struct mo_arena *a, size_t size)
{
	if (size > SIZE_MAX / 2) {
		longjmp(*a->mem->on_exhausted, 1);
	}
	size = round_up(size ? size : 1);
	if ((size_t)(a->end - a->next) < size) {
		add_chunk(a, size);
	}
	void *p = a->next;
	a->next += size;
	return p;
}

void *
mo_arena_grow(struct mo_arena *a, void *old, size_t old_size, size_t new_size)
{
	char *p = old;
	if (p && p + round_up(old_size) == a->next && (size_t)(a->end - p) >= round_up(new_size)) {
		a->next = p + round_up(new_size);
		return p;
	}
	void *fresh = mo_arena_alloc(a, new_size);
	if (old_size) {
		memcpy(fresh, old, old_size);
	}
	return fresh;
}
