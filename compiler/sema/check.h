// SPDX-License-Identifier: Apache-2.0
// Inside sema: the type checker. It gives every expression a type and a time, so that evaluation cannot fail on a type and lowering
// cannot meet something that CloudFormation cannot say. Types and times are in sema/type.h.
#ifndef MO_SEMA_CHECK_H
#define MO_SEMA_CHECK_H

#include "diag/diag.h"
#include "sema/builtin.h"
#include "sema/scope.h"

// Something known to hold where the checker stands: the branch of an `if`, the right side of `&&` …
struct mo_fact {
	struct mo_node *cond; // a Bool expression
	bool truth;
};

struct mo_check {
	struct mo_program *program;
	struct mo_ctx *ctx;
	struct mo_module *module;      // the file at hand
	struct mo_scope *body;         // the component, stack or file at hand
	MO_VEC(struct mo_fact) facts;
	uint32_t depth;
};

// ---- expressions (check_expr.c, check_literal.c, check_member.c, check_call.c) -----------------------------------------------------

// The type of an expression; ERROR after a report. Also stored in node->type.
const struct mo_type *mo_check_infer(struct mo_check *c, struct mo_node *n);
// The type of an expression that must fit `want`; literals are checked part by part against it. Reports what does not fit.
const struct mo_type *mo_check_expr(struct mo_check *c, struct mo_node *n, const struct mo_type *want);
// Fields of a block or record against a RECORD or STRUCT: unknown, missing, repeated and wrong ones. `at` is where missing ones are
// reported. `given` gets the types of the fields that were passed, by name; may be NULL.
void mo_check_fields(struct mo_check *c, mo_nodes items, const struct mo_type *want, struct mo_span at, struct mo_map *given);
// The type of a member; NULL (nothing reported) when the type has no such member.
const struct mo_type *mo_check_find_member(struct mo_check *c, const struct mo_type *of, mo_atom name);
const struct mo_type *mo_check_member(struct mo_check *c, struct mo_node *n);
const struct mo_type *mo_check_index(struct mo_check *c, struct mo_node *n);
const struct mo_type *mo_check_call(struct mo_check *c, struct mo_node *n);
const struct mo_type *mo_check_builtin(struct mo_check *c, struct mo_node *n, const struct mo_builtin *b);
// What a `for` walks over: the types of its variables. Reports what cannot be walked over, or is not known at compile time.
void mo_check_loop(struct mo_check *c, struct mo_node *list, struct mo_name first, struct mo_name second, struct mo_scope *scope);
// The type of a literal record or list without anything expected.
const struct mo_type *mo_check_record(struct mo_check *c, struct mo_node *n);
const struct mo_type *mo_check_list(struct mo_check *c, struct mo_node *n);
// A literal record or list, part by part against what is wanted.
const struct mo_type *mo_check_literal(struct mo_check *c, struct mo_node *n, const struct mo_type *want);

// ---- declarations (check_decl.c, check_resource.c, check_instance.c, check_stack.c) --------------------------------------------------

void mo_check_items(struct mo_check *c, mo_nodes items);
// The type of a name, checking its declaration first when that has not happened yet.
const struct mo_type *mo_check_symbol(struct mo_check *c, struct mo_symbol *s, struct mo_span used_at);
void mo_check_resource(struct mo_check *c, struct mo_node *n);
void mo_check_existing(struct mo_check *c, struct mo_node *n);
void mo_check_instance(struct mo_check *c, struct mo_node *n);
void mo_check_account(struct mo_check *c, struct mo_node *n);
void mo_check_stack(struct mo_check *c, struct mo_node *n);
void mo_check_platform(struct mo_check *c, struct mo_node *n);
void mo_check_keys(struct mo_check *c, mo_nodes keys);
void mo_check_decorators(struct mo_check *c, struct mo_item *item);
// Checks a component once, so that what it needs of its inputs is known.
void mo_check_component(struct mo_check *c, struct mo_symbol *component, struct mo_span used_at);
// The type of a component's output (or input) as its callers see it.
const struct mo_type *mo_check_output(struct mo_check *c, const struct mo_type *instance, mo_atom name);
// Continues elsewhere (another file or body) and comes back.
struct mo_check mo_check_enter(struct mo_check *c, struct mo_module *module, struct mo_scope *body, const struct mo_nesting *nesting);
void mo_check_leave(struct mo_check *c, struct mo_check before);
void mo_check_unsupported(struct mo_check *c, struct mo_span span, const char *what);

// ---- written types (check_type.c) ----------------------------------------------------------------------------------------------------

const struct mo_type *mo_type_of_node(struct mo_program *p, struct mo_node *type_expr);
// The record of what can be read from an instance of a component.
const struct mo_type *mo_type_of_component(struct mo_check *c, struct mo_symbol *component);

// ---- fitting (fit.c) -----------------------------------------------------------------------------------------------------------------

enum mo_misfit {
	MO_FITS,
	MO_MISFIT_TYPE,
	MO_MISFIT_NONE,      // may be none
	MO_MISFIT_REFERENCE, // identifies another kind of resource
	MO_MISFIT_BARE,      // a resource where plain text is wanted
	MO_MISFIT_ALLOWED,   // not among the values allowed
	MO_MISFIT_RANGE,     // a number or a length out of bounds
	MO_MISFIT_PATTERN,
	MO_MISFIT_MISSING,   // a field is missing
	MO_MISFIT_UNKNOWN,   // a field is unknown
};

struct mo_fit {
	enum mo_misfit misfit;
	const struct mo_type *from, *to; // the parts that do not fit
	struct mo_str path;              // where in the value: "[*].name"; empty at the top
};

struct mo_fit mo_fit_types(struct mo_check *c, const struct mo_type *from, const struct mo_type *to);
// Reports at the node when the type does not fit; returns whether it does.
bool mo_check_fit(struct mo_check *c, struct mo_node *n, const struct mo_type *from, const struct mo_type *to);

// ---- times (check_time.c) --------------------------------------------------------------------------------------------------------------

// Demands that a value (at its top level; `deep`: wholly) is known at compile time. `what` says for what: "the list of a `for`".
bool mo_check_known(struct mo_check *c, const struct mo_type *t, bool deep, struct mo_span at, const char *what);
// What a body needs of an argument, asked of the argument that is passed.
void mo_check_needs(struct mo_check *c, const struct mo_type *argument, const struct mo_place *place, struct mo_span at);
// A type of the inside as seen by a caller: places become the times of the arguments (input symbol -> type).
const struct mo_type *mo_check_substitute(struct mo_check *c, const struct mo_type *t, const struct mo_map *arguments);
// A written type with the times of the value that was given for it.
const struct mo_type *mo_check_retime(struct mo_check *c, const struct mo_type *declared, const struct mo_type *actual);
// The time of all that is in a value.
struct mo_time mo_type_deep_time(struct mo_ctx *ctx, const struct mo_type *t);

// ---- facts (facts.c) -------------------------------------------------------------------------------------------------------------------

uint32_t mo_facts_push(struct mo_check *c, struct mo_node *cond, bool truth); // gives the mark to go back to
void mo_facts_pop(struct mo_check *c, uint32_t mark);
// The type of a name or member as narrowed by what is known here.
const struct mo_type *mo_facts_narrow(struct mo_check *c, struct mo_node *n, const struct mo_type *t);
// Whether a declaration inside `if` blocks is known to exist here.
bool mo_facts_imply(struct mo_check *c, const struct mo_nesting *nesting);

#endif
