// SPDX-License-Identifier: Apache-2.0
// compiler/source/data: what YAML and JSON files become, where things stand in them, and everything that is refused.
#include "source/data.h"
#include "fixture.h"

#include <stdio.h>

static struct mo_data_error error;
static const struct mo_source *source;

static const struct mo_data *
read_text(const char *text, bool json)
{
	struct mo_source *s;
	uint32_t bad;
	error = (struct mo_data_error){ 0 };
	ck_assert_int_eq(mo_source_add(ctx.sources, MO_STR("f"), MO_STR(""), mo_str_c(text), MO_SOURCE_DATA, &s, &bad), MO_SOURCE_OK);
	source = s;
	return json ? mo_data_read_json(&ctx.session, s, &error) : mo_data_read_yaml(&ctx.session, s, &error);
}

static const struct mo_data *
yaml(const char *text)
{
	const struct mo_data *d = read_text(text, false);
	ck_assert_msg(d != NULL, "`%s`: %.*s", text, MO_STR_ARG(error.text));
	return d;
}

static const struct mo_data *
json(const char *text)
{
	const struct mo_data *d = read_text(text, true);
	ck_assert_msg(d != NULL, "`%s`: %.*s", text, MO_STR_ARG(error.text));
	return d;
}

static void
put(struct mo_buf *b, const struct mo_data *d)
{
	switch (d->kind) {
	case MO_DATA_NULL:
		mo_buf_adds(b, "null");
		break;
	case MO_DATA_BOOL:
		mo_buf_adds(b, d->boolean ? "true" : "false");
		break;
	case MO_DATA_INT:
		mo_buf_printf(b, "%lld", (long long)d->integer);
		break;
	case MO_DATA_FLOAT:
		mo_buf_printf(b, "%gf", d->number);
		break;
	case MO_DATA_STRING:
		mo_buf_printf(b, "'" MO_STR_FMT "'", MO_STR_ARG(d->text));
		break;
	case MO_DATA_LIST:
		mo_buf_addc(b, '[');
		for (uint32_t i = 0; i < d->items.len; i++) {
			mo_buf_adds(b, i ? " " : "");
			put(b, d->items.items[i]);
		}
		mo_buf_addc(b, ']');
		break;
	case MO_DATA_OBJECT:
		mo_buf_addc(b, '{');
		for (uint32_t i = 0; i < d->members.len; i++) {
			mo_buf_printf(b, "%s" MO_STR_FMT ":", i ? " " : "", MO_STR_ARG(d->members.items[i].key));
			put(b, d->members.items[i].value);
		}
		mo_buf_addc(b, '}');
		break;
	}
}

// The tree on one line.
static struct mo_str
shown(const struct mo_data *d)
{
	struct mo_buf b = mo_buf_in(&ctx.session);
	put(&b, d);
	return mo_buf_str(&b);
}

static struct mo_str
at(struct mo_span span)
{
	return mo_span_text(ctx.sources, span);
}

// A member's value by its key.
static const struct mo_data *
get(const struct mo_data *d, const char *key)
{
	for (uint32_t i = 0; i < d->members.len; i++) {
		if (mo_str_is(d->members.items[i].key, key)) {
			return d->members.items[i].value;
		}
	}
	ck_abort_msg("no key %s", key);
}

// Fails to read; the message holds `words`, and the span starts at byte `offset` of the text.
static void
refuses(bool is_json, const char *text, const char *words, uint32_t offset)
{
	const struct mo_data *d = read_text(text, is_json);
	ck_assert_msg(d == NULL, "`%s` was read", text);
	ck_assert_msg(mo_str_find(error.text, mo_str_c(words), 0) >= 0, "`%s`: got `%.*s`", text, MO_STR_ARG(error.text));
	ck_assert_msg(error.span.start == source->base + offset, "`%s`: points at %u", text, error.span.start - source->base);
}

// ---- YAML ------------------------------------------------------------------------------------------------------------------------

START_TEST(plain_scalars_follow_the_core_schema)
{
	ck_str(shown(yaml("[null, Null, ~, \n true, False, 12, -7, +3, 0x1F, 0o17, 012, 1.5, .5, -1e3, 5.]")),
		"[null null null true false 12 -7 3 31 15 12 1.5f 0.5f -1000f 5f]");
	ck_str(shown(yaml("[yes, no, on, off, y, 1_000, 0b11, 2012-10-17, 1:30, 10.0.0.0/16, a b, '', e3, ., -, 0x, 1e]")),
		"['yes' 'no' 'on' 'off' 'y' '1_000' '0b11' '2012-10-17' '1:30' '10.0.0.0/16' 'a b' '' 'e3' '.' '-' '0x' '1e']");
	ck_str(shown(yaml("[\"12\", 'true', 'null']")), "['12' 'true' 'null']");
}
END_TEST

START_TEST(plain_scalars_keep_their_text)
{
	const struct mo_data *d = yaml("a: 012345678901\nb: '012345678901'\nc: 0.20\n");
	ck_str(get(d, "a")->text, "012345678901");
	ck_assert(get(d, "a")->plain);
	ck_assert_int_eq(get(d, "a")->kind, MO_DATA_INT);
	ck_assert(!get(d, "b")->plain);
	ck_assert_int_eq(get(d, "b")->kind, MO_DATA_STRING);
	ck_str(get(d, "c")->text, "0.20");
}
END_TEST

START_TEST(keys_are_text_in_the_order_of_the_file)
{
	ck_str(shown(yaml("b: 1\na: 2\n3: x\ntrue: y\n\"q\": z\n99999999999999999999: w")), "{b:1 a:2 3:'x' true:'y' q:'z' 99999999999999999999:'w'}");
	ck_str(shown(yaml("{a: 1, b, c: }")), "{a:1 b:null c:null}");
}
END_TEST

START_TEST(empty_files_are_null)
{
	ck_str(shown(yaml("")), "null");
	ck_str(shown(yaml("# nothing\n")), "null");
	ck_str(shown(yaml("---\n")), "null");
	ck_str(shown(yaml("\xef\xbb\xbf" "a: 1")), "{a:1}");
	ck_str(shown(yaml("%YAML 1.2\n---\na: 1\n...\n")), "{a:1}");
}
END_TEST

START_TEST(spans_are_exact)
{
	const struct mo_data *d = yaml("name: dev  # comment\nlist:\n  - a b\n  - 'q'\n  - [1, {x: 2}]\nmap:\n  k: v\n\n# end\nlast: 1\n");
	ck_str(at(get(d, "name")->span), "dev");
	ck_str(at(d->members.items[1].key_span), "list");
	ck_str(at(get(d, "list")->span), "- a b\n  - 'q'\n  - [1, {x: 2}]");
	ck_str(at(get(d, "list")->items.items[0]->span), "a b");
	ck_str(at(get(d, "list")->items.items[1]->span), "'q'");
	ck_str(at(get(d, "list")->items.items[2]->span), "[1, {x: 2}]");
	ck_str(at(get(d, "list")->items.items[2]->items.items[1]->span), "{x: 2}");
	ck_str(at(get(d, "map")->span), "k: v");
	ck_assert_uint_eq(d->span.start, source->base);
	ck_assert(mo_str_ends(at(d->span), MO_STR("last: 1")));
}
END_TEST

START_TEST(spans_count_bytes_not_characters)
{
	const struct mo_data *d = yaml("n\xc3\xa4me: \xe2\x82\xac\xe2\x82\xac\r\nb: \"\xf0\x9f\x98\x80\" # \xc3\xa4\r\nc: x\n");
	ck_str(at(get(d, "n\xc3\xa4me")->span), "\xe2\x82\xac\xe2\x82\xac");
	ck_str(at(d->members.items[0].key_span), "n\xc3\xa4me");
	ck_str(at(get(d, "b")->span), "\"\xf0\x9f\x98\x80\"");
	ck_str(at(get(d, "c")->span), "x");
}
END_TEST

START_TEST(block_scalars_end_with_their_text)
{
	const struct mo_data *d = yaml("a: |\n  one\n  two\n\n\nb: >-\n  folded\n  text\n# comment\nc: |+\n  keep\n\nd: |\n\ne: 1\n");
	ck_str(get(d, "a")->text, "one\ntwo\n");
	ck_str(at(get(d, "a")->span), "|\n  one\n  two");
	ck_str(get(d, "b")->text, "folded text");
	ck_str(at(get(d, "b")->span), ">-\n  folded\n  text");
	ck_str(get(d, "c")->text, "keep\n\n");
	ck_str(at(get(d, "c")->span), "|+\n  keep");
	ck_str(get(d, "d")->text, "");
	ck_str(at(get(d, "d")->span), "|");
	ck_assert(!get(d, "d")->plain);
	ck_assert_int_eq(get(d, "d")->kind, MO_DATA_STRING);
}
END_TEST

START_TEST(aliases_and_merge_keys_are_resolved)
{
	const struct mo_data *d = yaml("base: &b {x: 1, y: 2}\none: *b\ntwo:\n  z: 0\n  <<: *b\n  y: 3\n");
	ck_str(shown(get(d, "one")), "{x:1 y:2}");
	ck_str(shown(get(d, "two")), "{z:0 y:3 x:1}");
	ck_str(at(get(d, "one")->span), "{x: 1, y: 2}"); // where it was written
	ck_str(shown(get(yaml("a: &a {p: 1}\nb: &b {p: 2, q: 3}\nc: {<<: [*a, *b], r: 4}"), "c")), "{r:4 p:1 q:3}");
	ck_str(shown(yaml("- &k key\n- {*k : 1}\n- &k other\n- *k")), "['key' {key:1} 'other' 'other']");
	ck_str(shown(yaml("{'<<': 1}")), "{<<:1}");
	ck_str(at(yaml("a: &long\n  b: 1\nc: &x !!str  12\n")->members.items[1].value->span), "12");
}
END_TEST

START_TEST(core_tags_say_how_to_read)
{
	const struct mo_data *d = yaml("[!!str 12, !!int \"7\", !!float 3, ! 5, !!null '', !!bool 'true', !!map {a: 1}, !!seq [2]]");
	ck_str(shown(d), "['12' 7 3f '5' null true {a:1} [2]]");
	ck_assert(!d->items.items[0]->plain);
}
END_TEST

START_TEST(yaml_that_is_refused)
{
	refuses(false, "a: 1\nb: 2\na: 3\n", "duplicate key `a`", 10);
	refuses(false, "{a: 1, 'a': 2}", "duplicate key `a`", 7);
	refuses(false, "a: &a\n  b: *a\n", "inside what it names", 11);
	refuses(false, "a: *b\n", "names nothing above", 3);
	refuses(false, "a: !Ref b\n", "the tag `!Ref`", 8);
	refuses(false, "a: !!binary aGk=\n", "the tag", 12);
	refuses(false, "a: !!set {b}\n", "the tag", 9);
	refuses(false, "a: !!int x\n", "`x` is no int", 9);
	refuses(false, "a: 9223372036854775808\n", "64 bits", 3);
	refuses(false, "a: .inf\n", "quotes", 3);
	refuses(false, "a: 1e999\n", "quotes", 3);
	refuses(false, "a: 1\n---\nb: 2\n", "one document", 5);
	refuses(false, "? [a]\n: 1\n", "a key must be text", 2);
	refuses(false, "? {a: 1}\n: 1\n", "a key must be text", 2);
	refuses(false, "? \n: 1\n", "a key must be text", 1);
	refuses(false, "a: [1, 2\n", "did not find expected ',' or ']'", 9);
	refuses(false, "a: \"\xc3\xa4\" b\n", "did not find expected", 8);
	refuses(false, "a:\n\t- b\n", "cannot start any token", 3);
	refuses(false, "a: \x01\n", "control characters", 3);
	refuses(false, "a: \"\\0\"\n", "U+0000", 3);
	refuses(false, "a: {<<: 1}\n", "`<<` wants", 4);
	refuses(false, "x: &x {}\na: {<<: *x, <<: *x}\n", "duplicate key `<<`", 21);
	ck_str(shown(yaml("a: 9223372036854775807\nb: -9223372036854775808")), "{a:9223372036854775807 b:-9223372036854775808}");
}
END_TEST

static struct mo_str
nested(const char *open, const char *close, uint32_t levels)
{
	struct mo_buf b = mo_buf_in(&ctx.session);
	for (uint32_t i = 0; i < levels; i++) {
		mo_buf_adds(&b, open);
	}
	mo_buf_addc(&b, '1');
	for (uint32_t i = 0; i < levels; i++) {
		mo_buf_adds(&b, close);
	}
	mo_buf_addc(&b, '\0');
	return mo_buf_str(&b);
}

START_TEST(depth_is_limited)
{
	ck_assert_ptr_nonnull(yaml(nested("[", "]", MO_DATA_DEPTH - 1).p));
	ck_assert_ptr_nonnull(json(nested("[", "]", MO_DATA_DEPTH - 1).p));
	refuses(false, nested("[", "]", MO_DATA_DEPTH).p, "deeper than 100", MO_DATA_DEPTH);
	refuses(false, nested("[", "]", 100000).p, "deeper than 100", MO_DATA_DEPTH);
	refuses(false, nested("- ", "", 100000).p, "deeper than 100", 2 * MO_DATA_DEPTH);
	refuses(false, nested("{a: ", "}", 100000).p, "deeper than 100", 4 * MO_DATA_DEPTH);
	refuses(true, nested("[", "]", MO_DATA_DEPTH).p, "deeper than 100", MO_DATA_DEPTH);
	refuses(true, nested("[", "]", 100000).p, "deeper than 100", MO_DATA_DEPTH);
}
END_TEST

START_TEST(aliases_cannot_multiply_without_measure)
{
	struct mo_buf b = mo_buf_in(&ctx.session);
	mo_buf_adds(&b, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 12; i++) {
		mo_buf_printf(&b, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++) {
			mo_buf_printf(&b, "*a%d, ", i - 1);
		}
		mo_buf_adds(&b, "]\n");
	}
	mo_buf_addc(&b, '\0');
	ck_assert_ptr_null(read_text(b.p, false));
	ck_assert(mo_str_find(error.text, MO_STR("more than 1000000 values"), 0) >= 0);
	b = mo_buf_in(&ctx.session); // each one level deeper than the last
	mo_buf_adds(&b, "a0: &a0 []\n");
	for (int i = 1; i < 120; i++) {
		mo_buf_printf(&b, "a%d: &a%d [*a%d]\n", i, i, i - 1);
	}
	mo_buf_addc(&b, '\0');
	ck_assert_ptr_null(read_text(b.p, false));
	ck_assert(mo_str_find(error.text, MO_STR("deeper than 100"), 0) >= 0);
}
END_TEST

// ---- JSON ------------------------------------------------------------------------------------------------------------------------

START_TEST(json_is_read_with_positions)
{
	const struct mo_data *d = json(" { \"a\" : [1, -2.5e1, \"x\\n\\u00e4\\ud83d\\ude00\\\"\"], \"b\": {\"c\": null, \"d\": true, \"e\": false}, \"\": {}, \"f\": [] }\r\n");
	ck_str(shown(d), "{a:[1 -25f 'x\n\xc3\xa4\xf0\x9f\x98\x80\"'] b:{c:null d:true e:false} :{} f:[]}");
	ck_str(at(get(d, "a")->span), "[1, -2.5e1, \"x\\n\\u00e4\\ud83d\\ude00\\\"\"]");
	ck_str(at(get(d, "a")->items.items[1]->span), "-2.5e1");
	ck_str(at(get(d, "a")->items.items[2]->span), "\"x\\n\\u00e4\\ud83d\\ude00\\\"\"");
	ck_str(at(d->members.items[1].key_span), "\"b\"");
	ck_str(at(get(get(d, "b"), "d")->span), "true");
	ck_str(at(get(d, "f")->span), "[]");
	ck_assert(!get(d, "a")->items.items[0]->plain);
}
END_TEST

START_TEST(integers_are_exact)
{
	ck_str(shown(json("[9007199254740993, 9223372036854775807, -9223372036854775808, 0, -0]")),
		"[9007199254740993 9223372036854775807 -9223372036854775808 0 0]");
	ck_assert_int_eq(json("1.0")->kind, MO_DATA_FLOAT);
	ck_assert_int_eq(json("1e2")->kind, MO_DATA_FLOAT);
}
END_TEST

START_TEST(json_that_is_refused)
{
	refuses(true, "", "ends too early", 0);
	refuses(true, "{\"a\": 1, \"a\": 2}", "duplicate key `a`", 9);
	refuses(true, "{\"a\": 1, \"\\u0061\": 2}", "duplicate key `a`", 9);
	refuses(true, "{\"a\": 1,}", "unexpected `}`", 8);
	refuses(true, "[1, 2", "ends too early", 5);
	refuses(true, "[1 2]", "unexpected `2`", 3);
	refuses(true, "[01]", "no number", 1);
	refuses(true, "[1.]", "no number", 1);
	refuses(true, "[1e]", "no number", 1);
	refuses(true, "[9223372036854775808]", "64 bits", 1);
	refuses(true, "[1e999]", "too large", 1);
	refuses(true, "[\"a\nb\"]", "control character 0x0A", 3);
	refuses(true, "[\"\\u0000\"]", "U+0000", 2);
	refuses(true, "{} x", "unexpected `x`", 3);
	refuses(true, "// c\n1", "unexpected `/`", 0);
	refuses(true, "[1,\x0b 2]", "control character 0x0B", 3);
	refuses(true, "[\"a\\q\"]", "no escape", 3);
	refuses(true, "['a']", "unexpected `'`", 1);
	refuses(true, "[nul]", "unexpected `n`", 1);
	refuses(true, "[\"\\ud800\"]", "no JSON", 2);
	refuses(true, "[+1]", "unexpected `+`", 1);
	refuses(true, "NaN", "unexpected `N`", 0);
	refuses(true, "{\"a\" 1}", "unexpected `1`", 5);
	refuses(true, "{a: 1}", "unexpected `a`", 1);
	refuses(true, "[\"abc", "ends too early", 5);
}
END_TEST

// ---- size and memory -------------------------------------------------------------------------------------------------------------

START_TEST(large_files_take_linear_time)
{
	struct mo_buf b = mo_buf_in(&ctx.session);
	for (int i = 0; i < 100000; i++) {
		mo_buf_printf(&b, "key\xc3\xa4%d: &a%d value%d\n", i, i, i);
	}
	for (int i = 0; i < 50000; i++) {
		mo_buf_printf(&b, "alias%d: *a%d\n", i, i);
	}
	mo_buf_addc(&b, '\0');
	const struct mo_data *d = yaml(b.p);
	ck_assert_uint_eq(d->members.len, 150000);
	ck_str(at(d->members.items[99999].value->span), "value99999");
	ck_str(d->members.items[149999].value->text, "value49999");
}
END_TEST

static void
read_both(struct mo_arena *arena)
{
	struct mo_sources *sources = mo_sources_new(arena);
	struct mo_source *s;
	struct mo_data_error e;
	uint32_t bad;
	for (int i = 0; i < 20; i++) {
		struct mo_str text = MO_STR("{\"a\": [1, 2, {\"b\": \"some text that takes room\"}], \"list\": [true, false, null, 1.5]}");
		mo_source_add(sources, MO_STR("f"), MO_STR(""), text, MO_SOURCE_DATA, &s, &bad);
		ck_assert_ptr_nonnull(mo_data_read_json(arena, s, &e));
		ck_assert_ptr_nonnull(mo_data_read_yaml(arena, s, &e));
	}
}

START_TEST(memory_may_run_out_anywhere)
{
	ck_assert_uint_gt(test_fail_every_allocation(read_both), 3);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("data");
	TCase *tests = tcase_create("data");
	tcase_add_checked_fixture(tests, open_ctx, close_ctx);
	tcase_add_test(tests, plain_scalars_follow_the_core_schema);
	tcase_add_test(tests, plain_scalars_keep_their_text);
	tcase_add_test(tests, keys_are_text_in_the_order_of_the_file);
	tcase_add_test(tests, empty_files_are_null);
	tcase_add_test(tests, spans_are_exact);
	tcase_add_test(tests, spans_count_bytes_not_characters);
	tcase_add_test(tests, block_scalars_end_with_their_text);
	tcase_add_test(tests, aliases_and_merge_keys_are_resolved);
	tcase_add_test(tests, core_tags_say_how_to_read);
	tcase_add_test(tests, yaml_that_is_refused);
	tcase_add_test(tests, depth_is_limited);
	tcase_add_test(tests, aliases_cannot_multiply_without_measure);
	tcase_add_test(tests, json_is_read_with_positions);
	tcase_add_test(tests, integers_are_exact);
	tcase_add_test(tests, json_that_is_refused);
	tcase_add_test(tests, large_files_take_linear_time);
	tcase_add_test(tests, memory_may_run_out_anywhere);
	suite_add_tcase(suite, tests);
	return test_run(suite);
}
