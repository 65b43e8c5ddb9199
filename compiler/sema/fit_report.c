// SPDX-License-Identifier: Apache-2.0
// Saying what does not fit: one message for each way in which it cannot.
#include "sema/check.h"

enum { VALUES_LISTED = 8 };

static struct mo_str
text(struct mo_check *c, const struct mo_type *t)
{
	return mo_type_text(c->ctx, t);
}

// "a VPC" for AWS::EC2::VPC, "an S3 bucket"… the last part of the name, with its article.
static struct mo_str
short_name(struct mo_check *c, struct mo_str type)
{
	size_t from = type.len;
	while (from > 0 && type.p[from - 1] != ':') {
		from--;
	}
	struct mo_str last = mo_str_sub(type, from, type.len);
	bool vowel = last.len && (last.p[0] == 'A' || last.p[0] == 'E' || last.p[0] == 'I' || last.p[0] == 'O');
	return mo_str_printf(&c->ctx->session, "%s " MO_STR_FMT, vowel ? "an" : "a", MO_STR_ARG(last));
}

static struct mo_symbol *
declared_symbol(struct mo_node *n)
{
	struct mo_symbol *s = n->kind == MO_NAME_REF_NODE ? n->symbol : NULL;
	return s && s->kind != MO_SYM_LOCAL && s->module ? s : NULL;
}

static void
label_declaration(struct mo_diag *d, struct mo_node *n)
{
	struct mo_symbol *s = declared_symbol(n);
	if (s) {
		mo_diag_label(d, s->span, "declared here");
	}
}

// Names in reach whose type would have fitted: "did you mean `net`?"
static void
suggest_fitting(struct mo_check *c, struct mo_diag *d, struct mo_node *n, const struct mo_type *to)
{
	const struct mo_symbol *only = NULL;
	uint32_t found = 0;
	for (uint32_t i = 0; c->body && i < c->body->symbols.len; i++) {
		const struct mo_symbol *s = c->body->symbols.items[i];
		bool thing = s->kind == MO_SYM_RESOURCE || s->kind == MO_SYM_EXISTING;
		if (thing && !s->dimensions && s->type && mo_fit_types(c, s->type, to).misfit == MO_FITS) {
			only = s;
			found++;
		}
	}
	if (found == 1) {
		struct mo_str name = mo_atom_str(c->ctx->atoms, only->name);
		mo_diag_help(d, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(name));
		mo_diag_fix(d, n->span, MO_STR_FMT, MO_STR_ARG(name));
	}
}

static void
note_place(struct mo_diag *d, struct mo_fit f)
{
	if (f.path.len) {
		mo_diag_note(d, "at `" MO_STR_FMT "` inside the value", MO_STR_ARG(f.path));
	}
}

static void
report_reference(struct mo_check *c, struct mo_node *n, struct mo_fit f)
{
	const struct mo_type *have = f.from;
	struct mo_str have_type = have->kind == MO_TYPE_RESOURCE ? have->resource_type : have->targets.items[0].type;
	struct mo_str want_type = f.to->kind == MO_TYPE_RESOURCE ? f.to->resource_type
		: f.to->targets.len ? f.to->targets.items[0].type : text(c, f.to);
	struct mo_diag *d;
	if (mo_str_eq(have_type, want_type)) {
		d = mo_report(c->ctx->diags, MSG_WRONG_REFERENCE, n->span, "this wants `" MO_STR_FMT "` of %s, not `" MO_STR_FMT "`",
			MO_STR_ARG(f.to->targets.items[0].attribute), short_name(c, want_type).p, MO_STR_ARG(have->targets.items[0].attribute));
	} else {
		d = mo_report(c->ctx->diags, MSG_WRONG_REFERENCE, n->span, "this wants %s, but is given %s", short_name(c, want_type).p,
			short_name(c, have_type).p);
	}
	mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(have_type));
	label_declaration(d, n);
	mo_diag_note(d, "expected " MO_STR_FMT, MO_STR_ARG(text(c, f.to)));
	note_place(d, f);
	suggest_fitting(c, d, n, f.to);
}

static void
report_bare(struct mo_check *c, struct mo_node *n, struct mo_fit f)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_BARE_RESOURCE, n->span, "a resource stands where text is wanted");
	mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(text(c, f.from)));
	label_declaration(d, n);
	note_place(d, f);
	struct mo_str source = mo_span_text(c->ctx->sources, n->span);
	mo_cat attributes = f.from->resource_type.len ? mo_cat_find_resource(f.from->resource_type) : 0;
	bool arn = attributes && mo_cat_find_attribute(attributes, MO_STR("Arn"));
	if (n->kind == MO_NAME_REF_NODE || n->kind == MO_MEMBER_NODE || n->kind == MO_INDEX_NODE) {
		mo_diag_help(d, "say which of its values is meant: `" MO_STR_FMT ".Ref`%s" MO_STR_FMT "%s", MO_STR_ARG(source), arn ? " or `" : "",
			MO_STR_ARG(arn ? source : MO_STR("")), arn ? ".Arn`" : "");
	} else {
		mo_diag_help(d, "say which of its values is meant, with `.Ref` or an attribute");
	}
}

static void
list_allowed(struct mo_check *c, struct mo_diag *d, struct mo_node *n, struct mo_fit f)
{
	struct mo_buf b = mo_buf_in(&c->ctx->session);
	bool plain = n->kind == MO_STRING_NODE && !f.path.len && f.from->kind == MO_TYPE_STRING && f.from->is_literal;
	struct mo_suggestion near = mo_suggest(plain ? f.from->literal : MO_STR(""));
	uint32_t count = f.to->kind == MO_TYPE_UNION ? f.to->alternatives.len : 1;
	for (uint32_t i = 0; i < count; i++) {
		const struct mo_type *a = f.to->kind == MO_TYPE_UNION ? f.to->alternatives.items[i] : f.to;
		if (i < VALUES_LISTED) {
			mo_buf_printf(&b, "%s" MO_STR_FMT, i ? ", " : "", MO_STR_ARG(text(c, a)));
		}
		if (plain && a->kind == MO_TYPE_STRING && a->is_literal) {
			mo_suggest_from(&near, a->literal);
		}
	}
	if (count > VALUES_LISTED) {
		mo_buf_printf(&b, " and %u more", count - VALUES_LISTED);
	}
	mo_diag_note(d, "allowed: " MO_STR_FMT, MO_STR_ARG(mo_buf_str(&b)));
	if (near.best.len) {
		mo_diag_help(d, "did you mean \"" MO_STR_FMT "\"?", MO_STR_ARG(near.best));
		mo_diag_fix(d, n->span, "\"" MO_STR_FMT "\"", MO_STR_ARG(near.best));
	}
}

static void
report_allowed(struct mo_check *c, struct mo_node *n, struct mo_fit f)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_VALUE_NOT_ALLOWED, n->span, MO_STR_FMT " is not one of the values allowed here",
		MO_STR_ARG(text(c, f.from)));
	note_place(d, f);
	list_allowed(c, d, n, f);
}

static void
report_range(struct mo_check *c, struct mo_node *n, struct mo_fit f)
{
	struct mo_diag *d;
	if (f.to->kind == MO_TYPE_STRING) {
		d = mo_report(c->ctx->diags, MSG_OUT_OF_RANGE, n->span, "the text has %zu characters, %lld to %lld are allowed",
			mo_str_columns(f.from->literal), (long long)f.to->min, (long long)f.to->max);
	} else {
		d = mo_report(c->ctx->diags, MSG_OUT_OF_RANGE, n->span, "the number %lld is outside %lld to %lld", (long long)f.from->min,
			(long long)f.to->min, (long long)f.to->max);
	}
	note_place(d, f);
}

static void
report_pattern(struct mo_check *c, struct mo_node *n, struct mo_fit f)
{
	struct mo_diag *d;
	if (f.to->role == MO_STRING_ACCOUNT_ID) {
		d = mo_report(c->ctx->diags, MSG_WRONG_PATTERN, n->span, "an account id has 12 digits, this text has %zu characters", f.from->literal.len);
	} else if (f.to->role == MO_STRING_ARN) {
		d = mo_report(c->ctx->diags, MSG_WRONG_PATTERN, n->span, "an ARN starts with `arn:`");
	} else {
		d = mo_report(c->ctx->diags, MSG_WRONG_PATTERN, n->span, "the text does not match the pattern that is wanted here");
		mo_diag_note(d, "the pattern: " MO_STR_FMT, MO_STR_ARG(f.to->pattern));
	}
	note_place(d, f);
}

static void
report_none(struct mo_check *c, struct mo_node *n, struct mo_fit f)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_MAY_BE_NONE, n->span, "this may be none, and a value is required here");
	mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(text(c, f.from)));
	label_declaration(d, n);
	mo_diag_note(d, "expected " MO_STR_FMT, MO_STR_ARG(text(c, f.to)));
	note_place(d, f);
	mo_diag_help(d, "give a value for that case with `?? …`, or use it only where `!= none` is known");
}

static struct mo_str
last_step(struct mo_str path)
{
	for (size_t i = path.len; i > 0; i--) {
		if (path.p[i - 1] == '.') {
			return mo_str_sub(path, i, path.len);
		}
	}
	return path;
}

static void
report_field(struct mo_check *c, struct mo_node *n, struct mo_fit f)
{
	struct mo_str name = last_step(f.path);
	bool missing = f.misfit == MO_MISFIT_MISSING;
	struct mo_diag *d = mo_report(c->ctx->diags, missing ? MSG_MISSING_FIELD : MSG_UNKNOWN_FIELD, n->span,
		missing ? "the value lacks `" MO_STR_FMT "`" : "the value has a field `" MO_STR_FMT "` that is not known here", MO_STR_ARG(name));
	mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(text(c, f.from)));
	mo_diag_note(d, "expected " MO_STR_FMT, MO_STR_ARG(text(c, f.to)));
}

static void
report_type(struct mo_check *c, struct mo_node *n, struct mo_fit f)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, n->span, "expected " MO_STR_FMT ", found " MO_STR_FMT,
		MO_STR_ARG(text(c, f.to)), MO_STR_ARG(text(c, f.from)));
	label_declaration(d, n);
	note_place(d, f);
	struct mo_str source = mo_span_text(c->ctx->sources, n->span);
	bool short_source = source.len <= 40;
	bool scalar = f.from->kind == MO_TYPE_INT || f.from->kind == MO_TYPE_FLOAT || f.from->kind == MO_TYPE_BOOL;
	if (f.to->kind == MO_TYPE_LIST && !f.path.len && mo_fit_types(c, f.from, f.to->element).misfit == MO_FITS && short_source) {
		mo_diag_help(d, "a list of one: `[" MO_STR_FMT "]`", MO_STR_ARG(source));
		mo_diag_fix(d, n->span, "[" MO_STR_FMT "]", MO_STR_ARG(source));
	} else if (f.from->kind == MO_TYPE_LIST && !f.path.len && mo_fit_types(c, f.from->element, f.to).misfit == MO_FITS) {
		mo_diag_help(d, "one value is wanted, not a list; `[0]` takes the first");
	} else if (f.to->kind == MO_TYPE_STRING && scalar && short_source && !f.path.len
		&& (n->kind == MO_INT_NODE || n->kind == MO_FLOAT_NODE || n->kind == MO_BOOL_NODE)) {
		mo_diag_help(d, "write it as text: \"" MO_STR_FMT "\"", MO_STR_ARG(source));
		mo_diag_fix(d, n->span, "\"" MO_STR_FMT "\"", MO_STR_ARG(source));
	} else if (f.to->kind == MO_TYPE_BOOL && f.from->kind == MO_TYPE_STRING && f.from->is_literal
		&& (mo_str_is(f.from->literal, "true") || mo_str_is(f.from->literal, "false"))) {
		mo_diag_help(d, "without quotes: `" MO_STR_FMT "`", MO_STR_ARG(f.from->literal));
		mo_diag_fix(d, n->span, MO_STR_FMT, MO_STR_ARG(f.from->literal));
	} else if (f.to->kind == MO_TYPE_CIDR && f.from->kind == MO_TYPE_STRING && f.from->is_literal) {
		mo_diag_help(d, "a range is written without quotes: `" MO_STR_FMT "`", MO_STR_ARG(f.from->literal));
		mo_diag_fix(d, n->span, MO_STR_FMT, MO_STR_ARG(f.from->literal));
	} else if ((f.from->kind == MO_TYPE_DURATION || f.from->kind == MO_TYPE_SIZE) && (f.to->kind == MO_TYPE_INT || f.to->kind == MO_TYPE_FLOAT)) {
		mo_diag_help(d, "say in which unit: `.%s`, …", f.from->kind == MO_TYPE_SIZE ? "mib" : "seconds");
	} else if (f.from->kind == MO_TYPE_FAMILY) {
		mo_diag_help(d, "a family is not one thing: name a member, or all of them with `[*]`");
	}
}

bool
mo_check_fit(struct mo_check *c, struct mo_node *n, const struct mo_type *from, const struct mo_type *to)
{
	struct mo_fit f = mo_fit_types(c, from, to);
	switch (f.misfit) {
	case MO_FITS:
		return true;
	case MO_MISFIT_TYPE:
		report_type(c, n, f);
		break;
	case MO_MISFIT_NONE:
		report_none(c, n, f);
		break;
	case MO_MISFIT_REFERENCE:
		report_reference(c, n, f);
		break;
	case MO_MISFIT_BARE:
		report_bare(c, n, f);
		break;
	case MO_MISFIT_ALLOWED:
		report_allowed(c, n, f);
		break;
	case MO_MISFIT_RANGE:
		report_range(c, n, f);
		break;
	case MO_MISFIT_PATTERN:
		report_pattern(c, n, f);
		break;
	case MO_MISFIT_MISSING:
	case MO_MISFIT_UNKNOWN:
		report_field(c, n, f);
		break;
	}
	return false;
}
