// SPDX-License-Identifier: Apache-2.0
// Diagnostics for people: what, where, why, and what to do; then how many, and where to read more. Where is diag/snippet.c.
#include "diag/render.h"
#include "diag/snippet.h"

static const struct {
	const char *name;
	enum mo_style style;
} severities[] = {
	[MO_ERROR] = { "error", MO_STYLE_ERROR },
	[MO_WARNING] = { "warning", MO_STYLE_WARNING },
	[MO_NOTE] = { "note", MO_STYLE_NOTE },
};

static void
print_title(const struct mo_snippet *s, const struct mo_diag *d)
{
	struct mo_row row = { .arena = s->arena };
	mo_row_printf(&row, s->style, "%s[%s]", severities[d->severity].name, mo_message_info(d->message)->code);
	mo_row_add(&row, MO_STR(": "), MO_STYLE_STRONG);
	mo_row_add(&row, mo_visible(s->arena, d->text), MO_STYLE_STRONG);
	mo_row_print(s->out, &row, s->colour);
}

// "   = note"; further lines of the text stand under its first word.
static void
print_remark(const struct mo_snippet *s, const char *lead, struct mo_str text, enum mo_style lead_style)
{
	size_t from = 0;
	for (bool first = true;; first = false) {
		ptrdiff_t end = mo_str_find(text, MO_STR("\n"), from);
		struct mo_str line = mo_str_sub(text, from, end < 0 ? text.len : (size_t)end);
		struct mo_row row = mo_snippet_row(s, 0, first ? "= " : "  ", MO_STYLE_QUIET);
		if (first) {
			mo_row_add(&row, mo_str_c(lead), lead_style);
		} else {
			mo_row_fill(&row, row.cells.len, ' ', (uint32_t)mo_str_c(lead).len, MO_STYLE_PLAIN);
		}
		mo_row_add(&row, mo_visible(s->arena, line), MO_STYLE_PLAIN);
		mo_row_print(s->out, &row, s->colour);
		if (end < 0) {
			return;
		}
		from = (size_t)end + 1;
	}
}

static bool
has_remarks(const struct mo_diag *d)
{
	return d->notes.len || d->help.len || d->fixes.len;
}

static void
print_diag(struct mo_snippet *s, const struct mo_diag *d)
{
	s->style = severities[d->severity].style;
	s->gutter = mo_snippet_gutter(s->sources, d);
	print_title(s, d);
	mo_snippet_marks(s, d);
	bool somewhere = !mo_span_is_nowhere(d->span) || d->labels.len;
	if (somewhere && has_remarks(d)) {
		struct mo_row bar = mo_snippet_row(s, 0, "|", MO_STYLE_QUIET);
		mo_row_print(s->out, &bar, s->colour);
	}
	for (uint32_t i = 0; i < d->notes.len; i++) {
		print_remark(s, "", d->notes.items[i], MO_STYLE_PLAIN);
	}
	if (d->help.len || d->fixes.len) {
		print_remark(s, "help: ", d->help.len ? d->help : MO_STR("this change puts it right"), MO_STYLE_ADDED);
	}
	mo_snippet_fixes(s, d);
	mo_buf_addc(s->out, '\n');
}

// "3 errors"; nothing for none.
static void
add_count(struct mo_buf *out, uint32_t count, const char *what, bool more)
{
	if (count == 0) {
		return;
	}
	mo_buf_printf(out, "%s%u %s%s%s", out->len ? ", " : "", count, more ? "more " : "", what, count == 1 ? "" : "s");
}

static void
print_summary(const struct mo_snippet *s, const struct mo_diags *store, const uint32_t *hidden)
{
	struct mo_buf rest = mo_buf_in(s->arena), all = mo_buf_in(s->arena);
	add_count(&rest, hidden[MO_ERROR], "error", true);
	add_count(&rest, hidden[MO_WARNING], "warning", true);
	if (rest.len) {
		mo_buf_printf(s->out, "and " MO_STR_FMT "; --max-errors 0 shows all\n", MO_STR_ARG(mo_buf_str(&rest)));
	}
	add_count(&all, store->errors, "error", false);
	add_count(&all, store->warnings, "warning", false);
	if (all.len) {
		mo_buf_add(s->out, mo_buf_str(&all));
		mo_buf_addc(s->out, '\n');
	}
}

// Names the codes that were shown, each once, in their order.
static void
print_codes(const struct mo_snippet *s, const bool *shown, const char *program)
{
	struct mo_buf codes = mo_buf_in(s->arena);
	const char *first = NULL;
	for (uint32_t m = 0; m < mo_message_count(); m++) {
		const char *code = mo_message_info((enum mo_message)m)->code;
		if (shown[m] && !first) {
			first = code;
		} else if (shown[m]) {
			mo_buf_printf(&codes, "%s%s", codes.len ? ", " : " (also for ", code);
		}
	}
	if (first) {
		mo_buf_printf(s->out, "for more: %s explain %s" MO_STR_FMT "%s\n", program, first, MO_STR_ARG(mo_buf_str(&codes)), codes.len ? ")" : "");
	}
}

void
mo_render_human(struct mo_buf *out, struct mo_sources *sources, const struct mo_diags *store, const struct mo_render_options *options)
{
	struct mo_snippet s = { .arena = out->arena, .sources = sources, .out = out, .colour = options->colour };
	uint32_t count[MO_NOTE + 1] = { 0 }, hidden[MO_NOTE + 1] = { 0 };
	bool *shown = mo_new_array(out->arena, bool, mo_message_count());
	for (uint32_t i = 0; i < store->items.len; i++) {
		const struct mo_diag *d = store->items.items[i];
		if (options->most && count[d->severity] == options->most) {
			hidden[d->severity]++;
			continue;
		}
		count[d->severity]++;
		shown[d->message] = true;
		print_diag(&s, d);
	}
	print_summary(&s, store, hidden);
	print_codes(&s, shown, options->program);
}
