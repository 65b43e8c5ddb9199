// SPDX-License-Identifier: Apache-2.0
// Built-ins of text and of networks: types and times.
#include "sema/check_builtin.h"

typedef struct mo_arguments_checked arguments;

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

static const struct mo_type *
simple(enum mo_type_kind kind)
{
	return mo_type_of_kind(kind);
}

// Text functions that CloudFormation has too.
// Text functions that CloudFormation has too, in part: separators, and the text that is filled in, stand in the template.
const struct mo_type *
mo_check_deployable_text(struct mo_check *c, arguments *a)
{
	const struct mo_type *string = simple(MO_TYPE_STRING), *result = string;
	switch (a->b->kind) {
	case MO_BUILTIN_JOIN:
		mo_argument_fits(c, a, 0, string);
		mo_argument_fits(c, a, 1, mo_type_list(c->ctx, string));
		mo_argument_known(c, a, 0);
		break;
	case MO_BUILTIN_SPLIT:
		mo_argument_fits(c, a, 0, string);
		mo_argument_fits(c, a, 1, string);
		mo_argument_known(c, a, 0);
		result = mo_type_list(c->ctx, mo_type_at(c->ctx, string, mo_arguments_time(c, a)));
		break;
	case MO_BUILTIN_FILL:
		mo_argument_fits(c, a, 0, string);
		mo_argument_fits(c, a, 1, mo_type_map(c->ctx, string));
		mo_argument_known(c, a, 0);
		mo_argument_known(c, a, 1);
		break;
	case MO_BUILTIN_BASE64:
		mo_argument_fits(c, a, 0, string);
		break;
	default: // to_json, to_yaml
		mo_argument_fits(c, a, 0, simple(MO_TYPE_JSON));
		break;
	}
	return a->failed ? error_type() : mo_type_at(c->ctx, result, mo_arguments_time(c, a));
}

const struct mo_type *
mo_check_text(struct mo_check *c, arguments *a)
{
	const struct mo_type *string = simple(MO_TYPE_STRING);
	switch (a->b->kind) {
	case MO_BUILTIN_PAD:
		mo_argument_fits(c, a, 0, simple(MO_TYPE_INT));
		mo_argument_fits(c, a, 1, simple(MO_TYPE_INT));
		return mo_known_result(c, a, string);
	case MO_BUILTIN_DIV:
		mo_argument_fits(c, a, 0, simple(MO_TYPE_INT));
		mo_argument_fits(c, a, 1, simple(MO_TYPE_INT));
		return mo_known_result(c, a, simple(MO_TYPE_INT));
	case MO_BUILTIN_TO_INT:
		mo_argument_fits(c, a, 0, string);
		return mo_known_result(c, a, simple(MO_TYPE_INT));
	case MO_BUILTIN_STARTS_WITH:
	case MO_BUILTIN_ENDS_WITH:
	case MO_BUILTIN_MATCHES:
		mo_argument_fits(c, a, 0, string);
		mo_argument_fits(c, a, 1, string);
		return mo_known_result(c, a, simple(MO_TYPE_BOOL));
	default: // replace, lower, upper, trim, sha256
		for (uint32_t i = 0; i < a->count; i++) {
			mo_argument_fits(c, a, i, string);
		}
		return mo_known_result(c, a, string);
	}
}

static const struct mo_type *
plan_entry(struct mo_check *c)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	const struct mo_type *types[] = { simple(MO_TYPE_INT), simple(MO_TYPE_INT), mo_type_list(c->ctx, simple(MO_TYPE_CIDR)) };
	const char *names[] = { "prefix", "count", "pinned" };
	for (int i = 0; i < 3; i++) {
		struct mo_field f = { .name = mo_atom_of(c->ctx->atoms, mo_str_c(names[i])), .type = types[i], .optional = i == 2 };
		mo_push(&c->ctx->session, &t->fields, f);
	}
	return t;
}

// Fn::Cidr does it too, but not with numbers of its own.
static const struct mo_type *
check_subnets(struct mo_check *c, arguments *a)
{
	const struct mo_type *of = mo_type_present(a->type[0]);
	mo_argument_fits(c, a, 1, simple(MO_TYPE_INT));
	mo_argument_fits(c, a, 2, simple(MO_TYPE_INT));
	mo_argument_known(c, a, 1);
	mo_argument_known(c, a, 2);
	bool text = of->kind == MO_TYPE_STRING && of->time.deploy;
	mo_argument_fits(c, a, 0, text ? simple(MO_TYPE_STRING) : simple(MO_TYPE_CIDR));
	if (a->failed) {
		return error_type();
	}
	struct mo_time time = a->type[0]->time;
	const struct mo_type *element = mo_type_at(c->ctx, simple(time.deploy ? MO_TYPE_STRING : MO_TYPE_CIDR), time);
	return mo_type_at(c->ctx, mo_type_list(c->ctx, element), time);
}

const struct mo_type *
mo_check_network(struct mo_check *c, arguments *a)
{
	const struct mo_type *cidr = simple(MO_TYPE_CIDR);
	if (a->b->kind == MO_BUILTIN_CIDR_SUBNETS) {
		return check_subnets(c, a);
	}
	mo_argument_fits(c, a, 0, cidr);
	if (a->b->kind == MO_BUILTIN_CIDR_PLAN) {
		mo_argument_fits(c, a, 1, mo_type_map(c->ctx, plan_entry(c)));
		return mo_known_result(c, a, mo_type_map(c->ctx, mo_type_list(c->ctx, cidr)));
	}
	mo_argument_fits(c, a, 1, cidr);
	return mo_known_result(c, a, simple(MO_TYPE_BOOL));
}

const struct mo_type *
mo_check_arn_of(struct mo_check *c, arguments *a)
{
	if (a->type[0]->kind == MO_TYPE_ERROR || mo_argument_absent(c, a, 0, "other")) {
		return error_type();
	}
	if (a->type[0]->kind != MO_TYPE_RESOURCE) {
		mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, a->node[0]->span, "`arn_of` wants a resource, not " MO_STR_FMT,
			MO_STR_ARG(mo_type_noun(c->ctx, a->type[0])));
		return error_type();
	}
	struct mo_type *arn = mo_type_new(c->ctx, MO_TYPE_STRING);
	arn->role = MO_STRING_ARN;
	mo_push(&c->ctx->session, &arn->targets, (struct mo_string_target){ .type = a->type[0]->resource_type });
	return mo_type_at(c->ctx, arn, (struct mo_time){ .deploy = true, .deploy_at = a->call->span });
}
