// SPDX-License-Identifier: Apache-2.0
// Small pieces come from the C library. Large ones are mapped, at the boundary of huge pages and with the advice to use them: a build of
// fifty thousand resources spends a quarter of its time in page faults otherwise. Sanitizers watch the C library's pieces only.
#include "base/mem.h"

#include <stdlib.h>
#include <sys/mman.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(WATCHED)
#define WATCHED 1
#endif

#ifdef WATCHED
#define MAPPED_FROM SIZE_MAX
#else
#define MAPPED_FROM ((size_t)1 << 20)
#endif
enum { HUGE_PAGE = 2 << 20 };

static bool
is_mapped(size_t size)
{
	return size >= MAPPED_FROM;
}

static size_t
whole_pages(size_t size)
{
	return (size + HUGE_PAGE - 1) & ~(size_t)(HUGE_PAGE - 1);
}

// Maps one huge page more than is needed and gives back what stands out at both ends.
static void *
map(size_t size)
{
	size_t wanted = whole_pages(size);
	char *p = mmap(NULL, wanted + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED) {
		return NULL;
	}
	size_t before = (HUGE_PAGE - (uintptr_t)p % HUGE_PAGE) % HUGE_PAGE;
	if (before) {
		munmap(p, before);
	}
	if (before < HUGE_PAGE) {
		munmap(p + before + wanted, HUGE_PAGE - before);
	}
	madvise(p + before, wanted, MADV_HUGEPAGE); // without it, it works as well
	return p + before;
}

void *
mo_mem_alloc(struct mo_mem *mem, size_t size)
{
	mem->allocations++;
	void *p = NULL;
	if (!mem->fail_after || mem->allocations <= mem->fail_after) {
		p = is_mapped(size) ? map(size) : calloc(1, size);
	}
	if (!p) {
		longjmp(*mem->on_exhausted, 1);
	}
	return p;
}

void
mo_mem_free(struct mo_mem *mem, void *p, size_t size)
{
	(void)mem;
	if (is_mapped(size)) {
		munmap(p, whole_pages(size));
	} else {
		free(p);
	}
}
