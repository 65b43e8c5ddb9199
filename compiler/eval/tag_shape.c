// SPDX-License-Identifier: Apache-2.0
// Tags in the shapes that resource types take: a list of keys and values, a map, a list that says of each tag whether instances get it,
// lists inside of something. Takes inherited tags and what the resource wrote itself, which wins; knows nothing of where tags come from.
#include "eval/instance.h"

// Types whose own tags stand in TagSpecifications, with the resource type that they name there (Amazon EC2 API Reference,
// "TagSpecification").
static const struct {
	const char *type, *name;
} specifications[] = {
	{ "AWS::EC2::CapacityReservation", "capacity-reservation" },
	{ "AWS::EC2::CapacityReservationFleet", "capacity-reservation-fleet" },
	{ "AWS::EC2::ClientVpnEndpoint", "client-vpn-endpoint" },
	{ "AWS::EC2::EC2Fleet", "fleet" },
	{ "AWS::EC2::LaunchTemplate", "launch-template" },
};

static struct mo_str
specification_of(const struct mo_resource *r)
{
	for (size_t i = 0; i < sizeof(specifications) / sizeof(*specifications); i++) {
		if (mo_str_is(r->ir.type, specifications[i].type)) {
			return mo_str_c(specifications[i].name);
		}
	}
	return (struct mo_str){ 0 };
}

bool
mo_is_taggable(const struct mo_resource *r)
{
	return r->ir.catalog && (mo_cat_resource(r->ir.catalog).tags != MO_CAT_NO_TAGS || specification_of(r).len);
}

// ---- one tag ---------------------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
pair_of(struct mo_eval *ev, const struct mo_value_member *m, const struct mo_value *value, bool propagate)
{
	struct mo_ir_value *o = mo_ir_object(ev->arena, m->key_span);
	mo_ir_set(ev->arena, o, MO_STR("Key"), m->key_span, mo_ir_string(ev->arena, m->key_span, m->key));
	mo_ir_set(ev->arena, o, MO_STR("Value"), m->key_span, mo_lower(ev, value));
	if (propagate) {
		mo_ir_set(ev->arena, o, MO_STR("PropagateAtLaunch"), m->key_span, mo_ir_bool(ev->arena, m->key_span, true));
	}
	return o;
}

// A tag whose value may be absent is there as a whole or not at all.
static const struct mo_ir_value *
pair(struct mo_eval *ev, const struct mo_value_member *m, bool propagate)
{
	struct mo_ir_condition *there = mo_presence_of(ev, m->value);
	if (!there) {
		return pair_of(ev, m, m->value, propagate);
	}
	return mo_ir_if(ev->arena, m->key_span, there, pair_of(ev, m, mo_present_part(ev, m->value), propagate),
		mo_ir_pseudo(ev->arena, m->key_span, MO_STR("AWS::NoValue")));
}

static bool
is_key(const struct mo_ir_value *tag, struct mo_str key)
{
	const struct mo_ir_value *k = tag->kind == MO_IR_OBJECT ? mo_ir_get(tag, MO_STR("Key")) : NULL;
	return k && k->kind == MO_IR_STRING && mo_str_eq(k->text, key);
}

// How an element of a list has a key: always, only on one side of a condition, or not.
enum has { HAS_NOT, HAS_SOMETIMES, HAS };

static enum has
has(const struct mo_ir_value *tag, struct mo_str key)
{
	if (tag->kind != MO_IR_IF) {
		return is_key(tag, key) ? HAS : HAS_NOT;
	}
	bool then = is_key(tag->then, key), otherwise = is_key(tag->otherwise, key);
	return then && otherwise ? HAS : then || otherwise ? HAS_SOMETIMES : HAS_NOT;
}

// ---- lists -----------------------------------------------------------------------------------------------------------------------

static enum has
list_has(const struct mo_ir_value *list, struct mo_str key)
{
	enum has most = HAS_NOT;
	for (uint32_t i = 0; list && i < list->items.len; i++) {
		enum has one = has(list->items.items[i], key);
		most = one > most ? one : most;
	}
	return most;
}

// An element that is there only sometimes gives way to the inherited tag where it is not.
static const struct mo_ir_value *
or_inherited(struct mo_eval *ev, const struct mo_ir_value *tag, const struct mo_value *tags, bool propagate)
{
	for (uint32_t i = 0; tag->kind == MO_IR_IF && i < tags->members.len; i++) {
		const struct mo_value_member *m = &tags->members.items[i];
		if (has(tag, m->key) != HAS_SOMETIMES) {
			continue;
		}
		bool then = mo_ir_is_no_value(tag->then), otherwise = mo_ir_is_no_value(tag->otherwise);
		const struct mo_ir_value *own = pair(ev, m, propagate);
		return then || otherwise
			? mo_ir_if(ev->arena, tag->span, tag->condition, then ? own : tag->then, otherwise ? own : tag->otherwise) : tag;
	}
	return tag;
}

// Inherited tags first, then what the resource wrote.
static const struct mo_ir_value *
list_of(struct mo_eval *ev, const struct mo_value *tags, const struct mo_ir_value *written, bool propagate)
{
	struct mo_ir_value *list = mo_ir_list(ev->arena, written ? written->span : tags->span);
	for (uint32_t i = 0; i < tags->members.len; i++) {
		const struct mo_value_member *m = &tags->members.items[i];
		if (list_has(written, m->key) == HAS_NOT) {
			mo_push(ev->arena, &list->items, pair(ev, m, propagate));
		}
	}
	for (uint32_t i = 0; written && i < written->items.len; i++) {
		mo_push(ev->arena, &list->items, or_inherited(ev, written->items.items[i], tags, propagate));
	}
	return list;
}

// ---- maps ------------------------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
map_of(struct mo_eval *ev, const struct mo_value *tags, const struct mo_ir_value *written)
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

// ---- any shape -------------------------------------------------------------------------------------------------------------------

struct shape {
	enum mo_cat_tags tags;
	bool in_items; // { Items: [ … ] }
};

// NULL when what was written cannot be added to.
static const struct mo_ir_value *
put(struct mo_eval *ev, struct shape s, const struct mo_value *tags, const struct mo_ir_value *written, uint32_t depth)
{
	if (written && mo_ir_is_no_value(written)) {
		written = NULL;
	}
	if (written && written->kind == MO_IR_IF && depth < MO_IR_DEEPEST) {
		const struct mo_ir_value *then = put(ev, s, tags, written->then, depth + 1);
		const struct mo_ir_value *otherwise = put(ev, s, tags, written->otherwise, depth + 1);
		return then && otherwise ? mo_ir_if(ev->arena, written->span, written->condition, then, otherwise) : NULL;
	}
	if (s.in_items) {
		const struct mo_ir_value *items = written && written->kind == MO_IR_OBJECT ? mo_ir_get(written, MO_STR("Items")) : NULL;
		const struct mo_ir_value *all = put(ev, (struct shape){ s.tags, false }, tags, items, depth + 1);
		struct mo_ir_value *o = mo_ir_object(ev->arena, all ? all->span : tags->span);
		if (all) {
			mo_ir_set(ev->arena, o, MO_STR("Items"), all->span, all);
		}
		return all ? o : NULL;
	}
	if (written && written->kind != (s.tags == MO_CAT_TAG_MAP ? MO_IR_OBJECT : MO_IR_LIST)) {
		return NULL;
	}
	return s.tags == MO_CAT_TAG_MAP ? map_of(ev, tags, written) : list_of(ev, tags, written, s.tags == MO_CAT_TAG_ASG_LIST);
}

// [{ ResourceType: "launch-template", Tags: [ … ] }], beside what is written for other types.
static const struct mo_ir_value *
put_specification(struct mo_eval *ev, struct mo_str name, const struct mo_value *tags, const struct mo_ir_value *written)
{
	struct mo_ir_value *list = mo_ir_list(ev->arena, written ? written->span : tags->span);
	bool found = false;
	if (written && written->kind != MO_IR_LIST) {
		return NULL;
	}
	for (uint32_t i = 0; i < (written ? written->items.len : 0) + 1; i++) {
		const struct mo_ir_value *item = written && i < written->items.len ? written->items.items[i] : NULL;
		const struct mo_ir_value *type = item && item->kind == MO_IR_OBJECT ? mo_ir_get(item, MO_STR("ResourceType")) : NULL;
		bool own = type && type->kind == MO_IR_STRING && mo_str_eq(type->text, name);
		if (item && !own) {
			mo_push(ev->arena, &list->items, item);
		} else if (!found) {
			struct shape s = { MO_CAT_TAG_LIST, false };
			const struct mo_ir_value *all = put(ev, s, tags, own ? mo_ir_get(item, MO_STR("Tags")) : NULL, 0);
			struct mo_ir_value *o = mo_ir_object(ev->arena, tags->span);
			mo_ir_set(ev->arena, o, MO_STR("ResourceType"), tags->span, mo_ir_string(ev->arena, tags->span, name));
			mo_ir_set(ev->arena, o, MO_STR("Tags"), tags->span, all ? all : mo_ir_get(item, MO_STR("Tags")));
			mo_push(ev->arena, &list->items, o);
			found = true;
		}
	}
	return list;
}

static bool
is_in_items(const struct mo_resource *r, struct mo_str property)
{
	mo_cat p = mo_cat_find_property(mo_cat_resource(r->ir.catalog).structure, property);
	return p && mo_cat_type(mo_cat_property(p).type).shape == MO_CAT_STRUCT;
}

void
mo_write_tags(struct mo_eval *ev, struct mo_resource *r, const struct mo_value *tags)
{
	struct mo_cat_resource info = mo_cat_resource(r->ir.catalog);
	bool specified = info.tags == MO_CAT_NO_TAGS;
	struct mo_str property = specified ? MO_STR("TagSpecifications") : info.tag_property;
	const struct mo_ir_value *written = mo_ir_get(r->ir.properties, property);
	const struct mo_ir_value *all = specified ? put_specification(ev, specification_of(r), tags, written)
		: put(ev, (struct shape){ info.tags, is_in_items(r, property) }, tags, written, 0);
	if (all) {
		mo_ir_set(ev->arena, r->ir.properties, property, all->span, all);
		return;
	}
	struct mo_diag *d = mo_eval_report(ev, r->instance, MSG_CANNOT_COMPUTE, written->span, "`" MO_STR_FMT "` is known only at deploy time, so that "
		"`@tags` from outside cannot be added to it", MO_STR_ARG(property));
	mo_diag_help(d, "choose the values of single tags instead, or cut the others off by `@untagged(\"why\")`");
}
