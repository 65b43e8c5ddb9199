// SPDX-License-Identifier: Apache-2.0
// Walking values, for whoever looks for something in them.
#include "ir/ir.h"

struct visit {
	bool (*enter)(void *data, const struct mo_ir_value *v);
	void *data;
};

static void
visit(const struct visit *w, const struct mo_ir_value *v, uint32_t depth)
{
	if (depth > MO_IR_DEEPEST || !w->enter(w->data, v)) {
		return;
	}
	switch (v->kind) {
	case MO_IR_LIST:
	case MO_IR_SUB:
		for (uint32_t i = 0; i < v->items.len; i++) {
			visit(w, v->items.items[i], depth + 1);
		}
		break;
	case MO_IR_OBJECT:
		for (uint32_t i = 0; i < v->members.len; i++) {
			visit(w, v->members.items[i].value, depth + 1);
		}
		break;
	case MO_IR_IF:
		visit(w, v->then, depth + 1);
		visit(w, v->otherwise, depth + 1);
		break;
	case MO_IR_CALL:
		visit(w, v->argument, depth + 1);
		break;
	default:
		break;
	}
}

void
mo_ir_visit(const struct mo_ir_value *v, bool (*enter)(void *data, const struct mo_ir_value *v), void *data)
{
	visit(&(struct visit){ enter, data }, v, 0);
}

void
mo_ir_visit_resource(const struct mo_ir_resource *r, bool (*enter)(void *data, const struct mo_ir_value *v), void *data)
{
	const struct mo_ir_value *const parts[] = { r->properties, r->metadata, r->creation_policy, r->update_policy, r->extra };
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (parts[i]) {
			mo_ir_visit(parts[i], enter, data);
		}
	}
}
