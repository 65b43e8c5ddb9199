// SPDX-License-Identifier: Apache-2.0
// One compilation. Everything that is not constant hangs off this; a process may hold many.
#ifndef MO_BASE_CTX_H
#define MO_BASE_CTX_H

#include "base/arena.h"
#include "base/atom.h"
#include "base/map.h"

struct mo_sources;
struct mo_diags;
struct mo_lock;  // lock/lock.h
struct mo_types; // sema/type.c: catalog types that were asked for

struct mo_ctx {
	struct mo_mem mem;
	struct mo_arena session; // sources, atoms, syntax, types, diagnostics
	struct mo_arena build;   // values, the platform, output
	struct mo_atoms *atoms;
	struct mo_sources *sources;
	struct mo_diags *diags;
	struct mo_types *types;
	struct mo_lock *lock;  // what earlier builds decided; NULL: nobody asked
	struct mo_map regexes; // base/regex.c: hash of a pattern -> what it was compiled to
};

#endif
