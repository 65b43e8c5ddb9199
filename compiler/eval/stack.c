// SPDX-License-Identifier: Apache-2.0
// Stacks: where they are deployed, under which names, and what other stacks read of them.
#include "eval/instance.h"

// ---- handles ---------------------------------------------------------------------------------------------------------------------

static const struct mo_value *
handle_value(struct mo_eval *ev, struct mo_stack *s, const struct mo_target *t, struct mo_span span)
{
	struct mo_stack_handle *h = mo_new(ev->arena, struct mo_stack_handle);
	h->symbol = *s->declared;
	h->stack = s;
	h->has_target = t != NULL;
	if (t) {
		h->target = *t;
	}
	mo_map_put(ev->arena, &ev->evaluator->handles, MO_KEY(&h->symbol), h);
	struct mo_value *v = mo_value_new(ev->arena, s->is_template ? MO_VALUE_TEMPLATE : MO_VALUE_STACK, span);
	v->symbol = &h->symbol;
	return v;
}

struct mo_stack *
mo_template_of(struct mo_eval *ev, const struct mo_value *v)
{
	struct mo_stack_handle *h = v->kind == MO_VALUE_TEMPLATE ? mo_map_get(&ev->evaluator->handles, MO_KEY(v->symbol)) : NULL;
	return h ? h->stack : NULL;
}

struct mo_stack_handle *
mo_stack_handle_of(struct mo_eval *ev, const struct mo_value *v)
{
	return v->kind == MO_VALUE_STACK ? mo_map_get(&ev->evaluator->handles, MO_KEY(v->symbol)) : NULL;
}

const struct mo_value *
mo_stack_make(struct mo_eval *ev, struct mo_member *m)
{
	struct mo_stack *s = mo_new(ev->arena, struct mo_stack);
	if (!m->node->symbol) {
		return mo_error_value();
	}
	s->is_template = m->node->kind == MO_TEMPLATE_NODE;
	s->declared = m->node->symbol;
	s->item = (struct mo_item *)(void *)m->node;
	s->span = mo_name_of(m->node).span;
	s->where = s->is_template ? mo_as_template(m->node)->audience : mo_as_stack(m->node)->target;
	s->from = s->is_template ? NULL : mo_as_stack(m->node)->from;
	s->given = s->from ? mo_as_stack(m->node)->block : NULL;
	s->frame = m->frame;
	s->name = mo_global_name(ev, m);
	s->decoration = m->frame->instance ? m->frame->instance->decoration : NULL;
	const struct mo_value *v = handle_value(ev, s, NULL, s->span);
	s->symbol = v->symbol;
	return v;
}

// ---- targets ---------------------------------------------------------------------------------------------------------------------

static struct mo_span
where_span(const struct mo_stack *s)
{
	return s->where ? s->where->span : s->span;
}

static void
add_deployment(struct mo_eval *ev, struct mo_stack *s, struct mo_target t)
{
	struct mo_deployment *d = mo_new(ev->arena, struct mo_deployment);
	d->stack = s;
	d->target = t;
	mo_push(ev->arena, &s->deployments, d);
	mo_map_put(ev->arena, &s->by_target, t.hash, d);
}

static void
add_target(struct mo_eval *ev, struct mo_stack *s, const struct mo_value *v, struct mo_span span)
{
	struct mo_target t;
	if (!mo_target_of(ev, v, &t)) {
		if (!mo_is_error(v)) {
			struct mo_str kind = mo_value_kind_text(ev->arena, v);
			mo_report(ev->ctx->diags, MSG_BAD_TARGET, span, "%s, this is " MO_STR_FMT, s->is_template
				? "a template is for accounts, an organizational unit or `anywhere`"
				: "a stack is deployed to accounts and targets", MO_STR_ARG(kind));
		}
		return;
	}
	t.span = span;
	if (s->is_template && mo_map_get(&s->by_target, t.hash)) {
		return;
	}
	if (mo_map_get(&s->by_target, t.hash)) {
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_BAD_TARGET, span,
			"the stack `" MO_STR_FMT "` is deployed twice to `" MO_STR_FMT
			"` in " MO_STR_FMT, MO_STR_ARG(s->name), MO_STR_ARG(t.account->ir.name), MO_STR_ARG(t.region));
		mo_diag_help(d, "`distinct(…)` drops what comes twice");
		return;
	}
	add_deployment(ev, s, t);
}

static void
add_targets(struct mo_eval *ev, struct mo_stack *s, const struct mo_value *v, struct mo_span span, uint32_t depth)
{
	if (v->kind == MO_VALUE_LIST && depth < 8) {
		for (uint32_t i = 0; i < v->items.len; i++) {
			if (!mo_is_none(v->items.items[i])) {
				add_targets(ev, s, v->items.items[i], span, depth + 1);
			}
		}
	} else if (v->kind == MO_VALUE_FAMILY) {
		for (uint32_t i = 0; i < v->family->members.len; i++) {
			add_target(ev, s, v->family->members.items[i]->value, span);
		}
	} else {
		add_target(ev, s, v, span);
	}
}

void
mo_stack_targets(struct mo_eval *ev, struct mo_stack *s)
{
	struct mo_active active = { .subject = s, .name = s->name, .span = s->span, .asked = s->span };
	if (s->progress == MO_DONE) {
		return;
	}
	if (s->progress == MO_BUSY) {
		mo_report_cycle(ev, s, s->span);
		return;
	}
	if (!mo_active_push(ev, &active)) {
		return;
	}
	s->progress = MO_BUSY;
	struct mo_place_of_work before = mo_enter(ev, s->frame, NULL);
	const struct mo_value *v = s->where ? mo_eval_expr(ev, s->frame, s->where, NULL) : mo_value_simple(MO_VALUE_NONE);
	if (v->kind == MO_VALUE_DEPLOY) {
		mo_needs_compile_time(ev, v, s->where->span, s->is_template ? "who launches a template" : "where a stack is deployed");
	} else if (s->is_template && (v->kind == MO_VALUE_RECORD || v->kind == MO_VALUE_NONE)) {
		s->unit = v;
		add_deployment(ev, s, (struct mo_target){ .span = where_span(s) });
	} else {
		add_targets(ev, s, v, where_span(s), 0);
	}
	mo_leave(ev, s->frame, before);
	s->progress = MO_DONE;
	mo_active_pop(ev, &active);
}

static struct mo_deployment *
deployment_at(struct mo_eval *ev, struct mo_stack *s, const struct mo_target *t)
{
	mo_stack_targets(ev, s);
	return mo_map_get(&s->by_target, t->hash);
}

void
mo_report_not_deployed(struct mo_eval *ev, const struct mo_stack *s, const struct mo_target *t, struct mo_span span)
{
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_NOT_DEPLOYED_THERE, span,
		"the stack `" MO_STR_FMT "` is not deployed to `" MO_STR_FMT
		"` in " MO_STR_FMT, MO_STR_ARG(s->name), MO_STR_ARG(t->account->ir.name), MO_STR_ARG(t->region));
	mo_diag_label(d, where_span(s), "it is deployed here");
	if (s->deployments.len) {
		struct mo_str name = mo_symbol_text(ev, s->declared), account = s->deployments.items[0]->target.account->ir.name;
		mo_diag_help(d, "read it at a target that has it, such as `" MO_STR_FMT "[" MO_STR_FMT "]`, or deploy it here too",
			MO_STR_ARG(name),
			MO_STR_ARG(account));
	}
}

const struct mo_value *
mo_stack_at(struct mo_eval *ev, const struct mo_value *stack, const struct mo_value *target, struct mo_span span)
{
	struct mo_stack_handle *h = mo_stack_handle_of(ev, stack);
	struct mo_target t;
	if (!h || h->has_target) {
		mo_report(ev->ctx->diags, MSG_BAD_TARGET, span, "this stack is at a target already");
		return mo_error_value();
	}
	if (!mo_target_of(ev, target, &t)) {
		struct mo_str kind = mo_value_kind_text(ev->arena, target);
		mo_report(ev->ctx->diags, MSG_BAD_TARGET, span, "a stack is read at an account or a target, this is " MO_STR_FMT,
			MO_STR_ARG(kind));
		return mo_error_value();
	}
	struct mo_deployment *d = deployment_at(ev, h->stack, &t);
	if (!d) {
		mo_report_not_deployed(ev, h->stack, &t, span);
		return mo_error_value();
	}
	return mo_deployment_value(ev, d, span);
}

const struct mo_value *
mo_deployment_value(struct mo_eval *ev, struct mo_deployment *d, struct mo_span span)
{
	if (!d->handle) {
		d->handle = handle_value(ev, d->stack, &d->target, span);
	}
	return d->handle;
}

const struct mo_value *
mo_stack_here(struct mo_eval *ev, struct mo_span span)
{
	struct mo_variant *v = ev->evaluator->variant;
	const struct mo_target *here = mo_target_here(ev);
	if (!v || !here) {
		mo_report(ev->ctx->diags, MSG_MISPLACED, span, "`this_stack` has a meaning inside a stack only");
		return mo_error_value();
	}
	return handle_value(ev, v->stack, NULL, span);
}

// ---- reading a stack -------------------------------------------------------------------------------------------------------------

static struct mo_variant *
variant_at(struct mo_eval *ev, struct mo_stack *s, const struct mo_target *t, struct mo_span span)
{
	struct mo_variant *around = ev->evaluator->variant;
	if (around && around->stack->is_template && !ev->evaluator->naming) {
		bool only = around->stack->deployments.len == 1 && mo_target_equal(&around->target, t);
		return only ? mo_target_stack(ev, s, span) : mo_variant_shadow(ev, s, t, span);
	}
	bool here = around && !ev->evaluator->naming
		    && (around->shadow ? mo_target_equal(&around->target, t) : mo_target_is(ev, t, span));
	if (here && around->stack == s) {
		return around;
	}
	return here && !around->shadow ? mo_target_stack(ev, s, span) : mo_variant_shadow(ev, s, t, span);
}

// Of a stack as named alone: the one at the target of whoever reads.
static struct mo_variant *
variant_here(struct mo_eval *ev, struct mo_stack *s, struct mo_span span)
{
	const struct mo_target *here = mo_target_here(ev);
	struct mo_variant *around = ev->evaluator->variant;
	if (around && around->stack->is_template && !ev->evaluator->naming) {
		return mo_audience_holds(ev, around->stack, s, span) ? mo_target_stack(ev, s, span) : NULL;
	}
	if (!here) {
		struct mo_str name = mo_symbol_text(ev, s->declared);
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_MISPLACED, span,
			"outside of a stack, `" MO_STR_FMT "` is at no target",
			MO_STR_ARG(name));
		mo_diag_help(d, "say which one: `" MO_STR_FMT "[account]`", MO_STR_ARG(name));
		return NULL;
	}
	if (around && around->stack == s) {
		return around;
	}
	if (!around || around->shadow) {
		return mo_variant_shadow(ev, s, here, span);
	}
	return mo_target_stack(ev, s, span);
}

struct mo_stack *
mo_stack_origin(struct mo_eval *ev, struct mo_stack *s)
{
	if (s->from && !s->has_origin) {
		struct mo_place_of_work before = mo_enter(ev, s->frame, NULL);
		s->has_origin = true;
		s->origin = mo_template_of(ev, mo_eval_expr(ev, s->frame, s->from, NULL));
		mo_leave(ev, s->frame, before);
	}
	return s->origin;
}

static struct mo_symbol *
declared_in(struct mo_eval *ev, struct mo_stack *s, mo_atom name)
{
	const struct mo_stack *origin = mo_stack_origin(ev, s);
	const struct mo_scope *body = mo_scope_of(ev->program, &(origin ? origin : s)->item->node);
	struct mo_symbol *found = body ? mo_map_get(&body->values, name) : NULL;
	return found || !body ? found : mo_map_get(&body->outputs, name);
}

static bool
is_own_member(struct mo_str name)
{
	static const char *const names[] = { "name", "target", "file", "outputs", "deploy_role", "execution_role", "publishing_role" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (mo_str_is(name, names[i])) {
			return true;
		}
	}
	return false;
}

bool
mo_stack_has_member(struct mo_eval *ev, const struct mo_value *stack, mo_atom name)
{
	struct mo_stack_handle *h = mo_stack_handle_of(ev, stack);
	struct mo_str text = mo_atom_text(ev, name);
	return h && (declared_in(ev, h->stack, name) || is_own_member(text));
}

static const struct mo_value *
report_unknown(struct mo_eval *ev, const struct mo_stack *s, struct mo_name name)
{
	struct mo_str text = mo_atom_text(ev, name.atom);
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_UNKNOWN_MEMBER, name.span,
		"the stack `" MO_STR_FMT "` declares no `" MO_STR_FMT "`",
		MO_STR_ARG(s->name), MO_STR_ARG(text));
	mo_diag_label(d, s->span, "declared here");
	struct mo_suggestion near = mo_suggest(text);
	const struct mo_scope *body = mo_scope_of(ev->program, &s->item->node);
	for (uint32_t i = 0; body && i < body->symbols.len; i++) {
		mo_suggest_from(&near, mo_symbol_text(ev, body->symbols.items[i]));
	}
	mo_diag_suggest(d, name.span, &near);
	return mo_error_value();
}

// Everything that the stack shows, each as it can be read.
static const struct mo_value *
outputs_of(struct mo_eval *ev, const struct mo_value *stack, struct mo_span span)
{
	struct mo_stack_handle *h = mo_stack_handle_of(ev, stack);
	struct mo_variant *v = h->has_target ? variant_at(ev, h->stack, &h->target, span) : variant_here(ev, h->stack, span);
	const struct mo_scope *body = v && v->body ? v->body->symbol->body : NULL;
	struct mo_value *all = mo_value_record(ev->arena, span);
	for (uint32_t i = 0; v && v->taken && i < v->template->outputs.len; i++) {
		const struct mo_ir_output *o = v->template->outputs.items[i];
		mo_value_set(ev->arena, all, o->id, o->origin.span, mo_value_of_ir(ev->arena, o->value));
	}
	for (uint32_t i = 0; body && i < body->symbols.len; i++) {
		struct mo_symbol *s = body->symbols.items[i];
		if (s->kind == MO_SYM_OUTPUT) {
			mo_value_set(ev->arena, all, mo_symbol_text(ev, s), s->span, mo_eval_slot(ev, v->body->frame, s, span));
		}
	}
	return body ? all : mo_error_value();
}

// What a stack's role is for: `account` is where an account names one of its own, `bootstrap` how the bootstrap calls it.
struct stack_role {
	const char *member, *bootstrap;
	size_t account; // offset of the text in struct mo_ir_account; of the publishing role an account has none
};

static const struct stack_role *
role_called(struct mo_str member)
{
	static const struct stack_role roles[] = {
		{ "deploy_role", "deploy-role", offsetof(struct mo_ir_account, deploy_role) },
		{ "execution_role", "cfn-exec-role", offsetof(struct mo_ir_account, execution_role) },
		{ "publishing_role", "file-publishing-role", 0 },
	};
	size_t i = 0;
	while (!mo_str_is(member, roles[i].member)) {
		i++;
	}
	return &roles[i];
}

// The role that deploys, the one that CloudFormation acts as, or the one that publishes assets: the account's own, else the bootstrap's.
static const struct mo_value *
role_of(struct mo_eval *ev, const struct mo_target *t, struct mo_str member, struct mo_span span)
{
	const struct mo_ir_account *a = &t->account->ir;
	const struct stack_role *role = role_called(member);
	struct mo_str own = role->account ? *(const struct mo_str *)((const char *)a + role->account) : (struct mo_str){ 0 };
	if (own.len) {
		return mo_value_string(ev->arena, span, own);
	}
	if (!a->bootstrap) {
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_BAD_ACCOUNT, span, "the account `" MO_STR_FMT "` has no role for this",
			MO_STR_ARG(a->name));
		mo_diag_label(d, a->span, "it says `bootstrap: false`");
		if (role->account) {
			mo_diag_help(d, "name one: `%s: \"arn:…\"`", role->member);
		}
		return mo_error_value();
	}
	return mo_value_string(ev->arena, span, mo_str_printf(ev->arena, "arn:" MO_STR_FMT ":iam::" MO_STR_FMT ":role/cdk-" MO_STR_FMT
		"-%s-" MO_STR_FMT "-" MO_STR_FMT, MO_STR_ARG(a->partition), MO_STR_ARG(a->id), MO_STR_ARG(a->qualifier),
		role->bootstrap, MO_STR_ARG(a->id), MO_STR_ARG(t->region)));
}

static const struct mo_value *
file_value(struct mo_eval *ev, struct mo_ir_asset **file, struct mo_str name, struct mo_span span)
{
	*file = *file ? *file : mo_template_file_asset(ev, name);
	return mo_value_deploy(ev->arena, span, mo_ir_asset_part(ev->arena, span, *file, MO_IR_ASSET_FILE, NULL), false);
}

// A member that every stack has, of one at a target.
static const struct mo_value *
member_at(struct mo_eval *ev, struct mo_stack *s, const struct mo_target *t, struct mo_name name)
{
	struct mo_str text = mo_atom_text(ev, name.atom);
	struct mo_deployment *d = deployment_at(ev, s, t);
	if (!d) {
		return mo_error_value();
	}
	if (mo_str_is(text, "target")) {
		return mo_target_value(ev, name.span, t);
	}
	if (mo_str_is(text, "file")) {
		return file_value(ev, &d->file, s->name, name.span);
	}
	if (mo_str_is(text, "name")) {
		return mo_value_string(ev->arena, name.span, mo_stack_deployed_name(ev, d));
	}
	return role_of(ev, t, text, name.span);
}

// The same of the stack that is being evaluated, for all its targets.
static const struct mo_value *
member_here(struct mo_eval *ev, struct mo_variant *v, struct mo_name name)
{
	struct mo_str text = mo_atom_text(ev, name.atom);
	struct mo_name whole = { 0, name.span };
	struct mo_target t;
	if (v->shadow) {
		return member_at(ev, v->stack, &v->target, name);
	}
	if (mo_str_is(text, "file")) {
		return file_value(ev, &v->file, v->stack->name, name.span);
	}
	if (mo_str_is(text, "name") || mo_str_is(text, "target")) {
		return mo_target_read(ev, mo_str_is(text, "name") ? MO_READ_NAME : MO_READ_WHOLE, whole);
	}
	bool known = mo_target_of(ev, mo_target_read(ev, MO_READ_WHOLE, whole), &t);
	return known ? role_of(ev, &t, text, name.span) : mo_error_value();
}

// What every stack has, for stacks that declare nothing of that name.
static const struct mo_value *
own_member(struct mo_eval *ev, const struct mo_value *stack, struct mo_name name)
{
	struct mo_stack_handle *h = mo_stack_handle_of(ev, stack);
	struct mo_str text = mo_atom_text(ev, name.atom);
	struct mo_variant *around = ev->evaluator->variant;
	if (!is_own_member(text)) {
		return report_unknown(ev, h->stack, name);
	}
	if (mo_str_is(text, "outputs")) {
		return outputs_of(ev, stack, name.span);
	}
	if (h->has_target) {
		return member_at(ev, h->stack, &h->target, name);
	}
	if (around && around->stack == h->stack) {
		return member_here(ev, around, name);
	}
	mo_report(ev->ctx->diags, MSG_BAD_TARGET, name.span, "this is of a stack at a target: write `stack[account]." MO_STR_FMT "`",
		MO_STR_ARG(text));
	return mo_error_value();
}

const struct mo_value *
mo_stack_member(struct mo_eval *ev, const struct mo_value *stack, struct mo_name name, struct mo_span span)
{
	struct mo_stack_handle *h = mo_stack_handle_of(ev, stack);
	if (!h) {
		return mo_error_value();
	}
	struct mo_symbol *s = declared_in(ev, h->stack, name.atom);
	if (!s) {
		return own_member(ev, stack, name);
	}
	struct mo_variant *v = h->has_target ? variant_at(ev, h->stack, &h->target, span) : variant_here(ev, h->stack, span);
	return v && v->body ? mo_eval_slot(ev, v->body->frame, s, span) : mo_error_value();
}

// ---- deployed names --------------------------------------------------------------------------------------------------------------

struct mo_frame *
mo_stack_naming(struct mo_eval *ev, const struct mo_stack *s)
{
	struct mo_frame *f = mo_frame_new(ev, s->frame, mo_scope_of(ev->program, &s->item->node), NULL);
	f->naming = true;
	return f;
}

static struct mo_str
given_name(struct mo_eval *ev, const struct mo_deployment *d, struct mo_node *n)
{
	struct mo_frame *f = mo_stack_naming(ev, d->stack);
	const struct mo_target *naming = ev->evaluator->naming;
	struct mo_variant *variant = ev->evaluator->variant;
	ev->evaluator->naming = &d->target;
	ev->evaluator->variant = NULL;
	const struct mo_value *v = mo_eval_typed(ev, f, n, mo_type_of_kind(MO_TYPE_STRING));
	ev->evaluator->naming = naming;
	ev->evaluator->variant = variant;
	if (v->kind == MO_VALUE_DEPLOY) {
		mo_needs_compile_time(ev, v, n->span, "the name of a stack");
	}
	return v->kind == MO_VALUE_STRING ? v->text : (struct mo_str){ 0 };
}

struct mo_str
mo_stack_deployed_name(struct mo_eval *ev, const struct mo_deployment *d)
{
	struct mo_decorator_node *decorator = mo_decorator_find(ev, d->stack->item, "name");
	struct mo_node *n = decorator ? mo_decorator_argument(ev, decorator, 0, NULL) : NULL;
	struct mo_str own = mo_str_printf(ev->arena, MO_STR_FMT "-" MO_STR_FMT, MO_STR_ARG(ev->platform->name),
		MO_STR_ARG(d->stack->name));
	struct mo_str name = n ? given_name(ev, d, n) : own;
	return name.len ? name : own; // without one: reported
}
