// SPDX-License-Identifier: Apache-2.0
// Judges each folder of builds: judge.js FOLDER ACCEPTED_WARNINGS BROKEN_BUILDS. Modules come from NODE_PATH. Every question is one
// check; the last line is `N passed, N failed`.
'use strict';
const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { Manifest } = require('@aws-cdk/cloud-assembly-schema');

const [folder, acceptedFile, broken] = process.argv.slice(2);
const installed = process.env.NODE_PATH;
const { CompositeEngine, TemplateFile } = require(path.join(installed, 'aws-cdk-lib/node_modules/@aws/cloudformation-validate'));

let passed = 0;
let failed = Number(broken);

function check(name, problems) {
	if (problems.length === 0) {
		passed++;
		return;
	}
	failed++;
	console.log(`FAIL ${name}`);
	for (const problem of problems) {
		console.log(`  ${problem}`);
	}
}

// The problem as a list of one, or none.
function attempt(work) {
	try {
		return work() || [];
	} catch (error) {
		return [String(error)];
	}
}

function filesBelow(dir, suffix) {
	return fs.readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
		const full = path.join(dir, entry.name);
		return entry.isDirectory() ? filesBelow(full, suffix) : suffix.test(entry.name) ? [full] : [];
	});
}

// ---- accepted warnings -----------------------------------------------------------------------------------------------------------

function pattern(glob) {
	return new RegExp(`^${glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`);
}

function readAccepted(file) {
	return fs.readFileSync(file, 'utf8').split('\n').map((text, index) => ({ text: text.trim(), line: index + 1 }))
		.filter(({ text }) => text && !text.startsWith('#'))
		.map(({ text, line }) => {
			const [rule, template, entity, ...why] = text.split('|').map((field) => field.trim());
			if (!why.join('').length) {
				throw new Error(`${file}:${line}: expected RULE | BUILD/TEMPLATE | LOGICAL ID | why`);
			}
			return { text, line, rule, template: pattern(template), entity: pattern(entity), used: false };
		});
}

function isAccepted(accepted, template, finding) {
	const entity = (finding.entity && finding.entity.logicalId) || '-';
	const entry = accepted.find((e) => e.rule === finding.ruleId && e.template.test(template) && e.entity.test(entity));
	if (entry) {
		entry.used = true;
	}
	return Boolean(entry);
}

// ---- templates -------------------------------------------------------------------------------------------------------------------

function describe(finding) {
	const entity = (finding.entity && finding.entity.logicalId) || '-';
	return `${finding.severity} ${finding.ruleId} ${entity} ${finding.propertyPath || ''} line ${finding.startLine}: ${finding.message}`;
}

function judgeTemplate(engine, accepted, file) {
	const name = path.relative(folder, file);
	check(`validator: ${name}`, attempt(() => engine.validateTemplate(new TemplateFile(file)).diagnostics
		.filter((d) => ['FATAL', 'ERROR', 'WARN'].includes(d.severity))
		// Of a build only warnings can be accepted; a row of the manual's table may show what the validator does not know.
		.filter((d) => (d.severity !== 'WARN' && !name.startsWith('table/')) || !isAccepted(accepted, name, d))
		.map(describe)));
}

// ---- the assembly ----------------------------------------------------------------------------------------------------------------

function judgeSchema(build) {
	const dir = path.join(folder, build);
	check(`schema: ${build}/manifest.json`, attempt(() => {
		Manifest.loadAssemblyManifest(path.join(dir, 'manifest.json'), { validateSchema: true });
	}));
	for (const file of filesBelow(dir, /\.assets\.json$/)) {
		check(`schema: ${path.relative(folder, file)}`, attempt(() => judgeAssets(dir, file)));
	}
}

// Beyond the schema: what is to be published must be there, and have a place to go.
function judgeAssets(dir, file) {
	const manifest = Manifest.loadAssetManifest(file);
	return Object.entries(manifest.files || {}).flatMap(([id, asset]) => [
		...(fs.existsSync(path.join(dir, asset.source.path)) ? [] : [`${id}: ${asset.source.path} is not there`]),
		...Object.values(asset.destinations).filter((d) => !d.bucketName || !d.objectKey).map(() => `${id}: a destination lacks its place`),
	]);
}

function cdk(build, ...args) {
	const home = path.join(folder, '.home');
	fs.mkdirSync(home, { recursive: true });
	return spawnSync(process.execPath, [path.join(installed, 'aws-cdk/bin/cdk'), '--app', path.join(folder, build), ...args], {
		cwd: home,
		encoding: 'utf8',
		maxBuffer: 1 << 28,
		env: { PATH: process.env.PATH, HOME: home, CI: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true', AWS_EC2_METADATA_DISABLED: 'true' },
	});
}

function judgeCommandLine(build) {
	const artifacts = JSON.parse(fs.readFileSync(path.join(folder, build, 'manifest.json'), 'utf8')).artifacts;
	const stacks = Object.keys(artifacts).filter((id) => artifacts[id].type === 'aws:cloudformation:stack');
	const listed = cdk(build, 'ls', '--long', '--json');
	check(`cdk ls --long: ${build}`, attempt(() => {
		if (listed.status !== 0) {
			return [listed.stderr];
		}
		const seen = new Map(JSON.parse(listed.stdout).map((s) => [s.id.split(' ')[0], s.environment])); // "ID (STACK NAME)"
		return stacks.filter((id) => {
			const is = seen.get(artifacts[id].displayName || id);
			return !is || `aws://${is.account}/${is.region}` !== artifacts[id].environment;
		}).map((id) => `${id} is not listed in ${artifacts[id].environment}`);
	}));
	const synthesized = cdk(build, 'synth', '-q');
	check(`cdk synth -q: ${build}`, synthesized.status === 0 ? [] : [synthesized.stderr]);
}

// ----------------------------------------------------------------------------------------------------------------------------------

const accepted = readAccepted(acceptedFile);
const builds = fs.readdirSync(folder, { withFileTypes: true }).filter((e) => e.isDirectory() && !e.name.startsWith('.')).map((e) => e.name).sort();
const engine = new CompositeEngine();
check('there is something to judge', builds.length ? [] : ['no example was built']);
for (const build of builds) {
	for (const file of filesBelow(path.join(folder, build), /\.template\.(json|ya?ml)$/)) {
		judgeTemplate(engine, accepted, file);
	}
	if (fs.existsSync(path.join(folder, build, 'manifest.json'))) {
		judgeSchema(build);
		judgeCommandLine(build);
	}
}
for (const entry of accepted) {
	check(`${path.basename(acceptedFile)}:${entry.line} is used`, entry.used ? [] : [entry.text]);
}
engine.free();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
