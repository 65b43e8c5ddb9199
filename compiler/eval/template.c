// SPDX-License-Identifier: Apache-2.0
// Goes through an evaluated template once: finishes the values of every resource and output, and adds the dependencies that follow from
// @ready_after and from what services are known to wait for (catalog, `waits`).
#include "eval/link.h"
#include "eval/raw.h"
#include "eval/rule.h"

void
mo_template_transform(struct mo_eval *ev, struct mo_ir_template *t, const struct mo_ir_value *macro)
{
	for (uint32_t i = 0; i < t->transforms.len; i++) {
		if (mo_ir_equal(t->transforms.items[i], macro)) {
			return;
		}
	}
	mo_push(ev->arena, &t->transforms, macro);
}

static struct mo_ir_value *
finish_object(struct mo_finish *fin, const struct mo_ir_value *v)
{
	const struct mo_ir_value *made = mo_finish_value(fin, v);
	return made->kind == MO_IR_OBJECT ? (struct mo_ir_value *)(uintptr_t)made : mo_ir_object(fin->ev->arena, v->span);
}

static void
finish_resource(struct mo_finish *fin, struct mo_resource *r)
{
	fin->resource = r;
	fin->at = r->ir.origin.span;
	if (r->ir.loop) {
		mo_finish_extend(fin, r->ir.origin.span);
	}
	fin->facts = r->guard;
	fin->serial++;
	if (r->guard) {
		r->ir.condition = mo_finish_condition(fin, mo_guard_condition(fin->ev, r->guard));
	}
	fin->in_properties = true;
	r->ir.properties = finish_object(fin, r->ir.properties);
	fin->in_properties = false;
	r->ir.metadata = mo_finish_value(fin, r->ir.metadata);
	r->ir.creation_policy = mo_finish_value(fin, r->ir.creation_policy);
	r->ir.update_policy = mo_finish_value(fin, r->ir.update_policy);
	mo_raw_merge_resource(fin, r);
}

static void
finish_output(struct mo_finish *fin, struct mo_ir_output *o)
{
	fin->resource = NULL;
	fin->at = o->origin.span;
	if (o->loop) {
		mo_finish_extend(fin, o->origin.span);
	}
	fin->facts = o->condition ? mo_guard_assume(fin->ev, NULL, o->condition, false, o->origin.span) : NULL;
	if (o->condition) {
		o->condition = mo_finish_condition(fin, o->condition);
	}
	o->value = mo_finish_value(fin, o->value);
	fin->in_export_name = true;
	o->export_name = mo_finish_value(fin, o->export_name);
	fin->in_export_name = false;
}

// ---- dependencies ----------------------------------------------------------------------------------------------------------------

struct search {
	struct mo_eval *ev;
	uint32_t serial;
	MO_VEC(struct mo_resource *) open;
};

static void
visit(struct search *s, struct mo_resource *r)
{
	if (r->mark != s->serial) {
		r->mark = s->serial;
		mo_push(s->ev->arena, &s->open, r);
	}
}

// Whether making `from` waits for `to` already, so that the reverse would be a circle.
static bool
waits_for(struct mo_finish *fin, struct mo_resource *from, const struct mo_resource *to)
{
	struct search s = { .ev = fin->ev, .serial = ++fin->serial };
	visit(&s, from);
	while (s.open.len) {
		struct mo_resource *r = s.open.items[--s.open.len];
		if (r == to) {
			return true;
		}
		for (uint32_t i = 0; i < r->refers.len; i++) {
			visit(&s, r->refers.items[i]);
		}
		for (uint32_t i = 0; i < r->ir.depends_on.len; i++) {
			visit(&s, mo_resource_of(r->ir.depends_on.items[i]));
		}
	}
	return false;
}

static bool
depends_on(const struct mo_resource *r, const struct mo_resource *on)
{
	for (uint32_t i = 0; i < r->ir.depends_on.len; i++) {
		if (r->ir.depends_on.items[i] == &on->ir) {
			return true;
		}
	}
	for (uint32_t i = 0; i < r->refers.len; i++) {
		if (r->refers.items[i] == on) {
			return true;
		}
	}
	return false;
}

static void
add_wait(struct mo_finish *fin, struct mo_resource *r, struct mo_resource *on)
{
	if (on != r && !depends_on(r, on) && !waits_for(fin, on, r)) {
		mo_push(fin->ev->arena, &r->ir.depends_on, &on->ir);
	}
}

// Policies that permissions made wait for nothing but what they are about.
static void
wait_for_readiness(struct mo_finish *fin, struct mo_resource *r)
{
	if (r->granted) {
		return;
	}
	for (uint32_t i = 0; i < r->refers.len; i++) {
		struct mo_resource *to = r->refers.items[i];
		for (uint32_t k = 0; k < to->ready_after.len; k++) {
			add_wait(fin, r, mo_resource_of(to->ready_after.items[k]));
		}
	}
}

struct by_type {
	MO_VEC(struct mo_resource *) items;
};

static uint64_t
key_of(const struct mo_instance *i, struct mo_str type)
{
	return mo_hash_mix(MO_KEY(i), mo_str_hash(type));
}

static void
group(struct mo_finish *fin, struct mo_map *groups, uint64_t key, struct mo_resource *r)
{
	struct by_type *g = mo_map_get(groups, key);
	if (!g) {
		g = mo_new(fin->ev->arena, struct by_type);
		mo_map_put(fin->ev->arena, groups, key, g);
	}
	mo_push(fin->ev->arena, &g->items, r);
}

// The resources of each type in each instance, and in the whole template.
static void
group_by_type(struct mo_finish *fin, struct mo_map *groups)
{
	const struct mo_ir_template *t = fin->variant->template;
	for (uint32_t i = 0; i < t->resources.len; i++) {
		struct mo_resource *r = mo_resource_of(t->resources.items[i]);
		group(fin, groups, key_of(r->instance, r->ir.type), r);
		group(fin, groups, key_of(NULL, r->ir.type), r);
	}
}

// Whether two resources have the same values of some properties, whose names have commas between.
static bool
agree(const struct mo_resource *a, const struct mo_resource *b, struct mo_str properties)
{
	while (properties.len) {
		ptrdiff_t comma = mo_str_find(properties, MO_STR(","), 0);
		struct mo_str name = comma < 0 ? properties : mo_str_sub(properties, 0, (size_t)comma);
		properties = comma < 0 ? (struct mo_str){ 0 } : mo_str_sub(properties, (size_t)comma + 1, properties.len);
		const struct mo_ir_value *x = mo_ir_get(a->ir.properties, name), *y = mo_ir_get(b->ir.properties, name);
		if (!x || !y || !mo_ir_equal(x, y)) {
			return false;
		}
	}
	return true;
}

// Waits that services need: among the resources of one instance, or where properties agree.
static void
wait_for_services(struct mo_finish *fin, struct mo_resource *r, const struct mo_map *groups)
{
	uint32_t count = r->ir.catalog ? mo_cat_wait_count(r->ir.catalog) : 0;
	for (uint32_t i = 0; i < count; i++) {
		struct mo_str when = mo_cat_wait_when(r->ir.catalog, i), same = mo_cat_wait_same(r->ir.catalog, i);
		bool needed = !when.len || mo_ir_get(r->ir.properties, when);
		uint64_t key = key_of(same.len ? NULL : r->instance, mo_cat_wait_at(r->ir.catalog, i));
		const struct by_type *g = needed ? mo_map_get(groups, key) : NULL;
		for (uint32_t k = 0; g && k < g->items.len; k++) {
			if (agree(r, g->items.items[k], same)) {
				add_wait(fin, r, g->items.items[k]);
			}
		}
	}
}

void
mo_resource_finish(struct mo_eval *ev, struct mo_resource *r)
{
	// A mark of its own: the template itself may be finished later, and counts from one.
	struct mo_finish fin = { .ev = ev, .variant = r->instance->variant, .serial = UINT32_MAX - 1 };
	finish_resource(&fin, r);
}

const struct mo_ir_value *
mo_finish_value_in(struct mo_eval *ev, struct mo_variant *v, const struct mo_ir_value *value)
{
	struct mo_finish fin = { .ev = ev, .variant = v, .serial = UINT32_MAX - 1 };
	return mo_finish_value(&fin, value);
}

struct mo_ir_condition *
mo_finish_condition_in(struct mo_eval *ev, struct mo_variant *v, struct mo_ir_condition *c)
{
	struct mo_finish fin = { .ev = ev, .variant = v, .serial = UINT32_MAX - 1 };
	return mo_finish_condition(&fin, c);
}

// How many resources a template had when it was evaluated: what is published for other stacks comes behind and is finished when made.
static uint32_t
own_resources(const struct mo_ir_template *t)
{
	uint32_t own = t->resources.len;
	while (own > 0 && mo_resource_of(t->resources.items[own - 1])->published) {
		own--;
	}
	return own;
}

void
mo_variant_finish(struct mo_eval *ev, struct mo_variant *v)
{
	struct mo_finish fin = { .ev = ev, .variant = v };
	struct mo_ir_template *t = v->template;
	struct mo_place_of_work before = mo_enter(ev, v->body->frame, NULL);
	mo_keep_names(ev, v);
	uint32_t own = own_resources(t);
	for (uint32_t i = 0; i < own; i++) {
		finish_resource(&fin, mo_resource_of(t->resources.items[i]));
	}
	for (uint32_t i = 0; i < t->outputs.len; i++) {
		finish_output(&fin, t->outputs.items[i]);
	}
	for (uint32_t i = 0; i < t->rules.len; i++) {
		mo_rule_finish(&fin, t->rules.items[i]);
	}
	struct mo_map groups = { 0 };
	group_by_type(&fin, &groups);
	for (uint32_t i = 0; i < own; i++) {
		wait_for_readiness(&fin, mo_resource_of(t->resources.items[i]));
	}
	for (uint32_t i = 0; i < own; i++) {
		wait_for_services(&fin, mo_resource_of(t->resources.items[i]), &groups);
	}
	fin.resource = NULL;
	fin.facts = NULL;
	t->metadata = mo_finish_value(&fin, t->metadata);
	mo_param_interface(ev, v);
	mo_raw_merge_template(&fin);
	v->finished = true;
	mo_leave(ev, v->body->frame, before);
}
