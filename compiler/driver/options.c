// SPDX-License-Identifier: Apache-2.0
// Reads the command line by the tables. It decides nothing about what an option does.
#include "driver/options.h"

#include "diag/diag.h"
#include "diag/render.h"

const struct mo_command_info mo_commands[MO_COMMANDS] = {
#define MO_COMMAND(ID, name, operands, least, most, summary, description) \
	[MO_COMMAND_##ID] = { #name, operands, least, most, summary, description },
#include "driver/commands.def"
};

#define ON(COMMAND) (1U << MO_COMMAND_##COMMAND)
const struct mo_option_info mo_options[MO_OPTIONS] = {
#define MO_OPTION(ID, name, letter, kind, argument, commands, help) \
	[MO_OPTION_##ID] = { name, letter, MO_KIND_##kind, argument, commands, help },
#include "driver/options.def"
};
#undef ON

struct word {
	const char *name, *help;
};

static const struct word phases[] = {
#define MO_PHASE(ID, name, dump) { #name, dump },
#include "driver/phases.def"
	{ NULL, NULL }
};

static const struct word renderers[] = {
#define MO_RENDERER(KIND, name, help) { #name, help },
#include "diag/renderers.def"
	{ NULL, NULL }
};

static const struct word whens[] = { // in the order of enum mo_when
	{ "auto", "on a terminal" },
	{ "always", "everywhere" },
	{ "never", "nowhere" },
	{ NULL, NULL }
};

static const struct word formats[] = { // in the order of enum mo_format
	{ "json", "JSON" },
	{ "yaml", "YAML, with intrinsics in their short form; the CDK's command line cannot read it" },
	{ "both", "both; the CDK's command line takes the JSON" },
	{ NULL, NULL }
};

static const struct word starters[] = {
#define MO_STARTER(name, help) { #name, help },
#include "driver/starters.def"
	{ NULL, NULL }
};

static const struct word no_words[] = { { NULL, NULL } };

static const struct word *
words_of(enum mo_option_kind kind)
{
	switch (kind) {
	case MO_KIND_PHASE:
		return phases;
	case MO_KIND_STARTER:
		return starters;
	case MO_KIND_RENDERER:
		return renderers;
	case MO_KIND_WHEN:
		return whens;
	case MO_KIND_FORMAT:
		return formats;
	case MO_KIND_FLAG:
	case MO_KIND_TEXT:
	case MO_KIND_NUMBER:
	case MO_KIND_DEFINITION:
		break;
	}
	return no_words;
}

const char *
mo_option_word(enum mo_option_kind kind, uint32_t index)
{
	return words_of(kind)[index].name;
}

const char *
mo_option_word_help(enum mo_option_kind kind, uint32_t index)
{
	return words_of(kind)[index].help;
}

// What reading needs to know on the way.
struct reader {
	struct mo_arena *arena;
	int argc, next;
	const char *const *argv;
	struct mo_command_line *line;
	uint32_t operands;
	struct mo_str *error, *hint;
};

// Says what is wrong. Always false, so that it can be returned.
static bool __attribute__((format(printf, 2, 3)))
wrong(struct reader *r, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	*r->error = mo_str_vprintf(r->arena, fmt, args);
	va_end(args);
	return false;
}

// Offers the nearest right word, after `lead`.
static bool
suggest(struct reader *r, const struct mo_suggestion *s, const char *lead)
{
	if (s->best.len) {
		*r->hint = mo_str_printf(r->arena, "did you mean `%s" MO_STR_FMT "`?", lead, MO_STR_ARG(s->best));
	}
	return false;
}

static bool
read_command(struct reader *r, struct mo_str word, enum mo_command_id *out)
{
	struct mo_suggestion s = mo_suggest(word);
	for (int i = 0; i < MO_COMMANDS; i++) {
		if (mo_str_is(word, mo_commands[i].name)) {
			*out = (enum mo_command_id)i;
			return true;
		}
		mo_suggest_from(&s, mo_str_c(mo_commands[i].name));
	}
	wrong(r, "there is no command `" MO_STR_FMT "`", MO_STR_ARG(word));
	return suggest(r, &s, "");
}

static bool
belongs(const struct reader *r, int option)
{
	return mo_options[option].commands >> r->line->command & 1;
}

// An option that exists, but not for this command.
static bool
wrong_place(struct reader *r, int option)
{
	struct mo_buf others = mo_buf_in(r->arena);
	for (int c = 0; c < MO_COMMANDS; c++) {
		if (mo_options[option].commands >> c & 1) {
			mo_buf_printf(&others, "%s`%s`", others.len ? ", " : "", mo_commands[c].name);
		}
	}
	*r->hint = mo_str_printf(r->arena, "it is an option of " MO_STR_FMT, MO_STR_ARG(mo_buf_str(&others)));
	return wrong(r, "`%s` has no option --%s", mo_commands[r->line->command].name, mo_options[option].name);
}

static bool
find_long(struct reader *r, struct mo_str name, int *out)
{
	struct mo_suggestion s = mo_suggest(name);
	for (int i = 0; i < MO_OPTIONS; i++) {
		if (mo_str_is(name, mo_options[i].name)) {
			*out = i;
			return belongs(r, i) || wrong_place(r, i);
		}
		if (belongs(r, i)) {
			mo_suggest_from(&s, mo_str_c(mo_options[i].name));
		}
	}
	wrong(r, "there is no option --" MO_STR_FMT, MO_STR_ARG(name));
	return suggest(r, &s, "--");
}

static bool
find_short(struct reader *r, char letter, int *out)
{
	for (int i = 0; i < MO_OPTIONS; i++) {
		if (mo_options[i].letter && mo_options[i].letter == letter) {
			*out = i;
			return belongs(r, i) || wrong_place(r, i);
		}
	}
	return wrong(r, "there is no option -%c", letter);
}

static bool
read_number(struct reader *r, int option, struct mo_str text, uint32_t *out)
{
	uint64_t n = 0;
	bool good = text.len > 0 && text.len <= 9;
	for (size_t i = 0; good && i < text.len; i++) {
		good = text.p[i] >= '0' && text.p[i] <= '9';
		n = n * 10 + (uint64_t)(text.p[i] - '0');
	}
	*out = (uint32_t)n;
	return good || wrong(r, "--%s wants a number, not `" MO_STR_FMT "`", mo_options[option].name, MO_STR_ARG(text));
}

static bool
read_word(struct reader *r, int option, struct mo_str text, uint32_t *out)
{
	const struct word *words = words_of(mo_options[option].kind);
	struct mo_suggestion s = mo_suggest(text);
	struct mo_buf all = mo_buf_in(r->arena);
	for (uint32_t i = 0; words[i].name; i++) {
		if (mo_str_is(text, words[i].name)) {
			*out = i;
			return true;
		}
		mo_suggest_from(&s, mo_str_c(words[i].name));
		mo_buf_printf(&all, "%s%s", i ? ", " : "", words[i].name);
	}
	wrong(r, "--%s wants one of " MO_STR_FMT "; not `" MO_STR_FMT "`", mo_options[option].name, MO_STR_ARG(mo_buf_str(&all)),
		MO_STR_ARG(text));
	return suggest(r, &s, "");
}

// "name=value"
static bool
read_definition(struct reader *r, struct mo_str text)
{
	ptrdiff_t equals = mo_str_find(text, MO_STR("="), 0);
	if (equals < 1) {
		return wrong(r, "-D wants NAME=VALUE, not `" MO_STR_FMT "`", MO_STR_ARG(text));
	}
	struct mo_definition d = { mo_str_sub(text, 0, (size_t)equals), mo_str_sub(text, (size_t)equals + 1, text.len) };
	for (uint32_t i = 0; i < r->line->definitions.len; i++) {
		if (mo_str_eq(r->line->definitions.items[i].name, d.name)) {
			return wrong(r, "`" MO_STR_FMT "` is given twice with -D", MO_STR_ARG(d.name));
		}
	}
	mo_push(r->arena, &r->line->definitions, d);
	return true;
}

static bool
set_value(struct reader *r, int option, struct mo_str text)
{
	struct mo_option_value *v = &r->line->options[option];
	v->given = true;
	v->text = text;
	switch (mo_options[option].kind) {
	case MO_KIND_FLAG:
		return true;
	case MO_KIND_TEXT:
		return text.len > 0 || wrong(r, "--%s wants %s, not an empty text", mo_options[option].name, mo_options[option].argument);
	case MO_KIND_NUMBER:
		return read_number(r, option, text, &v->number);
	case MO_KIND_DEFINITION:
		return read_definition(r, text);
	case MO_KIND_PHASE:
	case MO_KIND_STARTER:
	case MO_KIND_RENDERER:
	case MO_KIND_WHEN:
	case MO_KIND_FORMAT:
		break;
	}
	return read_word(r, option, text, &v->number);
}

// Sets an option from what is attached to it, or from the next argument.
static bool
take_value(struct reader *r, int option, bool attached, struct mo_str text)
{
	const struct mo_option_info *info = &mo_options[option];
	if (info->kind == MO_KIND_FLAG) {
		return attached ? wrong(r, "--%s takes no argument", info->name) : set_value(r, option, text);
	}
	if (!attached) {
		if (r->next == r->argc) {
			return wrong(r, "--%s wants an argument: %s", info->name, info->argument);
		}
		text = mo_str_c(r->argv[r->next++]);
	}
	return set_value(r, option, text);
}

static bool
read_option(struct reader *r, struct mo_str argument)
{
	int option = 0;
	if (!mo_str_starts(argument, MO_STR("--"))) {
		bool attached = argument.len > 2;
		return find_short(r, argument.p[1], &option) && take_value(r, option, attached, mo_str_sub(argument, 2, argument.len));
	}
	ptrdiff_t equals = mo_str_find(argument, MO_STR("="), 0);
	struct mo_str name = mo_str_sub(argument, 2, equals < 0 ? argument.len : (size_t)equals);
	struct mo_str text = equals < 0 ? (struct mo_str){ 0 } : mo_str_sub(argument, (size_t)equals + 1, argument.len);
	return find_long(r, name, &option) && take_value(r, option, equals >= 0, text);
}

static bool
read_operand(struct reader *r, struct mo_str argument)
{
	const struct mo_command_info *command = &mo_commands[r->line->command];
	if (++r->operands > command->most) {
		return wrong(r, "`%s` takes %s; `" MO_STR_FMT "` is too much", command->name,
			command->most ? "one argument" : "no arguments", MO_STR_ARG(argument));
	}
	if (argument.len == 0) {
		return wrong(r, "%s is empty", command->operands);
	}
	r->line->operand = argument;
	return true;
}

static bool
read_rest(struct reader *r)
{
	bool options = true;
	while (r->next < r->argc) {
		struct mo_str argument = mo_str_c(r->argv[r->next++]);
		bool is_option = options && argument.len > 1 && argument.p[0] == '-';
		if (is_option && mo_str_is(argument, "--")) {
			options = false;
		} else if (!(is_option ? read_option(r, argument) : read_operand(r, argument))) {
			return false;
		}
	}
	const struct mo_command_info *command = &mo_commands[r->line->command];
	if (r->operands < command->least && !r->line->options[MO_OPTION_HELP].given) {
		return wrong(r, "`%s` wants an argument: %s", command->name, command->operands);
	}
	return true;
}

bool
mo_command_line_read(struct mo_arena *arena, int argc, const char *const *argv, struct mo_command_line *out, struct mo_str *error,
	struct mo_str *hint)
{
	struct reader r = { .arena = arena, .argc = argc, .next = 2, .argv = argv, .line = out, .error = error, .hint = hint };
	*out = (struct mo_command_line){ 0 };
	*hint = MO_STR("try `mlopsc help`");
	if (argc < 2) {
		return wrong(&r, "which command?");
	}
	struct mo_str first = mo_str_c(argv[1]);
	if (mo_str_is(first, "--version")) {
		first = MO_STR("version");
	} else if (mo_str_is(first, "--help") || mo_str_is(first, "-h")) {
		first = MO_STR("help");
	} else if (first.len && first.p[0] == '-') {
		return wrong(&r, "the command comes before its options");
	}
	if (!read_command(&r, first, &out->command)) {
		return false;
	}
	*hint = mo_str_printf(arena, "try `mlopsc help %s`", mo_commands[out->command].name);
	return read_rest(&r);
}
