// SPDX-License-Identifier: Apache-2.0
// Families: the members of a keyed name, gathered from all its declarations, and found by any set of their keys in constant time.
#include "eval/instance.h"

struct mo_str
mo_family_key_text(struct mo_eval *ev, const struct mo_member *m)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	for (uint32_t i = 0; i < m->key_count; i++) {
		struct mo_str key = mo_is_each(m->keys[i]) ? m->keys[i]->ir->param->id : mo_value_text(ev->arena, m->keys[i]);
		mo_buf_printf(&b, "%s" MO_STR_FMT, i ? ", " : "[", MO_STR_ARG(key));
	}
	if (m->key_count) {
		mo_buf_addc(&b, ']');
	}
	return mo_buf_str(&b);
}

// ---- finding ---------------------------------------------------------------------------------------------------------------------

static uint64_t
hash_of_keys(const struct mo_value *const *keys, uint32_t dimensions, uint32_t mask)
{
	uint64_t h = mask + 1;
	for (uint32_t i = 0; i < dimensions; i++) {
		if (mask & (1u << i)) {
			h = mo_hash_mix(h, mo_value_hash(keys[i]));
		}
	}
	return h;
}

static bool
keys_equal(const struct mo_value *const *a, const struct mo_value *const *b, uint32_t dimensions, uint32_t mask)
{
	for (uint32_t i = 0; i < dimensions; i++) {
		if ((mask & (1u << i)) && !mo_value_equal(a[i], b[i])) {
			return false;
		}
	}
	return true;
}

static struct mo_family_group *
group_in(const struct mo_map *groups, const struct mo_family *family, const struct mo_value *const *keys, uint32_t mask)
{
	struct mo_family_group *g = mo_map_get(groups, hash_of_keys(keys, family->dimensions, mask));
	while (g && !keys_equal(g->first->keys, keys, family->dimensions, mask)) {
		g = g->next;
	}
	return g;
}

static struct mo_family_group *
add_to_group(struct mo_eval *ev, struct mo_map *groups, const struct mo_family *family, const struct mo_member *m, uint32_t mask)
{
	struct mo_family_group *g = group_in(groups, family, m->keys, mask);
	if (!g) {
		uint64_t hash = hash_of_keys(m->keys, family->dimensions, mask);
		g = mo_new(ev->arena, struct mo_family_group);
		g->first = m;
		g->next = mo_map_get(groups, hash);
		mo_map_put(ev->arena, groups, hash, g);
	}
	mo_push(ev->arena, &g->values, m->value);
	return g;
}

struct mo_family_group *
mo_family_find(struct mo_eval *ev, struct mo_family *family, const struct mo_value *const *keys)
{
	uint32_t mask = 0;
	for (uint32_t i = 0; i < family->dimensions; i++) {
		mask |= keys[i] ? 1u << i : 0;
	}
	if (!family->groups[mask]) {
		family->groups[mask] = mo_new(ev->arena, struct mo_map);
		for (uint32_t i = 0; i < family->members.len; i++) {
			add_to_group(ev, family->groups[mask], family, family->members.items[i], mask);
		}
	}
	return group_in(family->groups[mask], family, keys, mask);
}

// ---- building --------------------------------------------------------------------------------------------------------------------

static void
report_duplicate(struct mo_eval *ev, const struct mo_symbol *symbol, const struct mo_member *m, const struct mo_member *first)
{
	struct mo_str name = mo_symbol_text(ev, symbol), keys = mo_family_key_text(ev, m);
	struct mo_diag *d = mo_eval_report(ev, m->frame->instance, MSG_DUPLICATE_KEY, mo_keys_of(m->node).items[0]->span,
		"`" MO_STR_FMT MO_STR_FMT "` is declared twice", MO_STR_ARG(name), MO_STR_ARG(keys));
	if (first->node != m->node) {
		mo_diag_label(d, mo_name_of(first->node).span, "and here");
	}
	if (!mo_span_is_nowhere(first->keys[0]->span) && first->keys[0]->span.start != m->keys[0]->span.start) {
		mo_diag_label(d, first->keys[0]->span, "the first key comes from here");
		mo_diag_label(d, m->keys[0]->span, "the second one from here");
	}
	mo_diag_help(d, "keys of a family are unique; add what tells the two apart as another key");
}

static bool
are_exclusive(const struct mo_guard *a, const struct mo_guard *b)
{
	for (const struct mo_guard *g = a; g; g = g->outer) {
		int says = mo_guard_says(b, g->condition);
		if (says == (g->negated ? 1 : -1)) {
			return true;
		}
	}
	return false;
}

static void
add_member(struct mo_eval *ev, struct mo_family *family, struct mo_map *all, struct mo_member *m)
{
	uint32_t mask = (1u << family->dimensions) - 1;
	struct mo_family_group *there = group_in(all, family, m->keys, mask);
	if (there && !are_exclusive(there->first->guard, m->guard)) {
		if (!family->reported) {
			report_duplicate(ev, family->symbol, m, there->first);
		}
		family->reported = true; // one says it all
		return;
	}
	add_to_group(ev, all, family, m, mask);
	mo_push(ev->arena, &family->members, m);
}

const struct mo_value *
mo_family_build(struct mo_eval *ev, struct mo_frame *home, struct mo_symbol *symbol)
{
	struct mo_value *v = mo_value_new(ev->arena, MO_VALUE_FAMILY, symbol->span);
	struct mo_family *family = mo_new(ev->arena, struct mo_family);
	v->family = family;
	family->symbol = symbol;
	family->dimensions = symbol->dimensions;
	if (family->dimensions > MO_FAMILY_DIMENSIONS) {
		struct mo_str name = mo_symbol_text(ev, symbol);
		mo_report(ev->ctx->diags, MSG_LIMIT_REACHED, symbol->span, "`" MO_STR_FMT "` has more than %d keys", MO_STR_ARG(name),
			MO_FAMILY_DIMENSIONS);
		return mo_error_value();
	}
	uint32_t exact = (1u << family->dimensions) - 1;
	family->groups[exact] = mo_new(ev->arena, struct mo_map);
	for (uint32_t i = 0; i < symbol->declarations.len; i++) {
		const struct mo_declaration *d = &symbol->declarations.items[i];
		const struct mo_sites *sites = mo_sites_of(ev, home, d->nesting);
		for (uint32_t k = 0; k < sites->items.len; k++) {
			struct mo_site site = sites->items.items[k];
			struct mo_member *m = mo_member_at(ev, site.frame, site.guard, d->node);
			if (!m->bad_key && m->key_count == family->dimensions) {
				add_member(ev, family, family->groups[exact], m);
			}
		}
	}
	return v;
}
