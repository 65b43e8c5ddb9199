// SPDX-License-Identifier: Apache-2.0
// Positions in files, as other tools are told of them.
#ifndef MO_EMITTERS_PLACE_H
#define MO_EMITTERS_PLACE_H

#include "emitters/emitter.h"

// The name of a file: of the project's own by their path in it, so that it does not matter where the compiler was started.
struct mo_str mo_place_file(const struct mo_output_set *out, const struct mo_source *source);

// "main.mlops:14:5", in the set's arena; empty when the span is nowhere.
struct mo_str mo_place_text(const struct mo_output_set *out, struct mo_sources *sources, struct mo_span span);

#endif
