// SPDX-License-Identifier: Apache-2.0
// Inside eval/: evaluating the targets of one stack apart from everything else.
#ifndef MO_EVAL_WORKERS_H
#define MO_EVAL_WORKERS_H

#include "eval/grant.h"

// Evaluates a stack for all its targets, and leaves of each template what is rendered. False when that cannot be done, or is not worth the
// effort: then the stack is evaluated as any other.
bool mo_workers_evaluate(struct mo_eval *ev, struct mo_stack *s);

// ---- eval/variant.c, for this alone
// Whether a template that was evaluated already serves the deployment.
bool mo_variant_known(struct mo_eval *ev, const struct mo_deployment *d);
void mo_variants_reset(struct mo_stack *s); // as if nothing had been evaluated
// A template that was evaluated elsewhere for some deployments of one stack, with what it asked of the target; these are plain values.
void mo_variant_take(struct mo_eval *ev, struct mo_deployment *const *deployments, uint32_t count, const struct mo_read *reads, uint32_t read_count,
	const struct mo_ir_rendered *rendered);

#endif
