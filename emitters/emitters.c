// SPDX-License-Identifier: Apache-2.0
// The list of emitters, and the output set that they fill.
#include "emitters/assembly.h"
#include "emitters/cfn_json.h"
#include "emitters/size.h"

const struct mo_emitter mo_emitters[] = {
	{ "cfn-json", mo_emit_cfn_json },
	{ "sizes", mo_emit_sizes },
	{ "assembly", mo_emit_assembly },
	{ NULL, NULL },
};

void
mo_output_add(struct mo_output_set *set, struct mo_str name, struct mo_str bytes)
{
	mo_push(set->arena, &set->files, (struct mo_output_file){ name, bytes });
}

struct mo_str
mo_template_file(struct mo_arena *arena, const struct mo_ir_template *t)
{
	return mo_str_printf(arena, MO_STR_FMT ".template.json", MO_STR_ARG(t->name));
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
