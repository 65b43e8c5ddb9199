// SPDX-License-Identifier: Apache-2.0
// Templates taken from files: their shape, the types and properties of their resources by the catalog, and the types of their parameters and
// outputs. Mistakes are reported in the file. What refers to what is looked at when the template is taken over (eval/take.c).
#include "sema/check.h"
#include "sema/files.h"
#include "sema/param_type.h"
#include "source/data.h"

enum { MOST_ERRORS = 20 }; // in one file

struct reading {
	struct mo_check *c;
	struct mo_span from; // the path in the declaration
	uint32_t errors;
};

static const struct mo_type *
text_type(void)
{
	return mo_type_of_kind(MO_TYPE_STRING);
}

// ---- reports ---------------------------------------------------------------------------------------------------------------------

static void
note_source(struct reading *r, struct mo_diag *d)
{
	mo_diag_label(d, r->from, "taken from here");
	r->errors++;
}

// A list or an object is pointed at where it starts.
static struct mo_span
place_of(const struct mo_data *d)
{
	struct mo_span at = d->span;
	bool long_one = d->kind == MO_DATA_LIST || d->kind == MO_DATA_OBJECT;
	at.end = long_one && at.end > at.start ? at.start + 1 : at.end;
	return at;
}

static bool
wants(struct reading *r, const struct mo_data *d, enum mo_data_kind kind, struct mo_str name, const char *what)
{
	if (d->kind == kind) {
		return true;
	}
	struct mo_diag *g = mo_report(r->c->ctx->diags, MSG_TYPE_MISMATCH, place_of(d), "`" MO_STR_FMT "` wants %s", MO_STR_ARG(name), what);
	note_source(r, g);
	return false;
}

static void
report_missing(struct reading *r, struct mo_span at, struct mo_str owner, const char *name)
{
	struct mo_diag *g = mo_report(r->c->ctx->diags, MSG_MISSING_FIELD, at, "`" MO_STR_FMT "` needs `%s`", MO_STR_ARG(owner), name);
	mo_diag_here(g, "is missing here");
	note_source(r, g);
}

static void
report_unknown(struct reading *r, const struct mo_data_member *m, struct mo_str owner, const struct mo_suggestion *near)
{
	struct mo_diag *g = mo_report(r->c->ctx->diags, MSG_UNKNOWN_FIELD, m->key_span, MO_STR_FMT " has no `" MO_STR_FMT "`", MO_STR_ARG(owner),
		MO_STR_ARG(m->key));
	if (near->best.len) {
		mo_diag_help(g, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(near->best));
	}
	note_source(r, g);
}

// ---- properties ------------------------------------------------------------------------------------------------------------------

// { Ref: … } and { Fn::…: … }: computed when CloudFormation runs.
static bool
is_computed(const struct mo_data *d)
{
	for (uint32_t i = 0; d->kind == MO_DATA_OBJECT && i < d->members.len; i++) {
		struct mo_str key = d->members.items[i].key;
		if (mo_str_starts(key, MO_STR("Fn::")) || (d->members.len == 1 && mo_str_is(key, "Ref"))) {
			return true;
		}
	}
	return false;
}

static void check_value(struct reading *r, const struct mo_data *d, struct mo_str type, mo_cat of, struct mo_str name, uint32_t depth);

static void
check_required(struct reading *r, const struct mo_data *d, mo_cat structure, struct mo_str owner, struct mo_span at, struct mo_str meant)
{
	for (uint32_t i = 0; i < mo_cat_property_count(structure) && r->errors < MOST_ERRORS; i++) {
		struct mo_cat_property p = mo_cat_property(mo_cat_property_at(structure, i));
		struct mo_str name = mo_str_dup(&r->c->ctx->session, p.name);
		if (p.required && !mo_data_get(d, name.p) && !mo_str_eq(name, meant)) {
			report_missing(r, at, owner, name.p);
		}
	}
}

static void
check_structure(struct reading *r, const struct mo_data *d, struct mo_str type, mo_cat structure, struct mo_str owner, uint32_t depth)
{
	if (d->kind != MO_DATA_OBJECT || is_computed(d)) {
		return;
	}
	struct mo_str meant = { 0 };
	for (uint32_t i = 0; i < d->members.len && r->errors < MOST_ERRORS; i++) {
		const struct mo_data_member *m = &d->members.items[i];
		mo_cat property = mo_cat_find_property(structure, m->key);
		if (property) {
			check_value(r, m->value, type, mo_cat_property(property).type, m->key, depth + 1);
			continue;
		}
		struct mo_suggestion near = mo_suggest(m->key);
		for (uint32_t k = 0; k < mo_cat_property_count(structure); k++) {
			mo_suggest_from(&near, mo_cat_property(mo_cat_property_at(structure, k)).name);
		}
		report_unknown(r, m, owner, &near);
		meant = near.best;
	}
	check_required(r, d, structure, owner, d->members.len ? d->members.items[0].key_span : place_of(d), meant);
}

// CloudFormation reads numbers and Bools from texts and texts from numbers, so only the values that a text may have are compared.
static void
check_scalar(struct reading *r, const struct mo_data *d, mo_cat of, struct mo_str name)
{
	uint32_t allowed = mo_cat_type(of).allowed_values;
	struct mo_suggestion near = mo_suggest(d->text);
	for (uint32_t i = 0; i < allowed; i++) {
		if (mo_str_eq(mo_cat_allowed_value(of, i), d->text)) {
			return;
		}
		mo_suggest_from(&near, mo_cat_allowed_value(of, i));
	}
	if (allowed && d->kind == MO_DATA_STRING) {
		struct mo_diag *g = mo_report(r->c->ctx->diags, MSG_VALUE_NOT_ALLOWED, d->span, "`" MO_STR_FMT "` cannot be \"" MO_STR_FMT "\"",
			MO_STR_ARG(name), MO_STR_ARG(d->text));
		if (near.best.len) {
			mo_diag_help(g, "did you mean \"" MO_STR_FMT "\"?", MO_STR_ARG(near.best));
		}
		note_source(r, g);
	}
}

static void
check_value(struct reading *r, const struct mo_data *d, struct mo_str type, mo_cat of, struct mo_str name, uint32_t depth)
{
	struct mo_cat_type t = mo_cat_type(of);
	if (depth > MO_DATA_DEPTH || r->errors >= MOST_ERRORS || is_computed(d)) {
		return;
	}
	if (t.shape == MO_CAT_LIST && d->kind == MO_DATA_LIST) {
		for (uint32_t i = 0; i < d->items.len; i++) {
			check_value(r, d->items.items[i], type, t.element, name, depth + 1);
		}
	} else if (t.shape == MO_CAT_MAP && d->kind == MO_DATA_OBJECT) {
		for (uint32_t i = 0; i < d->members.len; i++) {
			check_value(r, d->members.items[i].value, type, t.element, d->members.items[i].key, depth + 1);
		}
	} else if (t.shape == MO_CAT_STRUCT && d->kind == MO_DATA_OBJECT) {
		check_structure(r, d, type, t.structure, name, depth + 1);
	} else if (t.shape == MO_CAT_STRUCT && d->kind == MO_DATA_STRING) {
		wants(r, d, MO_DATA_OBJECT, name, "an object");
	} else if (t.shape == MO_CAT_STRING && d->kind != MO_DATA_LIST && d->kind != MO_DATA_OBJECT) {
		check_scalar(r, d, of, name);
	}
}

// ---- resources -------------------------------------------------------------------------------------------------------------------

// Types that the catalog cannot know: custom resources, modules, those of others.
static bool
is_foreign(struct mo_str type)
{
	return !mo_str_starts(type, MO_STR("AWS::")) || mo_str_is(type, "AWS::CloudFormation::CustomResource")
		|| mo_str_ends(type, MO_STR("::MODULE")) || mo_str_starts(type, MO_STR("AWS::Serverless::"));
}

static void
check_resource(struct reading *r, const struct mo_data_member *m)
{
	const struct mo_data *type = mo_data_get(m->value, "Type"), *properties = mo_data_get(m->value, "Properties");
	if (mo_str_starts(m->key, MO_STR("Fn::")) || !wants(r, m->value, MO_DATA_OBJECT, m->key, "an object")) {
		return;
	}
	if (!type) {
		report_missing(r, m->key_span, m->key, "Type");
		return;
	}
	if (!wants(r, type, MO_DATA_STRING, MO_STR("Type"), "a text") || is_foreign(type->text)) {
		return;
	}
	mo_cat resource = mo_cat_find_resource(type->text);
	if (!resource) {
		mo_check_unknown_type(r->c, type->text, type->span);
		note_source(r, mo_last(&r->c->ctx->diags->items));
		return;
	}
	struct mo_cat_resource info = mo_cat_resource(resource);
	if (properties && wants(r, properties, MO_DATA_OBJECT, MO_STR("Properties"), "an object")) {
		check_structure(r, properties, info.name, info.structure, info.name, 0);
	} else if (!properties) {
		check_required(r, NULL, info.structure, info.name, m->key_span, (struct mo_str){ 0 });
	}
}

static void
check_resources(struct reading *r, const struct mo_data *root)
{
	const struct mo_data *resources = mo_data_get(root, "Resources");
	if (!resources) {
		report_missing(r, place_of(root), MO_STR("the template"), "Resources");
		return;
	}
	if (!wants(r, resources, MO_DATA_OBJECT, MO_STR("Resources"), "an object")) {
		return;
	}
	for (uint32_t i = 0; i < resources->members.len && r->errors < MOST_ERRORS; i++) {
		check_resource(r, &resources->members.items[i]);
	}
}

static void
check_sections(struct reading *r, const struct mo_data *root)
{
	static const char *const sections[] = { "AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings",
		"Conditions", "Transform", "Resources", "Outputs", "Hooks", "Globals" };
	for (uint32_t i = 0; i < root->members.len; i++) {
		const struct mo_data_member *m = &root->members.items[i];
		struct mo_suggestion near = mo_suggest(m->key);
		bool known = mo_str_starts(m->key, MO_STR("Fn::"));
		for (size_t k = 0; k < sizeof(sections) / sizeof(*sections); k++) {
			known = known || mo_str_is(m->key, sections[k]);
			mo_suggest_from(&near, mo_str_c(sections[k]));
		}
		if (!known) {
			report_unknown(r, m, MO_STR("a template"), &near);
		}
	}
}

// ---- parameters and outputs ------------------------------------------------------------------------------------------------------

static const struct mo_type *
union_of_allowed(struct mo_check *c, const struct mo_data *allowed)
{
	const struct mo_type *all = NULL;
	for (uint32_t i = 0; i < allowed->items.len; i++) {
		const struct mo_type *one = mo_type_literal(c->ctx, allowed->items.items[i]->text);
		all = all ? mo_type_union(c->ctx, all, one) : one;
	}
	return all ? all : text_type();
}

static int64_t
bound(const struct mo_data *d, int64_t otherwise)
{
	return d && d->kind == MO_DATA_INT ? d->integer : otherwise;
}

// What a parameter takes in the language, from its type in CloudFormation.
static const struct mo_type *
type_of_parameter(struct mo_check *c, const struct mo_data *p, struct mo_str name)
{
	if (mo_str_starts(name, MO_STR("List<")) && mo_str_ends(name, MO_STR(">"))) {
		return mo_type_list(c->ctx, type_of_parameter(c, NULL, mo_str_sub(name, 5, name.len - 1)));
	}
	if (mo_str_is(name, "CommaDelimitedList")) {
		return mo_type_list(c->ctx, text_type());
	}
	const struct mo_param_type *row = mo_param_type_named(name);
	if (row) {
		return mo_param_type_make(c->ctx, row);
	}
	if (mo_str_is(name, "Number")) {
		return mo_type_of_kind(MO_TYPE_FLOAT);
	}
	const struct mo_data *allowed = mo_data_get(p, "AllowedValues"), *least = mo_data_get(p, "MinLength"), *most = mo_data_get(p, "MaxLength");
	if (allowed && allowed->kind == MO_DATA_LIST) {
		return union_of_allowed(c, allowed);
	}
	if (!least && !most) {
		return text_type(); // a stored parameter is given by its name
	}
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_STRING);
	t->bounded = true;
	t->min = bound(least, 0);
	t->max = bound(most, INT64_MAX);
	return t;
}

static const struct mo_type *
inputs_of(struct reading *r, const struct mo_data *root, struct mo_symbol *template)
{
	struct mo_check *c = r->c;
	const struct mo_data *parameters = mo_data_get(root, "Parameters");
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	struct mo_str name = mo_atom_str(c->ctx->atoms, template->name);
	t->name = mo_atom_of(c->ctx->atoms, mo_str_printf(&c->ctx->session, "the template `" MO_STR_FMT "`", MO_STR_ARG(name)));
	for (uint32_t i = 0; parameters && parameters->kind == MO_DATA_OBJECT && i < parameters->members.len; i++) {
		const struct mo_data_member *m = &parameters->members.items[i];
		const struct mo_data *type = mo_data_get(m->value, "Type");
		if (!wants(r, m->value, MO_DATA_OBJECT, m->key, "an object")) {
			continue;
		}
		if (!type || type->kind != MO_DATA_STRING) {
			report_missing(r, m->key_span, m->key, "Type");
			continue;
		}
		struct mo_field f = { .name = mo_atom_of(c->ctx->atoms, m->key), .span = m->key_span };
		f.type = type_of_parameter(c, m->value, type->text);
		f.optional = mo_data_get(m->value, "Default") != NULL;
		mo_push(&c->ctx->session, &t->fields, f);
	}
	return t;
}

const struct mo_type *
mo_check_template_file_outputs(struct mo_check *c, const struct mo_symbol *template)
{
	const struct mo_data *outputs = template->file ? mo_data_get(template->file->data, "Outputs") : NULL;
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	for (uint32_t i = 0; outputs && outputs->kind == MO_DATA_OBJECT && i < outputs->members.len; i++) {
		const struct mo_data_member *m = &outputs->members.items[i];
		if (!mo_str_starts(m->key, MO_STR("Fn::")) && !mo_data_get(m->value, "Condition")) { // others may not be there
			struct mo_field f = { .name = mo_atom_of(c->ctx->atoms, m->key), .span = m->key_span, .type = text_type() };
			mo_push(&c->ctx->session, &t->fields, f);
		}
	}
	return t;
}

// ---- the file --------------------------------------------------------------------------------------------------------------------

void
mo_check_template_file(struct mo_check *c, struct mo_symbol *template, struct mo_node *from)
{
	const struct mo_type *path = mo_check_for(c, from, text_type(), (struct mo_str){ 0 });
	template->declared = mo_type_of_kind(MO_TYPE_ERROR);
	if (path->kind == MO_TYPE_ERROR) {
		return;
	}
	if (path->kind != MO_TYPE_STRING || !path->is_literal) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_DEPLOY_TIME, from->span, "the file of a template must be named here");
		mo_diag_help(d, "what is in it has types: `template name from \"folder/file.yaml\"`");
		return;
	}
	const struct mo_file_read *read = mo_program_read_template(c->program, from, c->module, path->literal);
	if (!read || !read->data) {
		return;
	}
	struct reading r = { .c = c, .from = from->span };
	if (!wants(&r, read->data, MO_DATA_OBJECT, path->literal, "an object")) {
		return;
	}
	template->file = read;
	check_sections(&r, read->data);
	template->declared = inputs_of(&r, read->data, template);
	if (!mo_data_get(read->data, "Transform")) {
		check_resources(&r, read->data);
	}
}
