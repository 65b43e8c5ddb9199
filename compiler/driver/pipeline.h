// SPDX-License-Identifier: Apache-2.0
// The phases in their order: the one place that knows all of them.
#ifndef MO_DRIVER_PIPELINE_H
#define MO_DRIVER_PIPELINE_H

#include "emitters/emitter.h"
#include "driver/options.h"
#include "sema/scope.h"

struct mo_pipeline {
	struct mo_load_options load;      // where the program and its library are
	enum mo_phase stop_after;         // MO_PHASES: go on to the end
	struct mo_output_options output;  // what to write
	struct mo_str lock;               // the lock file; empty: where it is by default
	bool locked;                      // nothing in it may change
	uint32_t jobs;                    // processes that may evaluate at a time; 0: this one alone
	struct mo_buf *dump;              // gets the rendering of the phase after which it stopped; NULL: not wanted
	struct mo_program *program;       // NULL: the main file could not be read
	struct mo_ir_platform *platform;  // NULL: not come so far
	struct mo_output_set files;       // what a build folder would hold
};

// Runs the phases. A next one runs only when there are no errors so far (so that a mistake is not reported twice, in other words), except
// that files, names and types go together: they know what a mistake has taken away. Problems are in ctx->diags. True when all went well and the phases went to the end.
bool mo_pipeline_run(struct mo_ctx *ctx, struct mo_pipeline *p);

#endif
