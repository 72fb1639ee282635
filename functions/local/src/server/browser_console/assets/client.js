// What the page asks the server: calls of the API, signed where they have to be, and the console's
// own paths, within a session.

import { Signer, queryOf } from "./signer.js";

export let state = {};
let signer = null;
let token = null;

export class CallError extends Error {
  constructor(code, message, status) {
    super(message || code || `The server answered ${status}.`);
    this.code = code;
    this.status = status;
  }
}

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  throw new CallError(body.Code, body.Message, response.status);
}

export async function load() {
  state = await answer(await fetch("/console/state"));
  return state;
}

export const hasSession = () => !state.NeedsKey || token !== null;
export const hasKey = () => signer !== null;

/** Opens a session with an access key, which stays in this page's memory and nowhere else. */
export async function signIn(id, secret) {
  const candidate = await Signer.of(id, secret);
  const path = "/console/session";
  const headers = await candidate.headers(path, "GetVideoList", "", { "x-console-session": "open" });
  const opened = await answer(await fetch(path, { method: "POST", body: JSON.stringify(headers) }));
  signer = candidate;
  token = opened.Token;
}

export function forget() {
  signer = null;
  token = null;
}

/** One call of the API. */
export async function call(action, parameters = {}) {
  const given = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== ""));
  const query = queryOf(signer ? given : { ...given, Action: action, Version: "2017-03-21" });
  const headers = signer ? await signer.headers("/", action, query) : {};
  return answer(await fetch(`/?${query}`, { method: "POST", headers }));
}

const bearer = () => (token ? { authorization: `Bearer ${token}` } : {});

export async function get(name, parameters = {}) {
  const query = queryOf(parameters);
  return answer(await fetch(`/console/${name}${query ? `?${query}` : ""}`, { headers: bearer() }));
}

export async function post(name, parameters = {}) {
  return answer(await fetch(`/console/${name}?${queryOf(parameters)}`, { method: "POST", headers: bearer() }));
}

/** Sends a file: `{ done, stop }`. XMLHttpRequest, since fetch tells nothing of how far a body is. */
export function upload(file, progressed) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.upload.onprogress = (event) => progressed(event.loaded, event.total);
    request.onload = () => {
      let body = {};
      try {
        body = JSON.parse(request.responseText);
      } catch {
        // What the status says is enough.
      }
      if (request.status === 200) resolve(body);
      else reject(new CallError(body.Code, body.Message, request.status));
    };
    request.onerror = () => reject(new CallError("", "The upload broke off.", 0));
    request.onabort = () => reject(new DOMException("", "AbortError"));
  });
  request.open("POST", `/console/upload?${queryOf({ name: file.name })}`);
  request.setRequestHeader("content-type", "application/octet-stream");
  for (const [name, value] of Object.entries(bearer())) request.setRequestHeader(name, value);
  request.send(file);
  return { done, stop: () => request.abort() };
}

/** Follows what changes: `heard(name, data)` for each message, until the page is left. */
export async function follow(heard) {
  for (;;) {
    try {
      const response = await fetch("/console/live", { headers: bearer() });
      if (response.status === 403) return;
      if (response.ok) await messages(response.body, heard);
    } catch {
      // The server stopped, or the network is away: it is tried again.
    }
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

// EventSource sends no header, so the stream is read here (WHATWG HTML, section 9.2.6).
async function messages(stream, heard) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const field = (name) => block.split("\n").find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      if (field("event")) heard(field("event"), JSON.parse(field("data") ?? "null"));
    }
  }
}

/** The path of an object or a video on this server, whatever name it gives itself in URLs. */
export function ownPath(url) {
  const { pathname, search } = new URL(url, location.href);
  return pathname + search;
}
