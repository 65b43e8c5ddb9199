// SPDX-License-Identifier: Apache-2.0
// The template on standard output, and the list of the files that were read. Takes a pipeline that went well; prints nothing itself.
#include "driver/deliver.h"

#include "base/replace.h"

#include <string.h>

static bool
given(const struct mo_run *run, enum mo_option_id option)
{
	return run->line.options[option].given;
}

// Says which two options do not go together. Always false.
static bool
apart(struct mo_run *run, struct mo_str *error, enum mo_option_id a, enum mo_option_id b, const char *why)
{
	*error = mo_str_printf(&run->ctx->session, "--%s and --%s do not go together: %s", mo_options[a].name, mo_options[b].name, why);
	return false;
}

static bool
fits_stdout(struct mo_run *run, struct mo_str *error)
{
	static const enum mo_option_id folder_options[] = { MO_OPTION_OUT, MO_OPTION_DEPFILE, MO_OPTION_PLATFORM_JSON,
		MO_OPTION_SOURCE_MAP };
	for (size_t i = 0; i < sizeof(folder_options) / sizeof(*folder_options); i++) {
		if (given(run, folder_options[i])) {
			return apart(run, error, MO_OPTION_STDOUT, folder_options[i], "no folder is written");
		}
	}
	if (given(run, MO_OPTION_FORMAT) && run->line.options[MO_OPTION_FORMAT].number == MO_FORMAT_BOTH) {
		*error = MO_STR("--stdout prints one template: --format json or --format yaml");
		return false;
	}
	return true;
}

bool
mo_deliver_options_fit(struct mo_run *run, struct mo_str *error)
{
	static const enum mo_option_id result_options[] = { MO_OPTION_STDOUT, MO_OPTION_DEPFILE, MO_OPTION_PLATFORM_JSON,
		MO_OPTION_SOURCE_MAP };
	for (size_t i = 0; given(run, MO_OPTION_STOP_AFTER) && i < sizeof(result_options) / sizeof(*result_options); i++) {
		if (given(run, result_options[i])) {
			return apart(run, error, MO_OPTION_STOP_AFTER, result_options[i], "there are no templates yet");
		}
	}
	if (given(run, MO_OPTION_STACK) && !given(run, MO_OPTION_STDOUT)) {
		*error = MO_STR("--stack says what --stdout prints, and there is no --stdout");
		return false;
	}
	return !given(run, MO_OPTION_STDOUT) || fits_stdout(run, error);
}

// ---- the template on standard output ---------------------------------------------------------------------------------------------

static bool
is_called(const struct mo_ir_stack *s, struct mo_str name)
{
	return mo_str_eq(s->artifact, name) || mo_str_eq(s->name, name) || mo_str_eq(s->template->name, name);
}

// The IDs of stacks, for a hint; not all of many.
static struct mo_str
list_stacks(struct mo_arena *arena, const struct mo_ir_platform *platform)
{
	enum { MOST = 8 };
	struct mo_buf names = mo_buf_in(arena);
	for (uint32_t i = 0; i < platform->stacks.len && i < MOST; i++) {
		mo_buf_adds(&names, i ? ", " : "");
		mo_buf_add(&names, platform->stacks.items[i]->artifact);
	}
	mo_buf_adds(&names, platform->stacks.len > MOST ? ", …" : "");
	return mo_str_printf(arena, "name one with --stack: " MO_STR_FMT, MO_STR_ARG(mo_buf_str(&names)));
}

static bool
no_such_stack(struct mo_arena *arena, const struct mo_ir_platform *platform, struct mo_str name, struct mo_str *error, struct mo_str *hint)
{
	struct mo_suggestion s = mo_suggest(name);
	for (uint32_t i = 0; i < platform->stacks.len; i++) {
		mo_suggest_from(&s, platform->stacks.items[i]->artifact);
		mo_suggest_from(&s, platform->stacks.items[i]->template->name);
	}
	*error = mo_str_printf(arena, "there is no stack `" MO_STR_FMT "`", MO_STR_ARG(name));
	*hint = s.best.len ? mo_str_printf(arena, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(s.best)) : list_stacks(arena, platform);
	return false;
}

// Stacks that share their template are as good as one.
static bool
choose(struct mo_run *run, const struct mo_ir_platform *platform, const struct mo_ir_template **out, struct mo_str *error, struct mo_str *hint)
{
	struct mo_arena *arena = &run->ctx->session;
	const struct mo_option_value *name = &run->line.options[MO_OPTION_STACK];
	*out = NULL;
	if (!platform->stacks.len) {
		*error = MO_STR("the program has no stack whose template could be printed");
		*hint = MO_STR("");
		return false;
	}
	for (uint32_t i = 0; i < platform->stacks.len; i++) {
		const struct mo_ir_stack *s = platform->stacks.items[i];
		if (name->given && !is_called(s, name->text)) {
			continue;
		}
		if (*out && *out != s->template) {
			*error = name->given ? mo_str_printf(arena, "several stacks are called `" MO_STR_FMT "`, with different templates",
				MO_STR_ARG(name->text)) : MO_STR("the program has several stacks");
			*hint = list_stacks(arena, platform);
			return false;
		}
		*out = s->template;
	}
	return *out || no_such_stack(arena, platform, name->text, error, hint);
}

bool
mo_deliver_stdout(struct mo_run *run, const struct mo_pipeline *p, struct mo_str *error, struct mo_str *hint)
{
	const struct mo_ir_template *t;
	if (!choose(run, p->platform, &t, error, hint)) {
		return false;
	}
	struct mo_str name = mo_template_file(&p->files, t);
	for (uint32_t i = 0; i < p->files.files.len; i++) {
		if (mo_str_eq(p->files.files.items[i].name, name)) {
			mo_buf_add(&run->out, p->files.files.items[i].bytes);
		}
	}
	return true;
}

// ---- the files that were read ----------------------------------------------------------------------------------------------------

// As GNU make reads names in rules: blanks and number signs after a backslash (those before them doubled), dollar signs twice. A line end
// cannot be said; make will complain of the name.
static void
add_name(struct mo_buf *out, struct mo_str name)
{
	size_t backslashes = 0;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.p[i];
		if (c == ' ' || c == '\t' || c == '#') {
			mo_buf_fill(out, '\\', backslashes + 1);
		}
		mo_buf_adds(out, c == '$' ? "$" : "");
		mo_buf_addc(out, c);
		backslashes = c == '\\' ? backslashes + 1 : 0;
	}
}

static struct mo_str
rule(struct mo_arena *arena, const struct mo_ir_platform *platform, struct mo_str folder)
{
	struct mo_buf text = mo_buf_in(arena);
	add_name(&text, mo_str_printf(arena, MO_STR_FMT "%smanifest.json", MO_STR_ARG(folder), mo_str_ends(folder, MO_STR("/")) ? "" : "/"));
	mo_buf_addc(&text, ':');
	for (uint32_t i = 0; i < platform->inputs.len; i++) {
		mo_buf_adds(&text, " \\\n  ");
		add_name(&text, platform->inputs.items[i]);
	}
	mo_buf_addc(&text, '\n');
	return mo_buf_str(&text);
}

bool
mo_deliver_depfile(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_str file, struct mo_str folder)
{
	int error = mo_replace_file(&ctx->build, mo_str_dup(&ctx->build, file).p, rule(&ctx->build, platform, folder));
	if (error) {
		mo_report(ctx->diags, MSG_CANNOT_WRITE_OUTPUT, MO_NOWHERE, "cannot write `" MO_STR_FMT "`: %s", MO_STR_ARG(file), strerror(error));
	}
	return !error;
}
