// SPDX-License-Identifier: Apache-2.0
// The shape of a policy document and its statements: keys, and the values that only some texts may take. What is known only at deploy
// time is left alone.
#include "check/policy.h"

#include <stdarg.h>

static bool
within(struct mo_span inner, struct mo_span outer)
{
	return inner.start >= outer.start && inner.end <= outer.end;
}

struct mo_diag *
mo_policy_report(struct mo_policy *p, enum mo_message message, struct mo_span span, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	struct mo_str text = mo_str_vprintf(p->c->arena, fmt, args);
	va_end(args);
	bool placed = !mo_span_is_nowhere(span);
	struct mo_diag *d = mo_report(p->c->diags, message, placed ? span : p->place, MO_STR_FMT, MO_STR_ARG(text));
	if (placed && !within(span, p->place)) {
		mo_diag_label(d, p->place, "in %s of this resource", p->kind->what);
	}
	return d;
}

static void
each(struct mo_policy *p, const struct mo_ir_value *v, void (*work)(struct mo_policy *, const struct mo_ir_value *), uint32_t depth)
{
	if (depth > MO_IR_DEEPEST) {
		return;
	}
	if (v->kind == MO_IR_LIST) {
		for (uint32_t i = 0; i < v->items.len; i++) {
			each(p, v->items.items[i], work, depth + 1);
		}
	} else if (v->kind == MO_IR_IF) {
		each(p, v->then, work, depth + 1);
		each(p, v->otherwise, work, depth + 1);
	} else if (v->kind != MO_IR_PSEUDO || !mo_str_is(v->text, "AWS::NoValue")) {
		work(p, v);
	}
}

void
mo_policy_each(struct mo_policy *p, const struct mo_ir_value *v, void (*work)(struct mo_policy *, const struct mo_ir_value *))
{
	each(p, v, work, 0);
}

// ---- keys ------------------------------------------------------------------------------------------------------------------------

static bool
is_one_of(struct mo_str s, const char *const *known)
{
	while (*known && !mo_str_is(s, *known)) {
		known++;
	}
	return *known;
}

// Whether all are known. Where one is not, it may be the one that is missing: then nothing is called missing.
static bool
check_keys(struct mo_policy *p, const struct mo_ir_value *object, const char *what, const char *const *known)
{
	bool good = true;
	for (uint32_t i = 0; i < object->members.len; i++) {
		const struct mo_ir_member *m = &object->members.items[i];
		if (!is_one_of(m->key, known)) {
			struct mo_suggestion near = mo_suggest(m->key);
			for (const char *const *k = known; *k; k++) {
				if (!mo_ir_get(object, mo_str_c(*k))) { // what is there already was not meant
					mo_suggest_from(&near, mo_str_c(*k));
				}
			}
			struct mo_diag *d = mo_policy_report(p, MSG_UNKNOWN_POLICY_KEY, m->key_span, "%s has no key `" MO_STR_FMT "`", what,
				MO_STR_ARG(m->key));
			mo_diag_suggest(d, m->key_span, &near);
			good = false;
		}
	}
	return good;
}

// A text that may be one of a few.
static void
check_choice(struct mo_policy *p, const char *key, const struct mo_ir_value *v, const char *const *known)
{
	if (!v || mo_ir_is_deploy_time(v)) {
		return;
	}
	if (v->kind == MO_IR_STRING && is_one_of(v->text, known)) {
		return;
	}
	struct mo_str text = v->kind == MO_IR_STRING ? v->text : MO_STR("something that is no text");
	struct mo_suggestion near = mo_suggest(text);
	struct mo_buf all = mo_buf_in(p->c->arena);
	for (; *known; known++) {
		mo_suggest_from(&near, mo_str_c(*known));
		mo_buf_printf(&all, "%s\"%s\"", all.len ? " or " : "", *known);
	}
	struct mo_diag *d = mo_policy_report(p, MSG_BAD_POLICY_VALUE, v->span, "`%s` is `" MO_STR_FMT "`, IAM takes " MO_STR_FMT, key,
		MO_STR_ARG(text), MO_STR_ARG(mo_buf_str(&all)));
	if (near.best.len) {
		mo_diag_help(d, "did you mean \"" MO_STR_FMT "\"?", MO_STR_ARG(near.best));
	}
}

// ---- statements ------------------------------------------------------------------------------------------------------------------

// Whether the key is there, in either of its forms; two at once are reported.
static const struct mo_ir_value *
either(struct mo_policy *p, const struct mo_ir_value *statement, const char *key, const char *negated)
{
	const struct mo_ir_value *yes = mo_ir_get(statement, mo_str_c(key)), *no = mo_ir_get(statement, mo_str_c(negated));
	if (yes && no) {
		mo_policy_report(p, MSG_CONFLICTING_POLICY_KEYS, statement->span, "a statement has either `%s` or `%s`, not both", key, negated);
	}
	return yes ? yes : no;
}

static void
check_need(struct mo_policy *p, const struct mo_ir_value *statement, const char *key, const char *negated, enum mo_need need,
	bool complete)
{
	const struct mo_ir_value *there = either(p, statement, key, negated);
	if (!there && need == MO_REQUIRED && complete) {
		struct mo_diag *d = mo_policy_report(p, MSG_MISSING_POLICY_KEY, statement->span, "this statement of %s has no `%s`",
			p->kind->what, key);
		mo_diag_note(d, "IAM User Guide, \"IAM JSON policy elements reference\"");
	}
	if (there && need == MO_FORBIDDEN) {
		struct mo_diag *d = mo_policy_report(p, MSG_FORBIDDEN_POLICY_KEY, there->span, "a statement of %s takes no `%s`", p->kind->what, key);
		mo_diag_note(d, "IAM User Guide, \"IAM JSON policy elements reference\"");
	}
}

static void
check_sid(struct mo_policy *p, const struct mo_ir_value *v)
{
	if (!v || v->kind != MO_IR_STRING || !p->kind->plain_sids) {
		return;
	}
	for (size_t i = 0; i < v->text.len; i++) {
		char ch = v->text.p[i];
		if (!((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9'))) {
			mo_policy_report(p, MSG_BAD_POLICY_VALUE, v->span, "`Sid` is `" MO_STR_FMT "`, %s takes letters and digits only",
				MO_STR_ARG(v->text), p->kind->what);
			return;
		}
	}
}

static void
check_resource(struct mo_policy *p, const struct mo_ir_value *v)
{
	bool text = v->kind == MO_IR_STRING;
	if (text && (mo_str_is(v->text, "*") || mo_str_starts(v->text, MO_STR("arn:")) || mo_str_starts(v->text, MO_STR("{{resolve:")))) {
		return;
	}
	if (text) {
		struct mo_diag *d = mo_policy_report(p, MSG_BAD_POLICY_RESOURCE, v->span, "`" MO_STR_FMT "` is no ARN", MO_STR_ARG(v->text));
		mo_diag_note(d, "a resource is an ARN, with `*` and `?` for what is open, or \"*\" alone");
	} else if (!mo_ir_is_deploy_time(v)) {
		mo_policy_report(p, MSG_BAD_POLICY_RESOURCE, v->span, "a resource is a text, or a list of texts");
	}
}

static void
check_principal(struct mo_policy *p, const struct mo_ir_value *v)
{
	static const char *const known[] = { "AWS", "Service", "Federated", "CanonicalUser", NULL };
	if (v->kind == MO_IR_OBJECT) {
		check_keys(p, v, "a principal", known);
	} else if (!mo_ir_is_deploy_time(v) && !(v->kind == MO_IR_STRING && mo_str_is(v->text, "*"))) {
		struct mo_diag *d = mo_policy_report(p, MSG_BAD_PRINCIPAL, v->span, "a principal is \"*\", or says what it is");
		mo_diag_help(d, "write `{ AWS: … }`, `{ Service: … }` or `{ Federated: … }`");
	}
}

static void
check_each(struct mo_policy *p, const struct mo_ir_value *statement, const char *key, const char *negated,
	void (*work)(struct mo_policy *, const struct mo_ir_value *))
{
	const struct mo_ir_value *const values[] = { mo_ir_get(statement, mo_str_c(key)), mo_ir_get(statement, mo_str_c(negated)) };
	for (size_t i = 0; i < 2; i++) {
		if (values[i]) {
			mo_policy_each(p, values[i], work);
		}
	}
}

static void
check_statement(struct mo_policy *p, const struct mo_ir_value *v)
{
	static const char *const known[] = { "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource",
		"Condition", NULL };
	static const char *const effects[] = { "Allow", "Deny", NULL };
	if (v->kind != MO_IR_OBJECT) {
		if (!mo_ir_is_deploy_time(v)) {
			mo_policy_report(p, MSG_BAD_POLICY_VALUE, v->span, "a statement is a record, with `Effect`, `Action` and so on");
		}
		return;
	}
	bool complete = check_keys(p, v, "a statement", known);
	check_sid(p, mo_ir_get(v, MO_STR("Sid")));
	check_choice(p, "Effect", mo_ir_get(v, MO_STR("Effect")), effects);
	if (complete && !mo_ir_get(v, MO_STR("Effect"))) {
		mo_policy_report(p, MSG_MISSING_POLICY_KEY, v->span, "this statement of %s has no `Effect`", p->kind->what);
	}
	check_need(p, v, "Action", "NotAction", MO_REQUIRED, complete);
	check_need(p, v, "Principal", "NotPrincipal", p->kind->principal, complete);
	check_need(p, v, "Resource", "NotResource", p->kind->resource, complete);
	check_each(p, v, "Action", "NotAction", mo_policy_check_action);
	check_each(p, v, "Resource", "NotResource", check_resource);
	mo_policy_check_pairing(p, v);
	mo_policy_check_keys(p, v);
	check_each(p, v, "Principal", "NotPrincipal", check_principal);
	const struct mo_ir_value *condition = mo_ir_get(v, MO_STR("Condition"));
	if (condition) {
		mo_policy_each(p, condition, mo_policy_check_condition);
	}
}

void
mo_policy_check_document(struct mo_policy *p, const struct mo_ir_value *v)
{
	static const char *const known[] = { "Version", "Id", "Statement", NULL };
	static const char *const versions[] = { "2012-10-17", "2008-10-17", NULL };
	if (v->kind != MO_IR_OBJECT) {
		return; // text, which some types take, or only known at deploy time
	}
	bool complete = check_keys(p, v, "a policy document", known);
	check_choice(p, "Version", mo_ir_get(v, MO_STR("Version")), versions);
	const struct mo_ir_value *statements = mo_ir_get(v, MO_STR("Statement"));
	if (statements) {
		mo_policy_each(p, statements, check_statement);
	} else if (complete) {
		mo_policy_report(p, MSG_MISSING_POLICY_KEY, v->span, "this document has no `Statement`");
	}
}
