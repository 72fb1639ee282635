// A form for a job, and the same call in the languages of the SDKs.

import { call } from "./client.js";
import { attempt, el, fill, tell } from "./dom.js";
import { snippets } from "./snippets.js";

export function jobForm(videoId, submitted) {
  const field = (label, props = {}) => {
    const input = el("input", { autocomplete: "off", ...props });
    return { input, label: el("label", { class: "field" }, label, input) };
  };
  const number = (label, min, max, value, more = {}) => field(label, { type: "number", min, max, value, step: 1, ...more });
  const spread = number("How many", 1, 20000, 12);
  const step = number("Every … seconds", 1, 86400, 10);
  const most = number("At most", 1, 20000, "");
  const offset = number("First at, ms", 0, 360000000, "");
  const times = field("Times in ms, separated by commas", { placeholder: "0, 1500, 61000", spellcheck: false });
  const width = number("Width, px", 8, 4096, "");
  const height = number("Height, px", 8, 4096, "");
  const cellWidth = number("Cell width, px", 8, 4096, 160);
  const cellHeight = number("Cell height, px", 8, 4096, "");
  const columns = number("Columns", 1, 10000, 10);
  const lines = number("Lines", 1, 10000, 10);
  const padding = number("Padding, px", 0, 4096, "");
  const margin = number("Margin, px", 0, 4096, "");
  const keep = el("input", { type: "checkbox" });
  const forms = ["vtt", "hls", "dash", "json", "bif", "jellyfin"].map((name) => [name, el("input", { type: "checkbox" })]);
  const template = el("select", {}, el("option", { value: "" }, "None"));
  const sprite = el("input", { type: "checkbox" });

  const ways = [
    ["spread", "Spread evenly", [spread.label, offset.label]],
    ["step", "At even steps", [step.label, most.label]],
    ["times", "At these times", [times.label]],
  ];
  const radios = ways.map(([value, text], at) => [el("input", { type: "radio", name: "way", value, checked: at === 0 }), text]);
  const way = () => radios.find(([radio]) => radio.checked)[0].value;
  const wayFields = el("div", { class: "fields" });
  const spriteFields = el("div", { class: "stack" },
    el("div", { class: "fields" }, [cellWidth, cellHeight, columns, lines, padding, margin].map((one) => one.label)),
    el("label", { class: "choice" }, keep, "Keep the single pictures, too"),
    el("fieldset", {},
      el("legend", {}, "For players"),
      forms.map(([name, box]) => el("label", { class: "choice" }, box, name))));
  const own = el("div", { class: "stack" },
    el("fieldset", { class: "stack" },
      el("legend", {}, "Which pictures"),
      el("div", {}, radios.map(([radio, text]) => el("label", { class: "choice" }, radio, text))),
      wayFields),
    el("fieldset", { class: "stack" },
      el("legend", {}, "Size"),
      el("div", { class: "fields" }, width.label, height.label),
      el("p", { class: "hint" }, "Without both, as the video is shown.")),
    el("fieldset", { class: "stack" },
      el("legend", {}, "Sprite"),
      el("label", { class: "choice" }, sprite, "Join the pictures into sheets"),
      spriteFields));

  // Each parameter once, as it is sent.
  function parameters() {
    const given = { VideoId: videoId };
    if (template.value) return { ...given, SnapshotTemplateId: template.value };
    const set = (name, { input }) => {
      if (input.value !== "") given[name] = input.value;
    };
    if (way() === "spread") {
      set("Count", spread);
      given.Interval = "0";
      set("SpecifiedOffsetTime", offset);
    } else if (way() === "step") {
      set("Interval", step);
      set("Count", most);
    } else {
      const listed = times.input.value.split(/[\s,;]+/).filter(Boolean);
      if (listed.length > 0) given.SpecifiedOffsetTimes = `[${listed.join(",")}]`;
    }
    set("Width", width);
    set("Height", height);
    if (sprite.checked) {
      const config = {};
      const put = (name, { input }) => {
        if (input.value !== "") config[name] = Number(input.value);
      };
      put("CellWidth", cellWidth);
      put("CellHeight", cellHeight);
      put("Columns", columns);
      put("Lines", lines);
      put("Padding", padding);
      put("Margin", margin);
      config.KeepCellPic = keep.checked ? "keep" : "delete";
      const outputs = forms.filter(([, box]) => box.checked).map(([name]) => name);
      if (outputs.length > 0) config.Outputs = outputs;
      given.SpriteSnapshotConfig = JSON.stringify(config);
    }
    return given;
  }

  const code = snippets(parameters);
  function refresh() {
    fill(wayFields, ways.find(([value]) => value === way())[2]);
    spriteFields.hidden = !sprite.checked;
    own.hidden = template.value !== "";
    code.refresh();
  }

  const problem = el("p", { class: "reason", role: "alert" });
  const submit = el("button", { class: "primary" }, "Take pictures");
  const form = el("form", {
    class: "card pad stack",
    noValidate: true,
    onsubmit: (event) => {
      event.preventDefault();
      problem.textContent = "";
      submit.disabled = true;
      send().finally(() => {
        submit.disabled = false;
      });
    },
    oninput: refresh,
    onchange: refresh,
  },
  el("label", { class: "field" }, "Template", template), own, problem, el("div", {}, submit),
  el("details", {}, el("summary", {}, "The same call in code"), code.element));

  async function send() {
    try {
      const answer = await call("SubmitSnapshotJob", parameters());
      tell("The job is accepted.");
      submitted(answer.SnapshotJob.JobId);
    } catch (error) {
      problem.textContent = error.message;
    }
  }

  attempt(async () => {
    const found = await call("ListVodTemplate", { TemplateType: "Snapshot" });
    const listed = found.VodTemplateInfoList ?? [];
    template.append(...listed.map((one) => el("option", { value: one.VodTemplateId }, one.Name || one.VodTemplateId)));
  });
  refresh();
  return form;
}
