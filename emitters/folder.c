// SPDX-License-Identifier: Apache-2.0
// System calls on a folder and what is below it. Which folder may be replaced, and when, is output.c's.
#include "emitters/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	DEEPEST = 80, // more than what an image is built from may have (sema/tree.h)
	LONGEST_NAME = 4096,
	FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
};

bool
mo_folder_name_is_good(struct mo_str name)
{
	if (name.len == 0 || name.len >= LONGEST_NAME || memchr(name.p, '\0', name.len)) {
		return false;
	}
	for (size_t start = 0, end; start <= name.len; start = end + 1) {
		ptrdiff_t slash = mo_str_find(name, MO_STR("/"), start);
		end = slash < 0 ? name.len : (size_t)slash;
		struct mo_str part = mo_str_sub(name, start, end);
		if (part.len == 0 || mo_str_is(part, ".") || mo_str_is(part, "..")) {
			return false;
		}
	}
	return true;
}

// Opens the folder that holds the last part of `name`, which *last becomes. Its folders are made on the way when `make` is set.
static int
open_holder(int folder, const char *name, bool make, int *holder, const char **last)
{
	int at = fcntl(folder, F_DUPFD_CLOEXEC, 0);
	for (const char *slash; at >= 0 && (slash = strchr(name, '/')); name = slash + 1) {
		char part[LONGEST_NAME];
		memcpy(part, name, (size_t)(slash - name));
		part[slash - name] = '\0';
		if (make && mkdirat(at, part, 0777) != 0 && errno != EEXIST) {
			int error = errno;
			close(at);
			return error;
		}
		int next = openat(at, part, FOLDER_FLAGS);
		int error = errno;
		close(at);
		errno = error;
		at = next;
	}
	*holder = at;
	*last = name;
	return at < 0 ? errno : 0;
}

// ---- writing ---------------------------------------------------------------------------------------------------------------------

static int
write_all(int file, struct mo_str bytes)
{
	for (size_t done = 0; done < bytes.len;) {
		ssize_t n = write(file, bytes.p + done, bytes.len - done);
		if (n < 0 && errno != EINTR) {
			return errno;
		}
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

// Makes the file and closes it; `times`, when not NULL, become its time stamps.
static int
write_file(int holder, const char *name, struct mo_str bytes, bool executable, const struct timespec *times)
{
	int file = openat(holder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, executable ? 0777 : 0666);
	if (file < 0) {
		return errno;
	}
	int error = write_all(file, bytes);
	if (!error && times && futimens(file, times) != 0) {
		error = errno;
	}
	if (close(file) != 0 && !error) {
		error = errno;
	}
	return error;
}

static bool
reads_as(int file, struct mo_str bytes)
{
	char buffer[1 << 16];
	size_t done = 0;
	for (;;) {
		ssize_t n = read(file, buffer, sizeof(buffer));
		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n <= 0) {
			return n == 0 && done == bytes.len;
		}
		if ((size_t)n > bytes.len - done || memcmp(buffer, bytes.p + done, (size_t)n) != 0) {
			return false;
		}
		done += (size_t)n;
	}
}

// Whether the regular file holds exactly these bytes, and since when.
static bool
is_same_file(int holder, const char *name, struct mo_str bytes, bool executable, struct timespec times[2])
{
	int file = openat(holder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (file < 0) {
		return false;
	}
	struct stat is;
	bool same = fstat(file, &is) == 0 && S_ISREG(is.st_mode) && !(is.st_mode & S_IXUSR) == !executable && (size_t)is.st_size == bytes.len
		    && reads_as(file, bytes);
	if (same) {
		times[0] = is.st_atim;
		times[1] = is.st_mtim;
	}
	close(file);
	return same;
}

int
mo_folder_put(int folder, int old, const char *name, struct mo_str bytes, bool executable, bool *is_new)
{
	int holder, old_holder = -1;
	const char *last, *old_last;
	*is_new = true;
	int error = open_holder(folder, name, true, &holder, &last);
	if (error) {
		return error;
	}
	struct timespec times[2];
	bool same = old >= 0 && open_holder(old, name, false, &old_holder, &old_last) == 0
		    && is_same_file(old_holder, old_last, bytes, executable, times);
	if (same && linkat(old_holder, old_last, holder, last, 0) == 0) {
		*is_new = false;
	} else {
		error = write_file(holder, last, bytes, executable, same ? times : NULL);
	}
	if (old_holder >= 0) {
		close(old_holder);
	}
	close(holder);
	return error;
}

// ---- reading ---------------------------------------------------------------------------------------------------------------------

int
mo_folder_read_head(int folder, const char *name, char *buffer, size_t size, size_t *len)
{
	int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (file < 0) {
		return errno;
	}
	struct stat is;
	int error = fstat(file, &is) != 0 ? errno : S_ISREG(is.st_mode) ? 0 : EINVAL;
	*len = 0;
	while (!error && *len < size) {
		ssize_t n = read(file, buffer + *len, size - *len);
		if (n < 0 && errno != EINTR) {
			error = errno;
		}
		if (n == 0) {
			break;
		}
		*len += n > 0 ? (size_t)n : 0;
	}
	close(file);
	return error;
}

// A stream of the folder's entries that leaves the caller's descriptor alone.
static DIR *
open_entries(int folder)
{
	int own = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = own < 0 ? NULL : fdopendir(own);
	if (!entries && own >= 0) {
		int error = errno;
		close(own);
		errno = error;
	}
	return entries;
}

// The next entry besides "." and ".."; NULL at the end, with errno set when reading failed.
static const struct dirent *
next_entry(DIR *entries)
{
	const struct dirent *e;
	do {
		errno = 0;
		e = readdir(entries);
	} while (e && (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0));
	return e;
}

int
mo_folder_is_empty(int folder, bool *empty)
{
	DIR *entries = open_entries(folder);
	if (!entries) {
		return errno;
	}
	*empty = !next_entry(entries);
	int error = *empty ? errno : 0;
	closedir(entries);
	return error;
}

// ---- removing --------------------------------------------------------------------------------------------------------------------

static int remove_entry(int parent, const char *name, int depth);

static int
empty_folder(int folder, int depth)
{
	DIR *entries = open_entries(folder);
	if (!entries) {
		return errno;
	}
	int error = 0;
	bool is_build = false;
	for (const struct dirent *e; (e = next_entry(entries));) {
		if (depth == 0 && strcmp(e->d_name, "manifest.json") == 0) {
			is_build = true; // goes last, so that what is left of a build can be told from other folders
			continue;
		}
		int failed = remove_entry(folder, e->d_name, depth + 1);
		error = error ? error : failed;
	}
	closedir(entries);
	return is_build && !error ? remove_entry(folder, "manifest.json", depth + 1) : error;
}

static int
remove_entry(int parent, const char *name, int depth)
{
	if (unlinkat(parent, name, 0) == 0) {
		return 0;
	}
	if (errno != EISDIR && errno != EPERM) {
		return errno;
	}
	int folder = openat(parent, name, FOLDER_FLAGS);
	if (folder < 0) {
		return errno;
	}
	int error = depth < DEEPEST ? empty_folder(folder, depth) : ELOOP;
	close(folder);
	if (unlinkat(parent, name, AT_REMOVEDIR) != 0 && !error) {
		error = errno;
	}
	return error;
}

int
mo_folder_remove(int parent, const char *name)
{
	return remove_entry(parent, name, 0);
}
