// SPDX-License-Identifier: Apache-2.0
// Assets: files that are packed, named by their content and published to the bucket of the CDK's bootstrap in the account and region of
// every stack that uses them. Which bucket that is shows only in the template, so until it is finished the places of an asset are IR values
// of their own.
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

static const struct mo_ir_asset *
pack(struct mo_eval *ev, const mo_zip_files *files, struct mo_str path)
{
	struct mo_str hash = mo_tree_digest(ev->arena, files);
	struct mo_ir_asset *asset = mo_map_get(&ev->evaluator->assets, mo_str_hash(hash));
	if (asset) {
		return asset;
	}
	bool packed = files->len == 1 && is_archive(&files->items[0]);
	struct mo_str ending = packed ? ending_of(files->items[0].name) : MO_STR(".zip");
	asset = mo_new(ev->arena, struct mo_ir_asset);
	asset->path = path;
	asset->hash = hash;
	asset->key = mo_str_printf(ev->arena, MO_STR_FMT MO_STR_FMT, MO_STR_ARG(hash), MO_STR_ARG(ending));
	asset->file = mo_str_printf(ev->arena, "asset." MO_STR_FMT, MO_STR_ARG(asset->key));
	asset->bytes = packed ? files->items[0].bytes : mo_zip_pack(ev->arena, files);
	mo_map_put(ev->arena, &ev->evaluator->assets, mo_str_hash(hash), asset);
	return asset;
}

// ---- what a program reads of it --------------------------------------------------------------------------------------------------

struct places {
	struct mo_eval *ev;
	struct mo_span span;
	struct mo_value *record;
	const struct mo_ir_value *bucket, *key;
};

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
pseudo(struct places *p, const char *name)
{
	return mo_ir_pseudo(p->ev->arena, p->span, mo_str_c(name));
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
mo_asset_places(struct mo_eval *ev, const struct mo_ir_asset *asset, struct mo_span span)
{
	struct places p = { ev, span, mo_value_record(ev->arena, span), mo_ir_asset_part(ev->arena, span, asset, MO_IR_ASSET_BUCKET),
		mo_ir_asset_part(ev->arena, span, asset, MO_IR_ASSET_KEY) };
	const struct mo_ir_value *url[] = { text(&p, "https://"), p.bucket, text(&p, ".s3."), pseudo(&p, "AWS::Region"), text(&p, "."),
		pseudo(&p, "AWS::URLSuffix"), text(&p, "/"), p.key };
	const struct mo_ir_value *uri[] = { text(&p, "s3://"), p.bucket, text(&p, "/"), p.key };
	put(&p, "bucket", p.bucket);
	put(&p, "key", p.key);
	put(&p, "url", joined(&p, url, sizeof(url) / sizeof(*url)));
	put(&p, "s3_uri", joined(&p, uri, sizeof(uri) / sizeof(*uri)));
	mo_value_set(ev->arena, p.record, MO_STR("hash"), span, mo_value_string(ev->arena, span, asset->hash));
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

const struct mo_value *
mo_builtin_asset(const struct mo_call *c)
{
	struct mo_str path;
	mo_names *ignored = mo_new(c->ev->arena, mo_names);
	if (!mo_arg_text(c, 0, &path) || !patterns_of(c, ignored)) {
		return mo_builtin_error();
	}
	struct mo_program *p = c->ev->program;
	const struct mo_file_read *read = mo_program_read_tree(p, c->node, mo_module_of_node(p, c->node), path, mo_arg_span(c, 0), ignored);
	return read ? mo_asset_places(c->ev, pack(c->ev, &read->tree, path), c->span) : mo_builtin_error();
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

// The name that the bootstrap gives its bucket; it has the account and region in it.
static const struct mo_ir_value *
bucket_name(struct mo_finish *fin, struct mo_span span, struct mo_str qualifier)
{
	struct places p = { .ev = fin->ev, .span = span };
	struct mo_str start = mo_str_printf(fin->ev->arena, "cdk-" MO_STR_FMT "-assets-", MO_STR_ARG(qualifier));
	const struct mo_ir_value *parts[] = { mo_ir_string(fin->ev->arena, span, start), pseudo(&p, "AWS::AccountId"), text(&p, "-"),
		pseudo(&p, "AWS::Region") };
	return joined(&p, parts, sizeof(parts) / sizeof(*parts));
}

// Who launches a template cannot read the bootstrap's bucket of an account of ours.
static const struct mo_ir_value *
refuse_in_template(struct mo_finish *fin, const struct mo_ir_value *v)
{
	struct mo_diag *d = mo_report(fin->ev->ctx->diags, MSG_NOT_KNOWN_TO_LAUNCHERS, v->span,
		"whoever launches `" MO_STR_FMT "` has no bucket that holds this", MO_STR_ARG(fin->variant->stack->name));
	mo_diag_note(d, "it is published with the stacks of this program, and this template is none of them");
	mo_diag_help(d, "let the launcher say where it is: `param Bucket: String` and `param Key: String`");
	return mo_ir_string(fin->ev->arena, v->span, MO_STR(""));
}

const struct mo_ir_value *
mo_finish_asset(struct mo_finish *fin, const struct mo_ir_value *v)
{
	if (v->part == MO_IR_ASSET_FILE || v->part == MO_IR_ASSET_VERSION) {
		fin->variant->names_files = true;
		return v;
	}
	if (fin->variant->stack->is_template) {
		return refuse_in_template(fin, v);
	}
	const struct mo_ir_account *account = &fin->variant->target.account->ir;
	if (!account->bootstrap) {
		struct mo_diag *d = mo_report(fin->ev->ctx->diags, MSG_NO_ASSET_BUCKET, v->span,
			"the account `" MO_STR_FMT "` has no bucket for assets", MO_STR_ARG(account->name));
		mo_diag_label(d, account->span, "it says `bootstrap: false`");
		mo_diag_help(d, "leave `bootstrap` out, and run `cdk bootstrap` for the account once");
		return mo_ir_string(fin->ev->arena, v->span, MO_STR(""));
	}
	hold(fin, v->asset);
	if (v->part == MO_IR_ASSET_KEY && v->asset->of_template) {
		return v; // its content is not known yet
	}
	return v->part == MO_IR_ASSET_KEY ? mo_ir_string(fin->ev->arena, v->span, v->asset->key)
		: bucket_name(fin, v->span, account->qualifier);
}
