/* seal.c: AES-256-GCM around short texts; the key is read once and kept by the process. */
#include "config.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/seal.h"
#include "base/secret.h"

enum { KEY = 32, NONCE = 12, TAG = 16 };
static const char mark[] = "seal1:";

struct seal {
	const char *file;
	unsigned char key[KEY];
	bool loaded;
};

struct seal *seal_new(struct arena *a, const char *key_file) {
	struct seal *s = arena_new(a, struct seal, 1);

	s->file = key_file;
	return s;
}

static bool load(struct seal *s, struct err *e) {
	struct stat st;
	size_t n;
	FILE *f;

	if (s->loaded)
		return true;
	if (s->file == NULL || s->file[0] == '\0')
		return err_set(e, ERR_INTERNAL, NULL, "secret_file is not set: it names the 32 bytes that seal passwords");
	if ((f = fopen(s->file, "rb")) == NULL)
		return err_set(e, ERR_INTERNAL, NULL, "secret_file %s: %s; make it with: head -c 32 /dev/urandom > %s", s->file, strerror(errno),
		    s->file);
	if (fstat(fileno(f), &st) == 0 && (st.st_mode & (S_IWOTH | S_IROTH)) != 0) {
		fclose(f);
		return err_set(e, ERR_INTERNAL, NULL, "secret_file %s may be read by everybody; chmod 640 it", s->file);
	}
	n = fread(s->key, 1, KEY, f);
	if (n != KEY || fgetc(f) != EOF) {
		fclose(f);
		return err_set(e, ERR_INTERNAL, NULL, "secret_file %s must have exactly %d bytes", s->file, KEY);
	}
	fclose(f);
	s->loaded = true;
	return true;
}

static void free_ctx(void *p) {
	EVP_CIPHER_CTX_free(p);
}

bool seal_is_sealed(const char *text) {
	return strncmp(text, mark, sizeof(mark) - 1) == 0;
}

bool seal_text(struct seal *s, struct arena *a, const char *clear, const char **sealed, struct err *e) {
	size_t len = strlen(clear), total = NONCE + len + TAG, head = sizeof(mark) - 1;
	unsigned char *raw = arena_alloc(a, total);
	char *out = arena_alloc(a, head + 4 * ((total + 2) / 3) + 1);
	EVP_CIPHER_CTX *ctx;
	int n = 0, m = 0;

	if (!load(s, e))
		return false;
	random_bytes(raw, NONCE);
	if ((ctx = EVP_CIPHER_CTX_new()) == NULL)
		return err_set(e, ERR_INTERNAL, NULL, "no memory to seal with");
	arena_defer(a, free_ctx, ctx);
	if (EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, s->key, raw) != 1 ||
	    EVP_EncryptUpdate(ctx, raw + NONCE, &n, (const unsigned char *)clear, (int)len) != 1 ||
	    EVP_EncryptFinal_ex(ctx, raw + NONCE + n, &m) != 1 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG, raw + NONCE + len) != 1)
		return err_set(e, ERR_INTERNAL, NULL, "sealing failed");
	memcpy(out, mark, head);
	EVP_EncodeBlock((unsigned char *)out + head, raw, (int)total);
	OPENSSL_cleanse(raw, total);
	*sealed = out;
	return true;
}

bool unseal_text(struct seal *s, struct arena *a, const char *sealed, const char **clear, struct err *e) {
	size_t len = strlen(sealed), head = sizeof(mark) - 1, pad = 0, body;
	unsigned char *raw;
	EVP_CIPHER_CTX *ctx;
	int total, n = 0, m = 0;

	if (!seal_is_sealed(sealed)) {
		*clear = sealed;
		return true;
	}
	if (!load(s, e))
		return false;
	while (pad < 2 && len > head + pad && sealed[len - 1 - pad] == '=')
		pad++;
	raw = arena_alloc(a, len + 1);
	total = EVP_DecodeBlock(raw, (const unsigned char *)sealed + head, (int)(len - head));
	if (total < NONCE + TAG + (int)pad)
		return err_set(e, ERR_INTERNAL, NULL, "a sealed secret is damaged");
	body = (size_t)total - pad - NONCE - TAG;
	if ((ctx = EVP_CIPHER_CTX_new()) == NULL)
		return err_set(e, ERR_INTERNAL, NULL, "no memory to open a sealed secret");
	arena_defer(a, free_ctx, ctx);
	if (EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, s->key, raw) != 1 ||
	    EVP_DecryptUpdate(ctx, raw + NONCE, &n, raw + NONCE, (int)body) != 1 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, TAG, raw + NONCE + body) != 1 ||
	    EVP_DecryptFinal_ex(ctx, raw + NONCE + n, &m) != 1)
		return err_set(e, ERR_INTERNAL, NULL, "a sealed secret does not open with the key in %s", s->file);
	*clear = arena_strndup(a, (const char *)raw + NONCE, body);
	return true;
}
