// SPDX-License-Identifier: Apache-2.0
// arn_of: the ARN of a resource computed from its name, so that it can be used before the resource is there and nobody waits for it.
#include "eval/builtin.h"
#include "eval/link.h"

static const struct mo_value *
not_known(const struct mo_call *c, const struct mo_resource *r)
{
	struct mo_diag *d = mo_report(c->ev->ctx->diags, MSG_ARN_NOT_KNOWN, mo_arg_span(c, 0),
		"the ARN of `" MO_STR_FMT "` is known only when it is deployed", MO_STR_ARG(r->ir.origin.path));
	mo_diag_label(d, r->ir.origin.span, "declared here");
	bool template = r->ir.catalog && mo_cat_resource(r->ir.catalog).arn_template.len;
	if (template) {
		mo_diag_help(d, "give it a name: what its ARN is made of must be written");
	} else {
		mo_diag_help(d, "read its attribute: `.Arn`, where it has one");
	}
	return mo_builtin_error();
}

const struct mo_value *
mo_builtin_arn_of(const struct mo_call *c)
{
	const struct mo_value *v = c->args[0];
	if (v->kind != MO_VALUE_RESOURCE) {
		return mo_arg_misfit(c, 0, "a resource");
	}
	struct mo_resource *r = mo_resource_of(v->resource);
	struct mo_variant *home = r->instance ? r->instance->variant : NULL;
	struct mo_foreign f = { .resource = r, .seen = r, .producer = home, .attribute = MO_STR("Arn"), .span = c->span };
	if (home && home->shadow) { // in another account or region
		f.outside = true;
		f.target = home->target;
	}
	const struct mo_ir_value *known = mo_known_value(c->ev, &f, false);
	return known ? mo_value_of_ir(c->ev->arena, known) : not_known(c, r);
}
