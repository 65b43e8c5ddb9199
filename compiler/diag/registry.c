// SPDX-License-Identifier: Apache-2.0
// Looks messages up in the table that messages.py makes of messages/*.txt.
#include "diag/diag.h"

#include <strings.h>

const struct mo_message_info *
mo_message_info(enum mo_message message)
{
	return &mo_message_table[message];
}

bool
mo_message_is_ignorable(enum mo_message message)
{
	return mo_message_table[message].severity != MO_ERROR || mo_message_table[message].ignorable;
}

uint32_t
mo_message_count(void)
{
	return MO_MESSAGES;
}

int
mo_message_find(struct mo_str name)
{
	for (int i = 0; i < MO_MESSAGES; i++) {
		struct mo_str code = mo_str_c(mo_message_table[i].code);
		if (mo_str_is(name, mo_message_table[i].slug) ||
			(name.len == code.len && strncasecmp(name.p, code.p, code.len) == 0)) {
			return i;
		}
	}
	return -1;
}
