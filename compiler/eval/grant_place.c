// SPDX-License-Identifier: Apache-2.0
// Where statements of permission go: into the policy of the role, into the policy of the resource, or into both at the border of an
// account. Goes over all stacks when they are evaluated. A template that several targets share must get the same statements at all of
// them; where it does not, the targets are told apart and everything is evaluated again.
#include "eval/grant_place.h"

struct sum {
	uint64_t value;
};

// ---- handing out ----------------------------------------------------------------------------------------------------------------

static uint64_t
hash_of(const struct mo_policy_statement *s)
{
	uint64_t h = mo_hash_mix(mo_ir_hash(s->actions), s->resources ? mo_ir_hash(s->resources) : 1);
	h = mo_hash_mix(h, s->principals ? mo_ir_hash(s->principals) : s->anyone);
	h = mo_hash_mix(h, s->condition ? mo_ir_hash(s->condition) : 0);
	return mo_hash_mix(h, (uint64_t)s->deny * 2 + s->negated + mo_str_hash(s->sid));
}

static struct mo_policy_work *
work_for(struct mo_placing *p, struct mo_variant *v, struct mo_resource *owner, const struct mo_carrier *carrier)
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
void
mo_grant_hand_out(struct mo_placing *p, struct mo_deployment *to, struct mo_resource *owner, const struct mo_carrier *carrier,
	const struct mo_policy_statement *s)
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

// ---- the rule -------------------------------------------------------------------------------------------------------------------

// `actions` when it is about the key of something; then of the grant only WHO, WHEN and the line count.
void
mo_grant_place(struct mo_placing *p, const struct mo_grantee *who, const struct mo_grant_object *o, const struct mo_located *object,
	const struct mo_ir_value *actions, struct mo_guard *guard)
{
	struct mo_carrier carrier;
	bool carries = mo_carrier_of(p->ev, o->resource->ir.type, &carrier), identity = who->kind == MO_GRANTEE_IDENTITY;
	bool ours = identity && !who->resource->ir.existing, writable = ours || (identity && mo_grant_is_mutable(p->ev, who->resource));
	bool same = mo_grant_same_account(p, who, object);
	bool key = mo_str_is(o->resource->ir.type, "AWS::KMS::Key");
	bool needed = !writable || !same || (carries && carrier.always) || (key && !mo_grant_leaves_it_to_roles(o->resource));
	if (needed && !carries) {
		mo_grant_report_no_policy(p, who, o);
		return;
	}
	if (needed && identity && mo_str_is(who->resource->ir.type, "AWS::IAM::Group")) {
		struct mo_diag *d = mo_report(p->ev->ctx->diags, MSG_GROUP_AS_PRINCIPAL, who->span, "no policy of a resource can name a group");
		mo_diag_label(d, o->span, "the policy of this one would have to");
		mo_diag_help(d, "allow it to a role that the users may assume, or to the account");
		return;
	}
	if (writable) {
		mo_grant_place_identity(p, who, o, object, actions, guard);
	}
	if (needed) {
		mo_grant_place_object(p, who, o, object, &carrier, actions, guard);
	}
	if (!actions && carrier.entry) {
		mo_grant_place_keys(p, who, o, object, &carrier, guard);
	}
}

// `not [a, b]`: one statement about everything but all of them.
static void
place_negated(struct mo_placing *p, const struct mo_grantee *who)
{
	const struct mo_grant *g = p->grant;
	struct mo_deployment *to = NULL;
	struct mo_located role = { 0 };
	mo_meanings all = { 0 };
	if (who->kind == MO_GRANTEE_IDENTITY && (!who->resource->ir.existing || mo_grant_is_mutable(p->ev, who->resource))) {
		role = mo_grant_locate(who->resource, p->deployment);
		to = mo_grant_home(p, &role);
	}
	if (!to || !to->variant) {
		mo_report(p->ev->ctx->diags, MSG_NO_RESOURCE_POLICY, g->node->object->span,
			"`not` speaks of everything else, which only the policy of a role of this program can do");
		return;
	}
	for (uint32_t o = 0; o < g->objects.len; o++) {
		const struct mo_grant_object *object = &g->objects.items[o];
		struct mo_located l = object->resource ? mo_grant_locate(object->resource, p->deployment) : (struct mo_located){ 0 };
		bool good = object->resource ? mo_grant_meanings(p->ev, g, object, mo_grant_seen_from(p, &l, &to->target), &all)
			: mo_grant_text_meaning(p, object, to, &all);
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
			struct mo_policy_statement s = mo_grant_statement(p, &m, mo_grant_move(p, g->when, &to->target),
				mo_guard_both(p->ev, who->guard, g->guard));
			mo_grant_hand_out(p, to, mo_grant_seen_from(p, &role, &to->target), NULL, &s);
		}
	}
}

static const struct mo_ir_value *
action_list(struct mo_placing *p, struct mo_span span, const char *action)
{
	struct mo_ir_value *list = mo_ir_list(p->ev->arena, span);
	mo_push(p->ev->arena, &list->items, mo_ir_string(p->ev->arena, span, mo_str_c(action)));
	return list;
}

// The files of the template in a bucket of this program. That the account may read the bucket is for the bucket's policy to say, which is
// checked (eval/home_policy.c); a key is another matter.
static void
place_home(struct mo_placing *p, const struct mo_grantee *who, const struct mo_home *home, const struct mo_deployment *to, struct mo_guard *guard)
{
	struct mo_grant_object o = { .resource = home->bucket, .span = home->span };
	struct mo_located bucket = { .resource = home->bucket, .stack = home->producer ? home->producer->stack : NULL,
		.at = home->outside ? home->target : to->target, .known = true };
	struct mo_carrier carrier;
	mo_grant_place_identity(p, who, &o, &bucket, action_list(p, home->span, "s3:GetObject"), guard);
	if (mo_carrier_of(p->ev, home->bucket->ir.type, &carrier)) {
		mo_grant_place_key_use(p, who, &o, &bucket, &carrier, action_list(p, home->span, "kms:Decrypt"), guard);
	}
}

// What deploys a stack or launches a template: CloudFormation with the rights of the role.
static void
place_whole(struct mo_placing *p, const struct mo_grantee *who, const struct mo_grant_object *o)
{
	mo_meanings all = { 0 };
	if (who->kind != MO_GRANTEE_IDENTITY || (who->resource->ir.existing && !mo_grant_is_mutable(p->ev, who->resource))) {
		mo_grant_report_no_policy(p, who, o);
		return;
	}
	struct mo_located role = mo_grant_locate(who->resource, p->deployment);
	struct mo_deployment *to = mo_grant_home(p, &role);
	if (!to || !to->variant) {
		mo_grant_report_no_home(p, who);
		return;
	}
	MO_VEC(struct mo_str) made = { 0 };
	for (uint32_t i = 0; i < p->all.len; i++) {
		if (p->all.items[i]->variant->stack == o->whole && !p->all.items[i]->carrier.property.len) {
			mo_push(p->ev->arena, &made, p->all.items[i]->identity ? MO_STR("AWS::IAM::Policy") : p->all.items[i]->carrier.resource);
		}
	}
	mo_homes homes = { 0 };
	mo_grant_deployment(p->ev, o, made.items, made.len, &all, &homes);
	for (uint32_t i = 0; i < all.len; i++) {
		struct mo_policy_statement s = mo_grant_statement(p, &all.items[i], mo_grant_move(p, p->grant->when, &to->target),
			mo_guard_both(p->ev, who->guard, o->guard));
		mo_grant_hand_out(p, to, mo_grant_seen_from(p, &role, &to->target), NULL, &s);
	}
	for (uint32_t i = 0; i < homes.len; i++) {
		if (homes.items[i]->bucket) {
			place_home(p, who, homes.items[i], to, mo_guard_both(p->ev, who->guard, o->guard));
		}
	}
}

static void
place_pair(struct mo_placing *p, const struct mo_grantee *who, const struct mo_grant_object *o)
{
	struct mo_guard *guard = mo_guard_both(p->ev, who->guard, o->guard);
	if (o->whole) {
		place_whole(p, who, o);
	} else if (o->resource) {
		struct mo_located object = mo_grant_locate(o->resource, p->deployment);
		mo_grant_place(p, who, o, &object, NULL, guard);
	} else if (who->kind == MO_GRANTEE_IDENTITY && (!who->resource->ir.existing || mo_grant_is_mutable(p->ev, who->resource))) {
		mo_grant_place_identity(p, who, o, NULL, NULL, guard);
	} else {
		mo_grant_report_no_policy(p, who, o);
	}
}

// ---- all of them ----------------------------------------------------------------------------------------------------------------

static void
place_grant(struct mo_placing *p, const struct mo_grant *g)
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
is_even(struct mo_placing *p, struct mo_variant *v)
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
		if (ev->ctx->diags->errors > 0 && mo_in_library(ev, r->origin.definition)) {
			continue; // whom the library would have let take it on may be what failed
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
	struct mo_placing p = { .ev = ev };
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
