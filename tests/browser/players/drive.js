// Hovers over the bar of each player and says what colour its thumbnail has on the screen.
//
// The first argument is JSON: `clip`, a file; `files`, names and URLs of files of thumbnails, for all
// `players`; `folder`, what lies below /folder/; `times`, s, of `duration`, s. One line of JSON for each player, file and time comes out.
const fs = require("fs");
const http = require("http");
const path = require("path");
const { chromium } = require("playwright-core");

const asked = JSON.parse(process.argv[2]);
const packages = path.join(process.env.NODE_PATH, "/");

// Where the bar is, and the thumbnail over it.
const players = {
  "media-chrome": ["media-time-range", "media-preview-thumbnail"],
  "mux-player": ["media-time-range:visible", "media-preview-thumbnail:visible"],
  artplayer: [".art-control-progress", ".art-control-thumbnails"],
  "video.js": [".vjs-progress-holder", ".vjs-vtt-thumbnail-display"],
  vidstack: ["media-time-slider", ".vds-slider-thumbnail"],
  plyr: [".plyr__progress input[type=range]", ".plyr__preview-thumb__image-container"],
  "dash.js": ["#bar", "#thumbnail"],
  "shaka-manifest": [".shaka-seek-bar", ".shaka-player-ui-thumbnail-image-container"],
  shaka: [".shaka-seek-bar", ".shaka-player-ui-thumbnail-image-container"],
};

const kinds = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".mp4": "video/mp4", ".m4s": "video/iso.segment", ".jpg": "image/jpeg", ".json": "application/json", ".vtt": "text/vtt", ".m3u8": "application/vnd.apple.mpegurl", ".mpd": "application/dash+xml" };

function file(url) {
  const name = decodeURIComponent(new URL(url, "http://h").pathname);
  if (name === "/") return path.join(__dirname, "page.html");
  if (name === "/clip.mp4") return asked.clip;
  if (name.startsWith("/folder/")) return path.join(asked.folder, name.slice("/folder/".length));
  const found = path.join(packages, name.replace(/^\/packages\//, ""));
  return found.startsWith(packages) ? found : "";
}

// Players seek, so the clip has ranges.
const origin = http.createServer((request, response) => {
  let bytes;
  try {
    bytes = fs.readFileSync(file(request.url));
  } catch {
    return response.writeHead(404).end();
  }
  const headers = { "content-type": kinds[path.extname(file(request.url))] || "application/octet-stream", "accept-ranges": "bytes" };
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range || "");
  if (!range) return response.writeHead(200, { ...headers, "content-length": bytes.length }).end(bytes);
  const [from, to] = [Number(range[1]), range[2] ? Number(range[2]) : bytes.length - 1];
  headers["content-range"] = `bytes ${from}-${to}/${bytes.length}`;
  response.writeHead(206, headers).end(bytes.subarray(from, to + 1));
});

// The pixels of a picture, by the browser itself.
const average = (blank, png) =>
  blank.evaluate(async (base64) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const data = context.getImageData(0, 0, image.width, image.height).data;
    const sums = [0, 1, 2].map((part) => data.filter((_, at) => at % 4 === part).reduce((a, b) => a + b, 0));
    return sums.map((sum) => Math.round(sum / (image.width * image.height)));
  }, png.toString("base64"));

const near = (colour, expected) => colour && colour.every((part, at) => Math.abs(part - expected[at]) < 24);

// The colour over the bar at a time: the expected one as soon as it is there, else the last one.
async function seen(page, blank, [bar, thumbnail], time, expected) {
  const box = await page.locator(bar).first().boundingBox();
  const [x, y] = [box.x + (box.width * time) / asked.duration, box.y + box.height / 2];
  let colour = null;
  for (const begun = Date.now(); Date.now() - begun < 6000; ) {
    await page.mouse.move(x - 1, y);
    await page.mouse.move(x, y);
    await page.waitForTimeout(100);
    const shown = page.locator(thumbnail).first();
    const part = (await shown.isVisible()) ? await shown.boundingBox() : null;
    if (!part || part.width < 8 || part.height < 8) continue;
    const clip = { x: part.x + part.width / 2 - 2, y: part.y + part.height / 2 - 2, width: 4, height: 4 };
    colour = await average(blank, await page.screenshot({ clip }));
    if (near(colour, expected)) break;
  }
  return colour;
}

async function look(context, blank, name, [kind, vtt], port) {
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  try {
    const query = new URLSearchParams({ player: name, thumbnails: vtt });
    await page.goto(`http://localhost:${port}/?${query}`);
    await page.waitForFunction(() => document.title !== "", null, { timeout: 20000 });
    await page.locator(players[name][0]).first().waitFor({ timeout: 10000 });
    await page.waitForTimeout(500);
    await page.mouse.move(450, 200);
    for (const [at, time] of asked.times.entries()) {
      const colour = await seen(page, blank, players[name], time, asked.colours[at]);
      console.log(JSON.stringify({ player: name, kind, time, colour }));
    }
  } catch (error) {
    console.log(JSON.stringify({ player: name, kind, error: `${error} ${await page.title()}` }));
  }
  if (said.length) console.error(name, kind, said.slice(0, 5).join(" | "));
  await page.close();
}

origin.listen(0, "localhost", async () => {
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required"];
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
  try {
    const context = await browser.newContext({ viewport: { width: 1000, height: 600 } });
    const blank = await context.newPage();
    for (const name of asked.players) {
      for (const vtt of Object.entries(asked.files)) {
        await look(context, blank, name, vtt, origin.address().port);
      }
    }
  } finally {
    await browser.close();
    origin.close();
  }
});
