// SPDX-License-Identifier: Apache-2.0
// Replaces the build folder in one step. Decides whether a path may be replaced at all (only an earlier build, an empty folder or nothing
// may), makes the new folder beside it and exchanges the two. A running build holds a lock on its temporary folder, so that those of
// dead runs are told from living ones whatever their process numbers. Whoever else changes the place meanwhile, another build or the
// user, loses nothing: what came out of the exchange is looked at, and goes back when it is not what was looked at before.
#include "emitters/output.h"

#include "emitters/assembly.h"
#include "emitters/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, MANY_FILES = 32, MOST_TRIES = 100 };

struct job {
	struct mo_ctx *ctx;
	struct mo_output_set *set;
	struct mo_str shown;  // the folder as the user wrote it
	struct mo_str path;   // the folder, absolute, without links
	const char *name;     // its last part
	const char *above;    // the folder that holds it
	struct mo_str prefix; // how the names of temporary folders start
	int parent;           // the folder above, opened
	int old;              // the folder as it is, -1 when there is none
	int fresh;            // the temporary folder
	char *fresh_name;     // its name, or empty when there is none to remove; room_for_name bytes, as has `aside`
	char *aside;
	size_t room_for_name;
	bool *is_new;         // for each file: whether it was written, not linked
	sigset_t signals;     // those that were blocked before

	// What went wrong, for report(): while there is a temporary folder nothing is allocated, as running out of memory would leave it.
	struct mo_str culprit, culprit_file;
	int error;
	bool is_foreign;      // the folder holds something else
};

static enum mo_output_result
failed(struct job *j, struct mo_str what, int error)
{
	j->culprit = what;
	j->error = error;
	return MO_OUTPUT_FAILED;
}

static void
report(struct job *j)
{
	if (j->error) {
		char buffer[128];
		const char *reason = strerror_r(j->error, buffer, sizeof(buffer));
		mo_report(j->ctx->diags, MSG_CANNOT_WRITE_OUTPUT, MO_NOWHERE, "cannot write `" MO_STR_FMT "%s" MO_STR_FMT "`: %s",
			MO_STR_ARG(j->culprit), j->culprit_file.len ? "/" : "", MO_STR_ARG(j->culprit_file), reason);
	} else if (j->is_foreign) {
		struct mo_diag *d = mo_report(j->ctx->diags, MSG_OUTPUT_HOLDS_OTHER_FILES, MO_NOWHERE,
			"the output folder `" MO_STR_FMT "` holds files, but no build of mlopsc", MO_STR_ARG(j->shown));
		mo_diag_note(d, "a build replaces the whole folder; it does so only with an empty one or with an earlier build");
		mo_diag_help(d, "name another folder with `-o`, or empty this one");
	}
}

// ---- which folder ----------------------------------------------------------------------------------------------------------------

static struct mo_str
without_slashes(struct mo_str path)
{
	while (path.len > 1 && path.p[path.len - 1] == '/') {
		path.len--;
	}
	return path;
}

// Makes the folder `path` and those above it; `path` is changed on the way and put right again.
static int
make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/');; slash = strchr(slash + 1, '/')) {
		if (slash) {
			*slash = '\0';
		}
		int error = mkdir(path, 0777) != 0 && errno != EEXIST ? errno : 0;
		if (!slash || error) {
			if (slash) {
				*slash = '/';
			}
			return error;
		}
		*slash = '/';
	}
}

static bool
resolve_into(struct job *j, const char *path, struct mo_str name)
{
	char resolved[PATH_MAX];
	if (!realpath(path, resolved)) {
		return false;
	}
	j->path = mo_str_printf(&j->ctx->build, "%s%s" MO_STR_FMT, resolved, name.len && resolved[1] ? "/" : "", MO_STR_ARG(name));
	return true;
}

// The path of a folder that is not there yet; the folders above it are made.
static enum mo_output_result
resolve_new(struct job *j, struct mo_str dir)
{
	ptrdiff_t slash = -1;
	for (size_t i = 0; i < dir.len; i++) {
		slash = dir.p[i] == '/' ? (ptrdiff_t)i : slash;
	}
	struct mo_str name = mo_str_sub(dir, (size_t)(slash + 1), dir.len);
	struct mo_str parent = slash < 0 ? MO_STR(".") : slash == 0 ? MO_STR("/") : mo_str_sub(dir, 0, (size_t)slash);
	char *above = mo_new_array(&j->ctx->build, char, parent.len + 1);
	memcpy(above, parent.p, parent.len);
	if (!mo_folder_name_is_good(name)) {
		return failed(j, j->shown, ENOENT);
	}
	int error = make_folders(above);
	if (error) {
		return failed(j, parent, error);
	}
	return resolve_into(j, above, name) ? MO_OUTPUT_WRITTEN : failed(j, parent, errno);
}

static enum mo_output_result
no_folder(struct job *j, const char *what)
{
	struct mo_diag *d = mo_report(j->ctx->diags, MSG_OUTPUT_IS_NO_FOLDER, MO_NOWHERE, "the output `" MO_STR_FMT "` is %s",
		MO_STR_ARG(j->shown), what);
	mo_diag_help(d, "name another folder with `-o`, or move what is there");
	return MO_OUTPUT_REFUSED;
}

// A link to a folder stands for that folder: the link stays, what it points to is replaced.
static enum mo_output_result
resolve(struct job *j, struct mo_str dir)
{
	dir = mo_str_dup(&j->ctx->build, without_slashes(dir));
	struct stat is;
	if (dir.len == 0 || memchr(dir.p, '\0', dir.len)) {
		return failed(j, j->shown, ENOENT);
	}
	if (lstat(dir.p, &is) != 0) {
		return errno == ENOENT ? resolve_new(j, dir) : failed(j, j->shown, errno);
	}
	bool is_link = S_ISLNK(is.st_mode);
	if (is_link && stat(dir.p, &is) != 0) {
		return errno == ENOENT ? no_folder(j, "a symbolic link to nothing") : failed(j, j->shown, errno);
	}
	if (!S_ISDIR(is.st_mode)) {
		return no_folder(j, is_link ? "a symbolic link to something that is no folder" : "no folder");
	}
	return resolve_into(j, dir.p, (struct mo_str){ 0 }) ? MO_OUTPUT_WRITTEN : failed(j, j->shown, errno);
}

static bool
holds(struct mo_str outer, struct mo_str inner)
{
	return mo_str_starts(inner, outer) && (inner.len == outer.len || outer.len == 1 || inner.p[outer.len] == '/');
}

// Neither the project nor the folder in which the user stands may be exchanged for another.
static enum mo_output_result
keep_clear(struct job *j, struct mo_str project)
{
	char resolved[PATH_MAX];
	const char *what = NULL;
	struct mo_str root = mo_str_dup(&j->ctx->build, project);
	if (root.len && realpath(root.p, resolved) && holds(j->path, mo_str_c(resolved))) {
		what = "the project";
	} else if (getcwd(resolved, sizeof(resolved)) && holds(j->path, mo_str_c(resolved))) {
		what = "the current folder";
	}
	if (!what) {
		return MO_OUTPUT_WRITTEN;
	}
	struct mo_diag *d = mo_report(j->ctx->diags, MSG_OUTPUT_HOLDS_PROJECT, MO_NOWHERE,
		"the output folder `" MO_STR_FMT "` is or contains %s, and a build replaces its output folder", MO_STR_ARG(j->shown), what);
	mo_diag_help(d, "name a folder of its own with `-o`, such as `-o out`");
	return MO_OUTPUT_REFUSED;
}

// ---- what is there now -----------------------------------------------------------------------------------------------------------

static void
split_path(struct job *j)
{
	char *path = mo_new_array(&j->ctx->build, char, j->path.len + 1);
	memcpy(path, j->path.p, j->path.len);
	char *slash = strrchr(path, '/');
	j->name = slash + 1;
	j->above = slash == path ? "/" : path;
	j->prefix = mo_str_printf(&j->ctx->build, ".%s.mlopsc-", j->name);
	*slash = '\0';
}

// Whether the folder's manifest says that mlopsc wrote it. It says so in its first lines. Returns 0 or an errno.
static int
find_mark(int folder, bool *found)
{
	char head[512];
	size_t len;
	*found = false;
	int error = mo_folder_read_head(folder, "manifest.json", head, sizeof(head), &len);
	if (error) {
		return error == ENOENT || error == EINVAL || error == ELOOP || error == ENXIO ? 0 : error; // none, or no regular file
	}
	struct mo_str text = { head, len };
	ptrdiff_t libraries = mo_str_find(text, MO_STR("\"libraries\": {"), 0);
	*found = libraries >= 0 && mo_str_find(text, MO_STR("\"" MO_ASSEMBLY_MARK "\": "), (size_t)libraries) >= 0;
	return 0;
}

// Returns 0 or an errno.
static int
may_replace(struct job *j, bool *may)
{
	bool empty = false, ours = false;
	int error = mo_folder_is_empty(j->old, &empty);
	if (!error) {
		error = find_mark(j->old, &ours);
	}
	if (!error && faccessat(j->old, ".", W_OK | X_OK, AT_EACCESS) != 0) {
		error = errno; // it could be renamed, but not emptied afterwards; and somebody does not want it changed
	}
	*may = empty || ours;
	return error;
}

// Whether the folder that was opened is still the one at the place: another build takes it away before it empties it.
static bool
is_in_place(const struct job *j)
{
	struct stat opened, there;
	return fstat(j->old, &opened) == 0 && fstatat(j->parent, j->name, &there, AT_SYMLINK_NOFOLLOW) == 0
	       && opened.st_dev == there.st_dev && opened.st_ino == there.st_ino;
}

// Opens what is there, j->old, and says whether it may be replaced. Done before the work, and again when the work is to be put there.
static enum mo_output_result
look(struct job *j)
{
	for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
		if (j->old >= 0) {
			close(j->old);
		}
		j->old = openat(j->parent, j->name, FOLDER_FLAGS);
		if (j->old < 0) {
			return errno == ENOENT ? MO_OUTPUT_WRITTEN : failed(j, j->shown, errno);
		}
		bool may = false;
		int error = may_replace(j, &may);
		if (!error && may) {
			return MO_OUTPUT_WRITTEN;
		}
		if (is_in_place(j)) {
			j->is_foreign = !error;
			return error ? failed(j, j->shown, error) : MO_OUTPUT_REFUSED;
		}
	}
	return failed(j, j->shown, EBUSY);
}

// ---- the new folder --------------------------------------------------------------------------------------------------------------

// Opens and locks a temporary folder. Returns 0, or why not: EWOULDBLOCK, it is another run's; ENOENT, it is gone.
static int
take_folder(int parent, const char *name, int *folder)
{
	*folder = openat(parent, name, FOLDER_FLAGS);
	if (*folder < 0) {
		return errno;
	}
	struct stat is;
	int error = flock(*folder, LOCK_EX | LOCK_NB) != 0 || fstat(*folder, &is) != 0 ? errno : is.st_nlink == 0 ? ENOENT : 0;
	if (error) {
		close(*folder);
		*folder = -1;
	}
	return error;
}

// A temporary folder is called after its own number, which nothing else has that comes to stand at its name.
static int
name_by_number(struct job *j)
{
	struct stat is;
	strcpy(j->aside, j->fresh_name);
	int error = fstat(j->fresh, &is) != 0 ? errno : 0;
	snprintf(j->fresh_name, j->room_for_name, MO_STR_FMT "%llu", MO_STR_ARG(j->prefix), (unsigned long long)is.st_ino);
	if (!error && renameat(j->parent, j->aside, j->parent, j->fresh_name) != 0) {
		error = errno;
	}
	if (error) {
		strcpy(j->fresh_name, j->aside);
		close(j->fresh);
	}
	return error;
}

// Between making and locking, another run may take the folder for a dead one's and remove it: then the next name is tried. Where there
// are no locks, no run can take another's.
static int
make_fresh(struct job *j)
{
	int error = EEXIST;
	for (unsigned attempt = 0; attempt < MOST_TRIES; attempt++) {
		snprintf(j->fresh_name, j->room_for_name, MO_STR_FMT "%ld-%u", MO_STR_ARG(j->prefix), (long)getpid(), attempt);
		if (mkdirat(j->parent, j->fresh_name, 0777) != 0) {
			if (errno == EEXIST) {
				continue;
			}
			return errno;
		}
		error = take_folder(j->parent, j->fresh_name, &j->fresh);
		if (error == ENOLCK || error == ENOSYS || error == EOPNOTSUPP) {
			j->fresh = openat(j->parent, j->fresh_name, FOLDER_FLAGS);
			error = j->fresh < 0 ? errno : 0;
		}
		if (error != EWOULDBLOCK && error != ENOENT) {
			break;
		}
	}
	if (!error) {
		error = name_by_number(j);
	}
	if (error && error != EWOULDBLOCK && error != EEXIST) {
		unlinkat(j->parent, j->fresh_name, AT_REMOVEDIR);
	}
	return error;
}

static int
compare_names(const void *a, const void *b)
{
	const struct mo_output_file *x = a, *y = b;
	return mo_str_cmp(x->name, y->name);
}

// Bytes reach the disk before the folder takes the old one's place: one by one, or the whole file system when there are many files.
static int
make_durable(struct job *j, uint32_t new_files)
{
	if (new_files > MANY_FILES) {
		return syncfs(j->fresh) != 0 ? errno : 0;
	}
	for (uint32_t i = 0; i < j->set->files.len; i++) {
		int file = j->is_new[i] ? openat(j->fresh, j->set->files.items[i].name.p, O_RDONLY | O_CLOEXEC) : -1;
		if (file >= 0) {
			int error = fsync(file) != 0 ? errno : 0;
			close(file);
			if (error) {
				return error;
			}
		}
	}
	return fsync(j->fresh) != 0 ? errno : 0;
}

// Signals that end a program wait while there is a temporary folder; false when there is one for us, which comes once that is gone.
static bool
is_undisturbed(const struct job *j)
{
	static const int ending[] = { SIGHUP, SIGINT, SIGTERM };
	sigset_t pending;
	sigpending(&pending);
	for (size_t i = 0; i < sizeof(ending) / sizeof(*ending); i++) {
		struct sigaction action;
		bool is_new = sigismember(&pending, ending[i]) == 1 && sigismember(&j->signals, ending[i]) != 1;
		if (is_new && sigaction(ending[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN) {
			return false;
		}
	}
	return true;
}

static void
hold_signals(struct job *j)
{
	sigset_t ending;
	sigemptyset(&ending);
	sigaddset(&ending, SIGHUP);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ending, &j->signals);
}

static enum mo_output_result
fill(struct job *j)
{
	uint32_t new_files = 0;
	for (uint32_t i = 0; i < j->set->files.len; i++) {
		struct mo_output_file *f = &j->set->files.items[i];
		int error = !is_undisturbed(j) ? EINTR
			    : mo_folder_name_is_good(f->name) ? mo_folder_put(j->fresh, j->old, f->name.p, f->bytes, f->executable, &j->is_new[i]) : EINVAL;
		if (error) {
			j->culprit_file = f->name;
			return failed(j, j->shown, error);
		}
		new_files += j->is_new[i];
	}
	struct stat is;
	if (j->old >= 0 && (fstat(j->old, &is) != 0 || fchmod(j->fresh, is.st_mode & 07777) != 0)) {
		return failed(j, j->shown, errno);
	}
	int error = make_durable(j, new_files);
	return error ? failed(j, j->shown, error) : MO_OUTPUT_WRITTEN;
}

// Whether what has the name of a temporary folder is one, or a build: not something of the user's that an exchange brought out.
static bool
is_remains(struct job *j, const char *name)
{
	int folder = openat(j->parent, name, FOLDER_FLAGS);
	if (folder < 0) {
		return errno == ENOENT;
	}
	struct stat is;
	bool empty = false, ours = false, made = false;
	if (mo_folder_is_empty(folder, &empty) == 0 && find_mark(folder, &ours) == 0 && fstat(folder, &is) == 0) {
		made = strtoull(name + j->prefix.len, NULL, 10) == is.st_ino;
	}
	close(folder);
	return empty || ours || made;
}

static void
remove_remains(struct job *j, const char *name)
{
	if (is_remains(j, name)) {
		mo_folder_remove(j->parent, name);
	}
}

// ---- the exchange ----------------------------------------------------------------------------------------------------------------

// For file systems that cannot exchange: for a moment there is neither. The old folder ends where the exchange would have put it.
static int
exchange_in_steps(struct job *j)
{
	snprintf(j->aside, j->room_for_name, "%s.old", j->fresh_name);
	if (renameat(j->parent, j->name, j->parent, j->aside) != 0) {
		return errno;
	}
	if (renameat(j->parent, j->fresh_name, j->parent, j->name) != 0) {
		int error = errno;
		if (renameat(j->parent, j->aside, j->parent, j->name) != 0 && (errno == EEXIST || errno == ENOTEMPTY)) {
			remove_remains(j, j->aside); // another run was quicker, and replaced it
		}
		return error;
	}
	strcpy(j->fresh_name, j->aside);
	return 0;
}

// Puts the new folder in its place; the old one, if any, is called j->fresh_name afterwards.
static int
exchange(struct job *j)
{
	if (j->old < 0) {
		return renameat(j->parent, j->fresh_name, j->parent, j->name) != 0 ? errno : 0;
	}
	flock(j->old, LOCK_EX | LOCK_NB); // so that no other run takes it for a leftover
	if (renameat2(j->parent, j->fresh_name, j->parent, j->name, RENAME_EXCHANGE) == 0) {
		return 0;
	}
	return errno == EINVAL || errno == ENOSYS || errno == ENOTSUP ? exchange_in_steps(j) : errno;
}

// Whether what the exchange brought out is the folder that had been looked at.
static bool
is_the_old_one(struct job *j)
{
	struct stat seen, got;
	return j->old < 0
	       || (fstat(j->old, &seen) == 0 && fstatat(j->parent, j->fresh_name, &got, AT_SYMLINK_NOFOLLOW) == 0
		       && seen.st_dev == got.st_dev && seen.st_ino == got.st_ino);
}

// Another build, or the user, may be at the same place: then it is looked at again. On failure the new folder is j->fresh_name still.
static enum mo_output_result
take_place(struct job *j)
{
	for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
		enum mo_output_result result = look(j);
		if (result != MO_OUTPUT_WRITTEN) {
			return result;
		}
		int error = exchange(j);
		if (!error && (is_the_old_one(j) || is_remains(j, j->fresh_name))) {
			return MO_OUTPUT_WRITTEN; // the old build, or that of another run which has done its work
		}
		if (!error && (error = exchange(j)) != 0) { // cannot put it back
			strcpy(j->aside, j->fresh_name);
			j->fresh_name[0] = '\0'; // it is not ours to remove
			return failed(j, mo_str_c(j->aside), error);
		}
		if (error && error != ENOENT && error != EEXIST && error != ENOTEMPTY) {
			return failed(j, j->shown, error);
		}
	}
	return failed(j, j->shown, EBUSY);
}

// Removes what dead runs left. A folder whose lock can be had belongs to nobody.
static void
remove_leftovers(struct job *j)
{
	int own = openat(j->parent, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = own < 0 ? NULL : fdopendir(own);
	if (!entries) {
		if (own >= 0) {
			close(own);
		}
		return;
	}
	for (const struct dirent *e; (e = readdir(entries));) {
		int folder;
		if (mo_str_starts(mo_str_c(e->d_name), j->prefix) && take_folder(j->parent, e->d_name, &folder) == 0) {
			remove_remains(j, e->d_name);
			close(folder);
		}
	}
	closedir(entries);
}

static enum mo_output_result
replace(struct job *j)
{
	enum mo_output_result result = fill(j);
	if (result == MO_OUTPUT_WRITTEN) {
		result = is_undisturbed(j) ? take_place(j) : failed(j, j->shown, EINTR);
	}
	if ((result != MO_OUTPUT_WRITTEN || j->old >= 0) && j->fresh_name[0]) {
		remove_remains(j, j->fresh_name);
	}
	if (result == MO_OUTPUT_WRITTEN) {
		fsync(j->parent);
		remove_leftovers(j);
	}
	return result;
}

static enum mo_output_result
write_beside(struct job *j)
{
	hold_signals(j);
	int error = make_fresh(j);
	enum mo_output_result result = error ? failed(j, j->shown, error) : replace(j);
	if (!error) {
		close(j->fresh);
	}
	pthread_sigmask(SIG_SETMASK, &j->signals, NULL); // what waited comes now
	return result;
}

static void
close_places(struct job *j)
{
	if (j->old >= 0) {
		close(j->old);
	}
	if (j->parent >= 0) {
		close(j->parent);
	}
}

// Everything that needs memory, before there is anything to leave behind.
static void
prepare(struct job *j)
{
	struct mo_arena *arena = &j->ctx->build;
	struct mo_output_set *set = j->set;
	if (set->files.len) {
		qsort(set->files.items, set->files.len, sizeof(*set->files.items), compare_names);
	}
	for (uint32_t i = 0; i < set->files.len; i++) {
		set->files.items[i].name = mo_str_dup(arena, set->files.items[i].name); // ended by a NUL
	}
	j->is_new = mo_new_array(arena, bool, set->files.len + 1);
	j->room_for_name = j->prefix.len + 64; // two numbers and an ending
	j->fresh_name = mo_new_array(arena, char, j->room_for_name);
	j->aside = mo_new_array(arena, char, j->room_for_name);
}

static enum mo_output_result
write_to_place(struct job *j)
{
	split_path(j);
	prepare(j);
	j->parent = open(j->above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum mo_output_result result = j->parent < 0 ? failed(j, j->shown, errno) : look(j);
	if (result == MO_OUTPUT_WRITTEN) {
		result = write_beside(j);
	}
	close_places(j);
	return result;
}

enum mo_output_result
mo_output_write(struct mo_ctx *ctx, struct mo_output_set *set, struct mo_str dir, struct mo_str project)
{
	struct job j = { .ctx = ctx, .set = set, .shown = dir, .parent = -1, .old = -1, .fresh = -1 };
	enum mo_output_result result = resolve(&j, dir);
	if (result == MO_OUTPUT_WRITTEN) {
		result = keep_clear(&j, project);
	}
	if (result == MO_OUTPUT_WRITTEN) {
		result = write_to_place(&j);
	}
	report(&j);
	return result;
}
