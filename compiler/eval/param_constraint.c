// SPDX-License-Identifier: Apache-2.0
// Types and constraints of parameters, as the language reference's table gives them. CloudFormation's patterns are those of Java.
#include "eval/param_constraint.h"

enum { LISTED_NUMBERS = 50 }; // numbers of an optional parameter that are allowed one by one rather than by a pattern

struct making {
	struct mo_eval *ev;
	struct mo_ir_param *param;
	struct mo_span span;
};

// ---- patterns --------------------------------------------------------------------------------------------------------------------

static const struct {
	const char *posix, *java;
} classes[] = {
	{ "[:alpha:]", "\\p{Alpha}" }, { "[:digit:]", "\\p{Digit}" }, { "[:alnum:]", "\\p{Alnum}" }, { "[:upper:]", "\\p{Upper}" },
	{ "[:lower:]", "\\p{Lower}" }, { "[:space:]", "\\s" }, { "[:punct:]", "\\p{Punct}" }, { "[:xdigit:]", "\\p{XDigit}" },
	{ "[:blank:]", "\\p{Blank}" }, { "[:print:]", "\\p{Print}" }, { "[:graph:]", "\\p{Graph}" }, { "[:cntrl:]", "\\p{Cntrl}" },
};

static size_t
add_class(struct mo_buf *out, struct mo_str rest)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		if (mo_str_starts(rest, mo_str_c(classes[i].posix))) {
			mo_buf_adds(out, classes[i].java);
			return mo_str_c(classes[i].posix).len;
		}
	}
	mo_buf_adds(out, "\\[");
	return 1;
}

// What stands between `[` and `]`: in Java `[` opens another set and `&&` cuts two, in POSIX they are themselves.
static size_t
add_bracket(struct mo_buf *out, struct mo_str rest)
{
	size_t i = 1;
	mo_buf_addc(out, '[');
	if (i < rest.len && rest.p[i] == '^') {
		mo_buf_addc(out, rest.p[i++]);
	}
	if (i < rest.len && rest.p[i] == ']') {
		mo_buf_adds(out, "\\]");
		i++;
	}
	while (i < rest.len && rest.p[i] != ']') {
		if (rest.p[i] == '[') {
			i += add_class(out, mo_str_sub(rest, i, rest.len));
			continue;
		}
		mo_buf_adds(out, rest.p[i] == '&' ? "\\" : "");
		mo_buf_addc(out, rest.p[i++]);
	}
	if (i < rest.len) {
		mo_buf_addc(out, ']');
	}
	return i + 1;
}

// A pattern of the language, which is POSIX's, as Java reads it.
static struct mo_str
java_pattern(struct mo_eval *ev, struct mo_str posix)
{
	struct mo_buf out = mo_buf_in(ev->arena);
	for (size_t i = 0; i < posix.len;) {
		if (posix.p[i] == '[') {
			i += add_bracket(&out, mo_str_sub(posix, i, posix.len));
			continue;
		}
		if (posix.p[i] == '\\' && i + 1 < posix.len) {
			mo_buf_addc(&out, posix.p[i++]);
		}
		mo_buf_addc(&out, posix.p[i++]);
	}
	return mo_buf_str(&out);
}

// ---- numbers as patterns ---------------------------------------------------------------------------------------------------------

static void
add_digits(struct mo_buf *out, int low, int high)
{
	if (low == high) {
		mo_buf_printf(out, "%d", low);
	} else {
		mo_buf_printf(out, "[%d-%d]", low, high);
	}
}

static void
add_alternative(struct mo_buf *out, struct mo_str start)
{
	mo_buf_adds(out, out->len ? "|" : "");
	mo_buf_add(out, start);
}

// Numbers of one length, which share `start`: those from `low` to `high`, written with as many digits.
static void
add_range(struct mo_eval *ev, struct mo_buf *out, struct mo_str start, struct mo_str low, struct mo_str high)
{
	size_t same = 0;
	while (same < low.len && low.p[same] == high.p[same]) {
		same++;
	}
	start = mo_str_printf(ev->arena, MO_STR_FMT MO_STR_FMT, MO_STR_ARG(start), MO_STR_ARG(mo_str_sub(low, 0, same)));
	low = mo_str_sub(low, same, low.len);
	high = mo_str_sub(high, same, high.len);
	if (low.len <= 1) {
		add_alternative(out, start);
		if (low.len) {
			add_digits(out, low.p[0] - '0', high.p[0] - '0');
		}
		return;
	}
	struct mo_str zeros = mo_str_printf(ev->arena, "%0*d", (int)low.len - 1, 0);
	struct mo_buf b = mo_buf_in(ev->arena);
	for (size_t i = 1; i < low.len; i++) {
		mo_buf_addc(&b, '9');
	}
	struct mo_str nines = mo_buf_str(&b), low_rest = mo_str_sub(low, 1, low.len), high_rest = mo_str_sub(high, 1, high.len);
	bool from_start = mo_str_eq(low_rest, zeros), to_end = mo_str_eq(high_rest, nines);
	int first = low.p[0] - '0' + !from_start, last = high.p[0] - '0' - !to_end;
	if (!from_start) {
		struct mo_str inner = mo_str_printf(ev->arena, MO_STR_FMT "%c", MO_STR_ARG(start), low.p[0]);
		add_range(ev, out, inner, low_rest, nines);
	}
	if (first <= last) {
		add_alternative(out, start);
		add_digits(out, first, last);
		mo_buf_adds(out, "[0-9]");
		if (low.len > 2) {
			mo_buf_printf(out, "{%zu}", low.len - 1);
		}
	}
	if (!to_end) {
		struct mo_str inner = mo_str_printf(ev->arena, MO_STR_FMT "%c", MO_STR_ARG(start), high.p[0]);
		add_range(ev, out, inner, zeros, high_rest);
	}
}

// Numbers from `low` to `high`, not negative; `sign` stands before each.
static void
add_numbers(struct mo_eval *ev, struct mo_buf *out, const char *sign, uint64_t low, uint64_t high)
{
	while (low <= high) {
		struct mo_str first = mo_str_printf(ev->arena, "%llu", (unsigned long long)low);
		uint64_t longest = 9; // the greatest number with as many digits
		for (size_t i = 1; i < first.len && longest < UINT64_MAX / 10; i++) {
			longest = longest * 10 + 9;
		}
		uint64_t last = longest < high && first.len < 19 ? longest : high;
		struct mo_str text = mo_str_printf(ev->arena, "%llu", (unsigned long long)last);
		add_range(ev, out, mo_str_c(sign), first, text);
		if (last == UINT64_MAX) {
			return;
		}
		low = last + 1;
	}
}

static struct mo_str
number_pattern(struct mo_eval *ev, int64_t low, int64_t high)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	if (low < 0) {
		uint64_t least = (uint64_t)0 - (uint64_t)low, most = high < 0 ? (uint64_t)0 - (uint64_t)high : 1;
		add_numbers(ev, &b, "-", most, least);
	}
	if (high >= 0) {
		add_numbers(ev, &b, "", low < 0 ? 0 : (uint64_t)low, (uint64_t)high);
	}
	return mo_buf_str(&b);
}

// ---- types -----------------------------------------------------------------------------------------------------------------------

static void
allow(struct making *m, const struct mo_ir_value *v)
{
	struct mo_ir_value *list = (struct mo_ir_value *)(uintptr_t)m->param->allowed_values;
	if (!list) {
		list = mo_ir_list(m->ev->arena, m->span);
		m->param->allowed_values = list;
	}
	mo_push(m->ev->arena, &list->items, v);
}

static void
allow_text(struct making *m, struct mo_str text)
{
	allow(m, mo_ir_string(m->ev->arena, m->span, text));
}

static void
text_constraints(struct making *m, const struct mo_type *t)
{
	if (t->is_literal) {
		allow_text(m, t->literal);
	}
	m->param->allowed_pattern = t->pattern.len ? java_pattern(m->ev, t->pattern) : t->role == MO_STRING_ACCOUNT_ID ? MO_STR("^[0-9]{12}$")
		: t->role == MO_STRING_REGION ? MO_STR("^[a-z]{2}(-[a-z]{2,9}){1,2}-[0-9]{1,2}$")
		: t->role == MO_STRING_ARN ? MO_STR("^arn:.+$") : (struct mo_str){ 0 };
	if (t->bounded) {
		m->param->has_min_length = t->min > 0;
		m->param->min_length = t->min;
		m->param->has_max_length = t->max < INT64_MAX;
		m->param->max_length = t->max;
	}
}

static void
number_constraints(struct making *m, const struct mo_type *t)
{
	if (t->is_literal) {
		allow(m, mo_ir_int(m->ev->arena, m->span, t->min));
	} else if (t->bounded) {
		m->param->has_min_value = t->min > INT64_MIN;
		m->param->min_value = t->min;
		m->param->has_max_value = t->max < INT64_MAX;
		m->param->max_value = t->max;
	}
}

static bool
is_all_numbers(const struct mo_type *t)
{
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		if (t->alternatives.items[i]->kind != MO_TYPE_INT) {
			return false;
		}
	}
	return true;
}

// A union of literals.
static struct mo_str
choice(struct making *m, const struct mo_type *t)
{
	bool numbers = is_all_numbers(t);
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		const struct mo_type *a = t->alternatives.items[i];
		if (numbers) {
			allow(m, mo_ir_int(m->ev->arena, m->span, a->min));
		} else if (a->kind == MO_TYPE_INT) {
			allow_text(m, mo_str_printf(m->ev->arena, "%lld", (long long)a->min));
		} else {
			allow_text(m, a->literal);
		}
	}
	return numbers ? MO_STR("Number") : MO_STR("String");
}

static struct mo_str
scalar(struct making *m, const struct mo_type *t)
{
	const struct mo_param_type *row = mo_param_type_of(t);
	switch (t->kind) {
	case MO_TYPE_INT:
	case MO_TYPE_FLOAT:
		number_constraints(m, t);
		return MO_STR("Number");
	case MO_TYPE_BOOL:
		allow_text(m, MO_STR("true"));
		allow_text(m, MO_STR("false"));
		m->param->truth = true;
		return MO_STR("String");
	case MO_TYPE_CIDR:
		m->param->allowed_pattern = MO_STR("^[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}/[0-9]{1,2}$");
		return MO_STR("String");
	case MO_TYPE_UNION:
		return choice(m, t);
	default:
		text_constraints(m, t);
		return row ? mo_str_c(row->name) : MO_STR("String");
	}
}

// CloudFormation knows lengths of single texts only; a pattern says them of every element.
static void
lengths_as_pattern(struct making *m)
{
	struct mo_ir_param *p = m->param;
	if (!p->has_min_length && !p->has_max_length) {
		return;
	}
	struct mo_buf b = mo_buf_in(m->ev->arena);
	mo_buf_printf(&b, "^(?=.{%lld,", p->has_min_length ? (long long)p->min_length : 0);
	if (p->has_max_length) {
		mo_buf_printf(&b, "%lld", (long long)p->max_length);
	}
	mo_buf_printf(&b, "}$)(?:" MO_STR_FMT ")$", MO_STR_ARG(p->allowed_pattern.len ? p->allowed_pattern : MO_STR(".*")));
	p->allowed_pattern = mo_buf_str(&b);
	p->has_min_length = p->has_max_length = false;
}

static struct mo_str
list_of(struct making *m, const struct mo_type *element)
{
	const struct mo_param_type *row = mo_param_type_of(element);
	struct mo_str type = scalar(m, element);
	if (row && row->listed) {
		return mo_str_printf(m->ev->arena, "List<%s>", row->name);
	}
	lengths_as_pattern(m);
	return mo_str_is(type, "Number") ? MO_STR("List<Number>") : MO_STR("CommaDelimitedList");
}

static struct mo_str
stored_type(struct making *m, const struct mo_type *t)
{
	const struct mo_param_type *row = mo_param_type_of(t->kind == MO_TYPE_LIST ? t->element : t);
	struct mo_str of = row ? mo_str_c(row->name) : MO_STR("String");
	bool list = t->kind == MO_TYPE_LIST;
	return mo_str_printf(m->ev->arena, "AWS::SSM::Parameter::Value<%s" MO_STR_FMT "%s>", list ? "List<" : "", MO_STR_ARG(of), list ? ">" : "");
}

bool
mo_param_constrain(struct mo_eval *ev, struct mo_ir_param *p, const struct mo_type *declared, struct mo_span span)
{
	struct making m = { ev, p, span };
	const struct mo_type *t = mo_type_present(declared), *value = t->stored ? t->stored : t;
	bool list = value->kind == MO_TYPE_LIST;
	p->type = t->stored ? stored_type(&m, value) : list ? list_of(&m, value->element) : scalar(&m, value);
	return list;
}

// ---- optional ones ---------------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
as_text(struct mo_eval *ev, const struct mo_ir_value *v)
{
	return v->kind == MO_IR_INT ? mo_ir_string(ev->arena, v->span, mo_str_printf(ev->arena, "%lld", (long long)v->integer)) : v;
}

// Numbers as text: one by one, or a pattern.
static void
number_as_text(struct making *m, const struct mo_type *t)
{
	struct mo_ir_param *p = m->param;
	bool bounded = p->has_min_value || p->has_max_value;
	if (p->allowed_values) {
		struct mo_ir_value *texts = mo_ir_list(m->ev->arena, p->allowed_values->span);
		for (uint32_t i = 0; i < p->allowed_values->items.len; i++) {
			mo_push(m->ev->arena, &texts->items, as_text(m->ev, p->allowed_values->items.items[i]));
		}
		p->allowed_values = texts;
	} else if (bounded && (uint64_t)t->max - (uint64_t)t->min < LISTED_NUMBERS) {
		for (int64_t i = t->min; i <= t->max; i++) {
			allow_text(m, mo_str_printf(m->ev->arena, "%lld", (long long)i));
		}
	} else if (bounded) {
		p->allowed_pattern = mo_str_printf(m->ev->arena, "^(?:|" MO_STR_FMT ")$", MO_STR_ARG(number_pattern(m->ev, t->min, t->max)));
	} else {
		p->allowed_pattern = t->kind == MO_TYPE_INT ? MO_STR("^(?:|-?[0-9]+)$") : MO_STR("^(?:|-?[0-9]+(?:\\.[0-9]+)?)$");
	}
	if (p->default_value) {
		p->default_value = as_text(m->ev, p->default_value);
	}
	p->has_min_value = p->has_max_value = false;
}

void
mo_param_make_optional(struct mo_eval *ev, struct mo_ir_param *p, const struct mo_type *declared, struct mo_span span)
{
	struct making m = { ev, p, span };
	const struct mo_type *t = mo_type_present(declared);
	if (mo_str_is(p->type, "Number")) {
		number_as_text(&m, t);
	} else if (p->has_min_length && p->min_length > 1) {
		lengths_as_pattern(&m);
		p->allowed_pattern = mo_str_printf(ev->arena, "^$|" MO_STR_FMT, MO_STR_ARG(p->allowed_pattern));
	} else if (p->allowed_pattern.len) {
		p->allowed_pattern = mo_str_printf(ev->arena, "^$|" MO_STR_FMT, MO_STR_ARG(p->allowed_pattern));
	}
	p->has_min_length = false;
	p->truth = false; // "" is neither
	p->type = t->kind == MO_TYPE_LIST ? MO_STR("CommaDelimitedList") : MO_STR("String");
	if (p->allowed_values) {
		allow_text(&m, MO_STR(""));
	}
}
