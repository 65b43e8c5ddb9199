// SPDX-License-Identifier: Apache-2.0
#include "sema/permission.h"

static struct mo_permission_entry *
find(const struct mo_program *p, struct mo_str type, mo_atom verb)
{
	struct mo_permission_entry *found = NULL;
	for (uint32_t i = 0; i < p->permissions.len; i++) {
		struct mo_permission_entry *e = p->permissions.items[i];
		if (e->verb == verb && mo_str_eq(e->type, type) && (!found || found->module->library)) {
			found = e;
		}
	}
	return found;
}

struct mo_permission_entry *
mo_permission_find(const struct mo_program *p, struct mo_str type, mo_atom verb)
{
	return verb ? find(p, type, verb) : NULL;
}

struct mo_permission_entry *
mo_resource_policy_find(const struct mo_program *p, struct mo_str type)
{
	return find(p, type, 0);
}

struct mo_symbol *
mo_permission_self(const struct mo_program *p, const struct mo_node *declaration)
{
	const struct mo_scope *scope = mo_scope_of(p, declaration);
	return scope && scope->symbols.len ? scope->symbols.items[0] : NULL;
}

static bool grants_in(mo_nodes items);

static bool
grants_in_block(struct mo_node *block)
{
	if (block && block->kind == MO_IF_DECL_NODE) {
		mo_nodes one = { &block, 1, 1 };
		return grants_in(one);
	}
	return block && block->kind == MO_BLOCK_NODE && grants_in(mo_as_block(block)->items);
}

static bool
is_or_has_grant(struct mo_node *n)
{
	switch (n->kind) {
	case MO_GRANT_NODE: return true;
	case MO_COMPONENT_NODE: return grants_in_block(mo_as_component(n)->block);
	case MO_STACK_NODE: return grants_in_block(mo_as_stack(n)->block);
	case MO_TEMPLATE_NODE: return grants_in_block(mo_as_template(n)->block);
	case MO_FOR_DECL_NODE: return grants_in_block(mo_as_for_decl(n)->block);
	case MO_IF_DECL_NODE: return grants_in_block(mo_as_if_decl(n)->then) || grants_in_block(mo_as_if_decl(n)->otherwise);
	default: return false;
	}
}

static bool
grants_in(mo_nodes items)
{
	for (uint32_t i = 0; i < items.len; i++) {
		if (items.items[i] && is_or_has_grant(items.items[i])) {
			return true;
		}
	}
	return false;
}

bool
mo_has_grants(const struct mo_file_node *file)
{
	return grants_in(file->items);
}
