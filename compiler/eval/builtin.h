// SPDX-License-Identifier: Apache-2.0
// Inside the built-in functions: a call with evaluated arguments, and ways to take them. Seen by builtin*.c only.
#ifndef MO_EVAL_BUILTIN_H
#define MO_EVAL_BUILTIN_H

#include "diag/diag.h"
#include "eval/eval.h"
#include "sema/builtin.h"

struct mo_call {
	struct mo_eval *ev;
	const struct mo_builtin *builtin;
	struct mo_node *node;
	struct mo_span span;                // of the call
	const struct mo_value *const *args; // NULL where an optional one is absent
	uint32_t count;
};

// Gives the result; ERROR after a report.
typedef const struct mo_value *(*mo_builtin_fn)(const struct mo_call *c);

#define MO_BUILTIN_FUNCTIONS(X)                                                                                                  \
	X(LENGTH, length) X(CONTAINS, contains) X(INDEX, index) X(KEYS, keys) X(VALUES, values) X(ENTRIES, entries)             \
	X(FLATTEN, flatten) X(DISTINCT, distinct) X(SORT, sort) X(REVERSE, reverse) X(ZIP, zip) X(SUM, sum) X(MIN, min)         \
	X(MAX, max) X(ALL, all) X(ANY, any) X(SLICE, slice) X(MERGE, merge)                                                     \
	X(JOIN, join) X(SPLIT, split) X(REPLACE, replace) X(LOWER, lower) X(UPPER, upper) X(TRIM, trim)                         \
	X(STARTS_WITH, starts_with) X(ENDS_WITH, ends_with) X(MATCHES, matches) X(PAD, pad) X(DIV, div) X(TO_INT, to_int) X(FILL, fill)     \
	X(BASE64, base64) X(SHA256, sha256) X(TO_JSON, to_json) X(TO_YAML, to_yaml)                                             \
	X(CIDR_SUBNETS, cidr_subnets) X(CIDR_CONTAINS, cidr_contains) X(CIDR_OVERLAPS, cidr_overlaps) X(CIDR_PLAN, cidr_plan)   \
	X(ARN_OF, arn_of) X(ORG_UNIT, org_unit) X(TEMPLATE_PARAMETERS, template_parameters) X(TEMPLATE_URL, template_url)      \
	X(TEMPLATE_VERSIONS, template_versions) X(PROJECT_FILE, project_file) X(WAVES, waves) X(ACCOUNT_REF, account_ref)         \
	X(REF, Ref) X(CONDITION, Condition)                                                                                     \
	X(SERVICE, service) X(ORG, org) X(ORG_PATH, org_path) X(FEDERATED, federated)                                           \
	X(YAML, yaml) X(JSON, json) X(TEXT, text) X(GLOB, glob) X(ASSET, asset) X(IMAGE, image) X(SSM, ssm) X(SECRET, secret)

#define X(KIND, name) const struct mo_value *mo_builtin_##name(const struct mo_call *c);
MO_BUILTIN_FUNCTIONS(X)
#undef X

// Where to point for an argument.
struct mo_span mo_arg_span(const struct mo_call *c, uint32_t i);
// The parameter's name, for messages.
struct mo_str mo_arg_name(const struct mo_call *c, uint32_t i);

// An argument that must be known now, as the type says. Reported and false otherwise.
bool mo_arg_text(const struct mo_call *c, uint32_t i, struct mo_str *out);
bool mo_arg_int(const struct mo_call *c, uint32_t i, int64_t *out);
bool mo_arg_cidr(const struct mo_call *c, uint32_t i, struct mo_cidr *out);
// A list of known length (families are lists of their members) or a record; NULL after a report.
const struct mo_value *mo_arg_list(const struct mo_call *c, uint32_t i);
const struct mo_value *mo_arg_record(const struct mo_call *c, uint32_t i);

const struct mo_value *mo_builtin_error(void);
// "CloudFormation cannot compute `length`…": argument i is known only at deploy time. Gives ERROR.
const struct mo_value *mo_arg_is_deploy_time(const struct mo_call *c, uint32_t i, const char *instead);
// "expected …, found …". Gives ERROR.
const struct mo_value *mo_arg_misfit(const struct mo_call *c, uint32_t i, const char *expected);
// MSG_BAD_ARGUMENT at argument i.
const struct mo_value *mo_arg_refuse(const struct mo_call *c, uint32_t i, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

// Whether a list may have this many elements, a text this many bytes; reported when not.
bool mo_list_has_room(const struct mo_call *c, uint64_t count);
bool mo_text_has_room(const struct mo_call *c, uint64_t bytes);

// New values at the call.
const struct mo_value *mo_give_text(const struct mo_call *c, struct mo_str text);
const struct mo_value *mo_give_bool(const struct mo_call *c, bool b);
const struct mo_value *mo_give_int(const struct mo_call *c, int64_t n);

#endif
