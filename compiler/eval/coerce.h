// SPDX-License-Identifier: Apache-2.0
// Inside mo_coerce: shared by its files, of no interest to others.
#ifndef MO_EVAL_COERCE_H
#define MO_EVAL_COERCE_H

#include "diag/diag.h"
#include "eval/eval.h"

struct mo_coercion {
	struct mo_eval *ev;
	struct mo_span span; // the place that wants the value
	bool quiet;          // report nothing, evaluate nothing: only say whether it fits
	uint32_t depth;      // of nested lists and records
};

// All of these give NULL when the value does not fit (reported unless quiet).
const struct mo_value *mo_coercion_of(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t);
const struct mo_value *mo_coercion_of_scalar(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t);
const struct mo_value *mo_coercion_of_reference(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t);
const struct mo_value *mo_coercion_of_record(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t);
const struct mo_value *mo_coercion_of_struct(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t);
const struct mo_value *mo_coercion_of_union(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t);

// "expected T, found V". Gives NULL.
const struct mo_value *mo_misfit(struct mo_coercion *c, const struct mo_value *v, const struct mo_type *t);

// Reports at the value where it was written (a data file, an element of a list) or else at the place that wants it; the other of the two
// becomes a label. NULL when quiet.
struct mo_diag *mo_coercion_report(struct mo_coercion *c, enum mo_message message, struct mo_span at, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

// Whether it was written in a data file, where every range, duration and size is text.
bool mo_coercion_from_data(const struct mo_coercion *c, const struct mo_value *v);

#endif
