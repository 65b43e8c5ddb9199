// SPDX-License-Identifier: Apache-2.0
// Whether the keys of a statement's condition come with the actions that it allows. IAM takes any key, and one that never comes is never
// equal to anything. Keys that all services have (aws:…) and those of identity providers are not looked at.
#include "check/policy.h"

#include <string.h>

struct mo_policy_actions {
	MO_VEC(mo_cat) items;
	bool open; // others may be meant, or nobody knows which
};

// The actions that a text of `Action` means.
static void
add_actions(struct mo_policy *p, const struct mo_ir_value *v)
{
	struct mo_policy_actions *all = p->actions;
	ptrdiff_t colon = v->kind == MO_IR_STRING ? mo_str_find(v->text, MO_STR(":"), 0) : -1;
	mo_cat service = colon < 0 ? 0 : mo_cat_find_service(mo_str_sub(v->text, 0, (size_t)colon));
	uint32_t before = all->items.len;
	for (uint32_t i = 0; service && i < mo_cat_service(service).actions; i++) {
		mo_cat action = mo_cat_action_at(service, i);
		if (mo_cat_pattern_matches(mo_str_sub(v->text, (size_t)colon + 1, v->text.len), mo_cat_action(action).name)) {
			mo_push(p->c->arena, &all->items, action);
		}
	}
	all->open = all->open || all->items.len == before;
}

// "kms:EncryptionContext:${EncryptionContextKey}" as a pattern.
static bool
key_matches(struct mo_policy *p, struct mo_str known, struct mo_str key)
{
	struct mo_buf b = mo_buf_in(p->c->arena);
	for (size_t i = 0; i < known.len; i++) {
		ptrdiff_t end = known.p[i] == '$' ? mo_str_find(known, MO_STR("}"), i) : -1;
		mo_buf_addc(&b, end < 0 ? known.p[i] : '*');
		i = end < 0 ? i : (size_t)end;
	}
	return mo_cat_pattern_matches(mo_buf_str(&b), key);
}

static bool
comes_with(struct mo_policy *p, mo_cat action, struct mo_str key)
{
	for (uint32_t i = 0; i < mo_cat_action(action).condition_keys; i++) {
		if (key_matches(p, mo_cat_action_condition_key(action, i), key)) {
			return true;
		}
	}
	return false;
}

static void
check_key(struct mo_policy *p, const struct mo_ir_member *m)
{
	const struct mo_policy_actions *all = p->actions;
	ptrdiff_t colon = mo_str_find(m->key, MO_STR(":"), 0);
	struct mo_str prefix = mo_str_sub(m->key, 0, colon < 0 ? 0 : (size_t)colon);
	if (!mo_cat_find_service(prefix) || !mo_cat_condition_key_exists(m->key)) {
		return; // of all services or of an identity provider, or reported
	}
	for (uint32_t i = 0; i < all->items.len; i++) {
		if (comes_with(p, all->items.items[i], m->key)) {
			return;
		}
	}
	struct mo_diag *d = mo_policy_report(p, MSG_KEY_NEVER_COMES, m->key_span, "none of the actions of this statement comes with `" MO_STR_FMT "`",
		MO_STR_ARG(m->key));
	if (all->items.len == 1) {
		struct mo_cat_action action = mo_cat_action(all->items.items[0]);
		struct mo_buf b = mo_buf_in(p->c->arena);
		for (uint32_t i = 0; i < action.condition_keys && i < 8; i++) {
			mo_buf_printf(&b, "%s" MO_STR_FMT, i ? ", " : "", MO_STR_ARG(mo_cat_action_condition_key(all->items.items[0], i)));
		}
		if (action.condition_keys) {
			mo_diag_note(d, "`" MO_STR_FMT "` comes with " MO_STR_FMT "%s", MO_STR_ARG(action.name), MO_STR_ARG(mo_buf_str(&b)),
				action.condition_keys > 8 ? " and more" : "");
		}
	}
}

static void
check_keys(struct mo_policy *p, const struct mo_ir_value *v)
{
	for (uint32_t i = 0; v->kind == MO_IR_OBJECT && i < v->members.len; i++) {
		check_key(p, &v->members.items[i]);
	}
}

// Operators under which a key may stay away.
static bool
minds(struct mo_str operator)
{
	return !mo_str_ends(operator, MO_STR("IfExists")) && !mo_str_is(operator, "Null") && !mo_str_starts(operator, MO_STR("ForAllValues:"));
}

static void
check_operators(struct mo_policy *p, const struct mo_ir_value *v)
{
	for (uint32_t i = 0; v->kind == MO_IR_OBJECT && i < v->members.len; i++) {
		if (minds(v->members.items[i].key)) {
			mo_policy_each(p, v->members.items[i].value, check_keys);
		}
	}
}

void
mo_policy_check_keys(struct mo_policy *p, const struct mo_ir_value *statement)
{
	struct mo_policy_actions all = { 0 };
	const struct mo_ir_value *condition = mo_ir_get(statement, MO_STR("Condition")), *actions = mo_ir_get(statement, MO_STR("Action"));
	if (!condition || !actions) {
		return;
	}
	p->actions = &all;
	mo_policy_each(p, actions, add_actions);
	if (!all.open) {
		mo_policy_each(p, condition, check_operators);
	}
	p->actions = NULL;
}
