// SPDX-License-Identifier: Apache-2.0
// Resources, existing ones, instances of components, and their keys.
#include "sema/check.h"
#include "sema/deprecated.h"

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

void
mo_check_keys(struct mo_check *c, mo_nodes keys)
{
	const struct mo_type *key = mo_type_union(c->ctx, mo_type_of_kind(MO_TYPE_STRING), mo_type_of_kind(MO_TYPE_INT));
	for (uint32_t i = 0; i < keys.len; i++) {
		if (keys.items[i]->kind == MO_STAR_NODE) {
			continue;
		}
		const struct mo_type *t = mo_check_expr(c, keys.items[i], key);
		if (mo_check_is_each(keys.items[i])) {
			continue;
		}
		mo_check_known(c, t, false, keys.items[i]->span, "the key of a family");
	}
}

// ---- resources -------------------------------------------------------------------------------------------------------------------

// Where the last part of a type's name starts: after "AWS::S3::".
static size_t
last_part(struct mo_str name)
{
	size_t i = name.len;
	while (i > 0 && name.p[i - 1] != ':') {
		i--;
	}
	return i;
}

// The nearest type: of the same service by its last part, of another service by the same last part, or by a slip in the whole name.
static struct mo_suggestion
nearest_type(struct mo_str name)
{
	size_t from = last_part(name);
	struct mo_str service = mo_str_sub(name, 0, from), part = mo_str_sub(name, from, name.len), best = { 0 };
	struct mo_suggestion inside = mo_suggest(part), whole = mo_suggest(name);
	for (uint32_t i = 0; i < mo_cat_resource_count(); i++) {
		struct mo_str candidate = mo_cat_resource(mo_cat_resource_at(i)).name;
		size_t at = last_part(candidate);
		uint32_t before = inside.best.len ? inside.distance : UINT32_MAX;
		if (at == from && mo_str_starts(candidate, service)) {
			mo_suggest_from(&inside, mo_str_sub(candidate, at, candidate.len));
			best = inside.best.len && inside.distance < before ? candidate : best;
		} else if (!inside.best.len && mo_str_eq(mo_str_sub(candidate, at, candidate.len), part) && (!best.len || candidate.len < best.len)) {
			best = candidate; // the service with the shortest name is the one known best
		}
		mo_suggest_from(&whole, candidate);
	}
	if (!best.len && whole.best.len && whole.distance <= 3) {
		best = whole.best;
	}
	whole.best = best;
	return whole;
}

void
mo_check_unknown_type(struct mo_check *c, struct mo_str name, struct mo_span at)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_UNKNOWN_RESOURCE_TYPE, at, "CloudFormation has no type `" MO_STR_FMT "`", MO_STR_ARG(name));
	struct mo_suggestion near = nearest_type(name);
	if (near.best.len) {
		mo_diag_suggest(d, at, &near);
	} else if (!mo_str_starts(name, MO_STR("AWS::")) && mo_str_find(name, MO_STR("::"), 0) >= 0) {
		mo_diag_help(d, "a type of your own, or of somebody else, is declared at the top of a file: `resource " MO_STR_FMT " { Name: String } gives { Arn: String }`",
			MO_STR_ARG(name));
	}
}

void
mo_check_infer_fields(struct mo_check *c, mo_nodes items)
{
	for (uint32_t i = 0; i < items.len; i++) {
		if (items.items[i]->kind == MO_FIELD_NODE) {
			mo_check_infer(c, mo_as_field(items.items[i])->value);
		} else if (items.items[i]->kind == MO_SPREAD_NODE) {
			mo_check_infer(c, mo_as_spread(items.items[i])->value);
		}
	}
}

static const struct mo_type *
service_token(struct mo_check *c)
{
	struct mo_type *arn = mo_type_new(c->ctx, MO_TYPE_STRING);
	mo_push(&c->ctx->session, &arn->targets, (struct mo_string_target){ MO_STR("AWS::Lambda::Function"), MO_STR("Arn"), false });
	mo_push(&c->ctx->session, &arn->targets, (struct mo_string_target){ MO_STR("AWS::SNS::Topic"), MO_STR("TopicArn"), true });
	return arn;
}

static bool
is_custom(struct mo_str type)
{
	return mo_str_starts(type, MO_STR("Custom::")) || mo_str_is(type, "AWS::CloudFormation::CustomResource");
}

// Who makes a custom resource, and how long that may take: CloudFormation's own, beside the properties.
static void
add_service(struct mo_check *c, struct mo_type *record)
{
	struct mo_type *timeout = mo_type_new(c->ctx, MO_TYPE_INT);
	mo_atom token = mo_atom_of(c->ctx->atoms, MO_STR("ServiceToken")), time = mo_atom_of(c->ctx->atoms, MO_STR("ServiceTimeout"));
	timeout->unit = MO_STR("s");
	mo_push(&c->ctx->session, &record->fields, (struct mo_field){ .name = token, .type = service_token(c) });
	mo_push(&c->ctx->session, &record->fields, (struct mo_field){ .name = time, .type = timeout, .optional = true });
}

static const struct mo_type *
custom_properties(struct mo_check *c, struct mo_symbol *schema)
{
	const struct mo_type *written = mo_type_of_node(c->program, mo_as_custom_schema(schema->declarations.items[0].node)->properties);
	if (written->kind != MO_TYPE_RECORD) {
		return error_type();
	}
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	t->name = schema->name;
	t->resource_type = mo_atom_str(c->ctx->atoms, schema->name);
	if (is_custom(t->resource_type)) {
		add_service(c, t);
	}
	for (uint32_t i = 0; i < written->fields.len; i++) {
		mo_push(&c->ctx->session, &t->fields, written->fields.items[i]);
	}
	return t;
}

// A custom resource without a schema takes anything, but it needs somebody who makes it.
static void
check_free_custom(struct mo_check *c, struct mo_resource_node *r, mo_nodes items)
{
	struct mo_type *token = mo_type_new(c->ctx, MO_TYPE_RECORD);
	struct mo_str type = mo_atom_str(c->ctx->atoms, r->kind.atom);
	mo_nodes others = { 0 };
	bool found = false;
	token->name = r->kind.atom;
	mo_push(&c->ctx->session, &token->fields, (struct mo_field){ .name = mo_atom_of(c->ctx->atoms, MO_STR("ServiceToken")),
		.type = service_token(c) });
	for (uint32_t i = 0; i < items.len; i++) {
		struct mo_node *n = items.items[i];
		bool is_token = n->kind == MO_FIELD_NODE && mo_as_field(n)->name.atom == token->fields.items[0].name;
		found = found || is_token || n->kind == MO_SPREAD_NODE || n->kind == MO_BAD_NODE;
		if (is_token) {
			mo_check_for(c, mo_as_field(n)->value, token->fields.items[0].type, MO_STR("ServiceToken"));
		} else {
			mo_push(&c->ctx->session, &others, n);
		}
	}
	mo_check_entries(c, others, mo_type_of_kind(MO_TYPE_JSON));
	if (!found) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISSING_FIELD, r->name.span, MO_STR_FMT " needs `ServiceToken`", MO_STR_ARG(type));
		mo_diag_here(d, "is missing here");
		mo_diag_help(d, "the function or topic that makes the resource: `ServiceToken: maker.Arn`");
	}
}

const struct mo_type *
mo_check_properties_of(struct mo_check *c, const struct mo_scope *from, mo_atom kind, bool *unknown)
{
	struct mo_str name = mo_atom_str(c->ctx->atoms, kind);
	struct mo_symbol *own = mo_symbol_real(mo_scope_find_kind(from, kind));
	struct mo_symbol *schema = own && own->kind == MO_SYM_CUSTOM ? own : mo_check_schema(c, name);
	mo_cat resource = mo_cat_find_resource(name);
	*unknown = false;
	if (schema && !resource) {
		return custom_properties(c, schema);
	}
	if (is_custom(name) || !resource) {
		*unknown = !is_custom(name);
		return NULL;
	}
	struct mo_cat_resource info = mo_cat_resource(resource);
	return mo_type_of_structure(c->ctx, info.name, info.structure);
}

void
mo_check_resource(struct mo_check *c, struct mo_node *n)
{
	struct mo_resource_node *r = mo_as_resource(n);
	struct mo_str name = mo_atom_str(c->ctx->atoms, r->kind.atom);
	mo_nodes items = mo_block_items(r->block);
	mo_check_keys(c, r->keys);
	if (n->symbol) {
		mo_check_symbol(c, n->symbol, n->span);
	}
	bool unknown;
	const struct mo_type *properties = mo_check_properties_of(c, c->body, r->kind.atom, &unknown);
	if (properties) {
		c->defaults_of = r->kind.atom;
		mo_check_fields(c, items, properties, r->name.span, NULL);
	} else if (!unknown) {
		check_free_custom(c, r, items);
	} else {
		mo_check_unknown_type(c, name, r->kind.span);
		mo_check_infer_fields(c, items);
	}
}

// ---- existing resources ----------------------------------------------------------------------------------------------------------

// What is known of something that exists: any property or attribute of its type may be written.
static const struct mo_type *
existing_type(struct mo_check *c, mo_cat resource)
{
	struct mo_cat_resource info = mo_cat_resource(resource);
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	t->name = mo_atom_of(c->ctx->atoms, info.name);
	t->resource_type = info.name;
	for (uint32_t i = 0; i < mo_cat_attribute_count(resource); i++) {
		mo_cat a = mo_cat_attribute_at(resource, i);
		struct mo_field f = { .name = mo_atom_of(c->ctx->atoms, mo_cat_property(a).name), .optional = true };
		f.type = mo_type_of_attribute(c->ctx, info.name, a);
		mo_push(&c->ctx->session, &t->fields, f);
	}
	for (uint32_t i = 0; i < mo_cat_property_count(info.structure); i++) {
		mo_cat p = mo_cat_property_at(info.structure, i);
		struct mo_field f = { .name = mo_atom_of(c->ctx->atoms, mo_cat_property(p).name), .optional = true };
		f.type = mo_type_of_property(c->ctx, info.name, p);
		if (!mo_type_field(t, f.name)) {
			mo_push(&c->ctx->session, &t->fields, f);
		}
	}
	mo_atom ref = mo_atom_of(c->ctx->atoms, info.ref);
	if (info.ref.len && !mo_type_field(t, ref)) {
		mo_push(&c->ctx->session, &t->fields, (struct mo_field){ .name = ref, .optional = true, .type = mo_type_of_kind(MO_TYPE_STRING) });
	}
	return t;
}

void
mo_check_existing(struct mo_check *c, struct mo_node *n)
{
	struct mo_existing_node *e = mo_as_existing(n);
	mo_cat resource = mo_cat_find_resource(mo_atom_str(c->ctx->atoms, e->kind.atom));
	mo_check_keys(c, e->keys);
	if (e->target) {
		mo_check_expr(c, e->target, mo_type_of_kind(MO_TYPE_TARGET));
	}
	if (n->symbol) {
		mo_check_symbol(c, n->symbol, n->span);
	}
	if (!resource) {
		mo_check_unknown_type(c, mo_atom_str(c->ctx->atoms, e->kind.atom), e->kind.span);
		mo_check_infer_fields(c, mo_block_items(e->block));
		return;
	}
	mo_check_fields(c, mo_block_items(e->block), existing_type(c, resource), e->name.span, NULL);
}

// ---- instances -------------------------------------------------------------------------------------------------------------------

// The record of a component's inputs.
static const struct mo_type *
input_record(struct mo_check *c, struct mo_symbol *component)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	t->name = component->name;
	t->symbol = component;
	for (uint32_t i = 0; i < component->body->symbols.len; i++) {
		struct mo_symbol *s = component->body->symbols.items[i];
		if (s->kind == MO_SYM_INPUT) {
			mo_check_symbol(c, s, s->span);
			struct mo_field f = { .name = s->name, .span = s->span, .type = s->declared ? s->declared : error_type() };
			f.value = mo_as_input(s->declarations.items[0].node)->value;
			mo_push(&c->ctx->session, &t->fields, f);
		}
	}
	return t;
}

// The expression that is passed as an argument; what is spread counts where no field of the name is written.
static struct mo_node *
written_argument(mo_nodes items, mo_atom name)
{
	struct mo_node *spread = NULL;
	for (uint32_t i = 0; i < items.len; i++) {
		struct mo_node *n = items.items[i];
		if (n->kind == MO_FIELD_NODE && mo_as_field(n)->name.atom == name && mo_as_field(n)->value) {
			return mo_as_field(n)->value;
		}
		spread = n->kind == MO_SPREAD_NODE ? mo_as_spread(n)->value : spread;
	}
	return spread;
}

// Adds what this declaration passes to what is known of the instance's arguments.
static void
remember_arguments(struct mo_check *c, const struct mo_type *instance, struct mo_symbol *component, struct mo_map *given)
{
	struct mo_map *all = instance && instance->kind == MO_TYPE_INSTANCE ? (struct mo_map *)(uintptr_t)instance->arguments : NULL;
	for (uint32_t i = 0; all && i < component->body->symbols.len; i++) {
		struct mo_symbol *s = component->body->symbols.items[i];
		const struct mo_type *a = s->kind == MO_SYM_INPUT ? mo_map_get(given, s->name) : NULL;
		const struct mo_type *before = a ? mo_map_get(all, (uint64_t)(uintptr_t)s) : NULL;
		if (a) {
			a = before ? mo_type_union(c->ctx, before, a) : a;
			mo_map_put(&c->ctx->session, all, (uint64_t)(uintptr_t)s, (void *)(uintptr_t)a);
		}
	}
}

// What the body of the component needs, asked of what is passed.
static void
check_needs(struct mo_check *c, struct mo_instance_node *i, struct mo_symbol *component, struct mo_map *given)
{
	mo_nodes items = mo_block_items(i->block);
	for (uint32_t k = 0; k < component->body->symbols.len; k++) {
		struct mo_symbol *s = component->body->symbols.items[k];
		const struct mo_type *a = s->kind == MO_SYM_INPUT && s->place ? mo_map_get(given, s->name) : NULL;
		struct mo_node *written = a ? written_argument(items, s->name) : NULL;
		if (written) {
			mo_check_needs(c, a, s->place, written);
		}
	}
}

// Inputs that are to go away.
static void
warn_of_arguments(struct mo_check *c, mo_nodes items, const struct mo_symbol *component)
{
	for (uint32_t i = 0; i < items.len; i++) {
		if (items.items[i]->kind == MO_FIELD_NODE) {
			struct mo_name name = mo_as_field(items.items[i])->name;
			mo_warn_deprecated(c->ctx, c->module, mo_map_get(&component->body->values, name.atom), name.span);
		}
	}
}

static void
report_no_component(struct mo_check *c, struct mo_instance_node *i, const struct mo_symbol *kind)
{
	bool lost = kind->type == error_type() && kind->declarations.len == 0;
	if (!lost) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_UNKNOWN_KIND, i->kind.span, "`" MO_STR_FMT "` is a type, not a component",
			MO_STR_ARG(mo_atom_str(c->ctx->atoms, i->kind.atom)));
		mo_diag_label(d, kind->span, "declared here");
	}
}

void
mo_check_instance(struct mo_check *c, struct mo_node *n)
{
	struct mo_instance_node *i = mo_as_instance(n);
	struct mo_symbol *component = i->item.made_of;
	mo_check_keys(c, i->keys);
	if (component && component->kind == MO_SYM_COMPONENT && component->body) {
		struct mo_map given = { 0 };
		mo_check_fields(c, mo_block_items(i->block), input_record(c, component), i->name.span, &given);
		remember_arguments(c, n->type, component, &given);
		warn_of_arguments(c, mo_block_items(i->block), component);
		mo_check_component(c, component, i->kind.span);
		check_needs(c, i, component, &given);
		return;
	}
	if (component && component->kind != MO_SYM_COMPONENT) {
		report_no_component(c, i, component);
	}
	mo_check_infer_fields(c, mo_block_items(i->block));
}

// ---- components ------------------------------------------------------------------------------------------------------------------

// A default that speaks of other inputs needs of them what the body needs of this one.
static void
check_needs_of_defaults(struct mo_check *c, struct mo_symbol *component)
{
	for (uint32_t k = component->body->symbols.len; k-- > 0;) {
		struct mo_symbol *s = component->body->symbols.items[k];
		struct mo_node *value = s->kind == MO_SYM_INPUT ? mo_as_input(s->declarations.items[0].node)->value : NULL;
		if (value && value->type && s->place) {
			mo_check_needs(c, value->type, s->place, value);
		}
	}
}

void
mo_check_component(struct mo_check *c, struct mo_symbol *s, struct mo_span used_at)
{
	if (s->state == 2 || !s->body) {
		return;
	}
	if (s->state == 1) {
		mo_check_report_cycle(c, s, used_at, "the component");
		return;
	}
	struct mo_checking checking;
	mo_checking_push(c, &checking, s, used_at);
	s->state = 1;
	struct mo_check before = mo_check_enter(c, s->module, s->body, NULL);
	mo_check_decorators(c, &mo_as_component(s->declarations.items[0].node)->item);
	mo_check_items(c, mo_block_items(mo_as_component(s->declarations.items[0].node)->block));
	check_needs_of_defaults(c, s);
	mo_check_leave(c, before);
	s->state = 2;
	mo_checking_pop(c);
}

const struct mo_type *
mo_check_output(struct mo_check *c, const struct mo_type *instance, mo_atom name)
{
	struct mo_symbol *component = instance->symbol;
	struct mo_symbol *s = component->body ? mo_map_get(&component->body->outputs, name) : NULL;
	if (!s) {
		s = component->body ? mo_map_get(&component->body->values, name) : NULL;
		s = s && s->kind == MO_SYM_INPUT ? s : NULL;
	}
	if (!s) {
		return NULL;
	}
	const struct mo_type *t = mo_check_seen(c, s, mo_check_symbol(c, s, s->span));
	return mo_check_substitute(c, t, instance->arguments);
}

// A type without times: what it admits, whenever that is known.
static const struct mo_type *
without_time(struct mo_check *c, const struct mo_type *t, uint32_t depth)
{
	if (depth > 32) {
		return t;
	}
	struct mo_type *s = mo_type_new(c->ctx, t->kind);
	*s = *t;
	s->time = MO_COMPILE_TIME;
	s->element = t->element ? without_time(c, t->element, depth + 1) : NULL;
	s->fields.items = NULL;
	s->fields.len = s->fields.cap = 0;
	for (uint32_t i = 0; i < t->fields.len; i++) {
		struct mo_field f = t->fields.items[i];
		f.type = without_time(c, f.type, depth + 1);
		mo_push(&c->ctx->session, &s->fields, f);
	}
	s->alternatives.items = NULL;
	s->alternatives.len = s->alternatives.cap = 0;
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		mo_push(&c->ctx->session, &s->alternatives, without_time(c, t->alternatives.items[i], depth + 1));
	}
	return s;
}

const struct mo_type *
mo_type_of_component(struct mo_check *c, struct mo_symbol *component)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	t->name = component->name;
	for (uint32_t i = 0; component->body && i < component->body->symbols.len; i++) {
		struct mo_symbol *s = component->body->symbols.items[i];
		if (s->kind == MO_SYM_OUTPUT) {
			const struct mo_type *seen = mo_check_seen(c, s, mo_check_symbol(c, s, s->span));
			struct mo_field f = { .name = s->name, .span = s->span, .optional = mo_type_admits_none(seen) };
			f.type = without_time(c, mo_type_present(seen), 0);
			mo_push(&c->ctx->session, &t->fields, f);
		}
	}
	return t;
}
