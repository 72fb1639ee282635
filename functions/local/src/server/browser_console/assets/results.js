// What one job made: the pictures beside the player, all of them in a grid, its files to copy.

import { call, get, ownPath } from "./client.js";
import { attempt, bytes, copyButton, counted, el, fill } from "./dom.js";
import { storyboards } from "./storyboards.js";
import { clock, gallery, itemsOf, scrubber } from "./view.js";

/** The video itself and no picture yet. */
export function showNothing(player, top) {
  fill(top, scrubber([], 0, player).element);
}

/** The slider goes into `top`, all else into `bottom`, unless `isLate()` by then. */
export function showResults(jobId, player, [top, bottom], isLate) {
  const say = (heading, ...more) => isLate() || fill(bottom, el("h2", {}, heading), more);
  return attempt(async () => {
    const job = await get("job", { id: jobId });
    if (job.Status === "Fail") return say("The job failed", el("p", { class: "reason" }, `${job.Code}: ${job.Message}`));
    if (job.Status !== "Success") return say("The job is not done yet");
    const srcOf = (key) => `/${key}?${job.Query}`;
    const addressOf = (key) => new URL(srcOf(key), location.href).href;
    const response = await fetch(srcOf(job.Manifest));
    if (!response.ok) return say("The pictures of this job were deleted");
    const manifest = await response.json();
    const sprite = job.Sprite && {
      columns: job.Sprite.Columns,
      lines: job.Sprite.Lines,
      padding: job.Sprite.Padding,
      margin: job.Sprite.Margin,
    };
    const items = itemsOf(manifest, sprite, srcOf);
    if (isLate()) return undefined;
    if (items.length === 0) return say("The job made no picture", missing(manifest));
    const grid = gallery(items, (index) => {
      slider.show(index);
      slider.element.scrollIntoView({ block: "nearest" });
    });
    const slider = scrubber(items, manifest.DurationMs, player, (index) => grid.mark(index));
    fill(top, slider.element);
    return fill(bottom, el("h2", {}, job.Sprite ? "All cells of the sprite" : "All pictures of the job"), facts(manifest), grid.element, missing(manifest), storyboards(manifest.Storyboards ?? [], addressOf), files(manifest, job, addressOf));
  });
}

/** The element of the video itself. Its address is asked for until the file was looked into. */
export function playerOf(videoId) {
  const video = el("video", { muted: true, playsInline: true, preload: "auto", controls: false });
  const load = async () => {
    for (let tries = 0; tries < 10; tries += 1) {
      try {
        const { PlayInfoList: list } = await call("GetPlayInfo", { VideoId: videoId });
        video.src = ownPath(list.PlayInfo[0].PlayURL);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
    // It lies elsewhere, or is no video.
    video.isUnplayable = true;
    video.dispatchEvent(new Event("error"));
  };
  load();
  return video;
}

function facts(manifest) {
  const ways = { cut: "only the needed samples were decoded", seek: "ffmpeg read the file", decode: "the whole video was decoded" };
  const parts = [
    counted(manifest.Pictures.length, "picture"),
    `${manifest.Width} × ${manifest.Height}`,
    manifest.Codec,
    clock(manifest.DurationMs),
    manifest.Path && `${manifest.Path}: ${ways[manifest.Path] ?? ""}`,
    manifest.PathReason,
    manifest.ColourReason,
    manifest.OneRunReason,
  ];
  return el("p", { class: "facts" }, parts.filter(Boolean).join(" · "));
}

function missing(manifest) {
  const listed = manifest.Missing ?? [];
  if (listed.length === 0) return null;
  const reasons = { BeyondEnd: "after the end of the video", NoFrame: "no frame there", Damaged: "the frame can't be decoded" };
  return el("details", {},
    el("summary", {}, `${counted(listed.length, "time")} without a picture`),
    el("ul", {}, listed.slice(0, 200).map((one) => el("li", {}, `${clock(one.RequestedMs)}: ${reasons[one.Reason] ?? one.Reason}`))));
}

// What players take, to copy. Addresses hold for an hour where pictures are signed.
function files(manifest, job, addressOf) {
  const rows = [["Manifest", job.Manifest]];
  for (const sheet of manifest.Sheets) rows.push([`Sheet ${sheet.Index} (${bytes(sheet.Bytes)})`, sheet.Key]);
  if (manifest.WebVtt) rows.push(["WebVTT", manifest.WebVtt]);
  for (const board of manifest.Storyboards ?? []) rows.push([`Storyboard: ${board.Format}`, board.Keys[0]]);
  const row = ([name, key]) => {
    const address = addressOf(key);
    return el("li", { class: "row apart" }, el("a", { href: address, target: "_blank", rel: "noopener" }, name), copyButton(() => address, "Copy the address"));
  };
  return el("details", {}, el("summary", {}, "Files of this job"), el("ul", { class: "list" }, rows.slice(0, 200).map(row)));
}
