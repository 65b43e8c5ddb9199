// SPDX-License-Identifier: Apache-2.0
// Inside the check of texts: what is looked at, and what its two halves share. Seen by text_limits.c and text_known.c only.
#ifndef MO_CHECK_TEXT_LIMITS_H
#define MO_CHECK_TEXT_LIMITS_H

#include "check/checks.h"
#include "check/domain.h"

struct mo_text_row {
	const struct mo_text_limit *limit;
	struct mo_domain domain;
	struct mo_text_row *next; // of the same type
};

// What is wrong with a text whose value is not known.
enum mo_text_fault { MO_TEXT_LONG, MO_TEXT_CHARACTERS, MO_TEXT_START, MO_TEXT_END, MO_TEXT_SHORT };

// A parameter that admits too much for a property.
struct mo_text_finding {
	const struct mo_ir_param *param;
	const struct mo_ir_resource *resource;
	const struct mo_text_row *row;
	enum mo_text_fault fault;
	struct mo_span span;
	struct mo_str wrong, bound;
	uint64_t most; // how long it may be there
};

struct mo_text_check {
	struct mo_checker *c;
	struct mo_domain_place place;
	struct mo_map rows;     // mo_cat of a type -> row
	MO_VEC(struct mo_text_finding) findings; // in the template at hand
};

// One property of one resource.
struct mo_text_property {
	const struct mo_ir_resource *resource;
	const struct mo_ir_member *member;
	const struct mo_text_row *row;
};

// Where a part of the property's value stands; the property itself when that is nowhere.
struct mo_span mo_text_span(const struct mo_text_property *p, const struct mo_ir_value *v);
void mo_text_note_limit(struct mo_checker *c, struct mo_diag *d, const struct mo_text_property *p);
// Reports a text that is known and cannot be.
struct mo_diag *mo_text_report(struct mo_text_check *l, const struct mo_text_property *p, const struct mo_ir_value *at, struct mo_str text,
	const char *why);
// Whether a character has no place in the property; `out` says so of the first one.
bool mo_text_wrong_character(struct mo_text_check *l, const struct mo_text_property *p, struct mo_str text, struct mo_str *out);
// Checks a text that is known wholly.
void mo_text_check_known(struct mo_text_check *l, const struct mo_text_property *p, const struct mo_ir_value *at, struct mo_str text);

#endif
