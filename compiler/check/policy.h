// SPDX-License-Identifier: Apache-2.0
// IAM policy documents: where they are, what they must look like. Shared by the files that check them.
#ifndef MO_CHECK_POLICY_H
#define MO_CHECK_POLICY_H

#include "check/check.h"

enum mo_need { MO_OPTIONAL, MO_REQUIRED, MO_FORBIDDEN };

// What a property of a resource type holds.
struct mo_policy_kind {
	const char *type;     // "AWS::SQS::QueuePolicy", or "AWS::IAM::*" for all of a service, or "*"
	const char *property; // at any depth
	enum mo_need principal, resource;
	bool plain_sids;      // Sid takes letters and digits only
	const char *what;     // "a trust policy"
};

struct mo_policy_resources;
struct mo_policy_actions;

// A document that is being checked.
struct mo_policy {
	struct mo_checker *c;
	const struct mo_ir_resource *owner;
	const struct mo_policy_kind *kind;
	struct mo_span place; // for values without a place
	struct mo_policy_resources *resources; // of the statement at hand, policy_resource.c's own
	struct mo_policy_actions *actions;     // the same of policy_keys.c
};

// Reports into the document: at the span, else at the owner. The owner's line is shown too when the span is not within it.
struct mo_diag *mo_policy_report(struct mo_policy *p, enum mo_message message, struct mo_span span, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

// Calls `work` for each value that may be there: the items of lists, both sides of choices; what is dropped (AWS::NoValue) is not.
void mo_policy_each(struct mo_policy *p, const struct mo_ir_value *v, void (*work)(struct mo_policy *p, const struct mo_ir_value *v));

void mo_policy_check_document(struct mo_policy *p, const struct mo_ir_value *v);
void mo_policy_check_pairing(struct mo_policy *p, const struct mo_ir_value *statement); // actions and resources of a statement
void mo_policy_check_keys(struct mo_policy *p, const struct mo_ir_value *statement);    // actions and condition of a statement
void mo_policy_check_action(struct mo_policy *p, const struct mo_ir_value *v);    // of Action and NotAction
void mo_policy_check_condition(struct mo_policy *p, const struct mo_ir_value *v); // the value of Condition

#endif
