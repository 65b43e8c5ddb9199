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

void
mo_scan_begin_line(struct mo_scanner *s, uint32_t at)
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

uint32_t
mo_scan_without_return(const struct mo_scanner *s)
{
	return s->at > s->start && s->source->text.p[s->at - 1] == '\r' ? s->at - 1 : s->at;
}

void
mo_scan_line_comment(struct mo_scanner *s, bool doc)
{
	line_has_content(s);
	doc = doc && s->newline; // behind code it says something about that code, not about what follows
	uint32_t end = mo_scan_without_return(s);
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
	keep_trivia(s, MO_TRIVIA_LINE, s->start, mo_scan_without_return(s));
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

// ---- the whole file ------------------------------------------------------------------------------------------------------------------

void
mo_scan(struct mo_scanner *s, struct mo_ctx *ctx, const struct mo_source *source, struct mo_syntax *syntax)
{
	*s = (struct mo_scanner){ .ctx = ctx, .source = source, .syntax = syntax, .blank = UINT32_MAX, .newline = true, .empty_line = true };
	mo_scan_run(s);
	s->start = s->at;
	mo_scan_interpolations_at_end(s);
	mo_scan_push(s, MO_TOK_END);
	mo_last(&s->tokens).newline = false; // what ends the file needs no separator
}
