/* test_seal.c: secrets survive sealing, and nothing else opens them. */
#include "config.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/seal.h"

static struct seal *with_key(struct arena *a, char fill, size_t n) {
	char path[] = "/tmp/peerage-seal-XXXXXX";
	int fd = mkstemp(path);
	struct seal *s;
	const char *sealed;
	struct err e;

	cr_assert(fd >= 0);
	while (n-- > 0)
		cr_assert_eq(write(fd, &fill, 1), 1);
	close(fd);
	s = seal_new(a, arena_strdup(a, path));
	(void)seal_text(s, a, "load", &sealed, &e);     /* the key is read on first use */
	unlink(path);
	return s;
}

Test(seal, round_trip_and_refusal) {
	static const char *const texts[] = { "", "x", "mypassword", "p@ss wörd", "0123456789012345678901234567890123456789" };
	struct arena *a = arena_new_root();
	struct seal *s = with_key(a, 'k', 32), *other = with_key(a, 'o', 32);
	const char *sealed, *again, *clear;
	struct err e;
	size_t i;

	for (i = 0; i < ARRAY_LEN(texts); i++) {
		cr_assert(seal_text(s, a, texts[i], &sealed, &e), "%s", e.msg);
		cr_assert(seal_is_sealed(sealed));
		cr_assert(seal_text(s, a, texts[i], &again, &e));
		cr_assert_str_neq(sealed, again, "each sealing has its own nonce");
		cr_assert(unseal_text(s, a, sealed, &clear, &e), "%s", e.msg);
		cr_assert_str_eq(clear, texts[i]);
		cr_assert_not(unseal_text(other, a, sealed, &clear, &e), "another key opened it");
		((char *)(uintptr_t)sealed)[10] ^= 1;
		cr_assert_not(unseal_text(s, a, sealed, &clear, &e), "a changed text opened");
	}
	cr_assert(unseal_text(s, a, "plain", &clear, &e));
	cr_assert_str_eq(clear, "plain");
	cr_assert_not(unseal_text(s, a, "seal1:AAAA", &clear, &e));
	arena_free(a);
}

Test(seal, key_of_wrong_size_is_refused) {
	struct arena *a = arena_new_root();
	struct seal *s = with_key(a, 'k', 31);
	const char *sealed;
	struct err e;

	cr_assert_not(seal_text(s, a, "x", &sealed, &e));
	arena_free(a);
}
