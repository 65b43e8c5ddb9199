// SPDX-License-Identifier: Apache-2.0
// Strings as the scanner meets them: the stack of open braces, quotes and `${`, and what is done about those that are never closed. What
// the text between quotes means is syntax/text.c's.
#include "syntax/scan.h"

#include "diag/diag.h"

#include <string.h>

// ---- braces and strings --------------------------------------------------------------------------------------------------------------

enum mo_scan_mode
mo_scan_mode(const struct mo_scanner *s)
{
	return s->frames.len ? mo_last(&s->frames).mode : MO_SCAN_CODE;
}

static void
open_frame(struct mo_scanner *s, enum mo_scan_mode mode)
{
	mo_push(&s->ctx->session, &s->frames, (struct mo_scan_frame){ mode, s->tokens.len - 1, s->at });
}

void
mo_scan_brace_open(struct mo_scanner *s)
{
	mo_scan_push(s, MO_TOK_LBRACE);
	open_frame(s, MO_SCAN_CODE);
}

// Pops the innermost frame, an `{` or a `${`; behind a `${` the text goes on.
static bool
close_code(struct mo_scanner *s)
{
	if (s->frames.len == 0) {
		return false;
	}
	uint32_t opener = mo_last(&s->frames).token;
	bool interpolation = s->tokens.items[opener].kind == MO_TOK_INTERP_BEGIN;
	s->frames.len--;
	if (interpolation) {
		mo_last(&s->frames).text_from = s->at;
		s->tokens.items[opener].partner = s->tokens.len; // of the token that is pushed next
	}
	return interpolation;
}

void
mo_scan_brace_close(struct mo_scanner *s)
{
	bool interpolation = close_code(s);
	mo_scan_push(s, interpolation ? MO_TOK_INTERP_END : MO_TOK_RBRACE);
}

void
mo_scan_string_begin(struct mo_scanner *s, enum mo_scan_mode mode)
{
	uint32_t quotes = mode == MO_SCAN_TEXT ? 1 : 3;
	mo_scan_push_at(s, MO_TOK_STR_BEGIN, s->start, s->start + quotes);
	open_frame(s, mode);
	if (mode != MO_SCAN_TEXT && s->at == s->start + quotes) {
		struct mo_diag *d = mo_report(s->ctx->diags, MSG_BLOCK_OPENING, mo_scan_span(s, s->start, s->at), "the text of a " MO_STR_FMT
			" block begins on the next line", MO_STR_ARG(mo_scan_text(s)));
		mo_diag_help(d, mode == MO_SCAN_BLOCK ? "write \"…\" for text on one line" : "write '…' for text on one line");
		mo_last(&s->tokens).bad = true;
	}
}

// The text read so far becomes a token, as long as there is any.
static void
push_text(struct mo_scanner *s, uint32_t end)
{
	uint32_t from = mo_last(&s->frames).text_from;
	if (from < end) {
		mo_scan_push_at(s, MO_TOK_TEXT, from, end);
	}
}

void
mo_scan_interpolation(struct mo_scanner *s)
{
	push_text(s, s->start);
	mo_scan_push(s, MO_TOK_INTERP_BEGIN);
	open_frame(s, MO_SCAN_CODE);
}

static void
close_string(struct mo_scanner *s, uint32_t text_end, uint32_t end)
{
	struct mo_scan_frame frame = mo_last(&s->frames);
	push_text(s, text_end);
	mo_scan_push_at(s, MO_TOK_STR_END, text_end, end);
	s->frames.len--;
	mo_text_resolve(s, frame.token, frame.mode);
}

void
mo_scan_string_end(struct mo_scanner *s)
{
	close_string(s, s->start, s->at);
}

// The text of an unclosed string may hold the `{` that a later `}` closes.
static void
count_swallowed(struct mo_scanner *s, struct mo_str text)
{
	int depth = 0;
	for (size_t i = 0; i < text.len; i++) {
		depth += (text.p[i] == '{') - (text.p[i] == '}');
	}
	s->swallowed_braces += depth > 0 ? (uint32_t)depth : 0;
}

void
mo_scan_raw(struct mo_scanner *s, bool closed)
{
	struct mo_str text = mo_scan_text(s);
	uint32_t end = closed ? s->at - 1 : mo_scan_without_return(s);
	uint32_t at = s->tokens.len;
	mo_scan_push_at(s, MO_TOK_STR_BEGIN, s->start, s->start + 1);
	if (end > s->start + 1) {
		mo_scan_push_at(s, MO_TOK_TEXT, s->start + 1, end)->text = mo_str_sub(text, 1, end - s->start);
	}
	mo_scan_push_at(s, MO_TOK_STR_END, end, closed ? s->at : end);
	if (closed) {
		return;
	}
	s->tokens.items[at].bad = true;
	count_swallowed(s, text);
	struct mo_span quote = mo_scan_span(s, s->start, s->start + 1);
	struct mo_diag *d = mo_report(s->ctx->diags, MSG_UNTERMINATED_STRING, quote, "this text has no closing `'` on its line");
	const char *other = memchr(text.p, '"', text.len);
	if (other) {
		uint32_t place = s->start + (uint32_t)(other - text.p);
		mo_diag_label(d, mo_scan_span(s, place, place + 1), "it ends with the other quote");
		mo_diag_help(d, "open it with `\"` too");
		mo_diag_fix(d, quote, "\"");
	} else {
		mo_diag_help(d, "close it with `'`; text over several lines stands between `'''` lines");
	}
}

// ---- strings that are not closed -----------------------------------------------------------------------------------------------------

// Closes all frames down to `depth` where the piece in hand begins, as if the missing ends stood there.
static void
give_up_frames(struct mo_scanner *s, uint32_t depth)
{
	uint32_t here = s->start;
	while (s->frames.len > depth) {
		struct mo_scan_frame frame = mo_last(&s->frames);
		s->tokens.items[frame.token].bad = true;
		if (frame.mode != MO_SCAN_CODE) {
			close_string(s, here, here);
		} else {
			bool interpolation = close_code(s);
			mo_scan_push_at(s, interpolation ? MO_TOK_INTERP_END : MO_TOK_RBRACE, here, here);
			if (interpolation) {
				mo_last(&s->frames).text_from = here;
			}
		}
		mo_last(&s->tokens).synthetic = true;
	}
}

// The lowest open `${` of a one-line string on this line; UINT32_MAX when there is none.
static uint32_t
interpolation_on_line(const struct mo_scanner *s)
{
	for (uint32_t i = 1; i < s->frames.len; i++) {
		const struct mo_token *opener = &s->tokens.items[s->frames.items[i].token];
		bool here = opener->span.start >= s->source->base + s->line;
		if (here && opener->kind == MO_TOK_INTERP_BEGIN && s->frames.items[i - 1].mode == MO_SCAN_TEXT) {
			return i;
		}
	}
	return UINT32_MAX;
}

static void
report_interpolation(struct mo_scanner *s, uint32_t frame)
{
	struct mo_diag *d = mo_report(s->ctx->diags, MSG_UNTERMINATED_INTERPOLATION,
		s->tokens.items[s->frames.items[frame].token].span, "this `${` has no closing `}`");
	mo_diag_here(d, "opened here");
	mo_diag_help(d, "close it with `}`; write `$${` where the text itself is meant");
}

static void
report_string(struct mo_scanner *s, const struct mo_scan_frame *frame)
{
	const struct mo_token *opener = &s->tokens.items[frame->token];
	struct mo_str quote = mo_str_sub(s->source->text, opener->span.start - s->source->base, opener->span.end - s->source->base);
	bool one_line = frame->mode == MO_SCAN_TEXT;
	struct mo_diag *d = mo_report(s->ctx->diags, MSG_UNTERMINATED_STRING, opener->span, "this text has no closing `" MO_STR_FMT "`%s",
		MO_STR_ARG(quote), one_line ? " on its line" : "");
	if (one_line) {
		struct mo_str text = mo_str_sub(s->source->text, frame->text_from, s->start);
		const char *other = text.len ? memchr(text.p, '\'', text.len) : NULL;
		if (other && (other + 1 == text.p + text.len || strchr(" ,)]}\r", other[1]))) {
			uint32_t place = frame->text_from + (uint32_t)(other - text.p);
			mo_diag_label(d, mo_scan_span(s, place, place + 1), "it ends with the other quote");
			mo_diag_help(d, "close it with `\"` too");
			mo_diag_fix(d, mo_scan_span(s, place, place + 1), "\"");
			return;
		}
	}
	mo_diag_help(d, one_line ? "close it with `\"`; text over several lines stands between `\"\"\"` lines"
	                         : "close it with the same three quotes on a line of their own");
}

// The newline is the piece in hand. A string inside of an unclosed `${` is the rest of the outer one.
void
mo_scan_string_cut(struct mo_scanner *s)
{
	uint32_t interpolation = interpolation_on_line(s);
	count_swallowed(s, mo_str_sub(s->source->text, mo_last(&s->frames).text_from, s->start));
	if (interpolation != UINT32_MAX) {
		report_interpolation(s, interpolation);
		give_up_frames(s, interpolation - 1);
	} else {
		report_string(s, &mo_last(&s->frames));
		give_up_frames(s, s->frames.len - 1);
	}
	mo_scan_begin_line(s, s->at);
}

void
mo_scan_strings_at_end(struct mo_scanner *s)
{
	s->start = s->at;
	s->ran_off = true;
	uint32_t interpolation = interpolation_on_line(s);
	if (interpolation != UINT32_MAX) {
		report_interpolation(s, interpolation);
	} else {
		report_string(s, &mo_last(&s->frames));
	}
	give_up_frames(s, 0);
}

static bool
is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static size_t
skip_blanks(struct mo_str text, size_t i)
{
	while (i < text.len && (text.p[i] == ' ' || text.p[i] == '\t' || text.p[i] == '\r' || text.p[i] == '\n')) {
		i++;
	}
	return i;
}

// Whether the text at an offset looks like the next item rather than the rest of an expression: `name:`, `name +:`, a closing brace
// that ends its line, or the end of the file.
static bool
next_item_at(struct mo_str text, size_t i)
{
	i = skip_blanks(text, i);
	if (i == text.len) {
		return true;
	}
	if (text.p[i] == '}') {
		i++;
		while (i < text.len && (text.p[i] == ' ' || text.p[i] == '\r' || text.p[i] == '}')) {
			i++;
		}
		return i == text.len || text.p[i] == '\n';
	}
	size_t word = i;
	while (i < text.len && is_word_byte(text.p[i])) {
		i++;
	}
	if (i == word) {
		return false;
	}
	struct mo_str name = mo_str_sub(text, word, i);
	size_t behind = i;
	while (behind < text.len && text.p[behind] == ' ') {
		behind++;
	}
	if (behind == text.len) {
		return false;
	}
	if (text.p[behind] == ':') {
		return true;
	}
	return behind > i && is_word_byte(text.p[behind]) && (mo_str_is(name, "let") || mo_str_is(name, "output") ||
		mo_str_is(name, "stack") || mo_str_is(name, "input") || mo_str_is(name, "param") || mo_str_is(name, "allow"));
}

// Whether the `${` of the top frame holds no open parenthesis, or the next line stands further left than its own.
static bool
may_give_up(const struct mo_scanner *s)
{
	uint32_t opener = mo_last(&s->frames).token;
	int depth = 0;
	for (uint32_t i = opener + 1; i < s->tokens.len; i++) {
		int kind = s->tokens.items[i].kind;
		depth += (kind == MO_TOK_LPAREN || kind == MO_TOK_LBRACKET) - (kind == MO_TOK_RPAREN || kind == MO_TOK_RBRACKET);
	}
	uint32_t indent = s->at;
	while (indent < s->source->text.len && (s->source->text.p[indent] == ' ' || s->source->text.p[indent] == '\t')) {
		indent++;
	}
	return depth <= 0 || indent - s->at <= s->tokens.items[opener].indent;
}

bool
mo_scan_newline(struct mo_scanner *s)
{
	uint32_t top = s->frames.len - 1;
	bool in_line_string = s->frames.len > 1 && s->tokens.items[s->frames.items[top].token].kind == MO_TOK_INTERP_BEGIN &&
		s->frames.items[top - 1].mode == MO_SCAN_TEXT;
	bool given_up = in_line_string && next_item_at(s->source->text, s->at) && may_give_up(s);
	if (given_up) {
		uint32_t lowest = interpolation_on_line(s);
		lowest = lowest == UINT32_MAX ? top : lowest;
		report_interpolation(s, lowest);
		give_up_frames(s, lowest - 1);
	}
	mo_scan_begin_line(s, s->at);
	return given_up;
}

// A `${` may still be open where the file ends in code.
void
mo_scan_interpolations_at_end(struct mo_scanner *s)
{
	uint32_t first = 0;
	while (first < s->frames.len && s->frames.items[first].mode == MO_SCAN_CODE) {
		first++;
	}
	if (first < s->frames.len) {
		s->ran_off = true;
		report_interpolation(s, first + 1);
		give_up_frames(s, first);
	}
}
