// SPDX-License-Identifier: Apache-2.0
// service-catalog/: the portfolios of the program, for teams that publish them with tools of their own.
#ifndef MO_EMITTERS_SERVICE_CATALOG_H
#define MO_EMITTERS_SERVICE_CATALOG_H

#include "emitters/emitter.h"

// The emitter. For each portfolio a folder with portfolio.json, and the template of each version of a product that is what the program says
// now, as PRODUCT/VERSION.template.yaml. Adds nothing when there is no portfolio.
bool mo_emit_service_catalog(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out);

#endif
