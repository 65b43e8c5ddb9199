// SPDX-License-Identifier: Apache-2.0
// What the lock file is to hold of a template, and what it holds already: resources with data, the properties that must not change, names
// that were computed. Takes finished templates, gives lists of facts; compares nothing and reports nothing.
#include "eval/link.h"

#include "base/json_writer.h"
#include "base/sha256.h"

enum { LONGEST_TEXT = 120 }; // of a value as it is; longer ones are known by their digest

// ---- values as texts -------------------------------------------------------------------------------------------------------------

static void
add_quoted(struct mo_buf *b, struct mo_str s)
{
	mo_buf_addc(b, '"');
	for (size_t i = 0; i < s.len; i++) {
		mo_buf_adds(b, s.p[i] == '"' || s.p[i] == '\\' ? "\\" : "");
		mo_buf_addc(b, s.p[i]);
	}
	mo_buf_addc(b, '"');
}

// Text of a scalar; a pseudo parameter means the same in every build. False for what only a deployment knows.
static bool
add_scalar(struct mo_buf *b, const struct mo_ir_value *v)
{
	switch (v->kind) {
	case MO_IR_STRING:
		mo_buf_add(b, v->text);
		return true;
	case MO_IR_BOOL:
		mo_buf_adds(b, v->boolean ? "true" : "false");
		return true;
	case MO_IR_INT:
		mo_buf_printf(b, "%lld", (long long)v->integer);
		return true;
	case MO_IR_FLOAT:
		mo_json_number(b, v->number);
		return true;
	case MO_IR_PSEUDO:
		mo_buf_printf(b, "${" MO_STR_FMT "}", MO_STR_ARG(v->text));
		return !mo_str_is(v->text, "AWS::StackId") && !mo_str_is(v->text, "AWS::NotificationARNs");
	case MO_IR_SUB:
		for (uint32_t i = 0; i < v->items.len; i++) {
			if (v->items.items[i]->kind == MO_IR_SUB || !add_scalar(b, v->items.items[i])) {
				return false;
			}
		}
		return true;
	default:
		return false;
	}
}

static bool add_value(struct mo_eval *ev, struct mo_buf *b, const struct mo_ir_value *v, uint32_t depth);

// The member with the least key above `last`; NULL at the end. Objects have few members.
static const struct mo_ir_member *
next_member(const struct mo_ir_value *v, const struct mo_ir_member *last)
{
	const struct mo_ir_member *next = NULL;
	for (uint32_t i = 0; i < v->members.len; i++) {
		const struct mo_ir_member *m = &v->members.items[i];
		bool above = !last || mo_str_cmp(m->key, last->key) > 0;
		next = above && (!next || mo_str_cmp(m->key, next->key) < 0) ? m : next;
	}
	return next;
}

static bool
add_inner(struct mo_eval *ev, struct mo_buf *b, const struct mo_ir_value *v, uint32_t depth)
{
	struct mo_buf text = mo_buf_in(ev->arena);
	if (v->kind == MO_IR_LIST || v->kind == MO_IR_OBJECT) {
		return add_value(ev, b, v, depth);
	}
	if (!add_scalar(&text, v)) {
		return false;
	}
	add_quoted(b, mo_buf_str(&text));
	return true;
}

static bool
add_value(struct mo_eval *ev, struct mo_buf *b, const struct mo_ir_value *v, uint32_t depth)
{
	bool known = depth < MO_IR_DEEPEST;
	if (v->kind != MO_IR_LIST && v->kind != MO_IR_OBJECT) {
		return add_scalar(b, v);
	}
	mo_buf_addc(b, v->kind == MO_IR_LIST ? '[' : '{');
	for (uint32_t i = 0; known && v->kind == MO_IR_LIST && i < v->items.len; i++) {
		mo_buf_adds(b, i ? ", " : "");
		known = add_inner(ev, b, v->items.items[i], depth + 1);
	}
	const struct mo_ir_member *m = NULL;
	for (const char *comma = ""; known && v->kind == MO_IR_OBJECT && (m = next_member(v, m)); comma = ", ") {
		mo_buf_printf(b, "%s" MO_STR_FMT ": ", comma, MO_STR_ARG(m->key));
		known = add_inner(ev, b, m->value, depth + 1);
	}
	mo_buf_addc(b, v->kind == MO_IR_LIST ? ']' : '}');
	return known;
}

static struct mo_str
text_of(struct mo_eval *ev, const struct mo_ir_value *v)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	if (!add_value(ev, &b, v, 0) || mo_str_is(mo_buf_str(&b), MO_IR_OPEN)) {
		return MO_STR(MO_IR_OPEN);
	}
	if (b.len <= LONGEST_TEXT) {
		return mo_buf_str(&b);
	}
	return mo_str_printf(ev->arena, "sha256:" MO_STR_FMT, MO_STR_ARG(mo_sha256_hex(ev->arena, mo_buf_str(&b))));
}

// ---- what earlier builds said ----------------------------------------------------------------------------------------------------

// Under which names the lock file has the members of the variant's stacks.
static void
list_members(struct mo_eval *ev, struct mo_variant *v)
{
	struct mo_map seen = { 0 };
	v->members.len = 0;
	v->members_of = v->deployments.len;
	for (uint32_t i = 0; i < v->deployments.len; i++) {
		const struct mo_deployment *d = v->deployments.items[i];
		struct mo_str keys[] = { mo_stack_deployed_name(ev, d), d->target.account->ir.id, d->target.region };
		const struct mo_lock_fact *f = mo_lock_find(ev->ctx->lock, MO_LOCK_STACK, keys);
		if (f && !mo_map_get(&seen, mo_str_hash(f->fields[MO_LOCK_STACK_MEMBERS]))) {
			mo_map_put(ev->arena, &seen, mo_str_hash(f->fields[MO_LOCK_STACK_MEMBERS]), v);
			mo_push(ev->arena, &v->members, f->fields[MO_LOCK_STACK_MEMBERS]);
		}
	}
}

bool
mo_kept_is_empty(struct mo_eval *ev)
{
	return !ev->ctx->lock || ev->ctx->lock->before.facts[MO_LOCK_STACK].len == 0;
}

const mo_lock_names *
mo_kept_members(struct mo_eval *ev, struct mo_variant *v)
{
	if (!mo_kept_is_empty(ev) && !v->stack->is_template && v->members_of != v->deployments.len) {
		list_members(ev, v);
	}
	return &v->members;
}

const struct mo_lock_fact *
mo_kept_before(struct mo_eval *ev, struct mo_variant *v, struct mo_str id)
{
	const mo_lock_names *members = mo_kept_members(ev, v);
	for (uint32_t i = 0; i < members->len; i++) {
		struct mo_str keys[] = { members->items[i], id };
		const struct mo_lock_fact *f = mo_lock_find(ev->ctx->lock, MO_LOCK_RESOURCE, keys);
		if (f) {
			return f;
		}
	}
	return NULL;
}

// Under a logical ID that it may have had, at the stack that it was in.
static const struct mo_lock_fact *
known_as(struct mo_eval *ev, const struct mo_resource *r, struct mo_str id)
{
	struct mo_variant *v = r->instance->variant;
	if (!r->moved && !r->moved_name.len) {
		return mo_kept_before(ev, v, id);
	}
	for (uint32_t i = 0; i < v->deployments.len; i++) {
		const struct mo_target *t = &v->deployments.items[i]->target;
		const struct mo_deployment *d = r->moved ? mo_map_get(&r->moved->by_target, t->hash) : NULL;
		struct mo_str stack[] = { d ? mo_stack_deployed_name(ev, d) : r->moved_name, t->account->ir.id, t->region };
		const struct mo_lock_fact *s = mo_lock_find(ev->ctx->lock, MO_LOCK_STACK, stack);
		struct mo_str keys[] = { s ? s->fields[MO_LOCK_STACK_MEMBERS] : id, id };
		const struct mo_lock_fact *f = s ? mo_lock_find(ev->ctx->lock, MO_LOCK_RESOURCE, keys) : NULL;
		if (f) {
			return f;
		}
	}
	return NULL;
}

const struct mo_lock_fact *
mo_kept_resource(struct mo_eval *ev, const struct mo_resource *r)
{
	const struct mo_lock_fact *f = mo_kept_before(ev, r->instance->variant, r->ir.id);
	struct mo_str generation = mo_str_sub(r->ir.id, r->first_id.len, r->ir.id.len);
	for (uint32_t i = 0; !f && !mo_kept_is_empty(ev) && i < r->former.len; i++) {
		if (mo_str_ends(r->former.items[i], generation)) { // another generation is another resource
			f = known_as(ev, r, r->former.items[i]);
		}
	}
	return f;
}

const struct mo_ir_value *
mo_kept_name(struct mo_eval *ev, const struct mo_resource *r, const struct mo_lock_fact *f, struct mo_str property)
{
	struct mo_str keys[] = { f->fields[MO_LOCK_MEMBERS], f->fields[MO_LOCK_ID], property };
	const struct mo_lock_fact *setting = mo_lock_find(ev->ctx->lock, MO_LOCK_SETTING, keys);
	struct mo_str text = setting ? setting->fields[MO_LOCK_VALUE] : (struct mo_str){ 0 };
	struct mo_span span = r->ir.origin.span;
	struct mo_ir_value *sub = mo_ir_sub(ev->arena, span);
	bool computed = mo_str_is(f->fields[MO_LOCK_NAMING], "computed") && text.len && !mo_str_is(text, MO_IR_OPEN);
	for (size_t at = 0; computed && at < text.len;) {
		ptrdiff_t start = mo_str_find(text, MO_STR("${"), at), end = start < 0 ? -1 : mo_str_find(text, MO_STR("}"), (size_t)start);
		struct mo_str plain = mo_str_sub(text, at, end < 0 ? text.len : (size_t)start);
		if (plain.len) {
			mo_push(ev->arena, &sub->items, mo_ir_string(ev->arena, span, plain));
		}
		if (end >= 0) {
			mo_push(ev->arena, &sub->items, mo_ir_pseudo(ev->arena, span, mo_str_sub(text, (size_t)start + 2, (size_t)end)));
		}
		at = end < 0 ? text.len : (size_t)end + 1;
	}
	bool is_text = sub->items.len == 1 && sub->items.items[0]->kind == MO_IR_STRING;
	return sub->items.len == 0 ? NULL : is_text ? sub->items.items[0] : sub;
}

void
mo_keep_names(struct mo_eval *ev, struct mo_variant *v)
{
	const struct mo_ir_template *t = v->template;
	for (uint32_t i = 0; !mo_kept_is_empty(ev) && !v->stack->is_template && i < t->resources.len; i++) {
		struct mo_resource *r = mo_resource_of(t->resources.items[i]);
		bool stateful = r->ir.catalog && mo_cat_resource(r->ir.catalog).stateful && !r->ir.existing && !r->named;
		const struct mo_lock_fact *f = stateful ? mo_kept_resource(ev, r) : NULL;
		if (!f || !mo_str_is(f->fields[MO_LOCK_NAMING], "computed")) {
			continue;
		}
		mo_cat structure = mo_cat_resource(r->ir.catalog).structure;
		for (uint32_t k = 0; k < mo_cat_property_count(structure); k++) {
			struct mo_str property = mo_cat_property(mo_cat_property_at(structure, k)).name;
			if (mo_is_name(r, property) && mo_kept_name(ev, r, f, property)) {
				mo_physical_name(ev, r, property, r->ir.origin.span);
			}
		}
	}
}

// ---- one resource ----------------------------------------------------------------------------------------------------------------

static bool
is_there(const struct mo_ir_value *v)
{
	return v && !(v->kind == MO_IR_PSEUDO && mo_str_is(v->text, "AWS::NoValue"));
}

static void
add_settings(struct mo_eval *ev, const struct mo_resource *r, struct mo_ir_kept *k)
{
	mo_cat structure = mo_cat_resource(r->ir.catalog).structure;
	for (uint32_t i = 0; i < mo_cat_property_count(structure); i++) {
		struct mo_cat_property p = mo_cat_property(mo_cat_property_at(structure, i));
		const struct mo_ir_value *v = p.replacement == MO_CAT_REPLACES ? mo_ir_get(r->ir.properties, p.name) : NULL;
		if (is_there(v)) {
			struct mo_span span = mo_in_library(ev, v->span) ? MO_NOWHERE : v->span;
			mo_push(ev->arena, &k->settings, (struct mo_ir_setting){ p.name, text_of(ev, v), span });
			k->naming = mo_is_name(r, p.name) ? (r->named ? MO_IR_NAME_COMPUTED : MO_IR_NAME_GIVEN) : k->naming;
		}
	}
}

static struct mo_ir_kept *
kept_of(struct mo_eval *ev, const struct mo_resource *r)
{
	struct mo_ir_kept *k = mo_new(ev->arena, struct mo_ir_kept);
	k->id = r->ir.id;
	k->type = r->ir.type;
	k->path = r->ir.origin.path;
	k->span = r->ir.origin.span;
	bool own = r->node && r->instance && !r->instance->parent && r->instance->node->kind != MO_INSTANCE_NODE;
	k->item = own && !mo_in_library(ev, r->node->span) ? r->node->span : MO_NOWHERE;
	k->stateful = r->ir.catalog && mo_cat_resource(r->ir.catalog).stateful;
	k->on_delete = r->ir.deletion_policy;
	k->on_replace = r->ir.update_replace_policy;
	k->first_id = r->first_id.len ? r->first_id : k->id;
	k->renamed = r->former.len ? r->renamed : MO_NOWHERE;
	k->moved = r->moved ? &r->moved->made : NULL;
	k->moved_name = r->moved_name;
	for (uint32_t i = 0; i < r->former.len; i++) {
		mo_push(ev->arena, &k->former, r->former.items[i]);
	}
	if (k->stateful) {
		add_settings(ev, r, k);
	}
	return k;
}

void
mo_keep_resources(struct mo_eval *ev, struct mo_variant *v)
{
	struct mo_ir_template *t = v->template;
	for (uint32_t i = 0; !v->stack->is_template && i < t->resources.len; i++) {
		const struct mo_resource *r = mo_resource_of(t->resources.items[i]);
		bool stateful = r->ir.catalog && mo_cat_resource(r->ir.catalog).stateful;
		if (!r->ir.existing && (stateful || r->former.len)) {
			mo_push(ev->arena, &t->kept, kept_of(ev, r));
		}
	}
}
