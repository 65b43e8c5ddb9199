// SPDX-License-Identifier: Apache-2.0
// Expressions: operators, choices, names, text. Literal records and lists are in check_literal.c, members in check_member.c.
#include "sema/check.h"

enum { CHECK_DEPTH = 400 };

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

static struct mo_str
text(struct mo_check *c, const struct mo_type *t)
{
	return mo_type_text(c->ctx, t);
}

// ---- scalars ---------------------------------------------------------------------------------------------------------------------

static bool
is_scalar(const struct mo_type *t)
{
	switch (t->kind) {
	case MO_TYPE_BOOL:
	case MO_TYPE_INT:
	case MO_TYPE_FLOAT:
	case MO_TYPE_STRING:
	case MO_TYPE_CIDR:
	case MO_TYPE_JSON:
	case MO_TYPE_ERROR:
	case MO_TYPE_ANY:
		return true;
	case MO_TYPE_UNION:
		for (uint32_t i = 0; i < t->alternatives.len; i++) {
			if (!is_scalar(t->alternatives.items[i])) {
				return false;
			}
		}
		return true;
	default:
		return false;
	}
}

static const struct mo_type *
int_literal(struct mo_check *c, int64_t value)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_INT);
	t->is_literal = true;
	t->min = t->max = value;
	return t;
}

// ---- text ------------------------------------------------------------------------------------------------------------------------

// A part of a text: a scalar that is there.
static void
check_part(struct mo_check *c, struct mo_node *part, const struct mo_type *t)
{
	if (mo_type_admits_none(t)) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_MAY_BE_NONE, part->span, "this may be none, which has no place in a text");
		mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(text(c, t)));
		mo_diag_help(d, "give a value for that case: `${… ?? \"\"}`");
	} else if (t->kind == MO_TYPE_RESOURCE) {
		struct mo_str source = mo_span_text(c->ctx->sources, part->span);
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_BARE_RESOURCE, part->span, "a resource stands where text is wanted");
		mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(text(c, t)));
		mo_diag_help(d, "say which of its values is meant: `${" MO_STR_FMT ".Ref}` or `${" MO_STR_FMT ".Arn}`", MO_STR_ARG(source),
			MO_STR_ARG(source));
	} else if (!is_scalar(t)) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, part->span, MO_STR_FMT " has no place in a text",
			MO_STR_ARG(text(c, t)));
		if (t->kind == MO_TYPE_LIST) {
			mo_diag_help(d, "join the elements: `${join(\",\", …)}`");
		} else if (t->kind == MO_TYPE_DURATION) {
			mo_diag_help(d, "say in which unit: `${….seconds}`");
		}
	}
}

static const struct mo_type *
infer_string(struct mo_check *c, struct mo_node *n)
{
	mo_nodes parts = mo_as_string_lit(n)->parts;
	if (parts.len == 0) {
		return mo_type_literal(c->ctx, MO_STR(""));
	}
	if (parts.len == 1 && parts.items[0]->kind == MO_TEXT_NODE) {
		return mo_type_literal(c->ctx, mo_as_text(parts.items[0])->text);
	}
	struct mo_time time = MO_COMPILE_TIME;
	for (uint32_t i = 0; i < parts.len; i++) {
		if (parts.items[i]->kind != MO_TEXT_NODE) {
			const struct mo_type *t = mo_check_infer(c, parts.items[i]);
			check_part(c, parts.items[i], t);
			time = mo_time_join(c->ctx, time, mo_type_deep_time(c->ctx, t));
		}
	}
	return mo_type_at(c->ctx, mo_type_of_kind(MO_TYPE_STRING), time);
}

// ---- names -----------------------------------------------------------------------------------------------------------------------

// A declaration inside `if` may not be there, unless what holds here says that it is.
static const struct mo_type *
as_declared(struct mo_check *c, struct mo_symbol *s, const struct mo_type *t)
{
	if (s->kind == MO_SYM_LOCAL || s->declarations.len == 0) {
		return t;
	}
	bool in_both = s->declarations.len > 1 && !s->dimensions; // both branches of an `if`
	if (in_both || s->dimensions) {
		return t; // a family that is not declared has no members
	}
	return mo_facts_imply(c, s->declarations.items[0].nesting) ? t : mo_type_optional(c->ctx, t);
}

static const struct mo_type *
infer_name(struct mo_check *c, struct mo_node *n)
{
	struct mo_symbol *s = n->symbol;
	if (!s) {
		return error_type(); // reported when names were bound
	}
	const struct mo_type *t = as_declared(c, s, mo_check_symbol(c, s, n->span));
	if (s->dimensions && t->kind != MO_TYPE_ERROR) {
		struct mo_type *family = mo_type_new(c->ctx, MO_TYPE_FAMILY);
		family->element = t;
		family->dimensions = s->dimensions;
		family->symbol = s;
		return family;
	}
	return mo_facts_narrow(c, n, t);
}

// ---- operators -------------------------------------------------------------------------------------------------------------------

// The kind that all alternatives have; UNION when they differ.
static enum mo_type_kind
kind_of(const struct mo_type *t)
{
	enum mo_type_kind kind = t->kind == MO_TYPE_UNION && t->alternatives.len ? t->alternatives.items[0]->kind : t->kind;
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		if (t->alternatives.items[i]->kind != kind) {
			return MO_TYPE_UNION;
		}
	}
	return kind;
}

static bool
is_number(const struct mo_type *t)
{
	enum mo_type_kind kind = kind_of(t);
	return kind == MO_TYPE_INT || kind == MO_TYPE_FLOAT;
}

// CloudFormation compares for equality and nothing else: the operands of everything else must be known.
static bool
known_operand(struct mo_check *c, struct mo_node *operand, const struct mo_type *t, enum mo_op op)
{
	if (t->time.deploy) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_CANNOT_COMPUTE, operand->span, "CloudFormation cannot compute `%s`", mo_op_text(op));
		mo_diag_here(d, "known only when CloudFormation runs");
		mo_diag_help(d, "compute it from values that the program knows, or pass the result in");
		return false;
	}
	return mo_check_known(c, t, false, operand->span, "an operand");
}

static bool
both_are(const struct mo_type *l, const struct mo_type *r, enum mo_type_kind kind)
{
	return kind_of(l) == kind && kind_of(r) == kind;
}

static void
report_operands(struct mo_check *c, struct mo_node *n, const struct mo_type *l, const struct mo_type *r)
{
	struct mo_binary_node *b = mo_as_binary(n);
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_OPERANDS, n->span, "`%s` does not go with " MO_STR_FMT " and " MO_STR_FMT,
		mo_op_text(b->op), MO_STR_ARG(text(c, l)), MO_STR_ARG(text(c, r)));
	mo_diag_label(d, b->left->span, MO_STR_FMT, MO_STR_ARG(text(c, l)));
	mo_diag_label(d, b->right->span, MO_STR_FMT, MO_STR_ARG(text(c, r)));
	if (b->op == MO_OP_ADD && (l->kind == MO_TYPE_STRING || r->kind == MO_TYPE_STRING)) {
		mo_diag_help(d, "texts are put together with `\"${…}${…}\"`");
	} else if (b->op == MO_OP_ADD && l->kind == MO_TYPE_LIST) {
		mo_diag_help(d, "lists are put together with `[...a, ...b]`");
	}
}

static const struct mo_type *
infer_arithmetic(struct mo_check *c, struct mo_node *n, const struct mo_type *l, const struct mo_type *r)
{
	struct mo_binary_node *b = mo_as_binary(n);
	if (!known_operand(c, b->left, l, b->op) || !known_operand(c, b->right, r, b->op)) {
		return error_type();
	}
	struct mo_time time = mo_time_join(c->ctx, l->time, r->time);
	if (is_number(l) && is_number(r)) {
		bool whole = both_are(l, r, MO_TYPE_INT);
		return mo_type_at(c->ctx, mo_type_of_kind(whole ? MO_TYPE_INT : MO_TYPE_FLOAT), time);
	}
	bool same_unit = (both_are(l, r, MO_TYPE_DURATION) || both_are(l, r, MO_TYPE_SIZE)) && (b->op == MO_OP_ADD || b->op == MO_OP_SUB);
	bool scaled = (l->kind == MO_TYPE_DURATION || l->kind == MO_TYPE_SIZE) && r->kind == MO_TYPE_INT && b->op == MO_OP_MUL;
	if (same_unit || scaled) {
		return mo_type_at(c->ctx, mo_type_of_kind(l->kind), time);
	}
	report_operands(c, n, l, r);
	return error_type();
}

static const struct mo_type *
bool_at(struct mo_check *c, struct mo_time time)
{
	return mo_type_at(c->ctx, mo_type_of_kind(MO_TYPE_BOOL), time);
}

static const struct mo_type *
infer_order(struct mo_check *c, struct mo_node *n, const struct mo_type *l, const struct mo_type *r)
{
	struct mo_binary_node *b = mo_as_binary(n);
	if (!known_operand(c, b->left, l, b->op) || !known_operand(c, b->right, r, b->op)) {
		return error_type();
	}
	bool comparable = (is_number(l) && is_number(r)) || both_are(l, r, MO_TYPE_DURATION) || both_are(l, r, MO_TYPE_SIZE)
		|| both_are(l, r, MO_TYPE_STRING);
	if (!comparable) {
		report_operands(c, n, l, r);
		return error_type();
	}
	return bool_at(c, mo_time_join(c->ctx, l->time, r->time));
}

// Whether two values of these types can be equal at all.
static bool
can_be_equal(struct mo_check *c, const struct mo_type *l, const struct mo_type *r)
{
	return mo_fit_types(c, l, r).misfit == MO_FITS || mo_fit_types(c, r, l).misfit == MO_FITS
		|| mo_fit_types(c, mo_type_present(l), mo_type_present(r)).misfit == MO_FITS
		|| mo_fit_types(c, mo_type_present(r), mo_type_present(l)).misfit == MO_FITS || (is_number(l) && is_number(r));
}

static bool
overlap(struct mo_check *c, const struct mo_type *l, const struct mo_type *r)
{
	l = mo_type_present(l);
	r = mo_type_present(r);
	if (l->kind == MO_TYPE_UNION) {
		for (uint32_t i = 0; i < l->alternatives.len; i++) {
			if (overlap(c, l->alternatives.items[i], r)) {
				return true;
			}
		}
		return false;
	}
	return r->kind == MO_TYPE_UNION ? overlap(c, r, l) : can_be_equal(c, l, r);
}

static const struct mo_type *
infer_equality(struct mo_check *c, struct mo_node *n, const struct mo_type *l, const struct mo_type *r)
{
	struct mo_binary_node *b = mo_as_binary(n);
	bool with_none = l->kind == MO_TYPE_NONE || r->kind == MO_TYPE_NONE;
	if (with_none) {
		// Whether something is there is known when its level is: presence, not content.
		const struct mo_type *t = l->kind == MO_TYPE_NONE ? r : l;
		struct mo_time time = t->kind == MO_TYPE_OPTIONAL ? t->time : MO_COMPILE_TIME;
		return bool_at(c, time);
	}
	if (!overlap(c, l, r)) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_NEVER_EQUAL, n->span, "these can never be equal");
		mo_diag_label(d, b->left->span, MO_STR_FMT, MO_STR_ARG(text(c, l)));
		mo_diag_label(d, b->right->span, MO_STR_FMT, MO_STR_ARG(text(c, r)));
		return error_type();
	}
	return bool_at(c, mo_time_join(c->ctx, mo_type_deep_time(c->ctx, l), mo_type_deep_time(c->ctx, r)));
}

static const struct mo_type *
infer_range(struct mo_check *c, struct mo_node *n, const struct mo_type *l, const struct mo_type *r)
{
	struct mo_binary_node *b = mo_as_binary(n);
	if (!mo_check_known(c, l, false, b->left->span, "the start of a range") || !mo_check_known(c, r, false, b->right->span, "the end of a range")) {
		return error_type();
	}
	if (!both_are(l, r, MO_TYPE_INT)) {
		report_operands(c, n, l, r);
		return error_type();
	}
	struct mo_time time = mo_time_join(c->ctx, l->time, r->time);
	return mo_type_at(c->ctx, mo_type_list(c->ctx, mo_type_at(c->ctx, mo_type_of_kind(MO_TYPE_INT), time)), time);
}

static const struct mo_type *
infer_logic(struct mo_check *c, struct mo_node *n)
{
	struct mo_binary_node *b = mo_as_binary(n);
	const struct mo_type *boolean = mo_type_of_kind(MO_TYPE_BOOL);
	const struct mo_type *l = mo_check_expr(c, b->left, boolean);
	uint32_t mark = mo_facts_push(c, b->left, b->op == MO_OP_AND);
	const struct mo_type *r = mo_check_expr(c, b->right, boolean);
	mo_facts_pop(c, mark);
	return bool_at(c, mo_time_join(c->ctx, l->time, r->time));
}

// `a ?? b`: where b is evaluated, a is none.
static const struct mo_type *
check_coalesce(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	struct mo_binary_node *b = mo_as_binary(n);
	const struct mo_type *l = mo_check_infer(c, b->left);
	if (l->kind != MO_TYPE_ERROR && !mo_type_admits_none(l) && l->kind != MO_TYPE_JSON && l->kind != MO_TYPE_ANY) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_NEVER_NONE, b->left->span, "this is never none, so `??` has no effect");
		mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(text(c, l)));
		mo_diag_help(d, "take `?? …` out");
	}
	struct mo_node test_none = { .kind = MO_NONE_NODE, .span = b->left->span };
	struct mo_binary_node *absent = mo_new(&c->ctx->session, struct mo_binary_node);
	struct mo_node *none = mo_new(&c->ctx->session, struct mo_node);
	*none = test_none;
	*absent = (struct mo_binary_node){ .node = { .kind = MO_BINARY_NODE, .span = b->left->span }, .op = MO_OP_EQ, .left = b->left, .right = none };
	uint32_t mark = mo_facts_push(c, &absent->node, true);
	const struct mo_type *r = want ? mo_check_expr(c, b->right, want) : mo_check_infer(c, b->right);
	mo_facts_pop(c, mark);
	if (l->kind == MO_TYPE_NONE) {
		return r;
	}
	const struct mo_type *present = mo_type_present(l);
	if (want && !mo_check_fit(c, b->left, present, want)) {
		return error_type();
	}
	struct mo_time presence = l->kind == MO_TYPE_OPTIONAL ? l->time : MO_COMPILE_TIME;
	return mo_type_at(c->ctx, mo_type_union(c->ctx, present, r), presence);
}

static const struct mo_type *
infer_binary(struct mo_check *c, struct mo_node *n)
{
	struct mo_binary_node *b = mo_as_binary(n);
	if (b->op == MO_OP_AND || b->op == MO_OP_OR) {
		return infer_logic(c, n);
	}
	if (b->op == MO_OP_COALESCE) {
		return check_coalesce(c, n, NULL);
	}
	const struct mo_type *l = mo_check_infer(c, b->left), *r = mo_check_infer(c, b->right);
	if (l->kind == MO_TYPE_ERROR || r->kind == MO_TYPE_ERROR) {
		return error_type();
	}
	switch (b->op) {
	case MO_OP_EQ:
	case MO_OP_NE:
		return infer_equality(c, n, l, r);
	case MO_OP_LT:
	case MO_OP_GT:
	case MO_OP_LE:
	case MO_OP_GE:
		return infer_order(c, n, l, r);
	case MO_OP_RANGE:
	case MO_OP_RANGE_LT:
		return infer_range(c, n, l, r);
	default:
		return infer_arithmetic(c, n, l, r);
	}
}

static const struct mo_type *
infer_unary(struct mo_check *c, struct mo_node *n)
{
	struct mo_unary_node *u = mo_as_unary(n);
	if (u->op == MO_OP_NOT) {
		return bool_at(c, mo_check_expr(c, u->operand, mo_type_of_kind(MO_TYPE_BOOL))->time);
	}
	const struct mo_type *t = mo_check_infer(c, u->operand);
	if (t->kind == MO_TYPE_ERROR) {
		return t;
	}
	if (!is_number(t)) {
		mo_report(c->ctx->diags, MSG_WRONG_OPERANDS, n->span, "`-` wants a number, not " MO_STR_FMT, MO_STR_ARG(text(c, t)));
		return error_type();
	}
	if (!known_operand(c, u->operand, t, MO_OP_SUB)) {
		return error_type();
	}
	return t->is_literal ? int_literal(c, -t->min) : mo_type_at(c->ctx, mo_type_of_kind(kind_of(t)), t->time);
}

static const struct mo_type *
infer_is(struct mo_check *c, struct mo_node *n)
{
	const struct mo_type *t = mo_check_infer(c, mo_as_is(n)->value);
	mo_type_of_node(c->program, mo_as_is(n)->type_expr);
	if (t->kind == MO_TYPE_ERROR) {
		return t;
	}
	mo_check_known(c, t, false, mo_as_is(n)->value->span, "the value of `is`");
	return bool_at(c, MO_COMPILE_TIME);
}

// ---- choices ---------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
check_if(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	struct mo_if_expr_node *e = mo_as_if_expr(n);
	const struct mo_type *cond = mo_check_expr(c, e->cond, mo_type_of_kind(MO_TYPE_BOOL));
	uint32_t mark = mo_facts_push(c, e->cond, true);
	const struct mo_type *then = want ? mo_check_expr(c, e->then, want) : mo_check_infer(c, e->then);
	mo_facts_pop(c, mark);
	const struct mo_type *otherwise = mo_type_of_kind(MO_TYPE_NONE);
	if (e->otherwise) {
		mark = mo_facts_push(c, e->cond, false);
		otherwise = want ? mo_check_expr(c, e->otherwise, want) : mo_check_infer(c, e->otherwise);
		mo_facts_pop(c, mark);
	} else if (want && !mo_type_admits_none(want) && want->kind != MO_TYPE_JSON && want->kind != MO_TYPE_ERROR && want->kind != MO_TYPE_ANY) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_MAY_BE_NONE, n->span, "this is none when the condition does not hold, and a value is required");
		mo_diag_note(d, "expected " MO_STR_FMT, MO_STR_ARG(text(c, want)));
		mo_diag_help(d, "add `else …`");
		return error_type();
	}
	if (then->kind == MO_TYPE_ERROR && otherwise->kind == MO_TYPE_NONE) {
		return then;
	}
	return mo_type_at(c->ctx, mo_type_union(c->ctx, then, otherwise), cond->time);
}

static void
check_pattern(struct mo_check *c, struct mo_node *p, const struct mo_type *value)
{
	if (p->kind == MO_PATTERN_NAME_NODE && p->symbol) {
		p->symbol->type = value;
		p->symbol->state = 2;
	} else if (p->kind == MO_PATTERN_TYPE_NODE) {
		struct mo_pattern_type_node *t = mo_as_pattern_type(p);
		struct mo_type_path_node *path = mo_new(&c->ctx->session, struct mo_type_path_node);
		*path = (struct mo_type_path_node){ .node = { .kind = MO_TYPE_PATH_NODE, .span = t->kind.span }, .name = t->kind };
		path->node.symbol = mo_symbol_real(mo_scope_find_kind(c->body ? c->body : c->program->builtins, t->kind.atom));
		const struct mo_type *type = mo_type_of_node(c->program, &path->node);
		p->type = type;
		if (p->symbol) {
			p->symbol->type = mo_type_at(c->ctx, type, value->time);
			p->symbol->state = 2;
		}
	} else if (p->kind == MO_PATTERN_VALUE_NODE) {
		struct mo_node *v = mo_as_pattern_value(p)->value;
		const struct mo_type *t = mo_check_infer(c, v);
		if (value->kind != MO_TYPE_ERROR && t->kind != MO_TYPE_NONE && !overlap(c, value, t)) {
			struct mo_diag *d = mo_report(c->ctx->diags, MSG_NEVER_EQUAL, v->span, "the value can never be this");
			mo_diag_note(d, "the value is " MO_STR_FMT, MO_STR_ARG(text(c, value)));
		}
	}
}

// The test that a pattern stands for, as a condition on the value: `value == 3`, `value is T`. NULL for a name.
static struct mo_node *
pattern_test(struct mo_check *c, struct mo_node *value, struct mo_node *p)
{
	if (p->kind == MO_PATTERN_VALUE_NODE) {
		struct mo_binary_node *b = mo_new(&c->ctx->session, struct mo_binary_node);
		*b = (struct mo_binary_node){ .node = { .kind = MO_BINARY_NODE, .span = p->span }, .op = MO_OP_EQ, .left = value,
			.right = mo_as_pattern_value(p)->value };
		return &b->node;
	}
	if (p->kind == MO_PATTERN_TYPE_NODE && p->type) {
		struct mo_is_node *is = mo_new(&c->ctx->session, struct mo_is_node);
		struct mo_node *type = mo_new(&c->ctx->session, struct mo_node);
		*type = (struct mo_node){ .kind = MO_TYPE_PATH_NODE, .span = p->span, .type = p->type };
		*is = (struct mo_is_node){ .node = { .kind = MO_IS_NODE, .span = p->span }, .value = value, .type_expr = type };
		return &is->node;
	}
	return NULL;
}

// Whether arms without a catch-all name every value of the type.
static bool
covers_all(const struct mo_type *value, struct mo_match_node *m)
{
	for (uint32_t i = 0; i < m->arms.len; i++) {
		mo_nodes patterns = mo_as_arm(m->arms.items[i])->patterns;
		for (uint32_t k = 0; k < patterns.len; k++) {
			if (patterns.items[k]->kind == MO_PATTERN_NAME_NODE) {
				return true;
			}
		}
	}
	const struct mo_type *t = mo_type_present(value);
	if (value != t || t->kind != MO_TYPE_UNION) {
		return t->kind != MO_TYPE_STRING && t->kind != MO_TYPE_INT && value == t;
	}
	for (uint32_t a = 0; a < t->alternatives.len; a++) {
		const struct mo_type *alternative = t->alternatives.items[a];
		bool named = false;
		for (uint32_t i = 0; i < m->arms.len && !named; i++) {
			mo_nodes patterns = mo_as_arm(m->arms.items[i])->patterns;
			for (uint32_t k = 0; k < patterns.len; k++) {
				const struct mo_node *p = patterns.items[k];
				const struct mo_type *pt = p->kind == MO_PATTERN_VALUE_NODE
					? ((const struct mo_pattern_value_node *)p)->value->type : p->type;
				named |= pt && (pt->kind == alternative->kind) && (!alternative->is_literal || mo_type_same(pt, alternative));
			}
		}
		if (!named) {
			return false;
		}
	}
	return true;
}

static const struct mo_type *
check_match(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	struct mo_match_node *m = mo_as_match(n);
	const struct mo_type *value = mo_check_infer(c, m->value);
	const struct mo_type *result = NULL;
	uint32_t mark = c->facts.len;
	for (uint32_t i = 0; i < m->arms.len; i++) {
		struct mo_arm_node *arm = mo_as_arm(m->arms.items[i]);
		for (uint32_t k = 0; k < arm->patterns.len; k++) {
			check_pattern(c, arm->patterns.items[k], value);
		}
		struct mo_node *only = arm->patterns.len == 1 ? pattern_test(c, m->value, arm->patterns.items[0]) : NULL;
		uint32_t inside = mo_facts_push(c, only, true);
		const struct mo_type *t = want ? mo_check_expr(c, arm->body, want) : mo_check_infer(c, arm->body);
		mo_facts_pop(c, inside);
		result = result ? mo_type_union(c->ctx, result, t) : t;
		for (uint32_t k = 0; k < arm->patterns.len; k++) {
			mo_facts_push(c, pattern_test(c, m->value, arm->patterns.items[k]), false); // for the arms below
		}
	}
	mo_facts_pop(c, mark);
	if (value->kind != MO_TYPE_ERROR && !covers_all(value, m)) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_MATCH_NOT_WHOLE, n->span, "this `match` does not say what happens in every case");
		mo_diag_label(d, m->value->span, MO_STR_FMT, MO_STR_ARG(text(c, value)));
		mo_diag_help(d, "add an arm `_ => …` for all the rest");
	}
	if (value->time.deploy) {
		mo_check_unsupported(c, n->span, "`match` on a value that is known only at deploy time");
		return error_type();
	}
	mo_check_known(c, value, false, m->value->span, "the value of `match`");
	return result ? mo_type_at(c->ctx, result, value->time) : error_type();
}

// ---- dispatch --------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
infer(struct mo_check *c, struct mo_node *n)
{
	switch (n->kind) {
	case MO_NAME_REF_NODE: return infer_name(c, n);
	case MO_INT_NODE: return int_literal(c, mo_as_int_lit(n)->value);
	case MO_FLOAT_NODE: return mo_type_of_kind(MO_TYPE_FLOAT);
	case MO_BOOL_NODE: return mo_type_of_kind(MO_TYPE_BOOL);
	case MO_NONE_NODE: return mo_type_of_kind(MO_TYPE_NONE);
	case MO_CIDR_NODE: return mo_type_of_kind(MO_TYPE_CIDR);
	case MO_DURATION_NODE: return mo_type_of_kind(MO_TYPE_DURATION);
	case MO_SIZE_NODE: return mo_type_of_kind(MO_TYPE_SIZE);
	case MO_STRING_NODE: return infer_string(c, n);
	case MO_LIST_NODE:
	case MO_LIST_FOR_NODE: return mo_check_list(c, n);
	case MO_RECORD_NODE:
	case MO_RECORD_FOR_NODE: return mo_check_record(c, n);
	case MO_UNARY_NODE: return infer_unary(c, n);
	case MO_BINARY_NODE: return infer_binary(c, n);
	case MO_IS_NODE: return infer_is(c, n);
	case MO_IF_NODE: return check_if(c, n, NULL);
	case MO_MATCH_NODE: return check_match(c, n, NULL);
	case MO_MEMBER_NODE: return mo_facts_narrow(c, n, mo_check_member(c, n));
	case MO_INDEX_NODE: return mo_facts_narrow(c, n, mo_check_index(c, n));
	case MO_CALL_NODE: return mo_check_call(c, n);
	case MO_NOT_LIST_NODE: mo_check_unsupported(c, n->span, "`not […]`"); return error_type();
	default: return error_type();
	}
}

const struct mo_type *
mo_check_infer(struct mo_check *c, struct mo_node *n)
{
	if (!n) {
		return error_type();
	}
	if (c->depth >= CHECK_DEPTH) {
		mo_report(c->ctx->diags, MSG_LIMIT_REACHED, n->span, "expressions are nested deeper than %d", CHECK_DEPTH);
		return error_type();
	}
	c->depth++;
	n->type = infer(c, n);
	c->depth--;
	return n->type;
}

const struct mo_type *
mo_check_expr(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	if (!n) {
		return error_type();
	}
	if (c->depth >= CHECK_DEPTH) {
		return mo_check_infer(c, n); // reports
	}
	c->depth++;
	const struct mo_type *t = NULL;
	switch (n->kind) {
	case MO_LIST_NODE:
	case MO_LIST_FOR_NODE:
	case MO_RECORD_NODE:
	case MO_RECORD_FOR_NODE:
		t = mo_check_literal(c, n, want);
		break;
	case MO_IF_NODE:
		t = check_if(c, n, want);
		break;
	case MO_MATCH_NODE:
		t = check_match(c, n, want);
		break;
	case MO_BINARY_NODE:
		if (mo_as_binary(n)->op == MO_OP_COALESCE) {
			t = check_coalesce(c, n, want);
		}
		break;
	default:
		break;
	}
	c->depth--;
	if (t) {
		n->type = t;
		return t;
	}
	t = mo_check_infer(c, n);
	return mo_check_fit(c, n, t, want) ? t : error_type();
}
