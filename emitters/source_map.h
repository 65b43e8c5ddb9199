// SPDX-License-Identifier: Apache-2.0
// source-map.json: where everything in the templates comes from, for other tools.
#ifndef MO_EMITTERS_SOURCE_MAP_H
#define MO_EMITTERS_SOURCE_MAP_H

#include "emitters/emitter.h"

// The emitter: adds source-map.json when it is wanted (options.source_map).
bool mo_emit_source_map(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out);

#endif
