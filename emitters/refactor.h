// SPDX-License-Identifier: Apache-2.0
// What CloudFormation needs to take deployed resources over under other logical IDs, or into other stacks.
#ifndef MO_EMITTERS_REFACTOR_H
#define MO_EMITTERS_REFACTOR_H

#include "emitters/emitter.h"

// Adds refactor/STACK.json for stacks whose members have moved. The templates must be in the set already.
bool mo_emit_refactors(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out);

#endif
