// SPDX-License-Identifier: Apache-2.0
// Which program this is: some facts hold until the program changes. Takes all that was read, gives a short digest.
#include "lock/lock.h"

#include "base/sha256.h"

enum { DIGITS = 12 };

struct mo_str
mo_lock_program(struct mo_lock *lock, struct mo_sources *sources)
{
	if (!lock->program.len) {
		struct mo_buf all = mo_buf_in(lock->arena);
		for (uint32_t i = 0; i < mo_source_count(sources); i++) {
			const struct mo_source *s = mo_source_get(sources, i);
			if (s->kind == MO_SOURCE_PROGRAM || s->kind == MO_SOURCE_DATA) {
				mo_buf_printf(&all, "%zu:", s->text.len);
				mo_buf_add(&all, s->text);
			}
		}
		lock->program = mo_str_sub(mo_sha256_hex(lock->arena, mo_buf_str(&all)), 0, DIGITS);
	}
	return lock->program;
}
