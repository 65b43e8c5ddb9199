// SPDX-License-Identifier: Apache-2.0
// Preloaded into the compiler, it makes one system call go wrong: FAULT_CALL names it, FAULT_AT says which time, and FAULT_ACTION what
// happens: `error N` (fails with errno N instead), `signal N` (the signal comes just before it), `stop` (waits for a signal), `half` (writes
// a part), `again` (from then on, every other time, fails with EINTR). When it strikes, it makes the file FAULT_LOG.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int seen; // how often the call has been made

static void
note(void)
{
	const char *log = getenv("FAULT_LOG");
	if (log) {
		syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT, 0666));
	}
}

// Whether the call shall fail, with errno set; *half when it shall do its work in part.
static bool
strikes(const char *call, bool *half)
{
	const char *wanted = getenv("FAULT_CALL"), *at = getenv("FAULT_AT"), *action = getenv("FAULT_ACTION");
	int number = 0;
	*half = false;
	if (!wanted || !at || !action || strcmp(wanted, call) != 0) {
		return false;
	}
	seen++;
	bool is_again = strcmp(action, "again") == 0;
	if (is_again ? seen < atoi(at) : seen != atoi(at)) {
		return false;
	}
	note();
	if (is_again) {
		errno = EINTR;
		return (seen - atoi(at)) % 2 == 0;
	}
	*half = strcmp(action, "half") == 0;
	if (sscanf(action, "signal %d", &number) == 1) {
		kill(getpid(), number);
	} else if (sscanf(action, "error %d", &number) == 1) {
		errno = number;
		return true;
	} else if (strcmp(action, "stop") == 0) {
		raise(SIGSTOP);
	}
	return false;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define CALL(name, parameters, ...) \
	int name parameters \
	{ \
		bool half; \
		return strikes(#name, &half) ? -1 : REAL(name)(__VA_ARGS__); \
	}

CALL(close, (int file), file)
CALL(fsync, (int file), file)
CALL(syncfs, (int file), file)
CALL(fchmod, (int file, mode_t mode), file, mode)
CALL(flock, (int file, int how), file, how)
CALL(mkdir, (const char *path, mode_t mode), path, mode)
CALL(mkdirat, (int folder, const char *path, mode_t mode), folder, path, mode)
CALL(unlinkat, (int folder, const char *path, int flags), folder, path, flags)
CALL(linkat, (int from, const char *old, int to, const char *new, int flags), from, old, to, new, flags)
CALL(renameat, (int from, const char *old, int to, const char *new), from, old, to, new)
CALL(renameat2, (int from, const char *old, int to, const char *new, unsigned flags), from, old, to, new, flags)
CALL(futimens, (int file, const struct timespec times[2]), file, times)
CALL(stat64, (const char *path, struct stat64 *is), path, is)
CALL(fstat64, (int file, struct stat64 *is), file, is)

ssize_t
read(int file, void *bytes, size_t size)
{
	bool half;
	return strikes("read", &half) ? -1 : REAL(read)(file, bytes, half && size > 1 ? size / 2 : size);
}

ssize_t
write(int file, const void *bytes, size_t size)
{
	bool half;
	return strikes("write", &half) ? -1 : REAL(write)(file, bytes, half && size > 1 ? size / 2 : size);
}

int
openat64(int folder, const char *path, int flags, ...)
{
	bool half;
	va_list more;
	va_start(more, flags);
	mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
	va_end(more);
	return strikes("openat64", &half) ? -1 : REAL(openat64)(folder, path, flags, mode);
}

int
open64(const char *path, int flags, ...)
{
	bool half;
	va_list more;
	va_start(more, flags);
	mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
	va_end(more);
	return strikes("open64", &half) ? -1 : REAL(open64)(path, flags, mode);
}
