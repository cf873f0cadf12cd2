#include "core/seal_age.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char key[] = "AGE-SECRET-KEY-157WXUNYE3WSSUFK3JNUM6A3N"
				  "EPMMVTA8H0G9A3SKAKSYFJ0R03ZQKYR33J";
	struct str in = { (const char *)data, size };
	struct seal_age_identity *id = NULL, *read = NULL;
	struct seal_age_recipient r;
	struct buf out = { 0 };

	err_clear();
	if (seal_age_identity_read(&id, str_of(key)) == ERR_NONE) {
		if (seal_age_open(&out, id, in, 1 << 20) != ERR_NONE &&
		    out.len > 0)
			bug("text that was not verified was given out");
		seal_age_identity_close(id);
	}
	/* Not opened: a guess is meant to be slow. */
	(void)seal_age_locked(in);
	if (seal_age_identity_read(&read, in) == ERR_NONE)
		seal_age_identity_close(read);
	if (seal_age_recipient_read(&r, in) == ERR_NONE) {
		buf_clear(&out);
		seal_age_recipient_write(&r, &out);
		if (!str_eq(buf_view(&out), in))
			bug("a recipient has two spellings");
	}
	buf_release(&out);
	err_clear();
	return 0;
}
