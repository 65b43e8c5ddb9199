// SPDX-License-Identifier: Apache-2.0
// compiler/syntax and grammar/ on programs without mistakes: the newline rule, words, literals, text, documentation, shapes.
#include "parsing.h"

// ---- the newline rule ------------------------------------------------------------------------------------------------------------------

START_TEST(newline_before_what_cannot_begin)
{
	static const char *const operators[] = { "&&", "||", "??", "==", "!=", "<=", ">=", "<", ">", "+", "/", "%", "..", "..<" };
	char text[64];
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		snprintf(text, sizeof(text), "let a = x\n  %s y\nlet b = 1", operators[i]);
		expect_items(text, 2);
	}
	expect_items("let a = x\n  .y\n  ?.z\nlet b = 1", 2);
	expect_items("let a = if x\n  then y\n  else z\nlet b = 1", 2);
	expect_items("let a\n  = x", 1);
	expect_items("let a\n  : Int = 1", 1);
	expect_items("fn f(a: Int)\n  -> Int = a", 1);
	expect_items("type a = \"x\"\n  | \"y\"\n  | \"z\"\ntype b = Int", 2);
	expect_items("let a = match x { 1\n => 2 }", 1);
	expect_items("allow a\n  , b\n  to read\n  on x\n  when { A: 1 }\n  as \"S\"\nlet b = 1", 2);
	expect_items("import \"x\"\n  as y\nlet b = 1", 2);
	expect_items("if a { }\nelse { }\nlet b = 1", 2);
	expect_items("let a = [\n1\n, 2\n]\nlet b = 1", 2);
	expect_items("let a = { b: 1\n, c: 2\n}\nlet b = 1", 2);
	expect_items("let a = f(\n1\n)\nlet b = 1", 2);
}
END_TEST

START_TEST(newline_after_what_cannot_end)
{
	static const char *const operators[] = { "&&", "||", "??", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "..", "..<" };
	char text[64];
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		snprintf(text, sizeof(text), "let a = x %s\n  y\nlet b = 1", operators[i]);
		expect_items(text, 2);
	}
	expect_items("let a = x.\n  y\nlet b = x?.\n  z", 2);
	expect_items("let a =\n  x", 1);
	expect_items("let a:\n  Int =\n  1", 1);
	expect_items("let a = !\n  x", 1);
	expect_items("let a = -\n  x", 1);
	expect_items("let a = if\n x then\n y else\n z", 1);
	expect_items("let a = [for\n x in\n xs:\n x]", 1);
	expect_items("let a = match\n x { 1 =>\n 2 }", 1);
	expect_items("allow a,\n  b to read on x", 1);
	expect_items("@\nretain AWS::S3::Bucket b {}", 1);
	expect_items("let a = [...\nxs]", 1);
	expect_items("fn f(a: Int) ->\n Int = a", 1);
	expect_items("type a = \"x\" |\n \"y\"", 1);
}
END_TEST

START_TEST(newline_separates)
{
	// An item cannot begin with these, so each is an error of the second line, and the first line stands.
	static const char *const beginnings[] = { "- y", "* y", "[y]", "(y)", "{ y: 1 }", "!y" };
	char text[64];
	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
		snprintf(text, sizeof(text), "let a = x\n%s\nlet b = 1", beginnings[i]);
		struct mo_syntax *syntax = parse(text);
		ck_str(codes(), "ML0101");
		ck_assert_uint_eq(syntax->file->items.len, 3);
		ck_assert_int_eq(syntax->file->items.items[0]->kind, MO_LET_NODE);
		ck_assert_int_eq(syntax->file->items.items[1]->kind, MO_BAD_NODE);
		ck_assert_int_eq(syntax->file->items.items[2]->kind, MO_LET_NODE);
	}
	ck_assert_uint_eq(mo_as_list(value_of("let a = [\n  x\n  [1]\n  - 2\n  !y\n  (z)\n  { a: 1 }\n]"))->items.len, 6);
	ck_assert_uint_eq(mo_as_record(value_of("let a = {\n  b: x\n  c: -1\n\n\n  d: 2, e: 3,\n}"))->items.len, 4);
	expect_items("let a = x\r\nlet b = 1\r\n", 2);
	expect_items("\n\n\nlet a = x\n\n\n", 1);
	expect_items("let a = x, let b = y", 2);
	expect_items("let a = x /* one\n two */ let b = y", 2);
	expect_items("let a = 1 // + 2\nlet b = 1", 2);
}
END_TEST

START_TEST(newline_in_brackets)
{
	expect_items("let a = (x\n- y)", 1);
	expect_items("let a = f(x\n[0]\n, y\n- 1,\n)", 1);
	expect_items("let a = \"${x\n- y}\"", 1);
	expect_items("let a = f({\n  b: 1\n  c: 2\n}, [\n  1\n  2\n])", 1);
	ck_assert_uint_eq(mo_as_record(mo_as_arg(mo_as_call(value_of("let a = f({\n  b: 1\n  c: 2\n})"))->args.items[0])->value)->items.len, 2);
	expect_items("let a = \"${f({\n  b: 1\n  c: 2\n})}\"", 1);
}
END_TEST

// `>` ends an item where it closes type arguments, and only there.
START_TEST(newline_after_type_arguments)
{
	expect_items("type a = Ref<AWS::EC2::VPC>\ntype b = Map<String, [Ref<AWS::EC2::VPC>]>\ntype c = Int", 3);
	expect_items("type t = {\n  a: Map<String, Ref<X>>\n  b: Ref<X>\n  c: [Ref<X>\n]\n}\nlet d = 1 >\n 2", 2);
	expect_items("input a: Ref<X>\ninput b: { c: Ref<X> }\ninput d: Map<X, Y>\n= 1", 3);
}
END_TEST

START_TEST(newline_before_words_that_are_fields)
{
	struct mo_node *n = value_of("let a = {\n  x: 1\n  to: 2\n  on: 3\n  when: 4\n  as: 5\n  else: 6\n  then: 7\n}");
	ck_assert_uint_eq(mo_as_record(n)->items.len, 7);
	expect_items("type t = {\n  x: Int\n  to?: Int\n  on: Int\n}", 1);
}
END_TEST

// ---- words -----------------------------------------------------------------------------------------------------------------------------

static const struct {
	const char *word;
	bool reserved;
} words[] = {
#define RESERVED true
#define DECLARES false
#define CONNECTS false
#define MO_KEYWORD(TOKEN, text, CLASS) { text, CLASS },
#include "grammar/keywords.def"
#undef RESERVED
#undef DECLARES
#undef CONNECTS
};

START_TEST(every_word_is_a_name)
{
	const char *w = words[_i].word;
	char text[256];
	if (_i > 0) {
		ck_assert_msg(strcmp(words[_i - 1].word, w) < 0, "keywords.def is sorted: %s", w);
	}
	snprintf(text, sizeof(text), "let a = { %s: 1 }\nlet b = a.%s\nlet c = a?.%s.x\ntype t = { %s?: Int }\nstack s in a {\n  %s: 1\n  %s +: 2\n}", w,
		w, w, w, w, w);
	expect_items(text, 5);
	if (words[_i].reserved) {
		snprintf(text, sizeof(text), "let %s = 1", w);
		expect_codes(text, "ML0101");
		return;
	}
	snprintf(text, sizeof(text), "let %s = 1\nlet b = %s + %s\nfn f(%s: Int) = %s(%s: %s)[%s]\nlet c = [for %s in %s: %s]", w, w, w, w, w, w, w, w,
		w, w, w);
	expect_items(text, 4);
	snprintf(text, sizeof(text), "type %s = Int\nAWS::S3::Bucket %s[%s] { }\nstack %s in %s { }\noutput %s = %s", w, w, w, w, w, w, w);
	expect_items(text, 4);
}
END_TEST

START_TEST(type_names)
{
	struct mo_syntax *syntax = parse("AWS::S3::Bucket a {}\nCustom::X b {}\nAlexa::ASK::Skill c {}\nAWS::Serverless::Function d {}\n"
		"My::Own::Type::MODULE e {}\nlet z = Fn::GetAZs(r)[0]");
	ck_str(codes(), "");
	ck_str(name_str(mo_as_resource(syntax->file->items.items[0])->kind), "AWS::S3::Bucket");
	ck_str(name_str(mo_as_resource(syntax->file->items.items[1])->kind), "Custom::X");
	ck_str(name_str(mo_as_resource(syntax->file->items.items[4])->kind), "My::Own::Type::MODULE");
	struct mo_node *index = mo_as_let(syntax->file->items.items[5])->value;
	struct mo_node *callee = mo_as_call(mo_as_index(index)->object)->callee;
	ck_assert_int_eq(callee->kind, MO_INTRINSIC_NODE);
	ck_str(name_str(mo_as_intrinsic(callee)->name), "Fn::GetAZs");
}
END_TEST

// ---- literals --------------------------------------------------------------------------------------------------------------------------

START_TEST(numbers)
{
	ck_assert_int_eq(mo_as_int_lit(value_of("let a = 9223372036854775807"))->value, INT64_MAX);
	ck_assert_int_eq(mo_as_int_lit(value_of("let a = 0"))->value, 0);
	ck_assert_double_eq_tol(mo_as_float_lit(value_of("let a = 0.25"))->value, 0.25, 1e-9);
	ck_str(mo_as_float_lit(value_of("let a = 1.50"))->text, "1.50");
	struct mo_node *range = value_of("let a = 1..6");
	ck_assert_int_eq(mo_as_binary(range)->op, MO_OP_RANGE);
	ck_assert_int_eq(mo_as_binary(value_of("let a = 0..<n"))->op, MO_OP_RANGE_LT);
	ck_assert_int_eq(mo_as_binary(value_of("let a = 1.5+2"))->op, MO_OP_ADD);
	expect_codes("let a = 9223372036854775808", "ML0121");
	expect_codes("let a = 99999999999999999999999999999999999999", "ML0121");
	expect_codes("let a = 012345678901", "ML0120");
	expect_codes("let a = 00", "ML0120");
	expect_codes("let a = 01.5", "ML0120");
	expect_codes("let a = 0x1F", "ML0122");
	expect_codes("let a = 1e5", "ML0122");
	expect_codes("let a = 12abc", "ML0122");
}
END_TEST

START_TEST(account_id_fix_quotes)
{
	parse("account a { id: 012345678901 }");
	ck_assert_uint_eq(ctx.diags->items.len, 1);
	const struct mo_diag *d = ctx.diags->items.items[0];
	ck_str(d->help, "account ids are strings: put it in quotes");
	ck_assert_uint_eq(d->fixes.len, 1);
	ck_str(d->fixes.items[0].replacement, "\"012345678901\"");
	ck_str(mo_span_text(ctx.sources, d->fixes.items[0].span), "012345678901");
}
END_TEST

START_TEST(durations_and_sizes)
{
	static const struct {
		const char *text;
		int64_t value;
	} durations[] = { { "let a = 7ms", 7 }, { "let a = 90s", 90000 }, { "let a = 15min", 900000 }, { "let a = 2h", 7200000 },
		{ "let a = 30d", INT64_C(2592000000) }, { "let a = 1w", 604800000 } },
	  sizes[] = { { "let a = 5B", 5 }, { "let a = 5KiB", 5120 }, { "let a = 5MiB", 5242880 }, { "let a = 5GiB", INT64_C(5368709120) },
		  { "let a = 1TiB", INT64_C(1099511627776) } };
	for (size_t i = 0; i < sizeof(durations) / sizeof(durations[0]); i++) {
		ck_assert_int_eq(mo_as_duration_lit(value_of(durations[i].text))->milliseconds, durations[i].value);
	}
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		ck_assert_int_eq(mo_as_size_lit(value_of(sizes[i].text))->bytes, sizes[i].value);
	}
	expect_codes("let a = 9223372036854775807w", "ML0121");
	expect_codes("let a = 9999999TiB", "ML0121");
	expect_codes("let a = 1.5h", "ML0122");
	expect_codes("let a = 5GB", "ML0122");
	expect_codes("let a = 05d", "ML0120");
}
END_TEST

START_TEST(address_ranges)
{
	ck_str(mo_as_cidr_lit(value_of("let a = 10.0.0.0/16"))->text, "10.0.0.0/16");
	ck_str(mo_as_cidr_lit(value_of("let a = 0.0.0.0/0"))->text, "0.0.0.0/0");
	ck_str(mo_as_cidr_lit(value_of("let a = 255.255.255.255/32"))->text, "255.255.255.255/32");
	expect_codes("let a = 10.0.0.0", "ML0123");
	expect_codes("let a = 10.0.0/16", "ML0123");
	expect_codes("let a = 10.0.0.0.0/16", "ML0123");
	expect_codes("let a = 10.0.0.256/16", "ML0123");
	expect_codes("let a = 10.0.0.0/33", "ML0123");
	expect_codes("let a = 010.0.0.0/8", "ML0123");
	expect_codes("let a = 10.0.0.0/08", "ML0123");
	expect_codes("let a = 10.0.0.99999999999999999999/8", "ML0123");
}
END_TEST

// ---- text ------------------------------------------------------------------------------------------------------------------------------

// The text of a string without interpolations.
static struct mo_str
text_of(const char *program)
{
	const mo_nodes *parts = &mo_as_string_lit(value_of(program))->parts;
	ck_assert_uint_le(parts->len, 1);
	return parts->len ? mo_as_text(parts->items[0])->text : MO_STR("");
}

START_TEST(strings)
{
	ck_str(text_of("let a = \"\""), "");
	ck_str(text_of("let a = ''"), "");
	ck_str(text_of("let a = \"\\n\\t\\r\\\"\\\\\\$\\u{e9}\\u{1F600}\""), "\n\t\r\"\\$\xc3\xa9\xf0\x9f\x98\x80");
	ck_str(text_of("let a = '^\\d+${x}\"$'"), "^\\d+${x}\"$");
	ck_str(text_of("let a = \"$${x} \\${y} $ $$ $x {z}\""), "${x} ${y} $ $$ $x {z}");
	ck_str(text_of("let a = \"$$${x}\""), "$${x}");
	ck_str(text_of("let a = \"it's // no comment\""), "it's // no comment");
	expect_codes("let a = \"\\d\"", "ML0113");
	expect_codes("let a = \"\\d \\w\"", "ML0113 ML0113");
	expect_codes("let a = \"\\u{110000}\"", "ML0113");
	expect_codes("let a = \"\\u{d800}\"", "ML0113");
	expect_codes("let a = \"\\u{}\"", "ML0113");
	expect_codes("let a = \"\\u12\"", "ML0113");
	expect_codes("let a = \"x\\", "ML0110");
}
END_TEST

START_TEST(interpolations)
{
	const mo_nodes *parts = &mo_as_string_lit(value_of("let a = \"a${b}c${d}\""))->parts;
	ck_assert_uint_eq(parts->len, 4);
	ck_str(mo_as_text(parts->items[0])->text, "a");
	ck_str(name_str(mo_as_name_ref(parts->items[1])->name), "b");
	ck_str(mo_as_text(parts->items[2])->text, "c");
	ck_str(mo_span_text(ctx.sources, parts->items[2]->span), "c");
	parts = &mo_as_string_lit(value_of("let a = \"${match p { \"x\" => \"<${f({ k: \"}\" })}>\", _ => '}' }}.\""))->parts;
	ck_assert_uint_eq(parts->len, 2);
	ck_assert_int_eq(parts->items[0]->kind, MO_MATCH_NODE);
	ck_assert_uint_eq(mo_as_match(parts->items[0])->arms.len, 2);
	ck_str(mo_as_text(parts->items[1])->text, ".");
}
END_TEST

START_TEST(blocks_of_text)
{
	ck_str(text_of("let a = \"\"\"\n  one\n    two\n\n  three\n  \"\"\""), "one\n  two\n\nthree");
	ck_str(text_of("let a = \"\"\"\n\"\"\""), "");
	ck_str(text_of("let a = \"\"\"\n  \"\"\""), "");
	ck_str(text_of("let a = \"\"\"\n  one\n\n  \"\"\""), "one\n");
	ck_str(text_of("let a = \"\"\"  \n\tone \"two\" \"\"\n\t\"\"\""), "one \"two\" \"\"");
	ck_str(text_of("let a = \"\"\"\r\n  one\r\n  two\r\n  \"\"\""), "one\ntwo");
	ck_str(text_of("let a = \"\"\"\n  \\tone $${x}\n  \"\"\""), "\tone ${x}");
	ck_str(text_of("let a = '''\n  ^\\d ${x} \"\"\" ''\n  '''"), "^\\d ${x} \"\"\" ''");
	expect_codes("let a = \"\"\"x\n  \"\"\"", "ML0114");
	expect_codes("let a = \"\"\"x\"\"\"", "ML0114");
	expect_codes("let a = \"\"\"\n  x\"\"\"", "ML0115");
	expect_codes("let a = \"\"\"\n x\n  y\n z\n  \"\"\"", "ML0116");
	expect_codes("let a = \"\"\"\n\tx\n  \"\"\"", "ML0116");
	expect_codes("let a = \"\"\"\n  x\n", "ML0110");
}
END_TEST

START_TEST(interpolations_in_blocks)
{
	const mo_nodes *parts = &mo_as_string_lit(value_of("let a = \"\"\"\n    a\n    ${x}\n      ${y} z\n    \"\"\""))->parts;
	ck_assert_uint_eq(parts->len, 5);
	ck_str(mo_as_text(parts->items[0])->text, "a\n");
	ck_str(mo_span_text(ctx.sources, parts->items[1]->span), "x");
	ck_str(mo_as_text(parts->items[2])->text, "\n  ");
	ck_str(mo_as_text(parts->items[4])->text, " z");
	ck_str(mo_span_text(ctx.sources, parts->items[4]->span), " z");
	parts = &mo_as_string_lit(value_of("let a = \"\"\"\n  ${x}\n  \"\"\""))->parts;
	ck_assert_uint_eq(parts->len, 1);
	parts = &mo_as_string_lit(value_of("let a = \"\"\"\n  ${\"\"\"\n    in\n    \"\"\"}\n  \"\"\""))->parts;
	ck_assert_uint_eq(parts->len, 1);
	ck_str(mo_as_text(mo_as_string_lit(parts->items[0])->parts.items[0])->text, "in");
}
END_TEST

// ---- comments --------------------------------------------------------------------------------------------------------------------------

static struct mo_str
doc_of(struct mo_node *n)
{
	return ((struct mo_item *)n)->doc;
}

START_TEST(documentation)
{
	struct mo_syntax *syntax = parse("/// One.\n///\n///   Two.\n@retain\n@delete\nAWS::S3::Bucket a {\n  /// A field.\n  b: 1 /// no doc\n  c: 2\n}\n"
		"@retain\n/// Between.\nAWS::S3::Bucket d {}\n//// four\nlet e = 1\n/// far\n\n// and apart\nlet f = 1\n/// at the end");
	ck_str(codes(), "");
	const mo_nodes *items = &syntax->file->items;
	ck_str(doc_of(items->items[0]), "One.\n\n  Two.");
	const mo_nodes *fields = &mo_as_block(mo_as_resource(items->items[0])->block)->items;
	ck_str(doc_of(fields->items[0]), "A field.");
	ck_str(doc_of(fields->items[1]), "");
	ck_str(doc_of(items->items[1]), "Between.");
	ck_str(doc_of(items->items[2]), "");
	ck_str(doc_of(items->items[3]), "far");
}
END_TEST

START_TEST(trivia)
{
	struct mo_syntax *syntax = parse("\n\n// a\nlet x = 1 // b\n\n   \n/* c\n */ /// d\n/// e\nlet y = \"${ /* f */ x}\"\n");
	ck_str(codes(), "");
	static const struct {
		int kind;
		const char *text;
	} expected[] = { { MO_TRIVIA_BLANK, "\n\n" }, { MO_TRIVIA_LINE, "// a" }, { MO_TRIVIA_LINE, "// b" }, { MO_TRIVIA_BLANK, "\n   \n" },
		{ MO_TRIVIA_BLOCK, "/* c\n */" }, { MO_TRIVIA_DOC, "/// d" }, { MO_TRIVIA_DOC, "/// e" }, { MO_TRIVIA_BLOCK, "/* f */" } };
	ck_assert_uint_eq(syntax->trivia.len, sizeof(expected) / sizeof(expected[0]));
	for (uint32_t i = 0; i < syntax->trivia.len; i++) {
		ck_assert_int_eq(syntax->trivia.items[i].kind, expected[i].kind);
		ck_str(mo_span_text(ctx.sources, syntax->trivia.items[i].span), expected[i].text);
	}
}
END_TEST

// ---- shapes ----------------------------------------------------------------------------------------------------------------------------

// An expression with every operation in parentheses.
static void
show(struct mo_buf *out, struct mo_node *n)
{
	switch (n->kind) {
	case MO_BINARY_NODE:
		mo_buf_addc(out, '(');
		show(out, mo_as_binary(n)->left);
		mo_buf_printf(out, " %s ", mo_op_text(mo_as_binary(n)->op));
		show(out, mo_as_binary(n)->right);
		mo_buf_addc(out, ')');
		break;
	case MO_UNARY_NODE:
		mo_buf_printf(out, "(%s", mo_op_text(mo_as_unary(n)->op));
		show(out, mo_as_unary(n)->operand);
		mo_buf_addc(out, ')');
		break;
	case MO_IF_NODE:
		mo_buf_adds(out, "(if ");
		show(out, mo_as_if_expr(n)->cond);
		mo_buf_adds(out, " then ");
		show(out, mo_as_if_expr(n)->then);
		if (mo_as_if_expr(n)->otherwise) {
			mo_buf_adds(out, " else ");
			show(out, mo_as_if_expr(n)->otherwise);
		}
		mo_buf_addc(out, ')');
		break;
	case MO_IS_NODE:
		mo_buf_addc(out, '(');
		show(out, mo_as_is(n)->value);
		mo_buf_adds(out, " is T)");
		break;
	default:
		mo_buf_add(out, mo_span_text(ctx.sources, n->span));
		break;
	}
}

static void
expect_shape(const char *expr, const char *expected)
{
	char program[128];
	snprintf(program, sizeof(program), "let v = %s", expr);
	struct mo_buf out = mo_buf_in(&ctx.session);
	show(&out, value_of(program));
	ck_str(mo_buf_str(&out), expected);
}

START_TEST(precedence)
{
	expect_shape("a + b * c - d", "((a + (b * c)) - d)");
	expect_shape("a ?? b ?? c", "(a ?? (b ?? c))");
	expect_shape("a || b && c == d + e", "(a || (b && (c == (d + e))))");
	expect_shape("0..n + 1", "(0 .. (n + 1))");
	expect_shape("-a.b[0] * !c", "((-a.b[0]) * (!c))");
	expect_shape("a ?? b || c", "(a ?? (b || c))");
	expect_shape("x is T && y", "((x is T) && y)");
	expect_shape("!x is T", "((!x) is T)");
	expect_shape("if a then b else c + d", "(if a then b else (c + d))");
	expect_shape("if a then b + if c then d else e", "(if a then (b + (if c then d else e)))");
	expect_codes("let a = b < c == d", "ML0101");
}
END_TEST

START_TEST(unions_are_flat)
{
	struct mo_syntax *syntax = parse("type a = | X | Y? | [Z] | none | 3");
	ck_str(codes(), "");
	struct mo_node *t = mo_as_type_decl(syntax->file->items.items[0])->type_expr;
	ck_assert_int_eq(t->kind, MO_TYPE_UNION_NODE);
	ck_assert_uint_eq(mo_as_type_union(t)->alternatives.len, 5);
}
END_TEST

// ----------------------------------------------------------------------------------------------------------------------------------------

int
main(void)
{
	Suite *suite = suite_create("parse");
	TCase *t = tcase_create("parse");
	tcase_add_checked_fixture(t, open_ctx, close_ctx);
	tcase_add_test(t, newline_before_what_cannot_begin);
	tcase_add_test(t, newline_after_what_cannot_end);
	tcase_add_test(t, newline_separates);
	tcase_add_test(t, newline_in_brackets);
	tcase_add_test(t, newline_after_type_arguments);
	tcase_add_test(t, newline_before_words_that_are_fields);
	tcase_add_loop_test(t, every_word_is_a_name, 0, COUNT(words));
	tcase_add_test(t, type_names);
	tcase_add_test(t, numbers);
	tcase_add_test(t, account_id_fix_quotes);
	tcase_add_test(t, durations_and_sizes);
	tcase_add_test(t, address_ranges);
	tcase_add_test(t, strings);
	tcase_add_test(t, interpolations);
	tcase_add_test(t, blocks_of_text);
	tcase_add_test(t, interpolations_in_blocks);
	tcase_add_test(t, documentation);
	tcase_add_test(t, trivia);
	tcase_add_test(t, precedence);
	tcase_add_test(t, unions_are_flat);
	suite_add_tcase(suite, t);
	return test_run(suite);
}
