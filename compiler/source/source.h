// SPDX-License-Identifier: Apache-2.0
// Files and positions. Every byte of every file has one offset in a space that all files share, so a position is a number and a span
// is eight bytes; it is resolved to a file, line and column only when it is printed.
#ifndef MO_SOURCE_SOURCE_H
#define MO_SOURCE_SOURCE_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

// Bytes [start, end). { 0, 0 } is nowhere: of the command line, or of the program as a whole.
struct mo_span {
	uint32_t start, end;
};

#define MO_NOWHERE ((struct mo_span){ 0, 0 })

static inline bool
mo_span_is_nowhere(struct mo_span s)
{
	return s.start == 0 && s.end == 0;
}

// From the start of a to the end of b; nowhere is neutral.
struct mo_span mo_span_join(struct mo_span a, struct mo_span b);

enum mo_source_kind {
	MO_SOURCE_PROGRAM, // .mlops of the user
	MO_SOURCE_LIBRARY, // .mlops of the standard library
	MO_SOURCE_DATA,    // YAML, JSON, text
	MO_SOURCE_LOCK,    // mlops.lock, which a build may write: no input of the program
};

struct mo_source {
	struct mo_str name; // as the user would write it: relative to where the compiler was started, or "std/network"
	struct mo_str path; // absolute and resolved; empty for standard input and the library
	struct mo_str text; // followed by a NUL that is not counted
	uint32_t base;      // offset of its first byte
	enum mo_source_kind kind;
	uint32_t *lines;    // offsets of line starts within the file, made when first asked for
	uint32_t line_count;
};

struct mo_sources;

enum mo_source_error {
	MO_SOURCE_OK,
	MO_SOURCE_UNREADABLE,  // errno says why
	MO_SOURCE_NOT_A_FILE,  // a folder or a device
	MO_SOURCE_TOO_LARGE,
	MO_SOURCE_NUL_BYTE,    // bad_offset
	MO_SOURCE_NOT_UTF8,    // bad_offset
	MO_SOURCE_SPACE_FULL,  // all files together pass 4 GiB
};

enum { MO_SOURCE_LARGEST = 64 << 20 }; // bytes in one file

struct mo_sources *mo_sources_new(struct mo_arena *arena);

// Adds a text under a name. The text is copied. On error *out is NULL, unless the text itself is at fault (NUL byte, encoding): then
// *out is the source, so that a diagnostic can point into it, and *bad_offset the offset within it.
enum mo_source_error mo_source_add(struct mo_sources *s, struct mo_str name, struct mo_str path, struct mo_str text,
	enum mo_source_kind kind, struct mo_source **out, uint32_t *bad_offset);
// The same as mo_source_read for a path that was resolved before and found to be one that may be read: a link that somebody has put on it
// since is an error.
enum mo_source_error mo_source_read_resolved(struct mo_sources *s, struct mo_str name, struct mo_str path, enum mo_source_kind kind,
	struct mo_source **out, uint32_t *bad_offset);
// Reads a file ("-" is standard input) and adds it.
enum mo_source_error mo_source_read(struct mo_sources *s, struct mo_str name, struct mo_str path, enum mo_source_kind kind,
	struct mo_source **out, uint32_t *bad_offset);

// The file that holds an offset, NULL for nowhere.
const struct mo_source *mo_source_at(struct mo_sources *s, uint32_t offset);
// All files in the order in which they were added.
uint32_t mo_source_count(const struct mo_sources *s);
const struct mo_source *mo_source_get(const struct mo_sources *s, uint32_t index);

struct mo_position {
	const struct mo_source *source; // NULL for nowhere
	uint32_t line;                  // from 1
	uint32_t column;                // from 1, in code points
};

struct mo_position mo_position_of(struct mo_sources *s, uint32_t offset);
// The text of a line (from 1) without its line end.
struct mo_str mo_source_line(struct mo_sources *s, const struct mo_source *source, uint32_t line);
// The source text of a span (within one file).
struct mo_str mo_span_text(struct mo_sources *s, struct mo_span span);

#endif
