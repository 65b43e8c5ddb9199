// SPDX-License-Identifier: Apache-2.0
// libFuzzer target: any bytes as the main file of a program, through the whole pipeline, with the embedded library and without writing
// anything. Nothing may crash, hang or leak; a run either gives files or says why not, what it says points into the sources, and what it
// gives is JSON and the same again the next time.
//   compile_fuzz -dict=BUILD/tests/fuzz/mlops.dict -timeout=5 FOLDER, started in tests/fuzz/project, whose files programs can read
#include "base/ctx.h"
#include "diag/render.h"
#include "driver/pipeline.h"
#include "driver/run.h"
#include "driver/stdlib.h"
#include "source/data.h"

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
check_span(struct mo_sources *sources, struct mo_span span)
{
	const struct mo_source *source = mo_source_at(sources, span.start);
	require(mo_span_is_nowhere(span) || (source && span.start <= span.end && span.end <= source->base + source->text.len), "span in a file");
}

static void
check_diagnostics(struct mo_ctx *ctx)
{
	for (uint32_t i = 0; i < ctx->diags->items.len; i++) {
		const struct mo_diag *d = ctx->diags->items.items[i];
		require(d->text.len > 0, "a text");
		check_span(ctx->sources, d->span);
		for (uint32_t k = 0; k < d->labels.len; k++) {
			check_span(ctx->sources, d->labels.items[k].span);
		}
		for (uint32_t k = 0; k < d->fixes.len; k++) {
			check_span(ctx->sources, d->fixes.items[k].span);
		}
	}
	mo_diags_finish(ctx->diags);
	struct mo_render_options options = { .most = 20, .program = "mlopsc" };
	for (uint32_t kind = 0; kind < MO_RENDERERS; kind++) {
		struct mo_buf out = mo_buf_in(&ctx->build);
		mo_renderers[kind].render(&out, ctx->sources, ctx->diags, &options);
		require(ctx->diags->items.len == 0 || out.len > 0, "a rendering");
		require(mo_str_utf8(mo_buf_str(&out), &(size_t){ 0 }), "a rendering in UTF-8");
	}
}

// Every JSON file is read back. Gives a hash of all names and bytes.
static uint64_t
check_files(struct mo_ctx *ctx, const struct mo_output_set *set)
{
	uint64_t hash = 0;
	for (uint32_t i = 0; i < set->files.len; i++) {
		const struct mo_output_file *f = &set->files.items[i];
		hash = hash * 31 + mo_str_hash(f->name) * 7 + mo_str_hash(f->bytes);
		struct mo_source *source = NULL;
		struct mo_data_error error = { 0 };
		uint32_t bad;
		if (mo_str_ends(f->name, MO_STR(".json"))) {
			enum mo_source_error e = mo_source_add(ctx->sources, f->name, (struct mo_str){ 0 }, f->bytes, MO_SOURCE_DATA, &source, &bad);
			require(e == MO_SOURCE_OK, "output in UTF-8");
			require(mo_data_read_json(&ctx->build, source, &error) != NULL, "output in JSON");
		}
	}
	return hash;
}

// One run; gives the hash of its files, 0 when there were errors.
static uint64_t
compile(struct mo_run *run, const struct mo_str *text)
{
	struct mo_ctx *ctx = run->ctx;
	struct mo_pipeline p = {
		.load = { .path = MO_STR("-"), .text = text, .library = mo_stdlib },
		.stop_after = MO_PHASES,
	};
	bool whole = mo_pipeline_run(ctx, &p);
	require(whole == (ctx->diags->errors == 0), "files or errors");
	check_diagnostics(ctx);
	return whole ? check_files(ctx, &p.files) : 0;
}

static uint64_t
compile_once(const struct mo_str *text)
{
	jmp_buf exhausted;
	struct mo_ctx ctx = { .mem.on_exhausted = &exhausted };
	struct mo_run run;
	volatile uint64_t hash = 0;
	if (setjmp(exhausted) == 0) {
		mo_run_open(&run, &ctx);
		hash = compile(&run, text);
	}
	mo_run_close(&run);
	return hash;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct mo_str text = { (const char *)bytes, size };
	uint64_t hash = compile_once(&text);
	if (size % 8 == 0) {
		require(compile_once(&text) == hash, "the same files again");
	}
	return 0;
}
