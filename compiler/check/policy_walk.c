// SPDX-License-Identifier: Apache-2.0
// Finds the policy documents in the properties of resources, those that `raw` and @raw write as JSON too.
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

// Functions of CloudFormation that JSON of the user's own calls: { "Fn::Sub": … }, { Ref: … }.
static bool
is_call(const struct mo_ir_value *v)
{
	struct mo_str key = v->kind == MO_IR_OBJECT && v->members.len == 1 ? v->members.items[0].key : MO_STR("");
	return mo_str_starts(key, MO_STR("Fn::")) || mo_str_is(key, "Ref");
}

// The same with such calls as calls, so that nothing is said of what only CloudFormation knows.
static const struct mo_ir_value *
with_calls(struct mo_arena *a, const struct mo_ir_value *v, uint32_t depth)
{
	bool list = v->kind == MO_IR_LIST;
	if (depth > MO_IR_DEEPEST || (!list && v->kind != MO_IR_OBJECT)) {
		return v;
	}
	if (is_call(v)) {
		return mo_ir_call(a, v->span, v->members.items[0].key, v->members.items[0].value);
	}
	struct mo_ir_value *copy = list ? mo_ir_list(a, v->span) : mo_ir_object(a, v->span);
	for (uint32_t i = 0; list && i < v->items.len; i++) {
		mo_push(a, &copy->items, with_calls(a, v->items.items[i], depth + 1));
	}
	for (uint32_t i = 0; !list && i < v->members.len; i++) {
		struct mo_ir_member m = v->members.items[i];
		m.value = with_calls(a, m.value, depth + 1);
		mo_push(a, &copy->members, m);
	}
	return copy;
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

// `raw`: properties may hold JSON of the user's own.
static void
check_resource(struct mo_checker *c, const struct mo_ir_template *t, const struct mo_ir_resource *r, bool raw)
{
	struct mo_policy p = { .c = c, .owner = r, .place = mo_check_place(r->origin, t->span) };
	if (has_policies_of_iam(r)) {
		walk(&p, raw ? with_calls(c->arena, r->properties, 0) : r->properties, 0);
	}
}

// Resources that `raw` adds to the template.
static void
check_added(struct mo_checker *c, const struct mo_ir_template *t)
{
	const struct mo_ir_value *added = mo_ir_added(t, "Resources");
	for (uint32_t i = 0; added && i < added->members.len; i++) {
		const struct mo_ir_member *m = &added->members.items[i];
		const struct mo_ir_value *type = m->value->kind == MO_IR_OBJECT ? mo_ir_get(m->value, MO_STR("Type")) : NULL;
		const struct mo_ir_value *properties = type ? mo_ir_get(m->value, MO_STR("Properties")) : NULL;
		if (properties && type->kind == MO_IR_STRING && properties->kind == MO_IR_OBJECT) {
			struct mo_ir_resource r = { .id = m->key, .origin = { m->key_span, m->key_span, m->key }, .type = type->text,
				.properties = (struct mo_ir_value *)(uintptr_t)properties };
			check_resource(c, t, &r, true);
		}
	}
}

void
mo_check_policies(struct mo_checker *c)
{
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		const struct mo_ir_template *t = c->platform->templates.items[i];
		for (uint32_t k = 0; k < t->resources.len; k++) {
			check_resource(c, t, t->resources.items[k], t->raw.len > 0);
		}
		check_added(c, t);
	}
}
