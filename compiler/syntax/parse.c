// SPDX-License-Identifier: Apache-2.0
// One file from text to tree: the scanner, the brackets, then the generated parser. Takes a source, gives a whole tree whatever the text;
// mistakes go to the store of diagnostics.
#include "syntax/parse.h"

#include "diag/diag.h"
#include "syntax/layout.h"

_Static_assert((int)MO_TOK_NEWLINE == MO_FIRST_TOKEN, "bison numbers named tokens from here");
_Static_assert((int)MO_TOK_BANG < MO_TOKEN_CODES, "room for every token");

// The layout bounds what is open at any time, so this is the parser's own bound being wrong; said, because silence would be worse.
void
mo_parse_exhausted(struct mo_parser *p, struct mo_span at)
{
	struct mo_diag *d = mo_report(p->ctx->diags, MSG_ITEM_TOO_LONG, at, "this is too long and too deeply nested to be parsed");
	mo_diag_help(d, "give parts of it names with `let`");
}

static bool
opens_block_text(const struct mo_token *t)
{
	return t->kind == MO_TOK_STR_BEGIN && t->span.end - t->span.start == 3;
}

// The index of the token from which on nothing is to be trusted because the last text between three quotes has no end: most often one of
// the quotes before is too many or missing, and what is text was read as code since then.
static uint32_t
doubtful_from(const struct mo_parser *p)
{
	uint32_t found = UINT32_MAX;
	for (uint32_t i = p->tokens.len; i--;) {
		const struct mo_token *t = &p->tokens.items[i];
		if (opens_block_text(t) && found != UINT32_MAX) {
			return i;
		}
		if (opens_block_text(t)) {
			if (!t->bad) {
				return UINT32_MAX;
			}
			found = i;
		}
	}
	return found;
}

struct mo_syntax *
mo_parse(struct mo_ctx *ctx, const struct mo_source *source)
{
	struct mo_syntax *syntax = mo_new(&ctx->session, struct mo_syntax);
	syntax->source = source;
	syntax->file = mo_new(&ctx->session, struct mo_file_node);
	syntax->file->node.kind = MO_FILE_NODE;
	syntax->file->node.span = (struct mo_span){ source->base, source->base + (uint32_t)source->text.len };

	struct mo_scanner scanner;
	mo_scan(&scanner, ctx, source, syntax);
	struct mo_parser *p = mo_new(&ctx->session, struct mo_parser);
	*p = (struct mo_parser){ .ctx = ctx, .source = source, .syntax = syntax, .tokens = scanner.tokens, .docs = scanner.docs,
		.missing_braces = scanner.swallowed_braces };
	mo_brackets(p, scanner.ran_off);
	p->doubtful_from = scanner.ran_off ? doubtful_from(p) : UINT32_MAX;
	mo_layout_begin(p);
	mo_yyparse(p);
	mo_brackets_finish(p);
	return syntax;
}
