// SPDX-License-Identifier: Apache-2.0
// Brackets: takes the scanner's tokens, gives them back balanced. A missing bracket is reported once, where it was opened, and a closing
// one is put in where the indentation says that it was forgotten, so that the rest of the file is parsed as it was meant.
#include "syntax/layout.h"

#include "diag/diag.h"

struct open_bracket {
	int kind;
	uint32_t token;   // index among the new tokens
	uint32_t source;  // index among the scanner's
	uint16_t indent;  // of its line
	bool unclosed;    // known from the first look
	bool flat;        // what it holds is not indented, so indentation says nothing
};

struct balancer {
	struct mo_parser *p;
	mo_tokens in, out;
	bool *unclosed;       // of each token of in: a `(` or `[` that a `}` or the end cuts off
	uint32_t missing;     // `{` of the file that lack a `}` when indentation is not considered, and have not been closed yet
	MO_VEC(struct open_bracket) stack;
	uint32_t depth;       // without quotes
	uint32_t dropping;    // while not 0: drop everything until the stack is this long again
	bool quiet;           // do not report what is open at the end
	bool too_deep;
	uint32_t stray;       // the last closing bracket that fits nothing, of the scanner's tokens; 0 when there was none
};

// Ends of strings and interpolations: the scanner gives them in pairs, so nothing reaches across.
static bool
is_fence(int kind)
{
	return kind == MO_TOK_INTERP_BEGIN || kind == MO_TOK_STR_BEGIN;
}

// ---- first look: what is never closed --------------------------------------------------------------------------------------------------

// Marks the brackets above the one that a closer of this kind belongs to; gives the new height of the stack.
static uint32_t
pop_in_first_look(struct balancer *b, const uint32_t *stack, uint32_t height, int closer)
{
	uint32_t i = height;
	while (i && mo_token_closer(b->in.items[stack[i - 1]].kind) != closer) {
		int kind = b->in.items[stack[i - 1]].kind;
		if (is_fence(kind) || (kind == MO_TOK_LBRACE && closer != MO_TOK_INTERP_END)) {
			return height; // belongs to nothing
		}
		i--;
	}
	if (i == 0) {
		return height;
	}
	for (uint32_t j = i; j < height; j++) {
		b->unclosed[stack[j]] = true;
	}
	return i - 1;
}

static void
first_look(struct balancer *b)
{
	struct mo_arena *arena = &b->p->ctx->session;
	b->unclosed = mo_new_array(arena, bool, b->in.len);
	MO_VEC(uint32_t) stack = { 0 };
	for (uint32_t i = 0; i < b->in.len; i++) {
		int kind = b->in.items[i].kind;
		if (mo_token_closer(kind)) {
			mo_push(arena, &stack, i);
		} else if (mo_token_closes(kind)) {
			stack.len = pop_in_first_look(b, stack.items, stack.len, kind);
		}
	}
	for (uint32_t i = 0; i < stack.len; i++) {
		bool brace = b->in.items[stack.items[i]].kind == MO_TOK_LBRACE;
		b->missing += brace;
		b->unclosed[stack.items[i]] = !brace;
	}
}

// ---- putting in and leaving out ----------------------------------------------------------------------------------------------------------

static const struct open_bracket *
top(const struct balancer *b)
{
	return b->stack.len ? &mo_last(&b->stack) : NULL;
}

static void
emit(struct balancer *b, struct mo_token token)
{
	if (!b->dropping) {
		mo_push(&b->p->ctx->session, &b->out, token);
	}
}

static void
open_bracket(struct balancer *b, uint32_t i)
{
	const struct mo_token *token = &b->in.items[i];
	b->depth += token->kind != MO_TOK_STR_BEGIN;
	if (b->depth > MO_PARSE_DEPTH && !b->dropping) {
		if (!b->too_deep) {
			struct mo_diag *d = mo_report(b->p->ctx->diags, MSG_NESTED_TOO_DEEPLY, token->span,
				"this is nested more than %d brackets deep", MO_PARSE_DEPTH);
			mo_diag_help(d, "give the inner parts names with `let`, or make a component of them");
		}
		b->too_deep = b->p->too_long = true;
		struct mo_token stand_in = *token;
		stand_in.kind = MO_TOKEN_STRAY;
		stand_in.bad = true; // reported
		emit(b, stand_in);
		b->dropping = b->stack.len + 1;
	}
	emit(b, *token);
	mo_push(&b->p->ctx->session, &b->stack,
		(struct open_bracket){ .kind = token->kind, .token = b->out.len ? b->out.len - 1 : 0, .source = i, .indent = token->indent,
			.unclosed = b->unclosed[i] });
}

// Gives the closing token of the top bracket.
static void
close_top(struct balancer *b, struct mo_token token)
{
	struct open_bracket open = mo_last(&b->stack);
	token.kind = (int16_t)mo_token_closer(open.kind);
	emit(b, token);
	if (!b->dropping) {
		b->out.items[open.token].partner = b->out.len - 1;
		mo_last(&b->out).partner = open.token;
	}
	b->depth -= open.kind != MO_TOK_STR_BEGIN;
	b->stack.len--;
	if (b->dropping && b->stack.len + 1 == b->dropping) {
		b->dropping = 0;
	}
}

// A closing token that is not in the text, behind the last one that is.
static void
close_unseen(struct balancer *b)
{
	uint32_t at = b->out.len ? mo_last(&b->out).span.end : b->p->source->base;
	close_top(b, (struct mo_token){ .span = { at, at }, .synthetic = true, .indent = b->out.len ? mo_last(&b->out).indent : 0 });
}

// Whether an unclosed string behind the bracket has swallowed the rest of its line, and perhaps its end.
static bool
swallowed(const struct balancer *b, uint32_t i)
{
	for (i++; i < b->in.len && !b->in.items[i].newline; i++) {
		if (b->in.items[i].kind == MO_TOK_STR_BEGIN && b->in.items[i].bad) {
			return true;
		}
	}
	return false;
}

static struct mo_diag *
report_unclosed(struct balancer *b, const struct open_bracket *open)
{
	const struct mo_token *token = &b->in.items[open->source];
	if (token->bad || b->dropping) {
		return NULL; // reported by the scanner, or inside of what is nested too deeply
	}
	if (swallowed(b, open->source)) {
		b->out.items[open->token].bad = true;
		return NULL;
	}
	b->out.items[open->token].bad = open->kind != MO_TOK_LBRACE; // a block closed by its indentation is most likely what was meant
	struct mo_diag *d = mo_report(b->p->ctx->diags, MSG_UNCLOSED_BRACKET, token->span, "this %s is never closed",
		mo_token_spelling(open->kind));
	return d;
}

// The top bracket is missing its end before the scanner's token i.
static void
close_missing(struct balancer *b, uint32_t i)
{
	struct open_bracket open = mo_last(&b->stack);
	struct mo_diag *d = report_unclosed(b, &open);
	if (d) {
		const char *closer = mo_token_spelling(mo_token_closer(open.kind));
		const struct mo_token *next = &b->in.items[i];
		mo_diag_label(d, next->span, "%s is expected before this", closer);
		mo_diag_help(d, "close it with %s", closer);
	}
	if (open.kind == MO_TOK_LBRACE && b->missing) {
		b->missing--;
	}
	close_unseen(b);
}

// ---- what the indentation says -----------------------------------------------------------------------------------------------------------

// Whether the first token of a line, the scanner's i, says that the top bracket was to be closed before.
static bool
closed_by_indent(struct balancer *b, uint32_t i)
{
	const struct mo_token *token = &b->in.items[i];
	struct open_bracket *open = b->stack.len ? &mo_last(&b->stack) : NULL;
	if (!open || is_fence(open->kind)) {
		return false;
	}
	if (open->kind != MO_TOK_LBRACE) {
		return open->unclosed && token->indent <= open->indent;
	}
	int next = b->in.items[i + 1].kind;
	if (open->source + 1 == i && token->indent == open->indent && (next == MO_TOK_COLON || next == MO_TOK_PLUSCOLON)) {
		open->flat = true;
	}
	return b->missing && !open->flat && (mo_token_closes(token->kind) ? token->indent < open->indent : token->indent <= open->indent);
}

static void
close_by_indent(struct balancer *b, uint32_t i)
{
	const struct mo_token *token = &b->in.items[i];
	if (token->newline && !b->dropping) {
		while (closed_by_indent(b, i)) {
			close_missing(b, i);
		}
	}
}

// ---- closing brackets of the text ----------------------------------------------------------------------------------------------------------

// How many brackets up to and with the one that this closer belongs to; 0 when it belongs to none.
static uint32_t
distance_to(const struct balancer *b, int closer)
{
	for (uint32_t n = 1; n <= b->stack.len; n++) {
		int kind = b->stack.items[b->stack.len - n].kind;
		if (mo_token_closer(kind) == closer) {
			return n;
		}
		bool passable = kind == MO_TOK_LPAREN || kind == MO_TOK_LBRACKET || (kind == MO_TOK_LBRACE && closer == MO_TOK_INTERP_END);
		if (!passable) {
			return 0;
		}
	}
	return 0;
}

// Whether a closing bracket that fits nothing was reported before on the line of the scanner's token i: one message for each line.
static bool
said_on_line(struct balancer *b, uint32_t i)
{
	bool said = b->stray > 0;
	for (uint32_t k = b->stray; k < i && said; k++) {
		said = !b->in.items[k + 1].newline;
	}
	b->stray = i;
	return said;
}

static void
report_unmatched(struct balancer *b, uint32_t i)
{
	const struct mo_token *token = &b->in.items[i];
	if (b->too_deep) {
		return;
	}
	if (token->kind != MO_TOK_RBRACE && !token->newline && b->out.len && !b->dropping) {
		mo_last(&b->out).bad = true; // what the parser says about this item would be an echo
	}
	const struct open_bracket *open = top(b);
	const char *found = mo_token_spelling(token->kind);
	if (token->kind != MO_TOK_RBRACE && said_on_line(b, i)) {
		return;
	}
	if (open && (open->kind == MO_TOK_LPAREN || open->kind == MO_TOK_LBRACKET)) {
		const char *wanted = mo_token_spelling(mo_token_closer(open->kind));
		struct mo_diag *d = mo_report(b->p->ctx->diags, MSG_MISMATCHED_BRACKET, token->span, "expected %s, found %s", wanted, found);
		mo_diag_label(d, b->in.items[open->source].span, "opened here");
		mo_diag_help(d, "write %s", wanted);
		mo_diag_fix(d, token->span, "%c", wanted[1]);
		return;
	}
	if (token->kind == MO_TOK_RBRACE) { // the parser may find the place where its `{` is missing
		mo_push(&b->p->ctx->session, &b->p->surplus_braces, token->span.start);
		return;
	}
	struct mo_diag *d = mo_report(b->p->ctx->diags, MSG_UNMATCHED_BRACKET, token->span, "this %s closes nothing", found);
	if (open && open->kind == MO_TOK_LBRACE) {
		mo_diag_label(d, b->in.items[open->source].span, "this is what is open here");
	}
	mo_diag_help(d, "remove it, or look for the missing opening bracket before it");
}

static void
closing_bracket(struct balancer *b, uint32_t i)
{
	struct mo_token token = b->in.items[i];
	uint32_t distance = distance_to(b, token.kind);
	if (distance == 0) {
		const struct open_bracket *open = top(b);
		report_unmatched(b, i);
		if (open && (open->kind == MO_TOK_LPAREN || open->kind == MO_TOK_LBRACKET) && token.kind != MO_TOK_RBRACE) {
			b->out.items[open->token].bad |= !b->dropping;
			close_top(b, token);
		}
		return;
	}
	for (; distance > 1; distance--) {
		if (token.synthetic) {
			close_unseen(b); // part of what the scanner reported
		} else {
			close_missing(b, i);
		}
	}
	close_top(b, token);
}

// What is still open at the end: one diagnostic, at the innermost; the others are said with it.
static void
close_all(struct balancer *b)
{
	const struct open_bracket *open = top(b);
	struct mo_diag *d = open && !b->quiet && !b->too_deep ? report_unclosed(b, open) : NULL;
	if (d) {
		mo_diag_here(d, "opened here, and the file ends before it is closed");
		mo_diag_help(d, "close it with %s", mo_token_spelling(mo_token_closer(open->kind)));
		if (b->stack.len > 1) {
			mo_diag_label(d, b->in.items[b->stack.items[b->stack.len - 2].source].span, "this is open too");
		}
	}
	b->dropping = b->dropping && b->dropping <= b->stack.len ? b->dropping : 0;
	while (b->stack.len) {
		close_unseen(b);
	}
}

void
mo_brackets(struct mo_parser *p, bool ran_off)
{
	struct balancer b = { .p = p, .in = p->tokens, .quiet = ran_off };
	first_look(&b);
	if (ran_off) {
		b.missing = 0;
	}
	for (uint32_t i = 0; i < b.in.len; i++) {
		struct mo_token *token = &b.in.items[i];
		if (token->kind == MO_TOKEN_DROPPED) {
			continue;
		}
		if (token->kind == MO_TOK_END) {
			close_all(&b);
			b.dropping = 0;
			emit(&b, *token);
			break;
		}
		close_by_indent(&b, i);
		if (mo_token_closer(token->kind)) {
			open_bracket(&b, i);
		} else if (mo_token_closes(token->kind)) {
			closing_bracket(&b, i);
		} else {
			emit(&b, *token);
		}
	}
	p->tokens = b.out;
}

void
mo_brackets_finish(struct mo_parser *p)
{
	for (uint32_t i = p->missing_braces; i < p->surplus_braces.len; i++) {
		struct mo_span span = { p->surplus_braces.items[i], p->surplus_braces.items[i] + 1 };
		struct mo_diag *d = mo_report(p->ctx->diags, MSG_UNMATCHED_BRACKET, span, "this `}` closes nothing");
		mo_diag_help(d, "remove it, or look for the missing `{` before it");
	}
}
