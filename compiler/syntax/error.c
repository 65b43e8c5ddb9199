// SPDX-License-Identifier: Apache-2.0
// What is said about a token that does not fit: takes the parser's place and what it would have accepted, gives one diagnostic in the
// words of the language. Habits from other languages are recognized in syntax/habit.c before the general message is made here.
#include "syntax/error.h"

#include "diag/diag.h"

#include <string.h>

// ---- what was found ----------------------------------------------------------------------------------------------------------------------

enum { LONGEST_QUOTED = 40 }; // bytes of the source in a message

static struct mo_str
shortened(struct mo_arena *arena, struct mo_str text)
{
	if (text.len <= LONGEST_QUOTED) {
		return text;
	}
	size_t end = LONGEST_QUOTED;
	while (end && ((unsigned char)text.p[end] & 0xC0) == 0x80) {
		end--;
	}
	return mo_str_printf(arena, MO_STR_FMT "…", MO_STR_ARG(mo_str_sub(text, 0, end)));
}

struct mo_str
mo_token_found(struct mo_parser *p, uint32_t i, int kind)
{
	struct mo_arena *arena = &p->ctx->session;
	struct mo_str text = shortened(arena, mo_span_text(p->ctx->sources, p->tokens.items[i].span));
	switch (kind) {
	case MO_TOK_NEWLINE:
	case MO_TOK_NEWLINE_IN:
		return MO_STR("the end of the line");
	case MO_TOK_END:
		return MO_STR("the end of the file");
	case MO_TOK_STR_BEGIN:
		return MO_STR("a text");
	case MO_TOK_STR_END:
		return MO_STR("the end of the text");
	case MO_TOK_IDENT:
		return mo_str_printf(arena, "the name `" MO_STR_FMT "`", MO_STR_ARG(text));
	case MO_TOK_INT:
	case MO_TOK_FLOAT:
		return mo_str_printf(arena, "the number `" MO_STR_FMT "`", MO_STR_ARG(text));
	case MO_TOK_INTERP_END:
		return MO_STR("the `}` of `${`");
	default:
		return mo_str_printf(arena, "`" MO_STR_FMT "`", MO_STR_ARG(text));
	}
}

// ---- what was expected -------------------------------------------------------------------------------------------------------------------

enum { MOST_EXPECTED = 4 }; // things named in one message

struct wanted {
	const char *items[MOST_EXPECTED];
	int len;
};

static void
want(struct wanted *w, const char *what)
{
	if (w->len < MOST_EXPECTED) {
		w->items[w->len++] = what;
	}
}

// The one word for what can begin here, when many tokens can. Sets *names when every contextual word is among them.
static const char *
beginning_of(const struct mo_mistake *m, bool *names)
{
	bool text = mo_wants(m, MO_TOK_STR_BEGIN), number = mo_wants(m, MO_TOK_INT);
	*names = mo_wants(m, MO_TOK_IDENT);
	if (text && number && mo_wants(m, MO_TOK_LPAREN)) {
		return mo_wants(m, MO_TOK_RBRACKET) ? "an item" : mo_wants(m, MO_TOK_RPAREN) ? "an argument" : "a value";
	}
	if (text && number && mo_wants(m, MO_TOK_MINUS)) {
		return "a pattern";
	}
	if (text && number) {
		return "a type";
	}
	if (mo_wants(m, MO_TOK_AT_SIGN) && *names) {
		return mo_wants(m, MO_TOK_TYPENAME) ? "a declaration or field" : "a field";
	}
	if (text && *names) {
		return "a field name";
	}
	if (*names && mo_wants(m, MO_TOK_TYPENAME)) {
		return "a type's name";
	}
	if (*names) {
		return "a name";
	}
	if (mo_wants(m, MO_TOK_TYPENAME)) {
		return "a type such as `AWS::S3::Bucket`";
	}
	return text ? "a text in quotes" : NULL;
}

// Words that are expected one by one, not because any name would do.
static void
want_words(const struct mo_mistake *m, struct wanted *w, bool names)
{
	for (int kind = MO_FIRST_TOKEN; kind < MO_TOKEN_CODES && !names; kind++) {
		if (mo_wants(m, kind) && mo_token_is_word(kind) && kind != MO_TOK_IS) {
			want(w, mo_token_spelling(kind));
		}
	}
}

static bool
is_keyword(const struct mo_parser *p, uint32_t i)
{
	int kind = p->tokens.items[i].kind;
	return mo_token_declares(kind) || kind == MO_TOK_FOR || kind == MO_TOK_IF;
}

static void
want_marks(const struct mo_mistake *m, struct wanted *w, bool value)
{
	static const int marks[] = { MO_TOK_ASSIGN, MO_TOK_COLON, MO_TOK_ARROW, MO_TOK_LBRACE, MO_TOK_LPAREN, MO_TOK_LBRACKET, MO_TOK_RPAREN,
		MO_TOK_RBRACKET, MO_TOK_INTERP_END, MO_TOK_GT };
	bool operators = mo_wants(m, MO_TOK_DOT) || mo_wants(m, MO_TOK_PLUS);
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		bool begins = marks[i] == MO_TOK_LBRACE || marks[i] == MO_TOK_LPAREN || marks[i] == MO_TOK_LBRACKET;
		bool continues = marks[i] == MO_TOK_LPAREN || marks[i] == MO_TOK_LBRACKET || marks[i] == MO_TOK_GT;
		bool said = (value && begins) || (operators && continues && mo_wants(m, MO_TOK_PLUS)) || (operators && marks[i] == MO_TOK_LPAREN);
		bool keys = marks[i] == MO_TOK_LBRACKET && w->len; // possible nearly everywhere behind a name, and seldom what is missing
		bool field = marks[i] == MO_TOK_COLON && is_keyword(m->p, m->head) && m->at == m->head + 1; // it could be a field's name
		if (mo_wants(m, marks[i]) && !said && !keys && !field) {
			want(w, mo_token_spelling(marks[i]));
		}
	}
}

static void
want_ends(const struct mo_mistake *m, struct wanted *w)
{
	bool newline = mo_wants(m, MO_TOK_NEWLINE) || mo_wants(m, MO_TOK_NEWLINE_IN);
	if (mo_wants(m, MO_TOK_COMMA_IN) || (mo_wants(m, MO_TOK_COMMA) && (m->one_line || !newline))) {
		want(w, "`,`");
	}
	if (mo_wants(m, MO_TOK_RBRACE) && m->one_line) {
		want(w, "`}`");
	}
	if (newline && !m->one_line) {
		want(w, "end of line");
	}
}

// "a name, `=` or end of line"
static struct mo_str
expectation(const struct mo_mistake *m)
{
	struct wanted w = { .len = 0 };
	bool names;
	const char *beginning = beginning_of(m, &names);
	if (beginning) {
		want(&w, beginning);
	}
	want_words(m, &w, names);
	want_marks(m, &w, beginning != NULL);
	if (!beginning || w.len < 2) {
		want_ends(m, &w);
	}
	struct mo_buf out = mo_buf_in(&m->p->ctx->session);
	for (int i = 0; i < w.len; i++) {
		mo_buf_adds(&out, i == 0 ? "" : i + 1 < w.len ? ", " : " or ");
		mo_buf_adds(&out, w.items[i]);
	}
	return mo_buf_str(&out);
}

// ---- the forms of declarations -----------------------------------------------------------------------------------------------------------

static const struct {
	int kind;
	const char *form;
} forms[] = {
	{ MO_TOK_ACCOUNT, "account NAME { id: \"…\", region: \"…\" }" },
	{ MO_TOK_ALLOW, "allow WHO to VERB on WHAT" },
	{ MO_TOK_ASSERT, "assert CONDITION, \"message\"" },
	{ MO_TOK_COMPONENT, "component NAME { … }" },
	{ MO_TOK_DEFAULTS, "defaults for TYPE { … }" },
	{ MO_TOK_DENY, "deny WHO to VERB on WHAT" },
	{ MO_TOK_EXISTING, "existing TYPE NAME { … }" },
	{ MO_TOK_FN, "fn NAME(PARAMETER: TYPE) -> TYPE = VALUE" },
	{ MO_TOK_FOR, "for NAME in LIST { … }" },
	{ MO_TOK_IF, "if CONDITION { … } else { … }" },
	{ MO_TOK_IMPORT, "import \"FILE\" { NAME, NAME as OTHER }" },
	{ MO_TOK_INPUT, "input NAME: TYPE = DEFAULT" },
	{ MO_TOK_LET, "let NAME = VALUE" },
	{ MO_TOK_NESTED, "nested NAME from TEMPLATE { … }" },
	{ MO_TOK_OUTPUT, "output NAME = VALUE" },
	{ MO_TOK_OVERRIDE, "override PATH { … }" },
	{ MO_TOK_PARAM, "param NAME: TYPE = DEFAULT" },
	{ MO_TOK_PERMISSION, "permission NAME on TYPE { … }" },
	{ MO_TOK_PLATFORM, "platform NAME { … }" },
	{ MO_TOK_RAW, "raw { … }" },
	{ MO_TOK_REQUIRE, "require CONDITION, \"message\"" },
	{ MO_TOK_RESOURCE, "resource Custom::NAME { FIELD: TYPE } gives { FIELD: TYPE }" },
	{ MO_TOK_RESOURCE_POLICY, "resource_policy for TYPE { … }" },
	{ MO_TOK_RULE, "rule NAME for TYPE VARIABLE { … }" },
	{ MO_TOK_STACK, "stack NAME in TARGETS { … }" },
	{ MO_TOK_TEMPLATE, "template NAME for AUDIENCE { … }" },
	{ MO_TOK_TEST, "test NAME { … }" },
	{ MO_TOK_TYPE, "type NAME = TYPE" },
	{ MO_TOK_TYPENAME, "TYPE NAME { … }" },
};

static void
add_form_of(struct mo_diag *d, int kind)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (forms[i].kind == kind) {
			mo_diag_note(d, "the form is `%s`", forms[i].form);
		}
	}
}

// Shows how the declaration is written when the mistake is between its first word and its block or value.
static void
add_form(const struct mo_mistake *m, struct mo_diag *d)
{
	const struct mo_token *t = m->p->tokens.items;
	for (uint32_t i = m->head; i < m->at; i++) {
		if (t[i].kind == MO_TOK_ASSIGN || t[i].kind == MO_TOK_COLON || t[i].kind == MO_TOK_LBRACE) {
			return;
		}
	}
	if (m->head < m->at) {
		add_form_of(d, t[m->head].kind);
	}
}

void
mo_report_missing_value(struct mo_parser *p, uint32_t i)
{
	const struct mo_token *t = p->tokens.items;
	struct mo_diag *d = mo_report(p->ctx->diags, MSG_MISSING_VALUE, t[i - 1].span, "expected a value between %s and its block",
		mo_token_spelling(t[i - 1].kind));
	mo_diag_label(d, t[i].span, "the block begins here");
	if (t[i - 1].kind == MO_TOK_MATCH) {
		mo_diag_note(d, "the form is `match VALUE { PATTERN => VALUE, _ => VALUE }`");
	} else {
		add_form_of(d, t[mo_layout_item_head(p, mo_last(&p->levels).item)].kind);
	}
}

// ---- the general messages ----------------------------------------------------------------------------------------------------------------

// Two things on one line that a comma or a newline should part.
static bool
report_separator(const struct mo_mistake *m)
{
	const struct mo_token *t = m->p->tokens.items;
	bool newline = mo_wants(m, MO_TOK_NEWLINE) || mo_wants(m, MO_TOK_NEWLINE_IN) || mo_wants(m, MO_TOK_COMMA_IN);
	bool field = m->at + 1 < m->p->tokens.len && (mo_token_is_word(m->kind) || m->kind == MO_TOK_STR_BEGIN) &&
		t[m->kind == MO_TOK_STR_BEGIN ? t[m->at].partner + 1 : m->at + 1].kind == MO_TOK_COLON;
	bool value = mo_wants(m, MO_TOK_COMMA_IN) && (mo_token_is_word(m->kind) || m->kind == MO_TOK_STR_BEGIN || m->kind == MO_TOK_INT ||
		m->kind == MO_TOK_LBRACE || m->kind == MO_TOK_CIDR);
	bool next_line = t[m->at].newline && (mo_wants(m, MO_TOK_NEWLINE) || mo_wants(m, MO_TOK_NEWLINE_IN));
	bool declares = !m->newline && mo_wants(m, MO_TOK_NEWLINE) && mo_layout_declares(m->p, m->at);
	if (!newline || m->at == 0 || next_line || !(field || value || declares)) {
		return false;
	}
	struct mo_str found = mo_token_found(m->p, m->at, m->kind);
	struct mo_diag *d = mo_report(m->p->ctx->diags, MSG_MISSING_SEPARATOR, m->span, "expected %s before " MO_STR_FMT,
		declares ? "a new line" : "`,`", MO_STR_ARG(found));
	mo_diag_here(d, "another %s begins here", field ? "field" : declares ? "declaration" : "item");
	mo_diag_help(d, declares ? "begin a new line" : mo_wants(m, MO_TOK_NEWLINE) || mo_wants(m, MO_TOK_NEWLINE_IN) ? "write `,` between them, or begin a new line"
	                                                                             : "write `,` between them");
	if (!declares) {
		mo_diag_fix(d, (struct mo_span){ t[m->at - 1].span.end, t[m->at - 1].span.end }, ",");
	}
	return true;
}

static bool
report_missing_value(const struct mo_mistake *m)
{
	const struct mo_token *t = m->p->tokens.items;
	bool names;
	const char *wanted = beginning_of(m, &names);
	int before = m->at ? t[m->at - 1].kind : MO_TOK_END;
	bool asks = before == MO_TOK_COLON || before == MO_TOK_ASSIGN || before == MO_TOK_PLUSCOLON;
	bool ends = m->kind == MO_TOK_COMMA || m->kind == MO_TOK_COMMA_IN || m->kind == MO_TOK_RBRACE || m->kind == MO_TOK_RPAREN ||
		m->kind == MO_TOK_RBRACKET || m->kind == MO_TOK_END;
	if (!asks || !ends || !wanted) {
		return false;
	}
	struct mo_diag *d = mo_report(m->p->ctx->diags, MSG_MISSING_VALUE, t[m->at - 1].span, "expected %s after %s, found " MO_STR_FMT, wanted,
		mo_token_spelling(before), MO_STR_ARG(mo_token_found(m->p, m->at, m->kind)));
	mo_diag_help(d, "write %s, or leave the whole field out; `none` is the absent value", wanted);
	return true;
}

static void
report_general(const struct mo_mistake *m)
{
	struct mo_str wanted = expectation(m);
	struct mo_str found = mo_token_found(m->p, m->at, m->kind);
	struct mo_diag *d = mo_report(m->p->ctx->diags, MSG_UNEXPECTED_TOKEN, m->span, "expected " MO_STR_FMT ", found " MO_STR_FMT,
		MO_STR_ARG(wanted), MO_STR_ARG(found));
	add_form(m, d);
	mo_help_with_habit(m, d);
}

// ---- one mistake -------------------------------------------------------------------------------------------------------------------------

// The last token before `at` whose newline the rule swallowed although what follows looks like the next item: `x: ` NEWLINE `y: 1`.
static bool
swallowed_newline(const struct mo_mistake *m, uint32_t *line)
{
	const struct mo_token *t = m->p->tokens.items;
	if (m->at < 2 || m->at - 1 <= m->head || !t[m->at - 1].newline || t[m->at].newline) {
		return false;
	}
	int first = t[m->at - 1].kind, before = t[m->at - 2].kind;
	bool item = (mo_token_is_word(first) && (m->kind == MO_TOK_COLON || m->kind == MO_TOK_PLUSCOLON || mo_token_is_word(m->kind))) ||
		(first == MO_TOK_TYPENAME && mo_token_is_word(m->kind));
	*line = m->at - 1;
	return item && before != MO_TOK_COMMA && t[m->at - 1].indent <= t[m->head].indent;
}

static bool
report_swallowed(struct mo_mistake *m)
{
	uint32_t line;
	if (!swallowed_newline(m, &line)) {
		return false;
	}
	const struct mo_token *before = &m->p->tokens.items[line - 1];
	const char *spelling = mo_token_spelling(before->kind);
	struct mo_diag *d = mo_report(m->p->ctx->diags, MSG_MISSING_VALUE, before->span, "expected %s after %s, found the next item",
		before->kind == MO_TOK_DOT || before->kind == MO_TOK_QDOT ? "a name" : "a value", spelling ? spelling : "this");
	mo_diag_label(d, m->p->tokens.items[line].span, "this begins another item");
	m->p->mistake = line;
	return true;
}

static bool
opened_on_same_line(const struct mo_parser *p, uint32_t at)
{
	uint32_t n = p->levels.len;
	const struct mo_token *t = p->tokens.items;
	if (n == 1 || p->given_kind == MO_TOK_RBRACE) {
		return p->given_kind == MO_TOK_RBRACE;
	}
	for (uint32_t i = at; i > p->levels.items[n - 1].opener; i--) {
		if (t[i].newline) {
			return false;
		}
	}
	return true;
}

static struct mo_mistake
mistake_of(struct mo_parser *p, const struct mo_expected *expected)
{
	struct mo_mistake m = { .p = p, .expected = expected, .at = p->given, .kind = p->given_kind };
	m.span = p->tokens.items[m.at].span;
	m.newline = m.kind == MO_TOK_NEWLINE || m.kind == MO_TOK_NEWLINE_IN;
	if (m.newline && m.at) {
		m.span.start = m.span.end = p->tokens.items[m.at - 1].span.end;
	}
	m.head = mo_layout_item_head(p, mo_layout_item(p));
	m.one_line = opened_on_same_line(p, m.at);
	return m;
}

// Commas inside of a declaration's header: the parser takes one for the end of the item, so what follows on the line is not looked at.
static void
keep_quiet(struct mo_parser *p)
{
	if (p->given_kind != MO_TOK_COMMA) {
		return;
	}
	uint32_t i = p->given + 1;
	while (p->tokens.items[i].kind != MO_TOK_END && p->tokens.items[i].kind != MO_TOK_RBRACE && !p->tokens.items[i].newline) {
		bool field = p->tokens.items[i + 1].kind == MO_TOK_COLON && mo_token_is_word(p->tokens.items[i].kind);
		if (field) {
			break;
		}
		i++;
	}
	p->quiet_until = i;
}

// Whether a block around the mistake was taken for an operand, because what stands before it lost its end: `in team*] {`.
static bool
is_in_damaged_block(const struct mo_parser *p)
{
	const struct mo_token *t = p->tokens.items;
	for (uint32_t n = p->levels.len; n > 1; n--) {
		uint32_t opener = p->levels.items[n - 1].opener;
		if (opener && t[opener].kind == MO_TOK_LBRACE && t[opener - 1].bad && !mo_token_ends_item(t[opener - 1].kind)) {
			return true;
		}
	}
	return false;
}

// Whether something before in the same item was reported, so that this may be its echo.
static bool
follows_from_another(const struct mo_mistake *m)
{
	const struct mo_token *t = m->p->tokens.items;
	bool doubtful = m->at < m->p->quiet_until || m->at >= m->p->doubtful_from;
	if ((t[m->at].synthetic && !m->newline) || doubtful || is_in_damaged_block(m->p)) {
		return true;
	}
	for (uint32_t i = m->head; i < m->at; i++) {
		if (t[i].bad || t[i].synthetic) {
			return true;
		}
	}
	return false;
}

void
mo_parse_unexpected(struct mo_parser *p, const struct mo_expected *expected)
{
	p->mistake = p->given;
	p->item_was_whole = expected->has[MO_TOK_NEWLINE - MO_FIRST_TOKEN];
	struct mo_mistake m = mistake_of(p, expected);
	p->missing_braces += mo_wants(&m, MO_TOK_LBRACE) && !mo_wants(&m, MO_TOK_INT);
	if (!follows_from_another(&m) && !mo_report_habit(&m) && !report_swallowed(&m) && !report_separator(&m) && !report_missing_value(&m)) {
		report_general(&m);
	}
	keep_quiet(p);
	mo_layout_mistake(p);
}
