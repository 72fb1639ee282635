// Jobs: of all videos, or of one.

import { get } from "./client.js";
import { attempt, counted, el, fill, moment } from "./dom.js";

const KINDS = {
  NormalSnapshot: "Pictures",
  SpriteSnapshot: "Sprite",
  WebVttSnapshot: "WebVTT",
  CoverSnapshot: "System covers",
};

/** `{ element, loaded, reload, update }`; `pick(job)` when one is chosen. */
export function jobList({ video, pick }) {
  const rows = new Map();
  const list = el("ul", { class: "list" });
  const note = el("p", { class: "hint" }, "…");
  const more = el("button", { type: "button", hidden: true, onclick: () => attempt(next) }, "Older jobs");
  let last = null;

  async function page(before) {
    const asked = { limit: 50 };
    if (video) asked.video = video;
    if (before) Object.assign(asked, { before_ms: before.CreatedMs, before_id: before.Id });
    return (await get("jobs", asked)).Jobs;
  }
  function add(job, first) {
    const row = el("li", { class: "card" });
    rows.set(job.Id, { row, job });
    draw(row, job, video, pick);
    if (first) list.prepend(row);
    else list.append(row);
  }
  async function next() {
    const jobs = await page(last);
    for (const job of jobs) if (!rows.has(job.Id)) add(job);
    last = jobs.at(-1) ?? last;
    more.hidden = jobs.length < 50;
    note.hidden = rows.size > 0;
    note.textContent = "There are none yet.";
    return jobs;
  }
  function update(job) {
    const known = rows.get(job.Id);
    if (!known) {
      add(job, true);
      note.hidden = true;
      return;
    }
    known.job = job;
    draw(known.row, job, video, pick);
  }
  const reload = () => attempt(async () => {
    const jobs = await page(null);
    for (const job of jobs.toReversed()) update(job);
    return jobs;
  });
  const loaded = attempt(next).then((jobs) => jobs ?? []);
  return { element: el("div", { class: "stack" }, note, list, more), loaded, reload, update };
}

function draw(row, job, video, pick) {
  const focused = row.contains(document.activeElement);
  const isOpen = job.EndedMs === null;
  const kind = KINDS[job.Kind] ?? job.Kind;
  const made = job.Status === "Success"
    ? [job.Pictures ? counted(job.Pictures, "picture") : "", job.Sheets ? counted(job.Sheets, "sheet") : ""].filter(Boolean).join(", ")
    : "";
  const open = pick
    ? el("button", { type: "button", class: "quiet", onclick: () => pick(job) }, "Show")
    : el("a", { href: `#/video/${job.VideoId}/${job.Id}` }, "Show");
  fill(row, el("div", { class: "row apart" },
    el("div", {},
      el("div", { class: "row" },
        el("span", { class: `state ${job.Status}` }, { Queued: "Waiting", Processing: "Running", Success: "Done", Fail: "Failed" }[job.Status]),
        el("strong", {}, kind),
        el("span", { class: "hint" }, [made, moment(job.CreatedMs)].filter(Boolean).join(" · "))),
      !video && el("p", { class: "hint name" }, job.VideoTitle ?? "the video was deleted"),
      job.Code && el("p", { class: "reason" }, `${job.Code}: ${job.Message}`)),
    job.Status === "Success" && open),
  isOpen && el("progress", job.Total ? { max: job.Total, value: job.Done, "aria-label": `${job.Done} of ${job.Total} files` } : { "aria-label": "Not begun" }));
  if (focused) row.querySelector("button, a")?.focus();
}

export function jobsView() {
  const jobs = jobList({});
  return {
    element: el("div", { class: "stack" }, el("h1", {}, "Jobs"), el("p", { class: "hint" }, "Of all videos, newest first."), jobs.element),
    hear: (name, job) => name === "job" && jobs.update(job),
  };
}
