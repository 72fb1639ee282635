"use strict";
(() => {
  const { duration_ms, sprite } = JSON.parse(document.getElementById("data").textContent);
  if (!sprite || sprite.cells.length === 0) return;
  const find = (id) => document.getElementById(id);
  const cells = [...sprite.cells].sort((a, b) => a.requested_ms - b.requested_ms);
  const canvas = find("preview");
  const range = find("position");
  const brush = canvas.getContext("2d");
  canvas.width = sprite.cell_width;
  canvas.height = sprite.cell_height;
  range.max = cells.length - 1;

  const sheets = sprite.sheets.map((src) => {
    const sheet = new Image();
    sheet.onload = () => draw();
    sheet.src = src;
    return sheet;
  });

  const clock = (us) => {
    const pad = (n, width) => String(n).padStart(width, "0");
    const ms = Math.floor(us / 1000);
    const [h, min, s] = [Math.floor(ms / 3600000), Math.floor(ms / 60000) % 60, Math.floor(ms / 1000) % 60];
    const minutes = h > 0 ? `${h}:${pad(min, 2)}` : `${min}`;
    return `${minutes}:${pad(s, 2)}.${pad(ms % 1000, 3)}`;
  };

  const draw = () => {
    const { sheet, cell } = cells[range.value];
    const image = sheets[sheet - 1];
    if (!image || !image.complete || image.naturalWidth === 0) return;
    const { cell_width: width, cell_height: height, columns, padding, margin } = sprite;
    const left = margin + (cell % columns) * (width + padding);
    const top = margin + Math.floor(cell / columns) * (height + padding);
    brush.drawImage(image, left, top, width, height, 0, 0, width, height);
  };

  const show = (index) => {
    const shown = cells[index];
    const time = clock(shown.requested_ms * 1000);
    range.value = index;
    range.setAttribute("aria-valuetext", time);
    canvas.setAttribute("aria-label", `The video at ${time}`);
    find("time").textContent = time;
    find("shown").textContent = clock(shown.presentation_us);
    find("place").textContent = `${shown.cell + 1} on sheet ${shown.sheet} of ${sheets.length}`;
    find("progress").style.transform = `scaleX(${shown.requested_ms / duration_ms})`;
    draw();
  };

  // The picture for a time is the last one not later; before the first it is the first.
  const indexAt = (ms) => Math.max(0, cells.findLastIndex((cell) => cell.requested_ms <= ms));

  const preview = canvas.parentElement;
  const follow = (event) => {
    const box = preview.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    show(indexAt(part * duration_ms));
  };
  preview.addEventListener("pointermove", follow);
  preview.addEventListener("pointerdown", follow);
  range.addEventListener("input", () => show(Number(range.value)));

  find("scrubber").hidden = false;
  show(0);
})();
