// SPDX-License-Identifier: Apache-2.0
// Actions: that the service and the action exist, or that a pattern matches at least one. IAM itself takes any text, and then the
// permission is simply not there.
#include "check/policy.h"

#include <string.h>

static void
report_service(struct mo_policy *p, const struct mo_ir_value *v, struct mo_str prefix)
{
	struct mo_suggestion near = mo_suggest(prefix);
	for (uint32_t i = 0; i < mo_cat_service_count(); i++) {
		mo_suggest_from(&near, mo_cat_service(mo_cat_service_at(i)).prefix);
	}
	struct mo_diag *d = mo_policy_report(p, MSG_UNKNOWN_IAM_SERVICE, v->span, "`" MO_STR_FMT "`: IAM knows no service `" MO_STR_FMT "`",
		MO_STR_ARG(v->text), MO_STR_ARG(prefix));
	if (near.best.len) {
		mo_diag_help(d, "did you mean `" MO_STR_FMT ":…`?", MO_STR_ARG(near.best));
	}
}

static void
report_action(struct mo_policy *p, const struct mo_ir_value *v, mo_cat service, struct mo_str name)
{
	bool pattern = name.len && (memchr(name.p, '*', name.len) || memchr(name.p, '?', name.len));
	struct mo_cat_service s = mo_cat_service(service);
	struct mo_diag *d = mo_policy_report(p, MSG_UNKNOWN_IAM_ACTION, v->span,
		pattern ? "no action of " MO_STR_FMT " matches `" MO_STR_FMT "`" : "the service " MO_STR_FMT " has no action `" MO_STR_FMT "`",
		MO_STR_ARG(s.prefix), MO_STR_ARG(name));
	struct mo_suggestion near = mo_suggest(name);
	for (uint32_t i = 0; i < s.actions; i++) {
		mo_suggest_from(&near, mo_cat_action(mo_cat_action_at(service, i)).name);
	}
	if (near.best.len && !pattern) {
		mo_diag_help(d, "did you mean `" MO_STR_FMT ":" MO_STR_FMT "`?", MO_STR_ARG(s.prefix), MO_STR_ARG(near.best));
	}
}

void
mo_policy_check_action(struct mo_policy *p, const struct mo_ir_value *v)
{
	if (v->kind != MO_IR_STRING) {
		if (!mo_ir_is_deploy_time(v)) {
			mo_policy_report(p, MSG_BAD_POLICY_VALUE, v->span, "an action is a text such as \"s3:GetObject\"");
		}
		return;
	}
	if (mo_str_is(v->text, "*")) {
		return;
	}
	ptrdiff_t colon = mo_str_find(v->text, MO_STR(":"), 0);
	if (colon < 0) {
		struct mo_diag *d = mo_policy_report(p, MSG_BAD_POLICY_VALUE, v->span, "the action `" MO_STR_FMT "` names no service",
			MO_STR_ARG(v->text));
		mo_diag_note(d, "expected SERVICE:ACTION, such as \"s3:GetObject\", or \"*\"");
		return;
	}
	struct mo_str prefix = mo_str_sub(v->text, 0, (size_t)colon), name = mo_str_sub(v->text, (size_t)colon + 1, v->text.len);
	mo_cat service = mo_cat_find_service(prefix);
	if (!service) {
		report_service(p, v, prefix);
	} else if (!mo_cat_any_action_matches(service, name)) {
		report_action(p, v, service, name);
	}
}
