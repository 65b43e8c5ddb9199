// SPDX-License-Identifier: Apache-2.0
// What diagnostics look like, byte for byte.
#include "fixture.h"

#include "base/json.h"
#include "diag/render.h"

static struct mo_source *
add(const char *name, const char *text)
{
	struct mo_source *source;
	uint32_t bad;
	ck_assert_int_eq(mo_source_add(ctx.sources, mo_str_c(name), MO_STR(""), mo_str_c(text), MO_SOURCE_PROGRAM, &source, &bad), MO_SOURCE_OK);
	return source;
}

// The span of the first occurrence of a text.
static struct mo_span
of(const struct mo_source *source, const char *text)
{
	ptrdiff_t at = mo_str_find(source->text, mo_str_c(text), 0);
	ck_assert_int_ge(at, 0);
	uint32_t start = source->base + (uint32_t)at;
	return (struct mo_span){ start, start + (uint32_t)strlen(text) };
}

static struct mo_str
rendered(enum mo_renderer_kind kind, bool colour, uint32_t most)
{
	struct mo_buf out = mo_buf_in(&ctx.build);
	struct mo_render_options options = { .colour = colour, .most = most, .program = "mlopsc" };
	mo_diags_finish(ctx.diags);
	mo_renderers[kind].render(&out, ctx.sources, ctx.diags, &options);
	return mo_buf_str(&out);
}

static void
expect_human(const char *expected)
{
	ck_str(rendered(MO_RENDER_HUMAN, false, 0), expected);
}

START_TEST(one_place_in_each_of_two_files)
{
	struct mo_source *s = add("net.mlops", "one\ntwo\nAWS::EC2::Subnet private {}\nfour\n\tVpcId: private2\n"), *o = add("lib.mlops", "let net = 1\n");
	struct mo_diag *d = mo_report(ctx.diags, MSG_LIMIT_REACHED, of(s, "private2"), "`VpcId` wants a VPC, this is a subnet");
	mo_diag_here(d, "AWS::EC2::Subnet");
	mo_diag_label(d, of(s, "private"), "declared here");
	mo_diag_label(d, of(o, "net"), "meant");
	mo_diag_note(d, "expected Ref<AWS::EC2::VPC>\nfound a subnet");
	mo_diag_help(d, "did you mean `net`?");
	mo_diag_fix(d, d->span, "net");
	expect_human("error[ML0021]: `VpcId` wants a VPC, this is a subnet\n"
		" --> net.mlops:5:9\n"
		"  |\n"
		"3 | AWS::EC2::Subnet private {}\n"
		"  |                  ------- declared here\n"
		"4 | four\n"
		"5 |     VpcId: private2\n"
		"  |            ^^^^^^^^ AWS::EC2::Subnet\n"
		" ::: lib.mlops:1:5\n"
		"  |\n"
		"1 | let net = 1\n"
		"  |     --- meant\n"
		"  |\n"
		"  = expected Ref<AWS::EC2::VPC>\n"
		"    found a subnet\n"
		"  = help: did you mean `net`?\n"
		"5 -     VpcId: private2\n"
		"5 +     VpcId: net\n"
		"\n"
		"1 error\n"
		"for more: mlopsc explain ML0021\n");
}
END_TEST

START_TEST(many_marks_on_one_line)
{
	struct mo_source *s = add("f", "z \xc3\xa9\xe2\x82\xac here there\n");
	struct mo_diag *d = mo_report(ctx.diags, MSG_LIMIT_REACHED, of(s, "here"), "many");
	mo_diag_label(d, of(s, "\xc3\xa9\xe2\x82\xac"), "letters");
	mo_diag_label(d, of(s, "z"), "first");
	mo_diag_label(d, of(s, "there"), "right");
	expect_human("error[ML0021]: many\n"
		" --> f:1:6\n"
		"  |\n"
		"1 | z \xc3\xa9\xe2\x82\xac here there\n"
		"  | - -- ^^^^ ----- right\n"
		"  | | |\n"
		"  | | letters\n"
		"  | first\n"
		"\n"
		"1 error\n"
		"for more: mlopsc explain ML0021\n");
}
END_TEST

START_TEST(nested_marks_hang_below)
{
	struct mo_source *s = add("f", "abcdef\n");
	struct mo_diag *d = mo_report(ctx.diags, MSG_LIMIT_REACHED, of(s, "cd"), "nested");
	mo_diag_here(d, "inner");
	mo_diag_label(d, of(s, "abcdef"), "outer");
	expect_human("error[ML0021]: nested\n"
		" --> f:1:3\n"
		"  |\n"
		"1 | abcdef\n"
		"  | --^^--\n"
		"  | | |\n"
		"  | | inner\n"
		"  | outer\n"
		"\n"
		"1 error\n"
		"for more: mlopsc explain ML0021\n");
}
END_TEST

START_TEST(a_span_over_lines_marks_its_ends)
{
	struct mo_source *s = add("f", "stack n {\n  a\n  b\n  c\n  } x\n");
	struct mo_diag *d = mo_report(ctx.diags, MSG_LIMIT_REACHED, of(s, "n {\n  a\n  b\n  c\n  }"), "over lines");
	mo_diag_here(d, "all this");
	expect_human("error[ML0021]: over lines\n"
		" --> f:1:7\n"
		"  |\n"
		"1 | stack n {\n"
		"  |       ^^^\n"
		"...\n"
		"5 |   } x\n"
		"  |   ^ all this\n"
		"\n"
		"1 error\n"
		"for more: mlopsc explain ML0021\n");
}
END_TEST

START_TEST(the_end_of_the_file_and_nowhere)
{
	struct mo_source *s = add("f", "a\n\n\n\n\n\n\n\n\n");
	struct mo_span end = { s->base + 10, s->base + 10 };
	mo_diag_here(mo_report(ctx.diags, MSG_LIMIT_REACHED, end, "unexpected end"), "expected `}`");
	mo_diag_help(mo_report(ctx.diags, MSG_NO_MAIN, MO_NOWHERE, "no main"), "name another folder");
	expect_human("error[ML0007]: no main\n"
		"  = help: name another folder\n"
		"\n"
		"error[ML0021]: unexpected end\n"
		"  --> f:10:1\n"
		"   |\n"
		"10 |\n"
		"   | ^ expected `}`\n"
		"\n"
		"2 errors\n"
		"for more: mlopsc explain ML0007 (also for ML0021)\n");
}
END_TEST

START_TEST(a_long_line_is_cut_around_what_matters)
{
	struct mo_buf text = mo_buf_in(&ctx.session);
	mo_buf_fill(&text, 'x', 1000);
	mo_buf_adds(&text, "WRONG");
	mo_buf_fill(&text, 'y', 1000);
	mo_buf_addc(&text, 0);
	struct mo_source *s = add("f", text.p);
	struct mo_diag *d = mo_report(ctx.diags, MSG_LIMIT_REACHED, of(s, "WRONG"), "long");
	mo_diag_here(d, "here");
	mo_diag_label(d, (struct mo_span){ s->base, s->base + 2 }, "far away");
	expect_human("error[ML0021]: long\n"
		" --> f:1:1001\n"
		"  |\n"
		"1 | \xe2\x80\xa6xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxWRONG"
		"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\xe2\x80\xa6\n"
		"  | -                                        ^^^^^ here\n"
		"  | |\n"
		"  | far away\n"
		"\n"
		"1 error\n"
		"for more: mlopsc explain ML0021\n");
}
END_TEST

START_TEST(changes_are_shown_as_differences)
{
	struct mo_source *s = add("f", "a: 1\nb: 2\nc: 3\nd: 4\n");
	struct mo_diag *d = mo_report(ctx.diags, MSG_LIMIT_REACHED, of(s, "a"), "fixes");
	mo_diag_fix(d, of(s, "d: 4"), "e: 5");
	mo_diag_fix(d, (struct mo_span){ of(s, "1").end, of(s, "1").end }, "\n  more: 2");
	mo_diag_fix(d, of(s, "c: 3\n"), "%s", "");
	mo_diag_fix(d, of(s, "4"), "6"); // overlaps the first: left out of the picture
	expect_human("error[ML0021]: fixes\n"
		" --> f:1:1\n"
		"  |\n"
		"1 | a: 1\n"
		"  | ^\n"
		"  |\n"
		"  = help: this change puts it right\n"
		"2 +   more: 2\n"
		"3 - c: 3\n"
		"4 - d: 4\n"
		"3 + e: 5\n"
		"\n"
		"1 error\n"
		"for more: mlopsc explain ML0021\n");
}
END_TEST

START_TEST(control_characters_cannot_reach_the_terminal)
{
	struct mo_source *s = add("f", "a\033[31mb \xe2\x80\xae" "c\n");
	struct mo_diag *d = mo_report(ctx.diags, MSG_LIMIT_REACHED, of(s, "a"), "a\033[31m\n\t\xe2\x80\xae");
	(void)d;
	expect_human("error[ML0021]: a\\u{1b}[31m\\n\\t\\u{202e}\n"
		" --> f:1:1\n"
		"  |\n"
		"1 | a\xef\xbf\xbd[31mb \xef\xbf\xbd" "c\n"
		"  | ^\n"
		"\n"
		"1 error\n"
		"for more: mlopsc explain ML0021\n");
}
END_TEST

START_TEST(colours_mark_severity_and_reset)
{
	struct mo_source *s = add("f", "abc\n");
	mo_report(ctx.diags, MSG_LIMIT_REACHED, of(s, "b"), "text");
	ck_str(rendered(MO_RENDER_HUMAN, true, 0), "\033[0;1;31merror[ML0021]\033[0;1m: text\033[0m\n"
		" \033[0;1;34m--> \033[0mf:1:2\n"
		"  \033[0;1;34m|\033[0m\n"
		"\033[0;1;34m1 | \033[0mabc\n"
		"  \033[0;1;34m|  \033[0;1;31m^\033[0m\n"
		"\n"
		"1 error\n"
		"for more: mlopsc explain ML0021\n");
}
END_TEST

START_TEST(only_so_many_are_shown)
{
	struct mo_source *s = add("f", "abcdefghij\n");
	for (uint32_t i = 0; i < 9; i++) {
		struct mo_diag *d = mo_report(ctx.diags, MSG_LIMIT_REACHED, (struct mo_span){ s->base + i, s->base + i + 1 }, "number %u", i);
		d->severity = i == 8 ? MO_WARNING : MO_ERROR;
	}
	struct mo_str text = rendered(MO_RENDER_HUMAN, false, 3);
	ck_assert_int_ge(mo_str_find(text, MO_STR("number 2\n"), 0), 0);
	ck_assert_int_eq(mo_str_find(text, MO_STR("number 3\n"), 0), -1);
	ck_assert_int_ge(mo_str_find(text, MO_STR("warning[ML0021]: number 8\n"), 0), 0);
	ck_assert(mo_str_ends(text, MO_STR("\nand 5 more errors; --max-errors 0 shows all\n8 errors, 1 warning\nfor more: mlopsc explain ML0021\n")));
	ck_assert_int_eq(mo_str_find(rendered(MO_RENDER_JSON, false, 2), MO_STR("number 2"), 0), -1);
}
END_TEST

START_TEST(json_has_every_key)
{
	struct mo_source *s = add("a\"b", "\xc3\xa9 bad\nx\n");
	struct mo_diag *d = mo_report(ctx.diags, MSG_LIMIT_REACHED, of(s, "bad\nx"), "quote \" and \xff byte\n");
	mo_diag_label(d, of(s, "x"), "label");
	mo_diag_note(d, "note");
	mo_diag_help(d, "help");
	mo_diag_fix(d, of(s, "bad"), "good");
	mo_report(ctx.diags, MSG_NO_MAIN, MO_NOWHERE, "nowhere");
	ck_str(rendered(MO_RENDER_JSON, true, 0),
		"{\"path\":null,\"line\":null,\"column\":null,\"end_line\":null,\"end_column\":null,\"start\":null,\"end\":null,"
		"\"severity\":\"error\",\"code\":\"ML0007\",\"slug\":\"no-main\",\"message\":\"nowhere\",\"here\":\"\",\"labels\":[],\"notes\":[],"
		"\"help\":\"\",\"fixes\":[]}\n"
		"{\"path\":\"a\\\"b\",\"line\":1,\"column\":3,\"end_line\":2,\"end_column\":2,\"start\":3,\"end\":8,"
		"\"severity\":\"error\",\"code\":\"ML0021\",\"slug\":\"limit-reached\",\"message\":\"quote \\\" and \xef\xbf\xbd byte\\n\",\"here\":\"\","
		"\"labels\":[{\"path\":\"a\\\"b\",\"line\":2,\"column\":1,\"end_line\":2,\"end_column\":2,\"start\":7,\"end\":8,\"text\":\"label\"}],"
		"\"notes\":[\"note\"],\"help\":\"help\","
		"\"fixes\":[{\"path\":\"a\\\"b\",\"line\":1,\"column\":3,\"end_line\":1,\"end_column\":6,\"start\":3,\"end\":6,\"replacement\":\"good\"}]}\n");
}
END_TEST

// What the text quotes can neither end the command nor start another.
START_TEST(github_commands_cannot_be_forged)
{
	struct mo_source *s = add("a:b,c\r\n%.mlops", "one\ntwo\n");
	struct mo_diag *d = mo_report(ctx.diags, MSG_LIMIT_REACHED, of(s, "e\nt"), "100%%\n::set-output name=x::y\033");
	mo_diag_note(d, "note: a, b");
	mo_diag_help(d, "help");
	d->severity = MO_WARNING;
	ck_str(rendered(MO_RENDER_GITHUB, true, 0),
		"::warning file=a%3Ab%2Cc%0D%0A%25.mlops,line=1,endLine=2,col=3,title=ML0021 limit-reached::"
		"100%25%0A::set-output name=x::y\\u{1b}%0Anote: a, b%0Ahelp: help\n");
}
END_TEST

START_TEST(sarif_groups_fixes_by_file_and_knows_what_is_no_file)
{
	struct mo_source *s = add("/p/a b.mlops", "one two\n"), *library;
	uint32_t bad;
	ck_assert_int_eq(mo_source_add(ctx.sources, MO_STR("std/x"), MO_STR(""), MO_STR("let a = 1\n"), MO_SOURCE_LIBRARY, &library, &bad), MO_SOURCE_OK);
	struct mo_diag *d = mo_report(ctx.diags, MSG_LIMIT_REACHED, of(s, "one"), "text");
	mo_diag_label(d, of(library, "a"), "there");
	mo_diag_fix(d, of(s, "one"), "1");
	mo_diag_fix(d, of(library, "a"), "b");
	mo_diag_fix(d, of(s, "two"), "%s", "");
	struct mo_str text = rendered(MO_RENDER_SARIF, false, 0);
	static const char *const in_order[] = { "\"locations\"", "\"file:///p/a%20b.mlops\"", "\"relatedLocations\"", "\"mlopsc:std/x\"",
		"\"artifactChanges\"", "\"file:///p/a%20b.mlops\"", "\"text\": \"1\"", "\"startColumn\": 5,", "\"text\": \"\"", "\"mlopsc:std/x\"",
		"\"text\": \"b\"" };
	ptrdiff_t at = 0;
	for (size_t i = 0; i < sizeof(in_order) / sizeof(*in_order); i++) {
		at = mo_str_find(text, mo_str_c(in_order[i]), (size_t)at);
		ck_assert_msg(at >= 0, "`%s` is missing in\n%.*s", in_order[i], MO_STR_ARG(text));
	}
	ck_assert_int_eq(mo_str_find(text, MO_STR("artifactLocation"), (size_t)at), -1);
}
END_TEST

START_TEST(json_strings_escape_what_they_must)
{
	struct mo_buf out = mo_buf_in(&ctx.session);
	mo_json_string(&out, MO_STR("\"\\/\b\f\n\r\t\x01\x7f\0\xc3\xa9"));
	ck_str(mo_buf_str(&out), "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f\\u0000\xc3\xa9\"");
}
END_TEST

// Every span of a text with everything awkward in it, as the primary place, a label and a fix.
START_TEST(any_span_can_be_shown)
{
	struct mo_source *s = add("f", "\xc3\xa9\t\r\n\n \xf0\x9f\x98\x80x\n\tlast\xe2\x80\xae"), *other = add("g", "");
	uint32_t end = (uint32_t)s->text.len;
	for (uint32_t from = 0; from <= end; from++) {
		for (uint32_t to = from; to <= end; to++) {
			struct mo_span span = { s->base + from, s->base + to };
			ctx.diags = mo_diags_new(&ctx.build);
			struct mo_diag *d = mo_report(ctx.diags, MSG_LIMIT_REACHED, span, "any");
			mo_diag_here(d, "here");
			mo_diag_label(d, (struct mo_span){ s->base + end - to, s->base + end - from }, "label");
			mo_diag_label(d, (struct mo_span){ other->base, other->base }, "elsewhere");
			mo_diag_fix(d, span, "a\nb");
			struct mo_str text = rendered(MO_RENDER_HUMAN, false, 0);
			ck_assert_int_ge(mo_str_find(text, MO_STR("here"), 0), 0);
			ck_assert_int_ge(mo_str_find(text, MO_STR("label"), 0), 0);
			ck_assert_int_ge(mo_str_find(text, MO_STR("::: g:1:1\n"), 0), 0);
			ck_assert_int_ge(mo_str_find(text, MO_STR("^"), 0), 0);
			size_t bad;
			ck_assert(mo_str_utf8(text, &bad)); // also when a span cuts a character in two
			ck_assert(mo_str_utf8(rendered(MO_RENDER_JSON, false, 0), &bad));
			ck_assert(mo_str_utf8(rendered(MO_RENDER_SARIF, false, 0), &bad));
			ck_assert(mo_str_utf8(rendered(MO_RENDER_GITHUB, false, 0), &bad));
		}
	}
}
END_TEST

START_TEST(nothing_gives_nothing)
{
	ck_str(rendered(MO_RENDER_HUMAN, true, 0), "");
	ck_str(rendered(MO_RENDER_JSON, true, 0), "");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("render");
	TCase *tests = tcase_create("render");
	tcase_add_checked_fixture(tests, open_ctx, close_ctx);
	tcase_add_test(tests, one_place_in_each_of_two_files);
	tcase_add_test(tests, many_marks_on_one_line);
	tcase_add_test(tests, nested_marks_hang_below);
	tcase_add_test(tests, a_span_over_lines_marks_its_ends);
	tcase_add_test(tests, the_end_of_the_file_and_nowhere);
	tcase_add_test(tests, a_long_line_is_cut_around_what_matters);
	tcase_add_test(tests, changes_are_shown_as_differences);
	tcase_add_test(tests, control_characters_cannot_reach_the_terminal);
	tcase_add_test(tests, colours_mark_severity_and_reset);
	tcase_add_test(tests, only_so_many_are_shown);
	tcase_add_test(tests, json_has_every_key);
	tcase_add_test(tests, github_commands_cannot_be_forged);
	tcase_add_test(tests, sarif_groups_fixes_by_file_and_knows_what_is_no_file);
	tcase_add_test(tests, json_strings_escape_what_they_must);
	tcase_add_test(tests, any_span_can_be_shown);
	tcase_add_test(tests, nothing_gives_nothing);
	suite_add_tcase(suite, tests);
	return test_run(suite);
}
