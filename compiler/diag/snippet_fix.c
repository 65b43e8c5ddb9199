// SPDX-License-Identifier: Apache-2.0
// Shows a change: the lines that it touches as they are (-) and as they would be (+). Lines that stay the same are left out.
#include "diag/snippet.h"

enum { MOST_LINES = 8 }; // of each sign; a longer change is cut

typedef MO_VEC(struct mo_str) lines;

// A copy of the fixes in the order of their places; two insertions at one place keep the order in which they were reported.
static struct mo_fix *
in_order(struct mo_arena *arena, const struct mo_diag *d)
{
	struct mo_fix *fixes = mo_new_array(arena, struct mo_fix, d->fixes.len);
	for (uint32_t i = 0; i < d->fixes.len; i++) {
		uint32_t at = i;
		for (; at > 0 && fixes[at - 1].span.start > d->fixes.items[i].span.start; at--) {
			fixes[at] = fixes[at - 1];
		}
		fixes[at] = d->fixes.items[i];
	}
	return fixes;
}

static lines
split(struct mo_arena *arena, struct mo_str text)
{
	lines out = { 0 };
	for (size_t from = 0;;) {
		ptrdiff_t end = mo_str_find(text, MO_STR("\n"), from);
		mo_push(arena, &out, mo_str_sub(text, from, end < 0 ? text.len : (size_t)end));
		if (end < 0) {
			return out;
		}
		from = (size_t)end + 1;
	}
}

// The first byte in which two texts differ.
static size_t
first_difference(struct mo_str a, struct mo_str b)
{
	size_t i = 0;
	while (i < a.len && i < b.len && a.p[i] == b.p[i]) {
		i++;
	}
	return i;
}

static void
print_lines(const struct mo_snippet *s, const lines *list, uint32_t from, uint32_t to, uint32_t line, const lines *other, const char *sign,
	enum mo_style style)
{
	for (uint32_t i = from; i < to; i++) {
		if (i - from == MOST_LINES) {
			mo_buf_adds(s->out, "...\n");
			return;
		}
		size_t focus = i < other->len ? first_difference(list->items[i], other->items[i]) : 0;
		struct mo_line_view view = mo_line_view(list->items[i], focus);
		struct mo_row row = mo_snippet_row(s, line + i, sign, style);
		mo_row_add(&row, MO_STR(" "), MO_STYLE_PLAIN);
		mo_line_view_put(&view, &row, style);
		mo_row_print(s->out, &row, s->colour);
	}
}

static void
print_difference(const struct mo_snippet *s, uint32_t line, const lines *old, const lines *new)
{
	uint32_t shorter = old->len < new->len ? old->len : new->len, same = 0, tail = 0;
	while (same < shorter && mo_str_eq(old->items[same], new->items[same])) {
		same++;
	}
	while (tail < shorter - same && mo_str_eq(old->items[old->len - 1 - tail], new->items[new->len - 1 - tail])) {
		tail++;
	}
	print_lines(s, old, same, old->len - tail, line, new, "-", MO_STYLE_REMOVED);
	print_lines(s, new, same, new->len - tail, line, old, "+", MO_STYLE_ADDED);
}

// The whole lines [first, last] of a file, in offsets.
static struct mo_span
whole_lines(struct mo_sources *sources, const struct mo_source *source, uint32_t first, uint32_t last)
{
	uint32_t end = source->base + source->lines[last - 1] + (uint32_t)mo_source_line(sources, source, last).len;
	return (struct mo_span){ source->base + source->lines[first - 1], end };
}

// Shows fixes[0..count), which are sorted and touch the lines first to last of one file.
static void
print_cluster(const struct mo_snippet *s, const struct mo_fix *fixes, uint32_t count, uint32_t first, uint32_t last)
{
	const struct mo_source *source = mo_source_at(s->sources, fixes[0].span.start);
	struct mo_span all = whole_lines(s->sources, source, first, last);
	struct mo_buf text = mo_buf_in(s->arena);
	uint32_t at = all.start;
	for (uint32_t i = 0; i < count; i++) {
		if (fixes[i].span.start < at) {
			continue; // overlaps the one before
		}
		mo_buf_add(&text, mo_span_text(s->sources, (struct mo_span){ at, fixes[i].span.start }));
		mo_buf_add(&text, fixes[i].replacement);
		at = fixes[i].span.end;
	}
	if (at < all.end) {
		mo_buf_add(&text, mo_span_text(s->sources, (struct mo_span){ at, all.end }));
	}
	lines old = split(s->arena, mo_span_text(s->sources, all)), new = split(s->arena, mo_buf_str(&text));
	print_difference(s, first, &old, &new);
}

void
mo_snippet_fixes(const struct mo_snippet *s, const struct mo_diag *d)
{
	uint32_t count = d->fixes.len;
	struct mo_fix *fixes = in_order(s->arena, d);
	const struct mo_source *here = mo_source_at(s->sources, d->span.start);
	for (uint32_t i = 0; i < count;) {
		struct mo_position from = mo_position_of(s->sources, fixes[i].span.start);
		uint32_t last = mo_position_of(s->sources, fixes[i].span.end).line, end = i + 1;
		while (end < count && mo_source_at(s->sources, fixes[end].span.start) == from.source &&
			mo_position_of(s->sources, fixes[end].span.start).line <= last) {
			last = mo_position_of(s->sources, fixes[end].span.end).line;
			end++;
		}
		if (from.source && last) {
			if (from.source != here) {
				mo_buf_printf(s->out, "%*s--> " MO_STR_FMT ":%u\n", (int)s->gutter, "", MO_STR_ARG(from.source->name), from.line);
			}
			print_cluster(s, &fixes[i], end - i, from.line, last);
		}
		i = end;
	}
}
