// SPDX-License-Identifier: Apache-2.0
// The part of a pattern that is about a detail, against the fields that the events which it names have. For event_schema.c and event_detail.c.
#ifndef MO_CHECK_EVENT_SCHEMA_H
#define MO_CHECK_EVENT_SCHEMA_H

#include "check/event.h"

// The fields that something may have, by any of several events: structures of the catalog.
struct mo_event_fields {
	MO_VEC(mo_cat) structures;
	struct mo_str of; // "Object Created", for messages
};

// `detail` is an OBJECT: its fields exist and may have the values that are asked for.
void mo_event_check_detail(struct mo_events *e, const struct mo_ir_value *detail, const struct mo_event_fields *fields);

#endif
