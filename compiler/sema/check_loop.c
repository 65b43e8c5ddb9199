// SPDX-License-Identifier: Apache-2.0
// Loops: what `for` walks over, in declarations and comprehensions, and the types of its variables.
#include "sema/check.h"
#include "sema/param_type.h"

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

static void
set_variable(struct mo_scope *scope, struct mo_name name, const struct mo_type *t)
{
	struct mo_symbol *s = name.atom && scope ? mo_map_get(&scope->values, name.atom) : NULL;
	if (s && s->scope == scope && s->kind == MO_SYM_LOCAL) {
		s->type = t;
		s->state = 2;
	}
}

// The type of any value of a record.
static const struct mo_type *
union_of_fields(struct mo_check *c, const struct mo_type *record)
{
	const struct mo_type *all = NULL;
	for (uint32_t i = 0; i < record->fields.len; i++) {
		const struct mo_type *f = mo_type_part(c->ctx, record, record->fields.items[i].name, record->fields.items[i].type);
		all = all ? mo_type_union(c->ctx, all, mo_type_present(f)) : mo_type_present(f);
	}
	return all ? all : error_type();
}

// What walking gives: keys (NULL for a list) and elements.
static bool
walk(struct mo_check *c, const struct mo_type *t, const struct mo_type **key, const struct mo_type **element)
{
	*key = NULL;
	switch (t->kind) {
	case MO_TYPE_LIST:
		*element = mo_type_part(c->ctx, t, 0, t->element);
		return true;
	case MO_TYPE_MAP:
		*key = mo_type_at(c->ctx, mo_type_of_kind(MO_TYPE_STRING), t->time);
		*element = mo_type_part(c->ctx, t, 0, t->element);
		return true;
	case MO_TYPE_RECORD:
		*key = mo_type_at(c->ctx, mo_type_of_kind(MO_TYPE_STRING), t->time);
		*element = union_of_fields(c, t);
		return true;
	case MO_TYPE_FAMILY:
		*key = mo_type_union(c->ctx, mo_type_of_kind(MO_TYPE_STRING), mo_type_of_kind(MO_TYPE_INT));
		*element = t->element;
		return t->dimensions == 1;
	case MO_TYPE_JSON:
		*key = mo_type_at(c->ctx, mo_type_of_kind(MO_TYPE_STRING), t->time);
		*element = mo_type_part(c->ctx, t, 0, t);
		return true;
	default:
		return false;
	}
}

static void
report_loop(struct mo_check *c, struct mo_node *list, const struct mo_type *t)
{
	struct mo_str source = mo_check_quote(c, list->span, "xs");
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_NOT_A_LIST, list->span, "a `for` walks over a list or a map, not over " MO_STR_FMT,
		MO_STR_ARG(mo_type_noun(c->ctx, t)));
	if (mo_type_admits_none(t)) {
		mo_diag_help(d, "it may be none: `" MO_STR_FMT " ?? []`", MO_STR_ARG(source));
	} else if (t->kind == MO_TYPE_INT) {
		mo_diag_help(d, "a range: `0..<" MO_STR_FMT "`", MO_STR_ARG(source));
		mo_diag_fix(d, list->span, "0..<" MO_STR_FMT, MO_STR_ARG(source));
	} else if (t->kind == MO_TYPE_FAMILY) {
		mo_diag_help(d, "a list of all its members: `" MO_STR_FMT "[*]`", MO_STR_ARG(source));
		mo_diag_fix(d, list->span, MO_STR_FMT "[*]", MO_STR_ARG(source));
	} else if (t->kind == MO_TYPE_STRING) {
		mo_diag_help(d, "a list of one: `[" MO_STR_FMT "]`; the parts of a text: `split(\",\", " MO_STR_FMT ")`", MO_STR_ARG(source),
			MO_STR_ARG(source));
	}
}

static void
report_keys_of_list(struct mo_check *c, struct mo_node *list, struct mo_name second)
{
	struct mo_str source = mo_check_quote(c, list->span, "xs");
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_LOOP, second.span, "a list has no keys: its `for` has one variable");
	mo_diag_help(d, "for the position too: `for i in 0..<length(" MO_STR_FMT ")`", MO_STR_ARG(source));
}

static void
report_no_key_variable(struct mo_check *c, struct mo_node *list, struct mo_name first)
{
	struct mo_str name = mo_atom_str(c->ctx->atoms, first.atom), source = mo_check_quote(c, list->span, "xs");
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_LOOP, first.span, "the `for` of a map has two variables, for key and value");
	mo_diag_help(d, "`for key, " MO_STR_FMT " in " MO_STR_FMT "`, or `for " MO_STR_FMT " in values(" MO_STR_FMT ")`", MO_STR_ARG(name),
		MO_STR_ARG(source), MO_STR_ARG(name), MO_STR_ARG(source));
	mo_diag_fix(d, first.span, "key, " MO_STR_FMT, MO_STR_ARG(name));
}

void
mo_check_loop(struct mo_check *c, struct mo_node *list, struct mo_name first, struct mo_name second, struct mo_scope *scope)
{
	const struct mo_type *t = mo_check_infer(c, list), *key = NULL, *element = error_type();
	set_variable(scope, first, error_type());
	set_variable(scope, second, error_type());
	if (t->kind == MO_TYPE_ERROR || t->kind == MO_TYPE_ANY) {
		return;
	}
	if (!walk(c, t, &key, &element)) {
		report_loop(c, list, t);
		return;
	}
	if (!mo_check_known(c, t, false, list->span, "the list of a `for`")) {
		return;
	}
	if (second.atom && !key) {
		report_keys_of_list(c, list, second);
		set_variable(scope, first, element);
		return;
	}
	if (!second.atom && key && t->kind != MO_TYPE_JSON) {
		report_no_key_variable(c, list, first);
		return;
	}
	set_variable(scope, first, second.atom ? key : element);
	set_variable(scope, second, element);
}

// ---- over a list parameter -------------------------------------------------------------------------------------------------------

static struct mo_symbol *
element_of(struct mo_check *c, struct mo_for_decl_node *loop)
{
	struct mo_scope *scope = mo_scope_of(c->program, &loop->item.node);
	struct mo_symbol *s = scope && loop->first.atom ? mo_map_get(&scope->values, loop->first.atom) : NULL;
	return s && s->scope == scope && s->kind == MO_SYM_LOCAL ? s : NULL;
}

bool
mo_check_is_each(const struct mo_node *n)
{
	return n->kind == MO_NAME_REF_NODE && n->symbol && n->symbol->each;
}

// Whether CloudFormation has the parameter as a CommaDelimitedList, the only kind that Fn::ForEach takes.
static bool
is_plain_list(const struct mo_symbol *param)
{
	const struct mo_type *t = param->declared ? mo_type_present(param->declared) : NULL, *e = t && t->kind == MO_TYPE_LIST ? t->element : NULL;
	const struct mo_param_type *row = e ? mo_param_type_of(e) : NULL;
	return e && e->kind != MO_TYPE_INT && e->kind != MO_TYPE_FLOAT && (!row || !row->listed);
}

void
mo_check_declaring_loop(struct mo_check *c, struct mo_for_decl_node *loop)
{
	struct mo_node *list = loop->list;
	bool param = list->kind == MO_NAME_REF_NODE && list->symbol && list->symbol->kind == MO_SYM_PARAM && !list->symbol->dimensions;
	const struct mo_type *t = param ? mo_check_infer(c, list) : NULL;
	struct mo_symbol *element = element_of(c, loop);
	if (!t || t->kind != MO_TYPE_LIST || loop->second.atom || !element) {
		mo_check_loop(c, list, loop->first, loop->second, mo_scope_of(c->program, &loop->item.node));
		return;
	}
	element->type = mo_type_part(c->ctx, t, 0, t->element);
	element->state = 2;
	if (!is_plain_list(list->symbol)) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_CANNOT_COMPUTE, list->span, "CloudFormation goes over lists of texts only, not over "
			MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, list->symbol->declared)));
		mo_diag_label(d, list->symbol->span, "declared here");
		mo_diag_help(d, "`param " MO_STR_FMT ": [String]`", MO_STR_ARG(mo_atom_str(c->ctx->atoms, list->symbol->name)));
		element->type = error_type();
		return;
	}
	element->each = true;
}

static mo_nodes
keys_of(struct mo_node *n)
{
	return n->kind == MO_RESOURCE_NODE ? mo_as_resource(n)->keys : mo_as_output(n)->keys;
}

static bool
has_each(mo_nodes keys)
{
	for (uint32_t i = 0; i < keys.len; i++) {
		if (mo_check_is_each(keys.items[i])) {
			return true;
		}
	}
	return keys.len == 0; // without keys, which is reported already
}

static void check_repeated(struct mo_check *c, struct mo_for_decl_node *loop, struct mo_node *n);

static void
check_repeated_items(struct mo_check *c, struct mo_for_decl_node *loop, struct mo_node *block)
{
	mo_nodes items = mo_block_items(block);
	for (uint32_t i = 0; i < items.len; i++) {
		if (items.items[i] && items.items[i]->kind != MO_BAD_NODE) {
			check_repeated(c, loop, items.items[i]);
		}
	}
}

static bool
goes_over_parameter(struct mo_check *c, struct mo_node *n)
{
	struct mo_symbol *element = n->kind == MO_FOR_DECL_NODE ? element_of(c, mo_as_for_decl(n)) : NULL;
	struct mo_node *list = n->kind == MO_FOR_DECL_NODE ? mo_as_for_decl(n)->list : NULL;
	return element && (element->each || (list && list->kind == MO_NAME_REF_NODE && list->symbol && list->symbol->kind == MO_SYM_PARAM));
}

static void
report_not_repeated(struct mo_check *c, struct mo_for_decl_node *loop, struct mo_node *n)
{
	bool loops = n->kind == MO_FOR_DECL_NODE;
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISPLACED, mo_check_head(c, n), "CloudFormation repeats %s, and this `for` goes over a parameter",
		loops ? "for one list at a time" : "resources and outputs only");
	mo_diag_label(d, loop->list->span, "known only when CloudFormation runs");
	mo_diag_help(d, "go over a list that the program itself knows, and keep what is in it optional");
}

static void
check_repeated(struct mo_check *c, struct mo_for_decl_node *loop, struct mo_node *n)
{
	bool declares = n->kind == MO_RESOURCE_NODE || n->kind == MO_OUTPUT_NODE;
	if (n->kind == MO_FOR_DECL_NODE && !goes_over_parameter(c, n)) {
		check_repeated_items(c, loop, mo_as_for_decl(n)->block);
	} else if (n->kind == MO_IF_DECL_NODE) {
		struct mo_node *otherwise = mo_as_if_decl(n)->otherwise;
		check_repeated_items(c, loop, mo_as_if_decl(n)->then);
		if (otherwise && otherwise->kind == MO_IF_DECL_NODE) {
			check_repeated(c, loop, otherwise);
		} else {
			check_repeated_items(c, loop, otherwise);
		}
	} else if (!declares && n->kind != MO_LET_NODE) {
		report_not_repeated(c, loop, n);
	} else if (declares && !has_each(keys_of(n))) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_NEEDS_KEY, keys_of(n).items[0]->span, "one of the keys must be `" MO_STR_FMT "`",
			MO_STR_ARG(mo_atom_str(c->ctx->atoms, loop->first.atom)));
		mo_diag_label(d, loop->first.span, "happens once for each of these");
	}
}

void
mo_check_repeated(struct mo_check *c, struct mo_for_decl_node *loop)
{
	struct mo_symbol *element = element_of(c, loop);
	if (element && element->each) {
		check_repeated_items(c, loop, loop->block);
	}
}

struct mo_time
mo_check_clauses(struct mo_check *c, mo_nodes clauses)
{
	struct mo_time time = MO_COMPILE_TIME;
	for (uint32_t i = 0; i < clauses.len; i++) {
		struct mo_node *n = clauses.items[i];
		if (n->kind == MO_CLAUSE_FOR_NODE) {
			struct mo_clause_for_node *f = mo_as_clause_for(n);
			mo_check_loop(c, f->list, f->first, f->second, mo_scope_of(c->program, n));
			if (f->list && f->list->type) {
				time = mo_time_join(c->ctx, time, f->list->type->time);
			}
		} else {
			struct mo_node *cond = mo_as_clause_if(n)->cond;
			const struct mo_type *t = mo_check_condition(c, cond);
			mo_check_known(c, t, false, cond ? cond->span : n->span, "the filter of a `for`");
			time = mo_time_join(c->ctx, time, t->time);
			mo_facts_push(c, cond, true);
		}
	}
	time.deploy = false; // reported
	return time;
}
