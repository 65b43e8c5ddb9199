// SPDX-License-Identifier: Apache-2.0
// The templates of examples/fleet as a Jsonnet program: one file for each account. jsonnet -m DIR --tla-code accounts=N fleet.jsonnet
local ref(id) = { Ref: id };
local att(id, name) = { 'Fn::GetAtt': [id, name] };
local sub(text) = { 'Fn::Sub': text };
local document(statements) = { Version: '2012-10-17', Statement: statements };
local allow(actions, resources) = { Effect: 'Allow', Action: actions, Resource: resources };
local tag(key, value) = { Key: key, Value: value };
// "ecr.api" as a part of a logical ID: EcrApi
local id(name) = std.join('', [
  std.asciiUpper(part[0]) + part[1:]
  for part in std.split(std.strReplace(std.strReplace(name, '-', '.'), '/', '.'), '.')
]);

local zones = [0, 1, 2];
local subnets = [ref('MainSubnetPrivate%d' % z) for z in zones];
local services = ['kms', 'ecr.api', 'ecr.dkr', 'sagemaker.api', 'sagemaker.runtime', 'ssm', 'monitoring', 'logs', 'sts', 'codecommit'];
local users = ['data-scientist', 'lead-data-scientist'];
local kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };

local network = {
  MainNet: {
    Type: 'AWS::EC2::VPC',
    Properties: {
      CidrBlock: '10.0.0.0/16',
      EnableDnsSupport: true,
      EnableDnsHostnames: true,
      Tags: [tag('Name', ref('AWS::StackName'))],
    },
  },
  MainWorkloads: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription: 'Model endpoints and jobs: they may call out, nothing may call them',
      VpcId: ref('MainNet'),
      SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0', Description: 'Anything that the routes lead to' }],
      Tags: [tag('Name', sub('${AWS::StackName}-workloads'))],
    },
  },
} + {
  ['MainSubnetPrivate%d' % z]: {
    Type: 'AWS::EC2::Subnet',
    Properties: {
      VpcId: ref('MainNet'),
      CidrBlock: '10.0.%d.0/24' % z,
      AvailabilityZone: { 'Fn::Select': [z, { 'Fn::GetAZs': ref('AWS::Region') }] },
      MapPublicIpOnLaunch: false,
      Tags: [tag('Name', sub('${AWS::StackName}-private-%d' % z)), tag('tier', 'private')],
    },
  }
  for z in zones
} + {
  ['MainTablePrivate%d' % z]: {
    Type: 'AWS::EC2::RouteTable',
    Properties: { VpcId: ref('MainNet'), Tags: [tag('Name', sub('${AWS::StackName}-private-%d' % z))] },
  }
  for z in zones
} + {
  ['MainAssociationPrivate%d' % z]: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: ref('MainSubnetPrivate%d' % z), RouteTableId: ref('MainTablePrivate%d' % z) },
  }
  for z in zones
} + {
  ['MainEndpointGroup' + id(service)]: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription: 'HTTPS from the VPC to ' + service,
      VpcId: ref('MainNet'),
      SecurityGroupIngress: [
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/16', Description: 'HTTPS from the VPC' },
      ],
      SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: '127.0.0.1/32', Description: 'Nothing' }],
    },
  }
  for service in services
} + {
  ['MainEndpoint' + id(service)]: {
    Type: 'AWS::EC2::VPCEndpoint',
    Properties: {
      VpcId: ref('MainNet'),
      VpcEndpointType: 'Interface',
      ServiceName: sub('com.amazonaws.${AWS::Region}.' + service),
      SubnetIds: subnets,
      SecurityGroupIds: [ref('MainEndpointGroup' + id(service))],
      PrivateDnsEnabled: true,
    },
  }
  for service in services
};

local storage = {
  Key: kept {
    Type: 'AWS::KMS::Key',
    Properties: {
      EnableKeyRotation: true,
      KeyPolicy: document([
        { Effect: 'Allow', Principal: { AWS: [sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root')] }, Action: ['kms:*'], Resource: ['*'] },
      ]),
    },
  },
  Data: kept {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: att('Key', 'Arn') } },
        ],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: 'Enabled' },
    },
  },
  EncryptedTransport: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: ref('Data'),
      PolicyDocument: document([
        {
          Effect: 'Deny',
          Principal: '*',
          Action: ['s3:*'],
          Resource: [att('Data', 'Arn'), sub('${Data.Arn}/*')],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ]),
    },
  },
};

local roles = {
  ['Role' + id(name)]: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: document([
        { Effect: 'Allow', Principal: { Service: ['sagemaker.amazonaws.com'] }, Action: 'sts:AssumeRole' },
      ]),
      Policies: [
        {
          PolicyName: 'main',
          PolicyDocument: document([
            allow(['s3:GetObject', 's3:PutObject', 's3:ListBucket'], [att('Data', 'Arn'), sub('${Data.Arn}/*')]),
            allow(['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey*'], [att('Key', 'Arn')]),
            allow(['sagemaker:Describe*', 'sagemaker:List*'], ['*']),
          ]),
        },
      ],
    },
  }
  for name in ['studio'] + users
};

local studio(number) = {
  Studio: {
    Type: 'AWS::SageMaker::Domain',
    Properties: {
      DomainName: 'studio-%d' % number,
      AuthMode: 'IAM',
      AppNetworkAccessType: 'VpcOnly',
      VpcId: ref('MainNet'),
      SubnetIds: subnets,
      KmsKeyId: att('Key', 'Arn'),
      DefaultUserSettings: { ExecutionRole: att('RoleStudio', 'Arn'), SecurityGroups: [ref('MainWorkloads')] },
    },
  },
} + {
  ['User' + id(name)]: {
    Type: 'AWS::SageMaker::UserProfile',
    Properties: {
      DomainId: ref('Studio'),
      UserProfileName: name,
      UserSettings: { ExecutionRole: att('Role' + id(name), 'Arn') },
    },
  }
  for name in users
};

local shown = {
  'network/id': ref('MainNet'),
  'network/subnets': { 'Fn::Join': [',', subnets] },
  'network/group': ref('MainWorkloads'),
  key: att('Key', 'Arn'),
  bucket: ref('Data'),
  'role/studio': att('RoleStudio', 'Arn'),
  'role/data-scientist': att('RoleDataScientist', 'Arn'),
  'role/lead-data-scientist': att('RoleLeadDataScientist', 'Arn'),
  'studio/id': ref('Studio'),
  'studio/arn': att('Studio', 'DomainArn'),
};

local parameters = {
  ['Shown' + id(name)]: {
    Type: 'AWS::SSM::Parameter',
    Properties: { Name: '/mlops/' + name, Type: 'String', Value: shown[name] },
  }
  for name in std.objectFields(shown)
};

function(accounts) {
  ['workbench-member-%d.template.json' % i]: {
    AWSTemplateFormatVersion: '2010-09-09',
    Resources: network + storage + roles + studio(i) + parameters,
  }
  for i in std.range(0, accounts - 1)
}
