// SPDX-License-Identifier: Apache-2.0
// compiler/check/policy*: IAM policy documents.
#include "platform.h"

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
	static const char *const good[] = { "aws:SourceArn", "aws:ResourceTag/team", "s3:ExistingObjectTag/team", "token.actions.githubusercontent.com:sub",
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

// ---- sizes -----------------------------------------------------------------------------------------------------------------------

// An identity policy whose JSON without blanks has this size.
static const struct mo_ir_value *
document_of(size_t size)
{
	const char *frame = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"arn:\"}]}";
	struct mo_str arn = mo_str_printf(a, "arn:" MO_STR_FMT, MO_STR_ARG(long_text(size - strlen(frame))));
	return document(statement("*", arn.p));
}

static void
attach(const char *id, struct mo_ir_resource *role, size_t size)
{
	struct mo_ir_resource *policy = add_resource(&host, id, "AWS::IAM::Policy");
	struct mo_ir_value *roles = mo_ir_list(a, MO_NOWHERE);
	mo_push(a, &roles->items, mo_ir_ref(a, MO_NOWHERE, role));
	set(policy, "Roles", roles);
	set(policy, "PolicyDocument", document_of(size));
}

START_TEST(managed_policies_have_a_size)
{
	use("AWS::IAM::ManagedPolicy", "PolicyDocument", document_of(6144));
	ck_good();
	use("AWS::IAM::ManagedPolicy", "PolicyDocument", document_of(6145));
	ck_bad(MSG_POLICY_TOO_LARGE, "has at least 6145, AWS takes 6144 characters in a managed policy");
}
END_TEST

START_TEST(inline_policies_of_a_role_count_together)
{
	struct mo_ir_resource *role = add_resource(&host, "Role", "AWS::IAM::Role");
	attach("One", role, 5000);
	attach("Two", role, 5240);
	ck_good();
	attach("Three", role, 200);
	ck_bad(MSG_POLICY_TOO_LARGE, "`Role` has at least 10440, AWS takes 10240 characters in all inline policies of a role");
}
END_TEST

START_TEST(trust_policies_have_a_default_and_a_largest_size)
{
	struct mo_ir_value *many = mo_ir_list(a, MO_NOWHERE), *principal = mo_ir_object(a, MO_NOWHERE);
	mo_ir_set(a, principal, MO_STR("AWS"), MO_NOWHERE, many);
	const struct mo_ir_value *d = document(trust(principal));
	while (many->items.len < 60) {
		mo_push(a, &many->items, text("arn:aws:iam::222222222222:root"));
	}
	use("AWS::IAM::Role", "AssumeRolePolicyDocument", d);
	ck_assert(mo_checks_run(&ctx, &platform)); // a warning
	ck_assert_uint_eq(ctx.diags->items.len, 1);
	ck_assert_int_eq(ctx.diags->items.items[0]->message, MSG_TRUST_POLICY_LARGE);
	while (many->items.len < 300) {
		mo_push(a, &many->items, text("arn:aws:iam::222222222222:root"));
	}
	use("AWS::IAM::Role", "AssumeRolePolicyDocument", d);
	ck_bad(MSG_POLICY_TOO_LARGE, "AWS takes 8192 characters in a trust policy");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("policy");
	add_tests(suite, "policies", (const TTest *const[]){ actions_exist, actions_are_found_in_lists_and_choices, statements_have_known_keys,
		statements_are_complete, a_key_excludes_its_negation, values_of_policies_are_right, resources_of_policies_are_arns,
		trust_policies_have_a_principal_and_no_resource, policies_of_resources_have_a_principal, inline_policies_are_found,
		conditions_have_known_operators, conditions_have_known_keys, what_is_known_only_at_deploy_time_is_left_alone, NULL });
	add_tests(suite, "sizes", (const TTest *const[]){ managed_policies_have_a_size, inline_policies_of_a_role_count_together,
		trust_policies_have_a_default_and_a_largest_size, NULL });
	return test_run(suite);
}
