// SPDX-License-Identifier: Apache-2.0
// Service Catalog as a template says it: which products are in which portfolio, on what terms, for whom. Seen in the resources themselves,
// however they came to be written. What is found lives in the arena that is given; it points into the template.
#ifndef MO_IR_PORTFOLIO_H
#define MO_IR_PORTFOLIO_H

#include "ir/ir.h"

typedef MO_VEC(const struct mo_ir_resource *) mo_ir_resource_list;

// A product in a portfolio.
struct mo_ir_offer {
	const struct mo_ir_resource *link;    // AWS::ServiceCatalog::PortfolioProductAssociation
	const struct mo_ir_value *id;         // of the product, as the link has it
	const struct mo_ir_resource *product; // NULL: it is not of this template
	mo_ir_resource_list constraints;      // AWS::ServiceCatalog::…Constraint
	mo_ir_resource_list tag_options;      // AWS::ServiceCatalog::TagOptionAssociation
};

struct mo_ir_portfolio {
	const struct mo_ir_template *template;
	const struct mo_ir_resource *resource; // AWS::ServiceCatalog::Portfolio
	MO_VEC(struct mo_ir_offer) offers;     // in the order of the template, like all lists here
	mo_ir_resource_list principals;        // AWS::ServiceCatalog::PortfolioPrincipalAssociation
	mo_ir_resource_list shares;            // AWS::ServiceCatalog::PortfolioShare, and calls of create_portfolio_share
	mo_ir_resource_list tag_options;       // AWS::ServiceCatalog::TagOptionAssociation
	mo_ir_resource_list strays;            // constraints of products that are not in it
};

typedef MO_VEC(struct mo_ir_portfolio) mo_ir_portfolios;

// The portfolios that a template makes.
mo_ir_portfolios mo_ir_portfolios_of(struct mo_arena *arena, const struct mo_ir_template *t);

// The resource that a property names, by Ref or by its attribute Id; NULL when it is something else.
const struct mo_ir_resource *mo_ir_named(const struct mo_ir_resource *r, const char *property);
// Whether a property of one resource names the same as one of another.
bool mo_ir_names_same(const struct mo_ir_resource *a, const struct mo_ir_resource *b, const char *property);
bool mo_ir_is_constraint(const struct mo_ir_resource *r); // of launching a product

// The versions of a product, as its property has them: a LIST; NULL when they are not known.
const struct mo_ir_value *mo_ir_versions_of(const struct mo_ir_resource *product);
// The template of one of them, when it is of this program as it is now; else NULL.
const struct mo_ir_asset *mo_ir_version_asset(const struct mo_ir_value *version);

#endif
