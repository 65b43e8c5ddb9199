// SPDX-License-Identifier: Apache-2.0
// compiler/check over platforms built by hand: each check refuses what it should, and takes what it should. Policies have their own file.
#include "platform.h"

#include "catalog/limits.h"
#include "emitters/emitter.h"

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
	ck_assert(mo_checks_run(&ctx, &platform)); // a warning
	ck_assert_uint_eq(ctx.diags->items.len, 1);
	ck_assert_int_eq(ctx.diags->items.items[0]->message, MSG_NO_RESOURCES);
	ck_str(ctx.diags->items.items[0]->text, "`data` has no resources, CloudFormation wants at least one");
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
		mo_push(a, &stack.tags, (struct mo_ir_tag){ numbered("k", i), long_text(256), MO_NOWHERE });
	}
	stack.tags.items[0].key = long_text(128);
	ck_good();
	stack.tags.items[0].key = long_text(129);
	ck_bad(MSG_BAD_TAG, "129");
	stack.tags.items[0].key = MO_STR("aws:team");
	ctx.diags = mo_diags_new(&ctx.session);
	ck_bad(MSG_BAD_TAG, "`aws:team` starts with `aws:`");
	stack.tags.items[0].key = MO_STR("");
	ctx.diags = mo_diags_new(&ctx.session);
	ck_bad(MSG_BAD_TAG, "empty key");
	stack.tags.items[0] = (struct mo_ir_tag){ MO_STR("k"), long_text(257), MO_NOWHERE };
	ctx.diags = mo_diags_new(&ctx.session);
	ck_bad(MSG_BAD_TAG, "257");
	stack.tags.items[0].value = MO_STR("");
	mo_push(a, &stack.tags, (struct mo_ir_tag){ MO_STR("more"), MO_STR("x"), MO_NOWHERE });
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
	set(add_resource(&host, "Bucket", "AWS::S3::Bucket"), "BucketName", text("acme-b"));
	ck_good();
	struct mo_ir_account prod = dev;
	prod.id = MO_STR("444444444444");
	add_stack("data-prod", "acme-data", "us-east-1")->account = &prod;
	ck_str(ck_bad(MSG_DUPLICATE_RESOURCE_NAME, "called `acme-b` in the world")->notes.items[0],
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
	return test_run(suite);
}
