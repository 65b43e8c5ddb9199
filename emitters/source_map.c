// SPDX-License-Identifier: Apache-2.0
// Maps what stands in the templates to the program. A key is a JSON pointer (RFC 6901) into a template: a declaration of any section, a
// property of a resource, and what is in it where that was written elsewhere. `source` is where the user wrote it, or what caused it;
// `definition` where it is declared, when a component did that. Both are FILE:LINE:COLUMN.
#include "emitters/source_map.h"

#include "base/json_writer.h"
#include "emitters/format.h"
#include "emitters/place.h"

enum { LAYOUT_VERSION = 1 };

struct entry {
	struct mo_str source, definition;
};

struct map {
	struct mo_json_writer json;
	struct mo_sources *sources;
	struct mo_output_set *out;
	struct mo_ir_origin origin; // of the resource at hand
};

// ---- pointers --------------------------------------------------------------------------------------------------------------------

static struct mo_str
below(struct map *m, struct mo_str pointer, struct mo_str key)
{
	struct mo_buf b = mo_buf_in(m->out->arena);
	mo_buf_add(&b, pointer);
	mo_buf_addc(&b, '/');
	for (size_t i = 0; i < key.len; i++) {
		char c = key.p[i];
		if (c == '~' || c == '/') {
			mo_buf_adds(&b, c == '~' ? "~0" : "~1");
		} else {
			mo_buf_addc(&b, c);
		}
	}
	return mo_buf_str(&b);
}

static struct mo_str
element(struct map *m, struct mo_str pointer, uint32_t index)
{
	return mo_str_printf(m->out->arena, MO_STR_FMT "/%u", MO_STR_ARG(pointer), index);
}

// ---- entries ---------------------------------------------------------------------------------------------------------------------

static bool
is_known(const struct map *m, struct mo_span span)
{
	return !mo_span_is_nowhere(span) && mo_position_of(m->sources, span.start).source;
}

static bool
is_in_library(const struct map *m, struct mo_span span)
{
	struct mo_position at = mo_position_of(m->sources, span.start);
	return at.source && at.source->path.len == 0;
}

static bool
same(const struct entry *a, const struct entry *b)
{
	return mo_str_eq(a->source, b->source) && mo_str_eq(a->definition, b->definition);
}

static void
put(struct map *m, struct mo_str pointer, const struct entry *e)
{
	mo_json_put_key(&m->json, pointer);
	mo_json_begin_object(&m->json);
	mo_json_put_key(&m->json, MO_STR("source"));
	mo_json_put_string(&m->json, e->source);
	if (!mo_str_eq(e->source, e->definition)) {
		mo_json_put_key(&m->json, MO_STR("definition"));
		mo_json_put_string(&m->json, e->definition);
	}
	mo_json_end_object(&m->json);
}

static struct entry
entry_of(const struct map *m, struct mo_span source, struct mo_span definition)
{
	struct mo_span first = is_known(m, source) ? source : definition, second = is_known(m, definition) ? definition : source;
	return (struct entry){ mo_place_text(m->out, m->sources, first), mo_place_text(m->out, m->sources, second) };
}

static struct entry
declared(struct map *m, struct mo_str pointer, struct mo_ir_origin origin)
{
	struct entry e = entry_of(m, origin.span, origin.definition);
	if (e.source.len) {
		put(m, pointer, &e);
	}
	return e;
}

// ---- values ----------------------------------------------------------------------------------------------------------------------

static bool
on_one_line(const struct map *m, struct mo_span a, struct mo_span b)
{
	struct mo_position first = mo_position_of(m->sources, a.start), second = mo_position_of(m->sources, b.start);
	return first.source == second.source && first.line == second.line;
}

// Where a value was written, when that is not right behind its key; what the library wrote was caused by the line that uses it.
static struct mo_span
cause(const struct map *m, struct mo_span key, struct mo_span written)
{
	struct mo_span at = !is_known(m, written) || (is_known(m, key) && on_one_line(m, key, written)) ? key : written;
	return is_known(m, at) && !is_in_library(m, at) ? at : m->origin.span;
}

static void put_inside(struct map *m, struct mo_str pointer, const struct mo_ir_value *v, const struct entry *around, uint32_t depth);

static void
put_value(struct map *m, struct mo_str pointer, struct mo_span at, const struct mo_ir_value *v, const struct entry *around, uint32_t depth)
{
	bool known = is_known(m, at) || is_known(m, v->span);
	struct entry e = known ? entry_of(m, cause(m, at, v->span), is_known(m, at) ? at : v->span) : *around;
	if (!same(&e, around)) {
		put(m, pointer, &e);
	}
	put_inside(m, pointer, v, &e, depth + 1);
}

// Objects and lists stand in the template as they are; what is below an intrinsic is the compiler's own.
static void
put_inside(struct map *m, struct mo_str pointer, const struct mo_ir_value *v, const struct entry *around, uint32_t depth)
{
	if (depth >= MO_IR_DEEPEST) {
		return;
	}
	for (uint32_t i = 0; v->kind == MO_IR_OBJECT && i < v->members.len; i++) {
		const struct mo_ir_member *p = &v->members.items[i];
		put_value(m, below(m, pointer, p->key), p->key_span, p->value, around, depth);
	}
	for (uint32_t i = 0; v->kind == MO_IR_LIST && i < v->items.len; i++) {
		put_value(m, element(m, pointer, i), v->items.items[i]->span, v->items.items[i], around, depth);
	}
}

static void
put_resource(struct map *m, struct mo_str section, const struct mo_ir_resource *r)
{
	struct mo_str pointer = below(m, section, r->id);
	m->origin = r->origin;
	struct entry e = declared(m, pointer, r->origin);
	put_inside(m, below(m, pointer, MO_STR("Properties")), r->properties, &e, 0);
}

// ---- templates -------------------------------------------------------------------------------------------------------------------

#define PUT_SECTION(m, name, list)                                                                                      \
	for (uint32_t i = 0; i < (list).len; i++) {                                                                    \
		declared((m), below((m), MO_STR("/" name), (list).items[i]->id), (list).items[i]->origin);              \
	}

static void
put_template(struct map *m, const struct mo_ir_template *t)
{
	const struct mo_template_format *const *formats = mo_template_formats(m->out->options.format);
	mo_json_begin_object(&m->json);
	mo_json_put_key(&m->json, MO_STR("files"));
	mo_json_begin_list(&m->json);
	for (uint32_t i = 0; formats[i]; i++) {
		mo_json_put_string(&m->json, mo_template_file_in(m->out->arena, t, formats[i]));
	}
	mo_json_end_list(&m->json);
	mo_json_put_key(&m->json, MO_STR("map"));
	mo_json_begin_object(&m->json);
	PUT_SECTION(m, "Parameters", t->params)
	PUT_SECTION(m, "Rules", t->rules)
	PUT_SECTION(m, "Mappings", t->mappings)
	PUT_SECTION(m, "Conditions", t->conditions)
	for (uint32_t i = 0; i < t->resources.len; i++) {
		if (!t->resources.items[i]->existing) {
			put_resource(m, MO_STR("/Resources"), t->resources.items[i]);
		}
	}
	PUT_SECTION(m, "Outputs", t->outputs)
	mo_json_end_object(&m->json);
	mo_json_end_object(&m->json);
}

bool
mo_emit_source_map(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out)
{
	struct mo_buf bytes = mo_buf_in(out->arena);
	struct map m = { .json = mo_json_writer(&bytes), .sources = ctx->sources, .out = out };
	if (!out->options.source_map) {
		return true;
	}
	mo_json_begin_object(&m.json);
	mo_json_put_key(&m.json, MO_STR("version"));
	mo_json_put_int(&m.json, LAYOUT_VERSION);
	mo_json_put_key(&m.json, MO_STR("templates"));
	mo_json_begin_list(&m.json);
	for (uint32_t i = 0; i < platform->templates.len; i++) {
		put_template(&m, platform->templates.items[i]);
	}
	mo_json_end_list(&m.json);
	mo_json_end_object(&m.json);
	mo_buf_addc(&bytes, '\n');
	mo_output_add(out, MO_STR("source-map.json"), mo_buf_str(&bytes));
	return true;
}
