// SPDX-License-Identifier: Apache-2.0
#include "eval/cidr_plan.h"

#include <string.h>

struct mo_cidr_plan
mo_cidr_plan_of(struct mo_arena *arena, struct mo_cidr range)
{
	return (struct mo_cidr_plan){ .arena = arena, .range = range };
}

// The index of the first taken interval that ends behind `address`.
static uint32_t
first_behind(const struct mo_cidr_plan *p, uint64_t address)
{
	uint32_t low = 0, high = p->taken.len;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (p->taken.items[middle].end <= address) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

static void
remove_at(struct mo_cidr_plan *p, uint32_t i)
{
	memmove(&p->taken.items[i], &p->taken.items[i + 1], (p->taken.len - i - 1) * sizeof(p->taken.items[0]));
	p->taken.len--;
}

// Adds a free interval before index i and joins it with the neighbours that it touches.
static void
insert_at(struct mo_cidr_plan *p, uint32_t i, struct mo_interval fresh)
{
	bool joins_before = i > 0 && p->taken.items[i - 1].end == fresh.start;
	bool joins_behind = i < p->taken.len && p->taken.items[i].start == fresh.end;
	if (joins_before) {
		p->taken.items[i - 1].end = joins_behind ? p->taken.items[i].end : fresh.end;
		if (joins_behind) {
			remove_at(p, i);
		}
	} else if (joins_behind) {
		p->taken.items[i].start = fresh.start;
	} else {
		mo_push(p->arena, &p->taken, fresh);
		memmove(&p->taken.items[i + 1], &p->taken.items[i], (p->taken.len - 1 - i) * sizeof(p->taken.items[0]));
		p->taken.items[i] = fresh;
	}
}

bool
mo_cidr_plan_take(struct mo_cidr_plan *p, struct mo_cidr c)
{
	struct mo_interval wanted = { c.address, mo_cidr_end(c) };
	uint32_t i = first_behind(p, wanted.start);
	if (!mo_cidr_holds(p->range, c) || (i < p->taken.len && p->taken.items[i].start < wanted.end)) {
		return false;
	}
	insert_at(p, i, wanted);
	return true;
}

static uint64_t
round_up(uint64_t address, uint64_t size)
{
	return (address + size - 1) & ~(size - 1);
}

bool
mo_cidr_plan_next(struct mo_cidr_plan *p, uint8_t prefix, uint64_t *from, struct mo_cidr *out)
{
	uint64_t size = UINT64_C(1) << (32 - prefix), end = mo_cidr_end(p->range);
	uint64_t start = round_up(*from > p->range.address ? *from : p->range.address, size);
	uint32_t i = first_behind(p, start);
	while (i < p->taken.len && p->taken.items[i].start < start + size) {
		start = round_up(p->taken.items[i].end, size);
		i++;
		while (i < p->taken.len && p->taken.items[i].end <= start) {
			i++;
		}
	}
	if (start + size > end) {
		return false;
	}
	insert_at(p, i, (struct mo_interval){ start, start + size });
	*from = start + size;
	*out = (struct mo_cidr){ (uint32_t)start, prefix };
	return true;
}

uint64_t
mo_cidr_plan_free(const struct mo_cidr_plan *p)
{
	uint64_t room = mo_cidr_size(p->range);
	for (uint32_t i = 0; i < p->taken.len; i++) {
		room -= p->taken.items[i].end - p->taken.items[i].start;
	}
	return room;
}
