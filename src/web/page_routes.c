/* page_routes.c: the pages that every resource has; {slug} is a tab of its children and stands last. */
#include "config.h"

#include "web/page.h"

const struct standard page_routes[] = {
	{ M_GET, "", "view", page_list, 0, RF_NOPAGES, "List" },
	{ M_POST, "columns/", "view", page_columns, ROUTE_WRITES, RF_NOPAGES, "Keep columns" },
	{ M_POST, "filters/", "view", page_saved_add, ROUTE_WRITES, RF_NOPAGES, "Save the query" },
	{ M_GET, "add/", "add", page_form, 0, RF_NOPAGES | RF_READONLY, "Add" },
	{ M_POST, "add/", "add", page_form_post, ROUTE_WRITES, RF_NOPAGES | RF_READONLY, "Add" },
	{ M_GET, "import/", "add", page_import_file, 0, RF_NOPAGES | RF_READONLY, "Import" },
	{ M_POST, "import/", "add", page_import_file_post, ROUTE_WRITES, RF_NOPAGES | RF_READONLY, "Import" },
	{ M_POST, "edit/", "change", page_bulk_edit, ROUTE_WRITES, RF_NOPAGES | RF_READONLY | RF_NOBULKEDIT, "Edit several" },
	{ M_POST, "delete/", "delete", page_bulk_delete, ROUTE_WRITES, RF_NOPAGES | RF_READONLY, "Delete several" },
	{ M_GET, "{id}/", "view", page_detail, 0, RF_NOPAGES, "Show" },
	{ M_GET, "{id}/edit/", "change", page_form, 0, RF_NOPAGES | RF_READONLY, "Edit" },
	{ M_POST, "{id}/edit/", "change", page_form_post, ROUTE_WRITES, RF_NOPAGES | RF_READONLY, "Edit" },
	{ M_GET, "{id}/delete/", "delete", page_delete, 0, RF_NOPAGES | RF_READONLY, "Delete" },
	{ M_POST, "{id}/delete/", "delete", page_delete_post, ROUTE_WRITES, RF_NOPAGES | RF_READONLY, "Delete" },
	{ M_GET, "{id}/changelog/", "view", page_changelog, 0, RF_NOPAGES | RF_NOLOG, "Changelog" },
	{ M_GET, "{id}/config-context/", "view", page_context, 0, RF_NOPAGES, "Config context" },
	{ M_GET, "{id}/journal/", "view", page_journal, 0, RF_NOPAGES, "Journal" },
	{ M_POST, "{id}/journal/", "view", page_journal_add, ROUTE_WRITES, RF_NOPAGES, "Add to the journal" },
	{ M_GET, "{id}/jobs/", "view", page_jobs, 0, RF_NOPAGES, "Jobs" },
	{ M_GET, "{id}/{slug}/", "view", page_child, 0, RF_NOPAGES, "Tab" },
	{ 0, NULL, NULL, NULL, 0, 0, NULL }
};
