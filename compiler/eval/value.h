// SPDX-License-Identifier: Apache-2.0
// Values of expressions. Immutable, in the build arena. Anything that CloudFormation has to compute is a DEPLOY value, which holds the
// IR expression; handles (resources, instances, accounts…) are known at compile time although their attributes are not.
#ifndef MO_EVAL_VALUE_H
#define MO_EVAL_VALUE_H

#include "base/atom.h"
#include "base/cidr.h"
#include "base/map.h"
#include "ir/ir.h"
#include "sema/type.h"

struct mo_eval;       // eval/eval.h: one evaluation
struct mo_instance;   // eval/instance.h: a component, stack or template being expanded
struct mo_family;     // eval/instance.h: the members of a keyed name
struct mo_deployment; // eval/instance.h: a stack at one target
struct mo_symbol;

enum mo_value_kind {
	MO_VALUE_ERROR, // something already reported: fits everywhere, silently
	MO_VALUE_NONE,
	MO_VALUE_BOOL,
	MO_VALUE_INT,
	MO_VALUE_FLOAT,
	MO_VALUE_STRING,
	MO_VALUE_CIDR,
	MO_VALUE_DURATION, // milliseconds
	MO_VALUE_SIZE,     // bytes
	MO_VALUE_LIST,
	MO_VALUE_RECORD,   // records and maps: members in order, keys unique
	MO_VALUE_DEPLOY,
	MO_VALUE_RESOURCE,
	MO_VALUE_INSTANCE,
	MO_VALUE_FAMILY,
	MO_VALUE_ACCOUNT,
	MO_VALUE_TARGET,   // an account and a region
	MO_VALUE_STACK,    // a stack as named: its members are read per target
	MO_VALUE_TEMPLATE,
	MO_VALUE_MODULE,
	MO_VALUE_AWS,
};

struct mo_value;
typedef MO_VEC(const struct mo_value *) mo_values;

struct mo_value_member {
	struct mo_str key;
	struct mo_span key_span;
	const struct mo_value *value;
};

struct mo_value {
	enum mo_value_kind kind;
	struct mo_span span; // where it was written (in a data file: there)
	bool plain_scalar;   // from an unquoted YAML scalar: `text` is what was written, whatever the kind
	struct mo_str text;  // STRING; plain scalars
	union {
		bool boolean;
		int64_t integer; // INT, DURATION, SIZE
		double number;
		struct mo_cidr cidr;
		mo_values items;
		struct {
			MO_VEC(struct mo_value_member) members;
			struct mo_map *index; // of many members: value.c's own
		};
		struct {
			const struct mo_ir_value *ir;
			bool is_list; // the IR expression gives a list (Fn::GetAZs, Fn::Split, a list attribute or parameter)
			bool is_any;  // what it gives only CloudFormation knows (Fn::Transform): fits wherever it stands
		};
		struct mo_ir_resource *resource;
		struct mo_instance *instance;
		struct mo_family *family;
		struct {
			const struct mo_ir_account *account;
			struct mo_str region; // TARGET
			const struct mo_value *labels; // RECORD
		};
		struct mo_symbol *symbol; // STACK, TEMPLATE, MODULE
	};
};

const struct mo_value *mo_value_simple(enum mo_value_kind kind); // ERROR, NONE, AWS: shared constants, nowhere
const struct mo_value *mo_value_bool(struct mo_arena *a, struct mo_span span, bool b);
const struct mo_value *mo_value_int(struct mo_arena *a, struct mo_span span, int64_t n);
const struct mo_value *mo_value_float(struct mo_arena *a, struct mo_span span, double d);
const struct mo_value *mo_value_string(struct mo_arena *a, struct mo_span span, struct mo_str text); // not copied
const struct mo_value *mo_value_cidr(struct mo_arena *a, struct mo_span span, struct mo_cidr c);
const struct mo_value *mo_value_deploy(struct mo_arena *a, struct mo_span span, const struct mo_ir_value *ir, bool is_list);
const struct mo_value *mo_value_resource(struct mo_arena *a, struct mo_span span, struct mo_ir_resource *r);
struct mo_value *mo_value_new(struct mo_arena *a, enum mo_value_kind kind, struct mo_span span);
struct mo_value *mo_value_list(struct mo_arena *a, struct mo_span span);   // fill with mo_push(a, &v->items, …)
struct mo_value *mo_value_record(struct mo_arena *a, struct mo_span span); // fill with mo_value_set
void mo_value_set(struct mo_arena *a, struct mo_value *record, struct mo_str key, struct mo_span key_span, const struct mo_value *v); // replaces in place
const struct mo_value *mo_value_get(const struct mo_value *record, struct mo_str key); // NULL when absent

// Structural; the order of members does not count and one that is none is as good as absent; 1 equals 1.0; DEPLOY by mo_ir_equal;
// handles by identity.
bool mo_value_equal(const struct mo_value *a, const struct mo_value *b);
uint64_t mo_value_hash(const struct mo_value *v);                        // equal values have equal hashes
// "a String", "a list of 3", for messages; and the value itself, short: `"dev"`, `[1, 2, …]`.
struct mo_str mo_value_kind_text(struct mo_arena *a, const struct mo_value *v);
struct mo_str mo_value_text(struct mo_arena *a, const struct mo_value *v);
// Whether CloudFormation has to compute any part of it.
bool mo_value_is_deploy_time(const struct mo_value *v);

#endif
