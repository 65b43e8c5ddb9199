// SPDX-License-Identifier: Apache-2.0
#include "base/mem.h"

#include <stdlib.h>

void *
mo_mem_alloc(struct mo_mem *mem, size_t size)
{
	mem->allocations++;
	void *p = mem->fail_after && mem->allocations > mem->fail_after ? NULL : calloc(1, size);
	if (!p) {
		longjmp(*mem->on_exhausted, 1);
	}
	return p;
}

void
mo_mem_free(struct mo_mem *mem, void *p)
{
	(void)mem;
	free(p);
}
