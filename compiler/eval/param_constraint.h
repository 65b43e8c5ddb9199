// SPDX-License-Identifier: Apache-2.0
// What CloudFormation is told of the values that a parameter takes, from the parameter's type.
#ifndef MO_EVAL_PARAM_CONSTRAINT_H
#define MO_EVAL_PARAM_CONSTRAINT_H

#include "eval/instance.h"
#include "sema/param_type.h"

// Sets type and constraints from a type that the checker has found fit for a parameter; gives whether the value is a list.
bool mo_param_constrain(struct mo_eval *ev, struct mo_ir_param *p, const struct mo_type *declared, struct mo_span span);
// Makes "", which stands for none, pass every constraint. Types that CloudFormation looks up do not take it, nor do numbers: they
// become texts, with the same values where a pattern can say them.
void mo_param_make_optional(struct mo_eval *ev, struct mo_ir_param *p, const struct mo_type *declared, struct mo_span span);

#endif
