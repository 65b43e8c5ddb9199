// SPDX-License-Identifier: Apache-2.0
// What is known of each kind of token from the tables of grammar/keywords.def: how it is written, whether it is a word, a bracket, or can
// stand at either end of an item.
#include "syntax/layout.h"

// ---- the table of words and marks ------------------------------------------------------------------------------------------------------

enum word_class { NO_WORD, RESERVED, DECLARES, CONNECTS };

static const struct token_info {
	const char *spelling;
	enum word_class word;
	bool ends, starts;
} token_infos[MO_TOKEN_CODES - MO_FIRST_TOKEN] = {
#define MO_KEYWORD(TOKEN, text, CLASS) [MO_TOK_##TOKEN - MO_FIRST_TOKEN] = { "`" text "`", CLASS, true, true },
#define MO_MARK(TOKEN, text, ENDS, STARTS) [MO_TOK_##TOKEN - MO_FIRST_TOKEN] = { "`" text "`", NO_WORD, ENDS, STARTS },
#include "grammar/keywords.def"
	[MO_TOK_IDENT - MO_FIRST_TOKEN] = { NULL, CONNECTS, true, true },
};

static const struct token_info *
info_of(int kind)
{
	static const struct token_info literal = { NULL, NO_WORD, true, true };
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

bool
mo_token_ends_item(int kind)
{
	return info_of(kind)->ends;
}

bool
mo_token_begins_item(int kind)
{
	return info_of(kind)->starts;
}

// ---- brackets --------------------------------------------------------------------------------------------------------------------------

int
mo_token_closer(int kind)
{
	switch (kind) {
	case MO_TOK_LBRACE:
		return MO_TOK_RBRACE;
	case MO_TOK_LBRACKET:
		return MO_TOK_RBRACKET;
	case MO_TOK_LPAREN:
		return MO_TOK_RPAREN;
	case MO_TOK_INTERP_BEGIN:
		return MO_TOK_INTERP_END;
	case MO_TOK_STR_BEGIN:
		return MO_TOK_STR_END;
	default:
		return 0;
	}
}

bool
mo_token_opens(int kind)
{
	return mo_token_closer(kind) != 0;
}

bool
mo_token_closes(int kind)
{
	return kind == MO_TOK_RBRACE || kind == MO_TOK_RBRACKET || kind == MO_TOK_RPAREN || kind == MO_TOK_INTERP_END || kind == MO_TOK_STR_END;
}
