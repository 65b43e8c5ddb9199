// SPDX-License-Identifier: Apache-2.0
// Inside the last step of a stack's evaluation: finish.c rewrites values, template.c goes through a template.
#ifndef MO_EVAL_FINISH_H
#define MO_EVAL_FINISH_H

#include "eval/instance.h"

struct mo_finish {
	struct mo_eval *ev;
	struct mo_variant *variant;
	struct mo_resource *resource; // whose values these are; NULL for outputs
	struct mo_guard *facts;       // what holds where the value stands
	bool in_condition, in_call;   // the value is one of a condition, an argument of a function
	bool in_export_name;
	bool in_properties;           // of the resource
	bool mere_arn;                // what a statement is about: the thing need not exist
	struct mo_str key;            // of the innermost object around the value
	struct mo_span at;            // where that key, or the output, is written
	uint32_t depth;
	uint32_t serial;              // of the resource: marks what it refers to
};

// The value as it can stand in the template; AWS::NoValue when it is not there at all.
const struct mo_ir_value *mo_finish_value(struct mo_finish *fin, const struct mo_ir_value *v);
// The template's own condition that says what a condition of the evaluation says.
struct mo_ir_condition *mo_finish_condition(struct mo_finish *fin, struct mo_ir_condition *c);
// The template needs the transform AWS::LanguageExtensions, for what stands at `span`.
void mo_finish_extend(struct mo_finish *fin, struct mo_span span);

// The bucket or key of an asset as text; the template then holds the asset.
const struct mo_ir_value *mo_finish_asset(struct mo_finish *fin, const struct mo_ir_value *v);

// ---- eval/link.c
// A value of another stack, as this template can read it: Ref, Fn::GetAtt, or what only its `owner` has (NULL otherwise).
const struct mo_ir_value *mo_link_value(struct mo_finish *fin, struct mo_variant *owner, const struct mo_ir_value *v);
// A list that consists of members of one family of another stack, read as one; NULL when it does not.
const struct mo_ir_value *mo_link_list(struct mo_finish *fin, const struct mo_ir_value *list);

// ---- eval/stored.c
bool mo_is_stored(const struct mo_ir_value *v); // a mark of `ssm` or `secret`
// What such a mark is in the template.
const struct mo_ir_value *mo_stored_value(struct mo_finish *fin, const struct mo_ir_value *v);

#endif
