// SPDX-License-Identifier: Apache-2.0
// asset(path, ignore: [...], home: bucket) and image(…): the types of their results, and `assets: bucket` of a template. The files are read when the call is
// evaluated, because its arguments may be computed.
#include "sema/check_builtin.h"
#include "sema/place.h"

static struct mo_type *
record_of(struct mo_ctx *ctx, struct mo_time time, const char *name, const char *const *places, size_t count)
{
	struct mo_type *t = mo_type_new(ctx, MO_TYPE_RECORD);
	const struct mo_type *string = mo_type_of_kind(MO_TYPE_STRING);
	t->name = mo_atom_of(ctx->atoms, mo_str_c(name));
	for (size_t i = 0; i < count; i++) {
		struct mo_field f = { .name = mo_atom_of(ctx->atoms, mo_str_c(places[i])), .type = mo_type_at(ctx, string, time) };
		mo_push(&ctx->session, &t->fields, f);
	}
	struct mo_field hash = { .name = mo_atom_of(ctx->atoms, MO_STR("hash")), .type = string };
	mo_push(&ctx->session, &t->fields, hash);
	return t;
}

const struct mo_type *
mo_type_asset(struct mo_ctx *ctx, struct mo_time time)
{
	static const char *const places[] = { "bucket", "key", "url", "s3_uri" };
	return record_of(ctx, time, "Asset", places, sizeof(places) / sizeof(*places));
}

static const struct mo_type *
image_type(struct mo_ctx *ctx, struct mo_time time)
{
	static const char *const places[] = { "uri", "repository" };
	struct mo_type *t = record_of(ctx, time, "Image", places, sizeof(places) / sizeof(*places));
	mo_type_add_field(ctx, t, "tag", mo_type_of_kind(MO_TYPE_STRING), false);
	return t;
}

const struct mo_type *
mo_check_asset(struct mo_check *c, struct mo_arguments_checked *a)
{
	const struct mo_type *string = mo_type_of_kind(MO_TYPE_STRING);
	bool image = a->b->kind == MO_BUILTIN_IMAGE;
	mo_argument_fits(c, a, 0, string);
	mo_argument_known(c, a, 0);
	if (a->node[1]) {
		const struct mo_type *patterns = mo_argument_fits(c, a, 1, mo_type_list(c->ctx, string));
		a->failed = a->failed || !mo_check_known(c, patterns, true, a->node[1]->span, image ? "what an image leaves out" : "what an asset leaves out");
	}
	if (a->node[2]) {
		mo_argument_fits(c, a, 2, mo_type_resource(c->ctx, image ? MO_STR("AWS::ECR::Repository") : MO_STR("AWS::S3::Bucket")));
		mo_argument_known(c, a, 2);
	}
	struct mo_time time = { .deploy = true, .deploy_at = a->call->span };
	return a->failed ? mo_type_of_kind(MO_TYPE_ERROR) : image ? image_type(c->ctx, time) : mo_type_asset(c->ctx, time);
}

void
mo_check_home(struct mo_check *c, struct mo_node *n)
{
	struct mo_field_node *home = mo_as_field(n);
	mo_nodes items = mo_block_items(mo_as_template(c->body->node)->block);
	const struct mo_type *t = mo_check_for(c, home->value, mo_type_resource(c->ctx, MO_STR("AWS::S3::Bucket")), MO_STR("assets"));
	mo_check_known(c, t, false, home->value->span, "where a template has its files");
	for (uint32_t i = 0; i < items.len && items.items[i] != n; i++) {
		if (mo_is_home_field(c->ctx, items.items[i])) {
			struct mo_diag *d = mo_report(c->ctx->diags, MSG_DUPLICATE_FIELD, home->name.span, "`assets` is set twice");
			mo_diag_label(d, mo_as_field(items.items[i])->name.span, "set here first");
			return;
		}
	}
}
