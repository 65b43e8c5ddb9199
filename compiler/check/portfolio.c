// SPDX-License-Identifier: Apache-2.0
// Service Catalog, however it was written: constraints of products that are in the portfolio, one launch role that the service may take on,
// templates that SageMaker can make projects of, names of versions, quotas, and TagOptions that exist once.
#include "check/checks.h"

#include "catalog/limits.h"
#include "ir/portfolio.h"

#define GUIDE "AWS Service Catalog Administrator Guide, "

static struct mo_span
place_of(const struct mo_ir_template *t, const struct mo_ir_resource *r)
{
	return mo_check_place(r->origin, t->span);
}

// Where a property was written; its resource where that is nowhere, and where a component wrote it for the user.
static struct mo_span
place_of_value(const struct mo_ir_template *t, const struct mo_ir_resource *r, const struct mo_ir_value *v)
{
	bool own = r->origin.span.start == r->origin.definition.start;
	return v && own && !mo_span_is_nowhere(v->span) ? v->span : place_of(t, r);
}

static bool
is_type(const struct mo_ir_resource *r, const char *type)
{
	return !r->existing && mo_str_is(r->type, type);
}

// ---- launch roles ----------------------------------------------------------------------------------------------------------------

// False after a report.
static bool
check_one_role(struct mo_checker *c, const struct mo_ir_template *t, const struct mo_ir_resource *r)
{
	const struct mo_ir_value *arn = mo_ir_get(r->properties, MO_STR("RoleArn")), *name = mo_ir_get(r->properties, MO_STR("LocalRoleName"));
	if ((arn != NULL) != (name != NULL)) {
		return true;
	}
	struct mo_diag *d = mo_report(c->diags, MSG_LAUNCH_ROLE_CHOICE, arn ? place_of_value(t, r, name) : place_of(t, r), arn
		? "a launch constraint has `RoleArn` or `LocalRoleName`, this has both" : "a launch constraint needs `RoleArn` or `LocalRoleName`");
	mo_diag_help(d, "`RoleArn` is one role of one account; `LocalRoleName` is the role of this name in the account from which the product is "
		"launched, as shared portfolios need it");
	return false;
}

enum trust { TRUSTED, NOT_TRUSTED, NOT_KNOWN };

static enum trust
trust_of_services(const struct mo_ir_value *v)
{
	if (v->kind == MO_IR_STRING) {
		return mo_str_starts(v->text, MO_STR("servicecatalog.amazonaws.com")) ? TRUSTED : NOT_TRUSTED;
	}
	if (v->kind != MO_IR_LIST) {
		return NOT_KNOWN;
	}
	for (uint32_t i = 0; i < v->items.len; i++) {
		const struct mo_ir_value *item = v->items.items[i];
		if (item->kind != MO_IR_STRING || mo_str_starts(item->text, MO_STR("servicecatalog.amazonaws.com"))) {
			return item->kind == MO_IR_STRING ? TRUSTED : NOT_KNOWN;
		}
	}
	return NOT_TRUSTED;
}

static enum trust
trust_of_statement(const struct mo_ir_value *s)
{
	const struct mo_ir_value *effect = s->kind == MO_IR_OBJECT ? mo_ir_get(s, MO_STR("Effect")) : NULL;
	const struct mo_ir_value *who = effect ? mo_ir_get(s, MO_STR("Principal")) : NULL;
	if (!who || effect->kind != MO_IR_STRING) {
		return NOT_KNOWN;
	}
	if (!mo_str_is(effect->text, "Allow")) {
		return NOT_TRUSTED;
	}
	if (who->kind != MO_IR_OBJECT) {
		return who->kind == MO_IR_STRING ? TRUSTED : NOT_KNOWN; // "*"
	}
	const struct mo_ir_value *services = mo_ir_get(who, MO_STR("Service"));
	return services ? trust_of_services(services) : NOT_TRUSTED;
}

// Whether Service Catalog may take a role on, as far as its trust policy can be read.
static enum trust
trust_of(const struct mo_ir_resource *role)
{
	const struct mo_ir_value *document = mo_ir_get(role->properties, MO_STR("AssumeRolePolicyDocument"));
	const struct mo_ir_value *list = document && document->kind == MO_IR_OBJECT ? mo_ir_get(document, MO_STR("Statement")) : NULL;
	enum trust found = NOT_TRUSTED;
	if (!list || list->kind != MO_IR_LIST) {
		return list && list->kind == MO_IR_OBJECT ? trust_of_statement(list) : NOT_KNOWN;
	}
	for (uint32_t i = 0; i < list->items.len && found == NOT_TRUSTED; i++) {
		found = trust_of_statement(list->items.items[i]);
	}
	return found;
}

// `told` holds the roles of which something was said already.
static void
check_role(struct mo_checker *c, const struct mo_ir_template *t, const struct mo_ir_resource *r, const char *property, struct mo_map *told)
{
	const struct mo_ir_value *v = mo_ir_get(r->properties, mo_str_c(property));
	bool named = v && (v->kind == MO_IR_RESOURCE || v->kind == MO_IR_ATTRIBUTE);
	if (!named || !is_type(v->resource, "AWS::IAM::Role") || mo_map_get(told, (uintptr_t)v->resource)) {
		return;
	}
	struct mo_str path = v->resource->origin.path;
	bool trusted = trust_of(v->resource) != NOT_TRUSTED;
	bool nameless = v->kind == MO_IR_RESOURCE && !mo_ir_get(v->resource->properties, MO_STR("RoleName"));
	if (!trusted || nameless) {
		mo_map_put(c->arena, told, (uintptr_t)v->resource, c);
	}
	if (!trusted) {
		struct mo_diag *d = mo_report(c->diags, MSG_LAUNCH_ROLE_NOT_TRUSTED, place_of_value(t, r, v),
			"Service Catalog cannot take on the role `" MO_STR_FMT "`", MO_STR_ARG(path));
		mo_diag_label(d, place_of(t, v->resource), "does not trust `servicecatalog.amazonaws.com`");
		mo_diag_help(d, "`allow service(\"servicecatalog\") to assume on …`, or the component `launch_role` of std/products");
	}
	if (nameless) {
		struct mo_diag *d = mo_report(c->diags, MSG_LOCAL_ROLE_WITHOUT_NAME, place_of_value(t, r, v),
			"no other account can have a role of the name that CloudFormation makes up for `" MO_STR_FMT "`", MO_STR_ARG(path));
		mo_diag_label(d, place_of(t, v->resource), "has no `RoleName`");
		mo_diag_help(d, "give the role a name, the same in every account; or say `RoleArn` when products are launched from this account only");
	}
}

// ---- constraints -----------------------------------------------------------------------------------------------------------------

static void
report_strays(struct mo_checker *c, const struct mo_ir_portfolio *p)
{
	for (uint32_t i = 0; i < p->strays.len; i++) {
		const struct mo_ir_resource *r = p->strays.items[i], *product = mo_ir_named(r, "ProductId");
		struct mo_str name = product ? product->origin.path : MO_STR("the product");
		struct mo_diag *d = mo_report(c->diags, MSG_CONSTRAINT_WITHOUT_PRODUCT,
			place_of_value(p->template, r, mo_ir_get(r->properties, MO_STR("ProductId"))), "`" MO_STR_FMT "` is not in the portfolio `"
			MO_STR_FMT "`, so that it cannot be constrained there", MO_STR_ARG(name), MO_STR_ARG(p->resource->origin.path));
		mo_diag_label(d, place_of(p->template, p->resource), "the portfolio");
		mo_diag_help(d, "put it in with an AWS::ServiceCatalog::PortfolioProductAssociation of both");
	}
}

// How a product is launched is said once: by a launch role or by a stack set.
static void
check_launchers(struct mo_checker *c, const struct mo_ir_portfolio *p, const struct mo_ir_offer *o)
{
	const struct mo_ir_resource *first = NULL;
	for (uint32_t i = 0; i < o->constraints.len; i++) {
		const struct mo_ir_resource *r = o->constraints.items[i];
		bool launches = mo_str_ends(r->type, MO_STR("::LaunchRoleConstraint")) || mo_str_ends(r->type, MO_STR("::StackSetConstraint"));
		if (!launches || r->condition) {
			continue;
		}
		if (first) {
			struct mo_diag *d = mo_report(c->diags, MSG_LAUNCHED_TWICE, place_of(p->template, r),
				"a product in a portfolio has one launch role or one stack set, `" MO_STR_FMT "` is a second constraint of the kind",
				MO_STR_ARG(r->origin.path));
			mo_diag_label(d, place_of(p->template, first), "the first one");
			mo_diag_note(d, GUIDE "\"Using AWS Service Catalog Constraints\"");
			return;
		}
		first = r;
	}
}

// ---- products --------------------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
studio_tag(const struct mo_ir_resource *product)
{
	const struct mo_ir_value *tags = mo_ir_get(product->properties, MO_STR("Tags"));
	for (uint32_t i = 0; tags && tags->kind == MO_IR_LIST && i < tags->items.len; i++) {
		const struct mo_ir_value *tag = tags->items.items[i], *key = tag->kind == MO_IR_OBJECT ? mo_ir_get(tag, MO_STR("Key")) : NULL;
		const struct mo_ir_value *value = key ? mo_ir_get(tag, MO_STR("Value")) : NULL;
		bool texts = value && key->kind == MO_IR_STRING && value->kind == MO_IR_STRING;
		if (texts && mo_str_is(key->text, "sagemaker:studio-visibility") && mo_str_is(value->text, "true")) {
			return key;
		}
	}
	return NULL;
}

static bool
has_param(const struct mo_ir_template *t, const char *id)
{
	for (uint32_t i = 0; i < t->params.len; i++) {
		if (mo_str_is(t->params.items[i]->id, id)) {
			return true;
		}
	}
	return false;
}

static bool
names_project(const struct mo_ir_value *tags)
{
	const struct mo_str wanted = MO_STR("sagemaker:project-name");
	if (tags->kind == MO_IR_OBJECT) {
		return mo_ir_get(tags, wanted);
	}
	for (uint32_t i = 0; tags->kind == MO_IR_LIST && i < tags->items.len; i++) {
		const struct mo_ir_value *tag = tags->items.items[i], *key = tag->kind == MO_IR_OBJECT ? mo_ir_get(tag, MO_STR("Key")) : NULL;
		if (!key || key->kind != MO_IR_STRING || mo_str_eq(key->text, wanted)) {
			return true; // it is, or may be
		}
	}
	return tags->kind != MO_IR_LIST;
}

// SageMaker finds what belongs to a project by its tags. One forgotten resource is the author's business, all of them are a mistake.
static void
check_project_tags(struct mo_checker *c, const struct mo_ir_template *t)
{
	const struct mo_ir_resource *untagged = NULL;
	if (t->audience == MO_IR_DEPLOYED || t->verbatim.len || !has_param(t, "SageMakerProjectName") || !has_param(t, "SageMakerProjectId")) {
		return;
	}
	for (uint32_t i = 0; i < t->resources.len; i++) {
		const struct mo_ir_resource *r = t->resources.items[i];
		struct mo_cat_resource info = r->catalog ? mo_cat_resource(r->catalog) : (struct mo_cat_resource){ 0 };
		if (r->existing || !r->catalog || info.tags == MO_CAT_NO_TAGS) {
			continue;
		}
		const struct mo_ir_value *tags = mo_ir_get(r->properties, info.tag_property);
		if (tags && names_project(tags)) {
			return;
		}
		untagged = untagged ? untagged : r;
	}
	if (untagged) {
		struct mo_diag *d = mo_report(c->diags, MSG_PROJECT_UNTAGGED, t->span,
			"nothing in the template `" MO_STR_FMT "` has the tags by which SageMaker finds what belongs to a project", MO_STR_ARG(t->name));
		mo_diag_label(d, place_of(t, untagged), "without `sagemaker:project-name` and `sagemaker:project-id`");
		mo_diag_help(d, "`@tags(project.tags)` before the template, for `sagemaker_project project {}` in it");
	}
}

// SageMaker gives a project's name and id to the template of a product that it shows.
static void
check_studio(struct mo_checker *c, const struct mo_ir_template *t, const struct mo_ir_resource *product, const struct mo_ir_value *versions)
{
	static const char *const wanted[] = { "SageMakerProjectName", "SageMakerProjectId" };
	for (uint32_t i = 0; i < versions->items.len; i++) {
		const struct mo_ir_asset *asset = mo_ir_version_asset(versions->items.items[i]);
		const struct mo_ir_template *of = asset ? asset->template : NULL;
		for (size_t k = 0; of && k < sizeof(wanted) / sizeof(*wanted); k++) {
			if (has_param(of, wanted[k])) {
				continue;
			}
			struct mo_diag *d = mo_report(c->diags, MSG_NO_PROJECT_TEMPLATE, place_of(t, product),
				"SageMaker Studio shows `" MO_STR_FMT "`, but its template lacks the parameter `%s`", MO_STR_ARG(product->origin.path), wanted[k]);
			mo_diag_label(d, of->span, "the template");
			mo_diag_note(d, "Amazon SageMaker AI Developer Guide, \"Create Custom Project Templates\"");
			mo_diag_help(d, "`sagemaker_project project {}` of std/project brings both parameters into the template");
			return;
		}
	}
}

static struct mo_str
name_of_version(const struct mo_ir_value *version)
{
	const struct mo_ir_value *name = version->kind == MO_IR_OBJECT ? mo_ir_get(version, MO_STR("Name")) : NULL;
	bool given = name && name->kind == MO_IR_ASSET && name->part == MO_IR_ASSET_VERSION;
	return name && name->kind == MO_IR_STRING ? name->text : given ? name->asset->release->name : (struct mo_str){ 0 };
}

static void
check_version_names(struct mo_checker *c, const struct mo_ir_template *t, const struct mo_ir_resource *product, const struct mo_ir_value *versions)
{
	struct mo_map seen = { 0 };
	for (uint32_t i = 0; i < versions->items.len; i++) {
		const struct mo_ir_value *v = versions->items.items[i];
		struct mo_str name = name_of_version(v);
		if (!name.len) {
			continue;
		}
		bool twice = mo_map_get(&seen, mo_str_hash(name)), blank = mo_str_find(name, MO_STR(" "), 0) >= 0;
		mo_map_put(c->arena, &seen, mo_str_hash(name), c);
		if (twice || blank) {
			struct mo_diag *d = mo_report(c->diags, MSG_BAD_VERSION_NAME, place_of_value(t, product, mo_ir_get(v, MO_STR("Name"))), twice
				? "two versions of `" MO_STR_FMT "` are called `" MO_STR_FMT "`" : "names of versions hold no blanks: `" MO_STR_FMT
				"` has the version `" MO_STR_FMT "`", MO_STR_ARG(product->origin.path), MO_STR_ARG(name));
			mo_diag_note(d, "AWS Service Catalog API Reference, \"ProvisioningArtifactProperties\"");
		}
	}
}

struct placed {
	struct mo_checker *c;
	struct mo_map known; // names of versions that stand where they are decided
};

static bool
check_placed(void *data, const struct mo_ir_value *v)
{
	struct placed *p = data;
	if (v->kind == MO_IR_ASSET && v->part == MO_IR_ASSET_VERSION && !mo_map_get(&p->known, (uintptr_t)v)) {
		struct mo_diag *d = mo_report(p->c->diags, MSG_MISPLACED_REFERENCE, v->span,
			"which versions there are is decided in the list of versions of a product, and nowhere else");
		mo_diag_help(d, "`ProvisioningArtifactParameters: template_versions(…)` of an AWS::ServiceCatalog::CloudFormationProduct, without a condition");
	}
	return true;
}

// What template_versions gives is one version that stands for all; elsewhere the others would be missing without a word.
static void
check_places_of_versions(struct mo_checker *c, const struct mo_ir_resource *r, const struct mo_ir_value *versions)
{
	struct placed p = { .c = c };
	for (uint32_t i = 0; versions && i < versions->items.len; i++) {
		const struct mo_ir_value *v = versions->items.items[i], *name = v->kind == MO_IR_OBJECT ? mo_ir_get(v, MO_STR("Name")) : NULL;
		const struct mo_ir_value *info = name ? mo_ir_get(v, MO_STR("Info")) : NULL;
		if (info && info->kind == MO_IR_OBJECT && mo_ir_get(info, MO_STR("LoadTemplateFromURL"))) {
			mo_map_put(c->arena, &p.known, (uintptr_t)name, c);
		}
	}
	mo_ir_visit_resource(r, check_placed, &p);
}

// ---- quotas ----------------------------------------------------------------------------------------------------------------------

static void
check_quota(struct mo_checker *c, const struct mo_ir_template *t, const struct mo_ir_resource *r, size_t count, enum mo_limit_id id)
{
	if (count > mo_limits[id].most) {
		struct mo_diag *d = mo_report(c->diags, MSG_CATALOG_QUOTA, place_of(t, r), "`" MO_STR_FMT "` has %zu, Service Catalog takes %u %s",
			MO_STR_ARG(r->origin.path), count, mo_limits[id].most, mo_limits[id].what);
		mo_diag_note(d, "%s", mo_limits[id].source);
	}
}

static void
check_portfolio(struct mo_checker *c, const struct mo_ir_portfolio *p)
{
	report_strays(c, p);
	check_quota(c, p->template, p->resource, p->offers.len, MO_LIMIT_PORTFOLIO_PRODUCTS);
	check_quota(c, p->template, p->resource, p->principals.len, MO_LIMIT_PORTFOLIO_PRINCIPALS);
	check_quota(c, p->template, p->resource, p->tag_options.len, MO_LIMIT_TAG_OPTIONS);
	for (uint32_t i = 0; i < p->offers.len; i++) {
		const struct mo_ir_offer *o = &p->offers.items[i];
		check_launchers(c, p, o);
		check_quota(c, p->template, o->link, o->constraints.len, MO_LIMIT_PRODUCT_CONSTRAINTS);
		if (o->product) {
			check_quota(c, p->template, o->product, o->tag_options.len, MO_LIMIT_TAG_OPTIONS);
		}
	}
}

static void
check_resource(struct mo_checker *c, const struct mo_ir_template *t, const struct mo_ir_resource *r, struct mo_map *told)
{
	if (is_type(r, "AWS::ServiceCatalog::LaunchRoleConstraint") && check_one_role(c, t, r)) {
		check_role(c, t, r, "RoleArn", told);
		check_role(c, t, r, "LocalRoleName", told);
	}
	const struct mo_ir_value *versions = is_type(r, "AWS::ServiceCatalog::CloudFormationProduct") ? mo_ir_versions_of(r) : NULL;
	check_places_of_versions(c, r, versions);
	if (versions) {
		check_version_names(c, t, r, versions);
		check_quota(c, t, r, versions->items.len, MO_LIMIT_PRODUCT_VERSIONS);
		if (studio_tag(r)) {
			check_studio(c, t, r, versions);
		}
	}
}

void
mo_check_portfolios(struct mo_checker *c)
{
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		const struct mo_ir_template *t = c->platform->templates.items[i];
		mo_ir_portfolios all = mo_ir_portfolios_of(c->arena, t);
		check_project_tags(c, t);
		for (uint32_t k = 0; k < all.len; k++) {
			check_portfolio(c, &all.items[k]);
		}
		struct mo_map told = { 0 };
		for (uint32_t k = 0; k < t->resources.len; k++) {
			check_resource(c, t, t->resources.items[k], &told);
		}
	}
}

// ---- TagOptions ------------------------------------------------------------------------------------------------------------------

// An account has one TagOption of a key and value in a region.
static void
take_tag_option(struct mo_checker *c, const struct mo_ir_stack *s, const struct mo_ir_resource *r, struct mo_map *seen, struct mo_map *told)
{
	const struct mo_ir_value *key = mo_ir_get(r->properties, MO_STR("Key")), *value = mo_ir_get(r->properties, MO_STR("Value"));
	if (!key || !value || key->kind != MO_IR_STRING || value->kind != MO_IR_STRING || r->condition) {
		return;
	}
	uint64_t hash = mo_str_hash(mo_str_printf(c->arena, MO_STR_FMT "\n" MO_STR_FMT "\n" MO_STR_FMT "\n" MO_STR_FMT,
		MO_STR_ARG(s->account->id), MO_STR_ARG(s->region), MO_STR_ARG(key->text), MO_STR_ARG(value->text)));
	const struct mo_ir_resource *first = mo_map_get(seen, hash);
	if (!first) {
		mo_map_put(c->arena, seen, hash, (void *)(uintptr_t)r);
	} else if (first != r && !mo_map_get(told, (uintptr_t)r)) {
		struct mo_diag *d = mo_report(c->diags, MSG_DUPLICATE_TAG_OPTION, place_of(s->template, r),
			"the account `" MO_STR_FMT "` would have two TagOptions `" MO_STR_FMT "` = `" MO_STR_FMT "` in " MO_STR_FMT,
			MO_STR_ARG(s->account->name), MO_STR_ARG(key->text), MO_STR_ARG(value->text), MO_STR_ARG(s->region));
		mo_diag_label(d, place_of(first->template ? first->template : s->template, first), "the first one");
		mo_diag_help(d, "use that one in both places: std/products takes it in `tag_option_ids`");
		mo_map_put(c->arena, told, (uintptr_t)r, c);
	}
}

void
mo_check_tag_options(struct mo_checker *c)
{
	struct mo_map seen = { 0 }, told = { 0 };
	for (uint32_t i = 0; i < c->platform->stacks.len; i++) {
		const struct mo_ir_stack *s = c->platform->stacks.items[i];
		for (uint32_t k = 0; k < s->template->resources.len; k++) {
			const struct mo_ir_resource *r = s->template->resources.items[k];
			if (is_type(r, "AWS::ServiceCatalog::TagOption")) {
				take_tag_option(c, s, r, &seen, &told);
			}
		}
	}
}
