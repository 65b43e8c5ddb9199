// SPDX-License-Identifier: Apache-2.0
// Looking names up.
#include "sema/scope.h"

struct mo_symbol *
mo_scope_find_value(const struct mo_scope *from, mo_atom name)
{
	for (const struct mo_scope *s = from; s; s = s->parent) {
		struct mo_symbol *found = mo_map_get(&s->values, name);
		if (found) {
			return found;
		}
	}
	for (const struct mo_scope *s = from; s; s = s->parent) {
		struct mo_symbol *found = mo_map_get(&s->outputs, name);
		if (found) {
			return found;
		}
	}
	return NULL;
}

struct mo_symbol *
mo_scope_find_kind(const struct mo_scope *from, mo_atom name)
{
	for (const struct mo_scope *s = from; s; s = s->parent) {
		struct mo_symbol *found = mo_map_get(&s->kinds, name);
		if (found) {
			return found;
		}
	}
	return NULL;
}

struct mo_symbol *
mo_symbol_real(struct mo_symbol *s)
{
	while (s && s->alias_of) {
		s = s->alias_of;
	}
	return s;
}

bool
mo_is_damaged(const struct mo_module *m, struct mo_span span)
{
	for (uint32_t i = 0; m && i < m->damage.len; i++) {
		if (m->damage.items[i].start >= span.start && m->damage.items[i].start <= span.end) {
			return true;
		}
	}
	return false;
}
