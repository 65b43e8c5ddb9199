// SPDX-License-Identifier: Apache-2.0
// compiler/catalog: facts about CloudFormation types, events and IAM actions that CloudFormation's documentation states, and that every table is
// sorted, reachable and closed (whatever it names exists).
#include "test.h"

#include "catalog/catalog.h"

static mo_cat
resource(const char *name)
{
	mo_cat found = mo_cat_find_resource(mo_str_c(name));
	ck_assert_msg(found != 0, "no type %s", name);
	return found;
}

// A property of a type, or of a property type of it.
static mo_cat
property(const char *type, const char *structure, const char *name)
{
	mo_cat r = resource(type);
	mo_cat s = structure ? mo_cat_find_structure(r, mo_str_c(structure)) : mo_cat_resource(r).structure;
	ck_assert_msg(s != 0, "%s has no %s", type, structure);
	mo_cat found = mo_cat_find_property(s, mo_str_c(name));
	ck_assert_msg(found != 0, "%s has no %s", type, name);
	ck_assert(mo_str_is(mo_cat_property(found).name, name));
	return found;
}

static struct mo_cat_property
facts(const char *type, const char *structure, const char *name)
{
	return mo_cat_property(property(type, structure, name));
}

START_TEST(all_types_are_there)
{
	ck_assert_uint_eq(mo_cat_resource_count(), 1828);
	ck_assert_uint_eq(mo_cat_resource_at(1828), 0);
	struct mo_str last = MO_STR("");
	for (uint32_t i = 0; i < mo_cat_resource_count(); i++) {
		mo_cat r = mo_cat_resource_at(i);
		struct mo_str name = mo_cat_resource(r).name;
		ck_assert_int_lt(mo_str_cmp(last, name), 0);
		ck_assert_uint_eq(mo_cat_find_resource(name), r);
		last = name;
	}
}
END_TEST

START_TEST(unknown_names_are_not_found)
{
	ck_assert_uint_eq(mo_cat_find_resource(MO_STR("AWS::S3::Buckets")), 0);
	ck_assert_uint_eq(mo_cat_find_resource(MO_STR("aws::s3::bucket")), 0);
	ck_assert_uint_eq(mo_cat_find_resource(MO_STR("")), 0);
	mo_cat bucket = resource("AWS::S3::Bucket");
	mo_cat properties = mo_cat_resource(bucket).structure;
	ck_assert_uint_eq(mo_cat_find_property(properties, MO_STR("bucketName")), 0);
	ck_assert_uint_eq(mo_cat_find_property(properties, MO_STR("")), 0);
	ck_assert_uint_eq(mo_cat_find_property(properties, MO_STR("zzz")), 0);
	ck_assert_uint_eq(mo_cat_find_attribute(bucket, MO_STR("BucketName")), 0);
	ck_assert_uint_eq(mo_cat_find_structure(bucket, MO_STR("Rules")), 0);
	ck_assert_uint_eq(mo_cat_property_at(properties, mo_cat_property_count(properties)), 0);
}
END_TEST

static const struct {
	const char *type, *ref;
	bool is_attribute; // GetAtt gives it, too
} refs[] = {
	{ "AWS::S3::Bucket", "BucketName", false },
	{ "AWS::IAM::Role", "RoleName", false },
	{ "AWS::IAM::ManagedPolicy", "PolicyArn", true },
	{ "AWS::IAM::InstanceProfile", "InstanceProfileName", false },
	{ "AWS::EC2::VPC", "VpcId", true },
	{ "AWS::EC2::EIP", "PublicIp", true },
	{ "AWS::EC2::SecurityGroup", "GroupId", true },
	{ "AWS::SNS::Topic", "TopicArn", true },
	{ "AWS::SQS::Queue", "QueueUrl", true },
	{ "AWS::KMS::Key", "KeyId", true },
	{ "AWS::KMS::Alias", "AliasName", false },
	{ "AWS::Lambda::Function", "FunctionName", false },
	{ "AWS::Lambda::Version", "FunctionArn", true },
	{ "AWS::Logs::LogGroup", "LogGroupName", false },
	{ "AWS::SSM::Parameter", "Name", false },
	{ "AWS::StepFunctions::StateMachine", "Arn", true },
	{ "AWS::SageMaker::Domain", "DomainId", true },
	{ "AWS::SageMaker::Endpoint", "EndpointArn", true },
	{ "AWS::SageMaker::Pipeline", "PipelineName", false },
	{ "AWS::ServiceCatalog::Portfolio", "Id", true },
	{ "AWS::ApiGateway::Resource", "ResourceId", true },
	{ "AWS::CodeBuild::Project", "Name", false },
	{ "AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancerArn", true },
	{ "AWS::EC2::Route", "", false },               // several parts
	{ "AWS::SageMaker::UserProfile", "", false },
};

START_TEST(ref_gives_what_the_documentation_says)
{
	mo_cat r = resource(refs[_i].type);
	ck_str(mo_cat_resource(r).ref, refs[_i].ref);
	ck_assert_int_eq(mo_cat_find_attribute(r, mo_str_c(refs[_i].ref)) != 0, refs[_i].is_attribute);
}
END_TEST

static const struct {
	const char *type, *structure, *property, *target, *attribute;
	bool is_ref;
} references[] = {
	{ "AWS::EC2::Subnet", NULL, "VpcId", "AWS::EC2::VPC", "VpcId", true },
	{ "AWS::EC2::NatGateway", NULL, "AllocationId", "AWS::EC2::EIP", "AllocationId", false },
	{ "AWS::EC2::Route", NULL, "GatewayId", "AWS::EC2::InternetGateway", "InternetGatewayId", true },
	{ "AWS::EC2::SubnetRouteTableAssociation", NULL, "RouteTableId", "AWS::EC2::RouteTable", "RouteTableId", true },
	{ "AWS::EC2::VPCEndpoint", NULL, "SecurityGroupIds", "AWS::EC2::SecurityGroup", "GroupId", true },
	{ "AWS::EC2::SecurityGroup", "Ingress", "SourceSecurityGroupId", "AWS::EC2::SecurityGroup", "GroupId", true },
	{ "AWS::EC2::FlowLog", NULL, "DeliverLogsPermissionArn", "AWS::IAM::Role", "Arn", false },
	{ "AWS::Lambda::Function", NULL, "Role", "AWS::IAM::Role", "Arn", false },
	{ "AWS::Lambda::Permission", NULL, "FunctionName", "AWS::Lambda::Function", "FunctionName", true },
	{ "AWS::IAM::Policy", NULL, "Roles", "AWS::IAM::Role", "RoleName", true },
	{ "AWS::IAM::InstanceProfile", NULL, "Roles", "AWS::IAM::Role", "RoleName", true },
	{ "AWS::S3::BucketPolicy", NULL, "Bucket", "AWS::S3::Bucket", "BucketName", true },
	{ "AWS::S3::Bucket", "ReplicationDestination", "Bucket", "AWS::S3::Bucket", "Arn", false },
	{ "AWS::S3::Bucket", "ServerSideEncryptionByDefault", "KMSMasterKeyID", "AWS::KMS::Key", "Arn", false },
	{ "AWS::KMS::Alias", NULL, "TargetKeyId", "AWS::KMS::Key", "KeyId", true },
	{ "AWS::Logs::LogGroup", NULL, "KmsKeyId", "AWS::KMS::Key", "Arn", false },
	{ "AWS::Events::Rule", "Target", "Arn", "AWS::Lambda::Function", "Arn", false },
	{ "AWS::SageMaker::Domain", NULL, "VpcId", "AWS::EC2::VPC", "VpcId", true },
	{ "AWS::SageMaker::Domain", "UserSettings", "ExecutionRole", "AWS::IAM::Role", "Arn", false },
	{ "AWS::SageMaker::Domain", "UserSettings", "SecurityGroups", "AWS::EC2::SecurityGroup", "GroupId", true },
	{ "AWS::SageMaker::UserProfile", NULL, "DomainId", "AWS::SageMaker::Domain", "DomainId", true },
	{ "AWS::SageMaker::EndpointConfig", "ProductionVariant", "ModelName", "AWS::SageMaker::Model", "ModelName", false },
	{ "AWS::ServiceCatalog::LaunchRoleConstraint", NULL, "PortfolioId", "AWS::ServiceCatalog::Portfolio", "Id", true },
	{ "AWS::ServiceCatalog::StackSetConstraint", NULL, "ExecutionRole", "AWS::IAM::Role", "RoleName", true },
	{ "AWS::CodePipeline::Pipeline", "ArtifactStore", "Location", "AWS::S3::Bucket", "BucketName", true },
	{ "AWS::CodeBuild::Project", NULL, "ServiceRole", "AWS::IAM::Role", "Arn", false },
	{ "AWS::CloudFormation::CustomResource", NULL, "ServiceToken", "AWS::Lambda::Function", "Arn", false },
	{ "AWS::ApiGateway::Deployment", NULL, "RestApiId", "AWS::ApiGateway::RestApi", "RestApiId", true },
	{ "AWS::Transfer::User", NULL, "ServerId", "AWS::Transfer::Server", "ServerId", false }, // by its name alone
};

START_TEST(properties_want_their_targets)
{
	mo_cat p = property(references[_i].type, references[_i].structure, references[_i].property);
	ck_assert_uint_ge(mo_cat_property(p).references, 1);
	struct mo_cat_reference first = mo_cat_reference(p, 0);
	ck_str(first.type, references[_i].target);
	ck_str(first.attribute, references[_i].attribute);
	ck_assert_int_eq(first.is_ref, references[_i].is_ref);
}
END_TEST

START_TEST(names_of_their_own_are_no_references)
{
	ck_assert_uint_eq(facts("AWS::S3::Bucket", NULL, "BucketName").references, 0);
	ck_assert_uint_eq(facts("AWS::Logs::LogGroup", NULL, "LogGroupName").references, 0);
	ck_assert_uint_eq(facts("AWS::Lambda::Function", NULL, "FunctionName").references, 0);
	ck_assert_uint_eq(facts("AWS::EC2::Instance", NULL, "SecurityGroups").references, 0); // names, not ids
	mo_cat none = property("AWS::S3::Bucket", NULL, "BucketName");
	ck_assert_uint_eq(mo_cat_reference(none, 0).type.len, 0);
}
END_TEST

START_TEST(references_may_be_open)
{
	ck_assert(mo_cat_accepts_others(property("AWS::Events::Rule", "Target", "Arn")));
	ck_assert(!mo_cat_accepts_others(property("AWS::EC2::Subnet", NULL, "VpcId")));
	mo_cat subnet = property("AWS::EC2::Subnet", NULL, "VpcId");
	ck_assert_uint_eq(mo_cat_reference(subnet, mo_cat_property(subnet).references).type.len, 0);
}
END_TEST

START_TEST(properties_have_flags)
{
	ck_assert(facts("AWS::SageMaker::Domain", NULL, "AuthMode").required);
	ck_assert(!facts("AWS::SageMaker::Domain", NULL, "KmsKeyId").required);
	ck_assert_int_eq(facts("AWS::SageMaker::Domain", NULL, "AuthMode").replacement, MO_CAT_REPLACES);
	ck_assert_int_eq(facts("AWS::RDS::DBInstance", NULL, "StorageType").replacement, MO_CAT_MAY_REPLACE);
	ck_assert_int_eq(facts("AWS::Lambda::Function", NULL, "Timeout").replacement, MO_CAT_UPDATES);
	ck_assert_int_eq(facts("AWS::EFS::AccessPoint", "CreationInfo", "OwnerUid").replacement, MO_CAT_REPLACES);
	ck_assert(facts("AWS::S3::Bucket", NULL, "BucketName").unique_name);
	ck_assert(facts("AWS::SQS::Queue", NULL, "QueueName").unique_name);
	ck_assert(!facts("AWS::S3::BucketPolicy", NULL, "Bucket").unique_name);
	ck_assert(mo_cat_property_deprecated(property("AWS::RDS::DBInstance", NULL, "TdeCredentialArn")));
	ck_assert(!mo_cat_property_deprecated(property("AWS::RDS::DBInstance", NULL, "Engine")));
}
END_TEST

START_TEST(numbers_have_units)
{
	ck_str(facts("AWS::Lambda::Function", NULL, "Timeout").unit, "s");
	ck_str(facts("AWS::Lambda::Function", NULL, "MemorySize").unit, "MiB");
	ck_str(facts("AWS::SQS::Queue", NULL, "MessageRetentionPeriod").unit, "s");
	ck_str(facts("AWS::Logs::LogGroup", NULL, "RetentionInDays").unit, "d");
	ck_str(facts("AWS::CodeBuild::Project", NULL, "TimeoutInMinutes").unit, "min");
	ck_str(facts("AWS::Kinesis::Stream", NULL, "RetentionPeriodHours").unit, "h");
	ck_str(facts("AWS::ApiGateway::Method", "Integration", "TimeoutInMillis").unit, "ms");
	ck_str(facts("AWS::SageMaker::NotebookInstance", NULL, "VolumeSizeInGB").unit, "GiB");
	ck_str(facts("AWS::Glue::Job", NULL, "Timeout").unit, "min");
	ck_str(facts("AWS::ECS::Service", NULL, "DesiredCount").unit, "");
}
END_TEST

static struct mo_cat_type
type_of(const char *type, const char *structure, const char *name)
{
	return mo_cat_type(facts(type, structure, name).type);
}

START_TEST(types_have_shapes)
{
	ck_assert_int_eq(type_of("AWS::Lambda::Function", NULL, "Timeout").shape, MO_CAT_INTEGER);
	ck_assert_int_eq(type_of("AWS::EC2::Subnet", NULL, "MapPublicIpOnLaunch").shape, MO_CAT_BOOLEAN);
	ck_assert_int_eq(type_of("AWS::SNS::Topic", NULL, "ArchivePolicy").shape, MO_CAT_JSON);
	ck_assert_int_eq(type_of("AWS::CloudWatch::Alarm", NULL, "Threshold").shape, MO_CAT_NUMBER);
	struct mo_cat_type list = type_of("AWS::SageMaker::Domain", NULL, "SubnetIds");
	ck_assert_int_eq(list.shape, MO_CAT_LIST);
	ck_assert_int_eq(mo_cat_type(list.element).shape, MO_CAT_STRING);
	struct mo_cat_type map = type_of("AWS::Lambda::Function", "Environment", "Variables");
	ck_assert_int_eq(map.shape, MO_CAT_MAP);
	ck_assert_int_eq(mo_cat_type(map.element).shape, MO_CAT_STRING);
	mo_cat policy = facts("AWS::S3::BucketPolicy", NULL, "PolicyDocument").type;
	ck_assert_int_eq(mo_cat_type(policy).shape, MO_CAT_UNION);
	ck_assert_uint_eq(mo_cat_type(policy).alternatives, 2);
	ck_assert_int_eq(mo_cat_type(mo_cat_alternative(policy, 0)).shape, MO_CAT_JSON);
	ck_assert_int_eq(mo_cat_type(mo_cat_alternative(policy, 1)).shape, MO_CAT_STRING);
	ck_assert_uint_eq(mo_cat_alternative(policy, 2), 0);
}
END_TEST

START_TEST(allowed_values_are_listed)
{
	mo_cat mode = facts("AWS::SageMaker::Domain", NULL, "AuthMode").type;
	ck_assert_uint_eq(mo_cat_type(mode).allowed_values, 2);
	ck_str(mo_cat_allowed_value(mode, 0), "SSO");
	ck_str(mo_cat_allowed_value(mode, 1), "IAM");
	ck_assert_uint_eq(mo_cat_allowed_value(mode, 2).len, 0);
	mo_cat days = facts("AWS::Logs::LogGroup", NULL, "RetentionInDays").type;
	ck_assert_int_eq(mo_cat_type(days).shape, MO_CAT_INTEGER);
	ck_assert_uint_gt(mo_cat_type(days).allowed_values, 10);
	ck_str(mo_cat_allowed_value(days, 0), "1");
	ck_assert_uint_eq(type_of("AWS::S3::Bucket", NULL, "BucketName").allowed_values, 0);
}
END_TEST

START_TEST(structures_nest)
{
	mo_cat bucket = resource("AWS::S3::Bucket");
	ck_str(mo_cat_structure_name(mo_cat_resource(bucket).structure), "AWS::S3::Bucket");
	struct mo_cat_type lifecycle = type_of("AWS::S3::Bucket", NULL, "LifecycleConfiguration");
	ck_assert_int_eq(lifecycle.shape, MO_CAT_STRUCT);
	mo_cat rules = mo_cat_property(mo_cat_find_property(lifecycle.structure, MO_STR("Rules"))).type;
	mo_cat rule = mo_cat_type(mo_cat_type(rules).element).structure;
	ck_str(mo_cat_structure_name(rule), "Rule");
	ck_assert_uint_eq(rule, mo_cat_find_structure(bucket, MO_STR("Rule")));
	ck_assert(mo_cat_property(mo_cat_find_property(rule, MO_STR("Status"))).required);
}
END_TEST

START_TEST(tags_have_shapes)
{
	struct mo_cat_resource bucket = mo_cat_resource(resource("AWS::S3::Bucket"));
	ck_assert_int_eq(bucket.tags, MO_CAT_TAG_LIST);
	ck_str(bucket.tag_property, "Tags");
	ck_assert_int_eq(mo_cat_resource(resource("AWS::SSM::Parameter")).tags, MO_CAT_TAG_MAP);
	ck_assert_int_eq(mo_cat_resource(resource("AWS::AutoScaling::AutoScalingGroup")).tags, MO_CAT_TAG_ASG_LIST);
	ck_assert_int_eq(mo_cat_resource(resource("AWS::EC2::Route")).tags, MO_CAT_NO_TAGS);
	ck_str(mo_cat_resource(resource("AWS::EFS::FileSystem")).tag_property, "FileSystemTags");
	mo_cat tag = mo_cat_type(type_of("AWS::S3::Bucket", NULL, "Tags").element).structure;
	ck_str(mo_cat_structure_name(tag), "Tag");
	ck_assert_uint_eq(tag, mo_cat_find_structure(resource("AWS::S3::Bucket"), MO_STR("Tag")));
	ck_assert_uint_eq(mo_cat_property_count(tag), 2);
	ck_assert(mo_cat_property(mo_cat_find_property(tag, MO_STR("Value"))).required);
}
END_TEST

START_TEST(attributes_may_be_dotted)
{
	mo_cat database = resource("AWS::RDS::DBInstance");
	mo_cat address = mo_cat_find_attribute(database, MO_STR("Endpoint.Address"));
	ck_assert_uint_ne(address, 0);
	ck_assert_int_eq(mo_cat_type(mo_cat_property(address).type).shape, MO_CAT_STRING);
	ck_assert_uint_ne(mo_cat_find_attribute(resource("AWS::Redshift::Cluster"), MO_STR("Endpoint.Port")), 0);
	ck_assert_uint_ne(mo_cat_find_attribute(resource("AWS::IAM::Role"), MO_STR("Arn")), 0);
	mo_cat outputs = mo_cat_find_attribute(resource("AWS::CloudFormation::Stack"), MO_STR("Outputs"));
	ck_assert_int_eq(mo_cat_type(mo_cat_property(outputs).type).shape, MO_CAT_MAP);
	mo_cat vpc = resource("AWS::EC2::VPC");
	ck_assert_int_eq(mo_cat_type(mo_cat_property(mo_cat_find_attribute(vpc, MO_STR("Ipv6CidrBlocks"))).type).shape, MO_CAT_LIST);
}
END_TEST

START_TEST(resources_have_facts)
{
	struct mo_cat_resource bucket = mo_cat_resource(resource("AWS::S3::Bucket"));
	ck_str(bucket.arn_template, "arn:${Partition}:s3:::${BucketName}");
	ck_assert(bucket.stateful);
	ck_str(mo_cat_resource(resource("AWS::IAM::Role")).arn_template, "arn:${Partition}:iam::${Account}:role${Path}${RoleName}");
	ck_str(mo_cat_resource(resource("AWS::CodePipeline::Pipeline")).arn_template,
		"arn:${Partition}:codepipeline:${Region}:${Account}:${Name}");
	ck_assert_uint_eq(mo_cat_resource(resource("AWS::IAM::Policy")).arn_template.len, 0);
	ck_assert(mo_cat_resource(resource("AWS::SageMaker::Domain")).stateful);
	ck_assert(mo_cat_resource(resource("AWS::ECR::Repository")).stateful);
	ck_assert(!mo_cat_resource(resource("AWS::IAM::Role")).stateful);
	ck_str(mo_cat_resource_transform(resource("AWS::Serverless::Function")), "AWS::Serverless-2016-10-31");
	ck_assert_uint_eq(mo_cat_resource_transform(resource("AWS::Lambda::Function")).len, 0);
}
END_TEST

START_TEST(some_types_wait)
{
	mo_cat route = resource("AWS::EC2::Route");
	ck_assert_uint_eq(mo_cat_wait_count(route), 1);
	ck_str(mo_cat_wait_at(route, 0), "AWS::EC2::VPCGatewayAttachment");
	ck_str(mo_cat_wait_when(route, 0), "GatewayId");
	ck_str(mo_cat_wait_when(resource("AWS::EC2::EIP"), 0), "");
	ck_str(mo_cat_wait_same(resource("AWS::EC2::EIP"), 0), "");
	ck_str(mo_cat_wait_same(resource("AWS::ServiceCatalog::LaunchRoleConstraint"), 0), "PortfolioId,ProductId");
	ck_assert_uint_eq(mo_cat_wait_at(route, 1).len, 0);
	ck_assert_uint_eq(mo_cat_wait_count(resource("AWS::ECS::Service")), 2);
	ck_assert_uint_eq(mo_cat_wait_count(resource("AWS::S3::Bucket")), 0);
}
END_TEST

// Whatever a type leads to is well-formed; gives how deep it nests without structures.
static void
walk_type(mo_cat type, int depth)
{
	ck_assert_int_lt(depth, 10);
	struct mo_cat_type t = mo_cat_type(type);
	ck_assert_int_le(t.shape, MO_CAT_UNION);
	ck_assert_int_eq(t.shape == MO_CAT_LIST || t.shape == MO_CAT_MAP, t.element != 0);
	ck_assert_int_eq(t.shape == MO_CAT_STRUCT, t.structure != 0);
	if (t.element) {
		walk_type(t.element, depth + 1);
	}
	for (uint32_t i = 0; i < t.alternatives; i++) {
		walk_type(mo_cat_alternative(type, i), depth + 1);
	}
	if (t.structure) {
		ck_assert_uint_gt(mo_cat_structure_name(t.structure).len, 0);
	}
}

static void
walk_property(mo_cat property_address)
{
	struct mo_cat_property p = mo_cat_property(property_address);
	walk_type(p.type, 0);
	for (uint32_t i = 0; i < p.references; i++) {
		struct mo_cat_reference r = mo_cat_reference(property_address, i);
		mo_cat target = mo_cat_find_resource(r.type);
		ck_assert_uint_ne(target, 0);
		ck_assert_int_eq(r.is_ref, mo_str_eq(mo_cat_resource(target).ref, r.attribute));
		ck_assert(r.is_ref || mo_cat_find_attribute(target, r.attribute));
	}
}

static void
walk_structure(mo_cat structure)
{
	struct mo_str last = MO_STR("");
	for (uint32_t i = 0; i < mo_cat_property_count(structure); i++) {
		mo_cat p = mo_cat_property_at(structure, i);
		struct mo_str name = mo_cat_property(p).name;
		ck_assert_int_lt(mo_str_cmp(last, name), 0);
		ck_assert_uint_eq(mo_cat_find_property(structure, name), p);
		walk_property(p);
		struct mo_cat_type t = mo_cat_type(mo_cat_property(p).type);
		mo_cat inner = t.shape == MO_CAT_LIST ? mo_cat_type(t.element).structure : t.structure;
		ck_assert(!inner || mo_cat_property_count(inner) < 1000);
		last = name;
	}
}

START_TEST(everything_named_exists)
{
	for (uint32_t i = 0; i < mo_cat_resource_count(); i++) {
		mo_cat r = mo_cat_resource_at(i);
		walk_structure(mo_cat_resource(r).structure);
		struct mo_str last = MO_STR("");
		for (uint32_t k = 0; k < mo_cat_attribute_count(r); k++) {
			mo_cat a = mo_cat_attribute_at(r, k);
			struct mo_str name = mo_cat_property(a).name;
			ck_assert_int_lt(mo_str_cmp(last, name), 0);
			ck_assert_uint_eq(mo_cat_find_attribute(r, name), a);
			walk_property(a);
			last = name;
		}
		for (uint32_t k = 0; k < mo_cat_wait_count(r); k++) {
			ck_assert_uint_ne(mo_cat_find_resource(mo_cat_wait_at(r, k)), 0);
		}
		if (mo_cat_resource(r).tags != MO_CAT_NO_TAGS) {
			ck_assert_uint_gt(mo_cat_resource(r).tag_property.len, 0);
		}
	}
}
END_TEST

// ---- IAM -------------------------------------------------------------------------------------------------------------------------

static mo_cat
action(const char *prefix, const char *name)
{
	mo_cat service = mo_cat_find_service(mo_str_c(prefix));
	ck_assert_msg(service != 0, "no service %s", prefix);
	mo_cat found = mo_cat_find_action(service, mo_str_c(name));
	ck_assert_msg(found != 0, "no action %s:%s", prefix, name);
	return found;
}

START_TEST(services_and_actions_are_sorted)
{
	ck_assert_uint_gt(mo_cat_service_count(), 400);
	for (uint32_t i = 0; i < mo_cat_service_count(); i++) {
		mo_cat service = mo_cat_service_at(i);
		struct mo_cat_service s = mo_cat_service(service);
		ck_assert_uint_eq(mo_cat_find_service(s.prefix), service);
		for (uint32_t k = 0; k < s.actions; k++) {
			mo_cat a = mo_cat_action_at(service, k);
			ck_assert_uint_eq(mo_cat_find_action(service, mo_cat_action(a).name), a);
			ck_assert_uint_gt(mo_cat_action(a).access_level.len, 0);
		}
		ck_assert_uint_eq(mo_cat_action_at(service, s.actions), 0);
	}
	ck_assert_uint_eq(mo_cat_service_at(mo_cat_service_count()), 0);
}
END_TEST

START_TEST(actions_have_levels_and_resources)
{
	struct mo_cat_action get = mo_cat_action(action("s3", "GetObject"));
	ck_str(get.access_level, "Read");
	bool object = false;
	for (uint32_t i = 0; i < get.resource_types; i++) {
		struct mo_cat_action_resource r = mo_cat_action_resource(action("s3", "GetObject"), i);
		object |= mo_str_is(r.name, "object") && mo_str_is(r.arn, "arn:${Partition}:s3:::${BucketName}/${ObjectName}");
	}
	ck_assert(object);
	ck_assert_uint_eq(mo_cat_action_resource(action("s3", "GetObject"), get.resource_types).name.len, 0);
	ck_str(mo_cat_action(action("iam", "PutRolePolicy")).access_level, "Permissions management");
	ck_str(mo_cat_action(action("s3", "PutBucketTagging")).access_level, "Tagging");
	ck_str(mo_cat_action(action("ec2", "DescribeInstances")).access_level, "List");
	ck_assert_uint_eq(mo_cat_action(action("ec2", "DescribeInstances")).resource_types, 0);
	struct mo_cat_action_resource role = mo_cat_action_resource(action("iam", "PassRole"), 0);
	ck_str(role.name, "role");
	ck_str(role.arn, "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}");
	ck_assert(role.required);
}
END_TEST

START_TEST(iam_ignores_case)
{
	ck_assert_uint_eq(action("S3", "getobject"), action("s3", "GetObject"));
	ck_str(mo_cat_action(action("s3", "GETOBJECT")).name, "GetObject");
	mo_cat s3 = mo_cat_find_service(MO_STR("s3"));
	ck_assert_uint_eq(mo_cat_find_action(s3, MO_STR("GetObjects")), 0);
	ck_assert_uint_eq(mo_cat_find_action(s3, MO_STR("")), 0);
	ck_assert_uint_eq(mo_cat_find_service(MO_STR("s4")), 0);
}
END_TEST

START_TEST(wildcards_match)
{
	static const char *const some[] = { "*", "GetObject", "get?bject", "Get*", "get*", "*Object*Tagging" };
	static const char *const none[] = { "Frobnicate*", "", "GetObject?", "GetObjects" };
	mo_cat s3 = mo_cat_find_service(MO_STR("s3"));
	for (size_t i = 0; i < sizeof(some) / sizeof(*some); i++) {
		ck_assert_msg(mo_cat_any_action_matches(s3, mo_str_c(some[i])), "%s", some[i]);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		ck_assert_msg(!mo_cat_any_action_matches(s3, mo_str_c(none[i])), "%s", none[i]);
	}
}
END_TEST

START_TEST(actions_have_condition_keys)
{
	mo_cat list = action("s3", "ListBucket");
	bool prefix = false;
	for (uint32_t i = 0; i < mo_cat_action(list).condition_keys; i++) {
		prefix |= mo_str_is(mo_cat_action_condition_key(list, i), "s3:prefix");
	}
	ck_assert(prefix);
	ck_assert_uint_eq(mo_cat_action_condition_key(list, mo_cat_action(list).condition_keys).len, 0);
}
END_TEST

static const struct {
	const char *key, *type; // no type: no such key
} keys[] = {
	{ "aws:SourceArn", "ARN" },
	{ "aws:sourcearn", "ARN" },
	{ "aws:PrincipalOrgID", "String" },
	{ "aws:SecureTransport", "Bool" },
	{ "aws:SourceIp", "IPAddress" },
	{ "aws:TagKeys", "ArrayOfString" },
	{ "aws:ResourceTag/team", "String" },
	{ "aws:PrincipalTag/cost-centre", "String" },
	{ "aws:ResourceTag/", NULL },
	{ "aws:ResourceTag", NULL },
	{ "aws:SourceArns", NULL },
	{ "s3:prefix", "String" },
	{ "s3:ExistingObjectTag/class", "String" },
	{ "s3:prefixes", NULL },
	{ "kms:ViaService", "String" },
	{ "kms:EncryptionContext:purpose", "String" },
	{ "iam:PassedToService", "String" },
	{ "sagemaker:VpcSubnets", "ArrayOfString" },
	{ "token.actions.githubusercontent.com:sub", "String" },
	{ "token.actions.githubusercontent.com:repository", "String" },
	{ "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF:aud", "String" },
	{ "s3:sub", NULL },
	{ "frobnicate:Key", NULL },
	{ "", NULL },
};

START_TEST(condition_keys_exist)
{
	struct mo_str key = mo_str_c(keys[_i].key);
	ck_assert_int_eq(mo_cat_condition_key_exists(key), keys[_i].type != NULL);
	ck_str(mo_cat_condition_key_type(key), keys[_i].type ? keys[_i].type : "");
}
END_TEST

// The fields of the detail of an event.
static mo_cat
fields(const char *source, const char *detail_type)
{
	for (uint32_t i = 0; i < mo_cat_event_count(); i++) {
		struct mo_cat_event event = mo_cat_event_at(i);
		if (mo_str_is(event.source, source) && mo_str_is(event.detail_type, detail_type)) {
			return event.fields;
		}
	}
	ck_abort_msg("no event %s of %s", detail_type, source);
}

START_TEST(events_are_sorted)
{
	ck_assert_uint_ge(mo_cat_event_count(), 352);
	struct mo_cat_event last = mo_cat_event_at(mo_cat_event_count());
	ck_assert_uint_eq(last.source.len + last.detail_type.len + last.fields, 0);
	for (uint32_t i = 0; i < mo_cat_event_count(); i++) {
		struct mo_cat_event event = mo_cat_event_at(i);
		ck_assert(mo_str_starts(event.source, MO_STR("aws.")));
		ck_assert(event.detail_type.len > 0);
		int order = mo_str_cmp(last.source, event.source);
		ck_assert(order < 0 || (order == 0 && mo_str_cmp(last.detail_type, event.detail_type) < 0));
		last = event;
	}
}
END_TEST

START_TEST(events_have_fields)
{
	mo_cat created = fields("aws.s3", "Object Created");
	struct mo_cat_type bucket = mo_cat_type(mo_cat_property(mo_cat_find_property(created, MO_STR("bucket"))).type);
	ck_assert_int_eq(bucket.shape, MO_CAT_STRUCT);
	ck_assert_uint_ne(mo_cat_find_property(bucket.structure, MO_STR("name")), 0);
	ck_assert_uint_eq(mo_cat_find_property(created, MO_STR("name")), 0);
	// What the overlay adds.
	ck_assert_uint_eq(fields("aws.sagemaker", "SageMaker Processing Job State Change"), 0);
	mo_cat package = fields("aws.sagemaker", "SageMaker Model Package State Change");
	mo_cat status = mo_cat_property(mo_cat_find_property(package, MO_STR("ModelApprovalStatus"))).type;
	ck_assert_uint_eq(mo_cat_type(status).allowed_values, 3);
	ck_str(mo_cat_allowed_value(status, 0), "Approved");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("catalog");
	TCase *types = tcase_create("types");
	tcase_add_test(types, all_types_are_there);
	tcase_add_test(types, unknown_names_are_not_found);
	tcase_add_loop_test(types, ref_gives_what_the_documentation_says, 0, (int)(sizeof(refs) / sizeof(refs[0])));
	tcase_add_loop_test(types, properties_want_their_targets, 0, (int)(sizeof(references) / sizeof(references[0])));
	tcase_add_test(types, names_of_their_own_are_no_references);
	tcase_add_test(types, references_may_be_open);
	tcase_add_test(types, properties_have_flags);
	tcase_add_test(types, numbers_have_units);
	tcase_add_test(types, types_have_shapes);
	tcase_add_test(types, allowed_values_are_listed);
	tcase_add_test(types, structures_nest);
	tcase_add_test(types, tags_have_shapes);
	tcase_add_test(types, attributes_may_be_dotted);
	tcase_add_test(types, resources_have_facts);
	tcase_add_test(types, some_types_wait);
	tcase_add_test(types, everything_named_exists);
	suite_add_tcase(suite, types);
	TCase *iam = tcase_create("iam");
	tcase_add_test(iam, services_and_actions_are_sorted);
	tcase_add_test(iam, actions_have_levels_and_resources);
	tcase_add_test(iam, iam_ignores_case);
	tcase_add_test(iam, wildcards_match);
	tcase_add_test(iam, actions_have_condition_keys);
	tcase_add_loop_test(iam, condition_keys_exist, 0, (int)(sizeof(keys) / sizeof(keys[0])));
	suite_add_tcase(suite, iam);
	TCase *events = tcase_create("events");
	tcase_add_test(events, events_are_sorted);
	tcase_add_test(events, events_have_fields);
	suite_add_tcase(suite, events);
	return test_run(suite);
}
