// SPDX-License-Identifier: Apache-2.0
// Lowers interpolated text: flattens what is nested, merges adjacent text, writes references as ${Id}, ${Id.Attr} or ${AWS::Region}, and
// gives everything else a variable with a name that says what it is. Text is never interpreted by accident: a literal ${ is escaped.
#include "emitters/sub.h"

#include "base/json_writer.h"

// ---- flattening ------------------------------------------------------------------------------------------------------------------

// Makes the text since the last piece a piece.
static void
end_text(struct mo_sub *s)
{
	size_t start = s->pieces.len ? mo_last(&s->pieces).end : 0;
	if (s->flat.len > start) {
		mo_push(s->arena, &s->pieces, (struct mo_sub_piece){ start, s->flat.len, NULL });
	}
}

static void
flatten(struct mo_sub *s, const struct mo_ir_value *v, uint32_t depth)
{
	struct mo_json_writer plain = mo_json_compact_writer(&s->flat);
	switch (v->kind) {
	case MO_IR_STRING:
		mo_buf_add(&s->flat, v->text);
		return;
	case MO_IR_BOOL:
		mo_json_put_bool(&plain, v->boolean);
		return;
	case MO_IR_INT:
		mo_json_put_int(&plain, v->integer);
		return;
	case MO_IR_FLOAT:
		mo_json_put_double(&plain, v->number);
		return;
	case MO_IR_ASSET:
		mo_buf_add(&s->flat, v->part == MO_IR_ASSET_FILE ? v->asset->file : v->asset->key);
		return;
	case MO_IR_SUB:
		if (depth < MO_IR_DEEPEST) {
			for (uint32_t i = 0; i < v->items.len; i++) {
				flatten(s, v->items.items[i], depth + 1);
			}
			return;
		}
		break;
	default:
		break;
	}
	end_text(s);
	mo_push(s->arena, &s->pieces, (struct mo_sub_piece){ s->flat.len, s->flat.len, v });
}

// ---- names of variables ----------------------------------------------------------------------------------------------------------

enum { LONGEST_NAME = 48 };

static bool
is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Adds `text` in camel case: what is no letter or digit goes, and the letter after it is raised.
static void
add_words(struct mo_buf *name, struct mo_str text)
{
	bool raise = true;
	for (size_t i = 0; i < text.len && name->len < LONGEST_NAME; i++) {
		char c = text.p[i];
		if (is_letter_or_digit(c)) {
			mo_buf_addc(name, raise && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
		}
		raise = !is_letter_or_digit(c);
	}
}

static bool name_from_references(struct mo_buf *name, const struct mo_ir_value *v, uint32_t depth);

// The first of the values below that gives a name.
static bool
name_from_parts(struct mo_buf *name, const struct mo_ir_value *v, uint32_t depth,
	bool (*from)(struct mo_buf *, const struct mo_ir_value *, uint32_t))
{
	if (depth >= MO_IR_DEEPEST) {
		return false;
	}
	if (v->kind == MO_IR_LIST || v->kind == MO_IR_SUB) {
		for (uint32_t i = 0; i < v->items.len; i++) {
			if (from(name, v->items.items[i], depth + 1)) {
				return true;
			}
		}
	}
	if (v->kind == MO_IR_OBJECT) {
		for (uint32_t i = 0; i < v->members.len; i++) {
			if (from(name, v->members.items[i].value, depth + 1)) {
				return true;
			}
		}
	}
	return v->kind == MO_IR_CALL && from(name, v->argument, depth + 1);
}

// From the first thing it refers to: a resource with its attribute, a parameter, a condition, "Region" of AWS::Region.
static bool
name_from_references(struct mo_buf *name, const struct mo_ir_value *v, uint32_t depth)
{
	switch (v->kind) {
	case MO_IR_RESOURCE:
		add_words(name, v->resource->id);
		break;
	case MO_IR_ATTRIBUTE:
		add_words(name, v->resource->id);
		add_words(name, v->attribute);
		break;
	case MO_IR_PARAM:
		add_words(name, v->param->id);
		break;
	case MO_IR_PSEUDO:
		add_words(name, mo_str_sub(v->text, sizeof("AWS::") - 1, v->text.len));
		break;
	case MO_IR_IF:
	case MO_IR_CONDITION:
		add_words(name, v->condition->id);
		break;
	default:
		return name_from_parts(name, v, depth, name_from_references);
	}
	return name->len > 0;
}

// From the first literal text in it that has letters: the map of a lookup, the name of an import.
static bool
name_from_text(struct mo_buf *name, const struct mo_ir_value *v, uint32_t depth)
{
	if (v->kind != MO_IR_STRING) {
		return name_from_parts(name, v, depth, name_from_text);
	}
	add_words(name, v->text);
	return name->len > 0;
}

static bool
is_free(const struct mo_sub *s, struct mo_str name)
{
	for (uint32_t i = 0; i < s->variables.len; i++) {
		if (mo_str_eq(s->variables.items[i].name, name)) {
			return false;
		}
	}
	return !mo_map_get(s->taken, mo_str_hash(name));
}

// The name itself, else with "Value" after it, else with a number after that.
static struct mo_str
make_unique(struct mo_sub *s, struct mo_str name)
{
	if (is_free(s, name)) {
		return name;
	}
	struct mo_str longer = mo_str_printf(s->arena, MO_STR_FMT "Value", MO_STR_ARG(name));
	struct mo_str candidate = longer;
	for (uint32_t n = 2; !is_free(s, candidate); n++) {
		candidate = mo_str_printf(s->arena, MO_STR_FMT "%u", MO_STR_ARG(longer), n);
	}
	return candidate;
}

static struct mo_str
name_of(struct mo_sub *s, const struct mo_ir_value *v)
{
	struct mo_buf name = mo_buf_in(s->arena);
	bool is_lookup = v->kind == MO_IR_CALL && mo_str_is(v->function, "Fn::FindInMap");
	bool named = (is_lookup && name_from_text(&name, v, 0)) || name_from_references(&name, v, 0) || name_from_text(&name, v, 0);
	if (!named || (name.p[0] >= '0' && name.p[0] <= '9')) {
		return make_unique(s, mo_str_printf(s->arena, "Part%u", s->variables.len + 1));
	}
	return make_unique(s, mo_buf_str(&name));
}

// The variable that holds the value; equal values share one.
static struct mo_str
variable_for(struct mo_sub *s, const struct mo_ir_value *v)
{
	for (uint32_t i = 0; i < s->variables.len; i++) {
		const struct mo_sub_variable *there = &s->variables.items[i];
		if (v ? there->value && mo_ir_equal(there->value, v) : !there->value) {
			return there->name;
		}
	}
	struct mo_str name = v ? name_of(s, v) : make_unique(s, MO_STR("Dollar"));
	mo_push(s->arena, &s->variables, (struct mo_sub_variable){ name, v });
	return name;
}

// ---- joining ---------------------------------------------------------------------------------------------------------------------

static void
add_placeholder(struct mo_sub *s, struct mo_str id, struct mo_str attribute)
{
	mo_buf_adds(&s->text, "${");
	mo_buf_add(&s->text, id);
	if (attribute.len) {
		mo_buf_addc(&s->text, '.');
		mo_buf_add(&s->text, attribute);
	}
	mo_buf_addc(&s->text, '}');
}

static void
add_value(struct mo_sub *s, const struct mo_ir_value *v)
{
	const struct mo_str none = { 0 };
	bool reference = v->kind == MO_IR_RESOURCE || v->kind == MO_IR_ATTRIBUTE;
	if (reference && v->resource->loop) { // its ID has a placeholder of its own
		add_placeholder(s, variable_for(s, v), none);
		return;
	}
	switch (v->kind) {
	case MO_IR_RESOURCE:
		add_placeholder(s, v->resource->id, none);
		break;
	case MO_IR_ATTRIBUTE:
		add_placeholder(s, v->resource->id, v->attribute);
		break;
	case MO_IR_PARAM:
		add_placeholder(s, v->param->id, none);
		break;
	case MO_IR_PSEUDO:
		add_placeholder(s, v->text, none);
		break;
	default:
		add_placeholder(s, variable_for(s, v), none);
		break;
	}
}

// `${x}` is written as `${!x}`. Where the braces do not close at once, or hold nothing, CloudFormation says nothing of an escape, so
// there the dollar sign comes from a variable.
static void
add_text(struct mo_sub *s, struct mo_str text)
{
	const struct mo_str open = MO_STR("${");
	size_t done = 0;
	for (ptrdiff_t at; (at = mo_str_find(text, open, done)) >= 0;) {
		size_t inside = (size_t)at + open.len;
		ptrdiff_t close = mo_str_find(text, MO_STR("}"), inside), next = mo_str_find(text, open, inside);
		mo_buf_add(&s->text, mo_str_sub(text, done, (size_t)at));
		if (close > (ptrdiff_t)inside && (next < 0 || close < next)) {
			mo_buf_adds(&s->text, "${!");
		} else {
			add_placeholder(s, variable_for(s, NULL), (struct mo_str){ 0 });
			mo_buf_addc(&s->text, '{');
		}
		done = inside;
	}
	mo_buf_add(&s->text, mo_str_sub(text, done, text.len));
}

struct mo_sub *
mo_sub_new(struct mo_arena *arena, const struct mo_map *taken)
{
	struct mo_sub *s = mo_new(arena, struct mo_sub);
	*s = (struct mo_sub){ .arena = arena, .taken = taken, .flat = mo_buf_in(arena), .text = mo_buf_in(arena) };
	return s;
}

struct mo_sub *
mo_sub_inner(struct mo_sub *s)
{
	if (!s->inner) {
		s->inner = mo_sub_new(s->arena, s->taken);
	}
	return s->inner;
}

static void
join(struct mo_sub *s)
{
	for (uint32_t i = 0; i < s->pieces.len; i++) {
		const struct mo_sub_piece *p = &s->pieces.items[i];
		if (p->value) {
			add_value(s, p->value);
		} else {
			add_text(s, mo_str_sub(mo_buf_str(&s->flat), p->start, p->end));
		}
	}
}

void
mo_sub_lower(struct mo_sub *s, const struct mo_ir_value *v)
{
	s->flat.len = s->text.len = 0;
	s->pieces.len = s->variables.len = 0;
	flatten(s, v, 0);
	end_text(s);
	s->is_plain = s->pieces.len == 0 || (s->pieces.len == 1 && !s->pieces.items[0].value);
	s->only = s->pieces.len == 1 ? s->pieces.items[0].value : NULL;
	if (s->is_plain) {
		mo_buf_add(&s->text, mo_buf_str(&s->flat));
	} else if (!s->only) {
		join(s);
	}
}
