// SPDX-License-Identifier: Apache-2.0
// The commands `help` and `version`: text made from the tables of the command line.
#include "diag/diag.h"
#include "driver/run.h"
#include "driver/version.h" // generated

#include <string.h>

// "  name            words"; words start at `column`.
static void
add_row(struct mo_buf *out, struct mo_str name, const char *words, size_t column)
{
	mo_buf_adds(out, "  ");
	mo_buf_add(out, name);
	mo_buf_fill(out, ' ', column > name.len + 4 ? column - name.len - 2 : 2);
	mo_buf_adds(out, words);
	mo_buf_addc(out, '\n');
}

static struct mo_str
option_text(struct mo_arena *arena, const struct mo_option_info *o)
{
	struct mo_buf b = mo_buf_in(arena);
	if (o->letter) {
		mo_buf_printf(&b, "-%c, ", o->letter);
	}
	mo_buf_printf(&b, "--%s%s%s", o->name, *o->argument ? " " : "", o->argument);
	return mo_buf_str(&b);
}

static void
add_words(struct mo_buf *out, const struct mo_option_info *o, size_t column)
{
	for (uint32_t i = 0; mo_option_word(o->kind, i); i++) {
		struct mo_str word = mo_str_printf(out->arena, "  %s", mo_option_word(o->kind, i));
		add_row(out, word, mo_option_word_help(o->kind, i), column);
	}
}

void
mo_help_command(struct mo_buf *out, enum mo_command_id command)
{
	const struct mo_command_info *c = &mo_commands[command];
	mo_buf_printf(out, "usage: mlopsc %s [OPTIONS]%s%s\n\n%s\n\noptions:\n", c->name, *c->operands ? " " : "", c->operands, c->description);
	size_t column = 0;
	for (int i = 0; i < MO_OPTIONS; i++) {
		size_t width = option_text(out->arena, &mo_options[i]).len + 4;
		if (mo_options[i].commands >> command & 1 && width > column) {
			column = width;
		}
	}
	for (int i = 0; i < MO_OPTIONS; i++) {
		const struct mo_option_info *o = &mo_options[i];
		if (o->commands >> command & 1) {
			add_row(out, option_text(out->arena, o), o->help, column);
			add_words(out, o, column);
		}
	}
}

static void
help_all(struct mo_buf *out)
{
	mo_buf_adds(out, "mlopsc compiles a description of a machine learning platform on AWS to CloudFormation templates.\n\n"
		"usage: mlopsc COMMAND [OPTIONS] [ARGUMENT]\n\ncommands:\n");
	for (int i = 0; i < MO_COMMANDS; i++) {
		const struct mo_command_info *c = &mo_commands[i];
		add_row(out, mo_str_printf(out->arena, "%s %s", c->name, c->operands), c->summary, 24);
	}
	mo_buf_adds(out, "\n`mlopsc help COMMAND` tells about one of them.\n"
		"Exit codes: 0 done, 1 mistakes in the program, 2 wrong usage, 3 input or output failed.\n");
}

enum mo_exit
mo_command_help(struct mo_run *run)
{
	struct mo_str name = run->line.operand;
	struct mo_suggestion s = mo_suggest(name);
	if (name.len == 0) {
		help_all(&run->out);
		return MO_EXIT_DONE;
	}
	for (int i = 0; i < MO_COMMANDS; i++) {
		if (mo_str_is(name, mo_commands[i].name)) {
			mo_help_command(&run->out, (enum mo_command_id)i);
			return MO_EXIT_DONE;
		}
		mo_suggest_from(&s, mo_str_c(mo_commands[i].name));
	}
	struct mo_arena *a = &run->ctx->session;
	struct mo_str hint = s.best.len ? mo_str_printf(a, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(s.best)) : MO_STR("try `mlopsc help`");
	return mo_run_wrong_usage(run, mo_str_printf(a, "there is no command `" MO_STR_FMT "`", MO_STR_ARG(name)), hint);
}

enum mo_exit
mo_command_version(struct mo_run *run)
{
	mo_buf_adds(&run->out, "mlopsc " MO_VERSION);
	if (strcmp(MO_REVISION, "unknown") != 0) {
		mo_buf_adds(&run->out, " (" MO_REVISION ")");
	}
	mo_buf_addc(&run->out, '\n');
	return MO_EXIT_DONE;
}
