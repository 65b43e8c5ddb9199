// SPDX-License-Identifier: Apache-2.0
// Inside sema: what binding is made of. sema/declare.c makes scopes and symbols, sema/bind.c resolves names.
#ifndef MO_SEMA_BIND_H
#define MO_SEMA_BIND_H

#include "diag/diag.h"
#include "sema/scope.h"

struct mo_binder {
	struct mo_program *program;
	struct mo_ctx *ctx;
	struct mo_module *module; // the file at hand
};

struct mo_scope *mo_bind_scope(struct mo_binder *b, enum mo_scope_kind kind, struct mo_scope *parent, struct mo_node *node);
struct mo_symbol *mo_bind_symbol(struct mo_binder *b, struct mo_scope *scope, enum mo_symbol_kind kind, struct mo_name name);

// ---- declaring (declare.c, declare_import.c) -------------------------------------------------------------------------------------

// Declares everything that a file or body declares, with the scopes of the bodies inside it.
void mo_declare_items(struct mo_binder *b, struct mo_scope *body, struct mo_scope *inner, const struct mo_nesting *nesting, mo_nodes items);
// A variable of a loop, a parameter or a pattern.
struct mo_symbol *mo_declare_local(struct mo_binder *b, struct mo_scope *scope, struct mo_name name);
// A name whose meaning is lost to an error: known from here on as a value and as a kind, so that its uses stay silent.
void mo_declare_lost(struct mo_binder *b, struct mo_scope *scope, struct mo_name name);
void mo_declare_imports(struct mo_binder *b);
struct mo_diag *mo_report_duplicate(struct mo_binder *b, struct mo_name name, const struct mo_symbol *first);

// Whether a decorator exists; of all others the arguments have no meaning (check_decorator.c).
bool mo_decorator_is_known(struct mo_str name);

// ---- names that nobody declares (bind_report.c) ----------------------------------------------------------------------------------

void mo_report_unknown_value(struct mo_binder *b, struct mo_scope *from, struct mo_name name);
void mo_report_unknown_kind(struct mo_binder *b, struct mo_scope *from, struct mo_name name);
// Warns of imports and lets that nothing reads.
void mo_report_unused(struct mo_binder *b, const struct mo_scope *scope);

#endif
