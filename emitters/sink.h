// SPDX-License-Identifier: Apache-2.0
// Where a template goes, in pieces: the order of everything is template.c's, how a piece looks is the format's (cfn_json.c and its kin).
#ifndef MO_EMITTERS_SINK_H
#define MO_EMITTERS_SINK_H

#include "base/str.h"

// What a format provides. Calls nest properly; a key is followed by exactly one value.
struct mo_sink_ops {
	void (*begin_object)(void *to);
	void (*end_object)(void *to);
	void (*begin_list)(void *to);
	void (*end_list)(void *to);
	void (*key)(void *to, struct mo_str key);
	void (*string)(void *to, struct mo_str text);
	void (*integer)(void *to, int64_t n);
	void (*number)(void *to, double d);
	void (*boolean)(void *to, bool b);
	void (*null)(void *to);
	// An intrinsic as a value: "Fn::Sub", "Ref", "Condition"; its argument is the one value up to end_call.
	void (*begin_call)(void *to, struct mo_str function);
	void (*end_call)(void *to);
	// Fn::GetAtt, which formats abbreviate differently; the attribute may be dotted.
	void (*attribute)(void *to, struct mo_str id, struct mo_str attribute);
};

struct mo_sink {
	const struct mo_sink_ops *ops;
	void *to;
};

#endif
