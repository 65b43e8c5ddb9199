// SPDX-License-Identifier: Apache-2.0
// What verbs mean and how types carry policies: `permission`, `resource_policy`; and the built-ins that say whom a permission is given to.
#include "sema/check_builtin.h"
#include "sema/permission.h"

static const struct mo_type *
simple(enum mo_type_kind kind)
{
	return mo_type_of_kind(kind);
}

static const struct mo_type *
one_of(struct mo_check *c, const char *const *texts)
{
	const struct mo_type *t = mo_type_literal(c->ctx, mo_str_c(*texts));
	while (*++texts) {
		t = mo_type_union(c->ctx, t, mo_type_literal(c->ctx, mo_str_c(*texts)));
	}
	return t;
}

static struct mo_node *
field_named(struct mo_check *c, struct mo_node *block, const char *name)
{
	return mo_block_field(block, mo_atom_of(c->ctx->atoms, mo_str_c(name)));
}

// ---- once for each type ----------------------------------------------------------------------------------------------------------

// Two declarations of one verb, or of one type's policy, in the program itself: none of them can be meant.
static void
refuse_second(struct mo_check *c, const struct mo_node *n, mo_atom verb, struct mo_name kind)
{
	struct mo_str type = mo_atom_str(c->ctx->atoms, kind.atom);
	for (uint32_t i = 0; i < c->program->permissions.len; i++) {
		const struct mo_permission_entry *e = c->program->permissions.items[i];
		if (e->node == n) {
			return;
		}
		if (e->verb == verb && !e->module->library && mo_str_eq(e->type, type)) {
			struct mo_diag *d = verb ? mo_report(c->ctx->diags, MSG_DUPLICATE_NAME, n->span, "`" MO_STR_FMT "` on " MO_STR_FMT " is declared twice",
				MO_STR_ARG(mo_atom_str(c->ctx->atoms, verb)), MO_STR_ARG(type))
				: mo_report(c->ctx->diags, MSG_DUPLICATE_NAME, n->span, "the policy of " MO_STR_FMT " is declared twice", MO_STR_ARG(type));
			mo_diag_label(d, e->node->span, "declared here first");
			return;
		}
	}
}

static bool
type_exists(struct mo_check *c, struct mo_name kind)
{
	struct mo_str type = mo_atom_str(c->ctx->atoms, kind.atom);
	if (mo_cat_find_resource(type) || mo_str_starts(type, MO_STR("Custom::"))) {
		return true;
	}
	mo_check_unknown_type(c, type, kind.span);
	return false;
}

// ---- verbs -----------------------------------------------------------------------------------------------------------------------

void
mo_check_permission(struct mo_check *c, struct mo_node *n)
{
	struct mo_permission_node *p = mo_as_permission(n);
	const struct mo_type *strings = mo_type_list(c->ctx, simple(MO_TYPE_STRING));
	struct mo_type *statement = mo_type_record(c->ctx, "a statement of a permission"), *t = mo_type_record(c->ctx, "a permission");
	mo_type_add_field(c->ctx, statement, "actions", strings, false);
	mo_type_add_field(c->ctx, statement, "resources", strings, true);
	mo_type_add_field(c->ctx, statement, "when", simple(MO_TYPE_JSON), true);
	mo_type_add_field(c->ctx, t, "statements", mo_type_list(c->ctx, statement), false);
	mo_type_add_field(c->ctx, t, "key", strings, true);
	refuse_second(c, n, p->name.atom, p->kind);
	if (type_exists(c, p->kind)) {
		mo_check_fields(c, mo_block_items(p->block), t, p->name.span, NULL);
	}
}

// ---- policies of resources -------------------------------------------------------------------------------------------------------

static bool
known_text(struct mo_node *n, struct mo_str *out)
{
	struct mo_string_lit_node *s = n && n->kind == MO_STRING_NODE ? mo_as_string_lit(n) : NULL;
	if (!s || s->parts.len != 1 || s->parts.items[0]->kind != MO_TEXT_NODE) {
		return false;
	}
	*out = mo_as_text(s->parts.items[0])->text;
	return true;
}

// A property that the block names must be one of the type.
static void
check_property(struct mo_check *c, struct mo_node *block, const char *field, mo_cat resource)
{
	struct mo_node *n = field_named(c, block, field);
	struct mo_str name;
	struct mo_cat_resource info = mo_cat_resource(resource);
	if (!known_text(n, &name) || mo_cat_find_property(info.structure, name)) {
		return;
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_UNKNOWN_FIELD, n->span, MO_STR_FMT " has no property `" MO_STR_FMT "`",
		MO_STR_ARG(info.name), MO_STR_ARG(name));
	struct mo_suggestion near = mo_suggest(name);
	for (uint32_t i = 0; i < mo_cat_property_count(info.structure); i++) {
		mo_suggest_from(&near, mo_cat_property(mo_cat_property_at(info.structure, i)).name);
	}
	if (near.best.len) {
		mo_diag_help(d, "did you mean \"" MO_STR_FMT "\"?", MO_STR_ARG(near.best));
	}
}

static void
check_carrier(struct mo_check *c, struct mo_resource_policy_node *p, struct mo_map *given)
{
	mo_cat own = mo_cat_find_resource(mo_atom_str(c->ctx->atoms, p->kind.atom));
	struct mo_node *property = field_named(c, p->block, "property"), *resource = field_named(c, p->block, "resource");
	bool key = mo_map_get(given, mo_atom_of(c->ctx->atoms, MO_STR("key"))) != NULL;
	struct mo_str type;
	if (property && resource) {
		mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, property->span, "a policy is a `property`, or a `resource` of its own, not both");
	} else if (!property && !resource && !key) {
		mo_report(c->ctx->diags, MSG_MISSING_FIELD, p->kind.span, "this says neither which `property` nor which `resource` is the policy");
	}
	check_property(c, p->block, "property", own);
	if (known_text(resource, &type) && !mo_cat_find_resource(type)) {
		mo_check_unknown_type(c, type, resource->span);
	} else if (resource && known_text(resource, &type)) {
		check_property(c, p->block, "object", mo_cat_find_resource(type));
		check_property(c, p->block, "document", mo_cat_find_resource(type));
	}
	if (resource && !field_named(c, p->block, "object")) {
		mo_report(c->ctx->diags, MSG_MISSING_FIELD, p->kind.span, "`object` is missing: the property of the policy that names the resource");
	}
}

void
mo_check_resource_policy(struct mo_check *c, struct mo_node *n)
{
	static const char *const pers[] = { "object", "statement", NULL }, *const resources[] = { "named", "any", "none", NULL };
	struct mo_resource_policy_node *p = mo_as_resource_policy(n);
	struct mo_type *t = mo_type_record(c->ctx, "the policy of a type");
	struct mo_map given = { 0 };
	const struct mo_type *string = simple(MO_TYPE_STRING);
	mo_type_add_field(c->ctx, t, "property", string, true);
	mo_type_add_field(c->ctx, t, "resource", string, true);
	mo_type_add_field(c->ctx, t, "object", string, true);
	mo_type_add_field(c->ctx, t, "document", string, true);
	mo_type_add_field(c->ctx, t, "per", one_of(c, pers), true);
	mo_type_add_field(c->ctx, t, "resources", one_of(c, resources), true);
	mo_type_add_field(c->ctx, t, "conditions", mo_type_list(c->ctx, string), true);
	mo_type_add_field(c->ctx, t, "actions", string, true);
	mo_type_add_field(c->ctx, t, "start", simple(MO_TYPE_JSON), true);
	mo_type_add_field(c->ctx, t, "key", string, true);
	mo_type_add_field(c->ctx, t, "always", simple(MO_TYPE_BOOL), true);
	refuse_second(c, n, 0, p->kind);
	if (type_exists(c, p->kind)) {
		mo_check_fields(c, mo_block_items(p->block), t, p->kind.span, &given);
		check_carrier(c, p, &given);
	}
}

// ---- whom it is given to ---------------------------------------------------------------------------------------------------------

static bool
is_literal(const struct mo_type *t)
{
	return t->kind == MO_TYPE_STRING && t->is_literal;
}

static void
refuse(struct mo_check *c, struct mo_arguments_checked *a, const char *what, const char *help)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_BAD_ARGUMENT, a->node[0]->span, "`" MO_STR_FMT "` is %s", MO_STR_ARG(a->type[0]->literal), what);
	mo_diag_help(d, "%s", help);
	a->failed = true;
}

const struct mo_type *
mo_check_principal(struct mo_check *c, struct mo_arguments_checked *a)
{
	mo_argument_fits(c, a, 0, a->b->kind == MO_BUILTIN_FEDERATED ? simple(MO_TYPE_ANY) : simple(MO_TYPE_STRING));
	const struct mo_type *t = a->type[0];
	bool provider = t->kind == MO_TYPE_RESOURCE && (mo_str_is(t->resource_type, "AWS::IAM::OIDCProvider")
		|| mo_str_is(t->resource_type, "AWS::IAM::SAMLProvider"));
	if (a->failed || t->kind == MO_TYPE_ERROR) {
		return mo_type_of_kind(MO_TYPE_ERROR);
	}
	if (a->b->kind == MO_BUILTIN_FEDERATED && !provider && t->kind != MO_TYPE_STRING) {
		mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, a->node[0]->span, "`federated` wants an identity provider or its ARN, not " MO_STR_FMT,
			MO_STR_ARG(mo_type_noun(c->ctx, t)));
		a->failed = true;
	} else if (a->b->kind == MO_BUILTIN_ORG && is_literal(t) && !mo_str_starts(t->literal, MO_STR("o-"))) {
		refuse(c, a, "no id of an organization", "it starts with `o-`; a path of units goes into `org_path(…)`");
	} else if (a->b->kind == MO_BUILTIN_ORG_PATH && is_literal(t) && mo_str_find(t->literal, MO_STR("/"), 0) < 0) {
		refuse(c, a, "no path of an organization", "a path is \"o-…/r-…/ou-…/*\"; a whole organization goes into `org(…)`");
	}
	return a->failed ? mo_type_of_kind(MO_TYPE_ERROR) : mo_type_at(c->ctx, mo_type_principal(c->ctx), mo_arguments_time(c, a));
}
