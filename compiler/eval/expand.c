// SPDX-License-Identifier: Apache-2.0
// Bodies: which declarations of a file, component or stack are there. Decides `if`s and unrolls `for`s when somebody first asks, once for
// each frame, and walks what is left in source order. A condition that only CloudFormation knows leaves both branches, each guarded.
#include "eval/param_constraint.h"

// ---- where evaluation stands -----------------------------------------------------------------------------------------------------

struct mo_place_of_work
mo_enter(struct mo_eval *ev, const struct mo_frame *f, struct mo_guard *guard)
{
	struct mo_evaluator *e = ev->evaluator;
	struct mo_place_of_work before = { e->variant, e->naming, e->guard, ev->ctx->diags->items.len };
	if (!f->naming) {
		e->variant = f->instance ? f->instance->variant : NULL;
		e->naming = NULL;
	}
	e->guard = guard;
	return before;
}

void
mo_leave(struct mo_eval *ev, const struct mo_frame *f, struct mo_place_of_work before)
{
	struct mo_evaluator *e = ev->evaluator;
	e->variant = before.variant;
	e->naming = before.naming;
	e->guard = before.guard;
	mo_relocate(ev, before.reported, f->instance);
}

// ---- regions ---------------------------------------------------------------------------------------------------------------------

static void
decide(struct mo_eval *ev, struct mo_frame *f, struct mo_guard *guard, struct mo_if_decl_node *n, struct mo_region *r)
{
	struct mo_truth t;
	if (!mo_eval_truth(ev, f, n->cond, &t)) {
		r->failed = true;
		return;
	}
	r->truth = t.truth;
	if (!t.known) {
		r->condition = t.condition;
		r->guards[0] = mo_guard_add(ev, guard, t.condition, false, n->cond->span);
		r->guards[1] = mo_guard_add(ev, guard, t.condition, true, n->cond->span);
	}
}

struct unrolling {
	struct mo_frame *frame;
	const struct mo_scope *scope;
	struct mo_symbol *first, *second;
	struct mo_region *region;
	struct mo_span span;
};

static bool
add_turn(struct mo_eval *ev, void *data, const struct mo_value *first, const struct mo_value *second)
{
	struct unrolling *u = data;
	if (u->region->turns.len >= MO_EVAL_LONGEST_LIST) {
		mo_report(ev->ctx->diags, MSG_TOO_MANY_ELEMENTS, u->span, "this goes over more than %d elements",
			MO_EVAL_LONGEST_LIST);
		return false;
	}
	struct mo_frame *f = mo_frame_new(ev, u->frame, u->scope, u->frame->instance);
	struct mo_binding *b = mo_new_array(ev->arena, struct mo_binding, 2);
	b[0] = (struct mo_binding){ u->first, first };
	b[1] = (struct mo_binding){ u->second, second };
	f->bindings = b;
	f->binding_count = second ? 2 : 1;
	mo_push(ev->arena, &u->region->turns, f);
	return true;
}

static struct mo_symbol *
variable_of(const struct mo_scope *scope, struct mo_name name)
{
	return scope && name.atom ? mo_map_get(&scope->values, name.atom) : NULL;
}

// One turn for all elements: CloudFormation goes over the list. Loops over one parameter under one name are one.
static struct mo_ir_loop *
loop_over(struct mo_eval *ev, struct mo_variant *v, const struct mo_ir_value *list, const struct mo_symbol *first, const struct mo_type *of)
{
	uint64_t key = mo_hash_mix(MO_KEY(list->param), first->name);
	struct mo_ir_loop *loop = mo_map_get(&v->loops, key);
	if (!loop) {
		struct mo_buf id = mo_buf_in(ev->arena);
		mo_buf_adds(&id, "Each");
		mo_id_add(&id, mo_symbol_text(ev, first));
		loop = mo_new(ev->arena, struct mo_ir_loop);
		loop->element = mo_new(ev->arena, struct mo_ir_param);
		*loop->element = (struct mo_ir_param){ .id = mo_buf_str(&id), .each = true, .origin = { .span = first->span,
			.definition = first->span } };
		mo_param_constrain(ev, loop->element, of, first->span); // it is what an element of the list may be
		loop->list = list;
		mo_map_put(ev->arena, &v->loops, key, loop);
	}
	return loop;
}

static void
repeat(struct mo_eval *ev, struct unrolling *u, const struct mo_value *over, const struct mo_symbol *param)
{
	struct mo_variant *v = u->frame->instance ? u->frame->instance->variant : NULL;
	if (!v || over->ir->kind != MO_IR_PARAM || u->frame->loop || !u->first) {
		mo_cannot_compute(ev, u->span, over, u->frame->loop ? "a loop inside a loop over parameters" : "what this goes over",
			"go over one list parameter");
		u->region->failed = true;
		return;
	}
	const struct mo_type *declared = param && param->declared ? mo_type_present(param->declared) : NULL;
	const struct mo_type *of = declared && declared->kind == MO_TYPE_LIST ? declared->element : mo_type_of_kind(MO_TYPE_STRING);
	struct mo_ir_loop *loop = loop_over(ev, v, over->ir, u->first, of);
	const struct mo_ir_value *element = mo_ir_param_ref(ev->arena, u->span, loop->element);
	add_turn(ev, u, mo_value_deploy(ev->arena, u->first->span, element, false), NULL);
	u->region->turns.items[0]->loop = loop;
}

static void
unroll(struct mo_eval *ev, struct mo_frame *f, struct mo_for_decl_node *n, struct mo_region *r)
{
	const struct mo_scope *scope = mo_scope_of(ev->program, &n->item.node);
	struct unrolling u = { f, scope, variable_of(scope, n->first), variable_of(scope, n->second), r, n->list->span };
	const struct mo_value *over = mo_eval_expr(ev, f, n->list, NULL);
	if (over->kind == MO_VALUE_DEPLOY && over->is_list) {
		repeat(ev, &u, over, n->list->symbol);
		return;
	}
	r->failed = !mo_iterate(ev, over, n->list->span, n->second.atom != 0, add_turn, &u);
}

struct mo_region *
mo_region_of(struct mo_eval *ev, struct mo_frame *f, struct mo_guard *guard, struct mo_node *n)
{
	struct mo_region *r = mo_map_get(&f->regions, MO_KEY(n));
	if (!r) {
		r = mo_new(ev->arena, struct mo_region);
		mo_map_put(ev->arena, &f->regions, MO_KEY(n), r);
	}
	if (r->progress == MO_DONE) {
		return r;
	}
	struct mo_node *head = n->kind == MO_IF_DECL_NODE ? mo_as_if_decl(n)->cond : mo_as_for_decl(n)->list;
	struct mo_span span = head ? head->span : n->span;
	struct mo_active active = { .subject = r, .name = n->kind == MO_IF_DECL_NODE ? MO_STR("if") : MO_STR("for"), .span = span,
		.asked = span };
	if (r->progress == MO_BUSY) {
		mo_report_cycle(ev, r, span);
		r->failed = true;
		return r;
	}
	if (!head || !mo_active_push(ev, &active)) {
		r->failed = true;
		return r;
	}
	r->progress = MO_BUSY;
	struct mo_place_of_work before = mo_enter(ev, f, guard);
	if (n->kind == MO_IF_DECL_NODE) {
		decide(ev, f, guard, mo_as_if_decl(n), r);
	} else {
		unroll(ev, f, mo_as_for_decl(n), r);
	}
	mo_leave(ev, f, before);
	r->progress = MO_DONE;
	mo_active_pop(ev, &active);
	return r;
}

// ---- sites -----------------------------------------------------------------------------------------------------------------------

// Where a declaration nested in `n` stands, given a site of the block around.
static void
add_sites(struct mo_eval *ev, struct mo_site around, const struct mo_nesting *n, struct mo_sites *out)
{
	struct mo_region *r = mo_region_of(ev, around.frame, around.guard, n->node);
	if (r->failed) {
		return;
	}
	if (n->node->kind == MO_FOR_DECL_NODE) {
		for (uint32_t i = 0; i < r->turns.len; i++) {
			mo_push(ev->arena, &out->items, (struct mo_site){ r->turns.items[i], around.guard });
		}
	} else if (r->condition) {
		mo_push(ev->arena, &out->items, (struct mo_site){ around.frame, r->guards[n->in_else] });
	} else if (r->truth != n->in_else) {
		mo_push(ev->arena, &out->items, around);
	}
}

const struct mo_sites *
mo_sites_of(struct mo_eval *ev, struct mo_frame *home, const struct mo_nesting *nesting)
{
	bool top = !nesting || (home->scope && nesting->node == home->scope->node);
	const void *key = top ? (const void *)home : nesting;
	struct mo_sites *s = mo_map_get(&home->sites, MO_KEY(key));
	if (s) {
		return s; // one that is being made is empty: its region reports the cycle
	}
	s = mo_new(ev->arena, struct mo_sites);
	mo_map_put(ev->arena, &home->sites, MO_KEY(key), s);
	if (top) {
		mo_push(ev->arena, &s->items, (struct mo_site){ home, home->instance ? home->instance->guard : NULL });
		return s;
	}
	const struct mo_sites *outer = mo_sites_of(ev, home, nesting->outer);
	for (uint32_t i = 0; i < outer->items.len; i++) {
		add_sites(ev, outer->items.items[i], nesting, s);
	}
	return s;
}

// ---- members ---------------------------------------------------------------------------------------------------------------------

mo_nodes
mo_keys_of(struct mo_node *n)
{
	switch (n->kind) {
	case MO_RESOURCE_NODE:
		return mo_as_resource(n)->keys;
	case MO_EXISTING_NODE:
		return mo_as_existing(n)->keys;
	case MO_INSTANCE_NODE:
		return mo_as_instance(n)->keys;
	case MO_ACCOUNT_NODE:
		return mo_as_account(n)->keys;
	case MO_STACK_NODE:
		return mo_as_stack(n)->keys;
	case MO_TEMPLATE_NODE:
		return mo_as_template(n)->keys;
	case MO_NESTED_NODE:
		return mo_as_nested(n)->keys;
	case MO_OUTPUT_NODE:
		return mo_as_output(n)->keys;
	case MO_PARAM_NODE:
		return mo_as_param(n)->keys;
	default:
		return (mo_nodes){ 0 };
	}
}

struct mo_name
mo_name_of(const struct mo_node *n)
{
	switch (n->kind) {
	case MO_RESOURCE_NODE:
		return ((const struct mo_resource_node *)n)->name;
	case MO_EXISTING_NODE:
		return ((const struct mo_existing_node *)n)->name;
	case MO_INSTANCE_NODE:
		return ((const struct mo_instance_node *)n)->name;
	case MO_ACCOUNT_NODE:
		return ((const struct mo_account_node *)n)->name;
	case MO_STACK_NODE:
		return ((const struct mo_stack_node *)n)->name;
	case MO_TEMPLATE_NODE:
		return ((const struct mo_template_node *)n)->name;
	case MO_NESTED_NODE:
		return ((const struct mo_nested_node *)n)->name;
	case MO_OUTPUT_NODE:
		return ((const struct mo_output_node *)n)->name;
	case MO_LET_NODE:
		return ((const struct mo_let_node *)n)->name;
	case MO_PARAM_NODE:
		return ((const struct mo_param_node *)n)->name;
	case MO_INPUT_NODE:
		return ((const struct mo_input_node *)n)->name;
	default:
		return (struct mo_name){ 0, n->span };
	}
}

bool
mo_is_each(const struct mo_value *v)
{
	return v->kind == MO_VALUE_DEPLOY && v->ir->kind == MO_IR_PARAM && v->ir->param->each;
}

static bool
is_good_key(struct mo_eval *ev, const struct mo_value *key, struct mo_span span)
{
	if (key->kind == MO_VALUE_STRING || key->kind == MO_VALUE_INT) {
		return true;
	}
	if (mo_is_each(key)) {
		return true;
	}
	if (key->kind == MO_VALUE_DEPLOY) {
		mo_needs_compile_time(ev, key, span, "the key of a declaration");
	} else if (!mo_is_error(key)) {
		struct mo_str kind = mo_value_kind_text(ev->arena, key);
		mo_report(ev->ctx->diags, MSG_WRONG_INDEX, span,
			"the key of a declaration is a String or an Int, this is " MO_STR_FMT, MO_STR_ARG(kind));
	}
	return false;
}

static void
eval_keys(struct mo_eval *ev, struct mo_member *m)
{
	mo_nodes keys = mo_keys_of(m->node);
	m->key_count = keys.len;
	m->keys = keys.len ? mo_new_array(ev->arena, const struct mo_value *, keys.len) : NULL;
	for (uint32_t i = 0; i < keys.len; i++) {
		m->keys[i] = mo_eval_expr(ev, m->frame, keys.items[i], NULL);
		m->bad_key = !is_good_key(ev, m->keys[i], keys.items[i]->span) || m->bad_key;
	}
}

static const struct mo_value *
make(struct mo_eval *ev, struct mo_member *m)
{
	switch (m->node->kind) {
	case MO_RESOURCE_NODE:
	case MO_NESTED_NODE:
	case MO_EXISTING_NODE:
		return mo_resource_make(ev, m);
	case MO_INSTANCE_NODE:
		return mo_instance_make(ev, m);
	case MO_ACCOUNT_NODE:
		return mo_account_make(ev, m);
	case MO_STACK_NODE:
	case MO_TEMPLATE_NODE:
		return mo_stack_make(ev, m);
	case MO_PARAM_NODE:
		return mo_param_make(ev, m);
	case MO_OUTPUT_NODE:
		return mo_eval_typed(ev, m->frame, mo_as_output(m->node)->value, m->node->symbol ? m->node->symbol->declared : NULL);
	default:
		return mo_error_value();
	}
}

static void
make_member(struct mo_eval *ev, struct mo_member *m)
{
	if (++ev->evaluator->members > MO_EVAL_MOST_MEMBERS) {
		mo_report(ev->ctx->diags, MSG_LIMIT_REACHED, mo_name_of(m->node).span, "the program declares more than %d things",
			MO_EVAL_MOST_MEMBERS);
		ev->failed = true;
		return;
	}
	struct mo_place_of_work before = mo_enter(ev, m->frame, m->guard);
	eval_keys(ev, m);
	if (!m->bad_key) {
		m->value = make(ev, m);
	}
	mo_leave(ev, m->frame, before);
}

struct mo_member *
mo_member_at(struct mo_eval *ev, struct mo_frame *f, struct mo_guard *guard, struct mo_node *node)
{
	struct mo_member *m = mo_map_get(&f->members, MO_KEY(node));
	if (!m) {
		m = mo_new(ev->arena, struct mo_member);
		*m = (struct mo_member){ .node = node, .frame = f, .guard = guard, .value = mo_error_value() };
		mo_map_put(ev->arena, &f->members, MO_KEY(node), m);
	}
	if (m->progress == MO_DONE) {
		return m;
	}
	struct mo_name name = mo_name_of(node);
	struct mo_active active = { .subject = m, .name = mo_atom_text(ev, name.atom), .span = name.span, .asked = name.span };
	if (m->progress == MO_BUSY) {
		mo_report_cycle(ev, m, name.span);
		return m;
	}
	if (!mo_active_push(ev, &active)) {
		return m;
	}
	m->progress = MO_BUSY;
	make_member(ev, m);
	m->progress = MO_DONE;
	mo_active_pop(ev, &active);
	return m;
}

// ---- walking ---------------------------------------------------------------------------------------------------------------------

struct walk {
	mo_visit visit;
	void *data;
};

static void walk_item(struct mo_eval *ev, const struct walk *w, struct mo_frame *f, struct mo_guard *guard, struct mo_node *item);

static void
walk_items(struct mo_eval *ev, const struct walk *w, struct mo_frame *f, struct mo_guard *guard, mo_nodes items)
{
	for (uint32_t i = 0; i < items.len && !ev->failed; i++) {
		if (items.items[i]) {
			walk_item(ev, w, f, guard, items.items[i]);
		}
	}
}

// A branch: a block, or another `if`.
static void
walk_branch(struct mo_eval *ev, const struct walk *w, struct mo_frame *f, struct mo_guard *guard, struct mo_node *branch)
{
	if (branch && branch->kind == MO_BLOCK_NODE) {
		walk_items(ev, w, f, guard, mo_as_block(branch)->items);
	} else if (branch) {
		walk_item(ev, w, f, guard, branch);
	}
}

static void
walk_item(struct mo_eval *ev, const struct walk *w, struct mo_frame *f, struct mo_guard *guard, struct mo_node *item)
{
	if (item->kind != MO_IF_DECL_NODE && item->kind != MO_FOR_DECL_NODE) {
		w->visit(ev, w->data, f, guard, item);
		return;
	}
	struct mo_region *r = mo_region_of(ev, f, guard, item);
	if (r->failed) {
		return;
	}
	if (item->kind == MO_FOR_DECL_NODE) {
		for (uint32_t i = 0; i < r->turns.len && !ev->failed; i++) {
			walk_branch(ev, w, r->turns.items[i], guard, mo_as_for_decl(item)->block);
		}
		return;
	}
	struct mo_if_decl_node *choice = mo_as_if_decl(item);
	if (r->condition || r->truth) {
		walk_branch(ev, w, f, r->condition ? r->guards[0] : guard, choice->then);
	}
	if (r->condition || !r->truth) {
		walk_branch(ev, w, f, r->condition ? r->guards[1] : guard, choice->otherwise);
	}
}

void
mo_walk_items(struct mo_eval *ev, struct mo_frame *f, struct mo_guard *guard, mo_nodes items, mo_visit visit, void *data)
{
	struct walk w = { visit, data };
	walk_items(ev, &w, f, guard, items);
}
