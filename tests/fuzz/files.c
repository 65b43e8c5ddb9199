// SPDX-License-Identifier: Apache-2.0
// The main() of a fuzz target where libFuzzer gives none: runs it over files, so that every seed and every finding is a test, and so
// that AFL can drive it (`afl-fuzz … -- compile_fuzz @@`). An argument that starts with a dot is an ending: of folders only files with one
// of these endings are taken. Each file is run in its own folder, where its imports and data files are, and has a bounded time.
#include <dirent.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { DEEPEST_FOLDER = 16, MOST_SECONDS = 20 }; // a run takes a fraction of a second; sanitizers and valgrind take their share

struct run {
	char *const *endings; // the arguments; ended by NULL
	unsigned count;
};

static bool
has_ending(const struct run *run, const char *name)
{
	size_t len = strlen(name);
	for (char *const *e = run->endings; *e; e++) {
		size_t n = strlen(*e);
		if ((*e)[0] == '.' && n <= len && strcmp(name + len - n, *e) == 0) {
			return true;
		}
	}
	return false;
}

static uint8_t *
read_all(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	if (!f) {
		perror(path);
		exit(2);
	}
	size_t cap = 1 << 16;
	uint8_t *bytes = malloc(cap);
	*size = 0;
	for (;;) {
		*size += fread(bytes + *size, 1, cap - *size, f);
		if (*size < cap) {
			fclose(f);
			return bytes;
		}
		cap *= 2;
		bytes = realloc(bytes, cap);
	}
}

static void
enter_folder_of(const char *path)
{
	char *copy = strdup(path);
	if (chdir(dirname(copy)) != 0) {
		perror(path);
		exit(2);
	}
	free(copy);
}

static void
run_file(struct run *run, const char *path)
{
	size_t size;
	uint8_t *bytes = read_all(path, &size);
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enter_folder_of(path);
	time_t start = time(NULL);
	alarm(MOST_SECONDS);
	fprintf(stderr, "%s\n", path); // the last line before a crash
	LLVMFuzzerTestOneInput(bytes, size);
	alarm(0);
	if (time(NULL) - start > 2) {
		printf("%s took more than two seconds\n", path);
	}
	if (here < 0 || fchdir(here) != 0) {
		perror("back");
		exit(2);
	}
	close(here);
	free(bytes);
	run->count++;
}

static bool
is_folder(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void
run_folder(struct run *run, const char *path, unsigned depth)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		char inner[4096];
		snprintf(inner, sizeof(inner), "%s/%s", path, entries[i]->d_name);
		if (entries[i]->d_name[0] == '.' || depth == DEEPEST_FOLDER) {
			// "." and "..", and what is hidden
		} else if (is_folder(inner)) {
			run_folder(run, inner, depth + 1);
		} else if (has_ending(run, inner)) {
			run_file(run, inner);
		}
		free(entries[i]);
	}
	if (count >= 0) {
		free(entries);
	}
}

int
main(int argc, char **argv)
{
	struct run run = { .endings = argv + 1 };
	for (int i = 1; i < argc; i++) {
		if (is_folder(argv[i])) {
			run_folder(&run, argv[i], 0);
		} else if (argv[i][0] != '.') {
			run_file(&run, argv[i]);
		}
	}
	printf("%u files\n", run.count);
	return run.count ? 0 : 1;
}
