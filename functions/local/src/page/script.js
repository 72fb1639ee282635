const data = JSON.parse(document.getElementById("data").textContent);
const srcOf = (key) => `objects/${key}`;
const cells = itemsOf(data.sprite, { padding: 0, margin: 0 }, srcOf);
if (cells.length > 0) {
  document.getElementById("sprite").append(scrubber(cells, data.sprite.DurationMs, null).element);
}
const pictures = itemsOf(data.pictures, null, srcOf);
const grid = gallery(pictures, (index) => open(pictures[index].src));
document.getElementById("pictures").append(grid.element);
