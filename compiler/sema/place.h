// SPDX-License-Identifier: Apache-2.0
// Which declarations may stand where.
#ifndef MO_SEMA_PLACE_H
#define MO_SEMA_PLACE_H

#include "sema/scope.h"

struct mo_placement {
	enum mo_node_kind kind;
	const char *what, *help;      // what the declaration is called, and where it belongs
	bool file, component, stack;  // bodies that may hold it; what may stand in a stack may stand in a template
	bool block;                   // inside `if` and `for` too
};

// NULL for what may stand anywhere.
const struct mo_placement *mo_placement_of(enum mo_node_kind kind);
// Whether a body of this kind may hold the declaration at all.
bool mo_placement_allows(const struct mo_placement *p, enum mo_scope_kind body);
// Whether it is `assets: bucket`, the one field that a template has among its declarations.
bool mo_is_home_field(struct mo_ctx *ctx, const struct mo_node *n);
// Whether everything in a file stands where it may. After a syntax error that is not so, brackets were misunderstood.
bool mo_is_well_placed(const struct mo_file_node *file);

#endif
