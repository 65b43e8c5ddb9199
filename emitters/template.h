// SPDX-License-Identifier: Apache-2.0
// A template as CloudFormation's document: which keys, in which order. Shared by all formats.
#ifndef MO_EMITTERS_TEMPLATE_H
#define MO_EMITTERS_TEMPLATE_H

#include "emitters/sink.h"
#include "ir/ir.h"

// Writes the template into the sink. `scratch` takes what is needed on the way. Returns the value that nests deeper than
// MO_IR_DEEPEST (the document is then unusable), NULL when all was written.
const struct mo_ir_value *mo_template_write(const struct mo_ir_template *t, const struct mo_sink *sink, struct mo_arena *scratch);

// The same for one value of the template, and for its parameters as an object.
const struct mo_ir_value *mo_template_write_value(const struct mo_ir_template *t, const struct mo_ir_value *v, const struct mo_sink *sink,
	struct mo_arena *scratch);
const struct mo_ir_value *mo_template_write_parameters(const struct mo_ir_template *t, const struct mo_sink *sink, struct mo_arena *scratch);

#endif
