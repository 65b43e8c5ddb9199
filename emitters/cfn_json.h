// SPDX-License-Identifier: Apache-2.0
// Templates in JSON.
#ifndef MO_EMITTERS_CFN_JSON_H
#define MO_EMITTERS_CFN_JSON_H

#include "base/json_writer.h"
#include "ir/ir.h"

// Appends the template, with a line end. Returns the value that nests too deep, NULL when all is well; see emitters/template.h.
const struct mo_ir_value *mo_cfn_json(struct mo_buf *out, const struct mo_ir_template *t, struct mo_arena *scratch);

// One value of a template that was written without complaint, and its parameters, into another document.
void mo_cfn_json_value(struct mo_json_writer *j, const struct mo_ir_template *t, const struct mo_ir_value *v, struct mo_arena *scratch);
void mo_cfn_json_parameters(struct mo_json_writer *j, const struct mo_ir_template *t, struct mo_arena *scratch);

#endif
