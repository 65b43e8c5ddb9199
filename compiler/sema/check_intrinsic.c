// SPDX-License-Identifier: Apache-2.0
// Calls of CloudFormation's own functions by their names: how many arguments, of which types, and what comes of them. Their table is
// sema/intrinsics.def. What they give is known at deploy time only, also where all arguments are known now.
#include "sema/check.h"
#include "sema/intrinsic.h"

#include <string.h>

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

static const struct mo_intrinsic *
find_intrinsic(struct mo_check *c, struct mo_name name)
{
	struct mo_str text = mo_atom_str(c->ctx->atoms, name.atom);
	const struct mo_intrinsic *found = mo_intrinsic_find(text);
	if (found) {
		return found;
	}
	struct mo_suggestion near = mo_suggest(text);
	for (size_t i = 0; i < MO_INTRINSIC_KINDS; i++) {
		mo_suggest_from(&near, mo_str_c(mo_intrinsics[i].name));
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_UNKNOWN_INTRINSIC, name.span, "CloudFormation has no function `" MO_STR_FMT "`",
		MO_STR_ARG(text));
	mo_diag_suggest(d, name.span, &near);
	return NULL;
}

static void
report_count(struct mo_check *c, const struct mo_call_node *call, const struct mo_intrinsic *f)
{
	struct mo_span at = call->callee->span;
	struct mo_diag *d;
	if (f->least == f->most) {
		d = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, at, "`%s` takes %u argument%s, not %u", f->name, f->least, f->least == 1 ? "" : "s",
			call->args.len);
	} else if (f->most == 255) {
		d = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, at, "`%s` takes at least %u arguments, not %u", f->name, f->least, call->args.len);
	} else {
		d = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, at, "`%s` takes %u to %u arguments, not %u", f->name, f->least, f->most,
			call->args.len);
	}
	mo_diag_note(d, "`%s(%s)`: %s", f->name, f->parameters, f->what);
}

// Whether the arguments are as many as wanted, and values without names (reported when not).
static bool
has_arguments(struct mo_check *c, const struct mo_call_node *call, const struct mo_intrinsic *f)
{
	for (uint32_t i = 0; i < call->args.len; i++) {
		struct mo_node *item = call->args.items[i];
		if (item->kind == MO_SPREAD_NODE || mo_as_arg(item)->name.atom) {
			mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, item->span, "the arguments of CloudFormation's functions go by position");
			return false;
		}
	}
	if (call->args.len < f->least || (f->most != 255 && call->args.len > f->most)) {
		report_count(c, call, f);
		return false;
	}
	return true;
}

static struct mo_node *
argument(const struct mo_call_node *call, uint32_t index)
{
	return mo_as_arg(call->args.items[index])->value;
}

static const struct mo_type *
type_wanted(struct mo_check *c, char letter)
{
	const struct mo_type *text = mo_type_of_kind(MO_TYPE_STRING);
	switch (letter) {
	case 'T': return text;
	case 'N': return mo_type_union(c->ctx, text, mo_type_of_kind(MO_TYPE_INT));
	case 'L': return mo_type_list(c->ctx, text);
	default: return mo_type_of_kind(MO_TYPE_JSON);
	}
}

// False when one of them does not fit (reported).
static bool
check_arguments(struct mo_check *c, const struct mo_call_node *call, const struct mo_intrinsic *f)
{
	struct mo_str names = mo_str_c(f->parameters);
	size_t letters = strlen(f->wants);
	bool good = true;
	for (uint32_t i = 0; i < call->args.len; i++) {
		ptrdiff_t comma = mo_str_find(names, MO_STR(", "), 0);
		struct mo_str name = mo_str_sub(names, 0, comma < 0 ? names.len : (size_t)comma);
		char wanted = f->wants[i < letters ? i : letters - 1];
		const struct mo_type *t = wanted == 'C' ? mo_check_condition(c, argument(call, i))
			: mo_check_for(c, argument(call, i), type_wanted(c, wanted), name);
		good = good && t->kind != MO_TYPE_ERROR;
		names = comma < 0 ? names : mo_str_sub(names, (size_t)comma + 2, names.len);
	}
	return good;
}

// ---- attributes ------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
attribute_of(struct mo_check *c, struct mo_node *n, const struct mo_type *resource)
{
	const struct mo_type *name = mo_check_expr(c, n, mo_type_of_kind(MO_TYPE_STRING));
	if (name->kind == MO_TYPE_ERROR || !name->is_literal) {
		return name->kind == MO_TYPE_ERROR || !mo_check_known(c, name, true, n->span, "the name of an attribute") ? error_type()
			: mo_type_of_kind(MO_TYPE_ANY);
	}
	const struct mo_type *t = mo_check_find_member(c, resource, mo_atom_of(c->ctx->atoms, name->literal));
	if (t) {
		return t;
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_UNKNOWN_MEMBER, n->span, MO_STR_FMT " has no attribute `" MO_STR_FMT "`",
		MO_STR_ARG(resource->resource_type), MO_STR_ARG(name->literal));
	mo_cat type = mo_cat_find_resource(resource->resource_type);
	struct mo_suggestion near = mo_suggest(name->literal);
	for (uint32_t i = 0; type && i < mo_cat_attribute_count(type); i++) {
		mo_suggest_from(&near, mo_cat_property(mo_cat_attribute_at(type, i)).name);
	}
	if (near.best.len) {
		mo_diag_help(d, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(near.best));
	}
	return error_type();
}

// Of a resource, or of what a logical ID names that somebody else makes: a macro, `raw`.
static const struct mo_type *
check_get_att(struct mo_check *c, const struct mo_call_node *call)
{
	struct mo_node *object = argument(call, 0);
	const struct mo_type *t = mo_check_infer(c, object);
	if (t->kind == MO_TYPE_RESOURCE) {
		return attribute_of(c, argument(call, 1), t);
	}
	mo_check_expr(c, argument(call, 1), mo_type_of_kind(MO_TYPE_STRING));
	if (t->kind == MO_TYPE_STRING && t->is_literal) {
		return mo_type_of_kind(MO_TYPE_ANY);
	}
	if (t->kind != MO_TYPE_ERROR) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, object->span,
			"`Fn::GetAtt` wants a resource or the text of a logical ID, this is " MO_STR_FMT, MO_STR_ARG(mo_type_noun(c->ctx, t)));
		mo_check_label_declaration(d, object);
	}
	return error_type();
}

// ---- results ---------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
result_of(struct mo_check *c, const struct mo_call_node *call, const struct mo_intrinsic *f)
{
	switch (f->gives) {
	case MO_GIVES_TEXT: return mo_type_of_kind(MO_TYPE_STRING);
	case MO_GIVES_LIST: return mo_type_list(c->ctx, mo_type_of_kind(MO_TYPE_STRING));
	case MO_GIVES_BOOL: return mo_type_of_kind(MO_TYPE_BOOL);
	case MO_GIVES_INT: return mo_type_of_kind(MO_TYPE_INT);
	case MO_GIVES_ANY: break;
	}
	return f->kind == MO_INTRINSIC_IF ? mo_type_union(c->ctx, argument(call, 1)->type, argument(call, 2)->type) : mo_type_of_kind(MO_TYPE_ANY);
}

// Whether the function has a use here; says so when it has not.
static bool
has_use_here(struct mo_check *c, const struct mo_intrinsic *f, struct mo_span at)
{
	if (f->use == MO_USE_NOT_YET) {
		mo_check_unsupported(c, at, mo_str_printf(&c->ctx->session, "`%s`", f->name).p);
		return false;
	}
	if (f->use == MO_USE_IN_RULES && !c->rule) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISPLACED, at, "`%s` has no place outside of an assertion", f->name);
		mo_diag_note(d, "CloudFormation knows it in rules only, which it checks before it makes anything");
		mo_diag_help(d, "`assert %s(…), \"what must hold\"`", f->name);
		return false;
	}
	return true;
}

const struct mo_type *
mo_check_intrinsic(struct mo_check *c, struct mo_node *n)
{
	struct mo_call_node *call = mo_as_call(n);
	const struct mo_intrinsic *f = find_intrinsic(c, mo_as_intrinsic(call->callee)->name);
	if (!f || !has_use_here(c, f, call->callee->span) || !has_arguments(c, call, f)) {
		return error_type();
	}
	const struct mo_type *t;
	if (f->kind == MO_INTRINSIC_GET_ATT) {
		t = check_get_att(c, call);
	} else {
		t = check_arguments(c, call, f) ? result_of(c, call, f) : error_type();
	}
	if (f->kind == MO_INTRINSIC_SUB && t->kind != MO_TYPE_ERROR
		&& !mo_check_known(c, argument(call, 0)->type, true, argument(call, 0)->span, "the text of `Fn::Sub`")) {
		return error_type();
	}
	return t->kind == MO_TYPE_ERROR ? t : mo_type_at(c->ctx, t, (struct mo_time){ .deploy = true, .deploy_at = n->span });
}
