// SPDX-License-Identifier: Apache-2.0
// The text of strings: takes the raw pieces between quotes and `${ … }`, gives what they mean. Escapes are resolved; in blocks, the
// indentation of the closing quotes goes away from every line, and the last newline with it.
#include "syntax/scan.h"

#include "diag/diag.h"

#include <stdio.h>
#include <string.h>

struct resolver {
	struct mo_scanner *s;
	bool escapes;         // text in double quotes
	bool block;           // text in triple quotes
	struct mo_str indent; // of a block's closing quotes
	bool indent_reported; // one mistake in a block's layout is enough
	bool line_start;      // the next byte begins a line of a block
	bool final;           // the closing quotes follow the piece in hand
	struct mo_buf out;
};

static struct mo_span
span_at(const struct resolver *r, const char *p, size_t len)
{
	uint32_t from = (uint32_t)(p - r->s->source->text.p);
	return mo_scan_span(r->s, from, from + (uint32_t)len);
}

// ---- escapes -------------------------------------------------------------------------------------------------------------------------

// The bytes of the character at p.
static size_t
character_at(struct mo_str text, size_t i)
{
	size_t n = 1;
	while (i + n < text.len && ((unsigned char)text.p[i + n] & 0xC0) == 0x80) {
		n++;
	}
	return i < text.len ? n : 0;
}

static size_t
bad_escape(struct resolver *r, struct mo_str text, size_t i, size_t len, const char *what)
{
	struct mo_span span = span_at(r, text.p + i, len);
	struct mo_diag *d = mo_report(r->s->ctx->diags, MSG_BAD_ESCAPE, span, "%s", what);
	mo_diag_note(d, "the escapes are \\n \\t \\r \\\" \\\\ \\$ and \\u{…}");
	if (len == 2 && text.p[i + 1] == '\'') {
		mo_diag_help(d, "`'` needs no escape");
		mo_diag_fix(d, span, "'");
	} else {
		mo_diag_help(d, "write `\\\\` for a backslash, or use '…', where a backslash is a character like any other");
		mo_diag_fix(d, span_at(r, text.p + i, 1), "\\\\");
	}
	return i + len;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// \u{1F600}, from its backslash; gives the index behind it.
static size_t
unicode_escape(struct resolver *r, struct mo_str text, size_t i)
{
	size_t at = i + 3;
	uint32_t code = 0;
	while (at < text.len && hex_digit(text.p[at]) >= 0 && code <= 0x10FFFF) {
		code = code * 16 + (uint32_t)hex_digit(text.p[at++]);
	}
	bool shaped = i + 2 < text.len && text.p[i + 2] == '{' && at > i + 3 && at < text.len && text.p[at] == '}';
	if (!shaped) {
		return bad_escape(r, text, i, 2, "`\\u` is followed by a code point in braces, as in `\\u{e9}`");
	}
	at++;
	if (code > 0x10FFFF || code == 0 || (code >= 0xD800 && code <= 0xDFFF)) {
		return bad_escape(r, text, i, at - i, "this code point is no character");
	}
	mo_buf_utf8(&r->out, code);
	return at;
}

// The escape whose backslash is at i; gives the index behind it.
static size_t
escape(struct resolver *r, struct mo_str text, size_t i)
{
	static const char names[] = "ntr\"\\$";
	static const char values[] = "\n\t\r\"\\$";
	if (i + 1 == text.len) {
		return text.len; // the string was cut here, which is reported
	}
	char c = text.p[i + 1];
	const char *known = memchr(names, c, sizeof(names) - 1);
	if (known) {
		mo_buf_addc(&r->out, values[known - names]);
		return i + 2;
	}
	if (c == 'u') {
		return unicode_escape(r, text, i);
	}
	size_t len = 1 + (c == '\n' ? 0 : character_at(text, i + 1));
	char what[64];
	snprintf(what, sizeof(what), "`%.*s` is not an escape", (int)len, text.p + i);
	return bad_escape(r, text, i, len, what);
}

// ---- blocks --------------------------------------------------------------------------------------------------------------------------

static bool
is_blank(struct mo_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] != ' ' && s.p[i] != '\t' && s.p[i] != '\r') {
			return false;
		}
	}
	return true;
}

// Takes the indentation off the line that begins at i; gives the index of what is kept. A blank line may be shorter; blanks before a
// `${` are no blank line.
static size_t
line_begin(struct resolver *r, struct mo_str text, size_t i)
{
	r->line_start = false;
	struct mo_str rest = mo_str_sub(text, i, text.len);
	const char *newline = rest.len ? memchr(rest.p, '\n', rest.len) : NULL;
	struct mo_str line = newline ? mo_str_sub(rest, 0, (size_t)(newline - rest.p)) : rest;
	if (mo_str_starts(line, r->indent)) {
		return i + r->indent.len;
	}
	if (newline && is_blank(line)) {
		return i + line.len;
	}
	size_t blanks = 0;
	while (blanks < line.len && (line.p[blanks] == ' ' || line.p[blanks] == '\t')) {
		blanks++;
	}
	if (!r->indent_reported) {
		r->indent_reported = true;
		struct mo_span span = span_at(r, line.p, blanks);
		bool tabs = memchr(r->indent.p, '\t', r->indent.len) || (blanks && memchr(line.p, '\t', blanks));
		struct mo_diag *d = mo_report(r->s->ctx->diags, MSG_BLOCK_INDENT, span,
			"this line is indented less than the closing quotes of its block%s", tabs ? " (tabs and spaces differ)" : "");
		mo_diag_label(d, span_at(r, r->indent.p, r->indent.len + 3), "the indentation of these quotes goes away from every line");
		mo_diag_help(d, "indent the line at least as far, with the same characters");
		mo_diag_fix(d, span, MO_STR_FMT, MO_STR_ARG(r->indent));
	}
	return i + blanks;
}

// The text of one piece.
static struct mo_str
resolve(struct resolver *r, struct mo_str text)
{
	r->out = mo_buf_in(&r->s->ctx->session);
	if (!r->escapes && !r->block) {
		return text;
	}
	size_t i = 0;
	while (i < text.len || (r->line_start && !r->final)) {
		if (r->line_start) {
			i = line_begin(r, text, i);
			continue;
		}
		char c = text.p[i];
		if (c == '\\' && r->escapes) {
			i = escape(r, text, i);
			continue;
		}
		if (c == '$' && r->escapes && i + 2 < text.len && text.p[i + 1] == '$' && text.p[i + 2] == '{') {
			i++; // `$${` means `${`: the first dollar goes
		} else if (c == '\r' && r->block && i + 1 < text.len && text.p[i + 1] == '\n') {
			i++;
			continue;
		}
		mo_buf_addc(&r->out, text.p[i]);
		r->line_start = r->block && text.p[i] == '\n';
		i++;
	}
	return mo_buf_str(&r->out);
}

// ---- strings -------------------------------------------------------------------------------------------------------------------------

static struct mo_str
source_of(const struct resolver *r, struct mo_span span)
{
	return mo_str_sub(r->s->source->text, span.start - r->s->source->base, span.end - r->s->source->base);
}

// The line of a block's closing quotes. Cuts it, with the newline before it, off the last piece of text; that the quotes do not stand
// alone is reported.
static void
find_indent(struct resolver *r, uint32_t begin)
{
	const struct mo_token *quotes = &mo_last(&r->s->tokens);
	struct mo_token *last = &r->s->tokens.items[r->s->tokens.len - 2];
	uint32_t end = quotes->span.start;
	struct mo_str before = MO_STR("");
	bool first = last->kind == MO_TOK_STR_BEGIN; // the quotes follow the opening ones at once
	if (last->kind == MO_TOK_TEXT) {
		before = source_of(r, last->span);
		first = r->s->tokens.len - 2 == begin + 1;
	}
	const char *newline = before.len ? memrchr(before.p, '\n', before.len) : NULL;
	size_t line = newline ? (size_t)(newline - before.p) + 1 : 0;
	r->indent = mo_str_sub(before, line, before.len);
	if (quotes->synthetic || r->s->tokens.items[begin].bad) {
		r->indent = mo_str_sub(before, before.len, before.len);
		return;
	}
	if ((newline || first) && is_blank(r->indent)) {
		size_t keep = newline ? (size_t)(newline - before.p) : 0;
		keep -= keep && before.p[keep - 1] == '\r';
		uint32_t cut = (uint32_t)(before.len - keep);
		if (before.len) {
			last->span.end = end - cut;
		}
		return;
	}
	r->indent = mo_str_sub(before, before.len, before.len);
	r->indent_reported = true;
	r->s->tokens.items[begin].bad = true;
	struct mo_diag *d = mo_report(r->s->ctx->diags, MSG_BLOCK_CLOSING, quotes->span, "the closing quotes of a block stand on a line of their own");
	mo_diag_help(d, "begin a new line before them; its newline is no part of the text");
}

void
mo_text_resolve(struct mo_scanner *s, uint32_t begin, enum mo_scan_mode mode)
{
	struct resolver r = { .s = s, .escapes = mode != MO_SCAN_RAW_BLOCK, .block = mode != MO_SCAN_TEXT };
	uint32_t errors = s->ctx->diags->errors;
	if (r.block) {
		find_indent(&r, begin);
	}
	r.line_start = r.block;
	for (uint32_t i = begin + 1; i < s->tokens.len - 1;) {
		struct mo_token *token = &s->tokens.items[i];
		if (token->kind == MO_TOK_INTERP_BEGIN) {
			i = token->partner + 1;
			r.line_start = false;
			continue;
		}
		r.final = s->tokens.items[i + 1].kind == MO_TOK_STR_END;
		token->text = resolve(&r, source_of(&r, token->span));
		if (token->text.len == 0 && token->kind == MO_TOK_TEXT) {
			token->kind = MO_TOKEN_DROPPED;
		}
		i++;
	}
	s->tokens.items[begin].bad |= s->ctx->diags->errors != errors;
}
