// SPDX-License-Identifier: Apache-2.0
// Bounds the size of values. A value shares its parts, so thirty names can hold a billion of them; whoever walks such a value would never
// come back. Every list and record is weighed when it is made, and what goes into a template once more.
#include "eval/instance.h"

enum {
	NODES_A_STEP = 16, // weighing is quicker than evaluating
};

struct scale {
	uint64_t nodes, most;
	uint32_t depth;
};

static bool weigh_ir(struct scale *s, const struct mo_ir_value *v);

static bool
weigh_call(struct scale *s, const struct mo_ir_value *v)
{
	if (v->kind == MO_IR_IF) {
		return weigh_ir(s, v->then) && weigh_ir(s, v->otherwise);
	}
	if (v->kind == MO_IR_CALL) {
		return weigh_ir(s, v->argument);
	}
	for (uint32_t i = 0; (v->kind == MO_IR_LIST || v->kind == MO_IR_SUB) && i < v->items.len; i++) {
		if (!weigh_ir(s, v->items.items[i])) {
			return false;
		}
	}
	for (uint32_t i = 0; v->kind == MO_IR_OBJECT && i < v->members.len; i++) {
		if (!weigh_ir(s, v->members.items[i].value)) {
			return false;
		}
	}
	return true;
}

static bool
weigh_ir(struct scale *s, const struct mo_ir_value *v)
{
	if (++s->nodes > s->most || s->depth >= MO_IR_DEEPEST) {
		return false;
	}
	s->depth++;
	bool good = weigh_call(s, v);
	s->depth--;
	return good;
}

static bool
weigh(struct scale *s, const struct mo_value *v)
{
	bool good = true;
	if (++s->nodes > s->most || s->depth >= MO_IR_DEEPEST) {
		return false;
	}
	s->depth++;
	for (uint32_t i = 0; good && v->kind == MO_VALUE_LIST && i < v->items.len; i++) {
		good = weigh(s, v->items.items[i]);
	}
	for (uint32_t i = 0; good && v->kind == MO_VALUE_RECORD && i < v->members.len; i++) {
		good = weigh(s, v->members.items[i].value);
	}
	if (v->kind == MO_VALUE_DEPLOY) {
		good = weigh_ir(s, v->ir);
	}
	s->depth--;
	return good;
}

uint64_t
mo_parts_of(const struct mo_value *v)
{
	struct scale s = { .most = UINT64_MAX };
	weigh(&s, v);
	return s.nodes;
}

bool
mo_weigh(struct mo_eval *ev, const struct mo_value *v, uint64_t most, struct mo_span span)
{
	struct scale s = { .most = most };
	bool good = weigh(&s, v);
	ev->steps += s.nodes / NODES_A_STEP;
	if (!good && !ev->failed) {
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_LIMIT_REACHED, span,
			"this value has more than %llu parts, or more than %d levels",
			(unsigned long long)most, MO_IR_DEEPEST);
		mo_diag_note(d, "parts count as often as they are used");
		ev->failed = true;
	}
	return good;
}
