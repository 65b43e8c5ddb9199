// SPDX-License-Identifier: Apache-2.0
// The newline rule and what happens after a mistake: takes balanced tokens, gives the parser one at a time. Inside of `{` and `[` and at
// the top a newline separates, unless the token before cannot end an item or the one behind cannot begin one; inside of `(` and `${` it
// is a space. It knows the grammar only as far as which bracket holds items.
#include "syntax/layout.h"

#include "diag/diag.h"
#include "syntax/error.h"

// ---- the table of words and marks ------------------------------------------------------------------------------------------------------

enum word_class { NO_WORD, RESERVED, DECLARES, CONNECTS };

static const struct token_info {
	const char *spelling;
	enum word_class word;
	bool is_mark, ends, starts;
} token_infos[MO_TOKEN_CODES - MO_FIRST_TOKEN] = {
#define MO_KEYWORD(TOKEN, text, CLASS) [MO_TOK_##TOKEN - MO_FIRST_TOKEN] = { "`" text "`", CLASS, false, true, true },
#define MO_MARK(TOKEN, text, ENDS, STARTS) [MO_TOK_##TOKEN - MO_FIRST_TOKEN] = { "`" text "`", NO_WORD, true, ENDS, STARTS },
#include "grammar/keywords.def"
	[MO_TOK_IDENT - MO_FIRST_TOKEN] = { NULL, CONNECTS, false, true, true },
};

static const struct token_info *
info_of(int kind)
{
	static const struct token_info literal = { NULL, NO_WORD, false, true, true };
	if (kind == MO_TOK_IDENT) {
		return &token_infos[kind - MO_FIRST_TOKEN];
	}
	bool listed = kind >= MO_FIRST_TOKEN && kind < MO_TOKEN_CODES && token_infos[kind - MO_FIRST_TOKEN].spelling;
	return listed ? &token_infos[kind - MO_FIRST_TOKEN] : &literal;
}

const char *
mo_token_spelling(int kind)
{
	switch (kind) {
	case MO_TOK_INTERP_BEGIN:
		return "`${`";
	case MO_TOK_INTERP_END:
		return "`}`";
	case MO_TOK_STR_BEGIN:
	case MO_TOK_STR_END:
		return "quote";
	case MO_TOK_NEWLINE_IN:
		return "end of line";
	default:
		return info_of(kind)->spelling;
	}
}

bool
mo_token_is_word(int kind)
{
	return info_of(kind)->word != NO_WORD;
}

bool
mo_token_declares(int kind)
{
	return info_of(kind)->word == DECLARES;
}

// ---- levels ----------------------------------------------------------------------------------------------------------------------------

static struct mo_level *
level(const struct mo_parser *p)
{
	return &mo_last(&p->levels);
}

static bool
opens(int kind)
{
	return kind == MO_TOK_LBRACE || kind == MO_TOK_LBRACKET || kind == MO_TOK_LPAREN || kind == MO_TOK_INTERP_BEGIN || kind == MO_TOK_STR_BEGIN;
}

static bool
closes(int kind)
{
	return kind == MO_TOK_RBRACE || kind == MO_TOK_RBRACKET || kind == MO_TOK_RPAREN || kind == MO_TOK_INTERP_END || kind == MO_TOK_STR_END;
}

// A level whose items the parser can recover at.
static bool
holds_items(int kind)
{
	return kind == MO_TOK_LBRACE || kind == MO_TOK_END;
}

static void
push_level(struct mo_parser *p, int kind, uint32_t opener)
{
	mo_push(&p->ctx->session, &p->levels, (struct mo_level){ .kind = kind, .opener = opener, .item = opener + 1, .item_begins = true });
}

static void
end_item(struct mo_parser *p)
{
	p->open -= level(p)->open;
	level(p)->open = 0;
	level(p)->type_lists = 0;
	level(p)->item_begins = true;
}

static void
pop_level(struct mo_parser *p)
{
	end_item(p);
	p->levels.len--;
}

void
mo_layout_begin(struct mo_parser *p)
{
	push_level(p, MO_TOK_END, 0);
	level(p)->item = 0;
	p->mistake = UINT32_MAX;
}

void
mo_layout_type_arguments(struct mo_parser *p)
{
	level(p)->type_lists++;
}

// ---- the newline rule --------------------------------------------------------------------------------------------------------------------

// Whether the token at i is the name of a field or argument: what stands behind it says so, whatever the word.
static bool
is_field_name(const struct mo_parser *p, uint32_t i)
{
	if (i + 1 >= p->tokens.len || !mo_token_is_word(p->tokens.items[i].kind)) {
		return false;
	}
	int next = p->tokens.items[i + 1].kind;
	return next == MO_TOK_COLON || next == MO_TOK_PLUSCOLON ||
		(next == MO_TOK_QUESTION && i + 2 < p->tokens.len && p->tokens.items[i + 2].kind == MO_TOK_COLON);
}

static bool
can_end_item(const struct mo_parser *p, uint32_t i)
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
		return info_of(kind)->ends;
	}
}

static bool
can_begin_item(const struct mo_parser *p, uint32_t i)
{
	switch (p->tokens.items[i].kind) {
	case MO_TOK_ELSE:
	case MO_TOK_THEN:
	case MO_TOK_TO:
	case MO_TOK_ON:
	case MO_TOK_WHEN:
	case MO_TOK_AS:
		return is_field_name(p, i);
	default:
		return info_of(p->tokens.items[i].kind)->starts;
	}
}

static bool
newline_separates(const struct mo_parser *p, uint32_t i)
{
	int kind = level(p)->kind;
	bool separating_level = holds_items(kind) || kind == MO_TOK_LBRACKET;
	return separating_level && p->tokens.items[i].newline && i > 0 && i != level(p)->opener + 1 && can_end_item(p, i - 1) && can_begin_item(p, i);
}

// ---- giving tokens -----------------------------------------------------------------------------------------------------------------------

// Whether the `{` at i is the block of a declaration from whose header the value before it is missing: `stack s in {`, `for x in {`,
// `match {`. As a record it would be followed by the block.
static bool
is_block_without_value(const struct mo_parser *p, uint32_t i)
{
	const struct mo_token *t = p->tokens.items;
	uint32_t head = mo_layout_item_head(p, level(p)->item);
	if (i > 1 && t[i - 1].kind == MO_TOK_MATCH && t[i - 2].kind != MO_TOK_DOT && t[i - 2].kind != MO_TOK_QDOT) {
		return t[t[i].partner + 1].kind != MO_TOK_LBRACE;
	}
	if (!holds_items(level(p)->kind) || i == 0 || head >= i || is_field_name(p, head)) {
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
	level(p)->open++;
	p->open++;
	return p->open <= MO_PARSE_OPEN_TOKENS;
}

static int
kind_for_parser(const struct mo_parser *p, uint32_t i)
{
	const struct mo_token *token = &p->tokens.items[i];
	switch (token->kind) {
	case MO_TOK_COMMA:
		return holds_items(level(p)->kind) ? MO_TOK_COMMA : MO_TOK_COMMA_IN;
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
		i = opens(p->tokens.items[i].kind) && p->tokens.items[i].partner > i ? p->tokens.items[i].partner : i;
	}
	return false;
}

// Commas stand between the parts of some declarations; the one at i is the end of its item everywhere else.
static bool
comma_ends_item(const struct mo_parser *p, uint32_t i)
{
	if (level(p)->type_lists) {
		return false;
	}
	uint32_t head = mo_layout_item_head(p, level(p)->item);
	if (is_field_name(p, head) || p->tokens.items[head + 1].kind == MO_TOK_ASSIGN) {
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
		bool begins = level(p)->item_begins;
		uint32_t type_lists = level(p)->type_lists;
		end_item(p);
		level(p)->type_lists = type_lists;
		level(p)->item_begins = begins;
	}
	if (level(p)->item_begins) {
		level(p)->item = i;
		level(p)->item_begins = false;
	}
	if (kind == MO_TOK_COMMA) {
		if (comma_ends_item(p, i)) {
			end_item(p);
		}
		return;
	}
	if (opens(kind)) {
		push_level(p, kind, i);
	} else if (closes(kind)) {
		pop_level(p);
	}
	p->closes_types = kind == MO_TOK_GT && level(p)->type_lists > 0;
	level(p)->type_lists -= p->closes_types;
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

// ---- after a mistake ---------------------------------------------------------------------------------------------------------------------

uint32_t
mo_layout_item_head(const struct mo_parser *p, uint32_t first)
{
	const struct mo_token *t = p->tokens.items;
	uint32_t i = first;
	while (t[i].kind == MO_TOK_AT_SIGN && mo_token_is_word(t[i + 1].kind)) {
		i += 2;
		if (t[i].kind == MO_TOK_LPAREN) {
			i = t[i].partner + 1;
		}
	}
	return i;
}

// The level whose item the mistake spoils: the innermost that holds items, without one that the wrong token itself opened, and with the
// one that it closes.
static uint32_t
level_of_mistake(const struct mo_parser *p)
{
	uint32_t n = p->levels.len;
	if (p->given_kind == MO_TOK_RBRACE) {
		return n; // popped, but still in the array
	}
	if (n > 1 && level(p)->opener == p->mistake && opens(p->tokens.items[p->mistake].kind)) {
		n--;
	}
	while (!holds_items(p->levels.items[n - 1].kind)) {
		n--;
	}
	return n - 1;
}

// Declarations whose first words are no name of theirs.
static bool
names_nothing(int kind)
{
	switch (kind) {
	case MO_TOK_ALLOW:
	case MO_TOK_ASSERT:
	case MO_TOK_DEFAULTS:
	case MO_TOK_DENY:
	case MO_TOK_FOR:
	case MO_TOK_IF:
	case MO_TOK_IMPORT:
	case MO_TOK_OVERRIDE:
	case MO_TOK_RAW:
	case MO_TOK_REQUIRE:
	case MO_TOK_RESOURCE:
	case MO_TOK_RESOURCE_POLICY:
		return true;
	default:
		return false;
	}
}

// The name that a spoiled item would have declared, as far as one can tell: the words of `stack NAME`, `AWS::S3::Bucket NAME`, `NAME: …`.
static struct mo_name
name_of_item(const struct mo_parser *p, uint32_t first)
{
	const struct mo_token *t = &p->tokens.items[mo_layout_item_head(p, first)];
	if (!is_field_name(p, (uint32_t)(t - p->tokens.items)) && names_nothing(t->kind)) {
		return (struct mo_name){ 0 };
	}
	bool declares = mo_token_declares(t->kind) && !is_field_name(p, (uint32_t)(t - p->tokens.items));
	bool kind = t->kind == MO_TOK_TYPENAME || (mo_token_is_word(t->kind) && mo_token_is_word(t[1].kind));
	if (declares && t->kind == MO_TOK_EXISTING && t[1].kind == MO_TOK_TYPENAME) {
		t++;
	}
	if ((declares || kind) && mo_token_is_word(t[1].kind)) {
		t++;
	} else if (declares) {
		return (struct mo_name){ 0 };
	}
	return mo_token_is_word(t->kind) ? (struct mo_name){ t->atom, t->span } : (struct mo_name){ 0 };
}

static bool
is_separator(int kind)
{
	return kind == MO_TOK_NEWLINE || kind == MO_TOK_COMMA || kind == MO_TOK_RBRACE || kind == MO_TOK_END;
}

uint32_t
mo_layout_item(const struct mo_parser *p)
{
	uint32_t item = p->levels.items[level_of_mistake(p)].item;
	return item <= p->mistake ? item : p->mistake;
}

void
mo_layout_mistake(struct mo_parser *p)
{
	const struct mo_token *wrong = &p->tokens.items[p->mistake];
	uint32_t first = mo_layout_item(p);
	uint32_t last = p->mistake > first ? p->mistake - 1 : first;
	p->skipped = (struct mo_span){ p->tokens.items[first].span.start, p->tokens.items[last].span.end };
	p->skipped_name = name_of_item(p, first);
	mo_push(&p->ctx->session, &p->poison, wrong->span.start > p->skipped.start ? wrong->span.start : p->skipped.start);
	p->skipping = !is_separator(p->given_kind); // else the parser is at the end of the item already
	if (p->given_kind == MO_TOK_COMMA) {
		end_item(p);
	}
}

// Whether the `{` at i begins the block of a declaration whose header is wrong, so that what it holds can be parsed all the same.
static bool
begins_block(const struct mo_parser *p, uint32_t i)
{
	uint32_t head = mo_layout_item_head(p, level(p)->item);
	if (head >= i || is_field_name(p, head)) {
		return false;
	}
	switch (p->tokens.items[head].kind) {
	case MO_TOK_ALLOW:
	case MO_TOK_ASSERT:
	case MO_TOK_DENY:
	case MO_TOK_FN:
	case MO_TOK_IMPORT:
	case MO_TOK_INPUT:
	case MO_TOK_LET:
	case MO_TOK_OUTPUT:
	case MO_TOK_PARAM:
	case MO_TOK_REQUIRE:
	case MO_TOK_TYPE:
		return false;
	default:
		break;
	}
	for (uint32_t k = head; k < i; k++) {
		int kind = p->tokens.items[k].kind;
		bool statement = p->tokens.items[head].kind == MO_TOK_IF || p->tokens.items[head].kind == MO_TOK_FOR;
		if ((kind == MO_TOK_ASSIGN && !statement) || kind == MO_TOK_ARROW || kind == MO_TOK_COLON || kind == MO_TOK_MATCH) {
			return false;
		}
	}
	return mo_token_is_word(p->tokens.items[head].kind) || p->tokens.items[head].kind == MO_TOK_TYPENAME;
}

bool
mo_layout_declares(const struct mo_parser *p, uint32_t i)
{
	const struct mo_token *t = &p->tokens.items[i];
	switch (t->kind) {
	case MO_TOK_AT_SIGN:
		return true;
	case MO_TOK_ALLOW:
	case MO_TOK_ASSERT:
	case MO_TOK_DENY:
	case MO_TOK_FOR:
	case MO_TOK_IF:
	case MO_TOK_REQUIRE:
		return !is_field_name(p, i);
	case MO_TOK_IMPORT:
		return t[1].kind == MO_TOK_STR_BEGIN;
	case MO_TOK_RAW:
		return t[1].kind == MO_TOK_LBRACE;
	default:
		return (t->kind == MO_TOK_TYPENAME || mo_token_declares(t->kind)) && (mo_token_is_word(t[1].kind) || t[1].kind == MO_TOK_TYPENAME);
	}
}

// Whether the item that is being skipped ends before the token at i, for all that can be told.
static bool
item_ends_before(const struct mo_parser *p, uint32_t i)
{
	const struct mo_token *token = &p->tokens.items[i];
	if (token->kind == MO_TOK_COMMA) { // declarations have commas of their own, and mostly end with their line
		uint32_t head = mo_layout_item_head(p, level(p)->item);
		int kind = p->tokens.items[head].kind;
		bool field = is_field_name(p, head) || p->tokens.items[head + 1].kind == MO_TOK_ASSIGN;
		bool declares = mo_token_declares(kind) || kind == MO_TOK_FOR || kind == MO_TOK_IF;
		return (field || !declares) && comma_ends_item(p, i);
	}
	if (i <= level(p)->item || !can_begin_item(p, i)) {
		return false;
	}
	if (i == p->given) { // the wrong token itself: going back to it may help once
		return p->returned != i && mo_layout_declares(p, i) && (token->newline || p->item_was_whole);
	}
	return token->newline && (can_end_item(p, i - 1) || token->indent <= p->tokens.items[level(p)->item].indent);
}

// Moves to the end of the item that the mistake spoiled, or to its block.
static void
skip(struct mo_parser *p)
{
	uint32_t i = p->mistake, holder = level_of_mistake(p);
	p->skipping = false;
	p->closes_types = false;
	if (holder + 1 < p->levels.len) {
		uint32_t opener = p->levels.items[holder + 1].opener;
		i = opener == i ? i : p->tokens.items[opener].partner + 1;
	}
	while (p->levels.len > holder + 1) {
		pop_level(p);
	}
	p->open -= level(p)->open;
	level(p)->open = 0;
	for (;; i++) {
		int kind = p->tokens.items[i].kind;
		level(p)->type_lists -= kind == MO_TOK_GT && level(p)->type_lists > 0;
		if (kind == MO_TOK_END || kind == MO_TOK_RBRACE || item_ends_before(p, i)) {
			p->forced = kind != MO_TOK_END && kind != MO_TOK_RBRACE && kind != MO_TOK_COMMA;
			p->returned = i;
			break;
		}
		if (kind == MO_TOK_LBRACE && begins_block(p, i)) {
			p->resuming = true;
			break;
		}
		if (opens(kind)) {
			i = p->tokens.items[i].partner;
		}
	}
	level(p)->type_lists = 0;
	p->next = i;
	p->separated = false;
	if (i > 0 && p->tokens.items[i - 1].span.end > p->skipped.end) {
		p->skipped.end = p->tokens.items[i - 1].span.end;
	}
}

// ---- giving tokens to the parser ---------------------------------------------------------------------------------------------------------

// A mistake that is reported here and not by the parser: it goes on as after one of its own.
static int
fail(struct mo_parser *p, uint32_t i)
{
	if (level(p)->item_begins) {
		level(p)->item = i;
		level(p)->item_begins = false;
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
	if (p->forced || mo_layout_item_head(p, level(p)->item) != i) { // what follows decorators is still their item
		end_item(p);
	}
	p->separated = true;
	p->forced = false;
	p->closes_types = false;
	p->given = i;
	at->start = at->end = i ? p->tokens.items[i - 1].span.end : p->tokens.items[i].span.start;
	return p->given_kind = level(p)->kind == MO_TOK_LBRACKET ? MO_TOK_NEWLINE_IN : MO_TOK_NEWLINE;
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
	if (!closes(token->kind) && token->kind != MO_TOK_END && !count_token(p)) {
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
		skip(p);
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
