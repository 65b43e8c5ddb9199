// SPDX-License-Identifier: Apache-2.0
// The key that encrypts what a permission is about: who may use the one must be able to use the other.
#include "eval/grant_place.h"

// The part of a value that a path with dots leads to; a list's elements are looked through.
static void
follow(const struct mo_ir_value *v, struct mo_str path, void (*found)(void *data, const struct mo_ir_value *v), void *data, uint32_t depth)
{
	ptrdiff_t dot = mo_str_find(path, MO_STR("."), 0);
	if (!v || depth > 16) {
		return;
	}
	if (v->kind == MO_IR_LIST) {
		for (uint32_t i = 0; i < v->items.len; i++) {
			follow(v->items.items[i], path, found, data, depth + 1);
		}
	} else if (v->kind == MO_IR_IF) {
		follow(v->then, path, found, data, depth + 1);
		follow(v->otherwise, path, found, data, depth + 1);
	} else if (!path.len) {
		found(data, v);
	} else {
		struct mo_str rest = dot < 0 ? MO_STR("") : mo_str_sub(path, (size_t)dot + 1, path.len);
		follow(mo_ir_get(v, dot < 0 ? path : mo_str_sub(path, 0, (size_t)dot)), rest, found, data, depth + 1);
	}
}

struct key_use {
	struct mo_placing *p;
	const struct mo_grantee *who;
	const struct mo_grant_object *o;
	const struct mo_deployment *at; // of the resource that names the key
	const struct mo_located *object;
	const struct mo_ir_value *actions;
	struct mo_guard *guard;
	bool identity; // only the role's side: the key's policy lets the whole account in
};

static void
warn_unknown_key(const struct key_use *u, const struct mo_ir_value *v)
{
	struct mo_diag *d = mo_report(u->p->ev->ctx->diags, MSG_KEY_NOT_KNOWN, u->o->span,
		"which key this resource is encrypted with is known only at deploy time, so its use is not allowed here");
	mo_diag_label(d, v->span, "the key");
	mo_diag_help(d, "allow the use of the key itself: `allow … to decrypt on key`, or `to [\"kms:Decrypt\"] on \"…\"`");
}

static void
refuse_managed_key(const struct key_use *u, const struct mo_ir_value *v)
{
	struct mo_diag *d = mo_report(u->p->ev->ctx->diags, MSG_MANAGED_KEY_ELSEWHERE, u->o->span,
		"nobody in another account can use this: it is encrypted with a key that AWS manages");
	mo_diag_label(d, v->span, "the key");
	mo_diag_note(d, "a key that AWS manages serves its own account only (AWS KMS Developer Guide, \"AWS managed keys\")");
	mo_diag_help(d, "encrypt with a key of this program: its policy lets others in");
}

static struct mo_resource *
key_of_alias(struct mo_resource *r)
{
	const struct mo_ir_value *target = mo_str_is(r->ir.type, "AWS::KMS::Alias") ? mo_ir_get(r->ir.properties, MO_STR("TargetKeyId")) : NULL;
	bool names = target && (target->kind == MO_IR_RESOURCE || target->kind == MO_IR_ATTRIBUTE);
	return names ? mo_resource_of(target->resource) : r;
}

static void
use_key(void *data, const struct mo_ir_value *v)
{
	struct key_use *u = data;
	struct mo_eval *ev = u->p->ev;
	bool text = v->kind == MO_IR_STRING;
	if (mo_ir_is_no_value(v)) {
		return;
	}
	if (v->kind == MO_IR_RESOURCE || v->kind == MO_IR_ATTRIBUTE) {
		struct mo_resource *key = key_of_alias(mo_resource_of(v->resource));
		struct mo_grant_object o = { .resource = key, .span = u->o->span };
		struct mo_located l = mo_grant_locate(key, u->at);
		(u->identity ? mo_grant_place_identity : mo_grant_place)(u->p, u->who, &o, &l, u->actions, mo_guard_both(ev, u->guard, key->guard));
	} else if (text && mo_str_starts(v->text, MO_STR("alias/aws/"))) {
		if (!mo_grant_same_account(u->p, u->who, u->object)) {
			refuse_managed_key(u, v);
		}
	} else if (text && mo_str_starts(v->text, MO_STR("arn:")) && u->who->kind == MO_GRANTEE_IDENTITY && !u->who->resource->ir.existing) {
		struct mo_grant raw = *u->p->grant;
		const struct mo_grant *before = u->p->grant;
		struct mo_grant_object o = { .text = v, .span = u->o->span };
		raw.actions = u->actions;
		u->p->grant = &raw;
		mo_grant_place_identity(u->p, u->who, &o, NULL, NULL, u->guard);
		u->p->grant = before;
	} else {
		warn_unknown_key(u, v);
	}
}

static void
place_use(struct key_use *u, const struct mo_carrier *carrier)
{
	const struct mo_located *object = u->object;
	struct mo_deployment *to = object->stack && object->known ? mo_map_get(&object->stack->by_target, object->at.hash) : NULL;
	struct mo_resource *self = to ? mo_grant_seen_from(u->p, object, &to->target) : object->resource;
	u->at = to ? to : u->p->deployment;
	if (!u->actions && carrier->key.len && !u->p->grant->node->deny) {
		u->actions = mo_grant_key_actions(u->p->ev, u->p->grant, self);
	}
	if (u->actions && carrier->key.len) {
		follow(self->ir.properties, carrier->key, use_key, u, 0);
	}
}

void
mo_grant_place_keys(struct mo_placing *p, const struct mo_grantee *who, const struct mo_grant_object *o, const struct mo_located *object,
	const struct mo_carrier *carrier, struct mo_guard *guard)
{
	struct key_use u = { .p = p, .who = who, .o = o, .object = object, .guard = guard };
	place_use(&u, carrier);
}

void
mo_grant_place_key_use(struct mo_placing *p, const struct mo_grantee *who, const struct mo_grant_object *o, const struct mo_located *object,
	const struct mo_carrier *carrier, const struct mo_ir_value *actions, struct mo_guard *guard)
{
	struct key_use u = { .p = p, .who = who, .o = o, .object = object, .actions = actions, .guard = guard, .identity = true };
	place_use(&u, carrier);
}
