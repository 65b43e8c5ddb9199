// SPDX-License-Identifier: Apache-2.0
// Constructors of the syntax tree, for the actions of grammar/mlops.y and nobody else.
#ifndef MO_SYNTAX_AST_BUILD_H
#define MO_SYNTAX_AST_BUILD_H

#include "syntax/layout.h"

#include <string.h>

// A zeroed node of a kind. `size` is that of its own struct.
struct mo_node *mo_node_new(struct mo_parser *p, enum mo_node_kind kind, struct mo_span span, size_t size, const void *fields);

// MO_NEW(p, LET, let, @$, .name = $2, .value = $5): a node with these fields.
#define MO_NEW(p, KIND, ident, span, ...)                                                     \
	mo_node_new((p), MO_##KIND##_NODE, (span), sizeof(struct mo_##ident##_node),          \
		&(struct mo_##ident##_node){ __VA_ARGS__ })

struct mo_node *mo_build_leaf(struct mo_parser *p, enum mo_node_kind kind, struct mo_span span); // without fields

struct mo_span mo_span_over(struct mo_span a, struct mo_span b, struct mo_span c);

mo_nodes mo_list(struct mo_parser *p, struct mo_node *first);                 // NULL gives an empty list
mo_nodes mo_list_add(struct mo_parser *p, mo_nodes list, struct mo_node *n);  // NULL adds nothing
mo_nodes mo_list_first(struct mo_parser *p, struct mo_node *first, mo_nodes rest);

void mo_build_file(struct mo_parser *p, mo_nodes items);
// An item with its decorators and doc comment; a BAD one instead when a mistake in it was reported.
struct mo_node *mo_build_item(struct mo_parser *p, struct mo_span span, mo_nodes decorators, struct mo_node *item);
struct mo_node *mo_build_entry(struct mo_parser *p, struct mo_span span, mo_nodes decorators, struct mo_node *entry); // of a record
struct mo_node *mo_build_skipped(struct mo_parser *p, struct mo_span span);
struct mo_node *mo_build_resumed(struct mo_node *skipped, struct mo_span block, struct mo_span otherwise);
struct mo_node *mo_build_bad(struct mo_parser *p, struct mo_node *skipped);

struct mo_node *mo_build_ref(struct mo_parser *p, struct mo_name name);
struct mo_name mo_build_name(struct mo_parser *p, struct mo_node *string); // a field's name in quotes
struct mo_node *mo_build_literal(struct mo_parser *p, const struct mo_token *token);
struct mo_node *mo_build_negative(struct mo_parser *p, struct mo_span span, const struct mo_token *token);
struct mo_node *mo_build_bool(struct mo_parser *p, struct mo_span span, bool value);
struct mo_node *mo_build_binary(struct mo_parser *p, struct mo_span span, enum mo_op op, struct mo_node *left, struct mo_node *right);
struct mo_node *mo_build_intrinsic(struct mo_parser *p, struct mo_span span, struct mo_name name, mo_nodes args);
struct mo_node *mo_build_union(struct mo_parser *p, struct mo_span span, struct mo_node *left, struct mo_node *right);
struct mo_node *mo_build_type_member(struct mo_parser *p, struct mo_span span, struct mo_node *path, struct mo_name member);

#endif
