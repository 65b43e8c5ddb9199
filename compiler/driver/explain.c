// SPDX-License-Identifier: Apache-2.0
// The command `explain` for the codes of messages; for CloudFormation types see explain_type.c.
#include "driver/explain.h"

#include "diag/diag.h"

static void
add_program(struct mo_buf *out, const char *name, struct mo_str text)
{
	if (name) {
		mo_buf_printf(out, "    // %s\n", name);
	}
	for (size_t from = 0; from < text.len;) {
		ptrdiff_t end = mo_str_find(text, MO_STR("\n"), from);
		size_t to = end < 0 ? text.len : (size_t)end;
		if (to > from) {
			mo_buf_adds(out, "    ");
			mo_buf_add(out, mo_str_sub(text, from, to));
		}
		mo_buf_addc(out, '\n');
		from = to + 1;
	}
}

static void
add_programs(struct mo_buf *out, const char *heading, const char *text, const struct mo_message_file *files)
{
	if (!text) {
		return;
	}
	mo_buf_printf(out, "\n%s\n\n", heading);
	add_program(out, files->name ? "main.mlops" : NULL, mo_str_c(text));
	for (; files->name; files++) {
		mo_buf_addc(out, '\n');
		add_program(out, files->name, mo_str_c(files->text));
	}
}

static void
explain_message(struct mo_buf *out, const struct mo_message_info *info)
{
	static const char *const severities[] = { [MO_ERROR] = "error", [MO_WARNING] = "warning", [MO_NOTE] = "note" };
	mo_buf_printf(out, "%s %s (%s)\n%s\n\n%s", info->code, info->slug, severities[info->severity], info->title, info->explanation);
	if (info->run) {
		add_programs(out, mo_str_printf(out->arena, "A program that has it, with `mlopsc %s`:", info->run).p, info->example,
			info->example_files);
	} else {
		add_programs(out, "A program that has it:", info->example, info->example_files);
	}
	add_programs(out, "Put right:", info->fixed, info->fixed_files);
}

// The nearest code or slug.
static void
suggest_message(struct mo_suggestion *s)
{
	for (uint32_t i = 0; i < mo_message_count(); i++) {
		const struct mo_message_info *info = mo_message_info((enum mo_message)i);
		mo_suggest_from(s, mo_str_c(info->code));
		mo_suggest_from(s, mo_str_c(info->slug));
	}
}

enum mo_exit
mo_command_explain(struct mo_run *run)
{
	struct mo_str name = run->line.operand;
	int message = mo_message_find(name);
	if (message >= 0) {
		explain_message(&run->out, mo_message_info((enum mo_message)message));
		return MO_EXIT_DONE;
	}
	struct mo_suggestion s = mo_suggest(name);
	struct mo_str error = { 0 };
	if (mo_str_find(name, MO_STR("::"), 0) >= 0) {
		if (mo_explain_type(run->ctx, &run->out, name, &s, &error)) {
			return MO_EXIT_DONE;
		}
	} else {
		suggest_message(&s);
		error = mo_str_printf(&run->ctx->session, "there is no message `" MO_STR_FMT "`", MO_STR_ARG(name));
	}
	struct mo_str hint = MO_STR("a type is written as AWS::S3::Bucket, a message as ML0021");
	if (s.best.len) {
		hint = mo_str_printf(&run->ctx->session, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(s.best));
	}
	return mo_run_wrong_usage(run, error, hint);
}
