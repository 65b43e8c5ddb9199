// SPDX-License-Identifier: Apache-2.0
// A context that every test of a program gets anew. Running out of memory in it has nowhere to go: it crashes, and so fails the test;
// tests that let memory run out set ctx.mem.on_exhausted themselves.
#ifndef MO_TESTS_UNIT_FIXTURE_H
#define MO_TESTS_UNIT_FIXTURE_H

#include "test.h"

static struct mo_ctx ctx;

static inline void
open_ctx(void)
{
	test_ctx_open(&ctx, NULL);
}

static inline void
close_ctx(void)
{
	test_ctx_close(&ctx);
}

#endif
