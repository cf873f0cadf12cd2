/*
 * The searcher room of a search without a screen over a session: it has the
 * searcher's walls and place.  All text is in the store, whose encodings are
 * known, so it links nothing to guess them with: its start is a part of
 * every such search.
 */
#include "core/encoding.h"
#include "core/room.h"
#include "core/search_serve.h"
#include "policy/probe.h"
#include "policy/sandbox.h"

static enum err
prepare(struct textstore **store, const struct start *s)
{
	enum err rc = search_serve_prepare();

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
	rc = room_begin(&s, &a, ROOM_SEARCH);
	if (rc == ERR_NONE)
		rc = prepare(&store, &s);
	if (rc == ERR_NONE)
		rc = sandbox_enter(ROOM_SEARCH, &(struct sandbox_paths){ 0 });
	if (rc == ERR_NONE)
		rc = room_ready();
	if (rc == ERR_NONE)
		rc = search_serve(&fds, store);
	return room_end(rc);
}
