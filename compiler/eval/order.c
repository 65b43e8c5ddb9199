// SPDX-License-Identifier: Apache-2.0
// The order of deployment: a stack after the stacks it reads, otherwise as written. Takes deployments with their variants, fills
// platform->stacks and what each stack depends on.
#include "eval/instance.h"

enum { WHITE, GREY, BLACK };

struct step {
	struct mo_deployment *deployment;
	uint32_t next; // producer to look at
};

typedef MO_VEC(struct step) steps;

static struct mo_deployment *
producer_of(const struct mo_deployment *d, uint32_t index)
{
	struct mo_stack *s = d->variant->producers.items[index].stack;
	return mo_map_get(&s->by_target, d->target.hash);
}

static void
report_cycle(struct mo_eval *ev, const steps *path, const struct mo_deployment *again)
{
	struct mo_buf text = mo_buf_in(ev->arena);
	uint32_t first = path->len - 1;
	while (first > 0 && path->items[first].deployment != again) {
		first--;
	}
	for (uint32_t i = first; i < path->len; i++) {
		mo_buf_printf(&text, "`" MO_STR_FMT "` -> ", MO_STR_ARG(path->items[i].deployment->stack->name));
	}
	struct mo_str names = mo_buf_str(&text), name = again->stack->name;
	const struct step *last = &path->items[path->len - 1];
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_STACK_CYCLE,
		last->deployment->variant->producers.items[last->next - 1].span,
		"stacks wait for each other in a circle: " MO_STR_FMT "`" MO_STR_FMT "`", MO_STR_ARG(names), MO_STR_ARG(name));
	mo_diag_label(d, again->stack->span, "declared here");
}

static void
finish_deployment(struct mo_eval *ev, struct mo_deployment *d)
{
	d->mark = BLACK;
	if (!d->ir) {
		return;
	}
	for (uint32_t i = 0; i < d->variant->producers.len; i++) {
		struct mo_deployment *p = producer_of(d, i);
		if (p && p->ir && p->mark == BLACK) {
			mo_push(ev->arena, &d->ir->depends_on, p->ir);
		}
	}
	mo_push(ev->arena, &ev->platform->stacks, d->ir);
}

// Depth first, without recursion: chains of stacks may be long.
static void
visit(struct mo_eval *ev, struct mo_deployment *root)
{
	steps path = { 0 };
	if (root->mark != WHITE || !root->variant) {
		return;
	}
	root->mark = GREY;
	mo_push(ev->arena, &path, (struct step){ root, 0 });
	while (path.len) {
		struct step *top = &path.items[path.len - 1];
		if (top->next >= top->deployment->variant->producers.len) {
			finish_deployment(ev, top->deployment);
			path.len--;
			continue;
		}
		struct mo_deployment *p = producer_of(top->deployment, top->next++);
		if (p && p->mark == GREY) {
			report_cycle(ev, &path, p);
		} else if (p && p->mark == WHITE && p->variant) {
			p->mark = GREY;
			mo_push(ev->arena, &path, (struct step){ p, 0 });
		}
	}
}

void
mo_order_stacks(struct mo_eval *ev)
{
	for (uint32_t i = 0; i < ev->evaluator->stacks.len; i++) {
		const struct mo_stack *s = ev->evaluator->stacks.items[i];
		for (uint32_t k = 0; k < s->deployments.len; k++) {
			visit(ev, s->deployments.items[k]);
		}
	}
}
