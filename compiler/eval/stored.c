// SPDX-License-Identifier: Apache-2.0
// What `ssm` and `secret` become in a template: a parameter that CloudFormation reads from the Systems Manager, or a dynamic reference.
// When all templates are there, what they read is compared with what the program itself writes.
#include "eval/link.h"

// ---- dynamic references ----------------------------------------------------------------------------------------------------------

bool
mo_is_stored(const struct mo_ir_value *v)
{
	return v->kind == MO_IR_CALL && mo_str_starts(v->function, MO_STR("mlops::"));
}

static bool
is_custom(const struct mo_resource *r)
{
	return r->schema || mo_str_starts(r->ir.type, MO_STR("Custom::")) || mo_str_is(r->ir.type, "AWS::CloudFormation::CustomResource");
}

// Secrets would stand in clear text where these go. CloudFormation User Guide, "Get values stored in other services using dynamic
// references".
static const char *
fault_of_secret(const struct mo_finish *fin)
{
	if (fin->in_condition) {
		return "a condition cannot read a secret";
	}
	if (!fin->resource) {
		return "an output would show the secret to everybody who can see the stack";
	}
	if (fin->resource->published) {
		return "secrets are not published to other stacks";
	}
	if (!fin->in_properties) {
		return "CloudFormation reads secrets in the properties of resources only";
	}
	return is_custom(fin->resource) ? "CloudFormation reads no secrets for custom resources" : NULL;
}

static const struct mo_ir_value *
refuse(struct mo_finish *fin, struct mo_span span, const char *why, const char *instead)
{
	const struct mo_instance *i = fin->resource ? fin->resource->instance : fin->variant->body;
	struct mo_diag *d = mo_eval_report(fin->ev, i, MSG_SECRET_MISPLACED, span, "%s", why);
	if (fin->resource) {
		mo_diag_label(d, fin->resource->ir.origin.span, "it would stand here");
	}
	mo_diag_help(d, "%s", instead);
	return mo_ir_string(fin->ev->arena, span, MO_STR(""));
}

// Adds what may be text with parts to text with parts.
static void
add_part(struct mo_eval *ev, struct mo_ir_value *sub, const struct mo_ir_value *v)
{
	for (uint32_t i = 0; v->kind == MO_IR_SUB && i < v->items.len; i++) {
		mo_push(ev->arena, &sub->items, v->items.items[i]);
	}
	if (v->kind != MO_IR_SUB) {
		mo_push(ev->arena, &sub->items, v);
	}
}

static const struct mo_ir_value *
secret_reference(struct mo_finish *fin, const struct mo_ir_value *v)
{
	struct mo_eval *ev = fin->ev;
	const char *fault = fault_of_secret(fin);
	if (fault) {
		return refuse(fin, v->span, fault, "give the secret's name to whoever needs it, and let it read the secret itself");
	}
	const struct mo_ir_value *id = mo_finish_value(fin, v->argument->items.items[0]);
	struct mo_str key = v->argument->items.items[1]->text;
	struct mo_str end = key.len ? mo_str_printf(ev->arena, ":SecretString:" MO_STR_FMT "}}", MO_STR_ARG(key)) : MO_STR(":SecretString}}");
	if (id->kind == MO_IR_STRING) {
		return mo_ir_string(ev->arena, v->span, mo_str_printf(ev->arena, "{{resolve:secretsmanager:" MO_STR_FMT MO_STR_FMT,
			MO_STR_ARG(id->text), MO_STR_ARG(end)));
	}
	struct mo_ir_value *sub = mo_ir_sub(ev->arena, v->span);
	mo_push(ev->arena, &sub->items, mo_ir_string(ev->arena, v->span, MO_STR("{{resolve:secretsmanager:")));
	add_part(ev, sub, id);
	mo_push(ev->arena, &sub->items, mo_ir_string(ev->arena, v->span, end));
	return sub;
}

// CloudFormation User Guide, "Get a secure string value from Systems Manager Parameter Store": the properties that take one.
static const char *const takes_secure[][2] = {
	{ "AWS::DirectoryService::MicrosoftAD", "Password" },
	{ "AWS::DirectoryService::SimpleAD", "Password" },
	{ "AWS::ElastiCache::ReplicationGroup", "AuthToken" },
	{ "AWS::IAM::User", "Password" },
	{ "AWS::KinesisFirehose::DeliveryStream", "Password" },
	{ "AWS::OpsWorks::App", "Password" },
	{ "AWS::OpsWorks::Stack", "Password" },
	{ "AWS::OpsWorks::Stack", "DbPassword" },
	{ "AWS::RDS::DBCluster", "MasterUserPassword" },
	{ "AWS::RDS::DBInstance", "MasterUserPassword" },
	{ "AWS::Redshift::Cluster", "MasterUserPassword" },
};

static const struct mo_ir_value *
secure_reference(struct mo_finish *fin, const struct mo_ir_value *v)
{
	struct mo_str name = v->argument->items.items[0]->text;
	bool takes = false;
	for (size_t i = 0; fin->resource && fin->in_properties && i < sizeof(takes_secure) / sizeof(takes_secure[0]); i++) {
		takes = takes || (mo_str_is(fin->resource->ir.type, takes_secure[i][0]) && mo_str_is(fin->key, takes_secure[i][1]));
	}
	if (!takes) {
		return refuse(fin, v->span, "CloudFormation reads a SecureString in a few properties for passwords only, and this is none of them",
			"keep the value in the Secrets Manager and read it with `secret(\"name\")`");
	}
	return mo_ir_string(fin->ev->arena, v->span, mo_str_printf(fin->ev->arena, "{{resolve:ssm-secure:" MO_STR_FMT "}}", MO_STR_ARG(name)));
}

// ---- parameters ------------------------------------------------------------------------------------------------------------------

static bool
is_list_type(struct mo_str type)
{
	return mo_str_starts(type, MO_STR("List<"));
}

static bool
is_plain_type(struct mo_str type)
{
	return mo_str_is(type, "String") || mo_str_is(type, "List<String>");
}

static void
set_type(struct mo_eval *ev, struct mo_stored_read *read, struct mo_str type)
{
	read->type = type;
	read->param->type = mo_str_printf(ev->arena, "AWS::SSM::Parameter::Value<" MO_STR_FMT ">", MO_STR_ARG(type));
}

// A second read of the same name: the stricter type of the two serves both.
static void
read_again(struct mo_finish *fin, struct mo_stored_read *read, struct mo_str type, struct mo_span span)
{
	if (mo_str_eq(read->type, type) || (is_list_type(read->type) == is_list_type(type) && is_plain_type(type))) {
		return;
	}
	if (is_list_type(read->type) == is_list_type(type) && is_plain_type(read->type)) {
		set_type(fin->ev, read, type);
		return;
	}
	struct mo_diag *d = mo_report(fin->ev->ctx->diags, MSG_STORED_TYPE, span, "`" MO_STR_FMT "` is wanted as " MO_STR_FMT
		" here and as " MO_STR_FMT " elsewhere", MO_STR_ARG(read->name), MO_STR_ARG(type), MO_STR_ARG(read->type));
	mo_diag_label(d, read->span, "elsewhere");
}

// The catalog knows no resource that is a machine image, but CloudFormation has a type for its id.
static struct mo_str
type_here(const struct mo_finish *fin, struct mo_str type)
{
	bool image = mo_str_is(type, "String") && mo_str_is(fin->key, "ImageId") && fin->resource
		     && mo_str_starts(fin->resource->ir.type, MO_STR("AWS::EC2::"));
	return image ? MO_STR("AWS::EC2::Image::Id") : type;
}

static struct mo_stored_read *
note_read(struct mo_finish *fin, const struct mo_ir_value *v, struct mo_str name, struct mo_str type)
{
	struct mo_eval *ev = fin->ev;
	struct mo_stored_read *read = mo_map_get(&fin->variant->stored, mo_str_hash(name));
	if (read) {
		read_again(fin, read, type, v->span);
		return read;
	}
	read = mo_new(ev->arena, struct mo_stored_read);
	*read = (struct mo_stored_read){ .variant = fin->variant, .name = name, .span = v->span };
	read->param = mo_new(ev->arena, struct mo_ir_param);
	struct mo_buf id = mo_buf_in(ev->arena);
	mo_buf_adds(&id, "Ssm");
	mo_id_add(&id, name);
	read->param->id = mo_buf_str(&id);
	read->param->origin = (struct mo_ir_origin){ .span = v->span, .definition = v->span,
		.path = mo_str_printf(ev->arena, "ssm(\"" MO_STR_FMT "\")", MO_STR_ARG(name)) };
	read->param->description = mo_str_printf(ev->arena, "read from the Systems Manager: " MO_STR_FMT, MO_STR_ARG(name));
	read->param->default_value = mo_ir_string(ev->arena, v->span, name);
	set_type(ev, read, type);
	mo_map_put(ev->arena, &fin->variant->stored, mo_str_hash(name), read);
	mo_map_put(ev->arena, &ev->evaluator->owners, MO_KEY(read->param), fin->variant);
	mo_push(ev->arena, &ev->evaluator->stored, read);
	return read;
}

// A parameter; in a template that others launch a dynamic reference, so that nobody is asked for it, but where CloudFormation computes
// with the value.
static const struct mo_ir_value *
stored_parameter(struct mo_finish *fin, const struct mo_ir_value *v)
{
	struct mo_eval *ev = fin->ev;
	struct mo_str name = v->argument->items.items[0]->text, type = type_here(fin, v->argument->items.items[1]->text);
	struct mo_stored_read *read = note_read(fin, v, name, type);
	if (fin->variant->stack->is_template && !fin->in_condition && !fin->in_call && !is_list_type(type)) {
		return mo_ir_string(ev->arena, v->span, mo_str_printf(ev->arena, "{{resolve:ssm:" MO_STR_FMT "}}", MO_STR_ARG(name)));
	}
	if (!read->is_parameter) {
		read->is_parameter = true;
		mo_push(ev->arena, &fin->variant->template->params, read->param);
	}
	return mo_ir_param_ref(ev->arena, v->span, read->param);
}

const struct mo_ir_value *
mo_stored_value(struct mo_finish *fin, const struct mo_ir_value *v)
{
	if (mo_str_is(v->function, MO_STORED_SECRET)) {
		return secret_reference(fin, v);
	}
	return mo_str_is(v->function, MO_STORED_SECURE) ? secure_reference(fin, v) : stored_parameter(fin, v);
}

// ---- what the program writes -----------------------------------------------------------------------------------------------------

struct written {
	struct mo_str name;
	struct mo_stack *stack;
	const struct mo_ir_resource *resource;
	struct written *next; // with the same hash
};

struct ledger {
	struct mo_eval *ev;
	MO_VEC(struct written *) items;
	struct mo_map by_place; // hash of target and name -> written
	bool unknown;           // some name is known only at deploy time
};

static void
enter_parameter(struct ledger *l, const struct mo_deployment *d, const struct mo_ir_resource *r)
{
	const struct mo_ir_value *name = mo_ir_get(r->properties, MO_STR("Name"));
	name = name ? mo_settle_ir(l->ev, &d->target, name) : NULL;
	if (!name || name->kind != MO_IR_STRING) {
		l->unknown = true;
		return;
	}
	struct written *w = mo_new(l->ev->arena, struct written);
	uint64_t key = mo_hash_mix(d->target.hash, mo_str_hash(name->text));
	*w = (struct written){ name->text, d->stack, r, mo_map_get(&l->by_place, key) };
	mo_map_put(l->ev->arena, &l->by_place, key, w);
	mo_push(l->ev->arena, &l->items, w);
}

static void
enter_all(struct ledger *l)
{
	const struct mo_evaluator *e = l->ev->evaluator;
	for (uint32_t i = 0; i < e->stacks.len; i++) {
		for (uint32_t k = 0; k < e->stacks.items[i]->deployments.len; k++) {
			const struct mo_deployment *d = e->stacks.items[i]->deployments.items[k];
			for (uint32_t n = 0; d->variant && n < d->variant->template->resources.len; n++) {
				const struct mo_ir_resource *r = d->variant->template->resources.items[n];
				if (mo_str_is(r->type, "AWS::SSM::Parameter")) {
					enter_parameter(l, d, r);
				}
			}
		}
	}
}

static const struct written *
writer_of(const struct ledger *l, const struct mo_target *t, struct mo_str name)
{
	const struct written *w = mo_map_get(&l->by_place, mo_hash_mix(t->hash, mo_str_hash(name)));
	while (w && !mo_str_eq(w->name, name)) {
		w = w->next;
	}
	return w;
}

static struct mo_str
first_level(struct mo_str name)
{
	ptrdiff_t end = name.len ? mo_str_find(name, MO_STR("/"), 1) : -1;
	return end < 0 ? (struct mo_str){ 0 } : mo_str_sub(name, 0, (size_t)end + 1);
}

// Only where the name looks like one of the program's own: others are written by other programs.
static void
warn_unwritten(struct ledger *l, const struct mo_stored_read *read, const struct mo_target *t)
{
	struct mo_suggestion near = mo_suggest(read->name);
	struct mo_str level = first_level(read->name);
	bool own_level = false;
	const struct written *elsewhere = NULL;
	for (uint32_t i = 0; i < l->items.len; i++) {
		const struct written *w = l->items.items[i];
		mo_suggest_from(&near, w->name);
		own_level = own_level || (level.len && mo_str_starts(w->name, level));
		elsewhere = !elsewhere && mo_str_eq(w->name, read->name) ? w : elsewhere;
	}
	if (l->unknown || (!near.best.len && !own_level)) {
		return;
	}
	struct mo_diag *d = mo_report(l->ev->ctx->diags, MSG_STORED_UNWRITTEN, read->span, "nothing in this program writes `" MO_STR_FMT
		"` in `" MO_STR_FMT "`, " MO_STR_FMT, MO_STR_ARG(read->name), MO_STR_ARG(t->account->ir.name), MO_STR_ARG(t->region));
	if (elsewhere) {
		mo_diag_label(d, elsewhere->resource->origin.span, "written here, for another account or region");
	} else if (near.best.len) {
		mo_diag_help(d, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(near.best));
	} else {
		mo_diag_help(d, "parameters of this program start with the same `" MO_STR_FMT "`", MO_STR_ARG(level));
	}
}

// What the writer says of the type; empty when it does not say.
static struct mo_str
written_type(const struct mo_ir_resource *r)
{
	const struct mo_ir_value *type = mo_ir_get(r->properties, MO_STR("Type")), *value = mo_ir_get(r->properties, MO_STR("Value"));
	if (type && type->kind == MO_IR_STRING && mo_str_is(type->text, "StringList")) {
		return MO_STR("List<String>");
	}
	bool reference = value && (value->kind == MO_IR_RESOURCE || value->kind == MO_IR_ATTRIBUTE);
	struct mo_str attribute = reference && value->kind == MO_IR_ATTRIBUTE ? value->attribute : MO_STR("Ref");
	struct mo_str specific = reference ? mo_specific_type(value->resource->type, attribute) : (struct mo_str){ 0 };
	return specific.len ? specific : MO_STR("String");
}

static bool
types_agree(struct mo_str wanted, struct mo_str written)
{
	return is_list_type(wanted) == is_list_type(written)
	       && (mo_str_eq(wanted, written) || is_plain_type(wanted) || is_plain_type(written));
}

static void
compare_with_writer(struct ledger *l, const struct mo_stored_read *read, const struct written *w)
{
	struct mo_str type = written_type(w->resource);
	if (w->stack == read->variant->stack) {
		struct mo_diag *d = mo_report(l->ev->ctx->diags, MSG_STORED_BY_ITSELF, read->span, "the stack reads `" MO_STR_FMT
			"` before it writes it", MO_STR_ARG(read->name));
		mo_diag_label(d, w->resource->origin.span, "written here, by the same stack");
		mo_diag_note(d, "CloudFormation reads parameters before it makes resources");
		mo_diag_help(d, "use what is stored there, such as `" MO_STR_FMT ".Value`", MO_STR_ARG(w->resource->origin.path));
		return;
	}
	if (!types_agree(read->type, type)) {
		struct mo_diag *d = mo_report(l->ev->ctx->diags, MSG_STORED_TYPE, read->span, "`" MO_STR_FMT "` is wanted as " MO_STR_FMT
			" and written as " MO_STR_FMT, MO_STR_ARG(read->name), MO_STR_ARG(read->type), MO_STR_ARG(type));
		mo_diag_label(d, w->resource->origin.span, "written here");
		return;
	}
	mo_link_needs(l->ev, read->variant, w->stack, NULL, read->span, read->name);
}

void
mo_stored_compare(struct mo_eval *ev)
{
	struct ledger l = { .ev = ev };
	struct mo_evaluator *e = ev->evaluator;
	if (e->stored.len == 0) {
		return;
	}
	enter_all(&l);
	for (uint32_t i = 0; i < e->stored.len; i++) {
		const struct mo_stored_read *read = e->stored.items[i];
		for (uint32_t k = 0; k < read->variant->deployments.len; k++) {
			const struct mo_target *t = &read->variant->deployments.items[k]->target;
			if (!t->account) {
				break; // a template for accounts that nobody knows
			}
			const struct written *w = writer_of(&l, t, read->name);
			if (!w) {
				warn_unwritten(&l, read, t);
				break; // said once, not for every target
			}
			if (k == 0) {
				compare_with_writer(&l, read, w);
			}
		}
	}
}
