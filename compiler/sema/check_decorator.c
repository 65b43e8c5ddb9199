// SPDX-License-Identifier: Apache-2.0
// Decorators: which exist (sema/decorators.def), what each goes with, and its arguments.
#include "sema/bind.h"
#include "sema/check.h"

#include <string.h>

struct decorator {
	const char *name;
	const char *where;
	uint8_t least, most;
	const char *gives;
};

static const struct decorator decorators[] = {
#define MO_DECORATOR(NAME, WHERE, LEAST, MOST, GIVES) { #NAME, WHERE, LEAST, MOST, GIVES },
#include "sema/decorators.def"
};

static const struct decorator *
find_decorator(struct mo_check *c, struct mo_name name)
{
	struct mo_str text = mo_atom_str(c->ctx->atoms, name.atom);
	struct mo_suggestion near = mo_suggest(text);
	for (size_t i = 0; i < sizeof(decorators) / sizeof(*decorators); i++) {
		if (mo_str_is(text, decorators[i].name)) {
			return &decorators[i];
		}
		mo_suggest_from(&near, mo_str_c(decorators[i].name));
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_UNKNOWN_DECORATOR, name.span, "there is no decorator `@" MO_STR_FMT "`", MO_STR_ARG(text));
	mo_diag_suggest(d, name.span, &near);
	return NULL;
}

bool
mo_decorator_is_known(struct mo_str name)
{
	for (size_t i = 0; i < sizeof(decorators) / sizeof(*decorators); i++) {
		if (mo_str_is(name, decorators[i].name)) {
			return true;
		}
	}
	return false;
}

// ---- where they stand ------------------------------------------------------------------------------------------------------------

static const struct {
	char letter;
	enum mo_node_kind kind;
	const char *what;
} places[] = {
#define MO_DECORATOR_PLACE(LETTER, NODE, WHAT) { LETTER, MO_##NODE##_NODE, WHAT },
#include "sema/decorator_places.def"
};

enum { PLACES = sizeof(places) / sizeof(*places) };

static bool
goes_with(const struct decorator *k, enum mo_node_kind kind)
{
	if (strchr(k->where, '*')) {
		return true;
	}
	for (size_t i = 0; i < PLACES; i++) {
		if (places[i].kind == kind) {
			return strchr(k->where, places[i].letter) != NULL;
		}
	}
	return false;
}

static void
report_place(struct mo_check *c, const struct decorator *k, struct mo_name name)
{
	struct mo_buf kinds = mo_buf_in(&c->ctx->session);
	for (size_t i = 0; i < PLACES; i++) {
		if (strchr(k->where, places[i].letter)) {
			mo_buf_printf(&kinds, "%s%s", kinds.len ? ", " : "", places[i].what);
		}
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_UNKNOWN_DECORATOR, name.span, "`@%s` has no meaning for this declaration", k->name);
	mo_diag_note(d, "it goes with " MO_STR_FMT, MO_STR_ARG(mo_buf_str(&kinds)));
}

// ---- arguments -------------------------------------------------------------------------------------------------------------------

static bool
is(const struct decorator *k, const char *name)
{
	return strcmp(k->name, name) == 0;
}

static bool
is_policy(const struct decorator *k)
{
	return is(k, "retain") || is(k, "snapshot") || is(k, "delete");
}

static bool
waits(const struct decorator *k)
{
	return is(k, "depends_on") || is(k, "ready_after");
}

static bool
is_group_of_resources(const struct mo_type *t)
{
	t = mo_type_present(t);
	while (t->kind == MO_TYPE_LIST || t->kind == MO_TYPE_FAMILY || t->kind == MO_TYPE_MAP) {
		t = mo_type_present(t->element);
	}
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		if (!is_group_of_resources(t->alternatives.items[i])) {
			return false;
		}
	}
	return t->kind == MO_TYPE_RESOURCE || t->kind == MO_TYPE_INSTANCE || t->kind == MO_TYPE_STACK || t->kind == MO_TYPE_ERROR
		|| t->kind == MO_TYPE_UNION || t->kind == MO_TYPE_NONE;
}

// What is waited for: resources, instances, stacks, and lists of them.
static void
check_awaited(struct mo_check *c, const struct decorator *k, struct mo_node *value)
{
	const struct mo_type *t = mo_check_infer(c, value);
	if (is_group_of_resources(t)) {
		return;
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, value->span, "`@%s` wants a resource, this is " MO_STR_FMT, k->name,
		MO_STR_ARG(t->kind == MO_TYPE_STRING ? mo_type_text(c->ctx, t) : mo_type_noun(c->ctx, t)));
	if (value->kind == MO_MEMBER_NODE && mo_as_member(value)->object->type && is_group_of_resources(mo_as_member(value)->object->type)) {
		struct mo_span object = mo_as_member(value)->object->span;
		mo_diag_help(d, "name the resource itself, without an attribute: `" MO_STR_FMT "`", MO_STR_ARG(mo_span_text(c->ctx->sources, object)));
		mo_diag_fix(d, (struct mo_span){ object.end, value->span.end }, "%s", "");
	} else if (t->kind == MO_TYPE_STRING && t->is_literal) {
		mo_diag_help(d, "the name of a declaration stands without quotes");
	}
}

static const struct mo_type *
topic_arn(struct mo_check *c)
{
	struct mo_type *arn = mo_type_new(c->ctx, MO_TYPE_STRING);
	mo_push(&c->ctx->session, &arn->targets, (struct mo_string_target){ MO_STR("AWS::SNS::Topic"), MO_STR("TopicArn"), true });
	return arn;
}

// A stack cannot tell of its own making to a topic that it makes itself.
static void
check_topic(struct mo_check *c, const struct mo_item *item, struct mo_node *n)
{
	for (uint32_t i = 0; n->kind == MO_LIST_NODE && i < mo_as_list(n)->items.len; i++) {
		struct mo_node *one = mo_as_list(n)->items.items[i];
		if (one->kind != MO_LIST_NODE) {
			check_topic(c, item, one);
		}
	}
	struct mo_node *at = n;
	while (at && (at->kind == MO_MEMBER_NODE || at->kind == MO_INDEX_NODE)) {
		at = at->kind == MO_MEMBER_NODE ? mo_as_member(at)->object : mo_as_index(at)->object;
	}
	const struct mo_symbol *s = at && at->kind == MO_NAME_REF_NODE ? at->symbol : NULL;
	if (s && s->kind == MO_SYM_RESOURCE && s->scope == mo_scope_of(c->program, &item->node)) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_MISPLACED, n->span, "the topic must exist before the stack that tells it of its events");
		mo_diag_label(d, s->span, "made by the stack itself");
		mo_diag_help(d, "declare it in a stack that is deployed before");
	}
}

// The type that an argument must have; NULL after a report.
static const struct mo_type *
argument_type(struct mo_check *c, const struct decorator *k, const struct mo_arg_node *arg)
{
	struct mo_str name = mo_atom_str(c->ctx->atoms, arg->name.atom);
	bool when = is_policy(k) && (!arg->name.atom || mo_str_is(name, "when"));
	if (is_policy(k) && mo_str_is(name, "on")) {
		return mo_type_union(c->ctx, mo_type_literal(c->ctx, MO_STR("delete")), mo_type_literal(c->ctx, MO_STR("replace")));
	}
	if (arg->name.atom && !when) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, arg->name.span, "`@%s` has no argument `" MO_STR_FMT "`", k->name,
			MO_STR_ARG(name));
		if (is_policy(k)) {
			mo_diag_note(d, "it has `when`, a condition, and `on`, \"delete\" or \"replace\"");
		}
		return NULL;
	}
	if (when || is(k, "termination_protection")) {
		return mo_type_of_kind(MO_TYPE_BOOL);
	}
	if (is(k, "notify")) {
		const struct mo_type *arn = topic_arn(c);
		return mo_type_union(c->ctx, arn, mo_type_list(c->ctx, arn));
	}
	if (is(k, "tags")) {
		return mo_type_map(c->ctx, mo_type_of_kind(MO_TYPE_STRING));
	}
	if (is(k, "metadata") || is(k, "raw") || is(k, "creation_policy") || is(k, "update_policy")) {
		return mo_type_map(c->ctx, mo_type_of_kind(MO_TYPE_JSON));
	}
	if (is(k, "generation")) {
		return mo_type_of_kind(MO_TYPE_INT);
	}
	return mo_type_of_kind(is(k, "transform") ? MO_TYPE_JSON : MO_TYPE_STRING);
}

static const struct mo_type *
ways(struct mo_check *c)
{
	const struct mo_type *t = mo_type_literal(c->ctx, MO_STR("ssm"));
	t = mo_type_union(c->ctx, t, mo_type_literal(c->ctx, MO_STR("export")));
	return mo_type_union(c->ctx, t, mo_type_literal(c->ctx, MO_STR("stack_output")));
}

static void
report_no_reason(struct mo_check *c, const struct decorator *k, struct mo_span span)
{
	mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, span, is(k, "deprecated") ? "`@%s` wants what to use instead" : "`@%s` wants the reason", k->name);
}

// The stack that something has moved from: one of the program, or the deployed name of one that it does not have any more.
static void
check_former_stack(struct mo_check *c, struct mo_node *value)
{
	const struct mo_type *t = mo_check_infer(c, value);
	if (t->kind == MO_TYPE_STRING) {
		mo_check_known(c, t, false, value->span, "the argument of a decorator");
	} else if (t->kind != MO_TYPE_STACK && t->kind != MO_TYPE_ERROR) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, value->span, "`@moved_from` wants the stack that it was in, this is "
			MO_STR_FMT, MO_STR_ARG(mo_type_noun(c->ctx, t)));
		mo_diag_help(d, "a stack that the program does not have any more is named by its text: `@moved_from(\"acme-data\", \"Store\")`");
	}
}

static void
check_argument(struct mo_check *c, const struct mo_item *item_of, const struct decorator *k, struct mo_node *item, const struct mo_node *first)
{
	if (item->kind == MO_SPREAD_NODE && waits(k)) {
		check_awaited(c, k, mo_as_spread(item)->value);
		return;
	}
	if (item->kind == MO_SPREAD_NODE) {
		mo_check_unsupported(c, item->span, "`...` in the arguments of a decorator");
		return;
	}
	struct mo_arg_node *arg = mo_as_arg(item);
	if (waits(k) && !arg->name.atom) {
		check_awaited(c, k, arg->value);
		return;
	}
	if (is(k, "moved_from") && !arg->name.atom && item == first) {
		check_former_stack(c, arg->value);
		return;
	}
	const struct mo_type *want = is(k, "via") && !arg->name.atom ? ways(c) : argument_type(c, k, arg);
	if (!want) {
		return;
	}
	const struct mo_type *t = mo_check_for(c, arg->value, want, mo_str_printf(&c->ctx->session, "@%s", k->name));
	if ((is(k, "untagged") || is(k, "deprecated")) && t->is_literal && t->literal.len == 0) {
		report_no_reason(c, k, arg->value->span);
	} else if (is(k, "deprecated") && !t->is_literal && t->kind != MO_TYPE_ERROR) {
		mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, arg->value->span, "`@deprecated` wants fixed text, which is shown wherever the name is used");
	} else if (is(k, "notify")) {
		check_topic(c, item_of, arg->value);
		return;
	}
	if (want->kind == MO_TYPE_BOOL) {
		mo_check_known(c, t, false, arg->value->span, "the condition of a decorator");
	} else if (want->kind == MO_TYPE_STRING || want->kind == MO_TYPE_INT || want->kind == MO_TYPE_UNION) {
		mo_check_known(c, t, false, arg->value->span, is(k, "id") || is(k, "name") ? "a name" : "the argument of a decorator");
	}
}

static void
check_count(struct mo_check *c, const struct decorator *k, struct mo_decorator_node *d)
{
	struct mo_diag *g;
	if (k->least == k->most && k->most == 0) {
		g = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, d->node.span, "`@%s` takes no arguments", k->name);
	} else if (k->least == k->most) {
		g = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, d->node.span, "`@%s` takes %u argument%s, not %u", k->name, k->least,
			k->least == 1 ? "" : "s", d->args.len);
	} else if (d->args.len < k->least) {
		g = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, d->node.span, "`@%s` needs an argument", k->name);
	} else {
		g = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, d->node.span, "`@%s` takes at most %u argument%s, not %u", k->name, k->most,
			k->most == 1 ? "" : "s", d->args.len);
	}
	mo_diag_note(g, "`@%s`: %s", k->name, k->gives);
}

// ---- @ignore ---------------------------------------------------------------------------------------------------------------------

static struct mo_node *
positional(const struct mo_decorator_node *d, uint32_t i)
{
	struct mo_node *n = d->args.items[i];
	return n->kind == MO_ARG_NODE && !mo_as_arg(n)->name.atom ? mo_as_arg(n)->value : NULL;
}

// The message of a code; -1 after a report.
static int
ignored_message(struct mo_check *c, struct mo_node *n, struct mo_span span)
{
	struct mo_str code = n && n->kind == MO_NAME_REF_NODE ? mo_atom_str(c->ctx->atoms, mo_as_name_ref(n)->name.atom) : (struct mo_str){ 0 };
	int found = code.len ? mo_message_find(code) : -1;
	if (found >= 0 && mo_message_is_ignorable((enum mo_message)found)) {
		return found;
	}
	if (found >= 0) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_NOT_IGNORABLE, span, MO_STR_FMT " is an error that cannot be ignored", MO_STR_ARG(code));
		mo_diag_note(d, "%s: %s", mo_message_info((enum mo_message)found)->code, mo_message_info((enum mo_message)found)->title);
		return -1;
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_NOT_IGNORABLE, span, code.len ? "there is no message `" MO_STR_FMT "`"
		: "the code of a message stands here" MO_STR_FMT ", as it is printed: `ML0310`", MO_STR_ARG(code));
	struct mo_suggestion near = mo_suggest(code);
	for (uint32_t i = 0; code.len && i < mo_message_count(); i++) {
		if (mo_message_is_ignorable((enum mo_message)i)) {
			mo_suggest_from(&near, mo_str_c(mo_message_info((enum mo_message)i)->code));
		}
	}
	if (code.len) {
		mo_diag_suggest(d, span, &near);
	}
	return -1;
}

static void
check_ignore(struct mo_check *c, struct mo_item *item, const struct decorator *k, struct mo_decorator_node *d)
{
	struct mo_node *code = positional(d, 0), *why = positional(d, 1);
	int message = ignored_message(c, code, d->args.items[0]->span);
	const struct mo_type *t = why ? mo_check_for(c, why, mo_type_of_kind(MO_TYPE_STRING), MO_STR("@ignore")) : NULL;
	if (!t || (t->is_literal && t->literal.len == 0)) {
		report_no_reason(c, k, d->args.items[1]->span);
	} else if (message >= 0) {
		mo_diags_ignore(c->ctx->diags, (enum mo_message)message, item->node.span, d->node.span, c->module->library);
	}
}

static void
check_decorator(struct mo_check *c, struct mo_item *item, struct mo_decorator_node *d)
{
	const struct decorator *k = d->name.atom ? find_decorator(c, d->name) : NULL;
	if (!k) {
		return;
	}
	if (!goes_with(k, item->node.kind)) {
		report_place(c, k, d->name);
	} else if (d->args.len < k->least || d->args.len > k->most) {
		check_count(c, k, d);
	} else if (is(k, "ignore")) {
		check_ignore(c, item, k, d);
	} else {
		c->raw = is(k, "raw");
		for (uint32_t i = 0; i < d->args.len; i++) {
			check_argument(c, item, k, d->args.items[i], d->args.items[0]);
		}
		c->raw = false;
	}
}

// The same decorator twice on one declaration: one of them would be lost.
static bool
is_repeated(struct mo_check *c, struct mo_item *item, uint32_t index)
{
	struct mo_name name = mo_as_decorator(item->decorators.items[index])->name;
	struct mo_str text = mo_atom_str(c->ctx->atoms, name.atom);
	bool many = mo_str_is(text, "depends_on") || mo_str_is(text, "ready_after") || mo_str_is(text, "ignore") || mo_str_is(text, "retain")
		|| mo_str_is(text, "snapshot") || mo_str_is(text, "delete") || mo_str_is(text, "retain_except_on_create");
	for (uint32_t i = 0; i < index && !many; i++) {
		struct mo_name first = mo_as_decorator(item->decorators.items[i])->name;
		if (name.atom && first.atom == name.atom) {
			struct mo_diag *d = mo_report(c->ctx->diags, MSG_DUPLICATE_FIELD, name.span, "`@" MO_STR_FMT "` is given twice", MO_STR_ARG(text));
			mo_diag_label(d, first.span, "given here first");
			return true;
		}
	}
	return false;
}

// @tags gives what @untagged refuses.
static void
check_contradiction(struct mo_check *c, struct mo_item *item)
{
	struct mo_decorator_node *tags = NULL, *untagged = NULL;
	for (uint32_t i = 0; i < item->decorators.len; i++) {
		struct mo_decorator_node *d = mo_as_decorator(item->decorators.items[i]);
		struct mo_str name = mo_atom_str(c->ctx->atoms, d->name.atom);
		tags = mo_str_is(name, "tags") ? d : tags;
		untagged = mo_str_is(name, "untagged") ? d : untagged;
	}
	if (tags && untagged) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, untagged->name.span, "`@untagged` and `@tags` contradict each other");
		mo_diag_label(d, tags->name.span, "tags are given here");
	}
}

void
mo_check_decorators(struct mo_check *c, struct mo_item *item)
{
	struct mo_scope *outer = c->body;
	if ((item->node.kind == MO_STACK_NODE || item->node.kind == MO_TEMPLATE_NODE) && mo_scope_of(c->program, &item->node)) {
		c->body = mo_scope_of(c->program, &item->node); // they may read `target`, and what is declared inside
	}
	for (uint32_t i = 0; i < item->decorators.len; i++) {
		if (!is_repeated(c, item, i)) {
			check_decorator(c, item, mo_as_decorator(item->decorators.items[i]));
		}
	}
	check_contradiction(c, item);
	c->body = outer;
}
