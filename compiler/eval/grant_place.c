// SPDX-License-Identifier: Apache-2.0
// Where statements of permission go: into the policy of the role, into the policy of the resource, or into both at the border of an
// account. Goes over all stacks when they are evaluated. A template that several targets share must get the same statements at all of
// them; where it does not, the targets are told apart and everything is evaluated again.
#include "eval/grant.h"

// A resource, and the account and region where it is.
struct located {
	struct mo_resource *resource;
	struct mo_stack *stack; // NULL: of no stack of this program
	struct mo_target at;
	bool known;             // .at is
	bool foreign;           // in an account that is known only at deploy time: another one than any that is known
};

struct placing {
	struct mo_eval *ev;
	struct mo_map works;       // hash of variant, owner and kind -> mo_policy_work
	MO_VEC(struct mo_policy_work *) all;
	struct mo_map seen;        // what a deployment got already: hash
	struct mo_map sums;        // deployment -> pair of what it got
	// at hand:
	const struct mo_grant *grant;
	struct mo_deployment *deployment; // where the grant stands; NULL at the top level
	bool first;                       // of the deployments that share the grant's template
};

struct sum {
	uint64_t value;
};

// ---- places ----------------------------------------------------------------------------------------------------------------------

static struct located
locate(struct mo_resource *r, const struct mo_deployment *d)
{
	struct mo_variant *v = r->instance ? r->instance->variant : NULL;
	struct located l = { .resource = r, .stack = v && !r->ir.existing ? v->stack : NULL };
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
static struct mo_resource *
seen_from(struct placing *p, const struct located *l, const struct mo_target *at)
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

// ---- values of another stack -----------------------------------------------------------------------------------------------------

struct moving {
	struct placing *p;
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
		struct located l = locate(mo_resource_of(v->resource), from);
		struct mo_resource *r = seen_from(m->p, &l, m->to);
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

static const struct mo_ir_value *
move(struct placing *p, const struct mo_ir_value *v, const struct mo_target *to)
{
	struct moving m = { .p = p, .to = to };
	return v ? moved(&m, v) : NULL;
}

// ---- statements ------------------------------------------------------------------------------------------------------------------

static void
add_member(struct placing *p, struct mo_ir_value *object, const char *key, const struct mo_ir_value *v)
{
	struct mo_ir_value *list = mo_ir_list(p->ev->arena, v->span);
	mo_push(p->ev->arena, &list->items, v);
	mo_ir_set(p->ev->arena, object, mo_str_c(key), v->span, list);
}

static const struct mo_ir_value *
domain_of(struct placing *p, const struct mo_ir_value *name)
{
	const struct mo_str domain = MO_STR(".amazonaws.com");
	if (name->kind == MO_IR_STRING && mo_str_ends(name->text, domain)) {
		return name;
	}
	const struct mo_value *const parts[] = { mo_value_of_ir(p->ev->arena, name), mo_value_string(p->ev->arena, name->span, domain) };
	return mo_lower(p->ev, mo_concat(p->ev, name->span, parts, 2));
}

static const struct mo_ir_value *
account_arn(struct placing *p, const struct mo_grantee *who)
{
	struct mo_arena *a = p->ev->arena;
	const struct mo_account *account = mo_account_of(who->account);
	if (account->ref_id) {
		const struct mo_value *const parts[] = { mo_value_string(a, who->span, MO_STR("arn:")),
			mo_value_deploy(a, who->span, mo_ir_pseudo(a, who->span, MO_STR("AWS::Partition")), false),
			mo_value_string(a, who->span, MO_STR(":iam::")), account->ref_id, mo_value_string(a, who->span, MO_STR(":root")) };
		return mo_lower(p->ev, mo_concat(p->ev, who->span, parts, sizeof(parts) / sizeof(parts[0])));
	}
	return mo_ir_string(a, who->span, mo_str_printf(a, "arn:" MO_STR_FMT ":iam::" MO_STR_FMT ":root", MO_STR_ARG(who->account->partition),
		MO_STR_ARG(who->account->id)));
}

// Whom the statement speaks of, as the template of the resource says it.
static void
set_principal(struct placing *p, const struct mo_grantee *who, const struct mo_target *to, struct mo_policy_statement *s)
{
	struct mo_ir_value *o = mo_ir_object(p->ev->arena, who->span);
	const struct mo_ir_value *text = move(p, who->text, to);
	struct located l = { 0 };
	switch (who->kind) {
	case MO_GRANTEE_IDENTITY:
		l = locate(who->resource, p->deployment);
		text = mo_arn_of(p->ev, seen_from(p, &l, to), who->span);
		text = l.stack ? text : move(p, text, to);
		break;
	case MO_GRANTEE_ACCOUNT:
		text = account_arn(p, who);
		break;
	case MO_GRANTEE_SERVICE:
	case MO_GRANTEE_FEDERATED:
		break;
	case MO_GRANTEE_ORG:
	case MO_GRANTEE_ORG_PATH:
	case MO_GRANTEE_ANYONE:
		s->anyone = true;
		return;
	case MO_GRANTEE_ARN:
		break;
	}
	if (text) {
		bool service = who->kind == MO_GRANTEE_SERVICE;
		add_member(p, o, service ? "Service" : who->kind == MO_GRANTEE_FEDERATED ? "Federated" : "AWS", service ? domain_of(p, text) : text);
		s->principals = o;
	}
}

// A condition with one more key under an operator.
static const struct mo_ir_value *
with_condition(struct placing *p, const struct mo_ir_value *condition, const char *operator, const char *key, const struct mo_ir_value *v)
{
	struct mo_arena *a = p->ev->arena;
	struct mo_ir_value *o = mo_ir_object(a, v->span), *inner = mo_ir_object(a, v->span);
	for (uint32_t i = 0; condition && condition->kind == MO_IR_OBJECT && i < condition->members.len; i++) {
		mo_push(a, &o->members, condition->members.items[i]);
	}
	const struct mo_ir_value *before = mo_ir_get(o, mo_str_c(operator));
	for (uint32_t i = 0; before && before->kind == MO_IR_OBJECT && i < before->members.len; i++) {
		mo_push(a, &inner->members, before->members.items[i]);
	}
	mo_ir_set(a, inner, mo_str_c(key), v->span, v);
	mo_ir_set(a, o, mo_str_c(operator), v->span, inner);
	return o;
}

static const struct mo_ir_value *
merged_conditions(struct placing *p, const struct mo_ir_value *a, const struct mo_ir_value *b)
{
	for (uint32_t i = 0; a && b && b->kind == MO_IR_OBJECT && i < b->members.len; i++) {
		const struct mo_ir_member *operator = &b->members.items[i];
		for (uint32_t k = 0; operator->value->kind == MO_IR_OBJECT && k < operator->value->members.len; k++) {
			const struct mo_ir_member *key = &operator->value->members.items[k];
			a = with_condition(p, a, mo_str_dup(p->ev->arena, operator->key).p, mo_str_dup(p->ev->arena, key->key).p, key->value);
		}
	}
	return a ? a : b;
}

static const struct mo_ir_value *
condition_of(struct placing *p, const struct mo_grantee *who, const struct mo_ir_value *when, const struct mo_target *to)
{
	if (who->kind == MO_GRANTEE_ORG) {
		return with_condition(p, when, "StringEquals", "aws:PrincipalOrgID", move(p, who->text, to));
	}
	if (who->kind == MO_GRANTEE_ORG_PATH) {
		return with_condition(p, when, "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", move(p, who->text, to));
	}
	return when;
}

// Of a condition what every service knows: the use of a key is another call, which knows nothing of the keys of S3.
static const struct mo_ir_value *
global_part(struct placing *p, const struct mo_ir_value *when)
{
	const struct mo_ir_value *kept = NULL;
	for (uint32_t i = 0; when && when->kind == MO_IR_OBJECT && i < when->members.len; i++) {
		const struct mo_ir_member *o = &when->members.items[i];
		for (uint32_t k = 0; o->value->kind == MO_IR_OBJECT && k < o->value->members.len; k++) {
			const struct mo_ir_member *m = &o->value->members.items[k];
			if (mo_str_starts(m->key, MO_STR("aws:"))) {
				kept = with_condition(p, kept, mo_str_dup(p->ev->arena, o->key).p, mo_str_dup(p->ev->arena, m->key).p, m->value);
			}
		}
	}
	return kept;
}

static struct mo_policy_statement
statement_of(struct placing *p, const struct mo_meaning *m, const struct mo_ir_value *when, struct mo_guard *guard)
{
	struct mo_policy_statement s = { .sid = p->grant->sid, .deny = p->grant->node->deny, .negated = p->grant->negated, .actions = m->actions,
		.resources = m->resources, .condition = merged_conditions(p, m->when, when), .guard = guard, .joined = m->joined };
	mo_push(p->ev->arena, &s.origins, p->grant->node->item.node.span);
	return s;
}

// ---- handing out -----------------------------------------------------------------------------------------------------------------

static uint64_t
hash_of(const struct mo_policy_statement *s)
{
	uint64_t h = mo_hash_mix(mo_ir_hash(s->actions), s->resources ? mo_ir_hash(s->resources) : 1);
	h = mo_hash_mix(h, s->principals ? mo_ir_hash(s->principals) : s->anyone);
	h = mo_hash_mix(h, s->condition ? mo_ir_hash(s->condition) : 0);
	return mo_hash_mix(h, (uint64_t)s->deny * 2 + s->negated + mo_str_hash(s->sid));
}

static struct mo_policy_work *
work_for(struct placing *p, struct mo_variant *v, struct mo_resource *owner, const struct mo_carrier *carrier)
{
	uint64_t key = mo_hash_mix(mo_hash_mix(carrier ? 1 : 2, MO_KEY(v)), MO_KEY(owner));
	struct mo_policy_work *first = mo_map_get(&p->works, key), *w = first;
	while (w && (w->variant != v || w->owner != owner || w->identity != !carrier)) {
		w = w->next;
	}
	if (!w) {
		w = mo_new(p->ev->arena, struct mo_policy_work);
		w->next = first;
		w->variant = v;
		w->owner = owner;
		w->identity = !carrier;
		if (carrier) {
			w->carrier = *carrier;
		}
		mo_map_put(p->ev->arena, &p->works, key, w);
		mo_push(p->ev->arena, &p->all, w);
	}
	return w;
}

// Gives a statement to the template at a deployment. Whatever comes from another place than the template's own is counted.
static void
hand_out(struct placing *p, struct mo_deployment *to, struct mo_resource *owner, const struct mo_carrier *carrier, const struct mo_policy_statement *s)
{
	bool own = p->deployment && to->variant == p->grant->variant && to == p->deployment;
	uint64_t hash = mo_hash_mix(hash_of(s), mo_str_hash(owner->ir.origin.path) + (carrier != NULL));
	if (!own) {
		uint64_t key = mo_hash_mix(hash, MO_KEY(to));
		struct sum *sum = mo_map_get(&p->sums, MO_KEY(to));
		if (!sum) {
			sum = mo_new(p->ev->arena, struct sum);
			mo_map_put(p->ev->arena, &p->sums, MO_KEY(to), sum);
		}
		sum->value += mo_map_get(&p->seen, key) ? 0 : hash;
		mo_map_put(p->ev->arena, &p->seen, key, sum);
	}
	if (!own || p->first) {
		mo_policy_add(p->ev, work_for(p, to->variant, owner, carrier), s);
	}
}

// ---- policies of roles -----------------------------------------------------------------------------------------------------------

static bool
is_mutable(struct mo_eval *ev, const struct mo_resource *r)
{
	return mo_decorator_find(ev, &((struct mo_existing_node *)(void *)r->node)->item, "mutable") != NULL;
}

// Where the policy of a role is written: beside the grant when that is in the role's account, else beside the role.
static struct mo_deployment *
home_of_identity(struct placing *p, const struct located *role)
{
	bool beside = p->deployment && role->known && p->deployment->target.account == role->at.account;
	return beside ? p->deployment : role->stack && role->known ? mo_map_get(&role->stack->by_target, role->at.hash) : NULL;
}

static void
report_no_home(struct placing *p, const struct mo_grantee *who)
{
	struct mo_diag *d = mo_report(p->ev->ctx->diags, MSG_NO_PLACE_FOR_POLICY, who->span,
		"the permission stands in another account than this role, and nobody can attach a policy to a role from there");
	mo_diag_label(d, who->resource->ir.origin.span, "it exists already");
	mo_diag_help(d, "write the permission in a stack of the role's account");
}

static bool
text_meaning(struct placing *p, const struct mo_grant_object *o, const struct mo_deployment *to, mo_meanings *out)
{
	struct mo_meaning m = { .resources = mo_ir_list(p->ev->arena, o->span) };
	m.actions = (struct mo_ir_value *)(uintptr_t)p->grant->actions;
	mo_push(p->ev->arena, &m.resources->items, move(p, o->text, &to->target));
	mo_push(p->ev->arena, out, m);
	return m.actions != NULL;
}

// `meanings` when they are known already: those of a key.
static void
place_identity(struct placing *p, const struct mo_grantee *who, const struct mo_grant_object *o, const struct located *object,
	const struct mo_ir_value *actions, struct mo_guard *guard)
{
	struct located role = locate(who->resource, p->deployment);
	struct mo_deployment *to = home_of_identity(p, &role);
	mo_meanings all = { 0 };
	if (!to || !to->variant) {
		report_no_home(p, who);
		return;
	}
	struct mo_resource *self = object ? seen_from(p, object, &to->target) : NULL;
	struct mo_grant raw = *p->grant;
	if (actions) {
		raw.actions = actions;
	}
	struct mo_grant_node without_at = *p->grant->node;
	without_at.at = actions ? NULL : without_at.at;
	raw.node = &without_at;
	if (!(self ? mo_grant_meanings(p->ev, &raw, o, self, &all) : text_meaning(p, o, to, &all))) {
		return;
	}
	struct mo_resource *owner = seen_from(p, &role, &to->target);
	for (uint32_t i = 0; i < all.len; i++) {
		const struct mo_ir_value *when = move(p, p->grant->when, &to->target);
		struct mo_policy_statement s = statement_of(p, &all.items[i], actions ? global_part(p, when) : when, guard);
		s.sid = actions ? (struct mo_str){ 0 } : s.sid;
		hand_out(p, to, owner, NULL, &s);
	}
}

// ---- policies of resources -------------------------------------------------------------------------------------------------------

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
static bool
leaves_it_to_roles(const struct mo_resource *key)
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

static void
report_no_policy(struct placing *p, const struct mo_grantee *who, const struct mo_grant_object *o)
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
report_out_of_reach(struct placing *p, const struct mo_grantee *who, const struct mo_grant_object *o)
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
web_identity(struct placing *p, const struct mo_grantee *who, struct mo_policy_statement *s)
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
taken_actions(struct placing *p, const struct mo_carrier *carrier, struct mo_ir_value *actions)
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

static void
place_object(struct placing *p, const struct mo_grantee *who, const struct mo_grant_object *o, const struct located *object,
	const struct mo_carrier *carrier, const struct mo_ir_value *actions, struct mo_guard *guard)
{
	struct mo_deployment *to = object->stack && object->known ? mo_map_get(&object->stack->by_target, object->at.hash) : NULL;
	mo_meanings all = { 0 };
	if (!to || !to->variant) {
		report_out_of_reach(p, who, o);
		return;
	}
	struct mo_resource *self = seen_from(p, object, &to->target);
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
		const struct mo_ir_value *own = move(p, p->grant->when, &to->target);
		const struct mo_ir_value *when = condition_of(p, who, actions ? global_part(p, own) : own, &to->target);
		if (actions && who->kind == MO_GRANTEE_ANYONE && !when) {
			return; // a key that everybody may use is never meant
		}
		struct mo_policy_statement s = statement_of(p, &all.items[i], when, guard);
		s.sid = actions ? (struct mo_str){ 0 } : s.sid;
		set_principal(p, who, &to->target, &s);
		web_identity(p, who, &s);
		if (carrier->any_resource || carrier->no_resource) {
			s.resources = carrier->no_resource ? NULL : mo_ir_list(p->ev->arena, o->span);
		}
		if (carrier->any_resource) {
			mo_push(p->ev->arena, &s.resources->items, mo_ir_string(p->ev->arena, o->span, MO_STR("*")));
		}
		s.actions = taken_actions(p, carrier, s.actions);
		if ((s.principals || s.anyone) && s.actions->items.len) {
			hand_out(p, to, self, carrier, &s);
		}
	}
}

// ---- keys ------------------------------------------------------------------------------------------------------------------------

static void place(struct placing *p, const struct mo_grantee *who, const struct mo_grant_object *o, const struct located *object,
	const struct mo_ir_value *actions, struct mo_guard *guard);

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
	struct placing *p;
	const struct mo_grantee *who;
	const struct mo_grant_object *o;
	const struct mo_deployment *at; // of the resource that names the key
	const struct located *object;
	const struct mo_ir_value *actions;
	struct mo_guard *guard;
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

static bool
same_account(const struct placing *p, const struct mo_grantee *who, const struct located *object)
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
	struct located role = locate(who->resource, p->deployment);
	return !role.foreign && (!role.known || !object->known || role.at.account == object->at.account);
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
		struct located l = locate(key, u->at);
		place(u->p, u->who, &o, &l, u->actions, mo_guard_both(ev, u->guard, key->guard));
	} else if (text && mo_str_starts(v->text, MO_STR("alias/aws/"))) {
		if (!same_account(u->p, u->who, u->object)) {
			refuse_managed_key(u, v);
		}
	} else if (text && mo_str_starts(v->text, MO_STR("arn:")) && u->who->kind == MO_GRANTEE_IDENTITY && !u->who->resource->ir.existing) {
		struct mo_grant raw = *u->p->grant;
		const struct mo_grant *before = u->p->grant;
		struct mo_grant_object o = { .text = v, .span = u->o->span };
		raw.actions = u->actions;
		u->p->grant = &raw;
		place_identity(u->p, u->who, &o, NULL, NULL, u->guard);
		u->p->grant = before;
	} else {
		warn_unknown_key(u, v);
	}
}

static void
place_keys(struct placing *p, const struct mo_grantee *who, const struct mo_grant_object *o, const struct located *object,
	const struct mo_carrier *carrier, struct mo_guard *guard)
{
	struct mo_deployment *to = object->stack && object->known ? mo_map_get(&object->stack->by_target, object->at.hash) : NULL;
	struct mo_resource *self = to ? seen_from(p, object, &to->target) : object->resource;
	const struct mo_ir_value *actions = carrier->key.len && !p->grant->node->deny ? mo_grant_key_actions(p->ev, p->grant, self) : NULL;
	struct key_use u = { p, who, o, to ? to : p->deployment, object, actions, guard };
	if (actions) {
		follow(self->ir.properties, carrier->key, use_key, &u, 0);
	}
}

// ---- the rule --------------------------------------------------------------------------------------------------------------------

// `actions` when it is about the key of something; then of the grant only WHO, WHEN and the line count.
static void
place(struct placing *p, const struct mo_grantee *who, const struct mo_grant_object *o, const struct located *object,
	const struct mo_ir_value *actions, struct mo_guard *guard)
{
	struct mo_carrier carrier;
	bool carries = mo_carrier_of(p->ev, o->resource->ir.type, &carrier), identity = who->kind == MO_GRANTEE_IDENTITY;
	bool ours = identity && !who->resource->ir.existing, writable = ours || (identity && is_mutable(p->ev, who->resource));
	bool same = same_account(p, who, object);
	bool key = mo_str_is(o->resource->ir.type, "AWS::KMS::Key");
	bool needed = !writable || !same || (carries && carrier.always) || (key && !leaves_it_to_roles(o->resource));
	if (needed && !carries) {
		report_no_policy(p, who, o);
		return;
	}
	if (needed && identity && mo_str_is(who->resource->ir.type, "AWS::IAM::Group")) {
		struct mo_diag *d = mo_report(p->ev->ctx->diags, MSG_GROUP_AS_PRINCIPAL, who->span, "no policy of a resource can name a group");
		mo_diag_label(d, o->span, "the policy of this one would have to");
		mo_diag_help(d, "allow it to a role that the users may assume, or to the account");
		return;
	}
	if (writable) {
		place_identity(p, who, o, object, actions, guard);
	}
	if (needed) {
		place_object(p, who, o, object, &carrier, actions, guard);
	}
	if (!actions && carrier.entry) {
		place_keys(p, who, o, object, &carrier, guard);
	}
}

// `not [a, b]`: one statement about everything but all of them.
static void
place_negated(struct placing *p, const struct mo_grantee *who)
{
	const struct mo_grant *g = p->grant;
	struct mo_deployment *to = NULL;
	struct located role = { 0 };
	mo_meanings all = { 0 };
	if (who->kind == MO_GRANTEE_IDENTITY && (!who->resource->ir.existing || is_mutable(p->ev, who->resource))) {
		role = locate(who->resource, p->deployment);
		to = home_of_identity(p, &role);
	}
	if (!to || !to->variant) {
		mo_report(p->ev->ctx->diags, MSG_NO_RESOURCE_POLICY, g->node->object->span,
			"`not` speaks of everything else, which only the policy of a role of this program can do");
		return;
	}
	for (uint32_t o = 0; o < g->objects.len; o++) {
		const struct mo_grant_object *object = &g->objects.items[o];
		struct located l = object->resource ? locate(object->resource, p->deployment) : (struct located){ 0 };
		bool good = object->resource ? mo_grant_meanings(p->ev, g, object, seen_from(p, &l, &to->target), &all) : text_meaning(p, object, to, &all);
		if (!good) {
			return;
		}
	}
	for (uint32_t i = 0; i < all.len; i++) {
		struct mo_meaning m = all.items[i];
		m.resources = mo_ir_list(p->ev->arena, g->node->object->span);
		for (uint32_t k = 0; k < all.len; k++) {
			if (k < i && mo_ir_equal(all.items[k].actions, m.actions)) {
				break; // in that one already
			}
			for (uint32_t r = 0; mo_ir_equal(all.items[k].actions, m.actions) && r < all.items[k].resources->items.len; r++) {
				mo_push(p->ev->arena, &m.resources->items, all.items[k].resources->items.items[r]);
			}
		}
		if (m.resources->items.len) {
			struct mo_policy_statement s = statement_of(p, &m, move(p, g->when, &to->target), mo_guard_both(p->ev, who->guard, g->guard));
			hand_out(p, to, seen_from(p, &role, &to->target), NULL, &s);
		}
	}
}

// What deploys a stack or launches a template: CloudFormation with the rights of the role.
static void
place_whole(struct placing *p, const struct mo_grantee *who, const struct mo_grant_object *o)
{
	mo_meanings all = { 0 };
	if (who->kind != MO_GRANTEE_IDENTITY || (who->resource->ir.existing && !is_mutable(p->ev, who->resource))) {
		report_no_policy(p, who, o);
		return;
	}
	struct located role = locate(who->resource, p->deployment);
	struct mo_deployment *to = home_of_identity(p, &role);
	if (!to || !to->variant) {
		report_no_home(p, who);
		return;
	}
	MO_VEC(struct mo_str) made = { 0 };
	for (uint32_t i = 0; i < p->all.len; i++) {
		if (p->all.items[i]->variant->stack == o->whole && !p->all.items[i]->carrier.property.len) {
			mo_push(p->ev->arena, &made, p->all.items[i]->identity ? MO_STR("AWS::IAM::Policy") : p->all.items[i]->carrier.resource);
		}
	}
	mo_grant_deployment(p->ev, o, made.items, made.len, &all);
	for (uint32_t i = 0; i < all.len; i++) {
		struct mo_policy_statement s = statement_of(p, &all.items[i], move(p, p->grant->when, &to->target), mo_guard_both(p->ev, who->guard, o->guard));
		hand_out(p, to, seen_from(p, &role, &to->target), NULL, &s);
	}
}

static void
place_pair(struct placing *p, const struct mo_grantee *who, const struct mo_grant_object *o)
{
	struct mo_guard *guard = mo_guard_both(p->ev, who->guard, o->guard);
	if (o->whole) {
		place_whole(p, who, o);
	} else if (o->resource) {
		struct located object = locate(o->resource, p->deployment);
		place(p, who, o, &object, NULL, guard);
	} else if (who->kind == MO_GRANTEE_IDENTITY && (!who->resource->ir.existing || is_mutable(p->ev, who->resource))) {
		place_identity(p, who, o, NULL, NULL, guard);
	} else {
		report_no_policy(p, who, o);
	}
}

// ---- all of them -----------------------------------------------------------------------------------------------------------------

static void
place_grant(struct placing *p, const struct mo_grant *g)
{
	uint32_t count = g->variant ? g->variant->deployments.len : 1;
	p->grant = g;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t errors = p->ev->ctx->diags->errors;
		p->deployment = g->variant ? g->variant->deployments.items[i] : NULL;
		p->first = i == 0;
		for (uint32_t w = 0; w < g->who.len; w++) {
			if (g->negated) {
				place_negated(p, &g->who.items[w]);
			}
			for (uint32_t o = 0; !g->negated && o < g->objects.len; o++) {
				place_pair(p, &g->who.items[w], &g->objects.items[o]);
			}
		}
		if (p->ev->ctx->diags->errors > errors) {
			return; // the same at all targets
		}
	}
}

// Whether all targets of a template got the same. Where they did not, each kind of them is told apart from now on.
static bool
is_even(struct placing *p, struct mo_variant *v)
{
	MO_VEC(uint64_t) kinds = { 0 };
	for (uint32_t i = 0; i < v->deployments.len; i++) {
		const struct sum *sum = mo_map_get(&p->sums, MO_KEY(v->deployments.items[i]));
		uint64_t value = sum ? sum->value : 0;
		uint32_t k = 0;
		while (k < kinds.len && kinds.items[k] != value) {
			k++;
		}
		if (k == kinds.len) {
			mo_push(p->ev->arena, &kinds, value);
		}
		if (k > 0) {
			mo_separate(p->ev, v->deployments.items[i], p->ev->round + 1 < MO_EVAL_ROUNDS ? k : i);
		}
	}
	return kinds.len < 2;
}

// A role that nobody may assume: its trust policy is neither written nor made.
void
mo_grants_check_trust(struct mo_eval *ev, const struct mo_variant *v)
{
	for (uint32_t i = 0; i < v->template->resources.len; i++) {
		const struct mo_ir_resource *r = v->template->resources.items[i];
		struct mo_resource *role = mo_resource_of(v->template->resources.items[i]);
		if (!mo_str_is(r->type, "AWS::IAM::Role") || mo_ir_get(r->properties, MO_STR("AssumeRolePolicyDocument"))
			|| mo_argument_find(&role->properties, mo_atom_of(ev->ctx->atoms, MO_STR("AssumeRolePolicyDocument")))) {
			continue; // what was written and came to nothing is reported
		}
		struct mo_diag *d = mo_eval_report(ev, role->instance, MSG_NOBODY_CAN_ASSUME, r->origin.definition, "nobody can take on `" MO_STR_FMT "`",
			MO_STR_ARG(r->origin.path));
		mo_diag_help(d, "say who may: `allow service(\"lambda\") to assume on " MO_STR_FMT "`", MO_STR_ARG(r->origin.path));
	}
}

static bool
is_about_deployment(const struct mo_grant *g)
{
	return g->objects.len > 0 && g->objects.items[0].whole;
}

bool
mo_grants_place(struct mo_eval *ev)
{
	struct mo_evaluator *e = ev->evaluator;
	struct placing p = { .ev = ev };
	bool even = true;
	for (uint32_t late = 0; late < 2; late++) { // what a role needs to deploy a stack is known when all its policies are
		for (uint32_t i = 0; i < e->grants.len && !ev->failed; i++) {
			if (is_about_deployment(e->grants.items[i]) == (late == 1)) {
				place_grant(&p, e->grants.items[i]);
			}
		}
	}
	for (uint32_t i = 0; i < e->stacks.len; i++) {
		struct mo_stack *s = e->stacks.items[i];
		for (uint32_t k = 0; k < s->variants.len; k++) {
			even = is_even(&p, s->variants.items[k]) && even;
		}
	}
	for (uint32_t i = 0; even && i < p.all.len; i++) {
		mo_policy_write(ev, p.all.items[i]);
	}
	for (uint32_t i = 0; even && i < e->stacks.len + e->templates.len; i++) {
		const struct mo_stack *s = i < e->stacks.len ? e->stacks.items[i] : e->templates.items[i - e->stacks.len];
		for (uint32_t k = 0; k < s->variants.len; k++) {
			mo_grants_check_trust(ev, s->variants.items[k]);
		}
	}
	return even;
}
