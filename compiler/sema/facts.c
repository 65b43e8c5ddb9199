// SPDX-License-Identifier: Apache-2.0
// Narrowing: what is known to hold at a place, and what follows from it for the types of names and for declarations inside `if`.
#include "sema/check.h"

enum { FACT_DEPTH = 40 };

// ---- equal expressions -----------------------------------------------------------------------------------------------------------

static bool same_expr(struct mo_node *a, struct mo_node *b, uint32_t depth);

static bool
same_list(mo_nodes a, mo_nodes b, uint32_t depth)
{
	if (a.len != b.len) {
		return false;
	}
	for (uint32_t i = 0; i < a.len; i++) {
		if (!same_expr(a.items[i], b.items[i], depth)) {
			return false;
		}
	}
	return true;
}

// Whether two expressions, wherever they stand, mean the same value. Only forms that conditions are made of; others never do.
static bool
same_expr(struct mo_node *a, struct mo_node *b, uint32_t depth)
{
	if (a == b || !a || !b || a->kind != b->kind || depth > FACT_DEPTH) {
		return a == b;
	}
	switch (a->kind) {
	case MO_NAME_REF_NODE:
		return a->symbol && a->symbol == b->symbol;
	case MO_INT_NODE:
		return mo_as_int_lit(a)->value == mo_as_int_lit(b)->value;
	case MO_BOOL_NODE:
		return mo_as_bool_lit(a)->value == mo_as_bool_lit(b)->value;
	case MO_NONE_NODE:
		return true;
	case MO_TEXT_NODE:
		return mo_str_eq(mo_as_text(a)->text, mo_as_text(b)->text);
	case MO_STRING_NODE:
		return same_list(mo_as_string_lit(a)->parts, mo_as_string_lit(b)->parts, depth + 1);
	case MO_UNARY_NODE:
		return mo_as_unary(a)->op == mo_as_unary(b)->op && same_expr(mo_as_unary(a)->operand, mo_as_unary(b)->operand, depth + 1);
	case MO_BINARY_NODE: {
		struct mo_binary_node *x = mo_as_binary(a), *y = mo_as_binary(b);
		return x->op == y->op && same_expr(x->left, y->left, depth + 1) && same_expr(x->right, y->right, depth + 1);
	}
	case MO_MEMBER_NODE: {
		struct mo_member_node *x = mo_as_member(a), *y = mo_as_member(b);
		return x->name.atom == y->name.atom && same_expr(x->object, y->object, depth + 1);
	}
	case MO_INDEX_NODE: {
		struct mo_index_node *x = mo_as_index(a), *y = mo_as_index(b);
		return same_expr(x->object, y->object, depth + 1) && same_list(x->keys, y->keys, depth + 1);
	}
	case MO_CALL_NODE: {
		struct mo_call_node *x = mo_as_call(a), *y = mo_as_call(b);
		return same_expr(x->callee, y->callee, depth + 1) && same_list(x->args, y->args, depth + 1);
	}
	case MO_ARG_NODE:
		return mo_as_arg(a)->name.atom == mo_as_arg(b)->name.atom && same_expr(mo_as_arg(a)->value, mo_as_arg(b)->value, depth + 1);
	default:
		return false;
	}
}

// The expression behind a name that a `let` gives to a condition.
static struct mo_node *
named_condition(struct mo_node *n)
{
	if (n->kind != MO_NAME_REF_NODE || !n->symbol || n->symbol->kind != MO_SYM_LET || n->symbol->declarations.len != 1) {
		return NULL;
	}
	struct mo_node *decl = n->symbol->declarations.items[0].node;
	return decl->kind == MO_LET_NODE ? mo_as_let(decl)->value : NULL;
}

// ---- pushing ---------------------------------------------------------------------------------------------------------------------

static void
push(struct mo_check *c, struct mo_node *cond, bool truth, uint32_t depth)
{
	if (!cond || depth > FACT_DEPTH) {
		return;
	}
	mo_push(&c->ctx->session, &c->facts, (struct mo_fact){ cond, truth });
	if (cond->kind == MO_UNARY_NODE && mo_as_unary(cond)->op == MO_OP_NOT) {
		push(c, mo_as_unary(cond)->operand, !truth, depth + 1);
	} else if (cond->kind == MO_BINARY_NODE) {
		struct mo_binary_node *b = mo_as_binary(cond);
		if ((b->op == MO_OP_AND && truth) || (b->op == MO_OP_OR && !truth)) {
			push(c, b->left, truth, depth + 1);
			push(c, b->right, truth, depth + 1);
		}
	} else if (named_condition(cond)) {
		push(c, named_condition(cond), truth, depth + 1);
	}
}

uint32_t
mo_facts_push(struct mo_check *c, struct mo_node *cond, bool truth)
{
	uint32_t mark = c->facts.len;
	push(c, cond, truth, 0);
	return mark;
}

void
mo_facts_pop(struct mo_check *c, uint32_t mark)
{
	c->facts.len = mark;
}

// ---- narrowing -------------------------------------------------------------------------------------------------------------------

// `x == none` or `x != none`: gives x, and whether the condition being `truth` means that x is there.
static struct mo_node *
none_test(const struct mo_fact *f, bool *present)
{
	if (f->cond->kind != MO_BINARY_NODE) {
		return NULL;
	}
	struct mo_binary_node *b = mo_as_binary(f->cond);
	if (b->op != MO_OP_EQ && b->op != MO_OP_NE) {
		return NULL;
	}
	*present = (b->op == MO_OP_NE) == f->truth;
	if (b->right->kind == MO_NONE_NODE) {
		return b->left;
	}
	return b->left->kind == MO_NONE_NODE ? b->right : NULL;
}

static const struct mo_type *
keep_alternatives(struct mo_check *c, const struct mo_type *t, const struct mo_type *tested, bool matching)
{
	const struct mo_type *present = mo_type_present(t);
	if (present->kind != MO_TYPE_UNION) {
		bool fits = mo_fit_types(c, present, tested).misfit == MO_FITS;
		return matching && !fits ? mo_type_at(c->ctx, tested, t->time) : matching ? present : t;
	}
	const struct mo_type *kept = NULL;
	for (uint32_t i = 0; i < present->alternatives.len; i++) {
		const struct mo_type *a = present->alternatives.items[i];
		if ((mo_fit_types(c, a, tested).misfit == MO_FITS) == matching) {
			kept = kept ? mo_type_union(c->ctx, kept, a) : a;
		}
	}
	if (!kept) {
		return matching ? mo_type_at(c->ctx, tested, t->time) : t;
	}
	return !matching && t != present ? mo_type_optional(c->ctx, kept) : kept;
}

// `x == "a"`: gives x and the type of the literal, and whether the condition being `truth` means equality.
static struct mo_node *
literal_test(const struct mo_fact *f, const struct mo_type **literal, bool *equal)
{
	struct mo_binary_node *b = f->cond->kind == MO_BINARY_NODE ? mo_as_binary(f->cond) : NULL;
	if (!b || (b->op != MO_OP_EQ && b->op != MO_OP_NE) || !b->right || !b->right->type || !b->right->type->is_literal) {
		return NULL;
	}
	*literal = b->right->type;
	*equal = (b->op == MO_OP_EQ) == f->truth;
	return b->left;
}

// Without the alternatives that the literal rules out.
static const struct mo_type *
narrow_by_literal(struct mo_check *c, const struct mo_type *t, const struct mo_type *literal, bool equal)
{
	const struct mo_type *present = mo_type_present(t);
	if (present->kind != MO_TYPE_UNION) {
		return equal ? present : t;
	}
	const struct mo_type *kept = NULL;
	for (uint32_t i = 0; i < present->alternatives.len; i++) {
		const struct mo_type *a = present->alternatives.items[i];
		bool is_it = a->is_literal && mo_type_same(a, literal);
		bool can_be = mo_fit_types(c, literal, a).misfit == MO_FITS;
		if (equal ? can_be : !is_it) {
			kept = kept ? mo_type_union(c->ctx, kept, a) : a;
		}
	}
	if (!kept) {
		return t;
	}
	return !equal && t != present ? mo_type_optional(c->ctx, kept) : kept;
}

const struct mo_type *
mo_facts_narrow(struct mo_check *c, struct mo_node *n, const struct mo_type *t)
{
	for (uint32_t i = 0; i < c->facts.len; i++) {
		const struct mo_fact *f = &c->facts.items[i];
		bool present = false;
		struct mo_node *tested = none_test(f, &present);
		if (tested && same_expr(tested, n, 0)) {
			t = present ? mo_type_present(t) : mo_type_of_kind(MO_TYPE_NONE);
			continue;
		}
		const struct mo_type *literal = NULL;
		bool equal = false;
		tested = literal_test(f, &literal, &equal);
		if (tested && same_expr(tested, n, 0)) {
			t = narrow_by_literal(c, t, literal, equal);
		} else if (f->cond->kind == MO_IS_NODE && same_expr(mo_as_is(f->cond)->value, n, 0)) {
			t = keep_alternatives(c, t, mo_type_of_node(c->program, mo_as_is(f->cond)->type_expr), f->truth);
		}
	}
	return t;
}

// ---- implication -----------------------------------------------------------------------------------------------------------------

// Whether `a` being so means that `b` is so: the same test, possibly written the other way round.
static bool
says(const struct mo_fact *f, struct mo_node *cond, bool truth)
{
	if (same_expr(f->cond, cond, 0)) {
		return f->truth == truth;
	}
	bool present, wanted;
	struct mo_fact goal = { cond, truth };
	struct mo_node *x = none_test(f, &present), *y = none_test(&goal, &wanted);
	return x && y && present == wanted && same_expr(x, y, 0);
}

static bool
implied(struct mo_check *c, struct mo_node *cond, bool truth, uint32_t depth)
{
	if (!cond || depth > FACT_DEPTH) {
		return false;
	}
	for (uint32_t i = 0; i < c->facts.len; i++) {
		if (says(&c->facts.items[i], cond, truth)) {
			return true;
		}
	}
	if (cond->kind == MO_UNARY_NODE && mo_as_unary(cond)->op == MO_OP_NOT) {
		return implied(c, mo_as_unary(cond)->operand, !truth, depth + 1);
	}
	if (cond->kind == MO_BINARY_NODE) {
		struct mo_binary_node *b = mo_as_binary(cond);
		if ((b->op == MO_OP_AND && truth) || (b->op == MO_OP_OR && !truth)) {
			return implied(c, b->left, truth, depth + 1) && implied(c, b->right, truth, depth + 1);
		}
		if ((b->op == MO_OP_OR && truth) || (b->op == MO_OP_AND && !truth)) {
			return implied(c, b->left, truth, depth + 1) || implied(c, b->right, truth, depth + 1);
		}
	}
	return named_condition(cond) && implied(c, named_condition(cond), truth, depth + 1);
}

// ---- presence --------------------------------------------------------------------------------------------------------------------

enum { BLOCKS_DEPTH = 32 };

// A way through `if` blocks, outermost first.
struct path {
	uint32_t len;
	const struct mo_node *node[BLOCKS_DEPTH];
	bool in_else[BLOCKS_DEPTH];
};

// The `if` blocks around a declaration; false when there are more than a path holds.
static bool
path_of(const struct mo_nesting *n, struct path *out)
{
	if (!n) {
		return true;
	}
	if (!path_of(n->outer, out) || out->len == BLOCKS_DEPTH) {
		return false;
	}
	if (n->node->kind == MO_IF_DECL_NODE) {
		out->node[out->len] = n->node;
		out->in_else[out->len++] = n->in_else;
	}
	return true;
}

static bool
starts_with(const struct path *p, const struct path *start)
{
	if (p->len < start->len) {
		return false;
	}
	for (uint32_t i = 0; i < start->len; i++) {
		if (p->node[i] != start->node[i] || p->in_else[i] != start->in_else[i]) {
			return false;
		}
	}
	return true;
}

static bool one_is_there(struct mo_check *c, const struct mo_symbol *s, struct path *at);

// Whether one of the declarations is there in a branch of the `if`, or the branch is known not to be taken.
static bool
is_there_in(struct mo_check *c, const struct mo_symbol *s, struct path *at, struct mo_node *choice, bool in_else)
{
	if (implied(c, mo_as_if_decl(choice)->cond, in_else, 0)) {
		return true; // the other branch is taken
	}
	at->node[at->len] = choice;
	at->in_else[at->len++] = in_else;
	bool there = one_is_there(c, s, at);
	at->len--;
	return there;
}

// Whether, in the branches that `at` names, one of the declarations is there whatever the conditions further in say.
static bool
one_is_there(struct mo_check *c, const struct mo_symbol *s, struct path *at)
{
	for (uint32_t i = 0; i < s->declarations.len; i++) {
		struct path p = { 0 };
		if (!path_of(s->declarations.items[i].nesting, &p) || !starts_with(&p, at)) {
			continue;
		}
		if (p.len == at->len) {
			return true;
		}
		struct mo_node *choice = (struct mo_node *)(uintptr_t)p.node[at->len];
		if (is_there_in(c, s, at, choice, false) && is_there_in(c, s, at, choice, true)) {
			return true;
		}
	}
	return false;
}

bool
mo_facts_present(struct mo_check *c, const struct mo_symbol *s)
{
	struct path at = { 0 };
	return one_is_there(c, s, &at);
}
