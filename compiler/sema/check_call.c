// SPDX-License-Identifier: Apache-2.0
// Calls of functions of the program and of CloudFormation's intrinsics. Built-ins are in check_builtin.c.
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
			mo_check_expr(c, p->value, t);
		}
		if (!s) {
			continue;
		}
		s->place = mo_new(&c->ctx->session, struct mo_place);
		s->place->symbol = s;
		struct mo_place_list *l = mo_new(&c->ctx->session, struct mo_place_list);
		l->place = s->place;
		s->declared = t;
		s->type = mo_type_at(c->ctx, t, (struct mo_time){ .places = l });
		s->state = 2;
	}
}

// The type of a function's result, from the inside; checks the function when it is first asked for.
static const struct mo_type *
result_of(struct mo_check *c, struct mo_symbol *s, struct mo_span used_at)
{
	struct mo_fn_node *fn = mo_as_fn(s->declarations.items[0].node);
	if (s->state == 2) {
		return fn->item.node.type;
	}
	if (s->state == 1) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_RECURSION, used_at, "`" MO_STR_FMT "` calls itself",
			MO_STR_ARG(mo_atom_str(c->ctx->atoms, s->name)));
		mo_diag_label(d, s->span, "declared here");
		mo_diag_note(d, "functions do not recurse, so that every program ends");
		mo_diag_help(d, "walk over a list with `[for x in …: …]`");
		return error_type();
	}
	s->state = 1;
	struct mo_check before = mo_check_enter(c, s->module, s->scope, s->declarations.items[0].nesting);
	check_parameters(c, fn);
	const struct mo_type *t;
	if (fn->result) {
		const struct mo_type *declared = mo_type_of_node(c->program, fn->result);
		t = mo_check_retime(c, declared, mo_check_expr(c, fn->body, declared));
	} else {
		t = mo_check_infer(c, fn->body);
	}
	mo_check_leave(c, before);
	fn->item.node.type = t;
	s->state = 2;
	return t;
}

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
report_argument(struct mo_check *c, struct mo_node *arg, struct mo_symbol *fn, const char *what)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, arg->span, "%s", what);
	mo_diag_label(d, fn->span, "declared here");
}

static const struct mo_type *
check_fn_call(struct mo_check *c, struct mo_node *n, struct mo_symbol *s)
{
	struct mo_call_node *call = mo_as_call(n);
	struct mo_fn_node *fn = mo_as_fn(s->declarations.items[0].node);
	const struct mo_type *result = result_of(c, s, call->callee->span);
	struct mo_map *arguments = mo_new(&c->ctx->session, struct mo_map);
	uint32_t position = 0;
	for (uint32_t i = 0; i < call->args.len; i++) {
		struct mo_node *item = call->args.items[i];
		if (item->kind == MO_SPREAD_NODE) {
			mo_check_unsupported(c, item->span, "`...` in the arguments of a function");
			return error_type();
		}
		struct mo_arg_node *arg = mo_as_arg(item);
		int index = arg->name.atom ? parameter_index(fn, arg->name.atom) : (int)position++;
		if (index < 0 || (uint32_t)index >= fn->params.len) {
			report_argument(c, item, s, arg->name.atom ? "the function has no parameter of this name" : "one argument too many");
			mo_check_infer(c, arg->value);
			continue;
		}
		struct mo_symbol *p = mo_as_fn_param(fn->params.items[index])->node.symbol;
		if (p && mo_map_get(arguments, (uint64_t)(uintptr_t)p)) {
			report_argument(c, item, s, "this parameter is given twice");
			continue;
		}
		const struct mo_type *t = mo_check_expr(c, arg->value, p && p->declared ? p->declared : error_type());
		if (p) {
			mo_map_put(&c->ctx->session, arguments, (uint64_t)(uintptr_t)p, (void *)(uintptr_t)t);
			if (p->place) {
				mo_check_needs(c, t, p->place, arg->value->span);
			}
		}
	}
	for (uint32_t i = 0; i < fn->params.len; i++) {
		struct mo_fn_param_node *p = mo_as_fn_param(fn->params.items[i]);
		bool optional = p->value || (p->node.symbol && p->node.symbol->declared && mo_type_admits_none(p->node.symbol->declared));
		if (p->node.symbol && !optional && !mo_map_get(arguments, (uint64_t)(uintptr_t)p->node.symbol)) {
			struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, call->callee->span, "the argument `" MO_STR_FMT "` is missing",
				MO_STR_ARG(mo_atom_str(c->ctx->atoms, p->name.atom)));
			mo_diag_label(d, p->node.span, "declared here");
		}
	}
	return mo_check_substitute(c, result, arguments);
}

// ---- intrinsics --------------------------------------------------------------------------------------------------------------------

struct intrinsic {
	const char *name;
	uint8_t least, most;
	bool list, json, supported;
};

// CloudFormation's functions by their own names. Those that are not supported need a transform or a place of their own.
static const struct intrinsic intrinsics[] = {
	{ "Fn::Base64", 1, 1, false, false, true }, { "Fn::Cidr", 2, 3, true, false, true }, { "Fn::GetAZs", 0, 1, true, false, true },
	{ "Fn::ImportValue", 1, 1, false, false, true }, { "Fn::Join", 2, 2, false, false, true }, { "Fn::Select", 2, 2, false, false, true },
	{ "Fn::Split", 2, 2, true, false, true }, { "Fn::Sub", 1, 2, false, false, false }, { "Fn::FindInMap", 3, 4, false, true, false },
	{ "Fn::GetAtt", 2, 2, false, true, false }, { "Fn::GetStackOutput", 1, 1, false, true, false }, { "Fn::Transform", 1, 1, false, true, false },
	{ "Fn::ToJsonString", 1, 1, false, false, false }, { "Fn::Length", 1, 1, false, false, false }, { "Fn::ForEach", 1, 255, false, true, false },
	{ "Fn::If", 3, 3, false, true, false }, { "Fn::And", 2, 10, false, true, false }, { "Fn::Or", 2, 10, false, true, false },
	{ "Fn::Not", 1, 1, false, true, false }, { "Fn::Equals", 2, 2, false, true, false }, { "Fn::Contains", 2, 2, false, true, false },
	{ "Fn::EachMemberEquals", 2, 2, false, true, false }, { "Fn::EachMemberIn", 2, 2, false, true, false },
	{ "Fn::RefAll", 1, 1, true, false, false }, { "Fn::ValueOf", 2, 2, false, true, false }, { "Fn::ValueOfAll", 2, 2, true, false, false },
};

static const struct intrinsic *
find_intrinsic(struct mo_check *c, struct mo_name name)
{
	struct mo_str text = mo_atom_str(c->ctx->atoms, name.atom);
	struct mo_suggestion near = mo_suggest(text);
	for (size_t i = 0; i < sizeof(intrinsics) / sizeof(*intrinsics); i++) {
		if (mo_str_is(text, intrinsics[i].name)) {
			return &intrinsics[i];
		}
		mo_suggest_from(&near, mo_str_c(intrinsics[i].name));
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_UNKNOWN_INTRINSIC, name.span, "CloudFormation has no function `" MO_STR_FMT "`", MO_STR_ARG(text));
	mo_diag_suggest(d, name.span, &near);
	return NULL;
}

static const struct mo_type *
check_intrinsic(struct mo_check *c, struct mo_node *n)
{
	struct mo_call_node *call = mo_as_call(n);
	const struct intrinsic *f = find_intrinsic(c, mo_as_intrinsic(call->callee)->name);
	const struct mo_type *json = mo_type_of_kind(MO_TYPE_JSON);
	for (uint32_t i = 0; i < call->args.len; i++) {
		struct mo_node *item = call->args.items[i];
		if (item->kind == MO_SPREAD_NODE || mo_as_arg(item)->name.atom) {
			mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, item->span, "the arguments of an intrinsic function have no names");
			return error_type();
		}
		mo_check_expr(c, mo_as_arg(item)->value, json);
	}
	if (!f) {
		return error_type();
	}
	if (!f->supported) {
		mo_check_unsupported(c, n->span, f->name);
		return error_type();
	}
	if (call->args.len < f->least || call->args.len > f->most) {
		mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, n->span, "`%s` takes %u to %u arguments, not %u", f->name, f->least, f->most, call->args.len);
		return error_type();
	}
	struct mo_time time = { .deploy = true, .deploy_at = n->span };
	const struct mo_type *string = mo_type_at(c->ctx, mo_type_of_kind(MO_TYPE_STRING), time);
	return f->json ? mo_type_at(c->ctx, json, time) : f->list ? mo_type_at(c->ctx, mo_type_list(c->ctx, string), time) : string;
}

// ---- dispatch ----------------------------------------------------------------------------------------------------------------------

const struct mo_type *
mo_check_call(struct mo_check *c, struct mo_node *n)
{
	struct mo_node *callee = mo_as_call(n)->callee;
	if (callee->kind == MO_INTRINSIC_NODE) {
		return check_intrinsic(c, n);
	}
	const struct mo_type *t = callee->kind == MO_NAME_REF_NODE && callee->symbol && callee->symbol->kind == MO_SYM_FN
		? mo_check_symbol(c, callee->symbol, callee->span) : mo_check_infer(c, callee);
	if (t->kind == MO_TYPE_ERROR) {
		return t;
	}
	if (t->kind != MO_TYPE_FUNCTION) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_NOT_A_FUNCTION, callee->span, MO_STR_FMT " cannot be called",
			MO_STR_ARG(mo_type_text(c->ctx, t)));
		mo_diag_here(d, "not a function");
		return error_type();
	}
	return t->symbol->kind == MO_SYM_BUILTIN ? mo_check_builtin(c, n, t->symbol->builtin) : check_fn_call(c, n, t->symbol);
}
