// SPDX-License-Identifier: Apache-2.0
// Calls of functions written in the language and of built-ins. CloudFormation's own functions are in intrinsic.c.
#include "eval/instance.h"

// ---- arguments -------------------------------------------------------------------------------------------------------------------

struct passed {
	mo_atom name; // 0: by position
	struct mo_span span;
	const struct mo_value *value;
	struct mo_node *node; // not evaluated yet
};

typedef MO_VEC(struct passed) passed_list;

struct spreading {
	passed_list *list;
	struct mo_span span;
};

static bool
add_spread(struct mo_eval *ev, void *data, const struct mo_value *first, const struct mo_value *second)
{
	struct spreading *s = data;
	(void)second;
	if (s->list->len >= MO_EVAL_LONGEST_LIST) {
		return false;
	}
	mo_push(ev->arena, s->list, (struct passed){ .span = s->span, .value = first });
	return true;
}

static bool
collect(struct mo_eval *ev, struct mo_frame *f, struct mo_call_node *n, passed_list *out)
{
	for (uint32_t i = 0; i < n->args.len; i++) {
		struct mo_node *a = n->args.items[i];
		if (a->kind == MO_SPREAD_NODE) {
			const struct mo_value *v = mo_eval_expr(ev, f, mo_as_spread(a)->value, NULL);
			struct spreading s = { out, a->span };
			if (!mo_iterate(ev, v, a->span, false, add_spread, &s)) {
				return false;
			}
			continue;
		}
		struct mo_arg_node *arg = mo_as_arg(a);
		mo_push(ev->arena, out, (struct passed){ .name = arg->name.atom, .span = a->span, .node = arg->value });
	}
	return true;
}

static const struct mo_value *
value_of(struct mo_eval *ev, struct mo_frame *f, const struct passed *p, const struct mo_type *type)
{
	const struct mo_value *v = p->node ? mo_eval_expr(ev, f, p->node, type) : p->value;
	if (!type || mo_is_error(v)) {
		return v;
	}
	return mo_coerce_choice(ev, v, type, p->node ? p->node->span : p->span);
}

static const struct mo_value *
report_arguments(struct mo_eval *ev, struct mo_span span, struct mo_str name, const char *what)
{
	mo_report(ev->ctx->diags, MSG_WRONG_ARGUMENTS, span, "`" MO_STR_FMT "` %s", MO_STR_ARG(name), what);
	return mo_error_value();
}

// ---- functions of the language ---------------------------------------------------------------------------------------------------

static int
parameter_named(const struct mo_fn_node *fn, mo_atom name)
{
	for (uint32_t i = 0; i < fn->params.len; i++) {
		if (mo_as_fn_param(fn->params.items[i])->name.atom == name) {
			return (int)i;
		}
	}
	return -1;
}

// Which argument goes to which parameter; NULL entries take their defaults. False after a report.
static bool
assign(struct mo_eval *ev, const struct mo_fn_node *fn, struct mo_str name, const passed_list *passed, const struct passed **slots)
{
	uint32_t position = 0;
	for (uint32_t i = 0; i < passed->len; i++) {
		const struct passed *p = &passed->items[i];
		int at = p->name ? parameter_named(fn, p->name) : position < fn->params.len ? (int)position++ : -1;
		if (at < 0) {
			report_arguments(ev, p->span, name, p->name ? "has no parameter of this name" : "takes fewer arguments");
			return false;
		}
		if (slots[at]) {
			report_arguments(ev, p->span, name, "gets this argument twice");
			return false;
		}
		slots[at] = p;
	}
	return true;
}

static struct mo_frame *
frame_around(struct mo_eval *ev, struct mo_frame *f, const struct mo_symbol *symbol)
{
	const struct mo_scope *around = symbol->body ? symbol->body->parent : NULL;
	for (struct mo_frame *at = f; at; at = at->parent) {
		if (at->scope == around) {
			return at;
		}
	}
	return mo_frame_of(ev, f, symbol);
}

static bool
bind_parameters(struct mo_eval *ev, struct mo_frame *f, struct mo_frame *around, const struct mo_fn_node *fn, struct mo_call_node *n,
	const struct passed *const *slots, struct mo_binding *bindings)
{
	for (uint32_t i = 0; i < fn->params.len; i++) {
		struct mo_fn_param_node *param = mo_as_fn_param(fn->params.items[i]);
		struct mo_symbol *symbol = param->node.symbol;
		const struct mo_type *type = symbol ? symbol->declared : NULL;
		bindings[i].symbol = symbol;
		if (slots[i]) {
			bindings[i].value = value_of(ev, f, slots[i], type);
		} else if (param->value) {
			bindings[i].value = mo_eval_typed(ev, around, param->value, type);
		} else {
			struct mo_str missing = mo_atom_text(ev, param->name.atom);
			struct mo_diag *d = mo_report(ev->ctx->diags, MSG_WRONG_ARGUMENTS, n->node.span,
				"the argument `" MO_STR_FMT "` is missing",
				MO_STR_ARG(missing));
			mo_diag_label(d, param->name.span, "declared here");
			return false;
		}
		if (mo_is_error(bindings[i].value)) {
			return false;
		}
	}
	return true;
}

// Mistakes inside a function of the library are shown where the user calls it.
static void
show_at_call(struct mo_eval *ev, uint32_t from, struct mo_call_node *n, const struct mo_symbol *fn)
{
	struct mo_diags *diags = ev->ctx->diags;
	const struct mo_source *here = mo_source_at(ev->ctx->sources, n->node.span.start);
	if (from == diags->items.len || !fn->module || !fn->module->library || !here || here->kind == MO_SOURCE_LIBRARY) {
		return;
	}
	for (uint32_t i = from; i < diags->items.len; i++) {
		struct mo_diag *d = diags->items.items[i];
		const struct mo_source *s = mo_span_is_nowhere(d->span) ? NULL : mo_source_at(ev->ctx->sources, d->span.start);
		if (s && s->kind == MO_SOURCE_LIBRARY) {
			struct mo_str name = mo_symbol_text(ev, fn);
			mo_diag_label(d, d->span, "in `" MO_STR_FMT "`, here", MO_STR_ARG(name));
			d->span = n->node.span;
			d->fixes.len = 0;
		}
	}
}

static const struct mo_value *
call_function(struct mo_eval *ev, struct mo_frame *f, struct mo_call_node *n, struct mo_symbol *symbol)
{
	struct mo_fn_node *fn = mo_as_fn(symbol->declarations.items[0].node);
	passed_list passed = { 0 };
	const struct passed **slots = mo_new_array(ev->arena, const struct passed *, fn->params.len + 1);
	struct mo_binding *bindings = mo_new_array(ev->arena, struct mo_binding, fn->params.len + 1);
	if (!collect(ev, f, n, &passed) || !assign(ev, fn, mo_symbol_text(ev, symbol), &passed, slots)) {
		return mo_error_value();
	}
	struct mo_frame *around = frame_around(ev, f, symbol);
	if (!bind_parameters(ev, f, around, fn, n, slots, bindings)) {
		return mo_error_value();
	}
	struct mo_frame frame = { .parent = around, .scope = symbol->body, .instance = around ? around->instance : NULL,
		.naming = around && around->naming, .bindings = bindings, .binding_count = fn->params.len };
	uint32_t reported = ev->ctx->diags->items.len;
	const struct mo_value *v = mo_eval_typed(ev, &frame, fn->body, mo_eval_type(ev, fn->result));
	show_at_call(ev, reported, n, symbol);
	return v;
}

// ---- built-ins -------------------------------------------------------------------------------------------------------------------

static uint32_t
count_parameters(const struct mo_builtin *b)
{
	uint32_t count = b->parameters[0] ? 1 : 0;
	for (const char *p = b->parameters; *p; p++) {
		count += *p == ',';
	}
	return count;
}

static const struct mo_value *
call_builtin(struct mo_eval *ev, struct mo_frame *f, struct mo_call_node *n, const struct mo_builtin *b)
{
	passed_list passed = { 0 };
	if (!collect(ev, f, n, &passed)) {
		return mo_error_value();
	}
	uint32_t parameters = count_parameters(b), room = parameters + passed.len, count = 0, position = 0;
	const struct mo_value **args = mo_new_array(ev->arena, const struct mo_value *, room);
	for (uint32_t i = 0; i < passed.len; i++) {
		const struct passed *p = &passed.items[i];
		int at = p->name ? mo_builtin_parameter(b, mo_atom_text(ev, p->name)) : (int)position++;
		if (at < 0 || (uint32_t)at >= room || args[at]) {
			return report_arguments(ev, p->span, mo_str_c(b->name), at < 0
				? "has no parameter of this name" : "gets this argument twice");
		}
		args[at] = value_of(ev, f, p, NULL);
		if (mo_is_error(args[at])) {
			return args[at];
		}
		count = (uint32_t)at + 1 > count ? (uint32_t)at + 1 : count;
	}
	for (uint32_t i = 0; i < b->least; i++) {
		if (i >= count || !args[i]) {
			return report_arguments(ev, n->node.span, mo_str_c(b->name), "needs more arguments");
		}
	}
	if (b->most != 255 && count > b->most) {
		return report_arguments(ev, n->node.span, mo_str_c(b->name), "takes fewer arguments");
	}
	const struct mo_value *v = mo_call_builtin(ev, b, &n->node, args, count > parameters ? count : parameters);
	return mo_weigh(ev, v, MO_EVAL_HEAVIEST, n->node.span) ? v : mo_error_value();
}

// ---- dispatch --------------------------------------------------------------------------------------------------------------------

// What is called: a name, or a name of an imported module.
static struct mo_symbol *
callee_symbol(struct mo_eval *ev, struct mo_node *callee)
{
	if (callee->kind == MO_NAME_REF_NODE) {
		return mo_symbol_real(callee->symbol);
	}
	if (callee->kind != MO_MEMBER_NODE) {
		return NULL;
	}
	struct mo_node *object = mo_as_member(callee)->object;
	struct mo_symbol *module = object->kind == MO_NAME_REF_NODE ? object->symbol : NULL;
	if (!module || module->kind != MO_SYM_MODULE || module->declarations.len == 0) {
		return NULL;
	}
	struct mo_module *m = mo_map_get(&ev->program->imports, MO_KEY(module->declarations.items[0].node));
	return m ? mo_symbol_real(mo_map_get(&m->scope->values, mo_as_member(callee)->name.atom)) : NULL;
}

const struct mo_value *
mo_eval_call(struct mo_eval *ev, struct mo_frame *f, struct mo_call_node *n)
{
	if (n->callee->kind == MO_INTRINSIC_NODE) {
		return mo_eval_intrinsic(ev, f, n);
	}
	struct mo_symbol *s = callee_symbol(ev, n->callee);
	if (s && s->kind == MO_SYM_FN && s->declarations.len) {
		return call_function(ev, f, n, s);
	}
	if (s && s->kind == MO_SYM_BUILTIN) {
		return call_builtin(ev, f, n, s->builtin);
	}
	mo_report(ev->ctx->diags, MSG_WRONG_ARGUMENTS, n->callee->span, "this is no function and cannot be called");
	return mo_error_value();
}
