// SPDX-License-Identifier: Apache-2.0
// The cloud assembly: what makes the build folder deployable with `cdk deploy --app`.
#ifndef MO_EMITTERS_ASSEMBLY_H
#define MO_EMITTERS_ASSEMBLY_H

#include "emitters/emitter.h"

// How manifest.json says that mlopsc made the folder: a member of runtime.libraries. emitters/output.c replaces only such folders.
#define MO_ASSEMBLY_MARK "mlopsc"

// Where the CDK's tools publish a template of these bytes for a stack: "https://…", as CloudFormation takes it.
struct mo_str mo_assembly_template_url(struct mo_output_set *out, const struct mo_ir_stack *s, struct mo_str bytes);
// The emitter of what templates refer to: adds the packed files.
bool mo_emit_assets(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out);
// The emitter: adds manifest.json, and STACK.assets.json for each stack whose account has the CDK's bootstrap. The templates must be in
// the set already.
bool mo_emit_assembly(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out);

#endif
