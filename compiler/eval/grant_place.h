// SPDX-License-Identifier: Apache-2.0
// Inside the placing of statements: what grant_place.c, which decides where they go, shares with the files that do a part of it.
#ifndef MO_EVAL_GRANT_PLACE_H
#define MO_EVAL_GRANT_PLACE_H

#include "eval/grant.h"

// A resource, and the account and region where it is.
struct mo_located {
	struct mo_resource *resource;
	struct mo_stack *stack; // NULL: of no stack of this program
	struct mo_target at;
	bool known;             // .at is
	bool foreign;           // in an account that is known only at deploy time: another one than any that is known
};

struct mo_placing {
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

// ---- grant_locate.c
// Where a resource is that something at a deployment (NULL: at the top level) speaks of.
struct mo_located mo_grant_locate(struct mo_resource *r, const struct mo_deployment *d);
// The resource as a template at another target knows it: itself in its own target, a copy of which only what is computed can be said elsewhere.
struct mo_resource *mo_grant_seen_from(struct mo_placing *p, const struct mo_located *l, const struct mo_target *at);
// A value of the stack where the grant stands, as a template at another target can say it; NULL stays NULL.
const struct mo_ir_value *mo_grant_move(struct mo_placing *p, const struct mo_ir_value *v, const struct mo_target *to);
// Whether whoever is allowed something is in the account of what it is about.
bool mo_grant_same_account(const struct mo_placing *p, const struct mo_grantee *who, const struct mo_located *object);

// ---- grant_statement.c
struct mo_policy_statement mo_grant_statement(struct mo_placing *p, const struct mo_meaning *m, const struct mo_ir_value *when, struct mo_guard *guard);
// Whom the statement speaks of, as the template of the resource says it.
void mo_grant_set_principal(struct mo_placing *p, const struct mo_grantee *who, const struct mo_target *to, struct mo_policy_statement *s);
// `when`, and that an organization is meant, if that is who.
const struct mo_ir_value *mo_grant_condition(struct mo_placing *p, const struct mo_grantee *who, const struct mo_ir_value *when,
	const struct mo_target *to);
// Of a condition what every service knows: the use of a key is another call, which knows nothing of the keys of S3.
const struct mo_ir_value *mo_grant_global_part(struct mo_placing *p, const struct mo_ir_value *when);

// ---- grant_side.c
// Whether the role, which exists already, may be changed.
bool mo_grant_is_mutable(struct mo_eval *ev, const struct mo_resource *r);
// Where the policy of a role is written: beside the grant when that is in the role's account, else beside the role; NULL: nowhere.
struct mo_deployment *mo_grant_home(struct mo_placing *p, const struct mo_located *role);
void mo_grant_report_no_home(struct mo_placing *p, const struct mo_grantee *who);
void mo_grant_report_no_policy(struct mo_placing *p, const struct mo_grantee *who, const struct mo_grant_object *o);
// What actions on an ARN mean; false when the grant names verbs.
bool mo_grant_text_meaning(struct mo_placing *p, const struct mo_grant_object *o, const struct mo_deployment *to, mo_meanings *out);
// Whether a key's policy leaves it to the policies of roles who may use it: it does unless it is written otherwise.
bool mo_grant_leaves_it_to_roles(const struct mo_resource *key);
// Both: `actions` when it is about the key of something, else NULL; `object` is where `o` is, NULL for an ARN.
void mo_grant_place_identity(struct mo_placing *p, const struct mo_grantee *who, const struct mo_grant_object *o, const struct mo_located *object,
	const struct mo_ir_value *actions, struct mo_guard *guard);
void mo_grant_place_object(struct mo_placing *p, const struct mo_grantee *who, const struct mo_grant_object *o, const struct mo_located *object,
	const struct mo_carrier *carrier, const struct mo_ir_value *actions, struct mo_guard *guard);

// ---- grant_key.c
// The actions on the key of a resource, for a role: the key's policy lets the role's account in already.
void mo_grant_place_key_use(struct mo_placing *p, const struct mo_grantee *who, const struct mo_grant_object *o, const struct mo_located *object,
	const struct mo_carrier *carrier, const struct mo_ir_value *actions, struct mo_guard *guard);
// What the verbs imply on the key of a resource.
void mo_grant_place_keys(struct mo_placing *p, const struct mo_grantee *who, const struct mo_grant_object *o, const struct mo_located *object,
	const struct mo_carrier *carrier, struct mo_guard *guard);

// ---- grant_place.c
// Gives a statement to the template at a deployment: to the policy of a role, or of a resource, which has a carrier.
void mo_grant_hand_out(struct mo_placing *p, struct mo_deployment *to, struct mo_resource *owner, const struct mo_carrier *carrier,
	const struct mo_policy_statement *s);
// Decides for one resource. `actions` when it is about the key of something; then of the grant only WHO, WHEN and the line count.
void mo_grant_place(struct mo_placing *p, const struct mo_grantee *who, const struct mo_grant_object *o, const struct mo_located *object,
	const struct mo_ir_value *actions, struct mo_guard *guard);

#endif
