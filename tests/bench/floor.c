// SPDX-License-Identifier: Apache-2.0
// The least that any compiler of the same output has to do: writes the files of one folder again into another, new one, byte for byte.
//   floor FROM TO
// Reads everything first; the time that it tells on standard output is that of writing alone, in seconds.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct file {
	char *name;
	char *bytes;
	size_t size;
};

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static void
read_file(int folder, struct file *f)
{
	struct stat is;
	int fd = openat(folder, f->name, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &is) != 0) {
		die(f->name);
	}
	f->size = (size_t)is.st_size;
	f->bytes = malloc(f->size + 1);
	for (size_t done = 0; f->bytes && done < f->size;) {
		ssize_t n = read(fd, f->bytes + done, f->size - done);
		if (n <= 0) {
			die(f->name);
		}
		done += (size_t)n;
	}
	close(fd);
}

static size_t
read_folder(const char *path, struct file **files)
{
	size_t count = 0, room = 0;
	DIR *entries = opendir(path);
	if (!entries) {
		die(path);
	}
	for (const struct dirent *e; (e = readdir(entries));) {
		if (e->d_name[0] == '.') {
			continue;
		}
		if (count == room) {
			room = room ? room * 2 : 1024;
			*files = realloc(*files, room * sizeof(**files));
		}
		(*files)[count].name = strdup(e->d_name);
		read_file(dirfd(entries), &(*files)[count++]);
	}
	closedir(entries);
	return count;
}

static void
write_file(int folder, const struct file *f)
{
	int fd = openat(folder, f->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	for (size_t done = 0; fd >= 0 && done < f->size;) {
		ssize_t n = write(fd, f->bytes + done, f->size - done);
		if (n < 0) {
			die(f->name);
		}
		done += (size_t)n;
	}
	if (fd < 0 || close(fd) != 0) {
		die(f->name);
	}
}

static double
seconds(struct timespec t)
{
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
cpu(void)
{
	struct rusage used;
	getrusage(RUSAGE_SELF, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

int
main(int argc, char **argv)
{
	struct file *files = NULL;
	struct timespec start, end;
	if (argc != 3) {
		fprintf(stderr, "usage: floor FROM TO\n");
		return 2;
	}
	size_t count = read_folder(argv[1], &files);
	double before = cpu();
	clock_gettime(CLOCK_MONOTONIC, &start);
	int folder = mkdir(argv[2], 0777) == 0 ? open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (folder < 0) {
		die(argv[2]);
	}
	for (size_t i = 0; i < count; i++) {
		write_file(folder, &files[i]);
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.6f %.6f\n", seconds(end) - seconds(start), cpu() - before);
	return 0;
}
