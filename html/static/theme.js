/* theme.js: light or dark before anything is drawn; without it, and until somebody chooses, the system decides. */
(function () {
	"use strict";
	var theme = null;
	try {
		theme = localStorage.getItem("peerage-theme");
	} catch (e) {
		theme = null;
	}
	if (theme !== "light" && theme !== "dark") {
		theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
	}
	document.documentElement.setAttribute("data-bs-theme", theme);
}());
