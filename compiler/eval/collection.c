// SPDX-License-Identifier: Apache-2.0
// Lists and records: literals with spreads, comprehensions, and going over whatever a `for` goes over.
#include "eval/instance.h"

// The part of a wanted type that an element or field stands for; NULL when nothing is known.
static const struct mo_type *
wanted_element(const struct mo_type *want, enum mo_type_kind kind)
{
	const struct mo_type *t = want ? mo_type_present(want) : NULL;
	if (t && t->kind == MO_TYPE_UNION) {
		for (uint32_t i = 0; i < t->alternatives.len; i++) {
			if (t->alternatives.items[i]->kind == kind) {
				return t->alternatives.items[i]->element;
			}
		}
	}
	return t && t->kind == kind ? t->element : NULL;
}

static const struct mo_type *
wanted_field(struct mo_eval *ev, const struct mo_type *want, mo_atom name)
{
	const struct mo_type *t = want ? mo_type_present(want) : NULL;
	if (!t) {
		return NULL;
	}
	if (t->kind == MO_TYPE_MAP) {
		return t->element;
	}
	if (t->kind == MO_TYPE_RECORD) {
		const struct mo_field *field = mo_type_field(t, name);
		return field ? field->type : NULL;
	}
	if (t->kind == MO_TYPE_STRUCT) {
		mo_cat p = mo_cat_find_property(t->catalog, mo_atom_text(ev, name));
		return p ? mo_type_of_property(ev->ctx, t->resource_type, p) : NULL;
	}
	return NULL;
}

static bool
has_room(struct mo_eval *ev, uint32_t len, struct mo_span span)
{
	if (len < MO_EVAL_LONGEST_LIST) {
		return true;
	}
	mo_report(ev->ctx->diags, MSG_TOO_MANY_ELEMENTS, span, "this has more than %d elements", MO_EVAL_LONGEST_LIST);
	return false;
}

static const struct mo_value *
weighed(struct mo_eval *ev, const struct mo_value *v)
{
	return mo_weigh(ev, v, MO_EVAL_HEAVIEST, v->span) ? v : mo_error_value();
}

// ---- lists -----------------------------------------------------------------------------------------------------------------------

struct append {
	struct mo_value *list;
	struct mo_span span;
};

static bool
append(struct mo_eval *ev, struct mo_value *list, const struct mo_value *v, struct mo_span span)
{
	if (!has_room(ev, list->items.len, span)) {
		return false;
	}
	mo_push(ev->arena, &list->items, v);
	return true;
}

static bool
append_each(struct mo_eval *ev, void *data, const struct mo_value *first, const struct mo_value *second)
{
	struct append *a = data;
	(void)second;
	return append(ev, a->list, first, a->span);
}

static bool
spread_into_list(struct mo_eval *ev, struct mo_frame *f, struct mo_node *n, struct mo_value *list, const struct mo_type *want)
{
	const struct mo_value *v = mo_eval_expr(ev, f, n, want);
	if (mo_is_none(v) || mo_is_error(v)) {
		return mo_is_none(v);
	}
	if (v->kind == MO_VALUE_DEPLOY) {
		mo_cannot_compute(ev, n->span, v, "a list that holds another one",
			"use the list as a whole, or a list that is known at compile time");
		return false;
	}
	struct append a = { list, n->span };
	return mo_iterate(ev, v, n->span, false, append_each, &a);
}

const struct mo_value *
mo_eval_list(struct mo_eval *ev, struct mo_frame *f, struct mo_list_node *n, const struct mo_type *want)
{
	struct mo_value *list = mo_value_list(ev->arena, n->node.span);
	const struct mo_type *element = wanted_element(want, MO_TYPE_LIST);
	for (uint32_t i = 0; i < n->items.len; i++) {
		struct mo_node *item = n->items.items[i];
		if (item->kind == MO_SPREAD_NODE) {
			if (!spread_into_list(ev, f, mo_as_spread(item)->value, list, want)) {
				return mo_error_value();
			}
			continue;
		}
		const struct mo_value *v = mo_eval_expr(ev, f, item, element);
		if (mo_is_error(v)) {
			return v;
		}
		mo_push(ev->arena, &list->items, v);
	}
	return weighed(ev, list);
}

// ---- records ---------------------------------------------------------------------------------------------------------------------

// What is none does not take away what is there.
static void
set_field(struct mo_eval *ev, struct mo_value *record, struct mo_str key, struct mo_span span, const struct mo_value *v)
{
	if (mo_is_none(v) && mo_value_get(record, key)) {
		return;
	}
	mo_value_set(ev->arena, record, key, span, v);
}

static bool
spread_into_record(struct mo_eval *ev, struct mo_frame *f, struct mo_node *n, struct mo_value *record, const struct mo_type *want)
{
	const struct mo_value *v = mo_eval_expr(ev, f, n, want);
	if (mo_is_none(v) || mo_is_error(v)) {
		return mo_is_none(v);
	}
	v = v->kind == MO_VALUE_FAMILY ? mo_family_value(ev, v) : v;
	if (v->kind == MO_VALUE_DEPLOY) {
		mo_needs_compile_time(ev, v, n->span, "what `...` takes its fields from");
		return false;
	}
	if (v->kind != MO_VALUE_RECORD) {
		struct mo_str kind = mo_value_kind_text(ev->arena, v);
		mo_report(ev->ctx->diags, MSG_WRONG_OPERANDS, n->span, "`...` in a record wants a record, this is " MO_STR_FMT,
			MO_STR_ARG(kind));
		return false;
	}
	for (uint32_t i = 0; i < v->members.len; i++) {
		const struct mo_value_member *m = &v->members.items[i];
		set_field(ev, record, m->key, m->key_span, m->value);
	}
	return true;
}

const struct mo_value *
mo_eval_record(struct mo_eval *ev, struct mo_frame *f, struct mo_record_node *n, const struct mo_type *want)
{
	struct mo_value *record = mo_value_record(ev->arena, n->node.span);
	bool good = true;
	for (uint32_t i = 0; i < n->items.len; i++) {
		struct mo_node *item = n->items.items[i];
		if (item->kind == MO_SPREAD_NODE) {
			good = spread_into_record(ev, f, mo_as_spread(item)->value, record, want) && good;
		} else if (item->kind == MO_FIELD_NODE) {
			struct mo_field_node *field = mo_as_field(item);
			const struct mo_type *type = wanted_field(ev, want, field->name.atom);
			const struct mo_value *v = mo_eval_expr(ev, f, field->value, type);
			set_field(ev, record, mo_atom_text(ev, field->name.atom), field->name.span, v);
		}
	}
	return good ? weighed(ev, record) : mo_error_value();
}

// ---- going over things -----------------------------------------------------------------------------------------------------------

static bool
over_list(struct mo_eval *ev, const struct mo_value *v, mo_each each, void *data)
{
	for (uint32_t i = 0; i < v->items.len; i++) {
		if (!each(ev, data, v->items.items[i], NULL)) {
			return false;
		}
	}
	return true;
}

static bool
over_record(struct mo_eval *ev, const struct mo_value *v, mo_each each, void *data)
{
	for (uint32_t i = 0; i < v->members.len; i++) {
		const struct mo_value_member *m = &v->members.items[i];
		if (!each(ev, data, mo_value_string(ev->arena, m->key_span, m->key), m->value)) {
			return false;
		}
	}
	return true;
}

static bool
over_family(struct mo_eval *ev, const struct mo_family *family, mo_each each, void *data)
{
	for (uint32_t i = 0; i < family->members.len; i++) {
		const struct mo_member *m = family->members.items[i];
		if (!each(ev, data, m->keys[0], m->value)) {
			return false;
		}
	}
	return true;
}

static bool
report_not_iterable(struct mo_eval *ev, const struct mo_value *over, struct mo_span span, bool two)
{
	struct mo_str kind = mo_value_kind_text(ev->arena, over);
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_WRONG_LOOP, span, two
		? "`for key, value in …` goes over a map or a family, this is " MO_STR_FMT
		: "`for` goes over a list, this is " MO_STR_FMT, MO_STR_ARG(kind));
	if (two && over->kind == MO_VALUE_LIST) {
		mo_diag_help(d, "take one variable: the elements of a list have no keys");
	} else if (!two && (over->kind == MO_VALUE_RECORD || over->kind == MO_VALUE_FAMILY)) {
		mo_diag_help(d, "take two variables, `for key, value in …`, or go over `values(…)`");
	}
	return false;
}

bool
mo_iterate(struct mo_eval *ev, const struct mo_value *over, struct mo_span span, bool two, mo_each each, void *data)
{
	if (mo_is_error(over)) {
		return false;
	}
	if (over->kind == MO_VALUE_DEPLOY) {
		mo_needs_compile_time(ev, over, span, "what `for` goes over");
		return false;
	}
	if (!two && over->kind == MO_VALUE_LIST) {
		return over_list(ev, over, each, data);
	}
	if (two && over->kind == MO_VALUE_RECORD) {
		return over_record(ev, over, each, data);
	}
	if (two && over->kind == MO_VALUE_FAMILY && over->family->dimensions == 1) {
		return over_family(ev, over->family, each, data);
	}
	if (mo_is_none(over)) {
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_MAY_BE_NONE, span,
			"`for` needs something to go over, this is none");
		mo_diag_help(d, "`… ?? []` goes over nothing when it is absent");
		return false;
	}
	return report_not_iterable(ev, over, span, two);
}

// ---- comprehensions --------------------------------------------------------------------------------------------------------------

struct comprehension {
	mo_nodes clauses;
	uint32_t at; // the clause at hand
	struct mo_frame *frame;
	struct mo_node *body, *key; // key: of a record
	struct mo_value *result;
	const struct mo_type *want;
	bool failed;
};

static bool next_clause(struct mo_eval *ev, struct comprehension *c);

static bool
add_to_record(struct mo_eval *ev, struct comprehension *c)
{
	const struct mo_value *key = mo_eval_expr(ev, c->frame, c->key, NULL);
	if (mo_is_error(key)) {
		return false;
	}
	if (key->kind == MO_VALUE_DEPLOY) {
		mo_needs_compile_time(ev, key, c->key->span, "a key");
		return false;
	}
	if (key->kind != MO_VALUE_STRING && key->kind != MO_VALUE_INT) {
		struct mo_str kind = mo_value_kind_text(ev->arena, key);
		mo_report(ev->ctx->diags, MSG_WRONG_INDEX, c->key->span, "a key is a String, this is " MO_STR_FMT, MO_STR_ARG(kind));
		return false;
	}
	struct mo_str text = mo_key_text(ev, key);
	if (mo_value_get(c->result, text)) {
		mo_report(ev->ctx->diags, MSG_DUPLICATE_KEY, c->key->span, "the key `" MO_STR_FMT "` comes twice", MO_STR_ARG(text));
		return false;
	}
	if (!has_room(ev, c->result->members.len, c->body->span)) {
		return false;
	}
	const struct mo_value *v = mo_eval_expr(ev, c->frame, c->body, c->want);
	mo_value_set(ev->arena, c->result, text, c->key->span, v);
	return !mo_is_error(v);
}

static bool
add_to_list(struct mo_eval *ev, struct comprehension *c)
{
	const struct mo_value *v = mo_eval_expr(ev, c->frame, c->body, c->want);
	return !mo_is_error(v) && append(ev, c->result, v, c->body->span);
}

static struct mo_symbol *
variable_of(const struct mo_scope *scope, struct mo_name name)
{
	return scope && name.atom ? mo_map_get(&scope->values, name.atom) : NULL;
}

struct turn {
	struct comprehension *c;
	const struct mo_scope *scope;
	struct mo_symbol *first, *second;
};

static bool
each_turn(struct mo_eval *ev, void *data, const struct mo_value *first, const struct mo_value *second)
{
	struct turn *t = data;
	struct comprehension *c = t->c;
	struct mo_binding bindings[2] = { { t->first, first }, { t->second, second } };
	struct mo_frame frame = { .parent = c->frame, .scope = t->scope, .instance = c->frame ? c->frame->instance : NULL,
		.naming = c->frame && c->frame->naming, .bindings = bindings, .binding_count = second ? 2 : 1 };
	struct mo_frame *outer = c->frame;
	c->frame = &frame;
	c->at++;
	bool good = next_clause(ev, c);
	c->at--;
	c->frame = outer;
	return good;
}

static bool
clause_if(struct mo_eval *ev, struct comprehension *c, struct mo_node *cond)
{
	struct mo_truth truth;
	if (!mo_eval_truth(ev, c->frame, cond, &truth)) {
		return false;
	}
	if (!truth.known) {
		mo_cannot_compute(ev, cond->span, NULL, "which elements to take",
			"put the condition into the element: `if … then …`");
		return false;
	}
	if (!truth.truth) {
		return true;
	}
	c->at++;
	bool good = next_clause(ev, c);
	c->at--;
	return good;
}

static bool
next_clause(struct mo_eval *ev, struct comprehension *c)
{
	if (c->at == c->clauses.len) {
		return c->key ? add_to_record(ev, c) : add_to_list(ev, c);
	}
	struct mo_node *n = c->clauses.items[c->at];
	if (n->kind == MO_CLAUSE_IF_NODE) {
		return clause_if(ev, c, mo_as_clause_if(n)->cond);
	}
	struct mo_clause_for_node *loop = mo_as_clause_for(n);
	const struct mo_scope *scope = mo_scope_of(ev->program, n);
	struct turn t = { c, scope, variable_of(scope, loop->first), variable_of(scope, loop->second) };
	const struct mo_value *over = mo_eval_expr(ev, c->frame, loop->list, NULL);
	return mo_iterate(ev, over, loop->list->span, loop->second.atom != 0, each_turn, &t);
}

const struct mo_value *
mo_eval_list_for(struct mo_eval *ev, struct mo_frame *f, struct mo_list_for_node *n, const struct mo_type *want)
{
	struct comprehension c = { .clauses = n->clauses, .frame = f, .body = n->body, .want = wanted_element(want, MO_TYPE_LIST) };
	c.result = mo_value_list(ev->arena, n->node.span);
	return next_clause(ev, &c) ? weighed(ev, c.result) : mo_error_value();
}

const struct mo_value *
mo_eval_record_for(struct mo_eval *ev, struct mo_frame *f, struct mo_record_for_node *n, const struct mo_type *want)
{
	struct comprehension c = { .clauses = n->clauses, .frame = f, .body = n->body, .key = n->key };
	c.want = wanted_element(want, MO_TYPE_MAP);
	c.result = mo_value_record(ev->arena, n->node.span);
	return next_clause(ev, &c) ? weighed(ev, c.result) : mo_error_value();
}
