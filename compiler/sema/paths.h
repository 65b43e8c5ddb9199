// SPDX-License-Identifier: Apache-2.0
// Paths as text. Nothing here reads a file, but mo_path_real asks the file system where a path leads.
#ifndef MO_SEMA_PATHS_H
#define MO_SEMA_PATHS_H

#include "base/str.h"

#include <stdbool.h>

// The folder part: "a/b.mlops" gives "a", "b.mlops" gives ".".
struct mo_str mo_path_folder(struct mo_str path);
// folder/name without "./" parts and without "x/.." where x is a name; an absolute name replaces the folder.
struct mo_str mo_path_join(struct mo_arena *a, struct mo_str folder, struct mo_str name);
// The absolute path with every link resolved; empty when there is nothing there.
struct mo_str mo_path_real(struct mo_arena *a, struct mo_str path);
// Whether an absolute, resolved path is a folder itself or lies below it.
bool mo_path_is_below(struct mo_str folder, struct mo_str path);

#endif
