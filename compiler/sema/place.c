// SPDX-License-Identifier: Apache-2.0
#include "sema/place.h"

static const struct mo_placement placements[] = {
	{ MO_PLATFORM_NODE, "`platform`", "it belongs to the top of the main file", true, false, false, false },
	{ MO_IMPORT_NODE, "`import`", "it belongs to the top of a file", true, false, false, false },
	{ MO_COMPONENT_NODE, "a component", "it belongs to the top of a file", true, false, false, false },
	{ MO_TYPE_DECL_NODE, "a type", "it belongs to the top of a file", true, false, false, false },
	{ MO_FN_NODE, "a function", "it belongs to the top of a file", true, false, false, false },
	{ MO_CUSTOM_SCHEMA_NODE, "the schema of a custom resource", "it belongs to the top of a file", true, false, false, false },
	{ MO_PERMISSION_NODE, "`permission`", "it belongs to the top of a file", true, false, false, false },
	{ MO_RESOURCE_POLICY_NODE, "`resource_policy`", "it belongs to the top of a file", true, false, false, false },
	{ MO_ACCOUNT_NODE, "an account", "it belongs to the top of a file", true, true, false, true },
	{ MO_STACK_NODE, "a stack", "it belongs to the top of a file", true, true, false, true },
	{ MO_TEMPLATE_NODE, "a template", "it belongs to the top of a file", true, true, false, true },
	{ MO_INPUT_NODE, "an input", "what a stack takes is a `param name: Type`", true, true, false, false },
	{ MO_PARAM_NODE, "a parameter", "it belongs to a stack: `stack name in account { … }`", false, true, true, true },
	{ MO_OUTPUT_NODE, "an output", "put it into a stack: `stack name in account { … }`", false, true, true, true },
	{ MO_RESOURCE_NODE, "a resource", "put it into a stack: `stack name in account { … }`", false, true, true, true },
	{ MO_EXISTING_NODE, "an existing resource", "put it into a stack: `stack name in account { … }`", false, true, true, true },
	{ MO_OVERRIDE_NODE, "`override`", "it stands beside the instance that it changes: in a stack or a component", false, true, true, true },
	{ MO_NESTED_NODE, "a nested stack", "put it into a stack: `stack name in account { … }`", false, true, true, true },
	{ MO_INSTANCE_NODE, "an instance of a component", "put it into a stack: `stack name in account { … }`", false, true, true, true },
	{ MO_FIELD_NODE, "a field", "fields belong to the block of a resource or an instance", false, false, false, false },
	{ MO_SPREAD_NODE, "`...`", "it belongs to the block of a resource or an instance", false, false, false, false },
	{ MO_RAW_NODE, "`raw`", "put it into a stack: `stack name in account { … }`", false, true, true, true },
	{ MO_REQUIRE_NODE, "`require`", "it belongs to a `rule`", false, false, false, false },
};

const struct mo_placement *
mo_placement_of(enum mo_node_kind kind)
{
	for (size_t i = 0; i < sizeof(placements) / sizeof(*placements); i++) {
		if (placements[i].kind == kind) {
			return &placements[i];
		}
	}
	return NULL;
}

bool
mo_placement_allows(const struct mo_placement *p, enum mo_scope_kind body)
{
	return body == MO_SCOPE_FILE ? p->file : body == MO_SCOPE_COMPONENT ? p->component : p->stack;
}

bool
mo_is_home_field(struct mo_ctx *ctx, const struct mo_node *n)
{
	return n->kind == MO_FIELD_NODE && mo_str_is(mo_atom_str(ctx->atoms, ((const struct mo_field_node *)n)->name.atom), "assets");
}

// ---- a whole file ----------------------------------------------------------------------------------------------------------------

static bool well_placed(mo_nodes items, enum mo_scope_kind body, bool block);

static bool
block_is_well_placed(struct mo_node *n, enum mo_scope_kind body, bool block)
{
	if (n && n->kind == MO_IF_DECL_NODE) { // else if
		mo_nodes one = { &n, 1, 1 };
		return well_placed(one, body, block);
	}
	return !n || n->kind != MO_BLOCK_NODE || well_placed(mo_as_block(n)->items, body, block);
}

static bool
item_is_well_placed(struct mo_node *n, enum mo_scope_kind body, bool block)
{
	const struct mo_placement *p = mo_placement_of(n->kind);
	bool elsewhere = (n->kind == MO_EXISTING_NODE && mo_as_existing(n)->target) || n->kind == MO_INSTANCE_NODE; // of what, is not known yet
	elsewhere = elsewhere || (n->kind == MO_FIELD_NODE && body == MO_SCOPE_TEMPLATE && !block); // where its assets are
	if (p && !elsewhere && (!mo_placement_allows(p, body) || (block && !p->block))) {
		return false;
	}
	switch (n->kind) {
	case MO_COMPONENT_NODE:
		return block_is_well_placed(mo_as_component(n)->block, MO_SCOPE_COMPONENT, false);
	case MO_STACK_NODE:
		return mo_as_stack(n)->from || block_is_well_placed(mo_as_stack(n)->block, MO_SCOPE_STACK, false);
	case MO_TEMPLATE_NODE:
		return block_is_well_placed(mo_as_template(n)->block, MO_SCOPE_TEMPLATE, false);
	case MO_FOR_DECL_NODE:
		return block_is_well_placed(mo_as_for_decl(n)->block, body, true);
	case MO_IF_DECL_NODE:
		return block_is_well_placed(mo_as_if_decl(n)->then, body, true)
			&& block_is_well_placed(mo_as_if_decl(n)->otherwise, body, true);
	default:
		return true;
	}
}

static bool
well_placed(mo_nodes items, enum mo_scope_kind body, bool block)
{
	for (uint32_t i = 0; i < items.len; i++) {
		if (!item_is_well_placed(items.items[i], body, block)) {
			return false;
		}
	}
	return true;
}

bool
mo_is_well_placed(const struct mo_file_node *file)
{
	return well_placed(file->items, MO_SCOPE_FILE, false);
}
