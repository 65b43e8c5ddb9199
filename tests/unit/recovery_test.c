// SPDX-License-Identifier: Apache-2.0
// compiler/syntax and grammar/ on programs with mistakes: limits, what is reported, what is left, and a program cut at every byte.
#include "parsing.h"

// ---- limits ----------------------------------------------------------------------------------------------------------------------------

enum { MANY = 100000 };

static struct mo_str
repeated(const char *before, const char *unit, uint32_t count, const char *after)
{
	struct mo_buf out = mo_buf_in(&ctx.session);
	mo_buf_adds(&out, before);
	for (uint32_t i = 0; i < count; i++) {
		mo_buf_adds(&out, unit);
	}
	mo_buf_adds(&out, after);
	return mo_str_dup(&ctx.session, mo_buf_str(&out));
}

static const struct {
	const char *before, *unit, *after, *codes;
} deep[] = {
	{ "let a = ", "[", "", "ML0106" },
	{ "let a = ", "(", "", "ML0106" },
	{ "let a = ", "{ b: ", "", "ML0106" },
	{ "let a = ", "f(", "", "ML0106" },
	{ "let a = ", "\"${", "", "ML0111 ML0106" },
	{ "let a = ", "match x { _ => ", "", "ML0106" },
	{ "", "stack a in b { ", "", "ML0106" },
	{ "type a = ", "[", "", "ML0106" },
	{ "type a = ", "{ b: ", "", "ML0106" },
	{ "type a = ", "Ref<", "", "ML0107" },
	{ "let a = x", " + x", "", "ML0107" },
	{ "let a = ", "- ", "x", "ML0107" },
	{ "let a = ", "!", "x", "ML0107" },
	{ "let a = x", ".y", "", "ML0107" },
	{ "let a = x", "()", "", "ML0107" },
	{ "let a = x", "[0]", "", "ML0107" },
	{ "let a = ", "x ?? ", "x", "ML0107" },
	{ "let a = ", "if x then ", "x", "ML0107" },
	{ "let a = ", "if x then y else ", "x", "ML0107" },
	{ "if x { }", " else if x { }", "", "ML0107" },
	{ "type a = T", "? ", "", "ML0107" },
	{ "type a = T", ".u", "", "ML0107" },
	{ "", "@a ", "let x = 1", "ML0107" },
	{ "type a = T", " | T", "", "" },
	{ "let a = [x", ", x", "]", "" },
	{ "let a = f(x", ", x", ")", "" },
	{ "let a = \"", "${x}.", "\"", "" },
	{ "let a = match x { y", " | y", " => 1 }", "" },
	{ "", "let a = 1\n", "", "" },
	{ "let a = [", "[],", "]", "" },
	{ "", "}", "", NULL },
	{ "", ")", "", NULL },
	{ "", "`", "", "ML0117" },
	{ "", "\"", "", NULL },
	{ "", ",", "", "ML0101" },
	{ "", "a ", "", NULL },
	{ "", "/* ", "", "ML0112" },
};

START_TEST(deep_and_long)
{
	parse_str(repeated(deep[_i].before, deep[_i].unit, MANY, deep[_i].after));
	if (deep[_i].codes) {
		ck_str(codes(), deep[_i].codes);
	} else {
		ck_assert_uint_gt(ctx.diags->errors, 0);
	}
}
END_TEST

START_TEST(at_the_limit)
{
	struct mo_str text = repeated("let a = ", "[", MO_PARSE_DEPTH, "");
	parse_str(mo_str_printf(&ctx.session, MO_STR_FMT MO_STR_FMT, MO_STR_ARG(text), MO_STR_ARG(repeated("", "]", MO_PARSE_DEPTH, ""))));
	ck_str(codes(), "");
	text = repeated("let a = ", "[", MO_PARSE_DEPTH + 1, "");
	parse_str(mo_str_printf(&ctx.session, MO_STR_FMT MO_STR_FMT "\nlet b = + 1", MO_STR_ARG(text),
		MO_STR_ARG(repeated("", "]", MO_PARSE_DEPTH + 1, ""))));
	ck_str(codes(), "ML0106 ML0101");
}
END_TEST

// ---- after mistakes --------------------------------------------------------------------------------------------------------------------

START_TEST(each_mistake_once)
{
	struct mo_syntax *syntax = parse("let a = + 1\nlet b = 2\nlet c 3\nstack s in dev {\n  x: 1\n  y: [1, + 2]\n  z: { p: 1, q: , r: 3 }\n  AWS::S3::Bucket w {\n"
		"    k: f(1, (2 +), 3)\n    l: 4\n  }\n  v: \"${1 +}\"\n}\nlet d = 4\n");
	ck_str(codes(), "ML0101 ML0101 ML0101 ML0124 ML0101 ML0101");
	const mo_nodes *items = &syntax->file->items;
	ck_assert_uint_eq(items->len, 5);
	ck_assert_int_eq(items->items[0]->kind, MO_BAD_NODE);
	ck_str(name_str(mo_as_bad(items->items[0])->name), "a");
	ck_assert_int_eq(items->items[1]->kind, MO_LET_NODE);
	ck_assert_int_eq(items->items[2]->kind, MO_BAD_NODE);
	ck_assert_int_eq(items->items[4]->kind, MO_LET_NODE);
	const mo_nodes *body = &mo_as_block(mo_as_stack(items->items[3])->block)->items;
	ck_assert_uint_eq(body->len, 5);
	ck_assert_int_eq(body->items[0]->kind, MO_FIELD_NODE);
	ck_assert_int_eq(body->items[1]->kind, MO_BAD_NODE);
	ck_str(name_str(mo_as_bad(body->items[1])->name), "y");
	ck_assert_int_eq(body->items[2]->kind, MO_BAD_NODE);
	ck_str(name_str(mo_as_bad(body->items[2])->name), "z");
	ck_assert_int_eq(body->items[3]->kind, MO_RESOURCE_NODE);
	ck_assert_int_eq(body->items[4]->kind, MO_BAD_NODE);
	ck_assert_int_eq(mo_as_block(mo_as_resource(body->items[3])->block)->items.items[1]->kind, MO_FIELD_NODE);
}
END_TEST

// A mistake in the header does not hide those in the block.
START_TEST(blocks_behind_bad_headers)
{
	expect_codes("stack s {\n  a: + 1\n  b: 1\n  c: * 1\n}\nlet d = 1", "ML0101 ML0101 ML0101");
	expect_codes("for x of xs {\n  a: + 1\n}", "ML0126 ML0101");
	expect_codes("if a = b {\n  c: 1\n} else {\n  d: + 1\n}\nlet e = 1", "ML0126 ML0101");
	expect_codes("AWS::S3::Bucket {\n  a: = 1\n}", "ML0101 ML0101");
	expect_codes("let a = 1 2 { b: [ }\nlet c = 1", "ML0101 ML0103");
	expect_codes("stack s in {\n  X::Y a { }\n  b: + 1\n}\nfor x in {\n  X::Y c[x] { }\n}", "ML0124 ML0101 ML0124");
	expect_codes("template t for {\n  X::Y a { }\n}\nif {\n X::Y c { }\n} else { X::Y d { } }", "ML0124 ML0124");
	expect_items("for k, v in { a: 1 } { X::Y b[k] { } }\nstack s in { a: 1 }.a { }", 2);
}
END_TEST

static const struct {
	const char *text, *codes;
} brackets[] = {
	{ "let a = f(1, 2\nlet b = 2\n", "ML0103" },
	{ "let a = [1, 2\nlet b = 2\n", "ML0103" },
	{ "stack s in d {\n  a: f(1\n  b: 2\n}\nlet c = 1", "ML0103" },
	{ "stack s in d {\n  a: f([1\n}\nlet c = 1", "ML0103 ML0103" },
	{ "stack s in d {\n  X::Y a {\n    b: 1\n  X::Y c {\n    d: 1\n  }\n}\nstack t in d {\n}", "ML0103" },
	{ "stack s in d {\n  X::Y a {\n    b: 1\n\nstack t in d {\n  e: 1\n}", "ML0103 ML0103" },
	{ "stack s in d {\na: 1\nb: 2\n", "ML0103" },
	{ "let a = { b: { c: 1 }\nlet d = 2", "ML0103" },
	{ "let a = 1)\nlet b = 2", "ML0104" },
	{ "let a = [1)\nlet b = 2", "ML0105" },
	{ "let a = (1]\nlet b = 2", "ML0105" },
	{ "let a = f([1, 2)\nlet b = 2", "ML0103" },
	{ "stack s in d\n  a: 1\n}\nlet b = 2", "ML0101" },
	{ "let a = 1\n}\nlet b = 2", "ML0104" },
	{ "let a = \"${f(1}\"\nlet b = 2", "ML0103" },
	{ "let a = \"x ${b\nlet c = 1", "ML0111" },
	{ "let a = \"x ${b\"\nlet c = 1", "ML0111" },
	{ "stack s in d {\n  a: \"x ${b\n  c: 1\n}", "ML0111" },
	{ "let a = \"x\nlet b = 1", "ML0110" },
	{ "let a = 'x\nlet b = 1", "ML0110" },
	{ "let a = [\"x, 1]\nlet b = 1", "ML0110" },
	{ "/* let a = {", "ML0112" },
	{ "stack s in d { /* x", "ML0112" },
	{ "stack s in d { a: \"\"\"\n  }", "ML0110" },
};

START_TEST(unclosed_brackets)
{
	expect_codes(brackets[_i].text, brackets[_i].codes);
}
END_TEST

static const struct {
	const char *text, *code, *fixed; // the text with the fix applied; NULL where there is none
} habits[] = {
	{ "account a { id = \"1\" }", "ML0108", "account a { id: \"1\" }" },
	{ "x = 1", "ML0108", "let x = 1" },
	{ "let a = { b = 1 }", "ML0108", "let a = { b: 1 }" },
	{ "X::Y a { Tags { b: 1 } }", "ML0109", "X::Y a { Tags: { b: 1 } }" },
	{ "X::Y a { Name \"b\" }", "ML0109", "X::Y a { Name: \"b\" }" },
	{ "type t = { a Int }", "ML0109", "type t = { a: Int }" },
	{ "let a = 1;\nlet b = 2;", "ML0118 ML0118", NULL },
	{ "let a = { b: 1; c: 2 }", "ML0118", "let a = { b: 1, c: 2 }" },
	{ "let a = !Ref b", "ML0125", "let a = b" },
	{ "let a = !GetAtt b.Arn", "ML0125", "let a = b.Arn" },
	{ "let a = !Sub \"${b}\"", "ML0125", "let a = \"${b}\"" },
	{ "let a = !Join [\",\", b]", "ML0125", NULL },
	{ "let a = 'x\"", "ML0110", "let a = \"x\"" },
	{ "let a = \"x'", "ML0110", "let a = \"x\"" },
	{ "let a = \xe2\x80\x9cx\xe2\x80\x9d", "ML0117", "let a = \"x\xe2\x80\x9d" },
	{ "let a = b and c", "ML0126", "let a = b && c" },
	{ "let a = b or c", "ML0126", "let a = b || c" },
	{ "let a = not b", "ML0126", "let a = !b" },
	{ "let a = b ? c : d", "ML0126", NULL },
	{ "let a = if b = c then d", "ML0126", "let a = if b == c then d" },
	{ "for a of b { c: 1 }", "ML0126", "for a in b { c: 1 }" },
	{ "variable \"x\" { y: 1 }", "ML0126", NULL },
	{ "resource \"a\" \"b\" { y: 1 }", "ML0126", NULL },
	{ "const a = 1", "ML0126", "let a = 1" },
	{ "def f(a: Int) = 1", "ML0126", "fn f(a: Int) = 1" },
	{ "import { a } from \"b\"", "ML0126", NULL },
	{ "if a { } elif b { }", "ML0126", "if a { } else if b { }" },
	{ "# x\nlet a = 1", "ML0119", "// x\nlet a = 1" },
	{ "let a = { detail-type: 1 }", "ML0127", "let a = { \"detail-type\": 1 }" },
	{ "let a-b-c = 1", "ML0127", "let a_b_c = 1" },
	{ "let a = { b: 1 c: 2 }", "ML0102", "let a = { b: 1, c: 2 }" },
	{ "let a = [1 2]", "ML0102", "let a = [1, 2]" },
	{ "let a = f(b\nc)", "ML0102", "let a = f(b,\nc)" },
	{ "let a = {\n  b:\n  c: 1\n}", "ML0124", NULL },
	{ "let a =\nlet b = 1", "ML0124", NULL },
	{ "let a = { b: }", "ML0124", NULL },
	{ "let a = { \"b${c}\": 1 }", "ML0128", NULL },
	{ "let a = b & c", "ML0117", "let a = b && c" },
	{ "let a = `x`", "ML0117", NULL },
	{ "let a = 10.0.0.1", "ML0123", "let a = 10.0.0.1/32" },
	{ "let a = 3GB", "ML0122", "let a = 3GiB" },
};

// The program with the fixes of its first diagnostic, which lie in the order of the text.
static struct mo_str
apply_fixes(const char *text)
{
	const struct mo_diag *d = ctx.diags->items.items[0];
	const struct mo_source *source = mo_source_at(ctx.sources, d->span.start);
	struct mo_buf out = mo_buf_in(&ctx.session);
	size_t at = 0;
	for (uint32_t i = 0; i < d->fixes.len; i++) {
		size_t from = d->fixes.items[i].span.start - source->base;
		mo_buf_add(&out, mo_str_sub(mo_str_c(text), at, from));
		mo_buf_add(&out, d->fixes.items[i].replacement);
		at = d->fixes.items[i].span.end - source->base;
	}
	mo_buf_add(&out, mo_str_sub(mo_str_c(text), at, strlen(text)));
	return mo_buf_str(&out);
}

START_TEST(habits_of_newcomers)
{
	expect_codes(habits[_i].text, habits[_i].code);
	ck_assert_msg(ctx.diags->items.items[0]->help.len || ctx.diags->items.items[0]->labels.len, "%s\nhas no help", habits[_i].text);
	if (habits[_i].fixed) {
		ck_str(apply_fixes(habits[_i].text), habits[_i].fixed);
	}
}
END_TEST

// ---- a program with everything -----------------------------------------------------------------------------------------------------------

static const char everything[] =
	"stack s[k] in [a, b[\"x\"]] from t {\n"
	"  import \"std/x\" { a, b as c }\n"
	"  let x: Map<String, [Ref<X::Y>]>? = { a: 1, \"b-c\": [2, ...d], ...e }\n"
	"  type u = { name: String(1..63, '^[a-z]+$'), role?: \"l\" | \"s\" = \"s\" }\n"
	"  fn f(a: Int, b: Int = 2) -> Int = a + b * -1\n"
	"  param P: Int(1..6) = 3 { description: \"d\" }\n"
	"  /// documented\n"
	"  @retain(on: \"delete\") @depends_on(a, b[*])\n"
	"  X::Y r[k, 0] { P: \"a ${if c then \"x${y}\" else 'z'} b\", Q +: [1], R: 10.0.0.0/16 }\n"
	"  existing X::Y ex in t { Id: \"v\" }\n"
	"  allow a, b to read, write on not [m, n] when { B: { \"c:d\": \"e\" } } as \"Sid\"\n"
	"  deny c to [\"s3:*\"] on d at \"e/*\"\n"
	"  for k, v in m { if v != none && v is (A | B) { n.o p { q: v?.w[0]? ?? 30d } } else if c { assert d, \"m\" } else { } }\n"
	"  let g = [for i in 0..<3 for j in xs if i % 2 == 0: match j { 1 | -2 => \"x\", String s => s, _ => none }]\n"
	"  let h = {for k, v in m: k => v}[x].y\n"
	"  override main.sub[\"p\", *] { Z: false }\n"
	"  let i = \"\"\"\n"
	"    line ${x}\n"
	"      more\n"
	"    \"\"\"\n"
	"  raw { Hooks: { A: 5GiB } }\n"
	"}\n";

// Every node's span holds those of its children, and a name's span is the name.
static bool
check_spans(struct mo_node *n, void *data)
{
	struct mo_node *parent = data;
	ck_assert_msg(parent->span.start <= n->span.start && n->span.end <= parent->span.end && n->span.start <= n->span.end,
		"%s in %s: `%.*s`", mo_node_kind_name(n->kind), mo_node_kind_name(parent->kind),
		MO_STR_ARG(mo_span_text(ctx.sources, n->span)));
	if (n->kind == MO_NAME_REF_NODE) {
		ck_assert(mo_str_eq(name_str(mo_as_name_ref(n)->name), mo_span_text(ctx.sources, n->span)));
	}
	return mo_node_children(n, check_spans, n);
}

START_TEST(spans)
{
	struct mo_syntax *syntax = parse(everything);
	ck_str(codes(), "");
	check_spans(&syntax->file->node, syntax->file);
}
END_TEST

// The whole is one stack, so every prefix that ends inside of it is wrong; at most three mistakes come of it.
START_TEST(cut_after_every_byte)
{
	for (size_t n = 0; n < sizeof(everything) - 1; n++) {
		struct mo_syntax *syntax = parse_str(mo_str_sub(mo_str_c(everything), 0, n));
		check_spans(&syntax->file->node, syntax->file);
		struct mo_str got = codes();
		bool whole = n == 0 || n >= sizeof(everything) - 2;
		ck_assert_msg(whole ? got.len == 0 : ctx.diags->errors >= 1, "cut after %zu bytes: no error", n);
		ck_assert_msg(ctx.diags->errors <= 3, "cut after %zu bytes: %.*s", n, MO_STR_ARG(got));
	}
}
END_TEST

// A missing quote of a block turns its text into code; everything else costs less.
START_TEST(without_every_byte)
{
	for (size_t n = 0; n < sizeof(everything) - 1; n++) {
		struct mo_str text = mo_str_printf(&ctx.session, "%.*s%s", (int)n, everything, everything + n + 1);
		struct mo_syntax *syntax = parse_str(text);
		check_spans(&syntax->file->node, syntax->file);
		ck_assert_msg(ctx.diags->errors <= 4, "without byte %zu `%c`: %.*s\n", n, everything[n], MO_STR_ARG(codes()));
	}
}
END_TEST

static bool
count_node(struct mo_node *n, void *data)
{
	++*(uint32_t *)data;
	return mo_node_children(n, count_node, data);
}

static bool
stop_at_third(struct mo_node *n, void *data)
{
	(void)n;
	return ++*(uint32_t *)data < 3;
}

START_TEST(visitor_and_dump)
{
	struct mo_syntax *syntax = parse(everything);
	uint32_t nodes = 0, lines = 0, seen = 0;
	mo_node_children(&syntax->file->node, count_node, &nodes);
	struct mo_buf out = mo_buf_in(&ctx.session);
	mo_ast_dump(&out, ctx.atoms, ctx.sources, syntax);
	for (size_t i = 0; i < out.len; i++) {
		lines += out.p[i] == '\n';
	}
	ck_assert_uint_eq(lines, nodes + 1);
	ck_assert(!mo_node_children(mo_as_stack(syntax->file->items.items[0])->block, stop_at_third, &seen));
	ck_assert_uint_eq(seen, 3);
}
END_TEST

START_TEST(out_of_memory)
{
	for (volatile size_t limit = 1;; limit++) {
		static struct mo_ctx failing;
		static jmp_buf here;
		if (setjmp(here) == 0) {
			test_ctx_open(&failing, &here);
			failing.mem.fail_after = failing.mem.allocations + limit;
			struct mo_source *source;
			uint32_t bad;
			mo_source_add(failing.sources, MO_STR("t"), MO_STR(""), mo_str_c(everything), MO_SOURCE_PROGRAM, &source, &bad);
			mo_parse(&failing, source);
			test_ctx_close(&failing);
			ck_assert_uint_gt(limit, 1);
			return;
		}
		test_ctx_close(&failing);
	}
}
END_TEST

// ----------------------------------------------------------------------------------------------------------------------------------------

int
main(void)
{
	Suite *suite = suite_create("recovery");
	TCase *t = tcase_create("recovery");
	tcase_add_checked_fixture(t, open_ctx, close_ctx);
	tcase_add_loop_test(t, deep_and_long, 0, COUNT(deep));
	tcase_add_test(t, at_the_limit);
	tcase_add_test(t, each_mistake_once);
	tcase_add_test(t, blocks_behind_bad_headers);
	tcase_add_loop_test(t, unclosed_brackets, 0, COUNT(brackets));
	tcase_add_loop_test(t, habits_of_newcomers, 0, COUNT(habits));
	tcase_add_test(t, spans);
	tcase_add_test(t, cut_after_every_byte);
	tcase_add_test(t, without_every_byte);
	tcase_add_test(t, visitor_and_dump);
	tcase_add_test(t, out_of_memory);
	suite_add_tcase(suite, t);
	return test_run(suite);
}
