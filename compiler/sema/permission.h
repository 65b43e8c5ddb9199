// SPDX-License-Identifier: Apache-2.0
// What the program and its library declare about permissions: `permission VERB on TYPE` and `resource_policy for TYPE`. Wherever one is
// declared, it holds for the whole program.
#ifndef MO_SEMA_PERMISSION_H
#define MO_SEMA_PERMISSION_H

#include "sema/scope.h"

// The module that is read without an import as soon as a program has a statement of permission.
#define MO_PERMISSIONS_MODULE "std/permissions"

// What a verb means for a type; NULL when nobody says so. The program's own wins over the library's.
struct mo_permission_entry *mo_permission_find(const struct mo_program *p, struct mo_str type, mo_atom verb);
// How a type carries its policy; NULL when it has none.
struct mo_permission_entry *mo_resource_policy_find(const struct mo_program *p, struct mo_str type);
// Whether a program speaks of permissions.
bool mo_has_grants(const struct mo_file_node *file);
// What is known inside of a declaration: the resource that it is about.
struct mo_symbol *mo_permission_self(const struct mo_program *p, const struct mo_node *declaration);

#endif
