// SPDX-License-Identifier: Apache-2.0
// The platform, accounts and stacks, and decorators.
#include "sema/check.h"

#include <string.h>

static mo_nodes
items_of(struct mo_node *block)
{
	return block && block->kind == MO_BLOCK_NODE ? mo_as_block(block)->items : (mo_nodes){ 0 };
}

static void
add_field(struct mo_check *c, struct mo_type *t, const char *name, const struct mo_type *type, bool optional)
{
	struct mo_field f = { .name = mo_atom_of(c->ctx->atoms, mo_str_c(name)), .type = type, .optional = optional };
	mo_push(&c->ctx->session, &t->fields, f);
}

// ---- the platform ----------------------------------------------------------------------------------------------------------------

void
mo_check_platform(struct mo_check *c, struct mo_node *n)
{
	struct mo_platform_node *p = mo_as_platform(n);
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	struct mo_map given = { 0 };
	t->name = mo_atom_of(c->ctx->atoms, MO_STR("platform"));
	add_field(c, t, "tags", mo_type_map(c->ctx, mo_type_of_kind(MO_TYPE_STRING)), true);
	add_field(c, t, "organization", mo_type_of_kind(MO_TYPE_STRING), true);
	if (c->module != c->program->main) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISPLACED, p->name.span, "`platform` stands in the main file only");
		mo_diag_note(d, "the main file is `" MO_STR_FMT "`", MO_STR_ARG(c->program->main->source->name));
	}
	mo_check_fields(c, items_of(p->block), t, p->name.span, &given);
	mo_atom organization = mo_atom_of(c->ctx->atoms, MO_STR("organization"));
	if (mo_map_get(&given, organization)) {
		mo_check_unsupported(c, p->name.span, "`organization` of a platform");
	}
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
	t->name = mo_atom_of(c->ctx->atoms, MO_STR("account"));
	add_field(c, t, "id", id, false);
	add_field(c, t, "region", region, false);
	add_field(c, t, "regions", mo_type_list(c->ctx, region), true);
	add_field(c, t, "partition", string, true);
	add_field(c, t, "profile", string, true);
	add_field(c, t, "deploy_role", string, true);
	add_field(c, t, "execution_role", string, true);
	add_field(c, t, "qualifier", string, true);
	add_field(c, t, "bootstrap", mo_type_of_kind(MO_TYPE_BOOL), true);
	add_field(c, t, "tags", mo_type_map(c->ctx, string), true);
	add_field(c, t, "labels", mo_type_of_kind(MO_TYPE_ANY), true);
	return t;
}

void
mo_check_account(struct mo_check *c, struct mo_node *n)
{
	struct mo_account_node *a = mo_as_account(n);
	struct mo_map given = { 0 };
	mo_nodes items = items_of(a->block);
	mo_check_keys(c, a->keys);
	mo_check_fields(c, items, account_record(c), a->name.span, &given);
	for (uint32_t i = 0; i < items.len; i++) {
		struct mo_node *value = items.items[i]->kind == MO_FIELD_NODE ? mo_as_field(items.items[i])->value : NULL;
		if (value && value->type) {
			mo_check_known(c, value->type, true, value->span, "what an account is");
		}
	}
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_ACCOUNT);
	const struct mo_type *labels = mo_map_get(&given, mo_atom_of(c->ctx->atoms, MO_STR("labels")));
	if (labels && labels->kind == MO_TYPE_RECORD) {
		t->fields = labels->fields;
	} else if (labels && labels->kind != MO_TYPE_ERROR) {
		mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, a->name.span, "the labels of an account are a record, not " MO_STR_FMT,
			MO_STR_ARG(mo_type_text(c->ctx, labels)));
	}
	if (n->symbol) {
		n->symbol->type = t;
	}
}

// ---- stacks ----------------------------------------------------------------------------------------------------------------------

void
mo_check_stack(struct mo_check *c, struct mo_node *n)
{
	struct mo_stack_node *s = mo_as_stack(n);
	const struct mo_type *target = mo_type_of_kind(MO_TYPE_TARGET);
	if (s->from) {
		mo_check_unsupported(c, s->from->span, "a stack `from` a template");
		return;
	}
	mo_check_keys(c, s->keys);
	const struct mo_type *t = mo_check_expr(c, s->target, mo_type_union(c->ctx, target, mo_type_list(c->ctx, target)));
	if (s->target) {
		mo_check_known(c, t, false, s->target->span, "where a stack is deployed");
	}
	if (!n->symbol || !n->symbol->body) {
		return;
	}
	mo_check_symbol(c, n->symbol, n->span);
	// The block is checked against its own scope, with the declaration that it belongs to (a family may have several).
	struct mo_scope *body = mo_scope_of(c->program, n);
	struct mo_scope *outer = c->body;
	uint32_t mark = c->facts.len;
	c->body = body;
	mo_check_items(c, items_of(s->block));
	c->body = outer;
	mo_facts_pop(c, mark);
}

// ---- decorators ------------------------------------------------------------------------------------------------------------------

struct decorator {
	const char *name;
	const char *where;
	uint8_t least, most;
	bool supported;
	const char *gives;
};

static const struct decorator decorators[] = {
#define MO_DECORATOR(NAME, WHERE, LEAST, MOST, SUPPORTED, GIVES) { #NAME, WHERE, LEAST, MOST, SUPPORTED, GIVES },
#include "sema/decorators.def"
};

static const struct decorator *
find_decorator(struct mo_check *c, struct mo_name name)
{
	struct mo_str text = mo_atom_str(c->ctx->atoms, name.atom);
	struct mo_suggestion near = mo_suggest(text);
	for (size_t i = 0; i < sizeof(decorators) / sizeof(*decorators); i++) {
		if (mo_str_is(text, decorators[i].name)) {
			return &decorators[i];
		}
		mo_suggest_from(&near, mo_str_c(decorators[i].name));
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_UNKNOWN_DECORATOR, name.span, "there is no decorator `@" MO_STR_FMT "`", MO_STR_ARG(text));
	mo_diag_suggest(d, name.span, &near);
	return NULL;
}

static char
place_letter(enum mo_node_kind kind)
{
	switch (kind) {
	case MO_RESOURCE_NODE: return 'R';
	case MO_EXISTING_NODE: return 'E';
	case MO_INSTANCE_NODE: return 'I';
	case MO_STACK_NODE: return 'S';
	case MO_PARAM_NODE: return 'P';
	case MO_ACCOUNT_NODE: return 'A';
	case MO_PLATFORM_NODE: return 'O';
	default: return '?';
	}
}

static bool
is_group_of_resources(const struct mo_type *t)
{
	t = mo_type_present(t);
	while (t->kind == MO_TYPE_LIST || t->kind == MO_TYPE_FAMILY) {
		t = mo_type_present(t->element);
	}
	return t->kind == MO_TYPE_RESOURCE || t->kind == MO_TYPE_INSTANCE || t->kind == MO_TYPE_ERROR;
}

static void
check_argument(struct mo_check *c, const struct decorator *k, struct mo_node *item)
{
	if (item->kind == MO_SPREAD_NODE) {
		mo_check_unsupported(c, item->span, "`...` in the arguments of a decorator");
		return;
	}
	struct mo_arg_node *arg = mo_as_arg(item);
	struct mo_str argument = mo_atom_str(c->ctx->atoms, arg->name.atom);
	const struct mo_type *string = mo_type_of_kind(MO_TYPE_STRING);
	bool policy = strcmp(k->name, "retain") == 0 || strcmp(k->name, "snapshot") == 0 || strcmp(k->name, "delete") == 0;
	if (strcmp(k->name, "depends_on") == 0 || strcmp(k->name, "ready_after") == 0) {
		const struct mo_type *t = mo_check_infer(c, arg->value);
		if (t->kind != MO_TYPE_ERROR && !is_group_of_resources(t)) {
			mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, arg->value->span, "`@%s` wants resources, not " MO_STR_FMT, k->name,
				MO_STR_ARG(mo_type_text(c->ctx, t)));
		}
	} else if (policy && arg->name.atom && !mo_str_is(argument, "on")) {
		mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, arg->name.span, "`@%s` has no argument `" MO_STR_FMT "`", k->name, MO_STR_ARG(argument));
	} else if (policy && arg->name.atom) {
		mo_check_expr(c, arg->value, mo_type_union(c->ctx, mo_type_literal(c->ctx, MO_STR("delete")), mo_type_literal(c->ctx, MO_STR("replace"))));
	} else if (policy || strcmp(k->name, "termination_protection") == 0) {
		mo_check_known(c, mo_check_expr(c, arg->value, mo_type_of_kind(MO_TYPE_BOOL)), false, item->span, "the condition of a decorator");
	} else if (strcmp(k->name, "tags") == 0) {
		mo_check_expr(c, arg->value, mo_type_map(c->ctx, string));
	} else if (strcmp(k->name, "metadata") == 0 || strcmp(k->name, "creation_policy") == 0 || strcmp(k->name, "update_policy") == 0) {
		mo_check_expr(c, arg->value, mo_type_of_kind(MO_TYPE_JSON));
	} else {
		mo_check_known(c, mo_check_expr(c, arg->value, string), false, item->span, "a name");
	}
}

static void
check_decorator(struct mo_check *c, struct mo_item *item, struct mo_decorator_node *d)
{
	const struct decorator *k = find_decorator(c, d->name);
	if (!k) {
		return;
	}
	if (!strchr(k->where, place_letter(item->node.kind))) {
		mo_report(c->ctx->diags, MSG_UNKNOWN_DECORATOR, d->name.span, "`@%s` has no meaning for this declaration", k->name);
		return;
	}
	if (!k->supported) {
		mo_check_unsupported(c, d->node.span, mo_str_printf(&c->ctx->session, "`@%s`", k->name).p);
		return;
	}
	if (d->args.len < k->least || d->args.len > k->most) {
		struct mo_diag *g = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, d->node.span, "`@%s` takes %u to %u arguments, not %u", k->name, k->least,
			k->most, d->args.len);
		mo_diag_note(g, "`@%s`: %s", k->name, k->gives);
		return;
	}
	for (uint32_t i = 0; i < d->args.len; i++) {
		check_argument(c, k, d->args.items[i]);
	}
}

void
mo_check_decorators(struct mo_check *c, struct mo_item *item)
{
	struct mo_scope *outer = c->body;
	if (item->node.kind == MO_STACK_NODE && mo_scope_of(c->program, &item->node)) {
		c->body = mo_scope_of(c->program, &item->node); // they may read `target`
	}
	for (uint32_t i = 0; i < item->decorators.len; i++) {
		check_decorator(c, item, mo_as_decorator(item->decorators.items[i]));
	}
	c->body = outer;
}
