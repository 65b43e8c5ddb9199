// SPDX-License-Identifier: Apache-2.0
// Lets allocations of a build fail one after the other: memory FOLDER [all]. Each time the build that was there before must be there still,
// byte by byte, with nothing beside it and no file left open. First every piece of memory that is asked from the system fails once, then,
// with each object of an arena as a piece of its own, a sample of them (or `all`), always with the last ones, when files are written.
#include "driver/run.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SAMPLE = 150, LAST = 60 };

static char place[] = "/tmp/mlopsc-memory-XXXXXX";
static char out[sizeof(place) + 8];
static char lock[sizeof(place) + 8];

static void
require(bool condition, const char *what, size_t at)
{
	if (!condition) {
		printf("allocation %zu: %s\n", at, what);
		exit(1);
	}
}

static uint64_t
hash_of_file(int folder, const char *name)
{
	char buffer[4096];
	uint64_t hash = mo_str_hash(mo_str_c(name));
	int file = openat(folder, name, O_RDONLY | O_CLOEXEC);
	for (ssize_t n; (n = read(file, buffer, sizeof(buffer))) > 0;) {
		hash = hash * 31 + mo_str_hash((struct mo_str){ buffer, (size_t)n });
	}
	close(file);
	return hash;
}

// The sum over the files of a folder, in any order; *count how many entries there are.
static uint64_t
hash_of_folder(const char *path, unsigned *count)
{
	DIR *entries = opendir(path);
	uint64_t hash = 0;
	*count = 0;
	for (const struct dirent *e; entries && (e = readdir(entries));) {
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
			++*count;
			hash += e->d_type == DT_REG ? hash_of_file(dirfd(entries), e->d_name) : 1;
		}
	}
	if (entries) {
		closedir(entries);
	}
	return hash;
}

static unsigned
open_files(void)
{
	unsigned count = 0;
	for (int i = 0; i < 256; i++) {
		count += fcntl(i, F_GETFD) >= 0;
	}
	return count;
}

// One build; true when memory ran out. *allocations: how many there were.
static bool
build(const char *folder, size_t fail_after, bool piecemeal, size_t *allocations)
{
	static struct mo_ctx ctx; // static: defined after the jump
	static struct mo_run run;
	jmp_buf exhausted;
	const char *argv[] = { "mlopsc", "build", folder, "-o", out, "--lock", lock };
	ctx.mem = (struct mo_mem){ .on_exhausted = &exhausted, .fail_after = fail_after, .piecemeal = piecemeal };
	volatile bool ran_out = setjmp(exhausted) != 0;
	if (!ran_out) {
		mo_run_open(&run, &ctx);
		enum mo_exit code = mo_run(&run, (int)(sizeof(argv) / sizeof(argv[0])), argv);
		require(code == MO_EXIT_DONE, run.err.p ? run.err.p : "no success and no word", fail_after);
	}
	*allocations = ctx.mem.allocations;
	mo_run_close(&run);
	return ran_out;
}

static void
check(const char *folder, size_t at, bool piecemeal, uint64_t before, unsigned files)
{
	unsigned entries, beside;
	size_t allocations;
	require(build(folder, at, piecemeal, &allocations), "it did not fail", at);
	require(hash_of_folder(out, &entries) == before, "the earlier build is another", at);
	hash_of_folder(place, &beside);
	require(beside == 1, "something is left beside the build", at);
	require(open_files() == files, "a file is left open", at);
}

int
main(int argc, char **argv)
{
	unsigned entries;
	size_t count, pieces, checked = 0;
	if (argc < 2 || !mkdtemp(place)) {
		return 2;
	}
	snprintf(out, sizeof(out), "%s/out", place);
	snprintf(lock, sizeof(lock), "%s.lock", place); // not in the folder of the example
	build(argv[1], 0, false, &count);
	build(argv[1], 0, false, &count); // over an earlier build, as those to come
	build(argv[1], 0, true, &pieces);
	uint64_t before = hash_of_folder(out, &entries);
	unsigned files = open_files();
	require(entries > 1 && pieces > count, "nothing was built", 0);
	for (size_t at = 1; at < count; at++, checked++) {
		check(argv[1], at, false, before, files);
	}
	size_t step = argc > 2 ? 1 : pieces / SAMPLE + 1;
	for (size_t at = 1; at < pieces; at += pieces - at <= LAST ? 1 : step, checked++) {
		check(argv[1], at, true, before, files);
	}
	printf("%zu passed, 0 failed: of %zu and %zu allocations, with %u files each time as before\n", checked, count, pieces, entries);
	char command[sizeof(place) + sizeof(lock) + 16];
	snprintf(command, sizeof(command), "rm -rf %s %s", place, lock);
	return system(command) == 0 ? 0 : 1;
}
