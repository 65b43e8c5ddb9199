// SPDX-License-Identifier: Apache-2.0
// What is known of a resource before anything is deployed: names that were written, and ARNs computed from the catalog's templates. What
// is not known is not guessed.
#include "eval/link.h"

// ---- names and ARNs --------------------------------------------------------------------------------------------------------------

// Text that means the same wherever it stands, but for pseudo parameters that every template has.
static bool
see_portable(void *data, const struct mo_ir_value *v)
{
	static const char *const everywhere[] = { "AWS::AccountId", "AWS::Region", "AWS::Partition", "AWS::URLSuffix" };
	bool *portable = data, good = v->kind == MO_IR_STRING || v->kind == MO_IR_SUB;
	for (size_t i = 0; v->kind == MO_IR_PSEUDO && i < sizeof(everywhere) / sizeof(everywhere[0]); i++) {
		good = good || mo_str_is(v->text, everywhere[i]);
	}
	*portable = *portable && good;
	return *portable;
}

static bool
is_portable(const struct mo_ir_value *v)
{
	bool portable = true;
	mo_ir_visit(v, see_portable, &portable);
	return portable;
}

// What was written for a property; NULL when nothing was, or nothing that could be told elsewhere.
static const struct mo_ir_value *
written(struct mo_eval *ev, struct mo_resource *r, struct mo_str property, struct mo_span span)
{
	const struct mo_value *v = property.len ? mo_resource_written(ev, r, property, span) : NULL;
	if (!v || (v->kind != MO_VALUE_STRING && v->kind != MO_VALUE_DEPLOY)) {
		return NULL;
	}
	const struct mo_ir_value *ir = mo_lower(ev, v);
	if (r->instance->variant->shadow) {
		ir = mo_settle_ir(ev, &r->instance->variant->target, ir);
	}
	return is_portable(ir) ? ir : NULL;
}

static const struct mo_ir_value *
named(struct mo_eval *ev, const struct mo_foreign *f, struct mo_str property, bool name)
{
	const struct mo_ir_value *v = written(ev, f->seen, property, f->span);
	return v || !name ? v : mo_physical_name(ev, f->resource, property, f->span);
}

static const struct mo_ir_value *
variable(struct mo_eval *ev, const struct mo_foreign *f, struct mo_str variable_name, bool name)
{
	if (mo_str_is(variable_name, "Partition") || mo_str_is(variable_name, "Region")) {
		return mo_ir_pseudo(ev->arena, f->span, mo_str_printf(ev->arena, "AWS::" MO_STR_FMT, MO_STR_ARG(variable_name)));
	}
	if (mo_str_is(variable_name, "Account")) {
		return mo_ir_pseudo(ev->arena, f->span, MO_STR("AWS::AccountId"));
	}
	const struct mo_ir_value *v = named(ev, f, variable_name, name);
	return v || !mo_str_is(variable_name, "Path") ? v : mo_ir_string(ev->arena, f->span, MO_STR("/"));
}

static void
add_parts(struct mo_eval *ev, struct mo_ir_value *sub, const struct mo_ir_value *v)
{
	for (uint32_t i = 0; v->kind == MO_IR_SUB && i < v->items.len; i++) {
		mo_push(ev->arena, &sub->items, v->items.items[i]);
	}
	if (v->kind != MO_IR_SUB) {
		mo_push(ev->arena, &sub->items, v);
	}
}

// The ARN from its template; NULL when a part is not known.
static const struct mo_ir_value *
fill_template(struct mo_eval *ev, const struct mo_foreign *f, struct mo_str template, bool name)
{
	struct mo_ir_value *sub = mo_ir_sub(ev->arena, f->span);
	size_t at = 0;
	for (;;) {
		ptrdiff_t start = mo_str_find(template, MO_STR("${"), at);
		struct mo_str plain = mo_str_sub(template, at, start < 0 ? template.len : (size_t)start);
		if (plain.len) {
			mo_push(ev->arena, &sub->items, mo_ir_string(ev->arena, f->span, plain));
		}
		if (start < 0) {
			return sub;
		}
		ptrdiff_t end = mo_str_find(template, MO_STR("}"), (size_t)start);
		const struct mo_ir_value *v = end < 0 ? NULL : variable(ev, f, mo_str_sub(template, (size_t)start + 2, (size_t)end), name);
		if (!v) {
			return NULL;
		}
		add_parts(ev, sub, v);
		at = (size_t)end + 1;
	}
}

// Whether an attribute is the ARN of the resource itself.
static bool
is_arn(const struct mo_cat_resource *info, struct mo_str attribute)
{
	if (mo_str_is(attribute, "Arn")) {
		return true;
	}
	return mo_str_ends(attribute, MO_STR("Arn")) && mo_str_eq(attribute, info->ref);
}

// Fn::GetAtt gives the ARN of a log group with all its streams (CloudFormation Template Reference, "AWS::Logs::LogGroup").
static struct mo_str
arn_template(struct mo_eval *ev, const struct mo_cat_resource *info)
{
	bool streams = info->arn_template.len && mo_str_is(info->name, "AWS::Logs::LogGroup");
	return streams ? mo_str_printf(ev->arena, MO_STR_FMT ":*", MO_STR_ARG(info->arn_template)) : info->arn_template;
}

static const struct mo_ir_value *
expression_of(struct mo_eval *ev, const struct mo_foreign *f, bool name)
{
	struct mo_cat_resource info = mo_cat_resource(f->resource->ir.catalog);
	struct mo_str wanted = mo_str_is(f->attribute, "Ref") ? info.ref : f->attribute, template = arn_template(ev, &info);
	const struct mo_ir_value *v = wanted.len ? named(ev, f, wanted, name) : NULL;
	return v || !template.len || !is_arn(&info, wanted) ? v : fill_template(ev, f, template, name);
}

// Texts beside each other are one text.
static const struct mo_ir_value *
simplified(struct mo_eval *ev, const struct mo_ir_value *v)
{
	if (v->kind != MO_IR_SUB) {
		return v;
	}
	struct mo_ir_value *sub = mo_ir_sub(ev->arena, v->span);
	struct mo_buf run = mo_buf_in(ev->arena);
	for (uint32_t i = 0; i <= v->items.len; i++) {
		const struct mo_ir_value *part = i < v->items.len ? v->items.items[i] : NULL;
		if (part && part->kind == MO_IR_STRING) {
			mo_buf_add(&run, part->text);
			continue;
		}
		if (run.len) {
			mo_push(ev->arena, &sub->items, mo_ir_string(ev->arena, v->span, mo_buf_str(&run)));
			run = mo_buf_in(ev->arena);
		}
		if (part) {
			mo_push(ev->arena, &sub->items, part);
		}
	}
	return sub->items.len == 1 && sub->items.items[0]->kind == MO_IR_STRING ? sub->items.items[0] : sub;
}

const struct mo_ir_value *
mo_known_value(struct mo_eval *ev, const struct mo_foreign *f, bool name)
{
	if (!f->resource || !f->resource->ir.catalog) {
		return NULL;
	}
	const struct mo_ir_value *v = expression_of(ev, f, name);
	if (!v || !f->outside) {
		return v ? simplified(ev, v) : NULL;
	}
	v = mo_settle_ir(ev, &f->target, v);
	return v->kind == MO_IR_STRING ? v : NULL;
}

const struct mo_ir_value *
mo_known_elsewhere(struct mo_eval *ev, struct mo_resource *r, struct mo_str attribute, struct mo_span span)
{
	if (!r->instance || !r->instance->variant) {
		return NULL;
	}
	struct mo_foreign f = { .resource = r, .seen = r, .outside = true, .target = r->instance->variant->target, .attribute = attribute, .span = span };
	return mo_known_value(ev, &f, false);
}

// ---- resources that exist in an account -----------------------------------------------------------------------------------------------

void
mo_existing_complete(struct mo_eval *ev, struct mo_resource *r)
{
	struct mo_cat_resource info = r->ir.catalog ? mo_cat_resource(r->ir.catalog) : (struct mo_cat_resource){ 0 };
	const struct mo_ir_value *arn = info.arn_template.len ? mo_arn_of(ev, r, r->ir.origin.span) : NULL;
	if (!arn) {
		return;
	}
	for (uint32_t i = 0; i < mo_cat_attribute_count(r->ir.catalog); i++) {
		struct mo_str name = mo_cat_property(mo_cat_attribute_at(r->ir.catalog, i)).name;
		if (is_arn(&info, name) && !mo_ir_get(r->ir.properties, name)) {
			mo_ir_set(ev->arena, r->ir.properties, name, r->ir.origin.span, arn);
		}
	}
	if (is_arn(&info, info.ref) && !mo_ir_get(r->ir.properties, info.ref)) {
		mo_ir_set(ev->arena, r->ir.properties, info.ref, r->ir.origin.span, arn);
	}
}

// ---- values of the top level, in another account or region ---------------------------------------------------------------------------

struct settling {
	struct mo_eval *ev;
	const struct mo_target *target;
	uint32_t depth;
};

static const struct mo_ir_value *settle(struct settling *s, const struct mo_ir_value *v);

struct mo_str
mo_pseudo_known(const struct mo_target *t, struct mo_str pseudo)
{
	if (mo_str_is(pseudo, "AWS::AccountId")) {
		return t->account->ir.id;
	}
	if (mo_str_is(pseudo, "AWS::Region")) {
		return t->region;
	}
	if (mo_str_is(pseudo, "AWS::Partition")) {
		return t->account->ir.partition;
	}
	if (mo_str_is(pseudo, "AWS::URLSuffix")) {
		return mo_str_is(t->account->ir.partition, "aws-cn") ? MO_STR("amazonaws.com.cn") : MO_STR("amazonaws.com");
	}
	return (struct mo_str){ 0 };
}

// Whether a condition holds there: 1, 0, or -1 when that is not known.
static int
settle_condition(struct settling *s, const struct mo_ir_value *v)
{
	if (s->depth >= MO_IR_DEEPEST) {
		return -1;
	}
	if (v->kind == MO_IR_CONDITION) {
		s->depth++;
		int known = settle_condition(s, v->condition->expression);
		s->depth--;
		return known;
	}
	if (v->kind != MO_IR_CALL || v->argument->kind != MO_IR_LIST) {
		return -1;
	}
	const mo_ir_values *args = &v->argument->items;
	if (mo_str_is(v->function, "Fn::Equals") && args->len == 2) {
		const struct mo_ir_value *a = settle(s, args->items[0]), *b = settle(s, args->items[1]);
		return a->kind == MO_IR_STRING && b->kind == MO_IR_STRING ? mo_str_eq(a->text, b->text) : -1;
	}
	bool negated = mo_str_is(v->function, "Fn::Not"), all = mo_str_is(v->function, "Fn::And");
	int result = all || negated;
	s->depth++;
	for (uint32_t i = 0; i < args->len; i++) {
		int part = settle_condition(s, args->items[i]);
		bool decides = !negated && part == (all ? 0 : 1);
		result = decides ? part : negated && part >= 0 ? !part : part < 0 ? -1 : result;
		if (decides) {
			break;
		}
	}
	s->depth--;
	return result;
}

static const struct mo_ir_value *
settle_text(struct settling *s, const struct mo_ir_value *v)
{
	struct mo_ir_value *sub = mo_ir_sub(s->ev->arena, v->span);
	struct mo_buf text = mo_buf_in(s->ev->arena);
	bool known = true;
	for (uint32_t i = 0; i < v->items.len; i++) {
		const struct mo_ir_value *part = settle(s, v->items.items[i]);
		known = known && part->kind == MO_IR_STRING;
		if (part->kind == MO_IR_STRING) {
			mo_buf_add(&text, part->text);
		}
		mo_push(s->ev->arena, &sub->items, part);
	}
	return known ? mo_ir_string(s->ev->arena, v->span, mo_buf_str(&text)) : sub;
}

static const struct mo_ir_value *
settle_container(struct settling *s, const struct mo_ir_value *v)
{
	struct mo_ir_value *copy = v->kind == MO_IR_LIST ? mo_ir_list(s->ev->arena, v->span) : mo_ir_object(s->ev->arena, v->span);
	for (uint32_t i = 0; v->kind == MO_IR_LIST && i < v->items.len; i++) {
		mo_push(s->ev->arena, &copy->items, settle(s, v->items.items[i]));
	}
	for (uint32_t i = 0; v->kind == MO_IR_OBJECT && i < v->members.len; i++) {
		struct mo_ir_member m = v->members.items[i];
		m.value = settle(s, m.value);
		mo_push(s->ev->arena, &copy->members, m);
	}
	return copy;
}

// What another service keeps there is not what it keeps here.
static const struct mo_ir_value *
kept_there(struct settling *s, const struct mo_ir_value *v)
{
	struct mo_variant *there = s->ev->evaluator->variant;
	const struct mo_ir_value *copy = mo_ir_call(s->ev->arena, v->span, v->function, v->argument);
	if (there) {
		mo_map_put(s->ev->arena, &s->ev->evaluator->owners, MO_KEY(copy), there);
	}
	return copy;
}

static const struct mo_ir_value *
settle_kind(struct settling *s, const struct mo_ir_value *v)
{
	struct mo_str text;
	int known;
	switch (v->kind) {
	case MO_IR_PSEUDO:
		text = mo_pseudo_known(s->target, v->text);
		return text.len ? mo_ir_string(s->ev->arena, v->span, text) : v;
	case MO_IR_SUB:
		return settle_text(s, v);
	case MO_IR_LIST:
	case MO_IR_OBJECT:
		return settle_container(s, v);
	case MO_IR_IF:
		known = settle_condition(s, v->condition->expression);
		return known < 0 ? v : settle(s, known ? v->then : v->otherwise);
	case MO_IR_CALL:
		if (mo_is_stored(v)) {
			return kept_there(s, v);
		}
		return mo_ir_call(s->ev->arena, v->span, v->function, settle(s, v->argument));
	default:
		return v;
	}
}

static const struct mo_ir_value *
settle(struct settling *s, const struct mo_ir_value *v)
{
	if (s->depth >= MO_IR_DEEPEST || ++s->ev->steps > MO_EVAL_STEPS || !mo_ir_is_deploy_time(v)) {
		return v;
	}
	s->depth++;
	const struct mo_ir_value *made = settle_kind(s, v);
	s->depth--;
	return made;
}

const struct mo_ir_value *
mo_settle_ir(struct mo_eval *ev, const struct mo_target *target, const struct mo_ir_value *v)
{
	return settle(&(struct settling){ .ev = ev, .target = target }, v);
}

const struct mo_value *
mo_settle(struct mo_eval *ev, const struct mo_target *target, const struct mo_value *v)
{
	struct settling s = { .ev = ev, .target = target };
	if (v->kind == MO_VALUE_DEPLOY) {
		int known = mo_is_condition(v->ir) ? settle_condition(&s, v->ir) : -1;
		if (known >= 0) {
			return mo_value_bool(ev->arena, v->span, known);
		}
		const struct mo_ir_value *ir = settle(&s, v->ir);
		return ir == v->ir ? v : mo_ir_is_deploy_time(ir) ? mo_value_deploy(ev->arena, v->span, ir, v->is_list) : mo_value_of_ir(ev->arena, ir);
	}
	if (!mo_value_is_deploy_time(v) || ev->depth >= MO_EVAL_DEPTH) {
		return v;
	}
	struct mo_value *copy = mo_value_new(ev->arena, v->kind, v->span);
	ev->depth++;
	for (uint32_t i = 0; v->kind == MO_VALUE_LIST && i < v->items.len; i++) {
		mo_push(ev->arena, &copy->items, mo_settle(ev, target, v->items.items[i]));
	}
	for (uint32_t i = 0; v->kind == MO_VALUE_RECORD && i < v->members.len; i++) {
		const struct mo_value_member *m = &v->members.items[i];
		mo_value_set(ev->arena, copy, m->key, m->key_span, mo_settle(ev, target, m->value));
	}
	ev->depth--;
	return copy;
}
