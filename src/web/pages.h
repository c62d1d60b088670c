/* pages.h: the pages beyond those that every resource has, as rows for a handler's table of routes. */
#ifndef PEERAGE_PAGES_H
#define PEERAGE_PAGES_H

#include "web/web.h"

route_fn page_found, page_found_post, page_home, page_job_log, api_search, page_search, page_profile, page_preferences, page_preferences_post, page_tokens, page_token_form, page_token_add,
    page_token_delete, page_two_factor, page_two_factor_post, page_sessions, page_sessions_post, api_password, page_rights, page_rights_own, api_rights, api_rights_own, page_change, page_prefixes, page_system, page_peers, page_peers_of, page_peers_of_as, page_peers_import, page_peers_import_post, page_peers_add, page_peers_hide;

/* page_rights.c */
bool rights_shown(struct req *, const struct row *user);

/* page_deployment.c */
route_fn page_deployments, page_deployment, page_deployment_new, page_version, page_drifts, page_drift;

/* Of the program that serves "/devices/". */
#define PAGE_ROUTES_DEVICES \
	{ M_GET, "/devices/deployments/", &res_deployment, "view", page_deployments, 0, "Deployments", NULL }, \
	{ M_GET, "/devices/deployments/new/", &res_router, "deploy_router_configuration", page_deployment_new, 0, "Plan a deployment", NULL }, \
	{ M_GET, "/devices/deployments/{id}/", &res_deployment, "view", page_deployment, 0, "Deployment", NULL }, \
	{ M_GET, "/devices/configuration-versions/{id}/", &res_configuration_version, "view", page_version, 0, "Archived configuration", NULL }, \
	{ M_GET, "/devices/drift/", &res_drift, "view", page_drifts, 0, "Drift", NULL }, \
	{ M_GET, "/devices/drift/{id}/", &res_drift, "view", page_drift, 0, "Drift", NULL }

/* Of the program that serves "/", "/search/" and "/core/". */
#define PAGE_ROUTES_CORE \
	{ M_GET, "/", NULL, NULL, page_home, ROUTE_OPEN, "Home", NULL }, \
	{ M_GET, "/search/", NULL, NULL, page_search, ROUTE_OPEN, "Search", NULL }, \
	{ M_GET, "/api/core/search/", NULL, NULL, api_search, ROUTE_OPEN, "Search over everything", \
	    "?q= a word, an AS number, an address or a network; ?limit= of each type. Within what may be viewed; whole words before beginnings before parts." }, \
	{ M_GET, "/core/system/", NULL, NULL, page_system, ROUTE_STAFF, "System", NULL }, \
	{ M_GET, "/core/changelog/{id}/", &res_object_change, "view", page_change, 0, "Change", NULL }

/* Of the program that serves "/user/". */
#define PAGE_ROUTES_USERS \
	{ M_GET, "/user/profile/", NULL, NULL, page_profile, ROUTE_ANY_USER, "Profile", NULL }, \
	{ M_GET, "/user/preferences/", NULL, NULL, page_preferences, ROUTE_ANY_USER, "Preferences", NULL }, \
	{ M_POST, "/user/preferences/", NULL, NULL, page_preferences_post, ROUTE_ANY_USER | ROUTE_WRITES, "Preferences", NULL }, \
	{ M_GET, "/user/two-factor/", NULL, NULL, page_two_factor, ROUTE_ANY_USER, "Second factor", NULL }, \
	{ M_POST, "/user/two-factor/", NULL, NULL, page_two_factor_post, ROUTE_ANY_USER | ROUTE_WRITES, "Second factor", NULL }, \
	{ M_GET, "/user/sessions/", NULL, NULL, page_sessions, ROUTE_ANY_USER, "Sessions", NULL }, \
	{ M_POST, "/user/sessions/", NULL, NULL, page_sessions_post, ROUTE_ANY_USER | ROUTE_WRITES, "Sign out", NULL }, \
	{ M_GET, "/users/users/{id}/rights/", &res_auth_user, "view", page_rights, 0, "Rights", NULL, rights_shown }, \
	{ M_GET, "/user/rights/", NULL, NULL, page_rights_own, ROUTE_ANY_USER, "Rights", NULL }, \
	{ M_GET, "/api/users/users/{id}/rights/", &res_auth_user, "view", api_rights, 0, "What somebody can see and do", \
	    "Every action on every resource (?resource=app.model: on one): all, none, or some with how many, and the permissions that give it." }, \
	{ M_GET, "/api/users/rights/", NULL, NULL, api_rights_own, ROUTE_ANY_USER, "What one can see and do oneself", "As of another user." }, \
	{ M_GET, "/api/users/second-factor/", NULL, NULL, page_two_factor, ROUTE_ANY_USER, "One's second factor", \
	    "{\"state\": \"off\" | \"pending\" | \"on\", ...}; while it is pending, the secret and its address too." }, \
	{ M_POST, "/api/users/second-factor/", NULL, NULL, page_two_factor_post, ROUTE_ANY_USER | ROUTE_WRITES, "Set up one's second factor", \
	    "{\"do\": \"begin\" | \"confirm\" | \"codes\" | \"off\"}, with \"code\" to confirm and \"password\" else. Recovery codes are told once." }, \
	{ M_GET, "/api/users/sessions/", NULL, NULL, page_sessions, ROUTE_ANY_USER, "One's sessions in browsers", NULL }, \
	{ M_POST, "/api/users/sessions/", NULL, NULL, page_sessions_post, ROUTE_ANY_USER | ROUTE_WRITES, "Sign out a browser", \
	    "{\"id\": ...} or {\"others\": true}: all but the one that asks." }, \
	{ M_POST, "/api/users/password/", NULL, NULL, api_password, ROUTE_ANY_USER | ROUTE_WRITES, "Change one's password", \
	    "{\"old_password\", \"new_password\"}; other sessions end." }, \
	{ M_GET, "/user/api-tokens/", NULL, NULL, page_tokens, ROUTE_ANY_USER, "API tokens", NULL }, \
	{ M_GET, "/user/api-tokens/add/", NULL, NULL, page_token_form, ROUTE_ANY_USER, "Add an API token", NULL }, \
	{ M_POST, "/user/api-tokens/add/", NULL, NULL, page_token_add, ROUTE_ANY_USER | ROUTE_WRITES, "Add an API token", NULL }, \
	{ M_POST, "/user/api-tokens/{id}/delete/", NULL, NULL, page_token_delete, ROUTE_ANY_USER | ROUTE_WRITES, "Revoke", NULL }

/* AS numbers of the inputs ("asn") -> ids into *ids; those that the book does not have are made of their inputs, by who may. */
bool page_systems(struct req *, struct map *const *systems, size_t n, struct map *ids);
/* All of them, or the first refusal with what was refused; names NULL: by its number. */
bool page_put_all(struct req *, const struct resource *, struct put *, size_t n, const char *const *names);

/* What was rendered for the object of the route; error set: nothing, and why. */
struct rendered {
	const struct sbuf *text;
	const struct tmpl_err *error;
	size_t sessions;
	unsigned milliseconds;
};

/* The tab "configuration" of the object {id}; ?raw=1 sends the text as a file. Called by the program that renders. */
bool page_configuration(struct req *, const struct rendered *);

#endif
