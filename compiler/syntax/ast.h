// SPDX-License-Identifier: Apache-2.0
// The syntax tree. Nodes live in the session arena and are made by the parser only; later phases fill in `type` and `symbol`.
#ifndef MO_SYNTAX_AST_H
#define MO_SYNTAX_AST_H

#include "base/atom.h"
#include "base/vec.h"
#include "source/source.h"

#include <stdbool.h>
#include <stdint.h>

struct mo_type;   // sema/type.h
struct mo_symbol; // sema/scope.h

enum mo_node_kind {
#define MO_ITEM(KIND, ident, ...) MO_##KIND##_NODE,
#define MO_NODE MO_ITEM
#include "syntax/ast.def"
	MO_NODE_KINDS
};

enum mo_op {
	MO_OP_NEG, MO_OP_NOT,
	MO_OP_COALESCE, MO_OP_OR, MO_OP_AND,
	MO_OP_EQ, MO_OP_NE, MO_OP_LT, MO_OP_GT, MO_OP_LE, MO_OP_GE,
	MO_OP_RANGE, MO_OP_RANGE_LT, // 1..6, 0..<3
	MO_OP_ADD, MO_OP_SUB, MO_OP_MUL, MO_OP_DIV, MO_OP_MOD,
};

const char *mo_op_text(enum mo_op op); // "&&"

struct mo_node {
	enum mo_node_kind kind;
	struct mo_span span;
	struct mo_symbol *symbol;   // what a declaration declares, or what a NAME_REF or TYPE_PATH names; set by sema/bind
	const struct mo_type *type; // of an expression, once checked; set by sema/check
};

struct mo_name {
	mo_atom atom; // 0 when absent
	struct mo_span span;
};

typedef MO_VEC(struct mo_node *) mo_nodes;

// What every declaration and field has.
struct mo_item {
	struct mo_node node;
	mo_nodes decorators;      // DECORATOR
	struct mo_str doc;        // the text of the /// lines above it, without the slashes; lines joined by \n
	struct mo_symbol *made_of; // the component of an INSTANCE; set by sema/bind
};

#define NAME(f) struct mo_name f;
#define CHILD(f) struct mo_node *f;
#define LIST(f) mo_nodes f;
#define TEXT(f) struct mo_str f;
#define INT(f) int64_t f;
#define FLOAT(f) double f;
#define FLAG(f) bool f;
#define OP(f) enum mo_op f;
#define MO_ITEM(KIND, ident, ...)    \
	struct mo_##ident##_node {   \
		struct mo_item item; \
		__VA_ARGS__          \
	};
#define MO_NODE(KIND, ident, ...)    \
	struct mo_##ident##_node {   \
		struct mo_node node; \
		__VA_ARGS__          \
	};
#include "syntax/ast.def"

// mo_as_let(node): the node as its own struct. The kind is the caller's responsibility (a switch on kind precedes).
#define MO_ITEM(KIND, ident, ...)                                         \
	static inline struct mo_##ident##_node *mo_as_##ident(struct mo_node *n) \
	{                                                                 \
		return (struct mo_##ident##_node *)n;                     \
	}
#define MO_NODE MO_ITEM
#include "syntax/ast.def"

// The items of a `{ … }`; none where there is no block, or something else stands in its place after an error.
static inline mo_nodes
mo_block_items(struct mo_node *block)
{
	return block && block->kind == MO_BLOCK_NODE ? mo_as_block(block)->items : (mo_nodes){ 0 };
}

// The value of the first field of that name; NULL when there is none.
static inline struct mo_node *
mo_block_field(struct mo_node *block, mo_atom name)
{
	mo_nodes items = mo_block_items(block);
	for (uint32_t i = 0; i < items.len; i++) {
		if (items.items[i] && items.items[i]->kind == MO_FIELD_NODE && mo_as_field(items.items[i])->name.atom == name) {
			return mo_as_field(items.items[i])->value;
		}
	}
	return NULL;
}

const char *mo_node_kind_name(enum mo_node_kind kind); // "LET"
bool mo_node_is_item(enum mo_node_kind kind);

// A comment that is not a doc comment, or a run of blank lines; kept for the formatter.
struct mo_trivia {
	struct mo_span span;
	enum mo_trivia_kind { MO_TRIVIA_LINE, MO_TRIVIA_BLOCK, MO_TRIVIA_DOC, MO_TRIVIA_BLANK } kind;
};

struct mo_syntax {
	const struct mo_source *source;
	struct mo_file_node *file;      // never NULL, also after errors
	MO_VEC(struct mo_trivia) trivia; // in the order of the file
};

// Calls visit for every child of a node in source order; stops early when it returns false (and returns false).
bool mo_node_children(struct mo_node *n, bool (*visit)(struct mo_node *child, void *data), void *data);

// A readable rendering, one node a line, indented; for --stop-after parse and the golden tests.
void mo_ast_dump(struct mo_buf *out, const struct mo_atoms *atoms, struct mo_sources *sources, const struct mo_syntax *syntax);

#endif
