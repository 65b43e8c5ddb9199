// SPDX-License-Identifier: Apache-2.0
// The store: takes diagnostics from every phase, puts them in order and drops doubles. It does not print and does not know the language.
#include "diag/diag.h"

#include <stdarg.h>
#include <stdlib.h>

struct mo_diags *
mo_diags_new(struct mo_arena *arena)
{
	struct mo_diags *store = mo_new(arena, struct mo_diags);
	store->arena = arena;
	return store;
}

static void
count(struct mo_diags *store, const struct mo_diag *d)
{
	store->errors += d->severity == MO_ERROR;
	store->warnings += d->severity == MO_WARNING;
}

struct mo_diag *
mo_report(struct mo_diags *store, enum mo_message message, struct mo_span span, const char *fmt, ...)
{
	struct mo_diag *d = mo_new(store->arena, struct mo_diag);
	d->message = message;
	d->severity = mo_message_info(message)->severity;
	d->span = span;
	d->order = store->items.len;
	d->store = store;
	va_list args;
	va_start(args, fmt);
	d->text = mo_str_vprintf(store->arena, fmt, args);
	va_end(args);
	mo_push(store->arena, &store->items, d);
	count(store, d);
	return d;
}

void
mo_diag_here(struct mo_diag *d, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	d->here = mo_str_vprintf(d->store->arena, fmt, args);
	va_end(args);
}

void
mo_diag_label(struct mo_diag *d, struct mo_span span, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	struct mo_label label = { span, mo_str_vprintf(d->store->arena, fmt, args) };
	va_end(args);
	mo_push(d->store->arena, &d->labels, label);
}

void
mo_diag_note(struct mo_diag *d, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	struct mo_str note = mo_str_vprintf(d->store->arena, fmt, args);
	va_end(args);
	mo_push(d->store->arena, &d->notes, note);
}

void
mo_diag_help(struct mo_diag *d, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	d->help = mo_str_vprintf(d->store->arena, fmt, args);
	va_end(args);
}

void
mo_diag_fix(struct mo_diag *d, struct mo_span span, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	struct mo_fix fix = { span, mo_str_vprintf(d->store->arena, fmt, args) };
	va_end(args);
	mo_push(d->store->arena, &d->fixes, fix);
}

static int
by_number(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

// Place, then code, then text. Offsets order files as they were read, and codes are numbered in their order.
static int
compare(const struct mo_diag *a, const struct mo_diag *b)
{
	int d = by_number(a->span.start, b->span.start);
	d = d ? d : by_number(a->message, b->message);
	d = d ? d : by_number(a->span.end, b->span.end);
	return d ? d : mo_str_cmp(a->text, b->text);
}

static int
compare_items(const void *pa, const void *pb)
{
	const struct mo_diag *a = *(struct mo_diag *const *)pa, *b = *(struct mo_diag *const *)pb;
	int d = compare(a, b);
	return d ? d : by_number(a->order, b->order);
}

void
mo_diags_forget(struct mo_diags *store, uint32_t count)
{
	while (store->items.len > count) {
		const struct mo_diag *d = store->items.items[--store->items.len];
		store->errors -= d->severity == MO_ERROR;
		store->warnings -= d->severity == MO_WARNING;
	}
}

void
mo_diags_finish(struct mo_diags *store)
{
	if (store->items.len == 0) {
		return;
	}
	qsort(store->items.items, store->items.len, sizeof(store->items.items[0]), compare_items);
	uint32_t kept = 0;
	store->errors = store->warnings = 0;
	for (uint32_t i = 0; i < store->items.len; i++) {
		struct mo_diag *d = store->items.items[i];
		if (d->repeats || (kept && compare(store->items.items[kept - 1], d) == 0)) {
			continue;
		}
		store->items.items[kept++] = d;
		count(store, d);
	}
	store->items.len = kept;
}
