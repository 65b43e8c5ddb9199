// SPDX-License-Identifier: Apache-2.0
// Inside the evaluation of permissions. grant.c gathers what `allow` and `deny` say while stacks are evaluated; when all of them are,
// grant_place.c (with grant_place.h) decides where each statement goes and grant_policy.c writes the policies.
#ifndef MO_EVAL_GRANT_H
#define MO_EVAL_GRANT_H

#include "eval/instance.h"
#include "sema/permission.h"

enum mo_grantee_kind {
	MO_GRANTEE_IDENTITY,  // .resource: a role, user or group
	MO_GRANTEE_ACCOUNT,   // .account
	MO_GRANTEE_SERVICE,   // .text
	MO_GRANTEE_ORG,       // .text: its id
	MO_GRANTEE_ORG_PATH,  // .text
	MO_GRANTEE_FEDERATED, // .text: the provider's ARN
	MO_GRANTEE_ANYONE,
	MO_GRANTEE_ARN,       // .text
};

struct mo_grantee {
	enum mo_grantee_kind kind;
	struct mo_resource *resource;
	const struct mo_ir_account *account;
	const struct mo_ir_value *text;
	struct mo_guard *guard; // where it is there
	struct mo_span span;
};

// What a permission is about: a resource, or an ARN.
struct mo_grant_object {
	struct mo_stack *whole; // a stack or template, to deploy
	struct mo_resource *resource;
	const struct mo_ir_value *text;
	struct mo_guard *guard;
	struct mo_span span;
};

// One `allow` or `deny` of one body.
struct mo_grant {
	struct mo_grant_node *node;
	struct mo_frame *frame;
	struct mo_guard *guard;
	struct mo_variant *variant; // of the stack that it stands in; NULL at the top level
	MO_VEC(struct mo_grantee) who;
	MO_VEC(struct mo_grant_object) objects;
	bool negated;               // everything but the objects
	const struct mo_ir_value *actions; // LIST when they were written; NULL: verbs
	const struct mo_ir_value *when;    // OBJECT or NULL
	struct mo_str sid, at;
};

typedef MO_VEC(struct mo_span) mo_spans;

// One statement of a policy.
struct mo_policy_statement {
	struct mo_str sid;
	bool deny;
	struct mo_ir_value *principals;       // OBJECT of LISTs; NULL: of an identity policy, or everybody
	bool anyone;                          // Principal: "*"
	bool negated;                         // NotResource
	struct mo_ir_value *actions, *resources; // LISTs; no resources: the policy takes none
	const struct mo_ir_value *condition;  // OBJECT or NULL
	struct mo_guard *guard;               // when it is there
	bool joined;                          // may take up actions of others, of another `allow` too
	mo_spans origins;                     // of the `allow`s that caused it
};

// What a verb (or a list of actions) means for a resource: one statement's worth.
struct mo_meaning {
	struct mo_ir_value *actions, *resources; // LISTs
	const struct mo_ir_value *when;
	bool everywhere; // about no resource in particular: only of use in a policy of a role
	bool joined;     // may become one statement with others about the same resources
};

typedef MO_VEC(struct mo_meaning) mo_meanings;

// How a type carries its policy, as `resource_policy` says.
struct mo_carrier {
	struct mo_permission_entry *entry;
	struct mo_str property, resource, object, document, key;
	struct mo_str actions; // a pattern of those that the policy takes; empty: all
	bool per_statement, always;
	bool any_resource, no_resource; // "*" or nothing in the place of the resource
	const struct mo_value *conditions; // LIST or NULL: all
};

// ---- grant.c
// Evaluates an `allow` or `deny` and remembers it.
void mo_grant_collect(struct mo_eval *ev, struct mo_frame *f, struct mo_guard *guard, struct mo_node *n);
// What holds under both.
struct mo_guard *mo_guard_both(struct mo_eval *ev, struct mo_guard *a, struct mo_guard *b);

// ---- grant_verb.c
// What the grant lets do with a resource, as seen from where it is written. `self` may be a copy in another account.
bool mo_grant_meanings(struct mo_eval *ev, const struct mo_grant *g, const struct mo_grant_object *o, struct mo_resource *self, mo_meanings *out);
// The actions on the key of a resource; NULL when the verbs imply none.
struct mo_ir_value *mo_grant_key_actions(struct mo_eval *ev, const struct mo_grant *g, struct mo_resource *self);
// False when the type carries no policy.
bool mo_carrier_of(struct mo_eval *ev, struct mo_str type, struct mo_carrier *out);
// What a policy starts from when there is none; NULL: from nothing.
const struct mo_ir_value *mo_carrier_start(struct mo_eval *ev, const struct mo_carrier *c, struct mo_resource *self);
// What `attribute` (empty: Ref) of a resource is, said without a reference to it; NULL when that takes a name that was not written.
const struct mo_ir_value *mo_name_itself(struct mo_eval *ev, struct mo_resource *r, struct mo_str attribute, struct mo_span span);

// ---- grant_deploy.c
typedef MO_VEC(const struct mo_home *) mo_homes;
typedef MO_VEC(const struct mo_ir_template *) mo_deployed;

// What CloudFormation must be allowed to do to deploy a stack or template; `made` are types of resources that permissions add to it.
// `homes`: where its files are, so that it can read those in buckets of this program.
void mo_grant_deployment(struct mo_eval *ev, const struct mo_grant_object *o, const struct mo_str *made, uint32_t count, mo_meanings *out,
	mo_homes *homes);

// ---- grant_reach.c
// Statements that allow the actions, sorted by name, on what templates hold of the kinds that they take: `held` are that of the stack or
// template and those that are nested in it, `made` as above.
void mo_grant_reach(struct mo_eval *ev, const struct mo_grant_object *o, const mo_deployed *held, const struct mo_str *made, uint32_t made_count,
	const struct mo_str *actions, uint32_t count, mo_meanings *out);

// ---- grant_policy.c
// Statements that belong together: of one role in one template, or of one resource.
struct mo_policy_work {
	struct mo_policy_work *next; // with the same hash
	struct mo_variant *variant;  // where the policy is written
	struct mo_resource *owner;   // the role, or the resource
	struct mo_carrier carrier;   // of a resource
	bool identity;
	MO_VEC(struct mo_policy_statement) statements;
};

// Adds a statement; an equal one only gets another origin.
void mo_policy_add(struct mo_eval *ev, struct mo_policy_work *w, const struct mo_policy_statement *s);
void mo_policy_write(struct mo_eval *ev, struct mo_policy_work *w);

// A resource that permissions made, behind its owner in the template.
struct mo_resource *mo_policy_resource(struct mo_eval *ev, const struct mo_policy_work *w, const char *type, struct mo_str id, struct mo_guard *guard);
// What identifies the owner in a property of such a resource.
const struct mo_ir_value *mo_policy_reference(struct mo_eval *ev, const struct mo_policy_work *w, struct mo_str type, struct mo_str property);
const struct mo_ir_value *mo_policy_statement_value(struct mo_eval *ev, const struct mo_policy_statement *s);

// ---- grant_each.c
// For types whose policies are one resource for each statement.
void mo_policy_write_each(struct mo_eval *ev, struct mo_policy_work *w);

// ---- grant_place.c
// Puts all statements where they belong. False when stacks have to be evaluated again, with targets told apart (eval/variant.c).
bool mo_grants_place(struct mo_eval *ev);
// Reports roles of the template that nobody may assume.
void mo_grants_check_trust(struct mo_eval *ev, const struct mo_variant *v);

#endif
