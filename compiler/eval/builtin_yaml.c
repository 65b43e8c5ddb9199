// SPDX-License-Identifier: Apache-2.0
// to_yaml: a value as a YAML document that YAML 1.1 and 1.2 readers understand alike. libyaml writes it; what only CloudFormation knows is
// written as a mark, and the marks are then exchanged for the values.
#include "eval/document.h"

#include "base/json_writer.h"

#include <inttypes.h>
#include <setjmp.h>
#include <string.h>
#include <yaml.h>

// ---- which text needs quotes -----------------------------------------------------------------------------------------------------

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool
is_word(struct mo_str text, const char *word)
{
	if (text.len != strlen(word)) {
		return false;
	}
	for (size_t i = 0; i < text.len; i++) {
		if (lower(text.p[i]) != word[i]) {
			return false;
		}
	}
	return true;
}

// Words of the YAML 1.1 types bool, null, float, merge and value (https://yaml.org/type/); numbers and dates are anything made of what
// those are made of, which quotes a little more than it must.
bool
mo_yaml_is_ambiguous(struct mo_str text)
{
	static const char *const words[] = { "y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "<<", "=", ".inf", "-.inf", "+.inf",
		".nan", NULL };
	for (const char *const *word = words; *word; word++) {
		if (is_word(text, *word)) {
			return true;
		}
	}
	bool digit = false, other = false;
	for (size_t i = 0; i < text.len; i++) {
		char c = lower(text.p[i]);
		digit = digit || (c >= '0' && c <= '9');
		other = other || !((c >= '0' && c <= '9') || strchr("+-._:, tzxoabcdef", c));
	}
	bool starts = text.len && ((text.p[0] >= '0' && text.p[0] <= '9') || strchr("+-.", text.p[0]));
	return text.len == 0 || (starts && digit && !other);
}

// ---- writing ---------------------------------------------------------------------------------------------------------------------

struct writer {
	const struct mo_call *call;
	struct mo_arena *arena;
	yaml_emitter_t emitter;
	struct mo_buf out;
	struct mo_buf mark;  // what stands for a deploy-time value, with its number behind it
	mo_values placed;    // by number
	bool mark_occurs;    // the value itself holds the mark
};

static int
write_bytes(void *data, unsigned char *bytes, size_t size)
{
	struct writer *w = data;
	mo_buf_add(&w->out, (struct mo_str){ (const char *)bytes, size });
	return 1;
}

// Events of which libyaml is short of memory for are the same failure as everywhere.
static void
emit(struct writer *w, yaml_event_t *event, int made)
{
	if (!made || !yaml_emitter_emit(&w->emitter, event)) {
		longjmp(*w->arena->mem->on_exhausted, 1);
	}
}

static void
emit_text(struct writer *w, struct mo_str text, bool plain, yaml_scalar_style_t style)
{
	yaml_event_t e;
	const yaml_char_t *p = (const yaml_char_t *)(text.p ? text.p : "");
	emit(w, &e, yaml_scalar_event_initialize(&e, NULL, NULL, p, (int)text.len, plain, 1, style));
}

static void
emit_string(struct writer *w, struct mo_str text)
{
	bool lines = mo_str_find(text, MO_STR("\n"), 0) >= 0;
	if (mo_str_find(text, mo_buf_str(&w->mark), 0) >= 0) {
		w->mark_occurs = true;
	}
	emit_text(w, text, !mo_yaml_is_ambiguous(text), lines ? YAML_LITERAL_SCALAR_STYLE : YAML_ANY_SCALAR_STYLE);
}

// YAML 1.1 knows a number with an exponent only by its point.
static void
emit_float(struct writer *w, double d)
{
	struct mo_buf b = mo_buf_in(w->arena);
	mo_json_number(&b, d);
	struct mo_str text = mo_buf_str(&b);
	ptrdiff_t e = mo_str_find(text, MO_STR("e"), 0);
	if (mo_str_find(text, MO_STR("."), 0) < 0) {
		size_t whole = e < 0 ? text.len : (size_t)e;
		struct mo_str digits = mo_str_sub(text, 0, whole), exponent = mo_str_sub(text, whole, text.len);
		text = mo_str_printf(w->arena, MO_STR_FMT ".0" MO_STR_FMT, MO_STR_ARG(digits), MO_STR_ARG(exponent));
	}
	emit_text(w, text, true, YAML_PLAIN_SCALAR_STYLE);
}

static void
emit_mark(struct writer *w, const struct mo_value *v)
{
	uint32_t number = mo_push(w->arena, &w->placed, v);
	struct mo_str mark = mo_buf_str(&w->mark);
	emit_text(w, mo_str_printf(w->arena, MO_STR_FMT "%uE", MO_STR_ARG(mark), number), true, YAML_PLAIN_SCALAR_STYLE);
}

static void put(struct writer *w, const struct mo_value *v);

static void
put_list(struct writer *w, const struct mo_value *v)
{
	yaml_event_t e;
	emit(w, &e, yaml_sequence_start_event_initialize(&e, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE));
	for (uint32_t i = 0; i < v->items.len; i++) {
		if (mo_document_holds(v->items.items[i])) {
			put(w, v->items.items[i]);
		}
	}
	emit(w, &e, yaml_sequence_end_event_initialize(&e));
}

static void
put_record(struct writer *w, const struct mo_value *v)
{
	yaml_event_t e;
	emit(w, &e, yaml_mapping_start_event_initialize(&e, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE));
	for (uint32_t i = 0; i < v->members.len; i++) {
		if (mo_document_holds(v->members.items[i].value)) {
			emit_string(w, v->members.items[i].key);
			put(w, v->members.items[i].value);
		}
	}
	emit(w, &e, yaml_mapping_end_event_initialize(&e));
}

// The value has been coerced to Json, so it is plain data and no deeper than MO_IR_DEEPEST.
static void
put(struct writer *w, const struct mo_value *v)
{
	switch (v->kind) {
	case MO_VALUE_BOOL:
		emit_text(w, v->boolean ? MO_STR("true") : MO_STR("false"), true, YAML_PLAIN_SCALAR_STYLE);
		break;
	case MO_VALUE_INT:
		emit_text(w, mo_str_printf(w->arena, "%" PRId64, v->integer), true, YAML_PLAIN_SCALAR_STYLE);
		break;
	case MO_VALUE_FLOAT:
		emit_float(w, v->number);
		break;
	case MO_VALUE_STRING:
		emit_string(w, v->text);
		break;
	case MO_VALUE_CIDR:
		emit_string(w, mo_cidr_text(w->arena, v->cidr));
		break;
	case MO_VALUE_LIST:
		put_list(w, v);
		break;
	case MO_VALUE_RECORD:
		put_record(w, v);
		break;
	case MO_VALUE_DEPLOY:
		emit_mark(w, v);
		break;
	default:
		emit_text(w, MO_STR("null"), true, YAML_PLAIN_SCALAR_STYLE);
		break;
	}
}

static void
write_document(struct writer *w, const struct mo_value *v)
{
	yaml_event_t e;
	emit(w, &e, yaml_stream_start_event_initialize(&e, YAML_UTF8_ENCODING));
	emit(w, &e, yaml_document_start_event_initialize(&e, NULL, NULL, NULL, 1));
	put(w, v);
	emit(w, &e, yaml_document_end_event_initialize(&e, 1));
	emit(w, &e, yaml_stream_end_event_initialize(&e));
}

// Memory that runs out on the way must not leave libyaml's behind.
static void
write_and_close(struct writer *w, const struct mo_value *v)
{
	struct mo_mem *mem = w->arena->mem;
	jmp_buf *outer = mem->on_exhausted, here;
	if (!yaml_emitter_initialize(&w->emitter)) {
		longjmp(*outer, 1);
	}
	if (setjmp(here)) {
		mem->on_exhausted = outer;
		yaml_emitter_delete(&w->emitter);
		longjmp(*outer, 1);
	}
	mem->on_exhausted = &here;
	yaml_emitter_set_output(&w->emitter, write_bytes, w);
	yaml_emitter_set_unicode(&w->emitter, 1);
	yaml_emitter_set_width(&w->emitter, -1);
	write_document(w, v);
	mem->on_exhausted = outer;
	yaml_emitter_delete(&w->emitter);
}

// ---- exchanging the marks --------------------------------------------------------------------------------------------------------

static const struct mo_value *
exchange(struct writer *w)
{
	struct mo_str text = mo_buf_str(&w->out), mark = mo_buf_str(&w->mark);
	struct mo_text t = mo_text_in(w->call->ev, w->call->span);
	size_t from = 0;
	for (uint32_t i = 0; i < w->placed.len; i++) {
		struct mo_str one = mo_str_printf(w->arena, MO_STR_FMT "%uE", MO_STR_ARG(mark), i);
		ptrdiff_t at = mo_str_find(text, one, from);
		if (at < 0) {
			return mo_builtin_error();
		}
		mo_text_add(&t, mo_str_sub(text, from, (size_t)at));
		if (!mo_document_place(w->call, &t, w->placed.items[i])) {
			return mo_builtin_error();
		}
		from = (size_t)at + one.len;
	}
	mo_text_add(&t, mo_str_sub(text, from, text.len));
	return mo_text_end(&t);
}

static const struct mo_value *
write_yaml(const struct mo_call *c, const struct mo_value *v)
{
	struct writer *w = mo_new(c->ev->arena, struct writer);
	struct mo_buf mark = mo_buf_in(c->ev->arena);
	mo_buf_adds(&mark, "DEPLOY");
	do { // until the mark is one that the value does not hold
		mo_buf_addc(&mark, 'X');
		*w = (struct writer){ .call = c, .arena = c->ev->arena, .mark = mark, .out = mo_buf_in(c->ev->arena) };
		write_and_close(w, v);
	} while (w->mark_occurs);
	struct mo_str end = MO_STR("\n...\n"); // libyaml's end of a document that is one scalar
	if (mo_str_ends(mo_buf_str(&w->out), end)) {
		w->out.len -= end.len - 1;
	}
	return exchange(w);
}

const struct mo_value *
mo_builtin_to_yaml(const struct mo_call *c)
{
	return mo_document_of(c, write_yaml);
}
