// SPDX-License-Identifier: Apache-2.0
// Writes the statements that belong together: into a policy that is there already, or a new one; split where IAM's limits want it.
#include "eval/grant.h"

#include "catalog/limits.h"

enum { MOST_MANAGED = 10, DEEPEST = 64 }; // managed policies of one role (IAM quotas); nested values of a statement

// ---- merging ---------------------------------------------------------------------------------------------------------------------

static bool
same_values(const struct mo_ir_value *a, const struct mo_ir_value *b)
{
	return a == b || (a && b && mo_ir_equal(a, b));
}

static bool
same_guard(const struct mo_guard *a, const struct mo_guard *b)
{
	return a == b || (mo_guard_implies(a, b) && mo_guard_implies(b, a));
}

static bool
same_origins(const mo_spans *a, const mo_spans *b)
{
	for (uint32_t i = 0; i < a->len && i < b->len; i++) {
		if (a->items[i].start != b->items[i].start) {
			return false;
		}
	}
	return a->len == b->len;
}

static bool
same_head(const struct mo_policy_statement *a, const struct mo_policy_statement *b)
{
	return a->deny == b->deny && a->negated == b->negated && a->anyone == b->anyone && mo_str_eq(a->sid, b->sid)
		&& same_guard(a->guard, b->guard) && same_values(a->condition, b->condition);
}

static void
add_missing(struct mo_eval *ev, struct mo_ir_value *list, const struct mo_ir_value *more)
{
	for (uint32_t i = 0; i < more->items.len; i++) {
		uint32_t k = 0;
		while (k < list->items.len && !mo_ir_equal(list->items.items[k], more->items.items[i])) {
			k++;
		}
		if (k == list->items.len) {
			mo_push(ev->arena, &list->items, more->items.items[i]);
		}
	}
}

static struct mo_ir_value *
copy_list(struct mo_eval *ev, const struct mo_ir_value *v)
{
	struct mo_ir_value *list = mo_ir_list(ev->arena, v->span);
	add_missing(ev, list, v);
	return list;
}

static struct mo_ir_value *
joined_principals(struct mo_eval *ev, const struct mo_ir_value *a, const struct mo_ir_value *b)
{
	struct mo_ir_value *o = mo_ir_object(ev->arena, a->span);
	const struct mo_ir_value *const both[] = { a, b };
	for (size_t k = 0; k < 2; k++) {
		for (uint32_t i = 0; i < both[k]->members.len; i++) {
			const struct mo_ir_member *m = &both[k]->members.items[i];
			const struct mo_ir_value *there = mo_ir_get(o, m->key);
			struct mo_ir_value *list = there ? (struct mo_ir_value *)(uintptr_t)there : mo_ir_list(ev->arena, a->span);
			add_missing(ev, list, m->value);
			mo_ir_set(ev->arena, o, m->key, m->key_span, list);
		}
	}
	return o;
}

static void
add_origins(struct mo_eval *ev, struct mo_policy_statement *into, const struct mo_policy_statement *s)
{
	for (uint32_t i = 0; i < s->origins.len; i++) {
		uint32_t k = 0;
		while (k < into->origins.len && into->origins.items[k].start != s->origins.items[i].start) {
			k++;
		}
		if (k == into->origins.len) {
			mo_push(ev->arena, &into->origins, s->origins.items[i]);
		}
	}
}

// One statement for two that differ in their resources only, in whom they speak of, or in the actions of one `allow`.
static bool
merge(struct mo_eval *ev, struct mo_policy_statement *into, const struct mo_policy_statement *s)
{
	bool principals = same_values(into->principals, s->principals), resources = same_values(into->resources, s->resources);
	bool actions = same_values(into->actions, s->actions);
	if (!same_head(into, s) || principals + resources + actions < 2) {
		return false;
	}
	if ((!principals && !(into->principals && s->principals)) || (!resources && into->negated)
		|| (!actions && !(into->joined && s->joined) && !same_origins(&into->origins, &s->origins))) {
		return false;
	}
	if (!principals) {
		into->principals = joined_principals(ev, into->principals, s->principals);
	} else if (!resources) {
		into->resources = copy_list(ev, into->resources);
		add_missing(ev, into->resources, s->resources);
	} else if (!actions) {
		into->actions = copy_list(ev, into->actions);
		add_missing(ev, into->actions, s->actions);
	}
	add_origins(ev, into, s);
	return true;
}

void
mo_policy_add(struct mo_eval *ev, struct mo_policy_work *w, const struct mo_policy_statement *s)
{
	for (uint32_t i = 0; i < w->statements.len && !w->carrier.per_statement; i++) {
		if (merge(ev, &w->statements.items[i], s)) {
			return;
		}
	}
	struct mo_policy_statement own = *s;
	own.actions = copy_list(ev, s->actions);
	mo_push(ev->arena, &w->statements, own);
}

// ---- documents -------------------------------------------------------------------------------------------------------------------

static void
set_text(struct mo_eval *ev, struct mo_ir_value *o, const char *key, struct mo_str text)
{
	mo_ir_set(ev->arena, o, mo_str_c(key), o->span, mo_ir_string(ev->arena, o->span, text));
}

// A list of one is that one, as one writes it.
static const struct mo_ir_value *
as_written(const struct mo_ir_value *list)
{
	return list->items.len == 1 && list->items.items[0]->kind != MO_IR_IF ? list->items.items[0] : list;
}

static const struct mo_ir_value *
principal_of(struct mo_eval *ev, const struct mo_policy_statement *s)
{
	if (s->anyone) {
		return mo_ir_string(ev->arena, s->origins.items[0], MO_STR("*"));
	}
	struct mo_ir_value *o = mo_ir_object(ev->arena, s->principals->span);
	for (uint32_t i = 0; i < s->principals->members.len; i++) {
		struct mo_ir_member m = s->principals->members.items[i];
		m.value = as_written(m.value);
		mo_push(ev->arena, &o->members, m);
	}
	return o;
}

const struct mo_ir_value *
mo_policy_statement_value(struct mo_eval *ev, const struct mo_policy_statement *s)
{
	struct mo_ir_value *o = mo_ir_object(ev->arena, s->origins.items[0]);
	if (s->sid.len) {
		set_text(ev, o, "Sid", s->sid);
	}
	set_text(ev, o, "Effect", s->deny ? MO_STR("Deny") : MO_STR("Allow"));
	if (s->principals || s->anyone) {
		mo_ir_set(ev->arena, o, MO_STR("Principal"), o->span, principal_of(ev, s));
	}
	mo_ir_set(ev->arena, o, MO_STR("Action"), s->actions->span, as_written(s->actions));
	if (s->resources) {
		mo_ir_set(ev->arena, o, s->negated ? MO_STR("NotResource") : MO_STR("Resource"), s->resources->span, as_written(s->resources));
	}
	if (s->condition) {
		mo_ir_set(ev->arena, o, MO_STR("Condition"), s->condition->span, s->condition);
	}
	return o;
}

// The statement where it is there: Fn::If around it when that is not wherever its policy is.
static const struct mo_ir_value *
guarded(struct mo_eval *ev, const struct mo_policy_statement *s, const struct mo_guard *around)
{
	const struct mo_ir_value *v = mo_policy_statement_value(ev, s);
	if (!s->guard || mo_guard_implies(around, s->guard)) {
		return v;
	}
	return mo_ir_if(ev->arena, v->span, mo_guard_condition(ev, s->guard), v, mo_ir_pseudo(ev->arena, v->span, MO_STR("AWS::NoValue")));
}

static struct mo_str
id_behind(struct mo_eval *ev, const struct mo_policy_work *w, const char *suffix, uint32_t number)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	const struct mo_resource *o = w->owner;
	if (o->ir.template != w->variant->template && o->instance && o->instance->variant) {
		mo_id_add(&b, o->instance->variant->stack->name);
	}
	if (o->ir.id.len) {
		mo_buf_add(&b, o->ir.id);
	} else {
		mo_id_add(&b, o->ir.origin.path);
	}
	mo_buf_adds(&b, suffix);
	if (number > 1) {
		mo_buf_printf(&b, "%u", number);
	}
	return mo_buf_str(&b);
}

// When at least one of the statements is there; NULL: always.
static struct mo_guard *
guard_of(struct mo_eval *ev, const struct mo_policy_work *w, const struct mo_policy_statement *s, uint32_t count)
{
	struct mo_truth any = { 0 };
	struct mo_guard *first = s[0].guard;
	bool all_same = true;
	for (uint32_t i = 0; i < count; i++) {
		if (!s[i].guard) {
			return NULL;
		}
		struct mo_truth t = { .condition = mo_guard_condition(ev, s[i].guard), .span = s[i].guard->span };
		all_same = all_same && same_guard(first, s[i].guard);
		uint32_t k = 0;
		while (k < i && !same_guard(s[k].guard, s[i].guard)) {
			k++;
		}
		any = i == 0 ? t : k == i ? mo_truth_either(ev, any, t) : any;
	}
	if (all_same || any.known) {
		return all_same ? first : NULL;
	}
	if (!any.condition->id.len) {
		any.condition->id = id_behind(ev, w, "HasPolicy", 1);
	}
	return mo_guard_add(ev, NULL, any.condition, false, any.span);
}

// IAM wants the names of statements to differ.
static void
name_apart(struct mo_eval *ev, struct mo_policy_work *w)
{
	for (uint32_t i = 0; i < w->statements.len; i++) {
		struct mo_policy_statement *s = &w->statements.items[i];
		struct mo_str sid = s->sid;
		uint32_t n = 1;
		for (uint32_t k = 0; sid.len && k < i; k++) {
			if (mo_str_eq(w->statements.items[k].sid, s->sid)) {
				s->sid = mo_str_printf(ev->arena, MO_STR_FMT "%u", MO_STR_ARG(sid), ++n);
				k = (uint32_t)-1;
			}
		}
	}
}

// Adds the statements behind those of a document, and notes where each came from.
static const struct mo_ir_value *
extended(struct mo_eval *ev, struct mo_resource *r, const struct mo_ir_value *document, const struct mo_policy_statement *s, uint32_t count,
	const struct mo_guard *around)
{
	struct mo_ir_value *o = mo_ir_object(ev->arena, s[0].origins.items[0]), *list = mo_ir_list(ev->arena, o->span);
	const struct mo_ir_value *before = mo_ir_get(document, MO_STR("Statement"));
	if (!document) {
		set_text(ev, o, "Version", MO_STR("2012-10-17"));
	}
	for (uint32_t i = 0; document && i < document->members.len; i++) {
		mo_push(ev->arena, &o->members, document->members.items[i]);
	}
	for (uint32_t i = 0; before && before->kind == MO_IR_LIST && i < before->items.len; i++) {
		mo_push(ev->arena, &list->items, before->items.items[i]);
	}
	if (before && before->kind != MO_IR_LIST) {
		mo_push(ev->arena, &list->items, before);
	}
	for (uint32_t i = 0; i < count; i++) {
		mo_push(ev->arena, &list->items, guarded(ev, &s[i], around));
		struct mo_ir_permission *p = mo_new(ev->arena, struct mo_ir_permission);
		p->resource = &r->ir;
		p->behind = count - i;
		for (uint32_t k = 0; k < s[i].origins.len; k++) {
			mo_push(ev->arena, &p->origins, s[i].origins.items[k]);
		}
		mo_push(ev->arena, &ev->platform->permissions, p);
	}
	mo_ir_set(ev->arena, o, MO_STR("Statement"), o->span, list);
	return o;
}

// ---- resources -------------------------------------------------------------------------------------------------------------------

// Behind its owner when that is of the same template, else behind all that the stack declares.
static void
insert(struct mo_eval *ev, struct mo_variant *v, const struct mo_resource *owner, struct mo_resource *made)
{
	struct mo_ir_template *t = v->template;
	uint32_t at = t->resources.len;
	for (uint32_t i = 0; i < t->resources.len; i++) {
		if (t->resources.items[i] == &owner->ir) {
			at = i + 1;
		}
	}
	while (at < t->resources.len && mo_resource_of(t->resources.items[at])->granted && at > 0) {
		at++;
	}
	mo_push(ev->arena, &t->resources, &made->ir);
	for (uint32_t i = t->resources.len - 1; i > at; i--) {
		t->resources.items[i] = t->resources.items[i - 1];
	}
	t->resources.items[at] = &made->ir;
}

struct mo_resource *
mo_policy_resource(struct mo_eval *ev, const struct mo_policy_work *w, const char *type, struct mo_str id, struct mo_guard *guard)
{
	struct mo_resource *r = mo_new(ev->arena, struct mo_resource);
	const struct mo_policy_statement *s = &w->statements.items[0];
	r->ir.origin = (struct mo_ir_origin){ .span = s->origins.items[0], .definition = s->origins.items[0],
		.path = mo_str_printf(ev->arena, "the policy of " MO_STR_FMT, MO_STR_ARG(w->owner->ir.origin.path)) };
	r->ir.type = mo_str_c(type);
	r->ir.catalog = mo_cat_find_resource(r->ir.type);
	r->ir.template = w->variant->template;
	r->ir.id = id;
	r->ir.properties = mo_ir_object(ev->arena, s->origins.items[0]);
	r->instance = w->variant->body;
	r->guard = guard;
	r->decoration = w->variant->body->decoration;
	r->registered = r->evaluated = r->granted = true;
	insert(ev, w->variant, w->owner, r);
	return r;
}

// ---- policies of roles -----------------------------------------------------------------------------------------------------------

// About how much of a limit a value takes: JSON without blanks, with a fair guess for what is known only at deploy time.
static size_t
size_of(const struct mo_ir_value *v, uint32_t depth)
{
	size_t n = 2;
	if (depth > DEEPEST) {
		return 0;
	}
	switch (v->kind) {
	case MO_IR_STRING:
		return v->text.len + 2;
	case MO_IR_LIST:
		for (uint32_t i = 0; i < v->items.len; i++) {
			n += size_of(v->items.items[i], depth + 1) + 1;
		}
		return n;
	case MO_IR_SUB:
		for (uint32_t i = 0; i < v->items.len; i++) {
			n += size_of(v->items.items[i], depth + 1) - 2;
		}
		return n;
	case MO_IR_OBJECT:
		for (uint32_t i = 0; i < v->members.len; i++) {
			n += v->members.items[i].key.len + 4 + size_of(v->members.items[i].value, depth + 1);
		}
		return n;
	case MO_IR_IF:
		n = size_of(v->otherwise, depth + 1);
		return n > size_of(v->then, depth + 1) ? n : size_of(v->then, depth + 1);
	case MO_IR_PSEUDO:
		return mo_str_is(v->text, "AWS::NoValue") ? 2 : 16;
	case MO_IR_ATTRIBUTE:
		return 120; // an ARN with a name of 64 characters
	default:
		return 66; // a name
	}
}

enum { DOCUMENT_HEAD = 44 }; // {"Version":"2012-10-17","Statement":[]}, and commas

static size_t
size_of_inline(const struct mo_resource *owner)
{
	const struct mo_ir_value *list = mo_ir_get(owner->ir.properties, MO_STR("Policies"));
	size_t n = 0;
	for (uint32_t i = 0; list && list->kind == MO_IR_LIST && i < list->items.len; i++) {
		const struct mo_ir_value *d = mo_ir_get(list->items.items[i], MO_STR("PolicyDocument"));
		n += d ? size_of(d, 0) : 0;
	}
	return n;
}

static const char *
attached_as(const struct mo_resource *owner)
{
	return mo_str_is(owner->ir.type, "AWS::IAM::Role") ? "Roles" : mo_str_is(owner->ir.type, "AWS::IAM::User") ? "Users" : "Groups";
}

static size_t
most_inline(const struct mo_resource *owner)
{
	enum mo_limit_id id = mo_str_is(owner->ir.type, "AWS::IAM::Role") ? MO_LIMIT_ROLE_POLICIES
		: mo_str_is(owner->ir.type, "AWS::IAM::User") ? MO_LIMIT_USER_POLICIES : MO_LIMIT_GROUP_POLICIES;
	return mo_limits[id].most;
}

// The name of the role, as the template of the policy says it.
static const struct mo_ir_value *
name_of(struct mo_eval *ev, const struct mo_policy_work *w)
{
	struct mo_resource *o = w->owner;
	struct mo_span span = w->statements.items[0].origins.items[0];
	if (!o->ir.existing) {
		return mo_ir_ref(ev->arena, span, &o->ir);
	}
	struct mo_name name = { mo_atom_of(ev->ctx->atoms, MO_STR("Ref")), span };
	const struct mo_value *v = mo_resource_member(ev, o, name, NULL);
	return mo_is_error(v) ? mo_ir_string(ev->arena, span, MO_STR("")) : mo_lower(ev, v);
}

static void
write_identity(struct mo_eval *ev, struct mo_policy_work *w, const char *type, uint32_t number, const struct mo_policy_statement *s, uint32_t count)
{
	struct mo_str id = id_behind(ev, w, "Policy", number);
	struct mo_guard *guard = guard_of(ev, w, s, count);
	struct mo_resource *r = mo_policy_resource(ev, w, type, id, guard);
	struct mo_ir_value *names = mo_ir_list(ev->arena, s[0].origins.items[0]);
	if (mo_str_is(r->ir.type, "AWS::IAM::Policy")) {
		bool beside = w->owner->ir.template == w->variant->template;
		struct mo_str name = beside ? id : mo_str_printf(ev->arena, MO_STR_FMT MO_STR_FMT, MO_STR_ARG(mo_id_of(ev, w->variant->stack->name)),
			MO_STR_ARG(id));
		set_text(ev, r->ir.properties, "PolicyName", name);
	}
	mo_ir_set(ev->arena, r->ir.properties, MO_STR("PolicyDocument"), r->ir.properties->span, extended(ev, r, NULL, s, count, guard));
	mo_push(ev->arena, &names->items, name_of(ev, w));
	mo_ir_set(ev->arena, r->ir.properties, mo_str_c(attached_as(w->owner)), r->ir.properties->span, names);
	if (w->owner->ir.template == w->variant->template && !w->owner->ir.existing) {
		mo_push(ev->arena, &w->owner->ready_after, &r->ir); // whoever works with the role needs what it may do
	}
}

static void
report_too_many(struct mo_eval *ev, const struct mo_policy_work *w, uint32_t count)
{
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_TOO_MANY_PERMISSIONS, w->owner->ir.origin.span,
		"what `" MO_STR_FMT "` may do needs %u managed policies, IAM attaches %d to a role", MO_STR_ARG(w->owner->ir.origin.path), count, MOST_MANAGED);
	mo_diag_note(d, "%s: %u characters in a managed policy", mo_limits[MO_LIMIT_MANAGED_POLICY].source, mo_limits[MO_LIMIT_MANAGED_POLICY].most);
	mo_diag_help(d, "allow less, or several resources by one pattern: `to [\"s3:GetObject\"] on \"arn:aws:s3:::models-*\"`");
}

// Inline while that fits; else managed policies, each as full as it may be.
static void
write_identities(struct mo_eval *ev, struct mo_policy_work *w)
{
	size_t total = size_of_inline(w->owner) + DOCUMENT_HEAD, in_one = DOCUMENT_HEAD;
	uint32_t from = 0, number = 1;
	for (uint32_t i = 0; i < w->statements.len; i++) {
		total += size_of(mo_policy_statement_value(ev, &w->statements.items[i]), 0) + 1;
	}
	if (total <= most_inline(w->owner)) {
		write_identity(ev, w, "AWS::IAM::Policy", 1, w->statements.items, w->statements.len);
		return;
	}
	for (uint32_t i = 0; i < w->statements.len; i++) {
		size_t size = size_of(mo_policy_statement_value(ev, &w->statements.items[i]), 0) + 1;
		if (i > from && in_one + size > mo_limits[MO_LIMIT_MANAGED_POLICY].most) {
			write_identity(ev, w, "AWS::IAM::ManagedPolicy", number++, &w->statements.items[from], i - from);
			from = i;
			in_one = DOCUMENT_HEAD;
		}
		in_one += size;
	}
	write_identity(ev, w, "AWS::IAM::ManagedPolicy", number, &w->statements.items[from], w->statements.len - from);
	const struct mo_ir_value *given = mo_ir_get(w->owner->ir.properties, MO_STR("ManagedPolicyArns"));
	number += given && given->kind == MO_IR_LIST ? given->items.len : 0;
	if (number > MOST_MANAGED) {
		report_too_many(ev, w, number);
	}
}

// ---- policies of resources -------------------------------------------------------------------------------------------------------

// A document that can be added to: it is known now, at least as far as its list of statements.
static bool
is_open(struct mo_eval *ev, const struct mo_policy_work *w, const struct mo_ir_value *document)
{
	const struct mo_ir_value *list = mo_ir_get(document, MO_STR("Statement"));
	if (!document || (document->kind == MO_IR_OBJECT && (!list || list->kind == MO_IR_LIST || list->kind == MO_IR_OBJECT))) {
		return true;
	}
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_POLICY_NOT_OPEN, w->statements.items[0].origins.items[0],
		"the policy of `" MO_STR_FMT "` is written as text, and nothing can be added to it", MO_STR_ARG(w->owner->ir.origin.path));
	mo_diag_label(d, document->span, "this is the policy");
	mo_diag_help(d, "write it as a record: `{ Version: \"2012-10-17\", Statement: [ … ] }`");
	return false;
}

// A value without references to the resource in whose property it will stand.
static const struct mo_ir_value *
without_itself(struct mo_eval *ev, const struct mo_ir_value *v, struct mo_resource *self, bool *good)
{
	if ((v->kind == MO_IR_RESOURCE || v->kind == MO_IR_ATTRIBUTE) && v->resource == &self->ir) {
		struct mo_str attribute = v->kind == MO_IR_ATTRIBUTE ? v->attribute : (struct mo_str){ 0 };
		const struct mo_ir_value *said = mo_name_itself(ev, self, attribute, v->span);
		*good = *good && said;
		return said ? said : v;
	}
	if (v->kind != MO_IR_SUB && v->kind != MO_IR_LIST) {
		return v;
	}
	struct mo_ir_value *copy = v->kind == MO_IR_SUB ? mo_ir_sub(ev->arena, v->span) : mo_ir_list(ev->arena, v->span);
	for (uint32_t i = 0; i < v->items.len; i++) {
		const struct mo_ir_value *part = without_itself(ev, v->items.items[i], self, good);
		bool nested = v->kind == MO_IR_SUB && part->kind == MO_IR_SUB;
		for (uint32_t k = 0; nested && k < part->items.len; k++) {
			mo_push(ev->arena, &copy->items, part->items.items[k]);
		}
		if (!nested) {
			mo_push(ev->arena, &copy->items, part);
		}
	}
	return copy;
}

static bool
name_resources(struct mo_eval *ev, struct mo_policy_work *w)
{
	bool good = true;
	for (uint32_t i = 0; i < w->statements.len && good; i++) {
		struct mo_policy_statement *s = &w->statements.items[i];
		s->resources = s->resources ? (struct mo_ir_value *)(uintptr_t)without_itself(ev, s->resources, w->owner, &good) : NULL;
		if (!good) {
			struct mo_diag *d = mo_report(ev->ctx->diags, MSG_NAME_NEEDED, s->origins.items[0],
				"the policy inside of `" MO_STR_FMT "` must name it, and it has no name before it is made", MO_STR_ARG(w->owner->ir.origin.path));
			mo_diag_label(d, w->owner->ir.origin.span, "declared here");
			mo_diag_help(d, "give it a name");
		}
	}
	return good;
}

static void
write_property(struct mo_eval *ev, struct mo_policy_work *w)
{
	struct mo_ir_value *properties = w->owner->ir.properties;
	const struct mo_ir_value *document = mo_ir_get(properties, w->carrier.property);
	struct mo_guard *around = w->owner->guard, *own = guard_of(ev, w, w->statements.items, w->statements.len);
	if (!document) {
		document = mo_carrier_start(ev, &w->carrier, w->owner);
	}
	if (!is_open(ev, w, document) || !name_resources(ev, w)) {
		return;
	}
	bool always = document || !own || mo_guard_implies(around, own);
	const struct mo_ir_value *v = extended(ev, w->owner, document, w->statements.items, w->statements.len, always ? around : own);
	if (!always) {
		v = mo_ir_if(ev->arena, v->span, mo_guard_condition(ev, own), v, mo_ir_pseudo(ev->arena, v->span, MO_STR("AWS::NoValue")));
	}
	mo_ir_set(ev->arena, properties, w->carrier.property, v->span, v);
}

static bool
names(const struct mo_ir_value *v, const struct mo_resource *r)
{
	if (!v) {
		return false;
	}
	for (uint32_t i = 0; v->kind == MO_IR_LIST && i < v->items.len; i++) {
		if (names(v->items.items[i], r)) {
			return true;
		}
	}
	return (v->kind == MO_IR_RESOURCE || v->kind == MO_IR_ATTRIBUTE) && v->resource == &r->ir;
}

static struct mo_resource *
written_policy(const struct mo_policy_work *w)
{
	const struct mo_ir_template *t = w->variant->template;
	for (uint32_t i = 0; i < t->resources.len; i++) {
		struct mo_ir_resource *r = t->resources.items[i];
		if (mo_str_eq(r->type, w->carrier.resource) && names(mo_ir_get(r->properties, w->carrier.object), w->owner)) {
			return mo_resource_of(r);
		}
	}
	return NULL;
}

// What identifies the resource in a property of its policy: a name, an ARN, or a list of one.
const struct mo_ir_value *
mo_policy_reference(struct mo_eval *ev, const struct mo_policy_work *w, struct mo_str type, struct mo_str property)
{
	mo_cat catalog = mo_cat_find_resource(type);
	mo_cat p = catalog ? mo_cat_find_property(mo_cat_resource(catalog).structure, property) : 0;
	const struct mo_type *t = p ? mo_type_present(mo_type_of_property(ev->ctx, type, p)) : mo_type_of_kind(MO_TYPE_STRING);
	struct mo_span span = w->statements.items[0].origins.items[0];
	bool list = t->kind == MO_TYPE_LIST;
	const struct mo_type *element = list ? mo_type_present(t->element) : t;
	const struct mo_value *self = mo_value_resource(ev->arena, span, &w->owner->ir);
	struct mo_place_of_work before = mo_enter(ev, w->variant->body->frame, w->owner->guard);
	const struct mo_value *v = element->targets.len ? mo_coerce(ev, self, element, span) : mo_as_refs(ev, self);
	mo_leave(ev, w->variant->body->frame, before);
	const struct mo_ir_value *ir = mo_is_error(v) ? mo_ir_string(ev->arena, span, MO_STR("")) : mo_lower(ev, v);
	struct mo_ir_value *items = mo_ir_list(ev->arena, span);
	mo_push(ev->arena, &items->items, ir);
	return list ? items : ir;
}

static void
write_resource(struct mo_eval *ev, struct mo_policy_work *w)
{
	struct mo_resource *r = written_policy(w);
	if (!r) {
		struct mo_guard *guard = mo_guard_both(ev, guard_of(ev, w, w->statements.items, w->statements.len), w->owner->guard);
		r = mo_policy_resource(ev, w, mo_str_dup(ev->arena, w->carrier.resource).p, id_behind(ev, w, "Policy", 1), guard);
		mo_ir_set(ev->arena, r->ir.properties, w->carrier.object, r->ir.properties->span, mo_policy_reference(ev, w, r->ir.type, w->carrier.object));
	}
	const struct mo_ir_value *document = mo_ir_get(r->ir.properties, w->carrier.document);
	if (is_open(ev, w, document)) {
		const struct mo_ir_value *v = extended(ev, r, document, w->statements.items, w->statements.len, r->guard);
		mo_ir_set(ev->arena, r->ir.properties, w->carrier.document, v->span, v);
	}
}

void
mo_policy_write(struct mo_eval *ev, struct mo_policy_work *w)
{
	name_apart(ev, w);
	if (w->identity) {
		write_identities(ev, w);
	} else if (w->carrier.property.len) {
		write_property(ev, w);
	} else if (w->carrier.per_statement) {
		mo_policy_write_each(ev, w);
	} else {
		write_resource(ev, w);
	}
}
