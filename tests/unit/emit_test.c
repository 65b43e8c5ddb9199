// SPDX-License-Identifier: Apache-2.0
// emitters/: templates in JSON, interpolated text, the cloud assembly.
#include "fixture.h"

#include "emitters/cfn_json.h"
#include "emitters/cfn_yaml.h"
#include "emitters/format.h"
#include "emitters/yaml.h"

#include <stdio.h>

static struct mo_arena *a = &ctx.build;

// ---- building --------------------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
text(const char *s)
{
	return mo_ir_string(a, MO_NOWHERE, mo_str_c(s));
}

static struct mo_ir_resource *
resource(struct mo_ir_template *t, const char *id, const char *type)
{
	struct mo_ir_resource *r = mo_new(a, struct mo_ir_resource);
	*r = (struct mo_ir_resource){ .id = mo_str_c(id), .type = mo_str_c(type), .template = t, .properties = mo_ir_object(a, MO_NOWHERE) };
	mo_push(a, &t->resources, r);
	return r;
}

static struct mo_ir_param *
param(struct mo_ir_template *t, const char *id)
{
	struct mo_ir_param *p = mo_new(a, struct mo_ir_param);
	*p = (struct mo_ir_param){ .id = mo_str_c(id), .type = MO_STR("String") };
	mo_push(a, &t->params, p);
	return p;
}

static struct mo_ir_condition *
condition(struct mo_ir_template *t, const char *id, const struct mo_ir_value *expression)
{
	struct mo_ir_condition *c = mo_new(a, struct mo_ir_condition);
	*c = (struct mo_ir_condition){ .id = mo_str_c(id), .expression = expression };
	mo_push(a, &t->conditions, c);
	return c;
}

static void
set(struct mo_ir_resource *r, const char *key, const struct mo_ir_value *v)
{
	mo_ir_set(a, r->properties, mo_str_c(key), MO_NOWHERE, v);
}

static struct mo_ir_value *
object1(const char *key, const struct mo_ir_value *v)
{
	struct mo_ir_value *o = mo_ir_object(a, MO_NOWHERE);
	mo_ir_set(a, o, mo_str_c(key), MO_NOWHERE, v);
	return o;
}

static const struct mo_ir_value *
call(const char *function, const struct mo_ir_value *one, const struct mo_ir_value *two)
{
	const struct mo_ir_value *args[] = { one, two };
	return mo_ir_call_list(a, MO_NOWHERE, mo_str_c(function), args, two ? 2 : 1);
}

// A MO_IR_SUB of up to six parts, ended by NULL.
static const struct mo_ir_value *
sub(const struct mo_ir_value *const parts[static 1])
{
	struct mo_ir_value *v = mo_ir_sub(a, MO_NOWHERE);
	for (size_t i = 0; parts[i]; i++) {
		mo_push(a, &v->items, parts[i]);
	}
	return v;
}

#define SUB(...) sub((const struct mo_ir_value *const[]){ __VA_ARGS__, NULL })

static struct mo_str
json(const struct mo_ir_template *t)
{
	struct mo_buf out = mo_buf_in(a);
	ck_assert_ptr_null(mo_cfn_json(&out, t, a));
	return mo_buf_str(&out);
}

// ---- interpolated text -----------------------------------------------------------------------------------------------------------

static struct mo_ir_template host;
static struct mo_ir_resource *bucket;
static struct mo_ir_param *env;
static struct mo_ir_condition *is_prod;

static void
open_host(void)
{
	open_ctx();
	host = (struct mo_ir_template){ .name = MO_STR("t") };
	env = param(&host, "Env");
	is_prod = condition(&host, "IsProd", call("Fn::Equals", mo_ir_param_ref(a, MO_NOWHERE, env), text("prod")));
	bucket = resource(&host, "Bucket", "AWS::S3::Bucket");
}

// The JSON of one value, on one line: as the property X of the resource, blanks at line starts dropped.
static struct mo_str
value_json(const struct mo_ir_value *v)
{
	set(bucket, "X", v);
	struct mo_str all = json(&host);
	ptrdiff_t start = mo_str_find(all, MO_STR("\"X\": "), 0), end = mo_str_find(all, MO_STR("\n      }\n    }\n  }\n}"), 0);
	ck_assert(start > 0 && end > start);
	struct mo_buf flat = mo_buf_in(a);
	struct mo_str cut = mo_str_sub(all, (size_t)start + 5, (size_t)end);
	for (size_t i = 0; i < cut.len; i++) {
		if (cut.p[i] == '\n') {
			while (i + 1 < cut.len && cut.p[i + 1] == ' ') {
				i++;
			}
		} else {
			mo_buf_addc(&flat, cut.p[i]);
		}
	}
	return mo_buf_str(&flat);
}

static const struct mo_ir_value *
arn(void)
{
	return mo_ir_attribute(a, MO_NOWHERE, bucket, MO_STR("Arn"));
}

static const struct mo_ir_value *
env_ref(void)
{
	return mo_ir_param_ref(a, MO_NOWHERE, env);
}

START_TEST(references_are_named_in_the_text)
{
	ck_str(value_json(SUB(arn(), text("/*"))), "{\"Fn::Sub\": \"${Bucket.Arn}/*\"}");
	ck_str(value_json(SUB(text("a-"), mo_ir_ref(a, MO_NOWHERE, bucket), text("-"), env_ref(), text("-"),
			      mo_ir_pseudo(a, MO_NOWHERE, MO_STR("AWS::Region")))),
		"{\"Fn::Sub\": \"a-${Bucket}-${Env}-${AWS::Region}\"}");
}
END_TEST

START_TEST(text_that_needs_no_sub_gets_none)
{
	ck_str(value_json(SUB(text("a"), mo_ir_int(a, MO_NOWHERE, -5), text("${x}"), mo_ir_bool(a, MO_NOWHERE, true))), "\"a-5${x}true\"");
	ck_str(value_json(mo_ir_sub(a, MO_NOWHERE)), "\"\"");
	ck_str(value_json(SUB(arn())), "{\"Fn::GetAtt\": [\"Bucket\",\"Arn\"]}");
	ck_str(value_json(SUB(text(""), arn(), text(""))), "{\"Fn::GetAtt\": [\"Bucket\",\"Arn\"]}");
}
END_TEST

START_TEST(nested_texts_become_one)
{
	ck_str(value_json(SUB(text("a"), SUB(text("b"), env_ref(), SUB(text("c"))), text("d"))), "{\"Fn::Sub\": \"ab${Env}cd\"}");
	ck_str(value_json(SUB(SUB(SUB(env_ref())))), "{\"Ref\": \"Env\"}");
}
END_TEST

START_TEST(other_values_become_variables_with_names)
{
	const struct mo_ir_value *first = call("Fn::Select", mo_ir_int(a, MO_NOWHERE, 0), call("Fn::Split", text("/"), arn()));
	ck_str(value_json(SUB(text("x-"), first)),
		"{\"Fn::Sub\": [\"x-${BucketArn}\",{\"BucketArn\": {\"Fn::Select\": [0,{\"Fn::Split\": [\"/\",{\"Fn::GetAtt\": [\"Bucket\","
		"\"Arn\"]}]}]}}]}");
	const struct mo_ir_value *imported = mo_ir_call(a, MO_NOWHERE, MO_STR("Fn::ImportValue"), text("shared-vpc/id"));
	ck_str(value_json(SUB(text("x-"), imported)), "{\"Fn::Sub\": [\"x-${SharedVpcId}\",{\"SharedVpcId\": {\"Fn::ImportValue\": "
						      "\"shared-vpc/id\"}}]}");
	const struct mo_ir_value *nameless = call("Fn::Join", text("-"), mo_ir_list(a, MO_NOWHERE));
	ck_str(value_json(SUB(text("x-"), nameless)), "{\"Fn::Sub\": [\"x-${Part1}\",{\"Part1\": {\"Fn::Join\": [\"-\",[]]}}]}");
	const struct mo_ir_value *choice = mo_ir_if(a, MO_NOWHERE, is_prod, text("a"), text("b"));
	ck_str(value_json(SUB(text("x-"), choice)), "{\"Fn::Sub\": [\"x-${IsProd}\",{\"IsProd\": {\"Fn::If\": [\"IsProd\",\"a\",\"b\"]}}]}");
}
END_TEST

START_TEST(a_map_lookup_is_named_after_its_map)
{
	const struct mo_ir_value *args[] = { text("Amis"), mo_ir_pseudo(a, MO_NOWHERE, MO_STR("AWS::Region")), text("hvm") };
	const struct mo_ir_value *lookup = mo_ir_call_list(a, MO_NOWHERE, MO_STR("Fn::FindInMap"), args, 3);
	ck_str(value_json(SUB(text("x-"), lookup)),
		"{\"Fn::Sub\": [\"x-${Amis}\",{\"Amis\": {\"Fn::FindInMap\": [\"Amis\",{\"Ref\": \"AWS::Region\"},\"hvm\"]}}]}");
}
END_TEST

// `Env` is a parameter, so a variable must not take its name; two different values must not share one, two equal ones do.
START_TEST(variables_hide_nothing)
{
	const struct mo_ir_value *lower = call("Fn::Select", mo_ir_int(a, MO_NOWHERE, 0), env_ref());
	const struct mo_ir_value *other = call("Fn::Select", mo_ir_int(a, MO_NOWHERE, 1), env_ref());
	const struct mo_ir_value *again = call("Fn::Select", mo_ir_int(a, MO_NOWHERE, 0), env_ref());
	ck_str(value_json(SUB(lower, text("-"), other, text("-"), again)),
		"{\"Fn::Sub\": [\"${EnvValue}-${EnvValue2}-${EnvValue}\",{\"EnvValue\": {\"Fn::Select\": [0,{\"Ref\": \"Env\"}]},"
		"\"EnvValue2\": {\"Fn::Select\": [1,{\"Ref\": \"Env\"}]}}]}");
}
END_TEST

START_TEST(variables_may_hold_texts)
{
	const struct mo_ir_value *inner = SUB(text("in-"), env_ref());
	const struct mo_ir_value *choice = mo_ir_if(a, MO_NOWHERE, is_prod, inner, text("b"));
	ck_str(value_json(SUB(text("x-"), choice, text("-y"))), "{\"Fn::Sub\": [\"x-${IsProd}-y\",{\"IsProd\": {\"Fn::If\": [\"IsProd\","
								"{\"Fn::Sub\": \"in-${Env}\"},\"b\"]}}]}");
}
END_TEST

START_TEST(literal_dollar_braces_stay_literal)
{
	ck_str(value_json(SUB(text("${HOME} "), env_ref())), "{\"Fn::Sub\": \"${!HOME} ${Env}\"}");
	ck_str(value_json(SUB(text("$"), text("{HOME}"), env_ref())), "{\"Fn::Sub\": \"${!HOME}${Env}\"}");
	ck_str(value_json(SUB(text("$"), env_ref(), text("$$ {x}"))), "{\"Fn::Sub\": \"$${Env}$$ {x}\"}");
	ck_str(value_json(SUB(text("${"), env_ref(), text("}"))), "{\"Fn::Sub\": [\"${Dollar}{${Env}}\",{\"Dollar\": \"$\"}]}");
	ck_str(value_json(SUB(text("${} ${a ${b}"), env_ref())),
		"{\"Fn::Sub\": [\"${Dollar}{} ${Dollar}{a ${!b}${Env}\",{\"Dollar\": \"$\"}]}");
}
END_TEST

START_TEST(values_too_deep_are_reported)
{
	const struct mo_ir_value *v = text("bottom");
	for (int i = 0; i < 2 * MO_IR_DEEPEST; i++) {
		v = object1("x", v);
	}
	set(bucket, "X", v);
	struct mo_ir_platform platform = { .name = MO_STR("p") };
	mo_push(a, &platform.templates, &host);
	struct mo_output_set out = { .arena = a };
	ck_assert(!mo_emit_templates(&ctx, &platform, &out));
	ck_assert_uint_eq(ctx.diags->errors, 1);
	ck_assert_int_eq(ctx.diags->items.items[0]->message, MSG_LIMIT_REACHED);
	ck_assert_uint_eq(out.files.len, 0);
}
END_TEST

// ---- YAML ------------------------------------------------------------------------------------------------------------------------

// The YAML of one value, as the property X of the resource.
static struct mo_str
value_yaml(const struct mo_ir_value *v)
{
	set(bucket, "X", v);
	struct mo_buf out = mo_buf_in(a);
	ck_assert_ptr_null(mo_cfn_yaml(&out, &host, a));
	ptrdiff_t start = mo_str_find(mo_buf_str(&out), MO_STR("      X:"), 0);
	ck_assert_int_gt(start, 0);
	return mo_str_sub(mo_buf_str(&out), (size_t)start + 8, out.len);
}

START_TEST(intrinsics_are_tags)
{
	ck_str(value_yaml(env_ref()), " !Ref Env\n");
	ck_str(value_yaml(mo_ir_attribute(a, MO_NOWHERE, bucket, MO_STR("Endpoint.Address"))), " !GetAtt Bucket.Endpoint.Address\n");
	ck_str(value_yaml(SUB(arn(), text("/*"))), " !Sub \"${Bucket.Arn}/*\"\n");
	ck_str(value_yaml(mo_ir_if(a, MO_NOWHERE, is_prod, mo_ir_int(a, MO_NOWHERE, 3), text("a: b"))), " !If [IsProd, 3, \"a: b\"]\n");
	ck_str(value_yaml(call("Fn::Select", mo_ir_int(a, MO_NOWHERE, 0), call("Fn::Split", text(","), arn()))),
		" !Select [0, !Split [\",\", !GetAtt Bucket.Arn]]\n");
	ck_str(value_yaml(mo_ir_if(a, MO_NOWHERE, is_prod, object1("k", text("v")), text("b"))), " !If\n      - IsProd\n      - k: v\n      - b\n");
}
END_TEST

// One node has one tag; and what a tag would make a text of keeps its kind.
START_TEST(what_cannot_be_a_tag_has_its_long_form)
{
	ck_str(value_yaml(mo_ir_call(a, MO_NOWHERE, MO_STR("Fn::Base64"), SUB(text("x"), env_ref()))), "\n        Fn::Base64: !Sub \"x${Env}\"\n");
	ck_str(value_yaml(mo_ir_call(a, MO_NOWHERE, MO_STR("Fn::Base64"), mo_ir_int(a, MO_NOWHERE, 5))), "\n        Fn::Base64: 5\n");
	ck_str(value_yaml(mo_ir_call(a, MO_NOWHERE, MO_STR("Fn::Base64"), arn())), "\n        Fn::Base64: !GetAtt Bucket.Arn\n");
	ck_str(value_yaml(mo_ir_call(a, MO_NOWHERE, MO_STR("Fn::ToJsonString"), object1("k", text("v")))),
		"\n        Fn::ToJsonString:\n          k: v\n");
	ck_str(value_yaml(call("Fn::GetAtt", text("A"), env_ref())), "\n        Fn::GetAtt:\n        - A\n        - !Ref Env\n");
}
END_TEST

START_TEST(text_of_several_lines_is_a_block)
{
	ck_str(value_yaml(text("a\n b: #c\n")), " |\n        a\n         b: #c\n");
	ck_str(value_yaml(text("a\nb")), " |-\n        a\n        b\n");
	ck_str(value_yaml(text("a \nb")), " \"a \\nb\"\n");
	ck_str(value_yaml(text(" a\nb")), " \" a\\nb\"\n");
	ck_str(value_yaml(text("a\n\n")), " \"a\\n\\n\"\n");
	ck_str(value_yaml(text("a\tb\nc")), " \"a\\tb\\nc\"\n");
}
END_TEST

START_TEST(numbers_are_numbers_for_every_reader)
{
	ck_str(value_yaml(mo_ir_float(a, MO_NOWHERE, 1e21)), " 1.0e+21\n");
	ck_str(value_yaml(mo_ir_float(a, MO_NOWHERE, 0.5)), " 0.5\n");
	ck_str(value_yaml(mo_ir_int(a, MO_NOWHERE, INT64_MIN)), " -9223372036854775808\n");
	ck_str(value_yaml(mo_ir_null(a, MO_NOWHERE)), " null\n");
}
END_TEST

START_TEST(bytes_that_are_no_text_are_replaced)
{
	ck_str(value_yaml(text("a\xff b")), " \"a\xef\xbf\xbd b\"\n");
}
END_TEST

START_TEST(only_harmless_strings_are_plain)
{
	static const char *const plain[] = { "a", "AWS::S3::Bucket", "arn:aws:s3:::b/*", "a b, c", "eu-west-1", "yes1" };
	static const char *const quoted[] = { "", "yes", "NO", "Off", "y", "null", "~", "1", "012", "1e3", "2012-10-17", "12:30", "=", "<<", "a:", "a: b",
		"a #b", "- a", " a", "a ", ".5", "!Ref", "[a]", "{a}", "NaN", "a\tb", "caf\xc3\xa9", "'a'", "*a", "&a", "#a", "@a", "%a", "|", ">" };
	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++) {
		ck_assert_msg(mo_yaml_is_plain(mo_str_c(plain[i])), "%s", plain[i]);
	}
	for (size_t i = 0; i < sizeof(quoted) / sizeof(*quoted); i++) {
		ck_assert_msg(!mo_yaml_is_plain(mo_str_c(quoted[i])), "%s", quoted[i]);
	}
}
END_TEST

// ---- templates -------------------------------------------------------------------------------------------------------------------

START_TEST(a_template_without_anything_has_resources)
{
	struct mo_ir_template t = { .name = MO_STR("t") };
	ck_str(json(&t), "{\n  \"AWSTemplateFormatVersion\": \"2010-09-09\",\n  \"Resources\": {}\n}\n");
}
END_TEST

static void
fill_param(struct mo_ir_param *p)
{
	struct mo_ir_value *allowed = mo_ir_list(a, MO_NOWHERE);
	mo_push(a, &allowed->items, text("dev"));
	p->description = MO_STR("What it is");
	p->constraint_description = MO_STR("dev only");
	p->allowed_pattern = MO_STR("^d");
	p->default_value = text("dev");
	p->allowed_values = allowed;
	p->has_min_length = p->has_max_length = p->has_min_value = p->has_max_value = p->no_echo = true;
	p->min_length = 1;
	p->max_length = 2;
	p->min_value = 3;
	p->max_value = INT64_C(9007199254740993);
}

START_TEST(every_section_stands_in_its_place)
{
	struct mo_ir_template t = { .name = MO_STR("t"), .description = MO_STR("All of it"), .metadata = object1("M", text("m")) };
	mo_push(a, &t.transforms, mo_ir_string(a, MO_NOWHERE, MO_STR("AWS::LanguageExtensions")));
	struct mo_ir_param *p = param(&t, "P");
	fill_param(p);
	struct mo_ir_mapping map = { .id = MO_STR("Map"), .table = object1("a", object1("b", text("c"))) };
	mo_push(a, &t.mappings, &map);
	struct mo_ir_condition *c = condition(&t, "C", call("Fn::Equals", mo_ir_param_ref(a, MO_NOWHERE, p), text("dev")));
	condition(&t, "NotC", call("Fn::Not", mo_ir_condition_ref(a, MO_NOWHERE, c), NULL));
	struct mo_ir_resource *x = resource(&t, "X", "AWS::S3::Bucket"), *y = resource(&t, "Y", "AWS::SNS::Topic");
	struct mo_ir_resource *outside = resource(&t, "", "AWS::EC2::VPC");
	outside->existing = true;
	*x = (struct mo_ir_resource){ .id = x->id, .type = x->type, .template = &t, .properties = x->properties, .condition = c,
		.deletion_policy = MO_IR_SNAPSHOT, .update_replace_policy = MO_IR_RETAIN, .metadata = object1("k", text("v")),
		.creation_policy = object1("k", text("v")), .update_policy = object1("k", text("v")) };
	set(x, "Tags", mo_ir_list(a, MO_NOWHERE));
	set(x, "F", mo_ir_float(a, MO_NOWHERE, 0.5));
	set(x, "Dotted", mo_ir_attribute(a, MO_NOWHERE, y, MO_STR("Endpoint.Address")));
	set(x, "Dropped", mo_ir_pseudo(a, MO_NOWHERE, MO_STR("AWS::NoValue")));
	mo_push(a, &x->depends_on, outside);
	mo_push(a, &x->depends_on, y);
	struct mo_ir_resource *z = resource(&t, "Z", "AWS::SNS::Topic");
	z->deletion_policy = MO_IR_RETAIN_EXCEPT_ON_CREATE;
	mo_push(a, &z->depends_on, x);
	mo_push(a, &z->depends_on, y);
	struct mo_ir_output o = { .id = MO_STR("O"), .value = mo_ir_ref(a, MO_NOWHERE, x), .description = MO_STR("The bucket"),
		.export_name = SUB(mo_ir_pseudo(a, MO_NOWHERE, MO_STR("AWS::StackName")), text("-o")), .condition = c };
	mo_push(a, &t.outputs, &o);
	ck_str(json(&t), "{\n"
		"  \"AWSTemplateFormatVersion\": \"2010-09-09\",\n"
		"  \"Description\": \"All of it\",\n"
		"  \"Metadata\": {\n    \"M\": \"m\"\n  },\n"
		"  \"Transform\": \"AWS::LanguageExtensions\",\n"
		"  \"Parameters\": {\n    \"P\": {\n"
		"      \"Type\": \"String\",\n"
		"      \"Description\": \"What it is\",\n"
		"      \"Default\": \"dev\",\n"
		"      \"AllowedValues\": [\n        \"dev\"\n      ],\n"
		"      \"AllowedPattern\": \"^d\",\n"
		"      \"MinLength\": 1,\n      \"MaxLength\": 2,\n      \"MinValue\": 3,\n      \"MaxValue\": 9007199254740993,\n"
		"      \"NoEcho\": true,\n"
		"      \"ConstraintDescription\": \"dev only\"\n"
		"    }\n  },\n"
		"  \"Mappings\": {\n    \"Map\": {\n      \"a\": {\n        \"b\": \"c\"\n      }\n    }\n  },\n"
		"  \"Conditions\": {\n"
		"    \"C\": {\n      \"Fn::Equals\": [\n        {\n          \"Ref\": \"P\"\n        },\n        \"dev\"\n      ]\n    },\n"
		"    \"NotC\": {\n      \"Fn::Not\": [\n        {\n          \"Condition\": \"C\"\n        }\n      ]\n    }\n"
		"  },\n"
		"  \"Resources\": {\n"
		"    \"X\": {\n"
		"      \"Type\": \"AWS::S3::Bucket\",\n"
		"      \"Condition\": \"C\",\n"
		"      \"DependsOn\": \"Y\",\n"
		"      \"CreationPolicy\": {\n        \"k\": \"v\"\n      },\n"
		"      \"UpdatePolicy\": {\n        \"k\": \"v\"\n      },\n"
		"      \"DeletionPolicy\": \"Snapshot\",\n"
		"      \"UpdateReplacePolicy\": \"Retain\",\n"
		"      \"Metadata\": {\n        \"k\": \"v\"\n      },\n"
		"      \"Properties\": {\n"
		"        \"Tags\": [],\n"
		"        \"F\": 0.5,\n"
		"        \"Dotted\": {\n          \"Fn::GetAtt\": [\n            \"Y\",\n            \"Endpoint.Address\"\n          ]\n        },\n"
		"        \"Dropped\": {\n          \"Ref\": \"AWS::NoValue\"\n        }\n"
		"      }\n"
		"    },\n"
		"    \"Y\": {\n      \"Type\": \"AWS::SNS::Topic\"\n    },\n"
		"    \"Z\": {\n"
		"      \"Type\": \"AWS::SNS::Topic\",\n"
		"      \"DependsOn\": [\n        \"X\",\n        \"Y\"\n      ],\n"
		"      \"DeletionPolicy\": \"RetainExceptOnCreate\"\n"
		"    }\n"
		"  },\n"
		"  \"Outputs\": {\n    \"O\": {\n"
		"      \"Description\": \"The bucket\",\n"
		"      \"Condition\": \"C\",\n"
		"      \"Value\": {\n        \"Ref\": \"X\"\n      },\n"
		"      \"Export\": {\n        \"Name\": {\n          \"Fn::Sub\": \"${AWS::StackName}-o\"\n        }\n      }\n"
		"    }\n  }\n"
		"}\n");
}
END_TEST

START_TEST(a_rule_has_one_assertion_and_stands_behind_the_parameters)
{
	struct mo_ir_template t = { .name = MO_STR("t") };
	const struct mo_ir_value *e = mo_ir_param_ref(a, MO_NOWHERE, param(&t, "Env"));
	struct mo_ir_rule rule = { .id = MO_STR("EnvIsKnown"), .condition = call("Fn::Equals", e, text("x")),
		.assertion = call("Fn::Not", call("Fn::Equals", e, text("y")), NULL), .description = MO_STR("not y") };
	mo_push(a, &t.rules, &rule);
	struct mo_str out = json(&t);
	ptrdiff_t params = mo_str_find(out, MO_STR("\"Parameters\""), 0), rules = mo_str_find(out, MO_STR("\"Rules\""), 0);
	ptrdiff_t resources = mo_str_find(out, MO_STR("\"Resources\""), 0);
	ck_assert(params > 0 && params < rules && rules < resources);
	ck_assert(mo_str_find(out, MO_STR("\"RuleCondition\": {\n        \"Fn::Equals\""), 0) > rules);
	ck_assert(mo_str_find(out, MO_STR("\"Assert\": {\n            \"Fn::Not\""), 0) > rules);
	ck_assert(mo_str_find(out, MO_STR("\"AssertDescription\": \"not y\""), 0) > rules);
}
END_TEST

START_TEST(several_transforms_are_a_list)
{
	struct mo_ir_template t = { .name = MO_STR("t") };
	mo_push(a, &t.transforms, mo_ir_string(a, MO_NOWHERE, MO_STR("A")));
	mo_push(a, &t.transforms, mo_ir_string(a, MO_NOWHERE, MO_STR("B")));
	ck_assert_int_gt(mo_str_find(json(&t), MO_STR("\"Transform\": [\n    \"A\",\n    \"B\"\n  ],"), 0), 0);
}
END_TEST

// ---- the assembly ----------------------------------------------------------------------------------------------------------------

static struct mo_ir_template shared;
static struct mo_ir_account dev, plain;
static struct mo_ir_stack first, second, third;
static struct mo_ir_platform platform;

static void
open_platform(void)
{
	open_ctx();
	shared = (struct mo_ir_template){ .name = MO_STR("net") };
	resource(&shared, "Vpc", "AWS::EC2::VPC");
	dev = (struct mo_ir_account){ .name = MO_STR("dev"), .id = MO_STR("222222222222"), .region = MO_STR("eu-west-1"),
		.partition = MO_STR("aws"), .qualifier = MO_STR("q1"), .bootstrap = true };
	plain = (struct mo_ir_account){ .name = MO_STR("plain"), .id = MO_STR("333333333333"), .region = MO_STR("eu-west-1"),
		.partition = MO_STR("aws"), .qualifier = MO_STR("q1"), .deploy_role = MO_STR("arn:aws:iam::333333333333:role/d") };
	first = (struct mo_ir_stack){ .name = MO_STR("acme-net"), .artifact = MO_STR("net-dev"), .template = &shared, .account = &dev,
		.region = MO_STR("eu-west-1") };
	second = (struct mo_ir_stack){ .name = MO_STR("acme-net"), .artifact = MO_STR("net-us"), .template = &shared, .account = &dev,
		.region = MO_STR("us-east-1"), .termination_protection = true };
	third = (struct mo_ir_stack){ .name = MO_STR("acme-net"), .artifact = MO_STR("net-plain"), .template = &shared, .account = &plain,
		.region = MO_STR("eu-west-1") };
	mo_push(a, &second.tags, (struct mo_ir_tag){ MO_STR("team"), MO_STR("ml"), MO_NOWHERE });
	mo_push(a, &second.notification_arns, MO_STR("arn:aws:sns:us-east-1:222222222222:t"));
	mo_push(a, &second.depends_on, &first);
	platform = (struct mo_ir_platform){ .name = MO_STR("acme") };
	mo_push(a, &platform.accounts, &dev);
	mo_push(a, &platform.accounts, &plain);
	mo_push(a, &platform.templates, &shared);
	mo_push(a, &platform.stacks, &first);
	mo_push(a, &platform.stacks, &second);
	mo_push(a, &platform.stacks, &third);
}

static struct mo_str
file_of(const struct mo_output_set *set, const char *name)
{
	for (uint32_t i = 0; i < set->files.len; i++) {
		if (mo_str_is(set->files.items[i].name, name)) {
			return set->files.items[i].bytes;
		}
	}
	return (struct mo_str){ 0 };
}

static void
ck_holds(struct mo_str all, const char *part)
{
	ck_assert_msg(mo_str_find(all, mo_str_c(part), 0) >= 0, "`%s` is not in\n%.*s", part, MO_STR_ARG(all));
}

// Of the template's bytes, as `sha256sum` prints it.
#define NET_DIGEST "95318f26dbbafc0a6cb4bd5b41173ad44284dac78d92d0cb70eeb27a7dea6d6f"

START_TEST(the_assembly_lists_every_stack_and_its_template)
{
	struct mo_output_set out = { .arena = a };
	ck_assert(mo_emit(&ctx, &platform, &out));
	ck_assert_uint_eq(out.files.len, 4); // one template, two lists of assets, the manifest
	ck_str(file_of(&out, "net.template.json"), "{\n  \"AWSTemplateFormatVersion\": \"2010-09-09\",\n  \"Resources\": {\n    \"Vpc\": {\n"
		"      \"Type\": \"AWS::EC2::VPC\"\n    }\n  }\n}\n");
	ck_str(file_of(&out, "net-us.assets.json"), "{\n"
		"  \"version\": \"36.0.0\",\n"
		"  \"files\": {\n"
		"    \"" NET_DIGEST "\": {\n"
		"      \"displayName\": \"net-us Template\",\n"
		"      \"source\": {\n        \"path\": \"net.template.json\",\n        \"packaging\": \"file\"\n      },\n"
		"      \"destinations\": {\n"
		"        \"222222222222-us-east-1\": {\n"
		"          \"bucketName\": \"cdk-q1-assets-222222222222-us-east-1\",\n"
		"          \"objectKey\": \"" NET_DIGEST ".json\",\n"
		"          \"region\": \"us-east-1\",\n"
		"          \"assumeRoleArn\": "
		"\"arn:${AWS::Partition}:iam::222222222222:role/cdk-q1-file-publishing-role-222222222222-us-east-1\"\n"
		"        }\n      }\n    }\n  },\n"
		"  \"dockerImages\": {}\n"
		"}\n");
	struct mo_str manifest = file_of(&out, "manifest.json");
	ck_holds(manifest, "    \"net-us\": {\n"
		"      \"type\": \"aws:cloudformation:stack\",\n"
		"      \"environment\": \"aws://222222222222/us-east-1\",\n"
		"      \"properties\": {\n"
		"        \"templateFile\": \"net.template.json\",\n"
		"        \"stackName\": \"acme-net\",\n"
		"        \"terminationProtection\": true,\n"
		"        \"tags\": {\n          \"team\": \"ml\"\n        },\n"
		"        \"notificationArns\": [\n          \"arn:aws:sns:us-east-1:222222222222:t\"\n        ],\n"
		"        \"assumeRoleArn\": \"arn:${AWS::Partition}:iam::222222222222:role/cdk-q1-deploy-role-222222222222-us-east-1\",\n"
		"        \"cloudFormationExecutionRoleArn\": "
		"\"arn:${AWS::Partition}:iam::222222222222:role/cdk-q1-cfn-exec-role-222222222222-us-east-1\",\n"
		"        \"stackTemplateAssetObjectUrl\": \"s3://cdk-q1-assets-222222222222-us-east-1/" NET_DIGEST ".json\",\n"
		"        \"requiresBootstrapStackVersion\": 6,\n"
		"        \"bootstrapStackVersionSsmParameter\": \"/cdk-bootstrap/q1/version\",\n"
		"        \"additionalDependencies\": [\n          \"net-us.assets\"\n        ],\n");
	ck_holds(manifest, "      \"dependencies\": [\n        \"net-dev\",\n        \"net-us.assets\"\n      ],\n");
}
END_TEST

START_TEST(an_account_without_bootstrap_uses_its_own_roles_only)
{
	struct mo_output_set out = { .arena = a };
	ck_assert(mo_emit(&ctx, &platform, &out));
	ck_assert_ptr_null(file_of(&out, "net-plain.assets.json").p);
	ck_holds(file_of(&out, "manifest.json"), "    \"net-plain\": {\n"
		"      \"type\": \"aws:cloudformation:stack\",\n"
		"      \"environment\": \"aws://333333333333/eu-west-1\",\n"
		"      \"properties\": {\n"
		"        \"templateFile\": \"net.template.json\",\n"
		"        \"stackName\": \"acme-net\",\n"
		"        \"terminationProtection\": false,\n"
		"        \"assumeRoleArn\": \"arn:aws:iam::333333333333:role/d\"\n"
		"      },\n"
		"      \"dependencies\": [],\n"
		"      \"displayName\": \"net-plain\"\n"
		"    }\n");
}
END_TEST

START_TEST(role_overrides_replace_the_bootstrap_roles)
{
	dev.deploy_role = MO_STR("arn:aws:iam::222222222222:role/deployer");
	dev.execution_role = MO_STR("arn:aws:iam::222222222222:role/executor");
	struct mo_output_set out = { .arena = a };
	ck_assert(mo_emit(&ctx, &platform, &out));
	ck_holds(file_of(&out, "manifest.json"), "\"assumeRoleArn\": \"arn:aws:iam::222222222222:role/deployer\",\n"
		"        \"cloudFormationExecutionRoleArn\": \"arn:aws:iam::222222222222:role/executor\",\n");
}
END_TEST

static void
emit_small(struct mo_arena *arena)
{
	struct mo_ir_template t = { .name = MO_STR("t") };
	struct mo_ir_account account = { .id = MO_STR("222222222222"), .qualifier = MO_STR("q"), .bootstrap = true };
	struct mo_ir_value *properties = mo_ir_object(arena, MO_NOWHERE), *name = mo_ir_sub(arena, MO_NOWHERE);
	mo_push(arena, &name->items, mo_ir_string(arena, MO_NOWHERE, MO_STR("${x} ${")));
	mo_push(arena, &name->items, mo_ir_pseudo(arena, MO_NOWHERE, MO_STR("AWS::Region")));
	mo_ir_set(arena, properties, MO_STR("Name"), MO_NOWHERE, name);
	struct mo_ir_resource r = { .id = MO_STR("R"), .type = MO_STR("T"), .properties = properties };
	struct mo_ir_stack s = { .name = MO_STR("s"), .artifact = MO_STR("s"), .template = &t, .account = &account };
	struct mo_ir_platform p = { .name = MO_STR("p") };
	mo_push(arena, &t.resources, &r);
	mo_push(arena, &p.templates, &t);
	mo_push(arena, &p.stacks, &s);
	struct mo_output_set out = { .arena = arena, .options.format = MO_FORMAT_BOTH };
	struct mo_ctx bare = { 0 };
	mo_emit(&bare, &p, &out);
}

START_TEST(running_out_of_memory_leaves_nothing_behind)
{
	ck_assert_uint_gt(test_fail_every_allocation(emit_small), 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("emit");
	TCase *subs = tcase_create("sub"), *templates = tcase_create("template"), *assembly = tcase_create("assembly");
	tcase_add_checked_fixture(subs, open_host, close_ctx);
	tcase_add_test(subs, references_are_named_in_the_text);
	tcase_add_test(subs, text_that_needs_no_sub_gets_none);
	tcase_add_test(subs, nested_texts_become_one);
	tcase_add_test(subs, other_values_become_variables_with_names);
	tcase_add_test(subs, a_map_lookup_is_named_after_its_map);
	tcase_add_test(subs, variables_hide_nothing);
	tcase_add_test(subs, variables_may_hold_texts);
	tcase_add_test(subs, literal_dollar_braces_stay_literal);
	tcase_add_test(subs, values_too_deep_are_reported);
	tcase_add_test(subs, intrinsics_are_tags);
	tcase_add_test(subs, what_cannot_be_a_tag_has_its_long_form);
	tcase_add_test(subs, text_of_several_lines_is_a_block);
	tcase_add_test(subs, numbers_are_numbers_for_every_reader);
	tcase_add_test(subs, bytes_that_are_no_text_are_replaced);
	tcase_add_test(subs, only_harmless_strings_are_plain);
	tcase_add_checked_fixture(templates, open_ctx, close_ctx);
	tcase_add_test(templates, a_template_without_anything_has_resources);
	tcase_add_test(templates, every_section_stands_in_its_place);
	tcase_add_test(templates, a_rule_has_one_assertion_and_stands_behind_the_parameters);
	tcase_add_test(templates, several_transforms_are_a_list);
	tcase_add_checked_fixture(assembly, open_platform, close_ctx);
	tcase_add_test(assembly, the_assembly_lists_every_stack_and_its_template);
	tcase_add_test(assembly, an_account_without_bootstrap_uses_its_own_roles_only);
	tcase_add_test(assembly, role_overrides_replace_the_bootstrap_roles);
	tcase_add_test(assembly, running_out_of_memory_leaves_nothing_behind);
	suite_add_tcase(suite, subs);
	suite_add_tcase(suite, templates);
	suite_add_tcase(suite, assembly);
	return test_run(suite);
}
