// SPDX-License-Identifier: Apache-2.0
// The one place where memory comes from. Running out of it is one policy: control jumps back to the host (main, a test, a fuzzer),
// which reports it and drops the whole context. Callers never check a result for NULL.
#ifndef MO_BASE_MEM_H
#define MO_BASE_MEM_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mo_mem {
	jmp_buf *on_exhausted; // where to go when memory runs out; must be set before the first allocation
	size_t fail_after;     // tests: let this many allocations succeed and fail the next; 0 means never
	size_t allocations;    // how many were made
	size_t used;           // bytes in all arenas
	size_t most;           // how many there may be, 0 when only the machine bounds them; more is running out of memory
	bool piecemeal;        // tests: every object of an arena is an allocation of its own
};

// Returns `size` bytes, all zero, aligned for any type; freed with mo_mem_free, which is told the same size. Does not return on exhaustion.
void *mo_mem_alloc(struct mo_mem *mem, size_t size);
void mo_mem_free(struct mo_mem *mem, void *p, size_t size);

#endif
