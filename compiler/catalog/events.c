// SPDX-License-Identifier: Apache-2.0
// What services tell EventBridge: records of source, detail type and the fields of the detail. Takes the packed words (data.h); whoever
// looks for something walks all of them, a few hundred. Knows nothing of patterns.
#include "catalog/catalog.h"

#include "catalog/data.h"

enum { EVENT_SOURCE, EVENT_DETAIL_TYPE, EVENT_FIELDS, EVENT_WORDS };

uint32_t
mo_cat_event_count(void)
{
	return mo_cat_word(MO_CAT_EVENTS);
}

struct mo_cat_event
mo_cat_event_at(uint32_t index)
{
	if (index >= mo_cat_event_count()) {
		return (struct mo_cat_event){ 0 };
	}
	uint32_t event = mo_cat_word(MO_CAT_EVENT_LIST) + index * EVENT_WORDS;
	return (struct mo_cat_event){
		.source = mo_cat_text(event + EVENT_SOURCE),
		.detail_type = mo_cat_text(event + EVENT_DETAIL_TYPE),
		.fields = mo_cat_word(event + EVENT_FIELDS),
	};
}
