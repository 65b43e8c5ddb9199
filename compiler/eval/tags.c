// SPDX-License-Identifier: Apache-2.0
// @tags: of the platform, the account, the stack, components, instances and the resource, merged so that the inner wins. What the
// resource writes itself is the innermost; tag_shape.c puts both together.
#include "eval/instance.h"

// ---- merging ---------------------------------------------------------------------------------------------------------------------

// A value that may be absent does not hide that of an outer place.
static const struct mo_value *
or_outer(struct mo_eval *ev, const struct mo_value *v, const struct mo_value *outer)
{
	struct mo_ir_condition *there = outer ? mo_presence_of(ev, v) : NULL;
	return there ? mo_choose(ev, v->span, there, mo_present_part(ev, v), outer, NULL) : v;
}

static void
merge(struct mo_eval *ev, struct mo_value *into, const struct mo_value *tags)
{
	if (!tags || tags->kind != MO_VALUE_RECORD) {
		return;
	}
	for (uint32_t i = 0; i < tags->members.len; i++) {
		const struct mo_value_member *m = &tags->members.items[i];
		if (!mo_is_none(m->value)) {
			mo_value_set(ev->arena, into, m->key, m->key_span, or_outer(ev, m->value, mo_value_get(into, m->key)));
		}
	}
}

static const struct mo_type *
map_of_texts(struct mo_eval *ev)
{
	return mo_type_map(ev->ctx, mo_type_of_kind(MO_TYPE_STRING));
}

// The record of a declaration's @tags, evaluated once; NULL without any.
static const struct mo_value *
tags_of(struct mo_eval *ev, struct mo_decoration *d)
{
	if (d->tags_progress != MO_NEW) {
		return d->tags;
	}
	d->tags_progress = MO_BUSY;
	struct mo_decorator_node *n = mo_decorator_find(ev, d->item, "tags");
	struct mo_node *value = n ? mo_decorator_argument(ev, n, 0, NULL) : NULL;
	if (value) {
		struct mo_place_of_work before = mo_enter(ev, d->frame, ev->evaluator->guard);
		d->tags = mo_eval_typed(ev, d->frame, value, map_of_texts(ev));
		mo_leave(ev, d->frame, before);
	}
	d->tags_progress = MO_DONE;
	return d->tags;
}

static bool
cuts_off(struct mo_eval *ev, const struct mo_decoration *d)
{
	return mo_decorator_find(ev, d->item, "untagged") != NULL;
}

// Whether @untagged stands somewhere around, so that nothing comes from outside of it.
static bool
is_untagged(struct mo_eval *ev, const struct mo_decoration *d)
{
	while (d && !cuts_off(ev, d)) {
		d = d->outer;
	}
	return d != NULL;
}

static void
merge_from(struct mo_eval *ev, struct mo_value *into, struct mo_decoration *d)
{
	if (d && !cuts_off(ev, d)) {
		merge_from(ev, into, d->outer); // as deep as instances nest
		merge(ev, into, tags_of(ev, d));
	}
}

// ---- resources -------------------------------------------------------------------------------------------------------------------

static struct mo_value *
inherited(struct mo_eval *ev, struct mo_decoration *d)
{
	struct mo_value *tags = mo_value_record(ev->arena, ev->evaluator->platform_span);
	if (!is_untagged(ev, d)) {
		merge(ev, tags, ev->evaluator->platform_tags);
		const struct mo_variant *v = ev->evaluator->variant;
		if (ev->evaluator->account_tags && !(v && v->stack->is_template)) {
			merge(ev, tags, mo_target_read(ev, MO_READ_TAGS, (struct mo_name){ 0 }));
		}
	}
	merge_from(ev, tags, d);
	return tags;
}

void
mo_tag_resource(struct mo_eval *ev, struct mo_resource *r)
{
	if (mo_is_taggable(r)) {
		struct mo_value *tags = inherited(ev, r->decoration);
		if (tags->members.len) {
			mo_write_tags(ev, r, tags);
		}
	}
}

// ---- stacks ----------------------------------------------------------------------------------------------------------------------

void
mo_tag_stack(struct mo_eval *ev, struct mo_frame *naming, const struct mo_deployment *d, mo_ir_tags *out)
{
	struct mo_value *tags = mo_value_record(ev->arena, MO_NOWHERE);
	merge(ev, tags, ev->evaluator->platform_tags);
	merge(ev, tags, d->target.account->tags);
	struct mo_decorator_node *n = mo_decorator_find(ev, d->stack->item, "tags");
	struct mo_node *value = n ? mo_decorator_argument(ev, n, 0, NULL) : NULL;
	if (value) {
		merge(ev, tags, mo_eval_typed(ev, naming, value, map_of_texts(ev)));
	}
	for (uint32_t i = 0; i < tags->members.len; i++) {
		const struct mo_value_member *m = &tags->members.items[i];
		if (m->value->kind == MO_VALUE_STRING) { // others are known to the resources only
			mo_push(ev->arena, out, (struct mo_ir_tag){ m->key, m->value->text, m->key_span });
		}
	}
}
