// SPDX-License-Identifier: Apache-2.0
// Texts that are known wholly, against the limit of their property itself: length, characters, pattern, and what services keep for themselves.
#include "check/text_limits.h"

#include "base/regex.h"

#include <string.h>
#include <strings.h>

struct mo_span
mo_text_span(const struct mo_text_property *p, const struct mo_ir_value *v)
{
	return v && !mo_span_is_nowhere(v->span) ? v->span : !mo_span_is_nowhere(p->member->value->span) ? p->member->value->span
		: !mo_span_is_nowhere(p->member->key_span) ? p->member->key_span : mo_check_place(p->resource->origin, MO_NOWHERE);
}

void
mo_text_note_limit(struct mo_checker *c, struct mo_diag *d, const struct mo_text_property *p)
{
	const struct mo_text_limit *l = p->row->limit;
	struct mo_str chars = mo_charset_text(c->arena, &p->row->domain.contain);
	if (l->pattern) {
		mo_diag_note(d, "`%s` takes %u to %u characters of " MO_STR_FMT " (%s)", l->property, l->least, l->most, MO_STR_ARG(chars), l->source);
	} else {
		mo_diag_note(d, "`%s` takes %u to %u characters (%s)", l->property, l->least, l->most, l->source);
	}
}

// ---- texts that are known --------------------------------------------------------------------------------------------------------

static bool
ends_with(struct mo_str text, const char *end)
{
	struct mo_str e = mo_str_c(end);
	return text.len >= e.len && mo_str_eq(mo_str_sub(text, text.len - e.len, text.len), e);
}

// What a bucket's name may not start or end with besides.
static const char *
reserved_for_buckets(struct mo_str text)
{
	static const char *const starts[] = { "xn--", "sthree-", "amzn-s3-demo-", NULL }, *const ends[] = { "-s3alias", "--ol-s3", ".mrap", "--x-s3",
		"--table-s3", NULL };
	for (uint32_t i = 0; starts[i]; i++) {
		if (mo_str_starts(text, mo_str_c(starts[i]))) {
			return starts[i];
		}
	}
	for (uint32_t i = 0; ends[i]; i++) {
		if (ends_with(text, ends[i])) {
			return ends[i];
		}
	}
	return mo_str_find(text, MO_STR(".."), 0) >= 0 ? ".." : NULL;
}

// Systems Manager keeps names that start with these, however they are written.
static const char *
reserved_for_parameters(struct mo_str text)
{
	static const char *const starts[] = { "aws", "ssm", NULL };
	struct mo_str name = mo_str_starts(text, MO_STR("/")) ? mo_str_sub(text, 1, text.len) : text;
	for (uint32_t i = 0; starts[i]; i++) {
		if (name.len >= 3 && strncasecmp(name.p, starts[i], 3) == 0) {
			return starts[i];
		}
	}
	return NULL;
}

// What a name may not hold although its characters are right; NULL when there is nothing.
static const char *
reserved_in(const struct mo_text_property *p, struct mo_str text)
{
	const char *type = p->row->limit->type, *property = p->row->limit->property;
	if (strcmp(type, "AWS::S3::Bucket") == 0 && strcmp(property, "BucketName") == 0) {
		return reserved_for_buckets(text);
	}
	if (strcmp(type, "AWS::SSM::Parameter") == 0 && strcmp(property, "Name") == 0) {
		return reserved_for_parameters(text);
	}
	bool alias = strcmp(type, "AWS::KMS::Alias") == 0 && mo_str_starts(text, MO_STR("alias/aws/"));
	return alias ? "alias/aws/" : NULL;
}

struct mo_diag *
mo_text_report(struct mo_text_check *l, const struct mo_text_property *p, const struct mo_ir_value *at, struct mo_str text, const char *why)
{
	struct mo_str shown = text.len > 40 ? mo_str_printf(l->c->arena, MO_STR_FMT "…", MO_STR_ARG(mo_str_sub(text, 0, 40))) : text;
	struct mo_diag *d = mo_report(l->c->diags, MSG_TEXT_DOES_NOT_FIT, mo_text_span(p, at), "`" MO_STR_FMT "` cannot be the `%s` of " MO_STR_FMT ": %s",
		MO_STR_ARG(shown), p->row->limit->property, MO_STR_ARG(p->resource->type), why);
	mo_text_note_limit(l->c, d, p);
	return d;
}

// The first character that has no place; `out` names it.
bool
mo_text_wrong_character(struct mo_text_check *l, const struct mo_text_property *p, struct mo_str text, struct mo_str *out)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!mo_charset_has(&p->row->domain.contain, (unsigned char)text.p[i])) {
			size_t end = i + 1;
			while (end < text.len && ((unsigned char)text.p[end] & 0xC0) == 0x80) {
				end++;
			}
			*out = mo_str_printf(l->c->arena, "`" MO_STR_FMT "` may not stand in it", MO_STR_ARG(mo_str_sub(text, i, end)));
			return true;
		}
	}
	return false;
}

void
mo_text_check_known(struct mo_text_check *l, const struct mo_text_property *p, const struct mo_ir_value *at, struct mo_str text)
{
	const struct mo_text_limit *limit = p->row->limit;
	size_t length = mo_str_columns(text);
	struct mo_str wrong;
	if (length > limit->most || length < limit->least) {
		const char *why = mo_str_printf(l->c->arena, "it has %zu character%s, not %u to %u", length, length == 1 ? "" : "s", limit->least,
			limit->most).p;
		mo_text_report(l, p, at, text, why);
	} else if (mo_text_wrong_character(l, p, text, &wrong)) {
		mo_text_report(l, p, at, text, wrong.p);
	} else if (limit->pattern && !mo_regex_matches(l->c->ctx, mo_str_c(limit->pattern), text)) {
		mo_text_report(l, p, at, text, mo_str_printf(l->c->arena, "it does not match `%s`", limit->pattern).p);
	} else if (reserved_in(p, text)) {
		mo_text_report(l, p, at, text, mo_str_printf(l->c->arena, "`%s` is reserved there", reserved_in(p, text)).p);
	}
}
