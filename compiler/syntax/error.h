// SPDX-License-Identifier: Apache-2.0
// One mistake, as the parts that find words for it see it. Internal to the front end.
#ifndef MO_SYNTAX_ERROR_H
#define MO_SYNTAX_ERROR_H

#include "syntax/layout.h"

struct mo_mistake {
	struct mo_parser *p;
	const struct mo_expected *expected;
	uint32_t at;         // index of the token that does not fit; of a newline: of the token behind it
	int kind;            // what the parser was told that it is
	bool newline;
	struct mo_span span;
	uint32_t head;       // index of the first token of its item, behind the decorators
	bool one_line;       // the innermost open bracket is on the same line
};

static inline bool
mo_wants(const struct mo_mistake *m, int kind)
{
	return m->expected->has[kind - MO_FIRST_TOKEN];
}

// "the name `x`", "the end of the line"; lives in the session.
struct mo_str mo_token_found(struct mo_parser *p, uint32_t i, int kind);

// The block at i follows a word that asks for a value.
void mo_report_missing_value(struct mo_parser *p, uint32_t i);

// Recognizes a habit from another language and reports it with its way out; false when there is nothing special.
bool mo_report_habit(struct mo_mistake *m);
struct mo_diag;
// Adds such a way out to a message in general words, where there is one.
void mo_help_with_habit(const struct mo_mistake *m, struct mo_diag *d);
// The same for a `!Ref` and its like, which would parse; called before the `!` at i is given.
bool mo_report_short_tag(struct mo_parser *p, uint32_t i);

#endif
