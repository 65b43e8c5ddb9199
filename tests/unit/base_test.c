// SPDX-License-Identifier: Apache-2.0
// compiler/base: arenas, text, buffers, vectors, atoms, maps, and what happens when memory runs out.
#include "fixture.h"

#include "base/map.h"

START_TEST(arena_memory_is_zero_and_aligned)
{
	for (size_t size = 0; size < 300; size++) {
		unsigned char *p = mo_arena_alloc(&ctx.session, size);
		ck_assert_uint_eq((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < size; i++) {
			ck_assert_uint_eq(p[i], 0);
		}
		memset(p, 0xaa, size);
	}
}
END_TEST

START_TEST(arena_takes_blocks_larger_than_a_chunk)
{
	size_t size = 5 << 20;
	char *large = mo_arena_alloc(&ctx.session, size);
	memset(large, 1, size);
	char *small = mo_arena_alloc(&ctx.session, 1);
	ck_assert(small < large || small >= large + size);
	ck_assert_uint_ge(ctx.session.total, size);
}
END_TEST

START_TEST(arena_grow_keeps_bytes_and_zeroes_new_ones)
{
	char *p = mo_arena_alloc(&ctx.session, 8);
	memcpy(p, "12345678", 8);
	char *same = mo_arena_grow(&ctx.session, p, 8, 64);
	ck_assert_ptr_eq(same, p); // the last allocation grows in place
	mo_arena_alloc(&ctx.session, 1);
	char *moved = mo_arena_grow(&ctx.session, same, 64, 128);
	ck_assert_ptr_ne(moved, p);
	ck_assert_mem_eq(moved, "12345678", 8);
	for (int i = 8; i < 128; i++) {
		ck_assert_int_eq(moved[i], 0);
	}
}
END_TEST

START_TEST(arena_refuses_impossible_sizes)
{
	jmp_buf refused;
	ctx.mem.on_exhausted = &refused;
	if (setjmp(refused) == 0) {
		mo_arena_alloc(&ctx.session, SIZE_MAX - 7);
		ck_abort_msg("an allocation of the whole address space succeeded");
	}
	ctx.mem.on_exhausted = NULL;
}
END_TEST

START_TEST(str_compares_by_bytes)
{
	ck_assert(mo_str_eq(MO_STR("a"), mo_str_c("a")));
	ck_assert(mo_str_eq((struct mo_str){ 0 }, MO_STR("")));
	ck_assert(!mo_str_eq(MO_STR("a"), MO_STR("ab")));
	ck_assert_int_lt(mo_str_cmp(MO_STR("a"), MO_STR("ab")), 0);
	ck_assert_int_gt(mo_str_cmp(MO_STR("b"), MO_STR("ab")), 0);
	ck_assert_int_gt(mo_str_cmp(MO_STR("\xc3\xa9"), MO_STR("z")), 0);
	ck_assert_int_eq(mo_str_cmp(MO_STR(""), (struct mo_str){ 0 }), 0);
	ck_assert(mo_str_starts(MO_STR("AWS::S3"), MO_STR("AWS::")));
	ck_assert(!mo_str_starts(MO_STR("AWS"), MO_STR("AWS::")));
	ck_assert(mo_str_ends(MO_STR("main.mlops"), MO_STR(".mlops")));
	ck_assert(!mo_str_ends(MO_STR("s"), MO_STR(".mlops")));
}
END_TEST

START_TEST(str_finds_and_cuts)
{
	struct mo_str s = MO_STR("abcabc");
	ck_assert_int_eq(mo_str_find(s, MO_STR("bc"), 0), 1);
	ck_assert_int_eq(mo_str_find(s, MO_STR("bc"), 2), 4);
	ck_assert_int_eq(mo_str_find(s, MO_STR("bc"), 5), -1);
	ck_assert_int_eq(mo_str_find(s, MO_STR("x"), 0), -1);
	ck_assert_int_eq(mo_str_find(s, MO_STR(""), 6), 6);
	ck_assert_int_eq(mo_str_find(s, MO_STR(""), 7), -1);
	ck_str(mo_str_sub(s, 1, 3), "bc");
	ck_str(mo_str_sub(s, 4, 99), "bc");
	ck_str(mo_str_sub(s, 99, 100), "");
	ck_str(mo_str_sub(s, 3, 1), "");
}
END_TEST

// Text, whether it is well-formed, the first bad byte, and its columns.
static const struct {
	const char *text;
	bool good;
	size_t bad, columns;
} encodings[] = {
	{ "", true, 0, 0 },
	{ "abc", true, 0, 3 },
	{ "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", true, 0, 3 },
	{ "a\xffz", false, 1, 3 },
	{ "\xc0\x80", false, 0, 2 },             // overlong
	{ "\xe0\x80\x80", false, 0, 3 },         // overlong
	{ "\xf0\x80\x80\x80", false, 0, 4 },     // overlong
	{ "ab\xed\xa0\x80", false, 2, 5 },       // a surrogate
	{ "\xf4\x90\x80\x80", false, 0, 4 },     // beyond U+10FFFF
	{ "\xe2\x82", false, 0, 2 },             // cut short
	{ "\xc3(", false, 0, 2 },
	{ "\xed\x9f\xbf\xee\x80\x80", true, 0, 2 }, // around the surrogates
};

START_TEST(str_knows_well_formed_utf8)
{
	struct mo_str text = mo_str_c(encodings[_i].text);
	size_t bad = 0;
	ck_assert_int_eq(mo_str_utf8(text, &bad), encodings[_i].good);
	ck_assert_uint_eq(bad, encodings[_i].bad);
	ck_assert_uint_eq(mo_str_columns(text), encodings[_i].columns);
}
END_TEST

START_TEST(str_copies_are_terminated)
{
	struct mo_str copy = mo_str_dup(&ctx.session, mo_str_sub(MO_STR("abcdef"), 1, 3));
	ck_assert_str_eq(copy.p, "bc");
	ck_str(mo_str_printf(&ctx.session, "%s-%d", "a", 7), "a-7");
	ck_assert_uint_eq(mo_str_dup(&ctx.session, (struct mo_str){ 0 }).len, 0);
}
END_TEST

START_TEST(buf_grows_and_encodes)
{
	struct mo_buf b = mo_buf_in(&ctx.session);
	ck_str(mo_buf_str(&b), "");
	mo_buf_adds(&b, "ab");
	mo_buf_addc(&b, 'c');
	mo_buf_fill(&b, '-', 3);
	mo_buf_fill(&b, '-', 0);
	mo_buf_printf(&b, "%d", 42);
	mo_buf_utf8(&b, 'x');
	mo_buf_utf8(&b, 0xe9);
	mo_buf_utf8(&b, 0x20ac);
	mo_buf_utf8(&b, 0x1f600);
	ck_str(mo_buf_str(&b), "abc---42x\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
	for (int i = 0; i < 1000; i++) {
		mo_buf_printf(&b, "%03d", i);
	}
	ck_assert_uint_eq(b.len, 8 + 10 + 3000);
	ck_str(mo_str_sub(mo_buf_str(&b), b.len - 6, b.len), "998999");
}
END_TEST

START_TEST(vec_grows_in_order)
{
	MO_VEC(int) v = { 0 };
	for (int i = 0; i < 1000; i++) {
		ck_assert_int_eq(mo_push(&ctx.session, &v, i * 3), i);
		mo_arena_alloc(&ctx.session, 1); // so that it cannot always grow in place
	}
	ck_assert_uint_eq(v.len, 1000);
	for (int i = 0; i < 1000; i++) {
		ck_assert_int_eq(v.items[i], i * 3);
	}
	ck_assert_int_eq(mo_last(&v), 2997);
}
END_TEST

START_TEST(atoms_are_equal_when_texts_are)
{
	mo_atom first = mo_atom_of(ctx.atoms, MO_STR("vpc"));
	ck_assert_uint_ne(first, 0);
	for (int i = 0; i < 5000; i++) {
		mo_atom_of(ctx.atoms, mo_str_printf(&ctx.session, "name%d", i));
	}
	ck_assert_uint_eq(mo_atom_of(ctx.atoms, MO_STR("vpc")), first);
	ck_assert_uint_eq(mo_atom_find(ctx.atoms, MO_STR("vpc")), first);
	ck_assert_uint_eq(mo_atom_find(ctx.atoms, MO_STR("absent")), 0);
	ck_assert_uint_ne(mo_atom_of(ctx.atoms, MO_STR("name1")), mo_atom_of(ctx.atoms, MO_STR("name2")));
	ck_str(mo_atom_str(ctx.atoms, mo_atom_of(ctx.atoms, MO_STR("name4999"))), "name4999");
	ck_str(mo_atom_str(ctx.atoms, 0), "");
}
END_TEST

START_TEST(map_finds_what_was_put)
{
	struct mo_map m = { 0 };
	static int values[1000];
	ck_assert_ptr_null(mo_map_get(&m, 1));
	for (uint64_t i = 0; i < 1000; i++) {
		mo_map_put(&ctx.session, &m, i << 32, &values[i]);
	}
	ck_assert_uint_eq(m.len, 1000);
	for (uint64_t i = 0; i < 1000; i++) {
		ck_assert_ptr_eq(mo_map_get(&m, i << 32), &values[i]);
	}
	ck_assert_ptr_null(mo_map_get(&m, 7));
	mo_map_put(&ctx.session, &m, 0, &values[5]);
	ck_assert_ptr_eq(mo_map_get(&m, 0), &values[5]);
	ck_assert_uint_eq(m.len, 1000);
}
END_TEST

static void
use_everything(struct mo_arena *arena)
{
	struct mo_atoms *atoms = mo_atoms_new(arena);
	struct mo_map m = { 0 };
	struct mo_buf b = mo_buf_in(arena);
	for (int i = 0; i < 2000; i++) {
		struct mo_str name = mo_str_printf(arena, "a rather long name, number %d", i);
		mo_map_put(arena, &m, mo_atom_of(atoms, name), arena);
		mo_buf_add(&b, name);
	}
}

START_TEST(memory_may_run_out_anywhere)
{
	ck_assert_uint_gt(test_fail_every_allocation(use_everything), 5);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("base");
	TCase *tests = tcase_create("base");
	tcase_add_checked_fixture(tests, open_ctx, close_ctx);
	tcase_add_test(tests, arena_memory_is_zero_and_aligned);
	tcase_add_test(tests, arena_takes_blocks_larger_than_a_chunk);
	tcase_add_test(tests, arena_grow_keeps_bytes_and_zeroes_new_ones);
	tcase_add_test(tests, arena_refuses_impossible_sizes);
	tcase_add_test(tests, str_compares_by_bytes);
	tcase_add_test(tests, str_finds_and_cuts);
	tcase_add_loop_test(tests, str_knows_well_formed_utf8, 0, (int)(sizeof(encodings) / sizeof(encodings[0])));
	tcase_add_test(tests, str_copies_are_terminated);
	tcase_add_test(tests, buf_grows_and_encodes);
	tcase_add_test(tests, vec_grows_in_order);
	tcase_add_test(tests, atoms_are_equal_when_texts_are);
	tcase_add_test(tests, map_finds_what_was_put);
	tcase_add_test(tests, memory_may_run_out_anywhere);
	suite_add_tcase(suite, tests);
	return test_run(suite);
}
