// SPDX-License-Identifier: Apache-2.0
// CloudFormation's own types of parameters: identifiers that it looks up before it deploys. They are types of the language by the same
// names, and what `Ref<AWS::EC2::VPC>` becomes in a parameter.
#ifndef MO_SEMA_PARAM_TYPE_H
#define MO_SEMA_PARAM_TYPE_H

#include "sema/type.h"

// A row of the table ("AWS-specific parameter types" and "Systems Manager parameter types" of CloudFormation's user guide).
struct mo_param_type {
	const char *name;     // "AWS::EC2::VPC::Id"
	const char *resource; // what it identifies: "AWS::EC2::VPC"; NULL when that is no type of resource
	const char *attribute; // and by what: "VpcId"
	bool listed;          // List<…> of it exists
	bool stored;          // AWS::SSM::Parameter::Value<…> of it exists
};

const struct mo_param_type *mo_param_type_named(struct mo_str name); // NULL when there is none
// Of what identifies a resource by an attribute; an empty one or "Ref" is the one that Ref gives.
const struct mo_param_type *mo_param_type_for(struct mo_str resource, struct mo_str attribute);
// Of a String of the language; NULL for plain text.
const struct mo_param_type *mo_param_type_of(const struct mo_type *t);
// The type of the language with this row's name.
const struct mo_type *mo_param_type_make(struct mo_ctx *ctx, const struct mo_param_type *row);

#endif
