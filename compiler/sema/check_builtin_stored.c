// SPDX-License-Identifier: Apache-2.0
// `ssm` and `secret`: values that stand in other services and are read when CloudFormation runs. Such a value has the type of the place
// where the call stands; where nothing is wanted it is a text.
#include "sema/check_builtin.h"

typedef struct mo_arguments_checked arguments;

static const struct mo_type *
text_wanted(struct mo_check *c, const struct mo_type *want, struct mo_time time)
{
	bool as_it_is = want->kind == MO_TYPE_STRING && !want->is_literal;
	return mo_type_at(c->ctx, as_it_is ? want : mo_type_of_kind(MO_TYPE_STRING), time);
}

static const struct mo_type *
list_wanted(struct mo_check *c, const struct mo_type *want, struct mo_time time)
{
	const struct mo_type *element = mo_type_present(want->element);
	return mo_type_at(c->ctx, mo_type_list(c->ctx, text_wanted(c, element, time)), time);
}

// The type of what is read, so that it fits where it stands. CloudFormation takes the text of a number where it wants a number.
static const struct mo_type *
as_wanted(struct mo_check *c, const struct mo_type *want, struct mo_time time, bool lists)
{
	const struct mo_type *present = want ? mo_type_present(want) : mo_type_of_kind(MO_TYPE_STRING), *list = NULL;
	switch (present->kind) {
	case MO_TYPE_INT:
	case MO_TYPE_FLOAT:
	case MO_TYPE_BOOL:
		return present->is_literal ? text_wanted(c, present, time) : mo_type_at(c->ctx, present, time);
	case MO_TYPE_LIST:
		return lists ? list_wanted(c, present, time) : text_wanted(c, present, time);
	case MO_TYPE_UNION:
		for (uint32_t i = 0; i < present->alternatives.len; i++) {
			const struct mo_type *a = present->alternatives.items[i];
			if (a->kind == MO_TYPE_STRING) {
				return text_wanted(c, a, time);
			}
			list = a->kind == MO_TYPE_LIST && !list ? a : list;
		}
		return list && lists ? list_wanted(c, list, time) : text_wanted(c, present, time);
	default:
		return text_wanted(c, present, time);
	}
}

static const struct mo_type *
secret_type(struct mo_check *c)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_STRING);
	mo_push(&c->ctx->session, &t->targets, (struct mo_string_target){ .type = MO_STR("AWS::SecretsManager::Secret"), .is_ref = true });
	t->open_targets = true;
	return t;
}

const struct mo_type *
mo_check_stored(struct mo_check *c, arguments *a)
{
	bool secret = a->b->kind == MO_BUILTIN_SECRET;
	struct mo_time time = { .deploy = true, .deploy_at = a->call->span };
	mo_argument_fits(c, a, 0, secret ? secret_type(c) : mo_type_of_kind(MO_TYPE_STRING));
	if (!secret) {
		mo_argument_known(c, a, 0);
	}
	if (a->node[1]) {
		mo_argument_fits(c, a, 1, mo_type_of_kind(secret ? MO_TYPE_STRING : MO_TYPE_BOOL));
		mo_argument_known(c, a, 1);
	}
	return a->failed ? mo_type_of_kind(MO_TYPE_ERROR) : as_wanted(c, a->wanted, time, !secret);
}
