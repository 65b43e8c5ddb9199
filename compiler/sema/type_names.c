// SPDX-License-Identifier: Apache-2.0
#include "sema/type_names.h"

static const char *const names[] = {
	[MO_NAME_BOOL] = "Bool", [MO_NAME_INT] = "Int", [MO_NAME_FLOAT] = "Float", [MO_NAME_STRING] = "String", [MO_NAME_CIDR] = "Cidr",
	[MO_NAME_DURATION] = "Duration", [MO_NAME_SIZE] = "Size", [MO_NAME_ACCOUNT_ID] = "AccountId", [MO_NAME_REGION] = "Region",
	[MO_NAME_ARN] = "Arn", [MO_NAME_JSON] = "Json", [MO_NAME_ACCOUNT] = "Account", [MO_NAME_TARGET] = "Target", [MO_NAME_STACK] = "Stack",
	[MO_NAME_TEMPLATE] = "Template", [MO_NAME_ASSET] = "Asset", [MO_NAME_STATEMENT] = "Statement", [MO_NAME_POLICY] = "Policy",
	[MO_NAME_REF] = "Ref", [MO_NAME_MAP] = "Map", [MO_NAME_SSM] = "Ssm",
};

enum mo_type_name
mo_builtin_type(struct mo_str name)
{
	for (enum mo_type_name i = 0; i < MO_NOT_A_TYPE_NAME; i++) {
		if (mo_str_is(name, names[i])) {
			return i;
		}
	}
	return MO_NOT_A_TYPE_NAME;
}

const char *
mo_builtin_type_name(uint32_t index)
{
	return index < MO_NOT_A_TYPE_NAME ? names[index] : NULL;
}
