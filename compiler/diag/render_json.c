// SPDX-License-Identifier: Apache-2.0
// Diagnostics for programs: JSON Lines, one object for each, all keys always there. Lines and columns count from 1 (columns in code
// points), offsets are bytes within the file; `end` is behind the last character. What has no place has null in its place.
#include "diag/render.h"

#include "base/json.h"

static const char *const severities[] = { [MO_ERROR] = "error", [MO_WARNING] = "warning", [MO_NOTE] = "note" };

static void
add_key(struct mo_buf *out, const char *key)
{
	mo_buf_printf(out, ",\"%s\":", key);
}

static void
add_string(struct mo_buf *out, const char *key, struct mo_str value)
{
	add_key(out, key);
	mo_json_string(out, value);
}

// The members that say where, without braces.
static void
add_place(struct mo_buf *out, struct mo_sources *sources, struct mo_span span)
{
	struct mo_render_place place = mo_render_place_of(sources, span);
	const struct mo_source *source = place.from.source;
	if (!source) {
		mo_buf_adds(out, "\"path\":null,\"line\":null,\"column\":null,\"end_line\":null,\"end_column\":null,\"start\":null,\"end\":null");
		return;
	}
	mo_buf_adds(out, "\"path\":");
	mo_json_string(out, source->name);
	mo_buf_printf(out, ",\"line\":%u,\"column\":%u,\"end_line\":%u,\"end_column\":%u,\"start\":%u,\"end\":%u", place.from.line,
		place.from.column, place.to.line, place.to.column, place.span.start - source->base, place.span.end - source->base);
}

static void
add_labels(struct mo_buf *out, struct mo_sources *sources, const struct mo_diag *d)
{
	add_key(out, "labels");
	mo_buf_addc(out, '[');
	for (uint32_t i = 0; i < d->labels.len; i++) {
		mo_buf_adds(out, i ? ",{" : "{");
		add_place(out, sources, d->labels.items[i].span);
		add_string(out, "text", d->labels.items[i].text);
		mo_buf_addc(out, '}');
	}
	mo_buf_addc(out, ']');
}

static void
add_notes(struct mo_buf *out, const struct mo_diag *d)
{
	add_key(out, "notes");
	mo_buf_addc(out, '[');
	for (uint32_t i = 0; i < d->notes.len; i++) {
		mo_buf_adds(out, i ? "," : "");
		mo_json_string(out, d->notes.items[i]);
	}
	mo_buf_addc(out, ']');
}

static void
add_fixes(struct mo_buf *out, struct mo_sources *sources, const struct mo_diag *d)
{
	add_key(out, "fixes");
	mo_buf_addc(out, '[');
	for (uint32_t i = 0; i < d->fixes.len; i++) {
		mo_buf_adds(out, i ? ",{" : "{");
		add_place(out, sources, d->fixes.items[i].span);
		add_string(out, "replacement", d->fixes.items[i].replacement);
		mo_buf_addc(out, '}');
	}
	mo_buf_addc(out, ']');
}

static void
add_diag(struct mo_buf *out, struct mo_sources *sources, const struct mo_diag *d)
{
	const struct mo_message_info *info = mo_message_info(d->message);
	mo_buf_addc(out, '{');
	add_place(out, sources, d->span);
	add_string(out, "severity", mo_str_c(severities[d->severity]));
	add_string(out, "code", mo_str_c(info->code));
	add_string(out, "slug", mo_str_c(info->slug));
	add_string(out, "message", d->text);
	add_string(out, "here", d->here);
	add_labels(out, sources, d);
	add_notes(out, d);
	add_string(out, "help", d->help);
	add_fixes(out, sources, d);
	mo_buf_adds(out, "}\n");
}

void
mo_render_json(struct mo_buf *out, struct mo_sources *sources, const struct mo_diags *store, const struct mo_render_options *options)
{
	uint32_t count[MO_NOTE + 1] = { 0 };
	for (uint32_t i = 0; i < store->items.len; i++) {
		const struct mo_diag *d = store->items.items[i];
		if (mo_render_wants(options, d, count)) {
			add_diag(out, sources, d);
		}
	}
}
