// SPDX-License-Identifier: Apache-2.0
// Inside sema: how calls of built-ins are checked. The table of checkers is in check_builtin.c.
#ifndef MO_SEMA_CHECK_BUILTIN_H
#define MO_SEMA_CHECK_BUILTIN_H

#include "sema/check.h"

enum { MO_MOST_ARGUMENTS = 16 };

struct mo_arguments_checked {
	struct mo_node *call;
	const struct mo_builtin *b;
	const struct mo_type *wanted;                  // of the result; NULL: anything
	struct mo_node *node[MO_MOST_ARGUMENTS];       // NULL when not given
	const struct mo_type *type[MO_MOST_ARGUMENTS];
	uint32_t count;
	bool failed;                                   // reported
};

typedef const struct mo_type *mo_builtin_checker(struct mo_check *c, struct mo_arguments_checked *a);

// The argument must fit a type.
const struct mo_type *mo_argument_fits(struct mo_check *c, struct mo_arguments_checked *a, uint32_t i, const struct mo_type *type);
// Whether the argument may be none (reported, with what might stand instead).
bool mo_argument_absent(struct mo_check *c, struct mo_arguments_checked *a, uint32_t i, const char *instead);
// The argument must be a list, whose element type is given; ERROR otherwise.
const struct mo_type *mo_argument_list(struct mo_check *c, struct mo_arguments_checked *a, uint32_t i);
// What a map, record or family maps to; ERROR when the argument is none of these.
const struct mo_type *mo_argument_map(struct mo_check *c, struct mo_arguments_checked *a, uint32_t i);
// The top level of the argument must be known at compile time: "the list of `zip`".
bool mo_argument_known(struct mo_check *c, struct mo_arguments_checked *a, uint32_t i);
// When everything in the arguments is known.
struct mo_time mo_arguments_time(struct mo_check *c, struct mo_arguments_checked *a);
// The type of a result that only the compiler can compute: nothing that CloudFormation has to compute may go in.
const struct mo_type *mo_known_result(struct mo_check *c, struct mo_arguments_checked *a, const struct mo_type *result);

// Of lists and maps (check_builtin_list.c).
mo_builtin_checker mo_check_length, mo_check_search, mo_check_of_maps, mo_check_of_lists, mo_check_zip, mo_check_slice, mo_check_merge;
// Of text and networks (check_builtin_text.c).
mo_builtin_checker mo_check_deployable_text, mo_check_text, mo_check_network;
// Of what stands in other services (check_builtin_stored.c).
mo_builtin_checker mo_check_stored;
// Of files that are published (check_asset.c).
mo_builtin_checker mo_check_asset;
// Of resources (check_builtin_text.c).
mo_builtin_checker mo_check_arn_of;
// Of templates and of who launches them (check_template.c).
mo_builtin_checker mo_check_org_unit, mo_check_template_parameters, mo_check_template_url, mo_check_template_versions, mo_check_project_file, mo_check_waves,
	mo_check_account_ref;

// Of whom permissions are given to (check_permission.c).
mo_builtin_checker mo_check_principal;

#endif
