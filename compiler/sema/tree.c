// SPDX-License-Identifier: Apache-2.0
// Walks a folder in the order of names. Nothing is followed: what is a link is an error, so that a package holds what lies in the
// project's folder and nothing else.
#include "sema/tree.h"

#include "base/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const always_ignored[] = { ".git", ".hg", ".svn", ".DS_Store", "__pycache__", "*.pyc" };

struct tree {
	struct mo_arena *arena;
	struct mo_str root;
	const mo_names *ignored;
	mo_zip_files *out;
	size_t total;
	enum mo_tree_error error;
	struct mo_str at;
};

// ---- patterns --------------------------------------------------------------------------------------------------------------------

// Takes the first part of a path off; true when there was one.
static bool
next_part(struct mo_str *path, struct mo_str *part)
{
	ptrdiff_t slash = mo_str_find(*path, MO_STR("/"), 0);
	size_t end = slash < 0 ? path->len : (size_t)slash;
	bool any = path->len > 0;
	*part = mo_str_sub(*path, 0, end);
	*path = mo_str_sub(*path, slash < 0 ? end : end + 1, path->len);
	return any;
}

// Names that start with a dot are no exception here: what is left out is left out.
static bool
matches_name(struct mo_str pattern, struct mo_str name)
{
	struct mo_str dot = MO_STR(".");
	if (mo_str_starts(name, dot) && !mo_str_starts(pattern, dot)) {
		return mo_str_starts(pattern, MO_STR("*")) && mo_glob_matches(pattern, mo_str_sub(name, 1, name.len));
	}
	return mo_glob_matches(pattern, name);
}

static bool
matches_path(struct mo_str pattern, struct mo_str path, uint32_t depth)
{
	struct mo_str want, part, rest = pattern;
	if (!next_part(&rest, &want)) {
		return path.len == 0;
	}
	if (mo_str_is(want, "**")) {
		for (struct mo_str left = path; depth < MO_TREE_DEEPEST;) {
			if (matches_path(rest, left, depth + 1)) {
				return true;
			}
			if (!next_part(&left, &part)) {
				break;
			}
		}
		return false;
	}
	return depth < MO_TREE_DEEPEST && next_part(&path, &part) && matches_name(want, part) && matches_path(rest, path, depth + 1);
}

bool
mo_tree_ignores(struct mo_str pattern, struct mo_str path)
{
	bool anywhere = mo_str_find(pattern, MO_STR("/"), 0) < 0;
	while (mo_str_ends(pattern, MO_STR("/"))) {
		pattern.len--;
	}
	if (!anywhere && mo_str_starts(pattern, MO_STR("/"))) {
		pattern = mo_str_sub(pattern, 1, pattern.len);
	}
	anywhere = anywhere && pattern.len > 0;
	size_t name = path.len;
	while (name > 0 && path.p[name - 1] != '/') {
		name--;
	}
	return anywhere ? matches_name(pattern, mo_str_sub(path, name, path.len)) : pattern.len > 0 && matches_path(pattern, path, 0);
}

static bool
is_ignored(const struct tree *t, struct mo_str path)
{
	for (size_t i = 0; i < sizeof(always_ignored) / sizeof(*always_ignored); i++) {
		if (mo_tree_ignores(mo_str_c(always_ignored[i]), path)) {
			return true;
		}
	}
	for (uint32_t i = 0; t->ignored && i < t->ignored->len; i++) {
		if (mo_tree_ignores(t->ignored->items[i], path)) {
			return true;
		}
	}
	return false;
}

// ---- reading ---------------------------------------------------------------------------------------------------------------------

static bool
fail(struct tree *t, enum mo_tree_error error, struct mo_str at)
{
	t->error = error;
	t->at = at;
	return false;
}

static const char *
absolute(const struct tree *t, struct mo_str path)
{
	return mo_str_printf(t->arena, MO_STR_FMT "%s" MO_STR_FMT, MO_STR_ARG(t->root), path.len ? "/" : "", MO_STR_ARG(path)).p;
}

// Room is taken before the file is opened, so that running out of memory leaves nothing open.
static bool
read_bytes(struct tree *t, struct mo_str path, size_t size, struct mo_str *bytes)
{
	char *room = mo_arena_alloc(t->arena, size + 1);
	const char *name = absolute(t, path);
	int fd = open(name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		return fail(t, errno == ELOOP ? MO_TREE_LINK : MO_TREE_UNREADABLE, path);
	}
	size_t len = 0;
	for (ssize_t n = 1; n != 0 && len <= size;) {
		n = read(fd, room + len, size + 1 - len);
		if (n < 0 && errno != EINTR) {
			int error = errno;
			close(fd);
			errno = error;
			return fail(t, MO_TREE_UNREADABLE, path);
		}
		len += n > 0 ? (size_t)n : 0;
	}
	close(fd);
	errno = EBUSY; // it has changed its size since it was looked at
	*bytes = (struct mo_str){ room, len };
	return len == size || fail(t, MO_TREE_UNREADABLE, path);
}

static bool
take_file(struct tree *t, struct mo_str path, struct mo_str name, const struct stat *is)
{
	size_t bad;
	struct mo_zip_file f = { .name = name, .executable = (is->st_mode & S_IXUSR) != 0 };
	if (t->out->len >= MO_TREE_MOST_FILES) {
		return fail(t, MO_TREE_TOO_MANY, path);
	}
	if (!mo_str_utf8(name, &bad)) {
		return fail(t, MO_TREE_BAD_NAME, path);
	}
	if (is->st_size < 0 || (uintmax_t)is->st_size > MO_TREE_LARGEST - t->total) {
		return fail(t, MO_TREE_TOO_LARGE, path);
	}
	if (!read_bytes(t, path, (size_t)is->st_size, &f.bytes)) {
		return false;
	}
	t->total += f.bytes.len;
	mo_push(t->arena, t->out, f);
	return true;
}

static bool take(struct tree *t, struct mo_str path, uint32_t depth);

static bool
take_folder(struct tree *t, struct mo_str path, uint32_t depth)
{
	mo_names names = { 0 };
	if (depth > MO_TREE_DEEPEST) {
		return fail(t, MO_TREE_TOO_DEEP, path);
	}
	if (!mo_list_folder(t->arena, mo_str_c(absolute(t, path)), &names)) {
		return fail(t, MO_TREE_UNREADABLE, path);
	}
	for (uint32_t i = 0; i < names.len; i++) {
		struct mo_str below = path.len ? mo_str_printf(t->arena, MO_STR_FMT "/" MO_STR_FMT, MO_STR_ARG(path), MO_STR_ARG(names.items[i]))
			: names.items[i];
		if (!is_ignored(t, below) && !take(t, below, depth + 1)) {
			return false;
		}
	}
	return true;
}

static bool
take(struct tree *t, struct mo_str path, uint32_t depth)
{
	struct stat is;
	if (lstat(absolute(t, path), &is) != 0) {
		return fail(t, MO_TREE_UNREADABLE, path);
	}
	if (S_ISDIR(is.st_mode)) {
		return take_folder(t, path, depth);
	}
	if (!S_ISREG(is.st_mode)) {
		return fail(t, S_ISLNK(is.st_mode) ? MO_TREE_LINK : MO_TREE_NOT_A_FILE, path);
	}
	size_t name = t->root.len;
	while (name > 0 && t->root.p[name - 1] != '/') {
		name--;
	}
	return take_file(t, path, path.len ? path : mo_str_sub(t->root, name, t->root.len), &is);
}

static int
by_name(const void *a, const void *b)
{
	return mo_str_cmp(((const struct mo_zip_file *)a)->name, ((const struct mo_zip_file *)b)->name);
}

enum mo_tree_error
mo_tree_read(struct mo_arena *a, struct mo_str path, const mo_names *ignored, mo_zip_files *out, struct mo_str *at)
{
	struct tree t = { .arena = a, .root = path, .ignored = ignored, .out = out };
	if (take(&t, MO_STR(""), 0) && !out->len) {
		fail(&t, MO_TREE_EMPTY, MO_STR(""));
	}
	if (out->len) {
		qsort(out->items, out->len, sizeof(*out->items), by_name);
	}
	*at = t.at;
	return t.error;
}

struct mo_str
mo_tree_digest(struct mo_arena *a, const mo_zip_files *files)
{
	struct mo_buf list = mo_buf_in(a);
	for (uint32_t i = 0; i < files->len; i++) {
		const struct mo_zip_file *f = &files->items[i];
		mo_buf_adds(&list, f->executable ? "x " : "- ");
		mo_buf_add(&list, mo_sha256_hex(a, f->bytes));
		mo_buf_addc(&list, ' ');
		mo_buf_add(&list, f->name);
		mo_buf_addc(&list, '\0'); // the one character that no name has
	}
	return mo_sha256_hex(a, mo_buf_str(&list));
}
