// SPDX-License-Identifier: Apache-2.0
// Names of resources: where one must be the only one of its kind, and what it may look like.
#ifndef MO_CATALOG_NAMES_H
#define MO_CATALOG_NAMES_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

// Whether a text has the form of an account's id: twelve digits (AWS Account Management Reference Guide, "View AWS account identifiers").
bool mo_is_account_id(struct mo_str s);

enum mo_name_scope { MO_NAME_IN_REGION, MO_NAME_IN_ACCOUNT, MO_NAME_IN_WORLD };

// Where names of a resource type must be unique.
enum mo_name_scope mo_name_scope(struct mo_str resource_type);

struct mo_name_rule {
	const char *type, *property;
	uint32_t longest; // characters
	bool hyphens;     // whether it may hold them
};

// NULL when nothing is known of the property.
const struct mo_name_rule *mo_name_rule(struct mo_str resource_type, struct mo_str property);

#endif
