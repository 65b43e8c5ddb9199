// SPDX-License-Identifier: Apache-2.0
// Address ranges of networks and subnets, as far as they are known before deployment: each of a size that exists, subnets within their
// network and beside each other. A network and its subnets in different templates are not compared.
#include "base/cidr.h"
#include "check/checks.h"

#include <stdlib.h>

enum { LARGEST_PREFIX = 16, SMALLEST_PREFIX = 28 };

struct subnet {
	const struct mo_ir_resource *resource, *network;
	struct mo_cidr range;
	struct mo_span place;
	uint32_t network_order, order; // positions in the template
};

typedef MO_VEC(struct subnet) subnets;

// A network of the template.
struct network {
	uint32_t order;
	bool extended; // it has further ranges than the one it is made with
};

// The range in a property, when it is there and known.
static const struct mo_ir_value *
read_range(const struct mo_ir_resource *r, struct mo_cidr *out)
{
	const struct mo_ir_value *v = mo_ir_get(r->properties, MO_STR("CidrBlock"));
	const char *why;
	return v && v->kind == MO_IR_STRING && mo_cidr_parse(v->text, out, &why) ? v : NULL;
}

static struct mo_span
place_of(const struct mo_ir_template *t, const struct mo_ir_resource *r, const struct mo_ir_value *v)
{
	return mo_span_is_nowhere(v->span) ? mo_check_place(r->origin, t->span) : v->span;
}

// Amazon VPC User Guide, "VPC CIDR blocks" and "Subnet CIDR blocks".
static void
check_size(struct mo_checker *c, const struct mo_ir_template *t, const struct mo_ir_resource *r)
{
	struct mo_cidr range;
	const struct mo_ir_value *v = read_range(r, &range);
	if (!v || (range.prefix >= LARGEST_PREFIX && range.prefix <= SMALLEST_PREFIX)) {
		return;
	}
	bool network = mo_str_is(r->type, "AWS::EC2::VPC");
	struct mo_diag *d = mo_report(c->diags, MSG_RANGE_SIZE, place_of(t, r, v), "`" MO_STR_FMT "` is a /%u, a %s is between /%d and /%d",
		MO_STR_ARG(r->origin.path), (unsigned)range.prefix, network ? "VPC" : "subnet", LARGEST_PREFIX, SMALLEST_PREFIX);
	mo_diag_note(d, "Amazon VPC User Guide, \"%s CIDR blocks\"", network ? "VPC" : "Subnet");
}

static const struct mo_ir_resource *
network_of(const struct mo_ir_resource *r)
{
	const struct mo_ir_value *v = mo_ir_get(r->properties, MO_STR("VpcId"));
	bool refers = v && (v->kind == MO_IR_RESOURCE || v->kind == MO_IR_ATTRIBUTE);
	return refers && mo_str_is(v->resource->type, "AWS::EC2::VPC") && !v->resource->existing ? v->resource : NULL;
}

static void
check_inside(struct mo_checker *c, const struct mo_ir_template *t, const struct subnet *s)
{
	struct mo_cidr outer;
	const struct mo_ir_value *v = read_range(s->network, &outer);
	if (!v || mo_cidr_holds(outer, s->range)) {
		return;
	}
	struct mo_str inner_text = mo_cidr_text(c->arena, s->range), outer_text = mo_cidr_text(c->arena, outer);
	struct mo_diag *d = mo_report(c->diags, MSG_SUBNET_OUTSIDE, s->place, "`" MO_STR_FMT "` is " MO_STR_FMT ", outside of `" MO_STR_FMT
		"`, which is " MO_STR_FMT, MO_STR_ARG(s->resource->origin.path), MO_STR_ARG(inner_text), MO_STR_ARG(s->network->origin.path),
		MO_STR_ARG(outer_text));
	mo_diag_label(d, place_of(t, s->network, v), "the range of the network");
}

static void
report_overlap(struct mo_checker *c, const struct subnet *a, const struct subnet *b)
{
	const struct subnet *first = a->order < b->order ? a : b, *second = first == a ? b : a;
	struct mo_str one = mo_cidr_text(c->arena, first->range), other = mo_cidr_text(c->arena, second->range);
	struct mo_diag *d = mo_report(c->diags, MSG_SUBNETS_OVERLAP, second->place, "`" MO_STR_FMT "`, " MO_STR_FMT ", overlaps `" MO_STR_FMT
		"`, " MO_STR_FMT, MO_STR_ARG(second->resource->origin.path), MO_STR_ARG(other), MO_STR_ARG(first->resource->origin.path),
		MO_STR_ARG(one));
	if (first->place.start != second->place.start) {
		mo_diag_label(d, first->place, "the other one");
	}
	mo_diag_help(d, "`cidr_subnets(range, count, bits)` gives ranges beside each other");
}

static struct mo_str
condition_of(const struct mo_ir_resource *r)
{
	return r->condition ? r->condition->id : MO_STR("");
}

static int
compare(const void *pa, const void *pb)
{
	const struct subnet *a = pa, *b = pb;
	if (a->network_order != b->network_order) {
		return a->network_order < b->network_order ? -1 : 1;
	}
	int by_condition = mo_str_cmp(condition_of(a->resource), condition_of(b->resource));
	if (by_condition != 0) {
		return by_condition;
	}
	if (a->range.address != b->range.address) {
		return a->range.address < b->range.address ? -1 : 1;
	}
	return a->order < b->order ? -1 : 1;
}

// In the order of addresses, so that only the range that reaches furthest is to be kept. Of subnets under conditions, which may exclude
// each other, those of equal condition are compared.
static void
check_overlaps(struct mo_checker *c, subnets *all)
{
	if (all->len == 0) {
		return;
	}
	qsort(all->items, all->len, sizeof(all->items[0]), compare);
	const struct subnet *reach = &all->items[0];
	for (uint32_t i = 1; i < all->len; i++) {
		const struct subnet *s = &all->items[i];
		bool together = s->network == reach->network && s->resource->condition == reach->resource->condition;
		if (together && mo_cidrs_overlap(reach->range, s->range)) {
			report_overlap(c, reach, s);
		}
		if (!together || mo_cidr_end(s->range) > mo_cidr_end(reach->range)) {
			reach = s;
		}
	}
}

static struct mo_map
networks_of(struct mo_checker *c, const struct mo_ir_template *t)
{
	struct mo_map networks = { 0 };
	for (uint32_t i = 0; i < t->resources.len; i++) {
		if (mo_str_is(t->resources.items[i]->type, "AWS::EC2::VPC")) {
			struct network *n = mo_new(c->arena, struct network);
			n->order = i;
			mo_map_put(c->arena, &networks, (uintptr_t)t->resources.items[i], n);
		}
	}
	for (uint32_t i = 0; i < t->resources.len; i++) {
		const struct mo_ir_resource *r = t->resources.items[i];
		struct network *n = mo_str_is(r->type, "AWS::EC2::VPCCidrBlock") ? mo_map_get(&networks, (uintptr_t)network_of(r)) : NULL;
		if (n) {
			n->extended = true;
		}
	}
	return networks;
}

static void
take_subnet(struct mo_checker *c, const struct mo_ir_template *t, const struct mo_map *networks, uint32_t order, subnets *all)
{
	const struct mo_ir_resource *r = t->resources.items[order];
	struct subnet s = { .resource = r, .network = network_of(r), .order = order };
	const struct network *n = s.network ? mo_map_get(networks, (uintptr_t)s.network) : NULL;
	const struct mo_ir_value *v = n ? read_range(r, &s.range) : NULL;
	if (!v) {
		return;
	}
	s.network_order = n->order;
	s.place = place_of(t, r, v);
	mo_push(c->arena, all, s);
	if (!n->extended) {
		check_inside(c, t, &s);
	}
}

static void
check_template(struct mo_checker *c, const struct mo_ir_template *t)
{
	subnets all = { 0 };
	struct mo_map networks = networks_of(c, t);
	for (uint32_t i = 0; i < t->resources.len; i++) {
		const struct mo_ir_resource *r = t->resources.items[i];
		bool subnet = mo_str_is(r->type, "AWS::EC2::Subnet");
		if (!r->existing && (subnet || mo_str_is(r->type, "AWS::EC2::VPC"))) {
			check_size(c, t, r);
		}
		if (!r->existing && subnet) {
			take_subnet(c, t, &networks, i, &all);
		}
	}
	check_overlaps(c, &all);
}

void
mo_check_ranges(struct mo_checker *c)
{
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		check_template(c, c->platform->templates.items[i]);
	}
}
