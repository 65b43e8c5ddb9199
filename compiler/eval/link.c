// SPDX-License-Identifier: Apache-2.0
// Values of other stacks, as the reader's template says them. Known before deployment: the text itself. In the same account and region: a
// parameter whose default is the path under which the producer stores the value, or what @via asks for. In another account or region:
// Fn::GetStackOutput. A path says what is read, so another value is another path and another parameter.
#include "eval/link.h"

enum {
	LONGEST_PATH = 900,  // SSM: at most 1011 with the ARN in front (Systems Manager user guide, "Requirements and constraints")
	DEEPEST_PATH = 15,
	LONGEST_LIST = 40,   // elements stored as one text: SSM takes 4096 characters, and an ARN may have a hundred
};

// ---- what is read ----------------------------------------------------------------------------------------------------------------

struct mo_resource *
mo_link_resource(const struct mo_ir_template *t, struct mo_str id)
{
	for (uint32_t i = 0; i < t->resources.len; i++) {
		if (mo_str_eq(t->resources.items[i]->id, id)) {
			return mo_resource_of(t->resources.items[i]);
		}
	}
	return NULL;
}

static struct mo_ir_param *
param_with_id(const struct mo_ir_template *t, struct mo_str id)
{
	for (uint32_t i = 0; i < t->params.len; i++) {
		if (mo_str_eq(t->params.items[i]->id, id)) {
			return t->params.items[i];
		}
	}
	return NULL;
}

// Where the stack is that was evaluated only to be read: its template is another evaluation of the same.
static bool
set_producer(struct mo_foreign *f, struct mo_variant *v)
{
	f->producer = v;
	f->outside = v->shadow;
	f->target = v->target;
	if (v->shadow) {
		const struct mo_deployment *d = mo_map_get(&v->stack->by_target, v->target.hash);
		f->producer = d ? d->variant : NULL;
	}
	return f->producer != NULL;
}

static bool
of_resource(struct mo_eval *ev, struct mo_foreign *f, const struct mo_ir_value *v)
{
	struct mo_resource *r = mo_resource_of(v->resource);
	if (!set_producer(f, r->instance->variant)) {
		return false;
	}
	f->seen = r;
	f->resource = f->outside ? mo_link_resource(f->producer->template, r->ir.id) : r;
	if (!f->resource) {
		return false;
	}
	struct mo_str ref = r->ir.catalog ? mo_cat_resource(r->ir.catalog).ref : (struct mo_str){ 0 };
	bool is_ref = v->kind == MO_IR_RESOURCE;
	f->attribute = is_ref ? (ref.len ? ref : MO_STR("Ref")) : v->attribute;
	f->slug = r->slug;
	f->name = mo_str_printf(ev->arena, MO_STR_FMT "." MO_STR_FMT, MO_STR_ARG(r->ir.origin.path), MO_STR_ARG(f->attribute));
	f->value = is_ref ? mo_ir_ref(ev->arena, v->span, &f->resource->ir) : mo_ir_attribute(ev->arena, v->span, &f->resource->ir, v->attribute);
	mo_cat a = !is_ref && r->ir.catalog ? mo_cat_find_attribute(r->ir.catalog, v->attribute) : 0;
	f->is_list = a && mo_cat_type(mo_cat_property(a).type).shape == MO_CAT_LIST;
	f->type = mo_specific_type(r->ir.type, f->attribute);
	return true;
}

// What a parameter's type says of one element.
static struct mo_str
element_type(struct mo_str type)
{
	static const char *const wrappers[] = { "AWS::SSM::Parameter::Value<", "List<" };
	for (size_t i = 0; i < sizeof(wrappers) / sizeof(wrappers[0]); i++) {
		struct mo_str start = mo_str_c(wrappers[i]);
		if (mo_str_starts(type, start) && mo_str_ends(type, MO_STR(">"))) {
			type = mo_str_sub(type, start.len, type.len - 1);
		}
	}
	return mo_str_starts(type, MO_STR("AWS::")) ? type : (struct mo_str){ 0 };
}

static bool
of_param(struct mo_eval *ev, struct mo_foreign *f, struct mo_variant *owner, const struct mo_ir_value *v)
{
	if (!set_producer(f, owner)) {
		return false;
	}
	struct mo_ir_param *p = f->outside ? param_with_id(f->producer->template, v->param->id) : v->param;
	f->value = p ? mo_ir_param_ref(ev->arena, v->span, p) : NULL;
	f->slug = f->name = v->param->origin.path;
	f->attribute = MO_STR("Value");
	f->is_list = mo_str_is(v->param->type, "CommaDelimitedList") || mo_str_find(v->param->type, MO_STR("List<"), 0) >= 0;
	f->type = element_type(v->param->type);
	return p != NULL;
}

// Of the stack as such, or of what another service keeps in its account and region.
static bool
of_stack(struct mo_eval *ev, struct mo_foreign *f, struct mo_variant *owner, const struct mo_ir_value *v)
{
	if (!set_producer(f, owner)) {
		return false;
	}
	bool stored = v->kind == MO_IR_CALL;
	f->value = stored ? mo_ir_call(ev->arena, v->span, v->function, v->argument) : mo_ir_pseudo(ev->arena, v->span, v->text); // nobody's
	f->slug = stored ? mo_str_printf(ev->arena, "ssm" MO_STR_FMT, MO_STR_ARG(v->argument->items.items[0]->text)) : (struct mo_str){ 0 };
	f->attribute = stored ? MO_STR("Value") : mo_str_sub(v->text, sizeof("AWS::") - 1, v->text.len);
	f->name = stored ? f->slug : v->text;
	f->is_list = stored ? mo_str_starts(v->argument->items.items[1]->text, MO_STR("List<")) : mo_str_is(v->text, "AWS::NotificationARNs");
	f->type = stored ? element_type(v->argument->items.items[1]->text) : (struct mo_str){ 0 };
	return true;
}

// False when it is not a value of another stack after all.
static bool
foreign_of(struct mo_finish *fin, struct mo_variant *owner, const struct mo_ir_value *v, struct mo_foreign *f)
{
	bool of_declaration = v->kind == MO_IR_PARAM || v->kind == MO_IR_PSEUDO || v->kind == MO_IR_CALL; // its own place, not the reader's
	*f = (struct mo_foreign){ .span = of_declaration && !mo_span_is_nowhere(fin->at) ? fin->at : v->span };
	switch (v->kind) {
	case MO_IR_RESOURCE:
	case MO_IR_ATTRIBUTE:
		return mo_resource_of(v->resource)->instance && mo_resource_of(v->resource)->instance->variant && of_resource(fin->ev, f, v);
	case MO_IR_PARAM:
		return of_param(fin->ev, f, owner, v);
	default:
		return of_stack(fin->ev, f, owner, v);
	}
}

// ---- paths -----------------------------------------------------------------------------------------------------------------------

static void
add_path(struct mo_buf *b, struct mo_str s)
{
	if (s.len) {
		mo_buf_addc(b, '/');
	}
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];
		bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.'
			|| c == '-' || c == '/';
		mo_buf_addc(b, good ? c : '-');
	}
}

static struct mo_str
path_of(struct mo_eval *ev, const struct mo_foreign *f)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	add_path(&b, MO_STR("mlops"));
	add_path(&b, ev->platform->name);
	add_path(&b, f->producer->stack->name);
	add_path(&b, f->slug);
	add_path(&b, f->attribute);
	return mo_buf_str(&b);
}

static bool
check_path(struct mo_eval *ev, struct mo_str path, const struct mo_foreign *f)
{
	uint32_t levels = 0;
	for (size_t i = 0; i < path.len; i++) {
		levels += path.p[i] == '/';
	}
	if (path.len <= LONGEST_PATH && levels <= DEEPEST_PATH) {
		return true;
	}
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_PUBLISHED_PATH_TOO_LONG, f->span,
		"the value cannot be published: its path has %zu characters"
		" on %u levels", path.len, levels);
	mo_diag_note(d, "SSM takes %d characters (1011 with the ARN in front) on %d levels", LONGEST_PATH, DEEPEST_PATH);
	mo_diag_note(d, MO_STR_FMT, MO_STR_ARG(path));
	mo_diag_help(d, "shorter keys, or fewer instances inside instances, make a shorter path");
	return false;
}

// ---- the reader's side -----------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
import(struct mo_finish *fin, const struct mo_foreign *f, struct mo_str path)
{
	struct mo_eval *ev = fin->ev;
	struct mo_ir_param *p = mo_map_get(&fin->variant->imported, mo_str_hash(path));
	if (p) {
		return mo_ir_param_ref(ev->arena, f->span, p);
	}
	p = mo_new(ev->arena, struct mo_ir_param);
	struct mo_buf id = mo_buf_in(ev->arena);
	mo_id_add(&id, mo_str_sub(path, sizeof("/mlops") - 1, path.len));
	p->id = mo_buf_str(&id);
	struct mo_str what = mo_str_printf(ev->arena, MO_STR_FMT " of the stack " MO_STR_FMT, MO_STR_ARG(f->name),
		MO_STR_ARG(f->producer->stack->name));
	struct mo_str type = f->type.len ? f->type : MO_STR("String");
	p->origin = (struct mo_ir_origin){ .span = f->span, .definition = f->span, .path = what };
	p->type = mo_str_printf(ev->arena, f->is_list ? "AWS::SSM::Parameter::Value<List<" MO_STR_FMT ">>"
		: "AWS::SSM::Parameter::Value<" MO_STR_FMT ">", MO_STR_ARG(type));
	p->description = what;
	p->default_value = mo_ir_string(ev->arena, f->span, path);
	mo_push(ev->arena, &fin->variant->template->params, p);
	mo_map_put(ev->arena, &fin->variant->imported, mo_str_hash(path), p);
	mo_map_put(ev->arena, &ev->evaluator->owners, MO_KEY(p), fin->variant);
	return mo_ir_param_ref(ev->arena, f->span, p);
}

static const struct mo_ir_value *
as_list(struct mo_eval *ev, const struct mo_foreign *f, const struct mo_ir_value *text)
{
	const struct mo_ir_value *args[2] = { mo_ir_string(ev->arena, f->span, MO_STR(",")), text };
	return f->is_list ? mo_ir_call_list(ev->arena, f->span, MO_STR("Fn::Split"), args, 2) : text;
}

static void
set_text(struct mo_eval *ev, struct mo_ir_value *o, const char *key, struct mo_str text)
{
	mo_ir_set(ev->arena, o, mo_str_c(key), o->span, mo_ir_string(ev->arena, o->span, text));
}

// The name under which the producer is deployed where the reader is, or at its own target.
static const struct mo_ir_value *
producer_name(struct mo_finish *fin, const struct mo_foreign *f)
{
	const struct mo_target *t = f->outside ? &f->target : &fin->variant->target;
	const struct mo_deployment *d = mo_map_get(&f->producer->stack->by_target, t->hash);
	struct mo_str name = d ? mo_stack_deployed_name(fin->ev, d) : f->producer->stack->name;
	return mo_ir_string(fin->ev->arena, f->span, name);
}

static bool
all_in_account(const struct mo_variant *v, const struct mo_account *account)
{
	for (uint32_t i = 0; i < v->deployments.len; i++) {
		if (v->deployments.items[i]->target.account != account) {
			return false;
		}
	}
	return true;
}

static const struct mo_ir_value *
stack_output(struct mo_finish *fin, const struct mo_foreign *f, struct mo_str path)
{
	struct mo_eval *ev = fin->ev;
	struct mo_ir_value *o = mo_ir_object(ev->arena, f->span);
	mo_ir_set(ev->arena, o, MO_STR("StackName"), f->span, producer_name(fin, f));
	set_text(ev, o, "OutputName", mo_published_output(ev, f, path));
	if (f->outside) {
		set_text(ev, o, "Region", f->target.region);
	}
	if (f->outside && !all_in_account(fin->variant, f->target.account)) {
		set_text(ev, o, "RoleArn", mo_reader_role(ev, f, fin->variant));
	}
	return as_list(ev, f, mo_ir_call(ev->arena, f->span, MO_STR("Fn::GetStackOutput"), o));
}

static const struct mo_ir_value *
imported_value(struct mo_finish *fin, const struct mo_foreign *f, struct mo_str path)
{
	struct mo_str name = mo_published_export(fin->ev, path);
	const struct mo_ir_value *text = mo_ir_string(fin->ev->arena, f->span, name);
	return as_list(fin->ev, f, mo_ir_call(fin->ev->arena, f->span, MO_STR("Fn::ImportValue"), text));
}

// ---- order -----------------------------------------------------------------------------------------------------------------------

static void
note(struct mo_eval *ev, struct mo_variant *reader, const struct mo_producer *like, struct mo_link_read read)
{
	if (reader->stack == like->stack && !like->elsewhere) {
		return;
	}
	uint64_t key = mo_hash_mix(mo_hash_mix(MO_KEY(like->stack), like->elsewhere ? like->target.hash : 1), like->mere);
	struct mo_producer *p = mo_map_get(&reader->producers_seen, key);
	if (!p) {
		p = mo_new(ev->arena, struct mo_producer);
		*p = *like;
		mo_map_put(ev->arena, &reader->producers_seen, key, p);
		mo_push(ev->arena, &reader->producers, p);
	}
	for (uint32_t i = 0; i < p->reads.len; i++) {
		if (mo_str_eq(p->reads.items[i].what, read.what)) {
			return;
		}
	}
	mo_push(ev->arena, &p->reads, read);
}

void
mo_link_needs(struct mo_eval *ev, struct mo_variant *reader, struct mo_stack *producer, const struct mo_target *at, struct mo_span span,
	struct mo_str what)
{
	struct mo_producer like = { .stack = producer, .elsewhere = at != NULL, .target = at ? *at : (struct mo_target){ 0 } };
	note(ev, reader, &like, (struct mo_link_read){ span, what });
}

void
mo_link_mentions(struct mo_eval *ev, struct mo_variant *reader, struct mo_stack *producer, const struct mo_target *at, struct mo_span span,
	struct mo_str what)
{
	struct mo_producer like = { .stack = producer, .elsewhere = at != NULL, .mere = true, .target = at ? *at : (struct mo_target){ 0 } };
	note(ev, reader, &like, (struct mo_link_read){ span, what });
}

static void
needs(struct mo_finish *fin, const struct mo_foreign *f)
{
	mo_link_needs(fin->ev, fin->variant, f->producer->stack, f->outside ? &f->target : NULL, f->span, f->name);
}

// ---- what cannot be read ---------------------------------------------------------------------------------------------------------

// Attributes that are secrets, and parameters that are not to be shown.
static bool
is_secret(const struct mo_foreign *f)
{
	static const char *const endings[] = { "SecretAccessKey", "ClientSecret", "Password", "SecretString", "PrivateKey", "ApiKeyValue" };
	for (size_t i = 0; f->resource && i < sizeof(endings) / sizeof(endings[0]); i++) {
		if (mo_str_ends(f->attribute, mo_str_c(endings[i]))) {
			return true;
		}
	}
	return (f->value->kind == MO_IR_PARAM && f->value->param->no_echo)
	       || (f->value->kind == MO_IR_CALL && !mo_str_is(f->value->function, MO_STORED_SSM));
}

static struct mo_diag *
refuse(struct mo_finish *fin, const struct mo_foreign *f, enum mo_message message, const char *why)
{
	const struct mo_instance *i = fin->resource ? fin->resource->instance : fin->variant->body;
	struct mo_diag *d = mo_eval_report(fin->ev, i, message, f->span, "`" MO_STR_FMT "` of the stack `" MO_STR_FMT "` %s", MO_STR_ARG(f->name),
		MO_STR_ARG(f->producer->stack->name), why);
	struct mo_span there = f->resource ? f->resource->ir.origin.span : f->value->kind == MO_IR_PARAM ? f->value->param->origin.span
		: MO_NOWHERE;
	if (!mo_span_is_nowhere(there)) {
		mo_diag_label(d, there, "declared here");
	}
	return d;
}

// Whether the way works in this place. Conditions take parameters only: CloudFormation decides them before it asks anybody.
static bool
check_place(struct mo_finish *fin, const struct mo_foreign *f, enum mo_via via)
{
	if (via == MO_VIA_SSM || (!fin->in_condition && !fin->in_export_name)) {
		return true;
	}
	struct mo_diag *d = refuse(fin, f, MSG_LATE_REFERENCE, fin->in_condition ? "is not known when CloudFormation decides conditions and rules"
		: "is not known when CloudFormation names exports");
	mo_diag_note(d, via == MO_VIA_EXPORT ? "it is read by Fn::ImportValue, which cannot stand there"
		: "it is read by Fn::GetStackOutput, which cannot stand there");
	if (!f->outside) {
		mo_diag_help(d, "take `@via` away: a parameter can stand there");
	} else if (f->resource && f->resource->ir.catalog && !mo_cat_resource(f->resource->ir.catalog).arn_template.len) {
		struct mo_str type = f->resource->ir.type;
		mo_diag_help(d, "decide by something that is known before deployment, or pass it as a `param`; what " MO_STR_FMT
			" is called cannot be computed", MO_STR_ARG(type));
	} else {
		mo_diag_help(d, "decide by something that is known before deployment (a name that you give, a label of the target), or pass it as a `param`");
	}
	return false;
}

// What is launched by others asks nobody with a role of this program.
static void
report_to_launchers(struct mo_finish *fin, const struct mo_foreign *f)
{
	const struct mo_target *t = &f->target;
	struct mo_str template = fin->variant->stack->name;
	struct mo_diag *d = mo_report(fin->ev->ctx->diags, MSG_NOT_KNOWN_TO_LAUNCHERS, f->span, "`" MO_STR_FMT
		"` is known only when `" MO_STR_FMT "` in " MO_STR_FMT " is deployed, and whoever launches `" MO_STR_FMT "` cannot ask there",
		MO_STR_ARG(f->name), MO_STR_ARG(t->account->ir.name), MO_STR_ARG(t->region), MO_STR_ARG(template));
	if (f->resource) {
		mo_diag_label(d, f->resource->ir.origin.span, "declared here");
	}
	mo_diag_help(d, "give the resource a name, and what is computed from it is known; or let the launcher say it: `param name: Type`");
}

static bool
is_in_another_partition(const struct mo_finish *fin, const struct mo_foreign *f)
{
	const struct mo_account *here = fin->variant->target.account; // NULL in a template for accounts that nobody knows
	return f->outside && here && !mo_str_eq(f->target.account->ir.partition, here->ir.partition);
}

static bool
check_readable(struct mo_finish *fin, const struct mo_foreign *f)
{
	const struct mo_ir_value *otherwise = f->value->kind == MO_IR_PARAM ? f->value->param->default_value : NULL;
	bool may_be_empty = otherwise && otherwise->kind == MO_IR_STRING && otherwise->text.len == 0; // nothing can be stored as no text
	if ((f->resource && f->seen->guard) || may_be_empty) {
		refuse(fin, f, MSG_MAY_BE_NONE, "may be absent, and cannot be read from another stack");
		return false;
	}
	if (is_secret(f)) {
		struct mo_diag *d = refuse(fin, f, MSG_SECRET_PUBLISHED, "is a secret, and secrets are not published to other stacks");
		mo_diag_help(d, "keep it in a secret of the Secrets Manager, and let the other stack read that: `secret(\"name\")`");
		return false;
	}
	if (f->outside && fin->variant->stack->is_template) {
		report_to_launchers(fin, f);
		return false;
	}
	if (is_in_another_partition(fin, f)) {
		refuse(fin, f, MSG_LATE_REFERENCE, "is in another partition, and CloudFormation reads nothing from there");
		return false;
	}
	return true;
}

// ---- one value -------------------------------------------------------------------------------------------------------------------

// In a template that others launch, so that nobody is asked for it. Neither conditions nor functions look into a dynamic reference, so
// those, and lists, take a parameter all the same.
static const struct mo_ir_value *
dynamic_reference(struct mo_finish *fin, const struct mo_foreign *f, struct mo_str path)
{
	return mo_ir_string(fin->ev->arena, f->span, mo_str_printf(fin->ev->arena, "{{resolve:ssm:" MO_STR_FMT "}}", MO_STR_ARG(path)));
}

static const struct mo_ir_value *
read_published(struct mo_finish *fin, const struct mo_foreign *f)
{
	enum mo_via via = f->outside ? MO_VIA_STACK_OUTPUT : mo_via_of(fin->ev, f);
	struct mo_str path = path_of(fin->ev, f);
	if (!check_readable(fin, f) || !check_place(fin, f, via) || !check_path(fin->ev, path, f) || !mo_publish(fin->ev, f, path, via)) {
		return mo_ir_string(fin->ev->arena, f->span, MO_STR(""));
	}
	needs(fin, f);
	if (via == MO_VIA_SSM && fin->variant->stack->is_template && !fin->in_condition && !fin->in_call && !f->is_list) {
		return dynamic_reference(fin, f, path);
	}
	return via == MO_VIA_SSM ? import(fin, f, path) : via == MO_VIA_EXPORT ? imported_value(fin, f, path) : stack_output(fin, f, path);
}

// Known before anything is deployed. In the same account and region only where an ARN is all that is wanted: whatever needs the thing to
// exist reads what its stack stores, and so waits for it.
static const struct mo_ir_value *
known(struct mo_finish *fin, const struct mo_foreign *f)
{
	if (!f->resource || f->seen->guard || (!f->outside && !fin->mere_arn)) {
		return NULL;
	}
	bool name = f->outside && !all_in_account(fin->variant, f->target.account);
	const struct mo_ir_value *v = mo_known_value(fin->ev, f, name);
	if (v && fin->mere_arn) {
		mo_link_mentions(fin->ev, fin->variant, f->producer->stack, f->outside ? &f->target : NULL, f->span, f->name);
	} else if (v) {
		needs(fin, f);
	}
	return v;
}

const struct mo_ir_value *
mo_link_value(struct mo_finish *fin, struct mo_variant *owner, const struct mo_ir_value *v)
{
	struct mo_foreign f;
	if (!foreign_of(fin, owner, v, &f)) {
		return v;
	}
	const struct mo_ir_value *before = known(fin, &f);
	return before ? before : read_published(fin, &f);
}

// ---- lists of one family ---------------------------------------------------------------------------------------------------------

// "main/subnet/private/0" without its last level.
static struct mo_str
parent_of(struct mo_str slug)
{
	size_t end = slug.len;
	while (end > 0 && slug.p[end - 1] != '/') {
		end--;
	}
	return mo_str_sub(slug, 0, end ? end - 1 : 0);
}

// Whether an element is an identifier, which holds no comma.
static bool
is_plain(const struct mo_ir_value *v)
{
	if ((v->kind != MO_IR_RESOURCE && v->kind != MO_IR_ATTRIBUTE) || !v->resource->catalog || v->resource->existing) {
		return false;
	}
	return v->kind == MO_IR_RESOURCE || mo_str_ends(v->attribute, MO_STR("Arn")) || mo_str_ends(v->attribute, MO_STR("Id"));
}

static bool
same_kind(const struct mo_foreign *a, const struct mo_foreign *b)
{
	return a->producer == b->producer && a->outside == b->outside && mo_str_eq(a->resource->ir.type, b->resource->ir.type)
	       && mo_str_eq(a->attribute, b->attribute) && mo_str_eq(parent_of(a->slug), parent_of(b->slug)) && !a->is_list;
}

// All resources of the producer that are named like these, in the same order: the list is the family.
static bool
is_whole_family(const struct mo_foreign *all, uint32_t count)
{
	const struct mo_ir_template *t = all->producer->template;
	uint32_t at = 0;
	for (uint32_t i = 0; i < t->resources.len; i++) {
		const struct mo_resource *r = mo_resource_of(t->resources.items[i]);
		if (!mo_str_eq(r->ir.type, all->resource->ir.type) || !mo_str_eq(parent_of(r->slug), parent_of(all->slug)) || r->published) {
			continue;
		}
		if (at >= count || all[at++].resource != r) {
			return false;
		}
	}
	return at == count;
}

// The whole family goes by the name of what its members share; a part of it by their keys.
static struct mo_str
slug_of_list(struct mo_eval *ev, const struct mo_foreign *all, uint32_t count)
{
	struct mo_str parent = parent_of(all->slug);
	if (is_whole_family(all, count)) {
		return parent;
	}
	struct mo_buf b = mo_buf_in(ev->arena);
	mo_buf_add(&b, parent);
	for (uint32_t i = 0; i < count; i++) {
		mo_buf_addc(&b, i ? '.' : '/');
		mo_buf_add(&b, mo_str_sub(all[i].slug, parent.len + 1, all[i].slug.len));
	}
	return mo_buf_str(&b);
}

static struct mo_str
name_of_list(struct mo_eval *ev, const struct mo_foreign *first)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	struct mo_str parent = parent_of(first->slug);
	for (size_t i = 0; i < parent.len; i++) {
		mo_buf_addc(&b, parent.p[i] == '/' ? '.' : parent.p[i]);
	}
	mo_buf_printf(&b, "[*]." MO_STR_FMT, MO_STR_ARG(first->attribute));
	return mo_buf_str(&b);
}

static struct mo_foreign
whole_list(struct mo_finish *fin, const struct mo_foreign *all, uint32_t count, struct mo_span span)
{
	struct mo_eval *ev = fin->ev;
	struct mo_foreign f = all[0];
	f.span = mo_span_is_nowhere(fin->at) ? span : fin->at; // elements have the places of their declarations
	struct mo_ir_value *list = mo_ir_list(ev->arena, span);
	for (uint32_t i = 0; i < count; i++) {
		mo_push(ev->arena, &list->items, all[i].value);
	}
	f.slug = slug_of_list(ev, all, count);
	f.attribute = mo_str_printf(ev->arena, MO_STR_FMT "s", MO_STR_ARG(all[0].attribute));
	f.name = name_of_list(ev, &all[0]);
	f.value = list;
	f.is_list = true;
	return f;
}

const struct mo_ir_value *
mo_link_list(struct mo_finish *fin, const struct mo_ir_value *list)
{
	uint32_t count = list->items.len;
	if (count < 2 || count > LONGEST_LIST || fin->in_condition) {
		return NULL;
	}
	for (uint32_t i = 0; i < count; i++) {
		if (!is_plain(list->items.items[i]) || list->items.items[i]->resource->template == fin->variant->template) {
			return NULL;
		}
	}
	struct mo_foreign *all = mo_arena_alloc(fin->ev->arena, count * sizeof(*all));
	for (uint32_t i = 0; i < count; i++) {
		if (!foreign_of(fin, NULL, list->items.items[i], &all[i]) || all[i].seen->guard || !parent_of(all[i].slug).len
			|| !same_kind(&all[0], &all[i])) {
			return NULL;
		}
	}
	if (known(fin, &all[0])) {
		return NULL; // each is computed
	}
	struct mo_foreign f = whole_list(fin, all, count, list->span);
	return read_published(fin, &f);
}
