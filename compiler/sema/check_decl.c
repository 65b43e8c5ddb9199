// SPDX-License-Identifier: Apache-2.0
// The types of names: each declaration is checked when its name is first needed, in its own file and body.
#include "sema/check.h"
#include "sema/inputs.h"

enum { LONGEST_CYCLE = 12 };

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

// ---- going elsewhere ---------------------------------------------------------------------------------------------------------------

static struct mo_scope *
body_of(struct mo_scope *s)
{
	while (s && (s->kind == MO_SCOPE_FOR || s->kind == MO_SCOPE_LOCAL || s->kind == MO_SCOPE_FN)) {
		s = s->parent;
	}
	return s;
}

void
mo_check_nesting(struct mo_check *c, const struct mo_nesting *n)
{
	if (!n) {
		return;
	}
	mo_check_nesting(c, n->outer); // outermost first
	if (n->node->kind == MO_IF_DECL_NODE) {
		struct mo_node *cond = mo_as_if_decl(n->node)->cond;
		if (cond && !cond->type) {
			cond->type = error_type(); // until it is known, should it ask for what stands inside
			mo_check_condition(c, cond);
		}
		mo_facts_push(c, cond, !n->in_else);
		return;
	}
	struct mo_for_decl_node *loop = mo_as_for_decl(n->node);
	if (loop->list && !loop->list->type) {
		loop->list->type = error_type();
		mo_check_declaring_loop(c, loop);
	}
}

// What holds around the stack, template or component that a body belongs to holds in the body.
static void
check_around(struct mo_check *c, const struct mo_scope *body)
{
	const struct mo_symbol *owner = body ? body->owner : NULL;
	if (!owner || owner->kind == MO_SYM_FN) {
		return;
	}
	check_around(c, body_of(owner->scope));
	for (uint32_t i = 0; i < owner->declarations.len; i++) {
		if (owner->declarations.items[i].node == body->node) {
			mo_check_nesting(c, owner->declarations.items[i].nesting);
		}
	}
}

struct mo_check
mo_check_enter(struct mo_check *c, struct mo_module *module, struct mo_scope *body, const struct mo_nesting *nesting)
{
	struct mo_check before = *c;
	c->module = module;
	c->body = body_of(body);
	c->facts.items = NULL;
	c->facts.len = c->facts.cap = 0;
	c->blocks = c->loops = 0;
	c->rule = false;
	c->wanted_for = (struct mo_str){ 0 };
	check_around(c, c->body);
	mo_check_nesting(c, nesting);
	return before;
}

void
mo_check_leave(struct mo_check *c, struct mo_check before)
{
	*c = before;
}

// ---- types of names ----------------------------------------------------------------------------------------------------------------

void
mo_check_report_cycle(struct mo_check *c, struct mo_symbol *s, struct mo_span asked, const char *what)
{
	struct mo_str name = mo_atom_str(c->ctx->atoms, s->name);
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_RECURSION, asked, "%s `" MO_STR_FMT "` %s", what, MO_STR_ARG(name),
		s->kind == MO_SYM_FN ? "calls itself" : s->kind == MO_SYM_COMPONENT ? "contains itself" : "depends on itself");
	struct mo_buf path = mo_buf_in(&c->ctx->session);
	uint32_t hops = 0;
	for (struct mo_checking *k = c->program->checking; k; k = k->outer) {
		struct mo_str hop = mo_atom_str(c->ctx->atoms, k->symbol->name), rest = mo_buf_str(&path);
		path = mo_buf_in(&c->ctx->session);
		mo_buf_printf(&path, MO_STR_FMT " -> " MO_STR_FMT, MO_STR_ARG(hop), MO_STR_ARG(rest));
		if (k->symbol == s || ++hops >= LONGEST_CYCLE) {
			break;
		}
		mo_diag_label(d, k->asked, "needs `" MO_STR_FMT "`", MO_STR_ARG(hop));
	}
	mo_diag_here(d, "needs `" MO_STR_FMT "` again", MO_STR_ARG(name));
	mo_diag_label(d, s->span, "`" MO_STR_FMT "` is declared here", MO_STR_ARG(name));
	if (hops > 0) {
		mo_diag_note(d, "the circle: " MO_STR_FMT MO_STR_FMT, MO_STR_ARG(mo_buf_str(&path)), MO_STR_ARG(name));
	}
}

void
mo_checking_push(struct mo_check *c, struct mo_checking *k, struct mo_symbol *s, struct mo_span asked)
{
	*k = (struct mo_checking){ c->program->checking, s, asked };
	c->program->checking = k;
	c->program->check_depth++;
}

void
mo_checking_pop(struct mo_check *c)
{
	c->program->checking = c->program->checking->outer;
	c->program->check_depth--;
}

static const struct mo_type *
report_value_cycle(struct mo_check *c, struct mo_symbol *s, struct mo_span asked)
{
	mo_check_report_cycle(c, s, asked, s->kind == MO_SYM_TYPE ? "the type" : "the value of");
	return error_type();
}

// The type of `let` and `output`: what was written, else the value's.
static const struct mo_type *
type_of_value(struct mo_check *c, struct mo_symbol *s, struct mo_node *type_expr, struct mo_node *value)
{
	if (!type_expr) {
		return value ? mo_check_infer(c, value) : error_type();
	}
	s->declared = mo_type_of_node(c->program, type_expr);
	const struct mo_type *actual = mo_check_expr(c, value, s->declared);
	return mo_check_retime(c, s->declared, actual);
}

static const struct mo_type *
with_name(struct mo_check *c, const struct mo_type *t, struct mo_symbol *s)
{
	if (t->kind != MO_TYPE_RECORD && t->kind != MO_TYPE_UNION) {
		return t;
	}
	struct mo_type *named = mo_type_new(c->ctx, t->kind);
	*named = *t;
	named->name = s->name;
	named->symbol = s;
	return named;
}

static const struct mo_type *
type_of_input(struct mo_check *c, struct mo_symbol *s, struct mo_node *type_expr)
{
	s->declared = type_expr ? mo_type_of_node(c->program, type_expr) : error_type();
	if (mo_is_program_input(s)) {
		return s->declared;
	}
	s->place = mo_new(&c->ctx->session, struct mo_place);
	s->place->symbol = s;
	return mo_type_placed(c->ctx, s->declared, s->place);
}

static const struct mo_type *
type_of_param(struct mo_check *c, struct mo_symbol *s, struct mo_node *n)
{
	s->declared = mo_check_param_type(c, n);
	const struct mo_type *value = s->declared->stored ? s->declared->stored : s->declared;
	return mo_type_at(c->ctx, value, (struct mo_time){ .deploy = true, .deploy_at = s->span });
}

static const struct mo_type *
type_of_resource(struct mo_check *c, struct mo_name kind)
{
	struct mo_str name = mo_atom_str(c->ctx->atoms, kind.atom);
	mo_cat r = mo_cat_find_resource(name);
	bool custom = mo_str_starts(name, MO_STR("Custom::"));
	return r || custom ? mo_type_resource(c->ctx, r ? mo_cat_resource(r).name : name) : error_type();
}

// Members of a family share one type, with what any of them is given.
static const struct mo_type *
type_of_instance(struct mo_check *c, struct mo_symbol *s, struct mo_node *n)
{
	struct mo_symbol *component = ((struct mo_item *)n)->made_of;
	if (!component || component->kind != MO_SYM_COMPONENT) {
		return error_type();
	}
	for (uint32_t i = 0; s->dimensions && i < s->declarations.len && s->declarations.items[i].node != n; i++) {
		const struct mo_type *known = s->declarations.items[i].node->type;
		if (known && known->symbol == component) {
			n->type = known;
			return known;
		}
	}
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_INSTANCE);
	t->symbol = component;
	t->arguments = mo_new(&c->ctx->session, struct mo_map);
	n->type = t;
	return t;
}

static const struct mo_type *
type_of_function(struct mo_check *c, struct mo_symbol *s)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_FUNCTION);
	t->symbol = s;
	return t;
}

static const struct mo_type *
type_of_stack(struct mo_check *c, struct mo_symbol *s)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_STACK);
	t->symbol = s;
	return t;
}

static const struct mo_type *
type_of_template(struct mo_check *c, struct mo_symbol *s, struct mo_template_node *n)
{
	if (n->from) {
		mo_check_template_file(c, s, n->from);
	}
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_TEMPLATE);
	t->symbol = s;
	return t;
}

static const struct mo_type *
type_of_declaration(struct mo_check *c, struct mo_symbol *s, struct mo_node *n)
{
	switch (n->kind) {
	case MO_LET_NODE: return type_of_value(c, s, mo_as_let(n)->type_expr, mo_as_let(n)->value);
	case MO_OUTPUT_NODE: return type_of_value(c, s, mo_as_output(n)->type_expr, mo_as_output(n)->value);
	case MO_TYPE_DECL_NODE: return with_name(c, mo_type_of_node(c->program, mo_as_type_decl(n)->type_expr), s);
	case MO_INPUT_NODE: return type_of_input(c, s, mo_as_input(n)->type_expr);
	case MO_PARAM_NODE: return type_of_param(c, s, n);
	case MO_RESOURCE_NODE: return type_of_resource(c, mo_as_resource(n)->kind);
	case MO_EXISTING_NODE: return type_of_resource(c, mo_as_existing(n)->kind);
	case MO_INSTANCE_NODE: return type_of_instance(c, s, n);
	case MO_STACK_NODE: return type_of_stack(c, s);
	case MO_TEMPLATE_NODE: return type_of_template(c, s, mo_as_template(n));
	case MO_ACCOUNT_NODE: return mo_check_account(c, n);
	case MO_NESTED_NODE: return mo_check_nested_type(c, n);
	default: return error_type();
	}
}

static const struct mo_type *
report_no_stack(struct mo_check *c, struct mo_symbol *s, struct mo_span used_at)
{
	struct mo_str name = mo_atom_str(c->ctx->atoms, s->name);
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISPLACED, used_at, "`" MO_STR_FMT "` is known inside a stack only", MO_STR_ARG(name));
	if (c->body && c->body->kind == MO_SCOPE_TEMPLATE) {
		mo_diag_note(d, "others launch a template, in accounts and under names of their own");
		mo_diag_help(d, "CloudFormation knows where it is launched: `aws.account_id`, `aws.region`, `aws.stack_name`");
	} else if (c->body && c->body->kind == MO_SCOPE_COMPONENT) {
		mo_diag_help(d, "a component takes what it needs of it as an input");
	} else if (s->global == MO_GLOBAL_TARGET) {
		mo_diag_help(d, "an account is known by its own name; a function takes what it needs as a parameter");
	}
	return error_type();
}

static const struct mo_type *
type_of_global(struct mo_check *c, struct mo_symbol *s, struct mo_span used_at)
{
	if (s->global == MO_GLOBAL_AWS || s->global == MO_GLOBAL_ANYWHERE || s->global == MO_GLOBAL_ANYONE) {
		return s->type;
	}
	if (!c->body || c->body->kind != MO_SCOPE_STACK) {
		return report_no_stack(c, s, used_at);
	}
	if (s->global == MO_GLOBAL_THIS_STACK) {
		return c->body->owner ? mo_check_symbol(c, c->body->owner, used_at) : error_type();
	}
	struct mo_node *targets = mo_as_stack(c->body->node)->target;
	const struct mo_type *t = targets && targets->type ? targets->type : mo_check_infer(c, targets);
	t = t->kind == MO_TYPE_LIST ? t->element : t;
	return t->kind == MO_TYPE_ERROR ? error_type() : mo_type_target(c->ctx, t);
}

// What the assertions of the body say holds after them; they are the first thing that is evaluated of it.
static void
assume_assertions(struct mo_check *c, struct mo_scope *scope, const struct mo_node *declaration)
{
	const struct mo_scope *body = body_of(scope);
	for (uint32_t i = 0; body && i < body->assertions.len; i++) {
		struct mo_node *n = body->assertions.items[i];
		if (n->span.start < declaration->span.start) {
			mo_facts_push(c, mo_as_assert(n)->cond, true);
		}
	}
}

static const struct mo_type *
report_large_type(struct mo_check *c, const struct mo_symbol *s)
{
	struct mo_str name = mo_atom_str(c->ctx->atoms, s->name);
	if (!c->program->has_large_type) { // what is made of it soon is too large as well
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_LIMIT_REACHED, s->span, "`" MO_STR_FMT "` has a type of more than %d parts, or %d "
			"levels", MO_STR_ARG(name), MO_TYPE_LARGEST, MO_TYPE_DEEPEST);
		mo_diag_note(d, "parts count as often as they are used");
	}
	c->program->has_large_type = true;
	return error_type();
}

// Every declaration of the name: both branches of an `if`, all places of a family.
static const struct mo_type *
type_of_all(struct mo_check *c, struct mo_symbol *s)
{
	const struct mo_type *t = NULL;
	for (uint32_t i = 0; i < s->declarations.len; i++) {
		struct mo_declaration *d = &s->declarations.items[i];
		struct mo_check before = mo_check_enter(c, s->module, s->scope, d->nesting);
		assume_assertions(c, s->scope, d->node);
		const struct mo_type *one = type_of_declaration(c, s, d->node);
		t = t ? mo_type_union(c->ctx, t, one) : one;
		if (s->kind == MO_SYM_INSTANCE) {
			s->type = t; // arguments may speak of the instance itself
			mo_check_instance(c, d->node);
		}
		mo_check_leave(c, before);
	}
	return t;
}

const struct mo_type *
mo_check_symbol(struct mo_check *c, struct mo_symbol *s, struct mo_span used_at)
{
	s = mo_symbol_real(s);
	if (s->kind == MO_SYM_GLOBAL) {
		return type_of_global(c, s, used_at);
	}
	if (s->kind == MO_SYM_FN) {
		return type_of_function(c, s); // its state says whether its body was checked
	}
	if (s->state == 2 || s->kind == MO_SYM_LOCAL) {
		return s->type ? s->type : error_type();
	}
	if (s->kind == MO_SYM_COMPONENT || s->kind == MO_SYM_CUSTOM || s->declarations.len == 0) {
		return error_type();
	}
	if (s->state == 1) {
		return s->type ? s->type : report_value_cycle(c, s, used_at);
	}
	if (mo_check_too_deep(c, used_at)) {
		return error_type();
	}
	struct mo_checking checking;
	mo_checking_push(c, &checking, s, used_at);
	s->state = 1;
	s->type = type_of_all(c, s);
	if (mo_type_parts(s->type) > MO_TYPE_LARGEST) {
		s->type = report_large_type(c, s);
	}
	s->state = 2;
	mo_checking_pop(c);
	return s->type;
}
