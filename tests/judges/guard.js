// SPDX-License-Identifier: Apache-2.0
// Asks cfn-guard, with the rules of AWS Control Tower, about templates: findings(NODE_MODULES, FILES) gives, for each, the rules that fail
// and the resources that they name. Knows nothing of what is accepted.
'use strict';
const { spawnSync } = require('child_process');
const path = require('path');

const VERSION = 'cfn-guard 3.1.1';
const ARCHITECTURES = { x64: 'x86_64', arm64: 'aarch64' };

function paths(value) {
	if (!value || typeof value !== 'object') {
		return [];
	}
	return Object.entries(value).flatMap(([key, inner]) => (key === 'path' && typeof inner === 'string' ? [inner] : paths(inner)));
}

// Of a path such as /Resources/Key/Properties the second word; a rule that names no resource is about `-`.
function resourcesOf(rule) {
	const named = paths(rule).map((text) => text.split('/')).filter((words) => words[1] === 'Resources' && words.length > 2);
	return named.length ? [...new Set(named.map((words) => words[2]))].sort() : ['-'];
}

function run(guard, ...args) {
	const ran = spawnSync(guard, args, { encoding: 'utf8', maxBuffer: 1 << 30 });
	if (ran.error) {
		throw ran.error;
	}
	return ran;
}

// A rule in several parts reports itself once for each.
function judged(report) {
	const found = report.not_compliant.map((entry) => entry.Rule).flatMap((rule) => resourcesOf(rule).map((entity) => ({ rule: rule.name, entity })));
	return [...new Map(found.map((finding) => [`${finding.rule} ${finding.entity}`, finding])).values()];
}

function findings(modules, files) {
	const home = path.join(modules, '@cdklabs/cdk-validator-cfnguard');
	const guard = path.join(home, 'bin/ubuntu', ARCHITECTURES[process.arch], 'cfn-guard');
	const version = run(guard, '--version').stdout.trim();
	if (version !== VERSION) {
		throw new Error(`${VERSION} is wanted, ${version} is installed`);
	}
	const ran = run(guard, 'validate', '--rules', path.join(home, 'rules/control-tower/cfn-guard'), ...files.flatMap((file) => ['--data', file]),
		'--output-format', 'json', '--show-summary', 'none', '--structured');
	if (![0, 19].includes(ran.status)) { // 19: some rule fails
		throw new Error(`cfn-guard ends with ${ran.status}: ${ran.stderr}`);
	}
	const reports = new Map(JSON.parse(ran.stdout).map((report) => [report.name, report]));
	const rules = reports.size && Math.max(...[...reports.values()].map((report) => report.not_applicable.length + report.compliant.length));
	if (reports.size !== files.length || rules < 200) {
		throw new Error(`cfn-guard judged ${reports.size} of ${files.length} templates by ${rules} rules`);
	}
	return files.map((file) => ({ file, findings: judged(reports.get(file)) }));
}

module.exports = { findings };
