// SPDX-License-Identifier: Apache-2.0
// Which formats there are, and one file for each template in each of them.
#include "emitters/format.h"

#include "emitters/cfn_json.h"
#include "emitters/cfn_yaml.h"

static const struct mo_template_format json = { "json", mo_cfn_json };
static const struct mo_template_format yaml = { "yaml", mo_cfn_yaml };

const struct mo_template_format *const *
mo_template_formats(enum mo_format format)
{
	static const struct mo_template_format *const formats[][3] = {
		[MO_FORMAT_JSON] = { &json, NULL },
		[MO_FORMAT_YAML] = { &yaml, NULL },
		[MO_FORMAT_BOTH] = { &json, &yaml, NULL },
	};
	return formats[format];
}

struct mo_str
mo_template_file_in(struct mo_arena *arena, const struct mo_ir_template *t, const struct mo_template_format *format)
{
	return mo_str_printf(arena, MO_STR_FMT ".template.%s", MO_STR_ARG(t->name), format->name);
}

struct mo_str
mo_template_file(const struct mo_output_set *set, const struct mo_ir_template *t)
{
	return mo_template_file_in(set->arena, t, mo_template_formats(set->options.format)[0]);
}

// One buffer serves all templates and each result is copied out of it, so that memory holds little besides the results.
bool
mo_emit_templates(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out)
{
	const struct mo_template_format *const *formats = mo_template_formats(out->options.format);
	struct mo_buf buffer = mo_buf_in(out->arena);
	bool good = true;
	for (uint32_t i = 0; i < platform->templates.len; i++) {
		const struct mo_ir_template *t = platform->templates.items[i];
		for (size_t k = 0; formats[k]; k++) {
			buffer.len = 0;
			const struct mo_ir_value *too_deep = formats[k]->render(&buffer, t, out->arena);
			if (too_deep) {
				mo_report(ctx->diags, MSG_LIMIT_REACHED, too_deep->span, "values nest deeper than %d levels here", MO_IR_DEEPEST);
				good = false;
				break;
			}
			mo_output_add(out, mo_template_file_in(out->arena, t, formats[k]), mo_str_dup(out->arena, mo_buf_str(&buffer)));
		}
	}
	return good;
}
