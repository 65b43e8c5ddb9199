// SPDX-License-Identifier: Apache-2.0
// libFuzzer target: any bytes as a program. Nothing may crash, hang or leak; every span lies in the file, children lie in the order of the
// source, the tree is no higher than the limits allow, and what was skipped was reported.
//   clang -fsanitize=fuzzer,address,undefined …; parse_fuzz -dict=BUILD/tests/fuzz/mlops.dict FOLDER
#include "diag/diag.h"
#include "syntax/parse.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { HIGHEST_TREE = 3000 };

struct walk {
	const struct mo_source *source;
	uint32_t depth;
	uint32_t bad;
};

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

static bool
check_node(struct mo_node *n, void *data)
{
	struct walk *walk = data;
	check_span(walk->source, n->span);
	walk->bad += n->kind == MO_BAD_NODE;
	require(++walk->depth < HIGHEST_TREE, "height of the tree");
	mo_node_children(n, check_node, walk);
	walk->depth--;
	return true;
}

static void
check(struct mo_ctx *ctx, const struct mo_source *source)
{
	struct mo_syntax *syntax = mo_parse(ctx, source);
	struct walk walk = { .source = source };
	check_node(&syntax->file->node, &walk);
	require(walk.bad == 0 || ctx->diags->errors > 0, "something skipped and not reported");
	for (uint32_t i = 0; i < ctx->diags->items.len; i++) {
		const struct mo_diag *d = ctx->diags->items.items[i];
		require(d->text.len > 0, "a text");
		check_span(source, d->span);
		for (uint32_t k = 0; k < d->fixes.len; k++) {
			check_span(source, d->fixes.items[k].span);
		}
	}
	uint32_t end = source->base;
	for (uint32_t i = 0; i < syntax->trivia.len; i++) {
		check_span(source, syntax->trivia.items[i].span);
		require(syntax->trivia.items[i].span.start >= end, "trivia in order");
		end = syntax->trivia.items[i].span.end;
	}
	struct mo_buf out = mo_buf_in(&ctx->session);
	mo_ast_dump(&out, ctx->atoms, ctx->sources, syntax);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	jmp_buf exhausted;
	struct mo_ctx ctx = { .mem.on_exhausted = &exhausted };
	struct mo_source *source;
	uint32_t bad;
	mo_arena_init(&ctx.session, &ctx.mem);
	if (setjmp(exhausted) == 0) {
		ctx.atoms = mo_atoms_new(&ctx.session);
		ctx.sources = mo_sources_new(&ctx.session);
		ctx.diags = mo_diags_new(&ctx.session);
		struct mo_str text = { (const char *)bytes, size };
		if (mo_source_add(ctx.sources, MO_STR("f"), MO_STR(""), text, MO_SOURCE_PROGRAM, &source, &bad) == MO_SOURCE_OK) {
			check(&ctx, source);
		}
	}
	mo_arena_free(&ctx.session);
	return 0;
}
