// SPDX-License-Identifier: Apache-2.0
// Saying what does not fit: one message for each way in which it cannot. The first words name what the value is for, as far as it has a
// name: "`VpcId` wants a VPC, this is a subnet".
#include "sema/check.h"

enum { VALUES_LISTED = 8, VALUES_SHOWN = 3, FITTING_LISTED = 4, PROPERTIES_SHOWN = 3, LONGEST_QUOTE = 40 };

static struct mo_str
text(struct mo_check *c, const struct mo_type *t)
{
	return mo_type_text(c->ctx, t);
}

struct mo_str
mo_check_quote(struct mo_check *c, struct mo_span span, const char *otherwise)
{
	struct mo_str source = mo_span_text(c->ctx->sources, span);
	return source.len > LONGEST_QUOTE || mo_str_find(source, MO_STR("\n"), 0) >= 0 ? mo_str_c(otherwise) : source;
}

// ---- parts of messages -----------------------------------------------------------------------------------------------------------

// "`VpcId`", with the part of the value that is meant: "`tiers[*].name`"; empty when it has no name.
static struct mo_str
subject(struct mo_check *c, struct mo_fit f)
{
	struct mo_str path = f.path;
	if (!c->wanted_for.len && mo_str_starts(path, MO_STR("."))) {
		path = mo_str_sub(path, 1, path.len);
	}
	if (!c->wanted_for.len && (!path.len || path.p[0] == '[')) {
		return (struct mo_str){ 0 };
	}
	bool of = c->wanted_by.len > 0;
	return mo_str_printf(&c->ctx->session, "`" MO_STR_FMT MO_STR_FMT "`%s" MO_STR_FMT "%s", MO_STR_ARG(c->wanted_for), MO_STR_ARG(path),
		of ? " of `" : "", MO_STR_ARG(c->wanted_by), of ? "`" : "");
}

static void
note_place(struct mo_check *c, struct mo_diag *d, struct mo_fit f)
{
	if (f.path.len && !subject(c, f).len) {
		mo_diag_note(d, "at `" MO_STR_FMT "` inside the value", MO_STR_ARG(f.path));
	}
}

// "`VpcId` wants a VPC, this is a subnet", or "a VPC is wanted here, this is a subnet".
static struct mo_diag *
report_wanted(struct mo_check *c, enum mo_message message, struct mo_node *n, struct mo_fit f, struct mo_str wanted, struct mo_str found)
{
	struct mo_str who = subject(c, f);
	const char *got = f.path.len ? "and gets" : "this is";
	struct mo_diag *d;
	if (who.len) {
		d = mo_report(c->ctx->diags, message, n->span, MO_STR_FMT " wants " MO_STR_FMT ", %s " MO_STR_FMT, MO_STR_ARG(who), MO_STR_ARG(wanted),
			got, MO_STR_ARG(found));
	} else {
		d = mo_report(c->ctx->diags, message, n->span, MO_STR_FMT " is wanted here, %s " MO_STR_FMT, MO_STR_ARG(wanted),
			f.path.len ? "not" : got, MO_STR_ARG(found));
	}
	note_place(c, d, f);
	return d;
}

static void
note_expected(struct mo_check *c, struct mo_diag *d, const struct mo_type *to)
{
	mo_diag_note(d, "expected " MO_STR_FMT, MO_STR_ARG(text(c, to)));
}

void
mo_check_label_declaration(struct mo_diag *d, struct mo_node *n)
{
	struct mo_symbol *s = n->kind == MO_NAME_REF_NODE ? n->symbol : NULL;
	if (s && s->module && s->span.end) {
		mo_diag_label(d, s->span, "declared here");
	}
}

// ---- references ------------------------------------------------------------------------------------------------------------------

// Whether a name of the body could have been written instead.
static bool
would_fit(struct mo_check *c, struct mo_symbol *s, const struct mo_type *to)
{
	bool thing = s->kind == MO_SYM_RESOURCE || s->kind == MO_SYM_EXISTING;
	if (!thing || s->dimensions || s->declarations.items[0].nesting) {
		return false;
	}
	return mo_fit_types(c, mo_check_symbol(c, s, s->span), to).misfit == MO_FITS;
}

// Names in reach whose type would have fitted: "did you mean `net`?"
static void
suggest_fitting(struct mo_check *c, struct mo_diag *d, struct mo_node *n, const struct mo_type *to)
{
	struct mo_str only = { 0 };
	struct mo_buf names = mo_buf_in(&c->ctx->session);
	uint32_t found = 0;
	for (uint32_t i = 0; c->body && i < c->body->symbols.len && found <= FITTING_LISTED; i++) {
		struct mo_symbol *s = c->body->symbols.items[i];
		if (would_fit(c, s, to)) {
			only = mo_atom_str(c->ctx->atoms, s->name);
			mo_buf_printf(&names, "%s`" MO_STR_FMT "`", found ? ", " : "", MO_STR_ARG(only));
			found++;
		}
	}
	if (found == 1) {
		mo_diag_help(d, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(only));
		mo_diag_fix(d, n->span, MO_STR_FMT, MO_STR_ARG(only));
	} else if (found > 1 && found <= FITTING_LISTED) {
		mo_diag_help(d, "one of these would fit: " MO_STR_FMT, MO_STR_ARG(mo_buf_str(&names)));
	}
}

// What an instance gives where the instance itself does not fit: "did you mean `launch.role`?"
static void
suggest_output(struct mo_check *c, struct mo_diag *d, struct mo_node *n, const struct mo_type *from, const struct mo_type *to)
{
	bool plain = n->kind == MO_NAME_REF_NODE || n->kind == MO_MEMBER_NODE || n->kind == MO_INDEX_NODE;
	struct mo_scope *body = from->kind == MO_TYPE_INSTANCE && from->symbol && plain ? from->symbol->body : NULL;
	struct mo_str source = mo_check_quote(c, n->span, ""), only = { 0 };
	struct mo_buf names = mo_buf_in(&c->ctx->session);
	uint32_t found = 0;
	for (uint32_t i = 0; source.len && body && i < body->symbols.len && found <= FITTING_LISTED; i++) {
		struct mo_symbol *s = body->symbols.items[i];
		if (s->kind == MO_SYM_OUTPUT && mo_fit_types(c, mo_check_output(c, from, s->name), to).misfit == MO_FITS) {
			only = mo_atom_str(c->ctx->atoms, s->name);
			mo_buf_printf(&names, "%s`" MO_STR_FMT "." MO_STR_FMT "`", found ? ", " : "", MO_STR_ARG(source), MO_STR_ARG(only));
			found++;
		}
	}
	if (found == 1) {
		mo_diag_help(d, "did you mean " MO_STR_FMT "?", MO_STR_ARG(mo_buf_str(&names)));
		mo_diag_fix(d, (struct mo_span){ n->span.end, n->span.end }, "." MO_STR_FMT, MO_STR_ARG(only));
	} else if (found > 1 && found <= FITTING_LISTED) {
		mo_diag_help(d, "one of these would fit: " MO_STR_FMT, MO_STR_ARG(mo_buf_str(&names)));
	}
}

static struct mo_str
resource_of(const struct mo_type *t)
{
	return t->kind == MO_TYPE_RESOURCE ? t->resource_type : t->targets.len ? t->targets.items[0].type : (struct mo_str){ 0 };
}

// For `resource.Attribute`, where the resource itself will do.
static void
help_with_object(struct mo_check *c, struct mo_diag *d, struct mo_node *member)
{
	struct mo_span object = mo_as_member(member)->object->span;
	mo_diag_help(d, "name the resource itself, without an attribute: `" MO_STR_FMT "`", MO_STR_ARG(mo_check_quote(c, object, "x")));
	mo_diag_fix(d, (struct mo_span){ object.end, member->span.end }, "%s", "");
}

// The right kind of resource, but another of its attributes.
static void
report_attribute(struct mo_check *c, struct mo_node *n, struct mo_fit f)
{
	const struct mo_string_target *want = &f.to->targets.items[0], *have = &f.from->targets.items[0];
	struct mo_str found = mo_str_printf(&c->ctx->session, "its `" MO_STR_FMT "`", MO_STR_ARG(have->attribute));
	struct mo_str wanted = mo_str_printf(&c->ctx->session, "`" MO_STR_FMT "` of " MO_STR_FMT, MO_STR_ARG(want->attribute),
		MO_STR_ARG(mo_resource_noun(c->ctx, want->type)));
	struct mo_diag *d = report_wanted(c, MSG_WRONG_REFERENCE, n, f, wanted, found);
	mo_diag_here(d, "`" MO_STR_FMT "` of " MO_STR_FMT, MO_STR_ARG(have->attribute), MO_STR_ARG(have->type));
	note_expected(c, d, f.to);
	if (n->kind == MO_MEMBER_NODE && !f.path.len) {
		help_with_object(c, d, n);
	}
}

static void
report_reference(struct mo_check *c, struct mo_node *n, struct mo_fit f)
{
	struct mo_str have = resource_of(f.from), want = resource_of(f.to);
	bool text_of_same = f.from->kind == MO_TYPE_STRING && f.to->kind == MO_TYPE_STRING && mo_str_eq(have, want);
	if (text_of_same) {
		report_attribute(c, n, f);
		return;
	}
	struct mo_diag *d = report_wanted(c, MSG_WRONG_REFERENCE, n, f, want.len ? mo_type_noun(c->ctx, f.to) : text(c, f.to),
		mo_resource_noun(c->ctx, have));
	mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(have));
	mo_check_label_declaration(d, n);
	note_expected(c, d, f.to);
	suggest_fitting(c, d, n, f.to);
}

// ---- bare resources --------------------------------------------------------------------------------------------------------------

struct mo_str
mo_check_values_of(struct mo_check *c, const struct mo_type *resource, struct mo_str source, const char *before, const char *after)
{
	mo_cat r = resource->resource_type.len ? mo_cat_find_resource(resource->resource_type) : 0;
	struct mo_str ref = mo_str_printf(&c->ctx->session, "`%s" MO_STR_FMT ".Ref%s`", before, MO_STR_ARG(source), after);
	if (!r || !mo_cat_find_attribute(r, MO_STR("Arn"))) {
		return ref;
	}
	return mo_str_printf(&c->ctx->session, MO_STR_FMT " or `%s" MO_STR_FMT ".Arn%s`", MO_STR_ARG(ref), before, MO_STR_ARG(source), after);
}

static void
report_bare(struct mo_check *c, struct mo_node *n, struct mo_fit f)
{
	struct mo_str found = f.from->kind == MO_TYPE_RESOURCE ? mo_type_noun(c->ctx, f.from) : MO_STR("a resource");
	struct mo_diag *d = subject(c, f).len ? report_wanted(c, MSG_BARE_RESOURCE, n, f, MO_STR("a text"), found)
		: mo_report(c->ctx->diags, MSG_BARE_RESOURCE, n->span, "a resource stands where text is wanted");
	mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(text(c, f.from)));
	mo_check_label_declaration(d, n);
	bool path = n->kind == MO_NAME_REF_NODE || n->kind == MO_MEMBER_NODE || n->kind == MO_INDEX_NODE;
	if (path && !f.path.len) {
		mo_diag_help(d, "say which of its values is meant: " MO_STR_FMT,
			MO_STR_ARG(mo_check_values_of(c, f.from, mo_check_quote(c, n->span, "x"), "", "")));
	} else {
		mo_diag_help(d, "say which of its values is meant, with `.Ref` or an attribute");
	}
}

// ---- values --------------------------------------------------------------------------------------------------------------------------

static uint32_t
literal_count(const struct mo_type *t)
{
	return t->kind == MO_TYPE_UNION ? t->alternatives.len : 1;
}

static const struct mo_type *
literal_at(const struct mo_type *t, uint32_t i)
{
	return t->kind == MO_TYPE_UNION ? t->alternatives.items[i] : t;
}

// Whether a type is one literal, or several, that somebody declared.
static bool
is_choice(const struct mo_type *t)
{
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		if (!t->alternatives.items[i]->is_literal || t->alternatives.items[i]->found) {
			return false;
		}
	}
	return t->kind == MO_TYPE_UNION || (t->is_literal && !t->found);
}

void
mo_check_suggest_literal(struct mo_check *c, struct mo_diag *d, struct mo_node *n, const struct mo_type *found, const struct mo_type *among)
{
	struct mo_buf b = mo_buf_in(&c->ctx->session);
	among = mo_type_present(among);
	if (!is_choice(among)) {
		return;
	}
	bool plain = n->kind == MO_STRING_NODE && found->kind == MO_TYPE_STRING && found->is_literal;
	struct mo_suggestion near = mo_suggest(found->kind == MO_TYPE_STRING ? found->literal : MO_STR(""));
	uint32_t count = literal_count(among), shown = count <= VALUES_LISTED ? count : VALUES_SHOWN;
	for (uint32_t i = 0; i < count; i++) {
		const struct mo_type *a = literal_at(among, i);
		if (i < shown) {
			mo_buf_printf(&b, "%s" MO_STR_FMT, i ? ", " : "", MO_STR_ARG(text(c, a)));
		}
		if (a->kind == MO_TYPE_STRING && a->is_literal) {
			mo_suggest_from(&near, a->literal);
		}
	}
	if (shown < count) {
		mo_diag_note(d, "%u values are allowed, among them " MO_STR_FMT, count, MO_STR_ARG(mo_buf_str(&b)));
	} else if (count > 1 || among->is_literal) {
		mo_diag_note(d, "allowed: " MO_STR_FMT, MO_STR_ARG(mo_buf_str(&b)));
	}
	if (near.best.len) {
		mo_diag_help(d, "did you mean \"" MO_STR_FMT "\"?", MO_STR_ARG(near.best));
	}
	if (near.best.len && plain) {
		mo_diag_fix(d, n->span, "\"" MO_STR_FMT "\"", MO_STR_ARG(near.best));
	}
}

static void
report_allowed(struct mo_check *c, struct mo_node *n, struct mo_fit f)
{
	struct mo_str value = text(c, f.from), who = subject(c, f);
	struct mo_diag *d;
	if (who.len) {
		d = mo_report(c->ctx->diags, MSG_VALUE_NOT_ALLOWED, n->span, MO_STR_FMT " does not take " MO_STR_FMT, MO_STR_ARG(who), MO_STR_ARG(value));
	} else {
		d = mo_report(c->ctx->diags, MSG_VALUE_NOT_ALLOWED, n->span, MO_STR_FMT " is not one of the values allowed here", MO_STR_ARG(value));
	}
	mo_check_suggest_literal(c, d, n, f.from, f.to);
}

static void
report_range(struct mo_check *c, struct mo_node *n, struct mo_fit f)
{
	bool is_text = f.to->kind == MO_TYPE_STRING;
	struct mo_arena *a = &c->ctx->session;
	long long low = (long long)f.to->min, high = f.to->is_literal ? low : (long long)f.to->max;
	struct mo_str wanted = low == high ? mo_str_printf(a, "%lld%s", low, is_text ? " characters" : "")
		: mo_str_printf(a, "%lld to %lld%s", low, high, is_text ? " characters" : "");
	struct mo_str found = text(c, f.from);
	if (is_text && f.from->is_literal) {
		size_t n_characters = mo_str_columns(f.from->literal);
		found = mo_str_printf(a, "a text of %zu", n_characters);
	}
	struct mo_diag *d = report_wanted(c, MSG_OUT_OF_RANGE, n, f, wanted, found);
	note_expected(c, d, f.to);
}

static void
report_pattern(struct mo_check *c, struct mo_node *n, struct mo_fit f)
{
	struct mo_arena *a = &c->ctx->session;
	struct mo_str value = text(c, f.from);
	if (f.to->role == MO_STRING_ACCOUNT_ID) {
		report_wanted(c, MSG_WRONG_PATTERN, n, f, MO_STR("an account id of 12 digits"),
			mo_str_printf(a, "a text of %zu characters", mo_str_columns(f.from->literal)));
		return;
	}
	if (f.to->role == MO_STRING_REGION) {
		struct mo_diag *d = report_wanted(c, MSG_WRONG_PATTERN, n, f, MO_STR("a region"), value);
		mo_diag_note(d, "regions are named like `eu-west-1`");
		return;
	}
	if (f.to->role == MO_STRING_ARN) {
		struct mo_diag *d = report_wanted(c, MSG_WRONG_PATTERN, n, f, MO_STR("an ARN"), value);
		mo_diag_note(d, "an ARN reads `arn:partition:service:region:account:resource`");
		return;
	}
	struct mo_diag *d = report_wanted(c, MSG_WRONG_PATTERN, n, f, MO_STR("a text of another form"), value);
	mo_diag_note(d, "the pattern is " MO_STR_FMT, MO_STR_ARG(f.to->pattern));
}

static void
report_none(struct mo_check *c, struct mo_node *n, struct mo_fit f)
{
	struct mo_str who = subject(c, f), source = mo_check_quote(c, n->span, "x");
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_MAY_BE_NONE, n->span, MO_STR_FMT "%s", MO_STR_ARG(who),
		who.len ? f.path.len ? " wants a value, and gets one that may be none" : " wants a value, and this may be none"
			: "this may be none, and a value is required here");
	note_place(c, d, f);
	mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(text(c, f.from)));
	mo_check_label_declaration(d, n);
	note_expected(c, d, f.to);
	if (f.from->kind == MO_TYPE_NONE || f.path.len) {
		mo_diag_help(d, "give a value for that case");
	} else {
		mo_diag_help(d, "give a value for that case: `" MO_STR_FMT " ?? …`, or use it only where `!= none` is known", MO_STR_ARG(source));
	}
}

// ---- records ---------------------------------------------------------------------------------------------------------------------

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
report_field(struct mo_check *c, struct mo_node *n, struct mo_fit f, const struct mo_type *from, const struct mo_type *to)
{
	struct mo_str name = last_step(f.path);
	bool missing = f.misfit == MO_MISFIT_MISSING;
	struct mo_diag *d = mo_report(c->ctx->diags, missing ? MSG_MISSING_FIELD : MSG_UNKNOWN_FIELD, n->span,
		missing ? MO_STR_FMT " has no `" MO_STR_FMT "`, which is wanted here" : MO_STR_FMT " has a field `" MO_STR_FMT "`, which is not known here",
		MO_STR_ARG(mo_type_noun(c->ctx, f.from)), MO_STR_ARG(name));
	mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(text(c, f.from)));
	mo_check_label_declaration(d, n);
	mo_atom atom = mo_atom_find(c->ctx->atoms, name);
	const struct mo_field *wanted = missing && atom && f.to->kind == MO_TYPE_RECORD ? mo_type_field(f.to, atom) : NULL;
	if (wanted && wanted->span.end) {
		mo_diag_label(d, wanted->span, "wanted by this");
	}
	note_expected(c, d, f.to);
	if (f.path.len > name.len + 1) {
		mo_diag_note(d, "at `" MO_STR_FMT "` inside the value", MO_STR_ARG(mo_str_sub(f.path, 0, f.path.len - name.len - 1)));
	}
	suggest_output(c, d, n, from, to);
}

// ---- types -----------------------------------------------------------------------------------------------------------------------

static void
fix_with(struct mo_diag *d, struct mo_node *n, const char *before, struct mo_str value, const char *after)
{
	mo_diag_fix(d, n->span, "%s" MO_STR_FMT "%s", before, MO_STR_ARG(value), after);
}

// A literal that only needs other quotes, or none.
static bool
help_with_quotes(struct mo_check *c, struct mo_diag *d, struct mo_node *n, struct mo_fit f)
{
	struct mo_str source = mo_check_quote(c, n->span, "");
	bool number = n->kind == MO_INT_NODE || n->kind == MO_FLOAT_NODE || n->kind == MO_BOOL_NODE;
	bool literal = n->kind == MO_STRING_NODE && f.from->is_literal && f.from->literal.len <= LONGEST_QUOTE;
	struct mo_str value = f.from->literal;
	bool truth = literal && f.to->kind == MO_TYPE_BOOL && (mo_str_is(value, "true") || mo_str_is(value, "false"));
	bool digits = literal && f.to->kind == MO_TYPE_INT && value.len;
	for (size_t i = 0; digits && i < value.len; i++) {
		digits = value.p[i] >= '0' && value.p[i] <= '9' && (value.len == 1 || value.p[0] != '0');
	}
	if (f.to->kind == MO_TYPE_STRING && number && source.len && !f.to->targets.len && f.to->role == MO_STRING_TEXT) {
		mo_diag_help(d, "write it as text: \"" MO_STR_FMT "\"", MO_STR_ARG(source));
		fix_with(d, n, "\"", source, "\"");
	} else if (truth || digits) {
		mo_diag_help(d, "without quotes: `" MO_STR_FMT "`", MO_STR_ARG(value));
		fix_with(d, n, "", value, "");
	} else if (literal && (f.to->kind == MO_TYPE_CIDR || f.to->kind == MO_TYPE_DURATION || f.to->kind == MO_TYPE_SIZE)) {
		mo_diag_help(d, "%s is written without quotes: `%s`", f.to->kind == MO_TYPE_CIDR ? "a range" : f.to->kind == MO_TYPE_SIZE ? "a size"
			: "a duration", f.to->kind == MO_TYPE_CIDR ? "10.0.0.0/16" : f.to->kind == MO_TYPE_SIZE ? "5GiB" : "30min");
	} else {
		return false;
	}
	return true;
}

static void
help_with_list(struct mo_check *c, struct mo_diag *d, struct mo_node *n, struct mo_fit f)
{
	struct mo_str source = mo_check_quote(c, n->span, "");
	if (f.to->kind == MO_TYPE_LIST && f.from->kind == MO_TYPE_FAMILY) {
		mo_diag_help(d, "a list of all its members: `" MO_STR_FMT "[*]`", MO_STR_ARG(source));
		fix_with(d, n, "", source, "[*]");
	} else if (f.from->kind == MO_TYPE_FAMILY) {
		mo_diag_help(d, "a family is not one thing: name a member, `" MO_STR_FMT "[…]`", MO_STR_ARG(source));
	} else if (f.to->kind == MO_TYPE_LIST && source.len && mo_fit_types(c, f.from, f.to->element).misfit == MO_FITS) {
		mo_diag_help(d, "a list of one: `[" MO_STR_FMT "]`", MO_STR_ARG(source));
		fix_with(d, n, "[", source, "]");
	} else if (f.from->kind == MO_TYPE_LIST && mo_fit_types(c, f.from->element, f.to).misfit == MO_FITS) {
		mo_diag_help(d, "one value is wanted, not a list: `" MO_STR_FMT "[0]` takes the first", MO_STR_ARG(source));
	}
}

// What stands in a structure of the catalog: `{ Status: … }`, the required properties first.
static void
help_with_structure(struct mo_check *c, struct mo_diag *d, const struct mo_type *to)
{
	struct mo_buf b = mo_buf_in(&c->ctx->session);
	uint32_t named = 0, count = mo_cat_property_count(to->catalog);
	for (int required = 1; required >= 0; required--) {
		for (uint32_t i = 0; i < count; i++) {
			struct mo_cat_property p = mo_cat_property(mo_cat_property_at(to->catalog, i));
			if (p.required == (bool)required && named < PROPERTIES_SHOWN) {
				mo_buf_printf(&b, "%s" MO_STR_FMT ": …", named++ ? ", " : "", MO_STR_ARG(p.name));
			}
		}
	}
	mo_diag_help(d, "write a record: `{ " MO_STR_FMT "%s }`", MO_STR_ARG(mo_buf_str(&b)), named < count ? ", …" : "");
}

static void
report_type(struct mo_check *c, struct mo_node *n, struct mo_fit f, const struct mo_type *from, const struct mo_type *to)
{
	bool handle = f.to->kind == MO_TYPE_RESOURCE && f.from->kind == MO_TYPE_STRING; // what only identifies a resource is not the resource
	struct mo_str wanted = mo_type_noun(c->ctx, f.to), found = handle ? text(c, f.from) : mo_type_noun(c->ctx, f.from);
	struct mo_diag *d = report_wanted(c, MSG_TYPE_MISMATCH, n, f, wanted, found);
	if (handle && n->kind == MO_MEMBER_NODE && !f.path.len) {
		help_with_object(c, d, n);
		return;
	}
	if (!mo_str_eq(found, text(c, f.from))) {
		mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(text(c, f.from)));
	}
	mo_check_label_declaration(d, n);
	if (!mo_str_eq(wanted, text(c, f.to))) {
		note_expected(c, d, f.to);
	}
	bool amount = f.from->kind == MO_TYPE_DURATION || f.from->kind == MO_TYPE_SIZE;
	suggest_output(c, d, n, from, to);
	if (f.path.len || help_with_quotes(c, d, n, f)) {
		return;
	}
	if (amount && !f.to->unit.len && (f.to->kind == MO_TYPE_INT || f.to->kind == MO_TYPE_FLOAT || f.to->kind == MO_TYPE_STRING)) {
		mo_diag_help(d, "say in which unit: `" MO_STR_FMT ".%s`", MO_STR_ARG(mo_check_quote(c, n->span, "x")),
			f.from->kind == MO_TYPE_SIZE ? "mib" : "seconds");
	} else if (f.to->kind == MO_TYPE_STRUCT && f.from->kind != MO_TYPE_LIST && f.from->kind != MO_TYPE_FAMILY) {
		help_with_structure(c, d, f.to);
	} else {
		help_with_list(c, d, n, f);
	}
}

// ---- dispatch --------------------------------------------------------------------------------------------------------------------

bool
mo_check_fit(struct mo_check *c, struct mo_node *n, const struct mo_type *from, const struct mo_type *to)
{
	struct mo_fit f = mo_fit_types(c, from, to);
	switch (f.misfit) {
	case MO_FITS:
		return true;
	case MO_MISFIT_TYPE:
		report_type(c, n, f, from, to);
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
		report_field(c, n, f, from, to);
		break;
	}
	return false;
}
