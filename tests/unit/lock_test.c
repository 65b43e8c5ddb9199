// SPDX-License-Identifier: Apache-2.0
// compiler/lock: what is put in comes out again, what is damaged is refused, and the file changes only as a whole.
#include "fixture.h"

#include "lock/lock.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[PATH_MAX], path[PATH_MAX + 16];

static void
open_folder(void)
{
	const char *tmp = getenv("TMPDIR");
	open_ctx();
	snprintf(folder, sizeof(folder), "%s/mlopsc-lock-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/mlops.lock", folder);
}

static void
close_folder(void)
{
	close_ctx();
	unlink(path);
	ck_assert_int_eq(rmdir(folder), 0); // nothing else was left
}

static void
write_file(const char *text)
{
	FILE *f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
}

static struct mo_lock *
reread(void)
{
	ctx.diags = mo_diags_new(&ctx.session);
	return mo_lock_read(&ctx, MO_STR("mlops.lock"), mo_str_c(path));
}

static struct mo_lock *
read_text(const char *text)
{
	write_file(text);
	return reread();
}

static void
check_file(const char *text)
{
	char buffer[4096] = "";
	FILE *f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	size_t len = fread(buffer, 1, sizeof(buffer) - 1, f);
	fclose(f);
	buffer[len] = '\0';
	ck_assert_str_eq(buffer, text);
}

static void
add(struct mo_lock *lock, const char *product, const char *name, const char *note)
{
	mo_lock_add_version(lock, mo_str_c(product), (struct mo_lock_version){ mo_str_dup(&ctx.build, mo_str_c(name)), MO_STR("c0ffee"), mo_str_c(note) });
}

static void
check_refused(const char *text, enum mo_message message, const char *where)
{
	struct mo_lock *lock = read_text(text);
	ck_assert(lock->damaged);
	ck_assert_uint_eq(lock->before.facts[MO_LOCK_PRODUCT].len, 0);
	ck_assert_uint_eq(ctx.diags->items.len, 1);
	ck_assert_int_eq(ctx.diags->items.items[0]->message, message);
	struct mo_str at = mo_span_text(ctx.sources, ctx.diags->items.items[0]->span);
	ck_assert_msg(mo_str_is(at, where), "at `" MO_STR_FMT "`", MO_STR_ARG(at));
}

START_TEST(without_a_file_nothing_is_known)
{
	struct mo_lock *lock = reread();
	ck_assert(!lock->exists && !lock->damaged);
	ck_assert_uint_eq(mo_lock_product_versions(lock, MO_STR("p")).len, 0);
	ck_assert(!mo_lock_changes(lock));
	ck_assert(mo_lock_write(lock));
	ck_assert_int_eq(access(path, F_OK), -1); // nothing to say, no file
	ck_assert_uint_eq(mo_lock_product_versions(NULL, MO_STR("p")).len, 0);
	mo_lock_add_version(NULL, MO_STR("p"), (struct mo_lock_version){ 0 });
}
END_TEST

START_TEST(versions_come_back_in_order)
{
	struct mo_lock *lock = reread();
	char name[16];
	for (int i = 1; i <= 12; i++) {
		snprintf(name, sizeof(name), "v%d", i);
		add(lock, "data/portal", name, i % 2 ? "" : "has \"quotes\", \\ and\na line end ");
	}
	add(lock, "a product", "first", "two words");
	ck_assert(mo_lock_changes(lock));
	ck_assert(mo_lock_write(lock));
	lock = reread();
	ck_assert(!lock->damaged && lock->exists);
	mo_lock_versions all = mo_lock_product_versions(lock, MO_STR("data/portal"));
	ck_assert_uint_eq(all.len, 12);
	for (uint32_t i = 0; i < all.len; i++) {
		snprintf(name, sizeof(name), "v%u", i + 1);
		ck_assert(mo_str_is(all.items[i].name, name));
		ck_assert(mo_str_is(all.items[i].hash, "c0ffee"));
		ck_assert(mo_str_is(all.items[i].note, i % 2 ? "has \"quotes\", \\ and\na line end " : ""));
	}
	ck_assert(mo_str_is(mo_lock_product_versions(lock, MO_STR("a product")).items[0].note, "two words"));
	ck_assert(!mo_lock_changes(lock));
}
END_TEST

START_TEST(what_nobody_asks_for_goes)
{
	struct mo_lock *lock = read_text("mlops.lock 1\nproduct a 1 h v1 \"\"\nproduct b 3 h v3 x\nproduct b 10 h v10 y\n");
	add(lock, "b", "v11", "z");
	ck_assert_uint_eq(mo_lock_product_versions(lock, MO_STR("b")).len, 3);
	ck_assert(mo_lock_write(lock));
	check_file("mlops.lock 1\nproduct b 3 h v3 x\nproduct b 10 h v10 y\nproduct b 11 c0ffee v11 z\n");
	mo_lock_restart(lock);
	ck_assert_uint_eq(mo_lock_product_versions(lock, MO_STR("b")).len, 2);
}
END_TEST

START_TEST(the_same_facts_write_nothing)
{
	const char *text = "mlops.lock 1\r\nproduct b 2 h v2 \"\"\r\n\r\nproduct b 1 h v1 \"\"\r\nproduct b 1 h v1 \"\"";
	struct mo_lock *lock = read_text(text); // out of order, twice, with line ends of another system
	ck_assert_uint_eq(mo_lock_product_versions(lock, MO_STR("b")).len, 2);
	ck_assert(mo_lock_hold(lock));
	ck_assert(mo_lock_write(lock));
	check_file(text);
}
END_TEST

START_TEST(damage_is_refused)
{
	check_refused("", MSG_LOCK_DAMAGED, "");
	check_refused("lock 1\nproduct b 1 h v1 x\n", MSG_LOCK_DAMAGED, "lock 1");
	check_refused("mlops.lock one\n", MSG_LOCK_DAMAGED, "mlops.lock one");
	check_refused("mlops.lock 2\nsomething new\n", MSG_LOCK_NEWER, "mlops.lock 2");
	check_refused("mlops.lock 1\n# mine\n", MSG_LOCK_DAMAGED, "# mine");
	check_refused("mlops.lock 1\nproduct\n", MSG_LOCK_DAMAGED, "product");
	check_refused("mlops.lock 1\nproduct b 1 h v1\n", MSG_LOCK_DAMAGED, "product b 1 h v1");
	check_refused("mlops.lock 1\nproduct b 1 h v1 \n", MSG_LOCK_DAMAGED, "product b 1 h v1 ");
	check_refused("mlops.lock 1\nproduct b  1 h v1 x\n", MSG_LOCK_DAMAGED, "product b  1 h v1 x");
	check_refused("mlops.lock 1\nproduct b 01 h v1 x\n", MSG_LOCK_DAMAGED, "product b 01 h v1 x");
	check_refused("mlops.lock 1\nproduct b x h v1 x\n", MSG_LOCK_DAMAGED, "product b x h v1 x");
	check_refused("mlops.lock 1\nproduct \"b 1 h v1 x\n", MSG_LOCK_DAMAGED, "product \"b 1 h v1 x");
	check_refused("mlops.lock 1\nproduct \"b\\n\" 1 h v1 x\n", MSG_LOCK_DAMAGED, "product \"b\\n\" 1 h v1 x");
	check_refused("mlops.lock 1\nproduct \"b\\x4\" 1 h v1 x\n", MSG_LOCK_DAMAGED, "product \"b\\x4\" 1 h v1 x");
	check_refused("mlops.lock 1\nproduct \"b\"1 h v1 x\n", MSG_LOCK_DAMAGED, "product \"b\"1 h v1 x");
	check_refused("mlops.lock 1\nproduct b 1 h v1 \"x\" y\n", MSG_LOCK_DAMAGED, "product b 1 h v1 \"x\" y");
	check_refused("mlops.lock 1\nproduct b 1 h v1 x\nproduct b 1 i v1 x\n", MSG_LOCK_DAMAGED, "product b 1 i v1 x");
	check_refused("mlops.lock 1\n<<<<<<< ours\nnonsense\n=======\n>>>>>>> theirs\n", MSG_LOCK_CONFLICT, "<<<<<<< ours");
	check_refused("<<<<<<< ours\nmlops.lock 1\n=======\nmlops.lock 2\n>>>>>>> theirs\n", MSG_LOCK_CONFLICT, "<<<<<<< ours");
}
END_TEST

START_TEST(what_cannot_be_read_is_reported)
{
	ck_assert_int_eq(mkdir(path, 0700), 0);
	ck_assert(reread()->damaged);
	ck_assert_int_eq(ctx.diags->items.items[0]->message, MSG_NOT_A_FILE);
	ck_assert_int_eq(rmdir(path), 0);
	ck_assert(read_text("mlops.lock 1\nproduct \xff 1 h v1 x\n")->damaged);
	ck_assert_int_eq(ctx.diags->items.items[0]->message, MSG_NOT_UTF8);
}
END_TEST

START_TEST(held_it_says_every_line)
{
	struct mo_lock *lock = read_text("mlops.lock 1\nproduct a 1 h v1 \"\"\nproduct b 1 h v1 \"\"\n");
	mo_lock_product_versions(lock, MO_STR("b"));
	add(lock, "c", "v1", "");
	ck_assert(!mo_lock_hold(lock));
	struct mo_diag *d = ctx.diags->items.items[0];
	ck_assert_int_eq(d->message, MSG_LOCK_CHANGES);
	ck_assert_uint_eq(d->notes.len, 2);
	ck_assert(mo_str_is(d->notes.items[0], "goes: product a 1 h v1 \"\""));
	ck_assert(mo_str_is(d->notes.items[1], "comes: product c 1 c0ffee v1 \"\""));
}
END_TEST

START_TEST(a_file_that_changed_meanwhile_is_left_alone)
{
	struct mo_lock *lock = read_text("mlops.lock 1\n");
	add(lock, "c", "v1", "");
	write_file("mlops.lock 1\nproduct a 1 h v1 \"\"\n");
	ck_assert(!mo_lock_write(lock));
	ck_assert_int_eq(ctx.diags->items.items[0]->message, MSG_LOCK_NOT_WRITTEN);
	check_file("mlops.lock 1\nproduct a 1 h v1 \"\"\n");
	unlink(path);
	ck_assert(!mo_lock_write(lock));
	ck_assert_int_eq(access(path, F_OK), -1);
}
END_TEST

START_TEST(a_link_stays)
{
	char real[PATH_MAX + 16];
	snprintf(real, sizeof(real), "%s/real.lock", folder);
	ck_assert_int_eq(symlink("real.lock", path), 0);
	int fd = open(real, O_WRONLY | O_CREAT, 0640);
	ck_assert_int_eq((int)write(fd, "mlops.lock 1\n", 13), 13);
	close(fd);
	struct mo_lock *lock = reread();
	add(lock, "c", "v1", "");
	ck_assert(mo_lock_write(lock));
	struct stat is;
	ck_assert(lstat(path, &is) == 0 && S_ISLNK(is.st_mode));
	ck_assert(lstat(real, &is) == 0 && (is.st_mode & 0777) == 0640);
	check_file("mlops.lock 1\nproduct c 1 c0ffee v1 \"\"\n");
	unlink(real);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("lock");
	TCase *cases = tcase_create("file");
	tcase_add_checked_fixture(cases, open_folder, close_folder);
	tcase_add_test(cases, without_a_file_nothing_is_known);
	tcase_add_test(cases, versions_come_back_in_order);
	tcase_add_test(cases, what_nobody_asks_for_goes);
	tcase_add_test(cases, the_same_facts_write_nothing);
	tcase_add_test(cases, damage_is_refused);
	tcase_add_test(cases, what_cannot_be_read_is_reported);
	tcase_add_test(cases, held_it_says_every_line);
	tcase_add_test(cases, a_file_that_changed_meanwhile_is_left_alone);
	tcase_add_test(cases, a_link_stays);
	suite_add_tcase(suite, cases);
	return test_run(suite);
}
