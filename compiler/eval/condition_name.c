// SPDX-License-Identifier: Apache-2.0
// Names for conditions that no `let` names: after their text. `env == "prod"` is EnvIsProd, `!make || x == none` is NotMakeOrNoX.
#include "eval/instance.h"

enum { LONGEST = 60, DEEPEST = 6 };

static bool add(struct mo_eval *ev, struct mo_buf *b, struct mo_node *n, uint32_t depth);

static bool
add_comparison(struct mo_eval *ev, struct mo_buf *b, struct mo_binary_node *n, uint32_t depth)
{
	bool negated = n->op == MO_OP_NE;
	if (n->right->kind == MO_NONE_NODE) {
		mo_buf_adds(b, negated ? "Has" : "No");
		return add(ev, b, n->left, depth);
	}
	if (!add(ev, b, n->left, depth)) {
		return false;
	}
	mo_buf_adds(b, negated ? "IsNot" : "Is");
	return add(ev, b, n->right, depth);
}

static bool
add_binary(struct mo_eval *ev, struct mo_buf *b, struct mo_binary_node *n, uint32_t depth)
{
	if (n->op == MO_OP_EQ || n->op == MO_OP_NE) {
		return add_comparison(ev, b, n, depth);
	}
	if (n->op != MO_OP_AND && n->op != MO_OP_OR) {
		return false;
	}
	if (!add(ev, b, n->left, depth)) {
		return false;
	}
	mo_buf_adds(b, n->op == MO_OP_AND ? "And" : "Or");
	return add(ev, b, n->right, depth);
}

static bool add_list(struct mo_eval *ev, struct mo_buf *b, mo_nodes nodes, const char *between, uint32_t depth);

// `contains(sizes, size)`: SizeInSizes; of a short list that is written out, SizeIsSOrL.
static bool
add_contains(struct mo_eval *ev, struct mo_buf *b, struct mo_node *in, struct mo_node *what, uint32_t depth)
{
	if (!add(ev, b, what, depth)) {
		return false;
	}
	mo_buf_adds(b, in->kind == MO_LIST_NODE ? "Is" : "In");
	return in->kind == MO_LIST_NODE ? add_list(ev, b, mo_as_list(in)->items, "Or", depth) : add(ev, b, in, depth);
}

static struct mo_node *
argument(struct mo_call_node *n, uint32_t i)
{
	return n->args.items[i]->kind == MO_ARG_NODE ? mo_as_arg(n->args.items[i])->value : NULL;
}

// Calls of what gives a truth.
static bool
add_call(struct mo_eval *ev, struct mo_buf *b, struct mo_call_node *n, uint32_t depth)
{
	bool intrinsic = n->callee->kind == MO_INTRINSIC_NODE;
	struct mo_str name = intrinsic ? mo_atom_text(ev, mo_as_intrinsic(n->callee)->name.atom)
		: n->callee->kind == MO_NAME_REF_NODE ? mo_atom_text(ev, mo_as_name_ref(n->callee)->name.atom) : (struct mo_str){ 0 };
	struct mo_node *first = n->args.len ? argument(n, 0) : NULL, *second = n->args.len > 1 ? argument(n, 1) : NULL;
	if (mo_str_is(name, "contains") && first && second) {
		return add_contains(ev, b, first, second, depth);
	}
	if (mo_str_is(name, "Condition") && first) {
		return add(ev, b, first, depth);
	}
	if (mo_str_is(name, "Fn::Not") && first) {
		mo_buf_adds(b, "Not");
		return add(ev, b, first, depth);
	}
	if (mo_str_is(name, "Fn::Equals") && first && second) {
		bool good = add(ev, b, first, depth);
		mo_buf_adds(b, "Is");
		return good && add(ev, b, second, depth);
	}
	bool both = mo_str_is(name, "Fn::And");
	return (both || mo_str_is(name, "Fn::Or")) && add_list(ev, b, n->args, both ? "And" : "Or", depth);
}

static bool
add_list(struct mo_eval *ev, struct mo_buf *b, mo_nodes nodes, const char *between, uint32_t depth)
{
	for (uint32_t i = 0; i < nodes.len; i++) {
		struct mo_node *n = nodes.items[i]->kind == MO_ARG_NODE ? mo_as_arg(nodes.items[i])->value : nodes.items[i];
		mo_buf_adds(b, i ? between : "");
		if (!add(ev, b, n, depth)) {
			return false;
		}
	}
	return nodes.len > 0;
}

static bool
add_string(struct mo_buf *b, struct mo_string_lit_node *n)
{
	if (n->parts.len == 0) {
		mo_buf_adds(b, "Empty");
		return true;
	}
	if (n->parts.len > 1 || n->parts.items[0]->kind != MO_TEXT_NODE) {
		return false;
	}
	size_t before = b->len;
	mo_id_add(b, mo_as_text(n->parts.items[0])->text);
	return b->len > before;
}

static bool
add(struct mo_eval *ev, struct mo_buf *b, struct mo_node *n, uint32_t depth)
{
	if (depth > DEEPEST || !n) {
		return false;
	}
	switch (n->kind) {
	case MO_NAME_REF_NODE:
		mo_id_add(b, mo_atom_text(ev, mo_as_name_ref(n)->name.atom));
		return true;
	case MO_MEMBER_NODE:
		if (!add(ev, b, mo_as_member(n)->object, depth + 1)) {
			return false;
		}
		mo_id_add(b, mo_atom_text(ev, mo_as_member(n)->name.atom));
		return true;
	case MO_UNARY_NODE:
		if (mo_as_unary(n)->op != MO_OP_NOT) {
			return false;
		}
		mo_buf_adds(b, "Not");
		return add(ev, b, mo_as_unary(n)->operand, depth + 1);
	case MO_BINARY_NODE:
		return add_binary(ev, b, mo_as_binary(n), depth + 1);
	case MO_CALL_NODE:
		return add_call(ev, b, mo_as_call(n), depth + 1);
	case MO_STRING_NODE:
		return add_string(b, mo_as_string_lit(n));
	case MO_INT_NODE:
		mo_buf_printf(b, "%lld", (long long)mo_as_int_lit(n)->value);
		return mo_as_int_lit(n)->value >= 0;
	case MO_BOOL_NODE:
		mo_buf_adds(b, mo_as_bool_lit(n)->value ? "True" : "False");
		return true;
	default:
		return false;
	}
}

struct mo_str
mo_condition_name(struct mo_eval *ev, struct mo_frame *f, struct mo_node *n)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	if (f && f->instance) {
		mo_buf_add(&b, f->instance->id);
	}
	if (!add(ev, &b, n, 0) || b.len > LONGEST) {
		return (struct mo_str){ 0 };
	}
	return mo_buf_str(&b);
}
