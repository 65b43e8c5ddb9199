// SPDX-License-Identifier: Apache-2.0
// Which formats there are, and one file for each template in each of them.
#include "emitters/format.h"

#include "base/sha256.h"
#include "catalog/limits.h"
#include "emitters/cfn_json.h"
#include "emitters/cfn_yaml.h"
#include "emitters/versions.h"

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
	const char *ending = t->verbatim.len ? (t->verbatim_json ? "json" : "yaml") : format->name; // what is taken as it is keeps its form
	return mo_str_printf(arena, MO_STR_FMT ".template.%s", MO_STR_ARG(t->name), ending);
}

struct mo_str
mo_template_file(const struct mo_output_set *set, const struct mo_ir_template *t)
{
	return mo_template_file_in(set->arena, t, mo_template_formats(set->options.format)[0]);
}

// ---- rendering -------------------------------------------------------------------------------------------------------------------

struct rendering {
	struct mo_ctx *ctx;
	struct mo_output_set *out;
	const struct mo_template_format *const *formats;
	struct mo_buf buffer;  // serves all templates; each result is copied out of it, so that memory holds little besides the results
	struct mo_map digests; // template -> struct mo_str, of the file that manifests name
	struct mo_map in_yaml; // template -> struct mo_str, of its YAML; those that somebody wants in YAML, empty before they are rendered
};

static void
keep_digest(struct rendering *r, struct mo_map *digests, const struct mo_ir_template *t, struct mo_str bytes)
{
	struct mo_str *digest = mo_new(r->out->arena, struct mo_str);
	*digest = mo_sha256_hex(r->out->arena, bytes);
	mo_map_put(r->out->arena, digests, (uintptr_t)t, digest);
}

// One file. False after a report.
static bool
render_in(struct rendering *r, const struct mo_ir_template *t, const struct mo_template_format *format)
{
	r->buffer.len = 0;
	const struct mo_ir_value *too_deep = format->render(&r->buffer, t, r->out->arena);
	if (too_deep) {
		mo_report(r->ctx->diags, MSG_LIMIT_REACHED, too_deep->span, "values nest deeper than %d levels here", MO_IR_DEEPEST);
		return false;
	}
	struct mo_str bytes = mo_str_dup(r->out->arena, mo_buf_str(&r->buffer));
	if (format == r->formats[0] && t->audience != MO_IR_DEPLOYED) {
		keep_digest(r, &r->digests, t, bytes);
	}
	if (format == &yaml && mo_map_get(&r->in_yaml, (uintptr_t)t)) {
		keep_digest(r, &r->in_yaml, t, bytes);
	}
	mo_output_add(r->out, mo_template_file_in(r->out->arena, t, format), bytes);
	return true;
}

static bool
render(struct rendering *r, const struct mo_ir_template *t)
{
	if (t->verbatim.len) {
		keep_digest(r, &r->digests, t, t->verbatim);
		keep_digest(r, &r->in_yaml, t, t->verbatim);
		mo_output_add(r->out, mo_template_file(r->out, t), t->verbatim);
		return true;
	}
	bool has_yaml = false;
	for (size_t k = 0; r->formats[k]; k++) {
		has_yaml = has_yaml || r->formats[k] == &yaml;
		if (!render_in(r, t, r->formats[k])) {
			return false;
		}
	}
	return has_yaml || !mo_map_get(&r->in_yaml, (uintptr_t)t) || render_in(r, t, &yaml);
}

bool
mo_template_render(struct mo_ctx *ctx, const struct mo_ir_template *t, enum mo_format format, struct mo_ir_rendered *out)
{
	const struct mo_template_format *const *formats = mo_template_formats(format);
	for (size_t k = 0; formats[k]; k++) {
		struct mo_buf buffer = mo_buf_in(&ctx->build);
		if (formats[k]->render(&buffer, t, &ctx->build) || buffer.len > mo_limits[MO_LIMIT_TEMPLATE_BYTES].most) {
			return false;
		}
		out->bytes[k] = mo_buf_str(&buffer);
	}
	out->digest = mo_sha256_hex(&ctx->build, out->bytes[0]);
	return true;
}

static void
name_files(struct rendering *r, const struct mo_ir_platform *platform)
{
	for (uint32_t i = 0; i < platform->template_assets.len; i++) {
		struct mo_ir_asset *a = platform->template_assets.items[i];
		a->file = !a->template ? MO_STR("") : a->as_yaml ? mo_template_file_in(r->out->arena, a->template, &yaml)
			: mo_template_file(r->out, a->template);
		if (a->as_yaml && a->template) {
			mo_map_put(r->out->arena, &r->in_yaml, (uintptr_t)a->template, mo_new(r->out->arena, struct mo_str));
		}
	}
}

static void
name_objects(struct rendering *r, const struct mo_ir_platform *platform)
{
	for (uint32_t i = 0; i < platform->template_assets.len; i++) {
		struct mo_ir_asset *a = platform->template_assets.items[i];
		const struct mo_map *digests = a->as_yaml ? &r->in_yaml : &r->digests;
		const struct mo_str *digest = a->template ? mo_map_get(digests, (uintptr_t)a->template) : NULL;
		if (digest && digest->len) {
			a->hash = *digest;
			bool as_json = a->template->verbatim.len ? a->template->verbatim_json : !a->as_yaml && r->formats[0] == &json;
			a->key = mo_str_printf(r->out->arena, MO_STR_FMT ".%s", MO_STR_ARG(a->hash), as_json ? "json" : "yaml");
		}
	}
}

// A template after those that are nested in it: it says where they are, under names made of their content. No template is in itself.
static bool
render_launched(struct rendering *r, const struct mo_ir_platform *platform, const struct mo_ir_template *t)
{
	bool good = true, nests = false;
	if (mo_map_get(&r->digests, (uintptr_t)t)) {
		return true;
	}
	for (uint32_t i = 0; i < t->assets.len; i++) {
		const struct mo_ir_asset *a = t->assets.items[i];
		nests = nests || a->of_template;
		good = (!a->of_template || !a->template || render_launched(r, platform, a->template)) && good;
	}
	if (nests) {
		name_objects(r, platform);
	}
	return good && render(r, t);
}

// Templates that others launch come first: those of stacks may say where they are, under names made of their content.
bool
mo_emit_templates(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out)
{
	struct rendering r = { .ctx = ctx, .out = out, .formats = mo_template_formats(out->options.format), .buffer = mo_buf_in(out->arena) };
	bool good = true;
	name_files(&r, platform);
	for (int deployed = 0; deployed < 2; deployed++) {
		for (uint32_t i = 0; i < platform->templates.len; i++) {
			const struct mo_ir_template *t = platform->templates.items[i];
			if ((t->audience == MO_IR_DEPLOYED) == deployed) {
				good = (deployed ? render(&r, t) : render_launched(&r, platform, t)) && good;
			}
		}
		name_objects(&r, platform);
		good = (deployed || mo_versions_decide(ctx, platform, out)) && good;
	}
	for (uint32_t i = 0; i < platform->rendered.len; i++) {
		const struct mo_ir_template *t = platform->rendered.items[i];
		for (size_t k = 0; r.formats[k]; k++) {
			mo_output_add(out, mo_template_file_in(out->arena, t, r.formats[k]), t->rendered->bytes[k]);
		}
	}
	return good;
}
