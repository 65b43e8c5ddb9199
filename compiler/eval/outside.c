// SPDX-License-Identifier: Apache-2.0
// What is said of resources from outside of them: `override` in a body around their instance, `defaults` in a body or file around them.
// Both become further givings of a property, with the frame in which they are evaluated: defaults before what the resource says itself,
// overrides after it, those of outer bodies last. Asked for by the first who reads a property.
#include "eval/instance.h"

// ---- what a body says ------------------------------------------------------------------------------------------------------------

static const struct mo_value **
eval_keys(struct mo_eval *ev, struct mo_change *c)
{
	uint32_t count = 0, at = 0;
	for (uint32_t i = 0; i < c->path.len; i++) {
		count += c->path.items[i].keys.len;
	}
	const struct mo_value **keys = mo_new_array(ev->arena, const struct mo_value *, count ? count : 1);
	for (uint32_t i = 0; i < c->path.len; i++) {
		mo_nodes nodes = c->path.items[i].keys;
		for (uint32_t k = 0; k < nodes.len; k++, at++) {
			bool star = nodes.items[k]->kind == MO_STAR_NODE;
			keys[at] = star ? NULL : mo_eval_expr(ev, c->frame, nodes.items[k], NULL);
			c->failed = c->failed || (!star && mo_is_error(keys[at]));
		}
	}
	return keys;
}

// The keys of a path. False when they cannot be had (reported).
static bool
has_keys(struct mo_eval *ev, struct mo_change *c)
{
	struct mo_span span = mo_as_override(c->node)->path->span;
	struct mo_active active = { .subject = c, .name = MO_STR("override"), .span = span, .asked = span };
	if (c->progress == MO_DONE) {
		return !c->failed;
	}
	if (c->progress == MO_BUSY) {
		mo_report_cycle(ev, c, span);
		return false;
	}
	if (!mo_active_push(ev, &active)) {
		return false;
	}
	c->progress = MO_BUSY;
	struct mo_place_of_work before = mo_enter(ev, c->frame, c->guard);
	c->keys = eval_keys(ev, c);
	mo_leave(ev, c->frame, before);
	c->progress = MO_DONE;
	mo_active_pop(ev, &active);
	return !c->failed;
}

static void
add_changes(struct mo_eval *ev, struct mo_outside *o, const struct mo_declaration *d)
{
	const struct mo_sites *sites = mo_sites_of(ev, o->frame, d->nesting);
	for (uint32_t i = 0; i < sites->items.len; i++) {
		struct mo_change *c = mo_new(ev->arena, struct mo_change);
		*c = (struct mo_change){ .node = d->node, .frame = sites->items.items[i].frame, .guard = sites->items.items[i].guard, .of = o };
		if (d->node->kind == MO_DEFAULTS_NODE) {
			mo_map_put(ev->arena, &ev->evaluator->defaults_seen, MO_KEY(d->node), ev);
		}
		if (d->node->kind == MO_DEFAULTS_NODE || !mo_override_path(ev->arena, mo_as_override(d->node)->path, &c->path)) {
			mo_push(ev->arena, &o->changes, c);
		}
	}
}

// What the body or file of a frame says; NULL when that is nothing.
static const struct mo_outside *
outside_of(struct mo_eval *ev, struct mo_frame *f)
{
	if (!f->scope || !f->scope->outside.len) {
		return NULL;
	}
	if (!f->outside) {
		f->outside = mo_new(ev->arena, struct mo_outside);
		f->outside->frame = f;
	}
	struct mo_outside *o = f->outside;
	struct mo_span span = f->scope->outside.items[0].node->span;
	struct mo_active active = { .subject = o, .name = MO_STR("override"), .span = span, .asked = span };
	if (o->progress == MO_BUSY) {
		mo_report_cycle(ev, o, span);
	}
	if (o->progress != MO_NEW || !mo_active_push(ev, &active)) {
		return o;
	}
	o->progress = MO_BUSY;
	for (uint32_t i = 0; i < f->scope->outside.len; i++) {
		add_changes(ev, o, &f->scope->outside.items[i]);
	}
	o->progress = MO_DONE;
	mo_active_pop(ev, &active);
	return o;
}

// ---- what an override meets ------------------------------------------------------------------------------------------------------

static bool
part_meets(const struct mo_path_part *p, const struct mo_value *const *keys, const struct mo_member *m)
{
	if (p->name.atom != mo_name_of(m->node).atom || (p->keys.len && p->keys.len != m->key_count)) {
		return false;
	}
	for (uint32_t i = 0; i < p->keys.len; i++) {
		if (keys[i] && !mo_value_equal(keys[i], m->keys[i])) {
			return false;
		}
	}
	return true;
}

// Whether the names of a path are those from the body down to the resource.
static bool
names_meet(const struct mo_change *c, const struct mo_resource *r)
{
	const struct mo_instance *i = r->instance;
	uint32_t at = c->path.len - 1;
	if (c->path.items[at].name.atom != mo_name_of(r->node).atom) {
		return false;
	}
	for (; at > 0 && i && i->member; i = i->parent) {
		if (c->path.items[--at].name.atom != mo_name_of(i->member->node).atom) {
			return false;
		}
	}
	return at == 0 && i && i->frame == c->of->frame;
}

static bool
meets(struct mo_eval *ev, struct mo_change *c, const struct mo_resource *r)
{
	if (c->node->kind != MO_OVERRIDE_NODE || !names_meet(c, r) || !has_keys(ev, c)) {
		return false;
	}
	const struct mo_value *const *end = c->keys;
	for (uint32_t i = 0; i < c->path.len; i++) {
		end += c->path.items[i].keys.len;
	}
	const struct mo_member *m = r->member;
	const struct mo_instance *inside = r->instance;
	for (uint32_t at = c->path.len; at-- > 0; m = inside->member, inside = inside->parent) {
		const struct mo_path_part *p = &c->path.items[at];
		end -= p->keys.len;
		if (!part_meets(p, end, m)) {
			return false;
		}
		if (at == 0) {
			break;
		}
	}
	return true;
}

// ---- giving ----------------------------------------------------------------------------------------------------------------------

static bool
exclude_each_other(const struct mo_guard *a, const struct mo_guard *b)
{
	for (const struct mo_guard *g = a; g; g = g->outer) {
		int says = mo_guard_says(b, g->condition);
		if (says == (g->negated ? 1 : -1)) {
			return true;
		}
	}
	return false;
}

// Another override of the same body that sets the property too.
static const struct mo_given *
rival_of(const struct mo_argument *a, const struct mo_change *c)
{
	for (uint32_t i = 0; i < a->given.len; i++) {
		const struct mo_change *other = a->given.items[i].change;
		if (other && other != c && other->node->kind == MO_OVERRIDE_NODE && other->of == c->of && !exclude_each_other(other->guard, c->guard)) {
			return &a->given.items[i];
		}
	}
	return NULL;
}

static bool
is_only_once(struct mo_eval *ev, const struct mo_resource *r, const struct mo_argument *a, const struct mo_change *c, struct mo_span span)
{
	const struct mo_given *rival = rival_of(a, c);
	if (!rival) {
		return true;
	}
	uint64_t pair = mo_hash_mix(MO_KEY(c->node), MO_KEY(rival->change->node));
	if (mo_map_get(&ev->evaluator->rivals, pair)) {
		return false;
	}
	mo_map_put(ev->arena, &ev->evaluator->rivals, pair, ev);
	struct mo_diag *d = mo_eval_report(ev, c->frame->instance, MSG_OVERRIDDEN_TWICE, span, "`" MO_STR_FMT "` of `" MO_STR_FMT
		"` is overridden twice", MO_STR_ARG(mo_atom_text(ev, a->name)), MO_STR_ARG(r->ir.origin.path));
	if (rival->change->node != c->node) {
		mo_diag_label(d, rival->span, "overridden here too");
	}
	mo_diag_help(d, "say it in one of them, or let their keys not meet");
	return false;
}

static void
give(struct mo_eval *ev, struct mo_resource *r, const struct mo_change *c, mo_atom name, struct mo_span name_span, struct mo_given g)
{
	g.change = c;
	if (c->node->kind == MO_DEFAULTS_NODE) {
		struct mo_argument *a = mo_argument_find(&r->properties, name);
		a = a ? a : mo_argument_add(ev, &r->properties, name, name_span);
		mo_push(ev->arena, &a->given, g);
		for (uint32_t i = a->given.len - 1; i > 0; i--) { // before all others: the nearest is given last
			a->given.items[i] = a->given.items[i - 1];
			a->given.items[i - 1] = g;
		}
		return;
	}
	struct mo_argument *there = mo_argument_find(&r->properties, name);
	if (!there || is_only_once(ev, r, there, c, name_span)) {
		mo_push(ev->arena, &mo_argument_add(ev, &r->properties, name, name_span)->given, g);
	}
}

static void
give_spread(struct mo_eval *ev, struct mo_resource *r, const struct mo_change *c, struct mo_node *n)
{
	struct mo_place_of_work before = mo_enter(ev, c->frame, c->guard);
	const struct mo_value *v = mo_eval_expr(ev, c->frame, n, NULL);
	v = v->kind == MO_VALUE_FAMILY ? mo_family_value(ev, v) : v;
	if (v->kind == MO_VALUE_DEPLOY) {
		mo_needs_compile_time(ev, v, n->span, "what `...` takes its fields from");
	}
	mo_leave(ev, c->frame, before);
	for (uint32_t i = 0; v->kind == MO_VALUE_RECORD && i < v->members.len; i++) {
		const struct mo_value_member *m = &v->members.items[i];
		if (!mo_is_none(m->value)) {
			struct mo_given g = { .value = m->value, .span = n->span };
			give(ev, r, c, mo_atom_of(ev->ctx->atoms, m->key), n->span, g);
		}
	}
}

static void
give_all(struct mo_eval *ev, struct mo_resource *r, const struct mo_change *c)
{
	struct mo_node *block = c->node->kind == MO_DEFAULTS_NODE ? mo_as_defaults(c->node)->block : mo_as_override(c->node)->block;
	mo_nodes items = mo_block_items(block);
	for (uint32_t k = 0; k < items.len; k++) {
		bool first_wins = c->node->kind == MO_DEFAULTS_NODE; // given in front, so the last of a block comes first
		struct mo_node *item = items.items[first_wins ? items.len - 1 - k : k];
		if (item->kind == MO_SPREAD_NODE) {
			give_spread(ev, r, c, mo_as_spread(item)->value);
		} else if (item->kind == MO_FIELD_NODE && mo_as_field(item)->value) {
			struct mo_field_node *f = mo_as_field(item);
			struct mo_given g = { .node = f->value, .span = f->value->span, .append = f->append };
			give(ev, r, c, f->name.atom, f->name.span, g);
		}
	}
}

// ---- overrides -------------------------------------------------------------------------------------------------------------------

static void
give_overrides(struct mo_eval *ev, struct mo_resource *r)
{
	for (const struct mo_instance *i = r->instance; i && i->parent; i = i->parent) {
		const struct mo_outside *o = outside_of(ev, i->parent->frame);
		for (uint32_t k = 0; o && k < o->changes.len; k++) {
			if (meets(ev, o->changes.items[k], r)) {
				o->changes.items[k]->matched = true;
				give_all(ev, r, o->changes.items[k]);
			}
		}
	}
}

enum { NAMES_LISTED = 4 };

static void
list_candidates(struct mo_eval *ev, const struct mo_change *c, const struct mo_instance *i, struct mo_suggestion *near, struct mo_buf *list, uint32_t *count)
{
	for (uint32_t k = 0; k < i->resources.len; k++) {
		const struct mo_resource *r = i->resources.items[k];
		if (names_meet(c, r)) {
			struct mo_str path = r->ir.origin.path, body = c->of->frame->instance->path;
			path = body.len && mo_str_starts(path, body) ? mo_str_sub(path, body.len + 1, path.len) : path;
			mo_suggest_from(near, path);
			if ((*count)++ < NAMES_LISTED) {
				mo_buf_printf(list, "%s`" MO_STR_FMT "`", *count > 1 ? ", " : "", MO_STR_ARG(path));
			}
		}
	}
	for (uint32_t k = 0; k < i->instances.len; k++) { // nested at most MOST_NESTED deep
		list_candidates(ev, c, i->instances.items[k], near, list, count);
	}
}

// The resources with the names of the path, when it is the keys that meet none.
static void
suggest_resource(struct mo_eval *ev, struct mo_diag *d, const struct mo_change *c, const struct mo_instance *body)
{
	struct mo_span span = mo_as_override(c->node)->path->span;
	struct mo_suggestion near = mo_suggest(mo_span_text(ev->ctx->sources, span));
	struct mo_buf list = mo_buf_in(ev->arena);
	uint32_t count = 0;
	list_candidates(ev, c, body, &near, &list, &count);
	if (count) {
		mo_diag_note(d, "there is " MO_STR_FMT "%s", MO_STR_ARG(mo_buf_str(&list)), count > NAMES_LISTED ? " and others" : "");
		mo_diag_suggest(d, span, &near);
	} else {
		mo_diag_help(d, "if it is there only sometimes, put the override into an `if` of the same condition");
	}
}

static bool
any_failed(const struct mo_instance *i)
{
	bool failed = i->failed;
	for (uint32_t k = 0; k < i->instances.len && !failed; k++) { // nested at most MOST_NESTED deep
		failed = any_failed(i->instances.items[k]);
	}
	return failed;
}

void
mo_report_unmatched(struct mo_eval *ev, struct mo_instance *body)
{
	const struct mo_outside *o = outside_of(ev, body->frame);
	for (uint32_t i = 0; o && i < o->changes.len; i++) {
		struct mo_change *c = o->changes.items[i];
		if (c->node->kind != MO_OVERRIDE_NODE || c->matched || c->failed || any_failed(body) || !has_keys(ev, c)) {
			continue;
		}
		struct mo_span span = mo_as_override(c->node)->path->span;
		struct mo_diag *d = mo_eval_report(ev, body, MSG_NOTHING_TO_OVERRIDE, span, "there is nothing here that this override could change");
		suggest_resource(ev, d, c, body);
	}
}

// ---- defaults --------------------------------------------------------------------------------------------------------------------

// The body around; of a stack that a component declares, that component's.
static const struct mo_instance *
around(const struct mo_instance *i)
{
	return i->parent ? i->parent : i->outer ? i->outer->instance : NULL;
}

static void
give_defaults_of(struct mo_eval *ev, struct mo_resource *r, struct mo_frame *f)
{
	const struct mo_outside *o = outside_of(ev, f);
	for (uint32_t k = o ? o->changes.len : 0; k-- > 0;) { // of one body the last counts
		const struct mo_change *c = o->changes.items[k];
		if (c->node->kind == MO_DEFAULTS_NODE && mo_str_eq(mo_atom_text(ev, mo_as_defaults(c->node)->kind.atom), r->ir.type)) {
			give_all(ev, r, c);
		}
	}
}

// Files, each once: those of the components around, from the inside, that of the stack, the main one.
static void
give_defaults_of_files(struct mo_eval *ev, struct mo_resource *r)
{
	MO_VEC(struct mo_module *) done = { 0 };
	for (const struct mo_instance *i = r->instance; i; i = around(i)) {
		mo_push(ev->arena, &done, i->symbol->module);
	}
	mo_push(ev->arena, &done, ev->program->main);
	for (uint32_t i = 0; i < done.len; i++) {
		bool last = true; // the outermost mention of a file counts
		for (uint32_t k = i + 1; k < done.len; k++) {
			last = last && done.items[k] != done.items[i];
		}
		if (last && done.items[i] && done.items[i]->scope->outside.len) {
			give_defaults_of(ev, r, mo_frame_of_module(ev, done.items[i]));
		}
	}
}

void
mo_default_taken(struct mo_eval *ev, const struct mo_given *g)
{
	if (g->change && g->change->node->kind == MO_DEFAULTS_NODE) {
		mo_map_put(ev->arena, &ev->evaluator->defaults_taken, MO_KEY(g->change->node), ev);
		if (g->node) {
			mo_map_put(ev->arena, &ev->evaluator->defaults_taken, MO_KEY(g->node), ev);
		}
	}
}

static void
report_unused(struct mo_eval *ev, struct mo_defaults_node *n)
{
	struct mo_str type = mo_atom_text(ev, n->kind.atom);
	mo_nodes items = mo_block_items(n->block);
	if (!mo_map_get(&ev->evaluator->defaults_taken, MO_KEY(n))) {
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_UNUSED_DEFAULTS, n->kind.span, "nothing takes these defaults for " MO_STR_FMT,
			MO_STR_ARG(type));
		mo_diag_note(d, "no resource of the type stands below, or all of them set the properties themselves");
		return;
	}
	for (uint32_t i = 0; i < items.len; i++) {
		struct mo_field_node *f = items.items[i]->kind == MO_FIELD_NODE ? mo_as_field(items.items[i]) : NULL;
		if (f && f->value && !mo_map_get(&ev->evaluator->defaults_taken, MO_KEY(f->value))) {
			struct mo_diag *d = mo_report(ev->ctx->diags, MSG_UNUSED_DEFAULTS, f->name.span, "nothing takes the default for `" MO_STR_FMT "`",
				MO_STR_ARG(mo_atom_text(ev, f->name.atom)));
			mo_diag_note(d, "every " MO_STR_FMT " below sets the property itself", MO_STR_ARG(type));
		}
	}
}

void
mo_report_unused_defaults(struct mo_eval *ev)
{
	for (uint32_t i = 0; i < ev->program->modules.len; i++) {
		outside_of(ev, mo_frame_of_module(ev, ev->program->modules.items[i]));
	}
	for (uint32_t i = 0; i < ev->program->defaults.len && !ev->ctx->diags->errors; i++) {
		struct mo_node *n = ev->program->defaults.items[i];
		if (mo_map_get(&ev->evaluator->defaults_seen, MO_KEY(n))) { // not in a branch that was not chosen
			report_unused(ev, mo_as_defaults(n));
		}
	}
}

void
mo_change_resource(struct mo_eval *ev, struct mo_resource *r)
{
	struct mo_active active = { .subject = &r->changed, .owner = r->properties.owner, .name = MO_STR("override"), .span = r->ir.origin.span,
		.asked = r->ir.origin.span };
	if (r->changed == MO_BUSY) {
		mo_report_cycle(ev, &r->changed, r->ir.origin.span);
	}
	if (r->changed != MO_NEW || !mo_active_push(ev, &active)) {
		return;
	}
	r->changed = MO_BUSY;
	for (const struct mo_instance *i = r->instance; i; i = around(i)) {
		give_defaults_of(ev, r, i->frame);
	}
	give_defaults_of_files(ev, r);
	give_overrides(ev, r);
	r->changed = MO_DONE;
	mo_active_pop(ev, &active);
}
