// SPDX-License-Identifier: Apache-2.0
// YAML files, from libyaml's events. What a plain scalar is follows the core schema of YAML 1.2; its text is kept beside that. libyaml
// counts positions in characters and ends block collections where the next thing starts, so spans are worked out here.
#include "source/data_tree.h"

#include <setjmp.h>
#include <string.h>
#include <yaml.h>

enum { MOST_FROM_ALIASES = 1000000 }; // values that all aliases of a file together may stand for

// A node, and how much it stands for once its aliases are followed.
struct part {
	struct mo_data *data; // NULL after an error
	uint64_t size;        // of values in it
	uint32_t height;      // levels below it
};

struct anchor {
	struct mo_str name;
	struct part part; // .data NULL while the node is still open
};

struct reader {
	struct mo_arena *arena;
	const struct mo_source *source;
	struct mo_data_error *error;
	yaml_parser_t parser;
	yaml_event_t event;
	bool has_event;
	MO_VEC(struct anchor) anchors;
	struct mo_map by_name; // hash of an anchor's name -> index + 1 of the last one
	uint64_t from_aliases;
	bool short_forms; // tags are CloudFormation's: `!Ref x` is { Ref: x }
	size_t chars, bytes; // a place in the text, counted in both ways: where the last position was asked for
};

static struct part read_node(struct reader *r, uint32_t depth);

static struct part
failed(void)
{
	return (struct part){ 0 };
}

// ---- positions -------------------------------------------------------------------------------------------------------------------

static bool
is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

// Positions are asked for nearly in order, so the way from the last one is short.
static size_t
byte_of(struct reader *r, size_t index)
{
	struct mo_str text = r->source->text;
	while (r->chars < index && r->bytes < text.len) {
		r->bytes++;
		while (r->bytes < text.len && is_continuation(text.p[r->bytes])) {
			r->bytes++;
		}
		r->chars++;
	}
	while (r->chars > index && r->bytes > 0) {
		r->bytes--;
		while (r->bytes > 0 && is_continuation(text.p[r->bytes])) {
			r->bytes--;
		}
		r->chars--;
	}
	return r->bytes;
}

static struct mo_span
span_of(struct reader *r, size_t start, size_t end)
{
	uint32_t base = r->source->base;
	return (struct mo_span){ base + (uint32_t)start, base + (uint32_t)(end > start ? end : start) };
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Behind the anchor and tag that a node may start with.
static size_t
past_properties(struct reader *r, size_t at, size_t end)
{
	const char *p = r->source->text.p;
	while (at < end && (p[at] == '&' || p[at] == '!')) {
		while (at < end && !is_blank(p[at])) {
			at++;
		}
		while (at < end && (is_blank(p[at]) || p[at] == '#')) {
			bool comment = p[at] == '#';
			while (comment && at < end && p[at] != '\n') {
				at++;
			}
			at += at < end;
		}
	}
	return at;
}

static struct mo_span
event_span(struct reader *r)
{
	size_t start = byte_of(r, r->event.start_mark.index), end = byte_of(r, r->event.end_mark.index);
	return span_of(r, past_properties(r, start, end), end);
}

static struct mo_span
scalar_span(struct reader *r)
{
	struct mo_span s = event_span(r);
	const char *p = r->source->text.p - r->source->base;
	yaml_scalar_style_t style = r->event.data.scalar.style;
	while ((style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE) && s.end > s.start && is_blank(p[s.end - 1])) {
		s.end--;
	}
	return s;
}

static struct mo_str
event_text(const yaml_char_t *p)
{
	return mo_str_c((const char *)p);
}

// ---- events ----------------------------------------------------------------------------------------------------------------------

static void
drop_event(struct reader *r)
{
	if (r->has_event) {
		yaml_event_delete(&r->event);
		r->has_event = false;
	}
}

static bool
parser_failed(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	if (p->error == YAML_MEMORY_ERROR) {
		longjmp(*r->arena->mem->on_exhausted, 1);
	}
	bool reading = p->error == YAML_READER_ERROR; // then the offset is in bytes
	size_t at = reading ? p->problem_offset : byte_of(r, p->problem_mark.index);
	if (at > r->source->text.len) {
		at = r->source->text.len;
	}
	struct mo_span span = span_of(r, at, at + (at < r->source->text.len));
	mo_data_fail(r->arena, r->error, span, "%s%s%s", p->context ? p->context : "", p->context ? ", " : "",
		p->problem ? p->problem : "this cannot be read");
	return false;
}

static bool
next_event(struct reader *r)
{
	drop_event(r);
	if (!yaml_parser_parse(&r->parser, &r->event)) {
		return parser_failed(r);
	}
	r->has_event = true;
	return true;
}

// ---- anchors ---------------------------------------------------------------------------------------------------------------------

// Opens an anchor; gives its index, UINT32_MAX without one.
static uint32_t
open_anchor(struct reader *r, const yaml_char_t *name)
{
	if (!name) {
		return UINT32_MAX;
	}
	struct anchor a = { .name = mo_str_dup(r->arena, event_text(name)) };
	uint32_t index = mo_push(r->arena, &r->anchors, a);
	mo_map_put(r->arena, &r->by_name, mo_str_hash(a.name), (void *)((uintptr_t)index + 1));
	return index;
}

// The last one of a name counts.
static const struct anchor *
find_anchor(const struct reader *r, struct mo_str name)
{
	uintptr_t position = (uintptr_t)mo_map_get(&r->by_name, mo_str_hash(name));
	for (uintptr_t i = position; i > 0; i--) {
		if (mo_str_eq(r->anchors.items[i - 1].name, name)) {
			return &r->anchors.items[i - 1];
		}
	}
	return NULL;
}

static void
close_anchor(struct reader *r, uint32_t index, struct part part)
{
	if (index != UINT32_MAX) {
		r->anchors.items[index].part = part;
	}
}

static struct part
follow_alias(struct reader *r, uint32_t depth)
{
	struct mo_str name = event_text(r->event.data.alias.anchor);
	struct mo_span span = event_span(r);
	const struct anchor *a = find_anchor(r, name);
	if (!a) {
		mo_data_fail(r->arena, r->error, span, "the alias `*" MO_STR_FMT "` names nothing above it", MO_STR_ARG(name));
		return failed();
	}
	if (!a->part.data) {
		mo_data_fail(r->arena, r->error, span, "the alias `*" MO_STR_FMT "` stands inside what it names", MO_STR_ARG(name));
		return failed();
	}
	r->from_aliases += a->part.size;
	if (r->from_aliases > MOST_FROM_ALIASES) {
		mo_data_fail(r->arena, r->error, span, "the aliases stand for more than %d values", MOST_FROM_ALIASES);
		return failed();
	}
	if (depth + a->part.height > MO_DATA_DEPTH) {
		mo_data_fail(r->arena, r->error, span, "nested deeper than %d levels", MO_DATA_DEPTH);
		return failed();
	}
	return a->part;
}

// ---- scalars ---------------------------------------------------------------------------------------------------------------------

static bool
resolve(struct reader *r, struct mo_data *d)
{
	const char *why;
	return mo_data_resolve(d, &why) || mo_data_fail(r->arena, r->error, d->span, "%s", why);
}

// The last word of a core schema tag ("int"), empty for what is none.
static struct mo_str
core_tag(struct mo_str tag)
{
	struct mo_str prefix = MO_STR("tag:yaml.org,2002:");
	return mo_str_starts(tag, prefix) ? mo_str_sub(tag, prefix.len, tag.len) : MO_STR("");
}

static bool
unknown_tag(struct reader *r, struct mo_str tag, struct mo_span span)
{
	return mo_data_fail(r->arena, r->error, span, "the tag `" MO_STR_FMT "` means nothing in a data file", MO_STR_ARG(tag));
}

// ---- CloudFormation's short forms ------------------------------------------------------------------------------------------------

// What a tag stands for: the key of an object ("Fn::Join"); empty when it is none of CloudFormation's.
static struct mo_str
function_of(struct reader *r, struct mo_str tag)
{
	static const char *const functions[] = { "And", "Base64", "Cidr", "Contains", "EachMemberEquals", "EachMemberIn", "Equals", "FindInMap",
		"GetAtt", "GetAZs", "GetStackOutput", "If", "ImportValue", "Join", "Length", "Not", "Or", "RefAll", "Select", "Split", "Sub",
		"ToJsonString", "Transform", "ValueOf", "ValueOfAll" };
	struct mo_str name = mo_str_starts(tag, MO_STR("!")) ? mo_str_sub(tag, 1, tag.len) : MO_STR("");
	if (!r->short_forms) {
		return MO_STR("");
	}
	if (mo_str_is(name, "Ref") || mo_str_is(name, "Condition")) {
		return mo_str_is(name, "Ref") ? MO_STR("Ref") : MO_STR("Condition");
	}
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		if (mo_str_is(name, functions[i])) {
			return mo_str_printf(r->arena, "Fn::%s", functions[i]);
		}
	}
	return MO_STR("");
}

// `!GetAtt a.b.c` names a resource and, behind the first dot, its attribute.
static struct mo_data *
split_attribute(struct reader *r, struct mo_data *d)
{
	ptrdiff_t dot = mo_str_find(d->text, MO_STR("."), 0);
	if (d->kind != MO_DATA_STRING || dot < 0) {
		return d;
	}
	struct mo_data *list = mo_data_new(r->arena, MO_DATA_LIST, d->span);
	const size_t bounds[][2] = { { 0, (size_t)dot }, { (size_t)dot + 1, d->text.len } };
	for (int i = 0; i < 2; i++) {
		struct mo_data *part = mo_data_new(r->arena, MO_DATA_STRING, d->span);
		part->text = mo_str_sub(d->text, bounds[i][0], bounds[i][1]);
		mo_push(r->arena, &list->items, part);
	}
	return list;
}

static struct part
as_function(struct reader *r, struct part argument, struct mo_str function)
{
	if (!argument.data || !function.len) {
		return argument;
	}
	struct mo_data *d = mo_str_is(function, "Fn::GetAtt") ? split_attribute(r, argument.data) : argument.data;
	struct mo_data *object = mo_data_new(r->arena, MO_DATA_OBJECT, d->span);
	struct mo_data_keys keys = { 0 };
	mo_data_add(r->arena, &keys, object, (struct mo_data_member){ function, d->span, d });
	return (struct part){ object, argument.size + 1, argument.height + 1 };
}

// ---- tags of the core schema -----------------------------------------------------------------------------------------------------

// `!!int "5"`: the tag says how the text is to be read.
static bool
resolve_tagged(struct reader *r, struct mo_data *d, struct mo_str tag)
{
	static const char *const names[] = { "null", "bool", "int", "float" };
	struct mo_str core = core_tag(tag);
	if (mo_str_is(tag, "!") || mo_str_is(core, "str")) {
		return true;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!mo_str_is(core, names[i])) {
			continue;
		}
		if (!resolve(r, d)) {
			return false;
		}
		if (d->kind == MO_DATA_INT && i == MO_DATA_FLOAT) {
			d->kind = MO_DATA_FLOAT;
			d->number = (double)d->integer;
		}
		return d->kind == (enum mo_data_kind)i
			|| mo_data_fail(r->arena, r->error, d->span, "`" MO_STR_FMT "` is no %s", MO_STR_ARG(d->text), names[i]);
	}
	return unknown_tag(r, tag, d->span);
}

// Keys are text whatever they look like.
static struct part
read_scalar(struct reader *r, bool key)
{
	uint32_t anchor = open_anchor(r, r->event.data.scalar.anchor);
	struct mo_data *d = mo_data_new(r->arena, MO_DATA_STRING, scalar_span(r));
	size_t length = r->event.data.scalar.length;
	d->text = mo_str_dup(r->arena, (struct mo_str){ (const char *)r->event.data.scalar.value, length });
	if (length && memchr(d->text.p, 0, length)) {
		mo_data_fail(r->arena, r->error, d->span, "a text cannot hold U+0000");
		return failed();
	}
	bool plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE, good = true;
	struct mo_str function = r->event.data.scalar.tag ? function_of(r, event_text(r->event.data.scalar.tag)) : MO_STR("");
	if (function.len) {
		d->kind = MO_DATA_STRING;
	} else if (r->event.data.scalar.tag) {
		good = resolve_tagged(r, d, event_text(r->event.data.scalar.tag));
	} else if (plain && !key) {
		d->plain = true;
		good = resolve(r, d);
	}
	struct part part = as_function(r, (struct part){ good ? d : NULL, 1, 0 }, function);
	close_anchor(r, anchor, part);
	return part;
}

// ---- collections -----------------------------------------------------------------------------------------------------------------

static bool
check_collection_tag(struct reader *r, const yaml_char_t *tag, const char *kind, struct mo_str *function)
{
	*function = tag ? function_of(r, event_text(tag)) : MO_STR("");
	if (!tag || function->len || mo_str_is(core_tag(event_text(tag)), kind) || mo_str_is(event_text(tag), "!")) {
		return true;
	}
	return unknown_tag(r, event_text(tag), event_span(r));
}

static void
include(struct part *whole, struct part part)
{
	whole->size += part.size;
	if (whole->height < part.height + 1) {
		whole->height = part.height + 1;
	}
}

// To the closing bracket of a flow collection; to the end of the last thing inside for a block, if it was written there and not taken
// from an alias above.
static void
end_span(struct reader *r, struct mo_data *d, bool flow, size_t last)
{
	uint32_t base = r->source->base;
	size_t end = flow ? byte_of(r, r->event.end_mark.index) : last;
	if (base + end > d->span.end || !flow) {
		d->span.end = base + (uint32_t)end > d->span.start ? base + (uint32_t)end : d->span.start;
	}
}

static struct part
read_list(struct reader *r, uint32_t depth)
{
	bool flow = r->event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
	struct mo_str function;
	if (!check_collection_tag(r, r->event.data.sequence_start.tag, "seq", &function)) {
		return failed();
	}
	uint32_t anchor = open_anchor(r, r->event.data.sequence_start.anchor);
	struct part whole = { mo_data_new(r->arena, MO_DATA_LIST, event_span(r)), 1, 0 };
	size_t last = byte_of(r, r->event.end_mark.index);
	for (;;) {
		if (!next_event(r)) {
			return failed();
		}
		if (r->event.type == YAML_SEQUENCE_END_EVENT) {
			break;
		}
		bool alias = r->event.type == YAML_ALIAS_EVENT;
		size_t alias_end = alias ? byte_of(r, r->event.end_mark.index) : 0;
		struct part item = read_node(r, depth + 1);
		if (!item.data) {
			return failed();
		}
		mo_push(r->arena, &whole.data->items, item.data);
		include(&whole, item);
		last = alias ? alias_end : item.data->span.end - r->source->base;
	}
	end_span(r, whole.data, flow, last);
	whole = as_function(r, whole, function);
	close_anchor(r, anchor, whole);
	return whole;
}

// A member as read, before merge keys are resolved.
struct pair {
	struct mo_data_member member;
	struct part part;
	bool merge;
};

typedef MO_VEC(struct pair) pairs;

// The key at the current event.
static bool
read_key(struct reader *r, uint32_t depth, struct pair *pair)
{
	bool scalar = r->event.type == YAML_SCALAR_EVENT, alias = r->event.type == YAML_ALIAS_EVENT;
	struct mo_span span = scalar ? scalar_span(r) : event_span(r);
	if (!scalar && !alias) {
		return mo_data_fail(r->arena, r->error, span, "a key must be text");
	}
	bool untagged = scalar && r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !r->event.data.scalar.tag;
	struct part key = scalar ? read_scalar(r, true) : follow_alias(r, depth);
	if (!key.data) {
		return false;
	}
	bool nothing = untagged && key.data->text.len == 0;
	if (nothing || key.data->kind == MO_DATA_LIST || key.data->kind == MO_DATA_OBJECT) {
		return mo_data_fail(r->arena, r->error, span, "a key must be text");
	}
	pair->member.key = key.data->text;
	pair->member.key_span = span;
	pair->merge = untagged && mo_str_is(key.data->text, "<<");
	return true;
}

static bool
add_explicit(struct reader *r, const pairs *all, struct mo_data *object, struct mo_data_keys *keys)
{
	bool merged = false;
	for (uint32_t i = 0; i < all->len; i++) {
		const struct pair *p = &all->items[i];
		if (p->merge ? merged : mo_data_find(keys, object, p->member.key) != NULL) {
			return mo_data_fail(r->arena, r->error, p->member.key_span, "duplicate key `" MO_STR_FMT "`", MO_STR_ARG(p->member.key));
		}
		if (p->merge) {
			merged = true;
		} else {
			mo_data_add(r->arena, keys, object, p->member);
		}
	}
	return true;
}

static bool
merge_object(struct reader *r, const struct mo_data *from, struct mo_span at, struct mo_data *object, struct mo_data_keys *keys)
{
	if (from->kind != MO_DATA_OBJECT) {
		return mo_data_fail(r->arena, r->error, at, "`<<` wants a mapping or a list of mappings");
	}
	for (uint32_t i = 0; i < from->members.len; i++) {
		if (!mo_data_find(keys, object, from->members.items[i].key)) {
			mo_data_add(r->arena, keys, object, from->members.items[i]);
		}
	}
	return true;
}

// What is written out wins over what is merged, and of merged mappings the earlier one.
static bool
add_merged(struct reader *r, const pairs *all, struct mo_data *object, struct mo_data_keys *keys)
{
	for (uint32_t i = 0; i < all->len; i++) {
		const struct pair *p = &all->items[i];
		const struct mo_data *from = p->member.value;
		if (!p->merge) {
			continue;
		}
		if (from->kind != MO_DATA_LIST) {
			return merge_object(r, from, p->member.key_span, object, keys);
		}
		for (uint32_t k = 0; k < from->items.len; k++) {
			if (!merge_object(r, from->items.items[k], p->member.key_span, object, keys)) {
				return false;
			}
		}
	}
	return true;
}

static bool
read_pairs(struct reader *r, uint32_t depth, pairs *all, struct part *whole, size_t *last)
{
	for (;;) {
		struct pair pair = { 0 };
		if (!next_event(r)) {
			return false;
		}
		if (r->event.type == YAML_MAPPING_END_EVENT) {
			return true;
		}
		if (!read_key(r, depth + 1, &pair) || !next_event(r)) {
			return false;
		}
		bool alias = r->event.type == YAML_ALIAS_EVENT;
		size_t alias_end = alias ? byte_of(r, r->event.end_mark.index) : 0;
		pair.part = read_node(r, depth + 1);
		if (!pair.part.data) {
			return false;
		}
		pair.member.value = pair.part.data;
		include(whole, pair.part);
		*last = alias ? alias_end : pair.part.data->span.end - r->source->base;
		mo_push(r->arena, all, pair);
	}
}

static struct part
read_object(struct reader *r, uint32_t depth)
{
	bool flow = r->event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
	struct mo_str function;
	if (!check_collection_tag(r, r->event.data.mapping_start.tag, "map", &function)) {
		return failed();
	}
	uint32_t anchor = open_anchor(r, r->event.data.mapping_start.anchor);
	struct part whole = { mo_data_new(r->arena, MO_DATA_OBJECT, event_span(r)), 1, 0 };
	size_t last = byte_of(r, r->event.end_mark.index);
	pairs all = { 0 };
	struct mo_data_keys keys = { 0 };
	if (!read_pairs(r, depth, &all, &whole, &last)) {
		return failed();
	}
	end_span(r, whole.data, flow, last);
	if (!add_explicit(r, &all, whole.data, &keys) || !add_merged(r, &all, whole.data, &keys)) {
		return failed();
	}
	whole = as_function(r, whole, function);
	close_anchor(r, anchor, whole);
	return whole;
}

// ---- documents -------------------------------------------------------------------------------------------------------------------

// The node at the current event; afterwards that is its last one.
static struct part
read_node(struct reader *r, uint32_t depth)
{
	if (depth > MO_DATA_DEPTH) {
		mo_data_fail(r->arena, r->error, event_span(r), "nested deeper than %d levels", MO_DATA_DEPTH);
		return failed();
	}
	switch (r->event.type) {
	case YAML_ALIAS_EVENT:
		return follow_alias(r, depth);
	case YAML_SCALAR_EVENT:
		return read_scalar(r, false);
	case YAML_SEQUENCE_START_EVENT:
		return read_list(r, depth);
	case YAML_MAPPING_START_EVENT:
		return read_object(r, depth);
	default:
		mo_data_fail(r->arena, r->error, event_span(r), "a value is missing");
		return failed();
	}
}

static struct mo_data *
read_document(struct reader *r)
{
	if (!next_event(r) || !next_event(r)) { // the stream's start, the document's start
		return NULL;
	}
	if (r->event.type == YAML_STREAM_END_EVENT) {
		return mo_data_new(r->arena, MO_DATA_NULL, span_of(r, 0, 0));
	}
	if (!next_event(r)) {
		return NULL;
	}
	struct part root = read_node(r, 1);
	if (!root.data || !next_event(r) || !next_event(r)) { // the document's end
		return NULL;
	}
	if (r->event.type != YAML_STREAM_END_EVENT) {
		return mo_data_fail(r->arena, r->error, event_span(r), "a data file holds one document");
	}
	return root.data;
}

static void
close_reader(struct reader *r)
{
	drop_event(r);
	yaml_parser_delete(&r->parser);
}

// Memory that runs out on the way must not leave libyaml's behind.
static struct mo_data *
read_and_close(struct reader *r)
{
	struct mo_mem *mem = r->arena->mem;
	jmp_buf *outer = mem->on_exhausted, here;
	if (setjmp(here)) {
		mem->on_exhausted = outer;
		close_reader(r);
		longjmp(*outer, 1);
	}
	mem->on_exhausted = &here;
	struct mo_data *d = read_document(r);
	mem->on_exhausted = outer;
	close_reader(r);
	return d;
}

static const struct mo_data *
read_yaml(struct mo_arena *arena, const struct mo_source *source, bool short_forms, struct mo_data_error *error)
{
	struct reader *r = mo_new(arena, struct reader);
	r->arena = arena;
	r->source = source;
	r->error = error;
	r->short_forms = short_forms;
	if (!yaml_parser_initialize(&r->parser)) {
		longjmp(*arena->mem->on_exhausted, 1);
	}
	yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r->parser, (const unsigned char *)source->text.p, source->text.len);
	return read_and_close(r);
}

const struct mo_data *
mo_data_read_yaml(struct mo_arena *arena, const struct mo_source *source, struct mo_data_error *error)
{
	return read_yaml(arena, source, false, error);
}

bool
mo_data_is_json_template(const struct mo_source *source)
{
	struct mo_str text = source->text;
	size_t at = 0;
	while (at < text.len && is_blank(text.p[at])) {
		at++;
	}
	return at < text.len && text.p[at] == '{';
}

const struct mo_data *
mo_data_read_template(struct mo_arena *arena, const struct mo_source *source, struct mo_data_error *error)
{
	return mo_data_is_json_template(source) ? mo_data_read_json(arena, source, error) : read_yaml(arena, source, true, error);
}
