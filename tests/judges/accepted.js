// SPDX-License-Identifier: Apache-2.0
// Reads a reviewed list of findings that stand. A line: RULE | BUILD/TEMPLATE | LOGICAL ID | why it stands. Knows nothing of who judges.
'use strict';
const fs = require('fs');

function pattern(glob) {
	return new RegExp(`^${glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`);
}

// The entries of a file, each with whether something used it.
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

// Whether an entry, which is used then, takes the finding.
function isAccepted(accepted, rule, template, entity) {
	const entry = accepted.find((e) => e.rule === rule && e.template.test(template) && e.entity.test(entity));
	if (entry) {
		entry.used = true;
	}
	return Boolean(entry);
}

module.exports = { readAccepted, isAccepted };
