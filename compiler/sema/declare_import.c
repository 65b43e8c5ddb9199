// SPDX-License-Identifier: Apache-2.0
// What imports bring into a file: names of other files, or the file as a whole. Takes modules whose own declarations are known.
#include "sema/bind.h"

enum { NAMES_LISTED = 8 };

static void
alias(struct mo_binder *b, struct mo_map *table, struct mo_symbol *real, struct mo_name name, bool *again)
{
	struct mo_symbol *first = mo_map_get(table, name.atom);
	bool same = first && first->alias_of == real;
	if (first && !(same && *again)) { // one import repeated is one mistake
		mo_report_duplicate(b, name, first);
		*again = same;
	}
	if (first) {
		return;
	}
	struct mo_symbol *s = mo_bind_symbol(b, b->module->scope, real->kind, name);
	s->alias_of = real;
	s->dimensions = real->dimensions;
	mo_map_put(&b->ctx->session, table, name.atom, s);
	mo_push(&b->ctx->session, &b->module->scope->symbols, s);
}

static bool
is_own(const struct mo_symbol *s)
{
	return !s->alias_of && s->declarations.len > 0;
}

static struct mo_symbol *
own(struct mo_map *table, mo_atom name)
{
	struct mo_symbol *s = mo_map_get(table, name);
	return s && !s->alias_of ? s : NULL; // a lost one too, so that nothing is said twice
}

// ---- names that are not there ----------------------------------------------------------------------------------------------------

static void
list_names(struct mo_binder *b, struct mo_diag *d, const struct mo_module *from)
{
	struct mo_buf names = mo_buf_in(&b->ctx->session);
	uint32_t count = 0;
	for (uint32_t i = 0; i < from->scope->symbols.len; i++) {
		const struct mo_symbol *s = from->scope->symbols.items[i];
		if (is_own(s) && count++ < NAMES_LISTED) {
			mo_buf_printf(&names, "%s`" MO_STR_FMT "`", names.len ? ", " : "", MO_STR_ARG(mo_atom_str(b->ctx->atoms, s->name)));
		}
	}
	if (count > NAMES_LISTED) {
		mo_buf_printf(&names, " and %u more", count - NAMES_LISTED);
	}
	mo_diag_note(d, count ? "it declares " MO_STR_FMT : "it declares nothing" MO_STR_FMT, MO_STR_ARG(mo_buf_str(&names)));
}

// A name that the other file has only because it imports it itself.
static bool
help_with_origin(struct mo_diag *d, const struct mo_module *from, struct mo_name name)
{
	struct mo_symbol *s = mo_map_get(&from->scope->values, name.atom);
	s = s ? s : mo_map_get(&from->scope->kinds, name.atom);
	if (!s || !s->alias_of) {
		return false;
	}
	mo_diag_label(d, s->span, "imported here, and not passed on");
	if (mo_symbol_real(s)->module->library) {
		mo_diag_help(d, "import it from where it is declared, \"" MO_STR_FMT "\"", MO_STR_ARG(mo_symbol_real(s)->module->source->name));
	} else {
		mo_diag_help(d, "import it from where it is declared, `" MO_STR_FMT "`", MO_STR_ARG(mo_symbol_real(s)->module->source->name));
	}
	return true;
}

static void
report_not_exported(struct mo_binder *b, const struct mo_module *from, struct mo_name name)
{
	struct mo_str text = mo_atom_str(b->ctx->atoms, name.atom);
	struct mo_diag *d = mo_report(b->ctx->diags, MSG_NOT_EXPORTED, name.span, "`" MO_STR_FMT "` declares no `" MO_STR_FMT "`",
		MO_STR_ARG(from->source->name), MO_STR_ARG(text));
	if (help_with_origin(d, from, name)) {
		return;
	}
	struct mo_suggestion near = mo_suggest(text);
	for (uint32_t i = 0; i < from->scope->symbols.len; i++) {
		const struct mo_symbol *s = from->scope->symbols.items[i];
		const struct mo_symbol *taken = mo_map_get(&b->module->scope->values, s->name);
		if (is_own(s) && !(taken && taken->alias_of == s)) {
			mo_suggest_from(&near, mo_atom_str(b->ctx->atoms, s->name));
		}
	}
	if (near.best.len) {
		mo_diag_suggest(d, name.span, &near);
	} else {
		list_names(b, d, from);
	}
}

// ---- imports ---------------------------------------------------------------------------------------------------------------------

// `from` is NULL when the file could not be loaded (reported).
static void
import_name(struct mo_binder *b, struct mo_import_name_node *n, struct mo_module *from, bool *again)
{
	struct mo_symbol *value = from ? own(&from->scope->values, n->name.atom) : NULL;
	struct mo_symbol *kind = from ? own(&from->scope->kinds, n->name.atom) : NULL;
	struct mo_name as = n->alias.atom ? n->alias : n->name;
	if (!as.atom) {
		return; // a syntax error, reported
	}
	if (value) {
		alias(b, &b->module->scope->values, value, as, again);
	}
	if (kind && kind != value) {
		alias(b, &b->module->scope->kinds, kind, as, again);
	}
	if (kind && kind == value) { // lost in its own file
		mo_map_put(&b->ctx->session, &b->module->scope->kinds, as.atom, mo_map_get(&b->module->scope->values, as.atom));
	}
	if (!value && !kind) {
		if (from && !from->scope->incomplete) {
			report_not_exported(b, from, n->name);
		}
		mo_declare_lost(b, b->module->scope, as);
	}
}

static void
import_module(struct mo_binder *b, struct mo_import_node *import, struct mo_module *from)
{
	struct mo_scope *scope = b->module->scope;
	const struct mo_symbol *first = mo_map_get(&scope->values, import->alias.atom);
	if (first) {
		mo_report_duplicate(b, import->alias, first);
		return;
	}
	if (!from) {
		mo_declare_lost(b, scope, import->alias);
		return;
	}
	struct mo_symbol *s = mo_bind_symbol(b, scope, MO_SYM_MODULE, import->alias);
	struct mo_type *t = mo_type_new(b->ctx, MO_TYPE_MODULE);
	t->symbol = s;
	s->type = t;
	s->state = 2;
	import->item.node.symbol = s;
	mo_push(&b->ctx->session, &s->declarations, (struct mo_declaration){ &import->item.node, NULL });
	mo_map_put(&b->ctx->session, &scope->values, s->name, s);
	mo_push(&b->ctx->session, &scope->symbols, s);
}

void
mo_declare_imports(struct mo_binder *b)
{
	mo_nodes items = b->module->syntax->file->items;
	for (uint32_t i = 0; i < items.len; i++) {
		if (items.items[i]->kind != MO_IMPORT_NODE) {
			continue;
		}
		struct mo_import_node *import = mo_as_import(items.items[i]);
		struct mo_module *from = mo_map_get(&b->program->imports, (uint64_t)(uintptr_t)import);
		if (import->alias.atom) {
			import_module(b, import, from);
			continue;
		}
		bool again = false;
		for (uint32_t k = 0; k < import->names.len; k++) {
			import_name(b, mo_as_import_name(import->names.items[k]), from, &again);
		}
	}
}
