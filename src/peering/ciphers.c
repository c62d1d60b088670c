/* ciphers.c: Cisco's type 7, Juniper's $9$, Arista's type 7. */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include <openssl/evp.h>

#include "base/secret.h"
#include "peering/ciphers.h"

/* ---- Cisco: a salt in decimal, then each byte combined with a table that begins there */

static const char cisco_table[] = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87";
enum { CISCO_TABLE = sizeof(cisco_table) - 1, CISCO_SALTS = 16 };

static bool cisco_encrypt(struct arena *a, const char *clear, const char *key, const char **out, struct err *e) {
	unsigned char random;
	struct sbuf b;
	size_t i;

	(void)key;
	if (getrandom(&random, 1, 0) != 1)
		return err_set(e, ERR_INTERNAL, NULL, "the system gives no random numbers");
	random %= CISCO_SALTS;
	sb_init(&b, a);
	sb_fmt(&b, "7 %02u", random);
	for (i = 0; clear[i] != '\0'; i++)
		sb_fmt(&b, "%02X", (unsigned)((unsigned char)clear[i] ^ (unsigned char)cisco_table[(random + i) % CISCO_TABLE]));
	*out = b.s;
	return true;
}

static int hex_digit(char c) {
	return isdigit((unsigned char)c) ? c - '0' : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

static bool cisco_decrypt(struct arena *a, const char *text, const char *key, const char **out, struct err *e) {
	size_t n = strlen(text), i;
	unsigned salt;
	char *clear;

	(void)key;
	if (n < 2 || n % 2 != 0 || !isdigit((unsigned char)text[0]) || !isdigit((unsigned char)text[1]))
		return err_set(e, ERR_INVALID, NULL, "this is not a Cisco type 7 password: two digits and pairs of hexadecimal digits are wanted");
	salt = (unsigned)(text[0] - '0') * 10 + (unsigned)(text[1] - '0');
	clear = arena_alloc(a, n / 2);
	for (i = 0; 2 * i + 3 < n; i++) {
		int high = hex_digit(text[2 * i + 2]), low = hex_digit(text[2 * i + 3]);

		if (high < 0 || low < 0)
			return err_set(e, ERR_INVALID, NULL, "this is not a Cisco type 7 password: it has a character that is not hexadecimal");
		clear[i] = (char)((unsigned char)(high * 16 + low) ^ (unsigned char)cisco_table[(salt + i) % CISCO_TABLE]);
	}
	*out = clear;
	return true;
}

/* ---- Juniper: gaps between characters of an alphabet */

static const char *const juniper_families[4] = { "QzF3n6/9CAtpu0O", "B1IREhcSyrleKvMW8LXx", "7N-dVbwsY2g4oaJZGUDj", "iHkq.mPf5T" };
static const char juniper_alphabet[] = "QzF3n6/9CAtpu0O" "B1IREhcSyrleKvMW8LXx" "7N-dVbwsY2g4oaJZGUDj" "iHkq.mPf5T";
enum { JUNIPER_LETTERS = sizeof(juniper_alphabet) - 1 };

/* Weights of the gaps of the n-th character, smallest first, ended by 0. */
static const int juniper_weights[7][5] = {
	{ 1, 4, 32 }, { 1, 16, 32 }, { 1, 8, 32 }, { 1, 64 }, { 1, 32 }, { 1, 4, 16, 128 }, { 1, 32, 64 },
};

static int juniper_place(char c) {
	const char *p = c == '\0' ? NULL : strchr(juniper_alphabet, c);

	return p == NULL ? -1 : (int)(p - juniper_alphabet);
}

/* How many characters of filling follow the salt. */
static int juniper_filler(char salt) {
	int family;

	for (family = 0; family < 3 && strchr(juniper_families[family], salt) == NULL; family++)
		;
	return 3 - family;
}

static int weight_count(const int *weights) {
	int n;

	for (n = 0; weights[n] != 0; n++)
		;
	return n;
}

static bool juniper_encrypt(struct arena *a, const char *clear, const char *key, const char **out, struct err *e) {
	uint8_t h[SHA256_LEN];
	struct sbuf b;
	char prev;
	size_t i;
	int k;

	(void)e;
	sha256(key, strlen(key), h);
	sb_init(&b, a);
	prev = juniper_alphabet[h[0] % JUNIPER_LETTERS];
	sb_fmt(&b, "$9$%c", prev);
	for (k = 0; k < juniper_filler(prev); k++)
		sb_chr(&b, juniper_alphabet[h[1 + k] % JUNIPER_LETTERS]);
	for (i = 0; clear[i] != '\0'; i++) {
		const int *weights = juniper_weights[i % ARRAY_LEN(juniper_weights)];
		int gaps[4], rest = (unsigned char)clear[i], n = weight_count(weights);

		for (k = n - 1; k >= 0; k--) {
			gaps[k] = rest / weights[k];
			rest %= weights[k];
		}
		for (k = 0; k < n; k++) {
			prev = juniper_alphabet[(gaps[k] + juniper_place(prev) + 1) % JUNIPER_LETTERS];
			sb_chr(&b, prev);
		}
	}
	*out = b.s;
	return true;
}

static bool juniper_decrypt(struct arena *a, const char *text, const char *key, const char **out, struct err *e) {
	size_t n = strlen(text), at, i = 0;
	char *clear = arena_alloc(a, n + 1), prev = text[0];

	(void)key;
	if (n == 0 || juniper_place(prev) < 0 || n < 1 + (size_t)juniper_filler(prev))
		return err_set(e, ERR_INVALID, NULL, "this is not a Juniper $9$ password: it has no salt");
	for (at = 1 + (size_t)juniper_filler(prev); at < n; i++) {
		const int *weights = juniper_weights[i % ARRAY_LEN(juniper_weights)];
		int k, sum = 0;

		for (k = 0; weights[k] != 0; k++, at++) {
			int here = at < n ? juniper_place(text[at]) : -1;

			if (here < 0)
				return err_set(e, ERR_INVALID, NULL, "this is not a Juniper $9$ password: it ends too early, or has a character "
				    "that none has");
			sum += ((here - juniper_place(prev) + JUNIPER_LETTERS) % JUNIPER_LETTERS - 1) * weights[k];
			prev = text[at];
		}
		clear[i] = (char)(sum & 255);
	}
	*out = clear;
	return true;
}

/* ---- Arista: DES in CBC mode, the key made of the neighbour's address */

enum { DES_BLOCK = 8 };
static const unsigned char arista_mark[3] = { 0x4c, 0x88, 0xbb };

/* Seven bits of each byte and odd parity, three times: triple DES with one key thrice is DES. */
static void arista_key(const char *address, unsigned char key[3 * DES_BLOCK]) {
	static const unsigned char seed[DES_BLOCK] = { 0xd5, 0xa8, 0xc9, 0x1e, 0xf5, 0xd5, 0x8a, 0x23 };
	static const char suffix[] = "_passwd";
	size_t n = strlen(address), i;
	int bit, odd;

	memcpy(key, seed, DES_BLOCK);
	for (i = 0; i < n + sizeof(suffix) - 1; i++)
		key[i % DES_BLOCK] ^= (unsigned char)(i < n ? address[i] : suffix[i - n]);
	for (i = 0; i < DES_BLOCK; i++) {
		key[i] &= 0x7e;
		for (odd = 1, bit = 1; bit < 8; bit++)
			odd ^= key[i] >> bit & 1;
		key[i] = (unsigned char)(key[i] | odd);
	}
	memcpy(key + DES_BLOCK, key, DES_BLOCK);
	memcpy(key + 2 * DES_BLOCK, key, DES_BLOCK);
}

static bool arista_des(const char *address, const unsigned char *in, size_t n, unsigned char *out, bool encrypt) {
	static const unsigned char zero[DES_BLOCK];
	unsigned char key[3 * DES_BLOCK];
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int len = 0, rest = 0;
	bool ok;

	arista_key(address, key);
	ok = c != NULL && EVP_CipherInit_ex(c, EVP_des_ede3_cbc(), NULL, key, zero, encrypt) == 1 &&
	    EVP_CIPHER_CTX_set_padding(c, 0) == 1 && EVP_CipherUpdate(c, out, &len, in, (int)n) == 1 &&
	    EVP_CipherFinal_ex(c, out + len, &rest) == 1;
	EVP_CIPHER_CTX_free(c);
	return ok && (size_t)(len + rest) == n;
}

static bool arista_encrypt(struct arena *a, const char *clear, const char *key, const char **out, struct err *e) {
	size_t n = strlen(clear), pad = (DES_BLOCK - (n + 4) % DES_BLOCK) % DES_BLOCK, all = n + 4 + pad;
	unsigned char *plain = arena_alloc(a, all), *sealed = arena_alloc(a, all + DES_BLOCK);
	char *text = arena_alloc(a, 2 + (all + 2) / 3 * 4 + 1);

	if (key[0] == '\0')
		return err_set(e, ERR_INVALID, NULL, "Arista's passwords need the address of the neighbour");
	memcpy(plain, arista_mark, sizeof(arista_mark));
	plain[3] = (unsigned char)(pad << 4 | 0x0e);
	memcpy(plain + 4, clear, n);
	if (!arista_des(key, plain, all, sealed, true))
		return err_set(e, ERR_INTERNAL, NULL, "DES does not work here");
	memcpy(text, "7 ", 2);
	EVP_EncodeBlock((unsigned char *)text + 2, sealed, (int)all);
	*out = text;
	return true;
}

static bool arista_decrypt(struct arena *a, const char *text, const char *key, const char **out, struct err *e) {
	size_t n = strlen(text), all, pad;
	unsigned char *sealed = arena_alloc(a, n + 4), *plain = arena_alloc(a, n + 4 + DES_BLOCK);
	int len = n % 4 == 0 && n > 0 && n < 10000 ? EVP_DecodeBlock(sealed, (const unsigned char *)text, (int)n) : -1;

	all = len < 0 ? 0 : (size_t)len - (text[n - 1] == '=') - (text[n - 2] == '=');
	if (all == 0 || all % DES_BLOCK != 0)
		return err_set(e, ERR_INVALID, NULL, "this is not an Arista type 7 password");
	if (!arista_des(key, sealed, all, plain, false))
		return err_set(e, ERR_INTERNAL, NULL, "DES does not work here");
	pad = plain[3] >> 4;
	if (memcmp(plain, arista_mark, sizeof(arista_mark)) != 0 || pad >= DES_BLOCK || pad + 4 > all)
		return err_set(e, ERR_INVALID, NULL, "this Arista type 7 password was made for another neighbour");
	*out = arena_strndup(a, (const char *)plain + 4, all - 4 - pad);
	return true;
}

/* ---- which is which */

typedef bool cipher_fn(struct arena *, const char *text, const char *key, const char **out, struct err *);

static const struct cipher {
	const char *name, *mark;
	cipher_fn *encrypt, *decrypt;
} ciphers[] = {
	{ .name = "arista-type7", .mark = "7 ", .encrypt = arista_encrypt, .decrypt = arista_decrypt },
	{ .name = "cisco-type7", .mark = "7 ", .encrypt = cisco_encrypt, .decrypt = cisco_decrypt },
	{ .name = "juniper-type9", .mark = "$9$", .encrypt = juniper_encrypt, .decrypt = juniper_decrypt },
};

static const struct cipher *cipher_find(const char *algorithm) {
	size_t i;

	for (i = 0; i < ARRAY_LEN(ciphers); i++) {
		if (strcmp(ciphers[i].name, algorithm) == 0)
			return &ciphers[i];
	}
	return NULL;
}

bool cipher_marked(const char *algorithm, const char *text) {
	const struct cipher *c = cipher_find(algorithm);

	return c != NULL && strncmp(text, c->mark, strlen(c->mark)) == 0;
}

static bool unknown(struct err *e, const char *algorithm) {
	return err_set(e, ERR_INVALID, NULL, "there is no password algorithm \"%.50s\": arista-type7, cisco-type7 and juniper-type9 are known",
	    algorithm);
}

bool cipher_encrypt(struct arena *a, const char *algorithm, const char *clear, const char *key, const char **out, struct err *e) {
	const struct cipher *c = cipher_find(algorithm);

	if (c == NULL)
		return unknown(e, algorithm);
	if (clear[0] == '\0' || cipher_marked(algorithm, clear)) {
		*out = clear;
		return true;
	}
	return c->encrypt(a, clear, key, out, e);
}

bool cipher_decrypt(struct arena *a, const char *algorithm, const char *text, const char *key, const char **out, struct err *e) {
	const struct cipher *c = cipher_find(algorithm);

	if (c == NULL)
		return unknown(e, algorithm);
	if (!cipher_marked(algorithm, text)) {
		*out = text;
		return true;
	}
	return c->decrypt(a, text + strlen(c->mark), key, out, e);
}
