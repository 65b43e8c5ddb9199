// SPDX-License-Identifier: Apache-2.0
// Inside eval: rules of templates, made from assertions.
#ifndef MO_EVAL_RULE_H
#define MO_EVAL_RULE_H

#include "eval/finish.h"

// An assertion of a body, under the conditions around it (NULL: none), becomes a rule of the template.
void mo_rule_add(struct mo_eval *ev, struct mo_frame *f, struct mo_guard *guard, struct mo_assert_node *n, struct mo_truth t);
// Writes out what it says, and gives it its name.
void mo_rule_finish(struct mo_finish *fin, struct mo_ir_rule *rule);

#endif
