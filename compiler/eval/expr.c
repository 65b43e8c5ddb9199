// SPDX-License-Identifier: Apache-2.0
// Expressions: one function per kind of node, dispatched here. Takes a node and the frame that it stands in, gives its value; what only
// CloudFormation can know stays an IR expression inside a DEPLOY value. Bounds the depth and the number of steps.
#include "eval/mapping.h"

const struct mo_value *
mo_error_value(void)
{
	return mo_value_simple(MO_VALUE_ERROR);
}

bool
mo_is_error(const struct mo_value *v)
{
	return v->kind == MO_VALUE_ERROR;
}

bool
mo_is_none(const struct mo_value *v)
{
	return v->kind == MO_VALUE_NONE;
}

const struct mo_type *
mo_eval_type(struct mo_eval *ev, struct mo_node *n)
{
	if (!n) {
		return NULL;
	}
	return n->type ? n->type : mo_type_of_node(ev->program, n);
}

// ---- text ------------------------------------------------------------------------------------------------------------------------

static const struct mo_value *
eval_parts(struct mo_eval *ev, struct mo_frame *f, struct mo_string_lit_node *n)
{
	uint32_t count = n->parts.len;
	const struct mo_value **parts = mo_new_array(ev->arena, const struct mo_value *, count);
	bool failed = false;
	for (uint32_t i = 0; i < count; i++) {
		struct mo_node *p = n->parts.items[i];
		if (p->kind == MO_TEXT_NODE) {
			parts[i] = mo_value_string(ev->arena, p->span, mo_as_text(p)->text);
			continue;
		}
		parts[i] = mo_eval_expr(ev, f, p, NULL);
		if (parts[i]->kind == MO_VALUE_DEPLOY && mo_presence_of(ev, parts[i])) {
			struct mo_diag *d = mo_report(ev->ctx->diags, MSG_MAY_BE_NONE, p->span,
				"this may be absent, and text needs it");
			mo_diag_help(d, "say what to use instead: `… ?? \"other\"`");
			failed = true;
		}
		failed = failed || mo_is_error(parts[i]);
	}
	const struct mo_value *v = failed ? mo_error_value() : mo_concat(ev, n->node.span, parts, count);
	return mo_weigh(ev, v, MO_EVAL_HEAVIEST_IR, n->node.span) ? v : mo_error_value();
}

static const struct mo_value *
eval_string(struct mo_eval *ev, struct mo_frame *f, struct mo_string_lit_node *n)
{
	if (n->parts.len == 0) {
		return mo_value_string(ev->arena, n->node.span, MO_STR(""));
	}
	if (n->parts.len == 1 && n->parts.items[0]->kind == MO_TEXT_NODE) {
		return mo_value_string(ev->arena, n->node.span, mo_as_text(n->parts.items[0])->text);
	}
	return eval_parts(ev, f, n);
}

// ---- literals --------------------------------------------------------------------------------------------------------------------

static const struct mo_value *
eval_cidr(struct mo_eval *ev, struct mo_cidr_lit_node *n)
{
	struct mo_cidr c;
	const char *why;
	if (!mo_cidr_parse(n->text, &c, &why)) {
		mo_report(ev->ctx->diags, MSG_WRONG_OPERANDS, n->node.span, "`" MO_STR_FMT "` is not an address range: %s",
			MO_STR_ARG(n->text), why);
		return mo_error_value();
	}
	return mo_value_cidr(ev->arena, n->node.span, c);
}

static const struct mo_value *
eval_amount(struct mo_eval *ev, enum mo_value_kind kind, struct mo_span span, int64_t amount)
{
	struct mo_value *v = mo_value_new(ev->arena, kind, span);
	v->integer = amount;
	return v;
}

static const struct mo_value *
eval_none(struct mo_eval *ev, struct mo_span span)
{
	return mo_value_new(ev->arena, MO_VALUE_NONE, span);
}

static const struct mo_value *
eval_is(struct mo_eval *ev, struct mo_frame *f, struct mo_is_node *n)
{
	const struct mo_value *v = mo_eval_expr(ev, f, n->value, NULL);
	const struct mo_type *t = mo_eval_type(ev, n->type_expr);
	if (mo_is_error(v) || !t) {
		return mo_error_value();
	}
	if (t->kind == MO_TYPE_NONE) {
		return mo_equal(ev, n->node.span, v, mo_value_simple(MO_VALUE_NONE), false);
	}
	return mo_value_bool(ev->arena, n->node.span, mo_value_fits(ev, v, t));
}

// ---- dispatch --------------------------------------------------------------------------------------------------------------------

static const struct mo_value *
eval_misplaced(struct mo_eval *ev, struct mo_node *n)
{
	mo_report(ev->ctx->diags, MSG_NOT_A_VALUE, n->span, "this has no value of its own");
	return mo_error_value();
}

static const struct mo_value *
dispatch(struct mo_eval *ev, struct mo_frame *f, struct mo_node *n, const struct mo_type *want)
{
	switch (n->kind) {
	case MO_NAME_REF_NODE:
		return n->symbol ? mo_eval_name(ev, f, n->symbol, n->span) : mo_error_value();
	case MO_INT_NODE:
		return mo_value_int(ev->arena, n->span, mo_as_int_lit(n)->value);
	case MO_FLOAT_NODE:
		return mo_value_float(ev->arena, n->span, mo_as_float_lit(n)->value);
	case MO_BOOL_NODE:
		return mo_value_bool(ev->arena, n->span, mo_as_bool_lit(n)->value);
	case MO_NONE_NODE:
		return eval_none(ev, n->span);
	case MO_CIDR_NODE:
		return eval_cidr(ev, mo_as_cidr_lit(n));
	case MO_DURATION_NODE:
		return eval_amount(ev, MO_VALUE_DURATION, n->span, mo_as_duration_lit(n)->milliseconds);
	case MO_SIZE_NODE:
		return eval_amount(ev, MO_VALUE_SIZE, n->span, mo_as_size_lit(n)->bytes);
	case MO_STRING_NODE:
		return eval_string(ev, f, mo_as_string_lit(n));
	case MO_TEXT_NODE:
		return mo_value_string(ev->arena, n->span, mo_as_text(n)->text);
	case MO_LIST_NODE:
		return mo_eval_list(ev, f, mo_as_list(n), want);
	case MO_LIST_FOR_NODE:
		return mo_eval_list_for(ev, f, mo_as_list_for(n), want);
	case MO_RECORD_NODE:
		return mo_eval_record(ev, f, mo_as_record(n), want);
	case MO_RECORD_FOR_NODE:
		return mo_eval_record_for(ev, f, mo_as_record_for(n), want);
	case MO_UNARY_NODE:
		return mo_eval_unary(ev, f, mo_as_unary(n));
	case MO_BINARY_NODE:
		return mo_eval_binary(ev, f, mo_as_binary(n), want);
	case MO_IS_NODE:
		return eval_is(ev, f, mo_as_is(n));
	case MO_IF_NODE:
		return mo_eval_if(ev, f, mo_as_if_expr(n), want);
	case MO_MATCH_NODE:
		return mo_eval_match(ev, f, mo_as_match(n), want);
	case MO_MEMBER_NODE:
		return mo_eval_member_node(ev, f, mo_as_member(n));
	case MO_INDEX_NODE:
		return mo_eval_index(ev, f, mo_as_index(n));
	case MO_CALL_NODE:
		return mo_eval_call(ev, f, mo_as_call(n));
	case MO_NOT_LIST_NODE:
		return mo_not_supported(ev, n->span, "`not […]`");
	case MO_BAD_NODE:
		return mo_error_value();
	default:
		return eval_misplaced(ev, n);
	}
}

static const struct mo_value *
too_deep(struct mo_eval *ev, struct mo_node *n)
{
	mo_report(ev->ctx->diags, MSG_EVALUATION_TOO_DEEP, n->span, "expressions and calls nest more than %d levels deep",
		MO_EVAL_DEPTH);
	ev->failed = true;
	return mo_error_value();
}

static const struct mo_value *
too_long(struct mo_eval *ev, struct mo_node *n)
{
	mo_report(ev->ctx->diags, MSG_LIMIT_REACHED, n->span, "the program evaluates more than %d expressions", MO_EVAL_STEPS);
	ev->failed = true;
	return mo_error_value();
}

static const struct mo_value *
too_large(struct mo_eval *ev, struct mo_node *n)
{
	mo_report(ev->ctx->diags, MSG_LIMIT_REACHED, n->span, "the program's values need more than %zu MiB of memory",
		ev->most_memory >> 20);
	ev->failed = true;
	return mo_error_value();
}

// A resource from where it is named, not from where it is declared: that is where it may not fit.
static const struct mo_value *
as_used(struct mo_eval *ev, const struct mo_value *v, const struct mo_node *n)
{
	bool named = n->kind == MO_NAME_REF_NODE || n->kind == MO_MEMBER_NODE || n->kind == MO_INDEX_NODE;
	return v->kind == MO_VALUE_RESOURCE && named ? mo_value_resource(ev->arena, n->span, v->resource) : v;
}

const struct mo_value *
mo_eval_expr(struct mo_eval *ev, struct mo_frame *f, struct mo_node *n, const struct mo_type *want)
{
	if (!n || ev->failed) {
		return mo_error_value();
	}
	if (ev->depth >= MO_EVAL_DEPTH) {
		return too_deep(ev, n);
	}
	if (++ev->steps > MO_EVAL_STEPS) {
		return too_long(ev, n);
	}
	if (ev->ctx->mem.used > ev->most_memory) {
		return too_large(ev, n);
	}
	ev->depth++;
	const struct mo_value *v = dispatch(ev, f, n, want);
	ev->depth--;
	return v ? as_used(ev, v, n) : mo_error_value();
}

const struct mo_value *
mo_eval_typed(struct mo_eval *ev, struct mo_frame *f, struct mo_node *n, const struct mo_type *type)
{
	const struct mo_value *v = mo_eval_expr(ev, f, n, type);
	return type && !mo_is_error(v) ? mo_coerce_choice(ev, v, type, n->span) : v;
}

// `main.size`, as conditions and mappings are named after a `let`: MainSize.
static struct mo_str
id_of_let(struct mo_eval *ev, const struct mo_symbol *symbol, const struct mo_instance *around)
{
	struct mo_buf name = mo_buf_in(ev->arena);
	if (around) {
		mo_buf_add(&name, around->id);
	}
	mo_id_add(&name, mo_symbol_text(ev, symbol));
	return mo_buf_str(&name);
}

// A condition gets the name of the `let` that holds it; so does the mapping that a `match` became.
const struct mo_value *
mo_eval_let(struct mo_eval *ev, struct mo_symbol *symbol, struct mo_let_node *let, struct mo_frame *f)
{
	const struct mo_value *v = mo_eval_typed(ev, f, let->value, symbol->declared);
	if (v->kind == MO_VALUE_DEPLOY && let->value->kind == MO_MATCH_NODE) {
		mo_mapping_name(ev, v, id_of_let(ev, symbol, NULL)); // equal ones of several instances are one
	}
	if (v->kind != MO_VALUE_DEPLOY || v->is_list || !mo_is_condition(v->ir)) {
		return v;
	}
	struct mo_str name = id_of_let(ev, symbol, f->instance);
	return mo_condition_value(ev, v->span, mo_condition_new(ev, v->span, name, true, v->ir));
}

const struct mo_value *
mo_eval_default(struct mo_eval *ev, struct mo_node *node)
{
	struct mo_evaluator *e = ev->evaluator;
	struct mo_variant *variant = e->variant;
	const struct mo_target *naming = e->naming;
	struct mo_guard *guard = e->guard;
	e->variant = NULL;
	e->naming = NULL;
	e->guard = NULL;
	const struct mo_value *v = mo_eval_expr(ev, NULL, node, NULL);
	e->variant = variant;
	e->naming = naming;
	e->guard = guard;
	return v;
}
