#!/usr/bin/python3
"""From page to page by what they link to: every link must be answered, every form must lead to a route, and no page may print the engine's
own words for an object or a bare number in the place of its name. Of links that differ only in their numbers two are followed, of those that differ in their query's values one.

links.py URL COOKIE ROUTES; ROUTES: what the programs print with -r. Prints FAILED lines; the last line counts."""
import collections, html.parser, http.client, re, sys, urllib.parse

url, cookie = sys.argv[1:3]
posts = {re.sub(r"\{\w+\}", "N", line.split()[-2]) for line in open(sys.argv[3]) if "POST" in line.split("/")[0]}
server = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=60)
OWN_WORDS = re.compile(r"&lt;(TemplateReference|Macro|Cycler|Joiner|Namespace|function|generator|built-in|bound method)\b|\bUndefined\b|>#\d+<")


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.forms = [], []

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag == "form":
            self.forms += [a["action"]] if a.get("method") == "post" and a.get("action") else []
        else:
            self.forms += [a["formaction"]] if a.get("formaction") else []
            self.links += [a[k] for k in ("href", "src") if a.get(k)]


def ask(path):
    server.request("GET", urllib.parse.quote(path, safe="/?&=%:@,+;!~*'()-"), None, {"Cookie": cookie})
    answer = server.getresponse()
    return answer.status, answer.getheader("Content-Type") or "", answer.read().decode("utf-8", "replace")


def shape(path):
    at = urllib.parse.urlsplit(path)
    return re.sub(r"\d+", "N", at.path), tuple(sorted({k for k, _ in urllib.parse.parse_qsl(at.query, True)}))


def inside(page, link):
    at = urllib.parse.urljoin(url + page, link)
    if not at.startswith(url + "/") or "/logout/" in at:
        return None
    return urllib.parse.urldefrag(at[len(url):])[0]


passed = failed = 0


def count(wrong, what):
    global passed, failed
    passed, failed = passed + (not wrong), failed + bool(wrong)
    if wrong:
        print(f"FAILED: {what} {wrong}")


seen, queue = collections.Counter(), collections.deque([("/", "the start")])
while queue:
    path, source = queue.popleft()
    status, media, text = ask(path)
    said = media.startswith("text/html") and OWN_WORDS.search(re.sub(r"(?s)<(pre|textarea)\b.*?</\1>", "", text))
    count(f"answers {status}" if status >= 400 else said and f"prints {said.group()}", f"{path}, linked to on {source},")
    if not media.startswith("text/html") or status >= 400:
        continue
    page = Page()
    page.feed(text)
    for to in filter(None, (inside(path, f) for f in page.forms)):
        seen[shape(to)[0], "POST"] += 1
        if seen[shape(to)[0], "POST"] == 1:
            count(shape(to)[0] not in posts and "leads nowhere", f"a form on {path} to {to}")
    for to in filter(None, (inside(path, l) for l in page.links)):
        seen[shape(to)] += 1
        if seen[shape(to)] <= (1 if "?" in to else 2):
            queue.append((to, path))
print(f"{passed} passed, {failed} failed")
