// SPDX-License-Identifier: Apache-2.0
// Patterns of events: where they are, what they must look like, what they can match. Shared by the files that check them.
#ifndef MO_CHECK_EVENT_H
#define MO_CHECK_EVENT_H

#include "check/check.h"

// A pattern that is being checked.
struct mo_events {
	struct mo_checker *c;
	struct mo_span place; // of the resource, for values without a place
	bool whole;           // it is about events of a bus, with `source` and `detail`; otherwise about records of anybody's form
};

// Reports into the pattern: at the span, else at the resource, whose line is shown too when the span is not within it.
struct mo_diag *mo_event_report(struct mo_events *e, enum mo_message message, struct mo_span span, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
// Adds "did you mean" and the fix, quoted where a key needs it.
void mo_event_suggest_key(struct mo_diag *d, const struct mo_ir_member *m, const struct mo_suggestion *near);
void mo_event_suggest_text(struct mo_diag *d, const struct mo_ir_value *v, const struct mo_suggestion *near);
// Whether a key of a record is the name of an operator ("prefix").
bool mo_event_is_operator(struct mo_str key);

// Calls `work` for each value that may be there: both sides of choices; what is dropped (AWS::NoValue) is not. Lists are not opened.
void mo_event_each(struct mo_events *e, const struct mo_ir_value *v, void (*work)(struct mo_events *e, const struct mo_ir_value *v, void *data),
	void *data);

// The form of a pattern, an OBJECT: fields with lists of what may be there, operators and what they take.
void mo_event_check_form(struct mo_events *e, const struct mo_ir_value *pattern);
// What a pattern of a whole event asks for: sources, kinds of events and fields that exist, values that they can have.
void mo_event_check_schema(struct mo_events *e, const struct mo_ir_value *pattern);

#endif
