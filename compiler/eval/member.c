// SPDX-License-Identifier: Apache-2.0
// Members: `a.b` and `a?.b` of every kind of value. Accounts, instances, resources and stacks have files of their own; what is small is
// here. Reads of `target` are kept apart from other values, because templates differ by what was read of it.
#include "eval/instance.h"

static const struct mo_value *
unknown_member(struct mo_eval *ev, const struct mo_value *object, struct mo_name name, const struct mo_suggestion *near)
{
	struct mo_str text = mo_atom_text(ev, name.atom), kind = mo_value_kind_text(ev->arena, object);
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_UNKNOWN_MEMBER, name.span, MO_STR_FMT " has no `" MO_STR_FMT "`",
		MO_STR_ARG(kind), MO_STR_ARG(text));
	if (near) {
		mo_diag_suggest(d, name.span, near);
	}
	return mo_error_value();
}

static const struct mo_value *
absent(struct mo_eval *ev, struct mo_name name)
{
	struct mo_str text = mo_atom_text(ev, name.atom);
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_MAY_BE_NONE, name.span,
		"`." MO_STR_FMT "` is read of something that is absent",
		MO_STR_ARG(text));
	mo_diag_help(d, "`?." MO_STR_FMT "` gives none when it is absent", MO_STR_ARG(text));
	return mo_error_value();
}

// ---- small values ----------------------------------------------------------------------------------------------------------------

struct unit {
	const char *name;
	int64_t size;
};

static const struct unit durations[] = { { "milliseconds", 1 }, { "seconds", 1000 }, { "minutes", 60000 }, { "hours", 3600000 },
	{ "days", 86400000 }, { NULL, 0 } };
static const struct unit sizes[] = { { "bytes", 1 }, { "kib", 1 << 10 }, { "mib", 1 << 20 }, { "gib", 1 << 30 }, { "tib",
	(int64_t)1 << 40 },
	{ NULL, 0 } };

static const struct unit *
unit_of(const struct mo_value *v, struct mo_str name)
{
	const struct unit *u = v->kind == MO_VALUE_DURATION ? durations : sizes;
	while (u->name && !mo_str_is(name, u->name)) {
		u++;
	}
	return u->name ? u : NULL;
}

static const struct mo_value *
amount_member(struct mo_eval *ev, const struct mo_value *v, struct mo_name name)
{
	struct mo_str text = mo_atom_text(ev, name.atom);
	const struct unit *u = unit_of(v, text);
	if (!u) {
		struct mo_suggestion near = mo_suggest(text);
		for (const struct unit *k = v->kind == MO_VALUE_DURATION ? durations : sizes; k->name; k++) {
			mo_suggest_from(&near, mo_str_c(k->name));
		}
		return unknown_member(ev, v, name, &near);
	}
	if (v->integer % u->size != 0) {
		struct mo_str amount = mo_value_text(ev->arena, v);
		mo_report(ev->ctx->diags, MSG_INEXACT, name.span, MO_STR_FMT " is no whole number of %s", MO_STR_ARG(amount),
			u->name);
		return mo_error_value();
	}
	return mo_value_int(ev->arena, name.span, v->integer / u->size);
}

static const struct {
	const char *name, *pseudo;
	bool is_list, of_stack;
} pseudos[] = {
	{ "account_id", "AWS::AccountId", false, false },
	{ "region", "AWS::Region", false, false },
	{ "partition", "AWS::Partition", false, false },
	{ "url_suffix", "AWS::URLSuffix", false, false },
	{ "stack_name", "AWS::StackName", false, true },
	{ "stack_id", "AWS::StackId", false, true },
	{ "notification_arns", "AWS::NotificationARNs", true, true },
};

enum { PSEUDOS = sizeof(pseudos) / sizeof(pseudos[0]) };

static int
pseudo_named(struct mo_str name)
{
	for (int i = 0; i < PSEUDOS; i++) {
		if (mo_str_is(name, pseudos[i].name)) {
			return i;
		}
	}
	return -1;
}

static const struct mo_value *
aws_member(struct mo_eval *ev, const struct mo_value *v, struct mo_name name)
{
	struct mo_str text = mo_atom_text(ev, name.atom);
	int i = pseudo_named(text);
	if (i < 0) {
		struct mo_suggestion near = mo_suggest(text);
		for (int k = 0; k < PSEUDOS; k++) {
			mo_suggest_from(&near, mo_str_c(pseudos[k].name));
		}
		return unknown_member(ev, v, name, &near);
	}
	struct mo_variant *stack = ev->evaluator->variant;
	struct mo_str known = stack && stack->shadow ? mo_pseudo_known(&stack->target, mo_str_c(pseudos[i].pseudo)) : (struct mo_str){ 0 };
	if (known.len) {
		return mo_value_string(ev->arena, name.span, known); // of another account or region, where ours means something else
	}
	const struct mo_ir_value *ir = mo_ir_pseudo(ev->arena, name.span, mo_str_c(pseudos[i].pseudo));
	if (stack && pseudos[i].of_stack) {
		mo_map_put(ev->arena, &ev->evaluator->owners, MO_KEY(ir), stack);
	}
	return mo_value_deploy(ev->arena, name.span, ir, pseudos[i].is_list);
}

// ---- modules ---------------------------------------------------------------------------------------------------------------------

static struct mo_module *
module_of(struct mo_eval *ev, const struct mo_symbol *s)
{
	return s->declarations.len ? mo_map_get(&ev->program->imports, MO_KEY(s->declarations.items[0].node)) : NULL;
}

static struct mo_symbol *
module_symbol(struct mo_eval *ev, const struct mo_value *v, mo_atom name)
{
	struct mo_module *m = module_of(ev, v->symbol);
	return m ? mo_symbol_real(mo_map_get(&m->scope->values, name)) : NULL;
}

static const struct mo_value *
module_member(struct mo_eval *ev, const struct mo_value *v, struct mo_name name)
{
	struct mo_symbol *s = module_symbol(ev, v, name.atom);
	return s ? mo_eval_name(ev, NULL, s, name.span) : unknown_member(ev, v, name, NULL);
}

// ---- any value -------------------------------------------------------------------------------------------------------------------

const struct mo_value *
mo_record_member(struct mo_eval *ev, const struct mo_value *object, struct mo_name name, bool lenient)
{
	struct mo_str text = mo_atom_text(ev, name.atom);
	const struct mo_value *v = mo_value_get(object, text);
	if (v) {
		return v;
	}
	if (lenient) {
		return mo_value_new(ev->arena, MO_VALUE_NONE, name.span);
	}
	struct mo_suggestion near = mo_suggest(text);
	for (uint32_t i = 0; i < object->members.len; i++) {
		mo_suggest_from(&near, object->members.items[i].key);
	}
	return unknown_member(ev, object, name, &near);
}

// Of both sides of a choice, so that the choice goes on: (if c then a else b).Arn.
static const struct mo_value *
deploy_member(struct mo_eval *ev, const struct mo_value *v, struct mo_name name)
{
	const struct mo_sides *s = mo_sides_of(ev, v);
	if (!s || ev->depth >= MO_EVAL_DEPTH) {
		return mo_cannot_compute(ev, name.span, v, "a member of a value that it has to compute",
			"read the member before the value depends on something known only at deploy time");
	}
	if (mo_is_none(s->then) || mo_is_none(s->otherwise)) {
		return absent(ev, name);
	}
	ev->depth++;
	const struct mo_value *then = mo_eval_member(ev, s->then, name), *otherwise = mo_eval_member(ev, s->otherwise, name);
	ev->depth--;
	return mo_choose(ev, name.span, s->condition, then, otherwise, NULL);
}

// What the checker knows of a member.
struct view {
	bool known_field;           // a record without it is one where it is absent
	const struct mo_type *seen; // its type; NULL when not known
};

static const struct mo_value *
member(struct mo_eval *ev, const struct mo_value *object, struct mo_name name, struct view view)
{
	switch (object->kind) {
	case MO_VALUE_ERROR:
		return object;
	case MO_VALUE_NONE:
		return absent(ev, name);
	case MO_VALUE_RECORD:
		return mo_record_member(ev, object, name, view.known_field);
	case MO_VALUE_RESOURCE:
		return mo_resource_member(ev, mo_resource_of(object->resource), name, view.seen);
	case MO_VALUE_INSTANCE:
		return mo_instance_member(ev, object->instance, name, name.span);
	case MO_VALUE_ACCOUNT:
	case MO_VALUE_TARGET:
		return mo_account_member(ev, object, name);
	case MO_VALUE_STACK:
		return mo_stack_member(ev, object, name, name.span);
	case MO_VALUE_TEMPLATE:
		return mo_template_member(ev, object, name);
	case MO_VALUE_MODULE:
		return module_member(ev, object, name);
	case MO_VALUE_AWS:
		return aws_member(ev, object, name);
	case MO_VALUE_DURATION:
	case MO_VALUE_SIZE:
		return amount_member(ev, object, name);
	case MO_VALUE_DEPLOY:
		return deploy_member(ev, object, name);
	default:
		return unknown_member(ev, object, name, NULL);
	}
}

const struct mo_value *
mo_eval_member(struct mo_eval *ev, const struct mo_value *object, struct mo_name name)
{
	return member(ev, object, name, (struct view){ 0 });
}

bool
mo_eval_has_member(struct mo_eval *ev, const struct mo_value *object, mo_atom name)
{
	struct mo_str text = mo_atom_text(ev, name);
	switch (object->kind) {
	case MO_VALUE_RECORD:
		return mo_value_get(object, text) != NULL;
	case MO_VALUE_RESOURCE:
		return mo_resource_has_member(ev, mo_resource_of(object->resource), text);
	case MO_VALUE_INSTANCE:
		return mo_instance_has_member(object->instance, name);
	case MO_VALUE_ACCOUNT:
	case MO_VALUE_TARGET:
		return mo_account_has_member(object, text);
	case MO_VALUE_STACK:
		return mo_stack_has_member(ev, object, name);
	case MO_VALUE_MODULE:
		return module_symbol(ev, object, name) != NULL;
	case MO_VALUE_AWS:
		return pseudo_named(text) >= 0;
	case MO_VALUE_DURATION:
	case MO_VALUE_SIZE:
		return unit_of(object, text) != NULL;
	default:
		return false;
	}
}

// ---- nodes -----------------------------------------------------------------------------------------------------------------------

bool
mo_is_target_name(const struct mo_node *n)
{
	return n && n->kind == MO_NAME_REF_NODE && n->symbol && n->symbol->kind == MO_SYM_GLOBAL
		&& n->symbol->global == MO_GLOBAL_TARGET;
}

bool
mo_is_target_labels(struct mo_eval *ev, struct mo_node *n)
{
	return n && n->kind == MO_MEMBER_NODE && mo_is_target_name(mo_as_member(n)->object)
	       && mo_str_is(mo_atom_text(ev, mo_as_member(n)->name.atom), "labels");
}

// Whether the checker knows the field, so that a record without it is one where it is absent.
static bool
is_known_field(const struct mo_node *object, mo_atom name)
{
	const struct mo_type *t = object->type ? mo_type_present(object->type) : NULL;
	if (!t) {
		return false;
	}
	if (t->kind == MO_TYPE_UNION) {
		for (uint32_t i = 0; i < t->alternatives.len; i++) {
			const struct mo_type *a = t->alternatives.items[i];
			if (a->kind == MO_TYPE_RECORD && mo_type_field(a, name)) {
				return true;
			}
		}
		return false;
	}
	return t->kind == MO_TYPE_STRUCT || t->kind == MO_TYPE_INSTANCE || t->kind == MO_TYPE_ACCOUNT || t->kind == MO_TYPE_TARGET
	       || (t->kind == MO_TYPE_RECORD && mo_type_field(t, name) != NULL);
}

static struct view
view_of(const struct mo_member_node *n)
{
	return (struct view){ is_known_field(n->object, n->name.atom), n->node.type };
}

// `?.` of something that is there under a condition only; `.` where that condition is not known to hold.
static const struct mo_value *
optional_member(struct mo_eval *ev, struct mo_member_node *n, const struct mo_value *object, struct mo_ir_condition *there)
{
	if (!n->optional) {
		struct mo_str name = mo_atom_text(ev, n->name.atom);
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_MAY_BE_NONE, n->object->span,
			"this may be absent, and `." MO_STR_FMT "` needs it",
			MO_STR_ARG(name));
		mo_diag_label(d, there->origin.span, "there only when this holds");
		mo_diag_help(d, "`?." MO_STR_FMT "` is absent where this is", MO_STR_ARG(name));
		return mo_error_value();
	}
	struct mo_guard *around = ev->evaluator->guard;
	ev->evaluator->guard = mo_guard_assume(ev, around, there, false, n->node.span);
	const struct mo_value *v = member(ev, mo_present_part(ev, object), n->name, view_of(n));
	ev->evaluator->guard = around;
	return mo_choose(ev, n->node.span, there, v, mo_value_simple(MO_VALUE_NONE), NULL);
}

const struct mo_value *
mo_eval_member_node(struct mo_eval *ev, struct mo_frame *f, struct mo_member_node *n)
{
	if (mo_is_target_name(n->object)) {
		bool labels = mo_str_is(mo_atom_text(ev, n->name.atom), "labels");
		return mo_target_read(ev, labels ? MO_READ_LABELS : MO_READ_FIELD, n->name);
	}
	if (mo_is_target_labels(ev, n->object)) {
		return mo_target_read(ev, MO_READ_LABEL, n->name);
	}
	const struct mo_value *object = mo_eval_expr(ev, f, n->object, NULL);
	if (mo_is_none(object) && n->optional) {
		return object;
	}
	struct mo_ir_condition *there = mo_presence_of(ev, object);
	if (there) {
		return optional_member(ev, n, object, there);
	}
	return member(ev, object, n->name, view_of(n));
}
