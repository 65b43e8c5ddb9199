// SPDX-License-Identifier: Apache-2.0
// Resources: handles with their IDs and paths, properties evaluated when first asked for, and what can be read of a resource: a property
// that was set, what Ref gives, an attribute. Takes its types from the catalog or from the schema of a custom resource.
#include "eval/instance.h"

// ---- kinds -----------------------------------------------------------------------------------------------------------------------

static struct mo_name
kind_of(struct mo_eval *ev, const struct mo_node *n)
{
	if (n->kind == MO_NESTED_NODE) {
		return (struct mo_name){ mo_atom_of(ev->ctx->atoms, MO_STR("AWS::CloudFormation::Stack")), n->span };
	}
	return n->kind == MO_RESOURCE_NODE ? ((const struct mo_resource_node *)n)->kind : ((const struct mo_existing_node *)n)->kind;
}

static struct mo_node *
block_of(struct mo_node *n)
{
	return n->kind == MO_RESOURCE_NODE ? mo_as_resource(n)->block : n->kind == MO_EXISTING_NODE ? mo_as_existing(n)->block : NULL;
}

// The schema of a custom resource type, in the file at hand or in any other.
static struct mo_symbol *
schema_of(struct mo_eval *ev, const struct mo_frame *f, mo_atom kind)
{
	for (const struct mo_frame *at = f; at; at = at->parent) {
		struct mo_symbol *s = at->scope ? mo_symbol_real(mo_map_get(&at->scope->kinds, kind)) : NULL;
		if (s && s->kind == MO_SYM_CUSTOM) {
			return s;
		}
	}
	for (uint32_t i = 0; i < ev->program->modules.len; i++) {
		struct mo_symbol *s = mo_symbol_real(mo_map_get(&ev->program->modules.items[i]->scope->kinds, kind));
		if (s && s->kind == MO_SYM_CUSTOM) {
			return s;
		}
	}
	return NULL;
}

static const struct mo_type *
schema_record(struct mo_eval *ev, const struct mo_resource *r, bool gives)
{
	if (!r->schema || r->schema->declarations.len == 0) {
		return NULL;
	}
	struct mo_custom_schema_node *n = mo_as_custom_schema(r->schema->declarations.items[0].node);
	return mo_eval_type(ev, gives ? n->gives : n->properties);
}

static const struct mo_type *
property_type(struct mo_eval *ev, const struct mo_resource *r, struct mo_str name)
{
	if (r->ir.catalog) {
		mo_cat p = mo_cat_find_property(mo_cat_resource(r->ir.catalog).structure, name);
		mo_cat a = !p && r->ir.existing ? mo_cat_find_attribute(r->ir.catalog,
			name) : 0; // of one that exists all can be written
		return p ? mo_type_of_property(ev->ctx, r->ir.type, p) : a ? mo_type_of_attribute(ev->ctx, r->ir.type, a) : NULL;
	}
	const struct mo_type *record = schema_record(ev, r, false);
	mo_atom atom = mo_atom_find(ev->ctx->atoms, name);
	const struct mo_field *field = record && atom ? mo_type_field(record, atom) : NULL;
	if (field) {
		return field->type;
	}
	if (mo_str_is(name, "ServiceToken")) {
		return mo_type_of_kind(MO_TYPE_STRING);
	}
	if (mo_str_is(name, "ServiceTimeout")) {
		struct mo_type *seconds = mo_type_new(ev->ctx, MO_TYPE_INT);
		seconds->unit = MO_STR("s");
		return seconds;
	}
	return record ? NULL : mo_type_of_kind(MO_TYPE_JSON);
}

// ---- making ----------------------------------------------------------------------------------------------------------------------

static void
collect(struct mo_eval *ev, struct mo_resource *r)
{
	struct mo_place_of_work before = mo_enter(ev, r->frame, r->guard);
	mo_arguments_collect(ev, r->frame, block_of(r->node), &r->properties);
	mo_leave(ev, r->frame, before);
	if (!r->ir.existing && r->properties.progress == MO_DONE) {
		mo_change_resource(ev, r);
	}
}

static void
set_written(struct mo_eval *ev, struct mo_resource *r)
{
	collect(ev, r);
	for (uint32_t i = 0; i < r->properties.items.len; i++) {
		struct mo_argument *a = r->properties.items.items[i];
		struct mo_str name = mo_atom_text(ev, a->name);
		const struct mo_value *v = mo_resource_written(ev, r, name, a->span);
		if (v && !mo_is_none(v) && !mo_is_error(v) && mo_weigh(ev, v, MO_EVAL_HEAVIEST_IR, a->span)) {
			mo_ir_set(ev->arena, r->ir.properties, name, a->span, mo_lower(ev, mo_as_refs(ev, v)));
		}
	}
}

static void
make_existing(struct mo_eval *ev, struct mo_resource *r)
{
	struct mo_existing_node *n = mo_as_existing(r->node);
	r->ir.existing = true;
	if (n->target) {
		const struct mo_value *in = mo_eval_expr(ev, r->frame, n->target, NULL);
		r->in = in->kind == MO_VALUE_ACCOUNT || in->kind == MO_VALUE_TARGET ? in : NULL;
	}
	set_written(ev, r);
	if (r->in) {
		mo_existing_complete(ev, r);
	}
}

static void
set_identity(struct mo_eval *ev, struct mo_resource *r, const struct mo_member *m)
{
	struct mo_name name = mo_name_of(m->node);
	struct mo_instance *around = r->instance;
	bool library = around && mo_in_library(ev, name.span);
	r->ir.origin = (struct mo_ir_origin){ .span = library ? around->origin : name.span, .definition = name.span,
		.path = mo_member_path(ev, around, name, m) };
	r->slug = mo_member_slug(ev, around, name, m);
	if (m->node->kind == MO_EXISTING_NODE) {
		return;
	}
	struct mo_str given = mo_decorator_id(ev, (struct mo_item *)(void *)m->node, m->frame);
	r->ir.id = given.len ? given : mo_member_id(ev, around, name, m);
}

const struct mo_value *
mo_resource_make(struct mo_eval *ev, struct mo_member *m)
{
	struct mo_instance *around = m->frame->instance;
	struct mo_name kind = kind_of(ev, m->node);
	if (m->node->kind != MO_EXISTING_NODE && (!around || !around->variant)) {
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_MISPLACED, mo_name_of(m->node).span,
			"a resource stands outside of a stack");
		mo_diag_help(d, "declare it in a `stack`, or in a component that a stack uses");
		return mo_error_value();
	}
	struct mo_resource *r = mo_new(ev->arena, struct mo_resource);
	r->node = m->node;
	r->frame = m->frame;
	r->instance = around;
	r->guard = m->guard;
	r->member = m;
	r->ir.type = mo_atom_text(ev, kind.atom);
	r->ir.catalog = mo_check_catalog_type(r->ir.type);
	r->schema = r->ir.catalog ? NULL : schema_of(ev, m->frame, kind.atom);
	r->ir.template = around && around->variant ? around->variant->template : NULL;
	r->ir.properties = mo_ir_object(ev->arena, m->node->span);
	r->ir.loop = m->frame->loop;
	set_identity(ev, r, m);
	r->properties.owner = r->ir.origin.path;
	struct mo_item *item = (struct mo_item *)(void *)m->node;
	r->decoration = mo_decoration_new(ev, around ? around->decoration : NULL, item, m->frame);
	if (m->node->kind == MO_EXISTING_NODE) {
		make_existing(ev, r);
	} else {
		struct mo_str generation = mo_generation_of(ev, r);
		r->first_id = r->ir.id;
		r->ir.id = mo_str_printf(ev->arena, MO_STR_FMT MO_STR_FMT, MO_STR_ARG(r->first_id), MO_STR_ARG(generation));
	}
	return mo_value_resource(ev->arena, mo_name_of(m->node).span, &r->ir);
}

// ---- properties ------------------------------------------------------------------------------------------------------------------

static const struct mo_value *
report_unknown_property(struct mo_eval *ev, const struct mo_resource *r, const struct mo_argument *a)
{
	struct mo_str name = mo_atom_text(ev, a->name);
	struct mo_diag *d = mo_eval_report(ev, r->instance, MSG_UNKNOWN_FIELD, a->span,
		MO_STR_FMT " has no property `" MO_STR_FMT "`",
		MO_STR_ARG(r->ir.type), MO_STR_ARG(name));
	if (r->ir.catalog) {
		mo_cat structure = mo_cat_resource(r->ir.catalog).structure;
		struct mo_suggestion near = mo_suggest(name);
		for (uint32_t i = 0; i < mo_cat_property_count(structure); i++) {
			mo_suggest_from(&near, mo_cat_property(mo_cat_property_at(structure, i)).name);
		}
		mo_diag_suggest(d, a->span, &near);
	}
	return mo_error_value();
}

const struct mo_value *
mo_resource_written(struct mo_eval *ev, struct mo_resource *r, struct mo_str property, struct mo_span span)
{
	mo_atom atom = mo_atom_find(ev->ctx->atoms, property);
	collect(ev, r);
	struct mo_argument *a = atom ? mo_argument_find(&r->properties, atom) : NULL;
	if (!a) {
		return NULL;
	}
	if (a->progress == MO_DONE) {
		return a->value;
	}
	if (a->progress == MO_BUSY) {
		mo_report_cycle(ev, a, span);
		return mo_error_value();
	}
	const struct mo_type *type = property_type(ev, r, property);
	if (!type) {
		a->progress = MO_DONE;
		a->value = report_unknown_property(ev, r, a);
		return a->value;
	}
	struct mo_place_of_work before = mo_enter(ev, r->frame, r->guard);
	const struct mo_value *v = mo_argument_value(ev, r->frame, a, type);
	mo_leave(ev, r->frame, before);
	return v;
}

void
mo_resource_evaluate(struct mo_eval *ev, struct mo_resource *r)
{
	if (r->evaluated) {
		return;
	}
	r->evaluated = true;
	struct mo_place_of_work before = mo_enter(ev, r->frame, r->guard);
	if (r->node->kind == MO_NESTED_NODE) {
		mo_nested_evaluate(ev, r);
	} else {
		set_written(ev, r);
	}
	mo_decorate_resource(ev, r);
	mo_tag_resource(ev, r);
	mo_leave(ev, r->frame, before);
}

// ---- reading ---------------------------------------------------------------------------------------------------------------------

static const struct mo_value *
report_not_written(struct mo_eval *ev, const struct mo_resource *r, struct mo_name name, struct mo_str wanted)
{
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_ATTRIBUTE_NOT_WRITTEN, name.span,
		"`" MO_STR_FMT "` of the existing `" MO_STR_FMT "` was not written", MO_STR_ARG(wanted),
		MO_STR_ARG(r->ir.origin.path));
	mo_diag_label(d, r->ir.origin.span, "declared here");
	mo_diag_help(d, "add `" MO_STR_FMT ": …` to its declaration", MO_STR_ARG(wanted));
	return mo_error_value();
}

static const struct mo_value *
report_unknown_member(struct mo_eval *ev, const struct mo_resource *r, struct mo_name name)
{
	struct mo_str text = mo_atom_text(ev, name.atom);
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_UNKNOWN_MEMBER, name.span,
		MO_STR_FMT " has no property or attribute `" MO_STR_FMT "`",
		MO_STR_ARG(r->ir.type), MO_STR_ARG(text));
	struct mo_suggestion near = mo_suggest(text);
	mo_suggest_from(&near, MO_STR("Ref"));
	for (uint32_t i = 0; r->ir.catalog && i < mo_cat_attribute_count(r->ir.catalog); i++) {
		mo_suggest_from(&near, mo_cat_property(mo_cat_attribute_at(r->ir.catalog, i)).name);
	}
	mo_diag_suggest(d, name.span, &near);
	return mo_error_value();
}

// A property as it was written when that says more than what the template holds: 90s, not 90.
static const struct mo_value *
as_written(struct mo_eval *ev, struct mo_resource *r, struct mo_str property, const struct mo_value *v, const struct mo_type *seen)
{
	mo_atom atom = mo_atom_find(ev->ctx->atoms, property);
	const struct mo_argument *a = atom ? mo_argument_find(&r->properties, atom) : NULL;
	const struct mo_type *t = seen ? mo_type_present(seen) : NULL;
	if (!a || !a->raw || mo_is_error(v)) {
		return v;
	}
	bool amount = (a->raw->kind == MO_VALUE_DURATION && t && t->kind == MO_TYPE_DURATION)
		      || (a->raw->kind == MO_VALUE_SIZE && t && t->kind == MO_TYPE_SIZE);
	return amount || a->raw->kind == MO_VALUE_CIDR ? a->raw : v;
}

static const struct mo_value *
existing_member(struct mo_eval *ev, struct mo_resource *r, struct mo_name name)
{
	struct mo_str text = mo_atom_text(ev, name.atom);
	struct mo_str ref = r->ir.catalog ? mo_cat_resource(r->ir.catalog).ref : (struct mo_str){ 0 };
	struct mo_str wanted = mo_str_is(text, "Ref") && ref.len ? ref : text;
	const struct mo_value *v = mo_resource_written(ev, r, wanted, name.span);
	if (v && !mo_is_none(v)) {
		return as_written(ev, r, wanted, v, NULL);
	}
	const struct mo_ir_value *arn = mo_is_arn_attribute(ev, r, wanted) ? mo_arn_of(ev, r, name.span) : NULL;
	if (arn) {
		return mo_ir_is_deploy_time(arn) ? mo_value_deploy(ev->arena, name.span, arn, false) : mo_value_of_ir(ev->arena, arn);
	}
	return report_not_written(ev, r, name, wanted);
}

static const struct mo_value *
ref_value(struct mo_eval *ev, struct mo_resource *r, struct mo_span span)
{
	return mo_value_deploy(ev->arena, span, mo_ir_ref(ev->arena, span, &r->ir), false);
}

static const struct mo_value *
attribute_value(struct mo_eval *ev, struct mo_resource *r, struct mo_str name, bool is_list, struct mo_span span)
{
	return mo_value_deploy(ev->arena, span, mo_ir_attribute(ev->arena, span, &r->ir, name), is_list);
}

// `Endpoint` of a type with the attributes Endpoint.Address and Endpoint.Port: a record of them; NULL when there are none.
static const struct mo_value *
dotted_attributes(struct mo_eval *ev, struct mo_resource *r, struct mo_str prefix, struct mo_span span)
{
	struct mo_value *record = NULL;
	for (uint32_t i = 0; r->ir.catalog && i < mo_cat_attribute_count(r->ir.catalog); i++) {
		struct mo_cat_property a = mo_cat_property(mo_cat_attribute_at(r->ir.catalog, i));
		if (a.name.len > prefix.len && mo_str_starts(a.name, prefix) && a.name.p[prefix.len] == '.') {
			record = record ? record : mo_value_record(ev->arena, span);
			struct mo_str rest = mo_str_sub(a.name, prefix.len + 1, a.name.len);
			bool is_list = mo_cat_type(a.type).shape == MO_CAT_LIST;
			mo_value_set(ev->arena, record, rest, span, attribute_value(ev, r, a.name, is_list, span));
		}
	}
	return record;
}

// What a schema promises under a name; a record is of attributes with dots: `Bucket.Arn`.
static const struct mo_value *
given_value(struct mo_eval *ev, struct mo_resource *r, struct mo_str name, const struct mo_type *type, struct mo_span span)
{
	if (type->kind != MO_TYPE_RECORD) {
		return attribute_value(ev, r, name, type->kind == MO_TYPE_LIST, span);
	}
	struct mo_value *record = mo_value_record(ev->arena, span);
	for (uint32_t i = 0; i < type->fields.len; i++) { // as deep as the type was written
		struct mo_str part = mo_atom_text(ev, type->fields.items[i].name);
		struct mo_str full = mo_str_printf(ev->arena, MO_STR_FMT "." MO_STR_FMT, MO_STR_ARG(name), MO_STR_ARG(part));
		mo_value_set(ev->arena, record, part, span, given_value(ev, r, full, mo_type_present(type->fields.items[i].type), span));
	}
	return record;
}

// Of a type without a schema: nobody knows what it is.
static const struct mo_value *
unknown_value(struct mo_eval *ev, struct mo_resource *r, struct mo_str name, struct mo_span span)
{
	struct mo_value *v = mo_value_new(ev->arena, MO_VALUE_DEPLOY, span);
	v->ir = mo_ir_attribute(ev->arena, span, &r->ir, name);
	v->is_any = true;
	return v;
}

static const struct mo_value *
custom_attribute(struct mo_eval *ev, struct mo_resource *r, struct mo_name name)
{
	struct mo_str text = mo_atom_text(ev, name.atom);
	const struct mo_type *gives = schema_record(ev, r, true);
	const struct mo_field *field = gives ? mo_type_field(gives, name.atom) : NULL;
	if (!field && r->schema) {
		return NULL;
	}
	return field ? given_value(ev, r, text, mo_type_present(field->type), name.span) : unknown_value(ev, r, text, name.span);
}

static const struct mo_value *
attribute(struct mo_eval *ev, struct mo_resource *r, struct mo_name name)
{
	struct mo_str text = mo_atom_text(ev, name.atom);
	if (!r->ir.catalog) {
		return custom_attribute(ev, r, name);
	}
	mo_cat a = mo_cat_find_attribute(r->ir.catalog, text);
	if (a) {
		return attribute_value(ev, r, text, mo_cat_type(mo_cat_property(a).type).shape == MO_CAT_LIST, name.span);
	}
	return dotted_attributes(ev, r, text, name.span);
}

const struct mo_value *
mo_resource_member(struct mo_eval *ev, struct mo_resource *r, struct mo_name name, const struct mo_type *seen)
{
	struct mo_str text = mo_atom_text(ev, name.atom);
	if (r->ir.existing) {
		return existing_member(ev, r, name);
	}
	const struct mo_value *output = r->node->kind == MO_NESTED_NODE ? mo_nested_member(ev, r, name) : NULL;
	if (output) {
		return output;
	}
	bool is_ref = mo_str_is(text, "Ref") || (r->ir.catalog && mo_str_eq(text, mo_cat_resource(r->ir.catalog).ref));
	if (is_ref) {
		return ref_value(ev, r, name.span); // also when the name is known: whoever uses it has to wait for the resource
	}
	const struct mo_value *written = property_type(ev, r, text) ? mo_resource_written(ev, r, text, name.span) : NULL;
	if (written && !mo_is_none(written) && !mo_value_is_deploy_time(written)) {
		return as_written(ev, r, text, written, seen);
	}
	const struct mo_value *from_service = attribute(ev, r, name);
	if (from_service) {
		return from_service;
	}
	if (written && !mo_is_none(written)) {
		return written;
	}
	if (!property_type(ev, r, text)) {
		return report_unknown_member(ev, r, name);
	}
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_PROPERTY_NOT_SET, name.span, "the property `" MO_STR_FMT "` of `" MO_STR_FMT
		"` is not set and cannot be read back", MO_STR_ARG(text), MO_STR_ARG(r->ir.origin.path));
	mo_diag_label(d, r->ir.origin.span, "declared here");
	return mo_error_value();
}

bool
mo_resource_has_member(struct mo_eval *ev, struct mo_resource *r, struct mo_str name)
{
	mo_atom atom = mo_atom_find(ev->ctx->atoms, name);
	bool set = atom && r->properties.progress == MO_DONE && mo_argument_find(&r->properties, atom);
	if (r->ir.existing) {
		return set;
	}
	if (mo_str_is(name, "Ref") || set) {
		return true;
	}
	if (!r->ir.catalog) {
		const struct mo_type *gives = schema_record(ev, r, true);
		return gives && atom && mo_type_field(gives, atom);
	}
	return mo_cat_find_attribute(r->ir.catalog, name) || mo_str_eq(name, mo_cat_resource(r->ir.catalog).ref);
}
