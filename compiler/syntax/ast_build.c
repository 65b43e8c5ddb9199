// SPDX-License-Identifier: Apache-2.0
// Constructors of the syntax tree: takes what the grammar has recognized, gives nodes in the session's arena. Nothing is looked up here.
#include "syntax/ast_build.h"

#include "diag/diag.h"

struct mo_node *
mo_node_new(struct mo_parser *p, enum mo_node_kind kind, struct mo_span span, size_t size, const void *fields)
{
	struct mo_node *n = mo_arena_alloc(&p->ctx->session, size);
	memcpy(n, fields, size);
	n->kind = kind;
	n->span = span;
	return n;
}

struct mo_node *
mo_build_leaf(struct mo_parser *p, enum mo_node_kind kind, struct mo_span span)
{
	struct mo_node *n = mo_new(&p->ctx->session, struct mo_node);
	n->kind = kind;
	n->span = span;
	return n;
}

// ---- spans and lists -------------------------------------------------------------------------------------------------------------------

static bool
is_empty(struct mo_span s)
{
	return s.start == s.end;
}

struct mo_span
mo_span_of_parts(const struct mo_span *at, int n)
{
	int first = 1, last = n;
	while (first <= n && is_empty(at[first])) {
		first++;
	}
	while (last > first && is_empty(at[last])) {
		last--;
	}
	if (first > n) {
		return (struct mo_span){ at[0].end, at[0].end };
	}
	return (struct mo_span){ at[first].start, at[last].end };
}

struct mo_span
mo_span_over(struct mo_span a, struct mo_span b, struct mo_span c)
{
	return mo_span_of_parts((struct mo_span[]){ a, a, b, c }, 3);
}

mo_nodes
mo_list_add(struct mo_parser *p, mo_nodes list, struct mo_node *n)
{
	if (n) {
		mo_push(&p->ctx->session, &list, n);
	}
	return list;
}

mo_nodes
mo_list(struct mo_parser *p, struct mo_node *first)
{
	return mo_list_add(p, (mo_nodes){ 0 }, first);
}

mo_nodes
mo_list_first(struct mo_parser *p, struct mo_node *first, mo_nodes rest)
{
	mo_nodes list = mo_list(p, first);
	for (uint32_t i = 0; i < rest.len; i++) {
		mo_push(&p->ctx->session, &list, rest.items[i]);
	}
	return list;
}

// ---- items -----------------------------------------------------------------------------------------------------------------------------

void
mo_build_file(struct mo_parser *p, mo_nodes items)
{
	p->syntax->file->items = items;
}

// The comment that stands before an offset; empty when there is none.
static struct mo_str
doc_before(const struct mo_parser *p, uint32_t offset)
{
	uint32_t low = 0, high = p->docs.len;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (p->docs.items[middle].before == offset) {
			return p->docs.items[middle].text;
		}
		if (p->docs.items[middle].before < offset) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return MO_STR("");
}

static bool
take_poison(struct mo_parser *p, uint32_t from)
{
	bool any = false;
	while (p->poison.len && mo_last(&p->poison) >= from) {
		p->poison.len--;
		any = true;
	}
	return any;
}

// The name that an item declares, for the BAD one that takes its place.
static struct mo_name
name_of(struct mo_node *n)
{
	switch (n->kind) {
#define NAME(f) found = strcmp(#f, "name") == 0 ? node->f : found;
#define CHILD(f)
#define LIST(f)
#define TEXT(f)
#define INT(f)
#define FLOAT(f)
#define FLAG(f)
#define OP(f)
#define MO_NODE(KIND, ident, ...)
#define MO_ITEM(KIND, ident, ...)                                              \
	case MO_##KIND##_NODE: {                                               \
		struct mo_name found = { 0 };                                  \
		struct mo_##ident##_node *node = mo_as_##ident(n);             \
		(void)node;                                                    \
		__VA_ARGS__                                                    \
		return found;                                                  \
	}
#include "syntax/ast.def"
	default:
		return (struct mo_name){ 0 };
	}
}

static void
add_decorators(struct mo_parser *p, struct mo_span span, mo_nodes decorators, struct mo_node *n)
{
	struct mo_item *item = (struct mo_item *)n;
	item->decorators = decorators;
	item->doc = doc_before(p, span.start);
	if (!item->doc.p || item->doc.len == 0) {
		item->doc = doc_before(p, n->span.start);
	}
	n->span = span;
}

struct mo_node *
mo_build_item(struct mo_parser *p, struct mo_span span, mo_nodes decorators, struct mo_node *n)
{
	if (take_poison(p, span.start)) {
		n = MO_NEW(p, BAD, bad, n->span, .name = name_of(n));
	}
	add_decorators(p, span, decorators, n);
	return n;
}

struct mo_node *
mo_build_entry(struct mo_parser *p, struct mo_span span, mo_nodes decorators, struct mo_node *n)
{
	add_decorators(p, span, decorators, n);
	return n;
}

struct mo_node *
mo_build_skipped(struct mo_parser *p, struct mo_span span)
{
	struct mo_span skipped = p->skipped.end ? p->skipped : span;
	return MO_NEW(p, BAD, bad, skipped, .name = p->skipped_name);
}

struct mo_node *
mo_build_resumed(struct mo_node *skipped, struct mo_span block, struct mo_span otherwise)
{
	skipped->span = mo_span_of_parts((struct mo_span[]){ block, skipped->span, block, otherwise }, 3);
	return skipped;
}

struct mo_node *
mo_build_bad(struct mo_parser *p, struct mo_node *skipped)
{
	take_poison(p, skipped->span.start);
	return skipped;
}

// ---- names and literals ----------------------------------------------------------------------------------------------------------------

struct mo_node *
mo_build_ref(struct mo_parser *p, struct mo_name name)
{
	return MO_NEW(p, NAME_REF, name_ref, name.span, .name = name);
}

struct mo_name
mo_build_name(struct mo_parser *p, struct mo_node *string)
{
	const mo_nodes *parts = &mo_as_string_lit(string)->parts;
	struct mo_name name = { .span = string->span };
	struct mo_str text = MO_STR("");
	for (uint32_t i = 0; i < parts->len; i++) {
		struct mo_node *part = parts->items[i];
		if (part->kind != MO_TEXT_NODE) {
			struct mo_diag *d = mo_report(p->ctx->diags, MSG_COMPUTED_NAME, part->span, "the name of a field is fixed text");
			mo_diag_help(d, "a record with computed keys is `{for x in xs: \"prefix-${x}\" => value}`");
			mo_push(&p->ctx->session, &p->poison, part->span.start);
			break;
		}
		text = mo_as_text(part)->text;
	}
	name.atom = mo_atom_of(p->ctx->atoms, text);
	return name;
}

struct mo_node *
mo_build_literal(struct mo_parser *p, const struct mo_token *token)
{
	struct mo_span span = token->span;
	switch (token->kind) {
	case MO_TOK_FLOAT:
		return MO_NEW(p, FLOAT, float_lit, span, .value = token->real, .text = mo_span_text(p->ctx->sources, span));
	case MO_TOK_CIDR:
		return MO_NEW(p, CIDR, cidr_lit, span, .text = token->text);
	case MO_TOK_DURATION:
		return MO_NEW(p, DURATION, duration_lit, span, .milliseconds = token->integer);
	case MO_TOK_SIZE:
		return MO_NEW(p, SIZE, size_lit, span, .bytes = token->integer);
	case MO_TOK_TEXT:
		return MO_NEW(p, TEXT, text, span, .text = token->text);
	default:
		return MO_NEW(p, INT, int_lit, span, .value = token->integer);
	}
}

struct mo_node *
mo_build_negative(struct mo_parser *p, struct mo_span span, const struct mo_token *token)
{
	return MO_NEW(p, INT, int_lit, span, .value = -token->integer);
}

struct mo_node *
mo_build_bool(struct mo_parser *p, struct mo_span span, bool value)
{
	return MO_NEW(p, BOOL, bool_lit, span, .value = value);
}

// ---- expressions and types ---------------------------------------------------------------------------------------------------------------

struct mo_node *
mo_build_binary(struct mo_parser *p, struct mo_span span, enum mo_op op, struct mo_node *left, struct mo_node *right)
{
	return MO_NEW(p, BINARY, binary, span, .op = op, .left = left, .right = right);
}

struct mo_node *
mo_build_intrinsic(struct mo_parser *p, struct mo_span span, struct mo_name name, mo_nodes args)
{
	return MO_NEW(p, CALL, call, span, .callee = MO_NEW(p, INTRINSIC, intrinsic, name.span, .name = name), .args = args);
}

struct mo_node *
mo_build_union(struct mo_parser *p, struct mo_span span, struct mo_node *left, struct mo_node *right)
{
	if (left->kind != MO_TYPE_UNION_NODE) {
		left = MO_NEW(p, TYPE_UNION, type_union, span, .alternatives = mo_list(p, left));
	}
	struct mo_type_union_node *u = mo_as_type_union(left);
	u->alternatives = mo_list_add(p, u->alternatives, right);
	left->span = span;
	return left;
}

struct mo_node *
mo_build_type_member(struct mo_parser *p, struct mo_span span, struct mo_node *path, struct mo_name member)
{
	struct mo_type_path_node *t = mo_as_type_path(path);
	t->members = mo_list_add(p, t->members, mo_build_ref(p, member));
	path->span = span;
	return path;
}
