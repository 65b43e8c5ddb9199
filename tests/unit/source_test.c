// SPDX-License-Identifier: Apache-2.0
// compiler/source: offsets to files, lines and columns, and everything that can be wrong with a file.
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/mlopsc-source-XXXXXX";

static void
open_folder(void)
{
	open_ctx();
	memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void
close_folder(void)
{
	close_ctx();
	ck_assert_int_eq(rmdir(folder), 0);
}

static struct mo_source *
add(const char *name, struct mo_str text)
{
	struct mo_source *source;
	uint32_t bad = 0;
	enum mo_source_error error = mo_source_add(ctx.sources, mo_str_c(name), MO_STR(""), text, MO_SOURCE_PROGRAM, &source, &bad);
	ck_assert_int_eq(error, MO_SOURCE_OK);
	return source;
}

// The position of an offset within a source, as "name:line:column".
static struct mo_str
at(const struct mo_source *source, uint32_t within)
{
	struct mo_position p = mo_position_of(ctx.sources, source->base + within);
	return mo_str_printf(&ctx.session, MO_STR_FMT ":%u:%u", MO_STR_ARG(p.source->name), p.line, p.column);
}

START_TEST(offsets_belong_to_one_file)
{
	struct mo_source *a = add("a", MO_STR("one\ntwo")), *empty = add("empty", MO_STR("")), *b = add("b", MO_STR("three\n"));
	ck_assert_uint_gt(a->base, 0);
	ck_assert_ptr_null(mo_source_at(ctx.sources, 0));
	ck_assert_ptr_eq(mo_source_at(ctx.sources, a->base), a);
	ck_assert_ptr_eq(mo_source_at(ctx.sources, a->base + 7), a); // the end of the file is still in it
	ck_assert_ptr_eq(mo_source_at(ctx.sources, empty->base), empty);
	ck_assert_ptr_eq(mo_source_at(ctx.sources, b->base + 6), b);
	ck_assert_ptr_null(mo_source_at(ctx.sources, b->base + 7));
	ck_assert_uint_eq(mo_source_count(ctx.sources), 3);
	ck_assert_ptr_eq(mo_source_get(ctx.sources, 2), b);
}
END_TEST

START_TEST(positions_count_code_points)
{
	struct mo_source *s = add("f", MO_STR("a\xe2\x82\xac" "b\n\n\tx"));
	ck_str(at(s, 0), "f:1:1");
	ck_str(at(s, 1), "f:1:2");
	ck_str(at(s, 4), "f:1:3");
	ck_str(at(s, 5), "f:1:4"); // the line end is on its line
	ck_str(at(s, 6), "f:2:1");
	ck_str(at(s, 7), "f:3:1");
	ck_str(at(s, 8), "f:3:2");
	ck_str(at(s, 9), "f:3:3");
	ck_assert_ptr_null(mo_position_of(ctx.sources, 0).source);
}
END_TEST

START_TEST(lines_come_without_their_ends)
{
	struct mo_source *s = add("f", MO_STR("unix\ndos\r\n\nlast"));
	ck_str(mo_source_line(ctx.sources, s, 1), "unix");
	ck_str(mo_source_line(ctx.sources, s, 2), "dos");
	ck_str(mo_source_line(ctx.sources, s, 3), "");
	ck_str(mo_source_line(ctx.sources, s, 4), "last");
	ck_str(mo_source_line(ctx.sources, s, 5), "");
	ck_str(mo_source_line(ctx.sources, s, 0), "");
}
END_TEST

START_TEST(spans_join_and_give_their_text)
{
	struct mo_source *s = add("f", MO_STR("let x = 1"));
	struct mo_span x = { s->base + 4, s->base + 5 }, one = { s->base + 8, s->base + 9 };
	ck_str(mo_span_text(ctx.sources, mo_span_join(x, one)), "x = 1");
	ck_str(mo_span_text(ctx.sources, mo_span_join(one, x)), "x = 1");
	ck_str(mo_span_text(ctx.sources, mo_span_join(MO_NOWHERE, one)), "1");
	ck_str(mo_span_text(ctx.sources, mo_span_join(one, MO_NOWHERE)), "1");
	ck_str(mo_span_text(ctx.sources, MO_NOWHERE), "");
}
END_TEST

START_TEST(texts_are_copied_and_terminated)
{
	char text[] = "abc";
	struct mo_source *s = add("f", (struct mo_str){ text, 2 });
	text[0] = 'x';
	ck_str(s->text, "ab");
	ck_assert_int_eq(s->text.p[2], 0);
}
END_TEST

START_TEST(a_byte_order_mark_is_no_text)
{
	struct mo_source *s = add("f", MO_STR("\xef\xbb\xbf" "let"));
	ck_str(s->text, "let");
	ck_str(at(s, 0), "f:1:1");
}
END_TEST

START_TEST(bad_bytes_are_found_and_can_be_pointed_at)
{
	struct mo_source *s;
	uint32_t bad = 0;
	ck_assert_int_eq(mo_source_add(ctx.sources, MO_STR("f"), MO_STR(""), MO_STR("ab\0c"), MO_SOURCE_DATA, &s, &bad),
		MO_SOURCE_NUL_BYTE);
	ck_assert_uint_eq(bad, 2);
	ck_assert_ptr_eq(mo_source_at(ctx.sources, s->base + bad), s);
	ck_assert_int_eq(mo_source_add(ctx.sources, MO_STR("f"), MO_STR(""), MO_STR("abc\xff"), MO_SOURCE_DATA, &s, &bad),
		MO_SOURCE_NOT_UTF8);
	ck_assert_uint_eq(bad, 3);
}
END_TEST

static struct mo_str
path_of(const char *name)
{
	return mo_str_printf(&ctx.session, "%s/%s", folder, name);
}

static enum mo_source_error
read_named(const char *name, struct mo_source **out)
{
	uint32_t bad;
	return mo_source_read(ctx.sources, mo_str_c(name), path_of(name), MO_SOURCE_PROGRAM, out, &bad);
}

START_TEST(files_are_read_whole)
{
	struct mo_source *s;
	FILE *f = fopen(path_of("a").p, "w");
	for (int i = 0; i < 20000; i++) {
		fprintf(f, "line %05d\n", i);
	}
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(read_named("a", &s), MO_SOURCE_OK);
	ck_assert_uint_eq(s->text.len, 20000 * 11);
	ck_str(mo_source_line(ctx.sources, s, 20000), "line 19999");
	ck_str(s->name, "a");
	ck_assert(mo_str_ends(s->path, MO_STR("/a")));
	ck_assert_int_eq(s->path.p[0], '/');
	unlink(path_of("a").p);
}
END_TEST

START_TEST(what_is_no_file_is_refused)
{
	struct mo_source *s;
	ck_assert_int_eq(read_named("absent", &s), MO_SOURCE_UNREADABLE);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_ptr_null(s);
	ck_assert_int_eq(read_named(".", &s), MO_SOURCE_NOT_A_FILE);
	ck_assert_int_eq(mkfifo(path_of("pipe").p, 0600), 0);
	ck_assert_int_eq(read_named("pipe", &s), MO_SOURCE_NOT_A_FILE); // and it does not wait for a writer
	unlink(path_of("pipe").p);
}
END_TEST

START_TEST(sizes_are_limited)
{
	struct mo_source *s;
	struct mo_str path = path_of("large");
	int fd = open(path.p, O_CREAT | O_WRONLY, 0600);
	ck_assert_int_eq(ftruncate(fd, (off_t)MO_SOURCE_LARGEST + 1), 0);
	close(fd);
	ck_assert_int_eq(read_named("large", &s), MO_SOURCE_TOO_LARGE);
	ck_assert_ptr_null(s);
	unlink(path.p);
}
END_TEST

static void
read_itself(struct mo_arena *arena)
{
	struct mo_sources *sources = mo_sources_new(arena);
	struct mo_source *s;
	uint32_t bad;
	for (int i = 0; i < 100; i++) {
		mo_source_read(sources, MO_STR("passwd"), MO_STR("/etc/passwd"), MO_SOURCE_DATA, &s, &bad);
		mo_position_of(sources, s->base + 10);
	}
}

START_TEST(memory_may_run_out_anywhere)
{
	ck_assert_uint_gt(test_fail_every_allocation(read_itself), 3);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("source");
	TCase *tests = tcase_create("source");
	tcase_add_checked_fixture(tests, open_folder, close_folder);
	tcase_add_test(tests, offsets_belong_to_one_file);
	tcase_add_test(tests, positions_count_code_points);
	tcase_add_test(tests, lines_come_without_their_ends);
	tcase_add_test(tests, spans_join_and_give_their_text);
	tcase_add_test(tests, texts_are_copied_and_terminated);
	tcase_add_test(tests, a_byte_order_mark_is_no_text);
	tcase_add_test(tests, bad_bytes_are_found_and_can_be_pointed_at);
	tcase_add_test(tests, files_are_read_whole);
	tcase_add_test(tests, what_is_no_file_is_refused);
	tcase_add_test(tests, sizes_are_limited);
	tcase_add_test(tests, memory_may_run_out_anywhere);
	suite_add_tcase(suite, tests);
	return test_run(suite);
}
