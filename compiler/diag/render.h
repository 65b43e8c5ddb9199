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

#endif
