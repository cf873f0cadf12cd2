/*
 * The searcher room of a search without a screen over a session: it has the
 * searcher's walls and place.  All text is in the store, whose encodings are
 * known, so it links nothing to guess them with: its start is a part of
 * every such search.
 */
#include "core/encoding.h"
#include "core/search_serve.h"
#include "policy/enter.h"

static enum err
prepare(void *arg, const struct start *s, struct sandbox_paths *paths)
{
	struct textstore **store = arg;
	enum err rc = search_serve_prepare();

	(void)paths;
	if (rc == ERR_NONE && !s->session)
		rc = fail(ERR_DENIED, "only a session has a store");
	if (rc == ERR_NONE)
		rc = textstore_open_fd(store, SEARCH_FD_STORE);
	if (rc == ERR_NONE)
		rc = encoding_open_some(textstore_encodings(*store));
	return rc;
}

int
main(int argc, char **argv)
{
	static const struct search_fds fds = { .reading = SEARCH_FD_READING };
	struct textstore *store = NULL;
	struct arena a = { 0 };
	struct start s;
	enum err rc;

	if (probe_wanted(argc, argv))
		return probe_main(ROOM_SEARCH, argc, argv);
	rc = enter_room(&s, &a, ROOM_SEARCH, prepare, &store);
	if (rc == ERR_NONE)
		rc = search_serve(&fds, store);
	return room_end(rc);
}
