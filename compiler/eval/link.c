// SPDX-License-Identifier: Apache-2.0
// Values of other stacks. In the same account and region they go through an SSM parameter: the producer's template writes it, the
// reader's has a parameter whose default is its path. A path says what is read, so another value is another path and another parameter.
#include "eval/instance.h"

enum {
	LONGEST_PATH = 900,  // SSM: at most 1011 with the ARN in front (Systems Manager user guide, "Requirements and constraints")
	DEEPEST_PATH = 15,
};

// ---- paths -----------------------------------------------------------------------------------------------------------------------

static void
add_path(struct mo_buf *b, struct mo_str s)
{
	mo_buf_addc(b, '/');
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];
		bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.'
			|| c == '-' || c == '/';
		mo_buf_addc(b, good ? c : '-');
	}
}

static struct mo_str
attribute_of(const struct mo_ir_value *v)
{
	if (v->kind == MO_IR_ATTRIBUTE) {
		return v->attribute;
	}
	struct mo_str ref = v->resource->catalog ? mo_cat_resource(v->resource->catalog).ref : (struct mo_str){ 0 };
	return ref.len ? ref : MO_STR("Ref");
}

static struct mo_str
path_of(struct mo_eval *ev, const struct mo_resource *r, const struct mo_ir_value *v)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	add_path(&b, MO_STR("mlops"));
	add_path(&b, ev->platform->name);
	add_path(&b, r->instance->variant->stack->name);
	add_path(&b, r->slug);
	add_path(&b, attribute_of(v));
	return mo_buf_str(&b);
}

static bool
check_path(struct mo_eval *ev, struct mo_str path, const struct mo_ir_value *v)
{
	uint32_t levels = 0;
	for (size_t i = 0; i < path.len; i++) {
		levels += path.p[i] == '/';
	}
	if (path.len <= LONGEST_PATH && levels <= DEEPEST_PATH) {
		return true;
	}
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_PUBLISHED_PATH_TOO_LONG, v->span,
		"the value cannot be published: its path has %zu characters"
		" on %u levels", path.len, levels);
	mo_diag_note(d, "SSM takes %d characters (1011 with the ARN in front) on %d levels", LONGEST_PATH, DEEPEST_PATH);
	mo_diag_note(d, MO_STR_FMT, MO_STR_ARG(path));
	mo_diag_help(d, "shorter keys, or fewer instances inside instances, make a shorter path");
	return false;
}

// An ID from the segments of a path, without its first one.
static struct mo_str
id_of_path(struct mo_eval *ev, const char *prefix, struct mo_str path)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	mo_buf_adds(&b, prefix);
	mo_id_add(&b, mo_str_sub(path, sizeof("/mlops") - 1, path.len));
	return mo_buf_str(&b);
}

static bool
is_list(const struct mo_ir_value *v)
{
	if (v->kind != MO_IR_ATTRIBUTE || !v->resource->catalog) {
		return false;
	}
	mo_cat a = mo_cat_find_attribute(v->resource->catalog, v->attribute);
	return a && mo_cat_type(mo_cat_property(a).type).shape == MO_CAT_LIST;
}

// ---- the producer's side ---------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
as_text(struct mo_eval *ev, const struct mo_ir_value *v)
{
	if (!is_list(v)) {
		return v;
	}
	const struct mo_ir_value *args[2] = { mo_ir_string(ev->arena, v->span, MO_STR(",")), v };
	return mo_ir_call_list(ev->arena, v->span, MO_STR("Fn::Join"), args, 2);
}

static void
set_text(struct mo_eval *ev, struct mo_ir_value *o, const char *key, struct mo_str text)
{
	mo_ir_set(ev->arena, o, mo_str_c(key), o->span, mo_ir_string(ev->arena, o->span, text));
}

// The resource that writes the value; made for the first reader.
static struct mo_resource *
publish(struct mo_eval *ev, struct mo_resource *r, const struct mo_ir_value *v, struct mo_str path)
{
	struct mo_variant *producer = r->instance->variant;
	struct mo_resource *made = mo_map_get(&producer->published, mo_str_hash(path));
	if (made) {
		return made;
	}
	made = mo_new(ev->arena, struct mo_resource);
	made->ir.origin = r->ir.origin;
	made->ir.type = MO_STR("AWS::SSM::Parameter");
	made->ir.catalog = mo_cat_find_resource(made->ir.type);
	made->ir.template = producer->template;
	made->ir.condition = r->ir.condition;
	made->instance = producer->body;
	made->published = v;
	struct mo_str own = mo_str_sub(path, sizeof("/mlops") + ev->platform->name.len + 1 + producer->stack->name.len, path.len);
	struct mo_buf id = mo_buf_in(ev->arena);
	mo_buf_adds(&id, "Published");
	mo_id_add(&id, own);
	made->ir.id = mo_buf_str(&id);
	struct mo_ir_value *properties = mo_ir_object(ev->arena, r->ir.origin.span);
	set_text(ev, properties, "Type", is_list(v) ? MO_STR("StringList") : MO_STR("String"));
	set_text(ev, properties, "Name", path);
	mo_ir_set(ev->arena, properties, MO_STR("Value"), properties->span, as_text(ev, v));
	made->ir.properties = properties;
	made->decoration = producer->body->decoration;
	struct mo_place_of_work before = mo_enter(ev, producer->body->frame, NULL);
	mo_tag_resource(ev, made);
	mo_resource_finish(ev, made);
	mo_leave(ev, producer->body->frame, before);
	mo_push(ev->arena, &producer->template->resources, &made->ir);
	mo_map_put(ev->arena, &producer->published, mo_str_hash(path), made);
	return made;
}

// ---- the reader's side -----------------------------------------------------------------------------------------------------------

static struct mo_str
parameter_type(struct mo_eval *ev, const struct mo_ir_value *v)
{
	if (is_list(v)) {
		return MO_STR("AWS::SSM::Parameter::Value<List<String>>");
	}
	struct mo_str attribute = attribute_of(v);
	struct mo_str type = mo_specific_type(v->resource->type, attribute);
	return type.len ? mo_str_printf(ev->arena, "AWS::SSM::Parameter::Value<" MO_STR_FMT ">", MO_STR_ARG(type))
		: MO_STR("AWS::SSM::Parameter::Value<String>");
}

static struct mo_ir_param *
import(struct mo_eval *ev, struct mo_variant *reader, const struct mo_resource *r, const struct mo_ir_value *v, struct mo_str path)
{
	struct mo_ir_param *p = mo_map_get(&reader->imported, mo_str_hash(path));
	if (p) {
		return p;
	}
	p = mo_new(ev->arena, struct mo_ir_param);
	p->id = id_of_path(ev, "", path);
	struct mo_str what = mo_str_printf(ev->arena, MO_STR_FMT "." MO_STR_FMT " of the stack " MO_STR_FMT,
		MO_STR_ARG(r->ir.origin.path),
		MO_STR_ARG(attribute_of(v)), MO_STR_ARG(r->instance->variant->stack->name));
	p->origin = (struct mo_ir_origin){ .span = v->span, .definition = v->span, .path = what };
	p->type = parameter_type(ev, v);
	p->description = what;
	p->default_value = mo_ir_string(ev->arena, v->span, path);
	mo_push(ev->arena, &reader->template->params, p);
	mo_map_put(ev->arena, &reader->imported, mo_str_hash(path), p);
	mo_map_put(ev->arena, &ev->evaluator->owners, MO_KEY(p), reader);
	return p;
}

void
mo_link_needs(struct mo_eval *ev, struct mo_variant *reader, struct mo_stack *producer, struct mo_span span)
{
	if (reader->stack == producer || mo_map_get(&reader->producers_seen, MO_KEY(producer))) {
		return;
	}
	mo_map_put(ev->arena, &reader->producers_seen, MO_KEY(producer), producer);
	mo_push(ev->arena, &reader->producers, (struct mo_producer){ producer, span });
}

// ---- other accounts and regions --------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
not_known_to_launchers(struct mo_eval *ev, const struct mo_variant *reader, const struct mo_resource *r, const struct mo_ir_value *v)
{
	const struct mo_target *t = &r->instance->variant->target;
	struct mo_str attribute = attribute_of(v), path = r->ir.origin.path, template = reader->stack->name;
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_NOT_KNOWN_TO_LAUNCHERS, v->span, "`" MO_STR_FMT "." MO_STR_FMT
		"` is known only when `" MO_STR_FMT "` in " MO_STR_FMT " is deployed, and whoever launches `" MO_STR_FMT "` cannot ask there",
		MO_STR_ARG(path), MO_STR_ARG(attribute), MO_STR_ARG(t->account->ir.name), MO_STR_ARG(t->region), MO_STR_ARG(template));
	mo_diag_label(d, r->ir.origin.span, "declared here");
	mo_diag_help(d, "give the resource a name, and what is computed from it is known; or let the launcher say it: `param name: Type`");
	return v;
}

static const struct mo_ir_value *
from_elsewhere(struct mo_eval *ev, const struct mo_variant *reader, const struct mo_ir_value *v)
{
	struct mo_resource *r = mo_resource_of(v->resource);
	const struct mo_target *t = &r->instance->variant->target;
	const struct mo_ir_value *known = mo_known_elsewhere(ev, r, v->kind == MO_IR_RESOURCE ? MO_STR("Ref") : v->attribute,
		v->span);
	if (known) {
		return known;
	}
	if (reader->stack->is_template) {
		return not_known_to_launchers(ev, reader, r, v);
	}
	struct mo_str attribute = attribute_of(v);
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_NOT_SUPPORTED_YET, v->span, "`" MO_STR_FMT "." MO_STR_FMT
		"` is known only when `" MO_STR_FMT "` in " MO_STR_FMT " is deployed; reading it from elsewhere needs Fn::GetStackOutput, which this version"
		" does not write", MO_STR_ARG(r->ir.origin.path), MO_STR_ARG(attribute), MO_STR_ARG(t->account->ir.name),
			MO_STR_ARG(t->region));
	mo_diag_label(d, r->ir.origin.span, "declared here");
	mo_diag_help(d, "give the resource a name: what is computed from names is known before deployment");
	return v;
}

// In a template that others launch, what is published is read by a dynamic reference, so that nobody is asked for it. Neither
// conditions nor functions look into one, so those, and lists, take a parameter all the same.
static const struct mo_ir_value *
dynamic_reference(struct mo_eval *ev, const struct mo_ir_value *v, struct mo_str path)
{
	return mo_ir_string(ev->arena, v->span, mo_str_printf(ev->arena, "{{resolve:ssm:" MO_STR_FMT "}}", MO_STR_ARG(path)));
}

const struct mo_ir_value *
mo_link_value(struct mo_eval *ev, struct mo_variant *reader, const struct mo_ir_value *v, bool computed)
{
	struct mo_resource *r = mo_resource_of(v->resource);
	if (!r->instance || !r->instance->variant) {
		return v;
	}
	if (r->instance->variant->shadow) {
		return from_elsewhere(ev, reader, v);
	}
	if (r->guard) {
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_MAY_BE_NONE, v->span, "`" MO_STR_FMT "` of the stack `" MO_STR_FMT
			"` may be absent, and cannot be read from another stack", MO_STR_ARG(r->ir.origin.path),
			MO_STR_ARG(r->instance->variant->stack->name));
		mo_diag_label(d, r->ir.origin.span, "declared here, under a condition");
		return v;
	}
	struct mo_str path = path_of(ev, r, v);
	if (!check_path(ev, path, v)) {
		return v;
	}
	struct mo_resource *made = publish(ev, r, v, path);
	if (!mo_ir_equal(made->published, v)) {
		mo_report(ev->ctx->diags, MSG_DUPLICATE_LOGICAL_ID, v->span, "two values would be published as `" MO_STR_FMT "`",
			MO_STR_ARG(path));
		return v;
	}
	mo_link_needs(ev, reader, r->instance->variant->stack, v->span);
	if (reader->stack->is_template && !computed && !is_list(v)) {
		return dynamic_reference(ev, v, path);
	}
	return mo_ir_param_ref(ev->arena, v->span, import(ev, reader, r, v, path));
}
