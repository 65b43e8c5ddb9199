// SPDX-License-Identifier: Apache-2.0
// Decorators of resources: what CloudFormation keeps beside Properties. Those of an instance hold for every resource in it, the inner
// ones last. Which decorator may stand where is the checker's business.
#include "eval/link.h"

struct mo_decoration *
mo_decoration_new(struct mo_eval *ev, struct mo_decoration *outer, struct mo_item *item, struct mo_frame *f)
{
	if (!item || item->decorators.len == 0) {
		return outer;
	}
	struct mo_decoration *d = mo_new(ev->arena, struct mo_decoration);
	*d = (struct mo_decoration){ .outer = outer, .item = item, .frame = f };
	return d;
}

struct mo_decorator_node *
mo_decorator_find(struct mo_eval *ev, const struct mo_item *item, const char *name)
{
	for (uint32_t i = 0; i < item->decorators.len; i++) {
		struct mo_decorator_node *d = mo_as_decorator(item->decorators.items[i]);
		if (mo_str_is(mo_atom_text(ev, d->name.atom), name)) {
			return d;
		}
	}
	return NULL;
}

struct mo_node *
mo_decorator_argument(struct mo_eval *ev, const struct mo_decorator_node *d, uint32_t position, const char *name)
{
	uint32_t at = 0;
	for (uint32_t i = 0; i < d->args.len; i++) {
		struct mo_node *n = d->args.items[i];
		if (n->kind != MO_ARG_NODE) {
			continue;
		}
		struct mo_arg_node *a = mo_as_arg(n);
		if (a->name.atom ? name && mo_str_is(mo_atom_text(ev, a->name.atom), name) : at++ == position) {
			return a->value;
		}
	}
	return NULL;
}

struct mo_str
mo_decorator_id(struct mo_eval *ev, struct mo_item *item, struct mo_frame *f)
{
	struct mo_decorator_node *d = mo_decorator_find(ev, item, "id");
	struct mo_node *n = d ? mo_decorator_argument(ev, d, 0, NULL) : NULL;
	if (!n) {
		return (struct mo_str){ 0 };
	}
	const struct mo_value *v = mo_eval_typed(ev, f, n, mo_type_of_kind(MO_TYPE_STRING));
	if (v->kind == MO_VALUE_DEPLOY) {
		mo_needs_compile_time(ev, v, n->span, "a logical ID");
	}
	return v->kind == MO_VALUE_STRING ? v->text : (struct mo_str){ 0 };
}

// ---- deletion --------------------------------------------------------------------------------------------------------------------

// Whether the condition of a policy holds; without one it does.
static bool
applies(struct mo_eval *ev, const struct mo_decorator_node *d, struct mo_frame *f)
{
	struct mo_node *n = mo_decorator_argument(ev, d, 0, "when");
	struct mo_truth t;
	if (!n) {
		return true;
	}
	if (!mo_eval_truth(ev, f, n, &t)) {
		return false;
	}
	if (!t.known) {
		mo_needs_compile_time(ev, mo_value_simple(MO_VALUE_NONE), n->span, "whether a resource is kept");
	}
	return t.known && t.truth;
}

static void
set_policy(struct mo_eval *ev, struct mo_resource *r, const struct mo_decorator_node *d, struct mo_frame *f, enum mo_ir_policy policy)
{
	if (!applies(ev, d, f)) {
		return;
	}
	struct mo_node *n = mo_decorator_argument(ev, d, UINT32_MAX, "on");
	const struct mo_value *on = n ? mo_eval_expr(ev, f, n, NULL) : NULL;
	bool deletion = !on || (on->kind == MO_VALUE_STRING && mo_str_is(on->text, "delete"));
	bool replacement = !on || (on->kind == MO_VALUE_STRING && mo_str_is(on->text, "replace"));
	if (!deletion && !replacement) {
		if (!mo_is_error(on)) {
			struct mo_diag *d2 = mo_report(ev->ctx->diags, MSG_TYPE_MISMATCH, n->span,
				"`on` is \"delete\" or \"replace\"");
			mo_diag_help(d2, "leave it out for both");
		}
		return;
	}
	if (deletion) {
		r->ir.deletion_policy = policy;
	}
	if (replacement) {
		r->ir.update_replace_policy = policy == MO_IR_RETAIN_EXCEPT_ON_CREATE ? MO_IR_RETAIN : policy; // which has no such value
	}
}

// ---- dependencies ----------------------------------------------------------------------------------------------------------------

static void
add_dependency(struct mo_eval *ev, struct mo_resource *r, struct mo_ir_resource *on, struct mo_span span)
{
	if (on == &r->ir || on->existing) {
		return;
	}
	if (on->template != r->ir.template) {
		struct mo_resource *other = mo_resource_of(on);
		struct mo_variant *there = other->instance->variant;
		mo_link_needs(ev, r->instance->variant, there->stack, there->shadow ? &there->target : NULL, span, on->origin.path);
		return;
	}
	for (uint32_t i = 0; i < r->ir.depends_on.len; i++) {
		if (r->ir.depends_on.items[i] == on) {
			return;
		}
	}
	mo_push(ev->arena, &r->ir.depends_on, on);
}

static void
add_instance(struct mo_eval *ev, struct mo_resource *r, const struct mo_instance *i, struct mo_span span)
{
	for (uint32_t k = 0; k < i->resources.len; k++) {
		add_dependency(ev, r, &i->resources.items[k]->ir, span);
	}
	for (uint32_t k = 0; k < i->instances.len; k++) { // nested at most MOST_NESTED deep
		add_instance(ev, r, i->instances.items[k], span);
	}
}

static void
add_dependencies(struct mo_eval *ev, struct mo_resource *r, const struct mo_value *v, struct mo_span span, uint32_t depth)
{
	struct mo_stack_handle *stack;
	if (depth > MO_IR_DEEPEST) {
		return;
	}
	switch (v->kind) {
	case MO_VALUE_ERROR:
	case MO_VALUE_NONE:
		return;
	case MO_VALUE_RESOURCE:
		add_dependency(ev, r, v->resource, span);
		return;
	case MO_VALUE_INSTANCE:
		add_instance(ev, r, v->instance, span);
		return;
	case MO_VALUE_LIST:
		for (uint32_t i = 0; i < v->items.len; i++) {
			add_dependencies(ev, r, v->items.items[i], span, depth + 1);
		}
		return;
	case MO_VALUE_RECORD:
		for (uint32_t i = 0; i < v->members.len; i++) {
			add_dependencies(ev, r, v->members.items[i].value, span, depth + 1);
		}
		return;
	case MO_VALUE_FAMILY:
		for (uint32_t i = 0; i < v->family->members.len; i++) {
			add_dependencies(ev, r, v->family->members.items[i]->value, span, depth + 1);
		}
		return;
	case MO_VALUE_STACK:
		stack = mo_stack_handle_of(ev, v);
		if (stack) {
			struct mo_str nothing = { 0 };
			mo_link_needs(ev, r->instance->variant, stack->stack, stack->has_target ? &stack->target : NULL, span, nothing);
		}
		return;
	default:
		break;
	}
	struct mo_str kind = mo_value_kind_text(ev->arena, v);
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_TYPE_MISMATCH, span,
		"a resource or an instance is wanted here, this is " MO_STR_FMT,
		MO_STR_ARG(kind));
	if (v->kind == MO_VALUE_DEPLOY) {
		mo_diag_help(d, "name the resource itself, without an attribute");
	}
}

static void
depends_on(struct mo_eval *ev, struct mo_resource *r, const struct mo_decorator_node *d, struct mo_frame *f)
{
	for (uint32_t i = 0; i < d->args.len; i++) {
		struct mo_node *n = d->args.items[i];
		struct mo_node *value = n->kind == MO_ARG_NODE ? mo_as_arg(n)->value : mo_as_spread(n)->value;
		add_dependencies(ev, r, mo_eval_expr(ev, f, value, NULL), value->span, 0);
	}
}

static void
ready_after(struct mo_eval *ev, struct mo_resource *r, const struct mo_decorator_node *d, struct mo_frame *f)
{
	struct mo_node *n = mo_decorator_argument(ev, d, 0, NULL);
	const struct mo_value *v = n ? mo_eval_expr(ev, f, n, NULL) : mo_error_value();
	struct mo_resource gathering = { .ir = { .template = r->ir.template }, .instance = r->instance };
	if (!n) {
		return;
	}
	add_dependencies(ev, &gathering, v, n->span, 0);
	for (uint32_t i = 0; i < gathering.ir.depends_on.len; i++) {
		if (gathering.ir.depends_on.items[i] != &r->ir) {
			mo_push(ev->arena, &r->ready_after, gathering.ir.depends_on.items[i]);
		}
	}
}

// ---- documents -------------------------------------------------------------------------------------------------------------------

// NULL for one with nothing in it, as when all that it would say hangs on conditions.
static const struct mo_ir_value *
document(struct mo_eval *ev, const struct mo_decorator_node *d, struct mo_frame *f)
{
	struct mo_node *n = mo_decorator_argument(ev, d, 0, NULL);
	const struct mo_value *v = n ? mo_eval_typed(ev, f, n, mo_type_of_kind(MO_TYPE_JSON)) : mo_error_value();
	const struct mo_ir_value *json = mo_is_error(v) || mo_is_none(v) ? NULL : mo_lower(ev, v);
	return json && json->kind == MO_IR_OBJECT && !json->members.len ? NULL : json;
}

// What @raw says, with its dynamic references as they are.
static const struct mo_ir_value *
raw_document(struct mo_eval *ev, const struct mo_decorator_node *d, struct mo_frame *f)
{
	bool before = ev->verbatim;
	ev->verbatim = true;
	const struct mo_ir_value *json = document(ev, d, f);
	ev->verbatim = before;
	if (json && json->kind != MO_IR_OBJECT) {
		struct mo_diag *g = mo_report(ev->ctx->diags, MSG_TYPE_MISMATCH, json->span, "`@raw` wants an object that is known at compile time");
		mo_diag_help(g, "what CloudFormation computes stands inside: `@raw({ Properties: { \"Fn::Transform\": { … } } })`");
		return NULL;
	}
	return json;
}

// ---- all of them -----------------------------------------------------------------------------------------------------------------

static void
decorate(struct mo_eval *ev, struct mo_resource *r, const struct mo_decorator_node *d, struct mo_frame *f)
{
	struct mo_str name = mo_atom_text(ev, d->name.atom);
	if (mo_str_is(name, "retain")) {
		set_policy(ev, r, d, f, MO_IR_RETAIN);
	} else if (mo_str_is(name, "snapshot")) {
		set_policy(ev, r, d, f, MO_IR_SNAPSHOT);
	} else if (mo_str_is(name, "retain_except_on_create")) {
		set_policy(ev, r, d, f, MO_IR_RETAIN_EXCEPT_ON_CREATE);
	} else if (mo_str_is(name, "delete")) {
		set_policy(ev, r, d, f, MO_IR_DELETE);
	} else if (mo_str_is(name, "depends_on")) {
		depends_on(ev, r, d, f);
	} else if (mo_str_is(name, "ready_after")) {
		ready_after(ev, r, d, f);
	} else if (mo_str_is(name, "metadata")) {
		r->ir.metadata = document(ev, d, f);
	} else if (mo_str_is(name, "creation_policy")) {
		r->ir.creation_policy = document(ev, d, f);
	} else if (mo_str_is(name, "update_policy")) {
		r->ir.update_policy = document(ev, d, f);
	} else if (mo_str_is(name, "raw")) {
		r->raw = raw_document(ev, d, f);
	}
}

static void
decorate_from(struct mo_eval *ev, struct mo_resource *r, const struct mo_decoration *d)
{
	if (!d) {
		return;
	}
	decorate_from(ev, r, d->outer); // as deep as instances nest
	if (d->item->node.kind == MO_STACK_NODE || d->item->node.kind == MO_TEMPLATE_NODE) {
		return; // their own are about them
	}
	for (uint32_t i = 0; i < d->item->decorators.len; i++) {
		decorate(ev, r, mo_as_decorator(d->item->decorators.items[i]), d->frame);
	}
}

void
mo_decorate_resource(struct mo_eval *ev, struct mo_resource *r)
{
	decorate_from(ev, r, r->decoration);
	mo_note_former(ev, r);
}

// ---- templates -------------------------------------------------------------------------------------------------------------------

static void
transform(struct mo_eval *ev, struct mo_ir_template *t, const struct mo_decorator_node *d, struct mo_frame *f)
{
	for (uint32_t i = 0; i < d->args.len; i++) {
		struct mo_node *n = mo_as_arg(d->args.items[i])->value;
		const struct mo_value *v = mo_eval_typed(ev, f, n, mo_type_of_kind(MO_TYPE_JSON));
		if (v->kind == MO_VALUE_STRING || (v->kind == MO_VALUE_RECORD && mo_value_get(v, MO_STR("Name")))) {
			mo_template_transform(ev, t, mo_lower(ev, v));
		} else if (!mo_is_error(v)) {
			struct mo_diag *g = mo_report(ev->ctx->diags, MSG_TYPE_MISMATCH, n->span, "`@transform` wants the name of a macro, this is " MO_STR_FMT,
				MO_STR_ARG(mo_value_kind_text(ev->arena, v)));
			mo_diag_help(g, "one that takes parameters is written `{ Name: \"…\", Parameters: { … } }`");
		}
	}
}

void
mo_decorate_template(struct mo_eval *ev, struct mo_variant *v)
{
	const struct mo_item *item = v->stack->item;
	for (uint32_t i = 0; i < item->decorators.len; i++) {
		const struct mo_decorator_node *d = mo_as_decorator(item->decorators.items[i]);
		struct mo_str name = mo_atom_text(ev, d->name.atom);
		if (mo_str_is(name, "transform")) {
			transform(ev, v->template, d, v->body->frame);
		} else if (mo_str_is(name, "metadata")) {
			v->template->metadata = document(ev, d, v->body->frame);
		}
	}
}
