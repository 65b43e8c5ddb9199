// SPDX-License-Identifier: Apache-2.0
// What is known of a resource in another account or region before anything is deployed: names that were written, and ARNs computed from
// the catalog's templates. What is not known is not guessed.
#include "eval/instance.h"

static bool
written_text(struct mo_eval *ev, struct mo_resource *r, struct mo_str property, struct mo_span span, struct mo_str *out)
{
	const struct mo_value *v = property.len ? mo_resource_written(ev, r, property, span) : NULL;
	if (!v || v->kind != MO_VALUE_STRING) {
		return false;
	}
	*out = v->text;
	return true;
}

static bool
variable(struct mo_eval *ev, struct mo_resource *r, struct mo_str name, struct mo_span span, struct mo_str *out)
{
	const struct mo_target *t = &r->instance->variant->target;
	if (mo_str_is(name, "Partition")) {
		*out = t->account->ir.partition;
	} else if (mo_str_is(name, "Region")) {
		*out = t->region;
	} else if (mo_str_is(name, "Account")) {
		*out = t->account->ir.id;
	} else if (!written_text(ev, r, name, span, out)) {
		*out = MO_STR("/");
		return mo_str_is(name, "Path");
	}
	return true;
}

// The ARN from its template; false when a part is not known.
static bool
fill_template(struct mo_eval *ev, struct mo_resource *r, struct mo_str template, struct mo_span span, struct mo_buf *out)
{
	size_t at = 0;
	for (;;) {
		ptrdiff_t start = mo_str_find(template, MO_STR("${"), at);
		mo_buf_add(out, mo_str_sub(template, at, start < 0 ? template.len : (size_t)start));
		if (start < 0) {
			return true;
		}
		ptrdiff_t end = mo_str_find(template, MO_STR("}"), (size_t)start);
		struct mo_str value;
		if (end < 0 || !variable(ev, r, mo_str_sub(template, (size_t)start + 2, (size_t)end), span, &value)) {
			return false;
		}
		mo_buf_add(out, value);
		at = (size_t)end + 1;
	}
}

// Whether an attribute is the ARN of the resource itself.
static bool
is_arn(const struct mo_cat_resource *info, struct mo_str attribute)
{
	if (mo_str_is(attribute, "Arn")) {
		return true;
	}
	return mo_str_ends(attribute, MO_STR("Arn")) && mo_str_eq(attribute, info->ref);
}

const struct mo_ir_value *
mo_known_elsewhere(struct mo_eval *ev, struct mo_resource *r, struct mo_str attribute, struct mo_span span)
{
	if (!r->ir.catalog || !r->instance || !r->instance->variant) {
		return NULL;
	}
	struct mo_cat_resource info = mo_cat_resource(r->ir.catalog);
	struct mo_str wanted = mo_str_is(attribute, "Ref") ? info.ref : attribute, text;
	if (written_text(ev, r, wanted, span, &text)) {
		return mo_ir_string(ev->arena, span, text);
	}
	struct mo_buf arn = mo_buf_in(ev->arena);
	if (info.arn_template.len && is_arn(&info, wanted) && fill_template(ev, r, info.arn_template, span, &arn)) {
		return mo_ir_string(ev->arena, span, mo_buf_str(&arn));
	}
	return NULL;
}
