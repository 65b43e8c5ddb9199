// SPDX-License-Identifier: Apache-2.0
// From the finished store to text. A renderer only reads; the same store gives the same bytes.
#ifndef MO_DIAG_RENDER_H
#define MO_DIAG_RENDER_H

#include "diag/diag.h"

enum mo_renderer_kind {
#define MO_RENDERER(KIND, name, help) MO_RENDER_##KIND,
#include "diag/renderers.def"
	MO_RENDERERS
};

struct mo_render_options {
	bool colour;         // escape sequences for a terminal
	uint32_t most;       // show at most so many errors and so many warnings; 0 shows all
	const char *program; // "mlopsc": what to start for more
	const char *version; // of the program, "0.1.0"; NULL when it does not matter
};

typedef void mo_render_fn(struct mo_buf *out, struct mo_sources *sources, const struct mo_diags *store, const struct mo_render_options *options);

struct mo_renderer {
	const char *name;  // "json"
	const char *help;
	mo_render_fn *render;
};

// Renders everything in the store, which has been finished (mo_diags_finish).
#define MO_RENDERER(KIND, name, help) mo_render_fn mo_render_##name;
#include "diag/renderers.def"

extern const struct mo_renderer mo_renderers[MO_RENDERERS]; // indexed by enum mo_renderer_kind

// ---- shared by the renderers for programs ------------------------------------------------------------------------------------------

// A span within one file, resolved. `from.source` is NULL for nowhere; `to` is behind the last character.
struct mo_render_place {
	struct mo_span span;
	struct mo_position from, to;
};

struct mo_render_place mo_render_place_of(struct mo_sources *sources, struct mo_span span);

// The sentence, then notes and help, each on a line of its own.
struct mo_str mo_diag_whole_text(struct mo_arena *arena, const struct mo_diag *d);

// Whether a diagnostic is among those to be shown; `count` starts with zeros and counts them by severity.
bool mo_render_wants(const struct mo_render_options *options, const struct mo_diag *d, uint32_t count[MO_NOTE + 1]);

#endif
