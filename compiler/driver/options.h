// SPDX-License-Identifier: Apache-2.0
// The command line. Everything about it is in three tables: commands.def, options.def, phases.def.
#ifndef MO_DRIVER_OPTIONS_H
#define MO_DRIVER_OPTIONS_H

#include "base/str.h"
#include "base/vec.h"
#include "sema/scope.h"

enum mo_command_id {
#define MO_COMMAND(ID, name, ...) MO_COMMAND_##ID,
#include "driver/commands.def"
	MO_COMMANDS
};

enum mo_option_id {
#define MO_OPTION(ID, ...) MO_OPTION_##ID,
#include "driver/options.def"
	MO_OPTIONS
};

enum mo_phase {
#define MO_PHASE(ID, name, dump) MO_PHASE_##ID,
#include "driver/phases.def"
	MO_PHASES // no phase: go on to the end
};

enum mo_when { MO_WHEN_AUTO, MO_WHEN_ALWAYS, MO_WHEN_NEVER };

enum mo_option_kind { MO_KIND_FLAG, MO_KIND_TEXT, MO_KIND_NUMBER, MO_KIND_DEFINITION, MO_KIND_PHASE, MO_KIND_STARTER, MO_KIND_RENDERER, MO_KIND_WHEN, MO_KIND_FORMAT };

struct mo_command_info {
	const char *name;
	const char *operands;    // "[DIR|FILE|-]"
	uint32_t least, most;    // operands
	const char *summary;
	const char *description; // lines
};

struct mo_option_info {
	const char *name;     // "out"
	char letter;          // 'o', 0 for none
	enum mo_option_kind kind;
	const char *argument; // "DIR"
	uint32_t commands;    // bit 1 << enum mo_command_id
	const char *help;
};

extern const struct mo_command_info mo_commands[MO_COMMANDS];
extern const struct mo_option_info mo_options[MO_OPTIONS];

// The words that an option of a kind accepts; NULL beyond the last, and for kinds that accept anything.
const char *mo_option_word(enum mo_option_kind kind, uint32_t index);
// A word in a few words, for --help.
const char *mo_option_word_help(enum mo_option_kind kind, uint32_t index);

struct mo_option_value {
	bool given;
	struct mo_str text; // as written
	uint32_t number;    // NUMBER: its value; PHASE, RENDERER, WHEN, FORMAT: the index of the word
};

struct mo_command_line {
	enum mo_command_id command;
	struct mo_option_value options[MO_OPTIONS];
	MO_VEC(struct mo_definition) definitions; // of all --define; names are distinct
	struct mo_str operand; // empty when there is none
};

// Reads the command line (argv[0] is not looked at). Returns false when it is wrong; then *error says why, in one sentence, and *hint
// what to do. Texts point into argv or are in the arena. An option given twice has its last value,
// except that definitions add up.
bool mo_command_line_read(struct mo_arena *arena, int argc, const char *const *argv, struct mo_command_line *out, struct mo_str *error,
	struct mo_str *hint);

#endif
