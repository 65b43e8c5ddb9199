// SPDX-License-Identifier: Apache-2.0
// compiler/diag: the store, the registry and the nearest right name. What diagnostics look like is in render_test.c.
#include "fixture.h"

#include "diag/files.h"

#include <errno.h>

static struct mo_span
span(uint32_t start, uint32_t end)
{
	return (struct mo_span){ start, end };
}

START_TEST(a_report_keeps_what_it_is_told)
{
	struct mo_diag *d = mo_report(ctx.diags, MSG_NOT_SUPPORTED_YET, span(3, 5), "`%s` is not supported yet", "raw");
	mo_diag_here(d, "this %d", 1);
	mo_diag_label(d, span(1, 2), "first %s", "label");
	mo_diag_label(d, span(7, 9), "second");
	mo_diag_note(d, "expected %s", "nothing");
	mo_diag_help(d, "leave it out");
	mo_diag_fix(d, span(3, 5), "%s", "new");
	ck_assert_int_eq(d->severity, MO_ERROR);
	ck_str(d->text, "`raw` is not supported yet");
	ck_str(d->here, "this 1");
	ck_assert_uint_eq(d->labels.len, 2);
	ck_str(d->labels.items[0].text, "first label");
	ck_assert_uint_eq(d->labels.items[1].span.end, 9);
	ck_str(d->notes.items[0], "expected nothing");
	ck_str(d->help, "leave it out");
	ck_str(d->fixes.items[0].replacement, "new");
	ck_assert_uint_eq(ctx.diags->errors, 1);
	ck_assert_uint_eq(ctx.diags->warnings, 0);
}
END_TEST

START_TEST(finish_sorts_and_drops_doubles)
{
	mo_report(ctx.diags, MSG_LIMIT_REACHED, span(20, 21), "late");
	mo_report(ctx.diags, MSG_LIMIT_REACHED, span(10, 12), "same");
	mo_report(ctx.diags, MSG_NOT_SUPPORTED_YET, span(10, 19), "smaller code");
	mo_report(ctx.diags, MSG_LIMIT_REACHED, span(10, 12), "same");
	mo_report(ctx.diags, MSG_LIMIT_REACHED, span(10, 12), "other text");
	mo_report(ctx.diags, MSG_CANNOT_READ, MO_NOWHERE, "nowhere");
	mo_diags_finish(ctx.diags);
	static const char *const order[] = { "nowhere", "smaller code", "other text", "same", "late" };
	ck_assert_uint_eq(ctx.diags->items.len, 5);
	ck_assert_uint_eq(ctx.diags->errors, 5);
	for (int i = 0; i < 5; i++) {
		ck_str(ctx.diags->items.items[i]->text, order[i]);
	}
	mo_diags_finish(ctx.diags); // twice is as good as once
	ck_assert_uint_eq(ctx.diags->items.len, 5);
}
END_TEST

START_TEST(of_equal_reports_the_first_stays)
{
	for (int i = 0; i < 50; i++) {
		struct mo_diag *d = mo_report(ctx.diags, MSG_LIMIT_REACHED, span(1, 2), "same");
		mo_diag_note(d, "%d", i);
	}
	mo_diags_finish(ctx.diags);
	ck_assert_uint_eq(ctx.diags->items.len, 1);
	ck_str(ctx.diags->items.items[0]->notes.items[0], "0");
}
END_TEST

START_TEST(the_registry_is_in_order)
{
	ck_assert_uint_gt(mo_message_count(), 5);
	for (int i = 0; i < (int)mo_message_count(); i++) {
		const struct mo_message_info *info = mo_message_info((enum mo_message)i);
		ck_assert(strlen(info->code) == 6 && strncmp(info->code, "ML", 2) == 0);
		ck_assert(i == 0 || strcmp(mo_message_info((enum mo_message)(i - 1))->code, info->code) < 0);
		ck_assert_uint_gt(strlen(info->explanation), 40);
		ck_assert_int_eq(mo_message_find(mo_str_c(info->code)), i);
		ck_assert_int_eq(mo_message_find(mo_str_c(info->slug)), i);
	}
	ck_assert_int_eq(mo_message_find(MO_STR("ml0020")), MSG_NOT_SUPPORTED_YET);
	ck_assert_int_eq(mo_message_find(MO_STR("ML9999")), -1);
	ck_assert_int_eq(mo_message_find(MO_STR("")), -1);
}
END_TEST

// A wrong name, what may be meant (in the order of offering), and what is offered.
static const struct {
	const char *wanted, *candidates[4], *best;
} slips[] = {
	{ "auth_mod", { "auth_type", "auth_mode" }, "auth_mode" },
	{ "BucketNmae", { "BucketName" }, "BucketName" },    // a swap is one step
	{ "bucketname", { "BucketName" }, "BucketName" },    // case alone
	{ "net", { "vpc", "nets", "nett" }, "nets" },        // the earlier wins
	{ "VpcIdentifier", { "VpcId" }, "" },                // too far
	{ "abc", { "xyz" }, "" },
	{ "x", { "y" }, "" },                                // every letter would change
	{ "x", { "x" }, "" },                                // it is the name itself
	{ "", { "a" }, "" },
	{ "ca", { "abc" }, "" },                             // restricted: 3 steps, not 2
	{ "privatesubnet", { "publicsubnet", "private_subnet" }, "private_subnet" },
};

START_TEST(the_nearest_name_is_offered)
{
	struct mo_suggestion s = mo_suggest(mo_str_c(slips[_i].wanted));
	for (int i = 0; i < 4 && slips[_i].candidates[i]; i++) {
		mo_suggest_from(&s, mo_str_c(slips[_i].candidates[i]));
	}
	ck_str(s.best, slips[_i].best);
}
END_TEST

START_TEST(overlong_names_are_not_compared)
{
	struct mo_buf a = mo_buf_in(&ctx.session), b = mo_buf_in(&ctx.session);
	mo_buf_fill(&a, 'a', 1000);
	mo_buf_fill(&b, 'a', 1001);
	struct mo_suggestion s = mo_suggest(mo_buf_str(&a));
	mo_suggest_from(&s, mo_buf_str(&b));
	ck_str(s.best, "");
}
END_TEST

START_TEST(a_suggestion_becomes_help_and_fix)
{
	struct mo_diag *d = mo_report(ctx.diags, MSG_LIMIT_REACHED, span(1, 4), "x");
	struct mo_suggestion s = mo_suggest(MO_STR("nte"));
	mo_diag_suggest(d, span(1, 4), &s);
	ck_str(d->help, "");
	mo_suggest_from(&s, MO_STR("net"));
	mo_diag_suggest(d, span(1, 4), &s);
	ck_str(d->help, "did you mean `net`?");
	ck_assert_uint_eq(d->fixes.len, 1);
	ck_str(d->fixes.items[0].replacement, "net");
	ck_assert_uint_eq(d->fixes.items[0].span.end, 4);
}
END_TEST

// Every way in which a file can fail has its own message: ML0001 ML0002 ML0003 ML0004 ML0005 ML0006.
START_TEST(file_errors_have_their_codes)
{
	static const struct {
		enum mo_source_error error;
		enum mo_message message;
	} rows[] = {
		{ MO_SOURCE_UNREADABLE, MSG_CANNOT_READ },
		{ MO_SOURCE_NOT_A_FILE, MSG_NOT_A_FILE },
		{ MO_SOURCE_TOO_LARGE, MSG_FILE_TOO_LARGE },
		{ MO_SOURCE_SPACE_FULL, MSG_SOURCES_TOO_LARGE },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		errno = ENOENT;
		struct mo_diag *d = mo_report_source_error(ctx.diags, rows[i].error, MO_STR("f"), span(1, 3), NULL, 0);
		ck_assert_int_eq(d->message, rows[i].message);
		ck_assert_uint_eq(d->span.end, 3);
		ck_assert_int_ge(mo_str_find(d->text, MO_STR("`f`"), 0), 0);
	}
	ck_assert_ptr_null(mo_report_source_error(ctx.diags, MO_SOURCE_OK, MO_STR("f"), span(1, 3), NULL, 0));
}
END_TEST

START_TEST(bad_bytes_are_pointed_at)
{
	struct mo_source *source;
	uint32_t bad;
	enum mo_source_error error = mo_source_add(ctx.sources, MO_STR("f"), MO_STR(""), MO_STR("ab\xfe" "c"), MO_SOURCE_DATA, &source, &bad);
	struct mo_diag *d = mo_report_source_error(ctx.diags, error, MO_STR("f"), span(50, 60), source, bad);
	ck_assert_int_eq(d->message, MSG_NOT_UTF8);
	ck_assert_uint_eq(d->span.start, source->base + 2);
	ck_assert_int_ge(mo_str_find(d->text, MO_STR("0xFE"), 0), 0);
	ck_assert_uint_eq(d->labels.items[0].span.start, 50);
	error = mo_source_add(ctx.sources, MO_STR("g"), MO_STR(""), MO_STR("\0"), MO_SOURCE_DATA, &source, &bad);
	d = mo_report_source_error(ctx.diags, error, MO_STR("g"), MO_NOWHERE, source, bad);
	ck_assert_int_eq(d->message, MSG_NUL_BYTE);
	ck_assert_uint_eq(d->labels.len, 0);
}
END_TEST

static void
report_much(struct mo_arena *arena)
{
	struct mo_diags *store = mo_diags_new(arena);
	for (uint32_t i = 0; i < 300; i++) {
		struct mo_diag *d = mo_report(store, MSG_LIMIT_REACHED, span(300 - i, 301), "number %u", i);
		mo_diag_label(d, span(1, 2), "here");
		mo_diag_note(d, "note");
	}
	mo_diags_finish(store);
}

START_TEST(memory_may_run_out_anywhere)
{
	ck_assert_uint_gt(test_fail_every_allocation(report_much), 3);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("diag");
	TCase *tests = tcase_create("diag");
	tcase_add_checked_fixture(tests, open_ctx, close_ctx);
	tcase_add_test(tests, a_report_keeps_what_it_is_told);
	tcase_add_test(tests, finish_sorts_and_drops_doubles);
	tcase_add_test(tests, of_equal_reports_the_first_stays);
	tcase_add_test(tests, the_registry_is_in_order);
	tcase_add_loop_test(tests, the_nearest_name_is_offered, 0, (int)(sizeof(slips) / sizeof(slips[0])));
	tcase_add_test(tests, overlong_names_are_not_compared);
	tcase_add_test(tests, a_suggestion_becomes_help_and_fix);
	tcase_add_test(tests, file_errors_have_their_codes);
	tcase_add_test(tests, bad_bytes_are_pointed_at);
	tcase_add_test(tests, memory_may_run_out_anywhere);
	suite_add_tcase(suite, tests);
	return test_run(suite);
}
