// SPDX-License-Identifier: Apache-2.0
// Statements that permissions made: finding them in the policies that hold them, and saying them in words.
#include "ir/ir.h"

static const struct mo_ir_value *
present(const struct mo_ir_value *v)
{
	for (uint32_t i = 0; v && v->kind == MO_IR_IF && i < MO_IR_DEEPEST; i++) {
		bool absent = v->then->kind == MO_IR_PSEUDO && mo_str_is(v->then->text, "AWS::NoValue");
		v = absent ? v->otherwise : v->then;
	}
	return v;
}

const struct mo_ir_value *
mo_ir_permission_statement(const struct mo_ir_permission *p)
{
	const struct mo_ir_value *properties = p->resource->properties;
	if (!p->behind) {
		const struct mo_ir_value *statement = mo_ir_get(properties, MO_STR("Statement"));
		return statement ? statement : properties;
	}
	for (uint32_t i = 0; i < properties->members.len; i++) {
		const struct mo_ir_value *list = mo_ir_get(present(properties->members.items[i].value), MO_STR("Statement"));
		if (list && list->kind == MO_IR_LIST && list->items.len >= p->behind) {
			return present(list->items.items[list->items.len - p->behind]);
		}
	}
	return NULL;
}

static void
add_text(struct mo_buf *b, const struct mo_ir_value *v, uint32_t depth)
{
	switch (v->kind) {
	case MO_IR_STRING:
		mo_buf_add(b, v->text);
		return;
	case MO_IR_PSEUDO:
		mo_buf_printf(b, "${" MO_STR_FMT "}", MO_STR_ARG(v->text));
		return;
	case MO_IR_RESOURCE:
		mo_buf_printf(b, "${" MO_STR_FMT "}", MO_STR_ARG(v->resource->id));
		return;
	case MO_IR_ATTRIBUTE:
		mo_buf_printf(b, "${" MO_STR_FMT "." MO_STR_FMT "}", MO_STR_ARG(v->resource->id), MO_STR_ARG(v->attribute));
		return;
	case MO_IR_PARAM:
		mo_buf_printf(b, "${" MO_STR_FMT "}", MO_STR_ARG(v->param->id));
		return;
	case MO_IR_LIST:
	case MO_IR_SUB:
		for (uint32_t i = 0; i < v->items.len && depth < MO_IR_DEEPEST; i++) {
			mo_buf_adds(b, i && v->kind == MO_IR_LIST ? ", " : "");
			add_text(b, v->items.items[i], depth + 1);
		}
		return;
	case MO_IR_OBJECT:
		for (uint32_t i = 0; i < v->members.len && depth < MO_IR_DEEPEST; i++) {
			mo_buf_printf(b, "%s" MO_STR_FMT " ", i ? ", " : "", MO_STR_ARG(v->members.items[i].key));
			add_text(b, v->members.items[i].value, depth + 1);
		}
		return;
	case MO_IR_IF:
		add_text(b, present(v), depth + 1);
		return;
	default:
		mo_buf_adds(b, "…");
	}
}

static void
add_member(struct mo_buf *b, const struct mo_ir_value *statement, const char *key, const char *before)
{
	const struct mo_ir_value *v = mo_ir_get(statement, mo_str_c(key));
	if (v) {
		mo_buf_adds(b, before);
		add_text(b, v, 0);
	}
}

void
mo_ir_statement_text(struct mo_buf *out, const struct mo_ir_value *statement)
{
	const struct mo_ir_value *effect = mo_ir_get(statement, MO_STR("Effect"));
	mo_buf_adds(out, effect && effect->kind == MO_IR_STRING && mo_str_is(effect->text, "Deny") ? "deny" : "allow");
	add_member(out, statement, "Principal", " ");
	add_member(out, statement, "Action", effect && mo_ir_get(statement, MO_STR("Principal")) ? " to " : " ");
	add_member(out, statement, "Resource", " on ");
	add_member(out, statement, "NotResource", " on everything but ");
	add_member(out, statement, "Condition", " when ");
}
