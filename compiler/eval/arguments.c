// SPDX-License-Identifier: Apache-2.0
// What a block says: fields, and records spread into it. Later ones win, and what is none takes nothing away. Values are evaluated when
// they are asked for, so that the fields of a block may depend on each other's owners in any order.
#include "eval/instance.h"

struct mo_argument *
mo_argument_add(struct mo_eval *ev, struct mo_arguments *a, mo_atom name, struct mo_span span)
{
	struct mo_argument *there = mo_map_get(&a->by_name, name);
	if (!there) {
		there = mo_new(ev->arena, struct mo_argument);
		there->of = a;
		there->name = name;
		mo_map_put(ev->arena, &a->by_name, name, there);
		mo_push(ev->arena, &a->items, there);
	}
	there->span = span;
	return there;
}

static void
add_field(struct mo_eval *ev, struct mo_arguments *a, struct mo_field_node *field)
{
	struct mo_argument *arg = mo_argument_add(ev, a, field->name.atom, field->name.span);
	struct mo_span span = field->value ? field->value->span : field->name.span;
	mo_push(ev->arena, &arg->given, (struct mo_given){ .node = field->value, .span = span });
}

static void
add_members(struct mo_eval *ev, struct mo_arguments *a, const struct mo_value *record, struct mo_span span)
{
	for (uint32_t i = 0; i < record->members.len; i++) {
		const struct mo_value_member *m = &record->members.items[i];
		if (mo_is_none(m->value)) {
			continue;
		}
		struct mo_argument *arg = mo_argument_add(ev, a, mo_atom_of(ev->ctx->atoms, m->key), span);
		mo_push(ev->arena, &arg->given, (struct mo_given){ .value = m->value, .span = span });
	}
}

static void
add_spread(struct mo_eval *ev, struct mo_frame *f, struct mo_arguments *a, struct mo_node *n)
{
	const struct mo_value *v = mo_eval_expr(ev, f, n, NULL);
	if (mo_is_none(v) || mo_is_error(v)) {
		a->failed = a->failed || mo_is_error(v);
		return;
	}
	v = v->kind == MO_VALUE_FAMILY ? mo_family_value(ev, v) : v;
	if (v->kind == MO_VALUE_RECORD) {
		add_members(ev, a, v, n->span);
		return;
	}
	a->failed = true;
	if (v->kind == MO_VALUE_DEPLOY) {
		mo_needs_compile_time(ev, v, n->span, "what `...` takes its fields from");
		return;
	}
	struct mo_str kind = mo_value_kind_text(ev->arena, v);
	mo_report(ev->ctx->diags, MSG_WRONG_OPERANDS, n->span, "`...` in a block wants a record, this is " MO_STR_FMT,
		MO_STR_ARG(kind));
}

void
mo_arguments_collect(struct mo_eval *ev, struct mo_frame *f, struct mo_node *block, struct mo_arguments *a)
{
	if (a->progress == MO_DONE) {
		return;
	}
	struct mo_span span = block ? block->span : MO_NOWHERE;
	struct mo_active active = { .subject = a, .owner = a->owner, .name = MO_STR("..."), .span = span };
	if (a->progress == MO_BUSY) {
		mo_report_cycle(ev, a, block->span);
		return;
	}
	if (!block || block->kind != MO_BLOCK_NODE || !mo_active_push(ev, &active)) {
		return;
	}
	a->progress = MO_BUSY;
	mo_nodes items = mo_as_block(block)->items;
	for (uint32_t i = 0; i < items.len; i++) {
		struct mo_node *item = items.items[i];
		if (item && item->kind == MO_FIELD_NODE) {
			add_field(ev, a, mo_as_field(item));
		} else if (item && item->kind == MO_SPREAD_NODE) {
			add_spread(ev, f, a, mo_as_spread(item)->value);
		}
	}
	a->progress = MO_DONE;
	mo_active_pop(ev, &active);
}

struct mo_argument *
mo_argument_find(const struct mo_arguments *a, mo_atom name)
{
	return mo_map_get(&a->by_name, name);
}

// ---- adding to what is there -----------------------------------------------------------------------------------------------------

static const struct mo_value *
append_items(struct mo_eval *ev, const struct mo_value *to, const struct mo_value *more)
{
	struct mo_value *list = mo_value_list(ev->arena, to->span);
	for (uint32_t i = 0; i < to->items.len; i++) {
		mo_push(ev->arena, &list->items, to->items.items[i]);
	}
	for (uint32_t i = 0; i < more->items.len; i++) {
		mo_push(ev->arena, &list->items, more->items.items[i]);
	}
	return list;
}

static const struct mo_value *
append_members(struct mo_eval *ev, const struct mo_value *to, const struct mo_value *more)
{
	struct mo_value *record = mo_value_record(ev->arena, to->span);
	const struct mo_value *both[2] = { to, more };
	for (uint32_t k = 0; k < 2; k++) {
		for (uint32_t i = 0; i < both[k]->members.len; i++) {
			const struct mo_value_member *m = &both[k]->members.items[i];
			mo_value_set(ev->arena, record, m->key, m->key_span, m->value);
		}
	}
	return record;
}

// `to` with `more` behind it, on both sides of a choice; none is as good as empty.
static const struct mo_value *
append(struct mo_eval *ev, const struct mo_value *to, const struct mo_value *more, struct mo_span span)
{
	if (mo_is_error(to) || mo_is_error(more)) {
		return mo_error_value();
	}
	if (mo_is_none(to) || mo_is_none(more)) {
		return mo_is_none(to) ? more : to;
	}
	if (to->kind == more->kind && (to->kind == MO_VALUE_LIST || to->kind == MO_VALUE_RECORD)) {
		return to->kind == MO_VALUE_LIST ? append_items(ev, to, more) : append_members(ev, to, more);
	}
	const struct mo_sides *a = mo_sides_of(ev, to), *b = mo_sides_of(ev, more), *sides = a ? a : b;
	if (sides && ev->depth < MO_EVAL_DEPTH) {
		ev->depth++;
		const struct mo_value *then = append(ev, a ? a->then : to, a ? more : b->then, span);
		const struct mo_value *otherwise = append(ev, a ? a->otherwise : to, a ? more : b->otherwise, span);
		ev->depth--;
		return mo_choose(ev, span, sides->condition, then, otherwise, NULL);
	}
	return mo_cannot_compute(ev, span, to->kind == MO_VALUE_DEPLOY ? to : more, "a list that is known only at deploy time and more elements",
		"set the whole property: `name: …`");
}

// ---- what counts -----------------------------------------------------------------------------------------------------------------

static const struct mo_value *given_up_to(struct mo_eval *ev, struct mo_frame *f, struct mo_argument *a, const struct mo_type *type,
	uint32_t count);

// What one place gives, in the frame where it stands; none when it is absent.
static const struct mo_value *
given_by(struct mo_eval *ev, struct mo_frame *f, struct mo_argument *a, const struct mo_given *g, const struct mo_type *type)
{
	const struct mo_change *change = g->change;
	struct mo_place_of_work before = { 0 };
	if (change) {
		before = mo_enter(ev, change->frame, change->guard);
	}
	const struct mo_value *v = g->node ? mo_eval_expr(ev, change ? change->frame : f, g->node, type) : g->value;
	if (!mo_is_none(v)) {
		a->raw = v;
		if (type && !mo_weigh(ev, v, MO_EVAL_HEAVIEST, g->span)) {
			v = mo_error_value();
		}
		v = type && !mo_is_error(v) ? mo_coerce_choice(ev, v, type, g->span) : v;
	}
	if (change) {
		mo_leave(ev, change->frame, before);
	}
	return v;
}

// Whether what was given earlier still counts where this is absent or its condition does not hold.
static struct mo_ir_condition *
given_when(struct mo_eval *ev, const struct mo_given *g, bool others, const struct mo_value *v)
{
	if (g->change && !mo_guard_implies(ev->evaluator->guard, g->change->guard)) {
		return mo_guard_condition(ev, g->change->guard);
	}
	return others ? mo_presence_of(ev, v) : NULL;
}

static const struct mo_value *
change_value(struct mo_eval *ev, struct mo_frame *f, struct mo_argument *a, uint32_t at, const struct mo_value *v, const struct mo_type *type)
{
	const struct mo_given *g = &a->given.items[at];
	const struct mo_value *raw = a->raw;
	bool from_outside = g->change || (a->given.items[0].change && at > 0);
	struct mo_ir_condition *c = from_outside && !mo_is_error(v) ? given_when(ev, g, at > 0, v) : NULL;
	if (!c && !g->append) {
		return v;
	}
	const struct mo_value *rest = given_up_to(ev, f, a, type, at);
	if (g->append) {
		v = append(ev, rest, v, g->span);
	}
	a->raw = c || g->append ? v : raw;
	return c ? mo_choose(ev, g->span, c, mo_present_part(ev, v), rest, type) : v;
}

// What the first `count` places give together: the last one that is there counts.
static const struct mo_value *
given_up_to(struct mo_eval *ev, struct mo_frame *f, struct mo_argument *a, const struct mo_type *type, uint32_t count)
{
	for (uint32_t i = count; i-- > 0;) {
		const struct mo_value *v = given_by(ev, f, a, &a->given.items[i], type);
		if (!mo_is_none(v)) {
			mo_default_taken(ev, &a->given.items[i]);
			return change_value(ev, f, a, i, v, type);
		}
	}
	a->raw = mo_value_simple(MO_VALUE_NONE);
	return a->raw;
}

const struct mo_value *
mo_argument_value(struct mo_eval *ev, struct mo_frame *f, struct mo_argument *a, const struct mo_type *type)
{
	if (a->progress == MO_DONE) {
		return a->value;
	}
	struct mo_active active = { .subject = a, .owner = a->of->owner, .span = a->span, .asked = a->span };
	if (a->of->owner.len) { // the input of an instance is a hop already
		active.name = mo_atom_text(ev, a->name);
	}
	if (a->progress == MO_BUSY) {
		mo_report_cycle(ev, a, a->span);
		return mo_error_value();
	}
	if (!mo_active_push(ev, &active)) {
		return mo_error_value();
	}
	a->progress = MO_BUSY;
	a->value = given_up_to(ev, f, a, type, a->given.len);
	a->progress = MO_DONE;
	mo_active_pop(ev, &active);
	return a->value;
}
