// SPDX-License-Identifier: Apache-2.0
// Types, and with them times: when a value is known. A type says at each of its levels when that level is known (the text of a
// String, the length of a list, whether an optional thing is there), so { name: "dev", id: some_parameter } has a compile-time name.
// Types are immutable and live in the session arena.
#ifndef MO_SEMA_TYPE_H
#define MO_SEMA_TYPE_H

#include "base/ctx.h"
#include "base/map.h"
#include "base/vec.h"
#include "catalog/catalog.h"
#include "source/source.h"

#include <stdbool.h>

struct mo_symbol;
struct mo_param_type; // sema/param_type.h

// ---- times -----------------------------------------------------------------------------------------------------------------------

// A part of an argument that somebody passes later (an input of a component, a parameter of a function): whether it is known at
// compile time depends on the caller. `needed` is set when the body cannot do without.
struct mo_place {
	struct mo_place *parent;
	mo_atom member;            // field name; 0 for "every element"; MO_PRESENT
	struct mo_symbol *symbol;  // at the root
	const struct mo_type *otherwise; // at the root: the type of the default; NULL when there is none
	MO_VEC(struct mo_place *) children;
	bool presence;             // of something optional: whether it is there; what it then is, is the part MO_PRESENT
	bool needed;
	struct mo_span needed_at;  // where the body needs it
	struct mo_str needed_for;  // "the list of a `for`"
};

struct mo_place_list {
	struct mo_place *place;
	const struct mo_place_list *next;
};

// Compile time when `deploy` is false and there are no places.
struct mo_time {
	bool deploy;
	struct mo_span deploy_at;           // where it became deploy-time
	const struct mo_place_list *places; // compile time if all of these are
};

#define MO_PRESENT ((mo_atom)-1)
#define MO_COMPILE_TIME ((struct mo_time){ 0 })

enum {
	MO_TYPE_LARGEST = 1000000, // parts of a type that a name has
	MO_TYPE_DEEPEST = 400,
};

// ---- types -----------------------------------------------------------------------------------------------------------------------

enum mo_type_kind {
	MO_TYPE_ERROR,    // of something already reported: fits everywhere, silently
	MO_TYPE_NONE,
	MO_TYPE_BOOL,
	MO_TYPE_INT,      // .min, .max
	MO_TYPE_FLOAT,
	MO_TYPE_STRING,   // .min, .max (length in characters), .pattern, .literal, .targets
	MO_TYPE_CIDR,
	MO_TYPE_DURATION,
	MO_TYPE_SIZE,
	MO_TYPE_JSON,     // anything that JSON can say
	MO_TYPE_LIST,     // of .element
	MO_TYPE_MAP,      // from String to .element
	MO_TYPE_RECORD,   // .fields
	MO_TYPE_UNION,    // of .alternatives; never nested, never holding OPTIONAL or NONE
	MO_TYPE_OPTIONAL, // of .element, never OPTIONAL itself
	MO_TYPE_STRUCT,   // a record that the catalog describes: .catalog is a structure, .resource_type its owner
	MO_TYPE_RESOURCE, // a resource as a value: .resource_type; any resource when that is empty
	MO_TYPE_INSTANCE, // of a component: .symbol
	MO_TYPE_FAMILY,   // .element, .dimensions
	MO_TYPE_ACCOUNT,  // .fields: its labels; .element: of labels whose names are not known
	MO_TYPE_TARGET,   // an account and a region: the same
	MO_TYPE_STACK,    // .symbol
	MO_TYPE_TEMPLATE, // .symbol, may be NULL
	MO_TYPE_AUDIENCE, // who launches a template: .fields of an org_unit(…), none of `anywhere`
	MO_TYPE_MODULE,   // import … as name: .symbol
	MO_TYPE_AWS,      // the pseudo parameters
	MO_TYPE_FUNCTION, // a fn or a built-in, only as a callee: .symbol
	MO_TYPE_ANY,      // a built-in's argument that takes everything
};

struct mo_type;

struct mo_field {
	mo_atom name;
	struct mo_span span;
	const struct mo_type *type;
	bool optional;
	struct mo_node *value; // the default, NULL when there is none
};

// What a String identifies: `attribute` of a resource of `type`. Empty attribute: any ARN of the type.
struct mo_string_target {
	struct mo_str type;
	struct mo_str attribute;
	bool is_ref; // Ref gives it; else Fn::GetAtt
};

enum mo_string_role { MO_STRING_TEXT, MO_STRING_ARN, MO_STRING_ACCOUNT_ID, MO_STRING_REGION };

struct mo_type {
	enum mo_type_kind kind;
	struct mo_time time;
	mo_atom name;                // declared name, for messages; 0 when it has none
	bool bounded;                // INT, STRING: min and max count
	int64_t min, max;
	struct mo_str pattern;       // STRING
	bool is_literal;             // STRING: exactly .literal; INT, BOOL: exactly .min; CIDR etc. never
	struct mo_str literal;
	enum mo_string_role role;    // STRING
	bool open_targets;           // STRING: other kinds of resource may be meant too; the catalog does not list them all
	bool found;                  // a literal that an expression has, not one that was declared
	bool loose;                  // an unquoted YAML scalar: is text where text is wanted
	bool data;                   // read from a file, where ranges and amounts are texts
	MO_VEC(struct mo_string_target) targets; // STRING: what it identifies (any of); empty: plain text
	const struct mo_param_type *param_type; // STRING: one of CloudFormation's own types of parameters; NULL: none
	const struct mo_type *stored; // STRING: the name of a parameter of Systems Manager; what that holds. NULL: no such name
	struct mo_str unit;          // INT, FLOAT of a property: "s", "MiB": a Duration or Size is converted to it
	const struct mo_type *element;
	bool computed;               // LIST: an expression makes it, and its elements are known when it is, or say themselves when
	uint32_t dimensions;
	MO_VEC(struct mo_field) fields;
	MO_VEC(const struct mo_type *) alternatives;
	mo_cat catalog;
	struct mo_str resource_type; // RESOURCE, STRUCT
	struct mo_symbol *symbol;
	const struct mo_map *arguments; // INSTANCE: input symbol -> type of what was passed; NULL when not known
	uint32_t parts;              // mo_type_parts(), once it was asked for; 0 before
	uint32_t levels;             // so long as there are parts
};

// The types without content, one each; compile-time.
const struct mo_type *mo_type_of_kind(enum mo_type_kind kind);

struct mo_type *mo_type_new(struct mo_ctx *ctx, enum mo_type_kind kind);
const struct mo_type *mo_type_list(struct mo_ctx *ctx, const struct mo_type *element);
// A list that an expression makes, known at `time`.
const struct mo_type *mo_type_computed_list(struct mo_ctx *ctx, const struct mo_type *element, struct mo_time time);
const struct mo_type *mo_type_map(struct mo_ctx *ctx, const struct mo_type *element);
const struct mo_type *mo_type_optional(struct mo_ctx *ctx, const struct mo_type *t); // of an optional type: itself
const struct mo_type *mo_type_literal(struct mo_ctx *ctx, struct mo_str text);
const struct mo_type *mo_type_resource(struct mo_ctx *ctx, struct mo_str resource_type);
// A record type that messages call `name`, to be filled with fields.
struct mo_type *mo_type_record(struct mo_ctx *ctx, const char *name);
void mo_type_add_field(struct mo_ctx *ctx, struct mo_type *record, const char *name, const struct mo_type *type, bool optional);
// What `asset` gives: a record of the places where the file can be had, known at `time`, and of the hash that names it.
const struct mo_type *mo_type_asset(struct mo_ctx *ctx, struct mo_time time);
// Whom a permission is given to, when that is no resource, no account and no ARN: what `service("events")` gives.
const struct mo_type *mo_type_principal(struct mo_ctx *ctx);
bool mo_type_is_principal(struct mo_ctx *ctx, const struct mo_type *t);
// What an account is deployed to: with the labels of the account.
const struct mo_type *mo_type_target(struct mo_ctx *ctx, const struct mo_type *account);
// The type of a property's value, of a property's structure, or of an attribute; made when first asked for and remembered.
const struct mo_type *mo_type_of_property(struct mo_ctx *ctx, struct mo_str resource_type, mo_cat property);
const struct mo_type *mo_type_of_structure(struct mo_ctx *ctx, struct mo_str resource_type, mo_cat structure);
const struct mo_type *mo_type_of_attribute(struct mo_ctx *ctx, struct mo_str resource_type, mo_cat attribute);
// Joins to the least common type: equal, Int and Float, records field by field, else a union.
const struct mo_type *mo_type_union(struct mo_ctx *ctx, const struct mo_type *a, const struct mo_type *b);
// Whether the two admit the same values (times and names do not count).
bool mo_type_same(const struct mo_type *a, const struct mo_type *b);
// How many types stand in it, each as often as it does; MO_TYPE_LARGEST + 1 when they are more, or nest deeper than MO_TYPE_DEEPEST. What
// walks types takes so long.
uint32_t mo_type_parts(const struct mo_type *t);
// What is left when it cannot be none; itself otherwise.
const struct mo_type *mo_type_present(const struct mo_type *t);
bool mo_type_admits_none(const struct mo_type *t);
const struct mo_field *mo_type_field(const struct mo_type *record, mo_atom name); // NULL when absent
// Literals that were found in expressions as any value of their kind.
const struct mo_type *mo_type_widened(struct mo_ctx *ctx, const struct mo_type *t);
// For messages: `Ref<AWS::EC2::VPC>`, `"lead" | "scientist"`, `{ name: String, role?: String }`; long ones are cut at 80 characters.
struct mo_str mo_type_text(struct mo_ctx *ctx, const struct mo_type *t);
// The same in a few words, for the first line of a message: "a VPC" (a resource, or what identifies one), "a record", "String".
struct mo_str mo_type_noun(struct mo_ctx *ctx, const struct mo_type *t);
// "a VPC" for AWS::EC2::VPC, "an S3 access point" for nothing but itself: the last part of a resource type's name, with its article.
struct mo_str mo_resource_noun(struct mo_ctx *ctx, struct mo_str resource_type);

// ---- times of types --------------------------------------------------------------------------------------------------------------

struct mo_time mo_time_join(struct mo_ctx *ctx, struct mo_time a, struct mo_time b);
// The type, known no earlier than `time`.
const struct mo_type *mo_type_at(struct mo_ctx *ctx, const struct mo_type *t, struct mo_time time);
// An optional type whose presence is known no earlier than `time`; what it then is keeps its own time.
const struct mo_type *mo_type_optional_at(struct mo_ctx *ctx, const struct mo_type *t, struct mo_time time);
// The type of an argument that is passed later, to a place.
const struct mo_type *mo_type_placed(struct mo_ctx *ctx, const struct mo_type *declared, struct mo_place *place);
// A part of a type, whose container is known at `t->time`: joins, and moves places down to the member (0: every element); of a computed
// list the places stay, for they are those of something else.
const struct mo_type *mo_type_part(struct mo_ctx *ctx, const struct mo_type *container, mo_atom member, const struct mo_type *part);

#endif
