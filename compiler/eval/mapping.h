// SPDX-License-Identifier: Apache-2.0
// Inside eval: maps that are read at a key that only CloudFormation knows.
#ifndef MO_EVAL_MAPPING_H
#define MO_EVAL_MAPPING_H

#include "eval/instance.h"

// The value of a record at a key that is known only at deploy time: Fn::FindInMap, or Fn::If. `n` is the index as it is written; its
// object may be NULL when the record has no name.
const struct mo_value *mo_mapping_find(struct mo_eval *ev, struct mo_frame *f, struct mo_index_node *n, const struct mo_value *record,
	const struct mo_value *key);
bool mo_mapping_takes_key(struct mo_str key); // letters, digits, `.` and `-`
// Gives the mapping that a DEPLOY value was found in a name; of any other value does nothing.
void mo_mapping_name(struct mo_eval *ev, const struct mo_value *found, struct mo_str name);
// For Fn::FindInMap called by its name: the mapping of a record of records, which `object` gives and `key` looks up (nodes with what they
// are), as the first operand; NULL after a report. And the name that a field of its records has as the third operand.
const struct mo_ir_value *mo_mapping_operand(struct mo_eval *ev, struct mo_node *object, const struct mo_value *record, struct mo_node *key);
struct mo_str mo_mapping_column(struct mo_eval *ev, struct mo_str field);

#endif
