// SPDX-License-Identifier: Apache-2.0
// YAML and JSON files as trees with positions, so that an error can point into the data file. libyaml and cJSON do the reading.
// YAML plain scalars keep their text: what `012345678901` means depends on the type that is wanted, so the tree holds both the text and
// what the YAML 1.2 core schema makes of it.
#ifndef MO_SOURCE_DATA_H
#define MO_SOURCE_DATA_H

#include "base/vec.h"
#include "source/source.h"

enum mo_data_kind { MO_DATA_NULL, MO_DATA_BOOL, MO_DATA_INT, MO_DATA_FLOAT, MO_DATA_STRING, MO_DATA_LIST, MO_DATA_OBJECT };

struct mo_data;

struct mo_data_member {
	struct mo_str key;
	struct mo_span key_span;
	const struct mo_data *value;
};

struct mo_data {
	enum mo_data_kind kind; // of a plain YAML scalar: what the core schema says
	bool plain;             // an unquoted YAML scalar: .text may be wanted as a String
	struct mo_span span;
	struct mo_str text;     // STRING; any scalar: as written
	bool boolean;
	int64_t integer;
	double number;
	MO_VEC(const struct mo_data *) items;
	MO_VEC(struct mo_data_member) members; // in the order of the file; keys are unique
};

enum { MO_DATA_DEPTH = 100 }; // nesting of lists and objects

struct mo_data_error {
	struct mo_span span;  // within the file
	struct mo_str text;   // "duplicate key `name`", "nested deeper than 100", the parser's own words…
};

// NULL on a syntax error, a duplicate key, an integer beyond 64 bits, an alias cycle or more than MO_DATA_DEPTH levels; *error says which.
// YAML: one document; aliases and merge keys (<<) are resolved, tags other than the core schema's are an error.
const struct mo_data *mo_data_read_yaml(struct mo_arena *arena, const struct mo_source *source, struct mo_data_error *error);
const struct mo_data *mo_data_read_json(struct mo_arena *arena, const struct mo_source *source, struct mo_data_error *error);
// A CloudFormation template in JSON or YAML; the short forms of functions are read as their long ones: `!Ref x` as { Ref: x }.
const struct mo_data *mo_data_read_template(struct mo_arena *arena, const struct mo_source *source, struct mo_data_error *error);
bool mo_data_is_json_template(const struct mo_source *source);
// The whole text as one plain YAML scalar. A number that cannot be held is text. Needs no NUL behind the text.
struct mo_data *mo_data_read_scalar(struct mo_arena *arena, const struct mo_source *source);

// The value of a key; NULL when there is none, or the data is no object (or NULL).
const struct mo_data *mo_data_get(const struct mo_data *d, const char *key);

#endif
