// SPDX-License-Identifier: Apache-2.0
// Resolving names: gives every NAME_REF, TYPE_PATH and INSTANCE the symbol it means. Does not evaluate and knows no types.
#include "sema/bind.h"

#include "sema/builtin.h"
#include "sema/deprecated.h"
#include "sema/inputs.h"
#include "sema/place.h"
#include "sema/type_names.h"

struct resolver {
	struct mo_binder *b;
	struct mo_scope *scope;
};

static void resolve(struct resolver *r, struct mo_node *n);

static void
resolve_in(struct resolver *r, struct mo_scope *scope, struct mo_node *n)
{
	struct mo_scope *before = r->scope;
	r->scope = scope ? scope : before;
	resolve(r, n);
	r->scope = before;
}

static void
resolve_all(struct resolver *r, mo_nodes nodes)
{
	for (uint32_t i = 0; i < nodes.len; i++) {
		resolve(r, nodes.items[i]);
	}
}

// ---- references ------------------------------------------------------------------------------------------------------------------

static void
resolve_name(struct resolver *r, struct mo_node *n)
{
	struct mo_name name = mo_as_name_ref(n)->name;
	struct mo_symbol *s = mo_scope_find_value(r->scope, name.atom);
	if (!s) {
		mo_report_unknown_value(r->b, r->scope, name);
		return;
	}
	s->used = true;
	n->symbol = mo_symbol_real(s);
	n->symbol->used = true;
	if (n->symbol->kind != MO_SYM_INPUT && n->symbol->kind != MO_SYM_PARAM) { // whose uses in their own body are what keeps them alive
		mo_warn_deprecated(r->b->ctx, r->b->module, n->symbol, name.span);
	}
}

static struct mo_module *
module_of(struct resolver *r, struct mo_symbol *s)
{
	return s && s->kind == MO_SYM_MODULE ? mo_map_get(&r->b->program->imports, (uint64_t)(uintptr_t)s->declarations.items[0].node) : NULL;
}

static void
report_not_a_module(struct resolver *r, struct mo_name name, const struct mo_symbol *s)
{
	struct mo_str text = mo_atom_str(r->b->ctx->atoms, name.atom);
	struct mo_diag *d = mo_report(r->b->ctx->diags, MSG_UNKNOWN_KIND, name.span, "`" MO_STR_FMT "` is no imported file", MO_STR_ARG(text));
	if (s->module) {
		mo_diag_label(d, s->span, "declared here");
	}
	mo_diag_note(d, "what stands before `.` in a type or before a component's name is a file, as in `import \"./roles.mlops\" as roles`");
}

static void
report_unknown_in_module(struct resolver *r, struct mo_module *m, struct mo_name name)
{
	struct mo_str text = mo_atom_str(r->b->ctx->atoms, name.atom);
	struct mo_diag *d = mo_report(r->b->ctx->diags, MSG_NOT_EXPORTED, name.span, "`" MO_STR_FMT "` declares no component or type `" MO_STR_FMT "`",
		MO_STR_ARG(m->source->name), MO_STR_ARG(text));
	struct mo_suggestion near = mo_suggest(text);
	for (uint32_t i = 0; i < m->scope->symbols.len; i++) {
		const struct mo_symbol *s = m->scope->symbols.items[i];
		if (!s->alias_of && mo_map_get(&m->scope->kinds, s->name) == s) {
			mo_suggest_from(&near, mo_atom_str(r->b->ctx->atoms, s->name));
		}
	}
	mo_diag_suggest(d, name.span, &near);
}

// A kind of another module: roles.user.
static struct mo_symbol *
kind_in_module(struct resolver *r, struct mo_name module, struct mo_name name)
{
	struct mo_symbol *s = mo_scope_find_value(r->scope, module.atom);
	struct mo_module *m = module_of(r, s);
	if (!s) {
		mo_report_unknown_value(r->b, r->scope, module);
		return NULL;
	}
	s->used = true;
	if (!m) {
		if (s->kind != MO_SYM_LET || s->declarations.len) { // else lost with its import
			report_not_a_module(r, module, s);
		}
		return NULL;
	}
	struct mo_symbol *found = mo_map_get(&m->scope->kinds, name.atom);
	found = found && found->alias_of ? NULL : found; // what a file imports is not passed on
	if (!found && !m->scope->incomplete) {
		report_unknown_in_module(r, m, name);
	}
	return found;
}

// A declared type or component has no types inside.
static void
refuse_members(struct resolver *r, const struct mo_type_path_node *t, const struct mo_symbol *s)
{
	bool lost = s->kind == MO_SYM_LET; // reported where it was lost
	if (t->members.len && !lost) {
		struct mo_name part = mo_as_name_ref(t->members.items[0])->name;
		mo_report(r->b->ctx->diags, MSG_BAD_TYPE, part.span, "`" MO_STR_FMT "` has no types inside",
			MO_STR_ARG(mo_atom_str(r->b->ctx->atoms, t->name.atom)));
	}
}

static void
resolve_type_path(struct resolver *r, struct mo_node *n)
{
	struct mo_type_path_node *t = mo_as_type_path(n);
	struct mo_str text = mo_atom_str(r->b->ctx->atoms, t->name.atom);
	struct mo_symbol *s = mo_scope_find_kind(r->scope, t->name.atom);
	if (s) {
		s->used = true;
		n->symbol = t->members.len ? NULL : mo_symbol_real(s);
		mo_warn_deprecated(r->b->ctx, r->b->module, n->symbol, t->name.span);
		refuse_members(r, t, s);
	} else if (mo_str_find(text, MO_STR("::"), 0) >= 0 || mo_builtin_type(text) != MO_NOT_A_TYPE_NAME) {
		return; // the catalog's, or the language's own
	} else if (t->members.len == 1 && module_of(r, mo_scope_find_value(r->scope, t->name.atom))) {
		n->symbol = kind_in_module(r, t->name, mo_as_name_ref(t->members.items[0])->name);
		mo_warn_deprecated(r->b->ctx, r->b->module, n->symbol, mo_as_name_ref(t->members.items[0])->name.span);
	} else {
		mo_report_unknown_kind(r->b, r->scope, t->name);
	}
}

static void
resolve_instance(struct resolver *r, struct mo_instance_node *n)
{
	struct mo_symbol *s;
	if (n->module.atom) {
		s = kind_in_module(r, n->module, n->kind);
	} else {
		s = mo_scope_find_kind(r->scope, n->kind.atom);
		if (!s) {
			mo_report_unknown_kind(r->b, r->scope, n->kind);
		} else {
			s->used = true;
		}
	}
	n->item.made_of = mo_symbol_real(s);
	mo_warn_deprecated(r->b->ctx, r->b->module, n->item.made_of, n->kind.span);
	resolve_all(r, n->item.decorators);
	resolve_all(r, n->keys);
	if (n->block) {
		resolve_all(r, mo_as_block(n->block)->items);
	}
}

// ---- scopes of expressions -------------------------------------------------------------------------------------------------------

// Clauses from left to right: each sees the variables of those before it. Gives the scope that the body sees.
static struct mo_scope *
resolve_clauses(struct resolver *r, mo_nodes clauses)
{
	struct mo_scope *scope = r->scope;
	for (uint32_t i = 0; i < clauses.len; i++) {
		struct mo_node *c = clauses.items[i];
		if (c->kind == MO_CLAUSE_IF_NODE) {
			resolve_in(r, scope, mo_as_clause_if(c)->cond);
			continue;
		}
		struct mo_clause_for_node *f = mo_as_clause_for(c);
		resolve_in(r, scope, f->list);
		scope = mo_bind_scope(r->b, MO_SCOPE_LOCAL, scope, c);
		mo_declare_local(r->b, scope, f->first);
		mo_declare_local(r->b, scope, f->second);
	}
	return scope;
}

static void
resolve_arm(struct resolver *r, struct mo_node *n)
{
	struct mo_arm_node *arm = mo_as_arm(n);
	struct mo_scope *scope = mo_bind_scope(r->b, MO_SCOPE_LOCAL, r->scope, n);
	for (uint32_t i = 0; i < arm->patterns.len; i++) {
		struct mo_node *p = arm->patterns.items[i];
		if (p->kind == MO_PATTERN_NAME_NODE) {
			p->symbol = mo_declare_local(r->b, scope, mo_as_pattern_name(p)->name);
		} else if (p->kind == MO_PATTERN_TYPE_NODE) {
			struct mo_pattern_type_node *t = mo_as_pattern_type(p);
			struct mo_str text = mo_atom_str(r->b->ctx->atoms, t->kind.atom);
			struct mo_symbol *kind = mo_scope_find_kind(r->scope, t->kind.atom);
			if (!kind && mo_str_find(text, MO_STR("::"), 0) < 0 && mo_builtin_type(text) == MO_NOT_A_TYPE_NAME) {
				mo_report_unknown_kind(r->b, r->scope, t->kind);
			}
			if (kind) {
				kind->used = true;
			}
			p->symbol = mo_declare_local(r->b, scope, t->name);
		} else {
			resolve(r, p);
		}
	}
	resolve_in(r, scope, arm->body);
}

static void
resolve_fn(struct resolver *r, struct mo_fn_node *fn)
{
	struct mo_scope *scope = mo_scope_of(r->b->program, &fn->item.node);
	for (uint32_t i = 0; i < fn->params.len; i++) {
		struct mo_fn_param_node *p = mo_as_fn_param(fn->params.items[i]);
		resolve(r, p->type_expr);
		resolve(r, p->value);
	}
	resolve(r, fn->result);
	resolve_in(r, scope, fn->body);
}

// The declarations of a file or body. Fields have no place there, but for the home of a template; that is reported once, by the checker.
static void
resolve_items(struct resolver *r, mo_nodes items)
{
	for (uint32_t i = 0; i < items.len; i++) {
		bool home = r->scope->kind == MO_SCOPE_TEMPLATE && mo_is_home_field(r->b->ctx, items.items[i]);
		if (home || (items.items[i]->kind != MO_FIELD_NODE && items.items[i]->kind != MO_SPREAD_NODE)) {
			resolve(r, items.items[i]);
		}
	}
}

static void
resolve_block(struct resolver *r, struct mo_scope *scope, struct mo_node *block)
{
	struct mo_scope *before = r->scope;
	r->scope = scope ? scope : before;
	if (block && block->kind == MO_BLOCK_NODE) {
		resolve_items(r, mo_as_block(block)->items);
	} else {
		resolve(r, block); // else if
	}
	r->scope = before;
}

static void
resolve_if(struct resolver *r, struct mo_if_decl_node *choice)
{
	resolve(r, choice->cond);
	resolve_block(r, NULL, choice->then);
	resolve_block(r, NULL, choice->otherwise);
}

static void
resolve_for(struct resolver *r, struct mo_for_decl_node *loop)
{
	resolve(r, loop->list);
	resolve_block(r, mo_scope_of(r->b->program, &loop->item.node), loop->block);
}

static bool
resolve_child(struct mo_node *child, void *data)
{
	resolve(data, child);
	return true;
}

static void
resolve_body(struct resolver *r, struct mo_node *n, struct mo_node *block)
{
	resolve_block(r, mo_scope_of(r->b->program, n), block);
}

// Of a stack made from a template the block gives values to that template's parameters: it declares nothing.
static void
resolve_stack(struct resolver *r, struct mo_stack_node *s)
{
	struct mo_scope *inside = mo_scope_of(r->b->program, &s->item.node);
	for (uint32_t i = 0; i < s->item.decorators.len; i++) {
		resolve_in(r, inside, s->item.decorators.items[i]); // @name reads `target`
	}
	resolve_all(r, s->keys);
	resolve(r, s->target);
	resolve(r, s->from);
	if (s->from) {
		resolve(r, s->block);
	} else {
		resolve_body(r, &s->item.node, s->block);
	}
}

static void
resolve_template(struct resolver *r, struct mo_template_node *t)
{
	struct mo_scope *inside = mo_scope_of(r->b->program, &t->item.node);
	for (uint32_t i = 0; i < t->item.decorators.len; i++) {
		resolve_in(r, inside, t->item.decorators.items[i]); // @tags may read its parameters
	}
	resolve_all(r, t->keys);
	resolve(r, t->audience);
	resolve(r, t->from);
	resolve_body(r, &t->item.node, t->block);
}

// The code that @ignore names is no name of the program.
static void
resolve_arguments(struct resolver *r, const struct mo_decorator_node *d)
{
	bool code = mo_str_is(mo_atom_str(r->b->ctx->atoms, d->name.atom), "ignore");
	for (uint32_t i = code ? 1 : 0; i < d->args.len; i++) {
		resolve(r, d->args.items[i]);
	}
}

// Verbs are no names of values: what they mean depends on what they are about.
static void
resolve_grant(struct resolver *r, struct mo_grant_node *g)
{
	resolve_all(r, g->item.decorators);
	resolve_all(r, g->who);
	resolve(r, g->verb_list);
	resolve(r, g->object);
	resolve(r, g->at);
	resolve(r, g->when);
	resolve(r, g->sid);
}

static void
resolve(struct resolver *r, struct mo_node *n)
{
	if (!n) {
		return;
	}
	switch (n->kind) {
	case MO_NAME_REF_NODE:
		resolve_name(r, n);
		return;
	case MO_TYPE_PATH_NODE:
		resolve_type_path(r, n);
		return;
	case MO_DECORATOR_NODE:
		if (mo_decorator_is_known(mo_atom_str(r->b->ctx->atoms, mo_as_decorator(n)->name.atom))) {
			resolve_arguments(r, mo_as_decorator(n));
		}
		return;
	case MO_INSTANCE_NODE:
		resolve_instance(r, mo_as_instance(n));
		return;
	case MO_LIST_FOR_NODE:
		resolve_in(r, resolve_clauses(r, mo_as_list_for(n)->clauses), mo_as_list_for(n)->body);
		return;
	case MO_RECORD_FOR_NODE: {
		struct mo_scope *scope = resolve_clauses(r, mo_as_record_for(n)->clauses);
		resolve_in(r, scope, mo_as_record_for(n)->key);
		resolve_in(r, scope, mo_as_record_for(n)->body);
		return;
	}
	case MO_ARM_NODE:
		resolve_arm(r, n);
		return;
	case MO_FN_NODE:
		resolve_fn(r, mo_as_fn(n));
		return;
	case MO_FOR_DECL_NODE:
		resolve_for(r, mo_as_for_decl(n));
		return;
	case MO_IF_DECL_NODE:
		resolve_if(r, mo_as_if_decl(n));
		return;
	case MO_COMPONENT_NODE:
		for (uint32_t i = 0; i < mo_as_component(n)->item.decorators.len; i++) {
			resolve_in(r, mo_scope_of(r->b->program, n), mo_as_component(n)->item.decorators.items[i]); // they may read its inputs
		}
		resolve_body(r, n, mo_as_component(n)->block);
		return;
	case MO_STACK_NODE:
		resolve_stack(r, mo_as_stack(n));
		return;
	case MO_TEMPLATE_NODE:
		resolve_template(r, mo_as_template(n));
		return;
	case MO_OVERRIDE_NODE:
		if (r->scope->kind != MO_SCOPE_FILE) { // there it has no place
			mo_node_children(n, resolve_child, r);
		}
		return;
	case MO_GRANT_NODE:
		resolve_grant(r, mo_as_grant(n));
		return;
	case MO_PERMISSION_NODE:
		resolve_in(r, mo_scope_of(r->b->program, n), mo_as_permission(n)->block);
		return;
	case MO_RESOURCE_POLICY_NODE:
		resolve_in(r, mo_scope_of(r->b->program, n), mo_as_resource_policy(n)->block);
		return;
	// Refused as a whole by the checker, so nothing inside is looked at.
	case MO_IMPORT_NODE:
	case MO_RULE_NODE:
	case MO_TEST_NODE:
		return;
	default:
		mo_node_children(n, resolve_child, r);
	}
}

// ---- the program -----------------------------------------------------------------------------------------------------------------

static void
add_global(struct mo_program *p, const char *name, enum mo_global global, enum mo_type_kind type)
{
	struct mo_symbol *s = mo_new(&p->ctx->session, struct mo_symbol);
	s->kind = MO_SYM_GLOBAL;
	s->name = mo_atom_of(p->ctx->atoms, mo_str_c(name));
	s->scope = p->builtins;
	s->global = global;
	s->type = mo_type_of_kind(type);
	s->state = 2;
	mo_map_put(&p->ctx->session, &p->builtins->values, s->name, s);
	mo_push(&p->ctx->session, &p->builtins->symbols, s);
}

static void
make_builtins(struct mo_program *p)
{
	p->builtins = mo_new(&p->ctx->session, struct mo_scope);
	p->builtins->kind = MO_SCOPE_BUILTIN;
	for (uint32_t i = 0; i < MO_BUILTIN_KINDS; i++) {
		struct mo_symbol *s = mo_new(&p->ctx->session, struct mo_symbol);
		s->kind = MO_SYM_BUILTIN;
		s->name = mo_atom_of(p->ctx->atoms, mo_str_c(mo_builtins[i].name));
		s->scope = p->builtins;
		s->builtin = &mo_builtins[i];
		s->state = 2;
		struct mo_type *t = mo_type_new(p->ctx, MO_TYPE_FUNCTION);
		t->symbol = s;
		s->type = t;
		mo_map_put(&p->ctx->session, &p->builtins->values, s->name, s);
		mo_push(&p->ctx->session, &p->builtins->symbols, s);
	}
	add_global(p, "target", MO_GLOBAL_TARGET, MO_TYPE_TARGET);
	add_global(p, "aws", MO_GLOBAL_AWS, MO_TYPE_AWS);
	add_global(p, "this_stack", MO_GLOBAL_THIS_STACK, MO_TYPE_STACK);
	add_global(p, "anywhere", MO_GLOBAL_ANYWHERE, MO_TYPE_AUDIENCE);
	add_global(p, "anyone", MO_GLOBAL_ANYONE, MO_TYPE_RECORD);
	mo_last(&p->builtins->symbols)->type = mo_type_principal(p->ctx);
}

static void
declare_module(struct mo_binder *b, struct mo_module *m)
{
	b->module = m;
	m->scope = mo_bind_scope(b, MO_SCOPE_FILE, b->program->builtins, &m->syntax->file->node);
	m->unreadable = m->unreadable || (m->damage.len && !mo_is_well_placed(m->syntax->file));
	m->scope->incomplete = m->unreadable;
	if (!m->unreadable) {
		mo_declare_imports(b);
		mo_declare_items(b, m->scope, m->scope, NULL, m->syntax->file->items);
	}
}

static void
resolve_module(struct mo_binder *b, struct mo_module *m)
{
	struct resolver r = { b, m->scope };
	b->module = m;
	if (!m->unreadable) {
		resolve_items(&r, m->syntax->file->items);
	}
	if (!m->library && !m->damage.len) {
		mo_report_unused(b, m->scope);
	}
}

void
mo_program_bind(struct mo_program *p)
{
	struct mo_binder b = { .program = p, .ctx = p->ctx };
	make_builtins(p);
	for (uint32_t i = 0; i < p->modules.len; i++) {
		declare_module(&b, p->modules.items[i]);
	}
	for (uint32_t i = 0; i < p->modules.len; i++) {
		resolve_module(&b, p->modules.items[i]);
	}
	mo_inputs_bind(p);
}
