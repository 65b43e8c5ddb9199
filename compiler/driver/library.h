// SPDX-License-Identifier: Apache-2.0
// What the standard library offers, as its own text says it: `explain` and the manual are made from this.
#ifndef MO_DRIVER_LIBRARY_H
#define MO_DRIVER_LIBRARY_H

#include "base/ctx.h"
#include "base/vec.h"
#include "sema/scope.h"

enum mo_library_kind { MO_LIBRARY_COMPONENT, MO_LIBRARY_FN, MO_LIBRARY_TYPE, MO_LIBRARY_KINDS };

// An input or an output of a component. Texts are as they were written, empty when they were not.
struct mo_library_field {
	struct mo_str name;
	struct mo_str type;
	struct mo_str value; // INPUT: the default
	struct mo_str doc;
};

struct mo_library_entry {
	enum mo_library_kind kind;
	struct mo_str module;      // "std/network"
	struct mo_str name;        // "vpc"
	struct mo_str declaration; // FN: "fn policy(statements: [statement]) -> Json"; TYPE: all of it; COMPONENT: empty
	struct mo_str doc;
	MO_VEC(struct mo_library_field) inputs, outputs;
};

struct mo_library_module {
	struct mo_str name;
	struct mo_str doc; // the comment at its head, without the slashes
	MO_VEC(struct mo_library_entry) entries; // components, then functions, then types, each in the order of the file
};

typedef MO_VEC(struct mo_library_module) mo_library_modules;

// Reads the .mlops files of an embedded library (data files are left out), in their order. What has no doc comment is the library's own
// business and left out. Texts point into the sources of ctx or are in its session arena; what the parser has to say goes to ctx->diags.
void mo_library_read(struct mo_ctx *ctx, const struct mo_library_file *files, mo_library_modules *out);

// "component"
const char *mo_library_kind_name(enum mo_library_kind kind);

#endif
