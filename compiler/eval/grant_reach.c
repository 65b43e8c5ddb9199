// SPDX-License-Identifier: Apache-2.0
// On what a role that deploys may do what it must: takes the resources of a stack or template and the actions of their handlers, gives the
// actions together that reach the same things. Actions reach the kinds of things that the template holds, in the account it is deployed to;
// roles, which could give away more than the template does, by their names too. Knows nothing of who the role is.
#include "eval/finish.h"
#include "eval/grant.h"

#include <stdlib.h>

enum {
	DEEPEST_TEXT = 16, // of texts in texts
	// CloudFormation names a role without a name STACK-ID-RANDOM and cuts the stack's name to fit into 64 characters; what is left of it is
	// never shorter.
	STACK_NAME_KEPT = 20,
};

#define ROLE MO_STR("AWS::IAM::Role")
#define INLINE_POLICY MO_STR("AWS::IAM::Policy")

typedef MO_VEC(struct mo_str) texts;

// Actions that reach the same; `resources` are ARNs with ${Partition} and ${Account} in them, or "*".
struct reach {
	struct mo_str key;
	texts actions, resources;
};

struct reaching {
	struct mo_eval *ev;
	const struct mo_grant_object *o;
	const mo_deployed *held;
	const struct mo_str *made; // types of resources that permissions add
	uint32_t made_count;
	struct mo_map shapes; // of ARNs of what the template holds
	texts roles;          // their names with paths; unnamed ones: a pattern
	texts stored, secrets; // ARNs of parameters and secrets that CloudFormation reads for the template
	const struct mo_ir_template *template; // the one that is looked at
	bool users, groups;   // policies are attached to some
	MO_VEC(struct reach) all;
};

// ---- texts -----------------------------------------------------------------------------------------------------------------------

static void
add_star(struct mo_buf *b)
{
	if (!b->len || b->p[b->len - 1] != '*') {
		mo_buf_addc(b, '*');
	}
}

// A value as a pattern of IAM: what only CloudFormation knows is `*`.
static void
add_pattern(struct mo_buf *b, const struct mo_ir_value *v, uint32_t depth)
{
	if (v->kind == MO_IR_STRING) {
		mo_buf_add(b, v->text);
		return;
	}
	for (uint32_t i = 0; v->kind == MO_IR_SUB && depth < DEEPEST_TEXT && i < v->items.len; i++) {
		add_pattern(b, v->items.items[i], depth + 1);
	}
	if (v->kind != MO_IR_SUB) {
		add_star(b);
	}
}

static bool
is_fixed(struct mo_str variable)
{
	return mo_str_is(variable, "${Partition}") || mo_str_is(variable, "${Account}");
}

// An ARN of the tables with `*` for its variables; of things of this account, partition and account stay variables.
static struct mo_str
pattern_of(struct mo_eval *ev, struct mo_str arn, bool here)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	for (size_t at = 0; at < arn.len;) {
		ptrdiff_t close = arn.p[at] == '$' ? mo_str_find(arn, MO_STR("}"), at) : -1;
		struct mo_str variable = close < 0 ? (struct mo_str){ 0 } : mo_str_sub(arn, at, (size_t)close + 1);
		if (!variable.len) {
			mo_buf_addc(&b, arn.p[at++]);
			continue;
		}
		if (is_fixed(variable) && (here || mo_str_is(variable, "${Partition}"))) {
			mo_buf_add(&b, variable);
		} else {
			add_star(&b);
		}
		at += variable.len;
	}
	return mo_buf_str(&b);
}

static struct mo_str
shape_of(struct mo_eval *ev, struct mo_str arn)
{
	return pattern_of(ev, arn, true);
}

static void
add_once(struct mo_eval *ev, texts *to, struct mo_str text)
{
	for (uint32_t i = 0; i < to->len; i++) {
		if (mo_str_eq(to->items[i], text)) {
			return;
		}
	}
	mo_push(ev->arena, to, text);
}

static int
compare(const void *a, const void *b)
{
	return mo_str_cmp(*(const struct mo_str *)a, *(const struct mo_str *)b);
}

// ---- what the template holds -----------------------------------------------------------------------------------------------------

static void
add_shape(struct reaching *r, struct mo_str type)
{
	mo_cat catalog = mo_str_eq(type, INLINE_POLICY) ? 0 : mo_cat_find_resource(type);
	struct mo_str arn = catalog ? mo_cat_resource(catalog).arn_template : (struct mo_str){ 0 };
	if (arn.len) {
		mo_map_put(r->ev->arena, &r->shapes, mo_str_hash(shape_of(r->ev, arn)), r);
	}
}

// Names that CloudFormation gives to roles without one.
static void
add_given_names(struct reaching *r, struct mo_str path)
{
	const struct mo_stack *whole = r->o->whole;
	if (whole->is_template) { // Service Catalog names the stacks that it launches SC-ACCOUNT-PRODUCT
		add_once(r->ev, &r->roles, mo_str_printf(r->ev->arena, MO_STR_FMT "SC-*", MO_STR_ARG(path)));
	}
	if (whole->project) { // SageMaker names those of its projects SP-…
		add_once(r->ev, &r->roles, mo_str_printf(r->ev->arena, MO_STR_FMT "SP-*", MO_STR_ARG(path)));
	}
	for (uint32_t i = 0; !whole->is_template && i < whole->deployments.len; i++) {
		struct mo_str name = mo_stack_deployed_name(r->ev, whole->deployments.items[i]);
		struct mo_str kept = mo_str_sub(name, 0, name.len < STACK_NAME_KEPT ? name.len : STACK_NAME_KEPT);
		add_once(r->ev, &r->roles, mo_str_printf(r->ev->arena, MO_STR_FMT MO_STR_FMT "%s", MO_STR_ARG(path), MO_STR_ARG(kept),
			kept.len < name.len ? "*" : "-*"));
	}
}

static void
add_role(struct reaching *r, const struct mo_ir_resource *role)
{
	const struct mo_ir_value *name = mo_ir_get(role->properties, MO_STR("RoleName")), *path = mo_ir_get(role->properties, MO_STR("Path"));
	struct mo_buf b = mo_buf_in(r->ev->arena);
	if (path) {
		add_pattern(&b, path, 0);
	}
	struct mo_str before = mo_buf_str(&b);
	before = mo_str_starts(before, MO_STR("/")) ? mo_str_sub(before, 1, before.len) : before;
	if (!name) {
		add_given_names(r, before);
		return;
	}
	struct mo_buf whole = mo_buf_in(r->ev->arena);
	mo_buf_add(&whole, before);
	add_pattern(&whole, name, 0);
	add_once(r->ev, &r->roles, mo_buf_str(&whole));
}

// Roles of others, which a policy names.
static void
add_named_roles(struct reaching *r, const struct mo_ir_resource *policy)
{
	const struct mo_ir_value *roles = mo_ir_get(policy->properties, MO_STR("Roles"));
	for (uint32_t i = 0; roles && roles->kind == MO_IR_LIST && i < roles->items.len; i++) {
		const struct mo_ir_value *v = roles->items.items[i];
		if (v->kind != MO_IR_RESOURCE || v->resource->existing) {
			struct mo_buf b = mo_buf_in(r->ev->arena);
			add_pattern(&b, v, 0);
			add_once(r->ev, &r->roles, mo_buf_str(&b));
		}
	}
}

static void
add_resource(struct reaching *r, const struct mo_ir_resource *resource)
{
	add_shape(r, resource->type);
	r->users = r->users || mo_str_is(resource->type, "AWS::IAM::User") || mo_ir_get(resource->properties, MO_STR("Users"));
	r->groups = r->groups || mo_str_is(resource->type, "AWS::IAM::Group") || mo_ir_get(resource->properties, MO_STR("Groups"));
	if (mo_str_eq(resource->type, ROLE)) {
		add_role(r, resource);
	} else if (mo_ir_get(resource->properties, MO_STR("Roles"))) {
		add_named_roles(r, resource);
	}
}

// ---- what is read while it is deployed -------------------------------------------------------------------------------------------

static void
add_stored(struct reaching *r, struct mo_str name)
{
	add_once(r->ev, &r->stored, mo_str_printf(r->ev->arena, "arn:${Partition}:ssm:*:${Account}:parameter%s" MO_STR_FMT,
		mo_str_starts(name, MO_STR("/")) ? "" : "/", MO_STR_ARG(name)));
}

// Behind the name of a secret its ARN has six characters that nobody knows.
static void
add_secret(struct reaching *r, const struct mo_ir_value *name)
{
	struct mo_buf b = mo_buf_in(r->ev->arena);
	add_pattern(&b, name, 0);
	bool arn = mo_str_starts(mo_buf_str(&b), MO_STR("arn:"));
	add_once(r->ev, &r->secrets, mo_str_printf(r->ev->arena, "%s" MO_STR_FMT "%s", arn ? "" : "arn:${Partition}:secretsmanager:*:${Account}:secret:",
		MO_STR_ARG(mo_buf_str(&b)), arn ? "" : "-??????"));
}

static bool
find_read(void *data, const struct mo_ir_value *v)
{
	struct reaching *r = data;
	bool reference = v->kind == MO_IR_RESOURCE || v->kind == MO_IR_ATTRIBUTE;
	if (reference && v->resource->template != r->template && !v->resource->existing) { // published by another stack
		add_stored(r, mo_str_printf(r->ev->arena, "/mlops/" MO_STR_FMT "/*", MO_STR_ARG(r->ev->platform->name)));
	} else if (mo_is_stored(v) && mo_str_is(v->function, MO_STORED_SECRET)) {
		add_secret(r, v->argument->items.items[0]);
	} else if (mo_is_stored(v)) {
		add_stored(r, v->argument->items.items[0]->text);
	}
	return true;
}

// The default of a parameter is only one of the names that whoever launches may give.
static void
find_all_read(struct reaching *r)
{
	for (uint32_t i = 0; i < r->template->resources.len; i++) {
		if (!r->template->resources.items[i]->existing) {
			mo_ir_visit_resource(r->template->resources.items[i], find_read, r);
		}
	}
	for (uint32_t i = 0; i < r->template->outputs.len; i++) {
		mo_ir_visit(r->template->outputs.items[i]->value, find_read, r);
	}
	for (uint32_t i = 0; i < r->template->params.len; i++) {
		if (mo_str_starts(r->template->params.items[i]->type, MO_STR("AWS::SSM::Parameter::"))) {
			add_stored(r, MO_STR("*"));
		}
	}
}

static void
look_around(struct reaching *r)
{
	for (uint32_t i = 0; i < r->held->len; i++) {
		const struct mo_ir_template *t = r->held->items[i];
		r->template = t;
		for (uint32_t k = 0; k < t->resources.len; k++) {
			if (!t->resources.items[k]->existing) {
				add_resource(r, t->resources.items[k]);
			}
		}
		if (r->o->whole->is_template) { // stacks of this program publish, and may read all parameters anyway
			find_all_read(r);
		}
	}
	for (uint32_t i = 0; i < r->made_count; i++) {
		add_shape(r, r->made[i]);
	}
	if (!r->o->whole->is_template) {
		add_shape(r, MO_STR("AWS::SSM::Parameter")); // what other stacks read is published there
	}
	if (r->roles.len) {
		qsort(r->roles.items, r->roles.len, sizeof(r->roles.items[0]), compare);
	}
}

// ---- actions ---------------------------------------------------------------------------------------------------------------------

static mo_cat
find_action(struct mo_str action)
{
	ptrdiff_t colon = mo_str_find(action, MO_STR(":"), 0);
	mo_cat service = colon < 0 ? 0 : mo_cat_find_service(mo_str_sub(action, 0, (size_t)colon));
	return service ? mo_cat_find_action(service, mo_str_sub(action, (size_t)colon + 1, action.len)) : 0;
}

static bool
is_in_template(const struct reaching *r, struct mo_str arn)
{
	return mo_map_get(&r->shapes, mo_str_hash(shape_of(r->ev, arn)));
}

// Handlers of policies can attach them to users and groups, of which most templates have none.
static bool
is_idle(const struct reaching *r, struct mo_str arn)
{
	return (!r->users && mo_str_ends(arn, MO_STR(":user/${UserNameWithPath}"))) || (!r->groups && mo_str_ends(arn, MO_STR(":group/${GroupNameWithPath}")));
}

static void
add_kind(const struct reaching *r, struct mo_str arn, texts *to)
{
	struct mo_str names = MO_STR("${RoleNameWithPath}");
	bool here = is_in_template(r, arn);
	if (!r->roles.len || !mo_str_ends(arn, names)) {
		add_once(r->ev, to, pattern_of(r->ev, arn, here));
		return;
	}
	for (uint32_t i = 0; i < r->roles.len; i++) {
		struct mo_str before = mo_str_sub(arn, 0, arn.len - names.len);
		add_once(r->ev, to, mo_str_printf(r->ev->arena, MO_STR_FMT MO_STR_FMT, MO_STR_ARG(before), MO_STR_ARG(r->roles.items[i])));
	}
}

// What an action reaches; false when the template never makes CloudFormation call it.
static bool
find_resources(const struct reaching *r, struct mo_str action, texts *out)
{
	mo_cat found = find_action(action);
	uint32_t kinds = found ? mo_cat_action(found).resource_types : 0;
	for (uint32_t i = 0; i < kinds; i++) {
		struct mo_cat_action_resource kind = mo_cat_action_resource(found, i);
		if (kind.required && is_idle(r, kind.arn)) {
			return false;
		}
		if (kind.required || is_in_template(r, kind.arn)) {
			add_kind(r, kind.arn, out);
		}
	}
	if (!out->len) {
		mo_push(r->ev->arena, out, MO_STR("*"));
	}
	qsort(out->items, out->len, sizeof(out->items[0]), compare);
	return true;
}

static void
add_reached(struct reaching *r, struct mo_str action, texts resources)
{
	struct mo_buf key = mo_buf_in(r->ev->arena);
	for (uint32_t i = 0; i < resources.len; i++) {
		mo_buf_add(&key, resources.items[i]);
		mo_buf_addc(&key, '\n');
	}
	for (uint32_t i = 0; i < r->all.len; i++) {
		if (mo_str_eq(r->all.items[i].key, mo_buf_str(&key))) {
			mo_push(r->ev->arena, &r->all.items[i].actions, action);
			return;
		}
	}
	struct reach reach = { .key = mo_buf_str(&key), .resources = resources };
	mo_push(r->ev->arena, &reach.actions, action);
	mo_push(r->ev->arena, &r->all, reach);
}

static void
add_action(struct reaching *r, struct mo_str action)
{
	texts resources = { 0 };
	if (find_resources(r, action, &resources)) {
		add_reached(r, action, resources);
	}
}

static void
add_reading(struct reaching *r)
{
	if (r->stored.len) {
		add_reached(r, MO_STR("ssm:GetParameter"), r->stored);
		add_reached(r, MO_STR("ssm:GetParameters"), r->stored);
	}
	if (r->secrets.len) {
		add_reached(r, MO_STR("secretsmanager:GetSecretValue"), r->secrets);
	}
}

// ---- statements ------------------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
resource_value(struct mo_eval *ev, struct mo_span span, struct mo_str arn)
{
	struct mo_ir_value *sub = mo_ir_sub(ev->arena, span);
	size_t done = 0;
	for (ptrdiff_t start; (start = mo_str_find(arn, MO_STR("${"), done)) >= 0;) {
		size_t end = (size_t)mo_str_find(arn, MO_STR("}"), (size_t)start) + 1;
		bool partition = mo_str_is(mo_str_sub(arn, (size_t)start, end), "${Partition}");
		if ((size_t)start > done) {
			mo_push(ev->arena, &sub->items, mo_ir_string(ev->arena, span, mo_str_sub(arn, done, (size_t)start)));
		}
		mo_push(ev->arena, &sub->items, mo_ir_pseudo(ev->arena, span, partition ? MO_STR("AWS::Partition") : MO_STR("AWS::AccountId")));
		done = end;
	}
	if (!done) {
		return mo_ir_string(ev->arena, span, arn);
	}
	if (done < arn.len) {
		mo_push(ev->arena, &sub->items, mo_ir_string(ev->arena, span, mo_str_sub(arn, done, arn.len)));
	}
	return sub;
}

static struct mo_meaning
statement(struct mo_eval *ev, struct mo_span span, const struct reach *reach)
{
	struct mo_meaning m = { .actions = mo_ir_list(ev->arena, span), .resources = mo_ir_list(ev->arena, span), .joined = true };
	for (uint32_t i = 0; i < reach->actions.len; i++) {
		mo_push(ev->arena, &m.actions->items, mo_ir_string(ev->arena, span, reach->actions.items[i]));
	}
	for (uint32_t i = 0; i < reach->resources.len; i++) {
		mo_push(ev->arena, &m.resources->items, resource_value(ev, span, reach->resources.items[i]));
	}
	return m;
}

void
mo_grant_reach(struct mo_eval *ev, const struct mo_grant_object *o, const mo_deployed *held, const struct mo_str *made, uint32_t made_count,
	const struct mo_str *actions, uint32_t count, mo_meanings *out)
{
	struct reaching r = { .ev = ev, .o = o, .held = held, .made = made, .made_count = made_count };
	look_around(&r);
	for (uint32_t i = 0; i < count; i++) {
		add_action(&r, actions[i]);
	}
	add_reading(&r);
	for (uint32_t i = 0; i < r.all.len; i++) {
		mo_push(ev->arena, out, statement(ev, o->span, &r.all.items[i]));
	}
}
