// SPDX-License-Identifier: Apache-2.0
// The platform, accounts and stacks.
#include "sema/check.h"

// ---- the platform ----------------------------------------------------------------------------------------------------------------

void
mo_check_platform(struct mo_check *c, struct mo_node *n)
{
	struct mo_platform_node *p = mo_as_platform(n);
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	t->name = mo_atom_of(c->ctx->atoms, MO_STR("the platform"));
	mo_type_add_field(c->ctx, t, "tags", mo_type_map(c->ctx, mo_type_of_kind(MO_TYPE_STRING)), true);
	struct mo_type *organization = mo_type_new(c->ctx, MO_TYPE_STRING);
	organization->pattern = MO_STR("^o-[a-z0-9]{10,32}$"); // AWS Organizations API Reference, "Organization"
	mo_type_add_field(c->ctx, t, "organization", organization, true);
	if (c->module != c->program->main) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISPLACED, p->name.span, "`platform` stands in the main file only");
		mo_diag_note(d, "the main file is `" MO_STR_FMT "`", MO_STR_ARG(c->program->main->source->name));
	}
	mo_check_fields(c, mo_block_items(p->block), t, p->name.span, NULL);
	mo_nodes items = c->module->syntax->file->items;
	for (uint32_t i = 0; i < items.len && items.items[i] != n; i++) {
		if (items.items[i]->kind == MO_PLATFORM_NODE) {
			struct mo_diag *d = mo_report(c->ctx->diags, MSG_DUPLICATE_NAME, p->name.span, "a program has one `platform`");
			mo_diag_label(d, mo_as_platform(items.items[i])->name.span, "declared here first");
			break;
		}
	}
}

// ---- accounts --------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
account_record(struct mo_check *c)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	struct mo_type *id = mo_type_new(c->ctx, MO_TYPE_STRING), *region = mo_type_new(c->ctx, MO_TYPE_STRING);
	const struct mo_type *string = mo_type_of_kind(MO_TYPE_STRING);
	id->role = MO_STRING_ACCOUNT_ID;
	region->role = MO_STRING_REGION;
	t->name = mo_atom_of(c->ctx->atoms, MO_STR("an account"));
	mo_type_add_field(c->ctx, t, "id", id, false);
	mo_type_add_field(c->ctx, t, "region", region, false);
	mo_type_add_field(c->ctx, t, "regions", mo_type_list(c->ctx, region), true);
	mo_type_add_field(c->ctx, t, "partition", string, true);
	mo_type_add_field(c->ctx, t, "profile", string, true);
	mo_type_add_field(c->ctx, t, "deploy_role", string, true);
	mo_type_add_field(c->ctx, t, "execution_role", string, true);
	mo_type_add_field(c->ctx, t, "qualifier", string, true);
	mo_type_add_field(c->ctx, t, "bootstrap", mo_type_of_kind(MO_TYPE_BOOL), true);
	mo_type_add_field(c->ctx, t, "tags", mo_type_map(c->ctx, string), true);
	mo_type_add_field(c->ctx, t, "labels", mo_type_map(c->ctx, mo_type_of_kind(MO_TYPE_JSON)), true);
	return t;
}

// What is said of an account decides what is deployed where, so all of it is known; its labels are a record of scalars.
static void
check_known_fields(struct mo_check *c, mo_nodes items)
{
	for (uint32_t i = 0; i < items.len; i++) {
		struct mo_node *value = items.items[i]->kind == MO_FIELD_NODE ? mo_as_field(items.items[i])->value : NULL;
		if (value && value->type) {
			mo_check_known(c, value->type, true, value->span, "what an account is");
		}
	}
}

const struct mo_type *
mo_check_account(struct mo_check *c, struct mo_node *n)
{
	struct mo_account_node *a = mo_as_account(n);
	struct mo_map given = { 0 };
	mo_nodes items = mo_block_items(a->block);
	mo_check_keys(c, a->keys);
	mo_check_fields(c, items, account_record(c), a->name.span, &given);
	check_known_fields(c, items);
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_ACCOUNT);
	const struct mo_type *labels = mo_map_get(&given, mo_atom_of(c->ctx->atoms, MO_STR("labels")));
	if (labels && labels->kind == MO_TYPE_RECORD) {
		t->fields = labels->fields;
	} else if (labels && labels->kind == MO_TYPE_MAP) {
		t->element = labels->element; // names that are not known before the labels are
	} else if (labels || mo_is_damaged(c->module, n->span)) {
		t->element = mo_type_of_kind(MO_TYPE_ERROR);
	}
	return t;
}

// ---- stacks ----------------------------------------------------------------------------------------------------------------------

// The block of a stack made from a template gives values to the template's parameters.
static void
check_parameters(struct mo_check *c, struct mo_node *n, struct mo_stack_node *s)
{
	struct mo_check outer = *c;
	c->body = mo_scope_of(c->program, n);
	c->blocks = c->loops = 0;
	mo_check_given(c, s->from, mo_block_items(s->block), s->name.span);
	outer.facts.items = c->facts.items; // it may have grown
	outer.facts.cap = c->facts.cap;
	*c = outer;
}

void
mo_check_stack(struct mo_check *c, struct mo_node *n)
{
	struct mo_stack_node *s = mo_as_stack(n);
	const struct mo_type *target = mo_type_of_kind(MO_TYPE_TARGET);
	mo_check_keys(c, s->keys);
	const struct mo_type *t = mo_check_expr(c, s->target, mo_type_union(c->ctx, target, mo_type_list(c->ctx, target)));
	if (s->target) {
		mo_check_known(c, t, false, s->target->span, "where a stack is deployed");
	}
	if (!n->symbol || !n->symbol->body) {
		return;
	}
	mo_check_symbol(c, n->symbol, n->span);
	if (s->from) {
		check_parameters(c, n, s);
	} else {
		mo_check_body(c, n, s->block);
	}
}

struct mo_scope *
mo_check_stack_body(struct mo_check *c, struct mo_symbol *stack)
{
	struct mo_node *n = stack->declarations.len ? stack->declarations.items[0].node : NULL;
	struct mo_node *from = n && n->kind == MO_STACK_NODE ? mo_as_stack(n)->from : NULL;
	if (!from) {
		return stack->body;
	}
	if (!from->type) {
		struct mo_check before = mo_check_enter(c, stack->module, stack->scope, stack->declarations.items[0].nesting);
		mo_check_infer(c, from);
		mo_check_leave(c, before);
	}
	return from->type->kind == MO_TYPE_TEMPLATE && from->type->symbol ? from->type->symbol->body : NULL;
}

void
mo_check_body(struct mo_check *c, struct mo_node *n, struct mo_node *block)
{
	struct mo_check outer = *c;
	c->body = mo_scope_of(c->program, n);
	c->blocks = c->loops = 0;
	mo_check_items(c, mo_block_items(block));
	outer.facts.items = c->facts.items; // it may have grown
	outer.facts.cap = c->facts.cap;
	*c = outer;
}
