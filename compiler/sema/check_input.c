// SPDX-License-Identifier: Apache-2.0
// Inputs of the program itself: what they may be, their defaults, and the values that were given from outside against their types.
#include "sema/check.h"
#include "sema/inputs.h"

static struct mo_str
name_of(struct mo_check *c, const struct mo_symbol *s)
{
	return mo_atom_str(c->ctx->atoms, s->name);
}

// ---- what can be given -----------------------------------------------------------------------------------------------------------

// Whether data from outside can be of the type. Written types are trees, and as deep as the parser lets them be.
static bool
is_data(const struct mo_type *t)
{
	switch (t->kind) {
	case MO_TYPE_RESOURCE:
	case MO_TYPE_INSTANCE:
	case MO_TYPE_FAMILY:
	case MO_TYPE_ACCOUNT:
	case MO_TYPE_TARGET:
	case MO_TYPE_STACK:
	case MO_TYPE_TEMPLATE:
	case MO_TYPE_MODULE:
	case MO_TYPE_AWS:
	case MO_TYPE_FUNCTION:
		return false;
	default:
		break;
	}
	bool good = !t->element || is_data(t->element);
	for (uint32_t i = 0; i < t->fields.len && good; i++) {
		good = is_data(t->fields.items[i].type);
	}
	for (uint32_t i = 0; i < t->alternatives.len && good; i++) {
		good = is_data(t->alternatives.items[i]);
	}
	return good;
}

static bool
is_structured(const struct mo_type *t)
{
	return t->kind == MO_TYPE_LIST || t->kind == MO_TYPE_MAP || t->kind == MO_TYPE_RECORD || t->kind == MO_TYPE_STRUCT || t->kind == MO_TYPE_JSON;
}

// Whether a text on the command line is JSON: where nothing else would fit, and where it looks like it and could be.
static bool
is_json(const struct mo_type *want, struct mo_str text)
{
	bool looks = mo_str_starts(text, MO_STR("{")) || mo_str_starts(text, MO_STR("["));
	want = mo_type_present(want);
	for (uint32_t i = 0; looks && i < want->alternatives.len; i++) {
		if (is_structured(want->alternatives.items[i])) {
			return true;
		}
	}
	return is_structured(want);
}

// ---- values ----------------------------------------------------------------------------------------------------------------------

static const struct mo_data *
read_json(struct mo_check *c, const struct mo_supplied *g, const struct mo_symbol *s)
{
	struct mo_data_error error = { 0 };
	const struct mo_data *d = mo_data_read_json(&c->ctx->session, g->text, &error);
	if (!d) {
		struct mo_diag *e = mo_report(c->ctx->diags, MSG_BAD_JSON, error.span, MO_STR_FMT, MO_STR_ARG(error.text));
		mo_diag_note(e, "the input is %.*s, which is written as JSON on the command line", MO_STR_ARG(mo_type_noun(c->ctx, s->declared)));
		mo_diag_label(e, s->span, "declared here");
	}
	return d;
}

// A text is a text where one is wanted, also an empty one, and one that says `null`.
static const struct mo_data *
read_scalar(struct mo_check *c, const struct mo_supplied *g, const struct mo_type *want)
{
	struct mo_data *d = mo_data_read_scalar(&c->ctx->session, g->text);
	if (d->kind == MO_DATA_NULL && (d->text.len == 0 || !mo_type_admits_none(want))) {
		d->kind = MO_DATA_STRING;
	}
	return d;
}

static void
check_given(struct mo_check *c, struct mo_supplied *g, const struct mo_symbol *s)
{
	if (g->text) {
		bool json = is_json(s->declared, g->text->text);
		g->data = json ? read_json(c, g, s) : read_scalar(c, g, s->declared);
	}
	if (g->data) {
		mo_check_data(c, g->data, s->declared, name_of(c, s), s->span, "declared here");
	}
}

static void
report_missing(struct mo_check *c, const struct mo_symbol *s)
{
	struct mo_str name = name_of(c, s);
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISSING_INPUT, s->span, "the input `" MO_STR_FMT "` has no value", MO_STR_ARG(name));
	mo_diag_note(d, "expected " MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, s->declared)));
	mo_diag_help(d, "give it with `-D " MO_STR_FMT "=…` or in a file with `--values`, or write a default", MO_STR_ARG(name));
}

// ---- declarations ----------------------------------------------------------------------------------------------------------------

static void
check_default(struct mo_check *c, struct mo_symbol *s, struct mo_node *value)
{
	const struct mo_type *t = mo_check_for(c, value, s->declared, name_of(c, s));
	if (t->kind == MO_TYPE_ERROR) { // type and default contradict each other: either may be what is meant
		s->type = s->declared = t;
		return;
	}
	mo_check_known(c, t, true, value->span, "an input of the program");
}

void
mo_check_program_input(struct mo_check *c, struct mo_input_node *n)
{
	struct mo_symbol *s = n->item.node.symbol;
	struct mo_supplied *g = mo_input_supplied(c->program, s->name);
	if (c->module->library) {
		mo_report(c->ctx->diags, MSG_MISPLACED, n->name.span, "a standard module takes no input from outside");
		return;
	}
	if (!is_data(s->declared)) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_BAD_TYPE, n->type_expr->span, "an input of the program is given as data");
		mo_diag_note(d, "only a component can take " MO_STR_FMT, MO_STR_ARG(mo_type_noun(c->ctx, s->declared)));
		s->type = s->declared = mo_type_of_kind(MO_TYPE_ERROR);
	}
	if (n->value) {
		check_default(c, s, n->value);
	}
	if (s->declared->kind == MO_TYPE_ERROR) {
		return;
	}
	if (g) {
		check_given(c, g, s);
	} else if (!n->value && !mo_type_admits_none(s->declared) && !c->program->values_unread) {
		report_missing(c, s);
	}
}
