// What players are told of the sheets of a job: the lines to copy, with whole addresses.

import { attempt, copyButton, el, fill } from "./dom.js";

// The line of a text that begins with this, and the addresses in it made whole.
async function lineOf(address, begin) {
  const text = await textOf(address);
  const line = text.split("\n").find((one) => one.startsWith(begin)) ?? text;
  return line.replace(/URI="([^"]*)"/, (_, path) => `URI="${new URL(path, address).href}"`);
}

async function textOf(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return response.text();
}

// One player's lines for each form. `addresses` are those of its files.
const writers = {
  vtt: ([file]) => `<media-video-layout thumbnails="${file}"></media-video-layout>`,
  hls: (addresses) => lineOf(addresses[1], "#EXT-X-IMAGE-STREAM-INF"),
  dash: async (addresses) => {
    const text = await textOf(addresses[1]);
    // A template's own signs are none of an address.
    return text.replace(/media="([^"]*)"/, (_, name) => `media="${new URL(".", addresses[1]).href}${name}"`);
  },
  json: ([file]) => `const file = ${JSON.stringify(file)};
const board = await (await fetch(file)).json();
document.querySelector("media-video-layout").thumbnails = { ...board, url: new URL(board.url, file).href };`,
  bif: ([file]) => `video.HDBifUrl = ${JSON.stringify(file)}`,
  jellyfin: (addresses, names) => addresses.map((file, at) => `curl --create-dirs -o '${names[at] ?? ""}' '${file}'`).join("\n"),
};

const players = {
  vtt: "WebVTT: Vidstack, Media Chrome, video.js",
  hls: "HLS: a line of the multivariant playlist of the video",
  dash: "DASH: at the end of the Period of the video",
  json: "JSON: Vidstack",
  bif: "BIF: Roku",
  jellyfin: "Jellyfin: beside the video's file",
};

/** The lines for each form of `boards`, read when somebody wants them; null where there is none. */
export function storyboards(boards, addressOf) {
  const known = boards.filter((board) => writers[board.Format] && board.Keys.length > 0);
  if (known.length === 0) return null;
  const place = el("div", { class: "stack" });
  const show = () => attempt(async () => {
    const blocks = known.map(async (board) => {
      const text = await writers[board.Format](board.Keys.map(addressOf), board.Names ?? []);
      const heading = el("div", { class: "row apart" }, el("h3", {}, players[board.Format]), copyButton(() => text));
      return el("section", {}, heading, el("pre", { tabIndex: 0 }, text));
    });
    fill(place, await Promise.all(blocks));
  });
  return el("details", { ontoggle: (event) => event.target.open && show() }, el("summary", {}, "Storyboards, to copy"), place);
}
