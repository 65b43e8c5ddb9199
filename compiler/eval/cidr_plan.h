// SPDX-License-Identifier: Apache-2.0
// Placing address ranges inside a range. Knows nothing of values.
//
// Every range starts at a multiple of its size. What is taken is kept as intervals; a new range goes to the lowest place where it fits, so
// the same requests in the same order always give the same ranges, and a request that comes later never moves an earlier one.
#ifndef MO_EVAL_CIDR_PLAN_H
#define MO_EVAL_CIDR_PLAN_H

#include "eval/value.h"

struct mo_interval {
	uint64_t start, end; // addresses [start, end)
};

struct mo_cidr_plan {
	struct mo_arena *arena;
	struct mo_cidr range;
	MO_VEC(struct mo_interval) taken; // in order, not touching
};

struct mo_cidr_plan mo_cidr_plan_of(struct mo_arena *arena, struct mo_cidr range);
// Takes a range; false when it is not inside the plan's or a part of it is taken.
bool mo_cidr_plan_take(struct mo_cidr_plan *p, struct mo_cidr c);
// Takes the lowest free range of a prefix length at or behind *from, and moves *from behind it; false when there is none. With *from 0 the
// search starts at the beginning; ranges of one size may go on where the last one was found.
bool mo_cidr_plan_next(struct mo_cidr_plan *p, uint8_t prefix, uint64_t *from, struct mo_cidr *out);
uint64_t mo_cidr_plan_free(const struct mo_cidr_plan *p); // addresses

#endif
