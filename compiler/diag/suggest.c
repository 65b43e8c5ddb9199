// SPDX-License-Identifier: Apache-2.0
// The nearest right name: restricted Damerau-Levenshtein distance (insertions, deletions, substitutions, swaps of neighbours) on names
// in lower case. It knows no names itself: callers offer them, the nearest scope first.
#include "diag/diag.h"

enum { LONGEST = 128 }; // bytes; a longer name is not compared

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static uint32_t
least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

// Three rows of the usual table suffice: a swap looks back two.
static uint32_t
distance(struct mo_str a, struct mo_str b)
{
	uint32_t rows[3][LONGEST + 1];
	for (uint32_t j = 0; j <= b.len; j++) {
		rows[0][j] = j;
	}
	for (uint32_t i = 1; i <= a.len; i++) {
		uint32_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
		row[0] = i;
		for (uint32_t j = 1; j <= b.len; j++) {
			char ca = lower(a.p[i - 1]), cb = lower(b.p[j - 1]);
			row[j] = least(above[j - 1] + (ca != cb), least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && ca == lower(b.p[j - 2]) && cb == lower(a.p[i - 2])) {
				row[j] = least(row[j], two_above[j - 2] + 1);
			}
		}
	}
	return rows[a.len % 3][b.len];
}

struct mo_suggestion
mo_suggest(struct mo_str wanted)
{
	return (struct mo_suggestion){ .wanted = wanted };
}

void
mo_suggest_from(struct mo_suggestion *s, struct mo_str candidate)
{
	struct mo_str wanted = s->wanted;
	size_t shorter = wanted.len < candidate.len ? wanted.len : candidate.len;
	size_t longer = wanted.len > candidate.len ? wanted.len : candidate.len;
	size_t furthest = wanted.len / 3 > 1 ? wanted.len / 3 : 1;
	if (shorter == 0 || longer > LONGEST || longer - shorter > furthest || mo_str_eq(wanted, candidate)) {
		return;
	}
	uint32_t d = distance(wanted, candidate);
	// A name of which every letter would change is not a slip of the pen.
	if (d <= furthest && d < longer && (s->best.len == 0 || d < s->distance)) {
		s->best = candidate;
		s->distance = d;
	}
}

void
mo_diag_suggest(struct mo_diag *d, struct mo_span span, const struct mo_suggestion *s)
{
	if (s->best.len == 0) {
		return;
	}
	mo_diag_help(d, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(s->best));
	mo_diag_fix(d, span, MO_STR_FMT, MO_STR_ARG(s->best));
}
