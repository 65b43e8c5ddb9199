// SPDX-License-Identifier: Apache-2.0
// Portfolios as a folder of files: what stands in AWS::ServiceCatalog resources, whoever wrote them, gathered by portfolio and product.
// Properties have CloudFormation's names and, where CloudFormation computes them, its functions; what only ties the resources together is
// left out. Lists are in the order of the template.
#include "emitters/service_catalog.h"

#include "emitters/cfn_json.h"
#include "emitters/cfn_yaml.h"
#include "ir/portfolio.h"

enum { LAYOUT_VERSION = 1, LONGEST_SEGMENT = 100 };

struct folder {
	struct mo_output_set *out;
	const struct mo_ir_platform *platform;
	const struct mo_ir_portfolio *portfolio;
	struct mo_str path; // "service-catalog/NAME"
	struct mo_map files; // hash of a path in it -> anything
	struct mo_json_writer json;
	bool good;
};

// ---- names of files --------------------------------------------------------------------------------------------------------------

static bool
is_safe(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
}

// A text as one part of a path on any system: letters, digits, dots and underscores, hyphens for everything else; `otherwise` when nothing
// is left, or too much.
static struct mo_str
segment_of(struct mo_arena *arena, struct mo_str text, struct mo_str otherwise)
{
	struct mo_buf b = mo_buf_in(arena);
	bool gap = false;
	for (size_t i = 0; i < text.len; i++) {
		if (!is_safe(text.p[i]) || (text.p[i] == '.' && b.len == 0)) {
			gap = b.len > 0;
			continue;
		}
		if (gap) {
			mo_buf_addc(&b, '-');
		}
		gap = false;
		mo_buf_addc(&b, text.p[i]);
	}
	while (b.len && b.p[b.len - 1] == '.') {
		b.len--;
	}
	return b.len && b.len <= LONGEST_SEGMENT ? mo_buf_str(&b) : otherwise;
}

// The name, or with a number behind it, such that no other one differs from it by nothing but capitals.
static struct mo_str
unused(struct mo_arena *arena, struct mo_map *taken, struct mo_str parent, struct mo_str name)
{
	struct mo_str tried = name;
	for (uint32_t n = 2;; n++) {
		struct mo_buf b = mo_buf_in(arena);
		mo_buf_printf(&b, MO_STR_FMT "/" MO_STR_FMT, MO_STR_ARG(parent), MO_STR_ARG(tried));
		for (size_t i = 0; i < b.len; i++) {
			b.p[i] = b.p[i] >= 'A' && b.p[i] <= 'Z' ? (char)(b.p[i] - 'A' + 'a') : b.p[i];
		}
		if (!mo_map_get(taken, mo_str_hash(mo_buf_str(&b)))) {
			mo_map_put(arena, taken, mo_str_hash(mo_buf_str(&b)), arena);
			return tried;
		}
		tried = mo_str_printf(arena, MO_STR_FMT "-%u", MO_STR_ARG(name), n);
	}
}

static struct mo_str
text_of(const struct mo_ir_value *object, const char *name)
{
	const struct mo_ir_value *v = object->kind == MO_IR_OBJECT ? mo_ir_get(object, mo_str_c(name)) : NULL;
	return v && v->kind == MO_IR_STRING ? v->text : (struct mo_str){ 0 };
}

// ---- portfolio.json --------------------------------------------------------------------------------------------------------------

static void
key(struct folder *f, const char *name)
{
	mo_json_put_key(&f->json, mo_str_c(name));
}

static void
text(struct folder *f, const char *name, struct mo_str value)
{
	key(f, name);
	mo_json_put_string(&f->json, value);
}

static void
value(struct folder *f, const char *name, const struct mo_ir_value *v)
{
	key(f, name);
	mo_cfn_json_value(&f->json, f->portfolio->template, v, f->out->arena);
}

static void
begin_list(struct folder *f, const char *name)
{
	key(f, name);
	mo_json_begin_list(&f->json);
}

// What ties resources together, and versions, which are told about in words of their own.
static bool
is_told_elsewhere(struct mo_str name)
{
	static const char *const names[] = { "PortfolioId", "ProductId", "SourcePortfolioId", "ResourceId", "ProvisioningArtifactParameters" };
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (mo_str_is(name, names[i])) {
			return true;
		}
	}
	return false;
}

static void
put_properties(struct folder *f, const struct mo_ir_resource *r)
{
	key(f, "properties");
	mo_json_begin_object(&f->json);
	for (uint32_t i = 0; i < r->properties->members.len; i++) {
		const struct mo_ir_member *m = &r->properties->members.items[i];
		if (!is_told_elsewhere(m->key)) {
			mo_json_put_key(&f->json, m->key);
			mo_cfn_json_value(&f->json, f->portfolio->template, m->value, f->out->arena);
		}
	}
	mo_json_end_object(&f->json);
}

static void
put_resource(struct folder *f, const struct mo_ir_resource *r)
{
	mo_json_begin_object(&f->json);
	text(f, "resource", r->id);
	text(f, "type", r->type);
	put_properties(f, r);
	mo_json_end_object(&f->json);
}

static void
put_resources(struct folder *f, const char *name, const mo_ir_resource_list *list)
{
	begin_list(f, name);
	for (uint32_t i = 0; i < list->len; i++) {
		put_resource(f, list->items[i]);
	}
	mo_json_end_list(&f->json);
}

// TagOptions by key and value where the template says them, else by id.
static void
put_tag_options(struct folder *f, const mo_ir_resource_list *list)
{
	begin_list(f, "tagOptions");
	for (uint32_t i = 0; i < list->len; i++) {
		const struct mo_ir_resource *option = mo_ir_named(list->items[i], "TagOptionId");
		put_resource(f, option && !option->existing ? option : list->items[i]);
	}
	mo_json_end_list(&f->json);
}

// Shares by account have the type's own properties, others the arguments of the call.
static void
put_shares(struct folder *f)
{
	begin_list(f, "shares");
	for (uint32_t i = 0; i < f->portfolio->shares.len; i++) {
		const struct mo_ir_resource *r = f->portfolio->shares.items[i];
		const struct mo_ir_value *create = mo_ir_get(r->properties, MO_STR("Create"));
		if (!create) {
			put_resource(f, r);
			continue;
		}
		struct mo_ir_resource call = *r;
		const struct mo_ir_value *arguments = mo_ir_get(create, MO_STR("arguments"));
		call.properties = mo_ir_object(f->out->arena, arguments->span);
		call.properties->members = arguments->members;
		put_resource(f, &call);
	}
	mo_json_end_list(&f->json);
}

// ---- versions --------------------------------------------------------------------------------------------------------------------

// Adds the template of a version; gives its path in the portfolio's folder.
static struct mo_str
add_template(struct folder *f, const struct mo_ir_template *t, struct mo_str product, struct mo_str version)
{
	struct mo_arena *a = f->out->arena;
	struct mo_buf yaml = mo_buf_in(a);
	const char *ending = t->verbatim.len && t->verbatim_json ? "json" : "yaml";
	if (!t->verbatim.len && mo_cfn_yaml(&yaml, t, a)) {
		f->good = false; // reported where the template itself is written
	}
	struct mo_str name = unused(a, &f->files, product, segment_of(a, version, MO_STR("current")));
	struct mo_str path = mo_str_printf(a, MO_STR_FMT "/" MO_STR_FMT ".template.%s", MO_STR_ARG(product), MO_STR_ARG(name), ending);
	mo_output_add(f->out, mo_str_printf(a, MO_STR_FMT "/" MO_STR_FMT, MO_STR_ARG(f->path), MO_STR_ARG(path)),
		t->verbatim.len ? t->verbatim : mo_buf_str(&yaml));
	return path;
}

static void
put_version(struct folder *f, const struct mo_ir_value *v, struct mo_str product)
{
	const struct mo_ir_asset *asset = mo_ir_version_asset(v);
	mo_json_begin_object(&f->json);
	for (uint32_t i = 0; v->kind == MO_IR_OBJECT && i < v->members.len; i++) {
		mo_json_put_key(&f->json, v->members.items[i].key);
		mo_cfn_json_value(&f->json, f->portfolio->template, v->members.items[i].value, f->out->arena);
	}
	if (asset && asset->template) {
		text(f, "template", add_template(f, asset->template, product, text_of(v, "Name")));
		key(f, "parameters");
		mo_cfn_json_parameters(&f->json, asset->template, f->out->arena);
	}
	mo_json_end_object(&f->json);
}

static void
put_product(struct folder *f, const struct mo_ir_offer *o)
{
	const struct mo_ir_value *versions = mo_ir_versions_of(o->product);
	struct mo_str name = segment_of(f->out->arena, text_of(o->product->properties, "Name"), o->product->id);
	name = unused(f->out->arena, &f->files, MO_STR(""), name);
	mo_json_begin_object(&f->json);
	text(f, "resource", o->product->id);
	put_properties(f, o->product);
	begin_list(f, "versions");
	for (uint32_t i = 0; versions && i < versions->items.len; i++) {
		put_version(f, versions->items.items[i], name);
	}
	mo_json_end_list(&f->json);
	put_resources(f, "constraints", &o->constraints);
	put_tag_options(f, &o->tag_options);
	mo_json_end_object(&f->json);
}

static void
put_imported(struct folder *f, const struct mo_ir_offer *o)
{
	const struct mo_ir_value *from = mo_ir_get(o->link->properties, MO_STR("SourcePortfolioId"));
	mo_json_begin_object(&f->json);
	text(f, "resource", o->link->id);
	value(f, "product", o->id);
	if (from) {
		value(f, "from", from);
	}
	put_resources(f, "constraints", &o->constraints);
	mo_json_end_object(&f->json);
}

static void
put_offers(struct folder *f, const char *name, bool own)
{
	begin_list(f, name);
	for (uint32_t i = 0; i < f->portfolio->offers.len; i++) {
		const struct mo_ir_offer *o = &f->portfolio->offers.items[i];
		if (own && o->product) {
			put_product(f, o);
		} else if (!own && !o->product) {
			put_imported(f, o);
		}
	}
	mo_json_end_list(&f->json);
}

// ---- a portfolio -----------------------------------------------------------------------------------------------------------------

// Where it is deployed: what CloudFormation's functions are about.
static void
put_stacks(struct folder *f)
{
	begin_list(f, "stacks");
	for (uint32_t i = 0; i < f->platform->stacks.len; i++) {
		const struct mo_ir_stack *s = f->platform->stacks.items[i];
		if (s->template == f->portfolio->template) {
			mo_json_begin_object(&f->json);
			text(f, "name", s->name);
			text(f, "accountId", s->account->id);
			text(f, "region", s->region);
			mo_json_end_object(&f->json);
		}
	}
	mo_json_end_list(&f->json);
}

static void
write_portfolio(struct folder *f)
{
	struct mo_buf bytes = mo_buf_in(f->out->arena);
	f->json = mo_json_writer(&bytes);
	mo_json_begin_object(&f->json);
	key(f, "version");
	mo_json_put_int(&f->json, LAYOUT_VERSION);
	text(f, "template", mo_template_file(f->out, f->portfolio->template));
	put_stacks(f);
	text(f, "resource", f->portfolio->resource->id);
	put_properties(f, f->portfolio->resource);
	put_offers(f, "products", true);
	put_offers(f, "imported", false);
	put_resources(f, "principals", &f->portfolio->principals);
	put_shares(f);
	put_tag_options(f, &f->portfolio->tag_options);
	mo_json_end_object(&f->json);
	mo_buf_addc(&bytes, '\n');
	mo_output_add(f->out, mo_str_printf(f->out->arena, MO_STR_FMT "/portfolio.json", MO_STR_ARG(f->path)), mo_buf_str(&bytes));
}

bool
mo_emit_service_catalog(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out)
{
	struct mo_map names = { 0 };
	bool good = true;
	(void)ctx;
	for (uint32_t i = 0; i < platform->templates.len; i++) {
		mo_ir_portfolios all = mo_ir_portfolios_of(out->arena, platform->templates.items[i]);
		for (uint32_t k = 0; k < all.len; k++) {
			const struct mo_ir_resource *r = all.items[k].resource;
			struct mo_str name = segment_of(out->arena, text_of(r->properties, "DisplayName"), r->id);
			struct folder f = { .out = out, .platform = platform, .portfolio = &all.items[k], .good = true };
			name = unused(out->arena, &names, MO_STR(""), name);
			f.path = mo_str_printf(out->arena, "service-catalog/" MO_STR_FMT, MO_STR_ARG(name));
			write_portfolio(&f);
			good = f.good && good;
		}
	}
	return good;
}
