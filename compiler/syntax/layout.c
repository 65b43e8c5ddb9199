// SPDX-License-Identifier: Apache-2.0
// The newline rule: takes balanced tokens, gives the parser one at a time. Inside of `{` and `[` and at
// the top a newline separates, unless the token before cannot end an item or the one behind cannot begin one; inside of `(` and `${` it
// is a space. It knows the grammar only as far as which bracket holds items.
// What follows a mistake is syntax/recover.c's.
#include "syntax/layout.h"

#include "diag/diag.h"
#include "syntax/error.h"

// ---- levels ----------------------------------------------------------------------------------------------------------------------------

struct mo_level *
mo_layout_level(const struct mo_parser *p)
{
	return &mo_last(&p->levels);
}

// A level whose items the parser can recover at.
bool
mo_layout_holds_items(int kind)
{
	return kind == MO_TOK_LBRACE || kind == MO_TOK_END;
}

static void
push_level(struct mo_parser *p, int kind, uint32_t opener)
{
	mo_push(&p->ctx->session, &p->levels, (struct mo_level){ .kind = kind, .opener = opener, .item = opener + 1, .item_begins = true });
}

void
mo_layout_end_item(struct mo_parser *p)
{
	p->open -= mo_layout_level(p)->open;
	mo_layout_level(p)->open = 0;
	mo_layout_level(p)->type_lists = 0;
	mo_layout_level(p)->item_begins = true;
}

void
mo_layout_pop(struct mo_parser *p)
{
	mo_layout_end_item(p);
	p->levels.len--;
}

void
mo_layout_begin(struct mo_parser *p)
{
	push_level(p, MO_TOK_END, 0);
	mo_layout_level(p)->item = 0;
	p->mistake = UINT32_MAX;
}

void
mo_layout_type_arguments(struct mo_parser *p)
{
	mo_layout_level(p)->type_lists++;
}

// ---- the newline rule --------------------------------------------------------------------------------------------------------------------

// Whether the token at i is the name of a field or argument: what stands behind it says so, whatever the word.
bool
mo_layout_is_field_name(const struct mo_parser *p, uint32_t i)
{
	if (i + 1 >= p->tokens.len || !mo_token_is_word(p->tokens.items[i].kind)) {
		return false;
	}
	int next = p->tokens.items[i + 1].kind;
	return next == MO_TOK_COLON || next == MO_TOK_PLUSCOLON ||
		(next == MO_TOK_QUESTION && i + 2 < p->tokens.len && p->tokens.items[i + 2].kind == MO_TOK_COLON);
}

bool
mo_layout_can_end(const struct mo_parser *p, uint32_t i)
{
	int kind = p->tokens.items[i].kind;
	switch (kind) {
	case MO_TOK_GT:
		return p->closes_types;
	case MO_TOK_IF:
	case MO_TOK_THEN:
	case MO_TOK_ELSE:
	case MO_TOK_FOR:
	case MO_TOK_IN:
	case MO_TOK_MATCH:
		return i > 0 && (p->tokens.items[i - 1].kind == MO_TOK_DOT || p->tokens.items[i - 1].kind == MO_TOK_QDOT);
	default:
		return mo_token_ends_item(kind);
	}
}

bool
mo_layout_can_begin(const struct mo_parser *p, uint32_t i)
{
	switch (p->tokens.items[i].kind) {
	case MO_TOK_ELSE:
	case MO_TOK_THEN:
	case MO_TOK_TO:
	case MO_TOK_ON:
	case MO_TOK_WHEN:
	case MO_TOK_AS:
		return mo_layout_is_field_name(p, i);
	default:
		return mo_token_begins_item(p->tokens.items[i].kind);
	}
}

static bool
newline_separates(const struct mo_parser *p, uint32_t i)
{
	int kind = mo_layout_level(p)->kind;
	bool separating_level = mo_layout_holds_items(kind) || kind == MO_TOK_LBRACKET;
	return separating_level && p->tokens.items[i].newline && i > 0 && i != mo_layout_level(p)->opener + 1 && mo_layout_can_end(p, i - 1) && mo_layout_can_begin(p, i);
}

// ---- giving tokens -----------------------------------------------------------------------------------------------------------------------

// Whether the `{` at i is the block of a declaration from whose header the value before it is missing: `stack s in {`, `for x in {`,
// `match {`. As a record it would be followed by the block.
static bool
is_block_without_value(const struct mo_parser *p, uint32_t i)
{
	const struct mo_token *t = p->tokens.items;
	uint32_t head = mo_layout_item_head(p, mo_layout_level(p)->item);
	if (i > 1 && t[i - 1].kind == MO_TOK_MATCH && t[i - 2].kind != MO_TOK_DOT && t[i - 2].kind != MO_TOK_QDOT) {
		return t[t[i].partner + 1].kind != MO_TOK_LBRACE;
	}
	if (!mo_layout_holds_items(mo_layout_level(p)->kind) || i == 0 || head >= i || mo_layout_is_field_name(p, head)) {
		return false;
	}
	int before = t[i - 1].kind;
	switch (t[head].kind) {
	case MO_TOK_STACK:
	case MO_TOK_NESTED:
	case MO_TOK_EXISTING:
	case MO_TOK_FOR:
		if (before != MO_TOK_IN && (before != MO_TOK_FROM || t[i - 2].kind == MO_TOK_IN || t[i - 2].kind == MO_TOK_FROM)) {
			return false; // `in from {`: here the word is a name
		}
		break;
	case MO_TOK_TEMPLATE:
	case MO_TOK_IF:
		if (before != MO_TOK_FOR && before != MO_TOK_IF) {
			return false;
		}
		break;
	default:
		return false;
	}
	const struct mo_token *behind = &t[t[i].partner + 1];
	return behind->newline || behind->kind == MO_TOK_END || behind->kind == MO_TOK_RBRACE || behind->kind == MO_TOK_ELSE;
}

// What is counted is what the parser may have to keep on its stack.
static bool
count_token(struct mo_parser *p)
{
	mo_layout_level(p)->open++;
	p->open++;
	return p->open <= MO_PARSE_OPEN_TOKENS;
}

static int
kind_for_parser(const struct mo_parser *p, uint32_t i)
{
	const struct mo_token *token = &p->tokens.items[i];
	switch (token->kind) {
	case MO_TOK_COMMA:
		return mo_layout_holds_items(mo_layout_level(p)->kind) ? MO_TOK_COMMA : MO_TOK_COMMA_IN;
	case MO_TOK_NOT: // a word of its own only in `on not [`
		return i > 0 && p->tokens.items[i - 1].kind == MO_TOK_ON && p->tokens.items[i + 1].kind == MO_TOK_LBRACKET ? MO_TOK_NOT
		                                                                                                            : MO_TOK_IDENT;
	default:
		return token->kind;
	}
}

// Whether a word of this kind stands at the level in hand between the tokens `from` and `to`.
static bool
has_between(const struct mo_parser *p, uint32_t from, uint32_t to, int kind)
{
	for (uint32_t i = from; i < to; i++) {
		if (p->tokens.items[i].kind == kind) {
			return true;
		}
		i = mo_token_opens(p->tokens.items[i].kind) && p->tokens.items[i].partner > i ? p->tokens.items[i].partner : i;
	}
	return false;
}

// Commas stand between the parts of some declarations; the one at i is the end of its item everywhere else.
bool
mo_layout_comma_ends_item(const struct mo_parser *p, uint32_t i)
{
	if (mo_layout_level(p)->type_lists) {
		return false;
	}
	uint32_t head = mo_layout_item_head(p, mo_layout_level(p)->item);
	if (mo_layout_is_field_name(p, head) || p->tokens.items[head + 1].kind == MO_TOK_ASSIGN) {
		return true;
	}
	switch (p->tokens.items[head].kind) {
	case MO_TOK_ALLOW:
	case MO_TOK_DENY:
		return has_between(p, head, i, MO_TOK_ON);
	case MO_TOK_ASSERT:
	case MO_TOK_REQUIRE:
		return has_between(p, head, i, MO_TOK_COMMA);
	case MO_TOK_FOR:
		return false;
	default:
		return true;
	}
}

static void
track_levels(struct mo_parser *p, uint32_t i, int kind)
{
	if (kind == MO_TOK_PIPE || kind == MO_TOK_TEXT || kind == MO_TOK_COMMA_IN) { // flat lists: what was before is off the stack
		bool begins = mo_layout_level(p)->item_begins;
		uint32_t type_lists = mo_layout_level(p)->type_lists;
		mo_layout_end_item(p);
		mo_layout_level(p)->type_lists = type_lists;
		mo_layout_level(p)->item_begins = begins;
	}
	if (mo_layout_level(p)->item_begins) {
		mo_layout_level(p)->item = i;
		mo_layout_level(p)->item_begins = false;
	}
	if (kind == MO_TOK_COMMA) {
		if (mo_layout_comma_ends_item(p, i)) {
			mo_layout_end_item(p);
		}
		return;
	}
	if (mo_token_opens(kind)) {
		push_level(p, kind, i);
	} else if (mo_token_closes(kind)) {
		mo_layout_pop(p);
	}
	p->closes_types = kind == MO_TOK_GT && mo_layout_level(p)->type_lists > 0;
	mo_layout_level(p)->type_lists -= p->closes_types;
}

static void
set_value(const struct mo_token *token, int kind, MO_YYSTYPE *value)
{
	switch (kind) {
	case MO_TOK_INT:
	case MO_TOK_FLOAT:
	case MO_TOK_CIDR:
	case MO_TOK_DURATION:
	case MO_TOK_SIZE:
	case MO_TOK_TEXT:
		value->token = token;
		break;
	default:
		if (mo_token_is_word(kind) || kind == MO_TOK_TYPENAME) {
			value->name = (struct mo_name){ token->atom, token->span };
		}
		break;
	}
}

// ---- giving tokens to the parser ---------------------------------------------------------------------------------------------------------

// A mistake that is reported here and not by the parser: it goes on as after one of its own.
static int
fail(struct mo_parser *p, uint32_t i)
{
	if (mo_layout_level(p)->item_begins) {
		mo_layout_level(p)->item = i;
		mo_layout_level(p)->item_begins = false;
	}
	p->given_kind = MO_TOKEN_STRAY;
	p->mistake = p->given = i;
	p->next = i + 1;
	p->item_was_whole = false;
	mo_layout_mistake(p);
	return MO_TOK_MO_YYerror;
}

static int
fail_too_long(struct mo_parser *p, uint32_t i)
{
	if (!p->too_long) {
		p->too_long = true;
		struct mo_diag *d = mo_report(p->ctx->diags, MSG_ITEM_TOO_LONG, p->tokens.items[i].span,
			"more than %d words and marks stand here without an end of an item between them", MO_PARSE_OPEN_TOKENS);
		mo_diag_help(d, "give parts of it names with `let`");
	}
	return fail(p, i);
}

static int
give_newline(struct mo_parser *p, uint32_t i, MO_YYLTYPE *at)
{
	if (p->forced || mo_layout_item_head(p, mo_layout_level(p)->item) != i) { // what follows decorators is still their item
		mo_layout_end_item(p);
	}
	p->separated = true;
	p->forced = false;
	p->closes_types = false;
	p->given = i;
	at->start = at->end = i ? p->tokens.items[i - 1].span.end : p->tokens.items[i].span.start;
	return p->given_kind = mo_layout_level(p)->kind == MO_TOK_LBRACKET ? MO_TOK_NEWLINE_IN : MO_TOK_NEWLINE;
}

static int
give_token(struct mo_parser *p, uint32_t i, MO_YYSTYPE *value, MO_YYLTYPE *at)
{
	const struct mo_token *token = &p->tokens.items[i];
	*at = token->span;
	if (token->kind == MO_TOKEN_STRAY) {
		if (!token->bad) {
			mo_report_stray(p, token);
		}
		return fail(p, i);
	}
	if (!mo_token_closes(token->kind) && token->kind != MO_TOK_END && !count_token(p)) {
		return fail_too_long(p, i);
	}
	if (token->bad) {
		mo_push(&p->ctx->session, &p->poison, token->span.start);
	}
	if (token->kind == MO_TOK_BANG && mo_report_short_tag(p, i)) {
		return fail(p, i);
	}
	if (token->kind == MO_TOK_LBRACE && p->given_kind != MO_TOK_RESUME && is_block_without_value(p, i)) {
		mo_report_missing_value(p, i);
		return fail(p, i);
	}
	int kind = kind_for_parser(p, i);
	set_value(token, kind, value);
	if (kind != MO_TOK_END) {
		track_levels(p, i, kind);
		p->next = i + 1;
	}
	p->separated = false;
	p->given = i;
	return p->given_kind = kind;
}

int
mo_yylex(MO_YYSTYPE *value, MO_YYLTYPE *at, struct mo_parser *p)
{
	if (p->skipping) {
		mo_layout_skip(p);
	}
	uint32_t i = p->next;
	if (p->resuming) {
		p->resuming = false;
		at->start = at->end = p->tokens.items[i].span.start;
		p->given = i;
		return p->given_kind = MO_TOK_RESUME;
	}
	if (!p->separated && (p->forced || newline_separates(p, i))) {
		return give_newline(p, i, at);
	}
	return give_token(p, i, value, at);
}
