// SPDX-License-Identifier: Apache-2.0
// The store of diagnostics. Every phase reports into it, nothing is printed before the run is over; then it is sorted, freed of
// doubles and given to a renderer (diag/render.h). What a message means is in the registry (compiler/diag/messages/*.txt).
#ifndef MO_DIAG_DIAG_H
#define MO_DIAG_DIAG_H

#include "base/vec.h"
#include "diag/messages.h" // generated: enum mo_message, one MSG_… per code
#include "source/source.h"

enum mo_severity { MO_ERROR, MO_WARNING, MO_NOTE };

// A second place that matters, with a few words on why.
struct mo_label {
	struct mo_span span;
	struct mo_str text;
};

// Text that would replace a span (insertion when it is empty).
struct mo_fix {
	struct mo_span span;
	struct mo_str replacement;
};

struct mo_diag {
	enum mo_message message;
	enum mo_severity severity;
	struct mo_span span;      // the smallest wrong piece
	struct mo_str text;       // one sentence, no full stop
	struct mo_str here;       // words under the caret; may be empty
	MO_VEC(struct mo_label) labels;
	MO_VEC(struct mo_str) notes; // "expected Ref<AWS::EC2::VPC>"
	struct mo_str help;       // "did you mean `net`?"; may be empty
	MO_VEC(struct mo_fix) fixes; // together they are one machine-applicable change
	bool repeats;             // says of another value what was said at this place before: dropped at the end
	uint32_t order;           // how many were reported before it
	struct mo_diags *store;
};

// A message that is not wanted in a piece of the program.
struct mo_ignore {
	enum mo_message message;
	struct mo_span within; // the declaration or property
	struct mo_span span;   // where that is said
	bool library;          // in the library: nobody is told when it is not needed
	bool used;
};

struct mo_diags {
	struct mo_arena *arena;
	MO_VEC(struct mo_diag *) items; // in the order of reporting
	MO_VEC(struct mo_ignore) ignores;
	uint32_t errors, warnings;
};

struct mo_diags *mo_diags_new(struct mo_arena *arena);

// Reports a message; severity comes from the registry. Returns the diagnostic, to which the calls below add. Texts are copied.
struct mo_diag *mo_report(struct mo_diags *store, enum mo_message message, struct mo_span span, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void mo_diag_here(struct mo_diag *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void mo_diag_label(struct mo_diag *d, struct mo_span span, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void mo_diag_note(struct mo_diag *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void mo_diag_help(struct mo_diag *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void mo_diag_fix(struct mo_diag *d, struct mo_span span, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

// Notes that a message is not wanted within a span; `span` is where that is said. Saying it again changes nothing.
void mo_diags_ignore(struct mo_diags *store, enum mo_message message, struct mo_span within, struct mo_span span, bool library);
// Drops what is to be ignored. Called when a phase is over.
void mo_diags_drop_ignored(struct mo_diags *store);
// Warns of what was to be ignored and did not come up; only sensible after all phases.
void mo_diags_report_unused_ignores(struct mo_diags *store);
// Takes back whatever was reported after the first `count`.
void mo_diags_forget(struct mo_diags *store, uint32_t count);

// Sorts by file, line, column and code, and drops equal ones.
void mo_diags_finish(struct mo_diags *store);

// ---- the registry ----------------------------------------------------------------------------------------------------------------

struct mo_message_file {
	const char *name; // relative to the example's folder
	const char *text;
};

struct mo_message_info {
	const char *code;        // "ML0210"
	const char *slug;        // "wrong-reference"
	enum mo_severity severity;
	const char *title;       // one line
	const char *explanation; // paragraphs
	const char *example;     // a program that triggers it; NULL when no program can
	const struct mo_message_file *example_files; // further files beside it, ended by a NULL name
	const char *run;         // how to trigger it, "build" for instance; NULL for `check`
	const char *fixed;       // the same program, put right; NULL without an example
	const struct mo_message_file *fixed_files;   // files that the fix changes or adds, ended by a NULL name
	const char *ignorable;   // of an error that @ignore may silence: why it may be wrong; NULL for others
};

extern const struct mo_message_info mo_message_table[]; // generated; indexed by enum mo_message
const struct mo_message_info *mo_message_info(enum mo_message message);
// Whether @ignore may silence it: warnings and notes, and errors of which the registry says why.
bool mo_message_is_ignorable(enum mo_message message);
// By code ("ML0210", case-insensitive) or slug ("wrong-reference"); -1 when there is none.
int mo_message_find(struct mo_str code);
uint32_t mo_message_count(void);

// ---- the nearest right name ------------------------------------------------------------------------------------------------------

// Restricted Damerau-Levenshtein distance on lower-cased names; nothing further than max(1, length / 3) is offered.
struct mo_suggestion {
	struct mo_str wanted;
	struct mo_str best; // empty when nothing is near
	uint32_t distance;
};

struct mo_suggestion mo_suggest(struct mo_str wanted);
void mo_suggest_from(struct mo_suggestion *s, struct mo_str candidate); // earlier candidates win ties
// Adds "did you mean `best`?" and the fix that replaces `span` by it; nothing when nothing is near.
void mo_diag_suggest(struct mo_diag *d, struct mo_span span, const struct mo_suggestion *s);

#endif
