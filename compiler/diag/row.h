// SPDX-License-Identifier: Apache-2.0
// A line of terminal output as cells, so that underlines and texts can be put at columns; colours come last. A column is a code point.
#ifndef MO_DIAG_ROW_H
#define MO_DIAG_ROW_H

#include "base/str.h"
#include "base/vec.h"

enum mo_style {
	MO_STYLE_PLAIN,
	MO_STYLE_STRONG,
	MO_STYLE_ERROR,
	MO_STYLE_WARNING,
	MO_STYLE_NOTE,
	MO_STYLE_QUIET,   // line numbers, bars, secondary labels
	MO_STYLE_ADDED,
	MO_STYLE_REMOVED,
};

struct mo_cell {
	char utf8[4];
	uint8_t len; // 0 is a blank
	uint8_t style;
};

struct mo_row {
	struct mo_arena *arena;
	MO_VEC(struct mo_cell) cells;
};

// Puts a text at a column (from 0), over what is there. Characters that would upset a terminal become U+FFFD.
void mo_row_put(struct mo_row *row, uint32_t column, struct mo_str text, enum mo_style style);
// The same character `count` times.
void mo_row_fill(struct mo_row *row, uint32_t column, char c, uint32_t count, enum mo_style style);
// Puts a text behind the last cell.
void mo_row_add(struct mo_row *row, struct mo_str text, enum mo_style style);
void mo_row_printf(struct mo_row *row, enum mo_style style, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
// Appends the row without trailing blanks, and a line end.
void mo_row_print(struct mo_buf *out, const struct mo_row *row, bool colour);

// One line of running text; control characters are shown as escapes, because text may quote the user's strings.
struct mo_str mo_visible(struct mo_arena *arena, struct mo_str text);

#endif
