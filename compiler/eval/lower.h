// SPDX-License-Identifier: Apache-2.0
// Building text of which parts may be known only at deploy time: for interpolation, and for the built-ins that make text.
#ifndef MO_EVAL_LOWER_H
#define MO_EVAL_LOWER_H

#include "eval/eval.h"

struct mo_text {
	struct mo_eval *ev;
	struct mo_span span;  // of the whole text
	struct mo_buf run;    // literal text since the last deploy-time part
	mo_ir_values parts;
	size_t size;          // of all literal text
	bool deploy, failed;  // failed: reported
};

struct mo_text mo_text_in(struct mo_eval *ev, struct mo_span span);
void mo_text_add(struct mo_text *t, struct mo_str text);
void mo_text_add_deploy(struct mo_text *t, const struct mo_ir_value *ir); // a scalar
void mo_text_add_value(struct mo_text *t, const struct mo_value *v);      // reports what is no scalar
// A String when all of it is known now, the part itself when there is only one, else a DEPLOY Fn::Sub. ERROR after a failure.
const struct mo_value *mo_text_end(struct mo_text *t);

// Reports `{{resolve:` in a literal text that goes into a template; false then.
bool mo_check_resolve(struct mo_eval *ev, struct mo_str text, struct mo_span span);

#endif
