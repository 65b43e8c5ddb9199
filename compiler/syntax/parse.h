// SPDX-License-Identifier: Apache-2.0
// Text to syntax tree. Reports syntax errors into the store and goes on: the tree is always whole, with BAD items where text was skipped.
#ifndef MO_SYNTAX_PARSE_H
#define MO_SYNTAX_PARSE_H

#include "base/ctx.h"
#include "syntax/ast.h"

enum { MO_PARSE_DEPTH = 200 }; // nesting of brackets, blocks and interpolations

struct mo_syntax *mo_parse(struct mo_ctx *ctx, const struct mo_source *source);

// What is written in place of a function of CloudFormation, by the name of its short tag ("GetAtt"); NULL when it has no other form.
const char *mo_instead_of_tag(struct mo_str tag);

#endif
