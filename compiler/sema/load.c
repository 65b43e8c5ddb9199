// SPDX-License-Identifier: Apache-2.0
// Modules: reads the main file and, through its imports, every other. Takes paths, gives parsed modules in the order of their
// dependencies. Knows nothing of names inside them.
#include "diag/diag.h"
#include "diag/files.h"
#include "sema/inputs.h"
#include "sema/paths.h"
#include "sema/permission.h"
#include "sema/scope.h"
#include "syntax/parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { IMPORT_DEPTH = 64 };

struct loader {
	struct mo_program *program;
	struct mo_ctx *ctx;
	struct mo_map by_path;                 // atom of the resolved path -> mo_module
	MO_VEC(struct mo_module *) open;       // being loaded, outermost first: a module met again closes a cycle
};

static bool load_imports(struct loader *l, struct mo_module *m);

static bool
loses_structure(enum mo_message m)
{
	switch (m) {
	case MSG_UNCLOSED_BRACKET:
	case MSG_UNMATCHED_BRACKET:
	case MSG_MISMATCHED_BRACKET:
	case MSG_NESTED_TOO_DEEPLY:
	case MSG_ITEM_TOO_LONG:
	case MSG_UNTERMINATED_STRING:
	case MSG_UNTERMINATED_INTERPOLATION:
	case MSG_UNTERMINATED_COMMENT:
		return true;
	default:
		return false;
	}
}

// Parses, and remembers where that went wrong.
static void
parse(struct loader *l, struct mo_module *m)
{
	struct mo_diags *diags = l->ctx->diags;
	uint32_t before = diags->items.len;
	m->syntax = mo_parse(l->ctx, m->source);
	for (uint32_t i = before; i < diags->items.len; i++) {
		const struct mo_diag *d = diags->items.items[i];
		mo_push(&l->ctx->session, &m->damage, d->span);
		m->unreadable = m->unreadable || loses_structure(d->message);
	}
}

static struct mo_module *
add_module(struct loader *l, const struct mo_source *source, struct mo_str identity)
{
	struct mo_module *m = mo_new(&l->ctx->session, struct mo_module);
	m->source = source;
	m->library = source->kind == MO_SOURCE_LIBRARY;
	parse(l, m);
	mo_map_put(&l->ctx->session, &l->by_path, mo_atom_of(l->ctx->atoms, identity), m);
	mo_push(&l->ctx->session, &l->open, m);
	if (!l->program->options.main_only) {
		load_imports(l, m);
	}
	l->open.len--;
	mo_push(&l->ctx->session, &l->program->modules, m);
	return m;
}

// Reports the import that closes a cycle, with every file on it.
static void
report_cycle(struct loader *l, struct mo_module *again, struct mo_span at)
{
	struct mo_buf path = mo_buf_in(&l->ctx->session);
	uint32_t first = 0;
	while (l->open.items[first] != again) {
		first++;
	}
	for (uint32_t i = first; i < l->open.len; i++) {
		mo_buf_printf(&path, MO_STR_FMT " -> ", MO_STR_ARG(l->open.items[i]->source->name));
	}
	mo_buf_add(&path, again->source->name);
	struct mo_diag *d = mo_report(l->ctx->diags, MSG_IMPORT_CYCLE, at, "files import each other in a circle");
	mo_diag_here(d, "imports `" MO_STR_FMT "` again", MO_STR_ARG(again->source->name));
	mo_diag_note(d, "the circle: " MO_STR_FMT, MO_STR_ARG(mo_buf_str(&path)));
	mo_diag_help(d, "move what both need into a third file");
}

static bool
is_open(const struct loader *l, const struct mo_module *m)
{
	for (uint32_t i = 0; i < l->open.len; i++) {
		if (l->open.items[i] == m) {
			return true;
		}
	}
	return false;
}

static const struct mo_library_file *
find_library_file(const struct mo_load_options *o, struct mo_str name)
{
	for (const struct mo_library_file *f = o->library; f && f->name; f++) {
		if (mo_str_is(name, f->name)) {
			return f;
		}
	}
	return NULL;
}

static void
report_unknown_library(struct loader *l, struct mo_str name, struct mo_span at)
{
	struct mo_diag *d = mo_report(l->ctx->diags, MSG_UNKNOWN_MODULE, at, "there is no standard module `" MO_STR_FMT "`", MO_STR_ARG(name));
	struct mo_suggestion s = mo_suggest(name);
	struct mo_buf known = mo_buf_in(&l->ctx->session);
	for (const struct mo_library_file *f = l->program->options.library; f && f->name; f++) {
		if (strchr(f->name, '.')) {
			continue; // a data file of the library
		}
		mo_suggest_from(&s, mo_str_c(f->name));
		mo_buf_printf(&known, "%s`%s`", known.len ? ", " : "", f->name);
	}
	if (s.best.len) {
		mo_diag_help(d, "did you mean \"" MO_STR_FMT "\"?", MO_STR_ARG(s.best));
		mo_diag_fix(d, at, "\"" MO_STR_FMT "\"", MO_STR_ARG(s.best));
	}
	mo_diag_note(d, "there are: " MO_STR_FMT, MO_STR_ARG(mo_buf_str(&known)));
}

static struct mo_source *
read_library(struct loader *l, struct mo_str name, struct mo_span at)
{
	const struct mo_load_options *o = &l->program->options;
	struct mo_source *source = NULL;
	uint32_t bad = 0;
	enum mo_source_error e;
	if (o->stdlib.len) {
		struct mo_str file = mo_str_printf(&l->ctx->session, MO_STR_FMT "/" MO_STR_FMT ".mlops", MO_STR_ARG(o->stdlib),
			MO_STR_ARG(mo_str_sub(name, 4, name.len)));
		e = mo_source_read(l->ctx->sources, file, file, MO_SOURCE_LIBRARY, &source, &bad);
		if (e != MO_SOURCE_OK) {
			mo_report_source_error(l->ctx->diags, e, file, at, source, bad);
			return NULL;
		}
		return source;
	}
	const struct mo_library_file *f = find_library_file(o, name);
	if (!f || strchr(f->name, '.')) {
		report_unknown_library(l, name, at);
		return NULL;
	}
	e = mo_source_add(l->ctx->sources, name, (struct mo_str){ 0 }, (struct mo_str){ f->text, f->length }, MO_SOURCE_LIBRARY, &source, &bad);
	if (e != MO_SOURCE_OK) {
		mo_report_source_error(l->ctx->diags, e, name, at, source, bad);
		return NULL;
	}
	return source;
}

// A file that is named relative to the file that imports it; it must lie below the project's folder.
static struct mo_source *
read_relative(struct loader *l, const struct mo_module *from, struct mo_str name, struct mo_span at, struct mo_str *identity)
{
	struct mo_arena *a = &l->ctx->session;
	if (from->library) {
		mo_report(l->ctx->diags, MSG_UNKNOWN_MODULE, at, "a standard module can import standard modules only");
		return NULL;
	}
	struct mo_str shown = mo_path_join(a, mo_path_folder(from->source->name), name);
	struct mo_str where = mo_path_join(a, from->source->path.len ? mo_path_folder(from->source->path) : l->program->root, name);
	struct mo_str real = mo_path_real(a, where);
	if (real.len && !mo_path_is_below(l->program->root, real)) {
		struct mo_diag *d = mo_report(l->ctx->diags, MSG_OUTSIDE_PROJECT, at, "`" MO_STR_FMT "` lies outside the project's folder",
			MO_STR_ARG(name));
		mo_diag_note(d, "the project's folder is `" MO_STR_FMT "`; files are read only below it", MO_STR_ARG(l->program->root));
		return NULL;
	}
	*identity = real.len ? real : where;
	struct mo_module *known = mo_map_get(&l->by_path, mo_atom_of(l->ctx->atoms, *identity));
	if (known) {
		return NULL;
	}
	struct mo_source *source = NULL;
	uint32_t bad = 0;
	enum mo_source_error e = mo_source_read_resolved(l->ctx->sources, shown, *identity, MO_SOURCE_PROGRAM, &source, &bad);
	if (e != MO_SOURCE_OK) {
		mo_report_source_error(l->ctx->diags, e, shown, at, source, bad);
		return NULL;
	}
	return source;
}

static struct mo_module *
import_module(struct loader *l, const struct mo_module *from, struct mo_str name, struct mo_span at)
{
	struct mo_str identity = name;
	struct mo_source *source = NULL;
	bool library = mo_str_starts(name, MO_STR("std/"));
	if (library) {
		identity = name;
	} else if (!mo_str_starts(name, MO_STR("./")) && !mo_str_starts(name, MO_STR("../"))) {
		struct mo_diag *d = mo_report(l->ctx->diags, MSG_UNKNOWN_MODULE, at, "`" MO_STR_FMT "` is neither a standard module nor a relative path",
			MO_STR_ARG(name));
		mo_diag_help(d, "write \"std/…\" for a standard module and \"./…\" for a file beside this one");
		return NULL;
	} else {
		source = read_relative(l, from, name, at, &identity);
	}
	struct mo_module *known = mo_map_get(&l->by_path, mo_atom_of(l->ctx->atoms, identity));
	if (known) {
		if (is_open(l, known)) {
			report_cycle(l, known, at);
			return NULL;
		}
		return known;
	}
	if (l->open.len >= IMPORT_DEPTH) {
		mo_report(l->ctx->diags, MSG_LIMIT_REACHED, at, "imports are nested deeper than %d files", IMPORT_DEPTH);
		return NULL;
	}
	if (library) {
		source = read_library(l, name, at);
	}
	return source ? add_module(l, source, identity) : NULL;
}

static bool
import_of_item(struct loader *l, struct mo_module *m, struct mo_node *n)
{
	struct mo_import_node *import = mo_as_import(n);
	struct mo_string_lit_node *path = import->path && import->path->kind == MO_STRING_NODE ? mo_as_string_lit(import->path) : NULL;
	if (!path) {
		return true; // a syntax error, reported
	}
	if (path->parts.len != 1 || path->parts.items[0]->kind != MO_TEXT_NODE) {
		mo_report(l->ctx->diags, MSG_UNKNOWN_MODULE, path->node.span, "the path of an import is a text without `${…}`");
		return false;
	}
	struct mo_module *found = import_module(l, m, mo_as_text(path->parts.items[0])->text, path->node.span);
	if (found) {
		mo_map_put(&l->ctx->session, &l->program->imports, (uint64_t)(uintptr_t)n, found);
	}
	return found != NULL;
}

static bool
load_imports(struct loader *l, struct mo_module *m)
{
	bool ok = true;
	mo_nodes items = m->syntax->file->items;
	for (uint32_t i = 0; i < items.len; i++) {
		if (items.items[i]->kind == MO_IMPORT_NODE) {
			ok &= import_of_item(l, m, items.items[i]);
		}
	}
	return ok;
}

static bool
is_folder(struct mo_arena *a, struct mo_str path)
{
	struct stat st;
	return stat(mo_str_dup(a, path).p, &st) == 0 && S_ISDIR(st.st_mode);
}

// Where the main file is: its name for messages and its absolute path (empty for standard input).
static bool
find_main(struct loader *l, struct mo_str *name, struct mo_str *path)
{
	struct mo_arena *a = &l->ctx->session;
	struct mo_str given = l->program->options.path;
	if (mo_str_is(given, "-")) {
		*name = given;
		l->program->root = mo_path_real(a, MO_STR("."));
		return true;
	}
	*name = given;
	if (is_folder(a, given)) {
		*name = mo_path_join(a, given, MO_STR("main.mlops"));
		if (mo_str_is(given, ".")) {
			*name = MO_STR("main.mlops");
		}
		l->program->root = mo_path_real(a, given);
		*path = mo_path_join(a, l->program->root, MO_STR("main.mlops"));
		if (access(path->p, F_OK) != 0) {
			struct mo_diag *d = mo_report(l->ctx->diags, MSG_NO_MAIN, MO_NOWHERE, "the folder `" MO_STR_FMT "` holds no `main.mlops`",
				MO_STR_ARG(given));
			mo_diag_help(d, "name the file that the program starts with, or the folder that holds it");
			return false;
		}
		return true;
	}
	*path = mo_path_real(a, given);
	l->program->root = path->len ? mo_path_folder(*path) : MO_STR("");
	return true;
}

// The verbs of permissions are always in scope; they are read when somebody uses them. Nobody imports them, so they may come last.
static void
load_permissions(struct loader *l)
{
	struct mo_program *p = l->program;
	struct mo_str name = MO_STR(MO_PERMISSIONS_MODULE);
	bool needed = false;
	for (uint32_t i = 0; i < p->modules.len && !needed; i++) {
		needed = p->modules.items[i]->syntax->file && mo_has_grants(p->modules.items[i]->syntax->file);
	}
	if (!needed || mo_map_get(&l->by_path, mo_atom_of(l->ctx->atoms, name))) {
		return;
	}
	struct mo_source *source = read_library(l, name, MO_NOWHERE);
	if (source) {
		add_module(l, source, name);
	}
}

struct mo_program *
mo_program_load(struct mo_ctx *ctx, const struct mo_load_options *options)
{
	struct mo_program *p = mo_new(&ctx->session, struct mo_program);
	struct loader l = { .program = p, .ctx = ctx };
	struct mo_str name = { 0 }, path = { 0 };
	struct mo_source *source = NULL;
	uint32_t bad = 0;
	p->ctx = ctx;
	p->options = *options;
	if (!find_main(&l, &name, &path)) {
		return NULL;
	}
	enum mo_source_error e = options->text && mo_str_is(name, "-")
		? mo_source_add(ctx->sources, name, path, *options->text, MO_SOURCE_PROGRAM, &source, &bad)
		: mo_source_read(ctx->sources, name, path.len ? path : name, MO_SOURCE_PROGRAM, &source, &bad);
	if (e != MO_SOURCE_OK) {
		mo_report_source_error(ctx->diags, e, name, MO_NOWHERE, source, bad);
		return NULL;
	}
	p->main = add_module(&l, source, path.len ? path : name);
	if (!options->main_only) {
		mo_inputs_load(p);
		load_permissions(&l);
	}
	return p;
}
