// SPDX-License-Identifier: Apache-2.0
// Documents as text: JSON and YAML of values, with deploy-time scalars placed by Fn::Sub where that cannot break the document.
#ifndef MO_EVAL_DOCUMENT_H
#define MO_EVAL_DOCUMENT_H

#include "eval/builtin.h"
#include "eval/lower.h"

// What a deploy-time scalar will look like inside a document.
enum mo_shape {
	MO_SHAPE_UNSAFE,  // may hold quotes, backslashes or control characters, or be absent
	MO_SHAPE_TEXT,    // text without any of these
	MO_SHAPE_LITERAL, // a number, true or false
};

enum mo_shape mo_shape_of(struct mo_eval *ev, const struct mo_ir_value *ir);

// Appends a DEPLOY value as JSON: quoted text, a literal, or a list. False after a report.
bool mo_document_place(const struct mo_call *c, struct mo_text *t, const struct mo_value *v);

// The document of a value: `write` for what it is now, Fn::If over two documents where a condition chooses between two values.
typedef const struct mo_value *(*mo_write_document)(const struct mo_call *c, const struct mo_value *v);
const struct mo_value *mo_document_of(const struct mo_call *c, mo_write_document write);

// Whether a member or element is written: none is dropped, unless it is the null of a data file.
bool mo_document_holds(const struct mo_value *v);

// Whether YAML readers (1.1 or 1.2) might take an unquoted text for something else than text.
bool mo_yaml_is_ambiguous(struct mo_str text);

#endif
