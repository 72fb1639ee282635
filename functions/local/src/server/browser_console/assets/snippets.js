// One call as curl and in the SDKs. The server's address is that of this page.

import { state } from "./client.js";
import { copyButton, el } from "./dom.js";
import { queryOf } from "./signer.js";

const quoted = (text) => JSON.stringify(text);
const shell = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const snake = (name) => name.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
const camel = (name) => name[0].toLowerCase() + name.slice(1);
const isNumber = (name) => ["Count", "Interval", "SpecifiedOffsetTime"].includes(name);

const writers = {
  curl(parameters) {
    const url = location.origin;
    if (state.NeedsKey) return signedCurl(url, queryOf(parameters));
    const lines = Object.entries(parameters).map(([name, value]) => `  --data-urlencode ${shell(`${name}=${value}`)}`);
    return [`curl -s ${url}/SubmitSnapshotJob`, ...lines].join(" \\\n");
  },
  Python(parameters) {
    const values = Object.entries(parameters).map(([name, value]) => `    ${snake(name)}=${isNumber(name) ? value : quoted(value)},`);
    return `# pip install alibabacloud_vod20170321
from alibabacloud_tea_openapi.models import Config
from alibabacloud_vod20170321 import client, models
config = Config(access_key_id="your-key-id", access_key_secret="your-secret",
                endpoint="${location.host}", protocol="${scheme()}")
request = models.SubmitSnapshotJobRequest(
${values.join("\n")}
)
print(client.Client(config).submit_snapshot_job(request).body.snapshot_job.job_id)`;
  },
  Node(parameters) {
    const values = Object.entries(parameters).map(([name, value]) => `  ${name}: ${quoted(value)},`);
    return `// npm install @alicloud/pop-core
const { RPCClient } = require('@alicloud/pop-core');
const vod = new RPCClient({
  accessKeyId: 'your-key-id', accessKeySecret: 'your-secret',
  endpoint: ${quoted(location.origin)}, apiVersion: '2017-03-21',
});
vod.request('SubmitSnapshotJob', {
${values.join("\n")}
}, { method: 'POST' }).then((answer) => console.log(answer.SnapshotJob.JobId));`;
  },
  Go(parameters) {
    const values = Object.entries(parameters).map(([name, value]) =>
      isNumber(name) ? `request.${name} = requests.NewInteger(${value})` : `request.${name} = ${quoted(value)}`);
    const https = scheme() === "https" ? '\nrequest.Scheme = "https"' : "";
    return `// github.com/aliyun/alibaba-cloud-sdk-go/services/vod
client, err := vod.NewClientWithAccessKey("cn-shanghai", "your-key-id", "your-secret")
client.Domain = ${quoted(location.host)}
request := vod.CreateSubmitSnapshotJobRequest()${https}
${values.join("\n")}
response, err := client.SubmitSnapshotJob(request)`;
  },
  Java(parameters) {
    const values = Object.entries(parameters).map(([name, value]) =>
      `request.set${name}(${isNumber(name) ? `${value}L` : quoted(value)});`);
    const https = scheme() === "https" ? "\nrequest.setSysProtocol(ProtocolType.HTTPS);" : "";
    return `// com.aliyun:aliyun-java-sdk-vod
DefaultProfile.addEndpoint("cn-shanghai", "vod", ${quoted(location.host)});
IAcsClient client = new DefaultAcsClient(DefaultProfile.getProfile("cn-shanghai", "your-key-id", "your-secret"));
SubmitSnapshotJobRequest request = new SubmitSnapshotJobRequest();${https}
${values.join("\n")}
System.out.println(client.getAcsResponse(request).getSnapshotJob().getJobId());`;
  },
};

// Signed with openssl: the same steps as in signer.js.
function signedCurl(url, query) {
  const names = "x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
  const lines = "x-acs-action:SubmitSnapshotJob\\nx-acs-content-sha256:%s\\nx-acs-date:%s\\nx-acs-signature-nonce:%s\\nx-acs-version:2017-03-21\\n";
  return `KEY_ID=your-key-id SECRET=your-secret
QUERY=${shell(query)}
NAMES='${names}'
DATE=$(date -u +%Y-%m-%dT%H:%M:%SZ)
NONCE=$(openssl rand -hex 16)
sha256() { openssl dgst -sha256 "$@" -r | cut -d' ' -f1; }
BODY=$(printf '' | sha256)
CALL=$(printf 'POST\\n/\\n%s\\n${lines}\\n%s\\n%s' \\
  "$QUERY" "$BODY" "$DATE" "$NONCE" "$NAMES" "$BODY" | sha256)
SIGNATURE=$(printf 'ACS3-HMAC-SHA256\\n%s' "$CALL" | sha256 -hmac "$SECRET")
curl -s -X POST "${url}/?$QUERY" -H "x-acs-action: SubmitSnapshotJob" -H "x-acs-content-sha256: $BODY" \\
  -H "x-acs-date: $DATE" -H "x-acs-signature-nonce: $NONCE" -H "x-acs-version: 2017-03-21" \\
  -H "authorization: ACS3-HMAC-SHA256 Credential=$KEY_ID,SignedHeaders=$NAMES,Signature=$SIGNATURE"`;
}

const scheme = () => location.protocol.replace(":", "");

/** Tabs over the call that `parameters` gives. */
export function snippets(parameters) {
  const names = Object.keys(writers);
  let chosen = names[0];
  const block = el("pre", { tabIndex: 0, id: "code", role: "tabpanel" });
  const tabs = names.map((name) => el("button", { type: "button", role: "tab", "aria-controls": "code", onclick: () => choose(name) }, name));
  const list = el("div", {
    role: "tablist",
    "aria-label": "Language",
    onkeydown: (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      choose(names[(names.indexOf(chosen) + step + names.length) % names.length]);
      tabs[names.indexOf(chosen)].focus();
    },
  }, tabs);
  const refresh = () => {
    block.textContent = writers[chosen](parameters());
    for (const [at, tab] of tabs.entries()) {
      const isChosen = names[at] === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
    }
  };
  function choose(name) {
    chosen = name;
    refresh();
  }
  const element = el("div", { class: "stack" }, el("div", { class: "row apart" }, list, copyButton(() => block.textContent)), block);
  return { element, refresh };
}
