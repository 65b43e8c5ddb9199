// SPDX-License-Identifier: Apache-2.0
// The names of the language's own types.
#ifndef MO_SEMA_TYPE_NAMES_H
#define MO_SEMA_TYPE_NAMES_H

#include "base/str.h"

enum mo_type_name {
	MO_NAME_BOOL, MO_NAME_INT, MO_NAME_FLOAT, MO_NAME_STRING, MO_NAME_CIDR, MO_NAME_DURATION, MO_NAME_SIZE, MO_NAME_ACCOUNT_ID, MO_NAME_REGION,
	MO_NAME_ARN, MO_NAME_JSON, MO_NAME_ACCOUNT, MO_NAME_TARGET, MO_NAME_STACK, MO_NAME_TEMPLATE, MO_NAME_ASSET, MO_NAME_STATEMENT,
	MO_NAME_POLICY, MO_NAME_REF, MO_NAME_MAP, MO_NAME_SSM,
	MO_NOT_A_TYPE_NAME
};

enum mo_type_name mo_builtin_type(struct mo_str name);
const char *mo_builtin_type_name(uint32_t index); // NULL past the last

#endif
