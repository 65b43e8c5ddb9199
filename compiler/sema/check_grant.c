// SPDX-License-Identifier: Apache-2.0
// Statements of permission: `allow WHO to VERB on WHAT`. Types whom and what they speak of, and finds the verbs. Where a statement goes is
// decided by evaluation.
#include "catalog/names.h"
#include "sema/check.h"
#include "sema/permission.h"

enum { DEEPEST = 16, VERBS_LISTED = 12 }; // of lists in lists

static struct mo_str
text_of(struct mo_check *c, mo_atom atom)
{
	return mo_atom_str(c->ctx->atoms, atom);
}

// Goes over the kinds of things that a value may be: past what is optional, into lists, families and unions.
typedef void (*each_fn)(struct mo_check *c, struct mo_grant_node *g, struct mo_node *n, const struct mo_type *t);

static void
each(struct mo_check *c, struct mo_grant_node *g, struct mo_node *n, const struct mo_type *t, each_fn work, uint32_t depth)
{
	t = mo_type_present(t);
	if (depth > DEEPEST) {
		return;
	}
	switch (t->kind) {
	case MO_TYPE_LIST:
	case MO_TYPE_MAP:
	case MO_TYPE_FAMILY:
		each(c, g, n, t->element, work, depth + 1);
		return;
	case MO_TYPE_UNION:
		for (uint32_t i = 0; i < t->alternatives.len; i++) {
			each(c, g, n, t->alternatives.items[i], work, depth + 1);
		}
		return;
	default:
		work(c, g, n, t);
	}
}

// A literal list is looked at element by element, so that a message points at the one that is wrong.
static void
check_each(struct mo_check *c, struct mo_grant_node *g, struct mo_node *n, const char *what, each_fn work)
{
	mo_nodes elements = { &n, 1, 1 };
	if (n->kind == MO_LIST_NODE) {
		elements = mo_as_list(n)->items;
	}
	for (uint32_t i = 0; i < elements.len; i++) {
		struct mo_node *e = elements.items[i]->kind == MO_SPREAD_NODE ? mo_as_spread(elements.items[i])->value : elements.items[i];
		const struct mo_type *t = mo_check_infer(c, e);
		enum mo_type_kind kind = mo_type_present(t)->kind; // texts and an account_ref may be known only at deploy time
		bool late = kind == MO_TYPE_STRING || kind == MO_TYPE_ACCOUNT;
		if (t->kind != MO_TYPE_ERROR && (late || mo_check_known(c, t, false, e->span, what))) {
			each(c, g, e, t, work, 0);
		}
	}
}

// ---- whom ------------------------------------------------------------------------------------------------------------------------

static bool
is_identity(struct mo_str type)
{
	return mo_str_is(type, "AWS::IAM::Role") || mo_str_is(type, "AWS::IAM::User") || mo_str_is(type, "AWS::IAM::Group");
}

static void
check_who_text(struct mo_check *c, struct mo_node *n, struct mo_str text)
{
	const struct mo_str domain = MO_STR(".amazonaws.com");
	if (mo_str_starts(text, MO_STR("arn:"))) {
		return;
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_GRANTEE, n->span, "`" MO_STR_FMT "` is no ARN", MO_STR_ARG(text));
	if (mo_str_is(text, "*")) {
		mo_diag_help(d, "everybody is `anyone`");
		mo_diag_fix(d, n->span, "anyone");
	} else if (mo_str_ends(text, domain)) {
		struct mo_str service = mo_str_sub(text, 0, text.len - domain.len);
		mo_diag_help(d, "an AWS service is `service(\"" MO_STR_FMT "\")`", MO_STR_ARG(service));
		mo_diag_fix(d, n->span, "service(\"" MO_STR_FMT "\")", MO_STR_ARG(service));
	} else if (mo_is_account_id(text)) {
		mo_diag_help(d, "an account is an `account` of the program, or \"arn:aws:iam::" MO_STR_FMT ":root\"", MO_STR_ARG(text));
	} else {
		mo_diag_help(d, "roles, users, accounts, services (`service(\"events\")`), organizations (`org(\"o-…\")`) and ARNs can be meant");
	}
}

static void
check_who(struct mo_check *c, struct mo_grant_node *g, struct mo_node *n, const struct mo_type *t)
{
	(void)g;
	bool fits = t->kind == MO_TYPE_ERROR || t->kind == MO_TYPE_ACCOUNT || t->kind == MO_TYPE_TARGET || mo_type_is_principal(c->ctx, t)
		|| t->kind == MO_TYPE_NONE || (t->kind == MO_TYPE_RESOURCE && (is_identity(t->resource_type) || !t->resource_type.len));
	if (t->kind == MO_TYPE_STRING) {
		if (t->is_literal) {
			check_who_text(c, n, t->literal);
		}
	} else if (!fits) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_GRANTEE, n->span, "permissions are given to roles, users, groups and accounts, not to "
			MO_STR_FMT, MO_STR_ARG(mo_type_noun(c->ctx, mo_type_widened(c->ctx, t))));
		mo_cat resource = t->kind == MO_TYPE_RESOURCE ? mo_cat_find_resource(t->resource_type) : 0;
		if (resource && mo_cat_find_property(mo_cat_resource(resource).structure, MO_STR("Role"))) {
			mo_diag_help(d, "name the role that it works with, or the service that acts for it: `service(\"…\")`");
		} else if (t->kind == MO_TYPE_INSTANCE) {
			mo_diag_help(d, "name the role among its outputs");
		}
	}
}

// ---- what to do ------------------------------------------------------------------------------------------------------------------

static void
report_unknown_verb(struct mo_check *c, struct mo_name verb, struct mo_str type)
{
	struct mo_str text = text_of(c, verb.atom);
	struct mo_suggestion near = mo_suggest(text);
	struct mo_buf all = mo_buf_in(&c->ctx->session);
	uint32_t count = 0;
	for (uint32_t i = 0; i < c->program->permissions.len; i++) {
		const struct mo_permission_entry *e = c->program->permissions.items[i];
		if (!e->verb || !mo_str_eq(e->type, type) || mo_permission_find(c->program, type, e->verb) != e) {
			continue;
		}
		mo_suggest_from(&near, text_of(c, e->verb));
		if (count++ < VERBS_LISTED) {
			mo_buf_printf(&all, "%s`" MO_STR_FMT "`", count > 1 ? ", " : "", MO_STR_ARG(text_of(c, e->verb)));
		}
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_UNKNOWN_VERB, verb.span, "nobody says what `" MO_STR_FMT "` means for " MO_STR_FMT,
		MO_STR_ARG(text), MO_STR_ARG(mo_resource_noun(c->ctx, type)));
	mo_diag_suggest(d, verb.span, &near);
	if (count) {
		mo_diag_note(d, "verbs of " MO_STR_FMT ": " MO_STR_FMT "%s", MO_STR_ARG(type), MO_STR_ARG(mo_buf_str(&all)),
			count > VERBS_LISTED ? ", …" : "");
	} else {
		mo_diag_note(d, "no verb is declared for " MO_STR_FMT, MO_STR_ARG(type));
	}
	if (!near.best.len) {
		mo_diag_help(d, "write the actions in a list, `to [\"service:Action\"]`, or declare `permission " MO_STR_FMT " on " MO_STR_FMT " { … }`",
			MO_STR_ARG(text), MO_STR_ARG(type));
	}
}

// A verb of the library is checked with its first use.
static void
check_entry(struct mo_check *c, struct mo_permission_entry *e)
{
	if (!e || e->checked || !e->module->library) {
		return;
	}
	e->checked = true;
	struct mo_check before = mo_check_enter(c, e->module, e->module->scope, NULL);
	if (e->verb) {
		mo_check_permission(c, e->node);
	} else {
		mo_check_resource_policy(c, e->node);
	}
	mo_check_leave(c, before);
}

static bool
is_deploy(struct mo_check *c, struct mo_name verb)
{
	return mo_str_is(text_of(c, verb.atom), "deploy");
}

static void
check_verbs(struct mo_check *c, struct mo_grant_node *g, const struct mo_type *t)
{
	for (uint32_t i = 0; i < g->verbs.len; i++) {
		struct mo_name verb = mo_as_name_ref(g->verbs.items[i])->name;
		struct mo_permission_entry *e = mo_permission_find(c->program, t->resource_type, verb.atom);
		if (!e && t->resource_type.len) {
			report_unknown_verb(c, verb, t->resource_type);
		}
		check_entry(c, e);
	}
}

// ---- on what ---------------------------------------------------------------------------------------------------------------------

static void
report_no_object(struct mo_check *c, struct mo_node *n, const struct mo_type *t)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_GRANT_OBJECT, n->span, "a permission is about resources, this is " MO_STR_FMT,
		MO_STR_ARG(mo_type_noun(c->ctx, mo_type_widened(c->ctx, t))));
	for (uint32_t i = 0; t->kind == MO_TYPE_INSTANCE && t->symbol->body && i < t->symbol->body->symbols.len; i++) {
		struct mo_symbol *s = t->symbol->body->symbols.items[i];
		if (s->kind == MO_SYM_OUTPUT && s->type && mo_type_present(s->type)->kind == MO_TYPE_RESOURCE) {
			struct mo_str source = mo_check_quote(c, n->span, "it"), name = text_of(c, s->name);
			mo_diag_help(d, "it makes `" MO_STR_FMT "." MO_STR_FMT "`", MO_STR_ARG(source), MO_STR_ARG(name));
			mo_diag_fix(d, n->span, MO_STR_FMT "." MO_STR_FMT, MO_STR_ARG(source), MO_STR_ARG(name));
			return;
		}
	}
}

static void
check_object_text(struct mo_check *c, struct mo_grant_node *g, struct mo_node *n, const struct mo_type *t)
{
	if (g->verbs.len) {
		struct mo_name verb = mo_as_name_ref(g->verbs.items[0])->name;
		struct mo_str text = text_of(c, verb.atom);
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_UNKNOWN_VERB, verb.span, "`" MO_STR_FMT "` means nothing for a text", MO_STR_ARG(text));
		mo_diag_label(d, n->span, "a text says not what kind of resource it is");
		mo_diag_help(d, "write the actions in a list, `to [\"service:Action\"]`, or name a resource: `existing AWS::… name { … }`");
	} else if (t->is_literal && !mo_str_is(t->literal, "*") && !mo_str_starts(t->literal, MO_STR("arn:"))) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_GRANT_OBJECT, n->span, "`" MO_STR_FMT "` is no ARN", MO_STR_ARG(t->literal));
		mo_diag_help(d, "a resource is meant by its name, by an ARN, or by \"*\" for all");
	}
}

static void
check_object(struct mo_check *c, struct mo_grant_node *g, struct mo_node *n, const struct mo_type *t)
{
	bool whole = t->kind == MO_TYPE_STACK || t->kind == MO_TYPE_TEMPLATE;
	if (t->kind == MO_TYPE_RESOURCE) {
		check_verbs(c, g, t);
		check_entry(c, mo_resource_policy_find(c->program, t->resource_type));
		check_entry(c, mo_resource_policy_find(c->program, MO_STR("AWS::KMS::Key")));
	} else if (t->kind == MO_TYPE_STRING) {
		check_object_text(c, g, n, t);
	} else if (whole && g->verbs.len == 1 && is_deploy(c, mo_as_name_ref(g->verbs.items[0])->name)) {
		return;
	} else if (t->kind != MO_TYPE_ERROR && t->kind != MO_TYPE_NONE) {
		report_no_object(c, n, t);
	}
}

// `not […]`: everything but these.
static void
check_objects(struct mo_check *c, struct mo_grant_node *g)
{
	struct mo_node *n = g->object;
	if (n && n->kind == MO_NOT_LIST_NODE) {
		n = mo_as_not_list(n)->list;
	}
	if (n) {
		check_each(c, g, n, "what a permission is about", check_object);
	}
}

// ---- all of it -------------------------------------------------------------------------------------------------------------------

static void
check_text(struct mo_check *c, struct mo_node *n, const char *what)
{
	const struct mo_type *t = n ? mo_check_for(c, n, mo_type_of_kind(MO_TYPE_STRING), (struct mo_str){ 0 }) : NULL;
	if (t && t->kind != MO_TYPE_ERROR) {
		mo_check_known(c, t, false, n->span, what);
	}
}

void
mo_check_grant(struct mo_check *c, struct mo_node *n)
{
	struct mo_grant_node *g = mo_as_grant(n);
	for (uint32_t i = 0; i < g->who.len; i++) {
		check_each(c, g, g->who.items[i], "whom a permission is given to", check_who);
	}
	check_objects(c, g);
	if (g->verb_list) {
		const struct mo_type *t = mo_check_for(c, g->verb_list, mo_type_list(c->ctx, mo_type_of_kind(MO_TYPE_STRING)), (struct mo_str){ 0 });
		mo_check_known(c, t, true, g->verb_list->span, "what a permission lets do");
	}
	if (g->when) {
		mo_check_for(c, g->when, mo_type_of_kind(MO_TYPE_JSON), (struct mo_str){ 0 });
	}
	check_text(c, g->at, "which part of it is meant");
	check_text(c, g->sid, "the name of a statement");
}
