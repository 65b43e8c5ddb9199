// SPDX-License-Identifier: Apache-2.0
// Shared by the readers of data files: making nodes, and members with distinct keys.
#ifndef MO_SOURCE_DATA_TREE_H
#define MO_SOURCE_DATA_TREE_H

#include "base/map.h"
#include "source/data.h"

// The members of an object while it is read.
struct mo_data_keys {
	struct mo_map by_hash; // hash of a key -> index + 1 into the object's members
};

struct mo_data *mo_data_new(struct mo_arena *a, enum mo_data_kind kind, struct mo_span span);
// The member of this key, NULL when there is none.
struct mo_data_member *mo_data_find(const struct mo_data_keys *keys, const struct mo_data *object, struct mo_str key);
// Appends; the key must not be there.
void mo_data_add(struct mo_arena *a, struct mo_data_keys *keys, struct mo_data *object, struct mo_data_member member);

// Decides by d->text, which was written without quotes, what a STRING node is. False, with a reason, for numbers that cannot be held.
// The text is followed by a NUL.
bool mo_data_resolve(struct mo_data *d, const char **why);

// Fills in *error and gives NULL, for `return mo_data_fail(…)`.
struct mo_data *mo_data_fail(struct mo_arena *a, struct mo_data_error *error, struct mo_span span, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
