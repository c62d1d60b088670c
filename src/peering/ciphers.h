/*
 * ciphers.h: how router platforms write the key of a session in their configuration. None of these hides anything from somebody who
 * knows them: they are what the platforms read and write.
 */
#ifndef PEERAGE_CIPHERS_H
#define PEERAGE_CIPHERS_H

#include "base/base.h"

/* Whether text carries the mark of the algorithm ("cisco-type7", "arista-type7": "7 ", "juniper-type9": "$9$"). */
bool cipher_marked(const char *algorithm, const char *text);

/*
 * Write `clear` as the algorithm does; `key` is the neighbour's address, without a prefix length: Arista's cipher needs it, Juniper's
 * takes its salt from it, so that the same input gives the same text. Text that has the mark already, and the empty one, stay as they
 * are. ERR_INVALID for an algorithm that is not known.
 */
bool cipher_encrypt(struct arena *, const char *algorithm, const char *clear, const char *key, const char **out, struct err *);

/* The way back. Text without the mark stays as it is; ERR_INVALID when it is damaged or was made with another key. */
bool cipher_decrypt(struct arena *, const char *algorithm, const char *text, const char *key, const char **out, struct err *);

#endif
