// SPDX-License-Identifier: Apache-2.0
// CloudFormation types as the compiler knows them: what can be set, what can be read, what a change does. Types of values are named as
// in messages, so that what stands here can be compared with what an error says.
#include "driver/explain.h"

#include "base/map.h"
#include "catalog/catalog.h"
#include "sema/type.h"

#include <stdlib.h>

enum { TYPE_DEPTH = 32, WIDEST_NAME = 64 };

struct explainer {
	struct mo_ctx *ctx;
	struct mo_buf *out;
	mo_cat resource;
	struct mo_str type;               // its name
	MO_VEC(mo_cat) structures;        // of the resource: itself first, then every property type
	struct mo_map seen;               // structure -> anything
};

// ---- the property types that a resource type has -------------------------------------------------------------------------------------

static void
add_structure(struct explainer *e, mo_cat structure)
{
	if (!mo_map_get(&e->seen, structure)) {
		mo_map_put(&e->ctx->session, &e->seen, structure, e);
		mo_push(&e->ctx->session, &e->structures, structure);
	}
}

static void
add_structures_of(struct explainer *e, mo_cat type, uint32_t depth)
{
	struct mo_cat_type t = mo_cat_type(type);
	if (depth > TYPE_DEPTH) {
		return;
	}
	switch (t.shape) {
	case MO_CAT_LIST:
	case MO_CAT_MAP:
		add_structures_of(e, t.element, depth + 1);
		break;
	case MO_CAT_STRUCT:
		add_structure(e, t.structure);
		break;
	case MO_CAT_UNION:
		for (uint32_t i = 0; i < t.alternatives; i++) {
			add_structures_of(e, mo_cat_alternative(type, i), depth + 1);
		}
		break;
	default:
		break;
	}
}

static int
by_name(const void *pa, const void *pb)
{
	return mo_str_cmp(mo_cat_structure_name(*(const mo_cat *)pa), mo_cat_structure_name(*(const mo_cat *)pb));
}

static void
find_structures(struct explainer *e)
{
	add_structure(e, mo_cat_resource(e->resource).structure);
	for (uint32_t i = 0; i < e->structures.len; i++) { // grows on the way
		mo_cat structure = e->structures.items[i];
		for (uint32_t k = 0; k < mo_cat_property_count(structure); k++) {
			add_structures_of(e, mo_cat_property(mo_cat_property_at(structure, k)).type, 0);
		}
	}
	qsort(e->structures.items + 1, e->structures.len - 1, sizeof(mo_cat), by_name);
}

// ---- properties ------------------------------------------------------------------------------------------------------------------

static const char *
effect_of(const struct mo_cat_property *p)
{
	switch (p->replacement) {
	case MO_CAT_REPLACES:
		return "a change replaces the resource";
	case MO_CAT_MAY_REPLACE:
		return "a change may replace the resource";
	case MO_CAT_UPDATES:
		break;
	}
	return NULL;
}

static void
add_fact(struct mo_buf *out, const char *fact)
{
	mo_buf_adds(out, "; ");
	mo_buf_adds(out, fact);
}

static size_t
wider(size_t width, struct mo_str name)
{
	return name.len > width && name.len <= WIDEST_NAME ? name.len : width;
}

static void
add_name(struct mo_buf *out, struct mo_str name, size_t width)
{
	mo_buf_adds(out, "  ");
	mo_buf_add(out, name);
	mo_buf_fill(out, ' ', name.len < width ? width - name.len + 2 : 2);
}

static void
add_property(struct explainer *e, mo_cat property, size_t width)
{
	struct mo_cat_property p = mo_cat_property(property);
	add_name(e->out, p.name, width);
	mo_buf_add(e->out, mo_type_text(e->ctx, mo_type_of_property(e->ctx, e->type, property)));
	if (p.required) {
		add_fact(e->out, "required");
	}
	if (effect_of(&p)) {
		add_fact(e->out, effect_of(&p));
	}
	if (p.unit.len) {
		mo_buf_printf(e->out, "; in %s", p.unit.p);
	}
	if (p.unique_name) {
		add_fact(e->out, "unique");
	}
	if (mo_cat_property_deprecated(property)) {
		add_fact(e->out, "deprecated");
	}
	mo_buf_addc(e->out, '\n');
}

static void
add_properties(struct explainer *e, mo_cat structure)
{
	size_t width = 0;
	for (uint32_t i = 0; i < mo_cat_property_count(structure); i++) {
		width = wider(width, mo_cat_property(mo_cat_property_at(structure, i)).name);
	}
	mo_buf_adds(e->out, "\nProperties, the required ones first:\n");
	for (int required = 1; required >= 0; required--) {
		for (uint32_t i = 0; i < mo_cat_property_count(structure); i++) {
			mo_cat property = mo_cat_property_at(structure, i);
			if (mo_cat_property(property).required == required) {
				add_property(e, property, width);
			}
		}
	}
}

// ---- a resource type -------------------------------------------------------------------------------------------------------------

static void
add_attributes(struct explainer *e)
{
	uint32_t count = mo_cat_attribute_count(e->resource);
	size_t width = 0;
	if (count) {
		mo_buf_adds(e->out, "\nAttributes:\n");
	}
	for (uint32_t i = 0; i < count; i++) {
		width = wider(width, mo_cat_property(mo_cat_attribute_at(e->resource, i)).name);
	}
	for (uint32_t i = 0; i < count; i++) {
		mo_cat attribute = mo_cat_attribute_at(e->resource, i);
		add_name(e->out, mo_cat_property(attribute).name, width);
		mo_buf_add(e->out, mo_type_text(e->ctx, mo_type_of_attribute(e->ctx, e->type, attribute)));
		mo_buf_addc(e->out, '\n');
	}
}

static void
add_line(struct mo_buf *out, const char *what, struct mo_str text)
{
	if (text.len) {
		mo_buf_printf(out, "%s" MO_STR_FMT "\n", what, MO_STR_ARG(text));
	}
}

static void
add_tags(struct mo_buf *out, const struct mo_cat_resource *r)
{
	static const char *const shapes[] = {
		[MO_CAT_NO_TAGS] = "no",
		[MO_CAT_TAG_LIST] = "a list of Key and Value",
		[MO_CAT_TAG_MAP] = "a map",
		[MO_CAT_TAG_ASG_LIST] = "a list of Key, Value and PropagateAtLaunch",
	};
	mo_buf_printf(out, "Tags: %s", shapes[r->tags]);
	if (r->tags != MO_CAT_NO_TAGS) {
		mo_buf_printf(out, ", in " MO_STR_FMT, MO_STR_ARG(r->tag_property));
	}
	mo_buf_addc(out, '\n');
}

static void
add_facts(struct explainer *e)
{
	struct mo_cat_resource r = mo_cat_resource(e->resource);
	add_line(e->out, "Ref gives: ", r.ref);
	add_line(e->out, "Arn: ", r.arn_template);
	add_tags(e->out, &r);
	add_line(e->out, "Needs the transform: ", mo_cat_resource_transform(e->resource));
	if (r.stateful) {
		mo_buf_adds(e->out, "Keeps data: deleting or replacing it loses them.\n");
	}
	for (uint32_t i = 0; i < mo_cat_wait_count(e->resource); i++) {
		add_line(e->out, "Waits for: ", mo_cat_wait_at(e->resource, i));
	}
}

static void
explain_resource(struct explainer *e)
{
	mo_buf_add(e->out, e->type);
	mo_buf_adds(e->out, "\n\n");
	add_facts(e);
	add_properties(e, e->structures.items[0]);
	add_attributes(e);
	if (e->structures.len > 1) {
		mo_buf_adds(e->out, "\nProperty types:\n");
	}
	for (uint32_t i = 1; i < e->structures.len; i++) {
		mo_buf_printf(e->out, "  " MO_STR_FMT "." MO_STR_FMT "\n", MO_STR_ARG(e->type), MO_STR_ARG(mo_cat_structure_name(e->structures.items[i])));
	}
}

// ---- one property ----------------------------------------------------------------------------------------------------------------

static void
add_values(struct explainer *e, mo_cat type, uint32_t depth)
{
	struct mo_cat_type t = mo_cat_type(type);
	if (depth > TYPE_DEPTH) {
		return;
	}
	if (t.shape == MO_CAT_LIST || t.shape == MO_CAT_MAP) {
		add_values(e, t.element, depth + 1);
	}
	for (uint32_t i = 0; t.shape == MO_CAT_UNION && i < t.alternatives; i++) {
		add_values(e, mo_cat_alternative(type, i), depth + 1);
	}
	if ((t.shape == MO_CAT_STRING || t.shape == MO_CAT_INTEGER) && t.allowed_values) {
		mo_buf_adds(e->out, "Allowed values:\n");
		for (uint32_t i = 0; i < t.allowed_values; i++) {
			add_line(e->out, "  ", mo_cat_allowed_value(type, i));
		}
	}
}

static void
add_references(struct mo_buf *out, mo_cat property, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct mo_cat_reference r = mo_cat_reference(property, i);
		mo_buf_printf(out, "%s" MO_STR_FMT ", its " MO_STR_FMT "\n", i ? "       " : "Wants: ", MO_STR_ARG(r.type),
			MO_STR_ARG(r.attribute.len ? r.attribute : MO_STR("Ref")));
	}
	if (count && mo_cat_accepts_others(property)) {
		mo_buf_adds(out, "       or a resource of another type\n");
	}
}

static void
explain_property(struct explainer *e, struct mo_str name, mo_cat property)
{
	struct mo_cat_property p = mo_cat_property(property);
	mo_buf_add(e->out, name);
	mo_buf_adds(e->out, "\n\n");
	add_line(e->out, "Type: ", mo_type_text(e->ctx, mo_type_of_property(e->ctx, e->type, property)));
	mo_buf_printf(e->out, "Required: %s\n", p.required ? "yes" : "no");
	add_line(e->out, "Update: ", mo_str_c(effect_of(&p) ? effect_of(&p) : "in place"));
	add_line(e->out, "Unit: ", p.unit);
	add_references(e->out, property, p.references);
	add_values(e, p.type, 0);
}

// ---- names -----------------------------------------------------------------------------------------------------------------------

static void
offer_members(struct explainer *e, struct mo_suggestion *s, struct mo_str before, mo_cat structure)
{
	struct mo_arena *a = &e->ctx->session;
	for (uint32_t i = 0; i < mo_cat_property_count(structure); i++) {
		struct mo_str name = mo_cat_property(mo_cat_property_at(structure, i)).name;
		mo_suggest_from(s, mo_str_printf(a, MO_STR_FMT "." MO_STR_FMT, MO_STR_ARG(before), MO_STR_ARG(name)));
	}
	if (structure != e->structures.items[0]) {
		return;
	}
	for (uint32_t i = 1; i < e->structures.len; i++) {
		struct mo_str name = mo_cat_structure_name(e->structures.items[i]);
		mo_suggest_from(s, mo_str_printf(a, MO_STR_FMT "." MO_STR_FMT, MO_STR_ARG(before), MO_STR_ARG(name)));
	}
}

static bool
unknown(struct explainer *e, struct mo_str *error, const char *what, struct mo_str where, struct mo_str name)
{
	*error = mo_str_printf(&e->ctx->session, MO_STR_FMT "%s `" MO_STR_FMT "`", MO_STR_ARG(where), what, MO_STR_ARG(name));
	return false;
}

// What follows the type: "Rule", "Rule.Status" or "BucketName".
static bool
explain_member(struct explainer *e, struct mo_str full, struct mo_str member, struct mo_suggestion *s, struct mo_str *error)
{
	ptrdiff_t dot = mo_str_find(member, MO_STR("."), 0);
	struct mo_str first = mo_str_sub(member, 0, dot < 0 ? member.len : (size_t)dot);
	mo_cat structure = mo_cat_find_structure(e->resource, first);
	mo_cat property = dot < 0 ? mo_cat_find_property(e->structures.items[0], first) : 0;
	struct mo_str before = e->type;
	if (structure && dot >= 0) {
		before = mo_str_sub(full, 0, e->type.len + 1 + (size_t)dot);
		property = mo_cat_find_property(structure, mo_str_sub(member, (size_t)dot + 1, member.len));
	} else if (structure) {
		mo_buf_add(e->out, full);
		mo_buf_addc(e->out, '\n');
		add_properties(e, structure);
	}
	if (property) {
		mo_buf_adds(e->out, structure && dot < 0 ? "\n" : "");
		explain_property(e, full, property);
	}
	if (property || (structure && dot < 0)) {
		return true;
	}
	offer_members(e, s, before, structure ? structure : e->structures.items[0]);
	return unknown(e, error, " has no property or property type", before, mo_str_sub(full, before.len + 1, full.len));
}

bool
mo_explain_type(struct mo_ctx *ctx, struct mo_buf *out, struct mo_str name, struct mo_suggestion *s, struct mo_str *error)
{
	ptrdiff_t dot = mo_str_find(name, MO_STR("."), 0);
	struct explainer e = { .ctx = ctx, .out = out };
	e.type = mo_str_sub(name, 0, dot < 0 ? name.len : (size_t)dot);
	e.resource = mo_cat_find_resource(e.type);
	if (!e.resource) {
		*s = mo_suggest(e.type);
		for (uint32_t i = 0; i < mo_cat_resource_count(); i++) {
			mo_suggest_from(s, mo_cat_resource(mo_cat_resource_at(i)).name);
		}
		return unknown(&e, error, "there is no CloudFormation type", (struct mo_str){ 0 }, e.type);
	}
	find_structures(&e);
	if (dot >= 0) {
		return explain_member(&e, name, mo_str_sub(name, (size_t)dot + 1, name.len), s, error);
	}
	explain_resource(&e);
	return true;
}
