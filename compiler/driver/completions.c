// SPDX-License-Identifier: Apache-2.0
// The command `completions`: scripts for shells, made from the tables of the command line and from what `explain` knows. One walk over the
// tables serves all shells; a shell is a way of writing down an option, and what may stand for an operand.
#include "diag/diag.h"
#include "driver/library.h"
#include "driver/run.h"
#include "driver/stdlib.h"
#include "driver/words.h"

#include <string.h>

enum operand {
	OPERAND_WORDS = 1 << 0,   // of .words
	OPERAND_FILES = 1 << 1,   // .mlops files and folders
	OPERAND_FOLDERS = 1 << 2, // folders only
	OPERAND_ANY_FILES = 1 << 3,
};

struct operands {
	unsigned what;
	MO_VEC(struct mo_str) words;
};

// ---- what may stand where --------------------------------------------------------------------------------------------------------

static void
add_word(struct mo_ctx *ctx, struct operands *o, struct mo_str word)
{
	o->what |= OPERAND_WORDS;
	mo_push(&ctx->session, &o->words, word);
}

static bool
has_word(const struct operands *o, struct mo_str word)
{
	for (uint32_t i = 0; i < o->words.len; i++) {
		if (mo_str_eq(o->words.items[i], word)) {
			return true;
		}
	}
	return false;
}

// The NAMEs of `explain`: functions and the library. Decorators are left out, for bash takes their @ for the start of a host.
static void
add_names(struct mo_ctx *ctx, struct operands *o)
{
	mo_library_modules modules = { 0 };
	mo_library_read(ctx, mo_stdlib, &modules);
	for (int i = 0; i < MO_BUILTIN_KINDS; i++) {
		add_word(ctx, o, mo_str_c(mo_builtins[i].name));
	}
	for (uint32_t i = 0; i < modules.len; i++) {
		add_word(ctx, o, modules.items[i].name);
		for (uint32_t k = 0; k < modules.items[i].entries.len; k++) {
			if (!has_word(o, modules.items[i].entries.items[k].name)) {
				add_word(ctx, o, modules.items[i].entries.items[k].name);
			}
		}
	}
}

// One word of a command's operands: small letters stand for themselves.
static void
add_operand(struct mo_ctx *ctx, struct operands *o, struct mo_str word)
{
	if (mo_str_is(word, "FILE")) {
		o->what |= OPERAND_FILES;
	} else if (mo_str_is(word, "DIR")) {
		o->what |= OPERAND_FOLDERS;
	} else if (mo_str_is(word, "COMMAND")) {
		for (int i = 0; i < MO_COMMANDS; i++) {
			add_word(ctx, o, mo_str_c(mo_commands[i].name));
		}
	} else if (mo_str_is(word, "CODE")) {
		for (uint32_t i = 0; i < mo_message_count(); i++) {
			add_word(ctx, o, mo_str_c(mo_message_info((enum mo_message)i)->code));
		}
	} else if (mo_str_is(word, "NAME")) {
		add_names(ctx, o);
	} else if (word.len && word.p[0] >= 'a' && word.p[0] <= 'z') {
		add_word(ctx, o, word);
	}
}

// From "[DIR|FILE|-]" to what it means.
static struct operands
operands_of(struct mo_ctx *ctx, const struct mo_command_info *c)
{
	struct operands o = { 0 };
	struct mo_str text = mo_str_c(c->operands);
	size_t start = 0;
	for (size_t i = 0; i <= text.len; i++) {
		if (i == text.len || strchr("[]| ", text.p[i])) {
			add_operand(ctx, &o, mo_str_sub(text, start, i));
			start = i + 1;
		}
	}
	return o;
}

// What may stand for the argument of an option.
static struct operands
arguments_of(struct mo_ctx *ctx, const struct mo_option_info *option)
{
	struct operands o = { 0 };
	for (uint32_t i = 0; mo_option_word(option->kind, i); i++) {
		add_word(ctx, &o, mo_str_c(mo_option_word(option->kind, i)));
	}
	if (strcmp(option->argument, "DIR") == 0) {
		o.what |= OPERAND_FOLDERS;
	} else if (strcmp(option->argument, "FILE") == 0) {
		o.what |= OPERAND_ANY_FILES;
	}
	return o;
}

static bool
has_option(int command, int option)
{
	return mo_options[option].commands >> command & 1;
}

// ---- text ------------------------------------------------------------------------------------------------------------------------

// Writes text that stands within '…', with a backslash before `special` characters; a quote becomes `quote`.
static void
add_quoted(struct mo_buf *out, const char *text, const char *special, const char *quote)
{
	for (; *text; text++) {
		if (*text == '\'') {
			mo_buf_adds(out, quote);
			continue;
		}
		if (strchr(special, *text)) {
			mo_buf_addc(out, '\\');
		}
		mo_buf_addc(out, *text);
	}
}

static void
add_words(struct mo_buf *out, const struct operands *o)
{
	for (uint32_t i = 0; i < o->words.len; i++) {
		mo_buf_adds(out, i ? " " : "");
		mo_buf_add(out, o->words.items[i]);
	}
}

// ---- bash ------------------------------------------------------------------------------------------------------------------------

static void
bash_reply(struct mo_buf *out, const struct operands *o)
{
	if (o->what & OPERAND_WORDS) {
		mo_buf_adds(out, " _mlopsc_words '");
		add_words(out, o);
		mo_buf_adds(out, "';");
	}
	if (o->what & OPERAND_FILES) {
		mo_buf_adds(out, " _mlopsc_files -f -X '!*.mlops';");
	}
	if (o->what & OPERAND_ANY_FILES) {
		mo_buf_adds(out, " _mlopsc_files -f;");
	}
	if (o->what & (OPERAND_FILES | OPERAND_FOLDERS)) {
		mo_buf_adds(out, " _mlopsc_files -d;");
	}
	mo_buf_adds(out, " return ;;\n");
}

static void
bash_arguments(struct mo_ctx *ctx, struct mo_buf *out)
{
	for (int i = 0; i < MO_OPTIONS; i++) {
		const struct mo_option_info *option = &mo_options[i];
		if (option->kind != MO_KIND_FLAG) {
			struct operands o = arguments_of(ctx, option);
			mo_buf_adds(out, "\t");
			if (option->letter) {
				mo_buf_printf(out, "-%c | ", option->letter);
			}
			mo_buf_printf(out, "--%s)", option->name);
			bash_reply(out, &o);
		}
	}
}

static void
bash_options(struct mo_buf *out, int command)
{
	mo_buf_printf(out, "\t%s,-*) _mlopsc_words '", mo_commands[command].name);
	for (int i = 0; i < MO_OPTIONS; i++) {
		if (has_option(command, i)) {
			mo_buf_printf(out, "--%s ", mo_options[i].name);
		}
	}
	out->len--;
	mo_buf_adds(out, "' ;;\n");
}

static void
write_bash(struct mo_ctx *ctx, struct mo_buf *out)
{
	mo_buf_adds(out, "# Completion of mlopsc in bash, made by `mlopsc completions bash`.\n"
		"_mlopsc_words() {\n\tlocal IFS=$' \\t\\n'\n\tCOMPREPLY+=($(compgen -W \"$1\" -- \"$current\"))\n}\n"
		"_mlopsc_files() {\n\tlocal IFS=$'\\n'\n\tcompopt -o filenames 2>/dev/null\n\tCOMPREPLY+=($(compgen \"$@\" -- \"$current\"))\n}\n"
		"_mlopsc() {\n\tlocal current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n\tCOMPREPLY=()\n"
		"\tif [[ $current == = ]]; then # --color=, of which bash makes two words\n\t\tcurrent=\n"
		"\telif [[ $previous == = ]]; then\n\t\tprevious=${COMP_WORDS[COMP_CWORD - 2]}\n\tfi\n"
		"\tif ((COMP_CWORD == 1)); then\n\t\t_mlopsc_words '");
	for (int i = 0; i < MO_COMMANDS; i++) {
		mo_buf_printf(out, "%s ", mo_commands[i].name);
	}
	mo_buf_adds(out, "--help --version'\n\t\treturn\n\tfi\n\tcase $previous in\n");
	bash_arguments(ctx, out);
	mo_buf_adds(out, "\tesac\n\tcase ${COMP_WORDS[1]},$current in\n");
	for (int i = 0; i < MO_COMMANDS; i++) {
		struct operands o = operands_of(ctx, &mo_commands[i]);
		bash_options(out, i);
		mo_buf_printf(out, "\t%s,*)", mo_commands[i].name);
		bash_reply(out, &o);
	}
	mo_buf_adds(out, "\tesac\n}\ncomplete -F _mlopsc mlopsc\n");
}

// ---- zsh -------------------------------------------------------------------------------------------------------------------------

// What _arguments does for an operand or an argument: after the second colon.
static void
zsh_action(struct mo_buf *out, const struct operands *o)
{
	if (o->what & OPERAND_WORDS) {
		mo_buf_adds(out, "(");
		add_words(out, o);
		mo_buf_adds(out, ")");
	} else if (o->what & OPERAND_FILES) {
		mo_buf_adds(out, "_files -g \"*.mlops\"");
	} else if (o->what & OPERAND_ANY_FILES) {
		mo_buf_adds(out, "_files");
	} else if (o->what & OPERAND_FOLDERS) {
		mo_buf_adds(out, "_files -/");
	} else {
		mo_buf_adds(out, " ");
	}
}

static void
zsh_option(struct mo_ctx *ctx, struct mo_buf *out, const struct mo_option_info *option)
{
	bool flag = option->kind == MO_KIND_FLAG;
	mo_buf_adds(out, " \\\n\t\t\t");
	if (option->letter) {
		mo_buf_printf(out, "'(-%c --%s)'{-%c%s,--%s%s}", option->letter, option->name, option->letter, flag ? "" : "+", option->name,
			flag ? "" : "=");
		mo_buf_adds(out, "'[");
	} else {
		mo_buf_printf(out, "'--%s%s[", option->name, flag ? "" : "=");
	}
	add_quoted(out, option->help, "[]:\\", "'\\''");
	mo_buf_addc(out, ']');
	if (!flag) {
		struct operands o = arguments_of(ctx, option);
		mo_buf_printf(out, ":%s:", option->argument);
		zsh_action(out, &o);
	}
	mo_buf_addc(out, '\'');
}

static void
write_zsh(struct mo_ctx *ctx, struct mo_buf *out)
{
	mo_buf_adds(out, "#compdef mlopsc\n# Completion of mlopsc in zsh, made by `mlopsc completions zsh`.\n_mlopsc() {\n"
		"\tlocal -a commands=(\n");
	for (int i = 0; i < MO_COMMANDS; i++) {
		mo_buf_printf(out, "\t\t'%s:", mo_commands[i].name);
		add_quoted(out, mo_commands[i].summary, ":\\", "'\\''");
		mo_buf_adds(out, "'\n");
	}
	mo_buf_adds(out, "\t)\n\tif ((CURRENT == 2)); then\n\t\t_describe command commands\n\t\treturn\n\tfi\n"
		"\tlocal command=${words[2]}\n\tshift words\n\t((CURRENT--))\n\tcase $command in\n");
	for (int i = 0; i < MO_COMMANDS; i++) {
		mo_buf_printf(out, "\t%s)\n\t\t_arguments -s", mo_commands[i].name);
		for (int k = 0; k < MO_OPTIONS; k++) {
			if (has_option(i, k)) {
				zsh_option(ctx, out, &mo_options[k]);
			}
		}
		struct operands o = operands_of(ctx, &mo_commands[i]);
		if (o.what) {
			mo_buf_printf(out, " \\\n\t\t\t'1:%s:", mo_commands[i].operands);
			zsh_action(out, &o);
			mo_buf_adds(out, "'");
		}
		mo_buf_adds(out, "\n\t\t;;\n");
	}
	mo_buf_adds(out, "\tesac\n}\nif [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then\n\t_mlopsc \"$@\"\nelse\n"
		"\tcompdef _mlopsc mlopsc\nfi\n");
}

// ---- fish ------------------------------------------------------------------------------------------------------------------------

static void
fish_choices(struct mo_buf *out, const struct operands *o)
{
	if (o->what & OPERAND_WORDS) {
		mo_buf_adds(out, " -a '");
		add_words(out, o);
		mo_buf_adds(out, "'");
	} else if (o->what & (OPERAND_FILES | OPERAND_ANY_FILES)) {
		mo_buf_adds(out, " -F");
	} else if (o->what & OPERAND_FOLDERS) {
		mo_buf_adds(out, " -a '(__fish_complete_directories)'");
	}
}

static void
fish_option(struct mo_ctx *ctx, struct mo_buf *out, int command, const struct mo_option_info *option)
{
	mo_buf_printf(out, "complete -c mlopsc -n '__fish_seen_subcommand_from %s' -l %s", mo_commands[command].name, option->name);
	if (option->letter) {
		mo_buf_printf(out, " -s %c", option->letter);
	}
	if (option->kind != MO_KIND_FLAG) {
		struct operands o = arguments_of(ctx, option);
		mo_buf_adds(out, o.what & OPERAND_ANY_FILES ? " -r" : " -x");
		fish_choices(out, &o);
	}
	mo_buf_adds(out, " -d '");
	add_quoted(out, option->help, "\\", "\\'");
	mo_buf_adds(out, "'\n");
}

static void
write_fish(struct mo_ctx *ctx, struct mo_buf *out)
{
	mo_buf_adds(out, "# Completion of mlopsc in fish, made by `mlopsc completions fish`.\ncomplete -c mlopsc -f\n");
	for (int i = 0; i < MO_COMMANDS; i++) {
		mo_buf_printf(out, "complete -c mlopsc -n __fish_use_subcommand -a %s -d '", mo_commands[i].name);
		add_quoted(out, mo_commands[i].summary, "\\", "\\'");
		mo_buf_adds(out, "'\n");
		struct operands o = operands_of(ctx, &mo_commands[i]);
		if (o.what) {
			mo_buf_printf(out, "complete -c mlopsc -n '__fish_seen_subcommand_from %s'", mo_commands[i].name);
			fish_choices(out, &o);
			mo_buf_adds(out, "\n");
		}
		for (int k = 0; k < MO_OPTIONS; k++) {
			if (has_option(i, k)) {
				fish_option(ctx, out, i, &mo_options[k]);
			}
		}
	}
}

enum mo_exit
mo_command_completions(struct mo_run *run)
{
	static const struct {
		const char *name;
		void (*write)(struct mo_ctx *ctx, struct mo_buf *out);
	} shells[] = { { "bash", write_bash }, { "zsh", write_zsh }, { "fish", write_fish } };
	struct mo_str name = run->line.operand, hint = MO_STR("try `mlopsc help completions`");
	struct mo_suggestion s = mo_suggest(name);
	for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++) {
		if (mo_str_is(name, shells[i].name)) {
			shells[i].write(run->ctx, &run->out);
			return MO_EXIT_DONE;
		}
		mo_suggest_from(&s, mo_str_c(shells[i].name));
	}
	struct mo_arena *a = &run->ctx->session;
	if (s.best.len) {
		hint = mo_str_printf(a, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(s.best));
	}
	return mo_run_wrong_usage(run, mo_str_printf(a, "there are no completions for `" MO_STR_FMT "`", MO_STR_ARG(name)), hint);
}
