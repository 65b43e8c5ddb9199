// SPDX-License-Identifier: Apache-2.0
// `ssm` and `secret`: names of values that other services keep. What is given is a mark, which stored.c replaces by a parameter or a
// dynamic reference once it is known in which template it stands.
#include "eval/builtin.h"
#include "eval/instance.h"

enum {
	LONGEST_NAME = 1011, // AWS Systems Manager API Reference, "PutParameter"
	DEEPEST_NAME = 15,
};

static bool
is_name_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-' || c == '/';
}

// What is wrong with the name of a parameter; NULL when nothing is.
static const char *
fault_of_name(struct mo_str name)
{
	uint32_t levels = 0;
	for (size_t i = 0; i < name.len; i++) {
		if (!is_name_letter(name.p[i])) {
			return "may hold letters, digits, `.`, `-`, `_` and `/` only";
		}
		levels += name.p[i] == '/';
	}
	if (name.len == 0 || name.p[name.len - 1] == '/') {
		return "is no name of a parameter";
	}
	if (levels && name.p[0] != '/') {
		return "has levels, so it must start with `/`";
	}
	return name.len > LONGEST_NAME ? "is longer than 1011 characters" : levels > DEEPEST_NAME ? "has more than 15 levels" : NULL;
}

static struct mo_str
type_of_text(const struct mo_type *t)
{
	bool one = t->kind == MO_TYPE_STRING && t->targets.len == 1;
	struct mo_str type = one ? mo_specific_type(t->targets.items[0].type, t->targets.items[0].attribute) : (struct mo_str){ 0 };
	return type.len ? type : MO_STR("String");
}

// What stands between the angle brackets of AWS::SSM::Parameter::Value<…>.
static struct mo_str
stored_type(struct mo_eval *ev, const struct mo_type *t)
{
	if (t->kind != MO_TYPE_LIST) {
		return type_of_text(t);
	}
	struct mo_str element = type_of_text(t->element);
	return mo_str_printf(ev->arena, "List<" MO_STR_FMT ">", MO_STR_ARG(element));
}

// Of another account or region, when its stack is only evaluated to be read.
static const struct mo_value *
give(const struct mo_call *c, const char *mark, const struct mo_ir_value *const *args, uint32_t count, bool is_list)
{
	const struct mo_ir_value *ir = mo_ir_call_list(c->ev->arena, c->span, mo_str_c(mark), args, count);
	if (c->ev->evaluator->variant) {
		mo_map_put(c->ev->arena, &c->ev->evaluator->owners, MO_KEY(ir), c->ev->evaluator->variant);
	}
	return mo_value_deploy(c->ev->arena, c->span, ir, is_list);
}

const struct mo_value *
mo_builtin_ssm(const struct mo_call *c)
{
	struct mo_str name;
	bool secure = c->count > 1 && c->args[1] && c->args[1]->kind == MO_VALUE_BOOL && c->args[1]->boolean;
	if (!mo_arg_text(c, 0, &name)) {
		return mo_builtin_error();
	}
	const char *fault = fault_of_name(name);
	if (fault) {
		return mo_arg_refuse(c, 0, "%s: " MO_STR_FMT, fault, MO_STR_ARG(name));
	}
	bool is_list = c->node->type && c->node->type->kind == MO_TYPE_LIST;
	const struct mo_ir_value *args[2] = { mo_ir_string(c->ev->arena, mo_arg_span(c, 0), name), NULL };
	args[1] = mo_ir_string(c->ev->arena, c->span, c->node->type ? stored_type(c->ev, c->node->type) : MO_STR("String"));
	return give(c, secure ? MO_STORED_SECURE : MO_STORED_SSM, args, 2, is_list);
}

static const struct mo_type *
secret_type(struct mo_eval *ev)
{
	struct mo_type *t = mo_type_new(ev->ctx, MO_TYPE_STRING);
	mo_push(&ev->ctx->session, &t->targets, (struct mo_string_target){ .type = MO_STR("AWS::SecretsManager::Secret"), .is_ref = true });
	return t;
}

const struct mo_value *
mo_builtin_secret(const struct mo_call *c)
{
	struct mo_str key = { 0 };
	if (c->count > 1 && c->args[1] && !mo_arg_text(c, 1, &key)) {
		return mo_builtin_error();
	}
	if (mo_str_find(key, MO_STR(":"), 0) >= 0 || mo_str_find(key, MO_STR("}"), 0) >= 0) {
		return mo_arg_refuse(c, 1, "cannot be told to CloudFormation: it may hold neither `:` nor `}`");
	}
	const struct mo_value *id = mo_coerce(c->ev, c->args[0], secret_type(c->ev), mo_arg_span(c, 0));
	if (mo_is_error(id)) {
		return id;
	}
	if (id->kind == MO_VALUE_STRING && (id->text.len == 0 || mo_str_find(id->text, MO_STR("}"), 0) >= 0)) {
		return mo_arg_refuse(c, 0, "is no name or ARN of a secret");
	}
	const struct mo_ir_value *args[2] = { mo_lower(c->ev, id), mo_ir_string(c->ev->arena, c->span, key) };
	return give(c, MO_STORED_SECRET, args, 2, false);
}
