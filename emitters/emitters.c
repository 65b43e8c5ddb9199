// SPDX-License-Identifier: Apache-2.0
// The list of emitters, and the output set that they fill.
#include "emitters/assembly.h"
#include "emitters/format.h"
#include "emitters/lock_facts.h"
#include "emitters/platform_json.h"
#include "emitters/refactor.h"
#include "emitters/service_catalog.h"
#include "emitters/size.h"
#include "emitters/source_map.h"

const struct mo_emitter mo_emitters[] = {
	{ "templates", mo_emit_templates },
	{ "sizes", mo_emit_sizes },
	{ "assets", mo_emit_assets },
	{ "assembly", mo_emit_assembly },
	{ "service-catalog", mo_emit_service_catalog },
	{ "refactors", mo_emit_refactors },
	{ "lock-facts", mo_emit_lock_facts },
	{ "platform-json", mo_emit_platform_json },
	{ "source-map", mo_emit_source_map },
	{ NULL, NULL },
};

void
mo_output_add(struct mo_output_set *set, struct mo_str name, struct mo_str bytes)
{
	mo_push(set->arena, &set->files, (struct mo_output_file){ name, bytes, false });
}

bool
mo_emit(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out)
{
	bool good = true;
	for (const struct mo_emitter *e = mo_emitters; e->name; e++) {
		good = e->emit(ctx, platform, out) && good;
	}
	return good;
}
