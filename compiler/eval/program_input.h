// SPDX-License-Identifier: Apache-2.0
// Inside eval/: the inputs of the program itself.
#ifndef MO_EVAL_PROGRAM_INPUT_H
#define MO_EVAL_PROGRAM_INPUT_H

#include "eval/instance.h"
#include "sema/inputs.h"

const struct mo_value *mo_program_input_value(struct mo_eval *ev, const struct mo_symbol *symbol, const struct mo_supplied *given);
void mo_program_inputs_list(struct mo_eval *ev); // fills the platform's arguments

#endif
