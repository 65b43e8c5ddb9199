// SPDX-License-Identifier: Apache-2.0
// Text with values in it, in the terms of Fn::Sub.
#ifndef MO_EMITTERS_SUB_H
#define MO_EMITTERS_SUB_H

#include "ir/ir.h"

// A run of literal text, bytes [start, end) of `flat`, or a value.
struct mo_sub_piece {
	size_t start, end;
	const struct mo_ir_value *value; // NULL: text
};

struct mo_sub_variable {
	struct mo_str name;
	const struct mo_ir_value *value; // NULL: a literal dollar sign
};

// The state of lowering, which is used again for one text after another, so that a large template costs no memory for them. What it
// says is valid until it is used again: exactly one of three, `only` (the text is that one value), a plain text (is_plain), or a text
// for Fn::Sub with its variables.
struct mo_sub {
	struct mo_arena *arena;
	const struct mo_map *taken; // hashes (mo_str_hash) of the names that a variable must not hide
	struct mo_buf flat;         // literal text of all pieces
	MO_VEC(struct mo_sub_piece) pieces;
	struct mo_sub *inner;       // for texts within the values of `variables`; made by mo_sub_inner

	const struct mo_ir_value *only;
	bool is_plain;
	struct mo_buf text;
	MO_VEC(struct mo_sub_variable) variables; // what Fn::Sub cannot name itself, in the order of first use
};

struct mo_sub *mo_sub_new(struct mo_arena *arena, const struct mo_map *taken);
struct mo_sub *mo_sub_inner(struct mo_sub *s);
// Lowers `v`, a MO_IR_SUB.
void mo_sub_lower(struct mo_sub *s, const struct mo_ir_value *v);

#endif
