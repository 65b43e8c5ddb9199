// SPDX-License-Identifier: Apache-2.0
// Positions in files, as other tools are told of them.
#include "emitters/place.h"

struct mo_str
mo_place_file(const struct mo_output_set *out, const struct mo_source *source)
{
	struct mo_str root = out->options.root;
	bool below = root.len && mo_str_starts(source->path, root) && source->path.len > root.len + 1 && source->path.p[root.len] == '/';
	return below ? mo_str_sub(source->path, root.len + 1, source->path.len) : source->name;
}

struct mo_str
mo_place_text(const struct mo_output_set *out, struct mo_sources *sources, struct mo_span span)
{
	struct mo_position at = mo_position_of(sources, span.start);
	if (mo_span_is_nowhere(span) || !at.source) {
		return (struct mo_str){ 0 };
	}
	struct mo_str file = mo_place_file(out, at.source);
	return mo_str_printf(out->arena, MO_STR_FMT ":%u:%u", MO_STR_ARG(file), at.line, at.column);
}
