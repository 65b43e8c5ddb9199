// SPDX-License-Identifier: Apache-2.0
// What is to go away: the text of @deprecated, and the warning where the name is used.
#include "sema/deprecated.h"

static struct mo_str
text_of_argument(struct mo_node *n)
{
	struct mo_node *value = n->kind == MO_ARG_NODE ? mo_as_arg(n)->value : NULL;
	if (!value || value->kind != MO_STRING_NODE || mo_as_string_lit(value)->parts.len != 1) {
		return (struct mo_str){ 0 };
	}
	struct mo_node *part = mo_as_string_lit(value)->parts.items[0];
	return part->kind == MO_TEXT_NODE ? mo_as_text(part)->text : (struct mo_str){ 0 };
}

// Empty without @deprecated.
static struct mo_str
deprecation_of(const struct mo_atoms *atoms, const struct mo_symbol *s)
{
	for (uint32_t i = 0; s && i < s->declarations.len; i++) {
		struct mo_node *n = s->declarations.items[i].node;
		const struct mo_item *item = mo_node_is_item(n->kind) ? (const struct mo_item *)n : NULL;
		for (uint32_t k = 0; item && k < item->decorators.len; k++) {
			struct mo_decorator_node *d = mo_as_decorator(item->decorators.items[k]);
			if (mo_str_is(mo_atom_str(atoms, d->name.atom), "deprecated") && d->args.len == 1) {
				return text_of_argument(d->args.items[0]);
			}
		}
	}
	return (struct mo_str){ 0 };
}

void
mo_warn_deprecated(struct mo_ctx *ctx, const struct mo_module *user, const struct mo_symbol *s, struct mo_span span)
{
	struct mo_str instead = user->library ? (struct mo_str){ 0 } : deprecation_of(ctx->atoms, s);
	if (!instead.len) {
		return;
	}
	struct mo_diag *d = mo_report(ctx->diags, MSG_DEPRECATED, span, "`" MO_STR_FMT "` is deprecated: " MO_STR_FMT,
		MO_STR_ARG(mo_atom_str(ctx->atoms, s->name)), MO_STR_ARG(instead));
	if (!s->module || !s->module->library) {
		mo_diag_label(d, s->span, "declared here");
	}
}
