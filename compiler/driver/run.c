// SPDX-License-Identifier: Apache-2.0
// From the command line to the command.
#include "driver/run.h"

#include "diag/diag.h"
#include "diag/row.h"

static enum mo_exit (*const functions[])(struct mo_run *) = {
#define MO_COMMAND(ID, name, ...) [MO_COMMAND_##ID] = mo_command_##name,
#include "driver/commands.def"
};

void
mo_run_open(struct mo_run *run, struct mo_ctx *ctx)
{
	*run = (struct mo_run){ .ctx = ctx };
	*ctx = (struct mo_ctx){ .mem = ctx->mem }; // nothing of an earlier run
	mo_arena_init(&ctx->session, &ctx->mem);
	mo_arena_init(&ctx->build, &ctx->mem);
	ctx->atoms = mo_atoms_new(&ctx->session);
	ctx->sources = mo_sources_new(&ctx->session);
	ctx->diags = mo_diags_new(&ctx->session);
	run->out = mo_buf_in(&ctx->build);
	run->err = mo_buf_in(&ctx->build);
}

void
mo_run_close(struct mo_run *run)
{
	mo_arena_free(&run->ctx->build);
	mo_arena_free(&run->ctx->session);
}

enum mo_exit
mo_run_wrong_usage(struct mo_run *run, struct mo_str error, struct mo_str hint)
{
	mo_buf_adds(&run->err, "mlopsc: ");
	mo_buf_add(&run->err, mo_visible(&run->ctx->build, error));
	mo_buf_adds(&run->err, hint.len ? "; " : "");
	mo_buf_add(&run->err, mo_visible(&run->ctx->build, hint));
	mo_buf_addc(&run->err, '\n');
	return MO_EXIT_USAGE;
}

enum mo_exit
mo_run(struct mo_run *run, int argc, const char *const *argv)
{
	struct mo_str error, hint;
	if (!mo_command_line_read(&run->ctx->session, argc, argv, &run->line, &error, &hint)) {
		return mo_run_wrong_usage(run, error, hint);
	}
	if (run->line.options[MO_OPTION_HELP].given) {
		mo_help_command(&run->out, run->line.command);
		return MO_EXIT_DONE;
	}
	return functions[run->line.command](run);
}
