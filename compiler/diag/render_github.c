// SPDX-License-Identifier: Apache-2.0
// Diagnostics as workflow commands of GitHub Actions, one a line, which annotate the lines of a change. Their escapes are those of the
// "Workflow commands for GitHub Actions" reference and of the toolkit that reads them.
#include "diag/render.h"
#include "diag/row.h"

#include <string.h>

static const char *const commands[] = { [MO_ERROR] = "error", [MO_WARNING] = "warning", [MO_NOTE] = "notice" };

// In properties colons and commas have a meaning, too.
static void
add_escaped(struct mo_buf *out, struct mo_str text, const char *special)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (c && strchr(special, c)) {
			mo_buf_printf(out, "%%%02X", (unsigned)c);
		} else {
			mo_buf_addc(out, text.p[i]);
		}
	}
}

static void
add_property(struct mo_buf *out, const char *name, struct mo_str value)
{
	mo_buf_printf(out, "%s=", name);
	add_escaped(out, value, "%\r\n:,");
	mo_buf_addc(out, ',');
}

// Line by line, so that control characters become visible and line ends stay.
static void
add_message(struct mo_buf *out, const struct mo_diag *d)
{
	struct mo_str all = mo_diag_whole_text(out->arena, d), newline = MO_STR("\n");
	for (size_t start = 0; start <= all.len;) {
		ptrdiff_t end = mo_str_find(all, newline, start);
		size_t stop = end < 0 ? all.len : (size_t)end;
		mo_buf_adds(out, start ? "%0A" : "");
		add_escaped(out, mo_visible(out->arena, mo_str_sub(all, start, stop)), "%\r\n");
		start = stop + 1;
	}
}

static void
add_diag(struct mo_buf *out, struct mo_sources *sources, const struct mo_diag *d)
{
	const struct mo_message_info *info = mo_message_info(d->message);
	struct mo_render_place place = mo_render_place_of(sources, d->span);
	mo_buf_printf(out, "::%s ", commands[d->severity]);
	if (place.from.source) {
		add_property(out, "file", place.from.source->name);
		mo_buf_printf(out, "line=%u,endLine=%u,col=%u,", place.from.line, place.to.line, place.from.column);
	}
	mo_buf_printf(out, "title=%s %s::", info->code, info->slug);
	add_message(out, d);
	mo_buf_addc(out, '\n');
}

void
mo_render_github(struct mo_buf *out, struct mo_sources *sources, const struct mo_diags *store, const struct mo_render_options *options)
{
	uint32_t count[MO_NOTE + 1] = { 0 };
	for (uint32_t i = 0; i < store->items.len; i++) {
		if (mo_render_wants(options, store->items.items[i], count)) {
			add_diag(out, sources, store->items.items[i]);
		}
	}
}
