#include "tests/policy/press_objects.h"

#include "core/hash.h"

struct oid
press_objects_name(const char *kind, struct str bytes)
{
	struct hash_git h;
	struct oid id;

	hash_git_start(&h, kind, bytes.len);
	hash_git_add(&h, bytes);
	hash_git_finish(&h, id.id);
	return id;
}

void
press_objects_entry(struct buf *tree, const char *mode, const char *name,
    const struct oid *id)
{
	buf_printf(tree, "%s %s", mode, name);
	buf_char(tree, '\0');
	buf_add(tree, id->id, OID_BYTES);
}

void
press_objects_make(struct press_objects *o, struct str file, struct str secret)
{
	*o = (struct press_objects){ .file_bytes = file,
		.secret_bytes = secret };
	o->file = press_objects_name("blob", file);
	o->secret = press_objects_name("blob", secret);
	press_objects_entry(&o->folder_bytes, "100644", "a.c", &o->file);
	press_objects_entry(&o->folder_bytes, "100644", "secret.c", &o->secret);
	o->folder = press_objects_name("tree", buf_view(&o->folder_bytes));
	press_objects_entry(&o->root_bytes, "40000", "src", &o->folder);
	o->root = press_objects_name("tree", buf_view(&o->root_bytes));
	buf_printf(&o->commit_bytes, "tree %s\nauthor A <a> 1 +0000\n\nx\n",
	    oid_text(&o->root).hex);
	o->commit = press_objects_name("commit", buf_view(&o->commit_bytes));
}

void
press_objects_release(struct press_objects *o)
{
	buf_release(&o->commit_bytes);
	buf_release(&o->root_bytes);
	buf_release(&o->folder_bytes);
}
