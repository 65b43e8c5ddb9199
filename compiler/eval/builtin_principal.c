// SPDX-License-Identifier: Apache-2.0
// Built-ins that say whom a permission is given to: services, organizations, identity providers. They give { kind, value }; what becomes
// of it in a policy is grant_place.c's business.
#include "eval/builtin.h"

const struct mo_value *
mo_principal_value(struct mo_eval *ev, struct mo_span span, const char *kind, const struct mo_value *value)
{
	struct mo_value *v = mo_value_record(ev->arena, span);
	mo_value_set(ev->arena, v, MO_STR("kind"), span, mo_value_string(ev->arena, span, mo_str_c(kind)));
	mo_value_set(ev->arena, v, MO_STR("value"), span, value);
	return v;
}

static const struct mo_value *
text(const struct mo_call *c, const char *kind)
{
	const struct mo_value *v = mo_coerce(c->ev, c->args[0], mo_type_of_kind(MO_TYPE_STRING), mo_arg_span(c, 0));
	return v->kind == MO_VALUE_ERROR ? v : mo_principal_value(c->ev, c->span, kind, v);
}

const struct mo_value *
mo_builtin_service(const struct mo_call *c)
{
	return text(c, "service");
}

const struct mo_value *
mo_builtin_org(const struct mo_call *c)
{
	return text(c, "org");
}

const struct mo_value *
mo_builtin_org_path(const struct mo_call *c)
{
	return text(c, "org_path");
}

const struct mo_value *
mo_builtin_federated(const struct mo_call *c)
{
	struct mo_type *arn = mo_type_new(c->ev->ctx, MO_TYPE_STRING);
	arn->role = MO_STRING_ARN;
	const struct mo_value *v = mo_coerce(c->ev, c->args[0], arn, mo_arg_span(c, 0));
	return v->kind == MO_VALUE_ERROR ? v : mo_principal_value(c->ev, c->span, "federated", v);
}
