// SPDX-License-Identifier: Apache-2.0
// The table of renderers.
#include "diag/render.h"

const struct mo_renderer mo_renderers[MO_RENDERERS] = {
#define MO_RENDERER(KIND, name, help) [MO_RENDER_##KIND] = { #name, help, mo_render_##name },
#include "diag/renderers.def"
};
