// SPDX-License-Identifier: Apache-2.0
// After a mistake: which item it spoils, what that item would have been called, and where the next one begins. The smallest item in braces
// is lost, and of a declaration with a bad header only the header.
#include "syntax/layout.h"

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
	if (n > 1 && mo_layout_level(p)->opener == p->mistake && mo_token_opens(p->tokens.items[p->mistake].kind)) {
		n--;
	}
	while (!mo_layout_holds_items(p->levels.items[n - 1].kind)) {
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
	if (!mo_layout_is_field_name(p, (uint32_t)(t - p->tokens.items)) && names_nothing(t->kind)) {
		return (struct mo_name){ 0 };
	}
	bool declares = mo_token_declares(t->kind) && !mo_layout_is_field_name(p, (uint32_t)(t - p->tokens.items));
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
		mo_layout_end_item(p);
	}
}

// Whether the `{` at i begins the block of a declaration whose header is wrong, so that what it holds can be parsed all the same.
static bool
begins_block(const struct mo_parser *p, uint32_t i)
{
	uint32_t head = mo_layout_item_head(p, mo_layout_level(p)->item);
	if (head >= i || mo_layout_is_field_name(p, head)) {
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
		return !mo_layout_is_field_name(p, i);
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
		uint32_t head = mo_layout_item_head(p, mo_layout_level(p)->item);
		int kind = p->tokens.items[head].kind;
		bool field = mo_layout_is_field_name(p, head) || p->tokens.items[head + 1].kind == MO_TOK_ASSIGN;
		bool declares = mo_token_declares(kind) || kind == MO_TOK_FOR || kind == MO_TOK_IF;
		return (field || !declares) && mo_layout_comma_ends_item(p, i);
	}
	if (i <= mo_layout_level(p)->item || !mo_layout_can_begin(p, i)) {
		return false;
	}
	if (i == p->given) { // the wrong token itself: going back to it may help once
		return p->returned != i && mo_layout_declares(p, i) && (token->newline || p->item_was_whole);
	}
	return token->newline && (mo_layout_can_end(p, i - 1) || token->indent <= p->tokens.items[mo_layout_level(p)->item].indent);
}

// Moves to the end of the item that the mistake spoiled, or to its block.
void
mo_layout_skip(struct mo_parser *p)
{
	uint32_t i = p->mistake, holder = level_of_mistake(p);
	p->skipping = false;
	p->closes_types = false;
	if (holder + 1 < p->levels.len) {
		uint32_t opener = p->levels.items[holder + 1].opener;
		i = opener == i ? i : p->tokens.items[opener].partner + 1;
	}
	while (p->levels.len > holder + 1) {
		mo_layout_pop(p);
	}
	p->open -= mo_layout_level(p)->open;
	mo_layout_level(p)->open = 0;
	for (;; i++) {
		int kind = p->tokens.items[i].kind;
		mo_layout_level(p)->type_lists -= kind == MO_TOK_GT && mo_layout_level(p)->type_lists > 0;
		if (kind == MO_TOK_END || kind == MO_TOK_RBRACE || item_ends_before(p, i)) {
			p->forced = kind != MO_TOK_END && kind != MO_TOK_RBRACE && kind != MO_TOK_COMMA;
			p->returned = i;
			break;
		}
		if (kind == MO_TOK_LBRACE && i >= p->resumed && begins_block(p, i)) {
			p->resuming = true;
			p->resumed = i + 1;
			break;
		}
		if (mo_token_opens(kind)) {
			i = p->tokens.items[i].partner;
		}
	}
	mo_layout_level(p)->type_lists = 0;
	p->next = i;
	p->separated = false;
	if (i > 0 && p->tokens.items[i - 1].span.end > p->skipped.end) {
		p->skipped.end = p->tokens.items[i - 1].span.end;
	}
}
