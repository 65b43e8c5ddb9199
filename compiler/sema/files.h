// SPDX-License-Identifier: Apache-2.0
// The files that a program reads with yaml, json, text, glob and asset. Read when the checker meets the call, because what is in a data file
// has a type; read once, however often it is asked for.
#ifndef MO_SEMA_FILES_H
#define MO_SEMA_FILES_H

#include "sema/builtin.h"
#include "sema/glob.h"
#include "sema/scope.h"

enum {
	MO_GLOB_MOST_VISITED = 100000, // files and folders that one glob may meet
	MO_GLOB_DEEPEST = 64,          // folders below each other
};

// Reads what a call of `kind` (MO_BUILTIN_YAML, JSON, TEXT or GLOB) names. `path` is relative to the file of `module`; for GLOB it is a
// pattern. NULL after an error, which is reported once at `path_span`, or inside the data file. What is given lives as long as the program.
//
// Files of the user's program lie below the project's folder, wherever links lead; files of a standard module are those that the library
// itself holds.
const struct mo_file_read *mo_program_read(struct mo_program *p, struct mo_node *call, enum mo_builtin_kind kind, struct mo_module *module,
	struct mo_str path, struct mo_span path_span);

// The same for MO_BUILTIN_ASSET: a file or folder to pack, without what the patterns of `ignored` leave out (sema/tree.h). A standard
// module packs what the library holds under that name.
const struct mo_file_read *mo_program_read_tree(struct mo_program *p, struct mo_node *call, struct mo_module *module, struct mo_str path,
	struct mo_span path_span, const mo_names *ignored);

// A CloudFormation template, in JSON or YAML with short forms; `at` is where its path stands.
const struct mo_file_read *mo_program_read_template(struct mo_program *p, struct mo_node *at, struct mo_module *module, struct mo_str path);

// The module whose file holds a node, NULL when there is none.
struct mo_module *mo_module_of_node(const struct mo_program *p, const struct mo_node *n);

#endif
