// SPDX-License-Identifier: Apache-2.0
// Facts and how they are found again. Takes texts, keeps them; reads and writes no file.
#include "lock/lock.h"

const struct mo_lock_row mo_lock_rows[MO_LOCK_KINDS] = {
#define MO_LOCK_FACT(ID, word, keys, fields, names) { #word, keys, fields, names },
#include "lock/facts.def"
};

static uint64_t
hash_of(enum mo_lock_kind kind, const struct mo_str *keys)
{
	uint64_t h = (uint64_t)kind + 1;
	for (uint32_t i = 0; i < mo_lock_rows[kind].keys; i++) {
		h = (h ^ mo_str_hash(keys[i])) * 0x9e3779b97f4a7c15ULL;
		h ^= h >> 32;
	}
	return h;
}

static bool
has_keys(const struct mo_lock_fact *fact, const struct mo_str *keys)
{
	for (uint32_t i = 0; i < mo_lock_rows[fact->kind].keys; i++) {
		if (!mo_str_eq(fact->fields[i], keys[i])) {
			return false;
		}
	}
	return true;
}

// The place of a fact, or the free one where it belongs. Hashes that clash are told apart by trying the next number.
static struct mo_lock_fact *
probe(const struct mo_lock_state *state, enum mo_lock_kind kind, const struct mo_str *keys, uint64_t *hash)
{
	for (*hash = hash_of(kind, keys);; ++*hash) {
		uintptr_t at = (uintptr_t)mo_map_get(&state->index, *hash);
		if (!at) {
			return NULL;
		}
		struct mo_lock_fact *found = at <= state->facts[kind].len ? &state->facts[kind].items[at - 1] : NULL;
		if (found && has_keys(found, keys)) {
			return found;
		}
	}
}

const struct mo_lock_fact *
mo_lock_state_find(const struct mo_lock_state *state, enum mo_lock_kind kind, const struct mo_str *keys)
{
	uint64_t hash;
	return probe(state, kind, keys, &hash);
}

const struct mo_lock_fact *
mo_lock_find(const struct mo_lock *lock, enum mo_lock_kind kind, const struct mo_str *keys)
{
	return lock ? mo_lock_state_find(&lock->before, kind, keys) : NULL;
}

bool
mo_lock_state_add(struct mo_lock *lock, struct mo_lock_state *state, const struct mo_lock_fact *fact)
{
	uint64_t hash;
	if (probe(state, fact->kind, fact->fields, &hash)) {
		return false;
	}
	mo_push(lock->arena, &state->facts[fact->kind], *fact);
	mo_map_put(lock->arena, &state->index, hash, (void *)(uintptr_t)state->facts[fact->kind].len);
	return true;
}

void
mo_lock_put(struct mo_lock *lock, enum mo_lock_kind kind, const struct mo_str *fields)
{
	struct mo_lock_fact fact = { .kind = kind };
	uint64_t hash;
	if (!lock) {
		return;
	}
	for (uint32_t i = 0; i < mo_lock_rows[kind].fields; i++) {
		fact.fields[i] = fields[i];
	}
	struct mo_lock_fact *there = probe(&lock->after, kind, fields, &hash);
	if (there) {
		*there = fact;
	} else {
		mo_lock_state_add(lock, &lock->after, &fact);
	}
}

void
mo_lock_restart(struct mo_lock *lock)
{
	if (lock) {
		lock->after = (struct mo_lock_state){ 0 };
	}
}
