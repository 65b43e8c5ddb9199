// SPDX-License-Identifier: Apache-2.0
// Names that nobody declares, and declarations that nobody names. Takes a name and the scope that it is used in, says what was probably
// meant: the nearest name, a member of something in reach, a module of the library, or the form that another language's word stands for.
#include "sema/bind.h"
#include "sema/type_names.h"
#include "syntax/parse.h"

#include <string.h>

enum { MOST_SUGGESTED = 100 };

// ---- candidates ------------------------------------------------------------------------------------------------------------------

static bool
offers(const struct mo_scope *scope, const struct mo_symbol *s, bool kinds)
{
	if (kinds) {
		return mo_map_get(&scope->kinds, s->name) == s;
	}
	return mo_map_get(&scope->values, s->name) == s || mo_map_get(&scope->outputs, s->name) == s;
}

// A program with thousands of unknown names is none that was mistyped, and comparing each with each would take for ever.
static void
suggest(struct mo_binder *b, const struct mo_scope *from, bool kinds, struct mo_suggestion *near)
{
	if (b->ctx->diags->errors > MOST_SUGGESTED) {
		return;
	}
	for (const struct mo_scope *at = from; at; at = at->parent) {
		for (uint32_t i = 0; i < at->symbols.len; i++) {
			if (offers(at, at->symbols.items[i], kinds)) {
				mo_suggest_from(near, mo_atom_str(b->ctx->atoms, at->symbols.items[i]->name));
			}
		}
	}
	for (uint32_t i = 0; kinds && mo_builtin_type_name(i); i++) {
		mo_suggest_from(near, mo_str_c(mo_builtin_type_name(i)));
	}
}

static bool
is_incomplete(const struct mo_scope *from)
{
	for (; from; from = from->parent) {
		if (from->incomplete) {
			return true;
		}
	}
	return false;
}

// ---- once for each name ------------------------------------------------------------------------------------------------------------

enum { PLACES_SHOWN = 3 };

static struct mo_scope *
body_of(struct mo_scope *s)
{
	while (s->parent && (s->kind == MO_SCOPE_FOR || s->kind == MO_SCOPE_LOCAL || s->kind == MO_SCOPE_FN)) {
		s = s->parent;
	}
	return s;
}

// Reports that a name is unknown, once in each body; further uses become labels. NULL when there is nothing to add.
static struct mo_diag *
report_once(struct mo_binder *b, struct mo_scope *from, enum mo_message message, struct mo_name name)
{
	struct mo_scope *body = body_of(from);
	struct mo_diag *first = mo_map_get(&body->unknown, name.atom);
	if (first && first->labels.len < PLACES_SHOWN) {
		mo_diag_label(first, name.span, "and here");
	}
	if (first) {
		return NULL;
	}
	struct mo_str text = mo_atom_str(b->ctx->atoms, name.atom);
	bool value = message == MSG_UNKNOWN_NAME;
	struct mo_diag *d = mo_report(b->ctx->diags, message, name.span, "%s`" MO_STR_FMT "` is %s here", value ? "" : "no component or type ",
		MO_STR_ARG(text), value ? "not declared" : "known");
	mo_map_put(&b->ctx->session, &body->unknown, name.atom, d);
	return d;
}

// ---- the standard library --------------------------------------------------------------------------------------------------------

static bool
declares_at_top(struct mo_binder *b, const struct mo_library_file *f, mo_atom name)
{
	struct mo_source *source = NULL;
	uint32_t bad;
	struct mo_str text = { f->text, f->length };
	if (mo_str_find(text, mo_atom_str(b->ctx->atoms, name), 0) < 0) {
		return false;
	}
	if (mo_source_add(b->ctx->sources, mo_str_c(f->name), (struct mo_str){ 0 }, text, MO_SOURCE_LIBRARY, &source, &bad) != MO_SOURCE_OK) {
		return false;
	}
	mo_nodes items = mo_parse(b->ctx, source)->file->items;
	for (uint32_t i = 0; i < items.len; i++) {
		struct mo_node *n = items.items[i];
		if ((n->kind == MO_COMPONENT_NODE && mo_as_component(n)->name.atom == name) || (n->kind == MO_FN_NODE && mo_as_fn(n)->name.atom == name)
			|| (n->kind == MO_TYPE_DECL_NODE && mo_as_type_decl(n)->name.atom == name)) {
			return true;
		}
	}
	return false;
}

// `import "std/network" { vpc }`, when a module of the library declares the name.
static bool
help_with_import(struct mo_binder *b, struct mo_diag *d, mo_atom name)
{
	for (const struct mo_library_file *f = b->program->options.library; f && f->name; f++) {
		if (!strchr(f->name, '.') && declares_at_top(b, f, name)) {
			mo_diag_help(d, "it is in the standard library: `import \"%s\" { " MO_STR_FMT " }`", f->name,
				MO_STR_ARG(mo_atom_str(b->ctx->atoms, name)));
			return true;
		}
	}
	return false;
}

// ---- words of other languages ----------------------------------------------------------------------------------------------------

struct habit {
	const char *word, *help;
};

static const struct habit value_habits[] = {
	{ "null", "nothing is written `none`" }, { "nil", "nothing is written `none`" }, { "undefined", "nothing is written `none`" },
	{ "None", "nothing is written `none`" }, { "True", "write `true`" }, { "False", "write `false`" },
	{ "var", "inputs and parameters go by their own names: `x`, not `var.x`" },
	{ "local", "a `let` goes by its own name: `x`, not `local.x`" },
	{ "module", "an instance of a component goes by its own name: `x`, not `module.x`" },
	{ "data", "an `existing` resource goes by its own name" },
	{ "region", "`aws.region` is known at deploy time, `target.region` (in a stack) at compile time" },
	{ "account_id", "`aws.account_id` is known at deploy time, `target.id` (in a stack) at compile time" },
	{ "partition", "`aws.partition` is known at deploy time, `target.partition` (in a stack) at compile time" },
	{ "self", "a declaration is named by its own name" },
	{ NULL, NULL },
};

static const struct habit kind_habits[] = {
	{ "variable", "what a component takes is an `input name: Type`, what a stack takes a `param name: Type`" },
	{ "parameter", "what a component takes is an `input name: Type`, what a stack takes a `param name: Type`" },
	{ "module", "declare an instance of a component by the component's name: `vpc main { … }`" },
	{ "data", "something that exists already is declared `existing AWS::EC2::VPC name { … }`" },
	{ "locals", "a name for a value is declared `let name = …`" }, { "local", "a name for a value is declared `let name = …`" },
	{ "const", "a name for a value is declared `let name = …`" }, { "var", "a name for a value is declared `let name = …`" },
	{ "function", "a function is declared `fn name(a: Type) = …`" }, { "def", "a function is declared `fn name(a: Type) = …`" },
	{ "provider", "where something is deployed to is an `account`, and the `stack` names it" },
	{ "string", "the type is `String`" }, { "Number", "the types of numbers are `Int` and `Float`" }, { "Integer", "the type is `Int`" },
	{ "integer", "the type is `Int`" }, { "number", "the types of numbers are `Int` and `Float`" }, { "Boolean", "the type is `Bool`" },
	{ "boolean", "the type is `Bool`" }, { "List", "a list of Strings has the type `[String]`" },
	{ "list", "a list of Strings has the type `[String]`" }, { "Array", "a list of Strings has the type `[String]`" },
	{ "CommaDelimitedList", "a list of Strings has the type `[String]`" }, { "map", "a map has the type `Map<String, T>`" },
	{ "Dict", "a map has the type `Map<String, T>`" }, { "Object", "a record has the type `{ name: Type }`; `Json` takes anything" },
	{ "object", "a record has the type `{ name: Type }`; `Json` takes anything" }, { "Any", "`Json` takes anything that JSON can say" },
	{ "any", "`Json` takes anything that JSON can say" }, { NULL, NULL },
};

static bool
help_with_habit(struct mo_diag *d, const struct habit *habits, struct mo_str word)
{
	for (; habits->word; habits++) {
		if (mo_str_is(word, habits->word)) {
			mo_diag_help(d, "%s", habits->help);
			return true;
		}
	}
	return false;
}

// ---- values ----------------------------------------------------------------------------------------------------------------------

static void
report_kind_as_value(struct mo_binder *b, struct mo_name name, struct mo_symbol *kind)
{
	struct mo_str text = mo_atom_str(b->ctx->atoms, name.atom);
	bool component = mo_symbol_real(kind)->kind == MO_SYM_COMPONENT;
	struct mo_diag *d = mo_report(b->ctx->diags, MSG_NOT_A_VALUE, name.span, "`" MO_STR_FMT "` is a %s, not a value", MO_STR_ARG(text),
		component ? "component" : "type");
	mo_diag_label(d, mo_symbol_real(kind)->span, "declared here");
	if (component) {
		mo_diag_help(d, "declare an instance: `" MO_STR_FMT " name { … }`, and use its name", MO_STR_ARG(text));
	}
}

// Something of this name inside a stack or a component of the file: what is in a stack can be read from outside, what is in a component not.
static bool
help_with_body(struct mo_binder *b, struct mo_diag *d, struct mo_name name)
{
	const struct mo_scope *file = b->module->scope;
	struct mo_str text = mo_atom_str(b->ctx->atoms, name.atom);
	for (uint32_t i = 0; i < file->symbols.len; i++) {
		const struct mo_symbol *s = file->symbols.items[i];
		const struct mo_symbol *found = s->body && !s->alias_of ? mo_map_get(&s->body->values, name.atom) : NULL;
		struct mo_str owner = mo_atom_str(b->ctx->atoms, s->name);
		if (found && s->kind == MO_SYM_STACK && !s->dimensions) {
			mo_diag_label(d, found->span, "declared in the stack `" MO_STR_FMT "`", MO_STR_ARG(owner));
			mo_diag_help(d, "did you mean `" MO_STR_FMT "." MO_STR_FMT "`?", MO_STR_ARG(owner), MO_STR_ARG(text));
			mo_diag_fix(d, name.span, MO_STR_FMT "." MO_STR_FMT, MO_STR_ARG(owner), MO_STR_ARG(text));
			return true;
		}
		if (found && s->kind == MO_SYM_COMPONENT) {
			mo_diag_label(d, found->span, "declared inside the component `" MO_STR_FMT "`", MO_STR_ARG(owner));
			mo_diag_help(d, "only inputs and outputs of an instance can be read: add `output " MO_STR_FMT " = …` to the component",
				MO_STR_ARG(text));
			return true;
		}
	}
	return false;
}

void
mo_report_unknown_value(struct mo_binder *b, struct mo_scope *from, struct mo_name name)
{
	struct mo_str text = mo_atom_str(b->ctx->atoms, name.atom);
	struct mo_symbol *kind = mo_scope_find_kind(from, name.atom);
	if (is_incomplete(from)) {
		return; // it may stand in what could not be read
	}
	if (kind) {
		report_kind_as_value(b, name, kind);
		return;
	}
	struct mo_diag *d = report_once(b, from, MSG_UNKNOWN_NAME, name);
	if (!d) {
		return;
	}
	struct mo_suggestion near = mo_suggest(text);
	suggest(b, from, false, &near);
	if (near.best.len) {
		struct mo_symbol *meant = mo_scope_find_value(from, mo_atom_of(b->ctx->atoms, near.best));
		mo_diag_suggest(d, name.span, &near);
		if (meant) {
			meant->used = true; // as soon as the name is put right
		}
	} else if (!help_with_body(b, d, name) && !help_with_habit(d, value_habits, text)) {
		help_with_import(b, d, name.atom);
	}
}

// ---- kinds -----------------------------------------------------------------------------------------------------------------------

void
mo_report_unknown_kind(struct mo_binder *b, struct mo_scope *from, struct mo_name name)
{
	struct mo_str text = mo_atom_str(b->ctx->atoms, name.atom);
	struct mo_symbol *value = mo_scope_find_value(from, name.atom);
	if (is_incomplete(from)) {
		return;
	}
	if (value && value->module && value->kind != MO_SYM_MODULE) {
		struct mo_diag *d = mo_report(b->ctx->diags, MSG_UNKNOWN_KIND, name.span, "`" MO_STR_FMT "` is a value, not a component or type",
			MO_STR_ARG(text));
		mo_diag_label(d, mo_symbol_real(value)->span, "declared here");
		value->used = true;
		return;
	}
	struct mo_diag *d = report_once(b, from, MSG_UNKNOWN_KIND, name);
	if (!d) {
		return;
	}
	struct mo_suggestion near = mo_suggest(text);
	suggest(b, from, true, &near);
	if (near.best.len) {
		struct mo_symbol *meant = mo_scope_find_kind(from, mo_atom_of(b->ctx->atoms, near.best));
		mo_diag_suggest(d, name.span, &near);
		if (meant) {
			meant->used = true;
		}
	} else if (!help_with_habit(d, kind_habits, text)) {
		help_with_import(b, d, name.atom);
	}
}

// ---- names that nobody uses ------------------------------------------------------------------------------------------------------

// The two sides of an imported name that is both a value and a kind count as one.
static bool
is_used(const struct mo_scope *scope, const struct mo_symbol *s)
{
	const struct mo_symbol *value = mo_map_get(&scope->values, s->name), *kind = mo_map_get(&scope->kinds, s->name);
	bool pair = s->alias_of && value && kind && value->alias_of && kind->alias_of;
	return s->used || (pair && (s == kind || kind->used));
}

static void
report_unused(struct mo_binder *b, const struct mo_scope *scope, const struct mo_symbol *s)
{
	struct mo_str text = mo_atom_str(b->ctx->atoms, s->name);
	struct mo_diag *d = mo_report(b->ctx->diags, MSG_UNUSED_NAME, s->span, "`" MO_STR_FMT "` is never used", MO_STR_ARG(text));
	const struct mo_symbol *value = mo_map_get(&scope->values, s->name), *kind = mo_map_get(&scope->kinds, s->name);
	if (s->alias_of && value != s && kind != s) {
		mo_diag_label(d, (value ? value : kind)->span, "this declaration takes its place");
	}
	if (s->kind == MO_SYM_LET) {
		mo_diag_help(d, "take it out, or start its name with `_`");
	}
}

void
mo_report_unused(struct mo_binder *b, const struct mo_scope *scope)
{
	for (uint32_t i = 0; i < scope->symbols.len; i++) {
		const struct mo_symbol *s = scope->symbols.items[i];
		bool import = s->alias_of || s->kind == MO_SYM_MODULE;
		// What a stack or another file declares can be read from elsewhere, by a path that binding does not follow.
		bool readable = scope->kind == MO_SCOPE_STACK || scope->kind == MO_SCOPE_TEMPLATE || (scope->kind == MO_SCOPE_FILE && b->module != b->program->main);
		bool let = s->kind == MO_SYM_LET && !readable;
		struct mo_str text = mo_atom_str(b->ctx->atoms, s->name);
		if ((import || let) && text.len && text.p[0] != '_' && !is_used(scope, s)) {
			report_unused(b, scope, s);
		}
		if (s->body && s->body->kind != MO_SCOPE_FN && !s->alias_of) {
			mo_report_unused(b, s->body);
		}
	}
}
