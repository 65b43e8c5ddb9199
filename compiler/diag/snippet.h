// SPDX-License-Identifier: Apache-2.0
// Source lines with what is marked on them, and changes as differences: the parts that a diagnostic for people is made of.
#ifndef MO_DIAG_SNIPPET_H
#define MO_DIAG_SNIPPET_H

#include "diag/diag.h"
#include "diag/row.h"

// What all parts of one diagnostic share.
struct mo_snippet {
	struct mo_arena *arena; // scratch
	struct mo_sources *sources;
	struct mo_buf *out;
	bool colour;
	enum mo_style style; // of the primary span
	uint32_t gutter;     // width of the line numbers
};

// How many digits the largest line number among a diagnostic's places has.
uint32_t mo_snippet_gutter(struct mo_sources *sources, const struct mo_diag *d);
// The primary span and all labels, grouped by file, the primary's file first.
void mo_snippet_marks(const struct mo_snippet *s, const struct mo_diag *d);
// The fixes as lines taken away (-) and put in their place (+).
void mo_snippet_fixes(const struct mo_snippet *s, const struct mo_diag *d);

// ---- shared by the two ------------------------------------------------------------------------------------------------------------

enum { MO_SNIPPET_COLUMNS = 120 }; // a longer line is cut on both sides of what matters

// A source line as it is shown: tabs expanded, cut when it is long.
struct mo_line_view {
	struct mo_str text;
	size_t low, high; // the bytes shown
};

struct mo_line_view mo_line_view(struct mo_str text, size_t focus);
// The column (from 0) at which byte `at` of the line is shown; the edge for one that is cut off.
uint32_t mo_line_view_column(const struct mo_line_view *v, size_t at);
void mo_line_view_put(const struct mo_line_view *v, struct mo_row *row, enum mo_style style);

// Starts a row: a line number (none for 0) and the sign behind it.
struct mo_row mo_snippet_row(const struct mo_snippet *s, uint32_t line, const char *sign, enum mo_style sign_style);

#endif
