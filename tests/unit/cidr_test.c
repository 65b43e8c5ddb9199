// SPDX-License-Identifier: Apache-2.0
// Address ranges: their text, the questions about them, and plans.
#include "values.h"

#include "eval/cidr_plan.h"

// ---- text ------------------------------------------------------------------------------------------------------------------------

START_TEST(ranges_are_read_and_written)
{
	static const char *const good[] = { "10.0.0.0/16", "0.0.0.0/0", "255.255.255.255/32", "192.168.1.128/25", "128.0.0.0/1" };
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		ck_str(shown(cidr(good[i])), good[i]);
	}
	ck_assert_uint_eq(cidr("10.1.2.0/24")->cidr.address, 0x0a010200);
	ck_assert_uint_eq(cidr("10.1.2.0/24")->cidr.prefix, 24);
}
END_TEST

START_TEST(other_text_is_no_range)
{
	static const char *const bad[] = { "", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0/16", "10.0.0.0.0/16", "256.0.0.0/8", "10.00.0.0/8",
		"10.0.0.0/08", " 10.0.0.0/8", "10.0.0.0/8 ", "10.0.0.0/-1", "a.0.0.0/8", "10..0.0/8", "1000.0.0.0/8", "::/0", "10.0.0.0/8x" };
	struct mo_cidr c;
	const char *why = NULL;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(!mo_cidr_parse(mo_str_c(bad[i]), &c, &why), "%s", bad[i]);
		ck_assert_ptr_nonnull(why);
	}
	ck_assert(!mo_cidr_parse(MO_STR("10.0.0.1/16"), &c, &why));
	ck_assert_ptr_nonnull(strstr(why, "bits behind the prefix"));
	ck_assert(!mo_cidr_parse(MO_STR("0.0.0.1/0"), &c, &why));
}
END_TEST

// ---- questions -------------------------------------------------------------------------------------------------------------------

START_TEST(ranges_hold_and_overlap)
{
	ck_value(CALL(CIDR_CONTAINS, cidr("10.0.0.0/16"), cidr("10.0.255.0/24")), "true");
	ck_value(CALL(CIDR_CONTAINS, cidr("10.0.0.0/16"), cidr("10.0.0.0/16")), "true");
	ck_value(CALL(CIDR_CONTAINS, cidr("10.0.0.0/16"), cidr("10.1.0.0/24")), "false");
	ck_value(CALL(CIDR_CONTAINS, cidr("10.0.0.0/16"), cidr("10.0.0.0/8")), "false");
	ck_value(CALL(CIDR_CONTAINS, cidr("0.0.0.0/0"), cidr("255.255.255.255/32")), "true");
	ck_value(CALL(CIDR_OVERLAPS, cidr("10.0.0.0/8"), cidr("10.255.0.0/16")), "true");
	ck_value(CALL(CIDR_OVERLAPS, cidr("10.255.0.0/16"), cidr("10.0.0.0/8")), "true");
	ck_value(CALL(CIDR_OVERLAPS, cidr("10.0.0.0/17"), cidr("10.0.128.0/17")), "false");
	ck_value(CALL(CIDR_CONTAINS, cidr("10.0.0.0/8"), text("10.0.0.0/9")), "true"); // a property that is read back
	ck_refused(CALL(CIDR_CONTAINS, cidr("10.0.0.0/8"), text("10.0.0.1/9")), MSG_BAD_ARGUMENT, "`inner` of `cidr_contains` is \"10.0.0.1/9\"");
	ck_refused(CALL(CIDR_CONTAINS, cidr("10.0.0.0/8"), number(1)), MSG_TYPE_MISMATCH, "expected Cidr");
	ck_refused(CALL(CIDR_OVERLAPS, cidr("10.0.0.0/8"), pseudo("AWS::Region")), MSG_CANNOT_COMPUTE, "`cidr_overlaps`");
}
END_TEST

START_TEST(ranges_are_cut_into_equal_parts)
{
	ck_value(CALL(CIDR_SUBNETS, cidr("10.0.0.0/16"), number(3), number(8)), "[10.0.0.0/24, 10.0.1.0/24, 10.0.2.0/24]");
	ck_value(CALL(CIDR_SUBNETS, cidr("10.0.0.0/24"), number(1), number(8)), "[10.0.0.0/24]");
	ck_value(CALL(CIDR_SUBNETS, cidr("10.0.0.0/24"), number(0), number(4)), "[]");
	ck_value(CALL(CIDR_SUBNETS, cidr("10.0.0.4/30"), number(2), number(0)), "[10.0.0.4/32, 10.0.0.5/32]");
	ck_value(CALL(CIDR_SUBNETS, cidr("0.0.0.0/0"), number(1), number(32)), "[0.0.0.0/0]");
	ck_refused(CALL(CIDR_SUBNETS, cidr("10.0.0.0/24"), number(3), number(7)), MSG_RANGE_DOES_NOT_FIT, "3 times 128 addresses, there are 256");
	ck_refused(CALL(CIDR_SUBNETS, cidr("10.0.0.0/24"), number(1), number(9)), MSG_BAD_ARGUMENT, "0 to 8 bits");
	ck_refused(CALL(CIDR_SUBNETS, cidr("10.0.0.0/24"), number(-1), number(1)), MSG_BAD_ARGUMENT, "`count`");
	ck_refused(CALL(CIDR_SUBNETS, cidr("0.0.0.0/0"), number(INT64_MAX), number(0)), MSG_RANGE_DOES_NOT_FIT, "9223372036854775807");
	ck_refused(CALL(CIDR_SUBNETS, cidr("0.0.0.0/0"), number(4000000), number(0)), MSG_TOO_MANY_ELEMENTS, "1000000");
}
END_TEST

START_TEST(cloudformation_cuts_what_it_alone_knows)
{
	struct mo_ir_resource *vpc = resource("AWS::EC2::VPC", "Net");
	value block = mo_value_deploy(ARENA, fx.here, mo_ir_attribute(ARENA, fx.here, vpc, MO_STR("CidrBlock")), false);
	value parts = CALL(CIDR_SUBNETS, block, number(4), number(8));
	ck_value(parts, "Fn::Cidr([att(Net.CidrBlock) 4 8])");
	ck_assert(parts->is_list);
	ck_refused(CALL(CIDR_SUBNETS, block, number(257), number(8)), MSG_BAD_ARGUMENT, "1 to 256");
	ck_refused(CALL(CIDR_SUBNETS, block, number(4), number(0)), MSG_BAD_ARGUMENT, "1 to 32");
	ck_refused(CALL(CIDR_SUBNETS, block, pseudo("AWS::Region"), number(8)), MSG_CANNOT_COMPUTE, "`cidr_subnets`");
}
END_TEST

// ---- plans -----------------------------------------------------------------------------------------------------------------------

static value
want(int64_t prefix, int64_t count)
{
	return RECORD({ "prefix", number(prefix) }, { "count", number(count) });
}

static value
want_pinned(int64_t prefix, int64_t count, value pinned)
{
	return RECORD({ "prefix", number(prefix) }, { "count", number(count) }, { "pinned", pinned });
}

static value
names_of(value plan, const char *name)
{
	value v = plan->kind == MO_VALUE_RECORD ? mo_value_get(plan, mo_str_c(name)) : NULL;
	return v ? v : plan;
}

START_TEST(plans_follow_the_order_of_the_map)
{
	value plan = CALL(CIDR_PLAN, cidr("10.0.0.0/16"), RECORD({ "private", want(24, 3) }, { "public", want(26, 3) }));
	ck_value(names_of(plan, "private"), "[10.0.0.0/24, 10.0.1.0/24, 10.0.2.0/24]");
	ck_value(names_of(plan, "public"), "[10.0.3.0/26, 10.0.3.64/26, 10.0.3.128/26]");
	ck_str(plan->members.items[0].key, "private");
	plan = CALL(CIDR_PLAN, cidr("10.0.0.0/16"), RECORD({ "small", want(26, 1) }, { "large", want(24, 2) }, { "late", want(26, 4) }));
	ck_value(names_of(plan, "small"), "[10.0.0.0/26]");
	ck_value(names_of(plan, "large"), "[10.0.1.0/24, 10.0.2.0/24]");
	ck_value(names_of(plan, "late"), "[10.0.0.64/26, 10.0.0.128/26, 10.0.0.192/26, 10.0.3.0/26]");
	ck_value(CALL(CIDR_PLAN, cidr("10.0.0.0/16"), RECORD({ "a", want(16, 1) }, { "b", want(32, 0) })), "{ a: [10.0.0.0/16], b: [] }");
	ck_value(CALL(CIDR_PLAN, cidr("0.0.0.0/0"), RECORD({ "all", want(1, 2) })), "{ all: [0.0.0.0/1, 128.0.0.0/1] }");
	ck_value(CALL(CIDR_PLAN, cidr("255.255.255.0/24"), RECORD({ "end", want(25, 2) })), "{ end: [255.255.255.0/25, 255.255.255.128/25] }");
}
END_TEST

START_TEST(pinned_ranges_stay)
{
	value pinned = LIST(cidr("10.0.1.0/24"), cidr("10.0.0.0/24"));
	value plan = CALL(CIDR_PLAN, cidr("10.0.0.0/16"), RECORD({ "fresh", want(24, 2) }, { "old", want_pinned(24, 3, pinned) }));
	ck_value(names_of(plan, "old"), "[10.0.1.0/24, 10.0.0.0/24, 10.0.4.0/24]");
	ck_value(names_of(plan, "fresh"), "[10.0.2.0/24, 10.0.3.0/24]");
	value entry = want_pinned(24, 1, LIST(cidr("10.1.0.0/24")));
	ck_refused(CALL(CIDR_PLAN, cidr("10.0.0.0/16"), RECORD({ "a", entry })), MSG_BAD_PINNED_RANGE, "lies outside 10.0.0.0/16");
	entry = want_pinned(24, 2, LIST(cidr("10.0.1.0/24"), cidr("10.0.1.0/24")));
	ck_refused(CALL(CIDR_PLAN, cidr("10.0.0.0/16"), RECORD({ "a", entry })), MSG_BAD_PINNED_RANGE, "another pinned range");
	entry = want_pinned(24, 1, LIST(cidr("10.0.1.0/25")));
	ck_refused(CALL(CIDR_PLAN, cidr("10.0.0.0/16"), RECORD({ "a", entry })), MSG_BAD_PINNED_RANGE, "prefix length of a");
	entry = want_pinned(24, 1, pinned);
	ck_refused(CALL(CIDR_PLAN, cidr("10.0.0.0/16"), RECORD({ "a", entry })), MSG_BAD_PINNED_RANGE, "one more than are counted for a");
}
END_TEST

START_TEST(plans_that_do_not_fit_say_how_much_is_missing)
{
	value map = RECORD({ "private", want(25, 1) }, { "public", want(25, 2) });
	ck_refused(CALL(CIDR_PLAN, cidr("10.0.0.0/24"), map), MSG_RANGE_DOES_NOT_FIT, "it wants 256 addresses, 128 are left; all names together want 384 of 256");
	map = RECORD({ "s", want(26, 1) }, { "l", want(25, 2) });
	ck_refused(CALL(CIDR_PLAN, cidr("10.0.0.0/24"), map), MSG_RANGE_DOES_NOT_FIT, "`l` wants 2 ranges of /25");
	map = RECORD({ "s", want_pinned(26, 1, LIST(cidr("10.0.0.64/26"))) }, { "t", want_pinned(26, 1, LIST(cidr("10.0.0.128/26"))) },
		{ "l", want(25, 1) });
	ck_refused(CALL(CIDR_PLAN, cidr("10.0.0.0/24"), map), MSG_RANGE_DOES_NOT_FIT, "in pieces");
	ck_refused(CALL(CIDR_PLAN, cidr("10.0.0.0/16"), RECORD({ "a", want(8, 1) })), MSG_BAD_PREFIX, "from 16 to 32");
	ck_refused(CALL(CIDR_PLAN, cidr("10.0.0.0/16"), RECORD({ "a", want(33, 1) })), MSG_BAD_PREFIX, "from 16 to 32");
	ck_refused(CALL(CIDR_PLAN, cidr("10.0.0.0/16"), RECORD({ "a", want(24, -1) })), MSG_BAD_ARGUMENT, "`a` wants -1");
	ck_refused(CALL(CIDR_PLAN, cidr("10.0.0.0/16"), RECORD({ "a", RECORD({ "prefix", number(24) }) })), MSG_MISSING_FIELD, "`count` of `a`");
}
END_TEST

// ---- the plan itself -------------------------------------------------------------------------------------------------------------

static uint32_t
random_number(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

// Everything that was placed is inside, aligned (a cidr is) and free of overlap; what does not fit any more really has no place.
static void
check_plan(uint32_t seed)
{
	struct mo_cidr range = { 0x0a000000, 22 }, placed[600];
	struct mo_cidr_plan p = mo_cidr_plan_of(ARENA, range);
	bool taken[1024] = { false };
	uint32_t count = 0, free_addresses = 1024;
	for (int i = 0; i < 400; i++) {
		uint8_t prefix = (uint8_t)(24 + random_number(&seed) % 9);
		uint32_t size = 1u << (32 - prefix), first = 1024;
		for (uint32_t at = 0; at < 1024 && first == 1024; at += size) {
			bool is_free = true;
			for (uint32_t k = 0; k < size; k++) {
				is_free = is_free && !taken[at + k];
			}
			first = is_free ? at : first;
		}
		uint64_t from = 0;
		bool fits = mo_cidr_plan_next(&p, prefix, &from, &placed[count]);
		ck_assert_int_eq(fits, first < 1024);
		if (!fits) {
			continue;
		}
		ck_assert_uint_eq(placed[count].address - range.address, first); // the lowest place there is
		for (uint32_t k = 0; k < size; k++) {
			taken[first + k] = true;
		}
		free_addresses -= size;
		ck_assert_uint_eq(mo_cidr_plan_free(&p), free_addresses);
		ck_assert(!mo_cidr_plan_take(&p, placed[count]));
		count++;
	}
	ck_assert_uint_gt(count, 5);
}

START_TEST(plans_agree_with_a_map_of_single_addresses)
{
	for (uint32_t seed = 1; seed <= 50; seed++) {
		check_plan(seed);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("cidr");
	TCase *tests = tcase_create("cidr");
	tcase_add_checked_fixture(tests, open_fixture, close_fixture);
	tcase_add_test(tests, ranges_are_read_and_written);
	tcase_add_test(tests, other_text_is_no_range);
	tcase_add_test(tests, ranges_hold_and_overlap);
	tcase_add_test(tests, ranges_are_cut_into_equal_parts);
	tcase_add_test(tests, cloudformation_cuts_what_it_alone_knows);
	tcase_add_test(tests, plans_follow_the_order_of_the_map);
	tcase_add_test(tests, pinned_ranges_stay);
	tcase_add_test(tests, plans_that_do_not_fit_say_how_much_is_missing);
	tcase_add_test(tests, plans_agree_with_a_map_of_single_addresses);
	suite_add_tcase(suite, tests);
	return test_run(suite);
}
