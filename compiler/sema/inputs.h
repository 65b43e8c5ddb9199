// SPDX-License-Identifier: Apache-2.0
// The program's own inputs: `input name: Type` at the top of its files, and the values that they are given from outside.
#ifndef MO_SEMA_INPUTS_H
#define MO_SEMA_INPUTS_H

#include "sema/scope.h"
#include "source/data.h"

// A value that was given on the command line or in a file.
struct mo_supplied {
	struct mo_str name;
	struct mo_span name_span;       // in the file, or in what stood on the command line
	const struct mo_source *text;   // command line: the text that the value will be read from, once its type is known; otherwise NULL
	const struct mo_data *data;     // NULL: not read yet, or not readable (reported)
};

// Reads what options->values and options->definitions say into p->given; a definition wins over the file. Problems are reported.
void mo_inputs_load(struct mo_program *p);
// Reports values that no input takes. After binding.
void mo_inputs_bind(struct mo_program *p);
// Whether a symbol is an input of the program itself, not of a component.
bool mo_is_program_input(const struct mo_symbol *s);
// What was given for an input of the program; NULL when nothing was.
struct mo_supplied *mo_input_supplied(const struct mo_program *p, mo_atom name);

#endif
