// SPDX-License-Identifier: Apache-2.0
// The command `init`: writes a starter into a folder. Nothing that is there is touched: when one of the files exists, none is written.
#include "diag/row.h"
#include "driver/run.h"
#include "driver/starters.h"
#include "emitters/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// The name of a starter's file within the project; empty for a file of another starter.
static struct mo_str
name_in_project(const struct mo_library_file *f, struct mo_str starter)
{
	struct mo_str name = mo_str_c(f->name);
	bool own = mo_str_starts(name, starter) && mo_str_starts(mo_str_sub(name, starter.len, name.len), MO_STR("/"));
	return own ? mo_str_sub(name, starter.len + 1, name.len) : (struct mo_str){ 0 };
}

// Without the first line when that is the licence of the compiler's own sources: the project is the user's.
static struct mo_str
text_for_project(const struct mo_library_file *f)
{
	struct mo_str text = { f->text, f->length };
	ptrdiff_t end = mo_str_find(text, MO_STR("\n"), 0);
	bool licence = end >= 0 && mo_str_find(mo_str_sub(text, 0, (size_t)end), MO_STR("SPDX-License-Identifier"), 0) >= 0;
	return licence ? mo_str_sub(text, (size_t)end + 1, text.len) : text;
}

static enum mo_exit
fail(struct mo_run *run, struct mo_str folder, const char *name, int reason)
{
	struct mo_str path = name ? mo_str_printf(&run->ctx->build, MO_STR_FMT "/%s", MO_STR_ARG(folder), name) : folder;
	struct mo_str shown = mo_visible(&run->ctx->build, path);
	mo_buf_printf(&run->err, "mlopsc: cannot write `" MO_STR_FMT "`: %s\n", MO_STR_ARG(shown), strerror(reason));
	return MO_EXIT_FAILED;
}

// Makes the folder and those above it, and opens it; -1 after an error, which is in errno.
static int
open_folder(struct mo_arena *arena, struct mo_str path)
{
	for (size_t at = 1; at <= path.len; at++) {
		if (at < path.len && path.p[at] != '/') {
			continue;
		}
		if (mkdir(mo_str_dup(arena, mo_str_sub(path, 0, at)).p, 0777) != 0 && errno != EEXIST) {
			return -1;
		}
	}
	return open(mo_str_dup(arena, path).p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool
exists(int folder, const char *name)
{
	struct stat is;
	return fstatat(folder, name, &is, AT_SYMLINK_NOFOLLOW) == 0;
}

static const struct mo_library_file *
find_existing(int folder, struct mo_str starter)
{
	for (const struct mo_library_file *f = mo_starters; f->name; f++) {
		struct mo_str name = name_in_project(f, starter);
		if (name.len && exists(folder, name.p)) {
			return f;
		}
	}
	return NULL;
}

// Takes away what was written before `end`.
static void
remove_starter(int folder, struct mo_str starter, const struct mo_library_file *end)
{
	for (const struct mo_library_file *f = mo_starters; f != end; f++) {
		struct mo_str name = name_in_project(f, starter);
		if (name.len) {
			(void)mo_folder_remove(folder, name.p);
		}
	}
}

static enum mo_exit
write_starter(struct mo_run *run, int folder, struct mo_str path, struct mo_str starter)
{
	for (const struct mo_library_file *f = mo_starters; f->name; f++) {
		struct mo_str name = name_in_project(f, starter);
		bool is_new;
		int error = name.len ? mo_folder_put(folder, -1, name.p, text_for_project(f), false, &is_new) : 0;
		if (error) { // a file that somebody else made meanwhile is theirs; half a file is ours
			remove_starter(folder, starter, error == EEXIST ? f : f + 1);
			return fail(run, path, name.p, error);
		}
	}
	return MO_EXIT_DONE;
}

static void
tell_next_steps(struct mo_run *run, struct mo_str path, struct mo_str starter)
{
	struct mo_buf *err = &run->err;
	bool here = mo_str_is(path, ".");
	mo_buf_printf(err, "wrote into `" MO_STR_FMT "`: ", MO_STR_ARG(path));
	size_t start = err->len;
	for (const struct mo_library_file *f = mo_starters; f->name; f++) {
		struct mo_str name = name_in_project(f, starter);
		mo_buf_printf(err, "%s" MO_STR_FMT, name.len && err->len > start ? ", " : "", MO_STR_ARG(name));
	}
	mo_buf_adds(err, "\nnext:\n  write the ids and regions of your accounts into ");
	mo_buf_add(err, here ? MO_STR("") : path);
	mo_buf_adds(err, here ? "main.mlops\n" : "/main.mlops\n");
	mo_buf_printf(err, "  mlopsc check " MO_STR_FMT "\n", MO_STR_ARG(path));
	mo_buf_printf(err, "  mlopsc build " MO_STR_FMT " -o out\n  cdk deploy --app out --all\n"
		"and commit mlops.lock, which the build writes: it keeps what is deployed from being lost by accident\n", MO_STR_ARG(path));
}

static const char *
starter_of(const struct mo_run *run)
{
	const struct mo_option_value *v = &run->line.options[MO_OPTION_TEMPLATE];
	return mo_option_word(MO_KIND_STARTER, v->given ? v->number : 0);
}

enum mo_exit
mo_command_init(struct mo_run *run)
{
	struct mo_str path = run->line.operand.len ? run->line.operand : MO_STR("."), starter = mo_str_c(starter_of(run));
	while (path.len > 1 && mo_str_ends(path, MO_STR("/"))) {
		path.len--;
	}
	int folder = open_folder(&run->ctx->build, path);
	if (folder < 0) {
		return fail(run, path, NULL, errno);
	}
	const struct mo_library_file *existing = find_existing(folder, starter);
	enum mo_exit code = existing ? fail(run, path, name_in_project(existing, starter).p, EEXIST)
		: write_starter(run, folder, path, starter);
	if (code == MO_EXIT_DONE) {
		tell_next_steps(run, mo_visible(&run->ctx->build, path), starter);
	}
	close(folder);
	return code;
}
