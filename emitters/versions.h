// SPDX-License-Identifier: Apache-2.0
// The versions of the products of Service Catalog.
#ifndef MO_EMITTERS_VERSIONS_H
#define MO_EMITTERS_VERSIONS_H

#include "emitters/emitter.h"

// Writes the versions of each product into its properties, once the templates that others launch have their hashes: those that ctx->lock
// knows, and a new one when the content is new, which is added there. What is made lives in out->arena. False after a report.
bool mo_versions_decide(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out);

#endif
