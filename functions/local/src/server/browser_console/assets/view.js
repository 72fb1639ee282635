// How pictures are shown: the page of the demo has this file, too. No imports, so that it works in a
// file that is opened from a disk.

/** `m:ss.mmm`, or `h:mm:ss.mmm` from an hour on. Fractions of a millisecond are cut off. */
export function clock(ms) {
  const pad = (n, width) => String(n).padStart(width, "0");
  const whole = Math.floor(ms);
  const [h, min, s] = [Math.floor(whole / 3600000), Math.floor(whole / 60000) % 60, Math.floor(whole / 1000) % 60];
  return `${h > 0 ? `${h}:${pad(min, 2)}` : min}:${pad(s, 2)}.${pad(whole % 1000, 3)}`;
}

/** Where a cell is on its sheet: `[left, top, width, height]`, px. */
export function cellPlace(sprite, cell) {
  const across = (sheet, count) => (sheet - 2 * sprite.margin - (count - 1) * sprite.padding) / count;
  const [width, height] = [across(sprite.sheetWidth, sprite.columns), across(sprite.sheetHeight, sprite.lines)];
  const [column, line] = [cell % sprite.columns, Math.floor(cell / sprite.columns)];
  return [sprite.margin + column * (width + sprite.padding), sprite.margin + line * (height + sprite.padding), width, height];
}

/**
 * What a job made, one item for each picture: `{ requestedMs, presentationMs, src, width, height,
 * damaged, place }`; `src` is that of the sheet where `place` is a place on it. `sprite` has the padding
 * and the margin of sheets, and what manifests of earlier releases leave out; `srcOf` gives the address
 * of a key.
 */
export function itemsOf(manifest, sprite, srcOf) {
  const layout = manifest.Grid ? { columns: manifest.Grid.Columns, lines: manifest.Grid.Lines } : {};
  const sheets = new Map(manifest.Sheets.map((sheet) => [sheet.Index, sheet]));
  return manifest.Pictures.map((picture) => {
    const item = {
      requestedMs: picture.RequestedMs,
      presentationMs: picture.PresentationMs,
      damaged: Boolean(picture.Damaged),
      width: picture.Width,
      height: picture.Height,
    };
    const sheet = sheets.get(picture.Sheet);
    if (sheet && sprite) {
      const geometry = { ...sprite, ...layout, sheetWidth: sheet.Width, sheetHeight: sheet.Height };
      const place = cellPlace(geometry, picture.Cell);
      return { ...item, src: srcOf(sheet.Key), place, width: place[2], height: place[3], sheet: sheet.Index, cell: picture.Cell };
    }
    return picture.Key ? { ...item, src: srcOf(picture.Key) } : item;
  }).filter((item) => item.src);
}

// A sheet is loaded once for all its cells, and no more than a few are kept.
const loaded = new Map();
function load(src) {
  if (!loaded.has(src)) {
    const image = new Image();
    image.src = src;
    loaded.set(src, image.decode().then(() => image));
    if (loaded.size > 8) loaded.delete(loaded.keys().next().value);
  }
  return loaded.get(src);
}

/** Draws an item on a canvas, in its own size. Resolves when it is there. */
export async function draw(canvas, item) {
  const image = await load(item.src);
  const [left, top, width, height] = item.place ?? [0, 0, image.naturalWidth, image.naturalHeight];
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d").drawImage(image, left, top, width, height, 0, 0, width, height);
}

const make = (tag, kind, text) => {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (text !== undefined) made.textContent = text;
  return made;
};

/**
 * A slider over the pictures, each beside the video at its time where there is a `video` element.
 * `{ element, show }`; `changed(index)` is called for each that is shown. Without pictures it has the
 * same size, so that nothing moves when they come.
 */
export function scrubber(items, durationMs, video, changed = () => {}) {
  const order = items.map((_, index) => index).sort((a, b) => items[a].requestedMs - items[b].requestedMs);
  const element = make("div", "card");
  const compare = make("div", "compare");
  const canvas = make("canvas");
  const isEmpty = items.length === 0;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "No picture yet");
  const bar = make("div", "bar");
  const stage = make("div", "stage");
  stage.append(canvas, make("span", "label", "Picture"), bar);
  if (video) {
    const playing = make("div", "stage");
    playing.append(video, make("span", "label", "Player"));
    compare.append(playing);
  }
  compare.append(stage);
  const panel = make("div", "panel");
  const time = make("output", "time");
  const list = make("dl");
  const row = (name) => {
    const line = make("div");
    const value = make("dd");
    line.append(make("dt", "", name), value);
    list.append(line);
    return value;
  };
  const shown = row("The picture is shown since");
  const player = video ? row("The player shows the frame of") : null;
  const difference = video ? row("Mean difference of the two, of 255") : null;
  const where = row("Place");
  const range = make("input");
  Object.assign(range, { type: "range", min: 0, max: Math.max(0, items.length - 1), step: 1, value: 0, disabled: isEmpty });
  range.setAttribute("aria-label", "Picture");
  panel.append(time, list, range, make("p", "hint", "Move over the pictures, drag the slider, or use the arrow keys."));
  element.append(compare, panel);

  let turn = 0;
  async function show(position, quiet) {
    const mine = ++turn;
    const index = order[position];
    const item = items[index];
    range.value = position;
    range.setAttribute("aria-valuetext", clock(item.requestedMs));
    canvas.setAttribute("aria-label", `The video at ${clock(item.requestedMs)}`);
    time.textContent = clock(item.requestedMs);
    shown.textContent = clock(item.presentationMs) + (item.damaged ? " (damaged in the video)" : "");
    where.textContent = item.sheet ? `cell ${item.cell + 1} of sheet ${item.sheet}` : `picture ${index + 1} of ${items.length}`;
    bar.style.transform = `scaleX(${durationMs > 0 ? Math.min(1, item.requestedMs / durationMs) : 0})`;
    if (!quiet) changed(index);
    const drawn = draw(canvas, item).catch(() => {
      where.textContent = "The picture can't be loaded.";
    });
    if (!video) return;
    player.textContent = "…";
    difference.textContent = "…";
    const mediaMs = await seek(video, item);
    await drawn;
    if (mine !== turn) return;
    player.textContent = mediaMs === null ? "not playable here" : clock(mediaMs);
    difference.textContent = mediaMs === null ? "–" : meanDifference(video, canvas).toFixed(1);
  }
  const follow = (event) => {
    const box = stage.getBoundingClientRect();
    const at = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * durationMs;
    const next = order.findLastIndex((index) => items[index].requestedMs <= at);
    if (Number(range.value) !== Math.max(0, next)) show(Math.max(0, next));
  };
  if (isEmpty) {
    time.textContent = "–:––.–––";
    for (const value of list.querySelectorAll("dd")) value.textContent = "–";
    return { element, show: () => {} };
  }
  stage.addEventListener("pointermove", follow);
  stage.addEventListener("pointerdown", follow);
  range.addEventListener("input", () => show(Number(range.value)));
  show(0, true);
  return { element, show: (index) => show(order.indexOf(index)) };
}

const once = (target, names, ms) =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), ms);
    for (const name of names) {
      target.addEventListener(name, () => (clearTimeout(timer), resolve(name)), { once: true });
    }
  });

// The time of the frame that the player shows, ms; null where it plays no such video. The middle of
// the picture's frame would be best; a hair after its begin is in it, too.
async function seek(video, item) {
  if (video.error || video.isUnplayable) return null;
  if (video.readyState < 1 && (await once(video, ["loadedmetadata", "error"], 15000)) !== "loadedmetadata") return null;
  const at = item.presentationMs / 1000 + 0.001;
  const frame = "requestVideoFrameCallback" in video
    ? new Promise((resolve) => video.requestVideoFrameCallback((_, facts) => resolve(facts.mediaTime * 1000)))
    : new Promise(() => {});
  const sought = once(video, ["seeked", "error"], 15000);
  video.currentTime = at;
  if ((await sought) !== "seeked") return null;
  // A seek within the frame that is there already shows no new one.
  const still = new Promise((resolve) => setTimeout(() => resolve(video.lastMediaMs ?? at * 1000), 400));
  video.lastMediaMs = await Promise.race([frame, still]);
  return video.lastMediaMs;
}

// At a small size: what is wanted is whether it is the same frame, not how a scaler rounds.
function meanDifference(video, canvas) {
  const [width, height] = [160, Math.max(1, Math.round((160 * canvas.height) / canvas.width))];
  const [a, b] = [video, canvas].map((source) => {
    const small = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    small.drawImage(source, 0, 0, width, height);
    return small.getImageData(0, 0, width, height).data;
  });
  let sum = 0;
  for (let at = 0; at < a.length; at += 4) {
    for (let part = 0; part < 3; part += 1) sum += Math.abs(a[at + part] - b[at + part]);
  }
  return sum / (a.length * 0.75);
}

/** A grid of the pictures, `most` at a time; `chosen(index)` when one is pressed. */
export function gallery(items, chosen, most = 120) {
  const element = make("div", "stack");
  const grid = make("div", "grid");
  const more = make("button", "", "Show more");
  more.type = "button";
  let count = 0;
  let current = null;
  const figures = new Map();
  const add = () => {
    for (const item of items.slice(count, count + most)) {
      const index = count++;
      const figure = make("figure");
      const button = make("button");
      button.type = "button";
      button.append(thumbnail(item));
      button.setAttribute("aria-label", `Picture at ${clock(item.requestedMs)}`);
      button.addEventListener("click", () => chosen(index));
      const caption = make("figcaption");
      caption.append(make("b", "", clock(item.requestedMs)), make("span", "", `shown since ${clock(item.presentationMs)}`));
      if (item.damaged) caption.append(make("span", "reason", "damaged in the video"));
      figure.append(button, caption);
      figures.set(index, button);
      grid.append(figure);
    }
    more.hidden = count >= items.length;
    more.textContent = `Show more (${items.length - count} left)`;
  };
  more.addEventListener("click", add);
  add();
  element.append(grid, more);
  const mark = (index) => {
    figures.get(current)?.removeAttribute("aria-current");
    current = index;
    figures.get(current)?.setAttribute("aria-current", "true");
  };
  return { element, mark };
}

function thumbnail(item) {
  if (!item.place) {
    const image = make("img");
    Object.assign(image, { loading: "lazy", decoding: "async", alt: "", width: item.width, height: item.height, src: item.src });
    return image;
  }
  // A cell is drawn once it comes into sight: a sheet of thousands is not decoded for nothing.
  const canvas = make("canvas");
  canvas.width = item.width;
  canvas.height = item.height;
  canvas.style.cssText = "display:block;width:100%";
  const watch = new IntersectionObserver((seen) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    watch.disconnect();
    draw(canvas, item).catch(() => {});
  }, { rootMargin: "200px" });
  watch.observe(canvas);
  return canvas;
}
