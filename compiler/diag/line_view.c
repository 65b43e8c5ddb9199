// SPDX-License-Identifier: Apache-2.0
// From bytes of a source line to columns of the screen. A tab goes to the next multiple of four; a line that is wider than the limit is
// cut on the left and on the right of what matters, and says so with an ellipsis.
#include "diag/snippet.h"

enum {
	TAB = 4,
	BEFORE = 40,      // columns kept in front of the focus
	FAR = 64 << 10,   // bytes: further from the focus than this nothing is measured
};

#define ELLIPSIS MO_STR("\xe2\x80\xa6")

// Columns of the bytes [from, to).
static uint32_t
width(struct mo_str text, size_t from, size_t to)
{
	uint32_t columns = 0;
	for (size_t i = from; i < to;) {
		uint32_t c;
		i += mo_str_code_point(text, i, &c);
		columns += c == '\t' ? TAB - columns % TAB : 1;
	}
	return columns;
}

// The start of the code point before `at`.
static size_t
step_back(struct mo_str text, size_t at)
{
	size_t i = at - 1;
	while (i > 0 && at - i < 4 && ((unsigned char)text.p[i] & 0xc0) == 0x80) {
		i--;
	}
	return i;
}

static size_t
step_forward(struct mo_str text, size_t at)
{
	uint32_t c;
	return at + mo_str_code_point(text, at, &c);
}

struct mo_line_view
mo_line_view(struct mo_str text, size_t focus)
{
	struct mo_line_view v = { text, 0, text.len };
	if (text.len <= MO_SNIPPET_COLUMNS / TAB || (text.len < FAR && width(text, 0, text.len) <= MO_SNIPPET_COLUMNS)) {
		return v;
	}
	v.low = v.high = focus < text.len ? focus : text.len;
	uint32_t columns = 0, room = MO_SNIPPET_COLUMNS - 2; // an ellipsis on each side
	for (; columns < BEFORE && v.low > 0; columns++) {
		v.low = step_back(text, v.low);
	}
	for (; columns < room && v.high < text.len; columns++) {
		v.high = step_forward(text, v.high);
	}
	for (; columns < room && v.low > 0; columns++) {
		v.low = step_back(text, v.low);
	}
	return v;
}

uint32_t
mo_line_view_column(const struct mo_line_view *v, size_t at)
{
	uint32_t lead = v->low > 0;
	if (at < v->low) {
		return 0;
	}
	return lead + (at > v->high ? width(v->text, v->low, v->high) + 1 : width(v->text, v->low, at));
}

void
mo_line_view_put(const struct mo_line_view *v, struct mo_row *row, enum mo_style style)
{
	uint32_t start = row->cells.len, column = v->low > 0;
	if (v->low > 0) {
		mo_row_put(row, start, ELLIPSIS, MO_STYLE_QUIET);
	}
	uint32_t shown = 0;
	for (size_t i = v->low; i < v->high;) {
		size_t next = step_forward(v->text, i);
		if (v->text.p[i] == '\t') {
			shown += TAB - shown % TAB;
		} else {
			mo_row_put(row, start + column + shown, mo_str_sub(v->text, i, next), style);
			shown++;
		}
		i = next;
	}
	if (v->high < v->text.len) {
		mo_row_put(row, start + column + shown, ELLIPSIS, MO_STYLE_QUIET);
	}
}
