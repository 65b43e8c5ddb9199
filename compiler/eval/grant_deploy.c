// SPDX-License-Identifier: Apache-2.0
// `allow launch to deploy on t`: the least that CloudFormation must be allowed to do for the resources of a template. Takes the types of its
// resources and what the catalog knows of their handlers, gives actions.
#include "eval/grant.h"

#include <stdlib.h>

// What Service Catalog and CloudFormation call with the role themselves (Service Catalog Administrator Guide, "AWS Service Catalog Launch
// Constraints").
static const char *const of_stacks[] = { "cloudformation:CreateChangeSet", "cloudformation:CreateStack", "cloudformation:DeleteChangeSet",
	"cloudformation:DeleteStack", "cloudformation:DescribeChangeSet", "cloudformation:DescribeStackEvents", "cloudformation:DescribeStacks",
	"cloudformation:ExecuteChangeSet", "cloudformation:GetTemplate", "cloudformation:SetStackPolicy", "cloudformation:UpdateStack" };

// Types whose handlers read files of S3, with the rights of whoever deploys; a template that names its own files reads no others.
static const char *const of_files[] = { "AWS::CodeCommit::Repository", "AWS::Lambda::Function", "AWS::Lambda::LayerVersion" };

enum { DEEPEST = 100 }; // templates nested in templates

struct actions {
	struct mo_eval *ev;
	struct mo_map seen, unknown_types, stacks;
	mo_deployed held; // the template, and those that are nested in it
	mo_homes homes;
	MO_VEC(struct mo_str) all;
	MO_VEC(struct mo_str) unknown; // types of which nobody says what they need
};

static void
add_action(struct actions *a, struct mo_str action)
{
	if (!mo_map_get(&a->seen, mo_str_hash(action))) {
		mo_map_put(a->ev->arena, &a->seen, mo_str_hash(action), a);
		mo_push(a->ev->arena, &a->all, action);
	}
}

// What schemas name and handlers call only for resources that set a property (the pages of the types in the CloudFormation Template
// Reference); without a property: never. CloudFormation deletes a bucket only when it is empty, and touches no objects.
static const struct {
	const char *type, *actions, *property;
} only_with[] = {
	{ "AWS::Lambda::Function", "ec2:*", "VpcConfig" },
	{ "AWS::Lambda::Function", "elasticfilesystem:*", "FileSystemConfigs" },
	{ "AWS::Lambda::Function", "kms:*", "KmsKeyArn" },
	{ "AWS::Lambda::Function", "lambda:GetCodeSigningConfig", "CodeSigningConfigArn" },
	{ "AWS::Lambda::Function", "lambda:GetLayerVersion", "Layers" },
	{ "AWS::Lambda::Function", "lambda:PutFunctionCodeSigningConfig", "CodeSigningConfigArn" },
	{ "AWS::Logs::LogGroup", "firehose:*", "DataProtectionPolicy" },
	{ "AWS::Logs::LogGroup", "logs:CreateLogDelivery", "DataProtectionPolicy" },
	{ "AWS::Logs::LogGroup", "logs:PutIndexPolicy", "FieldIndexPolicies" },
	{ "AWS::Logs::LogGroup", "logs:PutResourcePolicy", "ResourcePolicyDocument" },
	{ "AWS::S3::Bucket", "iam:PassRole", "ReplicationConfiguration" },
	{ "AWS::S3::Bucket", "s3:*Object", NULL },
	{ "AWS::S3::Bucket", "s3:*ObjectAcl", NULL },
	{ "AWS::S3::Bucket", "s3tables:*", "MetadataTableConfiguration" },
	{ "AWS::SNS::Topic", "iam:*", "DeliveryStatusLogging" },
};

// A custom resource is handled by a function or through a topic; which of them shows when it is of this program.
static bool
handles(const struct mo_ir_resource *custom, struct mo_str action)
{
	const struct mo_ir_value *token = mo_ir_get(custom->properties, MO_STR("ServiceToken"));
	bool known = token && (token->kind == MO_IR_ATTRIBUTE || token->kind == MO_IR_RESOURCE);
	struct mo_str handler = known ? token->resource->type : (struct mo_str){ 0 };
	return mo_str_is(handler, "AWS::Lambda::Function") ? !mo_str_is(action, "sns:Publish")
		: mo_str_is(handler, "AWS::SNS::Topic") ? mo_str_is(action, "sns:Publish") : true;
}

static bool
is_called(struct mo_str type, const struct mo_ir_resource *resource, struct mo_str action)
{
	if (resource && (mo_str_starts(type, MO_STR("Custom::")) || mo_str_is(type, "AWS::CloudFormation::CustomResource"))) {
		return handles(resource, action);
	}
	for (size_t i = 0; i < sizeof(only_with) / sizeof(*only_with); i++) {
		if (mo_str_is(type, only_with[i].type) && mo_cat_pattern_matches(mo_str_c(only_with[i].actions), action)) {
			return resource && only_with[i].property && mo_ir_get(resource->properties, mo_str_c(only_with[i].property));
		}
	}
	return true;
}

// `resource` is NULL for what permissions add; `files`: it reads files of S3 that are not the program's.
static void
add_type(struct actions *a, struct mo_str type, const struct mo_ir_resource *resource, bool files)
{
	bool custom = mo_str_starts(type, MO_STR("Custom::"));
	mo_cat catalog = mo_cat_find_resource(custom ? MO_STR("AWS::CloudFormation::CustomResource") : type);
	int32_t count = catalog ? mo_cat_handler_count(catalog) : -1;
	for (int32_t i = 0; i < count; i++) {
		struct mo_str action = mo_cat_handler_at(catalog, (uint32_t)i);
		if (is_called(type, resource, action) && (files || !mo_str_starts(action, MO_STR("s3:")))) {
			add_action(a, action);
		}
	}
	if (count < 0 && !mo_map_get(&a->unknown_types, mo_str_hash(type))) {
		mo_map_put(a->ev->arena, &a->unknown_types, mo_str_hash(type), a);
		mo_push(a->ev->arena, &a->unknown, type);
	}
}

// ---- files -----------------------------------------------------------------------------------------------------------------------

struct file_search {
	struct actions *a;
	struct mo_variant *variant;
	bool others; // files of S3 that are not the program's
};

static void
add_home(struct file_search *s, const struct mo_home *home)
{
	for (uint32_t i = 0; home && i < s->a->homes.len; i++) {
		const struct mo_home *h = s->a->homes.items[i];
		if (h == home || (h->bucket && h->bucket == home->bucket) || (!h->bucket && !home->bucket && mo_ir_equal(h->name, home->name))) {
			return;
		}
	}
	if (home) {
		mo_push(s->a->ev->arena, &s->a->homes, home);
	}
}

static bool
see_file(void *data, const struct mo_ir_value *v)
{
	struct file_search *s = data;
	for (uint32_t i = 0; v->kind == MO_IR_OBJECT && i < v->members.len; i++) {
		const struct mo_ir_member *m = &v->members.items[i];
		bool bucket = mo_str_is(m->key, "S3Bucket") || mo_str_is(m->key, "Bucket");
		s->others = s->others || (bucket && m->value->kind != MO_IR_ASSET);
	}
	if (v->kind == MO_IR_ASSET && !v->asset->files && (v->part == MO_IR_ASSET_BUCKET || v->part == MO_IR_ASSET_KEY)) {
		add_home(s, mo_home_of(s->a->ev, s->variant, v->home ? mo_resource_of(v->home) : NULL, false, v->span));
	}
	return true;
}

static void
add_resource(struct actions *a, struct mo_variant *v, const struct mo_ir_resource *r)
{
	struct file_search s = { .a = a, .variant = v };
	bool reads = true;
	mo_ir_visit_resource(r, see_file, &s);
	for (size_t i = 0; i < sizeof(of_files) / sizeof(*of_files); i++) {
		reads = reads && (s.others || !mo_str_is(r->type, of_files[i]));
	}
	add_type(a, r->type, r, reads);
}

// With what is nested in it: CloudFormation deploys that with the same role.
static void
add_stack(struct actions *a, struct mo_stack *s, uint32_t depth)
{
	if (depth > DEEPEST || mo_map_get(&a->stacks, MO_KEY(s))) {
		return;
	}
	mo_map_put(a->ev->arena, &a->stacks, MO_KEY(s), a);
	for (uint32_t i = 0; i < s->variants.len; i++) {
		const struct mo_ir_template *t = s->variants.items[i]->template;
		mo_push(a->ev->arena, &a->held, t);
		for (uint32_t k = 0; k < t->resources.len; k++) {
			struct mo_resource *r = mo_resource_of(t->resources.items[k]);
			if (r->ir.existing) {
				continue;
			}
			add_resource(a, s->variants.items[i], &r->ir);
			if (r->nested) {
				add_stack(a, r->nested, depth + 1);
			}
		}
	}
}

// The bootstrap's bucket in the account, whichever the region.
static void
add_bootstraps(struct actions *a, const struct mo_grant_object *o, mo_meanings *out)
{
	struct mo_ir_value *arns = mo_ir_list(a->ev->arena, o->span), *action = mo_ir_list(a->ev->arena, o->span);
	for (uint32_t i = 0; i < a->homes.len; i++) {
		const struct mo_home *h = a->homes.items[i];
		struct mo_ir_value *arn = mo_ir_sub(a->ev->arena, o->span);
		if (h->bucket) {
			continue;
		}
		mo_push(a->ev->arena, &arn->items, mo_ir_string(a->ev->arena, o->span, MO_STR("arn:")));
		mo_push(a->ev->arena, &arn->items, mo_ir_pseudo(a->ev->arena, o->span, MO_STR("AWS::Partition")));
		mo_push(a->ev->arena, &arn->items, mo_ir_string(a->ev->arena, o->span, MO_STR(":s3:::")));
		for (uint32_t k = 0; k + 1 < h->name->items.len; k++) {
			mo_push(a->ev->arena, &arn->items, h->name->items.items[k]);
		}
		mo_push(a->ev->arena, &arn->items, mo_ir_string(a->ev->arena, o->span, MO_STR("*/*")));
		mo_push(a->ev->arena, &arns->items, arn);
	}
	if (arns->items.len) {
		mo_push(a->ev->arena, &action->items, mo_ir_string(a->ev->arena, o->span, MO_STR("s3:GetObject")));
		mo_push(a->ev->arena, out, (struct mo_meaning){ .actions = action, .resources = arns });
	}
}

// ---- statements ------------------------------------------------------------------------------------------------------------------

static int
compare(const void *a, const void *b)
{
	return mo_str_cmp(*(const struct mo_str *)a, *(const struct mo_str *)b);
}

static struct mo_ir_value *
text_list(struct mo_eval *ev, struct mo_span span, const struct mo_str *texts, uint32_t count)
{
	struct mo_ir_value *list = mo_ir_list(ev->arena, span);
	for (uint32_t i = 0; i < count; i++) {
		mo_push(ev->arena, &list->items, mo_ir_string(ev->arena, span, texts[i]));
	}
	return list;
}

static void
warn_unknown(const struct actions *a, const struct mo_grant_object *o)
{
	struct mo_buf all = mo_buf_in(a->ev->arena);
	for (uint32_t i = 0; i < a->unknown.len; i++) {
		mo_buf_printf(&all, "%s" MO_STR_FMT, i ? ", " : "", MO_STR_ARG(a->unknown.items[i]));
	}
	struct mo_diag *d = mo_report(a->ev->ctx->diags, MSG_HANDLERS_NOT_KNOWN, o->span, "what CloudFormation needs for resources of some types is not known: "
		MO_STR_FMT, MO_STR_ARG(mo_buf_str(&all)));
	mo_diag_help(d, "allow it besides: `allow … to [\"service:Action\"] on \"*\"`");
}

// The ARN of the stacks of one name, wherever the account has them.
static const struct mo_ir_value *
arn_of_stacks(struct mo_eval *ev, struct mo_span span, struct mo_str name)
{
	struct mo_ir_value *arn = mo_ir_sub(ev->arena, span);
	const struct mo_ir_value *const parts[] = { mo_ir_string(ev->arena, span, MO_STR("arn:")), mo_ir_pseudo(ev->arena, span, MO_STR("AWS::Partition")),
		mo_ir_string(ev->arena, span, MO_STR(":cloudformation:*:")), mo_ir_pseudo(ev->arena, span, MO_STR("AWS::AccountId")),
		mo_ir_string(ev->arena, span, mo_str_printf(ev->arena, ":stack/" MO_STR_FMT, MO_STR_ARG(name))) };
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		mo_push(ev->arena, &arn->items, parts[i]);
	}
	return arn;
}

// Service Catalog names the stacks that it launches SC-ACCOUNT-PRODUCT.
static void
add_stack_actions(struct mo_eval *ev, const struct mo_grant_object *o, mo_meanings *out)
{
	struct mo_meaning m = { .actions = mo_ir_list(ev->arena, o->span), .resources = mo_ir_list(ev->arena, o->span) };
	struct mo_map seen = { 0 };
	for (size_t i = 0; i < sizeof(of_stacks) / sizeof(*of_stacks); i++) {
		mo_push(ev->arena, &m.actions->items, mo_ir_string(ev->arena, o->span, mo_str_c(of_stacks[i])));
	}
	if (o->whole->is_template) {
		mo_push(ev->arena, &m.resources->items, arn_of_stacks(ev, o->span, MO_STR("SC-*")));
	}
	if (o->whole->project) { // SageMaker names those of its projects SP-…
		mo_push(ev->arena, &m.resources->items, arn_of_stacks(ev, o->span, MO_STR("SP-*")));
	}
	for (uint32_t i = 0; !o->whole->is_template && i < o->whole->deployments.len; i++) {
		struct mo_str name = mo_stack_deployed_name(ev, o->whole->deployments.items[i]);
		if (!mo_map_get(&seen, mo_str_hash(name))) {
			mo_map_put(ev->arena, &seen, mo_str_hash(name), ev);
			mo_push(ev->arena, &m.resources->items, arn_of_stacks(ev, o->span, mo_str_printf(ev->arena, MO_STR_FMT "/*", MO_STR_ARG(name))));
		}
	}
	mo_push(ev->arena, out, m);
}

static void
add_everywhere(struct mo_eval *ev, const struct mo_grant_object *o, const struct mo_str *actions, uint32_t count, const char *condition,
	mo_meanings *out)
{
	struct mo_meaning m = { .actions = text_list(ev, o->span, actions, count), .resources = text_list(ev, o->span, &MO_STR("*"), 1), .joined = true };
	if (condition) {
		struct mo_ir_value *inner = mo_ir_object(ev->arena, o->span), *outer = mo_ir_object(ev->arena, o->span);
		mo_ir_set(ev->arena, inner, mo_str_c(condition), o->span, mo_ir_string(ev->arena, o->span, MO_STR("true")));
		mo_ir_set(ev->arena, outer, MO_STR("StringEquals"), o->span, inner);
		m.when = outer;
	}
	mo_push(ev->arena, out, m);
}

void
mo_grant_deployment(struct mo_eval *ev, const struct mo_grant_object *o, const struct mo_str *made, uint32_t count, mo_meanings *out,
	mo_homes *homes)
{
	struct actions a = { .ev = ev };
	const struct mo_str of_account[] = { MO_STR("cloudformation:GetTemplateSummary"), MO_STR("cloudformation:ValidateTemplate") };
	const struct mo_str of_product[] = { MO_STR("s3:GetObject") };
	add_stack(&a, o->whole, 0);
	for (uint32_t i = 0; i < count; i++) {
		add_type(&a, made[i], NULL, true);
	}
	if (!o->whole->is_template) {
		add_type(&a, MO_STR("AWS::SSM::Parameter"), NULL, true); // what other stacks read is published there
	}
	if (a.unknown.len) {
		warn_unknown(&a, o);
	}
	add_stack_actions(ev, o, out);
	add_everywhere(ev, o, of_account, 2, NULL, out);
	if (o->whole->is_template) {
		add_everywhere(ev, o, of_product, 1, "s3:ExistingObjectTag/servicecatalog:provisioning", out);
	}
	if (a.all.len) {
		qsort(a.all.items, a.all.len, sizeof(a.all.items[0]), compare);
		mo_grant_reach(ev, o, &a.held, made, count, a.all.items, a.all.len, out);
	}
	add_bootstraps(&a, o, out);
	*homes = a.homes;
}
