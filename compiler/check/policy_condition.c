// SPDX-License-Identifier: Apache-2.0
// Conditions: operators and keys. IAM refuses an operator that it does not know; a key that does not exist it takes, and then the
// condition is never met.
#include "check/policy.h"

#include <string.h>

// IAM User Guide, "IAM JSON policy elements: Condition operators".
static const char *const operators[] = { "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase",
	"StringLike", "StringNotLike", "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan",
	"NumericGreaterThanEquals", "DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan",
	"DateGreaterThanEquals", "Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike",
	"Null" };

// The keys that policies of all services use most, for suggestions only (IAM User Guide, "AWS global condition context keys").
static const char *const global_keys[] = { "aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths",
	"aws:PrincipalTag/${TagKey}", "aws:PrincipalServiceName", "aws:PrincipalIsAWSService", "aws:PrincipalType", "aws:userid",
	"aws:username", "aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceIp", "aws:SourceVpc",
	"aws:SourceVpce", "aws:VpcSourceIp", "aws:SecureTransport", "aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge",
	"aws:RequestedRegion", "aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceTag/${TagKey}", "aws:RequestTag/${TagKey}",
	"aws:TagKeys", "aws:CalledVia", "aws:ViaAWSService", "aws:UserAgent", "aws:CurrentTime", "aws:TokenIssueTime" };

static void
report_operator(struct mo_policy *p, const struct mo_ir_member *m, struct mo_str name)
{
	struct mo_suggestion near = mo_suggest(name);
	for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
		mo_suggest_from(&near, mo_str_c(operators[i]));
	}
	struct mo_diag *d = mo_policy_report(p, MSG_UNKNOWN_CONDITION_OPERATOR, m->key_span, "IAM has no condition operator `" MO_STR_FMT "`",
		MO_STR_ARG(m->key));
	mo_diag_suggest(d, m->key_span, &near);
}

static void
check_operator(struct mo_policy *p, const struct mo_ir_member *m)
{
	static const char *const prefixes[] = { "ForAllValues:", "ForAnyValue:" };
	const struct mo_str suffix = MO_STR("IfExists");
	struct mo_str name = m->key;
	for (size_t i = 0; i < 2; i++) {
		struct mo_str prefix = mo_str_c(prefixes[i]);
		name = mo_str_starts(name, prefix) ? mo_str_sub(name, prefix.len, name.len) : name;
	}
	name = mo_str_ends(name, suffix) ? mo_str_sub(name, 0, name.len - suffix.len) : name;
	for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
		if (mo_str_is(name, operators[i])) {
			return;
		}
	}
	report_operator(p, m, name);
}

// Adds the condition keys of a service's actions.
static void
suggest_of_service(struct mo_suggestion *near, mo_cat service)
{
	uint32_t actions = mo_cat_service(service).actions;
	for (uint32_t i = 0; i < actions; i++) {
		mo_cat action = mo_cat_action_at(service, i);
		uint32_t keys = mo_cat_action(action).condition_keys;
		for (uint32_t k = 0; k < keys; k++) {
			mo_suggest_from(near, mo_cat_action_condition_key(action, k));
		}
	}
}

// Keys of identity providers start with the provider's address, which has a dot; the catalog knows only some of them.
static void
check_key(struct mo_policy *p, const struct mo_ir_member *m)
{
	ptrdiff_t colon = mo_str_find(m->key, MO_STR(":"), 0);
	struct mo_str prefix = mo_str_sub(m->key, 0, colon < 0 ? 0 : (size_t)colon);
	if (mo_cat_condition_key_exists(m->key) || (prefix.len && memchr(prefix.p, '.', prefix.len))) {
		return;
	}
	struct mo_suggestion near = mo_suggest(m->key);
	for (size_t i = 0; i < sizeof(global_keys) / sizeof(*global_keys); i++) {
		mo_suggest_from(&near, mo_str_c(global_keys[i]));
	}
	mo_cat service = prefix.len ? mo_cat_find_service(prefix) : 0;
	if (service) {
		suggest_of_service(&near, service);
	}
	struct mo_diag *d = mo_policy_report(p, MSG_UNKNOWN_CONDITION_KEY, m->key_span, "there is no condition key `" MO_STR_FMT "`",
		MO_STR_ARG(m->key));
	if (near.best.len) {
		mo_diag_help(d, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(near.best));
	}
}

static void
check_keys(struct mo_policy *p, const struct mo_ir_value *v)
{
	for (uint32_t i = 0; v->kind == MO_IR_OBJECT && i < v->members.len; i++) {
		check_key(p, &v->members.items[i]);
	}
}

void
mo_policy_check_condition(struct mo_policy *p, const struct mo_ir_value *v)
{
	for (uint32_t i = 0; v->kind == MO_IR_OBJECT && i < v->members.len; i++) {
		check_operator(p, &v->members.items[i]);
		mo_policy_each(p, v->members.items[i].value, check_keys);
	}
}
