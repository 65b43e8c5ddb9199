// SPDX-License-Identifier: Apache-2.0
// Evaluate once, stamp many. While a stack's body is evaluated for one target, every question it asks about the target is remembered with
// its answer. Another target that gives the same answers shares the template; a tree of the questions finds it without evaluating.
#include "eval/link.h"
#include "eval/workers.h"

enum { LONGEST_CHAIN = 40 }; // stacks that are evaluated because another one reads them

// ---- answers ---------------------------------------------------------------------------------------------------------------------

const struct mo_target *
mo_target_here(struct mo_eval *ev)
{
	return ev->evaluator->naming ? ev->evaluator->naming : ev->evaluator->variant ? &ev->evaluator->variant->target : NULL;
}

static const struct mo_value *
label_of(struct mo_eval *ev, const struct mo_target *t, mo_atom name)
{
	const struct mo_value *v = mo_value_get(t->account->labels, mo_atom_text(ev, name));
	return v ? v : mo_value_simple(MO_VALUE_NONE);
}

static struct mo_deployment *
deployment_of(struct mo_eval *ev, struct mo_stack *s, const struct mo_target *t)
{
	mo_stack_targets(ev, s);
	return mo_map_get(&s->by_target, t->hash);
}

// ---- targets that permissions tell apart -------------------------------------------------------------------------------------------

static uint64_t
place_of(const struct mo_stack *s, const struct mo_target *t)
{
	uint64_t stack = mo_str_hash(s->name);
	return t && t->account ? mo_hash_mix(stack, mo_hash_mix(mo_str_hash(t->account->ir.name), mo_str_hash(t->region))) : stack;
}

static uintptr_t
kind_of(struct mo_eval *ev, const struct mo_stack *s, const struct mo_target *t)
{
	return s ? (uintptr_t)mo_map_get(&ev->kinds, place_of(s, t)) : 0;
}

void
mo_separate(struct mo_eval *ev, const struct mo_deployment *d, uint32_t kind)
{
	uint64_t mixed = mo_hash_mix(kind_of(ev, d->stack, &d->target), kind);
	mo_map_put(ev->arena, &ev->kinds, place_of(d->stack, &d->target), (void *)(uintptr_t)(mixed & INT64_MAX));
	mo_map_put(ev->arena, &ev->kinds, place_of(d->stack, NULL), d->stack);
}

static const struct mo_value *
value_at(struct mo_eval *ev, struct mo_stack *reader, const struct mo_read *r, const struct mo_target *t)
{
	struct mo_deployment *d;
	switch (r->kind) {
	case MO_READ_FIELD:
		return mo_account_member(ev, mo_target_value(ev, r->span, t), (struct mo_name){ r->name, r->span });
	case MO_READ_LABEL:
		return label_of(ev, t, r->name);
	case MO_READ_LABELS:
		return t->account->labels;
	case MO_READ_WHOLE:
		return mo_target_value(ev, r->span, t);
	case MO_READ_IS:
		return mo_value_bool(ev->arena, r->span, mo_target_equal(&r->target, t));
	case MO_READ_NAME:
		d = reader ? deployment_of(ev, reader, t) : NULL;
		return d ? mo_value_string(ev->arena, r->span, mo_stack_deployed_name(ev, d)) : mo_error_value();
	case MO_READ_TAGS:
		return t->account->tags;
	case MO_READ_QUALIFIER:
		return mo_value_string(ev->arena, r->span, t->account->ir.bootstrap ? t->account->ir.qualifier : MO_STR(""));
	case MO_READ_KIND:
		return mo_value_int(ev->arena, r->span, (int64_t)kind_of(ev, reader, t));
	case MO_READ_STACK:
		break;
	}
	return mo_error_value();
}

static struct mo_answer
answer(struct mo_eval *ev, struct mo_stack *reader, struct mo_read *r, const struct mo_target *t)
{
	if (r->kind != MO_READ_STACK) {
		const struct mo_value *v = value_at(ev, reader, r, t);
		return (struct mo_answer){ .hash = mo_value_hash(v), .value = v };
	}
	struct mo_deployment *d = deployment_of(ev, r->stack, t);
	if (!d && !r->reported) {
		mo_report_not_deployed(ev, r->stack, t, r->span);
		r->reported = true; // once, not for every target
	}
	const struct mo_variant *v = d ? mo_variant_of(ev, d, r->span) : NULL;
	return (struct mo_answer){ .hash = MO_KEY(v), .identity = v };
}

static bool
same_answer(const struct mo_answer *a, const struct mo_answer *b)
{
	return a->value && b->value ? mo_value_equal(a->value, b->value) : a->value == b->value && a->identity == b->identity;
}

// ---- reads -----------------------------------------------------------------------------------------------------------------------

static bool
same_read(const struct mo_read *a, const struct mo_read *b)
{
	return a->kind == b->kind && a->name == b->name && a->stack == b->stack
	       && (a->kind != MO_READ_IS || mo_target_equal(&a->target, &b->target));
}

static uint64_t
hash_of_read(const struct mo_read *r)
{
	uint64_t h = mo_hash_mix(r->kind + 1, r->name);
	return mo_hash_mix(mo_hash_mix(h, MO_KEY(r->stack)), r->kind == MO_READ_IS ? r->target.hash : 0);
}

// The answer to a question of the stack at hand, remembered when it is asked first.
static struct mo_answer
ask(struct mo_eval *ev, struct mo_variant *v, struct mo_read r)
{
	uint64_t hash = hash_of_read(&r);
	uintptr_t at = (uintptr_t)mo_map_get(&v->reads_seen, hash);
	if (at && same_read(&v->reads.items[at - 1], &r)) {
		return v->answers.items[at - 1];
	}
	struct mo_answer a = answer(ev, v->stack, &r, &v->target);
	uint32_t index = mo_push(ev->arena, &v->reads, r);
	mo_push(ev->arena, &v->answers, a);
	mo_map_put(ev->arena, &v->reads_seen, hash, (void *)(uintptr_t)(index + 1));
	return a;
}

const struct mo_value *
mo_target_read(struct mo_eval *ev, enum mo_read_kind kind, struct mo_name name)
{
	struct mo_read r = { .kind = kind, .name = kind == MO_READ_FIELD || kind == MO_READ_LABEL ? name.atom : 0,
		.span = name.span };
	const struct mo_target *here = mo_target_here(ev);
	if (!here) {
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_MISPLACED, name.span, "`target` has a meaning inside a stack only");
		mo_diag_help(d, "name the account instead");
		return mo_error_value();
	}
	struct mo_variant *v = ev->evaluator->variant;
	if (ev->evaluator->naming || v->shadow) {
		return value_at(ev, v ? v->stack : NULL, &r, here);
	}
	return ask(ev, v, r).value;
}

bool
mo_target_is(struct mo_eval *ev, const struct mo_target *t, struct mo_span span)
{
	const struct mo_value *v = ask(ev, ev->evaluator->variant, (struct mo_read){ .kind = MO_READ_IS, .target = *t,
		.span = span }).value;
	return v->kind == MO_VALUE_BOOL && v->boolean;
}

struct mo_variant *
mo_target_stack(struct mo_eval *ev, struct mo_stack *s, struct mo_span span)
{
	struct mo_answer a = ask(ev, ev->evaluator->variant, (struct mo_read){ .kind = MO_READ_STACK, .stack = s, .span = span });
	return (struct mo_variant *)(uintptr_t)a.identity;
}

// ---- evaluating ------------------------------------------------------------------------------------------------------------------

static struct mo_variant *
variant_new(struct mo_eval *ev, struct mo_stack *s, const struct mo_target *t)
{
	struct mo_variant *v = mo_new(ev->arena, struct mo_variant);
	v->stack = s;
	v->target = *t;
	v->template = mo_new(ev->arena, struct mo_ir_template);
	v->template->name = s->name;
	v->template->span = s->span;
	v->template->description = s->item->doc;
	struct mo_instance *body = mo_new(ev->arena, struct mo_instance);
	struct mo_stack *origin = mo_stack_origin(ev, s), *declares = origin ? origin : s;
	body->symbol = declares->declared;
	body->node = &declares->item->node;
	body->outer = s->frame;
	body->variant = v;
	body->origin = s->span;
	body->frame = mo_frame_new(ev, declares->frame, mo_scope_of(ev->program, body->node), body);
	body->decoration = mo_decoration_new(ev, s->decoration, s->item, body->frame);
	v->body = body;
	if (origin) {
		v->giving = mo_frame_new(ev, s->frame, mo_scope_of(ev->program, &s->item->node), body);
		body->decoration = mo_decoration_new(ev, mo_decoration_new(ev, s->decoration, s->item, v->giving), origin->item, body->frame);
		v->template->description = s->item->doc.len ? s->item->doc : origin->item->doc;
	}
	return v;
}

static void
evaluate_body(struct mo_eval *ev, struct mo_variant *v)
{
	uint32_t depth = ev->depth;
	struct mo_place_of_work before = mo_enter(ev, v->body->frame, NULL);
	ev->depth = depth / 2; // the values of another stack do not nest in the expression that reads them
	if (ev->evaluator->own_bootstraps && !v->shadow && !v->stack->is_template) {
		mo_target_read(ev, MO_READ_QUALIFIER, (struct mo_name){ 0, v->template->span }); // templates with the same text merge again
	}
	if (!v->shadow && mo_map_get(&ev->kinds, place_of(v->stack, NULL))) {
		ask(ev, v, (struct mo_read){ .kind = MO_READ_KIND, .span = v->stack->span });
	}
	if (v->body->symbol->file) {
		mo_template_take(ev, v, v->body->symbol);
	} else {
		mo_instance_register(ev, v->body);
		mo_instance_evaluate(ev, v->body);
		mo_decorate_template(ev, v);
	}
	ev->depth = depth;
	mo_leave(ev, v->body->frame, before);
}

// ---- chains of stacks  -------------------------------------------------------------------------------------------------

static bool
start_reading(struct mo_eval *ev, struct mo_reading *r)
{
	uint32_t chain = 0;
	for (const struct mo_reading *o = ev->evaluator->reading; o; o = o->outer) {
		chain++;
	}
	if (chain >= LONGEST_CHAIN) {
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_EVALUATION_TOO_DEEP, r->span,
			"stacks read each other in a chain of more than %d",
			LONGEST_CHAIN);
		mo_diag_help(d, "declare stacks before those that read them");
		ev->failed = true;
		return false;
	}
	r->outer = ev->evaluator->reading;
	ev->evaluator->reading = r;
	return true;
}

// ---- the tree --------------------------------------------------------------------------------------------------------------------

static struct mo_edge *
edge_for(const struct mo_decision *d, const struct mo_answer *a)
{
	struct mo_edge *e = mo_map_get(&d->edges, a->hash);
	while (e && !same_answer(&e->answer, a)) {
		e = e->next;
	}
	return e;
}

static struct mo_variant *
find(struct mo_eval *ev, struct mo_stack *s, const struct mo_target *t)
{
	struct mo_decision *d = s->root;
	while (d && !d->variant) {
		struct mo_answer a = answer(ev, s, &d->read, t);
		struct mo_edge *e = edge_for(d, &a);
		d = e ? e->to : NULL;
	}
	return d ? d->variant : NULL;
}

static struct mo_edge *
edge_add(struct mo_eval *ev, struct mo_decision *d, const struct mo_answer *a)
{
	struct mo_edge *e = mo_new(ev->arena, struct mo_edge);
	e->answer = *a;
	e->to = mo_new(ev->arena, struct mo_decision);
	e->next = mo_map_get(&d->edges, a->hash);
	mo_map_put(ev->arena, &d->edges, a->hash, e);
	d->edge_count++;
	return e;
}

static void
insert(struct mo_eval *ev, struct mo_stack *s, struct mo_variant *v)
{
	if (!s->root) {
		s->root = mo_new(ev->arena, struct mo_decision);
	}
	struct mo_decision *d = s->root;
	for (uint32_t i = 0; i < v->reads.len; i++) {
		bool fresh = d->edge_count == 0 && !d->variant;
		if (fresh) {
			d->read = v->reads.items[i];
		} else if (d->variant || !same_read(&d->read, &v->reads.items[i])) {
			return; // asked in another order, after an error: not shared
		}
		struct mo_edge *e = edge_for(d, &v->answers.items[i]);
		d = e ? e->to : edge_add(ev, d, &v->answers.items[i])->to;
	}
	if (!d->variant && d->edge_count == 0) {
		d->variant = v;
	}
}

static struct mo_variant *
variant_for(struct mo_eval *ev, struct mo_deployment *d)
{
	d->variant = variant_new(ev, d->stack, &d->target);
	mo_push(ev->arena, &d->stack->variants, d->variant);
	mo_push(ev->arena, &d->variant->deployments, d);
	return d->variant;
}

void
mo_variant_complete(struct mo_eval *ev, struct mo_variant *v)
{
	if (v->begun) {
		return;
	}
	v->begun = true;
	evaluate_body(ev, v);
	insert(ev, v->stack, v);
}

// Stacks that read each other get a template each and are evaluated value by value; those that turn out alike become one later.
struct mo_variant *
mo_variant_of(struct mo_eval *ev, struct mo_deployment *d, struct mo_span span)
{
	struct mo_reading reading = { .stack = d->stack, .target = &d->target, .span = span };
	if (d->variant || ev->failed) {
		return d->variant;
	}
	if (mo_stack_is_circular(ev, d->stack)) {
		return variant_for(ev, d);
	}
	if (!start_reading(ev, &reading)) {
		return NULL;
	}
	struct mo_variant *v = find(ev, d->stack, &d->target);
	if (v) {
		d->variant = v;
		mo_push(ev->arena, &v->deployments, d);
	} else {
		mo_variant_complete(ev, variant_for(ev, d));
	}
	ev->evaluator->reading = reading.outer;
	return d->variant;
}

// Its declarations are there at once; their values are evaluated as far as they are read.
struct mo_variant *
mo_variant_shadow(struct mo_eval *ev, struct mo_stack *s, const struct mo_target *t, struct mo_span span)
{
	struct mo_variant *v = mo_map_get(&s->shadows, t->hash);
	if (v || ev->failed) {
		return v;
	}
	if (!deployment_of(ev, s, t)) {
		mo_report_not_deployed(ev, s, t, span);
		return NULL;
	}
	v = variant_new(ev, s, t);
	v->shadow = true;
	mo_map_put(ev->arena, &s->shadows, t->hash, v);
	struct mo_place_of_work before = mo_enter(ev, v->body->frame, NULL);
	mo_instance_register(ev, v->body);
	mo_leave(ev, v->body->frame, before);
	return v;
}

// ---- from elsewhere --------------------------------------------------------------------------------------------------------------

bool
mo_variant_known(struct mo_eval *ev, const struct mo_deployment *d)
{
	return d->variant || find(ev, d->stack, &d->target);
}

void
mo_variants_reset(struct mo_stack *s)
{
	s->variants.len = 0;
	s->root = NULL;
	for (uint32_t i = 0; i < s->deployments.len; i++) {
		s->deployments.items[i]->variant = NULL;
	}
}

void
mo_variant_take(struct mo_eval *ev, struct mo_deployment *const *deployments, uint32_t count, const struct mo_read *reads, uint32_t read_count,
	const struct mo_ir_rendered *rendered)
{
	struct mo_stack *s = deployments[0]->stack;
	struct mo_variant *v = find(ev, s, &deployments[0]->target);
	if (!v) {
		v = mo_new(ev->arena, struct mo_variant);
		v->stack = s;
		v->target = deployments[0]->target;
		v->begun = v->finished = true;
		v->template = mo_new(ev->arena, struct mo_ir_template);
		*v->template = (struct mo_ir_template){ .name = s->name, .span = s->span, .rendered = rendered };
		v->template->kept.items = rendered->kept.items;
		v->template->kept.len = rendered->kept.len;
		for (uint32_t i = 0; i < read_count; i++) {
			struct mo_read r = reads[i];
			mo_push(ev->arena, &v->reads, r);
			mo_push(ev->arena, &v->answers, answer(ev, s, &r, &v->target));
		}
		mo_push(ev->arena, &s->variants, v);
		insert(ev, s, v);
	}
	for (uint32_t i = 0; i < count; i++) {
		deployments[i]->variant = v;
		mo_push(ev->arena, &v->deployments, deployments[i]);
	}
}

// ---- file names ------------------------------------------------------------------------------------------------------------------

static void
add_word(struct mo_eval *ev, struct mo_buf *b, struct mo_str word)
{
	struct mo_str kebab = mo_kebab(ev, word);
	if (kebab.len) {
		mo_buf_addc(b, '-');
		mo_buf_add(b, kebab);
	}
}

static void add_distinction(struct mo_eval *ev, struct mo_buf *b, const struct mo_variant *v, uint32_t depth);

static void
add_value(struct mo_eval *ev, struct mo_buf *b, const struct mo_read *r, const struct mo_value *v)
{
	switch (v->kind) {
	case MO_VALUE_STRING:
	case MO_VALUE_INT:
		add_word(ev, b, mo_key_text(ev, v));
		break;
	case MO_VALUE_TARGET:
		add_word(ev, b, v->account->name);
		add_word(ev, b, v->region);
		break;
	case MO_VALUE_NONE:
		add_word(ev, b, MO_STR("no"));
		add_word(ev, b, mo_atom_text(ev, r->name));
		break;
	default:
		break;
	}
}

static void
add_answer(struct mo_eval *ev, struct mo_buf *b, const struct mo_read *r, const struct mo_answer *a, uint32_t depth)
{
	if (a->identity) {
		add_distinction(ev, b, a->identity, depth + 1); // another stack's: whatever that differs by
	} else if (a->value && r->kind != MO_READ_IS && r->kind != MO_READ_KIND) {
		add_value(ev, b, r, a->value);
	} else if (a->value && a->value->kind == MO_VALUE_BOOL && a->value->boolean) {
		add_word(ev, b, r->target.account->ir.name);
	}
}

static void
add_account(struct mo_eval *ev, struct mo_buf *b, const struct mo_deployment *d)
{
	add_word(ev, b, d->target.account->ir.name);
	if (d->target.account->used_regions > 1) {
		add_word(ev, b, d->target.region);
	}
}

enum { LONGEST_WORDS = 60 };

// What tells a variant from its siblings, in words: where it is, when that is one place, or the answers that differ.
static void
add_distinction(struct mo_eval *ev, struct mo_buf *b, const struct mo_variant *v, uint32_t depth)
{
	if (v->stack->variants.len < 2 || v->merged || depth > LONGEST_CHAIN) {
		return;
	}
	if (v->deployments.len == 1) {
		add_account(ev, b, v->deployments.items[0]);
		return;
	}
	const struct mo_decision *d = v->stack->root;
	for (uint32_t i = 0; d && i < v->reads.len && b->len < LONGEST_WORDS; i++) {
		if (d->edge_count > 1) {
			add_answer(ev, b, &v->reads.items[i], &v->answers.items[i], depth);
		}
		struct mo_edge *e = edge_for(d, &v->answers.items[i]);
		d = e ? e->to : NULL;
	}
}

struct mo_str
mo_unique_name(struct mo_eval *ev, struct mo_map *used, struct mo_str name)
{
	struct mo_str unique = name;
	for (uint32_t i = 2; mo_map_get(used, mo_str_hash(unique)); i++) {
		unique = mo_str_printf(ev->arena, MO_STR_FMT "-%u", MO_STR_ARG(name), i);
	}
	mo_map_put(ev->arena, used, mo_str_hash(unique), ev);
	return unique;
}

struct mo_str
mo_unique_id(struct mo_eval *ev, struct mo_map *used, struct mo_str id)
{
	struct mo_str unique = id;
	for (uint32_t i = 2; mo_map_get(used, mo_str_hash(unique)); i++) {
		unique = mo_str_printf(ev->arena, MO_STR_FMT "%u", MO_STR_ARG(id), i);
	}
	mo_map_put(ev->arena, used, mo_str_hash(unique), ev);
	return unique;
}

void
mo_variants_name(struct mo_eval *ev, struct mo_stack *s)
{
	for (uint32_t i = 0; i < s->variants.len; i++) {
		struct mo_variant *v = s->variants.items[i];
		struct mo_buf name = mo_buf_in(ev->arena);
		mo_buf_add(&name, s->name);
		add_distinction(ev, &name, v, 0);
		v->template->name = mo_unique_name(ev, &ev->evaluator->template_names, mo_buf_str(&name));
	}
}
