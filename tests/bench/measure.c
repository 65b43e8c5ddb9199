// SPDX-License-Identifier: Apache-2.0
// Runs a command once and tells "EXIT WALL CPU PEAK" on file descriptor 3: seconds, seconds of user and system time with those of its
// children, and the largest resident size of one process in kB. A tool of its own, so that nothing of the caller counts.
//   measure COMMAND [ARGUMENT...] 3>FILE
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
seconds_of(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int
main(int argc, char **argv)
{
	struct timespec start, end;
	struct rusage used;
	int status;
	if (argc < 2) {
		fprintf(stderr, "usage: measure COMMAND [ARGUMENT...] 3>FILE\n");
		return 2;
	}
	clock_gettime(CLOCK_MONOTONIC, &start);
	pid_t child = fork();
	if (child == 0) {
		close(3);
		execvp(argv[1], argv + 1);
		perror(argv[1]);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &used) < 0) {
		perror("measure");
		return 1;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	dprintf(3, "%d %.6f %.6f %ld\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
		(double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9,
		seconds_of(used.ru_utime) + seconds_of(used.ru_stime), used.ru_maxrss);
	return 0;
}
