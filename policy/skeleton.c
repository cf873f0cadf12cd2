#include "policy/skeleton.h"

#include <string.h>

#include "policy/texts.h"

/* Of notes/findings.c, notes/entry.c and policy/pages.c; sorted. */
static const char *const keys[] = { "affected", "anchor", "answer", "at",
	"auditor", "author", "blob", "by", "certificates", "changed", "claim",
	"class", "code", "commit", "confidence", "count", "coverage", "created",
	"cvss3", "cvss4", "cwe", "due", "embargo", "evidence", "exported",
	"file", "files", "finding", "first", "fix", "folder", "format", "from",
	"hash", "head", "is", "items", "last", "lines", "list", "manifest",
	"media", "method", "name", "note", "number", "of", "origin", "pages",
	"path", "places", "proof", "purpose", "recipients", "record", "red",
	"region", "release", "releases", "remediation", "requirements",
	"reviewed", "revision", "rows", "searches", "seen", "serial", "session",
	"severity", "sha256", "spans", "state", "status", "target", "text",
	"title", "type", "v", "verdict", "version", "view" };

bool
skeleton_has(struct str key)
{
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (str_eq(key, str_of(keys[i])))
			return true;
	return false;
}

void
skeleton_blank(struct buf *json)
{
	struct str s = buf_view(json);
	size_t end, colon;

	if (s.len == 0 || s.at[0] != '{')
		return;
	for (size_t i = 0; i < s.len; i = end) {
		end = i + 1;
		if (s.at[i] != '"')
			continue;
		end = texts_string_end(s, i);
		colon = end;
		while (colon < s.len &&
		    (s.at[colon] == ' ' || s.at[colon] == '\n'))
			colon++;
		if (colon == s.len || s.at[colon] != ':' || end < i + 2 ||
		    !skeleton_has(str_slice(s, i + 1, end - i - 2)))
			continue;
		memset(json->at + i, ' ', colon + 1 - i);
		end = colon + 1;
	}
}
