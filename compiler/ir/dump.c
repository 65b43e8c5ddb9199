// SPDX-License-Identifier: Apache-2.0
// Writes the platform as text for a reader: accounts, templates with what is in them, stacks. Stable (no spans, no addresses), so that
// golden files change only when the meaning does. It is not meant to be read back.
#include "base/json_writer.h"
#include "ir/ir.h"

#include <inttypes.h>

enum { INDENT = 2 };

static void write_value(struct mo_buf *out, const struct mo_ir_value *v, uint32_t depth, uint32_t indent);

static void
quoted(struct mo_buf *out, const char *before, struct mo_str text)
{
	mo_buf_adds(out, before);
	mo_json_string(out, text);
}

static void
new_line(struct mo_buf *out, uint32_t indent)
{
	mo_buf_addc(out, '\n');
	mo_buf_fill(out, ' ', (size_t)indent * INDENT);
}

// The logical ID; existing resources have none and are known by their path.
static void
write_resource_name(struct mo_buf *out, const struct mo_ir_resource *r)
{
	if (r->existing) {
		mo_buf_printf(out, "existing " MO_STR_FMT, MO_STR_ARG(r->origin.path));
	} else {
		mo_buf_add(out, r->id);
	}
}

static void
write_items(struct mo_buf *out, const mo_ir_values *items, uint32_t depth, uint32_t indent)
{
	for (uint32_t i = 0; i < items->len; i++) {
		mo_buf_adds(out, i ? ", " : "");
		write_value(out, items->items[i], depth, indent);
	}
}

// Objects take a line for each member, inside a list too.
static void
write_object(struct mo_buf *out, const struct mo_ir_value *v, uint32_t depth, uint32_t indent)
{
	if (!v->members.len) {
		mo_buf_adds(out, "{}");
		return;
	}
	mo_buf_addc(out, '{');
	for (uint32_t i = 0; i < v->members.len; i++) {
		const struct mo_ir_member *m = &v->members.items[i];
		new_line(out, indent + 1);
		mo_buf_printf(out, MO_STR_FMT ": ", MO_STR_ARG(m->key));
		write_value(out, m->value, depth, indent + 1);
	}
	new_line(out, indent);
	mo_buf_addc(out, '}');
}

static void
write_scalar(struct mo_buf *out, const struct mo_ir_value *v)
{
	struct mo_json_writer plain = mo_json_compact_writer(out);
	switch (v->kind) {
	case MO_IR_BOOL:
		mo_json_put_bool(&plain, v->boolean);
		break;
	case MO_IR_INT:
		mo_json_put_int(&plain, v->integer);
		break;
	case MO_IR_FLOAT:
		mo_json_put_double(&plain, v->number);
		break;
	case MO_IR_STRING:
		mo_json_put_string(&plain, v->text);
		break;
	default:
		mo_json_put_null(&plain);
		break;
	}
}

static void
write_deploy_time(struct mo_buf *out, const struct mo_ir_value *v, uint32_t depth, uint32_t indent)
{
	static const char *const parts[] = { [MO_IR_ASSET_BUCKET] = "bucket", [MO_IR_ASSET_KEY] = "key", [MO_IR_ASSET_ACCOUNT] = "account",
		[MO_IR_ASSET_REGION] = "region",
		[MO_IR_ASSET_SUFFIX] = "suffix", [MO_IR_ASSET_FILE] = "file", [MO_IR_ASSET_VERSION] = "version" };
	switch (v->kind) {
	case MO_IR_RESOURCE:
		mo_buf_adds(out, "ref(");
		write_resource_name(out, v->resource);
		break;
	case MO_IR_ATTRIBUTE:
		mo_buf_adds(out, "attribute(");
		write_resource_name(out, v->resource);
		mo_buf_printf(out, "." MO_STR_FMT, MO_STR_ARG(v->attribute));
		break;
	case MO_IR_PARAM:
		mo_buf_printf(out, "param(" MO_STR_FMT, MO_STR_ARG(v->param->id));
		break;
	case MO_IR_PSEUDO:
		mo_buf_printf(out, "pseudo(" MO_STR_FMT, MO_STR_ARG(v->text));
		break;
	case MO_IR_SUB:
		mo_buf_adds(out, "sub(");
		write_items(out, &v->items, depth, indent);
		break;
	case MO_IR_IF:
		mo_buf_printf(out, "if(" MO_STR_FMT ", ", MO_STR_ARG(v->condition->id));
		write_value(out, v->then, depth, indent);
		mo_buf_adds(out, ", ");
		write_value(out, v->otherwise, depth, indent);
		break;
	case MO_IR_CONDITION:
		mo_buf_printf(out, "condition(" MO_STR_FMT, MO_STR_ARG(v->condition->id));
		break;
	case MO_IR_ASSET:
		mo_buf_printf(out, "asset(" MO_STR_FMT " %s", MO_STR_ARG(v->asset->path), parts[v->part]);
		break;
	default:
		mo_buf_printf(out, MO_STR_FMT "(", MO_STR_ARG(v->function));
		write_value(out, v->argument, depth, indent);
		break;
	}
	mo_buf_addc(out, ')');
}

static void
write_value(struct mo_buf *out, const struct mo_ir_value *v, uint32_t depth, uint32_t indent)
{
	if (depth > MO_IR_DEEPEST) {
		mo_buf_adds(out, "…");
	} else if (v->kind == MO_IR_LIST) {
		mo_buf_addc(out, '[');
		write_items(out, &v->items, depth + 1, indent);
		mo_buf_addc(out, ']');
	} else if (v->kind == MO_IR_OBJECT) {
		write_object(out, v, depth + 1, indent);
	} else if (v->kind < MO_IR_LIST) {
		write_scalar(out, v);
	} else {
		write_deploy_time(out, v, depth + 1, indent);
	}
}

// ---- templates -------------------------------------------------------------------------------------------------------------------

static void
text_field(struct mo_buf *out, const char *name, struct mo_str text)
{
	if (text.len) {
		new_line(out, 2);
		mo_buf_adds(out, name);
		quoted(out, ": ", text);
	}
}

static void
value_field(struct mo_buf *out, const char *name, const struct mo_ir_value *v)
{
	if (v) {
		new_line(out, 2);
		mo_buf_printf(out, "%s: ", name);
		write_value(out, v, 0, 2);
	}
}

static void
number_field(struct mo_buf *out, const char *name, bool has, int64_t n)
{
	if (has) {
		new_line(out, 2);
		mo_buf_printf(out, "%s: %" PRId64, name, n);
	}
}

static void
condition_field(struct mo_buf *out, const struct mo_ir_condition *c)
{
	if (c) {
		mo_buf_printf(out, " if " MO_STR_FMT, MO_STR_ARG(c->id));
	}
}

static void
write_param(struct mo_buf *out, const struct mo_ir_param *p)
{
	mo_buf_printf(out, "\n  param " MO_STR_FMT ": " MO_STR_FMT "%s", MO_STR_ARG(p->id), MO_STR_ARG(p->type),
		p->no_echo ? " no_echo" : "");
	text_field(out, "description", p->description);
	text_field(out, "constraint_description", p->constraint_description);
	text_field(out, "allowed_pattern", p->allowed_pattern);
	value_field(out, "default", p->default_value);
	value_field(out, "allowed_values", p->allowed_values);
	number_field(out, "min_length", p->has_min_length, p->min_length);
	number_field(out, "max_length", p->has_max_length, p->max_length);
	number_field(out, "min_value", p->has_min_value, p->min_value);
	number_field(out, "max_value", p->has_max_value, p->max_value);
}

static const char *
policy_name(enum mo_ir_policy policy)
{
	static const char *const names[] = {
		[MO_IR_DELETE] = "delete",
		[MO_IR_RETAIN] = "retain",
		[MO_IR_RETAIN_EXCEPT_ON_CREATE] = "retain except on create",
		[MO_IR_SNAPSHOT] = "snapshot",
	};
	return names[policy];
}

static void
policy_field(struct mo_buf *out, const char *name, enum mo_ir_policy policy)
{
	if (policy != MO_IR_NO_POLICY) {
		new_line(out, 2);
		mo_buf_printf(out, "%s: %s", name, policy_name(policy));
	}
}

static void
write_loop(struct mo_buf *out, const struct mo_ir_loop *loop)
{
	if (loop) {
		mo_buf_printf(out, " for " MO_STR_FMT " in ", MO_STR_ARG(loop->element->id));
		write_value(out, loop->list, 0, 2);
	}
}

static void
write_resource(struct mo_buf *out, const struct mo_ir_resource *r)
{
	mo_buf_printf(out, "\n  %s " MO_STR_FMT ": " MO_STR_FMT, r->existing ? "existing" : "resource",
		MO_STR_ARG(r->existing ? r->origin.path : r->id), MO_STR_ARG(r->type));
	condition_field(out, r->condition);
	write_loop(out, r->loop);
	if (!r->existing && r->origin.path.len) {
		mo_buf_printf(out, " from " MO_STR_FMT, MO_STR_ARG(r->origin.path));
	}
	for (uint32_t i = 0; i < r->depends_on.len; i++) {
		new_line(out, 2);
		mo_buf_adds(out, "after: ");
		write_resource_name(out, r->depends_on.items[i]);
	}
	policy_field(out, "on delete", r->deletion_policy);
	policy_field(out, "on replace", r->update_replace_policy);
	value_field(out, "creation_policy", r->creation_policy);
	value_field(out, "update_policy", r->update_policy);
	value_field(out, "metadata", r->metadata);
	value_field(out, "raw", r->extra);
	for (uint32_t i = 0; i < r->properties->members.len; i++) {
		const struct mo_ir_member *m = &r->properties->members.items[i];
		new_line(out, 2);
		mo_buf_printf(out, MO_STR_FMT ": ", MO_STR_ARG(m->key));
		write_value(out, m->value, 0, 2);
	}
}

static void
write_output(struct mo_buf *out, const struct mo_ir_output *o)
{
	mo_buf_printf(out, "\n  output " MO_STR_FMT, MO_STR_ARG(o->id));
	condition_field(out, o->condition);
	write_loop(out, o->loop);
	text_field(out, "description", o->description);
	value_field(out, "value", o->value);
	value_field(out, "export", o->export_name);
}

static void
write_rule(struct mo_buf *out, const struct mo_ir_rule *r)
{
	mo_buf_printf(out, "\n  rule " MO_STR_FMT " = ", MO_STR_ARG(r->id));
	write_value(out, r->assertion, 0, 1);
	value_field(out, "where", r->condition);
	text_field(out, "description", r->description);
}

static void
write_audience(struct mo_buf *out, const struct mo_ir_template *t)
{
	for (uint32_t i = 0; i < t->accounts.len; i++) {
		mo_buf_printf(out, "%s" MO_STR_FMT, i ? ", " : " for ", MO_STR_ARG(t->accounts.items[i]->name));
	}
	if (t->audience == MO_IR_FOR_UNIT) {
		mo_buf_printf(out, " for " MO_STR_FMT "%s" MO_STR_FMT, MO_STR_ARG(t->unit), t->unit_path.len ? " at " : "",
			MO_STR_ARG(t->unit_path));
	}
	mo_buf_adds(out, t->audience == MO_IR_FOR_ANYBODY ? " for anybody" : "");
}

static void
write_template(struct mo_buf *out, const struct mo_ir_template *t)
{
	mo_buf_printf(out, "\ntemplate " MO_STR_FMT, MO_STR_ARG(t->name));
	write_audience(out, t);
	if (t->description.len) {
		quoted(out, "\n  description ", t->description);
	}
	for (uint32_t i = 0; i < t->transforms.len; i++) {
		const struct mo_ir_value *macro = t->transforms.items[i];
		mo_buf_adds(out, "\n  transform ");
		if (macro->kind == MO_IR_STRING) {
			mo_buf_add(out, macro->text);
		} else {
			write_value(out, macro, 0, 1);
		}
	}
	if (t->metadata) {
		mo_buf_adds(out, "\n  metadata ");
		write_value(out, t->metadata, 0, 1);
	}
	for (uint32_t i = 0; i < t->params.len; i++) {
		write_param(out, t->params.items[i]);
	}
	for (uint32_t i = 0; i < t->rules.len; i++) {
		write_rule(out, t->rules.items[i]);
	}
	for (uint32_t i = 0; i < t->mappings.len; i++) {
		mo_buf_printf(out, "\n  mapping " MO_STR_FMT " ", MO_STR_ARG(t->mappings.items[i]->id));
		write_value(out, t->mappings.items[i]->table, 0, 1);
	}
	for (uint32_t i = 0; i < t->conditions.len; i++) {
		mo_buf_printf(out, "\n  condition " MO_STR_FMT " = ", MO_STR_ARG(t->conditions.items[i]->id));
		write_value(out, t->conditions.items[i]->expression, 0, 1);
	}
	for (uint32_t i = 0; i < t->resources.len; i++) {
		write_resource(out, t->resources.items[i]);
	}
	for (uint32_t i = 0; i < t->outputs.len; i++) {
		write_output(out, t->outputs.items[i]);
	}
	for (uint32_t i = 0; t->extra && i < t->extra->members.len; i++) {
		mo_buf_printf(out, "\n  raw " MO_STR_FMT " ", MO_STR_ARG(t->extra->members.items[i].key));
		write_value(out, t->extra->members.items[i].value, 0, 1);
	}
	mo_buf_addc(out, '\n');
}

// ---- the platform ----------------------------------------------------------------------------------------------------------------

static void
write_tags(struct mo_buf *out, const mo_ir_tags *tags)
{
	for (uint32_t i = 0; i < tags->len; i++) {
		quoted(out, "\n  tag ", tags->items[i].key);
		quoted(out, " = ", tags->items[i].value);
	}
}

static void
write_account(struct mo_buf *out, const struct mo_ir_account *a)
{
	mo_buf_printf(out, "account " MO_STR_FMT ": " MO_STR_FMT " " MO_STR_FMT " " MO_STR_FMT, MO_STR_ARG(a->name),
		MO_STR_ARG(a->id), MO_STR_ARG(a->region), MO_STR_ARG(a->partition));
	if (a->bootstrap) {
		mo_buf_printf(out, " bootstrap " MO_STR_FMT, MO_STR_ARG(a->qualifier));
	}
	const struct {
		const char *name;
		struct mo_str text;
	} fields[] = {
		{ "profile", a->profile },
		{ "deploy_role", a->deploy_role },
		{ "execution_role", a->execution_role },
	};
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		if (fields[i].text.len) {
			mo_buf_printf(out, "\n  %s " MO_STR_FMT, fields[i].name, MO_STR_ARG(fields[i].text));
		}
	}
	write_tags(out, &a->tags);
	mo_buf_addc(out, '\n');
}

static void
write_stack(struct mo_buf *out, const struct mo_ir_stack *s)
{
	mo_buf_printf(out, "\nstack " MO_STR_FMT " (" MO_STR_FMT "): template " MO_STR_FMT " in " MO_STR_FMT " " MO_STR_FMT "%s",
		MO_STR_ARG(s->artifact), MO_STR_ARG(s->name), MO_STR_ARG(s->template->name), MO_STR_ARG(s->account->name),
		MO_STR_ARG(s->region), s->termination_protection ? " protected" : "");
	for (uint32_t i = 0; i < s->depends_on.len; i++) {
		mo_buf_printf(out, "\n  after " MO_STR_FMT, MO_STR_ARG(s->depends_on.items[i]->artifact));
	}
	for (uint32_t i = 0; i < s->notification_arns.len; i++) {
		quoted(out, "\n  notifies ", s->notification_arns.items[i]);
	}
	write_tags(out, &s->tags);
}

void
mo_ir_dump(struct mo_buf *out, const struct mo_ir_platform *p)
{
	mo_buf_printf(out, "platform " MO_STR_FMT "\n", MO_STR_ARG(p->name));
	for (uint32_t i = 0; i < p->accounts.len; i++) {
		write_account(out, p->accounts.items[i]);
	}
	for (uint32_t i = 0; i < p->templates.len; i++) {
		write_template(out, p->templates.items[i]);
	}
	for (uint32_t i = 0; i < p->stacks.len; i++) {
		write_stack(out, p->stacks.items[i]);
	}
	mo_buf_adds(out, p->stacks.len ? "\n" : "");
}
