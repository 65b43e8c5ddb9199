// SPDX-License-Identifier: Apache-2.0
// Truths that only CloudFormation knows: conditions, made of Fn::Equals, Fn::And, Fn::Or and Fn::Not. They are objects of the evaluation,
// equal ones of a stack being one object; a template gets those it uses, under names of its own (eval/finish.c).
#include "eval/instance.h"

enum { MOST_OPERANDS = 10 }; // of Fn::And and Fn::Or (CloudFormation user guide, "Condition functions")

// ---- hashes ----------------------------------------------------------------------------------------------------------------------

static uint64_t
hash_ir(const struct mo_ir_value *v, uint32_t depth)
{
	uint64_t h = v->kind;
	if (depth > MO_IR_DEEPEST) {
		return h;
	}
	switch (v->kind) {
	case MO_IR_STRING:
	case MO_IR_PSEUDO:
		return mo_hash_mix(h, mo_str_hash(v->text));
	case MO_IR_BOOL:
		return mo_hash_mix(h, v->boolean);
	case MO_IR_INT:
		return mo_hash_mix(h, (uint64_t)v->integer);
	case MO_IR_LIST:
	case MO_IR_SUB:
		for (uint32_t i = 0; i < v->items.len; i++) {
			h = mo_hash_mix(h, hash_ir(v->items.items[i], depth + 1));
		}
		return h;
	case MO_IR_OBJECT:
		return mo_hash_mix(h, v->members.len); // the order of members does not count
	case MO_IR_RESOURCE:
		return mo_hash_mix(h, MO_KEY(v->resource));
	case MO_IR_ATTRIBUTE:
		return mo_hash_mix(mo_hash_mix(h, MO_KEY(v->resource)), mo_str_hash(v->attribute));
	case MO_IR_PARAM:
		return mo_hash_mix(h, MO_KEY(v->param));
	case MO_IR_CONDITION:
		return mo_hash_mix(h, MO_KEY(v->condition));
	case MO_IR_IF:
		h = mo_hash_mix(h, MO_KEY(v->condition));
		return mo_hash_mix(mo_hash_mix(h, hash_ir(v->then, depth + 1)), hash_ir(v->otherwise, depth + 1));
	case MO_IR_CALL:
		return mo_hash_mix(mo_hash_mix(h, mo_str_hash(v->function)), hash_ir(v->argument, depth + 1));
	default:
		return h;
	}
}

uint64_t
mo_ir_hash(const struct mo_ir_value *v)
{
	return hash_ir(v, 0);
}

bool
mo_ir_is_no_value(const struct mo_ir_value *v)
{
	return v->kind == MO_IR_PSEUDO && mo_str_is(v->text, "AWS::NoValue");
}

// ---- condition objects -----------------------------------------------------------------------------------------------------------

bool
mo_is_condition(const struct mo_ir_value *ir)
{
	if (ir->kind == MO_IR_CONDITION) {
		return true;
	}
	return ir->kind == MO_IR_CALL && (mo_str_is(ir->function, "Fn::Equals") || mo_str_is(ir->function, "Fn::Not")
		|| mo_str_is(ir->function, "Fn::And") || mo_str_is(ir->function, "Fn::Or") || mo_str_is(ir->function, "Condition")
		|| mo_str_is(ir->function, "Fn::Contains") || mo_str_starts(ir->function, MO_STR("Fn::EachMember")));
}

static bool
is_named(struct mo_eval *ev, const struct mo_ir_condition *c)
{
	return mo_map_get(&ev->evaluator->named, MO_KEY(c)) != NULL;
}

static void
give_name(struct mo_eval *ev, struct mo_ir_condition *c, struct mo_str name, bool from_let)
{
	if (is_named(ev, c) || (c->id.len && !from_let)) {
		return;
	}
	c->id = name;
	if (from_let) {
		mo_map_put(ev->arena, &ev->evaluator->named, MO_KEY(c), c);
	}
}

struct mo_ir_condition *
mo_condition_new(struct mo_eval *ev, struct mo_span span, struct mo_str name, bool from_let, const struct mo_ir_value *expression)
{
	if (expression->kind == MO_IR_CONDITION) {
		give_name(ev, expression->condition, name, from_let);
		return expression->condition;
	}
	struct mo_variant *v = ev->evaluator->variant;
	struct mo_map *table = v ? &v->interned : &ev->evaluator->conditions;
	uint64_t hash = mo_ir_hash(expression);
	struct mo_interned *first = mo_map_get(table, hash);
	for (struct mo_interned *i = first; i; i = i->next) {
		if (mo_ir_equal(i->condition->expression, expression)) {
			give_name(ev, i->condition, name, from_let);
			return i->condition;
		}
	}
	struct mo_interned *i = mo_new(ev->arena, struct mo_interned);
	i->condition = mo_new(ev->arena, struct mo_ir_condition);
	i->condition->expression = expression;
	i->condition->origin = (struct mo_ir_origin){ .span = span, .definition = span };
	i->next = first;
	mo_map_put(ev->arena, table, hash, i);
	give_name(ev, i->condition, name, from_let);
	return i->condition;
}

const struct mo_value *
mo_condition_value(struct mo_eval *ev, struct mo_span span, struct mo_ir_condition *c)
{
	return mo_value_deploy(ev->arena, span, mo_ir_condition_ref(ev->arena, span, c), false);
}

// ---- truths ----------------------------------------------------------------------------------------------------------------------

struct mo_truth
mo_truth_known(bool b)
{
	return (struct mo_truth){ .known = true, .truth = b };
}

static struct mo_truth
truth_of_ir(struct mo_eval *ev, struct mo_span span, struct mo_str name, const struct mo_ir_value *ir)
{
	return (struct mo_truth){ .condition = mo_condition_new(ev, span, name, false, ir), .span = span };
}

// A condition as an operand: by its name when a `let` gave it one, written out otherwise.
static const struct mo_ir_value *
operand(struct mo_eval *ev, struct mo_truth t)
{
	return is_named(ev, t.condition) ? mo_ir_condition_ref(ev->arena, t.span, t.condition) : t.condition->expression;
}

static bool
is_call(const struct mo_ir_value *v, const char *function)
{
	return v->kind == MO_IR_CALL && mo_str_is(v->function, function) && v->argument->kind == MO_IR_LIST;
}

struct mo_truth
mo_truth_not(struct mo_eval *ev, struct mo_truth t)
{
	if (t.known) {
		return mo_truth_known(!t.truth);
	}
	const struct mo_ir_value *ir = operand(ev, t);
	if (is_call(ir, "Fn::Not")) {
		return truth_of_ir(ev, t.span, (struct mo_str){ 0 }, ir->argument->items.items[0]);
	}
	return truth_of_ir(ev, t.span, (struct mo_str){ 0 }, mo_ir_call_list(ev->arena, t.span, MO_STR("Fn::Not"), &ir, 1));
}

static void
add_operands(struct mo_eval *ev, struct mo_ir_value *list, const char *function, const struct mo_ir_value *v)
{
	if (!is_call(v, function)) {
		mo_push(ev->arena, &list->items, v);
		return;
	}
	for (uint32_t i = 0; i < v->argument->items.len; i++) {
		mo_push(ev->arena, &list->items, v->argument->items.items[i]);
	}
}

// One list of operands as long as CloudFormation takes it, nested otherwise.
static struct mo_truth
combine(struct mo_eval *ev, const char *function, struct mo_truth a, struct mo_truth b)
{
	if (a.condition == b.condition) {
		return a;
	}
	struct mo_span span = a.span;
	const struct mo_ir_value *both[2] = { operand(ev, a), operand(ev, b) };
	struct mo_ir_value *list = mo_ir_list(ev->arena, span);
	add_operands(ev, list, function, both[0]);
	add_operands(ev, list, function, both[1]);
	const struct mo_ir_value *ir = list->items.len <= MOST_OPERANDS ? mo_ir_call(ev->arena, span, mo_str_c(function), list)
		: mo_ir_call_list(ev->arena, span, mo_str_c(function), both, 2);
	return truth_of_ir(ev, span, (struct mo_str){ 0 }, ir);
}

struct mo_truth
mo_truth_both(struct mo_eval *ev, struct mo_truth a, struct mo_truth b)
{
	if (a.known || b.known) {
		struct mo_truth known = a.known ? a : b, other = a.known ? b : a;
		return known.truth ? other : known;
	}
	return combine(ev, "Fn::And", a, b);
}

struct mo_truth
mo_truth_either(struct mo_eval *ev, struct mo_truth a, struct mo_truth b)
{
	if (a.known || b.known) {
		struct mo_truth known = a.known ? a : b, other = a.known ? b : a;
		return known.truth ? known : other;
	}
	return combine(ev, "Fn::Or", a, b);
}

const struct mo_value *
mo_truth_value(struct mo_eval *ev, struct mo_span span, struct mo_truth t)
{
	if (t.known) {
		return mo_value_bool(ev->arena, span, t.truth);
	}
	return mo_value_deploy(ev->arena, span, operand(ev, t), false);
}

// Text "true" is true: what a Bool parameter holds.
static const struct mo_ir_value *
equals_true(struct mo_eval *ev, struct mo_span span, const struct mo_ir_value *ir)
{
	const struct mo_ir_value *sides[2] = { ir, mo_ir_string(ev->arena, span, MO_STR("true")) };
	return mo_ir_call_list(ev->arena, span, MO_STR("Fn::Equals"), sides, 2);
}

static bool truth_of_choice(struct mo_eval *ev, const struct mo_ir_value *ir, struct mo_span span, struct mo_truth *out);

static bool
truth_of_deploy(struct mo_eval *ev, const struct mo_ir_value *ir, struct mo_span span, struct mo_str name, struct mo_truth *out)
{
	if (ir->kind == MO_IR_BOOL) {
		*out = mo_truth_known(ir->boolean);
	} else if (mo_ir_is_no_value(ir)) {
		*out = mo_truth_known(false);
	} else if (ir->kind == MO_IR_STRING) {
		*out = mo_truth_known(mo_str_is(ir->text, "true"));
	} else if (ir->kind == MO_IR_IF) {
		return truth_of_choice(ev, ir, span, out);
	} else {
		*out = truth_of_ir(ev, span, name, mo_is_condition(ir) ? ir : equals_true(ev, span, ir));
	}
	return true;
}

// Fn::If cannot stand in a condition: (c and then) or (not c and otherwise).
static bool
truth_of_choice(struct mo_eval *ev, const struct mo_ir_value *ir, struct mo_span span, struct mo_truth *out)
{
	struct mo_truth c = { .condition = ir->condition, .span = span }, then, otherwise;
	struct mo_str none = { 0 };
	if (ev->depth >= MO_EVAL_DEPTH) {
		return false;
	}
	ev->depth++;
	bool good = truth_of_deploy(ev, ir->then, span, none, &then) && truth_of_deploy(ev, ir->otherwise, span, none, &otherwise);
	ev->depth--;
	if (good) {
		*out = mo_truth_either(ev, mo_truth_both(ev, c, then), mo_truth_both(ev, mo_truth_not(ev, c), otherwise));
	}
	return good;
}

bool
mo_truth_of(struct mo_eval *ev, const struct mo_value *v, struct mo_span span, struct mo_str name, struct mo_truth *out)
{
	if (v->kind == MO_VALUE_BOOL) {
		*out = mo_truth_known(v->boolean);
		return true;
	}
	if (v->kind == MO_VALUE_DEPLOY && !v->is_list) {
		if (!truth_of_deploy(ev, v->ir, span, name, out)) {
			return false;
		}
		int says = out->known ? 0 : mo_known_here(ev, ev->evaluator->guard, out->condition);
		if (says) {
			*out = mo_truth_known(says > 0);
		}
		return true;
	}
	if (!mo_is_error(v)) {
		struct mo_str kind = mo_value_kind_text(ev->arena, v);
		mo_report(ev->ctx->diags, MSG_WRONG_OPERANDS, span, "a condition is a Bool, this is " MO_STR_FMT, MO_STR_ARG(kind));
	}
	return false;
}

bool
mo_eval_truth(struct mo_eval *ev, struct mo_frame *f, struct mo_node *n, struct mo_truth *out)
{
	const struct mo_value *v = mo_eval_expr(ev, f, n, NULL);
	struct mo_str name = { 0 };
	if (v->kind == MO_VALUE_DEPLOY) {
		name = mo_condition_name(ev, f, n);
	}
	return mo_truth_of(ev, v, n->span, name, out);
}

// ---- equality --------------------------------------------------------------------------------------------------------------------

// One side of Fn::Equals: text.
static const struct mo_ir_value *
side(struct mo_eval *ev, const struct mo_value *v)
{
	switch (v->kind) {
	case MO_VALUE_DEPLOY:
		return v->ir;
	case MO_VALUE_BOOL:
		return mo_ir_string(ev->arena, v->span, v->boolean ? MO_STR("true") : MO_STR("false"));
	case MO_VALUE_INT:
		return mo_ir_string(ev->arena, v->span, mo_str_printf(ev->arena, "%lld", (long long)v->integer));
	case MO_VALUE_STRING:
		return mo_ir_string(ev->arena, v->span, v->text);
	case MO_VALUE_CIDR:
		return mo_ir_string(ev->arena, v->span, mo_cidr_text(ev->arena, v->cidr));
	default:
		return NULL;
	}
}

static struct mo_truth equal_ir(struct mo_eval *ev, struct mo_span span, const struct mo_ir_value *a, const struct mo_ir_value *b);

static struct mo_truth
equal_choice(struct mo_eval *ev, struct mo_span span, const struct mo_ir_value *choice, const struct mo_ir_value *other)
{
	struct mo_truth c = { .condition = choice->condition, .span = span };
	if (ev->depth >= MO_EVAL_DEPTH) {
		return mo_truth_known(false);
	}
	ev->depth++;
	struct mo_truth then = equal_ir(ev, span, choice->then, other), otherwise = equal_ir(ev, span, choice->otherwise, other);
	ev->depth--;
	return mo_truth_either(ev, mo_truth_both(ev, c, then), mo_truth_both(ev, mo_truth_not(ev, c), otherwise));
}

static struct mo_truth
equal_truths(struct mo_eval *ev, struct mo_span span, const struct mo_ir_value *condition, const struct mo_ir_value *other)
{
	struct mo_truth a = truth_of_ir(ev, span, (struct mo_str){ 0 }, condition), b;
	if (!truth_of_deploy(ev, other, span, (struct mo_str){ 0 }, &b)) {
		return mo_truth_known(false);
	}
	struct mo_truth neither = mo_truth_both(ev, mo_truth_not(ev, a), mo_truth_not(ev, b));
	return mo_truth_either(ev, mo_truth_both(ev, a, b), neither);
}

static struct mo_truth
equal_ir(struct mo_eval *ev, struct mo_span span, const struct mo_ir_value *a, const struct mo_ir_value *b)
{
	if (a->kind == MO_IR_IF || b->kind == MO_IR_IF) {
		return a->kind == MO_IR_IF ? equal_choice(ev, span, a, b) : equal_choice(ev, span, b, a);
	}
	if (mo_ir_is_no_value(a) || mo_ir_is_no_value(b)) {
		return mo_truth_known(mo_ir_is_no_value(a) && mo_ir_is_no_value(b));
	}
	if (mo_is_condition(a) || mo_is_condition(b)) {
		return mo_is_condition(a) ? equal_truths(ev, span, a, b) : equal_truths(ev, span, b, a);
	}
	if (mo_ir_equal(a, b)) {
		return mo_truth_known(true);
	}
	if (a->kind == MO_IR_STRING && b->kind == MO_IR_STRING) {
		return mo_truth_known(false);
	}
	const struct mo_ir_value *sides[2] = { a, b };
	return truth_of_ir(ev, span, (struct mo_str){ 0 }, mo_ir_call_list(ev->arena, span, MO_STR("Fn::Equals"), sides, 2));
}

static struct mo_truth
equal_none(struct mo_eval *ev, struct mo_span span, const struct mo_value *v)
{
	if (mo_is_none(v)) {
		return mo_truth_known(true);
	}
	struct mo_ir_condition *there = mo_presence_of(ev, v);
	return there ? mo_truth_not(ev, (struct mo_truth){ .condition = there, .span = span }) : mo_truth_known(false);
}

static bool
equal_truth(struct mo_eval *ev, struct mo_span span, const struct mo_value *a, const struct mo_value *b, struct mo_truth *out)
{
	if (mo_is_none(a) || mo_is_none(b)) {
		*out = equal_none(ev, span, mo_is_none(a) ? b : a);
		return true;
	}
	if (a->kind == b->kind && (a->kind == MO_VALUE_LIST || a->kind == MO_VALUE_RECORD)) {
		ev->steps += mo_parts_of(a) / MO_EVAL_PARTS_A_STEP;
	}
	if (mo_value_equal(a, b) || (!mo_value_is_deploy_time(a) && !mo_value_is_deploy_time(b))) {
		*out = mo_truth_known(mo_value_equal(a, b));
		return true;
	}
	const struct mo_value *deploy = a->kind == MO_VALUE_DEPLOY ? a : b;
	const struct mo_ir_value *left = side(ev, a), *right = side(ev, b);
	if (!left || !right || (a->kind == MO_VALUE_DEPLOY && a->is_list) || (b->kind == MO_VALUE_DEPLOY && b->is_list)) {
		mo_cannot_compute(ev, span, deploy, "whether lists or records are equal", "compare single values");
		return false;
	}
	*out = equal_ir(ev, span, left, right);
	return true;
}

const struct mo_value *
mo_equal(struct mo_eval *ev, struct mo_span span, const struct mo_value *a, const struct mo_value *b, bool negated)
{
	struct mo_truth t;
	if (mo_is_error(a) || mo_is_error(b) || !equal_truth(ev, span, a, b, &t)) {
		return mo_error_value();
	}
	t.span = span;
	return mo_truth_value(ev, span, negated ? mo_truth_not(ev, t) : t);
}
