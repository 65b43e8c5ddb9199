// SPDX-License-Identifier: Apache-2.0
// Reads the standard library with the compiler's own parser and keeps what its doc comments and headers say. Types are not looked up:
// what the reader sees is what the author wrote.
#include "driver/library.h"

#include "syntax/parse.h"

const char *
mo_library_kind_name(enum mo_library_kind kind)
{
	static const char *const names[] = {
		[MO_LIBRARY_COMPONENT] = "component",
		[MO_LIBRARY_FN] = "function",
		[MO_LIBRARY_TYPE] = "type",
	};
	return names[kind];
}

static struct mo_str
name_text(struct mo_ctx *ctx, struct mo_name name)
{
	return name.atom ? mo_atom_str(ctx->atoms, name.atom) : (struct mo_str){ 0 };
}

static struct mo_str
node_text(struct mo_ctx *ctx, const struct mo_node *n)
{
	return n ? mo_span_text(ctx->sources, n->span) : (struct mo_str){ 0 };
}

// Without the decorators and the comments before it: from its keyword on.
static struct mo_str
header_text(struct mo_ctx *ctx, uint32_t start, uint32_t end)
{
	return mo_span_text(ctx->sources, (struct mo_span){ start, end });
}

static void
add_member(struct mo_ctx *ctx, struct mo_library_entry *entry, struct mo_node *n)
{
	struct mo_library_field f = { 0 };
	if (n->kind == MO_INPUT_NODE) {
		struct mo_input_node *input = mo_as_input(n);
		f = (struct mo_library_field){ .name = name_text(ctx, input->name), .type = node_text(ctx, input->type_expr),
			.value = node_text(ctx, input->value), .doc = input->item.doc };
		mo_push(&ctx->session, &entry->inputs, f);
	} else if (n->kind == MO_OUTPUT_NODE) {
		struct mo_output_node *output = mo_as_output(n);
		f = (struct mo_library_field){ .name = name_text(ctx, output->name), .type = node_text(ctx, output->type_expr), .doc = output->item.doc };
		mo_push(&ctx->session, &entry->outputs, f);
	}
}

static void
read_component(struct mo_ctx *ctx, struct mo_component_node *component, struct mo_library_entry *entry)
{
	entry->name = name_text(ctx, component->name);
	struct mo_block_node *block = mo_as_block(component->block);
	for (uint32_t i = 0; block && i < block->items.len; i++) {
		add_member(ctx, entry, block->items.items[i]);
	}
}

static void
read_function(struct mo_ctx *ctx, struct mo_fn_node *fn, struct mo_library_entry *entry)
{
	entry->name = name_text(ctx, fn->name);
	if (fn->result) {
		entry->declaration = mo_str_printf(&ctx->session, "fn " MO_STR_FMT,
			MO_STR_ARG(header_text(ctx, fn->name.span.start, fn->result->span.end)));
	}
}

static void
read_type(struct mo_ctx *ctx, struct mo_type_decl_node *type, struct mo_library_entry *entry)
{
	entry->name = name_text(ctx, type->name);
	entry->declaration = mo_str_printf(&ctx->session, "type " MO_STR_FMT,
		MO_STR_ARG(header_text(ctx, type->name.span.start, type->type_expr->span.end)));
}

// The lines of comment at the head of a file, after the licence.
static struct mo_str
head_comment(struct mo_ctx *ctx, struct mo_str text)
{
	struct mo_buf doc = mo_buf_in(&ctx->session);
	size_t from = 0;
	while (mo_str_starts(mo_str_sub(text, from, text.len), MO_STR("//"))) {
		ptrdiff_t end = mo_str_find(text, MO_STR("\n"), from);
		struct mo_str line = mo_str_sub(text, from + 2, end < 0 ? text.len : (size_t)end);
		if (mo_str_find(line, MO_STR("SPDX-"), 0) < 0) {
			mo_buf_add(&doc, mo_str_starts(line, MO_STR(" ")) ? mo_str_sub(line, 1, line.len) : line);
			mo_buf_addc(&doc, '\n');
		}
		from = end < 0 ? text.len : (size_t)end + 1;
	}
	return mo_buf_str(&doc);
}

static void
read_entry(struct mo_ctx *ctx, struct mo_library_module *module, struct mo_node *n, enum mo_library_kind wanted)
{
	struct mo_library_entry entry = { .kind = wanted, .module = module->name };
	if (n->kind == MO_COMPONENT_NODE && wanted == MO_LIBRARY_COMPONENT) {
		read_component(ctx, mo_as_component(n), &entry);
	} else if (n->kind == MO_FN_NODE && wanted == MO_LIBRARY_FN) {
		read_function(ctx, mo_as_fn(n), &entry);
	} else if (n->kind == MO_TYPE_DECL_NODE && wanted == MO_LIBRARY_TYPE) {
		read_type(ctx, mo_as_type_decl(n), &entry);
	} else {
		return;
	}
	entry.doc = ((struct mo_item *)n)->doc;
	if (entry.name.len && entry.doc.len) {
		mo_push(&ctx->session, &module->entries, entry);
	}
}

static void
read_module(struct mo_ctx *ctx, const struct mo_library_file *file, mo_library_modules *out)
{
	struct mo_source *source = NULL;
	uint32_t bad = 0;
	struct mo_str name = mo_str_c(file->name), text = { file->text, file->length };
	if (mo_source_add(ctx->sources, name, (struct mo_str){ 0 }, text, MO_SOURCE_LIBRARY, &source, &bad) != MO_SOURCE_OK) {
		return;
	}
	struct mo_library_module module = { .name = name, .doc = head_comment(ctx, source->text) };
	struct mo_syntax *syntax = mo_parse(ctx, source);
	for (int kind = 0; kind < MO_LIBRARY_KINDS; kind++) {
		for (uint32_t i = 0; i < syntax->file->items.len; i++) {
			read_entry(ctx, &module, syntax->file->items.items[i], (enum mo_library_kind)kind);
		}
	}
	mo_push(&ctx->session, out, module);
}

// Data files keep their ending; the names of modules have none.
static bool
is_module(struct mo_str name)
{
	ptrdiff_t slash = -1;
	for (ptrdiff_t at = 0; (at = mo_str_find(name, MO_STR("/"), (size_t)at)) >= 0; at++) {
		slash = at;
	}
	return mo_str_find(name, MO_STR("."), slash < 0 ? 0 : (size_t)slash) < 0;
}

void
mo_library_read(struct mo_ctx *ctx, const struct mo_library_file *files, mo_library_modules *out)
{
	for (; files->name; files++) {
		if (is_module(mo_str_c(files->name))) {
			read_module(ctx, files, out);
		}
	}
}
