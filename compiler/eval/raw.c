// SPDX-License-Identifier: Apache-2.0
// The escape hatch: JSON that is merged into a template (`raw { … }`) or into one resource (@raw). Objects are merged member by member;
// anything else that is there already is a clash. Happens last, when every part of the template has its name.
#include "eval/raw.h"

struct merging {
	struct mo_finish *fin;
	struct mo_str path; // where in the template: "Resources.Models.Properties"
};

// ---- transforms ------------------------------------------------------------------------------------------------------------------

static bool
find_extension(void *data, const struct mo_ir_value *v)
{
	bool *found = data;
	for (uint32_t i = 0; v->kind == MO_IR_OBJECT && i < v->members.len; i++) {
		struct mo_str key = v->members.items[i].key;
		*found = *found || mo_str_starts(key, MO_STR("Fn::ForEach::")) || mo_str_is(key, "Fn::ToJsonString") || mo_str_is(key, "Fn::Length");
	}
	return !*found;
}

// Functions that only the transform AWS::LanguageExtensions knows, written as JSON.
static void
extend_for(struct mo_finish *fin, const struct mo_ir_value *json)
{
	bool found = false;
	mo_ir_visit(json, find_extension, &found);
	if (found) {
		mo_finish_extend(fin, json->span);
	}
}

// ---- what was written ------------------------------------------------------------------------------------------------------------

// A block of fields as one record of JSON. Texts with dynamic references are what they say: this is CloudFormation's own notation.
const struct mo_value *
mo_raw_block(struct mo_eval *ev, struct mo_frame *f, struct mo_node *block)
{
	struct mo_arguments fields = { 0 };
	struct mo_value *record = mo_value_record(ev->arena, block->span);
	bool before = ev->verbatim;
	ev->verbatim = true;
	mo_arguments_collect(ev, f, block, &fields);
	for (uint32_t i = 0; i < fields.items.len; i++) {
		struct mo_argument *a = fields.items.items[i];
		const struct mo_value *v = mo_argument_value(ev, f, a, mo_type_of_kind(MO_TYPE_JSON));
		if (!mo_is_error(v) && !mo_is_none(v)) {
			mo_value_set(ev->arena, record, mo_atom_text(ev, a->name), a->span, v);
		}
	}
	ev->verbatim = before;
	return record;
}

const struct mo_ir_value *
mo_raw_lower(struct mo_eval *ev, const struct mo_value *v)
{
	bool before = ev->verbatim;
	ev->verbatim = true;
	const struct mo_ir_value *ir = mo_lower(ev, v);
	ev->verbatim = before;
	return ir;
}

void
mo_raw_make(struct mo_eval *ev, struct mo_instance *i, struct mo_frame *f, const struct mo_guard *guard, struct mo_raw_node *n)
{
	struct mo_span word = { n->block->span.start, n->block->span.start + 1 };
	if (!i->variant) {
		return;
	}
	if (guard) {
		struct mo_diag *d = mo_eval_report(ev, i, MSG_MISPLACED, word, "`raw` has no place inside an `if` that only CloudFormation decides");
		mo_diag_label(d, guard->span, "known only at deploy time");
		mo_diag_help(d, "put `raw` outside of the `if`, and a condition into it");
		return;
	}
	const struct mo_value *v = mo_raw_block(ev, f, n->block);
	if (!mo_weigh(ev, v, MO_EVAL_HEAVIEST_IR, n->block->span)) {
		return;
	}
	bool library = mo_in_library(ev, word);
	struct mo_ir_raw raw = { .origin = { .span = library ? i->origin : word, .definition = word, .path = i->path } };
	raw.json = mo_raw_lower(ev, v);
	mo_push(ev->arena, &i->variant->template->raw, raw);
}

// ---- merging ---------------------------------------------------------------------------------------------------------------------

static void
clash(const struct merging *m, struct mo_str key, struct mo_span at, struct mo_span there)
{
	struct mo_eval *ev = m->fin->ev;
	const struct mo_instance *i = m->fin->resource ? m->fin->resource->instance : m->fin->variant->body;
	struct mo_diag *d = mo_eval_report(ev, i, MSG_RAW_CLASH, at, "`" MO_STR_FMT "%s" MO_STR_FMT "` is in the template already",
		MO_STR_ARG(m->path), m->path.len ? "." : "", MO_STR_ARG(key));
	if (!mo_span_is_nowhere(there)) {
		mo_diag_label(d, there, "set here");
	}
	mo_diag_help(d, "change it where it is set, or take it out there");
}

static struct merging
inside(const struct merging *m, struct mo_str key)
{
	struct mo_str path = mo_str_printf(m->fin->ev->arena, MO_STR_FMT "%s" MO_STR_FMT, MO_STR_ARG(m->path), m->path.len ? "." : "",
		MO_STR_ARG(key));
	return (struct merging){ m->fin, path };
}

static struct mo_ir_value *
copy_of(const struct merging *m, const struct mo_ir_value *object)
{
	struct mo_ir_value *copy = mo_ir_object(m->fin->ev->arena, object->span);
	for (uint32_t i = 0; i < object->members.len; i++) {
		mo_push(m->fin->ev->arena, &copy->members, object->members.items[i]);
	}
	return copy;
}

// A new object with the members of both. IR nests at most MO_IR_DEEPEST levels, which bounds the recursion.
static struct mo_ir_value *
merged(const struct merging *m, const struct mo_ir_value *a, const struct mo_ir_value *b)
{
	struct mo_ir_value *all = copy_of(m, a);
	for (uint32_t i = 0; i < b->members.len; i++) {
		const struct mo_ir_member *n = &b->members.items[i];
		const struct mo_ir_value *there = mo_ir_get(all, n->key);
		if (!there) {
			mo_push(m->fin->ev->arena, &all->members, *n);
		} else if (there->kind == MO_IR_OBJECT && n->value->kind == MO_IR_OBJECT) {
			struct merging deeper = inside(m, n->key);
			mo_ir_set(m->fin->ev->arena, all, n->key, n->key_span, merged(&deeper, there, n->value));
		} else {
			clash(m, n->key, n->key_span, there->span);
		}
	}
	return all;
}

// *into, which may be NULL, with one member more.
static void
add_member(const struct merging *m, const struct mo_ir_value **into, const struct mo_ir_member *n)
{
	struct mo_ir_value *one = mo_ir_object(m->fin->ev->arena, n->key_span);
	mo_push(m->fin->ev->arena, &one->members, *n);
	*into = *into ? merged(m, *into, one) : one;
}

// *into, which may be NULL, with an object under a name.
static void
add_object(const struct merging *m, const struct mo_ir_value **into, const struct mo_ir_member *n)
{
	struct merging deeper = inside(m, n->key);
	if (*into && ((*into)->kind != MO_IR_OBJECT || n->value->kind != MO_IR_OBJECT)) {
		clash(m, n->key, n->key_span, (*into)->span);
	} else {
		*into = *into ? merged(&deeper, *into, n->value) : n->value;
	}
}

// ---- resources -------------------------------------------------------------------------------------------------------------------

// Where an attribute is set that is no JSON here; false when it is not.
static bool
is_set(const struct mo_ir_resource *r, struct mo_str attribute)
{
	return mo_str_is(attribute, "Type") || (mo_str_is(attribute, "Condition") && r->condition)
		|| (mo_str_is(attribute, "DependsOn") && r->depends_on.len)
		|| (mo_str_is(attribute, "DeletionPolicy") && r->deletion_policy != MO_IR_NO_POLICY)
		|| (mo_str_is(attribute, "UpdateReplacePolicy") && r->update_replace_policy != MO_IR_NO_POLICY);
}

static void
merge_resource(const struct merging *m, struct mo_ir_resource *r, const struct mo_ir_value *json)
{
	const struct mo_ir_value *properties = r->properties;
	for (uint32_t i = 0; i < json->members.len; i++) {
		const struct mo_ir_member *n = &json->members.items[i];
		if (is_set(r, n->key)) {
			clash(m, n->key, n->key_span, r->origin.span);
		} else if (mo_str_is(n->key, "Properties")) {
			add_object(m, &properties, n);
		} else if (mo_str_is(n->key, "Metadata")) {
			add_object(m, &r->metadata, n);
		} else if (mo_str_is(n->key, "CreationPolicy")) {
			add_object(m, &r->creation_policy, n);
		} else if (mo_str_is(n->key, "UpdatePolicy")) {
			add_object(m, &r->update_policy, n);
		} else {
			add_member(m, &r->extra, n);
		}
	}
	r->properties = (struct mo_ir_value *)(uintptr_t)properties;
}

void
mo_raw_merge_resource(struct mo_finish *fin, struct mo_resource *r)
{
	if (!r->raw) {
		return;
	}
	struct merging m = { fin, r->ir.id };
	const struct mo_ir_value *json = mo_finish_value(fin, r->raw);
	struct mo_ir_raw use = { .origin = r->ir.origin, .resource = r->ir.id, .json = json };
	use.origin.span = r->raw->span;
	mo_push(fin->ev->arena, &r->ir.template->raw, use);
	extend_for(fin, json);
	merge_resource(&m, &r->ir, json);
}

static struct mo_ir_resource *
resource_called(const struct mo_ir_template *t, struct mo_str id)
{
	for (uint32_t i = 0; i < t->resources.len; i++) {
		if (!t->resources.items[i]->existing && mo_str_eq(t->resources.items[i]->id, id)) {
			return t->resources.items[i];
		}
	}
	return NULL;
}

// ---- sections --------------------------------------------------------------------------------------------------------------------

// Where the template declares something of this name in a section.
static bool
declared_at(const struct mo_ir_template *t, struct mo_str section, struct mo_str id, struct mo_span *at)
{
#define LOOK(name, list)                                                               \
	for (uint32_t i = 0; mo_str_is(section, name) && i < t->list.len; i++) {       \
		if (mo_str_eq(t->list.items[i]->id, id)) {                             \
			*at = t->list.items[i]->origin.span;                           \
			return true;                                                   \
		}                                                                      \
	}
	LOOK("Parameters", params)
	LOOK("Mappings", mappings)
	LOOK("Conditions", conditions)
	LOOK("Outputs", outputs)
#undef LOOK
	return false;
}

// The members of a section of named things.
static void
merge_section(const struct merging *m, struct mo_ir_template *t, const struct mo_ir_member *section)
{
	struct merging deeper = inside(m, section->key);
	struct mo_ir_value *added = mo_ir_object(m->fin->ev->arena, section->key_span);
	for (uint32_t i = 0; i < section->value->members.len; i++) {
		const struct mo_ir_member *n = &section->value->members.items[i];
		struct mo_ir_resource *r = mo_str_is(section->key, "Resources") ? resource_called(t, n->key) : NULL;
		struct mo_span there;
		if (r && n->value->kind == MO_IR_OBJECT) {
			struct merging resource = inside(&deeper, n->key);
			merge_resource(&resource, r, n->value);
		} else if (r || declared_at(t, section->key, n->key, &there)) {
			clash(&deeper, n->key, n->key_span, r ? r->origin.span : there);
		} else {
			mo_push(m->fin->ev->arena, &added->members, *n);
		}
	}
	if (added->members.len) {
		struct mo_ir_member rest = { section->key, section->key_span, added };
		add_member(m, &t->extra, &rest);
	}
}

static void
merge_transform(const struct merging *m, struct mo_ir_template *t, const struct mo_ir_value *v)
{
	for (uint32_t i = 0; v->kind == MO_IR_LIST && i < v->items.len; i++) {
		mo_template_transform(m->fin->ev, t, v->items.items[i]);
	}
	if (v->kind != MO_IR_LIST) {
		mo_template_transform(m->fin->ev, t, v);
	}
}

static void
merge_description(const struct merging *m, struct mo_ir_template *t, const struct mo_ir_member *n)
{
	if (t->description.len || n->value->kind != MO_IR_STRING) {
		clash(m, n->key, n->key_span, t->span);
	} else {
		t->description = n->value->text;
	}
}

// Sections of named things are objects; anything else there would be lost.
static bool
is_section(struct mo_str key)
{
	static const char *const sections[] = { "Parameters", "Rules", "Mappings", "Conditions", "Resources", "Outputs", "Hooks", "Metadata" };
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
		if (mo_str_is(key, sections[i])) {
			return true;
		}
	}
	return false;
}

static void
refuse_section(const struct merging *m, const struct mo_ir_member *n)
{
	struct mo_diag *d = mo_eval_report(m->fin->ev, m->fin->variant->body, MSG_TYPE_MISMATCH, n->key_span,
		"the section `" MO_STR_FMT "` is an object, in `raw` as in a template", MO_STR_ARG(n->key));
	mo_diag_help(d, "`" MO_STR_FMT ": { Name: { … } }`; a macro stands inside: `{ \"Fn::Transform\": { … } }`", MO_STR_ARG(n->key));
}

static void
merge_template(const struct merging *m, struct mo_ir_template *t, const struct mo_ir_value *json)
{
	for (uint32_t i = 0; i < json->members.len; i++) {
		const struct mo_ir_member *n = &json->members.items[i];
		if (is_section(n->key) && n->value->kind != MO_IR_OBJECT) {
			refuse_section(m, n);
		} else if (mo_str_is(n->key, "Transform")) {
			merge_transform(m, t, n->value);
		} else if (mo_str_is(n->key, "Description")) {
			merge_description(m, t, n);
		} else if (mo_str_is(n->key, "Metadata")) {
			add_object(m, &t->metadata, n);
		} else if (mo_str_is(n->key, "AWSTemplateFormatVersion")) {
			clash(m, n->key, n->key_span, MO_NOWHERE);
		} else if (n->value->kind == MO_IR_OBJECT) {
			merge_section(m, t, n);
		} else {
			add_member(m, &t->extra, n);
		}
	}
}

void
mo_raw_merge_template(struct mo_finish *fin)
{
	struct mo_ir_template *t = fin->variant->template;
	struct merging m = { fin, { 0 } };
	for (uint32_t i = 0; i < t->raw.len; i++) {
		struct mo_ir_raw *use = &t->raw.items[i];
		if (!use->resource.len) {
			use->json = mo_finish_value(fin, use->json);
			extend_for(fin, use->json);
			merge_template(&m, t, use->json);
		}
	}
}
