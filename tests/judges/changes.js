// SPDX-License-Identifier: Apache-2.0
// What a change of an example's files does to its templates, as the CDK's diff sees it: an example is built, one of its files changed, the
// example built again; the difference must be what CHANGES says and nothing else. changes(COMPILER, ROOT, SCRATCH) gives a list of
// { name, problems }. Adding to a row of CHANGES: what a reader would expect to see in a change set.
'use strict';
const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { fullDiff } = require('@aws-cdk/cloudformation-diff');

// Rows with `lock` keep mlops.lock from the first build to the second, as users do. Differences are written `+ TYPE ID`, `- TYPE ID`,
// `~ TYPE ID`, `! TYPE ID` (may be replaced) and `SECTION ID`.
const CHANGES = [
	{
		name: 'a user comes',
		example: 'quickstart',
		edits: [['team.yml', /$/, '- name: emmy\n']],
		expected: { 'studio.template.json': ['+ AWS::SageMaker::UserProfile LabProfileEmmy'] },
	},
	{
		name: 'a user goes',
		example: 'quickstart',
		edits: [['team.yml', /- name: katherine\n/, '']],
		expected: { 'studio.template.json': ['- AWS::SageMaker::UserProfile LabProfileKatherine'] },
	},
	{
		name: 'an endpoint comes',
		example: 'quickstart',
		edits: [['main.mlops', '"ssm", ', '"ssm", "athena", ']],
		expected: { 'networking.template.json': ['+ AWS::EC2::VPCEndpoint MainEndpointAthena'] },
	},
	{
		name: 'an account comes',
		example: 'across-accounts',
		edits: [
			['main.mlops', /(account prod .*\n)/, '$1account test { id: "333333333333", region: "eu-west-1" }\n'],
			['main.mlops', '[dev, prod]', '[dev, test, prod]'],
			['main.mlops', /allow dev, prod/g, 'allow dev, test, prod'],
		],
		expected: {
			'shared.template.json': [
				'~ AWS::ECR::Repository Images', '~ AWS::IAM::Role PublishedReader', '~ AWS::KMS::Key Key', '~ AWS::S3::BucketPolicy ModelsPolicy',
			],
			'watch.template.json': ['+ AWS::SSM::Parameter NetworkIdTest', '+ AWS::SSM::Parameter RoleTest'],
		},
	},
	{
		name: 'the seed code of a product changes, so its product has another version',
		example: 'enterprise-mlops',
		lock: true,
		edits: [['seed_code/build_app/pipelines/batch.py', /$/, '# More to come.\n']],
		expected: { 'catalog.template.json': ['~ AWS::ServiceCatalog::CloudFormationProduct ProjectsProductBatch'] },
	},
	{
		name: 'the same, built again',
		example: 'enterprise-mlops',
		lock: true,
		edits: [],
		expected: {},
	},
];

function copyOf(example, scratch, name) {
	const copy = path.join(scratch, name, path.basename(example));
	fs.cpSync(example, copy, { recursive: true, filter: (file) => !['expected', 'mlops.lock'].includes(path.basename(file)) });
	return copy;
}

function templatesOf(compiler, project, lock) {
	const out = path.join(project, 'out');
	if (!lock) {
		fs.rmSync(path.join(project, 'mlops.lock'), { force: true }); // which would keep what a row takes away
	}
	const { status, stderr } = spawnSync(compiler, ['build', '.', '-o', 'out'], { cwd: project, encoding: 'utf8' });
	if (status !== 0) {
		throw new Error(stderr);
	}
	return new Map(fs.readdirSync(out).filter((name) => name.endsWith('.template.json')).sort()
		.map((name) => [name, JSON.parse(fs.readFileSync(path.join(out, name), 'utf8'))]));
}

function edit(project, [file, from, to]) {
	const full = path.join(project, file);
	const before = fs.readFileSync(full, 'utf8');
	const after = before.replace(from, to);
	if (after === before) {
		throw new Error(`${file} does not hold ${from}`);
	}
	fs.writeFileSync(full, after);
}

function sign(change) {
	if (change.isAddition) {
		return '+';
	}
	if (change.isRemoval) {
		return '-';
	}
	return change.changeImpact === 'WILL_UPDATE' ? '~' : '!';
}

const SECTIONS = ['conditions', 'mappings', 'outputs', 'parameters', 'unknown'];

function differences(before, after) {
	const diff = fullDiff(before, after);
	const found = [];
	diff.resources.forEachDifference((id, change) => found.push(`${sign(change)} ${change.resourceType} ${id}`));
	for (const section of SECTIONS) {
		diff[section].forEachDifference((id) => found.push(`${section} ${id}`));
	}
	return found.sort();
}

function changed(before, after) {
	const names = [...new Set([...before.keys(), ...after.keys()])].sort();
	const all = names.map((name) => [name, differences(before.get(name) || {}, after.get(name) || {})]);
	return Object.fromEntries(all.filter(([, found]) => found.length));
}

function judge(compiler, root, scratch, row, number) {
	const project = copyOf(path.join(root, 'examples', row.example), scratch, String(number));
	const before = templatesOf(compiler, project, row.lock);
	row.edits.forEach((one) => edit(project, one));
	const found = changed(before, templatesOf(compiler, project, row.lock));
	const [is, wanted] = [found, row.expected].map((value) => JSON.stringify(value, null, 2));
	return is === wanted ? [] : [`expected ${wanted}`, `found ${is}`];
}

function changes(compiler, root, scratch) {
	return CHANGES.map((row, number) => {
		try {
			return { name: `${row.example}: ${row.name}`, problems: judge(compiler, root, scratch, row, number) };
		} catch (error) {
			return { name: `${row.example}: ${row.name}`, problems: [String(error)] };
		}
	});
}

module.exports = { changes };
