// SPDX-License-Identifier: Apache-2.0
// From the main file to the files of the build folder, in memory. Each arrow of the path is one call.
#include "driver/pipeline.h"

#include "check/check.h"
#include "check/kept.h"
#include "diag/diag.h"
#include "emitters/format.h"
#include "eval/eval.h"
#include "lock/lock.h"
#include "sema/paths.h"

static bool
failed(const struct mo_ctx *ctx)
{
	return ctx->diags->errors > 0;
}

// Names and types are found out together, mistakes or not: what could not be read or has no name has the type that fits everywhere.
static bool
front_end(struct mo_ctx *ctx, struct mo_pipeline *p, struct mo_buf *dump)
{
	p->load.main_only = p->stop_after == MO_PHASE_PARSE;
	p->program = mo_program_load(ctx, &p->load);
	if (p->program && p->stop_after == MO_PHASE_PARSE) {
		mo_ast_dump(dump, ctx->atoms, ctx->sources, p->program->main->syntax);
		return false;
	}
	if (!p->program) {
		return false;
	}
	mo_program_bind(p->program);
	if (p->stop_after == MO_PHASE_NAMES) {
		mo_program_dump_names(dump, p->program);
		return false;
	}
	mo_program_check(p->program);
	mo_diags_drop_ignored(ctx->diags);
	if (p->stop_after == MO_PHASE_TYPES) {
		mo_program_dump_types(dump, p->program);
		return false;
	}
	return !failed(ctx);
}

// The lock file lies beside the main file: mlops.lock for a project, under the file's own name otherwise, so that programs in one folder
// do not meet. A program from standard input has none.
static void
read_lock(struct mo_ctx *ctx, const struct mo_pipeline *p)
{
	struct mo_arena *a = &ctx->session;
	struct mo_str name = p->lock, path = p->lock;
	const struct mo_source *main = p->program->main->source;
	if (!name.len && main->path.len) {
		struct mo_str end = MO_STR(".mlops"), beside = mo_path_join(a, mo_path_folder(main->name), MO_STR("mlops.lock"));
		struct mo_str stem = mo_str_sub(main->name, 0, main->name.len - (mo_str_ends(main->name, end) ? end.len : 0));
		bool is_project = mo_str_is(main->name, "main.mlops") || mo_str_ends(main->name, MO_STR("/main.mlops"));
		path = name = is_project ? beside : mo_str_printf(a, MO_STR_FMT ".lock", MO_STR_ARG(stem));
	}
	ctx->lock = mo_lock_read(ctx, name, path);
}

struct renderer {
	struct mo_ctx *ctx;
	enum mo_format format;
};

// What is done to one template alone, in a worker.
static bool
render(void *data, struct mo_ir_template *t, struct mo_ir_rendered *out)
{
	struct renderer *r = data;
	struct mo_ir_platform one = { 0 };
	mo_push(&r->ctx->build, &one.templates, t);
	if (!mo_checks_run(r->ctx, &one)) {
		return false;
	}
	mo_check_keep_names(&r->ctx->build, t, out);
	return mo_template_render(r->ctx, t, r->format, out);
}

bool
mo_pipeline_run(struct mo_ctx *ctx, struct mo_pipeline *p)
{
	struct mo_buf unwanted = mo_buf_in(&ctx->build), *dump = p->dump ? p->dump : &unwanted;
	p->files = (struct mo_output_set){ .arena = &ctx->build, .options = p->output };
	if (!front_end(ctx, p, dump)) {
		return false;
	}
	read_lock(ctx, p);
	if (failed(ctx)) {
		return false;
	}
	p->files.options.root = p->program->root;
	struct renderer renderer = { ctx, p->output.format };
	struct mo_workers workers = { .jobs = p->stop_after == MO_PHASES ? p->jobs : 0, .render = render, .data = &renderer };
	p->platform = mo_evaluate(p->program, &workers);
	mo_diags_drop_ignored(ctx->diags);
	if (p->stop_after == MO_PHASE_LOWER) {
		mo_ir_dump(dump, p->platform);
		return false;
	}
	if (failed(ctx)) {
		return false;
	}
	mo_checks_run(ctx, p->platform);
	mo_check_kept(ctx, p->platform);
	mo_diags_drop_ignored(ctx->diags);
	if (failed(ctx) || !mo_emit(ctx, p->platform, &p->files)) {
		return false;
	}
	mo_diags_drop_ignored(ctx->diags);
	if (!failed(ctx)) {
		mo_diags_report_unused_ignores(ctx->diags);
	}
	if (!failed(ctx) && p->locked) {
		mo_lock_hold(ctx->lock);
	}
	return !failed(ctx);
}
