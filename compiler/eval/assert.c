// SPDX-License-Identifier: Apache-2.0
// `assert`: a compile error with the message, the values of the condition's parts, and where the instance was made; a rule of the template
// where only CloudFormation can tell (eval/rule.c).
#include "eval/rule.h"

enum { MOST_NOTES = 6, DEEPEST = 8 };

struct explanation {
	struct mo_frame *frame;
	struct mo_diag *diag;
	uint32_t notes, depth;
};

static bool
speaks_for_itself(const struct mo_node *n)
{
	switch (n->kind) {
	case MO_INT_NODE:
	case MO_FLOAT_NODE:
	case MO_BOOL_NODE:
	case MO_NONE_NODE:
	case MO_CIDR_NODE:
	case MO_DURATION_NODE:
	case MO_SIZE_NODE:
	case MO_STRING_NODE:
	case MO_LIST_NODE:
	case MO_RECORD_NODE:
		return true;
	default:
		return false;
	}
}

static void explain_arguments(struct mo_eval *ev, struct explanation *e, struct mo_call_node *n);

static void
explain_value(struct mo_eval *ev, struct explanation *e, struct mo_node *n)
{
	if (speaks_for_itself(n) || e->notes >= MOST_NOTES) {
		return;
	}
	uint32_t before = ev->ctx->diags->items.len;
	const struct mo_value *v = mo_eval_expr(ev, e->frame, n, NULL);
	if (mo_is_error(v) || ev->ctx->diags->items.len != before) {
		return;
	}
	struct mo_str text = mo_span_text(ev->ctx->sources, n->span), value = mo_value_text(ev->arena, v);
	if (text.len <= 80) {
		mo_diag_note(e->diag, "`" MO_STR_FMT "` is " MO_STR_FMT, MO_STR_ARG(text), MO_STR_ARG(value));
		e->notes++;
	}
	if (n->kind == MO_CALL_NODE) {
		explain_arguments(ev, e, mo_as_call(n));
	}
}

static void
explain_arguments(struct mo_eval *ev, struct explanation *e, struct mo_call_node *n)
{
	if (e->depth > DEEPEST) {
		return;
	}
	e->depth++;
	for (uint32_t i = 0; i < n->args.len; i++) {
		struct mo_node *a = n->args.items[i];
		explain_value(ev, e, a->kind == MO_ARG_NODE ? mo_as_arg(a)->value : mo_as_spread(a)->value);
	}
	e->depth--;
}

static void
explain(struct mo_eval *ev, struct explanation *e, struct mo_node *n)
{
	if (!n || e->depth > DEEPEST) {
		return;
	}
	e->depth++;
	if (n->kind == MO_BINARY_NODE && (mo_as_binary(n)->op == MO_OP_AND || mo_as_binary(n)->op == MO_OP_OR)) {
		explain(ev, e, mo_as_binary(n)->left);
		const struct mo_value *left = mo_eval_expr(ev, e->frame, mo_as_binary(n)->left, NULL);
		bool stops = left->kind == MO_VALUE_BOOL && left->boolean == (mo_as_binary(n)->op == MO_OP_OR);
		if (!stops) { // the right side may need what the left one proves
			explain(ev, e, mo_as_binary(n)->right);
		}
	} else if (n->kind == MO_BINARY_NODE) {
		explain_value(ev, e, mo_as_binary(n)->left);
		explain_value(ev, e, mo_as_binary(n)->right);
	} else if (n->kind == MO_UNARY_NODE && mo_as_unary(n)->op == MO_OP_NOT) {
		explain(ev, e, mo_as_unary(n)->operand);
	} else if (n->kind == MO_CALL_NODE) {
		explain_arguments(ev, e, mo_as_call(n));
	} else if (n->kind == MO_IS_NODE) {
		explain_value(ev, e, mo_as_is(n)->value);
	} else {
		explain_value(ev, e, n);
	}
	e->depth--;
}

static struct mo_str
message_of(struct mo_eval *ev, struct mo_frame *f, struct mo_assert_node *n)
{
	const struct mo_value *v = n->message ? mo_eval_expr(ev, f, n->message, NULL) : mo_error_value();
	return v->kind == MO_VALUE_STRING ? v->text : MO_STR("a condition that must hold does not hold");
}

bool
mo_eval_assert(struct mo_eval *ev, struct mo_frame *f, struct mo_guard *guard, struct mo_assert_node *n)
{
	struct mo_truth t;
	if (!mo_eval_truth(ev, f, n->cond, &t)) {
		return false;
	}
	if (!t.known) {
		mo_rule_add(ev, f, guard, n, t);
		return true;
	}
	if (t.truth) {
		return true;
	}
	struct mo_str message = message_of(ev, f, n);
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_ASSERTION_FAILED, n->cond->span, MO_STR_FMT, MO_STR_ARG(message));
	mo_diag_here(d, "does not hold");
	struct explanation e = { .frame = f, .diag = d };
	explain(ev, &e, n->cond);
	const struct mo_instance *i = f->instance;
	if (i && i->path.len && !mo_in_library(ev, n->cond->span)) {
		mo_diag_label(d, i->origin, "in instance `" MO_STR_FMT "`", MO_STR_ARG(i->path));
	}
	return false;
}
