// SPDX-License-Identifier: Apache-2.0
// What the parts of the front end share while a file is parsed: the tokens, where the parser stands in them, and what is known of mistakes.
// Internal to the front end (parse.h is its public face).
#ifndef MO_SYNTAX_PARSER_H
#define MO_SYNTAX_PARSER_H

#include "base/ctx.h"
#include "syntax/ast.h"
#include "syntax/parse.h"

struct mo_parser;
struct mo_token;

// ---- values of the grammar that are no nodes ---------------------------------------------------------------------------------------

struct mo_kind {
	struct mo_name module, kind;
};

struct mo_import {
	struct mo_name alias;
	mo_nodes names;
};

struct mo_vars {
	struct mo_name first, second;
};

union mo_value {
	struct mo_name name;
	const struct mo_token *token;
	struct mo_node *node;
	mo_nodes nodes;
	bool flag;
	struct mo_kind kind;
	struct mo_import import;
	struct mo_vars vars;
};

// ---- called by the grammar -----------------------------------------------------------------------------------------------------------

enum { MO_FIRST_TOKEN = 258, MO_TOKEN_CODES = 400 }; // bison's codes of named tokens lie between

// The tokens that the parser would have accepted.
struct mo_expected {
	bool at_end;
	bool has[MO_TOKEN_CODES - MO_FIRST_TOKEN];
};

void mo_parse_unexpected(struct mo_parser *p, const struct mo_expected *expected); // syntax/error.c
void mo_parse_exhausted(struct mo_parser *p, struct mo_span at);
// The span of a rule with n parts, at[1] to at[n], of which some may be empty; at[0] is what stands before.
struct mo_span mo_span_of_parts(const struct mo_span *at, int n);
void mo_layout_type_arguments(struct mo_parser *p); // `<` opened type arguments; the next `>` closes them

#endif
