#include "core/git_blob.h"

#include <string.h>

#include "core/limits.h"

enum { BLOB_LOOKED_AT = 8000 };

enum err
git_blob_size(uint64_t *out, struct git_repo *r, const struct oid *id)
{
	enum git_kind kind;
	uint64_t size;
	enum err rc = git_repo_header(&kind, &size, r, id);

	if (rc == ERR_NONE && kind != GIT_BLOB)
		rc = fail(ERR_FORMAT, "%s is a %s, not a file",
		    oid_text(id).hex, git_repo_kind_name(kind));
	if (rc == ERR_NONE)
		*out = size;
	return rc;
}

enum err
git_blob_read(struct git_bytes *out, struct git_repo *r, const struct oid *id)
{
	return git_repo_read(out, r, id, GIT_BLOB, LIMIT_BLOB);
}

bool
git_blob_binary(struct str bytes)
{
	size_t n = bytes.len < BLOB_LOOKED_AT ? bytes.len : BLOB_LOOKED_AT;

	return n > 0 && memchr(bytes.at, '\0', n) != NULL;
}
