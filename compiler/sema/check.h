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

// What is being checked because something else needs it, innermost first; lives on the C stack.
struct mo_checking {
	struct mo_checking *outer;
	struct mo_symbol *symbol;
	struct mo_span asked; // where it was needed
};

struct mo_check {
	struct mo_program *program;
	struct mo_ctx *ctx;
	struct mo_module *module;      // the file at hand
	struct mo_scope *body;         // the component, stack or file at hand
	MO_VEC(struct mo_fact) facts;
	uint32_t blocks, loops;        // `if` and `for` blocks around the declaration at hand in its body; how many of them are `for`
	bool raw;                      // inside `raw` and `@raw`: JSON as CloudFormation reads it
	bool rule;                     // the condition of an `assert`, which may become a rule of CloudFormation's
	struct mo_str wanted_for;      // the property, input or argument that the value at hand is for; empty when it has no name
	struct mo_str wanted_by;       // whose argument it is; empty when that goes without saying
	mo_atom defaults_of;           // a resource type whose properties may come from `defaults`, for the next mo_check_fields; 0: none
};

// ---- expressions (check_expr.c, check_operator.c, check_choice.c, check_call.c, check_builtin.c) --------------------------------------

// The type of an expression; ERROR after a report. Also stored in node->type.
const struct mo_type *mo_check_infer(struct mo_check *c, struct mo_node *n);
// The type of an expression that must fit `want`; literals are checked part by part against it. Reports what does not fit.
const struct mo_type *mo_check_expr(struct mo_check *c, struct mo_node *n, const struct mo_type *want);
// The same for a value that is for something of this name, as messages say: "`VpcId` wants a VPC".
const struct mo_type *mo_check_for(struct mo_check *c, struct mo_node *n, const struct mo_type *want, struct mo_str name);
// Fields of something that is not known: they are still looked at, so that one run shows what else is wrong in them.
void mo_check_infer_fields(struct mo_check *c, mo_nodes items);
// A condition: a Bool, that is for nothing else.
const struct mo_type *mo_check_condition(struct mo_check *c, struct mo_node *n);
const struct mo_type *mo_check_unary(struct mo_check *c, struct mo_node *n);
const struct mo_type *mo_check_binary(struct mo_check *c, struct mo_node *n);
const struct mo_type *mo_check_is(struct mo_check *c, struct mo_node *n);
// `want` is NULL where any type will do.
const struct mo_type *mo_check_coalesce(struct mo_check *c, struct mo_node *n, const struct mo_type *want);
const struct mo_type *mo_check_if(struct mo_check *c, struct mo_node *n, const struct mo_type *want);
const struct mo_type *mo_check_match(struct mo_check *c, struct mo_node *n, const struct mo_type *want);
// Whether values of the two types can be equal. Literals that were found in expressions, not declared, count as any value of their kind,
// except where the expression itself is one (`n` is NULL: no expression is meant).
bool mo_check_can_be_equal(struct mo_check *c, struct mo_node *left, const struct mo_type *l, struct mo_node *right, const struct mo_type *r);
const struct mo_type *mo_check_call(struct mo_check *c, struct mo_node *n);
// `want` may be NULL; yaml and json check what they read against it, for all others the caller does.
const struct mo_type *mo_check_builtin(struct mo_check *c, struct mo_node *n, const struct mo_builtin *b, const struct mo_type *want);
// CloudFormation's own function, called by its name.
const struct mo_type *mo_check_intrinsic(struct mo_check *c, struct mo_node *n);
// Checks a function once, so that what it needs of its parameters is known; gives the type of its result.
const struct mo_type *mo_check_fn(struct mo_check *c, struct mo_symbol *fn, struct mo_span used_at);

// ---- members (check_member.c, check_index.c) -------------------------------------------------------------------------------------------

const struct mo_type *mo_check_member(struct mo_check *c, struct mo_node *n);
const struct mo_type *mo_check_index(struct mo_check *c, struct mo_node *n);
// Of `a[k]?.b`: none where the key is missing.
const struct mo_type *mo_check_index_or_none(struct mo_check *c, struct mo_node *n);
// What the catalog knows of a resource type; 0 for those whose attributes only their makers know.
mo_cat mo_check_catalog_type(struct mo_str type);
// The `resource TYPE { … }` of a type, in whatever file of the program; NULL without one.
struct mo_symbol *mo_check_schema(struct mo_check *c, struct mo_str type);
// The type of a member; NULL (nothing reported) when the type has no such member.
const struct mo_type *mo_check_find_member(struct mo_check *c, const struct mo_type *of, mo_atom name);
// Whether a component or stack may have a member of this name all the same: its declaration could not be read.
bool mo_check_may_declare(const struct mo_type *t, mo_atom name);
// The type of a name as seen from a place: optional where it is not known to be declared, a family where it has keys.
const struct mo_type *mo_check_seen(struct mo_check *c, struct mo_symbol *s, const struct mo_type *t);

// ---- literals (check_literal.c, check_fields.c, check_loop.c) ---------------------------------------------------------------------------

// A literal record or list, part by part against what is wanted.
const struct mo_type *mo_check_literal(struct mo_check *c, struct mo_node *n, const struct mo_type *want);
// The type of a literal record or list without anything expected.
const struct mo_type *mo_check_record(struct mo_check *c, struct mo_node *n);
const struct mo_type *mo_check_list(struct mo_check *c, struct mo_node *n);
// Fields of a block or record against a RECORD or STRUCT: unknown, missing, repeated and wrong ones. `at` is where missing ones are
// reported; nowhere: they are not. `given` gets the types of the fields that were passed, by name; may be NULL. Gives the record of what was passed.
const struct mo_type *mo_check_fields(struct mo_check *c, mo_nodes items, const struct mo_type *want, struct mo_span at, struct mo_map *given);
// The same for fields that change what is there: `+:` adds to lists and maps, nothing is missing.
const struct mo_type *mo_check_changes(struct mo_check *c, mo_nodes items, const struct mo_type *want);
// Every field against one type (NULL: anything): a map, or JSON.
const struct mo_type *mo_check_entries(struct mo_check *c, mo_nodes items, const struct mo_type *want);
// What a `for` walks over: the types of its variables. Reports what cannot be walked over, or is not known at compile time.
// The same for a `for` around declarations: it may also go over a list parameter, which CloudFormation then does (Fn::ForEach).
void mo_check_declaring_loop(struct mo_check *c, struct mo_for_decl_node *loop);
// What CloudFormation cannot repeat has no place in such a `for`; what it can, has the element as a key.
void mo_check_repeated(struct mo_check *c, struct mo_for_decl_node *loop);
// Whether an expression is the element of such a list.
bool mo_check_is_each(const struct mo_node *n);
void mo_check_loop(struct mo_check *c, struct mo_node *list, struct mo_name first, struct mo_name second, struct mo_scope *scope);
// Checks clauses from left to right; gives the time of how often the body happens. Facts stay until the caller pops them.
struct mo_time mo_check_clauses(struct mo_check *c, mo_nodes clauses);

// ---- data files (check_data.c) ---------------------------------------------------------------------------------------------------------

// The type of what `yaml`, `json`, `text` or `glob` gives; with something wanted, the content is checked against it and reported in the file.
const struct mo_type *mo_check_file(struct mo_check *c, struct mo_node *call, enum mo_builtin_kind kind, struct mo_node *path,
	const struct mo_type *want);

struct mo_data;
// Whether data fits what is wanted; reports what does not, inside the data. `name` is what the data is for, `from` a place that has to do
// with it, for a label that says `from_words`.
bool mo_check_data(struct mo_check *c, const struct mo_data *d, const struct mo_type *want, struct mo_str name, struct mo_span from,
	const char *from_words);

// ---- declarations (check_item.c, check_decl.c, check_resource.c, check_stack.c, check_decorator.c) ---------------------------------------

void mo_check_items(struct mo_check *c, mo_nodes items);
// The type of a name, checking its declaration first when that has not happened yet.
const struct mo_type *mo_check_symbol(struct mo_check *c, struct mo_symbol *s, struct mo_span used_at);
// An input at the top of a file, with what it is given from outside (check_input.c).
void mo_check_program_input(struct mo_check *c, struct mo_input_node *n);
void mo_check_resource(struct mo_check *c, struct mo_node *n);
// The type of the properties of a resource type: STRUCT, or RECORD for a custom one with a schema. NULL without a schema. `unknown` tells
// that there is no such type; nothing is reported.
const struct mo_type *mo_check_properties_of(struct mo_check *c, const struct mo_scope *from, mo_atom kind, bool *unknown);
void mo_check_existing(struct mo_check *c, struct mo_node *n);
void mo_check_instance(struct mo_check *c, struct mo_node *n);
const struct mo_type *mo_check_account(struct mo_check *c, struct mo_node *n);
void mo_check_stack(struct mo_check *c, struct mo_node *n);
// The block of a stack or template, in its own scope, with the declaration that it belongs to (a family may have several).
void mo_check_body(struct mo_check *c, struct mo_node *n, struct mo_node *block);
void mo_check_template(struct mo_check *c, struct mo_node *n);
void mo_check_home(struct mo_check *c, struct mo_node *n); // `assets: bucket` of a template
void mo_check_nested(struct mo_check *c, struct mo_node *n);
// Reads and checks a template taken from a file: sets template->file, and template->declared to the record of its parameters.
void mo_check_template_file(struct mo_check *c, struct mo_symbol *template, struct mo_node *from);
// The record of the outputs of such a template that are always there.
const struct mo_type *mo_check_template_file_outputs(struct mo_check *c, const struct mo_symbol *template);
bool mo_check_is_from_file(const struct mo_symbol *template);
// The record of the outputs of a template that are always there; ERROR when its file could not be read.
const struct mo_type *mo_check_template_outputs(struct mo_check *c, const struct mo_symbol *template, struct mo_span at);
// The type of a nested stack: a resource that shows what the template's outputs are.
const struct mo_type *mo_check_nested_type(struct mo_check *c, struct mo_node *n);
// What an output of a nested stack is, NULL when its template has none of this name; `outputs`: a record of all.
const struct mo_type *mo_check_nested_member(struct mo_check *c, const struct mo_type *of, mo_atom name, struct mo_span at);
// What a stack declares: its own body, or that of the template that it is made from. NULL when that is not known.
struct mo_scope *mo_check_stack_body(struct mo_check *c, struct mo_symbol *stack);
// What a template takes, as a record type; ERROR when that is not known.
const struct mo_type *mo_check_template_inputs(struct mo_check *c, struct mo_symbol *template);
// The template that a stack or nested stack of the name at `at` is made from, and what it is given for its parameters.
void mo_check_given(struct mo_check *c, struct mo_node *from, mo_nodes items, struct mo_span at);
// A member of a template as a value; NULL when it has none of this name.
const struct mo_type *mo_check_template_member(struct mo_check *c, const struct mo_type *of, mo_atom name, struct mo_span at);
void mo_check_param(struct mo_check *c, struct mo_node *n);
// The type that a parameter declares; ERROR when CloudFormation has no parameters of it (reported).
const struct mo_type *mo_check_param_type(struct mo_check *c, struct mo_node *n);
void mo_check_platform(struct mo_check *c, struct mo_node *n);
void mo_check_grant(struct mo_check *c, struct mo_node *n);           // check_grant.c
void mo_check_permission(struct mo_check *c, struct mo_node *n);      // check_permission.c
void mo_check_resource_policy(struct mo_check *c, struct mo_node *n);
void mo_check_keys(struct mo_check *c, mo_nodes keys);
void mo_check_decorators(struct mo_check *c, struct mo_item *item);
// Checks a component once, so that what it needs of its inputs is known.
void mo_check_component(struct mo_check *c, struct mo_symbol *component, struct mo_span used_at);
// The type of a component's output (or input) as its callers see it.
const struct mo_type *mo_check_output(struct mo_check *c, const struct mo_type *instance, mo_atom name);
// The types of the variables of the `for` blocks around a place, and what holds in its `if` blocks.
void mo_check_nesting(struct mo_check *c, const struct mo_nesting *nesting);
// Continues elsewhere (another file or body) and comes back.
struct mo_check mo_check_enter(struct mo_check *c, struct mo_module *module, struct mo_scope *body, const struct mo_nesting *nesting);
void mo_check_leave(struct mo_check *c, struct mo_check before);
// Notes what is being checked, for cycles; pushed and popped in pairs.
void mo_checking_push(struct mo_check *c, struct mo_checking *k, struct mo_symbol *s, struct mo_span asked);
void mo_checking_pop(struct mo_check *c);
// Whether expressions and names need each other deeper than the C stack should go (reported).
bool mo_check_too_deep(struct mo_check *c, struct mo_span at);
// Reports a chain of needs that comes back to `s`, with every name on it. `what` completes "… depends on itself".
void mo_check_report_cycle(struct mo_check *c, struct mo_symbol *s, struct mo_span asked, const char *what);
void mo_check_unsupported(struct mo_check *c, struct mo_span span, const char *what);
// The word that a declaration starts with, without its decorators: a span for messages about the whole of it.
struct mo_span mo_check_head(struct mo_check *c, const struct mo_node *item);
// CloudFormation has no type of this name: says which is near.
void mo_check_unknown_type(struct mo_check *c, struct mo_str name, struct mo_span at);

// ---- from outside (check_outside.c) ----------------------------------------------------------------------------------------------------

void mo_check_override(struct mo_check *c, struct mo_node *n);
void mo_check_defaults(struct mo_check *c, struct mo_node *n);
// Whether `defaults` around the body at hand, in it or in its file, set a property of every resource of the type.
bool mo_check_has_default(struct mo_check *c, mo_atom kind, mo_atom property);

// ---- written types (check_type.c) ----------------------------------------------------------------------------------------------------

const struct mo_type *mo_type_of_node(struct mo_program *p, struct mo_node *type_expr);
// The type of a `param`, which may be Ssm<T>: a String, the name, that is `stored` as a T.
const struct mo_type *mo_type_of_param_node(struct mo_program *p, struct mo_node *type_expr);
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

// The expression as it is written, when it is short enough to be repeated; otherwise a name for it.
struct mo_str mo_check_quote(struct mo_check *c, struct mo_span span, const char *otherwise);
// "`a.Ref` or `a.Arn`": what can be meant by a resource where text is wanted, each between `before` and `after`.
struct mo_str mo_check_values_of(struct mo_check *c, const struct mo_type *resource, struct mo_str source, const char *before, const char *after);
// Labels the declaration of the name that an expression is.
void mo_check_label_declaration(struct mo_diag *d, struct mo_node *n);
// What a written text was probably meant to be among the literals of a type: did-you-mean, and the list of them.
void mo_check_suggest_literal(struct mo_check *c, struct mo_diag *d, struct mo_node *n, const struct mo_type *found, const struct mo_type *among);

// ---- times (check_time.c) --------------------------------------------------------------------------------------------------------------

// Demands that a value (at its top level; `deep`: wholly) is known at compile time. `what` says for what: "the list of a `for`".
bool mo_check_known(struct mo_check *c, const struct mo_type *t, bool deep, struct mo_span at, const char *what);
// Labels the place where something became known at deploy time, when it is another one than `at`.
void mo_check_label_deploy(struct mo_diag *d, struct mo_time time, struct mo_span at);
// What a body needs of an argument, asked of the argument that is passed.
void mo_check_needs(struct mo_check *c, const struct mo_type *argument, const struct mo_place *place, struct mo_node *written);
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
// Whether a declaration of the name is there at this place: by what holds here, or because its declarations stand in all branches.
bool mo_facts_present(struct mo_check *c, const struct mo_symbol *s);

#endif
