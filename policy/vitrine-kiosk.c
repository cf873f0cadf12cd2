/*
 * vitrine-kiosk - the login shell of an auditor.
 *
 * Linked statically: nothing that the caller's environment names is loaded
 * before main(), and no name service, locale or plug-in after it.  Never
 * list it in /etc/shells.
 */
#include "policy/kiosk.h"
#include "policy/users.h"

#ifndef KIOSK_LIST
#define KIOSK_LIST "/etc/vitrine/kiosk.conf"
#endif

int
main(int argc, char **argv)
{
	const struct kiosk_place place = {
		.list = KIOSK_LIST,
		.rooms = USERS_LIST,
		.owner = 0,
	};

	return kiosk_main(&place, argc, argv);
}
