// SPDX-License-Identifier: Apache-2.0
// One statement of a policy from what a permission says: whom it speaks of, under which condition, for what. Knows not where it goes.
#include "eval/grant_place.h"

static void
add_member(struct mo_placing *p, struct mo_ir_value *object, const char *key, const struct mo_ir_value *v)
{
	struct mo_ir_value *list = mo_ir_list(p->ev->arena, v->span);
	mo_push(p->ev->arena, &list->items, v);
	mo_ir_set(p->ev->arena, object, mo_str_c(key), v->span, list);
}

static const struct mo_ir_value *
domain_of(struct mo_placing *p, const struct mo_ir_value *name)
{
	const struct mo_str domain = MO_STR(".amazonaws.com");
	if (name->kind == MO_IR_STRING && mo_str_ends(name->text, domain)) {
		return name;
	}
	const struct mo_value *const parts[] = { mo_value_of_ir(p->ev->arena, name), mo_value_string(p->ev->arena, name->span, domain) };
	return mo_lower(p->ev, mo_concat(p->ev, name->span, parts, 2));
}

static const struct mo_ir_value *
account_arn(struct mo_placing *p, const struct mo_grantee *who)
{
	struct mo_arena *a = p->ev->arena;
	const struct mo_account *account = mo_account_of(who->account);
	if (account->ref_id) {
		const struct mo_value *const parts[] = { mo_value_string(a, who->span, MO_STR("arn:")),
			mo_value_deploy(a, who->span, mo_ir_pseudo(a, who->span, MO_STR("AWS::Partition")), false),
			mo_value_string(a, who->span, MO_STR(":iam::")), account->ref_id, mo_value_string(a, who->span, MO_STR(":root")) };
		return mo_lower(p->ev, mo_concat(p->ev, who->span, parts, sizeof(parts) / sizeof(parts[0])));
	}
	return mo_ir_string(a, who->span, mo_str_printf(a, "arn:" MO_STR_FMT ":iam::" MO_STR_FMT ":root", MO_STR_ARG(who->account->partition),
		MO_STR_ARG(who->account->id)));
}

// Whom the statement speaks of, as the template of the resource says it.
void
mo_grant_set_principal(struct mo_placing *p, const struct mo_grantee *who, const struct mo_target *to, struct mo_policy_statement *s)
{
	struct mo_ir_value *o = mo_ir_object(p->ev->arena, who->span);
	const struct mo_ir_value *text = mo_grant_move(p, who->text, to);
	struct mo_located l = { 0 };
	switch (who->kind) {
	case MO_GRANTEE_IDENTITY:
		l = mo_grant_locate(who->resource, p->deployment);
		text = mo_arn_of(p->ev, mo_grant_seen_from(p, &l, to), who->span);
		text = l.stack ? text : mo_grant_move(p, text, to);
		break;
	case MO_GRANTEE_ACCOUNT:
		text = account_arn(p, who);
		break;
	case MO_GRANTEE_SERVICE:
	case MO_GRANTEE_FEDERATED:
		break;
	case MO_GRANTEE_ORG:
	case MO_GRANTEE_ORG_PATH:
	case MO_GRANTEE_ANYONE:
		s->anyone = true;
		return;
	case MO_GRANTEE_ARN:
		break;
	}
	if (text) {
		bool service = who->kind == MO_GRANTEE_SERVICE;
		add_member(p, o, service ? "Service" : who->kind == MO_GRANTEE_FEDERATED ? "Federated" : "AWS", service ? domain_of(p, text) : text);
		s->principals = o;
	}
}

// A condition with one more key under an operator.
static const struct mo_ir_value *
with_condition(struct mo_placing *p, const struct mo_ir_value *condition, const char *operator, const char *key, const struct mo_ir_value *v)
{
	struct mo_arena *a = p->ev->arena;
	struct mo_ir_value *o = mo_ir_object(a, v->span), *inner = mo_ir_object(a, v->span);
	for (uint32_t i = 0; condition && condition->kind == MO_IR_OBJECT && i < condition->members.len; i++) {
		mo_push(a, &o->members, condition->members.items[i]);
	}
	const struct mo_ir_value *before = mo_ir_get(o, mo_str_c(operator));
	for (uint32_t i = 0; before && before->kind == MO_IR_OBJECT && i < before->members.len; i++) {
		mo_push(a, &inner->members, before->members.items[i]);
	}
	mo_ir_set(a, inner, mo_str_c(key), v->span, v);
	mo_ir_set(a, o, mo_str_c(operator), v->span, inner);
	return o;
}

static const struct mo_ir_value *
merged_conditions(struct mo_placing *p, const struct mo_ir_value *a, const struct mo_ir_value *b)
{
	for (uint32_t i = 0; a && b && b->kind == MO_IR_OBJECT && i < b->members.len; i++) {
		const struct mo_ir_member *operator = &b->members.items[i];
		for (uint32_t k = 0; operator->value->kind == MO_IR_OBJECT && k < operator->value->members.len; k++) {
			const struct mo_ir_member *key = &operator->value->members.items[k];
			a = with_condition(p, a, mo_str_dup(p->ev->arena, operator->key).p, mo_str_dup(p->ev->arena, key->key).p, key->value);
		}
	}
	return a ? a : b;
}

const struct mo_ir_value *
mo_grant_condition(struct mo_placing *p, const struct mo_grantee *who, const struct mo_ir_value *when, const struct mo_target *to)
{
	if (who->kind == MO_GRANTEE_ORG) {
		return with_condition(p, when, "StringEquals", "aws:PrincipalOrgID", mo_grant_move(p, who->text, to));
	}
	if (who->kind == MO_GRANTEE_ORG_PATH) {
		return with_condition(p, when, "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", mo_grant_move(p, who->text, to));
	}
	return when;
}

// Of a condition what every service knows: the use of a key is another call, which knows nothing of the keys of S3.
const struct mo_ir_value *
mo_grant_global_part(struct mo_placing *p, const struct mo_ir_value *when)
{
	const struct mo_ir_value *kept = NULL;
	for (uint32_t i = 0; when && when->kind == MO_IR_OBJECT && i < when->members.len; i++) {
		const struct mo_ir_member *o = &when->members.items[i];
		for (uint32_t k = 0; o->value->kind == MO_IR_OBJECT && k < o->value->members.len; k++) {
			const struct mo_ir_member *m = &o->value->members.items[k];
			if (mo_str_starts(m->key, MO_STR("aws:"))) {
				kept = with_condition(p, kept, mo_str_dup(p->ev->arena, o->key).p, mo_str_dup(p->ev->arena, m->key).p, m->value);
			}
		}
	}
	return kept;
}

struct mo_policy_statement
mo_grant_statement(struct mo_placing *p, const struct mo_meaning *m, const struct mo_ir_value *when, struct mo_guard *guard)
{
	struct mo_policy_statement s = { .sid = p->grant->sid, .deny = p->grant->node->deny, .negated = p->grant->negated, .actions = m->actions,
		.resources = m->resources, .condition = merged_conditions(p, m->when, when), .guard = guard, .joined = m->joined };
	mo_push(p->ev->arena, &s.origins, p->grant->node->item.node.span);
	return s;
}
