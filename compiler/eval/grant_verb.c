// SPDX-License-Identifier: Apache-2.0
// What a permission means for one resource: the statements of its verbs, or the resources that written actions take; and how the type of
// the resource carries a policy. Declared by `permission` and `resource_policy`, of which `self` is the resource.
#include "eval/grant.h"

enum { DEEPEST = 64 }; // nested values of a statement

// ---- declarations ----------------------------------------------------------------------------------------------------------------

static struct mo_node *
field_named(struct mo_eval *ev, const struct mo_permission_entry *e, const char *name)
{
	struct mo_node *block = e->verb ? mo_as_permission(e->node)->block : mo_as_resource_policy(e->node)->block;
	return mo_block_field(block, mo_atom_of(ev->ctx->atoms, mo_str_c(name)));
}

// A field of a declaration, where `self` is the resource. Evaluated as if it stood in the stack of the resource, so that `aws.region` is
// the resource's own.
static const struct mo_value *
field(struct mo_eval *ev, const struct mo_permission_entry *e, const char *name, struct mo_resource *self, struct mo_span at)
{
	struct mo_node *n = field_named(ev, e, name);
	if (!n) {
		return mo_value_simple(MO_VALUE_NONE);
	}
	struct mo_instance *body = mo_new(ev->arena, struct mo_instance);
	if (self && self->instance && self->instance->variant) {
		*body = *self->instance->variant->body;
	}
	body->origin = at; // what goes wrong is shown at the permission
	struct mo_frame *f = mo_frame_new(ev, mo_frame_of_module(ev, e->module), mo_scope_of(ev->program, e->node), body);
	struct mo_binding *b = mo_new_array(ev->arena, struct mo_binding, 1);
	b[0].symbol = mo_permission_self(ev->program, e->node);
	b[0].value = self ? mo_value_resource(ev->arena, self->ir.origin.span, &self->ir) : mo_error_value();
	f->bindings = b;
	f->binding_count = 1;
	struct mo_place_of_work before = mo_enter(ev, f, self ? self->guard : NULL);
	const struct mo_value *v = mo_eval_expr(ev, f, n, NULL);
	mo_leave(ev, f, before);
	return v;
}

static struct mo_str
text_field(struct mo_eval *ev, const struct mo_permission_entry *e, const char *name)
{
	const struct mo_value *v = field(ev, e, name, NULL, MO_NOWHERE);
	return v->kind == MO_VALUE_STRING ? v->text : (struct mo_str){ 0 };
}

bool
mo_carrier_of(struct mo_eval *ev, struct mo_str type, struct mo_carrier *out)
{
	struct mo_permission_entry *e = mo_resource_policy_find(ev->program, type);
	*out = (struct mo_carrier){ .entry = e };
	if (!e) {
		return false;
	}
	struct mo_str resources = text_field(ev, e, "resources");
	const struct mo_value *always = field(ev, e, "always", NULL, MO_NOWHERE), *conditions = field(ev, e, "conditions", NULL, MO_NOWHERE);
	out->property = text_field(ev, e, "property");
	out->resource = text_field(ev, e, "resource");
	out->object = text_field(ev, e, "object");
	out->document = text_field(ev, e, "document");
	out->key = text_field(ev, e, "key");
	out->actions = text_field(ev, e, "actions");
	out->document = out->document.len ? out->document : MO_STR("PolicyDocument");
	out->per_statement = mo_str_is(text_field(ev, e, "per"), "statement");
	out->any_resource = mo_str_is(resources, "any");
	out->no_resource = mo_str_is(resources, "none");
	out->always = always->kind == MO_VALUE_BOOL && always->boolean;
	out->conditions = conditions->kind == MO_VALUE_LIST ? conditions : NULL;
	return out->property.len || out->resource.len;
}

const struct mo_ir_value *
mo_carrier_start(struct mo_eval *ev, const struct mo_carrier *c, struct mo_resource *self)
{
	const struct mo_value *v = field(ev, c->entry, "start", self, self->ir.origin.span);
	return v->kind == MO_VALUE_RECORD ? mo_lower(ev, v) : NULL;
}

// ---- ARNs ------------------------------------------------------------------------------------------------------------------------

// A property or attribute that an ARN is made of; NULL when it is not known.
typedef const struct mo_value *reader(struct mo_eval *ev, struct mo_resource *r, struct mo_str name, struct mo_span span);

static const struct mo_value *
member_of(struct mo_eval *ev, struct mo_resource *r, struct mo_str name, struct mo_span span)
{
	struct mo_name n = { mo_atom_of(ev->ctx->atoms, name), span };
	return mo_resource_has_member(ev, r, name) ? mo_resource_member(ev, r, n, NULL) : NULL;
}

static const struct mo_value *
variable(struct mo_eval *ev, struct mo_resource *r, struct mo_str name, struct mo_span span, reader *read)
{
	static const char *const pseudos[][2] = { { "Partition", "partition" }, { "Region", "region" }, { "Account", "account_id" } };
	for (size_t i = 0; i < 3; i++) {
		if (mo_str_is(name, pseudos[i][0]) && r->in) {
			struct mo_str member = i == 2 ? MO_STR("id") : mo_str_c(pseudos[i][1]);
			return mo_account_member(ev, r->in, (struct mo_name){ mo_atom_of(ev->ctx->atoms, member), span });
		}
		if (mo_str_is(name, pseudos[i][0])) {
			struct mo_name n = { mo_atom_of(ev->ctx->atoms, mo_str_c(pseudos[i][1])), span };
			return mo_eval_member(ev, mo_value_simple(MO_VALUE_AWS), n);
		}
	}
	const struct mo_value *v = read(ev, r, name, span);
	return v ? v : mo_str_is(name, "Path") ? mo_value_string(ev->arena, span, MO_STR("/")) : NULL;
}

// The ARN from the catalog's template, in the terms of the resource's own stack.
static const struct mo_value *
from_template(struct mo_eval *ev, struct mo_resource *r, struct mo_str template, struct mo_span span, reader *read)
{
	mo_values parts = { 0 };
	for (size_t at = 0; at < template.len;) {
		ptrdiff_t start = mo_str_find(template, MO_STR("${"), at);
		size_t end = start < 0 ? template.len : (size_t)start;
		if (end > at) {
			mo_push(ev->arena, &parts, mo_value_string(ev->arena, span, mo_str_sub(template, at, end)));
		}
		if (start < 0) {
			break;
		}
		ptrdiff_t close = mo_str_find(template, MO_STR("}"), end);
		const struct mo_value *v = close < 0 ? NULL : variable(ev, r, mo_str_sub(template, end + 2, (size_t)close), span, read);
		if (!v) {
			return NULL;
		}
		mo_push(ev->arena, &parts, v);
		at = (size_t)close + 1;
	}
	return mo_concat(ev, span, parts.items, parts.len);
}

static const struct mo_value *
written(struct mo_eval *ev, struct mo_resource *r, struct mo_str name, struct mo_span span)
{
	const struct mo_value *v = mo_resource_written(ev, r, name, span);
	return v && !mo_is_none(v) && !mo_is_error(v) ? v : NULL;
}

const struct mo_ir_value *
mo_name_itself(struct mo_eval *ev, struct mo_resource *r, struct mo_str attribute, struct mo_span span)
{
	struct mo_cat_resource info = mo_cat_resource(r->ir.catalog);
	struct mo_str wanted = attribute.len ? attribute : info.ref;
	const struct mo_value *v = written(ev, r, wanted, span);
	if (!v && info.arn_template.len && (mo_is_arn_attribute(ev, r, wanted) || mo_str_ends(wanted, MO_STR("Arn")))) {
		v = from_template(ev, r, info.arn_template, span, written);
	}
	if (v && mo_str_is(r->ir.type, "AWS::Logs::LogGroup") && mo_str_is(wanted, "Arn")) {
		const struct mo_value *const parts[] = { v, mo_value_string(ev->arena, span, MO_STR(":*")) };
		v = mo_concat(ev, span, parts, 2);
	}
	return v ? mo_lower(ev, v) : NULL;
}

// The attribute that is the ARN of the resource itself: `Arn`, what Ref gives when that is one, or the type's name with `Arn` behind it.
static struct mo_str
arn_attribute(struct mo_eval *ev, const struct mo_resource *r)
{
	struct mo_str type = r->ir.type, ref = mo_cat_resource(r->ir.catalog).ref;
	size_t at = type.len;
	while (at > 0 && type.p[at - 1] != ':') {
		at--;
	}
	struct mo_str own = mo_str_printf(ev->arena, MO_STR_FMT "Arn", MO_STR_ARG(mo_str_sub(type, at, type.len)));
	return mo_cat_find_attribute(r->ir.catalog, MO_STR("Arn")) ? MO_STR("Arn") : mo_str_ends(ref, MO_STR("Arn")) ? ref
		: mo_cat_find_attribute(r->ir.catalog, own) ? own : (struct mo_str){ 0 };
}

bool
mo_is_arn_attribute(struct mo_eval *ev, const struct mo_resource *r, struct mo_str attribute)
{
	return r->ir.catalog && attribute.len && mo_str_eq(arn_attribute(ev, r), attribute);
}

const struct mo_ir_value *
mo_arn_of(struct mo_eval *ev, struct mo_resource *r, struct mo_span span)
{
	if (!r->ir.catalog) {
		return NULL;
	}
	struct mo_instance *body = r->instance && r->instance->variant ? r->instance->variant->body : NULL;
	struct mo_frame *f = body ? body->frame : r->frame;
	struct mo_place_of_work before = mo_enter(ev, f, r->guard);
	struct mo_str attribute = arn_attribute(ev, r), template = mo_cat_resource(r->ir.catalog).arn_template;
	const struct mo_value *v = attribute.len ? member_of(ev, r, attribute, span) : NULL;
	if (!v && template.len) {
		v = from_template(ev, r, template, span, member_of);
	}
	mo_leave(ev, f, before);
	return v && !mo_is_error(v) ? mo_lower(ev, v) : NULL;
}

// ---- written actions -------------------------------------------------------------------------------------------------------------

// An ARN without the names of its variables, so that two of them can be compared.
static struct mo_str
shape_of(struct mo_eval *ev, struct mo_str arn)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	for (size_t i = 0; i < arn.len; i++) {
		bool start = arn.p[i] == '$' && i + 1 < arn.len && arn.p[i + 1] == '{';
		ptrdiff_t end = start ? mo_str_find(arn, MO_STR("}"), i) : -1;
		mo_buf_addc(&b, end < 0 ? arn.p[i] : '*');
		i = end < 0 ? i : (size_t)end;
	}
	return mo_buf_str(&b);
}

struct taken {
	bool self, below; // the resource itself, and what is in it
	char separator;   // between the two
};

static void
take(struct mo_eval *ev, struct mo_str shape, mo_cat action, struct taken *t)
{
	uint32_t count = mo_cat_action(action).resource_types;
	for (uint32_t i = 0; i < count; i++) {
		struct mo_str arn = shape_of(ev, mo_cat_action_resource(action, i).arn);
		bool longer = mo_str_starts(arn, shape) && arn.len > shape.len && (arn.p[shape.len] == '/' || arn.p[shape.len] == ':');
		t->self = t->self || mo_str_eq(arn, shape);
		t->below = t->below || longer;
		t->separator = longer ? arn.p[shape.len] : t->separator;
	}
}

// What the actions take of the resource; a pattern takes what any of its actions does.
static struct taken
taken_by(struct mo_eval *ev, struct mo_str shape, const struct mo_ir_value *actions)
{
	struct taken t = { 0 };
	for (uint32_t i = 0; i < actions->items.len; i++) {
		const struct mo_ir_value *v = actions->items.items[i];
		struct mo_str text = v->kind == MO_IR_STRING ? v->text : MO_STR("*");
		ptrdiff_t colon = mo_str_find(text, MO_STR(":"), 0);
		mo_cat service = colon < 0 ? 0 : mo_cat_find_service(mo_str_sub(text, 0, (size_t)colon));
		t.self = t.self || colon < 0;
		for (uint32_t k = 0; service && k < mo_cat_service(service).actions; k++) {
			mo_cat action = mo_cat_action_at(service, k);
			if (mo_cat_pattern_matches(mo_str_sub(text, (size_t)colon + 1, text.len), mo_cat_action(action).name)) {
				take(ev, shape, action, &t);
			}
		}
	}
	return t;
}

static bool
report_no_arn(struct mo_eval *ev, const struct mo_grant_object *o, const struct mo_resource *r)
{
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_WRONG_GRANT_OBJECT, o->span, "the ARN of `" MO_STR_FMT "` is not known", MO_STR_ARG(r->ir.origin.path));
	mo_diag_label(d, r->ir.origin.span, "declared here");
	mo_diag_help(d, r->ir.existing ? "add its ARN to the declaration, or write the ARN here" : "write the ARN here");
	return false;
}

static bool
written_actions(struct mo_eval *ev, const struct mo_grant *g, const struct mo_grant_object *o, struct mo_resource *self, mo_meanings *out)
{
	struct mo_str template = self->ir.catalog ? mo_cat_resource(self->ir.catalog).arn_template : (struct mo_str){ 0 };
	const struct mo_ir_value *arn = mo_arn_of(ev, self, o->span);
	struct taken t = template.len ? taken_by(ev, shape_of(ev, template), g->actions) : (struct taken){ .self = true };
	if (mo_str_is(self->ir.type, "AWS::Logs::LogGroup")) {
		t = (struct taken){ .self = t.self || t.below }; // its ARN ends in `:*`
	}
	if (!arn) {
		return report_no_arn(ev, o, self);
	}
	if (!t.self && !t.below) {
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_ACTION_NEVER_APPLIES, o->span, "none of these actions is about " MO_STR_FMT,
			MO_STR_ARG(mo_resource_noun(ev->ctx, self->ir.type)));
		mo_diag_label(d, g->node->verb_list->span, "what they take is another kind of resource, or none");
		mo_diag_help(d, "actions that take no resource are allowed on \"*\"");
		return false;
	}
	struct mo_meaning m = { .resources = mo_ir_list(ev->arena, o->span) };
	m.actions = (struct mo_ir_value *)(uintptr_t)g->actions;
	if (t.self) {
		mo_push(ev->arena, &m.resources->items, arn);
	}
	if (t.below) {
		struct mo_str rest = mo_str_printf(ev->arena, "%c*", t.separator);
		const struct mo_value *const parts[] = { mo_value_of_ir(ev->arena, arn), mo_value_string(ev->arena, o->span, rest) };
		mo_push(ev->arena, &m.resources->items, mo_lower(ev, mo_concat(ev, o->span, parts, 2)));
	}
	mo_push(ev->arena, out, m);
	return true;
}

// ---- verbs -----------------------------------------------------------------------------------------------------------------------

static bool
is_star(const struct mo_ir_value *list)
{
	return list->items.len == 1 && list->items.items[0]->kind == MO_IR_STRING && mo_str_is(list->items.items[0]->text, "*");
}

// The value as if it were written where the permission stands: messages speak of the user's line, not of the library's.
static const struct mo_ir_value *
stamped(struct mo_eval *ev, const struct mo_ir_value *v, struct mo_span span, uint32_t depth)
{
	struct mo_ir_value *copy = mo_new(ev->arena, struct mo_ir_value);
	*copy = *v;
	copy->span = span;
	bool items = v->kind == MO_IR_LIST || v->kind == MO_IR_SUB, members = v->kind == MO_IR_OBJECT;
	if (depth > DEEPEST || (!items && !members)) {
		return copy;
	}
	copy->items = (mo_ir_values){ 0 };
	copy->members = (mo_ir_members){ 0 };
	for (uint32_t i = 0; items && i < v->items.len; i++) {
		mo_push(ev->arena, &copy->items, stamped(ev, v->items.items[i], span, depth + 1));
	}
	for (uint32_t i = 0; members && i < v->members.len; i++) {
		const struct mo_ir_member *m = &v->members.items[i];
		mo_push(ev->arena, &copy->members, (struct mo_ir_member){ m->key, span, stamped(ev, m->value, span, depth + 1) });
	}
	return copy;
}

static struct mo_ir_value *
list_member(struct mo_eval *ev, const struct mo_ir_value *statement, const char *name)
{
	const struct mo_ir_value *v = mo_ir_get(statement, mo_str_c(name));
	struct mo_ir_value *list = mo_ir_list(ev->arena, statement->span);
	for (uint32_t i = 0; v && v->kind == MO_IR_LIST && i < v->items.len; i++) {
		mo_push(ev->arena, &list->items, v->items.items[i]);
	}
	return list;
}

static void
add_statements(struct mo_eval *ev, const struct mo_ir_value *statements, mo_meanings *out)
{
	for (uint32_t i = 0; statements->kind == MO_IR_LIST && i < statements->items.len; i++) {
		const struct mo_ir_value *s = statements->items.items[i];
		struct mo_meaning m = { .actions = list_member(ev, s, "actions"), .resources = list_member(ev, s, "resources") };
		m.when = mo_ir_get(s, MO_STR("when"));
		if (!m.resources->items.len) {
			mo_push(ev->arena, &m.resources->items, mo_ir_string(ev->arena, s->span, MO_STR("*")));
		}
		m.everywhere = is_star(m.resources);
		if (m.actions->items.len) {
			mo_push(ev->arena, out, m);
		}
	}
}

// `at "models/*"`: in the place of the star that stands for everything in the resource.
static const struct mo_ir_value *
narrowed(struct mo_eval *ev, const struct mo_ir_value *v, struct mo_str at)
{
	const struct mo_ir_value *last = v->kind == MO_IR_SUB && v->items.len ? mo_last(&v->items) : v;
	if (last->kind != MO_IR_STRING || last->text.len < 2 || !mo_str_ends(last->text, MO_STR("*"))) {
		return NULL;
	}
	char before = last->text.p[last->text.len - 2];
	if (before != '/' && before != ':') {
		return NULL;
	}
	struct mo_str start = mo_str_sub(last->text, 0, last->text.len - 1);
	const struct mo_ir_value *made = mo_ir_string(ev->arena, v->span, mo_str_printf(ev->arena, MO_STR_FMT MO_STR_FMT, MO_STR_ARG(start), MO_STR_ARG(at)));
	if (v->kind == MO_IR_STRING) {
		return made;
	}
	struct mo_ir_value *sub = mo_ir_sub(ev->arena, v->span);
	for (uint32_t i = 0; i + 1 < v->items.len; i++) {
		mo_push(ev->arena, &sub->items, v->items.items[i]);
	}
	mo_push(ev->arena, &sub->items, made);
	return sub;
}

static bool
narrow(struct mo_eval *ev, const struct mo_grant *g, const struct mo_resource *self, mo_meanings *all)
{
	bool any = false;
	for (uint32_t i = 0; i < all->len; i++) {
		struct mo_ir_value *resources = all->items[i].resources;
		for (uint32_t k = 0; k < resources->items.len; k++) {
			const struct mo_ir_value *made = narrowed(ev, resources->items.items[k], g->at);
			resources->items.items[k] = made ? made : resources->items.items[k];
			any = any || made;
		}
	}
	if (!any) {
		mo_report(ev->ctx->diags, MSG_NOTHING_TO_NARROW, g->node->at->span, "nothing in " MO_STR_FMT " can be named here",
			MO_STR_ARG(mo_resource_noun(ev->ctx, self->ir.type)));
	}
	return any;
}

bool
mo_grant_meanings(struct mo_eval *ev, const struct mo_grant *g, const struct mo_grant_object *o, struct mo_resource *self, mo_meanings *out)
{
	uint32_t errors = ev->ctx->diags->errors;
	if (g->actions) {
		if (!written_actions(ev, g, o, self, out)) {
			return false;
		}
	} else {
		for (uint32_t i = 0; i < g->node->verbs.len; i++) {
			mo_atom verb = mo_as_name_ref(g->node->verbs.items[i])->name.atom;
			const struct mo_permission_entry *e = mo_permission_find(ev->program, self->ir.type, verb);
			const struct mo_value *v = e ? field(ev, e, "statements", self, g->node->item.node.span) : mo_error_value();
			if (v->kind == MO_VALUE_LIST) {
				const struct mo_ir_value *statements = mo_lower(ev, v);
				bool foreign = e->module->library;
				add_statements(ev, foreign ? stamped(ev, statements, g->node->verbs.items[i]->span, 0) : statements, out);
			}
		}
	}
	if (g->node->at && !narrow(ev, g, self, out)) {
		return false;
	}
	return ev->ctx->diags->errors == errors;
}

struct mo_ir_value *
mo_grant_key_actions(struct mo_eval *ev, const struct mo_grant *g, struct mo_resource *self)
{
	struct mo_ir_value *list = mo_ir_list(ev->arena, g->node->item.node.span);
	for (uint32_t i = 0; !g->actions && i < g->node->verbs.len; i++) {
		mo_atom verb = mo_as_name_ref(g->node->verbs.items[i])->name.atom;
		const struct mo_permission_entry *e = mo_permission_find(ev->program, self->ir.type, verb);
		const struct mo_value *v = e ? field(ev, e, "key", self, g->node->item.node.span) : mo_error_value();
		for (uint32_t k = 0; v->kind == MO_VALUE_LIST && k < v->items.len; k++) {
			mo_push(ev->arena, &list->items, stamped(ev, mo_lower(ev, v->items.items[k]), g->node->verbs.items[i]->span, 0));
		}
	}
	return list->items.len ? list : NULL;
}
