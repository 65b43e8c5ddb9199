// SPDX-License-Identifier: Apache-2.0
// What the tests of the parser share: a context for each test, and what a text gives.
#ifndef MO_TESTS_UNIT_PARSING_H
#define MO_TESTS_UNIT_PARSING_H

#include "fixture.h"

#include "syntax/parse.h"

#include <stdio.h>

// Parses a text, in the running context.
static inline struct mo_syntax *
parse_str(struct mo_str text)
{
	struct mo_source *source;
	uint32_t bad;
	ck_assert_int_eq(mo_source_add(ctx.sources, MO_STR("t.mlops"), MO_STR(""), text, MO_SOURCE_PROGRAM, &source, &bad), MO_SOURCE_OK);
	ctx.diags = mo_diags_new(&ctx.session);
	return mo_parse(&ctx, source);
}

static inline struct mo_syntax *
parse(const char *text)
{
	return parse_str(mo_str_c(text));
}

// The codes that were reported, in the order of the text: "ML0101 ML0103".
static inline struct mo_str
codes(void)
{
	struct mo_buf out = mo_buf_in(&ctx.session);
	mo_diags_finish(ctx.diags);
	for (uint32_t i = 0; i < ctx.diags->items.len; i++) {
		mo_buf_adds(&out, i ? " " : "");
		mo_buf_adds(&out, mo_message_info(ctx.diags->items.items[i]->message)->code);
	}
	return mo_buf_str(&out);
}

static inline void
expect_codes(const char *text, const char *expected)
{
	parse(text);
	struct mo_str got = codes();
	ck_assert_msg(mo_str_is(got, expected), "%s\ngives `%.*s`, expected `%s`", text, MO_STR_ARG(got), expected);
}

static inline void
expect_items(const char *text, uint32_t count)
{
	struct mo_syntax *syntax = parse(text);
	struct mo_str got = codes();
	ck_assert_msg(got.len == 0, "%s\ngives %.*s", text, MO_STR_ARG(got));
	ck_assert_msg(syntax->file->items.len == count, "%s\nhas %u items, expected %u", text, syntax->file->items.len, count);
}

// The value of the file's only item, a `let`.
static inline struct mo_node *
value_of(const char *text)
{
	struct mo_syntax *syntax = parse(text);
	ck_assert_msg(ctx.diags->errors == 0, "%s\ngives %.*s", text, MO_STR_ARG(codes()));
	ck_assert_uint_eq(syntax->file->items.len, 1);
	ck_assert_int_eq(syntax->file->items.items[0]->kind, MO_LET_NODE);
	return mo_as_let(syntax->file->items.items[0])->value;
}

static inline struct mo_str
name_str(struct mo_name name)
{
	return mo_atom_str(ctx.atoms, name.atom);
}

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

#endif
