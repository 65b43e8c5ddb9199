// SPDX-License-Identifier: Apache-2.0
// Templates taken from files: what the checker has read becomes a template of the platform, so that everything that is checked of ours is
// checked of it. What refers to what is found here. The file itself is passed on as it is; a stack made from it gets the template made
// here, with the values that it gives in place of parameters.
#include "eval/finish.h"
#include "source/data.h"

struct taking {
	struct mo_eval *ev;
	struct mo_variant *variant;
	struct mo_ir_template *template;
	struct mo_map params, given;         // hash of an ID -> mo_ir_param; -> mo_ir_value in its place
	struct mo_map resources, conditions; // -> mo_resource; -> mo_ir_condition
	struct mo_map mappings;
	bool open;                           // macros and loops may make what is not there
	uint32_t depth;
};

static const struct mo_ir_value *convert(struct taking *k, const struct mo_data *d);

static struct mo_str
text_of(const struct mo_data *d)
{
	return d && d->kind != MO_DATA_LIST && d->kind != MO_DATA_OBJECT ? d->text : (struct mo_str){ 0 };
}

// ---- references ------------------------------------------------------------------------------------------------------------------

static void
suggest_all(const struct taking *k, bool params, struct mo_suggestion *near)
{
	for (uint32_t i = 0; params && i < k->template->params.len; i++) {
		mo_suggest_from(near, k->template->params.items[i]->id);
	}
	for (uint32_t i = 0; i < k->template->resources.len; i++) {
		mo_suggest_from(near, k->template->resources.items[i]->id);
	}
}

static void
report_unknown(struct taking *k, struct mo_span span, const char *what, struct mo_str name, bool params)
{
	struct mo_suggestion near = mo_suggest(name);
	if (k->open) {
		return;
	}
	struct mo_diag *d = mo_report(k->ev->ctx->diags, MSG_REFERENCE_OUTSIDE_TEMPLATE, span,
		"`" MO_STR_FMT "` refers to the %s `" MO_STR_FMT "`, which is not in it", MO_STR_ARG(k->variant->stack->name), what, MO_STR_ARG(name));
	suggest_all(k, params, &near);
	if (near.best.len) {
		mo_diag_help(d, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(near.best));
	}
	mo_diag_label(d, k->variant->stack->span, "taken over here");
}

// What a name stands for; NULL after a report, or when nobody can know.
static const struct mo_ir_value *
named(struct taking *k, struct mo_str name, struct mo_span span)
{
	uint64_t hash = mo_str_hash(name);
	const struct mo_ir_value *given = mo_map_get(&k->given, hash);
	struct mo_ir_param *param = mo_map_get(&k->params, hash);
	struct mo_resource *resource = mo_map_get(&k->resources, hash);
	if (mo_str_starts(name, MO_STR("AWS::"))) {
		return mo_ir_pseudo(k->ev->arena, span, name);
	}
	if (given || param) {
		return given ? given : mo_ir_param_ref(k->ev->arena, span, param);
	}
	if (resource) {
		return mo_ir_ref(k->ev->arena, span, &resource->ir);
	}
	report_unknown(k, span, "parameter or resource", name, true);
	return NULL;
}

static bool
has_attribute(const struct mo_resource *r, struct mo_str attribute)
{
	bool nested = mo_str_is(r->ir.type, "AWS::CloudFormation::Stack") && mo_str_starts(attribute, MO_STR("Outputs."));
	return !r->ir.catalog || nested || mo_cat_find_attribute(r->ir.catalog, attribute);
}

static const struct mo_ir_value *
attribute_of(struct taking *k, struct mo_str name, struct mo_str attribute, struct mo_span span)
{
	struct mo_resource *r = mo_map_get(&k->resources, mo_str_hash(name));
	if (!r) {
		report_unknown(k, span, "resource", name, false);
		return NULL;
	}
	if (!has_attribute(r, attribute)) {
		struct mo_diag *d = mo_report(k->ev->ctx->diags, MSG_UNKNOWN_MEMBER, span, MO_STR_FMT " has no attribute `" MO_STR_FMT "`",
			MO_STR_ARG(r->ir.type), MO_STR_ARG(attribute));
		struct mo_suggestion near = mo_suggest(attribute);
		for (uint32_t i = 0; i < mo_cat_attribute_count(r->ir.catalog); i++) {
			mo_suggest_from(&near, mo_cat_property(mo_cat_attribute_at(r->ir.catalog, i)).name);
		}
		if (near.best.len) {
			mo_diag_help(d, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(near.best));
		}
		mo_diag_label(d, r->ir.origin.span, "declared here");
		return NULL;
	}
	return mo_ir_attribute(k->ev->arena, span, &r->ir, attribute);
}

static struct mo_ir_condition *
condition_of(struct taking *k, struct mo_str name, struct mo_span span)
{
	struct mo_ir_condition *c = mo_map_get(&k->conditions, mo_str_hash(name));
	if (!c) {
		report_unknown(k, span, "condition", name, false);
	}
	return c;
}

// ---- text with values in it --------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
placeholder(struct taking *k, struct mo_str name, const struct mo_data *variables, struct mo_span span)
{
	for (uint32_t i = 0; variables && variables->kind == MO_DATA_OBJECT && i < variables->members.len; i++) {
		if (mo_str_eq(variables->members.items[i].key, name)) {
			return convert(k, variables->members.items[i].value);
		}
	}
	ptrdiff_t dot = mo_str_find(name, MO_STR("."), 0);
	return dot < 0 ? named(k, name, span)
		: attribute_of(k, mo_str_sub(name, 0, (size_t)dot), mo_str_sub(name, (size_t)dot + 1, name.len), span);
}

static void
add_text(struct taking *k, struct mo_ir_value *sub, struct mo_str text)
{
	if (text.len) {
		mo_push(k->ev->arena, &sub->items, mo_ir_string(k->ev->arena, sub->span, text));
	}
}

// NULL when a part is not known.
static const struct mo_ir_value *
substitute(struct taking *k, const struct mo_data *text, const struct mo_data *variables)
{
	struct mo_ir_value *sub = mo_ir_sub(k->ev->arena, text->span);
	size_t at = 0;
	for (;;) {
		ptrdiff_t start = mo_str_find(text->text, MO_STR("${"), at);
		ptrdiff_t end = start < 0 ? -1 : mo_str_find(text->text, MO_STR("}"), (size_t)start);
		if (end < 0) {
			add_text(k, sub, mo_str_sub(text->text, at, text->text.len));
			return sub;
		}
		add_text(k, sub, mo_str_sub(text->text, at, (size_t)start));
		struct mo_str name = mo_str_sub(text->text, (size_t)start + 2, (size_t)end);
		at = (size_t)end + 1;
		if (mo_str_starts(name, MO_STR("!"))) {
			add_text(k, sub, mo_str_printf(k->ev->arena, "${" MO_STR_FMT "}", MO_STR_ARG(mo_str_sub(name, 1, name.len))));
			continue;
		}
		const struct mo_ir_value *v = placeholder(k, name, variables, text->span);
		if (!v) {
			return NULL;
		}
		mo_push(k->ev->arena, &sub->items, v);
	}
}

// ---- functions -------------------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
get_attribute(struct taking *k, const struct mo_data *argument)
{
	const struct mo_data *name = argument, *attribute = NULL;
	struct mo_str id, of;
	if (argument->kind == MO_DATA_LIST && argument->items.len == 2) {
		name = argument->items.items[0];
		attribute = argument->items.items[1];
		id = text_of(name);
		of = text_of(attribute);
	} else {
		ptrdiff_t dot = mo_str_find(text_of(argument), MO_STR("."), 0);
		id = dot < 0 ? (struct mo_str){ 0 } : mo_str_sub(argument->text, 0, (size_t)dot);
		of = dot < 0 ? (struct mo_str){ 0 } : mo_str_sub(argument->text, (size_t)dot + 1, argument->text.len);
	}
	return id.len && of.len ? attribute_of(k, id, of, name->span) : NULL;
}

static const struct mo_ir_value *
choose(struct taking *k, const struct mo_data *argument)
{
	if (argument->kind != MO_DATA_LIST || argument->items.len != 3) {
		return NULL;
	}
	const struct mo_data *name = argument->items.items[0];
	struct mo_ir_condition *c = condition_of(k, text_of(name), name->span);
	return c ? mo_ir_if(k->ev->arena, argument->span, c, convert(k, argument->items.items[1]), convert(k, argument->items.items[2])) : NULL;
}

static void
check_mapping(struct taking *k, const struct mo_data *argument)
{
	const struct mo_data *name = argument->kind == MO_DATA_LIST && argument->items.len ? argument->items.items[0] : NULL;
	if (name && name->kind == MO_DATA_STRING && !mo_map_get(&k->mappings, mo_str_hash(name->text))) {
		report_unknown(k, name->span, "mapping", name->text, false);
	}
}

// A function by its meaning; NULL when it is kept as it was written.
static const struct mo_ir_value *
known_function(struct taking *k, struct mo_str function, const struct mo_data *argument)
{
	if (mo_str_is(function, "Ref") && argument->kind == MO_DATA_STRING) {
		return named(k, argument->text, argument->span);
	}
	if (mo_str_is(function, "Fn::GetAtt")) {
		return get_attribute(k, argument);
	}
	if (mo_str_is(function, "Fn::If")) {
		return choose(k, argument);
	}
	if (mo_str_is(function, "Fn::Sub")) {
		bool with = argument->kind == MO_DATA_LIST && argument->items.len == 2;
		const struct mo_data *text = with ? argument->items.items[0] : argument;
		return text->kind == MO_DATA_STRING ? substitute(k, text, with ? argument->items.items[1] : NULL) : NULL;
	}
	if (mo_str_is(function, "Fn::FindInMap")) {
		check_mapping(k, argument);
	}
	return NULL;
}

static const struct mo_ir_value *
function(struct taking *k, const struct mo_data *d)
{
	const struct mo_data_member *m = d->kind == MO_DATA_OBJECT && d->members.len == 1 ? &d->members.items[0] : NULL;
	if (!m || (!mo_str_is(m->key, "Ref") && !mo_str_starts(m->key, MO_STR("Fn::")))) {
		return NULL;
	}
	const struct mo_ir_value *known = known_function(k, m->key, m->value);
	return known ? known : mo_ir_call(k->ev->arena, d->span, m->key, convert(k, m->value));
}

// ---- values ----------------------------------------------------------------------------------------------------------------------

// A number that is not written as one would be (a leading zero, an underscore) stays the text that it is.
static const struct mo_ir_value *
number(struct taking *k, const struct mo_data *d)
{
	struct mo_str plain = mo_str_printf(k->ev->arena, "%lld", (long long)d->integer);
	return mo_str_eq(plain, d->text) || !d->plain ? mo_ir_int(k->ev->arena, d->span, d->integer) : mo_ir_string(k->ev->arena, d->span, d->text);
}

static const struct mo_ir_value *
convert_container(struct taking *k, const struct mo_data *d)
{
	struct mo_ir_value *copy = d->kind == MO_DATA_LIST ? mo_ir_list(k->ev->arena, d->span) : mo_ir_object(k->ev->arena, d->span);
	for (uint32_t i = 0; d->kind == MO_DATA_LIST && i < d->items.len; i++) {
		mo_push(k->ev->arena, &copy->items, convert(k, d->items.items[i]));
	}
	for (uint32_t i = 0; d->kind == MO_DATA_OBJECT && i < d->members.len; i++) {
		const struct mo_data_member *m = &d->members.items[i];
		mo_ir_set(k->ev->arena, copy, m->key, m->key_span, convert(k, m->value));
	}
	return copy;
}

static const struct mo_ir_value *
convert(struct taking *k, const struct mo_data *d)
{
	switch (d->kind) {
	case MO_DATA_NULL:
		return mo_ir_null(k->ev->arena, d->span);
	case MO_DATA_BOOL:
		return mo_ir_bool(k->ev->arena, d->span, d->boolean);
	case MO_DATA_INT:
		return number(k, d);
	case MO_DATA_FLOAT:
		return d->plain ? mo_ir_string(k->ev->arena, d->span, d->text) : mo_ir_float(k->ev->arena, d->span, d->number);
	case MO_DATA_STRING:
		return mo_ir_string(k->ev->arena, d->span, d->text);
	default:
		break;
	}
	if (k->depth >= MO_DATA_DEPTH) {
		return mo_ir_null(k->ev->arena, d->span);
	}
	k->depth++;
	const struct mo_ir_value *made = function(k, d);
	made = made ? made : convert_container(k, d);
	k->depth--;
	return made;
}

// ---- parameters ------------------------------------------------------------------------------------------------------------------

static bool
take_bound(const struct mo_data *p, const char *key, int64_t *out)
{
	const struct mo_data *d = mo_data_get(p, key);
	*out = d && d->kind == MO_DATA_INT ? d->integer : 0;
	return d && d->kind == MO_DATA_INT;
}

static void
take_param(struct taking *k, const struct mo_data_member *m)
{
	struct mo_ir_param *p = mo_new(k->ev->arena, struct mo_ir_param);
	const struct mo_data *d = m->value, *otherwise = mo_data_get(d, "Default"), *allowed = mo_data_get(d, "AllowedValues"), *hidden = mo_data_get(d, "NoEcho");
	p->id = m->key;
	p->origin = (struct mo_ir_origin){ m->key_span, m->key_span, m->key };
	p->type = text_of(mo_data_get(d, "Type"));
	p->description = text_of(mo_data_get(d, "Description"));
	p->constraint_description = text_of(mo_data_get(d, "ConstraintDescription"));
	p->allowed_pattern = text_of(mo_data_get(d, "AllowedPattern"));
	p->default_value = otherwise ? convert(k, otherwise) : NULL;
	p->allowed_values = allowed ? convert(k, allowed) : NULL;
	p->no_echo = hidden && (hidden->boolean || mo_str_is(text_of(hidden), "true"));
	p->has_min_length = take_bound(d, "MinLength", &p->min_length);
	p->has_max_length = take_bound(d, "MaxLength", &p->max_length);
	p->has_min_value = take_bound(d, "MinValue", &p->min_value);
	p->has_max_value = take_bound(d, "MaxValue", &p->max_value);
	mo_map_put(k->ev->arena, &k->params, mo_str_hash(p->id), p);
	mo_map_put(k->ev->arena, &k->ev->evaluator->owners, MO_KEY(p), k->variant);
	mo_push(k->ev->arena, &k->template->params, p);
}

// What a stack made from the template says, as this stack can say it.
static void
take_given(struct taking *k, const struct mo_symbol *template)
{
	struct mo_variant *v = k->variant;
	struct mo_finish fin = { .ev = k->ev, .variant = v };
	struct mo_place_of_work before = mo_enter(k->ev, v->giving, NULL);
	mo_arguments_collect(k->ev, v->giving, v->stack->given, &v->arguments);
	for (uint32_t i = 0; i < v->arguments.items.len; i++) {
		struct mo_argument *a = v->arguments.items.items[i];
		const struct mo_field *f = template->declared ? mo_type_field(template->declared, a->name) : NULL;
		const struct mo_value *value = f ? mo_argument_value(k->ev, v->giving, a, f->type) : mo_error_value();
		if (mo_is_error(value) || mo_is_none(value)) {
			continue;
		}
		const struct mo_ir_value *ir = mo_finish_value(&fin, mo_lower(k->ev, mo_as_refs(k->ev, value)));
		mo_map_put(k->ev->arena, &k->given, mo_str_hash(mo_atom_text(k->ev, a->name)), (void *)(uintptr_t)ir);
	}
	mo_leave(k->ev, v->giving, before);
}

// ---- resources -------------------------------------------------------------------------------------------------------------------

static enum mo_ir_policy
policy_of(const struct mo_data *d)
{
	static const struct {
		const char *name;
		enum mo_ir_policy policy;
	} policies[] = { { "Delete", MO_IR_DELETE }, { "Retain", MO_IR_RETAIN }, { "RetainExceptOnCreate", MO_IR_RETAIN_EXCEPT_ON_CREATE },
		{ "Snapshot", MO_IR_SNAPSHOT } };
	for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
		if (mo_str_is(text_of(d), policies[i].name)) {
			return policies[i].policy;
		}
	}
	return MO_IR_NO_POLICY;
}

static struct mo_resource *
new_resource(struct taking *k, const struct mo_data_member *m)
{
	struct mo_resource *r = mo_new(k->ev->arena, struct mo_resource);
	r->ir.id = m->key;
	r->ir.origin = (struct mo_ir_origin){ m->key_span, m->key_span, m->key };
	r->ir.type = text_of(mo_data_get(m->value, "Type"));
	r->ir.catalog = mo_cat_find_resource(r->ir.type);
	r->ir.template = k->template;
	r->ir.properties = mo_ir_object(k->ev->arena, m->value->span);
	r->instance = k->variant->body;
	r->node = k->variant->body->node;
	r->frame = k->variant->body->frame;
	r->slug = m->key;
	r->registered = r->evaluated = true;
	r->properties.progress = MO_DONE;
	mo_map_put(k->ev->arena, &k->resources, mo_str_hash(m->key), r);
	mo_push(k->ev->arena, &k->template->resources, &r->ir);
	return r;
}

static void
take_dependency(struct taking *k, struct mo_resource *r, const struct mo_data *d)
{
	struct mo_resource *on = d->kind == MO_DATA_STRING ? mo_map_get(&k->resources, mo_str_hash(d->text)) : NULL;
	if (on) {
		mo_push(k->ev->arena, &r->ir.depends_on, &on->ir);
	} else {
		report_unknown(k, d->span, "resource", text_of(d), false);
	}
}

static void
take_attribute(struct taking *k, struct mo_resource *r, const struct mo_data_member *m)
{
	const struct mo_data *d = m->value;
	if (mo_str_is(m->key, "Properties") && d->kind == MO_DATA_OBJECT) {
		r->ir.properties = (struct mo_ir_value *)(uintptr_t)convert_container(k, d);
	} else if (mo_str_is(m->key, "Metadata")) {
		r->ir.metadata = convert(k, d);
	} else if (mo_str_is(m->key, "CreationPolicy")) {
		r->ir.creation_policy = convert(k, d);
	} else if (mo_str_is(m->key, "UpdatePolicy")) {
		r->ir.update_policy = convert(k, d);
	} else if (mo_str_is(m->key, "DeletionPolicy") && policy_of(d)) {
		r->ir.deletion_policy = policy_of(d);
	} else if (mo_str_is(m->key, "UpdateReplacePolicy") && policy_of(d)) {
		r->ir.update_replace_policy = policy_of(d);
	} else if (mo_str_is(m->key, "Condition")) {
		r->ir.condition = condition_of(k, text_of(d), d->span);
	} else if (mo_str_is(m->key, "DependsOn")) {
		for (uint32_t i = 0; d->kind == MO_DATA_LIST && i < d->items.len; i++) {
			take_dependency(k, r, d->items.items[i]);
		}
		if (d->kind != MO_DATA_LIST) {
			take_dependency(k, r, d);
		}
	} else if (!mo_str_is(m->key, "Type")) {
		struct mo_ir_value *extra = (struct mo_ir_value *)(uintptr_t)r->ir.extra;
		extra = extra ? extra : mo_ir_object(k->ev->arena, d->span);
		mo_ir_set(k->ev->arena, extra, m->key, m->key_span, convert(k, d));
		r->ir.extra = extra;
	}
}

// ---- sections --------------------------------------------------------------------------------------------------------------------

typedef void (*take)(struct taking *k, const struct mo_data_member *m);

static void
each(struct taking *k, const struct mo_data *root, const char *section, take work)
{
	const struct mo_data *d = mo_data_get(root, section);
	for (uint32_t i = 0; d && d->kind == MO_DATA_OBJECT && i < d->members.len; i++) {
		const struct mo_data_member *m = &d->members.items[i];
		if (!mo_str_starts(m->key, MO_STR("Fn::"))) {
			work(k, m);
		}
	}
}

static void
note_resource(struct taking *k, const struct mo_data_member *m)
{
	new_resource(k, m);
}

static void
take_resource(struct taking *k, const struct mo_data_member *m)
{
	struct mo_resource *r = mo_map_get(&k->resources, mo_str_hash(m->key));
	for (uint32_t i = 0; m->value->kind == MO_DATA_OBJECT && i < m->value->members.len; i++) {
		take_attribute(k, r, &m->value->members.items[i]);
	}
}

static void
note_condition(struct taking *k, const struct mo_data_member *m)
{
	struct mo_ir_condition *c = mo_new(k->ev->arena, struct mo_ir_condition);
	c->id = m->key;
	c->origin = (struct mo_ir_origin){ m->key_span, m->key_span, m->key };
	mo_map_put(k->ev->arena, &k->conditions, mo_str_hash(m->key), c);
	mo_map_put(k->ev->arena, &k->variant->localized, MO_KEY(c), c);
	mo_map_put(k->ev->arena, &k->variant->condition_ids, mo_str_hash(c->id), c);
	mo_push(k->ev->arena, &k->template->conditions, c);
}

// In conditions { Condition: name } is another one.
static const struct mo_ir_value *
convert_condition(struct taking *k, const struct mo_data *d)
{
	const struct mo_data_member *m = d->kind == MO_DATA_OBJECT && d->members.len == 1 ? &d->members.items[0] : NULL;
	if (m && mo_str_is(m->key, "Condition") && m->value->kind == MO_DATA_STRING) {
		struct mo_ir_condition *c = condition_of(k, m->value->text, m->value->span);
		return c ? mo_ir_condition_ref(k->ev->arena, d->span, c) : mo_ir_null(k->ev->arena, d->span);
	}
	bool logic = m && (mo_str_is(m->key, "Fn::And") || mo_str_is(m->key, "Fn::Or") || mo_str_is(m->key, "Fn::Not"));
	if (!logic || m->value->kind != MO_DATA_LIST || k->depth >= MO_DATA_DEPTH) {
		return convert(k, d);
	}
	struct mo_ir_value *list = mo_ir_list(k->ev->arena, m->value->span);
	k->depth++;
	for (uint32_t i = 0; i < m->value->items.len; i++) {
		mo_push(k->ev->arena, &list->items, convert_condition(k, m->value->items.items[i]));
	}
	k->depth--;
	return mo_ir_call(k->ev->arena, d->span, m->key, list);
}

static void
take_condition(struct taking *k, const struct mo_data_member *m)
{
	struct mo_ir_condition *c = mo_map_get(&k->conditions, mo_str_hash(m->key));
	c->expression = convert_condition(k, m->value);
}

static void
take_mapping(struct taking *k, const struct mo_data_member *m)
{
	struct mo_ir_mapping *map = mo_new(k->ev->arena, struct mo_ir_mapping);
	map->id = m->key;
	map->origin = (struct mo_ir_origin){ m->key_span, m->key_span, m->key };
	map->table = convert(k, m->value);
	mo_map_put(k->ev->arena, &k->mappings, mo_str_hash(m->key), map);
	mo_map_put(k->ev->arena, &k->variant->mapping_ids, mo_str_hash(m->key), map);
	mo_push(k->ev->arena, &k->template->mappings, map);
}

static void
take_output(struct taking *k, const struct mo_data_member *m)
{
	const struct mo_data *value = mo_data_get(m->value, "Value"), *name = mo_data_get(mo_data_get(m->value, "Export"), "Name"),
			     *condition = mo_data_get(m->value, "Condition");
	struct mo_ir_output *o = mo_new(k->ev->arena, struct mo_ir_output);
	o->id = m->key;
	o->origin = (struct mo_ir_origin){ m->key_span, m->key_span, m->key };
	o->value = value ? convert(k, value) : mo_ir_null(k->ev->arena, m->key_span);
	o->description = text_of(mo_data_get(m->value, "Description"));
	o->export_name = name ? convert(k, name) : NULL;
	o->condition = condition ? condition_of(k, text_of(condition), condition->span) : NULL;
	mo_push(k->ev->arena, &k->template->outputs, o);
}

// Sections that the platform has no word for, and loops among the others.
static void
take_others(struct taking *k, const struct mo_data *root)
{
	static const char *const known[] = { "AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Mappings", "Conditions",
		"Transform", "Resources", "Outputs" };
	struct mo_ir_value *extra = mo_ir_object(k->ev->arena, root->span);
	for (uint32_t i = 0; i < root->members.len; i++) {
		const struct mo_data_member *m = &root->members.items[i];
		bool ours = false;
		for (size_t n = 0; n < sizeof(known) / sizeof(known[0]); n++) {
			ours = ours || mo_str_is(m->key, known[n]);
		}
		struct mo_ir_value *loops = mo_ir_object(k->ev->arena, m->key_span);
		for (uint32_t n = 0; ours && m->value->kind == MO_DATA_OBJECT && n < m->value->members.len; n++) {
			const struct mo_data_member *inner = &m->value->members.items[n];
			if (mo_str_starts(inner->key, MO_STR("Fn::")) && !mo_str_is(m->key, "Metadata")) {
				mo_ir_set(k->ev->arena, loops, inner->key, inner->key_span, convert_container(k, inner->value));
			}
		}
		if (!ours || loops->members.len) {
			mo_ir_set(k->ev->arena, extra, m->key, m->key_span, ours ? loops : convert(k, m->value));
		}
	}
	k->template->extra = extra->members.len ? extra : NULL;
}

static bool
has_loops(const struct mo_data *root)
{
	for (uint32_t i = 0; i < root->members.len; i++) {
		const struct mo_data *d = root->members.items[i].value;
		for (uint32_t n = 0; d->kind == MO_DATA_OBJECT && n < d->members.len; n++) {
			if (mo_str_starts(d->members.items[n].key, MO_STR("Fn::"))) {
				return true;
			}
		}
	}
	return false;
}

static void
take_transforms(struct taking *k, const struct mo_data *root)
{
	const struct mo_data *d = mo_data_get(root, "Transform");
	for (uint32_t i = 0; d && d->kind == MO_DATA_LIST && i < d->items.len; i++) {
		mo_push(k->ev->arena, &k->template->transforms, convert(k, d->items.items[i]));
	}
	if (d && d->kind != MO_DATA_LIST) {
		mo_push(k->ev->arena, &k->template->transforms, convert(k, d));
	}
	k->open = d || has_loops(root);
}

void
mo_template_take(struct mo_eval *ev, struct mo_variant *v, const struct mo_symbol *template)
{
	const struct mo_data *root = template->file->data;
	struct taking k = { .ev = ev, .variant = v, .template = v->template };
	v->taken = v->finished = true;
	if (!v->stack->item->doc.len) {
		v->template->description = text_of(mo_data_get(root, "Description"));
	}
	take_transforms(&k, root);
	each(&k, root, "Parameters", take_param);
	each(&k, root, "Conditions", note_condition);
	each(&k, root, "Resources", note_resource);
	each(&k, root, "Mappings", take_mapping);
	if (v->giving) {
		take_given(&k, template);
	} else if (v->stack->is_template) {
		v->template->verbatim = template->file->source->text;
		v->template->verbatim_json = mo_data_is_json_template(template->file->source);
	}
	const struct mo_data *metadata = mo_data_get(root, "Metadata");
	v->template->metadata = metadata ? convert(&k, metadata) : NULL;
	each(&k, root, "Conditions", take_condition);
	each(&k, root, "Resources", take_resource);
	each(&k, root, "Outputs", take_output);
	take_others(&k, root);
	uint32_t kept = 0;
	for (uint32_t i = 0; i < v->template->params.len; i++) { // what is given is no parameter any more
		struct mo_ir_param *p = v->template->params.items[i];
		if (!mo_map_get(&k.given, mo_str_hash(p->id))) {
			v->template->params.items[kept++] = p;
		}
	}
	v->template->params.len = kept;
}
