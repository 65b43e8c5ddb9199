// SPDX-License-Identifier: Apache-2.0
// Writes JSON into a buffer as it goes: no tree is built, so a document of any size costs one pass. The caller opens and closes objects
// and lists in the right order; commas, line ends and indentation are the writer's.
#ifndef MO_BASE_JSON_WRITER_H
#define MO_BASE_JSON_WRITER_H

#include "base/json.h"

struct mo_json_writer {
	struct mo_buf *out;
	uint32_t depth;  // of open objects and lists
	bool compact;    // everything on one line, without spaces; otherwise two spaces for each level
	bool has_items;  // the innermost object or list holds something already
	bool after_key;  // the next value belongs to the key just written
};

struct mo_json_writer mo_json_writer(struct mo_buf *out); // pretty
struct mo_json_writer mo_json_compact_writer(struct mo_buf *out);

void mo_json_begin_object(struct mo_json_writer *j);
void mo_json_end_object(struct mo_json_writer *j);
void mo_json_begin_list(struct mo_json_writer *j);
void mo_json_end_list(struct mo_json_writer *j);
void mo_json_put_key(struct mo_json_writer *j, struct mo_str key);

void mo_json_put_string(struct mo_json_writer *j, struct mo_str text);
void mo_json_put_int(struct mo_json_writer *j, int64_t n);
void mo_json_put_double(struct mo_json_writer *j, double d); // null when not finite: JSON has no word for it
void mo_json_put_bool(struct mo_json_writer *j, bool b);
void mo_json_put_null(struct mo_json_writer *j);

// The shortest digits that read back as the same double, in every locale with a point: 0.1, 1e+21, 5. `d` must be finite.
void mo_json_number(struct mo_buf *out, double d);

#endif
