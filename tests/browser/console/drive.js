// Uses the console as a person does, and says what it saw: one line of JSON for each step.
//
// The first argument is JSON: `scene`, the name of one below, and what that scene needs.
const fs = require("fs");
const http = require("http");
const path = require("path");
const { chromium } = require("playwright-core");

const asked = JSON.parse(process.argv[2]);
const axe = fs.readFileSync(path.join(process.env.NODE_PATH, "axe-core/axe.min.js"), "utf8");
const say = (step, seen) => console.log(JSON.stringify({ step, ...seen }));

// What every page is watched for: scripts that should not run, and what the browser complains of.
async function open(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of (4|5)\d\d/.test(message.text())) page.complaints.push(message.text());
  });
  page.on("dialog", (dialog) => page.complaints.push(`a dialog: ${dialog.message()}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && url.host !== new URL(asked.url).host) page.complaints.push(`asked ${url.host}`);
  });
  await page.addInitScript(() => {
    window.shifts = 0;
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifts += shift.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  return page;
}

// axe, in a world of its own: the page's policy lets nobody add a script.
async function violations(page) {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId } = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id, worldName: "axe" });
  const run = async (expression) => {
    const { result, exceptionDetails } = await session.send("Runtime.evaluate", { expression, contextId: executionContextId, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  await run(axe);
  return run("axe.run(document).then((found) => found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`))");
}

const shot = (page, name) => asked.shots && page.screenshot({ path: path.join(asked.shots, `${name}.png`), fullPage: true });

// Each picture of the slider: the time of both frames, how far they differ, and where it lies.
async function slide(page) {
  const slider = page.getByRole("slider", { name: "Picture" });
  for (let at = 0; at < asked.count; at += 1) {
    if (at > 0) await slider.press("ArrowRight");
    await page.waitForFunction(() => ![...document.querySelectorAll(".panel dd")].some((value) => value.textContent === "…"), null, { timeout: 30000 });
    say("beside", { values: await page.locator(".panel dd").allTextContents(), time: await page.locator(".panel .time").textContent() });
  }
}

const scenes = {
  // From a file on the disk to its pictures, each beside the player.
  async upload(browser) {
    const page = await open(browser);
    await page.goto(asked.url);
    await page.locator("input[type=file]").setInputFiles(asked.file);
    await page.getByRole("button", { name: "Take pictures" }).waitFor();
    say("opened", { title: await page.locator("h1").textContent() });
    await page.getByLabel("How many").fill(String(asked.count));
    const code = {};
    await page.getByText("The same call in code").click();
    for (const name of ["curl", "Python", "Node", "Go", "Java"]) {
      await page.getByRole("tab", { name }).click();
      code[name] = await page.getByRole("tabpanel").textContent();
    }
    say("code", code);
    await page.getByRole("button", { name: "Take pictures" }).click();
    await page.waitForFunction((count) => document.querySelectorAll(".grid figure").length === count, asked.count, { timeout: 90000 });
    await slide(page);
    await shot(page, "upload");
    say("end", { complaints: page.complaints, shifts: await page.evaluate(() => window.shifts), violations: await violations(page) });
  },

  // What a job has made.
  async result(browser) {
    const page = await open(browser);
    await page.goto(`${asked.url}/#/video/${asked.video}`);
    await page.waitForFunction((count) => document.querySelectorAll(".grid figure").length === count, asked.count, { timeout: 30000 });
    await slide(page);
    say("end", { complaints: page.complaints });
  },

  // The lines for players, each with what its first address answers.
  async storyboards(browser) {
    const page = await open(browser);
    await page.goto(`${asked.url}/#/video/${asked.video}`);
    await page.getByText("Storyboards, to copy").click();
    await page.waitForFunction((count) => document.querySelectorAll("details section pre").length === count, asked.count, { timeout: 30000 });
    for (const section of await page.locator("details section").all()) {
      const text = await section.locator("pre").textContent();
      const address = text.match(/https?:[^"' <]+/)[0].replace("$Number%05d$", "00001").replaceAll("&amp;", "&");
      const status = await page.evaluate(async (from) => (await fetch(from)).status, address);
      say("lines", { player: await section.locator("h3").textContent(), text, status });
    }
    await shot(page, "storyboards");
    say("end", { complaints: page.complaints, violations: await violations(page) });
  },

  // Names that would run if they were HTML, and what it says of failures.
  async hostile(browser) {
    const page = await open(browser);
    await page.goto(asked.url);
    await page.locator("input[type=file]").setInputFiles(asked.files);
    await page.waitForFunction((count) => document.querySelectorAll(".videos li").length === count, asked.files.length, { timeout: 60000 });
    const titles = await page.locator(".videos strong").allTextContents();
    for (const title of titles) {
      await page.locator(".videos a", { hasText: title }).first().click();
      await page.getByRole("button", { name: "Take pictures" }).click();
      await page.locator(".state.Fail, .state.Success").first().waitFor({ timeout: 60000 });
      say("video", { title: await page.locator("h1").textContent(), reasons: await page.locator("li .reason").allTextContents() });
      await page.goBack();
    }
    for (const view of ["jobs", "events", "templates"]) {
      await page.goto(`${asked.url}/#/${view}`);
      await page.waitForTimeout(500);
      say(view, { text: await page.locator("main").innerText() });
    }
    say("end", { complaints: page.complaints, ran: await page.evaluate(() => window.ran ?? null), images: await page.locator("main img[src=x]").count() });
  },

  // An access key: a wrong one, the right one, and where it is kept.
  async keys(browser) {
    const page = await open(browser);
    await page.goto(asked.url);
    await page.getByLabel("Access key id").fill(asked.id);
    await page.getByLabel("Secret").fill("not the secret");
    await page.getByRole("button", { name: "Open the console" }).click();
    await page.getByRole("alert").filter({ hasText: /./ }).waitFor();
    say("wrong", { text: await page.getByRole("alert").textContent() });
    await page.getByLabel("Secret").fill(asked.secret);
    await page.getByRole("button", { name: "Open the console" }).click();
    await page.getByRole("heading", { name: "Videos" }).waitFor();
    await page.locator("input[type=file]").setInputFiles(asked.file);
    await page.getByRole("button", { name: "Take pictures" }).click();
    await page.locator(".grid figure").first().waitFor({ timeout: 90000 });
    const loaded = () => page.locator(".grid img").first().evaluate((image) => image.complete && image.naturalWidth > 0);
    for (let tries = 0; tries < 50 && !(await loaded()); tries += 1) await page.waitForTimeout(100);
    await page.getByText("The same call in code").click();
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href, document.documentElement.outerHTML]));
    say("inside", { pictures: await loaded(), keeps: kept.includes(asked.secret), code: await page.getByRole("tabpanel").textContent() });
    await page.reload();
    await page.getByLabel("Secret").waitFor();
    say("end", { complaints: page.complaints, violations: await violations(page) });
  },

  // Plain http on a name that is not this machine: browsers sign nothing there.
  async plain(browser) {
    const page = await open(browser);
    await page.goto(asked.url);
    await page.getByRole("heading").waitFor();
    say("end", { text: await page.locator("main").innerText(), inputs: await page.locator("input").count(), secure: await page.evaluate(() => isSecureContext) });
  },

  // Every view, light and dark, on a desk and on a phone.
  async looks(browser) {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    for (const [name, options] of [["desk", {}], ["desk-dark", { colorScheme: "dark" }], ["phone", phone], ["phone-dark", { ...phone, colorScheme: "dark" }]]) {
      const page = await open(browser, options);
      for (const view of ["videos", `video/${asked.video}`, "jobs", "events", "templates"]) {
        await page.goto(`${asked.url}/#/${view}`);
        await page.getByRole("heading", { level: 1 }).waitFor();
        if (view.startsWith("video/")) await page.locator(".grid figure").first().waitFor({ timeout: 30000 });
        await page.waitForTimeout(700);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        await shot(page, `${name}-${view.split("/")[0]}`);
        say("view", { name, view, wide, shifts: await page.evaluate(() => window.shifts), violations: await violations(page) });
      }
      say("end", { complaints: page.complaints });
      await page.context().close();
    }
  },

  // A page of another site: it sends a form, and shows the console in a frame.
  async other_site(browser) {
    const page = await (await browser.newContext()).newPage();
    const served = http.createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>other</title>"));
    await new Promise((done) => served.listen(0, "127.0.0.1", done));
    // Another site by its name, on the same machine.
    await page.goto(`http://localhost:${served.address().port}/`);
    const tried = await page.evaluate(async (url) => {
      const form = new FormData();
      form.append("file", new Blob(["a"]), "a.mp4");
      const outcome = async (options) => {
        try {
          const response = await fetch(`${url}/console/upload?name=a.mp4`, { method: "POST", ...options });
          return response.type === "opaque" ? "opaque" : String(response.status);
        } catch (error) {
          return error.name;
        }
      };
      const frame = document.createElement("iframe");
      frame.src = `${url}/`;
      document.body.append(frame);
      await new Promise((done) => (frame.onload = done));
      let inside = "hidden";
      try {
        inside = frame.contentDocument?.body?.textContent ?? "hidden";
      } catch {
        // That is what is wanted.
      }
      return {
        form: await outcome({ mode: "no-cors", body: form }),
        plain: await outcome({ body: "abc" }),
        read: await fetch(`${url}/console/jobs`).then((response) => response.status, (error) => error.name),
        inside,
      };
    }, asked.url);
    const frames = page.frames().slice(1);
    const framed = await Promise.all(frames.map((frame) => frame.evaluate(() => document.querySelectorAll("script[src*=console]").length).catch(() => 0)));
    say("end", { ...tried, framed });
    served.close();
  },
};

(async () => {
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP console.example 127.0.0.1"];
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
  try {
    await scenes[asked.scene](browser);
  } catch (error) {
    for (const context of browser.contexts()) {
      for (const page of context.pages()) await shot(page, `failed-${asked.scene}`);
    }
    say("failed", { error: String(error) });
  } finally {
    await browser.close();
  }
})();
