/* choices.c: closed lists that several resources use. The order is that of the menus. */
#include "model/tables/tables.h"

const struct choice choices_status[] = {
	{ "enabled", "Enabled", "success" },
	{ "pre-maintenance", "Pre-maintenance", "warning" },
	{ "maintenance", "Maintenance", "warning" },
	{ "post-maintenance", "Post-maintenance", "warning" },
	{ "disabled", "Disabled", "danger" },
	{ 0 }
};

const struct choice choices_session_status[] = {
	{ "requested", "Requested", "info" },
	{ "provisioning", "Provisioning", "secondary" },
	{ "enabled", "Enabled", "success" },
	{ "pre-maintenance", "Pre-maintenance", "warning" },
	{ "maintenance", "Maintenance", "warning" },
	{ "post-maintenance", "Post-maintenance", "warning" },
	{ "disabled", "Disabled", "danger" },
	{ "decommissioning", "Decommissioning", "warning" },
	{ "decommissioned", "Decommissioned", "danger" },
	{ 0 }
};

/* RFC 4271, section 8.2.2 */
const struct choice choices_bgp_state[] = {
	{ "idle", "Idle", "danger" },
	{ "connect", "Connect", "warning" },
	{ "active", "Active", "warning" },
	{ "opensent", "OpenSent", "info" },
	{ "openconfirm", "OpenConfirm", "info" },
	{ "established", "Established", "success" },
	{ 0 }
};

const struct choice choices_family[] = {
	{ "0", "All", "secondary" },
	{ "4", "IPv4", "primary" },
	{ "6", "IPv6", "info" },
	{ 0 }
};

const struct choice choices_password_algorithm[] = {
	{ "arista-type7", "Arista Type 7", NULL },
	{ "cisco-type7", "Cisco Type 7", NULL },
	{ "juniper-type9", "Juniper Type 9", NULL },
	{ 0 }
};

const struct choice choices_job_status[] = {
	{ "pending", "Pending", "primary" },
	{ "running", "Running", "warning" },
	{ "completed", "Completed", "success" },
	{ "errored", "Errored", "danger" },
	{ "failed", "Failed", "danger" },
	{ 0 }
};

const struct choice choices_queue[] = {
	{ "high", "High", NULL },
	{ "default", "Default", NULL },
	{ "low", "Low", NULL },
	{ 0 }
};

/* What the colour menus offer; any other six digits are as good. */
const struct choice choices_color[] = {
	{ "aa1409", "Dark Red", NULL },
	{ "f44336", "Red", NULL },
	{ "e91e63", "Pink", NULL },
	{ "ffe4e1", "Rose", NULL },
	{ "ff66ff", "Fuchsia", NULL },
	{ "9c27b0", "Purple", NULL },
	{ "673ab7", "Dark Purple", NULL },
	{ "3f51b5", "Indigo", NULL },
	{ "2196f3", "Blue", NULL },
	{ "03a9f4", "Light Blue", NULL },
	{ "00bcd4", "Cyan", NULL },
	{ "009688", "Teal", NULL },
	{ "00ffff", "Aqua", NULL },
	{ "2f6a31", "Dark Green", NULL },
	{ "4caf50", "Green", NULL },
	{ "8bc34a", "Light Green", NULL },
	{ "cddc39", "Lime", NULL },
	{ "ffeb3b", "Yellow", NULL },
	{ "ffc107", "Amber", NULL },
	{ "ff9800", "Orange", NULL },
	{ "ff5722", "Dark Orange", NULL },
	{ "795548", "Brown", NULL },
	{ "c0c0c0", "Light Grey", NULL },
	{ "9e9e9e", "Grey", NULL },
	{ "607d8b", "Dark Grey", NULL },
	{ "111111", "Black", NULL },
	{ "ffffff", "White", NULL },
	{ 0 }
};

/* ---- PeeringDB's lists. They are not closed for us: a value that is not here is shown as it came. ---- */

const struct choice choices_region[] = {
	{ "North America", "North America", NULL },
	{ "Asia Pacific", "Asia Pacific", NULL },
	{ "Europe", "Europe", NULL },
	{ "South America", "South America", NULL },
	{ "Africa", "Africa", NULL },
	{ "Australia", "Australia", NULL },
	{ "Middle East", "Middle East", NULL },
	{ 0 }
};

const struct choice choices_visibility[] = {
	{ "Private", "Private", NULL },
	{ "Users", "Users", NULL },
	{ "Public", "Public", NULL },
	{ 0 }
};

const struct choice choices_network_traffic[] = {
	{ "", "Not Disclosed", NULL },
	{ "0-20Mbps", "0-20Mbps", NULL },
	{ "20-100Mbps", "20-100Mbps", NULL },
	{ "100-1000Mbps", "100-1000Mbps", NULL },
	{ "1-5Gbps", "1-5Gbps", NULL },
	{ "5-10Gbps", "5-10Gbps", NULL },
	{ "10-20Gbps", "10-20Gbps", NULL },
	{ "20-50Gbps", "20-50Gbps", NULL },
	{ "50-100Gbps", "50-100Gbps", NULL },
	{ "100-200Gbps", "100-200Gbps", NULL },
	{ "200-300Gbps", "200-300Gbps", NULL },
	{ "300-500Gbps", "300-500Gbps", NULL },
	{ "500-1000Gbps", "500-1000Gbps", NULL },
	{ "1-5Tbps", "1-5Tbps", NULL },
	{ "5-10Tbps", "5-10Tbps", NULL },
	{ "10-20Tbps", "10-20Tbps", NULL },
	{ "20-50Tbps", "20-50Tbps", NULL },
	{ "50-100Tbps", "50-100Tbps", NULL },
	{ "100+Tbps", "100+Tbps", NULL },
	{ 0 }
};

const struct choice choices_network_ratio[] = {
	{ "", "Not Disclosed", NULL },
	{ "Not Disclosed", "Not Disclosed Bis", NULL },
	{ "Heavy Outbound", "Heavy Outbound", NULL },
	{ "Mostly Outbound", "Mostly Outbound", NULL },
	{ "Balanced", "Balanced", NULL },
	{ "Mostly Inbound", "Mostly Inbound", NULL },
	{ "Heavy Inbound", "Heavy Inbound", NULL },
	{ 0 }
};

const struct choice choices_network_scope[] = {
	{ "", "Not Disclosed", NULL },
	{ "Not Disclosed", "Not Disclosed Bis", NULL },
	{ "Regional", "Regional", NULL },
	{ "North America", "North America", NULL },
	{ "Asia Pacific", "Asia Pacific", NULL },
	{ "Europe", "Europe", NULL },
	{ "South America", "South America", NULL },
	{ "Africa", "Africa", NULL },
	{ "Australia", "Australia", NULL },
	{ "Middle East", "Middle East", NULL },
	{ "Global", "Global", NULL },
	{ 0 }
};

const struct choice choices_network_type[] = {
	{ "", "Not Disclosed", NULL },
	{ "Not Disclosed", "Not Disclosed", NULL },
	{ "NSP", "NSP", NULL },
	{ "Content", "Content", NULL },
	{ "Cable/DSL/ISP", "Cable/DSL/ISP", NULL },
	{ "Enterprise", "Enterprise", NULL },
	{ "Educational/Research", "Educational/Research", NULL },
	{ "Non-Profit", "Non-Profit", NULL },
	{ "Route Server", "Route Server", NULL },
	{ "Network Services", "Network Services", NULL },
	{ "Route Collector", "Route Collector", NULL },
	{ "Government", "Government", NULL },
	{ 0 }
};

const struct choice choices_service_level[] = {
	{ "", "Not Disclosed", NULL },
	{ "Not Disclosed", "Not Disclosed Bis", NULL },
	{ "Best Effort (no SLA)", "Best Effort", NULL },
	{ "Normal Business Hours", "Normal Business Hours", NULL },
	{ "24/7 Support", "Support 24 7", NULL },
	{ 0 }
};

const struct choice choices_terms[] = {
	{ "", "Not Disclosed", NULL },
	{ "Not Disclosed", "Not Disclosed Bis", NULL },
	{ "No Commercial Terms", "No Commercial Terms", NULL },
	{ "Bundled With Other Services", "Bundled With Other Services", NULL },
	{ "Non-recurring Fees Only", "Non Recurring Fees Only", NULL },
	{ "Recurring Fees", "Recurring Fees", NULL },
	{ 0 }
};
