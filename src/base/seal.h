/*
 * seal.h: secrets at rest (router passwords, session keys): AES-256-GCM (NIST SP 800-38D) with a key that is not in the
 * database. libcrypto's ciphers are known to seal.c alone.
 *
 * A sealed text is "seal1:" and the base64 of nonce (12 bytes), ciphertext and tag (16 bytes).
 */
#ifndef PEERAGE_SEAL_H
#define PEERAGE_SEAL_H

#include "base/base.h"

struct seal;

/* Read the key: a file of exactly 32 bytes that only its owner may read. Its absence is an error when a secret is first touched. */
struct seal *seal_new(struct arena *, const char *key_file);

bool seal_text(struct seal *, struct arena *, const char *clear, const char **sealed, struct err *);

/* Text without the mark is returned as it is: what was written before there was a key. A wrong key or a changed text is an error. */
bool unseal_text(struct seal *, struct arena *, const char *sealed, const char **clear, struct err *);

bool seal_is_sealed(const char *text);

#endif
