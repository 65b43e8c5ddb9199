// SPDX-License-Identifier: Apache-2.0
// a.b and a?.b: what each kind of thing offers, and when it is known. Members by key are in check_index.c.
#include "sema/check.h"
#include "sema/deprecated.h"

enum { MEMBERS_LISTED = 8, MEMBER_DEPTH = 32 };

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

static const struct mo_type *find(struct mo_check *c, const struct mo_type *of, mo_atom name, struct mo_span at, uint32_t depth);

// ---- fixed members ---------------------------------------------------------------------------------------------------------------

struct fixed_member {
	const char *name;
	enum mo_type_kind kind;
	enum mo_string_role role;
	bool list;
};

static const struct fixed_member account_members[] = {
	{ "id", MO_TYPE_STRING, MO_STRING_ACCOUNT_ID, false }, { "name", MO_TYPE_STRING, MO_STRING_TEXT, false },
	{ "region", MO_TYPE_STRING, MO_STRING_REGION, false }, { "partition", MO_TYPE_STRING, MO_STRING_TEXT, false }, { 0 },
};
static const struct fixed_member aws_members[] = {
	{ "account_id", MO_TYPE_STRING, MO_STRING_ACCOUNT_ID, false }, { "region", MO_TYPE_STRING, MO_STRING_REGION, false },
	{ "partition", MO_TYPE_STRING, MO_STRING_TEXT, false }, { "url_suffix", MO_TYPE_STRING, MO_STRING_TEXT, false },
	{ "stack_name", MO_TYPE_STRING, MO_STRING_TEXT, false }, { "stack_id", MO_TYPE_STRING, MO_STRING_ARN, false },
	{ "notification_arns", MO_TYPE_STRING, MO_STRING_ARN, true }, { 0 },
};
static const struct fixed_member duration_members[] = {
	{ "milliseconds", MO_TYPE_INT, 0, false }, { "seconds", MO_TYPE_INT, 0, false }, { "minutes", MO_TYPE_INT, 0, false },
	{ "hours", MO_TYPE_INT, 0, false }, { "days", MO_TYPE_INT, 0, false }, { 0 },
};
static const struct fixed_member size_members[] = {
	{ "bytes", MO_TYPE_INT, 0, false }, { "kib", MO_TYPE_INT, 0, false }, { "mib", MO_TYPE_INT, 0, false }, { "gib", MO_TYPE_INT, 0, false },
	{ "tib", MO_TYPE_INT, 0, false }, { 0 },
};

// For what to offer; their types are check_template.c's.
static const struct fixed_member template_members[] = {
	{ "name", MO_TYPE_STRING, 0, false }, { "file", MO_TYPE_STRING, 0, false }, { "parameters", MO_TYPE_MAP, 0, false },
	{ "outputs", MO_TYPE_MAP, 0, false }, { 0 },
};

static const struct fixed_member *
fixed_members(const struct mo_type *t)
{
	switch (t->kind) {
	case MO_TYPE_ACCOUNT:
	case MO_TYPE_TARGET: return account_members;
	case MO_TYPE_TEMPLATE: return template_members;
	case MO_TYPE_AWS: return aws_members;
	case MO_TYPE_DURATION: return duration_members;
	case MO_TYPE_SIZE: return size_members;
	default: return NULL;
	}
}

static const struct mo_type *
find_fixed(struct mo_check *c, const struct mo_type *of, mo_atom name)
{
	struct mo_str text = mo_atom_str(c->ctx->atoms, name);
	for (const struct fixed_member *m = fixed_members(of); m && m->name; m++) {
		if (mo_str_is(text, m->name)) {
			struct mo_type *t = mo_type_new(c->ctx, m->kind);
			t->role = m->role;
			return m->list ? mo_type_list(c->ctx, t) : t;
		}
	}
	return NULL;
}

// ---- resources ----------------------------------------------------------------------------------------------------------------------

mo_cat
mo_check_catalog_type(struct mo_str type)
{
	return mo_str_is(type, "AWS::CloudFormation::CustomResource") ? 0 : mo_cat_find_resource(type);
}

struct mo_symbol *
mo_check_schema(struct mo_check *c, struct mo_str type)
{
	for (uint32_t i = 0; i < c->program->modules.len; i++) {
		mo_atom atom = mo_atom_find(c->ctx->atoms, type);
		struct mo_symbol *s = atom ? mo_map_get(&c->program->modules.items[i]->scope->kinds, atom) : NULL;
		if (s && mo_symbol_real(s)->kind == MO_SYM_CUSTOM) {
			return mo_symbol_real(s);
		}
	}
	return NULL;
}

static const struct mo_type *
find_custom_attribute(struct mo_check *c, const struct mo_type *of, mo_atom name)
{
	struct mo_symbol *s = mo_check_schema(c, of->resource_type);
	if (!s) {
		return mo_type_of_kind(MO_TYPE_JSON); // without a schema nothing is known of it
	}
	struct mo_custom_schema_node *schema = mo_as_custom_schema(s->declarations.items[0].node);
	const struct mo_type *gives = schema->gives ? mo_type_of_node(c->program, schema->gives) : NULL;
	const struct mo_field *f = gives ? mo_type_field(gives, name) : NULL;
	return f ? f->type : NULL;
}

static const struct mo_type *
ref_type(struct mo_check *c, struct mo_str type, mo_cat resource)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_STRING);
	struct mo_str ref = resource ? mo_cat_resource(resource).ref : MO_STR("");
	if (resource) {
		mo_push(&c->ctx->session, &t->targets, (struct mo_string_target){ type, ref, true });
	}
	return t;
}

// `Endpoint` of a type with the attributes Endpoint.Address and Endpoint.Port: a record of them; NULL when there are none.
static const struct mo_type *
dotted_attributes(struct mo_check *c, const struct mo_type *of, mo_cat resource, struct mo_str prefix)
{
	struct mo_type *record = NULL;
	for (uint32_t i = 0; i < mo_cat_attribute_count(resource); i++) {
		mo_cat a = mo_cat_attribute_at(resource, i);
		struct mo_str name = mo_cat_property(a).name;
		if (name.len > prefix.len && mo_str_starts(name, prefix) && name.p[prefix.len] == '.') {
			record = record ? record : mo_type_new(c->ctx, MO_TYPE_RECORD);
			struct mo_field f = { .name = mo_atom_of(c->ctx->atoms, mo_str_sub(name, prefix.len + 1, name.len)) };
			f.type = mo_type_of_attribute(c->ctx, of->resource_type, a);
			mo_push(&c->ctx->session, &record->fields, f);
		}
	}
	return record;
}

// A member by what the catalog says of the type, without regard to when it is known.
static const struct mo_type *
find_in_catalog(struct mo_check *c, const struct mo_type *of, mo_cat resource, mo_atom name)
{
	struct mo_str text = mo_atom_str(c->ctx->atoms, name);
	if (mo_str_is(text, "Ref")) {
		return ref_type(c, of->resource_type, resource);
	}
	if (!resource) {
		return find_custom_attribute(c, of, name);
	}
	mo_cat attribute = mo_cat_find_attribute(resource, text);
	if (attribute) {
		return mo_type_of_attribute(c->ctx, of->resource_type, attribute);
	}
	struct mo_cat_resource info = mo_cat_resource(resource);
	if (mo_str_eq(text, info.ref)) {
		return ref_type(c, of->resource_type, resource);
	}
	mo_cat property = mo_cat_find_property(info.structure, text);
	return property ? mo_type_of_property(c->ctx, of->resource_type, property) : dotted_attributes(c, of, resource, text);
}

static const struct mo_type *
find_in_resource(struct mo_check *c, const struct mo_type *of, mo_atom name, struct mo_span at)
{
	const struct mo_type *output = of->symbol ? mo_check_nested_member(c, of, name, at) : NULL;
	if (output) {
		return output;
	}
	const struct mo_type *t = find_in_catalog(c, of, mo_check_catalog_type(of->resource_type), name);
	return t ? mo_type_at(c->ctx, t, (struct mo_time){ .deploy = true, .deploy_at = at }) : NULL;
}

// ---- stacks, files, accounts -----------------------------------------------------------------------------------------------------

static const struct mo_type *
find_label_record(struct mo_check *c, const struct mo_type *account)
{
	if (account->element) { // labels whose names are computed, or could not be read
		return account->element->kind == MO_TYPE_ERROR ? account->element : mo_type_map(c->ctx, account->element);
	}
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	t->fields = account->fields;
	return t;
}

// Accounts and regions of a stack: what its target is.
static const struct mo_type *
target_of_stack(struct mo_check *c, const struct mo_symbol *stack)
{
	struct mo_node *n = stack && stack->declarations.len ? mo_as_stack(stack->declarations.items[0].node)->target : NULL;
	const struct mo_type *t = n && n->type ? n->type : n ? mo_check_infer(c, n) : error_type();
	return t->kind == MO_TYPE_ERROR ? t : mo_type_target(c->ctx, t->kind == MO_TYPE_LIST ? t->element : t);
}

static const struct mo_type *
outputs_of_stack(struct mo_check *c, const struct mo_type *of, struct mo_span at)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	struct mo_scope *body = of->symbol ? mo_check_stack_body(c, of->symbol) : NULL;
	if (body && body->owner && body->owner->kind == MO_SYM_TEMPLATE && mo_check_is_from_file(body->owner)) {
		return mo_check_template_outputs(c, body->owner, at);
	}
	for (uint32_t i = 0; body && i < body->symbols.len; i++) {
		struct mo_symbol *s = body->symbols.items[i];
		if (s->kind == MO_SYM_OUTPUT) {
			struct mo_field f = { .name = s->name, .span = s->span, .type = mo_check_seen(c, s, mo_check_symbol(c, s, at)) };
			mo_push(&c->ctx->session, &t->fields, f);
		}
	}
	return body ? t : mo_type_map(c->ctx, mo_type_of_kind(MO_TYPE_JSON));
}

// What every stack has, unless it declares something of that name.
static const struct mo_type *
find_in_every_stack(struct mo_check *c, const struct mo_type *of, struct mo_str name, struct mo_span at)
{
	if (mo_str_is(name, "name")) {
		return mo_type_of_kind(MO_TYPE_STRING);
	}
	if (mo_str_is(name, "target")) {
		return of->symbol ? target_of_stack(c, of->symbol) : mo_type_of_kind(MO_TYPE_TARGET);
	}
	if (mo_str_is(name, "file")) { // it is called after the format that is asked for, and what other stacks turn out to be
		return mo_type_at(c->ctx, mo_type_of_kind(MO_TYPE_STRING), (struct mo_time){ .deploy = true, .deploy_at = at });
	}
	if (mo_str_is(name, "outputs")) {
		return outputs_of_stack(c, of, at);
	}
	bool role = mo_str_is(name, "deploy_role") || mo_str_is(name, "execution_role") || mo_str_is(name, "publishing_role");
	if (!role) {
		return NULL;
	}
	struct mo_type *arn = mo_type_new(c->ctx, MO_TYPE_STRING);
	arn->role = MO_STRING_ARN;
	mo_push(&c->ctx->session, &arn->targets, (struct mo_string_target){ MO_STR("AWS::IAM::Role"), MO_STR("Arn"), false });
	return arn;
}

static const struct mo_type *
find_in_stack(struct mo_check *c, const struct mo_type *of, mo_atom name, struct mo_span at)
{
	struct mo_scope *body = of->symbol ? mo_check_stack_body(c, of->symbol) : NULL;
	struct mo_symbol *s = body ? mo_map_get(&body->values, name) : NULL;
	s = s || !body ? s : mo_map_get(&body->outputs, name);
	if (!s) {
		return find_in_every_stack(c, of, mo_atom_str(c->ctx->atoms, name), at);
	}
	return mo_check_seen(c, s, mo_check_symbol(c, s, at));
}

static struct mo_module *
module_of(const struct mo_check *c, const struct mo_type *t)
{
	return mo_map_get(&c->program->imports, (uint64_t)(uintptr_t)t->symbol->declarations.items[0].node);
}

static const struct mo_type *
find_in_module(struct mo_check *c, const struct mo_type *of, mo_atom name, struct mo_span at)
{
	struct mo_module *m = module_of(c, of);
	struct mo_symbol *s = m ? mo_map_get(&m->scope->values, name) : NULL;
	if (m && !s && m->scope->incomplete) {
		return error_type();
	}
	return s && !s->alias_of ? mo_check_seen(c, s, mo_check_symbol(c, s, at)) : NULL;
}

static const struct mo_type *
find_in_account(struct mo_check *c, const struct mo_type *of, mo_atom name)
{
	struct mo_str text = mo_atom_str(c->ctx->atoms, name);
	bool labels = mo_str_is(text, "labels");
	if (of->time.deploy && (labels || mo_str_is(text, "name"))) {
		return NULL; // of an account_ref nobody knows them
	}
	const struct mo_type *t = labels ? find_label_record(c, of) : find_fixed(c, of, name);
	return t && of->time.deploy ? mo_type_at(c->ctx, t, of->time) : t;
}

// ---- by kind ---------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
find_in_union(struct mo_check *c, const struct mo_type *of, mo_atom name, struct mo_span at, uint32_t depth)
{
	const struct mo_type *all = NULL;
	for (uint32_t i = 0; i < of->alternatives.len; i++) {
		const struct mo_type *t = find(c, of->alternatives.items[i], name, at, depth + 1);
		if (!t) {
			return NULL;
		}
		all = all ? mo_type_union(c->ctx, all, t) : t;
	}
	return all ? mo_type_at(c->ctx, all, of->time) : NULL;
}

static const struct mo_type *
find_in_record(struct mo_check *c, const struct mo_type *of, mo_atom name)
{
	const struct mo_field *f = mo_type_field(of, name);
	if (!f) {
		return NULL;
	}
	const struct mo_type *t = mo_type_part(c->ctx, of, name, f->type);
	return f->optional && !f->value ? mo_type_optional_at(c->ctx, t, of->time) : t;
}

static const struct mo_type *
find_in_struct(struct mo_check *c, const struct mo_type *of, mo_atom name)
{
	mo_cat p = mo_cat_find_property(of->catalog, mo_atom_str(c->ctx->atoms, name));
	if (!p) {
		return NULL;
	}
	const struct mo_type *t = mo_type_part(c->ctx, of, name, mo_type_of_property(c->ctx, of->resource_type, p));
	return mo_cat_property(p).required ? t : mo_type_optional_at(c->ctx, t, of->time);
}

static const struct mo_type *
find_pseudo(struct mo_check *c, const struct mo_type *of, mo_atom name, struct mo_span at)
{
	const struct mo_type *t = find_fixed(c, of, name);
	return t ? mo_type_at(c->ctx, t, (struct mo_time){ .deploy = true, .deploy_at = at }) : NULL;
}

static const struct mo_type *
find(struct mo_check *c, const struct mo_type *of, mo_atom name, struct mo_span at, uint32_t depth)
{
	if (depth > MEMBER_DEPTH) {
		return NULL;
	}
	switch (of->kind) {
	case MO_TYPE_ERROR:
	case MO_TYPE_ANY: return error_type();
	case MO_TYPE_JSON: return mo_type_part(c->ctx, of, name, mo_type_of_kind(MO_TYPE_JSON));
	case MO_TYPE_RECORD: return find_in_record(c, of, name);
	case MO_TYPE_STRUCT: return find_in_struct(c, of, name);
	case MO_TYPE_RESOURCE: return find_in_resource(c, of, name, at);
	case MO_TYPE_INSTANCE: return mo_check_output(c, of, name);
	case MO_TYPE_STACK: return find_in_stack(c, of, name, at);
	case MO_TYPE_TEMPLATE: return mo_check_template_member(c, of, name, at);
	case MO_TYPE_AUDIENCE: return find_in_record(c, of, name);
	case MO_TYPE_MODULE: return find_in_module(c, of, name, at);
	case MO_TYPE_UNION: return find_in_union(c, of, name, at, depth);
	case MO_TYPE_AWS: return find_pseudo(c, of, name, at);
	case MO_TYPE_ACCOUNT:
	case MO_TYPE_TARGET: return find_in_account(c, of, name);
	default: return find_fixed(c, of, name);
	}
}

const struct mo_type *
mo_check_find_member(struct mo_check *c, const struct mo_type *of, mo_atom name)
{
	return find(c, of, name, MO_NOWHERE, 0);
}

bool
mo_check_may_declare(const struct mo_type *t, mo_atom name)
{
	bool body = t->kind == MO_TYPE_INSTANCE || t->kind == MO_TYPE_STACK || t->kind == MO_TYPE_RECORD;
	const struct mo_scope *scope = body && t->symbol ? t->symbol->body : NULL;
	const struct mo_symbol *s = scope ? mo_map_get(&scope->values, name) : NULL;
	return scope && (scope->incomplete || (s && s->declarations.len == 0));
}

// ---- unknown members -------------------------------------------------------------------------------------------------------------

typedef void (*visit)(struct mo_str name, void *data);

// The record of what a custom resource gives; NULL without a schema.
static const struct mo_type *
type_of_gives(struct mo_check *c, const struct mo_type *t)
{
	struct mo_symbol *s = mo_check_schema(c, t->resource_type);
	struct mo_node *gives = s ? mo_as_custom_schema(s->declarations.items[0].node)->gives : NULL;
	return gives ? mo_type_of_node(c->program, gives) : NULL;
}

static void
each_resource_member(struct mo_check *c, const struct mo_type *t, visit each, void *data)
{
	mo_cat r = mo_check_catalog_type(t->resource_type);
	const struct mo_type *gives = r ? NULL : type_of_gives(c, t);
	const struct mo_type *outputs = t->symbol ? mo_check_template_outputs(c, t->symbol, MO_NOWHERE) : NULL; // of a nested stack
	for (uint32_t i = 0; outputs && i < outputs->fields.len; i++) {
		each(mo_atom_str(c->ctx->atoms, outputs->fields.items[i].name), data);
	}
	each(MO_STR("Ref"), data);
	for (uint32_t i = 0; gives && i < gives->fields.len; i++) {
		each(mo_atom_str(c->ctx->atoms, gives->fields.items[i].name), data);
	}
	for (uint32_t i = 0; r && i < mo_cat_attribute_count(r); i++) {
		each(mo_cat_property(mo_cat_attribute_at(r, i)).name, data);
	}
	mo_cat structure = r ? mo_cat_resource(r).structure : 0;
	for (uint32_t i = 0; structure && i < mo_cat_property_count(structure); i++) {
		each(mo_cat_property(mo_cat_property_at(structure, i)).name, data);
	}
}

static void
each_symbol(struct mo_check *c, const struct mo_scope *scope, bool interface_only, visit each, void *data)
{
	for (uint32_t i = 0; scope && i < scope->symbols.len; i++) {
		const struct mo_symbol *s = scope->symbols.items[i];
		bool offered = !s->alias_of && (mo_map_get(&scope->values, s->name) == s || mo_map_get(&scope->outputs, s->name) == s);
		if (offered && (!interface_only || s->kind == MO_SYM_OUTPUT || s->kind == MO_SYM_INPUT)) {
			each(mo_atom_str(c->ctx->atoms, s->name), data);
		}
	}
}

// Calls `each` with every name that the type offers, in order.
static void
each_member(struct mo_check *c, const struct mo_type *t, visit each, void *data)
{
	for (uint32_t i = 0; i < t->fields.len && (t->kind == MO_TYPE_RECORD || t->kind == MO_TYPE_AUDIENCE); i++) {
		each(mo_atom_str(c->ctx->atoms, t->fields.items[i].name), data);
	}
	for (const struct fixed_member *m = fixed_members(t); m && m->name; m++) {
		each(mo_str_c(m->name), data);
	}
	if (t->kind == MO_TYPE_ACCOUNT || t->kind == MO_TYPE_TARGET) {
		each(MO_STR("labels"), data);
	}
	for (uint32_t i = 0; t->kind == MO_TYPE_STRUCT && i < mo_cat_property_count(t->catalog); i++) {
		each(mo_cat_property(mo_cat_property_at(t->catalog, i)).name, data);
	}
	if (t->kind == MO_TYPE_RESOURCE) {
		each_resource_member(c, t, each, data);
	} else if (t->kind == MO_TYPE_MODULE) {
		struct mo_module *m = module_of(c, t);
		each_symbol(c, m ? m->scope : NULL, false, each, data);
	} else if ((t->kind == MO_TYPE_INSTANCE || t->kind == MO_TYPE_STACK) && t->symbol) {
		each_symbol(c, t->symbol->body, t->kind == MO_TYPE_INSTANCE, each, data);
	}
}

struct listing {
	struct mo_suggestion near;
	struct mo_buf names;
	uint32_t count;
};

static void
list_member(struct mo_str name, void *data)
{
	struct listing *l = data;
	mo_suggest_from(&l->near, name);
	if (l->count < MEMBERS_LISTED) {
		mo_buf_printf(&l->names, "%s`" MO_STR_FMT "`", l->count ? ", " : "", MO_STR_ARG(name));
	}
	l->count++;
}

// A label that an account was given, asked of the account itself: dev.env for dev.labels.env.
static bool
help_with_label(struct mo_diag *d, struct mo_member_node *m, const struct mo_type *t, struct mo_str name)
{
	if ((t->kind != MO_TYPE_ACCOUNT && t->kind != MO_TYPE_TARGET) || !mo_type_field(t, m->name.atom)) {
		return false;
	}
	mo_diag_help(d, "it is one of the labels: `.labels." MO_STR_FMT "`", MO_STR_ARG(name));
	mo_diag_fix(d, m->name.span, "labels." MO_STR_FMT, MO_STR_ARG(name));
	return true;
}

static bool
help_with_collection(struct mo_check *c, struct mo_diag *d, struct mo_member_node *m, const struct mo_type *t, struct mo_str name)
{
	struct mo_str source = mo_check_quote(c, m->object->span, "xs");
	if (t->kind == MO_TYPE_MAP) {
		mo_diag_help(d, "an entry of a map is `" MO_STR_FMT "[\"" MO_STR_FMT "\"]`", MO_STR_ARG(source), MO_STR_ARG(name));
	} else if (t->kind == MO_TYPE_FAMILY) {
		mo_diag_help(d, "a family has members: `" MO_STR_FMT "[…]." MO_STR_FMT "`", MO_STR_ARG(source), MO_STR_ARG(name));
	} else if (t->kind == MO_TYPE_LIST) {
		mo_diag_help(d, "of every element: `[for x in " MO_STR_FMT ": x." MO_STR_FMT "]`", MO_STR_ARG(source), MO_STR_ARG(name));
	} else {
		return false;
	}
	return true;
}

static struct mo_str
owner_noun(struct mo_check *c, const struct mo_type *t)
{
	switch (t->kind) {
	case MO_TYPE_RESOURCE: return mo_type_text(c->ctx, t);
	case MO_TYPE_LIST: return MO_STR("a list");
	case MO_TYPE_MAP: return MO_STR("a map");
	default: return mo_type_noun(c->ctx, t);
	}
}

static void
report_unknown_member(struct mo_check *c, struct mo_node *n, const struct mo_type *t)
{
	struct mo_member_node *m = mo_as_member(n);
	struct mo_str name = mo_atom_str(c->ctx->atoms, m->name.atom);
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_UNKNOWN_MEMBER, m->name.span, MO_STR_FMT " has no `" MO_STR_FMT "`",
		MO_STR_ARG(owner_noun(c, t)), MO_STR_ARG(name));
	struct listing l = { .near = mo_suggest(name), .names = mo_buf_in(&c->ctx->session) };
	each_member(c, t, list_member, &l);
	if (help_with_label(d, m, t, name) || help_with_collection(c, d, m, t, name)) {
		return;
	}
	if (l.near.best.len) {
		mo_diag_suggest(d, m->name.span, &l.near);
	} else if (l.count) {
		mo_diag_note(d, "it has " MO_STR_FMT "%s", MO_STR_ARG(mo_buf_str(&l.names)), l.count > MEMBERS_LISTED ? ", …" : "");
	}
}

// ---- properties that the declaration sets ----------------------------------------------------------------------------------------

// The one declaration of a resource that an expression names; NULL when there is no such one.
static struct mo_node *
declaration_of(struct mo_node *object)
{
	struct mo_symbol *s = object->kind == MO_NAME_REF_NODE ? object->symbol : NULL;
	bool one = s && s->declarations.len == 1 && (s->kind == MO_SYM_RESOURCE || s->kind == MO_SYM_EXISTING);
	return one ? s->declarations.items[0].node : NULL;
}

static struct mo_node *
value_set(struct mo_node *declaration, mo_atom name)
{
	struct mo_node *block = declaration->kind == MO_RESOURCE_NODE ? mo_as_resource(declaration)->block : mo_as_existing(declaration)->block;
	return mo_block_field(block, name);
}

static const struct mo_type *
type_of_set(struct mo_check *c, struct mo_symbol *s, struct mo_node *value)
{
	if (!value->type) {
		struct mo_check before = mo_check_enter(c, s->module, s->scope, s->declarations.items[0].nesting);
		mo_check_infer(c, value);
		mo_check_leave(c, before);
	}
	return value->type;
}

// A property that the declaration itself sets reads back as what was set; what identifies a resource of ours is known to CloudFormation only.
static const struct mo_type *
read_back(struct mo_check *c, struct mo_node *object, const struct mo_type *resource, mo_atom name)
{
	struct mo_node *declaration = declaration_of(object);
	mo_cat r = mo_cat_find_resource(resource->resource_type);
	if (!declaration || !r) {
		return NULL;
	}
	struct mo_str text = mo_atom_str(c->ctx->atoms, name), ref = mo_cat_resource(r).ref;
	bool existing = declaration->kind == MO_EXISTING_NODE, identifies = mo_str_is(text, "Ref") || mo_str_eq(text, ref);
	mo_atom written = identifies && ref.len ? mo_atom_of(c->ctx->atoms, ref) : name;
	struct mo_node *value = existing || !identifies ? value_set(declaration, written) : NULL;
	const struct mo_type *set = value ? type_of_set(c, object->symbol, value) : NULL;
	if (!set || set->kind == MO_TYPE_ERROR) {
		return set;
	}
	if (mo_type_admits_none(set) && mo_cat_find_attribute(r, text)) {
		return NULL; // where it is not set, the service gives one
	}
	const struct mo_type *known = find_in_catalog(c, resource, r, name);
	bool reference = known && mo_type_present(known)->kind == MO_TYPE_STRING && mo_type_present(known)->targets.len;
	return reference ? mo_type_at(c->ctx, known, set->time) : set->kind == MO_TYPE_RESOURCE ? NULL : set;
}

// ---- a.b -------------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
report_absent(struct mo_check *c, struct mo_member_node *m, const struct mo_type *t)
{
	struct mo_str name = mo_atom_str(c->ctx->atoms, m->name.atom);
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_MAY_BE_NONE, m->object->span, "this may be none, and then has no `" MO_STR_FMT "`",
		MO_STR_ARG(name));
	mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, t)));
	mo_check_label_declaration(d, m->object);
	mo_diag_help(d, "`?." MO_STR_FMT "` gives none then; or use it where `!= none` is known", MO_STR_ARG(name));
	return error_type();
}

// What a member of a body or file stands for; NULL for all others.
static const struct mo_symbol *
symbol_of_member(struct mo_check *c, const struct mo_type *of, mo_atom name)
{
	const struct mo_module *m = of->kind == MO_TYPE_MODULE ? module_of(c, of) : NULL;
	const struct mo_scope *scope = m ? m->scope : of->symbol ? of->symbol->body : NULL;
	bool body = m || of->kind == MO_TYPE_INSTANCE || of->kind == MO_TYPE_STACK || of->kind == MO_TYPE_TEMPLATE;
	const struct mo_symbol *s = scope && body ? mo_map_get(&scope->outputs, name) : NULL;
	return s || !scope || !body ? s : mo_map_get(&scope->values, name);
}

const struct mo_type *
mo_check_member(struct mo_check *c, struct mo_node *n)
{
	struct mo_member_node *m = mo_as_member(n);
	bool of_entry = m->optional && m->object->kind == MO_INDEX_NODE; // in `m["key"]?.b` the question mark is of both: no key, no b
	const struct mo_type *t = of_entry ? mo_check_index_or_none(c, m->object) : mo_check_infer(c, m->object);
	if (t->kind == MO_TYPE_ERROR || !m->name.atom) {
		return error_type();
	}
	bool may_be_none = mo_type_admits_none(t);
	if (may_be_none && !m->optional) {
		return report_absent(c, m, t);
	}
	const struct mo_type *object = mo_type_present(t);
	if (t->kind == MO_TYPE_NONE) {
		return t;
	}
	const struct mo_type *found = object->kind == MO_TYPE_RESOURCE ? read_back(c, m->object, object, m->name.atom) : NULL;
	found = found ? found : find(c, object, m->name.atom, n->span, 0);
	if (!found && mo_check_may_declare(object, m->name.atom)) {
		return error_type();
	}
	if (!found) {
		report_unknown_member(c, n, object);
		return error_type();
	}
	mo_warn_deprecated(c->ctx, c->module, symbol_of_member(c, object, m->name.atom), m->name.span);
	return may_be_none ? mo_type_optional_at(c->ctx, found, t->time) : found;
}
