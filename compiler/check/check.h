// SPDX-License-Identifier: Apache-2.0
// Checks of the platform: what CloudFormation, IAM and plain sense demand of the whole of it, beyond what types could say. Checks only
// read; all of them run, and what they find goes to the store of diagnostics.
#ifndef MO_CHECK_CHECK_H
#define MO_CHECK_CHECK_H

#include "base/ctx.h"
#include "diag/diag.h"
#include "ir/ir.h"

// What every check gets.
struct mo_checker {
	struct mo_ctx *ctx;
	struct mo_arena *arena; // for what a check needs on the way
	struct mo_diags *diags;
	const struct mo_ir_platform *platform;
};

struct mo_check_entry {
	const char *name;  // "circular-dependencies"
	const char *about; // what it holds
	const char *after; // another check by name, earlier in the table: when that one finds errors, this one cannot tell; NULL: none
	void (*run)(struct mo_checker *c);
};

// All checks in the order in which they run; ended by a NULL name.
extern const struct mo_check_entry mo_checks[];

// Keeps of a template what is compared with other templates once it is gone: out->named. Values are shared.
void mo_check_keep_names(struct mo_arena *arena, const struct mo_ir_template *t, struct mo_ir_rendered *out);

// Runs them. False when they found errors.
bool mo_checks_run(struct mo_ctx *ctx, const struct mo_ir_platform *platform);

#endif
