// SPDX-License-Identifier: Apache-2.0
// Replaces a file in one step, and looks whether one is still what it was. Takes paths and bytes; reports nothing.
#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

// Returns 0 or an errno.
static int
write_to(int fd, struct mo_str bytes, bool durable)
{
	if (fd < 0) {
		return errno;
	}
	int error = 0;
	for (size_t done = 0; done < bytes.len && !error;) {
		ssize_t n = write(fd, bytes.p + done, bytes.len - done);
		error = n < 0 && errno != EINTR ? errno : 0;
		done += n > 0 ? (size_t)n : 0;
	}
	if (!error && durable && fsync(fd) != 0) {
		error = errno;
	}
	return close(fd) != 0 && !error ? errno : error;
}

static int
replace(const char *path, const char *fresh, mode_t mode, struct mo_str bytes)
{
	int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0) {
		return errno;
	}
	if (mode && fchmod(fd, mode) != 0) {
		mode = 0; // of a file system without them: as it is
	}
	int error = write_to(fd, bytes, true);
	if (!error && rename(fresh, path) != 0) {
		error = errno;
	}
	if (error) {
		unlink(fresh);
	}
	return error;
}

int
mo_replace_file(struct mo_arena *arena, const char *path, struct mo_str bytes)
{
	struct stat is;
	bool there = stat(path, &is) == 0;
	if (there && !S_ISREG(is.st_mode)) {
		return write_to(open(path, O_WRONLY | O_CLOEXEC), bytes, false);
	}
	char *real = mo_new_array(arena, char, PATH_MAX);
	path = realpath(path, real) ? real : path; // a link stays
	const char *fresh = mo_str_printf(arena, "%s.mlopsc-%ld", path, (long)getpid()).p;
	sigset_t ending, before;
	sigemptyset(&ending);
	sigaddset(&ending, SIGHUP);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ending, &before);
	int error = replace(path, fresh, there ? is.st_mode & 07777 : 0, bytes);
	pthread_sigmask(SIG_SETMASK, &before, NULL); // what waited comes now
	return error;
}

// ---- looking ---------------------------------------------------------------------------------------------------------------------

static bool
reads_as(int fd, struct mo_str bytes, int *error)
{
	char buffer[1 << 14];
	size_t done = 0, skip = 0;
	bool first = true;
	for (;;) {
		ssize_t n = read(fd, buffer, sizeof(buffer));
		if (n < 0 && errno == EINTR) {
			continue;
		}
		*error = n < 0 ? errno : 0;
		if (n <= 0) {
			return n == 0 && done == bytes.len;
		}
		skip = first && n >= 3 && memcmp(buffer, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
		first = false;
		size_t len = (size_t)n - skip;
		if (len > bytes.len - done || memcmp(buffer + skip, bytes.p + done, len) != 0) {
			return false;
		}
		done += len;
	}
}

bool
mo_file_holds(const char *path, const struct mo_str *bytes, int *error)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	*error = fd < 0 && errno != ENOENT ? errno : 0;
	if (fd < 0) {
		return !bytes && !*error;
	}
	bool same = bytes && reads_as(fd, *bytes, error);
	close(fd);
	return same;
}
