/*
 * The searcher room: runs patterns over text that a worker feeds it, or that
 * lies in the store of a session.  It may end at any moment; the launcher
 * starts it again.
 */
#include "core/encoding.h"
#include "core/search_serve.h"
#include "policy/enter.h"

static struct textstore *store;

static enum err
prepare(void *arg, const struct start *s, struct sandbox_paths *paths)
{
	enum err rc = search_serve_prepare();

	(void)arg;
	*paths = (struct sandbox_paths){ .read = { s->git, s->text },
		.write = s->data };
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
	rc = enter_room(&s, &a, ROOM_SEARCH, prepare, NULL);
	if (rc == ERR_NONE)
		rc = work();
	return room_end(rc);
}
