// SPDX-License-Identifier: Apache-2.0
// Finds portfolios and what belongs to them among the resources of a template. Takes a finished template, changes nothing.
#include "ir/portfolio.h"

#define CATALOG "AWS::ServiceCatalog::"

const struct mo_ir_resource *
mo_ir_named(const struct mo_ir_resource *r, const char *property)
{
	const struct mo_ir_value *v = mo_ir_get(r->properties, mo_str_c(property));
	bool by_attribute = v && v->kind == MO_IR_ATTRIBUTE && mo_str_is(v->attribute, "Id");
	return v && (v->kind == MO_IR_RESOURCE || by_attribute) ? v->resource : NULL;
}

bool
mo_ir_names_same(const struct mo_ir_resource *a, const struct mo_ir_resource *b, const char *property)
{
	const struct mo_ir_resource *x = mo_ir_named(a, property), *y = mo_ir_named(b, property);
	const struct mo_ir_value *v = mo_ir_get(a->properties, mo_str_c(property)), *w = mo_ir_get(b->properties, mo_str_c(property));
	return x || y ? x == y : v && w && mo_ir_equal(v, w);
}

static bool
is(const struct mo_ir_resource *r, const char *type)
{
	return mo_str_starts(r->type, MO_STR(CATALOG)) && mo_str_is(mo_str_sub(r->type, sizeof(CATALOG) - 1, r->type.len), type);
}

bool
mo_ir_is_constraint(const struct mo_ir_resource *r)
{
	return mo_str_starts(r->type, MO_STR(CATALOG)) && mo_str_ends(r->type, MO_STR("Constraint"));
}

// A custom resource that shares a portfolio by calling the API, as CloudFormation cannot do for organizations.
static bool
is_call_of_share(const struct mo_ir_resource *r, const struct mo_ir_resource *portfolio)
{
	const struct mo_ir_value *create = mo_str_is(r->type, "Custom::SdkCall") ? mo_ir_get(r->properties, MO_STR("Create")) : NULL;
	const struct mo_ir_value *operation = create && create->kind == MO_IR_OBJECT ? mo_ir_get(create, MO_STR("operation")) : NULL;
	const struct mo_ir_value *arguments = operation ? mo_ir_get(create, MO_STR("arguments")) : NULL;
	if (!arguments || arguments->kind != MO_IR_OBJECT || operation->kind != MO_IR_STRING
		|| !mo_str_is(operation->text, "create_portfolio_share")) {
		return false;
	}
	const struct mo_ir_value *id = mo_ir_get(arguments, MO_STR("PortfolioId"));
	return id && id->kind == MO_IR_RESOURCE && id->resource == portfolio;
}

static void
add_constraint(struct mo_arena *arena, struct mo_ir_portfolio *p, const struct mo_ir_resource *r)
{
	bool found = false;
	for (uint32_t i = 0; i < p->offers.len; i++) {
		if (mo_ir_names_same(p->offers.items[i].link, r, "ProductId")) {
			mo_push(arena, &p->offers.items[i].constraints, r);
			found = true;
		}
	}
	if (!found) {
		mo_push(arena, &p->strays, r);
	}
}

static void
add_tag_option(struct mo_arena *arena, struct mo_ir_portfolio *p, const struct mo_ir_resource *r)
{
	const struct mo_ir_resource *of = mo_ir_named(r, "ResourceId");
	if (of == p->resource) {
		mo_push(arena, &p->tag_options, r);
	}
	for (uint32_t i = 0; of && i < p->offers.len; i++) {
		if (p->offers.items[i].product == of) {
			mo_push(arena, &p->offers.items[i].tag_options, r);
		}
	}
}

static void
add_offers(struct mo_arena *arena, struct mo_ir_portfolio *p)
{
	for (uint32_t i = 0; i < p->template->resources.len; i++) {
		const struct mo_ir_resource *r = p->template->resources.items[i];
		const struct mo_ir_value *id = is(r, "PortfolioProductAssociation") ? mo_ir_get(r->properties, MO_STR("ProductId")) : NULL;
		if (id && !r->existing && mo_ir_named(r, "PortfolioId") == p->resource) {
			const struct mo_ir_resource *product = mo_ir_named(r, "ProductId");
			bool own = product && !product->existing && product->template == p->template;
			mo_push(arena, &p->offers, (struct mo_ir_offer){ .link = r, .id = id, .product = own ? product : NULL });
		}
	}
}

static void
add_rest(struct mo_arena *arena, struct mo_ir_portfolio *p)
{
	for (uint32_t i = 0; i < p->template->resources.len; i++) {
		const struct mo_ir_resource *r = p->template->resources.items[i];
		bool of_it = mo_ir_named(r, "PortfolioId") == p->resource;
		if (r->existing) {
			continue;
		}
		if (of_it && mo_ir_is_constraint(r)) {
			add_constraint(arena, p, r);
		} else if (of_it && is(r, "PortfolioPrincipalAssociation")) {
			mo_push(arena, &p->principals, r);
		} else if ((of_it && is(r, "PortfolioShare")) || is_call_of_share(r, p->resource)) {
			mo_push(arena, &p->shares, r);
		} else if (is(r, "TagOptionAssociation")) {
			add_tag_option(arena, p, r);
		}
	}
}

mo_ir_portfolios
mo_ir_portfolios_of(struct mo_arena *arena, const struct mo_ir_template *t)
{
	mo_ir_portfolios all = { 0 };
	for (uint32_t i = 0; i < t->resources.len; i++) {
		const struct mo_ir_resource *r = t->resources.items[i];
		if (is(r, "Portfolio") && !r->existing) {
			struct mo_ir_portfolio p = { .template = t, .resource = r };
			add_offers(arena, &p);
			add_rest(arena, &p);
			mo_push(arena, &all, p);
		}
	}
	return all;
}

// ---- versions --------------------------------------------------------------------------------------------------------------------

const struct mo_ir_value *
mo_ir_versions_of(const struct mo_ir_resource *product)
{
	const struct mo_ir_value *v = mo_ir_get(product->properties, MO_STR("ProvisioningArtifactParameters"));
	return v && v->kind == MO_IR_LIST ? v : NULL;
}

const struct mo_ir_asset *
mo_ir_version_asset(const struct mo_ir_value *version)
{
	const struct mo_ir_value *info = version->kind == MO_IR_OBJECT ? mo_ir_get(version, MO_STR("Info")) : NULL;
	const struct mo_ir_value *url = info && info->kind == MO_IR_OBJECT ? mo_ir_get(info, MO_STR("LoadTemplateFromURL")) : NULL;
	for (uint32_t i = 0; url && url->kind == MO_IR_SUB && i < url->items.len; i++) {
		const struct mo_ir_value *part = url->items.items[i];
		if (part->kind == MO_IR_ASSET && part->part == MO_IR_ASSET_KEY && part->asset->of_template) {
			return part->asset;
		}
	}
	return NULL;
}
