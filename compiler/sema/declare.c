// SPDX-License-Identifier: Apache-2.0
// Scopes and symbols: walks the declarations of a file or body and records what each name stands for. Resolves nothing.
#include "sema/bind.h"
#include "sema/place.h"

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

struct mo_symbol *
mo_bind_symbol(struct mo_binder *b, struct mo_scope *scope, enum mo_symbol_kind kind, struct mo_name name)
{
	struct mo_symbol *s = mo_new(&b->ctx->session, struct mo_symbol);
	s->kind = kind;
	s->name = name.atom;
	s->span = name.span;
	s->scope = scope;
	s->module = b->module;
	return s;
}

struct mo_diag *
mo_report_duplicate(struct mo_binder *b, struct mo_name name, const struct mo_symbol *first)
{
	struct mo_str text = mo_atom_str(b->ctx->atoms, name.atom);
	struct mo_diag *d = mo_report(b->ctx->diags, MSG_DUPLICATE_NAME, name.span, "`" MO_STR_FMT "` is declared twice", MO_STR_ARG(text));
	mo_diag_here(d, "declared again");
	mo_diag_label(d, first->span, "declared here first");
	return d;
}

// An inner scope may not redefine a name of the same file.
static bool
is_shadowing(struct mo_binder *b, const struct mo_scope *scope, struct mo_name name)
{
	for (const struct mo_scope *s = scope->parent; s; s = s->parent) {
		const struct mo_symbol *outer = mo_map_get(&s->values, name.atom);
		bool lost = outer && outer->kind == MO_SYM_LET && outer->declarations.len == 0;
		if (!outer || lost || outer->alias_of || !outer->module || outer->kind == MO_SYM_MODULE) {
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
		mo_report_duplicate(b, name, first);
		return NULL;
	}
	is_shadowing(b, scope, name);
	struct mo_symbol *s = mo_bind_symbol(b, scope, MO_SYM_LOCAL, name);
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

// The type of resource that a declaration makes or finds; 0 when it does neither.
static mo_atom
resource_kind(const struct mo_node *n)
{
	return n->kind == MO_RESOURCE_NODE ? ((const struct mo_resource_node *)n)->kind.atom
		: n->kind == MO_EXISTING_NODE ? ((const struct mo_existing_node *)n)->kind.atom : 0;
}

static bool
same_kind(const struct mo_node *a, const struct mo_node *b)
{
	if (resource_kind(a) || resource_kind(b)) {
		return resource_kind(a) == resource_kind(b);
	}
	if (a->kind == MO_INSTANCE_NODE && b->kind == MO_INSTANCE_NODE) {
		const struct mo_instance_node *i = (const struct mo_instance_node *)a, *k = (const struct mo_instance_node *)b;
		return i->kind.atom == k->kind.atom && i->module.atom == k->module.atom;
	}
	return a->kind == b->kind;
}

// How a declaration gets on with those of the same name before it.
enum company { COMPANY_FINE, COMPANY_TWICE, COMPANY_OTHER_KIND, COMPANY_OTHER_KEYS };

static enum company
company_of(const struct mo_symbol *s, const struct mo_node *node, const struct mo_nesting *nesting, uint32_t dimensions)
{
	bool family = s->dimensions || dimensions;
	for (uint32_t i = 0; i < s->declarations.len; i++) {
		const struct mo_declaration *d = &s->declarations.items[i];
		if (exclude_each_other(d->nesting, nesting)) {
			continue;
		}
		if (!family || d->node->kind == MO_FN_NODE || node->kind == MO_FN_NODE) {
			return COMPANY_TWICE;
		}
		if (!same_kind(d->node, node)) {
			return COMPANY_OTHER_KIND;
		}
	}
	return s->dimensions == dimensions ? COMPANY_FINE : COMPANY_OTHER_KEYS;
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

static void
report_company(struct mo_binder *b, struct declared d, const struct mo_symbol *first, enum company company)
{
	struct mo_diag *g = mo_report_duplicate(b, d.name, first);
	if (company == COMPANY_OTHER_KIND) {
		mo_diag_note(g, "a family may be declared in several places, but all its members are of one type");
	} else if (company == COMPANY_OTHER_KEYS && first->dimensions && d.dimensions) {
		mo_diag_note(g, "a family may be declared in several places, but with as many keys in each: %u here, %u before", d.dimensions,
			first->dimensions);
	} else if (company == COMPANY_OTHER_KEYS) {
		mo_diag_note(g, "one of the two has keys, the other has none");
	}
}

// A name that an import brought, and one that was lost to an error, give way to a declaration of the file.
static bool
gives_way(const struct mo_symbol *s)
{
	return s->alias_of || (s->kind != MO_SYM_LOCAL && s->declarations.len == 0);
}

static struct mo_symbol *
declare(struct mo_binder *b, struct declared d)
{
	if (!d.name.atom) {
		return NULL; // a syntax error, reported
	}
	struct mo_symbol *s = mo_map_get(d.table, d.name.atom);
	s = s && gives_way(s) ? NULL : s;
	bool twice = s && (d.table == &d.scope->kinds || s->kind == MO_SYM_LOCAL);
	enum company company = !s ? COMPANY_FINE : twice ? COMPANY_TWICE : company_of(s, d.node, d.nesting, d.dimensions);
	if (company != COMPANY_FINE) {
		report_company(b, d, s, company);
		s->used = true; // or the other one would have been
		return NULL;
	}
	if (!s) {
		if (d.table == &d.scope->values) {
			is_shadowing(b, d.scope, d.name);
		}
		s = mo_bind_symbol(b, d.scope, d.kind, d.name);
		s->dimensions = d.dimensions;
		mo_map_put(&b->ctx->session, d.table, d.name.atom, s);
		mo_push(&b->ctx->session, &d.scope->symbols, s);
	}
	mo_push(&b->ctx->session, &s->declarations, (struct mo_declaration){ d.node, d.nesting });
	d.node->symbol = s;
	return s;
}

void
mo_declare_lost(struct mo_binder *b, struct mo_scope *scope, struct mo_name name)
{
	struct mo_symbol *lost = mo_bind_symbol(b, scope, MO_SYM_LET, name);
	lost->type = mo_type_of_kind(MO_TYPE_ERROR);
	lost->state = 2;
	lost->used = true;
	if (!mo_map_get(&scope->values, name.atom)) {
		mo_map_put(&b->ctx->session, &scope->values, name.atom, lost);
	}
	if (!mo_map_get(&scope->kinds, name.atom)) {
		mo_map_put(&b->ctx->session, &scope->kinds, name.atom, lost);
	}
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

// "topic[zone, name]": the variables of the loops around, outermost first.
static void
add_variables(struct mo_binder *b, struct mo_buf *out, const struct mo_nesting *n)
{
	if (!n) {
		return;
	}
	add_variables(b, out, n->outer);
	if (n->node->kind == MO_FOR_DECL_NODE) {
		struct mo_str variable = mo_atom_str(b->ctx->atoms, mo_as_for_decl(n->node)->first.atom);
		mo_buf_printf(out, "%s" MO_STR_FMT, out->len ? ", " : "", MO_STR_ARG(variable));
	}
}

static void
report_needs_key(struct mo_binder *b, const struct mo_nesting *n, struct mo_name name)
{
	struct mo_str text = mo_atom_str(b->ctx->atoms, name.atom);
	struct mo_diag *d = mo_report(b->ctx->diags, MSG_NEEDS_KEY, name.span, "`" MO_STR_FMT "` is declared in a `for` and needs a key",
		MO_STR_ARG(text));
	struct mo_buf variables = mo_buf_in(&b->ctx->session);
	add_variables(b, &variables, n);
	while (n->node->kind != MO_FOR_DECL_NODE) {
		n = n->outer;
	}
	mo_diag_label(d, mo_as_for_decl(n->node)->first.span, "happens once for each of these");
	mo_diag_help(d, "tell its members apart: `" MO_STR_FMT "[" MO_STR_FMT "]`", MO_STR_ARG(text), MO_STR_ARG(mo_buf_str(&variables)));
}

// What can be a member of a family.
static struct mo_symbol *
declare_member(struct mo_binder *b, struct place p, struct mo_node *node, enum mo_symbol_kind kind, struct mo_name name, uint32_t dimensions)
{
	if (!dimensions && name.atom && is_in_for(p.nesting)) {
		report_needs_key(b, p.nesting, name);
		dimensions = 1; // what was meant: keeps later uses `name[…]` silent
	}
	return declare(b, (struct declared){ p.body, &p.body->values, kind, node, name, p.nesting, dimensions });
}

static struct mo_symbol *
declare_value(struct mo_binder *b, struct place p, struct mo_node *node, enum mo_symbol_kind kind, struct mo_name name)
{
	return declare(b, (struct declared){ p.body, &p.body->values, kind, node, name, p.nesting, 0 });
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
	uint32_t dimensions = output->keys.len;
	if (!dimensions && output->name.atom && is_in_for(p.nesting)) {
		report_needs_key(b, p.nesting, output->name);
		dimensions = 1;
	}
	declare(b, (struct declared){ p.body, &p.body->outputs, MO_SYM_OUTPUT, &output->item.node, output->name, p.nesting, dimensions });
}

// Whether a word starts declarations, so that what was taken for a name is none: `input: String`.
static bool
starts_declarations(struct mo_str word)
{
	static const char *const words[] = { "account", "component", "existing", "fn", "for", "if", "input", "let", "output", "param", "stack",
		"type" };
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (mo_str_is(word, words[i])) {
			return true;
		}
	}
	return false;
}

// A declaration that could not be read: its name is known all the same, so that its uses stay silent; or the scope is not known wholly.
static void
declare_bad(struct mo_binder *b, struct place p, struct mo_node *n, struct mo_name name)
{
	bool holds_others = mo_str_find(mo_span_text(b->ctx->sources, n->span), MO_STR("{"), 0) >= 0;
	if (!name.atom || starts_declarations(mo_atom_str(b->ctx->atoms, name.atom)) || holds_others) {
		p.body->incomplete = true;
	}
	if (name.atom) {
		mo_declare_lost(b, p.body, name);
	}
}

static void
declare_with_body(struct mo_binder *b, struct place p, struct mo_symbol *s, struct mo_node *n)
{
	switch (n->kind) {
	case MO_COMPONENT_NODE:
		declare_body(b, p, s, MO_SCOPE_COMPONENT, n, mo_as_component(n)->block);
		break;
	case MO_STACK_NODE:
		declare_body(b, p, s, MO_SCOPE_STACK, n, mo_as_stack(n)->from ? NULL : mo_as_stack(n)->block);
		break;
	default:
		declare_body(b, p, s, MO_SCOPE_TEMPLATE, n, mo_as_template(n)->block);
	}
}

// Declarations of which a family can be made.
static void
declare_thing(struct mo_binder *b, struct place p, struct mo_node *n)
{
	switch (n->kind) {
	case MO_ACCOUNT_NODE:
		declare_member(b, p, n, MO_SYM_ACCOUNT, mo_as_account(n)->name, mo_as_account(n)->keys.len);
		break;
	case MO_STACK_NODE:
		declare_with_body(b, p, declare_member(b, p, n, MO_SYM_STACK, mo_as_stack(n)->name, mo_as_stack(n)->keys.len), n);
		break;
	case MO_TEMPLATE_NODE:
		declare_with_body(b, p, declare_member(b, p, n, MO_SYM_TEMPLATE, mo_as_template(n)->name, mo_as_template(n)->keys.len), n);
		break;
	case MO_NESTED_NODE:
		declare_member(b, p, n, MO_SYM_NESTED, mo_as_nested(n)->name, mo_as_nested(n)->keys.len);
		break;
	case MO_RESOURCE_NODE:
		declare_member(b, p, n, MO_SYM_RESOURCE, mo_as_resource(n)->name, mo_as_resource(n)->keys.len);
		break;
	case MO_EXISTING_NODE:
		declare_member(b, p, n, MO_SYM_EXISTING, mo_as_existing(n)->name, mo_as_existing(n)->keys.len);
		break;
	case MO_INSTANCE_NODE:
		declare_member(b, p, n, MO_SYM_INSTANCE, mo_as_instance(n)->name, mo_as_instance(n)->keys.len);
		break;
	default:
		break; // declares nothing
	}
}

static void
declare_kind(struct mo_binder *b, struct place p, struct mo_node *n, enum mo_symbol_kind kind, struct mo_name name)
{
	struct mo_symbol *s = declare(b, (struct declared){ p.body, &p.body->kinds, kind, n, name, p.nesting, 0 });
	if (kind == MO_SYM_COMPONENT) {
		declare_with_body(b, p, s, n);
	}
}

// Whether a condition can tell what type a name has: it is compared, or asked for its type.
static bool
tells_types(const struct mo_node *cond, uint32_t depth)
{
	if (!cond || depth > 8) {
		return false;
	}
	if (cond->kind == MO_BINARY_NODE) {
		const struct mo_binary_node *b = (const struct mo_binary_node *)cond;
		bool equality = b->op == MO_OP_EQ || b->op == MO_OP_NE;
		return equality || (b->op == MO_OP_AND && (tells_types(b->left, depth + 1) || tells_types(b->right, depth + 1)));
	}
	return cond->kind == MO_IS_NODE || cond->kind == MO_NAME_REF_NODE || cond->kind == MO_UNARY_NODE;
}

static void
declare_assertion(struct mo_binder *b, struct place p, struct mo_node *n)
{
	if (!p.nesting && tells_types(mo_as_assert(n)->cond, 0)) {
		mo_push(&b->ctx->session, &p.body->assertions, n);
	}
}

// Inside, `self` is the resource that it is about.
static void
declare_permission(struct mo_binder *b, struct place p, struct mo_node *n, struct mo_name verb, struct mo_name kind)
{
	struct mo_permission_entry *e = mo_new(&b->ctx->session, struct mo_permission_entry);
	*e = (struct mo_permission_entry){ mo_atom_str(b->ctx->atoms, kind.atom), verb.atom, n, b->module, false };
	mo_push(&b->ctx->session, &b->program->permissions, e);
	struct mo_scope *scope = mo_bind_scope(b, MO_SCOPE_LOCAL, p.inner, n);
	struct mo_symbol *self = mo_declare_local(b, scope, (struct mo_name){ mo_atom_of(b->ctx->atoms, MO_STR("self")), kind.span });
	self->type = mo_type_resource(b->ctx, e->type);
	self->state = 2;
}

static void
declare_item(struct mo_binder *b, struct place p, struct mo_node *n)
{
	switch (n->kind) {
	case MO_ASSERT_NODE:
		declare_assertion(b, p, n);
		break;
	case MO_OVERRIDE_NODE:
	case MO_DEFAULTS_NODE:
		mo_push(&b->ctx->session, &p.body->outside, (struct mo_declaration){ n, p.nesting });
		if (n->kind == MO_DEFAULTS_NODE && !b->module->library) {
			mo_push(&b->ctx->session, &b->program->defaults, n);
		}
		break;
	case MO_LET_NODE:
		declare_let(b, p, mo_as_let(n));
		break;
	case MO_TYPE_DECL_NODE:
		declare_kind(b, p, n, MO_SYM_TYPE, mo_as_type_decl(n)->name);
		break;
	case MO_CUSTOM_SCHEMA_NODE:
		declare_kind(b, p, n, MO_SYM_CUSTOM, mo_as_custom_schema(n)->kind);
		break;
	case MO_COMPONENT_NODE:
		declare_kind(b, p, n, MO_SYM_COMPONENT, mo_as_component(n)->name);
		break;
	case MO_FN_NODE:
		declare_fn(b, p, mo_as_fn(n));
		break;
	case MO_INPUT_NODE:
		declare_value(b, p, n, MO_SYM_INPUT, mo_as_input(n)->name);
		break;
	case MO_PARAM_NODE:
		declare_member(b, p, n, MO_SYM_PARAM, mo_as_param(n)->name, mo_as_param(n)->keys.len);
		break;
	case MO_OUTPUT_NODE:
		declare_output(b, p, mo_as_output(n));
		break;
	case MO_PERMISSION_NODE:
		declare_permission(b, p, n, mo_as_permission(n)->name, mo_as_permission(n)->kind);
		break;
	case MO_RESOURCE_POLICY_NODE:
		declare_permission(b, p, n, (struct mo_name){ 0 }, mo_as_resource_policy(n)->kind);
		break;
	case MO_FOR_DECL_NODE:
		declare_for(b, p, mo_as_for_decl(n));
		break;
	case MO_IF_DECL_NODE:
		declare_if(b, p, mo_as_if_decl(n));
		break;
	case MO_BAD_NODE:
		declare_bad(b, p, n, mo_as_bad(n)->name);
		break;
	case MO_FIELD_NODE: // misplaced, which the checker says: `name: Type` without its keyword
		if (p.body->kind != MO_SCOPE_TEMPLATE || !mo_is_home_field(b->ctx, n)) {
			declare_bad(b, p, n, mo_as_field(n)->name);
		}
		break;
	default:
		declare_thing(b, p, n);
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
