// SPDX-License-Identifier: Apache-2.0
// What the next build must know of this one.
#ifndef MO_EMITTERS_LOCK_FACTS_H
#define MO_EMITTERS_LOCK_FACTS_H

#include "emitters/emitter.h"

bool mo_emit_lock_facts(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out);

#endif
