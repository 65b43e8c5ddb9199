// SPDX-License-Identifier: Apache-2.0
// Finds the policy documents in the properties of resources.
#include "check/checks.h"
#include "check/policy.h"

static const struct mo_policy_kind kinds[] = {
#define MO_POLICY(type, property, principal, resource, plain_sids, what) { type, property, principal, resource, plain_sids, what },
#include "check/policies.def"
#undef MO_POLICY
};

static bool
type_fits(const char *pattern, struct mo_str type)
{
	struct mo_str p = mo_str_c(pattern);
	bool prefix = p.p[p.len - 1] == '*';
	return prefix ? mo_str_starts(type, mo_str_sub(p, 0, p.len - 1)) : mo_str_eq(type, p);
}

static const struct mo_policy_kind *
kind_of(struct mo_str type, struct mo_str property)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (mo_str_is(property, kinds[i].property) && type_fits(kinds[i].type, type)) {
			return &kinds[i];
		}
	}
	return NULL;
}

static void
walk(struct mo_policy *p, const struct mo_ir_value *v, uint32_t depth)
{
	if (depth > MO_IR_DEEPEST) {
		return;
	}
	if (v->kind == MO_IR_LIST) {
		for (uint32_t i = 0; i < v->items.len; i++) {
			walk(p, v->items.items[i], depth + 1);
		}
	} else if (v->kind == MO_IR_IF) {
		walk(p, v->then, depth + 1);
		walk(p, v->otherwise, depth + 1);
	}
	for (uint32_t i = 0; v->kind == MO_IR_OBJECT && i < v->members.len; i++) {
		const struct mo_ir_member *m = &v->members.items[i];
		p->kind = kind_of(p->owner->type, m->key);
		if (p->kind) {
			mo_policy_each(p, m->value, mo_policy_check_document);
		} else {
			walk(p, m->value, depth + 1);
		}
	}
}

// Policies of things look alike but have actions and variables of their own (AWS IoT Developer Guide, "AWS IoT Core policies").
static bool
has_policies_of_iam(const struct mo_ir_resource *r)
{
	return !r->existing && mo_str_starts(r->type, MO_STR("AWS::")) && !mo_str_is(r->type, "AWS::IoT::Policy");
}

void
mo_check_policies(struct mo_checker *c)
{
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		const struct mo_ir_template *t = c->platform->templates.items[i];
		for (uint32_t k = 0; k < t->resources.len; k++) {
			const struct mo_ir_resource *r = t->resources.items[k];
			struct mo_policy p = { .c = c, .owner = r, .place = mo_check_place(r->origin, t->span) };
			if (has_policies_of_iam(r)) {
				walk(&p, r->properties, 0);
			}
		}
	}
}
