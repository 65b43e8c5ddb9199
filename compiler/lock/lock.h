// SPDX-License-Identifier: Apache-2.0
// What earlier builds of the program have decided and later ones must know: mlops.lock, a text file that its users keep beside the program.
// One line is one fact (facts.def says which there are), so that two people's changes merge line by line. The file is read before the
// program is evaluated; whoever decides something puts the fact into the next state of the file, which a build writes when all went well.
// Knows nothing of the language and nothing of platforms: texts in, texts out.
#ifndef MO_LOCK_LOCK_H
#define MO_LOCK_LOCK_H

#include "base/ctx.h"
#include "base/vec.h"
#include "diag/diag.h"

enum { MO_LOCK_FORMAT = 1, MO_LOCK_MOST_FIELDS = 6 };

enum mo_lock_kind {
#define MO_LOCK_FACT(ID, word, keys, fields, names) MO_LOCK_##ID,
#include "lock/facts.def"
	MO_LOCK_KINDS
};

struct mo_lock_fact {
	enum mo_lock_kind kind;
	struct mo_str fields[MO_LOCK_MOST_FIELDS];
	struct mo_span span; // its line in the file; nowhere for a new one
};

typedef MO_VEC(struct mo_lock_fact) mo_lock_facts;
typedef MO_VEC(struct mo_str) mo_lock_names;

// A state of the file.
struct mo_lock_state {
	mo_lock_facts facts[MO_LOCK_KINDS]; // of what was read: in the order of the file
	struct mo_map index;                // hash of kind and keys -> index into the facts of that kind + 1
};

struct mo_lock {
	struct mo_arena *arena;
	struct mo_diags *diags;
	struct mo_str name; // as the user would write it: "mlops.lock"
	struct mo_str path; // absolute; empty: the program is no file, nothing is kept
	bool exists;        // there was a file
	bool damaged;       // that could not be read (reported)
	const struct mo_source *source;
	struct mo_str program; // program.c's, once asked for
	struct mo_lock_state before, after;
};

// ---- read.c

// Reads the file at `path` when there is one; `name` is how messages call it. Never NULL. What is wrong with it goes to ctx->diags; then
// `damaged` is set and nothing is known.
struct mo_lock *mo_lock_read(struct mo_ctx *ctx, struct mo_str name, struct mo_str path);

// ---- lock.c

struct mo_lock_row {
	const char *word;
	uint32_t keys, fields;
	const char *names;
};

extern const struct mo_lock_row mo_lock_rows[MO_LOCK_KINDS];

// What the file said: the fact with these keys (as many as the kind has); NULL when it said nothing. `lock` may be NULL: nothing is known.
const struct mo_lock_fact *mo_lock_find(const struct mo_lock *lock, enum mo_lock_kind kind, const struct mo_str *keys);
// Puts a fact (all its fields) into the next state, in place of one with the same keys. Texts are not copied. `lock` may be NULL.
void mo_lock_put(struct mo_lock *lock, enum mo_lock_kind kind, const struct mo_str *fields);
// The same for a state, at a place in the file. False when there is a fact with these keys: it stays.
bool mo_lock_state_add(struct mo_lock *lock, struct mo_lock_state *state, const struct mo_lock_fact *fact);
const struct mo_lock_fact *mo_lock_state_find(const struct mo_lock_state *state, enum mo_lock_kind kind, const struct mo_str *keys);
// Forgets the next state: everything is decided again.
void mo_lock_restart(struct mo_lock *lock);

// Names of the fields that others read: of RESOURCE; of SETTING and MOVED, whose first are the same; of STACK.
enum { MO_LOCK_MEMBERS, MO_LOCK_ID, MO_LOCK_TYPE, MO_LOCK_NAMING, MO_LOCK_DELETION, MO_LOCK_PATH };
enum { MO_LOCK_PROPERTY = 2, MO_LOCK_VALUE, MO_LOCK_SINCE = 2, MO_LOCK_FROM };
enum { MO_LOCK_STACK_NAME, MO_LOCK_ACCOUNT, MO_LOCK_REGION, MO_LOCK_STACK_MEMBERS };

// ---- program.c

// A digest of the program's own files and data, so that a fact can say in which program it came to be.
struct mo_str mo_lock_program(struct mo_lock *lock, struct mo_sources *sources);

// ---- write.c

// One fact as its line, without the line end.
struct mo_str mo_lock_line(struct mo_arena *arena, const struct mo_lock_fact *fact);
// The next state as the file would hold it; empty when there is nothing to say.
struct mo_str mo_lock_text(struct mo_lock *lock);
// Whether the file has to be written for the next state. Lines in another order and other line ends are no change.
bool mo_lock_changes(struct mo_lock *lock);
// Replaces the file in one step by the next state, when that changes it; a file with nothing to say is not made. False when it could not
// be done (reported): the file is as it was.
bool mo_lock_write(struct mo_lock *lock);
// Reports what would change as one error, for who asked that nothing does (--locked). False when there is a change.
bool mo_lock_hold(struct mo_lock *lock);

// ---- versions.c: versions of products

// A version that was published once: its number counts from 1 within the product.
struct mo_lock_version {
	struct mo_str name; // as users see it: "v3"
	struct mo_str hash; // of the content
	struct mo_str note; // whatever else its writer wants to find again, such as its description; may be empty
};

typedef MO_VEC(struct mo_lock_version) mo_lock_versions;

// All versions of a product, the oldest first: those that the lock file holds, then those that were added in this build. `product` is a
// key that stays the same as long as the product is deployed as the same one: "STACK/PATH". They are kept for the next build only when
// they are asked for here. `lock` may be NULL.
mo_lock_versions mo_lock_product_versions(struct mo_lock *lock, struct mo_str product);
// Adds one behind the others; texts are not copied. The name must be new within the product.
void mo_lock_add_version(struct mo_lock *lock, struct mo_str product, struct mo_lock_version version);

#endif
