// SPDX-License-Identifier: Apache-2.0
// A YAML document as a list of events, and its text. Written so that readers of YAML 1.1 and of YAML 1.2 see the same.
#ifndef MO_EMITTERS_YAML_H
#define MO_EMITTERS_YAML_H

#include "base/str.h"
#include "base/vec.h"

enum mo_yaml_kind { MO_YAML_BEGIN_OBJECT, MO_YAML_END_OBJECT, MO_YAML_BEGIN_LIST, MO_YAML_END_LIST, MO_YAML_KEY, MO_YAML_STRING, MO_YAML_WORD };

struct mo_yaml_event {
	enum mo_yaml_kind kind;
	bool flow;          // BEGIN_LIST: on one line, with all that is in it; BEGIN_OBJECT: may be on such a line
	struct mo_str tag;  // STRING, BEGIN_LIST: "!Sub"; empty for none. Followed by a NUL that is not counted.
	struct mo_str text; // KEY, STRING: any text; WORD: a number, true, false or null as it is to stand there
};

typedef MO_VEC(struct mo_yaml_event) mo_yaml_events;

// Appends one document. The events nest properly.
void mo_yaml_write(struct mo_buf *out, const mo_yaml_events *events);

// Whether a reader of any YAML version takes the text for a string when it stands there without quotes.
bool mo_yaml_is_plain(struct mo_str text);

#endif
