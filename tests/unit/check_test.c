// SPDX-License-Identifier: Apache-2.0
// compiler/check over platforms built by hand: each check refuses what it should, and takes what it should.
#include "test.h"

#include "catalog/limits.h"
#include "check/check.h"
#include "emitters/emitter.h"

#include <stdio.h>

static struct mo_ctx ctx;
static struct mo_arena *a = &ctx.build;
static jmp_buf exhausted;

static struct mo_ir_platform platform;
static struct mo_ir_template host;
static struct mo_ir_account dev;
static struct mo_ir_stack stack;

static struct mo_ir_resource *add_resource(struct mo_ir_template *t, const char *id, const char *type);

static void
open_platform(void)
{
	if (setjmp(exhausted)) {
		ck_abort_msg("out of memory");
	}
	test_ctx_open(&ctx, &exhausted);
	host = (struct mo_ir_template){ .name = MO_STR("data"), .span = { 1, 2 } };
	dev = (struct mo_ir_account){ .name = MO_STR("dev"), .id = MO_STR("222222222222"), .region = MO_STR("eu-west-1"), .bootstrap = true,
		.qualifier = MO_STR("q") };
	stack = (struct mo_ir_stack){ .name = MO_STR("acme-data"), .artifact = MO_STR("data"), .template = &host, .account = &dev,
		.region = MO_STR("eu-west-1"), .span = { 1, 2 } };
	platform = (struct mo_ir_platform){ .name = MO_STR("acme") };
	mo_push(a, &platform.accounts, &dev);
	mo_push(a, &platform.templates, &host);
	mo_push(a, &platform.stacks, &stack);
	add_resource(&host, "First", "AWS::SNS::Topic");
}

static void
close_platform(void)
{
	test_ctx_close(&ctx);
}

// ---- building --------------------------------------------------------------------------------------------------------------------

static struct mo_span
span(uint32_t at)
{
	return (struct mo_span){ at, at + 1 };
}

static const struct mo_ir_value *
text(const char *s)
{
	return mo_ir_string(a, span(50), mo_str_c(s));
}

static struct mo_str
numbered(const char *prefix, uint32_t i)
{
	return mo_str_printf(a, "%s%u", prefix, i);
}

static struct mo_ir_resource *
add_resource(struct mo_ir_template *t, const char *id, const char *type)
{
	struct mo_ir_resource *r = mo_new(a, struct mo_ir_resource);
	*r = (struct mo_ir_resource){ .id = mo_str_c(id), .type = mo_str_c(type), .catalog = mo_cat_find_resource(mo_str_c(type)), .template = t,
		.origin = { span(10 + t->resources.len), span(10 + t->resources.len), mo_str_c(id) },
		.properties = mo_ir_object(a, MO_NOWHERE) };
	mo_push(a, &t->resources, r);
	return r;
}

static struct mo_ir_param *
add_param(struct mo_ir_template *t, struct mo_str id)
{
	struct mo_ir_param *p = mo_new(a, struct mo_ir_param);
	*p = (struct mo_ir_param){ .id = id, .type = MO_STR("String") };
	mo_push(a, &t->params, p);
	return p;
}

static struct mo_ir_output *
add_output(struct mo_ir_template *t, struct mo_str id)
{
	struct mo_ir_output *o = mo_new(a, struct mo_ir_output);
	*o = (struct mo_ir_output){ .id = id, .value = text("x") };
	mo_push(a, &t->outputs, o);
	return o;
}

static struct mo_ir_mapping *
add_mapping(struct mo_ir_template *t, struct mo_str id)
{
	struct mo_ir_mapping *m = mo_new(a, struct mo_ir_mapping);
	struct mo_ir_value *row = mo_ir_object(a, MO_NOWHERE), *table = mo_ir_object(a, MO_NOWHERE);
	mo_ir_set(a, row, MO_STR("ami"), MO_NOWHERE, text("x"));
	mo_ir_set(a, table, MO_STR("eu-west-1"), MO_NOWHERE, row);
	*m = (struct mo_ir_mapping){ .id = id, .table = table };
	mo_push(a, &t->mappings, m);
	return m;
}

static struct mo_ir_condition *
add_condition(struct mo_ir_template *t, const char *id, const struct mo_ir_value *left)
{
	struct mo_ir_condition *c = mo_new(a, struct mo_ir_condition);
	const struct mo_ir_value *args[] = { left, text("x") };
	*c = (struct mo_ir_condition){ .id = mo_str_c(id), .expression = mo_ir_call_list(a, span(30), MO_STR("Fn::Equals"), args, 2) };
	mo_push(a, &t->conditions, c);
	return c;
}

static void
set(struct mo_ir_resource *r, const char *key, const struct mo_ir_value *v)
{
	mo_ir_set(a, r->properties, mo_str_c(key), span(49), v);
}

static struct mo_str
long_text(size_t n)
{
	char *p = mo_new_array(a, char, n + 1);
	memset(p, 'x', n);
	return (struct mo_str){ p, n };
}

// ---- what was found --------------------------------------------------------------------------------------------------------------

static void
ck_good(void)
{
	bool good = mo_checks_run(&ctx, &platform);
	ck_assert_msg(good, "%.*s", MO_STR_ARG(ctx.diags->items.len ? ctx.diags->items.items[0]->text : MO_STR("")));
	ck_assert_uint_eq(ctx.diags->items.len, 0);
}

// Exactly one diagnostic, with these words in it.
static const struct mo_diag *
ck_bad(enum mo_message message, const char *part)
{
	ck_assert(!mo_checks_run(&ctx, &platform));
	const struct mo_diag *d = ctx.diags->items.items[0];
	ck_assert_msg(d->message == message && mo_str_find(d->text, mo_str_c(part), 0) >= 0, "%s: %.*s", mo_message_info(d->message)->code,
		MO_STR_ARG(d->text));
	ck_assert_msg(ctx.diags->items.len == 1, "also %.*s", MO_STR_ARG(mo_last(&ctx.diags->items)->text));
	return d;
}

START_TEST(a_plain_platform_passes)
{
	ck_good();
}
END_TEST

START_TEST(every_check_follows_what_it_names)
{
	for (size_t i = 0; mo_checks[i].name; i++) {
		bool found = !mo_checks[i].after;
		for (size_t k = 0; k < i && !found; k++) {
			found = strcmp(mo_checks[k].name, mo_checks[i].after) == 0;
		}
		ck_assert_msg(found, "%s runs after %s", mo_checks[i].name, mo_checks[i].after);
		ck_assert_uint_gt(strlen(mo_checks[i].about), 0);
	}
}
END_TEST

// ---- counts and sizes: at the limit all is well, one more is refused ----------------------------------------------------------------

static void
fill_resources(uint32_t n)
{
	while (host.resources.len < n) {
		add_resource(&host, numbered("R", host.resources.len).p, "AWS::SNS::Topic");
	}
}

START_TEST(resources_are_counted)
{
	fill_resources(500);
	struct mo_ir_resource *existing = add_resource(&host, "", "AWS::EC2::VPC");
	existing->existing = true;
	ck_good();
	add_resource(&host, "More", "AWS::SNS::Topic");
	ck_str(ck_bad(MSG_TOO_MANY_RESOURCES, "`data` has 501, CloudFormation takes 500 resources in a template")->notes.items[0],
		mo_limits[MO_LIMIT_RESOURCES].source);
}
END_TEST

START_TEST(a_template_needs_a_resource)
{
	host.resources.items[0]->existing = true;
	ck_bad(MSG_NO_RESOURCES, "`data` has no resources");
}
END_TEST

START_TEST(parameters_are_counted)
{
	while (host.params.len < 200) {
		add_param(&host, numbered("P", host.params.len));
	}
	ck_good();
	add_param(&host, MO_STR("More"));
	ck_bad(MSG_TOO_MANY_PARAMETERS, "has 201, CloudFormation takes 200 parameters");
}
END_TEST

START_TEST(outputs_are_counted)
{
	while (host.outputs.len < 200) {
		add_output(&host, numbered("O", host.outputs.len));
	}
	ck_good();
	add_output(&host, MO_STR("More"));
	ck_bad(MSG_TOO_MANY_OUTPUTS, "has 201, CloudFormation takes 200 outputs");
}
END_TEST

START_TEST(mappings_are_counted)
{
	while (host.mappings.len < 200) {
		add_mapping(&host, numbered("M", host.mappings.len));
	}
	ck_good();
	add_mapping(&host, MO_STR("More"));
	ck_bad(MSG_TOO_MANY_MAPPINGS, "has 201, CloudFormation takes 200 mappings");
}
END_TEST

// Both levels have the same limit.
START_TEST(keys_of_mappings_are_counted)
{
	struct mo_ir_value *table = mo_ir_object(a, MO_NOWHERE), *row = mo_ir_object(a, MO_NOWHERE);
	for (uint32_t i = 0; i < 200; i++) {
		mo_ir_set(a, row, numbered("k", i), MO_NOWHERE, text("x"));
		mo_ir_set(a, table, numbered("r", i), MO_NOWHERE, row);
	}
	add_mapping(&host, MO_STR("M"))->table = table;
	ck_good();
	struct mo_ir_value *longer = mo_ir_object(a, MO_NOWHERE);
	for (uint32_t i = 0; i < 201; i++) {
		mo_ir_set(a, longer, numbered("k", i), MO_NOWHERE, text("x"));
	}
	mo_ir_set(a, table, MO_STR("r7"), MO_NOWHERE, longer);
	ck_bad(MSG_TOO_MANY_MAPPING_KEYS, "`r7` has 201, CloudFormation takes 200 keys");
	ctx.diags = mo_diags_new(&ctx.session);
	mo_ir_set(a, table, MO_STR("r7"), MO_NOWHERE, row);
	mo_ir_set(a, table, MO_STR("r200"), MO_NOWHERE, row);
	ck_bad(MSG_TOO_MANY_MAPPING_KEYS, "`M` has 201, CloudFormation takes 200 keys");
}
END_TEST

START_TEST(dynamic_references_are_counted_wherever_they_stand)
{
	struct mo_ir_value *list = mo_ir_list(a, MO_NOWHERE), *sub = mo_ir_sub(a, MO_NOWHERE);
	for (uint32_t i = 0; i < 58; i++) {
		mo_push(a, &list->items, text("{{resolve:ssm:/a}}"));
	}
	mo_push(a, &sub->items, text("{{resolve:ssm:/"));
	mo_push(a, &sub->items, mo_ir_pseudo(a, MO_NOWHERE, MO_STR("AWS::Region")));
	mo_push(a, &sub->items, text("}}"));
	mo_push(a, &list->items, sub);
	set(host.resources.items[0], "X", list);
	struct mo_ir_output *o = add_output(&host, MO_STR("O"));
	o->value = text("{{resolve:ssm:/b}}");
	ck_good();
	o->value = text("{{resolve:ssm:/b}}{{resolve:ssm:/c}}");
	ck_bad(MSG_TOO_MANY_DYNAMIC_REFERENCES, "has 61, CloudFormation takes 60");
}
END_TEST

START_TEST(names_have_a_length)
{
	host.resources.items[0]->id = long_text(255);
	ck_good();
	host.resources.items[0]->id = long_text(256);
	ck_bad(MSG_NAME_TOO_LONG, "has 256, CloudFormation takes 255 characters");
}
END_TEST

START_TEST(names_have_an_alphabet)
{
	add_mapping(&host, MO_STR("M")); // whose first key is `eu-west-1`
	ck_good();
	host.resources.items[0]->id = MO_STR("A_b");
	ck_bad(MSG_BAD_LOGICAL_NAME, "`A_b` is no name for a resource");
	ctx.diags = mo_diags_new(&ctx.session);
	host.resources.items[0]->id = MO_STR("Ab");
	add_output(&host, MO_STR("Größe"));
	ck_bad(MSG_BAD_LOGICAL_NAME, "`Größe` is no name for an output");
}
END_TEST

START_TEST(second_keys_of_mappings_have_an_alphabet)
{
	struct mo_ir_value *row = mo_ir_object(a, MO_NOWHERE), *table = mo_ir_object(a, MO_NOWHERE);
	mo_ir_set(a, row, MO_STR("hvm-64"), MO_NOWHERE, text("x"));
	mo_ir_set(a, table, MO_STR("eu-west-1"), MO_NOWHERE, row);
	add_mapping(&host, MO_STR("M"))->table = table;
	ck_bad(MSG_BAD_LOGICAL_NAME, "`hvm-64` is no name for a second key of a mapping");
}
END_TEST

START_TEST(descriptions_have_a_length)
{
	struct mo_ir_param *p = add_param(&host, MO_STR("P"));
	struct mo_ir_output *o = add_output(&host, MO_STR("O"));
	host.description = o->description = long_text(1024);
	p->description = long_text(4000);
	ck_good();
	struct {
		struct mo_str *where;
		size_t most;
	} rows[] = { { &host.description, 1024 }, { &o->description, 1024 }, { &p->description, 4000 } };
	for (size_t i = 0; i < 3; i++) {
		ctx.diags = mo_diags_new(&ctx.session);
		*rows[i].where = long_text(rows[i].most + 1);
		ck_bad(MSG_DESCRIPTION_TOO_LONG, "description");
		*rows[i].where = long_text(rows[i].most);
	}
}
END_TEST

START_TEST(values_of_parameters_have_a_length)
{
	struct mo_ir_param *p = add_param(&host, MO_STR("P"));
	struct mo_ir_value *allowed = mo_ir_list(a, MO_NOWHERE);
	mo_push(a, &allowed->items, mo_ir_string(a, MO_NOWHERE, long_text(4096)));
	p->default_value = mo_ir_string(a, MO_NOWHERE, long_text(4096));
	p->allowed_values = allowed;
	p->has_max_length = true;
	p->max_length = 4096;
	ck_good();
	p->max_length = 4097;
	ck_bad(MSG_PARAMETER_TOO_LONG, "`P` has 4097, CloudFormation takes 4096 bytes");
	p->max_length = 4096;
	ctx.diags = mo_diags_new(&ctx.session);
	p->default_value = mo_ir_string(a, MO_NOWHERE, long_text(4097));
	ck_bad(MSG_PARAMETER_TOO_LONG, "4097");
	p->default_value = NULL;
	ctx.diags = mo_diags_new(&ctx.session);
	mo_push(a, &allowed->items, mo_ir_string(a, MO_NOWHERE, long_text(5000)));
	ck_bad(MSG_PARAMETER_TOO_LONG, "5000");
}
END_TEST

// ---- stacks ----------------------------------------------------------------------------------------------------------------------

START_TEST(stack_names_have_a_form)
{
	static const char *const bad[] = { "", "1st", "a_b", "-a", "größe" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		ctx.diags = mo_diags_new(&ctx.session);
		stack.name = mo_str_c(bad[i]);
		ck_bad(MSG_BAD_STACK_NAME, "is no name for a stack");
	}
	ctx.diags = mo_diags_new(&ctx.session);
	stack.name = long_text(128);
	ck_good();
	stack.name = long_text(129);
	ck_bad(MSG_NAME_TOO_LONG, "129");
}
END_TEST

START_TEST(stack_tags_have_limits)
{
	for (uint32_t i = 0; i < 50; i++) {
		mo_push(a, &stack.tags, (struct mo_ir_tag){ numbered("k", i), long_text(256) });
	}
	stack.tags.items[0].key = long_text(128);
	ck_good();
	stack.tags.items[0].key = long_text(129);
	ck_bad(MSG_BAD_TAG, "129");
	stack.tags.items[0].key = MO_STR("aws:team");
	ctx.diags = mo_diags_new(&ctx.session);
	ck_bad(MSG_BAD_TAG, "`aws:team` of stack `acme-data` starts with `aws:`");
	stack.tags.items[0].key = MO_STR("");
	ctx.diags = mo_diags_new(&ctx.session);
	ck_bad(MSG_BAD_TAG, "empty key");
	stack.tags.items[0] = (struct mo_ir_tag){ MO_STR("k"), long_text(257) };
	ctx.diags = mo_diags_new(&ctx.session);
	ck_bad(MSG_BAD_TAG, "257");
	stack.tags.items[0].value = MO_STR("");
	mo_push(a, &stack.tags, (struct mo_ir_tag){ MO_STR("more"), MO_STR("x") });
	ctx.diags = mo_diags_new(&ctx.session);
	ck_bad(MSG_TOO_MANY_TAGS, "has 51, CloudFormation takes 50 tags");
}
END_TEST

START_TEST(notifications_are_counted)
{
	for (uint32_t i = 0; i < 5; i++) {
		mo_push(a, &stack.notification_arns, MO_STR("arn:aws:sns:eu-west-1:222222222222:t"));
	}
	ck_good();
	mo_push(a, &stack.notification_arns, MO_STR("arn:aws:sns:eu-west-1:222222222222:t"));
	ck_bad(MSG_TOO_MANY_NOTIFICATIONS, "has 6, CloudFormation takes 5");
}
END_TEST

static struct mo_ir_stack *
add_stack(const char *artifact, const char *name, const char *region)
{
	struct mo_ir_stack *s = mo_new(a, struct mo_ir_stack);
	*s = stack;
	s->artifact = mo_str_c(artifact);
	s->name = mo_str_c(name);
	s->region = mo_str_c(region);
	s->span = span(5);
	mo_push(a, &platform.stacks, s);
	return s;
}

START_TEST(stack_names_are_unique_in_an_account_and_region)
{
	add_stack("other-region", "acme-data", "us-east-1");
	struct mo_ir_account prod = dev;
	prod.id = MO_STR("444444444444");
	add_stack("other-account", "acme-data", "eu-west-1")->account = &prod;
	ck_good();
	add_stack("again", "acme-data", "eu-west-1");
	const struct mo_diag *d = ck_bad(MSG_DUPLICATE_STACK_NAME, "two stacks of account `dev` in eu-west-1 are called `acme-data`");
	ck_assert_uint_eq(d->span.start, 5);
	ck_assert_uint_eq(d->labels.items[0].span.start, 1);
}
END_TEST

START_TEST(files_have_names_of_their_own)
{
	add_stack("data", "acme-more", "eu-west-1");
	ck_bad(MSG_DUPLICATE_OUTPUT_NAME, "two parts of the build are called `data`");
	platform.stacks.len--;
	ctx.diags = mo_diags_new(&ctx.session);
	struct mo_ir_template other = { .name = MO_STR("data") };
	add_resource(&other, "R", "AWS::SNS::Topic");
	mo_push(a, &platform.templates, &other);
	ck_bad(MSG_DUPLICATE_OUTPUT_NAME, "are called `data`");
}
END_TEST

// ---- names -----------------------------------------------------------------------------------------------------------------------

START_TEST(logical_ids_are_unique)
{
	add_condition(&host, "First", text("y")); // conditions and outputs have their own names
	add_output(&host, MO_STR("First"));
	ck_good();
	struct mo_ir_resource *r = add_resource(&host, "First", "AWS::SNS::Topic");
	r->origin.path = MO_STR("first.this");
	const struct mo_diag *d = ck_bad(MSG_DUPLICATE_LOGICAL_ID,
		"the resource `First` and the resource `first.this` give the same logical ID `First`");
	ck_assert_uint_eq(d->span.start, 11);
	ck_assert_uint_eq(d->labels.items[0].span.start, 10);
	host.resources.len--;
	ctx.diags = mo_diags_new(&ctx.session);
	add_param(&host, MO_STR("First"));
	ck_bad(MSG_DUPLICATE_LOGICAL_ID, "the parameter `` and the resource `First`");
}
END_TEST

static struct mo_ir_template *
add_template(const char *name)
{
	struct mo_ir_template *t = mo_new(a, struct mo_ir_template);
	*t = (struct mo_ir_template){ .name = mo_str_c(name), .span = span(6) };
	mo_push(a, &platform.templates, t);
	return t;
}

START_TEST(names_of_resources_are_unique_where_they_must_be)
{
	set(host.resources.items[0], "TopicName", text("alerts"));
	struct mo_ir_template *t = add_template("more");
	struct mo_ir_resource *r = add_resource(t, "Other", "AWS::SNS::Topic");
	set(r, "TopicName", mo_ir_string(a, span(60), MO_STR("alerts")));
	struct mo_ir_stack *s = add_stack("more", "acme-more", "us-east-1");
	s->template = t;
	ck_good();
	s->region = MO_STR("eu-west-1");
	const struct mo_diag *d = ck_bad(MSG_DUPLICATE_RESOURCE_NAME,
		"two resources of type AWS::SNS::Topic would be called `alerts` in account `dev` and region eu-west-1");
	ck_assert_uint_eq(d->span.start, 60);
	ck_assert_uint_eq(d->labels.items[0].span.start, 50);
}
END_TEST

START_TEST(a_bucket_name_is_unique_in_the_world)
{
	set(add_resource(&host, "Bucket", "AWS::S3::Bucket"), "BucketName", text("b"));
	ck_good();
	struct mo_ir_account prod = dev;
	prod.id = MO_STR("444444444444");
	add_stack("data-prod", "acme-data", "us-east-1")->account = &prod;
	ck_str(ck_bad(MSG_DUPLICATE_RESOURCE_NAME, "called `b` in the world")->notes.items[0],
		"it is deployed by the stacks `data` and `data-prod`");
}
END_TEST

START_TEST(a_role_name_is_unique_in_its_account)
{
	set(add_resource(&host, "Role", "AWS::IAM::Role"), "RoleName", text("r"));
	add_stack("data-us", "acme-data", "us-east-1");
	ck_bad(MSG_DUPLICATE_RESOURCE_NAME, "called `r` in account `dev`");
}
END_TEST

// Two resources under different conditions may stand for one another.
START_TEST(names_under_conditions_may_meet)
{
	struct mo_ir_resource *x = add_resource(&host, "X", "AWS::SNS::Topic"), *y = add_resource(&host, "Y", "AWS::SNS::Topic");
	set(x, "TopicName", text("t"));
	set(y, "TopicName", text("t"));
	x->condition = add_condition(&host, "A", text("y"));
	y->condition = add_condition(&host, "B", text("y"));
	ck_good();
	y->condition = x->condition;
	ck_bad(MSG_DUPLICATE_RESOURCE_NAME, "called `t`");
}
END_TEST

START_TEST(a_template_for_others_is_checked_by_itself)
{
	struct mo_ir_template *t = add_template("product");
	set(add_resource(t, "X", "AWS::SNS::Topic"), "TopicName", text("t"));
	ck_good();
	set(add_resource(t, "Y", "AWS::SNS::Topic"), "TopicName", text("t"));
	ck_bad(MSG_DUPLICATE_RESOURCE_NAME, "in an account and region");
}
END_TEST

// ---- references ------------------------------------------------------------------------------------------------------------------

START_TEST(references_stay_in_the_template)
{
	struct mo_ir_template *t = add_template("more");
	struct mo_ir_resource *foreign = add_resource(t, "Foreign", "AWS::SNS::Topic");
	struct mo_ir_param *param = add_param(t, MO_STR("P"));
	struct mo_ir_condition *condition = add_condition(t, "C", text("y"));
	ck_good();
	struct mo_ir_resource *r = host.resources.items[0];
	const struct mo_ir_value *values[] = { mo_ir_ref(a, span(70), foreign), mo_ir_attribute(a, span(70), foreign, MO_STR("TopicArn")),
		mo_ir_param_ref(a, span(70), param), mo_ir_if(a, span(70), condition, text("x"), text("y")) };
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		ctx.diags = mo_diags_new(&ctx.session);
		set(r, "DisplayName", values[i]);
		ck_assert_uint_eq(ck_bad(MSG_REFERENCE_OUTSIDE_TEMPLATE, "which is not in it")->span.start, 70);
	}
	set(r, "DisplayName", text("x"));
	ctx.diags = mo_diags_new(&ctx.session);
	mo_push(a, &r->depends_on, foreign);
	ck_bad(MSG_REFERENCE_OUTSIDE_TEMPLATE, "resource `Foreign`");
}
END_TEST

START_TEST(existing_resources_are_no_part_of_the_template)
{
	struct mo_ir_resource *vpc = add_resource(&host, "", "AWS::EC2::VPC");
	vpc->existing = true;
	vpc->origin.path = MO_STR("corp");
	mo_push(a, &host.resources.items[0]->depends_on, vpc); // which is not written
	ck_good();
	add_output(&host, MO_STR("O"))->value = mo_ir_ref(a, MO_NOWHERE, vpc);
	ck_bad(MSG_REFERENCE_OUTSIDE_TEMPLATE, "existing resource `corp`");
}
END_TEST

START_TEST(conditions_do_not_depend_on_resources)
{
	struct mo_ir_param *p = add_param(&host, MO_STR("P"));
	add_condition(&host, "Good", mo_ir_param_ref(a, MO_NOWHERE, p));
	ck_good();
	add_condition(&host, "Bad", mo_ir_attribute(a, span(80), host.resources.items[0], MO_STR("TopicName")));
	ck_assert_uint_eq(ck_bad(MSG_MISPLACED_REFERENCE, "a resource cannot stand in a condition")->span.start, 80);
	host.conditions.len--;
	ctx.diags = mo_diags_new(&ctx.session);
	add_condition(&host, "Bad", mo_ir_call(a, span(80), MO_STR("Fn::GetStackOutput"), text("x")));
	ck_bad(MSG_MISPLACED_REFERENCE, "a value of another stack cannot stand in a condition");
}
END_TEST

START_TEST(export_names_do_not_depend_on_resources)
{
	struct mo_ir_output *o = add_output(&host, MO_STR("O"));
	o->export_name = mo_ir_pseudo(a, MO_NOWHERE, MO_STR("AWS::StackName"));
	ck_good();
	o->export_name = mo_ir_ref(a, MO_NOWHERE, host.resources.items[0]);
	ck_bad(MSG_MISPLACED_REFERENCE, "a resource cannot stand in the name of an export");
	ctx.diags = mo_diags_new(&ctx.session);
	o->export_name = mo_ir_call(a, MO_NOWHERE, MO_STR("Fn::ImportValue"), text("x"));
	ck_bad(MSG_MISPLACED_REFERENCE, "a value of another stack");
}
END_TEST

START_TEST(mappings_and_defaults_are_literal)
{
	struct mo_ir_value *row = mo_ir_object(a, MO_NOWHERE), *table = mo_ir_object(a, MO_NOWHERE);
	mo_ir_set(a, row, MO_STR("k"), MO_NOWHERE, mo_ir_pseudo(a, span(81), MO_STR("AWS::Region")));
	mo_ir_set(a, table, MO_STR("r"), MO_NOWHERE, row);
	add_mapping(&host, MO_STR("M"))->table = table;
	ck_bad(MSG_MISPLACED_REFERENCE, "a value known only at deploy time cannot stand in a mapping");
	host.mappings.len = 0;
	ctx.diags = mo_diags_new(&ctx.session);
	add_param(&host, MO_STR("P"))->default_value = mo_ir_pseudo(a, span(81), MO_STR("AWS::Region"));
	ck_bad(MSG_MISPLACED_REFERENCE, "a parameter's default");
}
END_TEST

START_TEST(a_condition_is_no_value)
{
	struct mo_ir_condition *c = add_condition(&host, "C", text("y"));
	set(host.resources.items[0], "DisplayName", mo_ir_if(a, MO_NOWHERE, c, text("x"), text("y")));
	ck_good();
	set(host.resources.items[0], "DisplayName", mo_ir_condition_ref(a, MO_NOWHERE, c));
	ck_bad(MSG_MISPLACED_REFERENCE, "a condition cannot stand in a property");
}
END_TEST

// ---- circles ---------------------------------------------------------------------------------------------------------------------

START_TEST(circles_are_shown_hop_by_hop)
{
	struct mo_ir_resource *b = add_resource(&host, "B", "AWS::SNS::Topic"), *c = add_resource(&host, "C", "AWS::SNS::Topic");
	struct mo_ir_value *sub = mo_ir_sub(a, MO_NOWHERE);
	mo_push(a, &sub->items, text("to "));
	mo_push(a, &sub->items, mo_ir_attribute(a, span(91), b, MO_STR("TopicName")));
	set(host.resources.items[0], "DisplayName", sub);
	set(b, "DisplayName", mo_ir_ref(a, span(92), c));
	ck_good();
	mo_push(a, &c->depends_on, host.resources.items[0]);
	const struct mo_diag *d = ck_bad(MSG_CIRCULAR_DEPENDENCY, "in a circle: `First` → `B` → `C` → `First`");
	ck_assert_uint_eq(d->span.start, 91);
	ck_assert_uint_eq(d->labels.len, 2);
	ck_assert_uint_eq(d->labels.items[0].span.start, 92);
	ck_str(d->labels.items[1].text, "`C` depends on `First`");
	ck_str(d->help, "take the `@depends_on` away from `C`");
}
END_TEST

START_TEST(a_resource_does_not_wait_for_itself)
{
	set(host.resources.items[0], "DisplayName", mo_ir_ref(a, span(91), host.resources.items[0]));
	ck_bad(MSG_CIRCULAR_DEPENDENCY, "`First` → `First`");
}
END_TEST

START_TEST(circles_that_share_a_resource_are_one_mistake)
{
	struct mo_ir_resource *first = host.resources.items[0];
	for (uint32_t i = 0; i < 5; i++) {
		struct mo_ir_resource *r = add_resource(&host, numbered("R", i).p, "AWS::SNS::Topic");
		mo_push(a, &r->depends_on, first);
		mo_push(a, &first->depends_on, r);
	}
	ck_bad(MSG_CIRCULAR_DEPENDENCY, "`First` → `R0` → `First`");
}
END_TEST

// The search must not recurse: this chain is far longer than a stack is deep. The count of resources is the only other finding.
START_TEST(long_chains_are_no_problem)
{
	for (uint32_t i = 0; i < 100000; i++) {
		struct mo_ir_resource *r = add_resource(&host, numbered("R", i).p, "AWS::SNS::Topic");
		mo_push(a, &host.resources.items[i]->depends_on, r);
	}
	ck_bad(MSG_TOO_MANY_RESOURCES, "has 100001");
}
END_TEST

// ---- policies --------------------------------------------------------------------------------------------------------------------

// One statement of an identity policy; NULL values leave the key out.
static struct mo_ir_value *
statement(const char *action, const char *resource)
{
	struct mo_ir_value *s = mo_ir_object(a, span(40));
	mo_ir_set(a, s, MO_STR("Effect"), span(41), text("Allow"));
	if (action) {
		mo_ir_set(a, s, MO_STR("Action"), span(42), text(action));
	}
	if (resource) {
		mo_ir_set(a, s, MO_STR("Resource"), span(43), text(resource));
	}
	return s;
}

static const struct mo_ir_value *
document(const struct mo_ir_value *s)
{
	struct mo_ir_value *d = mo_ir_object(a, span(44)), *list = mo_ir_list(a, MO_NOWHERE);
	mo_push(a, &list->items, s);
	mo_ir_set(a, d, MO_STR("Version"), span(45), text("2012-10-17"));
	mo_ir_set(a, d, MO_STR("Statement"), span(46), list);
	return d;
}

static void
use(const char *type, const char *property, const struct mo_ir_value *d)
{
	host.resources.len = 1;
	ctx.diags = mo_diags_new(&ctx.session);
	set(add_resource(&host, "Policy", type), property, d);
}

static void
use_identity(const struct mo_ir_value *s)
{
	use("AWS::IAM::ManagedPolicy", "PolicyDocument", document(s));
}

START_TEST(actions_exist)
{
	static const char *const good[] = { "s3:GetObject", "S3:getobject", "s3:Get*", "s3:*", "*", "s3:Get?bject" };
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		use_identity(statement(good[i], "*"));
		ck_good();
	}
	use_identity(statement("s3:GetObjct", "*"));
	ck_str(ck_bad(MSG_UNKNOWN_IAM_ACTION, "s3 has no action `GetObjct`")->help, "did you mean `s3:GetObject`?");
	use_identity(statement("s3:Zap*", "*"));
	ck_bad(MSG_UNKNOWN_IAM_ACTION, "no action of s3 matches `Zap*`");
	use_identity(statement("sagemakr:CreateApp", "*"));
	ck_str(ck_bad(MSG_UNKNOWN_IAM_SERVICE, "IAM knows no service `sagemakr`")->help, "did you mean `sagemaker:…`?");
	use_identity(statement("GetObject", "*"));
	ck_bad(MSG_BAD_POLICY_VALUE, "the action `GetObject` names no service");
}
END_TEST

START_TEST(actions_are_found_in_lists_and_choices)
{
	struct mo_ir_condition *c = add_condition(&host, "C", text("y"));
	struct mo_ir_value *s = statement(NULL, "*"), *list = mo_ir_list(a, MO_NOWHERE);
	mo_push(a, &list->items, text("s3:GetObject"));
	mo_push(a, &list->items, mo_ir_if(a, MO_NOWHERE, c, text("s3:Nonsense"), mo_ir_pseudo(a, MO_NOWHERE, MO_STR("AWS::NoValue"))));
	mo_ir_set(a, s, MO_STR("Action"), MO_NOWHERE, list);
	use_identity(mo_ir_if(a, MO_NOWHERE, c, s, mo_ir_pseudo(a, MO_NOWHERE, MO_STR("AWS::NoValue"))));
	ck_bad(MSG_UNKNOWN_IAM_ACTION, "`Nonsense`");
}
END_TEST

START_TEST(statements_have_known_keys)
{
	struct mo_ir_value *s = statement("s3:GetObject", "*");
	mo_ir_set(a, s, MO_STR("Conditions"), span(47), mo_ir_object(a, MO_NOWHERE));
	use_identity(s);
	const struct mo_diag *d = ck_bad(MSG_UNKNOWN_POLICY_KEY, "a statement has no key `Conditions`");
	ck_assert_uint_eq(d->span.start, 47);
	ck_str(d->fixes.items[0].replacement, "Condition");
}
END_TEST

START_TEST(statements_are_complete)
{
	use_identity(statement(NULL, "*"));
	ck_bad(MSG_MISSING_POLICY_KEY, "this statement of an identity policy has no `Action`");
	use_identity(statement("s3:GetObject", NULL));
	ck_bad(MSG_MISSING_POLICY_KEY, "has no `Resource`");
	struct mo_ir_value *s = mo_ir_object(a, span(40));
	mo_ir_set(a, s, MO_STR("Action"), MO_NOWHERE, text("s3:GetObject"));
	mo_ir_set(a, s, MO_STR("NotResource"), MO_NOWHERE, text("*"));
	use_identity(s);
	ck_bad(MSG_MISSING_POLICY_KEY, "has no `Effect`");
	use("AWS::IAM::ManagedPolicy", "PolicyDocument", mo_ir_object(a, span(44)));
	ck_bad(MSG_MISSING_POLICY_KEY, "has no `Statement`");
}
END_TEST

START_TEST(a_key_excludes_its_negation)
{
	struct mo_ir_value *s = statement("s3:GetObject", "*");
	mo_ir_set(a, s, MO_STR("NotAction"), MO_NOWHERE, text("s3:PutObject"));
	use_identity(s);
	ck_bad(MSG_CONFLICTING_POLICY_KEYS, "either `Action` or `NotAction`");
}
END_TEST

START_TEST(values_of_policies_are_right)
{
	struct mo_ir_value *s = statement("s3:GetObject", "*");
	mo_ir_set(a, s, MO_STR("Effect"), MO_NOWHERE, text("allow"));
	use_identity(s);
	ck_str(ck_bad(MSG_BAD_POLICY_VALUE, "`Effect` is `allow`, IAM takes \"Allow\" or \"Deny\"")->help, "did you mean \"Allow\"?");
	s = statement("s3:GetObject", "*");
	mo_ir_set(a, s, MO_STR("Sid"), MO_NOWHERE, text("read it"));
	use_identity(s);
	ck_bad(MSG_BAD_POLICY_VALUE, "`Sid` is `read it`");
	struct mo_ir_value *d = mo_ir_object(a, span(44));
	mo_ir_set(a, d, MO_STR("Version"), MO_NOWHERE, text("2012-10-18"));
	mo_ir_set(a, d, MO_STR("Statement"), MO_NOWHERE, statement("s3:GetObject", "*"));
	use("AWS::IAM::ManagedPolicy", "PolicyDocument", d);
	ck_bad(MSG_BAD_POLICY_VALUE, "`Version` is `2012-10-18`");
}
END_TEST

START_TEST(resources_of_policies_are_arns)
{
	use_identity(statement("s3:GetObject", "arn:aws:s3:::b/*"));
	ck_good();
	use_identity(statement("s3:GetObject", "b/*"));
	ck_bad(MSG_BAD_POLICY_RESOURCE, "`b/*` is no ARN");
}
END_TEST

static struct mo_ir_value *
trust(const struct mo_ir_value *principal)
{
	struct mo_ir_value *s = statement("sts:AssumeRole", NULL);
	if (principal) {
		mo_ir_set(a, s, MO_STR("Principal"), span(48), principal);
	}
	return s;
}

static struct mo_ir_value *
service(const char *key)
{
	struct mo_ir_value *o = mo_ir_object(a, span(51));
	mo_ir_set(a, o, mo_str_c(key), span(52), text("lambda.amazonaws.com"));
	return o;
}

START_TEST(trust_policies_have_a_principal_and_no_resource)
{
	use("AWS::IAM::Role", "AssumeRolePolicyDocument", document(trust(service("Service"))));
	ck_good();
	use("AWS::IAM::Role", "AssumeRolePolicyDocument", document(trust(NULL)));
	ck_bad(MSG_MISSING_POLICY_KEY, "this statement of a trust policy has no `Principal`");
	struct mo_ir_value *s = trust(text("*"));
	mo_ir_set(a, s, MO_STR("Resource"), span(43), text("*"));
	use("AWS::IAM::Role", "AssumeRolePolicyDocument", document(s));
	ck_bad(MSG_FORBIDDEN_POLICY_KEY, "a statement of a trust policy takes no `Resource`");
	use("AWS::IAM::Role", "AssumeRolePolicyDocument", document(trust(service("Servce"))));
	ck_bad(MSG_UNKNOWN_POLICY_KEY, "a principal has no key `Servce`");
	use("AWS::IAM::Role", "AssumeRolePolicyDocument", document(trust(text("lambda.amazonaws.com"))));
	ck_bad(MSG_BAD_PRINCIPAL, "a principal is \"*\"");
}
END_TEST

START_TEST(policies_of_resources_have_a_principal)
{
	use("AWS::SQS::QueuePolicy", "PolicyDocument", document(statement("sqs:SendMessage", "*")));
	ck_bad(MSG_MISSING_POLICY_KEY, "this statement of a queue's policy has no `Principal`");
	struct mo_ir_value *s = statement("s3:GetObject", "*");
	mo_ir_set(a, s, MO_STR("Principal"), span(48), text("*"));
	use_identity(s);
	ck_bad(MSG_FORBIDDEN_POLICY_KEY, "a statement of an identity policy takes no `Principal`");
	mo_ir_set(a, s, MO_STR("Sid"), MO_NOWHERE, text("may have blanks"));
	use("AWS::S3::BucketPolicy", "PolicyDocument", document(s));
	ck_good();
}
END_TEST

START_TEST(inline_policies_are_found)
{
	struct mo_ir_value *list = mo_ir_list(a, MO_NOWHERE), *policy = mo_ir_object(a, MO_NOWHERE);
	mo_ir_set(a, policy, MO_STR("PolicyName"), MO_NOWHERE, text("p"));
	mo_ir_set(a, policy, MO_STR("PolicyDocument"), MO_NOWHERE, document(statement("s3:Nope", "*")));
	mo_push(a, &list->items, policy);
	use("AWS::IAM::Role", "Policies", list);
	ck_bad(MSG_UNKNOWN_IAM_ACTION, "`Nope`");
}
END_TEST

static void
use_condition(const char *operator, const char *key)
{
	struct mo_ir_value *s = statement("s3:GetObject", "*"), *condition = mo_ir_object(a, MO_NOWHERE), *keys = mo_ir_object(a, MO_NOWHERE);
	mo_ir_set(a, keys, mo_str_c(key), span(53), text("x"));
	mo_ir_set(a, condition, mo_str_c(operator), span(54), keys);
	mo_ir_set(a, s, MO_STR("Condition"), MO_NOWHERE, condition);
	use_identity(s);
}

START_TEST(conditions_have_known_operators)
{
	static const char *const good[] = { "StringEquals", "StringLikeIfExists", "ForAllValues:StringEquals", "ForAnyValue:ArnLike", "Null" };
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		use_condition(good[i], "aws:SourceArn");
		ck_good();
	}
	use_condition("StringEqual", "aws:SourceArn");
	const struct mo_diag *d = ck_bad(MSG_UNKNOWN_CONDITION_OPERATOR, "no condition operator `StringEqual`");
	ck_assert_uint_eq(d->span.start, 54);
	ck_str(d->fixes.items[0].replacement, "StringEquals");
}
END_TEST

START_TEST(conditions_have_known_keys)
{
	static const char *const good[] = { "aws:SourceArn", "aws:ResourceTag/team", "s3:prefix", "token.actions.githubusercontent.com:sub",
		"oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub", "AWS:sourcearn" };
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		use_condition("StringEquals", good[i]);
		ck_good();
	}
	use_condition("StringEquals", "aws:SourceAn");
	ck_str(ck_bad(MSG_UNKNOWN_CONDITION_KEY, "no condition key `aws:SourceAn`")->help, "did you mean `aws:SourceArn`?");
	use_condition("StringEquals", "s3:prefiks");
	ck_str(ck_bad(MSG_UNKNOWN_CONDITION_KEY, "`s3:prefiks`")->help, "did you mean `s3:prefix`?");
}
END_TEST

START_TEST(what_is_known_only_at_deploy_time_is_left_alone)
{
	struct mo_ir_param *p = add_param(&host, MO_STR("P"));
	struct mo_ir_value *s = mo_ir_object(a, span(40));
	const char *const keys[] = { "Effect", "Action", "Resource" };
	for (size_t i = 0; i < 3; i++) {
		mo_ir_set(a, s, mo_str_c(keys[i]), MO_NOWHERE, mo_ir_param_ref(a, MO_NOWHERE, p));
	}
	use_identity(s);
	ck_good();
	use_identity(mo_ir_param_ref(a, MO_NOWHERE, p));
	ck_good();
}
END_TEST

// ---- rendered size ---------------------------------------------------------------------------------------------------------------

static bool
emit(void)
{
	struct mo_output_set out = { .arena = a };
	ctx.diags = mo_diags_new(&ctx.session);
	return mo_emit(&ctx, &platform, &out);
}

START_TEST(templates_have_a_size)
{
	struct mo_ir_resource *r = add_resource(&host, "Large", "AWS::SNS::Topic");
	set(r, "DisplayName", mo_ir_string(a, MO_NOWHERE, long_text(999000)));
	ck_assert(emit());
	set(r, "DisplayName", mo_ir_string(a, MO_NOWHERE, long_text(1000000)));
	ck_assert(!emit());
	const struct mo_diag *d = ctx.diags->items.items[0];
	ck_assert_int_eq(d->message, MSG_TEMPLATE_TOO_LARGE);
	ck_assert_int_ge(mo_str_find(d->text, MO_STR("CloudFormation takes 1000000 bytes in a template"), 0), 0);
	ck_assert_int_ge(mo_str_find(d->notes.items[0], MO_STR("bytes are `Large`"), 0), 0);
}
END_TEST

START_TEST(without_a_bucket_templates_are_smaller)
{
	set(add_resource(&host, "Large", "AWS::SNS::Topic"), "DisplayName", mo_ir_string(a, MO_NOWHERE, long_text(51200)));
	ck_assert(emit());
	dev.bootstrap = false;
	ck_assert(!emit());
	ck_assert_int_ge(mo_str_find(ctx.diags->items.items[0]->text, MO_STR("takes 51200 bytes"), 0), 0);
}
END_TEST

static void
add_tests(Suite *suite, const char *name, const TTest *const *tests)
{
	TCase *tcase = tcase_create(name);
	tcase_add_checked_fixture(tcase, open_platform, close_platform);
	for (; *tests; tests++) {
		tcase_add_test(tcase, *tests);
	}
	suite_add_tcase(suite, tcase);
}

int
main(void)
{
	Suite *suite = suite_create("check");
	add_tests(suite, "limits", (const TTest *const[]){ a_plain_platform_passes, every_check_follows_what_it_names, resources_are_counted,
		a_template_needs_a_resource, parameters_are_counted, outputs_are_counted, mappings_are_counted, keys_of_mappings_are_counted,
		dynamic_references_are_counted_wherever_they_stand, names_have_a_length, names_have_an_alphabet,
		second_keys_of_mappings_have_an_alphabet, descriptions_have_a_length, values_of_parameters_have_a_length, templates_have_a_size,
		without_a_bucket_templates_are_smaller, NULL });
	add_tests(suite, "stacks", (const TTest *const[]){ stack_names_have_a_form, stack_tags_have_limits, notifications_are_counted,
		stack_names_are_unique_in_an_account_and_region, files_have_names_of_their_own, NULL });
	add_tests(suite, "names", (const TTest *const[]){ logical_ids_are_unique, names_of_resources_are_unique_where_they_must_be,
		a_bucket_name_is_unique_in_the_world, a_role_name_is_unique_in_its_account, names_under_conditions_may_meet,
		a_template_for_others_is_checked_by_itself, NULL });
	add_tests(suite, "references", (const TTest *const[]){ references_stay_in_the_template, existing_resources_are_no_part_of_the_template,
		conditions_do_not_depend_on_resources, export_names_do_not_depend_on_resources, mappings_and_defaults_are_literal,
		a_condition_is_no_value, circles_are_shown_hop_by_hop, a_resource_does_not_wait_for_itself,
		circles_that_share_a_resource_are_one_mistake, long_chains_are_no_problem, NULL });
	add_tests(suite, "policies", (const TTest *const[]){ actions_exist, actions_are_found_in_lists_and_choices, statements_have_known_keys,
		statements_are_complete, a_key_excludes_its_negation, values_of_policies_are_right, resources_of_policies_are_arns,
		trust_policies_have_a_principal_and_no_resource, policies_of_resources_have_a_principal, inline_policies_are_found,
		conditions_have_known_operators, conditions_have_known_keys, what_is_known_only_at_deploy_time_is_left_alone, NULL });
	return test_run(suite);
}
