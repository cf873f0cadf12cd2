#include "tests/notes/made.h"

#include <stdlib.h>
#include <string.h>

#include "core/seal.h"
#include "core/tar.h"

static void
must(enum err rc)
{
	if (rc != ERR_NONE)
		bug("a test's material: %s", err_text());
}

void
made_open(struct made *m, const char *auditor, uint8_t seed)
{
	uint8_t key[SIGN_SEED_BYTES];

	*m = (struct made){ .exported = 1700000000000 };
	memset(key, seed, sizeof key);
	must(seal_start());
	must(seal_age_identity_make(&m->identity));
	must(sign_from_seed(&m->author, key));
	seal_secret_init(&m->region, SEAL_KEY);
	must(seal_secret_add(&m->region, key, SEAL_KEY));
	m->start.title = STR("ft400");
	m->start.auditor = str_of(auditor);
	m->start.releases = m->releases;
	m->start.n_releases = 2;
	m->releases[0].name = STR("v4.0");
	m->releases[1].name = STR("v4.1");
	m->releases[1].status = STR("production");
	memset(m->releases[0].commit.id, 0x40, OID_BYTES);
	memset(m->releases[1].commit.id, 0x41, OID_BYTES);
}

void
made_close(struct made *m)
{
	seal_age_identity_close(m->identity);
	sign_close(m->author);
	seal_secret_release(&m->region);
}

struct entry
made_finding(uint64_t number, const char *title)
{
	struct entry e = {
		.type = ENTRY_FINDING,
		.seq = number,
		.time = 1690000000000,
		.title = str_of(title),
		.text = STR("The length is compared after it was used."),
		.claim = STR("A long element runs over the end."),
		.severity = SEVERITY_HIGH,
		.cwe = STR("CWE-787"),
		.anchored = true,
		.at = { .path = STR("src/s1ap/ie.c"), .first = 47, .last = 52 },
	};

	memset(e.at.commit.id, 0x41, OID_BYTES);
	return e;
}

void
made_text(const struct made *m, const struct entry *items, size_t n,
    struct buf *text)
{
	struct findings_item *list = calloc(n + 1, sizeof *list);
	struct findings f = {
		.start = &m->start,
		.record = STR("00112233445566778899aabbccddeeff"),
		.head = STR("abcd-efgh"),
		.exported = m->exported,
		.region = &m->region,
		.items = list,
		.n_items = n,
	};

	if (list == NULL)
		bug("no memory");
	for (size_t i = 0; i < n; i++)
		list[i] = (struct findings_item){
			.now = &items[i],
			.created = 1680000000000,
			.red = true,
		};
	findings_write(&f, text);
	free(list);
}

void
made_export(const struct made *m, struct str text,
    const struct sign_secret *signer, const char *extra, struct buf *sealed)
{
	const uint8_t seed[SEAL_AGE_SEED_BYTES] = { 1 };
	struct seal_age_recipient to = seal_age_recipient_of(m->identity);
	struct buf tar = { 0 }, signature = { 0 };

	must(tar_add(&tar, STR("findings.json"), text));
	if (signer != NULL) {
		must(sign_bytes(&signature, signer, text, STR("export 1")));
		must(tar_add(&tar, STR("findings.json.minisig"),
		    buf_view(&signature)));
	}
	if (extra != NULL)
		must(tar_add(&tar, str_of(extra), STR("x")));
	tar_end(&tar);
	must(seal_age_seal(sealed, buf_view(&tar), &to, 1, seed));
	buf_release(&tar);
	buf_release(&signature);
}
