// SPDX-License-Identifier: Apache-2.0
#include "sema/param_type.h"

static const struct mo_param_type rows[] = {
	{ "AWS::EC2::VPC::Id", "AWS::EC2::VPC", "VpcId", true, true },
	{ "AWS::EC2::Subnet::Id", "AWS::EC2::Subnet", "SubnetId", true, true },
	{ "AWS::EC2::SecurityGroup::Id", "AWS::EC2::SecurityGroup", "GroupId", true, true },
	{ "AWS::EC2::SecurityGroup::Id", "AWS::EC2::SecurityGroup", "Id", true, true },
	{ "AWS::EC2::SecurityGroup::GroupName", NULL, NULL, true, true },
	{ "AWS::EC2::Instance::Id", "AWS::EC2::Instance", "InstanceId", true, true },
	{ "AWS::EC2::Volume::Id", "AWS::EC2::Volume", "VolumeId", true, true },
	{ "AWS::EC2::KeyPair::KeyName", "AWS::EC2::KeyPair", "KeyName", false, true },
	{ "AWS::EC2::Image::Id", NULL, NULL, true, true },
	{ "AWS::EC2::AvailabilityZone::Name", NULL, NULL, true, true },
	{ "AWS::Route53::HostedZone::Id", "AWS::Route53::HostedZone", "Id", true, true },
	{ "AWS::SSM::Parameter::Name", NULL, NULL, false, false },
};

enum { ROWS = sizeof(rows) / sizeof(*rows) };

const struct mo_param_type *
mo_param_type_named(struct mo_str name)
{
	for (int i = 0; i < ROWS; i++) {
		if (mo_str_is(name, rows[i].name)) {
			return &rows[i];
		}
	}
	return NULL;
}

const struct mo_param_type *
mo_param_type_for(struct mo_str resource, struct mo_str attribute)
{
	bool ref = attribute.len == 0 || mo_str_is(attribute, "Ref");
	for (int i = 0; i < ROWS; i++) {
		bool same = rows[i].resource && mo_str_is(resource, rows[i].resource);
		if (same && (ref || mo_str_is(attribute, rows[i].attribute))) {
			return &rows[i];
		}
	}
	return NULL;
}

const struct mo_param_type *
mo_param_type_of(const struct mo_type *t)
{
	if (t->kind != MO_TYPE_STRING) {
		return NULL;
	}
	return t->param_type ? t->param_type
		: t->targets.len == 1 ? mo_param_type_for(t->targets.items[0].type, t->targets.items[0].attribute) : NULL;
}

const struct mo_type *
mo_param_type_make(struct mo_ctx *ctx, const struct mo_param_type *row)
{
	struct mo_type *t = mo_type_new(ctx, MO_TYPE_STRING);
	t->param_type = row;
	if (row->resource) {
		struct mo_string_target g = { .type = mo_str_c(row->resource), .attribute = mo_str_c(row->attribute), .is_ref = true };
		mo_cat r = mo_cat_find_resource(g.type);
		g.is_ref = r && mo_str_eq(mo_cat_resource(r).ref, g.attribute);
		mo_push(&ctx->session, &t->targets, g);
	}
	return t;
}
