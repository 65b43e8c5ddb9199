// SPDX-License-Identifier: Apache-2.0
// Messages that the program does not want: dropped where they come up, and reported when they never do.
#include "diag/diag.h"

void
mo_diags_ignore(struct mo_diags *store, enum mo_message message, struct mo_span within, struct mo_span span, bool library)
{
	for (uint32_t i = 0; i < store->ignores.len; i++) {
		if (store->ignores.items[i].span.start == span.start) {
			return;
		}
	}
	mo_push(store->arena, &store->ignores, (struct mo_ignore){ message, within, span, library, false });
}

// The innermost one that means it.
static struct mo_ignore *
ignore_of(const struct mo_diags *store, const struct mo_diag *d)
{
	struct mo_ignore *best = NULL;
	for (uint32_t i = 0; i < store->ignores.len && !mo_span_is_nowhere(d->span); i++) {
		struct mo_ignore *g = &store->ignores.items[i];
		bool inside = g->within.start <= d->span.start && d->span.end <= g->within.end;
		if (inside && g->message == d->message && (!best || best->within.start <= g->within.start)) {
			best = g;
		}
	}
	return best;
}

void
mo_diags_drop_ignored(struct mo_diags *store)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < store->items.len && store->ignores.len; i++) {
		struct mo_diag *d = store->items.items[i];
		struct mo_ignore *g = ignore_of(store, d);
		if (g) {
			g->used = true;
			store->errors -= d->severity == MO_ERROR;
			store->warnings -= d->severity == MO_WARNING;
		} else {
			store->items.items[kept++] = d;
		}
	}
	store->items.len = store->ignores.len ? kept : store->items.len;
}

void
mo_diags_report_unused_ignores(struct mo_diags *store)
{
	uint32_t count = store->ignores.len;
	for (uint32_t i = 0; i < count; i++) {
		const struct mo_ignore *g = &store->ignores.items[i];
		if (!g->used && !g->library) {
			struct mo_diag *d = mo_report(store, MSG_UNUSED_IGNORE, g->span, "%s does not come up here, so that there is nothing to ignore",
				mo_message_info(g->message)->code);
			mo_diag_help(d, "take the `@ignore` away");
		}
	}
}
