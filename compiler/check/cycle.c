// SPDX-License-Identifier: Apache-2.0
// Circles of resources that wait for each other, by what they refer to or by DependsOn. The search keeps its own stack, so that a long
// chain of resources does not become a deep recursion. A resource is named in one circle at most, so that one mistake is one message.
#include "check/checks.h"

struct edge {
	uint32_t to;
	struct mo_span span; // of the reference
	bool explicit;       // by DependsOn
};

struct node {
	const struct mo_ir_resource *resource;
	MO_VEC(struct edge) edges;
	enum { UNSEEN, OPEN, DONE } state;
	bool reported;
};

// One step of the way from where the search started: at `node`, its edges before `next` have been followed.
struct step {
	uint32_t node, next;
};

struct graph {
	struct mo_checker *c;
	const struct mo_ir_template *template;
	struct node *nodes;
	uint32_t count;
	struct mo_map index;        // resource -> its node
	struct node *from;          // while edges are collected
	MO_VEC(struct step) way;
};

// ---- edges -----------------------------------------------------------------------------------------------------------------------

static void
add_edge(struct graph *g, const struct mo_ir_resource *to, struct mo_span span, bool explicit)
{
	struct node *n = mo_map_get(&g->index, (uintptr_t)to);
	if (!n) {
		return;
	}
	uint32_t at = (uint32_t)(n - g->nodes);
	for (uint32_t i = 0; i < g->from->edges.len; i++) {
		if (g->from->edges.items[i].to == at) {
			return;
		}
	}
	struct mo_span place = mo_span_is_nowhere(span) ? mo_check_place(g->from->resource->origin, g->template->span) : span;
	mo_push(g->c->arena, &g->from->edges, (struct edge){ at, place, explicit });
}

static bool
collect(void *data, const struct mo_ir_value *v)
{
	if (v->kind == MO_IR_RESOURCE || v->kind == MO_IR_ATTRIBUTE) {
		add_edge(data, v->resource, v->span, false);
	}
	return true;
}

static void
build(struct graph *g)
{
	const struct mo_ir_template *t = g->template;
	g->nodes = mo_new_array(g->c->arena, struct node, t->resources.len + 1);
	for (uint32_t i = 0; i < t->resources.len; i++) {
		if (!t->resources.items[i]->existing) {
			struct node *n = &g->nodes[g->count++];
			n->resource = t->resources.items[i];
			mo_map_put(g->c->arena, &g->index, (uintptr_t)n->resource, n);
		}
	}
	for (uint32_t i = 0; i < g->count; i++) {
		g->from = &g->nodes[i];
		const struct mo_ir_resource *r = g->from->resource;
		mo_ir_visit_resource(r, collect, g);
		for (uint32_t k = 0; k < r->depends_on.len; k++) {
			add_edge(g, r->depends_on.items[k], MO_NOWHERE, true);
		}
	}
}

// ---- the search ------------------------------------------------------------------------------------------------------------------

static const struct edge *
taken_edge(const struct graph *g, uint32_t step)
{
	const struct step *s = &g->way.items[step];
	return &g->nodes[s->node].edges.items[s->next - 1];
}

static struct mo_str
name_of(const struct mo_ir_resource *r)
{
	return r->origin.path.len ? r->origin.path : r->id;
}

static void
advise(struct graph *g, struct mo_diag *d, uint32_t first)
{
	bool groups = true;
	for (uint32_t i = first; i < g->way.len; i++) {
		groups = groups && mo_str_is(g->nodes[g->way.items[i].node].resource->type, "AWS::EC2::SecurityGroup");
		if (taken_edge(g, i)->explicit) {
			const struct mo_ir_resource *r = g->nodes[g->way.items[i].node].resource;
			mo_diag_help(d, "take the `@depends_on` away from `" MO_STR_FMT "`", MO_STR_ARG(name_of(r)));
			return;
		}
	}
	mo_diag_help(d, groups ? "write the rules as resources of their own: AWS::EC2::SecurityGroupIngress and …Egress"
			       : "put one of the references into a resource of its own (a policy, a rule), or write the name as text");
}

// The way from step `first` on is a circle.
static void
report(struct graph *g, uint32_t first)
{
	struct mo_buf path = mo_buf_in(g->c->arena);
	for (uint32_t i = first; i < g->way.len; i++) {
		struct node *n = &g->nodes[g->way.items[i].node];
		if (n->reported) {
			return;
		}
		mo_buf_printf(&path, "`" MO_STR_FMT "` → ", MO_STR_ARG(name_of(n->resource)));
	}
	struct node *start = &g->nodes[g->way.items[first].node];
	mo_buf_printf(&path, "`" MO_STR_FMT "`", MO_STR_ARG(name_of(start->resource)));
	struct mo_diag *d = mo_report(g->c->diags, MSG_CIRCULAR_DEPENDENCY, taken_edge(g, first)->span,
		"resources wait for each other in a circle: " MO_STR_FMT, MO_STR_ARG(mo_buf_str(&path)));
	for (uint32_t i = first; i < g->way.len; i++) {
		struct node *n = &g->nodes[g->way.items[i].node];
		const struct edge *e = taken_edge(g, i);
		n->reported = true;
		if (i > first) {
			mo_diag_label(d, e->span, "`" MO_STR_FMT "` %s `" MO_STR_FMT "`", MO_STR_ARG(name_of(n->resource)),
				e->explicit ? "depends on" : "refers to", MO_STR_ARG(name_of(g->nodes[e->to].resource)));
		}
	}
	advise(g, d, first);
}

// Where on the way a node is.
static uint32_t
step_of(const struct graph *g, uint32_t node)
{
	uint32_t i = g->way.len;
	while (g->way.items[i - 1].node != node) {
		i--;
	}
	return i - 1;
}

static void
search_from(struct graph *g, uint32_t start)
{
	g->way.len = 0;
	mo_push(g->c->arena, &g->way, (struct step){ start, 0 });
	g->nodes[start].state = OPEN;
	while (g->way.len) {
		struct step *s = &mo_last(&g->way);
		struct node *n = &g->nodes[s->node];
		if (s->next == n->edges.len) {
			n->state = DONE;
			g->way.len--;
			continue;
		}
		uint32_t to = n->edges.items[s->next++].to;
		if (g->nodes[to].state == OPEN) {
			report(g, step_of(g, to));
		} else if (g->nodes[to].state == UNSEEN) {
			g->nodes[to].state = OPEN;
			mo_push(g->c->arena, &g->way, (struct step){ to, 0 });
		}
	}
}

void
mo_check_cycles(struct mo_checker *c)
{
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		struct graph g = { .c = c, .template = c->platform->templates.items[i] };
		build(&g);
		for (uint32_t k = 0; k < g.count; k++) {
			if (g.nodes[k].state == UNSEEN) {
				search_from(&g, k);
			}
		}
	}
}
