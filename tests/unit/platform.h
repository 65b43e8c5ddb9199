// SPDX-License-Identifier: Apache-2.0
// For tests of compiler/check: a small platform that passes, pieces to add to it, and what was found.
#ifndef MO_TESTS_UNIT_PLATFORM_H
#define MO_TESTS_UNIT_PLATFORM_H

#include "fixture.h"

#include "check/check.h"

static struct mo_arena *a = &ctx.build;

static struct mo_ir_platform platform;
static struct mo_ir_template host;
static struct mo_ir_account dev;
static struct mo_ir_stack stack;

static inline struct mo_ir_resource *add_resource(struct mo_ir_template *t, const char *id, const char *type);

static inline void
open_platform(void)
{
	open_ctx();
	host = (struct mo_ir_template){ .name = MO_STR("data"), .span = { 1, 2 } };
	dev = (struct mo_ir_account){ .name = MO_STR("dev"), .id = MO_STR("222222222222"), .region = MO_STR("eu-west-1"), .bootstrap = true,
		.qualifier = MO_STR("q") };
	stack = (struct mo_ir_stack){ .name = MO_STR("acme-data"), .artifact = MO_STR("data"), .template = &host, .account = &dev,
		.region = MO_STR("eu-west-1"), .span = { 1, 2 } };
	platform = (struct mo_ir_platform){ .name = MO_STR("acme") };
	mo_push(a, &platform.accounts, &dev);
	mo_push(a, &platform.templates, &host);
	mo_push(a, &platform.stacks, &stack);
	add_resource(&host, "First", "AWS::SNS::Topic");
}

// ---- building --------------------------------------------------------------------------------------------------------------------

static inline struct mo_span
span(uint32_t at)
{
	return (struct mo_span){ at, at + 1 };
}

static inline const struct mo_ir_value *
text(const char *s)
{
	return mo_ir_string(a, span(50), mo_str_c(s));
}

static inline struct mo_str
numbered(const char *prefix, uint32_t i)
{
	return mo_str_printf(a, "%s%u", prefix, i);
}

static inline struct mo_ir_resource *
add_resource(struct mo_ir_template *t, const char *id, const char *type)
{
	struct mo_ir_resource *r = mo_new(a, struct mo_ir_resource);
	*r = (struct mo_ir_resource){ .id = mo_str_c(id), .type = mo_str_c(type), .catalog = mo_cat_find_resource(mo_str_c(type)), .template = t,
		.origin = { span(10 + t->resources.len), span(10 + t->resources.len), mo_str_c(id) },
		.properties = mo_ir_object(a, MO_NOWHERE) };
	mo_push(a, &t->resources, r);
	return r;
}

static inline struct mo_ir_param *
add_param(struct mo_ir_template *t, struct mo_str id)
{
	struct mo_ir_param *p = mo_new(a, struct mo_ir_param);
	*p = (struct mo_ir_param){ .id = id, .type = MO_STR("String") };
	mo_push(a, &t->params, p);
	return p;
}

static inline struct mo_ir_output *
add_output(struct mo_ir_template *t, struct mo_str id)
{
	struct mo_ir_output *o = mo_new(a, struct mo_ir_output);
	*o = (struct mo_ir_output){ .id = id, .value = text("x") };
	mo_push(a, &t->outputs, o);
	return o;
}

static inline struct mo_ir_mapping *
add_mapping(struct mo_ir_template *t, struct mo_str id)
{
	struct mo_ir_mapping *m = mo_new(a, struct mo_ir_mapping);
	struct mo_ir_value *row = mo_ir_object(a, MO_NOWHERE), *table = mo_ir_object(a, MO_NOWHERE);
	mo_ir_set(a, row, MO_STR("ami"), MO_NOWHERE, text("x"));
	mo_ir_set(a, table, MO_STR("eu-west-1"), MO_NOWHERE, row);
	*m = (struct mo_ir_mapping){ .id = id, .table = table };
	mo_push(a, &t->mappings, m);
	return m;
}

static inline struct mo_ir_condition *
add_condition(struct mo_ir_template *t, const char *id, const struct mo_ir_value *left)
{
	struct mo_ir_condition *c = mo_new(a, struct mo_ir_condition);
	const struct mo_ir_value *args[] = { left, text("x") };
	*c = (struct mo_ir_condition){ .id = mo_str_c(id), .expression = mo_ir_call_list(a, span(30), MO_STR("Fn::Equals"), args, 2) };
	mo_push(a, &t->conditions, c);
	return c;
}

static inline void
set(struct mo_ir_resource *r, const char *key, const struct mo_ir_value *v)
{
	mo_ir_set(a, r->properties, mo_str_c(key), span(49), v);
}

static inline struct mo_str
long_text(size_t n)
{
	char *p = mo_new_array(a, char, n + 1);
	memset(p, 'x', n);
	return (struct mo_str){ p, n };
}

// ---- what was found --------------------------------------------------------------------------------------------------------------

static inline void
ck_good(void)
{
	bool good = mo_checks_run(&ctx, &platform);
	ck_assert_msg(good, "%.*s", MO_STR_ARG(ctx.diags->items.len ? ctx.diags->items.items[0]->text : MO_STR("")));
	ck_assert_uint_eq(ctx.diags->items.len, 0);
}

// Exactly one diagnostic, with these words in it.
static inline const struct mo_diag *
ck_bad(enum mo_message message, const char *part)
{
	ck_assert(!mo_checks_run(&ctx, &platform));
	const struct mo_diag *d = ctx.diags->items.items[0];
	ck_assert_msg(d->message == message && mo_str_find(d->text, mo_str_c(part), 0) >= 0, "%s: %.*s", mo_message_info(d->message)->code,
		MO_STR_ARG(d->text));
	ck_assert_msg(ctx.diags->items.len == 1, "also %.*s", MO_STR_ARG(mo_last(&ctx.diags->items)->text));
	return d;
}

static inline void
add_tests(Suite *suite, const char *name, const TTest *const *tests)
{
	TCase *tcase = tcase_create(name);
	tcase_add_checked_fixture(tcase, open_platform, close_ctx);
	for (; *tests; tests++) {
		tcase_add_test(tcase, *tests);
	}
	suite_add_tcase(suite, tcase);
}

#endif
