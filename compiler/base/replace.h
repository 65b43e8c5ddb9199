// SPDX-License-Identifier: Apache-2.0
// A single file that takes the place of an old one as a whole. Folders that are replaced are emitters/output.c's.
#ifndef MO_BASE_REPLACE_H
#define MO_BASE_REPLACE_H

#include "base/str.h"

// Writes the bytes beside the file and renames; where `path` is a link, the file that it leads to is replaced, and a pipe or device is
// written to. `path` ends with a NUL. Signals that end a program wait meanwhile. Returns 0 or an errno; then the file is as it was.
int mo_replace_file(struct mo_arena *arena, const char *path, struct mo_str bytes);

// Whether the file is a regular one that holds these bytes (a byte order mark before them does not count); `bytes` NULL: whether there is
// none. *error is set to an errno when nobody can say.
bool mo_file_holds(const char *path, const struct mo_str *bytes, int *error);

#endif
