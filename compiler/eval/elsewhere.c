// SPDX-License-Identifier: Apache-2.0
// What is known of a resource in another account or region before anything is deployed: names that were written, and ARNs computed from
// the catalog's templates. What is not known is not guessed.
#include "eval/instance.h"

static bool
written_text(struct mo_eval *ev, struct mo_resource *r, struct mo_str property, struct mo_span span, struct mo_str *out)
{
	const struct mo_value *v = property.len ? mo_resource_written(ev, r, property, span) : NULL;
	if (!v || v->kind != MO_VALUE_STRING) {
		return false;
	}
	*out = v->text;
	return true;
}

static bool
variable(struct mo_eval *ev, struct mo_resource *r, struct mo_str name, struct mo_span span, struct mo_str *out)
{
	const struct mo_target *t = &r->instance->variant->target;
	if (mo_str_is(name, "Partition")) {
		*out = t->account->ir.partition;
	} else if (mo_str_is(name, "Region")) {
		*out = t->region;
	} else if (mo_str_is(name, "Account")) {
		*out = t->account->ir.id;
	} else if (!written_text(ev, r, name, span, out)) {
		*out = MO_STR("/");
		return mo_str_is(name, "Path");
	}
	return true;
}

// The ARN from its template; false when a part is not known.
static bool
fill_template(struct mo_eval *ev, struct mo_resource *r, struct mo_str template, struct mo_span span, struct mo_buf *out)
{
	size_t at = 0;
	for (;;) {
		ptrdiff_t start = mo_str_find(template, MO_STR("${"), at);
		mo_buf_add(out, mo_str_sub(template, at, start < 0 ? template.len : (size_t)start));
		if (start < 0) {
			return true;
		}
		ptrdiff_t end = mo_str_find(template, MO_STR("}"), (size_t)start);
		struct mo_str value;
		if (end < 0 || !variable(ev, r, mo_str_sub(template, (size_t)start + 2, (size_t)end), span, &value)) {
			return false;
		}
		mo_buf_add(out, value);
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

const struct mo_ir_value *
mo_known_elsewhere(struct mo_eval *ev, struct mo_resource *r, struct mo_str attribute, struct mo_span span)
{
	if (!r->ir.catalog || !r->instance || !r->instance->variant) {
		return NULL;
	}
	struct mo_cat_resource info = mo_cat_resource(r->ir.catalog);
	struct mo_str wanted = mo_str_is(attribute, "Ref") ? info.ref : attribute, text;
	if (written_text(ev, r, wanted, span, &text)) {
		return mo_ir_string(ev->arena, span, text);
	}
	struct mo_buf arn = mo_buf_in(ev->arena);
	if (info.arn_template.len && is_arn(&info, wanted) && fill_template(ev, r, info.arn_template, span, &arn)) {
		return mo_ir_string(ev->arena, span, mo_buf_str(&arn));
	}
	return NULL;
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
