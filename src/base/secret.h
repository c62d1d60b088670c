/*
 * secret.h: hashes, random names, passwords. Secrets that must be read again are sealed: seal.h.
 */
#ifndef PEERAGE_SECRET_H
#define PEERAGE_SECRET_H

#include "base/base.h"

enum { SHA1_LEN = 20, SHA256_LEN = 32, SHA256_HEX = 65, SHA512_LEN = 64, SHA512_HEX = 129 };

void sha256(const void *data, size_t len, uint8_t out[SHA256_LEN]);
char *sha256_hex(const void *data, size_t len, char out[SHA256_HEX]);   /* lower case; returns out */

/* HMAC (RFC 2104) with SHA-512, lower case; returns out. */
char *hmac_sha512_hex(const char *key, const void *data, size_t len, char out[SHA512_HEX]);

/* HMAC with SHA-1: for the one-time codes of RFC 6238 alone. */
void hmac_sha1(const void *key, size_t key_len, const void *data, size_t len, uint8_t out[SHA1_LEN]);

/* `n` bytes from the system's generator. */
void random_bytes(uint8_t *out, size_t n);
/* `n` random bytes as 2n hexadecimal digits, from the system's generator. */
char *random_hex(struct arena *, size_t n);
/* A random UUID (RFC 9562 version 4). */
char *random_uuid(struct arena *);

/* yescrypt through crypt(3), with the system's cost; false when the system cannot. */
bool password_hash(struct arena *, const char *password, const char **hash, struct err *);
/* True when it matches: any form of crypt(3), or Django's pbkdf2_sha256$iterations$salt$hash. *old: it should be hashed anew. */
bool password_verify(const char *password, const char *hash, bool *old);
/* Same bytes, in a time that does not tell where they differ. */
bool secret_equal(const void *a, const void *b, size_t n);

#endif
