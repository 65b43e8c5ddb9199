// SPDX-License-Identifier: Apache-2.0
// Built-ins that read files, and what is in a data file as values. sema/files.c does the reading, and has done it already where the path
// is written in the call.
#include "eval/builtin.h"
#include "sema/files.h"
#include "source/data.h"

static const struct mo_value *convert(struct mo_eval *ev, const struct mo_data *d);

static const struct mo_value *
convert_list(struct mo_eval *ev, const struct mo_data *d)
{
	struct mo_value *list = mo_value_list(ev->arena, d->span);
	for (uint32_t i = 0; i < d->items.len; i++) {
		mo_push(ev->arena, &list->items, convert(ev, d->items.items[i]));
	}
	return list;
}

static const struct mo_value *
convert_object(struct mo_eval *ev, const struct mo_data *d)
{
	struct mo_value *record = mo_value_record(ev->arena, d->span);
	for (uint32_t i = 0; i < d->members.len; i++) {
		const struct mo_data_member *m = &d->members.items[i];
		mo_value_set(ev->arena, record, m->key, m->key_span, convert(ev, m->value));
	}
	return record;
}

// The null of a data file is none with a text: to_json and to_yaml write it again.
static const struct mo_value *
convert_scalar(struct mo_eval *ev, const struct mo_data *d)
{
	static const enum mo_value_kind kinds[] = {
		[MO_DATA_NULL] = MO_VALUE_NONE, [MO_DATA_BOOL] = MO_VALUE_BOOL, [MO_DATA_INT] = MO_VALUE_INT,
		[MO_DATA_FLOAT] = MO_VALUE_FLOAT, [MO_DATA_STRING] = MO_VALUE_STRING,
	};
	struct mo_value *v = mo_value_new(ev->arena, kinds[d->kind], d->span);
	v->plain_scalar = d->plain;
	v->text = d->kind == MO_DATA_NULL ? MO_STR("null") : d->plain || d->kind == MO_DATA_STRING ? d->text : MO_STR("");
	if (d->kind == MO_DATA_BOOL) {
		v->boolean = d->boolean;
	} else if (d->kind == MO_DATA_INT) {
		v->integer = d->integer;
	} else if (d->kind == MO_DATA_FLOAT) {
		v->number = d->number;
	}
	return v;
}

// Lists and objects are converted once, which also keeps what aliases share shared. Data nests at most MO_DATA_DEPTH levels.
static const struct mo_value *
convert(struct mo_eval *ev, const struct mo_data *d)
{
	uint64_t key = (uint64_t)(uintptr_t)d;
	if (d->kind != MO_DATA_LIST && d->kind != MO_DATA_OBJECT) {
		return convert_scalar(ev, d);
	}
	const struct mo_value *v = mo_map_get(&ev->data_values, key);
	if (!v) {
		v = d->kind == MO_DATA_LIST ? convert_list(ev, d) : convert_object(ev, d);
		mo_map_put(ev->arena, &ev->data_values, key, (void *)(uintptr_t)v);
	}
	return v;
}

const struct mo_value *
mo_value_of_data(struct mo_eval *ev, const struct mo_data *data)
{
	return convert(ev, data);
}

// NULL after a report.
static const struct mo_file_read *
read_file(const struct mo_call *c)
{
	struct mo_str path;
	if (!mo_arg_text(c, 0, &path)) {
		return NULL;
	}
	struct mo_program *p = c->ev->program;
	return mo_program_read(p, c->node, c->builtin->kind, mo_module_of_node(p, c->node), path, mo_arg_span(c, 0));
}

static const struct mo_value *
read_data(const struct mo_call *c)
{
	const struct mo_file_read *read = read_file(c);
	return read && read->data ? mo_value_of_data(c->ev, read->data) : mo_builtin_error();
}

const struct mo_value *
mo_builtin_yaml(const struct mo_call *c)
{
	return read_data(c);
}

const struct mo_value *
mo_builtin_json(const struct mo_call *c)
{
	return read_data(c);
}

const struct mo_value *
mo_builtin_text(const struct mo_call *c)
{
	const struct mo_file_read *read = read_file(c);
	if (!read || !read->source || !mo_text_has_room(c, read->source->text.len)) {
		return mo_builtin_error();
	}
	const struct mo_source *s = read->source;
	return mo_value_string(c->ev->arena, (struct mo_span){ s->base, s->base + (uint32_t)s->text.len }, s->text);
}

const struct mo_value *
mo_builtin_glob(const struct mo_call *c)
{
	const struct mo_file_read *read = read_file(c);
	struct mo_value *list = mo_value_list(c->ev->arena, c->span);
	for (uint32_t i = 0; read && i < read->names.len; i++) {
		mo_push(c->ev->arena, &list->items, mo_value_string(c->ev->arena, c->span, read->names.items[i]));
	}
	return read ? list : mo_builtin_error();
}
