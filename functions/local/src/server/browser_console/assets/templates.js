// Templates of snapshot jobs.

import { call } from "./client.js";
import { attempt, el, fill, moment, tell } from "./dom.js";

const EXAMPLE = {
  SnapshotType: "SpriteSnapshot",
  SnapshotConfig: {
    Count: 100,
    SpecifiedOffsetTime: 0,
    Interval: 1,
    SpriteSnapshotConfig: { CellWidth: 160, Columns: 10, Lines: 10, KeepCellPic: "delete" },
  },
};

export function templatesView() {
  const list = el("ul", { class: "list" });
  const note = el("p", { class: "hint" }, "…");
  const load = () => attempt(async () => {
    const found = (await call("ListVodTemplate", { TemplateType: "Snapshot" })).VodTemplateInfoList ?? [];
    note.textContent = found.length === 0 ? "There are none yet." : "";
    fill(list, found.map((template) => el("li", { class: "card stack" }, row(template, load))));
  });
  load();
  return {
    element: el("div", { class: "stack" }, el("h1", {}, "Templates"), note, list, el("h2", { id: "new" }, "New template"), adding(load)),
  };
}

function row(template, load) {
  let config = template.TemplateConfig;
  try {
    config = JSON.stringify(JSON.parse(config), null, 2);
  } catch {
    // It is shown as it is.
  }
  return [
    el("div", { class: "row apart" },
      el("div", {}, el("strong", { class: "name" }, template.Name), el("p", { class: "hint name" }, `${template.VodTemplateId} · ${moment(Date.parse(template.CreationTime))}`)),
      el("button", {
        type: "button",
        class: "danger",
        onclick: (event) => {
          const button = event.currentTarget;
          if (button.dataset.sure !== "yes") {
            button.dataset.sure = "yes";
            button.textContent = "Really delete";
            return;
          }
          attempt(async () => {
            await call("DeleteVodTemplate", { VodTemplateId: template.VodTemplateId });
            load();
          });
        },
      }, "Delete")),
    el("pre", { tabIndex: 0 }, config),
  ];
}

function adding(load) {
  const name = el("input", { required: true, maxLength: 128, autocomplete: "off" });
  const config = el("textarea", { required: true, spellcheck: false, value: JSON.stringify(EXAMPLE, null, 2) });
  const problem = el("p", { class: "reason", role: "alert" });
  return el("form", {
    class: "card pad stack",
    "aria-labelledby": "new",
    onsubmit: async (event) => {
      event.preventDefault();
      problem.textContent = "";
      try {
        await call("AddVodTemplate", { Name: name.value, TemplateType: "Snapshot", TemplateConfig: config.value });
        name.value = "";
        tell("The template is kept.");
        load();
      } catch (error) {
        problem.textContent = error.message;
      }
    },
  },
  el("label", { class: "field" }, "Name", name),
  el("label", { class: "field" }, "TemplateConfig, JSON", config),
  problem,
  el("div", {}, el("button", { class: "primary" }, "Keep the template")));
}
