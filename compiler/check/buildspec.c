// SPDX-License-Identifier: Apache-2.0
// Buildspecs that stand in projects of CodeBuild: YAML or JSON, with keys that CodeBuild knows, a version, phases, and commands that are
// texts. A name of a file, or what only CloudFormation knows, is left alone.
#include "check/checks.h"
#include "source/data.h"

struct spec {
	struct mo_checker *c;
	const struct mo_ir_value *value;
	struct mo_source source;
	struct mo_span place;
};

static const struct {
	const char *path, *keys;
} table[] = {
#define MO_BUILDSPEC(path, keys) { path, keys },
#include "check/buildspecs.def"
#undef MO_BUILDSPEC
};

// ---- reporting -------------------------------------------------------------------------------------------------------------------

static uint32_t
line_of(const struct spec *s, struct mo_span span)
{
	uint32_t line = 1;
	for (uint32_t i = 0; i < s->source.text.len && i + s->source.base < span.start; i++) {
		line += s->source.text.p[i] == '\n';
	}
	return line;
}

static struct mo_diag *
report(struct spec *s, struct mo_span in_text, struct mo_str text)
{
	struct mo_sources *all = s->c->ctx->sources;
	const struct mo_source *of = mo_span_is_nowhere(s->value->span) ? NULL : mo_source_at(all, s->value->span.start);
	bool users = of && of->kind != MO_SOURCE_LIBRARY;
	struct mo_diag *d = mo_report(s->c->diags, MSG_BAD_BUILDSPEC, users ? s->value->span : s->place, MO_STR_FMT, MO_STR_ARG(text));
	if (!mo_span_is_nowhere(in_text)) {
		mo_diag_note(d, "in line %u of the buildspec", line_of(s, in_text));
	}
	return d;
}

// ---- keys ------------------------------------------------------------------------------------------------------------------------

// Whether a path of keys is that of the table, where `*` is any key.
static bool
path_fits(struct mo_str pattern, struct mo_str path)
{
	size_t i = 0, k = 0;
	while (i < pattern.len && k < path.len) {
		if (pattern.p[i] == '*') {
			while (k < path.len && path.p[k] != '.') {
				k++;
			}
			i++;
		} else if (pattern.p[i++] != path.p[k++]) {
			return false;
		}
	}
	return i == pattern.len && k == path.len;
}

static const char *
keys_at(struct mo_str path)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		if (path_fits(mo_str_c(table[i].path), path)) {
			return table[i].keys;
		}
	}
	return NULL;
}

static void
check_key(struct spec *s, struct mo_str path, const char *keys, const struct mo_data_member *m)
{
	struct mo_suggestion near = mo_suggest(m->key);
	struct mo_str rest = mo_str_c(keys);
	for (size_t i = 0; i < rest.len;) {
		ptrdiff_t blank = mo_str_find(rest, MO_STR(" "), i);
		size_t end = blank < 0 ? rest.len : (size_t)blank;
		struct mo_str word = mo_str_sub(rest, i, end);
		if (mo_str_eq(word, m->key)) {
			return;
		}
		mo_suggest_from(&near, word);
		i = end + 1;
	}
	struct mo_str where = path.len ? mo_str_printf(s->c->arena, "`" MO_STR_FMT "`", MO_STR_ARG(path)) : MO_STR("a buildspec");
	struct mo_diag *d = report(s, m->key_span, mo_str_printf(s->c->arena, MO_STR_FMT " has no key `" MO_STR_FMT "`", MO_STR_ARG(where),
		MO_STR_ARG(m->key)));
	if (near.best.len) {
		mo_diag_help(d, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(near.best));
	} else {
		mo_diag_help(d, "it takes " MO_STR_FMT, MO_STR_ARG(rest));
	}
}

static void
check_commands(struct spec *s, struct mo_str path, const struct mo_data *v)
{
	for (uint32_t i = 0; v->kind == MO_DATA_LIST && i < v->items.len; i++) {
		const struct mo_data *command = v->items.items[i];
		if (command->kind == MO_DATA_OBJECT || command->kind == MO_DATA_LIST) {
			struct mo_diag *d = report(s, command->span, mo_str_printf(s->c->arena, "command %u of `" MO_STR_FMT "` is no text", i + 1,
				MO_STR_ARG(path)));
			mo_diag_help(d, "a command with `: ` in it stands in quotes");
		}
	}
	if (v->kind != MO_DATA_LIST && v->kind != MO_DATA_NULL) {
		report(s, v->span, mo_str_printf(s->c->arena, "`" MO_STR_FMT "` wants a list", MO_STR_ARG(path)));
	}
}

static void
check_part(struct spec *s, struct mo_str path, const struct mo_data *v, uint32_t depth)
{
	const char *keys = keys_at(path);
	if (depth > MO_DATA_DEPTH || v->kind == MO_DATA_NULL) {
		return;
	}
	if (keys && v->kind != MO_DATA_OBJECT) {
		report(s, v->span, mo_str_printf(s->c->arena, "`" MO_STR_FMT "` wants keys and values", MO_STR_ARG(path)));
		return;
	}
	for (uint32_t i = 0; i < v->members.len; i++) {
		const struct mo_data_member *m = &v->members.items[i];
		struct mo_str below = path.len ? mo_str_printf(s->c->arena, MO_STR_FMT "." MO_STR_FMT, MO_STR_ARG(path), MO_STR_ARG(m->key)) : m->key;
		if (keys) {
			check_key(s, path, keys, m);
		}
		if (mo_str_starts(path, MO_STR("phases.")) && (mo_str_is(m->key, "commands") || mo_str_is(m->key, "finally"))) {
			check_commands(s, below, m->value);
		} else if (m->value->kind == MO_DATA_OBJECT || keys_at(below)) {
			check_part(s, below, m->value, depth + 1);
		}
	}
}

// ---- the whole -------------------------------------------------------------------------------------------------------------------

// CodeBuild takes a text of one line that is no JSON for the name of a file, or its ARN.
static bool
is_inline(struct mo_str text)
{
	return mo_str_starts(text, MO_STR("{")) || mo_str_find(text, MO_STR("\n"), 0) >= 0 || mo_str_starts(text, MO_STR("version:"));
}

static void
check_needed(struct spec *s, const struct mo_data *v)
{
	const struct mo_data *version = mo_data_get(v, "version"), *phases = mo_data_get(v, "phases");
	if (!version) {
		struct mo_diag *d = report(s, MO_NOWHERE, MO_STR("the buildspec has no `version`"));
		mo_diag_help(d, "begin it with `version: 0.2`");
	} else if (!mo_str_is(version->text, "0.2") && !mo_str_is(version->text, "0.1")) {
		struct mo_diag *d = report(s, version->span, mo_str_printf(s->c->arena, "there is no version `" MO_STR_FMT "` of buildspecs",
			MO_STR_ARG(version->text)));
		mo_diag_help(d, "it is 0.2");
	}
	if (!phases && !mo_data_get(v, "batch")) {
		report(s, MO_NOWHERE, MO_STR("the buildspec has no `phases`, so it does nothing"));
	}
}

static void
check_text(struct spec *s)
{
	struct mo_data_error error = { 0 };
	bool json = mo_str_starts(s->source.text, MO_STR("{"));
	const struct mo_data *v = json ? mo_data_read_json(s->c->arena, &s->source, &error) : mo_data_read_yaml(s->c->arena, &s->source, &error);
	if (!v) {
		report(s, error.span, mo_str_printf(s->c->arena, "the buildspec is no %s: " MO_STR_FMT, json ? "JSON" : "YAML", MO_STR_ARG(error.text)));
	} else if (v->kind != MO_DATA_OBJECT) {
		report(s, MO_NOWHERE, MO_STR("a buildspec has keys and values"));
	} else {
		uint32_t before = s->c->diags->errors;
		check_part(s, (struct mo_str){ 0 }, v, 0);
		if (s->c->diags->errors == before) { // else what is missing may be what is written wrong
			check_needed(s, v);
		}
	}
}

static void
check_project(struct mo_checker *c, const struct mo_ir_template *t, const struct mo_ir_resource *r)
{
	const struct mo_ir_value *source = mo_ir_get(r->properties, MO_STR("Source"));
	const struct mo_ir_value *v = source && source->kind == MO_IR_OBJECT ? mo_ir_get(source, MO_STR("BuildSpec")) : NULL;
	if (v && v->kind == MO_IR_STRING && is_inline(v->text)) {
		struct spec s = { .c = c, .value = v, .place = mo_check_place(r->origin, t->span) };
		s.source.text = mo_str_printf(c->arena, MO_STR_FMT, MO_STR_ARG(v->text)); // readers want a NUL behind it
		s.source.base = 1; // so that no span of it is nowhere
		check_text(&s);
	}
}

void
mo_check_buildspecs(struct mo_checker *c)
{
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		const struct mo_ir_template *t = c->platform->templates.items[i];
		for (uint32_t k = 0; k < t->resources.len; k++) {
			const struct mo_ir_resource *r = t->resources.items[k];
			if (!r->existing && mo_str_is(r->type, "AWS::CodeBuild::Project")) {
				check_project(c, t, r);
			}
		}
	}
}
