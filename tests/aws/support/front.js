// TLS and HTTP/2 before an HTTP API, as API Gateway has both: `front.js CERTIFICATE KEY API`.
// Says its port, and ends with its input.
"use strict";

const fs = require("fs");
const http = require("http");
const http2 = require("http2");

const [certificate, key, api] = process.argv.slice(2);
const { hostname, port } = new URL(api);
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
// Of HTTP/2 and of a connection: they end here.
const own = (name) => name.startsWith(":") || ["connection", "keep-alive", "transfer-encoding"].includes(name);

const server = http2.createSecureServer({
  allowHTTP1: true,
  cert: fs.readFileSync(certificate),
  key: fs.readFileSync(key),
});
server.on("request", (request, response) => {
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !own(name)));
  headers["x-host"] = request.headers[":authority"] || request.headers.host;
  headers["x-protocol"] = request.httpVersion;
  const { method, url: path } = request;
  const forwarded = http.request({ hostname, port, agent, method, path, headers }, (answer) => {
    const back = Object.entries(answer.headers).filter(([name]) => !own(name));
    response.writeHead(answer.statusCode, Object.fromEntries(back));
    answer.pipe(response);
  });
  forwarded.on("error", () => response.destroy());
  request.pipe(forwarded);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.resume().on("end", () => process.exit(0));
