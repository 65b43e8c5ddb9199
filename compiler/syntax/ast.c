// SPDX-License-Identifier: Apache-2.0
// What can be said of every node alike: its name, its children, its rendering. All of it is made from ast.def, so a new kind of node
// needs nothing here.
#include "syntax/ast.h"

#include <string.h>

const char *
mo_node_kind_name(enum mo_node_kind kind)
{
	static const char *const names[] = {
#define MO_ITEM(KIND, ident, ...) #KIND,
#define MO_NODE MO_ITEM
#include "syntax/ast.def"
	};
	return kind < MO_NODE_KINDS ? names[kind] : "?";
}

bool
mo_node_is_item(enum mo_node_kind kind)
{
	switch (kind) {
#define MO_ITEM(KIND, ident, ...) case MO_##KIND##_NODE: return true;
#define MO_NODE(KIND, ident, ...)
#include "syntax/ast.def"
	default:
		return false;
	}
}

const char *
mo_op_text(enum mo_op op)
{
	static const char *const texts[] = {
		[MO_OP_NEG] = "-", [MO_OP_NOT] = "!", [MO_OP_COALESCE] = "??", [MO_OP_OR] = "||", [MO_OP_AND] = "&&", [MO_OP_EQ] = "==",
		[MO_OP_NE] = "!=", [MO_OP_LT] = "<", [MO_OP_GT] = ">", [MO_OP_LE] = "<=", [MO_OP_GE] = ">=", [MO_OP_RANGE] = "..",
		[MO_OP_RANGE_LT] = "..<", [MO_OP_ADD] = "+", [MO_OP_SUB] = "-", [MO_OP_MUL] = "*", [MO_OP_DIV] = "/", [MO_OP_MOD] = "%",
	};
	return texts[op];
}

// ---- children --------------------------------------------------------------------------------------------------------------------------

static bool
visit_list(const mo_nodes *list, bool (*visit)(struct mo_node *child, void *data), void *data)
{
	for (uint32_t i = 0; i < list->len; i++) {
		if (!visit(list->items[i], data)) {
			return false;
		}
	}
	return true;
}

bool
mo_node_children(struct mo_node *n, bool (*visit)(struct mo_node *child, void *data), void *data)
{
	if (mo_node_is_item(n->kind) && !visit_list(&((struct mo_item *)n)->decorators, visit, data)) {
		return false;
	}
	switch (n->kind) {
#define NAME(f)
#define TEXT(f)
#define INT(f)
#define FLOAT(f)
#define FLAG(f)
#define OP(f)
#define CHILD(f) && (!node->f || visit(node->f, data))
#define LIST(f) && visit_list(&node->f, visit, data)
#define MO_ITEM(KIND, ident, ...)                                  \
	case MO_##KIND##_NODE: {                                   \
		struct mo_##ident##_node *node = mo_as_##ident(n); \
		(void)node;                                        \
		return true __VA_ARGS__;                           \
	}
#define MO_NODE MO_ITEM
#include "syntax/ast.def"
	case MO_NODE_KINDS:
		break;
	}
	return true;
}

// ---- the dump --------------------------------------------------------------------------------------------------------------------------

struct dump {
	struct mo_buf *out;
	const struct mo_atoms *atoms;
	struct mo_sources *sources;
	int depth;
};

static void dump_node(struct dump *d, const char *label, bool in_list, struct mo_node *n);

// Text in quotes, with what would break the line escaped.
static void
dump_text(struct mo_buf *out, struct mo_str text)
{
	mo_buf_addc(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];
		if (c == '\n') {
			mo_buf_adds(out, "\\n");
		} else if (c == '"' || c == '\\') {
			mo_buf_addc(out, '\\');
			mo_buf_addc(out, c);
		} else if ((unsigned char)c < ' ') {
			mo_buf_printf(out, "\\u{%x}", (unsigned)c);
		} else {
			mo_buf_addc(out, c);
		}
	}
	mo_buf_addc(out, '"');
}

static bool
is_plain(struct mo_str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
		if (!plain) {
			return false;
		}
	}
	return name.len > 0;
}

static void
dump_name(struct dump *d, const char *label, const struct mo_name *name)
{
	if (name->atom == 0) {
		return;
	}
	struct mo_str text = mo_atom_str(d->atoms, name->atom);
	mo_buf_printf(d->out, " %s=", label);
	if (is_plain(text)) {
		mo_buf_add(d->out, text);
	} else {
		dump_text(d->out, text);
	}
}

static void
dump_span(struct dump *d, struct mo_span span)
{
	struct mo_position from = mo_position_of(d->sources, span.start);
	struct mo_position to = mo_position_of(d->sources, span.end);
	mo_buf_printf(d->out, " %u:%u-%u:%u\n", from.line, from.column, to.line, to.column);
}

static void
dump_list(struct dump *d, const char *label, const mo_nodes *list)
{
	for (uint32_t i = 0; i < list->len; i++) {
		dump_node(d, label, true, list->items[i]);
	}
}

static void
dump_attributes(struct dump *d, struct mo_node *n)
{
	if (mo_node_is_item(n->kind) && ((struct mo_item *)n)->doc.len) {
		mo_buf_adds(d->out, " doc=");
		dump_text(d->out, ((struct mo_item *)n)->doc);
	}
	switch (n->kind) {
#define NAME(f) dump_name(d, #f, &node->f);
#define TEXT(f) mo_buf_addc(d->out, ' '), dump_text(d->out, node->f);
#define INT(f) mo_buf_printf(d->out, " %lld", (long long)node->f);
#define FLOAT(f) mo_buf_printf(d->out, " %.17g", node->f);
#define FLAG(f) mo_buf_adds(d->out, node->f ? " " #f : "");
#define OP(f) mo_buf_printf(d->out, " %s", mo_op_text(node->f));
#define CHILD(f)
#define LIST(f)
#define MO_ITEM(KIND, ident, ...)                                  \
	case MO_##KIND##_NODE: {                                   \
		struct mo_##ident##_node *node = mo_as_##ident(n); \
		(void)node;                                        \
		__VA_ARGS__                                        \
		break;                                             \
	}
#define MO_NODE MO_ITEM
#include "syntax/ast.def"
	case MO_NODE_KINDS:
		break;
	}
}

static void
dump_children(struct dump *d, struct mo_node *n)
{
	if (mo_node_is_item(n->kind)) {
		dump_list(d, "decorators", &((struct mo_item *)n)->decorators);
	}
	switch (n->kind) {
#define NAME(f)
#define TEXT(f)
#define INT(f)
#define FLOAT(f)
#define FLAG(f)
#define OP(f)
#define CHILD(f) dump_node(d, #f, false, node->f);
#define LIST(f) dump_list(d, #f, &node->f);
#define MO_ITEM(KIND, ident, ...)                                  \
	case MO_##KIND##_NODE: {                                   \
		struct mo_##ident##_node *node = mo_as_##ident(n); \
		(void)node;                                        \
		__VA_ARGS__                                        \
		break;                                             \
	}
#define MO_NODE MO_ITEM
#include "syntax/ast.def"
	case MO_NODE_KINDS:
		break;
	}
}

// The parser bounds how deep this goes (MO_PARSE_DEPTH, MO_PARSE_OPEN_TOKENS).
static void
dump_node(struct dump *d, const char *label, bool in_list, struct mo_node *n)
{
	if (!n) {
		return;
	}
	mo_buf_fill(d->out, ' ', 2 * (size_t)d->depth);
	if (label) {
		mo_buf_printf(d->out, "%s%s: ", label, in_list ? "[]" : "");
	}
	mo_buf_adds(d->out, mo_node_kind_name(n->kind));
	dump_attributes(d, n);
	dump_span(d, n->span);
	d->depth++;
	dump_children(d, n);
	d->depth--;
}

void
mo_ast_dump(struct mo_buf *out, const struct mo_atoms *atoms, struct mo_sources *sources, const struct mo_syntax *syntax)
{
	struct dump d = { .out = out, .atoms = atoms, .sources = sources };
	dump_node(&d, NULL, false, &syntax->file->node);
}
