// SPDX-License-Identifier: Apache-2.0
// The process around one run: memory running out, broken pipes, full disks, terminals. The only file that prints and exits.
#include "driver/run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What one run may take. A program that wants more while it is evaluated is told where by the evaluator; this bounds all the rest.
#define MOST_MEMORY ((size_t)6 << 30)

// A standard stream that is closed would give its number to the next file that is opened. Open it the wrong way round, so that using
// it still fails.
static void
occupy_standard_streams(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF) {
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
		}
	}
}

static bool
wants_colour(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	return isatty(STDERR_FILENO) && !(no_color && *no_color) && !(term && strcmp(term, "dumb") == 0);
}

// Writes and closes. A reader that went away (EPIPE) needs no message: it is not there to see it.
static bool
put(FILE *stream, const struct mo_buf *text, const char *name)
{
	if (text->len == 0) {
		return true;
	}
	errno = 0;
	bool good = fwrite(text->p, 1, text->len, stream) == text->len;
	int reason = errno;
	if (fclose(stream) != 0 && good) {
		good = false;
		reason = errno;
	}
	if (!good && reason != EPIPE && name) {
		fprintf(stderr, "mlopsc: cannot write to %s: %s\n", name, strerror(reason));
	}
	return good;
}

int
main(int argc, char **argv)
{
	static struct mo_ctx ctx; // static, as is run: after the jump their values are still defined
	static struct mo_run run;
	static jmp_buf exhausted;
	ctx.mem.on_exhausted = &exhausted;
	occupy_standard_streams();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); // a file size limit is an error of the write, which knows what to clean up
	ctx.mem.most = MOST_MEMORY;
	if (setjmp(exhausted)) {
		bool is_ours = ctx.mem.used > MOST_MEMORY / 10 * 9; // not the machine's
		fprintf(stderr, is_ours ? "mlopsc: the program needs more than %d GiB of memory\n" : "mlopsc: out of memory\n",
			(int)(MOST_MEMORY >> 30));
		mo_run_close(&run);
		return MO_EXIT_FAILED;
	}
	mo_run_open(&run, &ctx);
	run.colour = wants_colour();
	enum mo_exit code = mo_run(&run, argc, (const char *const *)argv);
	bool written = put(stdout, &run.out, "standard output");
	written = put(stderr, &run.err, NULL) && written;
	mo_run_close(&run);
	return (int)(written ? code : MO_EXIT_FAILED);
}
