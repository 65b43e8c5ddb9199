// SPDX-License-Identifier: Apache-2.0
// What the tests of values share: an evaluation without a program, short ways to make values, and to ask what was reported.
#ifndef MO_TESTS_UNIT_VALUES_H
#define MO_TESTS_UNIT_VALUES_H

#include "eval/eval.h"
#include "eval/instance.h"
#include "sema/builtin.h"
#include "test.h"

struct fixture {
	struct mo_ctx ctx;
	struct mo_eval ev;
	struct mo_program program;
	struct mo_evaluator evaluator;
	struct mo_ir_template template;
	struct mo_node call; // the node of every built-in call
	struct mo_span here; // a place in a program text
};

static struct fixture fx;

static inline void
open_fixture(void)
{
	struct mo_source *s;
	uint32_t bad;
	memset(&fx, 0, sizeof(fx));
	test_ctx_open(&fx.ctx, NULL);
	fx.program.ctx = &fx.ctx;
	fx.ev = (struct mo_eval){ .ctx = &fx.ctx, .arena = &fx.ctx.build, .program = &fx.program, .evaluator = &fx.evaluator };
	mo_source_add(fx.ctx.sources, MO_STR("main.mlops"), MO_STR(""), MO_STR("let here = 1\n"), MO_SOURCE_PROGRAM, &s, &bad);
	fx.here = (struct mo_span){ s->base + 4, s->base + 8 };
	fx.call = (struct mo_node){ .kind = MO_CALL_NODE, .span = fx.here };
}

static inline void
close_fixture(void)
{
	test_ctx_close(&fx.ctx);
}

#define ARENA (&fx.ctx.build)
typedef const struct mo_value *value;

static inline value
text(const char *s)
{
	return mo_value_string(ARENA, fx.here, mo_str_c(s));
}

static inline value
number(int64_t n)
{
	return mo_value_int(ARENA, fx.here, n);
}

static inline value
decimal(double d)
{
	return mo_value_float(ARENA, fx.here, d);
}

static inline value
truth(bool b)
{
	return mo_value_bool(ARENA, fx.here, b);
}

static inline value
none(void)
{
	return mo_value_simple(MO_VALUE_NONE);
}

static inline value
measure(enum mo_value_kind kind, int64_t n)
{
	struct mo_value *v = mo_value_new(ARENA, kind, fx.here);
	v->integer = n;
	return v;
}

static inline value
cidr(const char *s)
{
	struct mo_cidr c;
	const char *why;
	ck_assert_msg(mo_cidr_parse(mo_str_c(s), &c, &why), "%s: %s", s, why);
	return mo_value_cidr(ARENA, fx.here, c);
}

static inline value
list_of(uint32_t count, const value *items)
{
	struct mo_value *v = mo_value_list(ARENA, fx.here);
	for (uint32_t i = 0; i < count; i++) {
		mo_push(ARENA, &v->items, items[i]);
	}
	return v;
}

#define LIST(...) list_of(sizeof((value[]){ __VA_ARGS__ }) / sizeof(value), (value[]){ __VA_ARGS__ })
#define EMPTY list_of(0, NULL)

struct entry {
	const char *key;
	value v;
};

static inline value
record_of(uint32_t count, const struct entry *entries)
{
	struct mo_value *v = mo_value_record(ARENA, fx.here);
	for (uint32_t i = 0; i < count; i++) {
		mo_value_set(ARENA, v, mo_str_c(entries[i].key), fx.here, entries[i].v);
	}
	return v;
}

#define RECORD(...) record_of(sizeof((struct entry[]){ __VA_ARGS__ }) / sizeof(struct entry), (struct entry[]){ __VA_ARGS__ })

static inline struct mo_ir_resource *
resource(const char *type, const char *id)
{
	struct mo_ir_resource *r = mo_new(ARENA, struct mo_ir_resource);
	r->type = mo_str_c(type);
	r->id = mo_str_c(id);
	r->origin.path = r->id;
	r->origin.span = fx.here;
	r->template = &fx.template;
	r->catalog = mo_cat_find_resource(r->type);
	r->properties = mo_ir_object(ARENA, fx.here);
	return r;
}

static inline value
a_resource(const char *type, const char *id)
{
	return mo_value_resource(ARENA, fx.here, resource(type, id));
}

static inline value
pseudo(const char *name)
{
	return mo_value_deploy(ARENA, fx.here, mo_ir_pseudo(ARENA, fx.here, mo_str_c(name)), false);
}

static inline value
parameter(const char *id, const char *type, const char *pattern)
{
	struct mo_ir_param *p = mo_new(ARENA, struct mo_ir_param);
	p->id = mo_str_c(id);
	p->type = mo_str_c(type);
	p->allowed_pattern = mo_str_c(pattern);
	bool list = strncmp(type, "List<", 5) == 0 || strcmp(type, "CommaDelimitedList") == 0;
	return mo_value_deploy(ARENA, fx.here, mo_ir_param_ref(ARENA, fx.here, p), list);
}

// A value as the messages write it, or as IR when it is known at deploy time only.
static inline void
put_ir(struct mo_buf *b, const struct mo_ir_value *v)
{
	switch (v->kind) {
	case MO_IR_NULL:
		mo_buf_adds(b, "null");
		break;
	case MO_IR_BOOL:
		mo_buf_adds(b, v->boolean ? "true" : "false");
		break;
	case MO_IR_INT:
		mo_buf_printf(b, "%lld", (long long)v->integer);
		break;
	case MO_IR_FLOAT:
		mo_buf_printf(b, "%g", v->number);
		break;
	case MO_IR_STRING:
		mo_buf_printf(b, "'" MO_STR_FMT "'", MO_STR_ARG(v->text));
		break;
	case MO_IR_LIST:
	case MO_IR_SUB:
		mo_buf_adds(b, v->kind == MO_IR_SUB ? "sub(" : "[");
		for (uint32_t i = 0; i < v->items.len; i++) {
			mo_buf_adds(b, i ? " " : "");
			put_ir(b, v->items.items[i]);
		}
		mo_buf_addc(b, v->kind == MO_IR_SUB ? ')' : ']');
		break;
	case MO_IR_OBJECT:
		mo_buf_addc(b, '{');
		for (uint32_t i = 0; i < v->members.len; i++) {
			mo_buf_printf(b, "%s" MO_STR_FMT ":", i ? " " : "", MO_STR_ARG(v->members.items[i].key));
			put_ir(b, v->members.items[i].value);
		}
		mo_buf_addc(b, '}');
		break;
	case MO_IR_RESOURCE:
		mo_buf_printf(b, "ref(" MO_STR_FMT ")", MO_STR_ARG(v->resource->id));
		break;
	case MO_IR_ATTRIBUTE:
		mo_buf_printf(b, "att(" MO_STR_FMT "." MO_STR_FMT ")", MO_STR_ARG(v->resource->id), MO_STR_ARG(v->attribute));
		break;
	case MO_IR_PARAM:
		mo_buf_printf(b, "param(" MO_STR_FMT ")", MO_STR_ARG(v->param->id));
		break;
	case MO_IR_PSEUDO:
		mo_buf_add(b, v->text);
		break;
	case MO_IR_CALL:
		mo_buf_printf(b, MO_STR_FMT "(", MO_STR_ARG(v->function));
		put_ir(b, v->argument);
		mo_buf_addc(b, ')');
		break;
	default:
		mo_buf_adds(b, "?");
		break;
	}
}

static inline struct mo_str
ir_text(const struct mo_ir_value *v)
{
	struct mo_buf b = mo_buf_in(ARENA);
	put_ir(&b, v);
	return mo_buf_str(&b);
}

static inline struct mo_str
shown(value v)
{
	return v->kind == MO_VALUE_ERROR ? MO_STR("ERROR") : v->kind == MO_VALUE_DEPLOY ? ir_text(v->ir) : mo_value_text(ARENA, v);
}

// Nothing was reported, and the value is this.
#define ck_value(actual, expected)                                                                              \
	do {                                                                                                    \
		value got_value_ = (actual);                                                                    \
		ck_no_report();                                                                                 \
		ck_str(shown(got_value_), expected);                                                            \
	} while (0)

#define ck_no_report()                                                                                          \
	ck_assert_msg(fx.ctx.diags->items.len == 0, "reported: %.*s", MO_STR_ARG(fx.ctx.diags->items.items[0]->text))

// The value is ERROR, and exactly this one message was reported, with these words in its text, notes or help.
#define ck_refused(actual, message_, words)                                                                     \
	do {                                                                                                    \
		value got_value_ = (actual);                                                                    \
		ck_assert_int_eq(got_value_->kind, MO_VALUE_ERROR);                                             \
		check_report(message_, words);                                                                  \
	} while (0)

// The value, and exactly this one message was reported.
#define ck_noted(actual, expected, message_, words)                                                             \
	do {                                                                                                    \
		value got_value_ = (actual);                                                                    \
		check_report(message_, words);                                                                  \
		ck_str(shown(got_value_), expected);                                                            \
	} while (0)

static inline bool
says(const struct mo_diag *d, const char *words)
{
	struct mo_str w = mo_str_c(words);
	bool found = mo_str_find(d->text, w, 0) >= 0 || mo_str_find(d->help, w, 0) >= 0;
	for (uint32_t i = 0; i < d->notes.len; i++) {
		found = found || mo_str_find(d->notes.items[i], w, 0) >= 0;
	}
	return found;
}

static inline void
check_report(enum mo_message message, const char *words)
{
	struct mo_diags *diags = fx.ctx.diags;
	ck_assert_uint_eq(diags->items.len, 1);
	const struct mo_diag *d = diags->items.items[0];
	ck_assert_msg(d->message == message, "reported %s: %.*s", mo_message_info(d->message)->code, MO_STR_ARG(d->text));
	ck_assert_msg(says(d, words), "reported `%.*s` (%.*s)", MO_STR_ARG(d->text), MO_STR_ARG(d->help));
	diags->items.len = 0;
	diags->errors = 0;
}

static inline value
call(enum mo_builtin_kind kind, uint32_t count, const value *args)
{
	return mo_call_builtin(&fx.ev, &mo_builtins[kind], &fx.call, args, count);
}

#define CALL(KIND, ...) call(MO_BUILTIN_##KIND, sizeof((value[]){ __VA_ARGS__ }) / sizeof(value), (value[]){ __VA_ARGS__ })

#endif
