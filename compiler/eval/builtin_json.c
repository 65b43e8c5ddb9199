// SPDX-License-Identifier: Apache-2.0
// to_json: a value as JSON on one line, keys in the order of the value.
#include "base/json.h"
#include "base/json_writer.h"
#include "eval/document.h"

#include <inttypes.h>

static bool put(const struct mo_call *c, struct mo_text *t, const struct mo_value *v, uint32_t depth);

static void
put_string(struct mo_text *t, struct mo_str text)
{
	struct mo_buf b = mo_buf_in(t->ev->arena);
	mo_json_string(&b, text);
	mo_text_add(t, mo_buf_str(&b));
}

static void
put_float(struct mo_text *t, double d)
{
	struct mo_buf b = mo_buf_in(t->ev->arena);
	mo_json_number(&b, d);
	mo_text_add(t, mo_buf_str(&b));
}

static bool
put_list(const struct mo_call *c, struct mo_text *t, const struct mo_value *v, uint32_t depth)
{
	bool first = true;
	mo_text_add(t, MO_STR("["));
	for (uint32_t i = 0; i < v->items.len; i++) {
		if (!mo_document_holds(v->items.items[i])) {
			continue;
		}
		mo_text_add(t, first ? MO_STR("") : MO_STR(","));
		first = false;
		if (!put(c, t, v->items.items[i], depth + 1)) {
			return false;
		}
	}
	mo_text_add(t, MO_STR("]"));
	return true;
}

static bool
put_record(const struct mo_call *c, struct mo_text *t, const struct mo_value *v, uint32_t depth)
{
	bool first = true;
	mo_text_add(t, MO_STR("{"));
	for (uint32_t i = 0; i < v->members.len; i++) {
		const struct mo_value_member *m = &v->members.items[i];
		if (!mo_document_holds(m->value)) {
			continue;
		}
		mo_text_add(t, first ? MO_STR("") : MO_STR(","));
		first = false;
		put_string(t, m->key);
		mo_text_add(t, MO_STR(":"));
		if (!put(c, t, m->value, depth + 1)) {
			return false;
		}
	}
	mo_text_add(t, MO_STR("}"));
	return true;
}

// The value has been coerced to Json, so it is plain data and no deeper than MO_IR_DEEPEST.
static bool
put(const struct mo_call *c, struct mo_text *t, const struct mo_value *v, uint32_t depth)
{
	switch (v->kind) {
	case MO_VALUE_BOOL:
		mo_text_add(t, v->boolean ? MO_STR("true") : MO_STR("false"));
		break;
	case MO_VALUE_INT:
		mo_text_add(t, mo_str_printf(t->ev->arena, "%" PRId64, v->integer));
		break;
	case MO_VALUE_FLOAT:
		put_float(t, v->number);
		break;
	case MO_VALUE_STRING:
		put_string(t, v->text);
		break;
	case MO_VALUE_CIDR:
		put_string(t, mo_cidr_text(t->ev->arena, v->cidr));
		break;
	case MO_VALUE_LIST:
		return put_list(c, t, v, depth);
	case MO_VALUE_RECORD:
		return put_record(c, t, v, depth);
	case MO_VALUE_DEPLOY:
		return mo_document_place(c, t, v);
	default:
		mo_text_add(t, MO_STR("null"));
		break;
	}
	return !t->failed;
}

static const struct mo_value *
write_json(const struct mo_call *c, const struct mo_value *v)
{
	struct mo_text t = mo_text_in(c->ev, c->span);
	return put(c, &t, v, 0) ? mo_text_end(&t) : mo_builtin_error();
}

const struct mo_value *
mo_builtin_to_json(const struct mo_call *c)
{
	return mo_document_of(c, write_json);
}
