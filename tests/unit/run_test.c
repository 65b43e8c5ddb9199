// SPDX-License-Identifier: Apache-2.0
// compiler/driver within a process: run after run, right and wrong, and out of memory at every point.
#include "test.h"

#include "driver/run.h"

#include <stdio.h>
#include <unistd.h>

static char folder[] = "/tmp/mlopsc-run-XXXXXX";
static char program[64];

static void
make_program(const char *text)
{
	memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(program, sizeof(program), "%s/main.mlops", folder);
	FILE *f = fopen(program, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static void
remove_program(void)
{
	ck_assert_int_eq(unlink(program), 0);
	ck_assert_int_eq(rmdir(folder), 0);
}

struct outcome {
	bool exhausted;
	enum mo_exit code;
	char out[4096], err[4096]; // the beginning
};

static void
keep(char *to, const struct mo_buf *from)
{
	size_t len = from->len < 4095 ? from->len : 4095;
	if (len) {
		memcpy(to, from->p, len);
	}
	to[len] = 0;
}

// One run; all but the first `allocations` fail (0: none does).
static void
run_once(struct outcome *o, size_t allocations, int argc, const char *const *argv)
{
	static struct mo_ctx ctx; // static: defined after the jump
	static struct mo_run run;
	jmp_buf exhausted;
	ctx.mem = (struct mo_mem){ .on_exhausted = &exhausted, .fail_after = allocations };
	o->exhausted = setjmp(exhausted);
	if (!o->exhausted) {
		mo_run_open(&run, &ctx);
		o->code = mo_run(&run, argc, argv);
		keep(o->out, &run.out);
		keep(o->err, &run.err);
	}
	mo_run_close(&run);
}

// Lets every allocation fail once. Returns how many there were.
static size_t
fail_everywhere(int argc, const char *const *argv, enum mo_exit code)
{
	static struct outcome o;
	for (size_t allocations = 1;; allocations++) {
		run_once(&o, allocations, argc, argv);
		if (!o.exhausted) {
			ck_assert_int_eq(o.code, code);
			return allocations;
		}
	}
}

static const char *const greedy_programs[] = {
	"let xs = [for x in 1..10000 for y in 1..10000 if x == y && x < 0: x]\n",
	"let m = {for i in 1..10000: \"k${i}\" => i}\nlet d = [for i in 1..100000: merge(m, {x: i})]\n",
	"let m = {for i in 1..10000: \"k${i}\" => i}\nlet d = [for i in 1..100000: {...m, x: i}]\n",
	"let b = join(\",\", [for i in 1..100000: \"a\"])\nlet c = [for i in 1..100000: split(\",\", b)]\n",
	"let b = join(\"\", [for i in 1..100000: \"abcdefghij\"])\nlet c = [for i in 1..10000: \"${b}${i}\"]\n",
	"let c = [for i in 1..10000: cidr_subnets(10.0.0.0/8, 65536, 8)]\n",
	"fn f(x: Int) -> Int = x + 1\nlet xs = [for x in 1..1000: sum([for y in 1..1000: f(f(f(x + y)))])]\n",
	"account a { id: \"111111111111\", region: \"eu-west-1\" }\nstack s in a { for i in 1..10000 { for k in 1..10000 { AWS::SNS::Topic t[i, k] {} } } }\n",
	"for i in 1..10000 { for k in 1..10000 { account a[i, k] { id: \"${100000000000 + i * 10000 + k}\", region: \"eu-west-1\" } } }\n",
};

// They end with a message that points into the program, and not by taking all that there is.
START_TEST(evaluating_takes_bounded_memory)
{
	static struct mo_ctx ctx;
	static struct mo_run run;
	jmp_buf exhausted;
	make_program(greedy_programs[_i]);
	const char *argv[] = { "mlopsc", "check", program };
	ctx.mem = (struct mo_mem){ .on_exhausted = &exhausted, .most = 60 << 20 };
	ck_assert_msg(setjmp(exhausted) == 0, "more than it may");
	mo_run_open(&run, &ctx);
	ck_assert_int_eq(mo_run(&run, 3, argv), MO_EXIT_ERRORS);
	struct mo_str said = mo_buf_str(&run.err);
	ck_assert_msg(mo_str_find(said, MO_STR("the program's values need more than 40 MiB of memory"), 0) >= 0, MO_STR_FMT, MO_STR_ARG(said));
	ck_assert(mo_str_find(said, MO_STR(".mlops:"), 0) >= 0);
	mo_run_close(&run);
	ck_assert_uint_eq(ctx.mem.used, 0);
	remove_program();
}
END_TEST

// Where nobody says more: the host is told.
START_TEST(everything_takes_bounded_memory)
{
	static struct outcome o;
	static struct mo_ctx ctx;
	static struct mo_run run;
	jmp_buf exhausted;
	const char *argv[] = { "mlopsc", "explain", "AWS::SageMaker::Domain" };
	ctx.mem = (struct mo_mem){ .on_exhausted = &exhausted, .most = 10000 };
	o.exhausted = setjmp(exhausted);
	if (!o.exhausted) {
		mo_run_open(&run, &ctx);
		mo_run(&run, 3, argv);
	}
	ck_assert(o.exhausted);
	ck_assert_uint_le(ctx.mem.used, 10000);
	mo_run_close(&run);
	ck_assert_uint_eq(ctx.mem.used, 0);
}
END_TEST

START_TEST(explaining_may_run_out_of_memory)
{
	const char *argv[] = { "mlopsc", "explain", "AWS::SageMaker::Domain" };
	ck_assert_uint_gt(fail_everywhere(3, argv, MO_EXIT_DONE), 3);
}
END_TEST

START_TEST(checking_may_run_out_of_memory)
{
	make_program("import \"std/network\" { vpc }\nplatform p {}\naccount a { id: \"111111111111\", region: \"eu-west-1\" }\n"
		"stack s in a {\n  vpc main { cidr: 10.0.0.0/16, tiers: [{ name: \"private\", prefix: 24, internet: \"none\" }] }\n}\n");
	const char *argv[] = { "mlopsc", "check", program };
	static struct outcome o;
	run_once(&o, 0, 3, argv);
	ck_assert_msg(o.code == MO_EXIT_DONE, "%s", o.err);
	ck_assert_uint_gt(fail_everywhere(3, argv, MO_EXIT_DONE), 3);
	remove_program();
}
END_TEST

START_TEST(reporting_may_run_out_of_memory)
{
	make_program("let a = b\nlet c = [d, e, f]\nstack x in y {}\n");
	const char *argv[] = { "mlopsc", "check", program };
	ck_assert_uint_gt(fail_everywhere(3, argv, MO_EXIT_ERRORS), 3);
	remove_program();
}
END_TEST

START_TEST(runs_do_not_know_of_each_other)
{
	make_program("let a = b\n");
	const char *wrong[] = { "mlopsc", "check", program }, *usage[] = { "mlopsc", "chek" }, *right[] = { "mlopsc", "version" };
	static struct outcome first, o;
	run_once(&first, 0, 3, wrong);
	ck_assert_int_eq(first.code, MO_EXIT_ERRORS);
	for (int i = 0; i < 3; i++) {
		run_once(&o, 0, 2, usage);
		ck_assert_int_eq(o.code, MO_EXIT_USAGE);
		run_once(&o, 0, 2, right);
		ck_assert_int_eq(o.code, MO_EXIT_DONE);
		ck_assert_str_eq(o.err, "");
		run_once(&o, 0, 3, wrong);
		ck_assert_str_eq(o.err, first.err);
	}
	remove_program();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("run");
	TCase *tests = tcase_create("run");
	tcase_add_loop_test(tests, evaluating_takes_bounded_memory, 0, sizeof(greedy_programs) / sizeof(*greedy_programs));
	tcase_add_test(tests, everything_takes_bounded_memory);
	tcase_add_test(tests, explaining_may_run_out_of_memory);
	tcase_add_test(tests, checking_may_run_out_of_memory);
	tcase_add_test(tests, reporting_may_run_out_of_memory);
	tcase_add_test(tests, runs_do_not_know_of_each_other);
	suite_add_tcase(suite, tests);
	return test_run(suite);
}
