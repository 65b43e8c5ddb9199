// SPDX-License-Identifier: Apache-2.0
// Frames and what names stand for in them. Takes a symbol and the frame that asks, gives its value, evaluated once; reports names that
// need themselves. Knows declarations only as far as finding out which ones are there (eval/expand.c).
#include "eval/instance.h"

struct mo_frame *
mo_frame_new(struct mo_eval *ev, struct mo_frame *parent, const struct mo_scope *scope, struct mo_instance *instance)
{
	struct mo_frame *f = mo_new(ev->arena, struct mo_frame);
	f->parent = parent;
	f->scope = scope;
	f->instance = instance;
	f->naming = parent && parent->naming;
	f->loop = parent ? parent->loop : NULL;
	return f;
}

struct mo_frame *
mo_frame_of_module(struct mo_eval *ev, struct mo_module *module)
{
	struct mo_frame *f = mo_map_get(&ev->evaluator->files, MO_KEY(module));
	if (!f) {
		f = mo_frame_new(ev, NULL, module->scope, NULL);
		mo_map_put(ev->arena, &ev->evaluator->files, MO_KEY(module), f);
	}
	return f;
}

struct mo_frame *
mo_frame_of(struct mo_eval *ev, struct mo_frame *from, const struct mo_symbol *symbol)
{
	if (symbol->scope && symbol->scope->kind == MO_SCOPE_FILE && symbol->module) {
		return mo_frame_of_module(ev, symbol->module);
	}
	for (struct mo_frame *f = from; f; f = f->parent) {
		if (f->scope == symbol->scope) {
			return f;
		}
	}
	return NULL;
}

// ---- cycles ----------------------------------------------------------------------------------------------------------------------

// What was entered after `of`, on the way in to the innermost one.
static struct mo_active *
entered_after(struct mo_eval *ev, const struct mo_active *of)
{
	struct mo_active *a = ev->evaluator->active;
	while (a && a->outer != of) {
		a = a->outer;
	}
	return a;
}

static bool
has_name(const struct mo_active *a)
{
	return a->name.len > 0;
}

// `main.lab.users`, `topic.DisplayName`.
static struct mo_str
full_name(struct mo_eval *ev, const struct mo_active *a)
{
	struct mo_str owner = a->owner.len ? a->owner : a->instance ? a->instance->path : (struct mo_str){ 0 };
	return mo_str_printf(ev->arena, MO_STR_FMT "%s" MO_STR_FMT, MO_STR_ARG(owner), owner.len ? "." : "", MO_STR_ARG(a->name));
}

enum { MOST_HOPS = 12 }; // that are printed

static struct mo_str
path_of_cycle(struct mo_eval *ev, struct mo_active *first)
{
	struct mo_buf path = mo_buf_in(ev->arena);
	uint32_t hops = 0;
	for (struct mo_active *a = first; a; a = entered_after(ev, a)) {
		if (has_name(a) && hops++ < MOST_HOPS) {
			mo_buf_printf(&path, "`" MO_STR_FMT "` -> ", MO_STR_ARG(full_name(ev, a)));
		}
	}
	if (hops > MOST_HOPS) {
		mo_buf_adds(&path, "… -> ");
	}
	mo_buf_printf(&path, "`" MO_STR_FMT "`", MO_STR_ARG(full_name(ev, first)));
	return mo_buf_str(&path);
}

static bool
is_labelled(const struct mo_diag *d, struct mo_span span)
{
	for (uint32_t i = 0; i < d->labels.len; i++) {
		if (d->labels.items[i].span.start == span.start) {
			return true;
		}
	}
	return d->span.start == span.start;
}

static void
label_hops(struct mo_eval *ev, struct mo_diag *d, struct mo_active *first)
{
	for (struct mo_active *a = entered_after(ev, first); a && d->labels.len < MOST_HOPS; a = entered_after(ev, a)) {
		if (has_name(a) && !mo_span_is_nowhere(a->asked) && !is_labelled(d, a->asked)) {
			mo_diag_label(d, a->asked, "needs `" MO_STR_FMT "`", MO_STR_ARG(full_name(ev, a)));
		}
	}
	if (!is_labelled(d, first->span)) {
		mo_diag_label(d, first->span, "`" MO_STR_FMT "` is declared here", MO_STR_ARG(full_name(ev, first)));
	}
}

void
mo_report_cycle(struct mo_eval *ev, const void *subject, struct mo_span asked)
{
	struct mo_active *first = ev->evaluator->active;
	while (first && first->subject != subject) {
		first = first->outer;
	}
	while (first && !has_name(first) && first->outer) {
		first = first->outer;
	}
	if (!first) {
		return; // not ours: whoever is busy with it reports
	}
	struct mo_str path = path_of_cycle(ev, first), name = full_name(ev, first);
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_VALUE_CYCLE, asked, "`" MO_STR_FMT "` needs its own value: " MO_STR_FMT,
		MO_STR_ARG(name), MO_STR_ARG(path));
	mo_diag_here(d, "needs `" MO_STR_FMT "` again", MO_STR_ARG(name));
	label_hops(ev, d, first);
}

bool
mo_active_push(struct mo_eval *ev, struct mo_active *a)
{
	if (ev->failed) {
		return false;
	}
	if (ev->depth >= MO_EVAL_DEPTH) {
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_EVALUATION_TOO_DEEP, a->asked.end ? a->asked : a->span,
			"values depend on each other more than %d levels deep", MO_EVAL_DEPTH);
		mo_diag_help(d, "declare a name before the names that need it, or take the chain apart");
		ev->failed = true;
		return false;
	}
	ev->depth++;
	a->outer = ev->evaluator->active;
	ev->evaluator->active = a;
	return true;
}

void
mo_active_pop(struct mo_eval *ev, struct mo_active *a)
{
	ev->depth--;
	ev->evaluator->active = a->outer;
}

// ---- slots -----------------------------------------------------------------------------------------------------------------------

static bool
is_declared_once(const struct mo_symbol *s)
{
	return s->dimensions == 0;
}

// What a declaration gives at a site.
static const struct mo_value *
value_at(struct mo_eval *ev, struct mo_symbol *symbol, struct mo_node *node, struct mo_site site)
{
	switch (node->kind) {
	case MO_LET_NODE:
		return mo_eval_let(ev, symbol, mo_as_let(node), site.frame);
	case MO_OUTPUT_NODE: {
		struct mo_output_node *o = mo_as_output(node);
		return mo_eval_typed(ev, site.frame, o->value, symbol->declared);
	}
	default:
		return mo_member_at(ev, site.frame, site.guard, node)->value;
	}
}

// The first condition around a site that is not around the whole body.
static bool
is_outside(const struct mo_frame *home, const struct mo_guard *g)
{
	return g == (home->instance ? home->instance->guard : NULL);
}

static bool
are_opposite(const struct mo_guard *a, const struct mo_guard *b)
{
	return a && b && a->condition == b->condition && a->negated != b->negated && a->outer == b->outer;
}

// A handle that carries its condition with it.
static bool
carries_condition(const struct mo_value *v)
{
	return v->kind == MO_VALUE_RESOURCE || v->kind == MO_VALUE_INSTANCE || mo_is_error(v);
}

// One value for all the parts.
static const struct mo_value *
join_parts(struct mo_eval *ev, struct mo_frame *home, const struct mo_symbol *symbol, struct mo_slot *slot)
{
	struct mo_part *p = slot->parts.items;
	uint32_t n = slot->parts.len;
	if (n == 1 && carries_condition(p[0].value)) {
		return p[0].value;
	}
	const struct mo_value *whole = mo_value_simple(MO_VALUE_NONE);
	struct mo_guard *last = NULL;
	for (uint32_t i = n; i-- > 0;) {
		struct mo_guard *g = p[i].guard;
		if (is_outside(home, g)) {
			whole = p[i].value;
		} else if (are_opposite(g, last)) {
			const struct mo_value *then = g->negated ? p[i + 1].value : p[i].value;
			const struct mo_value *otherwise = g->negated ? p[i].value : p[i + 1].value;
			whole = mo_choose(ev, symbol->span, g->condition, then, otherwise, NULL);
			if (!is_outside(home, g->outer)) {
				whole = mo_choose(ev, symbol->span, mo_guard_condition(ev, g->outer), whole,
					mo_value_simple(MO_VALUE_NONE), NULL);
			}
		} else {
			whole = mo_choose(ev, symbol->span, mo_guard_condition(ev, g), p[i].value, whole, NULL);
		}
		last = g;
	}
	return whole;
}

static void
report_two(struct mo_eval *ev, const struct mo_symbol *symbol, const struct mo_node *a, const struct mo_node *b,
	const struct mo_frame *home)
{
	struct mo_str name = mo_symbol_text(ev, symbol);
	struct mo_diag *d = mo_eval_report(ev, home->instance, MSG_DUPLICATE_NAME, mo_name_of(b).span,
		"`" MO_STR_FMT "` is declared twice at the same time", MO_STR_ARG(name));
	mo_diag_label(d, mo_name_of(a).span, "and here");
	mo_diag_help(d, "let the conditions of the two exclude each other, or give one another name");
}

// A name with one value: the declaration that is there; none when there is none.
static const struct mo_value *
single_value(struct mo_eval *ev, struct mo_frame *home, struct mo_symbol *symbol, struct mo_slot *slot)
{
	struct mo_node *certain = NULL;
	const struct mo_value *value = mo_value_simple(MO_VALUE_NONE);
	bool conditional = false;
	for (uint32_t i = 0; i < symbol->declarations.len; i++) {
		const struct mo_declaration *d = &symbol->declarations.items[i];
		const struct mo_sites *sites = mo_sites_of(ev, home, d->nesting);
		for (uint32_t k = 0; k < sites->items.len; k++) {
			struct mo_site site = sites->items.items[k];
			bool always = is_outside(home, site.guard);
			if (always && certain) {
				report_two(ev, symbol, certain, d->node, home);
				return mo_error_value();
			}
			struct mo_guard *before = ev->evaluator->guard;
			ev->evaluator->guard = site.guard;
			value = value_at(ev, symbol, d->node, site);
			ev->evaluator->guard = before;
			mo_push(ev->arena, &slot->parts, (struct mo_part){ site.guard, value });
			certain = always ? d->node : certain;
			conditional = conditional || !always;
		}
	}
	if (!conditional) {
		slot->parts.len = 0;
		return value;
	}
	return join_parts(ev, home, symbol, slot);
}

static const struct mo_value *
slot_value(struct mo_eval *ev, struct mo_frame *home, struct mo_symbol *symbol, struct mo_slot *slot)
{
	switch (symbol->kind) {
	case MO_SYM_INPUT:
		return mo_input_value(ev, home, symbol);
	default:
		return is_declared_once(symbol) ? single_value(ev, home, symbol, slot) : mo_family_build(ev, home, symbol);
	}
}

static bool
is_under(const struct mo_guard *around, const struct mo_guard *inside)
{
	for (const struct mo_guard *g = inside; g; g = g->outer) {
		if (g == around) {
			return true;
		}
	}
	return around == NULL;
}

// What is seen from the place that asks: inside a condition, the part that is there.
static const struct mo_value *
as_seen(struct mo_eval *ev, const struct mo_slot *slot)
{
	for (uint32_t i = 0; i < slot->parts.len; i++) {
		if (slot->parts.items[i].guard && is_under(slot->parts.items[i].guard, ev->evaluator->guard)) {
			return slot->parts.items[i].value;
		}
	}
	return slot->value;
}

static void
fill_slot(struct mo_eval *ev, struct mo_frame *home, struct mo_symbol *symbol, struct mo_slot *slot)
{
	struct mo_place_of_work before = mo_enter(ev, home, home->instance ? home->instance->guard : NULL);
	slot->value = slot_value(ev, home, symbol, slot);
	mo_leave(ev, home, before);
}

const struct mo_value *
mo_eval_slot(struct mo_eval *ev, struct mo_frame *home, struct mo_symbol *symbol, struct mo_span span)
{
	struct mo_slot *slot = mo_map_get(&home->slots, MO_KEY(symbol));
	if (!slot) {
		slot = mo_new(ev->arena, struct mo_slot);
		mo_map_put(ev->arena, &home->slots, MO_KEY(symbol), slot);
	}
	if (slot->progress == MO_DONE) {
		return as_seen(ev, slot);
	}
	if (slot->progress == MO_BUSY) {
		mo_report_cycle(ev, slot, span);
		return mo_error_value();
	}
	struct mo_active active = { .subject = slot, .instance = home->instance, .name = mo_symbol_text(ev, symbol),
		.span = symbol->span,
		.asked = span };
	if (!mo_active_push(ev, &active)) {
		return mo_error_value();
	}
	slot->progress = MO_BUSY;
	fill_slot(ev, home, symbol, slot);
	slot->progress = MO_DONE;
	mo_active_pop(ev, &active);
	return as_seen(ev, slot);
}

// ---- names -----------------------------------------------------------------------------------------------------------------------

static const struct mo_value *
variable(struct mo_eval *ev, struct mo_frame *from, const struct mo_symbol *symbol, struct mo_span span)
{
	for (struct mo_frame *f = from; f; f = f->parent) {
		for (uint32_t i = 0; i < f->binding_count; i++) {
			if (f->bindings[i].symbol == symbol) {
				return f->bindings[i].value;
			}
		}
	}
	struct mo_str name = mo_symbol_text(ev, symbol);
	mo_report(ev->ctx->diags, MSG_MISPLACED, span, "`" MO_STR_FMT "` has no value here", MO_STR_ARG(name));
	return mo_error_value();
}

static const struct mo_value *
global(struct mo_eval *ev, const struct mo_symbol *symbol, struct mo_span span)
{
	switch (symbol->global) {
	case MO_GLOBAL_AWS:
		return mo_value_simple(MO_VALUE_AWS);
	case MO_GLOBAL_TARGET:
		return mo_target_read(ev, MO_READ_WHOLE, (struct mo_name){ 0, span });
	case MO_GLOBAL_THIS_STACK:
		return mo_stack_here(ev, span);
	case MO_GLOBAL_ANYWHERE:
		return mo_value_record(ev->arena, span);
	case MO_GLOBAL_ANYONE:
		return mo_principal_value(ev, span, "anyone", mo_value_string(ev->arena, span, MO_STR("*")));
	}
	return mo_error_value();
}

const struct mo_value *
mo_eval_name(struct mo_eval *ev, struct mo_frame *from, struct mo_symbol *symbol, struct mo_span span)
{
	switch (symbol->kind) {
	case MO_SYM_LOCAL:
		return variable(ev, from, symbol, span);
	case MO_SYM_GLOBAL:
		return global(ev, symbol, span);
	case MO_SYM_MODULE: {
		struct mo_value *v = mo_value_new(ev->arena, MO_VALUE_MODULE, span);
		v->symbol = symbol;
		return v;
	}
	case MO_SYM_FN:
	case MO_SYM_BUILTIN: {
		struct mo_str name = mo_symbol_text(ev, symbol);
		mo_report(ev->ctx->diags, MSG_NOT_A_VALUE, span, "`" MO_STR_FMT "` is a function and can only be called",
			MO_STR_ARG(name));
		return mo_error_value();
	}
	default:
		break;
	}
	struct mo_frame *home = mo_frame_of(ev, from, symbol);
	if (!home) {
		struct mo_str name = mo_symbol_text(ev, symbol);
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_MISPLACED, span, "`" MO_STR_FMT "` has no value here",
			MO_STR_ARG(name));
		mo_diag_label(d, symbol->span, "declared here");
		return mo_error_value();
	}
	const struct mo_value *v = mo_eval_slot(ev, home, symbol, span);
	const struct mo_variant *stack = ev->evaluator->variant;
	bool outside = !home->instance || !home->instance->variant; // of all stacks
	return stack && stack->shadow && outside ? mo_settle(ev, &stack->target, v) : v;
}
