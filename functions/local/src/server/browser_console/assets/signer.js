// Signs calls in the browser: ACS3-HMAC-SHA256, as the vendor's SDKs do. The secret is read once and
// becomes a key that cannot be read back.

const ALGORITHM = "ACS3-HMAC-SHA256";
const VERSION = "2017-03-21";
const text = new TextEncoder();

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
const sha256 = async (data) => hex(await crypto.subtle.digest("SHA-256", text.encode(data)));

/** Percent-encoded as RFC 3986 says. */
export const encode = (part) =>
  encodeURIComponent(part).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** Parameters as a query, in the order in which they are signed. */
export function queryOf(parameters) {
  const pairs = Object.entries(parameters).map(([name, value]) => [encode(name), encode(String(value))]);
  pairs.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}

/** Whether this page may hold a key: browsers sign only on https pages and on this machine. */
export const canSign = () => Boolean(globalThis.crypto?.subtle) && isSecureContext;

export class Signer {
  #id;
  #key;

  constructor(id, key) {
    this.#id = id;
    this.#key = key;
  }

  static async of(id, secret) {
    const hmac = { name: "HMAC", hash: "SHA-256" };
    return new Signer(id, await crypto.subtle.importKey("raw", text.encode(secret), hmac, false, ["sign"]));
  }

  /** The headers of a POST of `action` to `path`, its parameters in `query`, its body empty. */
  async headers(path, action, query, more = {}) {
    const headers = {
      ...more,
      "x-acs-action": action,
      "x-acs-content-sha256": await sha256(""),
      "x-acs-date": new Date().toISOString().replace(/\.\d+Z$/, "Z"),
      "x-acs-signature-nonce": crypto.randomUUID(),
      "x-acs-version": VERSION,
    };
    const names = Object.keys(headers).sort();
    const signed = names.join(";");
    const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
    const canonical = ["POST", path, query, lines, signed, headers["x-acs-content-sha256"]].join("\n");
    const toSign = `${ALGORITHM}\n${await sha256(canonical)}`;
    const signature = hex(await crypto.subtle.sign("HMAC", this.#key, text.encode(toSign)));
    headers.authorization = `${ALGORITHM} Credential=${this.#id},SignedHeaders=${signed},Signature=${signature}`;
    return headers;
  }
}
