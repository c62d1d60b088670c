/* peerage.js: what HTML cannot do by itself. Every page works without it. */
(function () {
	"use strict";

	var doc = document;

	function all(selector, fn) {
		Array.prototype.forEach.call(doc.querySelectorAll(selector), fn);
	}

	function typing(el) {
		return el && (/^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) || el.isContentEditable);
	}

	/* "/" goes to the search, Escape closes what is open */
	doc.addEventListener("keydown", function (e) {
		if (e.key === "/" && !e.ctrlKey && !e.metaKey && !e.altKey && !typing(doc.activeElement)) {
			var search = doc.getElementById("search");
			if (search) {
				e.preventDefault();
				search.focus();
				search.select();
			}
		} else if (e.key === "Escape") {
			all("details.user[open], details.drop[open], details.sizes[open]", function (d) { d.open = false; });
			if (location.hash === "#menu") {
				location.hash = "#content";
			}
		}
	});
	doc.addEventListener("click", function (e) {
		all("details.user[open], details.drop[open], details.sizes[open]", function (d) {
			if (!d.contains(e.target)) {
				d.open = false;
			}
		});
	});

	/* on a phone the open tab may lie beyond the edge */
	all(".nav-tabs .active", function (tab) {
		var row = tab.closest(".nav-tabs");
		row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
	});

	/* light or dark; where the user has a preference, that is what changes */
	function keepTheme(now) {
		var token = doc.cookie.match(/(?:^|; )csrftoken=([^;]*)/);
		if (doc.documentElement.hasAttribute("data-theme") && token) {
			fetch(doc.body.dataset.base + "/api/users/userpref/", { method: "PATCH", credentials: "same-origin", body: JSON.stringify({ theme: now }),
				headers: { "Content-Type": "application/json", "X-CSRFToken": token[1] } });
		}
	}
	all("[data-theme-switch]", function (b) {
		b.hidden = false;
		b.addEventListener("click", function () {
			var now = doc.documentElement.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
			doc.documentElement.setAttribute("data-bs-theme", now);
			keepTheme(now);
			try {
				localStorage.setItem("peerage-theme", now);
			} catch (err) {
				return;
			}
		});
	});

	/* which groups of the menu are open */
	all(".side details.group", function (d) {
		var key = "peerage-menu-" + d.dataset.group;
		try {
			var kept = localStorage.getItem(key);
			if (kept && !d.querySelector(".now")) {
				d.open = kept === "open";
			}
			d.querySelector("summary").addEventListener("click", function () { localStorage.setItem(key, d.open ? "shut" : "open"); });
		} catch (err) {
			return;
		}
	});

	/* filters stand open where there is room for them */
	all("[data-wide-open]", function (d) {
		if (matchMedia("(min-width: 1500px)").matches) {
			d.open = true;
		}
	});

	/* tick boxes */
	all("[data-tick-all]", function (box) {
		var form = box.closest("form");
		var each = "tbody .tick input[type=checkbox]";
		var rows = form.querySelectorAll(each);
		box.addEventListener("change", function () {
			Array.prototype.forEach.call(rows, function (r) { r.checked = box.checked; });
		});
		form.addEventListener("change", function (e) {
			if (e.target.matches(each)) {
				var on = form.querySelectorAll(each + ":checked").length;
				box.checked = on === rows.length;
				box.indeterminate = on > 0 && on < rows.length;
			}
		});
	});

	/* empty filters do not go into the address */
	all("form.filters", function (form) {
		form.addEventListener("submit", function () {
			Array.prototype.forEach.call(form.elements, function (el) {
				if (el.name && el.value === "") {
					el.disabled = true;
				}
			});
		});
	});

	/* passwords */
	all("[data-reveal]", function (b) {
		var input = doc.getElementById(b.dataset.reveal);
		b.hidden = false;
		b.addEventListener("click", function () {
			input.type = input.type === "password" ? "text" : "password";
		});
	});

	/* copying */
	all("[data-copy]", function (b) {
		if (!navigator.clipboard) {
			return;
		}
		b.hidden = false;
		b.addEventListener("click", function () {
			navigator.clipboard.writeText(doc.getElementById(b.dataset.copy).dataset.text || doc.getElementById(b.dataset.copy).textContent);
		});
	});

	/* a slug follows its name until somebody writes it */
	all("[data-slug-of]", function (slug) {
		var name = doc.getElementById(slug.dataset.slugOf);
		if (!name || slug.value) {
			return;
		}
		name.addEventListener("input", function () {
			if (!slug.dataset.own) {
				slug.value = name.value.normalize("NFD").toLowerCase().replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9_]+/g, "-")
					.replace(/^-+|-+$/g, "").slice(0, 50);
			}
		});
		slug.addEventListener("input", function () { slug.dataset.own = "1"; });
	});

	/* references: names come from the API while somebody types; picking one sets its id */
	all("[data-api]", function (input) {
		var list = doc.getElementById(input.getAttribute("list"));
		var known = {};
		var last = null;
		var timer = null;

		function take() {
			var id = known[input.value];
			if (input.dataset.ref && id !== undefined) {
				input.form.elements[input.dataset.ref + ".id"].value = id;
				input.form.elements[input.dataset.ref + ".was"].value = input.value;
			}
		}

		function ask() {
			var q = input.value.replace(/^AS(?=\d)/i, "").split(" ")[0];
			if (q === last || known[input.value] !== undefined) {
				return;
			}
			last = q;
			fetch(input.dataset.api + "?brief=true&limit=30&q=" + encodeURIComponent(q), { credentials: "same-origin", headers: { Accept: "application/json" } })
				.then(function (r) { return r.ok ? r.json() : { results: [] }; })
				.then(function (answer) {
					list.textContent = "";
					answer.results.forEach(function (row) {
						var o = doc.createElement("option");
						o.value = input.dataset.key === "slug" ? row.slug : row.display;
						if (input.dataset.key === "slug") {
							o.label = row.name;
						}
						known[o.value] = row.id;
						list.appendChild(o);
					});
					take();
				})
				.catch(function () { last = null; });
		}

		input.addEventListener("focus", ask);
		input.addEventListener("input", function () {
			take();
			clearTimeout(timer);
			timer = setTimeout(ask, 200);
		});
		input.addEventListener("change", take);
	});

	/* the search: what is found so far, by type, best first; arrows and Enter or a click go there, Enter alone to all that is found */
	all("[data-search]", function (input) {
		var box = doc.getElementById("search-found");
		var at = -1;
		var asked = "";
		var timer = null;

		function options() { return box.querySelectorAll("[role=option]"); }

		function show(open) {
			box.hidden = !open;
			input.setAttribute("aria-expanded", open ? "true" : "false");
			mark(-1);
		}

		function mark(n) {
			var list = options();
			at = n;
			Array.prototype.forEach.call(list, function (o, i) { o.setAttribute("aria-selected", i === n ? "true" : "false"); });
			if (n < 0) {
				input.removeAttribute("aria-activedescendant");
			} else {
				input.setAttribute("aria-activedescendant", list[n].id);
				list[n].scrollIntoView({ block: "nearest" });
			}
		}

		function piece(parent, tag, name, text) {
			var el = doc.createElement(tag);
			if (name) {
				el.className = name;
			}
			el.textContent = text;
			parent.appendChild(el);
			return el;
		}

		/* the word set apart where it stands */
		function words(parent, text, q) {
			var word = q.toLowerCase().replace(/^as(?=\d)/, "");
			var from = text.toLowerCase().indexOf(word);
			if (from < 0) {
				piece(parent, "span", "", text);
				return false;
			}
			piece(parent, "span", "", text.slice(0, from));
			piece(parent, "mark", "", text.slice(from, from + word.length));
			piece(parent, "span", "", text.slice(from + word.length));
			return true;
		}

		function fill(results, q) {
			var group = null;
			var kind = "";
			box.textContent = "";
			results.forEach(function (hit, n) {
				if (hit.object_type !== kind) {
					kind = hit.object_type;
					group = piece(box, "div", "", "");
					group.setAttribute("role", "group");
					group.setAttribute("aria-label", hit.object_type_title);
					piece(group, "div", "kind", hit.object_type_title).setAttribute("aria-hidden", "true");
				}
				var a = piece(group, "a", "", "");
				a.id = "search-found-" + n;
				a.href = hit.display_url;
				a.tabIndex = -1;
				a.setAttribute("role", "option");
				if (!words(a, hit.display, q)) {
					words(piece(a, "span", "where", ""), hit.value, q);
				}
			});
			if (!results.length) {
				piece(box, "div", "kind", "Nothing so far");
			}
			show(true);
		}

		function ask() {
			var q = input.value.trim();
			if (q.length < 2) {
				asked = "";
				show(false);
				return;
			}
			if (q === asked) {
				show(true);
				return;
			}
			fetch(input.dataset.search + "?limit=4&q=" + encodeURIComponent(q), { credentials: "same-origin", headers: { Accept: "application/json" } })
				.then(function (r) { return r.ok ? r.json() : { results: [] }; })
				.then(function (answer) {
					if (q === input.value.trim()) {
						asked = q;
						fill(answer.results.filter(function (hit) { return hit.display_url; }).slice(0, 16), q);
					}
				})
				.catch(function () { show(false); });
		}

		input.setAttribute("role", "combobox");
		input.setAttribute("aria-autocomplete", "list");
		input.setAttribute("aria-controls", box.id);
		input.setAttribute("aria-expanded", "false");
		input.addEventListener("input", function () {
			clearTimeout(timer);
			timer = setTimeout(ask, 150);
		});
		input.addEventListener("keydown", function (e) {
			var n = box.hidden ? 0 : options().length;
			if (e.key === "Escape" && !box.hidden) {
				e.preventDefault();
				show(false);
			} else if (n > 0 && (e.key === "ArrowDown" || e.key === "ArrowUp")) {
				e.preventDefault();
				mark(e.key === "ArrowDown" ? (at + 1) % n : (at < 1 ? n : at) - 1);
			} else if (n > 0 && e.key === "Enter" && at >= 0) {
				e.preventDefault();
				location.href = options()[at].href;
			}
		});
		doc.addEventListener("click", function (e) {
			if (!input.parentNode.contains(e.target)) {
				show(false);
			}
		});
		input.addEventListener("blur", function (e) {
			if (!box.contains(e.relatedTarget)) {
				show(false);
			}
		});
		box.addEventListener("mousedown", function (e) { e.preventDefault(); });      /* the box stays until the click was one */
	});

	/* long menus of several: a box that narrows them, and a click is enough */
	all("select[data-pick]", function (select) {
		if (select.options.length < 3) {
			return;
		}
		if (select.options.length > 8) {
			var box = doc.createElement("input");
			box.className = "form-control form-control-sm mb-1";
			box.type = "search";
			box.placeholder = "Narrow the " + select.options.length + " below";
			box.setAttribute("aria-label", box.placeholder);
			box.addEventListener("input", function () {
				var want = box.value.toLowerCase();
				Array.prototype.forEach.call(select.options, function (o) {
					o.hidden = !o.selected && o.textContent.toLowerCase().indexOf(want) < 0;
				});
			});
			select.parentNode.insertBefore(box, select);
		}
		select.addEventListener("mousedown", function (e) {
			if (e.target.tagName === "OPTION") {
				e.preventDefault();
				var top = select.scrollTop;
				e.target.selected = !e.target.selected;
				select.focus();
				select.dispatchEvent(new Event("change", { bubbles: true }));
				setTimeout(function () { select.scrollTop = top; }, 0);
			}
		});
	});

	/* line numbers, and what a router's configuration is made of */
	var words = /("[^"\n]*")|((?:^|(?<=\s))(?:#|!|\/\/)[^\n]*|\/\*[^\n]*?\*\/)|\b(\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?|[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7}(?:\/\d{1,3})?)\b|(?<![\w-])(router|routing-options|policy-options|neighbor|neighbour|protocol|protocols|group|policy|prefix-list|route-map|bgp|template|filter|function|set|permit|deny|allow|import|export|accept|reject|address-family|interface|community|description|remote-as|peer-as|local-as|if|then|else|term|from|to)(?![\w-])/g;
	all("pre[data-lines]", function (pre) {
		var text = pre.textContent.replace(/\n$/, "");
		var bad = pre.dataset.bad;
		var lines = text.split("\n");
		var out = doc.createDocumentFragment();

		if (lines.length > 60000) {
			return;
		}
		pre.dataset.text = text;
		lines.forEach(function (line, i) {
			var row = doc.createElement("span");
			var at = 0;
			row.className = "line" + (String(i + 1) === bad ? " bad" : "");
			row.dataset.n = i + 1;
			if (lines.length < 15000) {
				line.replace(words, function (m, s, c, a, k, pos) {
					var mark = doc.createElement("span");
					mark.className = s ? "s" : c ? "c" : a ? "a" : "k";
					mark.textContent = m;
					row.appendChild(doc.createTextNode(line.slice(at, pos)));
					row.appendChild(mark);
					at = pos + m.length;
					return m;
				});
			}
			row.appendChild(doc.createTextNode(line.slice(at)));
			out.appendChild(row);
		});
		pre.textContent = "";
		pre.appendChild(out);
	});

	/* what is under way: its part of the page is fetched anew, until it has ended */
	function live() {
		var el = doc.querySelector("[data-live]");
		if (!el) {
			return;
		}
		setTimeout(function () {
			fetch(location.href, { credentials: "same-origin" })
				.then(function (r) { return r.ok ? r.text() : ""; })
				.then(function (html) {
					var now = html && new DOMParser().parseFromString(html, "text/html").getElementById(el.id);
					if (now && !el.contains(doc.activeElement)) {
						el.replaceWith(now);
					}
					if (now && !now.dataset.live && !doc.querySelector("[data-live]")) {
						location.reload();
						return;
					}
					live();
				})
				.catch(live);
		}, 1000 * Number(el.dataset.live));
	}
	live();

	/* a job that runs: look again */
	all("[data-again]", function (el) {
		setTimeout(function () { location.reload(); }, 1000 * Number(el.dataset.again || 3));
	});
}());
