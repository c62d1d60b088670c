/* net.h: the words of routing: addresses, prefixes, MAC addresses, AS numbers, BGP communities. Parse, print, compare. */
#ifndef PEERAGE_NET_H
#define PEERAGE_NET_H

#include "base/base.h"

/* An address with a prefix length: a host has 32 or 128, an interface its network's (RFC 4291, 4632). */
struct addr {
	uint8_t family;         /* 4 or 6; 0: none */
	uint8_t plen;
	uint8_t b[16];          /* network order; 4 bytes used for IPv4 */
};

enum { ADDR_TEXT_MAX = 64 };    /* room for any address with its length */

/* "192.0.2.1", "192.0.2.1/24", "2001:db8::1/64". False when it is neither; *out then is untouched. No leading zeros, no zone. */
bool addr_parse(const char *text, size_t len, struct addr *out);

/* Canonical text (RFC 5952); with the length or without. Returns out. */
enum addr_form { ADDR_HOST, ADDR_WITH_LENGTH };
char *addr_text(const struct addr *, enum addr_form, char out[ADDR_TEXT_MAX]);

int  addr_compare(const struct addr *, const struct addr *);            /* family, address, length */
bool addr_contains(const struct addr *net, const struct addr *);        /* the address lies in net, whatever its own length */
struct addr addr_network(const struct addr *);                          /* host bits cleared */
struct addr addr_broadcast(const struct addr *);                        /* host bits set */
bool addr_is_host(const struct addr *);                                 /* full length */

/* EUI-48: 00:1b:77:49:54:fd, 00-1b-..., 001b.7749.54fd, 001b774954fd; printed lower case with colons. */
bool mac_parse(const char *text, size_t len, uint8_t out[6]);
char *mac_text(const uint8_t mac[6], char out[18]);

/* 1..4294967295, also as "AS64500" or in dots "1.10" (RFC 5396). */
bool asn_parse(const char *text, size_t len, uint32_t *out);

/* Reserved, documentation or private use (RFC 5398, 6996, 7300, 7607, IANA): not to be looked up anywhere. */
bool asn_is_private(uint32_t);

/* What a BGP community's text is: RFC 1997, RFC 4360 (origin:, target:), RFC 8092. */
enum community_kind { COMMUNITY_INVALID, COMMUNITY_STANDARD, COMMUNITY_EXTENDED, COMMUNITY_LARGE };
enum community_kind community_kind(const char *text);

#endif
