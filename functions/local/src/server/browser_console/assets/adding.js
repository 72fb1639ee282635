// New videos: dropped, picked, or registered by a path or a URL.

import { call, state, upload } from "./client.js";
import { attempt, bytes, el, tell } from "./dom.js";

/** `opened(id)` for the video of a single file, `changed()` after several. */
export function addingPanel(opened, changed) {
  return el("div", { class: "two" }, dropZone(opened, changed), registering(opened));
}

function dropZone(opened, changed) {
  const most = state.MaxUploadBytes;
  if (!most) {
    return el("div", { class: "drop" }, el("p", { class: "hint" }, "Uploads are switched off on this server (--upload-quota-mb 0)."));
  }
  const rows = el("div", { class: "stack" });
  const picker = el("input", { type: "file", accept: "video/*,.mkv,.ts,.m2ts,.flv,.mxf,.wtv", multiple: true, hidden: true });
  const zone = el("div", { class: "drop" },
    el("p", {}, "Drop videos here"),
    el("button", { type: "button", class: "primary", onclick: () => picker.click() }, "Choose files"),
    el("p", { class: "hint" }, `Each up to ${bytes(most)}. They are kept in the server's data folder.`));
  const take = async (files) => {
    const ids = (await Promise.all([...files].map((file) => send(file, rows)))).filter(Boolean);
    if (ids.length === 1) opened(ids[0]);
    else if (ids.length > 1) changed();
  };
  picker.addEventListener("change", () => {
    take(picker.files);
    picker.value = "";
  });
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    take(event.dataTransfer.files);
  });
  return el("div", { class: "stack" }, zone, picker, rows);
}

// One file: its id, or nothing.
async function send(file, rows) {
  const meter = el("progress", { max: file.size || 1, value: 0, "aria-label": `Upload of ${file.name}` });
  const note = el("span", { class: "hint" }, bytes(file.size));
  const stop = el("button", { type: "button", class: "quiet" }, "Stop");
  const row = el("div", { class: "upload" }, el("div", { class: "row apart" }, el("span", { class: "name" }, file.name), stop), meter, note);
  rows.append(row);
  if (file.size > state.MaxUploadBytes) {
    note.textContent = `Too large: ${bytes(file.size)}, at most ${bytes(state.MaxUploadBytes)}.`;
    note.className = "reason";
    stop.textContent = "Close";
    stop.onclick = () => row.remove();
    return null;
  }
  const sending = upload(file, (sent, total) => {
    meter.value = sent;
    note.textContent = `${bytes(sent)} of ${bytes(total)}`;
  });
  stop.onclick = () => sending.stop();
  try {
    const { VideoId: id } = await sending.done;
    row.remove();
    return id;
  } catch (error) {
    if (error.name === "AbortError") {
      row.remove();
      tell("The upload was stopped, and nothing of it is kept.");
      return null;
    }
    note.textContent = error.message;
    note.className = "reason";
    stop.textContent = "Close";
    stop.onclick = () => row.remove();
    return null;
  }
}

function registering(opened) {
  const place = el("input", { name: "place", required: true, placeholder: "/videos/a.mp4 or https://…", spellcheck: false, autocomplete: "off" });
  const title = el("input", { name: "title", maxLength: 128, autocomplete: "off" });
  const problem = el("p", { class: "reason", role: "alert" });
  const submit = el("button", { class: "primary" }, "Register");
  // A host that videos may not be read from can still be one that they are downloaded from.
  const download = el("button", {
    type: "button",
    hidden: true,
    onclick: async () => {
      download.disabled = true;
      problem.textContent = "";
      try {
        opened(await downloaded(place.value.trim(), title.value.trim()));
      } catch (error) {
        problem.textContent = error.message;
      }
      download.disabled = false;
    },
  }, "Download it to the server");
  return el("form", {
    class: "stack card pad",
    onsubmit: (event) => {
      event.preventDefault();
      problem.textContent = "";
      submit.disabled = true;
      attempt(async () => {
        const given = place.value.trim();
        const entry = { FileURL: given, Title: title.value.trim() || given.split("/").pop() || "video" };
        const answer = await call("RegisterMedia", { RegisterMetadatas: JSON.stringify([entry]) });
        const [video] = answer.RegisteredMediaList ?? [];
        if (video) opened(video.MediaId);
        else problem.textContent = (answer.Reasons ?? []).join(" ") || "It was not registered.";
        download.hidden = Boolean(video) || !state.MaxUploadBytes || !/^https?:/.test(given);
      }).finally(() => {
        submit.disabled = false;
      });
    },
  },
  el("label", { class: "field" }, "Path on the server, or URL", place),
  el("label", { class: "field" }, "Title", title),
  el("p", { class: "hint" }, "A path has to lie below a folder of --media-root, the host of a URL has to be named by --source-allow, or the file can be downloaded."),
  problem,
  el("div", { class: "row" }, submit, download));
}

// The id of the video that a URL becomes.
async function downloaded(url, title) {
  const parameters = { UploadURLs: url };
  if (title) parameters.UploadMetadatas = JSON.stringify([{ SourceURL: url, Title: title }]);
  const { UploadJobs: [job] } = await call("UploadMediaByURL", parameters);
  for (;;) {
    const { URLUploadInfoList: [info] } = await call("GetURLUploadInfos", { JobIds: job.JobId });
    if (info?.Status === "SUCCESS") return info.MediaId;
    if (info?.Status === "FAIL") throw new Error(`${info.ErrorCode}: ${info.ErrorMessage}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
