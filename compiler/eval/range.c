// SPDX-License-Identifier: Apache-2.0
// What cidr_plan gave to names in earlier builds. A plan is known by where it is called and by the range that it divides. Stacks that are
// evaluated apart and give a name different ranges have a plan for each account.
#include "eval/range.h"

#include "eval/link.h"

enum { PLACE, RANGE, NAME, GIVEN };

// ---- where -----------------------------------------------------------------------------------------------------------------------

static void
add_part(struct mo_buf *b, struct mo_str part)
{
	if (part.len) {
		mo_buf_adds(b, b->len ? "/" : "");
		mo_buf_add(b, part);
	}
}

// The declaration whose value is being evaluated, with the instances and the stack around it.
static struct mo_str
declaration_of(struct mo_eval *ev)
{
	const struct mo_active *a = ev->evaluator->active;
	struct mo_buf b = mo_buf_in(ev->arena);
	while (a && !a->name.len) {
		a = a->outer;
	}
	const struct mo_instance *i = a ? a->instance : NULL;
	if (i && i->variant) {
		add_part(&b, i->variant->stack->name);
	}
	if (i) {
		add_part(&b, i->slug);
	}
	if (a) {
		add_part(&b, a->owner);
		add_part(&b, a->name);
	}
	return b.len ? mo_buf_str(&b) : MO_STR("plan");
}

struct seen {
	const struct mo_node *node;
	struct seen *next;
};

struct mo_range_plan
mo_range_plan_of(struct mo_eval *ev, const struct mo_node *call, struct mo_str range)
{
	if (!ev->ctx->lock) {
		return (struct mo_range_plan){ { 0 }, range };
	}
	struct mo_str place = declaration_of(ev);
	uint64_t hash = mo_hash_mix(mo_str_hash(place), mo_str_hash(range));
	uint32_t number = 1;
	struct seen *first = mo_map_get(&ev->evaluator->plans, hash), *s = first;
	for (; s && s->node != call; s = s->next) {
		number++;
	}
	if (!s) { // calls in one declaration are told apart by their order
		s = mo_new(ev->arena, struct seen);
		s->node = call;
		struct seen **end = &first;
		while (*end) {
			end = &(*end)->next;
		}
		*end = s;
		ev->evaluator->plans_told_apart += number > 1;
		mo_map_put(ev->arena, &ev->evaluator->plans, hash, first);
	}
	if (number > 1) {
		place = mo_str_printf(ev->arena, MO_STR_FMT "#%u", MO_STR_ARG(place), number);
	}
	return (struct mo_range_plan){ place, range };
}

// ---- at a target -----------------------------------------------------------------------------------------------------------------

static struct mo_str
place_here(struct mo_eval *ev, const struct mo_range_plan *p)
{
	const struct mo_variant *v = ev->evaluator->variant;
	if (!v || !v->target.account) {
		return p->place;
	}
	return mo_str_printf(ev->arena, MO_STR_FMT "@" MO_STR_FMT "/" MO_STR_FMT, MO_STR_ARG(p->place), MO_STR_ARG(v->target.account->ir.id),
		MO_STR_ARG(v->target.region));
}

static struct mo_str
word_at(struct mo_str text, uint32_t position)
{
	size_t start = 0;
	for (; position > 0; position--) {
		ptrdiff_t space = mo_str_find(text, MO_STR(" "), start);
		if (space < 0) {
			return (struct mo_str){ 0 };
		}
		start = (size_t)space + 1;
	}
	ptrdiff_t end = mo_str_find(text, MO_STR(" "), start);
	return mo_str_sub(text, start, end < 0 ? text.len : (size_t)end);
}

bool
mo_range_given(struct mo_eval *ev, const struct mo_range_plan *p, struct mo_str name, uint32_t position, struct mo_cidr *out)
{
	if (!ev->ctx->lock || ev->ctx->lock->before.facts[MO_LOCK_RANGE].len == 0) {
		return false;
	}
	struct mo_str keys[] = { place_here(ev, p), p->range, name };
	const struct mo_lock_fact *f = mo_lock_find(ev->ctx->lock, MO_LOCK_RANGE, keys);
	if (!f) {
		keys[PLACE] = p->place;
		f = mo_lock_find(ev->ctx->lock, MO_LOCK_RANGE, keys);
	}
	const char *why;
	return f && mo_cidr_parse(word_at(f->fields[GIVEN], position), out, &why);
}

void
mo_range_note(struct mo_eval *ev, const struct mo_range_plan *p, struct mo_str name, const struct mo_value *ranges)
{
	struct mo_buf given = mo_buf_in(ev->arena);
	if (!ev->ctx->lock || ranges->items.len == 0 || ranges->items.len > MO_RANGE_MOST_KEPT) {
		return;
	}
	for (uint32_t i = 0; i < ranges->items.len; i++) {
		mo_buf_adds(&given, i ? " " : "");
		mo_buf_add(&given, mo_cidr_text(ev->arena, ranges->items.items[i]->cidr));
	}
	struct mo_str fields[] = { p->place, p->range, name, mo_buf_str(&given) };
	const struct mo_lock_fact *there = mo_lock_state_find(&ev->ctx->lock->after, MO_LOCK_RANGE, fields);
	if (there && !mo_str_eq(there->fields[GIVEN], fields[GIVEN])) {
		fields[PLACE] = place_here(ev, p);
	}
	mo_lock_put(ev->ctx->lock, MO_LOCK_RANGE, fields);
}

// ---- workers ---------------------------------------------------------------------------------------------------------------------

bool
mo_range_is_of_target(const struct mo_lock_fact *f)
{
	return mo_str_find(f->fields[PLACE], MO_STR("@"), 0) >= 0;
}

bool
mo_ranges_agree(const struct mo_lock *lock)
{
	for (uint32_t i = 0; lock && i < lock->before.facts[MO_LOCK_RANGE].len; i++) {
		if (mo_range_is_of_target(&lock->before.facts[MO_LOCK_RANGE].items[i])) {
			return false;
		}
	}
	for (uint32_t i = 0; lock && i < lock->after.facts[MO_LOCK_RANGE].len; i++) {
		if (mo_range_is_of_target(&lock->after.facts[MO_LOCK_RANGE].items[i])) {
			return false;
		}
	}
	return true;
}

bool
mo_range_take(struct mo_lock *lock, const struct mo_str *fields)
{
	const struct mo_lock_fact *there = mo_lock_state_find(&lock->after, MO_LOCK_RANGE, fields);
	if (there && !mo_str_eq(there->fields[GIVEN], fields[GIVEN])) {
		return false;
	}
	mo_lock_put(lock, MO_LOCK_RANGE, fields);
	return true;
}
