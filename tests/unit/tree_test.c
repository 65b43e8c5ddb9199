// SPDX-License-Identifier: Apache-2.0
// compiler/sema/tree and compiler/base/zip: what is packed, what is left out, and that memory running out leaves nothing behind.
#include "fixture.h"

#include "sema/tree.h"

static bool
ignores(const char *pattern, const char *path)
{
	return mo_tree_ignores(mo_str_c(pattern), mo_str_c(path));
}

START_TEST(a_name_is_left_out_at_any_depth)
{
	ck_assert(ignores("*.pyc", "a.pyc"));
	ck_assert(ignores("*.pyc", "a/b/c.pyc"));
	ck_assert(ignores("*.swp", ".main.py.swp"));
	ck_assert(ignores("node_modules", "a/node_modules"));
	ck_assert(!ignores("*.pyc", "a.py"));
	ck_assert(!ignores("modules", "node_modules"));
	ck_assert(!ignores("", "a"));
}
END_TEST

START_TEST(a_path_is_left_out_where_it_is)
{
	ck_assert(ignores("a/b", "a/b"));
	ck_assert(ignores("/a", "a"));
	ck_assert(ignores("a/", "a"));
	ck_assert(ignores("a/*/c", "a/b/c"));
	ck_assert(ignores("a/**/c", "a/c"));
	ck_assert(ignores("a/**/c", "a/x/y/c"));
	ck_assert(ignores("**/c", "x/y/c"));
	ck_assert(!ignores("/a", "b/a"));
	ck_assert(!ignores("a/b", "a/b/c")); // the walk does not go into what is left out
	ck_assert(!ignores("a/*/c", "a/b/x/c"));
	ck_assert(!ignores("/", "a"));
}
END_TEST

static struct mo_zip_file
file(const char *name, const char *bytes, bool executable)
{
	return (struct mo_zip_file){ mo_str_c(name), mo_str_c(bytes), executable };
}

START_TEST(the_digest_is_of_names_contents_and_modes)
{
	mo_zip_files one = { 0 }, other = { 0 };
	mo_push(&ctx.session, &one, file("a", "bc", false));
	const struct mo_zip_file others[] = { file("a", "bc", true), file("ab", "c", false), file("a", "bd", false) };
	mo_push(&ctx.session, &other, others[0]);
	struct mo_str digest = mo_tree_digest(&ctx.session, &one);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		other.items[0] = others[i];
		ck_assert(!mo_str_eq(digest, mo_tree_digest(&ctx.session, &other)));
	}
	other.items[0] = file("a", "bc", false);
	ck_assert(mo_str_eq(digest, mo_tree_digest(&ctx.session, &other)));
}
END_TEST

static void
pack_two(struct mo_arena *arena)
{
	mo_zip_files files = { 0 };
	char *large = mo_arena_alloc(arena, 300000);
	for (size_t i = 0; i < 300000; i++) {
		large[i] = (char)(i * 2654435761u >> 24);
	}
	mo_push(arena, &files, file("a", "text", false));
	mo_push(arena, &files, ((struct mo_zip_file){ MO_STR("b/c"), { large, 300000 }, true }));
	struct mo_str zip = mo_zip_pack(arena, &files);
	ck_assert(mo_str_starts(zip, MO_STR("PK\003\004")));
	ck_assert_int_ge(mo_str_find(zip, MO_STR("b/c"), 0), 0);
}

START_TEST(packing_survives_memory_running_out)
{
	ck_assert_uint_gt(test_fail_every_allocation(pack_two), 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("tree");
	TCase *tests = tcase_create("tree");
	tcase_add_checked_fixture(tests, open_ctx, close_ctx);
	tcase_add_test(tests, a_name_is_left_out_at_any_depth);
	tcase_add_test(tests, a_path_is_left_out_where_it_is);
	tcase_add_test(tests, the_digest_is_of_names_contents_and_modes);
	tcase_add_test(tests, packing_survives_memory_running_out);
	suite_add_tcase(suite, tests);
	return test_run(suite);
}
