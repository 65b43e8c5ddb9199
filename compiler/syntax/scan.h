// SPDX-License-Identifier: Apache-2.0
// Text to tokens: what the rules of grammar/mlops.l call, and what comes out. Internal to the front end.
#ifndef MO_SYNTAX_SCAN_H
#define MO_SYNTAX_SCAN_H

#include "base/ctx.h"
#include "grammar/mlops_y.h"
#include "syntax/ast.h"

// Kinds beside the parser's own.
enum {
	MO_TOKEN_DROPPED = -1, // takes no part
	MO_TOKEN_STRAY = -2,   // bytes that begin nothing; reported when the parser gets there
};

struct mo_token {
	int16_t kind;        // MO_TOK_… of grammar/mlops.y, or one of the above
	uint16_t indent;     // of its line, in bytes
	bool newline : 1;    // stands first on its line
	bool bad : 1;        // a mistake in it has been reported; what it belongs to is not to be trusted
	bool synthetic : 1;  // not in the text: put in where a closing bracket is missing
	struct mo_span span;
	uint32_t partner;    // of a bracket, a quote or `${`: the index of its other end
	union {
		mo_atom atom;       // of a word or type name
		int64_t integer;    // of INT, DURATION (milliseconds), SIZE (bytes)
		double real;        // of FLOAT
		struct mo_str text; // of TEXT: resolved; of CIDR: as written
	};
};

typedef MO_VEC(struct mo_token) mo_tokens;

// A run of /// lines and the token that it stands before.
struct mo_doc {
	uint32_t before; // offset in the common space
	struct mo_str text;
};

enum mo_scan_mode { MO_SCAN_CODE, MO_SCAN_TEXT, MO_SCAN_BLOCK, MO_SCAN_RAW_BLOCK };

// An open `{`, `${` or quote. The mode is what the text behind it is read as.
struct mo_scan_frame {
	enum mo_scan_mode mode;
	uint32_t token;     // the index of the token that opened it
	uint32_t text_from; // of a quote: where the text that is being read began
};

typedef MO_VEC(struct mo_doc) mo_docs;

struct mo_scanner {
	struct mo_ctx *ctx;
	const struct mo_source *source;
	struct mo_syntax *syntax; // trivia go there
	mo_tokens tokens;         // the last one is END
	mo_docs docs;
	MO_VEC(struct mo_scan_frame) frames;

	size_t fed;               // bytes handed to flex
	uint32_t start, at;       // the piece in hand, within the file
	uint32_t line;            // where its line starts
	uint32_t comment;         // where the open block comment starts
	uint32_t blank;           // where a run of blank lines began, UINT32_MAX outside of one
	uint32_t stray_end;       // the end of the last stray byte
	uint32_t swallowed_braces; // `{` without their `}` in the text of unclosed strings
	bool newline;             // nothing but blanks and comments so far on this line
	bool empty_line;          // not even comments
	bool ran_off;             // an unclosed string or comment swallowed the rest of the file
	struct mo_buf doc;        // the /// lines since the last token
};

// Reads the file; tokens, docs and trivia are then complete and END is the last token. Everything lives in the session.
void mo_scan(struct mo_scanner *s, struct mo_ctx *ctx, const struct mo_source *source, struct mo_syntax *syntax);
void mo_scan_run(struct mo_scanner *s); // grammar/mlops.l

// ---- called by the rules -----------------------------------------------------------------------------------------------------------

void mo_scan_advance(struct mo_scanner *s, uint32_t bytes);
size_t mo_scan_input(struct mo_scanner *s, char *buffer, size_t room);
void *mo_scan_alloc(struct mo_scanner *s, size_t size);
void *mo_scan_realloc(struct mo_scanner *s, void *old, size_t size);
void mo_scan_fatal(struct mo_scanner *s) __attribute__((noreturn));
enum mo_scan_mode mo_scan_mode(const struct mo_scanner *s);

bool mo_scan_newline(struct mo_scanner *s); // whether the mode changed: a `${` was given up
void mo_scan_line_comment(struct mo_scanner *s, bool doc);
void mo_scan_hash(struct mo_scanner *s);
void mo_scan_comment_begin(struct mo_scanner *s);
void mo_scan_comment_end(struct mo_scanner *s, bool closed);

void mo_scan_word(struct mo_scanner *s);
void mo_scan_type_name(struct mo_scanner *s);
void mo_scan_mark(struct mo_scanner *s, int kind);
void mo_scan_brace_open(struct mo_scanner *s);
void mo_scan_brace_close(struct mo_scanner *s);
void mo_scan_semicolon(struct mo_scanner *s);
void mo_scan_stray(struct mo_scanner *s);

void mo_scan_int(struct mo_scanner *s);
void mo_scan_float(struct mo_scanner *s);
void mo_scan_quantity(struct mo_scanner *s);
void mo_scan_cidr(struct mo_scanner *s);

void mo_scan_string_begin(struct mo_scanner *s, enum mo_scan_mode mode);
void mo_scan_interpolation(struct mo_scanner *s);
void mo_scan_string_end(struct mo_scanner *s);
void mo_scan_string_cut(struct mo_scanner *s);
void mo_scan_strings_at_end(struct mo_scanner *s);
void mo_scan_raw(struct mo_scanner *s, bool closed);

// ---- shared by the parts of the scanner ----------------------------------------------------------------------------------------------

// Appends a token that covers the piece in hand.
struct mo_token *mo_scan_push(struct mo_scanner *s, int kind);
struct mo_token *mo_scan_push_at(struct mo_scanner *s, int kind, uint32_t from, uint32_t to);
struct mo_str mo_scan_text(const struct mo_scanner *s); // of the piece in hand
struct mo_span mo_scan_span(const struct mo_scanner *s, uint32_t from, uint32_t to);
void mo_scan_begin_line(struct mo_scanner *s, uint32_t at);
uint32_t mo_scan_without_return(const struct mo_scanner *s); // the end of the piece in hand, before a carriage return
void mo_scan_interpolations_at_end(struct mo_scanner *s);
// Resolves the text tokens of the string that the token at `begin` opened and the last token closed (syntax/text.c).
void mo_text_resolve(struct mo_scanner *s, uint32_t begin, enum mo_scan_mode mode);

#endif
