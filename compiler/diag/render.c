// SPDX-License-Identifier: Apache-2.0
// The table of renderers, and what those for programs share.
#include "diag/render.h"

const struct mo_renderer mo_renderers[MO_RENDERERS] = {
#define MO_RENDERER(KIND, name, help) [MO_RENDER_##KIND] = { #name, help, mo_render_##name },
#include "diag/renderers.def"
};

struct mo_render_place
mo_render_place_of(struct mo_sources *sources, struct mo_span span)
{
	struct mo_render_place place = { span, mo_position_of(sources, span.start), mo_position_of(sources, span.end) };
	if (place.to.source != place.from.source) {
		place.to = place.from;
		place.span.end = span.start;
	}
	return place;
}

struct mo_str
mo_diag_whole_text(struct mo_arena *arena, const struct mo_diag *d)
{
	struct mo_buf text = mo_buf_in(arena);
	mo_buf_add(&text, d->text);
	for (uint32_t i = 0; i < d->notes.len; i++) {
		mo_buf_addc(&text, '\n');
		mo_buf_add(&text, d->notes.items[i]);
	}
	if (d->help.len) {
		mo_buf_adds(&text, "\nhelp: ");
		mo_buf_add(&text, d->help);
	}
	return mo_buf_str(&text);
}

bool
mo_render_wants(const struct mo_render_options *options, const struct mo_diag *d, uint32_t count[MO_NOTE + 1])
{
	return !options->most || count[d->severity]++ < options->most;
}
