// SPDX-License-Identifier: Apache-2.0
// The command `explain`: what a name may stand for, and the codes of messages. CloudFormation types: explain_type.c, the language's own
// words: explain_word.c, the standard library: explain_library.c.
#include "driver/explain.h"

#include "diag/diag.h"

void
mo_explain_lines(struct mo_buf *out, const char *indentation, struct mo_str text)
{
	for (size_t from = 0; from < text.len;) {
		ptrdiff_t end = mo_str_find(text, MO_STR("\n"), from);
		size_t to = end < 0 ? text.len : (size_t)end;
		if (to > from) {
			mo_buf_adds(out, indentation);
			mo_buf_add(out, mo_str_sub(text, from, to));
		}
		mo_buf_addc(out, '\n');
		from = to + 1;
	}
}

static void
add_program(struct mo_buf *out, const char *name, struct mo_str text)
{
	if (name) {
		mo_buf_printf(out, "    // %s\n", name);
	}
	mo_explain_lines(out, "    ", text);
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

static const char *
severity_of(const struct mo_message_info *info)
{
	static const char *const severities[] = { [MO_ERROR] = "error", [MO_WARNING] = "warning", [MO_NOTE] = "note" };
	return severities[info->severity];
}

static void
explain_message(struct mo_buf *out, const struct mo_message_info *info)
{
	mo_buf_printf(out, "%s %s (%s)\n%s\n\n%s", info->code, info->slug, severity_of(info), info->title, info->explanation);
	if (mo_message_is_ignorable((enum mo_message)(info - mo_message_table))) {
		const char *why = info->ignorable;
		mo_buf_printf(out, "\n`@ignore(%s, \"why\")` before a declaration or property silences it there%s%s.\n", info->code, why ? ": " : "",
			why ? why : "");
	}
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

static void
list_messages(struct mo_buf *out)
{
	for (uint32_t i = 0; i < mo_message_count(); i++) {
		const struct mo_message_info *info = mo_message_info((enum mo_message)i);
		mo_buf_printf(out, "%s %-7s %s\n", info->code, severity_of(info), info->title);
	}
}

// What looks like a type or a decorator can be nothing else; any other name is looked up in each place that has such names.
static bool
explain(struct mo_run *run, struct mo_str name, struct mo_suggestion *s, struct mo_str *error)
{
	struct mo_ctx *ctx = run->ctx;
	int message = mo_message_find(name);
	if (message >= 0) {
		explain_message(&run->out, mo_message_info((enum mo_message)message));
		return true;
	}
	if (mo_str_starts(name, MO_STR("Fn::"))) {
		*error = mo_str_printf(&ctx->session, "CloudFormation has no function `" MO_STR_FMT "`", MO_STR_ARG(name));
		return mo_explain_intrinsic(&run->out, name, s);
	}
	if (mo_str_find(name, MO_STR("::"), 0) >= 0) {
		return mo_explain_type(ctx, &run->out, name, s, error);
	}
	if (mo_str_starts(name, MO_STR("@"))) {
		*error = mo_str_printf(&ctx->session, "there is no decorator `" MO_STR_FMT "`", MO_STR_ARG(name));
		return mo_explain_decorator(&run->out, name, s);
	}
	bool builtin = mo_explain_builtin(&run->out, name, s);
	struct mo_buf library = mo_buf_in(&ctx->build);
	bool in_library = mo_explain_library(ctx, &library, name, s);
	mo_buf_adds(&run->out, builtin && in_library ? "\n" : "");
	mo_buf_add(&run->out, mo_buf_str(&library));
	suggest_message(s);
	*error = mo_str_printf(&ctx->session, "there is no message, function or component `" MO_STR_FMT "`", MO_STR_ARG(name));
	return builtin || in_library;
}

enum mo_exit
mo_command_explain(struct mo_run *run)
{
	struct mo_str name = run->line.operand, error = { 0 };
	bool list = run->line.options[MO_OPTION_LIST].given;
	if (list && name.len == 0) {
		list_messages(&run->out);
		return MO_EXIT_DONE;
	}
	if (list || name.len == 0) {
		return mo_run_wrong_usage(run, list ? MO_STR("--list lists all messages, and takes no argument")
			: mo_str_printf(&run->ctx->session, "`explain` wants an argument: %s", mo_commands[MO_COMMAND_EXPLAIN].operands),
			MO_STR("try `mlopsc help explain`"));
	}
	struct mo_suggestion s = mo_suggest(name);
	if (explain(run, name, &s, &error)) {
		return MO_EXIT_DONE;
	}
	if (mo_names_permission(name) && !s.best.len) {
		return mo_explain_permission(run, name);
	}
	struct mo_str hint = MO_STR("try `mlopsc help explain`");
	if (s.best.len) {
		hint = mo_str_printf(&run->ctx->session, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(s.best));
	}
	return mo_run_wrong_usage(run, error, hint);
}
