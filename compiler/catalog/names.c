// SPDX-License-Identifier: Apache-2.0
// What services say of names that users may choose, for the resource types whose ARNs are computed from them.
#include "catalog/names.h"

// A bucket's name is one for all of a partition (Amazon S3 User Guide, "General purpose bucket naming rules"), those of IAM are an
// account's (IAM User Guide, "IAM identifiers"); others are a region's.
enum mo_name_scope
mo_name_scope(struct mo_str resource_type)
{
	if (mo_str_is(resource_type, "AWS::S3::Bucket")) {
		return MO_NAME_IN_WORLD;
	}
	return mo_str_starts(resource_type, MO_STR("AWS::IAM::")) ? MO_NAME_IN_ACCOUNT : MO_NAME_IN_REGION;
}

// From the services' API references: the longest name that the action which makes the resource takes.
static const struct mo_name_rule rules[] = {
	{ "AWS::S3::Bucket", "BucketName", 63, true },
	{ "AWS::IAM::Role", "RoleName", 64, true },
	{ "AWS::IAM::User", "UserName", 64, true },
	{ "AWS::IAM::Group", "GroupName", 128, true },
	{ "AWS::IAM::ManagedPolicy", "ManagedPolicyName", 128, true },
	{ "AWS::IAM::InstanceProfile", "InstanceProfileName", 128, true },
	{ "AWS::SQS::Queue", "QueueName", 80, true },
	{ "AWS::SNS::Topic", "TopicName", 256, true },
	{ "AWS::Lambda::Function", "FunctionName", 64, true },
	{ "AWS::ECR::Repository", "RepositoryName", 256, true },
	{ "AWS::ECS::Cluster", "ClusterName", 255, true },
	{ "AWS::EKS::Cluster", "Name", 100, true },
	{ "AWS::DynamoDB::Table", "TableName", 255, true },
	{ "AWS::DynamoDB::GlobalTable", "TableName", 255, true },
	{ "AWS::Kinesis::Stream", "Name", 128, true },
	{ "AWS::KinesisFirehose::DeliveryStream", "DeliveryStreamName", 64, true },
	{ "AWS::StepFunctions::StateMachine", "StateMachineName", 80, true },
	{ "AWS::Events::Rule", "Name", 64, true },
	{ "AWS::Events::EventBus", "Name", 256, true },
	{ "AWS::Logs::LogGroup", "LogGroupName", 512, true },
	{ "AWS::CloudWatch::Alarm", "AlarmName", 255, true },
	{ "AWS::CodeBuild::Project", "Name", 255, true },
	{ "AWS::CodeCommit::Repository", "RepositoryName", 100, true },
	{ "AWS::CodePipeline::Pipeline", "Name", 100, true },
	{ "AWS::RDS::DBInstance", "DBInstanceIdentifier", 63, true },
	{ "AWS::RDS::DBCluster", "DBClusterIdentifier", 63, true },
	{ "AWS::SageMaker::CodeRepository", "CodeRepositoryName", 63, true },
	{ "AWS::SageMaker::Endpoint", "EndpointName", 63, true },
	{ "AWS::SageMaker::EndpointConfig", "EndpointConfigName", 63, true },
	{ "AWS::SageMaker::FeatureGroup", "FeatureGroupName", 64, true },
	{ "AWS::SageMaker::Image", "ImageName", 63, true },
	{ "AWS::SageMaker::Model", "ModelName", 63, true },
	{ "AWS::SageMaker::ModelPackageGroup", "ModelPackageGroupName", 63, true },
	{ "AWS::SageMaker::MonitoringSchedule", "MonitoringScheduleName", 63, true },
	{ "AWS::SageMaker::NotebookInstance", "NotebookInstanceName", 63, true },
	{ "AWS::SageMaker::Pipeline", "PipelineName", 256, true },
	{ "AWS::SageMaker::Project", "ProjectName", 32, true },
	{ "AWS::Athena::WorkGroup", "Name", 128, true },
	{ "AWS::Cassandra::Keyspace", "KeyspaceName", 48, false },
	{ "AWS::MemoryDB::ACL", "ACLName", 40, true },
	{ "AWS::SSM::Parameter", "Name", 1011, true },
};

const struct mo_name_rule *
mo_name_rule(struct mo_str resource_type, struct mo_str property)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (mo_str_is(resource_type, rules[i].type) && mo_str_is(property, rules[i].property)) {
			return &rules[i];
		}
	}
	return NULL;
}

bool
mo_is_account_id(struct mo_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9') {
			return false;
		}
	}
	return s.len == 12;
}
