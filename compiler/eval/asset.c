// SPDX-License-Identifier: Apache-2.0
// Assets: files that are packed, named by their content and published to a bucket, as a rule that of the CDK's bootstrap in the account and
// region of every stack that uses them. Which bucket that is shows only in the template (eval/home.c), so until it is finished the places
// of an asset are IR values of their own. Container images are the same with repositories; they are built by whoever publishes them.
#include "eval/builtin.h"
#include "eval/finish.h"
#include "sema/files.h"
#include "sema/tree.h"

// ---- packing ---------------------------------------------------------------------------------------------------------------------

// Archives are published as they are: packing them again would hide what is in them from the services.
static bool
is_archive(const struct mo_zip_file *f)
{
	return mo_str_ends(f->name, MO_STR(".zip")) || mo_str_ends(f->name, MO_STR(".jar")) || mo_str_ends(f->name, MO_STR(".whl"));
}

static struct mo_str
ending_of(struct mo_str name)
{
	size_t dot = name.len;
	while (name.p[dot - 1] != '.') {
		dot--;
	}
	return mo_str_sub(name, dot - 1, name.len);
}

static void
pack(struct mo_eval *ev, const mo_zip_files *files, struct mo_ir_asset *asset)
{
	struct mo_str hash = asset->hash;
	bool packed = files->len == 1 && is_archive(&files->items[0]);
	struct mo_str ending = packed ? ending_of(files->items[0].name) : MO_STR(".zip");
	asset->key = mo_str_printf(ev->arena, MO_STR_FMT MO_STR_FMT, MO_STR_ARG(hash), MO_STR_ARG(ending));
	asset->file = mo_str_printf(ev->arena, "asset." MO_STR_FMT, MO_STR_ARG(asset->key));
	asset->bytes = packed ? files->items[0].bytes : mo_zip_pack(ev->arena, files);
}

// The same content is one file, or one image, wherever it is named.
static const struct mo_ir_asset *
asset_of(struct mo_eval *ev, const mo_zip_files *files, struct mo_str path, bool image)
{
	struct mo_str hash = mo_tree_digest(ev->arena, files);
	uint64_t key = mo_hash_mix(mo_str_hash(hash), image);
	struct mo_ir_asset *asset = mo_map_get(&ev->evaluator->assets, key);
	if (asset) {
		return asset;
	}
	asset = mo_new(ev->arena, struct mo_ir_asset);
	asset->path = path;
	asset->hash = hash;
	if (image) {
		asset->key = hash;
		asset->file = mo_str_printf(ev->arena, "image." MO_STR_FMT, MO_STR_ARG(hash));
		asset->files = files;
	} else {
		pack(ev, files, asset);
	}
	mo_map_put(ev->arena, &ev->evaluator->assets, key, asset);
	return asset;
}

// ---- what a program reads of it --------------------------------------------------------------------------------------------------

struct places {
	struct mo_eval *ev;
	struct mo_span span;
	struct mo_value *record;
	const struct mo_ir_asset *asset;
	struct mo_ir_resource *home;
	const struct mo_ir_value *bucket, *key;
};

static const struct mo_ir_value *
part(struct places *p, enum mo_ir_asset_part which)
{
	return mo_ir_asset_part(p->ev->arena, p->span, p->asset, which, p->home);
}

static void
put(struct places *p, const char *name, const struct mo_ir_value *ir)
{
	mo_value_set(p->ev->arena, p->record, mo_str_c(name), p->span, mo_value_deploy(p->ev->arena, p->span, ir, false));
}

static const struct mo_ir_value *
text(struct places *p, const char *words)
{
	return mo_ir_string(p->ev->arena, p->span, mo_str_c(words));
}

static const struct mo_ir_value *
joined(struct places *p, const struct mo_ir_value *const *parts, uint32_t count)
{
	struct mo_ir_value *sub = mo_ir_sub(p->ev->arena, p->span);
	for (uint32_t i = 0; i < count; i++) {
		mo_push(p->ev->arena, &sub->items, parts[i]);
	}
	return sub;
}

const struct mo_value *
mo_asset_places(struct mo_eval *ev, const struct mo_ir_asset *asset, struct mo_resource *home, struct mo_span span)
{
	struct places p = { ev, span, mo_value_record(ev->arena, span), asset, home ? &home->ir : NULL, NULL, NULL };
	p.bucket = part(&p, MO_IR_ASSET_BUCKET);
	p.key = part(&p, MO_IR_ASSET_KEY);
	const struct mo_ir_value *url[] = { text(&p, "https://"), p.bucket, text(&p, ".s3."), part(&p, MO_IR_ASSET_REGION), text(&p, "."),
		part(&p, MO_IR_ASSET_SUFFIX), text(&p, "/"), p.key };
	const struct mo_ir_value *uri[] = { text(&p, "s3://"), p.bucket, text(&p, "/"), p.key };
	put(&p, "bucket", p.bucket);
	put(&p, "key", p.key);
	put(&p, "url", joined(&p, url, sizeof(url) / sizeof(*url)));
	put(&p, "s3_uri", joined(&p, uri, sizeof(uri) / sizeof(*uri)));
	mo_value_set(ev->arena, p.record, MO_STR("hash"), span, mo_value_string(ev->arena, span, asset->hash));
	return p.record;
}

static const struct mo_value *
image_places(struct mo_eval *ev, const struct mo_ir_asset *image, struct mo_resource *home, struct mo_span span)
{
	struct places p = { ev, span, mo_value_record(ev->arena, span), image, home ? &home->ir : NULL, NULL, NULL };
	p.bucket = part(&p, MO_IR_ASSET_BUCKET);
	p.key = part(&p, MO_IR_ASSET_KEY);
	const struct mo_ir_value *uri[] = { part(&p, MO_IR_ASSET_ACCOUNT), text(&p, ".dkr.ecr."), part(&p, MO_IR_ASSET_REGION), text(&p, "."),
		part(&p, MO_IR_ASSET_SUFFIX), text(&p, "/"), p.bucket, text(&p, ":"), p.key };
	put(&p, "uri", joined(&p, uri, sizeof(uri) / sizeof(*uri)));
	put(&p, "repository", p.bucket);
	mo_value_set(ev->arena, p.record, MO_STR("tag"), span, mo_value_string(ev->arena, span, image->key));
	mo_value_set(ev->arena, p.record, MO_STR("hash"), span, mo_value_string(ev->arena, span, image->hash));
	return p.record;
}

// False after a report.
static bool
patterns_of(const struct mo_call *c, mo_names *out)
{
	const struct mo_value *list = c->count > 1 && c->args[1] ? mo_arg_list(c, 1) : NULL;
	if (c->count < 2 || !c->args[1]) {
		return true;
	}
	for (uint32_t i = 0; list && i < list->items.len; i++) {
		const struct mo_value *v = mo_coerce(c->ev, list->items.items[i], mo_type_of_kind(MO_TYPE_STRING), c->span);
		if (v->kind != MO_VALUE_STRING) {
			return false;
		}
		mo_push(c->ev->arena, out, v->text);
	}
	return list != NULL;
}

static bool
has_file(const mo_zip_files *files, const char *name)
{
	for (uint32_t i = 0; i < files->len; i++) {
		if (mo_str_is(files->items[i].name, name)) {
			return true;
		}
	}
	return false;
}

// What is packed, or built into an image.
static const struct mo_value *
published(const struct mo_call *c, bool image)
{
	struct mo_str path;
	mo_names *ignored = mo_new(c->ev->arena, mo_names);
	const struct mo_value *home = c->count > 2 && c->args[2] ? c->args[2] : mo_value_simple(MO_VALUE_NONE);
	if (!mo_arg_text(c, 0, &path) || !patterns_of(c, ignored) || mo_is_error(home)) {
		return mo_builtin_error();
	}
	struct mo_resource *place = home->kind == MO_VALUE_RESOURCE ? mo_resource_of(home->resource) : NULL;
	struct mo_program *p = c->ev->program;
	const struct mo_file_read *read = mo_program_read_tree(p, c->node, mo_module_of_node(p, c->node), path, mo_arg_span(c, 0), ignored);
	if (!read) {
		return mo_builtin_error();
	}
	if (image && !has_file(&read->tree, "Dockerfile")) {
		struct mo_diag *d = mo_report(c->ev->ctx->diags, MSG_NO_DOCKERFILE, mo_arg_span(c, 0), "there is no `Dockerfile` in `" MO_STR_FMT "`",
			MO_STR_ARG(path));
		mo_diag_help(d, "an image is built from a folder with a `Dockerfile`; a file is packed by `asset(…)`");
		return mo_builtin_error();
	}
	const struct mo_ir_asset *asset = asset_of(c->ev, &read->tree, path, image);
	return (image ? image_places : mo_asset_places)(c->ev, asset, place, c->span);
}

const struct mo_value *
mo_builtin_asset(const struct mo_call *c)
{
	return published(c, false);
}

const struct mo_value *
mo_builtin_image(const struct mo_call *c)
{
	return published(c, true);
}

// ---- in a template ---------------------------------------------------------------------------------------------------------------

static void
hold(struct mo_finish *fin, const struct mo_ir_asset *asset)
{
	struct mo_ir_template *t = fin->variant->template;
	for (uint32_t i = 0; i < t->assets.len; i++) {
		if (t->assets.items[i] == asset) {
			return;
		}
	}
	mo_push(fin->ev->arena, &t->assets, asset);
}

static void
hold_at(struct mo_finish *fin, const struct mo_ir_asset *asset, const struct mo_home *home)
{
	struct mo_variant *v = fin->variant;
	for (uint32_t i = 0; i < v->homed.len; i++) {
		if (v->homed.items[i].asset == asset && v->homed.items[i].home == home) {
			return;
		}
	}
	mo_push(fin->ev->arena, &v->homed, (struct mo_homed){ asset, home });
}

// Lambda takes code from buckets of its own region only (AWS Lambda API Reference, "FunctionCode").
static void
check_region(struct mo_finish *fin, const struct mo_ir_value *v, const struct mo_home *home)
{
	const struct mo_target *here = &fin->variant->target;
	bool of_code = fin->resource && mo_str_starts(fin->resource->ir.type, MO_STR("AWS::Lambda::")) && mo_str_is(fin->key, "S3Bucket");
	if (!of_code || !home->outside || !here->account || mo_str_eq(home->target.region, here->region)) {
		return;
	}
	struct mo_diag *d = mo_eval_report(fin->ev, fin->resource->instance, MSG_HOME_IN_OTHER_REGION, v->span,
		"this function is made in " MO_STR_FMT ", and its code is in a bucket in " MO_STR_FMT, MO_STR_ARG(here->region),
		MO_STR_ARG(home->target.region));
	mo_diag_label(d, home->bucket->ir.origin.span, "the bucket");
	mo_diag_help(d, "name a bucket of that region; for launchers in accounts of this program none needs to be named");
}

static const struct mo_ir_value *
place_of(struct mo_finish *fin, const struct mo_ir_value *v, const struct mo_home *home)
{
	struct mo_str pseudo = v->part == MO_IR_ASSET_ACCOUNT ? MO_STR("AWS::AccountId") : v->part == MO_IR_ASSET_REGION ? MO_STR("AWS::Region")
		: MO_STR("AWS::URLSuffix");
	return home->outside ? mo_ir_string(fin->ev->arena, v->span, mo_pseudo_known(&home->target, pseudo))
		: mo_ir_pseudo(fin->ev->arena, v->span, pseudo);
}

const struct mo_ir_value *
mo_finish_asset(struct mo_finish *fin, const struct mo_ir_value *v)
{
	if (v->part == MO_IR_ASSET_FILE || v->part == MO_IR_ASSET_VERSION) {
		fin->variant->names_files = true;
		return v;
	}
	struct mo_span at = mo_span_is_nowhere(fin->at) ? v->span : fin->at;
	const struct mo_home *home = mo_home_of(fin->ev, fin->variant, v->home ? mo_resource_of(v->home) : NULL, v->asset->files != NULL, at);
	if (!home) {
		return mo_ir_string(fin->ev->arena, v->span, MO_STR(""));
	}
	bool launched = fin->variant->stack->is_template;
	if (launched || !home->bucket) {
		hold(fin, v->asset);
	}
	if (launched || home->bucket) {
		hold_at(fin, v->asset, home);
	}
	switch (v->part) {
	case MO_IR_ASSET_BUCKET:
		check_region(fin, v, home);
		return home->name;
	case MO_IR_ASSET_KEY: // that of a template is not known yet
		return v->asset->of_template ? v : mo_ir_string(fin->ev->arena, v->span, v->asset->key);
	default:
		return place_of(fin, v, home);
	}
}
