// SPDX-License-Identifier: Apache-2.0
// Gathers what `allow` and `deny` say: whom and what they speak of, evaluated where they stand. What is done with it waits until every
// stack is evaluated.
#include "eval/grant.h"

enum { DEEPEST = 16 }; // of lists in lists

struct mo_guard *
mo_guard_both(struct mo_eval *ev, struct mo_guard *a, struct mo_guard *b)
{
	if (!b || mo_guard_implies(a, b)) {
		return a;
	}
	if (!a || mo_guard_implies(b, a)) {
		return b;
	}
	return mo_guard_add(ev, a, mo_guard_condition(ev, b), false, b->span);
}

static const struct mo_ir_value *
text_of(struct mo_eval *ev, const struct mo_value *v)
{
	return mo_lower(ev, v);
}

// ---- whom ------------------------------------------------------------------------------------------------------------------------

static bool
is_principal(const struct mo_value *v)
{
	const struct mo_value *kind = v->members.len == 2 ? mo_value_get(v, MO_STR("kind")) : NULL;
	return kind && kind->kind == MO_VALUE_STRING && mo_value_get(v, MO_STR("value"));
}

static struct mo_grantee
principal(struct mo_eval *ev, const struct mo_value *v)
{
	static const char *const kinds[] = { [MO_GRANTEE_SERVICE] = "service", [MO_GRANTEE_ORG] = "org", [MO_GRANTEE_ORG_PATH] = "org_path",
		[MO_GRANTEE_FEDERATED] = "federated", [MO_GRANTEE_ANYONE] = "anyone" };
	struct mo_grantee g = { .kind = MO_GRANTEE_ANYONE, .span = v->span };
	struct mo_str kind = mo_value_get(v, MO_STR("kind"))->text;
	for (size_t i = MO_GRANTEE_SERVICE; i <= MO_GRANTEE_ANYONE; i++) {
		g.kind = mo_str_is(kind, kinds[i]) ? (enum mo_grantee_kind)i : g.kind;
	}
	g.text = text_of(ev, mo_value_get(v, MO_STR("value")));
	return g;
}

static void add_who(struct mo_eval *ev, struct mo_grant *g, const struct mo_value *v, struct mo_guard *guard, uint32_t depth);

// Chosen at deploy time: both, each where it is the one.
static void
add_chosen(struct mo_eval *ev, struct mo_grant *g, const struct mo_value *v, struct mo_guard *guard, uint32_t depth)
{
	const struct mo_sides *s = mo_sides_of(ev, v);
	if (!s) {
		struct mo_grantee one = { .kind = MO_GRANTEE_ARN, .text = v->ir, .guard = guard, .span = v->span };
		mo_push(ev->arena, &g->who, one);
		return;
	}
	add_who(ev, g, s->then, mo_guard_assume(ev, guard, s->condition, false, v->span), depth + 1);
	add_who(ev, g, s->otherwise, mo_guard_assume(ev, guard, s->condition, true, v->span), depth + 1);
}

static void
add_who(struct mo_eval *ev, struct mo_grant *g, const struct mo_value *v, struct mo_guard *guard, uint32_t depth)
{
	struct mo_grantee one = { .guard = guard, .span = v->span };
	if (depth > DEEPEST) {
		return;
	}
	switch (v->kind) {
	case MO_VALUE_LIST:
		for (uint32_t i = 0; i < v->items.len; i++) {
			add_who(ev, g, v->items.items[i], guard, depth + 1);
		}
		return;
	case MO_VALUE_FAMILY:
		for (uint32_t i = 0; i < v->family->members.len; i++) {
			add_who(ev, g, v->family->members.items[i]->value, guard, depth + 1);
		}
		return;
	case MO_VALUE_RECORD:
		for (uint32_t i = 0; !is_principal(v) && i < v->members.len; i++) {
			add_who(ev, g, v->members.items[i].value, guard, depth + 1);
		}
		if (!is_principal(v)) {
			return;
		}
		one = principal(ev, v);
		one.guard = guard;
		break;
	case MO_VALUE_RESOURCE:
		one.resource = mo_resource_of(v->resource);
		one.guard = mo_guard_both(ev, guard, one.resource->guard);
		break;
	case MO_VALUE_ACCOUNT:
	case MO_VALUE_TARGET:
		one.kind = MO_GRANTEE_ACCOUNT;
		one.account = v->account;
		break;
	case MO_VALUE_STRING:
		one.kind = MO_GRANTEE_ARN;
		one.text = text_of(ev, v);
		break;
	case MO_VALUE_DEPLOY:
		add_chosen(ev, g, v, guard, depth);
		return;
	default:
		return; // none, or reported
	}
	mo_push(ev->arena, &g->who, one);
}

// ---- on what ---------------------------------------------------------------------------------------------------------------------

static struct mo_stack *
whole_of(struct mo_eval *ev, const struct mo_value *v)
{
	const struct mo_stack_handle *h = mo_stack_handle_of(ev, v);
	return h ? h->stack : mo_template_of(ev, v);
}

static void
add_object(struct mo_eval *ev, struct mo_grant *g, const struct mo_value *v, struct mo_guard *guard, uint32_t depth)
{
	struct mo_grant_object one = { .guard = guard, .span = v->span };
	const struct mo_sides *sides = v->kind == MO_VALUE_DEPLOY ? mo_sides_of(ev, v) : NULL;
	if (depth > DEEPEST) {
		return;
	}
	switch (v->kind) {
	case MO_VALUE_LIST:
		for (uint32_t i = 0; i < v->items.len; i++) {
			add_object(ev, g, v->items.items[i], guard, depth + 1);
		}
		return;
	case MO_VALUE_FAMILY:
		for (uint32_t i = 0; i < v->family->members.len; i++) {
			add_object(ev, g, v->family->members.items[i]->value, guard, depth + 1);
		}
		return;
	case MO_VALUE_RECORD:
		for (uint32_t i = 0; i < v->members.len; i++) {
			add_object(ev, g, v->members.items[i].value, guard, depth + 1);
		}
		return;
	case MO_VALUE_RESOURCE:
		one.resource = mo_resource_of(v->resource);
		one.guard = mo_guard_both(ev, guard, one.resource->guard);
		break;
	case MO_VALUE_DEPLOY:
		if (sides) {
			add_object(ev, g, sides->then, mo_guard_assume(ev, guard, sides->condition, false, v->span), depth + 1);
			add_object(ev, g, sides->otherwise, mo_guard_assume(ev, guard, sides->condition, true, v->span), depth + 1);
			return;
		}
		one.text = v->ir;
		break;
	case MO_VALUE_STRING:
		one.text = text_of(ev, v);
		break;
	case MO_VALUE_STACK:
	case MO_VALUE_TEMPLATE:
		one.whole = whole_of(ev, v);
		break;
	default:
		return;
	}
	mo_push(ev->arena, &g->objects, one);
}

// ---- all of it -------------------------------------------------------------------------------------------------------------------

static struct mo_str
known_text(struct mo_eval *ev, struct mo_frame *f, struct mo_node *n)
{
	const struct mo_value *v = n ? mo_eval_typed(ev, f, n, mo_type_of_kind(MO_TYPE_STRING)) : mo_error_value();
	return v->kind == MO_VALUE_STRING ? v->text : (struct mo_str){ 0 };
}

static const struct mo_ir_value *
lowered(struct mo_eval *ev, struct mo_frame *f, struct mo_node *n, const struct mo_type *type)
{
	const struct mo_value *v = n ? mo_eval_typed(ev, f, n, type) : mo_error_value();
	return mo_is_error(v) || mo_is_none(v) ? NULL : mo_lower(ev, v);
}

static void
read_words(struct mo_eval *ev, struct mo_grant *g)
{
	struct mo_grant_node *n = g->node;
	g->actions = lowered(ev, g->frame, n->verb_list, mo_type_list(ev->ctx, mo_type_of_kind(MO_TYPE_STRING)));
	g->when = lowered(ev, g->frame, n->when, mo_type_of_kind(MO_TYPE_JSON));
	g->sid = known_text(ev, g->frame, n->sid);
	g->at = known_text(ev, g->frame, n->at);
}

// Everybody may do it, from everywhere.
static void
warn_of_anyone(struct mo_eval *ev, const struct mo_grant *g)
{
	for (uint32_t i = 0; i < g->who.len && !g->node->deny && !g->when; i++) {
		if (g->who.items[i].kind == MO_GRANTEE_ANYONE) {
			struct mo_diag *d = mo_report(ev->ctx->diags, MSG_OPEN_TO_EVERYBODY, g->node->who.items[0]->span,
				"this is allowed to everybody on the internet");
			mo_diag_help(d, "say under which conditions: `when { StringEquals: { \"aws:PrincipalOrgID\": \"o-…\" } }`, or `org(\"o-…\")`");
		}
	}
}

// Where the permission names it; what it stands for was written elsewhere.
static struct mo_span
named_at(struct mo_span value, const struct mo_node *n)
{
	bool inside = value.start >= n->span.start && value.end <= n->span.end;
	return inside ? value : n->span;
}

void
mo_grant_collect(struct mo_eval *ev, struct mo_frame *f, struct mo_guard *guard, struct mo_node *node)
{
	struct mo_grant_node *n = mo_as_grant(node);
	struct mo_grant *g = mo_new(ev->arena, struct mo_grant);
	struct mo_node *objects = n->object;
	uint32_t errors = ev->ctx->diags->errors;
	*g = (struct mo_grant){ .node = n, .frame = f, .guard = guard, .variant = ev->evaluator->variant };
	for (uint32_t i = 0; i < n->who.len; i++) {
		uint32_t from = g->who.len;
		add_who(ev, g, mo_eval_expr(ev, f, n->who.items[i], NULL), guard, 0);
		for (uint32_t k = from; k < g->who.len; k++) {
			g->who.items[k].span = named_at(g->who.items[k].span, n->who.items[i]);
		}
	}
	if (objects && objects->kind == MO_NOT_LIST_NODE) {
		g->negated = true;
		objects = mo_as_not_list(objects)->list;
	}
	if (objects) {
		add_object(ev, g, mo_eval_expr(ev, f, objects, NULL), guard, 0);
		for (uint32_t k = 0; k < g->objects.len; k++) {
			g->objects.items[k].span = named_at(g->objects.items[k].span, objects);
		}
	}
	read_words(ev, g);
	warn_of_anyone(ev, g);
	if (ev->ctx->diags->errors == errors) {
		mo_push(ev->arena, &ev->evaluator->grants, g);
	}
}
