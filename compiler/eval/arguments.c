// SPDX-License-Identifier: Apache-2.0
// What a block says: fields, and records spread into it. Later ones win, and what is none takes nothing away. Values are evaluated when
// they are asked for, so that the fields of a block may depend on each other's owners in any order.
#include "eval/instance.h"

static struct mo_argument *
argument(struct mo_eval *ev, struct mo_arguments *a, mo_atom name, struct mo_span span)
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
	struct mo_argument *arg = argument(ev, a, field->name.atom, field->name.span);
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
		struct mo_argument *arg = argument(ev, a, mo_atom_of(ev->ctx->atoms, m->key), span);
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

static const struct mo_value *
given_value(struct mo_eval *ev, struct mo_frame *f, struct mo_argument *a, const struct mo_type *type)
{
	for (uint32_t i = a->given.len; i-- > 0;) {
		const struct mo_given *g = &a->given.items[i];
		const struct mo_value *v = g->node ? mo_eval_expr(ev, f, g->node, type) : g->value;
		if (mo_is_none(v)) {
			continue;
		}
		a->raw = v;
		if (type && !mo_weigh(ev, v, MO_EVAL_HEAVIEST, g->span)) {
			return mo_error_value();
		}
		return type && !mo_is_error(v) ? mo_coerce_choice(ev, v, type, g->span) : v;
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
	a->value = given_value(ev, f, a, type);
	a->progress = MO_DONE;
	mo_active_pop(ev, &active);
	return a->value;
}
