// SPDX-License-Identifier: Apache-2.0
// compiler/ir: values, and the dump of a platform.
#include "fixture.h"

#include "base/json_writer.h"
#include "base/sha256.h"
#include "ir/ir.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>

static struct mo_arena *a = &ctx.build;

static const struct mo_ir_value *
text(const char *s)
{
	return mo_ir_string(a, MO_NOWHERE, mo_str_c(s));
}

static struct mo_ir_value *
pair(const char *k1, const struct mo_ir_value *v1, const char *k2, const struct mo_ir_value *v2)
{
	struct mo_ir_value *o = mo_ir_object(a, MO_NOWHERE);
	mo_ir_set(a, o, mo_str_c(k1), MO_NOWHERE, v1);
	mo_ir_set(a, o, mo_str_c(k2), MO_NOWHERE, v2);
	return o;
}

START_TEST(setting_a_key_again_replaces_it)
{
	struct mo_ir_value *o = pair("x", text("1"), "y", text("2"));
	mo_ir_set(a, o, MO_STR("x"), MO_NOWHERE, text("3"));
	ck_assert_uint_eq(o->members.len, 2);
	ck_str(mo_ir_get(o, MO_STR("x"))->text, "3");
	ck_assert_ptr_null(mo_ir_get(o, MO_STR("z")));
	ck_assert_ptr_null(mo_ir_get(text("no object"), MO_STR("x")));
	ck_assert_ptr_null(mo_ir_get(NULL, MO_STR("x")));
}
END_TEST

START_TEST(equality_looks_inside)
{
	struct mo_ir_resource r = { .id = MO_STR("A") }, other = { .id = MO_STR("A") };
	const struct mo_ir_value *n = mo_ir_int(a, MO_NOWHERE, 1);
	ck_assert(mo_ir_equal(pair("x", n, "y", text("t")), pair("y", text("t"), "x", mo_ir_int(a, MO_NOWHERE, 1))));
	ck_assert(!mo_ir_equal(pair("x", n, "y", text("t")), pair("x", n, "y", text("u"))));
	ck_assert(!mo_ir_equal(n, mo_ir_float(a, MO_NOWHERE, 1)));
	ck_assert(mo_ir_equal(mo_ir_null(a, MO_NOWHERE), mo_ir_null(a, MO_NOWHERE)));
	ck_assert(mo_ir_equal(mo_ir_attribute(a, MO_NOWHERE, &r, MO_STR("Arn")), mo_ir_attribute(a, MO_NOWHERE, &r, MO_STR("Arn"))));
	ck_assert(!mo_ir_equal(mo_ir_attribute(a, MO_NOWHERE, &r, MO_STR("Arn")), mo_ir_attribute(a, MO_NOWHERE, &r, MO_STR("Id"))));
	ck_assert(!mo_ir_equal(mo_ir_ref(a, MO_NOWHERE, &r), mo_ir_ref(a, MO_NOWHERE, &other)));
	const struct mo_ir_value *args[] = { n, text("t") }, *fewer[] = { n };
	ck_assert(mo_ir_equal(mo_ir_call_list(a, MO_NOWHERE, MO_STR("Fn::Join"), args, 2),
		mo_ir_call_list(a, MO_NOWHERE, MO_STR("Fn::Join"), args, 2)));
	ck_assert(!mo_ir_equal(mo_ir_call_list(a, MO_NOWHERE, MO_STR("Fn::Join"), args, 2),
		mo_ir_call_list(a, MO_NOWHERE, MO_STR("Fn::Join"), fewer, 1)));
}
END_TEST

START_TEST(deploy_time_is_found_at_any_depth)
{
	struct mo_ir_param p = { .id = MO_STR("P") };
	struct mo_ir_value *list = mo_ir_list(a, MO_NOWHERE);
	mo_push(a, &list->items, text("now"));
	const struct mo_ir_value *outer = pair("x", list, "y", text("now"));
	ck_assert(!mo_ir_is_deploy_time(outer));
	mo_push(a, &list->items, mo_ir_param_ref(a, MO_NOWHERE, &p));
	ck_assert(mo_ir_is_deploy_time(outer));
	ck_assert(mo_ir_is_deploy_time(mo_ir_pseudo(a, MO_NOWHERE, MO_STR("AWS::Region"))));
}
END_TEST

// A value deeper than any walk goes is neither equal to itself made again nor safe to fold, and nothing overflows.
START_TEST(bottomless_values_end_every_walk)
{
	const struct mo_ir_value *x = text("bottom"), *y = x;
	for (int i = 0; i < 100000; i++) {
		struct mo_ir_value *outer_x = mo_ir_list(a, MO_NOWHERE), *outer_y = mo_ir_list(a, MO_NOWHERE);
		mo_push(a, &outer_x->items, x);
		mo_push(a, &outer_y->items, y);
		x = outer_x;
		y = outer_y;
	}
	ck_assert(mo_ir_is_deploy_time(x));
	ck_assert(!mo_ir_equal(x, y));
}
END_TEST

// ---- JSON ------------------------------------------------------------------------------------------------------------------------

static struct mo_str
quoted(struct mo_str s)
{
	struct mo_buf b = mo_buf_in(a);
	mo_json_string(&b, s);
	return mo_buf_str(&b);
}

START_TEST(strings_are_escaped_wherever_the_character_stands)
{
	ck_str(quoted(MO_STR("")), "\"\"");
	ck_str(quoted(MO_STR("a \"b\" \\ c/d\b\f\n\r\t")), "\"a \\\"b\\\" \\\\ c/d\\b\\f\\n\\r\\t\"");
	ck_str(quoted(MO_STR("\x01\x1f")), "\"\\u0001\\u001f\"");
	ck_str(quoted(MO_STR("a\x7f\xff\xc3")), "\"a\\u007f\xef\xbf\xbd\xef\xbf\xbd\"");
	ck_str(quoted(MO_STR("größe 日本 😀")), "\"größe 日本 😀\"");
	for (size_t at = 0; at < 20; at++) { // the scan goes by eights: try each place
		char plain[21] = "abcdefghijklmnopqrst", expected[32];
		plain[at] = '"';
		snprintf(expected, sizeof(expected), "\"%.*s\\\"%s\"", (int)at, plain, plain + at + 1);
		ck_str(quoted(mo_str_c(plain)), expected);
	}
}
END_TEST

static struct mo_str
number(double d)
{
	struct mo_buf b = mo_buf_in(a);
	mo_json_number(&b, d);
	return mo_buf_str(&b);
}

START_TEST(numbers_are_short_and_exact)
{
	ck_str(number(0.1), "0.1");
	ck_str(number(1), "1");
	ck_str(number(-2.5), "-2.5");
	ck_str(number(0), "0");
	ck_str(number(100), "100");
	ck_str(number(123456789012345680000.0), "123456789012345680000");
	ck_str(number(1e21), "1e+21");
	ck_str(number(1.5e300), "1.5e+300");
	ck_str(number(0.000001), "0.000001");
	ck_str(number(1.25e-9), "1.25e-9");
	ck_str(number(5e-324), "5e-324");
	ck_str(number(0.1 + 0.2), "0.30000000000000004");
	ck_str(number(1.7976931348623157e308), "1.7976931348623157e+308");
}
END_TEST

START_TEST(numbers_do_not_depend_on_the_locale)
{
	static const char *const with_comma[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "fr_FR" };
	for (size_t i = 0; i < sizeof(with_comma) / sizeof(*with_comma); i++) {
		if (setlocale(LC_ALL, with_comma[i])) {
			break;
		}
	}
	ck_str(number(0.1), "0.1");
	ck_str(number(-1234.5), "-1234.5");
}
END_TEST

START_TEST(documents_are_indented_or_compact)
{
	struct mo_buf pretty = mo_buf_in(a), compact = mo_buf_in(a);
	struct mo_json_writer writers[] = { mo_json_writer(&pretty), mo_json_compact_writer(&compact) };
	for (size_t i = 0; i < 2; i++) {
		struct mo_json_writer *j = &writers[i];
		mo_json_begin_object(j);
		mo_json_put_key(j, MO_STR("empty"));
		mo_json_begin_list(j);
		mo_json_end_list(j);
		mo_json_put_key(j, MO_STR("list"));
		mo_json_begin_list(j);
		mo_json_put_int(j, INT64_C(9007199254740993));
		mo_json_put_bool(j, true);
		mo_json_begin_object(j);
		mo_json_end_object(j);
		mo_json_put_null(j);
		mo_json_end_list(j);
		mo_json_put_key(j, MO_STR("none"));
		mo_json_put_double(j, NAN);
		mo_json_end_object(j);
	}
	ck_str(mo_buf_str(&pretty),
		"{\n  \"empty\": [],\n  \"list\": [\n    9007199254740993,\n    true,\n    {},\n    null\n  ],\n  \"none\": null\n}");
	ck_str(mo_buf_str(&compact), "{\"empty\":[],\"list\":[9007199254740993,true,{},null],\"none\":null}");
}
END_TEST

START_TEST(indentation_has_no_limit)
{
	struct mo_buf b = mo_buf_in(a);
	struct mo_json_writer j = mo_json_writer(&b);
	for (int i = 0; i < 50; i++) {
		mo_json_begin_list(&j);
	}
	mo_json_put_int(&j, 7);
	struct mo_str line = mo_str_sub(mo_buf_str(&b), b.len - 102, b.len);
	ck_assert_int_eq(line.p[0], '\n');
	ck_assert_int_eq(line.p[100], ' ');
	ck_assert_int_eq(line.p[101], '7');
}
END_TEST

// The test vectors of FIPS 180-4's examples.
START_TEST(sha256_is_sha256)
{
	ck_str(mo_sha256_hex(a, MO_STR("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	ck_str(mo_sha256_hex(a, MO_STR("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

// ---- the dump --------------------------------------------------------------------------------------------------------------------

START_TEST(the_dump_shows_the_platform)
{
	struct mo_ir_account account = { .name = MO_STR("dev"), .id = MO_STR("222222222222"), .region = MO_STR("eu-west-1"),
		.partition = MO_STR("aws"), .qualifier = MO_STR("hnb659fds"), .bootstrap = true };
	struct mo_ir_template t = { .name = MO_STR("data") };
	struct mo_ir_param p = { .id = MO_STR("Env"), .type = MO_STR("String"), .default_value = text("dev"), .has_max_length = true,
		.max_length = 8 };
	const struct mo_ir_value *equals[] = { mo_ir_param_ref(a, MO_NOWHERE, &p), text("prod") };
	struct mo_ir_condition c = { .id = MO_STR("EnvIsProd"),
		.expression = mo_ir_call_list(a, MO_NOWHERE, MO_STR("Fn::Equals"), equals, 2) };
	struct mo_ir_resource key = { .id = MO_STR("Key"), .type = MO_STR("AWS::KMS::Key"), .template = &t,
		.properties = mo_ir_object(a, MO_NOWHERE), .origin.path = MO_STR("key") };
	struct mo_ir_resource bucket = { .id = MO_STR("Bucket"), .type = MO_STR("AWS::S3::Bucket"), .template = &t, .condition = &c,
		.deletion_policy = MO_IR_RETAIN, .properties = mo_ir_object(a, MO_NOWHERE) };
	struct mo_ir_value *name = mo_ir_sub(a, MO_NOWHERE);
	mo_push(a, &name->items, text("b-"));
	mo_push(a, &name->items, mo_ir_pseudo(a, MO_NOWHERE, MO_STR("AWS::Region")));
	mo_ir_set(a, bucket.properties, MO_STR("BucketName"), MO_NOWHERE, name);
	mo_ir_set(a, bucket.properties, MO_STR("Encryption"), MO_NOWHERE,
		pair("KeyArn", mo_ir_attribute(a, MO_NOWHERE, &key, MO_STR("Arn")), "On",
			mo_ir_if(a, MO_NOWHERE, &c, mo_ir_bool(a, MO_NOWHERE, true), mo_ir_null(a, MO_NOWHERE))));
	mo_push(a, &bucket.depends_on, &key);
	struct mo_ir_output o = { .id = MO_STR("Name"), .value = mo_ir_ref(a, MO_NOWHERE, &bucket), .condition = &c };
	mo_push(a, &t.params, &p);
	mo_push(a, &t.conditions, &c);
	mo_push(a, &t.resources, &key);
	mo_push(a, &t.resources, &bucket);
	mo_push(a, &t.outputs, &o);
	struct mo_ir_stack s = { .name = MO_STR("acme-data"), .artifact = MO_STR("data"), .template = &t, .account = &account,
		.region = MO_STR("us-east-1"), .termination_protection = true };
	mo_push(a, &s.tags, (struct mo_ir_tag){ MO_STR("team"), MO_STR("ml"), MO_NOWHERE });
	struct mo_ir_platform platform = { .name = MO_STR("acme") };
	mo_push(a, &platform.accounts, &account);
	mo_push(a, &platform.templates, &t);
	mo_push(a, &platform.stacks, &s);
	struct mo_buf out = mo_buf_in(a);
	mo_ir_dump(&out, &platform);
	ck_str(mo_buf_str(&out), "platform acme\n"
		"account dev: 222222222222 eu-west-1 aws bootstrap hnb659fds\n"
		"\n"
		"template data\n"
		"  param Env: String\n"
		"    default: \"dev\"\n"
		"    max_length: 8\n"
		"  condition EnvIsProd = Fn::Equals([param(Env), \"prod\"])\n"
		"  resource Key: AWS::KMS::Key from key\n"
		"  resource Bucket: AWS::S3::Bucket if EnvIsProd\n"
		"    after: Key\n"
		"    on delete: retain\n"
		"    BucketName: sub(\"b-\", pseudo(AWS::Region))\n"
		"    Encryption: {\n"
		"      KeyArn: attribute(Key.Arn)\n"
		"      On: if(EnvIsProd, true, null)\n"
		"    }\n"
		"  output Name if EnvIsProd\n"
		"    value: ref(Bucket)\n"
		"\n"
		"stack data (acme-data): template data in dev us-east-1 protected\n"
		"  tag \"team\" = \"ml\"\n");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ir");
	TCase *values = tcase_create("values"), *json = tcase_create("json"), *dump = tcase_create("dump");
	tcase_add_checked_fixture(values, open_ctx, close_ctx);
	tcase_add_test(values, setting_a_key_again_replaces_it);
	tcase_add_test(values, equality_looks_inside);
	tcase_add_test(values, deploy_time_is_found_at_any_depth);
	tcase_add_test(values, bottomless_values_end_every_walk);
	tcase_add_checked_fixture(json, open_ctx, close_ctx);
	tcase_add_test(json, strings_are_escaped_wherever_the_character_stands);
	tcase_add_test(json, numbers_are_short_and_exact);
	tcase_add_test(json, numbers_do_not_depend_on_the_locale);
	tcase_add_test(json, documents_are_indented_or_compact);
	tcase_add_test(json, indentation_has_no_limit);
	tcase_add_test(json, sha256_is_sha256);
	tcase_add_checked_fixture(dump, open_ctx, close_ctx);
	tcase_add_test(dump, the_dump_shows_the_platform);
	suite_add_tcase(suite, values);
	suite_add_tcase(suite, json);
	suite_add_tcase(suite, dump);
	return test_run(suite);
}
