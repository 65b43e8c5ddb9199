// SPDX-License-Identifier: Apache-2.0
// Literal lists and records, comprehensions, and the fields of blocks: checked part by part, so that a message points at the part.
#include "sema/check.h"

enum { FIELDS_LISTED = 8 };

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

static bool
is_silent(const struct mo_type *t)
{
	return t->kind == MO_TYPE_ERROR || t->kind == MO_TYPE_ANY;
}

// ---- loops -----------------------------------------------------------------------------------------------------------------------

static void
set_variable(struct mo_scope *scope, struct mo_name name, const struct mo_type *t)
{
	struct mo_symbol *s = name.atom && scope ? mo_map_get(&scope->values, name.atom) : NULL;
	if (s) {
		s->type = t;
		s->state = 2;
	}
}

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
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_NOT_A_LIST, list->span, "a `for` walks over a list or a map, not over " MO_STR_FMT,
		MO_STR_ARG(mo_type_text(c->ctx, t)));
	if (mo_type_admits_none(t)) {
		mo_diag_help(d, "it may be none: `… ?? []`");
	} else if (t->kind == MO_TYPE_INT) {
		mo_diag_help(d, "a range: `0..<" MO_STR_FMT "`", MO_STR_ARG(mo_span_text(c->ctx->sources, list->span)));
	} else if (t->kind == MO_TYPE_FAMILY) {
		mo_diag_help(d, "all members of a family: `[%s]`", t->dimensions > 1 ? "*, *" : "*");
	}
}

void
mo_check_loop(struct mo_check *c, struct mo_node *list, struct mo_name first, struct mo_name second, struct mo_scope *scope)
{
	const struct mo_type *t = mo_check_infer(c, list), *key = NULL, *element = error_type();
	set_variable(scope, first, error_type());
	set_variable(scope, second, error_type());
	if (is_silent(t) || !list) {
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
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_LOOP, second.span, "a list has no keys: its `for` has one variable");
		mo_diag_help(d, "for the position too: `for i in 0..<length(…)`");
		return;
	}
	if (!second.atom && key && t->kind != MO_TYPE_JSON) {
		struct mo_str name = mo_atom_str(c->ctx->atoms, first.atom);
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_LOOP, first.span, "the `for` of a map has two variables, for key and value");
		mo_diag_help(d, "`for key, " MO_STR_FMT " in …`, or `for " MO_STR_FMT " in values(…)`", MO_STR_ARG(name), MO_STR_ARG(name));
		return;
	}
	set_variable(scope, first, second.atom ? key : element);
	set_variable(scope, second, element);
}

// Checks clauses from left to right; gives the time of how often the body happens. Facts stay until the caller pops them.
static struct mo_time
check_clauses(struct mo_check *c, mo_nodes clauses)
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
			const struct mo_type *t = mo_check_expr(c, cond, mo_type_of_kind(MO_TYPE_BOOL));
			mo_check_known(c, t, false, cond ? cond->span : n->span, "the filter of a `for`");
			time = mo_time_join(c->ctx, time, t->time);
			mo_facts_push(c, cond, true);
		}
	}
	time.deploy = false; // reported
	return time;
}

// ---- lists -----------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
spread_element(struct mo_check *c, struct mo_node *item)
{
	struct mo_node *v = mo_as_spread(item)->value;
	const struct mo_type *t = mo_check_infer(c, v);
	if (is_silent(t) || t->kind == MO_TYPE_JSON) {
		return t->kind == MO_TYPE_JSON ? t : error_type();
	}
	if (t->kind != MO_TYPE_LIST) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_NOT_A_LIST, v->span, "`...` in a list wants a list, not " MO_STR_FMT,
			MO_STR_ARG(mo_type_text(c->ctx, t)));
		if (mo_type_admits_none(t)) {
			mo_diag_help(d, "it may be none: `...(… ?? [])`");
		}
		return error_type();
	}
	mo_check_known(c, t, false, v->span, "the length of a list");
	return mo_type_part(c->ctx, t, 0, t->element);
}

// `want` is the element that is wanted; NULL: anything.
static const struct mo_type *
check_list_items(struct mo_check *c, mo_nodes items, const struct mo_type *want)
{
	const struct mo_type *element = NULL;
	for (uint32_t i = 0; i < items.len; i++) {
		struct mo_node *item = items.items[i];
		const struct mo_type *t;
		if (item->kind == MO_SPREAD_NODE) {
			t = spread_element(c, item);
			if (want && !is_silent(t) && !mo_check_fit(c, mo_as_spread(item)->value, t, want)) {
				t = error_type();
			}
		} else {
			// Something that may be none may stand in a list: it drops out.
			t = mo_type_present(want ? mo_check_expr(c, item, mo_type_optional(c->ctx, want)) : mo_check_infer(c, item));
			t = t->kind == MO_TYPE_NONE ? error_type() : t;
		}
		element = element ? mo_type_union(c->ctx, element, t) : t;
	}
	return mo_type_list(c->ctx, element ? element : error_type());
}

static const struct mo_type *
check_list_for(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	uint32_t mark = c->facts.len;
	struct mo_time time = check_clauses(c, mo_as_list_for(n)->clauses);
	struct mo_node *body = mo_as_list_for(n)->body;
	const struct mo_type *t = want ? mo_check_expr(c, body, mo_type_optional(c->ctx, want)) : mo_check_infer(c, body);
	mo_facts_pop(c, mark);
	return mo_type_at(c->ctx, mo_type_list(c->ctx, mo_type_present(t)), time);
}

static const struct mo_type *
check_list(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	return n->kind == MO_LIST_FOR_NODE ? check_list_for(c, n, want) : check_list_items(c, mo_as_list(n)->items, want);
}

const struct mo_type *
mo_check_list(struct mo_check *c, struct mo_node *n)
{
	return check_list(c, n, NULL);
}

// ---- fields against what is wanted -----------------------------------------------------------------------------------------------

// A field that RECORD or STRUCT has.
static bool
wanted_field(struct mo_check *c, const struct mo_type *want, mo_atom name, struct mo_field *out)
{
	if (want->kind == MO_TYPE_RECORD) {
		const struct mo_field *f = mo_type_field(want, name);
		if (f) {
			*out = *f;
		}
		return f != NULL;
	}
	mo_cat p = mo_cat_find_property(want->catalog, mo_atom_str(c->ctx->atoms, name));
	if (!p) {
		return false;
	}
	*out = (struct mo_field){ .name = name, .type = mo_type_of_property(c->ctx, want->resource_type, p),
		.optional = !mo_cat_property(p).required };
	return true;
}

static struct mo_str
owner_text(struct mo_check *c, const struct mo_type *want)
{
	return mo_type_text(c->ctx, want);
}

static void
list_fields(struct mo_check *c, struct mo_diag *d, const struct mo_type *want)
{
	struct mo_buf b = mo_buf_in(&c->ctx->session);
	uint32_t count = want->kind == MO_TYPE_STRUCT ? mo_cat_property_count(want->catalog) : want->fields.len;
	for (uint32_t i = 0; i < count && i < FIELDS_LISTED; i++) {
		struct mo_str name = want->kind == MO_TYPE_STRUCT ? mo_cat_property(mo_cat_property_at(want->catalog, i)).name
			: mo_atom_str(c->ctx->atoms, want->fields.items[i].name);
		mo_buf_printf(&b, "%s`" MO_STR_FMT "`", i ? ", " : "", MO_STR_ARG(name));
	}
	if (count > FIELDS_LISTED && want->kind == MO_TYPE_STRUCT) {
		mo_buf_printf(&b, " and %u more; see `mlopsc explain " MO_STR_FMT "`", count - FIELDS_LISTED, MO_STR_ARG(owner_text(c, want)));
	} else if (count > FIELDS_LISTED) {
		mo_buf_printf(&b, " and %u more", count - FIELDS_LISTED);
	}
	mo_diag_note(d, count ? "known: " MO_STR_FMT : "it has no fields" MO_STR_FMT, MO_STR_ARG(mo_buf_str(&b)));
}

static bool
is_attribute(const struct mo_type *want, struct mo_str name)
{
	if (want->kind != MO_TYPE_STRUCT || !mo_str_eq(mo_cat_structure_name(want->catalog), want->resource_type)) {
		return false;
	}
	mo_cat r = mo_cat_find_resource(want->resource_type);
	return r && mo_cat_find_attribute(r, name);
}

static void
report_unknown_field(struct mo_check *c, struct mo_name name, const struct mo_type *want)
{
	struct mo_str text = mo_atom_str(c->ctx->atoms, name.atom);
	const char *what = want->kind == MO_TYPE_STRUCT ? "property" : "field";
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_UNKNOWN_FIELD, name.span, MO_STR_FMT " has no %s `" MO_STR_FMT "`",
		MO_STR_ARG(owner_text(c, want)), what, MO_STR_ARG(text));
	struct mo_suggestion near = mo_suggest(text);
	uint32_t count = want->kind == MO_TYPE_STRUCT ? mo_cat_property_count(want->catalog) : want->fields.len;
	for (uint32_t i = 0; i < count; i++) {
		mo_suggest_from(&near, want->kind == MO_TYPE_STRUCT ? mo_cat_property(mo_cat_property_at(want->catalog, i)).name
			: mo_atom_str(c->ctx->atoms, want->fields.items[i].name));
	}
	if (is_attribute(want, text)) {
		mo_diag_here(d, "read-only: CloudFormation gives this value, nobody sets it");
	} else if (mo_str_is(text, "DependsOn")) {
		mo_diag_help(d, "an order that no reference shows is written `@depends_on(x)` before the declaration");
	} else if (mo_str_is(text, "DeletionPolicy") || mo_str_is(text, "UpdateReplacePolicy")) {
		mo_diag_help(d, "that is written `@retain`, `@snapshot` or `@delete` before the declaration");
	} else if (near.best.len) {
		mo_diag_suggest(d, name.span, &near);
	} else {
		list_fields(c, d, want);
	}
}

struct fields {
	const struct mo_type *want;
	struct mo_map seen;          // name -> span of the first
	struct mo_map *given;
	struct mo_type *record;      // of what was passed
	bool open;                   // something was spread whose fields are not known: nothing is missing
};

static void
add_given(struct mo_check *c, struct fields *f, mo_atom name, struct mo_span span, const struct mo_type *t)
{
	if (f->given) {
		mo_map_put(&c->ctx->session, f->given, name, (void *)(uintptr_t)t);
	}
	for (uint32_t i = 0; i < f->record->fields.len; i++) {
		if (f->record->fields.items[i].name == name) {
			f->record->fields.items[i].type = t;
			return;
		}
	}
	mo_push(&c->ctx->session, &f->record->fields, (struct mo_field){ .name = name, .span = span, .type = t });
}

static void
check_field(struct mo_check *c, struct fields *f, struct mo_field_node *n)
{
	struct mo_field wanted;
	struct mo_span *first = mo_map_get(&f->seen, n->name.atom);
	if (first) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_DUPLICATE_FIELD, n->name.span, "`" MO_STR_FMT "` is set twice",
			MO_STR_ARG(mo_atom_str(c->ctx->atoms, n->name.atom)));
		mo_diag_label(d, *first, "set here first");
		return;
	}
	mo_map_put(&c->ctx->session, &f->seen, n->name.atom, &n->name.span);
	if (n->append) {
		mo_check_unsupported(c, n->name.span, "`+:` outside `override`");
		return;
	}
	if (!wanted_field(c, f->want, n->name.atom, &wanted)) {
		report_unknown_field(c, n->name, f->want);
		mo_check_infer(c, n->value);
		return;
	}
	bool may_be_absent = wanted.optional || wanted.value;
	const struct mo_type *t = mo_check_expr(c, n->value, may_be_absent ? mo_type_optional(c->ctx, wanted.type) : wanted.type);
	add_given(c, f, n->name.atom, n->name.span, t);
}

static void
check_spread(struct mo_check *c, struct fields *f, struct mo_node *n)
{
	struct mo_node *v = mo_as_spread(n)->value;
	const struct mo_type *t = mo_check_infer(c, v);
	if (t->kind == MO_TYPE_OPTIONAL) {
		t = t->element; // an absent record adds nothing
	}
	if (t->kind != MO_TYPE_RECORD) {
		f->open = true;
		if (!is_silent(t) && t->kind != MO_TYPE_MAP && t->kind != MO_TYPE_JSON && t->kind != MO_TYPE_NONE
			&& !(t->kind == MO_TYPE_STRUCT && f->want->kind == MO_TYPE_STRUCT && t->catalog == f->want->catalog)) {
			mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, v->span, "`...` in a block wants a record, not " MO_STR_FMT,
				MO_STR_ARG(mo_type_text(c->ctx, t)));
		}
		return;
	}
	for (uint32_t i = 0; i < t->fields.len; i++) {
		const struct mo_field *have = &t->fields.items[i];
		struct mo_field wanted;
		if (!wanted_field(c, f->want, have->name, &wanted)) {
			report_unknown_field(c, (struct mo_name){ have->name, v->span }, f->want);
			continue;
		}
		const struct mo_type *part = mo_type_part(c->ctx, t, have->name, mo_type_present(have->type));
		if (mo_check_fit(c, v, part, wanted.type) && !have->optional && !mo_type_admits_none(have->type)) {
			add_given(c, f, have->name, v->span, part);
		}
	}
}

static void
report_missing(struct mo_check *c, struct fields *f, struct mo_span at)
{
	struct mo_buf names = mo_buf_in(&c->ctx->session);
	uint32_t missing = 0;
	uint32_t count = f->want->kind == MO_TYPE_STRUCT ? mo_cat_property_count(f->want->catalog) : f->want->fields.len;
	for (uint32_t i = 0; i < count; i++) {
		struct mo_str name;
		bool required;
		if (f->want->kind == MO_TYPE_STRUCT) {
			struct mo_cat_property p = mo_cat_property(mo_cat_property_at(f->want->catalog, i));
			name = p.name;
			required = p.required;
		} else {
			const struct mo_field *w = &f->want->fields.items[i];
			name = mo_atom_str(c->ctx->atoms, w->name);
			required = !w->optional && !w->value && !mo_type_admits_none(w->type);
		}
		mo_atom atom = mo_atom_find(c->ctx->atoms, name);
		bool there = atom && (mo_map_get(&f->seen, atom) || mo_type_field(f->record, atom));
		if (required && !there) {
			mo_buf_printf(&names, "%s`" MO_STR_FMT "`", missing++ ? ", " : "", MO_STR_ARG(name));
		}
	}
	if (missing) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISSING_FIELD, at, MO_STR_FMT " needs " MO_STR_FMT, MO_STR_ARG(owner_text(c, f->want)),
			MO_STR_ARG(mo_buf_str(&names)));
		mo_diag_here(d, missing == 1 ? "is missing here" : "are missing here");
	}
}

static const struct mo_type *
check_fields(struct mo_check *c, mo_nodes items, const struct mo_type *want, struct mo_span at, struct mo_map *given)
{
	struct fields f = { .want = want, .given = given, .record = mo_type_new(c->ctx, MO_TYPE_RECORD) };
	for (uint32_t i = 0; i < items.len; i++) {
		struct mo_node *n = items.items[i];
		if (n->kind == MO_FIELD_NODE) {
			check_field(c, &f, mo_as_field(n));
		} else if (n->kind == MO_SPREAD_NODE) {
			check_spread(c, &f, n);
		} else if (n->kind == MO_BAD_NODE) {
			f.open = true;
		} else {
			mo_report(c->ctx->diags, MSG_MISPLACED, n->span, "only fields can stand here");
		}
	}
	if (!f.open) {
		report_missing(c, &f, at);
	}
	return f.record;
}

void
mo_check_fields(struct mo_check *c, mo_nodes items, const struct mo_type *want, struct mo_span at, struct mo_map *given)
{
	check_fields(c, items, want, at, given);
}

// ---- records ---------------------------------------------------------------------------------------------------------------------

// Every field against one type (NULL: anything): a map, or JSON.
static const struct mo_type *
check_uniform(struct mo_check *c, mo_nodes items, const struct mo_type *want)
{
	struct fields f = { .record = mo_type_new(c->ctx, MO_TYPE_RECORD) };
	const struct mo_type *optional = want ? mo_type_optional(c->ctx, want) : NULL;
	for (uint32_t i = 0; i < items.len; i++) {
		struct mo_node *n = items.items[i];
		if (n->kind == MO_SPREAD_NODE) {
			const struct mo_type *t = mo_type_present(mo_check_infer(c, mo_as_spread(n)->value));
			if (want && !is_silent(t)) {
				mo_check_fit(c, mo_as_spread(n)->value, t, want->kind == MO_TYPE_JSON ? want : mo_type_map(c->ctx, want));
			}
			for (uint32_t k = 0; k < t->fields.len; k++) {
				add_given(c, &f, t->fields.items[k].name, n->span, mo_type_part(c->ctx, t, t->fields.items[k].name, t->fields.items[k].type));
			}
			if (t->kind == MO_TYPE_MAP || t->kind == MO_TYPE_JSON) {
				f.open = true;
			}
			continue;
		}
		if (n->kind != MO_FIELD_NODE) {
			continue;
		}
		struct mo_field_node *field = mo_as_field(n);
		if (mo_map_get(&f.seen, field->name.atom)) {
			mo_report(c->ctx->diags, MSG_DUPLICATE_FIELD, field->name.span, "`" MO_STR_FMT "` is set twice",
				MO_STR_ARG(mo_atom_str(c->ctx->atoms, field->name.atom)));
			continue;
		}
		mo_map_put(&c->ctx->session, &f.seen, field->name.atom, &field->name.span);
		add_given(c, &f, field->name.atom, field->name.span, want ? mo_check_expr(c, field->value, optional) : mo_check_infer(c, field->value));
	}
	if (f.open) {
		const struct mo_type *element = f.record->fields.len ? union_of_fields(c, f.record) : mo_type_of_kind(MO_TYPE_JSON);
		return mo_type_map(c->ctx, want ? want : mo_type_union(c->ctx, element, mo_type_of_kind(MO_TYPE_JSON)));
	}
	return f.record;
}

static const struct mo_type *
check_record_for(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	struct mo_record_for_node *r = mo_as_record_for(n);
	uint32_t mark = c->facts.len;
	struct mo_time time = check_clauses(c, r->clauses);
	const struct mo_type *key = mo_check_expr(c, r->key, mo_type_of_kind(MO_TYPE_STRING));
	mo_check_known(c, key, false, r->key ? r->key->span : n->span, "a key");
	const struct mo_type *t = want ? mo_check_expr(c, r->body, mo_type_optional(c->ctx, want)) : mo_check_infer(c, r->body);
	mo_facts_pop(c, mark);
	time = mo_time_join(c->ctx, time, key->time);
	time.deploy = false;
	return mo_type_at(c->ctx, mo_type_map(c->ctx, mo_type_present(t)), time);
}

const struct mo_type *
mo_check_record(struct mo_check *c, struct mo_node *n)
{
	return n->kind == MO_RECORD_FOR_NODE ? check_record_for(c, n, NULL) : check_uniform(c, mo_as_record(n)->items, NULL);
}

// ---- literals against what is wanted ---------------------------------------------------------------------------------------------

static bool
is_record_like(const struct mo_type *t)
{
	return t->kind == MO_TYPE_RECORD || t->kind == MO_TYPE_STRUCT || t->kind == MO_TYPE_MAP || t->kind == MO_TYPE_JSON;
}

// The one alternative that a literal of this shape can be meant for; NULL when there are several or none.
static const struct mo_type *
meant(const struct mo_type *want, bool list)
{
	want = mo_type_present(want);
	if (want->kind != MO_TYPE_UNION) {
		return want;
	}
	const struct mo_type *only = NULL;
	for (uint32_t i = 0; i < want->alternatives.len; i++) {
		const struct mo_type *a = want->alternatives.items[i];
		if (list ? a->kind == MO_TYPE_LIST : is_record_like(a)) {
			if (only) {
				return NULL;
			}
			only = a;
		}
	}
	return only;
}

const struct mo_type *
mo_check_literal(struct mo_check *c, struct mo_node *n, const struct mo_type *want)
{
	bool list = n->kind == MO_LIST_NODE || n->kind == MO_LIST_FOR_NODE;
	const struct mo_type *to = meant(want, list);
	if (to && list && (to->kind == MO_TYPE_LIST || to->kind == MO_TYPE_JSON)) {
		return check_list(c, n, to->kind == MO_TYPE_LIST ? to->element : to);
	}
	if (to && !list && (to->kind == MO_TYPE_MAP || to->kind == MO_TYPE_JSON)) {
		const struct mo_type *element = to->kind == MO_TYPE_MAP ? to->element : to;
		return n->kind == MO_RECORD_NODE ? check_uniform(c, mo_as_record(n)->items, element) : check_record_for(c, n, element);
	}
	if (to && n->kind == MO_RECORD_NODE && (to->kind == MO_TYPE_RECORD || to->kind == MO_TYPE_STRUCT)) {
		struct mo_span open = { n->span.start, n->span.start + 1 };
		return check_fields(c, mo_as_record(n)->items, to, open, NULL);
	}
	const struct mo_type *t = mo_check_infer(c, n);
	return mo_check_fit(c, n, t, want) ? t : error_type();
}
