// SPDX-License-Identifier: Apache-2.0
// Change sets are made before they are executed. Actions work in the region in which their stack is, and wherever actions work there is a
// store for artifacts.
#include "check/pipeline.h"

// ---- where the pipeline is ---------------------------------------------------------------------------------------------------------

static bool
is_own_region(const struct mo_ir_value *v)
{
	return v->kind == MO_IR_PSEUDO && mo_str_is(v->text, "AWS::Region");
}

// The region of the pipeline, where all stacks that deploy it agree; empty: not known.
static struct mo_str
own_region(const struct mo_pipeline *p)
{
	struct mo_str region = { 0 };
	bool first = true;
	for (uint32_t i = 0; i < p->c->platform->stacks.len; i++) {
		const struct mo_ir_stack *s = p->c->platform->stacks.items[i];
		if (s->template == p->template) {
			region = first || mo_str_eq(region, s->region) ? s->region : (struct mo_str){ 0 };
			first = false;
		}
	}
	return region;
}

// ---- change sets -----------------------------------------------------------------------------------------------------------------

static bool
is_mode(const struct mo_pipeline_action *a, const char *mode)
{
	return mo_str_is(mo_pipeline_text(mo_pipeline_setting(a, "ActionMode")), mode);
}

static bool
same(const struct mo_ir_value *x, const struct mo_ir_value *y)
{
	return x == y || (x && y && mo_ir_equal(x, y));
}

// The region in which an action works; empty: not known.
static struct mo_str
works_in(const struct mo_pipeline_action *a, struct mo_str own)
{
	const struct mo_ir_value *v = mo_ir_get(a->value, MO_STR("Region"));
	return !v || is_own_region(v) ? own : mo_pipeline_text(v);
}

// The account of the role that an action works with; empty: not known.
static struct mo_str
account_of(const struct mo_pipeline_action *a)
{
	struct mo_str arn = mo_pipeline_text(mo_ir_get(a->value, MO_STR("RoleArn"))), prefix = MO_STR(":iam::");
	ptrdiff_t at = mo_str_find(arn, prefix, 0), end = at < 0 ? -1 : mo_str_find(arn, MO_STR(":"), (size_t)at + prefix.len);
	return end < 0 ? (struct mo_str){ 0 } : mo_str_sub(arn, (size_t)at + prefix.len, (size_t)end);
}

static bool
may_agree(struct mo_str x, struct mo_str y)
{
	return !x.len || !y.len || mo_str_eq(x, y);
}

// Whether both may be about one stack: its name and where it is. One account may have a role for each of them.
static bool
of_one_stack(const struct mo_pipeline_action *x, const struct mo_pipeline_action *y, struct mo_str own)
{
	return same(mo_pipeline_setting(x, "StackName"), mo_pipeline_setting(y, "StackName"))
		&& may_agree(works_in(x, own), works_in(y, own)) && may_agree(account_of(x), account_of(y));
}

static void
check_execution(struct mo_pipeline *p, const struct mo_pipeline_action *a)
{
	const struct mo_ir_value *set = mo_pipeline_setting(a, "ChangeSetName");
	const struct mo_pipeline_action *late = NULL, *other = NULL;
	struct mo_str called = mo_pipeline_called(p, a), name = mo_pipeline_text(set), own = own_region(p);
	for (uint32_t i = 0; i < p->actions.len; i++) {
		const struct mo_pipeline_action *m = &p->actions.items[i];
		if (!is_mode(m, "CHANGE_SET_REPLACE") || !of_one_stack(m, a, own)) {
			continue;
		}
		bool this_one = same(mo_pipeline_setting(m, "ChangeSetName"), set);
		if (this_one && mo_pipeline_before(m, a)) {
			return;
		}
		late = this_one ? m : late;
		other = m;
	}
	if (late) {
		struct mo_str maker = mo_pipeline_called(p, late);
		struct mo_diag *d = mo_pipeline_report(p, MSG_CHANGE_SET_NOT_MADE, a, NULL, MO_STR_FMT " executes the change set before " MO_STR_FMT
			" makes it", MO_STR_ARG(called), MO_STR_ARG(maker));
		mo_diag_help(d, "actions of one stage run together unless their `RunOrder` differs");
	} else if (p->whole && name.len) {
		struct mo_diag *d = mo_pipeline_report(p, MSG_CHANGE_SET_NOT_MADE, a, set, MO_STR_FMT " executes the change set `" MO_STR_FMT
			"`, which no action makes for this stack", MO_STR_ARG(called), MO_STR_ARG(name));
		struct mo_str found = other ? mo_pipeline_text(mo_pipeline_setting(other, "ChangeSetName")) : (struct mo_str){ 0 };
		if (found.len) {
			mo_diag_help(d, "the one that is made is called `" MO_STR_FMT "`", MO_STR_ARG(found));
		} else {
			mo_diag_help(d, "an action with the mode CHANGE_SET_REPLACE makes it: for the same stack, in the same region and account");
		}
	}
}

void
mo_pipeline_check_changes(struct mo_pipeline *p)
{
	for (uint32_t i = 0; i < p->actions.len; i++) {
		if (is_mode(&p->actions.items[i], "CHANGE_SET_EXECUTE")) {
			check_execution(p, &p->actions.items[i]);
		}
	}
}

// ---- regions ---------------------------------------------------------------------------------------------------------------------

// The role of the action, and the one that CloudFormation works with.
static const struct mo_ir_value *
role_of(const struct mo_pipeline_action *a, bool executes)
{
	return executes ? mo_pipeline_setting(a, "RoleArn") : mo_ir_get(a->value, MO_STR("RoleArn"));
}

// Where the stack of an action is, when it is one of the program: in the account of the role, under its name. Empty: not known.
static struct mo_str
region_of_stack(const struct mo_pipeline *p, const struct mo_pipeline_action *a)
{
	struct mo_str name = mo_pipeline_text(mo_pipeline_setting(a, "StackName")), role = mo_pipeline_text(role_of(a, false));
	struct mo_str region = { 0 };
	for (uint32_t i = 0; i < p->c->platform->stacks.len && name.len && role.len; i++) {
		const struct mo_ir_stack *s = p->c->platform->stacks.items[i];
		if (mo_str_eq(s->name, name) && mo_str_find(role, s->account->id, 0) >= 0) {
			if (region.len && !mo_str_eq(region, s->region)) {
				return (struct mo_str){ 0 }; // one name in several regions: any of them may be meant
			}
			region = s->region;
		}
	}
	return region;
}

// The bootstrap's roles end with the region that they are for: "…:role/cdk-QUALIFIER-deploy-role-ACCOUNT-REGION".
static struct mo_str
region_of_role(struct mo_str arn)
{
	static const struct mo_str purpose = { "-role-", sizeof("-role-") - 1 };
	enum { ACCOUNT = 12 };
	ptrdiff_t name = mo_str_find(arn, MO_STR(":role/cdk-"), 0), at = name < 0 ? -1 : mo_str_find(arn, purpose, (size_t)name);
	size_t region = at < 0 ? 0 : (size_t)at + purpose.len + ACCOUNT + 1;
	return at >= 0 && region < arn.len ? mo_str_sub(arn, region, arn.len) : (struct mo_str){ 0 };
}

static void
report_region(struct mo_pipeline *p, const struct mo_pipeline_action *a, struct mo_str wanted, const char *why, struct mo_str works_in)
{
	struct mo_str called = mo_pipeline_called(p, a);
	const struct mo_ir_value *region = mo_ir_get(a->value, MO_STR("Region"));
	struct mo_diag *d;
	if (region) {
		d = mo_pipeline_report(p, MSG_ACTION_REGION, a, region, MO_STR_FMT " works in " MO_STR_FMT ", but %s " MO_STR_FMT, MO_STR_ARG(called),
			MO_STR_ARG(works_in), why, MO_STR_ARG(wanted));
	} else {
		d = mo_pipeline_report(p, MSG_ACTION_REGION, a, NULL, MO_STR_FMT " has no `Region`, so it works in the pipeline's, " MO_STR_FMT
			"; but %s " MO_STR_FMT, MO_STR_ARG(called), MO_STR_ARG(works_in), why, MO_STR_ARG(wanted));
	}
	mo_diag_help(d, "write `Region: \"" MO_STR_FMT "\"`, and give the pipeline a store there", MO_STR_ARG(wanted));
}

// A role whose name ends with a region that only CloudFormation knows, and no `Region` to send the action there.
static bool
is_of_open_region(const struct mo_ir_value *role)
{
	if (!role || role->kind != MO_IR_SUB || role->items.len < 2) {
		return false;
	}
	const struct mo_ir_value *last = role->items.items[role->items.len - 1];
	bool bootstrap = false;
	for (uint32_t i = 0; i < role->items.len; i++) {
		bootstrap = bootstrap || mo_str_find(mo_pipeline_text(role->items.items[i]), MO_STR(":role/cdk-"), 0) >= 0;
	}
	return bootstrap && last->kind == MO_IR_PARAM;
}

static void
check_action(struct mo_pipeline *p, const struct mo_pipeline_action *a, struct mo_str own)
{
	const struct mo_ir_value *v = mo_ir_get(a->value, MO_STR("Region"));
	struct mo_str place = works_in(a, own);
	struct mo_str stack = region_of_stack(p, a), role = region_of_role(mo_pipeline_text(role_of(a, false)));
	struct mo_str execution = region_of_role(mo_pipeline_text(role_of(a, true)));
	if (!v && is_of_open_region(role_of(a, false))) {
		struct mo_str called = mo_pipeline_called(p, a);
		struct mo_diag *d = mo_pipeline_report(p, MSG_ACTION_REGION, a, NULL, MO_STR_FMT " has no `Region`, so it works in the pipeline's; but "
			"its role is for the region in a parameter", MO_STR_ARG(called));
		mo_diag_help(d, "give it the parameter as `Region`");
	} else if (!place.len) {
		return;
	} else if (stack.len && !mo_str_eq(stack, place)) {
		report_region(p, a, stack, "its stack is in", place);
	} else if (role.len && !mo_str_eq(role, place)) {
		report_region(p, a, role, "its role is for", place);
	} else if (execution.len && !mo_str_eq(execution, place)) {
		report_region(p, a, execution, "the role of CloudFormation is for", place);
	}
}

// ---- stores ----------------------------------------------------------------------------------------------------------------------

// Whether there is a store in a region, as far as it is known.
static bool
has_store(const struct mo_ir_value *stores, struct mo_str region, struct mo_str own)
{
	for (uint32_t i = 0; i < stores->items.len; i++) {
		const struct mo_ir_value *s = stores->items.items[i], *v = s->kind == MO_IR_OBJECT ? mo_ir_get(s, MO_STR("Region")) : NULL;
		if (!v || (is_own_region(v) ? !own.len || mo_str_eq(own, region) : v->kind != MO_IR_STRING || mo_str_eq(v->text, region))) {
			return true;
		}
	}
	return false;
}

static void
check_store(struct mo_pipeline *p, const struct mo_pipeline_action *a, const struct mo_ir_value *stores, struct mo_str own)
{
	const struct mo_ir_value *v = mo_ir_get(a->value, MO_STR("Region"));
	struct mo_str region = mo_pipeline_text(v), called = mo_pipeline_called(p, a);
	bool elsewhere = region.len && own.len && !mo_str_eq(region, own);
	if (elsewhere && !stores) {
		struct mo_diag *d = mo_pipeline_report(p, MSG_ACTION_REGION, a, v, MO_STR_FMT " works in " MO_STR_FMT
			", and the pipeline has a store in " MO_STR_FMT " only", MO_STR_ARG(called), MO_STR_ARG(region), MO_STR_ARG(own));
		mo_diag_help(d, "give it `ArtifactStores`, one for each region, instead of `ArtifactStore`");
	} else if (region.len && stores && stores->kind == MO_IR_LIST && !has_store(stores, region, own)) {
		struct mo_diag *d = mo_pipeline_report(p, MSG_ACTION_REGION, a, v, MO_STR_FMT " works in " MO_STR_FMT
			", where the pipeline has no store", MO_STR_ARG(called), MO_STR_ARG(region));
		mo_diag_help(d, "add one to `ArtifactStores`");
	}
}

static void
check_stores(struct mo_pipeline *p, struct mo_str own)
{
	const struct mo_ir_value *one = mo_ir_get(p->resource->properties, MO_STR("ArtifactStore"));
	const struct mo_ir_value *stores = mo_ir_get(p->resource->properties, MO_STR("ArtifactStores"));
	if (one && stores && one->kind == MO_IR_OBJECT && stores->kind == MO_IR_LIST) {
		mo_pipeline_report(p, MSG_ACTION_REGION, NULL, one, "a pipeline has either `ArtifactStore` or `ArtifactStores`, not both");
		return;
	}
	if (!one && !stores) {
		struct mo_diag *d = mo_pipeline_report(p, MSG_ACTION_REGION, NULL, NULL, "the pipeline has no store for its artifacts");
		mo_diag_help(d, "give it `ArtifactStore`, or `ArtifactStores` when it works in several regions");
		return;
	}
	if (stores && stores->kind == MO_IR_LIST && own.len && !has_store(stores, own, own)) {
		mo_pipeline_report(p, MSG_ACTION_REGION, NULL, stores, "the pipeline is in " MO_STR_FMT ", where it has no store", MO_STR_ARG(own));
	}
	for (uint32_t i = 0; i < p->actions.len; i++) {
		check_store(p, &p->actions.items[i], stores, own);
	}
}

void
mo_pipeline_check_regions(struct mo_pipeline *p)
{
	struct mo_str own = own_region(p);
	for (uint32_t i = 0; i < p->actions.len; i++) {
		if (mo_pipeline_setting(&p->actions.items[i], "StackName")) {
			check_action(p, &p->actions.items[i], own);
		}
	}
	check_stores(p, own);
}
