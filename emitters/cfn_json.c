// SPDX-License-Identifier: Apache-2.0
// CloudFormation's JSON form: intrinsics are objects with one key. Knows how pieces look, not which there are.
#include "emitters/cfn_json.h"

#include "emitters/template.h"

static void
begin_object(void *to)
{
	mo_json_begin_object(to);
}

static void
end_object(void *to)
{
	mo_json_end_object(to);
}

static void
begin_list(void *to)
{
	mo_json_begin_list(to);
}

static void
end_list(void *to)
{
	mo_json_end_list(to);
}

static void
key(void *to, struct mo_str name)
{
	mo_json_put_key(to, name);
}

static void
string(void *to, struct mo_str text)
{
	mo_json_put_string(to, text);
}

static void
integer(void *to, int64_t n)
{
	mo_json_put_int(to, n);
}

static void
number(void *to, double d)
{
	mo_json_put_double(to, d);
}

static void
boolean(void *to, bool b)
{
	mo_json_put_bool(to, b);
}

static void
null(void *to)
{
	mo_json_put_null(to);
}

static void
begin_call(void *to, struct mo_str function)
{
	mo_json_begin_object(to);
	mo_json_put_key(to, function);
}

static void
end_call(void *to)
{
	mo_json_end_object(to);
}

static void
attribute(void *to, struct mo_str id, struct mo_str name)
{
	begin_call(to, MO_STR("Fn::GetAtt"));
	mo_json_begin_list(to);
	mo_json_put_string(to, id);
	mo_json_put_string(to, name);
	mo_json_end_list(to);
	end_call(to);
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
mo_cfn_json(struct mo_buf *out, const struct mo_ir_template *t, struct mo_arena *scratch)
{
	struct mo_json_writer writer = mo_json_writer(out);
	const struct mo_ir_value *too_deep = mo_template_write(t, &(struct mo_sink){ &ops, &writer }, scratch);
	mo_buf_addc(out, '\n');
	return too_deep;
}

void
mo_cfn_json_value(struct mo_json_writer *j, const struct mo_ir_template *t, const struct mo_ir_value *v, struct mo_arena *scratch)
{
	mo_template_write_value(t, v, &(struct mo_sink){ &ops, j }, scratch);
}

void
mo_cfn_json_parameters(struct mo_json_writer *j, const struct mo_ir_template *t, struct mo_arena *scratch)
{
	mo_template_write_parameters(t, &(struct mo_sink){ &ops, j }, scratch);
}
