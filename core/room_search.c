/*
 * The searcher room: runs patterns over text that a worker feeds it, or that
 * lies in the store of a session.  It may end at any moment; the launcher
 * starts it again.
 */
#include "core/encoding.h"
#include "core/room.h"
#include "core/search_serve.h"
#include "policy/probe.h"
#include "policy/sandbox.h"

static struct textstore *store;

static enum err
prepare(const struct start *s)
{
	enum err rc = search_serve_prepare();

	if (rc == ERR_NONE && s->session)
		rc = textstore_open_fd(&store, SEARCH_FD_STORE);
	if (rc == ERR_NONE)
		rc = encoding_open_some(
		    store == NULL ? UINT32_MAX : textstore_encodings(store));
	return rc;
}

static enum err
work(void)
{
	static const struct search_fds fds = {
		.reading = SEARCH_FD_READING,
		.worker = SEARCH_FD_WORKER,
		.blob = search_scan_blob,
	};

	return search_serve(&fds, store);
}

int
main(int argc, char **argv)
{
	struct arena a = { 0 };
	struct start s;
	enum err rc;

	if (probe_wanted(argc, argv))
		return probe_main(ROOM_SEARCH, argc, argv);
	rc = room_begin(&s, &a, ROOM_SEARCH);
	if (rc == ERR_NONE)
		rc = prepare(&s);
	if (rc == ERR_NONE)
		rc = sandbox_enter(ROOM_SEARCH,
		    &(struct sandbox_paths){ .read = { s.git, s.text },
			.write = s.data });
	if (rc == ERR_NONE)
		rc = room_ready();
	if (rc == ERR_NONE)
		rc = work();
	return room_end(rc);
}
