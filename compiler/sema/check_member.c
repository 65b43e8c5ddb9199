// SPDX-License-Identifier: Apache-2.0
// a.b, a?.b and a[k]: what each kind of thing offers.
#include "sema/check.h"

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
	{ "bytes", MO_TYPE_INT, 0, false }, { "kib", MO_TYPE_INT, 0, false }, { "mib", MO_TYPE_INT, 0, false }, { "gib", MO_TYPE_INT, 0, false }, { 0 },
};

static const struct fixed_member *
fixed_members(const struct mo_type *t)
{
	switch (t->kind) {
	case MO_TYPE_ACCOUNT:
	case MO_TYPE_TARGET: return account_members;
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

// ---- by kind ---------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
find_label_record(struct mo_check *c, const struct mo_type *account)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	t->fields = account->fields;
	return t;
}

static struct mo_symbol *
custom_schema(struct mo_check *c, struct mo_str type)
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
	struct mo_symbol *s = custom_schema(c, of->resource_type);
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

static const struct mo_type *
find_in_resource(struct mo_check *c, const struct mo_type *of, mo_atom name, struct mo_span at)
{
	struct mo_str text = mo_atom_str(c->ctx->atoms, name);
	struct mo_time deploy = { .deploy = true, .deploy_at = at };
	mo_cat r = mo_cat_find_resource(of->resource_type);
	if (mo_str_is(text, "Ref")) {
		return mo_type_at(c->ctx, ref_type(c, of->resource_type, r), deploy);
	}
	if (!r) {
		const struct mo_type *t = find_custom_attribute(c, of, name);
		return t ? mo_type_at(c->ctx, t, deploy) : NULL;
	}
	mo_cat attribute = mo_cat_find_attribute(r, text);
	if (attribute) {
		return mo_type_at(c->ctx, mo_type_of_attribute(c->ctx, of->resource_type, attribute), deploy);
	}
	struct mo_cat_resource info = mo_cat_resource(r);
	mo_cat property = mo_cat_find_property(info.structure, text);
	if (mo_str_eq(text, info.ref)) {
		return mo_type_at(c->ctx, ref_type(c, of->resource_type, r), deploy);
	}
	return property ? mo_type_at(c->ctx, mo_type_of_property(c->ctx, of->resource_type, property), deploy) : NULL;
}

static const struct mo_type *
find_in_stack(struct mo_check *c, const struct mo_type *of, mo_atom name, struct mo_span at)
{
	struct mo_symbol *s = of->symbol && of->symbol->body ? mo_map_get(&of->symbol->body->values, name) : NULL;
	if (!s) {
		return NULL;
	}
	const struct mo_type *t = mo_check_symbol(c, s, at);
	if (s->dimensions) {
		struct mo_type *family = mo_type_new(c->ctx, MO_TYPE_FAMILY);
		family->element = t;
		family->dimensions = s->dimensions;
		family->symbol = s;
		return family;
	}
	bool maybe = s->declarations.len == 1 && s->declarations.items[0].nesting && !mo_facts_imply(c, s->declarations.items[0].nesting);
	return maybe ? mo_type_optional(c->ctx, t) : t;
}

static const struct mo_type *
find_in_module(struct mo_check *c, const struct mo_type *of, mo_atom name, struct mo_span at)
{
	struct mo_module *m = mo_map_get(&c->program->imports, (uint64_t)(uintptr_t)of->symbol->declarations.items[0].node);
	struct mo_symbol *s = m ? mo_map_get(&m->scope->values, name) : NULL;
	return s && !s->alias_of ? mo_check_symbol(c, s, at) : NULL;
}

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
	return all;
}

static const struct mo_type *
find(struct mo_check *c, const struct mo_type *of, mo_atom name, struct mo_span at, uint32_t depth)
{
	const struct mo_field *f;
	if (depth > MEMBER_DEPTH) {
		return NULL;
	}
	switch (of->kind) {
	case MO_TYPE_ERROR:
	case MO_TYPE_ANY:
		return error_type();
	case MO_TYPE_JSON:
		return mo_type_part(c->ctx, of, name, mo_type_of_kind(MO_TYPE_JSON));
	case MO_TYPE_RECORD:
		f = mo_type_field(of, name);
		if (!f) {
			return NULL;
		}
		const struct mo_type *t = mo_type_part(c->ctx, of, name, f->type);
		return f->optional && !f->value ? mo_type_optional(c->ctx, t) : t;
	case MO_TYPE_STRUCT: {
		mo_cat p = mo_cat_find_property(of->catalog, mo_atom_str(c->ctx->atoms, name));
		if (!p) {
			return NULL;
		}
		const struct mo_type *property = mo_type_part(c->ctx, of, name, mo_type_of_property(c->ctx, of->resource_type, p));
		return mo_cat_property(p).required ? property : mo_type_optional(c->ctx, property);
	}
	case MO_TYPE_RESOURCE:
		return find_in_resource(c, of, name, at);
	case MO_TYPE_INSTANCE:
		return mo_check_output(c, of, name);
	case MO_TYPE_STACK:
		return find_in_stack(c, of, name, at);
	case MO_TYPE_MODULE:
		return find_in_module(c, of, name, at);
	case MO_TYPE_UNION:
		return find_in_union(c, of, name, at, depth);
	case MO_TYPE_AWS: {
		const struct mo_type *pseudo = find_fixed(c, of, name);
		return pseudo ? mo_type_at(c->ctx, pseudo, (struct mo_time){ .deploy = true, .deploy_at = at }) : NULL;
	}
	case MO_TYPE_ACCOUNT:
	case MO_TYPE_TARGET:
		if (mo_str_is(mo_atom_str(c->ctx->atoms, name), "labels")) {
			return find_label_record(c, of);
		}
		return find_fixed(c, of, name);
	default:
		return find_fixed(c, of, name);
	}
}

const struct mo_type *
mo_check_find_member(struct mo_check *c, const struct mo_type *of, mo_atom name)
{
	return find(c, of, name, MO_NOWHERE, 0);
}

// ---- unknown members -------------------------------------------------------------------------------------------------------------

// Calls `each` with every name that the type offers, in order.
static void
each_member(struct mo_check *c, const struct mo_type *t, void (*each)(struct mo_str name, void *data), void *data)
{
	for (uint32_t i = 0; i < t->fields.len && t->kind == MO_TYPE_RECORD; i++) {
		each(mo_atom_str(c->ctx->atoms, t->fields.items[i].name), data);
	}
	for (const struct fixed_member *m = fixed_members(t); m && m->name; m++) {
		each(mo_str_c(m->name), data);
	}
	if (t->kind == MO_TYPE_ACCOUNT || t->kind == MO_TYPE_TARGET) {
		each(MO_STR("labels"), data);
	}
	if (t->kind == MO_TYPE_RESOURCE) {
		mo_cat r = mo_cat_find_resource(t->resource_type);
		each(MO_STR("Ref"), data);
		for (uint32_t i = 0; r && i < mo_cat_attribute_count(r); i++) {
			each(mo_cat_property(mo_cat_attribute_at(r, i)).name, data);
		}
	}
	if (t->kind == MO_TYPE_STRUCT) {
		for (uint32_t i = 0; i < mo_cat_property_count(t->catalog); i++) {
			each(mo_cat_property(mo_cat_property_at(t->catalog, i)).name, data);
		}
	}
	const struct mo_scope *body = (t->kind == MO_TYPE_INSTANCE || t->kind == MO_TYPE_STACK) && t->symbol ? t->symbol->body : NULL;
	for (uint32_t i = 0; body && i < body->symbols.len; i++) {
		const struct mo_symbol *s = body->symbols.items[i];
		if (t->kind == MO_TYPE_STACK || s->kind == MO_SYM_OUTPUT || s->kind == MO_SYM_INPUT) {
			each(mo_atom_str(c->ctx->atoms, s->name), data);
		}
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

static void
report_unknown_member(struct mo_check *c, struct mo_node *n, const struct mo_type *t)
{
	struct mo_member_node *m = mo_as_member(n);
	struct mo_str name = mo_atom_str(c->ctx->atoms, m->name.atom);
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_UNKNOWN_MEMBER, m->name.span, MO_STR_FMT " has no `" MO_STR_FMT "`",
		MO_STR_ARG(mo_type_text(c->ctx, t)), MO_STR_ARG(name));
	struct listing l = { .near = mo_suggest(name), .names = mo_buf_in(&c->ctx->session) };
	each_member(c, t, list_member, &l);
	if (l.near.best.len) {
		mo_diag_suggest(d, m->name.span, &l.near);
	} else if (t->kind == MO_TYPE_MAP) {
		mo_diag_help(d, "an entry of a map is `[\"" MO_STR_FMT "\"]`", MO_STR_ARG(name));
	} else if (t->kind == MO_TYPE_FAMILY) {
		mo_diag_help(d, "a family has members: `[key]`, or all of them with `[*]`");
	} else if (t->kind == MO_TYPE_LIST) {
		mo_diag_help(d, "for every element: `[for x in …: x." MO_STR_FMT "]`", MO_STR_ARG(name));
	} else if (l.count) {
		mo_diag_note(d, "known: " MO_STR_FMT "%s", MO_STR_ARG(mo_buf_str(&l.names)), l.count > MEMBERS_LISTED ? ", …" : "");
	}
}

// ---- a.b -------------------------------------------------------------------------------------------------------------------------

// The block of the one declaration that an expression names; NULL when there is no such one.
static struct mo_node *
declaration_block(struct mo_node *object)
{
	struct mo_symbol *s = object->kind == MO_NAME_REF_NODE ? object->symbol : NULL;
	if (!s || s->declarations.len != 1) {
		return NULL;
	}
	struct mo_node *decl = s->declarations.items[0].node;
	return decl->kind == MO_RESOURCE_NODE ? mo_as_resource(decl)->block : decl->kind == MO_EXISTING_NODE ? mo_as_existing(decl)->block : NULL;
}

// A property that the declaration itself sets reads back as what was set.
static const struct mo_type *
read_back(struct mo_check *c, struct mo_node *object, mo_atom name)
{
	struct mo_node *block = declaration_block(object);
	if (!block || block->kind != MO_BLOCK_NODE) {
		return NULL;
	}
	mo_nodes items = mo_as_block(block)->items;
	for (uint32_t i = 0; i < items.len; i++) {
		if (items.items[i]->kind == MO_FIELD_NODE && mo_as_field(items.items[i])->name.atom == name) {
			struct mo_node *value = mo_as_field(items.items[i])->value;
			return value && value->type ? value->type : mo_check_infer(c, value);
		}
	}
	return NULL;
}

const struct mo_type *
mo_check_member(struct mo_check *c, struct mo_node *n)
{
	struct mo_member_node *m = mo_as_member(n);
	const struct mo_type *t = mo_check_infer(c, m->object);
	if (t->kind == MO_TYPE_ERROR) {
		return t;
	}
	bool may_be_none = mo_type_admits_none(t);
	if (may_be_none && !m->optional) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_MAY_BE_NONE, m->object->span, "this may be none, and then has no `" MO_STR_FMT "`",
			MO_STR_ARG(mo_atom_str(c->ctx->atoms, m->name.atom)));
		mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, t)));
		mo_diag_help(d, "`?." MO_STR_FMT "` gives none then; or use it where `!= none` is known", MO_STR_ARG(mo_atom_str(c->ctx->atoms, m->name.atom)));
		return error_type();
	}
	const struct mo_type *object = mo_type_present(t);
	if (t->kind == MO_TYPE_NONE) {
		return t;
	}
	const struct mo_type *set = object->kind == MO_TYPE_RESOURCE ? read_back(c, m->object, m->name.atom) : NULL;
	const struct mo_type *found = set && set->kind != MO_TYPE_RESOURCE ? set : find(c, object, m->name.atom, n->span, 0);
	if (!found) {
		report_unknown_member(c, n, object);
		return error_type();
	}
	return may_be_none ? mo_type_at(c->ctx, mo_type_optional(c->ctx, found), t->time) : found;
}

// ---- a[k] ------------------------------------------------------------------------------------------------------------------------

static bool
one_key(struct mo_check *c, struct mo_node *n)
{
	struct mo_index_node *x = mo_as_index(n);
	if (x->keys.len == 1 && x->keys.items[0]->kind != MO_STAR_NODE) {
		return true;
	}
	mo_report(c->ctx->diags, MSG_WRONG_INDEX, n->span, "only the members of a family are named by %s", x->keys.len == 1 ? "`*`" : "several keys");
	return false;
}

static const struct mo_type *
index_list(struct mo_check *c, struct mo_node *n, const struct mo_type *t)
{
	struct mo_index_node *x = mo_as_index(n);
	struct mo_node *key = x->keys.items[0];
	const struct mo_type *k = mo_check_expr(c, key, mo_type_of_kind(MO_TYPE_INT));
	if (k->is_literal && k->min < 0) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_INDEX, key->span, "positions are counted from 0");
		mo_diag_help(d, "from the end: `reverse(…)[0]`");
		return error_type();
	}
	mo_check_known(c, k, false, key->span, "a position");
	const struct mo_type *e = mo_type_at(c->ctx, mo_type_part(c->ctx, t, 0, t->element), k->time);
	return x->optional ? mo_type_at(c->ctx, mo_type_optional(c->ctx, e), t->time) : e;
}

static const struct mo_type *
index_record(struct mo_check *c, struct mo_node *n, const struct mo_type *t)
{
	struct mo_index_node *x = mo_as_index(n);
	const struct mo_type *k = mo_check_expr(c, x->keys.items[0], mo_type_of_kind(MO_TYPE_STRING));
	if (k->kind == MO_TYPE_ERROR || !mo_check_known(c, k, false, x->keys.items[0]->span, "a key")) {
		return error_type();
	}
	if (!k->is_literal) {
		const struct mo_type *all = NULL;
		for (uint32_t i = 0; i < t->fields.len; i++) {
			const struct mo_type *f = mo_type_part(c->ctx, t, t->fields.items[i].name, t->fields.items[i].type);
			all = all ? mo_type_union(c->ctx, all, f) : f;
		}
		return all ? (x->optional ? mo_type_optional(c->ctx, all) : all) : error_type();
	}
	mo_atom name = mo_atom_of(c->ctx->atoms, k->literal);
	const struct mo_type *f = find(c, t, name, n->span, 0);
	if (f) {
		return x->optional ? mo_type_optional(c->ctx, f) : f;
	}
	if (x->optional) {
		return mo_type_of_kind(MO_TYPE_NONE);
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_UNKNOWN_MEMBER, x->keys.items[0]->span, "there is no key \"" MO_STR_FMT "\"",
		MO_STR_ARG(k->literal));
	struct mo_suggestion near = mo_suggest(k->literal);
	for (uint32_t i = 0; i < t->fields.len; i++) {
		mo_suggest_from(&near, mo_atom_str(c->ctx->atoms, t->fields.items[i].name));
	}
	if (near.best.len) {
		mo_diag_help(d, "did you mean \"" MO_STR_FMT "\"?", MO_STR_ARG(near.best));
		mo_diag_fix(d, x->keys.items[0]->span, "\"" MO_STR_FMT "\"", MO_STR_ARG(near.best));
	} else {
		mo_diag_help(d, "`[…]?` gives none for a missing key");
	}
	return error_type();
}

static const struct mo_type *
index_family(struct mo_check *c, struct mo_node *n, const struct mo_type *t)
{
	struct mo_index_node *x = mo_as_index(n);
	uint32_t stars = 0;
	bool all = x->keys.len == 1 && x->keys.items[0]->kind == MO_STAR_NODE; // every member, however many keys they have
	if (x->keys.len != t->dimensions && !all) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_INDEX, n->span, "this family has %u key%s, not %u", t->dimensions,
			t->dimensions == 1 ? "" : "s", x->keys.len);
		mo_diag_label(d, t->symbol->span, "declared here");
		mo_diag_help(d, "`*` stands for every value of a key");
		return error_type();
	}
	for (uint32_t i = 0; i < x->keys.len; i++) {
		stars += x->keys.items[i]->kind == MO_STAR_NODE;
	}
	mo_check_keys(c, x->keys);
	if (stars) {
		return mo_type_list(c->ctx, t->element);
	}
	return x->optional ? mo_type_optional(c->ctx, t->element) : t->element;
}

static const struct mo_type *
index_account(struct mo_check *c, struct mo_node *n, const struct mo_type *t)
{
	struct mo_node *key = mo_as_index(n)->keys.items[0];
	const struct mo_type *k = mo_check_expr(c, key, mo_type_of_kind(MO_TYPE_STRING));
	mo_check_known(c, k, false, key->span, "a region");
	struct mo_type *target = mo_type_new(c->ctx, MO_TYPE_TARGET);
	target->fields = t->fields;
	return target;
}

static const struct mo_type *
index_stack(struct mo_check *c, struct mo_node *n, const struct mo_type *t)
{
	struct mo_node *key = mo_as_index(n)->keys.items[0];
	mo_check_expr(c, key, mo_type_of_kind(MO_TYPE_TARGET));
	return t;
}

static const struct mo_type *
index_present(struct mo_check *c, struct mo_node *n, const struct mo_type *t)
{
	if (t->kind == MO_TYPE_FAMILY) {
		return index_family(c, n, t);
	}
	if (!one_key(c, n)) {
		return error_type();
	}
	switch (t->kind) {
	case MO_TYPE_LIST:
		return index_list(c, n, t);
	case MO_TYPE_RECORD:
		return index_record(c, n, t);
	case MO_TYPE_MAP: {
		struct mo_node *key = mo_as_index(n)->keys.items[0];
		const struct mo_type *k = mo_check_expr(c, key, mo_type_of_kind(MO_TYPE_STRING));
		mo_check_known(c, k, false, key->span, "a key");
		const struct mo_type *e = mo_type_part(c->ctx, t, 0, t->element);
		return mo_as_index(n)->optional ? mo_type_optional(c->ctx, e) : e;
	}
	case MO_TYPE_ACCOUNT:
		return index_account(c, n, t);
	case MO_TYPE_STACK:
		return index_stack(c, n, t);
	case MO_TYPE_JSON:
		mo_check_infer(c, mo_as_index(n)->keys.items[0]);
		return mo_type_part(c->ctx, t, 0, t);
	default:
		break;
	}
	mo_report(c->ctx->diags, MSG_WRONG_INDEX, mo_as_index(n)->object->span, MO_STR_FMT " has no members by key", MO_STR_ARG(mo_type_text(c->ctx, t)));
	return error_type();
}

const struct mo_type *
mo_check_index(struct mo_check *c, struct mo_node *n)
{
	const struct mo_type *t = mo_check_infer(c, mo_as_index(n)->object);
	if (t->kind == MO_TYPE_ERROR || t->kind == MO_TYPE_ANY) {
		return error_type();
	}
	if (mo_type_admits_none(t)) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_MAY_BE_NONE, mo_as_index(n)->object->span, "this may be none, and then has no members");
		mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, t)));
		mo_diag_help(d, "give a value for that case with `?? …`, or use it only where `!= none` is known");
		return error_type();
	}
	return index_present(c, n, t);
}
