// SPDX-License-Identifier: Apache-2.0
// Address ranges and the lock file.
#ifndef MO_EVAL_RANGE_H
#define MO_EVAL_RANGE_H

#include "base/cidr.h"
#include "eval/value.h"
#include "lock/lock.h"

enum { MO_RANGE_MOST_KEPT = 1024 }; // ranges of one name that the lock file takes; what wants more is no network plan

struct mo_eval;

struct mo_range_plan {
	struct mo_str place, range; // "networking/main/tiers", "10.0.0.0/16"
};

// The plan that is being made.
struct mo_range_plan mo_range_plan_of(struct mo_eval *ev, const struct mo_node *call, struct mo_str range);
// What an earlier build gave to a name at a position (from 0). False when it gave nothing.
bool mo_range_given(struct mo_eval *ev, const struct mo_range_plan *p, struct mo_str name, uint32_t position, struct mo_cidr *out);
// Notes what a name has now: a LIST of CIDR.
void mo_range_note(struct mo_eval *ev, const struct mo_range_plan *p, struct mo_str name, const struct mo_value *ranges);

// Whether no plan differs from target to target: only then can workers evaluate some of the targets.
bool mo_ranges_agree(const struct mo_lock *lock);
// Takes a fact from a worker; false when another one says something else.
bool mo_range_take(struct mo_lock *lock, const struct mo_str *fields);
// Whether it is of a plan that differs from target to target.
bool mo_range_is_of_target(const struct mo_lock_fact *f);

#endif
