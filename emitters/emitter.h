// SPDX-License-Identifier: Apache-2.0
// An emitter turns the platform into files of the build folder. It renders into an output set in memory; nothing touches the disk
// until every emitter has succeeded and the limits hold, then emitters/output.h writes the set atomically.
#ifndef MO_EMITTERS_EMITTER_H
#define MO_EMITTERS_EMITTER_H

#include "base/ctx.h"
#include "diag/diag.h"
#include "ir/ir.h"

// One file of the build folder.
struct mo_output_file {
	struct mo_str name; // relative to the build folder
	struct mo_str bytes;
	bool executable;
};

// Of the templates.
enum mo_format { MO_FORMAT_JSON, MO_FORMAT_YAML, MO_FORMAT_BOTH };

struct mo_output_options {
	enum mo_format format;
	bool platform_json;  // platform.json is wanted
	bool source_map;     // source-map.json is wanted
	struct mo_str root;  // the project's folder; file names below it are given relative to it
};

struct mo_output_set {
	struct mo_arena *arena;
	struct mo_output_options options;
	MO_VEC(struct mo_output_file) files; // in the order of their names when written
};

void mo_output_add(struct mo_output_set *set, struct mo_str name, struct mo_str bytes); // neither is copied
// The file that holds a template and that manifests name: "networking.template.json", in the set's arena. JSON when there are both.
struct mo_str mo_template_file(const struct mo_output_set *set, const struct mo_ir_template *t);

struct mo_emitter {
	const char *name;
	// Adds its files to the set. Problems are reported into ctx->diags; returns false when there was an error.
	bool (*emit)(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out);
};

// All emitters, in the order in which they run; ended by a NULL name.
extern const struct mo_emitter mo_emitters[];

// Runs all of them. Later ones may read what earlier ones added. False when there was an error.
bool mo_emit(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out);

#endif
