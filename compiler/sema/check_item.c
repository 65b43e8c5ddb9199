// SPDX-License-Identifier: Apache-2.0
// Declarations one after the other: which may stand where, and what each one holds. The types of their names are in check_decl.c.
#include "sema/check.h"
#include "sema/inputs.h"
#include "sema/place.h"

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

struct mo_span
mo_check_head(struct mo_check *c, const struct mo_node *item)
{
	struct mo_span span = item->span;
	if (mo_node_is_item(item->kind)) {
		mo_nodes decorators = ((const struct mo_item *)item)->decorators;
		span.start = decorators.len ? mo_last(&decorators)->span.end : span.start;
	}
	struct mo_str text = mo_span_text(c->ctx->sources, span);
	size_t from = 0, to;
	while (from < text.len && (text.p[from] == ' ' || text.p[from] == '\t' || text.p[from] == '\n' || text.p[from] == '\r')) {
		from++;
	}
	for (to = from; to < text.len && text.p[to] > ' ' && text.p[to] != '{'; to++) {
	}
	return (struct mo_span){ span.start + (uint32_t)from, span.start + (uint32_t)to };
}

void
mo_check_unsupported(struct mo_check *c, struct mo_span span, const char *what)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_NOT_SUPPORTED_YET, span, "%s is not supported yet", what);
	mo_diag_note(d, "it is part of the language, and refused rather than left out of the result");
}

// ---- what may stand where --------------------------------------------------------------------------------------------------------

enum { DEEPEST_COMPONENT = 60 };

// Whether a component declares accounts, stacks or templates, itself or by the components in it: then it belongs to no stack.
// Found out once for each.
static bool
is_of_platform(struct mo_symbol *component, uint32_t depth)
{
	const struct mo_scope *body = component ? component->body : NULL;
	if (!body || depth >= DEEPEST_COMPONENT || component->of_platform) {
		return component && component->of_platform == 2;
	}
	component->of_platform = 1; // one that holds itself is a mistake
	for (uint32_t i = 0; i < body->symbols.len; i++) {
		const struct mo_symbol *s = body->symbols.items[i];
		const struct mo_node *n = s->declarations.len ? s->declarations.items[0].node : NULL;
		struct mo_symbol *inner = n && n->kind == MO_INSTANCE_NODE ? ((const struct mo_item *)n)->made_of : NULL;
		if (s->kind == MO_SYM_STACK || s->kind == MO_SYM_TEMPLATE || s->kind == MO_SYM_ACCOUNT || is_of_platform(inner, depth + 1)) {
			component->of_platform = 2;
			return true;
		}
	}
	return false;
}

static bool
makes_platform(const struct mo_node *n)
{
	return n->kind == MO_INSTANCE_NODE && is_of_platform(((const struct mo_item *)n)->made_of, 0);
}

// What stands in a stack has none to stand in here.
static bool
needs_stack(const struct mo_node *n)
{
	bool existing = n->kind == MO_EXISTING_NODE && !((const struct mo_existing_node *)n)->target;
	return n->kind == MO_RESOURCE_NODE || n->kind == MO_NESTED_NODE || n->kind == MO_PARAM_NODE || existing
		|| (n->kind == MO_INSTANCE_NODE && !makes_platform(n));
}

// In a component that declares stacks: whether the declaration may stand beside them.
static bool
has_place_beside_stacks(struct mo_check *c, struct mo_node *n, const struct mo_placement *p)
{
	if (c->body->kind != MO_SCOPE_COMPONENT || !c->body->owner || !needs_stack(n) || !is_of_platform(c->body->owner, 0)) {
		return true;
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISPLACED, mo_check_head(c, n), "%s has no place in a component that declares stacks",
		p ? p->what : "this");
	mo_diag_help(d, "put it into one of the stacks");
	return false;
}

static void
report_place(struct mo_check *c, struct mo_node *n, const struct mo_placement *p, bool right_body)
{
	bool platform = makes_platform(n), file = c->body->kind == MO_SCOPE_FILE;
	struct mo_span span = n->kind == MO_FIELD_NODE ? mo_as_field(n)->name.span : mo_check_head(c, n);
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISPLACED, span, "%s has no place %s",
		platform ? "a component that declares stacks" : p->what, right_body ? "inside `if` or `for`"
		: file ? "at the top of a file" : c->body->kind == MO_SCOPE_COMPONENT ? "in a component"
		: c->body->kind == MO_SCOPE_TEMPLATE ? "in a template" : "in a stack");
	if (platform) {
		mo_diag_help(d, "it belongs to the top of a file, or into another such component");
	} else if (right_body && n->kind == MO_INPUT_NODE) {
		mo_diag_help(d, "what need not be given has a default: `input name: Type? = none`");
	} else if (n->kind == MO_FIELD_NODE && c->body->kind == MO_SCOPE_TEMPLATE && mo_is_home_field(c->ctx, n)) {
		mo_diag_help(d, "it stands in the template itself: `template name for accounts { assets: bucket }`");
	} else if (n->kind == MO_FIELD_NODE && c->body->kind == MO_SCOPE_COMPONENT) {
		mo_diag_help(d, "an argument is declared `input name: Type`, a name for a value `let name = …`");
	} else if (n->kind == MO_FIELD_NODE) {
		mo_diag_help(d, "a name for a value is declared `let name = …`");
	} else {
		mo_diag_help(d, "%s", p->help);
	}
}

// Whether a declaration has its place here; says so when it has not.
static bool
has_place(struct mo_check *c, struct mo_node *n)
{
	const struct mo_placement *p = mo_placement_of(n->kind);
	bool home = c->body->kind == MO_SCOPE_TEMPLATE && !c->blocks && mo_is_home_field(c->ctx, n);
	bool anywhere = home || (n->kind == MO_EXISTING_NODE && mo_as_existing(n)->target);
	bool right_body = !p || anywhere || mo_placement_allows(p, c->body->kind);
	if (makes_platform(n)) {
		right_body = c->body->kind == MO_SCOPE_FILE || c->body->kind == MO_SCOPE_COMPONENT;
	}
	if (right_body && (!p || anywhere || p->block || !c->blocks)) {
		return has_place_beside_stacks(c, n, p);
	}
	report_place(c, n, p, right_body);
	return false;
}

// Forms of the language that this version does not translate; NULL for all others.
static const char *
unsupported_form(struct mo_check *c, struct mo_node *n)
{
	(void)c;
	switch (n->kind) {
	case MO_RULE_NODE: return "`rule`";
	case MO_TEST_NODE: return "`test`";
	default: return NULL;
	}
}

// What is in it stays JSON as CloudFormation reads it.
static void
check_raw(struct mo_check *c, struct mo_node *n)
{
	c->raw = true;
	mo_check_entries(c, mo_block_items(mo_as_raw(n)->block), mo_type_of_kind(MO_TYPE_JSON));
	c->raw = false;
}

// ---- inputs ---------------------------------------------------------------------------------------------------------------------

static struct mo_str
name_of(struct mo_check *c, struct mo_name name)
{
	return mo_atom_str(c->ctx->atoms, name.atom);
}

static void
check_input(struct mo_check *c, struct mo_node *n)
{
	struct mo_input_node *input = mo_as_input(n);
	const struct mo_type *t = n->symbol ? mo_check_symbol(c, n->symbol, n->span) : error_type();
	if (!input->type_expr) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_BAD_TYPE, input->name.span, "an input says its type");
		mo_diag_help(d, "`input " MO_STR_FMT ": String`", MO_STR_ARG(name_of(c, input->name)));
	}
	if (n->symbol && mo_is_program_input(n->symbol) && t->kind != MO_TYPE_ERROR) {
		mo_check_program_input(c, input);
	} else if (input->value && t->kind != MO_TYPE_ERROR) {
		n->symbol->place->otherwise = mo_check_for(c, input->value, n->symbol->declared, name_of(c, input->name));
		if (n->symbol->place->otherwise->kind == MO_TYPE_ERROR) { // type and default contradict each other: either may be what is meant
			n->symbol->type = n->symbol->declared = error_type();
		}
	} else if (input->value) {
		mo_check_infer(c, input->value);
	}
}

// ---- outputs ---------------------------------------------------------------------------------------------------------------------

static bool
is_scalar(const struct mo_type *t)
{
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		if (!is_scalar(t->alternatives.items[i])) {
			return false;
		}
	}
	switch (t->kind) {
	case MO_TYPE_BOOL:
	case MO_TYPE_INT:
	case MO_TYPE_STRING:
	case MO_TYPE_CIDR:
	case MO_TYPE_JSON:
	case MO_TYPE_ERROR:
	case MO_TYPE_ANY:
	case MO_TYPE_UNION: return true;
	default: return false;
	}
}

// An output of a stack is one text for CloudFormation, or a list of them.
static void
check_output_value(struct mo_check *c, struct mo_output_node *o, const struct mo_type *t)
{
	const struct mo_type *present = mo_type_present(t);
	const struct mo_type *element = present->kind == MO_TYPE_LIST ? mo_type_present(present->element) : present;
	if (is_scalar(element) || !o->value) {
		return;
	}
	if (element->kind == MO_TYPE_RESOURCE) {
		const struct mo_type *text = mo_type_of_kind(MO_TYPE_STRING);
		mo_check_fit(c, o->value, present, present->kind == MO_TYPE_LIST ? mo_type_list(c->ctx, text) : text);
		return;
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, o->value->span, "an output is one value or a list of values, this is " MO_STR_FMT,
		MO_STR_ARG(mo_type_noun(c->ctx, present)));
	mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, t)));
	mo_diag_note(d, "expected String, Int, Bool or Cidr, or a list of them");
	if (present->kind == MO_TYPE_INSTANCE || present->kind == MO_TYPE_RECORD || present->kind == MO_TYPE_MAP) {
		mo_diag_help(d, "other stacks can read everything that is declared here without an output");
	}
}

static void
check_output(struct mo_check *c, struct mo_node *n)
{
	struct mo_output_node *o = mo_as_output(n);
	const struct mo_type *t = n->symbol ? mo_check_symbol(c, n->symbol, n->span) : error_type();
	mo_check_keys(c, o->keys);
	if (c->body->kind == MO_SCOPE_COMPONENT) {
		if (o->block) {
			struct mo_span open = { o->block->span.start, o->block->span.start + 1 };
			mo_report(c->ctx->diags, MSG_MISPLACED, open, "only the output of a stack has a description or an export name");
		}
		return;
	}
	check_output_value(c, o, t);
	if (o->block) {
		struct mo_type *block = mo_type_record(c->ctx, "an output");
		mo_type_add_field(c->ctx, block, "export", mo_type_of_kind(MO_TYPE_STRING), true);
		mo_type_add_field(c->ctx, block, "description", mo_type_of_kind(MO_TYPE_STRING), true);
		mo_check_fields(c, mo_block_items(o->block), block, o->name.span, NULL);
	}
}

// ---- blocks ----------------------------------------------------------------------------------------------------------------------

static void
check_otherwise(struct mo_check *c, struct mo_node *otherwise)
{
	if (otherwise && otherwise->kind == MO_BLOCK_NODE) {
		mo_check_items(c, mo_as_block(otherwise)->items);
	} else if (otherwise) {
		mo_nodes one = { &otherwise, 1, 1 };
		mo_check_items(c, one);
	}
}

static void
check_if(struct mo_check *c, struct mo_node *n)
{
	struct mo_if_decl_node *i = mo_as_if_decl(n);
	const struct mo_type *t = mo_check_condition(c, i->cond);
	if (c->body->kind == MO_SCOPE_FILE) {
		mo_check_known(c, t, false, i->cond ? i->cond->span : n->span, "the condition of an `if` at the top of a file");
	}
	c->blocks++;
	uint32_t mark = mo_facts_push(c, i->cond, true);
	mo_check_items(c, mo_block_items(i->then));
	mo_facts_pop(c, mark);
	mark = mo_facts_push(c, i->cond, false);
	check_otherwise(c, i->otherwise);
	mo_facts_pop(c, mark);
	c->blocks--;
}

static void
check_for(struct mo_check *c, struct mo_node *n)
{
	struct mo_for_decl_node *f = mo_as_for_decl(n);
	if (f->list && !f->list->type) {
		mo_check_declaring_loop(c, f);
	}
	mo_check_repeated(c, f);
	uint32_t mark = c->facts.len;
	c->blocks++;
	c->loops++;
	mo_check_items(c, mo_block_items(f->block));
	c->blocks--;
	c->loops--;
	mo_facts_pop(c, mark);
}

static void
check_assert(struct mo_check *c, struct mo_node *n)
{
	struct mo_assert_node *a = mo_as_assert(n);
	bool file = c->body->kind == MO_SCOPE_FILE;
	c->rule = !file;
	const struct mo_type *t = mo_check_condition(c, a->cond);
	c->rule = false;
	uint32_t mark = mo_facts_push(c, a->cond, false); // the message is read when the condition does not hold
	if (a->message) {
		const struct mo_type *message = mo_check_for(c, a->message, mo_type_of_kind(MO_TYPE_STRING), (struct mo_str){ 0 });
		if (t->time.deploy) {
			mo_check_known(c, message, true, a->message->span, "the message of a rule");
		}
	}
	mo_facts_pop(c, mark);
	if (file) {
		mo_check_known(c, t, false, a->cond ? a->cond->span : n->span, "the condition of an `assert` at the top of a file");
	}
	mo_facts_push(c, a->cond, true); // holds for the rest of the body
}

static void
check_custom_schema(struct mo_check *c, struct mo_node *n)
{
	struct mo_custom_schema_node *s = mo_as_custom_schema(n);
	mo_type_of_node(c->program, s->properties);
	if (s->gives) {
		mo_type_of_node(c->program, s->gives);
	}
	struct mo_str name = name_of(c, s->kind);
	struct mo_symbol *first = mo_check_schema(c, name);
	if (mo_cat_find_resource(name)) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_BAD_TYPE, s->kind.span, "CloudFormation has the type " MO_STR_FMT " itself", MO_STR_ARG(name));
		mo_diag_help(d, "a resource of one's own making has a type that starts with `Custom::`");
	} else if (first && first->module != c->module) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_DUPLICATE_NAME, s->kind.span, MO_STR_FMT " is declared twice", MO_STR_ARG(name));
		mo_diag_label(d, first->span, "declared here first");
		mo_diag_note(d, "the schema of a type holds for the whole program");
	}
}

// ---- dispatch --------------------------------------------------------------------------------------------------------------------

static void
check_named(struct mo_check *c, struct mo_node *n)
{
	switch (n->kind) {
	case MO_FN_NODE:
		mo_check_fn(c, n->symbol, n->span);
		break;
	case MO_COMPONENT_NODE:
		mo_check_component(c, n->symbol, n->span);
		break;
	default:
		mo_check_symbol(c, n->symbol, n->span);
	}
}

static void
check_item(struct mo_check *c, struct mo_node *n)
{
	switch (n->kind) {
	case MO_LET_NODE:
	case MO_TYPE_DECL_NODE:
	case MO_ACCOUNT_NODE:
	case MO_FN_NODE:
	case MO_COMPONENT_NODE:
		if (n->symbol) { // else its name was refused
			check_named(c, n);
		}
		break;
	case MO_INSTANCE_NODE: // checked with its name, once
		if (n->symbol) {
			check_named(c, n);
		} else {
			mo_check_instance(c, n);
		}
		break;
	case MO_INPUT_NODE: check_input(c, n); break;
	case MO_PARAM_NODE: mo_check_param(c, n); break;
	case MO_OUTPUT_NODE: check_output(c, n); break;
	case MO_RESOURCE_NODE: mo_check_resource(c, n); break;
	case MO_EXISTING_NODE: mo_check_existing(c, n); break;
	case MO_OVERRIDE_NODE: mo_check_override(c, n); break;
	case MO_DEFAULTS_NODE: mo_check_defaults(c, n); break;
	case MO_STACK_NODE: mo_check_stack(c, n); break;
	case MO_TEMPLATE_NODE: mo_check_template(c, n); break;
	case MO_FIELD_NODE: mo_check_home(c, n); break;
	case MO_NESTED_NODE: mo_check_nested(c, n); break;
	case MO_IF_DECL_NODE: check_if(c, n); break;
	case MO_FOR_DECL_NODE: check_for(c, n); break;
	case MO_ASSERT_NODE: check_assert(c, n); break;
	case MO_RAW_NODE: check_raw(c, n); break;
	case MO_CUSTOM_SCHEMA_NODE: check_custom_schema(c, n); break;
	case MO_PLATFORM_NODE: mo_check_platform(c, n); break;
	case MO_GRANT_NODE: mo_check_grant(c, n); break;
	case MO_PERMISSION_NODE: mo_check_permission(c, n); break;
	case MO_RESOURCE_POLICY_NODE: mo_check_resource_policy(c, n); break;
	default: break;
	}
}

void
mo_check_items(struct mo_check *c, mo_nodes items)
{
	for (uint32_t i = 0; i < items.len; i++) {
		struct mo_node *n = items.items[i];
		if (!n || n->kind == MO_BAD_NODE || !has_place(c, n)) {
			continue;
		}
		const char *unsupported = unsupported_form(c, n);
		if (unsupported) {
			mo_check_unsupported(c, mo_check_head(c, n), unsupported);
		} else {
			if (n->kind != MO_COMPONENT_NODE) { // whose own are checked in its body
				mo_check_decorators(c, (struct mo_item *)n);
			}
			check_item(c, n);
		}
	}
}

// ---- the program -----------------------------------------------------------------------------------------------------------------

void
mo_program_check(struct mo_program *p)
{
	for (uint32_t i = 0; i < p->modules.len; i++) {
		struct mo_check c = { .program = p, .ctx = p->ctx, .module = p->modules.items[i] };
		c.body = c.module->scope;
		if (!c.module->library && !c.module->unreadable) {
			mo_check_items(&c, c.module->syntax->file->items);
		}
	}
}
