// SPDX-License-Identifier: Apache-2.0
// Paths by pattern.
#ifndef MO_SEMA_GLOB_H
#define MO_SEMA_GLOB_H

#include "base/str.h"
#include "base/vec.h"

typedef MO_VEC(struct mo_str) mo_names;

enum mo_glob_result { MO_GLOB_DONE, MO_GLOB_TOO_MANY, MO_GLOB_TOO_DEEP, MO_GLOB_OUTSIDE };

// The names in a folder, sorted by bytes, without "." and "..". False with errno when it cannot be read.
bool mo_list_folder(struct mo_arena *a, struct mo_str folder, mo_names *out);

// Whether a name matches a pattern of one folder level: `*` any characters, `?` one byte. A name that starts with a dot is matched only
// by a pattern that does.
bool mo_glob_matches(struct mo_str pattern, struct mo_str name);

// The regular files below `folder` that match, as paths relative to it, sorted by bytes and each once. `**` as a level stands for any
// number of folders. Folders that are links are followed only where the pattern names them; nothing outside `root` is looked at.
enum mo_glob_result mo_glob(struct mo_arena *a, struct mo_str root, struct mo_str folder, struct mo_str pattern, uint32_t most_visited,
	uint32_t deepest, mo_names *out);

#endif
