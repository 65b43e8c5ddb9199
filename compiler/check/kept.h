// SPDX-License-Identifier: Apache-2.0
// What is deployed against what the program says. No check among others (checks.def): it needs all stacks, and the lock file.
#ifndef MO_CHECK_KEPT_H
#define MO_CHECK_KEPT_H

#include "base/ctx.h"
#include "diag/diag.h"
#include "ir/ir.h"
#include "lock/lock.h"

// Reports resources with data that a deployment would replace or delete, and stacks with such resources that are gone.
void mo_check_kept(struct mo_ctx *ctx, const struct mo_ir_platform *platform);

#endif
