// SPDX-License-Identifier: Apache-2.0
// Walks a template of the platform and names its parts in the fixed order in which CloudFormation's documentation presents them. Takes
// no decision: what is in the template is written, existing resources excepted, and what a piece looks like is the sink's.
#include "emitters/template.h"

#include "emitters/sub.h"

struct walk {
	const struct mo_sink_ops *ops;
	void *to;
	struct mo_arena *scratch;
	const struct mo_ir_template *template;
	struct mo_map taken; // hashes of logical IDs and parameter names
	struct mo_sub *sub;  // made with `taken` when first needed
	const struct mo_ir_value *too_deep;
};

static void write_value(struct walk *w, const struct mo_ir_value *v, uint32_t depth);

static void
key(struct walk *w, const char *name)
{
	w->ops->key(w->to, mo_str_c(name));
}

static void
text_field(struct walk *w, const char *name, struct mo_str text)
{
	if (text.len) {
		key(w, name);
		w->ops->string(w->to, text);
	}
}

static void
value_field(struct walk *w, const char *name, const struct mo_ir_value *v)
{
	if (v) {
		key(w, name);
		write_value(w, v, 0);
	}
}

static void
number_field(struct walk *w, const char *name, bool has, int64_t n)
{
	if (has) {
		key(w, name);
		w->ops->integer(w->to, n);
	}
}

static void
condition_field(struct walk *w, const struct mo_ir_condition *c)
{
	if (c) {
		text_field(w, "Condition", c->id);
	}
}

// ---- values ----------------------------------------------------------------------------------------------------------------------

static void
write_call_text(struct walk *w, struct mo_str function, struct mo_str argument)
{
	w->ops->begin_call(w->to, function);
	w->ops->string(w->to, argument);
	w->ops->end_call(w->to);
}

static void
write_items(struct walk *w, const mo_ir_values *items, uint32_t depth)
{
	w->ops->begin_list(w->to);
	for (uint32_t i = 0; i < items->len; i++) {
		write_value(w, items->items[i], depth);
	}
	w->ops->end_list(w->to);
}

static void
write_members(struct walk *w, const mo_ir_members *members, uint32_t depth)
{
	w->ops->begin_object(w->to);
	for (uint32_t i = 0; i < members->len; i++) {
		w->ops->key(w->to, members->items[i].key);
		write_value(w, members->items[i].value, depth);
	}
	w->ops->end_object(w->to);
}

// A false positive of the hash only costs a variable its first choice of name.
static void
take_names(struct walk *w)
{
	const struct mo_ir_template *t = w->template;
	for (uint32_t i = 0; i < t->params.len; i++) {
		mo_map_put(w->scratch, &w->taken, mo_str_hash(t->params.items[i]->id), w);
	}
	for (uint32_t i = 0; i < t->resources.len; i++) {
		mo_map_put(w->scratch, &w->taken, mo_str_hash(t->resources.items[i]->id), w);
	}
	const struct mo_ir_value *added[2] = { mo_ir_added(w->template, "Parameters"), mo_ir_added(w->template, "Resources") };
	for (uint32_t i = 0; i < 2; i++) {
		for (uint32_t k = 0; added[i] && k < added[i]->members.len; k++) {
			mo_map_put(w->scratch, &w->taken, mo_str_hash(added[i]->members.items[k].key), w);
		}
	}
}

static void
write_sub_variables(struct walk *w, const struct mo_sub *sub, uint32_t depth)
{
	w->ops->begin_object(w->to);
	for (uint32_t i = 0; i < sub->variables.len; i++) {
		const struct mo_sub_variable *v = &sub->variables.items[i];
		w->ops->key(w->to, v->name);
		if (v->value) {
			write_value(w, v->value, depth);
		} else {
			w->ops->string(w->to, MO_STR("$"));
		}
	}
	w->ops->end_object(w->to);
}

static void
write_sub_with_variables(struct walk *w, struct mo_sub *sub, uint32_t depth)
{
	w->ops->begin_call(w->to, MO_STR("Fn::Sub"));
	w->ops->begin_list(w->to);
	w->ops->string(w->to, mo_buf_str(&sub->text));
	w->sub = mo_sub_inner(sub); // the values may hold texts again
	write_sub_variables(w, sub, depth);
	w->sub = sub;
	w->ops->end_list(w->to);
	w->ops->end_call(w->to);
}

static void
write_sub(struct walk *w, const struct mo_ir_value *v, uint32_t depth)
{
	if (!w->sub) {
		take_names(w);
		w->sub = mo_sub_new(w->scratch, &w->taken);
	}
	struct mo_sub *sub = w->sub;
	mo_sub_lower(sub, v);
	if (sub->only) {
		write_value(w, sub->only, depth);
	} else if (sub->is_plain) {
		w->ops->string(w->to, mo_buf_str(&sub->text));
	} else if (!sub->variables.len) {
		write_call_text(w, MO_STR("Fn::Sub"), mo_buf_str(&sub->text));
	} else {
		write_sub_with_variables(w, sub, depth);
	}
}

static void
write_if(struct walk *w, const struct mo_ir_value *v, uint32_t depth)
{
	w->ops->begin_call(w->to, MO_STR("Fn::If"));
	w->ops->begin_list(w->to);
	w->ops->string(w->to, v->condition->id);
	write_value(w, v->then, depth);
	write_value(w, v->otherwise, depth);
	w->ops->end_list(w->to);
	w->ops->end_call(w->to);
}

static void
write_scalar(struct walk *w, const struct mo_ir_value *v)
{
	switch (v->kind) {
	case MO_IR_BOOL:
		w->ops->boolean(w->to, v->boolean);
		break;
	case MO_IR_INT:
		w->ops->integer(w->to, v->integer);
		break;
	case MO_IR_FLOAT:
		w->ops->number(w->to, v->number);
		break;
	case MO_IR_STRING:
		w->ops->string(w->to, v->text);
		break;
	default:
		w->ops->null(w->to);
		break;
	}
}

// A reference to what a loop makes: CloudFormation looks references up before it goes through loops, unless the ID is a text to be put together.
static void
write_repeated(struct walk *w, const struct mo_ir_value *v)
{
	bool attribute = v->kind == MO_IR_ATTRIBUTE;
	w->ops->begin_call(w->to, attribute ? MO_STR("Fn::GetAtt") : MO_STR("Ref"));
	if (attribute) {
		w->ops->begin_list(w->to);
	}
	write_call_text(w, MO_STR("Fn::Sub"), v->resource->id);
	if (attribute) {
		w->ops->string(w->to, v->attribute);
		w->ops->end_list(w->to);
	}
	w->ops->end_call(w->to);
}

static void
write_value(struct walk *w, const struct mo_ir_value *v, uint32_t depth)
{
	if (depth > MO_IR_DEEPEST) {
		w->too_deep = w->too_deep ? w->too_deep : v;
		w->ops->null(w->to);
		return;
	}
	switch (v->kind) {
	case MO_IR_NULL:
	case MO_IR_BOOL:
	case MO_IR_INT:
	case MO_IR_FLOAT:
	case MO_IR_STRING:
		write_scalar(w, v);
		break;
	case MO_IR_LIST:
		write_items(w, &v->items, depth + 1);
		break;
	case MO_IR_OBJECT:
		write_members(w, &v->members, depth + 1);
		break;
	case MO_IR_RESOURCE:
		if (v->resource->loop) {
			write_repeated(w, v);
		} else {
			write_call_text(w, MO_STR("Ref"), v->resource->id);
		}
		break;
	case MO_IR_ATTRIBUTE:
		if (v->resource->loop) {
			write_repeated(w, v);
		} else {
			w->ops->attribute(w->to, v->resource->id, v->attribute);
		}
		break;
	case MO_IR_PARAM:
		write_call_text(w, MO_STR("Ref"), v->param->id);
		break;
	case MO_IR_PSEUDO:
		write_call_text(w, MO_STR("Ref"), v->text);
		break;
	case MO_IR_SUB:
		write_sub(w, v, depth + 1);
		break;
	case MO_IR_IF:
		write_if(w, v, depth + 1);
		break;
	case MO_IR_CONDITION:
		write_call_text(w, MO_STR("Condition"), v->condition->id);
		break;
	case MO_IR_ASSET:
		w->ops->string(w->to, v->part == MO_IR_ASSET_FILE ? v->asset->file : v->asset->key);
		break;
	case MO_IR_CALL:
		w->ops->begin_call(w->to, v->function);
		write_value(w, v->argument, depth + 1);
		w->ops->end_call(w->to);
		break;
	}
}

// ---- what `raw` adds ---------------------------------------------------------------------------------------------------------------

static void
write_added(struct walk *w, const struct mo_ir_value *added)
{
	for (uint32_t i = 0; added && i < added->members.len; i++) {
		w->ops->key(w->to, added->members.items[i].key);
		write_value(w, added->members.items[i].value, 0);
	}
}

// Sections that only it has.
static void
added_sections(struct walk *w)
{
	static const char *const own[] = { "Parameters", "Mappings", "Conditions", "Resources", "Outputs" };
	const struct mo_ir_value *extra = w->template->extra;
	for (uint32_t i = 0; extra && i < extra->members.len; i++) {
		bool known = false;
		for (size_t k = 0; k < sizeof(own) / sizeof(*own); k++) {
			known = known || mo_str_is(extra->members.items[i].key, own[k]);
		}
		if (!known) {
			w->ops->key(w->to, extra->members.items[i].key);
			write_value(w, extra->members.items[i].value, 0);
		}
	}
}

// ---- sections --------------------------------------------------------------------------------------------------------------------

static void
write_param(struct walk *w, const struct mo_ir_param *p)
{
	w->ops->key(w->to, p->id);
	w->ops->begin_object(w->to);
	text_field(w, "Type", p->type);
	text_field(w, "Description", p->description);
	value_field(w, "Default", p->default_value);
	value_field(w, "AllowedValues", p->allowed_values);
	text_field(w, "AllowedPattern", p->allowed_pattern);
	number_field(w, "MinLength", p->has_min_length, p->min_length);
	number_field(w, "MaxLength", p->has_max_length, p->max_length);
	number_field(w, "MinValue", p->has_min_value, p->min_value);
	number_field(w, "MaxValue", p->has_max_value, p->max_value);
	if (p->no_echo) {
		key(w, "NoEcho");
		w->ops->boolean(w->to, true);
	}
	text_field(w, "ConstraintDescription", p->constraint_description);
	w->ops->end_object(w->to);
}

static const char *
policy_name(enum mo_ir_policy policy)
{
	static const char *const names[] = {
		[MO_IR_DELETE] = "Delete",
		[MO_IR_RETAIN] = "Retain",
		[MO_IR_RETAIN_EXCEPT_ON_CREATE] = "RetainExceptOnCreate",
		[MO_IR_SNAPSHOT] = "Snapshot",
	};
	return names[policy];
}

static void
policy_field(struct walk *w, const char *name, enum mo_ir_policy policy)
{
	if (policy != MO_IR_NO_POLICY) {
		text_field(w, name, mo_str_c(policy_name(policy)));
	}
}

// One as a string, several as a list. Existing resources are not in the template, so nothing waits for them.
static void
depends_on_field(struct walk *w, const struct mo_ir_resource *r)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < r->depends_on.len; i++) {
		count += !r->depends_on.items[i]->existing;
	}
	if (!count) {
		return;
	}
	key(w, "DependsOn");
	if (count > 1) {
		w->ops->begin_list(w->to);
	}
	for (uint32_t i = 0; i < r->depends_on.len; i++) {
		if (!r->depends_on.items[i]->existing) {
			w->ops->string(w->to, r->depends_on.items[i]->id);
		}
	}
	if (count > 1) {
		w->ops->end_list(w->to);
	}
}

// "Fn::ForEach::TopicEachName": ["EachName", list, { … }], a loop for each thing that is repeated.
static void
begin_loop(struct walk *w, const struct mo_ir_loop *loop, struct mo_str id)
{
	if (!loop) {
		return;
	}
	struct mo_buf name = mo_buf_in(w->scratch);
	mo_buf_adds(&name, "Fn::ForEach::");
	for (size_t i = 0; i < id.len; i++) {
		if (id.p[i] != '&' && id.p[i] != '{' && id.p[i] != '}') {
			mo_buf_addc(&name, id.p[i]);
		}
	}
	w->ops->key(w->to, mo_buf_str(&name));
	w->ops->begin_list(w->to);
	w->ops->string(w->to, loop->element->id);
	write_value(w, loop->list, 0);
	w->ops->begin_object(w->to);
}

static void
end_loop(struct walk *w, const struct mo_ir_loop *loop)
{
	if (loop) {
		w->ops->end_object(w->to);
		w->ops->end_list(w->to);
	}
}

static void
write_resource(struct walk *w, const struct mo_ir_resource *r)
{
	begin_loop(w, r->loop, r->id);
	w->ops->key(w->to, r->id);
	w->ops->begin_object(w->to);
	text_field(w, "Type", r->type);
	condition_field(w, r->condition);
	depends_on_field(w, r);
	value_field(w, "CreationPolicy", r->creation_policy);
	value_field(w, "UpdatePolicy", r->update_policy);
	policy_field(w, "DeletionPolicy", r->deletion_policy);
	policy_field(w, "UpdateReplacePolicy", r->update_replace_policy);
	value_field(w, "Metadata", r->metadata);
	write_added(w, r->extra);
	if (r->properties->members.len) {
		value_field(w, "Properties", r->properties);
	}
	w->ops->end_object(w->to);
	end_loop(w, r->loop);
}

static void
write_output(struct walk *w, const struct mo_ir_output *o)
{
	begin_loop(w, o->loop, o->id);
	w->ops->key(w->to, o->id);
	w->ops->begin_object(w->to);
	text_field(w, "Description", o->description);
	condition_field(w, o->condition);
	value_field(w, "Value", o->value);
	if (o->export_name) {
		key(w, "Export");
		w->ops->begin_object(w->to);
		value_field(w, "Name", o->export_name);
		w->ops->end_object(w->to);
	}
	w->ops->end_object(w->to);
	end_loop(w, o->loop);
}

static void
transform_section(struct walk *w)
{
	const struct mo_ir_template *t = w->template;
	if (t->transforms.len) {
		key(w, "Transform");
		if (t->transforms.len == 1) {
			write_value(w, t->transforms.items[0], 0);
		} else {
			write_items(w, &t->transforms, 1);
		}
	}
}

static void
write_params(struct walk *w)
{
	w->ops->begin_object(w->to);
	for (uint32_t i = 0; i < w->template->params.len; i++) {
		write_param(w, w->template->params.items[i]);
	}
	write_added(w, mo_ir_added(w->template, "Parameters"));
	w->ops->end_object(w->to);
}

static void
parameters_section(struct walk *w)
{
	if (w->template->params.len || mo_ir_added(w->template, "Parameters")) {
		key(w, "Parameters");
		write_params(w);
	}
}

static void
write_rule(struct walk *w, const struct mo_ir_rule *r)
{
	w->ops->key(w->to, r->id);
	w->ops->begin_object(w->to);
	value_field(w, "RuleCondition", r->condition);
	key(w, "Assertions");
	w->ops->begin_list(w->to);
	w->ops->begin_object(w->to);
	value_field(w, "Assert", r->assertion);
	text_field(w, "AssertDescription", r->description);
	w->ops->end_object(w->to);
	w->ops->end_list(w->to);
	w->ops->end_object(w->to);
}

static void
rules_section(struct walk *w)
{
	const struct mo_ir_template *t = w->template;
	if (t->rules.len) {
		key(w, "Rules");
		w->ops->begin_object(w->to);
		for (uint32_t i = 0; i < t->rules.len; i++) {
			write_rule(w, t->rules.items[i]);
		}
		w->ops->end_object(w->to);
	}
}

static void
mappings_section(struct walk *w)
{
	const struct mo_ir_template *t = w->template;
	const struct mo_ir_value *added = mo_ir_added(w->template, "Mappings");
	if (t->mappings.len || added) {
		key(w, "Mappings");
		w->ops->begin_object(w->to);
		for (uint32_t i = 0; i < t->mappings.len; i++) {
			w->ops->key(w->to, t->mappings.items[i]->id);
			write_value(w, t->mappings.items[i]->table, 0);
		}
		write_added(w, added);
		w->ops->end_object(w->to);
	}
}

static void
conditions_section(struct walk *w)
{
	const struct mo_ir_template *t = w->template;
	const struct mo_ir_value *added = mo_ir_added(w->template, "Conditions");
	if (t->conditions.len || added) {
		key(w, "Conditions");
		w->ops->begin_object(w->to);
		for (uint32_t i = 0; i < t->conditions.len; i++) {
			w->ops->key(w->to, t->conditions.items[i]->id);
			write_value(w, t->conditions.items[i]->expression, 0);
		}
		write_added(w, added);
		w->ops->end_object(w->to);
	}
}

// Always there, as CloudFormation requires.
static void
resources_section(struct walk *w)
{
	const struct mo_ir_template *t = w->template;
	key(w, "Resources");
	w->ops->begin_object(w->to);
	for (uint32_t i = 0; i < t->resources.len; i++) {
		if (!t->resources.items[i]->existing) {
			write_resource(w, t->resources.items[i]);
		}
	}
	write_added(w, mo_ir_added(w->template, "Resources"));
	w->ops->end_object(w->to);
}

static void
outputs_section(struct walk *w)
{
	const struct mo_ir_template *t = w->template;
	const struct mo_ir_value *added = mo_ir_added(w->template, "Outputs");
	if (t->outputs.len || added) {
		key(w, "Outputs");
		w->ops->begin_object(w->to);
		for (uint32_t i = 0; i < t->outputs.len; i++) {
			write_output(w, t->outputs.items[i]);
		}
		write_added(w, added);
		w->ops->end_object(w->to);
	}
}

const struct mo_ir_value *
mo_template_write(const struct mo_ir_template *t, const struct mo_sink *sink, struct mo_arena *scratch)
{
	struct walk w = { .ops = sink->ops, .to = sink->to, .scratch = scratch, .template = t };
	w.ops->begin_object(w.to);
	text_field(&w, "AWSTemplateFormatVersion", MO_STR("2010-09-09"));
	text_field(&w, "Description", t->description);
	value_field(&w, "Metadata", t->metadata);
	transform_section(&w);
	parameters_section(&w);
	rules_section(&w);
	mappings_section(&w);
	conditions_section(&w);
	added_sections(&w);
	resources_section(&w);
	outputs_section(&w);
	w.ops->end_object(w.to);
	return w.too_deep;
}

const struct mo_ir_value *
mo_template_write_value(const struct mo_ir_template *t, const struct mo_ir_value *v, const struct mo_sink *sink, struct mo_arena *scratch)
{
	struct walk w = { .ops = sink->ops, .to = sink->to, .scratch = scratch, .template = t };
	write_value(&w, v, 0);
	return w.too_deep;
}

const struct mo_ir_value *
mo_template_write_parameters(const struct mo_ir_template *t, const struct mo_sink *sink, struct mo_arena *scratch)
{
	struct walk w = { .ops = sink->ops, .to = sink->to, .scratch = scratch, .template = t };
	write_params(&w);
	return w.too_deep;
}
