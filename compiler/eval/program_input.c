// SPDX-License-Identifier: Apache-2.0
// What the program's inputs are, for who reads the platform. They are data, so all of it can be said in JSON.
#include "eval/program_input.h"

static const struct mo_ir_value *as_data(struct mo_eval *ev, const struct mo_value *v);

static const struct mo_ir_value *
list_of(struct mo_eval *ev, const struct mo_value *v)
{
	struct mo_ir_value *list = mo_ir_list(ev->arena, v->span);
	for (uint32_t i = 0; i < v->items.len; i++) {
		mo_push(ev->arena, &list->items, as_data(ev, v->items.items[i]));
	}
	return list;
}

static const struct mo_ir_value *
object_of(struct mo_eval *ev, const struct mo_value *v)
{
	struct mo_ir_value *object = mo_ir_object(ev->arena, v->span);
	for (uint32_t i = 0; i < v->members.len; i++) {
		const struct mo_value_member *m = &v->members.items[i];
		mo_ir_set(ev->arena, object, m->key, m->key_span, as_data(ev, m->value));
	}
	return object;
}

// Measures and ranges as the text that stands for them in data files. What is deeper than the type is JSON, whose depth is bounded.
static const struct mo_ir_value *
as_data(struct mo_eval *ev, const struct mo_value *v)
{
	switch (v->kind) {
	case MO_VALUE_ERROR:
	case MO_VALUE_NONE:
		return mo_ir_null(ev->arena, v->span);
	case MO_VALUE_BOOL:
		return mo_ir_bool(ev->arena, v->span, v->boolean);
	case MO_VALUE_INT:
		return mo_ir_int(ev->arena, v->span, v->integer);
	case MO_VALUE_FLOAT:
		return mo_ir_float(ev->arena, v->span, v->number);
	case MO_VALUE_STRING:
		return mo_ir_string(ev->arena, v->span, v->text);
	case MO_VALUE_LIST:
		return list_of(ev, v);
	case MO_VALUE_RECORD:
		return object_of(ev, v);
	default:
		return mo_ir_string(ev->arena, v->span, mo_value_text(ev->arena, v));
	}
}

const struct mo_value *
mo_program_input_value(struct mo_eval *ev, const struct mo_symbol *symbol, const struct mo_supplied *given)
{
	if (!given->data) {
		return mo_error_value();
	}
	const struct mo_value *v = mo_coerce(ev, mo_value_of_data(ev, given->data), symbol->declared, symbol->span);
	bool gone = mo_is_none(v) && !mo_type_admits_none(symbol->declared);
	return gone ? mo_error_value() : v;
}

void
mo_program_inputs_list(struct mo_eval *ev)
{
	for (uint32_t i = 0; i < ev->program->input_list.len; i++) {
		struct mo_symbol *s = ev->program->input_list.items[i];
		struct mo_ir_argument *a = mo_new(ev->arena, struct mo_ir_argument);
		const struct mo_supplied *given = mo_input_supplied(ev->program, s->name);
		a->name = mo_atom_text(ev, s->name);
		a->span = s->span;
		a->given = given ? given->name_span : MO_NOWHERE;
		a->value = as_data(ev, mo_eval_name(ev, mo_frame_of_module(ev, s->module), s, s->span));
		mo_push(ev->arena, &ev->platform->arguments, a);
	}
}
