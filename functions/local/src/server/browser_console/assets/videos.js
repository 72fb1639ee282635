// The list of videos, and one video: its jobs and what they made.

import { addingPanel } from "./adding.js";
import { call, ownPath } from "./client.js";
import { attempt, bytes, counted, el, fill, moment } from "./dom.js";
import { jobForm } from "./job_form.js";
import { jobList } from "./jobs.js";
import { playerOf, showNothing, showResults } from "./results.js";
import { clock } from "./view.js";

const PAGE = 60;

export function videosView() {
  const list = el("ul", { class: "videos" });
  const facts = el("p", { class: "facts" }, "…");
  const pages = el("div", { class: "row" });
  let page = 1;

  const load = () => attempt(async () => {
    const found = await call("GetVideoList", { PageNo: page, PageSize: PAGE });
    const videos = found.VideoList?.Video ?? [];
    facts.textContent = found.Total === 0 ? "There are none yet." : counted(found.Total, "video");
    fill(list, videos.map((video) => el("li", { class: "card" }, tile(video))));
    const last = Math.max(1, Math.ceil(found.Total / PAGE));
    const turn = (to) => {
      page = to;
      load();
    };
    fill(pages, last > 1 && [
      el("button", { type: "button", disabled: page <= 1, onclick: () => turn(page - 1) }, "Newer"),
      el("span", { class: "hint" }, `Page ${page} of ${last}`),
      el("button", { type: "button", disabled: page >= last, onclick: () => turn(page + 1) }, "Older"),
    ]);
  });
  load();
  const opened = (id) => {
    location.hash = `#/video/${id}`;
  };
  const element = el("div", { class: "stack" },
    el("h1", {}, "Videos"),
    addingPanel(opened, load),
    facts, list, pages);
  return { element };
}

function tile(video) {
  const cover = video.CoverURL
    ? el("img", { class: "cover", src: ownPath(video.CoverURL), alt: "", loading: "lazy", decoding: "async", width: 320, height: 180 })
    : el("span", { class: "cover" });
  return el("a", { href: `#/video/${video.VideoId}` },
    cover,
    el("div", { class: "pad" },
      el("strong", {}, video.Title || "Untitled"),
      el("p", { class: "hint" }, [video.Duration ? clock(video.Duration * 1000).replace(/\.\d+$/, "") : "", bytes(video.Size)].filter(Boolean).join(" · "))));
}

export function videoView(id, chosenJob) {
  const title = el("h1", {}, "…");
  const facts = el("p", { class: "facts" }, "…");
  const [top, bottom] = [el("section", { class: "stack" }), el("section", { class: "stack" })];
  const jobs = jobList({ video: id, pick: (job) => showJob(job.Id) });
  const player = playerOf(id);
  showNothing(player, top);
  let shownJob = null;
  let waitsFor = chosenJob ?? null;

  function showJob(jobId) {
    shownJob = jobId;
    showResults(jobId, player, [top, bottom], () => shownJob !== jobId);
  }

  const submitted = async (jobId) => {
    waitsFor = jobId;
    // It may have ended before its answer was read.
    const job = (await jobs.reload())?.find((listed) => listed.Id === jobId);
    if (job && job.EndedMs !== null && shownJob !== jobId) showJob(jobId);
  };
  const form = jobForm(id, submitted);
  const element = el("div", { class: "stack" },
    el("p", {}, el("a", { href: "#/videos" }, "All videos")),
    el("div", { class: "row apart" }, el("div", {}, title, facts), removal(id)),
    top,
    el("div", { class: "two" },
      el("section", { "aria-labelledby": "take" }, el("h2", { id: "take" }, "Take pictures"), form),
      el("section", { "aria-labelledby": "jobs" }, el("h2", { id: "jobs" }, "Jobs of this video"), jobs.element)),
    bottom);

  const loadFacts = (tries = 10) => attempt(async () => {
    const { Video: video } = await call("GetVideoInfo", { VideoId: id });
    title.textContent = video.Title || "Untitled";
    document.title = `${video.Title || "Untitled"} · vod-snapshot`;
    facts.textContent = [video.Duration ? clock(video.Duration * 1000) : "not looked into yet", bytes(video.Size), moment(Date.parse(video.CreationTime)), id].filter(Boolean).join(" · ");
    // It is looked into soon after it was registered.
    if (!video.Duration && tries > 0 && element.isConnected) setTimeout(() => loadFacts(tries - 1), 1000);
  });
  loadFacts();
  // What is worth seeing first: the job that was asked for, else the newest that has pictures.
  jobs.loaded.then((listed) => {
    const first = listed.find((job) => job.Id === waitsFor) ?? listed.find((job) => job.Status === "Success" && job.Kind !== "CoverSnapshot") ?? listed.find((job) => job.Status === "Success");
    if (first && shownJob === null) showJob(first.Id);
  });
  const hear = (name, job) => {
    if (name !== "job" || job.VideoId !== id) return;
    jobs.update(job);
    if (job.EndedMs === null) return;
    loadFacts();
    if (job.Id === waitsFor || shownJob === null) showJob(job.Id);
  };
  return { element, hear };
}

function removal(id) {
  const dialog = el("dialog", { "aria-labelledby": "removal" },
    el("form", { method: "dialog", class: "stack" },
      el("h2", { id: "removal" }, "Delete this video?"),
      el("p", {}, "It is forgotten with all its pictures and jobs. A file that was uploaded here is removed, too; one in a media folder stays."),
      el("div", { class: "row" },
        el("button", { value: "no" }, "Keep it"),
        el("button", {
          class: "danger",
          value: "yes",
          onclick: (event) => {
            event.preventDefault();
            attempt(async () => {
              await call("DeleteVideo", { VideoIds: id });
              dialog.close();
              location.hash = "#/videos";
            });
          },
        }, "Delete it"))));
  return el("div", {}, dialog, el("button", { type: "button", class: "danger", onclick: () => dialog.showModal() }, "Delete"));
}
