// SPDX-License-Identifier: Apache-2.0
// Which deploy-time values can stand in a document without being escaped, and how they are placed. Fn::Sub copies text as it is, so only
// what can hold no quote, backslash or control character may go between quotes: ids, ARNs and names that AWS makes, pseudo parameters,
// numbers, and parameters whose type, values or pattern say so.
#include "eval/document.h"

#include "base/json.h"
#include "eval/instance.h"

// ---- shapes ----------------------------------------------------------------------------------------------------------------------

static bool
is_plain_char(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

static bool
is_plain_text(struct mo_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!is_plain_char((unsigned char)s.p[i])) {
			return false;
		}
	}
	return true;
}

static bool
ends_in_any(struct mo_str s, const char *const *ends)
{
	for (; *ends; ends++) {
		if (mo_str_ends(s, mo_str_c(*ends))) {
			return true;
		}
	}
	return false;
}

static bool
is_custom(const struct mo_ir_resource *r)
{
	return r->catalog == 0 || mo_str_starts(r->type, MO_STR("Custom::")) || mo_str_is(r->type, "AWS::CloudFormation::CustomResource");
}

static enum mo_shape
shape_of_attribute(const struct mo_ir_resource *r, struct mo_str name)
{
	static const char *const made_by_aws[] = { "Arn", "ARN", "Id", "ID", "Ids", "Name", "Url", "URL", "Uri", "URI", "Address", "Port", "Region",
		"CidrBlock", "Version", "Domain", NULL };
	mo_cat attribute = is_custom(r) ? 0 : mo_cat_find_attribute(r->catalog, name);
	if (!attribute) {
		return MO_SHAPE_UNSAFE;
	}
	switch (mo_cat_type(mo_cat_property(attribute).type).shape) {
	case MO_CAT_INTEGER:
	case MO_CAT_NUMBER:
	case MO_CAT_BOOLEAN:
		return MO_SHAPE_LITERAL;
	default:
		return ends_in_any(name, made_by_aws) ? MO_SHAPE_TEXT : MO_SHAPE_UNSAFE;
	}
}

// Whether a pattern can only match plain characters. Anything that would need a closer look counts as no.
static bool
is_plain_pattern(struct mo_str p)
{
	bool bracket = false;
	if (p.len == 0 || !is_plain_text(p)) {
		return false;
	}
	for (size_t i = 0; i < p.len; i++) {
		bool last = i + 1 == p.len;
		if (!bracket && (p.p[i] == '.' || (p.p[i] == '[' && (last || p.p[i + 1] == '^')))) {
			return false;
		}
		if (bracket && p.p[i] == '[') {
			return false; // a class such as [:graph:]
		}
		if (bracket && p.p[i] == '-' && i > 0 && !last && p.p[i + 1] != ']') {
			for (int c = p.p[i - 1]; c < p.p[i + 1]; c++) {
				if (!is_plain_char((unsigned char)c)) {
					return false;
				}
			}
		}
		bracket = p.p[i] == '[' || (bracket && p.p[i] != ']');
	}
	return true;
}

static bool
are_plain_values(const struct mo_ir_value *list)
{
	for (uint32_t i = 0; list && i < list->items.len; i++) {
		const struct mo_ir_value *v = list->items.items[i];
		if (v->kind == MO_IR_STRING && !is_plain_text(v->text)) {
			return false;
		}
	}
	return list != NULL;
}

static enum mo_shape
shape_of_param(const struct mo_ir_param *p)
{
	bool aws = mo_str_starts(p->type, MO_STR("AWS::")) && !mo_str_starts(p->type, MO_STR("AWS::SSM::Parameter::Value<"));
	bool aws_in_ssm = mo_str_starts(p->type, MO_STR("AWS::SSM::Parameter::Value<AWS::"));
	bool aws_list = mo_str_starts(p->type, MO_STR("List<AWS::")) || mo_str_starts(p->type, MO_STR("AWS::SSM::Parameter::Value<List<AWS::"));
	if (mo_str_is(p->type, "Number") || p->truth) {
		return MO_SHAPE_LITERAL;
	}
	bool plain = aws || aws_in_ssm || aws_list || is_plain_pattern(p->allowed_pattern) || are_plain_values(p->allowed_values);
	return plain ? MO_SHAPE_TEXT : MO_SHAPE_UNSAFE;
}

static enum mo_shape shape(struct mo_eval *ev, const struct mo_ir_value *ir, uint32_t depth);

static enum mo_shape
join_shapes(enum mo_shape a, enum mo_shape b)
{
	return a == b ? a : MO_SHAPE_UNSAFE;
}

// Text, when nothing in the list is unsafe: parts of a text, arguments of a function that only rearranges.
static enum mo_shape
shape_of_parts(struct mo_eval *ev, const mo_ir_values *parts, uint32_t depth)
{
	for (uint32_t i = 0; i < parts->len; i++) {
		const struct mo_ir_value *part = parts->items[i];
		bool unsafe = part->kind == MO_IR_LIST ? shape_of_parts(ev, &part->items, depth + 1) == MO_SHAPE_UNSAFE
			: shape(ev, part, depth + 1) == MO_SHAPE_UNSAFE;
		if (unsafe || depth > MO_IR_DEEPEST) {
			return MO_SHAPE_UNSAFE;
		}
	}
	return MO_SHAPE_TEXT;
}

// What a table holds, whichever entry is found.
static enum mo_shape
shape_of_table(const struct mo_ir_value *table)
{
	bool first = true;
	enum mo_shape all = MO_SHAPE_UNSAFE;
	for (uint32_t i = 0; i < table->members.len; i++) {
		const struct mo_ir_value *row = table->members.items[i].value;
		for (uint32_t k = 0; row->kind == MO_IR_OBJECT && k < row->members.len; k++) {
			const struct mo_ir_value *v = row->members.items[k].value;
			enum mo_shape one = v->kind == MO_IR_STRING ? (is_plain_text(v->text) ? MO_SHAPE_TEXT : MO_SHAPE_UNSAFE)
				: v->kind >= MO_IR_BOOL && v->kind <= MO_IR_FLOAT ? MO_SHAPE_LITERAL : MO_SHAPE_UNSAFE;
			all = first ? one : join_shapes(all, one);
			first = false;
		}
	}
	return all;
}

static enum mo_shape
shape_of_call(struct mo_eval *ev, const struct mo_ir_value *ir, uint32_t depth)
{
	static const char *const rearranging[] = { "Fn::Join", "Fn::Split", "Fn::Select", "Fn::Cidr", "Fn::GetAZs", NULL };
	if (mo_str_is(ir->function, "Fn::Base64")) {
		return MO_SHAPE_TEXT;
	}
	if (mo_str_is(ir->function, "Fn::FindInMap") && ir->argument->kind == MO_IR_LIST && ir->argument->items.len && ev->evaluator) {
		const struct mo_ir_mapping *m = mo_map_get(&ev->evaluator->mapping_names, MO_KEY(ir->argument->items.items[0]));
		return m ? shape_of_table(m->table) : MO_SHAPE_UNSAFE;
	}
	for (const char *const *name = rearranging; *name; name++) {
		if (mo_str_is(ir->function, *name)) {
			return ir->argument->kind == MO_IR_LIST ? shape_of_parts(ev, &ir->argument->items, depth + 1)
				: shape(ev, ir->argument, depth + 1);
		}
	}
	return MO_SHAPE_UNSAFE;
}

static enum mo_shape
shape(struct mo_eval *ev, const struct mo_ir_value *ir, uint32_t depth)
{
	if (depth > MO_IR_DEEPEST) {
		return MO_SHAPE_UNSAFE;
	}
	switch (ir->kind) {
	case MO_IR_BOOL:
	case MO_IR_INT:
	case MO_IR_FLOAT:
		return MO_SHAPE_LITERAL;
	case MO_IR_STRING:
		return is_plain_text(ir->text) ? MO_SHAPE_TEXT : MO_SHAPE_UNSAFE;
	case MO_IR_RESOURCE:
		return is_custom(ir->resource) ? MO_SHAPE_UNSAFE : MO_SHAPE_TEXT;
	case MO_IR_ATTRIBUTE:
		return shape_of_attribute(ir->resource, ir->attribute);
	case MO_IR_PARAM:
		return shape_of_param(ir->param);
	case MO_IR_PSEUDO:
		return mo_str_is(ir->text, "AWS::NoValue") ? MO_SHAPE_UNSAFE : MO_SHAPE_TEXT;
	case MO_IR_SUB:
		return shape_of_parts(ev, &ir->items, depth + 1);
	case MO_IR_IF:
		return join_shapes(shape(ev, ir->then, depth + 1), shape(ev, ir->otherwise, depth + 1));
	case MO_IR_CALL:
		return shape_of_call(ev, ir, depth + 1);
	default:
		return MO_SHAPE_UNSAFE;
	}
}

enum mo_shape
mo_shape_of(struct mo_eval *ev, const struct mo_ir_value *ir)
{
	return shape(ev, ir, 0);
}

// ---- placing ---------------------------------------------------------------------------------------------------------------------

static bool
is_or_holds_no_value(const struct mo_ir_value *ir)
{
	while (ir->kind == MO_IR_IF) {
		if (is_or_holds_no_value(ir->then)) {
			return true;
		}
		ir = ir->otherwise;
	}
	return ir->kind == MO_IR_PSEUDO && mo_str_is(ir->text, "AWS::NoValue");
}

static const char needs_no_escaping[] = "ids, ARNs and numbers need no escaping, nor does a `param` of which the type, the values or a pattern "
	"such as '^[A-Za-z0-9-]+$' say so";

static bool
refuse(const struct mo_call *c, const struct mo_value *v)
{
	struct mo_span at = mo_span_is_nowhere(v->span) ? c->span : v->span;
	if (is_or_holds_no_value(v->ir)) {
		mo_cannot_compute(c->ev, at, v, "a document from which a part may be absent", "say what stands there then: `… ?? other`");
		return false;
	}
	bool alone = c->args[0]->kind == MO_VALUE_DEPLOY;
	struct mo_diag *d = mo_report(c->ev->ctx->diags, MSG_CANNOT_COMPUTE, at, "this may hold characters that a document has to escape, and %s",
		alone ? "it is all of the document" : "the document also holds a number that is known only at deploy time");
	mo_diag_label(d, c->span, "written into this document");
	mo_diag_note(d, alone ? "Fn::ToJsonString escapes, but takes lists and records only"
		: "Fn::ToJsonString escapes, but makes a text of every number that CloudFormation finds");
	mo_diag_help(d, "%s", needs_no_escaping);
	return false;
}

// Literal parts of a text are known, so they are escaped here; only the others have to be plain.
static void
place_part(struct mo_text *t, const struct mo_ir_value *part)
{
	if (part->kind != MO_IR_STRING) {
		mo_text_add_deploy(t, part);
		return;
	}
	struct mo_buf b = mo_buf_in(t->ev->arena);
	mo_json_string(&b, part->text);
	mo_text_add(t, mo_str_sub(mo_buf_str(&b), 1, b.len - 1));
}

static bool
place_sub(const struct mo_call *c, struct mo_text *t, const struct mo_value *v)
{
	const mo_ir_values *parts = &v->ir->items;
	for (uint32_t i = 0; i < parts->len; i++) {
		if (parts->items[i]->kind != MO_IR_STRING && mo_shape_of(c->ev, parts->items[i]) == MO_SHAPE_UNSAFE) {
			return refuse(c, v);
		}
	}
	mo_text_add(t, MO_STR("\""));
	for (uint32_t i = 0; i < parts->len; i++) {
		place_part(t, parts->items[i]);
	}
	mo_text_add(t, MO_STR("\""));
	return !t->failed;
}

// ["a","b"] of a list whose elements are not known: joined by `","`. Lists of this kind are never empty.
static bool
place_list(const struct mo_call *c, struct mo_text *t, const struct mo_value *v)
{
	if (mo_shape_of(c->ev, v->ir) != MO_SHAPE_TEXT) {
		return refuse(c, v);
	}
	const struct mo_ir_value *args[2] = { mo_ir_string(c->ev->arena, v->span, MO_STR("\",\"")), v->ir };
	mo_text_add(t, MO_STR("[\""));
	mo_text_add_deploy(t, mo_ir_call_list(c->ev->arena, v->span, MO_STR("Fn::Join"), args, 2));
	mo_text_add(t, MO_STR("\"]"));
	return !t->failed;
}

static bool
place_condition(const struct mo_call *c, struct mo_text *t, const struct mo_value *v)
{
	struct mo_arena *a = c->ev->arena;
	struct mo_truth truth;
	if (!mo_truth_of(c->ev, v, v->span, (struct mo_str){ 0 }, &truth)) {
		return false;
	}
	struct mo_str yes = MO_STR("true"), no = MO_STR("false");
	if (truth.known) {
		mo_text_add(t, truth.truth ? yes : no);
	} else {
		mo_text_add_deploy(t, mo_ir_if(a, v->span, truth.condition, mo_ir_string(a, v->span, yes), mo_ir_string(a, v->span, no)));
	}
	return true;
}

bool
mo_document_place(const struct mo_call *c, struct mo_text *t, const struct mo_value *v)
{
	if (v->is_list) {
		return place_list(c, t, v);
	}
	if (v->ir->kind == MO_IR_SUB) {
		return place_sub(c, t, v);
	}
	if (c->ev->evaluator && mo_is_condition(v->ir)) {
		return place_condition(c, t, v);
	}
	enum mo_shape s = mo_shape_of(c->ev, v->ir);
	if (s == MO_SHAPE_UNSAFE) {
		return refuse(c, v);
	}
	mo_text_add(t, s == MO_SHAPE_TEXT ? MO_STR("\"") : MO_STR(""));
	mo_text_add_deploy(t, v->ir);
	mo_text_add(t, s == MO_SHAPE_TEXT ? MO_STR("\"") : MO_STR(""));
	return !t->failed;
}

// ---- Fn::ToJsonString ------------------------------------------------------------------------------------------------------------

// What stands in the way of writing a document as text.
struct obstacles {
	const struct mo_value *unsafe; // the first value that may need escaping
	bool number, absent;           // whether some number is known only at deploy time, or some part may be absent
};

static bool
is_unsafe(const struct mo_call *c, const struct mo_value *v)
{
	if (v->is_list) {
		return mo_shape_of(c->ev, v->ir) != MO_SHAPE_TEXT;
	}
	for (uint32_t i = 0; v->ir->kind == MO_IR_SUB && i < v->ir->items.len; i++) {
		const struct mo_ir_value *part = v->ir->items.items[i];
		if (part->kind != MO_IR_STRING && mo_shape_of(c->ev, part) == MO_SHAPE_UNSAFE) {
			return true;
		}
	}
	return v->ir->kind != MO_IR_SUB && mo_shape_of(c->ev, v->ir) == MO_SHAPE_UNSAFE;
}

static bool
is_truth(const struct mo_call *c, const struct mo_value *v)
{
	bool param = v->ir->kind == MO_IR_PARAM && v->ir->param->truth;
	return c->ev->evaluator && !v->is_list && (param || mo_is_condition(v->ir));
}

static void
find_obstacles(const struct mo_call *c, const struct mo_value *v, struct obstacles *o, uint32_t depth)
{
	for (uint32_t i = 0; v->kind == MO_VALUE_LIST && depth < MO_IR_DEEPEST && i < v->items.len; i++) {
		find_obstacles(c, v->items.items[i], o, depth + 1);
	}
	for (uint32_t i = 0; v->kind == MO_VALUE_RECORD && depth < MO_IR_DEEPEST && i < v->members.len; i++) {
		find_obstacles(c, v->members.items[i].value, o, depth + 1);
	}
	if (v->kind == MO_VALUE_DEPLOY && !is_truth(c, v)) {
		o->absent = o->absent || is_or_holds_no_value(v->ir);
		o->number = o->number || (!v->is_list && mo_shape_of(c->ev, v->ir) == MO_SHAPE_LITERAL);
		o->unsafe = o->unsafe || !is_unsafe(c, v) ? o->unsafe : v;
	}
}

// The value as an argument of Fn::ToJsonString: truths stay true and false.
static const struct mo_ir_value *
lower_data(const struct mo_call *c, const struct mo_value *v)
{
	struct mo_arena *a = c->ev->arena;
	struct mo_truth t;
	if (v->kind == MO_VALUE_DEPLOY && is_truth(c, v) && mo_truth_of(c->ev, v, v->span, (struct mo_str){ 0 }, &t)) {
		return t.known ? mo_ir_bool(a, v->span, t.truth)
			: mo_ir_if(a, v->span, t.condition, mo_ir_bool(a, v->span, true), mo_ir_bool(a, v->span, false));
	}
	if (v->kind != MO_VALUE_LIST && v->kind != MO_VALUE_RECORD) {
		return mo_lower(c->ev, v);
	}
	bool list = v->kind == MO_VALUE_LIST;
	struct mo_ir_value *whole = list ? mo_ir_list(a, v->span) : mo_ir_object(a, v->span);
	for (uint32_t i = 0; list && i < v->items.len; i++) {
		if (mo_document_holds(v->items.items[i])) {
			mo_push(a, &whole->items, lower_data(c, v->items.items[i]));
		}
	}
	for (uint32_t i = 0; !list && i < v->members.len; i++) {
		const struct mo_value_member *m = &v->members.items[i];
		if (mo_document_holds(m->value)) {
			mo_ir_set(a, whole, m->key, m->key_span, lower_data(c, m->value));
		}
	}
	return whole;
}

// JSON, which is YAML too.
static const struct mo_value *
to_json_string(const struct mo_call *c, const struct mo_value *v, const struct mo_value *unsafe)
{
	struct mo_span at = mo_span_is_nowhere(unsafe->span) ? c->span : unsafe->span;
	struct mo_diag *d = mo_report(c->ev->ctx->diags, MSG_NEEDS_EXTENSIONS, c->span,
		"this document needs Fn::ToJsonString, and with it the transform AWS::LanguageExtensions");
	mo_diag_label(d, at, "may hold characters that have to be escaped");
	mo_diag_help(d, "%s", needs_no_escaping);
	const struct mo_ir_value *ir = mo_ir_call(c->ev->arena, c->span, MO_STR("Fn::ToJsonString"), lower_data(c, v));
	return mo_value_deploy(c->ev->arena, c->span, ir, false);
}

bool
mo_document_holds(const struct mo_value *v)
{
	return v->kind != MO_VALUE_NONE || v->text.len > 0;
}

static bool
is_collection(const struct mo_value *v)
{
	return v->kind == MO_VALUE_LIST || v->kind == MO_VALUE_RECORD;
}

static const struct mo_value *
document_of(const struct mo_call *c, const struct mo_value *v, mo_write_document write, uint32_t depth)
{
	const struct mo_sides *sides = c->ev->evaluator ? mo_sides_of(c->ev, v) : NULL;
	if (sides && (is_collection(sides->then) || is_collection(sides->otherwise)) && depth < MO_EVAL_DEPTH) {
		const struct mo_value *then = document_of(c, sides->then, write, depth + 1);
		const struct mo_value *otherwise = document_of(c, sides->otherwise, write, depth + 1);
		return mo_choose(c->ev, c->span, sides->condition, then, otherwise, NULL);
	}
	if (!mo_document_holds(v)) {
		return mo_arg_misfit(c, 0, "something to write");
	}
	v = mo_coerce(c->ev, v, mo_type_of_kind(MO_TYPE_JSON), mo_arg_span(c, 0));
	struct obstacles o = { 0 };
	find_obstacles(c, v, &o, 0);
	if (is_collection(v) && o.unsafe && !o.number && !o.absent) {
		return to_json_string(c, v, o.unsafe);
	}
	return v->kind == MO_VALUE_ERROR ? v : write(c, v);
}

const struct mo_value *
mo_document_of(const struct mo_call *c, mo_write_document write)
{
	return document_of(c, c->args[0], write, 0);
}
