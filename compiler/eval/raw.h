// SPDX-License-Identifier: Apache-2.0
// Inside evaluation: JSON that is merged into a template or a resource (eval/raw.c).
#ifndef MO_EVAL_RAW_H
#define MO_EVAL_RAW_H

#include "eval/finish.h"

// The fields of a block as one record of JSON.
const struct mo_value *mo_raw_block(struct mo_eval *ev, struct mo_frame *f, struct mo_node *block);
// mo_lower, but for dynamic references in texts, which stay what they are.
const struct mo_ir_value *mo_raw_lower(struct mo_eval *ev, const struct mo_value *v);
// Notes a `raw` of a body; `guard` is NULL outside of deploy-time conditions, inside of which it is refused.
void mo_raw_make(struct mo_eval *ev, struct mo_instance *i, struct mo_frame *f, const struct mo_guard *guard, struct mo_raw_node *n);
// Merges what @raw says into its resource, whose other parts are finished.
void mo_raw_merge_resource(struct mo_finish *fin, struct mo_resource *r);
// Merges what every `raw` says into the template, all of whose parts are finished.
void mo_raw_merge_template(struct mo_finish *fin);

#endif
