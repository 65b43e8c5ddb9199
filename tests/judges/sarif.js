// SPDX-License-Identifier: Apache-2.0
// Holds every log of --diagnostics sarif against the standard's own schema: sarif.js COMPILER ROOT. The logs are those of the programs in
// the tests that have mistakes. Prints what does not fit; the exit code says whether something did not.
'use strict';
const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { Ajv } = require('ajv');
const { default: addFormats } = require('ajv-formats');

const [compiler, root] = process.argv.slice(2);
const schema = JSON.parse(fs.readFileSync(path.join(process.env.NODE_PATH, 'schemastore/schemas/json/sarif-2.1.0.json'), 'utf8'));
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false }); // one of the schema's patterns is no Unicode one
addFormats(ajv);
const validate = ajv.compile(schema);

function programs(dir) {
	return fs.readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
		const full = path.join(dir, entry.name);
		return entry.isDirectory() ? programs(full) : entry.name.endsWith('.mlops') ? [full] : [];
	});
}

let logs = 0;
let results = 0;
let wrong = 0;
for (const program of [...programs(path.join(root, 'tests/lang')), ...programs(path.join(root, 'tests/checks'))]) {
	const { stderr, status } = spawnSync(compiler, ['check', '--diagnostics=sarif', program], { encoding: 'utf8', maxBuffer: 1 << 28 });
	const log = JSON.parse(stderr);
	logs++;
	results += log.runs[0].results.length;
	if (status > 1 || !validate(log)) {
		wrong++;
		console.log(`${path.relative(root, program)} (exit code ${status})`);
		for (const error of (validate.errors || []).slice(0, 5)) {
			console.log(`  ${error.instancePath} ${error.message}`);
		}
	}
}
if (results < 100) {
	wrong++;
	console.log(`only ${results} results in ${logs} logs`);
}
process.exitCode = wrong ? 1 : 0;
