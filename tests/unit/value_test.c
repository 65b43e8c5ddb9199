// SPDX-License-Identifier: Apache-2.0
// compiler/eval: values, their conversion to wanted types, and lowering.
#include "values.h"

#include "source/data.h"

// ---- values ----------------------------------------------------------------------------------------------------------------------

START_TEST(records_keep_order_and_find_members)
{
	struct mo_value *r = mo_value_record(ARENA, fx.here);
	for (int i = 0; i < 1000; i++) {
		mo_value_set(ARENA, r, mo_str_printf(ARENA, "k%d", i), fx.here, number(i));
	}
	for (int i = 0; i < 1000; i += 7) {
		mo_value_set(ARENA, r, mo_str_printf(ARENA, "k%d", i), fx.here, number(-i));
	}
	ck_assert_uint_eq(r->members.len, 1000);
	for (int i = 0; i < 1000; i++) {
		struct mo_str key = mo_str_printf(ARENA, "k%d", i);
		ck_str(r->members.items[i].key, key.p);
		ck_assert_int_eq(mo_value_get(r, key)->integer, i % 7 ? i : -i);
	}
	ck_assert_ptr_null(mo_value_get(r, MO_STR("k1000")));
	ck_assert_ptr_null(mo_value_get(text("x"), MO_STR("k1")));
}
END_TEST

static void
same(value a, value b)
{
	ck_assert_msg(mo_value_equal(a, b), "%.*s != %.*s", MO_STR_ARG(shown(a)), MO_STR_ARG(shown(b)));
	ck_assert_uint_eq(mo_value_hash(a), mo_value_hash(b));
}

START_TEST(equal_values_have_equal_hashes)
{
	struct mo_ir_resource *r = resource("AWS::S3::Bucket", "B");
	same(number(3), number(3));
	same(number(3), decimal(3.0));
	same(decimal(-0.0), decimal(0.0));
	same(LIST(number(1), text("a")), LIST(decimal(1), text("a")));
	same(RECORD({ "a", number(1) }, { "b", text("x") }), RECORD({ "b", text("x") }, { "a", number(1) }));
	same(RECORD({ "a", number(1) }, { "b", none() }), RECORD({ "a", number(1) }));
	same(cidr("10.0.0.0/16"), cidr("10.0.0.0/16"));
	same(mo_value_resource(ARENA, fx.here, r), mo_value_resource(ARENA, MO_NOWHERE, r));
	same(pseudo("AWS::Region"), pseudo("AWS::Region"));
	ck_assert(!mo_value_equal(number(3), text("3")));
	ck_assert(!mo_value_equal(number(INT64_C(9007199254740993)), decimal(9007199254740992.0)));
	ck_assert(!mo_value_equal(cidr("10.0.0.0/16"), cidr("10.0.0.0/17")));
	ck_assert(!mo_value_equal(cidr("10.0.0.0/16"), text("10.0.0.0/16")));
	ck_assert(!mo_value_equal(LIST(number(1)), LIST(number(1), number(2))));
	ck_assert(!mo_value_equal(RECORD({ "a", number(1) }), RECORD({ "a", number(1) }, { "b", number(2) })));
	ck_assert(!mo_value_equal(RECORD({ "b", none() }), RECORD({ "b", number(2) })));
	ck_assert(!mo_value_equal(measure(MO_VALUE_DURATION, 1), measure(MO_VALUE_SIZE, 1)));
	ck_assert(!mo_value_equal(pseudo("AWS::Region"), pseudo("AWS::AccountId")));
	ck_assert(!mo_value_equal(a_resource("AWS::S3::Bucket", "B"), a_resource("AWS::S3::Bucket", "B")));
}
END_TEST

START_TEST(values_are_shown_short)
{
	ck_str(shown(measure(MO_VALUE_DURATION, 90000)), "90s");
	ck_str(shown(measure(MO_VALUE_DURATION, 30LL * 86400000)), "30d");
	ck_str(shown(measure(MO_VALUE_DURATION, 0)), "0ms");
	ck_str(shown(measure(MO_VALUE_SIZE, 5LL << 30)), "5GiB");
	ck_str(shown(text("a\"b\n")), "\"a\\\"b\\n\"");
	ck_str(shown(LIST(number(1), text("x"), none())), "[1, \"x\", none]");
	ck_str(shown(RECORD({ "a", truth(true) }, { "b", EMPTY })), "{ a: true, b: [] }");
	ck_str(shown(text("\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
		"a\xc3\xa4\xc3\xa4")), "\"\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4" "a…\"");
	ck_str(mo_value_kind_text(ARENA, LIST(number(1))), "a list of 1");
	ck_str(mo_value_kind_text(ARENA, RECORD({ "a", none() })), "a record of `a`");
}
END_TEST

START_TEST(nesting_without_end_is_survived)
{
	value deep = number(1), other = number(1);
	for (int i = 0; i < 100000; i++) {
		deep = LIST(deep);
		other = LIST(other);
	}
	ck_assert(!mo_value_equal(deep, other));
	ck_assert(mo_value_is_deploy_time(deep));
	mo_value_hash(deep);
	ck_str(shown(deep), "[[[[[[…]]]]]]");
	mo_lower(&fx.ev, deep);
	check_report(MSG_LIMIT_REACHED, "deeper than 400");
	ck_refused(mo_coerce(&fx.ev, deep, mo_type_of_kind(MO_TYPE_JSON), fx.here), MSG_LIMIT_REACHED, "deeper than 400");
}
END_TEST

START_TEST(what_is_known_only_at_deploy_time_is_found)
{
	ck_assert(!mo_value_is_deploy_time(LIST(number(1), a_resource("AWS::S3::Bucket", "B"))));
	ck_assert(mo_value_is_deploy_time(LIST(number(1), RECORD({ "a", pseudo("AWS::Region") }))));
}
END_TEST

// ---- types to coerce to ----------------------------------------------------------------------------------------------------------

static const struct mo_type *
simple(enum mo_type_kind kind)
{
	return mo_type_of_kind(kind);
}

static struct mo_type *
string_type(void)
{
	return mo_type_new(&fx.ctx, MO_TYPE_STRING);
}

static const struct mo_type *
target_type(const char *type, const char *attribute, bool is_ref)
{
	struct mo_type *t = string_type();
	mo_push(&fx.ctx.session, &t->targets, (struct mo_string_target){ mo_str_c(type), mo_str_c(attribute), is_ref });
	return t;
}

static const struct mo_type *
unit_type(enum mo_type_kind kind, const char *unit)
{
	struct mo_type *t = mo_type_new(&fx.ctx, kind);
	t->unit = mo_str_c(unit);
	return t;
}

static const struct mo_type *
int_range(int64_t min, int64_t max)
{
	struct mo_type *t = mo_type_new(&fx.ctx, MO_TYPE_INT);
	t->bounded = true;
	t->min = min;
	t->max = max;
	return t;
}

static const struct mo_type *
union_of(const struct mo_type *a, const struct mo_type *b)
{
	struct mo_type *t = mo_type_new(&fx.ctx, MO_TYPE_UNION);
	mo_push(&fx.ctx.session, &t->alternatives, a);
	mo_push(&fx.ctx.session, &t->alternatives, b);
	return t;
}

static struct mo_type *
add_field(struct mo_type *record, const char *name, const struct mo_type *type, bool optional)
{
	struct mo_field f = { .name = mo_atom_of(fx.ctx.atoms, mo_str_c(name)), .span = fx.here, .type = type, .optional = optional };
	mo_push(&fx.ctx.session, &record->fields, f);
	return record;
}

static const struct mo_type *
literal(const char *s)
{
	return mo_type_literal(&fx.ctx, mo_str_c(s));
}

// { name: String, role?: "lead" | "member" }
static const struct mo_type *
user_type(void)
{
	struct mo_type *t = mo_type_new(&fx.ctx, MO_TYPE_RECORD);
	add_field(t, "name", simple(MO_TYPE_STRING), false);
	return add_field(t, "role", union_of(literal("lead"), literal("member")), true);
}

static value
coerce(value v, const struct mo_type *t)
{
	value result = mo_coerce(&fx.ev, v, t, fx.here);
	uint32_t reported = fx.ctx.diags->items.len;
	ck_assert_int_eq(mo_value_fits(&fx.ev, v, t), result->kind != MO_VALUE_ERROR || v->kind == MO_VALUE_ERROR);
	ck_assert_uint_eq(fx.ctx.diags->items.len, reported); // asking reports nothing
	return result;
}

// The value of a YAML text.
static value
yaml(const char *s)
{
	struct mo_source *source;
	struct mo_data_error e = { 0 };
	uint32_t bad;
	mo_source_add(fx.ctx.sources, MO_STR("data.yml"), MO_STR(""), mo_str_c(s), MO_SOURCE_DATA, &source, &bad);
	const struct mo_data *d = mo_data_read_yaml(&fx.ctx.session, source, &e);
	ck_assert_msg(d != NULL, "%s: %.*s", s, MO_STR_ARG(e.text));
	return mo_value_of_data(&fx.ev, d);
}

// ---- scalars ---------------------------------------------------------------------------------------------------------------------

START_TEST(conversions_are_few)
{
	ck_value(coerce(number(5), simple(MO_TYPE_STRING)), "\"5\"");
	ck_value(coerce(cidr("10.0.0.0/16"), simple(MO_TYPE_STRING)), "\"10.0.0.0/16\"");
	ck_value(coerce(number(5), simple(MO_TYPE_FLOAT)), "5");
	ck_refused(coerce(truth(true), simple(MO_TYPE_STRING)), MSG_TYPE_MISMATCH, "expected String, found a Bool");
	ck_refused(coerce(decimal(1.5), simple(MO_TYPE_STRING)), MSG_TYPE_MISMATCH, "found a Float");
	ck_refused(coerce(text("5"), simple(MO_TYPE_INT)), MSG_TYPE_MISMATCH, "expected Int, found a String");
	ck_refused(coerce(decimal(2.0), simple(MO_TYPE_INT)), MSG_TYPE_MISMATCH, "expected Int");
	ck_refused(coerce(none(), simple(MO_TYPE_STRING)), MSG_TYPE_MISMATCH, "??");
	ck_refused(coerce(text("10.0.0.0/16"), simple(MO_TYPE_CIDR)), MSG_TYPE_MISMATCH, "expected Cidr");
	ck_refused(coerce(number(INT64_MAX), simple(MO_TYPE_FLOAT)), MSG_INEXACT, "9223372036854775807");
	ck_value(coerce(none(), mo_type_optional(&fx.ctx, simple(MO_TYPE_INT))), "none");
	ck_value(coerce(number(1), mo_type_optional(&fx.ctx, simple(MO_TYPE_INT))), "1");
	ck_assert_int_eq(coerce(mo_value_simple(MO_VALUE_ERROR), simple(MO_TYPE_INT))->kind, MO_VALUE_ERROR);
	ck_no_report();
}
END_TEST

START_TEST(measures_become_numbers_of_the_unit)
{
	ck_value(coerce(measure(MO_VALUE_DURATION, 900000), unit_type(MO_TYPE_INT, "s")), "900");
	ck_value(coerce(measure(MO_VALUE_DURATION, 900000), unit_type(MO_TYPE_INT, "min")), "15");
	ck_value(coerce(measure(MO_VALUE_DURATION, 90000), unit_type(MO_TYPE_FLOAT, "min")), "1.5");
	ck_value(coerce(measure(MO_VALUE_SIZE, 5LL << 30), unit_type(MO_TYPE_INT, "MiB")), "5120");
	ck_value(coerce(measure(MO_VALUE_DURATION, 100), unit_type(MO_TYPE_FLOAT, "s")), "0.1");
	ck_refused(coerce(measure(MO_VALUE_DURATION, 90000), unit_type(MO_TYPE_INT, "min")), MSG_INEXACT, "no whole number of minutes, in which");
	ck_refused(coerce(measure(MO_VALUE_DURATION, 1000), unit_type(MO_TYPE_FLOAT, "min")), MSG_INEXACT, "min");
	ck_refused(coerce(measure(MO_VALUE_DURATION, 90000), simple(MO_TYPE_INT)), MSG_UNIT_UNKNOWN, ".seconds");
	ck_refused(coerce(measure(MO_VALUE_SIZE, 1024), simple(MO_TYPE_INT)), MSG_UNIT_UNKNOWN, ".bytes");
	ck_refused(coerce(measure(MO_VALUE_SIZE, 1024), unit_type(MO_TYPE_INT, "s")), MSG_UNIT_UNKNOWN, "is a Size");
	ck_refused(coerce(measure(MO_VALUE_DURATION, 1000), simple(MO_TYPE_JSON)), MSG_UNIT_UNKNOWN, ".seconds");
	ck_refused(coerce(measure(MO_VALUE_DURATION, 1000), simple(MO_TYPE_STRING)), MSG_TYPE_MISMATCH, "a Duration");
}
END_TEST

START_TEST(refinements_are_verified)
{
	struct mo_type *name = string_type();
	name->bounded = true;
	name->min = 2;
	name->max = 4;
	name->pattern = MO_STR("[a-z\xc3\xa4]+");
	ck_value(coerce(text("abc"), name), "\"abc\"");
	ck_value(coerce(text("\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"), name), "\"\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\"");
	ck_refused(coerce(text("a"), name), MSG_VALUE_NOT_ALLOWED, "has 1 character, at least 2");
	ck_refused(coerce(text("abcde"), name), MSG_VALUE_NOT_ALLOWED, "has 5 characters, at most 4");
	ck_refused(coerce(text("ab1"), name), MSG_VALUE_NOT_ALLOWED, "does not match the pattern");
	ck_refused(coerce(text("ab\n"), name), MSG_VALUE_NOT_ALLOWED, "does not match the pattern");
	name->pattern = MO_STR("\\d+");
	ck_refused(coerce(text("abc"), name), MSG_BAD_REGEX, "[0-9]");
	ck_value(coerce(number(6), int_range(1, 6)), "6");
	ck_refused(coerce(number(7), int_range(1, 6)), MSG_VALUE_NOT_ALLOWED, "more than 6");
	ck_refused(coerce(number(0), int_range(1, 6)), MSG_VALUE_NOT_ALLOWED, "less than 1");
	ck_value(coerce(pseudo("AWS::Region"), name), "AWS::Region");
}
END_TEST

static const struct mo_type *
role_type(enum mo_string_role role)
{
	struct mo_type *t = string_type();
	t->role = role;
	return t;
}

START_TEST(roles_of_text_are_verified)
{
	ck_value(coerce(text("012345678901"), role_type(MO_STRING_ACCOUNT_ID)), "\"012345678901\"");
	ck_value(coerce(number(123456789012), role_type(MO_STRING_ACCOUNT_ID)), "\"123456789012\"");
	ck_refused(coerce(text("1234"), role_type(MO_STRING_ACCOUNT_ID)), MSG_VALUE_NOT_ALLOWED, "12 digits");
	ck_value(coerce(text("us-gov-east-1"), role_type(MO_STRING_REGION)), "\"us-gov-east-1\"");
	ck_refused(coerce(text("eu-west"), role_type(MO_STRING_REGION)), MSG_VALUE_NOT_ALLOWED, "no region");
	ck_refused(coerce(text("EU-west-1"), role_type(MO_STRING_REGION)), MSG_VALUE_NOT_ALLOWED, "no region");
	ck_value(coerce(text("arn:aws:s3:::b"), role_type(MO_STRING_ARN)), "\"arn:aws:s3:::b\"");
	ck_refused(coerce(text("arn:aws:s3"), role_type(MO_STRING_ARN)), MSG_VALUE_NOT_ALLOWED, "no ARN");
}
END_TEST

START_TEST(literals_are_offered_when_near)
{
	const struct mo_type *t = union_of(literal("lead"), literal("scientist"));
	ck_value(coerce(text("lead"), t), "\"lead\"");
	ck_refused(coerce(text("leed"), t), MSG_VALUE_NOT_ALLOWED, "did you mean \"lead\"?");
	ck_refused(coerce(text("x"), t), MSG_VALUE_NOT_ALLOWED, "expected \"lead\" | \"scientist\"");
	ck_refused(coerce(text("scientst"), literal("scientist")), MSG_VALUE_NOT_ALLOWED, "did you mean \"scientist\"?");
	ck_refused(coerce(LIST(text("lead")), t), MSG_TYPE_MISMATCH, "a list of 1");
}
END_TEST

START_TEST(plain_yaml_scalars_take_the_wanted_type)
{
	ck_value(coerce(yaml("012345678901"), role_type(MO_STRING_ACCOUNT_ID)), "\"012345678901\"");
	ck_value(coerce(yaml("0.20"), simple(MO_TYPE_STRING)), "\"0.20\"");
	ck_value(coerce(yaml("true"), simple(MO_TYPE_STRING)), "\"true\"");
	ck_value(coerce(yaml("12"), simple(MO_TYPE_INT)), "12");
	ck_value(coerce(yaml("10.0.0.0/16"), simple(MO_TYPE_CIDR)), "10.0.0.0/16");
	ck_value(coerce(yaml("'10.0.0.0/16'"), simple(MO_TYPE_CIDR)), "10.0.0.0/16");
	ck_value(coerce(yaml("15min"), simple(MO_TYPE_DURATION)), "15min");
	ck_value(coerce(yaml("512MiB"), simple(MO_TYPE_SIZE)), "512MiB");
	ck_value(coerce(yaml("~"), mo_type_optional(&fx.ctx, simple(MO_TYPE_STRING))), "none");
	ck_refused(coerce(yaml("null"), simple(MO_TYPE_STRING)), MSG_TYPE_MISMATCH, "none");
	ck_refused(coerce(yaml("yes"), simple(MO_TYPE_BOOL)), MSG_TYPE_MISMATCH, "`true` and `false`");
	ck_refused(coerce(yaml("'12'"), simple(MO_TYPE_INT)), MSG_TYPE_MISMATCH, "expected Int");
	ck_refused(coerce(yaml("10.0.0.1/16"), simple(MO_TYPE_CIDR)), MSG_VALUE_NOT_ALLOWED, "bits behind the prefix");
	ck_refused(coerce(yaml("15 min"), simple(MO_TYPE_DURATION)), MSG_VALUE_NOT_ALLOWED, "no duration");
	ck_refused(coerce(yaml("99999999999999d"), simple(MO_TYPE_DURATION)), MSG_VALUE_NOT_ALLOWED, "no duration");
}
END_TEST

// ---- references ------------------------------------------------------------------------------------------------------------------

START_TEST(resources_become_what_the_place_wants)
{
	value vpc = a_resource("AWS::EC2::VPC", "Net"), role = a_resource("AWS::IAM::Role", "Role");
	ck_value(coerce(vpc, target_type("AWS::EC2::VPC", "VpcId", true)), "ref(Net)");
	ck_value(coerce(role, target_type("AWS::IAM::Role", "Arn", false)), "att(Role.Arn)");
	ck_value(coerce(role, target_type("AWS::IAM::Role", "", false)), "att(Role.Arn)");
	ck_value(coerce(a_resource("AWS::SNS::Topic", "T"), target_type("AWS::SNS::Topic", "", false)), "ref(T)");
	ck_value(coerce(role, role_type(MO_STRING_ARN)), "att(Role.Arn)");
	ck_value(coerce(role, mo_type_resource(&fx.ctx, MO_STR("AWS::IAM::Role"))), "Role");
	ck_value(coerce(role, mo_type_resource(&fx.ctx, MO_STR(""))), "Role");
	ck_refused(coerce(role, target_type("AWS::EC2::VPC", "VpcId", true)), MSG_WRONG_REFERENCE, "`Role` is AWS::IAM::Role");
	ck_refused(coerce(role, mo_type_resource(&fx.ctx, MO_STR("AWS::EC2::VPC"))), MSG_WRONG_REFERENCE, "expected AWS::EC2::VPC");
	ck_refused(coerce(role, simple(MO_TYPE_STRING)), MSG_BARE_RESOURCE, ".Arn");
	ck_refused(coerce(role, simple(MO_TYPE_JSON)), MSG_BARE_RESOURCE, ".Arn");
	ck_value(coerce(vpc, union_of(target_type("AWS::IAM::Role", "Arn", false), target_type("AWS::EC2::VPC", "VpcId", true))), "ref(Net)");
	ck_refused(coerce(vpc, union_of(target_type("AWS::IAM::Role", "Arn", false), simple(MO_TYPE_INT))), MSG_WRONG_REFERENCE, "AWS::EC2::VPC");
	ck_value(coerce(text("vpc-1"), target_type("AWS::EC2::VPC", "VpcId", true)), "\"vpc-1\"");
}
END_TEST

START_TEST(existing_resources_are_what_was_written)
{
	struct mo_ir_resource *r = resource("AWS::EC2::VPC", "Corp");
	value v = mo_value_resource(ARENA, fx.here, r);
	r->existing = true;
	ck_refused(coerce(v, target_type("AWS::EC2::VPC", "VpcId", true)), MSG_ATTRIBUTE_NOT_WRITTEN, "add `VpcId: …`");
	mo_ir_set(ARENA, r->properties, MO_STR("VpcId"), fx.here, mo_ir_string(ARENA, fx.here, MO_STR("vpc-0abc")));
	ck_value(coerce(v, target_type("AWS::EC2::VPC", "VpcId", true)), "\"vpc-0abc\"");
	ck_value(coerce(v, target_type("AWS::EC2::VPC", "", true)), "\"vpc-0abc\"");
	mo_ir_set(ARENA, r->properties, MO_STR("VpcId"), fx.here, mo_ir_pseudo(ARENA, fx.here, MO_STR("AWS::StackName")));
	ck_value(coerce(v, target_type("AWS::EC2::VPC", "VpcId", true)), "AWS::StackName");
}
END_TEST

// ---- lists, maps, records --------------------------------------------------------------------------------------------------------

START_TEST(lists_and_maps_are_coerced_inside)
{
	const struct mo_type *strings = mo_type_list(&fx.ctx, simple(MO_TYPE_STRING)), *map = mo_type_map(&fx.ctx, simple(MO_TYPE_STRING));
	value plain = LIST(text("a"), text("b"));
	ck_assert_ptr_eq(coerce(plain, strings), plain);
	ck_value(coerce(LIST(text("a"), number(1), none()), strings), "[\"a\", \"1\"]");
	ck_value(coerce(RECORD({ "a", number(1) }, { "b", none() }, { "c", text("x") }), map), "{ a: \"1\", c: \"x\" }");
	ck_value(coerce(parameter("P", "CommaDelimitedList", ""), strings), "param(P)");
	ck_refused(coerce(pseudo("AWS::Region"), strings), MSG_TYPE_MISMATCH, "a value known at deploy time");
	ck_refused(coerce(parameter("P", "CommaDelimitedList", ""), simple(MO_TYPE_STRING)), MSG_TYPE_MISMATCH, "a list known");
	ck_refused(coerce(text("a"), strings), MSG_TYPE_MISMATCH, "written `[…]`");
	ck_refused(coerce(LIST(truth(true)), strings), MSG_TYPE_MISMATCH, "a Bool");
}
END_TEST

START_TEST(records_are_closed)
{
	ck_value(coerce(RECORD({ "name", text("ada") }, { "role", text("lead") }), user_type()), "{ name: \"ada\", role: \"lead\" }");
	ck_value(coerce(RECORD({ "name", number(7) }), user_type()), "{ name: \"7\", role: none }");
	ck_value(coerce(RECORD({ "role", none() }, { "name", text("ada") }), user_type()), "{ name: \"ada\", role: none }");
	ck_refused(coerce(RECORD({ "role", text("lead") }), user_type()), MSG_MISSING_FIELD, "`name`");
	ck_refused(coerce(RECORD({ "name", text("a") }, { "rol", text("lead") }), user_type()), MSG_UNKNOWN_FIELD, "did you mean `role`?");
	ck_refused(coerce(RECORD({ "name", text("a") }, { "role", text("leader") }), user_type()), MSG_VALUE_NOT_ALLOWED, "\"leader\"");
	ck_refused(coerce(text("ada"), user_type()), MSG_TYPE_MISMATCH, "expected { name: String");
	mo_coerce(&fx.ev, RECORD({ "x", none() }, { "y", none() }), user_type(), fx.here);
	ck_assert_uint_eq(fx.ctx.diags->items.len, 3); // each mistake once: x, y, and the missing name
}
END_TEST

START_TEST(errors_point_into_data_files)
{
	value users = yaml("- name: ada\n- name: bob\n  role: leed\n");
	ck_assert_int_eq(mo_coerce(&fx.ev, users, mo_type_list(&fx.ctx, user_type()), fx.here)->kind, MO_VALUE_ERROR);
	const struct mo_diag *d = fx.ctx.diags->items.items[0];
	struct mo_position p = mo_position_of(fx.ctx.sources, d->span.start);
	ck_str(p.source->name, "data.yml");
	ck_assert_uint_eq(p.line, 3);
	ck_assert_uint_eq(p.column, 9);
	ck_assert_uint_eq(d->labels.len, 1);
	ck_assert_uint_eq(d->labels.items[0].span.start, fx.here.start);
}
END_TEST

START_TEST(unions_choose_what_fits)
{
	struct mo_type *ec2 = mo_type_new(&fx.ctx, MO_TYPE_RECORD), *s3 = mo_type_new(&fx.ctx, MO_TYPE_RECORD);
	add_field(ec2, "kind", literal("ec2"), false);
	add_field(ec2, "size", simple(MO_TYPE_INT), false);
	add_field(s3, "kind", literal("s3"), false);
	const struct mo_type *either = union_of(ec2, s3);
	ck_value(coerce(RECORD({ "kind", text("s3") }), either), "{ kind: \"s3\" }");
	ck_refused(coerce(RECORD({ "kind", text("ec2") }, { "size", text("x") }), either), MSG_TYPE_MISMATCH, "expected Int");
	ck_refused(coerce(RECORD({ "kind", text("rds") }), either), MSG_TYPE_MISMATCH, "|");
	ck_value(coerce(number(5), union_of(simple(MO_TYPE_STRING), simple(MO_TYPE_INT))), "5");
	ck_value(coerce(number(5), union_of(simple(MO_TYPE_STRING), simple(MO_TYPE_BOOL))), "\"5\"");
	ck_value(coerce(LIST(number(5)), union_of(simple(MO_TYPE_STRING), mo_type_list(&fx.ctx, simple(MO_TYPE_STRING)))), "[\"5\"]");
	ck_refused(coerce(LIST(truth(true)), union_of(simple(MO_TYPE_STRING), mo_type_list(&fx.ctx, simple(MO_TYPE_INT)))), MSG_TYPE_MISMATCH,
		"expected Int, found a Bool");
}
END_TEST

START_TEST(structures_come_from_the_catalog)
{
	mo_cat bucket = mo_cat_find_resource(MO_STR("AWS::S3::Bucket"));
	mo_cat tag = mo_cat_find_structure(bucket, MO_STR("Tag"));
	ck_assert(tag != 0);
	const struct mo_type *t = mo_type_of_structure(&fx.ctx, MO_STR("AWS::S3::Bucket"), tag);
	ck_value(coerce(RECORD({ "Key", text("a") }, { "Value", number(1) }), t), "{ Key: \"a\", Value: \"1\" }");
	ck_refused(coerce(RECORD({ "Key", text("a") }), t), MSG_MISSING_FIELD, "`Value`");
	ck_refused(coerce(RECORD({ "Key", text("a") }, { "Value", text("b") }, { "Vale", text("c") }), t), MSG_UNKNOWN_FIELD, "`Vale`");
	ck_refused(coerce(text("x"), t), MSG_TYPE_MISMATCH, "AWS::S3::Bucket.Tag");
	ck_value(coerce(pseudo("AWS::NoValue"), t), "AWS::NoValue");
}
END_TEST

// ---- lowering --------------------------------------------------------------------------------------------------------------------

static struct mo_str
lowered(value v)
{
	return ir_text(mo_lower(&fx.ev, v));
}

START_TEST(values_are_lowered)
{
	ck_str(lowered(RECORD({ "a", LIST(number(1), none(), truth(true)) }, { "b", none() }, { "c", cidr("10.0.0.0/8") }, { "d", decimal(0.5) })),
		"{a:[1 true] c:'10.0.0.0/8' d:0.5}");
	ck_str(lowered(none()), "AWS::NoValue");
	ck_str(lowered(pseudo("AWS::Region")), "AWS::Region");
	ck_no_report();
	lowered(LIST(a_resource("AWS::S3::Bucket", "B")));
	check_report(MSG_BARE_RESOURCE, ".Arn");
	lowered(measure(MO_VALUE_DURATION, 5));
	check_report(MSG_UNIT_UNKNOWN, ".seconds");
	lowered(mo_value_simple(MO_VALUE_AWS));
	check_report(MSG_TYPE_MISMATCH, "`aws`");
	lowered(text("x{{resolve:ssm:/a}}"));
	check_report(MSG_RESOLVE_IN_TEXT, "ssm(");
}
END_TEST

START_TEST(ir_known_now_becomes_values)
{
	value v = RECORD({ "a", LIST(number(1), text("x")) }, { "b", pseudo("AWS::Region") });
	same(mo_value_of_ir(ARENA, mo_lower(&fx.ev, v)), v);
}
END_TEST

#define CONCAT(...) mo_concat(&fx.ev, fx.here, (value[]){ __VA_ARGS__ }, sizeof((value[]){ __VA_ARGS__ }) / sizeof(value))

START_TEST(text_is_joined_of_parts)
{
	value arn = CONCAT(text("arn:"), pseudo("AWS::Partition"), text(":s3"));
	ck_value(CONCAT(text("a"), number(1), text("-"), truth(true), decimal(1.5), cidr("10.0.0.0/8")), "\"a1-true1.510.0.0.0/8\"");
	ck_value(CONCAT(text("")), "\"\"");
	ck_value(CONCAT(yaml("007")), "\"007\"");
	ck_value(arn, "sub('arn:' AWS::Partition ':s3')");
	ck_value(CONCAT(arn, text("/*")), "sub('arn:' AWS::Partition ':s3/*')");
	ck_value(CONCAT(text(""), pseudo("AWS::Region"), text("")), "AWS::Region");
	ck_refused(CONCAT(text("a"), a_resource("AWS::S3::Bucket", "B")), MSG_BARE_RESOURCE, ".Ref");
	ck_refused(CONCAT(text("a"), none()), MSG_TYPE_MISMATCH, "??");
	ck_refused(CONCAT(text("a"), LIST(text("b"))), MSG_TYPE_MISMATCH, "join");
	ck_refused(CONCAT(text("a"), parameter("P", "CommaDelimitedList", "")), MSG_TYPE_MISMATCH, "join");
	ck_refused(CONCAT(measure(MO_VALUE_DURATION, 5)), MSG_UNIT_UNKNOWN, ".seconds");
	ck_refused(CONCAT(text("{{res"), text("olve:ssm:"), pseudo("AWS::Region")), MSG_RESOLVE_IN_TEXT, "secret(");
}
END_TEST

START_TEST(text_has_a_largest_size)
{
	struct mo_buf b = mo_buf_in(ARENA);
	mo_buf_fill(&b, 'x', 1 << 20);
	value million = mo_value_string(ARENA, fx.here, mo_buf_str(&b)), parts[17];
	for (int i = 0; i < 17; i++) {
		parts[i] = million;
	}
	ck_assert_uint_eq(mo_concat(&fx.ev, fx.here, parts, 16)->text.len, MO_STRING_LARGEST);
	ck_no_report();
	ck_refused(mo_concat(&fx.ev, fx.here, parts, 17), MSG_TEXT_TOO_LONG, "16 MiB");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("value");
	TCase *tests = tcase_create("value");
	tcase_add_checked_fixture(tests, open_fixture, close_fixture);
	tcase_add_test(tests, records_keep_order_and_find_members);
	tcase_add_test(tests, equal_values_have_equal_hashes);
	tcase_add_test(tests, values_are_shown_short);
	tcase_add_test(tests, nesting_without_end_is_survived);
	tcase_add_test(tests, what_is_known_only_at_deploy_time_is_found);
	tcase_add_test(tests, conversions_are_few);
	tcase_add_test(tests, measures_become_numbers_of_the_unit);
	tcase_add_test(tests, refinements_are_verified);
	tcase_add_test(tests, roles_of_text_are_verified);
	tcase_add_test(tests, literals_are_offered_when_near);
	tcase_add_test(tests, plain_yaml_scalars_take_the_wanted_type);
	tcase_add_test(tests, resources_become_what_the_place_wants);
	tcase_add_test(tests, existing_resources_are_what_was_written);
	tcase_add_test(tests, lists_and_maps_are_coerced_inside);
	tcase_add_test(tests, records_are_closed);
	tcase_add_test(tests, errors_point_into_data_files);
	tcase_add_test(tests, unions_choose_what_fits);
	tcase_add_test(tests, structures_come_from_the_catalog);
	tcase_add_test(tests, values_are_lowered);
	tcase_add_test(tests, ir_known_now_becomes_values);
	tcase_add_test(tests, text_is_joined_of_parts);
	tcase_add_test(tests, text_has_a_largest_size);
	suite_add_tcase(suite, tests);
	return test_run(suite);
}
