// SPDX-License-Identifier: Apache-2.0
// Names, interned: two equal names have the same atom, so names are compared with == and maps are keyed on them.
#ifndef MO_BASE_ATOM_H
#define MO_BASE_ATOM_H

#include "base/str.h"

#include <stdint.h>

typedef uint32_t mo_atom; // 0 is no name

struct mo_atoms;

struct mo_atoms *mo_atoms_new(struct mo_arena *arena);
mo_atom mo_atom_of(struct mo_atoms *atoms, struct mo_str text);     // interns; the text is copied
mo_atom mo_atom_find(const struct mo_atoms *atoms, struct mo_str text); // 0 when never interned
struct mo_str mo_atom_str(const struct mo_atoms *atoms, mo_atom atom);  // NUL-terminated; lives as long as the atoms; empty for 0

#endif
