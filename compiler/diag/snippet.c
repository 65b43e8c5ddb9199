// SPDX-License-Identifier: Apache-2.0
// Shows where: the lines of a diagnostic's spans with underlines and the words that belong to them.
//
//    12 |   AWS::EC2::Subnet private { VpcId: net }
//       |                    ------- declared here
//   ...
//    19 |     VpcId: private
//       |            ^^^^^^^ AWS::EC2::Subnet
//
// A span over several lines marks its first line to the end and its last line from its first word. When several marks stand on a line,
// the words of the rightmost follow it, those of the others come below, each under a bar.
#include "diag/snippet.h"

#include <stdlib.h>

// The part of a span that lies on one line.
struct mark {
	uint32_t line;
	size_t start, end;  // bytes within the line
	bool primary;
	struct mo_str text; // on the last line of its span only
	uint32_t order;
};

typedef MO_VEC(struct mark) marks;

struct mo_row
mo_snippet_row(const struct mo_snippet *s, uint32_t line, const char *sign, enum mo_style sign_style)
{
	struct mo_row row = { .arena = s->arena };
	if (line) {
		mo_row_printf(&row, MO_STYLE_QUIET, "%*u ", (int)s->gutter, line);
	} else {
		mo_row_fill(&row, 0, ' ', s->gutter + 1, MO_STYLE_PLAIN);
	}
	mo_row_add(&row, mo_str_c(sign), sign_style);
	return row;
}

static struct mo_span
trimmed(struct mo_sources *sources, struct mo_span span)
{
	struct mo_str text = mo_span_text(sources, span);
	while (text.len > 1 && (text.p[text.len - 1] == '\n' || text.p[text.len - 1] == '\r')) {
		text.len--;
	}
	return (struct mo_span){ span.start, span.start + (uint32_t)text.len };
}

static size_t
first_word(struct mo_str line)
{
	size_t i = 0;
	while (i < line.len && (line.p[i] == ' ' || line.p[i] == '\t')) {
		i++;
	}
	return i;
}

static void
add_mark(const struct mo_snippet *s, marks *list, struct mo_span span, struct mo_str text, bool primary)
{
	span = trimmed(s->sources, span);
	struct mo_position from = mo_position_of(s->sources, span.start), to = mo_position_of(s->sources, span.end);
	const struct mo_source *source = from.source;
	size_t from_line = source->base + source->lines[from.line - 1], to_line = source->base + source->lines[to.line - 1];
	struct mark m = { from.line, span.start - from_line, span.end - to_line, primary, text, list->len };
	if (from.line != to.line) {
		struct mo_str first = mo_source_line(s->sources, source, from.line), last = mo_source_line(s->sources, source, to.line);
		mo_push(s->arena, list, (struct mark){ from.line, m.start, first.len, primary, { 0 }, m.order });
		m.line = to.line;
		m.start = first_word(last) < m.end ? first_word(last) : 0;
	}
	mo_push(s->arena, list, m);
}

static int
by_line(const void *pa, const void *pb)
{
	const struct mark *a = pa, *b = pb;
	if (a->line != b->line) {
		return a->line < b->line ? -1 : 1;
	}
	if (a->start != b->start) {
		return a->start < b->start ? -1 : 1;
	}
	return (a->order > b->order) - (a->order < b->order);
}

// A mark as it is shown, in columns behind the gutter.
struct placed {
	uint32_t start, end;
	const struct mark *mark;
};

static struct placed
place(const struct mo_line_view *view, const struct mark *m)
{
	struct placed p = { mo_line_view_column(view, m->start), mo_line_view_column(view, m->end), m };
	if (p.end <= p.start) {
		p.end = p.start + 1; // a place between two characters
	}
	return p;
}

static enum mo_style
style_of(const struct mo_snippet *s, const struct mark *m)
{
	return m->primary ? s->style : MO_STYLE_QUIET;
}

// The words that can follow the underlines on their own row: those of the mark that ends last, when it also starts last.
static const struct placed *
rightmost(const struct placed *placed, uint32_t count)
{
	const struct placed *last = &placed[count - 1]; // sorted by start
	for (uint32_t i = 0; i + 1 < count; i++) {
		if (placed[i].end > last->end) {
			return NULL;
		}
	}
	return last;
}

static struct mo_row
bar_row(const struct mo_snippet *s)
{
	struct mo_row row = mo_snippet_row(s, 0, "| ", MO_STYLE_QUIET);
	return row;
}

static void
put_bars(const struct mo_snippet *s, struct mo_row *row, const struct placed *placed, uint32_t count, const struct placed *except)
{
	uint32_t left = s->gutter + 3;
	for (uint32_t i = 0; i < count; i++) {
		if (placed[i].mark->text.len && &placed[i] != except) {
			mo_row_put(row, left + placed[i].start, MO_STR("|"), style_of(s, placed[i].mark));
		}
	}
}

// The words that found no room beside their underline, from right to left.
static void
print_hanging(const struct mo_snippet *s, const struct placed *placed, uint32_t count, const struct placed *beside)
{
	bool first = true;
	for (uint32_t i = count; i-- > 0;) {
		const struct placed *p = &placed[i];
		if (p == beside || p->mark->text.len == 0) {
			continue;
		}
		if (first) {
			struct mo_row bars = bar_row(s);
			put_bars(s, &bars, placed, count, beside);
			mo_row_print(s->out, &bars, s->colour);
			first = false;
		}
		struct mo_row row = bar_row(s);
		put_bars(s, &row, placed, i, beside);
		mo_row_put(&row, s->gutter + 3 + p->start, mo_visible(s->arena, p->mark->text), style_of(s, p->mark));
		mo_row_print(s->out, &row, s->colour);
	}
}

static void
print_underlines(const struct mo_snippet *s, const struct placed *placed, uint32_t count)
{
	struct mo_row row = bar_row(s);
	uint32_t left = s->gutter + 3;
	for (int primary = 0; primary < 2; primary++) { // the primary mark goes over the others
		for (uint32_t i = 0; i < count; i++) {
			const struct placed *p = &placed[i];
			if (p->mark->primary == primary) {
				mo_row_fill(&row, left + p->start, primary ? '^' : '-', p->end - p->start, style_of(s, p->mark));
			}
		}
	}
	const struct placed *beside = rightmost(placed, count);
	if (beside && beside->mark->text.len) {
		mo_row_put(&row, left + beside->end + 1, mo_visible(s->arena, beside->mark->text), style_of(s, beside->mark));
	}
	mo_row_print(s->out, &row, s->colour);
	print_hanging(s, placed, count, beside);
}

static void
print_line(const struct mo_snippet *s, const struct mo_source *source, uint32_t line, const struct mark *list, uint32_t count)
{
	size_t focus = count ? list[0].start : 0;
	for (uint32_t i = 0; i < count; i++) {
		focus = list[i].primary ? list[i].start : focus;
	}
	struct mo_line_view view = mo_line_view(mo_source_line(s->sources, source, line), focus);
	struct mo_row row = mo_snippet_row(s, line, "| ", MO_STYLE_QUIET);
	mo_line_view_put(&view, &row, MO_STYLE_PLAIN);
	mo_row_print(s->out, &row, s->colour);
	if (count == 0) {
		return;
	}
	struct placed *placed = mo_new_array(s->arena, struct placed, count);
	for (uint32_t i = 0; i < count; i++) {
		placed[i] = place(&view, &list[i]);
	}
	print_underlines(s, placed, count);
}

// Between two shown lines: nothing, the one line that is missing, or dots.
static void
print_gap(const struct mo_snippet *s, const struct mo_source *source, uint32_t before, uint32_t line)
{
	if (before && line == before + 2) {
		print_line(s, source, before + 1, NULL, 0);
	} else if (before && line > before + 2) {
		mo_buf_adds(s->out, "...\n");
	}
}

static void
print_lines(const struct mo_snippet *s, const struct mo_source *source, const marks *list)
{
	uint32_t before = 0;
	for (uint32_t i = 0; i < list->len;) {
		uint32_t line = list->items[i].line, end = i;
		while (end < list->len && list->items[end].line == line) {
			end++;
		}
		print_gap(s, source, before, line);
		print_line(s, source, line, &list->items[i], end - i);
		before = line;
		i = end;
	}
}

static void
print_heading(const struct mo_snippet *s, const char *arrow, uint32_t offset)
{
	struct mo_position p = mo_position_of(s->sources, offset);
	struct mo_row row = { .arena = s->arena };
	mo_row_fill(&row, 0, ' ', s->gutter, MO_STYLE_PLAIN);
	mo_row_printf(&row, MO_STYLE_QUIET, "%s ", arrow);
	mo_row_add(&row, mo_visible(s->arena, p.source->name), MO_STYLE_PLAIN);
	mo_row_printf(&row, MO_STYLE_PLAIN, ":%u:%u", p.line, p.column);
	mo_row_print(s->out, &row, s->colour);
	row = bar_row(s);
	mo_row_print(s->out, &row, s->colour);
}

// Everything of the diagnostic that lies in one file.
static void
print_file(const struct mo_snippet *s, const struct mo_diag *d, const struct mo_source *source, bool first)
{
	marks list = { 0 };
	uint32_t heading = d->span.start;
	if (mo_source_at(s->sources, d->span.start) == source) {
		add_mark(s, &list, d->span, d->here, true);
	}
	for (uint32_t i = 0; i < d->labels.len; i++) {
		const struct mo_label *label = &d->labels.items[i];
		if (mo_source_at(s->sources, label->span.start) == source) {
			heading = list.len ? heading : label->span.start;
			add_mark(s, &list, label->span, label->text, false);
		}
	}
	qsort(list.items, list.len, sizeof(list.items[0]), by_line);
	print_heading(s, first ? "-->" : ":::", heading);
	print_lines(s, source, &list);
}

uint32_t
mo_snippet_gutter(struct mo_sources *sources, const struct mo_diag *d)
{
	uint32_t largest = mo_position_of(sources, d->span.end).line, digits = 1;
	for (uint32_t i = 0; i < d->labels.len; i++) {
		uint32_t line = mo_position_of(sources, d->labels.items[i].span.end).line;
		largest = line > largest ? line : largest;
	}
	for (; largest >= 10; largest /= 10) {
		digits++;
	}
	return digits;
}

// Whether an earlier place of the diagnostic lies in the same file.
static bool
seen_before(const struct mo_snippet *s, const struct mo_diag *d, uint32_t label, const struct mo_source *source)
{
	if (mo_source_at(s->sources, d->span.start) == source) {
		return true;
	}
	for (uint32_t i = 0; i < label; i++) {
		if (mo_source_at(s->sources, d->labels.items[i].span.start) == source) {
			return true;
		}
	}
	return false;
}

void
mo_snippet_marks(const struct mo_snippet *s, const struct mo_diag *d)
{
	const struct mo_source *source = mo_source_at(s->sources, d->span.start);
	bool first = true;
	if (source) {
		print_file(s, d, source, first);
		first = false;
	}
	for (uint32_t i = 0; i < d->labels.len; i++) {
		source = mo_source_at(s->sources, d->labels.items[i].span.start);
		if (source && !seen_before(s, d, i, source)) {
			print_file(s, d, source, first);
			first = false;
		}
	}
}
