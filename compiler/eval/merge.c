// SPDX-License-Identifier: Apache-2.0
// Templates of one stack that turned out alike are one. They were evaluated apart because something they asked differed (another stack's
// template, say) that in the end made no difference. Takes finished templates; positions do not count, IDs and everything else does.
#include "eval/instance.h"

// ---- values ----------------------------------------------------------------------------------------------------------------------

static bool same(const struct mo_ir_value *a, const struct mo_ir_value *b, uint32_t depth);

static bool
same_text(struct mo_str a, struct mo_str b)
{
	return mo_str_eq(a, b);
}

static bool
same_items(const struct mo_ir_value *a, const struct mo_ir_value *b, uint32_t depth)
{
	for (uint32_t i = 0; i < a->items.len && i < b->items.len; i++) {
		if (!same(a->items.items[i], b->items.items[i], depth)) {
			return false;
		}
	}
	return a->items.len == b->items.len;
}

static bool
same_members(const struct mo_ir_value *a, const struct mo_ir_value *b, uint32_t depth)
{
	for (uint32_t i = 0; i < a->members.len && i < b->members.len; i++) {
		const struct mo_ir_member *m = &a->members.items[i], *n = &b->members.items[i];
		if (!same_text(m->key, n->key) || !same(m->value, n->value, depth)) {
			return false;
		}
	}
	return a->members.len == b->members.len;
}

static bool
same_condition(const struct mo_ir_condition *a, const struct mo_ir_condition *b)
{
	return a && b ? same_text(a->id, b->id) : a == b;
}

static bool
same_kind(const struct mo_ir_value *a, const struct mo_ir_value *b, uint32_t depth)
{
	switch (a->kind) {
	case MO_IR_LIST:
	case MO_IR_SUB:
		return same_items(a, b, depth);
	case MO_IR_OBJECT:
		return same_members(a, b, depth);
	case MO_IR_RESOURCE:
		return same_text(a->resource->id, b->resource->id);
	case MO_IR_ATTRIBUTE:
		return same_text(a->resource->id, b->resource->id) && same_text(a->attribute, b->attribute);
	case MO_IR_PARAM:
		return same_text(a->param->id, b->param->id);
	case MO_IR_IF:
		return same_condition(a->condition, b->condition) && same(a->then, b->then, depth) && same(a->otherwise, b->otherwise, depth);
	case MO_IR_CONDITION:
		return same_condition(a->condition, b->condition);
	case MO_IR_CALL:
		return same_text(a->function, b->function) && same(a->argument, b->argument, depth);
	default:
		return mo_ir_equal(a, b);
	}
}

static bool
same(const struct mo_ir_value *a, const struct mo_ir_value *b, uint32_t depth)
{
	if (a == b) {
		return true;
	}
	return a && b && a->kind == b->kind && depth < MO_IR_DEEPEST && same_kind(a, b, depth + 1);
}

// ---- parts of templates ----------------------------------------------------------------------------------------------------------

static bool
same_loop(const struct mo_ir_loop *a, const struct mo_ir_loop *b)
{
	return a && b ? same_text(a->element->id, b->element->id) && same(a->list, b->list, 0) : a == b;
}

static bool
same_resource(const struct mo_ir_resource *a, const struct mo_ir_resource *b)
{
	bool good = same_text(a->id, b->id) && same_text(a->type, b->type) && same_condition(a->condition, b->condition)
		    && a->deletion_policy == b->deletion_policy && a->update_replace_policy == b->update_replace_policy
		    && a->depends_on.len == b->depends_on.len;
	for (uint32_t i = 0; good && i < a->depends_on.len; i++) {
		good = same_text(a->depends_on.items[i]->id, b->depends_on.items[i]->id);
	}
	return good && same_loop(a->loop, b->loop) && same(a->properties, b->properties, 0) && same(a->metadata, b->metadata, 0)
	       && same(a->creation_policy, b->creation_policy, 0) && same(a->update_policy, b->update_policy, 0) && same(a->extra, b->extra, 0);
}

static bool
same_bounds(const struct mo_ir_param *a, const struct mo_ir_param *b)
{
	return a->has_min_length == b->has_min_length && a->min_length == b->min_length && a->has_max_length == b->has_max_length
	       && a->max_length == b->max_length && a->has_min_value == b->has_min_value && a->min_value == b->min_value
	       && a->has_max_value == b->has_max_value && a->max_value == b->max_value && a->no_echo == b->no_echo;
}

static bool
same_param(const struct mo_ir_param *a, const struct mo_ir_param *b)
{
	return same_text(a->id, b->id) && same_text(a->type, b->type) && same_text(a->description, b->description)
	       && same_text(a->constraint_description, b->constraint_description) && same_text(a->allowed_pattern, b->allowed_pattern)
	       && same(a->default_value, b->default_value, 0) && same(a->allowed_values, b->allowed_values, 0) && same_bounds(a, b);
}

static bool
same_output(const struct mo_ir_output *a, const struct mo_ir_output *b)
{
	return same_text(a->id, b->id) && same_text(a->description, b->description) && same_condition(a->condition, b->condition)
	       && same_loop(a->loop, b->loop)
	       && same(a->value, b->value, 0) && same(a->export_name, b->export_name, 0);
}

static bool
same_rule(const struct mo_ir_rule *a, const struct mo_ir_rule *b)
{
	return same_text(a->id, b->id) && same_text(a->description, b->description) && same(a->condition, b->condition, 0)
	       && same(a->assertion, b->assertion, 0);
}

static bool
same_declarations(const struct mo_ir_template *a, const struct mo_ir_template *b)
{
	if (a->params.len != b->params.len || a->conditions.len != b->conditions.len || a->mappings.len != b->mappings.len
		|| a->rules.len != b->rules.len) {
		return false;
	}
	for (uint32_t i = 0; i < a->rules.len; i++) {
		if (!same_rule(a->rules.items[i], b->rules.items[i])) {
			return false;
		}
	}
	for (uint32_t i = 0; i < a->params.len; i++) {
		if (!same_param(a->params.items[i], b->params.items[i])) {
			return false;
		}
	}
	for (uint32_t i = 0; i < a->conditions.len; i++) {
		const struct mo_ir_condition *c = a->conditions.items[i], *d = b->conditions.items[i];
		if (!same_condition(c, d) || !same(c->expression, d->expression, 0)) {
			return false;
		}
	}
	for (uint32_t i = 0; i < a->mappings.len; i++) {
		const struct mo_ir_mapping *m = a->mappings.items[i], *n = b->mappings.items[i];
		if (!same_text(m->id, n->id) || !same(m->table, n->table, 0)) {
			return false;
		}
	}
	return true;
}

static bool
same_template(const struct mo_ir_template *a, const struct mo_ir_template *b)
{
	if (a->rendered || b->rendered) {
		return a->rendered && b->rendered && same_text(a->rendered->bytes[0], b->rendered->bytes[0])
		       && same_text(a->rendered->bytes[1], b->rendered->bytes[1]);
	}
	bool good = a->resources.len == b->resources.len && a->outputs.len == b->outputs.len && a->transforms.len == b->transforms.len
		    && same(a->metadata, b->metadata, 0) && same(a->extra, b->extra, 0) && same_declarations(a, b);
	for (uint32_t i = 0; good && i < a->transforms.len; i++) {
		good = same(a->transforms.items[i], b->transforms.items[i], 0);
	}
	for (uint32_t i = 0; good && i < a->resources.len; i++) {
		good = same_resource(a->resources.items[i], b->resources.items[i]);
	}
	for (uint32_t i = 0; good && i < a->outputs.len; i++) {
		good = same_output(a->outputs.items[i], b->outputs.items[i]);
	}
	return good;
}

// ---- differences -----------------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
difference(const struct mo_ir_value *a, const struct mo_ir_value *b, struct mo_span *place, uint32_t depth)
{
	if (!a || !b || same(a, b, 0)) {
		return NULL;
	}
	const struct mo_ir_value *found = NULL;
	bool lists = a->kind == b->kind && (a->kind == MO_IR_LIST || a->kind == MO_IR_SUB);
	for (uint32_t i = 0; lists && !found && depth < MO_IR_DEEPEST && i < a->items.len && i < b->items.len; i++) {
		found = difference(a->items.items[i], b->items.items[i], place, depth + 1);
	}
	bool objects = a->kind == MO_IR_OBJECT && b->kind == MO_IR_OBJECT;
	for (uint32_t i = 0; objects && !found && depth < MO_IR_DEEPEST && i < a->members.len; i++) {
		const struct mo_ir_member *m = &a->members.items[i];
		const struct mo_ir_value *other = mo_ir_get(b, m->key);
		struct mo_span before = *place;
		*place = m->key_span;
		found = other ? difference(m->value, other, place, depth + 1) : m->value;
		*place = found ? *place : before;
	}
	return found ? found : a;
}

struct mo_span
mo_template_difference(const struct mo_ir_template *a, const struct mo_ir_template *b, struct mo_span *value)
{
	const struct mo_ir_value *found = NULL;
	struct mo_span place = a->span;
	for (uint32_t i = 0; !found && i < a->resources.len && i < b->resources.len; i++) {
		place = a->resources.items[i]->origin.span;
		found = difference(a->resources.items[i]->properties, b->resources.items[i]->properties, &place, 0);
	}
	for (uint32_t i = 0; !found && i < a->outputs.len && i < b->outputs.len; i++) {
		place = a->outputs.items[i]->origin.span;
		found = difference(a->outputs.items[i]->value, b->outputs.items[i]->value, &place, 0);
	}
	*value = found ? found->span : MO_NOWHERE;
	return found ? place : a->span;
}

// ---- hashes ----------------------------------------------------------------------------------------------------------------------

// Of texts only, which is what templates differ by as a rule.
static bool
add_text(void *data, const struct mo_ir_value *v)
{
	uint64_t *h = data;
	*h = mo_hash_mix(*h, v->kind == MO_IR_STRING ? mo_str_hash(v->text) : v->kind);
	return true;
}

static uint64_t
hash_of(const struct mo_ir_template *t)
{
	uint64_t h = t->rendered ? mo_str_hash(t->rendered->digest) : t->resources.len;
	for (uint32_t i = 0; i < t->resources.len; i++) {
		const struct mo_ir_resource *r = t->resources.items[i];
		h = mo_hash_mix(h, mo_str_hash(r->id));
		mo_ir_visit_resource(r, add_text, &h);
	}
	return h;
}

// ---- merging ---------------------------------------------------------------------------------------------------------------------

struct alike {
	struct mo_variant *variant;
	struct alike *next; // with the same hash
};

static struct mo_variant *
find_alike(const struct mo_map *seen, uint64_t hash, const struct mo_variant *v)
{
	struct alike *a = mo_map_get(seen, hash);
	while (a && !same_template(a->variant->template, v->template)) {
		a = a->next;
	}
	return a ? a->variant : NULL;
}

void
mo_variants_merge(struct mo_eval *ev, struct mo_stack *s)
{
	struct mo_map seen = { 0 };
	uint32_t kept = 0;
	for (uint32_t i = 0; s->variants.len > 1 && i < s->variants.len; i++) {
		struct mo_variant *v = s->variants.items[i];
		uint64_t hash = hash_of(v->template);
		struct mo_variant *first = find_alike(&seen, hash, v);
		if (!first) {
			struct alike *a = mo_new(ev->arena, struct alike);
			*a = (struct alike){ v, mo_map_get(&seen, hash) };
			mo_map_put(ev->arena, &seen, hash, a);
			s->variants.items[kept++] = v;
			continue;
		}
		first->merged = true;
		v->template = first->template;
		for (uint32_t k = 0; k < v->deployments.len; k++) {
			mo_push(ev->arena, &first->deployments, v->deployments.items[k]);
		}
	}
	s->variants.len = s->variants.len > 1 ? kept : s->variants.len;
}
