// SPDX-License-Identifier: Apache-2.0
// The program as a whole: the platform's settings, its accounts, its stacks at their targets. Takes a checked program, gives the platform.
#include "eval/grant.h"
#include "eval/link.h"
#include "eval/program_input.h"
#include "eval/workers.h"
#include "lock/lock.h"

// ---- the platform's own settings -------------------------------------------------------------------------------------------------

static struct mo_str
folder_name(struct mo_eval *ev)
{
	struct mo_str root = ev->program->root;
	while (root.len && root.p[root.len - 1] == '/') {
		root.len--;
	}
	size_t start = root.len;
	while (start > 0 && root.p[start - 1] != '/') {
		start--;
	}
	struct mo_str name = mo_kebab(ev, mo_str_sub(root, start, root.len));
	while (name.len && !((name.p[0] >= 'a' && name.p[0] <= 'z'))) {
		name = mo_str_sub(name, 1, name.len); // a stack's name starts with a letter
	}
	return name.len ? name : MO_STR("platform");
}

static void
read_platform(struct mo_eval *ev, struct mo_platform_node *n)
{
	struct mo_evaluator *e = ev->evaluator;
	struct mo_frame *f = mo_frame_of_module(ev, ev->program->main);
	const struct mo_type *type = mo_type_map(ev->ctx, mo_type_of_kind(MO_TYPE_STRING));
	struct mo_value *tags = mo_value_record(ev->arena, n->name.span);
	e->platform_span = n->name.span;
	if (n->name.atom) {
		ev->platform->name = mo_kebab(ev, mo_atom_text(ev, n->name.atom));
	}
	struct mo_decorator_node *d = mo_decorator_find(ev, &n->item, "tags");
	struct mo_node *both[2] = { d ? mo_decorator_argument(ev, d, 0, NULL) : NULL,
		mo_block_field(n->block, mo_atom_of(ev->ctx->atoms, MO_STR("tags"))) };
	struct mo_node *organization = mo_block_field(n->block, mo_atom_of(ev->ctx->atoms, MO_STR("organization")));
	if (organization) {
		const struct mo_value *v = mo_eval_typed(ev, f, organization, mo_type_of_kind(MO_TYPE_STRING));
		e->organization = v->kind == MO_VALUE_STRING ? v->text : (struct mo_str){ 0 };
	}
	for (uint32_t k = 0; k < 2; k++) {
		const struct mo_value *v = both[k] ? mo_eval_typed(ev, f, both[k], type) : mo_error_value();
		for (uint32_t i = 0; v->kind == MO_VALUE_RECORD && i < v->members.len; i++) {
			mo_value_set(ev->arena, tags, v->members.items[i].key, v->members.items[i].key_span,
				v->members.items[i].value);
		}
	}
	e->platform_tags = tags;
}

static void
visit_settings(struct mo_eval *ev, void *data, struct mo_frame *f, struct mo_guard *guard, struct mo_node *item)
{
	(void)data;
	(void)f;
	(void)guard;
	if (item->kind == MO_PLATFORM_NODE) {
		read_platform(ev, mo_as_platform(item));
	}
}

// ---- accounts and stacks ---------------------------------------------------------------------------------------------------------

static mo_nodes
component_items(const struct mo_instance *i)
{
	struct mo_node *n = i->frame->scope->node;
	struct mo_node *block = n && n->kind == MO_COMPONENT_NODE ? mo_as_component(n)->block : NULL;
	return mo_block_items(block);
}

static void
visit_accounts(struct mo_eval *ev, void *data, struct mo_frame *f, struct mo_guard *guard, struct mo_node *item)
{
	const struct mo_value *v;
	(void)data;
	if (item->kind == MO_ACCOUNT_NODE) {
		mo_force_family(ev, f, item);
		v = mo_member_at(ev, f, guard, item)->value;
		if (v->kind == MO_VALUE_ACCOUNT) {
			mo_push(ev->arena, &ev->evaluator->accounts, mo_account_of(v->account));
			mo_push(ev->arena, &ev->platform->accounts, &mo_account_of(v->account)->ir);
		}
	} else if (item->kind == MO_INSTANCE_NODE) {
		v = mo_member_at(ev, f, guard, item)->value;
		if (v->kind == MO_VALUE_INSTANCE) {
			mo_walk_items(ev, v->instance->frame, guard, component_items(v->instance), visit_accounts, NULL);
		}
	}
}

static void
add_stack(struct mo_eval *ev, const struct mo_value *v, const struct mo_guard *guard, struct mo_node *item)
{
	struct mo_stack_handle *h = mo_stack_handle_of(ev, v);
	if (h && guard) {
		mo_report(ev->ctx->diags, MSG_DEPLOY_TIME, mo_name_of(item).span,
			"whether a stack exists must be known at compile time");
	} else if (h) {
		mo_push(ev->arena, &ev->evaluator->stacks, h->stack);
	}
}

static void
add_template(struct mo_eval *ev, const struct mo_value *v)
{
	struct mo_stack *s = mo_template_of(ev, v);
	if (s) {
		mo_push(ev->arena, &ev->evaluator->templates, s);
	}
}

static void
visit_stacks(struct mo_eval *ev, void *data, struct mo_frame *f, struct mo_guard *guard, struct mo_node *item)
{
	struct mo_place_of_work before = mo_enter(ev, f, guard);
	const struct mo_value *v;
	(void)data;
	switch (item->kind) {
	case MO_STACK_NODE:
		mo_force_family(ev, f, item);
		add_stack(ev, mo_member_at(ev, f, guard, item)->value, guard, item);
		break;
	case MO_TEMPLATE_NODE:
		mo_force_family(ev, f, item);
		add_template(ev, mo_member_at(ev, f, guard, item)->value);
		break;
	case MO_INSTANCE_NODE:
		v = mo_member_at(ev, f, guard, item)->value;
		if (v->kind == MO_VALUE_INSTANCE) {
			mo_walk_items(ev, v->instance->frame, guard, component_items(v->instance), visit_stacks, NULL);
		}
		break;
	case MO_LET_NODE:
	case MO_INPUT_NODE:
	case MO_OUTPUT_NODE:
		if (item->symbol) {
			mo_eval_name(ev, f, item->symbol, mo_name_of(item).span);
		}
		break;
	case MO_EXISTING_NODE:
	case MO_RESOURCE_NODE:
		mo_member_at(ev, f, guard, item);
		break;
	case MO_ASSERT_NODE:
		mo_eval_assert(ev, f, guard, mo_as_assert(item));
		break;
	default:
		break;
	}
	mo_leave(ev, f, before);
}

// Every file of the user's own, imported ones before those that import them.
static void
walk_files(struct mo_eval *ev, mo_visit visit)
{
	for (uint32_t i = 0; i < ev->program->modules.len; i++) {
		struct mo_module *m = ev->program->modules.items[i];
		if (!m->library && m->syntax && m->syntax->file) {
			mo_walk_items(ev, mo_frame_of_module(ev, m), NULL, m->syntax->file->items, visit, NULL);
		}
	}
}

// ---- deployments -----------------------------------------------------------------------------------------------------------------

static void
count_regions(struct mo_eval *ev, const struct mo_stack *s)
{
	for (uint32_t i = 0; i < s->deployments.len; i++) {
		struct mo_target *t = &s->deployments.items[i]->target;
		uint64_t hash = mo_str_hash(t->region);
		if (!mo_map_get(&t->account->regions_seen, hash)) {
			mo_map_put(ev->arena, &t->account->regions_seen, hash, t->account);
			t->account->used_regions++;
		}
	}
}

static struct mo_str
artifact_of(struct mo_eval *ev, const struct mo_deployment *d)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	mo_buf_printf(&b, MO_STR_FMT "-" MO_STR_FMT, MO_STR_ARG(d->stack->name), MO_STR_ARG(d->target.account->ir.name));
	if (d->target.account->used_regions > 1) {
		mo_buf_printf(&b, "-" MO_STR_FMT, MO_STR_ARG(d->target.region));
	}
	return mo_unique_name(ev, &ev->evaluator->artifact_names, mo_buf_str(&b));
}

static bool
is_protected(struct mo_eval *ev, struct mo_frame *naming, const struct mo_deployment *d)
{
	struct mo_decorator_node *n = mo_decorator_find(ev, d->stack->item, "termination_protection");
	struct mo_node *condition = n ? mo_decorator_argument(ev, n, 0, NULL) : NULL;
	struct mo_truth t;
	if (!n || !condition) {
		return n != NULL;
	}
	if (!mo_eval_truth(ev, naming, condition, &t)) {
		return false;
	}
	if (!t.known) {
		mo_report(ev->ctx->diags, MSG_DEPLOY_TIME, condition->span,
			"whether a stack is protected must be known at compile time");
	}
	return t.known && t.truth;
}

static void
set_settings(struct mo_eval *ev, struct mo_deployment *d)
{
	struct mo_evaluator *e = ev->evaluator;
	struct mo_frame *naming = mo_stack_naming(ev, d->stack);
	e->naming = &d->target;
	d->ir->termination_protection = is_protected(ev, naming, d);
	mo_tag_stack(ev, naming, d, &d->ir->tags);
	mo_notify_topics(ev, naming, d);
	e->naming = NULL;
}

static void
make_stack(struct mo_eval *ev, struct mo_deployment *d)
{
	struct mo_ir_stack *s = mo_new(ev->arena, struct mo_ir_stack);
	d->ir = s;
	s->name = mo_stack_deployed_name(ev, d);
	s->artifact = artifact_of(ev, d);
	s->span = d->stack->span;
	s->template = d->variant->template;
	if (d->file) {
		d->file->template = s->template;
	}
	s->account = &d->target.account->ir;
	s->region = d->target.region;
	set_settings(ev, d);
}

static void
evaluate_stacks(struct mo_eval *ev)
{
	struct mo_evaluator *e = ev->evaluator;
	for (uint32_t i = 0; i < e->stacks.len; i++) {
		mo_stack_targets(ev, e->stacks.items[i]);
		count_regions(ev, e->stacks.items[i]);
	}
	for (uint32_t i = 0; i < e->stacks.len; i++) {
		struct mo_stack *s = e->stacks.items[i];
		bool done = mo_workers_evaluate(ev, s);
		for (uint32_t k = 0; !done && k < s->deployments.len && !ev->failed; k++) {
			struct mo_variant *v = mo_variant_of(ev, s->deployments.items[k], s->span);
			if (v) {
				mo_variant_complete(ev, v);
			}
		}
	}
}

// Once everything is evaluated: what one template needs of another is added to both.
static void
finish_variants(struct mo_eval *ev)
{
	struct mo_evaluator *e = ev->evaluator;
	for (uint32_t i = 0; i < e->stacks.len + e->templates.len; i++) {
		struct mo_stack *s = i < e->stacks.len ? e->stacks.items[i] : e->templates.items[i - e->stacks.len];
		for (uint32_t k = 0; k < s->variants.len && !ev->failed; k++) {
			if (!s->variants.items[k]->taken && !s->variants.items[k]->template->rendered) {
				mo_variant_finish(ev, s->variants.items[k]);
			}
		}
	}
}

static void
evaluate_templates(struct mo_eval *ev)
{
	struct mo_evaluator *e = ev->evaluator;
	for (uint32_t i = 0; i < e->templates.len && !ev->failed; i++) {
		mo_template_evaluate(ev, e->templates.items[i]);
	}
}

static void
make_templates(struct mo_eval *ev)
{
	struct mo_evaluator *e = ev->evaluator;
	for (uint32_t i = 0; i < e->templates.len && !ev->failed; i++) {
		mo_template_make(ev, e->templates.items[i]);
	}
}

static void
make_stacks(struct mo_eval *ev)
{
	struct mo_evaluator *e = ev->evaluator;
	for (uint32_t i = 0; i < e->stacks.len; i++) {
		mo_variants_merge(ev, e->stacks.items[i]);
	}
	for (uint32_t i = 0; i < e->stacks.len; i++) {
		struct mo_stack *s = e->stacks.items[i];
		for (uint32_t k = 0; k < s->deployments.len && !ev->failed; k++) {
			if (s->deployments.items[k]->variant) {
				make_stack(ev, s->deployments.items[k]);
			}
		}
		mo_variants_name(ev, s);
		for (uint32_t k = 0; k < s->deployments.len; k++) {
			struct mo_variant *v = s->deployments.items[k]->variant;
			if (v && v->file) {
				v->file->template = v->template;
			}
		}
		for (uint32_t k = 0; k < s->variants.len; k++) {
			struct mo_ir_template *t = s->variants.items[k]->template;
			if (t->rendered) {
				mo_push(ev->arena, &ev->platform->rendered, t);
			} else {
				mo_push(ev->arena, &ev->platform->templates, t);
			}
		}
	}
}

static void
keep_resources(struct mo_eval *ev)
{
	for (uint32_t i = 0; i < ev->evaluator->stacks.len; i++) {
		struct mo_stack *s = ev->evaluator->stacks.items[i];
		for (uint32_t k = 0; k < s->deployments.len; k++) {
			if (s->deployments.items[k]->ir) {
				mo_push(ev->arena, &s->made, s->deployments.items[k]->ir);
			}
		}
		for (uint32_t k = 0; k < s->variants.len && !ev->failed; k++) {
			if (!s->variants.items[k]->template->rendered) {
				mo_keep_resources(ev, s->variants.items[k]);
			}
		}
	}
}

static void
list_inputs(struct mo_eval *ev)
{
	for (uint32_t i = 0; i < mo_source_count(ev->ctx->sources); i++) {
		const struct mo_source *s = mo_source_get(ev->ctx->sources, i);
		if (s->path.len && s->kind != MO_SOURCE_LOCK) {
			mo_push(ev->arena, &ev->platform->inputs, s->path);
		}
	}
	for (uint32_t i = 0; i < ev->program->packed.len; i++) {
		mo_push(ev->arena, &ev->platform->inputs, ev->program->packed.items[i]);
	}
}

static void
list_asset(struct mo_eval *ev, struct mo_map *seen, const struct mo_ir_asset *asset)
{
	if (!mo_map_get(seen, MO_KEY(asset))) {
		mo_map_put(ev->arena, seen, MO_KEY(asset), ev);
		mo_push(ev->arena, &ev->platform->assets, asset);
	}
}

static void
list_assets(struct mo_eval *ev)
{
	struct mo_map seen = { 0 };
	for (uint32_t i = 0; i < ev->platform->templates.len; i++) {
		const struct mo_ir_template *t = ev->platform->templates.items[i];
		for (uint32_t k = 0; k < t->assets.len; k++) {
			list_asset(ev, &seen, t->assets.items[k]);
		}
	}
	for (uint32_t i = 0; i < ev->platform->stacks.len; i++) {
		const struct mo_ir_stack *s = ev->platform->stacks.items[i];
		for (uint32_t k = 0; k < s->publishes.len; k++) {
			list_asset(ev, &seen, s->publishes.items[k].asset);
		}
	}
}

static void
visit_grants(struct mo_eval *ev, void *data, struct mo_frame *f, struct mo_guard *guard, struct mo_node *item)
{
	(void)data;
	if (item->kind == MO_GRANT_NODE) {
		struct mo_place_of_work before = mo_enter(ev, f, guard);
		mo_grant_collect(ev, f, guard, item);
		mo_leave(ev, f, before);
	} else if (item->kind == MO_INSTANCE_NODE) {
		const struct mo_value *v = mo_member_at(ev, f, guard, item)->value;
		if (v->kind == MO_VALUE_INSTANCE) {
			mo_walk_items(ev, v->instance->frame, guard, component_items(v->instance), visit_grants, NULL);
		}
	}
}

// Everything up to the statements of permission. False when targets have to be told apart for their sake, and all of it done again.
static bool
evaluate_round(struct mo_eval *ev)
{
	uint32_t reported = ev->ctx->diags->items.len, errors = ev->ctx->diags->errors;
	mo_lock_restart(ev->ctx->lock);
	ev->platform = mo_new(ev->arena, struct mo_ir_platform);
	ev->platform->name = folder_name(ev);
	walk_files(ev, visit_settings);
	walk_files(ev, visit_accounts);
	walk_files(ev, visit_stacks);
	evaluate_stacks(ev);
	evaluate_templates(ev);
	walk_files(ev, visit_grants);
	if (mo_grants_place(ev) || ev->failed || ev->ctx->diags->errors > errors) {
		return true;
	}
	mo_diags_forget(ev->ctx->diags, reported);
	return false;
}

struct mo_ir_platform *
mo_evaluate(struct mo_program *program, const struct mo_workers *workers)
{
	size_t most = program->ctx->mem.most;
	struct mo_eval ev = { .ctx = program->ctx, .arena = &program->ctx->build, .program = program, .workers = workers,
		.most_memory = most ? most / 3 * 2 : SIZE_MAX };
	bool done = false;
	for (; !done && ev.round <= MO_EVAL_ROUNDS; ev.round++) {
		ev.evaluator = mo_new(ev.arena, struct mo_evaluator);
		ev.evaluator->platform_span = MO_NOWHERE;
		done = evaluate_round(&ev);
	}
	if (!done) {
		mo_report(ev.ctx->diags, MSG_LIMIT_REACHED, ev.evaluator->platform_span,
			"permissions between stacks tell more and more targets apart, further than the compiler follows");
	}
	finish_variants(&ev);
	mo_publish_roles(&ev);
	mo_publish_kept(&ev);
	mo_stored_compare(&ev);
	mo_nested_check(&ev);
	make_stacks(&ev);
	make_templates(&ev);
	mo_publications_place(&ev);
	keep_resources(&ev);
	mo_order_stacks(&ev);
	mo_program_inputs_list(&ev);
	mo_report_unused_defaults(&ev);
	list_inputs(&ev);
	list_assets(&ev);
	return ev.platform;
}
