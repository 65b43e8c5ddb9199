// SPDX-License-Identifier: Apache-2.0
// Parameters of templates: their types are those that CloudFormation has parameters for, and what they say is known now.
#include "sema/check.h"
#include "sema/param_type.h"

// ---- types -----------------------------------------------------------------------------------------------------------------------

// Whether a type is a literal, or a choice of them, of texts and numbers.
static bool
is_choice(const struct mo_type *t)
{
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		if (!is_choice(t->alternatives.items[i])) {
			return false;
		}
	}
	return t->kind == MO_TYPE_UNION || (t->is_literal && (t->kind == MO_TYPE_STRING || t->kind == MO_TYPE_INT));
}

static bool
is_scalar(const struct mo_type *t)
{
	switch (t->kind) {
	case MO_TYPE_STRING: return !t->stored;
	case MO_TYPE_INT:
	case MO_TYPE_FLOAT:
	case MO_TYPE_BOOL:
	case MO_TYPE_CIDR:
	case MO_TYPE_ERROR: return true;
	case MO_TYPE_UNION: return is_choice(t);
	default: return false;
	}
}

// What a list parameter can hold: texts, which may have constraints, and numbers, which may not.
static bool
is_element(const struct mo_type *t)
{
	return is_scalar(t) && t->kind != MO_TYPE_BOOL && !(t->kind == MO_TYPE_INT && (t->bounded || t->is_literal));
}

static struct mo_diag *
report_type(struct mo_check *c, struct mo_param_node *p, const struct mo_type *t)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_BAD_PARAMETER, p->type_expr->span, "CloudFormation has no parameters of the type " MO_STR_FMT,
		MO_STR_ARG(mo_type_text(c->ctx, t)));
	return d;
}

// CloudFormation checks the name of what Systems Manager stores, not the value.
static bool
has_constraints(const struct mo_type *t)
{
	return t->bounded || t->pattern.len > 0 || t->is_literal || t->alternatives.len > 0;
}

static bool
stored_is_fine(struct mo_check *c, struct mo_param_node *p, const struct mo_type *declared)
{
	const struct mo_type *t = declared->stored, *element = t->kind == MO_TYPE_LIST ? t->element : t;
	const struct mo_param_type *row = mo_param_type_of(element);
	if (has_constraints(element)) {
		struct mo_diag *d = report_type(c, p, declared);
		mo_diag_note(d, "it does not check what a parameter of Systems Manager holds");
		mo_diag_help(d, "leave the constraint out");
		return false;
	}
	if (!is_scalar(element) || (row && !row->stored)) {
		mo_diag_note(report_type(c, p, declared), "Systems Manager stores texts and lists of texts");
		return false;
	}
	return true;
}

static bool
type_is_fine(struct mo_check *c, struct mo_param_node *p, const struct mo_type *declared)
{
	const struct mo_type *t = mo_type_present(declared);
	if (t->kind == MO_TYPE_ERROR) {
		return false;
	}
	if (t->stored && declared->kind == MO_TYPE_OPTIONAL) {
		struct mo_diag *d = report_type(c, p, declared);
		mo_diag_note(d, "a parameter of Systems Manager is always looked up, and must be there");
		return false;
	}
	if (t->stored) {
		return stored_is_fine(c, p, t);
	}
	if (t->kind == MO_TYPE_LIST ? is_element(t->element) : is_scalar(t)) {
		return true;
	}
	struct mo_diag *d = report_type(c, p, declared);
	if (t->kind == MO_TYPE_LIST && is_scalar(t->element)) {
		mo_diag_help(d, "lists are of texts or of any numbers; a number that has bounds stands alone");
	} else {
		mo_diag_help(d, "parameters are texts, numbers, Bools, lists of texts or numbers, and references to resources");
	}
	return false;
}

const struct mo_type *
mo_check_param_type(struct mo_check *c, struct mo_node *n)
{
	struct mo_param_node *p = mo_as_param(n);
	const struct mo_type *declared = p->type_expr ? mo_type_of_param_node(c->program, p->type_expr) : mo_type_of_kind(MO_TYPE_ERROR);
	if (!type_is_fine(c, p, declared)) {
		return mo_type_of_kind(MO_TYPE_ERROR);
	}
	return declared;
}

// ---- what they say ---------------------------------------------------------------------------------------------------------------

static void
check_block(struct mo_check *c, struct mo_param_node *p, const struct mo_type *declared)
{
	struct mo_type *t = mo_type_record(c->ctx, "a parameter");
	const struct mo_type *present = mo_type_present(declared);
	mo_type_add_field(c->ctx, t, "description", mo_type_of_kind(MO_TYPE_STRING), true);
	mo_type_add_field(c->ctx, t, "constraint_description", mo_type_of_kind(MO_TYPE_STRING), true);
	mo_type_add_field(c->ctx, t, "allowed_values", mo_type_list(c->ctx, present->kind == MO_TYPE_LIST ? present->element : present), true);
	mo_nodes items = mo_block_items(p->block);
	mo_check_fields(c, items, t, p->name.span, NULL);
	for (uint32_t i = 0; i < items.len; i++) {
		struct mo_node *value = items.items[i]->kind == MO_FIELD_NODE ? mo_as_field(items.items[i])->value : NULL;
		if (value && value->type) {
			mo_check_known(c, value->type, true, value->span, "what a parameter is");
		}
	}
}

void
mo_check_param(struct mo_check *c, struct mo_node *n)
{
	struct mo_param_node *p = mo_as_param(n);
	struct mo_str name = mo_atom_str(c->ctx->atoms, p->name.atom);
	mo_check_keys(c, p->keys);
	if (!p->type_expr) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_BAD_TYPE, p->name.span, "a parameter says its type");
		mo_diag_help(d, "`param " MO_STR_FMT ": String`", MO_STR_ARG(name));
		return;
	}
	const struct mo_type *t = n->symbol ? mo_check_symbol(c, n->symbol, n->span) : mo_type_of_kind(MO_TYPE_ERROR);
	if (t->kind == MO_TYPE_ERROR) {
		return;
	}
	const struct mo_type *declared = mo_type_of_param_node(c->program, p->type_expr);
	if (p->value) {
		const struct mo_type *v = mo_check_for(c, p->value, declared, name);
		mo_check_known(c, v, true, p->value->span, "the default of a parameter");
	}
	if (p->block) {
		check_block(c, p, declared);
	}
}
