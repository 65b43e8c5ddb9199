// SPDX-License-Identifier: Apache-2.0
// emitters/output: the build folder appears as a whole, or stays as it was.
#include "fixture.h"

#include "emitters/folder.h"
#include "emitters/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MANIFEST "{\n  \"version\": \"36.0.0\",\n  \"runtime\": {\n    \"libraries\": {\n      \"mlopsc\": \"1\"\n    }\n  }\n}\n"

static char base[PATH_MAX]; // the folder in which a test plays
static struct mo_output_set set;
static bool cannot_exchange; // as on a network file system

// Stands before the C library's, so that the way without an exchange is taken too.
int
renameat2(int from, const char *from_name, int to, const char *to_name, unsigned flags)
{
	if (cannot_exchange) {
		errno = EINVAL;
		return -1;
	}
	return (int)syscall(SYS_renameat2, from, from_name, to, to_name, flags);
}

static void
put(const char *name, const char *bytes)
{
	mo_output_add(&set, mo_str_c(name), mo_str_c(bytes));
}

static void
open_base(void)
{
	open_ctx();
	const char *tmp = getenv("TMPDIR");
	char pattern[PATH_MAX];
	snprintf(pattern, sizeof(pattern), "%s/mlopsc-output-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(pattern));
	ck_assert_ptr_nonnull(realpath(pattern, base));
	ck_assert_int_eq(chdir("/"), 0);
	set = (struct mo_output_set){ .arena = &ctx.build };
	put("manifest.json", MANIFEST);
}

static void
close_base(void)
{
	close_ctx();
	ck_assert_int_eq(mo_folder_remove(AT_FDCWD, base), 0);
}

static const char *
in_base(const char *name)
{
	return mo_str_printf(&ctx.build, "%s/%s", base, name).p;
}

static enum mo_output_result
write_to(const char *name)
{
	return mo_output_write(&ctx, &set, mo_str_c(in_base(name)), (struct mo_str){ 0 });
}

static void
write_file(const char *name, const char *bytes)
{
	FILE *f = fopen(in_base(name), "w");
	ck_assert_ptr_nonnull(f);
	fputs(bytes, f);
	ck_assert_int_eq(fclose(f), 0);
}

static void
ck_file(const char *name, const char *expected)
{
	char buffer[4096];
	FILE *f = fopen(in_base(name), "r");
	ck_assert_msg(f != NULL, "%s is not there", name);
	size_t n = fread(buffer, 1, sizeof(buffer) - 1, f);
	fclose(f);
	buffer[n] = '\0';
	ck_assert_str_eq(buffer, expected);
}

static bool
is_there(const char *name)
{
	struct stat is;
	return lstat(in_base(name), &is) == 0;
}

// How many entries there are, hidden ones included.
static int
count_entries(const char *name)
{
	DIR *entries = opendir(in_base(name));
	ck_assert_ptr_nonnull(entries);
	int n = -2;
	while (readdir(entries)) {
		n++;
	}
	closedir(entries);
	return n;
}

static void
ck_reported(enum mo_message message, const char *part)
{
	ck_assert_uint_eq(ctx.diags->errors, 1);
	const struct mo_diag *d = ctx.diags->items.items[0];
	ck_assert_int_eq(d->message, message);
	ck_assert_msg(mo_str_find(d->text, mo_str_c(part), 0) >= 0, "`%.*s` lacks `%s`", MO_STR_ARG(d->text), part);
}

// ---- what succeeds ---------------------------------------------------------------------------------------------------------------

START_TEST(a_new_folder_is_made_with_those_above_it)
{
	put("sub/deep/file.txt", "deep");
	put("a.txt", "a");
	ck_assert_int_eq(write_to("x/y/out/"), MO_OUTPUT_WRITTEN);
	ck_file("x/y/out/manifest.json", MANIFEST);
	ck_file("x/y/out/sub/deep/file.txt", "deep");
	ck_file("x/y/out/a.txt", "a");
	ck_assert_int_eq(count_entries("x/y"), 1);
	ck_assert_uint_eq(ctx.diags->errors, 0);
}
END_TEST

START_TEST(an_earlier_build_is_replaced_as_a_whole)
{
	put("gone.txt", "old");
	put("d/gone.txt", "old");
	ck_assert_int_eq(write_to("out"), MO_OUTPUT_WRITTEN);
	ck_assert_int_eq(chmod(in_base("out"), 0750), 0);
	set.files.len = 0;
	put("manifest.json", MANIFEST);
	put("new.txt", "new");
	ck_assert_int_eq(write_to("out"), MO_OUTPUT_WRITTEN);
	ck_assert(!is_there("out/gone.txt"));
	ck_assert(!is_there("out/d"));
	ck_file("out/new.txt", "new");
	ck_assert_int_eq(count_entries("."), 1);
	struct stat is;
	ck_assert_int_eq(stat(in_base("out"), &is), 0);
	ck_assert_uint_eq(is.st_mode & 07777, 0750);
}
END_TEST

START_TEST(a_build_is_replaced_where_folders_cannot_be_exchanged)
{
	put("gone.txt", "old");
	ck_assert_int_eq(write_to("out"), MO_OUTPUT_WRITTEN);
	set.files.len = 0;
	put("manifest.json", MANIFEST);
	cannot_exchange = true;
	ck_assert_int_eq(write_to("out"), MO_OUTPUT_WRITTEN);
	cannot_exchange = false;
	ck_assert_int_eq(count_entries("out"), 1);
	ck_assert_int_eq(count_entries("."), 1);
}
END_TEST

static struct timespec
modified(const char *name)
{
	struct stat is;
	ck_assert_int_eq(stat(in_base(name), &is), 0);
	return is.st_mtim;
}

START_TEST(unchanged_files_keep_their_time)
{
	put("d/same.txt", "same");
	put("changed.txt", "one");
	ck_assert_int_eq(write_to("out"), MO_OUTPUT_WRITTEN);
	const struct timespec long_ago[2] = { { .tv_sec = 1000000000 }, { .tv_sec = 1000000000 } };
	ck_assert_int_eq(utimensat(AT_FDCWD, in_base("out/d/same.txt"), long_ago, 0), 0);
	ck_assert_int_eq(utimensat(AT_FDCWD, in_base("out/changed.txt"), long_ago, 0), 0);
	set.files.len = 0;
	put("manifest.json", MANIFEST);
	put("d/same.txt", "same");
	put("changed.txt", "two");
	ck_assert_int_eq(write_to("out"), MO_OUTPUT_WRITTEN);
	ck_assert_int_eq(modified("out/d/same.txt").tv_sec, 1000000000);
	ck_assert_int_ne(modified("out/changed.txt").tv_sec, 1000000000);
	ck_file("out/changed.txt", "two");
}
END_TEST

START_TEST(an_empty_folder_is_taken)
{
	ck_assert_int_eq(mkdir(in_base("out"), 0777), 0);
	ck_assert_int_eq(write_to("out"), MO_OUTPUT_WRITTEN);
	ck_file("out/manifest.json", MANIFEST);
}
END_TEST

START_TEST(a_link_to_a_folder_stands_for_it)
{
	ck_assert_int_eq(mkdir(in_base("real"), 0777), 0);
	ck_assert_int_eq(symlink("real", in_base("out")), 0);
	ck_assert_int_eq(write_to("out"), MO_OUTPUT_WRITTEN);
	ck_file("real/manifest.json", MANIFEST);
	struct stat is;
	ck_assert_int_eq(lstat(in_base("out"), &is), 0);
	ck_assert(S_ISLNK(is.st_mode));
}
END_TEST

// Links planted in an earlier build lead nowhere: what they point to is neither read, nor written, nor removed.
START_TEST(links_in_the_folder_are_not_followed)
{
	ck_assert_int_eq(write_to("out"), MO_OUTPUT_WRITTEN);
	ck_assert_int_eq(mkdir(in_base("outside"), 0777), 0);
	write_file("outside/a.txt", "mine");
	ck_assert_int_eq(symlink("../outside", in_base("out/d")), 0);
	ck_assert_int_eq(symlink("../outside/a.txt", in_base("out/b.txt")), 0);
	put("d/a.txt", "mine");
	put("b.txt", "mine");
	ck_assert_int_eq(write_to("out"), MO_OUTPUT_WRITTEN);
	ck_file("outside/a.txt", "mine");
	struct stat inside, outside;
	ck_assert_int_eq(lstat(in_base("out/d/a.txt"), &inside), 0);
	ck_assert_int_eq(lstat(in_base("outside/a.txt"), &outside), 0);
	ck_assert_uint_ne(inside.st_ino, outside.st_ino);
	ck_assert_uint_eq(outside.st_nlink, 1);
	ck_assert_int_eq(lstat(in_base("out/b.txt"), &inside), 0);
	ck_assert(S_ISREG(inside.st_mode));
}
END_TEST

START_TEST(leftovers_of_dead_runs_go_and_those_of_living_runs_stay)
{
	struct stat is;
	char half[64];
	ck_assert_int_eq(mkdir(in_base("half"), 0777), 0);
	write_file("half/half.json", "{");
	ck_assert_int_eq(stat(in_base("half"), &is), 0);
	snprintf(half, sizeof(half), ".out.mlopsc-%llu", (unsigned long long)is.st_ino); // as temporary folders are called
	ck_assert_int_eq(rename(in_base("half"), in_base(half)), 0);
	ck_assert_int_eq(mkdir(in_base(".out.mlopsc-1-0"), 0777), 0);
	ck_assert_int_eq(mkdir(in_base(".out.mlopsc-3-0"), 0777), 0);
	write_file(".out.mlopsc-3-0/precious.txt", "mine");
	ck_assert_int_eq(mkdir(in_base(".out.mlopsc-2-0"), 0777), 0);
	int living = open(in_base(".out.mlopsc-2-0"), O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(flock(living, LOCK_EX), 0);
	ck_assert_int_eq(write_to("out"), MO_OUTPUT_WRITTEN);
	close(living);
	ck_assert(!is_there(half));
	ck_assert(!is_there(".out.mlopsc-1-0"));
	ck_assert(is_there(".out.mlopsc-2-0"));
	ck_assert_msg(is_there(".out.mlopsc-3-0/precious.txt"), "it is no build and nothing that a build began");
}
END_TEST

START_TEST(many_files_are_written)
{
	for (int i = 0; i < 300; i++) {
		put(mo_str_printf(&ctx.build, "f%d/x.txt", i).p, "x");
	}
	ck_assert_int_eq(write_to("out"), MO_OUTPUT_WRITTEN);
	ck_assert_int_eq(count_entries("out"), 301);
}
END_TEST

// ---- what is refused -------------------------------------------------------------------------------------------------------------

START_TEST(other_files_are_never_replaced)
{
	ck_assert_int_eq(mkdir(in_base("out"), 0777), 0);
	write_file("out/thesis.txt", "precious");
	ck_assert_int_eq(write_to("out"), MO_OUTPUT_REFUSED);
	ck_reported(MSG_OUTPUT_HOLDS_OTHER_FILES, "holds files");
	ck_file("out/thesis.txt", "precious");
	ck_assert_int_eq(count_entries("."), 1);
}
END_TEST

START_TEST(a_cloud_assembly_of_another_tool_is_not_ours)
{
	ck_assert_int_eq(mkdir(in_base("out"), 0777), 0);
	write_file("out/manifest.json", "{\n  \"version\": \"36.0.0\",\n  \"artifacts\": {}\n}\n");
	ck_assert_int_eq(write_to("out"), MO_OUTPUT_REFUSED);
	ck_reported(MSG_OUTPUT_HOLDS_OTHER_FILES, "no build of mlopsc");
}
END_TEST

START_TEST(a_file_is_not_a_folder)
{
	write_file("out", "file");
	ck_assert_int_eq(write_to("out"), MO_OUTPUT_REFUSED);
	ck_reported(MSG_OUTPUT_IS_NO_FOLDER, "is no folder");
	ck_file("out", "file");
}
END_TEST

START_TEST(a_dangling_link_is_not_a_folder)
{
	ck_assert_int_eq(symlink("nowhere", in_base("out")), 0);
	ck_assert_int_eq(write_to("out"), MO_OUTPUT_REFUSED);
	ck_reported(MSG_OUTPUT_IS_NO_FOLDER, "a symbolic link to nothing");
	ck_assert(!is_there("nowhere"));
}
END_TEST

START_TEST(the_project_is_not_replaced)
{
	ck_assert_int_eq(mkdir(in_base("out"), 0777), 0);
	ck_assert_int_eq(mkdir(in_base("out/project"), 0777), 0);
	write_file("out/manifest.json", MANIFEST);
	struct mo_str dir = mo_str_c(in_base("out")), project = mo_str_c(in_base("out/project"));
	ck_assert_int_eq(mo_output_write(&ctx, &set, dir, project), MO_OUTPUT_REFUSED);
	ck_reported(MSG_OUTPUT_HOLDS_PROJECT, "the project");
	ck_assert_int_eq(mo_output_write(&ctx, &set, project, project), MO_OUTPUT_REFUSED);
	ck_assert(is_there("out/project"));
}
END_TEST

START_TEST(the_current_folder_is_not_replaced)
{
	ck_assert_int_eq(mkdir(in_base("out"), 0777), 0);
	ck_assert_int_eq(chdir(in_base("out")), 0);
	ck_assert_int_eq(mo_output_write(&ctx, &set, MO_STR("."), (struct mo_str){ 0 }), MO_OUTPUT_REFUSED);
	ck_reported(MSG_OUTPUT_HOLDS_PROJECT, "the current folder");
	ck_assert_int_eq(mo_output_write(&ctx, &set, MO_STR("beside"), MO_STR(".")), MO_OUTPUT_WRITTEN);
	ck_file("out/beside/manifest.json", MANIFEST);
	ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

// ---- what fails ------------------------------------------------------------------------------------------------------------------

static void
ck_as_before(void)
{
	ck_file("out/manifest.json", MANIFEST);
	ck_file("out/keep.txt", "kept");
	ck_assert_int_eq(count_entries("out"), 2);
	ck_assert_int_eq(count_entries("."), 1);
}

static void
build_once(void)
{
	put("keep.txt", "kept");
	ck_assert_int_eq(write_to("out"), MO_OUTPUT_WRITTEN);
}

// A limit on the size of files stands for a full disk: writing stops in the middle of a file.
START_TEST(a_failed_write_leaves_the_old_build)
{
	build_once();
	char *large = mo_new_array(&ctx.build, char, 100001);
	memset(large, 'x', 100000);
	put("a-large.txt", large);
	signal(SIGXFSZ, SIG_IGN);
	struct rlimit before, limit;
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = (struct rlimit){ 4096, before.rlim_max };
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(write_to("out"), MO_OUTPUT_FAILED);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
	ck_reported(MSG_CANNOT_WRITE_OUTPUT, "out/a-large.txt`: File too large");
	ck_as_before();
}
END_TEST

START_TEST(names_that_lead_out_are_refused)
{
	static const char *const names[] = { "../evil.txt", "/evil.txt", "a//b", "a/./b", "", "a/", ".." };
	build_once();
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		set.files.len = 0;
		put("manifest.json", MANIFEST);
		put(names[i], "evil");
		ck_assert_int_eq(write_to("out"), MO_OUTPUT_FAILED);
		ck_as_before();
	}
}
END_TEST

START_TEST(two_files_of_one_name_are_refused)
{
	build_once();
	put("keep.txt", "other");
	ck_assert_int_eq(write_to("out"), MO_OUTPUT_FAILED);
	ck_reported(MSG_CANNOT_WRITE_OUTPUT, "keep.txt`: File exists");
	ck_as_before();
}
END_TEST

START_TEST(a_read_only_parent_is_an_error)
{
	build_once();
	uid_t user = geteuid();
	ck_assert_int_eq(chmod(base, 0555), 0);
	if (user == 0 && seteuid(65534) != 0) {
		ck_assert_int_eq(chmod(base, 0755), 0);
		return; // nobody to become: root may write anywhere
	}
	enum mo_output_result result = write_to("out"), elsewhere = write_to("new");
	ck_assert_int_eq(seteuid(user), 0);
	ck_assert_int_eq(chmod(base, 0755), 0);
	ck_assert_int_eq(result, MO_OUTPUT_FAILED);
	ck_assert_int_eq(elsewhere, MO_OUTPUT_FAILED);
	ck_assert_int_ge(mo_str_find(ctx.diags->items.items[0]->text, MO_STR("out`: Permission denied"), 0), 0);
	ck_as_before();
}
END_TEST

START_TEST(a_file_in_the_way_of_the_parent_is_an_error)
{
	write_file("file", "x");
	ck_assert_int_eq(write_to("file/out"), MO_OUTPUT_FAILED);
	ck_reported(MSG_CANNOT_WRITE_OUTPUT, "Not a directory");
}
END_TEST

START_TEST(an_empty_path_is_an_error)
{
	ck_assert_int_eq(mo_output_write(&ctx, &set, MO_STR(""), (struct mo_str){ 0 }), MO_OUTPUT_FAILED);
	ck_reported(MSG_CANNOT_WRITE_OUTPUT, "No such file");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("output");
	TCase *good = tcase_create("written"), *refused = tcase_create("refused"), *bad = tcase_create("failed");
	tcase_add_checked_fixture(good, open_base, close_base);
	tcase_add_test(good, a_new_folder_is_made_with_those_above_it);
	tcase_add_test(good, an_earlier_build_is_replaced_as_a_whole);
	tcase_add_test(good, a_build_is_replaced_where_folders_cannot_be_exchanged);
	tcase_add_test(good, unchanged_files_keep_their_time);
	tcase_add_test(good, an_empty_folder_is_taken);
	tcase_add_test(good, a_link_to_a_folder_stands_for_it);
	tcase_add_test(good, links_in_the_folder_are_not_followed);
	tcase_add_test(good, leftovers_of_dead_runs_go_and_those_of_living_runs_stay);
	tcase_add_test(good, many_files_are_written);
	tcase_add_checked_fixture(refused, open_base, close_base);
	tcase_add_test(refused, other_files_are_never_replaced);
	tcase_add_test(refused, a_cloud_assembly_of_another_tool_is_not_ours);
	tcase_add_test(refused, a_file_is_not_a_folder);
	tcase_add_test(refused, a_dangling_link_is_not_a_folder);
	tcase_add_test(refused, the_project_is_not_replaced);
	tcase_add_test(refused, the_current_folder_is_not_replaced);
	tcase_add_checked_fixture(bad, open_base, close_base);
	tcase_add_test(bad, a_failed_write_leaves_the_old_build);
	tcase_add_test(bad, names_that_lead_out_are_refused);
	tcase_add_test(bad, two_files_of_one_name_are_refused);
	tcase_add_test(bad, a_read_only_parent_is_an_error);
	tcase_add_test(bad, a_file_in_the_way_of_the_parent_is_an_error);
	tcase_add_test(bad, an_empty_path_is_an_error);
	suite_add_tcase(suite, good);
	suite_add_tcase(suite, refused);
	suite_add_tcase(suite, bad);
	return test_run(suite);
}
