// SPDX-License-Identifier: Apache-2.0
// Tags of resources and stacks: how many there are, their keys, and values that are known. The same tag on many resources is one mistake,
// where it was written.
#include "check/checks.h"

#include "catalog/limits.h"

static struct mo_span
place_of(struct mo_span written, struct mo_span otherwise)
{
	return mo_span_is_nowhere(written) ? otherwise : written;
}

static void
report_length(struct mo_checker *c, struct mo_span span, enum mo_limit_id id, const char *what, size_t length)
{
	struct mo_diag *d = mo_report(c->diags, MSG_BAD_TAG, span, "the %s of a tag has %zu characters, AWS takes %u", what, length,
		mo_limits[id].most);
	mo_diag_note(d, "%s", mo_limits[id].source);
}

void
mo_check_tag(struct mo_checker *c, struct mo_str key, struct mo_span key_span, struct mo_str value, struct mo_span value_span)
{
	if (mo_str_columns(key) > mo_limits[MO_LIMIT_TAG_KEY].most) {
		report_length(c, key_span, MO_LIMIT_TAG_KEY, "key", mo_str_columns(key));
	}
	if (mo_str_columns(value) > mo_limits[MO_LIMIT_TAG_VALUE].most) {
		report_length(c, place_of(value_span, key_span), MO_LIMIT_TAG_VALUE, "value", mo_str_columns(value));
	}
	if (key.len == 0 || mo_str_starts(key, MO_STR("aws:"))) {
		struct mo_diag *d = mo_report(c->diags, MSG_BAD_TAG, key_span, key.len ? "the tag `" MO_STR_FMT "` starts with `aws:`, which is reserved"
			: "a tag" MO_STR_FMT " has an empty key", MO_STR_ARG(key));
		mo_diag_note(d, "%s", mo_limits[MO_LIMIT_TAG_KEY].source);
	}
}

// ---- how many --------------------------------------------------------------------------------------------------------------------

// Types that take another number of tags than most.
static const struct {
	const char *type;
	enum mo_limit_id limit;
} exceptions[] = {
	{ "AWS::SageMaker::Project", MO_LIMIT_PROJECT_TAGS },
	{ "AWS::ServiceCatalog::CloudFormationProduct", MO_LIMIT_PRODUCT_TAGS },
	{ "AWS::ServiceCatalog::Portfolio", MO_LIMIT_PORTFOLIO_TAGS },
};

static void
check_count(struct mo_checker *c, const struct mo_ir_resource *r, struct mo_span place, uint32_t count)
{
	enum mo_limit_id limit = MO_LIMIT_RESOURCE_TAGS;
	for (size_t i = 0; i < sizeof(exceptions) / sizeof(*exceptions); i++) {
		limit = mo_str_is(r->type, exceptions[i].type) ? exceptions[i].limit : limit;
	}
	if (count > mo_limits[limit].most) {
		struct mo_diag *d = mo_report(c->diags, MSG_TOO_MANY_TAGS, place, "`" MO_STR_FMT "` has %u tags, AWS takes %u %s",
			MO_STR_ARG(r->origin.path), count, mo_limits[limit].most, mo_limits[limit].what);
		mo_diag_note(d, "%s; those from outside count too", mo_limits[limit].source);
	}
}

// ---- lists and maps --------------------------------------------------------------------------------------------------------------

// The tag that an element of a list is; of a choice the first side that is one.
static const struct mo_ir_value *
tag_of(const struct mo_ir_value *v)
{
	const struct mo_ir_value *o = v->kind != MO_IR_IF ? v : v->then->kind == MO_IR_OBJECT ? v->then : v->otherwise;
	return o->kind == MO_IR_OBJECT ? o : NULL;
}

static const struct mo_ir_value *
text_of(const struct mo_ir_value *tag, struct mo_str name)
{
	const struct mo_ir_value *v = tag ? mo_ir_get(tag, name) : NULL;
	return v && v->kind == MO_IR_STRING ? v : NULL;
}

// A key that stood in the list before; both may be on different sides of conditions, which is no mistake.
static void
check_repeated(struct mo_checker *c, const struct mo_ir_value *list, uint32_t at, const struct mo_ir_value *key, struct mo_span place)
{
	for (uint32_t i = 0; i < at; i++) {
		const struct mo_ir_value *item = list->items.items[i], *other = text_of(item, MO_STR("Key"));
		if (item->kind == MO_IR_OBJECT && other && mo_str_eq(other->text, key->text)) {
			struct mo_diag *d = mo_report(c->diags, MSG_BAD_TAG, place_of(key->span, place), "the tag `" MO_STR_FMT "` is given twice",
				MO_STR_ARG(key->text));
			if (!mo_span_is_nowhere(other->span)) {
				mo_diag_label(d, other->span, "given here first");
			}
			return;
		}
	}
}

static void
check_list(struct mo_checker *c, const struct mo_ir_resource *r, const struct mo_ir_value *list, struct mo_span place)
{
	check_count(c, r, place, list->items.len);
	for (uint32_t i = 0; i < list->items.len; i++) {
		const struct mo_ir_value *item = list->items.items[i], *tag = item->kind == MO_IR_OBJECT || item->kind == MO_IR_IF ? tag_of(item) : NULL;
		const struct mo_ir_value *key = text_of(tag, MO_STR("Key")), *value = text_of(tag, MO_STR("Value"));
		if (!key) {
			continue;
		}
		mo_check_tag(c, key->text, place_of(key->span, place), value ? value->text : (struct mo_str){ 0 }, value ? value->span : MO_NOWHERE);
		if (item->kind == MO_IR_OBJECT) {
			check_repeated(c, list, i, key, place);
		}
	}
}

static void
check_map(struct mo_checker *c, const struct mo_ir_resource *r, const struct mo_ir_value *map, struct mo_span place)
{
	check_count(c, r, place, map->members.len);
	for (uint32_t i = 0; i < map->members.len; i++) {
		const struct mo_ir_member *m = &map->members.items[i];
		bool known = m->value->kind == MO_IR_STRING;
		mo_check_tag(c, m->key, place_of(m->key_span, place), known ? m->value->text : (struct mo_str){ 0 },
			known ? m->value->span : MO_NOWHERE);
	}
}

static void
check_tags_of(struct mo_checker *c, const struct mo_ir_resource *r, const struct mo_ir_value *tags, struct mo_span place, uint32_t depth)
{
	if (!tags || depth > MO_IR_DEEPEST) {
		return;
	}
	if (tags->kind == MO_IR_IF) {
		check_tags_of(c, r, tags->then, place, depth + 1);
		check_tags_of(c, r, tags->otherwise, place, depth + 1);
	} else if (tags->kind == MO_IR_LIST) {
		check_list(c, r, tags, place);
	} else if (tags->kind == MO_IR_OBJECT) {
		check_map(c, r, tags, place);
	}
}

void
mo_check_tags(struct mo_checker *c)
{
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		const struct mo_ir_template *t = c->platform->templates.items[i];
		for (uint32_t k = 0; k < t->resources.len; k++) {
			const struct mo_ir_resource *r = t->resources.items[k];
			struct mo_cat_resource info = r->catalog ? mo_cat_resource(r->catalog) : (struct mo_cat_resource){ 0 };
			if (!r->existing && r->catalog && info.tags != MO_CAT_NO_TAGS) {
				check_tags_of(c, r, mo_ir_get(r->properties, info.tag_property), mo_check_place(r->origin, t->span), 0);
			}
		}
	}
}
