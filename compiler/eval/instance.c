// SPDX-License-Identifier: Apache-2.0
// Instances of components: their inputs from what the caller wrote, their declarations in two passes (first everything gets its handle
// and its ID, then everything is evaluated in source order), and what can be read of them from outside.
#include "eval/grant.h"
#include "eval/program_input.h"
#include "eval/raw.h"

enum { MOST_NESTED = 60 }; // instances inside instances

// ---- names of what is inside -----------------------------------------------------------------------------------------------------

static bool
adds_segment(struct mo_eval *ev, struct mo_name name)
{
	return !mo_str_is(mo_atom_text(ev, name.atom), "this");
}

struct mo_str
mo_member_path(struct mo_eval *ev, const struct mo_instance *around, struct mo_name name, const struct mo_member *m)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	if (around) {
		mo_buf_add(&b, around->path);
	}
	if (adds_segment(ev, name) || b.len == 0) {
		mo_buf_printf(&b, "%s" MO_STR_FMT, b.len ? "." : "", MO_STR_ARG(mo_atom_text(ev, name.atom)));
	}
	mo_buf_add(&b, mo_family_key_text(ev, m));
	return mo_buf_str(&b);
}

struct mo_str
mo_member_id(struct mo_eval *ev, const struct mo_instance *around, struct mo_name name, const struct mo_member *m)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	if (around) {
		mo_buf_add(&b, around->id);
	}
	if (adds_segment(ev, name) || (b.len == 0 && m->key_count == 0)) {
		mo_id_add(&b, mo_atom_text(ev, name.atom));
	}
	for (uint32_t i = 0; i < m->key_count; i++) {
		if (mo_is_each(m->keys[i])) { // CloudFormation leaves out of the element what no ID can hold
			mo_buf_printf(&b, "&{" MO_STR_FMT "}", MO_STR_ARG(m->keys[i]->ir->param->id));
		} else {
			mo_id_add(&b, mo_key_text(ev, m->keys[i]));
		}
	}
	return mo_buf_str(&b);
}

struct mo_str
mo_member_slug(struct mo_eval *ev, const struct mo_instance *around, struct mo_name name, const struct mo_member *m)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	if (around) {
		mo_buf_add(&b, around->slug);
	}
	if (adds_segment(ev, name) || (b.len == 0 && m->key_count == 0)) {
		mo_buf_printf(&b, "%s" MO_STR_FMT, b.len ? "/" : "", MO_STR_ARG(mo_atom_text(ev, name.atom)));
	}
	for (uint32_t i = 0; i < m->key_count; i++) {
		struct mo_str key = mo_is_each(m->keys[i]) ? m->keys[i]->ir->param->id : mo_key_text(ev, m->keys[i]);
		mo_buf_printf(&b, "%s" MO_STR_FMT, b.len ? "/" : "", MO_STR_ARG(key));
	}
	return mo_buf_str(&b);
}

bool
mo_in_library(struct mo_eval *ev, struct mo_span span)
{
	const struct mo_source *s = mo_span_is_nowhere(span) ? NULL : mo_source_at(ev->ctx->sources, span.start);
	return s && s->kind == MO_SOURCE_LIBRARY;
}

// ---- making ----------------------------------------------------------------------------------------------------------------------

const struct mo_value *
mo_instance_make(struct mo_eval *ev, struct mo_member *m)
{
	struct mo_instance_node *node = mo_as_instance(m->node);
	struct mo_symbol *component = mo_symbol_real(node->item.made_of);
	struct mo_instance *around = m->frame->instance;
	if (!component || component->kind != MO_SYM_COMPONENT || !component->body) {
		return mo_error_value();
	}
	struct mo_instance *i = mo_new(ev->arena, struct mo_instance);
	i->depth = around ? around->depth + 1 : 0;
	if (i->depth > MOST_NESTED) {
		mo_eval_report(ev, around, MSG_EVALUATION_TOO_DEEP, node->name.span, "components nest more than %d levels deep",
			MOST_NESTED);
		ev->failed = true;
		return mo_error_value();
	}
	i->symbol = component;
	i->node = m->node;
	i->outer = m->frame;
	i->parent = around;
	i->guard = m->guard;
	i->member = m;
	i->variant = around ? around->variant : NULL;
	i->path = mo_member_path(ev, around, node->name, m);
	struct mo_str given = mo_decorator_id(ev, &node->item, m->frame);
	i->id = given.len ? given : mo_member_id(ev, around, node->name, m); // IDs inside start with it
	i->slug = mo_member_slug(ev, around, node->name, m);
	i->origin = mo_in_library(ev, node->name.span) && around ? around->origin : node->name.span;
	i->frame = mo_frame_new(ev, mo_frame_of_module(ev, component->module), component->body, i);
	i->frame->naming = m->frame->naming;
	struct mo_decoration *outside = around ? around->decoration : NULL;
	if (component->declarations.len) {
		outside = mo_decoration_new(ev, outside, &mo_as_component(component->declarations.items[0].node)->item, i->frame);
	}
	i->decoration = mo_decoration_new(ev, outside, &node->item, m->frame);
	struct mo_value *v = mo_value_new(ev->arena, MO_VALUE_INSTANCE, node->name.span);
	v->instance = i;
	return v;
}

// ---- inputs ----------------------------------------------------------------------------------------------------------------------

static struct mo_argument *
argument_of(struct mo_eval *ev, struct mo_instance *i, mo_atom name)
{
	if (i->node->kind != MO_INSTANCE_NODE) {
		return NULL;
	}
	struct mo_place_of_work before = mo_enter(ev, i->outer, i->guard);
	mo_arguments_collect(ev, i->outer, mo_as_instance(i->node)->block, &i->arguments);
	mo_leave(ev, i->outer, before);
	return mo_argument_find(&i->arguments, name);
}

static const struct mo_value *
missing_input(struct mo_eval *ev, const struct mo_instance *i, const struct mo_symbol *symbol)
{
	struct mo_str name = mo_symbol_text(ev, symbol);
	if (i && i->arguments.failed) {
		return mo_error_value(); // it may have been in what could not be read
	}
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_MISSING_FIELD, i ? mo_name_of(i->node).span : symbol->span,
		"the input `" MO_STR_FMT "` has no value", MO_STR_ARG(name));
	if (i) {
		mo_diag_label(d, symbol->span, "declared here");
		mo_diag_help(d, "write `" MO_STR_FMT ": …` in the block", MO_STR_ARG(name));
	}
	return mo_error_value();
}

const struct mo_value *
mo_input_value(struct mo_eval *ev, struct mo_frame *home, struct mo_symbol *symbol)
{
	struct mo_instance *i = home->instance;
	struct mo_input_node *node = mo_as_input(symbol->declarations.items[0].node);
	struct mo_argument *a = i ? argument_of(ev, i, symbol->name) : NULL;
	struct mo_supplied *given = mo_is_program_input(symbol) ? mo_input_supplied(ev->program, symbol->name) : NULL;
	if (given) {
		return mo_program_input_value(ev, symbol, given);
	}
	if (a) {
		struct mo_place_of_work before = mo_enter(ev, i->outer, i->guard);
		const struct mo_value *v = mo_argument_value(ev, i->outer, a, symbol->declared);
		mo_leave(ev, i->outer, before);
		bool none_counts = symbol->declared && mo_type_admits_none(symbol->declared);
		if (!mo_is_none(v) || none_counts) {
			return v;
		}
	}
	if (node->value) {
		return mo_eval_typed(ev, home, node->value, symbol->declared);
	}
	if (symbol->declared && mo_type_admits_none(symbol->declared)) {
		return mo_value_simple(MO_VALUE_NONE);
	}
	return missing_input(ev, i, symbol);
}

static void
report_unknown_inputs(struct mo_eval *ev, struct mo_instance *i)
{
	for (uint32_t k = 0; k < i->arguments.items.len; k++) {
		const struct mo_argument *a = i->arguments.items.items[k];
		const struct mo_symbol *s = mo_map_get(&i->symbol->body->values, a->name);
		if (s && (s->kind == MO_SYM_INPUT || s->kind == MO_SYM_PARAM)) {
			continue;
		}
		struct mo_str name = mo_atom_text(ev, a->name), component = mo_symbol_text(ev, i->symbol);
		struct mo_diag *d = mo_eval_report(ev, i->parent, MSG_UNKNOWN_FIELD, a->span,
			"`" MO_STR_FMT "` has no input `" MO_STR_FMT "`",
			MO_STR_ARG(component), MO_STR_ARG(name));
		struct mo_suggestion near = mo_suggest(name);
		for (uint32_t n = 0; n < i->symbol->body->symbols.len; n++) {
			const struct mo_symbol *c = i->symbol->body->symbols.items[n];
			if (c->kind == MO_SYM_INPUT) {
				mo_suggest_from(&near, mo_symbol_text(ev, c));
			}
		}
		mo_diag_suggest(d, a->span, &near);
	}
}

// ---- reading from outside --------------------------------------------------------------------------------------------------------

static struct mo_symbol *
readable(const struct mo_instance *i, mo_atom name)
{
	struct mo_symbol *s = mo_map_get(&i->symbol->body->outputs, name);
	if (!s) {
		s = mo_map_get(&i->symbol->body->values, name);
		s = s && (s->kind == MO_SYM_INPUT || s->kind == MO_SYM_PARAM) ? s : NULL;
	}
	return s;
}

bool
mo_instance_has_member(const struct mo_instance *i, mo_atom name)
{
	return readable(i, name) != NULL;
}

const struct mo_value *
mo_instance_member(struct mo_eval *ev, struct mo_instance *i, struct mo_name name, struct mo_span span)
{
	struct mo_symbol *s = readable(i, name.atom);
	if (i->failed) {
		return mo_error_value(); // reported
	}
	if (s) {
		return mo_eval_slot(ev, i->frame, s, span);
	}
	struct mo_str text = mo_atom_text(ev, name.atom), component = mo_symbol_text(ev, i->symbol);
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_UNKNOWN_MEMBER, span,
		"the component `" MO_STR_FMT "` has no output or input `"
		MO_STR_FMT "`", MO_STR_ARG(component), MO_STR_ARG(text));
	struct mo_suggestion near = mo_suggest(text);
	for (uint32_t k = 0; k < i->symbol->body->symbols.len; k++) {
		const struct mo_symbol *c = i->symbol->body->symbols.items[k];
		if (c->kind == MO_SYM_OUTPUT || c->kind == MO_SYM_INPUT) {
			mo_suggest_from(&near, mo_symbol_text(ev, c));
		}
	}
	mo_diag_suggest(d, span, &near);
	return mo_error_value();
}

// ---- first pass: handles ---------------------------------------------------------------------------------------------------------

static void
register_resource(struct mo_eval *ev, struct mo_instance *i, const struct mo_value *v)
{
	if (v->kind != MO_VALUE_RESOURCE) {
		return;
	}
	struct mo_resource *r = mo_resource_of(v->resource);
	if (r->ir.existing || r->registered || !i->variant) {
		return;
	}
	r->registered = true;
	mo_push(ev->arena, &i->resources, r);
	mo_push(ev->arena, &i->variant->template->resources, &r->ir);
}

// Gathers a family also when nobody asks for it, so that its keys are compared.
void
mo_force_family(struct mo_eval *ev, struct mo_frame *f, struct mo_node *item)
{
	if (item->symbol && item->symbol->dimensions && mo_keys_of(item).len) {
		mo_eval_name(ev, f, item->symbol, mo_name_of(item).span);
	}
}

static void
register_item(struct mo_eval *ev, void *data, struct mo_frame *f, struct mo_guard *guard, struct mo_node *item)
{
	struct mo_instance *i = data;
	mo_force_family(ev, f, item);
	switch (item->kind) {
	case MO_RESOURCE_NODE:
	case MO_NESTED_NODE:
	case MO_EXISTING_NODE:
		register_resource(ev, i, mo_member_at(ev, f, guard, item)->value);
		break;
	case MO_INSTANCE_NODE: {
		const struct mo_value *v = mo_member_at(ev, f, guard, item)->value;
		if (v->kind == MO_VALUE_INSTANCE) {
			mo_push(ev->arena, &i->instances, v->instance);
			mo_instance_register(ev, v->instance);
		}
		break;
	}
	default:
		break;
	}
}

static mo_nodes
body_of(const struct mo_instance *i)
{
	struct mo_node *node = i->symbol->body ? i->frame->scope->node : NULL;
	struct mo_node *block = !node ? NULL : node->kind == MO_COMPONENT_NODE ? mo_as_component(node)->block
		: node->kind == MO_STACK_NODE ? mo_as_stack(node)->block
		: node->kind == MO_TEMPLATE_NODE ? mo_as_template(node)->block : NULL;
	return mo_block_items(block);
}

static void
prepare_item(struct mo_eval *ev, void *data, struct mo_frame *f, struct mo_guard *guard, struct mo_node *item)
{
	struct mo_instance *i = data;
	if (item->kind == MO_PARAM_NODE && item->symbol) { // in source order, whoever asked for them before
		mo_force_family(ev, f, item);
		mo_param_register(ev, mo_member_at(ev, f, guard, item));
	}
	if (item->kind == MO_ASSERT_NODE) {
		struct mo_place_of_work before = mo_enter(ev, f, guard);
		i->failed = !mo_eval_assert(ev, f, guard, mo_as_assert(item)) || i->failed;
		mo_leave(ev, f, before);
	}
}

// What a body asserts comes first: where that fails, everything else would fail for the same reason.
void
mo_instance_register(struct mo_eval *ev, struct mo_instance *i)
{
	if (i->registered) {
		return;
	}
	i->registered = true;
	mo_walk_items(ev, i->frame, i->guard, body_of(i), prepare_item, i);
	if (!i->failed) {
		mo_walk_items(ev, i->frame, i->guard, body_of(i), register_item, i);
	}
}

// ---- second pass: values ---------------------------------------------------------------------------------------------------------

static void
evaluate_declared(struct mo_eval *ev, struct mo_instance *i, struct mo_frame *f, struct mo_guard *guard, struct mo_node *item)
{
	const struct mo_value *v = mo_member_at(ev, f, guard, item)->value;
	if (v->kind == MO_VALUE_RESOURCE && !v->resource->existing && i->variant) {
		mo_resource_evaluate(ev, mo_resource_of(v->resource));
	} else if (v->kind == MO_VALUE_INSTANCE) {
		mo_instance_evaluate(ev, v->instance);
	}
}

static void
evaluate_item(struct mo_eval *ev, void *data, struct mo_frame *f, struct mo_guard *guard, struct mo_node *item)
{
	struct mo_instance *i = data;
	struct mo_place_of_work before = mo_enter(ev, f, guard);
	switch (item->kind) {
	case MO_LET_NODE:
	case MO_INPUT_NODE:
		if (item->symbol) {
			mo_eval_name(ev, f, item->symbol, mo_name_of(item).span);
		}
		break;
	case MO_OUTPUT_NODE:
		if (item->symbol) {
			mo_eval_name(ev, f, item->symbol, mo_name_of(item).span);
		}
		if (item->symbol && i->node->kind != MO_INSTANCE_NODE) {
			mo_output_make(ev, i, f, guard, mo_as_output(item));
		}
		break;
	case MO_RAW_NODE:
		mo_raw_make(ev, i, f, guard, mo_as_raw(item));
		break;
	case MO_RESOURCE_NODE:
	case MO_NESTED_NODE:
	case MO_EXISTING_NODE:
	case MO_INSTANCE_NODE:
		evaluate_declared(ev, i, f, guard, item);
		break;
	case MO_GRANT_NODE:
		if (i->variant && !i->variant->shadow) {
			mo_grant_collect(ev, f, guard, item);
		}
		break;
	default:
		break;
	}
	mo_leave(ev, f, before);
}

void
mo_instance_evaluate(struct mo_eval *ev, struct mo_instance *i)
{
	if (i->evaluated || i->failed) {
		return;
	}
	i->evaluated = true;
	mo_walk_items(ev, i->frame, i->guard, body_of(i), evaluate_item, i);
	if (i->node->kind == MO_INSTANCE_NODE) {
		report_unknown_inputs(ev, i);
	}
	mo_report_unmatched(ev, i);
}
