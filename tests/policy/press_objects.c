#include "tests/policy/press_objects.h"

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
	o->file = oid_of("blob", file);
	o->secret = oid_of("blob", secret);
	press_objects_entry(&o->folder_bytes, "100644", "a.c", &o->file);
	press_objects_entry(&o->folder_bytes, "100644", "secret.c", &o->secret);
	o->folder = oid_of("tree", buf_view(&o->folder_bytes));
	press_objects_entry(&o->root_bytes, "40000", "src", &o->folder);
	o->root = oid_of("tree", buf_view(&o->root_bytes));
	buf_printf(&o->commit_bytes, "tree %s\nauthor A <a> 1 +0000\n\nx\n",
	    oid_text(&o->root).hex);
	o->commit = oid_of("commit", buf_view(&o->commit_bytes));
}

void
press_objects_release(struct press_objects *o)
{
	buf_release(&o->commit_bytes);
	buf_release(&o->root_bytes);
	buf_release(&o->folder_bytes);
}
