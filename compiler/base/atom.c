// SPDX-License-Identifier: Apache-2.0
// Insert-only open addressing over an array of texts.
#include "base/atom.h"

#include "base/vec.h"

struct mo_atoms {
	struct mo_arena *arena;
	MO_VEC(struct mo_str) texts; // index is the atom
	mo_atom *slots;
	uint32_t slot_count; // a power of two
};

enum { FIRST_SLOTS = 1024 };

struct mo_atoms *
mo_atoms_new(struct mo_arena *arena)
{
	struct mo_atoms *t = mo_new(arena, struct mo_atoms);
	t->arena = arena;
	t->slot_count = FIRST_SLOTS;
	t->slots = mo_new_array(arena, mo_atom, t->slot_count);
	mo_push(arena, &t->texts, (struct mo_str){ "", 0 }); // what atom 0 prints as
	return t;
}

// The slot that holds the text, or the empty one where it would go.
static mo_atom *
slot_of(const struct mo_atoms *t, struct mo_str text)
{
	uint32_t mask = t->slot_count - 1;
	uint32_t i = (uint32_t)mo_str_hash(text) & mask;
	while (t->slots[i] && !mo_str_eq(t->texts.items[t->slots[i]], text)) {
		i = (i + 1) & mask;
	}
	return &t->slots[i];
}

static void
double_slots(struct mo_atoms *t)
{
	t->slot_count *= 2;
	t->slots = mo_new_array(t->arena, mo_atom, t->slot_count);
	for (uint32_t a = 1; a < t->texts.len; a++) {
		*slot_of(t, t->texts.items[a]) = a;
	}
}

mo_atom
mo_atom_of(struct mo_atoms *t, struct mo_str text)
{
	mo_atom *slot = slot_of(t, text);
	if (*slot) {
		return *slot;
	}
	mo_atom atom = mo_push(t->arena, &t->texts, mo_str_dup(t->arena, text));
	*slot = atom;
	if (t->texts.len * 2 > t->slot_count) {
		double_slots(t);
	}
	return atom;
}

mo_atom
mo_atom_find(const struct mo_atoms *t, struct mo_str text)
{
	return *slot_of(t, text);
}

struct mo_str
mo_atom_str(const struct mo_atoms *t, mo_atom atom)
{
	return t->texts.items[atom];
}
