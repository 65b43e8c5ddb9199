// SPDX-License-Identifier: Apache-2.0
// @tags: of the platform, the account, the stack, instances and the resource, merged so that the inner wins, and written in the shape
// that the resource type takes. Tags that a resource writes itself are the innermost.
#include "eval/instance.h"

// ---- merging ---------------------------------------------------------------------------------------------------------------------

static void
merge(struct mo_eval *ev, struct mo_value *into, const struct mo_value *tags)
{
	if (!tags || tags->kind != MO_VALUE_RECORD) {
		return;
	}
	for (uint32_t i = 0; i < tags->members.len; i++) {
		const struct mo_value_member *m = &tags->members.items[i];
		if (!mo_is_none(m->value)) {
			mo_value_set(ev->arena, into, m->key, m->key_span, m->value);
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

static void
merge_from(struct mo_eval *ev, struct mo_value *into, struct mo_decoration *d)
{
	if (d) {
		merge_from(ev, into, d->outer); // as deep as instances nest
		merge(ev, into, tags_of(ev, d));
	}
}

// ---- shapes ----------------------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
pair(struct mo_eval *ev, const struct mo_value_member *m, bool propagate)
{
	struct mo_ir_value *o = mo_ir_object(ev->arena, m->key_span);
	mo_ir_set(ev->arena, o, MO_STR("Key"), m->key_span, mo_ir_string(ev->arena, m->key_span, m->key));
	mo_ir_set(ev->arena, o, MO_STR("Value"), m->key_span, mo_lower(ev, m->value));
	if (propagate) {
		mo_ir_set(ev->arena, o, MO_STR("PropagateAtLaunch"), m->key_span, mo_ir_bool(ev->arena, m->key_span, true));
	}
	return o;
}

static bool
has_key(const struct mo_ir_value *list, struct mo_str key)
{
	for (uint32_t i = 0; i < list->items.len; i++) {
		const struct mo_ir_value *k = mo_ir_get(list->items.items[i], MO_STR("Key"));
		if (k && k->kind == MO_IR_STRING && mo_str_eq(k->text, key)) {
			return true;
		}
	}
	return false;
}

// Inherited tags first, then what the resource wrote.
static const struct mo_ir_value *
tag_list(struct mo_eval *ev, const struct mo_value *tags, const struct mo_ir_value *written, bool propagate)
{
	struct mo_ir_value *list = mo_ir_list(ev->arena, written ? written->span : tags->span);
	for (uint32_t i = 0; i < tags->members.len; i++) {
		const struct mo_value_member *m = &tags->members.items[i];
		if (!written || !has_key(written, m->key)) {
			mo_push(ev->arena, &list->items, pair(ev, m, propagate));
		}
	}
	for (uint32_t i = 0; written && i < written->items.len; i++) {
		mo_push(ev->arena, &list->items, written->items.items[i]);
	}
	return list;
}

static const struct mo_ir_value *
tag_map(struct mo_eval *ev, const struct mo_value *tags, const struct mo_ir_value *written)
{
	struct mo_ir_value *map = mo_ir_object(ev->arena, written ? written->span : tags->span);
	for (uint32_t i = 0; i < tags->members.len; i++) {
		const struct mo_value_member *m = &tags->members.items[i];
		if (!written || !mo_ir_get(written, m->key)) {
			mo_ir_set(ev->arena, map, m->key, m->key_span, mo_lower(ev, m->value));
		}
	}
	for (uint32_t i = 0; written && i < written->members.len; i++) {
		const struct mo_ir_member *m = &written->members.items[i];
		mo_ir_set(ev->arena, map, m->key, m->key_span, m->value);
	}
	return map;
}

static struct mo_value *
inherited(struct mo_eval *ev, struct mo_decoration *d)
{
	struct mo_value *tags = mo_value_record(ev->arena, ev->evaluator->platform_span);
	merge(ev, tags, ev->evaluator->platform_tags);
	const struct mo_variant *v = ev->evaluator->variant;
	if (ev->evaluator->account_tags && !(v && v->stack->is_template)) {
		merge(ev, tags, mo_target_read(ev, MO_READ_TAGS, (struct mo_name){ 0 }));
	}
	merge_from(ev, tags, d);
	return tags;
}

void
mo_tag_resource(struct mo_eval *ev, struct mo_resource *r)
{
	struct mo_cat_resource info = r->ir.catalog ? mo_cat_resource(r->ir.catalog) : (struct mo_cat_resource){ 0 };
	if (!r->ir.catalog || info.tags == MO_CAT_NO_TAGS) {
		return;
	}
	struct mo_value *tags = inherited(ev, r->decoration);
	if (tags->members.len == 0) {
		return;
	}
	const struct mo_ir_value *written = mo_ir_get(r->ir.properties, info.tag_property);
	enum mo_ir_kind shape = info.tags == MO_CAT_TAG_MAP ? MO_IR_OBJECT : MO_IR_LIST;
	if (written && written->kind != shape) {
		struct mo_diag *d = mo_eval_report(ev, r->instance, MSG_NOT_SUPPORTED_YET, r->ir.origin.span,
			"`" MO_STR_FMT "` that is computed at deploy time cannot be merged with `@tags`",
			MO_STR_ARG(info.tag_property));
		mo_diag_help(d, "choose the values of single tags instead");
		return;
	}
	const struct mo_ir_value *all = info.tags == MO_CAT_TAG_MAP ? tag_map(ev, tags, written)
		: tag_list(ev, tags, written, info.tags == MO_CAT_TAG_ASG_LIST);
	mo_ir_set(ev->arena, r->ir.properties, info.tag_property, all->span, all);
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
			mo_push(ev->arena, out, (struct mo_ir_tag){ m->key, m->value->text });
		}
	}
}
