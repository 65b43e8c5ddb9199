// SPDX-License-Identifier: Apache-2.0
// Policies that are one resource for each statement: AWS::Lambda::Permission, which has a property for each part of a statement, and
// AWS::Events::EventBusPolicy, which holds a statement as it is.
#include "eval/grant.h"

// A condition that such a resource can say: `aws:SourceArn` in the property `SourceArn`.
static bool
can_say(const struct mo_policy_work *w, struct mo_str operator, struct mo_str key)
{
	bool equals = mo_str_starts(operator, MO_STR("StringEquals")) || mo_str_starts(operator, MO_STR("ArnLike")) || mo_str_starts(operator, MO_STR("ArnEquals"))
		|| mo_str_is(operator, "StringLike");
	for (uint32_t i = 0; equals && w->carrier.conditions && i < w->carrier.conditions->items.len; i++) {
		const struct mo_value *v = w->carrier.conditions->items.items[i];
		if (v->kind == MO_VALUE_STRING && mo_str_eq(v->text, key)) {
			return true;
		}
	}
	return false;
}

static void
report_condition(struct mo_eval *ev, const struct mo_policy_work *w, const struct mo_policy_statement *s, struct mo_span span, struct mo_str key)
{
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_CONDITION_NOT_CARRIED, mo_span_is_nowhere(span) ? s->origins.items[0] : span,
		MO_STR_FMT " cannot say the condition `" MO_STR_FMT "`", MO_STR_ARG(w->carrier.resource), MO_STR_ARG(key));
	struct mo_buf all = mo_buf_in(ev->arena);
	for (uint32_t i = 0; w->carrier.conditions && i < w->carrier.conditions->items.len; i++) {
		mo_buf_printf(&all, "%s`" MO_STR_FMT "`", i ? ", " : "", MO_STR_ARG(w->carrier.conditions->items.items[i]->text));
	}
	mo_diag_note(d, "it takes " MO_STR_FMT ", for one value each", MO_STR_ARG(mo_buf_str(&all)));
}

static bool
set_conditions(struct mo_eval *ev, const struct mo_policy_work *w, const struct mo_policy_statement *s, struct mo_ir_value *properties)
{
	bool good = true;
	for (uint32_t i = 0; s->condition && s->condition->kind == MO_IR_OBJECT && i < s->condition->members.len; i++) {
		const struct mo_ir_member *o = &s->condition->members.items[i];
		for (uint32_t k = 0; o->value->kind == MO_IR_OBJECT && k < o->value->members.len; k++) {
			const struct mo_ir_member *m = &o->value->members.items[k];
			const struct mo_ir_value *v = m->value->kind == MO_IR_LIST && m->value->items.len == 1 ? m->value->items.items[0] : m->value;
			ptrdiff_t colon = mo_str_find(m->key, MO_STR(":"), 0);
			if (!can_say(w, o->key, m->key) || v->kind == MO_IR_LIST) {
				report_condition(ev, w, s, m->key_span, m->key);
				good = false;
				continue;
			}
			mo_ir_set(ev->arena, properties, mo_str_sub(m->key, (size_t)(colon + 1), m->key.len), m->key_span, v);
		}
	}
	return good;
}

static void
remember(struct mo_eval *ev, struct mo_resource *r, const struct mo_policy_statement *s)
{
	struct mo_ir_permission *p = mo_new(ev->arena, struct mo_ir_permission);
	p->resource = &r->ir;
	for (uint32_t k = 0; k < s->origins.len; k++) {
		mo_push(ev->arena, &p->origins, s->origins.items[k]);
	}
	mo_push(ev->arena, &ev->platform->permissions, p);
}

// "events" of events.amazonaws.com: what tells the permissions of one function apart.
static struct mo_str
word_for(struct mo_eval *ev, const struct mo_ir_value *principal)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	struct mo_str text = principal->kind == MO_IR_STRING ? principal->text : MO_STR("");
	ptrdiff_t domain = mo_str_find(text, MO_STR(".amazonaws.com"), 0);
	if (domain > 0) {
		mo_id_add(&b, mo_str_sub(text, 0, (size_t)domain));
	}
	return mo_buf_str(&b);
}

static struct mo_str
id_for(struct mo_eval *ev, const struct mo_policy_work *w, struct mo_map *used, struct mo_str word, const char *suffix)
{
	struct mo_str id = mo_str_printf(ev->arena, MO_STR_FMT MO_STR_FMT "%s", MO_STR_ARG(w->owner->ir.id), MO_STR_ARG(word), suffix);
	return mo_unique_id(ev, used, id);
}

static void
write_permission(struct mo_eval *ev, struct mo_policy_work *w, const struct mo_policy_statement *s, const struct mo_ir_value *action,
	const struct mo_ir_value *principal, struct mo_map *used)
{
	struct mo_guard *guard = mo_guard_both(ev, s->guard, w->owner->guard);
	struct mo_str id = id_for(ev, w, used, word_for(ev, principal), "Permission");
	struct mo_resource *r = mo_policy_resource(ev, w, mo_str_dup(ev->arena, w->carrier.resource).p, id, guard);
	struct mo_ir_value *o = r->ir.properties;
	mo_ir_set(ev->arena, o, w->carrier.object, o->span, mo_policy_reference(ev, w, r->ir.type, w->carrier.object));
	mo_ir_set(ev->arena, o, MO_STR("Action"), o->span, action);
	mo_ir_set(ev->arena, o, MO_STR("Principal"), o->span, principal);
	set_conditions(ev, w, s, o);
	remember(ev, r, s);
}

// One for each action and each of whom it speaks.
static void
write_permissions(struct mo_eval *ev, struct mo_policy_work *w, const struct mo_policy_statement *s, struct mo_map *used)
{
	const struct mo_ir_value *everybody = mo_ir_string(ev->arena, s->origins.items[0], MO_STR("*"));
	for (uint32_t i = 0; i < s->actions->items.len; i++) {
		const struct mo_ir_value *action = s->actions->items.items[i];
		if (s->anyone) {
			write_permission(ev, w, s, action, everybody, used);
			continue;
		}
		for (uint32_t k = 0; k < s->principals->members.len; k++) {
			const struct mo_ir_value *list = s->principals->members.items[k].value;
			for (uint32_t m = 0; m < list->items.len; m++) {
				write_permission(ev, w, s, action, list->items.items[m], used);
			}
		}
	}
}

static void
write_statement(struct mo_eval *ev, struct mo_policy_work *w, const struct mo_policy_statement *s, struct mo_map *used)
{
	struct mo_guard *guard = mo_guard_both(ev, s->guard, w->owner->guard);
	struct mo_str word = s->sid.len ? mo_id_of(ev, s->sid) : MO_STR("");
	struct mo_str id = id_for(ev, w, used, word, "Policy");
	struct mo_resource *r = mo_policy_resource(ev, w, mo_str_dup(ev->arena, w->carrier.resource).p, id, guard);
	struct mo_policy_statement named = *s;
	struct mo_ir_value *o = r->ir.properties;
	named.sid = s->sid.len ? s->sid : id;
	mo_ir_set(ev->arena, o, w->carrier.object, o->span, mo_policy_reference(ev, w, r->ir.type, w->carrier.object));
	mo_ir_set(ev->arena, o, MO_STR("StatementId"), o->span, mo_ir_string(ev->arena, o->span, named.sid));
	mo_ir_set(ev->arena, o, w->carrier.document, o->span, mo_policy_statement_value(ev, &named));
	remember(ev, r, s);
}

void
mo_policy_write_each(struct mo_eval *ev, struct mo_policy_work *w)
{
	bool whole = !w->carrier.conditions;
	struct mo_map used = { 0 };
	for (uint32_t i = 0; i < w->variant->template->resources.len; i++) {
		mo_map_put(ev->arena, &used, mo_str_hash(w->variant->template->resources.items[i]->id), ev);
	}
	for (uint32_t i = 0; i < w->statements.len; i++) {
		const struct mo_policy_statement *s = &w->statements.items[i];
		if (s->deny && !whole) {
			mo_report(ev->ctx->diags, MSG_DENY_NOT_CARRIED, s->origins.items[0], MO_STR_FMT " can only allow", MO_STR_ARG(w->carrier.resource));
		} else if (whole) {
			write_statement(ev, w, s, &used);
		} else {
			write_permissions(ev, w, s, &used);
		}
	}
}
