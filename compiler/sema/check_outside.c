// SPDX-License-Identifier: Apache-2.0
// What is said of resources from outside: `override`, whose path is followed into the components that it names, and `defaults`.
#include "sema/check.h"
#include "sema/outside.h"

static struct mo_str
text_of(struct mo_check *c, mo_atom name)
{
	return mo_atom_str(c->ctx->atoms, name);
}

// ---- paths -----------------------------------------------------------------------------------------------------------------------

enum { LONGEST_PATH = 64 };

static struct mo_node *
add_parts(struct mo_arena *a, struct mo_node *n, mo_nodes keys, mo_path_parts *out, uint32_t depth)
{
	if (!n || depth > LONGEST_PATH) {
		return n;
	}
	if (n->kind == MO_INDEX_NODE && !keys.len && !mo_as_index(n)->optional) {
		return add_parts(a, mo_as_index(n)->object, mo_as_index(n)->keys, out, depth + 1);
	}
	if (n->kind == MO_NAME_REF_NODE) {
		mo_push(a, out, (struct mo_path_part){ mo_as_name_ref(n)->name, keys });
		return NULL;
	}
	if (n->kind != MO_MEMBER_NODE || mo_as_member(n)->optional) {
		return n;
	}
	struct mo_node *wrong = add_parts(a, mo_as_member(n)->object, (mo_nodes){ 0 }, out, depth + 1);
	if (!wrong) {
		mo_push(a, out, (struct mo_path_part){ mo_as_member(n)->name, keys });
	}
	return wrong;
}

struct mo_node *
mo_override_path(struct mo_arena *a, struct mo_node *path, mo_path_parts *out)
{
	return add_parts(a, path, (mo_nodes){ 0 }, out, 0);
}

// ---- what a path names -----------------------------------------------------------------------------------------------------------

static bool
can_be_named(const struct mo_symbol *s)
{
	return s->kind == MO_SYM_RESOURCE || s->kind == MO_SYM_EXISTING || s->kind == MO_SYM_INSTANCE;
}

// The component of an instance; NULL when that is not known (reported).
static struct mo_symbol *
component_of(const struct mo_symbol *instance)
{
	struct mo_node *n = instance->declarations.len ? instance->declarations.items[0].node : NULL;
	struct mo_symbol *s = n && n->kind == MO_INSTANCE_NODE ? mo_symbol_real(mo_as_instance(n)->item.made_of) : NULL;
	return s && s->kind == MO_SYM_COMPONENT && s->body ? s : NULL;
}

static void
report_unknown(struct mo_check *c, struct mo_name name, const struct mo_symbol *component)
{
	struct mo_str text = text_of(c, name.atom);
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_UNKNOWN_MEMBER, name.span, "the component `" MO_STR_FMT "` declares no resource `" MO_STR_FMT
		"`", MO_STR_ARG(text_of(c, component->name)), MO_STR_ARG(text));
	struct mo_suggestion near = mo_suggest(text);
	struct mo_buf all = mo_buf_in(&c->ctx->session);
	for (uint32_t i = 0; i < component->body->symbols.len; i++) {
		const struct mo_symbol *s = component->body->symbols.items[i];
		if (can_be_named(s)) {
			mo_suggest_from(&near, text_of(c, s->name));
			mo_buf_printf(&all, "%s`" MO_STR_FMT "`", all.len ? ", " : "", MO_STR_ARG(text_of(c, s->name)));
		}
	}
	if (near.best.len) {
		mo_diag_suggest(d, name.span, &near);
	} else {
		mo_diag_note(d, all.len ? "it declares " MO_STR_FMT : "it declares none" MO_STR_FMT, MO_STR_ARG(mo_buf_str(&all)));
	}
}

static bool
check_keys(struct mo_check *c, const struct mo_path_part *p, const struct mo_symbol *s)
{
	struct mo_str name = text_of(c, s->name);
	mo_check_keys(c, p->keys);
	if (p->keys.len == 0 || p->keys.len == s->dimensions) {
		return true;
	}
	struct mo_span span = { p->keys.items[0]->span.start, mo_last(&p->keys)->span.end };
	struct mo_diag *d = s->dimensions
		? mo_report(c->ctx->diags, MSG_WRONG_INDEX, span, "`" MO_STR_FMT "` has %u key%s, not %u", MO_STR_ARG(name), s->dimensions,
			s->dimensions == 1 ? "" : "s", p->keys.len)
		: mo_report(c->ctx->diags, MSG_WRONG_INDEX, span, "`" MO_STR_FMT "` is no family, it has no keys", MO_STR_ARG(name));
	mo_diag_label(d, s->span, "declared here");
	return false;
}

static void
report_start(struct mo_check *c, struct mo_name name, const struct mo_symbol *s)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISPLACED, name.span, "`override` changes what is inside an instance of the same body, `"
		MO_STR_FMT "` is none", MO_STR_ARG(text_of(c, name.atom)));
	if (s->module) {
		mo_diag_label(d, s->span, "declared here");
	}
	if (s->kind == MO_SYM_RESOURCE && s->scope == c->body) {
		mo_diag_help(d, "write the property in its declaration");
	}
}

// The instance that a path starts with; NULL after a report.
static struct mo_symbol *
start_of(struct mo_check *c, const struct mo_override_node *o, const struct mo_path_part *p)
{
	struct mo_node *n = o->path;
	while (n->kind != MO_NAME_REF_NODE) {
		n = n->kind == MO_INDEX_NODE ? mo_as_index(n)->object : mo_as_member(n)->object;
	}
	struct mo_symbol *s = n->symbol;
	if (!s || s->type == mo_type_of_kind(MO_TYPE_ERROR)) {
		return NULL; // an unknown name, or one that was lost
	}
	if (s->kind != MO_SYM_INSTANCE || s->scope != c->body) {
		report_start(c, p->name, s);
		return NULL;
	}
	return check_keys(c, p, s) ? s : NULL;
}

static void
report_no_resource(struct mo_check *c, const struct mo_override_node *o, const struct mo_symbol *s, const struct mo_symbol *component)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISPLACED, o->path->span, "`override` changes resources, this is an instance of `" MO_STR_FMT
		"`", MO_STR_ARG(text_of(c, component->name)));
	mo_diag_label(d, s->span, "declared here");
	for (uint32_t i = 0; i < component->body->symbols.len; i++) {
		const struct mo_symbol *r = component->body->symbols.items[i];
		if (r->kind == MO_SYM_RESOURCE) {
			struct mo_str path = mo_check_quote(c, o->path->span, "instance");
			mo_diag_help(d, "name a resource inside, for instance `" MO_STR_FMT "." MO_STR_FMT "`", MO_STR_ARG(path),
				MO_STR_ARG(text_of(c, r->name)));
			return;
		}
	}
}

// The declaration of a name that makes a resource; NULL when all of them find one that exists.
static struct mo_resource_node *
made_by(const struct mo_symbol *s)
{
	for (uint32_t i = 0; i < s->declarations.len; i++) {
		if (s->declarations.items[i].node->kind == MO_RESOURCE_NODE) {
			return mo_as_resource(s->declarations.items[i].node);
		}
	}
	return NULL;
}

// The resource that the path leads to, with the component that declares it; NULL after a report.
static struct mo_resource_node *
follow(struct mo_check *c, const struct mo_override_node *o, const mo_path_parts *parts, struct mo_symbol **component)
{
	struct mo_symbol *s = start_of(c, o, &parts->items[0]);
	for (uint32_t i = 1; s && i < parts->len; i++) {
		const struct mo_path_part *p = &parts->items[i];
		*component = s->kind == MO_SYM_INSTANCE ? component_of(s) : NULL;
		if (s->kind != MO_SYM_INSTANCE) {
			struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISPLACED, p->name.span, "the path of an `override` ends at a resource");
			mo_diag_label(d, s->span, "this is a resource");
			mo_diag_help(d, "set it in the block: `{ " MO_STR_FMT ": … }`", MO_STR_ARG(text_of(c, p->name.atom)));
			return NULL;
		}
		if (!*component) {
			return NULL;
		}
		struct mo_symbol *next = mo_map_get(&(*component)->body->values, p->name.atom);
		if (!next || !can_be_named(next)) {
			if (!(*component)->body->incomplete) {
				report_unknown(c, p->name, *component);
			}
			return NULL;
		}
		s = check_keys(c, p, next) ? next : NULL;
	}
	if (!s) {
		return NULL;
	}
	if (s->kind == MO_SYM_INSTANCE) {
		if (component_of(s)) {
			report_no_resource(c, o, s, component_of(s));
		}
		return NULL;
	}
	struct mo_resource_node *made = made_by(s);
	if (!made) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISPLACED, parts->items[parts->len - 1].name.span,
			"`" MO_STR_FMT "` exists already: nothing is written of it, so nothing can be changed", MO_STR_ARG(text_of(c, s->name)));
		mo_diag_label(d, s->span, "declared here");
	}
	return made;
}

static void
check_changes(struct mo_check *c, mo_nodes items, const struct mo_scope *from, struct mo_name kind, bool named_here)
{
	bool unknown;
	const struct mo_type *t = mo_check_properties_of(c, from, kind.atom, &unknown);
	if (t) {
		mo_check_changes(c, items, t);
		return;
	}
	if (unknown && named_here) {
		mo_check_unknown_type(c, text_of(c, kind.atom), kind.span);
	}
	if (unknown) {
		mo_check_infer_fields(c, items);
	} else {
		mo_check_entries(c, items, mo_type_of_kind(MO_TYPE_JSON));
	}
}

void
mo_check_override(struct mo_check *c, struct mo_node *n)
{
	struct mo_override_node *o = mo_as_override(n);
	mo_path_parts parts = { 0 };
	struct mo_symbol *component = NULL;
	if (!o->path) {
		return;
	}
	struct mo_node *wrong = mo_override_path(&c->ctx->session, o->path, &parts);
	if (wrong) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISPLACED, wrong->span, "`override` wants the path of a resource");
		mo_diag_help(d, "names and keys, as in `main.subnet[\"private\", *]`");
	}
	struct mo_resource_node *r = wrong ? NULL : follow(c, o, &parts, &component);
	if (r && component) {
		check_changes(c, mo_block_items(o->block), component->body, r->kind, false);
	} else {
		mo_check_infer_fields(c, mo_block_items(o->block));
	}
}

// ---- defaults --------------------------------------------------------------------------------------------------------------------

static void
report_append(struct mo_check *c, mo_nodes items)
{
	for (uint32_t i = 0; i < items.len; i++) {
		if (items.items[i]->kind == MO_FIELD_NODE && mo_as_field(items.items[i])->append) {
			struct mo_field_node *f = mo_as_field(items.items[i]);
			struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISPLACED, f->name.span, "`defaults` fill what is not set, so there is nothing to add to");
			mo_diag_help(d, "write `" MO_STR_FMT ": …`; tags for everything are given by `@tags({ … })`", MO_STR_ARG(text_of(c, f->name.atom)));
		}
	}
}

void
mo_check_defaults(struct mo_check *c, struct mo_node *n)
{
	struct mo_defaults_node *d = mo_as_defaults(n);
	report_append(c, mo_block_items(d->block));
	check_changes(c, mo_block_items(d->block), c->body, d->kind, true);
}

static bool
sets(const struct mo_declaration *o, mo_atom kind, mo_atom property)
{
	if (o->nesting || o->node->kind != MO_DEFAULTS_NODE || mo_as_defaults(o->node)->kind.atom != kind) {
		return false;
	}
	mo_nodes items = mo_block_items(mo_as_defaults(o->node)->block);
	for (uint32_t i = 0; i < items.len; i++) {
		if (items.items[i]->kind == MO_FIELD_NODE && mo_as_field(items.items[i])->name.atom == property) {
			return true;
		}
	}
	return false;
}

static bool
scope_sets(const struct mo_scope *s, mo_atom kind, mo_atom property)
{
	for (uint32_t i = 0; s && i < s->outside.len; i++) {
		if (sets(&s->outside.items[i], kind, property)) {
			return true;
		}
	}
	return false;
}

bool
mo_check_has_default(struct mo_check *c, mo_atom kind, mo_atom property)
{
	for (const struct mo_scope *s = c->body; s; s = s->parent) {
		if (scope_sets(s, kind, property)) {
			return true;
		}
	}
	return !c->module->library && scope_sets(c->program->main->scope, kind, property);
}
