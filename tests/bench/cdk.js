// SPDX-License-Identifier: Apache-2.0
// A peer: the resources of examples/fleet as an AWS CDK application, one stack for each account.
//   N=100 CDK_OUTDIR=out node cdk.js     CDK_VALIDATION=false switches the built-in validation off
const cdk = require('aws-cdk-lib');
const ec2 = require('aws-cdk-lib/aws-ec2');
const iam = require('aws-cdk-lib/aws-iam');
const kms = require('aws-cdk-lib/aws-kms');
const s3 = require('aws-cdk-lib/aws-s3');
const ssm = require('aws-cdk-lib/aws-ssm');
const sagemaker = require('aws-cdk-lib/aws-sagemaker');

const app = new cdk.App();
const N = Number(process.env.N || app.node.tryGetContext('accounts') || 1);
const region = 'eu-west-1';
const I = ec2.InterfaceVpcEndpointAwsService;
const ENDPOINTS = {
  KMS: I.KMS, ECR: I.ECR, ECRDocker: I.ECR_DOCKER, SMApi: I.SAGEMAKER_API, SMRuntime: I.SAGEMAKER_RUNTIME,
  SSM: I.SSM, CW: I.CLOUDWATCH, CWL: I.CLOUDWATCH_LOGS, STS: I.STS, CodeCommit: I.CODECOMMIT,
};

class AccountStack extends cdk.Stack {
  // keep the app lookup-free: three fixed AZs instead of the availability-zones context provider
  get availabilityZones() { return ['a', 'b', 'c'].map(z => `${region}${z}`); }
  constructor(scope, id, props) {
    super(scope, id, props);
    const vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr('10.0.0.0/16'), maxAzs: 3, natGateways: 0, restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'Private', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
    });
    for (const [n, service] of Object.entries(ENDPOINTS)) vpc.addInterfaceEndpoint(n, { service });
    const key = new kms.Key(this, 'Key', { enableKeyRotation: true });
    const bucket = new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.KMS, encryptionKey: key, enforceSSL: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, versioned: true,
    });
    const roles = ['studio', 'ds', 'lead'].map(r => new iam.Role(this, `Role${r}`, {
      assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com'),
      inlinePolicies: { main: new iam.PolicyDocument({ statements: [
        new iam.PolicyStatement({ actions: ['s3:GetObject', 's3:PutObject', 's3:ListBucket'], resources: [bucket.bucketArn, bucket.arnForObjects('*')] }),
        new iam.PolicyStatement({ actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey*'], resources: [key.keyArn] }),
        new iam.PolicyStatement({ actions: ['sagemaker:Describe*', 'sagemaker:List*'], resources: ['*'] }),
      ] }) },
    }));
    const sg = new ec2.SecurityGroup(this, 'StudioSg', { vpc });
    const domain = new sagemaker.CfnDomain(this, 'Domain', {
      authMode: 'IAM', domainName: `studio-${props.idx}`, appNetworkAccessType: 'VpcOnly',
      vpcId: vpc.vpcId, subnetIds: vpc.isolatedSubnets.map(s => s.subnetId), kmsKeyId: key.keyId,
      defaultUserSettings: { executionRole: roles[0].roleArn, securityGroups: [sg.securityGroupId] },
    });
    ['data-scientist', 'lead-data-scientist'].forEach((u, i) => new sagemaker.CfnUserProfile(this, `User${i}`, {
      domainId: domain.attrDomainId, userProfileName: u, userSettings: { executionRole: roles[i + 1].roleArn },
    }));
    const values = [vpc.vpcId, cdk.Fn.join(',', vpc.isolatedSubnets.map(s => s.subnetId)), sg.securityGroupId, key.keyArn,
      bucket.bucketName, roles[0].roleArn, roles[1].roleArn, roles[2].roleArn, domain.attrDomainId, domain.attrDomainArn];
    values.forEach((v, i) => new ssm.StringParameter(this, `Param${i}`, { parameterName: `/mlops/p${i}`, stringValue: v }));
  }
}
for (let i = 0; i < N; i++) {
  const account = String(100000000000 + i * 1111);
  new AccountStack(app, `account-${String(i).padStart(4, '0')}`, { idx: i, env: { account, region } });
}
app.synth();
