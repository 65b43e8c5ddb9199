// SPDX-License-Identifier: Apache-2.0
// waves([…]): stacks at their targets in the order in which they can be deployed, those that do not wait for each other together. What
// a template reads of others is looked up in its values, because templates are finished only when all of them are there.
#include "eval/instance.h"

enum { WHITE, GREY, BLACK, DEEPEST = 400 };

struct waiting {
	struct mo_deployment *deployment;
	uint8_t mark;
	bool listed;
	uint32_t level; // of what is listed: in which wave it is; of others: the first wave that may come after
};

struct waves {
	struct mo_eval *ev;
	struct mo_span span;
	struct mo_map seen; // deployment -> waiting
	MO_VEC(struct waiting *) listed;
	uint32_t depth;
};

// ---- who waits for whom ----------------------------------------------------------------------------------------------------------

struct scan {
	struct mo_eval *ev;
	struct mo_variant *variant;
};

// Kept apart from what the finished template waits for: a mere ARN, which is computed, counts here as well.
static void
note(struct mo_eval *ev, struct mo_variant *v, struct mo_stack *stack, const struct mo_target *at)
{
	for (uint32_t i = 0; i < v->likely.len; i++) {
		const struct mo_producer *p = &v->likely.items[i];
		if (p->stack == stack && p->elsewhere == (at != NULL) && (!at || p->target.hash == at->hash)) {
			return;
		}
	}
	struct mo_producer p = { .stack = stack, .elsewhere = at != NULL };
	if (at) {
		p.target = *at;
	}
	mo_push(ev->arena, &v->likely, p);
}

static bool
scan_value(void *data, const struct mo_ir_value *v)
{
	struct scan *s = data;
	if (v->kind == MO_IR_IF || v->kind == MO_IR_CONDITION) {
		mo_ir_visit(v->condition->expression, scan_value, s);
	}
	if ((v->kind != MO_IR_RESOURCE && v->kind != MO_IR_ATTRIBUTE) || v->resource->existing) {
		return true;
	}
	const struct mo_resource *r = mo_resource_of(v->resource);
	struct mo_variant *other = r->instance ? r->instance->variant : NULL;
	if (other && other != s->variant) {
		note(s->ev, s->variant, other->stack, other->shadow ? &other->target : NULL);
	}
	return true;
}

// Notes the stacks that a template reads; finishing it would note the same.
static void
find_producers(struct mo_eval *ev, struct mo_variant *v)
{
	struct scan s = { ev, v };
	if (v->scanned) {
		return;
	}
	v->scanned = true;
	for (uint32_t i = 0; i < v->template->resources.len; i++) {
		const struct mo_ir_resource *r = v->template->resources.items[i];
		mo_ir_visit_resource(r, scan_value, &s);
		struct mo_stack *nested = mo_resource_of(v->template->resources.items[i])->nested;
		for (uint32_t k = 0; nested && k < nested->variants.len; k++) {
			find_producers(ev, nested->variants.items[k]);
			const struct mo_variant *inner = nested->variants.items[k];
			mo_nested_wait(ev, v, inner, r->origin.span);
			for (uint32_t n = 0; n < inner->likely.len; n++) {
				const struct mo_producer *p = &inner->likely.items[n];
				note(ev, v, p->stack, p->elsewhere ? &p->target : NULL);
			}
		}
		for (const struct mo_guard *g = mo_resource_of(v->template->resources.items[i])->guard; g; g = g->outer) {
			mo_ir_visit(g->condition->expression, scan_value, &s);
		}
	}
	for (uint32_t i = 0; i < v->template->outputs.len; i++) {
		const struct mo_ir_output *o = v->template->outputs.items[i];
		mo_ir_visit(o->value, scan_value, &s);
		if (o->condition) {
			mo_ir_visit(o->condition->expression, scan_value, &s);
		}
	}
}

static struct waiting *
waiting_of(struct waves *w, struct mo_deployment *d)
{
	struct waiting *x = mo_map_get(&w->seen, MO_KEY(d));
	if (!x) {
		x = mo_new(w->ev->arena, struct waiting);
		x->deployment = d;
		mo_map_put(w->ev->arena, &w->seen, MO_KEY(d), x);
	}
	return x;
}

// A circle is reported where deployment is ordered; here it only must not go on for ever.
static uint32_t
level_of(struct waves *w, struct waiting *x)
{
	struct mo_variant *v = x->mark == WHITE ? mo_variant_of(w->ev, x->deployment, w->span) : NULL;
	if (!v || w->depth >= DEEPEST) {
		return x->level;
	}
	x->mark = GREY;
	w->depth++;
	find_producers(w->ev, v);
	for (uint32_t i = 0; i < v->producers.len + v->likely.len; i++) {
		const struct mo_producer *p = i < v->producers.len ? v->producers.items[i] : &v->likely.items[i - v->producers.len];
		struct mo_deployment *d = mo_map_get(&p->stack->by_target, p->elsewhere ? p->target.hash : x->deployment->target.hash);
		struct waiting *before = d && d != x->deployment && !p->mere ? waiting_of(w, d) : NULL;
		uint32_t least = before ? level_of(w, before) + before->listed : 0;
		x->level = least > x->level ? least : x->level;
	}
	w->depth--;
	x->mark = BLACK;
	return x->level;
}

// ---- the list --------------------------------------------------------------------------------------------------------------------

static void
add(struct waves *w, struct mo_deployment *d)
{
	struct waiting *x = waiting_of(w, d);
	if (!x->listed) {
		x->listed = true;
		mo_push(w->ev->arena, &w->listed, x);
	}
}

// A stack without a target stands for all its targets.
static bool
add_stack(struct waves *w, const struct mo_value *v)
{
	struct mo_stack_handle *h = mo_stack_handle_of(w->ev, v);
	if (!h) {
		return false;
	}
	mo_stack_targets(w->ev, h->stack);
	for (uint32_t i = 0; i < h->stack->deployments.len; i++) {
		struct mo_deployment *d = h->stack->deployments.items[i];
		if (!h->has_target || mo_target_equal(&d->target, &h->target)) {
			add(w, d);
		}
	}
	return true;
}

static const struct mo_value *
group(struct waves *w, uint32_t level)
{
	struct mo_value *list = mo_value_list(w->ev->arena, w->span);
	for (uint32_t i = 0; i < w->listed.len; i++) {
		if (w->listed.items[i]->level == level) {
			mo_push(w->ev->arena, &list->items, mo_deployment_value(w->ev, w->listed.items[i]->deployment, w->span));
		}
	}
	return list;
}

const struct mo_value *
mo_waves(struct mo_eval *ev, const struct mo_value *stacks, struct mo_span span)
{
	struct waves w = { .ev = ev, .span = span };
	struct mo_value *all = mo_value_list(ev->arena, span);
	uint32_t last = 0;
	for (uint32_t i = 0; i < stacks->items.len; i++) {
		if (!add_stack(&w, stacks->items.items[i])) {
			return mo_error_value();
		}
	}
	for (uint32_t i = 0; i < w.listed.len; i++) {
		uint32_t level = level_of(&w, w.listed.items[i]);
		last = level > last ? level : last;
	}
	for (uint32_t level = 0; w.listed.len && level <= last; level++) {
		const struct mo_value *one = group(&w, level);
		if (one->items.len) {
			mo_push(ev->arena, &all->items, one);
		}
	}
	return all;
}
