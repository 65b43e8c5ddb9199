// SPDX-License-Identifier: Apache-2.0
// A resource where text is wanted: what `Ref` or `Fn::GetAtt` gives, chosen by what the place wants to hold. One that exists already has
// no logical ID: of it only what was written can be said.
#include "eval/coerce.h"

static const struct mo_value *
bare_resource(struct mo_coercion *c, const struct mo_value *v)
{
	if (c->quiet) {
		return NULL;
	}
	const struct mo_ir_resource *r = v->resource;
	struct mo_diag *d = mo_coercion_report(c, MSG_BARE_RESOURCE, v->span, "the resource `" MO_STR_FMT "` stands where text is wanted",
		MO_STR_ARG(r->origin.path));
	mo_diag_label(d, r->origin.span, "declared here");
	mo_diag_help(d, "write which text is meant: `.Ref`, `.Arn` or another attribute");
	return NULL;
}

static const struct mo_value *
wrong_reference(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	if (c->quiet) {
		return NULL;
	}
	const struct mo_ir_resource *r = v->resource;
	struct mo_str wanted = mo_type_text(c->ev->ctx, t);
	struct mo_diag *d = mo_coercion_report(c, MSG_WRONG_REFERENCE, v->span, "expected " MO_STR_FMT ", `" MO_STR_FMT "` is " MO_STR_FMT,
		MO_STR_ARG(wanted), MO_STR_ARG(r->origin.path), MO_STR_ARG(r->type));
	mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(r->type));
	mo_diag_label(d, r->origin.span, "declared here");
	return NULL;
}

static const struct mo_value *
not_written(struct mo_coercion *c, const struct mo_value *v, struct mo_str attribute)
{
	if (c->quiet) {
		return NULL;
	}
	const struct mo_ir_resource *r = v->resource;
	struct mo_diag *d = mo_coercion_report(c, MSG_ATTRIBUTE_NOT_WRITTEN, v->span, "`" MO_STR_FMT "` of the existing `" MO_STR_FMT
		"` is wanted here and was not written", MO_STR_ARG(attribute), MO_STR_ARG(r->origin.path));
	mo_diag_label(d, r->origin.span, "declared here");
	mo_diag_help(d, "add `" MO_STR_FMT ": …` to its declaration", MO_STR_ARG(attribute));
	return NULL;
}

// The last part of a type's name: "Listener".
static struct mo_str
short_name(struct mo_str type)
{
	ptrdiff_t at = -1;
	for (ptrdiff_t next = mo_str_find(type, MO_STR("::"), 0); next >= 0; next = mo_str_find(type, MO_STR("::"), (size_t)at)) {
		at = next + 2;
	}
	return at < 0 ? type : mo_str_sub(type, (size_t)at, type.len);
}

// Which attribute is the ARN of the resource itself: `Arn`, what Ref gives when that is an ARN, or the type's name with `Arn` behind it
// (LoadBalancerArn). Empty when the catalog does not say.
static struct mo_string_target
arn_target(struct mo_arena *a, const struct mo_ir_resource *r)
{
	struct mo_string_target t = { r->type, MO_STR("Arn"), false };
	if (!r->catalog || mo_cat_find_attribute(r->catalog, t.attribute)) {
		return t;
	}
	struct mo_str ref = mo_cat_resource(r->catalog).ref, own = short_name(r->type);
	if (mo_str_ends(ref, MO_STR("Arn"))) {
		return (struct mo_string_target){ r->type, ref, true };
	}
	t.attribute = mo_str_printf(a, MO_STR_FMT "Arn", MO_STR_ARG(own));
	if (!mo_cat_find_attribute(r->catalog, t.attribute)) {
		t.attribute = (struct mo_str){ 0 };
	}
	return t;
}

static const struct mo_value *
identity(struct mo_coercion *c, const struct mo_value *v, struct mo_string_target target)
{
	struct mo_ir_resource *r = v->resource;
	struct mo_arena *a = c->ev->arena;
	if (target.attribute.len == 0 && target.is_ref && r->catalog) {
		target.attribute = mo_cat_resource(r->catalog).ref;
	} else if (target.attribute.len == 0 && !target.is_ref) {
		target = arn_target(a, r);
	}
	if (r->existing) {
		const struct mo_ir_value *written = mo_ir_get(r->properties, target.attribute);
		return written ? mo_value_of_ir(a, written) : not_written(c, v, target.attribute.len ? target.attribute : MO_STR("Arn"));
	}
	if (target.is_ref) {
		return mo_value_deploy(a, v->span, mo_ir_ref(a, v->span, r), false);
	}
	if (target.attribute.len == 0) {
		return bare_resource(c, v);
	}
	return mo_value_deploy(a, v->span, mo_ir_attribute(a, v->span, r, target.attribute), false);
}

const struct mo_value *
mo_coercion_of_reference(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t)
{
	for (uint32_t i = 0; i < t->targets.len; i++) {
		if (mo_str_eq(t->targets.items[i].type, v->resource->type)) {
			return identity(c, v, t->targets.items[i]);
		}
	}
	if (t->kind == MO_TYPE_STRING && t->role == MO_STRING_ARN && t->targets.len == 0) {
		return identity(c, v, (struct mo_string_target){ 0 });
	}
	return t->kind == MO_TYPE_STRING && t->targets.len == 0 ? bare_resource(c, v) : wrong_reference(c, v, t);
}
