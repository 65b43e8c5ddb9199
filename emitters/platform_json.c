// SPDX-License-Identifier: Apache-2.0
// The platform as it was resolved: accounts, stacks and what they wait for, the resources of each template with the place that each comes
// from, and which stack reads what another one publishes. Lists are in the order of the platform; every member is always there.
#include "emitters/platform_json.h"

#include "base/json_writer.h"
#include "emitters/place.h"

enum { LAYOUT_VERSION = 1 };

struct reader {
	const struct mo_ir_stack *stack;
	const struct mo_ir_param *param;
};

// A parameter of the Systems Manager that a stack writes.
struct published {
	struct mo_str name;
	const struct mo_ir_stack *stack;
	const struct mo_ir_resource *resource;
	MO_VEC(struct reader) readers;
};

struct document {
	struct mo_json_writer json;
	struct mo_sources *sources;
	struct mo_output_set *out;
	const struct mo_ir_platform *platform;
	MO_VEC(struct published *) published;
	struct mo_map by_place; // hash of account, region and name -> struct published
};

static void
field(struct document *d, const char *key, struct mo_str text)
{
	mo_json_put_key(&d->json, mo_str_c(key));
	mo_json_put_string(&d->json, text);
}

static void
begin_list(struct document *d, const char *key)
{
	mo_json_put_key(&d->json, mo_str_c(key));
	mo_json_begin_list(&d->json);
}

// ---- positions -------------------------------------------------------------------------------------------------------------------

static void
put_position(struct document *d, struct mo_span span)
{
	struct mo_position at = mo_position_of(d->sources, span.start);
	if (!at.source) {
		mo_json_put_null(&d->json);
		return;
	}
	mo_json_begin_object(&d->json);
	field(d, "file", mo_place_file(d->out, at.source));
	mo_json_put_key(&d->json, MO_STR("line"));
	mo_json_put_int(&d->json, at.line);
	mo_json_put_key(&d->json, MO_STR("column"));
	mo_json_put_int(&d->json, at.column);
	mo_json_end_object(&d->json);
}

static void
put_place(struct document *d, const char *key, struct mo_span span)
{
	mo_json_put_key(&d->json, mo_str_c(key));
	put_position(d, span);
}

// ---- what stacks publish and read ------------------------------------------------------------------------------------------------

static struct published **
published_at(struct document *d, const struct mo_ir_stack *s, struct mo_str name)
{
	struct mo_str place = mo_str_printf(d->out->arena, MO_STR_FMT " " MO_STR_FMT " " MO_STR_FMT, MO_STR_ARG(s->account->id),
		MO_STR_ARG(s->region), MO_STR_ARG(name));
	struct published **there = mo_map_get(&d->by_place, mo_str_hash(place));
	if (!there) {
		there = mo_new(d->out->arena, struct published *);
		mo_map_put(d->out->arena, &d->by_place, mo_str_hash(place), there);
	}
	return there;
}

static void
find_published(struct document *d, const struct mo_ir_stack *s)
{
	for (uint32_t i = 0; i < s->template->resources.len; i++) {
		const struct mo_ir_resource *r = s->template->resources.items[i];
		const struct mo_ir_value *name = mo_str_is(r->type, "AWS::SSM::Parameter") ? mo_ir_get(r->properties, MO_STR("Name")) : NULL;
		if (r->existing || !name || name->kind != MO_IR_STRING) {
			continue;
		}
		struct published **there = published_at(d, s, name->text);
		if (!*there) {
			*there = mo_new(d->out->arena, struct published);
			**there = (struct published){ .name = name->text, .stack = s, .resource = r };
			mo_push(d->out->arena, &d->published, *there);
		}
	}
}

static void
find_reads(struct document *d, const struct mo_ir_stack *s)
{
	for (uint32_t i = 0; i < s->template->params.len; i++) {
		const struct mo_ir_param *p = s->template->params.items[i];
		const struct mo_ir_value *name = p->default_value;
		if (!name || name->kind != MO_IR_STRING || !mo_str_starts(p->type, MO_STR("AWS::SSM::Parameter::Value<"))) {
			continue;
		}
		struct published *there = *published_at(d, s, name->text);
		if (there) {
			mo_push(d->out->arena, &there->readers, (struct reader){ s, p });
		}
	}
}

static void
put_published(struct document *d, const struct published *p)
{
	mo_json_begin_object(&d->json);
	field(d, "name", p->name);
	field(d, "stack", p->stack->artifact);
	field(d, "resource", p->resource->id);
	begin_list(d, "readers");
	for (uint32_t i = 0; i < p->readers.len; i++) {
		mo_json_begin_object(&d->json);
		field(d, "stack", p->readers.items[i].stack->artifact);
		field(d, "parameter", p->readers.items[i].param->id);
		mo_json_end_object(&d->json);
	}
	mo_json_end_list(&d->json);
	mo_json_end_object(&d->json);
}

static void
put_all_published(struct document *d, const struct mo_ir_platform *platform)
{
	for (uint32_t i = 0; i < platform->stacks.len; i++) {
		find_published(d, platform->stacks.items[i]);
	}
	for (uint32_t i = 0; i < platform->stacks.len; i++) {
		find_reads(d, platform->stacks.items[i]);
	}
	begin_list(d, "published");
	for (uint32_t i = 0; i < d->published.len; i++) {
		if (d->published.items[i]->readers.len) {
			put_published(d, d->published.items[i]);
		}
	}
	mo_json_end_list(&d->json);
}

// ---- accounts, stacks, templates -------------------------------------------------------------------------------------------------

// ---- the program's inputs ----------------------------------------------------------------------------------------------------------

// Data, no deeper than data files may be.
static void
put_data(struct document *d, const struct mo_ir_value *v)
{
	switch (v->kind) {
	case MO_IR_BOOL:
		mo_json_put_bool(&d->json, v->boolean);
		break;
	case MO_IR_INT:
		mo_json_put_int(&d->json, v->integer);
		break;
	case MO_IR_FLOAT:
		mo_json_put_double(&d->json, v->number);
		break;
	case MO_IR_STRING:
		mo_json_put_string(&d->json, v->text);
		break;
	case MO_IR_LIST:
		mo_json_begin_list(&d->json);
		for (uint32_t i = 0; i < v->items.len; i++) {
			put_data(d, v->items.items[i]);
		}
		mo_json_end_list(&d->json);
		break;
	case MO_IR_OBJECT:
		mo_json_begin_object(&d->json);
		for (uint32_t i = 0; i < v->members.len; i++) {
			mo_json_put_key(&d->json, v->members.items[i].key);
			put_data(d, v->members.items[i].value);
		}
		mo_json_end_object(&d->json);
		break;
	default:
		mo_json_put_null(&d->json);
		break;
	}
}

// `given` is where a value was given from outside, null where the default counts.
static void
put_arguments(struct document *d, const struct mo_ir_platform *platform)
{
	begin_list(d, "inputs");
	for (uint32_t i = 0; i < platform->arguments.len; i++) {
		const struct mo_ir_argument *a = platform->arguments.items[i];
		mo_json_begin_object(&d->json);
		field(d, "name", a->name);
		mo_json_put_key(&d->json, MO_STR("value"));
		put_data(d, a->value);
		put_place(d, "given", a->given);
		put_place(d, "source", a->span);
		mo_json_end_object(&d->json);
	}
	mo_json_end_list(&d->json);
}

// ---- accounts, stacks, resources -----------------------------------------------------------------------------------------------------

static void
put_account(struct document *d, const struct mo_ir_account *a)
{
	mo_json_begin_object(&d->json);
	field(d, "name", a->name);
	field(d, "id", a->id);
	field(d, "region", a->region);
	field(d, "partition", a->partition);
	put_place(d, "source", a->span);
	mo_json_end_object(&d->json);
}

// What the stack reads of others, however it gets there; `waits`: the other one must be deployed before.
static void
put_reads(struct document *d, const struct mo_ir_stack *s)
{
	begin_list(d, "reads");
	for (uint32_t i = 0; i < s->reads.len; i++) {
		const struct mo_ir_read *r = &s->reads.items[i];
		mo_json_begin_object(&d->json);
		field(d, "stack", r->stack->artifact);
		field(d, "value", r->what);
		mo_json_put_key(&d->json, MO_STR("waits"));
		mo_json_put_bool(&d->json, r->waits);
		put_place(d, "source", r->span);
		mo_json_end_object(&d->json);
	}
	mo_json_end_list(&d->json);
}

static void
put_stack(struct document *d, const struct mo_ir_stack *s)
{
	mo_json_begin_object(&d->json);
	field(d, "id", s->artifact);
	field(d, "name", s->name);
	field(d, "account", s->account->name);
	field(d, "accountId", s->account->id);
	field(d, "region", s->region);
	field(d, "template", mo_template_file(d->out, s->template));
	begin_list(d, "dependsOn");
	for (uint32_t i = 0; i < s->depends_on.len; i++) {
		mo_json_put_string(&d->json, s->depends_on.items[i]->artifact);
	}
	mo_json_end_list(&d->json);
	put_reads(d, s);
	put_place(d, "source", s->span);
	mo_json_end_object(&d->json);
}

// `source` is the user's line, `definition` that of the component which declares the resource.
static void
put_resource(struct document *d, const struct mo_ir_resource *r)
{
	mo_json_begin_object(&d->json);
	field(d, "id", r->id);
	field(d, "type", r->type);
	field(d, "path", r->origin.path);
	put_place(d, "source", r->origin.span);
	put_place(d, "definition", r->origin.definition);
	mo_json_end_object(&d->json);
}

// Who launches a template that no stack of this program deploys.
static void
put_audience(struct document *d, const struct mo_ir_template *t)
{
	static const char *const kinds[] = { [MO_IR_DEPLOYED] = "stacks", [MO_IR_FOR_ACCOUNTS] = "accounts", [MO_IR_FOR_UNIT] = "organizational unit",
		[MO_IR_FOR_ANYBODY] = "anybody" };
	mo_json_put_key(&d->json, MO_STR("audience"));
	mo_json_begin_object(&d->json);
	field(d, "kind", mo_str_c(kinds[t->audience]));
	begin_list(d, "accounts");
	for (uint32_t i = 0; i < t->accounts.len; i++) {
		mo_json_put_string(&d->json, t->accounts.items[i]->name);
	}
	mo_json_end_list(&d->json);
	field(d, "unit", t->unit);
	field(d, "path", t->unit_path);
	mo_json_end_object(&d->json);
}

// A use of `raw` or @raw; `keys` are those of its outermost object.
static void
put_raw(struct document *d, const struct mo_ir_raw *raw)
{
	mo_json_begin_object(&d->json);
	field(d, "resource", raw->resource);
	begin_list(d, "keys");
	for (uint32_t i = 0; i < raw->json->members.len; i++) {
		mo_json_put_string(&d->json, raw->json->members.items[i].key);
	}
	mo_json_end_list(&d->json);
	put_place(d, "source", raw->origin.span);
	put_place(d, "definition", raw->origin.definition);
	mo_json_end_object(&d->json);
}

// A statement of a policy, in words, and the permissions that caused it.
static void
put_permission(struct document *d, const struct mo_ir_permission *p)
{
	const struct mo_ir_value *statement = mo_ir_permission_statement(p);
	struct mo_buf text = mo_buf_in(d->out->arena);
	if (!statement) {
		return;
	}
	mo_ir_statement_text(&text, statement);
	mo_json_begin_object(&d->json);
	field(d, "resource", p->resource->id);
	field(d, "statement", mo_buf_str(&text));
	begin_list(d, "sources");
	for (uint32_t i = 0; i < p->origins.len; i++) {
		put_position(d, p->origins.items[i]);
	}
	mo_json_end_list(&d->json);
	mo_json_end_object(&d->json);
}

static void
put_permissions(struct document *d, const struct mo_ir_template *t)
{
	begin_list(d, "permissions");
	for (uint32_t i = 0; i < d->platform->permissions.len; i++) {
		if (d->platform->permissions.items[i]->resource->template == t) {
			put_permission(d, d->platform->permissions.items[i]);
		}
	}
	mo_json_end_list(&d->json);
}

static void
put_template(struct document *d, const struct mo_ir_template *t)
{
	mo_json_begin_object(&d->json);
	field(d, "file", mo_template_file(d->out, t));
	put_audience(d, t);
	begin_list(d, "resources");
	for (uint32_t i = 0; i < t->resources.len; i++) {
		if (!t->resources.items[i]->existing) {
			put_resource(d, t->resources.items[i]);
		}
	}
	mo_json_end_list(&d->json);
	put_permissions(d, t);
	begin_list(d, "raw");
	for (uint32_t i = 0; i < t->raw.len; i++) {
		put_raw(d, &t->raw.items[i]);
	}
	mo_json_end_list(&d->json);
	mo_json_end_object(&d->json);
}

static void
put_platform(struct document *d, const struct mo_ir_platform *platform)
{
	mo_json_begin_object(&d->json);
	mo_json_put_key(&d->json, MO_STR("version"));
	mo_json_put_int(&d->json, LAYOUT_VERSION);
	field(d, "name", platform->name);
	put_arguments(d, platform);
	begin_list(d, "accounts");
	for (uint32_t i = 0; i < platform->accounts.len; i++) {
		put_account(d, platform->accounts.items[i]);
	}
	mo_json_end_list(&d->json);
	begin_list(d, "stacks");
	for (uint32_t i = 0; i < platform->stacks.len; i++) {
		put_stack(d, platform->stacks.items[i]);
	}
	mo_json_end_list(&d->json);
	begin_list(d, "templates");
	for (uint32_t i = 0; i < platform->templates.len; i++) {
		put_template(d, platform->templates.items[i]);
	}
	mo_json_end_list(&d->json);
	put_all_published(d, platform);
	mo_json_end_object(&d->json);
}

bool
mo_emit_platform_json(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out)
{
	if (!out->options.platform_json) {
		return true;
	}
	struct mo_buf bytes = mo_buf_in(out->arena);
	struct document d = { .json = mo_json_writer(&bytes), .sources = ctx->sources, .out = out, .platform = platform };
	put_platform(&d, platform);
	mo_buf_addc(&bytes, '\n');
	mo_output_add(out, MO_STR("platform.json"), mo_buf_str(&bytes));
	return true;
}
