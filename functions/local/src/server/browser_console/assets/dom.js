// Elements, and how numbers are written. Every text from outside becomes a text node: nothing here
// ever reads HTML.

/** An element. `props` are properties, or attributes where the name has a dash or is `role`. */
export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else if (name.includes("-") || name === "role" || name === "for" || name === "list") made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** Shows these in place of what `parent` has. */
export function fill(parent, ...children) {
  parent.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
}

/** A sentence for whoever looks, and for screen readers. */
export function tell(text) {
  const place = document.getElementById("status");
  const line = el("p", {}, text);
  place.replaceChildren(line);
  setTimeout(() => line.remove(), 8000);
}

/** Runs `work`; what goes wrong is told. */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    if (error.name !== "AbortError") tell(error.message || String(error));
    return undefined;
  }
}

export function bytes(count) {
  if (!(count >= 0)) return "";
  const units = ["B", "kB", "MB", "GB", "TB"];
  let at = 0;
  let value = count;
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000;
    at += 1;
  }
  return `${at === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[at]}`;
}

export function moment(ms) {
  return new Date(ms).toLocaleString();
}

export function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A button that copies what `text` gives when it is pressed. */
export function copyButton(text, label = "Copy") {
  return el("button", {
    type: "button",
    class: "quiet",
    onclick: () => attempt(async () => {
      await navigator.clipboard.writeText(text());
      tell("Copied.");
    }),
  }, label);
}
