// SPDX-License-Identifier: Apache-2.0
// The producer's side of what other stacks read: a parameter of the Systems Manager, an output, an export; and the role by which other
// accounts may ask for outputs. Made for the first reader, added behind what the template holds itself.
#include "eval/link.h"

enum {
	LONGEST_ROLE_NAME = 64, // IAM User Guide, "IAM and AWS STS quotas"
	MOST_ROLES = 16,        // in a trust policy of 2048 characters, where an ARN of a role takes about ninety
	MOST_ACCOUNTS = 100,    // in the same; an organization says more with one id
};

// What a template publishes under one path.
struct published {
	const struct mo_ir_value *value;
	struct mo_resource *parameter;
	struct mo_ir_output *output;
};

// ---- names -----------------------------------------------------------------------------------------------------------------------

// The part of the path that the producer's template needs: without platform and stack.
static struct mo_str
own_part(struct mo_eval *ev, const struct mo_variant *producer, struct mo_str path)
{
	return mo_str_sub(path, sizeof("/mlops") + ev->platform->name.len + 1 + producer->stack->name.len, path.len);
}

struct mo_str
mo_published_output(struct mo_eval *ev, const struct mo_foreign *f, struct mo_str path)
{
	struct mo_buf id = mo_buf_in(ev->arena);
	mo_buf_adds(&id, "Published");
	mo_id_add(&id, own_part(ev, f->producer, path));
	return mo_buf_str(&id);
}

// Exports take letters, digits, colons and hyphens (CloudFormation User Guide, "Outputs").
struct mo_str
mo_published_export(struct mo_eval *ev, struct mo_str path)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	for (size_t i = 1; i < path.len; i++) {
		char c = path.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		mo_buf_addc(&b, plain ? c : c == '/' ? ':' : '-');
	}
	return mo_buf_str(&b);
}

// ---- how -------------------------------------------------------------------------------------------------------------------------

enum mo_via
mo_via_of(struct mo_eval *ev, const struct mo_foreign *f)
{
	const struct mo_decoration *d = f->resource ? f->resource->decoration : f->producer->body->decoration;
	for (; d; d = d->outer) {
		struct mo_decorator_node *n = mo_decorator_find(ev, d->item, "via");
		struct mo_node *way = n ? mo_decorator_argument(ev, n, 0, NULL) : NULL;
		const struct mo_value *v = way ? mo_eval_typed(ev, d->frame, way, mo_type_of_kind(MO_TYPE_STRING)) : NULL;
		if (v && v->kind == MO_VALUE_STRING) {
			return mo_str_is(v->text, "export") ? MO_VIA_EXPORT : mo_str_is(v->text, "stack_output") ? MO_VIA_STACK_OUTPUT : MO_VIA_SSM;
		}
	}
	return MO_VIA_SSM;
}

// ---- writing ---------------------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
as_text(struct mo_eval *ev, const struct mo_foreign *f)
{
	if (!f->is_list) {
		return f->value;
	}
	const struct mo_ir_value *args[2] = { mo_ir_string(ev->arena, f->span, MO_STR(",")), f->value };
	return mo_ir_call_list(ev->arena, f->span, MO_STR("Fn::Join"), args, 2);
}

static void
set_text(struct mo_eval *ev, struct mo_ir_value *o, const char *key, struct mo_str text)
{
	mo_ir_set(ev->arena, o, mo_str_c(key), o->span, mo_ir_string(ev->arena, o->span, text));
}

static struct mo_ir_origin
origin_of(const struct mo_foreign *f)
{
	if (f->resource) {
		return f->resource->ir.origin;
	}
	struct mo_span span = f->producer->template->span;
	return (struct mo_ir_origin){ .span = span, .definition = span, .path = f->name };
}

static struct mo_resource *
new_resource(struct mo_eval *ev, struct mo_variant *producer, const char *type, struct mo_ir_origin origin)
{
	struct mo_resource *made = mo_new(ev->arena, struct mo_resource);
	made->ir.origin = origin;
	made->ir.type = mo_str_c(type);
	made->ir.catalog = mo_cat_find_resource(made->ir.type);
	made->ir.template = producer->template;
	made->ir.properties = mo_ir_object(ev->arena, origin.span);
	made->instance = producer->body;
	made->decoration = producer->body->decoration;
	return made;
}

static void
add_resource(struct mo_eval *ev, struct mo_variant *producer, struct mo_resource *made)
{
	struct mo_place_of_work before = mo_enter(ev, producer->body->frame, NULL);
	mo_tag_resource(ev, made);
	mo_resource_finish(ev, made);
	mo_leave(ev, producer->body->frame, before);
	mo_push(ev->arena, &producer->template->resources, &made->ir);
}

static void
add_parameter(struct mo_eval *ev, const struct mo_foreign *f, struct mo_str path, struct published *p)
{
	if (p->parameter) {
		return;
	}
	p->parameter = new_resource(ev, f->producer, "AWS::SSM::Parameter", origin_of(f));
	p->parameter->published = f->value;
	p->parameter->ir.id = mo_published_output(ev, f, path);
	set_text(ev, p->parameter->ir.properties, "Type", f->is_list ? MO_STR("StringList") : MO_STR("String"));
	set_text(ev, p->parameter->ir.properties, "Name", path);
	mo_ir_set(ev->arena, p->parameter->ir.properties, MO_STR("Value"), f->span, as_text(ev, f));
	add_resource(ev, f->producer, p->parameter);
}

static void
add_output(struct mo_eval *ev, const struct mo_foreign *f, struct mo_str path, struct published *p, bool exported)
{
	if (!p->output) {
		p->output = mo_new(ev->arena, struct mo_ir_output);
		p->output->id = mo_published_output(ev, f, path);
		p->output->origin = origin_of(f);
		p->output->value = mo_finish_value_in(ev, f->producer, as_text(ev, f));
		p->output->description = mo_str_printf(ev->arena, MO_STR_FMT ", read by other stacks", MO_STR_ARG(f->name));
		mo_push(ev->arena, &f->producer->template->outputs, p->output);
	}
	if (exported) {
		p->output->export_name = mo_ir_string(ev->arena, f->span, mo_published_export(ev, path));
	}
}

bool
mo_is_published(const struct mo_variant *producer, struct mo_str path, enum mo_via via)
{
	const struct published *p = mo_map_get(&producer->published, mo_str_hash(path));
	bool exported = p && p->output && p->output->export_name;
	return p && (via == MO_VIA_SSM ? p->parameter != NULL : via == MO_VIA_EXPORT ? exported : p->output != NULL);
}

bool
mo_publish(struct mo_eval *ev, const struct mo_foreign *f, struct mo_str path, enum mo_via via)
{
	struct published *p = mo_map_get(&f->producer->published, mo_str_hash(path));
	if (!p) {
		p = mo_new(ev->arena, struct published);
		p->value = f->value;
		mo_map_put(ev->arena, &f->producer->published, mo_str_hash(path), p);
	}
	if (!mo_ir_equal(p->value, f->value)) {
		mo_report(ev->ctx->diags, MSG_DUPLICATE_LOGICAL_ID, f->span, "two values would be published as `" MO_STR_FMT "`", MO_STR_ARG(path));
		return false;
	}
	if (!mo_is_published(f->producer, path, via)) {
		mo_publish_note(ev, f, path, via, MO_STR(MO_IR_READ));
	}
	if (via == MO_VIA_SSM) {
		add_parameter(ev, f, path, p);
	} else {
		add_output(ev, f, path, p, via == MO_VIA_EXPORT);
	}
	return true;
}

// ---- the role of readers ---------------------------------------------------------------------------------------------------------

// Who asks: the role with which CloudFormation deploys the reader.
static struct mo_str
principal_of(struct mo_eval *ev, const struct mo_target *t)
{
	const struct mo_ir_account *a = &t->account->ir;
	if (a->execution_role.len || a->deploy_role.len) {
		return a->execution_role.len ? a->execution_role : a->deploy_role;
	}
	if (!a->bootstrap) {
		return mo_str_printf(ev->arena, "arn:" MO_STR_FMT ":iam::" MO_STR_FMT ":root", MO_STR_ARG(a->partition), MO_STR_ARG(a->id));
	}
	return mo_str_printf(ev->arena, "arn:" MO_STR_FMT ":iam::" MO_STR_FMT ":role/cdk-" MO_STR_FMT "-cfn-exec-role-" MO_STR_FMT "-"
		MO_STR_FMT, MO_STR_ARG(a->partition), MO_STR_ARG(a->id), MO_STR_ARG(a->qualifier), MO_STR_ARG(a->id), MO_STR_ARG(t->region));
}

bool
mo_in_several_regions(struct mo_eval *ev, struct mo_stack *s)
{
	struct mo_map accounts = { 0 };
	for (uint32_t i = 0; !s->regions_counted && i < s->deployments.len; i++) {
		struct mo_account *a = s->deployments.items[i]->target.account;
		s->several_regions = s->several_regions || mo_map_get(&accounts, MO_KEY(a));
		mo_map_put(ev->arena, &accounts, MO_KEY(a), a);
	}
	s->regions_counted = true;
	return s->several_regions;
}

static struct mo_str
role_name_start(struct mo_eval *ev, const struct mo_stack *s)
{
	return mo_str_printf(ev->arena, MO_STR_FMT "-" MO_STR_FMT "-reader", MO_STR_ARG(ev->platform->name), MO_STR_ARG(s->name));
}

static void
note_reader(struct mo_eval *ev, struct mo_variant *producer, const struct mo_target *of, const struct mo_target *reader)
{
	struct mo_str principal = principal_of(ev, reader);
	uint64_t key = mo_hash_mix(of->hash, mo_str_hash(principal));
	if (mo_map_get(&producer->readers_seen, key)) {
		return;
	}
	mo_map_put(ev->arena, &producer->readers_seen, key, producer);
	mo_push(ev->arena, &producer->readers, (struct mo_outside_reader){ *of, principal, reader->account->ir.id });
}

struct mo_str
mo_reader_role(struct mo_eval *ev, const struct mo_foreign *f, const struct mo_variant *reader)
{
	const struct mo_ir_account *a = &f->target.account->ir;
	struct mo_str name = role_name_start(ev, f->producer->stack);
	for (uint32_t i = 0; i < reader->deployments.len; i++) { // one template: also where it is in the producer's own account
		note_reader(ev, f->producer, &f->target, &reader->deployments.items[i]->target);
	}
	if (mo_in_several_regions(ev, f->producer->stack)) {
		name = mo_str_printf(ev->arena, MO_STR_FMT "-" MO_STR_FMT, MO_STR_ARG(name), MO_STR_ARG(f->target.region));
	}
	if (name.len > LONGEST_ROLE_NAME && !f->producer->role_reported) {
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_PHYSICAL_NAME, f->span, "the role `" MO_STR_FMT
			"`, by which other accounts read `" MO_STR_FMT "`, would have a name of %zu characters, and IAM takes %d", MO_STR_ARG(name),
			MO_STR_ARG(f->producer->stack->name), name.len, LONGEST_ROLE_NAME);
		mo_diag_label(d, f->producer->template->span, "the stack that is read");
		mo_diag_help(d, "give the stack or its keys a shorter name");
		f->producer->role_reported = true;
	}
	return mo_str_printf(ev->arena, "arn:" MO_STR_FMT ":iam::" MO_STR_FMT ":role/" MO_STR_FMT, MO_STR_ARG(a->partition), MO_STR_ARG(a->id),
		MO_STR_ARG(name));
}

// ---- its template ----------------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
text(struct mo_eval *ev, struct mo_span span, const char *s)
{
	return mo_ir_string(ev->arena, span, mo_str_c(s));
}

static const struct mo_ir_value *
is_at(struct mo_eval *ev, struct mo_span span, const char *pseudo, struct mo_str what)
{
	const struct mo_ir_value *args[2] = { mo_ir_pseudo(ev->arena, span, mo_str_c(pseudo)), mo_ir_string(ev->arena, span, what) };
	return mo_ir_call_list(ev->arena, span, MO_STR("Fn::Equals"), args, 2);
}

static const struct mo_ir_value *
is_at_target(struct mo_eval *ev, const struct mo_variant *v, const struct mo_target *t)
{
	struct mo_span span = v->template->span;
	const struct mo_ir_value *both[2] = { is_at(ev, span, "AWS::AccountId", t->account->ir.id), is_at(ev, span, "AWS::Region", t->region) };
	return mo_in_several_regions(ev, v->stack) ? mo_ir_call_list(ev->arena, span, MO_STR("Fn::And"), both, 2) : both[0];
}

// Where the reader named by `principal` (all of them when empty) reads: a condition, NULL when that is everywhere.
static struct mo_ir_condition *
where_read(struct mo_eval *ev, struct mo_variant *v, struct mo_str principal)
{
	struct mo_map seen = { 0 };
	uint32_t places = 0;
	const struct mo_ir_value *any = NULL;
	if (v->deployments.len == 1) {
		return NULL;
	}
	for (uint32_t i = 0; i < v->readers.len; i++) {
		const struct mo_outside_reader *r = &v->readers.items[i];
		if ((principal.len && !mo_str_eq(r->principal, principal)) || mo_map_get(&seen, r->of.hash)) {
			continue;
		}
		mo_map_put(ev->arena, &seen, r->of.hash, v);
		const struct mo_ir_value *either[2] = { any, is_at_target(ev, v, &r->of) };
		any = any ? mo_ir_call_list(ev->arena, v->template->span, MO_STR("Fn::Or"), either, 2) : either[1];
		places++;
	}
	if (places == v->deployments.len) {
		return NULL;
	}
	return mo_finish_condition_in(ev, v, mo_condition_new(ev, v->template->span, MO_STR("IsReadFromOutside"), false, any));
}

static const struct mo_ir_value *
principals(struct mo_eval *ev, struct mo_variant *v, const struct mo_ir_condition *role)
{
	struct mo_span span = v->template->span;
	struct mo_ir_value *list = mo_ir_list(ev->arena, span);
	struct mo_map seen = { 0 };
	for (uint32_t i = 0; i < v->readers.len; i++) {
		struct mo_str principal = v->readers.items[i].principal;
		if (mo_map_get(&seen, mo_str_hash(principal))) {
			continue;
		}
		mo_map_put(ev->arena, &seen, mo_str_hash(principal), v);
		struct mo_ir_condition *c = where_read(ev, v, principal);
		const struct mo_ir_value *arn = mo_ir_string(ev->arena, span, principal);
		bool always = !c || c == role;
		mo_push(ev->arena, &list->items, always ? arn : mo_ir_if(ev->arena, span, c, arn, mo_ir_pseudo(ev->arena, span, MO_STR("AWS::NoValue"))));
	}
	return list->items.len == 1 ? list->items.items[0] : list;
}

// ---- many readers ----------------------------------------------------------------------------------------------------------------

// The roles like this one: with any account, and what stands behind the account in its name.
static struct mo_str
role_pattern(struct mo_eval *ev, const struct mo_outside_reader *r)
{
	ptrdiff_t first = mo_str_find(r->principal, r->account, 0), start = first < 0 ? 0 : first;
	struct mo_str rest = mo_str_sub(r->principal, (size_t)start + r->account.len, r->principal.len);
	ptrdiff_t again = mo_str_find(rest, r->account, 0);
	return mo_str_printf(ev->arena, MO_STR_FMT "*" MO_STR_FMT "%s", MO_STR_ARG(mo_str_sub(r->principal, 0, (size_t)start)),
		MO_STR_ARG(again < 0 ? rest : mo_str_sub(rest, 0, (size_t)again)), again < 0 ? "" : "*");
}

static void
add_once(struct mo_eval *ev, struct mo_map *seen, struct mo_ir_value *list, struct mo_str s)
{
	if (!mo_map_get(seen, mo_str_hash(s))) {
		mo_map_put(ev->arena, seen, mo_str_hash(s), list);
		mo_push(ev->arena, &list->items, mo_ir_string(ev->arena, list->span, s));
	}
}

// A trust policy holds few ARNs of roles. Many readers are named by their accounts, with a condition on what their roles are called.
// False when that would let anybody in who does not read.
static bool
by_account(struct mo_eval *ev, struct mo_variant *v, struct mo_ir_value *accounts, struct mo_ir_value *patterns)
{
	struct mo_map seen = { 0 };
	for (uint32_t i = 0; i < v->readers.len; i++) {
		const struct mo_outside_reader *r = &v->readers.items[i];
		if (mo_str_ends(r->principal, MO_STR(":root")) || v->deployments.len > 1) {
			return false;
		}
		add_once(ev, &seen, accounts, r->account);
		add_once(ev, &seen, patterns, role_pattern(ev, r));
	}
	return v->readers.len > MOST_ROLES;
}

// Who may take the role on; `condition` is set when there is one.
static const struct mo_ir_value *
who_reads(struct mo_eval *ev, struct mo_variant *v, const struct mo_ir_condition *role, const struct mo_ir_value **condition)
{
	struct mo_span span = v->template->span;
	struct mo_ir_value *accounts = mo_ir_list(ev->arena, span), *patterns = mo_ir_list(ev->arena, span);
	if (!by_account(ev, v, accounts, patterns)) {
		return principals(ev, v, role);
	}
	struct mo_ir_value *like = mo_ir_object(ev->arena, span), *whole = mo_ir_object(ev->arena, span);
	mo_ir_set(ev->arena, like, MO_STR("aws:PrincipalArn"), span, patterns);
	mo_ir_set(ev->arena, whole, MO_STR("ArnLike"), span, like);
	*condition = whole;
	if (!ev->evaluator->organization.len) {
		return accounts;
	}
	struct mo_ir_value *equals = mo_ir_object(ev->arena, span);
	mo_ir_set(ev->arena, equals, MO_STR("aws:PrincipalOrgID"), span, mo_ir_string(ev->arena, span, ev->evaluator->organization));
	mo_ir_set(ev->arena, whole, MO_STR("StringEquals"), span, equals);
	return accounts->items.len > MOST_ACCOUNTS ? text(ev, span, "*") : accounts;
}

// ---- the role --------------------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
document(struct mo_eval *ev, struct mo_span span, const struct mo_ir_value *principal, const char *action, const struct mo_ir_value *on,
	const struct mo_ir_value *condition)
{
	struct mo_ir_value *statement = mo_ir_object(ev->arena, span), *who = mo_ir_object(ev->arena, span);
	mo_ir_set(ev->arena, statement, MO_STR("Effect"), span, text(ev, span, "Allow"));
	if (principal) {
		mo_ir_set(ev->arena, who, MO_STR("AWS"), span, principal);
		mo_ir_set(ev->arena, statement, MO_STR("Principal"), span, who);
	}
	mo_ir_set(ev->arena, statement, MO_STR("Action"), span, text(ev, span, action));
	if (on) {
		mo_ir_set(ev->arena, statement, MO_STR("Resource"), span, on);
	}
	if (condition) {
		mo_ir_set(ev->arena, statement, MO_STR("Condition"), span, condition);
	}
	struct mo_ir_value *list = mo_ir_list(ev->arena, span), *whole = mo_ir_object(ev->arena, span);
	mo_push(ev->arena, &list->items, statement);
	mo_ir_set(ev->arena, whole, MO_STR("Version"), span, text(ev, span, "2012-10-17"));
	mo_ir_set(ev->arena, whole, MO_STR("Statement"), span, list);
	return whole;
}

// A text with pseudo parameters: every second part is the name of one.
static const struct mo_ir_value *
pattern(struct mo_eval *ev, struct mo_span span, const char *const *parts, uint32_t count)
{
	struct mo_ir_value *sub = mo_ir_sub(ev->arena, span);
	for (uint32_t i = 0; i < count; i++) {
		struct mo_str part = mo_str_c(parts[i]);
		mo_push(ev->arena, &sub->items, i % 2 ? mo_ir_pseudo(ev->arena, span, part) : mo_ir_string(ev->arena, span, part));
	}
	return sub;
}

static const struct mo_ir_value *
role_name(struct mo_eval *ev, const struct mo_variant *v)
{
	struct mo_span span = v->template->span;
	struct mo_str start = role_name_start(ev, v->stack);
	if (!mo_in_several_regions(ev, v->stack)) {
		return mo_ir_string(ev->arena, span, start);
	}
	const char *const parts[] = { mo_str_printf(ev->arena, MO_STR_FMT "-", MO_STR_ARG(start)).p, "AWS::Region" };
	return pattern(ev, span, parts, 2);
}

static const struct mo_ir_value *
inline_policy(struct mo_eval *ev, struct mo_span span)
{
	static const char *const own_stack[] = { "arn:", "AWS::Partition", ":cloudformation:", "AWS::Region", ":", "AWS::AccountId", ":stack/",
		"AWS::StackName", "/*" };
	struct mo_ir_value *list = mo_ir_list(ev->arena, span), *policy = mo_ir_object(ev->arena, span);
	const struct mo_ir_value *on = pattern(ev, span, own_stack, sizeof(own_stack) / sizeof(own_stack[0]));
	mo_ir_set(ev->arena, policy, MO_STR("PolicyName"), span, text(ev, span, "read-outputs"));
	mo_ir_set(ev->arena, policy, MO_STR("PolicyDocument"), span, document(ev, span, NULL, "cloudformation:DescribeStacks", on, NULL));
	mo_push(ev->arena, &list->items, policy);
	return list;
}

static void
add_role(struct mo_eval *ev, struct mo_variant *v)
{
	struct mo_span span = v->template->span;
	struct mo_ir_origin origin = { .span = span, .definition = span, .path = MO_STR("the role of other accounts") };
	struct mo_resource *role = new_resource(ev, v, "AWS::IAM::Role", origin);
	role->ir.id = MO_STR("PublishedReader");
	role->published = text(ev, span, "");
	role->ir.condition = where_read(ev, v, (struct mo_str){ 0 });
	set_text(ev, role->ir.properties, "Description", MO_STR("Lets other accounts read the outputs of this stack"));
	mo_ir_set(ev->arena, role->ir.properties, MO_STR("RoleName"), span, role_name(ev, v));
	const struct mo_ir_value *condition = NULL, *who = who_reads(ev, v, role->ir.condition, &condition);
	mo_ir_set(ev->arena, role->ir.properties, MO_STR("AssumeRolePolicyDocument"), span, document(ev, span, who, "sts:AssumeRole", NULL, condition));
	mo_ir_set(ev->arena, role->ir.properties, MO_STR("Policies"), span, inline_policy(ev, span));
	add_resource(ev, v, role);
}

void
mo_publish_roles(struct mo_eval *ev)
{
	const struct mo_evaluator *e = ev->evaluator;
	for (uint32_t i = 0; i < e->stacks.len; i++) {
		for (uint32_t k = 0; k < e->stacks.items[i]->variants.len; k++) {
			struct mo_variant *v = e->stacks.items[i]->variants.items[k];
			if (v->readers.len) {
				add_role(ev, v);
			}
		}
	}
}
