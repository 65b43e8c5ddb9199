// SPDX-License-Identifier: Apache-2.0
// Versions of products: facts PRODUCT, numbered within each product. Takes and gives lists of versions.
#include "lock/lock.h"

#include <stdlib.h>

enum { KEY, NUMBER, HASH, NAME, NOTE };

static unsigned long
number_of(const struct mo_lock_fact *f)
{
	return strtoul(f->fields[NUMBER].p, NULL, 10); // digits, and something behind them, as the reader saw to it
}

// The facts of a product in the order of their numbers.
static void
collect(struct mo_lock *lock, const struct mo_lock_state *state, struct mo_str product, mo_lock_facts *out)
{
	const mo_lock_facts *all = &state->facts[MO_LOCK_PRODUCT];
	for (uint32_t i = 0; i < all->len; i++) {
		if (!mo_str_eq(all->items[i].fields[KEY], product)) {
			continue;
		}
		mo_push(lock->arena, out, all->items[i]);
		for (uint32_t k = out->len - 1; k > 0 && number_of(&out->items[k - 1]) > number_of(&out->items[k]); k--) {
			struct mo_lock_fact later = out->items[k - 1];
			out->items[k - 1] = out->items[k];
			out->items[k] = later;
		}
	}
}

// The facts of a product in the next state, into which those of the file come when they are first asked for.
static mo_lock_facts
facts_of(struct mo_lock *lock, struct mo_str product)
{
	mo_lock_facts found = { 0 };
	collect(lock, &lock->after, product, &found);
	if (found.len == 0) {
		collect(lock, &lock->before, product, &found);
		for (uint32_t i = 0; i < found.len; i++) {
			mo_lock_put(lock, MO_LOCK_PRODUCT, found.items[i].fields);
		}
	}
	return found;
}

mo_lock_versions
mo_lock_product_versions(struct mo_lock *lock, struct mo_str product)
{
	mo_lock_versions all = { 0 };
	mo_lock_facts facts = lock ? facts_of(lock, product) : (mo_lock_facts){ 0 };
	for (uint32_t i = 0; i < facts.len; i++) {
		const struct mo_str *f = facts.items[i].fields;
		mo_push(lock->arena, &all, (struct mo_lock_version){ f[NAME], f[HASH], f[NOTE] });
	}
	return all;
}

void
mo_lock_add_version(struct mo_lock *lock, struct mo_str product, struct mo_lock_version version)
{
	if (!lock) {
		return;
	}
	mo_lock_facts facts = facts_of(lock, product);
	unsigned long last = facts.len ? number_of(&mo_last(&facts)) : 0;
	struct mo_str fields[] = { [KEY] = product, [NUMBER] = mo_str_printf(lock->arena, "%lu", last + 1), [HASH] = version.hash,
		[NAME] = version.name, [NOTE] = version.note };
	mo_lock_put(lock, MO_LOCK_PRODUCT, fields);
}
