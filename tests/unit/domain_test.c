// SPDX-License-Identifier: Apache-2.0
// String domains: patterns, the algebra, and the values of templates. A domain must admit every text that can come up.
#include "platform.h"

#include "base/regex.h"
#include "check/domain.h"

static struct mo_domain
of_pattern(const char *pattern)
{
	return mo_domain_pattern(a, mo_str_c(pattern));
}

// "3..63 [a-z0-9] [a-z0-9.-] [a-z0-9]"; `*` without a greatest length.
static struct mo_str
shown(struct mo_domain d)
{
	struct mo_str start = mo_charset_text(a, &d.start), contain = mo_charset_text(a, &d.contain), end = mo_charset_text(a, &d.end);
	struct mo_str most = d.most == MO_DOMAIN_UNBOUNDED ? MO_STR("*") : mo_str_printf(a, "%u", d.most);
	return mo_str_printf(a, "%u.." MO_STR_FMT " " MO_STR_FMT " " MO_STR_FMT " " MO_STR_FMT, d.least, MO_STR_ARG(most), MO_STR_ARG(start),
		MO_STR_ARG(contain), MO_STR_ARG(end));
}

// ---- patterns --------------------------------------------------------------------------------------------------------------------

START_TEST(patterns_have_lengths_and_characters)
{
	ck_str(shown(of_pattern("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")), "3..63 [a-z0-9] [a-z0-9.-] [a-z0-9]");
	ck_str(shown(of_pattern("^[a-z]+$")), "1..* [a-z] [a-z] [a-z]");
	ck_str(shown(of_pattern("\\d{12}")), "12..12 [0-9] [0-9] [0-9]");
	ck_str(shown(of_pattern("dev|prod")), "3..4 [dp] [deoprv] [dv]");
	ck_str(shown(of_pattern("(a-?)*b")), "1..* [ab] [ab-] [b]");
	ck_str(shown(of_pattern("^$|^(?=.{3,63}$)(?:^[a-z0-9]+$)$")), "0..63 [a-z0-9] [a-z0-9] [a-z0-9]");
	ck_str(shown(of_pattern("x{2}y?")), "2..3 [x] [xy] [xy]");
	ck_str(shown(of_pattern("[[:lower:]_]")), "1..1 [a-z_] [a-z_] [a-z_]");
	ck_str(shown(of_pattern("[]a-]")), "1..1 []a-] []a-] []a-]");
}
END_TEST

START_TEST(what_cannot_be_read_is_anything)
{
	static const char *const bad[] = { "(", "[a", "a{", "(?<!x)y", "\\b", "a)", "(?=x)y" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct mo_domain d = of_pattern(bad[i]);
		ck_assert_msg(d.most == MO_DOMAIN_UNBOUNDED && d.contain.others && !d.constant, "%s", bad[i]);
	}
}
END_TEST

// What matches lies in the domain, for every pattern of the limits and texts made at random.
START_TEST(domains_admit_what_patterns_match)
{
	static const char alphabet[] = "ab09AZ.-_/+ @x";
	uint32_t seed = 12345, matched = 0;
	for (const struct mo_text_limit *l = mo_text_limits; l->type; l++) {
		struct mo_str why;
		struct mo_domain d = mo_domain_limit(a, l);
		ck_assert_msg(!l->pattern || mo_regex_valid(&ctx, mo_str_c(l->pattern), &why), "%s.%s", l->type, l->property);
		for (uint32_t round = 0; l->pattern && round < 200; round++) {
			char text[8];
			uint32_t length = round % 8;
			for (uint32_t i = 0; i < length; i++) {
				seed = seed * 1103515245 + 12345;
				text[i] = alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
			}
			if (!mo_regex_matches(&ctx, mo_str_c(l->pattern), (struct mo_str){ text, length })) {
				continue;
			}
			struct mo_domain t = mo_domain_text((struct mo_str){ text, length });
			matched++;
			ck_assert(mo_charset_within(&t.contain, &d.contain) && mo_charset_within(&t.start, &d.start) && mo_charset_within(&t.end, &d.end));
			ck_assert_uint_le(length, d.most);
		}
	}
	ck_assert_uint_gt(matched, 500);
}
END_TEST

// ---- the algebra -----------------------------------------------------------------------------------------------------------------

START_TEST(concatenation_adds_and_choices_join)
{
	struct mo_domain x = mo_domain_text(MO_STR("acme-")), y = of_pattern("[a-z]{0,5}"), both = mo_domain_concat(a, &x, &y);
	ck_str(shown(both), "5..10 [a] [a-z-] [a-z-]");
	ck_str(both.prefix, "acme-");
	ck_str(shown(mo_domain_concat(a, &y, &x)), "5..10 [a-z] [a-z-] [-]");
	struct mo_domain one = mo_domain_text(MO_STR("models-dev")), two = mo_domain_text(MO_STR("models-prod")), joined = mo_domain_join(&one, &two);
	ck_str(shown(joined), "10..11 [m] [delmoprsv-] [dv]");
	ck_str(joined.prefix, "models-");
	ck_assert(!joined.constant);
	joined = mo_domain_join(&one, &one);
	ck_assert(joined.constant);
	struct mo_domain none = { .absent = true };
	ck_str(shown(mo_domain_join(&none, &one)), shown(one).p);
	struct mo_domain any = mo_domain_any();
	ck_assert_uint_eq(mo_domain_concat(a, &any, &x).most, MO_DOMAIN_UNBOUNDED);
	ck_assert_uint_eq(mo_domain_concat(a, &any, &x).least, 5);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("domain");
	TCase *tests = tcase_create("domain");
	tcase_add_checked_fixture(tests, open_platform, close_ctx);
	tcase_add_test(tests, patterns_have_lengths_and_characters);
	tcase_add_test(tests, what_cannot_be_read_is_anything);
	tcase_add_test(tests, domains_admit_what_patterns_match);
	tcase_add_test(tests, concatenation_adds_and_choices_join);
	suite_add_tcase(suite, tests);
	return test_run(suite);
}
