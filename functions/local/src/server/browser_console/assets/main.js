// The page: which view is shown, who may see it, and what changes meanwhile.

import * as client from "./client.js";
import { attempt, el, fill, tell } from "./dom.js";
import { canSign } from "./signer.js";
import { eventsView } from "./events.js";
import { jobsView } from "./jobs.js";
import { templatesView } from "./templates.js";
import { videoView, videosView } from "./videos.js";

const main = document.getElementById("main");
const keyButton = document.getElementById("key");

// What the view that is shown wants to hear of.
let heard = () => {};

const routes = [
  [/^#\/videos$/, () => videosView()],
  [/^#\/video\/([0-9a-f]{32})(?:\/([0-9a-f]{32}))?$/, (id, job) => videoView(id, job)],
  [/^#\/jobs$/, () => jobsView()],
  [/^#\/events$/, () => eventsView()],
  [/^#\/templates$/, () => templatesView()],
];

function show() {
  const at = location.hash || "#/videos";
  heard = () => {};
  for (const link of document.querySelectorAll(".top nav a")) {
    const isHere = link.getAttribute("href") === at || (at.startsWith("#/video/") && link.getAttribute("href") === "#/videos");
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const found = routes.map(([pattern, view]) => [at.match(pattern), view]).find(([match]) => match);
  if (!found) {
    fill(main, el("h1", {}, "There is no such page"), el("p", {}, el("a", { href: "#/videos" }, "All videos")));
    return;
  }
  const [[, ...parts], view] = found;
  const { element, hear } = view(...parts);
  heard = hear ?? (() => {});
  fill(main, element);
}

function needsTls() {
  fill(main, el("div", { class: "card pad stack" },
    el("h1", {}, "This page needs https"),
    el("p", {}, "Calls of this server are signed with an access key. Browsers sign only on https pages and on this machine itself, and a key that is typed into a page without TLS could be read on the way. So this page takes none."),
    el("p", {}, "Start the server with --tls-cert and --tls-key, or open the page at localhost, for example through an SSH tunnel.")));
}

function askForKey() {
  const id = el("input", { name: "id", autocomplete: "off", spellcheck: false, required: true });
  const secret = el("input", { name: "secret", type: "password", autocomplete: "off", required: true });
  const problem = el("p", { class: "reason", role: "alert" });
  const submit = el("button", { class: "primary" }, "Open the console");
  const form = el("form", {
    class: "card pad stack",
    onsubmit: async (event) => {
      event.preventDefault();
      submit.disabled = true;
      problem.textContent = "";
      try {
        await client.signIn(id.value.trim(), secret.value);
        secret.value = "";
        start();
      } catch (error) {
        problem.textContent = error.message;
        submit.disabled = false;
      }
    },
  },
  el("h1", {}, "Access key"),
  el("p", { class: "hint" }, "One of the keys that the server was started with (--keys). It stays in the memory of this page, signs calls here, and is gone when the page is closed."),
  el("label", { class: "field" }, "Access key id", id),
  el("label", { class: "field" }, "Secret", secret),
  problem,
  el("div", {}, submit));
  fill(main, form);
  id.focus();
}

let following = false;
async function follow() {
  if (following) return;
  following = true;
  await client.follow((name, data) => heard(name, data));
  following = false;
  if (client.state.NeedsKey) end();
}

function end() {
  client.forget();
  keyButton.hidden = true;
  askForKey();
}

function start() {
  keyButton.hidden = !client.state.NeedsKey;
  show();
  follow();
}

keyButton.addEventListener("click", () => {
  end();
  tell("The key is forgotten.");
});
addEventListener("hashchange", () => {
  if (!client.hasSession()) return;
  show();
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
});

// The demo opens the page with its key behind the `#`, on this machine only.
async function keyOfDemo() {
  const given = location.hash.match(/^#key=([^:]+):(.+)$/);
  if (!given) return false;
  history.replaceState(null, "", "/");
  if (!["localhost", "127.0.0.1", "[::1]"].includes(location.hostname)) return false;
  await client.signIn(given[1], given[2]);
  return true;
}

attempt(async () => {
  await client.load();
  if (client.state.NeedsKey && canSign() && (await keyOfDemo().catch(() => false))) start();
  else if (!client.state.NeedsKey) start();
  else if (canSign()) askForKey();
  else needsTls();
});
