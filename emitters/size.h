// SPDX-License-Identifier: Apache-2.0
// The sizes of templates against CloudFormation's limits.
#ifndef MO_EMITTERS_SIZE_H
#define MO_EMITTERS_SIZE_H

#include "emitters/emitter.h"

// Adds no file: reports templates in the set that are too large, for CloudFormation or for an account without a bootstrap bucket.
bool mo_emit_sizes(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out);

#endif
