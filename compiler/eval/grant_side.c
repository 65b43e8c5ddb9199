// SPDX-License-Identifier: Apache-2.0
// The two sides of a permission: statements for the policy of a role, and for the policy of a resource. Which of them are needed is decided
// in grant_place.c; here they are made, or it is said why they cannot be.
#include "eval/grant_place.h"

// ---- policies of roles ----------------------------------------------------------------------------------------------------------

bool
mo_grant_is_mutable(struct mo_eval *ev, const struct mo_resource *r)
{
	return mo_decorator_find(ev, &((struct mo_existing_node *)(void *)r->node)->item, "mutable") != NULL;
}

// Where the policy of a role is written: beside the grant when that is in the role's account, else beside the role.
struct mo_deployment *
mo_grant_home(struct mo_placing *p, const struct mo_located *role)
{
	bool beside = p->deployment && role->known && p->deployment->target.account == role->at.account;
	return beside ? p->deployment : role->stack && role->known ? mo_map_get(&role->stack->by_target, role->at.hash) : NULL;
}

void
mo_grant_report_no_home(struct mo_placing *p, const struct mo_grantee *who)
{
	struct mo_diag *d = mo_report(p->ev->ctx->diags, MSG_NO_PLACE_FOR_POLICY, who->span,
		"the permission stands in another account than this role, and nobody can attach a policy to a role from there");
	mo_diag_label(d, who->resource->ir.origin.span, "it exists already");
	mo_diag_help(d, "write the permission in a stack of the role's account");
}

bool
mo_grant_text_meaning(struct mo_placing *p, const struct mo_grant_object *o, const struct mo_deployment *to, mo_meanings *out)
{
	struct mo_meaning m = { .resources = mo_ir_list(p->ev->arena, o->span) };
	m.actions = (struct mo_ir_value *)(uintptr_t)p->grant->actions;
	mo_push(p->ev->arena, &m.resources->items, mo_grant_move(p, o->text, &to->target));
	mo_push(p->ev->arena, out, m);
	return m.actions != NULL;
}

// `meanings` when they are known already: those of a key.
void
mo_grant_place_identity(struct mo_placing *p, const struct mo_grantee *who, const struct mo_grant_object *o, const struct mo_located *object,
	const struct mo_ir_value *actions, struct mo_guard *guard)
{
	struct mo_located role = mo_grant_locate(who->resource, p->deployment);
	struct mo_deployment *to = mo_grant_home(p, &role);
	mo_meanings all = { 0 };
	if (!to || !to->variant) {
		mo_grant_report_no_home(p, who);
		return;
	}
	struct mo_resource *self = object ? mo_grant_seen_from(p, object, &to->target) : NULL;
	struct mo_grant raw = *p->grant;
	if (actions) {
		raw.actions = actions;
	}
	struct mo_grant_node without_at = *p->grant->node;
	without_at.at = actions ? NULL : without_at.at;
	raw.node = &without_at;
	if (!(self ? mo_grant_meanings(p->ev, &raw, o, self, &all) : mo_grant_text_meaning(p, o, to, &all))) {
		return;
	}
	struct mo_resource *owner = mo_grant_seen_from(p, &role, &to->target);
	for (uint32_t i = 0; i < all.len; i++) {
		const struct mo_ir_value *when = mo_grant_move(p, p->grant->when, &to->target);
		struct mo_policy_statement s = mo_grant_statement(p, &all.items[i], actions ? mo_grant_global_part(p, when) : when, guard);
		s.sid = actions ? (struct mo_str){ 0 } : s.sid;
		mo_grant_hand_out(p, to, owner, NULL, &s);
	}
}

// ---- policies of resources ------------------------------------------------------------------------------------------------------

static bool
names_root(const struct mo_ir_value *v, uint32_t depth)
{
	if (depth > 8) {
		return false;
	}
	bool found = v->kind == MO_IR_STRING && mo_str_ends(v->text, MO_STR(":root"));
	for (uint32_t i = 0; (v->kind == MO_IR_LIST || v->kind == MO_IR_SUB) && i < v->items.len; i++) {
		found = found || names_root(v->items.items[i], depth + 1);
	}
	return found;
}

// Whether a key's policy leaves it to the policies of roles who may use it: it does unless it is written otherwise.
bool
mo_grant_leaves_it_to_roles(const struct mo_resource *key)
{
	const struct mo_ir_value *policy = mo_ir_get(key->ir.properties, MO_STR("KeyPolicy"));
	const struct mo_ir_value *statements = mo_ir_get(policy, MO_STR("Statement"));
	if (!statements || statements->kind != MO_IR_LIST) {
		return true;
	}
	for (uint32_t i = 0; i < statements->items.len; i++) {
		const struct mo_ir_value *s = statements->items.items[i], *principal = mo_ir_get(s, MO_STR("Principal"));
		const struct mo_ir_value *aws = mo_ir_get(principal, MO_STR("AWS"));
		if (s->kind != MO_IR_OBJECT || (aws && names_root(aws, 0))) {
			return true;
		}
	}
	return false;
}

void
mo_grant_report_no_policy(struct mo_placing *p, const struct mo_grantee *who, const struct mo_grant_object *o)
{
	struct mo_eval *ev = p->ev;
	bool role = who->kind == MO_GRANTEE_IDENTITY;
	struct mo_str noun = o->resource ? mo_resource_noun(ev->ctx, o->resource->ir.type) : MO_STR("an ARN");
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_NO_RESOURCE_POLICY, who->span, role && who->resource->ir.existing
		? "the policy of this role is not this program's, and " MO_STR_FMT " has no policy of its own"
		: role ? "this role is in another account, and " MO_STR_FMT " has no policy that could let it in"
		: "only roles, users and groups can be allowed this: " MO_STR_FMT " has no policy of its own", MO_STR_ARG(noun));
	mo_diag_label(d, o->span, "this is what the permission is about");
	if (role && who->resource->ir.existing) {
		mo_diag_help(d, "`@mutable` before its declaration lets this program attach a policy to the role");
	} else if (role) {
		mo_diag_help(d, "a role in the account of the resource, which this one may assume, is the way in");
	}
}

// The resource exists already: its policy is somebody else's.
static void
report_out_of_reach(struct mo_placing *p, const struct mo_grantee *who, const struct mo_grant_object *o)
{
	bool role = who->kind == MO_GRANTEE_IDENTITY && !who->resource->ir.existing;
	struct mo_diag *d = mo_report(p->ev->ctx->diags, role ? MSG_POLICY_NEEDED_ELSEWHERE : MSG_POLICY_OUT_OF_REACH, o->span,
		role ? "the policy of this resource must let the role in, and it is not this program's"
		: "the policy of this resource is not this program's, so nobody can be let in");
	mo_diag_label(d, o->resource->ir.origin.span, "it exists already");
	if (role) {
		mo_diag_note(d, "the role's own policy is written; between accounts both sides must agree");
	}
}

static void
web_identity(struct mo_placing *p, const struct mo_grantee *who, struct mo_policy_statement *s)
{
	bool assumes = s->actions->items.len == 1 && s->actions->items.items[0]->kind == MO_IR_STRING
		&& mo_str_is(s->actions->items.items[0]->text, "sts:AssumeRole");
	if (who->kind != MO_GRANTEE_FEDERATED || !assumes) {
		return;
	}
	const struct mo_ir_value *v = who->text;
	bool saml = v->kind == MO_IR_STRING ? mo_str_find(v->text, MO_STR(":saml-provider/"), 0) >= 0
		: (v->kind == MO_IR_RESOURCE || v->kind == MO_IR_ATTRIBUTE) && mo_str_is(v->resource->type, "AWS::IAM::SAMLProvider");
	struct mo_ir_value *list = mo_ir_list(p->ev->arena, who->span);
	mo_push(p->ev->arena, &list->items, mo_ir_string(p->ev->arena, who->span, saml ? MO_STR("sts:AssumeRoleWithSAML")
		: MO_STR("sts:AssumeRoleWithWebIdentity")));
	s->actions = list;
}

// Those of the actions that the policy takes: a trust policy is about taking the role on, nothing else.
static struct mo_ir_value *
taken_actions(struct mo_placing *p, const struct mo_carrier *carrier, struct mo_ir_value *actions)
{
	if (!carrier->actions.len) {
		return actions;
	}
	struct mo_ir_value *list = mo_ir_list(p->ev->arena, actions->span);
	for (uint32_t i = 0; i < actions->items.len; i++) {
		const struct mo_ir_value *v = actions->items.items[i];
		if (v->kind != MO_IR_STRING || mo_cat_pattern_matches(carrier->actions, v->text)) {
			mo_push(p->ev->arena, &list->items, v);
		}
	}
	return list;
}

void
mo_grant_place_object(struct mo_placing *p, const struct mo_grantee *who, const struct mo_grant_object *o, const struct mo_located *object,
	const struct mo_carrier *carrier, const struct mo_ir_value *actions, struct mo_guard *guard)
{
	struct mo_deployment *to = object->stack && object->known ? mo_map_get(&object->stack->by_target, object->at.hash) : NULL;
	mo_meanings all = { 0 };
	if (!to || !to->variant) {
		report_out_of_reach(p, who, o);
		return;
	}
	struct mo_resource *self = mo_grant_seen_from(p, object, &to->target);
	struct mo_grant raw = *p->grant;
	struct mo_grant_node without_at = *p->grant->node;
	raw.actions = actions ? actions : raw.actions;
	without_at.at = actions ? NULL : without_at.at;
	raw.node = &without_at;
	if (!mo_grant_meanings(p->ev, &raw, o, self, &all)) {
		return;
	}
	for (uint32_t i = 0; i < all.len; i++) {
		if (all.items[i].everywhere) {
			continue; // nothing that this resource could allow
		}
		const struct mo_ir_value *own = mo_grant_move(p, p->grant->when, &to->target);
		const struct mo_ir_value *when = mo_grant_condition(p, who, actions ? mo_grant_global_part(p, own) : own, &to->target);
		if (actions && who->kind == MO_GRANTEE_ANYONE && !when) {
			return; // a key that everybody may use is never meant
		}
		struct mo_policy_statement s = mo_grant_statement(p, &all.items[i], when, guard);
		s.sid = actions ? (struct mo_str){ 0 } : s.sid;
		mo_grant_set_principal(p, who, &to->target, &s);
		web_identity(p, who, &s);
		if (carrier->any_resource || carrier->no_resource) {
			s.resources = carrier->no_resource ? NULL : mo_ir_list(p->ev->arena, o->span);
		}
		if (carrier->any_resource) {
			mo_push(p->ev->arena, &s.resources->items, mo_ir_string(p->ev->arena, o->span, MO_STR("*")));
		}
		s.actions = taken_actions(p, carrier, s.actions);
		if ((s.principals || s.anyone) && s.actions->items.len) {
			mo_grant_hand_out(p, to, self, carrier, &s);
		}
	}
}
