// SPDX-License-Identifier: Apache-2.0
// Calls of built-ins: the table of what is behind each name, and how arguments are taken. The checker has compared types; what only
// values can show is verified here.
#include "eval/builtin.h"

#include "eval/instance.h"

static const mo_builtin_fn functions[MO_BUILTIN_KINDS] = {
#define X(KIND, name) [MO_BUILTIN_##KIND] = mo_builtin_##name,
	MO_BUILTIN_FUNCTIONS(X)
#undef X
};

// What a built-in has to go through, in steps of evaluation; so that few expressions cannot keep the compiler busy for ever.
static uint64_t
work_of(enum mo_builtin_kind kind, const struct mo_value *const *args, uint32_t count)
{
	bool is_deep = kind == MO_BUILTIN_CONTAINS || kind == MO_BUILTIN_INDEX || kind == MO_BUILTIN_DISTINCT || kind == MO_BUILTIN_TO_JSON
		       || kind == MO_BUILTIN_TO_YAML;
	uint64_t parts = 0, bytes = 0;
	for (uint32_t i = 0; i < count && kind != MO_BUILTIN_LENGTH; i++) {
		const struct mo_value *v = args[i];
		parts += !v ? 0 : is_deep ? mo_parts_of(v) : v->kind == MO_VALUE_LIST ? v->items.len : v->members.len;
		bytes += v && v->kind == MO_VALUE_STRING ? v->text.len : 0;
	}
	return parts / MO_EVAL_PARTS_A_STEP + bytes / MO_EVAL_BYTES_A_STEP;
}

const struct mo_value *
mo_call_builtin(struct mo_eval *ev, const struct mo_builtin *builtin, struct mo_node *node, const struct mo_value *const *args, uint32_t count)
{
	struct mo_call c = { ev, builtin, node, node->span, args, count };
	for (uint32_t i = 0; i < count; i++) {
		if (args[i] && args[i]->kind == MO_VALUE_ERROR) {
			return mo_builtin_error();
		}
	}
	ev->steps += work_of(builtin->kind, args, count);
	return functions[builtin->kind](&c);
}

const struct mo_value *
mo_builtin_error(void)
{
	return mo_value_simple(MO_VALUE_ERROR);
}

struct mo_span
mo_arg_span(const struct mo_call *c, uint32_t i)
{
	return mo_span_is_nowhere(c->args[i]->span) ? c->span : c->args[i]->span;
}

struct mo_str
mo_arg_name(const struct mo_call *c, uint32_t i)
{
	struct mo_str names = mo_str_c(c->builtin->parameters);
	for (;; i--) {
		ptrdiff_t comma = mo_str_find(names, MO_STR(", "), 0);
		if (i == 0 || comma < 0) {
			return mo_str_sub(names, 0, comma < 0 ? names.len : (size_t)comma);
		}
		names = mo_str_sub(names, (size_t)comma + 2, names.len);
	}
}

// ---- what goes wrong -------------------------------------------------------------------------------------------------------------

const struct mo_value *
mo_arg_is_deploy_time(const struct mo_call *c, uint32_t i, const char *instead)
{
	struct mo_str what = mo_str_printf(c->ev->arena, "`%s`", c->builtin->name);
	return mo_cannot_compute(c->ev, mo_arg_span(c, i), c->args[i], what.p, instead ? instead : "use values that the program itself knows");
}

const struct mo_value *
mo_arg_misfit(const struct mo_call *c, uint32_t i, const char *expected)
{
	struct mo_str name = mo_arg_name(c, i), kind = mo_value_kind_text(c->ev->arena, c->args[i]);
	struct mo_diag *d = mo_report(c->ev->ctx->diags, MSG_TYPE_MISMATCH, mo_arg_span(c, i), "`%s` of `" MO_STR_FMT "` wants %s, not "
		MO_STR_FMT, c->builtin->name, MO_STR_ARG(name), expected, MO_STR_ARG(kind));
	if (c->args[i]->kind == MO_VALUE_NONE) {
		mo_diag_help(d, "say what to use when it is absent: `… ?? other`");
	}
	return mo_builtin_error();
}

const struct mo_value *
mo_arg_refuse(const struct mo_call *c, uint32_t i, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	struct mo_str text = mo_str_vprintf(c->ev->arena, fmt, args), name = mo_arg_name(c, i);
	va_end(args);
	mo_report(c->ev->ctx->diags, MSG_BAD_ARGUMENT, mo_arg_span(c, i), "`" MO_STR_FMT "` of `%s` " MO_STR_FMT, MO_STR_ARG(name),
		c->builtin->name, MO_STR_ARG(text));
	return mo_builtin_error();
}

bool
mo_list_has_room(const struct mo_call *c, uint64_t count)
{
	if (count <= MO_LIST_LARGEST) {
		return true;
	}
	mo_report(c->ev->ctx->diags, MSG_TOO_MANY_ELEMENTS, c->span, "`%s` would make a list of more than %d elements", c->builtin->name,
		MO_LIST_LARGEST);
	return false;
}

bool
mo_text_has_room(const struct mo_call *c, uint64_t bytes)
{
	if (bytes <= MO_STRING_LARGEST) {
		return true;
	}
	mo_report(c->ev->ctx->diags, MSG_TEXT_TOO_LONG, c->span, "`%s` would make a text of more than %d MiB", c->builtin->name,
		MO_STRING_LARGEST >> 20);
	return false;
}

// ---- arguments -------------------------------------------------------------------------------------------------------------------

// The argument as a scalar type wants it, known now; NULL after a report.
static const struct mo_value *
scalar(const struct mo_call *c, uint32_t i, enum mo_type_kind kind)
{
	if (c->args[i]->kind == MO_VALUE_DEPLOY) {
		mo_arg_is_deploy_time(c, i, NULL);
		return NULL;
	}
	const struct mo_value *v = mo_coerce(c->ev, c->args[i], mo_type_of_kind(kind), mo_arg_span(c, i));
	return v->kind == MO_VALUE_ERROR ? NULL : v;
}

bool
mo_arg_text(const struct mo_call *c, uint32_t i, struct mo_str *out)
{
	const struct mo_value *v = scalar(c, i, MO_TYPE_STRING);
	*out = v ? v->text : MO_STR("");
	return v != NULL;
}

bool
mo_arg_int(const struct mo_call *c, uint32_t i, int64_t *out)
{
	const struct mo_value *v = scalar(c, i, MO_TYPE_INT);
	*out = v ? v->integer : 0;
	return v != NULL;
}

// A property that holds a range is text, also when it is read back.
bool
mo_arg_cidr(const struct mo_call *c, uint32_t i, struct mo_cidr *out)
{
	const char *why;
	if (c->args[i]->kind == MO_VALUE_STRING) {
		if (!mo_cidr_parse(c->args[i]->text, out, &why)) {
			mo_arg_refuse(c, i, "is " MO_STR_FMT ": %s", MO_STR_ARG(mo_value_text(c->ev->arena, c->args[i])), why);
			return false;
		}
		return true;
	}
	const struct mo_value *v = scalar(c, i, MO_TYPE_CIDR);
	*out = v ? v->cidr : (struct mo_cidr){ 0 };
	return v != NULL;
}

const struct mo_value *
mo_arg_list(const struct mo_call *c, uint32_t i)
{
	const struct mo_value *v = c->args[i];
	if (v->kind == MO_VALUE_DEPLOY && v->is_list) {
		mo_arg_is_deploy_time(c, i, "a list whose length is not known can go into `join` and into properties, and its elements be taken by number");
		return NULL;
	}
	if (v->kind == MO_VALUE_FAMILY) {
		const struct mo_type *list = mo_type_list(c->ev->ctx, mo_type_of_kind(MO_TYPE_ANY));
		v = mo_coerce(c->ev, v, list, mo_arg_span(c, i));
		return v->kind == MO_VALUE_LIST ? v : NULL;
	}
	if (v->kind != MO_VALUE_LIST) {
		mo_arg_misfit(c, i, "a list");
		return NULL;
	}
	return v;
}

const struct mo_value *
mo_arg_record(const struct mo_call *c, uint32_t i)
{
	const struct mo_value *v = c->args[i];
	if (v->kind == MO_VALUE_FAMILY) {
		v = mo_family_value(c->ev, v);
	}
	if (v->kind == MO_VALUE_RECORD) {
		return v;
	}
	if (v->kind == MO_VALUE_DEPLOY) {
		mo_arg_is_deploy_time(c, i, NULL);
	} else if (v->kind != MO_VALUE_ERROR) {
		mo_arg_misfit(c, i, "a map");
	}
	return NULL;
}

// ---- results ---------------------------------------------------------------------------------------------------------------------

const struct mo_value *
mo_give_text(const struct mo_call *c, struct mo_str text)
{
	return mo_value_string(c->ev->arena, c->span, text.p ? text : MO_STR(""));
}

const struct mo_value *
mo_give_bool(const struct mo_call *c, bool b)
{
	return mo_value_bool(c->ev->arena, c->span, b);
}

const struct mo_value *
mo_give_int(const struct mo_call *c, int64_t n)
{
	return mo_value_int(c->ev->arena, c->span, n);
}
