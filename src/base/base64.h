/* base64.h: Base64 (RFC 4648 4), padded, in one line. */
#ifndef PEERAGE_BASE64_H
#define PEERAGE_BASE64_H

#include "base/sbuf.h"

void sb_base64(struct sbuf *, const char *, size_t);

#endif
