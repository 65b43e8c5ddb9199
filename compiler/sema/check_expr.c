// SPDX-License-Identifier: Apache-2.0
// Expressions: which rule checks which, text, and names. Operators are in check_operator.c, choices in check_choice.c, literal records and
// lists in check_literal.c, members in check_member.c.
#include "sema/check.h"

enum { CHECK_DEPTH = 2000 };

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

// ---- scalars ---------------------------------------------------------------------------------------------------------------------

static bool
is_scalar(const struct mo_type *t)
{
	switch (t->kind) {
	case MO_TYPE_BOOL:
	case MO_TYPE_INT:
	case MO_TYPE_FLOAT:
	case MO_TYPE_STRING:
	case MO_TYPE_CIDR:
	case MO_TYPE_JSON:
	case MO_TYPE_ERROR:
	case MO_TYPE_ANY:
		return true;
	case MO_TYPE_UNION:
		for (uint32_t i = 0; i < t->alternatives.len; i++) {
			if (!is_scalar(t->alternatives.items[i])) {
				return false;
			}
		}
		return true;
	default:
		return false;
	}
}

// ---- literals --------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
int_literal(struct mo_check *c, int64_t value)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_INT);
	t->is_literal = t->found = true;
	t->min = t->max = value;
	return t;
}

static const struct mo_type *
text_literal(struct mo_check *c, struct mo_str text)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_STRING);
	t->is_literal = t->found = true;
	t->literal = text;
	return t;
}

// ---- text ------------------------------------------------------------------------------------------------------------------------

static void
report_no_text(struct mo_check *c, struct mo_node *part, const struct mo_type *t)
{
	struct mo_str source = mo_check_quote(c, part->span, "x"), type = mo_type_text(c->ctx, t);
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, part->span, MO_STR_FMT " has no place in a text",
		MO_STR_ARG(mo_type_noun(c->ctx, t)));
	if (!mo_str_eq(type, mo_type_noun(c->ctx, t))) {
		mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(type));
	}
	if (t->kind == MO_TYPE_LIST && is_scalar(t->element)) {
		mo_diag_help(d, "join its elements: `${join(\",\", " MO_STR_FMT ")}`", MO_STR_ARG(source));
	} else if (t->kind == MO_TYPE_DURATION || t->kind == MO_TYPE_SIZE) {
		mo_diag_help(d, "say in which unit: `${" MO_STR_FMT ".%s}`", MO_STR_ARG(source), t->kind == MO_TYPE_SIZE ? "mib" : "seconds");
	} else if (t->kind == MO_TYPE_RECORD || t->kind == MO_TYPE_MAP || t->kind == MO_TYPE_LIST) {
		mo_diag_help(d, "name a part of it, or write it as JSON: `${to_json(" MO_STR_FMT ")}`", MO_STR_ARG(source));
	} else if (t->kind == MO_TYPE_INSTANCE || t->kind == MO_TYPE_ACCOUNT || t->kind == MO_TYPE_TARGET || t->kind == MO_TYPE_STACK) {
		mo_diag_help(d, "name a part of it: `${" MO_STR_FMT ".…}`", MO_STR_ARG(source));
	}
}

// A part of a text: a scalar that is there.
static void
check_part(struct mo_check *c, struct mo_node *part, const struct mo_type *t)
{
	struct mo_str source = mo_check_quote(c, part->span, "x");
	if (mo_type_admits_none(t)) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_MAY_BE_NONE, part->span, "this may be none, which has no place in a text");
		mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, t)));
		mo_diag_help(d, "give a value for that case: `${" MO_STR_FMT " ?? \"\"}`", MO_STR_ARG(source));
	} else if (t->kind == MO_TYPE_RESOURCE) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_BARE_RESOURCE, part->span, "a resource stands where text is wanted");
		mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, t)));
		mo_diag_help(d, "say which of its values is meant: " MO_STR_FMT, MO_STR_ARG(mo_check_values_of(c, t, source, "${", "}")));
	} else if (!is_scalar(t)) {
		report_no_text(c, part, t);
	}
}

static const struct mo_type *
infer_string(struct mo_check *c, struct mo_node *n)
{
	mo_nodes parts = mo_as_string_lit(n)->parts;
	if (parts.len == 0) {
		return text_literal(c, MO_STR(""));
	}
	if (parts.len == 1 && parts.items[0]->kind == MO_TEXT_NODE) {
		return text_literal(c, mo_as_text(parts.items[0])->text);
	}
	struct mo_time time = MO_COMPILE_TIME;
	for (uint32_t i = 0; i < parts.len; i++) {
		if (parts.items[i]->kind != MO_TEXT_NODE) {
			const struct mo_type *t = mo_check_infer(c, parts.items[i]);
			check_part(c, parts.items[i], t);
			time = mo_time_join(c->ctx, time, mo_type_deep_time(c->ctx, t));
		}
	}
	return mo_type_at(c->ctx, mo_type_of_kind(MO_TYPE_STRING), time);
}

// ---- names -----------------------------------------------------------------------------------------------------------------------

// When it is known whether a name is declared: when the conditions around its declarations are.
static struct mo_time
time_of_presence(struct mo_check *c, const struct mo_symbol *s)
{
	struct mo_time time = MO_COMPILE_TIME;
	for (uint32_t i = 0; i < s->declarations.len; i++) {
		for (const struct mo_nesting *n = s->declarations.items[i].nesting; n; n = n->outer) {
			struct mo_node *cond = n->node->kind == MO_IF_DECL_NODE ? mo_as_if_decl(n->node)->cond : NULL;
			if (cond && !cond->type) {
				struct mo_check before = mo_check_enter(c, s->module, s->scope, n->outer);
				mo_check_condition(c, cond);
				mo_check_leave(c, before);
			}
			if (cond && cond->type) {
				time = mo_time_join(c->ctx, time, cond->type->time);
			}
		}
	}
	return time;
}

const struct mo_type *
mo_check_seen(struct mo_check *c, struct mo_symbol *s, const struct mo_type *t)
{
	if (s->dimensions && t->kind != MO_TYPE_ERROR) { // a family that is not declared has no members
		struct mo_type *family = mo_type_new(c->ctx, MO_TYPE_FAMILY);
		family->element = t;
		family->dimensions = s->dimensions;
		family->symbol = s;
		return family;
	}
	if (s->kind == MO_SYM_LOCAL || s->declarations.len == 0 || mo_facts_present(c, s)) {
		return t;
	}
	return mo_type_optional_at(c->ctx, t, time_of_presence(c, s));
}

static const struct mo_type *
infer_name(struct mo_check *c, struct mo_node *n)
{
	struct mo_symbol *s = n->symbol;
	if (!s) {
		return error_type(); // reported when names were bound
	}
	return mo_facts_narrow(c, n, mo_check_seen(c, s, mo_check_symbol(c, s, n->span)));
}

// ---- dispatch --------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
infer(struct mo_check *c, struct mo_node *n)
{
	switch (n->kind) {
	case MO_NAME_REF_NODE: return infer_name(c, n);
	case MO_INT_NODE: return int_literal(c, mo_as_int_lit(n)->value);
	case MO_FLOAT_NODE: return mo_type_of_kind(MO_TYPE_FLOAT);
	case MO_BOOL_NODE: return mo_type_of_kind(MO_TYPE_BOOL);
	case MO_NONE_NODE: return mo_type_of_kind(MO_TYPE_NONE);
	case MO_CIDR_NODE: return mo_type_of_kind(MO_TYPE_CIDR);
	case MO_DURATION_NODE: return mo_type_of_kind(MO_TYPE_DURATION);
	case MO_SIZE_NODE: return mo_type_of_kind(MO_TYPE_SIZE);
	case MO_STRING_NODE: return infer_string(c, n);
	case MO_LIST_NODE:
	case MO_LIST_FOR_NODE: return mo_check_list(c, n);
	case MO_RECORD_NODE:
	case MO_RECORD_FOR_NODE: return mo_check_record(c, n);
	case MO_UNARY_NODE: return mo_check_unary(c, n);
	case MO_BINARY_NODE: return mo_check_binary(c, n);
	case MO_IS_NODE: return mo_check_is(c, n);
	case MO_IF_NODE: return mo_check_if(c, n, NULL);
	case MO_MATCH_NODE: return mo_check_match(c, n, NULL);
	case MO_MEMBER_NODE: return mo_facts_narrow(c, n, mo_check_member(c, n));
	case MO_INDEX_NODE: return mo_facts_narrow(c, n, mo_check_index(c, n));
	case MO_CALL_NODE: return mo_check_call(c, n);
	case MO_NOT_LIST_NODE: mo_check_unsupported(c, n->span, "`not […]`"); return error_type();
	default: return error_type();
	}
}

// A function is no value: nothing but a call can be made of it.
static const struct mo_type *
refuse_function(struct mo_check *c, const struct mo_node *n, const struct mo_type *t)
{
	if (t->kind != MO_TYPE_FUNCTION) {
		return t;
	}
	struct mo_str name = mo_atom_str(c->ctx->atoms, t->symbol->name);
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_NOT_A_VALUE, n->span, "`" MO_STR_FMT "` is a function, not a value", MO_STR_ARG(name));
	if (t->symbol->module) {
		mo_diag_label(d, t->symbol->span, "declared here");
	}
	mo_diag_help(d, "call it: `" MO_STR_FMT "(…)`", MO_STR_ARG(name));
	return error_type();
}

bool
mo_check_too_deep(struct mo_check *c, struct mo_span at)
{
	if (c->program->check_depth < CHECK_DEPTH) {
		return false;
	}
	if (!c->program->has_long_chain) { // the rest of a long chain is as long
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_LIMIT_REACHED, at,
			"expressions and the names in them need each other more than %d levels deep", CHECK_DEPTH);
		mo_diag_help(d, "declare a name before those that need it, or take the chain apart");
	}
	c->program->has_long_chain = true;
	return true;
}

const struct mo_type *
mo_check_infer(struct mo_check *c, struct mo_node *n)
{
	if (!n || mo_check_too_deep(c, n->span)) {
		return error_type();
	}
	struct mo_str outer = c->wanted_for;
	c->wanted_for = (struct mo_str){ 0 };
	c->program->check_depth++;
	n->type = refuse_function(c, n, infer(c, n));
	c->program->check_depth--;
	c->wanted_for = outer;
	return n->type;
}

static bool
asks_for_wanted(enum mo_builtin_kind kind)
{
	return kind == MO_BUILTIN_YAML || kind == MO_BUILTIN_JSON || kind == MO_BUILTIN_SSM || kind == MO_BUILTIN_SECRET;
}

// The content of a data file is checked where it stands, and a stored value has the type of its place. NULL for all other calls.
static const struct mo_type *
check_data_call(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	struct mo_node *callee = mo_as_call(n)->callee;
	struct mo_symbol *s = callee->kind == MO_NAME_REF_NODE ? callee->symbol : NULL;
	if (!s || s->kind != MO_SYM_BUILTIN || !asks_for_wanted(s->builtin->kind)) {
		return NULL;
	}
	struct mo_str outer = c->wanted_for;
	c->wanted_for = (struct mo_str){ 0 };
	const struct mo_type *t = mo_check_builtin(c, n, s->builtin, want);
	c->wanted_for = outer;
	return mo_check_fit(c, n, t, want) ? t : error_type();
}

// What is wanted is passed on to the parts of which a value is made.
static const struct mo_type *
check_parts(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	switch (n->kind) {
	case MO_LIST_NODE:
	case MO_LIST_FOR_NODE:
	case MO_RECORD_NODE:
	case MO_RECORD_FOR_NODE: return mo_check_literal(c, n, want);
	case MO_IF_NODE: return mo_check_if(c, n, want);
	case MO_MATCH_NODE: return mo_check_match(c, n, want);
	case MO_BINARY_NODE: return mo_as_binary(n)->op == MO_OP_COALESCE ? mo_check_coalesce(c, n, want) : NULL;
	case MO_CALL_NODE: return check_data_call(c, n, want);
	default: return NULL;
	}
}

const struct mo_type *
mo_check_expr(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	if (!n || mo_check_too_deep(c, n->span)) {
		return error_type();
	}
	c->program->check_depth++;
	const struct mo_type *t = check_parts(c, n, want);
	c->program->check_depth--;
	if (t) {
		n->type = t;
		return t;
	}
	t = mo_check_infer(c, n);
	return mo_check_fit(c, n, t, want) ? t : error_type();
}

const struct mo_type *
mo_check_for(struct mo_check *c, struct mo_node *n, const struct mo_type *want, struct mo_str name)
{
	struct mo_str outer = c->wanted_for;
	c->wanted_for = name;
	const struct mo_type *t = mo_check_expr(c, n, want);
	c->wanted_for = outer;
	return t;
}

const struct mo_type *
mo_check_condition(struct mo_check *c, struct mo_node *n)
{
	return mo_check_for(c, n, mo_type_of_kind(MO_TYPE_BOOL), (struct mo_str){ 0 });
}
