// SPDX-License-Identifier: Apache-2.0
// The fields of a block or record, one by one, against a record type, a component's inputs or a structure of the catalog: unknown,
// missing, repeated and wrong ones, each reported at the field itself.
#include "sema/check.h"

enum { FIELDS_LISTED = 8, LABELS_SHOWN = 3 };

static struct mo_str
name_text(struct mo_check *c, mo_atom name)
{
	return mo_atom_str(c->ctx->atoms, name);
}

// ---- what the type wants ---------------------------------------------------------------------------------------------------------

static uint32_t
field_count(const struct mo_type *want)
{
	return want->kind == MO_TYPE_STRUCT ? mo_cat_property_count(want->catalog) : want->fields.len;
}

static struct mo_str
field_name(struct mo_check *c, const struct mo_type *want, uint32_t i)
{
	return want->kind == MO_TYPE_STRUCT ? mo_cat_property(mo_cat_property_at(want->catalog, i)).name
		: name_text(c, want->fields.items[i].name);
}

static bool
is_required(const struct mo_type *want, uint32_t i)
{
	if (want->kind == MO_TYPE_STRUCT) {
		return mo_cat_property(mo_cat_property_at(want->catalog, i)).required;
	}
	const struct mo_field *f = &want->fields.items[i];
	return !f->optional && !f->value && !mo_type_admits_none(f->type) && f->type->kind != MO_TYPE_ERROR;
}

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
	mo_cat p = mo_cat_find_property(want->catalog, name_text(c, name));
	if (!p) {
		return false;
	}
	*out = (struct mo_field){ .name = name, .type = mo_type_of_property(c->ctx, want->resource_type, p),
		.optional = !mo_cat_property(p).required };
	return true;
}

// What its fields are called: properties of resources, inputs of components, fields of all else.
static const char *
field_noun(const struct mo_type *want)
{
	return want->kind == MO_TYPE_STRUCT || want->resource_type.len ? "property" : want->symbol && want->symbol->kind == MO_SYM_COMPONENT ? "input" : "field";
}

// ---- unknown fields --------------------------------------------------------------------------------------------------------------

static void
list_fields(struct mo_check *c, struct mo_diag *d, const struct mo_type *want)
{
	struct mo_buf b = mo_buf_in(&c->ctx->session);
	uint32_t count = field_count(want);
	for (uint32_t i = 0; i < count && i < FIELDS_LISTED; i++) {
		mo_buf_printf(&b, "%s`" MO_STR_FMT "`", i ? ", " : "", MO_STR_ARG(field_name(c, want, i)));
	}
	if (count > FIELDS_LISTED && want->kind == MO_TYPE_STRUCT) {
		mo_buf_printf(&b, " and %u more; see `mlopsc explain " MO_STR_FMT "`", count - FIELDS_LISTED, MO_STR_ARG(want->resource_type));
	} else if (count > FIELDS_LISTED) {
		mo_buf_printf(&b, " and %u more", count - FIELDS_LISTED);
	}
	mo_diag_note(d, count ? "it has " MO_STR_FMT : "it has none" MO_STR_FMT, MO_STR_ARG(mo_buf_str(&b)));
}

static bool
is_resource(const struct mo_type *want)
{
	return want->kind == MO_TYPE_STRUCT && mo_str_eq(mo_cat_structure_name(want->catalog), want->resource_type);
}

static bool
is_attribute(const struct mo_type *want, struct mo_str name)
{
	mo_cat r = is_resource(want) ? mo_cat_find_resource(want->resource_type) : 0;
	return r && mo_cat_find_attribute(r, name);
}

// Where this language says what CloudFormation says in keys of a resource or of an account's own.
static const struct {
	const char *name, *help;
} elsewhere[] = {
	{ "DependsOn", "an order that no reference shows is written `@depends_on(x)` before the declaration" },
	{ "DeletionPolicy", "that is written `@retain`, `@snapshot` or `@delete` before the declaration" },
	{ "UpdateReplacePolicy", "that is written `@retain`, `@snapshot` or `@delete` before the declaration" },
	{ "Condition", "put the declaration into `if condition { … }`" },
	{ "Properties", "properties stand in the block itself" },
	{ "Type", "the type stands before the name: `AWS::S3::Bucket name { … }`" },
	{ "Metadata", "that is written `@metadata({ … })` before the declaration" },
	{ "CreationPolicy", "that is written `@creation_policy({ … })` before the declaration" },
	{ "UpdatePolicy", "that is written `@update_policy({ … })` before the declaration" },
};

static bool
help_with_resource(struct mo_diag *d, const struct mo_type *want, struct mo_str name)
{
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(*elsewhere) && is_resource(want); i++) {
		if (mo_str_is(name, elsewhere[i].name)) {
			mo_diag_help(d, "%s", elsewhere[i].help);
			return true;
		}
	}
	return false;
}

// A field whose name is no name of the language, such as `on-failure`, stands in quotes.
static void
suggest_field(struct mo_diag *d, struct mo_span span, const struct mo_suggestion *near)
{
	bool plain = true;
	for (size_t i = 0; i < near->best.len; i++) {
		char ch = near->best.p[i];
		plain = plain && ((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_' || (i > 0 && ch >= '0' && ch <= '9'));
	}
	if (plain) {
		mo_diag_suggest(d, span, near);
		return;
	}
	mo_diag_help(d, "did you mean `\"" MO_STR_FMT "\"`?", MO_STR_ARG(near->best));
	mo_diag_fix(d, span, "\"" MO_STR_FMT "\"", MO_STR_ARG(near->best));
}

// Gives the name that was probably meant; 0 when none is near.
static mo_atom
report_unknown(struct mo_check *c, struct mo_name name, const struct mo_type *want)
{
	if (mo_check_may_declare(want, name.atom)) {
		return 0;
	}
	struct mo_str text = name_text(c, name.atom);
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_UNKNOWN_FIELD, name.span, MO_STR_FMT " has no %s `" MO_STR_FMT "`",
		MO_STR_ARG(mo_type_noun(c->ctx, want)), field_noun(want), MO_STR_ARG(text));
	struct mo_suggestion near = mo_suggest(text);
	for (uint32_t i = 0; i < field_count(want); i++) {
		mo_suggest_from(&near, field_name(c, want, i));
	}
	if (is_attribute(want, text)) {
		mo_diag_here(d, "read-only: CloudFormation gives this value, nobody sets it");
	} else if (help_with_resource(d, want, text)) {
		return 0;
	} else if (near.best.len) {
		suggest_field(d, name.span, &near);
		return mo_atom_of(c->ctx->atoms, near.best);
	} else {
		list_fields(c, d, want);
		if (want->name && mo_str_is(name_text(c, want->name), "an account")) {
			mo_diag_help(d, "what is to be said of an account besides goes into its labels: `labels: { " MO_STR_FMT ": … }`", MO_STR_ARG(text));
		}
	}
	return 0;
}

// ---- fields ----------------------------------------------------------------------------------------------------------------------

struct fields {
	const struct mo_type *want;  // NULL: any names
	struct mo_map seen;          // name -> span of the first
	struct mo_map misspelled;    // names that unknown ones were probably meant to be
	struct mo_map *given;
	struct mo_type *record;      // of what was passed
	struct mo_map places;        // name -> 1 + index in it
	bool open;                   // something was spread whose fields are not known: nothing is missing
	bool changes;                // of what is there already: `+:` has a meaning
	mo_atom defaults_of;         // a resource type whose `defaults` count as given; 0: none
};

static void
add_given(struct mo_check *c, struct fields *f, mo_atom name, struct mo_span span, const struct mo_type *t, bool optional)
{
	if (f->given) {
		mo_map_put(&c->ctx->session, f->given, name, (void *)(uintptr_t)t);
	}
	struct mo_field field = { .name = name, .span = span, .type = t, .optional = optional };
	uint64_t at = (uint64_t)(uintptr_t)mo_map_get(&f->places, name);
	if (at && optional) { // what may be absent does not erase
		field.type = mo_type_union(c->ctx, f->record->fields.items[at - 1].type, t);
		field.optional = f->record->fields.items[at - 1].optional;
	}
	if (at) {
		f->record->fields.items[at - 1] = field;
		return;
	}
	mo_push(&c->ctx->session, &f->record->fields, field);
	mo_map_put(&c->ctx->session, &f->places, name, (void *)(uintptr_t)f->record->fields.len);
}

// Whether a field was set before in the same braces (reported).
static bool
is_repeated(struct mo_check *c, struct fields *f, struct mo_field_node *n)
{
	struct mo_span *first = mo_map_get(&f->seen, n->name.atom);
	if (first) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_DUPLICATE_FIELD, n->name.span, "`" MO_STR_FMT "` is set twice",
			MO_STR_ARG(name_text(c, n->name.atom)));
		mo_diag_label(d, *first, "set here first");
		return true;
	}
	mo_map_put(&c->ctx->session, &f->seen, n->name.atom, &n->name.span);
	return false;
}

static void
refuse_append(struct mo_check *c, struct mo_field_node *n)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISPLACED, n->name.span, "`+:` adds to what is there already: it belongs to an `override`");
	mo_diag_help(d, "write `" MO_STR_FMT ": …`", MO_STR_ARG(name_text(c, n->name.atom)));
	mo_check_infer(c, n->value);
}

// Whether something can be added to a value of the type (reported when not).
static bool
takes_more(struct mo_check *c, struct mo_field_node *n, const struct mo_type *type)
{
	const struct mo_type *t = mo_type_present(type);
	if (t->kind == MO_TYPE_LIST || t->kind == MO_TYPE_MAP || t->kind == MO_TYPE_JSON || t->kind == MO_TYPE_ERROR) {
		return true;
	}
	struct mo_str name = name_text(c, n->name.atom);
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, n->name.span,
		"`+:` adds to a list or a map, `" MO_STR_FMT "` is " MO_STR_FMT, MO_STR_ARG(name), MO_STR_ARG(mo_type_noun(c->ctx, t)));
	mo_diag_help(d, "`" MO_STR_FMT ": …` sets it", MO_STR_ARG(name));
	mo_check_infer(c, n->value);
	return false;
}

static void
check_field(struct mo_check *c, struct fields *f, struct mo_field_node *n)
{
	struct mo_field wanted;
	mo_check_decorators(c, &n->item);
	if (!n->name.atom || is_repeated(c, f, n)) {
		return;
	}
	if (n->append && !f->changes) {
		refuse_append(c, n);
		return;
	}
	if (!wanted_field(c, f->want, n->name.atom, &wanted)) {
		mo_atom meant = report_unknown(c, n->name, f->want);
		if (meant && !mo_map_get(&f->seen, meant)) { // so that is not missing
			mo_map_put(&c->ctx->session, &f->misspelled, meant, n);
		}
		mo_check_infer(c, n->value);
		return;
	}
	if (n->append && !takes_more(c, n, wanted.type)) {
		return;
	}
	bool may_be_absent = wanted.optional || wanted.value || n->append;
	const struct mo_type *want = may_be_absent ? mo_type_optional(c->ctx, wanted.type) : wanted.type;
	const struct mo_type *t = mo_check_for(c, n->value, want, name_text(c, n->name.atom));
	add_given(c, f, n->name.atom, n->name.span, t, false);
}

// ---- spreads ---------------------------------------------------------------------------------------------------------------------

static void
check_spread_field(struct mo_check *c, struct fields *f, struct mo_node *v, const struct mo_type *from, const struct mo_field *have)
{
	struct mo_field wanted;
	if (!wanted_field(c, f->want, have->name, &wanted)) {
		report_unknown(c, (struct mo_name){ have->name, v->span }, f->want);
		return;
	}
	const struct mo_type *part = mo_type_part(c->ctx, from, have->name, mo_type_present(have->type));
	struct mo_str outer = c->wanted_for;
	c->wanted_for = name_text(c, have->name);
	if (part->kind != MO_TYPE_NONE && mo_check_fit(c, v, part, wanted.type)) {
		add_given(c, f, have->name, v->span, part, have->optional || mo_type_admits_none(have->type));
	} else if (part->kind != MO_TYPE_NONE) {
		mo_map_put(&c->ctx->session, &f->misspelled, have->name, v); // given, though wrong
	}
	c->wanted_for = outer;
}

static void
check_spread(struct mo_check *c, struct fields *f, struct mo_node *n)
{
	struct mo_node *v = mo_as_spread(n)->value;
	const struct mo_type *t = mo_type_present(mo_check_infer(c, v)); // an absent record adds nothing
	for (uint32_t i = 0; t->kind == MO_TYPE_RECORD && i < t->fields.len; i++) {
		check_spread_field(c, f, v, t, &t->fields.items[i]);
	}
	if (t->kind == MO_TYPE_RECORD || t->kind == MO_TYPE_NONE) {
		return;
	}
	f->open = true;
	bool same = t->kind == MO_TYPE_STRUCT && f->want->kind == MO_TYPE_STRUCT && t->catalog == f->want->catalog;
	if (t->kind != MO_TYPE_ERROR && t->kind != MO_TYPE_ANY && t->kind != MO_TYPE_MAP && t->kind != MO_TYPE_JSON && !same) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, v->span, "`...` in a block wants a record, not " MO_STR_FMT,
			MO_STR_ARG(mo_type_noun(c->ctx, t)));
		mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, t)));
	}
}

// ---- missing fields --------------------------------------------------------------------------------------------------------------

static bool
is_given(struct mo_check *c, struct fields *f, struct mo_str name)
{
	mo_atom atom = mo_atom_find(c->ctx->atoms, name);
	if (!atom) {
		return false;
	}
	uint64_t at = (uint64_t)(uintptr_t)mo_map_get(&f->places, atom);
	return mo_map_get(&f->seen, atom) || mo_map_get(&f->misspelled, atom) || (at && !f->record->fields.items[at - 1].optional)
		|| (f->defaults_of && mo_check_has_default(c, f->defaults_of, atom));
}

static void
report_missing(struct mo_check *c, struct fields *f, struct mo_span at)
{
	struct mo_buf names = mo_buf_in(&c->ctx->session);
	uint32_t missing = 0, first[LABELS_SHOWN] = { 0 };
	for (uint32_t i = 0; i < field_count(f->want); i++) {
		struct mo_str name = field_name(c, f->want, i);
		if (is_required(f->want, i) && !is_given(c, f, name)) {
			mo_buf_printf(&names, "%s`" MO_STR_FMT "`", missing ? ", " : "", MO_STR_ARG(name));
			first[missing < LABELS_SHOWN ? missing : LABELS_SHOWN - 1] = i;
			missing++;
		}
	}
	if (!missing) {
		return;
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISSING_FIELD, at, MO_STR_FMT " needs " MO_STR_FMT,
		MO_STR_ARG(mo_type_noun(c->ctx, f->want)), MO_STR_ARG(mo_buf_str(&names)));
	mo_diag_here(d, missing == 1 ? "is missing here" : "are missing here");
	for (uint32_t i = 0; f->want->kind == MO_TYPE_RECORD && i < missing && i < LABELS_SHOWN; i++) {
		const struct mo_field *w = &f->want->fields.items[first[i]];
		if (!mo_span_is_nowhere(w->span) && w->span.end) {
			mo_diag_label(d, w->span, "declared here, without a default");
		}
	}
}

static void
report_no_field(struct mo_check *c, struct mo_node *n)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISPLACED, mo_check_head(c, n), "only fields can stand here");
	if (n->kind == MO_IF_DECL_NODE) {
		mo_diag_help(d, "a value is chosen by `name: if condition then …`");
	} else if (n->kind == MO_FOR_DECL_NODE) {
		mo_diag_help(d, "a list is made by `name: [for x in xs: …]`");
	} else if (n->kind == MO_RESOURCE_NODE || n->kind == MO_INSTANCE_NODE || n->kind == MO_LET_NODE) {
		mo_diag_help(d, "declare it beside this one");
	}
}

static void
check_all(struct mo_check *c, struct fields *f, mo_nodes items)
{
	for (uint32_t i = 0; i < items.len; i++) {
		struct mo_node *n = items.items[i];
		if (n->kind == MO_FIELD_NODE) {
			check_field(c, f, mo_as_field(n));
		} else if (n->kind == MO_SPREAD_NODE) {
			check_spread(c, f, n);
		} else if (n->kind == MO_BAD_NODE) {
			f->open = true;
		} else {
			report_no_field(c, n);
		}
	}
}

const struct mo_type *
mo_check_changes(struct mo_check *c, mo_nodes items, const struct mo_type *want)
{
	struct fields f = { .want = want, .record = mo_type_new(c->ctx, MO_TYPE_RECORD), .changes = true };
	check_all(c, &f, items);
	return f.record;
}

const struct mo_type *
mo_check_fields(struct mo_check *c, mo_nodes items, const struct mo_type *want, struct mo_span at, struct mo_map *given)
{
	struct fields f = { .want = want, .given = given, .record = mo_type_new(c->ctx, MO_TYPE_RECORD), .defaults_of = c->defaults_of };
	c->defaults_of = 0; // of this block, not of what is inside
	check_all(c, &f, items);
	if (!f.open && !mo_span_is_nowhere(at)) {
		report_missing(c, &f, at);
	}
	return f.record;
}

// ---- fields of any name ----------------------------------------------------------------------------------------------------------

// What is spread into a map or into JSON.
static void
check_spread_entries(struct mo_check *c, struct fields *f, struct mo_node *n, const struct mo_type *want)
{
	struct mo_node *v = mo_as_spread(n)->value;
	const struct mo_type *t = mo_type_present(mo_check_infer(c, v));
	if (t->kind == MO_TYPE_NONE) {
		return;
	}
	if (t->kind == MO_TYPE_RECORD && (!want || mo_check_fit(c, v, t, want->kind == MO_TYPE_JSON ? want : mo_type_map(c->ctx, want)))) {
		for (uint32_t k = 0; k < t->fields.len; k++) {
			const struct mo_field *g = &t->fields.items[k];
			add_given(c, f, g->name, n->span, mo_type_part(c->ctx, t, g->name, g->type), g->optional);
		}
		return;
	}
	f->open = true;
	bool entries = t->kind == MO_TYPE_RECORD || t->kind == MO_TYPE_MAP || t->kind == MO_TYPE_JSON || t->kind == MO_TYPE_STRUCT
		|| (t->kind == MO_TYPE_FAMILY && t->dimensions == 1) || t->kind == MO_TYPE_ERROR || t->kind == MO_TYPE_ANY;
	if (!entries) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, v->span, "`...` in a record wants a record, not " MO_STR_FMT,
			MO_STR_ARG(mo_type_noun(c->ctx, t)));
		mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, t)));
	} else if (want && t->kind == MO_TYPE_MAP) {
		mo_check_fit(c, v, t, want->kind == MO_TYPE_JSON ? want : mo_type_map(c->ctx, want));
	}
	if (t->element) {
		add_given(c, f, 0, n->span, mo_type_part(c->ctx, t, 0, t->element), true); // stands for all whose names are not known
	}
}

// A map of everything that can be in the record.
static const struct mo_type *
as_map(struct mo_check *c, struct fields *f, const struct mo_type *want)
{
	const struct mo_type *element = NULL;
	for (uint32_t i = 0; i < f->record->fields.len; i++) {
		const struct mo_type *t = mo_type_present(f->record->fields.items[i].type);
		element = element ? mo_type_union(c->ctx, element, t) : t;
	}
	return mo_type_map(c->ctx, want && !element ? want : element ? element : mo_type_of_kind(MO_TYPE_JSON));
}

const struct mo_type *
mo_check_entries(struct mo_check *c, mo_nodes items, const struct mo_type *want)
{
	struct fields f = { .record = mo_type_new(c->ctx, MO_TYPE_RECORD) };
	const struct mo_type *optional = want ? mo_type_optional(c->ctx, want) : NULL;
	for (uint32_t i = 0; i < items.len; i++) {
		struct mo_node *n = items.items[i];
		if (n->kind == MO_SPREAD_NODE) {
			check_spread_entries(c, &f, n, want);
		} else if (n->kind == MO_BAD_NODE) {
			f.open = true;
		} else if (n->kind == MO_FIELD_NODE) {
			struct mo_field_node *field = mo_as_field(n);
			mo_check_decorators(c, &field->item);
			if (is_repeated(c, &f, field)) {
				continue;
			}
			if (field->append) {
				refuse_append(c, field);
				continue;
			}
			struct mo_str name = name_text(c, field->name.atom);
			const struct mo_type *t = want ? mo_check_for(c, field->value, optional, name) : mo_check_infer(c, field->value);
			add_given(c, &f, field->name.atom, field->name.span, t, false);
		} else {
			report_no_field(c, n);
		}
	}
	return f.open ? as_map(c, &f, want) : f.record;
}
