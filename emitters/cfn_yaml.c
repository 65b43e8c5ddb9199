// SPDX-License-Identifier: Apache-2.0
// CloudFormation's YAML form: intrinsics are tags where YAML lets them be. One node carries one tag, so of two intrinsics directly
// within each other the outer has its long form. Knows how pieces look, not which there are.
#include "emitters/cfn_yaml.h"

#include "base/json_writer.h"
#include "emitters/template.h"
#include "emitters/yaml.h"

#include <inttypes.h>
#include <math.h>

enum { LONGEST_FLOW = 90 }; // bytes of a list that stands on one line

// An intrinsic whose argument is not complete.
struct call {
	bool is_long; // an object, which has to be ended
};

struct recorder {
	struct mo_arena *arena;
	mo_yaml_events events;
	MO_VEC(struct call) calls;
	MO_VEC(uint32_t) lists;     // indices of the events that began the open lists
	bool pending;               // the innermost call has begun, its argument has not
	struct mo_str function;     // of that call
};

static const struct mo_str no_text = { 0 };

static void
add(struct recorder *r, enum mo_yaml_kind kind, struct mo_str text, struct mo_str tag)
{
	mo_push(r->arena, &r->events, (struct mo_yaml_event){ .kind = kind, .text = text, .tag = tag });
}

// ---- intrinsics ------------------------------------------------------------------------------------------------------------------

// The functions that the CloudFormation User Guide ("Intrinsic function reference") gives a short form that takes any argument. A
// Fn::GetAtt that is not attribute() below may have one that the short form cannot say. The text is followed by a NUL.
static struct mo_str
short_form(struct mo_str function)
{
	static const char *const forms[] = { "!Ref", "!Condition", "!And", "!Base64", "!Cidr", "!Equals", "!FindInMap", "!GetAZs", "!If",
		"!ImportValue", "!Join", "!Not", "!Or", "!Select", "!Split", "!Sub" };
	struct mo_str prefix = MO_STR("Fn::");
	bool has_prefix = mo_str_starts(function, prefix);
	struct mo_str name = mo_str_sub(function, has_prefix ? prefix.len : 0, function.len);
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		bool wants_prefix = i > 1;
		if (has_prefix == wants_prefix && mo_str_is(name, forms[i] + 1)) {
			return mo_str_c(forms[i]);
		}
	}
	return no_text;
}

static void
begin_long_form(struct recorder *r)
{
	r->pending = false;
	mo_last(&r->calls).is_long = true;
	add(r, MO_YAML_BEGIN_OBJECT, no_text, no_text);
	mo_last(&r->events).flow = true;
	add(r, MO_YAML_KEY, r->function, no_text);
}

// The tag of the value that comes next: that of the call whose argument it is, when there is one.
static struct mo_str
take_tag(struct recorder *r)
{
	if (!r->pending) {
		return no_text;
	}
	struct mo_str tag = short_form(r->function);
	if (!tag.len) {
		begin_long_form(r);
	}
	r->pending = false;
	return tag;
}

// For values that lose what they are when they carry a tag.
static void
refuse_tag(struct recorder *r)
{
	if (r->pending) {
		begin_long_form(r);
	}
}

static void
begin_call(void *to, struct mo_str function)
{
	struct recorder *r = to;
	refuse_tag(r);
	mo_push(r->arena, &r->calls, (struct call){ false });
	r->pending = true;
	r->function = function;
}

static void
end_call(void *to)
{
	struct recorder *r = to;
	if (mo_last(&r->calls).is_long) {
		add(r, MO_YAML_END_OBJECT, no_text, no_text);
	}
	r->calls.len--;
}

// The logical ID has no dot, so the first one divides the two.
static void
attribute(void *to, struct mo_str id, struct mo_str name)
{
	struct recorder *r = to;
	refuse_tag(r);
	add(r, MO_YAML_STRING, mo_str_printf(r->arena, MO_STR_FMT "." MO_STR_FMT, MO_STR_ARG(id), MO_STR_ARG(name)), MO_STR("!GetAtt"));
}

// ---- values ----------------------------------------------------------------------------------------------------------------------

static void
begin_object(void *to)
{
	refuse_tag(to);
	add(to, MO_YAML_BEGIN_OBJECT, no_text, no_text);
}

static void
end_object(void *to)
{
	add(to, MO_YAML_END_OBJECT, no_text, no_text);
}

static void
begin_list(void *to)
{
	struct recorder *r = to;
	struct mo_str tag = take_tag(r);
	mo_push(r->arena, &r->lists, r->events.len);
	add(r, MO_YAML_BEGIN_LIST, no_text, tag);
}

// Arguments of an intrinsic that are short, and without objects but for long forms, go on one line.
static bool
fits_one_line(const struct recorder *r, uint32_t begin)
{
	size_t width = 0;
	for (uint32_t i = begin; i < r->events.len; i++) {
		const struct mo_yaml_event *e = &r->events.items[i];
		width += e->text.len + e->tag.len + 2;
		if ((e->kind == MO_YAML_BEGIN_OBJECT && !e->flow) || width > LONGEST_FLOW || mo_str_find(e->text, MO_STR("\n"), 0) >= 0) {
			return false;
		}
	}
	return true;
}

static void
end_list(void *to)
{
	struct recorder *r = to;
	uint32_t begin = mo_last(&r->lists);
	r->lists.len--;
	r->events.items[begin].flow = r->events.items[begin].tag.len && fits_one_line(r, begin);
	add(r, MO_YAML_END_LIST, no_text, no_text);
}

static void
key(void *to, struct mo_str name)
{
	add(to, MO_YAML_KEY, name, no_text);
}

// Texts may lie in buffers that are used again.
static void
string(void *to, struct mo_str text)
{
	struct recorder *r = to;
	struct mo_str tag = take_tag(r);
	add(r, MO_YAML_STRING, mo_str_dup(r->arena, text), tag);
}

static void
word(struct recorder *r, struct mo_str text)
{
	refuse_tag(r);
	add(r, MO_YAML_WORD, text, no_text);
}

static void
integer(void *to, int64_t n)
{
	struct recorder *r = to;
	word(r, mo_str_printf(r->arena, "%" PRId64, n));
}

// As in JSON, but YAML 1.1 knows a number with an exponent only by its point.
static void
number(void *to, double d)
{
	struct recorder *r = to;
	struct mo_buf digits = mo_buf_in(r->arena);
	if (!isfinite(d)) {
		word(r, MO_STR("null"));
		return;
	}
	mo_json_number(&digits, d);
	struct mo_str all = mo_buf_str(&digits);
	ptrdiff_t e = mo_str_find(all, MO_STR("e"), 0);
	if (e >= 0 && mo_str_find(all, MO_STR("."), 0) < 0) {
		struct mo_str whole = mo_str_sub(all, 0, (size_t)e), exponent = mo_str_sub(all, (size_t)e, all.len);
		all = mo_str_printf(r->arena, MO_STR_FMT ".0" MO_STR_FMT, MO_STR_ARG(whole), MO_STR_ARG(exponent));
	}
	word(r, all);
}

static void
boolean(void *to, bool b)
{
	word(to, b ? MO_STR("true") : MO_STR("false"));
}

static void
null(void *to)
{
	word(to, MO_STR("null"));
}

static const struct mo_sink_ops ops = {
	.begin_object = begin_object,
	.end_object = end_object,
	.begin_list = begin_list,
	.end_list = end_list,
	.key = key,
	.string = string,
	.integer = integer,
	.number = number,
	.boolean = boolean,
	.null = null,
	.begin_call = begin_call,
	.end_call = end_call,
	.attribute = attribute,
};

const struct mo_ir_value *
mo_cfn_yaml(struct mo_buf *out, const struct mo_ir_template *t, struct mo_arena *scratch)
{
	struct recorder r = { .arena = scratch };
	const struct mo_ir_value *too_deep = mo_template_write(t, &(struct mo_sink){ &ops, &r }, scratch);
	if (!too_deep) {
		mo_yaml_write(out, &r.events);
	}
	return too_deep;
}
