// SPDX-License-Identifier: Apache-2.0
// Finds, reads and parses data files. A path is first followed to where it really leads, and only then judged: nothing outside the
// project's folder is opened, also not through a link or by `..`.
#include "sema/files.h"

#include "diag/diag.h"
#include "diag/files.h"
#include "sema/glob.h"
#include "sema/paths.h"
#include "sema/tree.h"
#include "source/data.h"

#include <errno.h>
#include <string.h>

// One file or pattern as asked for from one folder.
struct asked {
	struct mo_file_read read;
	enum mo_builtin_kind kind;
	struct mo_str identity;  // the resolved path, or folder and pattern of a glob
	bool failed;             // reported
	struct asked *next;      // of the same hash
};

// Beside the built-ins that read files: a template taken from one.
#define READ_TEMPLATE ((enum mo_builtin_kind)MO_BUILTIN_KINDS)

struct call {
	struct mo_program *program;
	struct mo_ctx *ctx;
	struct mo_arena *arena;
	enum mo_builtin_kind kind;
	const struct mo_module *module;
	struct mo_str path;    // as written
	struct mo_span span;
	struct mo_str shown;   // as the user would write it from where the compiler was started
	struct mo_str where;   // absolute; the name in the library for its own modules
	struct mo_str root;    // nothing outside is read
	const mo_names *ignored; // asset: patterns of what is left out
	bool is_template;        // a CloudFormation template, whose tags are functions
};

struct mo_module *
mo_module_of_node(const struct mo_program *p, const struct mo_node *n)
{
	const struct mo_source *source = mo_source_at(p->ctx->sources, n->span.start);
	for (uint32_t i = 0; source && i < p->modules.len; i++) {
		if (p->modules.items[i]->source == source) {
			return p->modules.items[i];
		}
	}
	return NULL;
}

// ---- what was asked before -------------------------------------------------------------------------------------------------------

static uint64_t
hash_of(enum mo_builtin_kind kind, struct mo_str identity)
{
	return mo_str_hash(identity) * 31 + (uint64_t)kind;
}

static struct asked *
find(const struct call *c, enum mo_builtin_kind kind, struct mo_str identity)
{
	struct asked *a = mo_map_get(&c->program->files, hash_of(kind, identity));
	while (a && !(a->kind == kind && mo_str_eq(a->identity, identity))) {
		a = a->next;
	}
	return a;
}

static struct asked *
remember(const struct call *c, struct mo_str identity)
{
	struct asked *a = mo_new(c->arena, struct asked);
	uint64_t hash = hash_of(c->kind, identity);
	a->kind = c->kind;
	a->identity = mo_str_dup(c->arena, identity);
	a->next = mo_map_get(&c->program->files, hash);
	mo_map_put(c->arena, &c->program->files, hash, a);
	return a;
}

static const struct mo_file_read *
result_of(const struct asked *a)
{
	return a->failed ? NULL : &a->read;
}

// ---- what goes wrong -------------------------------------------------------------------------------------------------------------

static void
report_outside(const struct call *c)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_OUTSIDE_PROJECT, c->span, "`" MO_STR_FMT "` lies outside the project's folder",
		MO_STR_ARG(c->path));
	mo_diag_note(d, "files are read only below `" MO_STR_FMT "`, wherever links lead", MO_STR_ARG(c->root));
}

// Puts the nearest name in place of the last part of the path as it was written.
static void
suggest_name(const struct call *c, struct mo_diag *d, const mo_names *names)
{
	size_t last = c->path.len;
	while (last > 0 && c->path.p[last - 1] != '/') {
		last--;
	}
	struct mo_suggestion s = mo_suggest(mo_str_sub(c->path, last, c->path.len));
	for (uint32_t i = 0; i < names->len; i++) {
		mo_suggest_from(&s, names->items[i]);
	}
	if (s.best.len == 0) {
		return;
	}
	struct mo_str folder = mo_str_sub(c->path, 0, last);
	mo_diag_help(d, "did you mean \"" MO_STR_FMT MO_STR_FMT "\"?", MO_STR_ARG(folder), MO_STR_ARG(s.best));
	if (mo_str_starts(mo_span_text(c->ctx->sources, c->span), MO_STR("\""))) {
		mo_diag_fix(d, c->span, "\"" MO_STR_FMT MO_STR_FMT "\"", MO_STR_ARG(folder), MO_STR_ARG(s.best));
	}
}

static void
report_missing(const struct call *c)
{
	struct mo_str folder = mo_path_real(c->arena, mo_path_folder(c->where));
	mo_names names = { 0 };
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_FILE_NOT_FOUND, c->span, "there is no file `" MO_STR_FMT "`", MO_STR_ARG(c->shown));
	if (!folder.len) {
		mo_diag_note(d, "there is no folder `" MO_STR_FMT "`", MO_STR_ARG(mo_path_folder(c->shown)));
	} else if (mo_path_is_below(c->root, folder) && mo_list_folder(c->arena, folder, &names)) {
		suggest_name(c, d, &names);
	}
}

static void
report_library(const struct call *c)
{
	mo_report(c->ctx->diags, MSG_FILE_NOT_FOUND, c->span, "the standard library holds no file `" MO_STR_FMT "`", MO_STR_ARG(c->where));
}

// ---- reading ---------------------------------------------------------------------------------------------------------------------

static bool
parse(const struct call *c, struct asked *a)
{
	bool yaml = c->kind == MO_BUILTIN_YAML;
	struct mo_data_error error = { 0 };
	if (c->kind == MO_BUILTIN_TEXT || c->kind == MO_BUILTIN_ASSET) {
		return true;
	}
	if (c->is_template) {
		a->read.data = mo_data_read_template(c->arena, a->read.source, &error);
		yaml = !mo_data_is_json_template(a->read.source);
	} else {
		a->read.data = yaml ? mo_data_read_yaml(c->arena, a->read.source, &error) : mo_data_read_json(c->arena, a->read.source, &error);
	}
	if (a->read.data) {
		return true;
	}
	struct mo_diag *d = mo_report(c->ctx->diags, yaml ? MSG_BAD_YAML : MSG_BAD_JSON, error.span, MO_STR_FMT, MO_STR_ARG(error.text));
	mo_diag_label(d, c->span, "read from here");
	return false;
}

// The same file read as something else.
static const struct mo_source *
source_known(const struct call *c, struct mo_str identity)
{
	static const enum mo_builtin_kind kinds[] = { MO_BUILTIN_YAML, MO_BUILTIN_JSON, MO_BUILTIN_TEXT, READ_TEMPLATE };
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct asked *a = find(c, kinds[i], identity);
		if (a && a->read.source) {
			return a->read.source;
		}
	}
	return NULL;
}

static bool
take_source(const struct call *c, struct asked *a, enum mo_source_error error, struct mo_source *source, uint32_t bad)
{
	if (error != MO_SOURCE_OK) {
		mo_report_source_error(c->ctx->diags, error, c->shown, c->span, source, bad);
		return false;
	}
	a->read.source = source;
	return true;
}

static bool
read_file(const struct call *c, struct asked *a)
{
	struct mo_source *source = NULL;
	uint32_t bad = 0;
	a->read.source = source_known(c, a->identity);
	if (a->read.source) {
		return true;
	}
	enum mo_source_error error = mo_source_read_resolved(c->ctx->sources, c->shown, a->identity, MO_SOURCE_DATA, &source, &bad);
	return take_source(c, a, error, source, bad);
}

static bool
read_embedded(const struct call *c, struct asked *a)
{
	struct mo_source *source = NULL;
	uint32_t bad = 0;
	a->read.source = source_known(c, a->identity);
	for (const struct mo_library_file *f = c->program->options.library; !a->read.source && f && f->name; f++) {
		if (mo_str_is(a->identity, f->name)) {
			struct mo_str text = { f->text, f->length };
			enum mo_source_error error = mo_source_add(c->ctx->sources, a->identity, (struct mo_str){ 0 }, text, MO_SOURCE_DATA, &source, &bad);
			return take_source(c, a, error, source, bad);
		}
	}
	if (!a->read.source) {
		report_library(c);
	}
	return a->read.source != NULL;
}

static const struct mo_file_read *
finish(const struct call *c, struct mo_str identity, bool (*get)(const struct call *c, struct asked *a))
{
	struct asked *a = find(c, c->kind, identity);
	if (!a) {
		a = remember(c, identity);
		a->failed = !get(c, a) || !parse(c, a);
	}
	return result_of(a);
}

// ---- files and folders to pack ---------------------------------------------------------------------------------------------------

// What is wrong with a file or folder to pack, in words; errno for what could not be read.
static struct mo_str
fault_of_tree(const struct call *c, enum mo_tree_error error)
{
	switch (error) {
	case MO_TREE_UNREADABLE: return mo_str_printf(c->arena, "cannot be read: %s", strerror(errno));
	case MO_TREE_LINK: return MO_STR("is a symbolic link, which could lead anywhere");
	case MO_TREE_NOT_A_FILE: return MO_STR("is neither a file nor a folder");
	case MO_TREE_TOO_LARGE: return mo_str_printf(c->arena, "makes the asset larger than %d MiB", MO_TREE_LARGEST >> 20);
	case MO_TREE_TOO_MANY: return mo_str_printf(c->arena, "makes the asset hold more than %d files", MO_TREE_MOST_FILES);
	case MO_TREE_TOO_DEEP: return mo_str_printf(c->arena, "lies deeper than %d folders", MO_TREE_DEEPEST);
	case MO_TREE_BAD_NAME: return MO_STR("has a name that is not UTF-8");
	default: return MO_STR("holds no file");
	}
}

static bool
report_tree(const struct call *c, enum mo_tree_error error, struct mo_str at)
{
	if (error == MO_TREE_OK) {
		return true;
	}
	struct mo_str fault = fault_of_tree(c, error), what = at.len ? mo_path_join(c->arena, c->shown, at) : c->shown;
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_BAD_ASSET, c->span, "`" MO_STR_FMT "` " MO_STR_FMT, MO_STR_ARG(what),
		MO_STR_ARG(fault));
	if (at.len) {
		mo_diag_help(d, "leave it out: `asset(…, ignore: [\"" MO_STR_FMT "\"])`", MO_STR_ARG(at));
	}
	return false;
}

static bool
read_tree(const struct call *c, struct asked *a)
{
	struct mo_str at, real = mo_str_sub(a->identity, 0, (size_t)mo_str_find(a->identity, MO_STR("\n"), 0));
	if (!report_tree(c, mo_tree_read(c->arena, real, c->ignored, &a->read.tree, &at), at)) {
		return false;
	}
	for (uint32_t i = 0; i < a->read.tree.len; i++) {
		struct mo_str name = a->read.tree.items[i].name, file = mo_path_join(c->arena, real, name);
		bool alone = a->read.tree.len == 1 && mo_str_eq(mo_path_join(c->arena, mo_path_folder(real), name), real);
		mo_push(c->arena, &c->program->packed, alone ? real : file);
	}
	return true;
}

// What the library holds under the name, or below it.
static bool
read_embedded_tree(const struct call *c, struct asked *a)
{
	for (const struct mo_library_file *f = c->program->options.library; f && f->name; f++) {
		struct mo_str name = mo_str_c(f->name), bytes = { f->text, f->length };
		bool is_it = mo_str_eq(name, c->where);
		if (!is_it && !(mo_path_is_below(c->where, name))) {
			continue;
		}
		size_t from = is_it ? mo_path_folder(name).len + 1 : c->where.len + 1;
		mo_push(c->arena, &a->read.tree, (struct mo_zip_file){ mo_str_sub(name, from, name.len), bytes, false });
	}
	if (!a->read.tree.len) {
		report_library(c);
	}
	return a->read.tree.len > 0;
}

static struct mo_str
tree_identity(const struct call *c, struct mo_str path)
{
	struct mo_buf b = mo_buf_in(c->arena);
	mo_buf_add(&b, path);
	mo_buf_addc(&b, '\n');
	for (uint32_t i = 0; c->ignored && i < c->ignored->len; i++) {
		mo_buf_add(&b, c->ignored->items[i]);
		mo_buf_addc(&b, '\n');
	}
	return mo_buf_str(&b);
}

// The nearest folder above that is there: where it really is decides whether a path that leads nowhere would have led outside.
static bool
is_below_root(const struct call *c, struct mo_str path)
{
	for (struct mo_str at = path;;) {
		struct mo_str real = mo_path_real(c->arena, at), above = mo_path_folder(at);
		if (real.len) {
			return mo_path_is_below(c->root, real);
		}
		if (above.len >= at.len) {
			return false;
		}
		at = above;
	}
}

static const struct mo_file_read *
read_below_root(const struct call *c)
{
	bool nul = c->path.len && memchr(c->path.p, 0, c->path.len);
	struct mo_str real = nul ? MO_STR("") : mo_path_real(c->arena, c->where);
	if (!nul && !is_below_root(c, c->where)) {
		report_outside(c);
		return NULL;
	}
	if (!real.len) {
		report_missing(c);
		return NULL;
	}
	return c->kind == MO_BUILTIN_ASSET ? finish(c, tree_identity(c, real), read_tree) : finish(c, real, read_file);
}

// ---- glob ------------------------------------------------------------------------------------------------------------------------

static bool
report_glob(const struct call *c, enum mo_glob_result result)
{
	switch (result) {
	case MO_GLOB_DONE:
		return true;
	case MO_GLOB_OUTSIDE:
		report_outside(c);
		return false;
	case MO_GLOB_TOO_MANY:
		mo_report(c->ctx->diags, MSG_TOO_MANY_FILES, c->span, "`" MO_STR_FMT "` meets more than %d files and folders", MO_STR_ARG(c->path),
			MO_GLOB_MOST_VISITED);
		return false;
	case MO_GLOB_TOO_DEEP:
		mo_report(c->ctx->diags, MSG_TOO_MANY_FILES, c->span, "`" MO_STR_FMT "` goes deeper than %d folders", MO_STR_ARG(c->path),
			MO_GLOB_DEEPEST);
		return false;
	}
	return false;
}

static const struct mo_file_read *
read_glob(const struct call *c, struct mo_str folder)
{
	struct mo_str identity = mo_str_printf(c->arena, MO_STR_FMT "\n" MO_STR_FMT, MO_STR_ARG(folder), MO_STR_ARG(c->path));
	struct asked *a = find(c, c->kind, identity);
	if (!a) {
		mo_names names = { 0 };
		a = remember(c, identity);
		a->failed = !report_glob(c, mo_glob(c->arena, c->root, folder, c->path, MO_GLOB_MOST_VISITED, MO_GLOB_DEEPEST, &names));
		a->read.names.items = names.items;
		a->read.names.len = names.len;
	}
	return result_of(a);
}

// ---- where a module's paths start ------------------------------------------------------------------------------------------------

static const struct mo_file_read *
read_for_library(struct call *c)
{
	struct mo_str stdlib = c->program->options.stdlib;
	c->where = c->shown = mo_path_join(c->arena, mo_path_folder(c->module->source->name), c->path);
	if (stdlib.len && c->kind != MO_BUILTIN_GLOB) {
		c->root = mo_path_real(c->arena, stdlib);
		c->where = mo_path_join(c->arena, c->root, mo_path_join(c->arena, MO_STR("."), c->path));
		return read_below_root(c);
	}
	if (c->kind == MO_BUILTIN_GLOB) {
		mo_report(c->ctx->diags, MSG_OUTSIDE_PROJECT, c->span, "a standard module reads no folders");
		return NULL;
	}
	return c->kind == MO_BUILTIN_ASSET ? finish(c, tree_identity(c, c->where), read_embedded_tree) : finish(c, c->where, read_embedded);
}

static const struct mo_file_read *
read_for(struct call *c)
{
	struct mo_program *p = c->program;
	if (!c->module) {
		c->module = p->main;
	}
	if (c->module->library) {
		return read_for_library(c);
	}
	const struct mo_source *source = c->module->source;
	struct mo_str folder = source->path.len ? mo_path_folder(source->path) : p->root;
	if (c->kind == MO_BUILTIN_GLOB) {
		return read_glob(c, folder);
	}
	c->shown = mo_path_join(c->arena, mo_path_folder(source->name), c->path);
	c->where = mo_path_join(c->arena, folder, c->path);
	return read_below_root(c);
}

const struct mo_file_read *
mo_program_read(struct mo_program *p, struct mo_node *call, enum mo_builtin_kind kind, struct mo_module *module, struct mo_str path,
	struct mo_span path_span)
{
	struct call c = { p, p->ctx, &p->ctx->session, kind, module ? module : mo_module_of_node(p, call), path, path_span,
		.root = p->root };
	return read_for(&c);
}

const struct mo_file_read *
mo_program_read_tree(struct mo_program *p, struct mo_node *call, struct mo_module *module, struct mo_str path, struct mo_span path_span,
	const mo_names *ignored)
{
	struct call c = { p, p->ctx, &p->ctx->session, MO_BUILTIN_ASSET, module ? module : mo_module_of_node(p, call), path, path_span,
		.root = p->root, .ignored = ignored };
	return read_for(&c);
}

const struct mo_file_read *
mo_program_read_template(struct mo_program *p, struct mo_node *at, struct mo_module *module, struct mo_str path)
{
	struct call c = { p, p->ctx, &p->ctx->session, READ_TEMPLATE, module, path, at->span, .root = p->root, .is_template = true };
	return read_for(&c);
}
