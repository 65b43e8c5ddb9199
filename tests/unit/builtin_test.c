// SPDX-License-Identifier: Apache-2.0
// The built-in functions of lists, text, documents and files, now and at deploy time.
#include "values.h"

#include "base/regex.h"
#include "eval/document.h"
#include "sema/files.h"
#include "sema/glob.h"
#include "source/data.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

// ---- lists and maps --------------------------------------------------------------------------------------------------------------

static value
abc(void)
{
	return LIST(text("a"), text("b"), text("c"));
}

static value
a_list_parameter(void)
{
	return parameter("Subnets", "List<AWS::EC2::Subnet::Id>", "");
}

START_TEST(things_are_counted)
{
	ck_value(CALL(LENGTH, abc()), "3");
	ck_value(CALL(LENGTH, EMPTY), "0");
	ck_value(CALL(LENGTH, RECORD({ "a", number(1) }, { "b", number(2) })), "2");
	ck_value(CALL(LENGTH, text("\xe2\x82\xac" "x")), "2");
	ck_value(CALL(LENGTH, LIST(pseudo("AWS::Region"))), "1");
	ck_refused(CALL(LENGTH, a_list_parameter()), MSG_CANNOT_COMPUTE, "`length`");
	ck_refused(CALL(LENGTH, number(5)), MSG_TYPE_MISMATCH, "a list, a map or a text");
	ck_refused(CALL(LENGTH, none()), MSG_TYPE_MISMATCH, "??");
}
END_TEST

START_TEST(things_are_found)
{
	ck_value(CALL(CONTAINS, abc(), text("b")), "true");
	ck_value(CALL(CONTAINS, abc(), text("x")), "false");
	ck_value(CALL(CONTAINS, LIST(number(1)), decimal(1)), "true");
	ck_value(CALL(CONTAINS, text("hello"), text("ell")), "true");
	ck_value(CALL(CONTAINS, RECORD({ "a", number(1) }), text("a")), "true");
	ck_value(CALL(CONTAINS, RECORD({ "a", number(1) }), text("b")), "false");
	ck_value(CALL(INDEX, abc(), text("c")), "2");
	ck_value(CALL(INDEX, text("\xc3\xa4" "bc"), text("c")), "2");
	ck_refused(CALL(INDEX, abc(), text("x")), MSG_NOT_IN_LIST, "\"x\" is not in [\"a\", \"b\", \"c\"]");
	ck_refused(CALL(INDEX, text("abc"), text("x")), MSG_NOT_IN_LIST, "contains(");
	ck_refused(CALL(INDEX, LIST(text("a"), pseudo("AWS::Region")), text("x")), MSG_CANNOT_COMPUTE, "`index`");
	ck_refused(CALL(INDEX, abc(), pseudo("AWS::Region")), MSG_CANNOT_COMPUTE, "`index`");
}
END_TEST

START_TEST(maps_are_taken_apart_and_merged)
{
	value map = RECORD({ "b", number(2) }, { "a", number(1) });
	ck_value(CALL(KEYS, map), "[\"b\", \"a\"]");
	ck_value(CALL(VALUES, map), "[2, 1]");
	ck_value(CALL(ENTRIES, map), "[{ key: \"b\", value: 2 }, { key: \"a\", value: 1 }]");
	ck_value(CALL(MERGE, map, RECORD({ "a", number(9) }, { "c", number(3) })), "{ b: 2, a: 9, c: 3 }");
	ck_value(CALL(MERGE, map, RECORD({ "a", none() }), none(), RECORD({ "d", none() })), "{ b: 2, a: 1, d: none }");
	ck_refused(CALL(KEYS, abc()), MSG_TYPE_MISMATCH, "a map, not a list of 3");
	ck_refused(CALL(MERGE, map, number(1)), MSG_TYPE_MISMATCH, "a map");
}
END_TEST

START_TEST(lists_are_rearranged)
{
	ck_value(CALL(FLATTEN, LIST(LIST(number(1), number(2)), EMPTY, LIST(number(3)))), "[1, 2, 3]");
	ck_value(CALL(DISTINCT, LIST(number(1), decimal(1), text("1"), number(2), number(1), pseudo("AWS::Region"), pseudo("AWS::Region"))),
		"[1, \"1\", 2, a value known at deploy time]");
	ck_value(CALL(REVERSE, abc()), "[\"c\", \"b\", \"a\"]");
	ck_value(CALL(REVERSE, EMPTY), "[]");
	ck_value(CALL(ZIP, LIST(number(1)), LIST(text("a"))), "[{ first: 1, second: \"a\" }]");
	ck_value(CALL(SLICE, abc(), number(1), number(3)), "[\"b\", \"c\"]");
	ck_value(CALL(SLICE, abc(), number(1)), "[\"b\", \"c\"]");
	ck_value(CALL(SLICE, abc(), number(3), NULL), "[]");
	ck_value(CALL(SLICE, text("a\xe2\x82\xac" "bc"), number(1), number(3)), "\"\xe2\x82\xac" "b\"");
	ck_refused(CALL(ZIP, abc(), EMPTY), MSG_LENGTHS_DIFFER, "3 and 0");
	ck_refused(CALL(SLICE, abc(), number(4)), MSG_BAD_ARGUMENT, "from 0 to 3");
	ck_refused(CALL(SLICE, abc(), number(2), number(1)), MSG_BAD_ARGUMENT, "from 2 to 3");
	ck_refused(CALL(SLICE, abc(), number(-1)), MSG_BAD_ARGUMENT, "`from`");
	ck_refused(CALL(FLATTEN, LIST(number(1))), MSG_TYPE_MISMATCH, "a list");
	ck_refused(CALL(FLATTEN, LIST(a_list_parameter())), MSG_CANNOT_COMPUTE, "`flatten`");
	ck_refused(CALL(REVERSE, a_list_parameter()), MSG_CANNOT_COMPUTE, "`reverse`");
}
END_TEST

START_TEST(lists_are_ordered)
{
	ck_value(CALL(SORT, LIST(text("b"), text("B"), text("a"), text("\xc3\xa4"))), "[\"B\", \"a\", \"b\", \"\xc3\xa4\"]");
	ck_value(CALL(SORT, LIST(number(3), decimal(-0.5), number(10))), "[-0.5, 3, 10]");
	ck_value(CALL(SORT, LIST(number(INT64_MAX), number(INT64_MAX - 1))), "[9223372036854775806, 9223372036854775807]");
	ck_value(CALL(MIN, LIST(number(3), number(1), number(2))), "1");
	ck_value(CALL(MAX, LIST(measure(MO_VALUE_DURATION, 1000), measure(MO_VALUE_DURATION, 60000))), "1min");
	ck_refused(CALL(SORT, LIST(text("a"), number(1))), MSG_TYPE_MISMATCH, "can be ordered");
	ck_refused(CALL(SORT, LIST(truth(true))), MSG_TYPE_MISMATCH, "a Bool");
	ck_refused(CALL(MAX, LIST(text("a"))), MSG_TYPE_MISMATCH, "numbers of one kind");
	ck_refused(CALL(MAX, EMPTY), MSG_EMPTY_LIST, "no greatest element");
	ck_refused(CALL(MIN, EMPTY), MSG_EMPTY_LIST, "no least element");
}
END_TEST

START_TEST(lists_are_added_up)
{
	ck_value(CALL(SUM, LIST(number(1), number(2))), "3");
	ck_value(CALL(SUM, LIST(number(1), decimal(0.5))), "1.5");
	ck_value(CALL(SUM, LIST(measure(MO_VALUE_SIZE, 1024), measure(MO_VALUE_SIZE, 1024))), "2KiB");
	ck_value(CALL(SUM, EMPTY), "0");
	ck_refused(CALL(SUM, LIST(number(INT64_MAX), number(1))), MSG_OVERFLOW, "64 bits");
	ck_refused(CALL(SUM, LIST(decimal(1e308), decimal(1e308))), MSG_OVERFLOW, "64 bits");
	ck_refused(CALL(SUM, LIST(measure(MO_VALUE_SIZE, 1), number(1))), MSG_TYPE_MISMATCH, "one kind");
	ck_value(CALL(ALL, LIST(truth(true), truth(true))), "true");
	ck_value(CALL(ALL, LIST(truth(true), truth(false))), "false");
	ck_value(CALL(ALL, EMPTY), "true");
	ck_value(CALL(ANY, EMPTY), "false");
	ck_value(CALL(ANY, LIST(truth(false), truth(true))), "true");
}
END_TEST

// ---- text ------------------------------------------------------------------------------------------------------------------------

START_TEST(text_is_joined_and_split)
{
	ck_value(CALL(JOIN, text(", "), LIST(text("a"), number(1), none(), cidr("10.0.0.0/8"))), "\"a, 1, 10.0.0.0/8\"");
	ck_value(CALL(JOIN, text(","), EMPTY), "\"\"");
	ck_value(CALL(JOIN, text("-"), LIST(text("a"), pseudo("AWS::Region"))), "Fn::Join(['-' ['a' AWS::Region]])");
	ck_value(CALL(JOIN, text(","), a_list_parameter()), "Fn::Join([',' param(Subnets)])");
	ck_refused(CALL(JOIN, text(","), LIST(a_resource("AWS::S3::Bucket", "B"))), MSG_BARE_RESOURCE, ".Arn");
	ck_refused(CALL(JOIN, pseudo("AWS::Region"), abc()), MSG_CANNOT_COMPUTE, "`join`");
	ck_refused(CALL(JOIN, text(","), text("a")), MSG_TYPE_MISMATCH, "a list");
	ck_value(CALL(SPLIT, text(","), text("a,,b,")), "[\"a\", \"\", \"b\", \"\"]");
	ck_value(CALL(SPLIT, text("--"), text("a")), "[\"a\"]");
	value parts = CALL(SPLIT, text(","), parameter("P", "String", ""));
	ck_value(parts, "Fn::Split([',' param(P)])");
	ck_assert(parts->is_list);
	ck_refused(CALL(SPLIT, text(""), text("abc")), MSG_BAD_ARGUMENT, "`separator`");
}
END_TEST

START_TEST(text_is_changed)
{
	ck_value(CALL(REPLACE, text("aXbX"), text("X"), text("--")), "\"a--b--\"");
	ck_value(CALL(REPLACE, text("aaa"), text("aa"), text("b")), "\"ba\"");
	ck_value(CALL(LOWER, text("ABC\xc3\x84z1")), "\"abc\xc3\x84z1\"");
	ck_value(CALL(UPPER, text("abc\xc3\xa4Z1")), "\"ABC\xc3\xa4Z1\"");
	ck_value(CALL(TRIM, text(" \t a b\r\n")), "\"a b\"");
	ck_value(CALL(TRIM, text("  ")), "\"\"");
	ck_value(CALL(STARTS_WITH, text("abc"), text("ab")), "true");
	ck_value(CALL(ENDS_WITH, text("abc"), text("ab")), "false");
	ck_value(CALL(PAD, number(7), number(3)), "\"007\"");
	ck_value(CALL(PAD, number(-7), number(3)), "\"-007\"");
	ck_value(CALL(PAD, number(12345), number(3)), "\"12345\"");
	ck_value(CALL(PAD, number(INT64_MIN), number(0)), "\"-9223372036854775808\"");
	ck_refused(CALL(REPLACE, text("a"), text(""), text("b")), MSG_BAD_ARGUMENT, "`old`");
	ck_refused(CALL(PAD, number(1), number(1001)), MSG_BAD_ARGUMENT, "0 to 1000");
	ck_refused(CALL(LOWER, pseudo("AWS::Region")), MSG_CANNOT_COMPUTE, "`lower`");
	ck_refused(CALL(UPPER, truth(true)), MSG_TYPE_MISMATCH, "expected String");
}
END_TEST

START_TEST(results_have_a_largest_size)
{
	struct mo_buf b = mo_buf_in(ARENA);
	mo_buf_fill(&b, 'x', 5000);
	value many = mo_value_string(ARENA, fx.here, mo_buf_str(&b)), lists[300];
	ck_refused(CALL(REPLACE, many, text("x"), many), MSG_TEXT_TOO_LONG, "16 MiB");
	for (int i = 0; i < 300; i++) {
		lists[i] = CALL(SPLIT, text("x"), many);
	}
	ck_value(CALL(LENGTH, CALL(FLATTEN, list_of(199, lists))), "995199");
	ck_refused(CALL(FLATTEN, list_of(300, lists)), MSG_TOO_MANY_ELEMENTS, "1000000");
}
END_TEST

START_TEST(text_becomes_numbers)
{
	ck_value(CALL(TO_INT, text("8080")), "8080");
	ck_value(CALL(TO_INT, text("-007")), "-7");
	ck_value(CALL(TO_INT, text("-9223372036854775808")), "-9223372036854775808");
	ck_refused(CALL(TO_INT, text("9223372036854775808")), MSG_OVERFLOW, "does not fit");
	ck_refused(CALL(TO_INT, text("")), MSG_NOT_A_NUMBER, "no whole number");
	ck_refused(CALL(TO_INT, text("-")), MSG_NOT_A_NUMBER, "no whole number");
	ck_refused(CALL(TO_INT, text("1.0")), MSG_NOT_A_NUMBER, "no whole number");
	ck_refused(CALL(TO_INT, text(" 1")), MSG_NOT_A_NUMBER, "no whole number");
}
END_TEST

START_TEST(digests_are_those_of_the_standards)
{
	ck_value(CALL(SHA256, text("abc")), "\"ba7816bf8f01cfea414140de5dae2223b00361a3…\"");
	ck_str(CALL(SHA256, text(""))->text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	ck_value(CALL(BASE64, text("")), "\"\"");
	ck_value(CALL(BASE64, text("f")), "\"Zg==\"");
	ck_value(CALL(BASE64, text("foobar")), "\"Zm9vYmFy\"");
	ck_value(CALL(BASE64, pseudo("AWS::Region")), "Fn::Base64(AWS::Region)");
	ck_refused(CALL(SHA256, pseudo("AWS::Region")), MSG_CANNOT_COMPUTE, "`sha256`");
}
END_TEST

START_TEST(patterns_match_whole_texts)
{
	ck_value(CALL(MATCHES, text("abc"), text("[a-z]+")), "true");
	ck_value(CALL(MATCHES, text("abc1"), text("[a-z]+")), "false");
	ck_value(CALL(MATCHES, text("ab"), text("a|ab")), "true");
	ck_value(CALL(MATCHES, text("a\nb"), text("a")), "false");
	ck_value(CALL(MATCHES, text("a.b"), text("^a\\.b$")), "true");
	ck_value(CALL(MATCHES, text("]-x"), text("[]x-]{3}")), "true");
	ck_value(CALL(MATCHES, text("x"), text("(x|y[[:alpha:]]){1,63}")), "true");
	static const char *const bad[] = { "\\d+", "\\w", "\\1", "(?:a)", "a*?", "a++", "(a", "a)", "[a", "[\\w]", "{", "a{2", "a{3,1}", "\\",
		"((a{1,200}){1,200}){1,200}", "[[:foo:]]", "[z-a]", "*" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		value v = CALL(MATCHES, text("a"), text(bad[i]));
		ck_assert_msg(v->kind == MO_VALUE_ERROR || strcmp(bad[i], "*") == 0, "%s", bad[i]);
		ck_assert_msg(v->kind != MO_VALUE_ERROR || fx.ctx.diags->items.items[0]->message == MSG_BAD_REGEX, "%s", bad[i]);
		fx.ctx.diags->items.len = 0;
	}
}
END_TEST

START_TEST(placeholders_are_filled)
{
	value values = RECORD({ "name", text("ada") }, { "region", pseudo("AWS::Region") }, { "port", number(80) });
	ck_value(CALL(FILL, text("hello ${name}:${port}"), values), "\"hello ada:80\"");
	ck_value(CALL(FILL, text("${region}/${name}"), values), "sub(AWS::Region '/ada')");
	ck_value(CALL(FILL, text("$${name} $ {} $$"), values), "\"${name} $ {} $$\"");
	ck_value(CALL(FILL, text(""), values), "\"\"");
	ck_refused(CALL(FILL, text("${nam}"), values), MSG_NO_VALUE_FOR_NAME, "did you mean `${name}`?");
	ck_refused(CALL(FILL, text("${HOME}"), values), MSG_NO_VALUE_FOR_NAME, "`$${HOME}`");
	ck_refused(CALL(FILL, text("${name"), values), MSG_NO_VALUE_FOR_NAME, "not closed");
	ck_refused(CALL(FILL, text("${a}"), RECORD({ "a", abc() })), MSG_TYPE_MISMATCH, "join");
	ck_refused(CALL(FILL, pseudo("AWS::Region"), values), MSG_CANNOT_COMPUTE, "`fill`");
}
END_TEST

// ---- documents -------------------------------------------------------------------------------------------------------------------

START_TEST(json_is_written)
{
	value v = RECORD({ "a", LIST(number(1), none(), truth(true), decimal(0.5)) }, { "b", none() }, { "c\"", text("x\n\xc3\xa4") },
		{ "d", cidr("10.0.0.0/8") }, { "e", EMPTY });
	ck_str(CALL(TO_JSON, v)->text, "{\"a\":[1,true,0.5],\"c\\\"\":\"x\\n\xc3\xa4\",\"d\":\"10.0.0.0/8\",\"e\":[]}");
	ck_str(CALL(TO_JSON, text("x"))->text, "\"x\"");
	ck_refused(CALL(TO_JSON, LIST(a_resource("AWS::S3::Bucket", "B"))), MSG_BARE_RESOURCE, ".Arn");
	ck_refused(CALL(TO_JSON, RECORD({ "t", measure(MO_VALUE_DURATION, 5) })), MSG_UNIT_UNKNOWN, ".seconds");
}
END_TEST

static value
attribute(const char *type, const char *name)
{
	return mo_value_deploy(ARENA, fx.here, mo_ir_attribute(ARENA, fx.here, resource(type, "R"), mo_str_c(name)), false);
}

START_TEST(deploy_time_scalars_are_placed_in_json)
{
	value arn = mo_concat(&fx.ev, fx.here, (value[]){ text("a\"b:"), pseudo("AWS::Partition") }, 2);
	ck_value(CALL(TO_JSON, RECORD({ "r", pseudo("AWS::Region") }, { "n", number(1) })), "sub('{\"r\":\"' AWS::Region '\",\"n\":1}')");
	ck_value(CALL(TO_JSON, LIST(arn)), "sub('[\"a\\\"b:' AWS::Partition '\"]')");
	ck_value(CALL(TO_JSON, LIST(attribute("AWS::IAM::Role", "Arn"))), "sub('[\"' att(R.Arn) '\"]')");
	ck_value(CALL(TO_JSON, LIST(parameter("N", "Number", ""))), "sub('[' param(N) ']')");
	ck_value(CALL(TO_JSON, LIST(parameter("V", "AWS::EC2::VPC::Id", ""))), "sub('[\"' param(V) '\"]')");
	ck_value(CALL(TO_JSON, LIST(parameter("P", "String", "^[a-zA-Z0-9-]{1,20}$"))), "sub('[\"' param(P) '\"]')");
	ck_value(CALL(TO_JSON, RECORD({ "s", a_list_parameter() })), "sub('{\"s\":[\"' Fn::Join(['\",\"' param(Subnets)]) '\"]}')");
	static const char *const unsafe[] = { "", ".*", "[^a]+", "[!-~]+", "[a\"]", "\\S+", "[A-z]", "[[:print:]]", "[ -a]" };
	for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++) {
		ck_noted(CALL(TO_JSON, LIST(parameter("P", "String", unsafe[i]))), "Fn::ToJsonString([param(P)])", MSG_NEEDS_EXTENSIONS, "escap");
	}
	ck_noted(CALL(TO_JSON, LIST(attribute("AWS::SSM::Parameter", "Value"))), "Fn::ToJsonString([att(R.Value)])", MSG_NEEDS_EXTENSIONS, "escap");
	ck_noted(CALL(TO_JSON, LIST(attribute("Custom::Thing", "Arn"))), "Fn::ToJsonString([att(R.Arn)])", MSG_NEEDS_EXTENSIONS, "escap");
	ck_refused(CALL(TO_JSON, LIST(attribute("Custom::Thing", "Arn"), parameter("N", "Number", ""))), MSG_CANNOT_COMPUTE, "holds a number");
	ck_refused(CALL(TO_JSON, attribute("Custom::Thing", "Arn")), MSG_CANNOT_COMPUTE, "lists and records only");
	ck_refused(CALL(TO_JSON, LIST(pseudo("AWS::NoValue"))), MSG_CANNOT_COMPUTE, "may be absent");
}
END_TEST

START_TEST(yaml_is_written_for_every_reader)
{
	value v = RECORD({ "version", decimal(0.2) }, { "id", text("012345678901") }, { "date", text("2012-10-17") }, { "yes", text("no") },
		{ "list", LIST(text("a b"), text(""), text("x: y"), number(3), none()) }, { "script", text("echo 1\necho 2\n") },
		{ "big", decimal(1e21) }, { "time", text("12:30") }, { "cidr", cidr("10.0.0.0/8") }, { "on", truth(true) }, { "none", none() },
		{ "empty", EMPTY }, { "e", text("1e3") }, { "hex", text("0x1f") }, { "name", text("eu-west-1") });
	ck_str(CALL(TO_YAML, v)->text,
		"version: 0.2\nid: '012345678901'\ndate: '2012-10-17'\n'yes': 'no'\nlist:\n- a b\n- ''\n- 'x: y'\n- 3\nscript: |\n  echo 1\n  echo 2\n"
		"big: 1.0e+21\ntime: '12:30'\ncidr: 10.0.0.0/8\n'on': true\nempty: []\ne: '1e3'\nhex: '0x1f'\nname: eu-west-1\n");
	ck_str(CALL(TO_YAML, text("plain"))->text, "plain\n");
	ck_str(CALL(TO_YAML, LIST(text("~"), text("="), text("<<"), text("NULL"), text(".inf"), text("-1"), text("#x"), text("a\tb"), text("\xc3\xa4")))->text,
		"- '~'\n- '='\n- '<<'\n- 'NULL'\n- '.inf'\n- '-1'\n- '#x'\n- \"a\\tb\"\n- \xc3\xa4\n");
}
END_TEST

START_TEST(deploy_time_scalars_are_placed_in_yaml)
{
	value v = RECORD({ "region", pseudo("AWS::Region") }, { "DEPLOYX0E", text("DEPLOYXX1E") }, { "num", parameter("N", "Number", "") });
	ck_value(CALL(TO_YAML, v), "sub('region: \"' AWS::Region '\"\nDEPLOYX0E: DEPLOYXX1E\nnum: ' param(N) '\n')");
	ck_noted(CALL(TO_YAML, LIST(parameter("P", "String", ""))), "Fn::ToJsonString([param(P)])", MSG_NEEDS_EXTENSIONS, "escap");
}
END_TEST

// What is written is read back as the same value by this compiler's own reader.
START_TEST(yaml_is_read_back)
{
	static const char *const texts[] = { "a", "", " ", "a ", " a", "a\n", "\n", "\na", "a\n\nb", "a: b", "- a", "[", "{}", "'", "\"", "#", "a #b", "&a", "*a",
		"!a", "|", ">", "%a", "@a", "`a", "1", "0x1", "1_0", "1.5", ".5", "1e5", "null", "true", "Yes", "2001-01-01", "12:30:45", "---", "...", "?",
		"? a", ":", "a:", "\\", "\t", "a\tb", "\x01", "\x7f", "\xc2\x85", "\xe2\x80\xa8", "\xef\xbb\xbf", "\xf0\x9f\x98\x80", "a\r\nb", "  a\n b\n", "\n\n  a\n" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		value v = RECORD({ "k", text(texts[i]) }, { "l", LIST(text(texts[i])) });
		struct mo_source *s;
		struct mo_data_error e = { 0 };
		uint32_t bad;
		ck_assert_int_eq(mo_source_add(fx.ctx.sources, MO_STR("y"), MO_STR(""), CALL(TO_YAML, v)->text, MO_SOURCE_DATA, &s, &bad), MO_SOURCE_OK);
		const struct mo_data *d = mo_data_read_yaml(&fx.ctx.session, s, &e);
		ck_assert_msg(d != NULL, "%zu `%s`: %.*s", i, texts[i], MO_STR_ARG(e.text));
		ck_assert_msg(mo_value_equal(mo_value_of_data(&fx.ev, d), v), "%zu `%s`: %.*s", i, texts[i], MO_STR_ARG(s->text));
	}
}
END_TEST

START_TEST(nulls_of_data_files_are_kept)
{
	struct mo_source *s;
	struct mo_data_error e = { 0 };
	uint32_t bad;
	mo_source_add(fx.ctx.sources, MO_STR("d"), MO_STR(""), MO_STR("{\"a\": null, \"b\": [null, 1.50, 12345678901234567]}"), MO_SOURCE_DATA, &s, &bad);
	value v = mo_value_of_data(&fx.ev, mo_data_read_json(&fx.ctx.session, s, &e));
	ck_str(CALL(TO_JSON, v)->text, "{\"a\":null,\"b\":[null,1.5,12345678901234567]}");
	ck_str(CALL(TO_YAML, v)->text, "a: null\nb:\n- null\n- 1.5\n- 12345678901234567\n");
}
END_TEST

// Calls a built-in with `limit` allocations left; false when that was not enough. Nothing may be left behind, as a leak checker sees.
static bool
works_with(size_t limit)
{
	jmp_buf here;
	struct mo_buf b = mo_buf_in(ARENA);
	mo_buf_fill(&b, 'x', 3000);
	value item = mo_value_string(ARENA, fx.here, mo_buf_str(&b)), items[300];
	for (int i = 0; i < 300; i++) {
		items[i] = item;
	}
	value list = list_of(300, items);
	volatile bool enough = false;
	fx.ctx.mem.on_exhausted = &here;
	fx.ctx.mem.fail_after = fx.ctx.mem.allocations + limit;
	if (setjmp(here) == 0) {
		CALL(TO_YAML, list);
		CALL(GLOB, text("**"));
		CALL(MATCHES, item, text("x+"));
		enough = true;
	}
	fx.ctx.mem.on_exhausted = NULL;
	fx.ctx.mem.fail_after = 0;
	return enough;
}

START_TEST(memory_may_run_out_anywhere)
{
	fx.program.root = mo_str_c("/etc");
	fx.program.main = mo_new(&fx.ctx.session, struct mo_module);
	fx.program.main->source = mo_source_get(fx.ctx.sources, 0);
	size_t limit = 1;
	while (!works_with(limit)) {
		limit++;
	}
	ck_assert_uint_gt(limit, 3);
}
END_TEST

// ---- files -----------------------------------------------------------------------------------------------------------------------

static char folder[64];
static struct mo_module module;

static const char *
path_of(const char *name)
{
	return mo_str_printf(ARENA, "%s/%s", folder, name).p;
}

static void
write_file(const char *name, const char *content)
{
	FILE *f = fopen(path_of(name), "w");
	ck_assert_ptr_nonnull(f);
	fputs(content, f);
	ck_assert_int_eq(fclose(f), 0);
}

// A project in FOLDER/project, and a file outside of it.
static void
open_project(void)
{
	static const struct mo_library_file library[] = { { "std/enable.py", "print()\n", 8 }, { NULL, NULL, 0 } };
	open_fixture();
	strcpy(folder, "/tmp/mlopsc-builtin-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	static const char *const folders[] = { "project", "project/data", "project/data/deep", "project/.git", "outside" };
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		ck_assert_int_eq(mkdir(path_of(folders[i]), 0700), 0);
	}
	write_file("project/main.mlops", "let x = yaml(\"team.yml\")\n");
	write_file("project/team.yml", "lead: ada\nsize: 012\n");
	write_file("project/bad.yml", "a: 1\na: 2\n");
	write_file("project/data/a.json", "{\"n\": 1}");
	write_file("project/data/b.json", "{\"n\": 2,}");
	write_file("project/data/deep/c.json", "{}");
	write_file("project/.git/d.json", "{}");
	write_file("outside/secret.yml", "a: 1\n");
	ck_assert_int_eq(symlink("../outside/secret.yml", path_of("project/link.yml")), 0);
	ck_assert_int_eq(symlink("../outside", path_of("project/link")), 0);
	ck_assert_int_eq(symlink("../team.yml", path_of("project/data/inside.yml")), 0);
	struct mo_source *s;
	uint32_t bad;
	struct mo_str main = mo_str_c(path_of("project/main.mlops"));
	ck_assert_int_eq(mo_source_read(fx.ctx.sources, MO_STR("project/main.mlops"), main, MO_SOURCE_PROGRAM, &s, &bad), MO_SOURCE_OK);
	module = (struct mo_module){ .source = s };
	fx.program.root = mo_str_sub(s->path, 0, s->path.len - strlen("/main.mlops"));
	fx.program.main = &module;
	fx.program.options.library = library;
	mo_push(&fx.ctx.session, &fx.program.modules, &module);
	fx.here = (struct mo_span){ s->base + 13, s->base + 23 };
	fx.call.span = (struct mo_span){ s->base + 8, s->base + 24 };
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *w)
{
	(void)st;
	(void)kind;
	(void)w;
	return remove(path);
}

static void
close_project(void)
{
	close_fixture();
	ck_assert_int_eq(nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

START_TEST(data_files_are_read_once)
{
	value team = CALL(YAML, text("team.yml"));
	ck_value(team, "{ lead: \"ada\", size: 12 }");
	ck_assert_ptr_eq(CALL(YAML, text("./data/../team.yml")), team);
	ck_assert_ptr_eq(CALL(YAML, text("data/inside.yml")), team);
	uint32_t sources = mo_source_count(fx.ctx.sources);
	ck_str(CALL(TEXT, text("team.yml"))->text, "lead: ada\nsize: 012\n");
	ck_assert_uint_eq(mo_source_count(fx.ctx.sources), sources);
	ck_str(mo_source_at(fx.ctx.sources, team->span.start)->name, "project/team.yml");
	ck_value(CALL(JSON, text("data/a.json")), "{ n: 1 }");
}
END_TEST

START_TEST(nothing_outside_the_project_is_read)
{
	static const char *const paths[] = { "../outside/secret.yml", "link.yml", "link/secret.yml", "/etc/passwd", "../outside/absent.yml", "link/absent.yml",
		"../../../../../../etc/passwd", "data/../../outside/secret.yml", "../outside/absent/absent.yml" };
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		ck_refused(CALL(YAML, text(paths[i])), MSG_OUTSIDE_PROJECT, paths[i]);
	}
	ck_refused(CALL(GLOB, text("../outside/*")), MSG_OUTSIDE_PROJECT, "../outside/*");
	ck_refused(CALL(GLOB, text("link/*.yml")), MSG_OUTSIDE_PROJECT, "link/*.yml");
}
END_TEST

START_TEST(files_that_cannot_be_read)
{
	ck_refused(CALL(YAML, text("taem.yml")), MSG_FILE_NOT_FOUND, "did you mean \"team.yml\"?");
	ck_refused(CALL(JSON, text("data/c.json")), MSG_FILE_NOT_FOUND, "did you mean \"data/a.json\"?");
	ck_refused(CALL(YAML, text("dat/a.json")), MSG_FILE_NOT_FOUND, "no folder `project/dat`");
	ck_refused(CALL(YAML, text("data")), MSG_NOT_A_FILE, "project/data");
	ck_refused(CALL(YAML, text("")), MSG_NOT_A_FILE, "project");
	ck_refused(CALL(YAML, text("bad.yml")), MSG_BAD_YAML, "duplicate key `a`");
	ck_assert_int_eq(CALL(YAML, text("bad.yml"))->kind, MO_VALUE_ERROR); // reported once
	ck_no_report();
	ck_refused(CALL(JSON, text("data/b.json")), MSG_BAD_JSON, "unexpected `}`");
	ck_refused(CALL(YAML, pseudo("AWS::Region")), MSG_CANNOT_COMPUTE, "`yaml`");
	ck_assert_int_eq(mkfifo(path_of("project/pipe"), 0600), 0);
	ck_refused(CALL(TEXT, text("pipe")), MSG_NOT_A_FILE, "pipe"); // and it does not wait for a writer
	if (geteuid() != 0) {
		ck_assert_int_eq(chmod(path_of("project/team.yml"), 0), 0);
		ck_refused(CALL(YAML, text("team.yml")), MSG_CANNOT_READ, "team.yml");
	}
}
END_TEST

START_TEST(mistakes_point_into_the_file_and_the_program)
{
	CALL(YAML, text("bad.yml"));
	const struct mo_diag *d = fx.ctx.diags->items.items[0];
	struct mo_position at = mo_position_of(fx.ctx.sources, d->span.start);
	ck_str(at.source->name, "project/bad.yml");
	ck_assert_uint_eq(at.line, 2);
	ck_assert_uint_eq(d->labels.items[0].span.start, fx.here.start);
	fx.ctx.diags->items.len = 0;
	CALL(YAML, text("taem.yml"));
	ck_str(fx.ctx.diags->items.items[0]->fixes.items[0].replacement, "\"team.yml\"");
}
END_TEST

START_TEST(globs_are_sorted_and_skip_the_hidden)
{
	ck_value(CALL(GLOB, text("data/*.json")), "[\"data/a.json\", \"data/b.json\"]");
	ck_value(CALL(GLOB, text("**/*.json")), "[\"data/a.json\", \"data/b.json\", \"data/deep/c.json\"]");
	ck_value(CALL(GLOB, text("data/**")), "[\"data/a.json\", \"data/b.json\", \"data/deep/c.json\", \"data/inside.yml\"]");
	ck_value(CALL(GLOB, text("*/?.json")), "[\"data/a.json\", \"data/b.json\"]");
	ck_value(CALL(GLOB, text("**/deep/**/*.json")), "[\"data/deep/c.json\"]");
	ck_value(CALL(GLOB, text(".git/*.json")), "[\".git/d.json\"]");
	ck_value(CALL(GLOB, text("team.yml")), "[\"team.yml\"]");
	ck_value(CALL(GLOB, text("*.yml")), "[\"bad.yml\", \"team.yml\"]"); // link.yml leads outside
	ck_value(CALL(GLOB, text("absent/*")), "[]");
	ck_value(CALL(GLOB, text("data")), "[]");
}
END_TEST

START_TEST(globs_have_limits)
{
	char path[8 * MO_GLOB_DEEPEST] = "project";
	for (int i = 0; i <= MO_GLOB_DEEPEST; i++) {
		strcat(path, "/d");
		ck_assert_int_eq(mkdir(path_of(path), 0700), 0);
	}
	ck_refused(CALL(GLOB, text("d/**")), MSG_TOO_MANY_FILES, "deeper than 64 folders");
	mo_names names = { 0 };
	struct mo_str root = fx.program.root;
	ck_assert_int_eq(mo_glob(ARENA, root, root, MO_STR("**"), 5, 10, &names), MO_GLOB_TOO_MANY);
	ck_assert_int_eq(mo_glob(ARENA, root, root, MO_STR("**"), 1000, 1, &names), MO_GLOB_TOO_DEEP);
	ck_assert_int_eq(mo_glob(ARENA, root, root, MO_STR("data/**"), 1000, 10, &names), MO_GLOB_DONE);
	ck_assert(mo_glob_matches(MO_STR("a*b*c"), MO_STR("aXbXbc")));
	ck_assert(!mo_glob_matches(MO_STR("a*b*c"), MO_STR("aXbXb")));
	ck_assert(mo_glob_matches(MO_STR("*"), MO_STR("abc")));
	ck_assert(!mo_glob_matches(MO_STR("*"), MO_STR(".abc")));
	ck_assert(!mo_glob_matches(MO_STR("?"), MO_STR("")));
}
END_TEST

START_TEST(standard_modules_read_what_the_library_holds)
{
	struct mo_source *s;
	uint32_t bad;
	mo_source_add(fx.ctx.sources, MO_STR("std/studio"), MO_STR(""), MO_STR("let x = text(\"enable.py\")\n"), MO_SOURCE_LIBRARY, &s, &bad);
	struct mo_module std = { .source = s, .library = true };
	mo_push(&fx.ctx.session, &fx.program.modules, &std);
	fx.call.span = (struct mo_span){ s->base + 8, s->base + 12 };
	ck_str(CALL(TEXT, text("enable.py"))->text, "print()\n");
	ck_no_report();
	ck_refused(CALL(TEXT, text("team.yml")), MSG_FILE_NOT_FOUND, "holds no file `std/team.yml`");
	ck_refused(CALL(TEXT, text("../project/team.yml")), MSG_FILE_NOT_FOUND, "the standard library");
	ck_refused(CALL(TEXT, text("/etc/passwd")), MSG_FILE_NOT_FOUND, "the standard library");
	ck_refused(CALL(GLOB, text("*")), MSG_OUTSIDE_PROJECT, "no folders");
	fx.program.options.stdlib = mo_str_c(path_of("project"));
	ck_str(CALL(TEXT, text("team.yml"))->text, "lead: ada\nsize: 012\n");
	ck_refused(CALL(TEXT, text("link.yml")), MSG_OUTSIDE_PROJECT, "link.yml");
	ck_refused(CALL(TEXT, text("../outside/secret.yml")), MSG_OUTSIDE_PROJECT, "secret.yml");
}
END_TEST

// ---- the table -------------------------------------------------------------------------------------------------------------------

START_TEST(every_builtin_is_there)
{
	for (int kind = 0; kind < MO_BUILTIN_KINDS; kind++) {
		value nothing = none(), args[3] = { nothing, nothing, nothing };
		value v = call((enum mo_builtin_kind)kind, mo_builtins[kind].least, args);
		ck_assert_msg(kind == MO_BUILTIN_MERGE || v->kind == MO_VALUE_ERROR, "%s", mo_builtins[kind].name);
		ck_assert_uint_eq(fx.ctx.diags->items.len, kind == MO_BUILTIN_MERGE ? 0 : 1);
		fx.ctx.diags->items.len = 0;
		args[0] = mo_value_simple(MO_VALUE_ERROR); // what was reported already stays silent
		ck_assert_int_eq(call((enum mo_builtin_kind)kind, mo_builtins[kind].least, args)->kind, MO_VALUE_ERROR);
		ck_no_report();
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("builtin");
	TCase *tests = tcase_create("values"), *files = tcase_create("files");
	tcase_add_checked_fixture(tests, open_fixture, close_fixture);
	tcase_add_test(tests, things_are_counted);
	tcase_add_test(tests, things_are_found);
	tcase_add_test(tests, maps_are_taken_apart_and_merged);
	tcase_add_test(tests, lists_are_rearranged);
	tcase_add_test(tests, lists_are_ordered);
	tcase_add_test(tests, lists_are_added_up);
	tcase_add_test(tests, text_is_joined_and_split);
	tcase_add_test(tests, text_is_changed);
	tcase_add_test(tests, results_have_a_largest_size);
	tcase_add_test(tests, text_becomes_numbers);
	tcase_add_test(tests, digests_are_those_of_the_standards);
	tcase_add_test(tests, patterns_match_whole_texts);
	tcase_add_test(tests, placeholders_are_filled);
	tcase_add_test(tests, json_is_written);
	tcase_add_test(tests, deploy_time_scalars_are_placed_in_json);
	tcase_add_test(tests, yaml_is_written_for_every_reader);
	tcase_add_test(tests, deploy_time_scalars_are_placed_in_yaml);
	tcase_add_test(tests, yaml_is_read_back);
	tcase_add_test(tests, nulls_of_data_files_are_kept);
	tcase_add_test(tests, memory_may_run_out_anywhere);
	tcase_add_test(tests, every_builtin_is_there);
	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(files, open_project, close_project);
	tcase_add_test(files, data_files_are_read_once);
	tcase_add_test(files, nothing_outside_the_project_is_read);
	tcase_add_test(files, files_that_cannot_be_read);
	tcase_add_test(files, mistakes_point_into_the_file_and_the_program);
	tcase_add_test(files, globs_are_sorted_and_skip_the_hidden);
	tcase_add_test(files, globs_have_limits);
	tcase_add_test(files, standard_modules_read_what_the_library_holds);
	suite_add_tcase(suite, files);
	return test_run(suite);
}
