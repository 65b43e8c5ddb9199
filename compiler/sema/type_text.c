// SPDX-License-Identifier: Apache-2.0
// Types as the user would write them, for messages.
#include "sema/param_type.h"
#include "sema/scope.h"
#include "sema/type.h"

enum { LONGEST_TEXT = 80, TEXT_DEPTH = 6 };

struct writer {
	struct mo_ctx *ctx;
	struct mo_buf buf;
};

static void write_type(struct writer *w, const struct mo_type *t, uint32_t depth);

static void
write_string(struct writer *w, const struct mo_type *t)
{
	struct mo_buf *b = &w->buf;
	if (t->stored) {
		mo_buf_adds(b, "Ssm<");
		write_type(w, t->stored, 1);
		mo_buf_adds(b, ">");
	} else if (t->is_literal) {
		mo_buf_printf(b, "\"" MO_STR_FMT "\"", MO_STR_ARG(t->literal));
	} else if (t->param_type) {
		mo_buf_adds(b, t->param_type->name);
	} else if (t->role == MO_STRING_ACCOUNT_ID) {
		mo_buf_adds(b, "AccountId");
	} else if (t->role == MO_STRING_REGION) {
		mo_buf_adds(b, "Region");
	} else if (t->targets.len) {
		for (uint32_t i = 0; i < t->targets.len; i++) {
			const struct mo_string_target *g = &t->targets.items[i];
			mo_buf_printf(b, "%s%s<" MO_STR_FMT ">", i ? " | " : "", g->is_ref || !g->attribute.len ? "Ref" :
				mo_str_ends(g->attribute, MO_STR("Arn")) ? "Arn" : "Ref", MO_STR_ARG(g->type));
		}
	} else if (t->role == MO_STRING_ARN) {
		mo_buf_adds(b, "Arn");
	} else if (t->bounded) {
		mo_buf_printf(b, "String(%lld..%lld)", (long long)t->min, (long long)t->max);
	} else {
		mo_buf_adds(b, "String");
	}
}

static void
write_int(struct writer *w, const struct mo_type *t)
{
	if (t->is_literal) {
		mo_buf_printf(&w->buf, "%lld", (long long)t->min);
	} else if (t->bounded) {
		mo_buf_printf(&w->buf, "Int(%lld..%lld)", (long long)t->min, (long long)t->max);
	} else {
		mo_buf_adds(&w->buf, "Int");
	}
}

static void
write_fields(struct writer *w, const struct mo_type *t, uint32_t depth)
{
	mo_buf_adds(&w->buf, t->fields.len ? "{ " : "{}");
	for (uint32_t i = 0; i < t->fields.len; i++) {
		const struct mo_field *f = &t->fields.items[i];
		mo_buf_adds(&w->buf, i ? ", " : "");
		mo_buf_add(&w->buf, mo_atom_str(w->ctx->atoms, f->name));
		mo_buf_adds(&w->buf, f->optional ? "?: " : ": ");
		write_type(w, f->type, depth + 1);
	}
	mo_buf_adds(&w->buf, t->fields.len ? " }" : "");
}

static void
write_struct(struct writer *w, const struct mo_type *t)
{
	struct mo_str name = mo_cat_structure_name(t->catalog);
	mo_buf_add(&w->buf, t->resource_type);
	if (!mo_str_eq(name, t->resource_type)) {
		mo_buf_printf(&w->buf, "." MO_STR_FMT, MO_STR_ARG(name));
	}
}

static void
write_symbol(struct writer *w, const char *what, const struct mo_symbol *s)
{
	mo_buf_printf(&w->buf, "%s", what);
	if (s) {
		mo_buf_printf(&w->buf, " `" MO_STR_FMT "`", MO_STR_ARG(mo_atom_str(w->ctx->atoms, s->name)));
	}
}

static void
write_type(struct writer *w, const struct mo_type *t, uint32_t depth)
{
	struct mo_buf *b = &w->buf;
	if (t->name && t->kind != MO_TYPE_STRUCT) {
		mo_buf_add(b, mo_atom_str(w->ctx->atoms, t->name));
		return;
	}
	if (depth > TEXT_DEPTH || b->len > LONGEST_TEXT) {
		mo_buf_adds(b, "…");
		return;
	}
	switch (t->kind) {
	case MO_TYPE_ERROR: mo_buf_adds(b, "an erroneous value"); return;
	case MO_TYPE_NONE: mo_buf_adds(b, "none"); return;
	case MO_TYPE_BOOL: mo_buf_adds(b, t->is_literal ? (t->min ? "true" : "false") : "Bool"); return;
	case MO_TYPE_INT: write_int(w, t); return;
	case MO_TYPE_FLOAT: mo_buf_adds(b, "Float"); return;
	case MO_TYPE_STRING: write_string(w, t); return;
	case MO_TYPE_CIDR: mo_buf_adds(b, "Cidr"); return;
	case MO_TYPE_DURATION: mo_buf_adds(b, "Duration"); return;
	case MO_TYPE_SIZE: mo_buf_adds(b, "Size"); return;
	case MO_TYPE_JSON: mo_buf_adds(b, "Json"); return;
	case MO_TYPE_LIST:
		mo_buf_adds(b, "[");
		write_type(w, t->element, depth + 1);
		mo_buf_adds(b, "]");
		return;
	case MO_TYPE_MAP:
		mo_buf_adds(b, "Map<String, ");
		write_type(w, t->element, depth + 1);
		mo_buf_adds(b, ">");
		return;
	case MO_TYPE_RECORD: write_fields(w, t, depth); return;
	case MO_TYPE_UNION:
		for (uint32_t i = 0; i < t->alternatives.len; i++) {
			mo_buf_adds(b, i ? " | " : "");
			write_type(w, t->alternatives.items[i], depth + 1);
		}
		return;
	case MO_TYPE_OPTIONAL:
		write_type(w, t->element, depth + 1);
		mo_buf_adds(b, "?");
		return;
	case MO_TYPE_STRUCT: write_struct(w, t); return;
	case MO_TYPE_RESOURCE: mo_buf_add(b, t->resource_type.len ? t->resource_type : MO_STR("a resource")); return;
	case MO_TYPE_INSTANCE: write_symbol(w, "an instance of", t->symbol); return;
	case MO_TYPE_FAMILY:
		mo_buf_adds(b, "a family of ");
		write_type(w, t->element, depth + 1);
		return;
	case MO_TYPE_ACCOUNT: mo_buf_adds(b, "Account"); return;
	case MO_TYPE_TARGET: mo_buf_adds(b, "Target"); return;
	case MO_TYPE_STACK: write_symbol(w, t->symbol ? "the stack" : "Stack", t->symbol); return;
	case MO_TYPE_TEMPLATE: write_symbol(w, t->symbol ? "the template" : "Template", t->symbol); return;
	case MO_TYPE_AUDIENCE: mo_buf_adds(b, t->fields.len ? "an organizational unit" : "`anywhere`"); return;
	case MO_TYPE_MODULE: write_symbol(w, "the module", t->symbol); return;
	case MO_TYPE_AWS: mo_buf_adds(b, "aws"); return;
	case MO_TYPE_FUNCTION: write_symbol(w, "the function", t->symbol); return;
	case MO_TYPE_ANY: mo_buf_adds(b, "anything"); return;
	}
}

struct mo_str
mo_type_text(struct mo_ctx *ctx, const struct mo_type *t)
{
	struct writer w = { .ctx = ctx, .buf = mo_buf_in(&ctx->session) };
	write_type(&w, t, 0);
	struct mo_str s = mo_buf_str(&w.buf);
	if (mo_str_columns(s) <= LONGEST_TEXT) {
		return s;
	}
	size_t cut = LONGEST_TEXT - 1;
	while (cut > 0 && (s.p[cut] & 0xc0) == 0x80) {
		cut--;
	}
	return mo_str_printf(&ctx->session, MO_STR_FMT "…", (int)cut, s.p);
}

// ---- nouns -----------------------------------------------------------------------------------------------------------------------

enum { LONGEST_NOUN = 40, TARGETS_NAMED = 3 };

static bool
is_upper(char ch)
{
	return ch >= 'A' && ch <= 'Z';
}

static bool
is_digit(char ch)
{
	return ch >= '0' && ch <= '9';
}

// Where the word that starts at `from` ends: at a capital after a small letter, or before the last capital of several.
static size_t
word_end(struct mo_str s, size_t from)
{
	size_t i = from + 1;
	while (i < s.len) {
		bool starts_word = is_upper(s.p[i]) && (!is_upper(s.p[i - 1]) || (i + 1 < s.len && !is_upper(s.p[i + 1]) && !is_digit(s.p[i + 1])));
		if (starts_word && !is_digit(s.p[i - 1])) {
			break;
		}
		i++;
	}
	return i;
}

// "VPCEndpoint": "VPC endpoint".
static struct mo_str
words_of(struct mo_ctx *ctx, struct mo_str name)
{
	struct mo_buf b = mo_buf_in(&ctx->session);
	for (size_t from = 0, to; from < name.len; from = to) {
		to = word_end(name, from);
		bool acronym = to - from > 1 && is_upper(name.p[from + 1]);
		mo_buf_adds(&b, from ? " " : "");
		mo_buf_addc(&b, acronym || !is_upper(name.p[from]) ? name.p[from] : (char)(name.p[from] - 'A' + 'a'));
		mo_buf_add(&b, mo_str_sub(name, from + 1, to));
	}
	return mo_buf_str(&b);
}

// By sound: letters of acronyms are spoken one by one.
static const char *
article(struct mo_str words)
{
	bool acronym = words.len > 1 && is_upper(words.p[0]) && (is_upper(words.p[1]) || words.p[1] == ' ');
	struct mo_str vowels = acronym ? MO_STR("AEFHILMNORSX") : MO_STR("aeio");
	for (size_t i = 0; words.len && i < vowels.len; i++) {
		if (words.p[0] == vowels.p[i]) {
			return "an";
		}
	}
	return "a";
}

struct mo_str
mo_resource_noun(struct mo_ctx *ctx, struct mo_str resource_type)
{
	size_t from = resource_type.len;
	while (from > 0 && resource_type.p[from - 1] != ':') {
		from--;
	}
	if (from == resource_type.len) {
		return MO_STR("a resource");
	}
	struct mo_str words = words_of(ctx, mo_str_sub(resource_type, from, resource_type.len));
	return mo_str_printf(&ctx->session, "%s " MO_STR_FMT, article(words), MO_STR_ARG(words));
}

// "a queue or a topic": what a String identifies.
static struct mo_str
noun_of_targets(struct mo_ctx *ctx, const struct mo_type *t)
{
	struct mo_buf b = mo_buf_in(&ctx->session);
	for (uint32_t i = 0; i < t->targets.len && i < TARGETS_NAMED; i++) {
		bool last = i + 1 == t->targets.len;
		mo_buf_adds(&b, i == 0 ? "" : last ? " or " : ", ");
		mo_buf_add(&b, mo_resource_noun(ctx, t->targets.items[i].type));
	}
	if (t->targets.len > TARGETS_NAMED) {
		mo_buf_printf(&b, " or one of %u others", t->targets.len - TARGETS_NAMED);
	}
	return mo_buf_str(&b);
}

// T | [T]
static bool
is_one_or_more(const struct mo_type *t)
{
	return t->alternatives.len == 2 && t->alternatives.items[1]->kind == MO_TYPE_LIST
		&& mo_type_same(t->alternatives.items[0], t->alternatives.items[1]->element);
}

static const char *
plain_noun(const struct mo_type *t)
{
	switch (t->kind) {
	case MO_TYPE_RECORD: return "a record";
	case MO_TYPE_LIST: return "a list";
	case MO_TYPE_MAP: return "a map";
	case MO_TYPE_FAMILY: return "a family";
	case MO_TYPE_ACCOUNT: return "an account";
	case MO_TYPE_TARGET: return "a target";
	case MO_TYPE_AWS: return "`aws`";
	default: return "another type";
	}
}

static struct mo_str
noun_of_unit(struct mo_ctx *ctx, struct mo_str unit)
{
	static const char *const names[][2] = { { "ms", "milliseconds" }, { "s", "seconds" }, { "min", "minutes" }, { "h", "hours" }, { "d", "days" },
		{ "B", "bytes" } };
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (mo_str_is(unit, names[i][0])) {
			return mo_str_printf(&ctx->session, "a number of %s", names[i][1]);
		}
	}
	return mo_str_printf(&ctx->session, "a number of " MO_STR_FMT, MO_STR_ARG(unit));
}

struct mo_str
mo_type_noun(struct mo_ctx *ctx, const struct mo_type *t)
{
	struct mo_str text = mo_type_text(ctx, t->kind == MO_TYPE_LIST || t->kind == MO_TYPE_MAP ? mo_type_widened(ctx, t) : t);
	switch (t->kind) {
	case MO_TYPE_RESOURCE:
		return mo_resource_noun(ctx, t->resource_type);
	case MO_TYPE_STRING:
		if (t->targets.len && !t->is_literal) {
			return noun_of_targets(ctx, t);
		}
		return t->role == MO_STRING_ACCOUNT_ID ? MO_STR("an account id") : t->role == MO_STRING_REGION ? MO_STR("a region")
			: t->role == MO_STRING_ARN ? MO_STR("an ARN") : mo_str_columns(text) <= LONGEST_NOUN ? text : MO_STR("a long text");
	case MO_TYPE_RECORD:
		if (t->name && t->symbol) {
			return mo_str_printf(&ctx->session, "`" MO_STR_FMT "`", MO_STR_ARG(text));
		}
		return t->name ? text : MO_STR("a record");
	case MO_TYPE_ACCOUNT:
	case MO_TYPE_TARGET:
	case MO_TYPE_AWS:
		return mo_str_c(plain_noun(t));
	case MO_TYPE_FAMILY:
		return MO_STR("a family");
	case MO_TYPE_LIST:
		if (t->element->kind == MO_TYPE_INSTANCE || t->element->kind == MO_TYPE_RESOURCE || t->element->kind == MO_TYPE_RECORD) {
			return MO_STR("a list");
		}
		break;
	case MO_TYPE_INT:
	case MO_TYPE_FLOAT:
		return t->unit.len ? noun_of_unit(ctx, t->unit) : text;
	case MO_TYPE_UNION:
		if (is_one_or_more(t)) {
			return mo_str_printf(&ctx->session, MO_STR_FMT " or a list of them", MO_STR_ARG(mo_type_noun(ctx, t->alternatives.items[0])));
		}
		if (mo_str_columns(text) > LONGEST_NOUN && t->alternatives.items[0]->is_literal) {
			return mo_str_printf(&ctx->session, "one of %u values", t->alternatives.len);
		}
		break;
	default:
		break;
	}
	return mo_str_columns(text) <= LONGEST_NOUN || t->kind == MO_TYPE_STRUCT || t->kind == MO_TYPE_INSTANCE ? text : mo_str_c(plain_noun(t));
}
