// SPDX-License-Identifier: Apache-2.0
// The path of an `override`: names with their keys, from an instance of the body down to a resource.
#ifndef MO_SEMA_OUTSIDE_H
#define MO_SEMA_OUTSIDE_H

#include "syntax/ast.h"

struct mo_path_part {
	struct mo_name name;
	mo_nodes keys; // expressions and STAR; none: all members
};

typedef MO_VEC(struct mo_path_part) mo_path_parts;

// The parts of a path, the instance first, in memory of `a`. NULL when it is one; otherwise the node that is none of a path.
struct mo_node *mo_override_path(struct mo_arena *a, struct mo_node *path, mo_path_parts *out);

#endif
