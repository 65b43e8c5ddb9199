// SPDX-License-Identifier: Apache-2.0
// Scopes and symbols: walks the declarations of a file or body and records what each name stands for. Resolves nothing.
#include "sema/bind.h"

struct mo_scope *
mo_bind_scope(struct mo_binder *b, enum mo_scope_kind kind, struct mo_scope *parent, struct mo_node *node)
{
	struct mo_scope *s = mo_new(&b->ctx->session, struct mo_scope);
	s->kind = kind;
	s->parent = parent;
	s->node = node;
	s->depth = parent ? parent->depth + 1 : 0;
	mo_map_put(&b->ctx->session, &b->program->scopes, (uint64_t)(uintptr_t)node, s);
	return s;
}

static struct mo_symbol *
new_symbol(struct mo_binder *b, struct mo_scope *scope, enum mo_symbol_kind kind, struct mo_name name)
{
	struct mo_symbol *s = mo_new(&b->ctx->session, struct mo_symbol);
	s->kind = kind;
	s->name = name.atom;
	s->span = name.span;
	s->scope = scope;
	s->module = b->module;
	return s;
}

static void
report_duplicate(struct mo_binder *b, struct mo_name name, const struct mo_symbol *first)
{
	struct mo_str text = mo_atom_str(b->ctx->atoms, name.atom);
	struct mo_diag *d = mo_report(b->ctx->diags, MSG_DUPLICATE_NAME, name.span, "`" MO_STR_FMT "` is declared twice", MO_STR_ARG(text));
	mo_diag_here(d, "declared again");
	mo_diag_label(d, first->span, "declared here first");
	if (first->dimensions) {
		mo_diag_note(d, "members of a family share one type, and every declaration of it has as many keys");
	}
}

// An inner scope may not redefine a name of the same file.
static bool
is_shadowing(struct mo_binder *b, const struct mo_scope *scope, struct mo_name name)
{
	for (const struct mo_scope *s = scope->parent; s; s = s->parent) {
		const struct mo_symbol *outer = mo_map_get(&s->values, name.atom);
		if (!outer || outer->alias_of || !outer->module || outer->kind == MO_SYM_MODULE) {
			continue;
		}
		struct mo_str text = mo_atom_str(b->ctx->atoms, name.atom);
		struct mo_diag *d = mo_report(b->ctx->diags, MSG_SHADOWED_NAME, name.span, "`" MO_STR_FMT "` is already declared around this place",
			MO_STR_ARG(text));
		mo_diag_label(d, outer->span, "declared here");
		mo_diag_help(d, "give one of the two another name");
		return true;
	}
	return false;
}

struct mo_symbol *
mo_declare_local(struct mo_binder *b, struct mo_scope *scope, struct mo_name name)
{
	if (!name.atom || mo_str_is(mo_atom_str(b->ctx->atoms, name.atom), "_")) {
		return NULL;
	}
	struct mo_symbol *first = mo_map_get(&scope->values, name.atom);
	if (first) {
		report_duplicate(b, name, first);
		return first;
	}
	is_shadowing(b, scope, name);
	struct mo_symbol *s = new_symbol(b, scope, MO_SYM_LOCAL, name);
	s->used = true;
	mo_map_put(&b->ctx->session, &scope->values, name.atom, s);
	mo_push(&b->ctx->session, &scope->symbols, s);
	return s;
}

// Whether two declarations stand in different branches of one `if`, so that at most one of them exists.
static bool
exclude_each_other(const struct mo_nesting *a, const struct mo_nesting *b)
{
	for (const struct mo_nesting *n = a; n; n = n->outer) {
		for (const struct mo_nesting *m = b; m; m = m->outer) {
			if (n->node == m->node && n->in_else != m->in_else) {
				return true;
			}
		}
	}
	return false;
}

static bool
same_kind(const struct mo_node *a, const struct mo_node *b)
{
	if (a->kind != b->kind) {
		return false;
	}
	if (a->kind == MO_RESOURCE_NODE) {
		return ((const struct mo_resource_node *)a)->kind.atom == ((const struct mo_resource_node *)b)->kind.atom;
	}
	if (a->kind == MO_INSTANCE_NODE) {
		return ((const struct mo_instance_node *)a)->kind.atom == ((const struct mo_instance_node *)b)->kind.atom;
	}
	return true;
}

static bool
may_share(const struct mo_symbol *s, const struct mo_node *node, const struct mo_nesting *nesting, uint32_t dimensions)
{
	bool family = s->dimensions && s->dimensions == dimensions;
	for (uint32_t i = 0; i < s->declarations.len; i++) {
		const struct mo_declaration *d = &s->declarations.items[i];
		bool apart = exclude_each_other(d->nesting, nesting);
		if (!apart && !(family && same_kind(d->node, node))) {
			return false;
		}
	}
	return s->dimensions == dimensions;
}

struct declared {
	struct mo_scope *scope;
	struct mo_map *table;
	enum mo_symbol_kind kind;
	struct mo_node *node;
	struct mo_name name;
	const struct mo_nesting *nesting;
	uint32_t dimensions;
};

static struct mo_symbol *
declare(struct mo_binder *b, struct declared d)
{
	if (!d.name.atom) {
		return NULL; // a syntax error, reported
	}
	struct mo_symbol *s = mo_map_get(d.table, d.name.atom);
	if (s && (d.table == &d.scope->kinds || s->kind == MO_SYM_LOCAL || !may_share(s, d.node, d.nesting, d.dimensions))) {
		report_duplicate(b, d.name, s);
		return NULL;
	}
	if (!s) {
		if (d.table == &d.scope->values) {
			is_shadowing(b, d.scope, d.name);
		}
		s = new_symbol(b, d.scope, d.kind, d.name);
		s->dimensions = d.dimensions;
		mo_map_put(&b->ctx->session, d.table, d.name.atom, s);
		mo_push(&b->ctx->session, &d.scope->symbols, s);
	}
	mo_push(&b->ctx->session, &s->declarations, (struct mo_declaration){ d.node, d.nesting });
	d.node->symbol = s;
	return s;
}

// ---- bodies ----------------------------------------------------------------------------------------------------------------------

struct place {
	struct mo_scope *body, *inner;
	const struct mo_nesting *nesting;
};

static bool
is_in_for(const struct mo_nesting *n)
{
	for (; n; n = n->outer) {
		if (n->node->kind == MO_FOR_DECL_NODE) {
			return true;
		}
	}
	return false;
}

static struct mo_symbol *
declare_value(struct mo_binder *b, struct place p, struct mo_node *node, enum mo_symbol_kind kind, struct mo_name name, uint32_t dimensions)
{
	if (!dimensions && name.atom && is_in_for(p.nesting)) {
		struct mo_str text = mo_atom_str(b->ctx->atoms, name.atom);
		struct mo_diag *d = mo_report(b->ctx->diags, MSG_NEEDS_KEY, name.span, "`" MO_STR_FMT "` is declared in a `for` and needs a key",
			MO_STR_ARG(text));
		const struct mo_nesting *n = p.nesting;
		while (n->node->kind != MO_FOR_DECL_NODE) {
			n = n->outer;
		}
		struct mo_for_decl_node *loop = mo_as_for_decl(n->node);
		struct mo_str variable = mo_atom_str(b->ctx->atoms, loop->first.atom);
		mo_diag_label(d, loop->first.span, "happens once for each of these");
		mo_diag_help(d, "tell its members apart: `" MO_STR_FMT "[" MO_STR_FMT "]`", MO_STR_ARG(text), MO_STR_ARG(variable));
		dimensions = 1; // what was meant: keeps later uses `name[…]` silent
	}
	return declare(b, (struct declared){ p.body, &p.body->values, kind, node, name, p.nesting, dimensions });
}

static void
declare_body(struct mo_binder *b, struct place p, struct mo_symbol *owner, enum mo_scope_kind kind, struct mo_node *node, struct mo_node *block)
{
	struct mo_scope *scope = mo_bind_scope(b, kind, p.inner, node);
	scope->owner = owner;
	if (owner) {
		owner->body = scope;
	}
	if (block && block->kind == MO_BLOCK_NODE) {
		mo_declare_items(b, scope, scope, NULL, mo_as_block(block)->items);
	}
}

static void
declare_fn(struct mo_binder *b, struct place p, struct mo_fn_node *fn)
{
	struct mo_symbol *owner = declare(b,
		(struct declared){ p.body, &p.body->values, MO_SYM_FN, &fn->item.node, fn->name, p.nesting, 0 });
	struct mo_scope *scope = mo_bind_scope(b, MO_SCOPE_FN, p.inner, &fn->item.node);
	scope->owner = owner;
	if (owner) {
		owner->body = scope;
	}
	for (uint32_t i = 0; i < fn->params.len; i++) {
		struct mo_fn_param_node *param = mo_as_fn_param(fn->params.items[i]);
		param->node.symbol = mo_declare_local(b, scope, param->name);
	}
}

static void
declare_for(struct mo_binder *b, struct place p, struct mo_for_decl_node *loop)
{
	struct mo_scope *scope = mo_bind_scope(b, MO_SCOPE_FOR, p.inner, &loop->item.node);
	mo_declare_local(b, scope, loop->first);
	mo_declare_local(b, scope, loop->second);
	struct mo_nesting *n = mo_new(&b->ctx->session, struct mo_nesting);
	*n = (struct mo_nesting){ p.nesting, &loop->item.node, false };
	if (loop->block) {
		mo_declare_items(b, p.body, scope, n, mo_as_block(loop->block)->items);
	}
}

static void
declare_if(struct mo_binder *b, struct place p, struct mo_if_decl_node *choice)
{
	struct mo_nesting *n = mo_new_array(&b->ctx->session, struct mo_nesting, 2);
	n[0] = (struct mo_nesting){ p.nesting, &choice->item.node, false };
	n[1] = (struct mo_nesting){ p.nesting, &choice->item.node, true };
	if (choice->then) {
		mo_declare_items(b, p.body, p.inner, &n[0], mo_as_block(choice->then)->items);
	}
	if (choice->otherwise && choice->otherwise->kind == MO_BLOCK_NODE) {
		mo_declare_items(b, p.body, p.inner, &n[1], mo_as_block(choice->otherwise)->items);
	} else if (choice->otherwise) {
		mo_nodes one = { &choice->otherwise, 1, 1 };
		mo_declare_items(b, p.body, p.inner, &n[1], one);
	}
}

static void
declare_let(struct mo_binder *b, struct place p, struct mo_let_node *let)
{
	// A let inside `for` is a name for a value of that turn, seen only there.
	struct mo_scope *scope = is_in_for(p.nesting) ? p.inner : p.body;
	declare(b, (struct declared){ scope, &scope->values, MO_SYM_LET, &let->item.node, let->name, p.nesting, 0 });
}

static void
declare_output(struct mo_binder *b, struct place p, struct mo_output_node *output)
{
	declare(b, (struct declared){ p.body, &p.body->outputs, MO_SYM_OUTPUT, &output->item.node, output->name, p.nesting, output->keys.len });
}

static void
declare_item(struct mo_binder *b, struct place p, struct mo_node *n)
{
	switch (n->kind) {
	case MO_LET_NODE:
		declare_let(b, p, mo_as_let(n));
		break;
	case MO_TYPE_DECL_NODE:
		declare(b, (struct declared){ p.body, &p.body->kinds, MO_SYM_TYPE, n, mo_as_type_decl(n)->name, p.nesting, 0 });
		break;
	case MO_CUSTOM_SCHEMA_NODE:
		declare(b, (struct declared){ p.body, &p.body->kinds, MO_SYM_CUSTOM, n, mo_as_custom_schema(n)->kind, p.nesting, 0 });
		break;
	case MO_COMPONENT_NODE: {
		struct mo_component_node *c = mo_as_component(n);
		struct mo_symbol *s = declare(b, (struct declared){ p.body, &p.body->kinds, MO_SYM_COMPONENT, n, c->name, p.nesting, 0 });
		declare_body(b, p, s, MO_SCOPE_COMPONENT, n, c->block);
		break;
	}
	case MO_FN_NODE:
		declare_fn(b, p, mo_as_fn(n));
		break;
	case MO_INPUT_NODE:
		declare_value(b, p, n, MO_SYM_INPUT, mo_as_input(n)->name, 0);
		break;
	case MO_PARAM_NODE:
		declare_value(b, p, n, MO_SYM_PARAM, mo_as_param(n)->name, 0);
		break;
	case MO_OUTPUT_NODE:
		declare_output(b, p, mo_as_output(n));
		break;
	case MO_ACCOUNT_NODE:
		declare_value(b, p, n, MO_SYM_ACCOUNT, mo_as_account(n)->name, mo_as_account(n)->keys.len);
		break;
	case MO_STACK_NODE: {
		struct mo_stack_node *k = mo_as_stack(n);
		struct mo_symbol *s = declare_value(b, p, n, MO_SYM_STACK, k->name, k->keys.len);
		declare_body(b, p, s, MO_SCOPE_STACK, n, k->block);
		break;
	}
	case MO_TEMPLATE_NODE: {
		struct mo_template_node *t = mo_as_template(n);
		struct mo_symbol *s = declare_value(b, p, n, MO_SYM_TEMPLATE, t->name, t->keys.len);
		declare_body(b, p, s, MO_SCOPE_TEMPLATE, n, t->block);
		break;
	}
	case MO_NESTED_NODE:
		declare_value(b, p, n, MO_SYM_NESTED, mo_as_nested(n)->name, mo_as_nested(n)->keys.len);
		break;
	case MO_RESOURCE_NODE:
		declare_value(b, p, n, MO_SYM_RESOURCE, mo_as_resource(n)->name, mo_as_resource(n)->keys.len);
		break;
	case MO_EXISTING_NODE:
		declare_value(b, p, n, MO_SYM_EXISTING, mo_as_existing(n)->name, mo_as_existing(n)->keys.len);
		break;
	case MO_INSTANCE_NODE:
		declare_value(b, p, n, MO_SYM_INSTANCE, mo_as_instance(n)->name, mo_as_instance(n)->keys.len);
		break;
	case MO_FOR_DECL_NODE:
		declare_for(b, p, mo_as_for_decl(n));
		break;
	case MO_IF_DECL_NODE:
		declare_if(b, p, mo_as_if_decl(n));
		break;
	default:
		break; // declares nothing
	}
}

void
mo_declare_items(struct mo_binder *b, struct mo_scope *body, struct mo_scope *inner, const struct mo_nesting *nesting, mo_nodes items)
{
	struct place p = { body, inner, nesting };
	for (uint32_t i = 0; i < items.len; i++) {
		if (items.items[i]) {
			declare_item(b, p, items.items[i]);
		}
	}
}

// ---- imports ---------------------------------------------------------------------------------------------------------------------

static void
alias(struct mo_binder *b, struct mo_map *table, struct mo_symbol *real, struct mo_name name)
{
	struct mo_symbol *first = mo_map_get(table, name.atom);
	if (first && first->alias_of == NULL) {
		return; // a local name wins over an import
	}
	if (first) {
		report_duplicate(b, name, first);
		return;
	}
	struct mo_symbol *s = new_symbol(b, b->module->scope, real->kind, name);
	s->alias_of = real;
	s->dimensions = real->dimensions;
	mo_map_put(&b->ctx->session, table, name.atom, s);
	mo_push(&b->ctx->session, &b->module->scope->symbols, s);
}

static void
report_not_exported(struct mo_binder *b, const struct mo_module *from, struct mo_name name)
{
	struct mo_str text = mo_atom_str(b->ctx->atoms, name.atom);
	struct mo_diag *d = mo_report(b->ctx->diags, MSG_NOT_EXPORTED, name.span, "`" MO_STR_FMT "` declares no `" MO_STR_FMT "`",
		MO_STR_ARG(from->source->name), MO_STR_ARG(text));
	struct mo_suggestion near = mo_suggest(text);
	for (uint32_t i = 0; i < from->scope->symbols.len; i++) {
		if (!from->scope->symbols.items[i]->alias_of) {
			mo_suggest_from(&near, mo_atom_str(b->ctx->atoms, from->scope->symbols.items[i]->name));
		}
	}
	mo_diag_suggest(d, name.span, &near);
}

static struct mo_symbol *
own(struct mo_map *table, mo_atom name)
{
	struct mo_symbol *s = mo_map_get(table, name);
	return s && !s->alias_of ? s : NULL;
}

// A name whose meaning is lost to an error: known from here on, so that its uses stay silent.
static void
declare_lost(struct mo_binder *b, struct mo_name name)
{
	struct mo_symbol *lost = new_symbol(b, b->module->scope, MO_SYM_LET, name);
	lost->type = mo_type_of_kind(MO_TYPE_ERROR);
	lost->state = 2;
	lost->used = true;
	mo_map_put(&b->ctx->session, &b->module->scope->values, name.atom, lost);
	mo_map_put(&b->ctx->session, &b->module->scope->kinds, name.atom, lost);
}

// `from` is NULL when the file could not be loaded (reported).
static void
import_names(struct mo_binder *b, struct mo_import_node *import, struct mo_module *from)
{
	for (uint32_t i = 0; i < import->names.len; i++) {
		struct mo_import_name_node *n = mo_as_import_name(import->names.items[i]);
		struct mo_symbol *value = from ? own(&from->scope->values, n->name.atom) : NULL;
		struct mo_symbol *kind = from ? own(&from->scope->kinds, n->name.atom) : NULL;
		struct mo_name as = n->alias.atom ? n->alias : n->name;
		if (from && !value && !kind) {
			report_not_exported(b, from, n->name);
		}
		if (!value && !kind && as.atom) {
			declare_lost(b, as);
		}
		if (value) {
			alias(b, &b->module->scope->values, value, as);
		}
		if (kind) {
			alias(b, &b->module->scope->kinds, kind, as);
		}
	}
}

void
mo_declare_imports(struct mo_binder *b)
{
	mo_nodes items = b->module->syntax->file->items;
	for (uint32_t i = 0; i < items.len; i++) {
		struct mo_node *n = items.items[i];
		if (!n || n->kind != MO_IMPORT_NODE) {
			continue;
		}
		struct mo_import_node *import = mo_as_import(n);
		struct mo_module *from = mo_map_get(&b->program->imports, (uint64_t)(uintptr_t)n);
		if (from && import->alias.atom) {
			struct mo_symbol *s = declare(b, (struct declared){ b->module->scope, &b->module->scope->values, MO_SYM_MODULE, n,
				import->alias, NULL, 0 });
			if (s) {
				struct mo_type *t = mo_type_new(b->ctx, MO_TYPE_MODULE);
				t->symbol = s;
				s->type = t;
				s->state = 2;
			}
		} else if (import->alias.atom) {
			declare_lost(b, import->alias);
		} else {
			import_names(b, import, from);
		}
	}
}
