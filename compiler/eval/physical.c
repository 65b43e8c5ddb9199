// SPDX-License-Identifier: Apache-2.0
// Computed physical names. A resource that another account refers to is named after its platform, stack and path, so that its name and
// ARN are known before it exists. Names are never cut or hashed: one that does not fit is an error.
#include "catalog/names.h"
#include "eval/link.h"

// ---- the name --------------------------------------------------------------------------------------------------------------------

static struct mo_str
base_name(struct mo_eval *ev, const struct mo_resource *r)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	mo_add_kebab(ev, &b, ev->platform->name);
	mo_add_kebab(ev, &b, r->instance->variant->stack->name);
	mo_add_kebab(ev, &b, r->slug);
	mo_add_kebab(ev, &b, mo_str_sub(r->ir.id, r->first_id.len, r->ir.id.len)); // another generation, another name
	return mo_buf_str(&b);
}

// The parts that make the name one of its kind where it must be: an account and region in the world, a region in an account.
static const struct mo_ir_value *
whole_name(struct mo_eval *ev, const struct mo_resource *r, struct mo_span span)
{
	enum mo_name_scope scope = mo_name_scope(r->ir.type);
	struct mo_ir_value *sub = mo_ir_sub(ev->arena, span);
	struct mo_str base = base_name(ev, r);
	bool regions = scope == MO_NAME_IN_ACCOUNT && mo_in_several_regions(ev, r->instance->variant->stack);
	if (scope != MO_NAME_IN_WORLD && !regions) {
		return mo_ir_string(ev->arena, span, base);
	}
	mo_push(ev->arena, &sub->items, mo_ir_string(ev->arena, span, mo_str_printf(ev->arena, MO_STR_FMT "-", MO_STR_ARG(base))));
	if (scope == MO_NAME_IN_WORLD) {
		mo_push(ev->arena, &sub->items, mo_ir_pseudo(ev->arena, span, MO_STR("AWS::AccountId")));
		mo_push(ev->arena, &sub->items, mo_ir_string(ev->arena, span, MO_STR("-")));
	}
	mo_push(ev->arena, &sub->items, mo_ir_pseudo(ev->arena, span, MO_STR("AWS::Region")));
	return sub;
}

// ---- what it must be like --------------------------------------------------------------------------------------------------------

static size_t
longest_of(struct mo_eval *ev, const struct mo_resource *r, const struct mo_ir_value *name)
{
	size_t longest = 0;
	const struct mo_stack *s = r->instance->variant->stack;
	for (uint32_t i = 0; i < s->deployments.len; i++) {
		const struct mo_ir_value *there = mo_settle_ir(ev, &s->deployments.items[i]->target, name);
		longest = there->kind == MO_IR_STRING && there->text.len > longest ? there->text.len : longest;
	}
	return longest;
}

static void
report(struct mo_eval *ev, const struct mo_resource *r, struct mo_str property, struct mo_span asked, struct mo_str why)
{
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_PHYSICAL_NAME, asked, "`" MO_STR_FMT "` is read from another account and needs a name, but `"
		MO_STR_FMT "` " MO_STR_FMT, MO_STR_ARG(r->ir.origin.path), MO_STR_ARG(base_name(ev, r)), MO_STR_ARG(why));
	mo_diag_label(d, r->ir.origin.span, "declared here without a name");
	mo_diag_help(d, "give it a name: `" MO_STR_FMT ": \"…\"`", MO_STR_ARG(property));
}

static void
check_name(struct mo_eval *ev, const struct mo_resource *r, struct mo_str property, const struct mo_ir_value *name, struct mo_span asked)
{
	const struct mo_name_rule *rule = mo_name_rule(r->ir.type, property);
	size_t length = longest_of(ev, r, name);
	if (rule && length > rule->longest) {
		report(ev, r, property, asked, mo_str_printf(ev->arena, "would have %zu characters, and `" MO_STR_FMT "` takes %u", length,
			MO_STR_ARG(property), rule->longest));
	} else if (rule && !rule->hyphens) {
		report(ev, r, property, asked, mo_str_printf(ev->arena, "has hyphens, which `" MO_STR_FMT "` does not take", MO_STR_ARG(property)));
	}
}

// ---- giving it -------------------------------------------------------------------------------------------------------------------

static bool
has_fifo(const struct mo_resource *r)
{
	return mo_ir_get(r->ir.properties, MO_STR("FifoQueue")) || mo_ir_get(r->ir.properties, MO_STR("FifoTopic"));
}

bool
mo_is_name(const struct mo_resource *r, struct mo_str property)
{
	mo_cat found = r->ir.catalog ? mo_cat_find_property(mo_cat_resource(r->ir.catalog).structure, property) : 0;
	if (!found) {
		return false;
	}
	struct mo_cat_property p = mo_cat_property(found);
	return p.unique_name && p.references == 0 && mo_cat_type(p.type).shape == MO_CAT_STRING;
}

const struct mo_ir_value *
mo_physical_name(struct mo_eval *ev, struct mo_resource *r, struct mo_str property, struct mo_span asked)
{
	const struct mo_ir_value *there = mo_ir_get(r->ir.properties, property);
	if (there) {
		return r->named ? there : NULL;
	}
	if (!mo_is_name(r, property) || has_fifo(r)) {
		return NULL; // a name of a queue or topic that keeps the order ends with .fifo: the user's to say
	}
	const struct mo_lock_fact *before = mo_kept_resource(ev, r);
	if (before && mo_str_is(before->fields[MO_LOCK_NAMING], "none")) {
		return NULL; // it is deployed without one, and a name would replace it
	}
	const struct mo_ir_value *name = before ? mo_kept_name(ev, r, before, property) : NULL; // whatever it would be called now
	if (!name) {
		name = whole_name(ev, r, r->ir.origin.span);
		check_name(ev, r, property, name, asked);
	}
	mo_ir_set(ev->arena, r->ir.properties, property, r->ir.origin.span, name);
	r->named = true;
	return name;
}
