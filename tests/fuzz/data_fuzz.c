// SPDX-License-Identifier: Apache-2.0
// libFuzzer target: any bytes as YAML and as JSON. Nothing may crash or leak, every span must lie in the file, keys must be distinct, and
// a failure must be described.
//   clang -fsanitize=fuzzer,address,undefined …; data_fuzz tests/fuzz/data
#include "base/ctx.h"
#include "diag/diag.h"
#include "source/data.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
require(bool condition, const char *what)
{
	if (!condition) {
		fprintf(stderr, "violated: %s\n", what);
		abort();
	}
}

static void
check_span(const struct mo_source *source, struct mo_span span)
{
	require(span.start <= span.end && span.start >= source->base && span.end <= source->base + source->text.len, "span in the file");
}

static void
check_tree(const struct mo_source *source, const struct mo_data *d, uint32_t depth, uint32_t *budget)
{
	if (*budget == 0) {
		return; // aliases share subtrees: do not walk them all
	}
	--*budget;
	require(depth <= MO_DATA_DEPTH, "depth");
	check_span(source, d->span);
	for (uint32_t i = 0; i < d->items.len; i++) {
		check_tree(source, d->items.items[i], depth + 1, budget);
	}
	for (uint32_t i = 0; i < d->members.len; i++) {
		check_span(source, d->members.items[i].key_span);
		check_tree(source, d->members.items[i].value, depth + 1, budget);
		for (uint32_t k = 0; k < i && i < 100; k++) {
			require(!mo_str_eq(d->members.items[k].key, d->members.items[i].key), "distinct keys");
		}
	}
}

static void
check(struct mo_arena *arena, const struct mo_source *source, bool json)
{
	struct mo_data_error error = { 0 };
	const struct mo_data *d = json ? mo_data_read_json(arena, source, &error) : mo_data_read_yaml(arena, source, &error);
	uint32_t budget = 100000;
	if (d) {
		check_tree(source, d, 1, &budget);
	} else {
		require(error.text.len > 0, "a reason");
		check_span(source, error.span);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	jmp_buf exhausted;
	struct mo_mem mem = { .on_exhausted = &exhausted };
	struct mo_arena arena;
	struct mo_source *source;
	uint32_t bad;
	mo_arena_init(&arena, &mem);
	if (setjmp(exhausted) == 0) {
		struct mo_sources *sources = mo_sources_new(&arena);
		struct mo_str text = { (const char *)bytes, size };
		if (mo_source_add(sources, MO_STR("f"), MO_STR(""), text, MO_SOURCE_DATA, &source, &bad) == MO_SOURCE_OK) {
			check(&arena, source, false);
			check(&arena, source, true);
		}
	}
	mo_arena_free(&arena);
	return 0;
}
