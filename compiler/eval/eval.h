// SPDX-License-Identifier: Apache-2.0
// Evaluation: a checked program in, the platform out. Values are partial: what only CloudFormation can know stays an IR expression.
#ifndef MO_EVAL_EVAL_H
#define MO_EVAL_EVAL_H

#include "eval/value.h"
#include "ir/ir.h"
#include "sema/scope.h"
#include "syntax/ast.h"

enum {
	MO_EVAL_DEPTH = 400,         // nested expressions, calls and expansions
	MO_EVAL_STEPS = 200000000,   // expressions evaluated in one build
	MO_LIST_LARGEST = 1000000,   // elements of a list or members of a record that a built-in makes
	MO_STRING_LARGEST = 16 << 20, // bytes of a text
	MO_EVAL_ROUNDS = 6,           // of telling targets apart for the sake of permissions; then each one is by itself
	MO_EVAL_PARTS_A_STEP = 2,    // elements, and MO_EVAL_BYTES_A_STEP bytes of texts, that a built-in goes through in the time of one step
	MO_EVAL_BYTES_A_STEP = 16,
};

// What may be done in other processes, for stacks with many targets.
struct mo_workers {
	uint32_t jobs; // processes at a time; 0: none
	// Checks a finished template and renders it into `out`. False when it cannot be done, or something was reported.
	bool (*render)(void *data, struct mo_ir_template *t, struct mo_ir_rendered *out);
	void *data;
};

// Evaluates and expands the whole program and lowers it. Errors are reported into ctx->diags; the platform is returned all the same
// (only whole when there were none).
struct mo_ir_platform *mo_evaluate(struct mo_program *program, const struct mo_workers *workers);

// ---- for the parts of eval/ ------------------------------------------------------------------------------------------------------

struct mo_eval {
	struct mo_ctx *ctx;
	struct mo_arena *arena; // the build arena
	struct mo_program *program;
	struct mo_ir_platform *platform;
	const struct mo_workers *workers;
	uint32_t depth;
	uint64_t steps;
	size_t most_memory; // bytes that may be in use while evaluating: two thirds of what there may ever be
	bool failed; // a limit was hit and reported: everything evaluates to ERROR from here
	bool verbatim; // inside `raw`: texts may hold dynamic references
	struct mo_evaluator *evaluator; // eval/expand.c's own state
	struct mo_map data_values;      // mo_data -> mo_value: a file is turned into values once
	uint32_t round;                 // how often everything was evaluated before
	struct mo_map kinds;            // hash of a stack and a target -> a number that tells it from others of the stack (eval/variant.c)
};

// The value as `type` wants it: a resource becomes its Ref or attribute, a Duration the number of its unit, a scalar a String, missing
// record fields get their defaults; a plain YAML scalar takes the type that is wanted. Bounds, patterns and literals are verified for
// what is known now. Reports at `span` (or inside the value where that is more exact) and gives ERROR when it does not fit.
const struct mo_value *mo_coerce(struct mo_eval *ev, const struct mo_value *v, const struct mo_type *type, struct mo_span span);
// Whether mo_coerce would succeed, without reporting.
bool mo_value_fits(struct mo_eval *ev, const struct mo_value *v, const struct mo_type *type);

// A value that is in the IR already: text, numbers, lists and objects known now become values again, the rest is DEPLOY.
const struct mo_value *mo_value_of_ir(struct mo_arena *a, const struct mo_ir_value *ir);

// The value as IR, for a place in a template. Absent optional things become MO_IR_PSEUDO AWS::NoValue only inside deploy-time
// conditionals; a record member or list element that is none is dropped. Resources must have been coerced before: a bare one is an error
// that offers `.Ref` and `.Arn`. Handles other than resources are errors.
const struct mo_ir_value *mo_lower(struct mo_eval *ev, const struct mo_value *v);

// The value of a data file.
const struct mo_value *mo_value_of_data(struct mo_eval *ev, const struct mo_data *data);

// Calls a built-in with evaluated arguments (positional; absent optional ones are NULL). `node` is the call.
const struct mo_value *mo_call_builtin(struct mo_eval *ev, const struct mo_builtin *builtin, struct mo_node *node,
	const struct mo_value *const *args, uint32_t count);

// A member of any value: record field, label, output, attribute or property of a resource…; reports unknown ones. `symbol`-free: by kind.
const struct mo_value *mo_eval_member(struct mo_eval *ev, const struct mo_value *object, struct mo_name name);

// Whether mo_eval_member would find it. Evaluates nothing and reports nothing.
bool mo_eval_has_member(struct mo_eval *ev, const struct mo_value *object, mo_atom name);

// The members of a family as a value: a RECORD from key to member when it has one key, a LIST in source order otherwise.
const struct mo_value *mo_family_value(struct mo_eval *ev, const struct mo_value *family);

// The default of a type's field (struct mo_field.value): sees the names of its own file only.
const struct mo_value *mo_eval_default(struct mo_eval *ev, struct mo_node *node);

// Whom a permission is given to: { kind, value }.
const struct mo_value *mo_principal_value(struct mo_eval *ev, struct mo_span span, const char *kind, const struct mo_value *value);

// The joined text of parts: a String when all are known now, else a DEPLOY Fn::Sub. Parts must be scalars.
const struct mo_value *mo_concat(struct mo_eval *ev, struct mo_span span, const struct mo_value *const *parts, uint32_t count);

#endif
