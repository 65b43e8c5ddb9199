// SPDX-License-Identifier: Apache-2.0
// What the unit tests share: a compilation's memory and stores, and a main for one Check suite.
#ifndef MO_TESTS_UNIT_TEST_H
#define MO_TESTS_UNIT_TEST_H

#include "base/ctx.h"
#include "diag/diag.h"
#include "source/source.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

// Compares a mo_str with a C string and shows both when they differ.
#define ck_str(actual, expected)                                                                               \
	do {                                                                                                   \
		struct mo_str got_ = (actual);                                                                 \
		const char *want_ = (expected);                                                                \
		ck_assert_msg(mo_str_is(got_, want_), "got `%.*s`, expected `%s`", MO_STR_ARG(got_), want_);   \
	} while (0)

// Sets up everything of ctx; running out of memory goes to `exhausted`, which may be NULL where that is not to happen.
static inline void
test_ctx_open(struct mo_ctx *ctx, jmp_buf *exhausted)
{
	memset(ctx, 0, sizeof(*ctx));
	ctx->mem.on_exhausted = exhausted;
	mo_arena_init(&ctx->session, &ctx->mem);
	mo_arena_init(&ctx->build, &ctx->mem);
	ctx->atoms = mo_atoms_new(&ctx->session);
	ctx->sources = mo_sources_new(&ctx->session);
	ctx->diags = mo_diags_new(&ctx->session);
}

static inline void
test_ctx_close(struct mo_ctx *ctx)
{
	mo_arena_free(&ctx->build);
	mo_arena_free(&ctx->session);
}

// Runs `work` again and again, letting first 1, then 2, … allocations succeed, until it gets through. Returns how many allocations it
// took. Every failure must come back through the jump and must leave nothing behind (a leak checker sees that).
static inline size_t
test_fail_every_allocation(void (*work)(struct mo_arena *arena))
{
	for (volatile size_t limit = 1;; limit++) {
		jmp_buf exhausted;
		struct mo_mem mem = { .on_exhausted = &exhausted, .fail_after = limit };
		struct mo_arena arena;
		mo_arena_init(&arena, &mem);
		if (setjmp(exhausted) == 0) {
			work(&arena);
			mo_arena_free(&arena);
			return limit;
		}
		mo_arena_free(&arena);
	}
}

static inline int
test_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
