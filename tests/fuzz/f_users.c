#include "policy/users.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
is_good(const struct spawn_user *who, struct str folder)
{
	return who->uid != 0 && who->gid != 0 && who->uid != UINT32_MAX &&
	    who->gid != UINT32_MAX && folder.len > 1 && folder.at[0] == '/' &&
	    str_find(folder, STR(".."), 0) == SIZE_MAX;
}

/* Whatever the list says: two users, neither of them root or "as it is". */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct arena a = { 0 };
	struct users u;

	err_clear();
	if (users_parse(&u, &a, text) == ERR_NONE) {
		if (!u.apart || !is_good(&u.reading, u.reading_folder) ||
		    !is_good(&u.notes, u.notes_folder) ||
		    u.reading.uid == u.notes.uid ||
		    users_of(&u, ROOM_DESK) != NULL)
			bug("users that rooms must not be");
	} else if (*err_text() == '\0') {
		bug("a refusal without a reason");
	}
	err_clear();
	arena_release(&a);
	return 0;
}
