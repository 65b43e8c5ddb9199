// SPDX-License-Identifier: Apache-2.0
// Makes an evaluated template ready to be written: conditions get their place and name, what may be absent is wrapped into Fn::If, a
// Bool in a property becomes text, values of other stacks are brought in. Values are immutable, so what changes is made anew.
#include "eval/finish.h"

enum { LONGEST_NAME = 80 };

static const struct mo_ir_value *rewrite(struct mo_finish *fin, const struct mo_ir_value *v, bool slot);

static const struct mo_ir_value *
no_value(struct mo_finish *fin, struct mo_span span)
{
	return mo_ir_pseudo(fin->ev->arena, span, MO_STR("AWS::NoValue"));
}

static struct mo_diag *
report(struct mo_finish *fin, enum mo_message message, struct mo_span span, const char *text)
{
	const struct mo_instance *i = fin->resource ? fin->resource->instance : fin->variant->body;
	struct mo_span at = mo_span_is_nowhere(span) && fin->resource ? fin->resource->ir.origin.span : span;
	return mo_eval_report(fin->ev, i, message, at, "%s", text);
}

static void
report_absent(struct mo_finish *fin, struct mo_span span, const struct mo_ir_condition *c)
{
	struct mo_diag *d = report(fin, MSG_MAY_BE_NONE, span, "this may be absent, and its place needs it");
	if (c && !mo_span_is_nowhere(c->origin.span)) {
		mo_diag_label(d, c->origin.span, "there only when this holds");
	}
	mo_diag_help(d, "say what to use instead: `… ?? other`");
}

// What is known of a condition where the value stands.
static int
says_of(const struct mo_finish *fin, const struct mo_ir_condition *c)
{
	int says = mo_guard_says(fin->facts, c);
	return says ? says : mo_guard_says(fin->variant->asserted, c);
}

// ---- conditions ------------------------------------------------------------------------------------------------------------------

// "SizeEnv": the parameters that an expression speaks of.
static bool
add_param(void *data, const struct mo_ir_value *v)
{
	struct mo_buf *name = data;
	struct mo_str id = v->kind == MO_IR_PARAM ? v->param->id : v->kind == MO_IR_PSEUDO ? mo_str_sub(v->text, 5, v->text.len)
		: v->kind == MO_IR_CONDITION ? v->condition->id : (struct mo_str){ 0 };
	if (id.len && name->len + id.len < LONGEST_NAME && mo_str_find(mo_buf_str(name), id, 0) < 0) {
		mo_buf_add(name, id);
	}
	return true;
}

// A condition after a Bool parameter would have the parameter's own name; one whose text gives no name is called after its parameters.
static struct mo_str
condition_id(struct mo_finish *fin, struct mo_str wanted, const struct mo_ir_value *expression)
{
	struct mo_str id = wanted;
	if (!wanted.len) {
		struct mo_buf name = mo_buf_in(fin->ev->arena);
		mo_ir_visit(expression, add_param, &name);
		mo_buf_adds(&name, "Condition");
		id = mo_buf_str(&name);
	}
	const struct mo_ir_template *t = fin->variant->template;
	for (uint32_t i = 0; i < t->params.len; i++) {
		if (mo_str_eq(t->params.items[i]->id, id)) {
			id = mo_str_printf(fin->ev->arena, "Is" MO_STR_FMT, MO_STR_ARG(wanted));
			break;
		}
	}
	return mo_unique_id(fin->ev, &fin->variant->condition_ids, id);
}

// One that somebody else declares: only its name is known.
static struct mo_ir_condition *
foreign_condition(struct mo_finish *fin, const struct mo_ir_condition *c, const struct mo_ir_value *id)
{
	struct mo_ir_condition *local = mo_new(fin->ev->arena, struct mo_ir_condition);
	*local = *c;
	local->id = id->text;
	local->foreign = true;
	mo_map_put(fin->ev->arena, &fin->variant->localized, MO_KEY(local), local);
	mo_map_put(fin->ev->arena, &fin->variant->localized, MO_KEY(c), local);
	return local;
}

static struct mo_ir_condition *
equal_condition(const struct mo_variant *v, uint64_t hash, const struct mo_ir_value *expression)
{
	struct mo_interned *i = mo_map_get(&v->conditions, hash);
	while (i && !mo_ir_equal(i->condition->expression, expression)) {
		i = i->next;
	}
	return i ? i->condition : NULL;
}

static bool
find_each(void *data, const struct mo_ir_value *v)
{
	const struct mo_ir_value **found = data;
	if (v->kind == MO_IR_PARAM && v->param->each) {
		*found = v;
	}
	return *found == NULL;
}

struct mo_ir_condition *
mo_finish_condition(struct mo_finish *fin, struct mo_ir_condition *c)
{
	struct mo_eval *ev = fin->ev;
	struct mo_variant *v = fin->variant;
	struct mo_ir_condition *local = mo_map_get(&v->localized, MO_KEY(c));
	if (local) {
		return local;
	}
	if (c->expression->kind == MO_IR_CALL && mo_str_is(c->expression->function, "Condition")) {
		return foreign_condition(fin, c, c->expression->argument);
	}
	bool before = fin->in_condition;
	fin->in_condition = true;
	const struct mo_ir_value *expression = rewrite(fin, c->expression, false);
	fin->in_condition = before;
	const struct mo_ir_value *each = NULL;
	mo_ir_visit(expression, find_each, &each);
	if (each) {
		struct mo_diag *d = report(fin, MSG_CANNOT_COMPUTE, each->span, "CloudFormation has no condition for each element of a list");
		mo_diag_label(d, each->param->origin.span, "goes over what is known only at deploy time");
		mo_diag_help(d, "look the element up in a map, which becomes a mapping");
	}
	uint64_t hash = mo_ir_hash(expression);
	bool from_let = mo_map_get(&ev->evaluator->named, MO_KEY(c)) != NULL;
	local = equal_condition(v, hash, expression);
	if (local && from_let && !mo_map_get(&ev->evaluator->named, MO_KEY(local))) {
		local->id = condition_id(fin, c->id, expression); // had one after its text only
		local->origin.path = local->id;
	}
	if (!local) {
		local = mo_new(ev->arena, struct mo_ir_condition);
		local->expression = expression;
		local->origin = c->origin;
		local->id = condition_id(fin, c->id, expression);
		local->origin.path = local->id;
		struct mo_interned *i = mo_new(ev->arena, struct mo_interned);
		*i = (struct mo_interned){ local, mo_map_get(&v->conditions, hash) };
		mo_map_put(ev->arena, &v->conditions, hash, i);
		mo_map_put(ev->arena, &v->localized, MO_KEY(local), local);
		mo_push(ev->arena, &v->template->conditions, local);
	}
	if (from_let) {
		mo_map_put(ev->arena, &ev->evaluator->named, MO_KEY(local), local);
	}
	mo_map_put(ev->arena, &v->localized, MO_KEY(c), local);
	return local;
}

static const struct mo_ir_value *
choose(struct mo_finish *fin, struct mo_span span, struct mo_ir_condition *c, const struct mo_ir_value *then,
	const struct mo_ir_value *otherwise)
{
	return mo_ir_if(fin->ev->arena, span, mo_finish_condition(fin, c), then, otherwise);
}

// A condition where text is wanted.
static const struct mo_ir_value *
condition_as_text(struct mo_finish *fin, const struct mo_ir_value *v)
{
	struct mo_ir_condition *c = mo_condition_new(fin->ev, v->span, (struct mo_str){ 0 }, false, v);
	int says = says_of(fin, c);
	const struct mo_ir_value *yes = mo_ir_string(fin->ev->arena, v->span, MO_STR("true"));
	const struct mo_ir_value *no = mo_ir_string(fin->ev->arena, v->span, MO_STR("false"));
	return says ? (says > 0 ? yes : no) : choose(fin, v->span, c, yes, no);
}

// ---- references ------------------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
existing_value(struct mo_finish *fin, const struct mo_ir_value *v, bool slot)
{
	struct mo_resource *r = mo_resource_of(v->resource);
	struct mo_str ref = r->ir.catalog ? mo_cat_resource(r->ir.catalog).ref : (struct mo_str){ 0 };
	struct mo_str wanted = v->kind == MO_IR_ATTRIBUTE ? v->attribute : ref;
	const struct mo_ir_value *written = mo_ir_get(r->ir.properties, wanted);
	if (written) {
		return rewrite(fin, written, slot);
	}
	struct mo_diag *d = report(fin, MSG_ATTRIBUTE_NOT_WRITTEN, v->span,
		"this is of an existing resource and was not written there");
	mo_diag_label(d, r->ir.origin.span, "declared here");
	mo_diag_help(d, "add `" MO_STR_FMT ": …` to its declaration", MO_STR_ARG(wanted));
	return no_value(fin, v->span);
}

static void
refer(struct mo_finish *fin, struct mo_resource *to)
{
	struct mo_resource *from = fin->resource;
	if (!from || from == to || to->mark == fin->serial) {
		return;
	}
	to->mark = fin->serial;
	mo_push(fin->ev->arena, &from->refers, to);
}

static const struct mo_ir_value *
own_reference(struct mo_finish *fin, const struct mo_ir_value *v, bool slot)
{
	struct mo_resource *r = mo_resource_of(v->resource);
	if (fin->in_condition) {
		struct mo_diag *d = report(fin, MSG_CONDITION_NEEDS_RESOURCE, v->span,
			"a condition cannot depend on a resource of its own template");
		mo_diag_label(d, r->ir.origin.span, "declared here");
		mo_diag_note(d, "CloudFormation decides conditions before it makes resources");
		return mo_ir_string(fin->ev->arena, v->span, MO_STR(""));
	}
	refer(fin, r);
	if (!r->guard || mo_guard_implies(fin->facts, r->guard)) {
		return v;
	}
	struct mo_ir_condition *c = mo_guard_condition(fin->ev, r->guard);
	if (!slot) {
		report_absent(fin, v->span, c);
		return v;
	}
	return choose(fin, v->span, c, v, no_value(fin, v->span));
}

static const struct mo_ir_value *
reference(struct mo_finish *fin, const struct mo_ir_value *v, bool slot)
{
	if (v->resource->existing) {
		return existing_value(fin, v, slot);
	}
	if (v->resource->template == fin->variant->template) {
		return own_reference(fin, v, slot);
	}
	return mo_link_value(fin, NULL, v);
}

// Parameters and pseudo parameters of another stack mean something else here.
static const struct mo_ir_value *
belongs_here(struct mo_finish *fin, const struct mo_ir_value *v, const void *leaf)
{
	struct mo_variant *owner = mo_map_get(&fin->ev->evaluator->owners, MO_KEY(leaf));
	return owner && owner != fin->variant ? mo_link_value(fin, owner, v) : v;
}

// What another service keeps is the same for all stacks of an account and region.
static const struct mo_ir_value *
stored_here(struct mo_finish *fin, const struct mo_ir_value *v)
{
	struct mo_variant *owner = mo_map_get(&fin->ev->evaluator->owners, MO_KEY(v));
	return owner && owner->shadow ? mo_link_value(fin, owner, v) : mo_stored_value(fin, v);
}

// ---- containers ------------------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
rewrite_list(struct mo_finish *fin, const struct mo_ir_value *v, bool slots)
{
	struct mo_ir_value *copy = NULL;
	for (uint32_t i = 0; i < v->items.len; i++) {
		const struct mo_ir_value *item = v->items.items[i], *made = rewrite(fin, item, slots);
		if (made != item && !copy) {
			copy = mo_ir_list(fin->ev->arena, v->span);
			for (uint32_t k = 0; k < i; k++) {
				mo_push(fin->ev->arena, &copy->items, v->items.items[k]);
			}
		}
		if (copy && !(slots && mo_ir_is_no_value(made))) {
			mo_push(fin->ev->arena, &copy->items, made);
		}
	}
	return copy ? copy : v;
}

// What a statement of a policy is about, and what it compares.
static bool
is_mere_arn(const struct mo_ir_value *object, struct mo_str key)
{
	bool place = mo_str_is(key, "Resource") || mo_str_is(key, "NotResource") || mo_str_is(key, "Condition");
	return place && mo_ir_get(object, MO_STR("Effect"));
}

static const struct mo_ir_value *
rewrite_object(struct mo_finish *fin, const struct mo_ir_value *v)
{
	struct mo_ir_value *copy = NULL;
	struct mo_str outer = fin->key;
	struct mo_span outer_at = fin->at;
	for (uint32_t i = 0; i < v->members.len; i++) {
		struct mo_ir_member m = v->members.items[i];
		bool outer_mere = fin->mere_arn;
		fin->key = m.key;
		fin->at = mo_span_is_nowhere(m.key_span) ? outer_at : m.key_span;
		fin->mere_arn = outer_mere || is_mere_arn(v, m.key);
		const struct mo_ir_value *made = rewrite(fin, m.value, true);
		fin->mere_arn = outer_mere;
		if (made != m.value && !copy) {
			copy = mo_ir_object(fin->ev->arena, v->span);
			for (uint32_t k = 0; k < i; k++) {
				mo_push(fin->ev->arena, &copy->members, v->members.items[k]);
			}
		}
		if (copy && !mo_ir_is_no_value(made)) {
			m.value = made;
			mo_push(fin->ev->arena, &copy->members, m);
		}
	}
	fin->key = outer;
	fin->at = outer_at;
	return copy ? copy : v;
}

// Text with parts; all text once its parts are known after all.
static const struct mo_ir_value *
rewrite_sub(struct mo_finish *fin, const struct mo_ir_value *v)
{
	struct mo_ir_value *sub = mo_ir_sub(fin->ev->arena, v->span);
	struct mo_buf text = mo_buf_in(fin->ev->arena);
	bool known = true;
	for (uint32_t i = 0; i < v->items.len; i++) {
		const struct mo_ir_value *part = rewrite(fin, v->items.items[i], false);
		known = known && part->kind == MO_IR_STRING;
		if (part->kind == MO_IR_STRING) {
			mo_buf_add(&text, part->text);
		}
		for (uint32_t k = 0; part->kind == MO_IR_SUB && k < part->items.len; k++) { // a Sub's parts are no Subs
			mo_push(fin->ev->arena, &sub->items, part->items.items[k]);
		}
		if (part->kind != MO_IR_SUB) {
			mo_push(fin->ev->arena, &sub->items, part);
		}
	}
	return known ? mo_ir_string(fin->ev->arena, v->span, mo_buf_str(&text)) : sub;
}

static const struct mo_ir_value *
rewrite_if(struct mo_finish *fin, const struct mo_ir_value *v, bool slot)
{
	int says = says_of(fin, v->condition);
	if (says) {
		return rewrite(fin, says > 0 ? v->then : v->otherwise, slot);
	}
	if (fin->in_condition) {
		report(fin, MSG_CANNOT_COMPUTE, v->span, "CloudFormation cannot choose a value inside a condition");
		return v;
	}
	if (!slot && (mo_ir_is_no_value(v->then) || mo_ir_is_no_value(v->otherwise))) {
		report_absent(fin, v->span, v->condition);
	}
	struct mo_guard *around = fin->facts;
	uint32_t errors = fin->ev->ctx->diags->errors;
	fin->facts = mo_guard_assume(fin->ev, around, v->condition, false, v->span);
	const struct mo_ir_value *then = rewrite(fin, v->then, true);
	fin->facts = mo_guard_assume(fin->ev, around, v->condition, true, v->span);
	const struct mo_ir_value *otherwise = rewrite(fin, v->otherwise, true);
	fin->facts = around;
	if (fin->ev->ctx->diags->errors > errors) {
		return then; // the condition would be wrong for the same reason
	}
	return mo_ir_equal(then, otherwise) ? then : choose(fin, v->span, v->condition, then, otherwise);
}

// ---- calls -----------------------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
mapping_name(struct mo_finish *fin, const struct mo_ir_value *name)
{
	struct mo_eval *ev = fin->ev;
	struct mo_variant *v = fin->variant;
	struct mo_ir_mapping *m = mo_map_get(&ev->evaluator->mapping_names, MO_KEY(name));
	if (!m) {
		return name; // written by hand, or ours already
	}
	struct mo_ir_mapping *local = mo_map_get(&v->mappings, MO_KEY(m));
	for (uint32_t i = 0; !local && i < v->template->mappings.len; i++) {
		local = mo_ir_equal(v->template->mappings.items[i]->table, m->table) ? v->template->mappings.items[i] : NULL;
	}
	if (!local) {
		local = mo_new(ev->arena, struct mo_ir_mapping);
		*local = *m;
		local->id = mo_unique_id(ev, &v->mapping_ids, m->id);
		local->origin.path = local->id;
		mo_push(ev->arena, &v->template->mappings, local);
	}
	mo_map_put(ev->arena, &v->mappings, MO_KEY(m), local);
	return mo_ir_string(ev->arena, name->span, local->id);
}

void
mo_finish_extend(struct mo_finish *fin, struct mo_span span)
{
	const struct mo_ir_value *name = mo_ir_string(fin->ev->arena, MO_NOWHERE, MO_STR("AWS::LanguageExtensions"));
	bool first = !fin->variant->extended;
	fin->variant->extended = true;
	if (first && fin->variant->stack->unit) {
		struct mo_diag *d = report(fin, MSG_TRANSFORM_REFUSED, span,
			"this needs the transform AWS::LanguageExtensions, which templates for an organizational unit cannot have");
		mo_diag_note(d, "stack sets whose permissions the organization manages take no transforms");
	}
	mo_template_transform(fin->ev, fin->variant->template, name);
}

// Whether a function needs that transform: Fn::FindInMap only with a default.
static bool
is_extension(const struct mo_ir_value *v)
{
	bool default_value = mo_str_is(v->function, "Fn::FindInMap") && v->argument->kind == MO_IR_LIST && v->argument->items.len > 3;
	return default_value || mo_str_is(v->function, "Fn::ToJsonString") || mo_str_is(v->function, "Fn::Length")
		|| mo_str_starts(v->function, MO_STR("Fn::ForEach"));
}

static bool
find_resource(void *data, const struct mo_ir_value *v)
{
	const struct mo_ir_value **found = data;
	if (v->kind == MO_IR_RESOURCE || v->kind == MO_IR_ATTRIBUTE) {
		*found = v;
	}
	return *found == NULL;
}

// A key of a mapping. By itself CloudFormation takes texts, parameters and what other mappings hold; the transform adds what is computed
// of these. What a resource turns out to be is no key.
static const struct mo_ir_value *
mapping_key(struct mo_finish *fin, const struct mo_ir_value *key)
{
	const struct mo_ir_value *made = rewrite(fin, key, false), *resource = NULL;
	bool find = made->kind == MO_IR_CALL && mo_str_is(made->function, "Fn::FindInMap");
	mo_ir_visit(made, find_resource, &resource);
	if (resource) {
		struct mo_diag *d = report(fin, MSG_CONDITION_NEEDS_RESOURCE, key->span, "a mapping cannot be looked up by what a resource turns out to be");
		mo_diag_label(d, resource->resource->origin.span, "declared here");
		mo_diag_note(d, "CloudFormation looks mappings up before it makes resources");
	} else if (made->kind != MO_IR_STRING && made->kind != MO_IR_PARAM && made->kind != MO_IR_PSEUDO && !find) {
		mo_finish_extend(fin, key->span);
	}
	return made;
}

static const struct mo_ir_value *
rewrite_find_in_map(struct mo_finish *fin, const struct mo_ir_value *list)
{
	struct mo_ir_value *copy = mo_ir_list(fin->ev->arena, list->span);
	for (uint32_t i = 0; i < list->items.len; i++) {
		const struct mo_ir_value *item = list->items.items[i];
		bool name = i == 0 && item->kind == MO_IR_STRING;
		const struct mo_ir_value *made = name ? mapping_name(fin, item) : i == 1 ? mapping_key(fin, item) : rewrite(fin, item, false);
		mo_push(fin->ev->arena, &copy->items, made);
	}
	return copy;
}

static const struct mo_ir_value *
rewrite_arguments(struct mo_finish *fin, const struct mo_ir_value *v)
{
	const struct mo_ir_value *list = v->argument;
	if (list->kind != MO_IR_LIST) {
		return rewrite(fin, list, list->kind == MO_IR_OBJECT);
	}
	if (mo_str_is(v->function, "Fn::FindInMap")) {
		return rewrite_find_in_map(fin, list);
	}
	return rewrite_list(fin, list, false); // lists among the arguments may lose elements, the arguments may not
}

// The text that is taken apart and joined again by the same separator; NULL when it is not.
static const struct mo_ir_value *
unsplit(const struct mo_ir_value *argument)
{
	bool pair = argument->kind == MO_IR_LIST && argument->items.len == 2;
	const struct mo_ir_value *list = pair ? argument->items.items[1] : NULL;
	bool split = list && list->kind == MO_IR_CALL && mo_str_is(list->function, "Fn::Split") && list->argument->kind == MO_IR_LIST
		     && list->argument->items.len == 2 && mo_ir_equal(list->argument->items.items[0], argument->items.items[0]);
	return split ? list->argument->items.items[1] : NULL;
}

// Texts joined by a text, when all of them turned out to be known; NULL otherwise.
static const struct mo_ir_value *
joined(struct mo_finish *fin, const struct mo_ir_value *v, const struct mo_ir_value *argument)
{
	if (!mo_str_is(v->function, "Fn::Join") || argument->kind != MO_IR_LIST || argument->items.len != 2) {
		return NULL;
	}
	const struct mo_ir_value *separator = argument->items.items[0], *list = argument->items.items[1], *whole = unsplit(argument);
	if (whole || separator->kind != MO_IR_STRING || list->kind != MO_IR_LIST || list->items.len == 0) {
		return whole;
	}
	struct mo_buf text = mo_buf_in(fin->ev->arena);
	for (uint32_t i = 0; i < list->items.len; i++) {
		if (list->items.items[i]->kind != MO_IR_STRING) {
			return NULL;
		}
		mo_buf_add(&text, i ? separator->text : MO_STR(""));
		mo_buf_add(&text, list->items.items[i]->text);
	}
	return mo_ir_string(fin->ev->arena, v->span, mo_buf_str(&text));
}

static const struct mo_ir_value *
rewrite_call(struct mo_finish *fin, const struct mo_ir_value *v)
{
	if (!fin->in_condition && mo_is_condition(v)) {
		return condition_as_text(fin, v);
	}
	if (mo_is_stored(v)) {
		return stored_here(fin, v);
	}
	if (is_extension(v)) {
		mo_finish_extend(fin, v->span);
	}
	bool before = fin->in_call;
	fin->in_call = true;
	const struct mo_ir_value *argument = rewrite_arguments(fin, v), *text = joined(fin, v, argument);
	fin->in_call = before;
	return text ? text : argument == v->argument ? v : mo_ir_call(fin->ev->arena, v->span, v->function, argument);
}

// ---- any value -------------------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
dispatch(struct mo_finish *fin, const struct mo_ir_value *v, bool slot)
{
	const struct mo_ir_value *made;
	switch (v->kind) {
	case MO_IR_LIST:
		made = mo_link_list(fin, v);
		return made ? made : rewrite_list(fin, v, true);
	case MO_IR_OBJECT:
		return rewrite_object(fin, v);
	case MO_IR_RESOURCE:
	case MO_IR_ATTRIBUTE:
		return reference(fin, v, slot);
	case MO_IR_PARAM:
		return belongs_here(fin, v, v->param);
	case MO_IR_PSEUDO:
		return belongs_here(fin, v, v);
	case MO_IR_SUB:
		return rewrite_sub(fin, v);
	case MO_IR_IF:
		return rewrite_if(fin, v, slot);
	case MO_IR_CONDITION:
		return fin->in_condition ? mo_ir_condition_ref(fin->ev->arena, v->span, mo_finish_condition(fin, v->condition))
			: condition_as_text(fin, v);
	case MO_IR_CALL:
		return rewrite_call(fin, v);
	case MO_IR_ASSET:
		return mo_finish_asset(fin, v);
	default:
		return v;
	}
}

static const struct mo_ir_value *
rewrite(struct mo_finish *fin, const struct mo_ir_value *v, bool slot)
{
	struct mo_eval *ev = fin->ev;
	if (ev->failed || !v) {
		return v;
	}
	if (fin->depth >= MO_IR_DEEPEST || ++ev->steps > MO_EVAL_STEPS) {
		report(fin, MSG_LIMIT_REACHED, v->span, "the values of the templates are deeper or larger than the compiler accepts");
		ev->failed = true;
		return v;
	}
	fin->depth++;
	const struct mo_ir_value *made = dispatch(fin, v, slot);
	fin->depth--;
	return made;
}

const struct mo_ir_value *
mo_finish_value(struct mo_finish *fin, const struct mo_ir_value *v)
{
	return v ? rewrite(fin, v, true) : NULL;
}
