// SPDX-License-Identifier: Apache-2.0
// Calls of functions of the program. Built-ins are in check_builtin.c, CloudFormation's own functions in check_intrinsic.c.
#include "sema/check.h"

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

// ---- functions of the program ------------------------------------------------------------------------------------------------------

static void
check_parameters(struct mo_check *c, struct mo_fn_node *fn)
{
	for (uint32_t i = 0; i < fn->params.len; i++) {
		struct mo_fn_param_node *p = mo_as_fn_param(fn->params.items[i]);
		const struct mo_type *t = mo_type_of_node(c->program, p->type_expr);
		struct mo_symbol *s = p->node.symbol;
		if (p->value) {
			mo_check_for(c, p->value, t, mo_atom_str(c->ctx->atoms, p->name.atom));
		}
		if (!s) {
			continue;
		}
		s->place = mo_new(&c->ctx->session, struct mo_place);
		s->place->symbol = s;
		s->place->otherwise = p->value ? p->value->type : NULL;
		s->declared = t;
		s->type = mo_type_placed(c->ctx, t, s->place);
		s->state = 2;
	}
}

static const struct mo_type *
check_body(struct mo_check *c, struct mo_fn_node *fn)
{
	if (!fn->result) {
		return mo_check_infer(c, fn->body);
	}
	const struct mo_type *declared = mo_type_of_node(c->program, fn->result);
	return mo_check_retime(c, declared, mo_check_for(c, fn->body, declared, (struct mo_str){ 0 }));
}

static void
check_needs_of_defaults(struct mo_check *c, struct mo_fn_node *fn)
{
	for (uint32_t i = 0; i < fn->params.len; i++) {
		struct mo_fn_param_node *p = mo_as_fn_param(fn->params.items[i]);
		if (p->node.symbol && p->value && p->value->type) {
			mo_check_needs(c, p->value->type, p->node.symbol->place, p->value);
		}
	}
}

const struct mo_type *
mo_check_fn(struct mo_check *c, struct mo_symbol *s, struct mo_span used_at)
{
	struct mo_fn_node *fn = mo_as_fn(s->declarations.items[0].node);
	if (s->state == 2) {
		return fn->item.node.type;
	}
	if (s->state == 1) {
		mo_check_report_cycle(c, s, used_at, "the function");
		return error_type();
	}
	struct mo_checking checking;
	mo_checking_push(c, &checking, s, used_at);
	s->state = 1;
	struct mo_check before = mo_check_enter(c, s->module, s->scope, s->declarations.items[0].nesting);
	check_parameters(c, fn);
	fn->item.node.type = check_body(c, fn);
	check_needs_of_defaults(c, fn);
	mo_check_leave(c, before);
	s->state = 2;
	mo_checking_pop(c);
	return fn->item.node.type;
}

struct call {
	struct mo_call_node *node;
	struct mo_symbol *symbol;
	struct mo_fn_node *fn;
	struct mo_map *arguments; // parameter symbol -> type
};

static int
parameter_index(struct mo_fn_node *fn, mo_atom name)
{
	for (uint32_t i = 0; i < fn->params.len; i++) {
		if (mo_as_fn_param(fn->params.items[i])->name.atom == name) {
			return (int)i;
		}
	}
	return -1;
}

static void
report_no_parameter(struct mo_check *c, const struct call *k, struct mo_arg_node *arg)
{
	struct mo_str name = mo_atom_str(c->ctx->atoms, k->symbol->name);
	struct mo_diag *d;
	if (!arg->name.atom) {
		d = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, arg->node.span, "one argument too many for `" MO_STR_FMT "`", MO_STR_ARG(name));
		mo_diag_label(d, k->symbol->span, "takes %u argument%s", k->fn->params.len, k->fn->params.len == 1 ? "" : "s");
		return;
	}
	struct mo_str wanted = mo_atom_str(c->ctx->atoms, arg->name.atom);
	d = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, arg->name.span, "`" MO_STR_FMT "` has no parameter `" MO_STR_FMT "`", MO_STR_ARG(name),
		MO_STR_ARG(wanted));
	mo_diag_label(d, k->symbol->span, "declared here");
	struct mo_suggestion near = mo_suggest(wanted);
	for (uint32_t i = 0; i < k->fn->params.len; i++) {
		mo_suggest_from(&near, mo_atom_str(c->ctx->atoms, mo_as_fn_param(k->fn->params.items[i])->name.atom));
	}
	mo_diag_suggest(d, arg->name.span, &near);
}

// One argument; `position` counts those without a name.
static void
check_argument(struct mo_check *c, const struct call *k, struct mo_arg_node *arg, uint32_t *position)
{
	int index = arg->name.atom ? parameter_index(k->fn, arg->name.atom) : (int)(*position)++;
	if (index < 0 || (uint32_t)index >= k->fn->params.len) {
		report_no_parameter(c, k, arg);
		mo_check_infer(c, arg->value);
		return;
	}
	struct mo_symbol *p = mo_as_fn_param(k->fn->params.items[index])->node.symbol;
	if (!p) {
		mo_check_infer(c, arg->value); // its declaration was refused
		return;
	}
	if (mo_map_get(k->arguments, (uint64_t)(uintptr_t)p)) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, arg->node.span, "`" MO_STR_FMT "` is given twice",
			MO_STR_ARG(mo_atom_str(c->ctx->atoms, p->name)));
		mo_diag_label(d, p->span, "declared here");
		return;
	}
	const struct mo_type *t = mo_check_for(c, arg->value, p->declared ? p->declared : error_type(), mo_atom_str(c->ctx->atoms, p->name));
	mo_map_put(&c->ctx->session, k->arguments, (uint64_t)(uintptr_t)p, (void *)(uintptr_t)t);
	if (p->place) {
		mo_check_needs(c, t, p->place, arg->value);
	}
}

static void
report_missing_arguments(struct mo_check *c, const struct call *k)
{
	struct mo_buf names = mo_buf_in(&c->ctx->session);
	struct mo_span first = MO_NOWHERE;
	for (uint32_t i = 0; i < k->fn->params.len; i++) {
		struct mo_fn_param_node *p = mo_as_fn_param(k->fn->params.items[i]);
		struct mo_symbol *s = p->node.symbol;
		bool optional = p->value || !s || (s->declared && mo_type_admits_none(s->declared));
		if (!optional && !mo_map_get(k->arguments, (uint64_t)(uintptr_t)s)) {
			first = names.len ? first : p->node.span;
			mo_buf_printf(&names, "%s`" MO_STR_FMT "`", names.len ? ", " : "", MO_STR_ARG(mo_atom_str(c->ctx->atoms, p->name.atom)));
		}
	}
	if (names.len) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, k->node->callee->span, "`" MO_STR_FMT "` needs " MO_STR_FMT,
			MO_STR_ARG(mo_atom_str(c->ctx->atoms, k->symbol->name)), MO_STR_ARG(mo_buf_str(&names)));
		mo_diag_label(d, first, "declared here, without a default");
	}
}

static const struct mo_type *
check_fn_call(struct mo_check *c, struct mo_node *n, struct mo_symbol *s)
{
	struct call k = { mo_as_call(n), s, mo_as_fn(s->declarations.items[0].node), mo_new(&c->ctx->session, struct mo_map) };
	const struct mo_type *result = mo_check_fn(c, s, k.node->callee->span);
	uint32_t position = 0;
	for (uint32_t i = 0; i < k.node->args.len; i++) {
		struct mo_node *item = k.node->args.items[i];
		if (item->kind == MO_SPREAD_NODE) {
			mo_check_unsupported(c, item->span, "`...` in the arguments of a function");
			return error_type();
		}
		check_argument(c, &k, mo_as_arg(item), &position);
	}
	report_missing_arguments(c, &k);
	return mo_check_substitute(c, result, k.arguments);
}

// ---- dispatch ----------------------------------------------------------------------------------------------------------------------

// What is called; a function is no value anywhere else, so names and members of files are looked up here.
static const struct mo_type *
type_of_callee(struct mo_check *c, struct mo_node *callee)
{
	if (callee->kind == MO_NAME_REF_NODE && callee->symbol && (callee->symbol->kind == MO_SYM_FN || callee->symbol->kind == MO_SYM_BUILTIN)) {
		return mo_check_symbol(c, callee->symbol, callee->span);
	}
	if (callee->kind == MO_MEMBER_NODE) {
		callee->type = mo_check_member(c, callee);
		return callee->type;
	}
	return mo_check_infer(c, callee);
}

const struct mo_type *
mo_check_call(struct mo_check *c, struct mo_node *n)
{
	struct mo_node *callee = mo_as_call(n)->callee;
	if (callee->kind == MO_INTRINSIC_NODE) {
		return mo_check_intrinsic(c, n);
	}
	const struct mo_type *t = type_of_callee(c, callee);
	if (t->kind == MO_TYPE_ERROR) {
		for (uint32_t i = 0; i < mo_as_call(n)->args.len; i++) {
			struct mo_node *item = mo_as_call(n)->args.items[i];
			mo_check_infer(c, item->kind == MO_SPREAD_NODE ? mo_as_spread(item)->value : mo_as_arg(item)->value);
		}
		return t;
	}
	if (t->kind != MO_TYPE_FUNCTION) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_NOT_A_FUNCTION, callee->span, MO_STR_FMT " cannot be called",
			MO_STR_ARG(mo_type_noun(c->ctx, t)));
		mo_diag_here(d, "not a function");
		mo_check_label_declaration(d, callee);
		return error_type();
	}
	return t->symbol->kind == MO_SYM_BUILTIN ? mo_check_builtin(c, n, t->symbol->builtin, NULL) : check_fn_call(c, n, t->symbol);
}
