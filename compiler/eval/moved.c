// SPDX-License-Identifier: Apache-2.0
// What a resource was called before: @generation gives it another logical ID, @renamed_from and @moved_from say which one it had, and in
// which stack. On an instance they hold for everything in it. Whether something has that ID is the lock file's to know.
#include "eval/link.h"

// The instance that a decoration stands on; NULL: the resource itself.
static const struct mo_instance *
instance_of(const struct mo_resource *r, const struct mo_decoration *d)
{
	const struct mo_instance *i = r->instance;
	while (i && (i->node->kind != MO_INSTANCE_NODE || &mo_as_instance(i->node)->item != d->item)) {
		i = i->parent;
	}
	return i;
}

static struct mo_str
text_argument(struct mo_eval *ev, const struct mo_decoration *d, const struct mo_decorator_node *n, uint32_t position)
{
	struct mo_node *argument = mo_decorator_argument(ev, n, position, NULL);
	const struct mo_value *v = argument ? mo_eval_typed(ev, d->frame, argument, mo_type_of_kind(MO_TYPE_STRING)) : mo_error_value();
	return v->kind == MO_VALUE_STRING ? v->text : (struct mo_str){ 0 };
}

// ---- generations -----------------------------------------------------------------------------------------------------------------

struct mo_str
mo_generation_of(struct mo_eval *ev, const struct mo_resource *r)
{
	struct mo_buf suffix = mo_buf_in(ev->arena);
	for (const struct mo_decoration *d = r->decoration; d; d = d->outer) {
		struct mo_decorator_node *n = mo_decorator_find(ev, d->item, "generation");
		struct mo_node *argument = n ? mo_decorator_argument(ev, n, 0, NULL) : NULL;
		const struct mo_value *v = argument ? mo_eval_typed(ev, d->frame, argument, mo_type_of_kind(MO_TYPE_INT)) : NULL;
		if (v && v->kind == MO_VALUE_INT && v->integer > 1) {
			mo_buf_printf(&suffix, "Generation%lld", (long long)v->integer);
		} else if (v && v->kind == MO_VALUE_INT && v->integer < 1) {
			struct mo_diag *g = mo_report(ev->ctx->diags, MSG_BAD_ARGUMENT, argument->span, "generations count from 1");
			mo_diag_help(g, "the first replacement is `@generation(2)`");
		}
	}
	return mo_buf_str(&suffix);
}

// ---- former IDs ------------------------------------------------------------------------------------------------------------------

typedef MO_VEC(struct mo_str) ids;

static void
add_id(struct mo_eval *ev, ids *list, struct mo_str id)
{
	for (uint32_t i = 0; i < list->len; i++) {
		if (mo_str_eq(list->items[i], id)) {
			return;
		}
	}
	mo_push(ev->arena, list, id);
}

static struct mo_str
joined(struct mo_eval *ev, struct mo_str a, struct mo_str b, struct mo_str c)
{
	return mo_str_printf(ev->arena, MO_STR_FMT MO_STR_FMT MO_STR_FMT, MO_STR_ARG(a), MO_STR_ARG(b), MO_STR_ARG(c));
}

// Of the resource itself: a name in its body, or a whole logical ID; of this generation or of the first.
static void
former_of_resource(struct mo_eval *ev, const struct mo_resource *r, struct mo_str name, ids *list)
{
	const struct mo_str none = { 0 };
	struct mo_str id = mo_id_of(ev, name), generation = mo_str_sub(r->ir.id, r->first_id.len, r->ir.id.len);
	struct mo_str around = r->instance->node->kind == MO_INSTANCE_NODE ? r->instance->id : none;
	add_id(ev, list, joined(ev, around, id, generation));
	add_id(ev, list, joined(ev, around, id, none));
	add_id(ev, list, id);
}

// Of an instance around it: what the IDs inside started with.
static void
former_of_instance(struct mo_eval *ev, const struct mo_instance *i, struct mo_str name, ids *list)
{
	struct mo_str id = mo_id_of(ev, name);
	bool inside = i->parent && i->parent->node->kind == MO_INSTANCE_NODE;
	uint32_t count = list->len;
	for (uint32_t k = 0; k < count; k++) {
		struct mo_str had = list->items[k];
		if (!mo_str_starts(had, i->id)) {
			continue;
		}
		struct mo_str rest = mo_str_sub(had, i->id.len, had.len);
		add_id(ev, list, joined(ev, inside ? i->parent->id : (struct mo_str){ 0 }, id, rest));
		add_id(ev, list, joined(ev, (struct mo_str){ 0 }, id, rest));
	}
}

static void
note_stack(struct mo_eval *ev, struct mo_resource *r, const struct mo_decoration *d, const struct mo_decorator_node *n)
{
	struct mo_node *argument = mo_decorator_argument(ev, n, 0, NULL);
	const struct mo_value *v = argument ? mo_eval_expr(ev, d->frame, argument, NULL) : mo_error_value();
	struct mo_stack_handle *h = v->kind == MO_VALUE_STACK ? mo_stack_handle_of(ev, v) : NULL;
	if (h && h->stack == r->instance->variant->stack) {
		struct mo_diag *g = mo_report(ev->ctx->diags, MSG_BAD_ARGUMENT, argument->span, "this is the stack that it is in");
		mo_diag_help(g, "`@renamed_from` is for another name in the same stack");
	} else if (h) {
		r->moved = h->stack;
	} else if (v->kind == MO_VALUE_STRING) {
		r->moved_name = v->text;
	}
}

void
mo_note_former(struct mo_eval *ev, struct mo_resource *r)
{
	ids list = { 0 };
	for (const struct mo_decoration *d = r->decoration; d; d = d->outer) {
		struct mo_decorator_node *renamed = mo_decorator_find(ev, d->item, "renamed_from"), *moved = mo_decorator_find(ev, d->item, "moved_from");
		struct mo_decorator_node *n = moved ? moved : renamed;
		struct mo_str name = n ? text_argument(ev, d, n, moved ? 1 : 0) : (struct mo_str){ 0 };
		const struct mo_instance *i = instance_of(r, d);
		if (!name.len) {
			continue;
		}
		if (list.len == 0) {
			mo_push(ev->arena, &list, r->ir.id);
			r->renamed = n->node.span;
		}
		if (moved) {
			note_stack(ev, r, d, moved);
		}
		if (i) {
			former_of_instance(ev, i, name, &list);
		} else {
			former_of_resource(ev, r, name, &list);
		}
	}
	for (uint32_t k = list.len; k > 0; k--) { // what all decorators together say is the likeliest
		bool is_now = mo_str_eq(list.items[k - 1], r->ir.id) && !r->moved && !r->moved_name.len;
		if (!is_now) {
			mo_push(ev->arena, &r->former, list.items[k - 1]);
		}
	}
}
