// SPDX-License-Identifier: Apache-2.0
// Habits from YAML templates, HCL, Python, JavaScript and C: takes a mistake, recognizes what its writer is used to, and says how the same
// is written here. Only looks at the tokens around the mistake.
#include "syntax/error.h"

#include "diag/diag.h"
#include "syntax/parse.h"

static const struct mo_token *
tokens(const struct mo_mistake *m)
{
	return m->p->tokens.items;
}

static struct mo_str
text_of(struct mo_parser *p, uint32_t i)
{
	return mo_span_text(p->ctx->sources, p->tokens.items[i].span);
}

static bool
reads(struct mo_parser *p, uint32_t i, const char *word)
{
	return i < p->tokens.len && mo_str_is(text_of(p, i), word);
}

static bool
adjacent(const struct mo_token *t, uint32_t i)
{
	return t[i].span.end == t[i + 1].span.start;
}

// ---- bytes that begin nothing ------------------------------------------------------------------------------------------------------------

static const struct {
	const char *bytes, *help, *fix;
} strays[] = {
	{ "`", "text stands in \"…\", or in '…' where nothing is to be interpreted", NULL },
	{ "&", "`&&` means and", "&&" },
	{ "$", "`${…}` belongs into quotes; outside of them the name stands alone", "" },
	{ "\\", "a line needs no mark to go on: end it with an operator or a comma, or put the expression in parentheses", "" },
	{ "^", "there is no operator for powers or bits", NULL },
	{ "~", "there is no such operator; a pattern is matched by `matches(text, 'pattern')`", NULL },
	{ "“", "quotes are straight: \"…\"", "\"" },
	{ "”", "quotes are straight: \"…\"", "\"" },
	{ "‘", "quotes are straight: '…'", "'" },
	{ "’", "quotes are straight: '…'", "'" },
	{ "\xc2\xa0", "this is a no-break space; write an ordinary one", " " },
	{ "–", "write the minus of the keyboard", "-" },
	{ "—", "write the minus of the keyboard", "-" },
	{ "→", "write `->` or `=>`", NULL },
	{ "…", "write three points", "..." },
	{ "≤", "write `<=`", "<=" },
	{ "≥", "write `>=`", ">=" },
	{ "≠", "write `!=`", "!=" },
};

// `${`, which taking out the `$` does not make right.
static bool
opens_interpolation(struct mo_parser *p, const struct mo_token *token)
{
	const struct mo_source *s = mo_source_at(p->ctx->sources, token->span.start);
	size_t at = s ? token->span.start - s->base : 0;
	return s && mo_str_starts(mo_str_sub(s->text, at, s->text.len), MO_STR("${"));
}

void
mo_report_stray(struct mo_parser *p, const struct mo_token *token)
{
	struct mo_str text = mo_span_text(p->ctx->sources, token->span);
	bool plain = text.len == 1 && text.p[0] > ' ' && text.p[0] < 0x7F;
	bool shown = plain || (text.len > 1 && (unsigned char)text.p[0] >= 0xC2 && text.len <= 40 && !mo_str_is(text, "\xc2\xa0"));
	struct mo_diag *d;
	if (plain && text.p[0] == '`') {
		d = mo_report(p->ctx->diags, MSG_INVALID_CHARACTER, token->span, "a backquote begins nothing");
	} else if (shown) {
		d = mo_report(p->ctx->diags, MSG_INVALID_CHARACTER, token->span, "`" MO_STR_FMT "` begins nothing", MO_STR_ARG(text));
	} else {
		d = mo_report(p->ctx->diags, MSG_INVALID_CHARACTER, token->span, "the byte 0x%02X begins nothing", (unsigned char)text.p[0]);
	}
	for (size_t i = 0; i < sizeof(strays) / sizeof(strays[0]); i++) {
		if (mo_str_is(text, strays[i].bytes)) {
			mo_diag_help(d, "%s", strays[i].help);
			if (strays[i].fix && !opens_interpolation(p, token)) {
				mo_diag_fix(d, token->span, "%s", strays[i].fix);
			}
			return;
		}
	}
	mo_diag_help(d, "names are made of the letters a to z and A to Z, digits and `_`; all other text stands in quotes");
}

// ---- CloudFormation's short tags -----------------------------------------------------------------------------------------------------------

static const struct {
	const char *tag, *instead;
	bool drop; // leaving the tag out is the whole fix
} short_tags[] = {
	{ "Ref", "write the name itself", true },
	{ "GetAtt", "write `name.Attribute`", true },
	{ "Sub", "every text in double quotes interpolates `${…}`", true },
	{ "Join", "write `join(\",\", list)`", false },
	{ "If", "write `if condition then a else b`", false },
	{ "Select", "write `list[0]`", false },
	{ "Split", "write `split(\",\", text)`", false },
	{ "FindInMap", "write `map[key].name`", false },
	{ "ImportValue", "write the output itself, as in `networking.vpc`", false },
	{ "GetAZs", "write `Fn::GetAZs(region)`", false },
	{ "Base64", "write `base64(text)`", false },
	{ "Cidr", "write `cidr_subnets(range, count, bits)`", false },
	{ "Equals", "write `a == b`", false },
	{ "And", "write `a && b`", false },
	{ "Or", "write `a || b`", false },
	{ "Not", "write `!a`", false },
	{ "Condition", "write the condition's name", true },
	{ "Transform", "use the decorator `@transform(…)`", false },
};

const char *
mo_instead_of_tag(struct mo_str tag)
{
	for (size_t i = 0; i < sizeof(short_tags) / sizeof(*short_tags); i++) {
		if (mo_str_is(tag, short_tags[i].tag)) {
			return short_tags[i].instead;
		}
	}
	return NULL;
}

bool
mo_report_short_tag(struct mo_parser *p, uint32_t i)
{
	const struct mo_token *t = &p->tokens.items[i];
	if (i + 2 >= p->tokens.len || t[1].kind != MO_TOK_IDENT || !adjacent(t, 0) || adjacent(t, 1) || t[2].newline) {
		return false;
	}
	bool argument = mo_token_is_word(t[2].kind) || t[2].kind == MO_TOK_STR_BEGIN || t[2].kind == MO_TOK_LBRACKET;
	for (size_t k = 0; k < sizeof(short_tags) / sizeof(short_tags[0]) && argument; k++) {
		if (!reads(p, i + 1, short_tags[k].tag)) {
			continue;
		}
		struct mo_span tag = { t[0].span.start, t[1].span.end };
		struct mo_diag *d = mo_report(p->ctx->diags, MSG_SHORT_TAG, tag, "`!%s` belongs to YAML templates", short_tags[k].tag);
		mo_diag_help(d, "%s", short_tags[k].instead);
		if (short_tags[k].drop) {
			mo_diag_fix(d, (struct mo_span){ tag.start, t[2].span.start }, "%s", "");
		}
		return true;
	}
	return false;
}

// ---- fields ------------------------------------------------------------------------------------------------------------------------------

// The end of the name that begins the item, a word or a text; 0 when the item does not begin with one.
static uint32_t
behind_name(const struct mo_mistake *m)
{
	const struct mo_token *t = tokens(m);
	if (t[m->head].kind == MO_TOK_STR_BEGIN) {
		return t[m->head].partner + 1;
	}
	return mo_token_is_word(t[m->head].kind) ? m->head + 1 : 0;
}

static bool
in_file(const struct mo_mistake *m)
{
	return m->p->levels.len == 1 || (m->p->levels.len == 2 && m->kind == MO_TOK_LBRACE);
}

// `name = value`
static bool
equals_in_field(const struct mo_mistake *m)
{
	if (m->kind != MO_TOK_ASSIGN || behind_name(m) != m->at) {
		return false;
	}
	const struct mo_token *t = tokens(m);
	struct mo_diag *d;
	if (in_file(m)) {
		d = mo_report(m->p->ctx->diags, MSG_FIELD_WITH_EQUALS, m->span, "a value gets a name with `let`");
		mo_diag_help(d, "write `let` before it");
		mo_diag_fix(d, (struct mo_span){ t[m->head].span.start, t[m->head].span.start }, "let ");
		return true;
	}
	d = mo_report(m->p->ctx->diags, MSG_FIELD_WITH_EQUALS, m->span, "expected `:` after the field's name, found `=`");
	mo_diag_help(d, "a field is `name: value`; a name for a value of your own is `let name = value`");
	mo_diag_fix(d, (struct mo_span){ t[m->at - 1].span.end, m->span.end }, ":");
	return true;
}

static bool
begins_value(int kind)
{
	switch (kind) {
	case MO_TOK_LBRACE:
	case MO_TOK_LBRACKET:
	case MO_TOK_STR_BEGIN:
	case MO_TOK_INT:
	case MO_TOK_FLOAT:
	case MO_TOK_CIDR:
	case MO_TOK_DURATION:
	case MO_TOK_SIZE:
	case MO_TOK_TRUE:
	case MO_TOK_FALSE:
	case MO_TOK_NONE:
	case MO_TOK_TYPENAME:
		return true;
	default:
		return false;
	}
}

// `Tags { … }`, `Name "x"`
static bool
colon_missing(const struct mo_mistake *m)
{
	const struct mo_token *t = tokens(m);
	bool place = behind_name(m) == m->at && !t[m->at].newline && m->at > m->head && mo_wants(m, MO_TOK_COLON);
	bool value = begins_value(m->kind) || (mo_token_is_word(m->kind) && !mo_wants(m, MO_TOK_IDENT));
	if (!place || !value || in_file(m) || mo_token_declares(t[m->head].kind)) {
		return false;
	}
	struct mo_str name = text_of(m->p, m->head);
	bool property = t[m->head].kind == MO_TOK_STR_BEGIN || (name.len && name.p[0] >= 'A' && name.p[0] <= 'Z') || m->kind != MO_TOK_LBRACE ||
		!mo_wants(m, MO_TOK_IDENT);
	struct mo_span gap = { t[m->at - 1].span.end, t[m->at - 1].span.end };
	struct mo_diag *d = mo_report(m->p->ctx->diags, MSG_MISSING_COLON, m->span, "expected `:` between the field's name and its value");
	if (property) {
		mo_diag_help(d, "a field is `name: value`, also where the value is a block");
	} else {
		mo_diag_help(d, "a field is `name: { … }`, an instance of a component is `kind name { … }`");
	}
	mo_diag_fix(d, gap, ":");
	return true;
}

// `detail-type: …`, `let my-name = …`
static bool
hyphen_in_name(const struct mo_mistake *m)
{
	const struct mo_token *t = tokens(m);
	uint32_t first = m->at - 1, last = m->at;
	if (m->kind != MO_TOK_MINUS || m->at == 0 || !mo_token_is_word(t[first].kind) || !adjacent(t, first)) {
		return false;
	}
	while (t[last].kind == MO_TOK_MINUS && adjacent(t, last - 1) && adjacent(t, last) && mo_token_is_word(t[last + 1].kind)) {
		last += 2;
	}
	if (last == m->at) {
		return false;
	}
	struct mo_span name = { t[first].span.start, t[last - 1].span.end };
	struct mo_str text = mo_span_text(m->p->ctx->sources, name);
	struct mo_diag *d = mo_report(m->p->ctx->diags, MSG_HYPHEN_IN_NAME, name, "a name holds no `-`");
	if (first == m->head && t[last].kind == MO_TOK_COLON) {
		mo_diag_help(d, "put the field's name in quotes");
		mo_diag_fix(d, name, "\"" MO_STR_FMT "\"", MO_STR_ARG(text));
		return true;
	}
	mo_diag_help(d, "names are written with `_`");
	for (uint32_t i = m->at; i < last; i += 2) {
		mo_diag_fix(d, t[i].span, "_");
	}
	return true;
}

// ---- words -------------------------------------------------------------------------------------------------------------------------------

// Words that begin a declaration elsewhere.
static const struct {
	const char *word, *help, *fix;
} beginnings[] = {
	{ "variable", "an argument is `input name: Type = default`, a CloudFormation parameter `param name: Type`", NULL },
	{ "locals", "a name for a value is `let name = value`", NULL },
	{ "local", "a name for a value is `let name = value`", "let" },
	{ "var", "a name for a value is `let name = value`", "let" },
	{ "const", "a name for a value is `let name = value`", "let" },
	{ "module", "an instance of a component is `kind name { … }`, after `import \"file\" { kind }`", NULL },
	{ "data", "something that exists already is `existing AWS::Service::Type name { … }`", NULL },
	{ "provider", "accounts and regions are `account name { id: \"…\", region: \"…\" }`", NULL },
	{ "terraform", "settings of the whole program are `platform name { … }`", NULL },
	{ "parameter", "a CloudFormation parameter is `param name: Type`", "param" },
	{ "metadata", "metadata is the decorator `@metadata({ … })`", NULL },
	{ "func", "a function is `fn name(a: Type) -> Type = value`", "fn" },
	{ "function", "a function is `fn name(a: Type) -> Type = value`", "fn" },
	{ "def", "a function is `fn name(a: Type) -> Type = value`", "fn" },
	{ "class", "a group of resources is `component name { … }`, a record type is `type name = { … }`", NULL },
	{ "construct", "a group of resources is `component name { … }`", "component" },
	{ "return", "a function is one expression behind `=`", NULL },
	{ "while", "lists and maps are gone through with `for x in xs { … }`", NULL },
	{ "switch", "a choice is `match x { \"a\" => 1, _ => 2 }`", NULL },
	{ "from", "names come from another file with `import \"file\" { name }`", NULL },
	{ "using", "names come from another file with `import \"file\" { name }`", NULL },
	{ "elif", "write `else if`", "else if" },
	{ "elsif", "write `else if`", "else if" },
	{ "elseif", "write `else if`", "else if" },
	{ "else", "`else` follows the block of its `if`", NULL },
	{ "match", "`match` chooses a value, as in `let size = match env { \"prod\" => 3, _ => 1 }`", NULL },
};

// Words that stand for operators and values elsewhere.
static const struct {
	const char *word, *help, *fix;
} between[] = {
	{ "and", "write `&&`", "&&" },
	{ "or", "write `||`", "||" },
	{ "elif", "write `else if`", "else if" },
	{ "elsif", "write `else if`", "else if" },
	{ "elseif", "write `else if`", "else if" },
	{ "of", "write `in`", "in" },
	{ "div", "division is `/`, and `div(a, b)` where the remainder is dropped", NULL },
	{ "mod", "the remainder is `%`", "%" },
};

static bool
report_word(const struct mo_mistake *m, uint32_t i, const char *help, const char *fix)
{
	struct mo_span span = tokens(m)[i].span;
	struct mo_diag *d = mo_report(m->p->ctx->diags, MSG_FOREIGN_WORD, span, "`" MO_STR_FMT "` has no meaning here",
		MO_STR_ARG(text_of(m->p, i)));
	mo_diag_help(d, "%s", help);
	if (fix) {
		mo_diag_fix(d, span, "%s", fix);
	}
	return true;
}

static bool
foreign_beginning(const struct mo_mistake *m)
{
	const struct mo_token *t = tokens(m);
	bool early = m->at == m->head + 1 || m->at == m->head + 2 || (m->at > m->head && t[m->head + 1].kind == MO_TOK_STR_BEGIN);
	if (!early || t[m->head + 1].kind == MO_TOK_COLON || t[m->head + 1].kind == MO_TOK_DOT) {
		return false;
	}
	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
		if (reads(m->p, m->head, beginnings[i].word)) {
			return report_word(m, m->head, beginnings[i].help, beginnings[i].fix);
		}
	}
	if (t[m->head].kind == MO_TOK_RESOURCE && m->kind == MO_TOK_STR_BEGIN && m->at == m->head + 1) {
		return report_word(m, m->head, "a resource is `AWS::Service::Type name { … }`", NULL);
	}
	return false;
}

// Whether the item's `=` or `:` is behind us, so that another `=` stands in its value.
static bool
has_value(const struct mo_mistake *m)
{
	for (uint32_t i = m->head; i < m->at; i++) {
		if (tokens(m)[i].kind == MO_TOK_ASSIGN || tokens(m)[i].kind == MO_TOK_COLON) {
			return true;
		}
	}
	return false;
}

static bool
foreign_operator(const struct mo_mistake *m)
{
	const struct mo_token *t = tokens(m);
	for (size_t i = 0; i < sizeof(between) / sizeof(between[0]) && m->kind == MO_TOK_IDENT && m->at > m->head; i++) {
		if (reads(m->p, m->at, between[i].word)) {
			return report_word(m, m->at, between[i].help, between[i].fix);
		}
	}
	if (m->at && t[m->at - 1].kind == MO_TOK_NOT && mo_token_is_word(m->kind)) {
		report_word(m, m->at - 1, "write `!`", NULL);
		mo_diag_fix(mo_last(&m->p->ctx->diags->items), (struct mo_span){ t[m->at - 1].span.start, m->span.start }, "!");
		return true;
	}
	if (m->kind == MO_TOK_QUESTION && m->at && mo_wants(m, MO_TOK_PLUS)) {
		return report_word(m, m->at, "a choice is `if condition then a else b`", NULL);
	}
	if (m->kind == MO_TOK_QUESTION && m->at && t[m->at - 1].kind == MO_TOK_RBRACKET) {
		return false;
	}
	bool twice = m->kind == MO_TOK_ASSIGN && m->at && t[m->at - 1].kind == MO_TOK_EQ && adjacent(t, m->at - 1);
	if (twice) {
		return report_word(m, m->at, "equality is `==`", "");
	}
	bool inside = has_value(m) || !mo_wants(m, MO_TOK_NEWLINE);
	return m->kind == MO_TOK_ASSIGN && mo_wants(m, MO_TOK_EQ) && mo_wants(m, MO_TOK_PLUS) && inside
		? report_word(m, m->at, "equality is `==`", "==") : false;
}

// ---- shapes ------------------------------------------------------------------------------------------------------------------------------

// `output url: "…"`: what follows the colon was read as a type.
static bool
colon_for_equals(const struct mo_mistake *m)
{
	const struct mo_token *t = tokens(m);
	bool names = t[m->head].kind == MO_TOK_OUTPUT || t[m->head].kind == MO_TOK_LET;
	if (!names || m->at < m->head + 3 || t[m->head + 2].kind != MO_TOK_COLON || !mo_wants(m, MO_TOK_ASSIGN)) {
		return false;
	}
	struct mo_diag *d = mo_report(m->p->ctx->diags, MSG_UNEXPECTED_TOKEN, t[m->head + 2].span, "expected `=` before the value, found `:`");
	mo_diag_help(d, "a type may stand between: `%s name: Type = value`", t[m->head].kind == MO_TOK_LET ? "let" : "output");
	mo_diag_fix(d, (struct mo_span){ t[m->head + 1].span.end, t[m->head + 2].span.end }, " =");
	return true;
}

// `bucket: AWS::S3::Bucket { … }`
static bool
name_before_type(const struct mo_mistake *m)
{
	const struct mo_token *t = tokens(m);
	if (m->kind != MO_TOK_LBRACE || m->at != m->head + 3 || t[m->head + 1].kind != MO_TOK_COLON || t[m->head + 2].kind != MO_TOK_TYPENAME) {
		return false;
	}
	struct mo_span span = { t[m->head].span.start, t[m->head + 2].span.end };
	struct mo_str name = text_of(m->p, m->head), type = text_of(m->p, m->head + 2);
	struct mo_diag *d = mo_report(m->p->ctx->diags, MSG_UNEXPECTED_TOKEN, span, "a resource begins with its type");
	mo_diag_help(d, "a resource is `AWS::Service::Type name { … }`");
	mo_diag_fix(d, span, MO_STR_FMT " " MO_STR_FMT, MO_STR_ARG(type), MO_STR_ARG(name));
	return true;
}

// What to say about a token that is refused in words of its own, where a form of another language shines through.
void
mo_help_with_habit(const struct mo_mistake *m, struct mo_diag *d)
{
	const struct mo_token *t = tokens(m);
	int before = m->at ? t[m->at - 1].kind : MO_TOK_END;
	if (m->kind == MO_TOK_LBRACE && mo_wants(m, MO_TOK_THEN) && mo_wants(m, MO_TOK_PLUS)) {
		mo_diag_help(d, "where a value is wanted, a choice is `if condition then a else b`");
	} else if (m->kind == MO_TOK_COMMA && t[m->head].kind == MO_TOK_STACK) {
		mo_diag_help(d, "several targets are a list: `in [a, b]`");
	} else if (m->kind == MO_TOK_LPAREN && t[m->head].kind == MO_TOK_COMPONENT) {
		mo_diag_help(d, "the inputs of a component stand in its block: `input name: Type`");
	} else if (m->kind == MO_TOK_INT && before == MO_TOK_DOT) {
		mo_diag_help(d, "text stands in quotes");
	} else if (m->kind == MO_TOK_IDENT && before == MO_TOK_INT && !m->newline) {
		mo_diag_help(d, "units are written at the number: `ms s min h d w` and `B KiB MiB GiB TiB`, as in `90s`");
	}
}

// `import { vpc } from "…"`, `import vpc from "…"`
static bool
foreign_import(const struct mo_mistake *m)
{
	const struct mo_token *t = tokens(m);
	if (t[m->head].kind != MO_TOK_IMPORT || m->at != m->head + 1 || m->kind == MO_TOK_STR_BEGIN || m->newline) {
		return false;
	}
	struct mo_diag *d = mo_report(m->p->ctx->diags, MSG_FOREIGN_WORD, m->span, "expected the file in quotes, found " MO_STR_FMT,
		MO_STR_ARG(mo_token_found(m->p, m->at, m->kind)));
	mo_diag_help(d, "the file comes first: `import \"std/network\" { vpc }`");
	return true;
}

// ---- placeholders of Fn::Sub and of IAM --------------------------------------------------------------------------------------------------

static const struct {
	const char *pseudo, *instead;
} pseudo_parameters[] = {
	{ "AWS::AccountId", "aws.account_id" },
	{ "AWS::NotificationARNs", "aws.notification_arns" },
	{ "AWS::Partition", "aws.partition" },
	{ "AWS::Region", "aws.region" },
	{ "AWS::StackId", "aws.stack_id" },
	{ "AWS::StackName", "aws.stack_name" },
	{ "AWS::URLSuffix", "aws.url_suffix" },
};

// "${AWS::Region}", and outside of text.
static bool
pseudo_parameter(const struct mo_mistake *m)
{
	const struct mo_token *t = tokens(m);
	bool after_type = m->at > 0 && t[m->at - 1].kind == MO_TOK_TYPENAME;
	for (size_t i = 0; after_type && i < sizeof(pseudo_parameters) / sizeof(*pseudo_parameters); i++) {
		if (reads(m->p, m->at - 1, pseudo_parameters[i].pseudo)) {
			struct mo_span span = t[m->at - 1].span;
			struct mo_diag *d = mo_report(m->p->ctx->diags, MSG_FOREIGN_PLACEHOLDER, span, "`%s` is CloudFormation's own name",
				pseudo_parameters[i].pseudo);
			mo_diag_help(d, "here it is `%s`", pseudo_parameters[i].instead);
			mo_diag_fix(d, span, "%s", pseudo_parameters[i].instead);
			return true;
		}
	}
	return false;
}

// "${aws:username}", which IAM fills in, and "${cognito-identity.amazonaws.com:sub}".
static bool
policy_variable(const struct mo_mistake *m)
{
	const struct mo_token *t = tokens(m);
	uint32_t open = m->at;
	while (open > 0 && t[open].kind != MO_TOK_INTERP_BEGIN && t[open].kind != MO_TOK_STR_BEGIN && m->at - open < 16) {
		open--;
	}
	if (m->kind != MO_TOK_COLON || t[open].kind != MO_TOK_INTERP_BEGIN || !mo_token_is_word(t[open + 1].kind)) {
		return false;
	}
	struct mo_diag *d = mo_report(m->p->ctx->diags, MSG_FOREIGN_PLACEHOLDER, (struct mo_span){ t[open].span.start, m->span.end },
		"`${…:…}` is a variable that IAM fills in");
	mo_diag_help(d, "in double quotes `${` is filled in by the compiler: write `$${`, or the text in single quotes");
	mo_diag_fix(d, (struct mo_span){ t[open].span.start, t[open].span.start }, "$");
	return true;
}

bool
mo_report_habit(struct mo_mistake *m)
{
	if (pseudo_parameter(m) || policy_variable(m)) {
		return true;
	}
	if (colon_for_equals(m)) {
		return true;
	}
	if (m->newline || m->kind == MO_TOK_END) {
		return false;
	}
	return name_before_type(m) || hyphen_in_name(m) || foreign_import(m) || foreign_beginning(m) || foreign_operator(m) || equals_in_field(m) || colon_missing(m);
}
