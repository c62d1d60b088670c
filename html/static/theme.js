/* theme.js: light or dark before anything is drawn: as the user's preference says, else as this browser was told, else as the system has it. */
(function () {
	"use strict";
	var theme = document.documentElement.getAttribute("data-theme");
	try {
		theme = theme || localStorage.getItem("peerage-theme");
	} catch (e) {
		theme = null;
	}
	if (theme !== "light" && theme !== "dark") {
		theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
	}
	document.documentElement.setAttribute("data-bs-theme", theme);
}());
