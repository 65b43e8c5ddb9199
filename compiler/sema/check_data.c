// SPDX-License-Identifier: Apache-2.0
// Data files: the type that their content has by itself, or their content against a type that is wanted, reported inside the file.
#include "sema/check.h"
#include "sema/files.h"
#include "source/data.h"

enum { MOST_ERRORS = 20 }; // in one file

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

// ---- the content's own type ------------------------------------------------------------------------------------------------------

static const struct mo_type *
scalar(struct mo_check *c, enum mo_type_kind kind, bool plain)
{
	struct mo_type *t = mo_type_new(c->ctx, kind);
	t->loose = plain;
	t->data = true;
	return t;
}

static const struct mo_type *type_of_data(struct mo_check *c, const struct mo_data *data, uint32_t depth);

static const struct mo_type *
type_of_object(struct mo_check *c, const struct mo_data *data, uint32_t depth)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	for (uint32_t i = 0; i < data->members.len; i++) {
		const struct mo_data_member *m = &data->members.items[i];
		struct mo_field f = { .name = mo_atom_of(c->ctx->atoms, m->key), .span = m->key_span };
		f.type = type_of_data(c, m->value, depth + 1);
		mo_push(&c->ctx->session, &t->fields, f);
	}
	return t;
}

static const struct mo_type *
type_of_data(struct mo_check *c, const struct mo_data *data, uint32_t depth)
{
	const struct mo_type *element = error_type();
	if (depth > MO_DATA_DEPTH) {
		return mo_type_of_kind(MO_TYPE_JSON);
	}
	switch (data->kind) {
	case MO_DATA_NULL: return mo_type_of_kind(MO_TYPE_NONE);
	case MO_DATA_BOOL: return scalar(c, MO_TYPE_BOOL, data->plain);
	case MO_DATA_INT: return scalar(c, MO_TYPE_INT, data->plain);
	case MO_DATA_FLOAT: return scalar(c, MO_TYPE_FLOAT, data->plain);
	case MO_DATA_STRING: return scalar(c, MO_TYPE_STRING, data->plain);
	case MO_DATA_LIST:
		for (uint32_t i = 0; i < data->items.len; i++) {
			element = mo_type_union(c->ctx, element, type_of_data(c, data->items.items[i], depth + 1));
		}
		return mo_type_list(c->ctx, element);
	case MO_DATA_OBJECT: return type_of_object(c, data, depth);
	}
	return mo_type_of_kind(MO_TYPE_JSON);
}

// ---- the content against a type --------------------------------------------------------------------------------------------------

struct reading {
	struct mo_check *c;
	struct mo_span from;   // the call, or what else has to do with the data
	const char *from_words;
	uint32_t errors;
	bool quiet;            // only whether it fits is asked for
};

static bool check(struct reading *r, const struct mo_data *d, const struct mo_type *want, struct mo_str name);

// Labels the diagnostic that was just made with where the file is read.
static bool
failed(struct reading *r)
{
	if (!r->quiet) {
		mo_diag_label(mo_last(&r->c->ctx->diags->items), r->from, "%s", r->from_words);
		r->errors++;
	}
	return false;
}

// What a scalar can be taken for where `want` is wanted.
static const struct mo_type *
as_wanted(struct reading *r, const struct mo_data *d, const struct mo_type *want)
{
	enum mo_type_kind kind = want->kind == MO_TYPE_UNION && want->alternatives.len ? want->alternatives.items[0]->kind : want->kind;
	bool text = d->kind == MO_DATA_STRING || (d->plain && d->kind != MO_DATA_NULL);
	if (kind == MO_TYPE_STRING && text) {
		return mo_type_literal(r->c->ctx, d->text);
	}
	if (d->kind == MO_DATA_INT && kind == MO_TYPE_INT) {
		struct mo_type *t = mo_type_new(r->c->ctx, MO_TYPE_INT);
		t->is_literal = true;
		t->min = t->max = d->integer;
		return t;
	}
	struct mo_type *t = mo_type_new(r->c->ctx, type_of_data(r->c, d, 0)->kind); // not what it might be in a looser place
	t->data = true;
	return t;
}

static bool
check_scalar(struct reading *r, const struct mo_data *d, const struct mo_type *want, struct mo_str name)
{
	const struct mo_type *t = as_wanted(r, d, want);
	if (mo_fit_types(r->c, t, want).misfit == MO_FITS) {
		return true;
	}
	if (!r->quiet) {
		struct mo_node at = { .kind = MO_STAR_NODE, .span = d->span }; // a place, not an expression
		struct mo_str outer = r->c->wanted_for;
		r->c->wanted_for = name;
		mo_check_fit(r->c, &at, t, want);
		r->c->wanted_for = outer;
	}
	return failed(r);
}

static bool
report_shape(struct reading *r, const struct mo_data *d, const struct mo_type *want, struct mo_str name)
{
	static const char *const shapes[] = { [MO_DATA_NULL] = "nothing", [MO_DATA_BOOL] = "true or false", [MO_DATA_INT] = "a number",
		[MO_DATA_FLOAT] = "a number", [MO_DATA_STRING] = "a text", [MO_DATA_LIST] = "a list", [MO_DATA_OBJECT] = "a map" };
	if (r->quiet) {
		return false;
	}
	struct mo_span at = d->span;
	bool long_one = d->kind == MO_DATA_LIST || d->kind == MO_DATA_OBJECT;
	at.end = long_one ? at.start + 1 : at.end;
	struct mo_str noun = mo_type_noun(r->c->ctx, want);
	struct mo_diag *g;
	if (name.len) {
		g = mo_report(r->c->ctx->diags, MSG_TYPE_MISMATCH, at, "`" MO_STR_FMT "` wants " MO_STR_FMT ", this is %s", MO_STR_ARG(name),
			MO_STR_ARG(noun), shapes[d->kind]);
	} else {
		g = mo_report(r->c->ctx->diags, MSG_TYPE_MISMATCH, at, MO_STR_FMT " is wanted here, this is %s", MO_STR_ARG(noun), shapes[d->kind]);
	}
	mo_diag_note(g, "expected " MO_STR_FMT, MO_STR_ARG(mo_type_text(r->c->ctx, want)));
	return failed(r);
}

// ---- records ---------------------------------------------------------------------------------------------------------------------

// Gives the name that was probably meant, in *meant.
static bool
report_unknown(struct reading *r, const struct mo_data_member *m, const struct mo_type *want, struct mo_str *meant)
{
	if (r->quiet) {
		return false;
	}
	struct mo_diag *d = mo_report(r->c->ctx->diags, MSG_UNKNOWN_FIELD, m->key_span, MO_STR_FMT " has no field `" MO_STR_FMT "`",
		MO_STR_ARG(mo_type_noun(r->c->ctx, want)), MO_STR_ARG(m->key));
	struct mo_suggestion near = mo_suggest(m->key);
	for (uint32_t i = 0; i < want->fields.len; i++) {
		mo_suggest_from(&near, mo_atom_str(r->c->ctx->atoms, want->fields.items[i].name));
	}
	*meant = near.best;
	if (near.best.len) {
		bool quoted = mo_str_starts(mo_span_text(r->c->ctx->sources, m->key_span), MO_STR("\""));
		mo_diag_help(d, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(near.best));
		mo_diag_fix(d, m->key_span, "%s" MO_STR_FMT "%s", quoted ? "\"" : "", MO_STR_ARG(near.best), quoted ? "\"" : "");
	} else {
		mo_diag_note(d, "expected " MO_STR_FMT, MO_STR_ARG(mo_type_text(r->c->ctx, want)));
	}
	return failed(r);
}

static bool
report_missing(struct reading *r, const struct mo_data *d, const struct mo_field *f, const struct mo_type *want)
{
	if (r->quiet) {
		return false;
	}
	struct mo_span at = d->members.len ? d->members.items[0].key_span : d->span;
	struct mo_diag *g = mo_report(r->c->ctx->diags, MSG_MISSING_FIELD, at, MO_STR_FMT " needs `" MO_STR_FMT "`",
		MO_STR_ARG(mo_type_noun(r->c->ctx, want)), MO_STR_ARG(mo_atom_str(r->c->ctx->atoms, f->name)));
	mo_diag_here(g, "is missing here");
	if (f->span.end) {
		mo_diag_label(g, f->span, "declared here, without a default");
	}
	return failed(r);
}

static const struct mo_data_member *
member_of(const struct mo_data *d, struct mo_str key)
{
	for (uint32_t i = 0; i < d->members.len; i++) {
		if (mo_str_eq(d->members.items[i].key, key)) {
			return &d->members.items[i];
		}
	}
	return NULL;
}

static bool
check_record(struct reading *r, const struct mo_data *d, const struct mo_type *want)
{
	bool good = true;
	struct mo_str meant = { 0 };
	for (uint32_t i = 0; i < d->members.len && (good || !r->quiet); i++) {
		const struct mo_data_member *m = &d->members.items[i];
		mo_atom name = mo_atom_find(r->c->ctx->atoms, m->key);
		const struct mo_field *f = name ? mo_type_field(want, name) : NULL;
		if (!f) {
			good = report_unknown(r, m, want, &meant) && good;
			continue;
		}
		bool may_be_absent = f->optional || f->value;
		good = check(r, m->value, may_be_absent ? mo_type_optional(r->c->ctx, f->type) : f->type, m->key) && good;
	}
	for (uint32_t i = 0; i < want->fields.len && (good || !r->quiet); i++) {
		const struct mo_field *f = &want->fields.items[i];
		struct mo_str name = mo_atom_str(r->c->ctx->atoms, f->name);
		bool required = !f->optional && !f->value && !mo_type_admits_none(f->type);
		if (required && !member_of(d, name) && !(meant.len && mo_str_eq(meant, name))) {
			good = report_missing(r, d, f, want) && good;
		}
	}
	return good;
}

// ---- unions ----------------------------------------------------------------------------------------------------------------------

static bool
fits_quietly(struct reading *r, const struct mo_data *d, const struct mo_type *want)
{
	bool before = r->quiet;
	r->quiet = true;
	bool fits = check(r, d, want, (struct mo_str){ 0 });
	r->quiet = before;
	return fits;
}

static bool
same_shape(const struct mo_data *d, const struct mo_type *t)
{
	bool record = t->kind == MO_TYPE_RECORD || t->kind == MO_TYPE_MAP || t->kind == MO_TYPE_STRUCT;
	return d->kind == MO_DATA_LIST ? t->kind == MO_TYPE_LIST : d->kind == MO_DATA_OBJECT ? record : !record && t->kind != MO_TYPE_LIST;
}

static bool
check_union(struct reading *r, const struct mo_data *d, const struct mo_type *want, struct mo_str name)
{
	const struct mo_type *only = NULL;
	uint32_t shapes = 0;
	for (uint32_t i = 0; i < want->alternatives.len; i++) {
		const struct mo_type *a = want->alternatives.items[i];
		if (fits_quietly(r, d, a)) {
			return true;
		}
		if (same_shape(d, a)) {
			only = a;
			shapes++;
		}
	}
	if (d->kind != MO_DATA_LIST && d->kind != MO_DATA_OBJECT) {
		return shapes ? check_scalar(r, d, want, name) : report_shape(r, d, want, name);
	}
	return shapes == 1 ? check(r, d, only, name) : report_shape(r, d, want, name);
}

// ---- any content -----------------------------------------------------------------------------------------------------------------

static bool
check_elements(struct reading *r, const struct mo_data *d, const struct mo_type *element, struct mo_str name)
{
	bool good = true;
	for (uint32_t i = 0; i < d->items.len && (good || !r->quiet) && r->errors < MOST_ERRORS; i++) {
		bool dropped = d->items.items[i]->kind == MO_DATA_NULL; // as in any list
		good = (dropped || check(r, d->items.items[i], element, name)) && good;
	}
	for (uint32_t i = 0; i < d->members.len && (good || !r->quiet) && r->errors < MOST_ERRORS; i++) {
		good = check(r, d->members.items[i].value, element, d->members.items[i].key) && good;
	}
	return good;
}

static bool
check_present(struct reading *r, const struct mo_data *d, const struct mo_type *want, struct mo_str name)
{
	bool list = d->kind == MO_DATA_LIST, object = d->kind == MO_DATA_OBJECT;
	switch (want->kind) {
	case MO_TYPE_UNION:
		return check_union(r, d, want, name);
	case MO_TYPE_LIST:
		return list ? check_elements(r, d, want->element, name) : report_shape(r, d, want, name);
	case MO_TYPE_MAP:
		return object ? check_elements(r, d, want->element, name) : report_shape(r, d, want, name);
	case MO_TYPE_RECORD:
		return object ? check_record(r, d, want) : report_shape(r, d, want, name);
	default:
		return list || object || d->kind == MO_DATA_NULL ? report_shape(r, d, want, name) : check_scalar(r, d, want, name);
	}
}

static bool
check(struct reading *r, const struct mo_data *d, const struct mo_type *want, struct mo_str name)
{
	if (want->kind == MO_TYPE_ERROR || want->kind == MO_TYPE_ANY || want->kind == MO_TYPE_JSON || r->errors >= MOST_ERRORS) {
		return true;
	}
	if (want->kind == MO_TYPE_STRUCT) { // a structure of the catalog: by the content's own type
		struct mo_node at = { .kind = MO_STAR_NODE, .span = { d->span.start, d->span.start + 1 } };
		const struct mo_type *t = type_of_data(r->c, d, 0);
		return mo_fit_types(r->c, t, want).misfit == MO_FITS || (!r->quiet && mo_check_fit(r->c, &at, t, want)) || failed(r);
	}
	if (mo_type_admits_none(want) && d->kind == MO_DATA_NULL) {
		return true;
	}
	return check_present(r, d, mo_type_present(want), name);
}

bool
mo_check_data(struct mo_check *c, const struct mo_data *d, const struct mo_type *want, struct mo_str name, struct mo_span from,
	const char *from_words)
{
	struct reading r = { .c = c, .from = from, .from_words = from_words };
	return check(&r, d, want, name);
}

// ---- calls -----------------------------------------------------------------------------------------------------------------------

// What is wanted decides the type, where it says more than "anything".
static bool
says_something(const struct mo_type *want)
{
	want = want ? mo_type_present(want) : NULL;
	return want && want->kind != MO_TYPE_ERROR && want->kind != MO_TYPE_ANY && want->kind != MO_TYPE_JSON;
}

const struct mo_type *
mo_check_file(struct mo_check *c, struct mo_node *call, enum mo_builtin_kind kind, struct mo_node *path, const struct mo_type *want)
{
	const struct mo_type *t = path->type;
	bool known = t->kind == MO_TYPE_STRING && t->is_literal, data = kind == MO_BUILTIN_YAML || kind == MO_BUILTIN_JSON;
	const struct mo_type *text = mo_type_of_kind(MO_TYPE_STRING);
	if (!known || kind == MO_BUILTIN_GLOB) { // which file it is turns out later, and with it what is in it
		return data ? mo_type_of_kind(MO_TYPE_JSON) : kind == MO_BUILTIN_GLOB ? mo_type_list(c->ctx, text) : text;
	}
	const struct mo_file_read *read = mo_program_read(c->program, call, kind, c->module, t->literal, path->span);
	if (!data || !read || !read->data) {
		return data || !read ? error_type() : text;
	}
	if (!says_something(want)) {
		return type_of_data(c, read->data, 0);
	}
	struct reading r = { .c = c, .from = call->span, .from_words = "read from here" };
	if (!check(&r, read->data, want, (struct mo_str){ 0 })) {
		return error_type();
	}
	return read->data->kind == MO_DATA_NULL ? mo_type_of_kind(MO_TYPE_NONE) : mo_type_present(want);
}
