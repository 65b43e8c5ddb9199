// SPDX-License-Identifier: Apache-2.0
// The catalog's types as language types. Made when first asked for: a program that uses ten resource types pays for ten.
#include "base/map.h"
#include "sema/type.h"

enum { CATALOG_DEPTH = 32 };

// Resource types share properties and structures of the catalog; a type says of which resource it is, so each has its own.
struct mo_types {
	struct mo_map properties; // key of a property or attribute -> mo_type
	struct mo_map structures;
};

static uint64_t
key_of(struct mo_str resource_type, mo_cat part)
{
	return (mo_str_hash(resource_type) << 32) ^ part;
}

static struct mo_types *
memo(struct mo_ctx *ctx)
{
	if (!ctx->types) {
		ctx->types = mo_new(&ctx->session, struct mo_types);
	}
	return ctx->types;
}

const struct mo_type *
mo_type_of_structure(struct mo_ctx *ctx, struct mo_str resource_type, mo_cat structure)
{
	struct mo_types *m = memo(ctx);
	uint64_t key = key_of(resource_type, structure);
	struct mo_type *t = mo_map_get(&m->structures, key);
	if (!t) {
		t = mo_type_new(ctx, MO_TYPE_STRUCT);
		t->catalog = structure;
		t->resource_type = resource_type;
		mo_map_put(&ctx->session, &m->structures, key, t);
	}
	return t;
}

static const struct mo_type *of_type(struct mo_ctx *ctx, struct mo_str resource_type, mo_cat type, const struct mo_cat_property *p,
	mo_cat property, uint32_t depth);

// A String, or the union of the values that are allowed.
static const struct mo_type *
string_type(struct mo_ctx *ctx, mo_cat type, const struct mo_cat_type *c, const struct mo_cat_property *p, mo_cat property)
{
	if (c->allowed_values) {
		struct mo_type *u = mo_type_new(ctx, MO_TYPE_UNION);
		for (uint32_t i = 0; i < c->allowed_values; i++) {
			mo_push(&ctx->session, &u->alternatives, mo_type_literal(ctx, mo_cat_allowed_value(type, i)));
		}
		return u->alternatives.len == 1 ? u->alternatives.items[0] : u;
	}
	struct mo_type *s = mo_type_new(ctx, MO_TYPE_STRING);
	for (uint32_t i = 0; p && i < p->references; i++) {
		struct mo_cat_reference r = mo_cat_reference(property, i);
		mo_push(&ctx->session, &s->targets, (struct mo_string_target){ r.type, r.attribute, r.is_ref });
	}
	s->open_targets = p && mo_cat_accepts_others(property);
	return s;
}

static const struct mo_type *
number_type(struct mo_ctx *ctx, enum mo_type_kind kind, const struct mo_cat_property *p)
{
	struct mo_type *t = mo_type_new(ctx, kind);
	if (p) {
		t->unit = p->unit;
	}
	return t;
}

static const struct mo_type *
union_type(struct mo_ctx *ctx, struct mo_str resource_type, mo_cat type, const struct mo_cat_type *c, const struct mo_cat_property *p,
	mo_cat property, uint32_t depth)
{
	struct mo_type *u = mo_type_new(ctx, MO_TYPE_UNION);
	for (uint32_t i = 0; i < c->alternatives; i++) {
		const struct mo_type *a = of_type(ctx, resource_type, mo_cat_alternative(type, i), p, property, depth + 1);
		if (a->kind == MO_TYPE_JSON) {
			return a;
		}
		if (a->kind == MO_TYPE_UNION) {
			for (uint32_t k = 0; k < a->alternatives.len; k++) {
				mo_push(&ctx->session, &u->alternatives, a->alternatives.items[k]);
			}
		} else {
			mo_push(&ctx->session, &u->alternatives, a);
		}
	}
	return u->alternatives.len == 1 ? u->alternatives.items[0] : u;
}

static const struct mo_type *
of_type(struct mo_ctx *ctx, struct mo_str resource_type, mo_cat type, const struct mo_cat_property *p, mo_cat property, uint32_t depth)
{
	struct mo_cat_type c = mo_cat_type(type);
	if (depth > CATALOG_DEPTH) {
		return mo_type_of_kind(MO_TYPE_JSON);
	}
	switch (c.shape) {
	case MO_CAT_STRING:
		return string_type(ctx, type, &c, p, property);
	case MO_CAT_TIMESTAMP:
		return mo_type_of_kind(MO_TYPE_STRING);
	case MO_CAT_INTEGER:
		return number_type(ctx, MO_TYPE_INT, p);
	case MO_CAT_NUMBER:
		return number_type(ctx, MO_TYPE_FLOAT, p);
	case MO_CAT_BOOLEAN:
		return mo_type_of_kind(MO_TYPE_BOOL);
	case MO_CAT_JSON:
		return mo_type_of_kind(MO_TYPE_JSON);
	case MO_CAT_LIST:
		return mo_type_list(ctx, of_type(ctx, resource_type, c.element, p, property, depth + 1));
	case MO_CAT_MAP:
		return mo_type_map(ctx, of_type(ctx, resource_type, c.element, p, property, depth + 1));
	case MO_CAT_STRUCT:
		return mo_type_of_structure(ctx, resource_type, c.structure);
	case MO_CAT_UNION:
		return union_type(ctx, resource_type, type, &c, p, property, depth);
	}
	return mo_type_of_kind(MO_TYPE_JSON);
}

const struct mo_type *
mo_type_of_property(struct mo_ctx *ctx, struct mo_str resource_type, mo_cat property)
{
	struct mo_types *m = memo(ctx);
	uint64_t key = key_of(resource_type, property);
	const struct mo_type *t = mo_map_get(&m->properties, key);
	if (!t) {
		struct mo_cat_property p = mo_cat_property(property);
		t = of_type(ctx, resource_type, p.type, &p, property, 0);
		mo_map_put(&ctx->session, &m->properties, key, (void *)(uintptr_t)t);
	}
	return t;
}

// Whether reading this attribute gives something that identifies the resource: what Ref gives, or an ARN of its own.
static bool
identifies(const struct mo_cat_resource *r, struct mo_str attribute)
{
	return mo_str_eq(attribute, r->ref) || mo_str_is(attribute, "Arn");
}

const struct mo_type *
mo_type_of_attribute(struct mo_ctx *ctx, struct mo_str resource_type, mo_cat attribute)
{
	struct mo_types *m = memo(ctx);
	uint64_t key = key_of(resource_type, attribute);
	const struct mo_type *known = mo_map_get(&m->properties, key);
	if (known) {
		return known;
	}
	struct mo_cat_property a = mo_cat_property(attribute);
	const struct mo_type *t = of_type(ctx, resource_type, a.type, NULL, 0, 0);
	struct mo_cat_resource r = mo_cat_resource(mo_cat_find_resource(resource_type));
	if (t->kind == MO_TYPE_STRING && identifies(&r, a.name)) {
		struct mo_type *s = mo_type_new(ctx, MO_TYPE_STRING);
		mo_push(&ctx->session, &s->targets, (struct mo_string_target){ resource_type, a.name, mo_str_eq(a.name, r.ref) });
		t = s;
	}
	mo_map_put(&ctx->session, &m->properties, key, (void *)(uintptr_t)t);
	return t;
}
