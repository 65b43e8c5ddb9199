// SPDX-License-Identifier: Apache-2.0
// Names that must be different: logical IDs in a template, stacks in an account and region, files of the build, and names of resources
// that are unique in their account, their region or the world.
#include "catalog/names.h"
#include "check/checks.h"

// ---- within a template -----------------------------------------------------------------------------------------------------------

struct named {
	struct mo_str id;
	struct mo_ir_origin origin;
	const char *what; // "resource"
};

static void
report_same_id(struct mo_checker *c, const struct mo_ir_template *t, const struct named *first, const struct named *second)
{
	struct mo_span there = mo_check_place(first->origin, t->span), here = mo_check_place(second->origin, t->span);
	struct mo_diag *d = mo_report(c->diags, MSG_DUPLICATE_LOGICAL_ID, here, "the %s `" MO_STR_FMT "` and the %s `" MO_STR_FMT
		"` give the same logical ID `" MO_STR_FMT "`", first->what, MO_STR_ARG(first->origin.path), second->what,
		MO_STR_ARG(second->origin.path), MO_STR_ARG(second->id));
	mo_diag_label(d, there, "the other one");
	mo_diag_help(d, "rename one of them, or give it an ID of its own with `@id(\"…\")`");
}

static void
take(struct mo_checker *c, const struct mo_ir_template *t, struct mo_map *seen, const char *what, struct mo_str id, struct mo_ir_origin origin)
{
	struct named *n = mo_map_get(seen, mo_str_hash(id));
	if (n && mo_str_eq(n->id, id)) {
		report_same_id(c, t, n, &(struct named){ id, origin, what });
		return;
	}
	n = mo_new(c->arena, struct named);
	*n = (struct named){ id, origin, what };
	mo_map_put(c->arena, seen, mo_str_hash(id), n);
}

// Parameters and resources share one name space; rules, conditions, mappings and outputs have one each.
void
mo_check_duplicate_ids(struct mo_checker *c)
{
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		const struct mo_ir_template *t = c->platform->templates.items[i];
		struct mo_map referable = { 0 }, rules = { 0 }, conditions = { 0 }, mappings = { 0 }, outputs = { 0 };
		for (uint32_t k = 0; k < t->params.len; k++) {
			take(c, t, &referable, "parameter", t->params.items[k]->id, t->params.items[k]->origin);
		}
		for (uint32_t k = 0; k < t->resources.len; k++) {
			const struct mo_ir_resource *r = t->resources.items[k];
			if (!r->existing) {
				take(c, t, &referable, "resource", r->id, r->origin);
			}
		}
		for (uint32_t k = 0; k < t->rules.len; k++) {
			take(c, t, &rules, "rule", t->rules.items[k]->id, t->rules.items[k]->origin);
		}
		for (uint32_t k = 0; k < t->conditions.len; k++) {
			take(c, t, &conditions, "condition", t->conditions.items[k]->id, t->conditions.items[k]->origin);
		}
		for (uint32_t k = 0; k < t->mappings.len; k++) {
			take(c, t, &mappings, "mapping", t->mappings.items[k]->id, t->mappings.items[k]->origin);
		}
		for (uint32_t k = 0; k < t->outputs.len; k++) {
			take(c, t, &outputs, "output", t->outputs.items[k]->id, t->outputs.items[k]->origin);
		}
	}
}

// ---- stacks and files ------------------------------------------------------------------------------------------------------------

// A key of several parts: their hashes one into the other, so that ("ab", "c") and ("a", "bc") differ.
static uint64_t
key_of(struct mo_str a, struct mo_str b, struct mo_str c, struct mo_str d)
{
	uint64_t hashes[] = { mo_str_hash(a), mo_str_hash(b), mo_str_hash(c), mo_str_hash(d) };
	return mo_str_hash((struct mo_str){ (const char *)hashes, sizeof(hashes) });
}

static void
report_same_stack(struct mo_checker *c, const struct mo_ir_stack *first, const struct mo_ir_stack *second)
{
	struct mo_diag *d = mo_report(c->diags, MSG_DUPLICATE_STACK_NAME, second->span, "two stacks of account `" MO_STR_FMT "` in " MO_STR_FMT
		" are called `" MO_STR_FMT "`", MO_STR_ARG(second->account->name), MO_STR_ARG(second->region), MO_STR_ARG(second->name));
	mo_diag_label(d, first->span, "the other one");
	mo_diag_help(d, "name one of them with `@name(\"…\")`");
}

static void
take_file(struct mo_checker *c, struct mo_map *files, struct mo_str name, struct mo_span span)
{
	struct mo_span *there = mo_map_get(files, mo_str_hash(name));
	if (there) {
		struct mo_diag *d = mo_report(c->diags, MSG_DUPLICATE_OUTPUT_NAME, span,
			"two parts of the build are called `" MO_STR_FMT "` in the output folder", MO_STR_ARG(name));
		mo_diag_label(d, *there, "the other one");
		return;
	}
	there = mo_new(c->arena, struct mo_span);
	*there = span;
	mo_map_put(c->arena, files, mo_str_hash(name), there);
}

void
mo_check_duplicate_stacks(struct mo_checker *c)
{
	struct mo_map names = { 0 }, artifacts = { 0 }, templates = { 0 };
	for (uint32_t i = 0; i < c->platform->stacks.len; i++) {
		struct mo_ir_stack *s = c->platform->stacks.items[i];
		uint64_t key = key_of(s->account->id, s->region, s->name, MO_STR(""));
		struct mo_ir_stack *other = mo_map_get(&names, key);
		if (other) {
			report_same_stack(c, other, s);
		} else {
			mo_map_put(c->arena, &names, key, s);
		}
		take_file(c, &artifacts, s->artifact, s->span);
	}
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		take_file(c, &templates, c->platform->templates.items[i]->name, c->platform->templates.items[i]->span);
	}
	for (uint32_t i = 0; i < c->platform->rendered.len; i++) {
		take_file(c, &templates, c->platform->rendered.items[i]->name, c->platform->rendered.items[i]->span);
	}
}

// ---- names of resources ----------------------------------------------------------------------------------------------------------

// A literal name of a resource in a template.
struct literal_name {
	const struct mo_ir_resource *resource;
	const struct mo_ir_member *member;
	struct mo_str kind; // "AWS::IAM::Role.RoleName"
};

typedef MO_VEC(struct literal_name) literal_names;

static bool
is_unique_name(const struct mo_ir_resource *r, const struct mo_ir_member *m)
{
	mo_cat structure = r->catalog && !r->existing ? mo_cat_resource(r->catalog).structure : 0;
	mo_cat property = structure && m->value->kind == MO_IR_STRING ? mo_cat_find_property(structure, m->key) : 0;
	return property && mo_cat_property(property).unique_name;
}

static void
collect_names(struct mo_checker *c, struct mo_ir_resource *const *resources, uint32_t count, literal_names *names)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct mo_ir_resource *r = resources[i];
		for (uint32_t k = 0; k < r->properties->members.len; k++) {
			const struct mo_ir_member *m = &r->properties->members.items[k];
			if (is_unique_name(r, m)) {
				struct mo_str kind = mo_str_printf(c->arena, MO_STR_FMT "." MO_STR_FMT, MO_STR_ARG(r->type),
					MO_STR_ARG(m->key));
				mo_push(c->arena, names, (struct literal_name){ r, m, kind });
			}
		}
	}
}

void
mo_check_keep_names(struct mo_arena *arena, const struct mo_ir_template *t, struct mo_ir_rendered *out)
{
	for (uint32_t i = 0; i < t->resources.len; i++) {
		const struct mo_ir_resource *r = t->resources.items[i];
		struct mo_ir_resource *kept = NULL;
		for (uint32_t k = 0; !r->condition && k < r->properties->members.len; k++) {
			const struct mo_ir_member *m = &r->properties->members.items[k];
			if (!is_unique_name(r, m)) {
				continue;
			}
			if (!kept) {
				kept = mo_new(arena, struct mo_ir_resource);
				*kept = (struct mo_ir_resource){ .id = r->id, .origin = r->origin, .type = r->type, .catalog = r->catalog,
					.properties = mo_ir_object(arena, r->properties->span) };
				mo_push(arena, &out->named, kept);
			}
			mo_ir_set(arena, kept->properties, m->key, m->key_span, m->value);
		}
	}
}

// A name with the stack that takes it; the stack is NULL in a template that others deploy.
struct taken {
	struct literal_name name;
	const struct mo_ir_stack *stack;
};

// Whether both can exist at the same time, as far as one can tell: not when only one of them is conditional, or each in its own way.
static bool
may_meet(const struct mo_ir_resource *a, const struct mo_ir_resource *b)
{
	return a->condition == b->condition && (!a->condition || a->template == b->template);
}

static struct mo_str
where(struct mo_checker *c, enum mo_name_scope scope, const struct mo_ir_stack *s)
{
	if (scope == MO_NAME_IN_WORLD) {
		return MO_STR("in the world");
	}
	if (!s) {
		return scope == MO_NAME_IN_ACCOUNT ? MO_STR("in an account") : MO_STR("in an account and region");
	}
	return scope == MO_NAME_IN_ACCOUNT ? mo_str_printf(c->arena, "in account `" MO_STR_FMT "`", MO_STR_ARG(s->account->name))
				   : mo_str_printf(c->arena, "in account `" MO_STR_FMT "` and region " MO_STR_FMT,
					     MO_STR_ARG(s->account->name), MO_STR_ARG(s->region));
}

static void
report_same_name(struct mo_checker *c, const struct taken *first, const struct taken *second)
{
	const struct mo_ir_resource *r = second->name.resource;
	const struct mo_ir_value *v = second->name.member->value;
	struct mo_str place = where(c, mo_name_scope(r->type), second->stack);
	const struct mo_span there = first->name.member->value->span;
	bool same = first->name.resource == r;
	struct mo_diag *d = mo_report(c->diags, MSG_DUPLICATE_RESOURCE_NAME, mo_span_is_nowhere(v->span) ? r->origin.span : v->span,
		"two resources of type " MO_STR_FMT " would be called `" MO_STR_FMT "` " MO_STR_FMT, MO_STR_ARG(r->type), MO_STR_ARG(v->text),
		MO_STR_ARG(place));
	if (!same && there.start == v->span.start) { // one line of a family or of a component
		mo_diag_note(d, "they are `" MO_STR_FMT "` and `" MO_STR_FMT "`", MO_STR_ARG(first->name.resource->origin.path),
			MO_STR_ARG(r->origin.path));
	} else if (!same) {
		mo_diag_label(d, there, "the other one");
	} else if (first->stack && second->stack) {
		mo_diag_note(d, "it is deployed by the stacks `" MO_STR_FMT "` and `" MO_STR_FMT "`", MO_STR_ARG(first->stack->artifact),
			MO_STR_ARG(second->stack->artifact));
	}
	mo_diag_help(d, same ? "let the name depend on the target, such as `${target.name}`" : "give one of them another name, or none");
}

// Each resource is reported once, however many stacks deploy it.
static void
take_name(struct mo_checker *c, struct mo_map *seen, struct mo_map *reported, const struct literal_name *name, const struct mo_ir_stack *s)
{
	const struct mo_ir_resource *r = name->resource;
	enum mo_name_scope scope = mo_name_scope(r->type);
	struct mo_str account = s && scope != MO_NAME_IN_WORLD ? s->account->id : MO_STR(""), region = s && scope == MO_NAME_IN_REGION ? s->region : MO_STR("");
	uint64_t key = key_of(account, region, name->kind, name->member->value->text);
	struct taken *there = mo_map_get(seen, key);
	if (there && may_meet(there->name.resource, r) && !mo_map_get(reported, (uintptr_t)r)) {
		mo_map_put(c->arena, reported, (uintptr_t)r, there);
		report_same_name(c, there, &(struct taken){ *name, s });
	} else if (!there) {
		there = mo_new(c->arena, struct taken);
		*there = (struct taken){ *name, s };
		mo_map_put(c->arena, seen, key, there);
	}
}

void
mo_check_unique_names(struct mo_checker *c)
{
	const struct mo_ir_platform *p = c->platform;
	struct mo_map seen = { 0 }, reported = { 0 }, by_template = { 0 }, deployed = { 0 };
	for (uint32_t i = 0; i < p->templates.len; i++) {
		literal_names *names = mo_arena_alloc(c->arena, sizeof(*names));
		collect_names(c, p->templates.items[i]->resources.items, p->templates.items[i]->resources.len, names);
		mo_map_put(c->arena, &by_template, (uintptr_t)p->templates.items[i], names);
	}
	for (uint32_t i = 0; i < p->rendered.len; i++) {
		literal_names *names = mo_arena_alloc(c->arena, sizeof(*names));
		collect_names(c, p->rendered.items[i]->rendered->named.items, p->rendered.items[i]->rendered->named.len, names);
		mo_map_put(c->arena, &by_template, (uintptr_t)p->rendered.items[i], names);
	}
	for (uint32_t i = 0; i < p->stacks.len; i++) {
		const struct mo_ir_stack *s = p->stacks.items[i];
		literal_names *names = mo_map_get(&by_template, (uintptr_t)s->template);
		for (uint32_t k = 0; names && k < names->len; k++) {
			take_name(c, &seen, &reported, &names->items[k], s);
		}
		mo_map_put(c->arena, &deployed, (uintptr_t)s->template, c);
	}
	for (uint32_t i = 0; i < p->templates.len; i++) { // those that others deploy: each by itself
		literal_names *names = mo_map_get(&by_template, (uintptr_t)p->templates.items[i]);
		struct mo_map own = { 0 };
		for (uint32_t k = 0; !mo_map_get(&deployed, (uintptr_t)p->templates.items[i]) && k < names->len; k++) {
			take_name(c, &own, &reported, &names->items[k], NULL);
		}
	}
}
