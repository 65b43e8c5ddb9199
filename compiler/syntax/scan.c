// SPDX-License-Identifier: Apache-2.0
// Keeps what the rules of grammar/mlops.l find: words and marks, comments and blank lines, and the stack of open braces and strings
// that says how the text behind is to be read. Takes a source, gives tokens and trivia. It does not know which brackets belong together
// (syntax/bracket.c) nor which newlines separate (syntax/layout.c).
#include "syntax/scan.h"

#include "diag/diag.h"

#include <stddef.h>
#include <string.h>

// ---- plumbing ------------------------------------------------------------------------------------------------------------------------

void
mo_scan_advance(struct mo_scanner *s, uint32_t bytes)
{
	s->start = s->at;
	s->at += bytes;
}

size_t
mo_scan_input(struct mo_scanner *s, char *buffer, size_t room)
{
	size_t left = s->source->text.len - s->fed;
	size_t n = left < room ? left : room;
	if (n) {
		memcpy(buffer, s->source->text.p + s->fed, n);
	}
	s->fed += n;
	return n;
}

// The size stands before the memory, because growing needs it.
void *
mo_scan_alloc(struct mo_scanner *s, size_t size)
{
	size_t *p = mo_arena_alloc(&s->ctx->session, sizeof(max_align_t) + size);
	*p = size;
	return (char *)p + sizeof(max_align_t);
}

void *
mo_scan_realloc(struct mo_scanner *s, void *old, size_t size)
{
	void *p = mo_scan_alloc(s, size);
	if (old) {
		size_t old_size = *(size_t *)(void *)((char *)old - sizeof(max_align_t));
		memcpy(p, old, old_size < size ? old_size : size);
	}
	return p;
}

// What flex calls fatal is running out of memory.
void
mo_scan_fatal(struct mo_scanner *s)
{
	longjmp(*s->ctx->mem.on_exhausted, 1);
}

struct mo_span
mo_scan_span(const struct mo_scanner *s, uint32_t from, uint32_t to)
{
	return (struct mo_span){ s->source->base + from, s->source->base + to };
}

static struct mo_span
span_in_hand(const struct mo_scanner *s)
{
	return mo_scan_span(s, s->start, s->at);
}

struct mo_str
mo_scan_text(const struct mo_scanner *s)
{
	return mo_str_sub(s->source->text, s->start, s->at);
}

// ---- trivia --------------------------------------------------------------------------------------------------------------------------

static void
keep_trivia(struct mo_scanner *s, enum mo_trivia_kind kind, uint32_t from, uint32_t to)
{
	struct mo_trivia trivia = { .span = mo_scan_span(s, from, to), .kind = kind };
	mo_push(&s->ctx->session, &s->syntax->trivia, trivia);
}

// Something stands on this line: a run of blank lines ends before it.
static void
line_has_content(struct mo_scanner *s)
{
	if (s->blank != UINT32_MAX) {
		keep_trivia(s, MO_TRIVIA_BLANK, s->blank, s->line);
		s->blank = UINT32_MAX;
	}
	s->empty_line = false;
}

static void
begin_line(struct mo_scanner *s, uint32_t at)
{
	if (s->empty_line && s->blank == UINT32_MAX) {
		s->blank = s->line;
	}
	s->line = at;
	s->newline = true;
	s->empty_line = true;
}

static void
add_doc(struct mo_scanner *s, struct mo_str line)
{
	line = mo_str_sub(line, mo_str_starts(line, MO_STR("/// ")) ? 4 : 3, line.len);
	if (s->doc.p) {
		mo_buf_addc(&s->doc, '\n');
	} else {
		s->doc = mo_buf_in(&s->ctx->session);
	}
	mo_buf_add(&s->doc, line);
	if (!s->doc.p) { // the first line is empty: remember that there is one
		mo_buf_fill(&s->doc, ' ', 1);
		s->doc.len = 0;
	}
}

static uint32_t
without_return(const struct mo_scanner *s)
{
	return s->at > s->start && s->source->text.p[s->at - 1] == '\r' ? s->at - 1 : s->at;
}

void
mo_scan_line_comment(struct mo_scanner *s, bool doc)
{
	line_has_content(s);
	doc = doc && s->newline; // behind code it says something about that code, not about what follows
	uint32_t end = without_return(s);
	if (doc) {
		add_doc(s, mo_str_sub(s->source->text, s->start, end));
	}
	keep_trivia(s, doc ? MO_TRIVIA_DOC : MO_TRIVIA_LINE, s->start, end);
}

void
mo_scan_hash(struct mo_scanner *s)
{
	struct mo_span mark = mo_scan_span(s, s->start, s->start + 1);
	struct mo_diag *d = mo_report(s->ctx->diags, MSG_HASH_COMMENT, mark, "a comment begins with `//`, not with `#`");
	mo_diag_help(d, "write `//`");
	mo_diag_fix(d, mark, "//");
	line_has_content(s);
	keep_trivia(s, MO_TRIVIA_LINE, s->start, without_return(s));
}

void
mo_scan_comment_begin(struct mo_scanner *s)
{
	line_has_content(s);
	s->comment = s->start;
}

void
mo_scan_comment_end(struct mo_scanner *s, bool closed)
{
	if (!closed) {
		s->ran_off = true;
		struct mo_diag *d = mo_report(s->ctx->diags, MSG_UNTERMINATED_COMMENT, mo_scan_span(s, s->comment, s->comment + 2),
			"this comment has no end");
		mo_diag_here(d, "everything from here on is comment");
		mo_diag_help(d, "close it with `*/`");
	}
	struct mo_str text = mo_str_sub(s->source->text, s->comment, s->at);
	keep_trivia(s, MO_TRIVIA_BLOCK, s->comment, s->at);
	if (text.len && memchr(text.p, '\n', text.len)) {
		s->newline = true; // a comment over several lines separates like the newlines in it
		const char *last = memrchr(text.p, '\n', text.len);
		s->line = s->comment + (uint32_t)(last - text.p) + 1;
	}
}

// ---- tokens --------------------------------------------------------------------------------------------------------------------------

static uint16_t
indent_of_line(const struct mo_scanner *s)
{
	uint32_t i = s->line;
	while (i < s->at && i - s->line < UINT16_MAX && (s->source->text.p[i] == ' ' || s->source->text.p[i] == '\t')) {
		i++;
	}
	return (uint16_t)(i - s->line);
}

struct mo_token *
mo_scan_push_at(struct mo_scanner *s, int kind, uint32_t from, uint32_t to)
{
	struct mo_token token = { .kind = (int16_t)kind, .span = mo_scan_span(s, from, to), .newline = s->newline };
	bool first = s->newline || s->tokens.len == 0;
	token.indent = first ? indent_of_line(s) : mo_last(&s->tokens).indent;
	line_has_content(s);
	if (s->doc.p) {
		mo_push(&s->ctx->session, &s->docs, (struct mo_doc){ token.span.start, mo_buf_str(&s->doc) });
		s->doc = (struct mo_buf){ 0 };
	}
	s->newline = false;
	mo_push(&s->ctx->session, &s->tokens, token);
	return &mo_last(&s->tokens);
}

struct mo_token *
mo_scan_push(struct mo_scanner *s, int kind)
{
	return mo_scan_push_at(s, kind, s->start, s->at);
}

static const struct keyword {
	const char *text;
	int kind;
} keywords[] = {
#define MO_KEYWORD(TOKEN, text, CLASS) { text, MO_TOK_##TOKEN },
#include "grammar/keywords.def"
};

static int
kind_of_word(struct mo_str word)
{
	size_t low = 0, high = sizeof(keywords) / sizeof(keywords[0]);
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = mo_str_cmp(word, mo_str_c(keywords[middle].text));
		if (order == 0) {
			return keywords[middle].kind;
		}
		if (order < 0) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}
	return MO_TOK_IDENT;
}

void
mo_scan_word(struct mo_scanner *s)
{
	struct mo_str word = mo_scan_text(s);
	mo_atom atom = mo_atom_of(s->ctx->atoms, word);
	mo_scan_push(s, kind_of_word(word))->atom = atom;
}

void
mo_scan_type_name(struct mo_scanner *s)
{
	mo_atom atom = mo_atom_of(s->ctx->atoms, mo_scan_text(s));
	mo_scan_push(s, MO_TOK_TYPENAME)->atom = atom;
}

void
mo_scan_mark(struct mo_scanner *s, int kind)
{
	mo_scan_push(s, kind);
}

// A semicolon separates as a newline would; one diagnostic for each, and nothing else suffers.
void
mo_scan_semicolon(struct mo_scanner *s)
{
	struct mo_diag *d = mo_report(s->ctx->diags, MSG_SEMICOLON, span_in_hand(s), "nothing ends with `;`");
	size_t next = s->at;
	while (next < s->source->text.len && (s->source->text.p[next] == ' ' || s->source->text.p[next] == '\r')) {
		next++;
	}
	bool last = next == s->source->text.len || s->source->text.p[next] == '\n' || s->source->text.p[next] == '/';
	mo_diag_help(d, last ? "leave it out: a newline is enough" : "write `,` or begin a new line");
	mo_diag_fix(d, span_in_hand(s), "%s", last ? "" : ",");
	line_has_content(s);
	s->newline = true;
}

// Adjacent strange bytes are one mistake.
void
mo_scan_stray(struct mo_scanner *s)
{
	if (s->tokens.len && mo_last(&s->tokens).kind == MO_TOKEN_STRAY && s->stray_end == s->start) {
		mo_last(&s->tokens).span.end = s->source->base + s->at;
	} else {
		mo_scan_push(s, MO_TOKEN_STRAY);
	}
	s->stray_end = s->at;
}

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
		struct mo_diag *d = mo_report(s->ctx->diags, MSG_BLOCK_OPENING, span_in_hand(s), "the text of a " MO_STR_FMT
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
	uint32_t end = closed ? s->at - 1 : without_return(s);
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
	begin_line(s, s->at);
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
	begin_line(s, s->at);
	return given_up;
}

// ---- the whole file ------------------------------------------------------------------------------------------------------------------

// A `${` may still be open where the file ends in code.
static void
finish(struct mo_scanner *s)
{
	s->start = s->at;
	uint32_t first = 0;
	while (first < s->frames.len && s->frames.items[first].mode == MO_SCAN_CODE) {
		first++;
	}
	if (first < s->frames.len) {
		s->ran_off = true;
		report_interpolation(s, first + 1);
		give_up_frames(s, first);
	}
	mo_scan_push(s, MO_TOK_END);
	mo_last(&s->tokens).newline = false; // what ends the file needs no separator
}

void
mo_scan(struct mo_scanner *s, struct mo_ctx *ctx, const struct mo_source *source, struct mo_syntax *syntax)
{
	*s = (struct mo_scanner){ .ctx = ctx, .source = source, .syntax = syntax, .blank = UINT32_MAX, .newline = true, .empty_line = true };
	mo_scan_run(s);
	finish(s);
}
