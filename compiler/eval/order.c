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
	const struct mo_producer *p = d->variant->producers.items[index]; // the one that must be there before; NULL when none must
	struct mo_deployment *there = mo_map_get(&p->stack->by_target, p->elsewhere ? p->target.hash : d->target.hash);
	return there == d || p->mere ? NULL : there;
}

// ---- circles ---------------------------------------------------------------------------------------------------------------------

// Why a stack waits for the next one in the circle.
static const struct mo_producer *
edge_of(const struct step *s)
{
	return s->deployment->variant->producers.items[s->next - 1];
}

static struct mo_str
words_of(struct mo_eval *ev, const struct mo_producer *p)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	uint32_t shown = p->reads.len > 3 ? 2 : p->reads.len;
	for (uint32_t i = 0; i < shown; i++) {
		struct mo_str what = p->reads.items[i].what;
		if (what.len) {
			mo_buf_printf(&b, "%s`" MO_STR_FMT "`", b.len ? ", " : "reads ", MO_STR_ARG(what));
		} else {
			mo_buf_printf(&b, "%s", b.len ? "" : "waits");
		}
	}
	if (shown < p->reads.len) {
		mo_buf_printf(&b, " and %u more", p->reads.len - shown);
	}
	mo_buf_printf(&b, " of `" MO_STR_FMT "`", MO_STR_ARG(p->stack->name));
	return mo_buf_str(&b);
}

// The edge over which the least is read; of equal ones the first.
static const struct step *
cheapest_of(const steps *path, uint32_t first)
{
	const struct step *best = &path->items[first];
	for (uint32_t i = first + 1; i < path->len; i++) {
		best = edge_of(&path->items[i])->reads.len < edge_of(best)->reads.len ? &path->items[i] : best;
	}
	return best;
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
	const struct step *cheapest = cheapest_of(path, first);
	const struct mo_producer *cut = edge_of(cheapest);
	struct mo_str names = mo_buf_str(&text), name = again->stack->name, words = words_of(ev, cut);
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_STACK_CYCLE, cut->reads.items[0].span,
		"stacks wait for each other in a circle: " MO_STR_FMT "`" MO_STR_FMT "`", MO_STR_ARG(names), MO_STR_ARG(name));
	mo_diag_here(d, "`" MO_STR_FMT "` " MO_STR_FMT, MO_STR_ARG(cheapest->deployment->stack->name), MO_STR_ARG(words));
	for (uint32_t i = first; i < path->len; i++) {
		if (&path->items[i] != cheapest) {
			struct mo_str why = words_of(ev, edge_of(&path->items[i])), who = path->items[i].deployment->stack->name;
			mo_diag_label(d, edge_of(&path->items[i])->reads.items[0].span, "`" MO_STR_FMT "` " MO_STR_FMT, MO_STR_ARG(who), MO_STR_ARG(why));
		}
	}
	if (path->len - first > 1) {
		mo_diag_note(d, "cutting the circle here takes the least: %u value%s", cut->reads.len, cut->reads.len == 1 ? "" : "s");
	}
	mo_diag_help(d, "move what is read here into the stack that reads it, or into a third one that both read; or name it, and give only its ARN"
		" where a policy says `Resource`");
}

// Everything that the stack reads, also where it waits for nobody.
static void
list_reads(struct mo_eval *ev, struct mo_deployment *d)
{
	for (uint32_t i = 0; i < d->variant->producers.len; i++) {
		const struct mo_producer *p = d->variant->producers.items[i];
		const struct mo_deployment *there = mo_map_get(&p->stack->by_target, p->elsewhere ? p->target.hash : d->target.hash);
		for (uint32_t k = 0; there && there->ir && k < p->reads.len; k++) {
			const struct mo_link_read *r = &p->reads.items[k];
			if (r->what.len) {
				mo_push(ev->arena, &d->ir->reads, (struct mo_ir_read){ there->ir, r->what, r->span, !p->mere });
			}
		}
	}
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
	list_reads(ev, d);
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
