// SPDX-License-Identifier: Apache-2.0
// Where the resources of a permission are, and how a template at another target says them and the values about them. Decides nothing.
#include "eval/grant_place.h"

struct mo_located
mo_grant_locate(struct mo_resource *r, const struct mo_deployment *d)
{
	struct mo_variant *v = r->instance ? r->instance->variant : NULL;
	struct mo_located l = { .resource = r, .stack = v && !r->ir.existing ? v->stack : NULL };
	if (r->in) {
		l.known = mo_target_of(NULL, r->in, &l.at);
		l.foreign = !l.known;
	} else if (v && v->shadow) {
		l.at = v->target;
		l.known = true;
	} else if (d) {
		l.at = d->target;
		l.known = true;
	}
	return l;
}

static struct mo_resource *
by_path(const struct mo_variant *v, const struct mo_resource *like)
{
	for (uint32_t i = 0; v && i < v->template->resources.len; i++) {
		struct mo_resource *r = mo_resource_of(v->template->resources.items[i]);
		if (mo_str_eq(r->ir.origin.path, like->ir.origin.path)) {
			return r;
		}
	}
	return NULL;
}

// The resource as a template at another target knows it: itself in its own target, a copy of which only what is computed can be said elsewhere.
struct mo_resource *
mo_grant_seen_from(struct mo_placing *p, const struct mo_located *l, const struct mo_target *at)
{
	if (!l->stack || !l->known) {
		return l->resource;
	}
	struct mo_deployment *d = mo_map_get(&l->stack->by_target, l->at.hash);
	bool here = mo_target_equal(&l->at, at);
	struct mo_variant *v = here ? d ? d->variant : NULL : mo_variant_shadow(p->ev, l->stack, &l->at, p->grant->node->item.node.span);
	struct mo_resource *r = by_path(v, l->resource);
	return r ? r : l->resource;
}

bool
mo_grant_same_account(const struct mo_placing *p, const struct mo_grantee *who, const struct mo_located *object)
{
	if (object->foreign) {
		return false;
	}
	if (who->kind == MO_GRANTEE_ACCOUNT) {
		return object->known && object->at.account && &object->at.account->ir == who->account;
	}
	if (who->kind != MO_GRANTEE_IDENTITY) {
		return true;
	}
	struct mo_located role = mo_grant_locate(who->resource, p->deployment);
	return !role.foreign && (!role.known || !object->known || role.at.account == object->at.account);
}

// ---- values of another stack ----------------------------------------------------------------------------------------------------

struct moving {
	struct mo_placing *p;
	const struct mo_target *to;
	uint32_t depth;
};

static const struct mo_ir_value *moved(struct moving *m, const struct mo_ir_value *v);

static const struct mo_ir_value *
moved_container(struct moving *m, const struct mo_ir_value *v)
{
	struct mo_arena *a = m->p->ev->arena;
	struct mo_ir_value *copy = v->kind == MO_IR_LIST ? mo_ir_list(a, v->span) : v->kind == MO_IR_SUB ? mo_ir_sub(a, v->span) : mo_ir_object(a, v->span);
	for (uint32_t i = 0; v->kind != MO_IR_OBJECT && i < v->items.len; i++) {
		mo_push(a, &copy->items, moved(m, v->items.items[i]));
	}
	for (uint32_t i = 0; v->kind == MO_IR_OBJECT && i < v->members.len; i++) {
		struct mo_ir_member member = v->members.items[i];
		member.value = moved(m, member.value);
		mo_push(a, &copy->members, member);
	}
	return copy;
}

// A value of the stack where the grant stands, as a template at another target can say it.
static const struct mo_ir_value *
moved(struct moving *m, const struct mo_ir_value *v)
{
	struct mo_arena *a = m->p->ev->arena;
	const struct mo_deployment *from = m->p->deployment;
	if (!from || !mo_ir_is_deploy_time(v) || m->depth >= MO_IR_DEEPEST) {
		return v;
	}
	m->depth++;
	const struct mo_ir_value *made = v;
	if (v->kind == MO_IR_RESOURCE || v->kind == MO_IR_ATTRIBUTE) {
		struct mo_located l = mo_grant_locate(mo_resource_of(v->resource), from);
		struct mo_resource *r = mo_grant_seen_from(m->p, &l, m->to);
		made = r == l.resource ? v : v->kind == MO_IR_RESOURCE ? mo_ir_ref(a, v->span, &r->ir) : mo_ir_attribute(a, v->span, &r->ir, v->attribute);
	} else if (v->kind == MO_IR_PSEUDO && from->target.account && !mo_target_equal(&from->target, m->to)) {
		struct mo_str known = mo_pseudo_known(&from->target, v->text);
		made = known.len ? mo_ir_string(a, v->span, known) : v;
	} else if (v->kind == MO_IR_LIST || v->kind == MO_IR_OBJECT || v->kind == MO_IR_SUB) {
		made = moved_container(m, v);
	} else if (v->kind == MO_IR_CALL) {
		made = mo_ir_call(a, v->span, v->function, moved(m, v->argument));
	} else if (v->kind == MO_IR_IF) {
		made = mo_ir_if(a, v->span, v->condition, moved(m, v->then), moved(m, v->otherwise));
	}
	m->depth--;
	return made;
}

const struct mo_ir_value *
mo_grant_move(struct mo_placing *p, const struct mo_ir_value *v, const struct mo_target *to)
{
	struct moving m = { .p = p, .to = to };
	return v ? moved(&m, v) : NULL;
}
