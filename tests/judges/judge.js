// SPDX-License-Identifier: Apache-2.0
// Judges each folder of builds: judge.js FOLDER ROOT COMPILER BROKEN_BUILDS. Modules come from NODE_PATH. Every question is one check; the
// last line is `N passed, N failed`. All of it is one process: starting a judge takes longer than judging.
'use strict';
const fs = require('fs');
const path = require('path');
const { Manifest } = require('@aws-cdk/cloud-assembly-schema');

const [folder, root, compiler, broken] = process.argv.slice(2);
const installed = process.env.NODE_PATH;
const { changes } = require('./changes');
const { findings } = require('./guard');
const { isAccepted, readAccepted } = require('./accepted');
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

// ---- templates -------------------------------------------------------------------------------------------------------------------

const entityOf = (finding) => (finding.entity && finding.entity.logicalId) || '-';

function describe(finding) {
	return `${finding.severity} ${finding.ruleId} ${entityOf(finding)} ${finding.propertyPath || ''} line ${finding.startLine}: ${finding.message}`;
}

function judgeTemplate(engine, accepted, file) {
	const name = path.relative(folder, file);
	check(`validator: ${name}`, attempt(() => engine.validateTemplate(new TemplateFile(file)).diagnostics
		.filter((d) => ['FATAL', 'ERROR', 'WARN'].includes(d.severity))
		// Of a build only warnings can be accepted; a row of the manual's table may show what the validator does not know.
		.filter((d) => (d.severity !== 'WARN' && !name.startsWith('table/')) || !isAccepted(accepted, d.ruleId, name, entityOf(d)))
		.map(describe)));
}

// YAML that says what JSON says, and the same text twice, need one judgement.
function distinct(files) {
	const seen = new Map(files.filter((file) => !/\.ya?ml$/.test(file) || !fs.existsSync(file.replace(/\.ya?ml$/, '.json')))
		.map((file) => [fs.readFileSync(file, 'utf8'), file]));
	return [...seen.values()].sort();
}

function judgePractice(accepted, files) {
	for (const { file, findings: found } of findings(installed, distinct(files))) {
		const name = path.relative(folder, file);
		check(`cfn-guard: ${name}`, found.filter(({ rule, entity }) => !isAccepted(accepted, rule, name, entity))
			.map(({ rule, entity }) => `${rule} ${entity}`));
	}
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

// Beyond the schema: what is to be published must be there, and have a place to go. What is expected of an example is kept without the files
// that were packed.
function judgeAssets(dir, file) {
	const manifest = Manifest.loadAssetManifest(file);
	const unpacked = path.basename(dir).includes('@') ? /^asset\.[0-9a-f]{64}\./ : /^$/;
	return Object.entries(manifest.files || {}).flatMap(([id, asset]) => [
		...(unpacked.test(asset.source.path) || fs.existsSync(path.join(dir, asset.source.path)) ? [] : [`${id}: ${asset.source.path} is not there`]),
		...Object.values(asset.destinations).filter((d) => !d.bucketName || !d.objectKey).map(() => `${id}: a destination lacks its place`),
	]);
}

// What a run of the command line says and how it ends. It takes the place of this process's output while it works.
async function cdk(build, ...args) {
	const said = { stdout: '', stderr: '' };
	const streams = Object.keys(said).map((name) => [name, process[name], process[name].write]);
	for (const [name, stream] of streams) {
		stream.write = (text) => {
			said[name] += text;
			return true;
		};
	}
	try {
		return { status: (await commandLine.exec(['--app', path.join(folder, build), ...args])) || 0, ...said };
	} catch (error) {
		return { status: 1, stdout: said.stdout, stderr: `${said.stderr}${error.message}` };
	} finally {
		streams.forEach(([, stream, write]) => {
			stream.write = write;
		});
	}
}

async function judgeCommandLine(build) {
	const artifacts = JSON.parse(fs.readFileSync(path.join(folder, build, 'manifest.json'), 'utf8')).artifacts;
	const stacks = Object.keys(artifacts).filter((id) => artifacts[id].type === 'aws:cloudformation:stack');
	const listed = await cdk(build, 'ls', '--long', '--json');
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
	const synthesized = await cdk(build, 'synth', '-q');
	check(`cdk synth -q: ${build}`, synthesized.status === 0 ? [] : [synthesized.stderr]);
}

// The command line reads its environment when it is loaded, and leaves files where it runs.
function loadCommandLine() {
	const home = path.join(folder, '.home');
	fs.mkdirSync(home, { recursive: true });
	process.chdir(home);
	Object.assign(process.env, { HOME: home, CI: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true', AWS_EC2_METADATA_DISABLED: 'true' });
	return require(path.join(installed, 'aws-cdk/lib/index.js'));
}

// ----------------------------------------------------------------------------------------------------------------------------------

// Those of service-catalog/ are copies.
const templatesOf = (build) => filesBelow(path.join(folder, build), /\.template\.(json|ya?ml)$/)
	.filter((file) => !file.includes(`${path.sep}service-catalog${path.sep}`));

async function judgeBuilds(accepted, builds) {
	const engine = new CompositeEngine();
	for (const build of builds) {
		templatesOf(build).forEach((file) => judgeTemplate(engine, accepted, file));
		if (fs.existsSync(path.join(folder, build, 'manifest.json'))) {
			judgeSchema(build);
			await judgeCommandLine(build);
		}
	}
	engine.free();
}

function checkUse(file, accepted) {
	accepted.forEach((entry) => check(`${path.basename(file)}:${entry.line} is used`, entry.used ? [] : [entry.text]));
}

async function main() {
	const builds = fs.readdirSync(folder, { withFileTypes: true }).filter((e) => e.isDirectory() && !e.name.startsWith('.')).map((e) => e.name).sort();
	check('there is something to judge', builds.length ? [] : ['no example was built']);
	const [warnings, practice] = ['accepted-warnings.txt', 'accepted-guard.txt'].map((name) => path.join(__dirname, name));
	const [acceptedWarnings, acceptedPractice] = [warnings, practice].map(readAccepted);
	await judgeBuilds(acceptedWarnings, builds);
	// Not of the rows of the manual's table, which show one thing each, nor of what is in another build as JSON.
	judgePractice(acceptedPractice, builds.filter((build) => build !== 'table' && !build.endsWith('-yaml')).flatMap(templatesOf));
	checkUse(warnings, acceptedWarnings);
	checkUse(practice, acceptedPractice);
	changes(compiler, root, path.join(folder, '.changes')).forEach(({ name, problems }) => check(`change: ${name}`, problems));
	console.log(`${passed} passed, ${failed} failed`);
	process.exitCode = failed ? 1 : 0;
}

const commandLine = loadCommandLine();
main();
