// SPDX-License-Identifier: Apache-2.0
// Values that lost their last reader stay published until the program changes again: whoever read them is deployed after the stack that
// publishes them, and CloudFormation does not take away an export that a deployed stack imports. The lock file remembers what they were.
#include "eval/link.h"

enum { MEMBERS, PATH, WAY, SINCE, PARTS };

static const struct {
	const char *word;
	enum mo_via via;
	bool is_list;
} ways[] = {
	{ "ssm", MO_VIA_SSM, false },
	{ "ssm-list", MO_VIA_SSM, true },
	{ "export", MO_VIA_EXPORT, false },
	{ "export-list", MO_VIA_EXPORT, true },
	{ "output", MO_VIA_STACK_OUTPUT, false },
	{ "output-list", MO_VIA_STACK_OUTPUT, true },
};

enum { WAYS = sizeof(ways) / sizeof(ways[0]) };

// ---- what is published -----------------------------------------------------------------------------------------------------------

// "Net.VpcId" for an attribute, "Net" for what Ref gives. False for what is made of anything else.
static bool
add_part(struct mo_buf *b, const struct mo_ir_value *v)
{
	mo_buf_adds(b, b->len ? " " : "");
	if (v->kind == MO_IR_LIST) {
		bool known = v->items.len > 0;
		for (uint32_t i = 0; known && i < v->items.len; i++) {
			known = v->items.items[i]->kind != MO_IR_LIST && add_part(b, v->items.items[i]);
		}
		return known;
	}
	if (v->kind == MO_IR_PARAM) {
		mo_buf_add(b, v->param->id);
	} else if (v->kind == MO_IR_RESOURCE || v->kind == MO_IR_ATTRIBUTE) {
		mo_buf_add(b, v->resource->id);
	}
	if (v->kind == MO_IR_ATTRIBUTE) {
		mo_buf_printf(b, "." MO_STR_FMT, MO_STR_ARG(v->attribute));
	}
	return v->kind == MO_IR_PARAM || v->kind == MO_IR_RESOURCE || v->kind == MO_IR_ATTRIBUTE;
}

void
mo_publish_note(struct mo_eval *ev, const struct mo_foreign *f, struct mo_str path, enum mo_via via, struct mo_str since)
{
	struct mo_buf parts = mo_buf_in(ev->arena);
	if (!add_part(&parts, f->value)) {
		return; // of no resource: nothing that could go away with its readers
	}
	for (uint32_t i = 0; i < WAYS; i++) {
		if (ways[i].via == via && ways[i].is_list == f->is_list) {
			struct mo_ir_published p = { path, mo_str_c(ways[i].word), since, mo_buf_str(&parts) };
			mo_push(ev->arena, &f->producer->template->published, p);
		}
	}
}

// ---- what was ---------------------------------------------------------------------------------------------------------------------

static struct mo_resource *
resource_of(const struct mo_variant *v, struct mo_str id)
{
	for (uint32_t i = 0; i < v->template->resources.len; i++) {
		struct mo_resource *r = mo_resource_of(v->template->resources.items[i]);
		if (mo_str_eq(r->ir.id, id) && !r->guard && !r->ir.loop && !r->ir.existing) {
			return r;
		}
	}
	return NULL;
}

static const struct mo_ir_value *
value_of(struct mo_eval *ev, struct mo_foreign *f, struct mo_str part)
{
	ptrdiff_t dot = mo_str_find(part, MO_STR("."), 0);
	struct mo_str id = mo_str_sub(part, 0, dot < 0 ? part.len : (size_t)dot);
	struct mo_resource *r = resource_of(f->producer, id);
	if (!r) {
		return NULL;
	}
	struct mo_str attribute = dot < 0 ? MO_STR("Ref") : mo_str_sub(part, (size_t)dot + 1, part.len);
	f->resource = f->seen = f->resource ? f->resource : r;
	f->span = r->ir.origin.span;
	f->name = mo_str_printf(ev->arena, MO_STR_FMT "." MO_STR_FMT, MO_STR_ARG(r->ir.origin.path), MO_STR_ARG(attribute));
	return dot < 0 ? mo_ir_ref(ev->arena, f->span, &r->ir) : mo_ir_attribute(ev->arena, f->span, &r->ir, attribute);
}

// The value as it was; false when what it is of is not there any more.
static bool
restore(struct mo_eval *ev, struct mo_foreign *f, struct mo_str parts)
{
	struct mo_ir_value *list = mo_ir_list(ev->arena, f->producer->template->span);
	for (size_t at = 0; at <= parts.len;) {
		ptrdiff_t space = mo_str_find(parts, MO_STR(" "), at);
		size_t end = space < 0 ? parts.len : (size_t)space;
		const struct mo_ir_value *v = value_of(ev, f, mo_str_sub(parts, at, end));
		if (!v) {
			return false;
		}
		mo_push(ev->arena, &list->items, v);
		at = end + 1;
	}
	f->value = list->items.len == 1 ? list->items.items[0] : list;
	return true;
}

static void
keep(struct mo_eval *ev, struct mo_variant *v, const struct mo_lock_fact *fact)
{
	struct mo_str now = mo_lock_program(ev->ctx->lock, ev->ctx->sources), since = fact->fields[SINCE], path = fact->fields[PATH];
	struct mo_str own = mo_str_printf(ev->arena, "/mlops/" MO_STR_FMT "/" MO_STR_FMT "/", MO_STR_ARG(ev->platform->name),
		MO_STR_ARG(v->stack->name));
	bool is_read = mo_str_is(since, MO_IR_READ);
	if ((!is_read && !mo_str_eq(since, now)) || !mo_str_starts(path, own)) {
		return;
	}
	for (uint32_t i = 0; i < WAYS; i++) {
		struct mo_foreign f = { .producer = v, .is_list = ways[i].is_list };
		if (mo_str_is(fact->fields[WAY], ways[i].word) && !mo_is_published(v, path, ways[i].via) && restore(ev, &f, fact->fields[PARTS])
			&& mo_publish(ev, &f, path, ways[i].via)) {
			mo_last(&v->template->published).since = now;
		}
	}
}

typedef MO_VEC(const struct mo_lock_fact *) fact_list;

static void
gather(struct mo_eval *ev, struct mo_map *by_members)
{
	const mo_lock_facts *all = &ev->ctx->lock->before.facts[MO_LOCK_PUBLISHED];
	for (uint32_t i = 0; i < all->len; i++) {
		uint64_t key = mo_str_hash(all->items[i].fields[MEMBERS]);
		fact_list *list = mo_map_get(by_members, key);
		if (!list) {
			list = mo_new(ev->arena, fact_list);
			mo_map_put(ev->arena, by_members, key, list);
		}
		mo_push(ev->arena, list, &all->items[i]);
	}
}

// What the lock file says of the variant's stacks; nothing is known of most programs.
static fact_list
facts_of(struct mo_eval *ev, struct mo_variant *v)
{
	fact_list all = { 0 };
	struct mo_map *by_members = &ev->evaluator->published_before;
	if (mo_kept_is_empty(ev) || ev->ctx->lock->before.facts[MO_LOCK_PUBLISHED].len == 0) {
		return all;
	}
	if (by_members->len == 0) {
		gather(ev, by_members);
	}
	const mo_lock_names *members = mo_kept_members(ev, v);
	for (uint32_t i = 0; i < members->len; i++) {
		const fact_list *list = mo_map_get(by_members, mo_str_hash(members->items[i]));
		for (uint32_t k = 0; list && k < list->len; k++) {
			mo_push(ev->arena, &all, list->items[k]);
		}
	}
	return all;
}

bool
mo_has_published_before(struct mo_eval *ev, struct mo_variant *v)
{
	return facts_of(ev, v).len > 0;
}

void
mo_publish_kept(struct mo_eval *ev)
{
	for (uint32_t i = 0; i < ev->evaluator->stacks.len; i++) {
		const struct mo_stack *s = ev->evaluator->stacks.items[i];
		for (uint32_t k = 0; k < s->variants.len && !ev->failed; k++) {
			struct mo_variant *v = s->variants.items[k];
			bool whole = v->finished && !v->taken && !v->template->rendered;
			fact_list facts = whole ? facts_of(ev, v) : (fact_list){ 0 };
			for (uint32_t n = 0; n < facts.len; n++) {
				keep(ev, v, facts.items[n]);
			}
		}
	}
}
