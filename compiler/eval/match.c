// SPDX-License-Identifier: Apache-2.0
// `match`: the first arm that fits, found now when the value is known, by nested Fn::If otherwise.
#include "eval/mapping.h"

#include "sema/type_names.h"

enum { LONGEST_NAME = 80 };

// The type that a pattern like `String s` names.
static const struct mo_type *
pattern_type(struct mo_eval *ev, struct mo_frame *f, struct mo_pattern_type_node *p)
{
	if (p->node.type) {
		return p->node.type;
	}
	struct mo_str name = mo_atom_text(ev, p->kind.atom);
	struct mo_symbol *s = f && f->scope ? mo_symbol_real(mo_scope_find_kind(f->scope, p->kind.atom)) : NULL;
	if (s) {
		return s->type;
	}
	if (mo_str_find(name, MO_STR("::"), 0) >= 0) {
		return mo_type_resource(ev->ctx, name);
	}
	return NULL;
}

// Whether a value has the kind that a name of the language says; for names that are no declared types.
static bool
is_of_kind(const struct mo_value *v, enum mo_type_name name)
{
	switch (name) {
	case MO_NAME_BOOL:
		return v->kind == MO_VALUE_BOOL || (v->kind == MO_VALUE_DEPLOY && mo_is_condition(v->ir));
	case MO_NAME_INT:
		return v->kind == MO_VALUE_INT;
	case MO_NAME_FLOAT:
		return v->kind == MO_VALUE_FLOAT || v->kind == MO_VALUE_INT;
	case MO_NAME_STRING:
	case MO_NAME_ARN:
	case MO_NAME_REGION:
	case MO_NAME_ACCOUNT_ID:
		return v->kind == MO_VALUE_STRING || (v->kind == MO_VALUE_DEPLOY && !v->is_list);
	case MO_NAME_CIDR:
		return v->kind == MO_VALUE_CIDR;
	case MO_NAME_DURATION:
		return v->kind == MO_VALUE_DURATION;
	case MO_NAME_SIZE:
		return v->kind == MO_VALUE_SIZE;
	case MO_NAME_ACCOUNT:
		return v->kind == MO_VALUE_ACCOUNT;
	case MO_NAME_TARGET:
		return v->kind == MO_VALUE_TARGET;
	case MO_NAME_STACK:
		return v->kind == MO_VALUE_STACK;
	case MO_NAME_TEMPLATE:
		return v->kind == MO_VALUE_TEMPLATE;
	case MO_NAME_JSON:
		return true;
	default:
		return false;
	}
}

static bool
fits_type(struct mo_eval *ev, struct mo_frame *f, struct mo_pattern_type_node *p, const struct mo_value *v)
{
	const struct mo_type *t = pattern_type(ev, f, p);
	if (t) {
		return mo_value_fits(ev, v, t);
	}
	return is_of_kind(v, mo_builtin_type(mo_atom_text(ev, p->kind.atom)));
}

// Whether a pattern fits; false when that cannot be found out (reported).
static bool
fits(struct mo_eval *ev, struct mo_frame *f, struct mo_node *p, const struct mo_value *v, struct mo_truth *out)
{
	if (p->kind == MO_PATTERN_NAME_NODE) {
		*out = mo_truth_known(true);
		return true;
	}
	if (p->kind == MO_PATTERN_TYPE_NODE) {
		*out = mo_truth_known(fits_type(ev, f, mo_as_pattern_type(p), v));
		return true;
	}
	struct mo_node *written = p->kind == MO_PATTERN_VALUE_NODE ? mo_as_pattern_value(p)->value : p;
	const struct mo_value *wanted = mo_eval_expr(ev, f, written, NULL);
	const struct mo_value *equal = mo_equal(ev, p->span, v, wanted, false);
	return mo_truth_of(ev, equal, p->span, mo_condition_name(ev, f, written), out);
}

// A name for "v is pattern", when the pattern is one text.
static void
name_condition(struct mo_eval *ev, struct mo_frame *f, struct mo_match_node *n, struct mo_node *pattern, struct mo_truth t)
{
	struct mo_node *written = pattern->kind == MO_PATTERN_VALUE_NODE ? mo_as_pattern_value(pattern)->value : NULL;
	if (t.known || !written) {
		return;
	}
	struct mo_binary_node equal = { .node = { .kind = MO_BINARY_NODE, .span = pattern->span }, .op = MO_OP_EQ, .left = n->value,
		.right = written };
	t.condition->id = (struct mo_str){ 0 };
	mo_condition_new(ev, pattern->span, mo_condition_name(ev, f, &equal.node), false, t.condition->expression);
}

// A name for "v is one of the patterns", EnvIsDevOrTest, when all of them are texts.
static void
name_arm(struct mo_eval *ev, struct mo_frame *f, struct mo_match_node *n, struct mo_arm_node *arm, struct mo_truth t)
{
	struct mo_buf name = mo_buf_in(ev->arena);
	mo_buf_add(&name, mo_condition_name(ev, f, n->value));
	bool good = !t.known && t.condition->id.len == 0 && name.len > 0;
	for (uint32_t i = 0; good && i < arm->patterns.len; i++) {
		struct mo_node *p = arm->patterns.items[i];
		struct mo_str one = p->kind == MO_PATTERN_VALUE_NODE ? mo_condition_name(ev, NULL, mo_as_pattern_value(p)->value)
			: (struct mo_str){ 0 };
		mo_buf_printf(&name, "%s" MO_STR_FMT, i ? "Or" : "Is", MO_STR_ARG(one));
		good = one.len > 0 && name.len <= LONGEST_NAME;
	}
	if (good) {
		t.condition->id = mo_buf_str(&name);
	}
}

struct chosen {
	struct mo_truth truth;
	struct mo_symbol *variable; // bound to the value; NULL for none
};

// Whether an arm fits by any of its patterns.
static bool
arm_fits(struct mo_eval *ev, struct mo_frame *f, struct mo_match_node *n, struct mo_arm_node *arm, const struct mo_value *v,
	struct chosen *out)
{
	*out = (struct chosen){ .truth = mo_truth_known(false) };
	for (uint32_t i = 0; i < arm->patterns.len; i++) {
		struct mo_node *p = arm->patterns.items[i];
		struct mo_truth t;
		if (!fits(ev, f, p, v, &t)) {
			return false;
		}
		name_condition(ev, f, n, p, t);
		out->truth = mo_truth_either(ev, out->truth, t);
		if (t.known && t.truth) {
			out->variable = p->symbol;
			return true;
		}
	}
	name_arm(ev, f, n, arm, out->truth);
	return true;
}

static const struct mo_value *
eval_arm(struct mo_eval *ev, struct mo_frame *f, struct mo_arm_node *arm, const struct mo_symbol *variable, const struct mo_value *v,
	const struct mo_type *want)
{
	struct mo_binding binding = { variable, v };
	struct mo_frame frame = { .parent = f, .scope = mo_scope_of(ev->program, &arm->node), .instance = f ? f->instance : NULL,
		.naming = f && f->naming, .bindings = &binding, .binding_count = variable ? 1 : 0 };
	return mo_eval_expr(ev, &frame, arm->body, want);
}

static const struct mo_value *
report_no_arm(struct mo_eval *ev, struct mo_match_node *n, const struct mo_value *v)
{
	struct mo_str text = mo_value_text(ev->arena, v);
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_MATCH_NOT_WHOLE, n->value->span,
		"no arm of this `match` fits " MO_STR_FMT, MO_STR_ARG(text));
	mo_diag_label(d, n->node.span, "none of these arms");
	mo_diag_help(d, "an arm `_ => …` takes everything else");
	return mo_error_value();
}

struct open_arm {
	struct mo_ir_condition *condition;
	const struct mo_value *value;
};

// Fn::If from the last arm outwards.
static const struct mo_value *
nest(struct mo_eval *ev, struct mo_match_node *n, const struct open_arm *arms, uint32_t count, const struct mo_value *rest,
	const struct mo_type *want)
{
	for (uint32_t i = count; i-- > 0;) {
		rest = rest ? mo_choose(ev, n->node.span, arms[i].condition, arms[i].value, rest, want) : arms[i].value;
	}
	return rest;
}

// ---- as a mapping ----------------------------------------------------------------------------------------------------------------

static bool
is_cell(const struct mo_value *v)
{
	return v->kind == MO_VALUE_STRING || v->kind == MO_VALUE_INT || v->kind == MO_VALUE_FLOAT || v->kind == MO_VALUE_CIDR;
}

// What a pattern says, as a key; empty when it is no text.
static struct mo_str
key_of_pattern(struct mo_eval *ev, struct mo_frame *f, struct mo_node *p)
{
	const struct mo_value *v = p->kind == MO_PATTERN_VALUE_NODE ? mo_eval_expr(ev, f, mo_as_pattern_value(p)->value, NULL) : NULL;
	return v && v->kind == MO_VALUE_STRING ? v->text : (struct mo_str){ 0 };
}

// The arms as a map from what they match to what they give; NULL when they are no such thing.
static const struct mo_value *
map_of_arms(struct mo_eval *ev, struct mo_frame *f, struct mo_match_node *n, const struct open_arm *arms)
{
	struct mo_value *map = mo_value_record(ev->arena, n->node.span);
	for (uint32_t i = 0; i < n->arms.len; i++) {
		struct mo_arm_node *arm = mo_as_arm(n->arms.items[i]);
		for (uint32_t k = 0; k < arm->patterns.len; k++) {
			struct mo_str key = key_of_pattern(ev, f, arm->patterns.items[k]);
			if (key.len == 0 || !mo_mapping_takes_key(key) || !is_cell(arms[i].value)) {
				return NULL;
			}
			mo_value_set(ev->arena, map, key, arm->patterns.items[k]->span, arms[i].value);
		}
	}
	return map;
}

// Results that are known, for every value that a parameter can have: a mapping says it shorter than conditions. NULL when it cannot.
static const struct mo_value *
as_mapping(struct mo_eval *ev, struct mo_frame *f, struct mo_match_node *n, const struct mo_value *v, const struct open_arm *arms)
{
	bool key = v->kind == MO_VALUE_DEPLOY && (v->ir->kind == MO_IR_PARAM || v->ir->kind == MO_IR_PSEUDO) && !v->is_list;
	const struct mo_value *map = key ? map_of_arms(ev, f, n, arms) : NULL;
	struct mo_index_node index = { .node = { .kind = MO_INDEX_NODE, .span = n->node.span }, .keys = { &n->value, 1, 1 } };
	return map ? mo_mapping_find(ev, f, &index, map, v) : NULL;
}

// ---- the whole -------------------------------------------------------------------------------------------------------------------

// The arms up to the first that fits for certain. When none does, the checker has seen that the last one takes the rest.
const struct mo_value *
mo_eval_match(struct mo_eval *ev, struct mo_frame *f, struct mo_match_node *n, const struct mo_type *want)
{
	const struct mo_value *v = mo_eval_expr(ev, f, n->value, NULL);
	if (mo_is_error(v)) {
		return v;
	}
	struct mo_guard *around = ev->evaluator->guard;
	struct open_arm *open = mo_new_array(ev->arena, struct open_arm, n->arms.len);
	uint32_t count = 0;
	const struct mo_value *rest = NULL;
	for (uint32_t i = 0; i < n->arms.len && !rest; i++) {
		struct mo_arm_node *arm = mo_as_arm(n->arms.items[i]);
		struct chosen c;
		if (!arm_fits(ev, f, n, arm, v, &c)) {
			ev->evaluator->guard = around;
			return mo_error_value();
		}
		if (c.truth.known) {
			rest = c.truth.truth ? eval_arm(ev, f, arm, c.variable, v, want) : NULL;
			continue;
		}
		struct mo_guard *before = ev->evaluator->guard;
		ev->evaluator->guard = mo_guard_assume(ev, before, c.truth.condition, false, arm->node.span);
		open[count++] = (struct open_arm){ c.truth.condition, eval_arm(ev, f, arm, NULL, v, want) };
		ev->evaluator->guard = mo_guard_assume(ev, before, c.truth.condition, true, arm->node.span);
	}
	ev->evaluator->guard = around;
	if (!rest && count == 0) {
		return report_no_arm(ev, n, v);
	}
	const struct mo_value *found = !rest && count == n->arms.len ? as_mapping(ev, f, n, v, open) : NULL;
	return found ? found : nest(ev, n, open, count, rest, want);
}
