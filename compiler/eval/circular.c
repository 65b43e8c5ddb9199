// SPDX-License-Identifier: Apache-2.0
// Which stacks read each other. Those are evaluated value by value, so that each can take from the other what does not need itself; all
// others are evaluated as a whole, once for all targets that agree. Takes names that are bound, gives an answer for each stack.
#include "eval/link.h"

enum { MOST_SYMBOLS = 1000000 };

typedef MO_VEC(struct mo_symbol *) symbols;

struct walk {
	struct mo_eval *ev;
	symbols open;       // to look into
	struct mo_map seen;
	symbols *stacks;    // what was found
	uint32_t depth;
};

static void
meet(struct walk *w, struct mo_symbol *s)
{
	s = s ? mo_symbol_real(s) : NULL;
	if (!s || mo_map_get(&w->seen, MO_KEY(s)) || w->open.len >= MOST_SYMBOLS) {
		return;
	}
	mo_map_put(w->ev->arena, &w->seen, MO_KEY(s), s);
	if (s->kind == MO_SYM_STACK) {
		mo_push(w->ev->arena, w->stacks, s);
	} else {
		mo_push(w->ev->arena, &w->open, s);
	}
}

// Everything that a file declares, for one that is imported as a whole.
static void
meet_module(struct walk *w, const struct mo_symbol *s)
{
	const struct mo_module *m = s->declarations.len ? mo_map_get(&w->ev->program->imports, MO_KEY(s->declarations.items[0].node)) : NULL;
	for (uint32_t i = 0; m && i < m->scope->symbols.len; i++) {
		meet(w, m->scope->symbols.items[i]);
	}
}

static bool
look(struct mo_node *n, void *data)
{
	struct walk *w = data;
	if (n->kind == MO_NAME_REF_NODE) {
		meet(w, n->symbol);
	} else if (n->kind == MO_INSTANCE_NODE) {
		meet(w, ((struct mo_item *)(void *)n)->made_of);
	}
	if (w->depth < MO_EVAL_DEPTH) {
		w->depth++;
		mo_node_children(n, look, w);
		w->depth--;
	}
	return true;
}

// The stacks that are named in the body of a stack, in what that names, and so on.
static void
find_named(struct mo_eval *ev, struct mo_symbol *s, symbols *out)
{
	struct walk w = { .ev = ev, .stacks = out };
	mo_push(ev->arena, &w.open, s);
	mo_map_put(ev->arena, &w.seen, MO_KEY(s), s);
	while (w.open.len) {
		struct mo_symbol *at = w.open.items[--w.open.len];
		if (at->kind == MO_SYM_MODULE) {
			meet_module(&w, at);
			continue;
		}
		for (uint32_t i = 0; i < at->declarations.len; i++) {
			look(at->declarations.items[i].node, &w);
		}
	}
}

static const symbols *
named_by(struct mo_eval *ev, struct mo_symbol *s)
{
	symbols *found = mo_map_get(&ev->evaluator->stacks_named, MO_KEY(s));
	if (!found) {
		found = mo_arena_alloc(ev->arena, sizeof(*found));
		*found = (symbols){ 0 };
		mo_map_put(ev->arena, &ev->evaluator->stacks_named, MO_KEY(s), found);
		find_named(ev, s, found);
	}
	return found;
}

bool
mo_stack_is_circular(struct mo_eval *ev, struct mo_stack *s)
{
	struct mo_map seen = { 0 };
	symbols open = { 0 };
	if (s->circular_known) {
		return s->circular;
	}
	s->circular_known = true;
	mo_push(ev->arena, &open, s->declared);
	while (open.len && !s->circular) {
		struct mo_symbol *at = open.items[--open.len];
		const symbols *named = named_by(ev, at);
		for (uint32_t i = 0; i < named->len; i++) {
			struct mo_symbol *next = named->items[i];
			s->circular = s->circular || (next == s->declared && at != s->declared);
			if (!mo_map_get(&seen, MO_KEY(next))) {
				mo_map_put(ev->arena, &seen, MO_KEY(next), next);
				mo_push(ev->arena, &open, next);
			}
		}
	}
	return s->circular;
}
