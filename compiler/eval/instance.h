// SPDX-License-Identifier: Apache-2.0
// Inside evaluation: frames, bodies that are being expanded, families, stacks and what is remembered of them. Seen by eval/ only.
//
// A frame is one life of a scope: of a file, of a component's instance, of a stack's body at one variant, of one turn of a `for`, of one
// call. Names are looked up by walking frames outwards to the one whose scope declares the symbol. Everything in a frame is evaluated
// when it is first asked for, once.
#ifndef MO_EVAL_INSTANCE_H
#define MO_EVAL_INSTANCE_H

#include "base/ctx.h"
#include "diag/diag.h"
#include "eval/eval.h"
#include "lock/lock.h"
#include "sema/check.h"
#include "sema/outside.h"

struct mo_variant;
struct mo_stack;
struct mo_decoration;
struct mo_change;
struct mo_outside;
struct mo_grant;

enum {
	MO_EVAL_LONGEST_LIST = 1000000, // elements that one list, range or `for` may have
	MO_EVAL_HEAVIEST = 20000000,    // parts of one value, counted as often as they are used
	MO_EVAL_HEAVIEST_IR = 1000000,  // of one that goes into a template
	MO_EVAL_MOST_MEMBERS = 5000000, // what one program may declare in families
};

#define MO_KEY(pointer) ((uint64_t)(uintptr_t)(pointer))

// ---- frames ----------------------------------------------------------------------------------------------------------------------

struct mo_binding {
	const struct mo_symbol *symbol;
	const struct mo_value *value;
};

struct mo_frame {
	struct mo_frame *parent;
	const struct mo_scope *scope;
	struct mo_instance *instance; // the body that it is in; NULL in a file
	const struct mo_binding *bindings; // variables of a loop, a call or a pattern
	uint32_t binding_count;
	const struct mo_ir_loop *loop; // that CloudFormation goes through; NULL: none
	bool naming;           // of a stack's name and settings: reads of `target` are not remembered
	struct mo_map slots;   // symbol -> mo_slot
	struct mo_map regions; // IF_DECL or FOR_DECL -> mo_region
	struct mo_map sites;   // mo_nesting -> mo_sites
	struct mo_map members; // declaration -> mo_member
	struct mo_outside *outside; // what the body says of resources from outside; NULL: nothing, or nobody asked
};

enum mo_progress { MO_NEW, MO_BUSY, MO_DONE };

// What a name is where a deploy-time condition holds.
struct mo_part {
	struct mo_guard *guard;
	const struct mo_value *value;
};

// The value of a name in a frame.
struct mo_slot {
	enum mo_progress progress;
	const struct mo_value *value; // as seen from everywhere
	MO_VEC(struct mo_part) parts; // under deploy-time conditions: as seen from inside them
};

// What is being evaluated, innermost first, for cycles; lives on the C stack.
struct mo_active {
	struct mo_active *outer;
	const void *subject;      // a slot, region, property…
	const struct mo_instance *instance; // in which it is; may be NULL
	struct mo_str owner;      // whose property it is; may be empty
	struct mo_str name;       // empty: not worth a hop of its own
	struct mo_span span;      // where it is declared
	struct mo_span asked;     // where it was asked for
};

// The conditions of deploy-time `if`s around a place, innermost first.
struct mo_guard {
	struct mo_guard *outer;
	struct mo_ir_condition *condition;
	bool negated;
	struct mo_span span;
	struct mo_ir_condition *all; // the conjunction, made when first needed
};

// An IF_DECL or FOR_DECL in a frame, decided or unrolled.
struct mo_region {
	enum mo_progress progress;
	bool failed;                            // nothing inside is looked at
	bool truth;                             // IF_DECL
	struct mo_ir_condition *condition;      // IF_DECL at deploy time; `truth` does not count then
	struct mo_guard *guards[2];             // of the branches, at deploy time
	MO_VEC(struct mo_frame *) turns;        // FOR_DECL
};

// A frame where a declaration stands.
struct mo_site {
	struct mo_frame *frame;
	struct mo_guard *guard; // NULL: always there
};

struct mo_sites {
	enum mo_progress progress;
	MO_VEC(struct mo_site) items;
};

// One declaration at one site: a resource, an instance, an account, a stack… or one member of a family of them.
struct mo_member {
	enum mo_progress progress;
	struct mo_node *node;
	struct mo_frame *frame;
	struct mo_guard *guard;
	const struct mo_value **keys;
	uint32_t key_count;
	bool bad_key; // reported
	const struct mo_value *value;
	struct mo_ir_param *param; // of a PARAM; NULL after an error
};

struct mo_family_group {
	struct mo_family_group *next;  // another with the same hash
	const struct mo_member *first; // its keys, where the mask has no star, are the group's
	mo_values values;
	const struct mo_value *list;
};

enum { MO_FAMILY_DIMENSIONS = 8 };

struct mo_family {
	const struct mo_symbol *symbol;
	uint32_t dimensions;
	bool reported; // two members with the same keys
	MO_VEC(const struct mo_member *) members; // in source order
	struct mo_map *groups[1 << MO_FAMILY_DIMENSIONS]; // by the set of keys that are fixed: hash of those -> mo_family_group
	const struct mo_value *as_value;
};

// ---- bodies ----------------------------------------------------------------------------------------------------------------------

// An argument of an instance: what was written for it, in order; the last one that is there counts.
struct mo_given {
	struct mo_node *node;         // evaluated in the caller's frame; NULL: `value`
	const struct mo_value *value; // from a spread
	struct mo_span span;
	const struct mo_change *change; // from `override` or `defaults`; NULL: from the block itself
	bool append;                    // added to what is there
};

struct mo_arguments;

struct mo_argument {
	const struct mo_arguments *of;
	mo_atom name;
	enum mo_progress progress;
	const struct mo_value *value; // once done
	const struct mo_value *raw;   // before it was made what is wanted
	struct mo_span span;
	MO_VEC(struct mo_given) given;
};

struct mo_arguments {
	enum mo_progress progress;
	bool failed; // a spread could not be read: fields may be missing
	struct mo_str owner; // path of the resource; empty for instances and accounts
	MO_VEC(struct mo_argument *) items; // in the order of first mention
	struct mo_map by_name;
};

struct mo_instance {
	struct mo_symbol *symbol;    // the component or stack
	struct mo_node *node;        // INSTANCE, STACK or TEMPLATE
	struct mo_frame *frame;      // of its body
	struct mo_frame *outer;      // where it was declared
	struct mo_instance *parent;  // NULL for a stack, or at the top level
	struct mo_guard *guard;
	struct mo_variant *variant;  // NULL at the top level
	struct mo_str path;          // `main.lab`; empty for a stack
	struct mo_str id;            // start of logical IDs: `MainLab`
	struct mo_str slug;          // `main/lab`
	struct mo_span origin;       // the user's line
	struct mo_arguments arguments;
	const struct mo_member *member; // NULL for a stack
	MO_VEC(struct mo_resource *) resources; // in source order, without those of nested instances
	MO_VEC(struct mo_instance *) instances;
	struct mo_decoration *decoration; // of the declaration and all around it
	uint32_t depth;              // of instances inside instances
	bool registered, evaluated;
	bool failed;                 // what it asserts does not hold
};

struct mo_resource {
	struct mo_ir_resource ir; // first: values point to it
	struct mo_node *node;     // RESOURCE or EXISTING
	struct mo_frame *frame;
	struct mo_instance *instance;
	const struct mo_member *member;
	struct mo_guard *guard;
	struct mo_str slug;                  // "main/subnet/private/0"
	struct mo_symbol *schema;            // of a custom resource type; NULL otherwise
	struct mo_arguments properties;
	struct mo_decoration *decoration;
	enum mo_progress changed;            // `override` and `defaults` have been looked at
	const struct mo_ir_value *raw;       // what @raw merges into it; NULL: nothing
	MO_VEC(struct mo_ir_resource *) ready_after; // whoever refers to this depends on these
	MO_VEC(struct mo_resource *) refers;         // resources of the same template in its values
	uint32_t mark;                               // template.c's
	const struct mo_ir_value *published;         // what a resource made by publish.c writes; NULL otherwise
	struct mo_str first_id;                      // without what @generation adds to it
	MO_VEC(struct mo_str) former;                // logical IDs that it may have had, the likeliest first
	struct mo_span renamed;                      // the innermost decorator that says so
	struct mo_stack *moved;                      // the stack that it may come from; NULL: its own, or .moved_name
	struct mo_str moved_name;                    // as that is deployed
	bool named;                                  // physical.c gave it its name
	struct mo_stack *nested;                     // of a nested stack: its template
	const struct mo_value *in;                   // of one that exists in an account: ACCOUNT or TARGET; NULL otherwise
	bool registered, evaluated;
	bool granted;                                // made by grant_policy.c: a policy
};

static inline struct mo_resource *
mo_resource_of(struct mo_ir_resource *r)
{
	return (struct mo_resource *)(void *)r;
}

// ---- from outside ------------------------------------------------------------------------------------------------------------------

// An OVERRIDE or DEFAULTS at one place.
struct mo_change {
	struct mo_node *node;
	struct mo_frame *frame;
	struct mo_guard *guard;
	const struct mo_outside *of;
	mo_path_parts path;           // OVERRIDE
	const struct mo_value **keys; // of all parts of the path, one after the other; NULL for a star
	enum mo_progress progress;    // of the keys
	bool failed;                  // a key could not be read
	bool matched;
};

struct mo_outside {
	enum mo_progress progress;
	struct mo_frame *frame;
	MO_VEC(struct mo_change *) changes; // in source order
};

// ---- accounts and stacks ---------------------------------------------------------------------------------------------------------

struct mo_account {
	struct mo_ir_account ir; // first
	const struct mo_value *labels, *regions;
	const struct mo_value *tags; // RECORD or NONE
	const struct mo_value *ref_id, *ref_region; // of an account_ref; NULL otherwise
	uint32_t used_regions;       // how many regions stacks deploy to
	struct mo_map regions_seen;
};

static inline struct mo_account *
mo_account_of(const struct mo_ir_account *a)
{
	return (struct mo_account *)(uintptr_t)a;
}

struct mo_target {
	struct mo_account *account;
	struct mo_str region;
	uint64_t hash; // of the account's identity and the region
	struct mo_span span;
};

// What a stack's evaluation asked of the target; equal answers share a template.
enum mo_read_kind {
	MO_READ_FIELD,    // .name: id, name, region, partition
	MO_READ_LABEL,    // .name; absent: none
	MO_READ_LABELS,   // all of them
	MO_READ_WHOLE,    // the target itself
	MO_READ_IS,       // whether it is .target
	MO_READ_STACK,    // which variant of .stack is there
	MO_READ_NAME,     // the deployed name of this stack
	MO_READ_TAGS,     // the account's tags
	MO_READ_QUALIFIER, // of the CDK's bootstrap; empty when the account has none
	MO_READ_KIND,     // which kind of target this is, where permissions tell targets apart
};

struct mo_read {
	enum mo_read_kind kind;
	mo_atom name;
	struct mo_target target;
	struct mo_stack *stack;
	struct mo_span span; // where it was read first
	bool reported;       // that it is missing at some target
};

// An answer: a hash and something to compare.
struct mo_answer {
	uint64_t hash;
	const struct mo_value *value;  // or
	const void *identity;
};

struct mo_decision;

struct mo_edge {
	struct mo_answer answer;
	struct mo_decision *to;
	struct mo_edge *next; // with the same hash
};

// A node of a stack's decision tree.
struct mo_decision {
	struct mo_read read;        // what is asked next, unless .variant is set
	struct mo_variant *variant;
	struct mo_map edges;        // hash -> mo_edge
	uint32_t edge_count;
};

struct mo_deployment {
	struct mo_stack *stack;
	struct mo_target target;
	struct mo_variant *variant;
	struct mo_ir_stack *ir;
	struct mo_ir_asset *file;      // the template's, once asked for
	const struct mo_value *handle; // STACK at this target, once asked for
	uint8_t mark;                  // order.c's
	uint32_t next_edge;
};

// Conditions with the same hash of their expressions.
struct mo_interned {
	struct mo_ir_condition *condition;
	struct mo_interned *next;
};

// A name of the Systems Manager that a template reads.
struct mo_stored_read {
	struct mo_variant *variant;
	struct mo_str name, type; // "/vpc/id", "AWS::EC2::VPC::Id"
	struct mo_span span;
	struct mo_ir_param *param;
	bool is_parameter; // some value takes it; others may be dynamic references
};

// Marks of values that other services keep, until it is known in which template they stand: names of intrinsics that do not exist.
#define MO_STORED_SSM "mlops::ssm"       // [name, type]
#define MO_STORED_SECURE "mlops::secure" // [name, type]
#define MO_STORED_SECRET "mlops::secret" // [name or ARN, key]

// One value that is read, and where first.
struct mo_link_read {
	struct mo_span span;
	struct mo_str what; // "main.subnet.SubnetId"; empty when the stack as such is waited for
};

// A stack of which something is read: at the same target, or always at one.
struct mo_producer {
	struct mo_stack *stack;
	bool elsewhere;
	bool mere; // only what need not be there: nobody waits
	struct mo_target target;
	MO_VEC(struct mo_link_read) reads;
};

// Somebody in another account who reads outputs of a stack at one of its targets.
struct mo_outside_reader {
	struct mo_target of;
	struct mo_str principal, account; // an ARN, and the id in it
};

// A stack that is being evaluated because it was asked for; lives on the C stack.
struct mo_reading {
	struct mo_reading *outer;
	struct mo_stack *stack;
	const struct mo_target *target;
	struct mo_span span;
};

// How a console shows a parameter.
struct mo_param_presentation {
	struct mo_ir_param *param;
	struct mo_str group, label; // may be empty
};

// Where files are that a template names: a bucket of this program, or that of the bootstrap wherever the template is deployed or launched.
struct mo_home {
	struct mo_resource *bucket;     // NULL: the bootstrap's
	struct mo_variant *producer;    // whose bucket it is; NULL for one that exists already, and for the bootstrap's
	bool outside;                   // at .target; else in the account and region of whoever reads it
	struct mo_target target;
	const struct mo_ir_value *name; // text, with pseudo parameters for what differs from place to place; NULL after a report
	struct mo_span span;            // where the program says so
};

// A file at a home.
struct mo_homed {
	const struct mo_ir_asset *asset;
	const struct mo_home *home;
};

// A stack as evaluated for all targets that agree on what it reads.
struct mo_variant {
	struct mo_stack *stack;
	struct mo_ir_asset *file; // the template's, once asked for
	bool names_files;         // it holds names of files, which are known only when templates are rendered
	struct mo_ir_template *template;
	struct mo_instance *body;
	struct mo_target target;  // the one it was evaluated with
	bool shadow;              // evaluated to be read from another account or region; never written
	bool begun;               // its body, as a whole
	bool finished;
	bool scanned;             // waves.c has looked for what it reads
	bool extended;            // it has the transform AWS::LanguageExtensions
	bool merged;              // others turned out alike, although they got other answers
	MO_VEC(struct mo_read) reads;
	MO_VEC(struct mo_answer) answers;
	struct mo_map reads_seen; // hash -> index + 1
	MO_VEC(struct mo_producer *) producers;  // stacks that it reads
	MO_VEC(struct mo_producer) likely;     // waves.c's: what it reads as far as one can tell before it is finished
	MO_VEC(struct mo_outside_reader) readers;
	struct mo_map readers_seen;
	bool role_reported;       // that the name of the readers' role is too long
	struct mo_map producers_seen;
	struct mo_map interned;   // as evaluated: hash of expression -> mo_interned
	struct mo_map conditions; // of the template: hash of expression -> mo_interned
	struct mo_map localized;  // condition as evaluated -> mo_ir_condition of the template
	struct mo_map mappings;   // as evaluated -> mo_ir_mapping of the template
	struct mo_map condition_ids, mapping_ids, rule_ids; // hash of an ID in use
	struct mo_map loops;      // hash of a list parameter and a name -> mo_ir_loop
	struct mo_guard *asserted; // what its rules say of parameters, so that it holds in all of it
	struct mo_map published;  // hash of path -> publish.c's
	struct mo_map imported;   // hash of path -> mo_ir_param
	struct mo_map stored;     // hash of name -> mo_stored_read
	MO_VEC(struct mo_deployment *) deployments;
	mo_lock_names members;         // keep.c's: under which names the lock file knows what is in these stacks
	uint32_t members_of;           // of how many deployments these are
	MO_VEC(struct mo_param_presentation) presentations; // for AWS::CloudFormation::Interface
	struct mo_map homes;      // bucket (NULL: that of `assets:`, or the bootstrap's) -> mo_home
	MO_VEC(struct mo_homed) homed; // files that it names, but for those of a stack that are in its own bootstrap's bucket
	bool taken;                    // from a file: finished when it is made
	struct mo_frame *giving;       // of a stack made from a template: where its parameters get their values
	struct mo_arguments arguments; // these
	struct mo_map params;     // symbol of the body's own -> mo_ir_param
};

struct mo_stack {
	struct mo_symbol *symbol; // a copy per member of a family, so that values can tell them apart
	struct mo_symbol *declared;
	struct mo_item *item;     // STACK or TEMPLATE
	struct mo_span span;      // of its name
	struct mo_node *where;    // its targets, or who launches it; may be NULL
	bool is_template;         // launched by others: the targets are those of its audience, of which nothing can be read
	struct mo_node *from;     // the template that a stack is made from; NULL when it has a body of its own
	struct mo_node *given;    // the block that gives values to its parameters
	struct mo_stack *origin;  // that template, once asked for
	bool has_origin;
	struct mo_ir_asset *asset;   // of a template, once asked for
	struct mo_ir_asset *project; // the same in YAML, which SageMaker makes projects of; NULL: nobody asked
	const struct mo_value *unit; // of a template: a RECORD of the organizational unit that it is for, empty or NONE for anywhere
	struct mo_frame *frame;   // where it is declared
	struct mo_str name;       // with keys: "app-fraud"
	struct mo_decoration *decoration; // of what is around it
	enum mo_progress progress; // of the targets
	MO_VEC(struct mo_deployment *) deployments;
	struct mo_map by_target;  // hash of target -> mo_deployment
	struct mo_map shadows;    // hash of target -> mo_variant
	struct mo_map holds;      // of a template: mo_stack -> bool, whether whoever launches it has that stack
	bool circular_known, circular; // whether it and another stack read each other
	bool regions_counted, several_regions; // of one account
	struct mo_decision *root;
	MO_VEC(struct mo_variant *) variants;
	mo_ir_stacks made;        // keep.c's: all of its stacks
};

// What a STACK or TEMPLATE value's symbol stands for.
struct mo_stack_handle {
	struct mo_symbol symbol; // first
	struct mo_stack *stack;
	bool has_target;
	struct mo_target target;
};

// ---- the evaluator's own state ---------------------------------------------------------------------------------------------------

struct mo_evaluator {
	struct mo_map files;        // module -> mo_frame
	struct mo_active *active;
	struct mo_reading *reading;
	struct mo_variant *variant; // the stack that is being evaluated; NULL at the top level
	struct mo_guard *guard;     // the deploy-time conditions around what is being evaluated
	const struct mo_target *naming; // evaluating a stack's name or settings for this target: reads are not recorded
	MO_VEC(struct mo_account *) accounts;
	struct mo_map account_ids;  // hash of id -> mo_account
	struct mo_map misfits;      // place and message of what did not fit its type -> mo_diag
	MO_VEC(struct mo_stack *) stacks;
	MO_VEC(struct mo_stack *) templates; // that others launch
	struct mo_map template_names, artifact_names; // hash of a name in use
	struct mo_map handles;      // symbol -> mo_stack_handle
	struct mo_map owners;       // parameter, mapping name, pseudo parameter: what only one template has -> mo_variant
	struct mo_map mappings;     // RECORD value -> mo_ir_mapping as evaluated
	struct mo_map mapping_names; // IR STRING, the first operand of Fn::FindInMap -> mo_ir_mapping as evaluated
	struct mo_map assets;       // hash of its digest -> mo_ir_asset
	struct mo_map named;        // mo_ir_condition as evaluated whose name comes from a `let` -> itself
	struct mo_map conditions;   // of the top level: hash of expression -> mo_interned
	struct mo_map sides;        // IR IF -> mo_sides
	MO_VEC(struct mo_grant *) grants; // in the order of evaluation
	const struct mo_value *platform_tags;
	struct mo_str organization; // "o-…", of the platform; empty when it does not say
	bool account_tags;          // some account has tags
	MO_VEC(struct mo_stored_read *) stored; // by all templates
	bool own_bootstraps;        // some account's bootstrap is not the usual one, and with it the bucket for assets
	struct mo_map stacks_named; // STACK symbol -> circular.c's
	struct mo_span platform_span;
	struct mo_map defaults_seen, defaults_taken; // DEFAULTS at some place; those, and values in them, that a resource took
	struct mo_map plans;        // hash of a place and a range -> range.c's
	uint32_t plans_told_apart;    // calls of cidr_plan with another one before them in the same declaration
	struct mo_map published_before; // keep_published.c's: hash of a name of members -> what was published
	struct mo_map rivals;       // pairs of OVERRIDE that were reported to set one property
	uint32_t members;
};

// ---- eval/frame.c
struct mo_frame *mo_frame_new(struct mo_eval *ev, struct mo_frame *parent, const struct mo_scope *scope,
	struct mo_instance *instance);
struct mo_frame *mo_frame_of_module(struct mo_eval *ev, struct mo_module *module);
// The frame that declares a symbol, seen from `from`; NULL when it cannot be reached.
struct mo_frame *mo_frame_of(struct mo_eval *ev, struct mo_frame *from, const struct mo_symbol *symbol);
// The value of a name; `span` is where it was asked for.
const struct mo_value *mo_eval_name(struct mo_eval *ev, struct mo_frame *from, struct mo_symbol *symbol, struct mo_span span);
// The value of a symbol in the frame that declares it.
const struct mo_value *mo_eval_slot(struct mo_eval *ev, struct mo_frame *home, struct mo_symbol *symbol, struct mo_span span);
// Enters something that must not need itself. False when it does: the cycle is reported.
bool mo_active_push(struct mo_eval *ev, struct mo_active *a);
void mo_active_pop(struct mo_eval *ev, struct mo_active *a);
void mo_report_cycle(struct mo_eval *ev, const void *subject, struct mo_span asked);
struct mo_str mo_symbol_text(struct mo_eval *ev, const struct mo_symbol *s);

// ---- eval/weigh.c
// How many parts a value has; parts count as often as they are used.
uint64_t mo_parts_of(const struct mo_value *v);
bool mo_weigh(struct mo_eval *ev, const struct mo_value *v, uint64_t most, struct mo_span span); // false: too large, reported

// ---- eval/expr.c
const struct mo_value *mo_eval_let(struct mo_eval *ev, struct mo_symbol *symbol, struct mo_let_node *let, struct mo_frame *f);
// The value of an expression. `want` is what the place wants, NULL when that is not known: a hint for values that depend on deploy-time
// conditions, nothing is coerced to it otherwise.
const struct mo_value *mo_eval_expr(struct mo_eval *ev, struct mo_frame *f, struct mo_node *n, const struct mo_type *want);
const struct mo_value *mo_eval_typed(struct mo_eval *ev, struct mo_frame *f, struct mo_node *n, const struct mo_type *type);
const struct mo_value *mo_error_value(void);
bool mo_is_error(const struct mo_value *v);
bool mo_is_none(const struct mo_value *v);
// The type of a type node.
const struct mo_type *mo_eval_type(struct mo_eval *ev, struct mo_node *n);

// ---- eval/collection.c
const struct mo_value *mo_eval_list(struct mo_eval *ev, struct mo_frame *f, struct mo_list_node *n, const struct mo_type *want);
const struct mo_value *mo_eval_record(struct mo_eval *ev, struct mo_frame *f, struct mo_record_node *n, const struct mo_type *want);
const struct mo_value *mo_eval_list_for(struct mo_eval *ev, struct mo_frame *f, struct mo_list_for_node *n,
	const struct mo_type *want);
const struct mo_value *mo_eval_record_for(struct mo_eval *ev, struct mo_frame *f, struct mo_record_for_node *n,
	const struct mo_type *want);
// Calls `each` for every element of what a `for` goes over. False when it cannot be gone over (reported) or `each` gave false.
typedef bool (*mo_each)(struct mo_eval *ev, void *data, const struct mo_value *first, const struct mo_value *second);
bool mo_iterate(struct mo_eval *ev, const struct mo_value *over, struct mo_span span, bool two, mo_each each, void *data);

// ---- eval/operator.c
const struct mo_value *mo_eval_unary(struct mo_eval *ev, struct mo_frame *f, struct mo_unary_node *n);
const struct mo_value *mo_eval_binary(struct mo_eval *ev, struct mo_frame *f, struct mo_binary_node *n, const struct mo_type *want);

// ---- eval/arithmetic.c
const struct mo_value *mo_arithmetic(struct mo_eval *ev, struct mo_binary_node *n, const struct mo_value *a,
	const struct mo_value *b);
const struct mo_value *mo_compare(struct mo_eval *ev, struct mo_binary_node *n, const struct mo_value *a, const struct mo_value *b);
const struct mo_value *mo_range(struct mo_eval *ev, struct mo_binary_node *n, const struct mo_value *a, const struct mo_value *b);
const struct mo_value *mo_negate(struct mo_eval *ev, struct mo_unary_node *n, const struct mo_value *a);
const struct mo_value *mo_wrong_operands(struct mo_eval *ev, struct mo_span span, enum mo_op op, const struct mo_value *a,
	const struct mo_value *b);

// ---- eval/choice.c
const struct mo_value *mo_eval_if(struct mo_eval *ev, struct mo_frame *f, struct mo_if_expr_node *n, const struct mo_type *want);
// Fn::If over two values, each as `want` wants it (NULL: as it is); none becomes AWS::NoValue.
const struct mo_value *mo_choose(struct mo_eval *ev, struct mo_span span, struct mo_ir_condition *c, const struct mo_value *then,
	const struct mo_value *otherwise, const struct mo_type *want);
// What a DEPLOY value was chosen from, so that members of both sides can be read; NULL when it was not.
struct mo_sides {
	struct mo_ir_condition *condition;
	const struct mo_value *then, *otherwise;
};
const struct mo_sides *mo_sides_of(struct mo_eval *ev, const struct mo_value *v);
// mo_coerce, on both sides of a choice.
const struct mo_value *mo_coerce_choice(struct mo_eval *ev, const struct mo_value *v, const struct mo_type *type,
	struct mo_span span);
// Resources as what Ref gives, alone or in a list; anything else as it is.
const struct mo_value *mo_as_refs(struct mo_eval *ev, const struct mo_value *v);

// ---- eval/match.c
const struct mo_value *mo_eval_match(struct mo_eval *ev, struct mo_frame *f, struct mo_match_node *n, const struct mo_type *want);

// ---- eval/condition.c
// The truth of a Bool: known, or a condition.
struct mo_truth {
	bool known, truth;
	struct mo_ir_condition *condition; // when not known
	struct mo_span span;
};
bool mo_eval_truth(struct mo_eval *ev, struct mo_frame *f, struct mo_node *n, struct mo_truth *out); // false: reported
bool mo_truth_of(struct mo_eval *ev, const struct mo_value *v, struct mo_span span, struct mo_str name, struct mo_truth *out);
struct mo_truth mo_truth_known(bool b);
struct mo_truth mo_truth_not(struct mo_eval *ev, struct mo_truth t);
struct mo_truth mo_truth_both(struct mo_eval *ev, struct mo_truth a, struct mo_truth b);
struct mo_truth mo_truth_either(struct mo_eval *ev, struct mo_truth a, struct mo_truth b);
const struct mo_value *mo_truth_value(struct mo_eval *ev, struct mo_span span, struct mo_truth t);
bool mo_is_condition(const struct mo_ir_value *ir); // Fn::Equals and its like, not text
// The condition with this expression; equal ones in one stack are one. A name from a `let` wins over one from a text.
struct mo_ir_condition *mo_condition_new(struct mo_eval *ev, struct mo_span span, struct mo_str name, bool from_let,
	const struct mo_ir_value *expression);
const struct mo_value *mo_condition_value(struct mo_eval *ev, struct mo_span span, struct mo_ir_condition *c);
const struct mo_value *mo_equal(struct mo_eval *ev, struct mo_span span, const struct mo_value *a, const struct mo_value *b,
	bool negated);
uint64_t mo_ir_hash(const struct mo_ir_value *v); // equal expressions have equal hashes
bool mo_ir_is_no_value(const struct mo_ir_value *v);

// ---- eval/guard.c
struct mo_guard *mo_guard_add(struct mo_eval *ev, struct mo_guard *outer, struct mo_ir_condition *c, bool negated,
	struct mo_span span);
// `outer`, and what follows from the condition: both sides of Fn::And, the opposite of Fn::Not.
struct mo_guard *mo_guard_assume(struct mo_eval *ev, struct mo_guard *outer, struct mo_ir_condition *c, bool negated,
	struct mo_span span);
// 1: holds under `around`; -1: cannot hold; 0: not known.
int mo_guard_says(const struct mo_guard *around, const struct mo_ir_condition *c);
int mo_known_here(struct mo_eval *ev, const struct mo_guard *around, const struct mo_ir_condition *c); // the same, with the template's rules
bool mo_guard_implies(const struct mo_guard *around, const struct mo_guard *all); // every condition of `all` holds
struct mo_ir_condition *mo_guard_condition(struct mo_eval *ev, struct mo_guard *g); // the conjunction; NULL for NULL
// The condition under which an optional deploy-time value is there; NULL when it always is.
struct mo_ir_condition *mo_presence_of(struct mo_eval *ev, const struct mo_value *v);
const struct mo_value *mo_present_part(struct mo_eval *ev, const struct mo_value *v);

// ---- eval/condition_name.c
struct mo_str mo_condition_name(struct mo_eval *ev, struct mo_frame *f, struct mo_node *n); // empty when nothing short says it

// ---- eval/member.c
const struct mo_value *mo_eval_member_node(struct mo_eval *ev, struct mo_frame *f, struct mo_member_node *n);
bool mo_is_target_name(const struct mo_node *n);                         // `target`
bool mo_is_target_labels(struct mo_eval *ev, struct mo_node *n);         // `target.labels`
const struct mo_value *mo_record_member(struct mo_eval *ev, const struct mo_value *object, struct mo_name name, bool lenient);

// ---- eval/index.c
const struct mo_value *mo_eval_index(struct mo_eval *ev, struct mo_frame *f, struct mo_index_node *n);

// ---- eval/family.c
const struct mo_value *mo_family_build(struct mo_eval *ev, struct mo_frame *home, struct mo_symbol *symbol);
// Members whose keys equal those given; NULL stands for a star. NULL when there are none.
struct mo_family_group *mo_family_find(struct mo_eval *ev, struct mo_family *family, const struct mo_value *const *keys);
struct mo_str mo_family_key_text(struct mo_eval *ev, const struct mo_member *m); // `["private", 0]`, empty without keys

// ---- eval/call.c
const struct mo_value *mo_eval_call(struct mo_eval *ev, struct mo_frame *f, struct mo_call_node *n);

// ---- eval/intrinsic.c
const struct mo_value *mo_eval_intrinsic(struct mo_eval *ev, struct mo_frame *f, struct mo_call_node *n);

// ---- eval/expand.c
// What evaluation is about: which stack, which conditions hold. Entered for a frame, left with what was before.
struct mo_place_of_work {
	struct mo_variant *variant;
	const struct mo_target *naming;
	struct mo_guard *guard;
	uint32_t reported; // diagnostics before
};
struct mo_place_of_work mo_enter(struct mo_eval *ev, const struct mo_frame *f, struct mo_guard *guard);
void mo_leave(struct mo_eval *ev, const struct mo_frame *f, struct mo_place_of_work before);
struct mo_region *mo_region_of(struct mo_eval *ev, struct mo_frame *f, struct mo_guard *guard, struct mo_node *n);
const struct mo_sites *mo_sites_of(struct mo_eval *ev, struct mo_frame *home, const struct mo_nesting *nesting);
struct mo_member *mo_member_at(struct mo_eval *ev, struct mo_frame *f, struct mo_guard *guard, struct mo_node *node);
// Whether a value is the element of a list that CloudFormation goes over.
bool mo_is_each(const struct mo_value *v);
mo_nodes mo_keys_of(struct mo_node *declaration);
struct mo_name mo_name_of(const struct mo_node *declaration);
// Calls `visit` for every declaration of a block, loops unrolled and branches chosen, in source order.
typedef void (*mo_visit)(struct mo_eval *ev, void *data, struct mo_frame *f, struct mo_guard *guard, struct mo_node *item);
void mo_walk_items(struct mo_eval *ev, struct mo_frame *f, struct mo_guard *guard, mo_nodes items, mo_visit visit, void *data);

// ---- eval/arguments.c
// What a block says: fields and spreads, merged. Fields are evaluated when asked for, in frame `f`.
void mo_arguments_collect(struct mo_eval *ev, struct mo_frame *f, struct mo_node *block, struct mo_arguments *out);
// The argument of a name, made when nothing was given for it yet; `span` is where it is mentioned.
struct mo_argument *mo_argument_add(struct mo_eval *ev, struct mo_arguments *a, mo_atom name, struct mo_span span);
struct mo_argument *mo_argument_find(const struct mo_arguments *a, mo_atom name); // NULL when not given
// Its value as `type` wants it (NULL: as it is); none when it is absent after all.
const struct mo_value *mo_argument_value(struct mo_eval *ev, struct mo_frame *f, struct mo_argument *a, const struct mo_type *type);

// ---- eval/instance.c
const struct mo_value *mo_instance_make(struct mo_eval *ev, struct mo_member *m);
void mo_force_family(struct mo_eval *ev, struct mo_frame *f, struct mo_node *item);
void mo_instance_register(struct mo_eval *ev, struct mo_instance *i);
void mo_instance_evaluate(struct mo_eval *ev, struct mo_instance *i);
const struct mo_value *mo_input_value(struct mo_eval *ev, struct mo_frame *home, struct mo_symbol *symbol);
const struct mo_value *mo_instance_member(struct mo_eval *ev, struct mo_instance *i, struct mo_name name, struct mo_span span);
bool mo_instance_has_member(const struct mo_instance *i, mo_atom name);
bool mo_in_library(struct mo_eval *ev, struct mo_span span);
struct mo_str mo_member_path(struct mo_eval *ev, const struct mo_instance *around, struct mo_name name, const struct mo_member *m);
struct mo_str mo_member_id(struct mo_eval *ev, const struct mo_instance *around, struct mo_name name, const struct mo_member *m);
struct mo_str mo_member_slug(struct mo_eval *ev, const struct mo_instance *around, struct mo_name name, const struct mo_member *m);

// ---- eval/assert.c
// False: it does not hold (reported). What only CloudFormation can decide becomes a rule of the template.
bool mo_eval_assert(struct mo_eval *ev, struct mo_frame *f, struct mo_guard *guard, struct mo_assert_node *n);

// ---- eval/output.c
// The value as one text, which is what outputs and parameters are: elements joined by commas, true or false.
const struct mo_value *mo_as_one_text(struct mo_eval *ev, const struct mo_value *v, struct mo_span span);
// An output of a stack, or all members of a family of them at a frame.
void mo_output_make(struct mo_eval *ev, struct mo_instance *stack, struct mo_frame *f, struct mo_guard *guard,
	struct mo_output_node *n);

// ---- eval/resource.c
const struct mo_value *mo_resource_make(struct mo_eval *ev, struct mo_member *m);
void mo_resource_evaluate(struct mo_eval *ev, struct mo_resource *r);
// A member of a resource: a property that was set, an attribute, `.Ref`.
// `seen` is the type that the checker gave it, NULL when that is not known: a Duration is a Duration where it was written as one.
const struct mo_value *mo_resource_member(struct mo_eval *ev, struct mo_resource *r, struct mo_name name, const struct mo_type *seen);
bool mo_resource_has_member(struct mo_eval *ev, struct mo_resource *r, struct mo_str name);
// What was written for a property, as the property wants it; NULL when it was not written.
const struct mo_value *mo_resource_written(struct mo_eval *ev, struct mo_resource *r, struct mo_str property, struct mo_span span);

// ---- eval/outside.c
// Adds what `override` and `defaults` say of a resource to its properties, once.
void mo_change_resource(struct mo_eval *ev, struct mo_resource *r);
// Reports overrides of a body that found nothing to change, once everything inside is evaluated.
void mo_report_unmatched(struct mo_eval *ev, struct mo_instance *body);
// Warns of defaults that nothing took.
void mo_report_unused_defaults(struct mo_eval *ev);
// Notes that a property took its default.
void mo_default_taken(struct mo_eval *ev, const struct mo_given *g);
// ---- eval/grant_verb.c
// Whether an attribute is the ARN of the resource itself; and that ARN: what was written, what the service gives, or what follows from the
// catalog's template. NULL when nobody can say it (nothing reported).
bool mo_is_arn_attribute(struct mo_eval *ev, const struct mo_resource *r, struct mo_str attribute);
const struct mo_ir_value *mo_arn_of(struct mo_eval *ev, struct mo_resource *r, struct mo_span span);

// ---- eval/decorator.c
struct mo_decoration {
	struct mo_decoration *outer; // of the instance or stack around
	struct mo_item *item;
	struct mo_frame *frame;
	enum mo_progress tags_progress;
	const struct mo_value *tags; // RECORD, ERROR, or NULL without @tags
};
struct mo_decoration *mo_decoration_new(struct mo_eval *ev, struct mo_decoration *outer, struct mo_item *item, struct mo_frame *f);
struct mo_decorator_node *mo_decorator_find(struct mo_eval *ev, const struct mo_item *item, const char *name);
// A positional or named argument of a decorator; NULL when it is not there.
struct mo_node *mo_decorator_argument(struct mo_eval *ev, const struct mo_decorator_node *d, uint32_t position, const char *name);
void mo_decorate_resource(struct mo_eval *ev, struct mo_resource *r);
void mo_decorate_template(struct mo_eval *ev, struct mo_variant *v); // @transform and @metadata of a stack
struct mo_str mo_decorator_id(struct mo_eval *ev, struct mo_item *item, struct mo_frame *f); // of @id; empty without one

// ---- eval/moved.c
struct mo_str mo_generation_of(struct mo_eval *ev, const struct mo_resource *r); // what the ID gets behind it; empty for the first
void mo_note_former(struct mo_eval *ev, struct mo_resource *r);                  // @renamed_from and @moved_from

// ---- eval/tag_shape.c
bool mo_is_taggable(const struct mo_resource *r);
// Adds tags (a RECORD) to those that the resource wrote itself.
void mo_write_tags(struct mo_eval *ev, struct mo_resource *r, const struct mo_value *tags);

// ---- eval/tags.c
void mo_tag_resource(struct mo_eval *ev, struct mo_resource *r);
// Tags of a stack at a target that are known now.
void mo_tag_stack(struct mo_eval *ev, struct mo_frame *naming, const struct mo_deployment *d, mo_ir_tags *out);

// ---- eval/notify.c
void mo_notify_topics(struct mo_eval *ev, struct mo_frame *naming, struct mo_deployment *d);

// ---- eval/param.c
const struct mo_value *mo_param_make(struct mo_eval *ev, struct mo_member *m);
void mo_param_register(struct mo_eval *ev, struct mo_member *m); // writes it into the template, once
// "AWS::EC2::VPC::Id" for what identifies a VPC; empty when CloudFormation has no type for it.
struct mo_str mo_specific_type(struct mo_str resource, struct mo_str attribute);
void mo_param_interface(struct mo_eval *ev, struct mo_variant *v);

// ---- eval/account.c
// An account of values that may be known only at deploy time; without a region, that of the stack at hand.
const struct mo_value *mo_account_ref(struct mo_eval *ev, const struct mo_value *id, const struct mo_value *region, struct mo_span span);
const struct mo_value *mo_account_make(struct mo_eval *ev, struct mo_member *m);
const struct mo_value *mo_account_member(struct mo_eval *ev, const struct mo_value *v, struct mo_name name);
bool mo_account_has_member(const struct mo_value *v, struct mo_str name);
const struct mo_value *mo_target_value(struct mo_eval *ev, struct mo_span span, const struct mo_target *t);
bool mo_target_of(struct mo_eval *ev, const struct mo_value *v, struct mo_target *out); // of an ACCOUNT or TARGET
bool mo_target_equal(const struct mo_target *a, const struct mo_target *b);
struct mo_target mo_target_make(struct mo_account *account, struct mo_str region, struct mo_span span);

// ---- eval/stack.c
const struct mo_value *mo_stack_make(struct mo_eval *ev, struct mo_member *m);
void mo_stack_targets(struct mo_eval *ev, struct mo_stack *s);
struct mo_stack_handle *mo_stack_handle_of(struct mo_eval *ev, const struct mo_value *v);
// The template that a stack is made from; NULL when it has a body of its own, or after a report.
struct mo_stack *mo_stack_origin(struct mo_eval *ev, struct mo_stack *s);
struct mo_stack *mo_template_of(struct mo_eval *ev, const struct mo_value *v); // of a TEMPLATE, NULL otherwise
const struct mo_value *mo_stack_at(struct mo_eval *ev, const struct mo_value *stack, const struct mo_value *target,
	struct mo_span span);
const struct mo_value *mo_deployment_value(struct mo_eval *ev, struct mo_deployment *d, struct mo_span span); // the stack there
const struct mo_value *mo_stack_here(struct mo_eval *ev, struct mo_span span);
const struct mo_value *mo_stack_member(struct mo_eval *ev, const struct mo_value *stack, struct mo_name name, struct mo_span span);
bool mo_stack_has_member(struct mo_eval *ev, const struct mo_value *stack, mo_atom name);
void mo_report_not_deployed(struct mo_eval *ev, const struct mo_stack *s, const struct mo_target *t, struct mo_span span);
// A frame in which names and settings of a stack are evaluated, for one target at a time.
struct mo_frame *mo_stack_naming(struct mo_eval *ev, const struct mo_stack *s);
struct mo_str mo_stack_deployed_name(struct mo_eval *ev, const struct mo_deployment *d);

// ---- eval/variant.c
// The template of a stack for a deployment; evaluated when no other target's will do.
struct mo_variant *mo_variant_of(struct mo_eval *ev, struct mo_deployment *d, struct mo_span span);
void mo_variant_complete(struct mo_eval *ev, struct mo_variant *v); // evaluates all of its body, unless that has begun
struct mo_variant *mo_variant_shadow(struct mo_eval *ev, struct mo_stack *s, const struct mo_target *t, struct mo_span span);
// Reads something of the target of the stack at hand and remembers that. ERROR outside a stack (reported).
const struct mo_value *mo_target_read(struct mo_eval *ev, enum mo_read_kind kind, struct mo_name name);
bool mo_target_is(struct mo_eval *ev, const struct mo_target *t, struct mo_span span);
struct mo_variant *mo_target_stack(struct mo_eval *ev, struct mo_stack *s, struct mo_span span);
const struct mo_target *mo_target_here(struct mo_eval *ev); // NULL outside a stack
void mo_variants_name(struct mo_eval *ev, struct mo_stack *s); // names the files of its templates
struct mo_str mo_unique_name(struct mo_eval *ev, struct mo_map *used, struct mo_str name); // `name`, or `name-2` …
struct mo_str mo_unique_id(struct mo_eval *ev, struct mo_map *used, struct mo_str id);     // `id`, or `id2` …

// Tells a deployment apart from others of its stack when everything is evaluated again.
void mo_separate(struct mo_eval *ev, const struct mo_deployment *d, uint32_t kind);

// ---- eval/merge.c
void mo_variants_merge(struct mo_eval *ev, struct mo_stack *s); // templates that are alike become one
// The property or output that holds the first value which is not alike in the two, and where that value comes from in `a`.
struct mo_span mo_template_difference(const struct mo_ir_template *a, const struct mo_ir_template *b, struct mo_span *value);

// ---- eval/template.c
// Names a macro in the template's Transform, once: a STRING, or an OBJECT { Name, Parameters }.
void mo_template_transform(struct mo_eval *ev, struct mo_ir_template *t, const struct mo_ir_value *macro);
// Makes a template ready to be written: conditions named, optional parts wrapped, values of other stacks brought in.
void mo_variant_finish(struct mo_eval *ev, struct mo_variant *v);
void mo_resource_finish(struct mo_eval *ev, struct mo_resource *r); // one that joins its template later

// ---- eval/elsewhere.c
// What `attribute` ("Ref" for Ref) of a resource of another stack is known to be where that was evaluated for: text, or NULL when only its
// deployment will tell.
const struct mo_ir_value *mo_known_elsewhere(struct mo_eval *ev, struct mo_resource *r, struct mo_str attribute, struct mo_span span);

// Adds the ARN of something that exists in an account, when it follows from what was written.
void mo_existing_complete(struct mo_eval *ev, struct mo_resource *r);
// What the pseudo parameter is at a target; empty when that is not known.
struct mo_str mo_pseudo_known(const struct mo_target *t, struct mo_str pseudo);
// A value of the top level as it is in another account or region: pseudo parameters, and what depends on them, are known there.
const struct mo_value *mo_settle(struct mo_eval *ev, const struct mo_target *target, const struct mo_value *v);
const struct mo_ir_value *mo_settle_ir(struct mo_eval *ev, const struct mo_target *target, const struct mo_ir_value *v);

// ---- eval/order.c
void mo_order_stacks(struct mo_eval *ev);

// ---- eval/naming.c
void mo_id_add(struct mo_buf *b, struct mo_str segment); // letters and digits, first letters raised
struct mo_str mo_id_of(struct mo_eval *ev, struct mo_str segment);
// The name of an account, stack or template: of the instances around it, its own, and its keys.
struct mo_str mo_global_name(struct mo_eval *ev, const struct mo_member *m);
struct mo_str mo_kebab(struct mo_eval *ev, struct mo_str name);
// Adds the word in kebab-case, after a hyphen when something stands before it.
void mo_add_kebab(struct mo_eval *ev, struct mo_buf *b, struct mo_str word);
struct mo_str mo_key_text(struct mo_eval *ev, const struct mo_value *key); // a String's text, an Int's digits
uint64_t mo_hash_mix(uint64_t a, uint64_t b);
struct mo_str mo_atom_text(struct mo_eval *ev, mo_atom name);

// ---- eval/report.c
// Reports; a place inside the library moves to the user's line, with the library's as a label.
struct mo_diag *mo_eval_report(struct mo_eval *ev, const struct mo_instance *i, enum mo_message message, struct mo_span span,
	const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void mo_relocate(struct mo_eval *ev, uint32_t from, const struct mo_instance *i);
const struct mo_value *mo_needs_compile_time(struct mo_eval *ev, const struct mo_value *v, struct mo_span span, const char *what);
const struct mo_value *mo_cannot_compute(struct mo_eval *ev, struct mo_span span, const struct mo_value *v, const char *what,
	const char *instead);
const struct mo_value *mo_not_supported(struct mo_eval *ev, struct mo_span span, const char *what);

#include "eval/launch.h"

#endif
