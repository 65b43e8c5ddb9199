// SPDX-License-Identifier: Apache-2.0
// `a[k]`: elements of lists, values of maps, members and slices of families, accounts in a region, stacks at a target.
#include "eval/mapping.h"

static const struct mo_value *
report_missing_key(struct mo_eval *ev, struct mo_span span, struct mo_str key, const struct mo_suggestion *near, bool any)
{
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_MISSING_KEY, span, "there is no key `" MO_STR_FMT "`", MO_STR_ARG(key));
	if (near && near->best.len) {
		mo_diag_help(d, "the nearest key is `" MO_STR_FMT "`", MO_STR_ARG(near->best));
	} else if (!any) {
		mo_diag_note(d, "there are no keys at all");
	} else {
		mo_diag_help(d, "`[…]?` gives none when a key is missing");
	}
	return mo_error_value();
}

// ---- lists -----------------------------------------------------------------------------------------------------------------------

static const struct mo_value *
list_element(struct mo_eval *ev, struct mo_index_node *n, const struct mo_value *list, const struct mo_value *key)
{
	struct mo_span span = n->keys.items[0]->span;
	if (key->kind == MO_VALUE_DEPLOY) {
		return mo_needs_compile_time(ev, key, span, "the position in a list");
	}
	if (key->kind != MO_VALUE_INT) {
		struct mo_str kind = mo_value_kind_text(ev->arena, key);
		mo_report(ev->ctx->diags, MSG_WRONG_INDEX, span, "a position in a list is an Int, this is " MO_STR_FMT,
			MO_STR_ARG(kind));
		return mo_error_value();
	}
	if (key->integer >= 0 && key->integer < list->items.len) {
		return list->items.items[key->integer];
	}
	if (n->optional && key->integer >= 0) {
		return mo_value_new(ev->arena, MO_VALUE_NONE, n->node.span);
	}
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_INDEX_OUT_OF_RANGE, span, "there is no element %lld",
		(long long)key->integer);
	mo_diag_note(d, "the list has %u element%s, counted from 0", list->items.len, list->items.len == 1 ? "" : "s");
	return mo_error_value();
}

// An element of a list that CloudFormation makes.
static const struct mo_value *
deploy_element(struct mo_eval *ev, struct mo_index_node *n, const struct mo_value *list, const struct mo_value *key)
{
	struct mo_span span = n->keys.items[0]->span;
	if (key->kind == MO_VALUE_DEPLOY) {
		return mo_needs_compile_time(ev, key, span, "the position in a list");
	}
	if (key->kind != MO_VALUE_INT || key->integer < 0) {
		struct mo_str text = mo_value_text(ev->arena, key);
		mo_report(ev->ctx->diags, MSG_INDEX_OUT_OF_RANGE, span,
			"a position in a list is a whole number from 0, this is " MO_STR_FMT,
			MO_STR_ARG(text));
		return mo_error_value();
	}
	const struct mo_ir_value *args[2] = { mo_ir_int(ev->arena, span, key->integer), list->ir };
	return mo_value_deploy(ev->arena, n->node.span, mo_ir_call_list(ev->arena, n->node.span, MO_STR("Fn::Select"), args, 2),
		false);
}

// ---- records ---------------------------------------------------------------------------------------------------------------------

static const struct mo_value *
record_value(struct mo_eval *ev, struct mo_frame *f, struct mo_index_node *n, const struct mo_value *record, const struct mo_value *key)
{
	struct mo_span span = n->keys.items[0]->span;
	if (key->kind == MO_VALUE_DEPLOY) {
		return mo_mapping_find(ev, f, n, record, key);
	}
	if (key->kind != MO_VALUE_STRING && key->kind != MO_VALUE_INT) {
		struct mo_str kind = mo_value_kind_text(ev->arena, key);
		mo_report(ev->ctx->diags, MSG_WRONG_INDEX, span, "a key is a String, this is " MO_STR_FMT, MO_STR_ARG(kind));
		return mo_error_value();
	}
	struct mo_str text = mo_key_text(ev, key);
	const struct mo_value *v = mo_value_get(record, text);
	if (v) {
		return v;
	}
	if (n->optional) {
		return mo_value_new(ev->arena, MO_VALUE_NONE, n->node.span);
	}
	struct mo_suggestion near = mo_suggest(text);
	for (uint32_t i = 0; i < record->members.len; i++) {
		mo_suggest_from(&near, record->members.items[i].key);
	}
	return report_missing_key(ev, span, text, &near, record->members.len > 0);
}

// ---- families --------------------------------------------------------------------------------------------------------------------

static struct mo_str
keys_text(struct mo_eval *ev, const struct mo_value *const *keys, uint32_t count)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	for (uint32_t i = 0; i < count; i++) {
		struct mo_str key = keys[i] ? mo_value_text(ev->arena, keys[i]) : MO_STR("*");
		mo_buf_printf(&b, "%s" MO_STR_FMT, i ? ", " : "", MO_STR_ARG(key));
	}
	return mo_buf_str(&b);
}

static const struct mo_value *
report_missing_member(struct mo_eval *ev, struct mo_index_node *n, const struct mo_family *family, const struct mo_value *const *keys)
{
	struct mo_str wanted = keys_text(ev, keys, family->dimensions), name = mo_symbol_text(ev, family->symbol);
	struct mo_span span = mo_span_join(n->keys.items[0]->span, mo_last(&n->keys)->span);
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_MISSING_KEY, span, "`" MO_STR_FMT "` has no member [" MO_STR_FMT "]",
		MO_STR_ARG(name),
		MO_STR_ARG(wanted));
	mo_diag_label(d, family->symbol->span, "its members are declared here");
	struct mo_suggestion near = mo_suggest(wanted);
	for (uint32_t i = 0; i < family->members.len && i < 1000; i++) {
		mo_suggest_from(&near, keys_text(ev, family->members.items[i]->keys, family->dimensions));
	}
	if (near.best.len) {
		mo_diag_help(d, "the nearest member is [" MO_STR_FMT "]", MO_STR_ARG(near.best));
	} else if (family->members.len == 0) {
		mo_diag_note(d, "it has no members");
	} else {
		struct mo_str first = keys_text(ev, family->members.items[0]->keys, family->dimensions);
		const char *s = family->members.len == 1 ? "" : "s";
		mo_diag_note(d, "it has %u member%s, the first is [" MO_STR_FMT "]", family->members.len, s, MO_STR_ARG(first));
	}
	return mo_error_value();
}

static const struct mo_value *
group_list(struct mo_eval *ev, struct mo_family_group *g, struct mo_span span)
{
	if (!g->list) {
		struct mo_value *list = mo_value_list(ev->arena, span);
		list->items.items = g->values.items;
		list->items.len = g->values.len;
		list->items.cap = g->values.len;
		g->list = list;
	}
	return g->list;
}

// Whether CloudFormation makes members of it that nobody knows by now.
static bool
is_repeated(const struct mo_family *family)
{
	for (uint32_t i = 0; i < family->members.len; i++) {
		if (family->members.items[i]->frame->loop) {
			return true;
		}
	}
	return false;
}

static const struct mo_value *
family_members(struct mo_eval *ev, struct mo_index_node *n, struct mo_family *family, const struct mo_value *const *keys, bool slice)
{
	struct mo_family_group *g = mo_family_find(ev, family, keys);
	if (slice && is_repeated(family)) {
		return mo_cannot_compute(ev, n->node.span, NULL, "a list of what it repeats", "go over the same parameter and name one by one");
	}
	if (g && slice) {
		return group_list(ev, g, n->node.span);
	}
	if (g) {
		return g->values.items[0];
	}
	if (slice && (family->members.len == 0 || n->optional)) {
		return mo_value_list(ev->arena, n->node.span);
	}
	for (uint32_t i = 0; slice && i < family->dimensions; i++) {
		if (!keys[i] && i + 1 == family->dimensions) {
			return mo_value_list(ev->arena, n->node.span); // a slice along loops that never turned
		}
	}
	return n->optional ? mo_value_new(ev->arena, MO_VALUE_NONE, n->node.span) : report_missing_member(ev, n, family, keys);
}

static const struct mo_value *
index_family(struct mo_eval *ev, struct mo_frame *f, struct mo_index_node *n, struct mo_family *family)
{
	const struct mo_value *keys[MO_FAMILY_DIMENSIONS] = { NULL };
	bool slice = n->keys.len < family->dimensions;
	if (slice && (n->keys.len != 1 || n->keys.items[0]->kind != MO_STAR_NODE)) {
		struct mo_str name = mo_symbol_text(ev, family->symbol);
		mo_report(ev->ctx->diags, MSG_WRONG_INDEX, n->node.span, "`" MO_STR_FMT "` has %u keys", MO_STR_ARG(name),
			family->dimensions);
		return mo_error_value();
	}
	for (uint32_t i = 0; i < n->keys.len && i < family->dimensions; i++) {
		struct mo_node *k = n->keys.items[i];
		if (k->kind == MO_STAR_NODE) {
			slice = true;
			continue;
		}
		keys[i] = mo_eval_expr(ev, f, k, NULL);
		if (keys[i]->kind == MO_VALUE_DEPLOY && !mo_is_each(keys[i])) {
			return mo_needs_compile_time(ev, keys[i], k->span, "the key of a family");
		}
		if (keys[i]->kind != MO_VALUE_STRING && keys[i]->kind != MO_VALUE_INT && !mo_is_each(keys[i])) {
			if (!mo_is_error(keys[i])) {
				struct mo_str kind = mo_value_kind_text(ev->arena, keys[i]);
				mo_report(ev->ctx->diags, MSG_WRONG_INDEX, k->span,
					"the key of a family is a String or an Int, this is " MO_STR_FMT,
					MO_STR_ARG(kind));
			}
			return mo_error_value();
		}
	}
	return family_members(ev, n, family, keys, slice);
}

const struct mo_value *
mo_family_value(struct mo_eval *ev, const struct mo_value *value)
{
	struct mo_family *family = value->family;
	if (family->as_value) {
		return family->as_value;
	}
	if (is_repeated(family)) {
		return mo_cannot_compute(ev, value->span, NULL, "a list of what it repeats", "go over the same parameter and name one by one");
	}
	bool record = family->dimensions == 1 && (family->members.len == 0
		|| family->members.items[0]->keys[0]->kind == MO_VALUE_STRING);
	struct mo_value *v = record ? mo_value_record(ev->arena, value->span) : mo_value_list(ev->arena, value->span);
	for (uint32_t i = 0; i < family->members.len; i++) {
		const struct mo_member *m = family->members.items[i];
		if (record) {
			mo_value_set(ev->arena, v, mo_key_text(ev, m->keys[0]), m->keys[0]->span, m->value);
		} else {
			mo_push(ev->arena, &v->items, m->value);
		}
	}
	family->as_value = v;
	return v;
}

// ---- accounts --------------------------------------------------------------------------------------------------------------------

static const struct mo_value *
account_in_region(struct mo_eval *ev, struct mo_index_node *n, const struct mo_value *account, const struct mo_value *key)
{
	if (key->kind != MO_VALUE_STRING) {
		return key->kind == MO_VALUE_DEPLOY ? mo_needs_compile_time(ev, key, n->keys.items[0]->span, "the region of a target")
			: mo_error_value();
	}
	struct mo_target t = mo_target_make(mo_account_of(account->account), key->text, n->node.span);
	return mo_target_value(ev, n->node.span, &t);
}

// ---- dispatch --------------------------------------------------------------------------------------------------------------------

static const struct mo_value *
index_one(struct mo_eval *ev, struct mo_frame *f, struct mo_index_node *n, const struct mo_value *object, const struct mo_value *key)
{
	switch (object->kind) {
	case MO_VALUE_LIST:
		return list_element(ev, n, object, key);
	case MO_VALUE_RECORD:
		return record_value(ev, f, n, object, key);
	case MO_VALUE_DEPLOY:
		if (object->is_list) {
			return deploy_element(ev, n, object, key);
		}
		break;
	case MO_VALUE_ACCOUNT:
		return account_in_region(ev, n, object, key);
	case MO_VALUE_STACK:
		return mo_stack_at(ev, object, key, n->keys.items[0]->span);
	case MO_VALUE_NONE: {
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_MAY_BE_NONE, n->object->span,
			"`[…]` is read of something that is absent");
		mo_diag_help(d, "say what to use instead: `(… ?? …)[…]`");
		return mo_error_value();
	}
	default:
		break;
	}
	struct mo_str kind = mo_value_kind_text(ev->arena, object);
	mo_report(ev->ctx->diags, MSG_WRONG_INDEX, n->object->span, MO_STR_FMT " has no elements", MO_STR_ARG(kind));
	return mo_error_value();
}

// target.labels["env"]: a read of one label.
static const struct mo_value *
index_labels(struct mo_eval *ev, struct mo_frame *f, struct mo_index_node *n)
{
	const struct mo_value *key = mo_eval_expr(ev, f, n->keys.items[0], NULL);
	if (key->kind != MO_VALUE_STRING) {
		return mo_is_error(key) ? key : mo_needs_compile_time(ev, key, n->keys.items[0]->span, "the name of a label");
	}
	struct mo_name name = { mo_atom_of(ev->ctx->atoms, key->text), n->keys.items[0]->span };
	const struct mo_value *v = mo_target_read(ev, MO_READ_LABEL, name);
	return mo_is_none(v) && !n->optional ? report_missing_key(ev, name.span, key->text, NULL, true) : v;
}

const struct mo_value *
mo_eval_index(struct mo_eval *ev, struct mo_frame *f, struct mo_index_node *n)
{
	if (mo_is_target_labels(ev, n->object) && n->keys.len == 1 && n->keys.items[0]->kind != MO_STAR_NODE) {
		return index_labels(ev, f, n);
	}
	const struct mo_value *object = mo_eval_expr(ev, f, n->object, NULL);
	if (mo_is_error(object)) {
		return object;
	}
	if (object->kind == MO_VALUE_FAMILY) {
		return index_family(ev, f, n, object->family);
	}
	if (n->keys.len != 1 || n->keys.items[0]->kind == MO_STAR_NODE) {
		struct mo_str kind = mo_value_kind_text(ev->arena, object);
		mo_report(ev->ctx->diags, MSG_WRONG_INDEX, n->node.span,
			"only families have slices and several keys, this is " MO_STR_FMT, MO_STR_ARG(kind));
		return mo_error_value();
	}
	const struct mo_value *key = mo_eval_expr(ev, f, n->keys.items[0], NULL);
	return mo_is_error(key) ? key : index_one(ev, f, n, object, key);
}
