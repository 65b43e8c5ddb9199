// SPDX-License-Identifier: Apache-2.0
// From the main file to the files of the build folder, in memory. Each arrow of the path is one call.
#include "driver/pipeline.h"

#include "check/check.h"
#include "diag/files.h"
#include "eval/eval.h"
#include "syntax/parse.h"

#include <sys/stat.h>

static bool
failed(const struct mo_ctx *ctx)
{
	return ctx->diags->errors > 0;
}

// The main file alone: its imports are not followed.
static void
parse_main(struct mo_ctx *ctx, const struct mo_pipeline *p, struct mo_buf *dump)
{
	struct stat st;
	struct mo_str path = mo_str_dup(&ctx->session, p->load.path);
	if (stat(path.p, &st) == 0 && S_ISDIR(st.st_mode)) {
		path = mo_str_printf(&ctx->session, "%s/main.mlops", path.p);
	}
	struct mo_source *source;
	uint32_t bad = 0;
	enum mo_source_error error = mo_source_read(ctx->sources, path, path, MO_SOURCE_PROGRAM, &source, &bad);
	if (error != MO_SOURCE_OK) {
		mo_report_source_error(ctx->diags, error, path, MO_NOWHERE, source, bad);
		return;
	}
	mo_ast_dump(dump, ctx->atoms, ctx->sources, mo_parse(ctx, source));
}

// Names and types are found out together, mistakes or not: what has no name has the type that fits everywhere.
static bool
front_end(struct mo_ctx *ctx, struct mo_pipeline *p, struct mo_buf *dump)
{
	p->program = mo_program_load(ctx, &p->load);
	if (!p->program || failed(ctx)) {
		return false;
	}
	mo_program_bind(p->program);
	if (p->stop_after == MO_PHASE_NAMES) {
		mo_program_dump_names(dump, p->program);
		return false;
	}
	mo_program_check(p->program);
	if (p->stop_after == MO_PHASE_TYPES) {
		mo_program_dump_types(dump, p->program);
		return false;
	}
	return !failed(ctx);
}

bool
mo_pipeline_run(struct mo_ctx *ctx, struct mo_pipeline *p)
{
	struct mo_buf unwanted = mo_buf_in(&ctx->build), *dump = p->dump ? p->dump : &unwanted;
	p->files = (struct mo_output_set){ .arena = &ctx->build };
	if (p->stop_after == MO_PHASE_PARSE) {
		parse_main(ctx, p, dump);
		return false;
	}
	if (!front_end(ctx, p, dump)) {
		return false;
	}
	p->platform = mo_evaluate(p->program);
	if (p->stop_after == MO_PHASE_LOWER) {
		mo_ir_dump(dump, p->platform);
		return false;
	}
	return !failed(ctx) && mo_checks_run(ctx, p->platform) && mo_emit(ctx, p->platform, &p->files) && !failed(ctx);
}
