// SPDX-License-Identifier: Apache-2.0
// Writes mlops.lock: sorted lines, one fact each, the same for the same facts. Compares with what was read, so that a file which says the
// same stays as it is, down to its time.
#include "lock/lock.h"

#include "base/replace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// ---- lines -----------------------------------------------------------------------------------------------------------------------

// Whether a field can stand as it is: nothing in it that ends a field, a line or a text, or that could be taken for one in quotes.
static bool
is_plain(struct mo_str s, bool last)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c < ' ' || c == 0x7f || (c == ' ' && !last)) {
			return false;
		}
	}
	return s.len && s.p[0] != '"' && s.p[0] != ' ' && s.p[s.len - 1] != ' ';
}

static void
add_field(struct mo_buf *out, struct mo_str s, bool last)
{
	if (is_plain(s, last)) {
		mo_buf_add(out, s);
		return;
	}
	mo_buf_addc(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c < ' ' || c == 0x7f) {
			mo_buf_printf(out, "\\x%02x", c);
		} else {
			mo_buf_adds(out, c == '"' || c == '\\' ? "\\" : "");
			mo_buf_addc(out, s.p[i]);
		}
	}
	mo_buf_addc(out, '"');
}

static void
add_line(struct mo_buf *out, const struct mo_lock_fact *fact)
{
	const struct mo_lock_row *row = &mo_lock_rows[fact->kind];
	mo_buf_adds(out, row->word);
	for (uint32_t i = 0; i < row->fields; i++) {
		mo_buf_addc(out, ' ');
		add_field(out, fact->fields[i], i + 1 == row->fields);
	}
}

struct mo_str
mo_lock_line(struct mo_arena *arena, const struct mo_lock_fact *fact)
{
	struct mo_buf b = mo_buf_in(arena);
	add_line(&b, fact);
	return mo_buf_str(&b);
}

// ---- order -----------------------------------------------------------------------------------------------------------------------

static bool
is_digits(struct mo_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9') {
			return false;
		}
	}
	return s.len > 0;
}

// Numbers by their size and before other texts, those by their bytes.
static int
compare_fields(struct mo_str a, struct mo_str b)
{
	bool x = is_digits(a), y = is_digits(b);
	if (x != y) {
		return x ? -1 : 1;
	}
	return x && a.len != b.len ? (a.len < b.len ? -1 : 1) : mo_str_cmp(a, b);
}

static int
compare_facts(const void *a, const void *b)
{
	const struct mo_lock_fact *x = a, *y = b;
	for (uint32_t i = 0; i < mo_lock_rows[x->kind].keys; i++) {
		int order = compare_fields(x->fields[i], y->fields[i]);
		if (order) {
			return order;
		}
	}
	return 0;
}

static mo_lock_facts
sorted(struct mo_arena *arena, const mo_lock_facts *facts)
{
	mo_lock_facts copy = { 0 };
	if (facts->len) {
		copy.items = mo_new_array(arena, struct mo_lock_fact, facts->len);
		memcpy(copy.items, facts->items, facts->len * sizeof(*facts->items));
		copy.len = facts->len;
		qsort(copy.items, copy.len, sizeof(*copy.items), compare_facts);
	}
	return copy;
}

struct mo_str
mo_lock_text(struct mo_lock *lock)
{
	struct mo_buf b = mo_buf_in(lock->arena);
	for (uint32_t k = 0; k < MO_LOCK_KINDS; k++) {
		mo_lock_facts facts = sorted(lock->arena, &lock->after.facts[k]);
		for (uint32_t i = 0; i < facts.len; i++) {
			if (b.len == 0) {
				mo_buf_printf(&b, "mlops.lock %d\n", MO_LOCK_FORMAT);
			}
			add_line(&b, &facts.items[i]);
			mo_buf_addc(&b, '\n');
		}
	}
	if (b.len == 0 && lock->exists) {
		mo_buf_printf(&b, "mlops.lock %d\n", MO_LOCK_FORMAT);
	}
	return mo_buf_str(&b);
}

// ---- changes ---------------------------------------------------------------------------------------------------------------------

static bool
is_equal(const struct mo_lock_fact *a, const struct mo_lock_fact *b)
{
	for (uint32_t i = 0; i < mo_lock_rows[a->kind].fields; i++) {
		if (!mo_str_eq(a->fields[i], b->fields[i])) {
			return false;
		}
	}
	return true;
}

bool
mo_lock_changes(struct mo_lock *lock)
{
	for (uint32_t k = 0; k < MO_LOCK_KINDS; k++) {
		const mo_lock_facts *after = &lock->after.facts[k];
		if (after->len != lock->before.facts[k].len) {
			return true;
		}
		for (uint32_t i = 0; i < after->len; i++) {
			const struct mo_lock_fact *was = mo_lock_state_find(&lock->before, (enum mo_lock_kind)k, after->items[i].fields);
			if (!was || !is_equal(was, &after->items[i])) {
				return true;
			}
		}
	}
	return false;
}

// One line for each fact that comes, goes or changes; not all of many.
static uint32_t
note_changes(struct mo_lock *lock, struct mo_diag *d, enum mo_lock_kind kind, uint32_t noted)
{
	enum { MOST = 30 };
	mo_lock_facts after = sorted(lock->arena, &lock->after.facts[kind]), before = sorted(lock->arena, &lock->before.facts[kind]);
	for (uint32_t i = 0; i < after.len + before.len; i++) {
		const struct mo_lock_fact *f = i < before.len ? &before.items[i] : &after.items[i - before.len];
		const struct mo_lock_state *other = i < before.len ? &lock->after : &lock->before;
		const struct mo_lock_fact *there = mo_lock_state_find(other, kind, f->fields);
		if ((!there || !is_equal(there, f)) && ++noted <= MOST) {
			mo_diag_note(d, "%s: " MO_STR_FMT, i < before.len ? "goes" : "comes", MO_STR_ARG(mo_lock_line(lock->arena, f)));
		}
	}
	if (kind + 1 == MO_LOCK_KINDS && noted > MOST) {
		mo_diag_note(d, "and %u more lines", noted - MOST);
	}
	return noted;
}

bool
mo_lock_hold(struct mo_lock *lock)
{
	if (!mo_lock_changes(lock)) {
		return true;
	}
	struct mo_diag *d = mo_report(lock->diags, MSG_LOCK_CHANGES, MO_NOWHERE, "the program would change `" MO_STR_FMT "`, and --locked asks that nothing does",
		MO_STR_ARG(lock->name));
	uint32_t noted = 0;
	for (uint32_t k = 0; k < MO_LOCK_KINDS; k++) {
		noted = note_changes(lock, d, (enum mo_lock_kind)k, noted);
	}
	mo_diag_help(d, "build without --locked and commit `" MO_STR_FMT "` together with the change of the program", MO_STR_ARG(lock->name));
	return false;
}

// ---- the file --------------------------------------------------------------------------------------------------------------------

// Whether the file still holds what was read. `error` gets an errno when that cannot be found out.
static bool
is_as_read(struct mo_lock *lock, int *error)
{
	struct mo_str was = lock->source ? lock->source->text : (struct mo_str){ 0 };
	return mo_file_holds(lock->path.p, lock->exists ? &was : NULL, error);
}

bool
mo_lock_write(struct mo_lock *lock)
{
	int error = 0;
	if (!lock->path.len || !mo_lock_changes(lock)) {
		return true;
	}
	struct mo_str text = mo_lock_text(lock);
	if (lock->exists && access(lock->path.p, W_OK) != 0) {
		error = errno; // another could take its place, but somebody does not want it changed
	} else if (is_as_read(lock, &error)) {
		error = mo_replace_file(lock->arena, lock->path.p, text);
	} else if (!error) {
		struct mo_diag *d = mo_report(lock->diags, MSG_LOCK_NOT_WRITTEN, MO_NOWHERE, "the output is written, but `" MO_STR_FMT
			"` was changed by somebody else meanwhile and is left alone", MO_STR_ARG(lock->name));
		mo_diag_help(d, "build again");
		return false;
	}
	if (error) {
		char buffer[128];
		const char *reason = strerror_r(error, buffer, sizeof(buffer));
		struct mo_diag *d = mo_report(lock->diags, MSG_LOCK_NOT_WRITTEN, MO_NOWHERE, "the output is written, but `" MO_STR_FMT
			"` is not: %s", MO_STR_ARG(lock->name), reason);
		mo_diag_help(d, "do not deploy the output before a build could write the file: it is how the next build knows what is deployed");
	}
	return !error;
}
