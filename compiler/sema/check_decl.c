// SPDX-License-Identifier: Apache-2.0
// Declarations: which may stand where, and the types of the names that they declare, each checked when it is first needed.
#include "sema/check.h"

enum { NESTED_BODIES = 200 };

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

void
mo_check_unsupported(struct mo_check *c, struct mo_span span, const char *what)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_NOT_SUPPORTED_YET, span, "%s is not supported yet", what);
	mo_diag_note(d, "it is part of the language, and refused rather than left out of the result");
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

// What holds inside the `if` and `for` blocks around a declaration; outermost first.
static void
enter_nesting(struct mo_check *c, const struct mo_nesting *n)
{
	if (!n) {
		return;
	}
	enter_nesting(c, n->outer);
	if (n->node->kind == MO_IF_DECL_NODE) {
		mo_facts_push(c, mo_as_if_decl(n->node)->cond, !n->in_else);
		return;
	}
	struct mo_for_decl_node *loop = mo_as_for_decl(n->node);
	struct mo_scope *scope = mo_scope_of(c->program, n->node);
	struct mo_symbol *first = scope ? mo_map_get(&scope->values, loop->first.atom) : NULL;
	if (first && !first->type) {
		mo_check_loop(c, loop->list, loop->first, loop->second, scope);
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
	enter_nesting(c, nesting);
	return before;
}

void
mo_check_leave(struct mo_check *c, struct mo_check before)
{
	*c = before;
}

// ---- types of names ----------------------------------------------------------------------------------------------------------------

static const struct mo_type *
report_value_cycle(struct mo_check *c, struct mo_symbol *s, struct mo_span used_at)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_RECURSION, used_at, "the value of `" MO_STR_FMT "` depends on itself",
		MO_STR_ARG(mo_atom_str(c->ctx->atoms, s->name)));
	mo_diag_here(d, "needed for its own value");
	mo_diag_label(d, s->span, "declared here");
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
with_name(struct mo_check *c, const struct mo_type *t, mo_atom name)
{
	if (t->kind != MO_TYPE_RECORD && t->kind != MO_TYPE_UNION) {
		return t;
	}
	struct mo_type *named = mo_type_new(c->ctx, t->kind);
	*named = *t;
	named->name = name;
	return named;
}

static const struct mo_type *
type_of_input(struct mo_check *c, struct mo_symbol *s, struct mo_node *type_expr)
{
	s->declared = type_expr ? mo_type_of_node(c->program, type_expr) : error_type();
	s->place = mo_new(&c->ctx->session, struct mo_place);
	s->place->symbol = s;
	struct mo_place_list *l = mo_new(&c->ctx->session, struct mo_place_list);
	l->place = s->place;
	return mo_type_at(c->ctx, s->declared, (struct mo_time){ .places = l });
}

static const struct mo_type *
type_of_param(struct mo_check *c, struct mo_symbol *s, struct mo_node *type_expr)
{
	s->declared = type_expr ? mo_type_of_node(c->program, type_expr) : error_type();
	return mo_type_at(c->ctx, s->declared, (struct mo_time){ .deploy = true, .deploy_at = s->span });
}

static const struct mo_type *
type_of_resource(struct mo_check *c, struct mo_name kind)
{
	struct mo_str name = mo_atom_str(c->ctx->atoms, kind.atom);
	mo_cat r = mo_cat_find_resource(name);
	bool custom = mo_str_starts(name, MO_STR("Custom::"));
	return r || custom ? mo_type_resource(c->ctx, r ? mo_cat_resource(r).name : name) : error_type();
}

static const struct mo_type *
type_of_instance(struct mo_check *c, struct mo_symbol *s)
{
	struct mo_item *item = (struct mo_item *)s->declarations.items[0].node;
	if (!item->made_of || item->made_of->kind != MO_SYM_COMPONENT) {
		return error_type();
	}
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_INSTANCE);
	t->symbol = item->made_of;
	t->arguments = mo_new(&c->ctx->session, struct mo_map);
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
type_of_declaration(struct mo_check *c, struct mo_symbol *s, struct mo_node *n)
{
	switch (n->kind) {
	case MO_LET_NODE: return type_of_value(c, s, mo_as_let(n)->type_expr, mo_as_let(n)->value);
	case MO_OUTPUT_NODE: return type_of_value(c, s, mo_as_output(n)->type_expr, mo_as_output(n)->value);
	case MO_TYPE_DECL_NODE: return with_name(c, mo_type_of_node(c->program, mo_as_type_decl(n)->type_expr), s->name);
	case MO_INPUT_NODE: return type_of_input(c, s, mo_as_input(n)->type_expr);
	case MO_PARAM_NODE: return type_of_param(c, s, mo_as_param(n)->type_expr);
	case MO_RESOURCE_NODE: return type_of_resource(c, mo_as_resource(n)->kind);
	case MO_EXISTING_NODE: return type_of_resource(c, mo_as_existing(n)->kind);
	case MO_INSTANCE_NODE: return type_of_instance(c, s);
	case MO_STACK_NODE: return type_of_stack(c, s);
	case MO_ACCOUNT_NODE:
		mo_check_account(c, n);
		return s->type ? s->type : error_type();
	default: return error_type(); // template, nested: refused as a whole
	}
}

static const struct mo_type *
type_of_global(struct mo_check *c, struct mo_symbol *s, struct mo_span used_at)
{
	if (s->global == MO_GLOBAL_AWS) {
		return s->type;
	}
	if (s->global == MO_GLOBAL_THIS_STACK) {
		mo_check_unsupported(c, used_at, "`this_stack`");
		return error_type();
	}
	if (!c->body || c->body->kind != MO_SCOPE_STACK) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISPLACED, used_at, "`target` is known inside a stack only");
		mo_diag_help(d, "a component takes what it needs of it as an input");
		return error_type();
	}
	struct mo_node *targets = mo_as_stack(c->body->node)->target;
	const struct mo_type *t = targets && targets->type ? targets->type : mo_check_infer(c, targets);
	t = t->kind == MO_TYPE_LIST ? t->element : t;
	struct mo_type *target = mo_type_new(c->ctx, MO_TYPE_TARGET);
	target->fields = t->fields;
	return t->kind == MO_TYPE_ERROR ? error_type() : target;
}

const struct mo_type *
mo_check_symbol(struct mo_check *c, struct mo_symbol *s, struct mo_span used_at)
{
	s = mo_symbol_real(s);
	if (s->kind == MO_SYM_GLOBAL) {
		return type_of_global(c, s, used_at);
	}
	if (s->state == 2 || s->kind == MO_SYM_LOCAL) {
		return s->type ? s->type : error_type();
	}
	if (s->kind == MO_SYM_FN) {
		return type_of_function(c, s); // its state says whether its body was checked
	}
	if (s->kind == MO_SYM_COMPONENT || s->kind == MO_SYM_CUSTOM || s->declarations.len == 0) {
		return error_type();
	}
	if (s->state == 1) {
		return s->type ? s->type : report_value_cycle(c, s, used_at);
	}
	if (c->depth >= NESTED_BODIES) {
		mo_report(c->ctx->diags, MSG_LIMIT_REACHED, used_at, "declarations depend on each other in a chain of more than %d", NESTED_BODIES);
		return error_type();
	}
	s->state = 1;
	c->depth++;
	const struct mo_type *t = NULL;
	for (uint32_t i = 0; i < s->declarations.len; i++) {
		struct mo_declaration *d = &s->declarations.items[i];
		struct mo_check before = mo_check_enter(c, s->module, s->scope, d->nesting);
		const struct mo_type *one = t && s->dimensions ? t : type_of_declaration(c, s, d->node);
		t = t ? mo_type_union(c->ctx, t, one) : one;
		if (s->kind == MO_SYM_INSTANCE && i == 0) {
			s->type = t; // arguments may speak of the instance itself
		}
		if (s->kind == MO_SYM_INSTANCE) {
			mo_check_instance(c, d->node);
		}
		mo_check_leave(c, before);
	}
	c->depth--;
	s->type = t;
	s->state = 2;
	return t;
}

// ---- items -------------------------------------------------------------------------------------------------------------------------

static bool
allowed_here(struct mo_check *c, struct mo_node *n)
{
	enum mo_scope_kind at = c->body->kind;
	bool file = at == MO_SCOPE_FILE, component = at == MO_SCOPE_COMPONENT, stack = at == MO_SCOPE_STACK;
	switch (n->kind) {
	case MO_PLATFORM_NODE:
	case MO_IMPORT_NODE:
	case MO_ACCOUNT_NODE:
	case MO_STACK_NODE:
	case MO_COMPONENT_NODE:
	case MO_TYPE_DECL_NODE:
	case MO_FN_NODE:
	case MO_CUSTOM_SCHEMA_NODE: return file;
	case MO_INPUT_NODE: return component || file;
	case MO_PARAM_NODE: return stack || component;
	case MO_OUTPUT_NODE:
	case MO_RESOURCE_NODE:
	case MO_INSTANCE_NODE: return stack || component;
	case MO_FIELD_NODE:
	case MO_SPREAD_NODE:
	case MO_REQUIRE_NODE: return false;
	default: return true;
	}
}

static void
report_misplaced(struct mo_check *c, struct mo_node *n)
{
	bool file = c->body->kind == MO_SCOPE_FILE;
	const char *where = file ? "at the top of a file" : c->body->kind == MO_SCOPE_STACK ? "in a stack" : "in a component";
	struct mo_span span = n->kind == MO_FIELD_NODE ? mo_as_field(n)->name.span : n->span;
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISPLACED, span, "this has no place %s", where);
	switch (n->kind) {
	case MO_RESOURCE_NODE:
	case MO_INSTANCE_NODE:
	case MO_OUTPUT_NODE:
		mo_diag_help(d, "put it into a stack: `stack name in account { … }`");
		break;
	case MO_FIELD_NODE:
		mo_diag_help(d, file ? "a name for a value is `let name = …`" : "fields belong to the body of a resource or an instance");
		break;
	default:
		if (!file) {
			mo_diag_help(d, "it belongs to the top of a file");
		}
	}
}

static const char *
unsupported_form(struct mo_check *c, struct mo_node *n)
{
	switch (n->kind) {
	case MO_TEMPLATE_NODE: return "`template`";
	case MO_NESTED_NODE: return "`nested`";
	case MO_GRANT_NODE: return mo_as_grant(n)->deny ? "`deny`" : "`allow`";
	case MO_PERMISSION_NODE: return "`permission`";
	case MO_RESOURCE_POLICY_NODE: return "`resource_policy`";
	case MO_DEFAULTS_NODE: return "`defaults`";
	case MO_OVERRIDE_NODE: return "`override`";
	case MO_RULE_NODE: return "`rule`";
	case MO_TEST_NODE: return "`test`";
	case MO_RAW_NODE: return "`raw`";
	case MO_INPUT_NODE: return c->body->kind == MO_SCOPE_FILE ? "`input` at the top of a program" : NULL;
	case MO_PARAM_NODE: return c->body->kind == MO_SCOPE_COMPONENT ? "`param` in a component" : NULL;
	default: return NULL;
	}
}

static void
check_input(struct mo_check *c, struct mo_node *n)
{
	struct mo_input_node *input = mo_as_input(n);
	const struct mo_type *t = n->symbol ? mo_check_symbol(c, n->symbol, n->span) : error_type();
	if (!input->type_expr) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_BAD_TYPE, input->name.span, "an input says its type");
		mo_diag_help(d, "`input " MO_STR_FMT ": String`", MO_STR_ARG(mo_atom_str(c->ctx->atoms, input->name.atom)));
	}
	if (input->value && t->kind != MO_TYPE_ERROR) {
		mo_check_expr(c, input->value, n->symbol->declared);
	}
}

static const struct mo_type *
param_block_type(struct mo_check *c, const struct mo_type *declared)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	const struct mo_type *string = mo_type_of_kind(MO_TYPE_STRING);
	const struct mo_type *types[] = { string, string, mo_type_list(c->ctx, mo_type_present(declared)) };
	const char *names[] = { "description", "constraint_description", "allowed_values" };
	for (int i = 0; i < 3; i++) {
		struct mo_field f = { .name = mo_atom_of(c->ctx->atoms, mo_str_c(names[i])), .type = types[i], .optional = true };
		mo_push(&c->ctx->session, &t->fields, f);
	}
	return t;
}

static void
check_param(struct mo_check *c, struct mo_node *n)
{
	struct mo_param_node *p = mo_as_param(n);
	const struct mo_type *t = n->symbol ? mo_check_symbol(c, n->symbol, n->span) : error_type();
	if (!p->type_expr) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_BAD_TYPE, p->name.span, "a parameter says its type");
		mo_diag_help(d, "`param " MO_STR_FMT ": String`", MO_STR_ARG(mo_atom_str(c->ctx->atoms, p->name.atom)));
	}
	if (t->kind == MO_TYPE_ERROR) {
		return;
	}
	if (p->value) {
		const struct mo_type *v = mo_check_expr(c, p->value, n->symbol->declared);
		mo_check_known(c, v, true, p->value->span, "the default of a parameter");
	}
	if (p->block) {
		mo_check_fields(c, mo_as_block(p->block)->items, param_block_type(c, n->symbol->declared), p->name.span, NULL);
	}
}

static const struct mo_type *
output_block_type(struct mo_check *c)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	const char *names[] = { "export", "description" };
	for (int i = 0; i < 2; i++) {
		struct mo_field f = { .name = mo_atom_of(c->ctx->atoms, mo_str_c(names[i])), .type = mo_type_of_kind(MO_TYPE_STRING), .optional = true };
		mo_push(&c->ctx->session, &t->fields, f);
	}
	return t;
}

static void
check_output(struct mo_check *c, struct mo_node *n)
{
	struct mo_output_node *o = mo_as_output(n);
	const struct mo_type *t = n->symbol ? mo_check_symbol(c, n->symbol, n->span) : error_type();
	if (o->keys.len) {
		mo_check_unsupported(c, o->name.span, "a family of outputs");
		return;
	}
	if (c->body->kind == MO_SCOPE_COMPONENT) {
		if (o->block) {
			mo_report(c->ctx->diags, MSG_MISPLACED, o->block->span, "only the output of a stack has a description or an export name");
		}
		return;
	}
	if (t->kind != MO_TYPE_ERROR && o->value) {
		const struct mo_type *scalar = mo_type_of_kind(MO_TYPE_STRING);
		bool number = mo_type_present(t)->kind == MO_TYPE_BOOL || mo_type_present(t)->kind == MO_TYPE_FLOAT;
		if (!number) {
			mo_check_fit(c, o->value, t, mo_type_optional(c->ctx, mo_type_union(c->ctx, scalar, mo_type_list(c->ctx, scalar))));
		}
	}
	if (o->block) {
		mo_check_fields(c, mo_as_block(o->block)->items, output_block_type(c), o->name.span, NULL);
	}
}

static void
check_if(struct mo_check *c, struct mo_node *n)
{
	struct mo_if_decl_node *i = mo_as_if_decl(n);
	const struct mo_type *t = mo_check_expr(c, i->cond, mo_type_of_kind(MO_TYPE_BOOL));
	bool top = c->body->kind == MO_SCOPE_FILE;
	if (top) {
		mo_check_known(c, t, false, i->cond ? i->cond->span : n->span, "the condition of an `if` at the top of a file");
	}
	uint32_t mark = mo_facts_push(c, i->cond, true);
	if (i->then) {
		mo_check_items(c, mo_as_block(i->then)->items);
	}
	mo_facts_pop(c, mark);
	mark = mo_facts_push(c, i->cond, false);
	if (i->otherwise && i->otherwise->kind == MO_BLOCK_NODE) {
		mo_check_items(c, mo_as_block(i->otherwise)->items);
	} else if (i->otherwise) {
		mo_nodes one = { &i->otherwise, 1, 1 };
		mo_check_items(c, one);
	}
	mo_facts_pop(c, mark);
}

static void
check_for(struct mo_check *c, struct mo_node *n)
{
	struct mo_for_decl_node *f = mo_as_for_decl(n);
	struct mo_scope *scope = mo_scope_of(c->program, n);
	struct mo_symbol *first = scope ? mo_map_get(&scope->values, f->first.atom) : NULL;
	if (!first || !first->type) {
		mo_check_loop(c, f->list, f->first, f->second, scope);
	}
	if (f->block) {
		uint32_t mark = c->facts.len;
		mo_check_items(c, mo_as_block(f->block)->items);
		mo_facts_pop(c, mark);
	}
}

static void
check_assert(struct mo_check *c, struct mo_node *n)
{
	struct mo_assert_node *a = mo_as_assert(n);
	const struct mo_type *t = mo_check_expr(c, a->cond, mo_type_of_kind(MO_TYPE_BOOL));
	uint32_t mark = mo_facts_push(c, a->cond, false); // the message is read when the condition does not hold
	if (a->message) {
		mo_check_expr(c, a->message, mo_type_of_kind(MO_TYPE_STRING));
	}
	mo_facts_pop(c, mark);
	if (t->time.deploy) {
		mo_check_unsupported(c, a->cond->span, "`assert` on a value that is known only at deploy time");
	} else {
		mo_check_known(c, t, false, a->cond ? a->cond->span : n->span, "the condition of an `assert`");
	}
	mo_facts_push(c, a->cond, true); // holds for the rest of the body
}

static void
check_custom_schema(struct mo_check *c, struct mo_node *n)
{
	struct mo_custom_schema_node *s = mo_as_custom_schema(n);
	mo_type_of_node(c->program, s->properties);
	if (s->gives) {
		mo_type_of_node(c->program, s->gives);
	}
	if (!mo_str_starts(mo_atom_str(c->ctx->atoms, s->kind.atom), MO_STR("Custom::"))) {
		mo_report(c->ctx->diags, MSG_BAD_TYPE, s->kind.span, "the type of a custom resource starts with `Custom::`");
	}
}

static void
check_item(struct mo_check *c, struct mo_node *n)
{
	switch (n->kind) {
	case MO_LET_NODE:
	case MO_TYPE_DECL_NODE:
		if (n->symbol) {
			mo_check_symbol(c, n->symbol, n->span);
		}
		break;
	case MO_FN_NODE: break; // checked when it is first called, or at the end
	case MO_INPUT_NODE: check_input(c, n); break;
	case MO_PARAM_NODE: check_param(c, n); break;
	case MO_OUTPUT_NODE: check_output(c, n); break;
	case MO_RESOURCE_NODE: mo_check_resource(c, n); break;
	case MO_EXISTING_NODE: mo_check_existing(c, n); break;
	case MO_INSTANCE_NODE: // checked with its name, once
		if (n->symbol) {
			mo_check_symbol(c, n->symbol, n->span);
		} else {
			mo_check_instance(c, n);
		}
		break;
	case MO_ACCOUNT_NODE:
		if (n->symbol) {
			mo_check_symbol(c, n->symbol, n->span);
		}
		break;
	case MO_STACK_NODE: mo_check_stack(c, n); break;
	case MO_COMPONENT_NODE:
		if (n->symbol && !c->module->library) {
			mo_check_component(c, n->symbol, n->span);
		}
		break;
	case MO_IF_DECL_NODE: check_if(c, n); break;
	case MO_FOR_DECL_NODE: check_for(c, n); break;
	case MO_ASSERT_NODE: check_assert(c, n); break;
	case MO_CUSTOM_SCHEMA_NODE: check_custom_schema(c, n); break;
	case MO_PLATFORM_NODE: mo_check_platform(c, n); break;
	default: break;
	}
}

void
mo_check_items(struct mo_check *c, mo_nodes items)
{
	for (uint32_t i = 0; i < items.len; i++) {
		struct mo_node *n = items.items[i];
		if (!n || n->kind == MO_BAD_NODE || n->kind == MO_IMPORT_NODE) {
			continue;
		}
		const char *unsupported = unsupported_form(c, n);
		if (!allowed_here(c, n)) {
			report_misplaced(c, n);
		} else if (unsupported) {
			mo_check_unsupported(c, n->span, unsupported);
		} else {
			mo_check_decorators(c, (struct mo_item *)n);
			check_item(c, n);
		}
	}
}

// ---- the program -------------------------------------------------------------------------------------------------------------------

void
mo_program_check(struct mo_program *p)
{
	for (uint32_t i = 0; i < p->modules.len; i++) {
		struct mo_check c = { .program = p, .ctx = p->ctx, .module = p->modules.items[i] };
		c.body = c.module->scope;
		if (!c.module->library) {
			mo_check_items(&c, c.module->syntax->file->items);
		}
	}
}
