/* secret.c: hashes, random names and passwords, over libcrypto and crypt(3). */
#include "config.h"

#include <crypt.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/secret.h"

static void check(bool ok) {
	if (!ok)
		abort();        /* libcrypto without memory, the system without its generator: nothing can go on */
}

void sha256(const void *data, size_t len, uint8_t out[SHA256_LEN]) {
	check(EVP_Digest(data, len, out, NULL, EVP_sha256(), NULL) == 1);
}

static void hex(const uint8_t *in, size_t n, char *out) {
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < n; i++) {
		out[2 * i] = digits[in[i] >> 4];
		out[2 * i + 1] = digits[in[i] & 15];
	}
	out[2 * n] = '\0';
}

char *sha256_hex(const void *data, size_t len, char out[SHA256_HEX]) {
	uint8_t sum[SHA256_LEN];

	sha256(data, len, sum);
	hex(sum, SHA256_LEN, out);
	return out;
}

char *hmac_sha512_hex(const char *key, const void *data, size_t len, char out[SHA512_HEX]) {
	uint8_t sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	check(HMAC(EVP_sha512(), key, (int)strlen(key), data, len, sum, &n) != NULL && n == SHA512_LEN);
	hex(sum, SHA512_LEN, out);
	return out;
}

void hmac_sha1(const void *key, size_t key_len, const void *data, size_t len, uint8_t out[SHA1_LEN]) {
	uint8_t sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	check(HMAC(EVP_sha1(), key, (int)key_len, data, len, sum, &n) != NULL && n == SHA1_LEN);
	memcpy(out, sum, SHA1_LEN);
}

/* The system's generator: libcrypto's has to be set up first, which takes as long as a connection to the database. */
void random_bytes(uint8_t *out, size_t n) {
	size_t got = 0;

	while (got < n) {
		ssize_t more = getrandom(out + got, n - got, 0);

		check(more > 0 || errno == EINTR);
		got += more > 0 ? (size_t)more : 0;
	}
}

char *random_hex(struct arena *a, size_t n) {
	uint8_t *raw = arena_alloc(a, n);
	char *out = arena_alloc(a, 2 * n + 1);

	random_bytes(raw, n);
	hex(raw, n, out);
	return out;
}

char *random_uuid(struct arena *a) {
	uint8_t raw[16];
	char text[33];

	random_bytes(raw, sizeof(raw));
	raw[6] = (uint8_t)((raw[6] & 0x0F) | 0x40);
	raw[8] = (uint8_t)((raw[8] & 0x3F) | 0x80);
	hex(raw, sizeof(raw), text);
	return arena_printf(a, "%.8s-%.4s-%.4s-%.4s-%.12s", text, text + 8, text + 12, text + 16, text + 20);
}

bool secret_equal(const void *a, const void *b, size_t n) {
	return CRYPTO_memcmp(a, b, n) == 0;
}

bool password_hash(struct arena *a, const char *password, const char **hash, struct err *e) {
	struct crypt_data *data = arena_new(a, struct crypt_data, 1);
	char salt[CRYPT_GENSALT_OUTPUT_SIZE], *out;

	if (crypt_gensalt_rn("$y$", 0, NULL, 0, salt, sizeof(salt)) == NULL)
		return err_set(e, ERR_INTERNAL, NULL, "this system's crypt(3) has no yescrypt: %s", strerror(errno));
	out = crypt_r(password, salt, data);
	if (out == NULL || out[0] == '*')
		return err_set(e, ERR_INTERNAL, NULL, "crypt(3) failed: %s", strerror(errno));
	*hash = arena_strdup(a, out);
	OPENSSL_cleanse(data, sizeof(*data));
	return true;
}

/* pbkdf2_sha256$<iterations>$<salt>$<base64 of 32 bytes> */
static bool verify_pbkdf2(const char *password, const char *hash) {
	char *end, salt[256];
	unsigned long rounds = strtoul(hash, &end, 10);
	const char *sum;
	uint8_t want[64], got[SHA256_LEN];
	size_t n;

	if (*end != '$' || rounds == 0 || rounds > 10000000)
		return false;
	sum = strchr(end + 1, '$');
	if (sum == NULL || (n = (size_t)(sum - end - 1)) >= sizeof(salt) || strlen(sum + 1) != 44)
		return false;
	memcpy(salt, end + 1, n);
	if (EVP_DecodeBlock(want, (const unsigned char *)sum + 1, 44) < SHA256_LEN)
		return false;
	check(PKCS5_PBKDF2_HMAC(password, (int)strlen(password), (const unsigned char *)salt, (int)n, (int)rounds, EVP_sha256(), SHA256_LEN, got) == 1);
	return secret_equal(want, got, SHA256_LEN);
}

bool password_verify(const char *password, const char *hash, bool *old) {
	static const char pbkdf2[] = "pbkdf2_sha256$";
	struct crypt_data data;
	const char *out;

	*old = strncmp(hash, "$y$", 3) != 0;
	if (strncmp(hash, pbkdf2, sizeof(pbkdf2) - 1) == 0)
		return verify_pbkdf2(password, hash + sizeof(pbkdf2) - 1);
	if (hash[0] != '$')
		return false;           /* empty: no password; DES and other weak forms are not taken */
	memset(&data, 0, sizeof(data));
	out = crypt_r(password, hash, &data);
	return out != NULL && out[0] != '*' && strlen(out) == strlen(hash) && secret_equal(out, hash, strlen(hash));
}
