// SPDX-License-Identifier: Apache-2.0
// One invocation of the compiler, from the command line to an exit code. Nothing is printed: what goes to standard output and standard
// error is collected, and main() writes it. So a test or a server can run the compiler within its own process.
#ifndef MO_DRIVER_RUN_H
#define MO_DRIVER_RUN_H

#include "base/ctx.h"
#include "driver/options.h"

enum mo_exit {
	MO_EXIT_DONE = 0,
	MO_EXIT_ERRORS = 1, // in the program
	MO_EXIT_USAGE = 2,  // wrong command line
	MO_EXIT_FAILED = 3, // input or output, or the compiler itself
};

struct mo_run {
	struct mo_ctx *ctx;
	struct mo_command_line line;
	bool colour;          // whether `--color auto` means colours: standard error is a terminal that wants them
	struct mo_buf out;    // for standard output
	struct mo_buf err;    // for standard error
};

// Sets up the stores of a context whose memory (ctx->mem) is ready, and a run in it.
void mo_run_open(struct mo_run *run, struct mo_ctx *ctx);
void mo_run_close(struct mo_run *run);

// Reads the command line and does what it says.
enum mo_exit mo_run(struct mo_run *run, int argc, const char *const *argv);

// ---- the commands, one function each; called by mo_run -----------------------------------------------------------------------------

#define MO_COMMAND(ID, name, ...) enum mo_exit mo_command_##name(struct mo_run *run);
#include "driver/commands.def"

// Writes the diagnostics to standard error, as the options say (driver/compile.c).
void mo_run_render(struct mo_run *run);
// Mistakes in the program are one thing; that the compiler could not get at it is another.
enum mo_exit mo_run_exit_code(const struct mo_diags *diags);
// The help of one command.
void mo_help_command(struct mo_buf *out, enum mo_command_id command);
// Reports wrong usage on err: "mlopsc: …; did you mean …?".
enum mo_exit mo_run_wrong_usage(struct mo_run *run, struct mo_str error, struct mo_str hint);

#endif
