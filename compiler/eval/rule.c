// SPDX-License-Identifier: Apache-2.0
// Assertions that only CloudFormation can decide: rules over parameters, which it checks before it makes or changes anything. A rule is
// written out by itself; it cannot name conditions, and knows parameters and what follows from them by comparing.
#include "eval/finish.h"
#include "eval/rule.h"

enum { LONGEST_NAME = 100 };

static bool
is_call(const struct mo_ir_value *v, const char *function)
{
	return v->kind == MO_IR_CALL && mo_str_is(v->function, function);
}

// ---- adding ----------------------------------------------------------------------------------------------------------------------

void
mo_rule_add(struct mo_eval *ev, struct mo_frame *f, struct mo_guard *guard, struct mo_assert_node *n, struct mo_truth t)
{
	struct mo_instance *i = f->instance;
	struct mo_variant *v = i ? i->variant : NULL;
	const struct mo_value *message = n->message ? mo_eval_expr(ev, f, n->message, NULL) : mo_error_value();
	if (!v || (!mo_is_error(message) && message->kind != MO_VALUE_STRING)) {
		mo_needs_compile_time(ev, message, n->message->span, "the message of a rule");
		return;
	}
	struct mo_ir_rule *rule = mo_new(ev->arena, struct mo_ir_rule);
	struct mo_span span = i->path.len && mo_in_library(ev, n->cond->span) ? i->origin : n->cond->span;
	rule->origin = (struct mo_ir_origin){ .span = span, .definition = n->cond->span };
	rule->id = mo_condition_name(ev, f, n->cond);
	rule->assertion = mo_ir_condition_ref(ev->arena, n->cond->span, t.condition);
	rule->description = message->kind == MO_VALUE_STRING ? message->text : (struct mo_str){ 0 };
	rule->condition = guard ? mo_ir_condition_ref(ev->arena, n->cond->span, mo_guard_condition(ev, guard)) : NULL;
	mo_push(ev->arena, &v->template->rules, rule);
	if (!guard) {
		v->asserted = mo_guard_assume(ev, v->asserted, t.condition, false, n->cond->span);
	}
}

// ---- writing out -----------------------------------------------------------------------------------------------------------------

struct writing {
	struct mo_finish *fin;
	const struct mo_ir_rule *rule;
	bool failed;
	uint32_t depth;
};

static const struct mo_ir_value *write_out(struct writing *w, const struct mo_ir_value *v);

static const struct mo_ir_value *
refuse(struct writing *w, const struct mo_ir_value *v, const char *what)
{
	struct mo_span span = mo_span_is_nowhere(v->span) ? w->rule->origin.span : v->span;
	if (!w->failed) {
		struct mo_diag *d = mo_eval_report(w->fin->ev, w->fin->variant->body, MSG_CANNOT_COMPUTE, span,
			"a rule of CloudFormation cannot use %s", what);
		mo_diag_note(d, "it compares parameters with each other and with what the program knows, before anything is made");
		mo_diag_help(d, "assert something of the parameters themselves");
	}
	w->failed = true;
	return v;
}

static const struct mo_ir_value *
write_items(struct writing *w, const struct mo_ir_value *list)
{
	struct mo_ir_value *copy = mo_ir_list(w->fin->ev->arena, list->span);
	for (uint32_t i = 0; i < list->items.len; i++) {
		mo_push(w->fin->ev->arena, &copy->items, write_out(w, list->items.items[i]));
	}
	return copy;
}

// Fn::Equals of one and the same thing with texts.
static bool
compares(const struct mo_ir_value *v, const struct mo_ir_value **what, const struct mo_ir_value **text)
{
	if (!is_call(v, "Fn::Equals") || v->argument->items.len != 2) {
		return false;
	}
	*what = v->argument->items.items[0];
	*text = v->argument->items.items[1];
	return (*text)->kind == MO_IR_STRING && (*what)->kind != MO_IR_STRING;
}

// "is a, or is b" is Fn::Contains; NULL when this is something else.
static const struct mo_ir_value *
as_contains(struct writing *w, const struct mo_ir_value *list)
{
	struct mo_arena *a = w->fin->ev->arena;
	struct mo_ir_value *texts = mo_ir_list(a, list->span);
	const struct mo_ir_value *first = NULL, *what, *text;
	for (uint32_t i = 0; i < list->items.len; i++) {
		if (!compares(list->items.items[i], &what, &text) || (first && !mo_ir_equal(first, what))) {
			return NULL;
		}
		first = what;
		mo_push(a, &texts->items, text);
	}
	const struct mo_ir_value *args[2] = { texts, first ? write_out(w, first) : texts };
	return first ? mo_ir_call_list(a, list->span, MO_STR("Fn::Contains"), args, 2) : NULL;
}

// Fn::ValueOf names a parameter instead of taking its value.
static const struct mo_ir_value *
value_of(struct writing *w, const struct mo_ir_value *v)
{
	const struct mo_ir_value *param = v->argument->items.items[0];
	if (param->kind != MO_IR_PARAM) {
		return refuse(w, v, "`Fn::ValueOf` of anything but a parameter");
	}
	const struct mo_ir_value *args[2] = { mo_ir_string(w->fin->ev->arena, param->span, param->param->id), v->argument->items.items[1] };
	return mo_ir_call_list(w->fin->ev->arena, v->span, v->function, args, 2);
}

static const struct mo_ir_value *
write_call(struct writing *w, const struct mo_ir_value *v)
{
	static const char *const takes_values[] = { "Fn::Equals", "Fn::Not", "Fn::And", "Fn::Contains", "Fn::EachMemberEquals",
		"Fn::EachMemberIn", "Fn::ValueOfAll", NULL };
	if (is_call(v, "Fn::Or")) {
		const struct mo_ir_value *contains = as_contains(w, v->argument);
		return contains ? contains : mo_ir_call(w->fin->ev->arena, v->span, v->function, write_items(w, v->argument));
	}
	if (mo_is_stored(v)) {
		return mo_finish_value(w->fin, v); // a parameter
	}
	if (is_call(v, "Fn::RefAll")) {
		return v;
	}
	if (is_call(v, "Fn::ValueOf")) {
		return value_of(w, v);
	}
	for (uint32_t i = 0; takes_values[i]; i++) {
		if (is_call(v, takes_values[i])) {
			return mo_ir_call(w->fin->ev->arena, v->span, v->function, write_items(w, v->argument));
		}
	}
	struct mo_str what = mo_str_printf(w->fin->ev->arena, "`" MO_STR_FMT "`", MO_STR_ARG(v->function));
	return refuse(w, v, what.p);
}

// What other stacks made, and what exists already, is a parameter here, or known.
static const struct mo_ir_value *
reference(struct writing *w, const struct mo_ir_value *v)
{
	bool own = !v->resource->existing && v->resource->template == w->fin->variant->template;
	return own ? refuse(w, v, "what a resource turns out to be") : write_out(w, mo_finish_value(w->fin, v));
}

static const struct mo_ir_value *
write_out(struct writing *w, const struct mo_ir_value *v)
{
	if (w->depth >= MO_IR_DEEPEST) {
		return refuse(w, v, "something as deep as this");
	}
	w->depth++;
	const struct mo_ir_value *made = v;
	switch (v->kind) {
	case MO_IR_CONDITION: made = write_out(w, v->condition->expression); break;
	case MO_IR_LIST: made = write_items(w, v); break;
	case MO_IR_CALL: made = write_call(w, v); break;
	case MO_IR_PARAM:
	case MO_IR_PSEUDO: made = mo_finish_value(w->fin, v); break;
	case MO_IR_RESOURCE:
	case MO_IR_ATTRIBUTE: made = reference(w, v); break;
	case MO_IR_SUB: refuse(w, v, "a text that is put together"); break;
	case MO_IR_IF: refuse(w, v, "a value that depends on a condition"); break;
	default: break;
	}
	w->depth--;
	return made;
}

// ---- names -----------------------------------------------------------------------------------------------------------------------

static bool
add_param(void *data, const struct mo_ir_value *v)
{
	struct mo_buf *name = data;
	if (v->kind == MO_IR_PARAM && name->len < LONGEST_NAME && mo_str_find(mo_buf_str(name), v->param->id, 0) < 0) {
		mo_buf_add(name, v->param->id);
	}
	return true;
}

// After its text when that is short, else after the parameters that it speaks of: `SubnetsVpcRule`.
static struct mo_str
rule_id(struct mo_finish *fin, const struct mo_ir_rule *rule, struct mo_buf *params)
{
	mo_buf_adds(params, "Rule");
	return mo_unique_id(fin->ev, &fin->variant->rule_ids, rule->id.len ? rule->id : mo_buf_str(params));
}

void
mo_rule_finish(struct mo_finish *fin, struct mo_ir_rule *rule)
{
	struct writing w = { .fin = fin, .rule = rule };
	struct mo_buf params = mo_buf_in(fin->ev->arena);
	mo_ir_visit(rule->assertion->condition->expression, add_param, &params);
	fin->in_condition = true; // rules know as little as conditions
	fin->resource = NULL;
	fin->at = rule->origin.span;
	rule->assertion = write_out(&w, rule->assertion);
	rule->condition = rule->condition ? write_out(&w, rule->condition) : NULL;
	fin->in_condition = false;
	rule->id = rule_id(fin, rule, &params);
	rule->origin.path = rule->id;
}
