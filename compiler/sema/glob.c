// SPDX-License-Identifier: Apache-2.0
// Walks folders level by level of a pattern. The order is that of names, never that of the file system.
#include "sema/glob.h"

#include "sema/paths.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int
compare(const void *a, const void *b)
{
	return mo_str_cmp(*(const struct mo_str *)a, *(const struct mo_str *)b);
}

static void
sort(mo_names *names)
{
	if (names->len) {
		qsort(names->items, names->len, sizeof(names->items[0]), compare);
	}
}

static void
read_names(struct mo_arena *a, DIR *dir, mo_names *out)
{
	struct dirent *e;
	while ((e = readdir(dir)) != NULL) {
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
			mo_push(a, out, mo_str_dup(a, mo_str_c(e->d_name)));
		}
	}
}

// Memory that runs out on the way must not leave the folder open.
static void
read_and_close(struct mo_arena *a, DIR *dir, mo_names *out)
{
	jmp_buf *outer = a->mem->on_exhausted, here;
	if (setjmp(here)) {
		a->mem->on_exhausted = outer;
		closedir(dir);
		longjmp(*outer, 1);
	}
	a->mem->on_exhausted = &here;
	read_names(a, dir, out);
	a->mem->on_exhausted = outer;
	closedir(dir);
}

bool
mo_list_folder(struct mo_arena *a, struct mo_str folder, mo_names *out)
{
	DIR *dir = opendir(mo_str_dup(a, folder).p);
	if (!dir) {
		return false;
	}
	read_and_close(a, dir, out);
	sort(out);
	return true;
}

bool
mo_glob_matches(struct mo_str pattern, struct mo_str name)
{
	size_t p = 0, n = 0, star = SIZE_MAX, resume = 0; // where the last `*` stands, and what it was last tried to end before
	if (mo_str_starts(name, MO_STR(".")) && !mo_str_starts(pattern, MO_STR("."))) {
		return false;
	}
	while (n < name.len) {
		if (p < pattern.len && pattern.p[p] == '*') {
			star = p++;
			resume = n;
		} else if (p < pattern.len && (pattern.p[p] == '?' || pattern.p[p] == name.p[n])) {
			p++;
			n++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			n = ++resume;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.p[p] == '*') {
		p++;
	}
	return p == pattern.len;
}

// ---- the walk --------------------------------------------------------------------------------------------------------------------

struct glob {
	struct mo_arena *arena;
	struct mo_str root, folder;
	mo_names levels;
	uint32_t visited, most_visited, deepest;
	enum mo_glob_result result;
	mo_names *out;
};

static void
split_levels(struct glob *g, struct mo_str pattern)
{
	for (size_t from = 0; from <= pattern.len;) {
		ptrdiff_t slash = mo_str_find(pattern, MO_STR("/"), from);
		size_t end = slash < 0 ? pattern.len : (size_t)slash;
		struct mo_str level = mo_str_sub(pattern, from, end);
		bool again = mo_str_is(level, "**") && g->levels.len && mo_str_is(mo_last(&g->levels), "**");
		if (level.len && !mo_str_is(level, ".") && !again) {
			mo_push(g->arena, &g->levels, level);
		}
		from = end + 1;
	}
	if (g->levels.len && mo_str_is(mo_last(&g->levels), "**")) {
		mo_push(g->arena, &g->levels, MO_STR("*"));
	}
}

static struct mo_str
below(struct glob *g, struct mo_str folder, struct mo_str name)
{
	return folder.len ? mo_str_printf(g->arena, MO_STR_FMT "/" MO_STR_FMT, MO_STR_ARG(folder), MO_STR_ARG(name)) : name;
}

static struct mo_str
absolute(struct glob *g, struct mo_str relative)
{
	return mo_str_dup(g->arena, below(g, g->folder, relative.len ? relative : MO_STR(".")));
}

static bool
is_wild(struct mo_str level)
{
	return mo_str_find(level, MO_STR("*"), 0) >= 0 || mo_str_find(level, MO_STR("?"), 0) >= 0;
}

static void
take_file(struct glob *g, struct mo_str relative)
{
	struct stat st;
	struct mo_str path = absolute(g, relative);
	if (stat(path.p, &st) == 0 && S_ISREG(st.st_mode) && mo_path_is_below(g->root, mo_path_real(g->arena, path))) {
		mo_push(g->arena, g->out, relative);
	}
}

static bool
is_folder(struct glob *g, struct mo_str relative)
{
	struct stat st;
	return lstat(absolute(g, relative).p, &st) == 0 && S_ISDIR(st.st_mode);
}

static void walk(struct glob *g, struct mo_str relative, uint32_t level, uint32_t depth);

static void
walk_names(struct glob *g, struct mo_str relative, uint32_t level, uint32_t depth)
{
	mo_names names = { 0 };
	struct mo_str pattern = g->levels.items[level];
	bool any_depth = mo_str_is(pattern, "**"), last = level + 1 == g->levels.len;
	if (!mo_list_folder(g->arena, absolute(g, relative), &names)) {
		return;
	}
	for (uint32_t i = 0; i < names.len && g->result == MO_GLOB_DONE; i++) {
		struct mo_str name = names.items[i], path = below(g, relative, name);
		if (++g->visited > g->most_visited) {
			g->result = MO_GLOB_TOO_MANY;
		} else if (any_depth) {
			if (mo_glob_matches(MO_STR("*"), name) && is_folder(g, path)) {
				walk(g, path, level, depth + 1);
			}
		} else if (mo_glob_matches(pattern, name)) {
			if (last) {
				take_file(g, path);
			} else if (is_folder(g, path)) {
				walk(g, path, level + 1, depth + 1);
			}
		}
	}
}

// What matches the pattern from `level` on, in the folder `relative`.
static void
walk(struct glob *g, struct mo_str relative, uint32_t level, uint32_t depth)
{
	struct mo_str pattern = g->levels.items[level], real = mo_path_real(g->arena, absolute(g, relative));
	bool last = level + 1 == g->levels.len;
	if (real.len == 0) {
		return;
	}
	if (depth > g->deepest) {
		g->result = MO_GLOB_TOO_DEEP;
		return;
	}
	if (!mo_path_is_below(g->root, real)) {
		g->result = MO_GLOB_OUTSIDE;
		return;
	}
	if (mo_str_is(pattern, "**")) {
		walk(g, relative, level + 1, depth); // no folder at all
		walk_names(g, relative, level, depth);
	} else if (is_wild(pattern)) {
		walk_names(g, relative, level, depth);
	} else if (last) {
		take_file(g, below(g, relative, pattern));
	} else {
		walk(g, below(g, relative, pattern), level + 1, depth + 1);
	}
}

static void
drop_doubles(mo_names *names)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < names->len; i++) {
		if (i == 0 || !mo_str_eq(names->items[i], names->items[kept - 1])) {
			names->items[kept++] = names->items[i];
		}
	}
	names->len = kept;
}

enum mo_glob_result
mo_glob(struct mo_arena *a, struct mo_str root, struct mo_str folder, struct mo_str pattern, uint32_t most_visited, uint32_t deepest,
	mo_names *out)
{
	struct glob g = { .arena = a, .root = root, .folder = folder, .most_visited = most_visited, .deepest = deepest, .out = out };
	split_levels(&g, pattern);
	if (g.levels.len) {
		walk(&g, MO_STR(""), 0, 0);
	}
	sort(out);
	drop_doubles(out);
	return g.result;
}
