// SPDX-License-Identifier: Apache-2.0
// Cells to bytes. It knows nothing of diagnostics.
#include "diag/row.h"

#include <string.h>

static const char *const escapes[] = {
	[MO_STYLE_PLAIN] = "\033[0m",
	[MO_STYLE_STRONG] = "\033[0;1m",
	[MO_STYLE_ERROR] = "\033[0;1;31m",
	[MO_STYLE_WARNING] = "\033[0;1;33m",
	[MO_STYLE_NOTE] = "\033[0;1;36m",
	[MO_STYLE_QUIET] = "\033[0;1;34m",
	[MO_STYLE_ADDED] = "\033[0;32m",
	[MO_STYLE_REMOVED] = "\033[0;31m",
};

// Control characters, and the marks that turn the direction of text round and so can hide what a line says.
static bool
is_unsafe(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static struct mo_cell *
cell_at(struct mo_row *row, uint32_t column)
{
	while (row->cells.len <= column) {
		mo_push(row->arena, &row->cells, (struct mo_cell){ .len = 0 });
	}
	return &row->cells.items[column];
}

void
mo_row_put(struct mo_row *row, uint32_t column, struct mo_str text, enum mo_style style)
{
	for (size_t i = 0; i < text.len; column++) {
		uint32_t c;
		size_t n = mo_str_code_point(text, i, &c);
		struct mo_cell *cell = cell_at(row, column);
		struct mo_str shown = is_unsafe(c) || c == 0xfffd ? MO_STR("\xef\xbf\xbd") : mo_str_sub(text, i, i + n);
		memcpy(cell->utf8, shown.p, shown.len);
		cell->len = (uint8_t)shown.len;
		cell->style = (uint8_t)style;
		i += n;
	}
}

void
mo_row_fill(struct mo_row *row, uint32_t column, char c, uint32_t count, enum mo_style style)
{
	for (uint32_t i = 0; i < count; i++) {
		mo_row_put(row, column + i, (struct mo_str){ &c, 1 }, style);
	}
}

void
mo_row_add(struct mo_row *row, struct mo_str text, enum mo_style style)
{
	mo_row_put(row, row->cells.len, text, style);
}

void
mo_row_printf(struct mo_row *row, enum mo_style style, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	mo_row_add(row, mo_str_vprintf(row->arena, fmt, args), style);
	va_end(args);
}

static bool
is_blank(const struct mo_cell *cell)
{
	return cell->len == 0 || (cell->len == 1 && cell->utf8[0] == ' ');
}

void
mo_row_print(struct mo_buf *out, const struct mo_row *row, bool colour)
{
	uint32_t len = row->cells.len;
	while (len && is_blank(&row->cells.items[len - 1])) {
		len--;
	}
	uint8_t style = MO_STYLE_PLAIN;
	for (uint32_t i = 0; i < len; i++) {
		const struct mo_cell *cell = &row->cells.items[i];
		if (colour && !is_blank(cell) && cell->style != style) {
			style = cell->style;
			mo_buf_adds(out, escapes[style]);
		}
		mo_buf_add(out, cell->len ? (struct mo_str){ cell->utf8, cell->len } : MO_STR(" "));
	}
	if (style != MO_STYLE_PLAIN) {
		mo_buf_adds(out, escapes[MO_STYLE_PLAIN]);
	}
	mo_buf_addc(out, '\n');
}

struct mo_str
mo_visible(struct mo_arena *arena, struct mo_str text)
{
	struct mo_buf out = mo_buf_in(arena);
	for (size_t i = 0; i < text.len;) {
		uint32_t c;
		i += mo_str_code_point(text, i, &c);
		if (c == '\n' || c == '\t' || c == '\r') {
			mo_buf_adds(&out, c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r");
		} else if (is_unsafe(c)) {
			mo_buf_printf(&out, "\\u{%x}", (unsigned)c);
		} else {
			mo_buf_utf8(&out, c);
		}
	}
	return mo_buf_str(&out);
}
