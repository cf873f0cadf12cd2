#include "core/sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Key files and signatures from outside: no crash, no success without a
 * key that signed. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct sign_public p = { 0 }, read;
	struct sign_secret *s = NULL;
	struct str comment;

	err_clear();
	if (sign_public_read(&read, in) == ERR_NONE)
		p = read;
	if (sign_verify(&comment, &p, STR("text"), in) == ERR_NONE)
		bug("a signature by nobody");
	if (!sign_secret_locked(in) &&
	    sign_secret_read(&s, in, STR("")) == ERR_NONE)
		sign_close(s);
	err_clear();
	return 0;
}
