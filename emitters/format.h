// SPDX-License-Identifier: Apache-2.0
// The formats in which a template can be written.
#ifndef MO_EMITTERS_FORMAT_H
#define MO_EMITTERS_FORMAT_H

#include "emitters/emitter.h"

// Appends the template, with a line end. Returns the value that nests too deep, NULL when all is well; see emitters/template.h.
typedef const struct mo_ir_value *mo_template_render_fn(struct mo_buf *out, const struct mo_ir_template *t, struct mo_arena *scratch);

struct mo_template_format {
	const char *name; // "json": what file names end with
	mo_template_render_fn *render;
};

// The formats that are asked for, the one that manifests name first; ended by NULL.
const struct mo_template_format *const *mo_template_formats(enum mo_format format);

// The file that holds a template in a format.
struct mo_str mo_template_file_in(struct mo_arena *arena, const struct mo_ir_template *t, const struct mo_template_format *format);

// Renders a template in each format that is asked for, into out->bytes and out->digest, in ctx->build. False when it cannot be written, or is
// too large for CloudFormation.
bool mo_template_render(struct mo_ctx *ctx, const struct mo_ir_template *t, enum mo_format format, struct mo_ir_rendered *out);

// The emitter: adds each template of the platform in each format that is asked for.
bool mo_emit_templates(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out);

#endif
