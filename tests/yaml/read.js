// SPDX-License-Identifier: Apache-2.0
// Reads every template below a folder as YAML 1.2 and compares it with the JSON beside it: read.js FOLDER. The package `yaml` comes from
// NODE_PATH.
'use strict';
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const yaml = require('yaml');

const names = ['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAZs', 'If', 'ImportValue', 'Join', 'Not', 'Or', 'Select', 'Split', 'Sub', 'Ref', 'Condition'];

function long(name, value) {
	return { [name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`]: value };
}

const customTags = [
	{ tag: '!GetAtt', resolve: (text) => ({ 'Fn::GetAtt': [text.slice(0, text.indexOf('.')), text.slice(text.indexOf('.') + 1)] }) },
	...names.map((name) => ({ tag: `!${name}`, resolve: (text) => long(name, text) })),
	...names.map((name) => ({
		tag: `!${name}`,
		collection: 'seq',
		resolve: (items, onError) => {
			// The plain form of a node, with the tags within.
			const holder = { toJSON: (_, ctx) => long(name, items.items.map((item) => toValue(item, ctx))) };
			const scalar = new yaml.Scalar(holder);
			scalar.toJSON = (_, ctx) => holder.toJSON(_, ctx);
			return scalar;
		},
	})),
];

function toValue(node, ctx) {
	return node && typeof node.toJSON === 'function' ? node.toJSON(null, ctx) : node;
}

function templates(folder) {
	return fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
		const full = path.join(folder, entry.name);
		if (entry.name === 'service-catalog') { // copies
			return [];
		}
		return entry.isDirectory() ? templates(full) : full.endsWith('.template.yaml') ? [full] : [];
	});
}

function problem(file) {
	const document = yaml.parseDocument(fs.readFileSync(file, 'utf8'), { version: '1.2', customTags, uniqueKeys: true });
	if (document.errors.length || document.warnings.length) {
		return String(document.errors[0] || document.warnings[0]);
	}
	if (file.includes(`${path.sep}service-catalog${path.sep}`)) {
		return ''; // a copy in YAML alone of a template that is here in both
	}
	const json = JSON.parse(fs.readFileSync(file.replace(/yaml$/, 'json'), 'utf8'));
	try {
		assert.deepStrictEqual(document.toJS(), json);
	} catch (error) {
		return String(error).slice(0, 2000);
	}
	return '';
}

let failed = 0;
const files = templates(process.argv[2]);
for (const file of files) {
	const text = problem(file);
	if (text) {
		failed++;
		console.log(`FAIL YAML 1.2 ${file}\n${text}`);
	}
}
console.log(`YAML 1.2: ${files.length - failed} templates passed, ${failed} failed`);
process.exitCode = failed || !files.length ? 1 : 0;
