// SPDX-License-Identifier: Apache-2.0
// Files and folders below an open folder: everything goes through its descriptor and no symbolic link is followed, so nothing outside
// of it is read, written or removed. Functions return 0 or an errno.
#ifndef MO_EMITTERS_FOLDER_H
#define MO_EMITTERS_FOLDER_H

#include "base/str.h"

// Whether `name` names something below a folder: relative, no empty part, no "." or "..", no NUL byte.
bool mo_folder_name_is_good(struct mo_str name);

// Writes a new file `name` (parts joined by '/', folders are made) below `folder`. When `old` is not -1 and holds the same bytes under
// that name, that very file is linked or its time stamps are copied; *is_new says whether bytes were written. What is
// `executable` can be run.
int mo_folder_put(int folder, int old, const char *name, struct mo_str bytes, bool executable, bool *is_new);

// Reads at most `size` bytes of the start of a regular file.
int mo_folder_read_head(int folder, const char *name, char *buffer, size_t size, size_t *len);

int mo_folder_is_empty(int folder, bool *empty);

// Removes what is called `name` in `parent`, with everything in it. Goes on after errors and returns the first.
int mo_folder_remove(int parent, const char *name);

#endif
