// SPDX-License-Identifier: Apache-2.0
// Names: what each one stands for and where it can be seen. Made by sema/bind, read by the checker and by evaluation.
#ifndef MO_SEMA_SCOPE_H
#define MO_SEMA_SCOPE_H

#include "base/map.h"
#include "base/zip.h"
#include "sema/type.h"
#include "syntax/ast.h"

enum mo_symbol_kind {
	MO_SYM_LET,
	MO_SYM_INPUT,
	MO_SYM_PARAM,
	MO_SYM_OUTPUT,
	MO_SYM_RESOURCE,
	MO_SYM_EXISTING,
	MO_SYM_INSTANCE,
	MO_SYM_ACCOUNT,
	MO_SYM_STACK,
	MO_SYM_TEMPLATE,
	MO_SYM_NESTED,
	MO_SYM_LOCAL,     // a loop variable, a function's parameter, a pattern's variable
	MO_SYM_FN,
	MO_SYM_BUILTIN,   // .builtin
	MO_SYM_GLOBAL,    // target, aws, this_stack, anyone: .global
	MO_SYM_MODULE,    // import … as name: .module
	MO_SYM_TYPE,      // kinds and types live in a name space of their own
	MO_SYM_COMPONENT,
	MO_SYM_CUSTOM,    // resource Custom::X { … }
};

enum mo_global { MO_GLOBAL_TARGET, MO_GLOBAL_AWS, MO_GLOBAL_THIS_STACK, MO_GLOBAL_ANYWHERE, MO_GLOBAL_ANYONE };

struct mo_file_read;
struct mo_builtin; // sema/builtin.h
struct mo_data;    // source/data.h
struct mo_supplied;   // sema/inputs.h
struct mo_scope;
struct mo_module;
struct mo_checking; // sema/check.h

// A place inside `if` or `for` blocks of a body, outermost first.
struct mo_nesting {
	const struct mo_nesting *outer; // NULL at the top of the body
	struct mo_node *node;           // IF_DECL or FOR_DECL
	bool in_else;                   // IF_DECL: the second branch
};

// One declaration of a name; a family may have several, and both branches of an `if` may declare one name.
struct mo_declaration {
	struct mo_node *node;
	const struct mo_nesting *nesting;
};

struct mo_symbol {
	enum mo_symbol_kind kind;
	mo_atom name;
	struct mo_span span;             // of the name where it was declared first
	struct mo_scope *scope;          // the scope that declares it
	struct mo_module *module;        // the file; NULL for built-ins
	MO_VEC(struct mo_declaration) declarations; // none for LOCAL, BUILTIN, GLOBAL
	uint32_t dimensions;             // keys of a family; 0: not one
	struct mo_scope *body;           // COMPONENT, STACK, TEMPLATE, FN: the scope inside
	const struct mo_type *type;      // of a value: its type (a family: of one member); TYPE: the type itself; set by sema/check
	const struct mo_type *declared;  // LET, INPUT, PARAM, OUTPUT, fn parameter: the type that was written, NULL when none was
	struct mo_place *place;          // INPUT, fn parameter: the root of what its users need
	const struct mo_file_read *file; // TEMPLATE from a file: what is in it, set by the checker; NULL otherwise, or after a report
	const struct mo_builtin *builtin;
	enum mo_global global;
	struct mo_symbol *alias_of;      // an imported name: the symbol in its own file, otherwise NULL
	uint8_t state;                   // the checker's: 0 new, 1 being checked, 2 done
	uint8_t of_platform;             // the checker's, of a COMPONENT: 0 not known, 1 belongs to stacks, 2 declares stacks or the like
	bool used;
	bool each;                       // LOCAL: an element of a list that CloudFormation goes over, in a declaration
};

enum mo_scope_kind {
	MO_SCOPE_BUILTIN,
	MO_SCOPE_FILE,
	MO_SCOPE_COMPONENT,
	MO_SCOPE_STACK,
	MO_SCOPE_TEMPLATE,
	MO_SCOPE_FN,       // parameters
	MO_SCOPE_FOR,      // variables of a `for` declaration, and the lets inside it
	MO_SCOPE_LOCAL,    // variables of a comprehension clause or a match arm
};

struct mo_scope {
	enum mo_scope_kind kind;
	struct mo_scope *parent;
	struct mo_node *node;              // what made it
	struct mo_symbol *owner;           // COMPONENT, STACK, TEMPLATE, FN: its symbol
	struct mo_map values, kinds;       // atom -> mo_symbol
	struct mo_map outputs;             // of a COMPONENT: may share names with inputs; seen from outside first, from inside last
	MO_VEC(struct mo_symbol *) symbols; // all of them in the order of declaration
	uint32_t depth;
	bool incomplete;                   // a declaration in it could not be read, nor its name: more may be declared than is known
	struct mo_map unknown;             // names that were reported: atom -> mo_diag
	MO_VEC(struct mo_node *) assertions; // of a body, outside of its blocks, that say something of a name
	MO_VEC(struct mo_declaration) outside; // OVERRIDE and DEFAULTS of a file or body, in the order of the source
};

struct mo_module {
	struct mo_symbol *symbol;         // of `import … as`; NULL otherwise
	const struct mo_source *source;
	struct mo_syntax *syntax;
	struct mo_scope *scope;           // FILE
	bool library;
	bool unreadable;                  // a mistake in its brackets hides what belongs to what: it declares nothing, and nothing is said of it
	MO_VEC(struct mo_span) damage;    // where the parser reported something, in the order of the text
};

// A `permission` or `resource_policy`.
struct mo_permission_entry {
	struct mo_str type;        // "AWS::S3::Bucket"
	mo_atom verb;              // 0: of a `resource_policy`
	struct mo_node *node;
	struct mo_module *module;
	bool checked;
};

// What the sources of the program may be read from.
struct mo_library_file {
	const char *name; // "std/network"
	const char *text;
	size_t length;
};

// -D name=text
struct mo_definition {
	struct mo_str name, text;
};

struct mo_load_options {
	struct mo_str path;                          // DIR, FILE or "-"
	const struct mo_str *text;                   // of the main file when path is "-"; NULL: standard input is read
	struct mo_str stdlib;                        // folder that replaces the embedded library; empty: none
	const struct mo_library_file *library;       // embedded; ended by a NULL name
	bool main_only;                              // imports are not followed: for who wants the syntax alone
	struct mo_str values;                        // file with values for the program's inputs; empty: none
	const struct mo_definition *definitions;     // more of them; names are distinct
	uint32_t definition_count;
};

// Everything the front end knows of a program.
struct mo_program {
	struct mo_ctx *ctx;
	struct mo_str root;               // absolute path of the project's folder; files are read only below it
	struct mo_module *main;
	MO_VEC(struct mo_module *) modules; // imported ones before those that import them
	struct mo_scope *builtins;
	MO_VEC(struct mo_permission_entry *) permissions; // in the order of the modules
	struct mo_map scopes;             // node -> mo_scope, for every node that makes one
	struct mo_map imports;            // IMPORT node -> mo_module; absent when it could not be loaded
	struct mo_load_options options;   // how it was loaded
	MO_VEC(struct mo_supplied *) given;  // values for inputs from outside, in the order in which they were found: sema/inputs.h
	struct mo_map given_by_name;      // atom -> mo_supplied: the one that counts
	bool values_unread;               // the file of values could not be read: what it gives is not known
	MO_VEC(struct mo_symbol *) input_list; // the program's own inputs, imported files first
	struct mo_map inputs;             // atom -> mo_symbol: the same
	mo_nodes defaults;                // every DEFAULTS of the user's own files
	struct mo_map files;              // what yaml, json, text, glob and asset have read: sema/files.c's own
	MO_VEC(struct mo_str) packed;     // absolute paths of the files that assets hold
	struct mo_checking *checking;     // the checker's: what it is about, innermost first
	uint32_t check_depth;
	uint32_t fit_steps;
	bool has_large_type, has_long_chain; // reported
};

// The scope that a node made, NULL when it makes none.
static inline struct mo_scope *
mo_scope_of(const struct mo_program *p, const struct mo_node *n)
{
	return mo_map_get(&p->scopes, (uint64_t)(uintptr_t)n);
}

// A name as seen from a scope: local first, then imports, then built-ins; outputs, which are declared for others, after all of these.
// NULL when unknown.
struct mo_symbol *mo_scope_find_value(const struct mo_scope *from, mo_atom name);
struct mo_symbol *mo_scope_find_kind(const struct mo_scope *from, mo_atom name);
// What a call of yaml, json, text, glob or asset found.
struct mo_file_read {
	const struct mo_data *data;     // yaml, json: the tree; NULL after an error (reported)
	const struct mo_source *source; // text: the file; yaml, json: where data points into
	MO_VEC(struct mo_str) names;    // glob: relative to the file that asks, sorted
	mo_zip_files tree;              // asset: what to pack, sorted
};

// Whether a piece of a module holds something that could not be read, so that what is missing in it may be there.
bool mo_is_damaged(const struct mo_module *m, struct mo_span span);
// Past imports, to the symbol that was declared.
struct mo_symbol *mo_symbol_real(struct mo_symbol *s);

// Reads the main file and everything it imports, and binds names. Problems are reported into ctx->diags; the program is returned all the
// same, NULL only when the main file could not be read.
struct mo_program *mo_program_load(struct mo_ctx *ctx, const struct mo_load_options *options);
void mo_program_bind(struct mo_program *p);
void mo_program_check(struct mo_program *p);
// Readable renderings for --stop-after names and --stop-after types.
void mo_program_dump_names(struct mo_buf *out, const struct mo_program *p);
void mo_program_dump_types(struct mo_buf *out, const struct mo_program *p);

#endif
