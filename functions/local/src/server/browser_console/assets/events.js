// Events, and how far each is with its subscribers.

import { get, post } from "./client.js";
import { attempt, el, fill, moment } from "./dom.js";

export function eventsView() {
  const list = el("ul", { class: "list" });
  const note = el("p", { class: "hint" }, "…");
  const more = el("button", { type: "button", hidden: true, onclick: () => attempt(older) }, "Older events");
  const rows = new Map();
  let lowest = null;

  function put(event, first) {
    const known = rows.get(event.Number);
    const row = known ?? el("li", { class: "card" });
    draw(row, event, refresh);
    if (known) return;
    rows.set(event.Number, row);
    if (first) list.prepend(row);
    else list.append(row);
  }
  async function older() {
    const { Events: events } = await get("events", lowest === null ? {} : { before: lowest });
    for (const event of events) put(event);
    lowest = events.at(-1)?.Number ?? lowest;
    more.hidden = events.length < 50;
    note.hidden = rows.size > 0;
    note.textContent = "There are none yet.";
  }
  const refresh = () => attempt(async () => {
    const { Events: events } = await get("events");
    for (const event of events.toReversed()) put(event, true);
    note.hidden = rows.size > 0;
  });
  attempt(older);
  return {
    element: el("div", { class: "stack" }, el("h1", {}, "Events"),
      el("p", { class: "hint" }, "What was published, and who has it: the receivers of --notify, and callbacks."), note, list, more),
    hear: (name) => name === "events" && refresh(),
  };
}

function draw(row, event, refresh) {
  const isOpen = row.querySelector("details")?.open;
  fill(row,
    el("div", { class: "row" },
      el("span", { class: `state ${event.Status === "success" ? "Success" : "Fail"}` }, event.Status),
      el("strong", {}, event.Type),
      el("span", { class: "hint" }, moment(event.AtMs)),
      event.JobId && el("a", { href: `#/video/${event.VideoId}/${event.JobId}` }, "Show the job")),
    event.Deliveries.length === 0
      ? el("p", { class: "hint" }, "Nobody subscribed.")
      : event.Deliveries.map((delivery) => deliveryRow(delivery, refresh)),
    el("details", { open: isOpen }, el("summary", {}, "Body"), el("pre", { tabIndex: 0 }, JSON.stringify(event.Body, null, 2))));
}

function deliveryRow(delivery, refresh) {
  const [kind, text] = delivery.IsDelivered
    ? ["delivered", "Delivered"]
    : delivery.NextMs === null
      ? ["failed", "Given up"]
      : ["", delivery.FailedAttempts > 0 ? `Tried ${delivery.FailedAttempts} times, next at ${moment(delivery.NextMs)}` : "Waiting"];
  const retry = el("button", {
    type: "button",
    onclick: () => attempt(async () => {
      await post("retry", { id: delivery.Id });
      refresh();
    }),
  }, "Send now");
  return el("div", { class: "row apart" },
    el("div", { class: "row" }, el("span", { class: `state ${kind}` }, text), el("span", { class: "hint name" }, delivery.Url)),
    !delivery.IsDelivered && retry);
}
