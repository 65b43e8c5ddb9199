// SPDX-License-Identifier: Apache-2.0
// When the levels of a type are known: joining times, and the places of arguments that are passed later.
#include "sema/type.h"

#include <string.h>

enum { PLACE_DEPTH = 64 };

static struct mo_type *
copy_of(struct mo_ctx *ctx, const struct mo_type *t)
{
	struct mo_type *c = mo_new(&ctx->session, struct mo_type);
	*c = *t;
	return c;
}

static bool
has_place(const struct mo_place_list *list, const struct mo_place *p)
{
	for (; list; list = list->next) {
		if (list->place == p) {
			return true;
		}
	}
	return false;
}

static const struct mo_place_list *
with_place(struct mo_ctx *ctx, const struct mo_place_list *list, struct mo_place *p)
{
	if (has_place(list, p)) {
		return list;
	}
	struct mo_place_list *l = mo_new(&ctx->session, struct mo_place_list);
	l->place = p;
	l->next = list;
	return l;
}

struct mo_time
mo_time_join(struct mo_ctx *ctx, struct mo_time a, struct mo_time b)
{
	struct mo_time t = a.deploy || !b.deploy ? a : b;
	t.places = a.places;
	for (const struct mo_place_list *l = b.places; l; l = l->next) {
		t.places = with_place(ctx, t.places, l->place);
	}
	return t;
}

static bool
adds_nothing(struct mo_time have, struct mo_time more)
{
	if (more.deploy && !have.deploy) {
		return false;
	}
	for (const struct mo_place_list *l = more.places; l; l = l->next) {
		if (!has_place(have.places, l->place)) {
			return false;
		}
	}
	return true;
}

const struct mo_type *
mo_type_at(struct mo_ctx *ctx, const struct mo_type *t, struct mo_time time)
{
	bool wraps = t->kind == MO_TYPE_OPTIONAL || t->kind == MO_TYPE_UNION;
	if (t->kind == MO_TYPE_ERROR || (adds_nothing(t->time, time) && !wraps) || (!time.deploy && !time.places)) {
		return t;
	}
	struct mo_type *c = copy_of(ctx, t);
	c->time = mo_time_join(ctx, t->time, time);
	if (t->kind == MO_TYPE_OPTIONAL) {
		c->element = mo_type_at(ctx, t->element, time);
	}
	if (t->kind == MO_TYPE_UNION) {
		memset(&c->alternatives, 0, sizeof(c->alternatives));
		for (uint32_t i = 0; i < t->alternatives.len; i++) {
			mo_push(&ctx->session, &c->alternatives, mo_type_at(ctx, t->alternatives.items[i], time));
		}
	}
	return c;
}

static struct mo_place *
child_place(struct mo_ctx *ctx, struct mo_place *parent, mo_atom member)
{
	for (uint32_t i = 0; i < parent->children.len; i++) {
		if (parent->children.items[i]->member == member) {
			return parent->children.items[i];
		}
	}
	uint32_t depth = 0;
	for (struct mo_place *p = parent; p; p = p->parent) {
		depth++;
	}
	if (depth >= PLACE_DEPTH) {
		return parent; // deeper parts share one place: stricter, never wrong
	}
	struct mo_place *c = mo_new(&ctx->session, struct mo_place);
	c->parent = parent;
	c->member = member;
	c->symbol = parent->symbol;
	mo_push(&ctx->session, &parent->children, c);
	return c;
}

const struct mo_type *
mo_type_optional_at(struct mo_ctx *ctx, const struct mo_type *t, struct mo_time time)
{
	t = mo_type_optional(ctx, t);
	if (t->kind != MO_TYPE_OPTIONAL || adds_nothing(t->time, time)) {
		return t;
	}
	struct mo_type *c = copy_of(ctx, t);
	c->time = mo_time_join(ctx, t->time, time);
	return c;
}

// The places of a part, below those of its container.
static const struct mo_place_list *
child_places(struct mo_ctx *ctx, const struct mo_place_list *list, mo_atom member)
{
	const struct mo_place_list *children = NULL;
	for (; list; list = list->next) {
		children = with_place(ctx, children, child_place(ctx, list->place, member));
	}
	return children;
}

// Whether something optional is there, and what it then is, are two places: one may be known without the other.
static const struct mo_type *
with_places(struct mo_ctx *ctx, const struct mo_type *t, const struct mo_place_list *places)
{
	if (t->kind != MO_TYPE_OPTIONAL || !places) {
		return mo_type_at(ctx, t, (struct mo_time){ .places = places });
	}
	for (const struct mo_place_list *l = places; l; l = l->next) {
		l->place->presence = true;
	}
	const struct mo_type *element = with_places(ctx, t->element, child_places(ctx, places, MO_PRESENT));
	struct mo_time time = mo_time_join(ctx, t->time, (struct mo_time){ .places = places });
	return mo_type_optional_at(ctx, element, time);
}

const struct mo_type *
mo_type_placed(struct mo_ctx *ctx, const struct mo_type *declared, struct mo_place *place)
{
	return with_places(ctx, declared, with_place(ctx, NULL, place));
}

const struct mo_type *
mo_type_part(struct mo_ctx *ctx, const struct mo_type *container, mo_atom member, const struct mo_type *part)
{
	if (container->computed) {
		return mo_type_at(ctx, part, container->time);
	}
	struct mo_time time = { .deploy = container->time.deploy, .deploy_at = container->time.deploy_at };
	return with_places(ctx, mo_type_at(ctx, part, time), child_places(ctx, container->time.places, member));
}
