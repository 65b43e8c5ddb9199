// SPDX-License-Identifier: Apache-2.0
// The tokens on their way to the parser: brackets are put in order, newlines become separators where they separate, and after a mistake
// everything up to the next item is skipped. Internal to the front end.
#ifndef MO_SYNTAX_LAYOUT_H
#define MO_SYNTAX_LAYOUT_H

#include "syntax/parser.h"
#include "syntax/scan.h"

enum {
	MO_PARSE_OPEN_TOKENS = 1000, // tokens of unfinished items, all nesting together: bounds the height of the tree and the parser's stack
};

// An open bracket that the parser has been given; the lowest is the file.
struct mo_level {
	int kind;            // MO_TOK_LBRACE …; MO_TOK_END for the file
	uint32_t opener;     // index of the token
	uint32_t item;       // index of the first token of the item in hand
	uint32_t open;       // tokens of the item in hand that were given
	uint32_t type_lists; // `<` of type arguments that are open
	bool item_begins;    // the next token is the first of an item
};

struct mo_parser {
	struct mo_ctx *ctx;
	const struct mo_source *source;
	struct mo_syntax *syntax;
	mo_tokens tokens;
	mo_docs docs;

	MO_VEC(struct mo_level) levels;
	uint32_t next;       // index of the token to give
	uint32_t given;      // index of the token given last; of a newline: that of the token behind it
	int given_kind;      // what the parser was told that it is
	uint32_t open;       // tokens of unfinished items on all levels
	bool separated;      // the newline before `next` has been given
	bool closes_types;   // the token given last was a `>` that closes type arguments
	bool too_long;       // a limit was passed and reported

	bool skipping;       // a mistake was found: skip before giving the next token
	bool resuming;       // the token at `next` is the block of a declaration with a mistake in its header
	bool forced;         // a newline separates before `next`, whatever the rule says
	uint32_t mistake;    // index of the wrong token
	bool item_was_whole; // the item could have ended before it
	uint32_t returned;   // where the last skipping ended
	uint32_t resumed;    // blocks before this token were gone back to already; once must do, or it would never end
	uint32_t missing_braces; // reported: each explains a `}` that closes nothing
	MO_VEC(uint32_t) surplus_braces; // offsets of `}` that close nothing; to be reported
	uint32_t quiet_until; // mistakes at tokens before this one follow from an earlier one
	uint32_t doubtful_from; // mistakes at tokens from this one on follow from a text without an end
	struct mo_span skipped; // the item that the last mistake spoiled
	struct mo_name skipped_name;
	MO_VEC(uint32_t) poison; // offsets of mistakes that no item has taken the blame for, ascending
};

// Puts the brackets in order: afterwards each has its partner, missing ones are there as synthetic tokens, surplus ones are gone, nothing
// is nested deeper than MO_PARSE_DEPTH, and all of that has been reported. `ran_off`: the end of the file is inside of a string.
void mo_brackets(struct mo_parser *p, bool ran_off);

// Reports the surplus `}` that no mistake found since explains.
void mo_brackets_finish(struct mo_parser *p);

void mo_layout_begin(struct mo_parser *p);
// The next token for the generated parser; its kind is returned.
int mo_yylex(MO_YYSTYPE *value, MO_YYLTYPE *at, struct mo_parser *p);
// The token at p->mistake is wrong; decides what is skipped.
void mo_layout_mistake(struct mo_parser *p);
void mo_report_stray(struct mo_parser *p, const struct mo_token *token); // syntax/error.c
// The index of the first token of the item that the token at p->mistake is in.
uint32_t mo_layout_item(const struct mo_parser *p);
// The index behind the decorators that begin at `first`.
uint32_t mo_layout_item_head(const struct mo_parser *p, uint32_t first);

// Moves to the end of the item that the mistake spoiled, or to its block.
void mo_layout_skip(struct mo_parser *p);
// Whether a declaration seems to begin with the token at i.
bool mo_layout_declares(const struct mo_parser *p, uint32_t i);

// ---- shared by layout.c and recover.c ------------------------------------------------------------------------------------------------

struct mo_level *mo_layout_level(const struct mo_parser *p);
bool mo_layout_holds_items(int kind);
void mo_layout_end_item(struct mo_parser *p);
void mo_layout_pop(struct mo_parser *p);
bool mo_layout_is_field_name(const struct mo_parser *p, uint32_t i);
bool mo_layout_can_end(const struct mo_parser *p, uint32_t i);
bool mo_layout_can_begin(const struct mo_parser *p, uint32_t i);
bool mo_layout_comma_ends_item(const struct mo_parser *p, uint32_t i);

// ---- kinds of tokens (token.c) ---------------------------------------------------------------------------------------------------------

// How the marks and words are written: "`stack`"; NULL for those without one spelling (names, literals).
const char *mo_token_spelling(int kind);
bool mo_token_is_word(int kind);
bool mo_token_declares(int kind);
bool mo_token_ends_item(int kind);   // as far as the kind alone tells
bool mo_token_begins_item(int kind);
int mo_token_closer(int kind);       // of an opening bracket, quote or `${`; 0 for others
bool mo_token_opens(int kind);
bool mo_token_closes(int kind);

#endif
