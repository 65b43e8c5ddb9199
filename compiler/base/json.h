// SPDX-License-Identifier: Apache-2.0
// Writes JSON into a buffer as it goes: no tree is built, so a document of any size costs one pass. The caller opens and closes objects
// and lists in the right order; commas, line ends and indentation are the writer's.
#ifndef MO_BASE_JSON_H
#define MO_BASE_JSON_H

#include "base/str.h"

struct mo_json {
	struct mo_buf *out;
	uint32_t depth;  // of open objects and lists
	bool compact;    // everything on one line, without spaces; otherwise two spaces for each level
	bool has_items;  // the innermost object or list holds something already
	bool after_key;  // the next value belongs to the key just written
};

struct mo_json mo_json_to(struct mo_buf *out); // pretty
struct mo_json mo_json_compact_to(struct mo_buf *out);

void mo_json_object(struct mo_json *j);
void mo_json_object_end(struct mo_json *j);
void mo_json_list(struct mo_json *j);
void mo_json_list_end(struct mo_json *j);
void mo_json_key(struct mo_json *j, struct mo_str key);

void mo_json_string(struct mo_json *j, struct mo_str text);
void mo_json_int(struct mo_json *j, int64_t n);
void mo_json_double(struct mo_json *j, double d); // null when not finite: JSON has no word for it
void mo_json_bool(struct mo_json *j, bool b);
void mo_json_null(struct mo_json *j);

// A quoted JSON string: UTF-8 is kept, quotes, backslashes and control characters are escaped.
void mo_json_quote(struct mo_buf *out, struct mo_str text);
// The shortest digits that read back as the same double, in every locale with a point: 0.1, 1e+21, 5. `d` must be finite.
void mo_json_number(struct mo_buf *out, double d);

#endif
