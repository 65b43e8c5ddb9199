// SPDX-License-Identifier: Apache-2.0
// platform.json: the resolved platform, for other tools.
#ifndef MO_EMITTERS_PLATFORM_JSON_H
#define MO_EMITTERS_PLATFORM_JSON_H

#include "emitters/emitter.h"

// The emitter: adds platform.json when it is wanted (options.platform_json). Positions are of ctx->sources.
bool mo_emit_platform_json(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out);

#endif
